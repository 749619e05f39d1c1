r"""The film model: diffusion in a dense cathode, kinetics at both interfaces, ohmic layers.

Lithium | solid electrolyte (and interlayers) | cathode film, isothermal, one dimension. The
current density i is positive on discharge; depth :math:`\xi` counts from the electrolyte.

Cathode (m = 0 plane film, 1 cylinder, 2 sphere; r the distance from the axis, centre or
collector):

.. math::
   \frac{\partial c}{\partial t} = r^{-m} \frac{\partial}{\partial r}
   \left( r^m D(c, T) \frac{\partial c}{\partial r} \right), \qquad
   -D \left. \frac{\partial c}{\partial \xi} \right|_{\xi = 0} = \frac{i}{F}, \qquad
   \left. \frac{\partial c}{\partial \xi} \right|_\mathrm{far\ end} = 0

Charge passed and lithium metal left:

.. math:: \frac{dq}{dt} = i, \qquad h_\mathrm{Li} = h_0 - V_m\, q / F

Interfaces, any transfer coefficient, both overpotentials anodic-positive:

.. math::
   -i &= i_{0,p}(x_s) \left[ e^{\alpha_p f \eta_p} - e^{-(1-\alpha_p) f \eta_p} \right],
   \qquad i_{0,p} = i_\mathrm{ref}(x_s)\, x_s^a (1 - x_s)^b \\
   i &= i_{0,n} \left[ e^{\alpha_n f \eta_n} - e^{-(1-\alpha_n) f \eta_n} \right]

Cell voltage, every loss lowering it on discharge and raising it on charge:

.. math:: V = U(x_s) + \eta_p - \eta_n - i \left( \sum_k L_k / \sigma_k(T) + r_c \right)

The concentrations stand at nodes (`numerics.nodes`); the surface value :math:`x_s` lies a small
distance outside the first one. U, D and :math:`i_\mathrm{ref}` come from lookup tables, so that a
new material compiles nothing.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, cast

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cathodes import SingleDiffusion
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.materials.property import Property
from filmcell.models.regions import Region, check_mesh
from filmcell.models.tabulation import tabulated
from filmcell.numerics.banded import alone
from filmcell.numerics.compiling import compiled, fixed_vec, mat, none, num, vec
from filmcell.numerics.kirchhoff import diffuse, diffuse_slope
from filmcell.numerics.mesh import AREA, HALF, PER_VOLUME, Mesh
from filmcell.numerics.nodes import Nodes
from filmcell.numerics.system import (
    GRADIENT,
    JACOBIAN,
    NO_LAYOUT,
    NUMBERS,
    OBSERVE,
    RATE,
    Kernel,
    Numbers,
    System,
)
from filmcell.numerics.table import Table, lookup, stack
from filmcell.physics import kinetics, transport

DIFFUSIVITY, POTENTIAL, EXCHANGE = range(3)
"""Rows of the heads of the tables."""

(
    P_C_MAX, P_TEMPERATURE, P_D_FACTOR, P_I_REF_FACTOR, P_LITHIUM, P_VACANCY, P_ALPHA_P,
    P_I0_N, P_ALPHA_N, P_RESISTANCE, P_METAL, P_METAL_PER_CHARGE, P_LOW, P_HIGH,
) = range(14)  # fmt: skip
"""Places of the parameters."""

NEARLY_EMPTY, NEARLY_FULL = 2.0**-53, 1.0 - 2.0**-53
"""Lithiation fractions at which the exchange current density is not yet zero."""

overpotential = compiled(num(num, num, num, num))(kinetics.overpotential)
resistance = compiled(num(num, num, num, num))(kinetics.charge_transfer_resistance)
exchange = compiled(num(num, num, num, num))(kinetics.exchange_current_density)


@compiled(none(vec, num, NUMBERS, vec))
def rate(y: Array, i: float, m: Numbers, out: Array) -> None:
    """Write what the balances of lithium gain, dtau/dt and dq/dt."""
    n = y.size - 2
    diffuse(y, i / F, m.table, m.heads[DIFFUSIVITY], m.p[P_D_FACTOR], m.p[P_C_MAX], m.mesh, out[:n])
    out[n], out[n + 1] = 1.0, i


@compiled(none(vec, num, NUMBERS, vec, vec, vec, mat, mat))
def jacobian(
    y: Array, i: float, m: Numbers,
    lower: Array, sink: Array, upper: Array, columns: Array, rows: Array,
) -> None:  # fmt: skip
    """Write the derivative of `rate` with respect to the states (tridiagonal) and the current.

    No lithium vanishes inside the film: the sink stays zero.
    """
    n = y.size - 2
    diffuse_slope(
        y, m.table, m.heads[DIFFUSIVITY], m.p[P_D_FACTOR], m.p[P_C_MAX], m.mesh,
        lower[:n], upper[:n],
    )  # fmt: skip
    columns[0, 0] = m.mesh[AREA, 0] * m.mesh[PER_VOLUME, 0] / F
    columns[0, y.size - 1] = 1.0


@compiled(inline="always")
def surface(y: Array, i: float, m: Numbers) -> tuple[float, float, float]:
    """Surface fraction x_s and its derivatives by the current and by c[0]."""
    D, slope = lookup(m.table, m.heads, DIFFUSIVITY, y[0] / m.p[P_C_MAX])
    rho = m.mesh[HALF, 0] / (m.p[P_D_FACTOR] * D)
    x = (y[0] + i / F * rho) / m.p[P_C_MAX]
    by_i = rho / (F * m.p[P_C_MAX])
    by_c = (1.0 - i / F * rho * slope / (D * m.p[P_C_MAX])) / m.p[P_C_MAX]
    return x, by_i, by_c


@compiled(inline="always")
def surface_voltage(x: float, i: float, m: Numbers) -> tuple[float, float, float]:
    """Voltage and its derivatives by i and by x, at a given surface fraction x.

    A trial state may lie beyond full or empty; it sees the voltage of the last number inside,
    which does not change with x.
    """
    T = m.p[P_TEMPERATURE]
    inside = 1.0 if NEARLY_EMPTY <= x <= NEARLY_FULL else 0.0
    x = min(max(x, NEARLY_EMPTY), NEARLY_FULL)
    U, dU = lookup(m.table, m.heads, POTENTIAL, x)
    i_ref, di_ref = lookup(m.table, m.heads, EXCHANGE, x)
    i0 = exchange(x, i_ref * m.p[P_I_REF_FACTOR], m.p[P_LITHIUM], m.p[P_VACANCY])
    di0 = i0 * (di_ref / i_ref + m.p[P_LITHIUM] / x - m.p[P_VACANCY] / (1.0 - x))
    eta_p = overpotential(-i, i0, T, m.p[P_ALPHA_P])
    eta_n = overpotential(i, m.p[P_I0_N], T, m.p[P_ALPHA_N])
    r_p = resistance(eta_p, i0, T, m.p[P_ALPHA_P])
    r_n = resistance(eta_n, m.p[P_I0_N], T, m.p[P_ALPHA_N])
    V = U + eta_p - eta_n - i * m.p[P_RESISTANCE]
    return V, -r_p - r_n - m.p[P_RESISTANCE], inside * (dU + r_p * i / i0 * di0)


@compiled(none(vec, num, NUMBERS, vec))
def observe(y: Array, i: float, m: Numbers, out: Array) -> None:
    """Write V, dV/di, and the margins: to both ends of the tables and to bare lithium."""
    x, x_by_i, _ = surface(y, i, m)
    V, by_i, by_x = surface_voltage(x, i, m)
    out[0] = V
    out[1] = by_i + by_x * x_by_i
    out[2] = x - m.p[P_LOW]
    out[3] = m.p[P_HIGH] - x
    out[4] = 1.0 - y[y.size - 1] * m.p[P_METAL_PER_CHARGE] / m.p[P_METAL]


@compiled(none(vec, num, NUMBERS, vec))
def gradient(y: Array, i: float, m: Numbers, row: Array) -> None:
    """Write dV/dy: only the first node is seen by the voltage."""
    x, _, x_by_c = surface(y, i, m)
    _, _, by_x = surface_voltage(x, i, m)
    row[:] = 0.0
    row[0] = by_x * x_by_c


KERNELS = (
    Kernel(rate, RATE),
    Kernel(jacobian, JACOBIAN),
    Kernel(observe, OBSERVE),
    Kernel(gradient, GRADIENT),
)
"""The four functions in the form that the integrator takes them."""

LOSSES = (
    "open-circuit potential",
    "cathode diffusion",
    "cathode kinetics",
    "anode kinetics",
    "ohmic layers",
)
"""Parts of the voltage that `components` writes, in order; they sum to it."""


@compiled(none(mat, vec, fixed_vec, NUMBERS, mat))
def components(states: Array, current: Array, volume: Array, m: Numbers, out: Array) -> None:
    """Write the parts of the voltage at each row of states: out of shape (rows, 5) [V]."""
    T = m.p[P_TEMPERATURE]
    n = m.mesh.shape[1]
    whole = 0.0
    for j in range(n):
        whole += volume[j] * m.p[P_C_MAX]
    for k in range(current.size):
        i = current[k]
        mean = 0.0
        for j in range(n):
            mean += states[k, j] * volume[j]
        x, _, _ = surface(states[k], i, m)
        x = min(max(x, NEARLY_EMPTY), NEARLY_FULL)
        i_ref = lookup(m.table, m.heads, EXCHANGE, x)[0] * m.p[P_I_REF_FACTOR]
        i0 = exchange(x, i_ref, m.p[P_LITHIUM], m.p[P_VACANCY])
        rest = lookup(m.table, m.heads, POTENTIAL, mean / whole)[0]
        out[k, 0] = rest
        out[k, 1] = lookup(m.table, m.heads, POTENTIAL, x)[0] - rest
        out[k, 2] = overpotential(-i, i0, T, m.p[P_ALPHA_P])
        out[k, 3] = -overpotential(i, m.p[P_I0_N], T, m.p[P_ALPHA_N])
        out[k, 4] = -i * m.p[P_RESISTANCE]


def lacking(cell: Cell) -> str:
    """Name the first part of a cell that the film model does not have.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    str
        The part, "" where lithium metal, ohmic layers and single diffusion are all there is.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> lacking(load_cell("wang2023-lco-lipon-li")), lacking(load_cell("danilov2011"))
    ('', 'weak electrolytes')
    """
    cathode, anode = cell.cathode, cell.anode
    layers = (cell.electrolyte, *cell.interlayers)
    at_other_temperature = cell.temperature != cathode.reference_temperature
    has = {
        "anodes without lithium metal": not isinstance(anode, LithiumMetal),
        "mixed conduction": not isinstance(cathode.transport, SingleDiffusion),
        "double layers": cathode.double_layer_capacitance or anode.double_layer_capacitance,
        "weak electrolytes": any(isinstance(layer, WeakElectrolyte) for layer in layers),
        "interfaces with a capacitance": any(getattr(a, "capacitance", 0.0) for a in layers),
        "a geometric capacitance": cell.geometric_capacitance,
        "a heat balance": cell.heat is not None,
        "an entropy": at_other_temperature and not cathode.entropy.vanishes,
        # refused by the assembled model, as there is no weak electrolyte
        "kinetics that follow the ions": cathode.electrolyte_exponent
        or getattr(anode, "electrolyte_exponent", 0.0),
    }
    return next((part for part, there in has.items() if there), "")


def _without_factor(prop: Property) -> Table:
    """Table of a property without its factor; one that is not above 0 is refused by `tabulated`."""
    positive = np.all(np.greater(prop.factor, 0.0))
    return tabulated(prop.unscaled if positive else prop, relative=True)


def ends_of(cell: Cell) -> tuple[float, float]:
    """Lithiation fractions in which all properties of a cathode are known.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    tuple of float
        The lowest and the highest.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> ends_of(load_cell("wang2023-lco-lipon-li"))
    (0.45, 1.0)
    """
    c = cell.cathode
    known = (c.diffusivity, c.potential, c.exchange_current_density)
    return max(p.low for p in known), min(p.high for p in known)


def parameters_of(cell: Cell, ends: tuple[float, float]) -> tuple[Any, ...]:
    """Give the parameters of the kernels, in the order of the places above.

    Parameters
    ----------
    cell : Cell
        A cell of which `lacking` names nothing; its numbers may be arrays (`cell.columns`).
    ends : tuple of float
        Lithiation fractions in which all properties are known.

    Returns
    -------
    tuple of float or ndarray
        One entry a place.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> round(parameters_of(load_cell("wang2023-lco-lipon-li"), (0.5, 1.0))[P_RESISTANCE] * 1e4)
    101
    """
    cathode, anode = cell.cathode, cast("LithiumMetal", cell.anode)
    T, T_ref, factor = cell.temperature, cathode.reference_temperature, transport.arrhenius_factor
    return (
        cathode.maximum_concentration,
        T,
        factor(T, cathode.diffusivity_activation_energy, T_ref) * cathode.diffusivity.factor,
        factor(T, cathode.exchange_activation_energy, T_ref)
        * cathode.exchange_current_density.factor,
        cathode.lithium_exponent,
        cathode.vacancy_exponent,
        cathode.transfer_coefficient,
        anode.exchange_current_density
        * factor(T, anode.activation_energy, anode.reference_temperature),
        anode.transfer_coefficient,
        cell.resistance,
        anode.thickness,
        transport.lithium_thickness(1.0),
        *ends,
    )


@dataclass(frozen=True, eq=False)
class FilmModel:
    """A cell on a mesh: the equations of this file with their numbers filled in.

    Parameters
    ----------
    cell : Cell
        The cell.
    mesh : Mesh
        Mesh of its cathode.

    Raises
    ------
    InputError
        Where the cell has more than this model, the mesh does not fit the cathode, or a property
        cannot be used.
    """

    cell: Cell
    mesh: Mesh

    def __post_init__(self) -> None:
        """Check the parts, the mesh, and that the start lies inside every range."""
        cathode, part = self.cell.cathode, lacking(self.cell)
        if part:
            raise InputError(f"the film model has no {part}, expected AssembledModel")
        check_mesh(self.mesh, cathode.thickness, cathode.shape.dimension, "cathode")
        low, high = self.range
        if not low <= cathode.initial_fraction <= high:
            raise InputError(
                f"cathode.initial_fraction: {cathode.initial_fraction:g} is not allowed, expected "
                f"one from {low:g} to {high:g}, the range of all its properties"
            )

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a model be sent to another process, which fills in its numbers anew."""
        return FilmModel, (self.cell, self.mesh)

    kernels: ClassVar[tuple[Kernel, ...]] = KERNELS
    layout: ClassVar[Any] = NO_LAYOUT
    border: ClassVar[int] = 0

    @property
    def properties(self) -> tuple[Property, Property, Property]:
        """The tabulated properties in the order of the heads."""
        c = self.cell.cathode
        return c.diffusivity, c.potential, c.exchange_current_density

    @property
    def range(self) -> tuple[float, float]:
        """Lithiation fractions in which all properties are known."""
        return ends_of(self.cell)

    def parameters(self) -> Array:
        """Parameters of the kernels, in the order of the places above."""
        return frozen([float(number) for number in parameters_of(self.cell, self.range)])

    @property
    def states(self) -> int:
        """Number of states N."""
        return self.mesh.cells + 2

    def tables(self) -> tuple[Table, ...]:
        """Tables of the properties, in the order of the heads."""
        D, U, i_ref = self.properties
        return (
            _without_factor(D),  # it is among the parameters
            tabulated(U, relative=False),
            _without_factor(i_ref),
        )

    @property
    def margins(self) -> tuple[str, ...]:
        """What it means that each margin has reached zero."""
        low, high = self.range
        return (
            self._end(low, "low", "empty"),
            self._end(high, "high", "full"),
            "the lithium metal was used up",
        )

    def scale(self) -> Array:
        """Size of each state, shape (n + 2,)."""
        cathode = self.cell.cathode
        scale = np.full(self.mesh.cells + 2, cathode.maximum_concentration)
        scale[-2:] = 1.0, cathode.capacity_per_fraction
        return frozen(scale)

    @cached_property
    def nodes(self) -> Nodes:
        """Where the concentrations stand."""
        return Nodes(self.mesh)

    def mass(self) -> Array:
        """Mass matrix, shape (4, n + 2): time and charge balance alone."""
        return frozen(np.hstack([self.nodes.mass, alone(np.ones(2))]), own=True)

    def packed_mesh(self) -> Array:
        """Nodes as the kernels read them, shape (4, n)."""
        return self.nodes.packed

    @cached_property
    def system(self) -> System:
        """The kernels and the arrays that the integrator needs."""
        table, heads = stack(self.tables())
        numbers = Numbers(self.parameters(), table, heads, self.nodes.packed, NO_LAYOUT)
        return System(*KERNELS, numbers, self.scale(), self.mass(), self.margins)

    def _end(self, x: float, side: str, word: str) -> str:
        """Sentence for a surface at the end of the range; names the property that ends there."""
        if x in {0.0, 1.0}:
            return f"the surface of the cathode is {word}"
        D, U, i_ref = self.properties
        bound = next(p for p in (U, D, i_ref) if getattr(p, side) == x)
        return f"the surface left the range of {bound} at x = {x:g}"

    def initial(self) -> Array:
        """States when the cell is made: uniform lithiation, no charge passed; shape (n + 2,)."""
        cathode = self.cell.cathode
        y = np.full(self.mesh.cells + 2, cathode.initial_fraction * cathode.maximum_concentration)
        y[-2:] = 0.0
        return y

    @property
    def regions(self) -> tuple[Region, ...]:
        """The cathode, which alone has a depth."""
        return (Region("cathode", 0, self.mesh.cells, self.nodes),)

    def stored_charge(self, states: Array) -> Array:
        """Charge passed that is not in the cathode, shape (rows,): none [C/m2]."""
        return np.zeros(len(states))

    def temperature(self, states: Array) -> Array:
        """Temperature, shape (rows,) [K]: that of the cell."""
        return np.full(len(states), self.cell.temperature)

    def losses(self, states: Array, current_density: Array) -> dict[str, Array]:
        """Split the voltage into parts that sum to it.

        Parameters
        ----------
        states : ndarray
            States, shape (rows, n + 2).
        current_density : ndarray
            Current density, shape (rows,) [A/m2].

        Returns
        -------
        dict of str to ndarray
            Name of the part to its values, shape (rows,) [V]: the potential at rest of the mean
            composition, and every loss, negative where it lowers the voltage.
        """
        s = self.system
        out = np.empty((current_density.size, len(LOSSES)))
        components(states, np.array(current_density), self.nodes.volumes, s.numbers, out)
        parts = dict(zip(LOSSES[:-1], out.T, strict=False))
        ohmic = self.cell.layer_resistances()
        return {**parts, **{name: -current_density * r for name, r in ohmic.items()}}
