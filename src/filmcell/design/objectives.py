"""What a design is judged by: figures of a protocol's outcome, and limits that they must keep.

An objective knows the protocol that it needs, and where in the outcome its number stands. A step
that passes no charge, because the voltage is at its limit at once, gives no energy and no power.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.protocol.amounts import CurrentAmount
from filmcell.protocol.cycle import cycles
from filmcell.protocol.steps import Protocol
from filmcell.simulation.outcomes import Outcomes, ratio


@dataclass(frozen=True)
class Objective:
    """A figure of one cycle at constant current, charge and then discharge.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = ""
    unit: ClassVar[str] = ""
    larger_is_better: ClassVar[bool] = True

    current: CurrentAmount

    @property
    def protocol(self) -> Protocol:
        """What is done to the cell."""
        return cycles((self.current, self.current))

    def read(self, outcomes: Outcomes) -> Array:
        """Read the number of each design, shape (n,) [in its unit]; nan where it failed."""
        raise NotImplementedError

    def __str__(self) -> str:
        """Write what it is."""
        return f"{self.name} at {self.current}"


@dataclass(frozen=True)
class ArealEnergy(Objective):
    """Energy of the discharge per area of the cell.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = "areal-energy"
    unit: ClassVar[str] = "Wh/m2"

    def read(self, outcomes: Outcomes) -> Array:
        """Read the energy per area, shape (n,) [Wh/m2]."""
        return outcomes.energy[:, 1] / outcomes.area


@dataclass(frozen=True)
class MeanPower(Objective):
    """Energy of the discharge over its duration, per area of the cell.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = "power"
    unit: ClassVar[str] = "W/m2"

    def read(self, outcomes: Outcomes) -> Array:
        """Read the mean power per area, shape (n,) [W/m2]."""
        hours = outcomes.duration[:, 1] / 3600.0
        return ratio(outcomes.energy[:, 1] / outcomes.area, hours)


@dataclass(frozen=True)
class Utilisation(Objective):
    """Capacity of the discharge over the theoretical capacity.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = "utilisation"

    def read(self, outcomes: Outcomes) -> Array:
        """Read the utilisation, shape (n,) [-]."""
        return outcomes.utilisation[:, 1]


@dataclass(frozen=True)
class WindowUtilisation(Objective):
    """Capacity of the discharge over what the voltage window allows at rest.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = "window-utilisation"

    def read(self, outcomes: Outcomes) -> Array:
        """Read the utilisation of the window, shape (n,) [-]."""
        return outcomes.window_utilisation[:, 1]


@dataclass(frozen=True)
class ArealCapacity(Objective):
    """Capacity of the discharge per area of the cell.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge and of the discharge.
    """

    name: ClassVar[str] = "areal-capacity"
    unit: ClassVar[str] = "Ah/m2"

    def read(self, outcomes: Outcomes) -> Array:
        """Read the capacity per area, shape (n,) [Ah/m2]."""
        return outcomes.capacity[:, 1] / outcomes.area


@dataclass(frozen=True)
class ChargingTime(Objective):
    """Time until the upper voltage is reached; shorter is better.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of the charge.
    """

    name: ClassVar[str] = "charging-time"
    unit: ClassVar[str] = "s"
    larger_is_better: ClassVar[bool] = False

    def read(self, outcomes: Outcomes) -> Array:
        """Read the duration of the charge, shape (n,) [s]; nan where it takes no charge."""
        return np.where(outcomes.charge[:, 0] != 0.0, outcomes.duration[:, 0], np.nan)


@dataclass(frozen=True)
class EnergyEfficiency(Objective):
    """Energy of a discharge over that of the charge before it, in the second cycle.

    In the first cycle the charge begins where the cell was made, not where the discharge ends.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        Current of charges and discharges.
    """

    name: ClassVar[str] = "efficiency"

    @property
    def protocol(self) -> Protocol:
        """Two cycles."""
        return cycles((self.current, self.current), (self.current, self.current))

    def read(self, outcomes: Outcomes) -> Array:
        """Read the energy efficiency, shape (n,) [-]."""
        return ratio(outcomes.energy[:, 3], -outcomes.energy[:, 2])


@dataclass(frozen=True)
class RateCapability(Objective):
    """Capacity of a fast discharge over that of a slow one, each after a slow charge.

    Parameters
    ----------
    current : Amperes, AmperesPerArea or CRate
        The slow current.
    fast : Amperes, AmperesPerArea or CRate
        The fast current.
    """

    name: ClassVar[str] = "rate-capability"

    fast: CurrentAmount

    @property
    def protocol(self) -> Protocol:
        """A slow cycle, then one with a fast discharge."""
        return cycles((self.current, self.current), (self.current, self.fast))

    def read(self, outcomes: Outcomes) -> Array:
        """Read the ratio of capacities, shape (n,) [-]."""
        return ratio(outcomes.capacity[:, 3], outcomes.capacity[:, 1])

    def __str__(self) -> str:
        """Write what it is."""
        return f"{self.name}, {self.fast} over {self.current}"


OBJECTIVES: Mapping[str, Any] = MappingProxyType(
    {
        kind.name: kind
        for kind in (ArealEnergy, MeanPower, Utilisation, WindowUtilisation, ArealCapacity,
                     ChargingTime, EnergyEfficiency, RateCapability)
    }
)  # fmt: skip
"""Objectives by their name."""


@dataclass(frozen=True)
class AtLeast:
    """A figure that must not fall below a value.

    Parameters
    ----------
    objective : Objective
        The figure.
    value : float
        The limit, in the objective's unit.
    """

    objective: Objective
    value: float

    def __post_init__(self) -> None:
        """Check the number."""
        if not np.isfinite(self.value):
            raise InputError(f"{self.objective}: {self.value!r} is no limit, expected a number")

    def margin(self, values: Array) -> Array:
        """How far inside the limit the values (n,) are, shape (n,); negative outside."""
        return values - self.value

    @property
    def scale(self) -> float:
        """What a margin is compared with."""
        return abs(self.value) or 1.0

    def __str__(self) -> str:
        """Write the limit."""
        return f"{self.objective} at least {self.value:g} {self.objective.unit}".rstrip()


@dataclass(frozen=True)
class AtMost(AtLeast):
    """A figure that must not rise above a value.

    Parameters
    ----------
    objective : Objective
        The figure.
    value : float
        The limit, in the objective's unit.
    """

    def margin(self, values: Array) -> Array:
        """How far inside the limit the values (n,) are, shape (n,); negative outside."""
        return self.value - values

    def __str__(self) -> str:
        """Write the limit."""
        return f"{self.objective} at most {self.value:g} {self.objective.unit}".rstrip()


Constraint = AtLeast | AtMost
