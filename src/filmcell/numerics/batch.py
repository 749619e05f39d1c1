"""Many systems through their steps, one after the other, without Python in between.

What differs from one system to the next is a row of arrays, its mesh included; the integrator is
`integrate.advance`, the same that takes one system through one step. Of each step only the end
and the integral of the power are kept.
"""

from typing import Any, NamedTuple

from numba import types

from filmcell.arrays import Array
from filmcell.numerics.compiling import bundle, compiled, fixed_mat, mat, none, vec
from filmcell.numerics.control import Task, power_guess
from filmcell.numerics.dense import OUTPUT, Output
from filmcell.numerics.integrate import (
    ACCURACY,
    R_DELIVERED,
    R_STATUS,
    R_WHICH,
    TIME,
    TOO_SMALL,
    Accuracy,
    Clock,
    advance,
)
from filmcell.numerics.stages import TABLEAU, Tableau
from filmcell.numerics.system import GRADIENT, JACOBIAN, OBSERVE, RATE, Numbers
from filmcell.numerics.vectors import copy

DURATION, CHARGE, ENERGY, VOLTAGE = range(4)
"""Columns of `Told.numbers`: time, integrals of input and of input times output, last output."""

NOT_DONE = -1
"""Status of a step that was not begun, as one before it has failed."""


class Systems(NamedTuple):
    """Numbers, scales and starts of n systems of one size; the tables are shared.

    Of shapes (n, k), (r, 5), (n, t, 4), (n, 4 g, c), (n, l), (n, N), (n, 4, N) and (n, N).
    """

    p: Array
    table: Array
    heads: Array
    mesh: Array
    layout: Any
    per_scale: Array
    mass: Array
    start: Array


class Orders(NamedTuple):
    """What each system is taken through.

    Controls of shape (n, s, 5), times of shape (n, s), limits of shape (n, s, k, 5) and how many
    of them count, shape (n, s).
    """

    controls: Array
    seconds: Array
    limits: Array
    counts: Any


class Told(NamedTuple):
    """What is written: numbers of shape (n, s, 4), status and limit of shape (n, s)."""

    numbers: Array
    status: Any
    which: Any


class Bench(NamedTuple):
    """Room to work in: two arrays of `workspace`, one row of output, an observation, a report."""

    work: Array
    small: Array
    out: Output
    seen: Array
    report: Array


_ARRAY: Any = types.Array
_fixed_box: Any = _ARRAY(types.float64, 3, "C", readonly=True)
_fixed_places: Any = _ARRAY(types.int64, 2, "C", readonly=True)
_box: Any = types.float64[:, :, ::1]
_places: Any = types.int64[:, ::1]
SYSTEMS: Any = bundle(
    Systems, fixed_mat, fixed_mat, _fixed_box, _fixed_box, _fixed_places, fixed_mat, _fixed_box,
    mat,
)  # fmt: skip
ORDERS: Any = bundle(Orders, _box, mat, types.float64[:, :, :, ::1], _places)
TOLD: Any = bundle(Told, _box, _places, _places)
BENCH: Any = bundle(Bench, mat, vec, OUTPUT, vec, vec)


@compiled(none(RATE, JACOBIAN, OBSERVE, GRADIENT, SYSTEMS, ORDERS, ACCURACY, TABLEAU, BENCH, TOLD))
def follow(
    rate: RATE, jacobian: JACOBIAN, observe: OBSERVE, gradient: GRADIENT, systems: Systems,
    orders: Orders, accuracy: Accuracy, tableau: Tableau, bench: Bench, told: Told,
) -> None:  # fmt: skip
    """Take each system through its steps until one fails.

    Parameters
    ----------
    rate, jacobian, observe, gradient : kernel
        Kernels that the systems share, see `numerics.system`.
    systems : Systems
        Their numbers.
    orders : Orders
        Their steps.
    accuracy : Accuracy
        How accurately, with `NO_ROWS` as its resolution.
    tableau : Tableau
        Coefficients of the method.
    bench : Bench
        Room to work in.
    told : Told
        Written: what each step gave; `NOT_DONE` where there was none.
    """
    work, small, out, seen, report = bench
    y = out.y[0]
    for d in range(systems.p.shape[0]):
        m = Numbers(
            systems.p[d], systems.table, systems.heads[d], systems.mesh[d], systems.layout[d]
        )
        copy(systems.start[d], y)
        current = 0.0
        for s in range(orders.seconds.shape[1]):
            control, seconds = orders.controls[d, s], orders.seconds[d, s]
            task = Task(control, orders.limits[d, s, : orders.counts[d, s]], y[y.size - 1])
            y[y.size - 2] = 0.0  # the time since the start of the step
            observe(y, 0.0, m, seen)
            guess, status, which = current, TIME, -1
            out.t[0], out.v[0], report[R_DELIVERED] = 0.0, seen[0], 0.0
            if control[2] != 0.0:  # of the two inputs that give a power, the smaller one
                guess = power_guess(control[3], seen[0], seen[1])
            if seconds > 0.0:
                advance(
                    rate, jacobian, observe, gradient, m, systems.per_scale[d], systems.mass[d],
                    work, small, task, accuracy, Clock(0.0, seconds, 0.0, guess), tableau, out,
                    report,
                )  # fmt: skip
                status, which = int(report[R_STATUS]), int(report[R_WHICH])
            elapsed = out.t[0]
            told.numbers[d, s, DURATION], told.numbers[d, s, ENERGY] = elapsed, report[R_DELIVERED]
            told.numbers[d, s, CHARGE] = y[y.size - 1] - task.charge
            told.numbers[d, s, VOLTAGE] = out.v[0]
            told.status[d, s], told.which[d, s] = status, which
            if status >= TOO_SMALL:
                break
            if elapsed > 0.0:
                current = out.i[0]
