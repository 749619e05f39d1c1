r"""Diffusion in flux form: what leaves one volume enters the next, so nothing is lost.

Between two centres the two half cells resist in series, :math:`\rho = h / 2D` each, and the
surface value lies one half cell outside the first centre:

.. math:: N_{j+1/2} = \frac{c_j - c_{j+1}}{\rho_j + \rho_{j+1}}, \qquad
          c_s = c_1 + N_0 \rho_1
"""

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.compiling import boolean, compiled, fixed_mat, fixed_vec, none, num, vec
from filmcell.numerics.mesh import AREA, BETWEEN, HALF, PER_VOLUME, Mesh
from filmcell.numerics.table import interpolate


def half_resistance(mesh: Mesh, D: Array) -> Array:
    """Resistance of half a cell to diffusion, shape (n,) [s/m].

    Parameters
    ----------
    mesh : Mesh
        The mesh, n cells.
    D : ndarray
        Diffusivity at the centres, shape (n,) [m2/s].

    Returns
    -------
    ndarray
        h / 2D, shape (n,) [s/m].

    Examples
    --------
    >>> half_resistance(Mesh.uniform(4, 4.0), np.ones(4))
    array([0.5, 0.5, 0.5, 0.5])
    """
    return 0.5 * mesh.widths / D


def inner_flux(mesh: Mesh, c: Array, D: Array) -> Array:
    """Diffusive flux through the inner faces, positive towards larger depth.

    Parameters
    ----------
    mesh : Mesh
        The mesh, n cells.
    c : ndarray
        Concentration at the centres, shape (n,) [mol/m3].
    D : ndarray
        Diffusivity at the centres, shape (n,) [m2/s].

    Returns
    -------
    ndarray
        N = -D dc/dx, shape (n - 1,) [mol/(m2 s)].

    Examples
    --------
    >>> inner_flux(Mesh.uniform(4, 4.0), np.array([3.0, 2.0, 1.0, 0.0]), np.ones(4))
    array([1., 1., 1.])
    """
    rho = half_resistance(mesh, D)
    return -np.diff(c) / (rho[:-1] + rho[1:])


def divergence(mesh: Mesh, flux: Array) -> Array:
    """Divergence of face values; telescopes, so it conserves.

    Parameters
    ----------
    mesh : Mesh
        The mesh, n cells.
    flux : ndarray
        Flux through the faces, positive towards larger depth, shape (n + 1,) [mol/(m2 s)].

    Returns
    -------
    ndarray
        Net outflow per volume, shape (n,) [mol/(m3 s)].

    Examples
    --------
    >>> divergence(Mesh.uniform(4, 4.0), np.array([1.0, 1.0, 1.0, 1.0, 0.0]))
    array([ 0.,  0.,  0., -1.])
    """
    return np.diff(mesh.areas * flux) / mesh.volumes


@compiled(boolean(fixed_mat, fixed_vec))
def is_constant(table: Array, head: Array) -> bool:
    """Tell whether a table holds one number."""
    first = int(head[3])
    slopes = abs(table[first, 1]) + abs(table[first, 2]) + abs(table[first, 3])
    return head[2] == 1.0 and slopes == 0.0


@compiled(none(vec, num, num, num, fixed_mat, vec))
def spread(c: Array, D: float, influx: float, efflux: float, mesh: Array, out: Array) -> None:
    """Write dc/dt for one diffusivity and fluxes through both ends; loops without divisions."""
    n = out.size
    for j in range(n - 1):
        out[j] = D * mesh[BETWEEN, j] * (c[j] - c[j + 1])
    out[n - 1] = (out[n - 2] - efflux) * mesh[PER_VOLUME, n - 1]
    for j in range(n - 2, 0, -1):
        out[j] = (out[j - 1] - out[j]) * mesh[PER_VOLUME, j]
    out[0] = (mesh[AREA, 0] * influx - out[0]) * mesh[PER_VOLUME, 0]


