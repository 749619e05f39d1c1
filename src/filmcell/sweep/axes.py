"""Axes of a plan: the values that one number of a design goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.units import shown

Written = str | float
"""A number with its unit as text, or in SI."""


@dataclass(frozen=True)
class Values:
    """A list of values, one after the other.

    Parameters
    ----------
    values : sequence of str or float
        Text with units, SI numbers, or words such as "sphere".

    Raises
    ------
    InputError
        Where there is none.

    Examples
    --------
    >>> Values(("5 um", "10 um")).count
    2
    """

    values: tuple[Written, ...]

    def __post_init__(self) -> None:
        """Check that there is one."""
        if isinstance(self.values, str) or not isinstance(self.values, Sequence):
            raise InputError(f"{shown(self.values)} is not a list, expected values")
        object.__setattr__(self, "values", tuple(self.values))
        if not self.values:
            raise InputError("the axis is empty, expected at least one value")

    @property
    def count(self) -> int:
        """Number of values."""
        return len(self.values)

    @property
    def ends(self) -> tuple[Written, ...]:
        """What has to be read: every value."""
        return self.values

    def check(self, *read: Any) -> None:
        """Take any values."""

    def at(self, share: Array, read: Sequence[Any]) -> list[Any]:
        """Give the values at shares of the axis.

        Parameters
        ----------
        share : ndarray
            From 0 to below 1, shape (n,) [-].
        read : sequence
            The values as they were read.

        Returns
        -------
        list
            One value each.
        """
        places = np.minimum((share * self.count).astype(int), self.count - 1)
        return [read[k] for k in places]

    def share(self, places: Any) -> Array:
        """Shares of the axis at which some places of a grid stand, shape (n,) [-]."""
        return (np.asarray(places) + 0.5) / self.count


@dataclass(frozen=True)
class Range:
    """Numbers from one to another in equal steps.

    Parameters
    ----------
    low, high : str or float
        Ends, text with a unit or SI.
    count : int
        Number of values where a grid is made; other samplings take any number in between.

    Raises
    ------
    InputError
        Where the number of values is not two or more.

    Examples
    --------
    >>> Range("1 um", "3 um", 3).at(np.array([0.0, 0.5, 1.0]), (1e-6, 3e-6))
    [1e-06, 2e-06, 3e-06]
    """

    low: Written
    high: Written
    count: int = 2

    def __post_init__(self) -> None:
        """Check the number of values."""
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 2:
            raise InputError(
                f"points: {shown(self.count)} is not allowed, expected a whole number from 2"
            )

    @property
    def ends(self) -> tuple[Written, ...]:
        """What has to be read: both ends."""
        return self.low, self.high

    def check(self, low: float, high: float) -> None:
        """Refuse ends that do not rise.

        Parameters
        ----------
        low, high : float
            The ends as they were read.

        Raises
        ------
        InputError
            Where they do not.
        """
        if isinstance(low, str) or isinstance(high, str):
            raise InputError("words have no range, expected a list of values")
        if not low < high:
            raise InputError(
                f"from {shown(self.low)} to {shown(self.high)} does not rise, expected the smaller "
                "end first"
            )

    def at(self, share: Array, read: Sequence[float]) -> list[Any]:
        """Give the values at shares of the axis.

        Parameters
        ----------
        share : ndarray
            From 0 to 1, shape (n,) [-].
        read : sequence of float
            Both ends as they were read.

        Returns
        -------
        list of float
            One value each, in SI.
        """
        low, high = read
        return ((1.0 - share) * low + share * high).tolist()

    def share(self, places: Any) -> Array:
        """Shares of the axis at which some places of a grid stand, shape (n,) [-]."""
        return np.asarray(places) / (self.count - 1)


@dataclass(frozen=True)
class LogRange(Range):
    """Numbers from one to another, each by the same factor above the one before.

    Parameters
    ----------
    low, high : str or float
        Ends, text with a unit or SI, above zero.
    count : int
        Number of values where a grid is made; other samplings take any number in between.

    Examples
    --------
    >>> [float(f"{x:.6g}") for x in LogRange(1.0, 100.0, 3).at(np.array([0.0, 0.5, 1.0]), (1, 100))]
    [1.0, 10.0, 100.0]
    """

    def check(self, low: float, high: float) -> None:
        """Refuse ends that do not rise, or are not above zero.

        Parameters
        ----------
        low, high : float
            The ends as they were read.

        Raises
        ------
        InputError
            Where they do not.
        """
        super().check(low, high)
        if not low > 0:
            raise InputError(
                f"from {shown(self.low)} cannot be spaced by factors, expected an end above 0"
            )

    def at(self, share: Array, read: Sequence[float]) -> list[Any]:
        """Give the values at shares of the axis.

        Parameters
        ----------
        share : ndarray
            From 0 to 1, shape (n,) [-].
        read : sequence of float
            Both ends as they were read.

        Returns
        -------
        list of float
            One value each, in SI.
        """
        low, high = read
        # the ends are met to the last bit, which an exponential alone would miss
        values = np.exp((1.0 - share) * np.log(low) + share * np.log(high))
        return np.where(share == 0.0, low, np.where(share == 1.0, high, values)).tolist()


Axis = Values | Range
"""What a number of a design goes through."""
