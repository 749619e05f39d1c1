"""The weak-electrolyte problem as each contender solves it (see benchmarks/README.md).

States of the others are a / a_eq and c / c_max. The overpotential of the cathode, whose transfer
coefficient is not one half, takes them two steps of Newton's method (5e-9 V).
"""

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
import weak_problem as weak
from contenders import Cycle, Error, kept_times

from filmcell.constants import F, R
from filmcell.models.assembled import AssembledModel
from filmcell.models.regions import Meshes
from filmcell.physics.thermodynamics import dualfoil_potential
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

VOLT = R * weak.TEMPERATURE / F
REST = weak.SITES * weak.DISSOCIATED
DISSOCIATION = weak.RECOMBINATION * weak.SITES * weak.DISSOCIATED**2 / (1.0 - weak.DISSOCIATED)
BOTH = weak.CATION + weak.ANION
AMBIPOLAR = 2.0 * weak.CATION * weak.ANION / BOTH
SHARE = weak.ANION / BOTH
"""Share 1 - t+ of the negative defects."""

TOLERANCES = (1e-3, 3e-4, 1e-4, 5e-5, 3e-5, 2e-5, 1e-5, 5e-6, 3e-6, 1e-6, 3e-7)
MISSES = (1e-4, 1.5e-4)
"""Distances of the voltage from straight lines between the points that the others are asked for."""

TIGHT = 1e-11
NEWTON = 2
FULL = 1.0 - 1e-9
"""Fraction from which on PyBaMM sees no change, lest trial steps overtake the end of the table."""


def latest(current: float) -> float:
    """Both halves end before this [s]."""
    return 360.0 / current


def error(cycle: Cycle, exact: Cycle) -> Error:
    """Compare with a converged run, by straight lines between the points of each.

    Left out is the first and the last thousandth of each half.
    """
    worst = 0.0
    for t, v, t_exact, v_exact in zip(*cycle[2:], *exact[2:], strict=True):
        at = np.linspace(0.001, 0.999, 5001) * t_exact[-1]
        off = np.interp(at, t, v) - np.interp(at, t_exact, v_exact)
        worst = float(np.max(np.abs(off), initial=worst))
    ends = cycle.charge / exact.charge - 1.0, cycle.discharge / exact.discharge - 1.0
    return Error(worst, abs(ends[0]), abs(ends[1]))


def cycle_of(down: tuple[np.ndarray, np.ndarray], up: tuple[np.ndarray, np.ndarray]) -> Cycle:
    """Make a cycle of times and voltages in the discharge and in the charge."""
    (t, v), (t_up, v_up) = down, up
    return Cycle(
        charge=float(t_up[-1]), discharge=float(t[-1]), times=(t, t_up), voltages=(v, v_up)
    )


def output_times(exact: Cycle, end: float, miss: float) -> list[np.ndarray]:
    """Choose when to ask for the voltage, where it is compared and a little beyond its end."""
    chosen = []
    for t, v in zip(exact.times, exact.voltages, strict=True):
        compared = t > 0.0009 * t[-1]
        kept = kept_times(t[compared], v[compared], miss)
        chosen.append(np.concatenate([[0.0], kept[:-1], [end]]))
    return chosen


def dense_times(end: float) -> np.ndarray:
    """Times of a converged run, many of them at the start."""
    shares = [0.0], np.geomspace(1e-6, 0.01, 2000), np.linspace(0.01, 1.0, 20001)[1:]
    return end * np.concatenate(shares)


@cache
def truth(current: float) -> Cycle:
    """Converged in mesh and time."""
    return Filmcell(current, weak.meshes(cells=weak.FINE)).exact()


