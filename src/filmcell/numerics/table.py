"""A function as a lookup table made to a tolerance: data, so a new material compiles nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.interpolate import CubicSpline

from filmcell.arrays import Array, ArrayLike, as_array, frozen
from filmcell.errors import InputError
from filmcell.numerics.compiling import compiled

_THIRD = 1.0 / 3.0

MOST_INTERVALS = 2**15
"""Where refinement stops; at 32 bytes an interval a table stays within one megabyte."""


@dataclass(frozen=True, eq=False)
class Table:
    """A piecewise cubic on equal intervals.

    Parameters
    ----------
    coefficients : ndarray
        Cubic of each interval in its own coordinate 0 to 1, lowest power first, shape (n, 4).
    low, high : float
        Range in x.
    error : float
        Largest error found between the knots while the table was made, in units of the function.
    """

    coefficients: Array
    low: float
    high: float
    error: float

    def __call__(self, x: ArrayLike) -> Array:
        """Values at x, any shape, held constant outside the range; as the kernel reads them."""
        n = len(self.coefficients)
        s = np.clip((as_array(x) - self.low) * (n / (self.high - self.low)), 0.0, float(n))
        k = np.minimum(s, n - 1).astype(np.int64)
        a, b, c, d = self.coefficients[k].T
        t = (s - k).T
        return as_array((a + t * (b + t * (c + t * d))).T)

    @cached_property
    def rows(self) -> Array:
        """What a kernel reads, shape (n, 5): coefficients, and the integral up to each interval.

        The integral counts intervals, not x.
        """
        whole = self.coefficients @ (1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0)
        before = np.concatenate([[0.0], np.cumsum(whole)[:-1]])
        return frozen(np.column_stack([self.coefficients, before]), own=True)

    def head(self, offset: int) -> Array:
        """What a kernel needs to read the table once it is stacked below others, shape (4,)."""
        n = len(self.coefficients)
        return np.array([self.low, n / (self.high - self.low), float(n), float(offset)])


def tabulate(
    f: Callable[[Array], Array],
    low: float,
    high: float,
    *,
    tol: float,
    relative: bool = False,
    worst: float = 1e-4,
) -> Table:
    """Tabulate a function, doubling the knots until the error *between* them is below `tol`.

    Parameters
    ----------
    f : callable
        Function of an array x, shape (n,), returning shape (n,).
    low, high : float
        Range in x.
    tol : float
        Error aimed at, in units of f, or of f / max|f| if `relative`.
    relative : bool
        Whether `tol` and `worst` are relative to the value at each point.
    worst : float
        Error above which the table is refused once `MOST_INTERVALS` is reached.

    Returns
    -------
    Table
        The table.

    Raises
    ------
    InputError
        Where f is not finite in the range, or too rough for a table.

    Examples
    --------
    >>> table = tabulate(np.exp, 0.0, 1.0, tol=1e-9)
    >>> len(table.coefficients), table.error < 1e-9
    (128, True)
    """
    intervals = 4
    while True:
        x = np.linspace(low, high, intervals + 1)
        values = _finite(f, x)
        spline = CubicSpline(x, values)
        between = np.concatenate([x[:-1] + s * (x[1] - x[0]) for s in (0.25, 0.5, 0.8)])
        truth = _finite(f, between)
        error = np.abs(spline(between) - truth)
        if relative:
            error = error / np.maximum(np.abs(truth), 1e-300)
        largest = float(error.max())
        if largest <= tol or intervals >= MOST_INTERVALS:
            break
        intervals *= 2
    if largest > max(worst, tol):
        raise InputError(
            f"a table of {intervals} intervals from {low:g} to {high:g} misses its function by "
            f"{largest:.3g}, allowed is {worst:g}: the function jumps or has a kink"
        )
    scale = (x[1] - x[0]) ** np.arange(4)
    coefficients = np.ascontiguousarray(spline.c[::-1].T * scale)
    if not coefficients[:, 1:].any():  # a constant: one interval lets the kernels see that
        coefficients = coefficients[:1]
    return Table(frozen(coefficients, own=True), float(low), float(high), largest)


def _finite(f: Callable[[Array], Array], x: Array) -> Array:
    """Return f(x); refuse values that are not finite, naming the first x."""
    values = np.broadcast_to(np.asarray(f(x), dtype=np.float64), x.shape)
    bad = ~np.isfinite(values)
    if bad.any():
        raise InputError(
            f"the function is {values[bad][0]} at x = {x[bad][0]:g}, expected a number"
        )
    return values


@lru_cache(maxsize=64)
def stack(tables: tuple[Table, ...]) -> tuple[Array, Array]:
    """Stack tables into one array for the kernels; kept, as many designs share it.

    Parameters
    ----------
    tables : tuple of Table
        The tables, k of them.

    Returns
    -------
    rows : ndarray
        All intervals, shape (n, 5).
    heads : ndarray
        Low end, intervals per unit x, number of intervals and first row of each, shape (k, 4).

    Examples
    --------
    >>> one = tabulate(np.cos, 0.0, 1.0, tol=1e-3)
    >>> rows, heads = stack((one, one))
    >>> rows.shape, int(heads[1, 3])
    ((8, 5), 4)
    """
    offsets = np.cumsum([0] + [len(t.coefficients) for t in tables[:-1]])
    heads = np.stack([t.head(int(k)) for t, k in zip(tables, offsets, strict=True)])
    return frozen(np.concatenate([t.rows for t in tables])), frozen(heads)


@compiled(inline="always")
def interpolate(
    table: Array, low: float, per_x: float, count: float, first: int, x: float
) -> tuple[float, float]:
    """Value and slope at x, both of the nearest end outside the range.

    Loops over many x read the head of a table once and call this: through memory that they also
    write to, it would have to be read again for every x.
    """
    s = (x - low) * per_x
    s = min(s, count) if s > 0.0 else 0.0  # written so that nan reads the first row
    k = int(min(s, count - 1.0))
    t = s - k
    row = table[first + k]
    value = row[0] + t * (row[1] + t * (row[2] + t * row[3]))
    return value, per_x * (row[1] + t * (2.0 * row[2] + 3.0 * t * row[3]))


@compiled(inline="always")
def integrate(table: Array, low: float, per_x: float, count: float, first: int, x: float) -> float:
    """Integral from the low end to x times `per_x`; outside the range the ends go on."""
    far = (x - low) * per_x
    s = min(far, count) if far > 0.0 else 0.0
    k = int(min(s, count - 1.0))
    t = s - k
    row = table[first + k]
    # no division, which would take longer than all the rest
    whole = row[4] + t * (row[0] + t * (0.5 * row[1] + t * (_THIRD * row[2] + 0.25 * t * row[3])))
    if far != s:
        whole += (far - s) * (row[0] + t * (row[1] + t * (row[2] + t * row[3])))
    return whole


@compiled(inline="always")
def lookup(table: Array, heads: Array, which: int, x: float) -> tuple[float, float]:
    """Value and slope at x of one of several stacked tables."""
    return interpolate(
        table, heads[which, 0], heads[which, 1], heads[which, 2], int(heads[which, 3]), x
    )
