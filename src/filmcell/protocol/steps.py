"""Steps, blocks and protocols: what is done to a cell, in order, and what ends it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import CRate
from filmcell.protocol.controls import Charge, Discharge, Hold, Mark, Rest, Stretch, Sweep
from filmcell.protocol.limits import (
    LONGEST,
    CapacityLimit,
    CurrentLimit,
    Limit,
    Row,
    StateOfChargeLimit,
    TimeLimit,
    VoltageLimit,
)
from filmcell.protocol.profile import Profile
from filmcell.units import display

__all__ = [
    "LONGEST",
    "Block",
    "CapacityLimit",
    "Charge",
    "Control",
    "CurrentLimit",
    "Discharge",
    "Hold",
    "Limit",
    "Mark",
    "Profile",
    "Protocol",
    "Rest",
    "Row",
    "StateOfChargeLimit",
    "Step",
    "Stretch",
    "Sweep",
    "TimeLimit",
    "VoltageLimit",
]

Control = Charge | Discharge | Hold | Rest | Sweep | Profile | Mark


@dataclass(frozen=True)
class Step:
    """One step: a control and the limits of which the first to be reached ends it.

    A charge or discharge without a voltage limit is also ended by the cell's own window, and a
    profile by both ends of it.

    Parameters
    ----------
    control : Charge, Discharge, Hold, Rest, Sweep, Profile or Mark
        What is asked of the cell.
    until : tuple of limits
        What ends the step; at least one for a hold and a rest.

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
    until: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        """Check that the limits can end the step."""
        # times last, as they are written: the order of limits means nothing
        until = tuple(sorted(self.until, key=lambda limit: isinstance(limit, TimeLimit)))
        object.__setattr__(self, "until", until)
        if not self.until and isinstance(self.control, Hold | Rest):
            raise InputError(f'"{self}" has no end, expected "for" a time or "until" a limit')
        for limit in self.until:
            problem = _refusal(self.control, limit)
            if problem:
                raise InputError(f'"{self}" has {problem}')

    def limits(self, cell: Cell) -> tuple[list[Row], list[str]]:
        """Rows of the limits in a cell, and the sentence for each.

        Parameters
        ----------
        cell : Cell
            The cell.

        Returns
        -------
        rows : list of tuple of float
            Weights of |i| [A/m2], v [V], |charge since the start of the step| [C/m2] and charge
            since the cell was made [C/m2, positive on discharge], and the value not to exceed.
        reasons : list of str
            Why the step ended if that row is reached.

        Raises
        ------
        InputError
            Where a voltage limit lies on the wrong side of the cell's window.
        """
        control = self.control
        rows: list[Row] = []
        reasons: list[str] = []
        for limit in self.until:
            if isinstance(limit, VoltageLimit):
                self._check_side(limit.voltage, cell)
            if not isinstance(limit, TimeLimit):
                rows.append(limit.row(cell, _direction(control)))
                reasons.append(limit.reached)
        for side in self._guards():
            end = cell.upper_voltage if side < 0 else cell.lower_voltage
            rows.append(VoltageLimit(end).row(cell, side))
            word = "upper" if side < 0 else "lower"
            reasons.append(f"voltage reached the cell's {word} limit {end:g} V")
        return rows, reasons

    def _guards(self) -> tuple[int, ...]:
        """Directions in which the cell's own window ends the step."""
        if isinstance(self.control, Profile):
            return (-1, 1)
        guarded = any(isinstance(limit, VoltageLimit) for limit in self.until)
        return () if guarded or not self.control.direction else (self.control.direction,)

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

    def stretches(self, cell: Cell, voltage: float) -> list[Stretch]:
        """Parts of the step that are done one after the other, each with one residual.

        Parameters
        ----------
        cell : Cell
            The cell.
        voltage : float
            Voltage of the cell just before the step [V].

        Returns
        -------
        list of tuple
            Numbers a, b, c, s and slope of a i + b v + c i v - s - slope tau = 0 with tau the
            time since the start of the part [s], and how long it lasts at most [s]; an empty list
            where the step is over at once.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> cell = load_cell("wang2023-lco-lipon-li")
        >>> Step(Sweep(4.2, 1e-4)).stretches(cell, 4.0)[0][0]
        (0.0, 1.0, 0.0, 4.0, 0.0001)
        """
        if isinstance(self.control, Profile):
            return self.control.stretches(cell, self.duration)
        seconds = min(self.control.length(voltage), self.duration)
        return [(self.control.residual(cell, voltage), seconds)] if seconds else []

    @property
    def exhausted(self) -> str | None:
        """Sentence for a control that no current can meet any longer; None where that is a fault.

        A power has a largest value at each state; beyond it the voltage would collapse.
        """
        match self.control:
            case Charge(amount) | Discharge(amount) if amount.unit[:1] == "W":
                return f"no current can give {amount}"
            case Profile() as profile if profile.is_power:
                return "no current can give the power of the profile"
            case _:
                return None

    @property
    def duration(self) -> float:
        """Longest time that the step may take [s]."""
        return min((x.seconds for x in self.until if isinstance(x, TimeLimit)), default=LONGEST)

    @property
    def time_reason(self) -> str:
        """Sentence for a step whose last part ran out.

        The time of a sweep follows from the voltage that it begins at, `ran_out`; a sweep that
        has a time limit too says both here.
        """
        if isinstance(self.control, Sweep) and self.duration < LONGEST:
            return f"{self.control.over} or {self._time_passed}"
        return self.ran_out(0.0)

    def ran_out(self, voltage: float) -> str:
        """Sentence for a step whose last part ran out, begun at a voltage [V]."""
        done = self.control.length(voltage) <= self.duration
        return self.control.over if done else self._time_passed

    @property
    def _time_passed(self) -> str:
        """Sentence for a step that its time limit ended."""
        return f"{TimeLimit(self.duration)} passed" + (
            "" if any(isinstance(x, TimeLimit) for x in self.until) else ", the longest allowed"
        )

    def __str__(self) -> str:
        """Write it as a protocol does."""
        states = [str(x) for x in self.until if not isinstance(x, TimeLimit)]
        times = [f"for {x}" for x in self.until if isinstance(x, TimeLimit)]
        # the text of a sweep has its own "until" already
        until = "" if isinstance(self.control, Sweep) else "until "
        first = [until + " or ".join(states)] if states else []
        ends = " or ".join([*first, *times])
        between = " or " if isinstance(self.control, Sweep) else " "
        return f"{self.control}{between}{ends}" if ends else str(self.control)


