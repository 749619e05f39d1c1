"""Inside a step: the states between its ends, where a limit is reached, which points to keep."""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.compiling import boolean, bundle, compiled, integer, mat, none, num, vec
from filmcell.numerics.control import TASK, Task, nearest_limit, resolve
from filmcell.numerics.system import NUMBERS, OBSERVE, Numbers
from filmcell.numerics.vectors import copy_to_row

_DEEPEST = 14
_FIRST_LOOKS = 0.24
_ASIDE = 0.2
_FINEST = 5e-16
_MOST_HALVINGS = 51
_POWER = 3e-7
RELATIVE_INPUT = 0.1
NO_INPUT_BEYOND = -2

STACK = _DEEPEST + 2
"""Rows of the stack that `record` works with."""

MOST_POINTS = 2048
"""Most points that one step can keep."""


class Span(NamedTuple):
    """A step from one state to the next, and what lies between them.

    Parameters
    ----------
    y0, y1 : ndarray
        States at the ends, shape (N,).
    bow : ndarray
        Coefficients of the dense output, shape (3, N).
    h : float
        Length [s].
    """

    y0: Array
    y1: Array
    bow: Array
    h: float


class Ends(NamedTuple):
    """Time, inputs and outputs at the ends of the part of a step that is kept."""

    t: float
    i0: float
    v0: float
    i1: float
    v1: float
    share: float


class Output(NamedTuple):
    """Kept points: time, input, output of shape (rows,) and states of shape (rows, N)."""

    t: Array
    i: Array
    v: Array
    y: Array


SPAN: Any = bundle(Span, vec, vec, mat, num)
ENDS: Any = bundle(Ends, *[num] * 6)
OUTPUT: Any = bundle(Output, vec, vec, vec, mat)


@compiled(none(SPAN, num, vec))
def between(span: Span, s: float, out: Array) -> None:
    """State at the fraction s of a step, shape (N,), of order 4; conserves what f conserves."""
    y0, y1, bow, rest = span.y0, span.y1, span.bow, 1.0 - s
    for j in range(out.size):
        bend = bow[0, j] + s * (bow[1, j] + s * bow[2, j])
        out[j] = rest * y0[j] + s * (y1[j] + rest * bend)


@compiled(boolean(OBSERVE, TASK, SPAN, num, num, NUMBERS, vec, vec, vec))
def look(
    observe: OBSERVE, task: Task, span: Span, s: float, guess: float, m: Numbers,
    state: Array, seen: Array, found: Array,
) -> bool:  # fmt: skip
    """Observe the system at the fraction s of a step; the input goes to found[1].

    Tells whether all is inside the limits. Where the output is infinitely steep, rounding of the
    states may throw it across a limit between two points that are inside.
    """
    between(span, s, state)
    found[1] = resolve(observe, task.control, state, guess, m, seen)
    nearest_limit(task, found[1], state, seen, found)
    return found[0] > 0.0 and np.isfinite(found[1])


@compiled(num(num, num, num, num, num))
def _trial(low: float, high: float, inner: float, outer: float, reach: float) -> float:
    """Where to look next between `low`, with the margin inner > 0, and `high`, outer <= 0.

    The secant's point, moved a little towards the middle, but not so far from it that the number
    of halvings that is left would not do.
    """
    width = high - low
    middle = 0.5 * (low + high)
    secant = (inner * high - outer * low) / (inner - outer)
    if not low <= secant <= high:
        return middle
    side = 1.0 if secant < middle else -1.0
    shift = 0.2 * width * width
    near = secant + side * shift if shift <= abs(middle - secant) else middle
    away = max(reach - 0.5 * width, 0.0)
    return near if abs(near - middle) <= away else middle - side * away


