"""Many designs of the film problem, as filmcell and PyBaMM take them (benchmarks/README.md).

A design is a full cycle of its own: 1C of its film to 4.2 V, then at once 1C to 2.7 V. What a run
gives is how long both halves last, which is the capacity; `matched` picks the fastest settings that
are accurate enough in time, and everybody may use two threads or two processes. What the mesh of
each misses is told beside it: `Runner.mesh`.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial
from typing import Any, NamedTuple

import film_problem as film
import numpy as np
from contenders import CAPACITY_ERROR, FINE, VOLTAGE_ERROR, Cycle, error, seconds
from pybamm_film import USUAL, Volumes, film_model

from filmcell.cell.cell import Cell
from filmcell.models.choice import model_of
from filmcell.models.regions import CATHODE_CELLS
from filmcell.protocol.amounts import CRate
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step, VoltageLimit
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.solve import solve
from filmcell.sweep import Paired, Plan, Values, sweep_table

THREADS = 2
PROBES = 25
TOLD, DENSE = 8001, 40001
"""Times at which PyBaMM's cycles are compared with its own, and with the truth."""

END = 4000.0
"""No half lasts longer [s]: 1C passes half of the lithium sites in 3600 s."""


class Design(NamedTuple):
    """What a design multiplies the diffusivity by, and how thick it is [m]."""

    scale: float = 1.0
    length: float = film.LENGTH


DIFFUSIVITIES = tuple(Design(scale=float(s)) for s in np.logspace(-0.7, 0.7, 200))
"""200 from 10^-14.7 to 10^-13.3 m2/s at half lithiation."""

THICKNESSES = tuple(Design(length=float(d)) for d in np.linspace(1e-6, 1e-5, 50))
"""50 from 1 to 10 um."""


KEYS = ("cathode.diffusivity.factor", "cathode.thickness")
"""Keys of the numbers of a design."""


class Missed(NamedTuple):
    """Largest error of the voltage [V] over the probes, of both capacities over all designs."""

    voltage: float
    capacity: float

    @property
    def small(self) -> bool:
        """Whether this is the accuracy that is asked of everybody."""
        return self.voltage < VOLTAGE_ERROR and self.capacity < CAPACITY_ERROR


class Runner(NamedTuple):
    """A contender with its settings: what its time steps miss, what its mesh, what is timed."""

    name: str
    settings: str
    missed: Missed
    mesh: Missed
    run: Callable[[], np.ndarray]


def probes(designs: Sequence[Design]) -> list[Design]:
    """Designs from end to end of which the whole voltage is looked at."""
    return [designs[k] for k in np.linspace(0, len(designs) - 1, PROBES).astype(int)]


def capacity_error(durations: np.ndarray, exact: np.ndarray) -> float:
    """Largest relative error of the halves of all designs."""
    return float(np.max(np.abs(durations / exact - 1.0)))


def voltage_error(cycles: Sequence[Cycle], exact: Sequence[Cycle]) -> float:
    """Largest voltage error of some cycles, from 0.2 to 99.5 % of each half [V]."""
    return max(error(a, b).voltage for a, b in zip(cycles, exact, strict=True))


class Exact(NamedTuple):
    """What a contender gives when it is converged in time on its own mesh."""

    durations: np.ndarray
    cycles: list[Cycle]


def exact(contender: Any, designs: Sequence[Design]) -> Exact:
    """Converged length of both halves of all designs [s], and cycles of the probes."""
    tight = contender.tight
    return Exact(contender.run(tight, designs), contender.cycles(tight, probes(designs)))


def missed_by(contender: Any, settings: Any, designs: Sequence[Design], goal: Exact) -> Missed:
    """Errors of a contender with some settings."""
    return Missed(
        voltage_error(contender.cycles(settings, probes(designs)), goal.cycles),
        capacity_error(contender.run(settings, designs), goal.durations),
    )


def ends(cycles: Sequence[Cycle]) -> np.ndarray:
    """Length of both halves, shape (cycles, 2) [s]."""
    return np.array([cycle[:2] for cycle in cycles])


