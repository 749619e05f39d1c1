"""Curves of one or several results: voltage, losses, lithium profiles and their gradients."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.simulation.result import Result

COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#edae49", "#7d4f9e", "#00798c")
"""Colours of the lines, told apart by colour-blind readers too."""

AREAL = {"mAh/cm2": 3.6e4, "uAh/cm2": 36.0}
"""Units of areal capacity in SI [C/m2]."""


def axes(ax: Any = None) -> Any:
    """Give the axes that were handed in, or new ones.

    Parameters
    ----------
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes, with a light frame.
    """
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(6.0, 4.0), layout="constrained").add_subplot()
    ax.spines[["top", "right"]].set_visible(False)
    if not ax.lines:  # otherwise the colours would begin anew with every line
        ax.set_prop_cycle(color=COLOURS)
    return ax


def voltage(result: Result, ax: Any = None, *, label: str = "", colour: str | None = None) -> Any:
    """Draw voltage over the capacity of each step.

    Parameters
    ----------
    result : Result
        A result.
    ax : matplotlib Axes, optional
        Axes to draw on.
    label : str
        Name of the line in the legend.
    colour : str, optional
        Colour of the line.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for number in range(1, len(result.ended) + 1):
        rows = result.of_step(number)
        passed = np.abs(result.charge[rows] - result.charge[rows][0]) / 3.6
        (line,) = ax.plot(
            passed, result.voltage[rows], color=colour, label=label if number == 1 else None
        )
        colour = line.get_color()
    ax.set_xlabel("capacity of the step (mAh)")
    ax.set_ylabel("cell voltage (V)")
    return ax


def areal_voltage(
    result: Result,
    ax: Any = None,
    *,
    label: str = "",
    colour: str | None = None,
    unit: str = "mAh/cm2",
) -> Any:
    """Draw voltage over the capacity per area of the first step.

    Parameters
    ----------
    result : Result
        A result.
    ax : matplotlib Axes, optional
        Axes to draw on.
    label : str
        Name of the line in the legend.
    colour : str, optional
        Colour of the line.
    unit : str
        Unit of the capacity, one of `AREAL`.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    rows = result.of_step(1)
    passed = np.abs(result.charge[rows] - result.charge[rows][0]) / result.area / AREAL[unit]
    ax.plot(passed, result.voltage[rows], color=colour, label=label)
    ax.set_xlabel(f"capacity ({unit})")
    ax.set_ylabel("cell voltage (V)")
    return ax


def voltage_over_time(result: Result, ax: Any = None) -> Any:
    """Draw voltage over time.

    Parameters
    ----------
    result : Result
        A result.
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    ax.plot(result.time / 3600.0, result.voltage, color=COLOURS[0])
    ax.set_xlabel("time (h)")
    ax.set_ylabel("cell voltage (V)")
    return ax


def losses(result: Result, step: int, ax: Any = None) -> Any:
    """Draw where the voltage went in one step, one loss upon the other.

    Parameters
    ----------
    result : Result
        A result.
    step : int
        Number of the step, counted from 1.
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    rows = result.of_step(step)
    passed = np.abs(result.charge[rows] - result.charge[rows][0]) / 3.6
    names = [name for name in result.losses if name != "open-circuit potential"]
    parts = np.stack([np.abs(result.losses[name][rows]) * 1e3 for name in names])
    ax.stackplot(passed, parts, labels=names, colors=COLOURS, alpha=0.85)
    # the last few percent of a discharge fall off a cliff; show what comes before it
    total = parts.sum(axis=0)
    ax.set_ylim(0.0, 1.5 * float(np.interp(0.95 * passed[-1], passed, total)) or None)
    ax.set_xlabel("capacity of the step (mAh)")
    ax.set_ylabel("size of the loss (mV)")
    ax.legend(frameon=False, fontsize="small")
    return ax


def profiles(depth: Array, fractions: Mapping[str, Array], ax: Any = None) -> Any:
    """Draw lithium profiles through the film.

    Parameters
    ----------
    depth : ndarray
        Depth below the electrolyte, shape (n,) [m].
    fractions : mapping of str to ndarray
        Label to lithiation fraction or concentration, shape (n,).
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for label, values in fractions.items():
        ax.plot(depth * 1e6, values, label=label)
    ax.set_xlabel("depth below the electrolyte (um)")
    ax.set_ylabel("lithiation fraction (-)")
    ax.legend(frameon=False, fontsize="small")
    return ax


