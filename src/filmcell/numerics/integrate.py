"""Adaptive time integration of one step of a protocol, with no Python in its loop.

Rodas5P over the tridiagonal system, plus a rank-one term where the input follows from the output
(constant voltage or power). The error control looks at the states and at the output, because an
output may have steps where the states have none.
"""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.compiling import (
    boolean,
    bundle,
    compiled,
    fixed_mat,
    fixed_vec,
    integer,
    mat,
    none,
    num,
    numbers,
    vec,
)
from filmcell.numerics.control import TASK, Task, is_direct, nearest_limit, resolve
from filmcell.numerics.dense import (
    MOST_POINTS,
    NO_INPUT_BEYOND,
    OUTPUT,
    RELATIVE_INPUT,
    STACK,
    Ends,
    Output,
    Span,
    between,
    delivered,
    keep_end,
    locate,
    record,
)
from filmcell.numerics.rodas import ORDER, STAGES
from filmcell.numerics.stages import TABLEAU, Tableau, interpolant, linearise, matrix_in, rodas_step
from filmcell.numerics.system import GRADIENT, JACOBIAN, NUMBERS, OBSERVE, RATE, Numbers
from filmcell.numerics.vectors import copy

RUNNING, TIME, LIMIT, AT_ONCE, FULL, TOO_SMALL, TOO_MANY, NO_INPUT = range(8)
"""Why `advance` came back: end of the time, a limit, a limit passed at the very start, buffers
full, or one of three failures."""

R_STATUS, R_WHICH, R_ROWS, R_TIME, R_STEP, R_ACCEPTED, R_REJECTED, R_DELIVERED = range(8)
"""Entries of the report; the last is the integral of input times output, where no row is kept."""

REPORT = 8
"""Length of the report."""

NO_ROWS = 0.0
"""The resolution with which no row but the last is kept."""

_SAFETY = 0.85
_GROWTH = 6.0
_SHRINK = 0.1
_OVERSHOOT = 1.002
_SHORTEST = 1e-12


class Accuracy(NamedTuple):
    """How accurately to integrate.

    Parameters
    ----------
    states : float
        Error of the states in one step, over their scale [-].
    output : float
        Error of the output in one step.
    resolution : float
        Distance of the output from a straight line between kept points; `NO_ROWS` keeps none.
    most : float
        Most steps, accepted or not.
    """

    states: float
    output: float
    resolution: float
    most: float


class Clock(NamedTuple):
    """Where to begin and to end.

    Parameters
    ----------
    start, end : float
        Times [s].
    step : float
        First step to try, zero for an estimate from the Jacobian [s].
    guess : float
        Input to try first where the control leaves it free.
    """

    start: float
    end: float
    step: float
    guess: float


class Room(NamedTuple):
    """Arrays that a step works in: states, rates and observations."""

    y: Array
    y1: Array
    f0: Array
    last: Array
    state: Array
    seen: Array
    seen1: Array
    scratch: Array
    found: Array
    stages: Array
    stack: Array
    bow: Array


ACCURACY: Any = bundle(Accuracy, *[num] * 4)
CLOCK: Any = bundle(Clock, *[num] * 4)
ROOM: Any = bundle(Room, *[vec] * 9, mat, mat, mat)


@compiled(ROOM(mat, vec, integer))
def room_in(work: Array, small: Array, observed: int) -> Room:
    """Lay the arrays of a step into work of shape (STAGES + 8, N) and the start of small work."""
    k, end = STAGES, 3 * observed
    return Room(
        work[k], work[k + 1], work[k + 2], work[k + 3], work[k + 4],
        small[:observed], small[observed : 2 * observed], small[2 * observed : end],
        small[end : end + 2], work[:k], small[end + 2 : end + 2 + 3 * STACK].reshape(STACK, 3),
        work[k + 5 :],
    )  # fmt: skip


def workspace(states: int, observed: int, border: int) -> tuple[Array, Array]:
    """Make the room that `advance` works in.

    Parameters
    ----------
    states, observed, border : int
        Number of states N, of numbers that the model's `observe` writes, and of products k that
        couple states far apart.

    Returns
    -------
    tuple of ndarray
        Work of shape (STAGES + 14 + 3 (k + 1), N), and small work.
    """
    k = border + 1
    return (
        np.zeros((STAGES + 14 + 3 * k, states)),
        np.zeros(2 * k * k + 3 * observed + 2 + 3 * STACK),
    )


