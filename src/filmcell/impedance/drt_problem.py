r"""The linear problem behind a distribution of relaxation times.

.. math:: Z(\omega) = R_\infty + j \omega L + \frac{1}{Q (j \omega)^n}
          + \int \frac{\gamma(\tau)}{1 + j \omega \tau} \, d \ln \tau

gamma is a straight line between the points of a grid in ln tau, so that none of it lies between
two points unseen, and a gamma without negative values is one without negative coefficients. The
impedance is taken over its largest modulus and the frequency over the middle one: what follows
knows neither ohm nor second.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from filmcell.arrays import Array, as_array
from filmcell.impedance.spectrum import Spectrum
from filmcell.numerics.tikhonov import Smooth, curvature

PER_DECADE = 20
"""Points of the grid in a decade: a single RC element between two of them is met to 0.03 %."""

MARGIN = 1.0
"""How far the grid reaches beyond the measured range at both ends, decades."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)


def stacked(values: Any) -> Array:
    """Real parts above imaginary parts.

    Parameters
    ----------
    values : ndarray of complex
        Shape (n,) or (n, k).

    Returns
    -------
    ndarray
        Shape (2 n,) or (2 n, k).
    """
    return np.concatenate([values.real, values.imag])


def _rounded(values: Array) -> Array:
    """Keep 40 bits, so that another unit of what is measured gives the same numbers."""
    mantissa, exponent = np.frexp(values)
    return as_array(np.ldexp(np.round(mantissa * 2.0**40), exponent - 40))


@dataclass(frozen=True)
class Noise:
    """Noise that goes with a power of the modulus.

    Parameters
    ----------
    exponent : float
        0: the same everywhere; 1: a fraction of the modulus [-].
    """

    exponent: float

    def __str__(self) -> str:
        """Say it."""
        known = {0.0: "the same at all frequencies", 1.0: "proportional to the modulus"}
        return known.get(self.exponent, f"proportional to the modulus to the {self.exponent:g}")

    def weights(self, modulus: Array) -> Array:
        """Return one over the noise, with 1 for its geometric mean.

        Parameters
        ----------
        modulus : ndarray
            Moduli of the impedance, shape (n,).

        Returns
        -------
        ndarray
            Weights, shape (n,). Their product is 1, so that likelihoods can be compared.
        """
        log = np.log(modulus)
        return as_array(np.exp(-self.exponent * (log - log.mean())))


UNIFORM = Noise(0.0)
"""Noise that is the same at all frequencies."""

MODULUS = Noise(1.0)
"""Noise that is a fraction of the modulus."""

NOISES = (MODULUS, Noise(0.5), UNIFORM)
"""Kinds of noise among which the data choose."""


@dataclass(frozen=True)
class Beside:
    """What stands in series with the relaxations, besides the resistance.

    Parameters
    ----------
    inductance : bool
        Whether there is an inductance.
    exponent : float
        Exponent n of a tail 1/(Q (j omega)^n): 1 for a capacitance, 1/2 for diffusion into a
        half-space, 0 for none [-].
    """

    inductance: bool = False
    exponent: float = 0.0

    @property
    def count(self) -> int:
        """Number of plain unknowns, with the resistance."""
        return 1 + self.inductance + (self.exponent > 0.0)

    @property
    def cost(self) -> int:
        """Number of parameters that the data had to determine: theory gives 1 and 1/2."""
        return self.count + (self.exponent not in {0.0, 0.5, 1.0})


_EXPONENTS = tuple(float(n) for n in np.round(np.arange(0.5, 1.001, 0.02), 2))
CANDIDATES = tuple(Beside(L, n) for L in (False, True) for n in (0.0, *_EXPONENTS))
"""What may stand in series: an inductance or none, a tail from diffusion to blocking or none."""


