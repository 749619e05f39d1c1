"""The film problem as each contender solves it (benchmarks/README.md says how they are compared).

A contender is set up once; what is timed is one call that charges, discharges and has the voltage
in arrays. Each may use its own settings; `match` picks the fastest whose time steps are accurate
enough, and tells what its mesh misses.
"""

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import film_problem as film
import numpy as np
from pybamm_film import TEMPERATURE, USUAL, Volumes, film_model

from filmcell.constants import F, R
from filmcell.models.choice import model_of
from filmcell.models.regions import default_mesh
from filmcell.numerics.mesh import Mesh
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

FINE = 400
"""Nodes that the truth stands on."""

VOLTAGE_ERROR = 2e-4
CAPACITY_ERROR = 2e-5
TOLERANCES = (1e-4, 3e-5, 1e-5, 5e-6, 3e-6, 2e-6, 1e-6, 3e-7, 1e-7)
TIGHT = 1e-11
LATEST = (3000.0, 2300.0)
"""Both halves end before this [s]."""


class Cycle(NamedTuple):
    """Length of the charge and of the discharge [s], times in each [s], voltages [V]."""

    charge: float
    discharge: float
    times: tuple[np.ndarray, np.ndarray]
    voltages: tuple[np.ndarray, np.ndarray]


class Error(NamedTuple):
    """Largest voltage error [V]; relative errors of both capacities."""

    voltage: float
    charge: float
    discharge: float

    @property
    def capacity(self) -> float:
        """The larger of both."""
        return max(self.charge, self.discharge)

    @property
    def matched(self) -> bool:
        """Whether this is the accuracy that is asked of every contender."""
        return self.voltage < VOLTAGE_ERROR and self.capacity < CAPACITY_ERROR


def error(cycle: Cycle, exact: Cycle) -> Error:
    """Compare with a converged run, by straight lines between the points of each."""
    worst = 0.0
    for t, v, t_exact, v_exact in zip(*cycle[2:], *exact[2:], strict=True):
        at = np.linspace(0.002, 0.995, 5001) * t_exact[-1]
        off = np.interp(at, t, v) - np.interp(at, t_exact, v_exact)
        worst = max(worst, float(np.max(np.abs(off))))
    return Error(
        worst,
        abs(cycle.charge / exact.charge - 1.0),
        abs(cycle.discharge / exact.discharge - 1.0),
    )


def kept_times(t: np.ndarray, v: np.ndarray, miss: float = 1e-4) -> np.ndarray:
    """Fewest times or nearly so whose straight lines miss the curve by `miss` at most.

    filmcell keeps its own points by this rule, so the others are asked for no more of them.
    """
    kept, stretches = {0, t.size - 1}, [(0, t.size - 1)]
    while stretches:
        a, b = stretches.pop()
        line = v[a] + (v[b] - v[a]) / (t[b] - t[a]) * (t[a : b + 1] - t[a])
        worst = a + int(np.argmax(np.abs(v[a : b + 1] - line)))
        if abs(v[worst] - line[worst - a]) > miss:
            kept.add(worst)
            stretches += [(a, worst), (worst, b)]
    return t[sorted(kept)]


def output_times(exact: Cycle) -> list[np.ndarray]:
    """Choose when to ask for the voltage, in each half and a little beyond its end."""
    halves = zip(exact.times, exact.voltages, LATEST, strict=True)
    return [np.append(kept_times(t, v)[:-1], end) for t, v, end in halves]


