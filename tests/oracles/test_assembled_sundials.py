"""Mixed conductor, double layers, geometric capacitance and heat against SUNDIALS IDA.

The equations are written anew in numpy, on the same mesh (volumes of a mixed conductor, nodes of
another film), as one set of residuals in which the internal current, both faradaic currents and the
current of the cell are unknowns of their own: what the kernels find by iterations within iterations
is left to IDA here. A capacitance of zero turns its equation into an algebraic one. Only the
formulas of the cathode's properties are shared.

Measured when this was written, over whole curves: voltage of the discharge 0.005 mV by default and
2e-5 mV with tight options, current of the hold 1.5e-6 and 1.6e-8 relative, temperature 2e-5 K.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import compact
import numpy as np
import pytest
from scipy.optimize import fsolve

from filmcell import Cell, HeatBalance, Mesh, Property, load_cell
from filmcell.cell.cathodes import SingleDiffusion
from filmcell.models.assembled import AssembledModel
from filmcell.models.regions import Meshes
from filmcell.numerics.nodes import Nodes
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

pytest.importorskip("sksundae", reason="the oracle is SUNDIALS through scikit-sundae")

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:sksundae"),
]

FARADAY, GAS = 96485.33212, 8.314462618
TIGHT = Options(tolerance=1e-9, voltage_tolerance=1e-8, resolution=3e-5)
PHI_P, PHI_N, V_STAR, TEMPERATURE, K, K_P, K_N, CURRENT = range(8)
"""Places of the unknowns without a depth: potentials, internal voltage, temperature, currents."""


@dataclass(frozen=True)
class Stack:
    """A cell with lithium metal, one weak or ohmic electrolyte and a film, as residuals."""

    cell: Cell
    cathode: Mesh
    layer: Mesh

    @property
    def weak(self):
        """Whether the electrolyte dissociates."""
        return hasattr(self.cell.electrolyte, "recombination_rate")

    @cached_property
    def i_ref(self):
        """Prefactor of the exchange current density of the cathode, one number."""
        return float(self.cell.cathode.exchange_current_density(0.7))

    @cached_property
    def ratio(self):
        """Mobility of electrons over that of ions; None of a film of single diffusion."""
        return getattr(self.cell.cathode.transport, "electronic_ratio", None)

    @cached_property
    def share(self):
        """Share of the lithium that enters from the electrolyte."""
        return 1.0 if self.ratio is None else self.ratio / (1.0 + self.ratio)

    @cached_property
    def film(self):
        """The compact scheme, on which a film of single diffusion stands."""
        return compact.Film(Nodes(self.cathode).depths, self.cathode.length)

    @cached_property
    def volumes(self):
        """Volume that each lithiation fraction stands for, per area."""
        return self.film.mass.sum(axis=0) if self.ratio is None else self.cathode.widths

    def split(self, y):
        """Small unknowns, lithiation fractions and ions over those at rest."""
        n = self.cathode.cells
        return y[:8], y[8 : 8 + n], y[8 + n :]

    def warmer(self, energy, T):
        """Arrhenius factor of the cathode."""
        return np.exp(energy / GAS * (1 / self.cell.cathode.reference_temperature - 1 / T))

    def D(self, x, T):
        """Diffusivity of neutral lithium."""
        film = self.cell.cathode
        warm = np.exp(
            film.diffusivity_activation_energy / GAS * (1 / film.reference_temperature - 1 / T)
        )
        return film.diffusivity(x) * warm * (1.0 if self.ratio is None else 2.0 * self.share)

    def surface(self, x, k_p, k, T):
        """Lithiation fraction at the electrolyte."""
        film = self.cell.cathode
        inflow = (k_p - (1.0 - self.share) * k) / FARADAY / film.maximum_concentration
        if self.ratio is None:
            return self.film.surface(x[0], inflow, lambda x: self.D(x, T))
        return x[0] + inflow * 0.5 * self.cathode.widths[0] / float(self.D(x[:1], T)[0])

    def potential(self, x, T):
        """Open-circuit potential with its entropy."""
        film = self.cell.cathode
        return float(film.potential(x)) + (T - film.reference_temperature) * float(film.entropy(x))

    def film_rate(self, x, k_p, k, T):
        """dx/dt."""
        c_max, h = self.cell.cathode.maximum_concentration, self.cathode.widths
        if self.ratio is None:
            return self.film.rate(x, k_p / FARADAY / c_max, lambda x: self.D(x, T))
        half = 0.5 * h / self.D(x, T)
        between = -np.diff(x) / (half[:-1] + half[1:])
        rest = (1.0 - self.share) * k
        first, last = (k_p - rest) / FARADAY / c_max, -rest / FARADAY / c_max
        return -np.diff(np.concatenate([[first], between, [last]])) / h

    def electrons(self, x, k_p, k, T):
        """Loss of the electrons, the mean of their flux over the faces of each volume."""
        transport = self.cell.cathode.transport
        if not getattr(transport, "electronic_loss", False):
            return 0.0
        c, h = x * self.cell.cathode.maximum_concentration, self.cathode.widths
        D = self.D(x, T)
        half = 0.5 * h / D
        inner = -np.diff(c) / (half[:-1] + half[1:]) - self.share * k / FARADAY
        J = np.concatenate([[(k_p - k) / FARADAY], inner, [-k / FARADAY]])
        D_e = 0.5 * D * (1.0 + transport.electronic_ratio)
        return GAS * T / FARADAY * np.sum(0.5 * (J[1:] + J[:-1]) * h / (D_e * c))

    def ion_rate(self, a, k):
        """Rate of the ions over those at rest."""
        e, h = self.cell.electrolyte, self.layer.widths
        a_eq, D_p, D_n = e.equilibrium_concentration, e.cation_diffusivity, e.anion_diffusivity
        D = 2 * D_p * D_n / (D_p + D_n)
        through = D_n / (D_p + D_n) * k / FARADAY / a_eq
        flux = -D * np.diff(a) / (0.5 * (h[:-1] + h[1:]))
        k_r = e.recombination_rate
        delta = e.dissociated_fraction
        k_d = k_r * e.site_concentration * delta**2 / (1 - delta)
        made = k_d * (1.0 / delta - a) - k_r * a_eq * a**2
        return -np.diff(np.concatenate([[through], flux, [through]])) / h + made

    def ions(self, a, k, T):
        """Loss of the electrolyte."""
        e = self.cell.electrolyte
        if not self.weak:
            return -k * e.thickness / e.conductivity
        h = self.layer.widths
        a_eq, D_p, D_n = e.equilibrium_concentration, e.cation_diffusivity, e.anion_diffusivity
        slope = k / (2 * FARADAY * D_p * a_eq)
        log = np.log((a[-1] - slope * h[-1] / 2) / (a[0] + slope * h[0] / 2))
        field = (k / FARADAY / a_eq * np.sum(h / a) + (D_p - D_n) * log) / (D_p + D_n)
        return GAS * T / FARADAY * (log - field)

    def residual(self, y, slope, amount, volts):
        """All equations; the last one is the control."""
        cell, film, anode = self.cell, self.cell.cathode, self.cell.anode
        small, x, a = self.split(y)
        change, x_change, a_change = self.split(slope)
        phi_p, phi_n, V_star, T, k, k_p, k_n, i = small
        f = FARADAY / GAS / T
        x_s = min(max(self.surface(x, k_p, k, T), 1e-9), 1 - 1e-9)
        warm = np.exp(
            film.exchange_activation_energy / GAS * (1 / film.reference_temperature - 1 / T)
        )
        i0 = self.i_ref * warm
        i0 *= x_s**film.lithium_exponent * (1 - x_s) ** film.vacancy_exponent
        eta = phi_p - self.potential(x_s, T)
        alpha, beta = film.transfer_coefficient, anode.transfer_coefficient
        V = V_star - cell.contact_resistance * i
        out = [
            film.double_layer_capacitance * change[PHI_P] - (k_p - k),
            anode.double_layer_capacitance * change[PHI_N] - (k + k_n),
            cell.geometric_capacitance * change[V_STAR] - (k - i),
            change[TEMPERATURE] - self.warming(x, i, V, T),
            phi_p - phi_n + self.ions(a, k, T) + self.electrons(x, k_p, k, T) - V_star,
            k_p + i0 * (np.exp(alpha * f * eta) - np.exp(-(1 - alpha) * f * eta)),
            k_n + anode.exchange_current_density
            * (np.exp(beta * f * phi_n) - np.exp(-(1 - beta) * f * phi_n)),
            i - amount if volts is None else V - volts,
        ]  # fmt: skip
        ions = a_change - self.ion_rate(a, k) if self.weak else a_change
        return np.concatenate([out, x_change - self.film_rate(x, k_p, k, T), ions])

    def warming(self, x, i, V, T):
        """dT/dt, by the mean of the profile."""
        heat = self.cell.heat
        if heat is None:
            return 0.0
        mean = float(x @ self.volumes / self.cathode.length)
        made = i * (self.potential(mean, T) - V - T * float(self.cell.cathode.entropy(mean)))
        gone = heat.heat_transfer_coefficient * (T - self.cell.temperature)
        return (made - gone) / heat.heat_capacity

    @property
    def algebraic(self):
        """Unknowns whose equations have no rate."""
        cell = self.cell
        sizes = {
            PHI_P: cell.cathode.double_layer_capacitance,
            PHI_N: cell.anode.double_layer_capacitance,
            V_STAR: cell.geometric_capacitance,
        }
        return [place for place, C in sizes.items() if C == 0] + [K, K_P, K_N, CURRENT]

    def consistent(self, y, amount, volts):
        """Make the algebraic unknowns fit the others, and find all rates."""
        loose = self.algebraic
        rates = [k for k in range(y.size) if k not in loose]

        def off(values):
            trial = y.copy()
            trial[loose] = values
            # each equation stands at the place of its unknown
            return self.residual(trial, np.zeros_like(y), amount, volts)[loose]

        y = y.copy()
        y[loose] = fsolve(off, y[loose], xtol=1e-14)
        slope = np.zeros_like(y)
        left = self.residual(y, slope, amount, volts)
        cell = self.cell
        capacities = np.ones_like(y)
        capacities[:3] = (cell.cathode.double_layer_capacitance,
                          cell.anode.double_layer_capacitance,
                          cell.geometric_capacitance)  # fmt: skip
        slope[rates] = -left[rates] / capacities[rates]
        return y, slope

    def march(self, y, times, amount=0.0, volts=None):
        """Unknowns at the times."""
        from sksundae.ida import IDA

        y, slope = self.consistent(y, amount, volts)

        def residual(t, y, slope, out):
            out[:] = self.residual(np.array(y), np.array(slope), amount, volts)

        solver = IDA(
            residual, rtol=1e-9, atol=1e-11, algebraic_idx=self.algebraic, max_num_steps=100_000
        )
        solved = solver.solve(times, y, slope)
        assert solved.success, solved.message
        return solved.y

    def at_rest(self):
        """Unknowns when the cell is made."""
        film, T = self.cell.cathode, self.cell.temperature
        U = self.potential(film.initial_fraction, T)
        x = np.full(self.cathode.cells, film.initial_fraction)
        return np.concatenate([[U, 0.0, U, T, 0.0, 0.0, 0.0, 0.0], x, np.ones(self.layer.cells)])

    def model(self):
        """Give the same to filmcell."""
        return AssembledModel(self.cell, Meshes(self.cathode, (self.layer,) if self.weak else ()))


def stack(cell):
    """A cell on coarse meshes, narrow at the surfaces through which lithium comes."""
    M, L = cell.cathode.thickness, cell.electrolyte.thickness
    film = Mesh.symmetric(14, M, M / 100)
    if isinstance(cell.cathode.transport, SingleDiffusion):
        film = Mesh.graded(14, M, M / 100)
    return Stack(cell, film, Mesh.symmetric(10, L, L / 50))


def gaps(stack, amount, seconds, after, options):
    """Largest error of the voltage of a discharge [V], relative one of the current of a hold.

    The first millisecond of the hold is left out, in which the capacitors are charged.
    """
    model = stack.model()
    text = f"Discharge at {amount} A/m2 for {seconds} s"
    first = solve(model, load_protocol(text), options)
    volts = round(float(first.voltage[-1]), 3) + 0.02
    whole = solve(model, load_protocol(f"{text}; Hold at {volts} V for {after} s"), options)
    push, hold = whole.of_step(1), whole.of_step(2)
    y = stack.march(stack.at_rest(), whole.time[push], amount)
    V = y[:, V_STAR] - stack.cell.contact_resistance * y[:, CURRENT]
    dV = float(abs(whole.voltage[push] - V).max())
    dT = float(abs(whole.temperature[push] - y[:, TEMPERATURE]).max())
    t = whole.time[hold] - whole.time[hold][0]
    late = t > 1e-3
    start = y[-1].copy()
    start[CURRENT] = (start[V_STAR] - volts) / max(stack.cell.contact_resistance, 1e-3)
    i = stack.march(start, t, volts=volts)[:, CURRENT]
    ours = whole.current[hold] / stack.cell.area
    di = float((abs(ours - i)[late] / abs(i).max()).max())
    return dV, di, dT


def potential(x):
    """A potential with a cliff [V]."""
    return (
        4.45
        - 0.9 * np.asarray(x)
        + 0.05 * np.tanh((0.7 - np.asarray(x)) / 0.05)
        - 0.8 * (np.asarray(x) ** 20)
    )


def diffusivity(x):
    """Diffusivity of the ions, which falls as the cathode fills [m2/s]."""
    return 8e-14 * np.exp(-5.0 * (np.asarray(x) - 0.55))


RAIJMAKERS = load_cell("raijmakers2020").replace(
    {
        "cathode.potential": Property("U", "V", potential, 0.3, 0.9999, "oracle"),
        "cathode.diffusivity": Property("D", "m2/s", diffusivity, 0.3, 0.9999, "oracle"),
    }
)
"""The cell of 2020 with formulas in place of its tables, which would be looked up too slowly."""


@pytest.mark.parametrize(
    ("options", "volts", "relative"), [(Options(), 2e-5, 1e-5), (TIGHT, 5e-8, 5e-8)],
    ids=["default", "tight"],
)  # fmt: skip
def test_the_whole_cell_of_raijmakers_follows_sundials(options, volts, relative):
    """Both double layers and the geometric capacitance, weak electrolyte, both-sided supply."""
    dV, di, _ = gaps(stack(RAIJMAKERS), 6.0, 600, 300, options)
    assert dV < volts, f"{dV * 1e3:.6f} mV"
    assert di < relative, di


@pytest.mark.parametrize(
    ("options", "volts", "relative", "kelvin"),
    [(Options(), 2e-5, 1e-5, 1e-4), (TIGHT, 5e-8, 5e-8, 2e-6)], ids=["default", "tight"],
)  # fmt: skip
def test_a_film_on_nodes_follows_sundials(options, volts, relative, kelvin):
    """The same cell, warming, with a film of single diffusion behind its double layer."""
    cell = replace(RAIJMAKERS, heat=HeatBalance(20.0, 1.0), temperature=298.15)
    film = replace(
        cell.cathode, transport=SingleDiffusion(), exchange_activation_energy=4e4,
        diffusivity_activation_energy=3e4, reference_temperature=298.15,
    )  # fmt: skip
    dV, di, dT = gaps(stack(replace(cell, cathode=film)), 6.0, 600, 300, options)
    assert dV < volts, f"{dV * 1e3:.6f} mV"
    assert di < relative, di
    assert dT < kelvin, dT


@pytest.mark.parametrize(
    ("options", "volts", "relative"), [(Options(), 1e-5, 1e-5), (TIGHT, 5e-8, 5e-8)],
    ids=["default", "tight"],
)  # fmt: skip
def test_a_mixed_conductor_follows_sundials(options, volts, relative):
    """Without any capacitance, the electrons' loss counted, in front of an ohmic layer."""
    cell = load_cell("wang2023-lco-lipon-li").replace(
        {
            "cathode.potential": RAIJMAKERS.cathode.potential, "cathode.initial_fraction": 0.6,
            "cathode.transport": RAIJMAKERS.cathode.transport, "cathode.thickness": "4 um",
            "cathode.diffusivity": RAIJMAKERS.cathode.diffusivity,
            "cathode.transfer_coefficient": 0.4, "anode.transfer_coefficient": 0.7,
            "electrolyte.activation_energy": 0.0, "anode.activation_energy": 0.0,
        }
    )  # fmt: skip
    dV, di, _ = gaps(stack(cell), 6.0, 400, 200, options)
    assert dV < volts, f"{dV * 1e3:.6f} mV"
    assert di < relative, di


@pytest.mark.parametrize(
    ("options", "volts", "kelvin"), [(Options(), 2e-5, 1e-4), (TIGHT, 5e-8, 2e-6)],
    ids=["default", "tight"],
)  # fmt: skip
def test_a_heat_balance_follows_sundials(options, volts, kelvin):
    """Warming by some kelvin, with an entropy and Arrhenius numbers, the double layer charged."""
    entropy = Property("S", "V/K", lambda x: -1e-4 - 2e-4 * np.asarray(x), 0.0, 1.0, "oracle")
    cell = replace(RAIJMAKERS, heat=HeatBalance(20.0, 1.0), temperature=298.15)
    film = replace(
        cell.cathode, entropy=entropy, exchange_activation_energy=4e4,
        diffusivity_activation_energy=3e4, reference_temperature=298.15,
    )  # fmt: skip
    cell = replace(cell, cathode=film)
    dV, _, dT = gaps(stack(cell), 8.0, 300, 60, options)
    assert dV < volts, f"{dV * 1e3:.6f} mV"
    assert dT < kelvin, dT
