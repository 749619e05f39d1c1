"""Elements of circuits: each has one formula, which it prints and a test holds against the code."""

from typing import Any, ClassVar

import numpy as np

from filmcell.arrays import Array
from filmcell.impedance.composition import Element, Parameter
from filmcell.physics import impedance as closed

LOWEST_EXPONENT = 0.2
"""Least exponent of a constant-phase element that is allowed [-]."""

_EXPONENT = Parameter("n", "-", LOWEST_EXPONENT, 1.0)
_COEFFICIENT = Parameter("Q", "S s^n", power=-1)
_RESISTANCE = Parameter("R", "ohm", power=1)
_TIME = Parameter("tau", "s")


class R(Element):
    """Resistor, ``Z = R``.

    Examples
    --------
    >>> R(1).named[0].name
    'R1'
    """

    symbol = "R"
    meaning = "resistor"
    formula = "Z = R"
    own = (_RESISTANCE,)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return x[0] + 0.0j * omega

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivative."""
        one = np.ones(np.shape(omega), dtype=np.complex128)
        return x[0] * one, one[None]

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that modulus."""
        return (resistance,)


class C(Element):
    """Capacitor, ``Z = 1/(j*omega*C)``.

    Examples
    --------
    >>> print(f"{C().impedance(1e3, [1e-6]):.1f}")
    0.0-1000.0j
    """

    symbol = "C"
    meaning = "capacitor"
    formula = "Z = 1/(j*omega*C)"
    own = (Parameter("C", "F", power=-1),)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return 1.0 / (1j * omega * x[0])

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivative."""
        Z = 1.0 / (1j * omega * x[0])
        return Z, (-Z / x[0])[None]

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that modulus at omega = 1/tau."""
        return (tau / resistance,)


class L(Element):
    """Inductor, ``Z = j*omega*L``.

    Examples
    --------
    >>> print(f"{L().impedance(1e6, [1e-6]):.1f}")
    0.0+1.0j
    """

    symbol = "L"
    meaning = "inductor"
    formula = "Z = j*omega*L"
    own = (Parameter("L", "H", power=1),)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return 1j * omega * x[0]

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivative."""
        one = 1j * omega
        return one * x[0], one[None]

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that modulus at omega = 1/tau."""
        return (resistance * tau,)


class CPE(Element):
    """Constant-phase element, ``Z = 1/(Q*(j*omega)^n)``.

    Examples
    --------
    >>> print(f"{CPE().impedance(100.0, [1e-3, 0.5]):.2f}")
    70.71-70.71j
    """

    symbol = "CPE"
    meaning = "constant-phase element"
    formula = "Z = 1/(Q*(j*omega)^n)"
    own = (_COEFFICIENT, _EXPONENT)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return closed.constant_phase(omega, x[0], x[1])

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives."""
        Z = closed.constant_phase(omega, x[0], x[1])
        return Z, np.stack([-Z / x[0], -Z * _log(omega)])

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that modulus at omega = 1/tau."""
        return tau**exponent / resistance, exponent


class ZARC(Element):
    """Depressed arc, a resistor beside a constant-phase element, ``Z = R/(1 + (j*omega*tau)^n)``.

    Examples
    --------
    >>> print(f"{ZARC().impedance(10.0, [50.0, 0.1, 0.8]):.4f}")
    25.0000-18.1636j
    """

    symbol = "ZARC"
    meaning = "depressed arc"
    formula = "Z = R/(1 + (j*omega*tau)^n)"
    own = (_RESISTANCE, _TIME, _EXPONENT)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return closed.zarc(omega, x[0], x[1], x[2])

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives."""
        unit = closed.zarc(omega, 1.0, x[1], x[2])
        common = -x[0] * unit * (1.0 - unit)
        return x[0] * unit, np.stack([unit, common * x[2] / x[1], common * _log(omega * x[1])])

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values of an arc of that width and time constant."""
        return resistance, tau, exponent


class W(Element):
    """Warburg element, diffusion into a half-space, ``Z = W*(1 - j)/sqrt(omega)``.

    Examples
    --------
    >>> print(f"{W().impedance(4.0, [3.0]):.2f}")
    1.50-1.50j
    """

    symbol = "W"
    meaning = "semi-infinite Warburg element"
    formula = "Z = W*(1 - j)/sqrt(omega)"
    own = (Parameter("W", "ohm/s^0.5", power=1),)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return closed.semi_infinite_warburg(omega, x[0])

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivative."""
        one = closed.semi_infinite_warburg(omega, 1.0)
        return x[0] * one, one[None]

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that modulus at omega = 1/tau."""
        return (resistance / np.sqrt(2.0 * tau),)


class _Diffusion(Element):
    """Diffusion over a length: a resistance and a time, Z = R f(j omega tau)."""

    own = (_RESISTANCE, _TIME)

    def scaled(self, s: Any) -> tuple[Any, Any]:
        """Response f and s f'."""
        raise NotImplementedError

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return x[0] * self.scaled(1j * omega * x[1])[0]

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives."""
        f, sloped = self.scaled(1j * omega * x[1])
        return x[0] * f, np.stack([f, x[0] / x[1] * sloped])

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that resistance and time."""
        return resistance, tau


