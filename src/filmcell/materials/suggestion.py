"""What could go between: interlayers and electrolytes ranked by evidence and by margin.

The order is stated with every answer: first what was tested (with this cathode and this
electrolyte, with one of them, not at all), then the worse of the two margins that are known, then
the resistance. A material without any known window ranks below those with a positive margin and
above those with a negative one.
"""

import math
from dataclasses import dataclass
from typing import Any

from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.materials.compatibility import (
    Evidence,
    Margin,
    Stack,
    lowest_potential,
    margins_of,
    range_of_use,
    tested,
)
from filmcell.materials.library import Library
from filmcell.materials.records import Material
from filmcell.materials.selection import Reading, read

THICKNESS = 10e-9
"""Thickness for which the resistance of an interlayer is told [m]."""

LIQUID_LIKE = ("polymer", "composite", "additive")
"""Families that are no films between a film and a film."""

ORDER = (
    "ranked by evidence (tested with both chemistries, with one of them, not at all), then by the "
    "worst margin known (unknown below positive, above negative), then by conductivity"
)
"""How the suggestions are ranked, in words."""


@dataclass(frozen=True)
class Suggestion:
    """A material for a place in a stack.

    Parameters
    ----------
    material : Material
        The material.
    level : int
        2 if tested with cathode and electrolyte, 1 with one of them, 0 not at all.
    margins : tuple of Margin
        Its windows against the electrodes it would touch.
    conductivity : Reading or None
        At room temperature.
    evidence : tuple of Evidence
        The cells.
    """

    material: Material
    level: int
    margins: tuple[Margin, ...]
    conductivity: Reading | None
    evidence: tuple[Evidence, ...]

    def margin(self, side: str, window: str) -> float:
        """Give the margin of the nearest statement.

        Parameters
        ----------
        side : str
            "oxidation" or "reduction".
        window : str
            One of `vocabulary.WINDOWS`.

        Returns
        -------
        float
            Margin [V]; nan where none is known.
        """
        known = [m for m in self.margins if m.side == side and m.window == window]
        own = [m.margin for m in known if not m.how] or [m.margin for m in known]
        return min(own, default=math.nan)

    @property
    def worst(self) -> float:
        """The least margin that is known [V]; nan if none is."""
        known = [self.margin(m.side, m.window) for m in self.margins]
        return min(known, default=math.nan)

    @property
    def resistance(self) -> float:
        """Area-specific resistance of 10 nm [ohm m2]; nan if the conductivity is not known."""
        return THICKNESS / self.conductivity.number if self.conductivity else math.nan

    def as_dict(self) -> dict[str, Any]:
        """Give the suggestion as plain data.

        Returns
        -------
        dict
            Material, level of evidence, margins, conductivity, cells and sources.
        """
        sides = {m.side for m in self.margins}
        return {
            "material": self.material.id, "name": self.material.name,
            "family": self.material.family, "evidence_level": self.level,
            "margins_V": {
                f"{side} {window}": _plain(self.margin(side, window))
                for side in sorted(sides)
                for window in ("dft_thermodynamic", "experimental_apparent")
            },
            "conductivity_S_per_m": self.conductivity.number if self.conductivity else None,
            "resistance_of_10_nm_ohm_m2": _plain(self.resistance),
            "cells": [
                {"cell": e.cell.name, "note": e.cell.note,
                 "results": [f"{v.word.label} {v}" for v in e.results]} for e in self.evidence
            ],
            "sources": sorted({
                *(m.value.citation for m in self.margins),
                *(v.citation for e in self.evidence for v in e.results),
                *([self.conductivity.value.citation] if self.conductivity else []),
            }),
        }  # fmt: skip


def _plain(number: float) -> float | None:
    """A number for JSON, which knows no nan."""
    return None if math.isnan(number) else number


def _sorted(found: list[Suggestion]) -> tuple[Suggestion, ...]:
    """Rank suggestions."""

    def key(s: Suggestion) -> tuple[float, ...]:
        unknown = math.isnan(s.worst)
        group = 1 if unknown else (0 if s.worst >= 0.0 else 2)
        sigma = s.conductivity.number if s.conductivity else 0.0
        return (-s.level, group, 0.0 if unknown else -s.worst, -sigma)

    return tuple(sorted(found, key=lambda s: (key(s), s.material.id)))


