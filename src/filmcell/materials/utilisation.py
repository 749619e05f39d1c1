"""How much of a cathode can be used: its capacity at rest between two potentials.

The open-circuit potential is inverted: charging takes lithium out until the potential first passes
the upper limit, discharging puts it back until it first falls below the lower one. Nothing is lost
to transport here, so this is the ceiling of what a cell can give. An electrolyte lowers it where it
is oxidised below the upper limit of use; by which window, is said with every number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq

from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.materials.compatibility import Margin, margins_of, range_of_use
from filmcell.materials.composition import lithium_count, molar_mass
from filmcell.materials.library import Library
from filmcell.materials.property import Property
from filmcell.materials.records import Material, Value
from filmcell.materials.vocabulary import WINDOWS

POINTS = 1001
"""Places in which a curve is looked at for the first that lies beyond a limit."""

_END = 1e-9  # an end of a curve this near 0 or 1 is the end of the lithium, not of the data


@dataclass(frozen=True, eq=False)
class Utilisable:
    """What a cathode gives between two potentials, at rest.

    Parameters
    ----------
    cathode : Material
        The cathode.
    potential : Value
        The open-circuit potential that was inverted.
    low, high : float
        The potentials [V].
    full, empty : float
        Lithiation fractions at the lower and at the upper potential [-].
    beyond : tuple of str
        One sentence for each potential that the curve does not reach.
    at_least : bool
        Whether the curve ends before the potential, and before the lithium does: the capacity is
        that within the curve, and the whole one may be greater.
    """

    cathode: Material
    potential: Value
    low: float
    high: float
    full: float
    empty: float
    beyond: tuple[str, ...] = ()
    at_least: bool = False

    @property
    def swing(self) -> float:
        """Lithiation fraction that goes in and out [-]."""
        return self.full - self.empty

    @cached_property
    def specific(self) -> float:
        """Capacity per mass of the lithiated cathode [C/kg]; nan without a formula."""
        return specific_capacity(self.cathode) * self.swing

    @property
    def sites(self) -> Value | None:
        """Maximum concentration of the same material, that of the potential's source if any."""
        known = self.cathode.values.get("maximum_concentration", ())
        own = [v for v in known if v.source is self.potential.source]
        return next(iter((*own, *known)), None)

    @property
    def volumetric(self) -> float:
        """Capacity per volume [C/m3]; nan where no maximum concentration is known."""
        return F * self.sites.number * self.swing if self.sites else math.nan

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data, with sources.

        Returns
        -------
        dict
            Potentials, lithiation fractions, capacities, what the curve does not reach, sources.
        """
        return {
            "low_V": self.low, "high_V": self.high, "x_full": self.full, "x_empty": self.empty,
            "capacity_C_per_kg": _plain(self.specific),
            "capacity_C_per_m3": _plain(self.volumetric),
            "at_least": self.at_least, "beyond": list(self.beyond),
            "potential_source": self.potential.citation,
            "concentration_source": self.sites.citation if self.sites else None,
        }  # fmt: skip


def _plain(number: float) -> float | None:
    """A number for JSON, which knows no nan."""
    return number if math.isfinite(number) else None


def specific_capacity(cathode: Material) -> float:
    """Capacity of all the lithium that goes in and out, per mass of the lithiated material.

    Parameters
    ----------
    cathode : Material
        The cathode.

    Returns
    -------
    float
        Capacity from x = 0 to x = 1 [C/kg]; nan without a formula.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> round(specific_capacity(library().material("lco-film")) / 3600, 1), "mAh/g"
    (273.8, 'mAh/g')
    """
    if not cathode.formula:
        return math.nan
    inserted = cathode.best("inserted_lithium")
    count = inserted.number if inserted else lithium_count(cathode.formula)
    return F * count / molar_mass(cathode.formula)


def curve_of(cathode: Material) -> Value | None:
    """Find the open-circuit potential over the lithiation fraction that ranks first.

    Parameters
    ----------
    cathode : Material
        The cathode.

    Returns
    -------
    Value or None
        The potential; None where no source gives a curve.
    """
    return next((v for v in cathode.values.get("potential", ())
                 if isinstance(v.given, Property) and v.given.argument == "x"), None)  # fmt: skip


def usable(
    cathode: Material, low: float | None, high: float | None, *, potential: Value | None = None
) -> Utilisable:
    """Tell how much of a cathode can be used between two potentials.

    Parameters
    ----------
    cathode : Material
        The cathode.
    low, high : float or None
        Potentials against lithium [V]; the end of the curve where None.
    potential : Value, optional
        The potential curve; the first of the cathode if not given.

    Returns
    -------
    Utilisable
        Lithiation fractions and capacities.

    Raises
    ------
    InputError
        Where no curve is known, or the potentials do not rise.

    Examples
    --------
    At 4.2 V 0.5488 of the lithium is left, of a formula unit of 97.87 g/mol:

    >>> from filmcell.materials.library import library
    >>> found = usable(library().material("lco-film"), 2.7, 4.2)
    >>> round(found.swing, 3), round(found.specific / 3600, 1), "mAh/g"
    (0.451, 123.6, 'mAh/g')
    >>> round(found.volumetric * 1e-6 / 3.6e4, 4), "mAh/cm2 per um"
    (0.0627, 'mAh/cm2 per um')
    >>> found.beyond
    ('2.7 V is below the curve, which ends at 3.31 V and x = 1',)
    """
    chosen = potential or curve_of(cathode)
    if chosen is None or not isinstance(chosen.given, Property):
        raise InputError(
            f"{cathode.id}: no open-circuit potential over x is known, expected a cathode with one"
        )
    U = chosen.given
    ends = float(U(U.high)), float(U(U.low))
    low, high = (end if V is None else V for V, end in zip((low, high), ends, strict=True))
    if not low < high:
        raise InputError(
            f"{cathode.id}: {low:.4g} to {high:.4g} V does not rise, expected the lower end first"
        )
    return _between(cathode, chosen, U, low, high)


def _between(cathode: Material, value: Value, U: Property, low: float, high: float) -> Utilisable:
    """Follow the curve down in x to the upper limit and back up to the lower one."""
    out = _first(U, U.high, U.low, high, 1.0)
    empty = U.low if out is None else out
    # where even the lithiated end lies above the upper limit, nothing of the curve can be used
    back = None if empty == U.high else _first(U, empty, U.high, low, -1.0)
    full = U.high if back is None else back
    beyond, at_least = [], False
    if back is None and float(U(U.high)) > low:
        beyond.append(_beyond(low, "below", float(U(U.high)), U.high))
        at_least = 1.0 - U.high > _END
    if out is None and float(U(U.low)) < high:
        beyond.append(_beyond(high, "above", float(U(U.low)), U.low))
        at_least = at_least or U.low > _END
    return Utilisable(cathode, value, low, high, full, empty, tuple(beyond), at_least)


def _beyond(V: float, side: str, end: float, x: float) -> str:
    """Say that a curve does not reach a potential."""
    return f"{V:.4g} V is {side} the curve, which ends at {end:.4g} V and x = {x:.4g}"


def _first(U: Property, start: float, end: float, V: float, sign: float) -> float | None:
    """Where U first passes V on the way from one lithiation to another; None if nowhere.

    Passing is rising above V where the sign is +1, falling below it where it is -1.
    """
    x = np.linspace(start, end, POINTS)
    past = sign * (U(x) - V) > 0.0
    if not past.any():
        return None
    k = int(np.argmax(past))
    if k == 0:
        return start
    return float(brentq(lambda at: float(U(at)) - V, x[k - 1], x[k], xtol=1e-12))


@dataclass(frozen=True, eq=False)
class Pairing:
    """A cathode beside an electrolyte, as one kind of window sees it.

    Parameters
    ----------
    cathode : Material
        The cathode.
    electrolyte : Material or None
        The electrolyte; None for the cathode alone, within its range of use.
    window : str
        One of `vocabulary.WINDOWS`, or nothing for the cathode alone.
    limit : Margin or None
        The oxidation limit of the electrolyte against the upper limit of use; None if unknown.
    use : Utilisable or None
        What can be used; None where neither limit is known.
    range_from : str
        Where the range of use was read.
    """

    cathode: Material
    electrolyte: Material | None
    window: str
    limit: Margin | None
    use: Utilisable | None
    range_from: str

    @property
    def limited(self) -> bool:
        """Whether the oxidation limit of the electrolyte cuts the capacity."""
        if self.limit is None or self.use is None or self.use.high != self.limit.limit:
            return False
        curve = self.use.potential.given  # a limit above its whole range cuts nothing
        return isinstance(curve, Property) and self.use.empty > curve.low

    @property
    def sign(self) -> str:
        """Nothing, ">" or "<" where the capacity is at least or at most that, "~" where both."""
        more = self.use is not None and self.use.at_least
        bound = self.limit.bound if self.limit else ""
        if bound == "<":
            return "~" if more else "<"
        return ">" if more or (bound and self.limited) else ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data, with sources.

        Returns
        -------
        dict
            Names, the window, its limit and capacities.
        """
        limit = self.limit
        return {
            "cathode": self.cathode.id,
            "electrolyte": self.electrolyte.id if self.electrolyte else None,
            "window": self.window or None,
            "oxidation_limit_V": limit.limit if limit else None,
            "limit_of": (limit.how or "the material") if limit else None,
            "limit_source": limit.value.citation if limit else None,
            "limited_by_electrolyte": self.limited,
            "range_source": self.range_from,
            "sign": self.sign,
            **(self.use.as_dict() if self.use else {}),
        }


