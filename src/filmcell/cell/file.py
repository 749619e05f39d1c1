"""Cells from TOML files and presets: every number carries its unit, unknown keys are refused."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from filmcell.cell.cell import Cell
from filmcell.cell.layers import SHAPES
from filmcell.errors import InputError
from filmcell.materials.library import load

_LARGEST_FILE = 1_000_000
_MATERIAL_PARTS = ("anode", "electrolyte", "cathode")


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
    text = str(name_or_path)
    if text in preset_names():
        source = resources.files("filmcell.cell") / "presets" / f"{text}.toml"
        return cell_from_toml(source.read_text("utf-8"), text)
    path = Path(name_or_path)
    if path.suffix != ".toml" and not path.exists():
        raise InputError(
            f'"{text}" is neither a preset nor a file, expected a path ending in .toml or one of '
            f"{', '.join(preset_names())}"
        )
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
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path}: larger than a megabyte, expected a short TOML file")
        return path.read_text("utf-8")
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
    if not data:
        raise InputError(f"{where}: empty, expected a cell with [anode], [electrolyte], [cathode]")
    for part in _MATERIAL_PARTS:
        if not isinstance(data.get(part, {}), dict):
            raise InputError(f"{where}: {part}: {data[part]!r} is not a table, expected [{part}]")
        if part not in data:
            raise InputError(f"{where}: {part} is missing, expected a table [{part}]")
    try:
        return _validated(_with_materials(data), where)
    except InputError as error:
        if str(error).startswith(f"{where}: "):
            raise
        raise InputError(f"{where}: {error}") from None


def _with_materials(data: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a named material knows and the file does not say, sources included."""
    filled = {**data}
    sources = dict(data.get("sources", {})) if isinstance(data.get("sources", {}), dict) else {}
    parts = [(part, data[part]) for part in _MATERIAL_PARTS]
    for part, given in parts:
        filled[part], found = _with_material(part, given)
        sources = {**found, **sources}
    layers = data.get("interlayers", [])
    if isinstance(layers, list) and all(isinstance(a, dict) for a in layers):
        done = [_with_material(f"interlayers.{k}", layer) for k, layer in enumerate(layers)]
        filled["interlayers"] = [layer for layer, _ in done]
        for _, found in done:
            sources = {**found, **sources}
    if isinstance(data.get("sources", {}), dict):
        filled["sources"] = sources
    return filled


def _with_material(part: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Fill one layer from its material; gives the layer and the sources of what was filled in."""
    own = {k: v for k, v in given.items() if k != "material"}
    if "shape" in own:
        own["shape"] = _shape(f"{part}.shape", own["shape"])
    if "diameter" in own:
        if "thickness" in own:
            raise InputError(f"{part}: both diameter and thickness are given, expected one of them")
        own["thickness"] = _halved(f"{part}.diameter", own.pop("diameter"))
    if "material" not in given:
        return own, {}
    try:
        material = load(str(given["material"]))
    except InputError as error:
        raise InputError(f"{part}.material: {error}") from None
    defaults = {k: v for k, v in material.values.items() if k not in own}
    sources = {f"{part}.{k}": material.sources[k] for k in defaults}
    return {"name": material.name, **defaults, **own} if part != "anode" else {
        **defaults, **own
    }, sources  # fmt: skip


def _shape(key: str, word: Any) -> Any:
    """Turn the word of a file into a shape."""
    if not isinstance(word, str) or word not in SHAPES:
        raise InputError(f"{key}: {word!r} is not a shape, expected one of {', '.join(SHAPES)}")
    return SHAPES[word]


def _halved(key: str, diameter: Any) -> str:
    """Turn the diameter of a particle into the text of its radius."""
    from filmcell.units import to_si

    try:
        return f"{to_si(diameter, 'm') / 2!r} m"
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


def _validated(data: dict[str, Any], where: str) -> Cell:
    """Let pydantic check keys and types; turn its first complaint into one sentence."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Cell).validate_python(data)
    except ValidationError as error:
        problems = error.errors()
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{where}: {_sentence(problems[0])}{more}") from None


def _sentence(problem: Any) -> str:
    """One complaint of pydantic as a sentence."""
    key = ".".join(str(k) for k in problem["loc"])
    value = problem["input"]
    if problem["type"] == "filmcell":
        return f"{key}: {problem['ctx']['sentence']}"
    if problem["type"] == "missing":
        return f"{key} is missing"
    if problem["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return f"{key}: unknown key with the value {value!r}"
    if problem["type"] == "value_error":
        prefix = f"{key}." if key else ""
        return f"{prefix}{problem['ctx']['error']}"
    return f"{key}: {value!r} is not allowed: {problem['msg']}"
