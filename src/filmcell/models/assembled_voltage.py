r"""Voltage across the layers of an assembled cell, as a function of the current between them.

Between the electrodes flows the internal current k, positive on discharge. Across all layers

.. math::
   H(y, k) = \varphi_p - \varphi_n + \sum \eta_\mathrm{weak} + \eta_e
             - k \sum_j R_j(T) - \sum_j v_j

with the potentials of `electrode`, the losses of `weak_electrolyte` and of `mixed_conductor`, ohmic
layers, and the voltages over interfaces that have a capacitance. Without a geometric capacitance k
is the current i of the cell and

.. math:: V = H(y, i) - \rho_s i

With one the voltage behind the series resistance is a state, and k is what makes both agree:

.. math:: H(y, k) = V^*, \qquad V = V^* - \rho_s i
"""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.models import electrode, mixed_conductor, weak_electrolyte
from filmcell.models.electrode import of
from filmcell.models.places import (
    ANODE,
    CATHODE,
    E_D_ENERGY,
    E_EXPONENT,
    E_PER_FRACTION,
    E_START,
    ELECTRODE,
    L_ANODE,
    L_ANODE_END,
    L_ANODE_U,
    L_CATHODE,
    L_CATHODE_END,
    L_CATHODE_U,
    L_ELECTRONIC,
    L_ENTROPY,
    L_GEOMETRIC,
    L_OHMIC_COUNT,
    L_RC,
    L_RC_COUNT,
    L_TEMPERATURE,
    L_WEAK,
    L_WEAK_CELLS,
    L_WEAK_COUNT,
    O_ENERGY,
    O_RESISTANCE,
    O_T_REF,
    OHMIC,
    P_ELECTRODES,
    P_LAYERS,
    P_SERIES,
    P_TEMPERATURE,
    REGION,
    T_DIFFUSIVITY,
    T_ENTROPY,
    TABLES,
    W_REST,
    WEAK,
)
from filmcell.numerics.compiling import (
    bundle,
    compiled,
    integer,
    none,
    num,
    numbers,
    vec,
)
from filmcell.numerics.mesh import HALF
from filmcell.numerics.system import (
    NUMBERS,
    Numbers,
)
from filmcell.numerics.table import lookup

_ITERATIONS = 200
_BEYOND = 1e9
_ROUNDING = 2e-15  # of a voltage of a few volts


class Still(NamedTuple):
    """What does not change with the internal current: the temperature, and the linear parts of H.

    Parameters
    ----------
    T : float
        Temperature [K].
    volts, ohms : float
        H contains volts - ohms k [V], [ohm m2].
    per_faradaic : float
        H contains this times the faradaic current of the cathode [ohm m2].
    """

    T: float
    volts: float
    ohms: float
    per_faradaic: float


STILL: Any = bundle(Still, *[num] * 4)


@compiled(inline="always")
def temperature(y: Array, m: Numbers) -> float:
    """Temperature: a state, or a number of the cell."""
    place = m.layout[L_TEMPERATURE]
    return y[place] if place >= 0 else m.p[P_TEMPERATURE]


@compiled(num(integer, num, NUMBERS))
def ohms_of(layer: int, T: float, m: Numbers) -> float:
    """Resistance of an ohmic layer or interface, counted over all of them [ohm m2]."""
    p = m.p[P_LAYERS + m.layout[L_WEAK_COUNT] * WEAK + layer * OHMIC :]
    if p[O_ENERGY] == 0.0:
        return p[O_RESISTANCE]
    return p[O_RESISTANCE] / electrode.arrhenius(T, p[O_ENERGY], p[O_T_REF])


@compiled(inline="always")
def weak_parameters(layer: int, m: Numbers) -> Array:
    """Block of a weak electrolyte."""
    return m.p[P_LAYERS + layer * WEAK : P_LAYERS + (layer + 1) * WEAK]


@compiled(inline="always")
def weak_states(y: Array, layer: int, m: Numbers) -> Array:
    """Concentrations of a weak electrolyte."""
    n = m.layout[L_WEAK_CELLS]
    return y[m.layout[L_WEAK] + layer * n : m.layout[L_WEAK] + (layer + 1) * n]


@compiled(inline="always")
def region(number: int, m: Numbers) -> Array:
    """Mesh of a region: cathode, anode, then the weak electrolytes."""
    return m.mesh[REGION * number : REGION * (number + 1)]


@compiled(inline="always")
def block(e: int, m: Numbers) -> Array:
    """Parameters of an electrode."""
    return m.p[P_ELECTRODES + e * ELECTRODE : P_ELECTRODES + (e + 1) * ELECTRODE]


