"""Tan et al. 2021, the electrolyte: Ag | LLTO | Ag spectra from 25 to 120 degrees, simulated.

Nanomaterials 11 (2021) 989, doi 10.3390/nano11040989, section 3.1. The paper prints a conductivity
at 25 and one at 120 degrees of the film annealed at 300 degrees, and an activation energy of
0.33 eV from the spectra between. The three do not go together. So there are two readings: the two
conductivities, and the conductivity at 25 degrees with the stated energy. In both, the cell is
built from its geometry, its spectra are simulated with noise and fitted as a laboratory would.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from filmcell.constants import F
from filmcell.impedance.arrhenius import (
    Activation,
    LnSigma,
    LnSigmaT,
    activation_energy,
    activation_from_resistance,
    check_stated,
)
from filmcell.impedance.circuits import circuit_from_text
from filmcell.impedance.fitting import Fit, fit
from filmcell.impedance.of_model import frequencies
from filmcell.impedance.sandwich import Dielectric, Sandwich
from filmcell.impedance.sandwich_file import load_sandwich
from filmcell.impedance.spectrum import Geometry, Spectrum
from filmcell.materials.library import load
from filmcell.materials.records import Value
from filmcell.papers.claims import Claim, Listing, Reading, Report, tally, told

PAPER = "Tan, An, Li, Du, Peng, Nanomaterials 11 (2021) 989, the electrolyte"
DOI = "10.3390/nano11040989"
WORK = "spectra"
"""What the progress bar counts."""

SAMPLE = "annealed at 300 degC"
"""The film whose conductivity is printed at two temperatures."""

TEMPERATURES = (25.0, 45.0, 65.0, 85.0, 105.0, 120.0)
"""Temperatures of the spectra: every 20 degrees from 25, and the end [degC]."""

CIRCUIT = "p(R1,C1)-CPE2"
"""Film and blocking silver; both electrodes have the same exponent and are one element."""

NOISE = 5e-3
"""Relative noise of each component of the simulated spectra, as of common instruments [-]."""

SEED = 2021
"""Seed of the noise, so that a run can be repeated."""

HIGH, LOW = 1e7, 10.0
"""First and last frequency [Hz]; the paper prints 10 MHz to 100 kHz, which sees no electrode."""

POINTS, STATED = "both printed conductivities", "printed conductivity at 25 degC and stated 0.33 eV"

_SIGMA_WITHIN, _ENERGY_WITHIN = 0.03, 0.03


@dataclass(frozen=True, eq=False)
class Series:
    """Simulated spectra of one reading and what the fits make of them.

    Parameters
    ----------
    spectra : tuple of Spectrum
        One a temperature.
    fits : tuple of Fit
        One a spectrum.
    conductivity : tuple of float
        From the fitted resistance and the geometry [S/m].
    energies : tuple of Activation
        By ln sigma T and by ln sigma.
    """

    spectra: tuple[Spectrum, ...]
    fits: tuple[Fit, ...]
    conductivity: tuple[float, ...]
    energies: tuple[Activation, Activation]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What `reproduce` gives.

    Parameters
    ----------
    report : Report
        Claims with verdicts.
    series : dict of str to Series
        Spectra and fits by the name of the reading.
    """

    report: Report
    series: dict[str, Series]


def printed() -> tuple[Value, Value, Value]:
    """Find what the paper prints of the film, in the library.

    Returns
    -------
    cold, hot, energy : Value
        Conductivities at 25 and 120 degC and the activation energy.

    Examples
    --------
    >>> [str(value) for value in printed()]
    ['9.56e-6 S/cm', '7.78e-5 S/cm', '0.33 eV']
    """
    cold, hot = sorted(_of_sample("conductivity"), key=lambda v: v.number)
    (energy,) = _of_sample("activation_energy")
    return cold, hot, energy


def _of_sample(key: str) -> list[Value]:
    """What is said of the film; not what was computed from it since."""
    return [
        v for v in load("llto").values[key]
        if v.conditions.get("sample") == SAMPLE and v.kind != "computed"
    ]  # fmt: skip


def cells() -> dict[str, Sandwich]:
    """Build the Ag | LLTO | Ag cell under each reading.

    Returns
    -------
    dict of str to Sandwich
        Name of the reading to the cell at 25 degC.

    Examples
    --------
    >>> cells()[STATED].name
    'Ag | LLTO | Ag'
    """
    cell = load_sandwich("ag-llto-ag")
    cold, hot, energy = printed()
    T = [298.15, 393.15]
    steep = activation_energy(T, [cold.number, hot.number], relation=LnSigma()).energy
    return {
        POINTS: _with_energy(cell, cold.number, steep),
        STATED: _with_energy(cell, cold.number, energy.number),
    }


def _with_energy(cell: Sandwich, sigma: float, energy: float) -> Sandwich:
    """Give the film of a cell a conductivity at 25 degC and an activation energy."""
    (film,) = cell.layers
    if not isinstance(film, Dielectric):
        raise TypeError("the preset has another layer than the film")
    return replace(cell, layers=(replace(film, conductivity=sigma, activation_energy=energy),))


def measured(cell: Sandwich, T: float, noise: np.random.Generator) -> Spectrum:
    """Simulate what an instrument would see.

    Parameters
    ----------
    cell : Sandwich
        The cell.
    T : float
        Temperature [K].
    noise : numpy Generator
        Where the noise comes from.

    Returns
    -------
    Spectrum
        With relative noise in both components, and the geometry of the film.

    Examples
    --------
    >>> s = measured(cells()[STATED], 298.15, np.random.default_rng(1))
    >>> len(s), s.temperature
    (61, 298.15)
    """
    exact = cell.at(T).impedance(frequencies(HIGH, LOW)).spectrum
    shaken = noise.standard_normal((2, len(exact))) * NOISE * np.abs(exact.impedance)
    (film,) = cell.layers
    size = Geometry(cell.area, film.thickness) if isinstance(film, Dielectric) else None
    return replace(
        exact, impedance=exact.impedance + shaken[0] + 1j * shaken[1], geometry=size,
        name=f"{T - 273.15:.0f} degC",
    )  # fmt: skip


