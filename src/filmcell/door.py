"""The door of a file: its size, its encoding, its keys."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from filmcell.errors import InputError
from filmcell.units import shown

_LARGEST_FILE = 1_000_000


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


def check_keys(given: Iterable[str], known: Sequence[str], at: str = "") -> None:
    """Refuse a key that is not known, and say which was perhaps meant.

    Parameters
    ----------
    given : iterable of str
        The keys that were given.
    known : sequence of str
        The keys that there are.
    at : str
        Where the keys stand, such as "cathode.".

    Raises
    ------
    InputError
        Where a key is not known.

    Examples
    --------
    >>> check_keys(["thicknes"], ["thickness", "name"], "cathode.")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: cathode.thicknes: unknown key, did you mean "thickness"?
    """
    for key in given:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, 1)
            there = f"expected one of {', '.join(known)}" if known else "there are no keys here"
            hint = f'did you mean "{close[0]}"?' if close else there
            raise InputError(f"{at}{shown(key)[1:-1]}: unknown key, {hint}")
