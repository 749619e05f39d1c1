"""Pictures of a design study: fronts, shares of variance, and figures with their uncertainty."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from filmcell.arrays import Array
from filmcell.plot.curves import axes as new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def pareto_front(
    values: Array,
    names: Sequence[str],
    ax: "Axes | None" = None,
    *,
    others: Array | None = None,
    label: str = "",
) -> "Axes":
    """Draw two objectives of a front against each other.

    Parameters
    ----------
    values : ndarray
        Objectives of the designs on the front, shape (n, 2), in order along it.
    names : sequence of str
        What they are, with their units, shape (2,).
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.
    others : ndarray, optional
        Objectives of other designs that were tried, shape (m, 2).
    label : str
        Name in the legend.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> ax = pareto_front(np.array([[2.0, 1.0], [1.0, 3.0]]), ("energy", "power"))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('energy', 'power')
    """
    ax = new_axes(ax)
    if others is not None:
        ax.plot(others[:, 0], others[:, 1], ".", color="0.8", markersize=3, label="tried")
    ax.plot(values[:, 0], values[:, 1], ".-", linewidth=0.8, label=label or "front")
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    ax.legend(fontsize="small")
    return ax


def sensitivity_bars(
    keys: Sequence[str],
    first: Array,
    total: Array,
    first_error: Array,
    total_error: Array,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw shares of the variance as bars with their intervals, the greatest on top.

    Parameters
    ----------
    keys : sequence of str
        The variables, shape (k,).
    first, total : ndarray
        First and total order, shape (k,) [-].
    first_error, total_error : ndarray
        Half the width of their intervals, shape (k,) [-].
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> one = np.array([0.9, 0.1])
    >>> ax = sensitivity_bars(("a", "b"), one, one, 0.1 * one, 0.1 * one)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['b', 'a']
    """
    ax = new_axes(ax)
    order = np.argsort(total)
    places = np.arange(len(keys))
    rows = ((0.2, total, total_error, "total"), (-0.2, first, first_error, "first order"))
    for shift, shares, error, word in rows:
        ax.barh(places + shift, shares[order], 0.38, xerr=error[order], label=word,
                error_kw={"linewidth": 1.0, "capsize": 2.0})  # fmt: skip
    ax.set_yticks(places, [keys[k] for k in order])
    ax.set_xlabel("share of the variance")
    ax.legend(fontsize="small", loc="lower right")
    return ax


def uncertainty_histogram(
    values: Array,
    name: str,
    ax: "Axes | None" = None,
    *,
    interval: tuple[float, float] | None = None,
    nominal: float | None = None,
) -> "Axes":
    """Draw how a figure is distributed, with its interval and the cell as it was given.

    Parameters
    ----------
    values : ndarray
        The figure of each sample, shape (n,).
    name : str
        What it is, with its unit.
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.
    interval : (float, float), optional
        Ends of the interval, in the unit of the figure.
    nominal : float, optional
        Figure of the cell as it was given, likewise.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> ax = uncertainty_histogram(np.array([0.1, 0.2, 0.2]), "utilisation", nominal=0.2)
    >>> ax.get_ylabel()
    'samples'
    """
    ax = new_axes(ax)
    ax.hist(values, bins=min(40, max(8, len(values) // 12)), color="0.75")
    median = float(np.median(values))
    ax.axvline(median, color="C0", label=f"median {median:.4g}")
    for k, end in enumerate(interval or ()):
        ax.axvline(end, color="C0", linestyle="--", label=None if k else "5 to 95 %")
    if nominal is not None:
        ax.axvline(nominal, color="C3", label=f"cell as given {nominal:.4g}")
    ax.set_xlabel(name)
    ax.set_ylabel("samples")
    ax.legend(fontsize="small")
    return ax
