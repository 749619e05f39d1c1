"""The one loop: a model is taken through the steps of a protocol."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from filmcell import __version__
from filmcell.arrays import Array, as_array, frozen
from filmcell.cell.cell import Cell
from filmcell.errors import FilmcellError, InputError
from filmcell.models.film import FilmModel, default_mesh
from filmcell.numerics import integrate, rodas
from filmcell.numerics.control import Task
from filmcell.numerics.dense import MOST_POINTS, Output
from filmcell.numerics.integrate import Clock, workspace
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.stages import Tableau
from filmcell.physics.transport import lithium_thickness
from filmcell.protocol.file import load_protocol
from filmcell.protocol.steps import Protocol, Step
from filmcell.simulation.options import Options
from filmcell.simulation.result import Result

_ROWS = 4 * MOST_POINTS
_TABLEAU = Tableau(rodas.A, rodas.C, rodas.DENSE)
_FAILED = {
    integrate.TOO_SMALL: "no time step is short enough for the accuracy asked for",
    integrate.TOO_MANY: "it took more time steps than most_steps allows",
    integrate.NO_INPUT: "no current that the cell can carry meets this control",
}


class SolveError(FilmcellError):
    """A solve that could not go on; it says where, and hands back what is good.

    Attributes
    ----------
    partial : Result
        Everything up to the failure, the failed step included.
    step : int
        Number of the failed step, counted from 1.
    time : float
        Time since the start at which it stopped [s].
    voltage : float
        Last cell voltage [V].
    """

    def __init__(self, message: str, partial: Result) -> None:
        super().__init__(message)
        self.partial = partial
        self.step = len(partial.ended)
        self.time = float(partial.time[-1])
        self.voltage = float(partial.voltage[-1])

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error come back from another process with its result."""
        return type(self), (str(self), self.partial)


@dataclass(frozen=True, eq=False)
class Piece:
    """What one step of a protocol gave.

    Parameters
    ----------
    time : ndarray
        Time since the start of the step, shape (n,) [s].
    current, voltage : ndarray
        Current density [A/m2] and voltage [V], shape (n,).
    states : ndarray
        States, shape (n, N).
    reason : str
        Why it stopped.
    failed : bool
        Whether the solver could not go on.
    """

    time: Array
    current: Array
    voltage: Array
    states: Array
    reason: str
    failed: bool


