r"""Impedances in closed form: diffusion, porous electrodes, constant phase, the weak electrolyte.

The time factor is :math:`e^{j \omega t}`, so a capacitor has a negative imaginary part. Each form
holds for resistances [ohm] and for area-specific resistances [ohm m2] alike: what goes in comes
out. All of them keep both parts accurate from :math:`|s| = 10^{-24}` to :math:`10^{24}`, where
:math:`\coth` alone would lose the real part or overflow.
"""

from typing import Any

import numpy as np

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.constants import F

Complex = Any
"""A complex number or an array of them."""

_NEAR = 4.0
"""Where |s| is below, the continued fraction is used [-]; above, the closed form."""

_LEVELS = 16
"""Levels of the continued fraction; at |s| = 4 and below it is exact to round-off."""

_SLAB, _CYLINDER, _SPHERE = 1, 2, 3
_FAR = 30.0
"""Beyond this real part, tanh is one to round-off [-]."""

_BESSEL_FAR = 1e5
"""Beyond this modulus, Bessel functions are expanded [-]."""


def _fraction(s: Complex, first: float) -> Complex:
    r"""Continued fraction :math:`1/(d + s/(d+2 + s/(d+4 + \ldots)))`, d the first number."""
    tail: Complex = first + 2.0 * _LEVELS
    for level in reversed(range(_LEVELS)):
        tail = first + 2.0 * level + s / tail
    return 1.0 / tail


def _tanh(z: Complex) -> Complex:
    """Hyperbolic tangent that neither overflows nor wastes time far from zero."""
    return np.tanh(np.minimum(np.real(z), _FAR) + 1j * np.imag(z))


def reflected(s: Complex, dimension: int = 1) -> Complex:
    r"""Surface response of a body that nothing leaves on the far side, dimensionless.

    .. math:: f = \frac{I_{d/2-1}(\sqrt s)}{\sqrt s \, I_{d/2}(\sqrt s)}
              = \frac{d}{s} + \frac{1}{d + 2 + \cfrac{s}{d + 4 + \cfrac{s}{d + 6 + \ldots}}}

    For a slab it is :math:`\coth(\sqrt s)/\sqrt s`, for a cylinder
    :math:`I_0/(\sqrt s \, I_1)`, for a sphere :math:`\tanh\sqrt s/(\sqrt s - \tanh\sqrt s)`. It
    solves :math:`2 s f' = 1 + (d-2) f - s f^2`.

    Parameters
    ----------
    s : complex or ndarray of complex
        Laplace variable times the time of diffusion, real part not below 0 [-].
    dimension : int
        Dimension d: 1 slab, 2 cylinder, 3 sphere [-].

    Returns
    -------
    complex or ndarray of complex
        Response [-].

    References
    ----------
    Jacobsen & West, Electrochim. Acta 40 (1995) 255, doi 10.1016/0013-4686(94)E0192-3; the
    fraction is Abramowitz & Stegun 9.1.73 for imaginary arguments.

    Examples
    --------
    >>> print(f"{reflected(1j):.7f} {reflected(1j, 3):.7f}")
    0.3312381-1.0220127j 0.1997466-3.0057021j
    """
    s = np.asarray(s, dtype=np.complex128)
    small = np.abs(s) < _NEAR
    near, far = np.where(small, s, 1.0), np.where(small, 1.0, s)
    response = np.where(
        small, dimension / near + _fraction(near, dimension + 2.0), _closed(far, dimension)
    )
    return response[()]


def _closed(s: Complex, dimension: int) -> Complex:
    """Responses of the three bodies as closed forms; good where |s| is not small."""
    z = np.sqrt(s)
    if dimension == _SLAB:
        return 1.0 / (z * _tanh(z))
    if dimension == _CYLINDER:
        return _bessel_ratio(z) / z
    return _tanh(z) / (z - _tanh(z))


def _bessel_ratio(z: Complex) -> Complex:
    """I0/I1; scipy gives no Bessel functions far out, where three terms are exact to round-off."""
    from scipy.special import ive

    far = np.abs(z) > _BESSEL_FAR
    near = np.where(far, 1.0, z)
    return np.where(far, 1.0 + (0.5 + 0.375 / z) / z, ive(0, near) / ive(1, near))


