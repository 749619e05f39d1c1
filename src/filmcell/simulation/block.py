"""A block of designs in one thread: packed into arrays, then integrated without Python.

What the compiled loop does not know (sweeps, profiles, cycles until a limit) and what fails there
goes through `solve`, which says in a sentence why.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.errors import FilmcellError
from filmcell.models.choice import model_of
from filmcell.models.regions import CATHODE_CELLS
from filmcell.numerics import integrate, rodas
from filmcell.numerics.batch import NOT_DONE, Bench, Orders, Systems, Told, follow
from filmcell.numerics.dense import Output
from filmcell.numerics.integrate import workspace
from filmcell.numerics.stages import Tableau
from filmcell.numerics.table import Table
from filmcell.protocol.controls import Charge, Discharge, Hold, Mark, Rest
from filmcell.protocol.limits import Row
from filmcell.protocol.steps import Protocol, Step
from filmcell.simulation.options import Options
from filmcell.simulation.outcomes import Outcomes, of_cells
from filmcell.simulation.result import Result
from filmcell.simulation.solve import SolveError, solve
from filmcell.simulation.stepping import Model

Design = tuple[Cell, Protocol] | FilmcellError
"""A cell and what is done to it, or why it cannot be made."""

_TABLEAU = Tableau(rodas.A, rodas.C, rodas.DENSE)
_STEADY = Charge | Discharge | Hold | Rest | Mark


@dataclass(frozen=True, eq=False)
class Ready:
    """A design whose steps are known beforehand.

    Parameters
    ----------
    place : int
        Its place in the block.
    model : FilmModel or AssembledModel
        The cell on its meshes.
    protocol : Protocol
        What is done.
    limits : list of (list of tuple, list of str)
        Rows and sentences of the limits of each step.
    orders : list of tuple
        Control and time of each step.
    """

    place: int
    model: Model
    protocol: Protocol
    limits: list[tuple[list[Row], list[str]]]
    orders: list[tuple[Any, float]]


class Tally:
    """Where the outcomes of a block are gathered.

    Parameters
    ----------
    designs, steps : int
        How many designs, and the most steps of one.
    options : Options
        Accuracy.
    watch : callable, optional
        Told the place and the whole result of each design.
    """

    def __init__(
        self,
        designs: int,
        steps: int,
        options: Options,
        watch: Callable[[int, Result], None] | None,
    ) -> None:
        self.options, self.watch = options, watch
        self.numbers = np.full((designs, steps, 4), np.nan)
        self.whole = np.full((designs, 3), np.nan)
        self.ended: list[tuple[str, ...]] = [()] * designs
        self.failed = [""] * designs

    def solve(self, place: int, model: Model, protocol: Protocol) -> None:
        """Take one model through its protocol the long way, which knows every kind of step."""
        result, self.failed[place] = self._result(place, model, protocol)
        self.ended[place] = result.ended[: -1 if self.failed[place] else None]
        for k in range(len(self.ended[place])):
            rows = result.of_step(k + 1)
            time, charge = result.time[rows], result.charge[rows]
            self.numbers[place, k] = (
                time[-1] - time[0],
                (charge[-1] - charge[0]) / result.area,
                result.energy[k] * 3600.0 / result.area,
                result.voltage[rows][-1],
            )

    def show(self, ready: Ready) -> None:
        """Tell the one who watches the whole result of a design."""
        if self.watch is not None:
            self._result(ready.place, ready.model, ready.protocol)

    def _result(self, place: int, model: Model, protocol: Protocol) -> tuple[Result, str]:
        """Whole result of a design, shown to the one who watches, and why it failed."""
        try:
            result, why = solve(model, protocol, self.options), ""
        except SolveError as error:
            result, why = error.partial, str(error)
        if self.watch is not None:
            self.watch(place, result)
        return result, why

    def outcomes(self) -> Outcomes:
        """All of it, for whole cells and in Ah and Wh."""
        return of_cells(self.numbers, tuple(self.ended), tuple(self.failed), self.whole.T)


def simulate_block(
    designs: Sequence[Design],
    options: Options,
    *,
    cells: int = CATHODE_CELLS,
    watch: Callable[[int, Result], None] | None = None,
) -> Outcomes:
    """Take some designs through their protocols, in this thread.

    Parameters
    ----------
    designs : sequence of (Cell, Protocol) or FilmcellError
        The designs.
    options : Options
        Accuracy.
    cells : int
        Volumes of the cathode.
    watch : callable, optional
        Told the place and the whole result of each design; it takes longer where somebody does.

    Returns
    -------
    Outcomes
        One row a design.

    Examples
    --------
    >>> from filmcell import load_cell, load_protocol
    >>> design = load_cell("wang2023-lco-lipon-li"), load_protocol("Charge at 1C until 4 V")
    >>> simulate_block([design], Options()).ended
    (('voltage reached 4 V',),)
    """
    counts = (d[1].count for d in designs if not isinstance(d, FilmcellError))
    tally, ready = Tally(len(designs), max(counts, default=0), options, watch), []
    for place, design in enumerate(designs):
        try:
            if isinstance(design, FilmcellError):
                raise design
            cell, protocol = design
            tally.whole[place] = cell.area, cell.theoretical_capacity, cell.window_capacity
            model = model_of(cell, protocol.largest_current(cell), cells=cells)
            if is_known(protocol):
                ready.append(_prepared(place, model, protocol))
            else:
                tally.solve(place, model, protocol)
        except FilmcellError as error:
            tally.failed[place] = str(error)
    ready.sort(key=_form)
    for _, group in groupby(ready, key=_form):
        _together(list(group), tally)
    return tally.outcomes()


def is_known(protocol: Protocol) -> bool:
    """Tell whether every step of a protocol is known before the first is done.

    Parameters
    ----------
    protocol : Protocol
        The protocol.

    Returns
    -------
    bool
        Not where a voltage is swept, a profile followed or passes end at a limit.
    """
    steady = all(isinstance(step.control, _STEADY) for step in protocol.steps)
    return steady and not any(block.until_limit for block in protocol.blocks)


def _prepared(place: int, model: Model, protocol: Protocol) -> Ready:
    """Make the orders of the steps of a design."""
    cell = model.cell
    once = {id(s): (s.limits(cell), order_of(s, cell)) for s in protocol.steps}
    told = [once[id(step)] for step, _ in protocol.expanded()]
    return Ready(place, model, protocol, [t[0] for t in told], [t[1] for t in told])


def _form(ready: Ready) -> tuple[Any, ...]:
    """What designs must have in common to share their arrays."""
    model = ready.model
    shape = model.packed_mesh().shape
    return (type(model).__name__, *shape, model.states, model.border, len(ready.orders))


def order_of(step: Step, cell: Cell) -> tuple[Any, float]:
    """Give control and time of a step with at most one stretch.

    Parameters
    ----------
    step : Step
        The step.
    cell : Cell
        The cell.

    Returns
    -------
    tuple
        The five numbers of the control, and the time [s].
    """
    stretches = step.stretches(cell, 0.0)
    return stretches[0] if stretches else ((1.0, 0.0, 0.0, 0.0, 0.0), 0.0)


def _together(group: list[Ready], tally: Tally) -> None:
    """Integrate designs of one form; those that fail are solved, which says why."""
    model = group[0].model
    told = follow_all(model, _systems(group), _orders(group), tally.options)
    for k, ready in enumerate(group):
        if (told.status[k] >= integrate.TOO_SMALL).any():
            tally.solve(ready.place, ready.model, ready.protocol)
        else:
            tally.numbers[ready.place, : len(ready.orders)] = told.numbers[k]
            sentences = [reasons for _, reasons in ready.limits]
            tally.ended[ready.place] = reasons_of(
                ready.protocol, sentences, ready.model.margins, told.status[k], told.which[k]
            )
            tally.show(ready)


def follow_all(model: Model, systems: Systems, orders: Orders, options: Options) -> Told:
    """Integrate systems of one form.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        Model of one of them, for its kernels.
    systems : Systems
        Their numbers.
    orders : Orders
        Their steps.
    options : Options
        Accuracy.

    Returns
    -------
    Told
        What each step gave.
    """
    shape, states = orders.seconds.shape, systems.start.shape[1]
    observed, one = 2 + len(model.margins), partial(np.empty, 1)
    told = Told(
        np.full((*shape, 4), np.nan),
        np.full(shape, NOT_DONE, dtype=np.int64),
        np.full(shape, -1, dtype=np.int64),
    )
    bench = Bench(
        *workspace(states, observed, model.border),
        Output(one(), one(), one(), np.empty((1, states))),
        np.empty(observed),
        np.zeros(integrate.REPORT),
    )
    accuracy = options.accuracy._replace(resolution=integrate.NO_ROWS)
    follow(*model.kernels, systems, orders, accuracy, _TABLEAU, bench, told)
    return told


def reasons_of(
    protocol: Protocol,
    sentences: Sequence[Sequence[str]],
    margins: tuple[str, ...],
    status: Any,
    which: Any,
) -> tuple[str, ...]:
    """Say why each step of a design ended.

    Parameters
    ----------
    protocol : Protocol
        What was done.
    sentences : sequence of sequence of str
        Sentences of the limits of each step.
    margins : tuple of str
        Sentences of the margins of the model.
    status, which : ndarray of int
        Why each step came back and which limit it was, shape (s,).

    Returns
    -------
    tuple of str
        One sentence a step.
    """
    reasons = []
    for s, (step, _) in enumerate(protocol.expanded()):
        if status[s] == integrate.TIME:
            reasons.append(step.ran_out(0.0))
            continue
        at_once = " at once" if status[s] == integrate.AT_ONCE else ""
        reasons.append((*sentences[s], *margins)[which[s]] + at_once)
    return tuple(reasons)


def _systems(group: list[Ready]) -> Systems:
    """Pack the numbers of some models; each table stands there once."""
    models = [r.model for r in group]
    tables = [model.tables() for model in models]
    table, first = _stacked(t for several in tables for t in several)
    heads = [[t.head(first[id(t)]) for t in several] for several in tables]
    packed = (
        [m.parameters() for m in models],
        table,
        heads,
        [m.packed_mesh() for m in models],
        [m.layout for m in models],
        [1.0 / m.scale() for m in models],
        [m.mass() for m in models],
    )
    start = np.array([m.initial() for m in models])
    p, table, heads, mesh, layout, per_scale, mass = (_fixed(values) for values in packed)
    return Systems(p, table, heads, mesh, layout, per_scale, mass, start)


def _fixed(values: Any) -> Any:
    """Make one read-only array of many."""
    array = np.array(values)
    array.flags.writeable = False
    return array


def _stacked(tables: Iterable[Table]) -> tuple[Array, dict[int, int]]:
    """Put different tables one below the other; gives them and the first row of each."""
    unique = {id(t): t for t in tables}
    ends = np.cumsum([len(t.coefficients) for t in unique.values()])
    first = dict(zip(unique, [0, *ends[:-1].tolist()], strict=True))
    return np.concatenate([t.rows for t in unique.values()]), first


def _orders(group: list[Ready]) -> Orders:
    """Pack the steps of some designs."""
    n, s = len(group), len(group[0].orders)
    most = max(len(rows) for r in group for rows, _ in r.limits)
    limits, counts = np.zeros((n, s, most, 5)), np.zeros((n, s), dtype=np.int64)
    for d, r in enumerate(group):
        for k, (rows, _) in enumerate(r.limits):
            counts[d, k] = len(rows)
            limits[d, k, : len(rows)] = np.reshape(rows, (-1, 5))
    return Orders(
        np.array([[control for control, _ in r.orders] for r in group], dtype=np.float64),
        np.array([[seconds for _, seconds in r.orders] for r in group], dtype=np.float64),
        limits,
        counts,
    )
