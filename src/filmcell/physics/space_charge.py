r"""Space-charge layers of a solid ion conductor with one mobile, univalent cation.

The cation sits on :math:`c_\mathrm{site}` lattice sites, of which a fraction :math:`\theta` is
occupied in the bulk; its counter-charge is fixed. Potentials are
:math:`u = F (\phi - \phi_\mathrm{bulk}) / RT`: above 0 depletes the layer, below 0 enriches it, and
both saturate. A segregation energy shifts u. Exponentials allow u from -700 to 700.
"""

import numpy as np
from scipy.special import dawsn, exprel

from filmcell.arrays import Array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R

_SMALL = 0.003  # of u; below, four terms of the Taylor series have the smaller error


def occupancy(u: Array | float, theta: float) -> Array | float:
    r"""Fraction of the sites that is occupied at a potential.

    .. math:: \vartheta(u) = \frac{\theta e^{-u}}{1 - \theta + \theta e^{-u}}

    Parameters
    ----------
    u : float or ndarray
        Potential over that of the bulk, in units of RT/F [-].
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].

    Returns
    -------
    float or ndarray
        Occupied fraction [-].

    References
    ----------
    de Klerk & Wagemaker, ACS Appl. Energy Mater. 1 (2018) 5609.

    Examples
    --------
    >>> round(float(occupancy(2.0, 0.5)), 6)
    0.119203
    """
    return theta / (theta + (1.0 - theta) * np.exp(u))


def debye_length(
    theta: float, c_site: float, permittivity: float, T: float = REFERENCE_TEMPERATURE
) -> float:
    r"""Decay length of a weak layer with a limited number of sites.

    .. math:: L_D = \sqrt{ \frac{\epsilon R T}{F^2 c_\mathrm{site} \, \theta (1 - \theta)} }

    Parameters
    ----------
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].
    c_site : float
        Concentration of sites [mol/m3].
    permittivity : float
        Permittivity, eps_0 included [F/m].
    T : float
        Temperature [K].

    Returns
    -------
    float
        Length [m].

    References
    ----------
    de Klerk & Wagemaker, ACS Appl. Energy Mater. 1 (2018) 5609.

    Examples
    --------
    Less than an atom, so that only saturated layers have a thickness:

    >>> round(float(debye_length(0.5, 78.26e3, 16.6 * 8.8541878e-12)) * 1e9, 4)
    0.0447
    """
    return np.sqrt(permittivity * R * T / (F * F * c_site * theta * (1.0 - theta)))


def layer_charge(
    u: Array | float,
    theta: float,
    c_site: float,
    permittivity: float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Charge that faces a layer whose face is at a potential; the layer holds its opposite.

    .. math:: q = \mathrm{sign}(u) \sqrt{ 2 \epsilon R T c_\mathrm{site} \left[
              \ln \left( 1 - \theta + \theta e^{-u} \right) + \theta u \right] }

    Parameters
    ----------
    u : float or ndarray
        Potential of the face over that of the bulk, in units of RT/F [-].
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].
    c_site : float
        Concentration of sites [mol/m3].
    permittivity : float
        Permittivity, eps_0 included [F/m].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Charge on the other side of the face, positive where the layer is depleted [C/m2].

    References
    ----------
    First integral of Poisson's equation with `occupancy`; de Klerk & Wagemaker, ACS Appl. Energy
    Mater. 1 (2018) 5609.

    Examples
    --------
    >>> round(float(layer_charge(10.0, 0.5, 332.0, 16.6 * 8.8541878e-12)) * 1e3, 3)
    32.28
    """
    stiffness = permittivity * R * T * c_site * theta * (1.0 - theta)
    return u * np.sqrt(stiffness * _softening(u, theta))


def layer_capacitance(
    u: Array | float,
    theta: float,
    c_site: float,
    permittivity: float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Differential capacitance of a layer, the slope of `layer_charge` over potential.

    .. math:: C = \frac{F}{RT} \frac{dq}{du}
              = \frac{\epsilon F c_\mathrm{site} \left[ \theta - \vartheta(u) \right]}{q}

    It is :math:`\epsilon / L_D` at u = 0, and falls off as the layer saturates.

    Parameters
    ----------
    u : float or ndarray
        Potential of the face over that of the bulk, in units of RT/F [-].
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].
    c_site : float
        Concentration of sites [mol/m3].
    permittivity : float
        Permittivity, eps_0 included [F/m].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Capacitance per area [F/m2].

    References
    ----------
    de Klerk & Wagemaker, ACS Appl. Energy Mater. 1 (2018) 5609.

    Examples
    --------
    >>> round(float(layer_capacitance(0.0, 0.5, 332.0, 16.6 * 8.8541878e-12)), 5)
    0.21404
    """
    variance = theta * (1.0 - theta)
    at_rest = F * np.sqrt(permittivity * c_site * variance / (R * T))
    bare = exprel(u) / (theta + (1.0 - theta) * np.exp(u))  # (theta - occupancy)/(variance u)
    return at_rest * bare / np.sqrt(_softening(u, theta))