class Filmcell:
    """filmcell through its public `solve`: the whole result, with all states."""

    name = "filmcell"

    def __init__(self, current: float, meshes: Meshes | None = None) -> None:
        self.current = current
        self.model = AssembledModel(weak.cell(), meshes or weak.own_meshes(current))
        self.protocol = weak.protocol(current)

    def run(self, options: Options) -> Cycle:
        """Solve and split the voltage into halves."""
        result = solve(self.model, self.protocol, options)
        cut = int(np.searchsorted(result.step, 2))
        t, v = result.time, result.voltage
        return cycle_of((t[:cut], v[:cut]), (t[cut:] - t[cut], v[cut:]))

    def exact(self) -> Cycle:
        """Converged in time on its own meshes."""
        return self.run(Options(1e-10, 1e-10, 1e-6))

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Loosen the time steps, and the distance of the kept points from a straight line."""
        for tolerance in TOLERANCES:
            for resolution in (2e-4, 1.5e-4, 1e-4):
                options = Options(tolerance, 5.0 * tolerance, resolution)
                yield f"{tolerance:g}, {resolution * 1e3:g} mV", partial(self.run, options)


def overpotential(ratio):
    """Overpotential over RT/F that drives the current density i = ratio i0."""
    target = np.arcsinh(0.5 * ratio)
    x = 2.0 * target
    for _ in range(NEWTON):
        forward, back = np.exp(weak.ALPHA * x), np.exp(-(1.0 - weak.ALPHA) * x)
        half = 0.5 * (forward - back)
        slope = 0.5 * (weak.ALPHA * forward + (1.0 - weak.ALPHA) * back)
        x = x - (np.arcsinh(half) - target) * np.sqrt(1.0 + half * half) / slope
    return x


def rate(y, i, widths, out):
    """Write the rates of both layers; widths has shape (2, CELLS)."""
    h, n = widths[0], widths.shape[1]
    through = SHARE * i / (F * REST)
    inflow = through
    for j in range(n - 1):
        outflow = 2.0 * AMBIPOLAR * (y[j] - y[j + 1]) / (h[j] + h[j + 1])
        made = DISSOCIATION * (1.0 / weak.DISSOCIATED - y[j])
        out[j] = (inflow - outflow) / h[j] + made - weak.RECOMBINATION * REST * y[j] * y[j]
        inflow = outflow
    made = DISSOCIATION * (1.0 / weak.DISSOCIATED - y[n - 1])
    lost = weak.RECOMBINATION * REST * y[n - 1] * y[n - 1]
    out[n - 1] = (inflow - through) / h[n - 1] + made - lost
    h, inflow = widths[1], i / (F * weak.C_MAX)
    for j in range(n - 1):
        outflow = 2.0 * weak.DIFFUSIVITY * (y[n + j] - y[n + j + 1]) / (h[j] + h[j + 1])
        out[n + j] = (inflow - outflow) / h[j]
        inflow = outflow
    out[2 * n - 1] = inflow / h[n - 1]


def compiled_voltage(jit: Callable) -> tuple[Callable, Callable]:
    """Compile the voltage over the state and the current density: of one state, and of many."""
    eta, potential = jit(overpotential), jit(dualfoil_potential)

    @jit
    def voltage(y, i, widths):
        n = widths.shape[1]
        slope = i / (2.0 * F * weak.CATION * REST)
        start, end = y[0] + 0.5 * widths[0, 0] * slope, y[n - 1] - 0.5 * widths[0, n - 1] * slope
        x = y[n] + i / (F * weak.C_MAX * weak.DIFFUSIVITY) * 0.5 * widths[1, 0]
        i0 = weak.EXCHANGE * x**weak.LITHIUM * (1.0 - x) ** weak.VACANCY
        total = 0.0
        for j in range(n):
            total += widths[0, j] / y[j]
        kinetic = eta(-i / i0) - 2.0 * np.arcsinh(0.5 * i / weak.ANODE_EXCHANGE)
        transport = 2.0 * SHARE * np.log(end / start) - i / (F * BOTH * REST) * total
        return potential(x) + VOLT * (kinetic + transport)

    @jit
    def voltages(states, i, widths):
        out = np.empty(len(states))
        for k in range(out.size):
            out[k] = voltage(states[k], i, widths)
        return out

    return voltage, voltages


class Cvode:
    """CVODE of SUNDIALS through scikit-sundae, banded; all functions are compiled by numba."""

    name = "CVODE banded, numba"

    def __init__(self, current: float) -> None:
        import numba
        from sksundae.cvode import CVODE

        self.current, self.make = current, CVODE
        jit = numba.njit(error_model="numpy")
        self.rate, (self.voltage, self.voltages) = jit(rate), compiled_voltage(jit)
        meshes = weak.meshes()
        self.widths = np.stack([meshes.electrolytes[0].widths, meshes.cathode.widths])
        self.start = np.concatenate([np.ones(weak.CELLS), np.full(weak.CELLS, weak.START)])

    def half(self, current: float, limit: float, tolerance: float, share: float):
        """Solver of one half."""
        rate, voltage, widths = self.rate, self.voltage, self.widths

        def slope(t, y, out):
            rate(y, current, widths, out)

        def event(t, y, out):
            out[0] = voltage(y, current, widths) - limit

        return self.make(
            slope, rtol=tolerance, atol=share * tolerance, linsolver="band", lband=1, uband=1,
            eventsfn=event, num_events=1, max_num_steps=100_000,
        )  # fmt: skip

    def solvers(self, tolerance: float, share: float):
        """Solvers of both halves."""
        return (
            self.half(self.current, weak.LOWER, tolerance, share),
            self.half(-self.current, weak.UPPER, tolerance, share),
        )

    def run(self, down, up, times) -> Cycle:
        """Solve both halves and read the voltage at the output times."""
        a = down.solve(times[0], self.start)
        b = up.solve(times[1], a.y[-1])
        v = (self.voltages(s.y, i, self.widths) for s, i in ((a, self.current), (b, -self.current)))
        return cycle_of((a.t, next(v)), (b.t, next(v)))

    def exact(self) -> Cycle:
        """Converged in time on its own volumes."""
        return self.run(*self.solvers(TIGHT, 1.0), [dense_times(latest(self.current))] * 2)

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Give tolerances with two ratios of the absolute one, its own steps or asked times."""
        end = latest(self.current)
        places = {f", {m * 1e3:g} mV": output_times(exact, end, m) for m in MISSES}
        places[", own steps"] = [np.array([0.0, end])] * 2
        for tolerance in TOLERANCES:
            for share in (1.0, 0.01):
                for note, times in places.items():
                    solvers = self.solvers(tolerance, share)
                    yield (
                        f"{tolerance:.0e}, {share * tolerance:.0e}{note}",
                        partial(self.run, *solvers, times),
                    )