def _direction(control: Control) -> int:
    """Whether a control discharges (1) or charges (-1); 0 where that is not known."""
    return control.heading if isinstance(control, Profile) else control.direction


def _refusal(control: Control, limit: Limit) -> str:
    """Say why a limit cannot end a control; "" where it can."""
    if isinstance(control, Mark):
        return "a limit, but takes no time"
    match limit:
        case VoltageLimit() if isinstance(control, Sweep):
            return "a second voltage, expected only the one that it sweeps to"
        case VoltageLimit() if not control.direction:
            return "a voltage limit, expected one only on (dis)charge"
        case CurrentLimit() if not _current_varies(control):
            its = "follows a profile" if isinstance(control, Profile) else "its current is constant"
            return f"a current limit, but {its}"
        case CapacityLimit() if isinstance(control, Rest):
            return "a capacity limit, but no current flows"
        case StateOfChargeLimit() if not _direction(control):
            only = "(dis)charge" + " on the whole" * isinstance(control, Profile)
            return f"a state of charge limit, expected one only on {only}"
    return ""


def _current_varies(control: Control) -> bool:
    """Whether the current follows from a voltage or a power."""
    if isinstance(control, Charge | Discharge):
        return control.amount.unit[:1] == "W"
    return isinstance(control, Hold | Sweep)


