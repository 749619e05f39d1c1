"""A block of rows under its headings, and what separates its cells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from filmcell.errors import InputError
from filmcell.impedance.readers.columns import located
from filmcell.impedance.readers.headings import unit_named

TAB, SEMICOLON, BAR, COMMA, BLANKS = "\t", ";", "|", ",", " "
SEPARATORS = (TAB, SEMICOLON, BAR, COMMA, BLANKS)
"""What may stand between two cells; `BLANKS` are one or more of them."""

LONGEST_ROW = 5000
"""Characters that a row may have."""

_NUMBER = re.compile(r'"?[+-]?(?:\d+(?:\.\d*|,\d+)?|[.,]\d+)(?:[eE][+-]?\d+)?"?')
_NAN = re.compile(r"[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
_STARTS = re.compile(r'[\s,;|"]*[+-]?[.,]?\d')
_SAMPLE = 300
_COMMENT = "#%"


@dataclass(frozen=True)
class Block:
    """Rows that stand together under the same headings.

    Parameters
    ----------
    names : tuple of str
        Headings; () where there are none.
    rows : tuple of str
        Rows of the block, without empty lines.
    lines : tuple of int
        Line of each row in the file, from 1.
    units : tuple of str
        Units in a row below the headings.
    """

    names: tuple[str, ...]
    rows: tuple[str, ...]
    lines: tuple[int, ...]
    units: tuple[str, ...] = ()


def rows_between(lines: Sequence[str], start: int, stop: int | None = None) -> dict[int, str]:
    """Collect the lines that are not empty.

    Parameters
    ----------
    lines : sequence of str
        Lines of the file.
    start, stop : int
        First line to look at, counted from 0, and the line after the last; all if None.

    Returns
    -------
    dict of int to str
        Each line that is not empty, by its number in the file from 1.

    Examples
    --------
    >>> rows_between(["head", "1 2", " ", "3 4"], 1)
    {2: '1 2', 4: '3 4'}
    """
    end = len(lines) if stop is None else stop
    return {k + 1: lines[k] for k in range(start, end) if lines[k].strip()}


def block_of(names: Sequence[str], rows: dict[int, str], units: Sequence[str] = ()) -> Block:
    """Make a block of numbered rows.

    Parameters
    ----------
    names : sequence of str
        Headings.
    rows : dict of int to str
        Rows by their line in the file.
    units : sequence of str
        Units below the headings.

    Returns
    -------
    Block
        The block.

    Examples
    --------
    >>> block_of(("f", "re"), {4: "1 2"}).lines
    (4,)
    """
    return Block(tuple(names), tuple(rows.values()), tuple(rows), tuple(units))


def cells(line: str, separator: str) -> list[str]:
    """Take a heading apart; the cells of rows are read by polars.

    Parameters
    ----------
    line : str
        The line.
    separator : str
        One of `SEPARATORS`.

    Returns
    -------
    list of str
        Its cells, stripped.

    Examples
    --------
    >>> cells(" f/Hz,  Re(Z)/ohm ", COMMA), cells("a  b", BLANKS)
    (['f/Hz', 'Re(Z)/ohm'], ['a', 'b'])
    """
    if separator == BLANKS:
        return line.split()
    return [cell.strip() for cell in line.split(separator)]


def separator_of(rows: Iterable[str]) -> str | None:
    """Find what separates the cells of rows of numbers.

    Parameters
    ----------
    rows : iterable of str
        Rows, not all of which need be whole.

    Returns
    -------
    str or None
        One of `SEPARATORS`: the one that gives most numbers and least else; None where none gives
        two numbers a row.

    Examples
    --------
    >>> separator_of(["1,5;2,5;-3,5"]), separator_of(["1.5, 2.5, -3.5"])
    (';', ',')
    >>> separator_of(["neither numbers"]) is None
    True
    """
    sample = [row for row in list(rows)[:_SAMPLE] if len(row) <= LONGEST_ROW]
    scores = {sep: sum(_score(row, sep) for row in sample) for sep in SEPARATORS}
    best = max(scores, key=lambda sep: scores[sep])  # the first of those that are equal
    return best if scores[best] >= len(sample) > 0 else None


def _score(row: str, separator: str) -> int:
    """Numbers less other cells of a row; 0 where there are fewer than two numbers."""
    found = [cell for cell in cells(row, separator) if cell]
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in found)
    return 2 * numbers - len(found) if numbers > 1 else 0


def first_row(lines: Sequence[str]) -> int | None:
    """Find where a table of numbers begins.

    Parameters
    ----------
    lines : sequence of str
        Lines of the file.

    Returns
    -------
    int or None
        Line of its first row, counted from 0; None where there is no table.

    Examples
    --------
    >>> first_row(["a pellet of 2024", "1,2,-3", "2,2,-1"])
    1
    """
    likely = [line for line in lines if len(line) <= LONGEST_ROW and _STARTS.match(line)]
    separator = separator_of(likely)
    if separator is None:
        return None
    for k, line in enumerate(lines):
        found = _filled(line, separator)
        numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in found)
        if numbers > 1 and 2 * numbers > len(found):
            return _with_bad_rows_above(lines, k, separator)
    return None


def _filled(line: str, separator: str) -> list[str]:
    """Cells of a line that are not empty."""
    return [cell for cell in cells(line[:LONGEST_ROW], separator) if cell]


def _with_bad_rows_above(lines: Sequence[str], k: int, separator: str) -> int:
    """Where a table begins whose first rows may hold nan or text: those are rows, no headings."""
    width = len(_filled(lines[k], separator))
    while k > 0:
        found = _filled(lines[k - 1], separator)
        if len(found) != width or not any(_NUMBER.fullmatch(c) or _NAN.fullmatch(c) for c in found):
            break
        k -= 1
    return k


@dataclass(frozen=True)
class Heading:
    """A line of headings that was found.

    Parameters
    ----------
    line : int
        Where it stands, counted from 0.
    names : tuple of str
        The headings.
    """

    line: int
    names: tuple[str, ...]


_TRIED = 1000
"""Lines that are taken apart in search of headings; a whole novel need not be."""
_LIKELY = re.compile(r"fr[e\xe9]|hz|omega|\u03c9|\bf\b", re.IGNORECASE)


def find_heading(lines: Sequence[str], start: int = 0) -> Heading | None:
    """Find the headings of a spectrum.

    Parameters
    ----------
    lines : sequence of str
        Lines of the file.
    start : int
        Where to begin, counted from 0.

    Returns
    -------
    Heading or None
        The first line that names a frequency and an impedance; None where there is none.

    Examples
    --------
    >>> find_heading(["a pellet", "freq/Hz, Z'/ohm, Z''/ohm", "1, 2, -3"]).line
    1
    """
    likely = (
        k for k in range(start, len(lines))
        if len(lines[k]) <= LONGEST_ROW and _LIKELY.search(lines[k])
    )  # fmt: skip
    for k in islice(likely, _TRIED):
        names = heading_names(lines[k])
        if names:
            return Heading(k, names)
    return None


def heading_names(line: str) -> tuple[str, ...]:
    r"""Take a line of headings apart.

    Parameters
    ----------
    line : str
        The line.

    Returns
    -------
    tuple of str
        The headings, with or without units; () where they are none of a spectrum.

    Examples
    --------
    >>> heading_names('"  Freq (Hz)    Ampl   Z\'(a)    Z\'\'(b)"')
    ('Freq (Hz)', 'Ampl', "Z'(a)", "Z''(b)")
    """
    text = line.rstrip("\r\n").lstrip(_COMMENT).rstrip()
    whole = text.strip()
    if whole.count('"') == 2 and whole[0] == whole[-1] == '"':
        text = whole[1:-1].strip()
    found = [cells(text, separator) for separator in SEPARATORS[:-1] if separator in text]
    found += [re.split(pattern, whole.strip('"').strip()) for pattern in (r"\s{2,}", r"\s+")]
    return next((tuple(names) for names in found if _is_heading(names)), ())


def _is_heading(names: Sequence[str]) -> bool:
    """Whether names are those of a spectrum, be it that some are there twice."""
    try:
        return located(names, assume=True) is not None
    except InputError:
        return True


def unit_row(line: str, names: Sequence[str]) -> tuple[str, ...]:
    """Read a row of units below the headings.

    Parameters
    ----------
    line : str
        The line.
    names : sequence of str
        The headings above.

    Returns
    -------
    tuple of str
        A unit for each heading; () where the line is none of units.

    Examples
    --------
    >>> unit_row("kHz,ohm,ohm", ("f", "Re", "Im"))
    ('kHz', 'ohm', 'ohm')
    >>> unit_row("1,2,3", ("f", "Re", "Im"))
    ()
    """
    for separator in SEPARATORS:
        units = cells(line, separator)
        known = sum(unit_named(unit) is not None for unit in units)
        if len(units) == len(names) and known > 1:
            return tuple(units)
    return ()
