"""Ragone plots: energy and mean power of a discharge per area, volume and mass of the stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.cell.checked import check_part
from filmcell.design.stack import Stack
from filmcell.errors import InputError
from filmcell.protocol.amounts import CRate, CurrentAmount, PowerAmount
from filmcell.protocol.controls import Charge, Discharge, Hold
from filmcell.protocol.limits import CurrentLimit, VoltageLimit
from filmcell.protocol.steps import Block, Protocol, Step
from filmcell.simulation.many import Outcomes, simulate_many
from filmcell.simulation.options import DEFAULTS, Options


@dataclass(frozen=True)
class Basis:
    """What energy and power are counted per.

    Parameters
    ----------
    name : str
        Words for axes and tables.
    unit : str
        Unit of the energy; that of the power is without its h.
    size : float
        That unit in SI, in [J/m2], [J/m3] or [J/kg] over 3600.
    per_area : callable
        What a stack has of it per area of the cell [-], [m] or [kg/m2].
    """

    name: str
    unit: str
    size: float
    per_area: Callable[[Stack], float]

    @property
    def power_unit(self) -> str:
        """Unit of the power."""
        return self.unit.replace("Wh", "W", 1)


def _thickness(stack: Stack) -> float:
    """Volume per area of a stack."""
    return stack.thickness


def _areal_mass(stack: Stack) -> float:
    """Mass per area of a stack."""
    return stack.areal_mass


def _bare_thickness(stack: Stack) -> float:
    """Volume per area of the films and collectors."""
    return stack.bare.thickness


def _bare_areal_mass(stack: Stack) -> float:
    """Mass per area of the films and collectors."""
    return stack.bare.areal_mass


PER_AREA = Basis("area of the cell", "mWh/cm2", 10.0, lambda _: 1.0)
PER_VOLUME = Basis("volume of the whole stack", "Wh/L", 1e3, _thickness)
PER_MASS = Basis("mass of the whole stack", "Wh/kg", 1.0, _areal_mass)
PER_BARE_VOLUME = Basis("volume of films and collectors", "Wh/L", 1e3, _bare_thickness)
PER_BARE_MASS = Basis("mass of films and collectors", "Wh/kg", 1.0, _bare_areal_mass)

BASES = {
    "area": PER_AREA,
    "volume": PER_VOLUME,
    "mass": PER_MASS,
    "bare_volume": PER_BARE_VOLUME,
    "bare_mass": PER_BARE_MASS,
}
"""What energy and power can be counted per, by the names of tables."""


@dataclass(frozen=True, eq=False)
class Ragone:
    """Energy and mean power of discharges from the same charge; a failed one has nan.

    Parameters
    ----------
    amounts : tuple of CurrentAmount or PowerAmount
        Current or power of each discharge.
    areal_energy : ndarray
        Energy given per area of the cell, shape (n,) [J/m2].
    duration : ndarray
        Duration of each discharge, shape (n,) [s].
    areal_capacity : ndarray
        Charge given per area of the cell, shape (n,) [C/m2].
    ended : tuple of str
        Why each discharge ended, "" where it failed.
    failed : tuple of str
        Why a point failed, "" where it did not.
    protocol : str
        How the cell was charged, and how each discharge ends.
    stack : Stack
        What the volume and mass are of.
    """

    amounts: tuple[CurrentAmount | PowerAmount, ...]
    areal_energy: Array
    duration: Array
    areal_capacity: Array
    ended: tuple[str, ...]
    failed: tuple[str, ...]
    protocol: str
    stack: Stack

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("areal_energy", "duration", "areal_capacity"):
            object.__setattr__(self, name, frozen(getattr(self, name), own=True))

    def energy(self, basis: Basis) -> Array:
        """Energy per basis.

        Parameters
        ----------
        basis : Basis
            One of `BASES`, or one of your own.

        Returns
        -------
        ndarray
            Energy of each discharge, shape (n,), in the unit of the basis.
        """
        return self.areal_energy / 3600.0 / basis.per_area(self.stack) / basis.size

    def power(self, basis: Basis) -> Array:
        """Mean power per basis.

        Parameters
        ----------
        basis : Basis
            One of `BASES`, or one of your own.

        Returns
        -------
        ndarray
            Energy over duration of each discharge, shape (n,), in the power unit of the basis.
        """
        return self.energy(basis) / (self.duration / 3600.0)

    def table(self) -> list[dict[str, Any]]:
        """Give one row a discharge, with energy and power on every basis."""
        numbers: dict[str, Array] = {
            "duration_h": self.duration / 3600.0,
            "capacity_mAh_per_cm2": self.areal_capacity / 3.6e4,
        }
        for name, basis in BASES.items():
            numbers[f"energy_per_{name}_{_key(basis.unit)}"] = self.energy(basis)
            numbers[f"power_per_{name}_{_key(basis.power_unit)}"] = self.power(basis)
        return [
            {"discharge": str(amount), **{key: float(v[k]) for key, v in numbers.items()},
             "ended": self.ended[k], "failed": self.failed[k]}
            for k, amount in enumerate(self.amounts)
        ]  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain data: protocol, stack and points."""
        stacks = {"whole": self.stack, "bare": self.stack.bare}
        return {
            "protocol": self.protocol,
            "stack": self.stack.table(),
            **{f"{name}_stack_is": stack.words for name, stack in stacks.items()},
            **{f"{name}_thickness_um": s.thickness * 1e6 for name, s in stacks.items()},
            **{f"{name}_areal_mass_mg_per_cm2": s.areal_mass * 100.0 for name, s in stacks.items()},
            "points": self.table(),
        }

    def to_polars(self) -> Any:
        """Give the points as a polars DataFrame, one row a discharge."""
        import polars

        return polars.DataFrame(self.table())