@compiled(STILL(vec, NUMBERS))
def still_parts(y: Array, m: Numbers) -> Still:
    """Gather what does not change with the internal current."""
    T = temperature(y, m)
    volts, ohms, per_faradaic = 0.0, 0.0, 0.0
    for layer in range(m.layout[L_OHMIC_COUNT]):
        ohms += ohms_of(layer, T, m)
    for j in range(m.layout[L_RC_COUNT]):
        volts -= y[m.layout[L_RC] + j]
    for layer in range(m.layout[L_WEAK_COUNT]):
        ohms += weak_electrolyte.resistance(
            weak_states(y, layer, m), T, weak_parameters(layer, m), region(2 + layer, m)
        )
    if m.layout[L_ELECTRONIC] != 0:
        heat = electrode.warmth(m, CATHODE, E_D_ENERGY, T)
        a, b, g = mixed_conductor.electronic_loss(
            y[m.layout[L_CATHODE] : m.layout[L_CATHODE_END]], T, heat, block(CATHODE, m),
            m.table, m.heads[T_DIFFUSIVITY], region(CATHODE, m),
        )  # fmt: skip
        volts, ohms, per_faradaic = volts + a, ohms - b, g
    if m.layout[L_GEOMETRIC] < 0:
        ohms += m.p[P_SERIES]
    return Still(T, volts, ohms, per_faradaic)


@compiled(inline="always")
def ions(
    y: Array, k: float, T: float, m: Numbers
) -> tuple[float, float, float, float, float, float]:
    """Share that the ions of the electrolyte have in the exchange current densities.

    For the anode's and the cathode's side: the factor, and the slopes of its logarithm by k and by
    the concentration next to the side.
    """
    count = m.layout[L_WEAK_COUNT]
    g_n, g_p = of(m, ANODE, E_EXPONENT), of(m, CATHODE, E_EXPONENT)
    f_n, n_by_k, n_by_a, f_p, p_by_k, p_by_a = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    if count > 0 and (g_n != 0.0 or g_p != 0.0):
        p = weak_parameters(0, m)
        a, _, by_k, _ = weak_electrolyte.surfaces(weak_states(y, 0, m), k, T, p, region(2, m))
        least = weak_electrolyte.LEAST * p[W_REST]
        if a > least:
            n_by_k, n_by_a = g_n * by_k / a, g_n / a
        f_n = (max(a, least) / p[W_REST]) ** g_n
        q = weak_parameters(count - 1, m)
        _, b, _, by_k = weak_electrolyte.surfaces(
            weak_states(y, count - 1, m), k, T, q, region(1 + count, m)
        )
        least = weak_electrolyte.LEAST * q[W_REST]
        if b > least:
            p_by_k, p_by_a = g_p * by_k / b, g_p / b
        f_p = (max(b, least) / q[W_REST]) ** g_p
    return f_n, n_by_k, n_by_a, f_p, p_by_k, p_by_a


@compiled(inline="always")
def has_film(m: Numbers) -> bool:
    """Tell whether the anode is an insertion film."""
    return m.layout[L_ANODE_END] > m.layout[L_ANODE]


@compiled(inline="always")
def cathode_side(
    y: Array, k: float, T: float, f_p: float, p_by_k: float, m: Numbers
) -> tuple[float, float]:
    """Potential of the cathode and its slope by k."""
    place = m.layout[L_CATHODE_U]
    if place >= 0:
        return -y[place], 0.0
    c = y[m.layout[L_CATHODE]]
    phi, by_k, _, by_ions = electrode.insertion(c, k, f_p, T, CATHODE, m)
    return phi, by_k + by_ions * p_by_k


@compiled(inline="always")
def anode_side(
    y: Array, k: float, T: float, f_n: float, n_by_k: float, m: Numbers
) -> tuple[float, float]:
    """Potential of the anode and its slope by k."""
    place = m.layout[L_ANODE_U]
    if place >= 0:
        return -y[place], 0.0
    if not has_film(m):
        phi, by_current, by_ions = electrode.metal(-k, f_n, T, ANODE, m)
        return phi, -by_current + by_ions * n_by_k
    b = y[m.layout[L_ANODE]]
    phi, by_current, _, by_ions = electrode.insertion(b, -k, f_n, T, ANODE, m)
    return phi, -by_current + by_ions * n_by_k


