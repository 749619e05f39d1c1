"""Tables with headings, or without: CSV and text of no program in particular, and of some.

Units that the headings do not state are asked for. Novocontrol's WinDETA, Autolab's NOVA and
pyDRTtools write such tables; they are formats of their own because they are known by their heads.
"""

import re
from collections.abc import Callable

from filmcell.errors import InputError
from filmcell.impedance.readers.block import (
    Block,
    block_of,
    cells,
    find_heading,
    first_row,
    rows_between,
    separator_of,
    unit_row,
)
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import words_after
from filmcell.impedance.readers.rows import joined
from filmcell.impedance.readers.source import Source

_NUMBER = r"\d+(?:\.\d*)?(?:e[+-]\d+)?"
_SIZES = {
    "diameter": rf"Diameter\s*\[mm\]:\s*({_NUMBER})\s",
    "thickness": rf".*?(?<!Electrode )Thickness\s*\[mm\]:\s*({_NUMBER})\s",
}


def _any(source: Source) -> bool:
    """Whether it is text at all: the last format that is tried."""
    return bool(source.lines)


def _read_plain(source: Source, choice: Choice | None) -> Reading:
    """Read a table whose headings say what it holds."""
    return _read(source, choice, assume=False)


def _read(source: Source, choice: Choice | None, *, assume: bool) -> Reading:
    """Read the blocks of a table."""
    blocks = _blocks(source)
    whole = source.ends_with_a_line
    return Reading(joined([numbers_of(b, choice, assume=assume, whole=whole) for b in blocks]))


def _blocks(source: Source) -> list[Block]:
    """Blocks of rows; the same headings once more begin another."""
    lines = source.lines
    heading = find_heading(lines)
    if heading is None:
        return [_bare(source)]
    again = lines[heading.line].strip()
    starts = [k for k in range(heading.line, len(lines)) if lines[k].strip() == again]
    found = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        rows = rows_between(lines, start + 1, stop)
        first = next(iter(rows.items()), (0, ""))
        units = unit_row(first[1], heading.names)
        if units:
            rows.pop(first[0])
        if rows:
            found.append(block_of(heading.names, rows, units))
    if not found:
        raise InputError("no rows below its headings, expected a spectrum")
    return found


def _bare(source: Source) -> Block:
    """Rows without headings that are known; the line above them, if it may be headings."""
    lines = source.lines
    start = first_row(lines)
    if start is None:
        raise InputError(
            "no rows of numbers with tabs, semicolons, bars, commas or blanks between them, "
            "expected a table of frequency, real and imaginary part"
        )
    rows = rows_between(lines, start)
    separator = separator_of(rows.values()) or ","
    above = next((line for line in reversed(lines[:start]) if line.strip()), "")
    names = cells(above.strip("#% "), separator) if above else []
    width = len(cells(next(iter(rows.values())), separator))
    return block_of(names if len(names) == width else (), rows)


PLAIN = Format("plain table", _any, _read_plain)


def _known(
    name: str, recognises: Callable[[Source], bool], words: Callable[[Source], dict[str, str]]
) -> Format:
    """A format of plain tables that is known to be in Hz and ohm."""

    def read(source: Source, choice: Choice | None) -> Reading:
        found = _read(source, choice, assume=True)
        return Reading(found.rows, {"instrument": name, **words(source)}, found.warnings)

    return Format(name, recognises, read)


def _is_novocontrol(source: Source) -> bool:
    """Whether WinDETA wrote it: its fixed values and headings."""
    head = [line.strip() for line in source.lines[:20]]
    return any(line.startswith("Fixed value(s)") for line in head) and any(
        re.match(r"Freq\.\s*\[Hz\]", line) for line in head
    )


def _sample_of_novocontrol(source: Source) -> dict[str, str]:
    """Title and sizes that WinDETA's head states."""
    found = words_after(source.lines[:20], _SIZES)
    sizes = ", ".join(f"{key} {float(value):g} mm" for key, value in found.items())
    remark = {"remark": f"header {sizes}: not used"} if sizes else {}
    return {"title": source.lines[0].strip()[:80], **remark}


def _is_nova(source: Source) -> bool:
    """Whether Autolab's NOVA wrote it."""
    first = source.lines[0]
    return "Frequency (Hz)" in first and "-Z'' (" in first and "-Phase (" in first


def _is_pydrttools(source: Source) -> bool:
    """Whether its headings are those of pyDRTtools."""
    return source.lines[0].strip() in (",Freq,Real,Imag", "Freq,Real,Imag")


NOVOCONTROL = _known("Novocontrol WinDETA", _is_novocontrol, _sample_of_novocontrol)
NOVA = _known("Autolab NOVA", _is_nova, lambda source: {})
PYDRTTOOLS = _known("pyDRTtools", _is_pydrttools, lambda source: {})
