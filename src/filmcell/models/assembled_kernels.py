r"""The equations of an assembled cell: electrodes, electrolytes and interfaces in series.

The voltage follows from `assembled_voltage`. Besides what `electrode`, `weak_electrolyte` and
`mixed_conductor` say of their concentrations, interfaces that have a capacitance are charged, and
so is the geometric capacitance between the collectors:

.. math::
   C_j \frac{dv_j}{dt} = k - \frac{v_j}{R_j}, \qquad
   C_\mathrm{geo} \frac{dV^*}{dt} = k - i

A lumped heat balance per area makes the temperature a state. Irreversible heat counts from the
potential at rest of the mean composition, so that over a rest all heat is counted; then the
reversible heat and what the surroundings take:

.. math::
   C_h \frac{dT}{dt} = i \left( U(\bar x) - V \right) - i T \frac{dU}{dT}(\bar x)
                       - h (T - T_\mathrm{s})

The current couples everything with everything: its part of the Jacobian is a product of a column
and a row, as are those of V* and of T (whose column is a difference quotient).
"""

from filmcell.arrays import Array
from filmcell.constants import F
from filmcell.models import electrode, weak_electrolyte
from filmcell.models.assembled_voltage import (
    STILL,
    Still,
    anode_faradaic,
    at_rest,
    cathode_faradaic,
    cell_voltage,
    has_film,
    internal_current,
    ohms_of,
    region,
    slope_across,
    still_parts,
    temperature,
    voltage_across,
    weak_parameters,
    weak_states,
)
from filmcell.models.electrode import of
from filmcell.models.places import (
    ANODE,
    CATHODE,
    E_C_MAX,
    E_CAPACITANCE,
    E_D,
    E_D_ENERGY,
    E_HIGH,
    E_LOW,
    E_SHARE,
    L_ANODE,
    L_ANODE_END,
    L_ANODE_U,
    L_CATHODE,
    L_CATHODE_END,
    L_CATHODE_U,
    L_GEOMETRIC,
    L_OHMIC_COUNT,
    L_RC,
    L_RC_COUNT,
    L_TEMPERATURE,
    L_WEAK_COUNT,
    O_CAPACITANCE,
    OHMIC,
    P_GEOMETRIC,
    P_HEAT_CAPACITY,
    P_HEAT_TRANSFER,
    P_LAYERS,
    P_METAL,
    P_METAL_PER_CHARGE,
    P_SURROUNDINGS,
    T_DIFFUSIVITY,
    TABLES,
    WEAK,
)
from filmcell.numerics import finite_volume, kirchhoff
from filmcell.numerics.compiling import (
    compiled,
    integer,
    mat,
    none,
    num,
    numbers,
    vec,
)
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
_WARMER = 0.1


@compiled(none(vec, num, num, integer, NUMBERS, vec))
def _diffuse(c: Array, influx: float, T: float, e: int, m: Numbers, out: Array) -> None:
    """Write what an electrode's balances gain: of nodes, or of volumes where it conducts mixed.

    Volumes have half widths inside, nodes have none (`Nodes.packed`).
    """
    factor = of(m, e, E_D) * electrode.warmth(m, e, E_D_ENERGY, T)
    head, c_max, mesh = m.heads[TABLES * e + T_DIFFUSIVITY], of(m, e, E_C_MAX), region(e, m)
    if mesh[HALF, 1] > 0.0:
        finite_volume.diffuse(c, influx, m.table, head, factor, c_max, mesh, out)
    else:
        kirchhoff.diffuse(c, influx, m.table, head, factor, c_max, mesh, out)


@compiled(none(vec, num, integer, NUMBERS, vec, vec))
def _diffuse_slope(c: Array, T: float, e: int, m: Numbers, lower: Array, upper: Array) -> None:
    """Write the derivative of `_diffuse` by c."""
    factor = of(m, e, E_D) * electrode.warmth(m, e, E_D_ENERGY, T)
    head, c_max, mesh = m.heads[TABLES * e + T_DIFFUSIVITY], of(m, e, E_C_MAX), region(e, m)
    if mesh[HALF, 1] > 0.0:
        finite_volume.diffuse_slope(c, m.table, head, factor, c_max, mesh, lower, upper)
    else:
        kirchhoff.diffuse_slope(c, m.table, head, factor, c_max, mesh, lower, upper)


@compiled(none(vec, num, num, NUMBERS, vec))
def _rate_cathode(y: Array, k: float, T: float, m: Numbers, out: Array) -> None:
    """Write the rates of the cathode."""
    start, end, place = m.layout[L_CATHODE], m.layout[L_CATHODE_END], m.layout[L_CATHODE_U]
    k_F, rest = cathode_faradaic(y, k, T, m)[0], 1.0 - of(m, CATHODE, E_SHARE)
    if place >= 0:
        out[place] = (k - k_F) / of(m, CATHODE, E_CAPACITANCE)
    _diffuse(y[start:end], (k_F - rest * k) / F, T, CATHODE, m, out[start:end])
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
        _diffuse(y[start:end], k_F / F, T, ANODE, m, out[start:end])


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


@compiled(num(vec, num, num, NUMBERS))
def _voltage_beside(y: Array, i: float, warmer: float, m: Numbers) -> float:
    """Voltage without the geometric capacitance at a temperature beside that of the state."""
    warm = m.layout[L_TEMPERATURE]
    T = y[warm]
    y[warm] = T + warmer
    H, _ = voltage_across(y, i, still_parts(y, m), m)
    y[warm] = T
    return H


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
        near = _voltage_beside(y, i, _WARMER, m) - _voltage_beside(y, i, -_WARMER, m)
        far = _voltage_beside(y, i, 2.0 * _WARMER, m) - _voltage_beside(y, i, -2.0 * _WARMER, m)
        row[warm] = (8.0 * near - far) / (12.0 * _WARMER)


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
            _diffuse_slope(y[start:end], T, e, m, lower[start:end], upper[start:end])
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
    y[warm] = T + 2.0 * _WARMER
    rate(y, i, m, columns[last - 1])
    y[warm] = T - 2.0 * _WARMER
    rate(y, i, m, rows[last - 1])
    y[warm] = T
    for j in range(N):
        near, far = columns[last, j] - rows[last, j], columns[last - 1, j] - rows[last - 1, j]
        columns[last, j] = (8.0 * near - far) / (12.0 * _WARMER)
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
        rows[0, j] = 0.0
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
    if place >= 0 and warm >= 0:
        # what T does to k belongs to the row of k, or V* would lose its digits
        last = columns.shape[0] - 1
        k_by_T = columns[last, place] * m.p[P_GEOMETRIC]
        for j in range(N):
            columns[last, j] -= columns[1, j] * k_by_T
        columns[last, place], rows[1, warm] = 0.0, k_by_T
    if place >= 0:
        # count k - i, which is small, where k and i would lose all digits against each other:
        # then the column of i is that of a current which passes right through
        for j in range(N):
            columns[0, j] += columns[1, j]
        rows[0, 1] = -1.0


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
    out[2] = min(x, far) - of(m, CATHODE, E_LOW)
    out[3] = of(m, CATHODE, E_HIGH) - max(x, far)
    if has_film(m):
        start = m.layout[L_ANODE]
        k_F = anode_faradaic(y, k, T, m)
        x, _, _ = electrode.surface(y[start], k_F / F, T, ANODE, m)
        out[4] = x - of(m, ANODE, E_LOW)
        out[5] = of(m, ANODE, E_HIGH) - x
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
