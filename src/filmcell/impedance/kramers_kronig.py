r"""Linear Kramers-Kronig test: whether a spectrum is that of a linear, causal, stable system.

A chain of M RC elements with fixed time constants, with a resistance and where it helps an
inductance and a capacitance, obeys the Kramers-Kronig relations whatever its parameters are. Its
parameters are a linear least squares, with the modulus as weight, so that every M is tried:

.. math:: Z = R + j \omega L + \frac{1}{j \omega C} + \sum_k \frac{R_k}{1 + j \omega \tau_k},
          \qquad
          Y = \frac{1}{R} + j \omega C + \frac{1}{j \omega L}
              + \sum_k \frac{j \omega \tau_k \, G_k}{1 + j \omega \tau_k}

What it leaves is noise or a violation. A series capacitance lets blocking electrodes pass, negative
R_k let inductive loops pass, and the chain of Y describes what has no chain of Z.

**How M is chosen.** By the information criterion of Akaike, corrected for few numbers (AICc),
over the number of elements, both representations, with and without L and C, and a chain that
reaches slightly beyond the measured range. It asks whether the drop of the residual is worth the
parameters, and so needs no limit that somebody has to set. The older criterion mu (Schoenleber et
al.) looks for R_k that alternate in sign; it stops too early where R_k are negative for a reason,
as in an inductive loop. It is reported, and `ByMu` chooses by it. No more than half as many
elements as points are chosen and five per decade: a denser chain describes nothing that a
relaxation can do, but follows drifts and takes the teeth out of the test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.rc_chain import ADMITTANCE, IMPEDANCE, Representation, Weighted
from filmcell.impedance.spectrum import Spectrum

LEAST_POINTS = 6
"""Fewest points that leave something to test."""

LINE = 0.015
"""Residual at which a spectrum no longer passes, root mean square over the modulus [-].

