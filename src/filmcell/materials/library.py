"""Materials by name: one TOML file each, every number with its unit and source."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from filmcell.errors import InputError
from filmcell.materials.property import Property, tabulated
from filmcell.physics import thermodynamics

FORMS: Mapping[str, Any] = MappingProxyType(
    {
        "fabre": thermodynamics.fabre_potential,
        "dualfoil": thermodynamics.dualfoil_potential,
    }
)
"""Closed forms that a data file may name."""


@dataclass(frozen=True)
class Material:
    """A material of the library.

    Parameters
    ----------
    id : str
        Name by which a cell file calls it.
    name : str
        Name for people.
    role : str
        anode (lithium metal), insertion anode, electrolyte, interlayer or cathode.
    values : mapping
        Key of a layer to the text or number that a cell file would give.
    sources : mapping
        Key of a layer to where its value was read.
    """

    id: str
    name: str
    role: str
    values: Mapping[str, Any]
    sources: Mapping[str, str]


def _read(text: str) -> Material:
    """Read one data file."""
    data = tomllib.loads(text)
    entries = {k: v for k, v in data.items() if isinstance(v, dict)}
    return Material(
        data["id"],
        data["name"],
        data["role"],
        MappingProxyType(
            {k: v["value"] if "value" in v else _property(v) for k, v in entries.items()}
        ),
        MappingProxyType({k: f"{v['kind']}: {v['source']}" for k, v in entries.items()}),
    )


def _property(entry: Mapping[str, Any]) -> Property:
    """Make the property of an entry that names a closed form, or gives points."""
    name, unit, source = entry["name"], entry["unit"], entry["source"]
    if "form" in entry:
        low, high = entry["range"]
        return Property(name, unit, FORMS[entry["form"]], low, high, source)
    return tabulated(name, entry["x"], entry["values"], unit, source=source)


@cache
def materials() -> Mapping[str, Material]:
    """Give all materials of the library by id.

    Returns
    -------
    mapping of str to Material
        The library.

    Examples
    --------
    >>> sorted(materials())
    ['in-li', 'lco-dualfoil', 'lco-film', 'lipon', 'lithium', 'llto', 'lto', 'sio2']
    """
    folder = resources.files("filmcell.materials") / "data"
    found = [_read(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".toml")]
    return MappingProxyType({m.id: m for m in sorted(found, key=lambda m: m.id)})


def load(name: str) -> Material:
    """Find a material by its id.

    Parameters
    ----------
    name : str
        Id, such as "lipon".

    Returns
    -------
    Material
        The material.

    Raises
    ------
    InputError
        Where there is none of that name.

    Examples
    --------
    >>> load("lipon").role
    'electrolyte'
    """
    known = materials()
    if name not in known:
        raise InputError(f'"{name}" is not a material, expected one of {", ".join(known)}')
    return known[name]
