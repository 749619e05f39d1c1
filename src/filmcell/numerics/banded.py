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
    # what the next row needs is carried along in a register: through memory it would come late
    top = 1.0 / (shift - diag[0])
    end = 1.0 / (shift - diag[n - 1])
    pivot[0], pivot[n - 1] = top, end
    above, below = upper[0] * top, lower[n - 1] * end
    far[0], far[n - 1] = above, below
    for j in range(1, m):
        k = n - 1 - j
        top = 1.0 / (shift - diag[j] - lower[j] * above)
        pivot[j], near[j] = top, lower[j] * top
        above = upper[j] * top
        far[j] = above
        if k > m:  # the lower half may be a row shorter
            end = 1.0 / (shift - diag[k] - upper[k] * below)
            pivot[k], near[k] = end, upper[k] * end
            below = lower[k] * end
            far[k] = below
    middle = 1.0 / (shift - diag[m] - lower[m] * above - upper[m] * below)
    pivot[m], near[m], far[m] = middle, lower[m] * middle, upper[m] * middle


@compiled(none(vec, vec, vec, vec))
def substitute(pivot: Array, near: Array, far: Array, b: Array) -> None:
    """Solve in place for the right-hand side b, shape (n,), with the factors of `factorise`."""
    n = b.size
    m = n // 2
    above = b[0] * pivot[0]
    below = b[n - 1] * pivot[n - 1]
    b[0], b[n - 1] = above, below
    # the upper half has m - 1 rows to eliminate, the lower half n - m - 2: as many or one less
    for j in range(1, n - m - 1):
        k = n - 1 - j
        above = b[j] * pivot[j] + near[j] * above
        below = b[k] * pivot[k] + near[k] * below
        b[j], b[k] = above, below
    for j in range(n - m - 1, m):
        above = b[j] * pivot[j] + near[j] * above
        b[j] = above
    above = b[m] * pivot[m] + near[m] * above + far[m] * below
    below = above
    b[m] = above
    for j in range(1, n - m):
        above = b[m - j] + far[m - j] * above
        below = b[m + j] + far[m + j] * below
        b[m - j], b[m + j] = above, below
    for j in range(n - m, m + 1):
        above = b[m - j] + far[m - j] * above
        b[m - j] = above
