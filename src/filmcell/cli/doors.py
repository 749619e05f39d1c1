"""What all commands share: exit statuses, options, and the care that files are given."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.arrays import finite_or_none
from filmcell.cli import screen
from filmcell.errors import FilmcellError, InputError

REFUSED = 2
"""Exit status where input is refused."""

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def echo_json(data: Any) -> None:
    """Print plain data as strict JSON, which knows neither nan nor infinity: they become null."""
    typer.echo(json.dumps(_strict(data), allow_nan=False))


def _strict(data: Any) -> Any:
    """Put None for numbers that are not finite."""
    if isinstance(data, Mapping):
        return {str(key): _strict(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_strict(value) for value in data]
    return finite_or_none(data)


def checked_new(path: Path | None) -> None:
    """Refuse to overwrite, or a folder that is not there, before a long run rather than after."""
    if path is not None and path.exists():
        raise InputError(f"{path}: exists already, expected the name of a new file")
    checked_folder(path)


def checked_folder(path: Path | None) -> None:
    """Refuse a file in a folder that does not exist."""
    if path is not None and not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")


def write(path: Path, text: str, *, quiet: bool) -> None:
    """Write a text file, with its error as a sentence."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise FilmcellError(f"{path}: cannot be written ({error.strerror})") from None
    screen.note(f"written: {path}", quiet=quiet)


def load_changed(name: str, changes: Sequence[str] | None) -> Any:
    """Load a cell and change what --set asks for."""
    from filmcell.cell.file import load_cell

    pairs = {}
    for change in changes or []:
        key, sign, value = change.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise InputError(
                f'--set "{change}": expected key=value such as cathode.thickness="2 um"'
            )
        pairs[key.strip()] = value.strip().strip("\"'")
    cell = load_cell(name)
    return cell.replace(pairs) if pairs else cell
