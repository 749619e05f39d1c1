"""A design problem: a cell, what varies, what is wanted, what must be kept; judged by the lot."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.cell.change import check_apart
from filmcell.design.objectives import Constraint, Objective
from filmcell.design.variables import Variable
from filmcell.errors import FilmcellError, InputError
from filmcell.protocol.steps import Protocol
from filmcell.simulation.many import Design, Outcomes, simulate_many
from filmcell.simulation.options import DEFAULTS, Options


@dataclass(frozen=True)
class Judged:
    """What a lot of designs is worth; nan where a design failed.

    Parameters
    ----------
    shares : ndarray
        Where each design lies in the ranges of the variables, shape (n, k), 0 to 1.
    numbers : ndarray
        Its numbers, shape (n, k) [SI].
    values : ndarray
        Objectives, shape (n, m) [in their units].
    margins : ndarray
        How far inside each constraint it is, shape (n, c) [in the units of their objectives].
    failed : tuple of str
        Why a design failed, "" where it did not.
    """

    shares: Array
    numbers: Array
    values: Array
    margins: Array
    failed: tuple[str, ...]

    def __len__(self) -> int:
        """Number of designs."""
        return len(self.failed)

    @property
    def feasible(self) -> Any:
        """Whether each design did not fail and keeps all constraints, shape (n,)."""
        whole = np.isfinite(self.values).all(axis=1)
        return whole & (self.margins >= 0.0).all(axis=1)

    @property
    def failures(self) -> Mapping[str, int]:
        """How many designs failed, by reason."""
        return dict(Counter(why for why in self.failed if why))


def together(parts: Sequence[Judged]) -> Judged:
    """Put lots of designs one behind the other.

    Parameters
    ----------
    parts : sequence of Judged
        At least one.

    Returns
    -------
    Judged
        All of them.
    """

    def behind(name: str) -> Array:
        return np.concatenate([getattr(part, name) for part in parts])

    return Judged(
        behind("shares"), behind("numbers"), behind("values"), behind("margins"),
        tuple(why for part in parts for why in part.failed),
    )  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """A design problem.

    Parameters
    ----------
    cell : Cell
        The cell that is varied.
    variables : sequence of Variable
        What varies.
    objectives : sequence of Objective
        What is wanted.
    constraints : sequence of AtLeast or AtMost
        What must be kept; limits of a number of the cell are the range of its variable.
    options : Options
        Accuracy.
    threads : int, optional
        Threads; as many as there are cores if not given.

    Raises
    ------
    InputError
        Where nothing varies or nothing is wanted, a number varies twice, or the ends of the ranges
        make no cell.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.objectives import Utilisation
    >>> from filmcell.design.variables import vary
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> thickness = vary(cell, "cathode.thickness", "5 um", "10 um")
    >>> problem = Problem(cell, (thickness,), (Utilisation(AmperesPerArea(0.7)),))
    >>> problem.evaluate([[0.0], [1.0]]).values.round(2).tolist()
    [[0.79], [0.7]]
    """

    cell: Cell
    variables: Sequence[Variable]
    objectives: Sequence[Objective]
    constraints: Sequence[Constraint] = ()
    options: Options = DEFAULTS
    threads: int | None = None

    def __post_init__(self) -> None:
        """Check that there is something to vary and to want, and cells at both ends."""
        for name in ("variables", "objectives"):
            if not getattr(self, name):
                raise InputError(f"{name}: nothing is given, expected at least one")
        keys = [v.key for v in self.variables]
        check_apart(keys, "variables")
        for key in keys:
            if keys.count(key) > 1:
                raise InputError(f"variables: {key} is given twice, expected it once")
        names = [str(objective) for objective in self.objectives]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"objectives: {name} is given twice, expected it once")
        for end in (0.0, 1.0):
            self.made(self.numbers(np.full((1, len(keys)), end))[0])

    def numbers(self, shares: Array) -> Array:
        """Turn shares of the ranges, shape (n, k), into numbers [SI], shape (n, k)."""
        columns = [v.spread.at(shares[:, j]) for j, v in enumerate(self.variables)]
        return np.stack(columns, axis=1)

    def made(self, numbers: Array) -> Cell:
        """Make the cell with some numbers, shape (k,) [SI]; raises InputError if it cannot be."""
        pairs = zip(self.variables, numbers, strict=True)
        return self.cell.replace({v.key: float(x) for v, x in pairs})

    @property
    def protocols(self) -> tuple[Protocol, ...]:
        """What is done to each cell; objectives with the same protocol share its run."""
        wanted = (*self.objectives, *(c.objective for c in self.constraints))
        return tuple(dict.fromkeys(objective.protocol for objective in wanted))

    def evaluate(self, shares: object, progress: Callable[[int], None] | None = None) -> Judged:
        """Judge a lot of designs with one call of `simulate_many`.

        Parameters
        ----------
        shares : array_like
            Where each design lies in the ranges of the variables, shape (n, k), 0 to 1.
        progress : callable, optional
            Called with the number of simulations done since the last call.

        Returns
        -------
        Judged
            One row a design.
        """
        where = np.asarray(shares, dtype=float)
        numbers = self.numbers(where)
        told = simulate_many(
            self._designs(numbers), options=self.options, threads=self.threads, progress=progress
        )
        parts = dict(zip(self.protocols, _dealt(told, len(self.protocols)), strict=True))
        values = [o.read(parts[o.protocol]) for o in self.objectives]
        margins = [
            c.margin(c.objective.read(parts[c.objective.protocol])) for c in self.constraints
        ]
        reasons = zip(*(part.failed for part in parts.values()), strict=True)
        wanted = [*self.objectives, *(c.objective for c in self.constraints)]
        failed = tuple(
            next(filter(None, each), "") or _without_number(wanted, parts, k)
            for k, each in enumerate(reasons)
        )
        lost = np.array([why != "" for why in failed])
        table = np.where(lost, np.nan, np.array(values)).T
        kept = np.where(lost, np.nan, np.array(margins).reshape(-1, len(where))).T
        return Judged(where, numbers, table, kept, failed)

    def _designs(self, numbers: Array) -> Iterator[Design]:
        """Each cell with each protocol in turn, or why it cannot be made."""
        for row in numbers:
            try:
                cell = self.made(row)
            except FilmcellError as error:
                yield from (error for _ in self.protocols)
                continue
            yield from ((cell, protocol) for protocol in self.protocols)


def _without_number(wanted: Sequence[Objective], parts: Mapping[Protocol, Outcomes], k: int) -> str:
    """Say which objective a design has no number for, though it was simulated; "" where none."""
    missing = (o for o in wanted if np.isnan(o.read(parts[o.protocol])[k]))
    return next((f"no charge passes, so that there is no {o}" for o in missing), "")


def _dealt(told: Outcomes, count: int) -> list[Outcomes]:
    """Deal outcomes out again, one protocol to each hand."""

    def every(k: int) -> Outcomes:
        return Outcomes(
            told.duration[k::count], told.charge[k::count], told.energy[k::count],
            told.end_voltage[k::count], told.ended[k::count], told.failed[k::count],
            told.area[k::count], told.theoretical_capacity[k::count],
            told.window_capacity[k::count],
        )  # fmt: skip

    return [every(k) for k in range(count)]