@compiled(numbers(num, 3)(OBSERVE, TASK, CLOCK, NUMBERS, ROOM, OUTPUT))
def begin(
    observe: OBSERVE, task: Task, clock: Clock, m: Numbers, room: Room, out: Output
) -> tuple[float, float, float]:
    """Observe the start and write the first row; gives the status, the limit and the input."""
    copy(out.y[0], room.y)
    status, which = RUNNING, -1
    i = resolve(observe, task.control, room.y, clock.guess, m, room.seen)
    if not np.isfinite(i):
        status = NO_INPUT
    else:
        which = nearest_limit(task, i, room.y, room.seen, room.found)
        if room.found[0] <= 0.0:
            status = AT_ONCE
        elif clock.start >= clock.end:
            status = TIME
    if status in (NO_INPUT, AT_ONCE):  # nothing flowed: show the system at rest
        i = 0.0
        observe(room.y, i, m, room.seen)
    out.t[0], out.i[0], out.v[0] = clock.start, i, room.seen[0]
    return float(status), float(which), i


@compiled(num(fixed_vec, mat))
def largest_error(per_scale: Array, stages: Array) -> float:
    """Largest estimate of the error over the scale of its state; nan if any is."""
    worst = 0.0
    for j in range(per_scale.size):
        off = abs(stages[STAGES - 1, j]) * per_scale[j]
        if not off <= worst:
            worst = off
    return worst


@compiled(numbers(num, 3)(OBSERVE, TASK, num, ACCURACY, fixed_vec, NUMBERS, ROOM))
def judge(
    observe: OBSERVE,
    task: Task,
    i: float,
    accuracy: Accuracy,
    per_scale: Array,
    m: Numbers,
    room: Room,
) -> tuple[float, float, float]:
    """Form the new state from the stages; gives its error, its input and the limit it has passed.

    The error is over what is allowed; beyond a limit that of the output is left out, as the
    output may fall off a cliff there. The limit is -1 where none is passed.
    """
    if not np.isfinite(i):
        return np.inf, np.nan, -1.0
    for j in range(room.y1.size):
        room.y1[j] = room.last[j] + room.stages[STAGES - 1, j]
    error = largest_error(per_scale, room.stages) / accuracy.states
    i1 = resolve(observe, task.control, room.y1, i, m, room.seen1)
    if not (np.isfinite(i1) and np.isfinite(error)):
        return np.inf, i1, -1.0
    which = nearest_limit(task, i1, room.y1, room.seen1, room.found)
    if room.found[0] <= 0.0:
        return error, i1, float(which)
    observe(room.last, i1, m, room.scratch)
    gap = abs(room.seen1[0] - room.scratch[0])
    if not is_direct(task.control) and gap > 0.0:
        # where the output is infinitely steep, an error of the input is what counts
        i_last = resolve(observe, task.control, room.last, i1, m, room.scratch)
        off = abs(i_last - i1) / max(abs(i1), 1e-300)
        gap = min(gap, RELATIVE_INPUT * off * abs(room.seen1[0]))
    return max(error, gap / accuracy.output), i1, -1.0


@compiled(num(num, num))
def next_length(h: float, error: float) -> float:
    """Length of the step after one of length h with this error over what is allowed."""
    if not np.isfinite(error):
        return h * _SHRINK
    return h * min(max(_SAFETY * max(error, 1e-8) ** (-1.0 / ORDER), _SHRINK), _GROWTH)


@compiled(num(vec, vec, vec))
def first_length(lower: Array, sink: Array, upper: Array) -> float:
    """First step: half of the fastest exchange between neighbours, or of the fastest decay."""
    fastest = 0.0
    for j in range(lower.size):
        fastest = max(fastest, abs(lower[j]), abs(upper[j]), abs(sink[j]))
    return 0.5 / fastest if fastest > 0.0 else 1.0


@compiled(integer(num, integer, num, num, boolean))
def hindrance(left: float, free: int, h: float, t: float, lost: bool) -> int:
    """Why no further step can be tried: none left, no free rows, or too short a step."""
    if left <= 0:
        return TOO_MANY
    if free < MOST_POINTS + 1:
        return FULL
    if h < _SHORTEST * max(t, 1e-6):
        return NO_INPUT if lost else TOO_SMALL
    return RUNNING


@compiled(boolean(OBSERVE, TASK, num, NUMBERS, ROOM, num))
def stop_inside(observe: OBSERVE, task: Task, i: float, m: Numbers, room: Room, h: float) -> bool:
    """Take the inner side of a limit, at found[1], as the end of the step.

    The input there goes to found[0]; tells whether there is one.
    """
    between(Span(room.y, room.y1, room.bow, h), room.found[1], room.state)
    room.found[0] = resolve(observe, task.control, room.state, i, m, room.seen1)
    return bool(np.isfinite(room.found[0]))


