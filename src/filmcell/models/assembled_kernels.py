r"""The equations of an assembled cell: electrodes, electrolytes and interfaces in series.

Between the electrodes flows the internal current k, positive on discharge. Across all layers

.. math::
   H(y, k) = \varphi_p - \varphi_n + \sum \eta_\mathrm{weak} + \eta_e
             - k \sum_j R_j(T) - \sum_j v_j, \qquad
   C_j \frac{dv_j}{dt} = k - \frac{v_j}{R_j}

with the potentials of `electrode`, the losses of `weak_electrolyte` and of `mixed_conductor`, ohmic
layers, and interfaces that have a capacitance. Without a geometric capacitance k is the current i
of the cell and

.. math:: V = H(y, i) - \rho_s i

With one the voltage behind the series resistance is a state, and k is what makes both agree:

.. math::
   C_\mathrm{geo} \frac{dV^*}{dt} = k - i, \qquad H(y, k) = V^*, \qquad V = V^* - \rho_s i

A lumped heat balance per area makes the temperature a state. Irreversible heat counts from the
potential at rest of the mean composition, so that over a rest all heat is counted; then the
reversible heat and what the surroundings take:

.. math::
   C_h \frac{dT}{dt} = i \left( U(\bar x) - V \right) - i T \frac{dU}{dT}(\bar x)
                       - h (T - T_\mathrm{s})

The current couples everything with everything: its part of the Jacobian is a product of a column
and a row, as are those of V* and of T (whose column is a difference quotient).
"""

from typing import Any, NamedTuple

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import F
from filmcell.models import electrode, mixed_conductor, weak_electrolyte
from filmcell.models.electrode import of
from filmcell.models.places import (
    ANODE,
    CATHODE,
    E_C_MAX,
    E_CAPACITANCE,
    E_D,
    E_D_ENERGY,
    E_EXPONENT,
    E_HIGH,
    E_LOW,
    E_PER_FRACTION,
    E_SHARE,
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
    O_CAPACITANCE,
    O_ENERGY,
    O_RESISTANCE,
    O_T_REF,
    OHMIC,
    P_ELECTRODES,
    P_GEOMETRIC,
    P_HEAT_CAPACITY,
    P_HEAT_TRANSFER,
    P_LAYERS,
    P_METAL,
    P_METAL_PER_CHARGE,
    P_SERIES,
    P_SURROUNDINGS,
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
    fixed_vec,
    integer,
    mat,
    none,
    num,
    numbers,
    vec,
)
from filmcell.numerics.finite_volume import diffuse, diffuse_slope
from filmcell.numerics.mesh import AREA, HALF, PER_VOLUME
from filmcell.numerics.system import (
    GRADIENT,
    JACOBIAN,
    NUMBERS,
    OBSERVE,
    RATE,
    Kernel,
    Numbers,
)
from filmcell.numerics.table import lookup

NUCLEUS = 1e-13
"""Lithium that an anode-free cell counts as present [m]; far less than an atom."""

_THICK = 1e-6
_WARMER = 0.01
_ITERATIONS = 200
_BEYOND = 1e9
_FLOOR = 1e-6
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


@compiled(numbers(num, 6)(vec, num, num, NUMBERS))
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


@compiled(numbers(num, 2)(vec, num, num, num, num, NUMBERS))
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


@compiled(numbers(num, 2)(vec, num, num, num, num, NUMBERS))
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


@compiled(none(vec, num, num, NUMBERS, vec))
def _rate_cathode(y: Array, k: float, T: float, m: Numbers, out: Array) -> None:
    """Write the rates of the cathode."""
    start, end, place = m.layout[L_CATHODE], m.layout[L_CATHODE_END], m.layout[L_CATHODE_U]
    k_F, rest = cathode_faradaic(y, k, T, m)[0], 1.0 - of(m, CATHODE, E_SHARE)
    if place >= 0:
        out[place] = (k - k_F) / of(m, CATHODE, E_CAPACITANCE)
    factor = of(m, CATHODE, E_D) * electrode.warmth(m, CATHODE, E_D_ENERGY, T)
    diffuse(
        y[start:end], (k_F - rest * k) / F, m.table, m.heads[T_DIFFUSIVITY], factor,
        of(m, CATHODE, E_C_MAX), region(CATHODE, m), out[start:end],
    )  # fmt: skip
    if rest > 0.0:
        out[end - 1] += rest * k / F * m.mesh[PER_VOLUME, end - start - 1]


