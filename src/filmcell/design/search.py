"""Where a function of one number is at least a goal: the spans, with their edges closed in."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from filmcell.arrays import Array

_INSIDE = 8
"""Points between two at which an edge is looked for in one round, all of them at once."""

_ROUNDS = 40


@dataclass(frozen=True)
class Edge:
    """Where a span begins or ends.

    Parameters
    ----------
    inside : float
        The last value found inside.
    outside : float, optional
        The first value found outside; none where the span goes to the end of the range.
    """

    inside: float
    outside: float | None = None

    @property
    def bracket(self) -> tuple[float, float]:
        """Both values, the smaller one first; twice the same at the end of the range."""
        other = self.inside if self.outside is None else self.outside
        return min(self.inside, other), max(self.inside, other)


@dataclass(frozen=True)
class Span:
    """Values between two edges, at which the goal is reached.

    Parameters
    ----------
    low, high : Edge
        Its edges.
    """

    low: Edge
    high: Edge


@dataclass(frozen=True, eq=False)
class Found:
    """What a search saw.

    Parameters
    ----------
    values : ndarray
        Where it looked first, rising, shape (n,).
    measured : ndarray
        What it saw there; nan where nothing could be seen, shape (n,).
    spans : tuple of Span
        Where the goal is reached, in order.
    """

    values: Array
    measured: Array
    spans: tuple[Span, ...]


def search(
    measure: Callable[[Array], Array],
    goal: float,
    values: Array,
    tolerance: float,
) -> Found:
    """Find where a function is at least a goal.

    All edges are closed in together, each by eight points a round, so that a round narrows them
    nine times and asks for many values at once. What lies between two neighbours of `values` and
    shows at neither of them stays unseen. A nan does not reach the goal.

    Parameters
    ----------
    measure : callable
        Function of an array of positive numbers, shape (n,), returning shape (n,).
    goal : float
        What is to be reached.
    values : ndarray
        Where to look first, positive and rising, shape (n,).
    tolerance : float
        Relative width at which an edge is narrow enough [-].

    Returns
    -------
    Found
        The spans.

    Examples
    --------
    >>> found = search(lambda x: 1.0 / x, 0.5, np.geomspace(1.0, 10.0, 4), 1e-9)
    >>> round(found.spans[0].high.inside, 6), found.spans[0].low.outside
    (2.0, None)
    """
    measured = measure(values)
    reaches = measured >= goal
    turns = np.flatnonzero(reaches[1:] != reaches[:-1])
    inner = np.where(reaches[turns], values[turns], values[turns + 1])
    outer = np.where(reaches[turns], values[turns + 1], values[turns])
    for _ in range(_ROUNDS):
        if not np.any(np.abs(np.log(outer / inner)) > tolerance):
            break
        inner, outer = _narrowed(measure, goal, inner, outer)
    edges = [Edge(float(a), float(b)) for a, b in zip(inner, outer, strict=True)]
    if reaches[0]:
        edges = [Edge(float(values[0])), *edges]
    if reaches[-1]:
        edges = [*edges, Edge(float(values[-1]))]
    spans = tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True))
    return Found(values, measured, spans)


def _narrowed(
    measure: Callable[[Array], Array], goal: float, inner: Array, outer: Array
) -> tuple[Array, Array]:
    """Narrow each edge to the first of its steps outwards that no longer reaches the goal."""
    points = np.geomspace(inner, outer, _INSIDE + 2)  # (points, edges)
    reaches = (measure(points[1:-1].T.ravel()) >= goal).reshape(len(inner), _INSIDE)
    # the last point is known to lie outside
    first = np.argmin(np.column_stack([reaches, np.zeros(len(inner), bool)]), axis=1)
    edge = np.arange(len(inner))
    return points[first, edge], points[first + 1, edge]
