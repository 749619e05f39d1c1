"""What stands at a dotted key of a cell, without changing anything."""

from dataclasses import fields
from typing import Any, NamedTuple

from filmcell.cell.cell import Cell
from filmcell.cell.change import FACTOR, TIMES, halved_diameter
from filmcell.cell.checked import Checked, markers
from filmcell.cell.quantities import PropertyOf, Quantity
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.property import Property


class Entry(NamedTuple):
    """What stands at a key.

    Parameters
    ----------
    value : object
        A number in SI, a property, a choice or a part.
    kind : Quantity or PropertyOf or None
        Its unit and range; None where it is a choice, such as "cathode.shape", or a part.
    """

    value: Any
    kind: Quantity | PropertyOf | None


def entry(cell: Cell, key: str) -> Entry:
    """Find what stands at a dotted key.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key as `Cell.replace` takes it, such as "cathode.thickness"; that of a diameter
        gives the thickness.

    Returns
    -------
    Entry
        The value, its unit and its range.

    Raises
    ------
    InputError
        Where there is no such key.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> found = entry(load_cell("wang2023-lco-lipon-li"), "electrolyte.conductivity")
    >>> found.value, found.kind.unit
    (0.0002, 'S/m')
    """
    part: Any = cell
    above: list[str] = []
    *way, name = halved_diameter(key, 1.0)[0].split(".")
    for step in way:
        part = _below(part, step, above)
        above.append(step)
    if isinstance(part, Property) and name == FACTOR:
        return Entry(1.0, TIMES)  # a change multiplies what is there already
    value = _below(part, name, above)
    return Entry(value, markers(type(part)).get(name) if isinstance(part, Checked) else None)


def read_number(cell: Cell, key: str, value: str | float) -> float:
    """Read a number for a dotted key.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key as `Cell.replace` takes it.
    value : str or float
        Text with a unit, or a number in SI.

    Returns
    -------
    float
        The number [SI].

    Raises
    ------
    InputError
        Where there is no such key, no number stands there, or the value is not allowed.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> read_number(load_cell("wang2023-lco-lipon-li"), "cathode.diffusivity", "1e-14 m2/s")
    1e-14
    """
    kind = entry(cell, key).kind
    if kind is None:
        raise InputError(f"{key}: is no number, expected the key of one")
    if isinstance(kind, PropertyOf):
        kind = Quantity(kind.unit, 0.0 if kind.positive else float("-inf"))
    try:
        return float(kind.read(value))
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


def _below(part: Any, step: str, above: list[str]) -> Any:
    """Give what a step of a dotted key leads to."""
    at = "".join(f"{word}." for word in above)
    if isinstance(part, tuple):
        check_keys([step], [str(k) for k in range(len(part))], at)
        return part[int(step)]
    if not isinstance(part, Checked):
        raise InputError(f"{at}{step}: unknown key, {at[:-1]} has no parts of its own")
    check_keys([step], [f.name for f in fields(part)], at)
    return getattr(part, step)