class Filmcell:
    """filmcell through its public `solve`: the whole result, with all states."""

    name = "filmcell"

    def __init__(self, mesh: Mesh | None = None) -> None:
        self.model = model_of(film.cell(), film.CURRENT, mesh)
        self.protocol = film.protocol()

    def run(self, options: Options) -> Cycle:
        """Solve and split the voltage into halves."""
        result = solve(self.model, self.protocol, options)
        cut = int(np.searchsorted(result.step, 2))
        t, v = result.time, result.voltage
        up, down = t[:cut], t[cut:] - t[cut]
        return Cycle(float(up[-1]), float(down[-1]), (up, down), (v[:cut], v[cut:]))

    def exact(self) -> Cycle:
        """Converged in time on its own nodes."""
        return self.run(Options(1e-10, 1e-10, 1e-6))

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Loosen the time steps, and the distance of the kept points from a straight line."""
        for tolerance in TOLERANCES:
            for resolution in (2e-4, 1.5e-4, 1e-4):
                options = Options(tolerance, 5.0 * tolerance, resolution)
                yield f"{tolerance:g}, {resolution * 1e3:g} mV", partial(self.run, options)


@cache
def truth() -> Cycle:
    """Converged in mesh and time."""
    return Filmcell(default_mesh(film.cell(), film.CURRENT, FINE)).exact()


def voltage(x, i, h):
    """Voltage at the fraction x of the first volume, of width h, and a current density [A/m2]."""
    surface = x + i / (F * film.C_MAX) * 0.5 * h * 1e14 * np.exp(3.0 * (x - 0.5))
    s = 1.062 * surface
    U = (
        2.16216
        + 0.07645 * np.tanh(30.834 - 54.4806 * s)
        + 2.1581 * np.tanh(52.294 - 50.294 * s)
        - 0.14169 * np.tanh(11.0923 - 19.8543 * s)
        + 0.2051 * np.tanh(1.4684 - 5.4888 * s)
        + 0.2531 * np.tanh((0.56478 - s) / 0.1316)
        - 0.02167 * np.tanh((s - 0.525) / 0.006)
    )
    eta = np.arcsinh(i / (4.0 * np.sqrt(surface * (1.0 - surface)))) + np.arcsinh(i / 10.0)
    return U - 2.0 * R * TEMPERATURE / F * eta - i * film.RESISTANCE


def numpy_rate(t, x, out, current, half, flux):
    """Write dx/dt; `half` and `flux` are room to work in."""
    h = film.LENGTH / x.size
    np.exp(3.0 * (x - 0.5), out=half)
    half *= 0.5e14 * h
    flux[0] = current / (F * film.C_MAX)
    np.divide(x[:-1] - x[1:], half[:-1] + half[1:], out=flux[1:-1])
    out[:] = (flux[:-1] - flux[1:]) / h


def loop_rate(t, x, out, current, half, flux):
    """Write the same in the form that a compiler likes."""
    h = film.LENGTH / x.size
    here = 0.5e14 * h * np.exp(3.0 * (x[0] - 0.5))
    inflow = current / (F * film.C_MAX)
    for j in range(x.size - 1):
        there = 0.5e14 * h * np.exp(3.0 * (x[j + 1] - 0.5))
        outflow = (x[j] - x[j + 1]) / (here + there)
        out[j] = (inflow - outflow) / h
        inflow, here = outflow, there
    out[x.size - 1] = inflow / h


class Cvode:
    """CVODE of SUNDIALS through scikit-sundae, banded; voltage and event are compiled in both."""

    def __init__(self, *, compiled: bool, volumes: int = film.VOLUMES) -> None:
        import numba
        from sksundae.cvode import CVODE

        self.name = f"CVODE banded, {'numba' if compiled else 'numpy'}"
        self.make, self.volumes, self.width = CVODE, volumes, film.LENGTH / volumes
        jit = numba.njit(cache=True, error_model="numpy")
        self.voltage = jit(voltage)
        self.rate = jit(loop_rate) if compiled else numpy_rate

    def half(self, current: float, limit: float, tolerance: float, share: float):
        """Solver of one half."""
        half, flux = np.empty(self.volumes), np.zeros(self.volumes + 1)

        def rate(t, x, out):
            self.rate(t, x, out, current, half, flux)

        def event(t, x, out):
            out[0] = self.voltage(x[0], current, self.width) - limit

        return self.make(
            rate, rtol=tolerance, atol=share * tolerance, linsolver="band", lband=1, uband=1,
            eventsfn=event, num_events=1, max_num_steps=100_000,
        )  # fmt: skip

    def run(self, up, down, times) -> Cycle:
        """Solve both halves and read the voltage at the output times."""
        a = up.solve(times[0], np.full(self.volumes, film.START))
        b = down.solve(times[1], a.y[-1])
        halves = ((a, -film.CURRENT), (b, film.CURRENT))
        v = tuple(self.voltage(s.y[:, 0], i, self.width) for s, i in halves)
        return Cycle(float(a.t[-1]), float(b.t[-1]), (a.t, b.t), v)

    def solvers(self, tolerance: float, share: float):
        """Solvers of both halves."""
        return (
            self.half(-film.CURRENT, film.UPPER, tolerance, share),
            self.half(film.CURRENT, film.LOWER, tolerance, share),
        )

    def exact(self) -> Cycle:
        """Converged in time on its own volumes."""
        dense = [np.linspace(0.0, end, 20001) for end in LATEST]
        return self.run(*self.solvers(TIGHT, 1.0), dense)

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Give tolerances with two ratios of the absolute one, its own steps or asked times."""
        places = {"": output_times(exact), ", own steps": [np.array([0.0, t]) for t in LATEST]}
        for tolerance in TOLERANCES:
            for share in (1.0, 0.01):
                for note, times in places.items():
                    solvers = self.solvers(tolerance, share)
                    label = f"{tolerance:.0e}, {share * tolerance:.0e}{note}"
                    yield label, partial(self.run, *solvers, times)