def suggest_interlayers(
    cathode: Material,
    electrolyte: Material,
    library: Library,
    *,
    potentials: tuple[float, float] | None = None,
) -> tuple[Suggestion, ...]:
    """Rank what could go between a cathode and an electrolyte.

    Parameters
    ----------
    cathode, electrolyte : Material
        What it would lie between.
    library : Library
        What is known.
    potentials : (float, float), optional
        Potentials between which the cathode is used [V]; that of the library if not given.

    Returns
    -------
    tuple of Suggestion
        The best first: interlayers, and electrolytes of another chemistry that can be films.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> known = library()
    >>> best = suggest_interlayers(known.material("nmc532-tan"), known.material("llto"), known)[0]
    >>> best.level
    2
    """
    high = _highest(cathode, library, potentials)
    return _sorted(
        [
            _suggestion(m, high, None, library, _between(m, cathode, electrolyte, library))
            for m in library.materials.values()
            if m.role in ("interlayer", "electrolyte")
            and m.chemistry != electrolyte.chemistry
            and (m.role == "interlayer" or m.family not in LIQUID_LIKE)
        ]
    )


def suggest_electrolytes(
    cathode: Material,
    anode: Material,
    library: Library,
    *,
    potentials: tuple[float, float] | None = None,
) -> tuple[Suggestion, ...]:
    """Rank the electrolytes for a pair of electrodes.

    Parameters
    ----------
    cathode, anode : Material
        The electrodes.
    library : Library
        What is known.
    potentials : (float, float), optional
        Potentials between which the cathode is used [V]; that of the library if not given.

    Returns
    -------
    tuple of Suggestion
        The best first.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> known = library()
    >>> found = suggest_electrolytes(known.material("lco"), known.material("lithium"), known)
    >>> len(found) > 10
    True
    """
    high, low = _highest(cathode, library, potentials), lowest_potential(anode)

    return _sorted(
        [
            _suggestion(m, high, low, library, _across(m, cathode, anode, library))
            for m in library.materials.values()
            if m.role == "electrolyte"
        ]
    )


def _highest(
    cathode: Material, library: Library, potentials: tuple[float, float] | None
) -> float | None:
    """Highest potential at which the cathode is used [V]."""
    return potentials[1] if potentials else range_of_use(cathode, library)[1]


def _suggestion(
    material: Material,
    high: float | None,
    low: float | None,
    library: Library,
    evidence: tuple[Evidence, ...],
) -> Suggestion:
    """Gather what is known of a material for a place."""
    margins: list[Margin] = []
    if high is not None:
        margins += margins_of(material, "oxidation", high, library)
    if low is not None:
        margins += margins_of(material, "reduction", low, library)
    level = max((e.nearness for e in evidence), default=0)
    conductivity = read(material, "conductivity", REFERENCE_TEMPERATURE)
    return Suggestion(material, level, tuple(margins), conductivity, evidence)


def _across(
    material: Material, cathode: Material, anode: Material, library: Library
) -> tuple[Evidence, ...]:
    """Cells with the chemistries of this electrolyte and this cathode."""
    near = tested(Stack(cathode, material, anode), library)
    return tuple(Evidence(e.cell, 2) for e in near if e.nearness == 3)


def _between(
    material: Material, cathode: Material, electrolyte: Material, library: Library
) -> tuple[Evidence, ...]:
    """Cells in which a material lay between the cathode, the electrolyte, or the like of them."""
    found = []
    for cell in library.cells.values():
        layer, *around = (
            library.materials.get(name)
            for name in (cell.interlayer, cell.cathode, cell.electrolyte)
        )
        if layer is not None and layer.chemistry == material.chemistry:
            level = sum(
                a is not None and a.chemistry == b.chemistry
                for a, b in zip(around, (cathode, electrolyte), strict=True)
            )
            found += [Evidence(cell, level)] if level else []
    return tuple(sorted(found, key=lambda e: (-e.nearness, e.cell.id)))
