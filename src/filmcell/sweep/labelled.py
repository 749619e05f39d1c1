"""The table of a grid as an xarray Dataset: one dimension an axis."""

from typing import TYPE_CHECKING, Any

from filmcell.errors import InputError, MissingExtra
from filmcell.sweep.plan import Plan
from filmcell.sweep.sampling import Grid
from filmcell.sweep.table import COLUMNS

if TYPE_CHECKING:
    import polars


def to_xarray(plan: Plan, table: "polars.DataFrame") -> Any:
    """Give the table of a grid as a Dataset with a dimension for every axis.

    Parameters
    ----------
    plan : Plan
        The plan, whose sampling is a grid.
    table : polars.DataFrame
        All its rows, such as `sweep_table` and `Store.read` give.

    Returns
    -------
    xarray.Dataset
        A variable for each column but the lists of steps; a coordinate for each axis, with its SI
        unit in the attribute "units".

    Raises
    ------
    InputError
        Where the plan is not a grid, or rows are missing.
    MissingExtra
        Where xarray is not installed.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.sweep.axes import Range, Values
    >>> from filmcell.sweep.run import sweep_table
    >>> cycle = "Charge at {rate} until 4.2 V; Discharge at {rate} until 2.7 V"
    >>> axes = {"cathode.thickness": Range("5 um", "9 um", 3), "rate": Values(("C/10", "1C"))}
    >>> plan = Plan(load_cell("wang2023-lco-lipon-li"), cycle, axes)
    >>> grid = to_xarray(plan, sweep_table(plan))
    >>> dict(grid.sizes), grid["cathode.thickness"].units
    ({'cathode.thickness': 3, 'rate': 2}, 'm')
    >>> round(float(grid.utilisation.sel(rate=0.1).max()), 3)
    0.848
    """
    try:
        import xarray
    except ImportError:
        raise MissingExtra("a labelled table needs filmcell[xarray]") from None
    if not isinstance(plan.sampling, Grid):
        raise InputError("only a grid has a dimension for every axis, expected such a plan")
    if table.height != plan.count:
        raise InputError(f"{table.height} rows of {plan.count} are there, expected all of them")
    rows, sizes = table.sort("design"), [axis.count for axis in plan.axes.values()]
    names = [name for name in COLUMNS if not rows.schema[name].is_nested()]
    coordinates = {
        key: (key, plan.coordinates(key), {"units": plan.units[key]}) for key in plan.axes
    }
    values = {
        name: (tuple(plan.axes), rows[name].to_numpy().reshape(sizes), {"long_name": COLUMNS[name]})
        for name in names
    }
    return xarray.Dataset(values, coordinates, {"protocol": str(plan.protocol)})
