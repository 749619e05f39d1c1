"""A hot cell: capacity at 0, 25 and 60 C, and how much a cell warms itself.

What:  every transport and kinetic number follows Arrhenius' law with its own energy; then a heat
       balance makes the temperature a state. A film cell on its substrate hardly warms up; one on
       a thin foil that nothing cools does.
Time:  about 1 s.
Tags:  temperature, Arrhenius, heat, energy balance
"""

import numpy as np

import filmcell
from filmcell import HeatBalance

# %% Energies: LiPON's 0.55 eV comes with the material, the others are assumed for this example
cell = filmcell.load_cell("wang2023-lco-lipon-li").replace(
    {"cathode.thickness": "5 um", "cathode.initial_fraction": 0.56,  # charged
     "cathode.diffusivity_activation_energy": "0.3 eV", "anode.activation_energy": "0.4 eV",
     "cathode.exchange_activation_energy": "0.4 eV"}
)  # fmt: skip
print("share of the theoretical capacity to 2.7 V at C/5, 1C, 5C")
for celsius in (0, 25, 60):
    warm = cell.replace({"temperature": f"{celsius} degC"})
    shares = [
        filmcell.simulate(warm, f"Discharge at {rate} until 2.7 V").utilisation[0]
        for rate in ("C/5", "1C", "5C")
    ]
    ohm = warm.layer_resistances()["electrolyte"] * 1e4  # ohm cm2
    print(f"{celsius:3} C: LiPON {ohm:6.1f} ohm cm2;", *(f"{share:7.1%}" for share in shares))

# %% Self-heating at 10C: heat capacity and cooling per area of the cell, both assumed
situations = {
    "0.5 mm of glass, still air": HeatBalance("0.12 J/(cm2 K)", "10 W/(m2 K)"),
    "foil of 25 um, still air": HeatBalance("0.008 J/(cm2 K)", "10 W/(m2 K)"),
    "foil of 25 um, no cooling": HeatBalance("0.008 J/(cm2 K)", 0.0),
}
plain = filmcell.simulate(cell, "Discharge at 10C until 2.7 V")
print(f"isothermal at 10C: {plain.utilisation[0]:.2%}")
for words, heat in situations.items():
    run = filmcell.simulate(cell.replace({"heat": heat}), "Discharge at 10C until 2.7 V")
    rise = run.temperature.max() - cell.temperature  # K
    print(f"{words}: {run.utilisation[0]:.2%}, warmest {rise:.2f} K above the start")

# %% Without cooling, what the cell stores is all the heat that its losses made
lost = run.losses["open-circuit potential"] - run.voltage  # V
made = np.trapezoid(run.current / cell.area * lost, run.time)  # J/m2
print(f"heat stored {heat.heat_capacity * rise:.3f} J/m2, made by the losses {made:.3f} J/m2")
assert abs(heat.heat_capacity * rise / made - 1) < 1e-3  # -
assert run.utilisation[0] > plain.utilisation[0]  # a warmer cell gives more
