"""The one loop: a model is taken through the steps of a protocol."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import numpy as np

from filmcell import __version__
from filmcell.arrays import Array, as_array, frozen
from filmcell.cell.cell import Cell
from filmcell.errors import FilmcellError, InputError
from filmcell.models.choice import model_of
from filmcell.models.film import FilmModel
from filmcell.models.regions import Meshes
from filmcell.numerics import integrate, rodas
from filmcell.numerics.control import Task
from filmcell.numerics.dense import MOST_POINTS, Output
from filmcell.numerics.integrate import Clock, workspace
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.stages import Tableau
from filmcell.numerics.system import System
from filmcell.physics.transport import lithium_thickness
from filmcell.protocol.file import load_protocol
from filmcell.protocol.limits import Row
from filmcell.protocol.steps import Protocol, Step
from filmcell.simulation.options import Options
from filmcell.simulation.result import Layer, Result

if TYPE_CHECKING:
    from filmcell.models.assembled import AssembledModel

Model = Union[FilmModel, "AssembledModel"]
"""Whatever can be taken through a protocol."""

_ROWS = 4 * MOST_POINTS
_NEXT_TO_NOTHING = 1e-6
_NO_VOLTAGE = 1e-3
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
    limited : bool
        Whether a limit of the step or of the model stopped it, rather than its time.
    """

    time: Array
    current: Array
    voltage: Array
    states: Array
    reason: str
    failed: bool
    limited: bool


