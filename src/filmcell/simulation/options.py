"""How accurately to solve and how much to keep."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from filmcell.errors import InputError
from filmcell.numerics.integrate import Accuracy


@dataclass(frozen=True)
class Options:
    """Options of the solver.

    Parameters
    ----------
    tolerance : float
        Error of the lithiation fraction in one time step [-].
    voltage_tolerance : float
        Error of the voltage in one time step [V].
    resolution : float
        Distance of the voltage from a straight line between two kept points [V].
    most_steps : int
        Time steps in one step of the protocol after which the solver gives up.

    Raises
    ------
    InputError
        Where a number is not above zero, or an option does not exist.

    Examples
    --------
    >>> Options().changed(tolerance=1e-8).tolerance
    1e-08
    """

    tolerance: float = 2e-6
    voltage_tolerance: float = 2e-5
    resolution: float = 3e-5
    most_steps: int = 100_000

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name, value in asdict(self).items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
                raise InputError(f"{name}: {value!r} is not allowed, expected a number above 0")

    def changed(self, **changes: Any) -> "Options":
        """Give a copy with some options changed; refuses names that do not exist."""
        unknown = sorted(set(changes) - set(asdict(self)))
        if unknown:
            known = ", ".join(asdict(self))
            raise InputError(f'unknown option "{unknown[0]}", expected one of {known}')
        return replace(self, **changes)

    @property
    def accuracy(self) -> Accuracy:
        """The same for the integrator."""
        return Accuracy(
            float(self.tolerance), float(self.voltage_tolerance), float(self.resolution),
            float(self.most_steps),
        )  # fmt: skip


DEFAULTS = Options()
"""What everything is solved with unless somebody asks for more or less."""
