"""Amounts and limits from text: "0.1 mA", "C/10", "4.2 V", "50 % SOC"."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    Coulombs,
    CoulombsPerArea,
    CRate,
    CurrentAmount,
    PowerAmount,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.complaints import quoted
from filmcell.protocol.controls import Sweep
from filmcell.protocol.limits import (
    CapacityLimit,
    CurrentLimit,
    Limit,
    StateOfChargeLimit,
    TimeLimit,
    VoltageLimit,
)
from filmcell.units import to_si

T = TypeVar("T")

_NUMBER = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_SPACE = r"[^\S\r\n]*"
_POWER = r"[A-Za-zµμ]+(\^|\*\*)?-?[0-9](?![0-9.])"
_WORD = (
    r"((?!(?i:until|for|or|then|repeat|times|at|charge|discharge|hold|rest|"
    r"sweep|follow|linearly|measure|impedance|limit)\b)"
    r"[A-Za-zµμ]+((\^|\*\*)?-?[0-9](?![0-9.]))?)"
)
PATTERNS = {
    # read only to be refused with its own sentence
    "DECIMAL_COMMA": rf"[+-]?[0-9]+,[0-9]+({_SPACE}{_WORD})?",
    "STATE_OF_CHARGE": rf"[+-]?{_NUMBER}{_SPACE}%{_SPACE}(?i:SOC)\b",
    # "1C", "C/10", "C"; but "1 C/cm2" and "1 Ah" are charges
    "C_RATE": rf"([+-]?{_NUMBER}{_SPACE})?C(?![A-Za-z0-9]|\s*\/\s*[A-Za-z])"
    rf"({_SPACE}\/{_SPACE}{_NUMBER})?",
    # a second word of the unit needs "/", "*" or an exponent, or else it is the next word
    "QUANTITY": rf"[+-]?{_NUMBER}"
    rf"({_SPACE}{_WORD}({_SPACE}[\/*]{_SPACE}{_WORD}|[^\S\r\n]+{_POWER})*)?",
}
"""What an amount may look like; the first that fits is what it is."""

_LONGEST = 80  # characters of an amount
_A_PUSH = 'a current or power, expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'
_A_LIMIT = (
    "a voltage, current, charge, state of charge or time, expected one such as "
    '"4.2 V", "C/50", "0.5 mAh", "50 % SOC" or "10 min"'
)
_CURRENTS: Mapping[str, Callable[[float], CurrentAmount]] = {
    kind.unit: kind for kind in (Amperes, AmperesPerArea)
}
_PUSHES: Mapping[str, Callable[[float], CurrentAmount | PowerAmount]] = {
    kind.unit: kind for kind in (Amperes, AmperesPerArea, Watts, WattsPerArea)
}
_LIMITS: Mapping[str, Callable[[float], Limit]] = {
    "V": VoltageLimit,
    "s": TimeLimit,
    "A": lambda x: CurrentLimit(Amperes(x)),
    "A/m2": lambda x: CurrentLimit(AmperesPerArea(x)),
    "C": lambda x: CapacityLimit(Coulombs(x)),
    "C/m2": lambda x: CapacityLimit(CoulombsPerArea(x)),
}


def read_push(text: str) -> CurrentAmount | PowerAmount:
    """Read the current or power of a charge or discharge.

    Parameters
    ----------
    text : str
        Such as "0.1 mA", "0.07 mA/cm2", "C/10" or "0.4 mW".

    Returns
    -------
    CurrentAmount or PowerAmount
        The amount.

    Raises
    ------
    InputError
        Where it is none, or not above zero.

    Examples
    --------
    >>> read_push("C/10")
    CRate(value=0.1)
    """
    return _read(text, _PUSHES, lambda rate: rate, _A_PUSH)


def read_current(text: str) -> CurrentAmount:
    """Read a current.

    Parameters
    ----------
    text : str
        Such as "0.1 mA", "0.07 mA/cm2" or "C/50".

    Returns
    -------
    CurrentAmount
        The amount.

    Raises
    ------
    InputError
        Where it is none, or not above zero.

    Examples
    --------
    >>> read_current("C/50")
    CRate(value=0.02)
    """
    what = 'a current, expected one such as "0.1 mA", "C/50" or "0.07 mA/cm2"'
    return _read(text, _CURRENTS, lambda rate: rate, what)


def read_voltage(text: str) -> float:
    """Read the voltage of a hold.

    Parameters
    ----------
    text : str
        Such as "4.2 V".

    Returns
    -------
    float
        Voltage [V].

    Raises
    ------
    InputError
        Where it is none.

    Examples
    --------
    >>> read_voltage("4200 mV")
    4.2
    """
    return _read(text, {"V": float}, None, 'a voltage, expected one such as "4.2 V"')


def read_rate(text: str) -> float:
    """Read the rate of a sweep.

    Parameters
    ----------
    text : str
        Such as "0.1 mV/s".

    Returns
    -------
    float
        Rate [V/s].

    Raises
    ------
    InputError
        Where it is none.

    Examples
    --------
    >>> read_rate("0.1 mV/s")
    0.0001
    """
    return _read(text, {"V/s": float}, None, 'a rate, expected one such as "0.1 mV/s"')


def sweep_until(rate: float, limits: Sequence[Limit]) -> tuple[Sweep, tuple[Limit, ...]]:
    """Make a sweep, the end of which stands among the limits of its step.

    Parameters
    ----------
    rate : float
        How fast [V/s].
    limits : sequence of limits
        All that the text gives.

    Returns
    -------
    sweep : Sweep
        The sweep to the first voltage of them.
    limits : tuple of limits
        The others.

    Raises
    ------
    InputError
        Where there is no voltage, or the rate is not above zero.

    Examples
    --------
    >>> sweep_until(1e-4, [VoltageLimit(4.2)])
    (Sweep(voltage=4.2, rate=0.0001), ())
    """
    ends = [limit for limit in limits if isinstance(limit, VoltageLimit)]
    if not ends:
        raise InputError('a sweep has no end, expected "until" a voltage such as "4.2 V"')
    return Sweep(ends[0].voltage, rate), tuple(x for x in limits if x is not ends[0])


def read_time(text: str) -> TimeLimit:
    """Read how long a step takes at most.

    Parameters
    ----------
    text : str
        Such as "10 min".

    Returns
    -------
    TimeLimit
        The time.

    Raises
    ------
    InputError
        Where it is none, or not above zero.

    Examples
    --------
    >>> read_time("10 min")
    TimeLimit(seconds=600.0)
    """
    return _read(text, {"s": TimeLimit}, None, 'a time, expected one such as "10 min"')


def read_limit(text: str) -> Limit:
    """Read what ends a step, by the kind of its unit.

    Parameters
    ----------
    text : str
        Such as "4.2 V", "10 uA", "C/50", "0.5 mAh", "50 % SOC" or "10 h".

    Returns
    -------
    Limit
        The limit.

    Raises
    ------
    InputError
        Where it is none of these, or not above zero.

    Examples
    --------
    >>> str(read_limit("10 uA"))
    '0.01 mA'
    """
    return _read(text, _LIMITS, CurrentLimit, _A_LIMIT, StateOfChargeLimit)


def _read(
    text: str,
    kinds: Mapping[str, Callable[[float], T]],
    of_rate: Callable[[CRate], T] | None,
    expected: str,
    of_charge: Callable[[float], T] | None = None,
) -> T:
    """Make the first kind whose unit fits; `expected` says what the text should have been."""
    refused = InputError(f"{quoted(text)} is not {expected}")
    if not isinstance(text, str):
        raise refused
    plain = " ".join(text.split())
    fits = (name for name, pattern in PATTERNS.items() if re.fullmatch(pattern, plain))
    kind = next(fits, None) if len(text) <= _LONGEST else None
    if kind == "DECIMAL_COMMA":
        raise InputError(f'"{plain}" has a comma in its number, expected a point')
    if kind == "C_RATE" and of_rate:
        return of_rate(_c_rate(plain))
    if kind == "STATE_OF_CHARGE" and of_charge:
        return of_charge(to_si(plain[: plain.index("%") + 1], ""))
    # pint would also work out "2*3 mA", so that only a number with a unit is handed to it
    for unit, make in kinds.items() if kind == "QUANTITY" else ():
        try:
            value = to_si(plain, unit)
        except InputError:
            continue
        return make(value)
    raise refused


def _c_rate(text: str) -> CRate:
    """Read "1C", "C/10" or "C"."""
    above, _, below = text.partition("C")
    hours = float(below.strip(" /") or 1)
    if not hours:
        raise InputError(f'"{text}" divides by zero, expected a number of hours such as "C/10"')
    return CRate(float(above or 1) / hours)