def transmitted(s: Complex) -> Complex:
    r"""Surface response of a slab whose far side holds its concentration, dimensionless.

    .. math:: g = \frac{\tanh\sqrt s}{\sqrt s}

    It solves :math:`2 s g' = 1 - g - s g^2`.

    Parameters
    ----------
    s : complex or ndarray of complex
        Laplace variable times the time of diffusion, real part not below 0 [-].

    Returns
    -------
    complex or ndarray of complex
        Response, 1 at s = 0 [-].

    References
    ----------
    Jacobsen & West, Electrochim. Acta 40 (1995) 255, doi 10.1016/0013-4686(94)E0192-3.

    Examples
    --------
    >>> print(f"{transmitted(1j):.8f}")
    0.88545081-0.28697787j
    """
    s = np.asarray(s, dtype=np.complex128)
    small = np.abs(s) < _NEAR
    near, z = np.where(small, s, 1.0), np.sqrt(np.where(small, 1.0, s))
    return np.where(small, _fraction(near, 1.0), _tanh(z) / z)[()]


def warburg_resistance(
    length: float, slope: ArrayLike, c_max: float, diffusivity: ArrayLike
) -> Array:
    r"""Resistance that scales the diffusion impedance of an insertion electrode.

    .. math:: R_W = \frac{l}{F \, c_\mathrm{max} \, D} \left( -\frac{dU}{dx} \right)

    Parameters
    ----------
    length : float
        Thickness of the film or radius of the particle [m].
    slope : float or array_like
        Slope dU/dx of the open-circuit potential over the lithium fraction [V].
    c_max : float
        Concentration of lithium at x = 1 [mol/m3].
    diffusivity : float or array_like
        Chemical diffusivity [m2/s].

    Returns
    -------
    ndarray
        Area-specific resistance [ohm m2].

    References
    ----------
    Ho, Raistrick & Huggins, J. Electrochem. Soc. 127 (1980) 343, doi 10.1149/1.2129668.

    Examples
    --------
    >>> round(float(warburg_resistance(10e-6, -0.5, 51822.0, 1e-14)), 6)
    0.099999
    """
    return -length * as_array(slope) / (F * c_max * as_array(diffusivity))


def slab_warburg(omega: ArrayLike, R_W: ArrayLike, tau: ArrayLike) -> Complex:
    r"""Impedance of diffusion into a slab that nothing leaves on the far side.

    .. math:: Z = R_W \frac{\coth\sqrt{j \omega \tau}}{\sqrt{j \omega \tau}}
              \;\to\; \frac{R_W}{3} + \frac{R_W}{j \omega \tau}

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_W : array_like
        Resistance of diffusion [ohm].
    tau : array_like
        Time of diffusion, l^2/D [s].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Ho, Raistrick & Huggins, J. Electrochem. Soc. 127 (1980) 343, doi 10.1149/1.2129668.

    Examples
    --------
    >>> print(f"{slab_warburg(1.0, 1.0, 1.0):.8f}")
    0.33123809-1.02201272j
    """
    return as_array(R_W) * reflected(1j * as_array(omega) * as_array(tau), _SLAB)


def cylinder_warburg(omega: ArrayLike, R_W: ArrayLike, tau: ArrayLike) -> Complex:
    r"""Impedance of diffusion into a long cylinder.

    .. math:: Z = R_W \frac{I_0(\sqrt{j\omega\tau})}{\sqrt{j\omega\tau}\, I_1(\sqrt{j\omega\tau})}
              \;\to\; \frac{R_W}{4} + \frac{2 R_W}{j \omega \tau}

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_W : array_like
        Resistance of diffusion [ohm].
    tau : array_like
        Time of diffusion, radius squared over D [s].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Jacobsen & West, Electrochim. Acta 40 (1995) 255, doi 10.1016/0013-4686(94)E0192-3.

    Examples
    --------
    >>> print(f"{cylinder_warburg(1.0, 1.0, 1.0):.8f}")
    0.24935188-2.01037346j
    """
    return as_array(R_W) * reflected(1j * as_array(omega) * as_array(tau), _CYLINDER)


