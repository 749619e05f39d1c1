"""Which model a cell asks for: the fast film model where it is enough, else the assembled one."""

from typing import TYPE_CHECKING

from filmcell.cell.cell import Cell
from filmcell.models.film import FilmModel, lacking
from filmcell.models.regions import CATHODE_CELLS, Meshes, default_mesh, default_meshes
from filmcell.numerics.mesh import Mesh

if TYPE_CHECKING:
    from filmcell.models.assembled import AssembledModel


def model_of(
    cell: Cell,
    current_density: float,
    mesh: Mesh | Meshes | None = None,
    *,
    cells: int = CATHODE_CELLS,
) -> "FilmModel | AssembledModel":
    """Choose the model of a cell and its meshes.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Largest current density that will flow [A/m2].
    mesh : Mesh or Meshes, optional
        Mesh of the cathode, or of all regions; by default ones that fit the current.
    cells : int
        Nodes of the cathode where no mesh is given, see `default_mesh`.

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
    if not (lacking(cell) or isinstance(mesh, Meshes)):
        return FilmModel(cell, mesh or default_mesh(cell, current_density, cells))
    from filmcell.models.assembled import AssembledModel

    if isinstance(mesh, Meshes):
        return AssembledModel(cell, mesh)
    mesh = mesh or default_mesh(cell, current_density, cells)
    return AssembledModel(cell, default_meshes(cell, current_density, mesh))
