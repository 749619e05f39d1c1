"""The film model of many cells at once, as rows of arrays: no cell is made of its own."""

from typing import Any

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.models.film import FilmModel, parameters_of
from filmcell.models.regions import first_width
from filmcell.numerics.banded import alone
from filmcell.numerics.batch import Systems
from filmcell.numerics.mesh import graded_many
from filmcell.numerics.nodes import nodes_many
from filmcell.numerics.table import stack


def film_systems(model: FilmModel, cell: Cell, count: int, current_density: Array) -> Systems:
    """Pack the film models of many cells.

    Parameters
    ----------
    model : FilmModel
        Model of one of them, whose properties and number of volumes they share.
    cell : Cell
        The cell with arrays for numbers (`cell.columns`).
    count : int
        Number of cells n.
    current_density : ndarray
        Largest current density of each, shape (n,) or of no shape [A/m2].

    Returns
    -------
    Systems
        What the kernels read, one row a cell; the same as those of n models.
    """
    cathode, p = cell.cathode, _rows(parameters_of(cell, model.range), count)
    length = _row(cathode.thickness, count)
    first = first_width(cathode, cell.temperature, current_density, model.mesh.cells)
    faces = graded_many(model.mesh.cells, length, _row(first, count))
    mass, packed = nodes_many(faces, cathode.shape.dimension)
    others = np.broadcast_to(alone(np.ones(2)), (count, 4, 2))
    table, head = stack(model.tables())
    ends = np.ones((count, 2))
    c_max = _row(cathode.maximum_concentration, count)[:, None]
    sites = np.broadcast_to(c_max, (count, model.mesh.cells))
    capacity = _row(cathode.capacity_per_fraction, count)[:, None]
    scale = np.concatenate([sites, ends[:, :1], capacity], axis=1)
    start = np.concatenate([sites * _row(cathode.initial_fraction, count)[:, None], 0.0 * ends], 1)
    layout: Any = np.empty((count, 0), dtype=np.int64)
    layout.flags.writeable = False
    return Systems(
        p=frozen(p, own=True),
        table=table,
        heads=frozen(np.repeat(head[None], count, axis=0), own=True),
        mesh=frozen(packed, own=True),
        layout=layout,
        per_scale=frozen(1.0 / scale, own=True),
        mass=frozen(np.concatenate([mass, others], axis=2), own=True),
        start=np.ascontiguousarray(start),
    )


def _row(value: Any, count: int) -> Array:
    """One value for each cell, shape (n,)."""
    return np.broadcast_to(np.asarray(value, dtype=np.float64), (count,))


def _rows(values: tuple[Any, ...], count: int) -> Array:
    """Values side by side, shape (n, k)."""
    return np.stack([_row(value, count) for value in values], axis=1)
