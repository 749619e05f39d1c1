"""Contours and lines of a map over two numbers of a cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from filmcell.arrays import as_array
from filmcell.design.maps import Map
from filmcell.plot.curves import axes
from filmcell.units import display

FAILED = "failed"
"""Label of the points that failed."""


def draw_map(found: Map, ax: Any = None, *, levels: Sequence[float] | None = None) -> Any:
    """Draw labelled contours of a map; points that failed are marked.

    Parameters
    ----------
    found : Map
        A map of at least two by two points.
    ax : matplotlib Axes, optional
        Axes to draw on.
    levels : sequence of float, optional
        Values of the contours in the unit of the quantity; round ones if not given.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    x, y, values = found.x.displayed, found.y.displayed, np.ma.masked_invalid(found.values)
    at = found.levels() if levels is None else np.sort(as_array(levels))
    ax.set_xscale("log" if found.x.logarithmic else "linear")
    ax.set_yscale("log" if found.y.logarithmic else "linear")
    # the shades show the points as they are, cell by cell; only the lines go between them
    mesh = ax.pcolormesh(x, y, values, shading="nearest", cmap="viridis", alpha=0.6)
    if at.size and min(values.shape) > 1:
        lines = ax.contour(x, y, values, levels=at, colors="black", linewidths=0.9)
        ax.clabel(lines, fmt="%g", fontsize="small")
    _mark_failed(found, ax)
    unit = "" if found.quantity.unit == "-" else f" ({found.quantity.unit})"
    ax.figure.colorbar(mesh, ax=ax, label=f"{found.quantity.name}{unit}")
    ax.set_xlabel(found.x.label)
    ax.set_ylabel(found.y.label)
    return ax


def _mark_failed(found: Map, ax: Any) -> None:
    """Put a cross where a point failed."""
    rows, columns = np.nonzero(np.isnan(found.values))
    if rows.size:
        ax.plot(found.x.displayed[columns], found.y.displayed[rows], "x", color="#d1495b",
                label=FAILED)  # fmt: skip
        ax.legend(frameon=False, loc="upper left")


def draw_lines(
    found: Map, ax: Any = None, *, printed: Mapping[float, Sequence[float]] | None = None
) -> Any:
    """Draw the rows of a map as lines over x, one for each value of y.

    Parameters
    ----------
    found : Map
        A map.
    ax : matplotlib Axes, optional
        Axes to draw on.
    printed : mapping of float to sequence of float, optional
        Values of a paper at the same x by value of y [SI], in the unit of the quantity.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    ax.set_xscale("log" if found.x.logarithmic else "linear")
    for v, row in zip(found.y.values, found.values, strict=True):
        label = f"{found.y.key} {display(float(v), found.y.unit or '')}"
        (line,) = ax.plot(found.x.displayed, row, label=label)
        points = (printed or {}).get(float(v))
        if points is not None:
            ax.plot(found.x.displayed, points, "o", color=line.get_color(), mfc="none")
    unit = "" if found.quantity.unit == "-" else f" ({found.quantity.unit})"
    ax.set_xlabel(found.x.label)
    ax.set_ylabel(f"{found.quantity.name}{unit}")
    ax.legend(frameon=False, fontsize="small")
    return ax
