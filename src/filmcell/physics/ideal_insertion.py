r"""A body with ideal sites and constant diffusivity, filled at constant current: all closed forms.

The two numbers of the universal map (Gavilan-Arriazu et al. 2023) are, for a body of thickness or
radius d that takes the charge :math:`F c d / z` (z = 1 film, 2 cylinder, 3 sphere) at the rate C
in the time :math:`t_h / C`,

.. math:: \ell = \frac{d^2 C}{z t_h D} = \frac{i d}{F D c}, \qquad
          \Xi = k^0 \sqrt{\frac{t_h}{C D}}, \qquad
          J = \frac{i}{F k^0 c} = \frac{\sqrt{\ell / z}}{\Xi}

with i the current density at the surface, :math:`i_0 = F k^0 c\, x^{1-\alpha} (1-x)^{\alpha}`, and
:math:`\alpha` the anodic transfer coefficient.
"""

from functools import lru_cache

import numpy as np
from scipy.special import erf, jn_zeros

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.constants import REFERENCE_TEMPERATURE, F, R

_EARLY = (0.01, 1e-4, 0.01)  # up to here the early forms are as good as the series, by dimension


def frumkin_potential(
    x: Array | float, standard: float, interaction: float = 0.0, T: float = REFERENCE_TEMPERATURE
) -> Array | float:
    r"""Open-circuit potential of sites that attract or repel each other in the mean.

    .. math:: U = U^0 + \frac{RT}{F} \left[ \ln \frac{1-x}{x} + g \left( \tfrac12 - x \right)
              \right]

    Parameters
    ----------
    x : float or ndarray
        Filled sites, between 0 and 1 [-].
    standard : float
        Potential of the half-filled body, U0 [V].
    interaction : float
        Interaction parameter g: 0 is the Langmuir isotherm, below -4 two phases form [-].
    T : float
        Temperature [K].

    Returns
    -------
    float or ndarray
        Potential [V].

    References
    ----------
    Levi & Aurbach, Electrochim. Acta 45 (1999) 167.

    Examples
    --------
    >>> [round(float(frumkin_potential(0.9, 4.0, g)), 6) for g in (0.0, 2.0)]
    [3.943548, 3.922994]
    """
    return standard + R * T / F * (np.log((1.0 - x) / x) + interaction * (0.5 - x))


def surface_at_cut_off(
    current_ratio: ArrayLike,
    depth: float,
    T: float = REFERENCE_TEMPERATURE,
    alpha: float = 0.5,
) -> Array:
    r"""Filled surface sites at which ideal insertion reaches its cut-off; g = 0.

    Butler-Volmer kinetics with :math:`i_0 = F k^0 c\, x^{1-\alpha} (1-x)^{\alpha}` and the
    Langmuir isotherm are one line in x, so that

    .. math:: x_s = \frac{e^{(1-\alpha) v} - J}{e^{(1-\alpha) v} + e^{-\alpha v}},
              \qquad v = F (U^0 - V) / RT

    Parameters
    ----------
    current_ratio : array_like
        Current density J in units of F k0 c, positive where the body fills, any shape [-].
    depth : float
        Cut-off below the standard potential, U0 - V [V].
    T : float
        Temperature [K].
    alpha : float
        Anodic transfer coefficient, between 0 and 1 [-].

    Returns
    -------
    ndarray
        Surface fraction; below 0 where the cut-off is passed before lithium enters [-].

    References
    ----------
    Butler-Volmer with the Langmuir isotherm; Newman & Balsara, Electrochemical Systems, 4th ed.
    (Wiley, 2021), ch. 8.

    Examples
    --------
    >>> round(float(surface_at_cut_off(0.0, 0.15, 298.0)), 6)
    0.997103
    """
    v = F * depth / (R * T)
    forward = np.exp((1.0 - alpha) * v)
    return as_array((forward - as_array(current_ratio)) / (forward + np.exp(-alpha * v)))


