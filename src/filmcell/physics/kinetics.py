r"""Charge transfer at an interface: Butler-Volmer with any transfer coefficient.

Currents are anodic-positive here: :math:`i > 0` when the electrode gives up an electron. The
sign of the cell current is a matter of the models (see ``docs/theory.md``).
"""

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R


def butler_volmer(
    eta: Array | float,
    i0: Array | float,
    T: float = REFERENCE_TEMPERATURE,
    alpha: float = 0.5,
) -> Array | float:
    r"""Current density of a one-electron transfer.

    .. math:: i = i_0 \left[ e^{\alpha f \eta} - e^{-(1-\alpha) f \eta} \right],
              \qquad f = F / RT

    Parameters
    ----------
    eta : float or ndarray
        Overpotential, anodic positive [V].
    i0 : float or ndarray
        Exchange current density [A/m2].
    T : float
        Temperature [K].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Current density, anodic positive [A/m2].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 8.

    Examples
    --------
    >>> round(float(butler_volmer(0.1, i0=2.0)), 4)
    13.7168
    """
    x = F * eta / (R * T)
    return i0 * (np.exp(alpha * x) - np.exp(-(1.0 - alpha) * x))


def overpotential(
    i: Array | float,
    i0: Array | float,
    T: float = REFERENCE_TEMPERATURE,
    alpha: float = 0.5,
) -> Array | float:
    r"""Overpotential that drives a current density: the inverse of `butler_volmer`.

    For :math:`\alpha = 1/2` it is :math:`\eta = (2RT/F)\,\mathrm{asinh}(i / 2 i_0)`. Otherwise
    the inverse hyperbolic sine of both sides is solved, which is nearly a straight line in
    :math:`\eta`: from small to Tafel currents, round-off is reached by two of Halley's steps for
    transfer coefficients of 0.4 to 0.6, three for 0.2 to 0.8, and eight of Newton's for all others.

    Parameters
    ----------
    i : float or ndarray
        Current density, anodic positive [A/m2].
    i0 : float or ndarray
        Exchange current density [A/m2].
    T : float
        Temperature [K].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Overpotential, anodic positive [V].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 8.

    Examples
    --------
    >>> round(float(overpotential(13.7168, i0=2.0)), 6)
    0.1
    >>> round(float(overpotential(-3.0, i0=2.0, alpha=0.3)), 6)
    -0.029133
    """
    target = np.arcsinh(i / (2.0 * i0))
    if alpha == 0.5:
        return 2.0 * R * T / F * target
    x = 2.0 * target  # exact for small currents; from there no step overflows
    beta, skew = 1.0 - alpha, abs(alpha - 0.5)
    halley = skew < 0.301
    for _ in range(2 if skew < 0.101 else 3 if halley else 8):
        anodic, cathodic = 0.5 * np.exp(alpha * x), 0.5 * np.exp(-beta * x)
        half = anodic - cathodic
        root = np.sqrt(1.0 + half * half)
        slope = (alpha * anodic + beta * cathodic) / root
        step = (np.arcsinh(half) - target) / slope
        if halley:
            bend = (alpha * alpha * anodic - beta * beta * cathodic - slope * slope * half) / root
            step = step / (1.0 - 0.5 * step * bend / slope)
        x = x - step
    return x * (R * T / F)


def charge_transfer_resistance(
    eta: Array | float,
    i0: Array | float,
    T: float = REFERENCE_TEMPERATURE,
    alpha: float = 0.5,
) -> Array | float:
    r"""Differential resistance of the interface at an overpotential.

    .. math:: R_{ct} = \frac{d\eta}{di} = \frac{RT}{F i_0}
              \left[ \alpha e^{\alpha f \eta} + (1-\alpha) e^{-(1-\alpha) f \eta} \right]^{-1}

    For :math:`\alpha = 1/2` the bracket is :math:`\cosh(f \eta / 2)`.

    Parameters
    ----------
    eta : float or ndarray
        Overpotential, anodic positive [V].
    i0 : float or ndarray
        Exchange current density [A/m2].
    T : float
        Temperature [K].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Differential area-specific resistance [ohm m2].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 8.

    Examples
    --------
    At rest it is RT/(F i0):

    >>> round(float(charge_transfer_resistance(0.0, i0=2.0)) * 1e3, 4)
    12.8463
    """
    if alpha == 0.5:
        return R * T / (F * i0) / np.cosh(F * eta / (2.0 * R * T))
    x = F * eta / (R * T)
    return (
        R * T / (F * i0) / (alpha * np.exp(alpha * x) + (1.0 - alpha) * np.exp(-(1.0 - alpha) * x))
    )


