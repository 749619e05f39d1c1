"""What the heading of a column means: which quantity, in which unit, with which sign."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

FREQUENCY_UNITS: Mapping[str, float] = MappingProxyType({
    "Hz": 1.0, "hz": 1.0, "HZ": 1.0, "mHz": 1e-3, "kHz": 1e3, "khz": 1e3, "MHz": 1e6, "GHz": 1e9,
    "rad/s": 0.5 / math.pi,
})  # fmt: skip
"""Hz in each unit of frequency; "mhz" is missing because it may be milli or mega."""

ANGLE_UNITS: Mapping[str, float] = MappingProxyType({
    "deg": math.pi / 180, "Deg": math.pi / 180, "degree": math.pi / 180, "degrees": math.pi / 180,
    "\N{DEGREE SIGN}": math.pi / 180, "rad": 1.0, "mrad": 1e-3,
})  # fmt: skip
"""Radians in each unit of angle."""

_PREFIXES = {"": 1.0, "u": 1e-6, "m": 1e-3, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}
_AREAS = {"cm": 1e-4, "m": 1.0, "mm": 1e-6}
_OHM = re.compile(
    r"([umkKMG]?)(?:[oO]hms?|OHMS?|\N{OHM SIGN})"
    r"(?:\s*[ .*\N{MIDDLE DOT}-]?\s*(cm|mm|m)(?:\^|\*\*)?2)?"
)


@dataclass(frozen=True)
class Unit:
    """A unit of a column.

    Parameters
    ----------
    quantity : str
        "frequency", "impedance" or "angle".
    factor : float
        How many SI units it has (Hz, ohm, ohm m2 or radian).
    per_area : bool
        Whether it is one of impedance times area.
    """

    quantity: str
    factor: float
    per_area: bool = False


def unit_named(text: str) -> Unit | None:
    """Find a unit by its name.

    Parameters
    ----------
    text : str
        What the file calls it.

    Returns
    -------
    Unit or None
        The unit; None where it is not known.

    Examples
    --------
    >>> unit_named("kHz").factor, unit_named("MOhm").factor
    (1000.0, 1000000.0)
    >>> unit_named("ohm cm^2")
    Unit(quantity='impedance', factor=0.0001, per_area=True)
    >>> unit_named("mhz") is None
    True
    """
    name = _plain(text).strip()
    for quantity, table in (("frequency", FREQUENCY_UNITS), ("angle", ANGLE_UNITS)):
        if name in table:
            return Unit(quantity, table[name])
    found = _OHM.fullmatch(name)
    if found is None:
        return None
    area = found[2]
    return Unit("impedance", _PREFIXES[found[1]] * _AREAS.get(area or "m", 1.0), bool(area))


_NAMES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("f", "freq", "frequency", "frequenz", "fr\xe9quence", "frecuencia"), "frequency")
    | dict.fromkeys(("omega", "\u03c9", "angularfrequency"), "angular")
    | dict.fromkeys((
        "z'", "zs'", "z'(a)", "zre", "zr", "zreal", "re(z)", "re[z]", "rez", "re", "real",
        "real(z)", "realz", "realpart", "zprime", "realimpedance",
    ), "real")
    | dict.fromkeys((
        "z''", "zs''", "z''(b)", "zim", "zi", "zimag", "im(z)", "im[z]", "imz", "im", "imag",
        "imag(z)", "imagz", "imaginary", "zimaginary", "imaginarypart", "zdoubleprime", "zbis",
        "imaginaryimpedance",
    ), "imaginary")
    | dict.fromkeys((
        "|z|", "zmod", "mod(z)", "modz", "zmag", "abs(z)", "magnitude", "modulus", "z", "impedance",
    ), "modulus")
    | dict.fromkeys((
        "phase", "phase(z)", "zphz", "zphase", "theta", "theta(z)", "\u03b8", "phi", "\u03c6",
        "phi(z)", "arg(z)", "phaseangle",
    ), "phase")
)  # fmt: skip
"""Which part of a spectrum a name means, in lower case and without blanks."""

_QUANTITY = {"frequency": "frequency", "angular": "frequency", "phase": "angle"}
_WITH_UNIT = (
    re.compile(r"(.*?)\s*[\[(]\s*([^()\[\]]+?)\s*[\])]\s*"),
    re.compile(r"(.*?)\s*/\s*(\S.*?)\s*"),
    re.compile(r"(.*\S)[_ ]+([^\s_]+)\s*"),
)
_MINUS = re.compile(r"(?:-|minus|neg(?:ative)?\.?)\s*")
_LONGEST = 60


@dataclass(frozen=True)
class Meaning:
    """What a column holds.

    Parameters
    ----------
    part : str
        "frequency", "real", "imaginary", "modulus" or "phase".
    unit : Unit or None
        In which unit, where the heading says it.
    turned : bool
        Whether the column holds minus the quantity.
    """

    part: str
    unit: Unit | None
    turned: bool


def meaning(heading: str) -> Meaning | None:
    """Tell what a column holds by its heading.

    Parameters
    ----------
    heading : str
        Heading of the column.

    Returns
    -------
    Meaning or None
        What it holds; None where it is no part of a spectrum.

    Examples
    --------
    >>> found = meaning("-Im(Z)/Ohm")
    >>> found.part, found.unit.factor, found.turned
    ('imaginary', 1.0, True)
    >>> meaning("Z'(a)").unit is None, meaning("time/s") is None
    (True, True)
    """
    text = _plain(heading.strip().strip("#%").strip()).strip()
    if len(text) > _LONGEST:
        return None
    for pattern in _WITH_UNIT:
        found = pattern.fullmatch(text)
        unit = unit_named(found[2]) if found else None
        if found and unit:
            return _named(found[1], unit)
    return _named(text, None)


def _named(name: str, unit: Unit | None) -> Meaning | None:
    """Meaning of a name without its unit; None where name and unit do not go together."""
    word = name.lower().removeprefix("data:").strip()
    sign = _MINUS.match(word)
    word = re.sub(r"[\s_.-]", "", word[sign.end() :] if sign else word)
    part = _NAMES.get(word)
    if part is None or (unit and unit.quantity != _QUANTITY.get(part, "impedance")):
        return None
    if part == "angular":  # omega is only known as such where it is said to be in rad/s
        if unit is None or unit.factor == 1.0:
            return None
        part = "frequency"
    return Meaning(part, unit, bool(sign))


def _plain(text: str) -> str:
    """One form for each sign that has several: quotes around, primes, minus, ohm, micro, square."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    for given, plain in _SIGNS:
        text = text.replace(given, plain)
    return text


_SIGNS = (
    *((sign, "'") for sign in "\u2019\u2018\u2032\xb4`"),
    *((sign, "''") for sign in '\u2033\u201d"'),
    *((sign, "-") for sign in "\u2212\u2013"), ("\u03a9", "\N{OHM SIGN}"), ("\xb2", "2"),
    ("\xb5", "u"), ("\u03bc", "u"), ("\xa0", " "),
)  # fmt: skip
