"""What a number of a cell must be, for a size that is given to keep a utilisation."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array, finite_or_none, frozen
from filmcell.cell.cell import Cell
from filmcell.design.counting import Basis, Counted, Demand, DischargeOfCycle, OfWindow
from filmcell.design.dial import Dial, dial
from filmcell.design.reach import TOLERANCE, Reach, checked_range, reach
from filmcell.design.reasons import about_current, about_model, about_spans
from filmcell.errors import InputError
from filmcell.protocol.amounts import CurrentAmount
from filmcell.simulation.many import simulate_many

SPREAD = 1e4
"""A number is looked for between what it is over this and times this."""

TEMPERATURES = (250.0, 400.0)
"""Between which a temperature is looked for [K]."""

VOLTAGES = (0.5, 1.5)
"""Between what times what it is a voltage is looked for [-]."""


@dataclass(frozen=True, eq=False)
class Needed:
    """What a number of a cell must be for a utilisation at a current.

    Parameters
    ----------
    cell : Cell
        The cell with that number.
    demand : Demand
        What is reached.
    key : str
        Key of the number.
    value : float
        The number; of a function of x its mean over x [unit].
    unit : str
        Its SI unit.
    factor : float
        The number over what it was in the cell that was given; nan where that was zero [-].
    at_least : bool
        Whether larger numbers reach the demand too, or else smaller ones.
    unlimited : bool
        Whether all numbers that were looked at reach the demand; the value is then the largest.
    bracket : tuple of float
        A number that reaches the demand and one that does not, in order; twice the same where the
        whole range reaches it [unit].
    utilisation : float
        What the cell with that number reaches, on the basis of the demand [-].
    current_density : float
        In that cell [A/m2].
    values, utilisations : ndarray
        What was looked at first, shape (n,) [unit] and [-].
    notes : tuple of str
        What a reader must know besides.
    """

    cell: Cell
    demand: Demand
    key: str
    value: float
    unit: str
    factor: float
    at_least: bool
    unlimited: bool
    bracket: tuple[float, float]
    utilisation: float
    current_density: float
    values: Array
    utilisations: Array
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("values", "utilisations"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """Give all of it as plain data, for JSON; what is not finite becomes None."""
        return {
            "cell": self.cell.name,
            "size_m": self.cell.cathode.thickness,
            "demand": str(self.demand),
            "key": self.key,
            "value": self.value,
            "unit": self.unit,
            "factor": finite_or_none(self.factor),
            "at_least": self.at_least,
            "unlimited": self.unlimited,
            "bracket": list(self.bracket),
            "utilisation": self.utilisation,
            "current_density_A_per_m2": self.current_density,
            "scan": {"value": self.values.tolist(),
                     "utilisation": [finite_or_none(u) for u in self.utilisations.tolist()]},
            "notes": list(self.notes),
        }  # fmt: skip


def needed(
    cell: Cell,
    key: str,
    utilisation: float,
    current: CurrentAmount,
    *,
    basis: Basis = OfWindow(),  # noqa: B008
    counted: Counted = DischargeOfCycle(),  # noqa: B008
    low: float | None = None,
    high: float | None = None,
    tolerance: float = TOLERANCE,
) -> Needed:
    """Find what one positive number of a cell must be for a utilisation at a current.

    Parameters
    ----------
    cell : Cell
        The cell, with the size it is to have.
    key : str
        Dotted key of a positive number, such as "cathode.diffusivity", "electrolyte.conductivity"
        or "temperature"; a function of x is scaled as a whole.
    utilisation : float
        Least utilisation, above 0 and at most 1 [-].
    current : Amperes, AmperesPerArea or CRate
        Current of charge and discharge.
    basis : OfWindow or OfTheory
        The capacity that counts as 1.
    counted : DischargeOfCycle or FirstCharge
        The step whose capacity counts.
    low, high : float, optional
        Numbers to look between; a ten-thousandth and ten thousand times what it is if not given,
        250 and 400 K for a temperature, half and one and a half times a voltage [unit].
    tolerance : float
        Relative width of the bracket [-].

    Returns
    -------
    Needed
        The least number, or the largest where the demand is reached from the small end.

    Raises
    ------
    InputError
        Where the key, the demand or the range is not allowed, or no number reaches the demand.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import Amperes
    >>> film = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "30 um"})
    >>> found = needed(film, "cathode.diffusivity", 0.8, Amperes(1e-4))
    >>> found.at_least, f"{found.value:.3g}"
    (True, '3.37e-14')
    """
    demand = Demand(utilisation, current, basis, counted)
    turned = dial(cell, key)
    ends = checked_range(*_between(turned, low, high), turned.unit)
    return _told(reach(turned, demand, ends, tolerance))


def _between(turned: Dial, low: float | None, high: float | None) -> tuple[float, float]:
    """Range to look in, where one or both ends are not given."""
    if turned.unit == "K":
        usual = TEMPERATURES
    elif turned.unit == "V":
        usual = turned.value * VOLTAGES[0], turned.value * VOLTAGES[1]
    else:
        usual = turned.value / SPREAD, min(turned.value * SPREAD, turned.highest)
    if not turned.value > 0.0 and (low is None or high is None):
        raise InputError(f"{turned.key}: is 0 in this cell, expected a range to look in too")
    return usual[0] if low is None else low, usual[1] if high is None else high


def _told(seen: Reach) -> Needed:
    """Tell the edge from which on the demand is reached, with all that belongs to it."""
    demand, span = seen.demand, seen.found.spans[0]
    at_least = span.low.outside is not None
    edge = span.low if at_least else span.high
    cell = seen.dial.set(edge.inside)
    u = float(demand.shares(simulate_many([demand.design(cell)]))[0])
    with np.errstate(divide="ignore"):
        factor = float(np.float64(edge.inside) / seen.dial.value) if seen.dial.value else np.nan
    notes = (*about_spans(seen), *about_current(cell, demand), *about_model(cell, demand))
    return Needed(
        cell, demand, seen.dial.key, edge.inside, seen.dial.unit, factor, at_least,
        edge.outside is None, edge.bracket, u, demand.current.density(cell), seen.found.values,
        seen.found.measured, notes,
    )  # fmt: skip


def what_diffusivity(
    cell: Cell,
    utilisation: float,
    current: CurrentAmount,
    *,
    basis: Basis = OfWindow(),  # noqa: B008
    counted: Counted = DischargeOfCycle(),  # noqa: B008
) -> Needed:
    """Find what the diffusivity of a cathode must be for a utilisation at a current.

    Parameters
    ----------
    cell : Cell
        The cell, with the size it is to have.
    utilisation : float
        Least utilisation, above 0 and at most 1 [-].
    current : Amperes, AmperesPerArea or CRate
        Current of charge and discharge.
    basis : OfWindow or OfTheory
        The capacity that counts as 1.
    counted : DischargeOfCycle or FirstCharge
        The step whose capacity counts.

    Returns
    -------
    Needed
        The least diffusivity.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import Amperes
    >>> film = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "30 um"})
    >>> round(what_diffusivity(film, 0.8, Amperes(1e-4)).factor, 2)
    3.37
    """
    return needed(cell, "cathode.diffusivity", utilisation, current, basis=basis, counted=counted)
