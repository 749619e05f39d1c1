"""Units at the door: "2 um" becomes 2e-6. The only module that imports pint."""

import math
import re
from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache, partial
from numbers import Real
from typing import Any

from filmcell.errors import InputError

AVOGADRO = 6.02214076e23
"""Turns an activation energy per particle (eV) into one per mole [1/mol]."""

_LONGEST = 80
"""Characters that a number and its unit may have, and that a message shows of what was given."""

_EXPONENT = re.compile(r"\b([A-Za-zµμΩÅ]+)\^?(-?\d)\b")
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|(?:nan|inf)\b)")
# letters with a one-digit exponent; pint would compute 9**9**9 and take a decimal comma away
_UNIT = re.compile(r"(?:[\s()*/]|(?:[^\W\d_]|[°%])++(?:(?:\^|\*\*)?[+-]?[0-9](?![0-9]))?)*")

EXAMPLES = {
    "m": ("a length", "10 um"),
    "m2": ("an area", "1.44 cm2"),
    "K": ("a temperature", "298.15 K"),
    "V": ("a voltage", "4.2 V"),
    "V/s": ("a rate of voltage", "0.1 mV/s"),
    "A": ("a current", "0.1 mA"),
    "A/m2": ("a current density", "0.07 mA/cm2"),
    "S/m": ("a conductivity", "2e-6 S/cm"),
    "ohm*m2": ("an area-specific resistance", "100 ohm cm2"),
    "m2/s": ("a diffusivity", "1e-14 m2/s"),
    "mol/m3": ("a concentration", "51822 mol/m3"),
    "J/mol": ("an activation energy", "0.55 eV"),
    "s": ("a time", "10 min"),
    "W": ("a power", "0.4 mW"),
    "W/m2": ("a power density", "0.3 mW/cm2"),
    "C": ("a charge", "0.5 mAh"),
    "C/m2": ("an areal charge", "0.35 mAh/cm2"),
    "F/m2": ("an areal capacitance", "0.53 uF/cm2"),
    "V/K": ("an entropy coefficient", "0.2 mV/K"),
    "J/(m2*K)": ("an areal heat capacity", "0.2 J/(cm2 K)"),
    "W/(m2*K)": ("a heat transfer coefficient", "10 W/(m2 K)"),
    "m3/(mol*s)": ("a rate constant", "8e-7 m3/(mol s)"),
    "kg/m3": ("a density", "5.05 g/cm3"),
    "kg/mol": ("a molar mass", "97.87 g/mol"),
    "m3/mol": ("a molar volume", "13 cm3/mol"),
    "C/kg": ("a specific capacity", "140 mAh/g"),
    "Pa": ("a modulus", "77 GPa"),
    "Hz": ("a frequency", "10 kHz"),
    "": ("a plain number", "0.5"),
}
"""What each SI unit of the package measures, and how a person would write one."""


@lru_cache(maxsize=1)
def _registry() -> Any:
    """Make the unit registry, once; importing pint is slow."""
    import pint

    # people write cm2 and s-1 where pint wants cm**2 and s**-1; the e of 1e-14 is left alone
    return pint.UnitRegistry(preprocessors=[partial(_EXPONENT.sub, r"\1**\2")])


def to_si(text: str | float, unit: str) -> float:
    """Turn text with a unit into a number in an SI unit.

    Parameters
    ----------
    text : str or float
        A number with its unit, such as "2 um"; a bare number is refused unless `unit` is "".
    unit : str
        SI unit that is wanted, one of the keys of `EXAMPLES`.

    Returns
    -------
    float
        The number in `unit`.

    Raises
    ------
    InputError
        Where the text is not a finite number with a unit of that kind.

    Examples
    --------
    >>> to_si("2 um", "m")
    2e-06
    >>> round(to_si("0.55 eV", "J/mol"), 1)
    53066.9
    >>> to_si("2 V", "m")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: "2 V" is not a length, expected one such as "10 um"
    """
    kind, example = EXAMPLES[unit]
    wanted = f'expected one such as "{example}"'
    if isinstance(text, bool) or not isinstance(text, (str, Real)):
        raise InputError(f"{shown(text)} is not {kind}, {wanted}")
    if not isinstance(text, str) and unit:
        raise InputError(f'{shown(text)} has no unit, expected {kind} such as "{example}"')
    try:
        value = _magnitude(text, unit) if isinstance(text, str) else float(text)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise InputError(f'{shown(text)} is not finite, expected {kind} such as "{example}"')
    return value


