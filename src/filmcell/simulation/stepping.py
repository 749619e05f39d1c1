"""One step of a protocol: its stretches are integrated one after the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

import numpy as np

from filmcell.arrays import Array
from filmcell.models.film import FilmModel
from filmcell.numerics import integrate, rodas
from filmcell.numerics.control import Task, power_guess
from filmcell.numerics.dense import MOST_POINTS, Output
from filmcell.numerics.integrate import Clock, workspace
from filmcell.numerics.stages import Tableau
from filmcell.numerics.system import System
from filmcell.protocol.limits import Row
from filmcell.protocol.steps import Step
from filmcell.simulation.options import Options

if TYPE_CHECKING:
    from filmcell.models.assembled import AssembledModel

Model = Union[FilmModel, "AssembledModel"]
"""Whatever can be taken through a protocol."""

_ROWS = 4 * MOST_POINTS
_NEXT_TO_NOTHING = 1e-6
_TABLEAU = Tableau(rodas.A, rodas.C, rodas.DENSE)
_FAILED = {
    integrate.TOO_SMALL: "no time step is short enough for the accuracy asked for",
    integrate.TOO_MANY: "it took more time steps than most_steps allows",
    integrate.NO_INPUT: "no current that the cell can carry meets this control",
}


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
            current = power_guess(control[3], *observed(model, state, 0.0)[:2])
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
        s, report, out = self.system, np.zeros(integrate.REPORT), self.out
        outputs: list[Output] = []
        begun, accuracy = 0.0, self.accuracy
        while True:
            out.y[0] = state
            clock = Clock(begun, seconds, float(report[integrate.R_STEP]), float(current))
            integrate.advance(
                s.rate, s.jacobian, s.observe, s.gradient, s.numbers, s.per_scale, s.mass,
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
