"""Ragone plots: energy over mean power, with lines of constant discharge time."""

from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.design.ragone import PER_AREA, Basis, Ragone
from filmcell.plot.curves import axes

HOURS = {"100 h": 100.0, "10 h": 10.0, "1 h": 1.0, "6 min": 0.1, "36 s": 0.01, "3.6 s": 1e-3}
"""Discharge times of the lines [h] by their labels."""


def draw_ragone(found: Ragone, ax: Any = None, *, basis: Basis = PER_AREA, label: str = "") -> Any:
    """Draw energy over mean power, both per one basis, on logarithmic axes.

    Parameters
    ----------
    found : Ragone
        What `ragone` gave; points that failed are not drawn.
    ax : matplotlib Axes, optional
        Axes to draw on.
    basis : Basis
        What energy and power are counted per.
    label : str
        Name of the line in the legend.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    energy, power = found.energy(basis), found.power(basis)
    known = np.isfinite(energy)
    order = np.argsort(power[known])
    ax.plot(power[known][order], energy[known][order], "o-", label=label or None)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel(f"mean power ({basis.power_unit})")
    ax.set_ylabel(f"energy ({basis.unit})")
    ax.set_title(f"per {basis.name}", fontsize="medium")
    if known.any():
        _draw_times(ax, power[known], energy[known])
    if label:
        ax.legend(frameon=False)
    return ax


def _draw_times(ax: Any, power: Array, energy: Array) -> None:
    """Draw energy = power x time through the region of the points."""
    left, right = power.min() / 2.0, power.max() * 2.0
    low, high = energy.min() / 2.0, energy.max() * 2.0
    for words, hours in HOURS.items():
        ends = np.array([max(left, low / hours), min(right, high / hours)])
        if ends[0] < ends[1]:
            ax.plot(ends, ends * hours, ":", color="0.6", linewidth=0.8, zorder=0)
            ax.annotate(words, (ends[1], ends[1] * hours), color="0.5", fontsize="x-small")
    ax.set_xlim(left, right * 1.5)
    ax.set_ylim(low, high * 1.5)
