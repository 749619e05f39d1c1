"""Find and compare materials: which value was used, at which temperature, and how far they spread.

Every value of a property is kept. A search compares the value that ranks first among those that
were found at the temperature asked for, and says which that was.
"""

import csv
import io
import json
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from filmcell.arrays import finite_or_none
from filmcell.constants import REFERENCE_TEMPERATURE, R
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.library import Library, library
from filmcell.materials.property import Property
from filmcell.materials.records import Material, Value
from filmcell.materials.vocabulary import FAMILIES, FORMS_OF_MATTER, PROPERTIES, ROLES
from filmcell.units import display, shown, to_si

OPERATORS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
)
"""Comparisons that a search knows."""

NEAR = 10.0
"""How far from a temperature a value may have been found to count as found there [K]."""

_FACETS = {"role": ROLES, "family": FAMILIES, "form": FORMS_OF_MATTER}


@dataclass(frozen=True)
class Reading:
    """The value of a property that stands for a material at a temperature.

    Parameters
    ----------
    value : Value
        The statement it comes from.
    number : float
        The number at the temperature [SI].
    how : str
        How the number follows from the statement.
    low, high : float
        Least and greatest of all numbers found there [SI].
    count : int
        How many there are.
    """

    value: Value
    number: float
    how: str
    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Selection:
    """Materials that were found, with the readings that were asked for.

    Parameters
    ----------
    rows : tuple of (Material, mapping of str to Reading)
        What was found, and the reading of each property of the search.
    keys : tuple of str
        Properties of the search.
    unknown : int
        Materials that have a property of the search, but no value at the temperature.
    """

    rows: tuple[tuple[Material, Mapping[str, Reading]], ...]
    keys: tuple[str, ...] = ()
    unknown: int = 0

    def __iter__(self) -> Iterator[Material]:
        """Go through the materials."""
        return (material for material, _ in self.rows)

    def __len__(self) -> int:
        """Count the materials."""
        return len(self.rows)

    def table(self) -> list[dict[str, Any]]:
        """Give the rows as plain data, numbers in SI units.

        Returns
        -------
        list of dict
            One a material.
        """
        return [self._row(material, readings) for material, readings in self.rows]

    def _row(self, material: Material, readings: Mapping[str, Reading]) -> dict[str, Any]:
        """One material as plain data."""
        row: dict[str, Any] = {
            k: getattr(material, k) for k in ("id", "name", "role", "family", "formula", "form")
        }
        for key, reading in readings.items():
            unit = PROPERTIES[key].unit
            row |= {
                f"{key} ({unit})" if unit else key: reading.number,
                f"{key} printed": str(reading.value),
                f"{key} how": reading.how,
                f"{key} low": reading.low,
                f"{key} high": reading.high,
                f"{key} values": reading.count,
                f"{key} kind": reading.value.kind,
                f"{key} source": reading.value.citation,
            }
        return row

    def to_csv(self) -> str:
        """Write the rows as CSV.

        Returns
        -------
        str
            The text, with a head.
        """
        return as_csv(self.table())

    def to_json(self) -> str:
        """Write the rows as JSON.

        Returns
        -------
        str
            The text.
        """
        rows = [{k: finite_or_none(v) for k, v in row.items()} for row in self.table()]
        return json.dumps(rows, allow_nan=False)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""Write rows of plain data as CSV.

    Parameters
    ----------
    rows : sequence of mapping
        The rows; a key that a row lacks stays empty.

    Returns
    -------
    str
        The text, with a head.

    Examples
    --------
    >>> as_csv([{"a": 1}, {"a": 2, "b": "x"}])
    'a,b\r\n1,\r\n2,x\r\n'
    """
    heads = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, heads)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def find(
    text: str = "",
    *,
    role: str | None = None,
    family: str | None = None,
    chemistry: str | None = None,
    form: str | None = None,
    temperature: str | float | None = None,
    among: Library | None = None,
    **wanted: Any,
) -> Selection:
    """Find materials.

    Parameters
    ----------
    text : str
        Part of an id, a name or a formula.
    role, family, chemistry, form : str, optional
        What the material must be; capitals do not matter.
    temperature : str or float, optional
        Temperature at which the properties are compared, text with a unit or a number [K]. A
        value counts if it was found within 10 K of it, or if a stated activation energy leads
        there; near room temperature also if its temperature is not stated.
    among : Library, optional
        Where to look; the shipped library with the user's files if not given.
    **wanted : tuple, str or bool
        Property of the library: (">", "1e-5 S/cm"), or "> 1e-5 S/cm", or True for any value, or
        for properties in words the words.

    Returns
    -------
    Selection
        The materials, the greatest first property first.

    Raises
    ------
    InputError
        Where a role, family, property, comparison or unit is none.

    Examples
    --------
    >>> found = find(role="electrolyte", family="perovskite", conductivity=(">", "9e-6 S/cm"),
    ...              temperature="25 degC")
    >>> "llto" in [material.id for material in found]
    True
    """
    facets = {"role": role, "family": family, "form": form}
    chosen = {key: _facet(key, word) for key, word in facets.items() if word is not None}
    where = among or library()
    for key, word in (("text", text), ("chemistry", chemistry or "")):
        if not isinstance(word, str):
            raise InputError(f"{key}: {shown(word)} is not text")
    known = {m.chemistry.casefold(): m.chemistry for m in where.materials.values() if m.chemistry}
    if chemistry is not None and chemistry.casefold() not in known:
        raise InputError(
            f"chemistry: {shown(chemistry)} is unknown, expected one of {', '.join(known.values())}"
        )
    check_keys(wanted, list(PROPERTIES))
    tests = {key: _test(key, condition) for key, condition in wanted.items()}
    T = None if temperature is None else _kelvin(temperature)
    rows, unknown = [], 0
    for material in where.materials.values():
        if not _is(material, text, chemistry, chosen):
            continue
        readings = {key: read(material, key, T) for key in tests}
        unknown += any(r is None and key in material.values for key, r in readings.items())
        if all(r is not None and tests[key](r) for key, r in readings.items()):
            rows.append((material, MappingProxyType({k: r for k, r in readings.items() if r})))
    first = next(iter(tests), None)
    rows.sort(key=lambda row: _order(row[0], row[1], first))
    return Selection(tuple(rows), tuple(tests), unknown)


def _order(material: Material, readings: Mapping[str, Reading], first: str | None) -> Any:
    """What to sort by: the first property, the greatest first, or role, family and id."""
    if first is not None and not math.isnan(readings[first].number):
        return (0, -readings[first].number, material.id)
    return (1, ROLES.index(material.role), FAMILIES.index(material.family), material.id)


def _facet(key: str, word: str) -> str:
    """Find a role, family or form whatever its capitals."""
    for known in _FACETS[key]:
        if known.casefold() == str(word).casefold():
            return known
    raise InputError(f"{key}: {shown(word)} is unknown, expected one of {', '.join(_FACETS[key])}")


def _kelvin(temperature: str | float) -> float:
    """Read a temperature."""
    try:
        T = to_si(temperature, "K") if isinstance(temperature, str) else float(temperature)
    except InputError as error:
        raise InputError(f"temperature: {error}") from None
    except (TypeError, ValueError):
        T = math.nan
    if isinstance(temperature, bool) or not 0.0 < T < math.inf:
        raise InputError(
            f"temperature: {shown(temperature)} is not allowed, expected one above 0 K"
        )
    return T


def _is(material: Material, text: str, chemistry: str | None, chosen: Mapping[str, str]) -> bool:
    """Whether a material is what was asked for."""
    names = (material.id, material.name, material.formula, *material.aliases)
    return (
        all(getattr(material, key) == word for key, word in chosen.items())
        and (chemistry is None or material.chemistry.casefold() == chemistry.casefold())
        and any(text.casefold() in name.casefold() for name in names)
    )


def _test(key: str, condition: Any) -> Callable[[Reading], bool]:
    """Make the test of a reading."""
    if condition is True:
        return lambda reading: True
    if PROPERTIES[key].unit == "text":
        return lambda reading: str(condition).casefold() in str(reading.value).casefold()
    sign, bound = _comparison(key, condition)
    # "below 1e-10" is not known to be above anything, nor "above 5" to be below
    open_side = "below" if sign.startswith(">") else "above"
    return lambda reading: (
        reading.value.bound != open_side and OPERATORS[sign](_compared(reading, sign), bound)
    )


def _compared(reading: Reading, sign: str) -> float:
    """The number of a reading that a comparison looks at: of a window the end that it asks for."""
    if reading.value.word.interval and reading.value.is_number:
        low, high = reading.value.ends
        return high if sign.startswith(">") else low
    return reading.number


def _comparison(key: str, condition: Any) -> tuple[str, float]:
    """Read a comparison: (">", "1e-5 S/cm") or "> 1e-5 S/cm"."""
    wanted = f'{key}: expected a comparison such as (">", "1e-5 S/cm")'
    if isinstance(condition, str):
        sign = next((s for s in (">=", "<=", ">", "<") if condition.strip().startswith(s)), "")
        condition = (sign, condition.strip()[len(sign) :].strip())
    if not isinstance(condition, tuple | list) or len(condition) != 2:
        raise InputError(f"{wanted}, not {shown(condition)}")
    if condition[0] not in OPERATORS:
        raise InputError(f"{wanted}; {shown(condition[0])} is none of {', '.join(OPERATORS)}")
    try:
        return condition[0], to_si(condition[1], PROPERTIES[key].unit)
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


def read(material: Material, key: str, T: float | None = None) -> Reading | None:
    """Read a property of a material at a temperature.

    Parameters
    ----------
    material : Material
        The material.
    key : str
        A property.
    T : float, optional
        Temperature [K]; any if not given.

    Returns
    -------
    Reading or None
        The value that ranks first among those that are known there; None if none is.

    Examples
    --------
    >>> reading = read(library().material("llto"), "conductivity", 298.15)
    >>> round(reading.number, 7), reading.how
    (0.000956, 'found at 25 degC')
    """
    known = [
        (value, number, how)
        for value in material.values.get(key, ())
        if (there := _there(material, value, T)) is not None
        for number, how in [there]
    ]
    if not known:
        return None
    # found there before converted before not stated where; within each by rank
    value, number, how = min(known, key=lambda k: _directness(k[2]))
    numbers = [n for _, n, _ in known if not math.isnan(n)] or [math.nan]
    return Reading(value, number, how, min(numbers), max(numbers), len(known))


def _directness(how: str) -> int:
    """How directly a number was found: 0 there, 1 converted, 2 not stated at which temperature."""
    return 2 if how.startswith("not stated") else int(", by " in how)


def _there(material: Material, value: Value, T: float | None) -> tuple[float, str] | None:
    """The number of a value at a temperature and how it follows, if it does."""
    if isinstance(value.given, Property) and value.given.argument == "T" and T is not None:
        inside = value.given.low <= T <= value.given.high
        return (float(value.given(T)), f"by a function of T ({value.kind})") if inside else None
    if not value.is_number:
        return math.nan, "as stated"
    if T is None:
        return value.number, _found(value)
    known = value.temperature
    if known is None:
        room = abs(T - REFERENCE_TEMPERATURE) <= NEAR
        settled = value.key != "conductivity"
        if settled:
            return value.number, "as stated"
        return (value.number, "not stated at which temperature") if room else None
    if known[0] - NEAR <= T <= known[1] + NEAR:
        return value.number, _found(value)
    barrier = _barrier(material, value, known[0], T) if value.key == "conductivity" else None
    if barrier is None:
        return None
    factor = math.exp(-barrier.number / R * (1.0 / T - 1.0 / known[0]))
    if barrier.conditions.get("relation") == "ln sigma T":
        factor *= known[0] / T
    return value.number * factor, (
        f"found at {value.conditions['temperature']}, by {barrier} ({barrier.kind})"
    )


def _found(value: Value) -> str:
    """Say at which temperature a value was found, and what was taken of a range."""
    text = value.conditions.get("temperature")
    middle = isinstance(value.given, tuple) and not value.word.interval
    return (f"found at {text}" if text else "as stated") + ", middle of a range" * middle


def _barrier(material: Material, value: Value, T0: float, T: float) -> Value | None:
    """Activation energy of the same sample whose range holds both temperatures."""
    for energy in material.values.get("activation_energy", ()):
        if energy.temperature is None or not energy.is_number:
            continue
        low, high = energy.temperature
        same = all(energy.conditions.get(k, value.conditions.get(k)) == value.conditions.get(k)
                   for k in ("sample", "part"))  # fmt: skip
        if same and low - NEAR <= min(T0, T) and max(T0, T) <= high + NEAR:
            return energy
    return None


def compare(
    *names: str, properties: Sequence[str] = (), among: Library | None = None
) -> list[dict[str, Any]]:
    """Lay all values of some materials side by side.

    Parameters
    ----------
    *names : str
        Materials, by any of their names.
    properties : sequence of str
        Properties to compare; all if empty.
    among : Library, optional
        Where to look; the shipped library with the user's files if not given.

    Returns
    -------
    list of dict
        One row a value: property, material, rank, value as printed, number [SI], unit,
        conditions, kind, source, note and the spread (greatest over least) of the material's
        values of that property.

    Raises
    ------
    InputError
        Where there is no such material or property.

    Examples
    --------
    >>> rows = compare("lipon", "llto", properties=["conductivity"])
    >>> rows[0]["material"], rows[0]["value"]
    ('lipon', '2e-6 S/cm')
    """
    check_keys(properties, list(PROPERTIES))
    where = among or library()
    materials = [where.material(name) for name in names]
    keys = properties or [k for k in PROPERTIES if any(k in m.values for m in materials)]
    return [
        {"property": key, "material": m.id, "rank": rank, **as_row(value), "spread": spread}
        for key in keys
        for m in materials
        for spread in [spread_of(m.values.get(key, ()))]
        for rank, value in enumerate(m.values.get(key, ()), 1)
    ]


def spread_of(values: Sequence[Value]) -> float:
    """Tell how far values of one property lie apart.

    Parameters
    ----------
    values : sequence of Value
        Statements about one property.

    Returns
    -------
    float
        Greatest over least [-]; 1 for a single one, nan where they are no positive numbers.

    Examples
    --------
    >>> spread_of(())
    nan
    """
    numbers = [end for v in values if v.is_number for end in v.ends if math.isfinite(end)]
    if not numbers or min(numbers) <= 0.0:
        return math.nan
    return max(numbers) / min(numbers)


def as_row(value: Value) -> dict[str, Any]:
    """Give a value as plain data.

    Parameters
    ----------
    value : Value
        The value.

    Returns
    -------
    dict
        As printed, the number [SI] or None, unit, conditions, kind, source, keys, fact, note.

    Examples
    --------
    >>> as_row(library().material("llto").best("conductivity"))["number"]
    0.000956
    """
    conditions = "; ".join(f"{k} {text}" for k, text in value.conditions.items())
    return {
        "value": str(value),
        "number": value.number if value.is_number else None,
        "unit": value.word.unit,
        "conditions": conditions,
        "kind": value.kind,
        "default": value.default,
        "source": value.citation,
        "keys": value.keys,
        "fact": " ".join(value.fact),
        "note": value.note,
    }


def shown_number(value: Value) -> str:
    """Write a number or a range the way the field writes it.

    Parameters
    ----------
    value : Value
        The value.

    Returns
    -------
    str
        Number and unit, or the value as printed where it is no number.

    Examples
    --------
    >>> shown_number(library().material("llto").best("activation_energy"))
    '31.8402 kJ/mol'
    """
    return display(value.number, value.word.unit) if value.is_number else str(value)
