"""Properties as lookup tables, made once for each material."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.errors import InputError
from filmcell.materials.property import Constant, Property, Scaled
from filmcell.numerics.table import Table, tabulate

TABLE_TOLERANCE = 1e-9
"""Error of the tables: volts for the potential, relative for the others."""


def tabulated(prop: Property, *, relative: bool) -> Table:
    """Tabulate a property over its range; only a new material costs time.

    A number, and another property times a number, need no tabulation of their own.

    Parameters
    ----------
    prop : Property
        The property.
    relative : bool
        Whether the tolerance is relative to the value at each point.

    Returns
    -------
    Table
        The table.

    Raises
    ------
    InputError
        Where the property cannot be tabulated, or is to be positive and is not.

    Examples
    --------
    >>> from filmcell import constant
    >>> tabulated(constant("D", 1e-14, "m2/s"), relative=True).error
    0.0
    """
    try:
        return _table(prop.func, prop.low, prop.high, relative)
    except InputError as error:
        raise InputError(f"{prop}: {error}") from None


def _table(func: Callable[[Array], Array], low: float, high: float, relative: bool) -> Table:
    """Make the table of a function, from as little as it takes."""
    if isinstance(func, Scaled):
        base = _table(func.func, low, high, relative)
        values = frozen(func.factor * base.coefficients, own=True)
        return Table(values, low, high, base.error * (1.0 if relative else func.factor))
    if isinstance(func, Constant) and (func.value > 0 or not relative):
        return Table(frozen(np.array([[func.value, 0.0, 0.0, 0.0]]), own=True), low, high, 0.0)
    return _tabulated(func, low, high, relative)


@lru_cache(maxsize=256)
def _tabulated(func: Callable[[Array], Array], low: float, high: float, relative: bool) -> Table:
    """Tabulate a function; kept."""
    table = tabulate(func, low, high, tol=TABLE_TOLERANCE, relative=relative)
    if relative and not np.all(table(np.linspace(low, high, 1001)) > 0):
        raise InputError(f"not above 0 from {low:g} to {high:g}")
    return table
