"""What could go between: interlayers and electrolytes ranked by evidence and by margin.

The order is stated with every answer, see `ORDER`. The thermodynamic and the apparent window are
ranked one after the other and never merged, and what is unknown never ranks above what is known.
"""

import math
from dataclasses import dataclass
from typing import Any

from filmcell.arrays import finite_or_none
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
    "ranked by evidence (tested with this pair, with both chemistries, with one, not at all), then "
    "by the apparent margin (positive, negative, unknown), then by the thermodynamic one (in the "
    "same way, and its size), then by conductivity; that a sweep began at 0 V counts for nothing"
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
        3 if this very material was tested with this pair, 2 with both chemistries, 1 with one of
        them, 0 if not at all.
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

    def worst(self, window: str) -> float:
        """Give the least margin of a kind; that a sweep began at 0 V says nothing of reduction.

        Parameters
        ----------
        window : str
            One of `vocabulary.WINDOWS`.

        Returns
        -------
        float
            Margin [V]; nan where none is known.
        """
        sides = {m.side for m in self.margins if m.window == window and not m.nominal}
        return min((self.margin(side, window) for side in sides), default=math.nan)

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
                f"{side} {window}": finite_or_none(self.margin(side, window))
                for side in sorted(sides)
                for window in ("dft_thermodynamic", "experimental_apparent")
            },
            "conductivity_S_per_m": self.conductivity.number if self.conductivity else None,
            "resistance_of_10_nm_ohm_m2": finite_or_none(self.resistance),
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


def _sorted(found: list[Suggestion]) -> tuple[Suggestion, ...]:
    """Rank suggestions."""

    def key(s: Suggestion) -> tuple[float, ...]:
        apparent, thermodynamic = (
            s.worst(w) for w in ("experimental_apparent", "dft_thermodynamic")
        )
        sigma = s.conductivity.number if s.conductivity else 0.0
        least = 0.0 if math.isnan(thermodynamic) else -thermodynamic
        return (-s.level, _group(apparent), _group(thermodynamic), least, -sigma)

    return tuple(sorted(found, key=lambda s: (key(s), s.material.id)))


def _group(margin: float) -> int:
    """Positive before negative before unknown."""
    return 2 if math.isnan(margin) else int(margin < 0.0)


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
    3
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
    high, low = _highest(cathode, library, potentials), lowest_potential(anode)[0]

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
    """Cells with this electrolyte, or one alike, and the chemistry of the cathode."""
    found = []
    for e in tested(Stack(cathode, material, anode), library):
        used = library.materials[e.cell.electrolyte]
        if e.nearness == 3 and _alike(used, material):
            exact = used is material and e.cell.cathode == cathode.id
            found.append(Evidence(e.cell, 3 if exact else 2 if used is material else 1))
    return tuple(sorted(found, key=lambda e: (-e.nearness, e.cell.id)))


def _alike(a: Material, b: Material) -> bool:
    """Whether what was tested on one material is lent to another: its chemistry in its form."""
    return a is b or (a.chemistry == b.chemistry != "" and a.form == b.form)


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
        if layer is not None and _alike(layer, material):
            pairs = list(zip(around, (cathode, electrolyte), strict=True))
            level = sum(a is not None and a.chemistry == b.chemistry != "" for a, b in pairs)
            exact = layer is material and all(a is b for a, b in pairs)
            found += [Evidence(cell, 3 if exact else level)] if level else []
    return tuple(sorted(found, key=lambda e: (-e.nearness, e.cell.id)))
