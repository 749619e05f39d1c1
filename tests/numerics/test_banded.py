"""The twisted factorisation against numpy's dense solve, and what it is made for: conservation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.arrays import Array
from filmcell.numerics.banded import factorise, substitute

seeds = st.integers(0, 2**32 - 1)
System = tuple[float, Array, Array, Array, Array]


def system(n: int, seed: int, stiffness: float = 10.0, *, leaks: bool = True) -> System:
    """Make shift, weights, exchange with the neighbours and sinks; dominant by columns."""
    rng = np.random.default_rng(seed)
    weight = 10.0 ** rng.uniform(-1, 1, n)
    lower, upper = rng.uniform(0.01, 1.0, (2, n)) * stiffness
    sink = rng.uniform(0.0, 1.0, n) * leaks
    return rng.uniform(0.5, 2.0), weight, lower, sink, upper


def dense(shift: float, weight: Array, lower: Array, sink: Array, upper: Array) -> Array:
    """Write out `shift I - T`: what leaves a volume enters its neighbours or the sink."""
    T = np.diag(lower[1:], -1) + np.diag(upper[:-1], 1)
    return shift * np.eye(sink.size) - T + np.diag(sink + weight @ T / weight)


def factors(shift: float, weight: Array, lower: Array, sink: Array, upper: Array) -> list[Array]:
    """Factorise; what the kernel has no business to read is nan."""
    lower, upper = lower.copy(), upper.copy()
    lower[0] = upper[-1] = np.nan
    found = [np.full(sink.size, np.nan) for _ in range(3)]
    factorise(shift, weight, lower, sink, upper, *found)
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
    shift, weight = one[:2]
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
