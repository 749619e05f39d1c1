r"""The peaks of a distribution of relaxation times: where, how much, how wide, how sure.

The maximum of a regularised curve wanders with the noise, by 10 % and more in time, and the tails
of neighbours overlap. So each peak is described by the distribution of a depressed arc (Cole-Cole),
which is a single RC element for n = 1,

.. math:: \gamma = \frac{R}{2 \pi}
          \frac{\sin((1 - n) \pi)}{\cosh(n \ln(\tau / \tau_0)) - \cos((1 - n) \pi)},
          \qquad Z = \frac{R}{1 + (j \omega \tau_0)^n}

and R, tau_0 and n of all peaks together are fitted to the spectrum itself. One peak after the other
is placed where the curve has most that the others do not explain, or beside a peak that is then
split. The number is the one with the smallest Bayesian information criterion (BIC), as long as each
peak inside the measured range is known to better than half of its area.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.impedance.drt_problem import PER_DECADE, Beside, Noise, Problem, stacked

MOST = 8
"""Most peaks that are looked for."""

RESOLUTION = 1e-6
"""Residuals below this are equal: no instrument resolves more [-]."""

_BROADEST = 0.3
_REACH = np.log(100.0)
_START = 0.85
_APART = 0.8
_BLUR = 0.5
_FLANK = np.log(10.0) / 2.0
_LARGEST = 3.0
_TRIED = 4
_QUICK = 8
_THOROUGH = 40
_GIVE_UP = 2


@dataclass(frozen=True)
class Peak:
    """A process with a distribution of relaxation times around one.

    Parameters
    ----------
    tau : float
        Relaxation time at the maximum [s].
    resistance : float
        Area below the peak; negative in an inductive loop [ohm].
    exponent : float
        Exponent n of the depressed arc, 1 for a single RC element [-].
    tau_error : float
        Standard error of ln tau [-].
    resistance_error : float
        Standard error of the area [ohm].
    exponent_error : float
        Standard error of the exponent, 0 where it is at its bound [-].

    Examples
    --------
    >>> peak = Peak(1e-3, 50.0, 0.8)
    >>> print(f"{peak.frequency:.4g} Hz, {peak.width:.4g}, {peak.capacitance:.4g} F")
    159.2 Hz, 1.521, 2e-05 F
    """

    tau: float
    resistance: float
    exponent: float
    tau_error: float = 0.0
    resistance_error: float = 0.0
    exponent_error: float = 0.0

    @property
    def frequency(self) -> float:
        """Frequency at the maximum [Hz]."""
        return float(1.0 / (2.0 * np.pi * self.tau))

    @property
    def width(self) -> float:
        """Width at half the height in ln tau, 0 for a single RC element [-]."""
        return float(2.0 * np.arccosh(2.0 + np.cos(self.exponent * np.pi)) / self.exponent)

    @property
    def capacitance(self) -> float:
        """Effective capacitance, relaxation time over resistance [F]."""
        return self.tau / self.resistance

    def gamma(self, tau: Array) -> Array:
        """Return its distribution over ln tau.

        Parameters
        ----------
        tau : ndarray
            Relaxation times [s].

        Returns
        -------
        ndarray
            Same shape [ohm]; very high and narrow for n near 1.
        """
        return self.resistance * cole_cole(np.log(tau / self.tau), self.exponent)


def cole_cole(x: Any, n: Any) -> Array:
    """Distribution of a depressed arc of 1 ohm over the logarithm of tau.

    Parameters
    ----------
    x : array_like
        ln(tau / tau_0) [-].
    n : array_like
        Exponent, above 0 and up to 1 [-].

    Returns
    -------
    ndarray
        Density [-]; its integral over x is 1.

    Examples
    --------
    >>> print(f"{cole_cole(0.0, 0.8):.6f}")
    0.489829
    """
    n = np.minimum(n, 1.0 - 1e-6)
    below = np.cosh(np.minimum(n * np.abs(x), 300.0)) + np.cos(n * np.pi)
    return np.sin(n * np.pi) / (2.0 * np.pi * below)


class Fit(NamedTuple):
    """Peaks and series parts fitted to a spectrum, in the units of the problem.

    Parameters
    ----------
    plain : ndarray
        Sizes of the series parts, shape (k,).
    beside : Beside
        Which they are, with the exponent of the tail.
    peaks : ndarray
        R, ln tau and n of each, shape (K, 3).
    errors : ndarray
        Their standard errors, shape (K, 3).
    squares : float
        Sum of squared weighted residuals.
    """

    plain: Array
    beside: Beside
    peaks: Array
    errors: Array
    squares: float


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum of depressed arcs and series parts, as a least-squares problem.

    Parameters
    ----------
    problem : Problem
        What was measured.
    beside : Beside
        Parts in series; an exponent of the tail other than 1 and 1/2 is fitted too.
    noise : Noise
        Kind of noise.
    positive : bool
        Whether no peak may be negative.
    """

    problem: Problem
    beside: Beside
    noise: Noise
    positive: bool

    @property
    def free(self) -> bool:
        """Whether the exponent of the tail is fitted."""
        return self.beside.exponent not in {0.0, 0.5, 1.0}

    @cached_property
    def weights(self) -> Array:
        """Weights of the points, shape (n,)."""
        return self.problem.weights(self.noise)

    @cached_property
    def data(self) -> Array:
        """Weighted data, shape (N,)."""
        return stacked(self.weights * self.problem.Z)

    @cached_property
    def log(self) -> Any:
        """Logarithm of j omega, shape (n,)."""
        return np.log(1j * self.problem.omega)

    @cached_property
    def known(self) -> Array:
        """Weighted impedances of the series parts, shape (N, k)."""
        return self._rows(self.problem.plain(self.beside))

    def arcs(self, x: Array, n: Array) -> tuple[Any, Any, Any]:
        """Return arcs of 1 ohm and their derivatives by ln tau and n, each of shape (N, K)."""
        s = self.log[:, None] + x
        u = np.exp(n * s)
        z = 1.0 / (1.0 + u)
        slope = -u * z * z
        return self._rows(z), self._rows(n * slope), self._rows(s * slope)

    def _rows(self, values: Any) -> Array:
        """Weigh and stack."""
        return stacked(values * self.weights[:, None])

    def tail(self, n: float) -> tuple[Array, Array]:
        """Return the series parts with a tail of exponent n, and its derivative by n, (N, 1)."""
        if not self.free:
            return self.known, np.empty((self.data.size, 0))
        plain = self._rows(self.problem.plain(Beside(self.beside.inductance, n)))
        log = self.log - np.log(self.problem.omega[-1])
        slope = self._rows((-log * np.exp(-n * log))[:, None])
        return plain, slope

    def split(self, q: Array) -> tuple[Array, float, Array]:
        """Return series parts, exponent of the tail, and R, ln tau and n of the peaks, (3, K)."""
        k = self.beside.count
        return q[:k], float(q[k]) if self.free else 0.0, q[k + self.free :].reshape(-1, 3).T

    def residual(self, q: Array) -> Array:
        """Return computed less measured, weighted, shape (N,)."""
        p, n, (R, x, m) = self.split(q)
        return self.tail(n)[0] @ p + self.arcs(x, m)[0] @ R - self.data

    def jacobian(self, q: Array) -> Array:
        """Return the derivatives of the residual, shape (N, len(q))."""
        p, n, (R, x, m) = self.split(q)
        plain, slope = self.tail(n)
        z, by_x, by_n = self.arcs(x, m)
        peaks = np.stack([z, R * by_x, R * by_n], axis=-1).reshape(z.shape[0], -1)
        return np.hstack([plain, p[-1] * slope, peaks])

    def bounds(self, K: int) -> tuple[Array, Array]:
        """Return what the parameters lie between."""
        k, end = self.beside.count, -np.log(self.problem.omega[-1]) + _REACH
        least, most = (0.0, np.inf) if self.positive else (-np.inf, np.inf)
        low = [least] * k + [_BROADEST] * self.free + [least, -end, _BROADEST] * K
        high = [most] * k + [1.0] * self.free + [most, end, 1.0] * K
        return np.array(low), np.array(high)

    def start(self, x: Array, n: Array) -> Array:
        """Return the best sizes of given peaks, with everything else."""
        from scipy.optimize import nnls

        A = np.hstack([self.tail(self.beside.exponent)[0], self.arcs(x, n)[0]])
        b = self.data
        size = nnls(A, b)[0] if self.positive else np.linalg.lstsq(A, b, rcond=None)[0]
        k = self.beside.count
        peaks = np.column_stack([size[k:], x, n]).ravel()
        return np.concatenate([size[:k], [self.beside.exponent] * self.free, peaks])

    def fit(self, x: Array, n: Array, most: int = _THOROUGH) -> Fit:
        """Fit all peaks from starts of ln tau and n.

        Parameters
        ----------
        x : ndarray
            ln tau, shape (K,).
        n : ndarray
            Exponents, shape (K,).
        most : int
            Most evaluations.

        Returns
        -------
        Fit
            The fit.
        """
        from scipy.optimize import least_squares

        low, high = self.bounds(x.size)
        inside = np.clip(self.start(x, n), low + 1e-12, high - 1e-9)
        done = least_squares(self.residual, inside, self.jacobian, (low, high), x_scale="jac",
                             max_nfev=most, ftol=1e-10, xtol=1e-10, gtol=1e-14)  # fmt: skip
        p, exponent, peaks = self.split(done.x)
        beside = Beside(self.beside.inductance, exponent) if self.free else self.beside
        errors = self.split(_errors(done.jac, 2.0 * done.cost, done.active_mask != 0))[2]
        return Fit(p, beside, peaks.T, errors.T, 2.0 * float(done.cost))

    def information(self, fit: Fit) -> float:
        """Return the Bayesian information criterion of a fit."""
        N = 2 * self.problem.omega.size
        least = (RESOLUTION * np.exp(np.mean(np.log(np.abs(self.problem.Z))))) ** 2
        count = fit.beside.cost + fit.peaks.size
        return float(N * np.log(fit.squares / N + least) + count * np.log(N))


