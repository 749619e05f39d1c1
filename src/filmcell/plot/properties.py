"""Pictures of material properties: functions of x or T over the range of their source."""

import textwrap
from typing import TYPE_CHECKING

from filmcell.materials.property import Property

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_property(property_: Property, ax: "Axes | None" = None) -> "Axes":
    """Draw a property over the range of its source.

    Parameters
    ----------
    property_ : Property
        What to draw.
    ax : matplotlib.axes.Axes, optional
        Where to draw; on a new figure if not given.

    Returns
    -------
    matplotlib.axes.Axes
        Where it was drawn.

    Examples
    --------
    >>> from filmcell import constant
    >>> draw_property(constant("diffusivity", 1e-14, "m2/s")).get_ylabel()
    'diffusivity (m2/s)'
    """
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(layout="constrained").subplots()
    x, values = property_.curve()
    ax.plot(x, values, label=textwrap.fill(property_.source, 90, max_lines=3))
    unit = " (K)" if property_.argument == "T" else ""
    ax.set_xlabel(f"{property_.argument}{unit}")
    label = f"{property_.name} ({property_.unit})" if property_.unit else property_.name
    ax.set_ylabel(textwrap.fill(label, 28))
    if values.min() > 0.0 and values.max() > 30.0 * values.min():
        ax.set_yscale("log")
    # below the axes: a reference is longer than a curve leaves room for
    ax.legend(fontsize="x-small", frameon=False, loc="upper left", bbox_to_anchor=(-0.1, -0.18))
    return ax
