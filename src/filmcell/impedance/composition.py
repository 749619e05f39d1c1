"""How circuits are put together: elements in series and in parallel, with names for parameters.

A circuit is a tree of frozen objects, never a string that is evaluated. `a - b` puts two in series,
`p(a, b)` puts them in parallel.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, count, pairwise
from typing import Any, ClassVar

import numpy as np

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.errors import InputError

Values = Mapping[str, float] | Sequence[float] | Array
"""Values of parameters: by name, or in the order of the circuit."""


@dataclass(frozen=True)
class Parameter:
    """A number that an element asks for.

    Parameters
    ----------
    name : str
        Its name, such as R1 or CPE1_n; inside an element without the name of the element.
    unit : str
        Its unit.
    low, high : float
        Values that physics allows.
    power : int
        How it grows where the impedance of the element is to grow: 1 with it, -1 against it, 0 not.
    """

    name: str
    unit: str
    low: float = 0.0
    high: float = float("inf")
    power: int = 0

    @property
    def positive(self) -> bool:
        """Whether it is above zero by nature."""
        return self.low >= 0.0

    @property
    def logarithmic(self) -> bool:
        """Whether it is fitted as a logarithm: a size, not an exponent."""
        return self.positive and not np.isfinite(self.high)


class Circuit:
    """Anything that has an impedance: an element, or a series or parallel connection."""

    parts: "tuple[Circuit, ...]"
    """What it is put together of; nothing in an element."""

    def __sub__(self, other: "Circuit") -> "Series":
        """Put another circuit in series behind it."""
        if not isinstance(other, Circuit):
            raise InputError(f"{other!r} is not a circuit, expected an element such as R()")
        return Series((*self.members, *other.members))

    def __str__(self) -> str:
        """Give the usual string, with every element numbered."""
        return self.numbered.text

    def __repr__(self) -> str:
        return str(self)

    def __eq__(self, other: object) -> bool:
        """Whether both have the same string."""
        return isinstance(other, Circuit) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def text(self) -> str:
        """String with the numbers that were given."""
        raise NotImplementedError

    @property
    def members(self) -> "tuple[Circuit, ...]":
        """What stands in series, in order."""
        return (self,)

    @cached_property
    def shape(self) -> str:
        """String without numbers; circuits of one shape can stand for each other."""
        return re.sub(r"\d+", "", self.text)

    @cached_property
    def numbered(self) -> "Circuit":
        """The same circuit with every element numbered.

        A number that was given stays. Else the members of a series count from 1, all that is inside
        one of them has its number, and resistors and inductors in front have 0.
        """
        return _numbered(self)

    @cached_property
    def elements(self) -> "tuple[Element, ...]":
        """Elements in the order of the string, numbered."""
        return tuple(_leaves(self.numbered))

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters in the order of the string."""
        return tuple(p for element in self.elements for p in element.named)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters in the order of the string."""
        return tuple(p.name for p in self.parameters)

    @cached_property
    def size(self) -> int:
        """How many parameters it has."""
        return sum(part.size for part in self.parts)

    @cached_property
    def _cuts(self) -> tuple[slice, ...]:
        """Where in its parameters those of each part are."""
        ends = accumulate((part.size for part in self.parts), initial=0)
        return tuple(slice(a, b) for a, b in pairwise(ends))

    def ordered(self, values: Values) -> Array:
        """Bring values into the order of the parameters.

        Parameters
        ----------
        values : mapping of str to float or sequence of float
            Values, all of them.

        Returns
        -------
        ndarray
            Values in order, shape (k,).

        Raises
        ------
        InputError
            Where one is missing, unknown, or outside what physics allows.
        """
        if isinstance(values, Mapping):
            check_names(self, values, "value")
            missing = [name for name in self.names if name not in values]
            if missing:
                raise InputError(f"{self}: {missing[0]} has no value, expected one for each name")
            values = [values[name] for name in self.names]
        x = as_array(values)
        if x.shape != (len(self.names),):
            raise InputError(f"{self}: {x.size} values, expected {len(self.names)}")
        for p, value in zip(self.parameters, x, strict=True):
            check_value(p, float(value))
        return x

    def impedance(self, omega: ArrayLike, values: Values) -> Any:
        """Impedance at angular frequencies.

        Parameters
        ----------
        omega : array_like
            Angular frequencies, above 0, shape (n,) [1/s].
        values : mapping of str to float or sequence of float
            Values of the parameters, by name or in order.

        Returns
        -------
        ndarray of complex
            Impedance, shape (n,) [ohm].

        Raises
        ------
        InputError
            Where a value is missing, unknown or not allowed, or a frequency is not above zero.
        """
        return self.respond(_frequencies(omega), self.ordered(values))

    def jacobian(self, omega: ArrayLike, values: Values) -> Any:
        """Derivatives of the impedance with respect to the parameters, exact.

        Parameters
        ----------
        omega : array_like
            Angular frequencies, above 0, shape (n,) [1/s].
        values : mapping of str to float or sequence of float
            Values of the parameters, by name or in order.

        Returns
        -------
        ndarray of complex
            Derivatives, shape (k, n) [ohm per unit of the parameter].

        Raises
        ------
        InputError
            Where a value is missing, unknown or not allowed, or a frequency is not above zero.
        """
        return self.differentiate(_frequencies(omega), self.ordered(values))[1]

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance without checks.

        Parameters
        ----------
        omega : ndarray
            Angular frequencies, shape (n,) [1/s].
        x : sequence of float or of ndarray
            Values in order; columns of shape (m, 1) give m impedances at once.

        Returns
        -------
        ndarray of complex
            Impedance, shape (n,) or (m, n) [ohm].
        """
        raise NotImplementedError

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives without checks.

        Parameters
        ----------
        omega : ndarray
            Angular frequencies, shape (n,) [1/s].
        x : ndarray
            Values in order, shape (k,).

        Returns
        -------
        impedance : ndarray of complex
            Shape (n,) [ohm].
        derivatives : ndarray of complex
            Shape (k, n).
        """
        raise NotImplementedError

    def explain(self) -> str:
        """Say what each element is.

        Returns
        -------
        str
            One line for each element: its formula, its parameters, their units and bounds.
        """
        return "\n".join(element.line for element in self.elements)


@dataclass(frozen=True, eq=False, repr=False)
class Element(Circuit):
    """An element of a circuit; its number may be left to the circuit that it becomes part of.

    Parameters
    ----------
    number : int, optional
        Its number, from 0.

    Raises
    ------
    InputError
        Where the number is not a whole number from 0.
    """

    number: int | None = None

    parts: ClassVar[tuple[Circuit, ...]] = ()  # type: ignore[misc]
    symbol: ClassVar[str]
    """What it is called in strings."""
    meaning: ClassVar[str]
    """What it is, in words."""
    formula: ClassVar[str]
    """Its impedance, as it is computed; ^ is a power, j the imaginary unit."""
    own: ClassVar[tuple[Parameter, ...]]
    """Its parameters, under the names that the formula has for them."""

    def __post_init__(self) -> None:
        """Check the number."""
        n = self.number
        if n is not None and (isinstance(n, bool) or not isinstance(n, int) or n < 0):
            raise InputError(f"{self.symbol}: number {n!r} is not allowed, expected 0, 1, 2 ...")

    @property
    def text(self) -> str:
        """Symbol and number."""
        return self.symbol if self.number is None else f"{self.symbol}{self.number}"

    @cached_property
    def size(self) -> int:
        """How many parameters it has."""
        return len(self.own)

    @cached_property
    def named(self) -> tuple[Parameter, ...]:
        """Its parameters under their full names: R1, CPE1_Q, CPE1_n."""
        if len(self.own) == 1:
            return (replace(self.own[0], name=self.text),)
        return tuple(replace(p, name=f"{self.text}_{p.name}") for p in self.own)

    @property
    def line(self) -> str:
        """Formula and parameters, on one line."""
        pairs = zip(self.own, self.named, strict=True)
        told = (
            f"{p.name} = {full.name} [{p.unit}] from {p.low:g} to {p.high:g}" for p, full in pairs
        )
        return f"{self.text}: {self.meaning}, {self.formula}; {', '.join(told)}"

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with which it has a given modulus at a given time constant.

        Parameters
        ----------
        resistance : float or ndarray
            Modulus of the impedance near omega = 1/tau [ohm].
        tau : float or ndarray
            Time constant [s].
        exponent : float or ndarray
            Exponent of elements that have one [-].

        Returns
        -------
        tuple
            Values in the order of its parameters.
        """
        raise NotImplementedError


