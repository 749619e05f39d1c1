"""How smooth a distribution is, what stands in series with it and how noisy the data are.

The kind of noise and the parts in series are chosen by evidence: the probability of the data with
the distribution integrated out, less half of ln N for each parameter of the parts. The strength of
the smoothing is chosen by a rule, an object with a method `score`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.drt_problem import CANDIDATES, NOISES, Beside, Noise, Problem
from filmcell.numerics.tikhonov import Path, Smooth, Triangle, evidence_of, grams, path

FLOOR = 1e-5
"""Least noise over the modulus [-]: below it, the grid and not the data would be described."""


class Rule(Protocol):
    """A rule for the strength of the smoothing."""

    def score(self, path: Path) -> Array:
        """Return what is to be as large as possible, shape (J,)."""
        ...


@dataclass(frozen=True)
class Evidence:
    """The strength under which the data are most probable (marginal likelihood)."""

    def score(self, path: Path) -> Array:
        """Return the logarithm of the evidence, shape (J,)."""
        return path.evidence


@dataclass(frozen=True)
class CrossValidation:
    """The strength that predicts best a point that was left out (generalised cross-validation)."""

    def score(self, path: Path) -> Array:
        """Return minus the logarithm of the predicted square, shape (J,)."""
        return -np.log(path.misfit) + 2.0 * np.log(path.N - path.freedom)


@dataclass(frozen=True)
class LCurve:
    """The strength at the corner of the curve of roughness over misfit."""

    def score(self, path: Path) -> Array:
        """Return the curvature of the doubly logarithmic curve, shape (J,)."""
        t = np.log(path.lambdas)
        a, b = 0.5 * np.log(path.misfit), 0.5 * np.log(path.roughness)
        a1, b1 = np.gradient(a, t), np.gradient(b, t)
        a2, b2 = np.gradient(a1, t), np.gradient(b1, t)
        bend = (a1 * b2 - a2 * b1) / (a1**2 + b1**2) ** 1.5
        # where almost nothing is left of gamma the curve bends once more
        return np.where(path.freedom > path.plain.shape[1] + 3.0, bend, -np.inf)


@dataclass(frozen=True)
class Fixed:
    """A given strength.

    Parameters
    ----------
    value : float
        Lambda, for an impedance over its largest modulus and ln tau [-].
    """

    value: float

    def score(self, path: Path) -> Array:
        """Return minus the distance to the value, shape (J,)."""
        return -np.abs(np.log(path.lambdas / self.value))


@dataclass(frozen=True, eq=False)
class Ranked:
    """A kind of noise and of parts in series, with the smoothing that suits them.

    Parameters
    ----------
    problem : Problem
        The problem.
    rule : Rule
        Rule for the strength of the smoothing.
    evidence : float
        Logarithm of the evidence, less half of ln N for each parameter of the parts [-].
    noise : Noise
        Kind of noise.
    beside : Beside
        Parts in series.
    smooth : Smooth
        The decomposed problem.
    """

    problem: Problem
    rule: Rule
    evidence: float
    noise: Noise
    beside: Beside
    smooth: Smooth

    @cached_property
    def S(self) -> Array:
        """Weighted impedances of the parts in series, shape (N, k)."""
        return self.problem.weighted(self.problem.plain(self.beside), self.noise)

    @cached_property
    def b(self) -> Array:
        """Weighted data, shape (N,)."""
        return self.problem.weighted(self.problem.Z, self.noise)

    @cached_property
    def _path(self) -> Path:
        """Solutions over the strength of the smoothing."""
        floor = least_noise(self.problem)
        return path(self.smooth, self.S, self.b, self.smooth.lambdas(), floor)

    @cached_property
    def lam(self) -> float:
        """Strength of the smoothing that the rule chooses [-]."""
        return float(np.exp(_summit(np.log(self._path.lambdas), self.rule.score(self._path))))

    @property
    def _at(self) -> int:
        """Place of the strength on the path."""
        return int(np.argmin(np.abs(np.log(self._path.lambdas / self.lam))))

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise, weighted, in the units of the problem [-]."""
        return float(np.sqrt(self._path.variance[self._at]))

    @property
    def freedom(self) -> float:
        """Effective number of parameters [-]."""
        return float(self._path.freedom[self._at])

    def triangle(self, lam: float) -> Triangle:
        """Return the system of equations.

        Parameters
        ----------
        lam : float
            Strength of the smoothing [-].

        Returns
        -------
        Triangle
            The system.
        """
        return Triangle.of(self.smooth, self.S, self.b, lam)