class PyBaMM:
    """PyBaMM: a custom model built once for each half, IDAKLU on one thread.

    The discharge takes the last state of the charge as an input, which costs the least. With
    `outputs` the solver hands back the voltage alone, else all states and the voltage is read out
    of them, or not even that if `read` is false. With `compile` its functions are compiled by the
    C compiler of the machine.
    """

    def __init__(
        self,
        *,
        outputs: bool,
        read: bool = True,
        compile: bool = False,
        volumes: Volumes = USUAL,
    ) -> None:
        import pybamm

        self.pybamm, self.outputs, self.read, self.volumes = pybamm, outputs, read, volumes
        self.options = {"compile": True} if compile else {}
        kept = "voltage only" if outputs else "states + voltage" if read else "states, no voltage"
        more = f"{', C compiler' if compile else ''}{', ' if str(volumes) else ''}{volumes}"
        self.name = f"PyBaMM {pybamm.__version__}, {kept}{more}"

    def model(self, sign: float, limit: float, start: Any) -> Any:
        """Model of one half, with numbers where a sweep would have inputs."""
        D = self.pybamm.Scalar(film.HALF_FULL)
        return film_model(sign, limit, start, film.LENGTH, D, "fixed", self.volumes)

    def solvers(self, tolerance: float, share: float):
        """Solver and model of both halves."""
        many = self.volumes.count
        start = self.pybamm.InputParameter("start", domain="film", expected_size=many)
        models = (
            self.model(-1.0, film.UPPER, self.pybamm.Scalar(film.START)),
            self.model(1.0, film.LOWER, start),
        )
        only = {"output_variables": ["V"]} if self.outputs else {}
        return [
            (
                self.pybamm.IDAKLUSolver(
                    rtol=tolerance, atol=share * tolerance, options=self.options, **only
                ),
                model,
            )
            for model in models
        ]

    def run(self, up, down, times) -> Cycle:
        """Solve both halves and read the voltage at the output times."""
        a = up[0].solve(up[1], [0.0, LATEST[0]], t_interp=times[0])
        start = {"start": a.y_event.reshape(-1, 1)}
        b = down[0].solve(down[1], [0.0, LATEST[1]], t_interp=times[1], inputs=start)
        v = (a["V"].data, b["V"].data) if self.read else (np.zeros(0), np.zeros(0))
        return Cycle(float(a.t[-1]), float(b.t[-1]), (a.t, b.t), v)

    def exact(self) -> Cycle:
        """Converged in time on its own volumes."""
        dense = [np.linspace(0.0, end, 20001) for end in LATEST]
        reader = PyBaMM(outputs=True, volumes=self.volumes)
        return reader.run(*reader.solvers(TIGHT, 1.0), dense)

    def candidates(self, exact: Cycle) -> Iterator[tuple[str, Callable[[], Cycle]]]:
        """Give tolerances with two ratios of the absolute one."""
        times = output_times(exact)
        for tolerance in TOLERANCES:
            for share in (1.0, 0.01):
                solvers = self.solvers(tolerance, share)
                label = f"{tolerance:.0e}, {share * tolerance:.0e}"
                yield label, partial(self.run, *solvers, times)


CONTENDERS: dict[str, Callable] = {
    "filmcell": Filmcell,
    "CVODE banded, numba": partial(Cvode, compiled=True),
    "CVODE banded, numpy": partial(Cvode, compiled=False),
    "PyBaMM, voltage only": partial(PyBaMM, outputs=True),
    "PyBaMM, states + voltage": partial(PyBaMM, outputs=False),
    "PyBaMM, voltage only, C compiler": partial(PyBaMM, outputs=True, compile=True),
    "PyBaMM, Kirchhoff": partial(PyBaMM, outputs=True, volumes=Volumes(kirchhoff=True)),
    "PyBaMM, Kirchhoff, few": partial(PyBaMM, outputs=True, volumes=Volumes(30, kirchhoff=True)),
}


class Matched(NamedTuple):
    """The settings that a contender runs with, what its time steps miss, and what its mesh."""

    name: str
    settings: str
    error: Error
    mesh: Error
    run: Callable[[], Cycle]
    first: float


def seconds(run: Callable[[], object]) -> float:
    """Time one call [s]."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def match(contender, true: Any, compare: Callable[[Any, Any], Error] = error) -> Matched:
    """Fastest settings of a contender whose time steps reach the matched accuracy.

    Looser ones come first and time rises with accuracy, so two tolerances with a success are
    enough. `true` is a run that is converged in its mesh, too; `compare` says how far two runs are
    apart.
    """
    exact = contender.exact()
    mesh = compare(exact, true)
    found, good = [], set()
    for label, run in contender.candidates(exact):
        tolerance = label.split(",")[0]
        if len(good) == 2 and tolerance not in good:
            break
        begun = time.perf_counter()
        cycle = run()
        first = time.perf_counter() - begun
        reached = compare(cycle, exact)
        if reached.matched:
            good.add(tolerance)
            typical = float(np.median([seconds(run) for _ in range(25)]))
            found.append((typical, Matched(contender.name, label, reached, mesh, run, first)))
    if not found:
        raise RuntimeError(f"{contender.name}: no settings reach the matched accuracy")
    return min(found, key=lambda pair: pair[0])[1]
