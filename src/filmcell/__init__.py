"""The open workbench for all-solid-state thin-film lithium batteries.

Public names load on first use, so that ``import filmcell`` costs little.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Cell": "filmcell.cell.cell",
    "Cathode": "filmcell.cell.layers",
    "Collector": "filmcell.cell.layers",
    "Cylinder": "filmcell.cell.layers",
    "Electrolyte": "filmcell.cell.layers",
    "Film": "filmcell.cell.layers",
    "LithiumMetal": "filmcell.cell.layers",
    "Sphere": "filmcell.cell.layers",
    "load_cell": "filmcell.cell.file",
    "preset_names": "filmcell.cell.file",
    "FilmcellError": "filmcell.errors",
    "InputError": "filmcell.errors",
    "OutOfRange": "filmcell.errors",
    "Property": "filmcell.materials.property",
    "constant": "filmcell.materials.property",
    "tabulated": "filmcell.materials.property",
    "Mesh": "filmcell.numerics.mesh",
    "Protocol": "filmcell.protocol.steps",
    "load_protocol": "filmcell.protocol.file",
    "Result": "filmcell.simulation.result",
    "SolveError": "filmcell.simulation.solve",
    "simulate": "filmcell.simulation.solve",
    "load_result": "filmcell.simulation.storage",
}
"""Where each public name lives."""

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'filmcell' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


if TYPE_CHECKING:
    from filmcell.cell.cell import Cell as Cell
    from filmcell.cell.file import load_cell as load_cell
    from filmcell.cell.file import preset_names as preset_names
    from filmcell.cell.layers import Cathode as Cathode
    from filmcell.cell.layers import Collector as Collector
    from filmcell.cell.layers import Cylinder as Cylinder
    from filmcell.cell.layers import Electrolyte as Electrolyte
    from filmcell.cell.layers import Film as Film
    from filmcell.cell.layers import LithiumMetal as LithiumMetal
    from filmcell.cell.layers import Sphere as Sphere
    from filmcell.errors import FilmcellError as FilmcellError
    from filmcell.errors import InputError as InputError
    from filmcell.errors import OutOfRange as OutOfRange
    from filmcell.materials.property import Property as Property
    from filmcell.materials.property import constant as constant
    from filmcell.materials.property import tabulated as tabulated
    from filmcell.numerics.mesh import Mesh as Mesh
    from filmcell.protocol.file import load_protocol as load_protocol
    from filmcell.protocol.steps import Protocol as Protocol
    from filmcell.simulation.result import Result as Result
    from filmcell.simulation.solve import SolveError as SolveError
    from filmcell.simulation.solve import simulate as simulate
    from filmcell.simulation.storage import load_result as load_result
