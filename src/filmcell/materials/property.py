"""A property is a function with a unit, a range and a source; it refuses to extrapolate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.errors import InputError, OutOfRange


@dataclass(frozen=True)
class Property:
    """A material property as a function of one argument, mostly the lithiation fraction x.

    Parameters
    ----------
    name : str
        What it is, for messages.
    unit : str
        SI unit of its values.
    func : callable
        Function of an array x, shape (n,), returning shape (n,).
    low, high : float
        Range of the argument in which the source vouches for it.
    source : str
        Where it was read.
    argument : str
        Name of the argument, "x" for the lithiation fraction or "T" for the temperature [K].

    Raises
    ------
    InputError
        Where the range is not from a smaller to a larger number.

    Examples
    --------
    >>> U = Property("OCP", "V", lambda x: 4.5 - x, 0.0, 1.0, "made up")
    >>> float(U(0.5))
    4.0
    >>> float(U(1.5, extrapolate=True))
    3.0
    >>> U(1.5)
    Traceback (most recent call last):
    ...
    filmcell.errors.OutOfRange: OCP: x from 1.5 to 1.5 is outside 0 to 1, the range of made up
    """

    name: str
    unit: str
    func: Callable[[Array], Array]
    low: float
    high: float
    source: str
    argument: str = "x"

    def __post_init__(self) -> None:
        """Check the range."""
        if not self.low < self.high:
            raise InputError(
                f"{self.name}: the range {self.low:g} to {self.high:g} of {self.source} does not "
                "rise, expected the lower end first"
            )

    def __call__(self, x: ArrayLike, *, extrapolate: bool = False) -> Array:
        """Evaluate the property.

        Parameters
        ----------
        x : array-like
            Where, shape (n,).
        extrapolate : bool
            Whether to go beyond the range of the source.

        Returns
        -------
        ndarray
            Values, shape (n,) [unit].

        Raises
        ------
        OutOfRange
            Where x leaves the range of the source and `extrapolate` does not allow it.
        """
        x = as_array(x)
        inside = (x >= self.low) & (x <= self.high)
        if not np.all(inside) and not extrapolate:  # also catches nan
            raise OutOfRange(
                f"{self.name}: {self.argument} from {x.min():.4g} to {x.max():.4g} is outside "
                f"{self.low:g} to {self.high:g}, the range of {self.source}"
            )
        return as_array(self.func(x))

    def curve(self, count: int = 400) -> tuple[Array, Array]:
        """Evaluate the property over its range, for charts.

        Parameters
        ----------
        count : int
            Number of points.

        Returns
        -------
        x, values : ndarray
            Argument and values, shape (count,) [-] and [unit].
        """
        x = np.linspace(self.low, self.high, count)
        return x, self(x)

    def plot(self, ax: Any = None) -> Any:
        """Draw the property over its range, with unit and source.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; on a new figure if not given.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn.
        """
        from filmcell.plot.properties import draw_property

        return draw_property(self, ax)

    def scaled(self, factor: float) -> "Property":
        """Give the same property with all its values multiplied by one number.

        Parameters
        ----------
        factor : float
            What the values are multiplied by [-].

        Returns
        -------
        Property
            Of the same range; its source says so.

        Raises
        ------
        InputError
            Where the factor is not a finite number above zero.

        Examples
        --------
        >>> D = constant("D", 1e-14, "m2/s", "a paper").scaled(2.0)
        >>> float(D(0.5)), D.source
        (2e-14, '2 times a paper')
        """
        if not 0.0 < factor < float("inf"):
            raise InputError(f"{self.name}: {factor!r} is no factor, expected a number above 0")
        func: Any = self.func
        new: Any = Scaled(func, factor)
        if isinstance(func, Constant):
            new = Constant(func.value * factor)
        elif isinstance(func, Scaled):
            new = Scaled(func.func, func.factor * factor)
        return replace(self, func=new, source=f"{factor:g} times {self.source}")

    @property
    def factor(self) -> float:
        """Number that multiplies all values: that of `scaled`, or the value of a constant."""
        if isinstance(self.func, Constant):
            return self.func.value
        return self.func.factor if isinstance(self.func, Scaled) else 1.0

    @property
    def unscaled(self) -> "Property":
        """The property without its factor: the function before `scaled`, or the constant 1."""
        if isinstance(self.func, Constant):
            return replace(self, func=Constant(1.0))
        return replace(self, func=self.func.func) if isinstance(self.func, Scaled) else self

    @property
    def vanishes(self) -> bool:
        """Whether it is zero everywhere, looked at in 33 places."""
        if isinstance(self.func, Constant):
            return self.func.value == 0.0
        return not np.any(self(np.linspace(self.low, self.high, 33)))

    def __str__(self) -> str:
        """Name the property and its source."""
        return f"{self.name} ({self.source})"


@dataclass(frozen=True)
class Constant:
    """The function that is the same everywhere; hashable, so that its table can be kept.

    Parameters
    ----------
    value : float
        The value.
    """

    value: float

    def __call__(self, x: Array) -> Array:
        """Return the value at every x, shape (n,)."""
        return np.full_like(x, self.value)


@dataclass(frozen=True)
class Scaled:
    """Another function times a number; hashable, so that its table can be kept.

    Parameters
    ----------
    func : callable
        Function of an array x, shape (n,), returning shape (n,).
    factor : float
        What its values are multiplied by [-].
    """

    func: Callable[[Array], Array]
    factor: float

    def __call__(self, x: Array) -> Array:
        """Return the scaled values at x, shape (n,)."""
        return as_array(self.func(x)) * self.factor


@dataclass(frozen=True)
class Knots:
    """Shape-preserving cubic (PCHIP) through measured points, on a linear or logarithmic scale.

    Parameters
    ----------
    x : tuple of float
        Lithiation fractions, rising [-].
    values : tuple of float
        Values at x.
    logarithmic : bool
        Whether the logarithm of the values is interpolated.
    """

    x: tuple[float, ...]
    values: tuple[float, ...]
    logarithmic: bool = False

    def __call__(self, x: Array) -> Array:
        """Interpolate at x, shape (n,)."""
        from scipy.interpolate import PchipInterpolator

        values = np.log(self.values) if self.logarithmic else np.array(self.values)
        y = as_array(PchipInterpolator(self.x, values)(x))
        return np.exp(y) if self.logarithmic else y


def constant(name: str, value: float, unit: str, source: str = "given") -> Property:
    """Make a property that does not depend on x.

    Parameters
    ----------
    name : str
        What it is.
    value : float
        Its value [unit].
    unit : str
        SI unit.
    source : str
        Where it was read.

    Returns
    -------
    Property
        Valid for x from 0 to 1.

    Examples
    --------
    >>> float(constant("D", 1e-14, "m2/s")(0.7))
    1e-14
    """
    return Property(name, unit, Constant(float(value)), 0.0, 1.0, source)


def tabulated(
    name: str,
    x: Sequence[float],
    values: Sequence[float],
    unit: str,
    *,
    logarithmic: bool = False,
    source: str = "given table",
) -> Property:
    """Make a property from points; its range is that of the points.

    Parameters
    ----------
    name : str
        What it is.
    x : sequence of float
        Lithiation fractions, rising, shape (n,) [-].
    values : sequence of float
        Values at x, shape (n,) [unit].
    unit : str
        SI unit.
    logarithmic : bool
        Whether to interpolate the logarithm, as for diffusivities over decades.
    source : str
        Where it was read.

    Returns
    -------
    Property
        Shape-preserving cubic through the points.

    Raises
    ------
    InputError
        Where the points are fewer than two, unequal in number, not finite or not rising in x.

    Examples
    --------
    >>> D = tabulated("D", [0.5, 1.0], [1e-13, 1e-15], "m2/s", logarithmic=True)
    >>> round(float(D(0.75)) * 1e14, 9)
    1.0
    """
    a, b = as_array(list(x)), as_array(list(values))
    if a.size != b.size or a.size < 2:
        raise InputError(
            f"{name}: {a.size} values of x and {b.size} values, expected two or more of each, "
            "equally many"
        )
    for what, numbers in (("x", a), ("values", b)):
        if not np.all(np.isfinite(numbers)):
            raise InputError(
                f"{name}: {what} has {numbers[~np.isfinite(numbers)][0]:g}, expected finite numbers"
            )
    falls = np.diff(a) <= 0
    if falls.any():
        first, then = a[:-1][falls][0], a[1:][falls][0]
        raise InputError(f"{name}: x goes from {first:g} to {then:g}, expected numbers that rise")
    if logarithmic and not np.all(b > 0):
        raise InputError(
            f"{name}: values has {b[b <= 0][0]:g}, expected numbers above 0, as their logarithm "
            "is interpolated"
        )
    knots = Knots(tuple(a.tolist()), tuple(b.tolist()), logarithmic)
    return Property(name, unit, knots, float(a[0]), float(a[-1]), source)
