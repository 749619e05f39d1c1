"""A sweep of 96 designs into a store that goes on where it was stopped.

What:  A plan over thickness, diffusivity and rate becomes a folder of Parquet files, valid at any
       moment. Here some of it is thrown away, as if the run had been killed, and made again.
       Then the thickness that gives most energy, for each diffusivity and current density.
Time:  about 3 s.
Tags:  sweep, plan, store, polars, thickness, rate
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from filmcell import load_cell
from filmcell.sweep.axes import LogRange, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import run_sweep

plan = Plan(
    load_cell("wang2023-lco-lipon-li"),
    "Charge at {rate} until 4.2 V; Discharge at {rate} until 2.7 V",
    {
        "cathode.thickness": LogRange("1 um", "30 um", 16),
        "cathode.diffusivity": Values(("1e-14 m2/s", "1e-13 m2/s")),
        "rate": Values(("0.02 mA/cm2", "0.1 mA/cm2", "0.5 mA/cm2")),
    },
    rows_per_part=16,
)

with TemporaryDirectory() as top:
    # %% Run, lose two of six parts, go on: only they are computed again
    store = run_sweep(plan, Path(top) / "store")
    before = store.read()
    for part in (1, 4):
        store.done()[part].unlink()
    store = run_sweep(plan, Path(top) / "store")
    assert store.read().equals(before)

    # %% The thickness that gives most energy per area, for each diffusivity and current density
    best = (
        store.scan()
        .filter(pl.col("status") == "ok")
        .sort("discharge_energy_mWh_per_cm2", descending=True)
        .group_by("cathode.diffusivity", "rate", maintain_order=True)
        .first()
        .sort("cathode.diffusivity", "rate")
        .collect()
    )

for row in best.rows(named=True):
    print(f"D = {row['cathode.diffusivity']:.0e} m2/s, {row['rate'] / 10:.2f} mA/cm2: "
          f"{row['cathode.thickness'] * 1e6:5.1f} um gives "
          f"{row['discharge_energy_mWh_per_cm2']:.3f} mWh/cm2")  # fmt: skip
energy = best["discharge_energy_mWh_per_cm2"]
assert 9.5 < energy[5] / energy[2] < 10.5  # at 0.5 mA/cm2 ten times D gives ten times the energy
