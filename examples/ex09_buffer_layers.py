"""What a buffer layer costs at each rate: the stacks of Tan 2021 with assumed numbers.

What:  NCM | LLTO | lithium with no buffer (A), with NCM and LLTO in turns (B), SiO2 (C), LiPON (D).
       Every thickness and every resistance of an interface here is ASSUMED: the paper publishes
       none. What is computed is what follows from them: a resistance that does not depend on the
       state shifts the whole curve by i r, and costs capacity only where the curve is steep.
Time:  about 1 s.
Tags:  interlayer, interface, stack, rate, closed form
"""

from pathlib import Path

import numpy as np

import filmcell
from filmcell import Interface, Interlayer, alternating

base = filmcell.load_cell(Path(__file__).parent / "cells" / "ncm_sio2_llto.toml").replace(
    {"cathode.initial_fraction": 0.39}  # charged; 1C is 30 uA on 1 cm2
)


def face(ohm_cm2: float) -> Interface:
    return Interface(ohm_cm2 * 1e-4, activation_energy="0.4 eV", name="assumed")  # ohm m2


ncm = Interlayer("10 nm", "1e-7 S/cm", name="NCM, assumed")
llto = Interlayer("10 nm", "9.56e-6 S/cm", name="LLTO, conductivity measured")
sio2 = Interlayer("10 nm", "1e-8 S/cm", name="SiO2, assumed")
lipon = Interlayer("10 nm", "2e-6 S/cm", name="LiPON, conductivity measured")
stacks = {
    "A": (face(250),),  # NCM that has reacted with LLTO
    "B": (*alternating(ncm, llto, 4, interface=face(10)), face(80)),
    "C": (sio2, face(50)),
    "D": (lipon, face(60)),
}
RATES = (0.1, 1, 5, 10, 20, 30)  # 1/h
cells = {name: base.replace({"interlayers": stack}) for name, stack in stacks.items()}
runs = {
    (name, rate): filmcell.simulate(cell, f"Discharge at {rate}C until 3.2 V")
    for name, cell in cells.items()
    for rate in RATES
}
print("stack; ohm cm2; mV at 30C; uAh/cm2 at", ", ".join(f"{rate}C" for rate in RATES))
for name, cell in cells.items():
    i = cell.c_rate_current_density(30)  # A/m2
    row = "".join(f"{runs[name, rate].capacity[0] * 1e6:7.2f}" for rate in RATES)
    print(f"{name}; {cell.resistance * 1e4:6.1f}; {cell.resistance * i * 1e3:6.1f}; {row}")

# %% Two stacks at the same charge differ by i times their difference in resistance
a, d = runs["A", 30], runs["D", 30]
charge = np.linspace(0.0, 0.9 * a.charge[-1], 50)  # C
gap = np.interp(charge, d.charge, d.voltage) - np.interp(charge, a.charge, a.voltage)  # V
exact = i * (cells["A"].resistance - cells["D"].resistance)
print(f"D lies {gap.mean() * 1e3:.2f} mV above A at 30C; i (r_A - r_D) = {exact * 1e3:.2f} mV")
assert np.max(np.abs(gap - exact)) < 1e-4  # V