@compiled(none(num, fixed_mat, vec, vec))
def spread_slope(D: float, mesh: Array, lower: Array, upper: Array) -> None:
    """Write the tridiagonal derivative of `spread`."""
    n = lower.size
    for j in range(n - 1):
        upper[j] = D * mesh[BETWEEN, j] * mesh[PER_VOLUME, j]
        lower[j + 1] = D * mesh[BETWEEN, j] * mesh[PER_VOLUME, j + 1]
    lower[0], upper[n - 1] = 0.0, 0.0


@compiled(none(vec, num, fixed_mat, fixed_vec, num, num, fixed_mat, vec))
def diffuse(
    c: Array, influx: float, table: Array, head: Array, factor: float, c_max: float,
    mesh: Array, out: Array,
) -> None:  # fmt: skip
    """Write dc/dt for D = factor * table(c / c_max) and a flux `influx` through the surface.

    There are as many volumes as places in `out`; c may go on beyond them, and the mesh. First
    `out` holds the diffusivities, then the flux through the inner face of each volume; each is
    used before its place is needed. The two half cells in series are written with a single
    division.
    """
    n = out.size
    if is_constant(table, head):
        spread(c, factor * table[int(head[3]), 0], influx, 0.0, mesh, out)
        return
    inverse = 1.0 / c_max
    low, per_x, count, first = head[0], head[1], head[2], int(head[3])
    for j in range(n):
        value, _ = interpolate(table, low, per_x, count, first, c[j] * inverse)
        out[j] = factor * value
    # nothing is carried from one face to the next, so that several divisions go at once
    for j in range(n - 1):
        D, D_next = out[j], out[j + 1]
        series = mesh[HALF, j] * D_next + mesh[HALF, j + 1] * D
        out[j] = mesh[AREA, j + 1] * (c[j] - c[j + 1]) * (D * D_next / series)
    out[n - 1] = out[n - 2] * mesh[PER_VOLUME, n - 1]
    for j in range(n - 2, 0, -1):
        out[j] = (out[j - 1] - out[j]) * mesh[PER_VOLUME, j]
    out[0] = (mesh[AREA, 0] * influx - out[0]) * mesh[PER_VOLUME, 0]


@compiled(none(vec, fixed_mat, fixed_vec, num, num, fixed_mat, vec, vec))
def diffuse_slope(
    c: Array, table: Array, head: Array, factor: float, c_max: float,
    mesh: Array, lower: Array, upper: Array,
) -> None:  # fmt: skip
    """Write the tridiagonal derivative of `diffuse` with respect to c.

    Its diagonal follows: with the volumes as weights, each column sums to zero. First `lower`
    holds the diffusivities and `upper` their slopes; there are as many volumes as places in them.
    """
    n = lower.size
    if is_constant(table, head):
        spread_slope(factor * table[int(head[3]), 0], mesh, lower, upper)
        return
    inverse = 1.0 / c_max
    low, per_x, count, first = head[0], head[1], head[2], int(head[3])
    for j in range(n):
        value, slope = interpolate(table, low, per_x, count, first, c[j] * inverse)
        lower[j], upper[j] = factor * value, factor * slope * inverse
    D, dD = lower[0], upper[0]
    for j in range(n - 1):
        D_next, dD_next = lower[j + 1], upper[j + 1]
        per_series = 1.0 / (mesh[HALF, j] * D_next + mesh[HALF, j + 1] * D)
        conductance = mesh[AREA, j + 1] * D * D_next * per_series
        drive = mesh[AREA, j + 1] * (c[j] - c[j + 1]) * per_series * per_series
        # d(outflow)/dc on either side, the slope of the diffusivity included
        here = conductance + drive * mesh[HALF, j] * D_next * D_next * dD
        there = conductance - drive * mesh[HALF, j + 1] * D * D * dD_next
        upper[j] = there * mesh[PER_VOLUME, j]
        lower[j + 1] = here * mesh[PER_VOLUME, j + 1]
        D, dD = D_next, dD_next
    lower[0], upper[n - 1] = 0.0, 0.0
