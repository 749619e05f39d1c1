"""Protocols that laboratories run again and again, each a function of a few amounts.

An amount is an object of `amounts`, a number in SI units or text such as "C/10" and "10 min".
Steps without a voltage of their own end at the cell's window.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    CRate,
    CurrentAmount,
    PowerAmount,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.complaints import quoted
from filmcell.protocol.controls import Charge, Discharge, Hold, Rest, Sweep, check_voltage
from filmcell.protocol.limits import CurrentLimit, Limit, TimeLimit, VoltageLimit
from filmcell.protocol.profile import Profile
from filmcell.protocol.profile_file import load_profile
from filmcell.protocol.reading import (
    read_current,
    read_push,
    read_rate,
    read_time,
    read_voltage,
)
from filmcell.protocol.steps import Block, Protocol, Step

Current = CurrentAmount | str
Push = CurrentAmount | PowerAmount | str
Voltage = float | str
Time = TimeLimit | float | str
Direction = type[Charge | Discharge] | str
T = TypeVar("T")

_CURRENTS = (Amperes, AmperesPerArea, CRate)
_PUSHES = (*_CURRENTS, Watts, WattsPerArea)
_DIRECTIONS: Mapping[str, type[Charge | Discharge]] = {"charge": Charge, "discharge": Discharge}
_MOST_HOLDS = 10_000
LADDER = (0.1, 0.1, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""C-rates of `rate_ladder` [1/h]."""


def cccv(
    charge_rate: Push,
    upper: Voltage,
    cut_off: Current,
    discharge_rate: Push | None = None,
    lower: Voltage | None = None,
    rest: Time | None = None,
    cycles: int | str = 1,
) -> Protocol:
    """Charge at constant current, hold the voltage until little current flows, discharge.

    Parameters
    ----------
    charge_rate : CurrentAmount, PowerAmount or str
        Current of the charge.
    upper : float or str
        Voltage of the hold [V].
    cut_off : CurrentAmount or str
        Current at which the hold ends.
    discharge_rate : CurrentAmount, PowerAmount or str, optional
        Current of the discharge; by default that of the charge.
    lower : float or str, optional
        Voltage at which the discharge ends [V].
    rest : TimeLimit, float or str, optional
        Rest after the hold and after the discharge [s]; by default none.
    cycles : int or str
        How often.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where an argument is not what it should be.

    Examples
    --------
    >>> print(cccv("C/2", "4.2 V", "C/20", rest="10 min", cycles=3))
    (Charge at C/2 until 4.2 V; Hold at 4.2 V until C/20; Rest for 10 min; Discharge at C/2;
    Rest for 10 min) repeat 3
    """
    current = _push("charge_rate", charge_rate)
    out = current if discharge_rate is None else _push("discharge_rate", discharge_rate)
    up = _charged(current, _voltage("upper", upper), cut_off)
    down = Step(Discharge(out), _until("lower", lower))
    pause = _rest(rest)
    return Protocol((Block((*up, *pause, down, *pause), _whole("cycles", cycles)),))


