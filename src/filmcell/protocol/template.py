"""Protocols with blanks: "Charge at {current} until 4.2 V", read once and filled in many times."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from math import isclose
from typing import Any, NamedTuple

from filmcell.errors import InputError
from filmcell.protocol.amounts import CurrentAmount
from filmcell.protocol.complaints import quoted
from filmcell.protocol.file import load_protocol
from filmcell.protocol.reading import PATTERNS, read_push
from filmcell.protocol.steps import Charge, Discharge, Protocol
from filmcell.units import EXAMPLES, shown, to_si

C_RATE = "C-rate"
"""What stands for the unit of a C-rate."""

_BLANK = re.compile(r"\{([A-Za-z]\w*)\}")
_RATE = re.compile(PATTERNS["C_RATE"])
_UNITS = ("A", "A/m2", "W", "W/m2", "V", "V/s", "s", "C", "C/m2")
_SAME = 1e-12
_MARK = 0.7390851332151607
"""A number that nobody writes, so that it is found again in what was read."""


class Filling(NamedTuple):
    """What goes into a blank: a number in an SI unit, or a C-rate [1/h]."""

    value: float
    unit: str

    @property
    def text(self) -> str:
        """As a protocol writes it; "1 C" there is a C-rate, so that a charge is in A s."""
        if self.unit == C_RATE:
            return f"{self.value!r}C"
        return f"{self.value!r} {self.unit.replace('C', 'A*s')}"


def read_filling(text: str) -> Filling:
    """Read what goes into a blank.

    Parameters
    ----------
    text : str
        Such as "0.1 mA/cm2", "C/10", "4.2 V" or "10 min".

    Returns
    -------
    Filling
        The number and its SI unit.

    Raises
    ------
    InputError
        Where it is nothing that a protocol could have there.

    Examples
    --------
    >>> read_filling("0.1 mA/cm2"), read_filling("C/10")
    (Filling(value=1.0, unit='A/m2'), Filling(value=0.1, unit='C-rate'))
    """
    if not isinstance(text, str):
        raise InputError(f'{shown(text)} has no unit, expected one such as "0.1 mA/cm2" or "C/10"')
    if _RATE.fullmatch(text.strip()):
        return Filling(read_push(text).value, C_RATE)
    for unit in _UNITS:
        try:
            return Filling(to_si(text, unit), unit)
        except InputError:
            continue
    kinds = ", ".join(EXAMPLES[unit][0] for unit in _UNITS)
    raise InputError(f"{quoted(text)} is none of {kinds} or a C-rate")


@dataclass(frozen=True)
class Template:
    """A protocol, of which some amounts are still to be said.

    Parameters
    ----------
    text : str
        The protocol, with names in braces for amounts.

    Examples
    --------
    >>> template = Template("Charge at {rate} until 4.2 V; Discharge at {rate} until 2.7 V")
    >>> template.names
    ('rate',)
    >>> str(template.filled({"rate": read_filling("C/5")}))
    'Charge at C/5 until 4.2 V; Discharge at C/5 until 2.7 V'
    """

    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the blanks, each once."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))

    def filled(self, fillings: Mapping[str, Filling]) -> Protocol:
        """Put something into every blank.

        Parameters
        ----------
        fillings : mapping of str to Filling
            Name of a blank to what goes there.

        Returns
        -------
        Protocol
            The protocol.

        Raises
        ------
        InputError
            Where a blank is left, the text cannot be read or an amount is not allowed there.
        """
        missing = [name for name in self.names if name not in fillings]
        if missing:
            raise InputError(f"protocol: nothing is given for {{{missing[0]}}}, expected an axis")
        return _filled(self.text, tuple((name, fillings[name]) for name in self.names))

    def steps_of(self, units: Mapping[str, str]) -> dict[str, tuple[int, ...]] | None:
        """Find the written steps of which a blank is the constant current.

        Parameters
        ----------
        units : mapping of str to str
            Name of a blank to the unit of what goes there.

        Returns
        -------
        dict of str to tuple of int, or None
            Name to the numbers of the steps, from 0; None where a blank stands elsewhere.

        Examples
        --------
        >>> template = Template("Charge at {rate} until 4.2 V; Rest for 1 h; Discharge at {rate}")
        >>> template.steps_of({"rate": C_RATE})
        {'rate': (0, 2)}
        """
        return _steps_of(self.text, tuple((name, units[name]) for name in self.names))


@lru_cache(maxsize=64)
def _steps_of(text: str, units: tuple[tuple[str, str], ...]) -> dict[str, tuple[int, ...]] | None:
    """Find them, once for all designs."""
    form, found = _form(text, units), {}
    for (name, _), mark in zip(units, _marks(len(units)), strict=True):
        steps = [k for k, step in enumerate(form.steps) if _is_current(step.control, mark)]
        if sum(_times(step, mark) for step in form.steps) != len(steps):
            return None
        found[name] = tuple(steps)
    return found


def _is_current(control: Any, mark: float) -> bool:
    """Whether a control is a constant current of this number."""
    if not isinstance(control, Charge | Discharge) or not isinstance(control.amount, CurrentAmount):
        return False
    return isclose(control.amount.value, mark, rel_tol=_SAME)


def _times(part: Any, mark: float) -> int:
    """How often a number stands in a part of a protocol."""
    if isinstance(part, tuple):
        return sum(_times(each, mark) for each in part)
    if isinstance(part, float):
        return int(isclose(part, mark, rel_tol=_SAME))
    if not is_dataclass(part) or isinstance(part, type):
        return 0
    return sum(_times(getattr(part, f.name), mark) for f in fields(part))


@lru_cache(maxsize=1024)
def _filled(text: str, fillings: tuple[tuple[str, Filling], ...]) -> Protocol:
    """Fill in a text; kept, as the designs of a grid share few protocols."""
    if not fillings:
        return load_protocol(text)
    try:
        form = _form(text, tuple((name, filling.unit) for name, filling in fillings))
    except InputError as error:
        _written(text, dict(fillings))  # the complaint with the numbers that were given, if any
        raise error from None
    values = [filling.value for _, filling in fillings]
    return _with_numbers(form, list(zip(_marks(len(values)), values, strict=True)))


def _marks(count: int, size: float = 1.0) -> list[float]:
    """Make numbers that are found again, one a blank."""
    return [_MARK * size * (1.0 + 1e-3 * k) for k in range(count)]


def _written(text: str, fillings: Mapping[str, Filling]) -> Protocol:
    """Write fillings into the text and read it."""
    return load_protocol(_BLANK.sub(lambda found: fillings[found[1]].text, text))


@lru_cache(maxsize=64)
def _form(text: str, units: tuple[tuple[str, str], ...]) -> Protocol:
    """Read the text with marks in its blanks, and try whether they are found again."""

    def marked(marks: list[float]) -> Protocol:
        named = zip(units, marks, strict=True)
        return _written(text, {name: Filling(mark, unit) for (name, unit), mark in named})

    marks, others = _marks(len(units)), _marks(len(units), 1.25)
    form, wanted = marked(marks), marked(others)
    back = list(zip(others, marks, strict=True))
    there = list(zip(marks, others, strict=True))
    if _with_numbers(wanted, back) != _with_numbers(_with_numbers(form, there), back):
        raise InputError(
            f"protocol: other numbers of {quoted(text)} follow from its blanks, expected blanks "
            "that stand in their steps as they are"
        )
    return form


def _with_numbers(part: Any, numbers: list[tuple[float, float]]) -> Any:
    """Copy a part of a protocol with other numbers in the place of marks."""
    if isinstance(part, tuple):
        return tuple(_with_numbers(each, numbers) for each in part)
    if isinstance(part, float):
        found = (new for mark, new in numbers if isclose(part, mark, rel_tol=_SAME))
        return next(found, part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    before = {f.name: getattr(part, f.name) for f in fields(part)}
    after = {name: _with_numbers(value, numbers) for name, value in before.items()}
    changed = {name: value for name, value in after.items() if value is not before[name]}
    return replace(part, **changed) if changed else part