@compiled(none(vec, num, num, NUMBERS, vec))
def _rate_anode(y: Array, k: float, T: float, m: Numbers, out: Array) -> None:
    """Write the rates of the anode."""
    start, end, place = m.layout[L_ANODE], m.layout[L_ANODE_END], m.layout[L_ANODE_U]
    k_F = anode_faradaic(y, k, T, m)
    if place >= 0:
        out[place] = (-k - k_F) / of(m, ANODE, E_CAPACITANCE)
    if end > start:
        factor = of(m, ANODE, E_D) * electrode.warmth(m, ANODE, E_D_ENERGY, T)
        diffuse(
            y[start:end], k_F / F, m.table, m.heads[TABLES + T_DIFFUSIVITY], factor,
            of(m, ANODE, E_C_MAX), region(ANODE, m), out[start:end],
        )  # fmt: skip


@compiled(none(vec, num, NUMBERS, vec))
def rate(y: Array, i: float, m: Numbers, out: Array) -> None:
    """Write the rates of all states."""
    N, lay = y.size, m.layout
    T = temperature(y, m)
    k = i
    if lay[L_GEOMETRIC] >= 0 or lay[L_TEMPERATURE] >= 0:
        still = still_parts(y, m)
        k = internal_current(y, i, still, m)
        if lay[L_GEOMETRIC] >= 0:
            out[lay[L_GEOMETRIC]] = (k - i) / m.p[P_GEOMETRIC]
        if lay[L_TEMPERATURE] >= 0:
            V, _ = cell_voltage(y, i, still, m)
            U, S, _, _ = at_rest(y[N - 1], T, m)
            gone = m.p[P_HEAT_TRANSFER] * (T - m.p[P_SURROUNDINGS])
            out[lay[L_TEMPERATURE]] = (i * (U - V - T * S) - gone) / m.p[P_HEAT_CAPACITY]
    _rate_cathode(y, k, T, m, out)
    _rate_anode(y, k, T, m, out)
    for layer in range(lay[L_WEAK_COUNT]):
        weak_electrolyte.dissociate(
            weak_states(y, layer, m), k, T, weak_parameters(layer, m), region(2 + layer, m),
            weak_states(out, layer, m),
        )  # fmt: skip
    for j in range(lay[L_RC_COUNT]):
        place, layer = lay[L_RC] + j, lay[L_OHMIC_COUNT] + j
        C = m.p[P_LAYERS + lay[L_WEAK_COUNT] * WEAK + layer * OHMIC + O_CAPACITANCE]
        out[place] = (k - y[place] / ohms_of(layer, T, m)) / C
    out[N - 2], out[N - 1] = 1.0, i


@compiled(none(vec, num, NUMBERS, vec))
def gradient(y: Array, i: float, m: Numbers, row: Array) -> None:
    """Write dV/dy."""
    place, warm = m.layout[L_GEOMETRIC], m.layout[L_TEMPERATURE]
    if place >= 0:
        for j in range(row.size):
            row[j] = 0.0
        row[place] = 1.0
        return
    slope_across(y, i, still_parts(y, m), m, row)
    if warm >= 0:
        T = y[warm]
        y[warm] = T + _WARMER
        above, _ = voltage_across(y, i, still_parts(y, m), m)
        y[warm] = T - _WARMER
        below, _ = voltage_across(y, i, still_parts(y, m), m)
        y[warm] = T
        row[warm] = (above - below) / (2.0 * _WARMER)


