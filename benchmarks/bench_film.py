"""Time the film problem on every contender, in interleaved rounds on one thread.

python benchmarks/bench_film.py [--rounds 40] [--json FILE]
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import contenders
import film_problem as film
import numpy as np
from contenders import Cvode, Filmcell, Matched, match, seconds, truth

from filmcell.models.regions import default_mesh
from filmcell.simulation.options import Options
from filmcell.simulation.stepping import Room, observed, run_step

SIZES = (25, 50, 100, 200, 400, 800)
TIGHT = Options(1e-10, 1e-10, 1e-6)
FIRST_USE = """
import time
a = time.perf_counter()
import film_problem as film
from filmcell.models.choice import model_of
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve
b = time.perf_counter()
model = model_of(film.cell(), film.CURRENT)
solve(model, film.protocol(), Options())
print(b - a, time.perf_counter() - b)
"""


def ends(cycle: contenders.Cycle) -> np.ndarray:
    """Lengths of both halves [s]."""
    return np.array([cycle.charge, cycle.discharge])


def check_truth() -> None:
    """The true ends are known, and finite volumes converge to them in second order."""
    np.testing.assert_allclose(ends(truth()), film.CONVERGED, rtol=1e-8, atol=0.0)
    told = ", ".join(f"{end:.6f} s" for end in ends(truth()))
    print(f"converged in mesh and time ({contenders.FINE} nodes): {told}")
    try:
        sizes = (film.VOLUMES, 400, 800, 1600)
        runs = [Cvode(compiled=True, volumes=n).exact() for n in sizes]
    except ImportError:
        return
    standard, coarse, middle, fine = map(ends, runs)
    np.testing.assert_allclose(standard, film.ON_VOLUMES, rtol=1e-6, atol=0.0)
    missed = contenders.error(runs[0], truth()).voltage
    np.testing.assert_allclose(missed, film.MISSED_BY_VOLUMES, rtol=0.02)
    order = np.log2((middle - coarse) / (fine - middle))
    np.testing.assert_allclose(order, 2.0, atol=0.02)
    off = (fine + (fine - middle) / 3.0) / film.CONVERGED - 1.0
    np.testing.assert_allclose(off, 0.0, atol=1e-8)
    print(f"400, 800, 1600 volumes (CVODE): orders {order.round(3)}, extrapolated off by {off}")


def field() -> list[Matched]:
    """Contenders with their settings; those that are not installed are named and left out."""
    found = []
    for name, make in contenders.CONTENDERS.items():
        try:
            found.append(match(make(), truth()))
        except ImportError as error:
            print(f"{name}: not installed ({error})")
    return [*found, *without_voltage(found)]


def without_voltage(found: list[Matched]) -> list[Matched]:
    """PyBaMM with all states kept, once more without reading the voltage."""
    rows = []
    for row in found:
        if "states + voltage" in row.name:
            pybamm = contenders.PyBaMM(outputs=False, read=False)
            *solvers, times = row.run.args
            name, run = pybamm.name, contenders.partial(pybamm.run, *solvers, times)
            rows.append(row._replace(name=name, run=run))
    return rows


def few_nodes() -> Matched:
    """Take as few nodes of filmcell as have no larger errors than the volumes of CVODE."""
    capacity = np.max(np.abs(np.divide(film.ON_VOLUMES, film.CONVERGED) - 1.0))
    for nodes in range(6, 41):
        contender = Filmcell(default_mesh(film.cell(), film.CURRENT, nodes))
        missed = contenders.error(contender.exact(), truth())
        if missed.voltage <= film.MISSED_BY_VOLUMES and missed.capacity <= capacity:
            break
    return match(contender, truth())._replace(name=f"filmcell, {nodes} nodes")


def take_turns(runs: list[Callable[[], object]], rounds: int) -> np.ndarray:
    """Time each run in each round, shape (rounds, runs) [s]; the first round is dropped.

    The order is drawn anew in every round, and each turn begins with a run that is not timed:
    else a run of half a millisecond would mostly be charged for the caches that its predecessor
    has filled.
    """
    order = np.random.default_rng(1)
    times = np.empty((rounds + 1, len(runs)))
    for k in range(rounds + 1):
        for j in order.permutation(len(runs)):
            runs[j]()
            times[k, j] = seconds(runs[j])
    return times[1:]


def table(rows: list[Matched], times: np.ndarray) -> list[dict]:
    """Figures of each contender; ratios are medians over the rounds."""
    ours = times[:, :1]
    return [
        {
            "contender": row.name,
            "rtol, atol": row.settings,
            "voltage error [mV]": row.error.voltage * 1e3,
            "charge error": row.error.charge,
            "discharge error": row.error.discharge,
            "mesh: voltage error [mV]": row.mesh.voltage * 1e3,
            "mesh: capacity error": row.mesh.capacity,
            "median [ms]": float(np.median(t)) * 1e3,
            "least [ms]": float(np.min(t)) * 1e3,
            "p90 [ms]": float(np.quantile(t, 0.9)) * 1e3,
            "ratio": float(np.median(t / ours[:, 0])),
            "first call [ms]": row.first * 1e3,
        }
        for row, t in zip(rows, times.T, strict=True)
    ]


def show(figures: list[dict]) -> None:
    """Print the table."""
    head = f"{'contender':<70}{'rtol, atol':<23}{'mV':>6}{'charge':>9}{'disch.':>9}"
    head += f"{'mesh: mV':>10}{'capacity':>9}"
    print(f"\n{head}{'median ms':>11}{'least':>7}{'p90':>7}{'ratio':>7}{'first ms':>10}")
    for row in figures:
        name, settings, mv, up, down, mesh_mv, mesh, *times, ratio, first = row.values()
        print(
            f"{name:<70}{settings:<23}{mv:6.3f}{up:9.1e}{down:9.1e}{mesh_mv:10.3f}{mesh:9.1e}"
            f"{times[0]:11.2f}{times[1]:7.2f}{times[2]:7.2f}{ratio:7.2f}{first:10.1f}"
        )


def say(figures: list[dict]) -> None:
    """Say the ratios in words."""
    for row in figures[1:]:
        if not row["contender"].startswith("filmcell"):
            name, ratio = row["contender"], row["ratio"]
            word = "faster" if ratio > 1.0 else "slower"
            times = max(ratio, 1.0 / ratio)
            print(f"{times:.1f} times {word} than {name} on this problem, time steps as accurate")


def compiled_part(contender: Filmcell) -> Callable[[], None]:
    """Both steps without making a result of them."""
    model = contender.model
    steps = contender.protocol.blocks[0].steps
    limits = [step.limits(model.cell) for step in steps]

    def run() -> None:
        state, current = model.initial(), 0.0
        room = Room(model.system, state.size, Options())
        voltage = float(observed(model, state, current)[0])
        for step, (rows, reasons) in zip(steps, limits, strict=True):
            piece = run_step(model, step, rows, reasons, state, current, voltage, room)
            state, current = piece.states[-1], float(piece.current[-1])
            voltage = float(piece.voltage[-1])

    return run


def cost_over_size(rounds: int) -> dict:
    """Time over the number of equal nodes, and the exponents of a straight line in log-log."""
    contenders_ = [Filmcell(film.mesh(n)) for n in SIZES]
    whole = [contenders.partial(c.run, Options()) for c in contenders_]
    inner = [compiled_part(c) for c in contenders_]
    medians = np.median(take_turns([*whole, *inner], rounds), axis=0) * 1e3
    errors = [contenders.error(c.exact(), truth()) for c in contenders_]
    result = {"cells": list(SIZES), "mesh error": errors}
    millivolts = {n: round(e.voltage * 1e3, 3) for n, e in zip(SIZES, errors, strict=True)}
    print(f"\n{'mesh':>9} [mV] {millivolts}: true error of equal nodes")
    for name, ms in (("whole", medians[: len(SIZES)]), ("compiled", medians[len(SIZES) :])):
        exponent = float(np.polyfit(np.log(SIZES), np.log(ms), 1)[0])
        above = float(np.polyfit(np.log(SIZES[2:]), np.log(ms[2:]), 1)[0])
        result[name] = {"ms": ms.tolist(), "exponent": exponent, "exponent from 100 on": above}
        print(
            f"{name:>9} [ms] {dict(zip(SIZES, ms.round(2).tolist(), strict=True))}: "
            f"n^{exponent:.2f}, from 100 on n^{above:.2f}"
        )
    return result


def first_use() -> dict:
    """Import and first solve in a fresh interpreter, kernels from the cache; median of five."""
    here = Path(__file__).parent
    runs = [
        subprocess.run(
            [sys.executable, "-c", FIRST_USE], cwd=here, check=True, capture_output=True, text=True
        ).stdout.split()
        for _ in range(5)
    ]
    load, solve = np.median(np.array(runs, dtype=float), axis=0).tolist()
    print(f"first use, kernels from the cache: import {load:.2f} s, set-up and solve {solve:.3f} s")
    return {"import [s]": load, "set-up and first solve [s]": solve}


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    check_truth()
    rows = [*field(), few_nodes()]
    figures = table(rows, take_turns([row.run for row in rows], chosen.rounds))
    show(figures)
    say(figures)
    report = {"film": figures, "size": cost_over_size(chosen.rounds), "first use": first_use()}
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
