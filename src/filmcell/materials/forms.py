"""Closed forms that a data file may name: frozen functions of one argument, each with its formula.

They are data with a call, so that a table made of one can be kept: equal forms have equal hashes.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array, as_array
from filmcell.constants import REFERENCE_TEMPERATURE, R
from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.units import shown


@dataclass(frozen=True)
class Polynomial:
    r"""A polynomial, :math:`\sum_k c_k t^k` with :math:`t = x^p`.

    Parameters
    ----------
    coefficients : tuple of float
        The :math:`c_k`, from the constant up.
    power : float
        The :math:`p`.
    """

    coefficients: tuple[float, ...]
    power: float = 1.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,), by the scheme of Horner."""
        t, total = x**self.power, np.zeros_like(x)
        for c in reversed(self.coefficients):
            total = total * t + c
        return total


@dataclass(frozen=True)
class Rational:
    r"""A quotient of polynomials, :math:`\sum_k a_k t^k / \sum_k b_k t^k` with :math:`t = x^p`.

    Parameters
    ----------
    numerator, denominator : tuple of float
        The :math:`a_k` and :math:`b_k`, from the constant up.
    power : float
        The :math:`p`.
    """

    numerator: tuple[float, ...]
    denominator: tuple[float, ...]
    power: float = 1.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        above, below = (Polynomial(c, self.power) for c in (self.numerator, self.denominator))
        return as_array(above(x) / below(x))


@dataclass(frozen=True)
class TanhSum:
    r"""A sum of steps, :math:`\sum_k a_k \tanh(b_k s x + c_k)`.

    Parameters
    ----------
    terms : tuple of (float, float, float)
        The :math:`a_k`, :math:`b_k` and :math:`c_k`.
    scale : float
        The :math:`s` by which the source stretches x.
    """

    terms: tuple[tuple[float, float, float], ...]
    scale: float = 1.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        return as_array(sum(a * np.tanh(b * self.scale * x + c) for a, b, c in self.terms))


@dataclass(frozen=True)
class ExponentialSum:
    r"""A sum of exponentials, :math:`\sum_k a_k \exp(b_k x^{p_k} + c_k)`.

    Parameters
    ----------
    terms : tuple of (float, float, float, float)
        The :math:`a_k`, :math:`b_k`, :math:`p_k` and :math:`c_k`.
    """

    terms: tuple[tuple[float, float, float, float], ...]

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        return as_array(sum(a * np.exp(b * x**p + c) for a, b, p, c in self.terms))


@dataclass(frozen=True)
class PowerSum:
    r"""A sum of powers, :math:`\sum_k a_k (x_k + b_k x)^{p_k}`.

    Parameters
    ----------
    terms : tuple of (float, float, float, float)
        The :math:`a_k`, :math:`x_k`, :math:`b_k` and :math:`p_k`.
    """

    terms: tuple[tuple[float, float, float, float], ...]

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        return as_array(sum(a * (start + b * x) ** p for a, start, b, p in self.terms))


@dataclass(frozen=True)
class PowerOfTen:
    r"""A function over decades, :math:`a\, 10^{P(x)}` with a polynomial :math:`P`.

    Parameters
    ----------
    coefficients : tuple of float
        Those of the polynomial, from the constant up.
    factor : float
        The :math:`a`.
    """

    coefficients: tuple[float, ...]
    factor: float = 1.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        return as_array(self.factor * 10.0 ** Polynomial(self.coefficients)(x))


@dataclass(frozen=True)
class RedlichKister:
    r"""Potential of a solid solution with a gap of two phases, where it is flat.

    .. math:: -F' U = G_0 + R T \ln\frac{x}{1-x} + \sum_i W_i \left[ (1-2x)^{i+1}
              - 2 i x (1-x) (1-2x)^{i-1} \right]

    Parameters
    ----------
    G0 : float
        Energy of the pure phases [J/mol].
    W : tuple of float
        Interactions [J/mol].
    gap : (float, float)
        Composition between which there are two phases [-].
    plateau : float
        Potential there, to which the whole curve is shifted [V].
    fit_temperature : float
        Temperature of the fit [K].
    faraday : float
        Faraday constant that the source used [C/mol].
    """

    G0: float
    W: tuple[float, ...]
    gap: tuple[float, float]
    plateau: float
    fit_temperature: float = 300.0
    faraday: float = 96485.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        low, high = self.gap
        flat = (x > low) & (x < high)
        edge = np.where(x < 0.5 * (low + high), low, high)
        side = np.where(flat, edge, x)
        return as_array(
            np.where(flat, self.plateau, self._solution(side) + self.plateau - self._solution(edge))
        )

    def _solution(self, x: Array) -> Array:
        """Potential of the solid solution, away from x = 1/2."""
        y = 1.0 - 2.0 * x
        mu = self.G0 + R * self.fit_temperature * np.log(x / (1.0 - x))
        for i, W in enumerate(self.W):
            mu = mu + W * (y ** (i + 1) - (2 * i * x * (1.0 - x) * y ** (i - 1) if i else 0.0))
        return as_array(-mu / self.faraday)


