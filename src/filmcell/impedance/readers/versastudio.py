"""VersaStudio .par: the segments of an experiment."""

import re

from filmcell.errors import InputError
from filmcell.impedance.readers.block import Block, block_of, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import area_remark, words_after
from filmcell.impedance.readers.rows import Rows, joined
from filmcell.impedance.readers.source import Source

_START = re.compile(r"<Segment\d+>")
_END = re.compile(r"</?\w+>")
_DEFINITION = "Definition="
_WORDS = {
    "potentiostat": r"Type=(VersaSTAT.*)",
    "software": r"Version=(.*)",
    "area": r"Working Electrode Area \(cm2\)=(.*)",
}


def _recognises(source: Source) -> bool:
    """Whether it begins as VersaStudio's files do and has a segment."""
    head = source.lines[0].strip() == "<Application>"
    return head and any(_START.match(line) for line in source.lines)


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read the segments that have a frequency."""
    blocks = [
        _block(source, k)
        for k, line in enumerate(source.lines)
        if line.startswith(_DEFINITION) and "Frequency(Hz)" in line
    ]
    parts = [_rows(source, block, choice) for block in blocks if block.rows]
    if not parts:
        raise InputError("no segment with a frequency, expected a measurement of impedance")
    words = words_after(source.lines[: parts[0].line[0]], _WORDS)
    area = words.pop("area", "")
    remark = area_remark(f"{area} cm2" if area else "", ["1 cm2"])
    cut = source.lines[parts[-1].line[-1] :]
    ended = any(_END.match(line.strip()) for line in cut)
    warnings = () if ended else ("the file ends in the middle of a segment",)
    return Reading(joined(parts), {"instrument": "VersaStudio", **words, **remark}, warnings)


def _block(source: Source, definition: int) -> Block:
    """Headings and rows of the segment with a definition."""
    lines = source.lines
    stop = next(
        (k for k in range(definition + 1, len(lines)) if _END.match(lines[k].strip())), len(lines)
    )
    names = lines[definition].removeprefix(_DEFINITION).split(",")
    while names and names[-1].strip() == "0":  # stands at the end and has no cell
        names.pop()
    return block_of(names, rows_between(lines, definition + 1, stop))


def _rows(source: Source, block: Block, choice: Choice | None) -> Rows:
    """Read one segment."""
    ended = source.ends_with_a_line or block.lines[-1] < len(source.lines)
    return numbers_of(block, choice, assume=True, whole=ended)


VERSASTUDIO = Format("VersaStudio", _recognises, _read)
