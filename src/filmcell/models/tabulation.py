"""Properties as lookup tables, made once for each material."""

from functools import lru_cache

import numpy as np

from filmcell.errors import InputError
from filmcell.materials.property import Property
from filmcell.numerics.table import Table, tabulate

TABLE_TOLERANCE = 1e-9
"""Error of the tables: volts for the potential, relative for the others."""


@lru_cache(maxsize=256)
def tabulated(prop: Property, *, relative: bool) -> Table:
    """Tabulate a property over its range; kept, so that only a new material costs time.

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
        table = tabulate(prop.func, prop.low, prop.high, tol=TABLE_TOLERANCE, relative=relative)
    except InputError as error:
        raise InputError(f"{prop}: {error}") from None
    if relative and not np.all(table(np.linspace(prop.low, prop.high, 1001)) > 0):
        raise InputError(f"{prop}: not above 0 from {prop.low:g} to {prop.high:g}")
    return table
