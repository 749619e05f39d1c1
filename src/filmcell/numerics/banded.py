"""Tridiagonal systems, eliminated from both ends at once.

The two chains of a twisted factorisation do not wait for each other, which halves the time that
a processor spends on latency. Diagonal dominance makes pivoting needless.
"""

from filmcell.arrays import Array
from filmcell.numerics.compiling import compiled, none, num, vec


@compiled(none(num, vec, vec, vec, vec, vec, vec))
def factorise(
    shift: float, lower: Array, diag: Array, upper: Array,
    pivot: Array, near: Array, far: Array,
) -> None:  # fmt: skip
    """Factorise `shift I - T`, T tridiagonal, all of shape (n,), n at least 3.

    `lower[j]` multiplies x[j - 1] and `upper[j]` multiplies x[j + 1] in row j of T. Written are
    the inverse pivots and, for each row, the factors of the elimination (`near`, towards the
    middle) and of the substitution (`far`, away from it).
    """
    n = diag.size
    m = n // 2
    pivot[0] = 1.0 / (shift - diag[0])
    pivot[n - 1] = 1.0 / (shift - diag[n - 1])
    far[0] = upper[0] * pivot[0]
    far[n - 1] = lower[n - 1] * pivot[n - 1]
    for j in range(1, m):
        pivot[j] = 1.0 / (shift - diag[j] - lower[j] * far[j - 1])
        near[j] = lower[j] * pivot[j]
        far[j] = upper[j] * pivot[j]
    for j in range(n - 2, m, -1):
        pivot[j] = 1.0 / (shift - diag[j] - upper[j] * far[j + 1])
        near[j] = upper[j] * pivot[j]
        far[j] = lower[j] * pivot[j]
    pivot[m] = 1.0 / (shift - diag[m] - lower[m] * far[m - 1] - upper[m] * far[m + 1])
    near[m] = lower[m] * pivot[m]
    far[m] = upper[m] * pivot[m]


@compiled(none(vec, vec, vec, vec))
def substitute(pivot: Array, near: Array, far: Array, b: Array) -> None:
    """Solve in place for the right-hand side b, shape (n,), with the factors of `factorise`."""
    n = b.size
    m = n // 2
    b[0] *= pivot[0]
    b[n - 1] *= pivot[n - 1]
    # the upper half has m - 1 rows to eliminate, the lower half n - m - 2: as many or one less
    for j in range(1, n - m - 1):
        k = n - 1 - j
        b[j] = b[j] * pivot[j] + near[j] * b[j - 1]
        b[k] = b[k] * pivot[k] + near[k] * b[k + 1]
    for j in range(n - m - 1, m):
        b[j] = b[j] * pivot[j] + near[j] * b[j - 1]
    b[m] = b[m] * pivot[m] + near[m] * b[m - 1] + far[m] * b[m + 1]
    for j in range(1, n - m):
        b[m - j] += far[m - j] * b[m - j + 1]
        b[m + j] += far[m + j] * b[m + j - 1]
    for j in range(n - m, m + 1):
        b[m - j] += far[m - j] * b[m - j + 1]
