r"""Distribution of relaxation times: the processes in a spectrum, without a circuit.

.. math:: Z(\omega) = R_\infty + j \omega L + \frac{1}{Q (j \omega)^n}
          + \int \frac{\gamma(\tau)}{1 + j \omega \tau} \, d \ln \tau

gamma is the smoothest curve that describes the data; how smooth, is weighed by the evidence: the
probability of the data with gamma integrated out. Inductance and blocking tail are taken out where
the evidence asks for them, and the result says so. A second curve with a tenth of the smoothing
shows which features depend on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.errors import InputError
from filmcell.impedance import drt_peaks
from filmcell.impedance.drt_peaks import Peak
from filmcell.impedance.drt_problem import CANDIDATES, NOISES, Beside, Noise, Problem
from filmcell.impedance.drt_sign import AsTheDataAsk, Sign, Solution, solved
from filmcell.impedance.drt_smoothing import Evidence, Rule, rank
from filmcell.impedance.spectrum import Spectrum

LEAST_POINTS = 8
"""Fewest points from which a distribution is taken."""

COMPARED = 10.0
"""By which factor the second curve is smoothed less."""


class Curve(NamedTuple):
    """A distribution for comparison.

    Parameters
    ----------
    smoothing : float
        Strength lambda of its smoothing [-].
    gamma : ndarray
        On the same relaxation times, shape (m,) [ohm].
    """

    smoothing: float
    gamma: Array


@dataclass(frozen=True, eq=False)
class Distribution:
    """A distribution of relaxation times and what was taken out of the spectrum first.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    tau : ndarray
        Relaxation times, rising, evenly spaced in ln tau, shape (m,) [s].
    gamma : ndarray
        Distribution over ln tau, shape (m,) [ohm].
    error : ndarray
        Its standard error under the model of a smooth curve, shape (m,) [ohm].
    compared : Curve
        The same with a tenth of the smoothing.
    smoothing : float
        Strength lambda of the smoothing, for Z over its largest modulus [-].
    noise : ndarray
        Estimated noise of real and of imaginary part, shape (n,) [ohm].
    noise_kind : Noise
        How it goes with the modulus.
    positive : bool
        Whether gamma was not allowed to be negative.
    polarisation_error : float
        Standard error of the area below gamma [ohm].
    series : dict of str to float
        What was taken out: R [ohm]; where they are there L [H], and C [F] or Q [s^n/ohm] with n.
    peaks : tuple of Peak
        Peaks inside the measured range, the fastest first.
    beyond : tuple of Peak
        What else was needed: slower or faster than measured, or so broad that it is a background.
    impedance : ndarray of complex
        Impedance of the distribution and the series parts, shape (n,) [ohm].

    Notes
    -----
    Errors of gamma do not know that gamma is positive and are too wide where it is near 0.
    """

    spectrum: Spectrum
    tau: Array
    gamma: Array
    error: Array
    compared: Curve
    smoothing: float
    noise: Array
    noise_kind: Noise
    positive: bool
    polarisation_error: float
    series: dict[str, float]
    peaks: tuple[Peak, ...]
    beyond: tuple[Peak, ...]
    impedance: Any

    @property
    def polarisation(self) -> float:
        """Area below gamma, the resistance between both ends of the frequencies [ohm]."""
        return float(self.gamma.sum() * np.log(self.tau[1] / self.tau[0]))

    @property
    def residual(self) -> Any:
        """Measured less computed over the modulus of the measured, shape (n,) [-]."""
        Z = self.spectrum.impedance
        return (Z - self.impedance) / np.abs(Z)

    @property
    def rms(self) -> float:
        """Root mean square of the modulus of the residual [-]."""
        return float(np.sqrt(np.mean(np.abs(self.residual) ** 2)))

    @property
    def band(self) -> tuple[Array, Array]:
        """Band of 95 %, below and above gamma, not below 0 where gamma may not be [ohm]."""
        low, high = self.gamma - 1.96 * self.error, self.gamma + 1.96 * self.error
        return (np.maximum(low, 0.0) if self.positive else low), high

    @property
    def taken_out(self) -> str:
        """What was taken out of the spectrum first, a sentence."""
        units = {"R": " ohm", "L": " H", "C": " F", "Q": " s^n/ohm", "n": ""}
        found = ", ".join(f"{k} = {v:.4g}{units[k]}" for k, v in self.series.items())
        sign = "not allowed to be negative" if self.positive else "negative where the data ask"
        return f"taken out in series: {found}; gamma is {sign}; noise {self.noise_kind}"


def relaxation_times(
    spectrum: Spectrum,
    *,
    smoothing: Rule | None = None,
    sign: Sign | None = None,
    noises: Sequence[Noise] = NOISES,
    series: Sequence[Beside] = CANDIDATES,
) -> Distribution:
    """Find the distribution of relaxation times of a spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        Measured or computed impedances [ohm].
    smoothing : Rule, optional
        Rule for the strength of the smoothing: `Evidence` if not given, `CrossValidation`,
        `LCurve` or `Fixed`.
    sign : Sign, optional
        `AsTheDataAsk` if not given, `Positive` or `AnySign`.
    noises : sequence of Noise
        Kinds of noise among which the evidence chooses.
    series : sequence of Beside
        Parts in series among which the evidence chooses.

    Returns
    -------
    Distribution
        The distribution, its peaks and what was taken out first.

    Raises
    ------
    InputError
        Where the spectrum has fewer than eight points or an impedance of zero.

    References
    ----------
    MacKay, Neural Computation 4 (1992) 415, doi 10.1162/neco.1992.4.3.415 (evidence). Ciucci &
    Chen, Electrochim. Acta 167 (2015) 439, doi 10.1016/j.electacta.2015.03.123. Huang, Papac &
    O'Hayre, Electrochim. Acta 367 (2021) 137493, doi 10.1016/j.electacta.2020.137493.

    Examples
    --------
    A depressed arc of 50 ohm at 0.1 s behind 10 ohm:

    >>> from filmcell.physics.impedance import zarc
    >>> omega = 2 * np.pi * np.geomspace(1e4, 1e-2, 61)
    >>> s = Spectrum(omega / (2 * np.pi), 10 + zarc(omega, 50.0, 0.1, 0.8))
    >>> (peak,) = relaxation_times(s).peaks
    >>> print(f"{peak.resistance:.3f} ohm at {peak.tau:.4f} s, n = {peak.exponent:.3f}")
    50.000 ohm at 0.1000 s, n = 0.800
    """
    _refuse(spectrum)
    problem = Problem(spectrum)
    ranking = rank(problem, smoothing or Evidence(), noises, series)
    solution = (sign or AsTheDataAsk()).solve(ranking)
    other = solved(solution.ranked, solution.lam / COMPARED, positive=solution.positive)
    return _described(problem, solution, other)


def peaks_of(distribution: Distribution) -> tuple[Peak, ...]:
    """Peaks of a distribution inside the measured range.

    Parameters
    ----------
    distribution : Distribution
        What `relaxation_times` returned.

    Returns
    -------
    tuple of Peak
        The fastest first: `tau` [s], `resistance` [ohm], `exponent` [-], their errors, `width`,
        `frequency` [Hz] and `capacitance` [F].
    """
    return distribution.peaks


def _refuse(spectrum: Spectrum) -> None:
    """Refuse what has no distribution."""
    what = spectrum.name or "spectrum"
    if len(spectrum) < LEAST_POINTS:
        raise InputError(
            f"{what}: {len(spectrum)} points, expected at least {LEAST_POINTS} for a distribution "
            "of relaxation times"
        )
    if not np.all(np.abs(spectrum.impedance) > 0.0):
        raise InputError(f"{what}: has an impedance of 0, expected a modulus to weigh by")


def _described(problem: Problem, solution: Solution, other: Solution) -> Distribution:
    """Put units on a solution, and find its peaks."""
    ranked, k = solution.ranked, solution.plain.size
    triangle = ranked.triangle(solution.lam)
    area = np.concatenate([np.zeros(k), np.full(solution.gamma.size, problem.h)])
    total = drt_peaks.Sum(problem, ranked.beside, ranked.noise, solution.positive)
    fit = drt_peaks.find(total, solution.gamma)
    shown = drt_peaks.shown(problem, fit)
    Z = problem.plain(ranked.beside) @ solution.plain + problem.kernel @ solution.gamma
    return Distribution(
        problem.spectrum,
        tau=frozen(problem.second * np.exp(problem.x), own=True),
        gamma=frozen(problem.ohm * solution.gamma, own=True),
        error=frozen(problem.ohm * ranked.sigma * triangle.spread()[k:], own=True),
        compared=Curve(other.lam, frozen(problem.ohm * other.gamma, own=True)),
        smoothing=solution.lam,
        noise=frozen(problem.ohm * ranked.sigma / problem.weights(ranked.noise), own=True),
        noise_kind=ranked.noise,
        positive=solution.positive,
        polarisation_error=problem.ohm * ranked.sigma * triangle.spread_of(area),
        series=problem.series(ranked.beside, solution.plain),
        peaks=_with_units(problem, fit, shown),
        beyond=_with_units(problem, fit, ~shown),
        impedance=problem.ohm * Z,
    )


def _with_units(problem: Problem, fit: drt_peaks.Fit, chosen: Any) -> tuple[Peak, ...]:
    """Chosen peaks of a fit that have any area, the fastest first."""
    found = []
    for k in np.argsort(fit.peaks[:, 1]):
        (R, x, n), (dR, dx, dn) = fit.peaks[k], fit.errors[k]
        if chosen[k] and abs(R) > drt_peaks.RESOLUTION:
            found.append(
                Peak(
                    tau=float(problem.second * np.exp(x)),
                    resistance=float(problem.ohm * R),
                    exponent=float(n),
                    tau_error=float(dx),
                    resistance_error=float(problem.ohm * dR),
                    exponent_error=float(dn),
                )
            )
    return tuple(found)
