r"""One electrode: the surface of an insertion film, kinetics, and the double layer in front of it.

The same for both electrodes, by the current k that puts lithium in: k = i at the cathode and
k = -i at the anode. Its potential against the electrolyte is

.. math:: \varphi = U(x_s, T) + \eta, \qquad
          -k_F = i_0 \left[ e^{\alpha f \eta} - e^{-(1-\alpha) f \eta} \right], \qquad
          U(x, T) = U(x) + (T - T_\mathrm{ref}) \frac{dU}{dT}(x)

and the cell voltage contains the cathode's minus the anode's. Without a double layer the faradaic
current :math:`k_F` is the current k. With one of capacitance C per area, minus the potential,
:math:`w = -\varphi`, is a state:

.. math:: C \frac{dw}{dt} = k - k_F, \qquad
          k_F = i_0(x_s) \left[ e^{(1-\alpha) f u} - e^{-\alpha f u} \right], \qquad
          u = U(x_s) + w = -\eta

So the capacitor lies beside kinetics and diffusion together, as in Randles' circuit; the paper
writes :math:`d\eta/dt` where we have :math:`d\varphi/dt`, which differs by what the
open-circuit potential of the surface changes. The sign makes w C / F a stock of lithium on its way
into the film: what leaves it enters the first volume. Through the surface of the film flows
:math:`(k_F - (1 - p) k)/F`, see `mixed_conductor`, which settles the surface fraction; so
:math:`k_F` has to be found from one equation.
"""

import numpy as np

from filmcell.constants import F, R
from filmcell.models.places import (
    ANODE,
    CATHODE,
    E_ALPHA,
    E_C_MAX,
    E_D,
    E_D_ENERGY,
    E_I_ENERGY,
    E_I_REF,
    E_LITHIUM,
    E_SHARE,
    E_T_REF,
    E_VACANCY,
    ELECTRODE,
    L_ENTROPY,
    P_ELECTRODES,
    REGION,
    T_DIFFUSIVITY,
    T_ENTROPY,
    T_EXCHANGE,
    T_POTENTIAL,
    TABLES,
)
from filmcell.numerics.compiling import compiled, integer, num, numbers
from filmcell.numerics.mesh import HALF
from filmcell.numerics.system import NUMBERS, Numbers
from filmcell.numerics.table import lookup
from filmcell.physics import kinetics, transport

__all__ = ["ANODE", "CATHODE"]

NEARLY_EMPTY, NEARLY_FULL = 2.0**-53, 1.0 - 2.0**-53
"""Lithiation fractions at which the exchange current density is not yet zero."""

_ITERATIONS = 100

overpotential = compiled(num(num, num, num, num))(kinetics.overpotential)
charge_transfer = compiled(num(num, num, num, num))(kinetics.charge_transfer_resistance)
exchange = compiled(num(num, num, num, num))(kinetics.exchange_current_density)
arrhenius = compiled(num(num, num, num))(transport.arrhenius_factor)


@compiled(inline="always")
def of(m: Numbers, e: int, which: int) -> float:
    """Parameter of an electrode."""
    return m.p[P_ELECTRODES + e * ELECTRODE + which]


@compiled(inline="always")
def warmth(m: Numbers, e: int, energy: int, T: float) -> float:
    """Arrhenius factor of an electrode's diffusivity or exchange current density."""
    Ea = of(m, e, energy)
    if Ea == 0.0:
        return 1.0
    return arrhenius(T, Ea, of(m, e, E_T_REF))


@compiled(numbers(num, 3)(num, num, num, integer, NUMBERS))
def surface(c: float, flux: float, T: float, e: int, m: Numbers) -> tuple[float, float, float]:
    """Surface fraction and its slopes by flux and by c.

    The first state lies half a volume below the surface, or a node's small distance.
    """
    c_max = of(m, e, E_C_MAX)
    D, slope = lookup(m.table, m.heads, TABLES * e + T_DIFFUSIVITY, c / c_max)
    rho = m.mesh[REGION * e + HALF, 0] / (of(m, e, E_D) * warmth(m, e, E_D_ENERGY, T) * D)
    x = (c + flux * rho) / c_max
    return x, rho / c_max, (1.0 - flux * rho * slope / (D * c_max)) / c_max


@compiled(numbers(num, 2)(num, num, integer, NUMBERS))
def potential(x: float, T: float, e: int, m: Numbers) -> tuple[float, float]:
    """Open-circuit potential at a temperature, and its slope in x."""
    U, slope = lookup(m.table, m.heads, TABLES * e + T_POTENTIAL, x)
    if m.layout[L_ENTROPY] != 0:
        dU_dT, bend = lookup(m.table, m.heads, TABLES * e + T_ENTROPY, x)
        away = T - of(m, e, E_T_REF)
        return U + away * dU_dT, slope + away * bend
    return U, slope


@compiled(numbers(num, 2)(num, num, num, integer, NUMBERS))
def exchange_current(x: float, ions: float, T: float, e: int, m: Numbers) -> tuple[float, float]:
    """Exchange current density and its slope in x; `ions` is the factor of the electrolyte."""
    i_ref, slope = lookup(m.table, m.heads, TABLES * e + T_EXCHANGE, x)
    lithium, vacancy = of(m, e, E_LITHIUM), of(m, e, E_VACANCY)
    size = of(m, e, E_I_REF) * warmth(m, e, E_I_ENERGY, T) * ions
    i0 = exchange(x, i_ref * size, lithium, vacancy)
    return i0, i0 * (slope / i_ref + lithium / x - vacancy / (1.0 - x))


