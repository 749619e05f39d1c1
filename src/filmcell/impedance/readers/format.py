"""What a format is: how its files are recognised, and how they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.rows import Rows
from filmcell.impedance.readers.source import Source


@dataclass(frozen=True, eq=False)
class Reading:
    """What was read from a file.

    Parameters
    ----------
    rows : Rows
        The rows of its table.
    words : mapping of str to str
        What else the file says: instrument, date, remarks.
    warnings : tuple of str
        What the reader saw.
    """

    rows: Rows
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """A format of files.

    Parameters
    ----------
    name : str
        What it is called.
    recognises : callable
        Whether a source is of this format, by its head.
    read : callable
        Reads a source; the columns are those that the user names, or None.
    binary : bool
        Whether its files are no text.
    """

    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source, Choice | None], Reading]
    binary: bool = False