class Wfs(_Diffusion):
    """Finite-space Warburg element of a slab, ``Z = R*coth(sqrt(j*omega*tau))/sqrt(j*omega*tau)``.

    Examples
    --------
    >>> print(f"{Wfs().impedance(1.0, [1.0, 1.0]):.7f}")
    0.3312381-1.0220127j
    """

    symbol = "Wfs"
    meaning = "finite-space Warburg element, slab"
    formula = "Z = R*coth(sqrt(j*omega*tau))/sqrt(j*omega*tau)"
    dimension: ClassVar[int] = 1

    def scaled(self, s: Any) -> tuple[Any, Any]:
        """Response f and s f', of 2 s f' = 1 + (d - 2) f - s f^2."""
        f = closed.reflected(s, self.dimension)
        return f, 0.5 * (1.0 + (self.dimension - 2) * f - s * f * f)


class Wcyl(Wfs):
    """Finite-space Warburg element of a cylinder.

    ``Z = R*I0(sqrt(j*omega*tau))/(sqrt(j*omega*tau)*I1(sqrt(j*omega*tau)))``.

    Examples
    --------
    >>> print(f"{Wcyl().impedance(1.0, [1.0, 1.0]):.7f}")
    0.2493519-2.0103735j
    """

    symbol = "Wcyl"
    meaning = "finite-space Warburg element, cylinder"
    formula = "Z = R*I0(sqrt(j*omega*tau))/(sqrt(j*omega*tau)*I1(sqrt(j*omega*tau)))"
    dimension = 2


class Wsph(Wfs):
    """Finite-space Warburg element of a sphere.

    ``Z = R*tanh(sqrt(j*omega*tau))/(sqrt(j*omega*tau) - tanh(sqrt(j*omega*tau)))``.

    Examples
    --------
    >>> print(f"{Wsph().impedance(1.0, [1.0, 1.0]):.7f}")
    0.1997466-3.0057021j
    """

    symbol = "Wsph"
    meaning = "finite-space Warburg element, sphere"
    formula = "Z = R*tanh(sqrt(j*omega*tau))/(sqrt(j*omega*tau) - tanh(sqrt(j*omega*tau)))"
    dimension = 3


class Wfl(_Diffusion):
    """Finite-length Warburg element, ``Z = R*tanh(sqrt(j*omega*tau))/sqrt(j*omega*tau)``.

    Examples
    --------
    >>> print(f"{Wfl().impedance(1.0, [1.0, 1.0]):.7f}")
    0.8854508-0.2869779j
    """

    symbol = "Wfl"
    meaning = "finite-length Warburg element"
    formula = "Z = R*tanh(sqrt(j*omega*tau))/sqrt(j*omega*tau)"

    def scaled(self, s: Any) -> tuple[Any, Any]:
        """Response g and s g', of 2 s g' = 1 - g - s g^2."""
        g = closed.transmitted(s)
        return g, 0.5 * (1.0 - g - s * g * g)


class G(_Diffusion):
    """Gerischer element, diffusion with a reaction, ``Z = R/sqrt(1 + j*omega*tau)``.

    Examples
    --------
    >>> print(f"{G().impedance(1.0, [1.0, 1.0]):.6f}")
    0.776887-0.321797j
    """

    symbol = "G"
    meaning = "Gerischer element"
    formula = "Z = R/sqrt(1 + j*omega*tau)"

    def scaled(self, s: Any) -> tuple[Any, Any]:
        """Response and its slope."""
        f = 1.0 / np.sqrt(1.0 + s)
        return f, -0.5 * s * f**3


class TL(Element):
    """Transmission line: a porous electrode whose walls block.

    ``Z = R*coth(sqrt(R*Q*(j*omega)^n))/sqrt(R*Q*(j*omega)^n)``.

    Examples
    --------
    >>> print(f"{TL().impedance(1e-3, [30.0, 1e-2, 1.0]):.2f}")
    10.00-100000.00j
    """

    symbol = "TL"
    meaning = "transmission line with blocking walls"
    formula = "Z = R*coth(sqrt(R*Q*(j*omega)^n))/sqrt(R*Q*(j*omega)^n)"
    own = (_RESISTANCE, _COEFFICIENT, _EXPONENT)

    def respond(self, omega: Array, x: Any) -> Any:
        """Impedance, without checks."""
        return closed.porous_blocking(omega, x[0], x[1], x[2])

    def differentiate(self, omega: Array, x: Array) -> tuple[Any, Any]:
        """Impedance and its derivatives."""
        s = x[0] / closed.constant_phase(omega, x[1], x[2])
        f = closed.reflected(s)
        sloped = 0.5 * (1.0 - f - s * f * f)
        to_n = x[0] * sloped * _log(omega)
        return x[0] * f, np.stack([f + sloped, x[0] / x[1] * sloped, to_n])

    def seed(self, resistance: Any, tau: Any, exponent: Any) -> tuple[Any, ...]:
        """Values with that resistance of the ions and that time constant."""
        return resistance, tau**exponent / resistance, exponent


def _log(omega: Array) -> Any:
    """Logarithm of j omega."""
    return np.log(omega) + 0.5j * np.pi


ELEMENTS: dict[str, type[Element]] = {
    kind.symbol: kind for kind in (R, C, L, CPE, ZARC, W, Wfs, Wcyl, Wsph, Wfl, G, TL)
}
"""Every element by its symbol."""
