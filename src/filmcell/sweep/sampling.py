"""Samplings: where on its axes each design of a plan stands.

Every sampling can give any stretch of its designs by their numbers, so that parts of a sweep can
be made in any order and on any machine.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from threading import local
from typing import Any, cast

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.errors import InputError
from filmcell.sweep.axes import Axis
from filmcell.units import shown

MOST_STRATA = 10_000_000
"""Most designs of a Latin hypercube, which has to be made as a whole."""


@dataclass(frozen=True)
class Grid:
    """Every combination of the values of all axes; the last axis changes fastest.

    Examples
    --------
    >>> from filmcell.sweep.axes import Values
    >>> Grid().shares([Values((1.0, 2.0)), Values((3.0,))], 0, 2).tolist()
    [[0.25, 0.5], [0.75, 0.5]]
    """

    def count(self, axes: Sequence[Axis]) -> int:
        """Number of designs on some axes."""
        return prod(axis.count for axis in axes)

    def shares(self, axes: Sequence[Axis], first: int, last: int) -> Array:
        """Give where on each axis the designs stand.

        Parameters
        ----------
        axes : sequence of Axis
            The axes.
        first, last : int
            First design, and the one after the last.

        Returns
        -------
        ndarray
            Shares of each axis, shape (last - first, axes) [-].
        """
        if not axes:
            return np.empty((last - first, 0))
        places = np.unravel_index(np.arange(first, last), [axis.count for axis in axes])
        columns = [axis.share(k) for axis, k in zip(axes, places, strict=True)]
        return np.stack(columns, axis=1)


@dataclass(frozen=True)
class Paired:
    """The first values of all axes together, then the second ones: a list of designs.

    Examples
    --------
    >>> from filmcell.sweep.axes import Values
    >>> Paired().count([Values((1.0, 2.0)), Values((3.0, 4.0))])
    2
    """

    def count(self, axes: Sequence[Axis]) -> int:
        """Number of designs on some axes; refuses axes of different lengths."""
        counts = sorted({axis.count for axis in axes})
        if len(counts) > 1:
            raise InputError(
                f"axes: {counts[0]} and {counts[-1]} values side by side, expected as many on each"
            )
        return counts[0] if counts else 1

    def shares(self, axes: Sequence[Axis], first: int, last: int) -> Array:
        """Give where on each axis the designs stand.

        Parameters
        ----------
        axes : sequence of Axis
            The axes.
        first, last : int
            First design, and the one after the last.

        Returns
        -------
        ndarray
            Shares of each axis, shape (last - first, axes) [-].
        """
        columns = [axis.share(np.arange(first, last)) for axis in axes]
        return np.stack(columns, axis=1) if columns else np.empty((last - first, 0))


@dataclass(frozen=True)
class Random:
    """Points spread over all axes at once; the classes below say how.

    Parameters
    ----------
    points : int
        Number of designs.
    seed : int
        Another seed gives other points.

    Raises
    ------
    InputError
        Where either is not a whole number that can be.
    """

    points: int
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, least in (("points", 1), ("seed", 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise InputError(
                    f"{name}: {shown(value)} is not allowed, expected a whole number from {least}"
                )

    def count(self, axes: Sequence[Axis]) -> int:
        """Number of designs."""
        return self.points


class Sobol(Random):
    """Points of Sobol's sequence, scrambled; the number of points is best a power of two.

    Examples
    --------
    >>> from filmcell.sweep.axes import Range
    >>> whole = Sobol(64, seed=1).shares([Range(0.0, 1.0)], 0, 64)
    >>> bool((Sobol(64, seed=1).shares([Range(0.0, 1.0)], 10, 20) == whole[10:20]).all())
    True
    """

    def shares(self, axes: Sequence[Axis], first: int, last: int) -> Array:
        """Give where on each axis the designs stand.

        Parameters
        ----------
        axes : sequence of Axis
            The axes.
        first, last : int
            First design, and the one after the last.

        Returns
        -------
        ndarray
            Shares of each axis, shape (last - first, axes) [-].
        """
        if not axes:
            return np.empty((last - first, 0))
        engine = _wound(len(axes), self.seed, first)
        with warnings.catch_warnings():  # of numbers of points that are not a power of two
            warnings.simplefilter("ignore", UserWarning)
            return np.asarray(engine.random(last - first), dtype=np.float64)


_ENGINES = local()
"""Of each thread, the sequence that it used last: winding on is cheaper than from the start."""


def _wound(axes: int, seed: int, first: int) -> Any:
    """Give a Sobol sequence whose next point is a certain one."""
    from scipy.stats import qmc

    known, engine = cast("tuple[Any, Any]", getattr(_ENGINES, "last", (None, None)))
    if known != (axes, seed) or engine.num_generated > first:
        engine = qmc.Sobol(axes, rng=np.random.default_rng(seed))
        _ENGINES.last = (axes, seed), engine
    if first > engine.num_generated:
        engine.fast_forward(first - engine.num_generated)
    return engine


class LatinHypercube(Random):
    """Points of which each axis, cut into as many equal parts, has one in every part.

    Raises
    ------
    InputError
        Where there are too many, as it has to be made as a whole.

    Examples
    --------
    >>> from filmcell.sweep.axes import Range
    >>> shares = LatinHypercube(4).shares([Range(0.0, 1.0)], 0, 4)[:, 0]
    >>> sorted((shares * 4).astype(int).tolist())
    [0, 1, 2, 3]
    """

    def __post_init__(self) -> None:
        """Check the numbers."""
        super().__post_init__()
        if self.points > MOST_STRATA:
            raise InputError(
                f"points: {self.points} is not allowed, expected at most {MOST_STRATA} in a Latin "
                "hypercube; Sobol points have no such limit"
            )

    def shares(self, axes: Sequence[Axis], first: int, last: int) -> Array:
        """Give where on each axis the designs stand.

        Parameters
        ----------
        axes : sequence of Axis
            The axes.
        first, last : int
            First design, and the one after the last.

        Returns
        -------
        ndarray
            Shares of each axis, shape (last - first, axes) [-].
        """
        if not axes:
            return np.empty((last - first, 0))
        return _hypercube(self.points, len(axes), self.seed)[first:last]


@lru_cache(maxsize=2)
def _hypercube(points: int, axes: int, seed: int) -> Array:
    """Make a Latin hypercube, once for all parts of a sweep."""
    from scipy.stats import qmc

    engine: Any = qmc.LatinHypercube(axes, rng=np.random.default_rng(seed))
    return frozen(engine.random(points), own=True)


Sampling = Grid | Paired | Sobol | LatinHypercube
"""How the axes of a plan become designs."""
