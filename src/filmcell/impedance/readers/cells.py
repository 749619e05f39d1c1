"""From rows of text to numbers: polars takes them apart, what cannot be read gets its reason."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.readers.block import (
    BLANKS,
    LONGEST_ROW,
    TAB,
    Block,
    separator_of,
)
from filmcell.impedance.readers.columns import Choice, Located, chosen, located
from filmcell.impedance.readers.rows import (
    COMMENT,
    CUT_OFF,
    DAMAGED,
    EMPTY,
    FEWER,
    MORE,
    TEXT,
    Rows,
    checked,
)
from filmcell.units import shown

if TYPE_CHECKING:
    from polars import DataFrame, Series

_DAMAGE = re.compile("[\0-\x08\x0e-\x1f\x7f\ufffd]")
_QUOTED = re.compile(r'"[^"]*"')
_AROUND_QUOTES = re.compile(r'[ \t]*("[^"]*")[ \t]*')
_DECIMAL_COMMA = r"^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$"
_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(?:,\d{3})+$"
_DISAGREE = 0.01


def numbers_of(
    block: Block, choice: Choice | None = None, *, assume: bool = False, whole: bool = True
) -> Rows:
    """Read the rows of a block.

    Parameters
    ----------
    block : Block
        Headings and rows.
    choice : Columns or Polar, optional
        Which columns to take; else the headings tell.
    assume : bool
        Whether the format is known to be in Hz and ohm where a heading has no unit.
    whole : bool
        Whether the last row is known to be complete.

    Returns
    -------
    Rows
        As many rows as the block has.

    Raises
    ------
    InputError
        Where there is no table, or its columns are not known.

    Examples
    --------
    >>> rows = numbers_of(Block(("f/Hz", "Re/ohm", "-Im/ohm"), ("1 2 3", "2 x 1"), (2, 3)))
    >>> complex(rows.impedance[0]), list(rows.reason)
    ((2-3j), ['', 'text where a number is expected'])
    """
    separator = separator_of(row for row in block.rows if not _unreadable(row))
    if separator is None:
        raise InputError(
            "no rows of numbers with tabs, semicolons, bars, commas or blanks between them, "
            "expected a table of frequency, real and imaginary part"
        )
    rows, width, reason = _prepared(block.rows, separator, len(block.names) or 3)
    table = _table(rows, TAB if separator == BLANKS else separator)
    wanted = _columns(block, choice, table, width, assume=assume)
    places = [*wanted.places, *(() if wanted.modulus is None else (wanted.modulus,))]
    texts = [table.to_series(place).str.strip_chars() for place in places]
    values, words = _decimals(texts)
    for text, value in zip(texts[:3], values[:3], strict=True):
        missing = text.is_null() | (text == "")
        reason[(reason == "") & missing.fill_null(value=True).to_numpy()] = EMPTY
        reason[(reason == "") & value.is_null().to_numpy()] = TEXT
    if not whole:
        words += _mark_cut_off(table, wanted, reason)
    return _rows(block, wanted, values, reason, words)


def _unreadable(row: str) -> str:
    """Why a row cannot be taken apart, "" where it can."""
    if len(row) > LONGEST_ROW or _DAMAGE.search(row) or '"' in _QUOTED.sub("", row):
        return DAMAGED
    return COMMENT if row.lstrip()[:1] in ("#", "%") else ""


def _prepared(rows: Sequence[str], separator: str, expected: int) -> tuple[list[str], int, Any]:
    """Rows with one character between cells, their usual width, and why some are not usable.

    A row that is not usable is left empty, so that each row keeps its place.
    """
    reason = np.array([_unreadable(row) for row in rows], dtype=object)
    if separator == BLANKS:
        rows, separator = ["\t".join(row.split()) for row in rows], TAB
    clean = [_AROUND_QUOTES.sub(r"\1", row) if '"' in row else row for row in rows]
    # quotes may stand around whole cells only: any other would swallow what follows
    quoted = re.compile(rf'(^|{re.escape(separator)})"[^"]*"(?={re.escape(separator)}|$)')
    bare = [quoted.sub(r"\1", row) if '"' in row else row for row in clean]
    reason[(reason == "") & np.array(['"' in row for row in bare])] = DAMAGED
    widths = np.array([row.count(separator) + 1 for row in bare])
    usual = _usual(widths[reason == ""].tolist()) or expected
    reason[(reason == "") & (widths < usual)] = FEWER
    reason[(reason == "") & (widths > usual)] = MORE
    empty = separator * (usual - 1)
    kept = [empty if why else row for row, why in zip(clean, reason, strict=True)]
    return kept, usual, reason


def _usual(widths: list[int]) -> int:
    """How many cells most rows have, of those with enough for a spectrum; 0 where none is left."""
    counted = Counter([width for width in widths if width > 2] or widths)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def _table(rows: list[str], separator: str) -> "DataFrame":
    """Cells as text, one row for each that is given."""
    import polars
    from polars.exceptions import PolarsError

    width = _QUOTED.sub("", rows[0]).count(separator) + 1
    head = separator.join(f"c{k}" for k in range(width))
    text = "\n".join([head, *rows, ""]).encode("utf-8", "replace")
    try:
        table = polars.read_csv(
            text, separator=separator, infer_schema=False, quote_char='"',
            truncate_ragged_lines=True,
        )  # fmt: skip
    except PolarsError as error:
        first = str(error).partition("\n")[0]
        raise InputError(f"its rows are no table ({first}), expected one") from None
    if table.height != len(rows):
        raise InputError(f"{len(rows)} rows became {table.height}, expected a plain table")
    return table


def _columns(
    block: Block, choice: Choice | None, table: "DataFrame", width: int, *, assume: bool
) -> Located:
    """Find the columns, as the user or else the headings say."""
    names = list(block.names)
    while names and not names[-1].strip():
        names.pop()
    if choice is not None:
        wanted = chosen(choice, names)
        by_name = any(isinstance(column.at, str) for column in choice.columns)
    else:
        wanted, by_name = _by_heading(names, block.units, width, assume=assume), True
    filled = [k for k, column in enumerate(table) if (column.str.strip_chars() != "").any()]
    if by_name and (width < len(names) or max(filled, default=0) >= len(names)):
        raise InputError(
            f"{len(names)} headings over {width} cells a row, expected as many (commas may both "
            "separate columns and mark decimals)"
        )
    if max(wanted.places) >= width:
        raise InputError(f"column {max(wanted.places)} is not there, a row has {width} cells")
    return wanted


def _by_heading(names: Sequence[str], units: Sequence[str], width: int, *, assume: bool) -> Located:
    """Columns by their headings; ask for them where headings do not tell."""
    found = located(names, units, assume=assume)
    if found is not None:
        return found
    if not any(names):
        raise InputError(
            f"{width} columns of numbers without headings, expected columns=Columns(0, 1, 2) "
            "for f in Hz, Re and Im in ohm, or columns=Columns(0, 1, Minus(2)) where the last "
            "is -Im"
        )
    given = ", ".join(shown(name.strip().strip('"')) for name in names if name.strip())
    raise InputError(
        f"no columns of frequency, real and imaginary part among {given}, "
        "expected columns=Columns(...) to say which they are"
    )


def _decimals(texts: "Sequence[Series]") -> "tuple[list[Series], tuple[str, ...]]":
    """Numbers of the columns, null where there are none; the mark that most have is the decimal."""
    import polars

    every = polars.concat(texts).drop_nulls()
    commas = every.filter(every.str.contains(_DECIMAL_COMMA))
    words: tuple[str, ...] = ()
    if commas.len() > every.str.contains(".", literal=True).sum():
        if commas.str.contains(_THOUSANDS).all():
            raise InputError(
                f"{shown(commas[0])} may be a decimal comma or thousands, expected points as "
                "decimal marks"
            )
        # a point among decimal commas is no decimal point: the cell becomes no number
        texts = [text.str.replace_many([".", ","], ["x", "."]) for text in texts]
        words = ("decimal commas were read as decimal points",)
    return [text.cast(polars.Float64, strict=False) for text in texts], words


def _mark_cut_off(table: "DataFrame", wanted: Located, reason: Any) -> tuple[str, ...]:
    """Set a last row aside whose last cell was evidently cut off; else say what may be."""
    last = table.width - 1
    if last not in wanted.places or reason[-1] or len(reason) < 2:
        return ()
    sizes = table.to_series(last).str.strip_chars().str.strip_prefix("-").str.len_chars()
    others = sizes[:-1].filter((reason[:-1] == "").tolist()).drop_nulls()
    if not others.len() or sizes[-1] >= others.min():
        return ()
    if others.min() == others.max():
        reason[-1] = CUT_OFF
        return ()
    return ("the file does not end with a line end, its last number may be cut off",)


def _rows(
    block: Block, wanted: Located, values: "Sequence[Series]", reason: Any, words: tuple[str, ...]
) -> Rows:
    """Put frequency and impedance together."""
    numbers = [value.fill_null(float("nan")).to_numpy() for value in values]
    f, a, b = (x * factor for x, factor in zip(numbers[:3], wanted.factors, strict=True))
    Z = np.empty(f.size, dtype=np.complex128)
    with np.errstate(invalid="ignore", over="ignore"):
        Z.real, Z.imag = (a * np.cos(b), a * np.sin(b)) if wanted.polar else (a, b)
    reason = checked(f, Z, reason)
    for modulus in numbers[3:]:
        words += _disagreeing(modulus * wanted.modulus_factor, Z, reason)
    return Rows(f, Z, reason, np.array(block.lines), np.zeros(f.size, int), wanted.per_area, words)


def _disagreeing(modulus: Array, Z: Any, reason: Any) -> tuple[str, ...]:
    """Hold the modulus that the file gives against real and imaginary part."""
    used = (reason == "") & np.isfinite(modulus)
    size = np.abs(Z[used])
    off = int((np.abs(modulus[used] - size) > _DISAGREE * size).sum())
    if not off:
        return ()
    return (f"|Z| of the file is not that of its real and imaginary part in {off} rows",)