@compiled(integer(OBSERVE, TASK, SPAN, num, NUMBERS, vec, vec, vec))
def locate(
    observe: OBSERVE, task: Task, span: Span, guess: float, m: Numbers,
    state: Array, seen: Array, found: Array,
) -> int:  # fmt: skip
    """Find where in a step the first limit is reached, to the last bit.

    By the method of Oliveira and Takahashi (ACM Trans. Math. Softw. 47 (2021) 5): a secant that is
    never much slower than bisection, as margins of different kinds meet here, some of them
    infinitely steep. The fraction of the step on the inner side goes to found[1]; returned is the
    limit that is passed just beyond it, `NO_INPUT_BEYOND` where no input meets the control there,
    or -1 where only the very end of the step lies beyond.
    """
    low, high, which = 0.0, 1.0, -1
    look(observe, task, span, low, guess, m, state, seen, found)
    inner = found[0]
    look(observe, task, span, high, guess, m, state, seen, found)
    outer, reach = min(found[0], 0.0), _FINEST * 2.0**_MOST_HALVINGS
    while high - low > 2.0 * _FINEST:
        # a trial on the limit itself leaves the secant there: keep off both ends
        s = min(max(_trial(low, high, inner, outer, reach), low + _FINEST), high - _FINEST)
        reach *= 0.5
        if s <= low or s >= high:
            break
        between(span, s, state)
        i = resolve(observe, task.control, state, guess, m, seen)
        passed = nearest_limit(task, i, state, seen, found)
        if not np.isfinite(i):
            passed = NO_INPUT_BEYOND
        if found[0] > 0.0 and passed != NO_INPUT_BEYOND:
            low, inner = s, found[0]
        else:
            high, outer, which = s, min(found[0], 0.0), passed
    found[1] = low
    return which


@compiled(num(vec, num, num, num))
def bend_of(seen: Array, i: float, i_line: float, v_line: float) -> float:
    """Distance of an observation from the straight line between its neighbours.

    A relative distance of the input counts a tenth of the output.
    """
    bend = abs(seen[0] - v_line)
    off = abs(i - i_line)
    if off > 0.0:
        bend = max(bend, RELATIVE_INPUT * off * abs(seen[0] / i))
    return bend


@compiled(integer(OUTPUT, integer, num, num, num, vec))
def keep(out: Output, rows: int, t: float, i: float, v: float, state: Array) -> int:
    """Write one row; returns the number of rows kept so far."""
    out.t[rows], out.i[rows], out.v[rows] = t, i, v
    copy_to_row(state, out.y, rows)
    return rows + 1


@compiled(none(mat, integer, num, num, num))
def push(stack: Array, place: int, x: float, i: float, v: float) -> None:
    """Write a fraction of the step and two numbers, such as input and output, into a row."""
    stack[place, 0], stack[place, 1], stack[place, 2] = x, i, v


@compiled(num(OBSERVE, vec, SPAN, num, num, num, NUMBERS, vec, vec))
def power_at(
    observe: OBSERVE, control: Array, span: Span, s: float, guess: float, line: float, m: Numbers,
    state: Array, seen: Array,
) -> float:  # fmt: skip
    """Input times output at the fraction s of a step; `line` where no input meets the control."""
    between(span, s, state)
    i = resolve(observe, control, state, guess, m, seen)
    power = i * seen[0]
    return power if np.isfinite(power) else line


