"""The film model of many cells at once, as rows of arrays: no cell is made of its own."""

from typing import Any

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.models.film import FilmModel, parameters_of
from filmcell.models.regions import CATHODE_CELLS, first_width_for, least
from filmcell.numerics.batch import Systems
from filmcell.numerics.mesh import graded_many
from filmcell.numerics.table import Table, stack
from filmcell.physics import transport

Values = dict[str, Array]
"""Numbers in the place of properties over x, by the name of the property, shape (n,)."""


def film_systems(
    model: FilmModel, cell: Cell, count: int, current_density: Array, values: Values
) -> Systems:
    """Pack the film models of many cells.

    Parameters
    ----------
    model : FilmModel
        Model of one of them, whose properties they share.
    cell : Cell
        The cell with arrays for numbers (`cell.columns`).
    count : int
        Number of cells n.
    current_density : ndarray
        Largest current density of each, shape (n,) or of no shape [A/m2].
    values : dict of str to ndarray
        Numbers that stand for "diffusivity" [m2/s] or "exchange_current_density" [A/m2] of the
        cathode, shape (n,).

    Returns
    -------
    Systems
        What the kernels read, one row a cell; the same as those of n models.
    """
    cathode, p = cell.cathode, _rows(parameters_of(cell, model.range), count)
    slowest = values.get("diffusivity", least(cathode.diffusivity.unscaled))
    slowest = (
        slowest
        * cathode.diffusivity.factor
        * transport.arrhenius_factor(
            cell.temperature, cathode.diffusivity_activation_energy, cathode.reference_temperature
        )
    )
    length = _row(cathode.thickness, count)
    first = first_width_for(
        slowest, cathode.maximum_concentration, length, current_density, CATHODE_CELLS
    )
    volumes, packed = graded_many(
        CATHODE_CELLS, length, _row(first, count), cathode.shape.dimension
    )
    table, heads = _tables(model, count, values)
    ends = np.ones((count, 2))
    c_max = _row(cathode.maximum_concentration, count)[:, None]
    sites = np.broadcast_to(c_max, volumes.shape)
    capacity = _row(cathode.capacity_per_fraction, count)[:, None]
    scale = np.concatenate([sites, ends[:, :1], capacity], axis=1)
    start = np.concatenate([sites * _row(cathode.initial_fraction, count)[:, None], 0.0 * ends], 1)
    layout: Any = np.empty((count, 0), dtype=np.int64)
    layout.flags.writeable = False
    return Systems(
        frozen(p, own=True), table, heads, frozen(packed, own=True), layout,
        frozen(1.0 / scale, own=True), frozen(np.concatenate([volumes, ends], 1), own=True),
        np.ascontiguousarray(start),
    )  # fmt: skip


def _row(value: Any, count: int) -> Array:
    """One value for each cell, shape (n,)."""
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))


def _rows(values: tuple[Any, ...], count: int) -> Array:
    """Values side by side, shape (n, k)."""
    return np.stack([_row(value, count) for value in values], axis=1)


def _tables(model: FilmModel, count: int, values: Values) -> tuple[Array, Array]:
    """Tables that all share, and below them one row for each number that stands for a property."""
    names, shared = ("diffusivity", "potential", "exchange_current_density"), model.tables()
    table, head = stack(shared)
    heads, parts, offset = np.repeat(head[None], count, axis=0), [table], len(table)
    for place, name in enumerate(names):
        if name in values:
            parts.append(np.outer(values[name], [1.0, 0.0, 0.0, 0.0]))
            known: Table = shared[place]
            heads[:, place, 1], heads[:, place, 2] = 1.0 / (known.high - known.low), 1.0
            heads[:, place, 3] = offset + np.arange(count)
            offset += count
    return frozen(np.concatenate(parts), own=True), frozen(heads, own=True)
