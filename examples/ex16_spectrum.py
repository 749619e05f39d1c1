"""A measured spectrum: from the file to a conductivity and its activation energy.

What:  Ag | LLTO | Ag is simulated with noise at six temperatures and written to CSV. Then all that
       a laboratory does: Kramers-Kronig, relaxation times, fit, arc, activation energy two ways.
Time:  about 2 s.
Tags:  impedance, EIS, Kramers-Kronig, DRT, fit, Arrhenius, conductivity
"""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from filmcell.impedance.arrhenius import LnSigma, LnSigmaT, activation_from_resistance
from filmcell.impedance.circuits import circuit_from_text
from filmcell.impedance.drt import relaxation_times
from filmcell.impedance.fit import fit
from filmcell.impedance.kramers_kronig import check_kramers_kronig
from filmcell.impedance.of_model import frequencies
from filmcell.impedance.readers import read_series, write_csv
from filmcell.impedance.sandwich_file import load_sandwich
from filmcell.impedance.spectrum import Geometry

cell, noise = load_sandwich("ag-llto-ag"), np.random.default_rng(16)
sample = Geometry(area=cell.area, thickness=cell.layers[0].thickness)  # m2, m: never in a file
with TemporaryDirectory() as folder:
    for celsius in (25, 45, 65, 85, 105, 120):
        exact = cell.at(f"{celsius} degC").impedance(frequencies(1e7, 10.0)).spectrum
        shake = 1 + 5e-3 * (noise.standard_normal((len(exact), 2)) @ [1, 1j])
        measured = replace(exact, impedance=exact.impedance * shake)
        write_csv(measured, Path(folder, f"film_{celsius}C.csv"))
    series = read_series(folder, temperatures=re.compile(r"_(?P<celsius>\d+)C"), geometry=sample)

# %% Is it a spectrum at all?
test = check_kramers_kronig(series[0])
print(test.verdict)

# %% What is in it, without a circuit
peak = relaxation_times(series[0]).peaks[0]
print(f"relaxation at {peak.tau:.3g} s with {peak.resistance:.2f} ohm")

# %% A circuit: the film, and silver that blocks; then what the arc is likely to be
fits = [fit(s, circuit_from_text("p(R1,C1)-CPE2")) for s in series]
ohms, errors = [f.values["R1"] for f in fits], [f.errors["R1"] for f in fits]  # ohm
print(fits[0])

# %% Two relations, two energies; the cell was made with 0.33 eV in ln sigma
T = [s.temperature for s in series]  # K
by_sigma, by_sigma_T = (
    activation_from_resistance(T, ohms, errors, geometry=sample, relation=law)
    for law in (LnSigma(), LnSigmaT())
)
print(by_sigma, by_sigma_T, f"{by_sigma.reference:.3g} S/m at 25 C", sep="\n")
assert test.passes
assert fits[0].arcs[0].meaning.value == "bulk"
assert abs(peak.resistance / ohms[0] - 1) < 0.05
assert abs(by_sigma.electronvolts - 0.33) < 0.01
