"""The published values of a number of a cell: which of the library count, and how they spread.

A value counts if it is a plain number or a range, of an accepted kind and form, of the whole
material and found near the temperature that the cell's number belongs to. Limits ("below 1e-6")
and functions are not sampled. Every source weighs the same, however many values it states.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cathodes import Cathode
from filmcell.cell.cell import Cell
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.errors import InputError
from filmcell.materials.library import library
from filmcell.materials.records import Material, Value
from filmcell.materials.vocabulary import FORMS_OF_MATTER, KINDS

PROPERTIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cathode": ("diffusivity", "exchange_current_density"),
        "electrolyte": ("conductivity",),
        "interlayers": ("conductivity",),
        "anode": ("exchange_current_density",),
    }
)
"""Keys of a part that are sampled, which are also what the library calls the property."""

WHOLE = ("", "total")
"""Parts of a sample of which a value counts; not its grains or their boundaries alone."""

_RANGE = 9
"""Points, even over the logarithm, that stand for a range."""


@dataclass(frozen=True)
class Accepted:
    """Which published values count.

    Parameters
    ----------
    kinds : tuple of str
        Where a number may come from, of `vocabulary.KINDS`.
    forms : tuple of str
        Forms of matter, of `vocabulary.FORMS_OF_MATTER`.
    within : float
        How far from the temperature of the cell's number a value may have been found [K]; one
        that does not state it counts as found at 298.15 K.
    relatives : bool
        Whether other materials of the same chemistry and role count too, such as bulk beside film.
        LiPON then counts its crystals too, which conduct seven decades worse than the film.

    Raises
    ------
    InputError
        Where a kind or a form is none, or `within` is below zero.
    """

    kinds: tuple[str, ...] = ("measured",)
    forms: tuple[str, ...] = FORMS_OF_MATTER
    within: float = 15.0
    relatives: bool = False

    def __post_init__(self) -> None:
        """Check the words."""
        for name, known in (("kinds", KINDS), ("forms", FORMS_OF_MATTER)):
            for word in getattr(self, name):
                if word not in known:
                    raise InputError(
                        f'{name}: "{word}" is unknown, expected one of {", ".join(known)}'
                    )
        if not self.within >= 0.0:
            raise InputError(f"within: {self.within!r} K is not allowed, expected one from 0")

    def __str__(self) -> str:
        """Say it in words."""
        forms = "any form" if self.forms == FORMS_OF_MATTER else " or ".join(self.forms)
        whose = "the chemistry" if self.relatives else "the material"
        return (
            f"{' or '.join(self.kinds)} values of {whose}, {forms}, within {self.within:g} K or "
            "of unstated temperature"
        )

    def refusal(self, material: Material, value: Value, T: float) -> str:
        """Say why a value does not count for a number that belongs to T [K]; "" if it does."""
        low, high = value.temperature or (REFERENCE_TEMPERATURE, REFERENCE_TEMPERATURE)
        part = value.conditions.get("part", "")
        reasons = {
            "a function, not a number": not value.is_number,
            "a limit, not a value": value.bound in {"above", "below"},
            f"{value.kind}": value.kind not in self.kinds,
            f"of the form {material.form or 'unknown'}": material.form not in self.forms,
            f"of the {part} alone": part not in WHOLE,
            f"found farther than {self.within:g} K from {T:g} K": not (
                low - self.within <= T <= high + self.within
            ),
        }
        return next((why for why, holds in reasons.items() if holds), "")


@dataclass(frozen=True)
class AsPublished:
    """Draw the published values themselves and nothing between them: a bootstrap."""

    def quantile(self, points: Array, weights: Array, share: Array) -> Array:
        """Give the logarithms below which the shares (n,) lie, of points (p,) with weights (p,)."""
        edges = np.cumsum(weights) / weights.sum()
        # the last edge can miss 1 by a rounding
        return points[np.minimum(np.searchsorted(edges, share), len(points) - 1)]


@dataclass(frozen=True)
class LogKernel:
    """Draw from around the published values, normally spread over the logarithm.

    Parameters
    ----------
    width : float, optional
        Standard deviation around each value, as a factor above 1; Silverman's rule if not given.

    References
    ----------
    Silverman, Density Estimation (Chapman & Hall, 1986), eq. 3.31: 0.9 A n^(-1/5), A the lesser
    of the standard deviation and the interquartile range over 1.34; n counts sources.
    """

    width: float | None = None

    def __post_init__(self) -> None:
        """Check the width."""
        if self.width is not None and not 1.0 < self.width < np.inf:
            raise InputError(f"width: {self.width!r} is not allowed, expected a factor above 1")

    def quantile(self, points: Array, weights: Array, share: Array) -> Array:
        """Give the logarithms below which the shares (n,) lie, of points (p,) with weights (p,)."""
        from scipy.special import ndtr

        weight = weights / weights.sum()
        width = _silverman(points, weights) if self.width is None else np.log(self.width)
        grid = np.linspace(points.min() - 4.0 * width, points.max() + 4.0 * width, 2001)
        below = ndtr((grid[:, None] - points) / width) @ weight
        return np.interp(share, below, grid)


def _silverman(points: Array, weights: Array) -> float:
    """Bandwidth for sorted points; the weights of a source sum to one."""
    weight = weights / weights.sum()
    spread = float(np.sqrt(weight @ (points - weight @ points) ** 2))
    low, high = AsPublished().quantile(points, weights, np.array([0.25, 0.75]))
    least = min(spread, (high - low) / 1.34) if high > low else spread
    return float(0.9 * least * weights.sum() ** -0.2)


Draw = AsPublished | LogKernel


@dataclass(frozen=True, eq=False)
class Statement:
    """A published value that counts.

    Parameters
    ----------
    material : str
        Id of the material.
    value : Value
        What its source says.
    factor : float
        What turns it into the number of the cell [-].
    remark : str
        How, where it is not the number itself.
    """

    material: str
    value: Value
    factor: float = 1.0
    remark: str = ""

    @property
    def points(self) -> Array:
        """Logarithms of the number, or of points along a range, shape (p,)."""
        low, high = self.value.ends
        if high <= low:
            return np.log(np.array([low * self.factor]))
        return np.linspace(np.log(low * self.factor), np.log(high * self.factor), _RANGE)

    def __str__(self) -> str:
        """Write the value with its source."""
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.value} [{self.material}, {self.value.kind}]{remark}: {self.value.citation}"


@dataclass(frozen=True, eq=False)
class Published:
    """How published values spread: a `Spread` of a variable.

    Parameters
    ----------
    statements : tuple of Statement
        The values, two or more.
    draw : AsPublished or LogKernel
        How numbers are drawn from them.
    """

    statements: tuple[Statement, ...]
    draw: Draw = LogKernel()

    def at(self, share: Array) -> Array:
        """Give the numbers [SI] below which the shares (n,) from 0 to 1 lie."""
        each = Counter(s.value.source.key for s in self.statements)
        parts = [(s.points, each[s.value.source.key]) for s in self.statements]
        points = np.concatenate([x for x, _ in parts])
        weights = np.concatenate([np.full(len(x), 1.0 / (n * len(x))) for x, n in parts])
        order = np.argsort(points)
        share = np.asarray(share, dtype=float)
        return np.exp(self.draw.quantile(points[order], weights[order], share))


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the library says about a number of a cell.

    Parameters
    ----------
    key : str
        Dotted key of the cell.
    material : str
        Id of the material that the part's name stands for, "" where the library has none.
    statements : tuple of Statement
        Values that count.
    aside : mapping of str to str
        Values that do not, and why.
    """

    key: str
    material: str
    statements: tuple[Statement, ...]
    aside: Mapping[str, str]

    @property
    def why_fixed(self) -> str:
        """Say why the number stays as it is; "" where there are values enough to sample."""
        if not self.material:
            return "its part's name is no material of the library"
        count = len(self.statements)
        numbers = {float(x) for s in self.statements for x in s.points}
        if count >= 2 and len(numbers) > 1:
            return ""
        return (
            f"the library has {count} such value{'s' * (count != 1)} of {self.material}, "
            "expected 2 that differ"
        )


