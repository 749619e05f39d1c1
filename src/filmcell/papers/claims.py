"""Claims of a paper, what was calibrated, and a report that says how far each is met."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

REPRODUCED = "reproduced"
MISSED = "missed"
FITS_NO_READING = "fits no reading"
CONTRADICTED = "contradicts itself"
CALIBRATED_TO = "calibrated to it"


@dataclass(frozen=True)
class Claim:
    """One number of a paper beside ours.

    Parameters
    ----------
    id : str
        Name of the claim, unique in its report.
    what : str
        What the number is.
    where : str
        Where the paper has it.
    unit : str
        Unit of both numbers.
    paper, ours : float
        The two numbers.
    allowed : float
        Relative error up to which the claim counts as reproduced [-].
    set_aside : str
        A verdict given for a reason that `note` states, instead of one by the error.
    note : str
        What a reader should know.

    Examples
    --------
    >>> claim = Claim("Q", "capacity", "Table 1", "mAh", 0.5, 0.52, 0.1)
    >>> round(claim.rel_error, 3), claim.verdict
    (0.04, 'reproduced')
    """

    id: str
    what: str
    where: str
    unit: str
    paper: float
    ours: float
    allowed: float
    set_aside: str = ""
    note: str = ""

    @property
    def rel_error(self) -> float:
        """Ours over the paper's, minus one [-]."""
        return self.ours / self.paper - 1.0

    @property
    def verdict(self) -> str:
        """Whether the error is allowed, or why the claim was set aside."""
        if self.set_aside:
            return self.set_aside
        return REPRODUCED if abs(self.rel_error) <= self.allowed else MISSED

    def as_dict(self) -> dict[str, Any]:
        """Give the claim as plain data."""
        return {
            "id": self.id,
            "what": self.what,
            "where": self.where,
            "unit": self.unit,
            "paper": self.paper,
            "ours": self.ours,
            "rel_error": self.rel_error,
            "verdict": self.verdict,
            "note": self.note,
        }


@dataclass(frozen=True)
class Calibrated:
    """A number that was adjusted to the paper.

    Parameters
    ----------
    name : str
        Key of the cell or of the protocol.
    value : float
        What came out [unit].
    unit : str
        SI unit.
    low, high : float
        Bounds within which it was looked for [unit].
    how : str
        How it was found.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    how: str


@dataclass(frozen=True)
class Listing:
    """A table that is printed with a reading; its numbers stand in the summary as well.

    Parameters
    ----------
    title : str
        What it shows.
    heads : tuple of str
        Heads of the columns.
    rows : tuple of tuple of str
        Cells, a row each.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reading:
    """A way to read the paper: claims under stated settings.

    Parameters
    ----------
    name : str
        What is assumed.
    claims : tuple of Claim
        The claims.
    calibrated : tuple of Calibrated
        What was adjusted, at most two.
    summary : dict of str to float
        Figures over all claims.
    lines : tuple of str
        The summary in words, for the screen.
    listings : tuple of Listing
        Further tables, for the screen.
    """

    name: str
    claims: tuple[Claim, ...]
    calibrated: tuple[Calibrated, ...]
    summary: dict[str, float]
    lines: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the reading as plain data."""
        return {
            "name": self.name,
            "claims": [c.as_dict() for c in self.claims],
            "calibrated": [asdict(c) for c in self.calibrated],
            "summary": self.summary,
        }


@dataclass(frozen=True)
class Report:
    """What became of a paper's claims.

    Parameters
    ----------
    paper : str
        Citation.
    doi : str
        DOI.
    readings : tuple of Reading
        The first is the one to cite.
    origins : dict of str to str
        Number or setting to where it comes from: published, assumed, computed or calibrated.
    notes : tuple of str
        What a reader must know.
    """

    paper: str
    doi: str
    readings: tuple[Reading, ...]
    origins: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain data; the first reading stands at the top level."""
        first = self.readings[0].as_dict()
        return {
            "paper": self.paper,
            "doi": self.doi,
            "reading": first["name"],
            "claims": first["claims"],
            "calibrated": first["calibrated"],
            "summary": first["summary"],
            "other_readings": [r.as_dict() for r in self.readings[1:]],
            "origins": self.origins,
            "notes": list(self.notes),
        }


def tally(claims: Sequence[Claim]) -> dict[str, float]:
    """Count the claims by verdict.

    Parameters
    ----------
    claims : sequence of Claim
        Claims of a reading.

    Returns
    -------
    dict of str to float
        "claims" to their number, and each verdict to how many have it; reproduced always there.

    Examples
    --------
    >>> claim = Claim("Q", "capacity", "Table 1", "mAh", 0.5, 0.52, 0.1)
    >>> tally([claim])
    {'claims': 1.0, 'reproduced': 1.0}
    """
    counts = {"claims": float(len(claims)), REPRODUCED: 0.0}
    for claim in claims:
        counts[claim.verdict] = counts.get(claim.verdict, 0.0) + 1.0
    return counts


def told(claims: Sequence[Claim]) -> str:
    """Say how many claims are reproduced, and which are not.

    Parameters
    ----------
    claims : sequence of Claim
        Claims of a reading.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> told([Claim("Q", "capacity", "Table 1", "mAh", 0.5, 0.6, 0.1)])
    '0 of 1 claims reproduced; missed: Q'
    """
    counts = tally(claims)
    others = [
        f"{verdict}: {', '.join(c.id for c in claims if c.verdict == verdict)}"
        for verdict in counts
        if verdict not in {"claims", REPRODUCED}
    ]
    done = f"{counts[REPRODUCED]:.0f} of {len(claims)} claims reproduced"
    return "; ".join([done, *others])


def root_mean_square(values: Sequence[float]) -> float:
    """Root mean square.

    Parameters
    ----------
    values : sequence of float
        Numbers, at least one.

    Returns
    -------
    float
        Square root of the mean of their squares.

    Examples
    --------
    >>> root_mean_square([3.0, -4.0, 0.0, 0.0])
    2.5
    """
    return math.sqrt(sum(v * v for v in values) / len(values))
