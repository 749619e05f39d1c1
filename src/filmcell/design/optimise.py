"""The best design under constraints, and the front of the best compromises.

Evolution looks over the whole range, a generation being one lot of simulations; a local search
then closes in on the best design. The only module that imports pymoo.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.design.problem import Judged, Problem, together
from filmcell.design.variables import Variable, written
from filmcell.errors import InputError, MissingExtra

Tick = Callable[[int], None]

AT_THE_END = 2e-3
"""Share of its range within which a number sits at the end of it [-]."""

AS_GOOD = 1e-3
"""Designs within this share of the best value count as good as it [-]."""

_LOST = 1e3
"""Violation of a design that failed; that of others is a share of the limit."""

_FINEST = 1e-4
"""Step, as a share of a range, at which the local search has arrived."""


@dataclass(frozen=True)
class Optimum:
    """The best design that was found, and how sure one may be of it.

    Parameters
    ----------
    problem : Problem
        What was asked.
    numbers : mapping of str to float
        Numbers of the best design by key [SI].
    value : float
        Its objective [in the objective's unit].
    margins : mapping of str to float
        How far inside each constraint it is [in the unit of the constraint's objective].
    at_bounds : tuple of str
        A sentence for each number that sits at the end of its range.
    as_good : mapping of str to (float, float)
        Between which numbers lie the designs within 0.1 % of the best value [SI].
    history : tuple of (int, float)
        Evaluations done and best feasible value so far, after each generation; nan for none.
    judged : Judged
        All designs that were tried.
    seed : int
        Seed of the search.
    """

    problem: Problem
    numbers: Mapping[str, float]
    value: float
    margins: Mapping[str, float]
    at_bounds: tuple[str, ...]
    as_good: Mapping[str, tuple[float, float]]
    history: tuple[tuple[int, float], ...]
    judged: Judged
    seed: int

    @property
    def evaluations(self) -> int:
        """How many designs were tried."""
        return len(self.judged)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data.

        Returns
        -------
        dict
            Numbers in SI units, the objective in its own.
        """
        wanted = self.problem.objectives[0]
        return {
            "objective": str(wanted), "unit": wanted.unit, "value": self.value,
            "design": dict(self.numbers), "margins": dict(self.margins),
            "at_bounds": list(self.at_bounds),
            "as_good": {key: list(ends) for key, ends in self.as_good.items()},
            "evaluations": self.evaluations, "failures": dict(self.judged.failures),
            "history": [list(point) for point in self.history], "seed": self.seed,
        }  # fmt: skip


@dataclass(frozen=True)
class Front:
    """Designs of which none is better in one objective without being worse in another.

    Parameters
    ----------
    problem : Problem
        What was asked.
    numbers : ndarray
        Numbers of each design, shape (n, k) [SI], in the order of the first objective.
    values : ndarray
        Its objectives, shape (n, m) [in their units].
    margins : ndarray
        How far inside each constraint it is, shape (n, c) [in the unit of its objective].
    at_bounds : tuple of str
        A sentence for each number that sits at the end of its range in some design of the front.
    judged : Judged
        All designs that were tried.
    seed : int
        Seed of the search.
    """

    problem: Problem
    numbers: Array
    values: Array
    margins: Array
    at_bounds: tuple[str, ...]
    judged: Judged
    seed: int

    def __len__(self) -> int:
        """Number of designs on the front."""
        return len(self.numbers)

    @property
    def evaluations(self) -> int:
        """How many designs were tried."""
        return len(self.judged)

    def picked(self, count: int) -> list[int]:
        """Pick designs that lie evenly along the front, its two ends among them.

        Parameters
        ----------
        count : int
            How many at most.

        Returns
        -------
        list of int
            Rows of the front.
        """
        size = np.ptp(self.values, axis=0)
        paces = np.abs(np.diff(self.values, axis=0)) / np.where(size > 0.0, size, 1.0)
        way = np.concatenate([[0.0], np.cumsum(paces.sum(axis=1))])
        marks = np.linspace(0.0, way[-1], min(count, len(self)))
        return sorted({int(np.argmin(np.abs(way - mark))) for mark in marks})

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data.

        Returns
        -------
        dict
            Numbers in SI units, the objectives in their own.
        """
        keys = [v.key for v in self.problem.variables]
        wanted = [str(o) for o in self.problem.objectives]
        kept = [str(c) for c in self.problem.constraints]
        designs = [
            {"design": dict(zip(keys, x, strict=True)), "values": dict(zip(wanted, f, strict=True)),
             "margins": dict(zip(kept, g, strict=True))}
            for x, f, g in zip(self.numbers.tolist(), self.values.tolist(), self.margins.tolist(),
                               strict=True)
        ]  # fmt: skip
        return {
            "objectives": wanted, "units": [o.unit for o in self.problem.objectives],
            "front": designs, "at_bounds": list(self.at_bounds), "evaluations": self.evaluations,
            "failures": dict(self.judged.failures), "seed": self.seed,
        }  # fmt: skip


def optimise(
    problem: Problem,
    *,
    budget: int | None = None,
    seed: int = 1,
    progress: Tick | None = None,
) -> Optimum:
    """Find the best design: differential evolution, then a local search by shrinking steps.

    Parameters
    ----------
    problem : Problem
        With one objective.
    budget : int, optional
        Designs that the evolution may try; 200 for each variable and 100 more if not given. The
        local search adds about 60 for each variable.
    seed : int
        Seed; the same seed gives the same answer.
    progress : callable, optional
        Called with the number of designs tried since the last call.

    Returns
    -------
    Optimum
        The best design.

    Raises
    ------
    InputError
        Where there are several objectives, the budget is too small, or no design that was tried
        keeps the constraints.
    MissingExtra
        Where pymoo is not installed.

    References
    ----------
    Storn, Price, J. Global Optim. 11, 341 (1997): differential evolution.
    Deb, Comput. Methods Appl. Mech. Eng. 186, 311 (2000): feasible designs first.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.objectives import ArealCapacity
    >>> from filmcell.design.variables import vary
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> thickness = vary(cell, "cathode.thickness", "1 um", "40 um")
    >>> best = optimise(Problem(cell, (thickness,), (ArealCapacity(AmperesPerArea(0.7)),)))
    >>> round(best.value, 2), best.at_bounds
    (7.32, ())
    """
    if len(problem.objectives) != 1:
        raise InputError(
            f"objectives: {len(problem.objectives)} are given, expected one; pareto takes several"
        )
    most = _allowed(problem, budget)
    algorithm = _pymoo("soo.nonconvex.de", "DE")(pop_size=_generation(problem))
    lots = _evolve(algorithm, problem, most, seed, progress)
    lots += _closed_in(problem, together(lots), seed, progress)
    judged = together(lots)
    if not judged.feasible.any():
        raise InputError(_none_feasible(problem, judged))
    best = _best(problem, judged)
    keys = [v.key for v in problem.variables]
    margins = zip(problem.constraints, judged.margins[best].tolist(), strict=True)
    return Optimum(
        problem,
        dict(zip(keys, judged.numbers[best].tolist(), strict=True)),
        float(judged.values[best, 0]),
        {str(c): margin for c, margin in margins},
        _at_bounds(problem, judged.shares[[best]], "the optimum may lie"),
        _as_good(problem, judged, best),
        _history(problem, lots),
        judged,
        seed,
    )


def pareto(
    problem: Problem,
    *,
    budget: int | None = None,
    seed: int = 1,
    progress: Tick | None = None,
) -> Front:
    """Find the best compromises between several objectives, by NSGA-II.

    The front is taken from all designs that were tried, not from the last generation alone.

    Parameters
    ----------
    problem : Problem
        With two objectives or more.
    budget : int, optional
        Designs to try; 400 for each variable and 400 more if not given.
    seed : int
        Seed; the same seed gives the same answer.
    progress : callable, optional
        Called with the number of designs tried since the last call.

    Returns
    -------
    Front
        The compromises.

    Raises
    ------
    InputError
        Where there is one objective, the budget is too small, or no design that was tried keeps
        the constraints.
    MissingExtra
        Where pymoo is not installed.

    References
    ----------
    Deb, Pratap, Agarwal, Meyarivan, IEEE Trans. Evol. Comput. 6, 182 (2002).

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.objectives import ArealEnergy, MeanPower
    >>> from filmcell.design.variables import vary
    >>> from filmcell.protocol.amounts import CRate
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> thickness = vary(cell, "cathode.thickness", "1 um", "30 um")
    >>> wanted = (ArealEnergy(CRate(1.0)), MeanPower(CRate(1.0)))
    >>> front = pareto(Problem(cell, (thickness,), wanted), budget=200)
    >>> bool((front.values[1:, 0] < front.values[:-1, 0]).all())
    True
    """
    if len(problem.objectives) < 2:
        raise InputError("objectives: one is given, expected two or more; optimise takes one")
    most = _allowed(problem, budget)
    algorithm = _pymoo("moo.nsga2", "NSGA2")(pop_size=2 * _generation(problem))
    judged = together(_evolve(algorithm, problem, most, seed, progress))
    if not judged.feasible.any():
        raise InputError(_none_feasible(problem, judged))
    chosen = _undominated(problem, judged)
    return Front(
        problem, judged.numbers[chosen], judged.values[chosen], judged.margins[chosen],
        _at_bounds(problem, judged.shares[chosen], "the front may go on"), judged, seed,
    )  # fmt: skip


def usual_budget(problem: Problem) -> int:
    """Tell how many designs evolution tries if no budget is given.

    Parameters
    ----------
    problem : Problem
        The problem.

    Returns
    -------
    int
        The number.
    """
    k = len(problem.variables)
    return 100 + 200 * k if len(problem.objectives) == 1 else 400 + 400 * k


def _allowed(problem: Problem, budget: int | None) -> int:
    """How many designs may be tried: what was given, or what is usual; refuse too few."""
    least = 4 * _generation(problem)
    if budget is not None and budget < least:
        raise InputError(f"budget: {budget} designs are too few, expected at least {least}")
    return usual_budget(problem) if budget is None else budget


def _generation(problem: Problem) -> int:
    """Designs of one generation."""
    return 20 + 10 * len(problem.variables)


def _pymoo(module: str, name: str) -> Any:
    """Load an algorithm of pymoo, or say what is missing."""
    from importlib import import_module

    try:
        from pymoo.config import Config
    except ImportError:
        raise MissingExtra("optimising needs filmcell[optimise]") from None
    Config.warnings["not_compiled"] = False  # advice on how to build pymoo, not ours to give
    return getattr(import_module(f"pymoo.algorithms.{module}"), name)


def _evolve(
    algorithm: Any, problem: Problem, most: int, seed: int, progress: Tick | None
) -> list[Judged]:
    """Let an algorithm ask for generations until it has tried enough designs."""
    from pymoo.core.problem import Problem as Shape
    from pymoo.problems.static import StaticProblem

    k = len(problem.variables)
    shape = Shape(
        n_var=k, n_obj=len(problem.objectives), n_ieq_constr=1 + len(problem.constraints),
        xl=np.zeros(k), xu=np.ones(k),
    )  # fmt: skip
    algorithm.setup(shape, termination=("n_eval", most), seed=seed, verbose=False)
    lots = []
    while algorithm.has_next():
        asked = algorithm.ask()
        lots.append(_tried(problem, np.clip(asked.get("X"), 0.0, 1.0), progress))
        known = StaticProblem(
            shape, F=_costs(problem, lots[-1]), G=_violations(problem, lots[-1], per_limit=True)
        )
        algorithm.evaluator.eval(known, asked)
        algorithm.tell(infills=asked)
    return lots


def _tried(problem: Problem, shares: Array, progress: Tick | None) -> Judged:
    """Judge a lot and tell of it."""
    judged = problem.evaluate(shares)
    if progress is not None:
        progress(len(judged))
    return judged


def _costs(problem: Problem, judged: Judged) -> Array:
    """What is to be small, shape (n, m); any number for a design that failed."""
    signs = [-1.0 if o.larger_is_better else 1.0 for o in problem.objectives]
    return np.nan_to_num(judged.values * signs)


def _violations(problem: Problem, judged: Judged, *, per_limit: bool) -> Array:
    """How far outside each limit a design is, as a share of it, or the sum of what is outside."""
    scales = [c.scale for c in problem.constraints]
    outside = np.nan_to_num(-judged.margins / np.array(scales), nan=0.0)
    lost = np.where(np.isfinite(judged.values).all(axis=1)
                    & np.isfinite(judged.margins).all(axis=1), -1.0, _LOST)  # fmt: skip
    table = np.concatenate([outside, lost[:, None]], axis=1)
    return table if per_limit else np.maximum(table, 0.0).sum(axis=1)


def _best(problem: Problem, judged: Judged) -> int:
    """Find the feasible design of least cost, or the least infeasible one."""
    cost = _costs(problem, judged)[:, 0]
    outside = _violations(problem, judged, per_limit=False)
    return int(np.lexsort((cost, outside))[0])


def _closed_in(problem: Problem, known: Judged, seed: int, progress: Tick | None) -> list[Judged]:
    """Look around the best design in turned directions, with steps that halve when none helps."""
    random = np.random.default_rng(seed)
    k, step, lots = len(problem.variables), 0.05, list[Judged]()
    while step >= _FINEST and len(lots) < 40:
        centre = known.shares[_best(problem, known)]
        turned = np.linalg.qr(random.standard_normal((k, k)))[0] if k > 1 else np.empty((0, 1))
        ways = np.concatenate([np.eye(k), turned])
        around = np.clip(centre + step * np.concatenate([ways, -ways]), 0.0, 1.0)
        lots.append(_tried(problem, around, progress))
        known = together([known, lots[-1]])
        if _best(problem, known) < len(known) - len(around):
            step /= 2.0
    return lots


def _undominated(problem: Problem, judged: Judged) -> Any:
    """Feasible designs that no other one beats, in the order of the first objective."""
    rows = np.flatnonzero(judged.feasible)
    costs = _costs(problem, judged)[rows]
    _, first = np.unique(costs, axis=0, return_index=True)
    rows, costs = rows[first], costs[first]  # sorted by the first objective, the best first
    kept = [
        k for k, cost in enumerate(costs)
        if not ((costs <= cost).all(axis=1) & (costs < cost).any(axis=1)).any()
    ]  # fmt: skip
    return rows[kept]


def _at_bounds(problem: Problem, shares: Array, what: str) -> tuple[str, ...]:
    """Sentences on numbers that sit at the ends of their ranges, shares (n, k)."""
    said = []
    for j, variable in enumerate(problem.variables):
        for end, word in ((0.0, "lower"), (1.0, "upper")):
            if (np.abs(shares[:, j] - end) <= AT_THE_END).any():
                said.append(f"{_bound(problem, variable, end, word)}: {what} beyond")
    return tuple(said)


def _bound(problem: Problem, variable: Variable, end: float, word: str) -> str:
    """Say that a number sits at an end of its range."""
    limit = float(variable.spread.at(np.array([end]))[0])
    return f"{variable.key} sits at its {word} bound {written(problem.cell, variable.key, limit)}"


def _as_good(problem: Problem, judged: Judged, best: int) -> dict[str, tuple[float, float]]:
    """Ranges of the numbers among feasible designs as good as the best one."""
    value = judged.values[best, 0]
    near = np.abs(judged.values[:, 0] - value) <= AS_GOOD * abs(value)
    rows = judged.numbers[near & judged.feasible]
    ends = zip(rows.min(axis=0).tolist(), rows.max(axis=0).tolist(), strict=True)
    return dict(zip([v.key for v in problem.variables], ends, strict=True))


def _history(problem: Problem, lots: list[Judged]) -> tuple[tuple[int, float], ...]:
    """Evaluations and best feasible value after each lot."""
    sign = 1.0 if problem.objectives[0].larger_is_better else -1.0
    points, done, best = [], 0, -np.inf
    for lot in lots:
        done += len(lot)
        best = max([best, *(sign * lot.values[lot.feasible, 0])])
        points.append((done, float(sign * best) if np.isfinite(best) else float("nan")))
    return tuple(points)


def _none_feasible(problem: Problem, judged: Judged) -> str:
    """Say that no design keeps the constraints, and how near the nearest one comes."""
    lost = [why for why in judged.failed if why]
    if len(lost) == len(judged):
        return f"none of {len(judged)} designs could be simulated; the first: {lost[0]}"
    near = int(np.argmin(_violations(problem, judged, per_limit=False)))
    worst = int(np.argmin(judged.margins[near] / [c.scale for c in problem.constraints]))
    numbers = ", ".join(
        f"{v.key} {written(problem.cell, v.key, x)}"
        for v, x in zip(problem.variables, judged.numbers[near].tolist(), strict=True)
    )
    return (
        f"none of {len(judged)} designs keeps {problem.constraints[worst]}: the nearest, "
        f"{numbers}, misses it by {-judged.margins[near, worst]:.3g}; "
        "expected weaker limits or wider ranges"
    )
