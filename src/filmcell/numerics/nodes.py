r"""Nodes of a mesh: concentrations at its faces, balanced by a compact scheme of fourth order.

Between two nodes the flux of a quantity :math:`\varphi` that obeys
:math:`\dot c = r^{-m} \partial_r (r^m \partial_r \varphi)` would be
:math:`(\varphi_j - \varphi_{j+1}) / R_{j+1/2}`, :math:`R = \int r^{-m} dr`, if nothing changed in
between. Weighted with the hat :math:`\psi_j` that this steady solution makes around a node, the
equation holds exactly (area a and depth per unit of the surface):

.. math:: \int \psi_j\, a\, \dot c\, dx = N_{j-1/2} - N_{j+1/2}, \qquad
          N_{j+1/2} = \frac{\varphi_j - \varphi_{j+1}}{R_{j+1/2}}

and all that is left to approximate is :math:`\dot c` in the integral: by the parabola through the
node and its neighbours, at the far end by :math:`A + B r^2`, as nothing flows there, and at the
surface by a straight line, which leaves the third power of the first width, a small one. So three
neighbours share one balance, with the mass matrix of Numerov's method on equal widths
(1, 10, 1) / 12. The hats sum to one: what leaves one balance enters the next, and
:math:`\sum_j W_j c_j` with the columns' sums W is conserved to the last bit. The surface is a
node: its fraction is a state, not an extrapolation.

References
----------
Numerov, Mon. Not. R. Astron. Soc. 84 (1924) 592, for the weights on equal widths; Spotz & Carey,
Int. J. Numer. Methods Eng. 38 (1995) 3497, for compact schemes of diffusion.
"""

from dataclasses import dataclass
from functools import cached_property
from math import log1p

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.numerics.banded import ABOVE, BELOW, HERE, WEIGHT
from filmcell.numerics.compiling import compiled, fixed_vec, integer, mat, none, num, numbers
from filmcell.numerics.mesh import AREA, BETWEEN, PER_VOLUME, Mesh

STEEPEST = 1.6
"""Ratio of neighbouring widths from which on a balance uses a straight line: a parabola would
count lithium far away with a negative weight."""

_GAUSS = np.polynomial.legendre.leggauss(5)
_PLACES, _SHARES = (frozen(0.5 * (_GAUSS[0] + 1.0)), frozen(0.5 * _GAUSS[1]))


@dataclass(frozen=True, eq=False)
class Nodes:
    """Places of the concentrations of a film: the faces of a mesh but the last.

    Parameters
    ----------
    mesh : Mesh
        The mesh, n volumes.

    Examples
    --------
    >>> nodes = Nodes(Mesh.uniform(4, 4.0))
    >>> nodes.depths, nodes.volumes.round(4)
    (array([0., 1., 2., 3.]), array([0.4167, 1.0833, 0.8333, 1.6667]))
    """

    mesh: Mesh

    @property
    def cells(self) -> int:
        """Number of nodes n."""
        return self.mesh.cells

    @property
    def length(self) -> float:
        """Depth of the far end [m]."""
        return self.mesh.length

    @property
    def depths(self) -> Array:
        """Depth of each node, shape (n,) [m]."""
        return self.mesh.faces[:-1]

    @property
    def widths(self) -> Array:
        """Distance of each node from the next, of the last one from the far end, (n,) [m]."""
        return self.mesh.widths

    @property
    def volumes(self) -> Array:
        """Volume that each node stands for, per area of the surface, shape (n,) [m]."""
        return self.mass[WEIGHT]

    @cached_property
    def _assembled(self) -> tuple[Array, Array]:
        """Mass matrix and `packed`."""
        mass, packed = np.empty((4, self.cells)), np.empty((4, self.cells))
        assemble(self.mesh.faces, self.mesh.dimension, mass, packed)
        return frozen(mass, own=True), frozen(packed, own=True)

    @property
    def mass(self) -> Array:
        """Mass matrix, shape (4, n): volumes, and what each balance takes from its neighbours."""
        return self._assembled[0]

    @property
    def packed(self) -> Array:
        """What the kernels read, with the rows of `Mesh.packed`, shape (4, n).

        No half widths, as the states lie on the faces; outer face areas, 1 / volumes, and
        1 / R to the next node (zero for the last one).
        """
        return self._assembled[1]


