r"""The weak electrolyte of Danilov: lithium on fixed sites dissociates, and only ions carry charge.

Bound lithium splits into an ion and a negative defect, :math:`Li^0 \rightleftharpoons Li^+ + n^-`;
both ions have the concentration a, both diffuse, and the defect cannot leave the film. The depth y
runs from the lithium (0) to the cathode (L), and :math:`i > 0` discharges.

The closure :math:`a(Li^0) = a_0 - a` is part of the published model. It does not conserve lithium
locally: in a steady state one end of the film keeps making pairs and the other takes them away.
"""

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq

from filmcell.arrays import Array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R
from filmcell.errors import InputError

_THICK = 60.0  # reaction lengths; beyond, a film and a half-space differ by less than round-off


def equilibrium_concentration(a0: float, delta: float) -> float:
    r"""Concentration of lithium ions at rest.

    .. math:: a_\mathrm{eq} = \delta \, a_0

    Parameters
    ----------
    a0 : float
        Concentration of all lithium, bound and ionic [mol/m3].
    delta : float
        Fraction of it that is dissociated at rest, above 0 and below 1 [-].

    Returns
    -------
    float
        Concentration [mol/m3].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(equilibrium_concentration(6.01e4, 0.18), 6)
    10818.0
    """
    return delta * a0


def dissociation_rate(k_r: float, a0: float, delta: float) -> float:
    r"""Rate constant of dissociation, from that of recombination and the equilibrium.

    .. math:: k_d = k_r \, a_0 \, \frac{\delta^2}{1 - \delta}

    Parameters
    ----------
    k_r : float
        Rate constant of recombination [m3/(mol s)].
    a0 : float
        Concentration of all lithium, bound and ionic [mol/m3].
    delta : float
        Fraction of it that is dissociated at rest, above 0 and below 1 [-].

    Returns
    -------
    float
        Rate constant [1/s].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(dissociation_rate(0.9e-6, 6.01e4, 0.18) * 1e3, 5)
    2.13721
    """
    return k_r * a0 * delta * delta / (1.0 - delta)


def reaction_rate(a: Array | float, k_d: float, k_r: float, a0: float) -> Array | float:
    r"""Rate at which ion pairs appear, dissociation less recombination.

    .. math:: r = k_d \, (a_0 - a) - k_r \, a^2

    Parameters
    ----------
    a : float or ndarray
        Concentration of ions [mol/m3].
    k_d : float
        Rate constant of dissociation [1/s].
    k_r : float
        Rate constant of recombination [m3/(mol s)].
    a0 : float
        Concentration of all lithium, bound and ionic [mol/m3].

    Returns
    -------
    float or ndarray
        Rate [mol/(m3 s)].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(reaction_rate(0.0, 2.13721e-3, 0.9e-6, 6.01e4), 3)
    128.446
    """
    return k_d * (a0 - a) - k_r * a * a


def ambipolar_diffusivity(D_plus: Array | float, D_minus: Array | float) -> Array | float:
    r"""Diffusivity of two carriers of opposite charge that must stay together.

    .. math:: D_\mathrm{amb} = \frac{2 D_+ D_-}{D_+ + D_-}

    Parameters
    ----------
    D_plus : float or ndarray
        Diffusivity of the positive carrier [m2/s].
    D_minus : float or ndarray
        Diffusivity of the negative carrier [m2/s].

    Returns
    -------
    float or ndarray
        Diffusivity [m2/s].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(ambipolar_diffusivity(0.9e-15, 5.1e-15) * 1e15, 6)
    1.53
    """
    return 2.0 * D_plus * D_minus / (D_plus + D_minus)


