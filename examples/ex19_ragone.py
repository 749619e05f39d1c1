"""Energy and power of a thin-film cell, and what substrate and packaging leave of them.

What:  Discharges from C/50 to 10C, counted per area, volume and mass: of the films alone, on 50 um
       of mica, and on a silicon wafer. The energy of the films is the same every time.
Time:  about 3 s.
Tags:  design, Ragone, energy density, stack, substrate, packaging
"""

from filmcell import load_cell
from filmcell.design.ragone import PER_BARE_VOLUME, PER_MASS, PER_VOLUME, ragone
from filmcell.design.sheets import MICA, PARYLENE, SILICON
from filmcell.design.stack import stack_of
from filmcell.protocol.amounts import CRate

cell = load_cell("wang2023-lco-lipon-li")
rates = [CRate(r) for r in (0.02, 0.1, 0.5, 2.0, 10.0)]
known = {"electrolyte": "2.3 g/cm3"}  # of LiPON, assumed: the library has no density of it

# %% Every layer says where its numbers come from
on_mica = stack_of(cell, substrate=MICA, packaging=PARYLENE, densities=known)
for row in on_mica.table():
    print(f"{row['layer']:15}{row['thickness_um']:8.2f} um  {row['areal_mass_mg_per_cm2']:7.3f} "
          f"mg/cm2  {row['density_source']}")  # fmt: skip

# %% The same discharges on two substrates
found = ragone(cell, rates, on_mica)
on_wafer = ragone(cell, rates, stack_of(cell, substrate=SILICON, densities=known))
print(found.protocol)
for k, rate in enumerate(rates):
    print(f"{rate!s:>5}: films {found.energy(PER_BARE_VOLUME)[k]:6.0f} Wh/L, on mica "
          f"{found.energy(PER_VOLUME)[k]:5.1f} Wh/L {found.energy(PER_MASS)[k]:5.1f} Wh/kg at "
          f"{found.power(PER_MASS)[k]:5.1f} W/kg, on a wafer {on_wafer.energy(PER_MASS)[k]:5.2f} "
          "Wh/kg")  # fmt: skip

# %% Films that hold 1360 Wh/L make a cell of 304 Wh/L
films, whole = (float(found.energy(basis)[0]) for basis in (PER_BARE_VOLUME, PER_VOLUME))
share = on_mica.bare.thickness / on_mica.thickness
assert abs(whole / films - share) < 1e-12
assert abs(whole / 304.0 - 1.0) < 0.01  # Wh/L
