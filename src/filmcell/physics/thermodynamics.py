"""Open-circuit potentials of film cathodes as the literature writes them."""

import numpy as np

from filmcell.arrays import Array

FABRE_NUMERATOR = (-219.027, 322.003, -198.242, 354.911, -467.807, 207.168)
FABRE_DENOMINATOR = (-44.337, 36.643, -3.430, 113.081, -182.567, 80.3097)


def fabre_potential(x: Array | float) -> Array | float:
    r"""Open-circuit potential of a sputtered LiCoO2 film, a rational function of x squared.

    .. math:: U = \frac{\sum_k a_k t^k}{\sum_k b_k t^k}, \qquad t = x^2, \quad k = 0 \ldots 5

    Calibrated for x from 0.5 to 1. There is a pole at x = 1.003688, and U(1) is 3.31 V, so that a
    cut-off of 3.0 or 2.7 V is reached by kinetics and never by the potential alone.

    Parameters
    ----------
    x : float or ndarray
        Lithiation fraction of the surface [-].

    Returns
    -------
    float or ndarray
        Potential against lithium metal at room temperature [V].

    References
    ----------
    Fabre et al., J. Electrochem. Soc. 159 (2012) A104, as printed in Kim et al.,
    Electrochim. Acta 317 (2019) 663, eq. 22.

    Examples
    --------
    >>> round(float(fabre_potential(0.7)), 4)
    3.9808
    """
    t = x * x
    a = FABRE_NUMERATOR
    b = FABRE_DENOMINATOR
    above = a[0] + t * (a[1] + t * (a[2] + t * (a[3] + t * (a[4] + t * a[5]))))
    below = b[0] + t * (b[1] + t * (b[2] + t * (b[3] + t * (b[4] + t * b[5]))))
    return above / below


def dualfoil_potential(x: Array | float) -> Array | float:
    r"""Open-circuit potential of LiCoO2 as a sum of six hyperbolic tangents.

    With :math:`s = 1.062\,x`, terms :math:`a \tanh(b - c\,s)`. It has a step 0.006 wide at
    x = 0.494 (the order-disorder transition) and falls off a cliff above x = 0.955.

    Parameters
    ----------
    x : float or ndarray
        Lithiation fraction [-].

    Returns
    -------
    float or ndarray
        Potential against lithium metal [V].

    References
    ----------
    Form distributed with Dualfoil (Doyle & Newman), data of Garcia et al., J. Electrochem. Soc.
    152 (2005) A255; coefficients as used in Marquis et al., J. Electrochem. Soc. 166 (2019) A3693.

    Examples
    --------
    >>> round(float(dualfoil_potential(0.7)), 4)
    3.9391
    """
    s = 1.062 * x
    return (
        2.16216
        + 0.07645 * np.tanh(30.834 - 54.4806 * s)
        + 2.1581 * np.tanh(52.294 - 50.294 * s)
        - 0.14169 * np.tanh(11.0923 - 19.8543 * s)
        + 0.2051 * np.tanh(1.4684 - 5.4888 * s)
        + 0.2531 * np.tanh((0.56478 - s) / 0.1316)
        - 0.02167 * np.tanh((s - 0.525) / 0.006)
    )
