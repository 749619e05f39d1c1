"""The open workbench for all-solid-state thin-film lithium batteries.

Public names load on first use, so that ``import filmcell`` costs little.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Cell": "filmcell.cell.cell",
    "AnodeFree": "filmcell.cell.anodes",
    "Cathode": "filmcell.cell.cathodes",
    "Collector": "filmcell.cell.checked",
    "Cylinder": "filmcell.cell.cathodes",
    "Electrolyte": "filmcell.cell.electrolytes",
    "Film": "filmcell.cell.cathodes",
    "HeatBalance": "filmcell.cell.heat",
    "InsertionAnode": "filmcell.cell.anodes",
    "Interface": "filmcell.cell.electrolytes",
    "Interlayer": "filmcell.cell.electrolytes",
    "LithiumMetal": "filmcell.cell.anodes",
    "MixedConduction": "filmcell.cell.cathodes",
    "SingleDiffusion": "filmcell.cell.cathodes",
    "SpaceChargeLayer": "filmcell.cell.electrolytes",
    "Sphere": "filmcell.cell.cathodes",
    "WeakElectrolyte": "filmcell.cell.electrolytes",
    "alternating": "filmcell.cell.electrolytes",
    "check": "filmcell.cell.compatibility",
    "load_cell": "filmcell.cell.file",
    "preset_names": "filmcell.cell.file",
    "FilmcellError": "filmcell.errors",
    "InputError": "filmcell.errors",
    "OutOfRange": "filmcell.errors",
    "Property": "filmcell.materials.property",
    "constant": "filmcell.materials.property",
    "tabulated": "filmcell.materials.property",
    "Mesh": "filmcell.numerics.mesh",
    "Meshes": "filmcell.models.regions",
    "Profile": "filmcell.protocol.profile",
    "Protocol": "filmcell.protocol.steps",
    "cccv": "filmcell.protocol.readymade",
    "cyclic_voltammetry": "filmcell.protocol.readymade",
    "drive_cycle": "filmcell.protocol.readymade",
    "gitt": "filmcell.protocol.readymade",
    "load_profile": "filmcell.protocol.profile_file",
    "load_protocol": "filmcell.protocol.file",
    "pitt": "filmcell.protocol.readymade",
    "pulses": "filmcell.protocol.readymade",
    "rate_ladder": "filmcell.protocol.readymade",
    "Result": "filmcell.simulation.result",
    "SolveError": "filmcell.simulation.solve",
    "simulate": "filmcell.simulation.solve",
    "simulate_many": "filmcell.simulation.many",
    "load_result": "filmcell.simulation.storage",
}
"""Where each public name lives."""

_ROOMS = ("design", "materials", "sweep")
"""Rooms whose names are used with the name of the room: filmcell.materials.find."""

__all__ = ["__version__", *_ROOMS, *_HOMES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use."""
    if name in _ROOMS:
        return import_module(f"filmcell.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'filmcell' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


if TYPE_CHECKING:
    from filmcell import materials as materials
    from filmcell.cell.anodes import AnodeFree as AnodeFree
    from filmcell.cell.anodes import InsertionAnode as InsertionAnode
    from filmcell.cell.anodes import LithiumMetal as LithiumMetal
    from filmcell.cell.cathodes import Cathode as Cathode
    from filmcell.cell.cathodes import Cylinder as Cylinder
    from filmcell.cell.cathodes import Film as Film
    from filmcell.cell.cathodes import MixedConduction as MixedConduction
    from filmcell.cell.cathodes import SingleDiffusion as SingleDiffusion
    from filmcell.cell.cathodes import Sphere as Sphere
    from filmcell.cell.cell import Cell as Cell
    from filmcell.cell.checked import Collector as Collector
    from filmcell.cell.compatibility import check as check
    from filmcell.cell.electrolytes import Electrolyte as Electrolyte
    from filmcell.cell.electrolytes import Interface as Interface
    from filmcell.cell.electrolytes import Interlayer as Interlayer
    from filmcell.cell.electrolytes import SpaceChargeLayer as SpaceChargeLayer
    from filmcell.cell.electrolytes import WeakElectrolyte as WeakElectrolyte
    from filmcell.cell.electrolytes import alternating as alternating
    from filmcell.cell.file import load_cell as load_cell
    from filmcell.cell.file import preset_names as preset_names
    from filmcell.cell.heat import HeatBalance as HeatBalance
    from filmcell.errors import FilmcellError as FilmcellError
    from filmcell.errors import InputError as InputError
    from filmcell.errors import OutOfRange as OutOfRange
    from filmcell.materials.property import Property as Property
    from filmcell.materials.property import constant as constant
    from filmcell.materials.property import tabulated as tabulated
    from filmcell.models.regions import Meshes as Meshes
    from filmcell.numerics.mesh import Mesh as Mesh
    from filmcell.protocol.file import load_protocol as load_protocol
    from filmcell.protocol.profile import Profile as Profile
    from filmcell.protocol.profile_file import load_profile as load_profile
    from filmcell.protocol.readymade import cccv as cccv
    from filmcell.protocol.readymade import cyclic_voltammetry as cyclic_voltammetry
    from filmcell.protocol.readymade import drive_cycle as drive_cycle
    from filmcell.protocol.readymade import gitt as gitt
    from filmcell.protocol.readymade import pitt as pitt
    from filmcell.protocol.readymade import pulses as pulses
    from filmcell.protocol.readymade import rate_ladder as rate_ladder
    from filmcell.protocol.steps import Protocol as Protocol
    from filmcell.simulation.many import simulate_many as simulate_many
    from filmcell.simulation.result import Result as Result
    from filmcell.simulation.solve import SolveError as SolveError
    from filmcell.simulation.solve import simulate as simulate
    from filmcell.simulation.storage import load_result as load_result
