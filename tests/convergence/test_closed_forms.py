"""The film model against closed forms: series, semi-infinite film, utilisation, reversal."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.constants import F
from filmcell.models.film import FilmModel
from filmcell.numerics import nodes as nodes_module
from filmcell.numerics.mesh import HALF, Mesh
from filmcell.numerics.nodes import Nodes
from filmcell.physics import analytic
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import (
    Block,
    Charge,
    Discharge,
    Protocol,
    Step,
    TimeLimit,
    VoltageLimit,
)
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

LENGTH, D, C_MAX, START = 2e-6, 1e-14, 5e4, 0.5
TIGHT = Options(tolerance=1e-9, voltage_tolerance=1e-7)
SERIES = {
    "film": analytic.slab_surface,
    "cylinder": analytic.cylinder_surface,
    "sphere": analytic.sphere_surface,
}


def ideal_cell(shape: str = "film", start: float = START) -> filmcell.Cell:
    """Constant D, a straight potential, and interfaces that cost nothing worth mentioning."""
    U = filmcell.Property("OCP", "V", lambda x: 4.5 - x, 0.0, 1.0, "made up")
    cathode = filmcell.Cathode(
        LENGTH, C_MAX, D, U, 1e9, lithium_exponent=0.0, vacancy_exponent=0.0, initial_fraction=start
    )
    cell = filmcell.Cell(
        filmcell.LithiumMetal(1e-3, 1e9), filmcell.Electrolyte(1e-9, 1e3), cathode, 1e-4, 3.0, 4.5
    )
    return cell.replace({"cathode.shape": shape})


def run(cell: filmcell.Cell, mesh: Mesh, *steps: Step) -> filmcell.Result:
    """Run the steps tightly."""
    return solve(FilmModel(cell, mesh), Protocol((Block(steps),)), TIGHT)


def surface_change(shape: str, mesh: Mesh, tau: float, size: float = 0.2) -> float:
    """(c_s - c) / c* after a constant current of dimensionless size i l / (F D c_max)."""
    i = size * F * D * C_MAX / LENGTH
    end = TimeLimit(tau * LENGTH**2 / D)
    result = run(ideal_cell(shape), mesh, Step(Discharge(AmperesPerArea(i)), (end,)))
    assert result.time[-1] == end.seconds
    outside = Nodes(mesh).packed[HALF, 0] * i / (F * D)
    return (result.concentration[-1, 0] + outside - START * C_MAX) / (size * C_MAX)


def observed_orders(errors: list[float]) -> np.ndarray:
    """Order between each halving."""
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


@pytest.mark.parametrize("shape", SERIES)
@pytest.mark.parametrize("tau", [0.01, 0.03, 0.1, 0.3, 1.0])
def test_surface_follows_the_series(shape: str, tau: float) -> None:
    """RT-01, RT-02: 60 nodes reach the series to 1e-6 of its value, at every tau."""
    dimension = list(SERIES).index(shape)
    mesh = Mesh.graded(60, LENGTH, LENGTH / 1000, dimension)
    ours = surface_change(shape, mesh, tau, size=0.1)
    assert_allclose(ours, float(SERIES[shape](tau)), rtol=1e-6, atol=0)


@pytest.mark.parametrize("tau", [1e-4, 1e-3])
def test_early_times_are_semi_infinite(tau: float) -> None:
    """2 sqrt(tau / pi) for a plane film before the far end is felt."""
    ours = surface_change("film", Mesh.graded(80, LENGTH, LENGTH / 20000), tau)
    assert_allclose(ours, float(analytic.semi_infinite_surface(tau)), rtol=1e-5, atol=0)


@pytest.mark.convergence
@pytest.mark.parametrize("shape", SERIES)
def test_space_converges(monkeypatch: pytest.MonkeyPatch, shape: str) -> None:
    """Order 4 in a film and 3 where the surface is curved, on halved equal widths.

    With the first node nearly on the surface: its distance adds 3e-6 of order 2, see `test_nodes`.
    """
    monkeypatch.setattr(nodes_module, "OFFSET", 1e-4)
    dimension = list(SERIES).index(shape)
    truth = float(SERIES[shape](0.1))
    errors = [
        abs(surface_change(shape, Mesh.uniform(n, LENGTH, dimension), 0.1) - truth)
        for n in (10, 20, 40)
    ]
    assert observed_orders(errors).min() >= (2.95 if dimension else 3.85)
    assert errors[-1] < 2e-6


@pytest.mark.convergence
def test_graded_meshes_converge_with_fourth_order() -> None:
    """The same where widths grow by a factor of 50 from the surface to the far end."""
    truth = float(analytic.slab_surface(0.03))
    errors = []
    for n in (10, 20, 40, 80):
        faces = LENGTH * np.expm1(np.linspace(0, 4, n + 1)) / np.expm1(4)
        errors.append(abs(surface_change("film", Mesh(faces), 0.03) - truth))
    assert observed_orders(errors).min() >= 3.7
    assert errors[-1] < 1e-7


def test_profile_follows_the_series() -> None:
    """Every node, not only the surface."""
    mesh, tau, size = Mesh.uniform(60, LENGTH), 0.1, 0.2
    i = size * F * D * C_MAX / LENGTH
    end = TimeLimit(tau * LENGTH**2 / D)
    result = run(ideal_cell(), mesh, Step(Discharge(AmperesPerArea(i)), (end,)))
    ours = (result.concentration[-1] - START * C_MAX) / (size * C_MAX)
    assert_allclose(ours, analytic.slab_profile(result.depth / LENGTH, tau), rtol=0, atol=1e-6)


@pytest.mark.parametrize("number", [0.1, 1.0, 10.0])
def test_utilisation_between_two_surface_limits(number: float) -> None:
    """RT-04: 0.966667, 0.666947 and 0.0785398 at Lambda = 0.1, 1 and 10."""
    swing, start = 0.5, 0.25
    i = number * F * D * swing * C_MAX / LENGTH
    until = VoltageLimit(4.5 - start - swing)
    mesh = Mesh.graded(300, LENGTH, LENGTH / 20000)
    step = Step(Discharge(AmperesPerArea(i)), (until,))
    result = run(ideal_cell(start=start), mesh, step)
    ours = result.charge[-1] / 1e-4 / (F * LENGTH * swing * C_MAX)
    assert_allclose(ours, analytic.slab_utilisation(number), rtol=1e-4, atol=0)


@pytest.mark.parametrize(("ratio", "recovered"), [(0.5, 0.4), (1.0, 1 / 3), (2.0, 0.25)])
def test_reversal_without_rest(ratio: float, recovered: float) -> None:
    """RT-05: a thick film gives back 1 / (2 + i_d / i_c) of its charge."""
    i = 20.0 * F * D * 0.2 * C_MAX / LENGTH
    start = 0.8
    up = Step(Charge(AmperesPerArea(i)), (VoltageLimit(4.5 - 0.6),))
    down = Step(Discharge(AmperesPerArea(i * ratio)), (VoltageLimit(4.5 - start),))
    result = run(ideal_cell(start=start), Mesh.graded(300, LENGTH, LENGTH / 20000), up, down)
    assert result.ended == ("voltage reached 3.9 V", "voltage reached 3.7 V")
    assert_allclose(result.capacity[1] / result.capacity[0], recovered, rtol=1e-3, atol=0)
    assert_allclose(analytic.reversal_ratio(1.0, ratio), recovered, rtol=1e-12, atol=0)


def test_sand_time_of_a_thick_film() -> None:
    """The first limit of the reversal test is reached at the Sand time."""
    i = 20.0 * F * D * 0.2 * C_MAX / LENGTH
    up = Step(Charge(AmperesPerArea(i)), (VoltageLimit(3.9),))
    result = run(ideal_cell(start=0.8), Mesh.graded(300, LENGTH, LENGTH / 20000), up)
    assert_allclose(result.time[-1], analytic.sand_time(D, 0.2 * C_MAX, i), rtol=1e-4, atol=0)


def test_two_limit_reading_of_wang_table_1() -> None:
    """RT-26: pure diffusion between two surface limits at 0.80 A/m2 fits 15 cells to 2.1 %."""
    from filmcell.papers.wang2023 import DIFFUSIVITIES, INITIAL_CAPACITY, THICKNESSES

    i, first, second = 0.80, 21830.0, -140.0
    c_max, start = 51822.0, 0.995
    U = filmcell.Property("OCP", "V", lambda x: 4.5 - x, -0.2, 1.2, "made up")
    high, low = 4.5 - (start - first / c_max), 4.5 - (start - second / c_max)
    errors = []
    for name, row in INITIAL_CAPACITY.items():
        for L, printed in zip(THICKNESSES[:-1], row, strict=False):
            cell = ideal_cell().replace(
                {
                    "cathode.thickness": L, "cathode.diffusivity": DIFFUSIVITIES[name],
                    "cathode.maximum_concentration": c_max, "cathode.initial_fraction": start,
                    "cathode.potential": U, "area": "1.44 cm2",
                }
            )  # fmt: skip
            up = Step(Charge(AmperesPerArea(i)), (VoltageLimit(high),))
            down = Step(Discharge(AmperesPerArea(i)), (VoltageLimit(low),))
            result = run(cell, Mesh.graded(100, L, L / 5000), up, down)
            errors.append(result.capacity[1] * 1e3 / printed - 1.0)
    rms = float(np.sqrt(np.mean(np.square(errors))))
    assert abs(rms - 0.021) <= 0.002, rms
