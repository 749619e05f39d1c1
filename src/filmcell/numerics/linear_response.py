r"""Response of a system to a small sinusoidal input, from the Jacobian that the integrator uses.

With :math:`y = y_0 + \hat y e^{j \omega t}` and the same for the input, the linearised system is

.. math:: (j \omega M - T)\, \hat y = c_0 \hat i + \sum_k c_k a_k, \qquad
          a_k = r_k \cdot \hat y + r_{0k} \hat i

with the mass matrix M, the tridiagonal T, the columns and the rows of `System.jacobian`. One
factorisation a frequency, one substitution a column, and a small system for the amplitudes of the
products.
"""

from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics import banded
from filmcell.numerics.compiling import compiled, fixed_mat, fixed_vec, mat, none, sheet, vec, waves
from filmcell.numerics.system import System


@compiled(none(sheet, waves))
def _solve_small(A: Any, b: Any) -> None:
    """Solve A x = b in place by elimination with the largest pivot, n at most a few."""
    n = b.size
    for j in range(n):
        p = j
        for k in range(j + 1, n):
            if abs(A[k, j]) > abs(A[p, j]):
                p = k
        for c in range(n):
            A[j, c], A[p, c] = A[p, c], A[j, c]
        b[j], b[p] = b[p], b[j]
        for k in range(j + 1, n):
            factor = A[k, j] / A[j, j]
            for c in range(j, n):
                A[k, c] -= factor * A[j, c]
            b[k] -= factor * b[j]
    for j in range(n - 1, -1, -1):
        for c in range(j + 1, n):
            b[j] -= A[j, c] * b[c]
        b[j] /= A[j, j]


@compiled(none(fixed_vec, fixed_mat, vec, vec, vec, mat, mat, sheet, sheet, sheet, waves, sheet))
def _respond(
    omega: Array, mass: Array, lower: Array, sink: Array, upper: Array, columns: Array,
    rows: Array, work: Any, solved: Any, A: Any, a: Any, out: Any,
) -> None:  # fmt: skip
    """Write the states' response at each angular frequency, shape (m, N)."""
    N, k = sink.size, columns.shape[0] - 1
    pivot, near, far = work[0], work[1], work[2]
    for f in range(omega.size):
        banded.factorise(1j * omega[f], mass, lower, sink, upper, pivot, near, far)
        for c in range(k + 1):
            for j in range(N):
                solved[c, j] = columns[c, j]
            banded.substitute(pivot, near, far, solved[c])
        for c in range(k):
            a[c] = rows[0, c + 1]
            for j in range(N):
                a[c] += rows[c + 1, j] * solved[0, j]
            for d in range(k):
                A[c, d] = 1.0 if c == d else 0.0
                for j in range(N):
                    A[c, d] -= rows[c + 1, j] * solved[d + 1, j]
        _solve_small(A, a)
        for j in range(N):
            out[f, j] = solved[0, j]
            for c in range(k):
                out[f, j] += solved[c + 1, j] * a[c]


def response(system: System, state: Array, current: float, omega: Array) -> tuple[Any, Any]:
    """Respond to a small sinusoid on top of an input.

    Parameters
    ----------
    system : System
        What responds.
    state : ndarray
        State around which it is linearised, shape (N,).
    current : float
        Input there.
    omega : ndarray
        Angular frequencies, above 0, shape (m,) [1/s].

    Returns
    -------
    states : ndarray of complex
        Amplitude of each state per unit of input, shape (m, N).
    output : ndarray of complex
        Amplitude of the output per unit of input, shape (m,).
    """
    N, k = state.size, system.border
    lower, sink, upper, gradient = np.zeros((4, N))
    columns, rows = np.zeros((k + 1, N)), np.zeros((k + 1, N))
    y = np.array(state, dtype=float)
    system.jacobian(y, current, system.numbers, lower, sink, upper, columns, rows)
    system.gradient(y, current, system.numbers, gradient)
    seen = np.empty(2 + len(system.margins))
    system.observe(y, current, system.numbers, seen)
    states = np.empty((omega.size, N), complex)
    work, solved = np.empty((3, N), complex), np.empty((k + 1, N), complex)
    _respond(np.ascontiguousarray(omega, float), system.mass, lower, sink, upper, columns, rows,
             work, solved, np.empty((k, k), complex), np.empty(k, complex), states)  # fmt: skip
    return states, states @ gradient + seen[1]
