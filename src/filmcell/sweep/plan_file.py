"""Plans from TOML files."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filmcell.cell.cell import Cell
from filmcell.cell.file import load_cell
from filmcell.door import check_keys, read_text
from filmcell.errors import InputError
from filmcell.models.regions import CATHODE_CELLS
from filmcell.protocol.file import load_protocol
from filmcell.protocol.readymade import ready_made
from filmcell.protocol.steps import Protocol
from filmcell.protocol.template import Template
from filmcell.protocol.text import is_call, protocol_from_text, read_call
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.sweep.axes import Axis, LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.sampling import Grid, LatinHypercube, Paired, Sampling, Sobol
from filmcell.units import shown

_KEYS = (
    "cell",
    "protocol",
    "set",
    "axes",
    "sampling",
    "options",
    "cells",
    "curves",
    "rows_per_part",
)
_RANGE = ("from", "to", "points", "spacing")
_SPACINGS: dict[str, type[Range]] = {"linear": Range, "log": LogRange}
_SAMPLINGS: dict[str, Callable[..., Sampling]] = {
    "grid": Grid,
    "list": Paired,
    "sobol": Sobol,
    "latin-hypercube": LatinHypercube,
}


def load_plan(path: str | Path) -> Plan:
    """Load a plan from a TOML file.

    Parameters
    ----------
    path : str or Path
        The file. It has `cell` (a preset or a path), `protocol` (text, with names in braces where
        axes give amounts), `[axes]` (lists of values, or tables of from, to, points and spacing)
        and may have `[set]` (changes of the cell), `[sampling]` (kind: grid, list, sobol or
        latin-hypercube; points, seed), `[options]` of the solver, `cells` (nodes of the
        cathode), `curves` and `rows_per_part`.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    InputError
        Where the file cannot be read or says something that cannot be: one sentence.

    Examples
    --------
    >>> load_plan("nowhere.toml")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.toml: cannot be read (No such file or directory)
    """
    path = Path(path)
    try:
        return _made(read_text(path), path.parent)
    except InputError as error:
        text = str(error)
        raise InputError(text if text.startswith(str(path)) else f"{path}: {text}") from None


def _made(text: str, folder: Path) -> Plan:
    """Read TOML and make a plan of it."""
    try:
        return plan_of(tomllib.loads(text), folder)
    except InputError:
        raise
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}") from None
    except (ValueError, RecursionError):
        raise InputError("too long a number or too deep a list, expected a plan") from None


def plan_of(data: Mapping[str, Any], folder: Path) -> Plan:
    """Make a plan of what a file says.

    Parameters
    ----------
    data : mapping
        The file as plain data.
    folder : Path
        Where paths in it begin.

    Returns
    -------
    Plan
        The plan.

    Raises
    ------
    InputError
        Where it is not a plan.
    """
    check_keys(data, _KEYS)
    for key in ("cell", "protocol"):
        if key not in data:
            raise InputError(f"{key} is missing, expected a {key}")
        if not isinstance(data[key], str):
            raise InputError(f"{key}: {shown(data[key])} is not text, expected a {key}")
    for key in ("set", "axes", "sampling", "options"):
        if not isinstance(data.get(key, {}), Mapping):
            raise InputError(f"{key}: {shown(data[key])} is not a table, expected [{key}]")
    if not data.get("axes"):
        raise InputError("axes: there are none, expected at least one number that changes")
    if not isinstance(data.get("curves", False), bool):
        raise InputError(f"curves: {shown(data['curves'])} is neither true nor false")
    cell = load_cell(_near(data["cell"], folder))
    return Plan(
        _changed(cell, _flat(data.get("set", {}), "set.")),
        _protocol(data["protocol"], folder),
        {key: _axis(key, value) for key, value in _flat(data["axes"], "axes.").items()},
        sampling=_sampling(data.get("sampling", {})),
        options=_options(data.get("options", {})),
        cells=data.get("cells", CATHODE_CELLS),
        curves=data.get("curves", False),
        rows_per_part=data.get("rows_per_part"),
    )


def _near(name: str, folder: Path) -> str | Path:
    """Give the path of a file beside the plan where there is one; else the name."""
    try:
        beside = name.lower().endswith((".toml", ".txt")) and (folder / name).is_file()
    except (OSError, ValueError):  # no file can have such a name
        return name
    return folder / name if beside else name


def _protocol(text: str, folder: Path) -> Protocol | str:
    """Read a protocol, whose files may be beside the plan; with blanks it stays text."""
    near = _near(text, folder)
    if Template(text).names or isinstance(near, Path):
        return text if near == text else load_protocol(near)
    return ready_made(*read_call(text), folder) if is_call(text) else _steps(text, folder)


def _steps(text: str, folder: Path) -> Protocol:
    """Read steps; a table that they follow is beside the plan, or where the path says."""
    return protocol_from_text(text, folder) if '"' in text else load_protocol(text)


def _changed(cell: Cell, changes: dict[str, Any]) -> Cell:
    """Make the changes of [set]; its complaints name it."""
    try:
        return cell.replace(changes) if changes else cell
    except InputError as error:
        raise InputError(f"set.{error}") from None


def _flat(data: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Join the keys of tables in tables by dots; the table of a range stays one.

    The complaint of a key that is there twice begins with `at`.
    """
    flat: dict[str, Any] = {}
    for key, value in data.items():
        below = isinstance(value, Mapping) and value and not set(value) & set(_RANGE)
        inner = _flat(value, f"{at}{key}.") if below else {"": value}
        for name, each in inner.items():
            full = f"{key}.{name}" if below else key
            if full in flat:
                raise InputError(f"{at}{full}: is given twice, expected it once")
            flat[full] = each
    return flat


