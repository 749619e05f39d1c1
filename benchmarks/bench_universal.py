"""Time the 25 x 25 universal map of a film against galpynostatic's own solver.

python benchmarks/bench_universal.py [--rounds 5] [--stride 4] [--json FILE]

Ours is the whole map, from the problem to the array, on two threads. galpynostatic, at its default
grid (1000 nodes, 100 000 time steps) on two OpenMP threads, computes every fourth line of both axes
(7 x 7 points from corner to corner), once; `--stride 1` lets it do all 625. Its time is scaled to
625 points by the time steps that each point takes, which go with its state of charge. Two coarser
grids show what it gains by being less accurate. Errors are against the closed form.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cathodes import Film
from filmcell.design.universal import universal_map
from filmcell.design.universal_problem import ideal_problem
from filmcell.physics.ideal_insertion import filled_fraction, surface_at_cut_off

T, START, THREADS = 298.0, 1e-4, 2
ELL, XI = np.logspace(-4.0, 2.0, 25), np.logspace(-4.0, 2.0, 25)
GRIDS = ((1000, 100_000), (1000, 20_000), (250, 10_000))
PROBLEM = ideal_problem(Film(), temperature=T)


def exact() -> Array:
    """State of charge at all points by the closed form."""
    end = surface_at_cut_off(np.sqrt(ELL[:, None]) / XI, 0.15, T)
    return filled_fraction(ELL[:, None], end - START, 0) + START


def ours(rounds: int) -> tuple[list[float], Array]:
    """Times of the whole map after one that is not timed, and its state of charge."""
    times: list[float] = []
    found = universal_map(PROBLEM, ELL, XI, threads=THREADS)
    for _ in range(rounds):
        begun = time.perf_counter()
        found = universal_map(PROBLEM, ELL, XI, threads=THREADS)
        times.append(time.perf_counter() - begun)
    return times, found.values + START


def theirs(grid: int, steps: int, points: int) -> tuple[float, Array]:
    """Time and state of charge of galpynostatic on evenly spread lines of both axes."""
    from galpynostatic.simulation import GalvanostaticMap

    peer: Any = GalvanostaticMap(
        geometrical_param=1, temperature=T, vcut=-0.15, num_ell=points, num_xi=points,
        logell_lle=-4.0, logell_ule=2.0, logxi_lle=-4.0, logxi_ule=2.0,
        grid_size=grid, time_steps=steps, nthreads=THREADS,
    )  # fmt: skip
    begun = time.perf_counter()
    peer.run()
    return time.perf_counter() - begun, peer.SOC.reshape(points, points)


def main() -> None:
    """Run both and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stride", type=int, default=4, choices=(1, 2, 3, 4, 6))
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    truth, stride = exact(), asked.stride
    times, mine = ours(asked.rounds)
    median = float(np.median(times))
    seen = truth[::stride, ::stride]
    share = float(seen.sum() / truth.sum())  # of the time steps of all 625 points
    told: dict[str, dict[str, float]] = {
        "filmcell": {
            "points": truth.size,
            "s": median,
            "least_s": min(times),
            "s_625": median,
            "error": float(np.abs(mine - truth).max()),
            "difference": 0.0,
        }
    }
    for grid, steps in GRIDS:
        taken, their = theirs(grid, steps, len(ELL[::stride]))
        told[f"galpynostatic {grid} x {steps}"] = {
            "points": their.size,
            "s": taken,
            "least_s": taken,
            "s_625": taken / share,
            "error": float(np.abs(np.where(seen > START, their - seen, 0.0)).max()),
            "difference": float(np.abs(their - mine[::stride, ::stride]).max()),
        }
    print(
        f"{'planar map, 2 threads':30s} {'points':>6s} {'s':>8s} {'s / 625':>8s} {'ratio':>7s} "
        f"{'worst error':>11s} {'to ours':>8s}"
    )
    for name, row in told.items():
        print(
            f"{name:30s} {row['points']:6.0f} {row['s']:8.3f} {row['s_625']:8.2f} "
            f"{row['s_625'] / median:7.0f} {row['error']:11.1e} {row['difference']:8.1e}"
        )
    if asked.json is not None:
        asked.json.write_text(json.dumps({**told, "filmcell_s": times}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
