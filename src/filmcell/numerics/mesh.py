"""One-dimensional meshes in depth below a surface: plane, cylinder or sphere, graded or not."""

from dataclasses import dataclass
from functools import cached_property
from math import expm1, log

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.errors import InputError
from filmcell.numerics.banded import alone
from filmcell.numerics.compiling import compiled, fixed_vec, integer, mat, none, num

_MOST_STEPS = 60
_LEAST_GROWTH = 1e-12


@dataclass(frozen=True, eq=False)
class Mesh:
    r"""Finite volumes between a surface (depth 0) and a far end that lets nothing through.

    The far end is the collector side of a plane film, the axis of a cylinder, the centre of a
    sphere. Areas and volumes are per unit area of the surface.

    Parameters
    ----------
    faces : ndarray
        Depth of the faces, from 0 to the length, shape (n + 1,) [m].
    dimension : int
        0 plane, 1 cylinder, 2 sphere.

    Raises
    ------
    InputError
        Where the faces do not rise from zero.

    Examples
    --------
    >>> mesh = Mesh.uniform(4, 2e-6)
    >>> mesh.centres * 1e6
    array([0.25, 0.75, 1.25, 1.75])
    """

    faces: Array
    dimension: int = 0

    def __post_init__(self) -> None:
        """Check the faces and freeze them."""
        faces = frozen(self.faces)
        if faces.ndim != 1 or faces.size < 4 or faces[0] != 0 or not np.all(np.diff(faces) > 0):
            raise InputError("mesh: the faces must be at least four numbers that rise from 0")
        if self.dimension not in (0, 1, 2):
            raise InputError(f"mesh: dimension {self.dimension!r} is not 0, 1 or 2")
        object.__setattr__(self, "faces", faces)

    def __reduce__(self) -> tuple[type["Mesh"], tuple[Array, int]]:
        """Let a mesh be sent to another process, frozen as it is."""
        return Mesh, (self.faces, self.dimension)

    @classmethod
    def uniform(cls, cells: int, length: float, dimension: int = 0) -> "Mesh":
        """Equal volumes in depth.

        Parameters
        ----------
        cells : int
            Number of volumes n.
        length : float
            Thickness or radius [m].
        dimension : int
            0 plane, 1 cylinder, 2 sphere.

        Returns
        -------
        Mesh
            The mesh.

        Examples
        --------
        >>> Mesh.uniform(100, 1e-6).cells
        100
        """
        return cls(np.linspace(0.0, length, cells + 1), dimension)

    @classmethod
    def graded(cls, cells: int, length: float, first: float, dimension: int = 0) -> "Mesh":
        """Volumes whose widths grow by a constant factor from the surface inwards.

        Parameters
        ----------
        cells : int
            Number of volumes n.
        length : float
            Thickness or radius [m].
        first : float
            Width of the volume at the surface; at least length / cells gives equal widths [m].
        dimension : int
            0 plane, 1 cylinder, 2 sphere.

        Returns
        -------
        Mesh
            The mesh.

        Examples
        --------
        >>> mesh = Mesh.graded(20, 1e-6, 5e-9)
        >>> round(float(mesh.widths[0]) * 1e9, 6), round(float(mesh.faces[-1]) * 1e6, 6)
        (5.0, 1.0)
        """
        if first >= length / cells:
            return cls.uniform(cells, length, dimension)
        growth = _growth(cells, log(length / first))
        k = np.arange(cells + 1)
        faces = length * np.expm1(k * growth) / np.expm1(cells * growth)
        return cls(faces, dimension)

    @classmethod
    def symmetric(cls, cells: int, length: float, first: float) -> "Mesh":
        """Plane volumes that are narrow at both ends and widest in the middle.

        Parameters
        ----------
        cells : int
            Number of volumes n; an odd number is raised by one.
        length : float
            Thickness [m].
        first : float
            Width of the volumes at both ends [m].

        Returns
        -------
        Mesh
            The mesh.

        Examples
        --------
        >>> mesh = Mesh.symmetric(20, 1e-6, 5e-9)
        >>> [round(float(w) * 1e9, 6) for w in mesh.widths[[0, -1]]]
        [5.0, 5.0]
        """
        half = cls.graded((cells + 1) // 2, 0.5 * length, first).faces
        return cls(np.concatenate([half[:-1], length - half[::-1]]))

    @property
    def cells(self) -> int:
        """Number of volumes n."""
        return self.faces.size - 1

    @property
    def depths(self) -> Array:
        """Depth at which each state lies, shape (n,) [m]: the centres."""
        return self.centres

    @cached_property
    def mass(self) -> Array:
        """Mass matrix, shape (4, n), see `banded`: each volume balances alone."""
        return alone(self.volumes)

    @property
    def length(self) -> float:
        """Depth of the far end [m]."""
        return float(self.faces[-1])

    @cached_property
    def widths(self) -> Array:
        """Widths of the volumes in depth, shape (n,) [m]."""
        return frozen(np.diff(self.faces))

    @cached_property
    def centres(self) -> Array:
        """Depth of the middle of each volume, shape (n,) [m]."""
        return frozen(0.5 * (self.faces[1:] + self.faces[:-1]))

    @cached_property
    def areas(self) -> Array:
        """Area of each face over the area of the surface, shape (n + 1,) [-]."""
        if not self.dimension:
            return frozen(np.ones(self.faces.size), own=True)
        return frozen((1.0 - self.faces / self.length) ** self.dimension)

    @cached_property
    def volumes(self) -> Array:
        """Volume of each cell per area of the surface, shape (n,) [m]."""
        if not self.dimension:
            return self.widths
        m = self.dimension + 1
        radius = 1.0 - self.faces / self.length
        return frozen(-np.diff(radius**m) * self.length / m)

    @cached_property
    def packed(self) -> Array:
        """What the kernels read, shape (4, n).

        Half widths, outer face areas, 1 / volumes, and the area of the inner face over the
        distance to the next centre (zero for the last one).
        """
        packed = np.empty((4, self.cells))
        pack(self.faces, self.areas, self.volumes, packed)
        return frozen(packed, own=True)


@compiled(num(integer, num))
def _growth(cells: int, steps: float) -> float:
    """Logarithm of the factor from one width to the next, if the sum of all is e^steps widths.

    Newton's method on a function that is convex and rises, from above: it cannot miss.
    """
    g = steps / (cells - 1)  # the sum of the widths is at least its last term
    for _ in range(_MOST_STEPS):
        whole, one = -expm1(-cells * g), -expm1(-g)
        excess = (cells - 1) * g + log(whole / one) - steps
        slope = cells / whole - 1.0 / one
        before, g = g, max(g - excess / slope, _LEAST_GROWTH)
        if abs(before - g) <= 1e-14 * g:
            break
    return g


HALF, AREA, PER_VOLUME, BETWEEN = range(4)
"""Rows of `Mesh.packed`."""


def graded_many(cells: int, lengths: Array, firsts: Array) -> Array:
    """Faces of many meshes at once, each those of `Mesh.graded`.

    Parameters
    ----------
    cells : int
        Number of volumes c of each.
    lengths, firsts : ndarray
        Thickness or radius, and width of the volume at the surface, shape (n,) [m].

    Returns
    -------
    ndarray
        `Mesh.faces` of each, shape (n, c + 1) [m].

    Examples
    --------
    >>> one = Mesh.graded(20, 1e-6, 5e-9)
    >>> faces = graded_many(20, np.array([1e-6]), np.array([5e-9]))
    >>> bool(np.all(faces[0] == one.faces))
    True
    """
    k, even = np.arange(cells + 1), firsts >= lengths / cells
    steps = np.log(lengths / np.where(even, lengths, firsts))
    growth = np.array([_growth(cells, s) for s in steps.tolist()])
    # the very operations of one mesh, so that every bit is the same
    whole = lengths[:, None]
    with np.errstate(invalid="ignore"):
        faces = whole * np.expm1(k * growth[:, None]) / np.expm1(cells * growth)[:, None]
    equal = k * (whole / cells)
    equal[:, -1] = lengths
    return np.where(even[:, None], equal, faces)


@compiled(none(fixed_vec, fixed_vec, fixed_vec, mat))
def pack(faces: Array, areas: Array, volumes: Array, packed: Array) -> None:
    """Write `Mesh.packed` from faces (n + 1,), their areas (n + 1,) and the volumes (n,)."""
    n = volumes.size
    for j in range(n):
        packed[HALF, j] = 0.5 * (faces[j + 1] - faces[j])
        packed[AREA, j] = areas[j]
        packed[PER_VOLUME, j] = 1.0 / volumes[j]
    for j in range(n - 1):
        packed[BETWEEN, j] = areas[j + 1] / (packed[HALF, j] + packed[HALF, j + 1])
    packed[BETWEEN, n - 1] = 0.0
