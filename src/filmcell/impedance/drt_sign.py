"""Whether a distribution may be negative: never, anywhere, or where the data insist.

Relaxations of a passive cell are positive. An inductive loop at low frequency is a relaxation with
a negative resistance, and looks like nothing else. A positive distribution can be sharper than the
smoothing that suits one of any sign: where it misses the data, the smoothing is weakened first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from filmcell.arrays import Array
from filmcell.impedance.drt_problem import Beside, Problem
from filmcell.impedance.drt_smoothing import Ranked, least_noise

WEAKER = 10.0
"""Factor by which the smoothing is weakened."""

TRIES = 7
"""How often it is weakened."""

ACCURACY = 5e-3
"""Residual over the modulus, rms, that is no reason for negative values: the instrument's [-]."""

REFINED = 6
"""How many exponents of a tail are tried around the best of the coarse ones."""


class Solution(NamedTuple):
    """A distribution and what stands in series with it, in the units of the problem.

    Parameters
    ----------
    ranked : Ranked
        Noise, parts in series and the decomposed problem.
    lam : float
        Strength of the smoothing [-].
    plain : ndarray
        Sizes of the parts in series, shape (k,).
    gamma : ndarray
        Distribution, shape (m,).
    squares : float
        Sum of squared weighted residuals.
    positive : bool
        Whether it was not allowed to be negative.
    """

    ranked: Ranked
    lam: float
    plain: Array
    gamma: Array
    squares: float
    positive: bool


def solved(ranked: Ranked, lam: float, *, positive: bool) -> Solution:
    """Solve for one strength of the smoothing.

    Parameters
    ----------
    ranked : Ranked
        Noise and parts in series.
    lam : float
        Strength of the smoothing [-].
    positive : bool
        Whether nothing may be negative.

    Returns
    -------
    Solution
        The solution.
    """
    triangle, k = ranked.triangle(lam), ranked.beside.count
    found = triangle.solve_positive() if positive else triangle.solve()
    left = ranked.S @ found[:k] + ranked.smooth.K @ found[k:] - ranked.b
    return Solution(ranked, lam, found[:k], found[k:], float(left @ left), positive)


class Sign(Protocol):
    """Where a distribution may be negative."""

    def solve(self, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the best of some kinds of parts in series, the most probable first."""
        ...


@dataclass(frozen=True)
class AnySign:
    """Negative wherever it fits better."""

    def solve(self, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the most probable parts in series."""
        return solved(ranking[0], ranking[0].lam, positive=False)


@dataclass(frozen=True)
class Positive:
    """Nowhere negative."""

    def solve(self, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the parts in series that suit a positive distribution best."""
        return _positive(ranking)[0]


@dataclass(frozen=True)
class AsTheDataAsk:
    """Positive, unless no positive distribution describes the data, however sharp."""

    def solve(self, ranking: Sequence[Ranked]) -> Solution:
        """Solve both ways where the first is not good enough."""
        found, good = _positive(ranking)
        return found if good else AnySign().solve(ranking)


def _positive(ranking: Sequence[Ranked]) -> tuple[Solution, bool]:
    """Best positive solution, and whether it describes the data well enough."""
    best = _refined(ranking, _most_probable(_coarse(ranking)))
    ranked, N = best.solution.ranked, best.solution.ranked.smooth.s.size
    # what the criterion of Akaike allows for the parameters of the free solution
    factor, floor = np.exp(2.0 * ranked.freedom / N), N * least_noise(ranked.problem) ** 2
    tries = [best.solution]
    while tries[-1].squares + floor > factor * (best.free + floor) and len(tries) <= TRIES:
        tries.append(solved(ranked, tries[-1].lam / WEAKER, positive=True))
    enough = factor * (tries[-1].squares + floor)
    found = next(t for t in tries if t.squares + floor <= enough)
    rms = np.sqrt(2.0 * found.squares / N) / _level(ranked.problem)
    return found, len(tries) <= TRIES or bool(rms <= ACCURACY)


def _level(problem: Problem) -> float:
    """Geometric mean of the moduli."""
    return float(np.exp(np.mean(np.log(np.abs(problem.Z)))))


class _Weighed(NamedTuple):
    """A positive solution, its evidence, and the squares of the solution of any sign."""

    evidence: float
    solution: Solution
    free: float


def _weigh(ranked: Ranked) -> _Weighed:
    """Take from the evidence what positivity costs."""
    N, floor = ranked.smooth.s.size, ranked.smooth.s.size * least_noise(ranked.problem) ** 2
    free = solved(ranked, ranked.lam, positive=False).squares
    bound = solved(ranked, ranked.lam, positive=True)
    cost = 0.5 * N * np.log((bound.squares + floor) / (free + floor))
    return _Weighed(ranked.evidence - cost, bound, free)


def _coarse(ranking: Sequence[Ranked]) -> list[Ranked]:
    """Leave out exponents between full tenths, and all but the most probable noise of each."""
    first: dict[Beside, Ranked] = {}
    for ranked in ranking:
        first.setdefault(ranked.beside, ranked)
    kept = [r for r in first.values() if abs(np.sin(10.0 * np.pi * r.beside.exponent)) < 1e-6]
    return kept or list(first.values())


def _most_probable(ranking: Sequence[Ranked]) -> _Weighed:
    """Weigh one after the other until the evidence of the next cannot make up for it."""
    best = _weigh(ranking[0])
    for ranked in ranking[1:]:
        if ranked.evidence < best.evidence:
            break
        best = max(best, _weigh(ranked), key=lambda weighed: weighed.evidence)
    return best


def _refined(ranking: Sequence[Ranked], best: _Weighed) -> _Weighed:
    """Try the exponents around that of a tail."""
    kind = best.solution.ranked
    near = [
        r for r in ranking
        if r.noise == kind.noise and r.beside.inductance == kind.beside.inductance
        and 0.0 < abs(r.beside.exponent - kind.beside.exponent) < 0.1 and r.evidence > best.evidence
    ]  # fmt: skip
    if kind.beside.exponent in {0.0, 1.0}:
        return best
    return max([best, *(_weigh(r) for r in near[:REFINED])], key=lambda w: w.evidence)
