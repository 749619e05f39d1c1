"""The bordered system against a dense one, and controls that change with time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from filmcell.arrays import Array
from filmcell.models.film import FilmModel
from filmcell.numerics.banded import alone, substitute
from filmcell.numerics.control import (
    Task,
    input_gradient,
    is_direct,
    is_fixed,
    nearest_limit,
    residual_slope,
    resolve,
    setpoint,
)
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.rodas import GAMMA
from filmcell.numerics.stages import Matrix, add_products, invert, matrix_in, prepare

HELD = np.array([0.0, 1.0, 0.0, 3.9, 0.0])
FIXED = np.array([1.0, 0.0, 0.0, 1.0, 0.0])


def bordered(n: int, products: int, seed: int, spread: float) -> Matrix:
    """A random system; its products differ by `spread` decades in size."""
    rng = np.random.default_rng(seed)
    k = products + 1
    weight = 10.0 ** rng.uniform(-1, 1, n)
    matrix = matrix_in.py_func(alone(weight), np.zeros((6 + 3 * k, n)), np.zeros(2 * k * k))
    matrix.lower[:], matrix.upper[:] = rng.uniform(0.01, 10.0, (2, n))
    matrix.sink[:] = rng.uniform(0.0, 1.0, n)
    size = 10.0 ** rng.uniform(-spread, spread, (k, 1))
    matrix.columns[:] = rng.normal(size=(k, n)) * size
    matrix.rows[:] = rng.normal(size=(k, n)) / size * 0.3
    return matrix


def dense(matrix: Matrix, h: float, first: int) -> Array:
    """The same written out."""
    beside = np.diag(matrix.lower[1:], -1) + np.diag(matrix.upper[:-1], 1)
    T = beside - np.diag(matrix.mass[0] @ beside / matrix.mass[0] + matrix.sink)
    products = matrix.columns[first:].T @ matrix.rows[first:]
    return np.eye(matrix.sink.size) / (GAMMA * h) - T - products


@settings(max_examples=150)
@given(st.integers(5, 40), st.integers(0, 3), st.integers(0, 2**32 - 1), st.floats(0.0, 8.0),
       st.booleans())  # fmt: skip
def test_products_are_added_as_woodbury_says(
    n: int, products: int, seed: int, spread: float, held: bool
) -> None:
    """With the product of the control where there is one, without it where the current is fixed."""
    h = 0.1
    matrix = bordered(n, products, seed, spread)
    first = prepare(matrix, HELD if held else FIXED, h)
    assert first == (0 if held else 1)
    b = np.random.default_rng(seed + 1).normal(size=n)
    x = b.copy()
    substitute(matrix.pivot, matrix.near, matrix.far, x)
    if first <= products:
        add_products(matrix.rows, matrix.turned, matrix.small, first, x)
    A = dense(matrix, h, first)
    size = abs(A) @ abs(x) + abs(b)
    assert (abs(A @ x - b) <= 1e-9 * size).all()


@given(st.integers(1, 4), st.integers(0, 2**32 - 1), st.floats(0.0, 12.0))
def test_small_matrices_of_any_units_are_inverted(k: int, seed: int, spread: float) -> None:
    """Rows and columns may be of any size: pivots are not chosen by it."""
    rng = np.random.default_rng(seed)
    well = np.eye(k) * 2.0 + rng.uniform(-0.4, 0.4, (k, k))
    units = 10.0 ** rng.uniform(-spread, spread, k)
    A = well * units[:, None]
    small = np.zeros((k, 2 * k))
    small[:, :k] = A
    invert(small, 0)
    assert_allclose(small[:, k:] * units, np.linalg.inv(well), rtol=1e-11, atol=1e-12)


def film() -> tuple[FilmModel, Array]:
    """A film under way."""
    cell = filmcell.load_cell("wang2023-lco-lipon-li")
    model = FilmModel(cell, Mesh.uniform(8, cell.cathode.thickness))
    y = model.initial()
    y[:-2] *= np.linspace(0.75, 0.8, 8)
    y[-2], y[-1] = 40.0, -120.0
    return model, y


def test_controls_are_told_apart() -> None:
    """Direct: the current is stated; fixed: and it never changes."""
    ramp = np.array([1.0, 0.0, 0.0, 1.0, 0.5])
    power = np.array([0.0, 0.0, 1.0, 1.0, 0.0])
    assert [is_direct(c) for c in (FIXED, ramp, HELD, power)] == [True, True, False, False]
    assert [is_fixed(c) for c in (FIXED, ramp, HELD, power)] == [True, False, False, False]


def test_a_ramp_goes_with_the_time_of_its_stretch() -> None:
    """The setpoint counts from the last state but one."""
    model, y = film()
    ramp = np.array([2.0, 0.0, 0.0, 1.0, 0.5])
    assert setpoint(ramp, y) == 1.0 + 0.5 * 40.0
    s, seen = model.system, np.zeros(5)
    i = resolve(s.observe, ramp, y, 0.0, s.numbers, seen)
    assert i == 21.0 / 2.0
    sweep = np.array([0.0, 1.0, 0.0, 3.95, -1e-3])
    i = resolve(s.observe, sweep, y, 0.0, s.numbers, seen)
    assert_allclose(seen[0], 3.95 - 0.04, rtol=0, atol=1e-12)
    again = np.zeros(5)
    s.observe(y, i, s.numbers, again)
    np.testing.assert_array_equal(seen, again)


@pytest.mark.parametrize(
    "control",
    [(2.0, 0.0, 0.0, 1.0, 0.5), (0.0, 1.0, 0.0, 3.95, -1e-3), (0.0, 0.0, 1.0, 3.0, 0.0),
     (0.2, 1.0, 0.0, 3.9, 0.0)],
    ids=["current ramp", "voltage sweep", "power", "voltage behind a resistor"],
)  # fmt: skip
def test_the_gradient_of_the_input_is_its_derivative(control: tuple) -> None:
    """By every state, the time of the stretch among them."""
    model, y = film()
    s, seen, control = model.system, np.zeros(5), np.array(control)
    i = resolve(s.observe, control, y, 1.0, s.numbers, seen)
    row = np.full_like(y, 7e77)
    input_gradient(s.gradient, control, y, i, s.numbers, seen, row)
    for k in range(y.size):
        step = np.zeros_like(y)
        step[k] = 1e-5 * s.scale[k]
        up, down = (
            resolve(s.observe, control, y + sign * step, i, s.numbers, np.zeros(5))
            for sign in (1, -1)
        )
        expected = (up - down) / (2 * step[k])
        assert_allclose(row[k], expected, rtol=1e-5, atol=1e-9 / s.scale[k])
    assert residual_slope(control, i, seen[0], seen[1]) != 0.0


def test_limits_of_every_kind() -> None:
    """Current, output, charge of the step, charge of all: the smallest margin counts."""
    model, y = film()
    s, out, found = model.system, np.zeros(5), np.zeros(2)
    i = -2.0
    s.observe(y, i, s.numbers, out)
    rows = {
        "current": (-1.0, 0.0, 0.0, 0.0, -0.1), "voltage": (0.0, 1.0, 0.0, 0.0, out[0] + 0.03),
        "charge": (0.0, 0.0, 1.0, 0.0, 70.02), "total": (0.0, 0.0, 0.0, -1.0, 120.01),
    }  # fmt: skip
    task = Task(FIXED, np.array(list(rows.values())), -50.0)
    assert nearest_limit(task, i, y, out, found) == 3
    assert_allclose(found[0], 0.01, rtol=1e-9, atol=0)
    for last, margin in ((3, 0.02), (2, 0.03), (1, out[2:].min())):
        shorter = Task(FIXED, np.array(list(rows.values())[:last]), -50.0)
        which = nearest_limit(shorter, i, y, out, found)
        assert_allclose(found[0], margin, rtol=1e-9, atol=0)
        assert which == {3: 2, 2: 1, 1: 1 + int(out[2:].argmin())}[last]
    out[0] = np.nan  # what is no number counts as beyond
    nearest_limit(task, i, y, out, found)
    assert found[0] < 0
