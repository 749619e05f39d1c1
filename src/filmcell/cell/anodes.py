"""Anodes: lithium metal, a bare collector that lithium is plated on, and insertion films."""

from dataclasses import dataclass
from typing import ClassVar

from filmcell.cell.checked import Checked
from filmcell.cell.insertion import NO_ENTROPY, Insertion
from filmcell.cell.quantities import (
    ActivationEnergy,
    Capacitance,
    Concentration,
    CurrentDensity,
    Diffusivity,
    Entropy,
    ExchangePrefactor,
    Exponent,
    FractionOrZero,
    Length,
    Potential,
    Temperature,
    TransferCoefficient,
)
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.physics import transport


class Metal(Checked):
    """Lithium metal on a collector: it takes any amount, at the potential zero."""

    @property
    def room(self) -> float:
        """Charge of the lithium that can still be plated [C/m2]."""
        return float("inf")

    def rest_potential(self, charge: float, T: float) -> float:
        """Potential against lithium after giving a charge [C/m2], at temperature T [K], in V."""
        return 0.0


@dataclass(frozen=True)
class LithiumMetal(Metal):
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
    double_layer_capacitance : float
        Of the interface with the electrolyte [F/m2].
    electrolyte_exponent : float
        Exponent, in the exchange current density, of the lithium ions of a weak electrolyte at
        its surface over those at rest [-].

    Examples
    --------
    >>> round(LithiumMetal(2e-6, 5.75).capacity / 36, 1)  # uAh/cm2
    412.4
    """

    kind: ClassVar[str] = "lithium"

    thickness: Length
    exchange_current_density: CurrentDensity
    transfer_coefficient: TransferCoefficient = 0.5
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    double_layer_capacitance: Capacitance = 0.0
    electrolyte_exponent: Exponent = 0.0

    @property
    def capacity(self) -> float:
        """Charge of the lithium present at the start [C/m2]."""
        return self.thickness / float(transport.lithium_thickness(1.0))


@dataclass(frozen=True)
class AnodeFree(Metal):
    """A bare collector: the first charge plates the anode out of the cathode's lithium.

    Parameters
    ----------
    exchange_current_density : float
        Exchange current density of the plated lithium, at `reference_temperature` [A/m2].
    transfer_coefficient : float
        Anodic (stripping) transfer coefficient [-].
    activation_energy : float
        Of the exchange current density [J/mol].
    reference_temperature : float
        Temperature of the exchange current density [K].
    double_layer_capacitance : float
        Of the interface with the electrolyte [F/m2].
    electrolyte_exponent : float
        Exponent, in the exchange current density, of the lithium ions of a weak electrolyte at
        its surface over those at rest [-].
    collector : str
        Material that the lithium is plated on.

    Examples
    --------
    >>> AnodeFree(5.75, collector="copper").capacity
    0.0
    """

    kind: ClassVar[str] = "anode-free"

    exchange_current_density: CurrentDensity
    transfer_coefficient: TransferCoefficient = 0.5
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    double_layer_capacitance: Capacitance = 0.0
    electrolyte_exponent: Exponent = 0.0
    collector: str = "collector"

    @property
    def thickness(self) -> float:
        """Lithium present when the cell is made: none [m]."""
        return 0.0

    @property
    def capacity(self) -> float:
        """Charge of the lithium present at the start: none [C/m2]."""
        return 0.0


@dataclass(frozen=True)
class InsertionAnode(Insertion):
    r"""An anode that takes lithium in: a dense plane film, such as an oxide or an alloy.

    The exchange current density is :math:`i_\mathrm{ref}(x)\,x^a (1-x)^b`; x grows on charge.

    Parameters
    ----------
    thickness : float
        Thickness [m].
    maximum_concentration : float
        Lithium sites c_max [mol/m3].
    diffusivity : Property
        Chemical diffusivity of lithium over x at `reference_temperature` [m2/s].
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
    diffusivity_activation_energy, exchange_activation_energy : float
        Activation energies [J/mol].
    reference_temperature : float
        Temperature of all that depends on it [K].
    double_layer_capacitance : float
        Of the interface with the electrolyte [F/m2].
    entropy : Property
        Change of the potential with temperature over x, dU/dT [V/K].
    name : str
        Material.
    """

    kind: ClassVar[str] = "insertion"

    thickness: Length
    maximum_concentration: Concentration
    diffusivity: Diffusivity
    potential: Potential
    exchange_current_density: ExchangePrefactor
    lithium_exponent: Exponent = 0.5
    vacancy_exponent: Exponent = 0.5
    transfer_coefficient: TransferCoefficient = 0.5
    initial_fraction: FractionOrZero = 0.0
    diffusivity_activation_energy: ActivationEnergy = 0.0
    exchange_activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    double_layer_capacitance: Capacitance = 0.0
    entropy: Entropy = NO_ENTROPY
    name: str = "insertion anode"

    @property
    def capacity(self) -> float:
        """Charge of the lithium that it can give, down to the end of its potential [C/m2]."""
        return self.capacity_per_fraction * (self.initial_fraction - self.usable_fractions[0])

    @property
    def room(self) -> float:
        """Charge of the lithium that it can take, up to the end of its potential [C/m2]."""
        return self.capacity_per_fraction * (self.usable_fractions[1] - self.initial_fraction)

    def rest_potential(self, charge: float, T: float) -> float:
        """Potential against lithium after giving a charge [C/m2], at temperature T [K], in V."""
        low, high = self.usable_fractions
        x = self.fraction_after(charge)
        return float(self.open_circuit_potential(min(max(x, low), high), T))

    def fraction_after(self, charge: float) -> float:
        """Lithiation fraction after giving a charge [C/m2]; below 0 where it has not that much."""
        return self.initial_fraction - charge / self.capacity_per_fraction


Anode = LithiumMetal | AnodeFree | InsertionAnode
"""What the anode of a cell may be."""