@dataclass(frozen=True, eq=False, repr=False)
class Series(Circuit):
    """Circuits one behind the other: their impedances add.

    Parameters
    ----------
    parts : tuple of Circuit
        The circuits, in order.

    Raises
    ------
    InputError
        Where a number is given twice.
    """

    parts: tuple[Circuit, ...]

    def __post_init__(self) -> None:
        """Check the numbers."""
        _check_numbers(self)

    @property
    def text(self) -> str:
        """Parts with a dash between them."""
        return "-".join(part.text for part in self.parts)

    @property
    def members(self) -> tuple[Circuit, ...]:
        """The parts."""
        return self.parts

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks: a sum."""
        pairs = zip(self.parts, self._cuts, strict=True)
        return sum(part.respond(omega, x[cut]) for part, cut in pairs)

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives, without checks."""
        pairs = zip(self.parts, self._cuts, strict=True)
        Z, dZ = zip(*(part.differentiate(omega, x[cut]) for part, cut in pairs), strict=True)
        return sum(Z), np.concatenate(dZ)


@dataclass(frozen=True, eq=False, repr=False)
class Parallel(Circuit):
    """Circuits side by side: their admittances add.

    Parameters
    ----------
    parts : tuple of Circuit
        The branches, two at least.

    Raises
    ------
    InputError
        Where there are fewer than two, or a number is given twice.
    """

    parts: tuple[Circuit, ...]

    def __post_init__(self) -> None:
        """Check branches and numbers."""
        if len(self.parts) < 2:
            has = "1 branch" if len(self.parts) == 1 else "no branches"
            raise InputError(f"p() has {has}, expected two at least")
        _check_numbers(self)

    @property
    def text(self) -> str:
        """Branches in p(...)."""
        return f"p({','.join(part.text for part in self.parts)})"

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks: one over the sum of one over each."""
        pairs = zip(self.parts, self._cuts, strict=True)
        return 1.0 / sum(1.0 / part.respond(omega, x[cut]) for part, cut in pairs)

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives, without checks: dZ = Z^2 sum of dZ_k/Z_k^2."""
        pairs = zip(self.parts, self._cuts, strict=True)
        Zs, dZs = zip(*(part.differentiate(omega, x[cut]) for part, cut in pairs), strict=True)
        Z = 1.0 / sum(1.0 / Z_k for Z_k in Zs)
        ratios = (Z / Z_k for Z_k in Zs)
        return Z, np.concatenate([dZ * (r * r) for dZ, r in zip(dZs, ratios, strict=True)])


