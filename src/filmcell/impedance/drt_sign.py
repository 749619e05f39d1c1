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
from filmcell.impedance.drt_problem import Problem
from filmcell.impedance.drt_smoothing import Ranked, least_noise
from filmcell.numerics.tikhonov import Triangle

WEAKER = 10.0
"""Factor by which the smoothing is weakened."""

TRIES = 7
"""How often it is weakened."""

MOST_RANKED = 24
"""How many kinds of parts in series are tried with a positive distribution."""


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


def solved(problem: Problem, ranked: Ranked, lam: float, *, positive: bool) -> Solution:
    """Solve for one strength of the smoothing.

    Parameters
    ----------
    problem : Problem
        The problem.
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
    S, b = ranked.columns(problem)
    triangle = Triangle.of(ranked.smooth, S, b, lam)
    found = triangle.solve_positive() if positive else triangle.solve()
    k = S.shape[1]
    left = S @ found[:k] + ranked.smooth.K @ found[k:] - b
    return Solution(ranked, lam, found[:k], found[k:], float(left @ left), positive)


class Sign(Protocol):
    """Where a distribution may be negative."""

    def solve(self, problem: Problem, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the best of some kinds of parts in series, the most probable first."""
        ...


@dataclass(frozen=True)
class AnySign:
    """Negative wherever it fits better."""

    def solve(self, problem: Problem, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the most probable parts in series."""
        return solved(problem, ranking[0], ranking[0].lam, positive=False)


@dataclass(frozen=True)
class Positive:
    """Nowhere negative."""

    def solve(self, problem: Problem, ranking: Sequence[Ranked]) -> Solution:
        """Solve with the parts in series that suit a positive distribution best."""
        return _positive(problem, ranking)[0]


@dataclass(frozen=True)
class AsTheDataAsk:
    """Positive, unless no positive distribution describes the data, however sharp."""

    def solve(self, problem: Problem, ranking: Sequence[Ranked]) -> Solution:
        """Solve both ways where the first is not good enough."""
        found, good = _positive(problem, ranking)
        return found if good else AnySign().solve(problem, ranking)


def _positive(problem: Problem, ranking: Sequence[Ranked]) -> tuple[Solution, bool]:
    """Best positive solution, and whether it describes the data as one of any sign does."""
    best, at = _most_probable(problem, ranking)
    floor = best.smooth.s.size * least_noise(problem) ** 2
    free = solved(problem, best, best.lam, positive=False).squares + floor
    # what the criterion of Akaike allows for the parameters of the free solution
    allowed = free * np.exp(2.0 * best.freedom / best.smooth.s.size)
    tries = [at]
    while tries[-1].squares + floor > allowed and len(tries) <= TRIES:
        tries.append(solved(problem, best, tries[-1].lam / WEAKER, positive=True))
    good = tries[-1].squares + floor <= allowed
    return tries[-1] if good else tries[0], bool(good)


def _most_probable(problem: Problem, ranking: Sequence[Ranked]) -> tuple[Ranked, Solution]:
    """Weigh the evidence of each kind with what positivity costs; it can only cost."""
    found: tuple[float, Ranked, Solution] | None = None
    for ranked in ranking[:MOST_RANKED]:
        if found and ranked.evidence < found[0]:
            break
        N, floor = ranked.smooth.s.size, ranked.smooth.s.size * least_noise(problem) ** 2
        free = solved(problem, ranked, ranked.lam, positive=False)
        bound = solved(problem, ranked, ranked.lam, positive=True)
        cost = 0.5 * N * np.log((bound.squares + floor) / (free.squares + floor))
        if not found or ranked.evidence - cost > found[0]:
            found = ranked.evidence - cost, ranked, bound
    if found is None:
        raise ValueError("no kinds of parts in series, expected at least one")
    return found[1], found[2]
