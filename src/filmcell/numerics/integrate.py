"""Adaptive time integration of one step of a protocol, with no Python in its loop.

Rodas5P over the tridiagonal system, plus a rank-one term where the input follows from the output
(constant voltage or power). The error control looks at the states and at the output, because an
output may have steps where the states have none. Between the steps a cubic through both ends and
both rates gives the states; it conserves every linear invariant of the system.
"""

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.banded import factorise, substitute
from filmcell.numerics.compiling import (
    boolean,
    compiled,
    fixed_mat,
    fixed_vec,
    integer,
    mat,
    none,
    num,
    vec,
)
from filmcell.numerics.control import (
    is_direct,
    nearest_limit,
    residual_slope,
    resolve,
)
from filmcell.numerics.rodas import GAMMA, STAGES, A, C
from filmcell.numerics.system import GRADIENT, JACOBIAN, OBSERVE, RATE

TIME, LIMIT, AT_ONCE, FULL, TOO_SMALL, TOO_MANY, NO_INPUT = range(7)
"""Why `advance` came back: end of the time, a limit, a limit passed at the very start, buffers
full, or one of three failures."""

P_TOLERANCE, P_OUTPUT_TOLERANCE, P_RESOLUTION, P_MOST_STEPS = range(4)
"""Entries of the options: error of the states over their scale [-], error of the output,
distance of the output from a straight line between kept points, and most steps."""

R_STATUS, R_WHICH, R_ROWS, R_TIME, R_STEP, R_ACCEPTED, R_REJECTED = range(7)
"""Entries of the report."""

_SAFETY = 0.85
_DEEPEST = 9
_MOST_POINTS = 2 * 2**_DEEPEST
_SHORTEST = 1e-12
_GROWTH = 6.0
_SHRINK = 0.1
_OVERSHOOT = 1.002


@compiled(none(vec, vec, vec, vec, num, num, vec))
def between(y0: Array, f0: Array, y1: Array, f1: Array, h: float, s: float, out: Array) -> None:
    """Cubic Hermite state at the fraction s of a step of length h, shape (N,)."""
    a = s * s * (3.0 - 2.0 * s)
    b = s * (1.0 - s) * (1.0 - s) * h
    c = s * s * (s - 1.0) * h
    for j in range(y0.size):
        out[j] = (1.0 - a) * y0[j] + a * y1[j] + b * f0[j] + c * f1[j]


@compiled(num(vec, GRADIENT, vec, num, vec, fixed_vec, fixed_mat, fixed_mat, fixed_mat, vec))
def input_gradient(
    control: Array, gradient: GRADIENT, y: Array, i: float, seen: Array,
    p: Array, table: Array, heads: Array, mesh: Array, row: Array,
) -> float:  # fmt: skip
    """Write di/dy of the input that meets the control into `row`; returns dg/di."""
    gradient(y, i, p, table, heads, mesh, row)
    slope = residual_slope(control, i, seen[0], seen[1])
    factor = -(control[1] + control[2] * i) / slope
    for j in range(y.size):
        row[j] *= factor
    return slope


