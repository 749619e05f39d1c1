"""The eight stages of a step of Rodas5P, and the room they work in."""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.banded import balance, factorise, substitute
from filmcell.numerics.compiling import (
    bundle,
    compiled,
    fixed_mat,
    integer,
    mat,
    none,
    num,
    vec,
)
from filmcell.numerics.control import input_gradient, is_direct, is_fixed, resolve, setpoint
from filmcell.numerics.rodas import GAMMA, STAGES
from filmcell.numerics.system import (
    GRADIENT,
    JACOBIAN,
    NUMBERS,
    OBSERVE,
    RATE,
    Numbers,
)
from filmcell.numerics.vectors import copy, dot


class Tableau(NamedTuple):
    """Coefficients of the method, of shapes (8, 8), (8, 8) and (3, 8)."""

    a: Array
    c: Array
    dense: Array


class Matrix(NamedTuple):
    """The linearised system and its factors, of shape (N,) or (k + 1, N).

    The matrix is `shift M - T - sum of column row^T`: M the mass matrix, shape (4, N), T
    tridiagonal, given by what neighbours exchange, k products of the model's own, and a first one
    where the input follows from the output or from the time. `turned` has T's solutions for the
    columns, `small` the inverse of the matrix that is left (the formula of Woodbury) and room to
    find it, shape (k + 1, 2 k + 2).
    """

    mass: Array
    lower: Array
    sink: Array
    upper: Array
    pivot: Array
    near: Array
    far: Array
    columns: Array
    rows: Array
    turned: Array
    small: Array


TABLEAU: Any = bundle(Tableau, fixed_mat, fixed_mat, fixed_mat)
MATRIX: Any = bundle(Matrix, fixed_mat, *[vec] * 6, *[mat] * 4)


@compiled(MATRIX(fixed_mat, mat, vec))
def matrix_in(mass: Array, work: Array, small: Array) -> Matrix:
    """Lay the matrix of a system with this mass matrix, shape (4, N), into its room.

    Work has shape (6 + 3 (k + 1), N), small 2 (k + 1)^2 places.
    """
    k = (work.shape[0] - 6) // 3
    return Matrix(
        mass, work[0], work[1], work[2], work[3], work[4], work[5],
        work[6 : 6 + k], work[6 + k : 6 + 2 * k], work[6 + 2 * k :], small.reshape(k, 2 * k),
    )  # fmt: skip


@compiled(none(JACOBIAN, GRADIENT, vec, vec, num, NUMBERS, vec, MATRIX))
def linearise(
    jacobian: JACOBIAN, gradient: GRADIENT, control: Array, y: Array, i: float, m: Numbers,
    seen: Array, matrix: Matrix,
) -> None:  # fmt: skip
    """Fill the matrix at state y and input i, of which `seen` is the observation."""
    jacobian(y, i, m, matrix.lower, matrix.sink, matrix.upper, matrix.columns, matrix.rows)
    if not is_fixed(control):
        rows, slopes = matrix.rows, matrix.small
        for c in range(1, rows.shape[0]):
            slopes[c, 0] = rows[0, c]
        input_gradient(gradient, control, y, i, m, seen, rows[0])
        for c in range(1, rows.shape[0]):
            for j in range(y.size):
                rows[c, j] += slopes[c, 0] * rows[0, j]


@compiled(none(mat, integer))
def invert(small: Array, first: int) -> None:
    """Invert the square left half of `small` from row `first` on into its right half."""
    k = small.shape[0]
    for r in range(first, k):  # rows of one size, or the pivots would be chosen by their units
        size = 0.0
        for c in range(first, k):
            size = max(size, abs(small[r, c]))
        for c in range(first, k):
            small[r, c] /= size
            small[r, k + c] = 1.0 / size if r == c else 0.0
    for c in range(first, k):
        best = c
        for r in range(c + 1, k):
            if abs(small[r, c]) > abs(small[best, c]):
                best = r
        for q in range(first, 2 * k):
            small[c, q], small[best, q] = small[best, q], small[c, q]
        scale = 1.0 / small[c, c]
        for q in range(first, 2 * k):
            small[c, q] *= scale
        for r in range(first, k):
            factor = small[r, c]
            if r != c and factor != 0.0:
                for q in range(first, 2 * k):
                    small[r, q] -= factor * small[c, q]


@compiled(integer(MATRIX, vec, num))
def prepare(matrix: Matrix, control: Array, h: float) -> int:
    """Factorise for a step of length h; returns the first of the products that are there."""
    factorise(
        1.0 / (GAMMA * h), matrix.mass, matrix.lower, matrix.sink, matrix.upper,
        matrix.pivot, matrix.near, matrix.far,
    )  # fmt: skip
    first, k = 1 if is_fixed(control) else 0, matrix.columns.shape[0]
    for c in range(first, k):
        copy(matrix.columns[c], matrix.turned[c])
        substitute(matrix.pivot, matrix.near, matrix.far, matrix.turned[c])
    for r in range(first, k):
        for c in range(first, k):
            same = 1.0 if r == c else 0.0
            matrix.small[r, c] = same - dot(matrix.rows[r], matrix.turned[c])
    invert(matrix.small, first)
    return first


