"""Cells from TOML files and presets: every number carries its unit, unknown keys are refused."""

import difflib
import os
import tomllib
from importlib import resources
from pathlib import Path

from filmcell.cell.cell import Cell
from filmcell.cell.tables import cell_of
from filmcell.door import read_text
from filmcell.errors import InputError
from filmcell.units import shown


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
        return cell_of(data)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
