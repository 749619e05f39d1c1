r"""Diffusion between nodes, in flux form, for a diffusivity that follows the concentration.

Kirchhoff's transformation :math:`\varphi(c) = \int D\, dc` makes the flux a gradient,
:math:`N = -D \nabla c = -\nabla \varphi`, however steeply D changes from node to node:

.. math:: N_{j+1/2} = \frac{\varphi(c_j) - \varphi(c_{j+1})}{R_{j+1/2}}

and one row of its derivative needs only D at the nodes. What the balances gain is
`nodes`' left-hand side.
"""

from filmcell.arrays import Array
from filmcell.numerics.compiling import compiled, fixed_mat, fixed_vec, none, num, vec
from filmcell.numerics.finite_volume import is_constant, spread, spread_slope
from filmcell.numerics.mesh import AREA, BETWEEN, PER_VOLUME
from filmcell.numerics.table import integrate, interpolate


@compiled(none(vec, num, fixed_mat, fixed_vec, num, num, fixed_mat, vec))
def diffuse(
    c: Array, influx: float, table: Array, head: Array, factor: float, c_max: float,
    mesh: Array, out: Array,
) -> None:  # fmt: skip
    """Write what each balance gains for D = factor * table(c / c_max) and a flux at the surface.

    There are as many nodes as places in `out`, which first holds phi; c may go on beyond them,
    and the mesh.
    """
    n = out.size
    if is_constant(table, head):
        spread(c, factor * table[int(head[3]), 0], influx, 0.0, mesh, out)
        return
    low, per_x, count, first = head[0], head[1], head[2], int(head[3])
    inverse, scale = 1.0 / c_max, factor * c_max / per_x
    for j in range(n):
        out[j] = integrate(table, low, per_x, count, first, c[j] * inverse)
    entering = mesh[AREA, 0] * influx
    for j in range(n - 1):
        leaving = scale * mesh[BETWEEN, j] * (out[j] - out[j + 1])
        out[j] = (entering - leaving) * mesh[PER_VOLUME, j]
        entering = leaving
    out[n - 1] = entering * mesh[PER_VOLUME, n - 1]


@compiled(none(vec, fixed_mat, fixed_vec, num, num, fixed_mat, vec, vec))
def diffuse_slope(
    c: Array, table: Array, head: Array, factor: float, c_max: float,
    mesh: Array, lower: Array, upper: Array,
) -> None:  # fmt: skip
    """Write the tridiagonal derivative of `diffuse` with respect to c.

    Its diagonal follows: with the volumes as weights, each column sums to zero. First `upper`
    holds the diffusivities; there are as many nodes as places in it.
    """
    n = lower.size
    if is_constant(table, head):
        spread_slope(factor * table[int(head[3]), 0], mesh, lower, upper)
        return
    inverse = 1.0 / c_max
    low, per_x, count, first = head[0], head[1], head[2], int(head[3])
    for j in range(n):
        D, _ = interpolate(table, low, per_x, count, first, c[j] * inverse)
        upper[j] = factor * D
    for j in range(n - 1):
        lower[j + 1] = upper[j] * mesh[BETWEEN, j] * mesh[PER_VOLUME, j + 1]
    for j in range(n - 1):
        upper[j] = upper[j + 1] * mesh[BETWEEN, j] * mesh[PER_VOLUME, j]
    lower[0], upper[n - 1] = 0.0, 0.0
