"""What stands above a table: words for the provenance, and remarks on sizes that are not used."""

import re
from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 120


def words_after(lines: Iterable[str], patterns: Mapping[str, str]) -> dict[str, str]:
    """Find the first line of a head that matches each pattern.

    Parameters
    ----------
    lines : iterable of str
        Lines of the head.
    patterns : mapping of str to str
        Regular expression with one group for each word of the provenance.

    Returns
    -------
    dict of str to str
        What the groups hold, for those that were found.

    Examples
    --------
    >>> words_after(["Device : SP-300 (SN 1)"], {"instrument": r"Device : (.*)"})
    {'instrument': 'SP-300 (SN 1)'}
    """
    found: dict[str, str] = {}
    for line in lines:
        for key, pattern in patterns.items():
            match = re.match(pattern, line.strip()[:1000]) if key not in found else None
            if match and match[1].strip():
                found[key] = match[1].strip()[:_LONGEST]
    return found


def area_remark(area: str, defaults: Sequence[str] = ()) -> dict[str, str]:
    """Remark on an area that a head states, which is not used.

    Parameters
    ----------
    area : str
        The area with its unit, "" where there is none.
    defaults : sequence of str
        Areas that the program fills in when nobody says one.

    Returns
    -------
    dict of str to str
        The remark for the provenance; empty without an area.

    Examples
    --------
    >>> area_remark("0.001 cm2", ["0.001 cm2"])
    {'remark': 'header area 0.001 cm2 is a default, not your cell: not used'}
    """
    if not area:
        return {}
    kind = "is a default, not your cell: not used" if area in defaults else "is not used"
    return {"remark": f"header area {area} {kind}"}


def missing_rows(stated: str, found: int) -> tuple[str, ...]:
    """Sentence where a head states another number of points than there are rows.

    Parameters
    ----------
    stated : str
        Number that the head states, "" where there is none.
    found : int
        Rows that were found.

    Returns
    -------
    tuple of str
        The sentence, or nothing.

    Examples
    --------
    >>> missing_rows("56", 40)
    ('the head states 56 points, 40 rows were found',)
    """
    if not stated.isdigit() or int(stated) == found:
        return ()
    return (f"the head states {int(stated)} points, {found} rows were found",)
