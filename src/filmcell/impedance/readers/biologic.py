"""EC-Lab and BT-Lab text (.mpt, .txt): with and without the head, points or commas."""

import re

from filmcell.errors import InputError
from filmcell.impedance.readers.block import block_of, find_heading, rows_between
from filmcell.impedance.readers.cells import numbers_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.head import area_remark, words_after
from filmcell.impedance.readers.source import Source
from filmcell.units import shown

_FIRST_LINE = re.compile(r"(?:EC-Lab|BT-Lab) ASCII FILE", re.I)
_WORDS = {
    "lines": r"Nb header lines\s*:\s*(\d+)",
    "technique": r"(.*Impedance.*)",
    "instrument": r"Device\s*:\s*(.*)",
    "software": r"(E[Cc]-L[Aa][Bb] for windows \S+)",
    "date": r"Acquisition started on\s*:\s*(.*)",
    "area": r"Electrode surface area\s*:\s*([\d.,]+) *cm",
}


def _recognises(source: Source) -> bool:
    """Whether it begins as EC-Lab's files do, or with EC-Lab's headings."""
    first = source.lines[0].strip()
    return bool(_FIRST_LINE.match(first)) or first.startswith("freq/Hz\tRe(Z)/Ohm\t")


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read the rows below the headings."""
    heading = find_heading(source.lines)
    words = words_after(source.lines[: heading.line if heading else 300], _WORDS)
    if heading is None:
        raise InputError(_no_impedance(source))
    rows = rows_between(source.lines, heading.line + 1)
    if not rows:
        raise InputError("no rows below its headings, expected a measurement of impedance")
    found = numbers_of(
        block_of(heading.names, rows), choice, assume=True, whole=source.ends_with_a_line
    )
    stated = int(words.pop("lines", heading.line + 1))
    warnings = () if stated == heading.line + 1 else (
        f"the head states {stated} lines, the headings stand in line {heading.line + 1}",
    )  # fmt: skip
    area = words.pop("area", "").replace(",", ".")
    remark = area_remark(f"{area} cm2" if area else "", ["0.001 cm2"])
    return Reading(found, {"instrument": "BioLogic", **words, **remark}, warnings)


def _no_impedance(source: Source) -> str:
    """Sentence of a file of EC-Lab that is something else."""
    titles = [line.strip() for line in source.lines[2:6] if line.strip()]
    technique = f" ({shown(titles[0])})" if titles else ""
    return (
        f"no columns freq/Hz, Re(Z)/Ohm and -Im(Z)/Ohm in a file of EC-Lab{technique}, "
        "expected a measurement of impedance"
    )


BIOLOGIC_TEXT = Format("EC-Lab text", _recognises, _read)
