"""The least-squares problem of a fit: logarithms of sizes, weighted residuals, exact Jacobian."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.composition import Circuit, Parameter, check_names, check_value
from filmcell.impedance.elements import LOWEST_EXPONENT
from filmcell.impedance.spectrum import Spectrum
from filmcell.impedance.weights import Weights

REACH = 1e5
"""How far beyond the spectrum resistances and time constants are looked for [-]."""

STUCK = 1e-4
"""How near its bound a parameter counts as being there; of the logarithm, of a size."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A spectrum, a circuit and what is free in it.

    A point u has the logarithm of each free parameter that is a size, and the others as they are.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuit : Circuit
        The circuit.
    factors : ndarray
        Weights on the misfit of the real and of the imaginary part, shape (2, n) [1/ohm].
    low, high : ndarray
        Bounds of all parameters, shape (k,); equal where one is fixed.
    """

    spectrum: Spectrum
    circuit: Circuit
    factors: Array
    low: Array
    high: Array

    @cached_property
    def logarithmic(self) -> Any:
        """Which parameters are fitted as logarithms, shape (k,)."""
        return np.array([p.logarithmic for p in self.circuit.parameters])

    @cached_property
    def free(self) -> Any:
        """Places of the parameters that are free."""
        return np.flatnonzero(self.low < self.high)

    @cached_property
    def bounds(self) -> tuple[Array, Array]:
        """Bounds of a point, shape (m,) each."""
        return self.point(self.low), self.point(self.high)

    def point(self, x: Array) -> Array:
        """Where parameters are in the space of the fit.

        Parameters
        ----------
        x : ndarray
            Values of all parameters, shape (k,).

        Returns
        -------
        ndarray
            The point, shape (m,).
        """
        return np.where(self.logarithmic, np.log(np.where(self.logarithmic, x, 1.0)), x)[self.free]

    def values(self, u: Array) -> Array:
        """Values of all parameters at a point.

        Parameters
        ----------
        u : ndarray
            The point, shape (m,).

        Returns
        -------
        ndarray
            Values, shape (k,).
        """
        x = self.low.copy()
        logarithmic = self.logarithmic[self.free]
        x[self.free] = np.where(logarithmic, np.exp(np.where(logarithmic, u, 0.0)), u)
        return x

    def inside(self, x: Array) -> Array:
        """Bring values inside their bounds, a little away from them.

        Parameters
        ----------
        x : ndarray
            Values of all parameters, shape (k,).

        Returns
        -------
        ndarray
            A point, shape (m,).
        """
        low, high = self.bounds
        room = 1e-3 * (high - low)
        return np.clip(self.point(np.clip(x, self.low, self.high)), low + room, high - room)

    def residuals(self, u: Array) -> Array:
        """Weighted misfit: real parts, then imaginary parts.

        Parameters
        ----------
        u : ndarray
            The point, shape (m,).

        Returns
        -------
        ndarray
            Shape (2 n,) [-].
        """
        Z = self.circuit.respond(self.spectrum.omega, self.values(u))
        return self._weighted(Z - self.spectrum.impedance).ravel()

    def jacobian(self, u: Array) -> Array:
        """Derivatives of the weighted misfit, by the chain rule from those of the elements.

        Parameters
        ----------
        u : ndarray
            The point, shape (m,).

        Returns
        -------
        ndarray
            Shape (2 n, m).
        """
        x = self.values(u)
        dZ = self.circuit.differentiate(self.spectrum.omega, x)[1][self.free]
        scale = np.where(self.logarithmic, x, 1.0)[self.free]
        weighted = self._weighted(dZ * scale[:, None])
        return weighted.transpose(1, 0, 2).reshape(len(self.free), -1).T

    def _weighted(self, Z: Any) -> Array:
        """Both parts, weighted, along a new first axis."""
        factors = self.factors if Z.ndim == 1 else self.factors[:, None]
        return np.stack([Z.real, Z.imag]) * factors

    def stuck(self, u: Array) -> Any:
        """Which free parameters are at a bound.

        Parameters
        ----------
        u : ndarray
            The point, shape (m,).

        Returns
        -------
        ndarray of bool
            Shape (m,).
        """
        low, high = self.bounds
        return (u - low < STUCK) | (high - u < STUCK)


def problem(
    spectrum: Spectrum,
    circuit: Circuit,
    weights: Weights,
    fixed: Mapping[str, float],
    bounds: Mapping[str, tuple[float, float]],
) -> Problem:
    """Set up a fit.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuit : Circuit
        The circuit.
    weights : Weights
        How much each point counts.
    fixed : mapping of str to float
        Parameters that are known.
    bounds : mapping of str to (float, float)
        Bounds of parameters, closer than those of physics.

    Returns
    -------
    Problem
        The problem.

    Raises
    ------
    InputError
        Where a name is unknown, a value or bound is not allowed, or there are too few points.
    """
    check_names(circuit, fixed, "fixed value")
    check_names(circuit, bounds, "bounds")
    low, high = _window(spectrum, circuit)
    for k, p in enumerate(circuit.parameters):
        if p.name in fixed:
            check_value(p, fixed[p.name])
            low[k] = high[k] = fixed[p.name]
        elif p.name in bounds:
            low[k], high[k] = _closer(p, bounds[p.name], (low[k], high[k]))
    made = Problem(spectrum, circuit, weights.of(spectrum), low, high)
    free = made.free.size
    if 2 * len(spectrum) <= free:
        raise InputError(f"{circuit} has {free} free parameters, expected fewer than "
                         f"{2 * len(spectrum)}, twice the points of the spectrum")  # fmt: skip
    if free == 0:
        raise InputError(f"{circuit}: every parameter is fixed, expected a free one")
    return made


def _closer(
    p: Parameter, bounds: tuple[float, float], window: tuple[float, float]
) -> tuple[float, float]:
    """Bounds that were given; of a size, 0 and infinity stand for what could be seen."""
    low, high = (float(end) for end in bounds)
    if not low < high:
        raise InputError(f"bounds of {p.name}: {low:g} to {high:g}, expected them to rise")
    if p.logarithmic:
        low = low if low != 0.0 else min(window[0], 0.1 * high)
        high = high if high < np.inf else max(window[1], 10.0 * low)
    for end in (low, high):
        check_value(p, end)
    return low, high


def _window(spectrum: Spectrum, circuit: Circuit) -> tuple[Array, Array]:
    """Bounds of all parameters: what could be seen in the spectrum, with a wide margin."""
    modulus = np.abs(spectrum.impedance)
    modulus = modulus[modulus > 0.0]
    corners = [
        (r, tau, n)
        for r in (modulus.min() / REACH, modulus.max() * REACH)
        for tau in (1.0 / (spectrum.omega[0] * REACH), REACH / spectrum.omega[-1])
        for n in (LOWEST_EXPONENT, 1.0)
    ]
    seeds = np.array([[v for e in circuit.elements for v in e.seed(*at)] for at in corners])
    low, high = seeds.min(axis=0), seeds.max(axis=0)
    for k, p in enumerate(circuit.parameters):
        low[k], high[k] = max(low[k], p.low), min(high[k], p.high)
    return low, high
