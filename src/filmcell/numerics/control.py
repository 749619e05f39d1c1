r"""The input that a control asks for, and the quantities that may end a step.

A control is one bilinear residual, data rather than code, so that no kernel asks for its kind:

.. math:: g(i, v, \tau) = a\,i + b\,v + c\,i\,v - s - \dot s\,\tau = 0

The time :math:`\tau` since the start of the stretch is the last state but one, so that a ramp is
nothing but a further dependence on the states.
"""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.compiling import (
    boolean,
    bundle,
    compiled,
    integer,
    mat,
    none,
    num,
    vec,
)
from filmcell.numerics.system import GRADIENT, NUMBERS, OBSERVE, Numbers

LIMIT_SIZE, LIMIT_OUTPUT, LIMIT_CHARGE, LIMIT_TOTAL, LIMIT_VALUE = range(5)
"""Columns of a limit: weights of |i|, v, |integral of i since the start of the step| and the whole
integral of i, and the value that their sum is not to exceed."""

_ITERATIONS = 200
_NO_OUTPUT = 1e-3
_ROUNDING = 1e-13


class Task(NamedTuple):
    """What one step of a protocol asks for.

    Parameters
    ----------
    control : ndarray
        a, b, c, s and ds/dtau of the residual, shape (5,).
    limits : ndarray
        One limit a row, shape (k, 5).
    charge : float
        Integral of the input at the start, from which the limits count.
    """

    control: Array
    limits: Array
    charge: float


TASK: Any = bundle(Task, vec, mat, num)


@compiled(boolean(vec))
def is_direct(control: Array) -> bool:
    """Tell whether the control states the input itself, whatever the output."""
    return control[1] == 0.0 and control[2] == 0.0


@compiled(boolean(vec))
def is_fixed(control: Array) -> bool:
    """Tell whether the control states one and the same input throughout."""
    return control[1] == 0.0 and control[2] == 0.0 and control[4] == 0.0


@compiled(num(vec, vec))
def setpoint(control: Array, y: Array) -> float:
    """Return s + ds/dtau tau; tau is the last state but one."""
    return control[3] + control[4] * y[y.size - 2]


@compiled(num(vec, num, num, num))
def residual(control: Array, i: float, v: float, s: float) -> float:
    """Return a i + b v + c i v - s."""
    return control[0] * i + control[1] * v + control[2] * i * v - s


@compiled(num(vec, num, num, num))
def residual_slope(control: Array, i: float, v: float, dv_di: float) -> float:
    """Total derivative of `residual` with respect to i at fixed state."""
    return control[0] + control[2] * v + (control[1] + control[2] * i) * dv_di


@compiled(num(num, num, num))
def power_guess(power: float, rest: float, slope: float) -> float:
    """Input to try first for a product: at the output of rest, or from an output of zero.

    A symmetric cell has no voltage at rest; there the power goes with the square of the current.
    """
    if abs(rest) > _NO_OUTPUT:
        return power / rest
    return np.copysign(np.sqrt(abs(power / slope)), power)


@compiled(num(vec))
def least_margin(out: Array) -> float:
    """Smallest of the model's margins in an observation."""
    least = np.inf
    for k in range(2, out.size):
        least = min(least, out[k])
    return least


@compiled(num(OBSERVE, vec, vec, num, NUMBERS, vec))
def _root(
    observe: OBSERVE, control: Array, y: Array, guess: float, m: Numbers, out: Array
) -> float:
    """Find an input that meets the control at state y and leave the observation in `out`.

    Newton's method from `guess`, kept inside a bracket once both signs of the residual were seen;
    every third step that does not halve the residual halves the bracket. Returns nan if there is
    no such input.
    """
    s = setpoint(control, y)
    if is_direct(control):
        i = s / control[0]
        observe(y, i, m, out)
        return i
    i = guess
    observe(y, i, m, out)
    g = residual(control, i, out[0], s)
    below, above = np.nan, np.nan  # where g < 0, where g > 0
    before = np.inf
    for k in range(_ITERATIONS):
        if not np.isfinite(g):
            return np.nan
        if abs(g) <= _ROUNDING * abs(s):
            return i
        if g < 0.0:
            below = i
        else:
            above = i
        low, high = min(below, above), max(below, above)
        bracketed = np.isfinite(below) and np.isfinite(above)
        if bracketed and high - low <= 4e-16 * max(abs(low), abs(high)):
            return i
        trial = i - g / residual_slope(control, i, out[0], out[1])
        slow = k % 3 == 2 and abs(g) > 0.5 * abs(before)
        if bracketed and (slow or not low < trial < high):
            trial = 0.5 * (low + high)
        if not np.isfinite(trial):
            return np.nan
        step = abs(trial - i)
        before, i = g, trial
        observe(y, i, m, out)
        g = residual(control, i, out[0], s)
        small = abs(g) <= 1e-13 * abs(s) and abs(g) >= abs(before)
        if small or (step <= 4e-16 * abs(i) and not bracketed):
            return i
    return np.nan


@compiled(num(OBSERVE, vec, vec, num, NUMBERS, vec))
def resolve(
    observe: OBSERVE, control: Array, y: Array, guess: float, m: Numbers, out: Array
) -> float:
    """Find the input that meets the control at state y and leave the observation in `out`.

    A product of input and output may have a root that lies beyond the model's margins, where the
    output means nothing: if it is the input that takes the state there, it is none. Returns nan
    if there is no such input.
    """
    i = _root(observe, control, y, guess, m, out)
    if control[2] != 0.0 and np.isfinite(i) and least_margin(out) <= 0.0:
        observe(y, 0.0, m, out)
        if least_margin(out) > 0.0:
            return np.nan
        observe(y, i, m, out)
    return i


@compiled(none(GRADIENT, vec, vec, num, NUMBERS, vec, vec))
def input_gradient(
    gradient: GRADIENT, control: Array, y: Array, i: float, m: Numbers, seen: Array, row: Array
) -> None:
    """Write di/dy of the input that meets the control, shape (N,); `seen` is the observation."""
    slope = residual_slope(control, i, seen[0], seen[1])
    if is_direct(control):
        for j in range(y.size):
            row[j] = 0.0
    else:
        gradient(y, i, m, row)
        factor = -(control[1] + control[2] * i) / slope
        for j in range(y.size):
            row[j] *= factor
    row[y.size - 2] += control[4] / slope


@compiled(integer(TASK, num, vec, vec, vec))
def nearest_limit(task: Task, i: float, y: Array, out: Array, found: Array) -> int:
    """Find the smallest margin over the limits of the step and those of the model.

    `out` holds v, dv/di and the model's margins. The margin goes to found[0]; returned is the row
    of `limits`, or the number of limits plus the place of the model's margin. A value that is not
    a number counts as beyond every limit.
    """
    smallest = np.inf
    which = -1
    limits = task.limits
    total = y[y.size - 1]
    charge = total - task.charge
    rows = limits.shape[0]
    for k in range(rows + out.size - 2):
        if k < rows:
            margin = limits[k, LIMIT_VALUE] - (
                limits[k, LIMIT_SIZE] * abs(i)
                + limits[k, LIMIT_OUTPUT] * out[0]
                + limits[k, LIMIT_CHARGE] * abs(charge)
                + limits[k, LIMIT_TOTAL] * total
            )
        else:
            margin = out[k - rows + 2]
        if not np.isfinite(margin):
            margin = -1e300
        if margin < smallest:
            smallest = margin
            which = k
    found[0] = smallest
    return which