@compiled(inline="always")
def insertion(
    c: float, k: float, ions: float, T: float, e: int, m: Numbers
) -> tuple[float, float, float, float]:
    """Potential of a film without a double layer; slopes by k, by c and by ln(ions).

    A trial state may lie beyond full or empty; it sees the potential of the last number inside.
    """
    per_k = of(m, e, E_SHARE) / F
    x, by_flux, by_c = surface(c, per_k * k, T, e, m)
    inside = 1.0 if NEARLY_EMPTY <= x <= NEARLY_FULL else 0.0
    x = min(max(x, NEARLY_EMPTY), NEARLY_FULL)
    U, dU = potential(x, T, e, m)
    i0, di0 = exchange_current(x, ions, T, e, m)
    alpha = of(m, e, E_ALPHA)
    eta = overpotential(-k, i0, T, alpha)
    r = charge_transfer(eta, i0, T, alpha)
    by_x = inside * (dU + r * k / i0 * di0)
    return U + eta, by_x * by_flux * per_k - r, by_x * by_c, r * k


@compiled(inline="always")
def metal(k: float, ions: float, T: float, e: int, m: Numbers) -> tuple[float, float, float]:
    """Potential of lithium metal without a double layer; slopes by k and by ln(ions)."""
    i0 = of(m, e, E_I_REF) * warmth(m, e, E_I_ENERGY, T) * ions
    alpha = of(m, e, E_ALPHA)
    eta = overpotential(-k, i0, T, alpha)
    r = charge_transfer(eta, i0, T, alpha)
    return eta, -r, r * k


@compiled(numbers(num, 2)(num, num, integer, NUMBERS))
def drive(u: float, T: float, e: int, m: Numbers) -> tuple[float, float]:
    """Faradaic current over i0 at minus the overpotential u, and its slope in u."""
    f, alpha = F / (R * T), of(m, e, E_ALPHA)
    forward, back = np.exp((1.0 - alpha) * f * u), np.exp(-alpha * f * u)
    return forward - back, f * ((1.0 - alpha) * forward + alpha * back)


@compiled(numbers(num, 2)(num, num, integer, NUMBERS))
def faradaic_metal(u: float, T: float, e: int, m: Numbers) -> tuple[float, float]:
    """Faradaic current of lithium metal at minus the potential u, and its slope."""
    i0 = of(m, e, E_I_REF) * warmth(m, e, E_I_ENERGY, T)
    size, slope = drive(u, T, e, m)
    return i0 * size, i0 * slope


@compiled(numbers(num, 3)(num, num, num, integer, NUMBERS))
def reaction(x: float, w: float, T: float, e: int, m: Numbers) -> tuple[float, float, float]:
    """Faradaic current at a surface fraction and minus the potential w; slopes by x and by w."""
    x = min(max(x, NEARLY_EMPTY), NEARLY_FULL)
    U, dU = potential(x, T, e, m)
    i0, di0 = exchange_current(x, 1.0, T, e, m)
    size, steep = drive(U + w, T, e, m)
    return i0 * size, di0 * size + i0 * steep * dU, i0 * steep


@compiled(numbers(num, 4)(num, num, num, num, integer, NUMBERS))
def faradaic(
    c: float, w: float, k: float, T: float, e: int, m: Numbers
) -> tuple[float, float, float, float]:
    """Faradaic current of a film behind its double layer; slopes by w, by c and by k.

    Newton's method inside the bracket in which the surface is neither empty nor full.
    """
    rest = 1.0 - of(m, e, E_SHARE)
    x0, by_flux, _ = surface(c, -rest * k / F, T, e, m)
    per_k = by_flux / F
    low, high = (NEARLY_EMPTY - x0) / per_k, (NEARLY_FULL - x0) / per_k
    k_F, before = min(max(k, low), high), high - low
    for _ in range(_ITERATIONS):
        value, by_x, _ = reaction(x0 + k_F * per_k, w, T, e, m)
        g = k_F - value
        if g < 0.0:
            low = k_F
        else:
            high = k_F
        step = g / (1.0 - by_x * per_k)
        trial = k_F - step
        # before the safeguard; the second: x would move by far less than its last bit
        if abs(step) <= 4e-16 * abs(k_F) or abs(step) * per_k <= 1e-19:
            k_F = trial
            break
        # Newton creeps down from a nearly full surface and up an exponential
        if not low < trial < high or abs(step) > 0.5 * before:
            trial = 0.5 * (low + high)
        before = abs(trial - k_F)
        k_F = trial
        if high - low <= 4e-16 * max(abs(low), abs(high)):
            break
    _, by_x, by_w = reaction(x0 + k_F * per_k, w, T, e, m)
    _, _, by_c = surface(c, (k_F - rest * k) / F, T, e, m)
    stiff = 1.0 - by_x * per_k
    return k_F, by_w / stiff, by_x * by_c / stiff, -by_x * rest * per_k / stiff