def oxidation_limit(
    electrolyte: Material, window: str, library: Library, *, potential: float = 0.0
) -> Margin | None:
    """Find the oxidation limit of an electrolyte: the least among the nearest statements.

    Parameters
    ----------
    electrolyte : Material
        The electrolyte.
    window : str
        One of `vocabulary.WINDOWS`.
    library : Library
        What is known.
    potential : float
        Potential to hold it against [V].

    Returns
    -------
    Margin or None
        The statement, of the material itself, else of its chemistry, else of its family; None
        where there is none.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> known = library()
    >>> oxidation_limit(known.material("llto"), "dft_thermodynamic", known).limit
    3.71
    """
    known = [m for m in margins_of(electrolyte, "oxidation", potential, library)
             if m.window == window]  # fmt: skip
    nearest = [m for m in known if _circle(m) == _circle(known[0])]
    return min(nearest, key=lambda m: m.limit, default=None)


def _circle(margin: Margin) -> str:
    """Of what a window is: nothing for the material itself, its chemistry or its family."""
    return margin.how.rpartition(", ")[2]


def pair(cathode: Material, electrolyte: Material | None, window: str, library: Library) -> Pairing:
    """Tell how much of a cathode can be used with an electrolyte.

    Parameters
    ----------
    cathode : Material
        The cathode; its range of use is that of the library.
    electrolyte : Material or None
        The electrolyte; None for the cathode alone.
    window : str
        Which window of the electrolyte, one of `vocabulary.WINDOWS`.
    library : Library
        What is known.

    Returns
    -------
    Pairing
        The capacity from the lower limit of use to the lower of the two upper limits.

    Raises
    ------
    InputError
        Where no open-circuit potential of the cathode is known.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> known = library()
    >>> found = pair(known.material("lco-film"), known.material("llto"), WINDOWS[0], known)
    >>> found.limited, round(found.use.specific / 3600, 1)
    (True, 2.8)
    """
    low, high, where = range_of_use(cathode, library)
    limit = oxidation_limit(electrolyte, window, library, potential=high or 0.0) \
        if electrolyte else None  # fmt: skip
    tops = [V for V in (high, limit.limit if limit else None) if V is not None and math.isfinite(V)]
    if not tops or (electrolyte is not None and limit is None):
        return Pairing(cathode, electrolyte, window, limit, None, where)
    return Pairing(cathode, electrolyte, window, limit, _capped(cathode, low, min(tops)), where)


