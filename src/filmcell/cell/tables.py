"""The tables of a cell file: which part each one makes, from what, and where its numbers come from.

The words of a file become objects here and nowhere else: `SLOTS` lists the kinds of each table, the
first one for a table that names none, `ROLES` the materials that may fill a kind in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from filmcell.cell.anodes import AnodeFree, InsertionAnode, LithiumMetal
from filmcell.cell.cathodes import Cathode, MixedConduction, SingleDiffusion, shape_of
from filmcell.cell.cell import Cell
from filmcell.cell.checked import Checked, Collector, markers
from filmcell.cell.electrolytes import (
    Electrolyte,
    Interface,
    Interlayer,
    SpaceChargeLayer,
    WeakElectrolyte,
)
from filmcell.cell.heat import HeatBalance
from filmcell.cell.quantities import PropertyOf, Quantity
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.library import library
from filmcell.materials.property import Property
from filmcell.materials.records import Material, Value
from filmcell.units import EXAMPLES, shown

SLOTS: dict[str, tuple[type[Checked], ...]] = {
    "anode": (LithiumMetal, AnodeFree, InsertionAnode),
    "electrolyte": (Electrolyte, WeakElectrolyte),
    "cathode.transport": (SingleDiffusion, MixedConduction),
    "cathode": (Cathode,),
    "heat": (HeatBalance,),
    "interlayers": (Interlayer, Interface, SpaceChargeLayer, WeakElectrolyte),
    "collectors": (Collector,),
}
"""Kinds of each table of a file; an inner table stands before the one that holds it."""

ROLES: dict[type[Checked], tuple[str, ...]] = {
    LithiumMetal: ("anode",),
    AnodeFree: ("anode",),
    InsertionAnode: ("insertion anode",),
    Electrolyte: ("electrolyte",),
    Interlayer: ("interlayer", "electrolyte"),
    Cathode: ("cathode",),
}
"""Roles of the materials that may fill in a kind."""

_NEEDED = ("anode", "electrolyte", "cathode")
_LISTS = ("interlayers", "collectors")
_DEFAULT = "assumed: the default of filmcell"


def cell_of(data: Mapping[str, Any]) -> Cell:
    """Make a cell of the data of a file.

    Parameters
    ----------
    data : mapping
        The tables of the file.

    Returns
    -------
    Cell
        The cell, with the source of every number.

    Raises
    ------
    InputError
        Where the data are not those of a cell; the first of all complaints, and how many more.

    Examples
    --------
    >>> cell_of({"area": "1 cm2", "anode": 5})
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: anode: 5 is not a table, expected [anode]
    """
    _check_outline(data)
    kinds = {key: _kind(key, slot, table) for key, slot, table in _tables(data)}
    for key, slot, table in _tables(data):
        _check_table(key, slot, table, kinds[key])
    sources, problems = _defaults("", Cell, data), list[str]()
    parts: dict[str, Any] = {}
    for key, _, table in _tables(data):
        filled, found = _filled(key, table, kinds[key])
        whole = {k: parts.get(f"{key}.{k}", v) for k, v in filled.items()}
        known = {k: v for k, v in whole.items() if v is not None}  # an inner part that was refused
        parts[key] = _made(kinds[key], known, f"{key}.", problems)
        sources |= found
    sources |= data.get("sources", {})
    cell = _made(Cell, {**data, **_nested(data, parts), "sources": sources}, "", problems)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{problems[0]}{more}")
    return cell


def _check_outline(data: Mapping[str, Any]) -> None:
    """Refuse data whose tables are unknown, missing or no tables."""
    if not data:
        raise InputError("empty, expected a cell with [anode], [electrolyte], [cathode]")
    check_keys(data, [f.name for f in fields(Cell)])
    for part in (*_NEEDED, "heat"):
        if part in data:
            _check_is_table(part, data[part], f"[{part}]")
        elif part in _NEEDED:
            raise InputError(f"{part} is missing, expected a table [{part}]")
    if "transport" in data["cathode"]:
        _check_is_table("cathode.transport", data["cathode"]["transport"], "[cathode.transport]")
    for name in _LISTS:
        layers = data.get(name, [])
        if not isinstance(layers, list):
            raise InputError(f"{name}: {shown(layers)} is not a list, expected [[{name}]]")
        for k, layer in enumerate(layers):
            _check_is_table(f"{name}.{k}", layer, f"[[{name}]]")
    _check_is_table("sources", data.get("sources", {}), "[sources]")
    for key, source in data.get("sources", {}).items():
        if not isinstance(source, str):
            raise InputError(f"sources.{key}: {shown(source)} is not text, expected a source")


def _check_is_table(key: str, table: Any, expected: str) -> None:
    """Refuse what is no table."""
    if not isinstance(table, dict):
        raise InputError(f"{key}: {shown(table)} is not a table, expected {expected}")


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give key, slot and content of each table that makes a part."""
    for slot in SLOTS:
        outer, _, inner = slot.partition(".")
        found = data[outer].get(inner) if inner else data.get(slot)
        if slot in _LISTS:
            yield from ((f"{slot}.{k}", slot, table) for k, table in enumerate(found or ()))
        elif found is not None:
            yield slot, slot, found


