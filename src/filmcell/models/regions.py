"""Regions of a model: the layers that have a depth, and meshes for them."""

from dataclasses import dataclass
from functools import lru_cache
from math import isclose
from typing import Any

import numpy as np

from filmcell.arrays import Array, plain
from filmcell.cell.anodes import InsertionAnode
from filmcell.cell.cathodes import Cathode, MixedConduction
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.materials.property import Property
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.nodes import Nodes
from filmcell.physics import transport

CATHODE_CELLS, ANODE_CELLS, WEAK_CELLS = 40, 40, 100
"""Nodes of each film and volumes of each electrolyte unless somebody asks for others."""

VOLUMES_PER_NODE = 2.5
"""How many volumes a cathode that conducts mixed has for each node that another one would have."""


@dataclass(frozen=True)
class Region:
    """A layer whose concentrations are states.

    Parameters
    ----------
    name : str
        Key of the layer in the cell, such as "cathode" or "interlayers.0".
    start, stop : int
        Its states.
    grid : Mesh or Nodes
        Where they stand; depth counts from the electrolyte in an electrode, from the anode side in
        an electrolyte.
    """

    name: str
    start: int
    stop: int
    grid: Mesh | Nodes


@dataclass(frozen=True, eq=False)
class Meshes:
    """Meshes of an assembled cell.

    Parameters
    ----------
    cathode : Mesh
        Of the cathode.
    electrolytes : tuple of Mesh
        Of each weak electrolyte, from the anode to the cathode; all with as many volumes.
    anode : Mesh, optional
        Of an insertion anode.
    """

    cathode: Mesh
    electrolytes: tuple[Mesh, ...] = ()
    anode: Mesh | None = None


def weak_layers(cell: Cell) -> dict[str, WeakElectrolyte]:
    """Weak electrolytes of a cell by their keys, from the anode to the cathode.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    dict of str to WeakElectrolyte
        Key to layer.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> list(weak_layers(load_cell("danilov2011")))
    ['electrolyte']
    """
    layers = {"electrolyte": cell.electrolyte} | {
        f"interlayers.{k}": layer for k, layer in enumerate(cell.interlayers)
    }
    return {k: layer for k, layer in layers.items() if isinstance(layer, WeakElectrolyte)}


def slowest_diffusivity(film: Cathode | InsertionAnode, T: float) -> float:
    """Lowest diffusivity of a film over its range.

    Parameters
    ----------
    film : Cathode or InsertionAnode
        The film.
    T : float
        Temperature [K].

    Returns
    -------
    float
        Diffusivity, the ambipolar one of a mixed conductor [m2/s].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> float(f"{slowest_diffusivity(cell.cathode, 298.0):.3g}")
    1e-14
    """
    warm = transport.arrhenius_factor(
        T, film.diffusivity_activation_energy, film.reference_temperature
    )
    mixed = film.transport if isinstance(film, Cathode) else None
    factor = mixed.ambipolar_factor if isinstance(mixed, MixedConduction) else 1.0
    D = film.diffusivity
    return plain(least(D.unscaled) * D.factor * warm * factor)


@lru_cache(maxsize=256)
def least(prop: Property) -> float:
    """Lowest value of a property over its range; kept, as many designs share it.

    Parameters
    ----------
    prop : Property
        The property.

    Returns
    -------
    float
        Its lowest value at 33 places [unit of the property].

    Examples
    --------
    >>> from filmcell import constant
    >>> least(constant("D", 1e-14, "m2/s"))
    1e-14
    """
    return float(np.min(prop(np.linspace(prop.low, prop.high, 33))))


def first_width(
    film: Cathode | InsertionAnode, T: float, current_density: Array | float, cells: int
) -> Any:
    r"""Width at the surface that resolves a current.

    The gradient at the surface uses up half of the sites over the depth
    :math:`\delta = F D c_\mathrm{max} / 2 |i|`; the first width is a fiftieth of it or three tenths
    of an equal share, whichever is less, and at least a millionth of the film.

    Parameters
    ----------
    film : Cathode or InsertionAnode
        The film.
    T : float
        Temperature [K].
    current_density : float or ndarray
        Largest current density that will flow, of no shape or shape (n,) [A/m2].
    cells : int
        Number of nodes or volumes.

    Returns
    -------
    float or ndarray
        Width; one for each where the numbers of the film are arrays, shape (n,) [m].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> round(first_width(cell.cathode, 298.0, 0.7, 40) * 1e9, 1)
    75.0
    """
    sites = F * slowest_diffusivity(film, T) * 0.5 * film.maximum_concentration
    depth, length = sites / np.maximum(np.abs(current_density), 1e-12), film.thickness
    return plain(np.maximum(np.minimum(depth / 50.0, 0.3 * length / cells), 1e-6 * length))


def default_mesh(cell: Cell, current_density: float, cells: int = CATHODE_CELLS) -> Mesh:
    """Mesh of the cathode, fine enough at the surface for a current.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Largest current density that will flow [A/m2].
    cells : int
        Number of nodes; a mixed conductor has `VOLUMES_PER_NODE` times as many volumes.

    Returns
    -------
    Mesh
        Mesh of the cathode; of a mixed conductor, narrow at both sides.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> mesh = default_mesh(load_cell("wang2023-lco-lipon-li"), 0.7)
    >>> mesh.cells, round(float(mesh.widths[0]) * 1e9, 1)
    (40, 75.0)
    """
    cathode = cell.cathode
    mixed = isinstance(cathode.transport, MixedConduction)
    cells = round(cells * VOLUMES_PER_NODE) if mixed else cells
    first = first_width(cathode, cell.temperature, current_density, cells)
    if mixed:
        return Mesh.symmetric(cells, cathode.thickness, first)
    return Mesh.graded(cells, cathode.thickness, first, cathode.shape.dimension)


def default_meshes(cell: Cell, current_density: float, cathode: Mesh | None = None) -> Meshes:
    """Meshes of all regions of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Largest current density that will flow [A/m2].
    cathode : Mesh, optional
        Mesh of the cathode, if it is not to be `default_mesh`.

    Returns
    -------
    Meshes
        One for each.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> default_meshes(load_cell("danilov2011"), 5.0).electrolytes[0].cells
    100
    """
    electrolytes = tuple(
        Mesh.symmetric(WEAK_CELLS, layer.thickness, layer.thickness / WEAK_CELLS / 3.0)
        for layer in weak_layers(cell).values()
    )
    anode = None
    if isinstance(cell.anode, InsertionAnode):
        first = first_width(cell.anode, cell.temperature, current_density, ANODE_CELLS)
        anode = Mesh.graded(ANODE_CELLS, cell.anode.thickness, first)
    return Meshes(cathode or default_mesh(cell, current_density), electrolytes, anode)


def check_mesh(mesh: Mesh, length: float, dimension: int, part: str) -> None:
    """Refuse a mesh that is not one of a part.

    Parameters
    ----------
    mesh : Mesh
        The mesh.
    length : float
        Thickness of the part [m].
    dimension : int
        0 plane, 1 cylinder, 2 sphere.
    part : str
        What to call the part.

    Raises
    ------
    InputError
        Where depth or shape differ.

    Examples
    --------
    >>> check_mesh(Mesh.uniform(4, 1e-6), 1e-6, 0, "cathode")
    """
    if mesh.dimension != dimension or not isclose(mesh.length, length, rel_tol=1e-9):
        raise InputError(
            f"mesh: {mesh.length:g} m deep, dimension {mesh.dimension}, expected {length:g} m and "
            f"{dimension} like the {part}"
        )
