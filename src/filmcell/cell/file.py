"""Cells from TOML files and presets: every number carries its unit, unknown keys are refused."""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from filmcell.cell.cell import Cell
from filmcell.cell.layers import (
    Cathode,
    Collector,
    Electrolyte,
    LithiumMetal,
    markers,
    shape_of,
)
from filmcell.cell.quantities import PropertyOf, Quantity, check_keys
from filmcell.errors import InputError
from filmcell.materials.library import Material, materials
from filmcell.units import EXAMPLES, shown

_LARGEST_FILE = 1_000_000
_MATERIAL_PARTS = ("anode", "electrolyte", "cathode")
_LISTS = ("interlayers", "collectors")
_KINDS: dict[str, type] = {
    "anode": LithiumMetal,
    "electrolyte": Electrolyte,
    "cathode": Cathode,
    "interlayers": Electrolyte,
    "collectors": Collector,
}
_ROLES: dict[type, str] = {LithiumMetal: "anode", Electrolyte: "electrolyte", Cathode: "cathode"}
_DEFAULT = "assumed: the default of filmcell"


def preset_names() -> list[str]:
    """List the presets.

    Returns
    -------
    list of str
        Names for `load_cell`.

    Examples
    --------
    >>> "wang2023-lco-lipon-li" in preset_names()
    True
    """
    folder = resources.files("filmcell.cell") / "presets"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if ".toml" in f.name)


