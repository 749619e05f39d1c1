"""Arrhenius factors, ohmic layers and plated lithium."""

import math

from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.constants import F, R
from filmcell.physics.transport import (
    area_specific_resistance,
    arrhenius_factor,
    lithium_thickness,
)

temperatures = st.floats(200.0, 600.0)
energies = st.floats(0.0, 1e5)


@given(energies, temperatures)
def test_the_factor_is_one_at_the_reference_temperature(Ea: float, T: float) -> None:
    assert arrhenius_factor(T, Ea, T) == 1.0


@given(energies, temperatures, temperatures, temperatures)
def test_factors_chain_over_a_temperature_between(Ea: float, a: float, b: float, c: float) -> None:
    via = arrhenius_factor(b, Ea, a) * arrhenius_factor(c, Ea, b)
    assert_allclose(arrhenius_factor(c, Ea, a), via, rtol=1e-10, atol=0)


@given(st.floats(1e3, 1e5), st.floats(250.0, 400.0))
def test_the_slope_of_the_logarithm_over_inverse_temperature_is_the_energy(
    Ea: float, T: float
) -> None:
    slope = math.log(arrhenius_factor(2 * T, Ea, T)) / (1 / (2 * T) - 1 / T)
    assert_allclose(-slope * R, Ea, rtol=1e-11, atol=0)


def test_lipon_conducts_nine_and_a_half_times_better_at_60_degrees() -> None:
    factor = arrhenius_factor(333.15, 0.55 * F)
    assert_allclose(factor, math.exp(0.55 * F / R * (1 / 298.15 - 1 / 333.15)), rtol=1e-12, atol=0)
    assert_allclose(factor, 9.48, rtol=1e-3, atol=0)


def test_resistance_is_thickness_over_conductivity() -> None:
    assert_allclose(area_specific_resistance(2e-6, 2e-4), 1e-2, rtol=1e-14, atol=0)


def test_one_mah_per_cm2_is_4_8491_um_of_lithium() -> None:
    """RT-23."""
    assert_allclose(lithium_thickness(3.6e4) * 1e6, 4.8491, rtol=0, atol=1e-4)
    assert_allclose(lithium_thickness(1.0), 1.34697e-10, rtol=1e-5, atol=0)
    assert_allclose(1e-6 / lithium_thickness(3.6e4), 0.20622, rtol=1e-4, atol=0)