def conductivity(
    a: Array | float,
    D_plus: Array | float,
    D_minus: Array | float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Conductivity of two univalent carriers of one concentration.

    .. math:: \sigma = \frac{F^2 a \, (D_+ + D_-)}{R T}

    Parameters
    ----------
    a : float or ndarray
        Concentration of either carrier [mol/m3].
    D_plus : float or ndarray
        Diffusivity of the positive carrier [m2/s].
    D_minus : float or ndarray
        Diffusivity of the negative carrier [m2/s].
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
    >>> round(conductivity(10818.0, 0.9e-15, 5.1e-15) * 1e4, 5)
    2.43754
    """
    return F * F * a * (D_plus + D_minus) / (R * T)


def transference_number(D_plus: Array | float, D_minus: Array | float) -> Array | float:
    r"""Share of the current that the positive carrier carries where there is no gradient.

    .. math:: t_+ = \frac{D_+}{D_+ + D_-}

    Parameters
    ----------
    D_plus : float or ndarray
        Diffusivity of the positive carrier [m2/s].
    D_minus : float or ndarray
        Diffusivity of the negative carrier [m2/s].

    Returns
    -------
    float or ndarray
        Transference number [-].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(transference_number(0.9e-15, 5.1e-15), 6)
    0.15
    """
    return D_plus / (D_plus + D_minus)


def reaction_time(k_d: float, k_r: float, a_eq: float) -> float:
    r"""Time in which a small deviation of the ion concentration from equilibrium reacts away.

    .. math:: \tau_r = \frac{1}{k_d + 2 k_r a_\mathrm{eq}}

    Parameters
    ----------
    k_d : float
        Rate constant of dissociation [1/s].
    k_r : float
        Rate constant of recombination [m3/(mol s)].
    a_eq : float
        Concentration of ions at rest [mol/m3].

    Returns
    -------
    float
        Time [s].

    References
    ----------
    `reaction_rate`, linearised about equilibrium; model of Danilov, Niessen & Notten,
    J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(reaction_time(2.13721e-3, 0.9e-6, 10818.0), 3)
    46.276
    """
    return 1.0 / (k_d + 2.0 * k_r * a_eq)


def reaction_length(D: float, tau_r: float) -> float:
    r"""Depth from a face beyond which the reaction keeps the ions at equilibrium.

    .. math:: \lambda = \sqrt{D_\mathrm{amb} \tau_r}

    Parameters
    ----------
    D : float
        Ambipolar diffusivity [m2/s].
    tau_r : float
        Reaction time [s].

    Returns
    -------
    float
        Length [m].

    References
    ----------
    The balance of ions, linearised about equilibrium; model of Danilov, Niessen & Notten,
    J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(float(reaction_length(1.53e-15, 46.276)) * 1e9, 1)
    266.1
    """
    return np.sqrt(D * tau_r)


def boundary_gradient(i: Array | float, D_plus: Array | float) -> Array | float:
    r"""Gradient of the ion concentration at a face that only lithium ions cross.

    .. math:: \left.\frac{\partial a}{\partial y}\right|_0
              = \left.\frac{\partial a}{\partial y}\right|_L = -\frac{i}{2 F D_+}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    D_plus : float or ndarray
        Diffusivity of the lithium ions [m2/s].

    Returns
    -------
    float or ndarray
        Gradient towards the cathode [mol/m4].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(boundary_gradient(5.12, 0.9e-15) * 1e-10, 4)
    -2.9481
    """
    return -i / (2.0 * F * D_plus)


def field(
    i: Array | float,
    a: Array | float,
    gradient: Array | float,
    D_plus: Array | float,
    D_minus: Array | float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Electric field that carries a current through a gradient of two carriers.

    .. math:: E = \frac{RT}{F} \, \frac{i/F + (D_+ - D_-) \, \partial a/\partial y}
              {(D_+ + D_-) \, a}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    a : float or ndarray
        Concentration of either carrier [mol/m3].
    gradient : float or ndarray
        Its gradient towards the cathode [mol/m4].
    D_plus : float or ndarray
        Diffusivity of the positive carrier [m2/s].
    D_minus : float or ndarray
        Diffusivity of the negative carrier [m2/s].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Field towards the cathode [V/m].

    References
    ----------
    Danilov & Notten, Electrochim. Acta 53 (2008) 5569.

    Examples
    --------
    Without a gradient it is Ohm's law, here 5.12 A/m2 over 2.43754e-4 S/m:

    >>> round(field(5.12, 10818.0, 0.0, 0.9e-15, 5.1e-15), 1)
    21004.8
    """
    flux = i / F + (D_plus - D_minus) * gradient
    return R * T / F * flux / ((D_plus + D_minus) * a)


def nernst_overpotential(
    a_near: Array | float, a_far: Array | float, T: float = REFERENCE_TEMPERATURE
) -> Array | float:
    r"""Part of the transport loss that comes from the two surface concentrations.

    .. math:: \eta_\mathrm{Nernst} = \frac{RT}{F} \ln \frac{a(L)}{a(0)}

    Parameters
    ----------
    a_near : float or ndarray
        Concentration of ions at the lithium, a(0) [mol/m3].
    a_far : float or ndarray
        Concentration of ions at the cathode, a(L) [mol/m3].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Overpotential, below 0 on discharge [V].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(float(nernst_overpotential(17539.0, 3229.0)) * 1e3, 2)
    -43.48
    """
    return R * T / F * np.log(a_far / a_near)


def migration_overpotential(
    i: Array | float,
    a_near: Array | float,
    a_far: Array | float,
    inverse: Array | float,
    D_plus: float,
    D_minus: float,
    T: float = REFERENCE_TEMPERATURE,
) -> Array | float:
    r"""Part of the transport loss that comes from the electric field.

    .. math:: -\int_0^L E \, dy = -\frac{RT}{F} \, \frac{1}{D_+ + D_-} \left[
              \frac{i}{F} \int_0^L \frac{dy}{a} + (D_+ - D_-) \ln \frac{a(L)}{a(0)} \right]

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    a_near : float or ndarray
        Concentration of ions at the lithium, a(0) [mol/m3].
    a_far : float or ndarray
        Concentration of ions at the cathode, a(L) [mol/m3].
    inverse : float or ndarray
        Integral of 1/a over the thickness [m4/mol].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].
    D_minus : float
        Diffusivity of the negative defects [m2/s].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Overpotential, below 0 on discharge [V].

    References
    ----------
    Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    Just after the current is switched on it is the ohmic loss:

    >>> a, L = 10818.0, 1.5e-6
    >>> round(float(migration_overpotential(5.12, a, a, L / a, 0.9e-15, 5.1e-15)) * 1e3, 2)
    -31.51
    """
    through = i / F * inverse + (D_plus - D_minus) * np.log(a_far / a_near)
    return -R * T / F * through / (D_plus + D_minus)


def surface_swing(i: Array | float, L: float, length: float, D_plus: float) -> Array | float:
    r"""Steady change of the surface concentrations under a small current, with reaction.

    .. math:: a(0), a(L) = a_\mathrm{eq} \pm \Delta a, \qquad
              \Delta a = \frac{i \lambda}{2 F D_+} \tanh \frac{L}{2 \lambda}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    L : float
        Thickness [m].
    length : float
        Reaction length [m].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].

    Returns
    -------
    float or ndarray
        Rise at the lithium and fall at the cathode [mol/m3].

    References
    ----------
    Derived for filmcell: steady balance of ions, linearised about equilibrium; model of Danilov,
    Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    The electrolyte of Raijmakers 2020 at 1C:

    >>> round(float(surface_swing(2.08333, 3.62e-6, 47.37e-9, 1.73e-16)), 0)
    2956.0
    """
    return i * length / (2.0 * F * D_plus) * np.tanh(L / (2.0 * length))


def dc_resistance(L: float, sigma: float, length: float, D_plus: float, D_minus: float) -> float:
    r"""Steady resistance of the film for a small current.

    .. math:: R_\mathrm{dc} = \frac{L}{\sigma} \left[ 1 + \frac{D_-}{D_+} \,
              \frac{2 \lambda}{L} \tanh \frac{L}{2 \lambda} \right]

    Fast reaction, :math:`\lambda \ll L`, leaves :math:`L/\sigma`; slow reaction gives
    :math:`L/(\sigma t_+)`, as the defects then carry no current.

    Parameters
    ----------
    L : float
        Thickness [m].
    sigma : float
        Conductivity at rest [S/m].
    length : float
        Reaction length [m].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].
    D_minus : float
        Diffusivity of the negative defects [m2/s].

    Returns
    -------
    float
        Area-specific resistance [ohm m2].

    References
    ----------
    Derived for filmcell: steady balance of ions, linearised about equilibrium; model of Danilov,
    Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> R_dc = dc_resistance(1.5e-6, 2.43754e-4, 266.088e-9, 0.9e-15, 5.1e-15)
    >>> round(float(R_dc) * 1e4, 2)
    184.38
    """
    ratio = 2.0 * length / L
    return L / sigma * (1.0 + D_minus / D_plus * ratio * np.tanh(1.0 / ratio))


def current_number(i: Array | float, L: float, a_eq: float, D_plus: float) -> Array | float:
    r"""Current over the steady limiting current of a film without reaction.

    .. math:: \chi = \frac{i L}{4 F D_+ a_\mathrm{eq}}

    Parameters
    ----------
    i : float or ndarray
        Current density, positive on discharge [A/m2].
    L : float
        Thickness [m].
    a_eq : float
        Concentration of ions at rest [mol/m3].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].

    Returns
    -------
    float or ndarray
        Dimensionless current [-].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(current_number(1.0, 1.5e-6, 10818.0, 0.9e-15), 5)
    0.39919
    """
    return i * L / (4.0 * F * D_plus * a_eq)


def steady_profile(y: Array | float, chi: float, L: float, a_eq: float) -> Array | float:
    r"""Steady concentration of ions without reaction.

    .. math:: a = a_\mathrm{eq} \left[ 1 + \chi \left( 1 - \frac{2 y}{L} \right) \right]

    Parameters
    ----------
    y : float or ndarray
        Depth from the lithium, 0 to L [m].
    chi : float
        Current over the limiting current, from -1 to 1 [-].
    L : float
        Thickness [m].
    a_eq : float
        Mean concentration of ions [mol/m3].

    Returns
    -------
    float or ndarray
        Concentration [mol/m3].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> steady_profile(0.0, 0.5, 1.5e-6, 10000.0), steady_profile(1.5e-6, 0.5, 1.5e-6, 10000.0)
    (15000.0, 5000.0)
    """
    return a_eq * (1.0 + chi * (1.0 - 2.0 * y / L))


def steady_overpotential(chi: Array | float, T: float = REFERENCE_TEMPERATURE) -> Array | float:
    r"""Steady transport loss of a film without reaction; it does not know the defects.

    .. math:: \eta_\mathrm{ss} = \frac{2RT}{F} \ln \frac{1 - \chi}{1 + \chi}

    Parameters
    ----------
    chi : float or ndarray
        Current over the limiting current, above -1 and below 1 [-].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Overpotential, below 0 on discharge [V].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(float(steady_overpotential(0.5)) * 1e3, 3)
    -56.452
    """
    return 2.0 * R * T / F * np.log((1.0 - chi) / (1.0 + chi))


def interruption_drop(
    chi: Array | float, t_plus: float, T: float = REFERENCE_TEMPERATURE
) -> Array | float:
    r"""Part of the steady loss that vanishes at once when the current stops, without reaction.

    .. math:: i \int_0^L \frac{dy}{\sigma(a)} = t_+ \, |\eta_\mathrm{ss}|
              = \frac{2RT}{F} \, t_+ \ln \frac{1 + \chi}{1 - \chi}

    The ratio to the steady loss is the transference number at any current, not only a small one.

    Parameters
    ----------
    chi : float or ndarray
        Current over the limiting current, above -1 and below 1 [-].
    t_plus : float
        Transference number of the lithium ions [-].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Jump of the voltage, above 0 when a discharge stops [V].

    References
    ----------
    Derived for filmcell; small currents: Newman & Balsara, Electrochemical Systems, 4th ed.
    (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(float(interruption_drop(0.5, 0.15)) * 1e3, 3)
    8.468
    """
    return 2.0 * R * T / F * t_plus * np.log((1.0 + chi) / (1.0 - chi))


def steady_limiting_current(L: float, a_eq: float, D_plus: float) -> float:
    r"""Current that in the end empties the cathode side of a film without reaction.

    .. math:: i_\mathrm{lim} = \frac{4 F D_+ a_\mathrm{eq}}{L}

    Parameters
    ----------
    L : float
        Thickness [m].
    a_eq : float
        Mean concentration of ions [mol/m3].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].

    Returns
    -------
    float
        Current density [A/m2].

    References
    ----------
    Newman & Balsara, Electrochemical Systems, 4th ed. (Wiley, 2021), ch. 11.

    Examples
    --------
    >>> round(steady_limiting_current(1.5e-6, 10818.0, 0.9e-15), 5)
    2.50507
    """
    return 4.0 * F * D_plus * a_eq / L


def sand_time(i: Array | float, a_eq: float, D_plus: float, D: float) -> Array | float:
    r"""Time at which a current empties the cathode side of a thick film without reaction.

    .. math:: t_S = \frac{\pi}{4 D_\mathrm{amb}}
              \left( \frac{2 F D_+ a_\mathrm{eq}}{i} \right)^2

    Valid while :math:`\sqrt{D_\mathrm{amb} t_S} \ll L/2`.

    Parameters
    ----------
    i : float or ndarray
        Current density [A/m2].
    a_eq : float
        Concentration of ions at rest [mol/m3].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].
    D : float
        Ambipolar diffusivity [m2/s].

    Returns
    -------
    float or ndarray
        Time [s].

    References
    ----------
    Sand, Phil. Mag. 1 (1901) 45, with the boundary condition of Danilov, Niessen & Notten,
    J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(float(sand_time(5.12, 10818.0, 0.9e-15, 1.53e-15)), 2)
    69.12
    """
    width = 2.0 * F * D_plus * a_eq / i
    return np.pi / (4.0 * D) * width * width


def half_space_limiting_current(
    a0: float, delta: float, k_r: float, D_plus: float, D_minus: float
) -> float:
    r"""Steady limiting current at the face of a film much thicker than the reaction length.

    .. math:: i_\mathrm{lim} = 2 F D_+ \sqrt{ \frac{2}{D_\mathrm{amb}} \left[
              k_d \left( a_0 a_\mathrm{eq} - \frac{a_\mathrm{eq}^2}{2} \right)
              - \frac{k_r a_\mathrm{eq}^3}{3} \right] }

    Parameters
    ----------
    a0 : float
        Concentration of all lithium, bound and ionic [mol/m3].
    delta : float
        Fraction of it that is dissociated at rest, above 0 and below 1 [-].
    k_r : float
        Rate constant of recombination [m3/(mol s)].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].
    D_minus : float
        Diffusivity of the negative defects [m2/s].

    Returns
    -------
    float
        Current density [A/m2].

    References
    ----------
    Derived for filmcell: first integral of the steady balance of ions; model of Danilov, Niessen
    & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(float(half_space_limiting_current(6.01e4, 0.18, 0.9e-6, 0.9e-15, 5.1e-15)), 3)
    5.906
    """
    a = delta * a0
    k_d = k_r * a0 * delta * delta / (1.0 - delta)
    D = 2.0 * D_plus * D_minus / (D_plus + D_minus)
    reacted = k_d * (a0 * a - a * a / 2.0) - k_r * a * a * a / 3.0
    return 2.0 * F * D_plus * np.sqrt(2.0 / D * reacted)


def limiting_current(
    L: float, a0: float, delta: float, k_r: float, D_plus: float, D_minus: float
) -> float:
    r"""Steady limiting current of a film with reaction.

    The steady balance :math:`D_\mathrm{amb} a'' + r(a) = 0` has the first integral
    :math:`\frac12 D_\mathrm{amb} a'^2 + S(a)` with :math:`S' = r`, :math:`S(0) = 0`. Both faces
    have the slope :math:`-g`, so :math:`S(a(0)) = S(a(L))`, which is 0 where :math:`a(L) = 0`:

    .. math:: L = \int_0^{a(0)} \frac{da}{\sqrt{g^2 - 2 S(a) / D_\mathrm{amb}}}, \qquad
              i_\mathrm{lim} = 2 F D_+ \, g

    with :math:`a(0) = 4 a_\mathrm{eq} / [\delta + \sqrt{\delta^2 + 16 (1 - \delta) / 3}]`. Thick
    films tend to `half_space_limiting_current`. Slow reaction tends to :math:`2 F D_+ a(0) / L`,
    and that is less than `steady_limiting_current`: however slow, the reaction sets the mean
    concentration of the steady state. The two agree only as delta tends to 1.

    Parameters
    ----------
    L : float
        Thickness [m].
    a0 : float
        Concentration of all lithium, bound and ionic [mol/m3].
    delta : float
        Fraction of it that is dissociated at rest, above 0 and below 1 [-].
    k_r : float
        Rate constant of recombination, above 0 [m3/(mol s)].
    D_plus : float
        Diffusivity of the lithium ions [m2/s].
    D_minus : float
        Diffusivity of the negative defects [m2/s].

    Returns
    -------
    float
        Current density [A/m2].

    Raises
    ------
    InputError
        Where there is no reaction, or no equilibrium that leaves both ions and pairs.

    References
    ----------
    Derived for filmcell; model of Danilov, Niessen & Notten, J. Electrochem. Soc. 158 (2011) A215.

    Examples
    --------
    >>> round(limiting_current(1.5e-6, 6.01e4, 0.18, 0.9e-6, 0.9e-15, 5.1e-15), 3)
    5.954
    """
    if not (k_r > 0.0 and 0.0 < delta < 1.0):
        raise InputError(
            f"k_r = {k_r:g}, delta = {delta:g}: expected k_r > 0 and 0 < delta < 1; "
            "without reaction see steady_limiting_current"
        )
    a_eq = equilibrium_concentration(a0, delta)
    tau_r = reaction_time(dissociation_rate(k_r, a0, delta), k_r, a_eq)
    length = reaction_length(float(ambipolar_diffusivity(D_plus, D_minus)), tau_r)
    return float(2.0 * F * D_plus * a_eq / length * _slope(L / length, delta))


def _slope(thickness: float, delta: float) -> float:
    r"""Slope g at the limit, in a_eq per reaction length, of a film as thick in that length.

    With s = a/a_eq - 1, :math:`g^2 - 2S/D = \epsilon + s^2 (1 + \kappa s)`, without cancellation.
    """
    kappa = 2.0 / 3.0 * (1.0 - delta) / (2.0 - delta)
    top = 4.0 / (delta + np.sqrt(delta**2 + 16.0 / 3.0 * (1.0 - delta)))
    root = 0.0  # of epsilon
    if thickness < _THICK:
        span = (-45.0, np.log(top / thickness) + 1.0)  # 1/sqrt is below 1/root
        root = np.exp(brentq(lambda x: _thickness(np.exp(x), kappa, top) - thickness, *span))
    return float(np.hypot(np.sqrt(1.0 - kappa), root))


def _thickness(root: float, kappa: float, top: float) -> float:
    """Integral of 1/sqrt(root^2 + s^2 (1 + kappa s)) over s from -1 to top - 1.

    Its peak at s = 0 is flat in u, where s = root sinh u.
    """

    def integrand(u: float) -> float:
        s = np.sinh(u)
        return np.cosh(u) / np.sqrt(1.0 + s * s * (1.0 + kappa * root * s))

    low, high = -np.arcsinh(1.0 / root), np.arcsinh((top - 1.0) / root)
    return quad(integrand, low, high, epsabs=0.0, epsrel=1e-11, limit=200)[0]
