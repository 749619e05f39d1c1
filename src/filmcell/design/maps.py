"""Maps: what a cell gives over any two of its numbers, or over its current."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.cell.change import check_apart
from filmcell.design.axes import CURRENT, RATE, Axis, read_key
from filmcell.errors import FilmcellError, InputError, MissingExtra
from filmcell.protocol.amounts import AmperesPerArea, CRate, CurrentAmount
from filmcell.protocol.cycle import cycles
from filmcell.protocol.steps import Protocol
from filmcell.simulation.many import Design, Outcomes, simulate_many
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.outcomes import ratio
from filmcell.units import shown

LARGEST = 1_000_000
"""Points that a map may have; it is kept in memory whole."""


@dataclass(frozen=True)
class Quantity:
    """What a map shows of the last step of each point.

    Parameters
    ----------
    name : str
        Words for axes and tables.
    unit : str
        Unit of what is shown, such as "mWh/cm2".
    size : float
        That unit in the unit of `of`.
    of : callable
        From `Outcomes` of n designs to values, shape (n,).
    """

    name: str
    unit: str
    size: float
    of: Callable[[Outcomes], Array]


WINDOW_UTILISATION = Quantity(
    "utilisation of what the voltage window allows", "-", 1.0,
    lambda o: o.window_utilisation[:, -1],
)  # fmt: skip
THEORETICAL_UTILISATION = Quantity(
    "utilisation of the theoretical capacity", "-", 1.0, lambda o: o.utilisation[:, -1]
)
AREAL_CAPACITY = Quantity(
    "capacity per area", "mAh/cm2", 10.0, lambda o: o.capacity[:, -1] / o.area
)
AREAL_ENERGY = Quantity("energy per area", "mWh/cm2", 10.0, lambda o: o.energy[:, -1] / o.area)
MEAN_POWER = Quantity(
    "mean power per area", "mW/cm2", 10.0,
    lambda o: ratio(o.energy[:, -1] / o.area, o.duration[:, -1] / 3600.0),
)  # fmt: skip

QUANTITIES = {
    "window": WINDOW_UTILISATION,
    "theoretical": THEORETICAL_UTILISATION,
    "capacity": AREAL_CAPACITY,
    "energy": AREAL_ENERGY,
    "power": MEAN_POWER,
}
"""What a map can show, by the words of a command."""


@dataclass(frozen=True, eq=False)
class Map:
    """A quantity over two numbers; a point that failed has nan and a reason.

    Parameters
    ----------
    x, y : Axis
        The two numbers.
    values : ndarray
        The quantity in its unit, shape (y, x).
    failed : tuple of str
        Why a point failed, "" where it did not, row by row of `values`.
    quantity : Quantity
        What is shown.
    protocol : str
        What was done at each point.
    cell : Cell
        The cell whose numbers were changed.
    """

    x: Axis
    y: Axis
    values: Array
    failed: tuple[str, ...]
    quantity: Quantity
    protocol: str
    cell: Cell

    def __post_init__(self) -> None:
        """Freeze the values."""
        object.__setattr__(self, "values", frozen(self.values, own=True))

    def levels(self, count: int = 10) -> Array:
        """Give round values inside the map for contours.

        Parameters
        ----------
        count : int
            About how many.

        Returns
        -------
        ndarray
            Values between the smallest and the largest of the map, in its unit; none where it is
            flat or all of it failed.
        """
        known = self.values[np.isfinite(self.values)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
        if not high - low > 1e-9 * max(abs(low), abs(high)):
            return np.empty(0)
        step = _round_step((high - low) / count)
        ticks = step * np.arange(np.ceil(low / step), np.floor(high / step) + 1.0)
        return ticks[(ticks > low) & (ticks < high)]

    def crossings(self, level: float) -> Array:
        """Find where along x each row first goes through a level, such as 95 % of the window.

        Parameters
        ----------
        level : float
            Value of the quantity, in its unit.

        Returns
        -------
        ndarray
            Numbers of x, shape (y,), in SI; nan where a row does not reach the level. Between two
            points the quantity is taken as a straight line over x, or over log x.
        """
        over = np.log(self.x.values) if self.x.logarithmic else self.x.values
        places = np.array([_first_crossing(over, row - level) for row in self.values])
        return np.exp(places) if self.x.logarithmic else places

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give one row a point, in the units of the axes and of the quantity."""
        for k, why in enumerate(self.failed):
            j, i = divmod(k, len(self.x.values))
            yield {
                self.x.label: float(self.x.displayed[i]),
                self.y.label: float(self.y.displayed[j]),
                _column(self.quantity): float(self.values[j, i]),
                "failed": why,
            }

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain data; values row by row of y."""
        return {
            "cell": self.cell.name,
            "quantity": self.quantity.name,
            "unit": self.quantity.unit,
            "protocol": self.protocol,
            "x": {"key": self.x.key, "unit": self.x.unit, "values": self.x.values.tolist()},
            "y": {"key": self.y.key, "unit": self.y.unit, "values": self.y.values.tolist()},
            "values": self.values.tolist(),
            "failed": {str(k): why for k, why in enumerate(self.failed) if why},
        }

    def to_polars(self) -> Any:
        """Give the map as a polars DataFrame, one row a point."""
        import polars

        return polars.DataFrame(list(self.rows()))

    def to_xarray(self) -> Any:
        """Give the map as an xarray DataArray over y and x in SI.

        Raises
        ------
        MissingExtra
            Where xarray is not installed.
        """
        try:
            import xarray
        except ImportError:
            raise MissingExtra("to_xarray needs filmcell[xarray]") from None
        told = {"units": self.quantity.unit, "protocol": self.protocol, "cell": self.cell.name}
        array = xarray.DataArray(
            self.values, [(self.y.key, self.y.values), (self.x.key, self.x.values)],
            name=self.quantity.name, attrs=told,
        )  # fmt: skip
        for axis in (self.x, self.y):
            array[axis.key].attrs["units"] = axis.unit
        return array


def _column(quantity: Quantity) -> str:
    """Name of the column of a quantity."""
    return quantity.name if quantity.unit == "-" else f"{quantity.name} ({quantity.unit})"


def _round_step(width: float) -> float:
    """Give the nearest of 1, 2, 5 times a power of ten that is at least a width."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= width * (1 - 1e-9)))


