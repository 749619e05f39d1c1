"""Constant current, constant voltage: one protocol as text and as a TOML file.

What:  a cell from a file goes through three cycles of charge, hold, rest and discharge.
Time:  about 1 s.
Tags:  protocol, CCCV, C-rate, TOML, cycles
"""

from pathlib import Path

import filmcell

here = Path(__file__).parent
cell = filmcell.load_cell(here / "cells" / "lab_film.toml")
print(f"1C is {cell.c_rate_current_density(1.0) * cell.area * 1e3:.3g} mA: {cell.c_rate_basis}")

# %% As people write it; the hold ends at C/50 or after 2 h, whichever comes first
text = """
Charge at C/2 until 4.2 V
Hold at 4.2 V until C/50 or for 2 h
Rest for 10 min
Discharge at C/2 until 3.0 V
repeat 3
"""
protocol = filmcell.load_protocol(text)
print(protocol)

# %% The same as a file
assert filmcell.load_protocol(here / "protocols" / "cccv.toml") == protocol

result = filmcell.simulate(cell, protocol)
for row in result.summary()[:4]:
    print(f"{row['duration_s']:8.1f} s  {row['capacity_mAh']:.5f} mAh  {row['ended']}")

# %% Three cycles of one and the same capacity: this model has no ageing
discharged = result.capacity[3::4] * 1e3  # mAh, every fourth step
print("discharged in each cycle:", ", ".join(f"{q:.5f} mAh" for q in discharged))
assert abs(discharged[0] - 0.16087) < 2e-4  # mAh
assert abs(discharged[2] / discharged[0] - 1) < 1e-5  # -
assert abs(abs(result.current[result.of_step(2)][-1]) - 0.2e-3 / 50) < 1e-12  # A, C/50 of 0.2 mAh