def rate_ladder(
    rates: Sequence[Current | float] | str = LADDER,
    charge_rate: Push = "C/10",
    upper: Voltage | None = None,
    cut_off: Current | None = None,
    rest: Time | None = None,
    lower: Voltage | None = None,
) -> Protocol:
    """Discharge at one rate after the other, each time from the same charge.

    Parameters
    ----------
    rates : sequence of CurrentAmount, float or str, or str
        Current of each discharge in order; a bare number is a C-rate [1/h]. A single text parts
        them by blanks: "0.1 0.2 1".
    charge_rate : CurrentAmount, PowerAmount or str
        Current of every charge.
    upper : float or str, optional
        Voltage at which the charge ends [V].
    cut_off : CurrentAmount or str, optional
        Current at which a hold at `upper` ends; by default there is no hold.
    rest : TimeLimit, float or str, optional
        Rest after each charge and each discharge [s]; by default none.
    lower : float or str, optional
        Voltage at which the discharges end [V].

    Returns
    -------
    Protocol
        The protocol; equal rates in a row are one block.

    Raises
    ------
    InputError
        Where an argument is not what it should be.

    Examples
    --------
    >>> print(rate_ladder((0.1, 0.1, "1 mA"), upper="4.2 V", cut_off="C/50"))
    (Charge at C/10 until 4.2 V; Hold at 4.2 V until C/50; Discharge at C/10) repeat 2;
    Charge at C/10 until 4.2 V; Hold at 4.2 V until C/50; Discharge at 1 mA
    """
    if cut_off is not None and upper is None:
        raise InputError("cut_off: a hold needs its voltage, expected upper too")
    end = None if upper is None else _voltage("upper", upper)
    up = _charged(_push("charge_rate", charge_rate), end, cut_off)
    until, pause = _until("lower", lower), _rest(rest)
    many = rates.split() if isinstance(rates, str) else rates
    listed: Sequence[Any] = many if isinstance(many, list | tuple) else [many]
    blocks = [
        Block((*up, *pause, Step(Discharge(rate), until), *pause), len(list(equal)))
        for rate, equal in groupby(_rate(x) for x in listed)
    ]
    if not blocks:
        raise InputError("rates: there are none, expected one at least")
    return Protocol(tuple(blocks))


def gitt(
    current: Push,
    pulse: Time,
    rest: Time,
    direction: Direction = Charge,
    most_pulses: int | str = 200,
    until: Voltage | None = None,
) -> Protocol:
    """Titrate by current: pulses, each with a rest after it, until the end of the window.

    Parameters
    ----------
    current : CurrentAmount, PowerAmount or str
        Current of the pulses.
    pulse, rest : TimeLimit, float or str
        How long a pulse and a rest take [s].
    direction : type or str
        `Charge` or `Discharge`, or their names.
    most_pulses : int or str
        Number of pulses after which it ends in any case.
    until : float or str, optional
        Voltage that ends it [V]; by default the end of the cell's window.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where an argument is not what it should be.

    Examples
    --------
    >>> print(gitt("C/10", "10 min", "1 h"))
    (Charge at C/10 for 10 min; Rest for 1 h) repeat 200 until limit
    """
    control = _direction(direction)(_push("current", current))
    push = Step(control, (*_until("until", until), _time("pulse", pulse)))
    steps = (push, Step(Rest(), (_time("rest", rest),)))
    return Protocol((Block(steps, _whole("most_pulses", most_pulses), until_limit=True),))


def pitt(
    start: Voltage,
    stop: Voltage,
    step: Voltage,
    cut_off: Current,
    longest: Time | None = None,
) -> Protocol:
    """Titrate by voltage: one hold after the other, each until little current flows.

    Parameters
    ----------
    start, stop : float or str
        Voltages of the first and the last hold [V]; upwards charges.
    step : float or str
        From one hold to the next, positive; the last one may be shorter [V].
    cut_off : CurrentAmount or str
        Current at which each hold ends.
    longest : TimeLimit, float or str, optional
        Time after which each hold ends in any case [s]; by default none.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where an argument is not what it should be, or there would be more than 10 000 holds.

    Examples
    --------
    >>> print(pitt("4.0 V", "3.9 V", "50 mV", "C/100", longest="10 h"))
    Hold at 4 V until C/100 or for 10 h; Hold at 3.95 V until C/100 or for 10 h;
    Hold at 3.9 V until C/100 or for 10 h
    """
    first, last = _voltage("start", start), _voltage("stop", stop)
    size = _voltage("step", step)
    if not size > 0:
        raise InputError(f"step: {size!r} V is not allowed, expected one above 0")
    number = ceil(abs(last - first) / size - 1e-6)
    if number >= _MOST_HOLDS:
        raise InputError(f"step: {size:g} V makes {number + 1} holds, expected 10000 at most")
    end = CurrentLimit(_current("cut_off", cut_off))
    time = () if longest is None else (_time("longest", longest),)
    sign = 1 if last > first else -1
    voltages = [float(f"{first + sign * k * size:.12g}") for k in range(number)]
    return Protocol((Block(tuple(Step(Hold(v), (end, *time)) for v in (*voltages, last))),))