@compiled(num(OBSERVE, vec, SPAN, ENDS, NUMBERS, vec, vec, mat))
def delivered(
    observe: OBSERVE, control: Array, span: Span, ends: Ends, m: Numbers,
    state: Array, seen: Array, stack: Array,
) -> float:  # fmt: skip
    """Integral of input times output over a step up to the fraction `ends.share`.

    By Simpson's rule on stretches that are halved until halving changes no more than `_POWER` of
    what the step delivers: one that is short enough for the states may end in a cliff of the
    output. The change, a fifteenth of which is left as the error, is then taken off.
    """
    x0, p0, guess, total = 0.0, ends.i0 * ends.v0, 0.5 * (ends.i0 + ends.i1), 0.0
    p1 = ends.i1 * ends.v1
    allowed = 15.0 * _POWER * max(abs(p0), abs(p1)) * ends.share
    p = power_at(observe, control, span, 0.5 * ends.share, guess, 0.5 * (p0 + p1), m, state, seen)
    allowed = max(allowed, 15.0 * _POWER * abs(p) * ends.share)
    push(stack, 0, ends.share, p1, p)
    top, shortest = 0, ends.share / 2.0**_DEEPEST
    while top >= 0:
        x1, p1, p = stack[top, 0], stack[top, 1], stack[top, 2]
        width = x1 - x0
        near, far = x0 + 0.25 * width, x1 - 0.25 * width
        line_near, line_far = 0.5 * (p0 + p), 0.5 * (p + p1)
        p_near = power_at(observe, control, span, near, guess, line_near, m, state, seen)
        p_far = power_at(observe, control, span, far, guess, line_far, m, state, seen)
        once = width * (p0 + 4.0 * p + p1) / 6.0
        twice = width * (p0 + 4.0 * (p_near + p_far) + 2.0 * p + p1) / 12.0
        if abs(twice - once) > allowed and width > shortest:
            push(stack, top, x1, p1, p_far)
            top += 1
            push(stack, top, x0 + 0.5 * width, p, p_near)
            continue
        total += twice + (twice - once) / 15.0
        x0, p0 = x1, p1
        top -= 1
    return total * span.h


@compiled(integer(SPAN, ENDS, vec, OUTPUT))
def keep_end(span: Span, ends: Ends, state: Array, out: Output) -> int:
    """Keep only the end of a step, at `ends.share`, in the first row."""
    between(span, ends.share, state)
    return keep(out, 0, ends.t + ends.share * span.h, ends.i1, ends.v1, state)


@compiled(integer(OBSERVE, TASK, SPAN, ENDS, num, NUMBERS, vec, vec, vec, mat, integer, OUTPUT))
def record(
    observe: OBSERVE, task: Task, span: Span, ends: Ends, resolution: float, m: Numbers,
    state: Array, seen: Array, found: Array, stack: Array, rows: int, out: Output,
) -> int:  # fmt: skip
    """Keep a step up to the fraction `ends.share`, in as many points as it needs.

    A straight line between two kept points misses the output by about `resolution` at most, and
    the input accordingly. Stretches are halved until that holds; the ends still to be reached
    wait on a stack. Once the middle of a stretch is kept, a parabola is missed by a quarter of
    what it was before. The middle of an S lies on its line, so that long stretches are looked at
    in a second place. Returns the number of rows kept so far.
    """
    x0, i0, v0 = 0.0, ends.i0, ends.v0
    push(stack, 0, ends.share, ends.i1, ends.v1)
    top, shortest, most = 0, ends.share / 2.0**_DEEPEST, rows + MOST_POINTS
    while top >= 0:
        x1, i1, v1 = stack[top, 0], stack[top, 1], stack[top, 2]
        width = x1 - x0
        whole = width == ends.share  # halves are looked at in any case
        x, bend = x0 + 0.5 * width, 0.0
        if width > _FIRST_LOOKS * ends.share and not whole:
            off = x0 + _ASIDE * width
            if look(observe, task, span, off, i0, m, state, seen, found):
                line = v0 + _ASIDE * (v1 - v0)
                bend = bend_of(seen, found[1], i0 + _ASIDE * (i1 - i0), line)
        inside = look(observe, task, span, x, 0.5 * (i0 + i1), m, state, seen, found)
        i, v = found[1], seen[0]
        bend = max(bend, bend_of(seen, i, 0.5 * (i0 + i1), 0.5 * (v0 + v1)))
        room = rows + 2 * top + 4 < most
        if inside and room and (whole or (bend > 4.0 * resolution and width > shortest)):
            top += 1
            push(stack, top, x, i, v)
            continue
        if inside and bend > resolution:
            rows = keep(out, rows, ends.t + x * span.h, i, v, state)
        between(span, x1, state)
        rows = keep(out, rows, ends.t + x1 * span.h, i1, v1, state)
        x0, i0, v0 = x1, i1, v1
        top -= 1
    return rows