def pybamm_dualfoil(x):
    """Write the potential of the problem as a PyBaMM expression."""
    from pybamm import tanh

    s = 1.062 * x
    return (
        2.16216
        + 0.07645 * tanh(30.834 - 54.4806 * s)
        + 2.1581 * tanh(52.294 - 50.294 * s)
        - 0.14169 * tanh(11.0923 - 19.8543 * s)
        + 0.2051 * tanh(1.4684 - 5.4888 * s)
        + 0.2531 * tanh((0.56478 - s) / 0.1316)
        - 0.02167 * tanh((s - 0.525) / 0.006)
    )


def pybamm_voltage(x, start, end, total, i, potential: Callable):
    """Write the voltage as a PyBaMM expression; all five are expressions, too."""
    import pybamm

    filled = pybamm.minimum(x, FULL)
    i0 = weak.EXCHANGE * filled**weak.LITHIUM * (1.0 - filled) ** weak.VACANCY
    target = pybamm.arcsinh(-0.5 * i / i0)
    eta = 2.0 * target
    for _ in range(NEWTON):
        forward, back = pybamm.exp(weak.ALPHA * eta), pybamm.exp(-(1.0 - weak.ALPHA) * eta)
        half = 0.5 * (forward - back)
        slope = 0.5 * (weak.ALPHA * forward + (1.0 - weak.ALPHA) * back)
        eta = eta - (pybamm.arcsinh(half) - target) * pybamm.sqrt(1.0 + half * half) / slope
    kinetic = eta - 2.0 * pybamm.arcsinh(0.5 * i / weak.ANODE_EXCHANGE)
    transport = 2.0 * SHARE * pybamm.log(end / start) - i / (F * BOTH * REST) * total
    return potential(filled) + VOLT * (kinetic + transport)