@lru_cache(maxsize=2)
def truth(designs: tuple[Design, ...]) -> list[Cycle]:
    """Cycles that are converged in mesh and time."""
    fine = Filmcell(FINE)
    return fine.cycles(fine.tight, designs)


def missed_by_mesh(contender: Any, designs: Sequence[Design]) -> Missed:
    """What the mesh of a contender misses of the truth, over the probes."""
    some = probes(designs)
    found, true = contender.cycles(contender.tight, some, DENSE), truth(tuple(some))
    return Missed(voltage_error(found, true), capacity_error(ends(found), ends(true)))


def matched(contender: Any, designs: Sequence[Design], goal: Exact) -> Any:
    """Fastest settings with which a contender reaches the matched accuracy, and their errors.

    Looser ones come first; two tolerances with a success are enough.
    """
    found, good = [], set()
    for settings in contender.candidates():
        if len(good) == 2 and settings.rtol not in good:
            break
        durations = contender.run(settings, designs)
        if capacity_error(durations, goal.durations) >= CAPACITY_ERROR:
            continue  # its voltages need not be looked at, which takes longer
        missed = missed_by(contender, settings, designs, goal)
        if missed.small:
            good.add(settings.rtol)
            run = partial(contender.run, settings, designs)
            found.append((min(seconds(run) for _ in range(3)), settings, missed))
    if not found:
        raise RuntimeError(f"{contender.name}: no settings reach the matched accuracy")
    return min(found, key=lambda entry: entry[0])[1:]


# ------------------------------------------------------------------------------------- filmcell


class Steps(NamedTuple):
    """Options of filmcell with the tolerance that orders them."""

    rtol: float
    options: Options

    def __str__(self) -> str:
        """Write the tolerances."""
        return f"{self.rtol:g}, {self.options.voltage_tolerance * 1e3:g} mV"


def full_cycle() -> Protocol:
    """1C to 4.2 V, then at once 1C to 2.7 V, of whatever film it is."""
    up = Step(Charge(CRate(1.0)), (VoltageLimit(film.UPPER),))
    down = Step(Discharge(CRate(1.0)), (VoltageLimit(film.LOWER),))
    return Protocol((Block((up, down)),))


def cycle_of(cell: Cell, options: Options, nodes: int = CATHODE_CELLS) -> Cycle:
    """One cycle with its voltage, by the solver that `simulate_many` compiles into a loop."""
    protocol = full_cycle()
    model = model_of(cell, protocol.largest_current(cell), cells=nodes)
    result = solve(model, protocol, options)
    cut = int(np.searchsorted(result.step, 2))
    up, down = result.time[:cut], result.time[cut:] - result.time[cut]
    volts = result.voltage[:cut], result.voltage[cut:]
    return Cycle(float(up[-1]), float(down[-1]), (up, down), volts)


def dense(options: Options) -> Options:
    """Give the same time steps with points so near that the lines between them do not count."""
    return options.changed(resolution=min(2e-5, options.resolution))


