"""Utilisation over thickness and diffusivity: Fig. 4 of Wang 2023 as rows of a map.

What:  The paper's three lines beside its Table 1, then a finer map of what the voltage window
       allows, and the thickness that keeps 80 % of it. At one current density that thickness is
       proportional to the diffusivity: twice D lets the film be twice as thick.
Time:  about 3 s.
Tags:  design, map, utilisation, thickness, diffusivity, Wang 2023
"""

import numpy as np

from filmcell import load_cell
from filmcell.design.axes import Axis
from filmcell.design.maps import THEORETICAL_UTILISATION, utilisation_map
from filmcell.papers.wang2023 import CURRENT, DIFFUSIVITIES, THICKNESSES, UTILISATION
from filmcell.protocol.amounts import AmperesPerArea

cell = load_cell("wang2023-lco-lipon-li")
current = AmperesPerArea(CURRENT / cell.area)  # 0.1 mA on 1.44 cm2

# %% The paper's lines; 30 um fits no reading of it, see docs/wang2023.md
lines = utilisation_map(
    cell,
    Axis("cathode.thickness", THICKNESSES),  # m
    Axis("cathode.diffusivity", sorted(DIFFUSIVITIES.values())),  # m2/s
    current,
    quantity=THEORETICAL_UTILISATION,
)
names = {D: name for name, D in DIFFUSIVITIES.items()}
for D, row in zip(lines.y.values, lines.values, strict=True):
    print(names[float(D)], "ours ", *(f"{100 * u:6.2f}" for u in row), "%")
    print(names[float(D)], "paper", *(f"{u:6.2f}" for u in UTILISATION[names[float(D)]]), "%")

# %% A finer map, and where it goes through 80 %
found = utilisation_map(
    cell,
    Axis("cathode.thickness", np.geomspace(5e-7, 1e-4, 41)),
    Axis("cathode.diffusivity", np.geomspace(1e-15, 1e-13, 9)),
    current,
)
thickest = found.crossings(0.8)
for D, L in zip(found.y.values, thickest, strict=True):
    print(f"D = {D:.2e} m2/s: 80 % of the window up to {L * 1e6:.1f} um")
known = np.isfinite(thickest)
slope = np.polyfit(np.log(found.y.values[known]), np.log(thickest[known]), 1)[0]
assert abs(slope - 1.0) < 1e-3
