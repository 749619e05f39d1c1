"""A plan: a cell, a protocol, and what is to change from one design to the next."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from functools import cached_property
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.cell.change import FACTOR, check_apart
from filmcell.cell.key import entry
from filmcell.cell.quantities import PropertyOf, Quantity
from filmcell.errors import FilmcellError, InputError
from filmcell.materials.property import Scaled
from filmcell.models.regions import CATHODE_CELLS
from filmcell.protocol.file import load_protocol
from filmcell.protocol.profile import Profile
from filmcell.protocol.steps import Protocol
from filmcell.protocol.template import Filling, Template, read_filling
from filmcell.simulation.family import Family
from filmcell.simulation.many import Design
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.sweep.axes import Axis, Range, Values, Written
from filmcell.sweep.sampling import Grid, Sampling
from filmcell.sweep.table import COLUMNS
from filmcell.units import shown

MOST_DESIGNS = 1_000_000_000
"""Most designs of one plan."""

MOST_IN_A_PART = 1_000_000
"""Most designs of one part, which is in memory as a whole."""

_COUNTABLE = 1e300

FEWEST_CELLS, MOST_CELLS = 4, 10_000
"""Volumes that a cathode may have."""

FEWEST_ROWS, MOST_ROWS, PARTS = 100, 20_000, 50
"""Rows that a part of a sweep has at least and at most, and the parts that are aimed at."""

_GRID = Grid()


@dataclass(frozen=True, eq=False)
class Plan:
    """What a sweep does: many designs, told by few lines.

    Parameters
    ----------
    cell : Cell
        The cell that all designs start from.
    protocol : Protocol or str
        What is done to each; text may have names in braces, "Charge at {current} until 4.2 V".
    axes : mapping of str to Axis
        Dotted key of a number of the cell, or a name in braces of the protocol, to its values.
    sampling : Grid, Paired, Sobol or LatinHypercube
        How the axes become designs.
    options : Options
        Accuracy.
    cells : int
        Nodes of the cathode; a mixed conductor has 2.5 times as many volumes.
    curves : bool
        Whether time, voltage and current of every design are kept too.
    rows_per_part : int, optional
        Designs that are computed and written together.

    Raises
    ------
    InputError
        Where an axis is empty or has no such key, a value does not fit its key, a name in braces
        has no axis, or there are too many designs.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> plan = Plan(
    ...     load_cell("wang2023-lco-lipon-li"),
    ...     "Charge at {current} until 4.2 V; Discharge at {current} until 2.7 V",
    ...     {"cathode.thickness": Range("5 um", "25 um", 5), "current": Values(("C/10", "1C"))},
    ... )
    >>> plan.count, plan.units
    (10, {'cathode.thickness': 'm', 'current': 'C-rate'})
    """

    cell: Cell
    protocol: Protocol | str
    axes: Mapping[str, Axis]
    sampling: Sampling = _GRID
    options: Options = DEFAULTS
    cells: int = CATHODE_CELLS
    curves: bool = False
    rows_per_part: int | None = None

    def __post_init__(self) -> None:
        """Read every value, count the designs and try the first one."""
        self._check_kinds()
        object.__setattr__(self, "axes", MappingProxyType(dict(self.axes)))
        if not isinstance(self.protocol, str) or not self.template.names:
            object.__setattr__(self, "protocol", load_protocol(self.protocol))
        for key, axis in self.axes.items():
            if not isinstance(axis, Values | Range):
                raise InputError(
                    f"axes.{key}: {shown(axis)} is not an axis, expected Values or Range"
                )
            if key in COLUMNS:
                raise InputError(
                    f"axes.{key}: is the name of a column of the table, expected another name"
                )
        check_apart([key for key in self.axes if key not in self.template.names], "axes")
        count = self.count
        if count > MOST_DESIGNS:
            many = f"{count:.6g}" if count < _COUNTABLE else f"more than {_COUNTABLE:.0e}"
            raise InputError(
                f"axes: {many} designs, expected at most {MOST_DESIGNS:.0e}; fewer points on an "
                "axis, or Sobol points, are a way out"
            )
        _check_whole("cells", self.cells, FEWEST_CELLS, MOST_CELLS)
        if self.rows_per_part is not None:
            _check_whole("rows_per_part", self.rows_per_part, 1, MOST_IN_A_PART)
        first = self.filled(self.points(0, 1), 0)
        if self.template.names and _profiles(first):
            raise InputError(
                "protocol: follows a profile and has blanks, expected one of them; blanks in the "
                "other steps can be plans of their own"
            )

    def _check_kinds(self) -> None:
        """Refuse what is of another kind than it should be."""
        for name, kinds, expected in (
            ("cell", Cell, "a cell such as load_cell gives"),
            ("axes", Mapping, "a mapping of keys to axes"),
            ("sampling", Sampling, "Grid(), Paired(), Sobol or LatinHypercube"),
            ("options", Options, "Options"),
            ("curves", bool, "True or False"),
        ):
            if not isinstance(getattr(self, name), kinds):
                raise InputError(
                    f"{name}: {shown(getattr(self, name))} is not allowed, expected {expected}"
                )

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a plan be sent to another process."""
        return Plan, (
            self.cell, self.protocol, dict(self.axes), self.sampling, self.options, self.cells,
            self.curves, self.rows_per_part,
        )  # fmt: skip

    @cached_property
    def template(self) -> Template:
        """The protocol with its blanks; one that was read already has none."""
        return Template(self.protocol if isinstance(self.protocol, str) else "")

    @cached_property
    def _read(self) -> dict[str, tuple[tuple[Any, ...], str]]:
        """Values of each axis in SI and their unit."""
        return {key: self._axis(key, axis) for key, axis in self.axes.items()}

    def _axis(self, key: str, axis: Axis) -> tuple[tuple[Any, ...], str]:
        """Read the values of one axis; its complaints name it."""
        try:
            if key in self.template.names:
                read, unit = _fillings(axis.ends)
            else:
                self._check_known(key)
                read, unit = _quantities(self.cell, key, axis.ends)
            axis.check(*read)
        except InputError as error:
            # what the cell says of a key begins with the key
            raise InputError(f"axes.{key}: {str(error).removeprefix(f'{key}: ')}") from None
        return read, unit

    def _check_known(self, key: str) -> None:
        """Refuse a single word that is neither a blank nor a key, and say what it could be."""
        own = [f.name for f in fields(self.cell)]
        if key in own or "." in key:
            return
        close = get_close_matches(key, [*self.template.names, *own], 1)
        blanks = ", ".join(f"{{{name}}}" for name in self.template.names) or "none"
        hint = f'did you mean "{close[0]}"?' if close else f"the protocol has {blanks}"
        raise InputError(f"is neither a blank of the protocol nor a key of the cell, {hint}")

    @property
    def units(self) -> dict[str, str]:
        """SI unit of each axis; "word" for choices, "C-rate" for C-rates."""
        return {key: unit for key, (_, unit) in self._read.items()}

    @property
    def count(self) -> int:
        """Number of designs."""
        return self.sampling.count(list(self.axes.values()))

    @property
    def rows(self) -> int:
        """Designs of one part."""
        if self.rows_per_part is not None:
            return self.rows_per_part
        return min(max(ceil(self.count / PARTS), FEWEST_ROWS), MOST_ROWS)

    @property
    def parts(self) -> int:
        """Number of parts."""
        return ceil(self.count / self.rows)

    def span(self, part: int) -> tuple[int, int]:
        """First design of a part, and the one after its last."""
        return part * self.rows, min((part + 1) * self.rows, self.count)

    def points(self, first: int, last: int) -> dict[str, list[Any]]:
        """Give the values of some designs.

        Parameters
        ----------
        first, last : int
            First design, and the one after the last.

        Returns
        -------
        dict of str to list
            Key of each axis to the values, in SI.
        """
        shares: Array = self.sampling.shares(list(self.axes.values()), first, last)
        return {
            key: axis.at(column, self._read[key][0])
            for (key, axis), column in zip(self.axes.items(), shares.T, strict=True)
        }

    def coordinates(self, key: str) -> list[Any]:
        """Values of one axis of a grid, in SI, shape (count,)."""
        axis = self.axes[key]
        return axis.at(axis.share(np.arange(axis.count)), self._read[key][0])

    def filled(self, points: Mapping[str, list[Any]], k: int) -> Protocol:
        """Give the protocol of one of some designs; the arguments are those of `design`."""
        if isinstance(self.protocol, Protocol):
            return self.protocol
        return self.template.filled(
            {name: Filling(points[name][k], self._read[name][1])
             for name in self.template.names if name in points}
        )  # fmt: skip

    def design(self, points: Mapping[str, list[Any]], k: int) -> Design:
        """Make one of some designs.

        Parameters
        ----------
        points : mapping of str to list
            What `points` gave.
        k : int
            Which of them.

        Returns
        -------
        (Cell, Protocol) or FilmcellError
            The design, or why it cannot be.
        """
        blanks = self.template.names
        try:
            changes = {key: values[k] for key, values in points.items() if key not in blanks}
            cell = self.cell.replace(changes) if changes else self.cell
            return cell, self.filled(points, k)
        except FilmcellError as error:
            return error

    def family(self, points: Mapping[str, list[Any]], first: int, last: int) -> Family | None:
        """Give some designs as one family, where numbers are all that differs.

        Parameters
        ----------
        points : mapping of str to list
            What `points` gave.
        first, last : int
            First of them, and the one after the last.

        Returns
        -------
        Family or None
            The family; None where the designs have to be made one by one.
        """
        some = {key: values[first:last] for key, values in points.items()}
        lead = self.design(some, 0)
        steps = self._steps_of_blanks
        if isinstance(lead, FilmcellError) or steps is None:
            return None
        columns = {
            key: self._whole_factors(key, values)
            for key, values in some.items()
            if key not in steps and self._read[key][1] != "word"
        }
        words = [v for k, v in some.items() if self._read[k][1] == "word"]
        if any(value != v[0] for v in words for value in v):
            return None
        amounts = {k: some[name] for name, places in steps.items() for k in places}
        return Family(lead[0], columns, lead[1], amounts, last - first, self.cells)

    def _whole_factors(self, key: str, values: list[Any]) -> list[Any]:
        """Values of a key; those of a factor times what the plan's cell has already."""
        above, _, name = key.rpartition(".")
        if name != FACTOR:
            return values
        there = entry(self.cell, above).value
        before = there.factor if isinstance(there.func, Scaled) else 1.0
        return [before * value for value in values]

    @cached_property
    def _steps_of_blanks(self) -> dict[str, tuple[int, ...]] | None:
        """Steps whose current each blank is; None where a blank is something else."""
        if isinstance(self.protocol, Protocol):
            return {}
        return self.template.steps_of({name: self._read[name][1] for name in self.template.names})

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that the numbers of the sweep follow from, as plain data."""
        return {
            "cell": json.loads(self.cell.json),
            "protocol": _text(self.protocol),
            "profiles": [profile.digest for profile in _profiles(self.protocol)],
            "axes": [  # a list, as the numbers of the designs follow from the order
                {"key": key, "kind": type(axis).__name__, "read": list(self._read[key][0]),
                 "unit": self._read[key][1], "count": axis.count}
                for key, axis in self.axes.items()
            ],
            "sampling": {"kind": type(self.sampling).__name__, **asdict(self.sampling)},
            "options": asdict(self.options),
            "cells": self.cells,
            "curves": self.curves,
            "rows_per_part": self.rows,
        }  # fmt: skip

    @cached_property
    def hash(self) -> str:
        """Hash of the identity: plans with the same one give the same table."""
        text = json.dumps(self.identity, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _check_whole(name: str, value: Any, least: int, most: int) -> None:
    """Refuse what is not a whole number within a range."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(
            f"{name}: {shown(value)} is not allowed, expected a whole number from {least} to {most}"
        )