def _first_crossing(x: Array, above: Array) -> float:
    """Find where a curve is first zero, straight between its points."""
    for k in range(len(x)):
        if above[k] == 0.0:
            return float(x[k])
        if k + 1 < len(x) and above[k] * above[k + 1] < 0.0:
            share = above[k] / (above[k] - above[k + 1])
            return float(x[k] + share * (x[k + 1] - x[k]))
    return float("nan")


def utilisation_map(
    cell: Cell,
    x: Axis,
    y: Axis,
    doing: CurrentAmount | Protocol | None = None,
    *,
    quantity: Quantity = WINDOW_UTILISATION,
    options: Options = DEFAULTS,
    progress: Callable[[int], None] | None = None,
) -> Map:
    """Simulate a cell at each pair of two numbers.

    Parameters
    ----------
    cell : Cell
        The cell.
    x, y : Axis
        The two numbers that vary: of the cell, or its current or C-rate.
    doing : CurrentAmount or Protocol, optional
        With a current, `cycles` at it; with a protocol, that one. Nothing where an axis is the
        current or the C-rate.
    quantity : Quantity
        What is kept of the last step.
    options : Options
        Accuracy.
    progress : callable, optional
        Called with the number of points done since the last call.

    Returns
    -------
    Map
        One value a point; the points that failed with the reason.

    Raises
    ------
    InputError
        Where the axes do not fit the cell, each other or what is done, or there are too many
        points.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> found = utilisation_map(
    ...     load_cell("wang2023-lco-lipon-li"),
    ...     Axis("cathode.thickness", [5e-6, 10e-6]),
    ...     Axis("cathode.diffusivity", [1e-14, 1e-13]),
    ...     AmperesPerArea(0.694),
    ...     quantity=THEORETICAL_UTILISATION,
    ... )
    >>> found.values.round(3)
    array([[0.794, 0.702],
           [0.878, 0.868]])
    """
    x, y = (replace(axis, unit=_unit(cell, axis)) for axis in (x, y))
    _check(x, y, doing)
    outcomes = simulate_many(_designs(cell, x, y, doing), options=options, progress=progress)
    shape = len(y.values), len(x.values)
    values = np.full(len(outcomes), np.nan)
    if outcomes.duration.shape[1]:
        values = quantity.of(outcomes) / quantity.size
    values[[bool(why) for why in outcomes.failed]] = np.nan
    return Map(x, y, values.reshape(shape), outcomes.failed, quantity, _told(cell, x, y, doing),
               cell)  # fmt: skip