def _key(unit: str) -> str:
    """Write a unit as a part of a name."""
    return unit.replace("/", "_per_")


def ragone(
    cell: Cell,
    amounts: Sequence[CurrentAmount | PowerAmount],
    stack: Stack,
    *,
    charge: CurrentAmount = CRate(0.1),  # noqa: B008  frozen
    cut_off: CurrentAmount = CRate(0.02),  # noqa: B008  frozen
    options: Options = DEFAULTS,
    progress: Callable[[int], None] | None = None,
) -> Ragone:
    """Discharge a cell at several currents or powers, each time from the same full charge.

    Each cell is new: it is charged to its upper voltage, held there until the current has fallen
    to the cut-off, and discharged to its lower voltage.

    Parameters
    ----------
    cell : Cell
        The cell.
    amounts : sequence of CurrentAmount or PowerAmount
        Current or power of each discharge.
    stack : Stack
        What volume and mass are of: `stack_of`.
    charge : CurrentAmount
        Current of the charge.
    cut_off : CurrentAmount
        Current at which the hold at the upper voltage ends.
    options : Options
        Accuracy.
    progress : callable, optional
        Called with the number of discharges done since the last call.

    Returns
    -------
    Ragone
        One point a discharge, in their order.

    Raises
    ------
    InputError
        Where there is nothing to discharge with, or an amount is none.

    References
    ----------
    Ragone, SAE Technical Paper 680453 (1968), doi 10.4271/680453.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.stack import stack_of
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> stack = stack_of(cell, densities={"electrolyte": "2.3 g/cm3"})
    >>> found = ragone(cell, [CRate(0.1), CRate(1.0)], stack)
    >>> found.energy(PER_AREA).round(3), found.energy(PER_VOLUME).round(0)
    (array([2.13 , 0.573]), array([1235.,  332.]))
    """
    if not amounts:
        raise InputError("amounts: there are none, expected at least one current or power")
    for k, amount in enumerate(amounts):
        check_part(f"amounts.{k}", amount, CurrentAmount | PowerAmount)
    protocols = [_discharge(cell, amount, charge, cut_off) for amount in amounts]
    outcomes = simulate_many(((cell, p) for p in protocols), options=options, progress=progress)
    return _gathered(tuple(amounts), outcomes, _told(cell, charge, cut_off), stack)


def _discharge(
    cell: Cell, amount: CurrentAmount | PowerAmount, charge: CurrentAmount, cut_off: CurrentAmount
) -> Protocol:
    """Charge fully, discharge."""
    upper, lower = cell.upper_voltage, cell.lower_voltage
    up = Step(Charge(charge), (VoltageLimit(upper),))
    full = Step(Hold(upper), (CurrentLimit(cut_off),))
    down = Step(Discharge(amount), (VoltageLimit(lower),))
    return Protocol((Block((up, full, down)),))


def _told(cell: Cell, charge: CurrentAmount, cut_off: CurrentAmount) -> str:
    """Say how the cell was charged, and how each discharge ends."""
    words = (f"Charge at {charge} until {cell.upper_voltage:g} V; Hold at {cell.upper_voltage:g} V "
             f"until {cut_off}; Discharge until {cell.lower_voltage:g} V")  # fmt: skip
    return f"{words}; 1C: {cell.c_rate_basis}; {cell.temperature:g} K"


def _gathered(
    amounts: tuple[CurrentAmount | PowerAmount, ...], outcomes: Outcomes, told: str, stack: Stack
) -> Ragone:
    """Take the discharges out of all steps; one that gave nothing at all failed too."""
    n = len(amounts)
    last = [x[:, 2] if x.shape[1] > 2 else np.full(n, np.nan)
            for x in (outcomes.energy, outcomes.duration, outcomes.charge)]  # fmt: skip
    energy, duration, charge = (np.array(x) for x in last)
    failed, ended = list(outcomes.failed), []
    for k in range(n):
        reasons = outcomes.ended[k]
        ended.append(reasons[2] if len(reasons) > 2 and not failed[k] else "")
        if not failed[k] and not (energy[k] > 0.0 and duration[k] > 0.0):
            failed[k] = f"Discharge at {amounts[k]} gave no energy: {ended[k]}"
        if failed[k]:
            energy[k] = duration[k] = charge[k] = np.nan
    per_area = 3600.0 / outcomes.area  # of Wh and Ah
    return Ragone(
        amounts, energy * per_area, duration, charge * per_area, tuple(ended), tuple(failed),
        told, stack,
    )  # fmt: skip