def _capped(cathode: Material, low: float | None, high: float) -> Utilisable:
    """Capacity up to a potential: nothing where that is below the range of use."""
    value = curve_of(cathode)
    if value is None or not isinstance(value.given, Property):
        return usable(cathode, low, high)  # which refuses it in words
    end = value.given.high
    bottom = low if low is not None and math.isfinite(low) else float(value.given(end))
    if high <= bottom:
        return Utilisable(cathode, value, bottom, high, end, end)
    return usable(cathode, bottom, high, potential=value)


def pairings(
    library: Library, cathodes: Sequence[Material] = (), electrolytes: Sequence[Material] = ()
) -> tuple[Pairing, ...]:
    """Pair cathodes with electrolytes, by either window, and each cathode alone.

    Parameters
    ----------
    library : Library
        What is known.
    cathodes, electrolytes : sequence of Material
        What to pair; if empty, all cathodes with a formula and a potential curve, and all
        electrolytes of which an oxidation limit is known, not only of their chemistry or family.

    Returns
    -------
    tuple of Pairing
        Each cathode alone, then with each electrolyte by both windows.
    """
    every = library.materials.values()
    rows = cathodes or [m for m in every if m.role == "cathode" and m.formula and curve_of(m)]
    columns = electrolytes or [
        m for m in every if m.role == "electrolyte" and _has_own_limit(m, library)
    ]
    return tuple(
        pair(cathode, electrolyte, window, library)
        for cathode in rows
        for electrolyte, window in [(None, ""), *((e, w) for e in columns for w in WINDOWS)]
    )


def _has_own_limit(electrolyte: Material, library: Library) -> bool:
    """Whether an oxidation limit is known of a material, not only of its chemistry or family."""
    return any(not m.how for m in margins_of(electrolyte, "oxidation", 0.0, library))
