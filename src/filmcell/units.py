"""Units at the door: "2 um" becomes 2e-6. The only module that imports pint."""

import math
import re
from functools import lru_cache, partial
from typing import Any

from filmcell.errors import InputError

AVOGADRO = 6.02214076e23
"""Turns an activation energy per particle (eV) into one per mole [1/mol]."""

_EXPONENT = re.compile(r"\b([A-Za-zµμΩ]+)\^?(-?\d)\b")

EXAMPLES = {
    "m": ("a length", "10 um"),
    "m2": ("an area", "1.44 cm2"),
    "K": ("a temperature", "298.15 K"),
    "V": ("a voltage", "4.2 V"),
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
    53066.8
    >>> to_si("2 V", "m")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: "2 V" is not a length, expected one such as "10 um"
    """
    kind, example = EXAMPLES[unit]
    wanted = f'expected {"one" if unit else kind} such as "{example}"'
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        raise InputError(f"{text!r} is not {kind}, {wanted}")
    if not isinstance(text, str) and unit:
        raise InputError(f'{text!r} has no unit, expected {kind} such as "{example}"')
    value = _magnitude(text, unit, kind, wanted)
    if not math.isfinite(value):
        raise InputError(f'"{text}" is not finite, {wanted}')
    return value


@lru_cache(maxsize=4096)
def _magnitude(text: str | float, unit: str, kind: str, wanted: str) -> float:
    """Magnitude of the parsed text in `unit`."""
    import pint

    refused = InputError(f'"{text}" is not {kind}, {wanted}')
    try:
        quantity = _registry().Quantity(text)
        if unit == "J/mol" and quantity.check("[energy]"):
            return float(quantity.to("J").magnitude * AVOGADRO)
        # "298 K" and "25 degC" are points on a scale, and pint knows how to go between them
        value = float(f"{quantity.to(unit or 'dimensionless').magnitude:.15g}")
    except (pint.errors.DimensionalityError, pint.errors.OffsetUnitCalculusError) as error:
        raise refused from error
    except (pint.errors.PintError, ArithmeticError, AttributeError, ValueError, TypeError,
            SyntaxError, RecursionError) as error:  # fmt: skip
        raise InputError(f'"{text}" cannot be read as {kind}, {wanted}') from error
    except Exception as error:  # pint tokenises with Python's own tokenizer, whose errors vary
        if type(error).__module__ not in {"tokenize", "pint.delegates.formatter"}:
            raise
        raise InputError(f'"{text}" cannot be read as {kind}, {wanted}') from error
    return value


_DISPLAY = {
    "m": ("um", 1e-6), "m2": ("cm2", 1e-4), "K": ("K", 1.0), "V": ("V", 1.0), "A": ("mA", 1e-3),
    "A/m2": ("mA/cm2", 10.0), "S/m": ("S/cm", 100.0), "ohm*m2": ("ohm cm2", 1e-4),
    "m2/s": ("m2/s", 1.0), "mol/m3": ("mol/m3", 1.0), "J/mol": ("kJ/mol", 1e3), "s": ("s", 1.0),
    "W": ("mW", 1e-3), "W/m2": ("mW/cm2", 10.0), "C": ("mAh", 3.6), "C/m2": ("mAh/cm2", 3.6e4),
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
