r"""A chain of RC elements with fixed time constants, fitted to a spectrum by linear least squares.

What stands beside the elements, a resistance and where asked an inductance and a capacitance, are
the last columns, so that one orthogonal factorisation serves every set of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dgeqrf

from filmcell.arrays import Array
from filmcell.impedance.spectrum import Spectrum

RESOLUTION = 1e-6
"""Residuals below this are equal: no instrument resolves more [-]."""


@dataclass(frozen=True)
class Representation:
    """What a chain describes, impedance or admittance.

    Parameters
    ----------
    symbol : str
        Z or Y.
    rising, falling : str
        Part, L or C, whose term is j omega times it, and part whose term is one over that.
    response : callable
        Real and imaginary part of an element of strength 1 at omega tau.
    """

    symbol: str
    rising: str
    falling: str
    response: Callable[[Array], tuple[Array, Array]]

    def __str__(self) -> str:
        """Show the symbol."""
        return self.symbol

    def of(self, Z: Any) -> Any:
        """Turn impedances into this, or this into impedances."""
        return Z if self.symbol == "Z" else 1.0 / Z


def _in_series(s: Array) -> tuple[Array, Array]:
    """Response 1/(1 + js)."""
    real = 1.0 / (1.0 + s * s)
    return real, -s * real


def _in_parallel(s: Array) -> tuple[Array, Array]:
    """Response js/(1 + js)."""
    real = 1.0 / (1.0 + s * s)
    return 1.0 - real, s * real


IMPEDANCE = Representation("Z", "L", "C", _in_series)
"""Resistors with capacitors beside them in series, with R, L and C in series."""

ADMITTANCE = Representation("Y", "C", "L", _in_parallel)
"""Resistors with capacitors behind them in parallel, with R, C and L in parallel."""


class Solved(NamedTuple):
    """Parameters of a chain.

    Parameters
    ----------
    strength : ndarray
        Of the elements, shape (M,) [ohm or S].
    parts : dict of str to float
        R [ohm], L [H] and C [F] beside them.
    fitted : ndarray of complex
        Impedance, shape (n,) [ohm].
    """

    strength: Array
    parts: dict[str, float]
    fitted: Any


@dataclass(frozen=True, eq=False)
class Weighted:
    """A spectrum in one representation, over its modulus.

    Parameters
    ----------
    omega : ndarray
        Angular frequencies, falling, shape (n,) [1/s].
    values : ndarray of complex
        Impedances or admittances, shape (n,) [ohm or S].
    representation : Representation
        Which of both.
    """

    omega: Array
    values: Any
    representation: Representation

    @staticmethod
    def of(spectrum: Spectrum, representation: Representation) -> "Weighted":
        """Take the values of a spectrum.

        Parameters
        ----------
        spectrum : Spectrum
            The spectrum.
        representation : Representation
            Of its impedance or of its admittance.

        Returns
        -------
        Weighted
            Its values.
        """
        return Weighted(spectrum.omega, representation.of(spectrum.impedance), representation)

    def tau(self, extension: float, M: int) -> Array:
        """Return M time constants on a logarithmic grid.

        Parameters
        ----------
        extension : float
            How far the grid reaches beyond the measured range, a factor [-].
        M : int
            Number; a single one is in the middle.

        Returns
        -------
        ndarray
            Time constants, rising, shape (M,) [s].
        """
        first, last = np.log(1.0 / extension / self.omega[0]), np.log(extension / self.omega[-1])
        return np.exp(np.linspace(first, last, M) if M > 1 else np.array([0.5 * (first + last)]))

    def columns(self, extension: float, M: int) -> Array:
        """Return the elements, one, the rising term, the falling term and the values, weighted.

        Parameters
        ----------
        extension : float
            How far the grid reaches beyond the measured range, a factor [-].
        M : int
            Number of elements.

        Returns
        -------
        ndarray
            Real parts above imaginary parts, shape (2 n, M + 4), Fortran order.
        """
        omega, n = self.omega, self.omega.size
        weight = 1.0 / np.abs(self.values)
        A = np.zeros((2 * n, M + 4), order="F")
        real, imag = self.representation.response(np.multiply.outer(omega, self.tau(extension, M)))
        A[:n, :M], A[n:, :M] = real, imag
        A[:n, M] = 1.0
        A[n:, M + 1], A[n:, M + 2] = omega / omega[0], -omega[-1] / omega
        A[:n, M + 3], A[n:, M + 3] = self.values.real, self.values.imag
        A *= np.concatenate([weight, weight])[:, None]
        return A

    def factor(self, extension: float, M: int) -> "Factor":
        """Factorise the columns.

        Parameters
        ----------
        extension : float
            How far the grid reaches beyond the measured range, a factor [-].
        M : int
            Number of elements.

        Returns
        -------
        Factor
            The triangle, from which any set of parts is solved.
        """
        triangle = dgeqrf(self.columns(extension, M), overwrite_a=True)[0][: M + 4]
        return Factor(self, extension, M, triangle)


@dataclass(frozen=True, eq=False)
class Factor:
    """The triangular factor of the columns of a chain.

    Parameters
    ----------
    weighted : Weighted
        What is fitted.
    extension : float
        How far the grid reaches beyond the measured range, a factor [-].
    M : int
        Number of elements.
    triangle : ndarray
        Upper triangle, shape (M + 4, M + 4); below it anything.
    """

    weighted: Weighted
    extension: float
    M: int
    triangle: Array

    def squares(self, parts: Sequence[str]) -> float:
        """Return the sum of squared residuals with a set of parts.

        Parameters
        ----------
        parts : sequence of str
            R, and any of L and C.

        Returns
        -------
        float
            Sum over real and imaginary parts, over the squared modulus [-].
        """
        T, M = self.triangle, self.M
        a, b, c = T[M + 1, M + 3], T[M + 2, M + 3], T[M + 3, M + 3]
        rising, falling = self._taken(parts)
        if rising and falling:
            return float(c * c)
        if rising:
            return float(b * b + c * c)
        if falling:
            p, q = T[M + 1, M + 2], T[M + 2, M + 2]
            return float((a * q - b * p) ** 2 / (p * p + q * q) + c * c)
        return float(a * a + b * b + c * c)

    def information(self, parts: Sequence[str]) -> float:
        """Return the corrected information criterion of Akaike with a set of parts.

        Parameters
        ----------
        parts : sequence of str
            R, and any of L and C.

        Returns
        -------
        float
            AICc of 2 n numbers and M + parts + 1 parameters, the last the noise [-].
        """
        N, k = 2 * self.weighted.omega.size, self.M + len(parts) + 1
        left = N - k - 1
        if left <= 0:
            return float("inf")
        mean = self.squares(parts) / N + RESOLUTION**2
        return float(N * np.log(mean) + 2 * k + 2 * k * (k + 1) / left)

    def coefficients(self, parts: Sequence[str]) -> tuple[Array, float, float]:
        """Return what multiplies each column.

        Parameters
        ----------
        parts : sequence of str
            R, and any of L and C.

        Returns
        -------
        ndarray
            Of the elements and of one, shape (M + 1,).
        float
            Of the rising term.
        float
            Of the falling term.
        """
        T, M = self.triangle, self.M
        rising, falling = self._taken(parts)
        a, b = T[M + 1, M + 3], T[M + 2, M + 3]
        p, q = T[M + 1, M + 2], T[M + 2, M + 2]
        down = (b / q if rising else (a * p + b * q) / (p * p + q * q)) if falling else 0.0
        up = (a - p * down) / T[M + 1, M + 1] if rising else 0.0
        right = T[: M + 1, M + 3] - T[: M + 1, M + 1] * up - T[: M + 1, M + 2] * down
        x = solve_triangular(T[: M + 1, : M + 1], right, check_finite=False)
        return x, float(up), float(down)

    def mu(self, parts: Sequence[str]) -> float:
        """Return one less the sum of the negative over that of the positive strengths.

        Parameters
        ----------
        parts : sequence of str
            R, and any of L and C.

        Returns
        -------
        float
            1 where none is negative [-].
        """
        strength = self.coefficients(parts)[0][: self.M]
        plus = float(strength[strength >= 0.0].sum())
        return 1.0 + float(strength[strength < 0.0].sum()) / plus if plus > 0.0 else -np.inf

    def solve(self, parts: Sequence[str]) -> Solved:
        """Return the chain with a set of parts.

        Parameters
        ----------
        parts : sequence of str
            R, and any of L and C.

        Returns
        -------
        Solved
            Strengths, parts in their units, and the impedance.
        """
        kind, omega = self.weighted.representation, self.weighted.omega
        x, up, down = self.coefficients(parts)
        s = np.multiply.outer(omega, self.weighted.tau(self.extension, self.M))
        real, imag = kind.response(s)
        values = (
            real @ x[: self.M]
            + x[self.M]
            + 1j * (imag @ x[: self.M] + up * omega / omega[0] - down * omega[-1] / omega)
        )
        with np.errstate(divide="ignore"):
            found = {"R": kind.of(x[self.M]), kind.rising: up / omega[0],
                     kind.falling: 1.0 / np.float64(down * omega[-1])}  # fmt: skip
        return Solved(x[: self.M], {k: float(found[k]) for k in parts}, kind.of(values))

    def _taken(self, parts: Sequence[str]) -> tuple[bool, bool]:
        """Whether the rising and the falling term are among the parts."""
        kind = self.weighted.representation
        return kind.rising in parts, kind.falling in parts