def nodes_many(faces: Array, dimension: int) -> tuple[Array, Array]:
    """Make the nodes of many meshes at once.

    Parameters
    ----------
    faces : ndarray
        Depth of the faces of each, shape (k, n + 1) [m].
    dimension : int
        0 plane, 1 cylinder, 2 sphere.

    Returns
    -------
    mass : ndarray
        `Nodes.mass` of each, shape (k, 4, n).
    packed : ndarray
        `Nodes.packed` of each, shape (k, 4, n).

    Examples
    --------
    >>> one = Nodes(Mesh.graded(20, 1e-6, 5e-9, 2))
    >>> mass, packed = nodes_many(one.mesh.faces[None], 2)
    >>> bool(np.all(mass[0] == one.mass)), bool(np.all(packed[0] == one.packed))
    (True, True)
    """
    shape = (len(faces), 4, faces.shape[1] - 1)
    mass, packed = np.empty(shape), np.empty(shape)
    for k in range(len(faces)):
        assemble(faces[k], dimension, mass[k], packed[k])
    return mass, packed


@compiled(num(num, num, num, integer))
def _resistance(outer: float, inner: float, length: float, dimension: int) -> float:
    """Integral of (length / r)^m between two distances from the far end."""
    h = outer - inner
    if dimension == 0:
        return h
    if dimension == 1:
        return length * log1p(h / inner)
    return length * length * h / (outer * inner)


@compiled(numbers(num, 3)(fixed_vec, integer, num))
def _shape(faces: Array, j: int, x: float) -> tuple[float, float, float]:
    """Weights at depth x of the nodes before, at and after j in what interpolates around j."""
    n = faces.size - 1
    b, v = faces[j + 1] - faces[j], x - faces[j]
    a = faces[j] - faces[j - 1] if j > 0 else 0.0
    even = max(a, b) < STEEPEST * min(a, b)
    if j == n - 1:
        if even:
            below = v * (2.0 * b - v) / (a * (2.0 * b + a))
            return -below, 1.0 + below, 0.0
        return (0.0, 1.0, 0.0) if v > 0.0 else (-v / a, 1.0 + v / a, 0.0)
    if even:
        below = v * (v - b) / (a * (a + b))
        above = v * (v + a) / (b * (a + b))
        return below, 1.0 - below - above, above
    if v > 0.0:
        return 0.0, 1.0 - v / b, v / b
    return -v / a, 1.0 + v / a, 0.0


@compiled(none(fixed_vec, integer, num, num, mat))
def _add(faces: Array, j: int, x: float, amount: float, mass: Array) -> None:
    """Add what a piece of volume at depth x counts in the balance of node j."""
    below, here, above = _shape(faces, j, x)
    mass[BELOW, j] += amount * below
    mass[HERE, j] += amount * here
    mass[ABOVE, j] += amount * above


@compiled(none(mat))
def _per_weight(mass: Array) -> None:
    """Write the sums of the columns, and divide each balance by that of its own."""
    n = mass.shape[1]
    for j in range(n):
        weight = mass[HERE, j]
        weight += mass[ABOVE, j - 1] if j > 0 else 0.0
        weight += mass[BELOW, j + 1] if j < n - 1 else 0.0
        mass[WEIGHT, j] = weight
    for j in range(n):
        for row in (BELOW, HERE, ABOVE):
            mass[row, j] /= mass[WEIGHT, j]


@compiled(none(fixed_vec, integer, mat, mat))
def assemble(faces: Array, dimension: int, mass: Array, packed: Array) -> None:
    """Write `Nodes.mass` and `Nodes.packed` from faces (n + 1,), both of shape (4, n).

    Gauss' rule with five points is exact for films and spheres; in a cylinder the hats have
    logarithms, which it integrates to 1e-6 of a width next to the axis and better elsewhere.
    """
    n = faces.size - 1
    length = faces[n]
    mass[:] = 0.0
    packed[:] = 0.0
    for j in range(n):
        last, outer = j == n - 1, length - faces[j]
        inner, h = length - faces[j + 1], faces[j + 1] - faces[j]
        whole = 0.0 if last else _resistance(outer, inner, length, dimension)
        for q in range(_PLACES.size):
            x = faces[j] + h * _PLACES[q]
            amount = h * _SHARES[q] * ((length - x) / length) ** dimension
            next_share = 0.0
            if not last:
                next_share = _resistance(outer, length - x, length, dimension) / whole
                _add(faces, j + 1, x, amount * next_share, mass)
            _add(faces, j, x, amount * (1.0 - next_share), mass)
        packed[AREA, j] = (outer / length) ** dimension
        packed[BETWEEN, j] = 0.0 if last else 1.0 / whole
    _per_weight(mass)
    for j in range(n):
        packed[PER_VOLUME, j] = 1.0 / mass[WEIGHT, j]