def exchange_current_density(
    x: Array | float, i_ref: Array | float, lithium: float = 0.5, vacancy: float = 0.5
) -> Array | float:
    r"""Exchange current density of an insertion electrode.

    .. math:: i_0 = i_\mathrm{ref} \; x^{a} \, (1 - x)^{b}

    It vanishes as the surface fills or empties, and this, not the open-circuit potential, ends
    most discharges. Exponents of zero leave `i_ref` as it is.

    Parameters
    ----------
    x : float or ndarray
        Lithiation fraction of the surface, 0 to 1 [-].
    i_ref : float or ndarray
        Prefactor [A/m2]; at x = 1/2 and a + b = 1 it is twice the exchange current density.
    lithium : float
        Exponent a of the filled sites, the cathodic transfer coefficient in theory [-].
    vacancy : float
        Exponent b of the empty sites, the anodic transfer coefficient in theory [-].

    Returns
    -------
    float or ndarray
        Exchange current density [A/m2].

    References
    ----------
    Doyle, Fuller & Newman, J. Electrochem. Soc. 140 (1993) 1526, eq. 14.

    Examples
    --------
    >>> round(float(exchange_current_density(0.9, i_ref=2.0)), 4)
    0.6
    """
    if lithium == 0.5 and vacancy == 0.5:
        return i_ref * np.sqrt(x * (1.0 - x))
    return i_ref * x**lithium * (1.0 - x) ** vacancy


def cathode_exchange_current_density(
    x: Array | float, k: float, c_max: float, c_plus: Array | float, alpha: float = 0.5
) -> Array | float:
    r"""Exchange current density of an insertion electrode, from its rate constant.

    .. math:: j_{p,0} = F k_1^s \, c_\mathrm{max} \, (1 - x)^{\alpha} x^{1 - \alpha}
              c_{Li^+}^{\alpha}

    Parameters
    ----------
    x : float or ndarray
        Lithiation fraction of the surface, 0 to 1 [-].
    k : float
        Rate constant; the unit is the one for alpha = 1/2 [m2.5 mol-0.5/s].
    c_max : float
        Concentration of lithium in the full electrode [mol/m3].
    c_plus : float or ndarray
        Concentration of lithium ions in the electrolyte at the interface [mol/m3].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Exchange current density [A/m2].

    References
    ----------
    Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> i0 = cathode_exchange_current_density(0.51, 1.53e-11, 3.22e4, 0.64 * 61141)
    >>> round(float(i0), 4)
    4.7005
    """
    return F * k * c_max * (1.0 - x) ** alpha * x ** (1.0 - alpha) * c_plus**alpha


def metal_exchange_current_density(
    k: float, c_plus: Array | float, c_metal: float, alpha: float = 0.5
) -> Array | float:
    r"""Exchange current density of lithium metal, from its rate constant.

    .. math:: j_{n,0} = F k_2^s \, c_{Li^+}^{\alpha} c_{Li}^{1 - \alpha}

    Parameters
    ----------
    k : float
        Rate constant [m/s].
    c_plus : float or ndarray
        Concentration of lithium ions in the electrolyte at the interface [mol/m3].
    c_metal : float
        Concentration of lithium in the metal [mol/m3].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Exchange current density [A/m2].

    References
    ----------
    Raijmakers, Danilov, Eichel & Notten, Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> round(float(metal_exchange_current_density(1.09e-9, 0.64 * 61141, 7.64e4)), 4)
    5.7503
    """
    return F * k * c_plus**alpha * c_metal ** (1.0 - alpha)


def five_parameter_exchange_current(
    c_s: Array | float,
    k: float,
    c_max: float,
    c_min: float,
    ratio: Array | float,
    area: float,
    alpha: float = 0.6,
) -> Array | float:
    r"""Exchange current of the five-parameter model of a film cathode.

    .. math:: I_0 = F A k \left[ \frac{c_\mathrm{max} - c_s}{c_\mathrm{max} - c_\mathrm{min}}
              \, \frac{c_{Li^+}}{c_0} \right]^{\alpha} \left[ \frac{c_s - c_\mathrm{min}}
              {c_\mathrm{max} - c_\mathrm{min}} \right]^{1 - \alpha}

    The papers print the unit of k as m3/(mol s); with A in m2 their number is one of mol/(m2 s).

    Parameters
    ----------
    c_s : float or ndarray
        Concentration of lithium at the surface, `c_min` to `c_max` [mol/m3].
    k : float
        Rate constant [mol/(m2 s)].
    c_max : float
        Concentration in the discharged cathode [mol/m3].
    c_min : float
        Concentration in the charged cathode [mol/m3].
    ratio : float or ndarray
        Lithium ions at the interface over all lithium of the electrolyte, c_Li+ / c0 [-].
    area : float
        Area of the cell [m2].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    float or ndarray
        Exchange current [A].

    References
    ----------
    Kim et al., Electrochim. Acta 317 (2019) 663; Deng et al., IEEE Trans. Transp. Electrification
    7 (2021) 464.

    Examples
    --------
    >>> I0 = five_parameter_exchange_current(17475.0, 5.1e-4, 23300.0, 11650.0, 0.18, 1e-4)
    >>> round(float(I0) * 1e3, 3)
    0.879
    """
    filled = (c_s - c_min) / (c_max - c_min)
    return F * area * k * ((1.0 - filled) * ratio) ** alpha * filled ** (1.0 - alpha)