@compiled(numbers(num, 2)(vec, num, num, NUMBERS))
def cathode_faradaic(y: Array, k: float, T: float, m: Numbers) -> tuple[float, float]:
    """Faradaic current of the cathode and its slope by k."""
    place = m.layout[L_CATHODE_U]
    if place < 0:
        return k, 1.0
    k_F, _, _, by_k = electrode.faradaic(y[m.layout[L_CATHODE]], y[place], k, T, CATHODE, m)
    return k_F, by_k


@compiled(num(vec, num, num, NUMBERS))
def anode_faradaic(y: Array, k: float, T: float, m: Numbers) -> float:
    """Faradaic current that puts lithium into the anode; k is the internal current."""
    place = m.layout[L_ANODE_U]
    if place < 0:
        return -k
    if not has_film(m):
        return electrode.faradaic_metal(y[place], T, ANODE, m)[0]
    return electrode.faradaic(y[m.layout[L_ANODE]], y[place], -k, T, ANODE, m)[0]


@compiled(numbers(num, 2)(vec, num, STILL, NUMBERS))
def voltage_across(y: Array, k: float, still: Still, m: Numbers) -> tuple[float, float]:
    """H and its slope by k."""
    T = still.T
    f_n, n_by_k, _, f_p, p_by_k, _ = ions(y, k, T, m)
    phi_p, p_slope = cathode_side(y, k, T, f_p, p_by_k, m)
    phi_n, n_slope = anode_side(y, k, T, f_n, n_by_k, m)
    value = phi_p - phi_n + still.volts - still.ohms * k
    slope = p_slope - n_slope - still.ohms
    if still.per_faradaic != 0.0:
        k_F, by_k = cathode_faradaic(y, k, T, m)
        value += still.per_faradaic * k_F
        slope += still.per_faradaic * by_k
    for layer in range(m.layout[L_WEAK_COUNT]):
        part, by_k, _, _ = weak_electrolyte.logarithm(
            weak_states(y, layer, m), k, T, weak_parameters(layer, m), region(2 + layer, m)
        )
        value, slope = value + part, slope + by_k
    return value, slope


@compiled(num(vec, num, STILL, NUMBERS))
def internal_current(y: Array, i: float, still: Still, m: Numbers) -> float:
    """Internal current k: that of the cell, or the one at which H is the internal voltage.

    H falls with k, so that a bracket can be kept; every third step halves it.
    """
    place = m.layout[L_GEOMETRIC]
    if place < 0:
        return i
    low, high, k = -_BEYOND, _BEYOND, i
    for n in range(_ITERATIONS):
        H, slope = voltage_across(y, k, still, m)
        g = H - y[place]
        trial = k - g / slope
        if not np.isfinite(trial):
            return np.nan
        if abs(trial - k) <= 4e-16 * abs(k) or abs(g) < _ROUNDING:
            return trial
        if g > 0.0:
            low = k
        else:
            high = k
        if high - low <= 4e-16 * max(abs(low), abs(high)):
            return k
        bracketed = low > -_BEYOND and high < _BEYOND
        if bracketed and (n % 3 == 2 or not low < trial < high):
            trial = 0.5 * (low + high)
        k = trial
    return k


@compiled(numbers(num, 2)(vec, num, num, NUMBERS))
def _ion_factors(y: Array, k: float, T: float, m: Numbers) -> tuple[float, float]:
    """Factors of the ions at the anode and at the cathode."""
    found = ions(y, k, T, m)
    return found[0], found[3]


@compiled(none(vec, num, integer, STILL, NUMBERS, vec))
def _slope_weak(y: Array, k: float, layer: int, still: Still, m: Numbers, row: Array) -> None:
    """Add the slope of the loss of a weak electrolyte."""
    T, p, mesh = still.T, weak_parameters(layer, m), region(2 + layer, m)
    a = weak_states(y, layer, m)
    first = m.layout[L_WEAK] + layer * a.size
    size = weak_electrolyte.molar_resistivity(T, p)
    for j in range(a.size):
        row[first + j] += k * size * 2.0 * mesh[HALF, j] / (a[j] * a[j])
    _, _, by_start, by_end = weak_electrolyte.logarithm(a, k, T, p, mesh)
    row[first] += by_start
    row[first + a.size - 1] += by_end


