"""The layers of a thin-film cell: frozen, in SI units, checked when they are made."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, get_type_hints

from filmcell.cell.quantities import (
    ActivationEnergy,
    Concentration,
    Conductivity,
    CurrentDensity,
    Diffusivity,
    ExchangePrefactor,
    Exponent,
    Fraction,
    Length,
    Potential,
    PropertyOf,
    Quantity,
    Temperature,
    TransferCoefficient,
)
from filmcell.constants import REFERENCE_TEMPERATURE, F
from filmcell.errors import InputError
from filmcell.physics import transport
from filmcell.units import shown


@cache
def markers(kind: type) -> dict[str, Quantity | PropertyOf]:
    """Fields of a layer that are quantities or properties, with their markers.

    Parameters
    ----------
    kind : type
        A layer class, or `Cell`.

    Returns
    -------
    dict
        Name of the field to its marker.

    Examples
    --------
    >>> markers(Collector)["thickness"].unit
    'm'
    """
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for field in fields(kind):
        for extra in getattr(hints[field.name], "__metadata__", ()):
            if isinstance(extra, Quantity | PropertyOf):
                found[field.name] = extra
    return found


class Checked:
    """A frozen part of a cell whose numbers are read and checked when it is made."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": False}

    def __post_init__(self) -> None:
        """Read each number (SI float or text with unit); refuse by name."""
        name = getattr(self, "name", "")
        if not isinstance(name, str):
            raise InputError(f"name: {shown(name)} is not text, expected a name")
        for name, marker in markers(type(self)).items():  # type: ignore[arg-type]
            try:
                value = marker.read(getattr(self, name))
            except InputError as error:
                raise InputError(f"{name}: {error}") from None
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Collector(Checked):
    """A current collector; a metal film, its resistance is neglected.

    Parameters
    ----------
    name : str
        Material.
    thickness : float
        Thickness [m].
    """

    name: str
    thickness: Length


@dataclass(frozen=True)
class LithiumMetal(Checked):
    """A lithium metal anode, plated on charge and stripped on discharge.

    Parameters
    ----------
    thickness : float
        Lithium present when the cell is made [m].
    exchange_current_density : float
        Exchange current density against the electrolyte, at `reference_temperature` [A/m2].
    transfer_coefficient : float
        Anodic (stripping) transfer coefficient [-].
    activation_energy : float
        Of the exchange current density [J/mol].
    reference_temperature : float
        Temperature of the exchange current density [K].

    Examples
    --------
    >>> round(LithiumMetal(2e-6, 5.75).capacity / 36, 1)  # uAh/cm2
    412.4
    """

    thickness: Length
    exchange_current_density: CurrentDensity
    transfer_coefficient: TransferCoefficient = 0.5
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE

    @property
    def capacity(self) -> float:
        """Charge of the lithium present at the start [C/m2]."""
        return self.thickness / float(transport.lithium_thickness(1.0))


@dataclass(frozen=True)
class Electrolyte(Checked):
    """A single-ion solid electrolyte, or an interlayer: an ohmic layer.

    Parameters
    ----------
    thickness : float
        Thickness [m].
    conductivity : float
        Ionic conductivity at `reference_temperature` [S/m].
    activation_energy : float
        Of the conductivity, in the ln sigma form [J/mol].
    reference_temperature : float
        Temperature of the conductivity [K].
    name : str
        Material.

    Examples
    --------
    >>> round(Electrolyte(2e-6, 2e-4).resistance(298.15) * 1e4, 9)  # ohm cm2
    100.0
    """

    thickness: Length
    conductivity: Conductivity
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    name: str = "electrolyte"

    def resistance(self, T: float) -> float:
        """Area-specific resistance at temperature T [K], in ohm m2."""
        sigma = self.conductivity * transport.arrhenius_factor(
            T, self.activation_energy, self.reference_temperature
        )
        return float(transport.area_specific_resistance(self.thickness, sigma))


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
class Cathode(Checked):
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
        Chemical diffusivity of lithium over x at `reference_temperature` [m2/s].
    potential : Property
        Open-circuit potential against lithium over x [V].
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
        Temperature of both [K].
    shape : Film or Cylinder or Sphere
        Shape of the body that lithium diffuses in.
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
    name: str = "cathode"

    def __post_init__(self) -> None:
        """Check the numbers, and that the start lies within the potential's range."""
        super().__post_init__()
        if not isinstance(self.shape, Shape):
            words = ", ".join(kind.__name__ + "()" for kind in (Film, Cylinder, Sphere))
            raise InputError(f"shape: {shown(self.shape)} is not a shape, expected one of {words}")
        U = self.potential
        if not U.low <= self.initial_fraction <= U.high:
            raise InputError(
                f"initial_fraction: {self.initial_fraction:g} is not allowed, expected one from "
                f"{U.low:g} to {U.high:g}, the range of {U.source}"
            )

    @property
    def capacity_per_fraction(self) -> float:
        """Charge per area of surface and unit of x, F c_max l / (m + 1) [C/m2]."""
        return F * self.maximum_concentration * self.thickness / (self.shape.dimension + 1)

    def diffusion_time(self, T: float) -> float:
        """Time l^2 / D at the initial lithiation and temperature T [K], in seconds."""
        D = float(self.diffusivity(self.initial_fraction)) * transport.arrhenius_factor(
            T, self.diffusivity_activation_energy, self.reference_temperature
        )
        return self.thickness**2 / float(D)
