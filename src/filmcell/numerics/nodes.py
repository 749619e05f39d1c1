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
:math:`\sum_j W_j c_j` with the columns' sums W is conserved to the last bit.

The first node lies a little below the surface, not on it. Next to a full surface the current that
flows under a given voltage would be lost in the last bits of the surface's fraction; in the
gradient to a node nearby it is lost later. To that node leads the profile of a body that fills
evenly, from which a resistance of depth (1 - depth / 2 length) follows in all three shapes.

References
----------
Numerov, Mon. Not. R. Astron. Soc. 84 (1924) 592, for the weights on equal widths. The hats, the
ends and the other shapes are derived here.
"""

from dataclasses import dataclass
from functools import cached_property
from math import log1p

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.numerics.banded import ABOVE, BELOW, HERE, WEIGHT
from filmcell.numerics.compiling import compiled, fixed_vec, integer, mat, none, num, numbers
from filmcell.numerics.mesh import AREA, BETWEEN, HALF, PER_VOLUME, Mesh

OFFSET = 1.0 / 16.0
"""Depth of the first node over the first width: less, and holds and sweeps next to a full surface
scatter; more, and the profile of an even filling costs more than the rest of the scheme."""

STEEPEST = 1.6
"""Ratio of neighbouring widths from which on a balance uses a straight line: a parabola would
count lithium far away with a negative weight."""

_GAUSS = np.polynomial.legendre.leggauss(5)
_PLACES, _SHARES = (frozen(0.5 * (_GAUSS[0] + 1.0)), frozen(0.5 * _GAUSS[1]))


@dataclass(frozen=True, eq=False)
class Nodes:
    """Places of the concentrations of a film: the faces of a mesh but the last, the first moved.

    Parameters
    ----------
    mesh : Mesh
        The mesh, n volumes.

    Examples
    --------
    >>> nodes = Nodes(Mesh.uniform(4, 4.0))
    >>> nodes.depths
    array([0.0625, 1.    , 2.    , 3.    ])
    >>> nodes.volumes.round(4)
    array([0.4497, 1.0455, 0.8382, 1.6667])
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

    @cached_property
    def places(self) -> Array:
        """Depth of each node and of the far end, shape (n + 1,) [m]."""
        return frozen(places_in(self.mesh.faces), own=True)

    @property
    def depths(self) -> Array:
        """Depth of each node, shape (n,) [m]."""
        return self.places[:-1]

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
        assemble(self.places, self.mesh.dimension, mass, packed)
        return frozen(mass, own=True), frozen(packed, own=True)

    @property
    def mass(self) -> Array:
        """Mass matrix, shape (4, n): volumes, and what each balance takes from its neighbours."""
        return self._assembled[0]

    @property
    def packed(self) -> Array:
        """What the kernels read, with the rows of `Mesh.packed`, shape (4, n).

        R from the surface to the first node in place of half widths, and zeros; areas of the
        surface and at the nodes but the first; 1 / volumes, and 1 / R to the next node (zero for
        the last one).
        """
        return self._assembled[1]


def places_in(faces: Array) -> Array:
    """Depths of nodes and of the far end.

    Parameters
    ----------
    faces : ndarray
        Depth of the faces, shape (..., n + 1) [m].

    Returns
    -------
    ndarray
        The same with the first moved below the surface, shape (..., n + 1) [m].

    Examples
    --------
    >>> places_in(np.array([0.0, 1.6, 10.0]))
    array([ 0.1,  1.6, 10. ])
    """
    places = np.array(faces)
    places[..., 0] = OFFSET * faces[..., 1]
    return places


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
    places, mass, packed = places_in(faces), np.empty(shape), np.empty(shape)
    for k in range(len(faces)):
        assemble(places[k], dimension, mass[k], packed[k])
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
def _shape(places: Array, j: int, x: float) -> tuple[float, float, float]:
    """Weights at depth x of the nodes before, at and after j in what interpolates around j."""
    n = places.size - 1
    b, v = places[j + 1] - places[j], x - places[j]
    a = places[j] - places[j - 1] if j > 0 else 0.0
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
    if v > 0.0 or j == 0:  # a little beyond the surface's node too
        return 0.0, 1.0 - v / b, v / b
    return -v / a, 1.0 + v / a, 0.0


@compiled(none(fixed_vec, integer, num, num, mat))
def _add(places: Array, j: int, x: float, amount: float, mass: Array) -> None:
    """Add what a piece of volume at depth x counts in the balance of node j."""
    below, here, above = _shape(places, j, x)
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


@compiled(none(fixed_vec, integer, num, num, mat))
def _add_ends(places: Array, dimension: int, s: float, share: float, mass: Array) -> None:
    """Add one of Gauss' points between the surface and the first node, and behind the last."""
    n = places.size - 1
    length, first, last = places[n], places[0], places[n] - places[n - 1]
    x = first * s
    _add(places, 0, x, first * share * ((length - x) / length) ** dimension, mass)
    x = places[n - 1] + last * s
    _add(places, n - 1, x, last * share * ((length - x) / length) ** dimension, mass)


@compiled(none(fixed_vec, integer, mat, mat))
def assemble(places: Array, dimension: int, mass: Array, packed: Array) -> None:
    """Write `Nodes.mass` and `Nodes.packed`, shape (4, n), from the places, shape (n + 1,).

    Gauss' rule with five points is exact for films and spheres; in a cylinder the hats have
    logarithms, which it integrates to 1e-6 of a width next to the axis and better elsewhere.
    """
    n = places.size - 1
    length = places[n]
    mass[:] = 0.0
    packed[:] = 0.0
    packed[HALF, 0] = places[0] * (1.0 - 0.5 * places[0] / length)
    for q in range(_PLACES.size):
        _add_ends(places, dimension, _PLACES[q], _SHARES[q], mass)
    for j in range(n - 1):
        outer, h = length - places[j], places[j + 1] - places[j]
        whole = _resistance(outer, outer - h, length, dimension)
        for q in range(_PLACES.size):
            x = places[j] + h * _PLACES[q]
            amount = h * _SHARES[q] * ((length - x) / length) ** dimension
            share = _resistance(outer, length - x, length, dimension) / whole
            _add(places, j + 1, x, amount * share, mass)
            _add(places, j, x, amount * (1.0 - share), mass)
        packed[BETWEEN, j] = 1.0 / whole
    _per_weight(mass)
    for j in range(n):
        packed[AREA, j] = ((length - places[j]) / length) ** dimension
        packed[PER_VOLUME, j] = 1.0 / mass[WEIGHT, j]
    packed[AREA, 0] = 1.0  # that of the surface, through which lithium comes