@dataclass(frozen=True)
class Arrhenius:
    r"""A conductivity over temperature.

    .. math:: \sigma(T) = \sigma_0 \left(\frac{T_0}{T}\right)^m
              \exp\left[-\frac{E_a}{R}\left(\frac1T - \frac1{T_0}\right)\right]

    with m = 1 where :math:`\ln \sigma T` was plotted and 0 where :math:`\ln \sigma` was.

    Parameters
    ----------
    value : float
        The :math:`\sigma_0` [unit of the property].
    activation_energy : float
        The :math:`E_a` [J/mol].
    reference : float
        The :math:`T_0` [K].
    exponent : float
        The :math:`m`.
    """

    value: float
    activation_energy: float
    reference: float = REFERENCE_TEMPERATURE
    exponent: float = 0.0

    def __call__(self, x: Array) -> Array:
        """Evaluate at temperatures x, shape (n,) [K]."""
        barrier = self.activation_energy / R * (1.0 / x - 1.0 / self.reference)
        return as_array(self.value * (self.reference / x) ** self.exponent * np.exp(-barrier))


@dataclass(frozen=True)
class Sum:
    """A sum of other forms.

    Parameters
    ----------
    parts : tuple of form
        What is added.
    """

    parts: tuple["Form", ...]

    def __call__(self, x: Array) -> Array:
        """Evaluate at x, shape (n,)."""
        return as_array(sum(part(x) for part in self.parts))


Form = Callable[[Array], Array]

FORMS: Mapping[str, type] = MappingProxyType(
    {
        "polynomial": Polynomial,
        "rational": Rational,
        "tanh sum": TanhSum,
        "exponential sum": ExponentialSum,
        "power sum": PowerSum,
        "power of ten": PowerOfTen,
        "two-phase Redlich-Kister": RedlichKister,
        "Arrhenius": Arrhenius,
        "sum": Sum,
    }
)
"""Forms by the word of a file; their keys are the parameters of the class."""


def form_of(table: Mapping[str, Any]) -> Form:
    """Make a form of its table.

    Parameters
    ----------
    table : mapping
        "form" and the parameters of that form: numbers, and lists of numbers.

    Returns
    -------
    callable
        Function of an array x, shape (n,), returning shape (n,).

    Raises
    ------
    InputError
        Where there is no such form, or a parameter is missing, unknown or no finite number.

    Examples
    --------
    >>> parts = [{"form": "polynomial", "coefficients": [4.0, -0.5]},
    ...          {"form": "tanh sum", "terms": [[0.1, -20.0, 10.0]]}]
    >>> float(form_of({"form": "sum", "parts": parts})(np.array(0.5)))
    3.75
    >>> form_of({"form": "spline"})
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: form: "spline" is not a form, expected one of polynomial,
    rational, tanh sum, exponential sum, power sum, power of ten, two-phase Redlich-Kister,
    Arrhenius, sum
    """
    word = table.get("form")
    if not isinstance(word, str) or word not in FORMS:
        raise InputError(f"form: {shown(word)} is not a form, expected one of {', '.join(FORMS)}")
    kind: Any = FORMS[word]
    own = {k: v for k, v in table.items() if k != "form"}
    check_keys(own, [f.name for f in fields(kind)])
    missing = [f.name for f in fields(kind) if f.default is MISSING and f.name not in own]
    if missing:
        raise InputError(f'{missing[0]} is missing, expected it with form = "{word}"')
    if kind is Sum:
        return Sum(tuple(form_of(part) for part in _list("parts", own["parts"])))
    return _fitting(word, kind, {k: _numbers(k, v) for k, v in own.items()})


def _fitting(word: str, kind: Any, numbers: dict[str, Any]) -> Form:
    """Make the form and try it once, so that lists of a wrong shape are refused here."""
    try:
        form: Form = kind(**numbers)
        with np.errstate(all="ignore"):
            if form(np.array([0.3])).shape != (1,):
                raise ValueError  # noqa: TRY301
    except (TypeError, ValueError):
        raise InputError(
            f'form: "{word}" cannot be made of {", ".join(numbers)}, expected as many numbers in '
            "each list as its formula has"
        ) from None
    return form


def _list(key: str, value: Any) -> list[Any]:
    """Take a list of tables."""
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise InputError(f"{key}: {shown(value)} is not a list of tables, expected forms")
    return value


def _numbers(key: str, value: Any) -> Any:
    """Take a finite number, or lists of them as tuples."""
    if isinstance(value, list):
        if not value:
            raise InputError(f"{key}: an empty list, expected numbers")
        return tuple(_numbers(key, v) for v in value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise InputError(f"{key}: {shown(value)} is not a finite number, expected one such as 0.5")
    return float(value)