def pybamm_model(
    i,
    begin: tuple,
    meshes: Meshes,
    event: Callable | None = None,
    potential: Callable = pybamm_dualfoil,
    hold: float | None = None,
    order: str = "linear",
):
    """Write the cell as a custom PyBaMM model on the same volumes, discretised.

    `begin` has the states at the start, `event` makes an event of voltage and current. If a voltage
    is to be held, the current is an algebraic unknown that begins as i. The surface values are
    extrapolated with the boundary conditions: by straight lines (`order` "linear") they are those
    half a volume outside, so that the operators are those of CVODE, too; "quadratic" is better.
    """
    import pybamm

    a = pybamm.Variable("a", domain="electrolyte")
    c = pybamm.Variable("c", domain="film")
    y = pybamm.SpatialVariable("y", domain="electrolyte", coord_sys="cartesian")
    depth = pybamm.SpatialVariable("depth", domain="film", coord_sys="cartesian")
    I = pybamm.Scalar(i) if hold is None else pybamm.Variable("I")  # noqa: E741
    made = DISSOCIATION * (1.0 / weak.DISSOCIATED - a) - weak.RECOMBINATION * REST * a * a
    ends = (-I / (2.0 * F * weak.CATION * REST), "Neumann")
    inwards = (-I / (F * weak.C_MAX * weak.DIFFUSIVITY), "Neumann")
    V = pybamm_voltage(
        pybamm.boundary_value(c, "left"),
        pybamm.boundary_value(a, "left"),
        pybamm.boundary_value(a, "right"),
        pybamm.Integral(1.0 / a, y),
        I,
        potential,
    )
    model = pybamm.BaseModel("weak electrolyte")
    model.rhs = {
        a: pybamm.div(AMBIPOLAR * pybamm.grad(a)) + made,
        c: pybamm.div(weak.DIFFUSIVITY * pybamm.grad(c)),
    }
    model.boundary_conditions = {
        a: {"left": ends, "right": ends},
        c: {"left": inwards, "right": (pybamm.Scalar(0), "Neumann")},
    }
    model.initial_conditions = dict(zip((a, c), begin, strict=True))
    model.variables = {"V": V, "I": I}
    if hold is not None:
        model.algebraic = {I: V - hold}
        model.initial_conditions[I] = pybamm.Scalar(i)
    model.events = [pybamm.Event("limit", event(V, I))] if event else []
    pybamm_grid({"electrolyte": y, "film": depth}, meshes, order).process_model(model)
    return model


def pybamm_grid(places: dict, meshes: Meshes, order: str):
    """Discretise by PyBaMM's finite volumes on our own; from the places in both layers."""
    import pybamm

    faces = {"electrolyte": meshes.electrolytes[0].faces, "film": meshes.cathode.faces}
    geometry = {k: {places[k]: {"min": 0, "max": float(f[-1])}} for k, f in faces.items()}
    kinds = {
        k: pybamm.MeshGenerator(pybamm.UserSupplied1DSubMesh, {"edges": np.array(f)})
        for k, f in faces.items()
    }
    points = {places[k]: f.size - 1 for k, f in faces.items()}
    extrapolation = {"order": {"gradient": order, "value": order}, "use bcs": True}
    methods = {k: pybamm.FiniteVolume({"extrapolation": extrapolation}) for k in faces}
    return pybamm.Discretisation(pybamm.Mesh(pybamm.Geometry(geometry), kinds, points), methods)


