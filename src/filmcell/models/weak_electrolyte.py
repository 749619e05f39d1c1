r"""A weak electrolyte: lithium on fixed sites dissociates into mobile ions and bound charges.

Danilov, Niessen & Notten 2011. On sites of density :math:`a_0` stands Li0, which gives a lithium
ion and leaves a negative charge n- behind, both of which move:

.. math:: \mathrm{Li^0 \rightleftharpoons Li^+ + n^-}, \qquad
          r = k_d (a_0 - a) - k_r a^2, \qquad
          k_d = k_r a_0 \frac{\delta^2}{1 - \delta}

Both have the concentration a, as the electrolyte is neutral. With y from the anode side to the
cathode side, i > 0 on discharge and the field E,

.. math::
   J_+ = -D_+ \frac{\partial a}{\partial y} + D_+ \frac{F}{RT} a E, \qquad
   J_- = -D_- \frac{\partial a}{\partial y} - D_- \frac{F}{RT} a E, \qquad
   \frac{i}{F} = J_+ - J_-

Adding :math:`J_+/D_+` and :math:`J_-/D_-` removes the field, subtracting them gives it:

.. math::
   \frac{\partial a}{\partial t} = D \frac{\partial^2 a}{\partial y^2} + r, \quad
   D = \frac{2 D_+ D_-}{D_+ + D_-}, \qquad
   E = \frac{RT}{F} \frac{1}{a} \frac{i/F + (D_+ - D_-)\,\partial a/\partial y}{D_+ + D_-}

n- passes neither end, :math:`J_- = 0`, so that :math:`\partial a/\partial y = -i / 2 F D_+` there:
through each end flows :math:`(1 - t_+)\, i/F` of the neutral pair, in at the anode side and out at
the cathode side, with :math:`t_+ = D_+ / (D_+ + D_-)`.

The loss is the difference of the electrochemical potential of Li+ between the two sides, by
diffusion (Nernst) and by migration; both are negative on discharge:

.. math::
   \eta = \underbrace{\frac{RT}{F} \ln \frac{a(L)}{a(0)}}_\text{diffusion}
          \underbrace{- \int_0^L E\,dy}_\text{migration}
        = \frac{2RT}{F} (1 - t_+) \ln \frac{a(L)}{a(0)}
          - \frac{RT}{F^2} \frac{i}{D_+ + D_-} \int_0^L \frac{dy}{a}

The closure :math:`a_0 - a` is the paper's; with Li0 fixed in place it is no balance of lithium
inside the layer: in a steady state one side keeps making pairs and the other removes them.

Several weak electrolytes may follow each other. Each has its own n-, which does not pass into the
next one, so that they share nothing but the current.
"""

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import F, R
from filmcell.models.places import (
    W_ANION,
    W_CATION,
    W_DISSOCIATION,
    W_ENERGY,
    W_REACTION_ENERGY,
    W_RECOMBINATION,
    W_REST,
    W_SITES,
    W_T_REF,
)
from filmcell.numerics.compiling import compiled, fixed_mat, fixed_vec, none, num, numbers, vec
from filmcell.numerics.finite_volume import spread, spread_slope
from filmcell.numerics.mesh import HALF, PER_VOLUME
from filmcell.physics import transport

LEAST = 1e-9
"""Share of the concentration at rest below which a surface counts as empty of ions [-]."""

factor = compiled(num(num, num, num))(transport.arrhenius_factor)


@compiled(inline="always")
def at(p: Array, energy: int, T: float) -> float:
    """Arrhenius factor of a layer; most have none, and the exponential is worth sparing."""
    if p[energy] == 0.0:
        return 1.0
    return factor(T, p[energy], p[W_T_REF])


@compiled(none(vec, num, num, fixed_vec, fixed_mat, vec))
def dissociate(a: Array, i: float, T: float, p: Array, mesh: Array, out: Array) -> None:
    """Write da/dt of a layer with parameters p, shape (n,)."""
    n = a.size
    moving, reacting = at(p, W_ENERGY, T), at(p, W_REACTION_ENERGY, T)
    D = 2.0 * p[W_CATION] * p[W_ANION] / (p[W_CATION] + p[W_ANION]) * moving
    k_d, k_r, sites = p[W_DISSOCIATION] * reacting, p[W_RECOMBINATION] * reacting, p[W_SITES]
    passing = p[W_ANION] / (p[W_CATION] + p[W_ANION]) * i / F
    spread(a, D, passing, passing, mesh, out)
    for j in range(n):
        out[j] += k_d * (sites - a[j]) - k_r * a[j] * a[j]


