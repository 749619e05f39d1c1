"""ZPlot and ZView .z: "ZPLOT2 ASCII", "ZPlotW Data File", "Z60W Data File", "ZView ... File".

Autolab's FRA program and others write the second kind as well. All have nine columns, of which the
fifth and sixth are the real and imaginary part.
"""

import re

from filmcell.errors import InputError
from filmcell.impedance.readers.block import block_of, first_row, heading_names, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import area_remark, missing_rows, words_after
from filmcell.impedance.readers.source import Source

_FIRST_LINE = re.compile(r'"?\s*(?:ZPLOT2 ASCII|ZPlotW?|Z60W?|ZView\b.*) ?(?:Data File.*)?', re.I)
_END = re.compile(r'"?End Comments"?', re.I)
_NAMES = ("Freq(Hz)", "Ampl", "Bias", "Time(Sec)", "Z'(a)", "Z''(b)", "GD", "Err", "Range")
_WORDS = {
    "software": r'"?((?:Z60W?|ZPlotW?|ZView).*Data File.*?)"?$',
    "measured by": r"Measured Data, (.*)",
    "technique": r"Experiment Type:\s*(.*)",
    "date": r'"?Date:\s*(.*?)"?$',
    "area": r"Surface Area:\s*(\S+)",
    "points": r"(?:Data Points:\s*)?(\d+)$",
}


def _recognises(source: Source) -> bool:
    """Whether it begins as ZPlot's and ZView's files do."""
    first = source.lines[0].strip()
    return len(first) < 200 and _FIRST_LINE.fullmatch(first) is not None


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read the rows below the head."""
    lines = source.lines
    start, names = _start(source)
    rows = rows_between(lines, start)
    if not rows:
        raise InputError("no rows below its head, expected a measurement of impedance")
    block = block_of(names, rows)
    found = numbers_of(block, choice, assume=True, whole=source.ends_with_a_line)
    words = words_after(lines[:start], _WORDS)
    area = words.pop("area", "")
    remark = area_remark(f"{area} cm2" if area else "", ["1 cm2"])
    warnings = missing_rows(words.pop("points", ""), len(rows))
    return Reading(found, {"instrument": "ZPlot", **words, **remark}, warnings)


def _start(source: Source) -> tuple[int, tuple[str, ...]]:
    """Line of the first row, counted from 0, and the headings."""
    lines = source.lines
    ends = [k for k, line in enumerate(lines[:5000]) if _END.fullmatch(line.strip())]
    stop = ends[0] if ends else len(lines)
    for k, line in enumerate(lines[:stop]):
        names = heading_names(line) if "req" in line and len(line) < 1000 else ()
        if names:
            return (stop + 1 if ends else k + 1), names
    if ends:
        return stop + 1, _NAMES
    row = first_row([line if line.count(",") > 6 else "" for line in lines])
    return (len(lines) if row is None else row), _NAMES


ZPLOT = Format("ZPlot or ZView", _recognises, _read)