@dataclass(frozen=True, eq=False)
class Problem:
    """A spectrum in its own units, and the grid of its distribution.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    """

    spectrum: Spectrum

    @cached_property
    def ohm(self) -> float:
        """Unit of the impedance [ohm]."""
        return float(np.max(np.abs(self.spectrum.impedance)))

    @cached_property
    def second(self) -> float:
        """Unit of time [s]."""
        omega = self.spectrum.omega
        return float(1.0 / np.sqrt(omega[0] * omega[-1]))

    @cached_property
    def Z(self) -> Any:
        """Impedances, shape (n,)."""
        Z = self.spectrum.impedance / self.ohm
        return _rounded(Z.real) + 1j * _rounded(Z.imag)

    @cached_property
    def omega(self) -> Array:
        """Angular frequencies, shape (n,)."""
        return _rounded(self.spectrum.omega * self.second)

    @property
    def h(self) -> float:
        """Distance of the points of the grid, in ln tau."""
        return float(np.log(10.0) / PER_DECADE)

    @cached_property
    def x(self) -> Array:
        """Grid of ln tau, rising, shape (m,)."""
        reach = -np.log(self.omega[-1]) + MARGIN * np.log(10.0)
        half = int(np.ceil(reach / self.h - 1e-9))
        return self.h * np.arange(-half, half + 1, dtype=np.float64)

    @cached_property
    def kernel(self) -> Any:
        """Impedance of a gamma that is 1 at one point and 0 at the others, shape (n, m)."""
        u = np.concatenate([_NODES - 1.0, _NODES + 1.0]) / 2.0
        share = np.concatenate([_WEIGHTS, _WEIGHTS]) / 2.0 * (1.0 - np.abs(u)) * self.h
        out = np.zeros((self.omega.size, self.x.size), dtype=np.complex128)
        for node, part in zip(u, share, strict=True):
            out += part / (1.0 + 1j * np.multiply.outer(self.omega, np.exp(self.x + self.h * node)))
        return out

    def weights(self, noise: Noise) -> Array:
        """Return the weights of the points for a kind of noise, shape (n,)."""
        modulus: Array = np.abs(self.Z)
        return noise.weights(modulus)

    def weighted(self, values: Any, noise: Noise) -> Array:
        """Weigh complex numbers and stack them.

        Parameters
        ----------
        values : ndarray of complex
            Shape (n,) or (n, k).
        noise : Noise
            Kind of noise.

        Returns
        -------
        ndarray
            Shape (2 n,) or (2 n, k).
        """
        w = self.weights(noise)
        return stacked(values * (w if values.ndim == 1 else w[:, None]))

    def plain(self, beside: Beside) -> Any:
        """Impedance of 1 of each series part, scaled to the modulus at the end where it counts.

        Parameters
        ----------
        beside : Beside
            Which parts there are.

        Returns
        -------
        ndarray of complex
            Resistance, inductance, tail: shape (n, k).
        """
        s = 1j * self.omega
        columns = [np.ones_like(s)]
        if beside.inductance:
            columns.append(s / self.omega[0])
        if beside.exponent > 0.0:
            columns.append((s / self.omega[-1]) ** -beside.exponent)
        return np.column_stack(columns)

    def smooth(self, noise: Noise) -> Smooth:
        """Decompose the problem for a kind of noise.

        Parameters
        ----------
        noise : Noise
            Kind of noise.

        Returns
        -------
        Smooth
            The decomposition.
        """
        return Smooth.of(self.weighted(self.kernel, noise), curvature(self.x.size, self.h))

    def series(self, beside: Beside, p: Array) -> dict[str, float]:
        """Turn plain unknowns into parts with units.

        Parameters
        ----------
        beside : Beside
            Which parts there are.
        p : ndarray
            Their sizes in the units of the problem, shape (k,).

        Returns
        -------
        dict of str to float
            R [ohm]; where they are there L [H], and C [F] or Q [s^n/ohm] with n [-].
        """
        found = {"R": float(p[0] * self.ohm)}
        if beside.inductance:
            found["L"] = float(p[1] * self.ohm * self.second / self.omega[0])
        if beside.exponent > 0.0:
            n = beside.exponent
            size = float(p[-1] * self.ohm * (self.omega[-1] / self.second) ** n)
            value = 1.0 / size if size > 0.0 else float("inf")
            found |= {"C": value} if n == 1.0 else {"Q": value, "n": n}
        return found
