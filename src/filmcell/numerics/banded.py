"""Tridiagonal systems whose diagonal is known from a balance, eliminated from both ends at once.

What leaves one volume enters its neighbours: with the volumes as weights, each column of the
matrix T sums to nothing, or to what a reaction destroys. So the diagonal need not be stored, and
pivots are sums of positive terms. Subtracting nearly equal numbers instead would lose a part in
1e16 times the stiffness of everything that is conserved; here nothing is lost at any stiffness
(the idea of Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107, for Markov chains).

The two chains of a twisted factorisation do not wait for each other, which halves the time that
a processor spends on latency.
"""

from filmcell.arrays import Array
from filmcell.numerics.compiling import compiled, fixed_vec, none, num, vec, wave, waves


@compiled(
    [
        none(num, fixed_vec, vec, vec, vec, vec, vec, vec),
        none(wave, fixed_vec, vec, vec, vec, waves, waves, waves),
    ]
)
def factorise(
    shift: float, weight: Array, lower: Array, sink: Array, upper: Array,
    pivot: Array, near: Array, far: Array,
) -> None:  # fmt: skip
    """Factorise `shift I - T`, T tridiagonal, all of shape (n,), n at least 3.

    `lower[j]` multiplies x[j - 1] and `upper[j]` multiplies x[j + 1] in row j of T. Its diagonal
    is minus what column j gives to its neighbours and to `sink[j]`, per weight. Written are the
    inverse pivots and, for each row, the factors of the elimination (`near`, towards the middle)
    and of the substitution (`far`, away from it). The shift may be complex, then so are those.
    """
    n = sink.size
    m = n // 2
    # what the next row needs is carried along in a register: through memory it would come late
    kept = shift + sink[0]
    top = 1.0 / (kept + weight[1] * lower[1] / weight[0])
    above, from_above = upper[0] * top, kept * top
    pivot[0], far[0] = top, above
    kept = shift + sink[n - 1]
    end = 1.0 / (kept + weight[n - 2] * upper[n - 2] / weight[n - 1])
    below, from_below = lower[n - 1] * end, kept * end
    pivot[n - 1], far[n - 1] = end, below
    for j in range(1, m):
        per_weight = 1.0 / weight[j]
        kept = shift + sink[j] + weight[j - 1] * upper[j - 1] * per_weight * from_above
        top = 1.0 / (kept + weight[j + 1] * lower[j + 1] * per_weight)
        above, from_above = upper[j] * top, kept * top
        pivot[j], near[j], far[j] = top, lower[j] * top, above
        k = n - 1 - j
        if k > m:  # the lower half may be a row shorter
            per_weight = 1.0 / weight[k]
            kept = shift + sink[k] + weight[k + 1] * lower[k + 1] * per_weight * from_below
            end = 1.0 / (kept + weight[k - 1] * upper[k - 1] * per_weight)
            below, from_below = lower[k] * end, kept * end
            pivot[k], near[k], far[k] = end, upper[k] * end, below
    given_up = weight[m - 1] * upper[m - 1] * from_above + weight[m + 1] * lower[m + 1] * from_below
    middle = 1.0 / (shift + sink[m] + given_up / weight[m])
    pivot[m], near[m], far[m] = middle, lower[m] * middle, upper[m] * middle


@compiled([none(vec, vec, vec, vec), none(waves, waves, waves, waves)])
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
