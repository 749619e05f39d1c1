"""Gamry .DTA: potentiostatic, galvanostatic and hybrid impedance, whole or aborted."""

import re
from collections.abc import Sequence

from filmcell.errors import InputError
from filmcell.impedance.readers.block import Block, block_of, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import area_remark, missing_rows, words_after
from filmcell.impedance.readers.rows import Rows, joined
from filmcell.impedance.readers.source import Source

_TABLE = re.compile(r"ZCURVE\w*\tTABLE(?:\t(\d+))?")
_TAG = re.compile(r"[A-Z]\w*\t[A-Z]{2,}\b")
_WORDS = {
    "technique": r"TAG\t(\w+)",
    "date": r"DATE\tLABEL\t([^\t]*)",
    "potentiostat": r"PSTAT\tPSTAT\t([^\t]*)",
    "area": r"AREA\tQUANT\t([^\t]*)\t",
}
_ABORTED = "the measurement was aborted, the spectrum may end early"


def _recognises(source: Source) -> bool:
    """Whether it begins as Gamry's files do."""
    return source.lines[0].strip() == "EXPLAIN"


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read every table of impedance in the file."""
    starts = [k for k, line in enumerate(source.lines) if _TABLE.match(line)]
    if not starts:
        raise InputError("no table ZCURVE in a file of Gamry, expected a measurement of impedance")
    blocks = {k: _block(source.lines, k) for k in starts}
    parts = [_rows(source, block, choice) for block in blocks.values() if block.rows]
    if not parts:
        raise InputError("its table ZCURVE has no rows, expected a measurement of impedance")
    warnings = [_ABORTED for line in source.lines if line.startswith("EXPERIMENTABORTED\t")][:1]
    for k, block in blocks.items():
        found = _TABLE.match(source.lines[k])
        warnings += missing_rows((found and found[1]) or "", len(block.rows))
    words = words_after(source.lines[: starts[0]], _WORDS)
    remark = area_remark(_area(words.pop("area", "")), ["1 cm2"])
    return Reading(joined(parts), {"instrument": "Gamry", **words, **remark}, tuple(warnings))


def _block(lines: Sequence[str], start: int) -> Block:
    """Headings, units and rows of the table that begins at a line."""
    stop = next((k for k in range(start + 1, len(lines)) if _TAG.match(lines[k])), len(lines))
    head = list(lines[start + 1 : min(start + 3, stop)])
    names = head[0].split("\t") if head else []
    units = head[1].split("\t") if len(head) > 1 and "\t#" in head[1] else []
    return block_of(names, rows_between(lines, start + 2 + bool(units), stop), units)


def _rows(source: Source, block: Block, choice: Choice | None) -> Rows:
    """Read one table."""
    ended = source.ends_with_a_line or block.lines[-1] < len(source.lines)
    return numbers_of(block, choice, assume=True, whole=ended)


def _area(text: str) -> str:
    """Area of the head, in words; "" where it is none."""
    try:
        return f"{float(text.replace(',', '.')):g} cm2"
    except ValueError:
        return ""


GAMRY = Format("Gamry DTA", _recognises, _read)
