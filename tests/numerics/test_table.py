"""Lookup tables: made to a tolerance, read the same by numpy and by the kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.errors import InputError
from filmcell.numerics.compiling import compiled, fixed_mat, integer, num
from filmcell.numerics.table import Table, lookup, stack, tabulate
from filmcell.physics.thermodynamics import dualfoil_potential, fabre_potential

WAVE = tabulate(lambda x: np.sin(7 * x) + 2.0, 0.2, 0.9, tol=1e-9)
FABRE = tabulate(fabre_potential, 0.45, 1.0, tol=1e-7)
COEFFICIENTS, HEADS = stack((WAVE, FABRE))


@compiled(num(fixed_mat, fixed_mat, integer, num))
def value(table, heads, which, x):
    return lookup(table, heads, which, x)[0]


@compiled(num(fixed_mat, fixed_mat, integer, num))
def slope(table, heads, which, x):
    return lookup(table, heads, which, x)[1]


@pytest.mark.parametrize("f", [fabre_potential, dualfoil_potential])
@pytest.mark.parametrize("tol", [1e-4, 1e-6])
def test_a_table_keeps_its_tolerance_between_the_knots(f, tol: float) -> None:
    table = tabulate(f, 0.45, 0.999, tol=tol)
    x = np.random.default_rng(1).uniform(0.45, 0.999, 20_000)
    assert table.error <= tol
    assert np.abs(table(x) - f(x)).max() <= 2 * tol


def test_a_relative_tolerance_holds_over_decades() -> None:
    def f(x):
        return 10.0 ** (-17 + 6 * x)

    table = tabulate(f, 0.0, 1.0, tol=1e-8, relative=True)
    x = np.random.default_rng(2).uniform(0.0, 1.0, 10_000)
    assert_allclose(table(x), f(x), rtol=2e-8, atol=0)


@pytest.mark.convergence
def test_the_error_falls_with_the_fourth_power_of_the_interval() -> None:
    sizes = []
    for k in range(4, 9):
        table = tabulate(np.exp, 0.0, 1.0, tol=16.0**-k)
        sizes.append((len(table.coefficients), table.error))
    n, error = (np.array(a) for a in zip(*dict(sizes).items(), strict=True))
    order = np.diff(np.log(error)) / -np.diff(np.log(n))
    assert len(order) >= 3
    assert_allclose(order, 4.0, rtol=0, atol=0.4)


def test_a_cubic_is_tabulated_exactly() -> None:
    def f(x):
        return 1 - 2 * x + 3 * x**2 - x**3

    table = tabulate(f, -1.0, 2.0, tol=1e-12)
    assert len(table.coefficients) == 4
    assert_allclose(table(np.linspace(-1, 2, 50)), f(np.linspace(-1, 2, 50)), rtol=0, atol=1e-13)


@given(st.floats(-1.0, 2.0), st.sampled_from([0, 1]))
def test_the_kernels_read_what_numpy_reads(x: float, which: int) -> None:
    table = (WAVE, FABRE)[which]
    expected = table(x)
    assert_allclose(value(COEFFICIENTS, HEADS, which, x), expected, rtol=1e-12, atol=0)


@given(st.floats(0.2, 0.9))
def test_the_slope_is_that_of_the_function(x: float) -> None:
    assert_allclose(slope(COEFFICIENTS, HEADS, 0, x), 7 * np.cos(7 * x), rtol=0, atol=1e-5)


def test_outside_its_range_a_table_keeps_the_value_of_the_nearest_end() -> None:
    assert_allclose(WAVE([0.0, 0.2, 0.9, 5.0]), WAVE([0.2, 0.2, 0.9, 0.9]), rtol=1e-15, atol=0)


def test_a_table_keeps_the_shape_of_its_argument() -> None:
    assert WAVE(0.5).shape == ()
    assert WAVE(np.full((2, 3), 0.5)).shape == (2, 3)


def test_stacked_tables_begin_where_the_last_one_ends() -> None:
    assert len(COEFFICIENTS) == len(WAVE.coefficients) + len(FABRE.coefficients)
    assert HEADS[:, 3].tolist() == [0.0, len(WAVE.coefficients)]


@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
def test_a_function_that_is_not_finite_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        tabulate(lambda x: 1.0 / x, 0.0, 1.0, tol=1e-6)
    assert str(caught.value) == "the function is inf at x = 0, expected a number"


def test_a_function_that_jumps_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        tabulate(lambda x: np.sign(x - 1 / 3), 0.0, 1.0, tol=1e-6)
    assert str(caught.value).startswith("a table of 32768 intervals from 0 to 1 misses its ")
    assert str(caught.value).endswith("allowed is 0.0001: the function jumps or has a kink")


def test_a_table_cannot_be_changed_in_place() -> None:
    assert isinstance(WAVE, Table)
    with pytest.raises(ValueError, match="read-only"):
        WAVE.coefficients[0, 0] = 1.0
