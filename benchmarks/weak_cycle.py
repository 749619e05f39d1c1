"""The published cycle of a weak electrolyte, as each contender solves it (benchmarks/README.md).

Preset danilov2011: discharge to 3.0 V, rest, charge at 1.6C to 4.2 V, hold until C/20, rest.
filmcell takes its default meshes; the others have the same electrolyte and volumes of their own in
the cathode. Charges are per area [C/m2]; the signal of the hold is its current, that of all other
steps the voltage.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import NamedTuple

import numpy as np
import weak_contenders as weak
from contenders import Error, kept_times
from weak_problem import C_MAX

from filmcell import load_cell
from filmcell.constants import F
from filmcell.models.assembled import AssembledModel
from filmcell.models.regions import Meshes, default_mesh, default_meshes
from filmcell.numerics.mesh import Mesh
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve
from filmcell.simulation.stepping import Room, observed, run_step

RATES = (6.4, 25.6)
"""Of the discharge [C]."""

LOWER, UPPER, REST, ONE_C = 3.0, 4.2, 600.0, 0.1
"""Limits [V], length of a rest [s], current density of 1C [A/m2]."""

VOLUMES, FINE = 100, 1000
"""Volumes of the cathode of the others; volumes and nodes that the truth stands on."""

CHARGE, CUT_OFF = 1.6 * ONE_C, ONE_C / 20.0
HOLD = 3
"""Which step holds the voltage, from 0."""

SIGNAL = 2e-4 / (1e-3 * CHARGE)
"""Signal of the hold over its current: 0.1 % of its first current count as 0.2 mV [V m2/A]."""

PHASES = ("discharge", "rest", "charge", "hold", "rest")


class Run(NamedTuple):
    """Times [s] and signal [V] in each step; charge of the discharge, the charge and the hold."""

    times: list[np.ndarray]
    signals: list[np.ndarray]
    charges: np.ndarray


def protocol(rate: float):
    """Protocol of a rate."""
    return load_protocol(
        f"Discharge at {rate}C until {LOWER} V; Rest for 10 min; Charge at 1.6C until {UPPER} V; "
        f"Hold at {UPPER} V until C/20; Rest for 10 min"
    )


def latest(rate: float) -> tuple[float, ...]:
    """Every step ends before this [s]."""
    return 3600.0 / rate, REST, 2400.0, 400.0, REST


def error(run: Run, exact: Run) -> Error:
    """Compare with a converged run, by straight lines between the points of each.

    Left out is the first and the last thousandth of each step. The charge of the hold counts with
    that of the charge, the worse of both.
    """
    worst = 0.0
    for t, v, t_exact, v_exact in zip(*run[:2], *exact[:2], strict=True):
        at = np.linspace(0.001, 0.999, 5001) * t_exact[-1]
        off = np.interp(at, t, v) - np.interp(at, t_exact, v_exact)
        worst = float(np.max(np.abs(off), initial=worst))
    down, up, held = np.abs(run.charges / exact.charges - 1.0)
    return Error(worst, float(max(up, held)), float(down))


def output_times(exact: Run, rate: float, miss: float) -> list[np.ndarray]:
    """Choose when to ask for the signal, where it is compared and a little beyond its end."""
    chosen = []
    for t, v, end in zip(*exact[:2], latest(rate), strict=True):
        compared = t > 0.0009 * t[-1]
        kept = kept_times(t[compared], v[compared], miss)
        chosen.append(np.concatenate([[0.0], kept[:-1], [end]]))
    return chosen


@cache
def truth(rate: float) -> Run:
    """Converged in mesh and time."""
    cell, current = load_cell("danilov2011"), rate * ONE_C
    thick = cell.electrolyte.thickness
    electrolyte = Mesh.symmetric(FINE, thick, thick / FINE / 3.0)
    return Filmcell(rate, Meshes(default_mesh(cell, current, FINE), (electrolyte,))).exact()


def with_volumes(meshes: Meshes, many: int) -> Meshes:
    """Give the cathode volumes in place of nodes, narrow at the surface."""
    length = meshes.cathode.length
    return Meshes(Mesh.graded(many, length, 0.5 * length / many), meshes.electrolytes)


def uniform(meshes: Meshes, many: int) -> Meshes:
    """Give both layers equal volumes."""
    electrolyte = Mesh.uniform(many, meshes.electrolytes[0].length)
    return Meshes(Mesh.uniform(many, meshes.cathode.length), (electrolyte,))


class Filmcell:
    """filmcell through its public `solve`: the whole result, with all states."""

    name = "filmcell"

    def __init__(self, rate: float, meshes: Meshes | None = None) -> None:
        cell = load_cell("danilov2011")
        self.rate, self.protocol = rate, protocol(rate)
        meshes = meshes or default_meshes(cell, self.protocol.largest_current(cell))
        self.model = AssembledModel(cell, meshes)

    def run(self, options: Options) -> Run:
        """Solve and split the result into steps."""
        result = solve(self.model, self.protocol, options)
        rows = [result.of_step(k) for k in range(1, 6)]
        passed = np.array([result.charge[s.stop - 1] - result.charge[s.start] for s in rows])
        signals = [result.voltage[s] for s in rows]
        signals[HOLD] = result.current[rows[HOLD]] * (SIGNAL / result.area)
        times = [result.time[s] - result.time[s.start] for s in rows]
        return Run(times, signals, passed[[0, 2, 3]] / result.area)

    def exact(self) -> Run:
        """Converged in time on its own meshes."""
        return self.run(Options(1e-10, 1e-10, 1e-6))

    def candidates(self, exact: Run) -> Iterator[tuple[str, Callable[[], Run]]]:
        """Loosen the time steps, and the distance of the kept points from a straight line."""
        for tolerance in weak.TOLERANCES:
            for resolution in (2e-4, 1.5e-4, 1e-4, 5e-5):
                options = Options(tolerance, 5.0 * tolerance, resolution)
                yield f"{tolerance:g}, {resolution * 1e3:g} mV", partial(self.run, options)

    def phases(self, run: Callable) -> list[Callable[[], object]]:
        """Each step alone, with the settings of a run."""
        model, (options,) = self.model, run.args
        state, current, alone = model.initial(), 0.0, []
        voltage = float(observed(model, state, current)[0])
        for step in self.protocol.blocks[0].steps:
            limits = step.limits(model.cell)
            room = Room(model.system, state.size, options)
            alone.append(partial(run_step, model, step, *limits, state, current, voltage, room))
            piece = alone[-1]()
            state, current = piece.states[-1], float(piece.current[-1])
            voltage = float(piece.voltage[-1])
        return alone


def pybamm_potential(kind: str = "pchip") -> Callable:
    """Potential of the preset as PyBaMM interpolates it; other kinds on a dense grid."""
    import pybamm

    U = load_cell("danilov2011").cathode.potential
    knots = U.func
    x, values = np.array(knots.x), np.array(knots.values)
    if kind != "pchip":
        x = np.unique(np.concatenate([np.linspace(U.low, 0.99, 4001), np.linspace(0.99, 1, 4001)]))
        values = U(x)
    return lambda s: pybamm.Interpolant(x, values, s, "potential", interpolator=kind)


class PyBaMM:
    """PyBaMM: a custom model built once for each step, IDAKLU on one thread.

    Every step takes the last state of the one before as an input; in the hold the current is an
    algebraic unknown. With `outputs` the solver hands back the signal alone, else all states and
    the signal is read out of them. With `compile` its functions are compiled by the C compiler.
    With `parabola` its volumes are equal and the values at their surfaces are better.
    """

    def __init__(
        self,
        rate: float,
        *,
        outputs: bool,
        compile: bool = False,
        potential: str = "pchip",
        volumes: int = VOLUMES,
        parabola: bool = False,
    ) -> None:
        import pybamm

        self.pybamm, self.rate, self.outputs = pybamm, rate, outputs
        self.options = {"compile": True} if compile else {}
        kept = "voltage only" if outputs else "states + voltage"
        more = f"{', C compiler' if compile else ''}"
        more += f", {volumes} uniform volumes, parabola" if parabola else ""
        self.name = f"PyBaMM {pybamm.__version__}, {kept}{more}"
        self.parabola, lay = parabola, uniform if parabola else with_volumes
        meshes, order = (
            lay(Filmcell(rate).model.meshes, volumes),
            "quadratic" if parabola else "linear",
        )
        self.cut, cells = meshes.electrolytes[0].cells, meshes.cathode.cells
        self.places, self.widths = slice(self.cut, self.cut + cells), meshes.cathode.widths
        begin = tuple(
            pybamm.InputParameter(name, domain=domain, expected_size=n)
            for name, domain, n in (("a", "electrolyte", self.cut), ("c", "film", cells))
        )
        self.model = partial(
            weak.pybamm_model,
            begin=begin,
            meshes=meshes,
            potential=pybamm_potential(potential),
            order=order,
        )
        self.start = np.concatenate([np.ones(self.cut), np.full(cells, 0.5)])

    def models(self) -> list:
        """Model of every step."""
        return [
            self.model(self.rate * ONE_C, event=lambda V, i: V - LOWER),
            self.model(0.0),
            self.model(-CHARGE, event=lambda V, i: UPPER - V),
            self.model(-CHARGE, event=lambda V, i: -i - CUT_OFF, hold=UPPER),
            self.model(0.0),
        ]

    def solvers(self, tolerance: float, share: float) -> list[tuple]:
        """Solver, model, end and signal of every step."""
        found = []
        for k, model in enumerate(self.models()):
            name = "I" if k == HOLD else "V"
            only = {"output_variables": [name]} if self.outputs else {}
            solver = self.pybamm.IDAKLUSolver(
                rtol=tolerance, atol=share * tolerance, options=self.options, **only
            )
            found.append((solver, model, latest(self.rate)[k], name))
        return found

    def step(self, solver, model, end: float, name: str, times: np.ndarray, state: np.ndarray):
        """Solve one step from a state; its times, signal and last state."""
        start = {"a": state[: self.cut, None], "c": state[self.places, None]}
        a = solver.solve(model, [0.0, end], t_interp=times, inputs=start)
        signal = a[name].data
        return a.t, SIGNAL * signal if name == "I" else signal, a.y_event.reshape(-1)

    def run(self, solvers: list[tuple], places: list[np.ndarray]) -> Run:
        """Solve all steps; charges from times, that of the hold from the lithium of the film."""
        times, signals, states = [], [], [self.start]
        for row, at in zip(solvers, places, strict=True):
            t, signal, state = self.step(*row, at, states[-1])
            times.append(t)
            signals.append(signal)
            states.append(state)
        moved = states[HOLD + 1][self.places] - states[HOLD][self.places]
        held = F * C_MAX * float(self.widths @ moved)
        charges = self.rate * ONE_C * times[0][-1], -CHARGE * times[2][-1], held
        return Run(times, signals, np.array(charges))

    def phases(self, run: Callable) -> list[Callable[[], object]]:
        """Each step alone, with the settings of a run."""
        state, alone = self.start, []
        for row, at in zip(*run.args, strict=True):
            alone.append(partial(self.step, *row, at, state))
            state = alone[-1]()[2]
        return alone

    def exact(self) -> Run:
        """Converged in time on its own volumes, at times that suit the curves."""
        many, parabola = self.widths.size, self.parabola
        reader = PyBaMM(self.rate, outputs=True, volumes=many, parabola=parabola)
        true = truth(self.rate)
        ends = latest(self.rate)
        times = [np.append(t[:-1], end) for t, end in zip(true.times, ends, strict=True)]
        return reader.run(reader.solvers(weak.TIGHT, 1.0), times)

    def candidates(self, exact: Run) -> Iterator[tuple[str, Callable[[], Run]]]:
        """Give tolerances with two ratios of the absolute one; those that fail are left out."""
        places = {miss: output_times(exact, self.rate, miss) for miss in weak.MISSES}
        for tolerance in weak.TOLERANCES:
            for share in (1.0, 0.1, 0.01):
                for miss, times in places.items():
                    run = partial(self.run, self.solvers(tolerance, share), times)
                    try:
                        run()
                    except self.pybamm.SolverError:
                        continue
                    yield f"{tolerance:.0e}, {share * tolerance:.0e}, {miss * 1e3:g} mV", run


CONTENDERS: dict[str, Callable] = {
    "filmcell": Filmcell,
    "PyBaMM, voltage only": partial(PyBaMM, outputs=True),
    "PyBaMM, states + voltage": partial(PyBaMM, outputs=False),
    "PyBaMM, voltage only, C compiler": partial(PyBaMM, outputs=True, compile=True),
    "PyBaMM, parabola": partial(PyBaMM, outputs=True, parabola=True),
    "PyBaMM, parabola, few": partial(PyBaMM, outputs=True, parabola=True, volumes=50),
    "PyBaMM, parabola, few, C compiler": partial(
        PyBaMM, outputs=True, compile=True, parabola=True, volumes=50
    ),
}
