"""What a cathode and an insertion anode share: a host that lithium goes in and out of."""

from filmcell.arrays import Array, ArrayLike
from filmcell.cell.checked import Checked
from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.materials.property import Property, constant

NO_ENTROPY = constant("entropy coefficient", 0.0, "V/K", "the default of filmcell")
"""A potential that does not depend on temperature."""


class Insertion(Checked):
    """A host of lithium; what kind of electrode it is, is said by its children."""

    thickness: float
    maximum_concentration: float
    potential: Property
    entropy: Property
    initial_fraction: float
    reference_temperature: float

    def __post_init__(self) -> None:
        """Check the numbers, and that the potential and its entropy are known at the start."""
        super().__post_init__()
        x = self.initial_fraction
        for known in (self.potential, self.entropy):
            if not known.low <= x <= known.high:
                raise InputError(
                    f"initial_fraction: {x:g} is not allowed, expected one from "
                    f"{known.low:g} to {known.high:g}, the range of {known.source}"
                )

    @property
    def dimension(self) -> int:
        """0 for a plane film, 1 for a cylinder, 2 for a sphere."""
        return 0

    @property
    def capacity_per_fraction(self) -> float:
        """Charge per area of surface and unit of x, F c_max l / (m + 1) [C/m2]."""
        return F * self.maximum_concentration * self.thickness / (self.dimension + 1)

    @property
    def usable_fractions(self) -> tuple[float, float]:
        """Lithiation fractions between which both the potential and its entropy are known."""
        U, S = self.potential, self.entropy
        return max(U.low, S.low), min(U.high, S.high)

    def open_circuit_potential(self, x: ArrayLike, T: float) -> Array:
        """Potential against lithium at lithiation fraction x and temperature T [K], in V."""
        return self.potential(x) + (T - self.reference_temperature) * self.entropy(x)
