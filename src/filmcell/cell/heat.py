"""The heat of a cell: what it stores and what it gives away."""

from dataclasses import dataclass

from filmcell.cell.checked import Checked
from filmcell.cell.quantities import HeatCapacity, HeatTransfer, OptionalTemperature


@dataclass(frozen=True)
class HeatBalance(Checked):
    """A cell of one temperature, which warms up and gives heat to its surroundings.

    Parameters
    ----------
    heat_capacity : float
        Of the cell with its substrate, per area of the cell [J/(m2 K)].
    heat_transfer_coefficient : float
        To the surroundings, per area of the cell; zero is an adiabatic cell [W/(m2 K)].
    surroundings : float, optional
        Temperature of the surroundings; that of the cell if not given [K].

    Examples
    --------
    >>> HeatBalance("0.2 J/(cm2 K)", "10 W/(m2 K)").heat_capacity
    2000.0
    """

    heat_capacity: HeatCapacity
    heat_transfer_coefficient: HeatTransfer
    surroundings: OptionalTemperature = None
