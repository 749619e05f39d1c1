"""Time a full cycle of each model with its default options and meshes, in interleaved rounds.

python benchmarks/bench_models.py [--rounds 30] [--json FILE]
"""

import os

for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
    os.environ[f"{_threads}_NUM_THREADS"] = "1"

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from bench_film import take_turns

from filmcell import Cell, Property, constant, load_cell
from filmcell.cell.anodes import InsertionAnode
from filmcell.cell.heat import HeatBalance
from filmcell.models.assembled import AssembledModel
from filmcell.models.choice import model_of
from filmcell.models.regions import default_meshes
from filmcell.numerics import integrate
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve


class Row(NamedTuple):
    """A model, what it does, and whether it is assembled where the film model would do."""

    name: str
    cell: Cell
    text: str
    assembled: bool = False


def charged(rate: str, cell: Cell) -> str:
    """Cycle of a cell that is made charged."""
    low, high = cell.lower_voltage, cell.upper_voltage
    return (
        f"Discharge at {rate} until {low:g} V; Charge at {rate} until {high:g} V; "
        f"Hold at {high:g} V until C/20"
    )


def discharged(rate: str, cell: Cell) -> str:
    """Cycle of a cell that is made discharged."""
    low, high = cell.lower_voltage, cell.upper_voltage
    return (
        f"Charge at {rate} until {high:g} V; Hold at {high:g} V until C/50; "
        f"Discharge at {rate} until {low:g} V"
    )


def titanate() -> InsertionAnode:
    """Make an anode like Li4Ti5O12 with a potential without plateau."""
    return InsertionAnode(
        6e-6,
        21919.0,
        constant("D", 4e-15, "m2/s"),
        Property("U", "V", lambda x: 1.55 - 0.1 * np.tanh((x - 0.5) / 0.6), 0.0, 0.9999, "bench"),
        constant("i0", 4.0, "A/m2"),
        initial_fraction=0.02,
    )


def rows() -> list[Row]:
    """All models."""
    film, weak, mixed = (
        load_cell(name) for name in ("wang2023-lco-lipon-li", "danilov2011", "raijmakers2020")
    )
    without = {
        "geometric_capacitance": 0.0,
        "anode.double_layer_capacitance": 0.0,
        "cathode.double_layer_capacitance": 0.0,
    }
    anode = {"anode": titanate(), "lower_voltage": 1.2, "upper_voltage": 2.65}
    insertion = film.replace(anode)
    warm = mixed.replace({"heat": HeatBalance("0.2 J/(cm2 K)", "10 W/(m2 K)")})
    return [
        Row("film: wang2023", film, discharged("C/10", film)),
        Row("the same, assembled", film, discharged("C/10", film), assembled=True),
        Row("insertion anode: wang2023 on a titanate", insertion, discharged("C/10", insertion)),
        Row("weak electrolyte: danilov2011, 1C", weak, charged("1C", weak)),
        Row("weak electrolyte: danilov2011, 12.8C", weak, charged("12.8C", weak)),
        Row("mixed conductor: raijmakers2020", mixed, charged("1C", mixed)),
        Row("the same without capacitances", mixed.replace(without), charged("1C", mixed)),
        Row("the same with capacitances and heat", warm, charged("1C", mixed)),
    ]


def runner(row: Row) -> tuple[Callable[[], object], int]:
    """What is timed, and the number of states."""
    protocol = load_protocol(row.text)
    current = protocol.largest_current(row.cell)
    if row.assembled:
        model = AssembledModel(row.cell, default_meshes(row.cell, current))
    else:
        model = model_of(row.cell, current)
    return partial(solve, model, protocol, Options()), model.initial().size


def count_steps(run: Callable[[], object]) -> tuple[int, int]:
    """Time steps that were accepted and rejected in a run."""
    advance, counts = integrate.advance, np.zeros(2, dtype=int)

    def counting(*arguments: object) -> None:
        advance(*arguments)
        report = arguments[-1]
        counts[:] += report[[integrate.R_ACCEPTED, integrate.R_REJECTED]].astype(int)

    integrate.advance = counting
    try:
        run()
    finally:
        integrate.advance = advance
    return int(counts[0]), int(counts[1])


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    found = rows()
    runs, states = zip(*(runner(row) for row in found), strict=True)
    times = take_turns(list(runs), chosen.rounds) * 1e3
    print(f"{'model':<42}{'states':>7}{'steps':>7}{'rejected':>9}{'points':>8}{'median ms':>11}"
          f"{'least':>7}{'p90':>7}")  # fmt: skip
    report = []
    for row, run, size, ms in zip(found, runs, states, times.T, strict=True):
        accepted, rejected = count_steps(run)
        result = run()
        points, median = result.time.size, float(np.median(ms))
        least, late = float(np.min(ms)), float(np.quantile(ms, 0.9))
        report.append(
            {
                "model": row.name,
                "protocol": row.text,
                "ended": result.ended,
                "states": size,
                "steps": accepted,
                "rejected": rejected,
                "points": points,
                "median [ms]": median,
                "least [ms]": least,
                "p90 [ms]": late,
            }
        )
        print(f"{row.name:<42}{size:>7}{accepted:>7}{rejected:>9}{points:>8}{median:>11.2f}"
              f"{least:>7.2f}{late:>7.2f}")  # fmt: skip
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
