"""Properties: what they give inside their range, and what they say outside."""

from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell import InputError, OutOfRange, Property, constant, tabulated

OCP = Property("test OCP", "V", lambda x: 4.5 - x, 0.25, 1.0, "made up")

rising = st.lists(st.integers(0, 1000), min_size=2, max_size=12, unique=True).map(
    lambda k: [a / 1000 for a in sorted(k)]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    x = draw(rising)
    values = st.floats(1e-16, 1e-12) | st.floats(0.1, 10.0)
    return x, draw(st.lists(values, min_size=len(x), max_size=len(x)))


def test_inside_its_range_a_property_is_its_function() -> None:
    assert_allclose(OCP([0.25, 0.5, 1.0]), [4.25, 4.0, 3.5], rtol=1e-15, atol=0)
    assert OCP([]).size == 0
    assert str(OCP) == "test OCP (made up)"


@pytest.mark.parametrize(
    ("x", "numbers"),
    [
        (0.2, "from 0.2 to 0.2"),
        (1.0000001, "from 1 to 1"),
        ([0.5, 1.5], "from 0.5 to 1.5"),
        ([-1.0, 0.5], "from -1 to 0.5"),
        (np.nan, "from nan to nan"),
    ],
)
def test_a_property_refuses_to_extrapolate(x: float, numbers: str) -> None:
    with pytest.raises(OutOfRange) as caught:
        OCP(x)
    assert str(caught.value) == (
        f"test OCP: x {numbers} is outside 0.25 to 1, the range of made up"
    )


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [(1.0, 0.0, "1 to 0"), (0.5, 0.5, "0.5 to 0.5"), (np.nan, 1.0, "nan to 1")],
)
def test_a_range_that_does_not_rise_is_refused(low: float, high: float, written: str) -> None:
    with pytest.raises(InputError) as caught:
        Property("test OCP", "V", np.cos, low, high, "made up")
    assert str(caught.value) == (
        f"test OCP: the range {written} of made up does not rise, expected the lower end first"
    )


def test_a_property_cannot_be_changed_in_place() -> None:
    with pytest.raises(FrozenInstanceError):
        OCP.low = 0.0  # type: ignore[misc]


def test_a_constant_is_the_same_everywhere() -> None:
    D, again = (constant("D", 1e-14, "m2/s") for _ in range(2))
    assert_allclose(D([0.0, 0.3, 1.0]), [1e-14] * 3, rtol=1e-15, atol=0)
    assert again == D
    assert hash(again) == hash(D)


@given(tables(), st.booleans())
def test_a_table_passes_through_its_points(
    table: tuple[list[float], list[float]], log: bool
) -> None:
    x, values = table
    D = tabulated("D", x, values, "m2/s", logarithmic=log)
    assert [D.low, D.high] == [x[0], x[-1]]
    assert_allclose(D(x), values, rtol=1e-9, atol=1e-12 * max(values) * (not log))


@given(tables(), st.booleans())
def test_a_table_stays_between_neighbouring_points(
    table: tuple[list[float], list[float]], log: bool
) -> None:
    x, values = table
    D = tabulated("D", x, values, "m2/s", logarithmic=log)
    slack = 1e-9 * max(values)
    for (a, b), ends in zip(pairwise(x), pairwise(values), strict=True):
        between = D(np.linspace(a, b, 9))
        assert between.min() >= min(ends) - slack
        assert between.max() <= max(ends) + slack
        if log:
            assert between.min() >= min(ends) * (1 - 1e-9)


def test_a_logarithmic_table_meets_the_geometric_mean() -> None:
    D = tabulated("D", [0.5, 1.0], [1e-13, 1e-15], "m2/s", logarithmic=True)
    assert_allclose(D([0.5, 0.625, 0.75, 1.0]), [1e-13, 10**-13.5, 1e-14, 1e-15], rtol=1e-9, atol=0)


def test_a_linear_table_meets_the_arithmetic_mean() -> None:
    D = tabulated("D", [0.5, 1.0], [1e-13, 1e-15], "m2/s")
    assert_allclose(D(0.75), 5.05e-14, rtol=1e-12, atol=0)


def test_a_table_refuses_to_extrapolate() -> None:
    D = tabulated("diffusivity", [0.5, 0.9], [1e-13, 1e-15], "m2/s", source="fig. 4")
    with pytest.raises(OutOfRange) as caught:
        D(0.95)
    assert str(caught.value) == (
        "diffusivity: x from 0.95 to 0.95 is outside 0.5 to 0.9, the range of fig. 4"
    )


REFUSED = [
    ([0.5], [1.0], False, "1 values of x and 1 values, expected two or more of each, equally many"),
    (
        [0, 1],
        [1.0],
        False,
        "2 values of x and 1 values, expected two or more of each, equally many",
    ),
    ([0.0, 0.5, 0.5], [1.0, 2.0, 3.0], False, "x goes from 0.5 to 0.5, expected numbers that rise"),
    ([0.0, 0.9, 0.5], [1.0, 2.0, 3.0], False, "x goes from 0.9 to 0.5, expected numbers that rise"),
    ([0.0, np.nan], [1.0, 2.0], False, "x has nan, expected finite numbers"),
    ([0.0, 1.0], [np.inf, 2.0], False, "values has inf, expected finite numbers"),
    (
        [0.0, 1.0],
        [1.0, -2.0],
        True,
        "values has -2, expected numbers above 0, as their logarithm is interpolated",
    ),
]


@pytest.mark.parametrize(("x", "values", "log", "sentence"), REFUSED)
def test_a_bad_table_is_refused_word_for_word(
    x: list[float], values: list[float], log: bool, sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        tabulated("D", x, values, "m2/s", logarithmic=log)
    assert str(caught.value) == f"D: {sentence}"