def sphere_warburg(omega: ArrayLike, R_W: ArrayLike, tau: ArrayLike) -> Complex:
    r"""Impedance of diffusion into a sphere.

    .. math:: Z = R_W \frac{\tanh\sqrt{j\omega\tau}}
              {\sqrt{j\omega\tau} - \tanh\sqrt{j\omega\tau}}
              \;\to\; \frac{R_W}{5} + \frac{3 R_W}{j \omega \tau}

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_W : array_like
        Resistance of diffusion [ohm].
    tau : array_like
        Time of diffusion, radius squared over D [s].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Jacobsen & West, Electrochim. Acta 40 (1995) 255, doi 10.1016/0013-4686(94)E0192-3.

    Examples
    --------
    >>> print(f"{sphere_warburg(1.0, 1.0, 1.0):.8f}")
    0.19974663-3.00570211j
    """
    return as_array(R_W) * reflected(1j * as_array(omega) * as_array(tau), _SPHERE)


def two_sided_warburg(
    omega: ArrayLike, R_W: ArrayLike, tau: ArrayLike, share: ArrayLike
) -> Complex:
    r"""Impedance of a slab whose lithium enters from both faces.

    .. math:: Z = R_W \frac{p \cosh\sqrt s + (1 - p)}{\sqrt s \, \sinh\sqrt s},
              \qquad s = j \omega \tau

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_W : array_like
        Resistance of diffusion [ohm].
    tau : array_like
        Time of diffusion, l^2/D [s].
    share : array_like
        Fraction p of the flux that enters at the face looked at; 1 is the one-sided slab [-].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Linearised from the transport equations of Raijmakers et al., Electrochim. Acta 330 (2020)
    135147, doi 10.1016/j.electacta.2019.135147.

    Examples
    --------
    >>> print(f"{two_sided_warburg(1.0, 1.0, 1.0, 0.8070175):.6f}")
    0.235543-1.014052j
    """
    s = 1j * as_array(omega) * as_array(tau)
    p = as_array(share)
    return as_array(R_W) * (p * reflected(s, _SLAB) + (1.0 - p) * _crossed(s))


def _crossed(s: Complex) -> Complex:
    r"""Response of the face across, :math:`1/(\sqrt s \sinh\sqrt s)`."""
    s = np.asarray(s, dtype=np.complex128)
    small = np.abs(s) < _NEAR
    near, z = np.where(small, s, 1.0), np.sqrt(np.where(small, 1.0, s))
    close = 1.0 / near + _fraction(near, 3.0) - 0.5 * _fraction(near / 4.0, 1.0)
    decay = np.exp(-np.minimum(np.real(z), 700.0) - 1j * np.imag(z))
    return np.where(small, close, 2.0 * decay / (z * (1.0 - decay * decay)))


def finite_length_warburg(omega: ArrayLike, R_0: ArrayLike, tau: ArrayLike) -> Complex:
    r"""Impedance of diffusion through a slab whose far side holds its concentration.

    .. math:: Z = R_0 \frac{\tanh\sqrt{j \omega \tau}}{\sqrt{j \omega \tau}} \;\to\; R_0

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_0 : array_like
        Resistance at zero frequency [ohm].
    tau : array_like
        Time of diffusion, l^2/D [s].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Jacobsen & West, Electrochim. Acta 40 (1995) 255, doi 10.1016/0013-4686(94)E0192-3.

    Examples
    --------
    >>> print(f"{finite_length_warburg(10.0, 1.0, 1.0):.8f}")
    0.21978196-0.22975838j
    """
    return as_array(R_0) * transmitted(1j * as_array(omega) * as_array(tau))


