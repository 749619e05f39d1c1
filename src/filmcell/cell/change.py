"""New parts out of old ones: the changes that `Cell.replace` makes, by dotted key."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from filmcell.cell.cathodes import shape_of
from filmcell.cell.checked import Checked, markers
from filmcell.cell.quantities import Quantity
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.property import Property

FACTOR, TIMES = "factor", Quantity("")
"""Key below a property that multiplies all its values, and what is allowed there."""


def changed(part: Any, changes: list[tuple[list[str], Any]], at: str) -> Any:
    """Make a copy of a part with all changes below it made at once, so their order is free.

    Parameters
    ----------
    part : Checked or tuple of Checked
        What to change.
    changes : list of (list of str, object)
        The keys of each change below the part, and its value.
    at : str
        Where the part stands, such as "cathode.".

    Returns
    -------
    Checked or tuple of Checked
        The changed copy.

    Raises
    ------
    InputError
        Where a key does not exist or a value is not what the key expects.

    Examples
    --------
    >>> from filmcell import Electrolyte
    >>> changed(Electrolyte(2e-6, 2e-4), [(["thickness"], "1 um")], "").thickness
    1e-06
    """
    if isinstance(part, tuple):
        return _changed_list(part, changes, at)
    if part is None:
        raise InputError(f"{at}{'.'.join(changes[0][0])}: unknown key, there is no {at[:-1]}")
    if isinstance(part, Property) and changes[0][0] == [FACTOR]:
        return part.scaled(_factor(changes[0][1], at))
    if not isinstance(part, Checked):
        raise InputError(
            f"{at}{'.'.join(changes[0][0])}: unknown key, {at[:-1]} has no parts of its own"
        )
    check_keys([path[0] for path, _ in changes], [f.name for f in fields(part)], at)
    new: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path, _ in changes):
        below = [(path[1:], value) for path, value in changes if path[0] == name]
        value = getattr(part, name)
        for _, given in (b for b in below if not b[0]):
            value = _read(part, name, given, f"{at}{name}")
        deeper = [b for b in below if b[0]]
        new[name] = changed(value, deeper, f"{at}{name}.") if deeper else value
    try:
        return replace(part, **new)
    except InputError as error:
        raise InputError(f"{at}{error}") from None


def _factor(value: Any, at: str) -> float:
    """Read what a property is multiplied by."""
    try:
        return float(TIMES.read(value))
    except InputError as error:
        raise InputError(f"{at}{FACTOR}: {error}") from None


def _changed_list(parts: tuple[Any, ...], changes: list[tuple[list[str], Any]], at: str) -> Any:
    """Make a copy of a list of layers with some of them changed."""
    known = [str(k) for k in range(len(parts))]
    new = list(parts)
    for path, value in changes:
        if path[0] not in known:
            there = f"expected one of {', '.join(known)}" if known else f"there are no {at[:-1]}"
            raise InputError(f"{at}{path[0]}: unknown key, {there}")
        k = int(path[0])
        new[k] = changed(new[k], [(path[1:], value)], f"{at}{k}.") if path[1:] else value
    return tuple(new)


def _read(part: Any, name: str, value: Any, key: str) -> Any:
    """Read a new value by the marker of its field, or take it as it is."""
    kind: Any = type(part)
    marker = markers(kind).get(name)
    try:
        if marker is not None:
            return marker.read(value)
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
    return shape_of(value, key) if name == "shape" and isinstance(value, str) else value


def check_apart(keys: Sequence[str], at: str = "") -> None:
    """Refuse two names of one number.

    Parameters
    ----------
    keys : sequence of str
        Dotted keys that are to be changed together.
    at : str
        What they stand in, for the message.

    Raises
    ------
    InputError
        Where both the thickness and the diameter of a particle are among them.

    Examples
    --------
    >>> check_apart(["cathode.thickness", "cathode.diameter"], "axes")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: axes: cathode.diameter is twice cathode.thickness, expected one of \
them
    """
    if {"cathode.thickness", "cathode.diameter"} <= set(keys):
        where = f"{at}: " if at else ""
        raise InputError(
            f"{where}cathode.diameter is twice cathode.thickness, expected one of them"
        )


def halved_diameter(key: str, value: Any) -> tuple[str, Any]:
    """Turn the diameter of a particle into its thickness, which is the radius.

    Parameters
    ----------
    key : str
        Dotted key of a change.
    value : object
        Its value.

    Returns
    -------
    tuple of (str, object)
        Both, and those of another key as they are.

    Examples
    --------
    >>> halved_diameter("cathode.diameter", "4 um")
    ('cathode.thickness', 2e-06)
    """
    if key != "cathode.diameter":
        return key, value
    try:
        return "cathode.thickness", Quantity("m").read(value) / 2.0
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