@compiled(num(vec, num, STILL, NUMBERS, vec))
def _slope_cathode(y: Array, k: float, still: Still, m: Numbers, row: Array) -> float:
    """Add the slope of the cathode's potential and of the electrons; returns that by ln(ions)."""
    T, start, end = still.T, m.layout[L_CATHODE], m.layout[L_CATHODE_END]
    place, by_ions, k_F = m.layout[L_CATHODE_U], 0.0, k
    by_u, by_c = 0.0, 0.0
    if place < 0:
        _, f_p = _ion_factors(y, k, T, m)
        _, _, slope, by_ions = electrode.insertion(y[start], k, f_p, T, CATHODE, m)
        row[start] += slope
    else:
        k_F, by_u, by_c, _ = electrode.faradaic(y[start], y[place], k, T, CATHODE, m)
        row[place] -= 1.0
    if m.layout[L_ELECTRONIC] != 0:
        heat = electrode.warmth(m, CATHODE, E_D_ENERGY, T)
        mixed_conductor.electronic_slope(
            y[start:end], k, k_F, T, heat, block(CATHODE, m), m.table, m.heads[T_DIFFUSIVITY],
            region(CATHODE, m), row[start:end],
        )  # fmt: skip
        row[start] += still.per_faradaic * by_c
        if place >= 0:
            row[place] += still.per_faradaic * by_u
    return by_ions


@compiled(num(vec, num, num, NUMBERS, vec))
def _slope_anode(y: Array, k: float, T: float, m: Numbers, row: Array) -> float:
    """Subtract the slope of the anode's potential; returns the potential's slope by ln(ions)."""
    place, start = m.layout[L_ANODE_U], m.layout[L_ANODE]
    if place >= 0:
        row[place] += 1.0
        return 0.0
    f_n, _ = _ion_factors(y, k, T, m)
    if not has_film(m):
        return electrode.metal(-k, f_n, T, ANODE, m)[2]
    _, _, slope, by_ions = electrode.insertion(y[start], -k, f_n, T, ANODE, m)
    row[start] -= slope
    return by_ions


@compiled(none(vec, num, STILL, NUMBERS, vec))
def slope_across(y: Array, k: float, still: Still, m: Numbers, row: Array) -> None:
    """Write dH/dy at fixed k, but for the temperature."""
    T = still.T
    for j in range(row.size):
        row[j] = 0.0
    _, _, n_by_a, _, _, p_by_a = ions(y, k, T, m)
    n, count = m.layout[L_WEAK_CELLS], m.layout[L_WEAK_COUNT]
    for layer in range(count):
        _slope_weak(y, k, layer, still, m, row)
    by_ions = _slope_cathode(y, k, still, m, row)
    if count > 0:
        row[m.layout[L_WEAK] + count * n - 1] += by_ions * p_by_a
    by_ions = _slope_anode(y, k, T, m, row)
    if count > 0:
        row[m.layout[L_WEAK]] -= by_ions * n_by_a
    for j in range(m.layout[L_RC_COUNT]):
        row[m.layout[L_RC] + j] = -1.0


@compiled(numbers(num, 4)(num, num, NUMBERS))
def at_rest(q: float, T: float, m: Numbers) -> tuple[float, float, float, float]:
    """Voltage at rest after a charge q, dU/dT there, and the slopes of both by q."""
    x = of(m, CATHODE, E_START) + q / of(m, CATHODE, E_PER_FRACTION)
    U, slope = electrode.potential(x, T, CATHODE, m)
    slope /= of(m, CATHODE, E_PER_FRACTION)
    S, S_slope = 0.0, 0.0
    if m.layout[L_ENTROPY] != 0:
        S, S_slope = lookup(m.table, m.heads, T_ENTROPY, x)
        S_slope /= of(m, CATHODE, E_PER_FRACTION)
    if has_film(m):
        b = of(m, ANODE, E_START) - q / of(m, ANODE, E_PER_FRACTION)
        U_n, n_slope = electrode.potential(b, T, ANODE, m)
        U, slope = U - U_n, slope + n_slope / of(m, ANODE, E_PER_FRACTION)
        if m.layout[L_ENTROPY] != 0:
            S_n, n_slope = lookup(m.table, m.heads, TABLES + T_ENTROPY, b)
            S, S_slope = S - S_n, S_slope + n_slope / of(m, ANODE, E_PER_FRACTION)
    return U, S, slope, S_slope


@compiled(numbers(num, 2)(vec, num, STILL, NUMBERS))
def cell_voltage(y: Array, i: float, still: Still, m: Numbers) -> tuple[float, float]:
    """Voltage of the cell and its slope by its current."""
    place = m.layout[L_GEOMETRIC]
    if place >= 0:
        return y[place] - m.p[P_SERIES] * i, -m.p[P_SERIES]
    return voltage_across(y, i, still, m)
