"""Steps: a control and the limits that end it. Current is positive on discharge.

A control is one residual a i + b v + c i v - s = 0 between current density and voltage; a new
mode is a new class with its four numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import ChargeAmount, CurrentAmount, PowerAmount
from filmcell.units import display

LONGEST = 10 * 365.25 * 86400.0
"""A step without a time limit of its own is ended after ten years [s]."""


@dataclass(frozen=True)
class Charge:
    """Push a constant current or power into the cell.

    Parameters
    ----------
    amount : CurrentAmount or PowerAmount
        How much, positive.
    """

    amount: CurrentAmount | PowerAmount
    direction = -1

    def residual(self, cell: Cell) -> tuple[float, float, float, float]:
        """Give a, b, c and s of the residual, per area."""
        return _push(self.amount, -1.0, cell)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Charge at {self.amount}"


@dataclass(frozen=True)
class Discharge:
    """Draw a constant current or power from the cell.

    Parameters
    ----------
    amount : CurrentAmount or PowerAmount
        How much, positive.
    """

    amount: CurrentAmount | PowerAmount
    direction = 1

    def residual(self, cell: Cell) -> tuple[float, float, float, float]:
        """Give a, b, c and s of the residual, per area."""
        return _push(self.amount, 1.0, cell)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Discharge at {self.amount}"


@dataclass(frozen=True)
class Hold:
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
        if not abs(self.voltage) < 100:
            raise InputError(f"hold: {self.voltage!r} V is not allowed, expected a voltage")

    def residual(self, cell: Cell) -> tuple[float, float, float, float]:
        """Give a, b, c and s of the residual, per area."""
        return 0.0, 1.0, 0.0, self.voltage

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return f"Hold at {display(self.voltage, 'V', 15)}"


@dataclass(frozen=True)
class Rest:
    """Let no current flow."""

    direction = 0

    def residual(self, cell: Cell) -> tuple[float, float, float, float]:
        """Give a, b, c and s of the residual, per area."""
        return 1.0, 0.0, 0.0, 0.0

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return "Rest"


def _push(
    amount: CurrentAmount | PowerAmount, sign: float, cell: Cell
) -> tuple[float, float, float, float]:
    """Residual of a constant current or power."""
    density = sign * amount.density(cell)
    return (0.0, 0.0, 1.0, density) if amount.unit[:1] == "W" else (1.0, 0.0, 0.0, density)


Control = Charge | Discharge | Hold | Rest


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
        if not abs(self.voltage) < 100:
            raise InputError(f"until: {self.voltage!r} V is not allowed, expected a voltage")

    def row(self, cell: Cell, direction: int) -> tuple[float, float, float, float]:
        """Weights of |i|, v and |charge|, and the value that their sum must not exceed."""
        return 0.0, float(-direction), 0.0, -direction * self.voltage

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

    def row(self, cell: Cell, direction: int) -> tuple[float, float, float, float]:
        """Weights of |i|, v and |charge|, and the value that their sum must not exceed."""
        return -1.0, 0.0, 0.0, -self.amount.density(cell)

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

    def row(self, cell: Cell, direction: int) -> tuple[float, float, float, float]:
        """Weights of |i|, v and |charge|, and the value that their sum must not exceed."""
        return 0.0, 0.0, 1.0, self.amount.density(cell)

    def __str__(self) -> str:
        """Write it as a protocol does."""
        return str(self.amount)


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


StateLimit = VoltageLimit | CurrentLimit | CapacityLimit
Limit = StateLimit | TimeLimit


@dataclass(frozen=True)
class Step:
    """One step: a control and the limits of which the first to be reached ends it.

    A charge or discharge without a voltage limit is also ended by the cell's own window.

    Parameters
    ----------
    control : Charge, Discharge, Hold or Rest
        What is held constant.
    until : tuple of limits
        What ends the step; at least one.

    Raises
    ------
    InputError
        Where a limit is missing, or is none that this control could ever reach.

    Examples
    --------
    >>> from filmcell.protocol.amounts import Amperes
    >>> str(Step(Charge(Amperes(1e-4)), (VoltageLimit(4.2), TimeLimit(3600.0))))
    'Charge at 0.1 mA until 4.2 V or for 1 h'
    """

    control: Control
    until: tuple[Limit, ...]

    def __post_init__(self) -> None:
        """Check that the limits can end the step."""
        # times last, as they are written: the order of limits means nothing
        until = tuple(sorted(self.until, key=lambda limit: isinstance(limit, TimeLimit)))
        object.__setattr__(self, "until", until)
        pushes = self.control.direction != 0
        if not self.until and not pushes:
            raise InputError(f'"{self}" has no end, expected "for" a time or "until" a limit')
        for limit in self.until:
            if isinstance(limit, VoltageLimit) and not pushes:
                raise InputError(f'"{self}" has a voltage limit, expected one only on (dis)charge')
            if isinstance(limit, CurrentLimit) and not self._current_varies:
                raise InputError(f'"{self}" has a current limit, but its current is constant')
            if isinstance(limit, CapacityLimit) and isinstance(self.control, Rest):
                raise InputError(f'"{self}" has a capacity limit, but no current flows')

    @property
    def _current_varies(self) -> bool:
        """Whether the control leaves the current free."""
        control = self.control
        return isinstance(control, Hold) or (
            isinstance(control, Charge | Discharge) and control.amount.unit[:1] == "W"
        )

    def limits(self, cell: Cell) -> tuple[list[tuple[float, float, float, float]], list[str]]:
        """Rows of the limits in a cell, and the sentence for each.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        rows : list of tuple of float
            Weights of |i| [A/m2], v [V] and |charge| [C/m2], and the value not to exceed.
        reasons : list of str
            Why the step ended if that row is reached.

        Raises
        ------
        InputError
            Where a voltage limit lies on the wrong side of the cell's window.
        """
        direction = self.control.direction
        rows, reasons, guarded = [], [], direction == 0
        for limit in self.until:
            if isinstance(limit, VoltageLimit):
                self._check_side(limit.voltage, cell)
                guarded = True
            if not isinstance(limit, TimeLimit):
                rows.append(limit.row(cell, direction))
                reasons.append(f"{_WORDS[type(limit)]} reached {limit}")
        if not guarded:
            end = cell.upper_voltage if direction < 0 else cell.lower_voltage
            side = "upper" if direction < 0 else "lower"
            rows.append(VoltageLimit(end).row(cell, direction))
            reasons.append(f"voltage reached the cell's {side} limit {end:g} V")
        return rows, reasons

    def _check_side(self, voltage: float, cell: Cell) -> None:
        """Refuse to charge down to a voltage, or to discharge up to one."""
        if self.control.direction < 0 and voltage <= cell.lower_voltage:
            raise InputError(
                f'"{self}" charges to {voltage:g} V, expected a limit above the cell\'s lower '
                f"voltage {cell.lower_voltage:g} V"
            )
        if self.control.direction > 0 and voltage >= cell.upper_voltage:
            raise InputError(
                f'"{self}" discharges to {voltage:g} V, expected a limit below the cell\'s upper '
                f"voltage {cell.upper_voltage:g} V"
            )

    @property
    def exhausted(self) -> str | None:
        """Sentence for a control that no current can meet any longer; None where that is a fault.

        A power has a largest value at each state; beyond it the voltage would collapse.
        """
        if isinstance(self.control, Rest | Hold) or not self._current_varies:
            return None
        return f"no current can give {self.control.amount}"

    @property
    def duration(self) -> float:
        """Longest time that the step may take [s]."""
        return min((x.seconds for x in self.until if isinstance(x, TimeLimit)), default=LONGEST)

    @property
    def time_reason(self) -> str:
        """Sentence for a step that ended by its time."""
        return f"{TimeLimit(self.duration)} passed" + (
            "" if any(isinstance(x, TimeLimit) for x in self.until) else ", the longest allowed"
        )

    def __str__(self) -> str:
        """Write it as a protocol does."""
        states = [str(x) for x in self.until if not isinstance(x, TimeLimit)]
        times = [f"for {x}" for x in self.until if isinstance(x, TimeLimit)]
        until = [f"until {' or '.join(states)}"] if states else []
        ends = " or ".join([*until, *times])
        return f"{self.control} {ends}" if ends else str(self.control)


_WORDS = {VoltageLimit: "voltage", CurrentLimit: "current", CapacityLimit: "capacity"}


@dataclass(frozen=True)
class Block:
    """Steps that are done in order, several times over; each pass is one cycle.

    Parameters
    ----------
    steps : tuple of Step
        The steps; at least one.
    repeat : int
        How often.

    Raises
    ------
    InputError
        Where there is no step or the number of passes is not one or more.
    """

    steps: tuple[Step, ...]
    repeat: int = 1

    def __post_init__(self) -> None:
        """Check the numbers."""
        object.__setattr__(self, "steps", tuple(self.steps))
        if not self.steps:
            raise InputError("a block has no steps, expected at least one")
        if isinstance(self.repeat, bool) or not isinstance(self.repeat, int) or self.repeat < 1:
            raise InputError(f"repeat: {self.repeat!r} is not allowed, expected a number from 1")

    def __str__(self) -> str:
        """Write it as a protocol does."""
        steps = "; ".join(str(s) for s in self.steps)
        return f"({steps}) repeat {self.repeat}" if self.repeat > 1 else steps


@dataclass(frozen=True)
class Protocol:
    """What is done to a cell.

    Parameters
    ----------
    blocks : tuple of Block
        Blocks in order; at least one.

    Raises
    ------
    InputError
        Where there is no block.

    Examples
    --------
    >>> protocol = Protocol((Block((Step(Rest(), (TimeLimit(600.0),)),), repeat=2),))
    >>> [(str(step), cycle) for step, cycle in protocol.expanded()]
    [('Rest for 10 min', 1), ('Rest for 10 min', 2)]
    """

    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        """Check the blocks."""
        object.__setattr__(self, "blocks", tuple(self.blocks))
        if not self.blocks:
            raise InputError("the protocol is empty, expected at least one step")

    def expanded(self) -> Iterator[tuple[Step, int]]:
        """Give every step in the order of its doing, with its cycle counted from 1."""
        cycle = 0
        for block in self.blocks:
            for _ in range(block.repeat):
                cycle += 1
                for step in block.steps:
                    yield step, cycle

    @property
    def count(self) -> int:
        """Number of steps that will be done."""
        return sum(len(block.steps) * block.repeat for block in self.blocks)

    def largest_current(self, cell: Cell) -> float:
        """Largest current density that a step asks for [A/m2]; that of 1C where none does."""
        asked = []
        for block in self.blocks:
            for step in block.steps:
                a, _, c, s = step.control.residual(cell)
                if a and s:
                    asked.append(abs(s))
                elif c:
                    asked.append(abs(s) / max(cell.lower_voltage, 0.1))
        return max(asked, default=cell.c_rate_current_density(1.0))

    def __str__(self) -> str:
        """Write it as text that can be read again."""
        # of two blocks done once the second needs parentheses, or else both are read as one
        once = [block.repeat == 1 for block in self.blocks]
        apart = [False, *(a and b for a, b in pairwise(once))]
        return "; ".join(
            f"({block})" if alone else str(block)
            for block, alone in zip(self.blocks, apart, strict=True)
        )