@compiled(none(vec, num, num, NUMBERS, vec, vec, vec, vec))
def _slope_films(
    y: Array, k: float, T: float, m: Numbers,
    lower: Array, sink: Array, upper: Array, column: Array,
) -> None:  # fmt: skip
    """Write the derivative of the electrodes' rates by their states and by k."""
    for e in (CATHODE, ANODE):
        start = m.layout[L_CATHODE] if e == CATHODE else m.layout[L_ANODE]
        end = m.layout[L_CATHODE_END] if e == CATHODE else m.layout[L_ANODE_END]
        place = m.layout[L_CATHODE_U] if e == CATHODE else m.layout[L_ANODE_U]
        sign = 1.0 if e == CATHODE else -1.0
        C = of(m, e, E_CAPACITANCE)
        if end > start:
            factor = of(m, e, E_D) * electrode.warmth(m, e, E_D_ENERGY, T)
            diffuse_slope(
                y[start:end], m.table, m.heads[TABLES * e + T_DIFFUSIVITY], factor,
                of(m, e, E_C_MAX), region(e, m), lower[start:end], upper[start:end],
            )  # fmt: skip
            mesh, rest = region(e, m), 1.0 - of(m, e, E_SHARE)
            into = mesh[AREA, 0] * mesh[PER_VOLUME, 0] / F
            column[end - 1] += sign * rest / F * mesh[PER_VOLUME, end - start - 1]
            if place < 0:
                column[start] += sign * (1.0 - rest) * into
            else:
                _, by_u, by_c, by_k = electrode.faradaic(y[start], y[place], sign * k, T, e, m)
                lower[start], upper[place] = by_u * into, -by_c / C
                column[start] += sign * (by_k - rest) * into
                column[place] = sign * (1.0 - by_k) / C
        elif place >= 0:
            _, by_u = electrode.faradaic_metal(y[place], T, e, m)
            sink[place], column[place] = by_u / C, sign / C


@compiled(none(vec, num, STILL, NUMBERS, mat, mat))
def _slope_heat(y: Array, i: float, still: Still, m: Numbers, columns: Array, rows: Array) -> None:
    """Write the products of the temperature: the last two columns and rows, and its own input."""
    N, warm, last = y.size, m.layout[L_TEMPERATURE], columns.shape[0] - 1
    T, C = still.T, m.p[P_HEAT_CAPACITY]
    y[warm] = T + _WARMER
    rate(y, i, m, columns[last])
    y[warm] = T - _WARMER
    rate(y, i, m, rows[last])
    y[warm] = T
    for j in range(N):
        columns[last, j] = (columns[last, j] - rows[last, j]) / (2.0 * _WARMER)
        rows[last, j], columns[last - 1, j], rows[last - 1, j] = 0.0, 0.0, 0.0
    rows[last, warm] = 1.0
    V, by_i = cell_voltage(y, i, still, m)
    U, S, U_slope, S_slope = at_rest(y[N - 1], T, m)
    columns[0, warm] = (U - V - T * S - i * by_i) / C
    columns[last - 1, warm] = 1.0
    gradient(y, i, m, rows[last - 1])
    for j in range(N):
        rows[last - 1, j] *= -i / C
    rows[last - 1, warm] = 0.0
    rows[last - 1, N - 1] += i * (U_slope - T * S_slope) / C


@compiled(none(vec, num, NUMBERS, vec, vec, vec, mat, mat))
def jacobian(
    y: Array, i: float, m: Numbers,
    lower: Array, sink: Array, upper: Array, columns: Array, rows: Array,
) -> None:  # fmt: skip
    """Write the derivative of `rate`."""
    N, lay, still = y.size, m.layout, still_parts(y, m)
    T, k = still.T, internal_current(y, i, still, m)
    place, warm = lay[L_GEOMETRIC], lay[L_TEMPERATURE]
    inner = 1 if place >= 0 else 0  # the column of the internal current
    for j in range(N):
        lower[j], sink[j], upper[j], columns[0, j], columns[inner, j] = 0.0, 0.0, 0.0, 0.0, 0.0
    if warm >= 0:  # first, as it borrows rows and columns
        _slope_heat(y, i, still, m, columns, rows)
    if place >= 0:
        _, H_slope = voltage_across(y, k, still, m)
        slope_across(y, k, still, m, rows[1])
        for j in range(N):
            rows[1, j] /= -H_slope
        rows[1, place] += 1.0 / H_slope
        columns[0, place] = -1.0 / m.p[P_GEOMETRIC]
        columns[1, place] = 1.0 / m.p[P_GEOMETRIC]
    columns[0, N - 1] = 1.0
    _slope_films(y, k, T, m, lower, sink, upper, columns[inner])
    for layer in range(lay[L_WEAK_COUNT]):
        dissociated = weak_states(columns[inner], layer, m)
        weak_electrolyte.dissociate_slope(
            weak_states(y, layer, m), T, weak_parameters(layer, m), region(2 + layer, m),
            weak_states(lower, layer, m), weak_states(sink, layer, m),
            weak_states(upper, layer, m), dissociated,
        )  # fmt: skip
    for j in range(lay[L_RC_COUNT]):
        state, layer = lay[L_RC] + j, lay[L_OHMIC_COUNT] + j
        C = m.p[P_LAYERS + lay[L_WEAK_COUNT] * WEAK + layer * OHMIC + O_CAPACITANCE]
        sink[state] = 1.0 / (C * ohms_of(layer, T, m))
        columns[inner, state] = 1.0 / C


