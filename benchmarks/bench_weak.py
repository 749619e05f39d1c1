"""Time both weak-electrolyte problems on every contender, in interleaved rounds on one thread.

python benchmarks/bench_weak.py [--rounds 40] [--json FILE]
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"

import argparse
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import weak_contenders as weak
import weak_cycle as cycle
from bench_film import say, show, table, take_turns
from contenders import Cycle, Matched, match
from weak_problem import CONVERGED, CURRENTS, ON_VOLUMES


def ends(cycle: Cycle) -> tuple[float, float]:
    """Lengths of both halves [s]."""
    return cycle.discharge, cycle.charge


def check_ends(current: float) -> None:
    """The true ends are known, and those on the volumes, which CVODE and PyBaMM agree on."""
    true = ends(weak.truth(current))
    np.testing.assert_allclose(true, CONVERGED[current], rtol=1e-6, atol=0.0)
    print(f"\n{current:g} A/m2, converged in mesh and time: {true[0]:.6f} s and {true[1]:.6f} s")
    try:
        volumes, theirs = weak.Cvode(current).exact(), weak.PyBaMM(current, outputs=True).exact()
    except ImportError:
        return
    for found in (volumes, theirs):
        np.testing.assert_allclose(ends(found), ON_VOLUMES[current], rtol=1e-6, atol=0.0)
    off = weak.error(volumes, theirs).voltage
    print(f"CVODE and PyBaMM differ by {off * 1e3:.4f} mV on the same volumes")


def field(problem: ModuleType, case: float) -> list[Matched]:
    """Contenders with their settings; those that have none or are not installed are left out."""
    found = []
    for name, make in problem.CONTENDERS.items():
        try:
            found.append(match(make(case), problem.truth(case), problem.error))
        except ImportError as error:
            print(f"{name}: not installed ({error})")
        except RuntimeError as error:
            print(error)
    return found


def check_cycle(rate: float) -> None:
    """PyBaMM converges to ours, in second order with the volumes of its cathode."""
    true = cycle.truth(rate)
    told = ", ".join(f"{t[-1]:.4f}" for t in true.times)
    print(f"\npublished cycle, discharge at {rate:g}C, converged in mesh and time: {told} s")
    try:
        coarse, fine = (
            cycle.error(cycle.PyBaMM(rate, outputs=True, volumes=n).exact(), true).voltage
            for n in (cycle.VOLUMES, 2 * cycle.VOLUMES)
        )
    except ImportError:
        return
    order = np.log2(coarse / fine)
    np.testing.assert_allclose(order, 2.0, atol=0.05)
    print(f"PyBaMM misses {coarse * 1e3:.3f}, {fine * 1e3:.3f} mV on 100, 200: order {order:.3f}")


def phases(rows: list[Matched], rounds: int) -> dict[str, list[float]]:
    """Time of each step alone, with the settings of the table; least over the rounds [ms]."""
    alone = [row.run.func.__self__.phases(row.run) for row in rows]
    least = take_turns([step for steps in alone for step in steps], rounds).min(axis=0) * 1e3
    print(f"\n{'step alone, least ms':<70}" + "".join(f"{name:>11}" for name in cycle.PHASES))
    found = {}
    for row, ms in zip(rows, least.reshape(len(rows), -1), strict=True):
        found[row.name] = ms.tolist()
        print(f"{row.name:<70}" + "".join(f"{x:11.2f}" for x in ms))
    return found


def published(rate: float, rounds: int) -> dict:
    """The published cycle; empty if no settings of ours reach the accuracy."""
    check_cycle(rate)
    rows = field(cycle, rate)
    if not rows or rows[0].name != cycle.Filmcell.name:
        return {}
    figures = table(rows, take_turns([row.run for row in rows], rounds))
    show(figures)
    say(figures)
    return {"rows": figures, "steps [ms]": phases(rows, rounds)}


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    report = {}
    for current in CURRENTS:
        check_ends(current)
        rows = field(weak, current)
        figures = table(rows, take_turns([row.run for row in rows], chosen.rounds))
        show(figures)
        say(figures)
        report[f"{current:g} A/m2"] = figures
    for rate in cycle.RATES:
        report[f"published cycle, {rate:g}C"] = published(rate, chosen.rounds)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
