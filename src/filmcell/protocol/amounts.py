"""Amounts of current, power and charge: of the whole cell, per area, or as a C-rate.

Positive everywhere; whether a step charges or discharges is said by its control.
"""

from dataclasses import dataclass
from math import isclose
from typing import ClassVar

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.units import display


@dataclass(frozen=True)
class Amount:
    """A positive amount; the classes below say of what.

    Parameters
    ----------
    value : float
        The amount, in the unit of its class.

    Raises
    ------
    InputError
        Where it is not a finite number above zero.

    Examples
    --------
    >>> str(Amperes(1e-4)), str(CRate(0.1)), str(Coulombs(1.8))
    ('0.1 mA', 'C/10', '0.5 mAh')
    """

    value: float
    what: ClassVar[str]
    unit: ClassVar[str]
    of_cell: ClassVar[bool]

    def __post_init__(self) -> None:
        """Check the number."""
        if not 0 < self.value < float("inf"):
            raise InputError(f"{self.what}: {self.value!r} is not allowed, expected one above 0")

    def density(self, cell: Cell) -> float:
        """Amount per area of a cell: A/m2, W/m2 or C/m2."""
        return self.value / cell.area if self.of_cell else self.value

    def __str__(self) -> str:
        """Write it as a person would, with the digits to read it again."""
        # `to_si` keeps fifteen digits; a charge is written in mAh, 3.6 C, and can need two more
        short, full = (display(self.value, self.unit, digits) for digits in (15, 17))
        same = isclose(float(short.split()[0]), float(full.split()[0]), rel_tol=4e-16)
        return short if same else full


class Amperes(Amount):
    """A current through the whole cell [A]."""

    what, unit, of_cell = "current", "A", True


class AmperesPerArea(Amount):
    """A current density [A/m2]."""

    what, unit, of_cell = "current density", "A/m2", False


class CRate(Amount):
    """A current that empties the basis of the cell's C-rate in 1 / value hours [1/h]."""

    what, unit, of_cell = "C-rate", "", False

    def density(self, cell: Cell) -> float:
        """Give the current density in a cell [A/m2]; the capacity meant is `Cell.c_rate_basis`."""
        return cell.c_rate_current_density(self.value)

    def __str__(self) -> str:
        """Write it as a person would."""
        hours = round(1.0 / self.value) if self.value > 1e-6 else 0
        if hours > 1 and 1.0 / hours == self.value:
            return f"C/{hours}"
        return f"{float(self.value)!r}".removesuffix(".0") + "C"


class Watts(Amount):
    """A power of the whole cell [W]."""

    what, unit, of_cell = "power", "W", True


class WattsPerArea(Amount):
    """A power density [W/m2]."""

    what, unit, of_cell = "power density", "W/m2", False


class Coulombs(Amount):
    """A charge of the whole cell [C]; one mAh is 3.6 C."""

    what, unit, of_cell = "charge", "C", True


class CoulombsPerArea(Amount):
    """A charge per area [C/m2]."""

    what, unit, of_cell = "areal charge", "C/m2", False


CurrentAmount = Amperes | AmperesPerArea | CRate
PowerAmount = Watts | WattsPerArea
ChargeAmount = Coulombs | CoulombsPerArea