@compiled(num(integer, NUMBERS))
def _floor(double_layer: int, m: Numbers) -> float:
    """Margin at which a surface counts as full or empty.

    Where a capacitance can deliver the current instead, the surface only tends to its end.
    """
    charged = m.layout[double_layer] >= 0 or m.layout[L_GEOMETRIC] >= 0
    return _FLOOR if charged else 0.0


@compiled(numbers(num, 2)(vec, num, num, NUMBERS))
def _surface_fractions(y: Array, k: float, T: float, m: Numbers) -> tuple[float, float]:
    """Lithiation fraction of the cathode at the electrolyte and at the collector."""
    start, end = m.layout[L_CATHODE], m.layout[L_CATHODE_END]
    k_F, rest = cathode_faradaic(y, k, T, m)[0], 1.0 - of(m, CATHODE, E_SHARE)
    x, _, _ = electrode.surface(y[start], (k_F - rest * k) / F, T, CATHODE, m)
    if rest == 0.0:
        return x, x
    c_max = of(m, CATHODE, E_C_MAX)
    D, _ = lookup(m.table, m.heads, T_DIFFUSIVITY, y[end - 1] / c_max)
    D *= of(m, CATHODE, E_D) * electrode.warmth(m, CATHODE, E_D_ENERGY, T)
    return x, (y[end - 1] + rest * k / F * m.mesh[HALF, end - start - 1] / D) / c_max


@compiled(none(vec, num, NUMBERS, vec))
def observe(y: Array, i: float, m: Numbers, out: Array) -> None:
    """Write V, dV/di, and the margins: ranges of both electrodes, then of the electrolytes."""
    still = still_parts(y, m)
    out[0], out[1] = cell_voltage(y, i, still, m)
    k = internal_current(y, i, still, m)
    T = still.T
    x, far = _surface_fractions(y, k, T, m)
    floor = _floor(L_CATHODE_U, m)
    out[2] = min(x, far) - of(m, CATHODE, E_LOW) - floor
    out[3] = of(m, CATHODE, E_HIGH) - max(x, far) - floor
    if has_film(m):
        start, floor = m.layout[L_ANODE], _floor(L_ANODE_U, m)
        k_F = anode_faradaic(y, k, T, m)
        x, _, _ = electrode.surface(y[start], k_F / F, T, ANODE, m)
        out[4] = x - of(m, ANODE, E_LOW) - floor
        out[5] = of(m, ANODE, E_HIGH) - x - floor
    else:
        left = m.p[P_METAL] + NUCLEUS - y[y.size - 1] * m.p[P_METAL_PER_CHARGE]
        out[4], out[5] = left / max(m.p[P_METAL], _THICK), 1.0
    out[6] = 1.0
    for layer in range(m.layout[L_WEAK_COUNT]):
        margin = weak_electrolyte.depletion(
            weak_states(y, layer, m), k, T, weak_parameters(layer, m), region(2 + layer, m)
        )
        out[6] = min(out[6], margin)


KERNELS = (
    Kernel(rate, RATE),
    Kernel(jacobian, JACOBIAN),
    Kernel(observe, OBSERVE),
    Kernel(gradient, GRADIENT),
)
"""The four functions in the form that the integrator takes them."""


FIXED_PARTS = (
    "open-circuit potential",
    "cathode diffusion",
    "anode diffusion",
    "cathode kinetics",
    "anode kinetics",
    "electrons in the cathode",
)
"""Parts of the voltage that every cell has, in the order in which `components` writes them."""


@compiled(num(vec, fixed_vec, num))
def _mean(c: Array, volume: Array, c_max: float) -> float:
    """Mean lithiation fraction."""
    lithium, whole = 0.0, 0.0
    for j in range(c.size):
        lithium += c[j] * volume[j]
        whole += volume[j]
    return lithium / (whole * c_max)