def _errors(J: Array, squares: float, bound: Any) -> Array:
    """Standard errors of parameters, 0 for those at a bound."""
    out = np.zeros(J.shape[1])
    free = J[:, ~bound]
    scale = np.linalg.norm(free, axis=0)
    scale = np.where(scale > 0.0, scale, 1.0)
    inverse = np.linalg.pinv((free / scale).T @ (free / scale), hermitian=True)
    variance = squares / max(J.shape[0] - free.shape[1], 1)
    out[~bound] = np.sqrt(np.maximum(np.diag(inverse), 0.0) * variance) / scale
    return out


def find(total: Sum, gamma: Array) -> Fit:
    """Find the peaks of a distribution.

    Parameters
    ----------
    total : Sum
        What is fitted to the spectrum; where it has a tail, peaks are also looked for with other
        tails and without one: a slow process that is not seen to its end looks like a tail, and a
        distribution can take over a part of it.
    gamma : ndarray
        Distribution on the grid of the problem, shape (m,).

    Returns
    -------
    Fit
        The fit with the smallest information criterion among those whose peaks inside the measured
        range are all known to better than half of their area.
    """
    exponent = total.beside.exponent
    kinds = {exponent, 0.0, 0.5, _START if exponent == 1.0 else exponent} if exponent else {0.0}
    sums = [replace(total, beside=replace(total.beside, exponent=n)) for n in sorted(kinds)]
    return min((_found(kind, gamma) for kind in sums), key=total.information)


