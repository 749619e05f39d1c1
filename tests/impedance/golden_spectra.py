"""Measured spectra of ../shared and what its SOURCES.md says of them, read with a few lines."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from filmcell.impedance.spectrum import Spectrum

DATA = Path(__file__).parents[3] / "shared" / "data" / "impedance"
PELLETS = "solid_state/EISFitpython/"
HYBRID = "solid_state/hybrid-drt/"
SAMPLES = "instruments/impedance.py/"
SYNTHETIC = "synthetic/pyDRTtools/"
LPSCL = HYBRID + "PEIS_LPSCl_IonBlocking_-25C.mpr"
LPSCL_TEXT = HYBRID + "PEIS_LPSCl_IonBlocking_-25C.txt"
SSB = HYBRID + "PEIS_SSB.mpr"


class Golden(NamedTuple):
    """Points, and residual of the linear Kramers-Kronig test in percent: SOURCES.md, G1."""

    points: int
    rms: float
    largest: float


GOLDEN = {
    LPSCL: Golden(79, 0.19, 0.85),
    SSB: Golden(89, 0.12, 0.44),
    "instruments/battery-data-format/PEIS-0.mpr": Golden(60, 0.46, 1.87),
    PELLETS + "Example2a.txt": Golden(51, 0.12, 0.42),
    PELLETS + "Example2c.txt": Golden(42, 0.91, 3.99),
    PELLETS + "s04147-140deg.txt": Golden(42, 0.32, 0.90),
    PELLETS + "s04147-150deg.txt": Golden(42, 0.31, 0.92),
    PELLETS + "s04147-160deg.txt": Golden(42, 0.26, 0.88),
    PELLETS + "s04147-180deg.txt": Golden(41, 0.29, 1.03),
    PELLETS + "s04147-190deg.txt": Golden(41, 0.33, 1.21),
    PELLETS + "s04147-200deg.txt": Golden(40, 0.22, 0.53),
    SYNTHETIC + "LIB_data.txt": Golden(107, 0.05, 0.11),
    SAMPLES + "Circuit1_EIS_1.z": Golden(48, 0.03, 0.07),
    SAMPLES + "Circuit2_EIS_1.z": Golden(56, 0.15, 0.44),
    SAMPLES + "exampleData.csv": Golden(66, 0.17, 0.37),
    SAMPLES + "exampleDataCHInstruments.txt": Golden(73, 1.67, 3.91),
}

# offset and length of a row of the data module of the three .mpr files; f, Re and -Im come first
_MPR = {"PEIS_LPSCl": (7936, 72), "PEIS_SSB": (7936, 72), "PEIS-0": (7316, 64)}


def measured(name: str) -> Spectrum:
    """Read a spectrum; skip the test where the shared folder is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there: the shared data lie beside a checkout of the project")
    f, Z = _binary(path) if path.suffix == ".mpr" else _text(path)
    order = np.argsort(-f)
    return Spectrum(f[order], Z[order], name=path.name)


def _binary(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the data module of a .mpr file, of known place."""
    offset, size = next(v for k, v in _MPR.items() if path.name.startswith(k))
    row = np.dtype([("values", "<f4", 3), ("rest", f"V{size - 12}")])
    points = next(v.points for k, v in GOLDEN.items() if k.endswith(path.name))
    f, re, im = np.frombuffer(path.read_bytes(), row, points, offset)["values"].T.astype(float)
    return f, re - 1j * im


def _text(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Lines that are numbers; frequency, real and imaginary part of those with f above 0."""
    first = {"1ZARC.csv": (1, 2, 3), "2ZARC0.csv": (1, 2, 3), ".z": (0, 4, 5)}
    columns = first.get(path.name) or first.get(path.suffix) or (0, 1, 2)
    rows = []
    for line in path.read_text("latin-1").splitlines():
        words = line.replace(",", " ").split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            continue
        if len(values) > max(columns) and values[columns[0]] > 0.0:
            rows.append([values[c] for c in columns])
    f, re, im = np.array(rows).T
    sign = -1.0 if path.name == "PEIS_LPSCl_IonBlocking_-25C.txt" else 1.0  # EC-Lab prints -Im
    return f, re + 1j * sign * im
