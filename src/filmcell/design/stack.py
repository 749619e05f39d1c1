"""The whole stack of a cell: every layer with thickness and density, and where both come from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from filmcell.cell.anodes import AnodeFree, InsertionAnode
from filmcell.cell.cathodes import Film
from filmcell.cell.cell import Cell
from filmcell.cell.checked import Collector, check_part
from filmcell.cell.quantities import Quantity
from filmcell.design.sheets import DEFAULT_COLLECTORS, METALS, METALS_SOURCE, Sheet
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.library import library
from filmcell.physics.transport import lithium_thickness
from filmcell.units import shown

_MADE = "the cell"
"""Source of a thickness that the cell has without saying where from."""


@dataclass(frozen=True)
class AsMade:
    """The stack before its first charge: the lithium is where the cell was made with it."""

    words = "as made, before the first charge"

    def plated(self, cell: Cell) -> float:
        """Lithium that the charge has plated: none [m]."""
        return 0.0


@dataclass(frozen=True)
class Charged:
    """The stack at the upper voltage limit at rest, where a lithium anode is thickest."""

    words = "charged, with the lithium that the cathode gave plated on the anode"

    def plated(self, cell: Cell) -> float:
        """Lithium that the charge has plated on a metal anode [m]."""
        if isinstance(cell.anode, InsertionAnode):
            return 0.0
        return float(lithium_thickness(max(-cell.charge_taken(cell.window_fractions[0]), 0.0)))


State = AsMade | Charged
"""When the thickness of a stack is taken."""


@dataclass(frozen=True)
class Stack:
    """Layers of a cell, one on the other over one area.

    Parameters
    ----------
    layers : mapping of str to Sheet
        Layers by key: "substrate", "collectors.0", "cathode", "interlayers.0", "electrolyte",
        "anode", "plated lithium", "packaging.0".
    state : AsMade or Charged
        When the thickness was taken.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.sheets import MICA
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> stack = stack_of(cell, substrate=MICA, densities={"electrolyte": "2.3 g/cm3"})
    >>> round(stack.thickness * 1e6, 2), round(stack.bare.thickness * 1e6, 2)  # um
    (67.25, 17.25)
    """

    layers: Mapping[str, Sheet]
    state: State

    def __post_init__(self) -> None:
        """Freeze the layers."""
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))

    @property
    def thickness(self) -> float:
        """Thickness of all layers [m]; the volume per area too [m3/m2]."""
        return sum(sheet.thickness for sheet in self.layers.values())

    @property
    def areal_mass(self) -> float:
        """Mass of all layers per area [kg/m2]."""
        return sum(sheet.areal_mass for sheet in self.layers.values())

    @property
    def bare(self) -> "Stack":
        """The films and their collectors alone, without substrate and packaging."""
        kept = {k: v for k, v in self.layers.items() if not _is_outside(k)}
        return replace(self, layers=kept)

    @property
    def words(self) -> str:
        """Say in one line what is counted."""
        names = ", ".join(f"{s.name} {_length(s.thickness)}" for s in self.layers.values())
        return f"{names}; {self.state.words}"

    def table(self) -> list[dict[str, Any]]:
        """Give one row a layer: key, material, numbers in units of the field, and sources."""
        return [
            {
                "layer": key,
                "material": sheet.name,
                "thickness_um": sheet.thickness * 1e6,
                "density_g_per_cm3": sheet.density * 1e-3,
                "areal_mass_mg_per_cm2": sheet.areal_mass * 100.0,
                "thickness_source": sheet.thickness_source,
                "density_source": sheet.density_source,
            }
            for key, sheet in self.layers.items()
        ]


def stack_of(
    cell: Cell,
    *,
    substrate: Sheet | None = None,
    packaging: Sequence[Sheet] = (),
    collectors: Sequence[Sheet] | None = None,
    densities: Mapping[str, str | float] | None = None,
    state: State = Charged(),
) -> Stack:
    """Collect every layer of a real cell, each with its density.

    The density of a film is the given one, else that of its material in the library. Lithium that
    the charge plates leaves the cathode, whose thickness is taken to stay: no mass appears.

    Parameters
    ----------
    cell : Cell
        A cell with a film as its cathode.
    substrate : Sheet, optional
        What the cell is deposited on; `filmcell.design.sheets` has typical ones.
    packaging : sequence of Sheet
        What covers it, over the same area; sealed edges are not counted.
    collectors : sequence of Sheet, optional
        Current collectors; those of the cell if not given, and those of Wang 2023 if it has none.
    densities : mapping of str to str or float, optional
        Densities by key of the layer, such as {"electrolyte": "2.3 g/cm3"} [kg/m3].
    state : AsMade or Charged
        When the thickness is taken.

    Returns
    -------
    Stack
        The layers; `bare` is without substrate and packaging.

    Raises
    ------
    InputError
        Where the cathode is made of particles, a density is not known, or a key is no layer.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> stack_of(load_cell("wang2023-lco-lipon-li"))
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: electrolyte: the density of "LiPON, sputtered" is not known,
    expected densities={"electrolyte": "2.3 g/cm3"} with the right number
    """
    if not isinstance(cell.cathode.shape, Film):
        raise InputError(
            f"cathode.shape: a {cell.cathode.shape.name} has no stack, as its area is that of the "
            "particles and not of the cell, expected a film"
        )
    given = _read_densities(cell, densities or {}, own=collectors is None)
    films = dict(_films(cell, given))
    if collectors is None:
        sheets = [_collector_sheet(cell, k, given) for k in range(len(cell.collectors))]
        collectors = sheets or list(DEFAULT_COLLECTORS)
    outside = {f"packaging.{k}": sheet for k, sheet in enumerate(packaging)}
    below = {} if substrate is None else {"substrate": substrate}
    metals = {f"collectors.{k}": sheet for k, sheet in enumerate(collectors)}
    layers = {**below, **metals, **_plating(cell, films, state, given), **outside}
    for key, sheet in layers.items():
        check_part(key, sheet, Sheet)
    return Stack(layers, state)


def _is_outside(key: str) -> bool:
    """Whether a layer is substrate or packaging."""
    return key.partition(".")[0] in {"substrate", "packaging"}


def _length(thickness: float) -> str:
    """Write a thickness in nm below 1 um."""
    return f"{thickness * 1e9:.4g} nm" if thickness < 1e-6 else f"{thickness * 1e6:.4g} um"


def _read_densities(cell: Cell, given: Mapping[str, str | float], *, own: bool) -> dict[str, float]:
    """Read the densities that were given; refuse a key that is no layer."""
    layers = [key for key, _, _ in _parts(cell)]
    if own:
        layers += [f"collectors.{k}" for k in range(len(cell.collectors))]
    check_keys(given, layers, "densities.")
    read = {}
    for key, value in given.items():
        try:
            read[key] = float(Quantity("kg/m3").read(value))
        except InputError as error:
            raise InputError(f"densities.{key}: {error}") from None
    return read


def _parts(cell: Cell) -> Iterator[tuple[str, str, float]]:
    """Key, material and thickness of each film; contacts and space charge have no thickness."""
    yield "cathode", cell.cathode.name, cell.cathode.thickness
    for k in reversed(range(len(cell.interlayers))):
        layer = cell.interlayers[k]
        thickness = getattr(layer, "thickness", 0.0)
        if thickness > 0.0:
            yield f"interlayers.{k}", layer.name, thickness
    yield "electrolyte", cell.electrolyte.name, cell.electrolyte.thickness
    anode = cell.anode
    if not isinstance(anode, AnodeFree):
        yield "anode", getattr(anode, "name", "lithium"), anode.thickness


def _films(cell: Cell, given: Mapping[str, float]) -> Iterator[tuple[str, Sheet]]:
    """Key and sheet of each film of a cell."""
    for key, name, thickness in _parts(cell):
        density, source = _density(key, name, given)
        told = cell.sources.get(f"{key}.thickness", _MADE)
        yield key, Sheet(name, thickness, density, told, source)


def _density(key: str, name: str, given: Mapping[str, float]) -> tuple[float, str]:
    """Density of a film and where it comes from."""
    if key in given:
        return given[key], "given"
    found = library().names.get(name.strip().casefold())
    value = library().materials[found].best("density") if found else None
    if value is None:
        raise InputError(
            f"{key}: the density of {shown(name)} is not known, expected "
            f'densities={{"{key}": "2.3 g/cm3"}} with the right number'
        )
    return value.number, f"{value.kind}: {value.citation}"


def _plating(
    cell: Cell, films: Mapping[str, Sheet], state: State, given: Mapping[str, float]
) -> dict[str, Sheet]:
    """Films with the lithium that the charge took out of the cathode and plated on the anode."""
    thickness = state.plated(cell)
    if thickness == 0.0:
        return dict(films)
    density, source = _density("anode", "lithium", given)
    plated = Sheet("lithium", thickness, density, "computed: Faraday's law", source)
    full = films["cathode"]
    left = full.density - plated.areal_mass / full.thickness
    words = f"{full.density_source}; less the lithium that left"
    emptied = replace(full, density=left, density_source=words)
    return {**films, "cathode": emptied, "plated lithium": plated}


def _collector_sheet(cell: Cell, k: int, given: Mapping[str, float]) -> Sheet:
    """Make a sheet of a collector; of several metals that its name has, the densest."""
    collector: Collector = cell.collectors[k]
    key = f"collectors.{k}"
    told = cell.sources.get(f"{key}.thickness", _MADE)
    if key in given:
        return Sheet(collector.name, collector.thickness, given[key], told, "given")
    words = re.findall(r"[a-z]+", collector.name.casefold())
    named = {METALS[s] for s in METALS if s in words or METALS[s][0] in words}
    if not named:
        raise InputError(
            f"{key}: the density of {shown(collector.name)} is not known, expected "
            f'densities={{"{key}": "8.96 g/cm3"}} with the right number'
        )
    metal, density = max(named, key=lambda pair: pair[1])
    several = f"assumed: {metal} throughout, the densest metal of its name; "
    source = f"{several if len(named) > 1 else ''}{METALS_SOURCE}"
    return Sheet(collector.name, collector.thickness, density, told, source)
