"""Symmetric and blocking cells from TOML files and presets, with materials by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from importlib import resources
from pathlib import Path
from typing import Any

from filmcell.cell.checked import Checked, markers
from filmcell.cell.electrolytes import Interface
from filmcell.door import check_keys, read_text
from filmcell.errors import InputError
from filmcell.impedance.sandwich import Blocking, Dielectric, Exchanging, Sandwich
from filmcell.materials.library import library
from filmcell.units import EXAMPLES, shown

_ELECTRODES: tuple[type[Checked], ...] = (Blocking, Exchanging)
_LAYERS: tuple[type[Checked], ...] = (Dielectric, Interface)


def sandwich_names() -> list[str]:
    """List the presets.

    Returns
    -------
    list of str
        Names for `load_sandwich`.

    Examples
    --------
    >>> sandwich_names()
    ['ag-llto-ag', 'li-lipon-li']
    """
    folder = resources.files("filmcell.impedance") / "presets"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if ".toml" in f.name)


def load_sandwich(name_or_path: str | Path) -> Sandwich:
    """Load a symmetric or blocking cell from a preset or a TOML file.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a preset, or path of a file that ends in .toml.

    Returns
    -------
    Sandwich
        The cell, in SI units.

    Raises
    ------
    InputError
        Where there is no such preset or file, or the file says something that cannot be.

    Examples
    --------
    >>> load_sandwich("ag-llto-ag").layers[0].name
    'LLTO, sputtered'
    """
    text = str(name_or_path)
    if text in sandwich_names():
        source = resources.files("filmcell.impedance") / "presets" / f"{text}.toml"
        return sandwich_from_toml(source.read_text("utf-8"), text)
    return sandwich_from_toml(read_text(Path(name_or_path)), text)


def is_sandwich(text: str) -> bool:
    """Tell whether a TOML text describes a symmetric or blocking cell rather than a battery.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    bool
        Whether it has a left electrode.

    Examples
    --------
    >>> is_sandwich("[left]"), is_sandwich("[anode]")
    (True, False)
    """
    try:
        return "left" in tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        return False


def sandwich_from_toml(text: str, where: str = "cell") -> Sandwich:
    """Make a symmetric or blocking cell of TOML text.

    Parameters
    ----------
    text : str
        The text.
    where : str
        What to call it in messages.

    Returns
    -------
    Sandwich
        The cell.

    Raises
    ------
    InputError
        Where the text is not such a cell.

    Examples
    --------
    >>> sandwich_from_toml("area = '1 cm2'")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: cell: left is missing, expected a table [left]
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise InputError(f"{where}: not TOML: {str(error)[:120]}") from None
    try:
        return _sandwich(data)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _sandwich(data: Mapping[str, Any]) -> Sandwich:
    """Make the cell of its tables."""
    check_keys(data, [f.name for f in fields(Sandwich)])
    for key in ("left", "right"):
        if not isinstance(data.get(key), dict):
            raise InputError(f"{key} is missing, expected a table [{key}]")
    layers = data.get("layers")
    if not isinstance(layers, list) or not all(isinstance(x, dict) for x in layers):
        raise InputError("layers is missing, expected tables [[layers]]")
    plain = {k: v for k, v in data.items() if k not in ("left", "right", "layers")}
    parts = {
        "left": _part("left", data["left"], _ELECTRODES),
        "right": _part("right", data["right"], _ELECTRODES),
        "layers": tuple(_part(f"layers.{k}", x, _LAYERS) for k, x in enumerate(layers)),
    }
    made: Sandwich = _made("", Sandwich, plain, parts)
    return made


def _part(key: str, table: Mapping[str, Any], kinds: tuple[type[Checked], ...]) -> Any:
    """Make an electrode or a layer."""
    words = {kind.kind: kind for kind in kinds}
    word = table.get("kind", kinds[0].kind)
    if word not in words:
        raise InputError(
            f"{key}.kind: {shown(word)} is unknown, expected one of {', '.join(words)}"
        )
    kind = words[word]
    own = {k: v for k, v in table.items() if k not in ("kind", "material")}
    check_keys(own, [*(f.name for f in fields(kind)), "material"], f"{key}.")
    return _made(f"{key}.", kind, {**_of_material(key, table, kind), **own}, {})


def _of_material(key: str, table: Mapping[str, Any], kind: type[Checked]) -> dict[str, Any]:
    """What the library knows of the material of a layer."""
    if "material" not in table:
        return {}
    if not isinstance(table["material"], str):
        raise InputError(f"{key}.material: {shown(table['material'])} is not text, expected a name")
    try:
        material = library().material(table["material"])
    except InputError as error:
        raise InputError(f"{key}.material: {error}") from None
    known = {f.name for f in fields(kind)}
    found = {k: v for k, v in material.layer_values.items() if k in known}
    permittivity = material.best("relative_permittivity")
    if "relative_permittivity" in known and permittivity is not None:
        found["relative_permittivity"] = permittivity.number
    return {"name": material.name, **found}


def _made(at: str, kind: type[Any], table: Mapping[str, Any], parts: Mapping[str, Any]) -> Any:
    """Make a part of its table; numbers must have their units."""
    known, values = markers(kind), dict(parts)
    for f in fields(kind):
        if f.name in table:
            try:
                given = table[f.name]
                values[f.name] = known[f.name].from_file(given) if f.name in known else given
            except InputError as error:
                raise InputError(f"{at}{f.name}: {error}") from None
        elif f.default is MISSING and f.name not in parts:
            what, example = EXAMPLES[known[f.name].unit]
            raise InputError(f'{at}{f.name} is missing, expected {what} such as "{example}"')
    try:
        return kind(**values)
    except InputError as error:
        raise InputError(f"{at}{error}") from None