@dataclass(frozen=True)
class Block:
    """Steps that are done in order, several times over; each pass is one cycle.

    Parameters
    ----------
    steps : tuple of Step
        The steps; at least one.
    repeat : int
        How often; the most where `until_limit` may end it.
    until_limit : bool
        Whether passes end with the first in which a limit of a step other than its time was met.

    Raises
    ------
    InputError
        Where there is no step or the number of passes is not one or more.

    Examples
    --------
    >>> from filmcell.protocol.amounts import CRate
    >>> pulse = Step(Charge(CRate(0.1)), (TimeLimit(600.0),))
    >>> print(Block((pulse, Step(Rest(), (TimeLimit(3600.0),))), 200, until_limit=True))
    (Charge at C/10 for 10 min; Rest for 1 h) repeat 200 until limit
    """

    steps: tuple[Step, ...]
    repeat: int = 1
    until_limit: bool = False

    def __post_init__(self) -> None:
        """Check the numbers."""
        object.__setattr__(self, "steps", tuple(self.steps))
        if not self.steps:
            raise InputError("a block has no steps, expected at least one")
        if isinstance(self.repeat, bool) or not isinstance(self.repeat, int) or self.repeat < 1:
            raise InputError(f"repeat: {self.repeat!r} is not allowed, expected a number from 1")

    @property
    def is_plain(self) -> bool:
        """Whether it is done once whatever happens."""
        return self.repeat == 1 and not self.until_limit

    def __str__(self) -> str:
        """Write it as a protocol does."""
        steps = "; ".join(str(s) for s in self.steps)
        if self.is_plain:
            return steps
        return f"({steps}) repeat {self.repeat}{' until limit' if self.until_limit else ''}"


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
        """Give every step in the order of its doing, with its cycle counted from 1.

        Blocks that a limit may end are given with all their passes.
        """
        cycle = 0
        for block in self.blocks:
            for _ in range(block.repeat):
                cycle += 1
                for step in block.steps:
                    yield step, cycle

    @property
    def count(self) -> int:
        """Number of steps that will be done; the most where a limit may end a block."""
        return sum(len(block.steps) * block.repeat for block in self.blocks)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step that is written, once each."""
        return tuple(step for block in self.blocks for step in block.steps)

    def largest_current(self, cell: Cell) -> float:
        """Largest current density that a step asks for [A/m2]; that of 1C where none does."""
        asked = [_current(x, cell) for step in self.steps for x in step.stretches(cell, 0.0)]
        return max(asked, default=0.0) or cell.c_rate_current_density(1.0)

    def c_rate_basis(self, cell: Cell) -> str | None:
        """Say what the C-rates of the protocol mean in a cell; None where it has none.

        Examples
        --------
        >>> from filmcell import load_cell, load_protocol
        >>> cell = load_cell("wang2023-lco-lipon-li")
        >>> load_protocol("Charge at C/10").c_rate_basis(cell)
        '1C = 1 mA, of the theoretical capacity, 0.5 lithium per site'
        """
        if not any(_has_c_rate(step) for step in self.steps):
            return None
        current = display(cell.c_rate_current_density(1.0) * cell.area, "A", 5)
        return f"1C = {current}, of the {cell.c_rate_basis}"

    def __str__(self) -> str:
        """Write it as text that can be read again."""
        # of two blocks done once the second needs parentheses, or else both are read as one
        once = [block.is_plain for block in self.blocks]
        apart = [False, *(a and b for a, b in pairwise(once))]
        return "; ".join(
            f"({block})" if alone else str(block)
            for block, alone in zip(self.blocks, apart, strict=True)
        )


def _current(stretch: Stretch, cell: Cell) -> float:
    """Largest current density that a stretch asks for [A/m2]; 0 where it asks for a voltage."""
    (a, _, c, start, slope), seconds = stretch
    asked = max(abs(start), abs(start + slope * seconds))
    if c:
        return asked / max(cell.lower_voltage, 0.1)
    return asked if a else 0.0


def _has_c_rate(step: Step) -> bool:
    """Whether a C-rate is asked for or ends a step."""
    limits = [limit.amount for limit in step.until if isinstance(limit, CurrentLimit)]
    match step.control:
        case Profile(kind=kind):
            return kind is CRate
        case Charge(amount) | Discharge(amount):
            return any(isinstance(x, CRate) for x in (amount, *limits))
        case _:
            return any(isinstance(x, CRate) for x in limits)