def simulate(
    cell: Cell,
    protocol: Protocol | str | Path,
    *,
    mesh: Mesh | Meshes | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Result:
    """Take a cell through a protocol; the cell's parts say which model that takes.

    Parameters
    ----------
    cell : Cell
        The cell.
    protocol : Protocol, str or Path
        A protocol, its text, or a file of either form.
    mesh : Mesh or Meshes, optional
        Mesh of the cathode, or of all layers that have a depth; by default ones that fit the
        largest current.
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
        Where the cell, the protocol, the mesh or an option cannot be used.
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
    if not (mesh is None or isinstance(mesh, Mesh | Meshes)):
        raise InputError(f"{mesh!r} is not a mesh, expected one such as Mesh.uniform gives")
    steps = load_protocol(protocol)
    chosen = Options().changed(**options)
    model = model_of(cell, steps.largest_current(cell), mesh)
    return solve(model, steps, chosen, progress=progress)


def solve(
    model: Model,
    protocol: Protocol,
    options: Options,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Take a model through a protocol.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
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
    limits = {id(s): s.limits(model.cell) for b in protocol.blocks for s in b.steps}
    pieces: list[Piece] = []
    cycles: list[int] = []
    state, current, cycle = model.initial(), 0.0, 0
    voltage = float(observed(model, state, 0.0)[0])
    room = Room(model.system, state.size, options)
    for block in protocol.blocks:
        for _ in range(block.repeat):
            cycle += 1
            begun = len(pieces)
            for step in block.steps:
                rows, reasons = limits[id(step)]
                piece = run_step(model, step, rows, reasons, state, current, voltage, room)
                pieces.append(piece)
                cycles.append(cycle)
                if piece.failed:
                    raise _failure(model, protocol, options, pieces, cycles, step)
                state = piece.states[-1]
                if piece.time[-1] > 0.0:  # what takes no time, such as a marker, changes nothing
                    current, voltage = float(piece.current[-1]), float(piece.voltage[-1])
                if progress is not None:
                    progress(len(pieces), protocol.count)
            if block.until_limit and any(piece.limited for piece in pieces[begun:]):
                break
    return collect(model, protocol, options, pieces, cycles)


def observed(model: Model, state: Array, current: float) -> Array:
    """Voltage, its slope by the current, and the margins of a model.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
    state : ndarray
        State, shape (N,).
    current : float
        Current density [A/m2].

    Returns
    -------
    ndarray
        Voltage [V], slope [ohm m2], margins.
    """
    s = model.system
    seen = np.empty(2 + len(s.margins))
    s.observe(np.array(state), current, s.numbers, seen)
    return seen


def run_step(
    model: Model,
    step: Step,
    limits: list[Row],
    reasons: list[str],
    state: Array,
    current: float,
    voltage: float,
    room: "Room",
) -> Piece:
    """Integrate one step, stretch by stretch.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
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
    voltage : float
        Voltage just before the step [V].
    room : Room
        What the integrator works in.

    Returns
    -------
    Piece
        What it gave, its first row the start.
    """
    s = model.system
    rows, charge = np.array(limits, dtype=np.float64).reshape(len(limits), 5), float(state[-1])
    done: list[Output] = []
    status, which, elapsed = integrate.TIME, -1, 0.0
    for control, seconds in step.stretches(model.cell, voltage):
        begin = np.array(state)
        begin[-2] = 0.0  # the time since the start of the stretch
        if control[2] != 0.0:  # of the two currents that give a power, the smaller one
            current = _current_of_power(control[3], *observed(model, state, 0.0)[:2])
        task = Task(np.array(control), rows, charge)
        outputs, status, which = room.stretch(task, seconds, begin, current)
        for out in outputs:
            out.t[:] += elapsed
        done += outputs
        elapsed, state, current = float(done[-1].t[-1]), done[-1].y[-1], float(done[-1].i[-1])
        if status != integrate.TIME:
            break
    if not done:  # over at once: show the cell at rest
        rest = observed(model, state, 0.0)
        done = [Output(np.zeros(1), np.zeros(1), rest[:1], np.array(state)[None])]
    t, i, v, y = done[0]
    if len(done) > 1:
        t, i, v, y = (np.concatenate(parts) for parts in zip(*done, strict=True))
    if status == integrate.TIME:
        return Piece(t, i, v, y, step.ran_out(voltage), failed=False, limited=False)
    if status in _FAILED:
        end = _end_reached(model, y[-1], float(i[-1]))
        largest = status == integrate.NO_INPUT or _at_largest_power(model, y[-1], float(i[-1]))
        if step.exhausted is not None and (largest or end):
            end = step.exhausted
        return Piece(t, i, v, y, end or _FAILED[status], failed=not end, limited=bool(end))
    at_once = " at once" if status == integrate.AT_ONCE and t.size == 1 else ""
    return Piece(t, i, v, y, (*reasons, *s.margins)[which] + at_once, failed=False, limited=True)


def _current_of_power(power: float, rest: float, slope: float) -> float:
    """Current density to try first for a power density: at the voltage of rest, or from zero volts.

    A symmetric cell has no voltage at rest; there the power goes with the square of the current.
    """
    if abs(rest) > _NO_VOLTAGE:
        return power / rest
    return float(np.copysign(np.sqrt(abs(power / slope)), power))


class Room:
    """What the integrator works in while a protocol is done: buffers, and the accuracy.

    Parameters
    ----------
    system : System
        Kernels and numbers.
    states : int
        Number of states.
    options : Options
        Accuracy.
    """

    def __init__(self, system: System, states: int, options: Options) -> None:
        self.system = system
        self.work = workspace(states, 2 + len(system.margins), system.border)
        self.out = Output(np.empty(_ROWS), np.empty(_ROWS), np.empty(_ROWS),
                          np.empty((_ROWS, states)))  # fmt: skip
        self.accuracy = options.accuracy

    def stretch(
        self, task: Task, seconds: float, state: Array, current: float
    ) -> tuple[list[Output], int, int]:
        """Integrate one stretch, in as many calls as the buffers ask for.

        Gives the outputs in order, the status and the limit that was reached.
        """
        s, report, out = self.system, np.zeros(7), self.out
        outputs: list[Output] = []
        begun, accuracy = 0.0, self.accuracy
        while True:
            out.y[0] = state
            clock = Clock(begun, seconds, float(report[integrate.R_STEP]), float(current))
            integrate.advance(
                s.rate, s.jacobian, s.observe, s.gradient, s.numbers, s.per_scale, s.weight,
                *self.work, task, accuracy, clock, _TABLEAU, out, report,
            )  # fmt: skip
            n = int(report[integrate.R_ROWS])
            skip = 1 if outputs else 0  # a further call begins with the row that ended the last
            if n > skip:
                outputs.append(Output(*(column[skip:n].copy() for column in out)))
            status, which = int(report[integrate.R_STATUS]), int(report[integrate.R_WHICH])
            if status != integrate.FULL:
                return outputs, status, which
            used = report[integrate.R_ACCEPTED] + report[integrate.R_REJECTED]
            accuracy = accuracy._replace(most=accuracy.most - used)
            state, current = outputs[-1].y[-1], float(outputs[-1].i[-1])
            begun = float(report[integrate.R_TIME])


def _end_reached(model: Model, state: Array, current: float) -> str:
    """Sentence of the margin that is next to nothing; "" where none is.

    There a change of the states below their accuracy is worth more than that of the voltage, and
    no solver can go on.
    """
    margins = observed(model, state, current)[2:]
    k = int(np.argmin(margins))
    return model.system.margins[k] if margins[k] < _NEXT_TO_NOTHING else ""


def _at_largest_power(model: Model, state: Array, current: float) -> bool:
    """Whether more current would give hardly more power, or less: d(iV)/di next to nothing."""
    seen = observed(model, state, current)
    return bool(seen[0] + current * seen[1] < 0.02 * abs(seen[0]))


def _failure(
    model: Model,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
    step: Step,
) -> SolveError:
    """Make the error of a step that failed, with the result so far."""
    partial = collect(model, protocol, options, pieces, cycles)
    first = model.regions[0].start
    surface = pieces[-1].states[-1, first] / model.cell.cathode.maximum_concentration
    return SolveError(
        f"step {len(pieces)} ({step}) failed at t = {partial.time[-1]:.6g} s, "
        f"{partial.voltage[-1]:.6g} V, {partial.current[-1]:.6g} A, lithiation fraction near the "
        f"surface {surface:.6g}: {pieces[-1].reason}",
        partial,
    )


def collect(
    model: Model,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
) -> Result:
    """Join the steps into a result.

    Parameters
    ----------
    model : FilmModel or AssembledModel
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
    cathode, *others = model.regions
    thickness = getattr(cell.anode, "thickness", 0.0) - lithium_thickness(charge)
    metal = not any(region.name == "anode" for region in others)
    return Result(
        time=np.concatenate([p.time + t for p, t in zip(pieces, starts, strict=False)]),
        voltage=np.concatenate([p.voltage for p in pieces]),
        current=current * cell.area,
        charge=charge * cell.area,
        step=np.repeat(np.arange(1, len(pieces) + 1), counts),
        cycle=np.repeat(cycles, counts),
        stored_charge=model.stored_charge(states) * cell.area,
        temperature=model.temperature(states),
        concentration=states[:, cathode.start : cathode.stop],
        depth=cathode.mesh.centres,
        volume=cathode.mesh.volumes,
        layers={
            r.name: Layer(r.mesh.centres, r.mesh.volumes, states[:, r.start : r.stop])
            for r in others
        },
        lithium_thickness=as_array(thickness if metal else np.zeros_like(charge)),
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
    model : FilmModel or AssembledModel
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

    model: Model
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
        meshes = {
            r.name: {"cells": r.mesh.cells, "first_m": float(r.mesh.widths[0])}
            for r in self.model.regions
        }
        origin = {
            "cell": self.model.cell.json,
            "protocol": str(self.protocol),
            "options": json.dumps(asdict(self.options)),
            "model": type(self.model).__name__,
            "mesh": json.dumps(meshes),
            "version": __version__,
        }
        digest = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()
        return {**origin, "hash": digest}