def gradients(depth: Array, concentrations: Mapping[str, Array], ax: Any = None) -> Any:
    """Draw the gradient of lithium through the film.

    Parameters
    ----------
    depth : ndarray
        Depth below the electrolyte, shape (n,) [m].
    concentrations : mapping of str to ndarray
        Label to concentration, shape (n,) [mol/m3].
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for label, c in concentrations.items():
        between = 0.5 * (depth[1:] + depth[:-1])
        ax.plot(between * 1e6, np.diff(c) / np.diff(depth) * 1e-9, label=label)
    ax.set_xlabel("depth below the electrolyte (um)")
    ax.set_ylabel("lithium gradient (1e9 mol/m4)")
    ax.legend(frameon=False, fontsize="small")
    return ax


def against_thickness(
    thickness: Array,
    ours: Mapping[str, Array],
    paper: Mapping[str, Array],
    ax: Any = None,
    *,
    what: str,
) -> Any:
    """Draw a quantity against film thickness, ours as lines and a paper's as points.

    Parameters
    ----------
    thickness : ndarray
        Thickness, shape (n,) [m].
    ours, paper : mapping of str to ndarray
        Label to values, shape (n,).
    ax : matplotlib Axes, optional
        Axes to draw on.
    what : str
        Name and unit of the quantity.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for (label, values), colour in zip(ours.items(), COLOURS, strict=False):
        ax.plot(thickness * 1e6, values, color=colour, label=f"{label}, filmcell")
        if label in paper:
            ax.plot(thickness * 1e6, paper[label], "o", mfc="none", color=colour,
                    label=f"{label}, paper")  # fmt: skip
    ax.set_xlabel("film thickness (um)")
    ax.set_ylabel(what)
    ax.legend(frameon=False, fontsize="small", ncols=2)
    return ax


def against_rate(
    ours: Mapping[str, Mapping[float, float]],
    paper: Mapping[str, Mapping[float, float]],
    ax: Any = None,
    *,
    what: str,
) -> Any:
    """Draw a quantity against the C-rate, ours as lines and a paper's as points.

    Parameters
    ----------
    ours, paper : mapping of str to mapping of float to float
        Label to rate [C] and value.
    ax : matplotlib Axes, optional
        Axes to draw on.
    what : str
        Name and unit of the quantity.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for (label, row), colour in zip(ours.items(), COLOURS, strict=False):
        ax.plot(list(row), list(row.values()), ".-", color=colour, label=label)
    for (label, row), marker in zip(paper.items(), "os^D", strict=False):
        ax.plot(list(row), list(row.values()), marker, mfc="none", color="black", label=label)
    ax.set_xlabel("C-rate")
    ax.set_ylabel(what)
    ax.legend(frameon=False, fontsize="small")
    return ax


def over_time(time: Array, values: Mapping[str, Array], ax: Any = None, *, what: str) -> Any:
    """Draw quantities over time in seconds.

    Parameters
    ----------
    time : ndarray
        Time, shape (n,) [s].
    values : mapping of str to ndarray
        Label to values, shape (n,).
    ax : matplotlib Axes, optional
        Axes to draw on.
    what : str
        Name and unit of the quantities.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    for label, row in values.items():
        ax.plot(time, row, label=label)
    ax.set_xlabel("time (s)")
    ax.set_ylabel(what)
    ax.legend(frameon=False, fontsize="small")
    return ax


def save(ax: Any, path: Any) -> None:
    """Write the figure that an ax belongs to.

    Parameters
    ----------
    ax : matplotlib Axes
        The axes.
    path : str or Path
        File; its ending says the format.
    """
    ax.figure.savefig(path, dpi=160)
