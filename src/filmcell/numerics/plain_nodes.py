"""Nodes once more, as plainly as they can be written: dense matrices, the oracle of `nodes`."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.nodes import OFFSET, STEEPEST

_PLACES, _SHARES = np.polynomial.legendre.leggauss(20)


def _integral(f: Callable[[Array], Array], low: float, high: float) -> float:
    """Integral of a function by Gauss' rule with twenty points."""
    x = low + 0.5 * (high - low) * (_PLACES + 1.0)
    return float(0.5 * (high - low) * np.sum(_SHARES * f(x)))


def _places(mesh: Mesh) -> Array:
    """Depth of the nodes and of the far end, shape (n + 1,) [m]."""
    return np.concatenate([[OFFSET * mesh.widths[0]], mesh.faces[1:]])


def _between(mesh: Mesh, outer: Any, inner: Any) -> Any:
    """Integral of the surface's area over the area between two distances from the far end [m]."""
    L, m = mesh.length, mesh.dimension
    if m == 0:
        return outer - inner
    return L * np.log(outer / inner) if m == 1 else L**2 * (1.0 / inner - 1.0 / outer)


def first_resistance(mesh: Mesh) -> float:
    """Resistance of one unit of D between the surface and the first node, evenly filled [m].

    Parameters
    ----------
    mesh : Mesh
        The mesh, n volumes, at whose faces but the last the nodes lie.

    Returns
    -------
    float
        What resists.

    Examples
    --------
    >>> first_resistance(Mesh.uniform(3, 3.0))
    0.061848958333333336
    """
    depth = float(_places(mesh)[0])
    return _integral(lambda x: (mesh.length - x) / mesh.length, 0.0, depth)


def resistances(mesh: Mesh) -> Array:
    """Resistance of one unit of D between neighbours, shape (n - 1,) [m].

    Parameters
    ----------
    mesh : Mesh
        The mesh, n volumes, at whose faces but the last the nodes lie.

    Returns
    -------
    ndarray
        What resists.

    Examples
    --------
    >>> resistances(Mesh.uniform(3, 3.0, 2)).round(6)
    array([1.43617, 4.5    ])
    """
    far = mesh.length - _places(mesh)[:-1]
    return np.asarray(_between(mesh, far[:-1], far[1:]), float)


def flux(mesh: Mesh, c: Array, D: Callable[[Array], Array]) -> Array:
    """Flux from each node to the next per area of the surface, shape (n - 1,) [mol/(m2 s)].

    Parameters
    ----------
    mesh : Mesh
        The mesh.
    c : ndarray
        Concentration at the nodes, shape (n,) [mol/m3].
    D : callable
        Diffusivity over the concentration [m2/s].

    Returns
    -------
    ndarray
        Integral of D dc over the resistance between neighbours.

    Examples
    --------
    >>> flux(Mesh.uniform(3, 3.0), np.array([3.0, 2.0, 0.0]), lambda c: 2.0 * c).round(6)
    array([5.333333, 4.      ])
    """
    driven = [_integral(D, after, here) for here, after in pairwise(c)]
    return np.array(driven) / resistances(mesh)


def _hat(mesh: Mesh, j: int, x: Array, left: bool) -> Array:
    """Steady profile that is 1 at node j and 0 at the one before (left) or after it."""
    L, m = mesh.length, mesh.dimension
    if (left and j == 0) or (not left and j == mesh.cells - 1):
        return np.ones_like(x)
    steady: Any = {0: lambda r: -r, 1: lambda r: -np.log(r), 2: lambda r: 1.0 / r}[m]
    places = _places(mesh)
    here, other = steady(L - places[j]), steady(L - places[j - 1 if left else j + 1])
    return (steady(L - x) - other) / (here - other)


def _neighbours(mesh: Mesh, j: int, left: bool) -> tuple[Array, list[int]]:
    """Powers of x (or of r^2 at the far end) and the nodes that they go through around node j."""
    places = _places(mesh)
    a = places[j] - places[j - 1] if j else 0.0
    b = places[j + 1] - places[j]
    smooth = max(a, b) < STEEPEST * min(a, b)
    if j == mesh.cells - 1:
        if smooth:
            return np.array([0, 2]), [j - 1, j]
        return (np.array([0, 1]), [j - 1, j]) if left else (np.array([0]), [j])
    if smooth:
        return np.array([0, 1, 2]), [j - 1, j, j + 1]
    return np.array([0, 1]), [j - 1, j] if left and j else [j, j + 1]


def mass_matrix(mesh: Mesh) -> Array:
    """What a rate at node k counts in the balance of node j, shape (n, n) [m].

    Parameters
    ----------
    mesh : Mesh
        The mesh.

    Returns
    -------
    ndarray
        Integrals of hats times what interpolates the rates, per area of the surface.

    Examples
    --------
    >>> (12 * mass_matrix(Mesh.uniform(4, 4.0)))[1:].round(2)
    array([[ 0.87,  9.7 ,  1.06,  0.  ],
           [ 0.  ,  1.  , 10.  ,  1.  ],
           [ 0.  ,  0.  , -1.  , 19.  ]])
    """
    n, L, m, places = mesh.cells, mesh.length, mesh.dimension, _places(mesh)
    M = np.zeros((n, n))
    for j in range(n):
        for left in (True, False):
            powers, nodes = _neighbours(mesh, j, left)
            low, high = np.concatenate([[0.0], places])[j if left else j + 1 :][:2]
            # from the far end, or from the node itself where powers of that would all be alike
            origin = L if powers[-1] == 2 and j == n - 1 else places[j]
            unit = origin - places[nodes[0]] or places[j + 1] - places[j]
            through = ((origin - places[nodes])[:, None] / unit) ** powers
            for k, weights in zip(nodes, np.linalg.inv(through).T, strict=True):

                def piece(x: Array) -> Array:
                    share = ((origin - x)[:, None] / unit) ** powers @ weights  # noqa: B023
                    return _hat(mesh, j, x, left) * ((L - x) / L) ** m * share  # noqa: B023

                M[j, k] += _integral(piece, float(low), float(high))
    return M
