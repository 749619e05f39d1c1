"""Profiles: a table of current or power over time, such as a drive cycle."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import isfinite
from typing import get_args

from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import CurrentAmount, PowerAmount
from filmcell.protocol.controls import Residual, Stretch
from filmcell.protocol.limits import LONGEST

_KINDS = (*get_args(CurrentAmount), *get_args(PowerAmount))


@dataclass(frozen=True)
class Profile:
    """Follow a current or power over time; positive discharges.

    Parameters
    ----------
    times : tuple of float
        Times, from 0 on and rising, two at least [s].
    values : tuple of float
        Value from each time on, in the unit of `kind`; the last one only ends a straight line.
    kind : type
        Of what: `Amperes`, `AmperesPerArea`, `CRate`, `Watts` or `WattsPerArea`.
    linear : bool
        Whether values go straight from one time to the next; else each is held. Currents only.
    path : str
        File that it was read from; "" if none.

    Raises
    ------
    InputError
        Where times or values are not as above.

    Examples
    --------
    >>> from filmcell.protocol.amounts import Amperes
    >>> pulse = Profile((0.0, 60.0, 120.0), (1e-4, 0.0, 0.0), Amperes)
    >>> print(pulse)
    Follow a profile of 3 points
    >>> pulse.length(4.0)
    120.0
    """

    times: tuple[float, ...]
    values: tuple[float, ...]
    kind: type[CurrentAmount | PowerAmount]
    linear: bool = False
    path: str = ""
    direction = 0
    over = "the profile ended"

    def __post_init__(self) -> None:
        """Check the table and freeze it."""
        for name in ("times", "values"):
            object.__setattr__(self, name, tuple(float(x) for x in getattr(self, name)))
        if self.kind not in _KINDS:
            raise InputError(f"{self.kind!r} is not a kind of current or power such as Amperes")
        _check_table(self.times, self.values)
        if self.linear and self.is_power:
            raise InputError("a profile of power goes linearly, expected its values to be held")

    @property
    def is_power(self) -> bool:
        """Whether it is a power rather than a current."""
        return self.kind.unit[:1] == "W"

    @property
    def heading(self) -> int:
        """Whether it discharges (1) or charges (-1) on the whole; 0 where it does neither."""
        moved = sum(
            (end - start) * (0.5 * (a + b) if self.linear else a)
            for (start, end), (a, b) in zip(
                pairwise(self.times), pairwise(self.values), strict=True
            )
        )
        return (moved > 0) - (moved < 0)

    @property
    def digest(self) -> str:
        """Hash of the table, which the name of its file does not tell."""
        table = (self.kind.__name__, self.linear, self.times, self.values)
        return sha256(repr(table).encode()).hexdigest()

    def length(self, voltage: float) -> float:
        """Time that it takes [s]."""
        return self.times[-1]

    def residual(self, cell: Cell, voltage: float) -> Residual:
        """Give a, b, c, s and slope of the residual of its first interval, per area."""
        return self.stretches(cell, self.times[1])[0][0]

    def stretches(self, cell: Cell, longest: float) -> list[Stretch]:
        """Give the residual of each interval and its length, up to a longest time in all [s]."""
        unit = self.kind(1.0).density(cell)
        found: list[Stretch] = []
        for k, (start, end) in enumerate(pairwise(self.times)):
            if start >= longest:
                break
            value = self.values[k] * unit
            slope = (self.values[k + 1] - self.values[k]) * unit / (end - start)
            residual = (1.0, 0.0, 0.0, value, slope if self.linear else 0.0)
            if self.is_power and value:
                residual = (0.0, 0.0, 1.0, value, 0.0)
            found.append((residual, min(end, longest) - start))
        return found

    def __str__(self) -> str:
        """Write it as a protocol does."""
        name = f'"{self.path}"' if self.path else f"a profile of {len(self.times)} points"
        return f"Follow {name}{' linearly' if self.linear else ''}"


def _check_table(times: tuple[float, ...], values: tuple[float, ...]) -> None:
    """Refuse a table that is no function of time."""
    if len(times) != len(values):
        raise InputError(
            f"a profile has {len(times)} times and {len(values)} values, expected one value a time"
        )
    if len(times) < 2:
        raise InputError(f"a profile has {len(times)} points, expected two at least")
    for number, (time, value) in enumerate(zip(times, values, strict=True), 1):
        if not (isfinite(time) and isfinite(value)):
            raise InputError(f"point {number} of the profile is not finite, expected numbers")
    if times[0] != 0:
        raise InputError(f"a profile starts at {times[0]:g} s, expected 0 s")
    for number, (before, after) in enumerate(pairwise(times), 2):
        if not before < after:
            raise InputError(
                f"point {number} of the profile at {after:g} s is not after {before:g} s, expected "
                "rising times"
            )
    if times[-1] > LONGEST:
        raise InputError(f"a profile lasts {times[-1]:g} s, expected ten years at most")