@compiled(none(vec, num, fixed_vec, fixed_mat, vec, vec, vec, vec))
def dissociate_slope(
    a: Array, T: float, p: Array, mesh: Array,
    lower: Array, sink: Array, upper: Array, column: Array,
) -> None:  # fmt: skip
    """Write the derivative of `dissociate` by the concentrations and by the current."""
    n = a.size
    moving, reacting = at(p, W_ENERGY, T), at(p, W_REACTION_ENERGY, T)
    D = 2.0 * p[W_CATION] * p[W_ANION] / (p[W_CATION] + p[W_ANION]) * moving
    k_d, k_r = p[W_DISSOCIATION] * reacting, p[W_RECOMBINATION] * reacting
    for j in range(n):
        sink[j] = k_d + 2.0 * k_r * a[j]
        column[j] = 0.0
    spread_slope(D, mesh, lower, upper)
    passing = p[W_ANION] / (p[W_CATION] + p[W_ANION]) / F
    column[0] += passing * mesh[PER_VOLUME, 0]
    column[n - 1] -= passing * mesh[PER_VOLUME, n - 1]


@compiled(num(num, fixed_vec))
def molar_resistivity(T: float, p: Array) -> float:
    """Resistivity times concentration, RT / (F^2 (D+ + D-)) [ohm mol/m2]."""
    return R * T / (F * F * (p[W_CATION] + p[W_ANION]) * at(p, W_ENERGY, T))


@compiled(num(vec, num, fixed_vec, fixed_mat))
def resistance(a: Array, T: float, p: Array, mesh: Array) -> float:
    """Factor of -i in the loss: RT / (F^2 (D+ + D-)) times the integral of 1/a [ohm m2]."""
    # four sums at a time, as divisions that wait for each other take four times as long
    n = a.size
    s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
    for j in range(0, n - 3, 4):
        s0 += mesh[HALF, j] / a[j]
        s1 += mesh[HALF, j + 1] / a[j + 1]
        s2 += mesh[HALF, j + 2] / a[j + 2]
        s3 += mesh[HALF, j + 3] / a[j + 3]
    for j in range(n - n % 4, n):
        s0 += mesh[HALF, j] / a[j]
    total = 2.0 * ((s0 + s1) + (s2 + s3))
    return molar_resistivity(T, p) * total


@compiled(inline="always")
def surfaces(
    a: Array, i: float, T: float, p: Array, mesh: Array
) -> tuple[float, float, float, float]:
    """Concentrations at the anode and the cathode side, and their derivatives by the current."""
    per_current = 0.5 / (F * p[W_CATION] * at(p, W_ENERGY, T))
    n = a.size
    first, last = mesh[HALF, 0] * per_current, mesh[HALF, n - 1] * per_current
    return a[0] + i * first, a[n - 1] - i * last, first, -last


@compiled(numbers(num, 4)(vec, num, num, fixed_vec, fixed_mat))
def logarithm(
    a: Array, i: float, T: float, p: Array, mesh: Array
) -> tuple[float, float, float, float]:
    """Logarithmic part of the loss, 2RT/F (1 - t+) ln(a(L)/a(0)).

    Also its derivatives by the current and by the first and the last concentration. A trial state
    may lie beyond depletion; it sees the value at which a surface counts as empty.
    """
    start, end, start_by_i, end_by_i = surfaces(a, i, T, p, mesh)
    least = LEAST * p[W_REST]
    by_start = 1.0 / start if start > least else 0.0
    by_end = 1.0 / end if end > least else 0.0
    size = 2.0 * R * T / F * p[W_ANION] / (p[W_CATION] + p[W_ANION])
    value = size * np.log(max(end, least) / max(start, least))
    by_i = size * (by_end * end_by_i - by_start * start_by_i)
    return value, by_i, -size * by_start, size * by_end


@compiled(num(vec, num, num, fixed_vec, fixed_mat))
def nernst(a: Array, i: float, T: float, p: Array, mesh: Array) -> float:
    """Part of the loss by diffusion, RT/F ln(a(L)/a(0))."""
    return logarithm(a, i, T, p, mesh)[0] * 0.5 * (p[W_CATION] + p[W_ANION]) / p[W_ANION]


@compiled(num(vec, num, num, fixed_vec, fixed_mat))
def depletion(a: Array, i: float, T: float, p: Array, mesh: Array) -> float:
    """Margin to depletion: the lower surface concentration over the one at rest [-]."""
    start, end, _, _ = surfaces(a, i, T, p, mesh)
    return min(start, end) / p[W_REST] - LEAST
