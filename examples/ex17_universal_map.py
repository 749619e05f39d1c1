"""One map for every film: utilisation over two numbers, and real cells as lines on it.

What:  the universal map of a film over l (diffusion) and Xi (kinetics), against its closed form;
       the cells of Wang 2023's Fig. 4 (three diffusivities, 5 to 30 um, 0.1 mA on 1.44 cm2) on it,
       and what the map says beside what their full model takes on charge.
       A path that ends in .png, given after the script's name, gets the picture.
Time:  about 4 s.
Tags:  universal map, utilisation, thickness, diffusivity, closed form
"""

import sys

import numpy as np

import filmcell
from filmcell.cell.cathodes import Film
from filmcell.design.universal import place, universal_map
from filmcell.design.universal_problem import ideal_problem
from filmcell.physics.ideal_insertion import filled_fraction, surface_at_cut_off
from filmcell.plot.universal import universal
from filmcell.simulation.many import simulate_many

# %% The map, and the closed form at all its points
problem = ideal_problem(Film())  # Langmuir isotherm, 150 mV, 25 C
ell, xi = np.logspace(-4, 2, 49), np.logspace(-3, 2, 41)  # -
found = universal_map(problem, ell, xi)
J = np.sqrt(ell[:, None] / problem.z) / xi  # -, current over F k0 c
swing = surface_at_cut_off(J, 0.15) - problem.initial_fraction  # -
worst = np.abs(found.values - filled_fraction(ell[:, None], swing, 0)).max()
print(f"{found.values.size} points, largest difference from the closed form {worst:.1e}")

# %% Wang 2023: each diffusivity is a line on the map
base = filmcell.load_cell("wang2023-lco-lipon-li")
thicknesses, current = (5e-6, 10e-6, 15e-6, 20e-6, 25e-6, 30e-6), 1e-4 / base.area  # m, A/m2
charge = filmcell.load_protocol("Charge at 0.1 mA until 4.2 V")
lines = {}
for D in (1e-13, 1e-14, 1e-15):  # m2/s
    cells = [base.replace({"cathode.thickness": L, "cathode.diffusivity": D}) for L in thicknesses]
    lines[f"Wang 2023, D = {D:.0e} m2/s, 5 to 30 um"] = [place(c, current) for c in cells]
    ours = simulate_many((c, charge) for c in cells).window_utilisation[:, 0]
    l_, Xi = np.transpose([place(c, current) for c in cells])
    for name, row in (("l", l_), ("Xi", Xi), ("map", found.utilisation(l_, Xi)), ("cell", ours)):
        print(f"D = {D:.0e} m2/s {name:>5s}:", "".join(f"{v:9.3f}" for v in row))

# %% The picture
ax = universal(found.ell, found.xi, found.values, cells=lines)
if len(sys.argv) == 2 and sys.argv[1].endswith(".png"):
    ax.figure.savefig(sys.argv[1], dpi=110)
assert worst < 1e-5  # -, from the 40 nodes of the default mesh