def p(*branches: Circuit) -> Parallel:
    """Put circuits in parallel.

    Parameters
    ----------
    *branches : Circuit
        The branches, two at least.

    Returns
    -------
    Parallel
        The circuit.

    Raises
    ------
    InputError
        Where there are fewer than two, or one is no circuit.

    Examples
    --------
    >>> from filmcell.impedance.circuits import C, R
    >>> circuit = R() - p(R(), C())
    >>> print(circuit)
    R0-p(R1,C1)
    >>> Z = circuit.impedance(1e3, {"R0": 10.0, "R1": 100.0, "C1": 1e-5})
    >>> print(f"{Z:.4f}")
    60.0000-50.0000j
    """
    for branch in branches:
        if not isinstance(branch, Circuit):
            raise InputError(f"{branch!r} is not a circuit, expected an element such as R()")
    return Parallel(branches)


def check_names(circuit: Circuit, names: Mapping[str, Any], what: str) -> None:
    """Refuse names that are none of the parameters.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    names : mapping of str to object
        What was given, by name.
    what : str
        What it is, for the sentence.

    Raises
    ------
    InputError
        Where a name is unknown.
    """
    for name in names:
        if name not in circuit.names:
            raise InputError(
                f"{what} of {name!r}: {circuit} has no such parameter, "
                f"expected one of {', '.join(circuit.names)}"
            )


def check_value(parameter: Parameter, value: float) -> None:
    """Refuse a value that physics does not allow; sizes are above zero.

    Parameters
    ----------
    parameter : Parameter
        The parameter.
    value : float
        The value.

    Raises
    ------
    InputError
        Where it is not allowed.
    """
    p = parameter
    if p.logarithmic and not 0.0 < value < np.inf:
        raise InputError(f"{p.name}: {value:g} {p.unit} is not allowed, expected a size above 0")
    if not p.low <= value <= p.high:
        raise InputError(f"{p.name}: {value:g} is not allowed, expected {p.low:g} to {p.high:g}")


def _frequencies(omega: ArrayLike) -> Array:
    """Angular frequencies; refused where one is not above zero."""
    array = as_array(omega)
    if not np.all((array > 0.0) & np.isfinite(array)):
        raise InputError("angular frequencies must be above 0 and finite")
    return array


def _leaves(circuit: Circuit) -> "Iterator[Element]":
    """Elements in the order of the string."""
    if isinstance(circuit, Element):
        yield circuit
    for part in circuit.parts:
        yield from _leaves(part)


def _check_numbers(circuit: Circuit) -> None:
    """Refuse an element that is there twice, symbol and number alike."""
    given = [e.text for e in _leaves(circuit) if e.number is not None]
    twice = [name for name in given if given.count(name) > 1]
    if twice:
        raise InputError(f"{twice[0]} stands twice in a circuit, expected another number")


def _numbered(circuit: Circuit) -> Circuit:
    """Give numbers to the elements that have none."""
    taken = {(e.symbol, e.number) for e in _leaves(circuit)}
    groups = count(1)
    numbered: list[Circuit] = []
    front = True
    for member in circuit.members:
        front = front and isinstance(member, Element) and member.symbol in {"R", "L"}
        own = isinstance(member, Element) and member.number is not None
        numbered.append(_given(member, 0 if front or own else next(groups), taken, groups))
    return numbered[0] if len(numbered) == 1 else Series(tuple(numbered))


def _given(
    circuit: Circuit, group: int, taken: set[tuple[str, int | None]], groups: "count[int]"
) -> Circuit:
    """Give the number of its group to what is inside; a connection inside it makes its own."""
    if isinstance(circuit, Element):
        if circuit.number is not None:
            return circuit
        free = next(n for n in count(group) if (circuit.symbol, n) not in taken)
        taken.add((circuit.symbol, free))
        return replace(circuit, number=free)
    parts = []
    for part in circuit.parts:
        inner = isinstance(circuit, Series) and isinstance(part, Parallel)
        parts.append(_given(part, next(groups) if inner else group, taken, groups))
    return type(circuit)(tuple(parts))  # type: ignore[call-arg]
