"""Profiles from CSV files: columns with their unit in the header. Imports polars on use."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    CRate,
    CurrentAmount,
    PowerAmount,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.complaints import quoted
from filmcell.protocol.profile import Profile
from filmcell.units import shown, to_si

if TYPE_CHECKING:
    from polars import DataFrame, Series

_HEADER = re.compile(r"\s*([^\[\]]*?)\s*(?:\[([^\[\]]*)\]\s*)?")
_KINDS: dict[str, tuple[type[CurrentAmount | PowerAmount], ...]] = {
    "current": (Amperes, AmperesPerArea),
    "power": (Watts, WattsPerArea),
    "c-rate": (CRate,),
}
"""What a column besides the time may be, by its name."""
_EXAMPLES = {
    "time": "time [s]",
    "current": "current [mA]",
    "power": "power [mW]",
    "c-rate": "C-rate",
}
_EXPECTED = 'expected "time [s]" and one of "current [mA]", "power [mW]" and "C-rate"'


def load_profile(path: str | Path, *, linear: bool = False) -> Profile:
    """Read a profile from a CSV file.

    The header names a column of time and one of current, power or C-rate, each with its unit:
    "time [s],current [mA]". Positive values discharge. Lines that begin with "#" are left out.

    Parameters
    ----------
    path : str or Path
        The file.
    linear : bool
        Whether values go straight from one time to the next; else each is held.

    Returns
    -------
    Profile
        The profile.

    Raises
    ------
    InputError
        Where the file cannot be read, or its columns, units or numbers are not as above.

    Examples
    --------
    >>> load_profile("nowhere.csv")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.csv: cannot be read (No such file or directory)
    """
    if "\0" in str(path):
        raise InputError(f"{quoted(str(path))} is not a path, expected one without null characters")
    if '"' in str(path):
        raise InputError(f"{path}: quotation marks in a name of a file, expected none")
    try:
        time, value = _columns(_table(Path(path)))
        seconds = _unit(time.name, ("s",))[1]
        kinds = _KINDS[_parts(value.name)[0]]
        which, scale = _unit(value.name, tuple(kind.unit for kind in kinds))
        values = tuple(x * scale for x in _numbers(value))
        return Profile(
            tuple(x * seconds for x in _numbers(time)), values, kinds[which], linear, str(path)
        )
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _table(path: Path) -> "DataFrame":
    """Read the cells of a file as text, without empty lines."""
    import polars
    from polars.exceptions import PolarsError

    try:
        table = polars.read_csv(path.read_bytes(), infer_schema=False, comment_prefix="#")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})") from None
    except PolarsError as error:
        first = str(error).partition("\n")[0]
        raise InputError(f"not a table with commas between its columns ({first})") from None
    return table.filter(~polars.all_horizontal(polars.all().is_null()))


def _columns(table: "DataFrame") -> "tuple[Series, Series]":
    """Find the columns of time and of the value; refuse any other."""
    names = {header: _parts(header)[0] for header in table.columns}
    for header, name in names.items():
        if name not in _EXAMPLES:
            raise InputError(f"unknown column {shown(header)}, {_EXPECTED}")
    if sorted(name == "time" for name in names.values()) != [False, True]:
        given = " and ".join(shown(header) for header in names)
        raise InputError(f"its columns are {given}, {_EXPECTED}")
    time, value = sorted(names, key=lambda header: names[header] != "time")
    return table[time], table[value]


def _parts(header: str) -> tuple[str, str]:
    """Split a header into its name, in lower case, and its unit."""
    found = _HEADER.fullmatch(header)
    return (found[1].lower(), found[2] or "") if found else ("", "")


def _unit(header: str, units: tuple[str, ...]) -> tuple[int, float]:
    """Find which SI unit the unit of a column is one of, and how large it is in that."""
    name, unit = _parts(header)
    for which, wanted in enumerate(units):
        if bool(unit) == bool(wanted):
            try:
                return which, to_si(f"1 {unit}", wanted)
            except InputError:
                continue
    raise InputError(
        f'column {shown(header)} has no unit of its kind, expected one such as "{_EXAMPLES[name]}"'
    )


def _numbers(column: "Series") -> tuple[float, ...]:
    """Read a column of numbers."""
    from polars import Float64

    numbers = column.str.strip_chars().cast(Float64, strict=False)
    for row, (text, number) in enumerate(zip(column, numbers, strict=True), 1):
        if number is None:
            at = f"row {row} of {shown(column.name)}"
            raise InputError(f"{at}: {shown(text)} is not allowed, expected a number")
    return tuple(numbers)
