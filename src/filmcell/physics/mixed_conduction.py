r"""Mixed conduction in a cathode: lithium ions and electrons of one concentration c.

Depth y grows towards the collector. `ambipolar_diffusivity`, `field`, `conductivity` (of both
carriers) and `transference_number` (of the ions) are those of `weak_electrolyte`, with the
diffusivities of lithium and electrons for those of the two ions.
"""

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R
from filmcell.physics.weak_electrolyte import ambipolar_diffusivity

__all__ = [
    "ambipolar_diffusivity",
    "electrolyte_share",
    "electronic_conductivity",
    "electronic_overpotential",
    "gradient_at_collector",
    "gradient_at_electrolyte",
]


def electrolyte_share(D_Li: Array | float, D_e: Array | float) -> Array | float:
    r"""Fraction of the neutral lithium that enters a mixed conductor at the electrolyte.

    .. math:: p = \frac{D_e}{D_{Li} + D_e}

    The rest, 1 - p, enters at the collector. Fast electrons give 1, plain Fick diffusion.

    Parameters
    ----------
    D_Li : float or ndarray
        Diffusivity of the lithium ions [m2/s].
    D_e : float or ndarray
        Diffusivity of the electrons [m2/s].

    Returns
    -------
    float or ndarray
        Fraction [-].

    References
    ----------
    Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> round(electrolyte_share(1.21e-13, 5.06e-13), 4)
    0.807
    """
    return D_e / (D_Li + D_e)


def electronic_conductivity(
    c: Array | float, D_e: Array | float, T: float = REFERENCE_TEMPERATURE
) -> Array | float:
    r"""Conductivity of the electrons of a mixed conductor.

    .. math:: \sigma_e = \frac{F^2 c \, D_e}{R T}

    Parameters
    ----------
    c : float or ndarray
        Concentration of lithium, and so of electrons [mol/m3].
    D_e : float or ndarray
        Diffusivity of the electrons [m2/s].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Conductivity [S/m].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(electronic_conductivity(2.576e4, 5.06e-13, 293.0), 6)
    0.04981
    """
    return F * F * c * D_e / (R * T)


def gradient_at_electrolyte(i: Array | float, D_Li: Array | float) -> Array | float:
    r"""Gradient of the concentration at the face that electrons do not cross.

    .. math:: \left.\frac{\partial c}{\partial y}\right|_L = -\frac{i}{2 F D_{Li}}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    D_Li : float or ndarray
        Diffusivity of the lithium ions at that face [m2/s].

    Returns
    -------
    float or ndarray
        Gradient towards the collector [mol/m4].

    References
    ----------
    Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> round(gradient_at_electrolyte(2.08333, 1.21e-13) * 1e-7, 4)
    -8.9224
    """
    return -i / (2.0 * F * D_Li)


def gradient_at_collector(i: Array | float, D_e: Array | float) -> Array | float:
    r"""Gradient of the concentration at the face that lithium ions do not cross.

    .. math:: \left.\frac{\partial c}{\partial y}\right|_{L+M} = \frac{i}{2 F D_e}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    D_e : float or ndarray
        Diffusivity of the electrons at that face [m2/s].

    Returns
    -------
    float or ndarray
        Gradient towards the collector [mol/m4].

    References
    ----------
    Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> round(gradient_at_collector(2.08333, 5.06e-13) * 1e-7, 4)
    2.1336
    """
    return i / (2.0 * F * D_e)


def electronic_overpotential(
    i: Array | float,
    c_near: Array | float,
    c_far: Array | float,
    inverse: Array | float,
    D_Li: float,
    D_e: float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Loss of the electrons on their way from the collector, from their electrochemical potential.

    .. math:: \eta_{mt,p} = \frac{RT}{F} \int \frac{J_e}{D_e \beta c} \, dy
              = -\frac{RT}{F} \, \frac{1}{D_{Li} + D_e} \left[
              \frac{i}{F} \int \frac{dy}{\beta c} + 2 D_{Li} \ln \frac{c(L+M)}{c(L)} \right]

    where both diffusivities follow the composition by one factor :math:`\beta`. Where the
    electrons nowhere flow against the current, as after a rest, it is a loss; just after a reversal
    of the current it may be a gain.

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    c_near : float or ndarray
        Concentration at the electrolyte, c(L) [mol/m3].
    c_far : float or ndarray
        Concentration at the collector, c(L + M) [mol/m3].
    inverse : float or ndarray
        Integral of 1/(beta c) over the thickness [m4/mol].
    D_Li : float
        Diffusivity of the lithium ions where beta is one [m2/s].
    D_e : float
        Diffusivity of the electrons where beta is one [m2/s].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Overpotential, below 0 on discharge [V].

    References
    ----------
    Derived for filmcell; model of Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330
    (2020) 135147, whose printed form is known only second-hand.

    Examples
    --------
    A uniform film of 8.08 um at 1C:

    >>> c, M = 2.576e4, 8.08e-6
    >>> eta = electronic_overpotential(2.08333, c, c, M / c, 1.21e-13, 5.06e-13, 293.0)
    >>> round(float(eta) * 1e6, 1)
    -272.7
    """
    through = i / F * inverse + 2.0 * D_Li * np.log(c_far / c_near)
    return -R * T / F * through / (D_Li + D_e)