def sampled_keys(cell: Cell) -> Iterator[str]:
    """List the keys of a cell that the library may know several values of.

    Parameters
    ----------
    cell : Cell
        The cell.

    Yields
    ------
    str
        Dotted keys.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> list(sampled_keys(load_cell("wang2023-lco-lipon-li")))[:2]
    ['cathode.diffusivity', 'cathode.exchange_current_density']
    """
    for part, keys in PROPERTIES.items():
        held = getattr(cell, part)
        places = enumerate(held) if isinstance(held, tuple) else [("", held)]
        for place, layer in places:
            at = f"{part}.{place}" if isinstance(held, tuple) else part
            fields = getattr(type(layer), "__dataclass_fields__", {})
            yield from (f"{at}.{key}" for key in keys if key in fields)


def gather(
    cell: Cell,
    key: str,
    accepted: Accepted = Accepted(),
    material: str = "",
) -> Gathered:
    """Gather what the library says about a number of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key, one of `sampled_keys`.
    accepted : Accepted
        Which values count.
    material : str
        Name of the material; that of the part if not given.

    Returns
    -------
    Gathered
        The values, and those set aside.

    Raises
    ------
    InputError
        Where the key is not one that can be sampled, or the material that is named is unknown.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> found = gather(load_cell("wang2023-lco-lipon-li"), "electrolyte.conductivity")
    >>> found.material, len(found.statements)
    ('lipon', 2)
    """
    known = list(sampled_keys(cell))
    if key not in known:
        raise InputError(f"{key}: not sampled from the library, expected one of {', '.join(known)}")
    place, _, name = key.rpartition(".")
    part = _part(cell, place)
    named = library().material(material) if material else _named(part)
    if named is None:
        return Gathered(key, "", (), {})
    kept, aside = list[Statement](), dict[str, str]()
    for relative in _relatives(named, accepted):
        for value in relative.values.get(name, ()):
            why = accepted.refusal(relative, value, part.reference_temperature)
            if why:
                aside[f"{value} [{relative.id}]: {value.citation}"] = why
            else:
                kept.append(_statement(part, name, relative, value))
    return Gathered(key, named.id, tuple(kept), aside)


