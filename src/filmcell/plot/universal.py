"""The universal map: utilisation over l and Xi, with real cells on it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from filmcell.arrays import ArrayLike, as_array
from filmcell.plot.curves import COLOURS, axes

LEVELS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98)
"""Utilisations that get a line."""


def universal(
    ell: ArrayLike,
    xi: ArrayLike,
    values: ArrayLike,
    ax: Any = None,
    *,
    levels: Sequence[float] = LEVELS,
    cells: Mapping[str, Sequence[tuple[float, float]]] | None = None,
) -> Any:
    """Draw a universal map with labelled contours.

    Parameters
    ----------
    ell : array_like
        l, shape (n,) [-].
    xi : array_like
        Xi, shape (m,) [-].
    values : array_like
        Utilisation, shape (n, m) [-].
    ax : matplotlib Axes, optional
        Axes to draw on.
    levels : sequence of float
        Utilisations that get a line [-].
    cells : mapping of str to sequence of (float, float)
        Series of real cells by name: l and Xi of each.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    grid = as_array(ell), as_array(xi), as_array(values).T
    ax.contourf(*grid, levels=np.linspace(0.0, 1.0, 21), cmap="Blues", alpha=0.7)
    lines = ax.contour(*grid, levels=sorted(levels), colors="#333333", linewidths=0.8)
    for (name, places), colour in zip((cells or {}).items(), COLOURS[1:], strict=False):
        across, up = zip(*places, strict=True)
        ax.plot(across, up, "o-", color=colour, ms=4.0, label=name, zorder=3)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.clabel(lines, fmt=lambda level: f"{level:.0%}", fontsize=8)
    ax.set_xlabel(r"$\ell = d^2 C\, /\, z t_h D$")
    ax.set_ylabel(r"$\Xi = k^0 (t_h / C D)^{1/2}$")
    if cells:
        ax.legend(fontsize=8, loc="lower right")
    return ax
