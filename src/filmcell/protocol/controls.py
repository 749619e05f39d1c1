"""Controls: what a step holds, sweeps or lets be. Current is positive on discharge.

A control is one residual a i + b v + c i v - s - slope tau = 0 between current density and
voltage, with tau the time since it began; a new mode is a new class with its five numbers.
"""

from dataclasses import dataclass
from math import copysign, inf

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import CurrentAmount, PowerAmount
from filmcell.units import display

Residual = tuple[float, float, float, float, float]
"""a, b, c, s and slope of a i + b v + c i v - s - slope tau = 0, per area; tau in s."""

Stretch = tuple[Residual, float]
"""A residual and how long it holds at most [s]."""

_NO_WAY = 1e-9
"""A sweep over less than this is done at once [V]."""


class Steady:
    """A control that is the same from its first moment on and has no end of its own."""

    over = ""
    """Sentence for a control that is done; a steady one never is."""

    def length(self, voltage: float) -> float:
        """Time until it is done by itself when begun at a voltage [s]."""
        return inf


@dataclass(frozen=True)
class Charge(Steady):
    """Push a constant current or power into the cell.

    Parameters
    ----------
    amount : CurrentAmount or PowerAmount
        How much, positive.
    """

    amount: CurrentAmount | PowerAmount
    direction = -1

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return _push(self.amount, -1.0, cell)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Charge at {self.amount}"


@dataclass(frozen=True)
class Discharge(Steady):
    """Draw a constant current or power from the cell.

    Parameters
    ----------
    amount : CurrentAmount or PowerAmount
        How much, positive.
    """

    amount: CurrentAmount | PowerAmount
    direction = 1

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return _push(self.amount, 1.0, cell)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Discharge at {self.amount}"


@dataclass(frozen=True)
class Hold(Steady):
    """Hold a constant voltage.

    Parameters
    ----------
    voltage : float
        Voltage [V].
    """

    voltage: float
    direction = 0

    def __post_init__(self) -> None:
        """Check the number."""
        check_voltage("hold", self.voltage)

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return 0.0, 1.0, 0.0, self.voltage, 0.0

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Hold at {display(self.voltage, 'V', 15)}"


@dataclass(frozen=True)
class Sweep:
    """Move the voltage evenly from the one that the cell has to another.

    Parameters
    ----------
    voltage : float
        Voltage at which it is done [V].
    rate : float
        How fast, positive; the sign follows from the voltages [V/s].

    Examples
    --------
    >>> print(Sweep(4.2, 1e-4))
    Sweep at 0.1 mV/s until 4.2 V
    >>> round(Sweep(4.2, 1e-4).length(4.1))
    1000
    """

    voltage: float
    rate: float
    direction = 0

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_voltage("sweep", self.voltage)
        if not 0 < self.rate < inf:
            raise InputError(f"sweep: {self.rate!r} V/s is not allowed, expected a rate above 0")

    @property
    def over(self) -> str:
        """Sentence for a sweep that is done."""
        return f"voltage reached {display(self.voltage, 'V', 15)}"

    def length(self, voltage: float) -> float:
        """Time that it takes from a voltage [s]."""
        way = abs(self.voltage - voltage)
        return way / self.rate if way > _NO_WAY else 0.0

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return 0.0, 1.0, 0.0, voltage, copysign(self.rate, self.voltage - voltage)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        rate, voltage = display(self.rate, "V/s", 15), display(self.voltage, "V", 15)
        return f"Sweep at {rate} until {voltage}"


@dataclass(frozen=True)
class Rest(Steady):
    """Let no current flow."""

    direction = 0

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return 1.0, 0.0, 0.0, 0.0, 0.0

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return "Rest"


@dataclass(frozen=True)
class Mark:
    """Measure the impedance here; the cell stays as it is and no time passes."""

    direction = 0
    over = "impedance marked here"

    def length(self, voltage: float) -> float:
        """Time that it takes [s]: none."""
        return 0.0

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual, per area."""
        return 1.0, 0.0, 0.0, 0.0, 0.0

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return "Measure impedance"


def check_voltage(what: str, voltage: float) -> None:
    """Refuse what cannot be the voltage of a cell.

    Parameters
    ----------
    what : str
        Name of it in the message.
    voltage : float
        Voltage [V].

    Raises
    ------
    InputError
        Where it is not a number, or 100 V and more.
    """
    if not abs(voltage) < 100:
        raise InputError(f"{what}: {voltage!r} V is not allowed, expected a voltage")


def _push(amount: CurrentAmount | PowerAmount, sign: float, cell: Cell) -> Residual:
    """Residual of a constant current or power."""
    density = sign * amount.density(cell)
    if amount.unit[:1] == "W":
        return 0.0, 0.0, 1.0, density, 0.0
    return 1.0, 0.0, 0.0, density, 0.0
