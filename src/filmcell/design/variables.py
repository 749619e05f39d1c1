"""What varies in a design: a number of the cell by its dotted key, and how it is spread."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.cell.key import entry, read_number
from filmcell.errors import InputError
from filmcell.materials.property import Constant, Property
from filmcell.units import display, shown


class Spread(Protocol):
    """How a number is spread: its quantile function."""

    def at(self, share: Any) -> Array:
        """Give the numbers [SI] below which the shares (n,) from 0 to 1 lie."""


@dataclass(frozen=True)
class Linear:
    """Spread evenly from `low` to `high`.

    Parameters
    ----------
    low, high : float
        Ends [SI].

    Examples
    --------
    >>> float(Linear(1.0, 3.0).at(0.5))
    2.0
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the order of the ends."""
        if not -np.inf < self.low < self.high < np.inf:
            raise InputError(f"{self.low:g} to {self.high:g} is no range, expected two that rise")

    def at(self, share: Any) -> Array:
        """Give the numbers [SI] below which the shares (n,) from 0 to 1 lie."""
        return self._ended(self.low + (self.high - self.low) * np.asarray(share), share)

    def _ended(self, numbers: Array, share: Any) -> Array:
        """Put the ends exactly where they were said to be, whatever rounding made of them."""
        kept = np.clip(numbers, self.low, self.high)
        return np.where(np.asarray(share) >= 1.0, self.high, kept)


@dataclass(frozen=True)
class Logarithmic(Linear):
    """Spread evenly over the logarithm, from `low` to `high`.

    Parameters
    ----------
    low, high : float
        Ends, above zero [SI].

    Examples
    --------
    >>> float(Logarithmic(1.0, 100.0).at(0.5))
    10.0
    """

    def __post_init__(self) -> None:
        """Check the order and the sign of the ends."""
        super().__post_init__()
        if not self.low > 0.0:
            raise InputError(f"{self.low:g} has no logarithm, expected a range above 0")

    def at(self, share: Any) -> Array:
        """Give the numbers [SI] below which the shares (n,) from 0 to 1 lie."""
        return self._ended(self.low * (self.high / self.low) ** np.asarray(share), share)


@dataclass(frozen=True)
class LogNormal:
    """Spread normally over the logarithm, cut off at three standard deviations.

    Parameters
    ----------
    median : float
        Half of all lies below [SI].
    factor : float
        One standard deviation above and below the median [-].

    Examples
    --------
    >>> LogNormal(1e-14, 2.0).at([0.5, 0.8413447]).round(20)
    array([1.e-14, 2.e-14])
    """

    median: float
    factor: float

    def __post_init__(self) -> None:
        """Check both numbers."""
        if not (self.median > 0.0 and self.factor > 1.0):
            raise InputError(
                f"median {self.median:g} and factor {self.factor:g} are not allowed, expected one "
                "above 0 and one above 1"
            )

    def at(self, share: Any) -> Array:
        """Give the numbers [SI] below which the shares (n,) from 0 to 1 lie."""
        from scipy.special import ndtri

        return self.median * self.factor ** np.clip(ndtri(np.asarray(share)), -3.0, 3.0)


@dataclass(frozen=True)
class Variable:
    """A number of the cell that varies.

    Parameters
    ----------
    key : str
        Dotted key, as `Cell.replace` takes it.
    spread : Linear, Logarithmic, LogNormal or another Spread
        The range it lies in [SI].
    """

    key: str
    spread: Spread


def vary(
    cell: Cell, key: str, low: str | float, high: str | float, scale: type[Linear] = Linear
) -> Variable:
    """Let a number of a cell vary between two values.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key, as `Cell.replace` takes it.
    low, high : str or float
        Text with a unit, or numbers [SI].
    scale : type
        `Linear` or `Logarithmic`.

    Returns
    -------
    Variable
        The variable.

    Raises
    ------
    InputError
        Where the cell has no such number, or the values do not fit it.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> vary(load_cell("wang2023-lco-lipon-li"), "cathode.thickness", "1 um", "30 um").spread
    Linear(low=1e-06, high=3e-05)
    """
    ends = [read_number(cell, key, value) for value in (low, high)]
    try:
        return Variable(key, scale(*ends))
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


def number_at(cell: Cell, key: str) -> float:
    """Read a number of a cell by its dotted key.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key, as `Cell.replace` takes it.

    Returns
    -------
    float
        The number [SI].

    Raises
    ------
    InputError
        Where there is no number, but a part, a function or nothing.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> number_at(load_cell("wang2023-lco-lipon-li"), "cathode.diffusivity")
    1e-14
    """
    value = entry(cell, key).value
    if isinstance(value, Property) and isinstance(value.func, Constant):
        value = value.func.value
    if not isinstance(value, float):
        raise InputError(f"{key}: {shown(value)} is no single number, expected a key that has one")
    return 2.0 * value if key == "cathode.diameter" else value


def unit_at(cell: Cell, key: str) -> str:
    """Tell the SI unit of a number of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key, as `Cell.replace` takes it.

    Returns
    -------
    str
        The unit, a key of `units.EXAMPLES`.

    Raises
    ------
    InputError
        Where the cell has no such number.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> unit_at(load_cell("wang2023-lco-lipon-li"), "electrolyte.conductivity")
    'S/m'
    """
    kind = entry(cell, key).kind
    if kind is None:
        raise InputError(f"{key}: no number of the cell, expected a key that has a unit")
    return kind.unit


def written(cell: Cell, key: str, value: float) -> str:
    """Write a number of a cell the way the field writes it.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key.
    value : float
        The number [SI].

    Returns
    -------
    str
        Number and unit.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> written(load_cell("wang2023-lco-lipon-li"), "cathode.thickness", 3e-5)
    '30 um'
    """
    return display(value, unit_at(cell, key), 5)