def _nested(data: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the parts that are layers of a list into their list, and leave out inner ones."""
    lists = {
        name: [parts[f"{name}.{k}"] for k in range(len(data.get(name, [])))] for name in _LISTS
    }
    return {**{key: part for key, part in parts.items() if "." not in key}, **lists}


def _kind(key: str, slot: str, table: Mapping[str, Any]) -> type[Checked]:
    """Find the kind of a part: the one that is named, that of its material, or the usual one."""
    kinds = {kind.kind: kind for kind in SLOTS[slot]}
    what = slot.rpartition(".")[2].removesuffix("s")
    if "kind" in table and len(kinds) > 1:
        word = table["kind"]
        if not isinstance(word, str) or word not in kinds:
            raise InputError(
                f"{key}.kind: {shown(word)} is not a kind of {what}, expected one of "
                f"{', '.join(kinds)}"
            )
        what, kinds = f'{what} of kind "{word}"', {word: kinds[word]}
    able = [kind for kind in kinds.values() if kind in ROLES]
    if "material" not in table or not able:
        return next(iter(kinds.values()))
    role = _material(f"{key}.material", table["material"], what, able).role
    return next(kind for kind in able if role in ROLES[kind])


def _material(key: str, name: Any, what: str, kinds: list[type[Checked]]) -> Material:
    """Find a material for one of some kinds of a layer; refuse one that is for another."""
    if not isinstance(name, str):
        raise InputError(f"{key}: {shown(name)} is not text, expected a name")
    roles = {role for kind in kinds for role in ROLES[kind]}
    try:
        material = library().material(name)
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
    if material.role not in roles:
        raise InputError(
            f"{key}: {shown(name)} is not a material for the {what} but of the role "
            f"{material.role}, expected one of the role {' or '.join(sorted(roles))}"
        )
    return material


def _check_table(key: str, slot: str, table: Mapping[str, Any], kind: type[Checked]) -> None:
    """Refuse a key that the kind does not know; say of which kind it is if of another."""
    for name in table:
        owners = [f'"{k.kind}"' for k in SLOTS[slot] if name in _keys(slot, k)]
        if owners and name not in _keys(slot, kind):
            raise InputError(
                f'{key}.{name}: not a key of kind "{kind.kind}", expected kind = '
                f"{' or '.join(owners)} with it"
            )
    check_keys(table, _keys(slot, kind), f"{key}.")


def _keys(slot: str, kind: type[Checked]) -> list[str]:
    """Keys that a table of a kind may have."""
    known = [f.name for f in fields(kind)]
    known += ["material"] * (kind in ROLES) + ["diameter"] * (kind is Cathode)
    return known + ["kind"] * (len(SLOTS[slot]) > 1)


def _filled(
    key: str, given: Mapping[str, Any], kind: type[Checked]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Fill a table from its material; gives the table and the sources of what was filled in."""
    own = {k: v for k, v in given.items() if k not in {"material", "kind"}}
    if kind is Cathode:
        own = _shaped(key, own)
    if "material" not in given:
        return own, _defaults(f"{key}.", kind, own)
    material = library().material(given["material"])
    known = {f.name for f in fields(kind)}
    named = {"name": material.name} if "name" in known else {}
    taken = {k: v for k, v in material.defaults.items() if k in known}
    filled = {**named, **{k: v.given for k, v in taken.items()}, **own}
    found = {f"{key}.{k}": _told(v) for k, v in taken.items() if k not in own}
    return filled, {**_defaults(f"{key}.", kind, filled), **found}


def _told(value: Value) -> str:
    """Say where a value of the library comes from."""
    return f"{value.kind}: {value.citation}{f'; {value.note}' if value.note else ''}"


def _shaped(key: str, own: dict[str, Any]) -> dict[str, Any]:
    """Turn the word of a shape into the shape, and a diameter into the text of the radius."""
    if "shape" in own:
        own["shape"] = shape_of(own["shape"], f"{key}.shape")
    if "diameter" not in own:
        return own
    if "thickness" in own:
        raise InputError(f"{key}: both diameter and thickness are given, expected one of them")
    try:
        radius = Quantity("m").from_file(own.pop("diameter")) / 2.0
    except InputError as error:
        raise InputError(f"{key}.diameter: {error}") from None
    if getattr(own.get("shape"), "dimension", 0) == 0:
        raise InputError(
            f'{key}.diameter: a film has none, expected shape = "sphere" or "cylinder"'
        )
    return {**own, "thickness": f"{radius!r} m"}


def _defaults(at: str, kind: type[Checked], given: Mapping[str, Any]) -> dict[str, str]:
    """Give the sources of the numbers that are left as the package has them."""
    left = [f for f in fields(kind) if f.name in markers(kind) and f.name not in given]
    return {f"{at}{f.name}": _DEFAULT for f in left if isinstance(f.default, float | Property)}


def _made(kind: type[Checked], table: Mapping[str, Any], at: str, problems: list[str]) -> Any:
    """Make a part of its table; nothing, and a sentence more for each problem, if that fails."""
    before, known = len(problems), markers(kind)
    values: dict[str, Any] = {}
    for f in fields(kind):
        if f.name not in table:
            if f.default is MISSING and f.default_factory is MISSING:
                problems.append(_missing(f"{at}{f.name}", kind, known.get(f.name)))
            continue
        try:
            given = table[f.name]
            values[f.name] = known[f.name].from_file(given) if f.name in known else given
        except InputError as error:
            problems.append(f"{at}{f.name}: {error}")
    if len(problems) > before or (kind is Cell and problems):
        return None
    try:
        return kind(**values)
    except InputError as error:
        problems.append(f"{at}{error}")
        return None


def _missing(key: str, kind: type[Checked], marker: Quantity | PropertyOf | None) -> str:
    """Say that a key is missing, and what it is."""
    if marker is None:
        return f"{key} is missing, expected text"
    what, example = EXAMPLES[marker.unit]
    if isinstance(marker, PropertyOf) and marker.unit == "V":
        what, example = f"an {marker.name}", "lto" if kind is InsertionAnode else "lco-film"
    return f'{key} is missing, expected {what} such as "{example}"'
