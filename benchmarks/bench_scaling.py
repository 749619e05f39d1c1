"""Cost and memory of a sweep over its number of designs, each size in a process of its own.

python benchmarks/bench_scaling.py [--sizes 100 1000 10000 100000] [--json FILE]
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import film_problem as film
import numpy as np
from contenders import seconds
from sweep_contenders import THREADS, full_cycle

from filmcell.sweep.axes import LogRange
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import run_sweep
from filmcell.sweep.sampling import Sobol

SIZES = (100, 1000, 10_000, 100_000)
MEASURED = 20_000
"""Small sweeps are repeated until so many designs are done, ten times at most."""


def plan(count: int) -> Plan:
    """Full cycles of Sobol points over thickness, diffusivity and conductivity."""
    axes = {
        "cathode.thickness": LogRange("1 um", "10 um"),
        "cathode.diffusivity": LogRange(2e-15, 5e-14),
        "electrolyte.conductivity": LogRange(3e-5, 1e-3),
    }
    return Plan(film.cell(), full_cycle(), axes, Sobol(count, seed=6))


def swept(count: int) -> None:
    """Sweep into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        run_sweep(plan(count), Path(folder) / "store", threads=THREADS)


def peak() -> float:
    """Most memory that this process has had so far [MB]."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def measure(count: int) -> dict[str, float]:
    """Seconds of a sweep, and the memory before and at the peak."""
    swept(100)
    before = peak()
    times = [seconds(lambda: swept(count)) for _ in range(max(1, min(10, MEASURED // count)))]
    return {"designs": count, "s": float(np.median(times)), "before": before, "peak": peak()}


def in_own_process(count: int) -> dict[str, float]:
    """Measure one size in a new interpreter, whose peak is that of this size alone."""
    command = [sys.executable, __file__, "--one", str(count)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    row: dict[str, float] = json.loads(told.splitlines()[-1])
    return row


def report(sizes: list[int]) -> dict[str, object]:
    """Measure all sizes and say how cost and memory grow."""
    rows = [in_own_process(count) for count in sizes]
    print(f"{'designs':>9}{'s':>10}{'ms a design':>13}{'MB before':>11}{'MB peak':>9}")
    for row in rows:
        count, time, before, most = row.values()
        print(f"{count:9.0f}{time:10.3f}{time / count * 1e3:13.3f}{before:11.0f}{most:9.0f}")
    logs = np.log([[row["designs"], row["s"]] for row in rows])
    exponent, above = (float(np.polyfit(*part.T, 1)[0]) for part in (logs, logs[1:]))
    peaks = [row["peak"] for row in rows]
    print(
        f"cost grows like n^{exponent:.3f} (asked: 0.95 to 1.05), without the first n^{above:.3f}"
    )
    print(f"memory at its peak: {min(peaks):.0f} to {max(peaks):.0f} MB")
    return {"sizes": rows, "exponent": exponent, "exponent without the first": above}


def main() -> None:
    """Run everything, or one size for the parent process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="three or more")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure(chosen.one)))
        return
    figures = report(chosen.sizes)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