def _found(total: Sum, gamma: Array) -> Fit:
    """Add one peak after the other, and choose among the fits."""
    fits = [total.fit(np.empty(0), np.empty(0))]
    best = 0
    while len(fits) <= MOST and len(fits) - best <= _GIVE_UP:
        starts = _starts(total, gamma, fits[-1])
        tried = [total.fit(*start, _QUICK) for start in starts]
        first = min(tried, key=lambda fit: (not _sound(total, fit), fit.squares))
        fits.append(total.fit(first.peaks[:, 1], first.peaks[:, 2]))
        if total.information(fits[-1]) < total.information(fits[best]):
            best = len(fits) - 1
    return min((fit for fit in fits if _known(total, fit)), key=total.information)


def shown(problem: Problem, fit: Fit) -> Any:
    """Say which peaks the measured frequencies show.

    Parameters
    ----------
    problem : Problem
        The problem.
    fit : Fit
        Its peaks.

    Returns
    -------
    ndarray of bool
        Shape (K,). A peak up to half a decade beyond the measured range shows a flank and counts if
        it is known; one as broad as is allowed is a background and does not count.
    """
    reach = np.abs(fit.peaks[:, 1]) - np.log(problem.omega[0])
    return ((reach <= 1e-9) | ((reach <= _FLANK) & _determined(fit))) & ~_broad(fit)


