"""What the electrolyte costs at rate: a weak electrolyte beside an ohmic one.

What:  the cell of Danilov 2011 is discharged from 1.6C to 51.2C; its losses halfway, and that of an
       ohmic layer of the same conductivity at rest. Under a current the ions pile up at the lithium
       and run short at the cathode: in the end this costs three times the ohmic loss, and yet
       hardly any capacity, because the film is empty before the electrolyte is.
Time:  about 1 s.
Tags:  weak electrolyte, losses, rate, closed form, Danilov 2011
"""

import numpy as np

import filmcell
from filmcell import Electrolyte
from filmcell.physics import weak_electrolyte as closed

cell = filmcell.load_cell("danilov2011")  # 1C is 10 uA/cm2; starts charged
film = cell.electrolyte
sigma = film.conductivity(cell.temperature)  # S/m at rest
ohmic = cell.replace({"electrolyte": Electrolyte(film.thickness, sigma)})

PARTS = ("cathode diffusion", "cathode kinetics", "electrolyte diffusion", "electrolyte migration")
print("halfway, in mV:", *PARTS, "ohmic electrolyte", "and uAh/cm2: weak", "ohmic", sep="; ")
for rate in (1.6, 6.4, 12.8, 25.6, 51.2):
    weak, plain = (filmcell.simulate(c, f"Discharge at {rate}C until 3.0 V") for c in (cell, ohmic))
    row = [
        float(np.interp(run.charge[-1] / 2, run.charge, run.losses[part])) * 1e3  # V to mV
        for run, part in [*((weak, part) for part in PARTS), (plain, "electrolyte")]
    ]
    charges = [run.capacity[0] * 1e6 for run in (weak, plain)]  # Ah to uAh, on 1 cm2
    print(f"{rate:4}C", *(f"{x:8.2f}" for x in row), *(f"{q:8.3f}" for q in charges))

# %% A small current for 1000 s, 22 reaction times: the resistance is that of the closed form
i = 0.01  # A/m2
run = filmcell.simulate(cell, f"Discharge at {i} A/m2 for 1000 s")
lost = run.losses["electrolyte diffusion"] + run.losses["electrolyte migration"]  # V
simulated = -lost[-1] / i  # ohm m2

D = closed.ambipolar_diffusivity(film.cation_diffusivity, film.anion_diffusivity)  # m2/s
tau = closed.reaction_time(
    film.dissociation_rate, film.recombination_rate, film.equilibrium_concentration
)  # s
exact = closed.dc_resistance(
    film.thickness, sigma, closed.reaction_length(D, tau),
    film.cation_diffusivity, film.anion_diffusivity,
)  # fmt: skip
print(f"reaction time {tau:.1f} s; ohmic {film.thickness / sigma * 1e4:.2f} ohm cm2; steady")
print(f"{simulated * 1e4:.2f} ohm cm2, closed form {exact * 1e4:.2f} ohm cm2")
assert abs(simulated / exact - 1) < 1.5e-3  # -, from the 60 volumes of the electrolyte
assert abs(exact / (film.thickness / sigma) - 2.996) < 1e-3  # -, three times the ohmic loss
