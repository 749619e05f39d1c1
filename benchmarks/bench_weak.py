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
from contenders import Matched, match
from weak_problem import CONVERGED, CURRENTS

FINE = 600
"""Volumes of each layer against which the error of the mesh is told."""

AGREED = 1e-5
"""How far PyBaMM's converged cycle may be from ours [V]."""


def check_end_times(current: float) -> None:
    """Our halves end when the converged answer does."""
    tight = weak.Filmcell(current).converged()
    ends = tight.discharge, tight.charge
    np.testing.assert_allclose(ends, CONVERGED[current], rtol=1e-6, atol=0.0)
    print(f"\n{current:g} A/m2, converged: {ends[0]:.6f} s and {ends[1]:.6f} s")
    off = weak.error(tight, weak.reference(current)).voltage
    print(f"filmcell and the reference differ by {off * 1e3:.4f} mV")


def field(problem: ModuleType, case: float) -> list[Matched]:
    """Contenders with their settings; those that have none or are not installed are left out."""
    found = []
    for name, make in problem.CONTENDERS.items():
        try:
            found.append(match(make(case), problem.error))
        except ImportError as error:
            print(f"{name}: not installed ({error})")
        except RuntimeError as error:
            print(error)
    return found


def error_of_meshes(current: float) -> dict[str, float]:
    """Largest voltage error of the volumes of the problem, and of uniform ones [V]."""
    exact = weak.Filmcell(current, weak.weak.meshes(cells=FINE)).converged()
    kinds = {"graded": weak.weak.meshes(), "uniform": weak.weak.meshes(graded=False)}
    errors = {
        name: weak.error(weak.Filmcell(current, meshes).converged(), exact).voltage
        for name, meshes in kinds.items()
    }
    told = ", ".join(f"{name} {e * 1e3:.2f} mV" for name, e in errors.items())
    print(f"against {FINE} volumes in each layer: {told}")
    return errors


def check_cycle(rate: float) -> None:
    """PyBaMM's converged cycle is ours."""
    exact = cycle.reference(rate)
    told = ", ".join(f"{t[-1]:.4f}" for t in exact.times)
    print(f"\npublished cycle, discharge at {rate:g}C, steps converged: {told} s")
    try:
        off = cycle.error(cycle.PyBaMM(rate, outputs=True).converged(), exact)
    except ImportError:
        return
    print(f"filmcell and PyBaMM differ by {off.voltage * 1e3:.4f} mV, in charge {off.charge:.1e}")
    assert off.voltage < AGREED, off
    assert max(off.charge, off.discharge) < 1e-7, off


def phases(rows: list[Matched], rounds: int) -> dict[str, list[float]]:
    """Time of each step alone, with the settings of the table; least over the rounds [ms]."""
    alone = [row.run.func.__self__.phases(row.run) for row in rows]
    least = take_turns([step for steps in alone for step in steps], rounds).min(axis=0) * 1e3
    print(f"\n{'step alone, least ms':<52}" + "".join(f"{name:>11}" for name in cycle.PHASES))
    found = {}
    for row, ms in zip(rows, least.reshape(len(rows), -1), strict=True):
        found[row.name] = ms.tolist()
        print(f"{row.name:<52}" + "".join(f"{x:11.2f}" for x in ms))
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
        check_end_times(current)
        rows = field(weak, current)
        figures = table(rows, take_turns([row.run for row in rows], chosen.rounds))
        show(figures)
        say(figures)
        report[f"{current:g} A/m2"] = {"rows": figures, "meshes": error_of_meshes(current)}
    for rate in cycle.RATES:
        report[f"published cycle, {rate:g}C"] = published(rate, chosen.rounds)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
