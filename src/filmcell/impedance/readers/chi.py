"""CH Instruments: text with the head, with the headings only, or with nothing but rows."""

import re
from typing import TYPE_CHECKING

import numpy as np

from filmcell.errors import InputError
from filmcell.impedance.readers.block import Block, block_of, find_heading, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice, Column, Columns, Polar
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import words_after
from filmcell.impedance.readers.rows import Rows
from filmcell.impedance.readers.source import Source

if TYPE_CHECKING:
    from typing import Any

_TITLE = re.compile(r"A\.C\. Impedance", re.I)
_HEADINGS = re.compile(r"Freq/Hz,\s*Z'/ohm,")
_NUMBER = r"-?\d\.\d{2,}e[+-]\d+"
_ROW = re.compile(rf"{_NUMBER}(?:,\s*{_NUMBER}){{3}},\s*-?\d+(?:\.\d+)?")
_WORDS = {
    "instrument": r"Instrument Model:\s*(.*)",
    "date": r"([A-Z][a-z]{2,4}\.? \d+, \d{4}.*)",
}
_CLOSE = 0.02
_BINARY = b"A.C. Impedance\0"


def _recognises(source: Source) -> bool:
    """Whether it has CHI's title or headings, or all of its rows are written as CHI's."""
    head = [line.strip()[:200] for line in source.lines[:60]]
    if any(_TITLE.match(line) for line in head[:6]) or any(_HEADINGS.match(line) for line in head):
        return True
    filled = [line for line in head if line]
    return len(filled) > 2 and all(_ROW.fullmatch(line) for line in filled[:-1])


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read the rows below the headings, or all rows where there are none."""
    lines = source.lines
    whole = source.ends_with_a_line
    heading = find_heading(lines)
    warnings: tuple[str, ...] = ()
    if heading is not None:
        rows = rows_between(lines, heading.line + 1)
        start = heading.line
        found = numbers_of(_block(heading.names, rows), choice, assume=True, whole=whole)
    else:
        start = next(
            (k for k, line in enumerate(lines) if _ROW.fullmatch(line.strip())), len(lines)
        )
        block = _block((), rows_between(lines, start))
        found = numbers_of(block, choice or Columns(0, 1, 2), whole=whole)
        if choice is None:
            _check_headless(block, found)
            warnings = ("no headings: read as CHI's, whose |Z| and phase its rows agree with",)
    words = words_after(lines[:start], _WORDS)
    return Reading(found, {"instrument": "CH Instruments", **words}, warnings)


def _block(names: tuple[str, ...], rows: dict[int, str]) -> Block:
    """Rows under headings; refuse none."""
    if not rows:
        raise InputError("no rows of numbers in a file of CH Instruments, expected a spectrum")
    return block_of(names, rows)


def _check_headless(block: Block, found: Rows) -> None:
    """Refuse rows whose last two columns are not the modulus and phase of the second and third."""
    polar = numbers_of(block, Polar(0, 3, Column(4, "deg")))
    used = found.usable & polar.usable
    Z: Any = found.impedance[used]
    off = np.abs(polar.impedance[used] - Z) > _CLOSE * np.abs(Z)
    if 2 * np.count_nonzero(off) >= Z.size:
        raise InputError(
            "five columns without headings whose last two are not the modulus and phase of the "
            "second and third, expected columns=Columns(...) to say which they are"
        )


def _recognises_binary(source: Source) -> bool:
    """Whether it is CHI's own format."""
    return _BINARY in source.data[:200] and b"\0" in source.data[:20]


def _refuse_binary(source: Source, choice: Choice | None) -> Reading:
    """Refuse CHI's own format."""
    raise InputError(
        "CH Instruments' binary, whose layout is not published, expected its export as text "
        "(File, Convert to Text)"
    )


CHI = Format("CH Instruments text", _recognises, _read)
CHI_BINARY = Format("CH Instruments binary", _recognises_binary, _refuse_binary, binary=True)
