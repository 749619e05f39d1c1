"""Electrolytes, and what may lie between them and the cathode: layers, contacts, space charge."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from filmcell.arrays import plain
from filmcell.cell.checked import Checked
from filmcell.cell.quantities import (
    ActivationEnergy,
    Barrier,
    Capacitance,
    Concentration,
    Conductivity,
    Length,
    LengthOrZero,
    OpenFraction,
    OptionalConcentration,
    PlainDiffusivity,
    Ratio,
    Recombination,
    Resistance,
    Temperature,
)
from filmcell.constants import EPSILON_0, REFERENCE_TEMPERATURE, F, R
from filmcell.errors import InputError
from filmcell.physics import space_charge, transport, weak_electrolyte
from filmcell.units import shown

BLOCKING = 12.0
"""Barrier of a space-charge layer, in units of RT, above which it blocks [-]."""


@dataclass(frozen=True)
class Electrolyte(Checked):
    """A single-ion solid electrolyte: an ohmic layer.

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

    kind: ClassVar[str] = "single-ion"

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
        return plain(transport.area_specific_resistance(self.thickness, sigma))


@dataclass(frozen=True)
class WeakElectrolyte(Checked):
    """A solid in which bound lithium dissociates into an ion and a negative defect (Danilov 2011).

    Parameters
    ----------
    thickness : float
        Thickness [m].
    site_concentration : float
        Lithium, bound and dissociated together [mol/m3].
    dissociated_fraction : float
        Fraction of it that is dissociated at rest [-].
    recombination_rate : float
        Rate constant at which ion and defect recombine, at `reference_temperature` [m3/(mol s)].
    cation_diffusivity, anion_diffusivity : float
        Diffusivities of the ion and of the defect at `reference_temperature` [m2/s].
    activation_energy : float
        Of both diffusivities [J/mol].
    reaction_activation_energy : float
        Of the rates of recombination and dissociation [J/mol].
    reference_temperature : float
        Temperature of diffusivities and rates [K].
    name : str
        Material.

    Examples
    --------
    >>> film = WeakElectrolyte(1.5e-6, 6.01e4, 0.18, 0.9e-6, 0.9e-15, 5.1e-15)
    >>> round(film.resistance(298.15) * 1e4, 2)  # ohm cm2
    61.54
    """

    kind: ClassVar[str] = "weak"

    thickness: Length
    site_concentration: Concentration
    dissociated_fraction: OpenFraction
    recombination_rate: Recombination
    cation_diffusivity: PlainDiffusivity
    anion_diffusivity: PlainDiffusivity
    activation_energy: ActivationEnergy = 0.0
    reaction_activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    name: str = "weak electrolyte"

    @property
    def equilibrium_concentration(self) -> float:
        """Lithium ions at rest [mol/m3]."""
        return weak_electrolyte.equilibrium_concentration(
            self.site_concentration, self.dissociated_fraction
        )

    @property
    def dissociation_rate(self) -> float:
        """Rate constant of dissociation at the reference temperature, k_d [1/s]."""
        return weak_electrolyte.dissociation_rate(
            self.recombination_rate, self.site_concentration, self.dissociated_fraction
        )

    @property
    def transference_number(self) -> float:
        """Share of the current that the ions carry where there is no gradient [-]."""
        return float(
            weak_electrolyte.transference_number(self.cation_diffusivity, self.anion_diffusivity)
        )

    def conductivity(self, T: float) -> float:
        """Conductivity at rest at temperature T [K], in S/m."""
        factor = transport.arrhenius_factor(T, self.activation_energy, self.reference_temperature)
        at_reference = weak_electrolyte.conductivity(
            self.equilibrium_concentration, self.cation_diffusivity, self.anion_diffusivity, T
        )
        return float(factor * at_reference)

    def resistance(self, T: float) -> float:
        """Area-specific ohmic resistance at temperature T [K], at rest, in ohm m2."""
        return float(transport.area_specific_resistance(self.thickness, self.conductivity(T)))


