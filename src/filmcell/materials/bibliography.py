"""Who said it: the sources behind materials, counted, as text and as BibTeX; and the statistics."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from filmcell.materials.library import Library
from filmcell.materials.records import Record, Source, Value


def values_of(records: Iterable[Record]) -> tuple[Value, ...]:
    """Gather all values of some records.

    Parameters
    ----------
    records : iterable of Record
        Materials, interfaces or cells.

    Returns
    -------
    tuple of Value
        Their values.
    """
    return tuple(v for r in records for found in r.values.values() for v in found)


def cite(records: Iterable[Record]) -> tuple[tuple[Source, int], ...]:
    """List the sources of records, and how many values come from each.

    Parameters
    ----------
    records : iterable of Record
        Materials, interfaces or cells.

    Returns
    -------
    tuple of (Source, int)
        Those that found or told a value, the most cited first.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> "yu1997" in [source.key for source, _ in cite([library().material("lipon")])]
    True
    """
    counts = Counter[str]()
    sources: dict[str, Source] = {}
    for value in values_of(records):
        for source in (value.source, value.via):
            if source is not None:
                counts[source.key] += 1
                sources[source.key] = source
    return tuple(
        (sources[key], n) for key, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    )


def bibtex(sources: Sequence[Source]) -> str:
    """Write sources as BibTeX; the reference stands whole in one field.

    Parameters
    ----------
    sources : sequence of Source
        What to write.

    Returns
    -------
    str
        One entry a source.

    Examples
    --------
    >>> print(bibtex([Source("yu1997", "X. Yu et al., J. Films 1, 2 (1997)", "10.1/2")]))
    @misc{yu1997,
      howpublished = {X. Yu et al., J. Films 1, 2 (1997)},
      doi = {10.1/2},
    }
    """
    return "\n\n".join(_entry(source) for source in sources)


def _entry(source: Source) -> str:
    """One source as BibTeX."""
    key = "".join(c for c in source.key if c.isalnum() or c in "-_.:")
    fields = {"howpublished": source.text, "doi": source.doi, "note": source.note}
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def statistics(library: Library) -> dict[str, Any]:
    """Count what the library holds.

    Parameters
    ----------
    library : Library
        What to count.

    Returns
    -------
    dict
        materials, how many of them have values, values, sources, and the values by kind,
        materials by role and family, interfaces, tested cells and doubts found by reading.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> statistics(library())["materials"] >= 60
    True
    """
    values = values_of(library.records)
    materials = library.materials.values()
    return {
        "materials": len(library.materials),
        "materials_with_values": sum(m.count > 0 for m in materials),
        "values": len(values),
        "sources": len({s.key for v in values for s in (v.source, v.via) if s}),
        "second_hand": sum(v.via is not None for v in values),
        "interfaces": len(library.interfaces),
        "cells": len(library.cells),
        "doubts": len(library.doubts),
        "by_kind": dict(Counter(v.kind for v in values).most_common()),
        "by_role": dict(Counter(m.role for m in materials).most_common()),
        "by_family": dict(Counter(m.family for m in materials).most_common()),
        "refused": list(library.refused),
    }
