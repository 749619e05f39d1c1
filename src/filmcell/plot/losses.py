"""Where the voltage of a step went, as areas between the voltage at rest and the voltage."""

from typing import Any

import numpy as np

from filmcell.plot.curves import AREAL, axes
from filmcell.simulation.explain import Explanation

COLOURS = (
    "#edae49", "#3a7d44", "#8ac926", "#7d4f9e", "#c77dff", "#1b6ca8", "#00798c", "#d1495b",
    "#9c6644", "#6c757d",
)  # fmt: skip
"""Colours of the areas; of layers beyond them the colours begin anew."""

_SEEN = 1e-4  # a part of the other sign below this stays undrawn [V]


def stacked(explanation: Explanation, ax: Any = None, *, unit: str = "mAh/cm2") -> Any:
    """Draw every loss of a step over areal capacity, between the voltage at rest and the voltage.

    On discharge the areas hang from the voltage at rest down to the voltage, on charge they stand
    on it. A part of the other sign, such as the gradient that an earlier step left behind, is
    hatched on the other side; the others then begin there, so that they end at the voltage.

    Parameters
    ----------
    explanation : Explanation
        What `explain` gives, with every kept row or as many points as the areas should have.
    ax : matplotlib Axes, optional
        Axes to draw on.
    unit : str
        Unit of the areal capacity, one of `AREAL`.

    Returns
    -------
    matplotlib Axes
        The axes.
    """
    ax = axes(ax)
    q = explanation.areal_capacity / AREAL[unit]
    potential, voltage = explanation.potential, explanation.voltage
    side = -1.0 if explanation.charge_passed > 0 else 1.0
    against = {
        name: np.where(part * side < 0.0, part, 0.0) for name, part in explanation.losses.items()
    }
    edge = potential + np.sum(list(against.values()), axis=0)
    beyond = potential
    for k, (name, part) in enumerate(explanation.losses.items()):
        colour = COLOURS[k % len(COLOURS)]
        other = beyond + against[name]
        if np.max(np.abs(against[name])) > _SEEN:
            ax.fill_between(q, beyond, other, facecolor="none", edgecolor=colour, hatch="////",
                            linewidth=0.0, zorder=3)  # fmt: skip
        beyond = other
        lower = edge + part - against[name]
        share = f"{explanation.share[name] * 100:.0f} %"
        ax.fill_between(q, edge, lower, color=colour, alpha=0.85, linewidth=0.0,
                        label=f"{name}, {share}")  # fmt: skip
        edge = lower
    ax.plot(q, potential, color="black", linestyle="--", linewidth=1.0, label="voltage at rest")
    ax.plot(q, voltage, color="black", linewidth=1.5, label="cell voltage")
    ax.set_ylim(*_limits(potential, voltage))
    ax.set_xlabel(f"capacity of step {explanation.step} ({unit})")
    ax.set_ylabel("voltage (V)")
    ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def _limits(potential: Any, voltage: Any) -> tuple[float, float]:
    """Limits of the axis: all of both curves and a twentieth on either side."""
    both = np.concatenate([potential, voltage])
    low, high = float(np.min(both)), float(np.max(both))
    return low - 0.05 * (high - low), high + 0.05 * (high - low)