def series_of(cell: Sandwich, tick: Callable[[], None] = lambda: None) -> Series:
    """Simulate the spectra of a cell and fit them.

    Parameters
    ----------
    cell : Sandwich
        The cell.
    tick : callable
        Called after each spectrum.

    Returns
    -------
    Series
        Spectra, fits, conductivities and activation energies.

    Examples
    --------
    >>> found = series_of(cells()[STATED])
    >>> round(found.energies[1].electronvolts, 2)
    0.33
    """
    noise, wanted = np.random.default_rng(SEED), circuit_from_text(CIRCUIT)
    kelvin = [t + 273.15 for t in TEMPERATURES]
    spectra, fits = list[Spectrum](), list[Fit]()
    for T in kelvin:
        spectra.append(measured(cell, T, noise))
        fits.append(fit(spectra[-1], wanted))
        tick()
    ohms, size = [f.values["R1"] for f in fits], spectra[0].geometry
    sigma = tuple(size.cell_constant / r for r in ohms) if size else ()
    energies = tuple(
        activation_from_resistance(kelvin, ohms, geometry=size, relation=relation)
        for relation in (LnSigmaT(), LnSigma())
    )
    return Series(tuple(spectra), tuple(fits), sigma, (energies[0], energies[1]))


def _claims(found: Series) -> tuple[Claim, ...]:
    """The paper's numbers beside those of the fitted spectra; the energy by both relations."""
    cold, hot, energy = printed()
    first, last = (s * 1e-2 for s in (found.conductivity[0], found.conductivity[-1]))
    energies = (
        Claim(name, f"activation energy, {a.relation.name} over 1/T", "sect. 3.1, fig. 1g", "eV",
              energy.number / F, a.electronvolts, _ENERGY_WITHIN,
              note="the paper does not say which relation was plotted")
        for name, a in zip(("EA-LN-SIGMA-T", "EA-LN-SIGMA"), found.energies, strict=True)
    )  # fmt: skip
    return (
        Claim("SIGMA-25", "conductivity at 25 degC", "sect. 3.1", "S/cm", cold.number * 1e-2,
              first, _SIGMA_WITHIN),
        Claim("SIGMA-120", "conductivity at 120 degC", "sect. 3.1", "S/cm", hot.number * 1e-2,
              last, _SIGMA_WITHIN),
        *energies,
    )  # fmt: skip


def _reading(name: str, found: Series) -> Reading:
    """A reading with its claims and the series as a table."""
    claims = _claims(found)
    rows = tuple(
        (s.name, f"{f.values['R1']:.4g}", f"{f.errors['R1']:.2g}", f"{sigma * 1e-2:.4g}",
         f"{f.rms:.3%}")
        for s, f, sigma in zip(found.spectra, found.fits, found.conductivity, strict=True)
    )  # fmt: skip
    heads = ("", "R (ohm)", "+-", "sigma (S/cm)", "rms")
    energies = tuple(f"from the fitted spectra: {a}" for a in found.energies)
    return Reading(name, claims, (), tally(claims), (told(claims), *energies),
                   (Listing("fitted spectra", heads, rows),))  # fmt: skip


def reproduce(tick: Callable[[], None] = lambda: None) -> Outcome:
    """Simulate and fit the spectra under both readings.

    Parameters
    ----------
    tick : callable
        Called after each of twelve spectra, for a progress bar.

    Returns
    -------
    Outcome
        Claims with verdicts, and the spectra.

    Examples
    --------
    >>> first, second = reproduce().report.readings
    >>> [c.verdict for c in first.claims], [c.verdict for c in second.claims]
    (['reproduced', 'reproduced', 'missed', 'missed'],
     ['reproduced', 'missed', 'missed', 'reproduced'])
    """
    series = {name: series_of(cell, tick) for name, cell in cells().items()}
    readings = tuple(_reading(name, found) for name, found in series.items())
    return Outcome(Report(PAPER, DOI, readings, _origins(), _notes()), series)


def _origins() -> dict[str, str]:
    """Where the numbers of the cell come from."""
    return {
        "conductivity, activation energy": "published: Tan 2021, sect. 3.1, from the library",
        "thickness": "published as 300 to 400 nm: 350 nm",
        "area": "published as 3 to 4 mm across: 3.5 mm",
        "permittivity of LLTO": "assumed: 100",
        "capacitance of silver on LLTO": "assumed: 2 uF/cm2 with an exponent of 0.9",
        "noise": f"assumed: {NOISE:.1%} of |Z| in each component, seed {SEED}",
        "frequencies": f"assumed: {HIGH:g} to {LOW:g} Hz, ten a decade",
    }


def _notes() -> tuple[str, ...]:
    """What a reader must know."""
    cold, hot, energy = printed()
    stated = check_stated(energy.number, [298.15, 393.15], [cold.number, hot.number])
    return (
        f"{stated.warning}. So the paper's own numbers imply 0.22 to 0.25 eV, and no reading "
        "reproduces all three.",
        "Thickness over area is known to a factor of 2.4 only: a conductivity from a resistance is "
        "that uncertain, an activation energy is not touched by it.",
        "Nothing is said about spectra between 25 and 120 degC "
        "that are not printed, so a bend in the Arrhenius line cannot be excluded.",
    )
