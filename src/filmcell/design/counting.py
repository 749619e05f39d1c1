"""What a utilisation counts: over which capacity, and of which step of a cycle."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, AmperesPerArea, CRate, CurrentAmount
from filmcell.protocol.cycle import cycles
from filmcell.protocol.steps import Block, Charge, Protocol, Step
from filmcell.simulation.many import Outcomes
from filmcell.units import shown


@dataclass(frozen=True)
class OfWindow:
    """Over what the voltage window allows at rest."""

    name: ClassVar[str] = "window"
    words: ClassVar[str] = "what the voltage window allows"

    def shares(self, outcomes: Outcomes, step: int) -> Array:
        """Give the utilisation of a step (from 0) of each design, shape (n,) [-]."""
        return outcomes.window_utilisation[:, step]

    def swing(self, cell: Cell) -> float:
        """Give the lithium per site that counts as 1 [-]."""
        empty, full = cell.window_fractions
        return full - empty


@dataclass(frozen=True)
class OfTheory:
    """Over the theoretical capacity."""

    name: ClassVar[str] = "theoretical"
    words: ClassVar[str] = "the theoretical capacity"

    def shares(self, outcomes: Outcomes, step: int) -> Array:
        """Give the utilisation of a step (from 0) of each design, shape (n,) [-]."""
        return outcomes.utilisation[:, step]

    def swing(self, cell: Cell) -> float:
        """Give the lithium per site that counts as 1 [-]."""
        return cell.cathode.theoretical_swing


Basis = OfWindow | OfTheory


@dataclass(frozen=True)
class DischargeOfCycle:
    """The discharge that follows a charge of the cell as made, at one current and without rest."""

    name: ClassVar[str] = "discharge"
    words: ClassVar[str] = "the discharge that follows a charge without rest"
    step: ClassVar[int] = 1

    def protocol(self, current: CurrentAmount) -> Protocol:
        """Give the steps, from limit to limit of a cell's voltage window."""
        return cycles((current, current))


@dataclass(frozen=True)
class FirstCharge:
    """The charge of the cell as made."""

    name: ClassVar[str] = "charge"
    words: ClassVar[str] = "the first charge"
    step: ClassVar[int] = 0

    def protocol(self, current: CurrentAmount) -> Protocol:
        """Give the step, up to the upper limit of a cell's voltage window."""
        return Protocol((Block((Step(Charge(current)),)),))


Counted = DischargeOfCycle | FirstCharge


@dataclass(frozen=True)
class Demand:
    """A utilisation that is to be reached at a current, and what both mean.

    Parameters
    ----------
    utilisation : float
        Least utilisation, above 0 and at most 1 [-].
    current : Amperes, AmperesPerArea or CRate
        Current of charge and discharge.
    basis : OfWindow or OfTheory
        The capacity that counts as 1.
    counted : DischargeOfCycle or FirstCharge
        The step whose capacity counts.

    Raises
    ------
    InputError
        Where one of them is not what it must be.

    Examples
    --------
    >>> print(Demand(0.8, CRate(0.5), OfTheory()))
    0.8 of the theoretical capacity in the discharge that follows a charge without rest, at C/2
    """

    utilisation: float
    current: CurrentAmount
    basis: Basis = OfWindow()
    counted: Counted = DischargeOfCycle()

    def __post_init__(self) -> None:
        """Check the choices and the number."""
        u = self.utilisation
        if isinstance(u, bool) or not isinstance(u, int | float) or not 0.0 < u <= 1.0:
            raise InputError(f"utilisation: {shown(u)} is not allowed, expected one above 0 and at "
                             "most 1 such as 0.8")  # fmt: skip
        checks = (
            ("current", self.current, CurrentAmount, (Amperes, AmperesPerArea, CRate)),
            ("basis", self.basis, Basis, (OfWindow, OfTheory)),
            ("counted", self.counted, Counted, (DischargeOfCycle, FirstCharge)),
        )
        for name, given, kinds, classes in checks:
            if not isinstance(given, kinds):
                raise InputError(f"{name}: {shown(given)} is not allowed, expected one of "
                                 f"{', '.join(kind.__name__ for kind in classes)}")  # fmt: skip

    def design(self, cell: Cell) -> tuple[Cell, Protocol]:
        """Give a cell with what is done to it."""
        return cell, self.counted.protocol(self.current)

    def shares(self, outcomes: Outcomes) -> Array:
        """Give the utilisation that counts of each design, nan where there is none, (n,) [-]."""
        if outcomes.duration.shape[1] <= self.counted.step:  # no design could even be begun
            return np.full(len(outcomes), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):  # a window may allow nothing at all
            u = self.basis.shares(outcomes, self.counted.step)
        return np.where(np.isfinite(u), u, np.nan)

    def grows_with_size(self, cell: Cell) -> bool:
        """Whether the current density of a cell grows with its thickness."""
        return isinstance(self.current, CRate) and cell.nominal_capacity is None

    def __str__(self) -> str:
        """Say it in words."""
        return (f"{self.utilisation:g} of {self.basis.words} in {self.counted.words}, at "
                f"{self.current}")  # fmt: skip
