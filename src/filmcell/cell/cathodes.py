"""Cathodes: the shape of the body that lithium diffuses in, and how charge moves through it."""

from dataclasses import dataclass
from typing import Any, ClassVar

from filmcell.cell.checked import Checked, check_part
from filmcell.cell.insertion import NO_ENTROPY, Insertion
from filmcell.cell.quantities import (
    ActivationEnergy,
    Capacitance,
    Concentration,
    Diffusivity,
    Entropy,
    ExchangePrefactor,
    Exponent,
    Fraction,
    Length,
    OptionalFraction,
    Potential,
    Ratio,
    Temperature,
    TransferCoefficient,
)
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.errors import InputError
from filmcell.physics import mixed_conduction, transport
from filmcell.units import shown


@dataclass(frozen=True)
class Film:
    """A dense plane film; its thickness counts from the electrolyte to the collector."""

    dimension: ClassVar[int] = 0
    name: ClassVar[str] = "film"


@dataclass(frozen=True)
class Cylinder:
    """A long cylinder in contact all around; its thickness is the radius."""

    dimension: ClassVar[int] = 1
    name: ClassVar[str] = "cylinder"


@dataclass(frozen=True)
class Sphere:
    """A spherical particle in contact all around; its thickness is the radius."""

    dimension: ClassVar[int] = 2
    name: ClassVar[str] = "sphere"


Shape = Film | Cylinder | Sphere

SHAPES: dict[str, Shape] = {shape.name: shape for shape in (Film(), Cylinder(), Sphere())}
"""The shapes by the words that a file uses."""


def shape_of(word: Any, key: str) -> Shape:
    """Turn the word of a file into a shape; refuse another by its key.

    Parameters
    ----------
    word : str
        film, cylinder or sphere.
    key : str
        Where the word stood.

    Returns
    -------
    Film or Cylinder or Sphere
        The shape.

    Examples
    --------
    >>> shape_of("sphere", "cathode.shape").dimension
    2
    """
    if not isinstance(word, str) or word not in SHAPES:
        raise InputError(
            f"{key}: {shown(word)} is not a shape, expected one of {', '.join(SHAPES)}"
        )
    return SHAPES[word]


@dataclass(frozen=True)
class SingleDiffusion(Checked):
    """Lithium diffuses and electrons are everywhere: Fick, supplied from the electrolyte alone."""

    kind: ClassVar[str] = "single"

    @property
    def share(self) -> float:
        """Share of the lithium that enters from the electrolyte [-]."""
        return 1.0

    @property
    def ambipolar_factor(self) -> float:
        """Diffusivity of neutral lithium over that given by the cathode [-]."""
        return 1.0


@dataclass(frozen=True)
class MixedConduction(Checked):
    r"""Ions and electrons both diffuse; the cathode's diffusivity is that of the ions.

    Electrons come from the collector and ions from the electrolyte, so that neutral lithium enters
    from both sides and diffuses with :math:`2 D_{Li} D_e / (D_{Li} + D_e)`.

    Parameters
    ----------
    electronic_ratio : float
        Diffusivity of the electrons over that of the ions, r [-].
    electrolyte_share : float, optional
        Share of the lithium that enters from the electrolyte; r / (1 + r) if not given [-].
    electronic_loss : bool
        Whether the voltage that drives the electrons through the cathode is counted.

    Examples
    --------
    >>> round(MixedConduction(5.06 / 1.21).share, 4)
    0.807
    """

    kind: ClassVar[str] = "mixed"

    electronic_ratio: Ratio
    electrolyte_share: OptionalFraction = None
    electronic_loss: bool = True

    def __post_init__(self) -> None:
        """Check the numbers and the choice."""
        super().__post_init__()
        if not isinstance(self.electronic_loss, bool):
            raise InputError(
                f"electronic_loss: {shown(self.electronic_loss)} is neither true nor false, "
                "expected one of them"
            )

    @property
    def share(self) -> float:
        """Share of the lithium that enters from the electrolyte [-]."""
        if self.electrolyte_share is not None:
            return self.electrolyte_share
        return float(mixed_conduction.electrolyte_share(1.0, self.electronic_ratio))

    @property
    def ambipolar_factor(self) -> float:
        """Diffusivity of neutral lithium over that of the ions, 2 r / (1 + r) [-]."""
        return float(mixed_conduction.ambipolar_diffusivity(1.0, self.electronic_ratio))


