r"""How a characteristic size answers to small changes: by implicit derivatives on the full model.

Where the utilisation u of a cell of size l equals its goal, a small change of a number p moves the
size by

.. math:: \frac{d \ln l}{d \ln p}
          = - \frac{\partial u / \partial \ln p}{\partial u / \partial \ln l}
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.design.counting import Demand
from filmcell.design.dial import SIZE, dial
from filmcell.protocol.amounts import CurrentAmount
from filmcell.protocol.steps import Protocol
from filmcell.simulation.many import simulate_many
from filmcell.simulation.options import Options
from filmcell.units import display

STEP = 0.01
"""Change of the logarithm of a number to either side [-]."""

CURRENT, UTILISATION = "current", "utilisation"
"""Names of the two numbers that belong to the demand and not to the cell."""


@dataclass(frozen=True)
class Sensitivity:
    """How a size answers to one number.

    Parameters
    ----------
    key : str
        Key of the cell, or `CURRENT` or `UTILISATION`.
    slope : float
        d ln(size) / d ln(number), at constant everything else [-].
    value : str
        What the number is now, with its unit.
    """

    key: str
    slope: float
    value: str


def usual_keys(cell: Cell) -> tuple[str, ...]:
    """Give the keys of a cell that a size is usually asked to answer to, those that it has.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    tuple of str
        Diffusivity, conductivity, exchange current densities, contact resistance, temperature.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> usual_keys(load_cell("wang2023-lco-lipon-li"))[1]
    'electrolyte.conductivity'
    """
    weak = isinstance(cell.electrolyte, WeakElectrolyte)
    keys = [
        "cathode.diffusivity",
        "electrolyte.cation_diffusivity" if weak else "electrolyte.conductivity",
        "cathode.exchange_current_density",
        "anode.exchange_current_density",
        "temperature",
    ]
    return (*keys, "contact_resistance") if cell.contact_resistance > 0.0 else tuple(keys)


def sensitivities(
    cell: Cell, demand: Demand, keys: Sequence[str] | None = None
) -> tuple[Sensitivity, ...]:
    """Give how the size that a demand allows answers to numbers of the cell and of the demand.

    Parameters
    ----------
    cell : Cell
        The cell at that size: what `largest_size` found.
    demand : Demand
        What is to be reached.
    keys : sequence of str, optional
        Keys of the cell; `usual_keys` if not given.

    Returns
    -------
    tuple of Sensitivity
        One a key, then the current and the utilisation; nan where the utilisation does not change
        with the size, or a changed cell cannot be simulated.

    Raises
    ------
    InputError
        Where a key is not one of a positive number.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "8 um"})
    >>> found = sensitivities(cell, Demand(0.8, AmperesPerArea(0.7)), ["cathode.diffusivity"])
    >>> round(found[0].slope, 2)  # at a given areal current the size goes with the diffusivity
    1.0
    """
    dials = [dial(cell, key) for key in (usual_keys(cell) if keys is None else keys)]
    pairs = [demand.design(d.scaled(x)) for d in (dial(cell, SIZE), *dials) for x in _factors()]
    pairs += [replace(demand, current=_times(demand, x)).design(cell) for x in _factors()]
    slopes = _slopes(pairs, demand)
    by_size, others = slopes[0], slopes[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.append(-others / by_size, demand.utilisation / by_size)
    found = np.where(np.isfinite(found), found, np.nan)
    names = [*(d.key for d in dials), CURRENT, UTILISATION]
    values = [*(display(d.value, d.unit, 4) for d in dials), str(demand.current),
              f"{demand.utilisation:g}"]  # fmt: skip
    return tuple(
        Sensitivity(name, float(s), value)
        for name, s, value in zip(names, found, values, strict=True)
    )


def slope_by_size(cell: Cell, demand: Demand) -> float:
    """Give du / d ln(size) of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    demand : Demand
        What counts.

    Returns
    -------
    float
        Slope of the utilisation [-].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> round(slope_by_size(cell, Demand(0.8, AmperesPerArea(0.7))), 2)
    -0.21
    """
    size = dial(cell, SIZE)
    return float(_slopes([demand.design(size.scaled(x)) for x in _factors()], demand)[0])


def _factors() -> tuple[float, float]:
    """The two factors of a central difference."""
    return float(np.exp(STEP)), float(np.exp(-STEP))


def _times(demand: Demand, factor: float) -> CurrentAmount:
    """The current of a demand times a factor."""
    return replace(demand.current, value=demand.current.value * factor)


def _slopes(pairs: Sequence[tuple[Cell, Protocol]], demand: Demand) -> Array:
    """Derivatives of the utilisation by logarithms, of pairs of designs a step up and down."""
    u = demand.shares(simulate_many(pairs, options=Options()))
    return (u[::2] - u[1::2]) / (2.0 * STEP)