@compiled(num(vec, vec))
def dot(a: Array, b: Array) -> float:
    """Scalar product."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total


@compiled(
    num(
        RATE, OBSERVE, vec, num, vec, fixed_vec, fixed_mat, fixed_mat, fixed_mat,
        num, vec, vec, vec, vec, vec, vec, mat, fixed_mat, fixed_mat, vec, vec,
    )
)  # fmt: skip
def rodas_step(
    rate: RATE, observe: OBSERVE, control: Array, i: float, y: Array,
    p: Array, table: Array, heads: Array, mesh: Array,
    h: float, f0: Array, pivot: Array, near: Array, far: Array, row: Array, column: Array,
    stages: Array, a: Array, c: Array, seen: Array, last: Array,
) -> float:  # fmt: skip
    """Fill `stages` for one step of length h; `last` becomes the embedded solution.

    The matrix is `shift I - T - column row^T`; its rank-one part is taken care of by the formula
    of Sherman and Morrison. Returns the input at `last`, or nan where none meets the control.
    """
    n = y.size
    direct = is_direct(control)
    turned = stages[STAGES]
    denominator = 1.0
    if not direct:
        turned[:] = column
        substitute(pivot, near, far, turned)
        denominator = 1.0 - dot(row, turned)
    for s in range(STAGES):
        k = stages[s]
        if s == 0:
            k[:] = f0
        else:
            last[:] = y
            for r in range(s):
                earlier = stages[r]
                weight = a[s, r]
                for j in range(n):
                    last[j] += weight * earlier[j]
            if not direct:
                i = resolve(observe, control, last, i, p, table, heads, mesh, seen)
                if not np.isfinite(i):
                    return np.nan
            rate(last, i, p, table, heads, mesh, k)
            for r in range(s):
                earlier = stages[r]
                weight = c[s, r] / h
                for j in range(n):
                    k[j] += weight * earlier[j]
        substitute(pivot, near, far, k)
        if not direct:
            factor = dot(row, k) / denominator
            for j in range(n):
                k[j] += factor * turned[j]
    return i


@compiled(
    integer(
        OBSERVE, vec, mat, num, vec, vec, vec, vec, num, num,
        fixed_vec, fixed_mat, fixed_mat, fixed_mat, vec, vec, vec,
    )
)  # fmt: skip
def locate(
    observe: OBSERVE, control: Array, limits: Array, charge0: float,
    y0: Array, f0: Array, y1: Array, f1: Array, h: float, guess: float,
    p: Array, table: Array, heads: Array, mesh: Array, state: Array, seen: Array, found: Array,
) -> int:  # fmt: skip
    """Find where in a step the first limit is reached.

    Bisection to the last bit: margins of different kinds meet here, some of them infinitely
    steep, and nothing faster survives that. The fraction of the step on the inner side goes to
    found[1]; returned is the limit that is passed just beyond it.
    """
    n = y0.size
    low, high = 0.0, 1.0
    which = -1
    while high - low > 1e-15:
        s = 0.5 * (low + high)
        if s <= low or s >= high:
            break
        between(y0, f0, y1, f1, h, s, state)
        i = resolve(observe, control, state, guess, p, table, heads, mesh, seen)
        passed = nearest_limit(limits, i, state[n - 1] - charge0, seen, found)
        if found[0] > 0.0:
            low = s
        else:
            high = s
            which = passed
    found[1] = low
    return which


@compiled(
    boolean(
        OBSERVE, vec, mat, num, num, num, vec, vec, vec, vec, num, num, num,
        fixed_vec, fixed_mat, fixed_mat, fixed_mat, vec, vec, vec,
    )
)  # fmt: skip
def look(
    observe: OBSERVE, control: Array, limits: Array, charge0: float, i0: float, i1: float,
    y0: Array, f0: Array, y1: Array, f1: Array, h: float, s: float, share: float,
    p: Array, table: Array, heads: Array, mesh: Array, state: Array, seen: Array, found: Array,
) -> bool:  # fmt: skip
    """Observe the system at the fraction s of a step; the input goes to found[1].

    Tells whether all is inside the limits. Where the output is infinitely steep, rounding of the
    states may throw it across a limit between two points that are inside.
    """
    between(y0, f0, y1, f1, h, s, state)
    guess = (1.0 - share) * i0 + share * i1
    i = resolve(observe, control, state, guess, p, table, heads, mesh, seen)
    found[1] = i
    nearest_limit(limits, i, state[state.size - 1] - charge0, seen, found)
    return found[0] > 0.0 and np.isfinite(i)


@compiled(
    integer(
        OBSERVE, vec, mat, num, num, num, vec, vec, vec, vec, num, num, num, num, num, num,
        fixed_vec, fixed_mat, fixed_mat, fixed_mat, vec, vec, vec, integer, vec, vec, vec, mat,
    )
)  # fmt: skip
def record(
    observe: OBSERVE, control: Array, limits: Array, charge0: float, t: float, i0: float,
    y0: Array, f0: Array, y1: Array, f1: Array, h: float, end: float, resolution: float,
    v0: float, i1: float, v1: float,
    p: Array, table: Array, heads: Array, mesh: Array, state: Array, seen: Array, found: Array,
    rows: int, out_t: Array, out_i: Array, out_v: Array, out_y: Array,
) -> int:  # fmt: skip
    """Keep the part of a step up to the fraction `end`, in as many points as it needs.

    A straight line between two kept points misses the output by about `resolution` at most, and
    the input by as much over dv/di and over a tenth of v/i. Stretches are halved until that holds; once the middle of a
    stretch is kept, a parabola is missed by a quarter of what it was before. Returns the number of
    rows kept so far.
    """
    x0, v_left, i_left = 0.0, v0, i0
    depth, place = 2, 0  # the stretch looked at is [place, place + 1] / 2^depth
    while True:
        x1 = end / 2.0**depth * (place + 1)
        last = place + 1 == 2**depth
        v_right, i_right, keep_right = v1, i1, True
        if not last:
            keep_right = look(
                observe, control, limits, charge0, i0, i1, y0, f0, y1, f1, h, x1, x1 / end,
                p, table, heads, mesh, state, seen, found,
            )  # fmt: skip
            v_right, i_right = seen[0], found[1]
        keep = look(
            observe, control, limits, charge0, i0, i1, y0, f0, y1, f1, h, 0.5 * (x0 + x1),
            0.5 * (x0 + x1) / end, p, table, heads, mesh, state, seen, found,
        )  # fmt: skip
        i = found[1]
        bend = abs(seen[0] - 0.5 * (v_left + v_right))
        off = abs(i - 0.5 * (i_left + i_right))
        if off > 0.0:
            bend = max(bend, off * max(abs(seen[1]), 0.1 * abs(seen[0] / i)))
        if bend > 4.0 * resolution and depth < _DEEPEST:
            depth += 1
            place *= 2
            continue
        if keep and bend > resolution:
            out_t[rows], out_i[rows], out_v[rows] = t + 0.5 * (x0 + x1) * h, i, seen[0]
            out_y[rows] = state
            rows += 1
        if keep_right:
            between(y0, f0, y1, f1, h, x1, state)
            out_t[rows], out_i[rows], out_v[rows] = t + x1 * h, i_right, v_right
            out_y[rows] = state
            rows += 1
        if last:
            return rows
        if keep_right:
            v_left, i_left = v_right, i_right
        x0 = x1
        place += 1
        while place % 2 == 0 and depth > 2:
            place //= 2
            depth -= 1


@compiled(
    none(
        RATE, JACOBIAN, OBSERVE, GRADIENT, fixed_vec, fixed_mat, fixed_mat, fixed_mat,
        vec, fixed_vec, vec, mat, integer, vec, num, num, num, num, num, fixed_mat, fixed_mat, vec, vec, vec, mat, vec,
    )
)  # fmt: skip
def advance(
    rate: RATE, jacobian: JACOBIAN, observe: OBSERVE, gradient: GRADIENT,
    p: Array, table: Array, heads: Array, mesh: Array, per_scale: Array, weight: Array,
    control: Array, limits: Array, margins: int, options: Array,
    t: float, t_end: float, h: float, charge0: float, guess: float,
    a: Array, c: Array, out_t: Array, out_i: Array, out_v: Array, out_y: Array, report: Array,
) -> None:  # fmt: skip
    """Integrate from the state in out_y[0] at time t until `t_end` or the first limit.

    `h` is the first step to try, zero for an estimate from the Jacobian. `charge0` is the value
    of the last state from which the charge limits count. Rows of the outputs are filled from 0
    on; the report says how many, and why it stopped. Called again from where it stopped (buffers
    full) it goes on as if nothing had happened.
    """
    n = out_y.shape[1]
    y = out_y[0].copy()
    y1, f0, f1, state, last = np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    lower, sink, upper = np.zeros(n), np.zeros(n), np.zeros(n)
    column, row = np.zeros(n), np.zeros(n)
    pivot, near, far = np.zeros(n), np.zeros(n), np.zeros(n)
    stages = np.empty((STAGES + 1, n))
    seen, trial = np.empty(2 + margins), np.empty(2 + margins)
    scratch = np.empty(2 + margins)
    found = np.empty(2)
    tolerance, output_tolerance = options[P_TOLERANCE], options[P_OUTPUT_TOLERANCE]
    resolution, most = options[P_RESOLUTION], options[P_MOST_STEPS]
    capacity = out_t.size
    accepted, rejected = 0, 0
    direct = is_direct(control)

    i = resolve(observe, control, y, guess, p, table, heads, mesh, seen)
    status, which = TIME, -1
    if not np.isfinite(i):
        status = NO_INPUT
    else:
        which = nearest_limit(limits, i, y[n - 1] - charge0, seen, found)
        if found[0] <= 0.0:
            status = AT_ONCE
    if status != TIME:  # nothing flowed: show the system at rest
        i = 0.0
        observe(y, i, p, table, heads, mesh, seen)
    rows = 1
    out_t[0], out_i[0], out_v[0] = t, i, seen[0]
    running = status == TIME and t < t_end
    if running:
        rate(y, i, p, table, heads, mesh, f0)
    fresh, closing, lost = True, False, False
    while running:
        if accepted + rejected >= most:
            status = TOO_MANY
            break
        if rows + _MOST_POINTS + 1 > capacity:
            status = FULL
            break
        if fresh:
            jacobian(y, i, p, table, heads, mesh, lower, sink, upper, column)
            if not direct:
                input_gradient(control, gradient, y, i, seen, p, table, heads, mesh, row)
            fresh = False
        if h <= 0.0:
            fastest = max(np.max(np.abs(lower)), np.max(np.abs(upper)))
            h = 0.1 / fastest if fastest > 0.0 else 1.0
        if h < _SHORTEST * max(t, 1e-6):
            status = NO_INPUT if lost else TOO_SMALL
            break
        reaches_end = t + h >= t_end
        if reaches_end:
            h = t_end - t
        factorise(1.0 / (GAMMA * h), weight, lower, sink, upper, pivot, near, far)
        i_last = rodas_step(
            rate, observe, control, i, y, p, table, heads, mesh, h, f0,
            pivot, near, far, row, column, stages, a, c, trial, last,
        )  # fmt: skip
        error, i1 = np.inf, i_last
        if np.isfinite(i_last):
            error = 0.0
            for j in range(n):
                y1[j] = last[j] + stages[STAGES - 1, j]
                off = abs(stages[STAGES - 1, j]) * per_scale[j]
                if not off <= error:
                    error = off
            error /= tolerance
            i1 = resolve(observe, control, y1, i_last, p, table, heads, mesh, trial)
            if not np.isfinite(i1):
                error = np.inf
        passed = -1
        if np.isfinite(error):
            observe(last, i1, p, table, heads, mesh, scratch)
            which = nearest_limit(limits, i1, y1[n - 1] - charge0, trial, found)
            passed = which if found[0] <= 0.0 else -1
            if passed < 0:  # beyond a limit the output may fall off a cliff
                error = max(error, abs(trial[0] - scratch[0]) / output_tolerance)
        if not error <= 1.0:
            lost = not np.isfinite(i1)
            rejected += 1
            h *= max(_SHRINK, _SAFETY * error**-0.2) if np.isfinite(error) else _SHRINK
            closing = False
            continue
        rate(y1, i1, p, table, heads, mesh, f1)
        if passed >= 0:
            which = locate(
                observe, control, limits, charge0, y, f0, y1, f1, h, i,
                p, table, heads, mesh, state, trial, found,
            )  # fmt: skip
            if which < 0:  # only the very end of the step lies beyond
                which = passed
            s = found[1]
            if not closing and s < 0.99:
                # step again to just beyond the limit: there the cubic is as good as the method
                h *= max(s, 1e-6) * _OVERSHOOT
                closing = True
                rejected += 1
                continue
            between(y, f0, y1, f1, h, s, state)
            i1 = resolve(observe, control, state, i, p, table, heads, mesh, trial)
            if not np.isfinite(i1):
                status = NO_INPUT
                break
            rows = record(
                observe, control, limits, charge0, t, i, y, f0, y1, f1, h, s, resolution, seen[0], i1, trial[0],
                p, table, heads, mesh, state, scratch, found,
                rows, out_t, out_i, out_v, out_y,
            )  # fmt: skip
            t += s * h
            accepted += 1
            status = LIMIT
            break
        rows = record(
            observe, control, limits, charge0, t, i, y, f0, y1, f1, h, 1.0, resolution, seen[0], i1, trial[0],
            p, table, heads, mesh, state, scratch, found,
            rows, out_t, out_i, out_v, out_y,
        )  # fmt: skip
        accepted += 1
        closing, lost = False, False
        t = t_end if reaches_end else t + h
        y[:] = y1
        f0[:] = f1
        seen[:] = trial
        i = i1
        fresh = True
        if reaches_end:
            out_t[rows - 1] = t
            status = TIME
            break
        h *= min(_GROWTH, _SAFETY * max(error, 1e-8) ** -0.2)
    report[R_STATUS], report[R_WHICH], report[R_ROWS] = status, which, rows
    report[R_TIME], report[R_STEP] = t, h
    report[R_ACCEPTED], report[R_REJECTED] = accepted, rejected
