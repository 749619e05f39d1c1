"""Time sweeps of the film problem on filmcell and PyBaMM, two threads each, in interleaved rounds.

python benchmarks/bench_sweep.py [--rounds 5] [--designs 10000] [--json FILE]
"""

import os

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
for _threads in ("MKL", "OPENBLAS"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import film_problem as film
import numpy as np
import sweep_contenders as sweep
from contenders import FINE, VOLTAGE_ERROR, seconds
from pybamm_film import Volumes
from sweep_contenders import (
    ONE_CYCLE,
    Design,
    Filmcell,
    Missed,
    Processes,
    PyBaMM,
    Recipe,
    Runner,
    Settings,
    Steps,
    exact,
    matched,
    missed_by,
    missed_by_mesh,
)

from filmcell.cell.cell import Cell
from filmcell.models.regions import CATHODE_CELLS
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.solve import simulate
from filmcell.sweep import LatinHypercube, LogRange, Plan, sweep_table

DEFAULT_STEPS = Steps(DEFAULTS.tolerance, DEFAULTS)
TIGHT = Filmcell.tight.options
THREADED, C_COMPILER = Recipe(threads=sweep.THREADS), Recipe(threads=sweep.THREADS, compile=True)
Named = tuple[str, Recipe]
SHORT = 36.0
"""Halves of the hypercube below a hundredth of an hour end in the kick of the current [s]."""

AS_TRUE = 0.5
"""A mesh that misses less stands beside that of filmcell [mV]."""

FEW_NODES = 18
"""Beside the coarsest volumes of PyBaMM."""

THICK = 3.0
"""Stretch for 10 um, which have a layer at the surface that equal volumes miss."""


def on_other_volumes(label: str, recipe: Recipe, stretch: float = 0.0) -> list[Named]:
    """Give PyBaMM more volumes, and better ones with as few, as many and more."""
    better = Volumes(kirchhoff=True, stretch=stretch)
    others = (Volumes(400), better._replace(count=30), better, better._replace(count=400))
    return [(label, recipe._replace(volumes=volumes)) for volumes in others]


LIST, SCALED = "list of inputs, 2 threads", "scaled by hand, list of inputs, 2 threads"
DIFFUSIVITY_LISTS = [
    (LIST, THREADED),
    (f"{LIST}, C compiler", C_COMPILER),
    (f"{LIST}, voltage at 200 times", THREADED._replace(times=200)),
    ("loop, 1 thread", Recipe(looped=True)),
    *on_other_volumes(LIST, THREADED),
]
DIFFUSIVITY_PROCESSES = [
    ("lists of inputs, 2 processes", Recipe()),
    ("lists of inputs, 2 processes, C compiler", Recipe(compile=True)),
    *on_other_volumes("lists of inputs, 2 processes, C compiler", Recipe(compile=True))[1:],
]
THICKNESS_LISTS = [
    (f"symbolic mesh, {LIST}", THREADED._replace(mesh="symbolic")),
    (SCALED, THREADED._replace(mesh="scaled")),
    *on_other_volumes(SCALED, THREADED._replace(mesh="scaled"), THICK),
]
HAND = "scaled by hand, 2 processes"
THICKNESS_PROCESSES = [
    ("rebuilt, 2 processes", Recipe(mesh="rebuilt")),
    ("symbolic mesh, 2 processes", Recipe(mesh="symbolic")),
    ("symbolic mesh, 2 processes, C compiler", Recipe(mesh="symbolic", compile=True)),
    (HAND, Recipe(mesh="scaled")),
    (f"{HAND}, C compiler", Recipe(mesh="scaled", compile=True)),
    *on_other_volumes(f"{HAND}, C compiler", Recipe(mesh="scaled", compile=True), THICK)[1:],
]


def ours(designs: Sequence[Design], nodes: int = CATHODE_CELLS) -> Runner:
    """Give filmcell the fastest options that are accurate enough."""
    filmcell = Filmcell(nodes)
    steps, missed = matched(filmcell, designs, exact(filmcell, designs))
    mesh = missed_by_mesh(filmcell, designs)
    return Runner(filmcell.name, str(steps), missed, mesh, partial(filmcell.run, steps, designs))


def settled(
    designs: Sequence[Design], lists: Sequence[Named]
) -> dict[Volumes, tuple[Settings, Missed, Missed]]:
    """Fastest settings of PyBaMM on each kind of volumes, what they miss, and what the mesh does.

    The first of its lists decides.
    """
    found: dict[Volumes, tuple[Settings, Missed, Missed]] = {}
    for label, recipe in lists:
        if recipe.volumes not in found:
            first = PyBaMM(recipe, label)
            try:
                steps = matched(first, designs, exact(first, designs))
            except RuntimeError as error:
                print(error)
                continue
            found[recipe.volumes] = (*steps, missed_by_mesh(first, designs))
    return found


def theirs(
    designs: Sequence[Design],
    lists: Sequence[Named],
    shared: Sequence[Named],
    processes: Processes,
) -> list[Runner]:
    """PyBaMM in every way.

    The last row has looser settings, which do for one cycle but not for all of the designs.
    """
    found = settled(designs, lists)
    rows = []
    for label, recipe in (*lists, *shared):
        if recipe.volumes in found:
            contender = PyBaMM(recipe, label)
            settings, *missed = found[recipe.volumes]
            alone = partial(contender.run, settings, designs)
            apart = partial(processes.run, recipe, settings, designs)
            run = apart if (label, recipe) in shared else alone
            rows.append(Runner(contender.name, str(settings), *missed, run))
    label, recipe = lists[0]
    first = PyBaMM(recipe, f"{label}, too loose")
    loose = missed_by(first, ONE_CYCLE, designs, exact(first, designs))
    run = partial(first.run, ONE_CYCLE, designs)
    return [*rows, Runner(first.name, str(ONE_CYCLE), loose, missed_by_mesh(first, designs), run)]


def take_turns(runs: Sequence[Callable[[], object]], rounds: int) -> np.ndarray:
    """Time each run in each round, order drawn anew, shape (rounds, runs) [s].

    The first round, in which models are built and workers start, is dropped.
    """
    order = np.random.default_rng(1)
    times = np.empty((rounds + 1, len(runs)))
    for k in range(rounds + 1):
        for j in order.permutation(len(runs)):
            times[k, j] = seconds(runs[j])
    return times[1:]


def table(rows: Sequence[Runner], times: np.ndarray, designs: int) -> list[dict[str, Any]]:
    """Figures of each contender; ratios are medians over the rounds."""
    return [
        {
            "contender": row.name,
            "settings": row.settings,
            "voltage error [mV]": row.missed.voltage * 1e3,
            "capacity error": row.missed.capacity,
            "mesh: voltage error [mV]": row.mesh.voltage * 1e3,
            "mesh: capacity error": row.mesh.capacity,
            "median [ms a design]": float(np.median(t)) * 1e3 / designs,
            "least [ms a design]": float(np.min(t)) * 1e3 / designs,
            "ratio": float(np.median(t / times[:, 0])),
            "matched": row.missed.small,
        }
        for row, t in zip(rows, times.T, strict=True)
    ]


def show(what: str, figures: list[dict[str, Any]], target: float) -> None:
    """Print the table, and what it says."""
    head = f"{'rtol, atol':<15}{'mV':>6}{'capacity':>10}{'mesh: mV':>10}{'capacity':>9}"
    print(f"\n{what:<100}{head}{'median ms':>11}{'least':>8}{'ratio':>8}")
    for row in figures:
        name, settings, *missed, median, least, ratio, _ = row.values()
        volts, capacity, mesh_volts, mesh = missed
        print(
            f"{name:<100}{settings:<15}{volts:6.3f}{capacity:10.1e}{mesh_volts:10.3f}{mesh:9.1e}"
            f"{median:11.3f}{least:8.3f}{ratio:8.1f}"
        )
    theirs = [row for row in figures if row["matched"] and "filmcell" not in row["contender"]]
    usual = [row for row in theirs if "Kirchhoff" not in row["contender"]]
    plain = [row for row in usual if "C compiler" not in row["contender"]]
    as_true = [row for row in theirs if row["mesh: voltage error [mV]"] < AS_TRUE]
    for rows, where in (
        (theirs, " on any volumes"),
        (usual, " as most would write it"),
        (plain, " as most would write it, without a C compiler"),
        (as_true, f" with a mesh that misses less than {AS_TRUE:g} mV"),
    ):
        if rows:
            best = min(rows, key=lambda row: row["ratio"])
            print(f"{best['ratio']:.1f} times PyBaMM{where} (best: {best['contender']}; ", end="")
            print(f"asked: {target:g})")


def against_pybamm(
    what: str,
    designs: Sequence[Design],
    lists: Sequence[Named],
    shared: Sequence[Named],
    rounds: int,
    target: float,
) -> list[dict[str, Any]]:
    """Race over some designs; says so where PyBaMM is not installed."""
    rows, processes = [ours(designs), ours(designs, FEW_NODES)], Processes()
    try:
        rows += theirs(designs, lists, shared, processes)
    except ImportError as error:
        print(f"PyBaMM: not installed ({error})")
    figures = table(rows, take_turns([row.run for row in rows], rounds), len(designs))
    processes.close()
    show(what, figures, target)
    return figures


def hypercube(count: int, options: Options) -> Plan:
    """Latin hypercube of thickness, factor of the diffusivity, conductivity of the electrolyte."""
    axes = {
        "cathode.thickness": LogRange(1e-6, 1e-5),
        "cathode.diffusivity.factor": LogRange(10**-0.7, 10**0.7),
        "electrolyte.conductivity": LogRange(3e-5, 1e-3),
    }
    return Plan(film.cell(), sweep.full_cycle(), axes, LatinHypercube(count, 6), options)


def cycled(count: int, options: Options) -> Any:
    """Table of all designs."""
    return sweep_table(hypercube(count, options), threads=sweep.THREADS)


def accurate(cells: Sequence[Cell]) -> tuple[dict[Steps, float], Steps]:
    """Worst voltage error of each options over some cells [V]; the first that is small enough."""
    goal = [sweep.cycle_of(cell, TIGHT) for cell in cells]
    worst = {}
    for steps in Filmcell().candidates():
        options = sweep.dense(steps.options)
        worst[steps] = sweep.voltage_error([sweep.cycle_of(c, options) for c in cells], goal)
        if worst[steps] < VOLTAGE_ERROR and DEFAULT_STEPS in worst:
            return worst, steps
    raise RuntimeError("no options reach the accuracy")


def missed_by_nodes(cells: Sequence[Cell]) -> Missed:
    """What the default nodes miss in those cells that do not end at once."""
    true = [sweep.cycle_of(cell, TIGHT, FINE) for cell in cells]
    long = [k for k, ends in enumerate(sweep.ends(true)) if min(ends) > SHORT]
    true, own = [true[k] for k in long], [sweep.cycle_of(cells[k], TIGHT) for k in long]
    return Missed(
        sweep.voltage_error(own, true), sweep.capacity_error(sweep.ends(own), sweep.ends(true))
    )


def many(count: int, rounds: int) -> list[dict[str, Any]]:
    """Full cycles of a Latin hypercube: with the default options, and within 0.2 mV."""
    plan, step = hypercube(count, DEFAULTS), max(1, count // 100)
    points = plan.points(0, count)
    cells = [plan.design(points, k)[0] for k in range(0, count, step)]
    worst, good = accurate(cells)
    chosen = list(dict.fromkeys((DEFAULT_STEPS, good)))
    times = take_turns([partial(cycled, count, steps.options) for steps in chosen], rounds)
    goal = [simulate(cell, sweep.full_cycle(), **vars(TIGHT)) for cell in cells]
    mesh = missed_by_nodes(cells)
    rows = []
    for steps, t in zip(chosen, times.T, strict=True):
        told = cycled(count, steps.options)
        some = told.gather_every(step)
        capacity = np.abs(some["step_capacity_mAh"].to_list()) / 1e3
        energy = np.array(some["step_energy_mWh"].to_list()) / 1e3
        rows.append(
            {
                "options": f"{steps}{', the default' if steps == DEFAULT_STEPS else ''}",
                "designs": count,
                "designs a second": count / float(np.median(t)),
                "median [ms a design]": float(np.median(t)) * 1e3 / count,
                "least [ms a design]": float(np.min(t)) * 1e3 / count,
                "failed": int((told["status"] != "ok").sum()),
                "voltage error [mV]": worst[steps] * 1e3,
                "capacity error": sweep.capacity_error(capacity, [r.capacity for r in goal]),
                "energy error": sweep.capacity_error(energy, [r.energy for r in goal]),
                "mesh: voltage error [mV]": mesh.voltage * 1e3,
                "mesh: capacity error": mesh.capacity,
            }
        )
    print(f"\n{count} thicknesses, diffusivities and conductivities, full cycles, 2 threads")
    print(f"(errors: the worst of {len(cells)} designs, voltage from 0.2 to 99.5 % of each half;")
    print(f"of the mesh: of those whose halves last longer than {SHORT:g} s)")
    for row in rows:
        for name, value in row.items():
            print(f"    {name:<26}{value if isinstance(value, str) else f'{value:.4g}'}")
    return rows


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--designs", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    report = {
        "diffusivities": against_pybamm(
            "200 diffusivities, full cycles", sweep.DIFFUSIVITIES,
            DIFFUSIVITY_LISTS, DIFFUSIVITY_PROCESSES, chosen.rounds, 15.0,
        ),
        "thicknesses": against_pybamm(
            "50 thicknesses, full cycles", sweep.THICKNESSES,
            THICKNESS_LISTS, THICKNESS_PROCESSES, chosen.rounds, 40.0,
        ),
        "many": many(chosen.designs, 3),
    }  # fmt: skip
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
