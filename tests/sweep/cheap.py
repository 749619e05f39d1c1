"""Plans that cost little, for tests of what is around them."""

from pathlib import Path

import filmcell
from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.sampling import Sampling, Sobol

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
PULSE = "Charge at {current} for 1 min; Discharge at {current} for 30 s"
CYCLE = "Charge at {current} until 4.2 V; Discharge at {current} until 2.7 V"


def pulses(
    count: int, rows: int = 20, *, curves: bool = False, sampling: Sampling | None = None
) -> Plan:
    """Short pulses over thickness and current; one design in about ten is refused."""
    return Plan(
        WANG,
        PULSE,
        {
            "cathode.thickness": LogRange("1 um", "10 um"),
            "lower_voltage": Range("2.7 V", "4.4 V"),
            "current": Values(("0.01 mA/cm2", "0.05 mA/cm2", "0.1 mA/cm2")),
        },
        sampling=sampling or Sobol(count, seed=4),
        curves=curves,
        rows_per_part=rows,
    )


PULSES_TOML = """
cell = "wang2023-lco-lipon-li"
protocol = "Charge at {current} for 1 min; Discharge at {current} for 30 s"
rows_per_part = ROWS

[axes]
"cathode.thickness" = { from = "1 um", to = "10 um", spacing = "log" }
lower_voltage = { from = "2.7 V", to = "4.4 V" }
current = ["0.01 mA/cm2", "0.05 mA/cm2", "0.1 mA/cm2"]

[sampling]
kind = "sobol"
points = COUNT
seed = 4
"""
"""The same as a file."""


def written(path: Path, count: int, rows: int = 20) -> Path:
    """Write the plan of `pulses`."""
    path.write_text(PULSES_TOML.replace("COUNT", str(count)).replace("ROWS", str(rows)), "utf-8")
    return path
