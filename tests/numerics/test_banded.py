"""The twisted factorisation against numpy's dense solve, and what it is made for: conservation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.arrays import Array
from filmcell.numerics.banded import (
    ABOVE,
    BELOW,
    HERE,
    WEIGHT,
    alone,
    balance,
    factorise,
    substitute,
)

seeds = st.integers(0, 2**32 - 1)
System = tuple[float, Array, Array, Array, Array]


def system(n: int, seed: int, stiffness: float = 10.0, *, leaks: bool = True) -> System:
    """Make shift, weights, exchange with the neighbours and sinks; dominant by columns."""
    rng = np.random.default_rng(seed)
    weight = 10.0 ** rng.uniform(-1, 1, n)
    lower, upper = rng.uniform(0.01, 1.0, (2, n)) * stiffness
    sink = rng.uniform(0.0, 1.0, n) * leaks
    return rng.uniform(0.5, 2.0), alone(weight), lower, sink, upper


def shared(seed: int, weight: Array) -> Array:
    """Mass matrix in which up to a third of each balance belongs to the neighbours."""
    mass = np.array(alone(weight))
    mass[BELOW, 1:], mass[ABOVE, :-1] = np.random.default_rng(seed).uniform(
        -0.03, 0.15, (2, weight.size - 1)
    )
    beside = np.diag(mass[BELOW, 1:], -1) + np.diag(mass[ABOVE, :-1], 1)
    mass[HERE] = 1.0 - weight @ beside / weight
    mass.flags.writeable = False
    return mass


def dense(shift: float, mass: Array, lower: Array, sink: Array, upper: Array) -> Array:
    """Write out `shift M - T`: what leaves a volume enters its neighbours or the sink."""
    weight = mass[WEIGHT]
    T = np.diag(lower[1:], -1) + np.diag(upper[:-1], 1)
    M = np.diag(mass[HERE]) + np.diag(mass[BELOW, 1:], -1) + np.diag(mass[ABOVE, :-1], 1)
    return shift * M - T + np.diag(sink + weight @ T / weight)


def factors(shift: float, mass: Array, lower: Array, sink: Array, upper: Array) -> list[Array]:
    """Factorise; what the kernel has no business to read is nan."""
    lower, upper = lower.copy(), upper.copy()
    lower[0] = upper[-1] = np.nan
    found = [np.full(sink.size, np.nan) for _ in range(3)]
    factorise(shift, mass, lower, sink, upper, *found)
    return found


def solved(given_system: System, b: Array) -> Array:
    x = b.copy()
    substitute(*factors(*given_system), x)
    return x


def right_side(n: int, seed: int) -> Array:
    return np.random.default_rng(seed + 1).uniform(-1, 1, n)


@pytest.mark.parametrize("n", range(3, 201))
def test_every_size_is_solved(n: int) -> None:
    one, b = system(n, n), right_side(n, n)
    assert_allclose(solved(one, b), np.linalg.solve(dense(*one), b), rtol=1e-10, atol=1e-12)


@settings(max_examples=200)
@given(st.integers(3, 200), seeds, st.floats(-3.0, 9.0))
def test_what_is_solved_satisfies_the_equations(n: int, seed: int, power: float) -> None:
    one, b = system(n, seed, 10.0**power), right_side(n, seed)
    matrix, x = dense(*one), solved(one, b)
    size = np.abs(matrix) @ np.abs(x) + np.abs(b)
    assert np.all(np.abs(matrix @ x - b) <= 1e-13 * size)


@given(st.integers(3, 200), seeds, st.floats(-3.0, 15.0))
def test_nothing_is_lost_at_any_stiffness(n: int, seed: int, power: float) -> None:
    one = system(n, seed, 10.0**power, leaks=False)
    shift, weight = one[0], one[1][WEIGHT]
    b = np.abs(right_side(n, seed))
    assert_allclose(
        shift * math.fsum(weight * solved(one, b)), math.fsum(weight * b), rtol=1e-13, atol=0
    )


@given(st.integers(3, 200), seeds, st.floats(-3.0, 15.0))
def test_what_is_positive_stays_positive(n: int, seed: int, power: float) -> None:
    b = np.abs(right_side(n, seed))
    assert np.all(solved(system(n, seed, 10.0**power), b) >= 0)


@given(st.integers(3, 60), seeds)
def test_one_factorisation_serves_many_right_sides(n: int, seed: int) -> None:
    one, b = system(n, seed), right_side(n, seed)
    found = factors(*one)
    kept = [a.copy() for a in found]
    for k in range(3):
        x = np.roll(b, k)
        substitute(*found, x)
        expected = np.linalg.solve(dense(*one), np.roll(b, k))
        assert_allclose(x, expected, rtol=1e-9, atol=1e-12)
    for before, after in zip(kept, found, strict=True):
        np.testing.assert_array_equal(before, after)


@given(st.integers(3, 60), seeds, st.floats(-3.0, 12.0))
def test_balances_that_are_shared_are_solved_and_lose_nothing(
    n: int, seed: int, power: float
) -> None:
    """The same with a mass matrix that is no identity: rows hold, and their weighted sum does."""
    shift, mass, *exchange = system(n, seed, 10.0**power, leaks=False)
    one = (shift, shared(seed, mass[WEIGHT]), *exchange)
    b = np.abs(right_side(n, seed))
    matrix, x = dense(*one), solved(one, b)
    size = np.abs(matrix) @ np.abs(x) + np.abs(b)
    assert np.all(np.abs(matrix @ x - b) <= 1e-12 * size)
    weight = mass[WEIGHT]
    assert_allclose(shift * math.fsum(weight * x), math.fsum(weight * b), rtol=1e-12, atol=0)


@given(st.integers(3, 60), seeds)
def test_a_balance_is_the_gain_plus_the_mass_matrix_times_the_rates(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mass, rates, gain, out = (
        shared(seed, rng.uniform(1, 2, n)),
        *rng.normal(size=(2, n)),
        np.ones(n),
    )
    balance(mass, rates, gain, out)
    nothing = np.zeros(n)
    assert_allclose(out, gain + dense(1.0, mass, nothing, nothing, nothing) @ rates, atol=1e-13)
