"""What the parts of a cell share: their numbers are read and checked when they are made."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, get_args, get_type_hints

from filmcell.cell.quantities import Length, PropertyOf, Quantity
from filmcell.errors import InputError
from filmcell.units import shown


def markers(kind: type) -> dict[str, Quantity | PropertyOf]:
    """Fields of a part that are quantities or properties, with their markers.

    Parameters
    ----------
    kind : type
        A part of a cell, or `Cell`.

    Returns
    -------
    dict
        Name of the field to its marker.

    Examples
    --------
    >>> markers(Collector)["thickness"].unit
    'm'
    """
    known: Any = kind  # mypy does not see that a class can be hashed
    return _markers(known)


@cache
def _markers(kind: Any) -> dict[str, Quantity | PropertyOf]:
    """Find the markers of a kind, once."""
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in fields(kind):
        for extra in getattr(hints[field.name], "__metadata__", ()):
            if isinstance(extra, Quantity | PropertyOf):
                found[field.name] = extra
    return found


@cache
def _texts(kind: Any) -> tuple[str, ...]:
    """Fields of a part that are text."""
    hints = get_type_hints(kind)
    return tuple(f.name for f in fields(kind) if hints[f.name] is str)


@dataclass(frozen=True)
class Checked:
    """A frozen part of a cell whose numbers are read and checked when it is made."""

    kind: ClassVar[str] = ""
    """The word of a file where there are several kinds of one part."""

    def __post_init__(self) -> None:
        """Read each number (SI float or text with unit); refuse by name."""
        kind: Any = type(self)
        for name in _texts(kind):
            if not isinstance(getattr(self, name), str):
                raise InputError(
                    f"{name}: {shown(getattr(self, name))} is not text, expected a name"
                )
        for name, marker in markers(kind).items():
            try:
                value = marker.read(getattr(self, name))
            except InputError as error:
                raise InputError(f"{name}: {error}") from None
            object.__setattr__(self, name, value)


def check_part(key: str, part: Any, kinds: Any) -> None:
    """Refuse a part that is of none of some kinds.

    Parameters
    ----------
    key : str
        Where it stands.
    part : object
        What was given.
    kinds : type or union of types
        What is allowed.

    Raises
    ------
    InputError
        Where it is something else.

    Examples
    --------
    >>> check_part("collectors.0", 5, Collector)
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: collectors.0: 5 is not allowed, expected a Collector
    """
    if isinstance(part, kinds):
        return
    names = [kind.__name__ for kind in get_args(kinds) or (kinds,) if kind is not type(None)]
    words = f"one of {', '.join(names)}" if len(names) > 1 else f"a {names[0]}"
    raise InputError(f"{key}: {shown(part)} is not allowed, expected {words}")


@dataclass(frozen=True)
class Collector(Checked):
    """A current collector; a metal film, its resistance is neglected.

    Parameters
    ----------
    name : str
        Material.
    thickness : float
        Thickness [m].
    """

    name: str
    thickness: Length