class PyBaMM:
    """PyBaMM: a custom model built once for each half, IDAKLU on one thread.

    The charge takes the last state of the discharge as an input. With `outputs` the solver hands
    back the voltage alone, else all states and the voltage is read out of them. With `compile` its
    functions are compiled by the C compiler of the machine. With `graded` false it has as many
    uniform volumes, with `order` "quadratic" better values at the surfaces.
    """

    def __init__(
        self,
        current: float,
        *,
        outputs: bool,
        compile: bool = False,
        graded: bool = True,
        order: str = "linear",
    ) -> None:
        import pybamm

        self.pybamm, self.current, self.outputs, self.graded = pybamm, current, outputs, graded
        self.options = {"compile": True} if compile else {}
        kept = "voltage only" if outputs else "states + voltage"
        more = f"{', C compiler' if compile else ''}{'' if graded else ', uniform volumes'}"
        more += ", parabola" if order == "quadratic" else ""
        self.order = order
        self.name = f"PyBaMM {pybamm.__version__}, {kept}{more}"
        n, input_ = weak.CELLS, partial(pybamm.InputParameter, expected_size=weak.CELLS)
        meshes, self.cut = weak.meshes(graded=graded), n
        rest = (pybamm.Scalar(1.0), pybamm.Scalar(weak.START))
        after = (input_("a", domain="electrolyte"), input_("c", domain="film"))
        self.models = (
            lambda: pybamm_model(current, rest, meshes, lambda V, i: V - weak.LOWER, order=order),
            lambda: pybamm_model(-current, after, meshes, lambda V, i: weak.UPPER - V, order=order),
        )

    def solvers(self, tolerance: float, share: float):
        """Solver and model of both halves."""
        only = {"output_variables": ["V"]} if self.outputs else {}
        make = partial(
            self.pybamm.IDAKLUSolver, rtol=tolerance, atol=share * tolerance, options=self.options
        )
        return [(make(**only), model()) for model in self.models]

    def run(self, down, up, times) -> Cycle:
        """Solve both halves and read the voltage at the output times."""
        end = latest(self.current)
        a = down[0].solve(down[1], [0.0, end], t_interp=times[0])
        last = a.y_event.reshape(-1, 1)
        start = {"a": last[: self.cut], "c": last[self.cut :]}
        b = up[0].solve(up[1], [0.0, end], t_interp=times[1], inputs=start)
        return cycle_of((a.t, a["V"].data), (b.t, b["V"].data))

    def exact(self) -> Cycle:
        """Converged in time on its own volumes."""
        reader = PyBaMM(self.current, outputs=True, graded=self.graded, order=self.order)
        times = [dense_times(latest(self.current))] * 2
        return reader.run(*reader.solvers(TIGHT, 1.0), times)

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Give tolerances with two ratios of the absolute one."""
        end = latest(self.current)
        places = {miss: output_times(exact, end, miss) for miss in MISSES}
        for tolerance in TOLERANCES:
            for share in (1.0, 0.01):
                for miss, times in places.items():
                    solvers = self.solvers(tolerance, share)
                    label = f"{tolerance:.0e}, {share * tolerance:.0e}, {miss * 1e3:g} mV"
                    yield label, partial(self.run, *solvers, times)


CONTENDERS: dict[str, Callable] = {
    "filmcell": Filmcell,
    "CVODE banded, numba": Cvode,
    "PyBaMM, voltage only": partial(PyBaMM, outputs=True),
    "PyBaMM, states + voltage": partial(PyBaMM, outputs=False),
    "PyBaMM, voltage only, C compiler": partial(PyBaMM, outputs=True, compile=True),
    "PyBaMM, voltage only, uniform volumes": partial(PyBaMM, outputs=True, graded=False),
    "PyBaMM, voltage only, uniform volumes, parabola": partial(
        PyBaMM, outputs=True, graded=False, order="quadratic"
    ),
    "PyBaMM, voltage only, C compiler, uniform volumes, parabola": partial(
        PyBaMM, outputs=True, compile=True, graded=False, order="quadratic"
    ),
}