@compiled(
    none(
        RATE, JACOBIAN, OBSERVE, GRADIENT, NUMBERS, fixed_vec, fixed_mat, mat, vec, TASK,
        ACCURACY, CLOCK, TABLEAU, OUTPUT, vec,
    )
)  # fmt: skip
def advance(
    rate: RATE, jacobian: JACOBIAN, observe: OBSERVE, gradient: GRADIENT, m: Numbers,
    per_scale: Array, mass: Array, work: Array, small: Array, task: Task, accuracy: Accuracy,
    clock: Clock, tableau: Tableau, out: Output, report: Array,
) -> None:  # fmt: skip
    """Integrate from the state in out.y[0] until the end of the time or the first limit.

    Rows of the output are filled from 0 on; the report says how many, and why it stopped. Called
    again from where it stopped (buffers full) it goes on as if nothing had happened.

    Parameters
    ----------
    rate, jacobian, observe, gradient : kernel
        The system, see `numerics.system`.
    m : Numbers
        What the kernels read.
    per_scale : ndarray
        One over the size of each state, shape (N,).
    mass : ndarray
        Mass matrix, shape (4, N), see `banded`.
    work, small : ndarray
        Room to work in, from `workspace`.
    task : Task
        Control and limits.
    accuracy : Accuracy
        How accurately.
    clock : Clock
        From when to when.
    tableau : Tableau
        Coefficients of the method.
    out : Output
        Buffers; at least `MOST_POINTS` + 2 rows, or one where none is kept.
    report : ndarray
        Written: status, limit, rows, time, step, accepted and rejected steps, and the integral
        of input times output, shape (8,).
    """
    k = (work.shape[0] - STAGES - 14) // 3
    free = small[2 * k * k :]
    room = room_in(work[: STAGES + 8], free, (free.size - 2 - 3 * STACK) // 3)
    matrix = matrix_in(mass, work[STAGES + 8 :], small[: 2 * k * k])
    state, limit, i = begin(observe, task, clock, m, room, out)
    status, which, rows = int(state), int(limit), 1
    t, h, tried, accepted, given = clock.start, clock.step, 0, 0, 0.0
    fresh, closing, lost, keeps = True, False, False, accuracy.resolution > NO_ROWS
    if status == RUNNING:
        rate(room.y, i, m, room.f0)
    while status == RUNNING:
        if fresh:
            linearise(jacobian, gradient, task.control, room.y, i, m, room.seen, matrix)
            fresh = False
        if h <= 0.0:
            h = first_length(matrix.lower, matrix.sink, matrix.upper)
        free_rows = out.t.size - rows if keeps else MOST_POINTS + 1
        status = hindrance(accuracy.most - tried, free_rows, h, t, lost)
        if status != RUNNING:
            break
        tried += 1
        reaches_end = t + h >= clock.end
        if reaches_end:
            h = clock.end - t
        i_last = rodas_step(
            rate, observe, task.control, room.y, i, h, m, tableau, matrix, room.f0,
            room.stages, room.last, room.seen1, room.state, room.bow[0],
        )  # fmt: skip
        error, i1, limit = judge(observe, task, i_last, accuracy, per_scale, m, room)
        if not error <= 1.0:
            lost, closing = not np.isfinite(i1), False
            h = next_length(h, error)
            continue
        interpolant(tableau.dense, room.stages, room.bow)
        span, share = Span(room.y, room.y1, room.bow, h), 1.0
        if limit >= 0.0:
            which = locate(observe, task, span, i, m, room.state, room.seen1, room.found)
            which = which if which != -1 else int(limit)
            share = room.found[1]
            if not closing and share < 0.99:
                # step again to just beyond the limit: near its end the dense output is as good
                h *= max(share, 1e-6) * _OVERSHOOT
                closing = True
                continue
            if not stop_inside(observe, task, i, m, room, h):
                status = NO_INPUT
                break
            i1, status = room.found[0], (NO_INPUT if which == NO_INPUT_BEYOND else LIMIT)
        ends = Ends(t, i, room.seen[0], i1, room.seen1[0], share)
        if keeps:
            rows = record(
                observe, task, span, ends, accuracy.resolution, m, room.state, room.scratch,
                room.found, room.stack, rows, out,
            )  # fmt: skip
        else:
            given += delivered(
                observe, task.control, span, ends, m, room.state, room.scratch, room.stack
            )
            rows = keep_end(span, ends, room.state, out)
        accepted += 1
        t += share * h
        if status == RUNNING and reaches_end:
            t = out.t[rows - 1] = clock.end
            status = TIME
        copy(room.y1, room.y)
        copy(room.seen1, room.seen)
        rate(room.y, i1, m, room.f0)
        i, fresh, closing, lost = i1, True, False, False
        h = next_length(h, error)
    report[R_STATUS], report[R_WHICH], report[R_ROWS] = status, which, rows
    report[R_TIME], report[R_STEP] = t, h
    report[R_ACCEPTED], report[R_REJECTED] = accepted, tried - accepted
    report[R_DELIVERED] = given
