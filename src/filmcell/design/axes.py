"""Axes of a map: which number varies, from where to where, and how it is written."""

import math
from dataclasses import dataclass

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.cell.key import entry
from filmcell.errors import InputError
from filmcell.units import display, shown, to_si

CURRENT, RATE = "current", "c_rate"
"""Keys of the current density [A/m2] and the C-rate [1/h] of a cycle."""

_DRIVEN = {CURRENT: "A/m2", RATE: ""}

MOST = 1_000_000
"""Values that one axis may have."""

_EVEN_FROM, _APART = 1e-9, 10.0


@dataclass(frozen=True, eq=False)
class Axis:
    """A number that varies.

    Parameters
    ----------
    key : str
        Dotted key of a cell such as "cathode.thickness", or "current" [A/m2] or "c_rate" [1/h].
    values : sequence of float
        Its values in SI, each larger than the one before, shape (n,).
    unit : str, optional
        SI unit, for display; a map takes it from its cell.

    Raises
    ------
    InputError
        Where there are no values, or they are not finite or do not rise.

    Examples
    --------
    >>> thickness = Axis("cathode.thickness", [1e-6, 1e-5, 1e-4], "m")
    >>> thickness.logarithmic, thickness.label
    (True, 'cathode.thickness (um)')
    """

    key: str
    values: Array
    unit: str | None = None

    def __post_init__(self) -> None:
        """Check the values and freeze them."""
        try:
            values = frozen(np.array(self.values, dtype=float), own=True)
        except (TypeError, ValueError):
            raise InputError(f"{self.key}: {shown(self.values)} is no list of numbers") from None
        if values.ndim != 1 or not values.size:
            raise InputError(f"{self.key}: the axis is empty, expected at least one value")
        if not np.all(np.isfinite(values)):
            raise InputError(f"{self.key}: a value is not finite, expected numbers")
        if not np.all(np.diff(values) > 0.0):
            raise InputError(f"{self.key}: the values do not rise, expected each above the last")
        object.__setattr__(self, "values", values)

    @property
    def logarithmic(self) -> bool:
        """Whether the values are spaced by even factors, rather than evenly."""
        v = self.values
        if v[0] <= 0.0 or len(v) < 3:
            return bool(v[0] > 0.0 and v[-1] / v[0] >= _APART)
        even, factors = np.diff(v), np.diff(np.log(v))
        return bool(np.ptp(factors) / factors.mean() < np.ptp(even) / even.mean() - _EVEN_FROM)

    @property
    def _display(self) -> tuple[float, str]:
        """One displayed unit in SI, and its name."""
        number, _, name = display(1.0, self.unit or "", 15).partition(" ")
        return 1.0 / float(number), name

    @property
    def displayed(self) -> Array:
        """The values in the unit of the field, shape (n,)."""
        return self.values / self._display[0]

    @property
    def label(self) -> str:
        """Key and unit, for plots and tables."""
        unit = self._display[1]
        return f"{self.key} ({unit})" if unit else self.key


def read_key(cell: Cell, key: str) -> str:
    """Find the unit of a number of a cell or of its current.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        "current", "c_rate" or a dotted key such as "interlayers.0.thickness".

    Returns
    -------
    str
        SI unit.

    Raises
    ------
    InputError
        Where there is no such number.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> read_key(load_cell("wang2023-lco-lipon-li"), "cathode.diffusivity")
    'm2/s'
    """
    if key in _DRIVEN:
        return _DRIVEN[key]
    kind = entry(cell, key).kind
    if kind is None:
        raise InputError(f"{key}: is no number, expected the key of one")
    return kind.unit


def read_axis(cell: Cell, text: str, count: int) -> Axis:
    """Read an axis from text.

    Parameters
    ----------
    cell : Cell
        The cell whose number varies.
    text : str
        "cathode.thickness=1 um..30 um" for a range, "cathode.thickness=1 um, 2 um, 5 um" for
        values. A range is spaced by even factors where its ends are positive and a factor of ten
        or more apart, else evenly.
    count : int
        Values of a range.

    Returns
    -------
    Axis
        The axis.

    Raises
    ------
    InputError
        Where the text is none, the key is unknown, a unit does not fit, the range is reversed or
        there are too many values.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> read_axis(cell, "cathode.thickness=1 um..16 um", 3).displayed
    array([ 1.,  4., 16.])
    """
    key, sign, words = (part.strip() for part in text.partition("="))
    if not sign or not key or not words:
        raise InputError(f"{shown(text)} is no axis, expected one such as "
                         '"cathode.thickness=1 um..30 um"')  # fmt: skip
    unit = read_key(cell, key)
    if ".." in words:
        return Axis(key, _spaced(key, words, unit, count), unit)
    return Axis(key, np.array([_number(key, word, unit) for word in words.split(",")]), unit)


def _spaced(key: str, words: str, unit: str, count: int) -> Array:
    """Read a range and space its values."""
    first, _, second = words.partition("..")
    low, high = _number(key, first, unit), _number(key, second, unit)
    if not low < high:
        raise InputError(f"{key}: {words} does not rise, expected the smaller end first")
    if not 2 <= count <= MOST:
        raise InputError(f"{key}: {count} values are not allowed, expected from 2 to {MOST}")
    if low > 0.0 and high / low >= _APART * (1.0 - 1e-12):
        return np.geomspace(low, high, count)
    return np.linspace(low, high, count)


def _number(key: str, word: str, unit: str) -> float:
    """Read one number of an axis."""
    if not word.strip():
        raise InputError(f"{key}: a value is missing, expected one such as 1 um..30 um")
    try:
        number = to_si(word.strip(), unit)
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
    if not math.isfinite(number):
        raise InputError(f"{key}: {shown(word)} is not finite")
    return number
