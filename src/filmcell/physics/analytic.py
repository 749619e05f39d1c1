"""Closed forms: the yardsticks that the solvers are held against.

Dimensionless throughout: time ``tau = D t / l**2`` and concentration in units of
``c* = i l / (F D)``, with l the film thickness or the particle radius.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import jn_zeros

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.constants import F

_TERMS = 20_000  # the slab series at tau = 1e-6 still needs about 2000


def slab_surface(tau: ArrayLike) -> Array:
    r"""Surface concentration of a slab that takes a constant flux through one face.

    .. math:: \frac{c_s - c}{c^*} = \tau + \frac13
              - \frac{2}{\pi^2} \sum_{n \ge 1} \frac{e^{-n^2 \pi^2 \tau}}{n^2}

    Parameters
    ----------
    tau : array_like
        Time D t / l^2, shape (n,) [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i l / (F D), shape (n,) [-].

    References
    ----------
    Crank, The Mathematics of Diffusion, 2nd ed. (Oxford, 1975), eq. 4.55.

    Examples
    --------
    >>> round(float(slab_surface(0.1)), 10)
    0.356826246
    """
    return two_sided_surface(tau, 1.0)


def two_sided_surface(tau: ArrayLike, share: float) -> Array:
    r"""Surface concentration of a slab whose lithium enters from both faces.

    .. math:: \frac{c_s - c}{c^*} = \tau + \frac{p}{3} - \frac{1 - p}{6} - \frac{2}{\pi^2}
              \sum_{n \ge 1} \left[ p + (1-p)(-1)^n \right] \frac{e^{-n^2 \pi^2 \tau}}{n^2}

    Parameters
    ----------
    tau : array_like
        Time D t / l^2, shape (n,) [-].
    share : float
        Fraction p of the flux that enters at the face looked at; 1 is the one-sided slab [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i l / (F D), shape (n,) [-].

    References
    ----------
    Superposition of Crank (1975), eq. 4.55; the split is that of Raijmakers et al.,
    Electrochim. Acta 330 (2020) 135147.

    Examples
    --------
    >>> round(float(two_sided_surface(0.1, 0.8070175)), 6)
    0.289487
    """
    tau = as_array(tau)
    n = np.arange(1, _TERMS)
    weight = (share + (1 - share) * np.where(n % 2, -1.0, 1.0)) / n**2
    series = _series(tau, np.asarray(n * np.pi, np.float64), np.asarray(weight, np.float64))
    return tau + share / 3 - (1 - share) / 6 - 2 / np.pi**2 * series


def cylinder_surface(tau: ArrayLike) -> Array:
    r"""Surface concentration of a long cylinder that takes a constant flux.

    .. math:: \frac{c_s - c}{c^*} = 2\tau + \frac14 - 2 \sum_n \frac{e^{-a_n^2 \tau}}{a_n^2},
              \qquad J_1(a_n) = 0

    Parameters
    ----------
    tau : array_like
        Time D t / R^2, at least 1e-5, shape (n,) [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i R / (F D), shape (n,) [-].

    References
    ----------
    Crank (1975), eq. 5.46.

    Examples
    --------
    >>> round(float(cylinder_surface(0.1)), 10)
    0.4183260133
    """
    tau = as_array(tau)
    a = as_array(jn_zeros(1, 600))
    return 2 * tau + 1 / 4 - 2 * _series(tau, a, 1 / a**2)


def sphere_surface(tau: ArrayLike) -> Array:
    r"""Surface concentration of a sphere that takes a constant flux.

    .. math:: \frac{c_s - c}{c^*} = 3\tau + \frac15 - 2 \sum_n \frac{e^{-b_n^2 \tau}}{b_n^2},
              \qquad \tan b_n = b_n

    Parameters
    ----------
    tau : array_like
        Time D t / R^2, at least 1e-5, shape (n,) [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i R / (F D), shape (n,) [-].

    References
    ----------
    Crank (1975), eq. 6.45.

    Examples
    --------
    >>> round(float(sphere_surface(0.1)), 10)
    0.4867616863
    """
    tau = as_array(tau)
    b = np.array([_sphere_root(n) for n in range(1, 600)])
    return 3 * tau + 1 / 5 - 2 * _series(tau, b, 1 / b**2)


def _sphere_root(n: int) -> float:
    """Root n of tan b = b, from the equation free of poles: sin b = b cos b."""
    return brentq(lambda b: np.sin(b) - b * np.cos(b), n * np.pi, (n + 0.5) * np.pi, xtol=1e-15)


def _series(tau: Array, root: Array, weight: Array) -> Array:
    """Sum of weight exp(-root^2 tau) over the roots; shape of `tau`."""
    return np.exp(-np.multiply.outer(tau, root**2)) @ weight


def slab_profile(depth: ArrayLike, tau: float) -> Array:
    r"""Concentration profile in a slab that takes a constant flux at depth zero.

    .. math:: \frac{c - c_0}{c^*} = \tau + \frac{3(1-\xi)^2 - 1}{6} - \frac{2}{\pi^2}
              \sum_{n \ge 1} \frac{(-1)^n}{n^2} e^{-n^2 \pi^2 \tau} \cos n\pi(1 - \xi)

    Parameters
    ----------
    depth : array_like
        Depth over thickness xi, 0 at the interface and 1 at the collector, shape (n,) [-].
    tau : float
        Time D t / l^2 [-].

    Returns
    -------
    ndarray
        Change of concentration in units of i l / (F D), shape (n,) [-].

    References
    ----------
    Crank (1975), eq. 4.55.

    Examples
    --------
    >>> round(float(slab_profile(0.0, 0.1)), 6)
    0.356826
    """
    s = 1.0 - as_array(depth)
    n = np.arange(1, 2000)
    terms = np.cos(np.multiply.outer(s, n * np.pi)) @ (
        np.where(n % 2, -1.0, 1.0) / n**2 * np.exp(-((n * np.pi) ** 2) * tau)
    )
    return tau + (3 * s**2 - 1) / 6 - 2 / np.pi**2 * terms


def semi_infinite_surface(tau: ArrayLike) -> Array:
    r"""Surface concentration at early times, for any shape.

    .. math:: (c_s - c)/c^* = 2 \sqrt{\tau/\pi}

    Parameters
    ----------
    tau : array_like
        Time D t / l^2, shape (n,) [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i l / (F D), shape (n,) [-].

    References
    ----------
    Crank (1975), eq. 3.12.

    Examples
    --------
    >>> round(float(semi_infinite_surface(0.01)), 10)
    0.1128379167
    """
    return 2.0 * np.sqrt(as_array(tau) / np.pi)


def slab_utilisation(current_number: float) -> float:
    r"""Capacity utilisation of a slab driven one way between two surface limits.

    With :math:`\Lambda = i l / (F D \Delta c)`, the step ends when the surface has moved by
    :math:`\Delta c`, so :math:`u = \Lambda \tau` with :math:`(c_s - c)/c^* = 1/\Lambda`.
    Limits: :math:`1 - \Lambda/3` for thin films, :math:`\pi / 4\Lambda` for thick ones.

    Parameters
    ----------
    current_number : float
        Dimensionless current Lambda, above 0 and below 1000 [-].

    Returns
    -------
    float
        Charge passed over the charge between the limits, 0 to 1 [-].

    References
    ----------
    Follows from Crank (1975), eq. 4.55.

    Examples
    --------
    >>> round(slab_utilisation(1.0), 6)
    0.666947
    """
    end = brentq(
        lambda tau: float(slab_surface(tau)) - 1 / current_number,
        1e-8,
        1 / current_number + 1.0,
        xtol=1e-16,
        rtol=1e-14,
    )
    return current_number * end


def reversal_ratio(charge: float, discharge: float) -> float:
    r"""Charge recovered after a current reversal without rest in a thick film.

    A film is charged at one current and at once discharged at another until its surface is back
    where it began:

    .. math:: Q_\mathrm{dis} / Q_\mathrm{ch} = 1 / (2 + i_d / i_c)

    Parameters
    ----------
    charge : float
        Current density of the charge [A/m2].
    discharge : float
        Current density of the discharge [A/m2].

    Returns
    -------
    float
        Ratio of charges [-].

    References
    ----------
    Superposition of two Sand transients; Bard & Faulkner, Electrochemical Methods, 2nd ed.
    (Wiley, 2001), sect. 8.4.2.

    Examples
    --------
    >>> round(reversal_ratio(1.0, 1.0), 6)
    0.333333
    """
    return 1.0 / (2.0 + discharge / charge)


def sand_time(D: float, swing: float, i: float) -> float:
    r"""Time at which the surface of a thick film has moved by `swing`.

    .. math:: t_S = \pi D \left( \frac{F \Delta c}{2 i} \right)^2

    Parameters
    ----------
    D : float
        Diffusivity [m2/s].
    swing : float
        Allowed change of the surface concentration [mol/m3].
    i : float
        Current density [A/m2].

    Returns
    -------
    float
        Time [s].

    References
    ----------
    Sand, Phil. Mag. 1 (1901) 45.

    Examples
    --------
    >>> round(sand_time(1e-15, 23730.0, 0.694), 1)
    8548.5
    """
    return float(np.pi * D * (F * swing / (2.0 * i)) ** 2)