def semi_infinite_warburg(omega: ArrayLike, A_W: ArrayLike) -> Complex:
    r"""Impedance of diffusion into a half-space.

    .. math:: Z = A_W \frac{1 - j}{\sqrt\omega}

    The finite-space forms go over into it at high frequency, with
    :math:`A_W = R_W / \sqrt{2 \tau}`.

    Parameters
    ----------
    omega : array_like
        Angular frequency, above 0, shape (n,) [1/s].
    A_W : array_like
        Warburg coefficient [ohm/s^0.5].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Warburg, Ann. Phys. 303 (1899) 493, doi 10.1002/andp.18993030302.

    Examples
    --------
    >>> print(f"{semi_infinite_warburg(4.0, 3.0):.2f}")
    1.50-1.50j
    """
    return as_array(A_W) * ((1.0 - 1.0j) / np.sqrt(as_array(omega)))


def gerischer(omega: ArrayLike, R_G: ArrayLike, tau: ArrayLike) -> Complex:
    r"""Impedance of diffusion into a half-space with a reaction that uses up what diffuses.

    .. math:: Z = \frac{R_G}{\sqrt{1 + j \omega \tau}}

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    R_G : array_like
        Resistance at zero frequency [ohm].
    tau : array_like
        Time of the reaction [s].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Gerischer, Z. Phys. Chem. 198 (1951) 286, doi 10.1515/zpch-1951-19824.

    Examples
    --------
    >>> print(f"{gerischer(1.0, 1.0, 1.0):.6f}")
    0.776887-0.321797j
    """
    return as_array(R_G) / np.sqrt(1.0 + 1j * as_array(omega) * as_array(tau))


def constant_phase(omega: ArrayLike, Q: ArrayLike, n: ArrayLike) -> Complex:
    r"""Impedance of a constant-phase element.

    .. math:: Z = \frac{1}{Q \, (j \omega)^n}

    Parameters
    ----------
    omega : array_like
        Angular frequency, above 0, shape (n,) [1/s].
    Q : array_like
        Modulus of its admittance at an angular frequency of 1/s, in S s^n; a capacitance in F where
        n is 1 [S].
    n : array_like
        Exponent, 1 for a capacitor, 0 for a resistor [-].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Orazem & Tribollet, Electrochemical Impedance Spectroscopy, 2nd ed. (Wiley, 2017), ch. 14.

    Examples
    --------
    >>> print(f"{constant_phase(100.0, 1e-3, 0.5):.4f}")
    70.7107-70.7107j
    """
    n = as_array(n)
    return np.exp(-0.5j * np.pi * n) / (as_array(Q) * as_array(omega) ** n)


def zarc(omega: ArrayLike, R_Z: ArrayLike, tau: ArrayLike, n: ArrayLike) -> Complex:
    r"""Impedance of a resistor beside a constant-phase element, a depressed arc.

    .. math:: Z = \frac{R_Z}{1 + (j \omega \tau)^n}

    Parameters
    ----------
    omega : array_like
        Angular frequency, above 0, shape (n,) [1/s].
    R_Z : array_like
        Resistance at zero frequency, the width of the arc [ohm].
    tau : array_like
        Time constant; the top of the arc is at omega = 1/tau [s].
    n : array_like
        Exponent, 1 for a half-circle [-].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    Cole & Cole, J. Chem. Phys. 9 (1941) 341, doi 10.1063/1.1750906.

    Examples
    --------
    >>> print(f"{zarc(10.0, 50.0, 0.1, 0.8):.4f}")
    25.0000-18.1636j
    """
    n = as_array(n)
    turned = np.exp(0.5j * np.pi * n) * (as_array(omega) * as_array(tau)) ** n
    return as_array(R_Z) / (1.0 + turned)


def effective_capacitance(R_Z: ArrayLike, Q: ArrayLike, n: ArrayLike) -> Array:
    r"""Capacitance of a resistor beside a constant-phase element.

    .. math:: C = \left( R_Z^{1-n} Q \right)^{1/n}

    It is the capacitor that puts the top of the arc at the same frequency,
    :math:`R_Z C = \tau`.

    Parameters
    ----------
    R_Z : array_like
        Resistance [ohm].
    Q : array_like
        Modulus of the admittance at an angular frequency of 1/s, in S s^n [S].
    n : array_like
        Exponent [-].

    Returns
    -------
    ndarray
        Capacitance [F].

    References
    ----------
    Hsu & Mansfeld, Corrosion 57 (2001) 747, doi 10.5006/1.3280607.

    Examples
    --------
    >>> round(float(effective_capacitance(1e5, 1e-10, 0.9)) * 1e12, 3)
    27.826
    """
    n = as_array(n)
    return np.exp(((1.0 - n) * np.log(as_array(R_Z)) + np.log(as_array(Q))) / n)


