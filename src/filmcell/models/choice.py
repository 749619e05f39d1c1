"""Which model a cell asks for: the fast film model where it is enough, else the assembled one."""

from typing import TYPE_CHECKING

from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cathodes import SingleDiffusion
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.models.film import FilmModel
from filmcell.models.regions import Meshes, default_mesh, default_meshes
from filmcell.numerics.mesh import Mesh

if TYPE_CHECKING:
    from filmcell.models.assembled import AssembledModel


def is_film(cell: Cell) -> bool:
    """Tell whether the film model has all that a cell needs.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    bool
        Whether lithium metal, ohmic layers and single diffusion are all there is.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> is_film(load_cell("wang2023-lco-lipon-li")), is_film(load_cell("danilov2011"))
    (True, False)
    """
    cathode, anode = cell.cathode, cell.anode
    layers = (cell.electrolyte, *cell.interlayers)
    return (
        isinstance(anode, LithiumMetal)
        and isinstance(cathode.transport, SingleDiffusion)
        and not (anode.double_layer_capacitance or cathode.double_layer_capacitance)
        and not (anode.electrolyte_exponent or cathode.electrolyte_exponent)
        and not any(isinstance(layer, WeakElectrolyte) for layer in layers)
        and not any(getattr(layer, "capacitance", 0.0) for layer in layers)
        and cell.geometric_capacitance == 0.0
        and cell.heat is None
        and not _entropy_counts(cell)
    )


def _entropy_counts(cell: Cell) -> bool:
    """Whether the cell is not at the temperature of its potential, and that matters."""
    from filmcell.models.assembled import changes

    cathode = cell.cathode
    return cell.temperature != cathode.reference_temperature and changes(cathode.entropy)


def model_of(cell: Cell, current_density: float, mesh: Mesh | Meshes | None = None) -> "FilmModel | AssembledModel":
    """Choose the model of a cell and its meshes.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Largest current density that will flow [A/m2].
    mesh : Mesh or Meshes, optional
        Mesh of the cathode, or of all regions; by default ones that fit the current.

    Returns
    -------
    FilmModel or AssembledModel
        The model.

    Raises
    ------
    InputError
        Where parts do not go together or a mesh does not fit.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> type(model_of(load_cell("wang2023-lco-lipon-li"), 0.7)).__name__
    'FilmModel'
    """
    if is_film(cell) and not isinstance(mesh, Meshes):
        return FilmModel(cell, mesh or default_mesh(cell, current_density))
    from filmcell.models.assembled import AssembledModel

    if isinstance(mesh, Meshes):
        return AssembledModel(cell, mesh)
    return AssembledModel(cell, default_meshes(cell, current_density, mesh))
