"""Which column holds what: objects that a user passes where a file does not say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from filmcell.errors import InputError
from filmcell.impedance.readers.headings import Meaning, Unit, meaning, unit_named
from filmcell.units import shown

_SI = {"frequency": Unit("frequency", 1.0), "impedance": Unit("impedance", 1.0)}
_EXAMPLES = {"frequency": "Hz", "impedance": "ohm", "angle": "deg"}


@dataclass(frozen=True)
class Column:
    """A column and its unit.

    Parameters
    ----------
    at : int or str
        Its place, counted from 0, or its heading.
    unit : str
        Its unit, such as "kHz", "mohm", "ohm cm2" or "deg"; "" for Hz and ohm.

    Raises
    ------
    InputError
        Where the place is below 0 or the unit is not known.

    Examples
    --------
    >>> Column(0, "kHz").unit
    'kHz'
    >>> Column(2, "S")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: unit "S" of a column is not known, expected one such as "ohm"
    """

    at: int | str
    unit: str = ""
    sign: ClassVar[float] = 1.0

    def __post_init__(self) -> None:
        """Check place and unit."""
        if isinstance(self.at, bool) or not isinstance(self.at, int | str):
            raise InputError(f"{shown(self.at)} is not a column, expected its place or heading")
        if isinstance(self.at, int) and self.at < 0:
            raise InputError(f"column {self.at} is not there, expected a place from 0 on")
        if self.unit and unit_named(self.unit) is None:
            raise InputError(
                f'unit {shown(self.unit)} of a column is not known, expected one such as "ohm"'
            )

    def place(self, names: Sequence[str]) -> int:
        """Place of the column among headings, counted from 0."""
        if isinstance(self.at, int):
            return self.at
        plain = [name.strip().strip('"') for name in names]
        if plain.count(self.at.strip()) != 1:
            given = ", ".join(shown(name) for name in plain if name) or "none"
            times = "no" if self.at not in plain else "more than one"
            raise InputError(f"{times} column {shown(self.at)}, its headings are {given}")
        return plain.index(self.at.strip())

    def unit_of(self, quantity: str) -> Unit:
        """Unit of the column; raises `InputError` where it is one of something else."""
        unit = unit_named(self.unit) if self.unit else _SI.get(quantity)
        if unit is None or unit.quantity != quantity:
            example = _EXAMPLES[quantity]
            raise InputError(
                f"column {shown(self.at)}: unit {shown(self.unit)} is none of {quantity}, "
                f'expected one such as "{example}"'
            )
        return unit


@dataclass(frozen=True)
class Minus(Column):
    """A column that holds minus the quantity, such as -Im(Z).

    Parameters
    ----------
    at : int or str
        Its place, counted from 0, or its heading.
    unit : str
        Its unit; "" for Hz and ohm.

    Examples
    --------
    >>> Minus(2).sign
    -1.0
    """

    sign: ClassVar[float] = -1.0


@dataclass(frozen=True)
class Columns:
    """The columns of frequency, real and imaginary part.

    Parameters
    ----------
    frequency : Column, int or str
        Frequency [Hz] where no unit is given.
    real : Column, int or str
        Real part [ohm].
    imaginary : Column, int or str
        Imaginary part [ohm]; `Minus` where the file holds -Im(Z).

    Raises
    ------
    InputError
        Where a unit is of something else, or one column is named twice.

    Examples
    --------
    >>> Columns(0, 1, Minus(2)).imaginary
    Minus(at=2, unit='')
    """

    frequency: Column | int | str
    real: Column | int | str
    imaginary: Column | int | str
    quantities: ClassVar[tuple[str, str, str]] = ("frequency", "impedance", "impedance")

    def __post_init__(self) -> None:
        """Turn places and headings into columns, and check their units."""
        _check(self)

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """Its three columns."""
        return _three(self)


@dataclass(frozen=True)
class Polar:
    """The columns of frequency, modulus and phase.

    Parameters
    ----------
    frequency : Column, int or str
        Frequency [Hz] where no unit is given.
    modulus : Column, int or str
        Modulus of the impedance [ohm].
    phase : Column
        Its phase, with its unit; `Minus` where the file holds minus the phase.

    Raises
    ------
    InputError
        Where a unit is missing or of something else, or one column is named twice.

    Examples
    --------
    >>> Polar(0, 1, Column(2, "deg")).phase.unit
    'deg'
    """

    frequency: Column | int | str
    modulus: Column | int | str
    phase: Column | int | str
    quantities: ClassVar[tuple[str, str, str]] = ("frequency", "impedance", "angle")

    def __post_init__(self) -> None:
        """Turn places and headings into columns, and check their units."""
        _check(self)

    @property
    def columns(self) -> tuple[Column, Column, Column]:
        """Its three columns."""
        return _three(self)


Choice = Columns | Polar


def _three(choice: Choice) -> tuple[Column, Column, Column]:
    """Columns of a choice in their order."""
    first, second, third = vars(choice).values()
    return first, second, third


def _check(choice: Choice) -> None:
    """Put columns in the place of numbers and headings; refuse what cannot be."""
    for name, value in vars(choice).items():
        object.__setattr__(choice, name, value if isinstance(value, Column) else Column(value))
    for column, quantity in zip(_three(choice), choice.quantities, strict=True):
        column.unit_of(quantity)
    places = [column.at for column in _three(choice)]
    if len(set(places)) < len(places):
        raise InputError(f"columns {places[0]}, {places[1]} and {places[2]}: expected three")


@dataclass(frozen=True)
class Located:
    """Columns found by their headings, in SI units.

    Parameters
    ----------
    places : tuple of int
        Places of frequency and of the two parts of the impedance.
    factors : tuple of float
        What each is multiplied with to be in Hz, ohm (or ohm m2) and radian, with its sign.
    polar : bool
        Whether the two parts are modulus and phase.
    per_area : bool
        Whether the impedance is one times area [ohm m2].
    modulus : int or None
        Place of a modulus beside real and imaginary part, to hold them against.
    modulus_factor : float
        What it is multiplied with.
    """

    places: tuple[int, int, int]
    factors: tuple[float, float, float]
    polar: bool
    per_area: bool
    modulus: int | None = None
    modulus_factor: float = 1.0


def chosen(choice: Choice, names: Sequence[str]) -> Located:
    """Find the columns that a user names.

    Parameters
    ----------
    choice : Columns or Polar
        What the user says.
    names : sequence of str
        Headings of the columns; () where there are none.

    Returns
    -------
    Located
        Their places and factors.

    Raises
    ------
    InputError
        Where there is no such heading.

    Examples
    --------
    >>> chosen(Columns("f", "re", Minus("nim")), ("f", "re", "nim")).factors
    (1.0, 1.0, -1.0)
    """
    columns = choice.columns
    units = [c.unit_of(q) for c, q in zip(columns, choice.quantities, strict=True)]
    first, second, third = (c.place(names) for c in columns)
    f, a, b = (c.sign * u.factor for c, u in zip(columns, units, strict=True))
    per_area = {u.per_area for u in units if u.quantity == "impedance"}
    if len(per_area) > 1:
        raise InputError("one part is in ohm, the other times area, expected both alike")
    return Located((first, second, third), (f, a, b), isinstance(choice, Polar), per_area.pop())


def located(
    names: Sequence[str], units: Sequence[str] = (), *, assume: bool = False
) -> Located | None:
    """Find the columns by their headings.

    Parameters
    ----------
    names : sequence of str
        Headings of the columns.
    units : sequence of str
        Units below the headings, where they stand in a row of their own.
    assume : bool
        Whether the format is known to be in Hz and ohm where a heading has no unit.

    Returns
    -------
    Located or None
        Their places and factors; None where the headings are none of a spectrum.

    Raises
    ------
    InputError
        Where two columns could be the same part, or a unit is not stated.

    Examples
    --------
    >>> located(("freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm")).factors
    (1.0, 1.0, -1.0)
    >>> located(("f", "re", "im"))
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: heading "f" has no unit, expected one such as "f/Hz", or \
columns=Columns("f", "re", "im") if it is Hz and ohm
    """
    found = _parts(names, units)
    polar = not {"real", "imaginary"} <= found.keys()
    wanted = ("frequency", "modulus", "phase") if polar else ("frequency", "real", "imaginary")
    if not set(wanted) <= found.keys():
        return None
    for part in wanted:
        if len(found[part]) > 1:
            given = " and ".join(shown(names[k]) for k, _ in found[part])
            raise InputError(f"{given} may both be the {part}, expected columns=Columns(...)")
    three = tuple(found[part][0] for part in wanted)
    factors = tuple(_factor(names, three, k, assume=assume) for k in range(3))
    areas = {
        m.unit is not None and m.unit.per_area for _, m in (three[1:2] if polar else three[1:])
    }
    if len(areas) > 1:
        raise InputError("one part is in ohm, the other times area, expected both alike")
    modulus = found.get("modulus", []) if not polar else []
    held = modulus[0] if len(modulus) == 1 and modulus[0][1].unit else None
    places = (three[0][0], three[1][0], three[2][0])
    return Located(
        places, (factors[0], factors[1], factors[2]), polar, areas.pop(),
        held[0] if held else None, held[1].unit.factor if held and held[1].unit else 1.0,
    )  # fmt: skip


Place = tuple[int, Meaning]


def _parts(names: Sequence[str], units: Sequence[str]) -> dict[str, list[Place]]:
    """Places and meanings of the columns that are parts of a spectrum."""
    found: dict[str, list[Place]] = {}
    for k, name in enumerate(names):
        said = meaning(name)
        if said is None:
            continue
        if said.unit is None and k < len(units) and units[k].strip():
            said = meaning(f"{name.strip()} [{units[k].strip()}]") or said
        found.setdefault(said.part, []).append((k, said))
    return found


def _factor(names: Sequence[str], three: Sequence[Place], k: int, *, assume: bool) -> float:
    """What a column is multiplied with; refuse one whose unit is not known."""
    said = three[k][1]
    sign = -1.0 if said.turned else 1.0
    if said.unit is not None:
        return sign * said.unit.factor
    if assume and said.part != "phase":
        return sign
    given = [shown(names[at].strip().strip('"')) for at, _ in three]
    example = "deg" if said.part == "phase" else "Hz" if k == 0 else "ohm"
    raise InputError(
        f'heading {given[k]} has no unit, expected one such as "{given[k][1:-1]}/{example}", '
        f"or columns={_suggested(given, three)}"
    )


def _suggested(given: Sequence[str], three: Sequence[Place]) -> str:
    """What a user may pass for columns whose units are not stated."""
    f, a, b = (f"Minus({g})" if m.turned else g for g, (_, m) in zip(given, three, strict=True))
    if three[2][1].part != "phase":
        return f"Columns({f}, {a}, {b}) if it is Hz and ohm"
    phase = f'{"Minus" if three[2][1].turned else "Column"}({given[2]}, "deg")'
    return f"Polar({f}, {a}, {phase}) if it is Hz, ohm and degrees"
