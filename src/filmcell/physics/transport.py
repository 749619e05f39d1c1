"""Transport: how conductivity and diffusivity follow temperature, ohmic layers, lithium plating."""

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import LITHIUM_MOLAR_VOLUME, REFERENCE_TEMPERATURE, F, R


def arrhenius_factor(
    T: Array | float, Ea: float, T_ref: float = REFERENCE_TEMPERATURE
) -> Array | float:
    r"""Factor by which a rate at `T_ref` grows at `T`, in the form that is linear in ln k.

    .. math:: k(T) / k(T_\mathrm{ref}) = \exp\left[ -\frac{E_a}{R}
              \left( \frac{1}{T} - \frac{1}{T_\mathrm{ref}} \right) \right]

    Parameters
    ----------
    T : float or ndarray
        Temperature [K].
    Ea : float
        Activation energy; zero is allowed and means none [J/mol].
    T_ref : float
        Temperature at which the factor is one [K].

    Returns
    -------
    float or ndarray
        Factor [-].

    References
    ----------
    Arrhenius, Z. Phys. Chem. 4 (1889) 226.

    Examples
    --------
    LiPON of 0.55 eV (53.07 kJ/mol) conducts 9.5 times better at 60 degrees than at 25:

    >>> round(float(arrhenius_factor(333.15, 53.07e3)), 2)
    9.48
    """
    return np.exp(-Ea / R * (1.0 / T - 1.0 / T_ref))


def area_specific_resistance(thickness: float, conductivity: Array | float) -> Array | float:
    r"""Resistance of a plane layer times its area.

    .. math:: r = L / \sigma

    Parameters
    ----------
    thickness : float
        Thickness L of the layer [m].
    conductivity : float or ndarray
        Ionic conductivity [S/m].

    Returns
    -------
    float or ndarray
        Area-specific resistance [ohm m2].

    References
    ----------
    Ohm's law.

    Examples
    --------
    Two micrometres of LiPON at 2e-6 S/cm are 100 ohm cm2:

    >>> round(area_specific_resistance(2e-6, 2e-4) * 1e4, 9)
    100.0
    """
    return thickness / conductivity


def lithium_thickness(charge: Array | float) -> Array | float:
    r"""Thickness of dense lithium metal that a charge per area plates.

    .. math:: h = V_m \, q / F

    Parameters
    ----------
    charge : float or ndarray
        Charge per area [C/m2].

    Returns
    -------
    float or ndarray
        Thickness [m].

    References
    ----------
    Faraday's law; density of lithium as stated in Ma 2023, doi 10.1039/d2qm01071b.

    Examples
    --------
    One mAh/cm2 is 4.85 micrometres:

    >>> round(lithium_thickness(3.6e4) * 1e6, 4)
    4.8491
    """
    return LITHIUM_MOLAR_VOLUME / F * charge
