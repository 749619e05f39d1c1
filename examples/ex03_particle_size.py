"""Particle size: a sphere against a film that holds the same lithium per surface.

What:  spheres of radius R and films of thickness R / 3 are charged at one current density; the
       surface of the sphere runs 9/5 times as far ahead of its mean as that of the film
       (i R / 5 F D against i L / 3 F D).
Time:  about 1 s.
Tags:  sphere, particle size, shape, closed form
"""

import filmcell
from filmcell import Sphere
from filmcell.constants import F

base = filmcell.load_cell("wang2023-lco-lipon-li").replace(
    {"cathode.diffusivity": "1e-14 m2/s", "cathode.lithium_exponent": 0.0,
     "cathode.vacancy_exponent": 0.0}  # exchange current density 9.4 A/m2 at any lithiation
)  # fmt: skip
i = 0.4  # A/m2 of the surface of particles and film
results = {}
print("charge to 4.2 V over the theoretical capacity")
for radius in (3e-6, 6e-6, 12e-6, 24e-6):  # m
    sphere = base.replace({"cathode.thickness": radius, "cathode.shape": Sphere()})
    film = base.replace({"cathode.thickness": radius / 3})
    pair = [filmcell.simulate(c, f"Charge at {i} A/m2 until 4.2 V") for c in (sphere, film)]
    results[radius] = pair
    print(
        f"sphere R = {radius * 1e6:2.0f} um: {pair[0].utilisation[0]:.2%}    "
        f"film L = {radius / 3 * 1e6:.0f} um: {pair[1].utilisation[0]:.2%}"
    )

# %% Both charges against the closed forms of late times (D t / R^2 > 0.2)
R, D, c_max = 6e-6, 1e-14, base.cathode.maximum_concentration  # m, m2/s, mol/m3
sphere, film = results[R]
loss = sum(film.losses[k][-1] for k in ("cathode kinetics", "anode kinetics", "electrolyte"))  # V
U, low, high = base.cathode.potential, 0.45, 0.995
while high - low > 1e-12:  # surface fraction at which U + loss = 4.2 V
    middle = (low + high) / 2
    low, high = (middle, high) if float(U(middle)) + loss > 4.2 else (low, middle)
for result, lag in ((sphere, i * R / (5 * F * D)), (film, i * R / 3 / (3 * F * D))):  # mol/m3
    exact = F * R / 3 * ((0.995 - low) * c_max - lag) * base.area / 3600  # Ah
    print(f"{result.capacity[0] * 1e3:.5f} mAh, closed form {exact * 1e3:.5f} mAh")
    assert abs(result.capacity[0] / exact - 1) < 1e-4  # -