@compiled(none(vec, num, STILL, fixed_vec, fixed_vec, NUMBERS, vec))
def _write_electrodes(
    y: Array, k: float, still: Still, volume: Array, anode_volume: Array, m: Numbers, out: Array
) -> None:
    """Write the fixed parts."""
    T, lay = still.T, m.layout
    f_n, _, _, f_p, _, _ = ions(y, k, T, m)
    c = y[lay[L_CATHODE] : lay[L_CATHODE_END]]
    k_F, rest = cathode_faradaic(y, k, T, m)[0], 1.0 - of(m, CATHODE, E_SHARE)
    phi, _ = cathode_side(y, k, T, f_p, 0.0, m)
    x, _, _ = electrode.surface(c[0], (k_F - rest * k) / F, T, CATHODE, m)
    x = min(max(x, electrode.NEARLY_EMPTY), electrode.NEARLY_FULL)
    U, _ = electrode.potential(_mean(c, volume, of(m, CATHODE, E_C_MAX)), T, CATHODE, m)
    U_s, _ = electrode.potential(x, T, CATHODE, m)
    out[0], out[1], out[3] = U, U_s - U, phi - U_s
    phi, _ = anode_side(y, k, T, f_n, 0.0, m)
    out[2], out[4] = 0.0, -phi
    if has_film(m):
        b = y[lay[L_ANODE] : lay[L_ANODE_END]]
        x, _, _ = electrode.surface(b[0], anode_faradaic(y, k, T, m) / F, T, ANODE, m)
        x = min(max(x, electrode.NEARLY_EMPTY), electrode.NEARLY_FULL)
        U, _ = electrode.potential(_mean(b, anode_volume, of(m, ANODE, E_C_MAX)), T, ANODE, m)
        U_s, _ = electrode.potential(x, T, ANODE, m)
        out[0] -= U
        out[2], out[4] = U - U_s, U_s - phi
    out[5] = 0.0
    if lay[L_ELECTRONIC] != 0:
        heat = electrode.warmth(m, CATHODE, E_D_ENERGY, T)
        a, b_i, g = mixed_conductor.electronic_loss(
            c, T, heat, block(CATHODE, m), m.table, m.heads[T_DIFFUSIVITY], region(CATHODE, m)
        )
        out[5] = a + b_i * k + g * k_F


@compiled(none(vec, num, num, NUMBERS, vec))
def _write_layers(y: Array, k: float, T: float, m: Numbers, out: Array) -> None:
    """Write the parts of the layers and interfaces."""
    place = len(FIXED_PARTS)
    for layer in range(m.layout[L_WEAK_COUNT]):
        a, p, mesh = weak_states(y, layer, m), weak_parameters(layer, m), region(2 + layer, m)
        nernst = weak_electrolyte.nernst(a, k, T, p, mesh)
        value, _, _, _ = weak_electrolyte.logarithm(a, k, T, p, mesh)
        out[place] = nernst
        out[place + 1] = value - nernst - k * weak_electrolyte.resistance(a, T, p, mesh)
        place += 2
    for layer in range(m.layout[L_OHMIC_COUNT]):
        out[place] = -k * ohms_of(layer, T, m)
        place += 1
    for j in range(m.layout[L_RC_COUNT]):
        out[place] = -y[m.layout[L_RC] + j]
        place += 1


@compiled(none(mat, vec, fixed_vec, fixed_vec, NUMBERS, mat))
def components(
    states: Array, current: Array, volume: Array, anode_volume: Array, m: Numbers, out: Array
) -> None:
    """Write the parts of the voltage at each row of states [V].

    After the fixed parts come diffusion and migration of each weak electrolyte, the ohmic layers,
    the interfaces with a capacitance and the series resistance: out has shape (rows, parts).
    """
    for row in range(current.size):
        y, i = states[row], current[row]
        still = still_parts(y, m)
        k = internal_current(y, i, still, m)
        _write_electrodes(y, k, still, volume, anode_volume, m, out[row])
        _write_layers(y, k, still.T, m, out[row])
        out[row, out.shape[1] - 1] = -m.p[P_SERIES] * i
        if m.layout[L_GEOMETRIC] >= 0:
            # next to a full surface H can be met to the last bit of k only: that is kinetics
            H, _ = voltage_across(y, k, still, m)
            out[row, 3] += y[m.layout[L_GEOMETRIC]] - H