def _softening(u: Array | float, theta: float) -> Array:
    """Bracket of `layer_charge` over th (1 - th) u^2 / 2: 1 at u = 0, a series where it cancels."""
    v, skew = theta * (1.0 - theta), 1.0 - 2.0 * theta
    small = np.abs(u) < _SMALL
    far = np.where(small, 1.0, u)
    whole = np.log1p(theta * np.expm1(-far)) + theta * far
    cumulants = (1.0, -skew / 3, (1 - 6 * v) / 12, -skew * (1 - 12 * v) / 60)
    series = np.polynomial.polynomial.polyval(np.where(small, u, 0.0), cumulants)
    return np.where(small, series, 2.0 * whole / (v * far**2))


def depletion_width(
    potential: Array | float, theta: float, c_site: float, permittivity: float
) -> Array | float:
    r"""Width of a layer that is empty of cations: Mott-Schottky.

    .. math:: w = \sqrt{ \frac{2 \epsilon \phi_0}{F c_\mathrm{site} \, \theta} }

    Parameters
    ----------
    potential : float or ndarray
        Potential of the face over that of the bulk, above 0 [V].
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].
    c_site : float
        Concentration of sites [mol/m3].
    permittivity : float
        Permittivity, eps_0 included [F/m].

    Returns
    -------
    float or ndarray
        Width [m].

    References
    ----------
    Mott, Proc. R. Soc. A 171 (1939) 27; Schottky, Z. Phys. 113 (1939) 367.

    Examples
    --------
    >>> round(float(depletion_width(1.0, 0.5, 332.0, 16.6 * 8.8541878e-12)) * 1e9, 2)
    4.28
    """
    return np.sqrt(2.0 * permittivity * potential / (F * c_site * theta))


def enrichment_width(
    potential: Array | float, theta: float, c_site: float, permittivity: float
) -> Array | float:
    r"""Width of a layer that is full of cations.

    .. math:: w = \sqrt{ \frac{2 \epsilon |\phi_0|}{F c_\mathrm{site} \, (1 - \theta)} }

    Parameters
    ----------
    potential : float or ndarray
        Potential of the face over that of the bulk, below 0 [V].
    theta : float
        Occupied fraction in the bulk, above 0 and below 1 [-].
    c_site : float
        Concentration of sites [mol/m3].
    permittivity : float
        Permittivity, eps_0 included [F/m].

    Returns
    -------
    float or ndarray
        Width [m].

    References
    ----------
    de Klerk & Wagemaker, ACS Appl. Energy Mater. 1 (2018) 5609.

    Examples
    --------
    >>> round(float(enrichment_width(-1.0, 0.9, 1660.0, 16.6 * 8.8541878e-12)) * 1e9, 2)
    4.28
    """
    return np.sqrt(2.0 * permittivity * np.abs(potential) / (F * c_site * (1.0 - theta)))


def depletion_resistance(
    potential: Array | float,
    width: Array | float,
    sigma: float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Resistance of a layer whose potential falls off as a parabola.

    .. math:: R = \int_0^w \frac{dy}{\sigma_0 e^{-F \phi / RT}}
              = \frac{w}{\sigma_0} \, e^{u_0} \, \frac{D(\sqrt{u_0})}{\sqrt{u_0}}, \qquad
              \phi = \phi_0 \left( 1 - \frac{y}{w} \right)^2, \quad u_0 = \frac{F \phi_0}{RT}

    with Dawson's integral D. Above :math:`u_0` of about 12 (0.3 V) the layer blocks. The part over
    that of the bulk is R - w/sigma_0.

    Parameters
    ----------
    potential : float or ndarray
        Potential of the face over that of the bulk, 0 to 18 [V].
    width : float or ndarray
        Width of the layer [m].
    sigma : float
        Conductivity of the bulk [S/m].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Area-specific resistance [ohm m2].

    References
    ----------
    Derived for filmcell; leading term for deep depletion: the average of a Mott-Schottky layer.

    Examples
    --------
    >>> round(float(depletion_resistance(0.2, 1e-9, 1e-4)) * 1e3, 5)
    1.67403
    """
    u = F * potential / (R * T)
    root = np.sqrt(np.maximum(u, 1e-300))  # D(x)/x is 1 at x = 0
    return width / sigma * np.exp(u) * dawsn(root) / root


def depletion_capacitance(width: Array | float, permittivity: float) -> Array | float:
    r"""Capacitance of a layer without mobile charge.

    .. math:: C = \epsilon / w

    Parameters
    ----------
    width : float or ndarray
        Width of the layer [m].
    permittivity : float
        Permittivity, eps_0 included [F/m].

    Returns
    -------
    float or ndarray
        Capacitance per area [F/m2].

    References
    ----------
    Mott, Proc. R. Soc. A 171 (1939) 27; Schottky, Z. Phys. 113 (1939) 367.

    Examples
    --------
    >>> round(depletion_capacitance(1e-9, 16.6 * 8.8541878e-12), 6)
    0.14698
    """
    return permittivity / width
