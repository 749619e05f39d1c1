"""How thick may a film be before diffusion stops it from giving its capacity?

What:  utilisation on discharge for five thicknesses and three diffusivities at 0.1 mA on 1.44 cm2;
       the charge before it is held against the closed form of a slab between two surface limits.
Time:  about 1 s.
Tags:  thickness, diffusivity, utilisation, closed form
"""

from scipy.optimize import brentq

import filmcell
from filmcell.constants import F
from filmcell.physics.analytic import slab_utilisation

base = filmcell.load_cell("wang2023-lco-lipon-li")
thicknesses = (5e-6, 10e-6, 15e-6, 20e-6, 25e-6)  # m
worst = 0.0
print("utilisation on discharge; thickness:", "".join(f"{L * 1e6:8.0f} um" for L in thicknesses))
for D in (1e-13, 1e-14, 1e-15):  # m2/s
    row = []
    for L in thicknesses:
        cell = base.replace({"cathode.thickness": L, "cathode.diffusivity": D})
        result = filmcell.simulate(
            cell, "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
        )
        row.append(result.utilisation[1])

        # the surface fraction at which the charge ended, from the potential it stood at
        end = result.of_step(1).stop - 1
        at_rest, lag = "open-circuit potential", "cathode diffusion"
        surface_potential = result.losses[at_rest][end] + result.losses[lag][end]  # V
        U = cell.cathode.potential
        x = brentq(lambda x, U=U, V=surface_potential: float(U(x)) - V, U.low, U.high)  # -

        # closed form: Lambda = i L / (F D dc), charge = u F dc L
        dc = (cell.cathode.initial_fraction - x) * cell.cathode.maximum_concentration  # mol/m3
        i = 1e-4 / cell.area  # A/m2
        exact = slab_utilisation(i * L / (F * D * dc)) * F * dc * L * cell.area / 3600  # Ah
        worst = max(worst, abs(result.capacity[0] / exact - 1))
    print(f"D = {D:.0e} m2/s" + " " * 21 + "".join(f"{u:11.1%}" for u in row))

print(f"charge against the closed form: largest relative error {worst:.1e}")
assert worst < 1e-5  # -, from the 40 nodes of the default mesh
assert abs(row[1] / row[-1] - 2.5) < 0.01  # -, at 1e-15 m2/s capacity no longer grows with L
