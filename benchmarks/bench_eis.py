"""Time the impedance of a cell at 60 frequencies against PyBaMM's, in interleaved rounds.

python benchmarks/bench_eis.py [--rounds 30] [--json FILE]

PyBaMM's peer is its half-cell Doyle-Fuller-Newman model (its default mesh, a lithium electrode, a
porous cathode and a liquid electrolyte), linearised once and solved at each frequency; ours are the
cells of thin films on meshes that follow diffusion at the highest frequency. Neither set-up counts:
models are built before the clock starts. The two are different cells, so this compares what a user
waits for and not one algorithm with another.
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from bench_film import take_turns

from filmcell import load_cell
from filmcell.impedance.of_model import CellImpedance, fine_meshes, of_state
from filmcell.models.choice import model_of

FREQUENCIES = np.logspace(6.0, -4.0, 60)
CELLS = ("wang2023-lco-lipon-li", "danilov2011", "raijmakers2020")


def ours(name: str, *, parts: bool) -> Callable[[], Any]:
    """Impedance of a preset, with or without the share of each part."""
    cell = load_cell(name)
    meshes = fine_meshes(cell, FREQUENCIES[0])
    model = model_of(cell, 0.1, meshes if meshes.electrolytes or meshes.anode else meshes.cathode)
    state = model.initial()

    def run() -> CellImpedance:
        found = of_state(model, state, 0.0, FREQUENCIES)
        if parts:
            _ = found.parts
        return found

    return run


def theirs() -> Callable[[], Any]:
    """Impedance of PyBaMM's half-cell Doyle-Fuller-Newman model."""
    import pybamm

    pybamm.set_logging_level("ERROR")
    model = pybamm.lithium_ion.DFN(
        {"working electrode": "positive", "surface form": "differential"}
    )
    values = pybamm.ParameterValues("Xu2019")
    simulation = pybamm.EISSimulation(model, parameter_values=values)
    return partial(simulation.solve, FREQUENCIES)


def main() -> None:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    runs = {
        **{name: ours(name, parts=False) for name in CELLS},
        **{f"{name}, with shares": ours(name, parts=True) for name in CELLS},
        "PyBaMM half-cell DFN": theirs(),
    }
    times = dict(zip(runs, take_turns(list(runs.values()), asked.rounds).T, strict=True))
    peer = float(np.median(times["PyBaMM half-cell DFN"]))
    print(
        f"{'60 frequencies':40s} {'median ms':>10s} {'least':>8s} {'p90':>8s} {'PyBaMM / it':>12s}"
    )
    for name, taken in times.items():
        low, middle, high = np.percentile(taken, [0, 50, 90]) * 1e3
        print(f"{name:40s} {middle:10.3f} {low:8.3f} {high:8.3f} {peer / middle * 1e3:12.1f}")
    if asked.json is not None:
        asked.json.write_text(json.dumps({k: list(v) for k, v in times.items()}), "utf-8")


if __name__ == "__main__":
    main()