def _profiles(protocol: Protocol | str) -> list[Profile]:
    """Tables that a protocol follows, whose numbers its text does not tell."""
    steps = protocol.steps if isinstance(protocol, Protocol) else ()
    return [step.control for step in steps if isinstance(step.control, Profile)]


def _text(protocol: Protocol | str) -> str:
    """Text of a protocol that is the same in whatever folder its tables lie."""
    text = str(protocol)
    for path in (profile.path for profile in _profiles(protocol) if profile.path):
        text = text.replace(path, Path(path).name)
    return text


def _fillings(ends: tuple[Written, ...]) -> tuple[tuple[Any, ...], str]:
    """Read the values of a blank; they must be of one kind."""
    fillings = [read_filling(end) for end in ends]  # type: ignore[arg-type]  # it refuses numbers
    units = list(dict.fromkeys(f.unit for f in fillings))
    if len(units) > 1:
        raise InputError(f"values in {units[0]} and in {units[1]}, expected one kind of amount")
    return tuple(f.value for f in fillings), units[0]


def _quantities(cell: Cell, key: str, ends: tuple[Written, ...]) -> tuple[tuple[Any, ...], str]:
    """Read the values of a key of the cell, in SI; words stay as they are."""
    kind = entry(cell, key).kind
    if kind is None:
        for end in ends:
            cell.replace({key: end})
        return ends, "word"
    if isinstance(kind, PropertyOf):
        known = Quantity(kind.unit, 0.0 if kind.positive else float("-inf"))
        return tuple(known.read(end) for end in ends), kind.unit
    return tuple(kind.read(end) for end in ends), kind.unit