Transport = SingleDiffusion | MixedConduction
"""How charge moves through a cathode."""


@dataclass(frozen=True)
class Cathode(Insertion):
    r"""An insertion cathode: a dense film, or particles of one radius.

    The exchange current density is :math:`i_\mathrm{ref}(x)\,x^a (1-x)^b`; exponents of zero make
    :math:`i_\mathrm{ref}` itself the exchange current density.

    Parameters
    ----------
    thickness : float
        Film thickness, or particle radius [m].
    maximum_concentration : float
        Lithium sites c_max [mol/m3].
    diffusivity : Property
        Chemical diffusivity of lithium over x at `reference_temperature`; with mixed conduction
        that of the ions alone [m2/s].
    potential : Property
        Open-circuit potential against lithium over x at `reference_temperature` [V].
    exchange_current_density : Property
        Prefactor i_ref over x at `reference_temperature` [A/m2].
    lithium_exponent, vacancy_exponent : float
        Exponents a and b [-].
    transfer_coefficient : float
        Anodic (delithiation) transfer coefficient [-].
    initial_fraction : float
        Lithiation fraction when the cell is made [-].
    theoretical_swing : float
        Lithium per site that the theoretical capacity counts [-].
    diffusivity_activation_energy, exchange_activation_energy : float
        Activation energies [J/mol].
    reference_temperature : float
        Temperature of all that depends on it [K].
    shape : Film or Cylinder or Sphere
        Shape of the body that lithium diffuses in.
    entropy : Property
        Change of the potential with temperature over x, dU/dT [V/K].
    transport : SingleDiffusion or MixedConduction
        How charge moves through it.
    double_layer_capacitance : float
        Of the interface with the electrolyte [F/m2].
    electrolyte_exponent : float
        Exponent, in the exchange current density, of the lithium ions of a weak electrolyte at
        its surface over those at rest [-].
    name : str
        Material.
    """

    thickness: Length
    maximum_concentration: Concentration
    diffusivity: Diffusivity
    potential: Potential
    exchange_current_density: ExchangePrefactor
    lithium_exponent: Exponent = 0.5
    vacancy_exponent: Exponent = 0.5
    transfer_coefficient: TransferCoefficient = 0.5
    initial_fraction: Fraction = 0.995
    theoretical_swing: Fraction = 0.5
    diffusivity_activation_energy: ActivationEnergy = 0.0
    exchange_activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    shape: Shape = Film()
    entropy: Entropy = NO_ENTROPY
    transport: Transport = SingleDiffusion()
    double_layer_capacitance: Capacitance = 0.0
    electrolyte_exponent: Exponent = 0.0
    name: str = "cathode"

    def __post_init__(self) -> None:
        """Check the numbers and the parts."""
        super().__post_init__()
        check_part("transport", self.transport, Transport)
        if not isinstance(self.shape, Shape):
            words = ", ".join(kind.__name__ + "()" for kind in (Film, Cylinder, Sphere))
            raise InputError(f"shape: {shown(self.shape)} is not a shape, expected one of {words}")

    @property
    def dimension(self) -> int:
        """0 for a plane film, 1 for a cylinder, 2 for a sphere."""
        return self.shape.dimension

    def diffusion_time(self, T: float) -> float:
        """Time l^2 / D of lithium at the initial lithiation and temperature T [K], in seconds."""
        D = float(self.diffusivity(self.initial_fraction)) * transport.arrhenius_factor(
            T, self.diffusivity_activation_energy, self.reference_temperature
        )
        return self.thickness**2 / float(D * self.transport.ambipolar_factor)
