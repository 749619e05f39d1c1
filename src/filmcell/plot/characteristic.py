"""Utilisation over a number of a cell, with the goal and the answer marked."""

from typing import Any

from filmcell.arrays import ArrayLike, as_array
from filmcell.plot.curves import COLOURS, axes


def utilisation_over(
    values: ArrayLike,
    utilisation: ArrayLike,
    goal: float,
    answer: float,
    ax: Any = None,
    *,
    xlabel: str = "thickness (um)",
    ylabel: str = "utilisation",
    said: str = "",
) -> Any:
    """Draw utilisation over a number, on a logarithmic axis, with an answer marked.

    Parameters
    ----------
    values : array-like
        The number, positive and rising, shape (n,), in the unit of the label.
    utilisation : array-like
        Utilisation there; gaps where nan, shape (n,) [-].
    goal : float
        Utilisation that was asked for [-].
    answer : float
        Number at which it is just reached, in the unit of the label.
    ax : matplotlib Axes, optional
        Axes to draw on.
    xlabel, ylabel : str
        What the axes show.
    said : str
        Text of the legend for the answer.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    ax.semilogx(as_array(values), as_array(utilisation), marker="o", markersize=3.0)
    ax.axhline(goal, color="black", linewidth=0.8, linestyle="--", label=f"asked for: {goal:g}")
    ax.axvline(answer, color=COLOURS[1], linewidth=0.8, linestyle="--")
    ax.plot([answer], [goal], marker="o", color=COLOURS[1], linestyle="none", label=said or None)
    ax.set_ylim(0.0, 1.05)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend(frameon=False, fontsize="small", loc="lower left")
    return ax