def constant_flux_surface(tau: ArrayLike, dimension: int) -> Array:
    r"""Surface concentration of a film, cylinder or sphere that takes a constant flux.

    The sums of `analytic`, with as few terms as they need, and from the start up to
    :math:`\tau = 0.01` (cylinder 1e-4) what is exact there:

    .. math:: \text{film } 2\sqrt{\tau/\pi}, \qquad
              \text{cylinder } 2\sqrt{\tau/\pi} + \frac{\tau}{2} + \frac{\tau^{3/2}}{2\sqrt\pi},
              \qquad \text{sphere } e^\tau (1 + \mathrm{erf}\sqrt\tau) - 1

    Parameters
    ----------
    tau : array_like
        Time D t / d^2, shape (n,) [-].
    dimension : int
        0 film, 1 cylinder, 2 sphere [-].

    Returns
    -------
    ndarray
        Change of the surface concentration in units of i d / (F D), shape (n,) [-].

    References
    ----------
    Crank, The Mathematics of Diffusion, 2nd ed. (Oxford, 1975), eqs. 4.55, 5.46 and 6.45; the
    early forms are their Laplace transforms for large arguments.

    Examples
    --------
    >>> constant_flux_surface([1e-3, 1.0], 2).round(6)
    array([0.036707, 3.2     ])
    """
    tau = as_array(tau)
    roots, profile = _roots(dimension)
    late = np.exp(-np.multiply.outer(np.maximum(tau, _EARLY[dimension]), roots**2)) @ roots**-2.0
    series = (dimension + 1.0) * tau + profile - 2.0 * late
    early = _early(np.minimum(tau, _EARLY[dimension]), dimension)
    return as_array(np.where(tau < _EARLY[dimension], early, series))


def _early(tau: Array, dimension: int) -> Array:
    """Surface concentration before the flux has been felt at the far end."""
    root = np.sqrt(tau)
    if dimension == 2:  # exp(tau) (1 + erf(root)) - 1 without taking 1 from what is nearly 1
        return as_array(np.expm1(tau) * (1.0 + erf(root)) + erf(root))
    flat = 2.0 * root / np.sqrt(np.pi)
    return as_array(flat + dimension * (0.5 * tau + 0.5 * tau * root / np.sqrt(np.pi)))


@lru_cache(maxsize=3)
def _roots(dimension: int) -> tuple[Array, float]:
    """Roots of the series of a shape, and what the surface leads the mean by in the end."""
    if dimension == 0:
        return np.pi * np.arange(1.0, 22.0), 1.0 / 3.0
    if dimension == 1:
        return as_array(jn_zeros(1, 200)), 1.0 / 4.0
    b = (np.arange(1.0, 22.0) + 0.5) * np.pi
    for _ in range(6):  # sin b = b cos b by Newton's steps, from just above the root
        b = b - (np.sin(b) - b * np.cos(b)) / (b * np.sin(b))
    return as_array(b), 1.0 / 5.0


def filled_fraction(diffusion_number: ArrayLike, swing: ArrayLike, dimension: int) -> Array:
    r"""Charge, over that of all sites, until the surface has moved by a given fraction.

    With :math:`x_s - x_0 = \ell\, s(\tau)`, s the `constant_flux_surface`, it is
    :math:`z \ell \tau`. Limits: :math:`\Delta x - \ell\, (1/3, 1/4, 1/5)` for thin films,
    cylinders and spheres, and :math:`\pi \Delta x^2 z / 4 \ell` for thick ones, which is a charge
    that does not grow with the thickness.

    Parameters
    ----------
    diffusion_number : array_like
        l = i d / (F D c), above 0 [-].
    swing : array_like
        Change of the surface fraction x_s - x_0, the same shape [-].
    dimension : int
        0 film, 1 cylinder, 2 sphere [-].

    Returns
    -------
    ndarray
        Charge over F c d / z; 0 where the surface may not move [-].

    References
    ----------
    Follows from Crank (1975), eqs. 4.55, 5.46 and 6.45.

    Examples
    --------
    >>> round(float(filled_fraction(1.0, 1.0, 0)), 6)
    0.666947
    """
    number, span = np.broadcast_arrays(as_array(diffusion_number), as_array(swing))
    rise = np.maximum(as_array(span), 0.0) / number
    low, high = np.zeros(rise.shape), rise / (dimension + 1.0)
    for _ in range(60):  # halved down to round-off
        middle = 0.5 * (low + high)
        below = constant_flux_surface(middle, dimension) < rise
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return as_array((dimension + 1.0) * number * 0.5 * (low + high))