Well measured solid-state spectra leave 0.1 to 0.9 %; a potentiostat promises 1 % of the modulus and
1 degree, which is 1.7 %. What lies above is not explained by its instrument.
"""

PER_DECADE = 5
"""Most RC elements per decade that are chosen."""

FINEST = 12
"""Most RC elements per decade that are tried: denser ones are the same in double precision."""

EXTENSIONS = (1.0, 2.0)
"""Factors by which the time constants reach beyond the measured range."""


_CURVE = 0.5
_SHOWN = 3


class Trial(NamedTuple):
    """One chain and what it leaves.

    Parameters
    ----------
    representation : Representation
        Of Z or of Y.
    extension : float
        How far its time constants reach beyond the measured range, a factor [-].
    M : int
        Number of RC elements.
    parts : tuple of str
        What stands beside them, of R, L and C.
    rms : float
        Residual over the modulus, root mean square [-].
    aicc : float
        Information criterion, the lower the better [-].
    mu : float
        One less the sum of the negative over that of the positive strengths [-].
    """

    representation: Representation
    extension: float
    M: int
    parts: tuple[str, ...]
    rms: float
    aicc: float
    mu: float


class Choice(Protocol):
    """A rule that picks one of the trials."""

    def pick(self, trials: Sequence[Trial], most: int) -> tuple[Trial, str]:
        """Return a trial with `most` elements at most where the rule has a say, and why."""
        ...


@dataclass(frozen=True)
class ByInformation:
    """The smallest AICc."""

    def pick(self, trials: Sequence[Trial], most: int) -> tuple[Trial, str]:
        """Return the trial with the smallest AICc."""
        best = min((t for t in trials if most >= t.M), key=lambda t: t.aicc)
        other = [t for t in trials if t.representation is not best.representation and most >= t.M]
        why = f"M = {best.M} of {best.representation} has the smallest AICc up to M = {most}"
        if other:
            rival = min(other, key=lambda t: t.aicc)
            why += (f", {rival.aicc - best.aicc:.1f} below the best of {rival.representation}"
                    f" with M = {rival.M}")  # fmt: skip
        return best, why


@dataclass(frozen=True)
class ByMu:
    """The smallest M whose mu is below a limit, the criterion of Schoenleber.

    Parameters
    ----------
    limit : float
        Limit of mu [-].
    """

    limit: float = 0.85

    def pick(self, trials: Sequence[Trial], most: int) -> tuple[Trial, str]:
        """Return the first trial below the limit, or the last there is."""
        allowed = [t for t in trials if most >= t.M]
        below = [t for t in allowed if t.mu < self.limit]
        if not below:
            last = max(allowed, key=lambda t: (t.M, -t.aicc))
            return last, f"mu stays above {self.limit:g} up to M = {last.M}"
        best = min(below, key=lambda t: (t.M, t.aicc))
        return best, f"M = {best.M} is the smallest with mu below {self.limit:g}"


@dataclass(frozen=True)
class Elements:
    """A given number of elements.

    Parameters
    ----------
    M : int
        Number of RC elements.
    """

    M: int

    def pick(self, trials: Sequence[Trial], most: int) -> tuple[Trial, str]:
        """Return the trial with that number and the smallest AICc."""
        found = [t for t in trials if t.M == self.M]
        if not found:
            last = max(t.M for t in trials)
            raise InputError(f"M: {self.M} elements were asked for, expected 1 to {last}")
        return min(found, key=lambda t: t.aicc), f"M = {self.M} was asked for"


ALL: tuple[tuple[str, ...], ...] = (("R",), ("R", "L"), ("R", "C"), ("R", "L", "C"))
"""Sets of parts that may stand beside the chain."""


@dataclass(frozen=True, eq=False)
class KramersKronig:
    """What the test found.

    Parameters
    ----------
    spectrum : Spectrum
        What was tested.
    trial : Trial
        The chain that was chosen: M, mu, representation and the parts beside it.
    why : str
        Why it was chosen, a sentence.
    tau : ndarray
        Time constants, shape (M,) [s].
    strength : ndarray
        R_k [ohm], or G_k [S] of the admittance, shape (M,).
    parts : dict of str to float
        R [ohm], L [H], C [F]: in series for Z, in parallel for Y; infinite where its term is 0.
    impedance : ndarray of complex
        Impedance of the chain, shape (n,) [ohm].
    residual : ndarray of complex
        Measured less chain over the modulus of the measured, shape (n,) [-].
    line : float
        Root mean square above which it does not pass [-].
    trials : tuple of Trial
        The best chain for every representation and M.
    """

    spectrum: Spectrum
    trial: Trial
    why: str
    tau: Array
    strength: Array
    parts: dict[str, float]
    impedance: Any
    residual: Any
    line: float
    trials: tuple[Trial, ...]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for array in (self.tau, self.strength, self.impedance, self.residual):
            array.flags.writeable = False

    @property
    def M(self) -> int:
        """Number of RC elements."""
        return self.trial.M

    @property
    def mu(self) -> float:
        """One less the sum of the negative over that of the positive strengths [-]."""
        return self.trial.mu

    @property
    def representation(self) -> Representation:
        """What the chain describes, `IMPEDANCE` or `ADMITTANCE`."""
        return self.trial.representation

    @property
    def rms(self) -> float:
        """Root mean square of the modulus of the residual [-]."""
        return float(np.sqrt(np.mean(np.abs(self.residual) ** 2)))

    @property
    def largest(self) -> float:
        """Largest modulus of the residual [-]."""
        return float(np.max(np.abs(self.residual)))

    @property
    def passes(self) -> bool:
        """Whether the root mean square is below the line."""
        return self.rms < self.line

    @property
    def persistence(self) -> float:
        """Correlation of residuals with those at the next frequency: 0 for noise, up to 1 [-]."""
        r, total = self.residual, float(np.sum(np.abs(self.residual) ** 2))
        return float(np.sum((r[1:] * r[:-1].conj()).real)) / total if total else 0.0

    @property
    def violations(self) -> tuple[tuple[float, float], ...]:
        """Ranges of frequency, low and high [Hz], above the line at and around each point."""
        square = np.abs(self.residual) ** 2
        near = np.convolve(square, np.ones(3) / 3.0, "valid")
        near = np.concatenate([near[:1], near, near[-1:]])
        bad = np.concatenate([[0], (square > self.line**2) & (near > self.line**2), [0]])
        edges, f = np.flatnonzero(np.diff(bad)), self.spectrum.frequency
        return tuple((float(f[b - 1]), float(f[a]))
                     for a, b in zip(edges[::2], edges[1::2], strict=True))  # fmt: skip

    @property
    def verdict(self) -> str:
        """The answer in a sentence, with the line and why it is drawn there."""
        name = f"{self.spectrum.name}: " if self.spectrum.name else ""
        word, side = ("passes", "below") if self.passes else ("does not pass", "not below")
        return (
            f"{name}{word} the Kramers-Kronig test: residuals of {self.rms:.2%} rms and "
            f"{self.largest:.2%} at most, {side} the line of {self.line:.2%} rms (good solid-state "
            f"spectra leave 0.1 to 0.9 %, instruments promise 1 % and 1 degree){self._where()}"
        )

    def _where(self) -> str:
        """Say where the residuals are above the line, and whether they scatter."""
        ranges = [_range(*pair) for pair in self.violations]
        more = f" and {len(ranges) - _SHOWN} more ranges" if len(ranges) > _SHOWN else ""
        where = f"; above it at {', '.join(ranges[:_SHOWN])}{more}" if ranges else ""
        if self.passes and (self.rms < self.line / 10.0 or self.persistence < _CURVE):
            return where
        curve = "follow a curve, as drift or a nonlinear cell leaves"
        return where + f"; they {curve if self.persistence > _CURVE else 'scatter like noise'}"


def _range(low: float, high: float) -> str:
    """Say a range of frequencies."""
    return f"{low:.4g} Hz" if low == high else f"{low:.4g} to {high:.4g} Hz"


def check_kramers_kronig(
    spectrum: Spectrum,
    *,
    choice: Choice | None = None,
    representations: Sequence[Representation] = (IMPEDANCE, ADMITTANCE),
    parts: Sequence[tuple[str, ...]] = ALL,
    extensions: Sequence[float] = EXTENSIONS,
    line: float = LINE,
) -> KramersKronig:
    """Test whether a spectrum obeys the Kramers-Kronig relations.

    Parameters
    ----------
    spectrum : Spectrum
        Measured or computed impedances [ohm].
    choice : Choice, optional
        Rule for M: `ByInformation` if not given, `ByMu` or `Elements`.
    representations : sequence of Representation
        `IMPEDANCE`, `ADMITTANCE` or both.
    parts : sequence of tuple of str
        Sets of R, L and C that may stand beside the chain; each holds R.
    extensions : sequence of float
        Factors by which time constants may reach beyond the measured range [-].
    line : float
        Residual at which it no longer passes, root mean square over the modulus [-].

    Returns
    -------
    KramersKronig
        The chain, what it leaves, and a verdict.

    Raises
    ------
    InputError
        Where the spectrum has fewer than six points, an impedance of zero, or M cannot be had.

    Notes
    -----
    One orthogonal factorisation for each M gives the residuals of all sets of parts, because L and
    C are the last columns.

    References
    ----------
    Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi 10.1149/1.2044210. Schoenleber, Klotz &
    Ivers-Tiffee, Electrochim. Acta 131 (2014) 20, doi 10.1016/j.electacta.2014.01.034.

    Examples
    --------
    A resistor of 10 ohm before 50 ohm beside 2 uF:

    >>> omega = 2 * np.pi * np.geomspace(1e5, 1.0, 51)
    >>> s = Spectrum(omega / (2 * np.pi), 10 + 50 / (1 + 1e-4j * omega))
    >>> result = check_kramers_kronig(s)
    >>> result.passes, bool(result.rms < 1e-4)
    (True, True)
    """
    _refuse(spectrum)
    n, decades = len(spectrum), float(np.log10(spectrum.frequency[0] / spectrum.frequency[-1]))
    last = min(n, max(n // 2, int(FINEST * decades) + 3))
    most = max(1, min(n // 2, int(PER_DECADE * decades) + 1))
    trials = tuple(
        trial
        for representation in representations
        for trial in _best(Weighted.of(spectrum, representation), last, most, parts, extensions)
    )
    trial, why = (choice or ByInformation()).pick(trials, most)
    weighted = Weighted.of(spectrum, trial.representation)
    solved = weighted.factor(trial.extension, trial.M).solve(trial.parts)
    residual = (spectrum.impedance - solved.fitted) / np.abs(spectrum.impedance)
    return KramersKronig(
        spectrum, trial, why, weighted.tau(trial.extension, trial.M), solved.strength,
        solved.parts, solved.fitted, residual, line, trials,
    )  # fmt: skip


def _best(
    weighted: Weighted,
    last: int,
    most: int,
    parts: Sequence[tuple[str, ...]],
    extensions: Sequence[float],
) -> list[Trial]:
    """Best chain for every M up to `last`; beyond `most` the first extension will do."""
    found = []
    for M in range(1, last + 1):
        reach = extensions if most >= M else extensions[:1]
        factors = [weighted.factor(extension, M) for extension in reach]
        aicc, k, kept = min(
            (factor.information(kept), k, kept)
            for k, factor in enumerate(factors)
            for kept in parts
        )
        rms = np.sqrt(factors[k].squares(kept) / weighted.omega.size)
        found.append(Trial(weighted.representation, reach[k], M, kept, float(rms), aicc,
                           factors[k].mu(kept)))  # fmt: skip
    return found


def _refuse(spectrum: Spectrum) -> None:
    """Refuse what cannot be tested."""
    what = spectrum.name or "spectrum"
    if len(spectrum) < LEAST_POINTS:
        raise InputError(
            f"{what}: {len(spectrum)} points, expected at least {LEAST_POINTS} for a "
            "Kramers-Kronig test"
        )
    if not np.all(np.abs(spectrum.impedance) > 0.0):
        raise InputError(f"{what}: has an impedance of 0, expected a modulus to weigh by")
