"""GITT: the diffusivity that a titration finds, against the one that was put in.

What:  pulses and rests on a cell whose diffusivity is known, read by the usual formula. Small
       pulses give it back; large ones do not, because the potential bends within a pulse; and in a
       mixed conductor, where lithium enters from both sides, GITT finds 2 D / p instead of D.
Time:  about 1 s.
Tags:  GITT, diffusivity, titration, mixed conduction, closed form
"""

import numpy as np

import filmcell
from filmcell import Cell, MixedConduction, gitt

base = filmcell.load_cell("wang2023-lco-lipon-li")  # 10 um, D = 1e-14 m2/s, l^2/D = 1e4 s


def found(cell: Cell, current: str) -> float:
    """Read D = 4/pi (l dU / (dV/d sqrt(t) t_pulse))^2 off each pulse but the first [m2/s]."""
    run = filmcell.simulate(cell, gitt(current, "1 min", "24 h", most_pulses=4))
    values = []
    for pulse in (3, 5, 7):  # steps; the even ones are rests
        on, off = run.of_step(pulse), run.of_step(pulse + 1)
        t = run.time[on] - run.time[on.start]  # s
        late = t > 0.1 * t[-1]
        slope = np.polyfit(np.sqrt(t[late]), run.voltage[on][late], 1)[0]  # V/s^0.5
        moved = run.voltage[off.stop - 1] - run.voltage[on.start - 1]  # V, from rest to rest
        values.append(4 / np.pi * (cell.cathode.thickness * moved / (slope * t[-1])) ** 2)
    return float(np.mean(values))


mixed = base.replace({"cathode.transport": MixedConduction(4.18)})  # D_e / D_Li, Raijmakers 2020
results = {}
print("x; D by GITT in 1e-14 m2/s: C/10, C/100; C/100 in a mixed conductor")
for x in (0.9, 0.8, 0.7):
    start = {"cathode.initial_fraction": x}
    tries = ((base, "C/10"), (base, "C/100"), (mixed, "C/100"))
    results[x] = [found(cell.replace(start), current) for cell, current in tries]
    print(x, *(f"{D * 1e14:8.3f}" for D in results[x]))

# %% Single diffusion gives D; p of the flux through the face, D_amb = 2 p D: D_amb / p^2 = 2 D / p
D, p = 1e-14, mixed.cathode.transport.share  # m2/s, -
print(f"put in: {D * 1e14:.3f}; closed form of the mixed conductor: {2 * D / p * 1e14:.3f}")
_, single, both = results[0.7]
assert abs(single / D - 1) < 0.02  # -
assert abs(both / (2 * D / p) - 1) < 0.02  # -
