"""The film against the same film written as a PyBaMM model.

PyBaMM has finite volumes and extrapolates the surface value in a straight line, so that it tends to
filmcell, on 400 nodes, only as its volumes are refined, with their second order; extrapolated with
it, both agree. Left out is the first thousandth of each half, in which the step of the current has
not yet spread over many volumes: the cliff of the potential makes it 38 mV at t = 0 on 200 volumes.
Measured beyond: 1.74 mV on 200 volumes, 0.108 mV on 800, 0.0009 mV extrapolated.
"""

import os

import numpy as np
import pytest

from filmcell import Cathode, Cell, Electrolyte, LithiumMetal, Mesh, Property, constant
from filmcell.models.film import FilmModel
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step, VoltageLimit
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"  # before it is imported: no test asks the network

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore:::pybamm")]

FARADAY, GAS, T = 96485.33212, 8.314462618, 298.15
LENGTH, C_MAX, START, RESISTANCE = 2.5e-6, 51555.0, 0.97, 0.015
CURRENT = FARADAY * C_MAX * LENGTH * 0.5 / 3600.0


def diffusivity(x, library):
    """Diffusivity [m2/s]."""
    return 1e-14 * library.exp(-3.0 * (x - 0.5))


def potential(x, library):
    """Potential of LiCoO2 with its cliff and its step [V]."""
    s = 1.062 * x
    terms = (
        (0.07645, 30.834, 54.4806),
        (2.1581, 52.294, 50.294),
        (-0.14169, 11.0923, 19.8543),
        (0.2051, 1.4684, 5.4888),
        (0.2531, 0.56478 / 0.1316, 1.0 / 0.1316),
        (0.02167, 0.525 / 0.006, 1.0 / 0.006),
    )
    return 2.16216 + sum(a * library.tanh(b - c * s) for a, b, c in terms)


def ours(nodes):
    """Times in each half and voltages of filmcell."""
    D = Property("D", "m2/s", lambda x: diffusivity(x, np), 0.2, 0.9999, "oracle")
    U = Property("OCP", "V", lambda x: potential(x, np), 0.2, 0.9999, "oracle")
    cathode = Cathode(LENGTH, C_MAX, D, U, constant("i0", 2.0, "A/m2"), initial_fraction=START)
    cell = Cell(LithiumMetal(1e-4, 5.0), Electrolyte(1.5e-6, 1e-4), cathode, 1e-4, 2.7, 4.2)
    amount = AmperesPerArea(CURRENT)
    up = Step(Charge(amount), (VoltageLimit(4.2),))
    down = Step(Discharge(amount), (VoltageLimit(2.7),))
    model = FilmModel(cell, Mesh.uniform(nodes, LENGTH))
    options = Options(tolerance=1e-8, voltage_tolerance=1e-7)
    result = solve(model, Protocol((Block((up, down)),)), options)
    rows = [result.step == k for k in (1, 2)]
    return [(result.time[k] - result.time[k][0], result.voltage[k]) for k in rows]


def theirs(volumes, current, start, times):
    """Voltages of PyBaMM at the times, and its last state."""
    import pybamm

    x = pybamm.Variable("x", domain="film")
    depth = pybamm.SpatialVariable("depth", domain="film", coord_sys="cartesian")
    surface = pybamm.boundary_value(x, "left")
    i0 = 2.0 * pybamm.sqrt(surface * (1.0 - surface))
    eta = pybamm.arcsinh(current / (2.0 * i0)) + np.arcsinh(current / 10.0)
    V = potential(surface, pybamm) - 2.0 * GAS * T / FARADAY * eta - current * RESISTANCE
    gradient = -current / (FARADAY * C_MAX) / diffusivity(surface, pybamm)
    model = pybamm.BaseModel("film")
    model.rhs = {x: pybamm.div(diffusivity(x, pybamm) * pybamm.grad(x))}
    model.boundary_conditions = {
        x: {"left": (gradient, "Neumann"), "right": (pybamm.Scalar(0), "Neumann")}
    }
    model.initial_conditions = {x: pybamm.Vector(start, domain="film")}
    model.variables = {"V": V}
    geometry = pybamm.Geometry({"film": {depth: {"min": 0, "max": LENGTH}}})
    mesh = pybamm.Mesh(geometry, {"film": pybamm.Uniform1DSubMesh}, {depth: volumes})
    pybamm.Discretisation(mesh, {"film": pybamm.FiniteVolume()}).process_model(model)
    solver = pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11)
    solution = solver.solve(model, [0.0, times[-1]], t_interp=times)
    return solution["V"](times), np.asarray(solution.y[:, -1]).reshape(-1)


def both_halves(volumes, halves):
    """Voltages of PyBaMM at the times of charge and discharge, one after the other."""
    state, voltages = np.full(volumes, START), []
    for (t, _), current in zip(halves, (-CURRENT, CURRENT), strict=True):
        voltage, state = theirs(volumes, current, state, t)
        voltages.append(voltage)
    return np.concatenate(voltages)


def test_pybamm_tends_to_the_film_as_its_mesh_is_refined():
    pytest.importorskip("pybamm", reason="the oracle is PyBaMM")
    halves = ours(400)
    late = np.concatenate([t >= 1e-3 * t[-1] for t, _ in halves])
    voltage = np.concatenate([v for _, v in halves])[late]
    coarse, fine = (both_halves(volumes, halves)[late] - voltage for volumes in (200, 800))
    worst, best = float(np.max(np.abs(coarse))), float(np.max(np.abs(fine)))
    assert best < 2e-4, f"{best * 1e3:.4f} mV on 800 volumes"
    assert worst / best > 14.0, f"{worst / best:.1f} times less on 4 times the volumes, not 16"
    left = float(np.max(np.abs(fine + (fine - coarse) / 15.0)))
    assert left < 2e-6, f"{left * 1e3:.5f} mV extrapolated"