def pulses(
    current: Push,
    on: Time,
    off: Time,
    count: int | str,
    direction: Direction = Discharge,
) -> Protocol:
    """Pulses of current with rests between them, a given number.

    Parameters
    ----------
    current : CurrentAmount, PowerAmount or str
        Current of the pulses.
    on, off : TimeLimit, float or str
        How long a pulse and the rest after it take [s].
    count : int or str
        How many.
    direction : type or str
        `Charge` or `Discharge`, or their names.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where an argument is not what it should be.

    Examples
    --------
    >>> print(pulses("2 mA", "100 ms", "10 s", 50))
    (Discharge at 2 mA for 0.1 s; Rest for 10 s) repeat 50
    """
    push = Step(_direction(direction)(_push("current", current)), (_time("on", on),))
    steps = (push, Step(Rest(), (_time("off", off),)))
    return Protocol((Block(steps, _whole("count", count)),))


def cyclic_voltammetry(
    lower: Voltage, upper: Voltage, scan_rate: float | str, cycles: int | str = 1
) -> Protocol:
    """Sweep the voltage up and down.

    Parameters
    ----------
    lower, upper : float or str
        Voltages between which it goes [V].
    scan_rate : float or str
        How fast [V/s].
    cycles : int or str
        How often.

    Returns
    -------
    Protocol
        The protocol; the first sweep goes up from the voltage that the cell has.

    Raises
    ------
    InputError
        Where an argument is not what it should be.

    Examples
    --------
    >>> print(cyclic_voltammetry("3 V", "4.2 V", "0.1 mV/s", 2))
    (Sweep at 0.1 mV/s until 4.2 V; Sweep at 0.1 mV/s until 3 V) repeat 2
    """
    low, high = _voltage("lower", lower), _voltage("upper", upper)
    if not low < high:
        raise InputError(f"lower: {low:g} V is not below upper {high:g} V, expected it below")
    rate = _read("scan_rate", scan_rate, (int, float), read_rate)
    steps = tuple(Step(Sweep(voltage, rate)) for voltage in (high, low))
    return Protocol((Block(steps, _whole("cycles", cycles)),))


def drive_cycle(
    profile: Profile | Path | str, repeat: int | str = 1, linearly: bool | str = False
) -> Protocol:
    """Follow a profile, again and again until the cell's window ends it.

    Parameters
    ----------
    profile : Profile, Path or str
        The profile, or its CSV file.
    repeat : int or str
        How often at most.
    linearly : bool or str
        Whether the values of a file go straight from one time to the next; else they are held.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where an argument is not what it should be, or the file cannot be read.

    Examples
    --------
    >>> profile = Profile((0.0, 10.0, 30.0), (2e-3, -5e-4, 0.0), Amperes)
    >>> print(drive_cycle(profile, repeat=500))
    (Follow a profile of 3 points) repeat 500 until limit
    """
    straight = {"true": True, "false": False}.get(str(linearly).lower())
    if straight is None:
        raise InputError(f"linearly: {quoted(linearly)} is not allowed, expected true or false")
    if not isinstance(profile, Profile):
        if not isinstance(profile, str | Path):
            raise InputError(f"profile: {quoted(profile)} is not a profile, expected a CSV file")
        profile = load_profile(profile, linear=straight)
    times = _whole("repeat", repeat)
    return Protocol((Block((Step(profile),), times, until_limit=times > 1),))


READY_MADE: Mapping[str, Callable[..., Protocol]] = {
    f.__name__: f for f in (cccv, cyclic_voltammetry, drive_cycle, gitt, pitt, pulses, rate_ladder)
}
"""Name of each ready-made protocol to the function that makes it."""


