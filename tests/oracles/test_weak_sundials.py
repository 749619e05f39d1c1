"""The weak electrolyte against SUNDIALS IDA on the same mesh, equations written anew in numpy.

The oracle solves residuals with the voltage (constant current) or the current (constant voltage)
as an algebraic unknown. Measured when this was written, over whole curves: the voltage 0.006 mV
with default options and 1e-5 mV with tight ones; the current of the hold 1e-4 and 3e-8 relative.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import compact
import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from filmcell import Cathode, Cell, LithiumMetal, Mesh, Property
from filmcell import constant as constant_property
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.models.assembled import AssembledModel
from filmcell.models.regions import Meshes
from filmcell.numerics.nodes import Nodes
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import (
    Block,
    Charge,
    CurrentLimit,
    Discharge,
    Hold,
    Protocol,
    Step,
    VoltageLimit,
)
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

pytest.importorskip("sksundae", reason="the oracle is SUNDIALS through scikit-sundae")

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:sksundae"),
]

FARADAY, GAS = 96485.33212, 8.314462618
TIGHT = Options(tolerance=1e-9, voltage_tolerance=1e-8)


def potential(x):
    """Potential of LiCoO2 with its cliff and its step 0.006 wide [V]."""
    s = 1.062 * x
    terms = (
        (0.07645, 30.834, 54.4806),
        (2.1581, 52.294, 50.294),
        (-0.14169, 11.0923, 19.8543),
        (0.2051, 1.4684, 5.4888),
        (0.2531, 0.56478 / 0.1316, 1.0 / 0.1316),
        (0.02167, 0.525 / 0.006, 1.0 / 0.006),
    )
    return 2.16216 + sum(a * np.tanh(b - c * s) for a, b, c in terms)


@dataclass(frozen=True)
class Numbers:
    """The cell of Danilov 2011 as plain numbers, SI units."""

    sites: float = 6.01e4
    delta: float = 0.18
    k_r: float = 0.9e-6
    D_plus: float = 0.9e-15
    D_minus: float = 5.1e-15
    thickness: float = 1.5e-6
    length: float = 0.32e-6
    c_max: float = 2.33e4
    i_ref: float = 19.0
    alpha_p: float = 0.6
    i0_n: float = 10.0
    alpha_n: float = 0.45
    ions_p: float = 0.0
    ions_n: float = 0.0
    resistance: float = 1e-3
    T: float = 298.15
    start: float = 0.5
    volumes: int = 40

    def diffusivity(self, x):
        """Diffusivity of the cathode, which falls as it fills [m2/s]."""
        return 1.76e-15 * np.exp(-1.5 * (x - 0.5))

    @cached_property
    def meshes(self):
        """Meshes of both layers, narrow where the current passes."""
        return Meshes(
            Mesh.graded(self.volumes, self.length, self.length / self.volumes / 2.0),
            (Mesh.symmetric(self.volumes, self.thickness, self.thickness / self.volumes / 10.0),),
        )

    @cached_property
    def film(self):
        """The compact scheme on the nodes of the cathode."""
        return compact.Film(Nodes(self.meshes.cathode).depths, self.length)

    def split(self, y):
        """Concentrations of the ions, and lithiation fractions."""
        return y[: self.volumes], y[self.volumes :]

    @property
    def rest(self):
        """Concentrations at rest."""
        ions = np.full(self.volumes, self.delta * self.sites)
        return np.concatenate([ions, np.full(self.volumes, self.start)])

    def rate(self, y, i):
        """da/dt of every volume and dx/dt at every node."""
        a, x = self.split(y)
        h = self.meshes.electrolytes[0].widths
        D = 2.0 * self.D_plus * self.D_minus / (self.D_plus + self.D_minus)
        k_d = self.k_r * self.sites * self.delta**2 / (1.0 - self.delta)
        through = self.D_minus / (self.D_plus + self.D_minus) * i / FARADAY
        flux = -D * np.diff(a) / (0.5 * (h[:-1] + h[1:]))
        ions = -np.diff(np.concatenate([[through], flux, [through]])) / h
        ions += k_d * (self.sites - a) - self.k_r * a**2
        inwards = i / FARADAY / self.c_max
        return np.concatenate([ions, self.film.rate(x, inwards, self.diffusivity)])

    def voltage(self, y, i):
        """Cell voltage for the state and the current density."""
        a, x = self.split(y)
        h = self.meshes.electrolytes[0].widths
        slope = -i / (2.0 * FARADAY * self.D_plus)
        left, right = a[0] - 0.5 * h[0] * slope, a[-1] + 0.5 * h[-1] * slope
        volt, both = GAS * self.T / FARADAY, self.D_plus + self.D_minus
        field = volt / both * (
            i / FARADAY * np.sum(h / a) + (self.D_plus - self.D_minus) * np.log(right / left)
        )  # fmt: skip
        surface = self.film.surface(x[0], i / FARADAY / self.c_max, self.diffusivity)
        rest = self.delta * self.sites
        i0_p = self.i_ref * surface**0.4 * (1.0 - surface) ** 0.6 * (right / rest) ** self.ions_p
        i0_n = self.i0_n * (left / rest) ** self.ions_n
        eta_p = self.overpotential(-i / i0_p, self.alpha_p)
        eta_n = self.overpotential(i / i0_n, self.alpha_n)
        loss = volt * np.log(right / left) - field
        return potential(surface) + eta_p - eta_n + loss - i * self.resistance

    def overpotential(self, ratio, alpha):
        """Root of the Butler-Volmer equation, by bracketing."""
        f = FARADAY / GAS / self.T

        def excess(eta):
            return np.exp(alpha * f * eta) - np.exp(-(1.0 - alpha) * f * eta) - ratio

        return brentq(excess, -1.5, 1.5, xtol=1e-14, rtol=1e-14)

    def solve(self, y, unknown, times, excess, current):
        """Give unknowns and states at the times, by IDA; the unknown comes first.

        `excess(y, unknown)` vanishes, `current(unknown)` is the current density.
        """
        from sksundae.ida import IDA

        def residual(t, z, slope, out):
            out[0] = excess(z[1:], z[0])
            out[1:] = slope[1:] - self.rate(z[1:], current(z[0]))

        scale = np.concatenate([[1.0], self.rest])
        solver = IDA(
            residual, rtol=1e-10, atol=1e-12 * scale, linsolver="dense", algebraic_idx=[0],
            max_num_steps=100_000,
        )  # fmt: skip
        slope = np.concatenate([[0.0], self.rate(y, current(unknown))])
        found = solver.solve(times, np.concatenate([[unknown], y]), slope)
        assert found.success, found.message
        return found.y[:, 0], found.y[:, 1:]

    def march(self, y, i, times):
        """Voltages and states at the times under a constant current."""
        return self.solve(
            y, self.voltage(y, i), times, lambda y, v: v - self.voltage(y, i), lambda v: i
        )

    def hold(self, y, i, volts, times):
        """Current densities and states at the times under a constant voltage."""
        i = brentq(lambda i: self.voltage(y, i) - volts, 0.9 * i, 1.1 * i, xtol=1e-15)
        return self.solve(y, i, times, lambda y, i: self.voltage(y, i) - volts, lambda i: i)

    @property
    def model(self):
        """Give the same to filmcell."""
        low, high = 0.3, 0.999
        cathode = Cathode(
            self.length, self.c_max,
            Property("D", "m2/s", self.diffusivity, low, high, "oracle"),
            Property("U", "V", potential, low, high, "oracle"),
            constant_property("i0", self.i_ref, "A/m2"),
            lithium_exponent=0.4, vacancy_exponent=0.6, transfer_coefficient=self.alpha_p,
            initial_fraction=self.start, electrolyte_exponent=self.ions_p,
        )  # fmt: skip
        electrolyte = WeakElectrolyte(
            self.thickness, self.sites, self.delta, self.k_r, self.D_plus, self.D_minus
        )
        anode = LithiumMetal(1e-4, self.i0_n, self.alpha_n, electrolyte_exponent=self.ions_n)
        cell = Cell(
            anode, electrolyte, cathode, 1e-4, 2.5, 4.5, self.T,
            contact_resistance=self.resistance,
        )  # fmt: skip
        return AssembledModel(cell, self.meshes)


DANILOV = Numbers()
WITH_IONS = replace(DANILOV, ions_p=0.6, ions_n=0.55)


def halves(result):
    """Rows of each step."""
    return [np.flatnonzero(result.step == k) for k in range(1, result.step[-1] + 1)]


@pytest.mark.parametrize(
    ("numbers", "current", "options", "allowed"),
    [
        (DANILOV, 1.28, Options(), 2e-5),
        (DANILOV, 5.12, Options(), 2e-5),
        (DANILOV, 5.12, TIGHT, 1e-7),
        (WITH_IONS, 1.28, TIGHT, 1e-7),
        (WITH_IONS, 5.12, TIGHT, 1e-7),
    ],
    ids=[
        "1.28, default",
        "5.12, default",
        "5.12",
        "1.28, ions in kinetics",
        "5.12, ions in kinetics",
    ],
)
def test_discharge_and_charge_follow_sundials(numbers, current, options, allowed):
    amount = AmperesPerArea(current)
    down = Step(Discharge(amount), (VoltageLimit(3.0),))
    up = Step(Charge(amount), (VoltageLimit(4.2),))
    result = solve(numbers.model, Protocol((Block((down, up)),)), options)
    assert result.ended == ("voltage reached 3 V", "voltage reached 4.2 V")
    y, worst = numbers.rest, 0.0
    for rows, i in zip(halves(result), (current, -current), strict=True):
        v, states = numbers.march(y, i, result.time[rows] - result.time[rows[0]])
        worst = max(worst, float(np.max(np.abs(result.voltage[rows] - v))))
        y = states[-1]
    assert worst < allowed, f"{worst * 1e3:.5f} mV, allowed {allowed * 1e3:g} mV"


@pytest.mark.parametrize(
    ("numbers", "options"),
    [(DANILOV, Options()), (DANILOV, TIGHT), (WITH_IONS, TIGHT)],
    ids=["default options", "tight", "ions in kinetics"],
)
def test_constant_voltage_follows_sundials(numbers, options):
    current, volts = 2.56, 4.2
    steps = (
        Step(Discharge(AmperesPerArea(current)), (VoltageLimit(3.0),)),
        Step(Charge(AmperesPerArea(current)), (VoltageLimit(volts),)),
        Step(Hold(volts), (CurrentLimit(AmperesPerArea(current / 20.0)),)),
    )
    model = numbers.model
    result = solve(model, Protocol((Block(steps),)), options)
    assert result.ended[2].startswith("current reached")
    down, up, hold = halves(result)
    y = numbers.rest
    for rows, i in ((down, current), (up, -current)):
        _, states = numbers.march(y, i, result.time[rows] - result.time[rows[0]])
        y = states[-1]
    i, states = numbers.hold(y, -current, volts, result.time[hold] - result.time[hold[0]])
    # by default 2e-5 V are allowed per time step, a relative error of the current of 2e-4
    rtol = 2e-4 if options == Options() else 2e-7
    assert_allclose(result.current[hold] / model.cell.area, i, rtol=rtol, atol=0)
    ions, fractions = numbers.split(states[-1])
    assert_allclose(result.layers["electrolyte"].concentration[-1], ions, rtol=rtol, atol=0)
    ours = result.concentration[-1] / numbers.c_max
    assert_allclose(ours, fractions, rtol=rtol, atol=0)
