"""Fits: of one circuit, of several compared, of a series over temperature.

>>> from filmcell.impedance.circuits import circuit_from_text
>>> import numpy as np
>>> from filmcell.impedance.spectrum import Spectrum
>>> f = np.logspace(6, 0, 40)
>>> circuit = circuit_from_text("R0-p(R1,CPE1)")
>>> Z = circuit.impedance(2 * np.pi * f, {"R0": 10.0, "R1": 100.0, "CPE1_Q": 1e-6, "CPE1_n": 0.9})
>>> round(fit(Spectrum(f, Z), circuit).values["R1"], 6)
100.0
"""

from filmcell.impedance.arcs import Arc, Meaning
from filmcell.impedance.arrhenius import LnSigma, LnSigmaT
from filmcell.impedance.candidates import Comparison, compare, family, propose
from filmcell.impedance.fitting import Fit, fit
from filmcell.impedance.series import SeriesFit, Shared, fit_series
from filmcell.impedance.starts import starts
from filmcell.impedance.weights import Modulus, Sigma, Unit

__all__ = [
    "Arc",
    "Comparison",
    "Fit",
    "LnSigma",
    "LnSigmaT",
    "Meaning",
    "Modulus",
    "SeriesFit",
    "Shared",
    "Sigma",
    "Unit",
    "compare",
    "family",
    "fit",
    "fit_series",
    "propose",
    "starts",
]
