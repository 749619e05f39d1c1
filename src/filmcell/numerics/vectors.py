"""Loops over vectors. Numba makes a temporary copy for `a[:] = b`; these do not."""

from filmcell.arrays import Array
from filmcell.numerics.compiling import compiled, integer, mat, none, num, vec


@compiled(none(vec, vec))
def copy(source: Array, target: Array) -> None:
    """Copy a vector of shape (n,) into another."""
    for j in range(target.size):
        target[j] = source[j]


@compiled(none(vec, mat, integer))
def copy_to_row(source: Array, target: Array, row: int) -> None:
    """Copy a vector of shape (n,) into a row of an array of shape (rows, n)."""
    for j in range(source.size):
        target[row, j] = source[j]


@compiled(num(vec, vec))
def dot(a: Array, b: Array) -> float:
    """Scalar product of two vectors of shape (n,)."""
    total = 0.0
    for j in range(a.size):
        total += a[j] * b[j]
    return total
