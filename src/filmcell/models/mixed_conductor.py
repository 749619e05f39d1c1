r"""A mixed conductor: lithium ions and electrons move through the cathode together.

Raijmakers, Danilov, Eichel & Notten 2020, with signs that hold on charge and on discharge. Both
species have the concentration c; their diffusivities :math:`D_\mathrm{Li}(x)` and
:math:`D_e(x)` change with the composition by the same factor, so that their ratio
:math:`\rho = D_e / D_\mathrm{Li}` is one number. With y from the electrolyte to the collector,

.. math::
   J_\mathrm{Li} = -D_\mathrm{Li} \left[ \frac{\partial c}{\partial y} - \frac{F}{RT} c E \right],
   \quad
   J_e = -D_e \left[ \frac{\partial c}{\partial y} + \frac{F}{RT} c E \right], \quad
   \frac{i}{F} = J_\mathrm{Li} - J_e

Adding :math:`J_\mathrm{Li}/D_\mathrm{Li}` and :math:`J_e/D_e` removes the field:

.. math::
   N = -D \frac{\partial c}{\partial y} = p J_\mathrm{Li} + (1 - p) J_e, \qquad
   \frac{\partial c}{\partial t} = -\frac{\partial N}{\partial y}, \qquad
   D = \frac{2 D_\mathrm{Li} D_e}{D_\mathrm{Li} + D_e}, \qquad p = \frac{\rho}{1 + \rho}

At the electrolyte :math:`J_\mathrm{Li} = i_F / F`, the faradaic current (all of it where there is
no double layer); at the collector :math:`J_\mathrm{Li} = 0`. So

.. math:: N(0) = \frac{i_F - (1 - p)\, i}{F}, \qquad N(M) = -(1 - p) \frac{i}{F}:

neutral lithium enters from both sides, p of it from the electrolyte and 1 - p from the collector,
and their sum is :math:`i_F / F`.

The electrons lose, from the difference of their electrochemical potential,

.. math::
   \eta = \frac{RT}{F} \int_0^M \frac{J_e}{D_e c}\,dy
        = -\frac{RT}{F} \ln \frac{c(M)}{c(0)} - \int_0^M E\,dy, \qquad J_e = N - p\,i / F

which is negative on discharge and positive on charge, as every loss. (The form of the paper is
known to us at second hand only.)
"""

from filmcell.arrays import Array
from filmcell.constants import F, R
from filmcell.models.places import E_C_MAX, E_D, E_RATIO, E_SHARE
from filmcell.numerics.compiling import compiled, fixed_mat, fixed_vec, none, num, numbers, vec
from filmcell.numerics.mesh import HALF
from filmcell.numerics.table import interpolate


@compiled(inline="always")
def diffusivity(c: float, heat: float, p: Array, table: Array, head: Array) -> tuple[float, float]:
    """Ambipolar diffusivity, at a temperature with this Arrhenius factor, and its slope in c."""
    value, slope = interpolate(table, head[0], head[1], head[2], int(head[3]), c / p[E_C_MAX])
    return p[E_D] * heat * value, p[E_D] * heat * slope / p[E_C_MAX]


@compiled(inline="always")
def weight(c: float, D: float, half: float, p: Array) -> float:
    """Half a volume over D_e c; D = 2 D_Li D_e / (D_Li + D_e) makes D_e = D (1 + rho) / 2."""
    return half / (0.5 * (1.0 + p[E_RATIO]) * D * c)


@compiled(numbers(num, 3)(vec, num, num, fixed_vec, fixed_mat, fixed_vec, fixed_mat))
def electronic_loss(
    c: Array, T: float, heat: float, p: Array, table: Array, head: Array, mesh: Array
) -> tuple[float, float, float]:
    """Loss of the electrons as a + b i + g i_F: returns a [V], b and g [ohm m2].

    The integral takes the mean of J_e over the faces of each volume.
    """
    n = c.size
    volts = R * T / F
    drive, span = 0.0, 0.0
    D, _ = diffusivity(c[0], heat, p, table, head)
    here = weight(c[0], D, mesh[HALF, 0], p)
    first = here
    for j in range(n - 1):
        D_next, _ = diffusivity(c[j + 1], heat, p, table, head)
        there = weight(c[j + 1], D_next, mesh[HALF, j + 1], p)
        flux = (c[j] - c[j + 1]) / (mesh[HALF, j] / D + mesh[HALF, j + 1] / D_next)
        drive += (here + there) * flux
        span += here + there
        D, here = D_next, there
    return (
        volts * drive,
        -volts * (p[E_SHARE] * span + first + here) / F,
        volts * first / F,
    )


@compiled(none(vec, num, num, num, num, fixed_vec, fixed_mat, fixed_vec, fixed_mat, vec))
def electronic_slope(
    c: Array, i: float, faradaic: float, T: float, heat: float,
    p: Array, table: Array, head: Array, mesh: Array, row: Array,
) -> None:  # fmt: skip
    """Add the derivative of the electronic loss by the concentrations to `row`, shape (n,)."""
    n = c.size
    volts = R * T / F
    D, dD = diffusivity(c[0], heat, p, table, head)
    here = weight(c[0], D, mesh[HALF, 0], p)
    here_by_c = -here * (1.0 / c[0] + dD / D)
    row[0] += volts * here_by_c * (faradaic - i) / F
    for j in range(n - 1):
        D_next, dD_next = diffusivity(c[j + 1], heat, p, table, head)
        there = weight(c[j + 1], D_next, mesh[HALF, j + 1], p)
        there_by_c = -there * (1.0 / c[j + 1] + dD_next / D_next)
        series = mesh[HALF, j] / D + mesh[HALF, j + 1] / D_next
        flux = (c[j] - c[j + 1]) / series
        flux_here = (1.0 + flux * mesh[HALF, j] * dD / (D * D)) / series
        flux_there = (-1.0 + flux * mesh[HALF, j + 1] * dD_next / (D_next * D_next)) / series
        J = flux - p[E_SHARE] * i / F
        row[j] += volts * (here_by_c * J + (here + there) * flux_here)
        row[j + 1] += volts * (there_by_c * J + (here + there) * flux_there)
        D, dD, here, here_by_c = D_next, dD_next, there, there_by_c
    row[n - 1] -= volts * here_by_c * i / F