def ready_made(name: str, arguments: Mapping[str, Any], folder: Path | None = None) -> Protocol:
    """Make a ready-made protocol by its name.

    Parameters
    ----------
    name : str
        One of `READY_MADE`.
    arguments : mapping of str to object
        Arguments of its function, by name.
    folder : Path, optional
        Where the file of a profile is; by default the current folder.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where there is no such protocol or argument, one is missing or is not what it should be.

    Examples
    --------
    >>> print(ready_made("pulses", {"current": "1C", "on": "1 s", "off": "9 s", "count": "5"}))
    (Discharge at 1C for 1 s; Rest for 9 s) repeat 5
    """
    known = READY_MADE.get(name) if isinstance(name, str) else None
    if known is None:
        raise InputError(
            f"{quoted(name)} is not a ready-made protocol, expected one of {', '.join(READY_MADE)}"
        )
    parameters = inspect.signature(known).parameters
    for key in arguments:
        if key not in parameters:
            raise InputError(
                f"{name}: unknown argument {quoted(key)}, expected some of {', '.join(parameters)}"
            )
    for key, parameter in parameters.items():
        if parameter.default is parameter.empty and key not in arguments:
            raise InputError(f"{name}: {key} is missing")
    given = dict(arguments)
    if folder is not None and isinstance(given.get("profile"), str):
        given["profile"] = folder / given["profile"]
    try:
        return known(**given)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _read(name: str, value: Any, kinds: tuple[type, ...], read: Callable[[str], T]) -> T:
    """Take an amount as it is or read it; its complaints name the argument."""
    if isinstance(value, kinds) and not isinstance(value, bool):
        return value  # type: ignore[return-value]
    try:
        return read(value)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None


def _push(name: str, value: Push) -> CurrentAmount | PowerAmount:
    """Take or read a current or power."""
    return _read(name, value, _PUSHES, read_push)


def _current(name: str, value: Current) -> CurrentAmount:
    """Take or read a current."""
    return _read(name, value, _CURRENTS, read_current)


def _voltage(name: str, value: Voltage) -> float:
    """Take or read a voltage."""
    voltage = _read(name, value, (int, float), read_voltage)
    check_voltage(name, voltage)
    return voltage


def _time(name: str, value: Time) -> TimeLimit:
    """Take or read a time."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return _read(name, value, (TimeLimit,), TimeLimit if number else read_time)  # type: ignore[arg-type]


def _rate(value: Current | float) -> CurrentAmount:
    """Take or read a current of a ladder; a bare number is a C-rate."""
    try:
        rate = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return _current("rates", value)  # type: ignore[arg-type]
    return _read("rates", rate, (), CRate)  # type: ignore[arg-type]


def _whole(name: str, value: int | str) -> int:
    """Take or read a number of times."""
    number = int(value) if isinstance(value, str) and value.isdecimal() else value
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < 10**9:
        raise InputError(f"{name}: {quoted(value)} is not allowed, expected a number from 1")
    return number


def _direction(value: Direction) -> type[Charge | Discharge]:
    """Take or read whether to charge or discharge."""
    chosen = _DIRECTIONS.get(value.lower()) if isinstance(value, str) else value
    if chosen is not Charge and chosen is not Discharge:
        raise InputError(f"direction: {quoted(value)} is not allowed, expected charge or discharge")
    return chosen


def _until(name: str, voltage: Voltage | None) -> tuple[Limit, ...]:
    """Limit of a voltage, if there is one."""
    return () if voltage is None else (VoltageLimit(_voltage(name, voltage)),)


def _rest(time: Time | None) -> tuple[Step, ...]:
    """Rest, if there is one."""
    return () if time is None else (Step(Rest(), (_time("rest", time),)),)


def _charged(
    amount: CurrentAmount | PowerAmount, upper: float | None, cut_off: Current | None
) -> tuple[Step, ...]:
    """Charge to a voltage, and hold it there if a current is given at which that ends."""
    charge = Step(Charge(amount), _until("upper", upper))
    if cut_off is None or upper is None:
        return (charge,)
    return charge, Step(Hold(upper), (CurrentLimit(_current("cut_off", cut_off)),))