def _part(cell: Cell, place: str) -> Any:
    """Part of a cell at a dotted place."""
    word, _, number = place.partition(".")
    held = getattr(cell, word)
    return held[int(number)] if number else held


def _named(part: Any) -> Material | None:
    """Material that the name of a part stands for: of several, a film for what is no particle."""
    word = getattr(part, "name", "lithium").casefold()
    found = [
        m for m in library().materials.values()
        if word in {name.casefold() for name in (m.id, m.name, m.formula, *m.aliases)}
    ]  # fmt: skip
    films = [m for m in found if m.form == "film"]
    if films and getattr(part, "dimension", 0) == 0:
        return films[0]
    return library().material(word) if found else None


def _relatives(named: Material, accepted: Accepted) -> list[Material]:
    """The material itself, then others of its chemistry that are no stand-in for a family."""
    others = [
        m for m in library().materials.values()
        if m.chemistry == named.chemistry != "" and m.role == named.role
        and m.id != named.id and not m.generic
    ]  # fmt: skip
    return [named, *(others if accepted.relatives else [])]


def _statement(part: object, name: str, material: Material, value: Value) -> Statement:
    """Make a statement; sources tell i0 at a composition, where a cathode wants its prefactor."""
    if not isinstance(part, Cathode) or name != "exchange_current_density":
        return Statement(material.id, value)
    told = value.conditions.get("composition", "")
    try:
        x, how = float(told.removeprefix("x = ")), f"i0 at {told}, turned into the prefactor"
    except ValueError:
        x, how = 0.5, "i0 at an unstated x, read as x = 0.5 and turned into the prefactor"
    factor = x**-part.lithium_exponent * (1.0 - x) ** -part.vacancy_exponent
    return Statement(material.id, value, factor, how)