class Filmcell:
    """filmcell through its public `sweep_table`: a plan, from which the table of results is made.

    Plan, meshes, models and the table are made within the time that is measured.
    """

    tight = Steps(1e-9, Options(1e-9, 1e-9, 1e-5))

    def __init__(self, nodes: int = CATHODE_CELLS) -> None:
        self.base, self.protocol, self.nodes = film.cell(), full_cycle(), nodes
        self.name = "filmcell" if nodes == CATHODE_CELLS else f"filmcell, {nodes} nodes"

    def pair(self, design: Design) -> tuple[Cell, Protocol]:
        """Cell and protocol of a design."""
        return self.base.replace(dict(zip(KEYS, design, strict=True))), self.protocol

    def run(self, settings: Steps, designs: Sequence[Design]) -> np.ndarray:
        """Length of both halves, shape (designs, 2) [s]."""
        axes = {
            key: Values(column)
            for key, column in zip(KEYS, zip(*designs, strict=True), strict=True)
            if len(set(column)) > 1
        }
        plan = Plan(self.base, self.protocol, axes, Paired(), settings.options, cells=self.nodes)
        told = sweep_table(plan, threads=THREADS)["step_duration_s"].to_list()
        return np.array(told)

    def cycles(self, settings: Steps, designs: Sequence[Design], times: int = 0) -> list[Cycle]:
        """Some cycles with points so dense that their lines do not count; it chooses its times."""
        options = dense(settings.options)
        return [cycle_of(self.pair(design)[0], options, self.nodes) for design in designs]

    def candidates(self) -> Iterator[Steps]:
        """Loosest first; the default is among them."""
        for tolerance in (3e-5, 1e-5, 7e-6, 5e-6):
            for volts in (10.0, 5.0):
                yield Steps(tolerance, Options(tolerance, volts * tolerance))
        yield Steps(DEFAULTS.tolerance, DEFAULTS)
        yield Steps(1e-6, Options(1e-6, 5e-6))


# --------------------------------------------------------------------------------------- PyBaMM


class Settings(NamedTuple):
    """Tolerances of IDAKLU."""

    rtol: float
    atol: float

    def __str__(self) -> str:
        """Write both."""
        return f"{self.rtol:.0e}, {self.atol:.0e}"


ONE_CYCLE = Settings(5e-6, 5e-8)
"""What is accurate enough for the one diffusivity and thickness of `bench_film.py`."""


class Recipe(NamedTuple):
    """How PyBaMM is used: its mesh, what it returns, and how it runs.

    `mesh`: "fixed" has numbers for the lengths, "symbolic" takes the thickness as an input through
    `SymbolicUniform1DSubMesh`, "scaled" has depth over thickness as its coordinate, "rebuilt"
    makes the model anew for each thickness. `times`: at how many times the voltage is returned, by
    `output_variables`; 0 returns the first and the last state alone. `compile` lets the C compiler
    of the machine compile its functions ahead.
    """

    volumes: Volumes = USUAL
    mesh: str = "fixed"
    times: int = 0
    threads: int = 1
    compile: bool = False
    looped: bool = False


class Halves:
    """Solvers and models of the charge and of the discharge, which starts where the charge ends."""

    def __init__(self, recipe: Recipe, settings: Settings, length: float = film.LENGTH) -> None:
        import pybamm

        self.recipe = recipe
        mesh = recipe.mesh
        given = pybamm.InputParameter("L") if mesh in {"symbolic", "scaled"} else length
        first = pybamm.Scalar(film.START)
        many, D = recipe.volumes.count, pybamm.InputParameter("D")
        start = pybamm.InputParameter("start", domain="film", expected_size=many)
        self.models = (
            film_model(-1.0, film.UPPER, first, given, D, mesh, recipe.volumes),
            film_model(1.0, film.LOWER, start, given, D, mesh, recipe.volumes),
        )
        options = {
            "num_threads": recipe.threads,
            "compile": recipe.compile,
            "hermite_interpolation": False,
        }
        only = {"output_variables": ["V"]} if recipe.times else {}
        self.solvers = [
            pybamm.IDAKLUSolver(rtol=settings.rtol, atol=settings.atol, options=options, **only)
            for _ in self.models
        ]

    def solve(self, designs: Sequence[Design]) -> tuple[list[Any], list[Any]]:
        """Solve both halves of some designs, in one list or one by one."""
        times = END * np.linspace(0.0, 1.0, max(self.recipe.times, 2)) ** 2  # steep at the start
        fixed = self.recipe.mesh not in {"symbolic", "scaled"}
        inputs = [
            {"D": film.HALF_FULL * d.scale} | ({} if fixed else {"L": d.length}) for d in designs
        ]
        ups = self.half(0, inputs, times)
        ends = [
            {**given, "start": up.y_event.reshape(-1, 1)}
            for given, up in zip(inputs, ups, strict=True)
        ]
        return ups, self.half(1, ends, times)

    def half(self, k: int, inputs: list[dict[str, Any]], times: np.ndarray) -> list[Any]:
        """Solve one half."""
        call = partial(self.solvers[k].solve, self.models[k], [0.0, END], t_interp=times)
        if self.recipe.looped or len(inputs) == 1:  # a list of one is not answered by a list
            return [call(inputs=given) for given in inputs]
        return call(inputs=inputs)

    def durations(self, designs: Sequence[Design]) -> np.ndarray:
        """Length of both halves, shape (designs, 2) [s]; with `times` the voltage is read too."""
        both = self.solve(designs)
        if self.recipe.times:
            for solution in (*both[0], *both[1]):
                solution["V"].data  # noqa: B018  reading it is what costs
        return np.array([[s.t[-1] for s in half] for half in both]).T

    def cycles(self, designs: Sequence[Design]) -> list[Cycle]:
        """Cycles with their voltages."""
        return [
            Cycle(float(a.t[-1]), float(b.t[-1]), (a.t, b.t), (a["V"].data, b["V"].data))
            for a, b in zip(*self.solve(designs), strict=True)
        ]