@dataclass(frozen=True)
class Interlayer(Checked):
    """A buffer layer between electrolyte and cathode, with its two interfaces.

    Parameters
    ----------
    thickness : float
        Thickness; zero leaves the interfaces [m].
    conductivity : float
        Ionic conductivity at `reference_temperature` [S/m].
    activation_energy : float
        Of the conductivity, in the ln sigma form [J/mol].
    reference_temperature : float
        Temperature of conductivity and interface resistance [K].
    interface_resistance : float
        Of both faces together, at `reference_temperature` [ohm m2].
    interface_activation_energy : float
        Of the conductance of the faces [J/mol].
    name : str
        Material.

    Examples
    --------
    >>> layer = Interlayer(10e-9, 1e-6, interface_resistance=1e-3)
    >>> round(layer.resistance(298.15) * 1e4, 9)  # ohm cm2
    110.0
    """

    kind: ClassVar[str] = "layer"

    thickness: LengthOrZero
    conductivity: Conductivity
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    interface_resistance: Resistance = 0.0
    interface_activation_energy: ActivationEnergy = 0.0
    name: str = "interlayer"

    def resistance(self, T: float) -> float:
        """Area-specific resistance of layer and faces at temperature T [K], in ohm m2."""
        T_ref = self.reference_temperature
        sigma = self.conductivity * transport.arrhenius_factor(T, self.activation_energy, T_ref)
        faces = self.interface_resistance / transport.arrhenius_factor(
            T, self.interface_activation_energy, T_ref
        )
        return plain(transport.area_specific_resistance(self.thickness, sigma) + faces)


@dataclass(frozen=True)
class Interface(Checked):
    """A contact of two layers, with its own resistance and capacitance.

    Parameters
    ----------
    resistance : float
        Area-specific resistance at `reference_temperature` [ohm m2].
    capacitance : float
        Beside the resistance [F/m2].
    activation_energy : float
        Of the conductance: the resistance falls as the contact warms up [J/mol].
    reference_temperature : float
        Temperature of the resistance [K].
    name : str
        What meets here.

    Examples
    --------
    >>> contact = Interface(8.6e-4, activation_energy=30e3, name="LiPON on LiCoO2")
    >>> round(contact.resistance_at(333.15) * 1e4, 3)  # ohm cm2
    2.412
    """

    kind: ClassVar[str] = "interface"

    resistance: Resistance
    capacitance: Capacitance = 0.0
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    name: str = "interface"

    def resistance_at(self, T: float) -> float:
        """Area-specific resistance at temperature T [K], in ohm m2."""
        factor = transport.arrhenius_factor
        T_ref = self.reference_temperature
        return plain(self.resistance / factor(T, self.activation_energy, T_ref))


