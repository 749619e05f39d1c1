"""The eight stages of a step of Rodas5P, and the room they work in."""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.banded import factorise, substitute
from filmcell.numerics.compiling import (
    bundle,
    compiled,
    fixed_mat,
    fixed_vec,
    integer,
    mat,
    none,
    num,
    vec,
)
from filmcell.numerics.control import input_gradient, is_direct, resolve
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
    """The linearised system and its factors, each of shape (N,).

    The matrix is `shift I - T - column row^T`: T tridiagonal, given by what neighbours exchange,
    and a rank-one part where the input follows from the output.
    """

    weight: Array
    lower: Array
    sink: Array
    upper: Array
    column: Array
    row: Array
    pivot: Array
    near: Array
    far: Array
    turned: Array


TABLEAU: Any = bundle(Tableau, fixed_mat, fixed_mat, fixed_mat)
MATRIX: Any = bundle(Matrix, fixed_vec, *[vec] * 9)


@compiled(MATRIX(fixed_vec, mat))
def matrix_in(weight: Array, work: Array) -> Matrix:
    """Lay the matrix of a system with these weights, shape (N,), into work of shape (9, N)."""
    return Matrix(
        weight, work[0], work[1], work[2], work[3], work[4], work[5], work[6], work[7], work[8]
    )


@compiled(none(JACOBIAN, GRADIENT, vec, vec, num, NUMBERS, vec, MATRIX))
def linearise(
    jacobian: JACOBIAN, gradient: GRADIENT, control: Array, y: Array, i: float, m: Numbers,
    seen: Array, matrix: Matrix,
) -> None:  # fmt: skip
    """Fill the matrix at state y and input i, of which `seen` is the observation."""
    jacobian(y, i, m, matrix.lower, matrix.sink, matrix.upper, matrix.column)
    if not is_direct(control):
        input_gradient(gradient, control, y, i, m, seen, matrix.row)


@compiled(num(MATRIX, vec, num))
def prepare(matrix: Matrix, control: Array, h: float) -> float:
    """Factorise for a step of length h; returns the denominator of the rank-one formula."""
    factorise(
        1.0 / (GAMMA * h), matrix.weight, matrix.lower, matrix.sink, matrix.upper,
        matrix.pivot, matrix.near, matrix.far,
    )  # fmt: skip
    if is_direct(control):
        return 1.0
    copy(matrix.column, matrix.turned)
    substitute(matrix.pivot, matrix.near, matrix.far, matrix.turned)
    return 1.0 - dot(matrix.row, matrix.turned)


@compiled(none(vec, vec, num, vec))
def add_rank_one(row: Array, turned: Array, denominator: float, k: Array) -> None:
    """Add to a solution what the rank-one part makes of it, after Sherman and Morrison."""
    factor = dot(row, k) / denominator
    for j in range(k.size):
        k[j] += factor * turned[j]


@compiled(none(fixed_mat, integer, mat, num, vec))
def add_earlier(weights: Array, s: int, stages: Array, factor: float, out: Array) -> None:
    """Add the earlier stages, weighted by row s times a factor, to `out`.

    Two at a time, which saves every second trip of `out` through memory.
    """
    for r in range(0, s - 1, 2):
        first, second = weights[s, r] * factor, weights[s, r + 1] * factor
        for j in range(out.size):
            out[j] += first * stages[r, j] + second * stages[r + 1, j]
    if s % 2:
        last = weights[s, s - 1] * factor
        for j in range(out.size):
            out[j] += last * stages[s - 1, j]


@compiled(num(RATE, OBSERVE, vec, vec, num, num, NUMBERS, TABLEAU, MATRIX, vec, mat, vec, vec))
def rodas_step(
    rate: RATE, observe: OBSERVE, control: Array, y: Array, i: float, h: float, m: Numbers,
    tableau: Tableau, matrix: Matrix, f0: Array, stages: Array, last: Array, seen: Array,
) -> float:  # fmt: skip
    """Fill the stages of one step of length h; `last` becomes the embedded solution.

    Parameters
    ----------
    rate, observe : kernel
        The system.
    control : ndarray
        a, b, c and s of the control, shape (4,).
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

    Returns
    -------
    float
        Input at `last`, or nan where no input meets the control.
    """
    direct, denominator = is_direct(control), prepare(matrix, control, h)
    # taken out of the bundle once: handing it over for every stage would take longer than solving
    pivot, near, far, row, turned = matrix.pivot, matrix.near, matrix.far, matrix.row, matrix.turned
    for s in range(STAGES):
        k = stages[s]
        if s == 0:
            copy(f0, k)
        else:
            copy(y, last)
            add_earlier(tableau.a, s, stages, 1.0, last)
            if not direct:
                i = resolve(observe, control, last, i, m, seen)
                if not np.isfinite(i):
                    return np.nan
            rate(last, i, m, k)
            add_earlier(tableau.c, s, stages, 1.0 / h, k)
        substitute(pivot, near, far, k)
        if not direct:
            add_rank_one(row, turned, denominator, k)
    return i


@compiled(none(fixed_mat, mat, mat))
def interpolant(weights: Array, stages: Array, out: Array) -> None:
    """Write the three coefficients of the dense output, shape (3, N).

    They are combinations of the stages, which come out of a solve and are therefore smooth. Rates
    would not do: on a stiff system their rounding, times the step, is larger than the states.
    """
    for q in range(3):
        for j in range(out.shape[1]):
            out[q, j] = 0.0
        for r in range(STAGES):
            weight = weights[q, r]
            for j in range(out.shape[1]):
                out[q, j] += weight * stages[r, j]
