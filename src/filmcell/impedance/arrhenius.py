"""Conductivity from resistance, activation energies, and what stated values contradict.

Two relations are in use, ln(sigma) and ln(sigma T) over 1/T. Their energies differ by about
k T, 26 to 30 meV near room temperature, so that every energy here knows which it belongs to.
Energies are in J/mol inside; `electronvolts` gives them in eV.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R
from filmcell.errors import InputError
from filmcell.impedance.spectrum import Geometry

TOLERANCE = 0.02 * F
"""How far a stated energy may lie from that of the conductivities [J/mol]: 0.02 eV."""

LEVEL = 0.95
"""Level of confidence intervals [-]."""


class Relation(Protocol):
    """How conductivity follows temperature."""

    @property
    def name(self) -> str:
        """What is plotted over 1/T."""

    def offset(self, T: Array, T_ref: float) -> Array:
        """What is added to ln(sigma / sigma_ref) before it is a straight line over 1/T.

        Parameters
        ----------
        T : ndarray
            Temperatures, shape (m,) [K].
        T_ref : float
            Temperature of reference [K].

        Returns
        -------
        ndarray
            Shape (m,) [-].
        """


@dataclass(frozen=True)
class LnSigma:
    """sigma = sigma_ref exp(-Ea/R (1/T - 1/T_ref)): ln(sigma) is straight over 1/T."""

    name = "ln sigma"

    def offset(self, T: Array, T_ref: float) -> Array:
        """Nothing.

        Parameters
        ----------
        T : ndarray
            Temperatures, shape (m,) [K].
        T_ref : float
            Temperature of reference [K].

        Returns
        -------
        ndarray
            Zeros, shape (m,) [-].
        """
        return np.zeros_like(T)


@dataclass(frozen=True)
class LnSigmaT:
    """sigma T = sigma_ref T_ref exp(-Ea/R (1/T - 1/T_ref)): ln(sigma T) is straight over 1/T."""

    name = "ln sigma T"

    def offset(self, T: Array, T_ref: float) -> Array:
        """Logarithm of T/T_ref.

        Parameters
        ----------
        T : ndarray
            Temperatures, shape (m,) [K].
        T_ref : float
            Temperature of reference [K].

        Returns
        -------
        ndarray
            Shape (m,) [-].
        """
        return np.log(T / T_ref)


@dataclass(frozen=True)
class Activation:
    """An activation energy with its relation and its interval.

    Parameters
    ----------
    relation : Relation
        What is straight over 1/T.
    energy : float
        Activation energy [J/mol].
    error : float
        Standard error; nan from two points without errors [J/mol].
    interval : tuple of float
        Confidence interval [J/mol].
    reference : float
        Conductivity at the temperature of reference, in the unit of what was given.
    T_ref : float
        Temperature of reference [K].
    scatter : float
        Root mean square of the residuals of the logarithm; nan from two points [-].
    level : float
        Level of the interval [-].
    """

    relation: Relation
    energy: float
    error: float
    interval: tuple[float, float]
    reference: float
    T_ref: float
    scatter: float
    level: float = LEVEL

    @property
    def electronvolts(self) -> float:
        """Activation energy per particle [eV]."""
        return self.energy / F

    @property
    def error_electronvolts(self) -> float:
        """Standard error per particle [eV]."""
        return self.error / F

    @property
    def interval_electronvolts(self) -> tuple[float, float]:
        """Confidence interval per particle [eV]."""
        return self.interval[0] / F, self.interval[1] / F

    def conductivity(self, T: ArrayLike) -> Array:
        """Conductivity at other temperatures.

        Parameters
        ----------
        T : array_like
            Temperatures, shape (m,) [K].

        Returns
        -------
        ndarray
            Conductivity in the unit of what was given, shape (m,).
        """
        T = as_array(T)
        steep = self.energy / R * (1.0 / T - 1.0 / self.T_ref)
        return self.reference * np.exp(-steep - self.relation.offset(T, self.T_ref))

    def __str__(self) -> str:
        """Give the energy, its interval and its relation."""
        low, high = self.interval_electronvolts
        return (f"{self.electronvolts:.4f} eV ({self.relation.name}), "
                f"{100 * self.level:g} % from {low:.4f} to {high:.4f} eV")  # fmt: skip


def conductivity(resistance: ArrayLike, geometry: Geometry) -> Array:
    """Conductivity of a sample: thickness over area and resistance.

    Parameters
    ----------
    resistance : array_like
        Resistance, above 0, shape (m,) [ohm].
    geometry : Geometry
        Size of the sample.

    Returns
    -------
    ndarray
        Conductivity, shape (m,) [S/m].

    Raises
    ------
    InputError
        Where a resistance is not above zero.

    Examples
    --------
    >>> pellet = Geometry(area=1.327e-4, thickness=0.75e-3)
    >>> round(float(conductivity(1e4, pellet)) * 1e4, 3)
    5.652
    """
    return geometry.cell_constant / _positive(resistance, "resistance", "ohm")


def activation_energy(
    T: ArrayLike,
    sigma: ArrayLike,
    errors: ArrayLike | None = None,
    *,
    relation: Relation | None = None,
    T_ref: float = REFERENCE_TEMPERATURE,
    level: float = LEVEL,
) -> Activation:
    """Activation energy of conduction from conductivities at several temperatures.

    Without errors each point counts alike and their scatter gives the interval. With errors the
    points count by them, and where the points scatter more than the errors allow, the interval is
    widened by that.

    Parameters
    ----------
    T : array_like
        Temperatures, two different ones at least, shape (m,) [K].
    sigma : array_like
        Conductivities, or anything in proportion such as 1/R, shape (m,) [S/m].
    errors : array_like, optional
        Standard errors of the conductivities, shape (m,) [S/m].
    relation : Relation, optional
        What is straight over 1/T; by default `LnSigmaT()`.
    T_ref : float
        Temperature at which a conductivity is given back [K].
    level : float
        Level of the interval [-].

    Returns
    -------
    Activation
        The energy.

    Raises
    ------
    InputError
        Where temperatures and conductivities are not as many, not above zero, or fewer than two
        temperatures differ.

    Examples
    --------
    Tan et al. (2021), an LLTO film at 25 and 120 degrees:

    >>> T, sigma = [298.15, 393.15], [9.56e-4, 7.78e-3]
    >>> round(activation_energy(T, sigma, relation=LnSigma()).electronvolts, 4)
    0.2229
    >>> round(activation_energy(T, sigma, relation=LnSigmaT()).electronvolts, 4)
    0.2523
    """
    relation = LnSigmaT() if relation is None else relation
    T, sigma = _positive(T, "temperature", "K"), _positive(sigma, "conductivity", "S/m")
    if T.ndim != 1 or T.shape != sigma.shape or np.ptp(T) == 0.0 or T.size < 2:
        raise InputError(f"{T.size} temperatures and {sigma.size} conductivities, expected as many "
                         "of both, at two different temperatures at least")  # fmt: skip
    size = np.ones_like(T)
    if errors is not None:
        known = _positive(errors, "standard error", "S/m")
        if known.shape != T.shape:
            raise InputError(f"{known.size} errors, expected {T.size}, one for each conductivity")
        size = known / sigma
    A = np.stack([np.ones_like(T), -(1.0 / T - 1.0 / T_ref) / R], axis=1) / size[:, None]
    y = (np.log(sigma) + relation.offset(T, T_ref)) / size
    (log_ref, energy), *_ = np.linalg.lstsq(A, y, rcond=None)
    misfit = y - A @ np.array([log_ref, energy])
    variance = float(np.linalg.inv(A.T @ A)[1, 1])
    error, reach = _error(variance, misfit, errors is not None, level)
    scatter = float(np.sqrt(np.mean((misfit * size) ** 2))) if T.size > 2 else float("nan")
    interval = (float(energy - reach), float(energy + reach))
    return Activation(relation, float(energy), error, interval, float(np.exp(log_ref)), T_ref,
                      scatter, level)  # fmt: skip


def _error(variance: float, misfit: Array, known: bool, level: float) -> tuple[float, float]:
    """Standard error and half the width of the interval."""
    from scipy.special import ndtri, stdtrit

    degrees = misfit.size - 2
    within = 0.5 + 0.5 * level
    if degrees == 0:
        error = float(np.sqrt(variance)) if known else float("nan")
        return error, error * float(ndtri(within)) if known else float("inf")
    scaled = float(np.sum(misfit**2)) / degrees
    error = float(np.sqrt(variance * (max(scaled, 1.0) if known else scaled)))
    reach = ndtri(within) if known and scaled <= 1.0 else stdtrit(degrees, within)
    return error, error * float(reach)


def activation_from_resistance(
    T: ArrayLike,
    resistance: ArrayLike,
    errors: ArrayLike | None = None,
    *,
    geometry: Geometry | None = None,
    relation: Relation | None = None,
    T_ref: float = REFERENCE_TEMPERATURE,
    level: float = LEVEL,
) -> Activation:
    """Activation energy of conduction from resistances; the size of the sample is not needed.

    Parameters
    ----------
    T : array_like
        Temperatures, shape (m,) [K].
    resistance : array_like
        Resistances, shape (m,) [ohm].
    errors : array_like, optional
        Standard errors of the resistances, shape (m,) [ohm].
    geometry : Geometry, optional
        Size of the sample; without it the conductivity of reference is a conductance [S].
    relation : Relation, optional
        What is straight over 1/T; by default `LnSigmaT()`.
    T_ref : float
        Temperature at which a conductivity is given back [K].
    level : float
        Level of the interval [-].

    Returns
    -------
    Activation
        The energy.

    Raises
    ------
    InputError
        Where temperatures and resistances are not as many, not above zero, or fewer than two
        temperatures differ.

    Examples
    --------
    >>> found = activation_from_resistance([413.15, 433.15, 473.15], [2.012e6, 6.673e5, 9.502e4])
    >>> print(found)
    0.8957 eV (ln sigma T), 95 % from 0.8553 to 0.9360 eV
    """
    resistance = _positive(resistance, "resistance", "ohm")
    sigma = (1.0 if geometry is None else geometry.cell_constant) / resistance
    relative = None if errors is None else as_array(errors) / resistance * sigma
    return activation_energy(T, sigma, relative, relation=relation, T_ref=T_ref, level=level)


@dataclass(frozen=True)
class Stated:
    """A stated activation energy held against conductivities that are stated with it.

    Parameters
    ----------
    energy : float
        What was stated [J/mol].
    implied : tuple of Activation
        What the conductivities give, by each relation that may be meant.
    warning : str
        What contradicts what, in a sentence; empty where nothing does.
    """

    energy: float
    implied: tuple[Activation, ...]
    warning: str

    @property
    def consistent(self) -> bool:
        """Whether nothing contradicts."""
        return not self.warning


def check_stated(
    energy: float,
    T: ArrayLike,
    sigma: ArrayLike,
    *,
    relation: Relation | None = None,
    tolerance: float = TOLERANCE,
) -> Stated:
    """Hold a stated activation energy against conductivities.

    Parameters
    ----------
    energy : float
        What was stated [J/mol].
    T : array_like
        Temperatures, two at least, shape (m,) [K].
    sigma : array_like
        Conductivities, shape (m,) [S/m].
    relation : Relation, optional
        Which relation was stated; where that is not known, either may be meant.
    tolerance : float
        How far they may lie apart [J/mol].

    Returns
    -------
    Stated
        What the conductivities imply, and the warning.

    Raises
    ------
    InputError
        Where temperatures and conductivities are not as many, or not above zero.

    Examples
    --------
    >>> found = check_stated(0.33 * F, [298.15, 393.15], [9.56e-4, 7.78e-3])
    >>> print(found.warning)
    the stated 0.33 eV contradicts the stated conductivities, 0.000956 S/m at 298.15 K to 0.00778
    S/m at 393.15 K: their ratio of 8.14 gives 0.2229 eV (ln sigma) or 0.2523 eV (ln sigma T), and
    0.33 eV would need 22.28 or 16.90
    """
    T, sigma = _positive(T, "temperature", "K"), _positive(sigma, "conductivity", "S/m")
    relations = (LnSigma(), LnSigmaT()) if relation is None else (relation,)
    implied = tuple(activation_energy(T, sigma, relation=r) for r in relations)
    if min(abs(found.energy - energy) for found in implied) <= tolerance:
        return Stated(energy, implied, "")
    cold, hot = int(np.argmin(T)), int(np.argmax(T))
    steep = energy / R * (1.0 / T[cold] - 1.0 / T[hot])
    needed = [np.exp(steep + (r.offset(T, T[cold])[cold] - r.offset(T, T[cold])[hot]))
              for r in relations]  # fmt: skip
    gives = " or ".join(f"{a.electronvolts:.4f} eV ({a.relation.name})" for a in implied)
    warning = (
        f"the stated {energy / F:.4g} eV contradicts the stated conductivities, "
        f"{sigma[cold]:.4g} S/m at {T[cold]:g} K to {sigma[hot]:.4g} S/m at {T[hot]:g} K: their "
        f"ratio of {sigma[hot] / sigma[cold]:.2f} gives {gives}, and {energy / F:.4g} eV would "
        f"need {' or '.join(f'{ratio:.2f}' for ratio in needed)}"
    )
    return Stated(energy, implied, warning)


def _positive(values: ArrayLike, what: str, unit: str) -> Array:
    """Refuse values that are not above zero."""
    array = as_array(values)
    wrong = ~((array > 0.0) & np.isfinite(array))
    if np.any(wrong):
        first = array[wrong].flat[0]
        raise InputError(f"{what}: {first:g} {unit} is not allowed, expected one above 0")
    return array