@compiled(none(mat, mat, mat, integer, vec))
def add_products(rows: Array, turned: Array, small: Array, first: int, k: Array) -> None:
    """Add to a solution what the products make of it, after Woodbury."""
    count = rows.shape[0]
    for r in range(first, count):  # the left half of `small` has become free
        small[r, 0] = dot(rows[r], k)
    for c in range(first, count):
        factor = 0.0
        for r in range(first, count):
            factor += small[c, count + r] * small[r, 0]
        for j in range(k.size):
            k[j] += factor * turned[c, j]


@compiled(none(fixed_mat, fixed_mat, integer, mat, num, vec, vec, vec))
def combine(
    a: Array, c: Array, s: int, stages: Array, per_h: float, y: Array, at: Array, turned: Array
) -> None:  # fmt: skip
    """Write y plus the earlier stages weighted by row s of a, and their sum by row s of c over h.

    Two stages at a time and both sums at once, which saves most trips through memory.
    """
    n = y.size
    first, second = a[s, 0], c[s, 0] * per_h
    for j in range(n):
        k = stages[0, j]
        at[j], turned[j] = y[j] + first * k, second * k
    for r in range(1, s - 1, 2):
        a0, a1, c0, c1 = a[s, r], a[s, r + 1], c[s, r] * per_h, c[s, r + 1] * per_h
        for j in range(n):
            k, later = stages[r, j], stages[r + 1, j]
            at[j] += a0 * k + a1 * later
            turned[j] += c0 * k + c1 * later
    if s % 2 == 0:
        a0, c0 = a[s, s - 1], c[s, s - 1] * per_h
        for j in range(n):
            k = stages[s - 1, j]
            at[j] += a0 * k
            turned[j] += c0 * k


@compiled(
    num(RATE, OBSERVE, vec, vec, num, num, NUMBERS, TABLEAU, MATRIX, vec, mat, vec, vec, vec, vec)
)
def rodas_step(
    rate: RATE, observe: OBSERVE, control: Array, y: Array, i: float, h: float, m: Numbers,
    tableau: Tableau, matrix: Matrix, f0: Array, stages: Array, last: Array, seen: Array,
    gain: Array, earlier: Array,
) -> float:  # fmt: skip
    """Fill the stages of one step of length h; `last` becomes the embedded solution.

    Parameters
    ----------
    rate, observe : kernel
        The system.
    control : ndarray
        a, b, c, s and ds/dtau of the control, shape (5,).
    y : ndarray
        State at the start, shape (N,).
    i : float
        Input at the start.
    h : float
        Length of the step [s].
    m : Numbers
        What the kernels read.
    tableau : Tableau
        Coefficients.
    matrix : Matrix
        Linearised at y and i.
    f0 : ndarray
        Rate at y and i, shape (N,).
    stages : ndarray
        Written: the stages, shape (8, N); the last one is the estimate of the error.
    last : ndarray
        Written: the embedded solution, shape (N,).
    seen : ndarray
        Written: the observation at `last`.
    gain, earlier : ndarray
        Room for what is gained, and for the sum of the earlier stages, shape (N,).

    Returns
    -------
    float
        Input at `last`, or nan where no input meets the control.
    """
    direct, first = is_direct(control), prepare(matrix, control, h)
    # taken out of the bundle once: handing it over for every stage would take longer than solving
    mass, pivot, near, far = matrix.mass, matrix.pivot, matrix.near, matrix.far
    rows, turned, small = matrix.rows, matrix.turned, matrix.small
    bordered = first < rows.shape[0]
    for s in range(STAGES):
        k = stages[s]
        if s == 0:
            copy(f0, k)
        else:
            combine(tableau.a, tableau.c, s, stages, 1.0 / h, y, last, earlier)
            if direct:
                i = setpoint(control, last) / control[0]
            else:
                i = resolve(observe, control, last, i, m, seen)
                if not np.isfinite(i):
                    return np.nan
            rate(last, i, m, gain)
            balance(mass, earlier, gain, k)
        substitute(pivot, near, far, k)
        if bordered:
            add_products(rows, turned, small, first, k)
    return i


@compiled(none(fixed_mat, mat, mat))
def interpolant(weights: Array, stages: Array, out: Array) -> None:
    """Write the three coefficients of the dense output, shape (3, N).

    They are combinations of the stages, which come out of a solve and are therefore smooth. Rates
    would not do: on a stiff system their rounding, times the step, is larger than the states.
    """
    for q in range(3):
        w0, w1, w2, w3 = weights[q, 0], weights[q, 1], weights[q, 2], weights[q, 3]
        w4, w5, w6, w7 = weights[q, 4], weights[q, 5], weights[q, 6], weights[q, 7]
        for j in range(out.shape[1]):  # all stages at once: out is written a single time
            first = w0 * stages[0, j] + w1 * stages[1, j] + w2 * stages[2, j] + w3 * stages[3, j]
            later = w4 * stages[4, j] + w5 * stages[5, j] + w6 * stages[6, j] + w7 * stages[7, j]
            out[q, j] = first + later