@lru_cache(maxsize=32)
def built(recipe: Recipe, settings: Settings) -> Halves:
    """Models and solvers, made once in each process; more are kept than there are rows."""
    return Halves(recipe, settings)


def lengths_of(recipe: Recipe, settings: Settings, designs: Sequence[Design]) -> np.ndarray:
    """Length of both halves of some designs, shape (designs, 2) [s]."""
    if recipe.mesh == "rebuilt":
        parts = [Halves(recipe, settings, d.length).durations([d]) for d in designs]
        return np.concatenate(parts)
    return built(recipe, settings).durations(designs)


class PyBaMM:
    """PyBaMM with IDAKLU; a model once built serves all its designs."""

    tight = Settings(1e-10, 1e-10)

    def __init__(self, recipe: Recipe, label: str) -> None:
        import pybamm

        self.recipe = recipe
        told = str(recipe.volumes)
        self.name = f"PyBaMM {pybamm.__version__}, {label}{', ' if told else ''}{told}"

    def run(self, settings: Settings, designs: Sequence[Design]) -> np.ndarray:
        """Length of both halves, shape (designs, 2) [s]."""
        return lengths_of(self.recipe, settings, designs)

    def cycles(
        self, settings: Settings, designs: Sequence[Design], times: int = TOLD
    ) -> list[Cycle]:
        """Some cycles with dense voltage; where it is asked for does not change the steps."""
        dense = self.recipe._replace(times=times)
        if self.recipe.mesh != "rebuilt":
            return built(dense, settings).cycles(designs)
        return [Halves(dense, settings, d.length).cycles([d])[0] for d in designs]

    def candidates(self) -> Iterator[Settings]:
        """Loosest first, with three ratios of the absolute one."""
        for rtol in (1e-5, 5e-6, 2e-6, 1e-6, 5e-7, 3e-7, 2e-7, 1e-7):
            for share in (1.0, 0.1, 0.01):
                yield Settings(rtol, share * rtol)


class Processes:
    """Two processes, one worker each, so that each surely has its models before the clock."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pools = [ProcessPoolExecutor(1, mp_context=context) for _ in range(THREADS)]

    def run(self, recipe: Recipe, settings: Settings, designs: Sequence[Design]) -> np.ndarray:
        """Length of both halves, shape (designs, 2) [s]; every other design to each process."""
        shares = [designs[k::THREADS] for k in range(THREADS)]
        running = [
            pool.submit(lengths_of, recipe, settings, share)
            for pool, share in zip(self.pools, shares, strict=True)
        ]
        durations = np.empty((len(designs), 2))
        for k, part in enumerate(running):
            durations[k::THREADS] = part.result()
        return durations

    def close(self) -> None:
        """End both."""
        for pool in self.pools:
            pool.shutdown()
