"""Where a demand is reached along one number of a cell, on the full model."""

from dataclasses import dataclass

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.design.counting import Demand
from filmcell.design.dial import Dial
from filmcell.design.reasons import nothing_reaches
from filmcell.design.search import Found, search
from filmcell.errors import FilmcellError, InputError
from filmcell.simulation.many import Design, simulate_many
from filmcell.units import EXAMPLES, shown

PER_DECADE = 7
"""Numbers that are looked at first, per factor of ten."""

FEWEST = 9
"""Numbers that are looked at first, at least."""

TOLERANCE = 1e-5
"""Relative width at which a bracket is narrow enough [-]."""


@dataclass(frozen=True, eq=False)
class Reach:
    """Where a demand is reached along one number.

    Parameters
    ----------
    dial : Dial
        The number.
    demand : Demand
        What is to be reached.
    found : Found
        Where it is; at least one span.
    failures : tuple of str
        Why some cells could not be simulated.
    """

    dial: Dial
    demand: Demand
    found: Found
    failures: tuple[str, ...]


def reach(turned: Dial, demand: Demand, ends: tuple[float, float], tolerance: float) -> Reach:
    """Find where a demand is reached along one number.

    Parameters
    ----------
    turned : Dial
        The number.
    demand : Demand
        What is to be reached.
    ends : tuple of float
        Range to look in, positive and rising [unit of the number].
    tolerance : float
        Relative width at which an edge is narrow enough [-].

    Returns
    -------
    Reach
        The spans in which it is reached.

    Raises
    ------
    InputError
        Where it is reached nowhere; says how much can be reached, where and why.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.dial import dial
    >>> from filmcell.protocol.amounts import CRate
    >>> D = dial(load_cell("wang2023-lco-lipon-li"), "cathode.diffusivity")
    >>> seen = reach(D, Demand(0.8, CRate(0.5)), (1e-15, 1e-11), 1e-3)
    >>> [f"{span.low.inside:.2g}" for span in seen.found.spans]
    ['9.3e-14']
    """
    if not 1e-12 <= tolerance < 1.0:
        raise InputError(f"tolerance: {shown(tolerance)} is not allowed, expected one such as 1e-5")
    failures: list[str] = []

    def measure(values: Array) -> Array:
        outcomes = simulate_many([_design(turned, demand, float(v)) for v in values])
        failures.extend(why for why in outcomes.failed if why)
        return demand.shares(outcomes)

    count = max(FEWEST, 1 + round(PER_DECADE * float(np.log10(ends[1] / ends[0]))))
    values = np.geomspace(*ends, count)
    values[-1] = ends[1]  # geomspace may round it to above the range
    found = search(measure, demand.utilisation, values, tolerance)
    if not found.spans:
        raise InputError(nothing_reaches(turned, demand, found, failures))
    return Reach(turned, demand, found, tuple(failures))


def _design(turned: Dial, demand: Demand, value: float) -> Design:
    """A cell with a number set and what is done to it, or why there is none."""
    try:
        cell: Cell = turned.set(value)
    except FilmcellError as error:
        return error
    return demand.design(cell)


def checked_range(low: float, high: float, unit: str) -> tuple[float, float]:
    """Refuse a range that is not one of rising positive numbers.

    Parameters
    ----------
    low, high : float
        Its ends [unit].
    unit : str
        SI unit, for the message.

    Returns
    -------
    tuple of float
        The ends.

    Raises
    ------
    InputError
        Where an end is not a finite number above zero, or the range does not rise.

    Examples
    --------
    >>> checked_range(1e-6, 1e-7, "m")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: range: from 1e-06 to 1e-07 m does not rise, expected the smaller \
number first
    """
    for name, value in (("low", low), ("high", high)):
        real = isinstance(value, int | float) and not isinstance(value, bool)
        if not real or not 0.0 < value < np.inf:
            raise InputError(f"{name}: {shown(value)} is not allowed, expected {EXAMPLES[unit][0]} "
                             "above 0")  # fmt: skip
    if not low < high:
        raise InputError(f"range: from {low:g} to {high:g} {unit}".rstrip() + " does not rise, "
                         "expected the smaller number first")  # fmt: skip
    return low, high