@dataclass(frozen=True)
class SpaceChargeLayer(Checked):
    """The depleted layer of an electrolyte at a cathode that takes its ions away (Mott-Schottky).

    Parameters
    ----------
    potential : float
        Potential of the face over that of the bulk [V].
    conductivity : float
        Of the bulk at `reference_temperature` [S/m].
    relative_permittivity : float
        Permittivity over that of the vacuum [-].
    mobile_concentration : float
        Mobile ions in the bulk: sites times their occupancy [mol/m3].
    activation_energy : float
        Of the conductivity of the bulk, in the ln sigma form [J/mol].
    reference_temperature : float
        Temperature of the conductivity [K].
    site_concentration : float, optional
        Sites that mobile ions may occupy; with it the capacitance is the differential one of a
        layer whose sites are limited, without it that of a layer depleted over its whole width
        [mol/m3].
    name : str
        What meets here.

    Examples
    --------
    >>> layer = SpaceChargeLayer(0.2, 1e-4, 16.6, 166.0)
    >>> round(layer.width * 1e9, 3), round(layer.resistance(298.15) * 1e4, 2)  # nm, ohm cm2
    (1.916, 31.88)
    """

    kind: ClassVar[str] = "space-charge"

    potential: Barrier
    conductivity: Conductivity
    relative_permittivity: Ratio
    mobile_concentration: Concentration
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    site_concentration: OptionalConcentration = None
    name: str = "space charge"

    def __post_init__(self) -> None:
        """Check the numbers, and that there are more sites than ions."""
        super().__post_init__()
        sites = self.site_concentration
        if sites is not None and sites <= self.mobile_concentration:
            raise InputError(
                f"site_concentration: {sites:g} mol/m3 is not above the mobile_concentration "
                f"{self.mobile_concentration:g} mol/m3, expected more sites than ions"
            )

    @cached_property
    def width(self) -> float:
        """Width of the depleted layer [m]."""
        permittivity = EPSILON_0 * self.relative_permittivity
        mobile = self.mobile_concentration
        return float(space_charge.depletion_width(self.potential, 1.0, mobile, permittivity))

    @property
    def capacitance(self) -> float:
        """Capacitance of the layer at the reference temperature [F/m2]."""
        permittivity, T = EPSILON_0 * self.relative_permittivity, self.reference_temperature
        sites = self.site_concentration
        if sites is not None:
            theta = self.mobile_concentration / sites
            u = self.barrier(T)
            return float(space_charge.layer_capacitance(u, theta, sites, permittivity, T))
        return float(space_charge.depletion_capacitance(self.width, permittivity))

    def blocks(self, T: float) -> bool:
        """Whether hardly any ion passes at temperature T [K]."""
        return self.barrier(T) > BLOCKING

    def barrier(self, T: float) -> float:
        """Barrier F phi / RT at temperature T [K], dimensionless."""
        return F * self.potential / (R * T)

    def resistance(self, T: float) -> float:
        """Area-specific resistance over that of so much bulk, at temperature T [K], in ohm m2."""
        sigma = self.conductivity * float(
            transport.arrhenius_factor(T, self.activation_energy, self.reference_temperature)
        )
        whole = space_charge.depletion_resistance(self.potential, self.width, sigma, T)
        return float(whole) - self.width / sigma

    def activation_energy_at(self, T: float) -> float:
        """Activation energy of the resistance, R d ln r / d(1/T), at temperature T [K], in J/mol.

        It is that of the bulk and nearly the whole barrier, where the barrier is high.
        """
        step = 1e-4
        colder, warmer = T / (1.0 + step), T / (1.0 - step)
        ratio = self.resistance(colder) / self.resistance(warmer)
        return float(R * np.log(ratio) / (2.0 * step / T))


BufferLayer = Electrolyte | Interlayer | Interface | SpaceChargeLayer | WeakElectrolyte
"""What may lie between the electrolyte and the cathode."""


def alternating(
    first: BufferLayer, second: BufferLayer, count: int, interface: Interface | None = None
) -> tuple[BufferLayer, ...]:
    """Stack two layers in turns, such as the homogeneous buffer of Tan 2021.

    Parameters
    ----------
    first, second : BufferLayer
        The two layers; the first one lies nearer to the electrolyte.
    count : int
        Layers in all, the contacts between them not counted.
    interface : Interface, optional
        Contact between each two of them.

    Returns
    -------
    tuple of BufferLayer
        For `Cell.interlayers`.

    Examples
    --------
    >>> llto, ncm = Interlayer(20e-9, 1e-3, name="LLTO"), Interlayer(20e-9, 1e-6, name="NCM")
    >>> [layer.name for layer in alternating(ncm, llto, 4)]
    ['NCM', 'LLTO', 'NCM', 'LLTO']
    """
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"count: {shown(count)} is not allowed, expected a whole number above 0")
    stack: list[BufferLayer] = []
    for k in range(count):
        stack += [interface] if interface and k else []
        stack.append(second if k % 2 else first)
    return tuple(stack)


AnyElectrolyte = Electrolyte | WeakElectrolyte
"""What the electrolyte of a cell may be."""