def _unit(cell: Cell, axis: Axis) -> str:
    """Find the unit of an axis in the cell; refuse another."""
    unit = read_key(cell, axis.key)
    if axis.unit not in {None, unit}:
        raise InputError(f'{axis.key}: the unit "{axis.unit}" does not fit, expected "{unit}"')
    return unit


def _check(x: Axis, y: Axis, doing: CurrentAmount | Protocol | None) -> None:
    """Refuse axes that do not fit each other or what is done."""
    if x.key == y.key:
        raise InputError(f"y: {shown(y.key)} is on x already, expected another number")
    check_apart([x.key, y.key], "y")
    count = len(x.values) * len(y.values)
    if count > LARGEST:
        raise InputError(f"{len(x.values)} x {len(y.values)} are {count} points, expected at most "
                         f"{LARGEST}; a sweep keeps more on disk")  # fmt: skip
    driven = [axis.key for axis in (x, y) if axis.key in {CURRENT, RATE}]
    if len(driven) > 1:
        raise InputError("y: current and c_rate are both the current, expected only one of them")
    if driven and doing is not None:
        raise InputError(f"{driven[0]} is an axis, expected no current or protocol besides")
    if not driven and doing is None:
        raise InputError("doing: nothing is done, expected a current or a protocol, or an axis "
                         "current or c_rate")  # fmt: skip
    if doing is not None and not isinstance(doing, CurrentAmount | Protocol):
        raise InputError(f"doing: {shown(doing)} is not allowed, expected a current or a protocol")


def _designs(
    cell: Cell, x: Axis, y: Axis, doing: CurrentAmount | Protocol | None
) -> Iterator[Design]:
    """Make each point, or the reason why it cannot be made."""
    for v in y.values:
        for u in x.values:
            numbers = {y.key: float(v), x.key: float(u)}
            amount, changes = _split(numbers, doing)
            try:
                changed = cell.replace(changes) if changes else cell
                yield changed, amount if isinstance(amount, Protocol) else cycles((amount, amount))
            except FilmcellError as error:
                yield error


def _split(
    numbers: dict[str, float], doing: CurrentAmount | Protocol | None
) -> tuple[CurrentAmount | Protocol, dict[str, float]]:
    """Part what is done from what the cell is."""
    kept = {key: value for key, value in numbers.items() if key not in {CURRENT, RATE}}
    if CURRENT in numbers:
        return AmperesPerArea(numbers[CURRENT]), kept
    if RATE in numbers:
        return CRate(numbers[RATE]), kept
    assert doing is not None  # seen to by `_check`
    return doing, kept


def _told(cell: Cell, x: Axis, y: Axis, doing: CurrentAmount | Protocol | None) -> str:
    """Say what was done at each point."""
    if isinstance(doing, Protocol):
        return str(doing)
    amount = "the current of the axis" if doing is None else str(doing)
    window = f"{cell.upper_voltage:g} V", f"{cell.lower_voltage:g} V"
    own = {"upper_voltage", "lower_voltage"} & {x.key, y.key}
    ends = ("the upper voltage", "the lower voltage") if own else window
    words = f"Charge at {amount} until {ends[0]}; Discharge at {amount} until {ends[1]}"
    rated = isinstance(doing, CRate) or RATE in {x.key, y.key}
    return f"{words}; 1C: {cell.c_rate_basis}" if rated else words
