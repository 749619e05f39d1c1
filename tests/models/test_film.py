"""The compiled film model against the plain one, its derivatives, and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from filmcell.models.film import FilmModel
from filmcell.models.reference import ReferenceModel
from filmcell.models.regions import default_mesh
from filmcell.numerics.mesh import Mesh
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import Block, Charge, Protocol, Step, VoltageLimit
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve
from mass import rates

SHAPES = ("film", "cylinder", "sphere")
CURRENTS = (-3.0, -0.7, 0.0, 0.7, 3.0)


def odd_cell(shape: str = "film") -> filmcell.Cell:
    """A cell in which nothing is a special case: D(x), i0(x), odd alphas, interlayer, 60 C."""
    base = filmcell.load_cell("wang2023-lco-lipon-li")
    x = np.linspace(0.0, 1.0, 9)
    return base.replace(
        {
            "cathode.shape": shape,
            "cathode.thickness": "3 um",
            "cathode.diffusivity": filmcell.tabulated(
                "D", x, 1e-14 * 10.0 ** (-2.0 * x), "m2/s", logarithmic=True
            ),
            "cathode.exchange_current_density": filmcell.tabulated("i0", x, 5 + 3 * x, "A/m2"),
            "cathode.lithium_exponent": 0.4,
            "cathode.vacancy_exponent": 0.6,
            "cathode.transfer_coefficient": 0.6,
            "anode.transfer_coefficient": 0.3,
            "anode.activation_energy": "30 kJ/mol",
            "cathode.diffusivity_activation_energy": "20 kJ/mol",
            "cathode.exchange_activation_energy": "40 kJ/mol",
            "interlayers": (filmcell.Electrolyte("50 nm", "1e-8 S/cm"),),
            "contact_resistance": "20 ohm cm2",
            "temperature": "60 degC",
        }
    )


def both(cell: filmcell.Cell, cells: int = 30) -> tuple[FilmModel, ReferenceModel]:
    """The two models of a cell on one graded mesh."""
    cathode = cell.cathode
    mesh = Mesh.graded(cells, cathode.thickness, cathode.thickness / 500, cathode.shape.dimension)
    return FilmModel(cell, mesh), ReferenceModel(cell, mesh)


def states(model: FilmModel, seed: int) -> np.ndarray:
    """Random states, half a c_max of spread."""
    y = model.initial()
    rng = np.random.default_rng(seed)
    y[:-2] = model.cell.cathode.maximum_concentration * rng.uniform(0.55, 0.95, model.mesh.cells)
    return y


def observed(model: FilmModel, y: np.ndarray, i: float) -> np.ndarray:
    """V, dV/di and the margins."""
    s, out = model.system, np.empty(5)
    s.observe(y, i, s.numbers, out)
    return out


def gains(model: FilmModel, y: np.ndarray, i: float) -> np.ndarray:
    """What the balances gain."""
    s, out = model.system, np.empty_like(y)
    s.rate(y, i, s.numbers, out)
    return out


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("i", CURRENTS)
@pytest.mark.parametrize("seed", range(4))
def test_kernels_equal_the_plain_model(shape: str, i: float, seed: int) -> None:
    """Rate and voltage of the compiled model and of the oracle agree to 1e-8."""
    model, reference = both(odd_cell(shape))
    y = states(model, seed)
    expected = reference.rate(y[:-2], i)
    *dc, dtau, dq = rates(model.system, y, i)
    assert_allclose(dc, expected, rtol=1e-8, atol=1e-8 * abs(expected).max())
    assert (dtau, dq) == (1.0, i)
    assert_allclose(observed(model, y, i)[0], reference.voltage(y[:-2], i), rtol=0, atol=1e-8)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("i", CURRENTS)
def test_losses_equal_the_plain_model(shape: str, i: float) -> None:
    """Each loss agrees with the oracle, and they sum to the voltage."""
    model, reference = both(odd_cell(shape))
    y = states(model, 7)
    parts = {k: v[0] for k, v in model.losses(y[None, :], np.array([i])).items()}
    U, eta_p, eta_n, ohmic = reference.losses(y[:-2], i)
    assert_allclose(parts["open-circuit potential"] + parts["cathode diffusion"], U, rtol=0,
                    atol=1e-8)  # fmt: skip
    assert_allclose(parts["cathode kinetics"], eta_p, rtol=0, atol=1e-8)
    assert_allclose(parts["anode kinetics"], eta_n, rtol=0, atol=1e-8)
    layers = parts["electrolyte"] + parts["interlayers.0"] + parts["contact"]
    assert_allclose(layers, ohmic, rtol=1e-12, atol=0)
    assert_allclose(sum(parts.values()), observed(model, y, i)[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("i", CURRENTS)
def test_jacobian_is_the_derivative_of_the_rate(shape: str, i: float) -> None:
    """Off-diagonals, the diagonal that follows from the balance, and the column, by differences."""
    model, _ = both(odd_cell(shape), 12)
    y, s = states(model, 3), model.system
    n = y.size
    lower, sink, upper = np.zeros((3, n))
    columns, rows = np.zeros((2, s.border + 1, n))
    s.jacobian(y, i, s.numbers, lower, sink, upper, columns, rows)
    (column,) = columns  # a film has no products of its own
    assert not rows.any()
    w = s.mass[0]
    given_up = np.zeros(n)
    given_up[:-1] += w[1:] * lower[1:]
    given_up[1:] += w[:-1] * upper[:-1]
    T = np.diag(-given_up / w - sink) + np.diag(lower[1:], -1) + np.diag(upper[:-1], 1)
    step = 1e-3
    numeric = np.empty((n, n))
    for k in range(n):
        up, down = y.copy(), y.copy()
        up[k] += step
        down[k] -= step
        numeric[:, k] = (gains(model, up, i) - gains(model, down, i)) / (2 * step)
    assert_allclose(T, numeric, rtol=2e-6, atol=1e-7 * abs(numeric).max())
    by_i = (gains(model, y, i + 1e-4) - gains(model, y, i - 1e-4)) / 2e-4
    assert_allclose(column, by_i, rtol=1e-6, atol=1e-9 * abs(by_i).max())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("i", CURRENTS)
def test_gradient_and_slope_are_the_derivatives_of_the_voltage(shape: str, i: float) -> None:
    """dV/dc[0] and dV/di by differences; no other state is seen by the voltage."""
    model, _ = both(odd_cell(shape), 12)
    y, s = states(model, 5), model.system
    row = np.empty_like(y)
    s.gradient(y, i, s.numbers, row)
    up, down = y.copy(), y.copy()
    up[0] += 0.1
    down[0] -= 0.1
    numeric = (observed(model, up, i)[0] - observed(model, down, i)[0]) / 0.2
    assert_allclose(row[0], numeric, rtol=1e-6, atol=0)
    assert not row[1:].any()
    slope = (observed(model, y, i + 1e-5)[0] - observed(model, y, i - 1e-5)[0]) / 2e-5
    assert_allclose(observed(model, y, i)[1], slope, rtol=1e-6, atol=0)


@given(i=st.floats(1e-3, 10.0), x=st.floats(0.56, 0.94))
def test_reversing_the_current_flips_every_loss(i: float, x: float) -> None:
    """With symmetric kinetics and a uniform film each loss changes its sign and nothing else."""
    base = filmcell.load_cell("wang2023-lco-lipon-li")
    model = FilmModel(base, Mesh.uniform(20, base.cathode.thickness))
    y = np.tile(model.initial(), (2, 1))
    y[:, :-2] = x * base.cathode.maximum_concentration
    # the surface differs from the bulk by the half cell, so only the other parts flip exactly
    parts = model.losses(y, np.array([i, -i]))
    for name in ("anode kinetics", "electrolyte"):
        assert_allclose(parts[name][0], -parts[name][1], rtol=1e-12, atol=0)
        assert parts[name][0] < 0
    assert parts["cathode kinetics"][0] < 0 < parts["cathode kinetics"][1]
    assert parts["cathode diffusion"][0] < 0 < parts["cathode diffusion"][1]


def test_a_mesh_of_another_film_is_refused(cell: filmcell.Cell) -> None:
    """The mesh must be as deep as the cathode and of its shape."""
    with pytest.raises(
        filmcell.InputError,
        match=r"mesh: 2e-05 m deep, dimension 0, expected 1e-05 m and 0 like the cathode",
    ):
        FilmModel(cell, Mesh.uniform(10, 2e-5))
    with pytest.raises(filmcell.InputError, match=r"dimension 2, expected 1e-05 m and 0"):
        FilmModel(cell, Mesh.uniform(10, 1e-5, 2))


def test_a_start_outside_the_range_of_a_property_is_refused(cell: filmcell.Cell) -> None:
    """Every property must be known at the initial composition."""
    D = filmcell.tabulated("D", [0.5, 0.9], [1e-14, 1e-14], "m2/s", source="half a paper")
    with pytest.raises(
        filmcell.InputError,
        match=r"cathode.initial_fraction: 0.995 is not allowed, expected one from 0.5 to 0.9",
    ):
        FilmModel(cell.replace({"cathode.diffusivity": D}), Mesh.uniform(10, 1e-5))


def test_a_diffusivity_that_turns_negative_is_refused(cell: filmcell.Cell) -> None:
    """A formula that leaves the physical range is named."""
    D = filmcell.Property("D", "m2/s", lambda x: 1e-14 * (0.8 - x), 0.0, 1.0, "a bad fit")
    model = FilmModel(cell.replace({"cathode.diffusivity": D}), Mesh.uniform(10, 1e-5))
    with pytest.raises(filmcell.InputError, match=r"D \(a bad fit\): not above 0 from 0 to 1"):
        _ = model.system


@pytest.mark.parametrize("current", [1e-4, 1.0, 1e4])
def test_default_mesh_resolves_the_current(cell: filmcell.Cell, current: float) -> None:
    """The first volume is a fraction of the depth that the current can empty."""
    mesh = default_mesh(cell, current)
    depth = 96485.0 * 1e-14 * 0.5 * 51822.0 / current
    assert mesh.widths[0] <= max(depth / 49, 1.01e-6 * mesh.length)
    assert_allclose(mesh.faces[-1], cell.cathode.thickness, rtol=1e-12, atol=0)


@pytest.mark.oracle
@pytest.mark.parametrize("shape", SHAPES)
def test_a_whole_charge_equals_the_plain_model(shape: str) -> None:
    """End time and end profile of the oracle, integrated by scipy, to 1e-8."""
    model, reference = both(odd_cell(shape))
    i = -0.5 * model.cell.c_rate_current_density(1.0)
    time, voltage, states = reference.constant_current(model.initial()[:-2], i, 4.15)
    step = Step(Charge(AmperesPerArea(-i)), (VoltageLimit(4.15),))
    tight = Options(tolerance=1e-11, voltage_tolerance=1e-9, resolution=1e-5)
    result = solve(model, Protocol((Block((step,)),)), tight)
    assert_allclose(result.time[-1], time[-1], rtol=1e-8, atol=0)
    assert_allclose(result.voltage[-1], voltage[-1], rtol=0, atol=1e-8)
    assert_allclose(result.concentration[-1], states[-1], rtol=1e-8, atol=0)
