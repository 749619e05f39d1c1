"""From the text of a data file to its record: every complaint names the file, the key and the line.

A file holds one record. Its plain keys describe it; every table `[[property]]` is one value::

    id = "llto"
    name = "LLTO film, sputtered"
    role = "electrolyte"

    [[conductivity]]
    value = "9.56e-6 S/cm"
    temperature = "25 degC"
    kind = "measured"
    source = "tan2021"
    where = "sect. 3.1"
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any

import numpy as np
import rtoml

from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.composition import molar_mass
from filmcell.materials.forms import Form, form_of
from filmcell.materials.property import Property, tabulated
from filmcell.materials.records import Interface, Material, Record, Source, TestedCell, Value, cited
from filmcell.materials.vocabulary import (
    BOUNDS,
    CONDITIONS,
    FAMILIES,
    FORMS_OF_MATTER,
    KINDS,
    PROPERTIES,
    RELATIONS,
    ROLES,
    WINDOWS,
    Word,
)
from filmcell.units import shown, to_si

_OWN = ("value", "kind", "source", "via", "where", "bound", "uncertainty", "fact", "default",
        "note", *CONDITIONS)  # fmt: skip
_WORDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"kind": KINDS, "bound": BOUNDS, "window": WINDOWS, "relation": RELATIONS,
     "role": ROLES, "family": FAMILIES, "form": FORMS_OF_MATTER,
     "argument": ("x", "T"), "interpolation": ("linear", "log")}
)  # fmt: skip
_NEEDED = {"stability_window": "window", "oxidation_limit": "window", "reduction_limit": "window",
           "activation_energy": "relation"}  # fmt: skip
_SHELVES = (Material, Interface, TestedCell)


class Misplaced(InputError):
    """A complaint that knows where in the data it belongs.

    Parameters
    ----------
    path : sequence of str or int
        Keys that lead to the place: a property, the number of its table, a key of that.
    sentence : str
        The complaint.
    """

    def __init__(self, path: Sequence[str | int], sentence: str) -> None:
        place = ".".join(shown(str(key))[1:-1] for key in path)
        super().__init__(f"{place}: {sentence}" if path else sentence)
        self.path = tuple(path)


def parse(text: str, where: str) -> dict[str, Any]:
    """Read TOML.

    Parameters
    ----------
    text : str
        The text.
    where : str
        What to call it in messages.

    Returns
    -------
    dict
        Its data.

    Raises
    ------
    InputError
        Where the text is not TOML.

    Examples
    --------
    >>> parse("id: lipon", "lipon.toml")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: lipon.toml: not TOML (key with no value, expected `=` at line 1
    column 5), expected lines such as name = "LiPON"
    """
    try:
        data: dict[str, Any] = rtoml.loads(text)
    except (rtoml.TomlParsingError, ValueError, RecursionError) as error:
        raise InputError(
            f'{where}: not TOML ({_short(str(error))}), expected lines such as name = "LiPON"'
        ) from None
    return data


def _short(text: str) -> str:
    """Keep a message of the parser to one short line."""
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:117] + "..."


def record_of(
    text: str, where: str, sources: Mapping[str, Source], *, check: bool = True
) -> Record:
    r"""Make the record of a data file.

    Parameters
    ----------
    text : str
        The text of the file.
    where : str
        What to call it in messages.
    sources : mapping of str to Source
        Sources that the file may name beside its own.
    check : bool
        Whether to look at every number; the shipped files are looked at by the tests.

    Returns
    -------
    Material, Interface or TestedCell
        The record: an interface if the file says between what, a cell if it says with which
        cathode.

    Raises
    ------
    InputError
        Where the file is not a record: one sentence with the file, the line and the key.

    Examples
    --------
    >>> head = 'id = "a"\nname = "A"\nrole = "anode"\nfamily = "metal"\n'
    >>> value = '[[plateau]]\nvalue = 0.1\nkind = "measured"\nsource = "a b"'
    >>> record_of(head + value, "a.toml", {})
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: a.toml, line 6: plateau.1.value: 0.1 has no unit, expected a
    voltage such as "4.2 V"
    """
    data = parse(text, where)
    try:
        return _record(data, sources, check)
    except Misplaced as error:
        line = line_of(text, error.path)
        raise InputError(f"{where}{f', line {line}' if line else ''}: {error}") from None


def line_of(text: str, path: Sequence[str | int]) -> int:
    r"""Find the line of a key in a data file, for messages.

    Parameters
    ----------
    text : str
        The text of the file.
    path : sequence of str or int
        A property, the number of its table counted from 1, and a key of that table.

    Returns
    -------
    int
        The line, counted from 1; that of the table if the key is not there; 0 if neither is.

    Examples
    --------
    >>> line_of('id = "a"\n[[plateau]]\nkind = "measured"', ["plateau", 1, "kind"])
    3
    """
    lines = text.splitlines()
    keys = [key for key in path if isinstance(key, str)]
    if not keys:
        return 0
    number = next((key for key in path if isinstance(key, int)), 1)
    start = _head_line(lines, keys, number)
    if start == 0:
        return _key_line(lines, 0, keys[0])
    return (_key_line(lines, start, keys[-1]) if len(keys) > 1 else 0) or start


def _head_line(lines: Sequence[str], keys: Sequence[str], number: int) -> int:
    """Line of the head [a.b], else of that of the table of this number, [[a]]; 0 if none is."""
    for depth in (2, 1):
        name = r"\s*\.\s*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in keys[:depth])
        heads = [k for k, line in enumerate(lines, 1)
                 if re.match(rf"\s*\[+\s*{name}\s*[].]", line)]  # fmt: skip
        if 0 < number <= len(heads):
            return heads[number - 1]
    return 0


def _key_line(lines: Sequence[str], start: int, key: str) -> int:
    """Line of a key of the table whose head is the line `start`; 0 if it is not there."""
    for k in range(start, len(lines)):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", lines[k]):
            return k + 1
        if re.match(r"\s*\[+\s*[\"'A-Za-z_]", lines[k]):  # the next table
            return 0
    return 0


def _record(data: dict[str, Any], sources: Mapping[str, Source], check: bool) -> Record:
    """Make the record of parsed data."""
    kind: Any = _kind_of(data)
    plain = [f.name for f in fields(kind) if f.name != "values"]
    _known(data, [*plain, "sources", *PROPERTIES], ())
    head = {key: _plain(key, data[key]) for key in plain if key in data}
    for f in fields(kind):
        if f.name != "values" and f.default is MISSING and f.name not in head:
            raise Misplaced((f.name,), "is missing, expected text")
    if kind is Material:
        for key in ("role", "family"):
            if key not in head:
                raise Misplaced((key,), f"is missing, expected one of {', '.join(_WORDS[key])}")
    if check and head.get("formula"):
        _composition(head["formula"])
    known = {**sources, **own_sources(data.get("sources", {}))}
    values = {
        key: tuple(sorted(_values(key, tables, known, check, head["name"]), key=lambda v: v.rank))
        for key, tables in data.items()
        if key in PROPERTIES
    }
    record: Record = kind(**head, values=MappingProxyType(values))
    return record


def _kind_of(data: Mapping[str, Any]) -> type[Record]:
    """Tell what sort of record a file holds."""
    if "between" in data:
        return Interface
    return TestedCell if "cathode" in data else Material


def _composition(formula: str) -> None:
    """Refuse a formula that the checks of the library could not read."""
    try:
        massless = molar_mass(formula) <= 0.0
    except InputError as error:
        raise Misplaced(("formula",), str(error)) from None
    if massless:
        raise Misplaced(("formula",), f"{shown(formula)} has no atoms, expected one such as LiCoO2")


def _plain(key: str, value: Any) -> Any:
    """Take a plain key: text, or a list of texts, or one of some words."""
    if key == "generic":
        if not isinstance(value, bool):
            raise Misplaced((key,), f"{shown(value)} is not true or false")
        return value
    if key in ("aliases", "between"):
        for v in value if isinstance(value, list) else [value]:
            if not isinstance(v, str) or not v or v is value:
                raise Misplaced((key,), f'{shown(v)} is not text in a list, expected ["A", "B"]')
        if key == "between" and len(value) != 2:
            raise Misplaced((key,), f"{len(value)} names, expected the two in contact")
        return tuple(value)
    if not isinstance(value, str) or (key in ("id", "name") and not value.strip()):
        raise Misplaced((key,), f"{shown(value)} is not text, expected a name")
    if key == "id" and not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", value):
        raise Misplaced(
            (key,), f"{shown(value)} is not an id, expected small letters, digits, - and ."
        )
    return _word(key, value, (key,))


def _word(key: str, value: Any, path: Sequence[str | int]) -> Any:
    """Refuse a word that is not one of those that there are."""
    if key in _WORDS and value not in _WORDS[key]:
        raise Misplaced(
            path, f"{shown(value)} is unknown, expected one of {', '.join(_WORDS[key])}"
        )
    return value


def own_sources(table: Any) -> dict[str, Source]:
    """Read the sources of a file.

    Parameters
    ----------
    table : mapping
        Tables with text, doi and note, by key.

    Returns
    -------
    dict of str to Source
        The sources.

    Raises
    ------
    InputError
        Where a source is no table or says nothing.

    Examples
    --------
    >>> str(own_sources({"a2020": {"text": "A. Author, J. Films 1, 2 (2020)"}})["a2020"])
    'A. Author, J. Films 1, 2 (2020)'
    """
    if not isinstance(table, dict):
        raise Misplaced(("sources",), f"{shown(table)} is not a table, expected [sources.KEY]")
    found = {}
    for key, entry in table.items():
        if not isinstance(entry, dict) or not str(entry.get("text", "")).strip():
            raise Misplaced(("sources", key), "text is missing, expected the reference")
        _known(entry, ("text", "doi", "note"), ("sources", key))
        for k, v in entry.items():
            if not isinstance(v, str):
                raise Misplaced(("sources", key, k), f"{shown(v)} is not text")
        found[key] = Source(key, **entry)
    return found


def _values(
    key: str, tables: Any, sources: Mapping[str, Source], check: bool, of: str
) -> list[Value]:
    """Read all values of a property."""
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise Misplaced((key,), f"{shown(tables)} is not a list of tables, expected [[{key}]]")
    found = [_value(key, k, table, sources, check, of) for k, table in enumerate(tables, 1)]
    defaults = [k for k, value in enumerate(found, 1) if value.default]
    if check and len(defaults) > 1:
        raise Misplaced((key, defaults[1], "default"),
                        f"is the second of {key}, expected one that a cell takes")  # fmt: skip
    return found


def _value(
    key: str,
    k: int,
    table: Mapping[str, Any],
    sources: Mapping[str, Source],
    check: bool,
    of: str,
) -> Value:
    """Read one value."""
    functional = "form" in table or "values" in table
    if not functional:
        _known(table, _OWN, (key, k))
    for name in ("kind", "source", *(() if functional else ("value",))):
        if name not in table:
            raise Misplaced((key, k), f"{name} is missing, expected it with every value")
    conditions = {x: _text(x, table[x], (key, k, x)) for x in CONDITIONS if x in table}
    texts = {x: _text(x, table[x], (key, k, x))
             for x in ("kind", "where", "bound", "uncertainty", "note") if x in table}  # fmt: skip
    for x in ("source", "via"):
        if x in table:
            texts[x] = _source(table[x], sources, (key, k, x))
    default = table.get("default", False)
    if not isinstance(default, bool):
        raise Misplaced((key, k, "default"), f"{shown(default)} is not true or false")
    said = cited(texts["source"], texts.get("where", ""), texts.get("via"))
    given = _function(key, k, table, said, of) if functional else _given(key, k, table)
    value = Value(key, given, conditions=MappingProxyType(conditions), default=default,
                  fact=_facts(table.get("fact", []), (key, k, "fact")), **texts)  # fmt: skip
    _check_shape(value, (key, k))
    if check:
        _check(value, key, k)
    return value


def _check_shape(value: Value, path: Sequence[str | int]) -> None:
    """Refuse a default that is no single value, and a window with one end that says not which."""
    single = not isinstance(value.given, tuple)
    taken = value.default and value.is_number and not value.word.interval
    if taken and (not single or value.bound in BOUNDS[:2]):
        raise Misplaced(
            (*path, "default"), f"{shown(str(value))} is no single value, which a cell must have"
        )
    of_T = isinstance(value.given, Property) and value.given.argument == "T"
    if value.default and of_T:
        raise Misplaced((*path, "default"), "a cell takes no function of T, expected a number")
    if value.key == "stability_window" and value.is_number and single and not value.bound:
        raise Misplaced(
            (*path, "value"),
            f'{value} is one end of a window, expected both, or bound = "above" or "below"',
        )


def _known(table: Mapping[str, Any], known: Sequence[str], path: Sequence[str | int]) -> None:
    """Refuse a key that is not known, at its line."""
    for key in table:
        try:
            check_keys((key,), known)
        except InputError as error:
            raise Misplaced((*path, key), str(error).partition(": ")[2]) from None


def _text(key: str, value: Any, path: Sequence[str | int]) -> Any:
    """Take a text, and one of some words where there are only some."""
    if not isinstance(value, str) or not value.strip():
        raise Misplaced(path, f"{shown(value)} is not text")
    return _word(key, value, path)


def _facts(value: Any, path: Sequence[str | int]) -> tuple[str, ...]:
    """Take one name of a fact, or a list of them."""
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise Misplaced(path, f"{shown(value)} is not text, expected the name of a fact")
    return tuple(names)


def _source(value: Any, sources: Mapping[str, Source], path: Sequence[str | int]) -> Source:
    """Find a source by its key, or take a whole reference as it is."""
    if isinstance(value, str) and value in sources:
        return sources[value]
    if isinstance(value, str) and (" " in value.strip() or value.startswith("10.")):
        doi = value if value.startswith("10.") else ""
        return Source(value, "paper" if doi else value, doi)
    raise Misplaced(
        path,
        f"{shown(value)} is not a known source, expected a reference, a DOI, or a key with a "
        "table [sources.KEY]",
    )


def _given(key: str, k: int, table: Mapping[str, Any]) -> Any:
    """Take the value: text, a number, or two of them."""
    given, path = table["value"], (key, k, "value")
    if PROPERTIES[key].unit == "text":
        return _text("", given, path)
    ends = given if isinstance(given, list) else [given]
    if isinstance(given, list) and len(given) != 2:
        raise Misplaced(path, f"{len(given)} values, expected one, or the two ends of a range")
    for x in ends:
        if isinstance(x, bool) or not isinstance(x, str | int | float):
            raise Misplaced(path, f"{shown(x)} is not a number with its unit")
        if isinstance(x, float) and not math.isfinite(x):
            raise Misplaced(path, f"{x} is not finite, expected a number")
        if PROPERTIES[key].unit and not isinstance(x, str):
            _si(x, PROPERTIES[key].unit, path)
    return tuple(given) if isinstance(given, list) else given


def _si(value: Any, unit: str, path: Sequence[str | int]) -> float:
    """Convert to SI, with the place in the complaint."""
    try:
        return to_si(value, unit)
    except InputError as error:
        raise Misplaced(path, str(error)) from None


def _function(key: str, k: int, table: Mapping[str, Any], text: str, of: str) -> Property:
    """Read a value that is a function: a named form, or points."""
    word, at = PROPERTIES[key], (key, k)
    if word.unit == "text":
        raise Misplaced(at, f"{word.label} is in words, expected value = and no function")
    if "unit" not in table:
        raise Misplaced(at, f'unit is missing, expected unit = "{word.unit}" with a function')
    if table["unit"] != word.unit:
        raise Misplaced((*at, "unit"), f'{shown(table["unit"])} is not "{word.unit}", the unit '
                        "of functions of this property")  # fmt: skip
    argument = _text("argument", table.get("argument", "x"), (*at, "argument"))
    try:
        function = _closed(table) if "form" in table else _tabulated(table)
        _check_reach(argument, table.get("form", ""), *function[1:])
        return Property(f"{word.label} of {of}", word.unit, *function, text, argument)
    except InputError as error:
        first, _, rest = str(error).partition(": ")
        path = (*at, first) if rest and first in table else at
        raise Misplaced(path, rest if path != at else str(error)) from None


_REACH = {"x": (0.0, 1.0), "T": (50.0, 2000.0)}
"""Between what an argument can lie: a lithiation fraction, a temperature [K]."""


def _check_reach(argument: str, form: str, low: float, high: float) -> None:
    """Refuse a range where the argument cannot be, and a conductivity over 1/T that is one of x."""
    least, most = _REACH[argument]
    if not least <= low < high <= most:
        raise InputError(
            f"range: {low:g} to {high:g} is not allowed, expected {argument} from {least:g} to "
            f"{most:g}"
        )
    if form == "Arrhenius" and argument != "T":
        raise InputError('argument: "x" is not allowed, expected argument = "T" with an Arrhenius')


def _tabulated(table: Mapping[str, Any]) -> tuple[Form, float, float]:
    """Read points; gives the function and its range."""
    check_keys(table, [*_OWN, "unit", "argument", "x", "values", "interpolation"])
    word = table.get("interpolation", "linear")
    if word not in ("linear", "log"):
        raise InputError(f"interpolation: {shown(word)} is unknown, expected linear or log")
    x, values = (_numbers(key, table.get(key, [])) for key in ("x", "values"))
    points = tabulated("values", x, values, "", logarithmic=word == "log")
    return points.func, points.low, points.high


def _closed(table: Mapping[str, Any]) -> tuple[Form, float, float]:
    """Read a named form; gives the function and its range."""
    if "range" not in table:
        raise InputError("range is missing, expected range = [low, high]")
    ends = _numbers("range", table["range"])
    if len(ends) != 2 or not ends[0] < ends[1]:
        told = f"{ends[0]:g} to {ends[1]:g}" if len(ends) == 2 else f"a list of {len(ends)}"
        raise InputError(f"range: {told} is no range that rises, expected range = [low, high]")
    other = {*_OWN, "unit", "range", "argument"} - {"value"}  # Arrhenius has a value
    form = form_of({key: v for key, v in table.items() if key not in other})
    return form, ends[0], ends[1]


def _numbers(key: str, value: Any) -> list[float]:
    """Take a list of finite numbers."""
    if not isinstance(value, list):
        raise InputError(f"{key}: {shown(value)} is not a list of numbers, expected [0.0, 1.0]")
    for x in value:
        if isinstance(x, bool) or not isinstance(x, int | float) or not math.isfinite(x):
            raise InputError(f"{key}: {shown(x)} is not a finite number, expected one such as 0.5")
    return [float(x) for x in value]


def _check(value: Value, key: str, k: int) -> None:
    """Look at the numbers of a value: unit, order and size."""
    word = value.word
    needed = _NEEDED.get(key)
    if needed and needed not in value.conditions:
        raise Misplaced(
            (key, k), f"{needed} is missing, expected one of {', '.join(_WORDS[needed])}"
        )
    if "temperature" in value.conditions:
        _temperature(value.conditions["temperature"], (key, k, "temperature"))
    if value.uncertainty:
        if word.unit == "text":
            raise Misplaced((key, k, "uncertainty"), f"{word.label} is in words, expected none")
        _si(value.uncertainty, word.unit, (key, k, "uncertainty"))
    if isinstance(value.given, Property):
        _bounded(value.given, word, (key, k))
    if not value.is_number:
        return
    given: Any = value.given if isinstance(value.given, tuple) else (value.given,)
    numbers = [_si(x, word.unit, (key, k, "value")) for x in given]
    if len(numbers) == 2 and not numbers[0] < numbers[1]:
        raise Misplaced((key, k, "value"),
                        f"the range {given[0]} to {given[1]} does not rise, expected the lower end "
                        "first")  # fmt: skip
    for number, text in zip(numbers, given, strict=True):
        if not word.low <= number <= word.high:
            raise Misplaced((key, k, "value"),
                            f"{shown(text)} is no {word.label}, expected {word.low:g} to "
                            f"{word.high:g} {word.unit}".rstrip())  # fmt: skip


def _temperature(text: str, path: Sequence[str | int]) -> None:
    """Refuse what is neither a temperature nor two that rise."""
    ends = [_si(word, "K", path) for word in text.split(" to ")]
    if len(ends) > 2 or not 0.0 < ends[0] <= ends[-1]:
        raise Misplaced(
            path,
            f'{shown(text)} is no temperature, expected one such as "25 degC", or "25 degC to '
            '60 degC" for two that it lies between',
        )


def _bounded(function: Property, word: Word, path: Sequence[str | int]) -> None:
    """Refuse a function that leaves the bounds of its property within its range."""
    with np.errstate(all="ignore"):
        values = function.curve()[1]
    wrong = ~((values >= word.low) & (values <= word.high))  # also catches nan
    if wrong.any():
        raise Misplaced(
            path,
            f"the function gives {values[wrong][0]:.4g} in its range, expected {word.low:g} to "
            f"{word.high:g} {word.unit}".rstrip(),
        )
