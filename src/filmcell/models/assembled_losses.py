"""Parts of the voltage of an assembled cell, which sum to it."""

from filmcell.arrays import Array
from filmcell.constants import F
from filmcell.models import electrode, mixed_conductor, weak_electrolyte
from filmcell.models.assembled_voltage import (
    STILL,
    Still,
    anode_faradaic,
    anode_side,
    block,
    cathode_faradaic,
    cathode_side,
    has_film,
    internal_current,
    ions,
    ohms_of,
    region,
    still_parts,
    voltage_across,
    weak_parameters,
    weak_states,
)
from filmcell.models.electrode import of
from filmcell.models.places import (
    ANODE,
    CATHODE,
    E_C_MAX,
    E_D_ENERGY,
    E_SHARE,
    L_ANODE,
    L_ANODE_END,
    L_CATHODE,
    L_CATHODE_END,
    L_ELECTRONIC,
    L_GEOMETRIC,
    L_OHMIC_COUNT,
    L_RC,
    L_RC_COUNT,
    L_WEAK_COUNT,
    P_SERIES,
    T_DIFFUSIVITY,
)
from filmcell.numerics.compiling import (
    compiled,
    fixed_vec,
    mat,
    none,
    num,
    vec,
)
from filmcell.numerics.system import (
    NUMBERS,
    Numbers,
)

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
