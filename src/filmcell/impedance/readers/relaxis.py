"""RelaxIS: exported spectra, one below the other."""

import re

from filmcell.errors import InputError
from filmcell.impedance.readers.block import block_of, find_heading, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import words_after
from filmcell.impedance.readers.rows import joined
from filmcell.impedance.readers.source import Source

_SPECTRUM = re.compile(r"[^\t]*\tModel:")
_WORDS = {
    "software": r"(RelaxIS \S+)",
    "date": r"Date: (.*)",
    "conditions": r"((?:\w+=[^\t,]+,? ?)+)\t",
}


def _recognises(source: Source) -> bool:
    """Whether it begins as the exports of RelaxIS do."""
    return source.lines[0].strip().startswith("RelaxIS")


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read the spectra; a line with the model begins each."""
    heading = find_heading(source.lines)
    if heading is None:
        raise InputError("no headings of a spectrum in an export of RelaxIS, expected some")
    start = heading.line + 1
    begins = [k for k in range(start, len(source.lines)) if _SPECTRUM.match(source.lines[k][:2000])]
    stops = [*begins, len(source.lines)]
    blocks = [
        block_of(heading.names, rows_between(source.lines, a, b))
        for a, b in zip([start, *(k + 1 for k in begins)], stops, strict=True)
    ]
    blocks = [block for block in blocks if block.rows]
    if not blocks:
        raise InputError("no rows in an export of RelaxIS, expected a spectrum")
    parts = [numbers_of(b, choice, assume=True, whole=source.ends_with_a_line) for b in blocks]
    words = words_after(source.lines[: start + 1], _WORDS)
    return Reading(joined(parts), {"instrument": "RelaxIS export", **words})


RELAXIS = Format("RelaxIS export", _recognises, _read)
