"""Rodas5P: its order conditions in action, at fixed steps and under error control."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.models.film import FilmModel
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.rodas import ORDER
from filmcell.simulation.options import Options
from filmcell.simulation.solve import simulate
from fixed_steps import march

CONSTANT_CURRENT = np.array([1.0, 0.0, 0.0, 0.0, 0.0])


def smooth_model() -> tuple[FilmModel, np.ndarray]:
    """A film with D(x) over a factor of 20, and a smooth start that has no flux at its ends."""
    D = filmcell.Property("D", "m2/s", lambda x: 1e-14 * np.exp(-3 * (x - 0.5)), 0, 1, "made up")
    cell = filmcell.load_cell("wang2023-lco-lipon-li").replace(
        {"cathode.thickness": 1e-6, "cathode.diffusivity": D}
    )
    model = FilmModel(cell, Mesh.uniform(12, 1e-6))
    y = model.initial()
    y[:-2] = 51822.0 * (0.75 + 0.15 * np.cos(np.pi * model.nodes.depths / 1e-6))
    return model, y


def orders(control: np.ndarray, end: float) -> tuple[np.ndarray, float]:
    """Observed order between each doubling of the steps, and the last error over c_max."""
    model, y = smooth_model()
    truth, _ = march(model, y, control, end, 1024)
    errors = [
        abs(march(model, y, control, end, k)[0] - truth)[:-2].max() / 51822.0
        for k in (8, 16, 32, 64)
    ]
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:])), errors[-1]


@pytest.mark.convergence
def test_order_in_time_at_constant_current() -> None:
    """At least the scheme's order minus 0.2 on nonlinear diffusion, and a small last error."""
    found, last = orders(CONSTANT_CURRENT, 20.0)
    assert found[-1] >= ORDER - 0.2, found
    assert last < 1e-9


@pytest.mark.convergence
def test_order_in_time_at_constant_voltage() -> None:
    """The same with the rank-one term of a current that follows from the voltage.

    Measured 3.4, 3.6, 4.2 and still rising where rounding ends it, at 1e-12.
    """
    model, y = smooth_model()
    s, seen = model.system, np.zeros(5)
    s.observe(y, 0.0, s.numbers, seen)
    control = np.array([0.0, 1.0, 0.0, seen[0], 0.0])
    found, last = orders(control, 20.0)
    assert found[-1] >= ORDER - 1.0, found
    assert last < 1e-10


def test_embedded_solution_has_order_four() -> None:
    """The error estimate is one order below the solution: it falls 32-fold, not 64-fold."""
    model, y = smooth_model()
    gaps = []
    for steps in (64, 128, 256, 512):
        ends = march(model, y, CONSTANT_CURRENT, 20.0 / steps, 1)
        gaps.append(abs(ends[0] - ends[1])[:-2].max())
    found = np.log2(np.array(gaps[:-1]) / np.array(gaps[1:]))
    assert abs(found[-1] - 5.0) < 0.4, found


def test_stages_sum_to_one_for_a_constant_rate() -> None:
    """A constant current is integrated without error: consistency of the coefficients."""
    model, y = smooth_model()
    out, _ = march(model, y, np.array([1.0, 0.0, 0.0, 0.7, 0.0]), 10.0, 1)
    assert_allclose(out[-1], 7.0, rtol=1e-13, atol=0)


@pytest.mark.convergence
def test_a_tighter_tolerance_is_honoured(cell: filmcell.Cell) -> None:
    """End times approach the tightest run at least in proportion to the tolerance."""
    text = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
    mesh = Mesh.graded(60, cell.cathode.thickness, 4e-8)

    def ends(tolerance: float) -> np.ndarray:
        options = {"tolerance": tolerance, "voltage_tolerance": 10 * tolerance}
        return simulate(cell, text, mesh=mesh, **options).capacity

    truth = ends(1e-11)
    for tolerance in (1e-5, 1e-6, 1e-7, 1e-8):
        assert abs(ends(tolerance) / truth - 1.0).max() < tolerance


def test_default_options_are_as_accurate_as_they_say(cell: filmcell.Cell) -> None:
    """Voltage within 0.2 mV between kept points, capacity within 2e-5 of a tight run."""
    text = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
    mesh = Mesh.graded(60, cell.cathode.thickness, 4e-8)
    loose = simulate(cell, text, mesh=mesh)
    tight = simulate(cell, text, mesh=mesh, **vars(Options(1e-10, 1e-8, 1e-6)))
    assert_allclose(loose.capacity, tight.capacity, rtol=2e-5, atol=0)
    for number in (1, 2):
        a, b = loose.of_step(number), tight.of_step(number)
        t0, t1 = loose.time[a] - loose.time[a][0], tight.time[b] - tight.time[b][0]
        t = np.linspace(0.002, 0.995, 5000) * min(t0[-1], t1[-1])
        gap = np.interp(t, t0, loose.voltage[a]) - np.interp(t, t1, tight.voltage[b])
        assert abs(gap).max() < 2e-4


def curve_gap(options: Options, truth: filmcell.Result | None = None) -> float | filmcell.Result:
    """Largest voltage error of a cycle through the step of the Dualfoil potential [V]."""
    falling = filmcell.Property(
        "D", "m2/s", lambda x: 1e-14 * np.exp(-3.0 * (x - 0.5)), 0.0, 1.0, "film problem"
    )
    cell = filmcell.load_cell("wang2023-lco-lipon-li").replace(
        {
            "cathode.thickness": "2.5 um", "cathode.potential": "lco-dualfoil",
            "cathode.initial_fraction": 0.97, "cathode.diffusivity": falling,
        }
    )  # fmt: skip
    text = "Charge at 1C until 4.2 V; Discharge at 1C until 2.7 V"
    result = simulate(cell, text, mesh=Mesh.uniform(100, 2.5e-6), **vars(options))
    if truth is None:
        return result
    gap = 0.0
    for number in (1, 2):
        a, b = result.of_step(number), truth.of_step(number)
        t0, t1 = result.time[a] - result.time[a][0], truth.time[b] - truth.time[b][0]
        t = np.linspace(0.002, 0.99, 4000) * min(t0[-1], t1[-1])
        off = np.interp(t, t0, result.voltage[a]) - np.interp(t, t1, truth.voltage[b])
        gap = max(gap, float(abs(off).max()))
    return gap


def test_the_voltage_is_under_error_control_of_its_own() -> None:
    """A potential with a step: states alone, at a loose tolerance, would lose the voltage."""
    truth = curve_gap(Options(1e-9, 1e-7, 1e-5))
    with_voltage = curve_gap(Options(1e-3, 1e-6, 1e-5), truth)
    without = curve_gap(Options(1e-3, 1e3, 1e-5), truth)
    assert with_voltage < 2e-4, with_voltage
    assert without > 10 * with_voltage, (without, with_voltage)