def _determined(fit: Fit) -> Any:
    """Which peaks are known to better than half of their area."""
    return fit.errors[:, 0] < 0.5 * np.abs(fit.peaks[:, 0])


def _broad(fit: Fit) -> Any:
    """Which peaks are as broad as is allowed."""
    return fit.peaks[:, 2] < _BROADEST + 1e-6


def _known(total: Sum, fit: Fit) -> bool:
    """Whether each peak inside is determined, and none of any sign hides behind another."""
    here = np.abs(fit.peaks[:, 1]) <= np.log(total.problem.omega[0]) + 1e-9
    return _sound(total, fit) and bool(np.all((_determined(fit) | _broad(fit))[here]))


def _sound(total: Sum, fit: Fit) -> bool:
    """Whether no peak is so large that another of the other sign has to make up for it."""
    return total.positive or bool(np.all(np.abs(fit.peaks[:, 0]) < _LARGEST))


def _starts(total: Sum, gamma: Array, fit: Fit) -> list[tuple[Array, Array]]:
    """The most promising ways to add one peak: where gamma is not explained, or by a split."""
    x, n = fit.peaks[:, 1], fit.peaks[:, 2]
    ways = [(np.append(x, new), np.append(n, _START)) for new in _unexplained(total, gamma, fit)]
    for k in range(x.size):
        pair = np.array([x[k] - _APART, x[k] + _APART])
        ways.append((np.append(np.delete(x, k), pair), np.append(np.delete(n, k), [0.9, 0.9])))

    def misfit(way: tuple[Array, Array]) -> float:
        left = total.residual(total.start(*way))
        return float(left @ left)

    return sorted(ways, key=misfit)[:_TRIED]


def _unexplained(total: Sum, gamma: Array, fit: Fit) -> list[float]:
    """Where the smoothed rest of gamma is largest, the largest first."""
    problem = total.problem
    grid = problem.x
    explained = sum((R * cole_cole(grid - x, n) for R, x, n in fit.peaks), np.zeros(grid.size))
    u = problem.h * np.arange(-PER_DECADE, PER_DECADE + 1)
    bell = np.exp(-0.5 * (u / _BLUR) ** 2)
    rest = np.convolve(gamma - explained, bell / bell.sum(), "same")
    rest = rest if total.positive else np.abs(rest)
    top = (
        (rest[1:-1] >= rest[:-2])
        & (rest[1:-1] > rest[2:])
        & (np.abs(grid[1:-1]) <= np.log(problem.omega[0]) + _FLANK)
    )
    at = 1 + np.flatnonzero(top)
    chosen = at[np.argsort(-rest[at], kind="stable")][:_TRIED]
    end = np.log(problem.omega[0]) + _FLANK
    return [*(float(v) for v in grid[chosen]), -end, end]
