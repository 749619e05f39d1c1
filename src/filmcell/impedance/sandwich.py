r"""Symmetric and blocking cells: electrolytes between two electrodes that take no lithium up.

Everything in such a cell is linear at rest, so that its impedance is a sum of closed forms: a layer
that conducts and polarises, an interface, and an electrode that blocks or exchanges lithium.

.. math:: Z_\mathrm{layer} = \frac{L}{\sigma(T) + j \omega \varepsilon_0 \varepsilon_r}, \qquad
          Z_\mathrm{blocking} = \frac{1}{Q (j \omega)^n}, \qquad
          Z_\mathrm{metal} = \frac{R_\mathrm{ct}}{1 + j \omega R_\mathrm{ct} C_\mathrm{dl}},
          \quad R_\mathrm{ct} = \frac{R T}{F i_0(T)}
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from filmcell.arrays import Array, ArrayLike
from filmcell.cell.checked import Checked, check_part
from filmcell.cell.electrolytes import Interface
from filmcell.cell.quantities import (
    ActivationEnergy,
    Area,
    Capacitance,
    Conductivity,
    CurrentDensity,
    Fraction,
    Length,
    Ratio,
    Resistance,
    Temperature,
)
from filmcell.constants import EPSILON_0, REFERENCE_TEMPERATURE, F, R
from filmcell.errors import InputError
from filmcell.impedance.of_model import CellImpedance, falling
from filmcell.physics.transport import arrhenius_factor


@dataclass(frozen=True)
class Dielectric(Checked):
    """An electrolyte layer that conducts and polarises.

    Parameters
    ----------
    thickness : float
        Thickness [m].
    conductivity : float
        Ionic conductivity at the reference temperature [S/m].
    relative_permittivity : float
        Relative permittivity [-].
    activation_energy : float
        Activation energy of the conductivity, of ln sigma over 1/T [J/mol].
    reference_temperature : float
        Temperature at which the conductivity holds [K].
    name : str
        What the layer is.

    Raises
    ------
    InputError
        Where a number is not allowed.

    Examples
    --------
    >>> lipon = Dielectric("1 um", "2e-6 S/cm", 13.2)
    >>> round(float(lipon.resistance(298.15)) * 1e4, 6)  # ohm cm2
    50.0
    """

    kind: ClassVar[str] = "dielectric"

    thickness: Length
    conductivity: Conductivity
    relative_permittivity: Ratio
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    name: str = "electrolyte"

    def resistance(self, T: float) -> float:
        """Give the area-specific resistance.

        Parameters
        ----------
        T : float
            Temperature [K].

        Returns
        -------
        float
            Resistance [ohm m2].
        """
        factor = arrhenius_factor(T, self.activation_energy, self.reference_temperature)
        return float(self.thickness / (self.conductivity * factor))

    def impedance(self, omega: Array, T: float) -> Any:
        """Give the impedance.

        Parameters
        ----------
        omega : ndarray
            Angular frequencies, shape (n,) [1/s].
        T : float
            Temperature [K].

        Returns
        -------
        ndarray of complex
            Impedance times area, shape (n,) [ohm m2].
        """
        capacitance = EPSILON_0 * self.relative_permittivity / self.thickness
        return 1.0 / (1.0 / self.resistance(T) + 1j * omega * capacitance)


@dataclass(frozen=True)
class Blocking(Checked):
    """An electrode that lithium does not pass, such as silver or gold on an electrolyte.

    Parameters
    ----------
    capacitance : float
        Capacitance at 1 rad/s [F/m2].
    exponent : float
        1 for a capacitor, less for a rough one [-].
    name : str
        What the electrode is.

    Raises
    ------
    InputError
        Where a number is not allowed.
    """

    kind: ClassVar[str] = "blocking"

    capacitance: Capacitance
    exponent: Fraction = 1.0
    name: str = "blocking electrode"

    def __post_init__(self) -> None:
        """Read the numbers; a capacitance of nothing would let no current through at all."""
        super().__post_init__()
        if self.capacitance <= 0.0:
            raise InputError("capacitance: 0 is not allowed, expected an areal capacitance above 0")

    def impedance(self, omega: Array, _: float) -> Any:
        """Give the impedance, complex, shape (n,) [ohm m2], at angular frequencies [1/s]."""
        return 1.0 / (self.capacitance * (1j * omega) ** self.exponent)


@dataclass(frozen=True)
class Exchanging(Checked):
    """An electrode of lithium metal.

    Parameters
    ----------
    exchange_current_density : float
        Exchange current density at the reference temperature [A/m2].
    double_layer_capacitance : float
        Capacitance of its double layer [F/m2].
    activation_energy : float
        Activation energy of the exchange current density [J/mol].
    reference_temperature : float
        Temperature at which it holds [K].
    name : str
        What the electrode is.

    Raises
    ------
    InputError
        Where a number is not allowed.
    """

    kind: ClassVar[str] = "metal"

    exchange_current_density: CurrentDensity
    double_layer_capacitance: Capacitance = 0.0
    activation_energy: ActivationEnergy = 0.0
    reference_temperature: Temperature = REFERENCE_TEMPERATURE
    name: str = "lithium metal"

    def impedance(self, omega: Array, T: float) -> Any:
        """Give the impedance, complex, shape (n,) [ohm m2], at angular frequencies [1/s]."""
        factor = arrhenius_factor(T, self.activation_energy, self.reference_temperature)
        conductance = F * self.exchange_current_density * float(factor) / (R * T)
        return 1.0 / (conductance + 1j * omega * self.double_layer_capacitance)


def _interface(layer: Interface, omega: Array, T: float) -> Any:
    """Impedance of an interface with a resistance and a capacitance [ohm m2]."""
    ohms = layer.resistance_at(T)
    return ohms / (1.0 + 1j * omega * ohms * layer.capacitance)


Electrode = Blocking | Exchanging
Layer = Dielectric | Interface


@dataclass(frozen=True)
class Sandwich(Checked):
    """Layers between two electrodes, for impedance.

    Parameters
    ----------
    left, right : Blocking or Exchanging
        The electrodes.
    layers : tuple of Dielectric or Interface
        What lies between, from left to right.
    area : float
        Area [m2].
    temperature : float
        Temperature [K].
    contact_resistance : float
        Of leads and contacts together [ohm m2].
    name : str
        What the cell is.

    Raises
    ------
    InputError
        Where a part is none, or there is nothing between the electrodes.

    Examples
    --------
    >>> silver = Blocking("1 uF/cm2")
    >>> cell = Sandwich(silver, silver, (Dielectric("350 nm", "9.56e-6 S/cm", 100.0),), "0.1 cm2")
    >>> Z = cell.impedance([1e5, 1e3])
    >>> round(float(Z.impedance[1].real) * 1e4, 2)  # ohm cm2
    3.66
    """

    left: Electrode
    right: Electrode
    layers: tuple[Layer, ...]
    area: Area
    temperature: Temperature = REFERENCE_TEMPERATURE
    contact_resistance: Resistance = 0.0
    name: str = "symmetric cell"

    def __post_init__(self) -> None:
        """Read the numbers and check the parts."""
        super().__post_init__()
        object.__setattr__(self, "layers", tuple(self.layers))
        for key in ("left", "right"):
            check_part(key, getattr(self, key), Electrode)
        for k, layer in enumerate(self.layers):
            check_part(f"layers.{k}", layer, Layer)
        if not self.layers:
            raise InputError("layers: nothing lies between the electrodes, expected a layer")

    def at(self, temperature: float | str) -> "Sandwich":
        """Bring the cell to another temperature.

        Parameters
        ----------
        temperature : float or str
            Temperature [K], or text with a unit.

        Returns
        -------
        Sandwich
            The cell there.
        """
        return replace(self, temperature=temperature)  # type: ignore[arg-type]

    def parts(self, frequency: Array) -> Mapping[str, Any]:
        """Give the impedance of each part.

        Parameters
        ----------
        frequency : ndarray
            Frequencies, shape (n,) [Hz].

        Returns
        -------
        mapping of str to ndarray of complex
            Shape (n,) each [ohm m2].
        """
        omega, T = 2.0 * np.pi * frequency, self.temperature
        found: dict[str, Any] = {f"left {self.left.name}": self.left.impedance(omega, T)}
        for k, layer in enumerate(self.layers):
            single = sum(other.name == layer.name for other in self.layers) == 1
            name = layer.name if single else f"{layer.name} {k + 1}"
            found[name] = (
                _interface(layer, omega, T)
                if isinstance(layer, Interface)
                else layer.impedance(omega, T)
            )
        found[f"right {self.right.name}"] = self.right.impedance(omega, T)
        found["contact"] = np.full(omega.shape, complex(self.contact_resistance))
        return MappingProxyType(found)

    def impedance(self, frequency: ArrayLike | None = None) -> CellImpedance:
        """Compute the impedance.

        Parameters
        ----------
        frequency : array-like, optional
            Frequencies, shape (n,) [Hz]; from 1 MHz to 1 mHz, ten a decade, if not given.

        Returns
        -------
        CellImpedance
            Impedance and the shares of its parts.

        Raises
        ------
        InputError
            Where a frequency is not above 0.
        """
        f = falling(frequency)
        parts = self.parts(f)
        name = f"{self.name}, {self.temperature:g} K"
        return CellImpedance(
            f, sum(parts.values()), self.area, self.temperature, name, _Told(parts)
        )


@dataclass(frozen=True, eq=False)
class _Told:
    """Shares that are known as they are."""

    shares: Mapping[str, Any]

    def parts(self) -> Mapping[str, Any]:
        """The shares."""
        return self.shares