def _axis(key: str, value: Any) -> Axis:
    """Read an axis: a list of values, or a range."""
    try:
        if isinstance(value, list):
            return Values(tuple(value))
        if isinstance(value, Mapping):
            return _range(value)
    except InputError as error:
        raise InputError(f"axes.{key}: {error}") from None
    raise InputError(
        f"axes.{key}: {shown(value)} is neither a list nor a range, expected one such as "
        '["5 um", "10 um"] or { from = "5 um", to = "25 um", points = 5 }'
    )


def _range(value: Mapping[str, Any]) -> Range:
    """Read a range."""
    check_keys(value, _RANGE)
    for end in ("from", "to"):
        if end not in value:
            raise InputError(f"{end} is missing, expected both ends of the range")
    spacing = value.get("spacing", "linear")
    if not isinstance(spacing, str) or spacing not in _SPACINGS:
        raise InputError(f"spacing: {shown(spacing)} is not one of {', '.join(_SPACINGS)}")
    return _SPACINGS[spacing](value["from"], value["to"], value.get("points", 2))


def _sampling(value: Mapping[str, Any]) -> Sampling:
    """Read a sampling."""
    kind = value.get("kind", "grid")
    if not isinstance(kind, str) or kind not in _SAMPLINGS:
        raise InputError(f"sampling.kind: {shown(kind)} is not one of {', '.join(_SAMPLINGS)}")
    random = kind in {"sobol", "latin-hypercube"}
    check_keys(value, ("kind", "points", "seed") if random else ("kind",), "sampling.")
    if random and "points" not in value:
        raise InputError(f"sampling.points is missing, expected how many designs {kind} gives")
    try:
        return _SAMPLINGS[kind](**{k: v for k, v in value.items() if k != "kind"})
    except InputError as error:
        raise InputError(f"sampling.{error}") from None


def _options(value: Mapping[str, Any]) -> Options:
    """Read options of the solver."""
    check_keys(value, tuple(asdict(DEFAULTS)), "options.")
    try:
        return DEFAULTS.changed(**value)
    except InputError as error:
        raise InputError(f"options.{error}") from None
