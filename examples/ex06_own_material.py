"""Your own material: open-circuit potential and diffusivity from tables.

What:  a made-up cathode is given by points; the cell's voltage at rest is the table's.
Time:  about 1 s; no new compilation, as materials are data.
Tags:  material, table, property, range
"""

import numpy as np

import filmcell
from filmcell import Cathode, Cell, Electrolyte, LithiumMetal, Property, constant, tabulated

# %% Points, with unit and source; outside its points a property refuses to answer
x = np.linspace(0.3, 1.0, 15)  # -
U = tabulated("my OCP", x, 4.35 - 0.5 * x - 0.3 * x**6, "V", source="made up")
D = tabulated(
    "my D", [0.3, 0.6, 1.0], [2e-15, 2e-14, 1e-15], "m2/s", logarithmic=True, source="made up"
)
# %% ... or a formula
i_ref = Property("my i_ref", "A/m2", lambda x: 3.0 + 2.0 * x, 0.0, 1.0, "made up")

cathode = Cathode(
    thickness=2e-6,  # m
    maximum_concentration=4.0e4,  # mol/m3
    diffusivity=D,
    potential=U,
    exchange_current_density=i_ref,
    initial_fraction=0.95,  # -
    theoretical_swing=0.6,  # -
    name="my cathode",
)
cell = Cell(
    anode=LithiumMetal(3e-6, 5.75),  # m, A/m2
    electrolyte=Electrolyte(1e-6, 2e-4),  # m, S/m
    cathode=cathode,
    area=1e-4,  # m2
    lower_voltage=3.4,  # V
    upper_voltage=4.15,  # V
)
result = filmcell.simulate(cell, "Charge at C/2 until 4.15 V; Rest for 20 h")
print(f"charged {result.capacity[0] * 1e6:.2f} uAh: {result.ended[0]}")

# %% After the rest the voltage is that of the mean lithiation
mean = result.lithium[-1] / (cathode.thickness * cathode.maximum_concentration)  # -
print(f"x = {mean:.5f}, {result.voltage[-1]:.6f} V; the table has {float(U(mean)):.6f} V")
assert abs(result.voltage[-1] - float(U(mean))) < 1e-6  # V
assert abs(result.capacity[0] * 1e6 - 109.87) < 0.1  # uAh

# %% Any other D is data too
slow = cell.replace({"cathode.diffusivity": constant("D", 1e-16, "m2/s")})
assert filmcell.simulate(slow, "Charge at C/2 until 4.15 V").capacity[0] < result.capacity[0]
