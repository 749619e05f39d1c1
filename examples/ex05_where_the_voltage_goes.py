"""Where the voltage goes: the losses of a discharge, which sum to the cell voltage.

What:  a laboratory cell is discharged at 1C; its losses at half of the discharge, largest first.
Time:  about 1 s.
Tags:  losses, overpotential, resistance
"""

from pathlib import Path

import numpy as np

import filmcell

cell = filmcell.load_cell(Path(__file__).parent / "cells" / "lab_film.toml")
result = filmcell.simulate(
    cell, "Charge at C/20 until 4.2 V; Rest for 2 h; Discharge at 1C until 3.0 V"
)

# %% Everything where half of the discharge has passed, between the two nearest kept points
rows = result.of_step(3)
passed = result.charge[rows] - result.charge[rows][0]  # C


def halfway(values: np.ndarray) -> float:
    return float(np.interp(passed[-1] / 2, passed, values[rows]))


# %% Every part is signed: a loss is negative on discharge
parts = {name: halfway(values) for name, values in result.losses.items()}  # V
for name, part in sorted(parts.items(), key=lambda p: -abs(p[1])):
    print(f"{name:24s} {part * 1e3:+9.2f} mV")
print(f"{'cell voltage':24s} {halfway(result.voltage) * 1e3:+9.2f} mV")

# %% The ohmic parts are Ohm's law: 0.2 mA on 1 cm2 through 1.5 um at 2e-6 S/cm, 75 ohm cm2
assert abs(parts["electrolyte"] + 0.2e-3 * 75) < 1e-9  # V
assert abs(parts["interlayers.0"] + 0.2e-3 * 100) < 1e-9  # V, 10 nm at 1e-8 S/cm: 100 ohm cm2

# %% The sum is the voltage, at every time
total = np.sum(list(result.losses.values()), axis=0)  # V
assert np.max(np.abs(total - result.voltage)) < 1e-9  # V
assert abs(halfway(result.voltage) - 3.8279) < 2e-4  # V