def porous_blocking(omega: ArrayLike, R_ion: ArrayLike, Q: ArrayLike, n: ArrayLike) -> Complex:
    r"""Impedance of a porous electrode whose walls block: a transmission line.

    .. math:: Z = R_\mathrm{ion} \frac{\coth\sqrt s}{\sqrt s}, \qquad
              s = R_\mathrm{ion} \, Q \, (j \omega)^n \;\; \to \;\;
              \frac{R_\mathrm{ion}}{3} + \frac{1}{Q (j \omega)^n}

    The other rail, the electrons, has no resistance.

    Parameters
    ----------
    omega : array_like
        Angular frequency, above 0, shape (n,) [1/s].
    R_ion : array_like
        Resistance of the ions along the pores [ohm].
    Q : array_like
        Modulus of the admittance of all walls at an angular frequency of 1/s, in S s^n [S].
    n : array_like
        Exponent of the walls [-].

    Returns
    -------
    ndarray of complex
        Impedance, shape (n,) [ohm].

    References
    ----------
    de Levie, Electrochim. Acta 8 (1963) 751, doi 10.1016/0013-4686(63)80042-0.

    Examples
    --------
    >>> print(f"{porous_blocking(1e-3, 30.0, 1e-2, 1.0):.3f}")
    10.000-100000.000j
    """
    n, R_ion = as_array(n), as_array(R_ion)
    s = R_ion * as_array(Q) * as_array(omega) ** n * np.exp(0.5j * np.pi * n)
    return R_ion * reflected(s, _SLAB)


def weak_electrolyte(
    omega: ArrayLike, L: float, sigma: float, D_plus: float, D_minus: float, tau_r: float
) -> Complex:
    r"""Impedance of a film of weak electrolyte between electrodes that pass only the cation.

    .. math:: Z = \frac{L}{\sigma} \left[ 1 + \frac{D_-}{D_+} \frac{2 \lambda_\omega}{L}
              \tanh\frac{L}{2 \lambda_\omega} \right], \qquad
              \lambda_\omega^2 = \frac{D_\mathrm{amb}}{1/\tau_r + j \omega}, \qquad
              D_\mathrm{amb} = \frac{2 D_+ D_-}{D_+ + D_-}

    Without its geometric capacitance. The relaxation is at :math:`1/(2 \pi \tau_r)`, often near
    0.02 Hz, and is easily mistaken for an interphase.

    Parameters
    ----------
    omega : array_like
        Angular frequency, shape (n,) [1/s].
    L : float
        Thickness [m].
    sigma : float
        Conductivity of both carriers at rest [S/m].
    D_plus, D_minus : float
        Diffusivities of the cation and of the defect [m2/s].
    tau_r : float
        Time in which the reaction brings the concentration back [s].

    Returns
    -------
    ndarray of complex
        Area-specific impedance, shape (n,) [ohm m2].

    References
    ----------
    Linearised from the field equations of Danilov & Notten, Electrochim. Acta 53 (2008) 5569,
    doi 10.1016/j.electacta.2008.02.086.

    Examples
    --------
    The film of Raijmakers at 1 Hz, in ohm cm2:

    >>> Z = weak_electrolyte(2 * np.pi, 3.62e-6, 1.10953e-4, 1.73e-16, 5.69e-16, 8.456)
    >>> print(f"{Z * 1e4:.1f}")
    329.0-2.7j
    """
    D_amb = 2.0 * D_plus * D_minus / (D_plus + D_minus)
    s = L * L / (4.0 * D_amb) * (1.0 / tau_r + 1j * as_array(omega))
    return L / sigma * (1.0 + D_minus / D_plus * transmitted(s))
