"""Designs that differ from one cell in numbers only: packed as columns, without a cell for each.

It gives what `simulate_block` gives, and leaves to it whatever is out of the ordinary: a number
that is not allowed, a choice or a function that changes, parts that the film model has not, steps
that are not known beforehand, a design that fails. Then each design is made on its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import with_array
from filmcell.cell.cell import Cell
from filmcell.cell.columns import with_columns
from filmcell.errors import InputError
from filmcell.models.film import FilmModel, ends_of, lacking
from filmcell.models.film_many import film_systems
from filmcell.models.regions import CATHODE_CELLS, default_mesh
from filmcell.numerics import integrate
from filmcell.numerics.batch import Orders, Told
from filmcell.protocol.amounts import CurrentAmount
from filmcell.protocol.controls import Charge, Discharge
from filmcell.protocol.steps import Protocol, Step
from filmcell.simulation.block import follow_all, is_known, order_of, reasons_of
from filmcell.simulation.options import Options
from filmcell.simulation.outcomes import Outcomes, of_cells


@dataclass(frozen=True, eq=False)
class Family:
    """Designs that differ from one cell in numbers only.

    Parameters
    ----------
    cell : Cell
        The first of them.
    columns : mapping of str to sequence
        Dotted key to the numbers of the designs in SI, shape (n,); other values are left alone.
    protocol : Protocol
        What is done to the first; its amounts may differ from one design to the next.
    amounts : mapping of int to sequence
        Number of a written step that charges or discharges at a constant current, from 0, to that
        current of each design, in the unit of the amount that the protocol has there, shape (n,).
    count : int
        Number of designs n.
    cells : int
        Volumes of the cathode.
    """

    cell: Cell
    columns: Mapping[str, Sequence[Any]]
    protocol: Protocol
    amounts: Mapping[int, Sequence[float]]
    count: int
    cells: int = CATHODE_CELLS


def simulate_family(family: Family, options: Options) -> Outcomes | None:
    """Take a family through its protocol, in this thread.

    Parameters
    ----------
    family : Family
        The designs.
    options : Options
        Accuracy.

    Returns
    -------
    Outcomes or None
        One row a design; None where the designs have to be made one by one.

    Examples
    --------
    >>> from filmcell import load_cell, load_protocol
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> cycle = load_protocol("Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")
    >>> family = Family(cell, {"cathode.thickness": [5e-6, 1e-5]}, cycle, {}, 2)
    >>> simulate_family(family, Options()).utilisation[:, 1].round(3)
    array([0.794, 0.702])
    """
    columns = {key: np.array(values) for key, values in family.columns.items()}
    if lacking(family.cell) or any(a.dtype != np.float64 for a in columns.values()):
        return None
    cell = with_columns(family.cell, columns)
    if cell is None or not _fits(family, cell):
        return None
    try:
        orders, density, sentences = _orders(family, cell)
        first = default_mesh(family.cell, float(np.max(density)), family.cells)
        model = FilmModel(family.cell, first)
    except InputError:
        return None
    systems = film_systems(model, cell, family.count, density)
    told = follow_all(model, systems, orders, options)
    return _gathered(family, cell, model.margins, sentences, told)


def _fits(family: Family, cell: Cell) -> bool:
    """Whether the film model holds for every design, and every step is known beforehand."""
    low, high = ends_of(family.cell)
    start, protocol = cell.cathode.initial_fraction, family.protocol
    warm = {"temperature", "cathode.reference_temperature"} & set(family.columns) or (
        cell.temperature != cell.cathode.reference_temperature
    )
    return bool(
        np.all((low <= start) & (start <= high))
        and not {"upper_voltage", "lower_voltage"} & set(family.columns)
        and is_known(protocol)
        and not any(_is_power(step) for step in protocol.steps)
        and not (warm and not cell.cathode.entropy.vanishes)
    )


def _is_power(step: Step) -> bool:
    """Whether a step holds a power, whose current differs from cell to cell."""
    control = step.control
    return isinstance(control, Charge | Discharge) and not isinstance(control.amount, CurrentAmount)


def _written(family: Family) -> list[Step]:
    """Steps as they are written, with arrays for the currents that differ."""
    steps: list[Step] = []
    for k, step in enumerate(family.protocol.steps):
        if k in family.amounts and isinstance(step.control, Charge | Discharge):
            currents = np.array(family.amounts[k], dtype=np.float64)
            for end in (float(currents.min()), float(currents.max())):
                type(step.control.amount)(end)  # it refuses what is not allowed
            steps.append(with_array(step, ("control", "amount", "value"), currents))
        else:
            steps.append(step)
    return steps


def _orders(family: Family, cell: Cell) -> tuple[Orders, Any, list[list[str]]]:
    """Pack the steps; gives the largest current density and the sentences of the limits too."""
    written, count = _written(family), family.count
    place = {id(step): k for k, step in enumerate(family.protocol.steps)}
    order = [place[id(step)] for step, _ in family.protocol.expanded()]
    limits = [step.limits(cell) for step in written]
    stretches = [order_of(step, cell) for step in written]
    largest: Any = 0.0
    for residual, _ in stretches:
        if residual[0]:
            largest = np.maximum(largest, np.abs(residual[3]))
    density = np.where(largest > 0.0, largest, cell.c_rate_current_density(1.0))
    most = max(len(rows) for rows, _ in limits)
    controls = np.empty((count, len(order), 5))
    boxes = np.zeros((count, len(order), most, 5))
    for s, k in enumerate(order):
        for c, number in enumerate(stretches[k][0]):
            controls[:, s, c] = number
        for r, row in enumerate(limits[k][0]):
            for c, number in enumerate(row):
                boxes[:, s, r, c] = number
    seconds = np.array([[stretches[k][1] for k in order]] * count, dtype=np.float64)
    counts = np.array([[len(limits[k][0]) for k in order]] * count, dtype=np.int64)
    return Orders(controls, seconds, boxes, counts), density, [limits[k][1] for k in order]


def _gathered(
    family: Family, cell: Cell, margins: tuple[str, ...], sentences: list[list[str]], told: Told
) -> Outcomes | None:
    """Lay out what the steps gave, for whole cells and in Ah and Wh; None where one failed."""
    if (told.status >= integrate.TOO_SMALL).any():
        return None
    count = family.count
    area, theory, window = (
        np.broadcast_to(np.asarray(x, dtype=np.float64), (count,))
        for x in (cell.area, cell.theoretical_capacity, cell.window_capacity)
    )
    kinds, which = np.unique(
        np.concatenate([told.status, told.which], axis=1), axis=0, return_inverse=True
    )
    steps = told.status.shape[1]
    reasons = [
        reasons_of(family.protocol, sentences, margins, kind[:steps], kind[steps:])
        for kind in kinds
    ]
    ended = tuple(reasons[k] for k in which.ravel())
    return of_cells(told.numbers, ended, ("",) * count, np.stack([area, theory, window]))
