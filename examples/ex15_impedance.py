"""Impedance of a cell: its spectrum from the model, and which feature of it is what.

What:  the small-signal impedance of a commercial thin-film cell at 50 % state of charge, split into
       its layers; the slow arc of the weak electrolyte and the diffusion in a film against their
       closed forms; then the same cell at rest and under load.
Time:  about 2 s.
Tags:  impedance, EIS, Nyquist, closed form, losses
"""

import numpy as np

import filmcell
from filmcell.impedance.of_model import frequencies, impedance, impedance_of_row
from filmcell.physics.impedance import slab_warburg, warburg_resistance, weak_electrolyte

cell = filmcell.load_cell("raijmakers2020")  # Li | LiPON | LiCoO2 at 20 C, 3.36 cm2
Z = impedance(cell, frequencies(1e6, 1e-4), state_of_charge=0.5)  # ohm m2
at = {f: int(np.argmin(np.abs(np.log(Z.frequency / f)))) for f in (1e6, 1e4, 10.0, 1e-2, 1e-4)}

# %% Nyquist numbers, and which share changed most on the way from one to the next
before = 0
for f, k in at.items():
    moved = {name: abs(share[k] - share[before]) for name, share in Z.parts.items()}
    what = max(moved, key=lambda name, of=moved: of[name]) if k else "highest frequency"
    print(f"{f:8g} Hz: {Z.impedance[k] * 1e4:22.2f} ohm cm2, {what}")
    before = k

# %% What every layer and interface takes where the fast arcs are over and the slow ones not begun
ohm = {name: share[at[10.0]].real * 1e4 for name, share in Z.parts.items()}  # ohm cm2
for name, value in sorted(ohm.items(), key=lambda pair: -abs(pair[1])):
    print(f"{name:24s} {value:8.2f} ohm cm2")

# %% The slow arc near 0.02 Hz is no interphase: bound lithium dissociates in LiPON
e, omega = cell.electrolyte, 2 * np.pi * Z.frequency[at[1e-2]]
tau = 1.0 / (e.dissociation_rate + 2 * e.recombination_rate * e.equilibrium_concentration)  # s
closed = weak_electrolyte(omega, e.thickness, e.conductivity(cell.temperature),
                          e.cation_diffusivity, e.anion_diffusivity, tau)  # fmt: skip
ours = sum(Z.parts[f"electrolyte {name}"][at[1e-2]] for name in ("diffusion", "migration"))
print(f"LiPON at 10 mHz: {ours * 1e4:.2f}, closed form {complex(closed) * 1e4:.2f} ohm cm2")

# %% A film of one diffusivity is a finite-space Warburg element
film, D = filmcell.load_cell("wang2023-lco-lipon-li"), 1e-14  # m2/s
spectrum = impedance(film, [1.0, 1e-2, 1e-5], lithiation=0.7)
slope = float(np.diff(film.cathode.potential(np.array([0.6999, 0.7001])))[0] / 2e-4)  # V
L = film.cathode.thickness  # m
R_W = warburg_resistance(L, slope, film.cathode.maximum_concentration, D)  # ohm m2
element = slab_warburg(2 * np.pi * spectrum.frequency, R_W, L**2 / D)
off = (spectrum.parts["cathode diffusion"] + spectrum.parts["open-circuit potential"]) / element - 1

# %% Under load
run = filmcell.simulate(cell, "Discharge at 1C until 50 % SOC; Rest for 2 h; Measure impedance")
marked, loaded = (impedance_of_row(run, row, [10.0]) for row in (-1, run.of_step(1).stop - 1))
print(f"at rest {marked.impedance[0]:.6f}, under 1C {loaded.impedance[0]:.6f} ohm m2")
assert loaded.impedance[0].real < marked.impedance[0].real  # Butler-Volmer is no straight line
assert abs(ohm["electrolyte migration"] - 326.6) < 0.1  # ohm cm2
assert abs(ohm["anode kinetics"] - 43.9) < 0.1  # ohm cm2
assert abs(ours / closed - 1) < 1e-3
assert np.max(np.abs(off)) < 3e-3