def simulate(
    cell: Cell,
    protocol: Protocol | str | Path,
    *,
    mesh: Mesh | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Result:
    """Take a cell through a protocol.

    Parameters
    ----------
    cell : Cell
        The cell.
    protocol : Protocol, str or Path
        A protocol, its text, or a file of either form.
    mesh : Mesh, optional
        Mesh of the cathode; by default one that fits the largest current.
    progress : callable, optional
        Called with the steps done and the steps in all, after each.
    **options
        Any of `Options`: tolerance, voltage_tolerance, resolution, most_steps.

    Returns
    -------
    Result
        What happened.

    Raises
    ------
    InputError
        Where the protocol, the mesh or an option cannot be used.
    SolveError
        Where the solver could not go on; it carries the result so far.

    Examples
    --------
    >>> import filmcell
    >>> cell = filmcell.load_cell("wang2023-lco-lipon-li")
    >>> result = simulate(cell, "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")
    >>> result.ended
    ('voltage reached 4.2 V', 'voltage reached 2.7 V')
    >>> [round(float(q) * 1e3, 2) for q in result.capacity]  # mAh
    [0.78, 0.7]
    """
    if not isinstance(cell, Cell):
        raise InputError(f"{cell!r} is not a cell, expected one such as load_cell gives")
    if not (mesh is None or isinstance(mesh, Mesh)):
        raise InputError(f"{mesh!r} is not a mesh, expected one such as Mesh.uniform gives")
    steps = load_protocol(protocol)
    chosen = Options().changed(**options)
    if mesh is None:
        mesh = default_mesh(cell, steps.largest_current(cell))
    return solve(FilmModel(cell, mesh), steps, chosen, progress=progress)


def solve(
    model: FilmModel,
    protocol: Protocol,
    options: Options,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Take a model through a protocol.

    Parameters
    ----------
    model : FilmModel
        A cell on a mesh.
    protocol : Protocol
        The steps.
    options : Options
        Accuracy.
    progress : callable, optional
        Called with the steps done and the steps in all, after each.

    Returns
    -------
    Result
        What happened.

    Raises
    ------
    SolveError
        Where the solver could not go on.
    """
    rows = {id(s): (s, s.limits(model.cell)) for b in protocol.blocks for s in b.steps}
    pieces: list[Piece] = []
    cycles: list[int] = []
    state, current = model.initial(), 0.0
    for number, (step, cycle) in enumerate(protocol.expanded(), 1):
        limits, reasons = rows[id(step)][1]
        piece = run_step(model, step, limits, reasons, state, current, options)
        pieces.append(piece)
        cycles.append(cycle)
        state, current = piece.states[-1], float(piece.current[-1])
        if piece.failed:
            raise _failure(model, protocol, options, pieces, cycles, step)
        if progress is not None:
            progress(number, protocol.count)
    return collect(model, protocol, options, pieces, cycles)


def run_step(
    model: FilmModel,
    step: Step,
    limits: list[tuple[float, float, float, float]],
    reasons: list[str],
    state: Array,
    current: float,
    options: Options,
) -> Piece:
    """Integrate one step, in as many stretches as the buffers ask for.

    Parameters
    ----------
    model : FilmModel
        A cell on a mesh.
    step : Step
        What to do.
    limits : list of tuple of float
        Rows of `Step.limits`.
    reasons : list of str
        Sentences of `Step.limits`.
    state : ndarray
        State at the start, shape (N,).
    current : float
        Current density to try first where the control leaves it free [A/m2].
    options : Options
        Accuracy.

    Returns
    -------
    Piece
        What it gave, its first row the start.
    """
    s = model.system
    control = np.array(step.control.residual(model.cell))
    rows = np.array(limits, dtype=np.float64).reshape(len(limits), 4)
    work, small = workspace(state.size, 2 + len(s.margins))
    task = Task(control, rows, float(state[-1]))
    report = np.zeros(7)
    stretches: list[Output] = []
    start, begun, accuracy = state, 0.0, options.accuracy
    while True:
        out = Output(np.empty(_ROWS), np.empty(_ROWS), np.empty(_ROWS),
                     np.empty((_ROWS, state.size)))  # fmt: skip
        out.y[0] = start
        clock = Clock(begun, step.duration, float(report[integrate.R_STEP]), float(current))
        integrate.advance(
            s.rate, s.jacobian, s.observe, s.gradient, s.numbers, s.scale, s.weight,
            work, small, task, accuracy, clock, _TABLEAU, out, report,
        )  # fmt: skip
        n = int(report[integrate.R_ROWS])
        skip = 1 if stretches else 0  # a further stretch begins with the row that ended the last
        stretches.append(Output(*(column[skip:n] for column in out)))
        status = int(report[integrate.R_STATUS])
        if status != integrate.FULL:
            break
        done = report[integrate.R_ACCEPTED] + report[integrate.R_REJECTED]
        accuracy = accuracy._replace(most=accuracy.most - done)
        start, current, begun = out.y[n - 1], out.i[n - 1], float(report[integrate.R_TIME])
    t, i, v, y = (np.concatenate(parts) for parts in zip(*stretches, strict=True))
    if step.exhausted is not None and (
        status == integrate.NO_INPUT
        or (status == integrate.TOO_SMALL and _at_largest_power(model, y[-1], float(i[-1])))
    ):
        return Piece(t, i, v, y, step.exhausted, failed=False)
    reason = _reason(step, status, int(report[integrate.R_WHICH]), (*reasons, *s.margins))
    return Piece(t, i, v, y, reason, failed=status in _FAILED)


def _at_largest_power(model: FilmModel, state: Array, current: float) -> bool:
    """Whether a little more current would give no more power: d(iV)/di next to nothing."""
    s = model.system
    seen = np.empty(2 + len(s.margins))
    s.observe(state, current, s.numbers, seen)
    return bool(abs(seen[0] + current * seen[1]) < 0.02 * abs(seen[0]))


def _reason(step: Step, status: int, which: int, reasons: tuple[str, ...]) -> str:
    """Why a step ended, as a sentence."""
    if status == integrate.TIME:
        return step.time_reason
    if status == integrate.LIMIT:
        return reasons[which]
    if status == integrate.AT_ONCE:
        return f"{reasons[which]} at once"
    return _FAILED[status]


def _failure(
    model: FilmModel,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
    step: Step,
) -> SolveError:
    """Make the error of a step that failed, with the result so far."""
    partial = collect(model, protocol, options, pieces, cycles)
    surface = pieces[-1].states[-1, 0] / model.cell.cathode.maximum_concentration
    return SolveError(
        f"step {len(pieces)} ({step}) failed at t = {partial.time[-1]:.6g} s, "
        f"{partial.voltage[-1]:.6g} V, {partial.current[-1]:.6g} A, lithiation fraction near the "
        f"surface {surface:.6g}: {pieces[-1].reason}",
        partial,
    )


def collect(
    model: FilmModel,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
) -> Result:
    """Join the steps into a result.

    Parameters
    ----------
    model : FilmModel
        The model that was solved.
    protocol : Protocol
        What was done.
    options : Options
        How accurately.
    pieces : list of Piece
        What each step gave.
    cycles : list of int
        Cycle of each step.

    Returns
    -------
    Result
        Read-only arrays and where they come from.
    """
    cell = model.cell
    counts = [p.time.size for p in pieces]
    starts = np.concatenate([[0.0], np.cumsum([p.time[-1] for p in pieces])])
    current = np.concatenate([p.current for p in pieces])
    states = frozen(np.concatenate([p.states for p in pieces]), own=True)
    charge = states[:, -1]
    return Result(
        time=np.concatenate([p.time + t for p, t in zip(pieces, starts, strict=False)]),
        voltage=np.concatenate([p.voltage for p in pieces]),
        current=current * cell.area,
        charge=charge * cell.area,
        step=np.repeat(np.arange(1, len(pieces) + 1), counts),
        cycle=np.repeat(cycles, counts),
        concentration=states[:, :-1],
        depth=model.mesh.centres,
        volume=model.mesh.volumes,
        lithium_thickness=as_array(cell.anode.thickness - lithium_thickness(charge)),
        ended=tuple(p.reason for p in pieces),
        area=cell.area,
        theoretical_capacity=cell.theoretical_capacity * cell.area / 3600.0,
        window_capacity=cell.window_capacity * cell.area / 3600.0,
        origin=Simulated(model, protocol, options, states, current),
    )


@dataclass(frozen=True, eq=False)
class Simulated:
    """The origin of a result that was computed here.

    Parameters
    ----------
    model : FilmModel
        What was solved.
    protocol : Protocol
        What was done.
    options : Options
        How accurately.
    states : ndarray
        States, shape (n, N).
    current : ndarray
        Current density, shape (n,) [A/m2].
    """

    model: FilmModel
    protocol: Protocol
    options: Options
    states: Array
    current: Array

    def losses(self, result: Result) -> Mapping[str, Array]:
        """Parts that sum to the voltage, each of shape (n,) [V].

        They are computed from the very numbers that gave the voltage: next to a full surface the
        last bit of a concentration is worth millivolts.
        """
        return self.model.losses(np.array(self.states), self.current)

    def provenance(self) -> Mapping[str, str]:
        """Cell, protocol, options and mesh (as text), version, and a hash of it all."""
        mesh = self.model.mesh
        origin = {
            "cell": self.model.cell.json,
            "protocol": str(self.protocol),
            "options": json.dumps(asdict(self.options)),
            "mesh": json.dumps({"cells": mesh.cells, "first_m": float(mesh.widths[0])}),
            "version": __version__,
        }
        digest = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()
        return {**origin, "hash": digest}
