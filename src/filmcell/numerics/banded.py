"""Tridiagonal systems whose diagonal is known from a balance, eliminated from both ends at once.

What leaves one volume enters its neighbours: with the volumes as weights, each column of the
matrix T sums to nothing, or to what a reaction destroys. So the diagonal need not be stored, and
pivots are sums of positive terms. Subtracting nearly equal numbers instead would lose a part in
1e16 times the stiffness of everything that is conserved; here nothing is lost at any stiffness
(the idea of Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107, for Markov chains).

The two chains of a twisted factorisation do not wait for each other, which halves the time that
a processor spends on latency.

Where the rates of neighbours share one balance (`nodes`) the identity becomes a mass matrix, whose
columns sum to one in the same sense; it is held as an array of shape (4, n) with the rows below.
Not all terms are positive then: what neighbours share, a sixth of a balance inside and two fifths
at the surface, is taken off again.
"""

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.numerics.compiling import compiled, fixed_mat, none, num, vec, wave, waves

WEIGHT, BELOW, HERE, ABOVE = range(4)
"""Rows of a mass matrix: volumes with which columns are summed, then what multiplies the rate of
the state before, of the state itself and of the one after it in the balance of each."""


def alone(weight: Array) -> Array:
    """Mass matrix of states that balance alone: the identity.

    Parameters
    ----------
    weight : ndarray
        Volume of each state, shape (n,).

    Returns
    -------
    ndarray
        The mass matrix, shape (4, n).

    Examples
    --------
    >>> alone(np.array([2.0, 3.0]))
    array([[2., 3.],
           [0., 0.],
           [1., 1.],
           [0., 0.]])
    """
    nothing = np.zeros_like(weight)
    return frozen(np.stack([weight, nothing, nothing + 1.0, nothing]), own=True)


@compiled(none(fixed_mat, vec, vec, vec))
def balance(mass: Array, rates: Array, gain: Array, out: Array) -> None:
    """Write `gain` plus the mass matrix times `rates`, all of shape (n,)."""
    n = out.size
    out[0] = gain[0] + mass[HERE, 0] * rates[0] + mass[ABOVE, 0] * rates[1]
    for j in range(1, n - 1):
        near = mass[BELOW, j] * rates[j - 1] + mass[ABOVE, j] * rates[j + 1]
        out[j] = gain[j] + mass[HERE, j] * rates[j] + near
    near = mass[BELOW, n - 1] * rates[n - 2]
    out[n - 1] = gain[n - 1] + mass[HERE, n - 1] * rates[n - 1] + near


@compiled(
    [
        none(num, fixed_mat, vec, vec, vec, vec, vec, vec),
        none(wave, fixed_mat, vec, vec, vec, waves, waves, waves),
    ]
)
def factorise(
    shift: float, mass: Array, lower: Array, sink: Array, upper: Array,
    pivot: Array, near: Array, far: Array,
) -> None:  # fmt: skip
    """Factorise `shift M - T`, both tridiagonal, all of shape (n,), n at least 3.

    `lower[j]` multiplies x[j - 1] and `upper[j]` multiplies x[j + 1] in row j of T. Its diagonal
    is minus what column j gives to its neighbours and to `sink[j]`, per weight. Written are the
    inverse pivots and, for each row, the factors of the elimination (`near`, towards the middle)
    and of the substitution (`far`, away from it). The shift may be complex, then so are those.
    """
    n = sink.size
    m = n // 2
    for j in range(n):  # what neighbours exchange, and what they share of each other's rates
        near[j] = lower[j] - shift * mass[BELOW, j]
        far[j] = upper[j] - shift * mass[ABOVE, j]
    # what the next row needs is carried along in a register: through memory it would come late
    kept = shift + sink[0]
    top = 1.0 / (kept + mass[WEIGHT, 1] * near[1] / mass[WEIGHT, 0])
    passed, from_above = mass[WEIGHT, 0] * far[0], kept * top
    pivot[0], far[0] = top, far[0] * top
    kept = shift + sink[n - 1]
    end = 1.0 / (kept + mass[WEIGHT, n - 2] * far[n - 2] / mass[WEIGHT, n - 1])
    risen, from_below = mass[WEIGHT, n - 1] * near[n - 1], kept * end
    pivot[n - 1], far[n - 1] = end, near[n - 1] * end
    for j in range(1, m):
        weight, given = mass[WEIGHT, j], mass[WEIGHT, j] * far[j]
        kept = shift + sink[j] + passed / weight * from_above
        top = 1.0 / (kept + mass[WEIGHT, j + 1] * near[j + 1] / weight)
        pivot[j], near[j], far[j] = top, near[j] * top, far[j] * top
        passed, from_above = given, kept * top
        k = n - 1 - j
        if k > m:  # the lower half may be a row shorter
            weight, given = mass[WEIGHT, k], mass[WEIGHT, k] * near[k]
            kept = shift + sink[k] + risen / weight * from_below
            end = 1.0 / (kept + mass[WEIGHT, k - 1] * far[k - 1] / weight)
            pivot[k], near[k], far[k] = end, far[k] * end, near[k] * end
            risen, from_below = given, kept * end
    middle = 1.0 / (shift + sink[m] + (passed * from_above + risen * from_below) / mass[WEIGHT, m])
    pivot[m], near[m], far[m] = middle, near[m] * middle, far[m] * middle


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
