"""What a universal map is drawn for: an isotherm, a cut-off, and a body filled within the hour."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from filmcell.arrays import Array, as_array
from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cathodes import Cathode, Shape
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import Electrolyte
from filmcell.constants import REFERENCE_TEMPERATURE, F
from filmcell.errors import InputError
from filmcell.materials.property import Property, constant
from filmcell.physics.ideal_insertion import frumkin_potential
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.limits import VoltageLimit
from filmcell.protocol.steps import Block, Discharge, Protocol, Step
from filmcell.units import shown

SITES, DIFFUSIVITY, HOUR = 5e4, 1e-14, 3600.0
"""What bodies are made of, and how long filling takes [mol/m3, m2/s, s]: no map depends on it."""

_NO_ANODE = LithiumMetal(thickness=1e3, exchange_current_density=1e12)
_NO_ELECTROLYTE = Electrolyte(thickness=1e-9, conductivity=1e6)
# up to l = 1e6 both together lose less than a nanovolt


@dataclass(frozen=True)
class Frumkin:
    """The Frumkin isotherm as the function of a property.

    Parameters
    ----------
    standard : float
        Potential at half filling [V].
    interaction : float
        Interaction parameter g [-].
    temperature : float
        Temperature [K].
    """

    standard: float
    interaction: float
    temperature: float

    def __call__(self, x: Array) -> Array:
        """Potential at x, shape (n,) [V]."""
        return as_array(frumkin_potential(x, self.standard, self.interaction, self.temperature))


def ideal_isotherm(
    interaction: float = 0.0,
    temperature: float = REFERENCE_TEMPERATURE,
    *,
    standard: float = 4.0,
    margin: float = 8e-5,
) -> Property:
    """Make the potential of a Langmuir (g = 0) or Frumkin isotherm.

    Parameters
    ----------
    interaction : float
        Interaction parameter g, at least -4, where two phases begin [-].
    temperature : float
        Temperature [K].
    standard : float
        Potential at half filling [V].
    margin : float
        Filled or empty sites that are left at both ends of its range [-].

    Returns
    -------
    Property
        Potential over x [V].

    Raises
    ------
    InputError
        Where g lets two phases form, or the margin is not between 0 and 1/2.

    Examples
    --------
    >>> round(float(ideal_isotherm()(0.9)), 6)
    3.943548
    """
    if not interaction >= -4.0:
        raise InputError(
            f"interaction: {shown(interaction)} is not allowed, expected at least -4: below, two "
            "phases form and diffusion in one of them says nothing"
        )
    if not 0.0 < margin < 0.5:
        raise InputError(f"margin: {shown(margin)} is not allowed, expected one between 0 and 0.5")
    name = "Langmuir isotherm" if interaction == 0.0 else f"Frumkin isotherm, g = {interaction:g}"
    func = Frumkin(standard, interaction, temperature)
    return Property(name, "V", func, margin, 1.0 - margin, "filmcell.physics.ideal_insertion")


def _exchange(i_ref: float) -> Property:
    """Prefactor of the exchange current density F k0 c."""
    return constant("exchange current density", i_ref, "A/m2", "the universal map")


@dataclass(frozen=True)
class UniversalProblem:
    """What a universal map is drawn for: everything but the two numbers on its axes.

    Parameters
    ----------
    shape : Film or Cylinder or Sphere
        Shape of the body.
    isotherm : Property
        Open-circuit potential over the filled sites x at `temperature` [V].
    cut_off : float
        Voltage against lithium at which filling ends [V].
    initial_fraction : float
        Filled sites at the start [-].
    transfer_coefficient : float
        Anodic transfer coefficient [-].
    temperature : float
        Temperature [K].

    Raises
    ------
    InputError
        Where the cut-off cannot be reached from the start inside the range of the isotherm, or a
        part of the cell refuses a number.

    Examples
    --------
    >>> from filmcell.cell.cathodes import Film
    >>> problem = UniversalProblem(Film(), ideal_isotherm(interaction=2.0), 3.85)
    >>> round(problem.rest_fraction, 4)
    0.9923
    """

    shape: Shape
    isotherm: Property
    cut_off: float
    initial_fraction: float = 1e-4
    transfer_coefficient: float = 0.5
    temperature: float = REFERENCE_TEMPERATURE

    def __post_init__(self) -> None:
        """Check start and cut-off, and the rest by making the cell."""
        low, high, x = self.isotherm.low, self.isotherm.high, self.initial_fraction
        if not low <= x < high:
            raise InputError(
                f"initial_fraction: {shown(x)} is not allowed, expected one from {low:g} to "
                f"{high:g}, the range of {self.isotherm}"
            )
        start, end = (float(U) for U in self.isotherm([x, high]))
        if not end < self.cut_off < start:
            raise InputError(
                f"cut_off: {shown(self.cut_off)} V is not allowed, expected one between "
                f"{start:.4g} V, where filling starts, and {end:.4g} V, where {self.isotherm} ends"
            )
        if not 0.0 < self.transfer_coefficient < 1.0:
            raise InputError(
                f"transfer_coefficient: {shown(self.transfer_coefficient)} is not allowed, "
                "expected one between 0 and 1"
            )
        _ = self.base

    @cached_property
    def base(self) -> Cell:
        """The body as a cell whose anode and electrolyte lose nothing."""
        alpha = self.transfer_coefficient
        cathode = Cathode(
            1e-6,
            SITES,
            constant("diffusivity", DIFFUSIVITY, "m2/s", "the universal map"),
            self.isotherm,
            _exchange(1.0),
            lithium_exponent=1.0 - alpha,
            vacancy_exponent=alpha,
            transfer_coefficient=alpha,
            initial_fraction=self.initial_fraction,
            theoretical_swing=1.0,
            reference_temperature=self.temperature,
            shape=self.shape,
            name="the universal map",
        )
        top = float(self.isotherm(self.initial_fraction)) + 0.1
        return Cell(
            _NO_ANODE, _NO_ELECTROLYTE, cathode, 1e-4, self.cut_off, top, self.temperature,
            name="the universal map",
        )  # fmt: skip

    @property
    def rest_fraction(self) -> float:
        """Filled sites at rest at the cut-off: what no body goes beyond [-]."""
        return self.base.window_fractions[1]

    @property
    def z(self) -> int:
        """1 for a film, 2 for a cylinder, 3 for a sphere."""
        return self.shape.dimension + 1

    def design(self, ell: float, xi: float) -> tuple[Cell, Protocol]:
        """Make the cell and the protocol of one point of the map.

        Parameters
        ----------
        ell : float
            l [-].
        xi : float
            Xi [-].

        Returns
        -------
        Cell and Protocol
            A body that is filled within the hour: l is in thickness and current, Xi in the
            exchange current density.
        """
        thickness = float(np.sqrt(ell * self.z * HOUR * DIFFUSIVITY))
        current = F * SITES * thickness / (self.z * HOUR)
        rate_constant = xi * float(np.sqrt(DIFFUSIVITY / HOUR))
        exchange = _exchange(F * rate_constant * SITES)
        cathode = replace(self.base.cathode, thickness=thickness, exchange_current_density=exchange)
        cell = replace(self.base, cathode=cathode)
        step = Step(Discharge(AmperesPerArea(current)), (VoltageLimit(self.cut_off),))
        return cell, Protocol((Block((step,)),))


def ideal_problem(
    shape: Shape,
    *,
    depth: float = 0.15,
    interaction: float = 0.0,
    transfer_coefficient: float = 0.5,
    temperature: float = REFERENCE_TEMPERATURE,
) -> UniversalProblem:
    """Pose the problem of the published maps: an ideal isotherm from x = 1e-4 to a cut-off.

    Parameters
    ----------
    shape : Film or Cylinder or Sphere
        Shape of the body.
    depth : float
        Cut-off below the potential of the half-filled body [V].
    interaction : float
        Interaction parameter g of the isotherm [-].
    transfer_coefficient : float
        Anodic transfer coefficient [-].
    temperature : float
        Temperature of isotherm and kinetics [K].

    Returns
    -------
    UniversalProblem
        For `universal_map`.

    Raises
    ------
    InputError
        Where a number is not one that the problem can have.

    Examples
    --------
    >>> from filmcell.cell.cathodes import Film
    >>> round(ideal_problem(Film()).rest_fraction, 4)
    0.9971
    """
    isotherm = ideal_isotherm(interaction, temperature)
    middle = float(isotherm(0.5))
    return UniversalProblem(
        shape, isotherm, middle - depth, 1e-4, transfer_coefficient, temperature
    )
