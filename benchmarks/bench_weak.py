"""Time the weak-electrolyte problem on every contender, in interleaved rounds on one thread.

python benchmarks/bench_weak.py [--rounds 40] [--json FILE]
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"

import argparse
import json
from pathlib import Path

import numpy as np
import weak_contenders as weak
from bench_film import say, show, table, take_turns
from contenders import Matched, match
from weak_problem import CONVERGED, CURRENTS

FINE = 600
"""Volumes of each layer against which the error of the mesh is told."""


def check_end_times(current: float) -> None:
    """Our halves end when the converged answer does."""
    tight = weak.Filmcell(current).converged()
    ends = tight.discharge, tight.charge
    np.testing.assert_allclose(ends, CONVERGED[current], rtol=1e-6, atol=0.0)
    print(f"\n{current:g} A/m2, converged: {ends[0]:.6f} s and {ends[1]:.6f} s")
    off = weak.error(tight, weak.reference(current)).voltage
    print(f"filmcell and the reference differ by {off * 1e3:.4f} mV")


def field(current: float) -> list[Matched]:
    """Contenders with their settings; those that are not installed are named and left out."""
    found = []
    for name, make in weak.CONTENDERS.items():
        try:
            found.append(match(make(current), weak.error))
        except ImportError as error:
            print(f"{name}: not installed ({error})")
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


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    report = {}
    for current in CURRENTS:
        check_end_times(current)
        rows = field(current)
        figures = table(rows, take_turns([row.run for row in rows], chosen.rounds))
        show(figures)
        say(figures)
        report[f"{current:g} A/m2"] = {"rows": figures, "meshes": error_of_meshes(current)}
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
