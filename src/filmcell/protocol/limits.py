"""Limits: what ends a step, each one row of weights and the value that their sum must not exceed.

The weights are of |i| [A/m2], v [V], |charge since the start of the step| [C/m2] and the charge
since the cell was made [C/m2], positive on discharge.
"""

from dataclasses import dataclass

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import ChargeAmount, CurrentAmount
from filmcell.protocol.controls import check_voltage
from filmcell.units import display

LONGEST = 10 * 365.25 * 86400.0
"""A step without a time limit of its own is ended after ten years [s]."""

Row = tuple[float, float, float, float, float]
"""Weights of |i|, v, |charge of the step| and charge of the cell, and the value not to exceed."""


@dataclass(frozen=True)
class VoltageLimit:
    """End when the voltage has risen (charge) or fallen (discharge) to a value.

    Parameters
    ----------
    voltage : float
        Voltage [V].
    """

    voltage: float

    def __post_init__(self) -> None:
        """Check the number."""
        check_voltage("until", self.voltage)

    def row(self, cell: Cell, direction: int) -> Row:
        """Give the four weights and the value that their sum must not exceed."""
        return 0.0, float(-direction), 0.0, 0.0, -direction * self.voltage

    @property
    def reached(self) -> str:
        """Sentence for a step that it ended."""
        return f"voltage reached {self}"

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return display(self.voltage, "V", 15)


@dataclass(frozen=True)
class CurrentLimit:
    """End when the size of the current has fallen to a value.

    Parameters
    ----------
    amount : CurrentAmount
        How much.
    """

    amount: CurrentAmount

    def row(self, cell: Cell, direction: int) -> Row:
        """Give the four weights and the value that their sum must not exceed."""
        return -1.0, 0.0, 0.0, 0.0, -self.amount.density(cell)

    @property
    def reached(self) -> str:
        """Sentence for a step that it ended."""
        return f"current reached {self}"

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return str(self.amount)


@dataclass(frozen=True)
class CapacityLimit:
    """End when a charge has passed in this step.

    Parameters
    ----------
    amount : ChargeAmount
        How much.
    """

    amount: ChargeAmount

    def row(self, cell: Cell, direction: int) -> Row:
        """Give the four weights and the value that their sum must not exceed."""
        return 0.0, 0.0, 1.0, 0.0, self.amount.density(cell)

    @property
    def reached(self) -> str:
        """Sentence for a step that it ended."""
        return f"capacity reached {self}"

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return str(self.amount)


@dataclass(frozen=True)
class StateOfChargeLimit:
    """End when the cell has come to a state of charge.

    It counts the charge between the ends of the cell's voltage window at rest: 0 at the lower
    limit, 1 at the upper one.

    Parameters
    ----------
    fraction : float
        State of charge, 0 to 1 [-].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> print(StateOfChargeLimit(0.5), round(StateOfChargeLimit(0.5).charge(cell) / 36, 2))
    50 % SOC -306.4
    """

    fraction: float

    def __post_init__(self) -> None:
        """Check the number."""
        if not 0 <= self.fraction <= 1:
            raise InputError(
                f"state of charge: {100 * self.fraction:g} % is not allowed, expected one from 0 % "
                "to 100 %"
            )

    def charge(self, cell: Cell) -> float:
        """Give the charge that has then passed since the cell was made [C/m2], discharge > 0."""
        charged, discharged = cell.window_fractions
        x = discharged - self.fraction * (discharged - charged)
        return cell.charge_taken(x)

    def row(self, cell: Cell, direction: int) -> Row:
        """Give the four weights and the value that their sum must not exceed."""
        return 0.0, 0.0, 0.0, float(direction), direction * self.charge(cell)

    @property
    def reached(self) -> str:
        """Sentence for a step that it ended."""
        return f"state of charge reached {self.fraction * 100:.15g} %"

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"{self.fraction * 100:.15g} % SOC"


@dataclass(frozen=True)
class TimeLimit:
    """End after a time.

    Parameters
    ----------
    seconds : float
        Time [s].
    """

    seconds: float

    def __post_init__(self) -> None:
        """Check the number."""
        if not 0 < self.seconds <= LONGEST:
            raise InputError(
                f"time: {self.seconds!r} s is not allowed, expected one above 0 and at most ten "
                "years"
            )

    def __str__(self) -> str:
        """Write it as a protocol does."""
        for size, word in ((3600.0, "h"), (60.0, "min")):
            if self.seconds >= size and (self.seconds / size) % 1 == 0:
                return f"{self.seconds / size:.15g} {word}"
        return display(self.seconds, "s", 15)


StateLimit = VoltageLimit | CurrentLimit | CapacityLimit | StateOfChargeLimit
Limit = StateLimit | TimeLimit