@lru_cache(maxsize=4096)
def _magnitude(text: str, unit: str) -> float:
    """Magnitude of the text in `unit`, which may be infinite or nan."""
    import pint

    kind, example = EXAMPLES[unit]
    wanted = f'expected one such as "{example}"'
    number = _NUMBER.match(text.strip())
    name = text.strip()[number.end() :].strip() if number else ""
    if number is None or len(text) > _LONGEST or not _UNIT.fullmatch(name):
        raise InputError(f"{shown(text)} cannot be read as {kind}, {wanted}")
    if unit and not name:
        raise InputError(f'{shown(text)} has no unit, expected {kind} such as "{example}"')
    try:
        quantity = _registry().Quantity(float(number[0]), name)
        if unit == "J/mol" and quantity.check("[energy]"):
            return float(quantity.to("J").magnitude * AVOGADRO)
        # "298 K" and "25 degC" are points on a scale, and pint knows how to go between them
        return float(f"{quantity.to(unit or 'dimensionless').magnitude:.15g}")
    except (pint.errors.DimensionalityError, pint.errors.OffsetUnitCalculusError) as error:
        raise InputError(f"{shown(text)} is not {kind}, {wanted}") from error
    except Exception as error:  # a unit that pint cannot parse fails in many ways
        raise InputError(f"{shown(text)} cannot be read as {kind}, {wanted}") from error


def shown(value: object) -> str:
    """Write a value the way a file writes it, for a message.

    Parameters
    ----------
    value : object
        What was given.

    Returns
    -------
    str
        Text in quotes, a number as it is, or what sort of thing it is; never long.

    Examples
    --------
    >>> shown("2 um"), shown(True), shown([1, 2])
    ('"2 um"', 'true', 'a list')
    """
    if isinstance(value, str):
        text = value if value.isprintable() else value.encode("unicode_escape").decode("ascii")
        return f'"{text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Real):
        whole = isinstance(value, int) and abs(value) < 10**20
        return repr(value if whole else _as_float(value))
    if isinstance(value, date | time):
        return f"the {'time' if isinstance(value, time) else 'date'} {value.isoformat()}"
    if value is None or isinstance(value, Mapping):
        return "nothing" if value is None else "a table"
    name = "list" if isinstance(value, list | tuple) else type(value).__name__
    return f"{'an' if name[0] in 'AEIO' else 'a'} {name}"


def _as_float(value: Real) -> float:
    """Nearest float, infinity where there is none."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


_DISPLAY = {
    "m": ("um", 1e-6), "m2": ("cm2", 1e-4), "K": ("K", 1.0), "V": ("V", 1.0), "A": ("mA", 1e-3),
    "V/s": ("mV/s", 1e-3),
    "A/m2": ("mA/cm2", 10.0), "S/m": ("S/cm", 100.0), "ohm*m2": ("ohm cm2", 1e-4),
    "m2/s": ("m2/s", 1.0), "mol/m3": ("mol/m3", 1.0), "J/mol": ("kJ/mol", 1e3), "s": ("s", 1.0),
    "W": ("mW", 1e-3), "W/m2": ("mW/cm2", 10.0), "C": ("mAh", 3.6), "C/m2": ("mAh/cm2", 3.6e4),
    "F/m2": ("uF/cm2", 1e-2), "V/K": ("mV/K", 1e-3), "J/(m2*K)": ("J/(m2 K)", 1.0),
    "W/(m2*K)": ("W/(m2 K)", 1.0), "m3/(mol*s)": ("m3/(mol s)", 1.0),
    "kg/m3": ("g/cm3", 1e3), "kg/mol": ("g/mol", 1e-3), "m3/mol": ("cm3/mol", 1e-6),
    "C/kg": ("mAh/g", 3.6e3), "Pa": ("GPa", 1e9), "Hz": ("Hz", 1.0),
    "": ("", 1.0),
}  # fmt: skip


def display(value: float, unit: str, digits: int = 6) -> str:
    """Write an SI number the way the field writes it.

    Parameters
    ----------
    value : float
        Number in `unit`.
    unit : str
        SI unit, one of the keys of `EXAMPLES`.
    digits : int
        Significant digits.

    Returns
    -------
    str
        Number and unit.

    Examples
    --------
    >>> display(2e-6, "m"), display(2e-4, "S/m")
    ('2 um', '2e-06 S/cm')
    """
    name, size = _DISPLAY[unit]
    return f"{value / size:.{digits}g} {name}".strip()