def least_noise(problem: Problem) -> float:
    """Return the noise that even exact data have on this grid.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    float
        Standard deviation, weighted, in the units of the problem [-].
    """
    return float(FLOOR * np.exp(np.mean(np.log(np.abs(problem.Z)))))


def rank(
    problem: Problem,
    rule: Rule,
    noises: Sequence[Noise] = NOISES,
    candidates: Sequence[Beside] = CANDIDATES,
) -> list[Ranked]:
    """Rank kinds of noise and of parts in series by evidence.

    Parameters
    ----------
    problem : Problem
        The problem.
    rule : Rule
        Rule for the strength of the smoothing.
    noises : sequence of Noise
        Kinds of noise among which to choose.
    candidates : sequence of Beside
        Parts in series among which to choose.

    Returns
    -------
    list of Ranked
        The most probable first; those whose inductance or tail comes out below 0 are left out.

    Raises
    ------
    InputError
        Where no candidate is left.
    """
    found = []
    for noise in noises if candidates else ():
        smooth = problem.smooth(noise)
        compared = _compared(problem, noise, smooth, candidates)
        found += [Ranked(problem, rule, e, noise, beside, smooth) for e, beside in compared]
    if not found:
        raise InputError("parts in series: none describes the spectrum, expected one without L "
                         "and tail among them, and a kind of noise")  # fmt: skip
    return sorted(found, key=lambda ranked: -ranked.evidence)


def _compared(
    problem: Problem, noise: Noise, smooth: Smooth, candidates: Sequence[Beside]
) -> list[tuple[float, Beside]]:
    """Penalised evidence of every candidate whose parts come out above 0."""
    columns, places = _distinct(problem, candidates)
    values = np.column_stack([problem.weighted(columns, noise), problem.weighted(problem.Z, noise)])
    lambdas, floor = smooth.lambdas(), least_noise(problem)
    gram = grams(smooth, values, lambdas)
    found = []
    for beside, kept in zip(candidates, places, strict=True):
        taken = [*kept, values.shape[1] - 1]
        plain, _, evidence = evidence_of(smooth, gram[:, taken][:, :, taken], lambdas, floor)
        at = int(np.argmax(evidence))
        if np.all(plain[at, 1:] > 0.0) or beside.count == 1:
            found.append((float(evidence[at]) - 0.5 * beside.cost * np.log(smooth.s.size), beside))
    return found


def _distinct(problem: Problem, candidates: Sequence[Beside]) -> tuple[Any, list[list[int]]]:
    """Columns that the candidates have between them, and which of them each has."""
    columns: list[Any] = []
    known: dict[tuple[str, float], int] = {}
    places = []
    for beside in candidates:
        names = [("R", 0.0), ("L", 0.0), ("tail", beside.exponent)]
        there = [True, beside.inductance, beside.exponent > 0.0]
        names = [name for name, is_there in zip(names, there, strict=True) if is_there]
        for name, column in zip(names, problem.plain(beside).T, strict=True):
            if name not in known:
                known[name] = len(columns)
                columns.append(column)
        places.append([known[name] for name in names])
    return np.column_stack(columns), places


def _summit(t: Array, score: Array) -> float:
    """Where a curve on an even grid is highest, by a parabola through three points."""
    score = np.where(np.isfinite(score), score, -np.inf)
    k = int(np.argmax(score))
    if not 0 < k < t.size - 1:
        return float(t[k])
    left, here, right = score[k - 1 : k + 2]
    bend = left - 2.0 * here + right
    if not np.isfinite(bend) or bend >= 0.0:
        return float(t[k])
    return float(t[k] + 0.5 * (left - right) / bend * (t[1] - t[0]))