def load_cell(name_or_path: str | Path) -> Cell:
    """Load a cell from a preset or a TOML file.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a preset, or path of a file that ends in .toml.

    Returns
    -------
    Cell
        The cell, in SI units.

    Raises
    ------
    InputError
        Where there is no such preset or file, or the file says something that cannot be: one
        sentence that names the key, the value and what was expected.

    Examples
    --------
    >>> load_cell("wang2023-lco-lipon-li").cathode.name
    'LiCoO2'
    """
    if not isinstance(name_or_path, str | Path):
        raise InputError(f"{shown(name_or_path)} is not a cell, expected a preset or a path")
    text = str(name_or_path)
    names = preset_names()
    if text in names:
        source = resources.files("filmcell.cell") / "presets" / f"{text}.toml"
        return cell_from_toml(source.read_text("utf-8"), text)
    path = Path(name_or_path)
    if path.suffix != ".toml" and not os.path.exists(path):
        close = difflib.get_close_matches(text, names, 1)
        hint = f'did you mean "{close[0]}"?' if close else (
            f"expected a path ending in .toml or one of {', '.join(names)}"
        )  # fmt: skip
        raise InputError(f"{shown(text)} is neither a preset nor a file, {hint}")
    return cell_from_toml(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Read a text file at the door.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    InputError
        Where it cannot be read, is larger than a megabyte or is not text.

    Examples
    --------
    >>> read_text(Path("nowhere.toml"))
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.toml: cannot be read (No such file or directory)
    """
    if "\0" in str(path):
        raise InputError(f"{shown(str(path))} is not a path, expected one of a TOML file")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path}: larger than a megabyte, expected a short TOML file")
        return path.read_text("utf-8-sig")  # some editors begin a file with a byte order mark
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not text in UTF-8, expected a TOML file") from None


def cell_from_toml(text: str, where: str = "cell") -> Cell:
    """Make a cell of TOML text.

    Parameters
    ----------
    text : str
        The text.
    where : str
        What to call it in messages.

    Returns
    -------
    Cell
        The cell.

    Raises
    ------
    InputError
        Where the text is not a cell.

    Examples
    --------
    >>> cell_from_toml("area = '1 cm2'")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: cell: anode is missing, expected a table [anode]
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {error}") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, lists in lists in lists
        raise InputError(
            f"{where}: too long a number or too deep a list, expected a cell"
        ) from None
    try:
        return _cell(data)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _cell(data: Mapping[str, Any]) -> Cell:
    """Make a cell of the data of a file."""
    if not data:
        raise InputError("empty, expected a cell with [anode], [electrolyte], [cathode]")
    check_keys(data, [f.name for f in fields(Cell)])
    _check_text(data, "")
    for part in _MATERIAL_PARTS:
        if part not in data:
            raise InputError(f"{part} is missing, expected a table [{part}]")
        _check_layer(part, data[part], f"[{part}]")
    for name in _LISTS:
        layers = data.get(name, [])
        if not isinstance(layers, list):
            raise InputError(f"{name}: {shown(layers)} is not a list, expected [[{name}]]")
        for k, layer in enumerate(layers):
            _check_layer(f"{name}.{k}", layer, f"[[{name}]]")
    if not isinstance(data.get("sources", {}), dict):
        raise InputError(f"sources: {shown(data['sources'])} is not a table, expected [sources]")
    for key, source in data.get("sources", {}).items():
        if not isinstance(source, str):
            raise InputError(f"sources.{key}: {shown(source)} is not text, expected a source")
    return _validated(_with_materials(data))


def _check_layer(key: str, layer: Any, expected: str) -> None:
    """Refuse a layer that is no table, or that has keys which its kind does not know."""
    if not isinstance(layer, dict):
        raise InputError(f"{key}: {shown(layer)} is not a table, expected {expected}")
    kind = _KINDS[key.split(".", maxsplit=1)[0]]
    known = [f.name for f in fields(kind)]
    known += ["material"] * (kind is not Collector) + ["diameter"] * (kind is Cathode)
    check_keys(layer, known, f"{key}.")
    _check_text(layer, f"{key}.")


def _check_text(table: Mapping[str, Any], at: str) -> None:
    """Refuse a name that is no text."""
    for key in ("name", "material"):
        if not isinstance(table.get(key, ""), str):
            raise InputError(f"{at}{key}: {shown(table[key])} is not text, expected a name")


def _with_materials(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a named material knows and the file does not say, sources included."""
    filled = {**data}
    sources = _defaults("", Cell, data)
    for part in _MATERIAL_PARTS:
        filled[part], found = _with_material(part, data[part])
        sources |= found
    for name in _LISTS:
        done = [_with_material(f"{name}.{k}", a) for k, a in enumerate(data.get(name, []))]
        filled[name] = [layer for layer, _ in done]
        for _, found in done:
            sources |= found
    filled["sources"] = {**sources, **data.get("sources", {})}
    return filled


def _with_material(part: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Fill one layer from its material; gives the layer and the sources of what was filled in."""
    kind = _KINDS[part.split(".", maxsplit=1)[0]]
    own = {k: v for k, v in given.items() if k != "material"}
    if "shape" in own:
        own["shape"] = shape_of(own["shape"], f"{part}.shape")
    if "diameter" in own:
        if "thickness" in own:
            raise InputError(f"{part}: both diameter and thickness are given, expected one of them")
        own["thickness"] = _halved(f"{part}.diameter", own.pop("diameter"))
        if getattr(own.get("shape"), "dimension", 0) == 0:
            raise InputError(
                f'{part}.diameter: a film has none, expected shape = "sphere" or "cylinder"'
            )
    if "material" not in given:
        return own, _defaults(f"{part}.", kind, own)
    material = _material(f"{part}.material", given["material"], _ROLES[kind])
    named = {} if kind is LithiumMetal else {"name": material.name}
    layer = {**named, **material.values, **own}
    sources = {f"{part}.{k}": v for k, v in material.sources.items() if k not in own}
    return layer, {**_defaults(f"{part}.", kind, layer), **sources}


def _material(key: str, name: str, role: str) -> Material:
    """Find a material for a layer; refuse one that is for another layer."""
    material = materials().get(name)
    if material is None or material.role != role:
        able = ", ".join(k for k, m in materials().items() if m.role == role)
        what = f"material for the {role}" if material else "material"
        raise InputError(f"{key}: {shown(name)} is not a {what}, expected one of {able}")
    return material


def _defaults(at: str, kind: type, given: Mapping[str, Any]) -> dict[str, str]:
    """Give the sources of the numbers that are left as the package has them."""
    left = [f for f in fields(kind) if f.name in markers(kind) and f.name not in given]
    return {f"{at}{f.name}": _DEFAULT for f in left if isinstance(f.default, float)}


def _halved(key: str, diameter: Any) -> str:
    """Turn the diameter of a particle into the text of its radius."""
    try:
        return f"{Quantity('m').from_file(diameter) / 2!r} m"
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


def _validated(data: dict[str, Any]) -> Cell:
    """Let pydantic check the values; turn its first complaint into one sentence."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Cell).validate_python(data)
    except ValidationError as error:
        problems = error.errors()
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{_sentence(problems[0])}{more}") from None


def _sentence(problem: Any) -> str:
    """One complaint of pydantic as a sentence."""
    key = ".".join(str(k) for k in problem["loc"])
    if problem["type"] == "filmcell":
        return f"{key}: {problem['ctx']['sentence']}"
    if problem["type"] == "value_error":
        return f"{key}.{problem['ctx']['error']}".removeprefix(".")
    if problem["type"] != "missing":
        return f"{key}: {shown(problem['input'])} is not allowed: {problem['msg']}"
    kind = _KINDS.get(str(problem["loc"][0]), Cell)
    marker = markers(kind).get(str(problem["loc"][-1]))
    if marker is None:
        return f"{key} is missing, expected text"
    what, example = EXAMPLES[marker.unit]
    if isinstance(marker, PropertyOf) and marker.unit == "V":
        what, example = f"an {marker.name}", "lco-film"
    return f'{key} is missing, expected {what} such as "{example}"'
