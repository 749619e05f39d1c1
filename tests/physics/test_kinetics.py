"""Charge transfer: inverses, slopes, signs and limits, for any transfer coefficient."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.constants import F, R
from filmcell.physics.kinetics import (
    butler_volmer,
    cathode_exchange_current_density,
    charge_transfer_resistance,
    exchange_current_density,
    five_parameter_exchange_current,
    metal_exchange_current_density,
    overpotential,
)

volts = st.floats(-1.0, 1.0)
i0s = st.floats(-6.0, 6.0).map(lambda power: 10.0**power)
alphas = st.floats(0.05, 0.95)
temperatures = st.floats(250.0, 400.0)


@given(volts, i0s, temperatures, alphas)
def test_overpotential_inverts_butler_volmer(eta: float, i0: float, T: float, alpha: float) -> None:
    i = butler_volmer(eta, i0, T, alpha)
    assert_allclose(overpotential(i, i0, T, alpha), eta, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_overpotential_inverts_butler_volmer_on_a_dense_grid(alpha: float) -> None:
    eta = np.linspace(-1.0, 1.0, 20_001)
    for T in (250.0, 298.15, 400.0):
        i = butler_volmer(eta, 2.0, T, alpha)
        assert_allclose(overpotential(i, 2.0, T, alpha), eta, rtol=1e-9, atol=1e-12)


@given(volts, i0s, alphas)
def test_exchanging_anodic_and_cathodic_turns_the_sign(eta: float, i0: float, alpha: float) -> None:
    forth = butler_volmer(eta, i0, alpha=alpha)
    back = butler_volmer(-eta, i0, alpha=1.0 - alpha)
    assert_allclose(forth, -back, rtol=1e-9, atol=1e-12 * i0)


@given(volts, i0s, temperatures, alphas)
def test_resistance_is_the_slope_of_the_current(
    eta: float, i0: float, T: float, alpha: float
) -> None:
    step = 1e-30  # a complex step has no cancellation, so the slope is exact
    slope = np.imag(butler_volmer(eta + 1j * step, i0, T, alpha)) / step
    assert_allclose(charge_transfer_resistance(eta, i0, T, alpha), 1 / slope, rtol=1e-12, atol=0)


@given(i0s, temperatures, alphas)
def test_resistance_at_rest_does_not_know_the_transfer_coefficient(
    i0: float, T: float, alpha: float
) -> None:
    expected = R * T / (F * i0)
    assert_allclose(charge_transfer_resistance(0.0, i0, T, alpha), expected, rtol=1e-12, atol=0)


@given(alphas)
def test_no_overpotential_no_current(alpha: float) -> None:
    assert butler_volmer(0.0, 2.0, alpha=alpha) == 0.0
    assert overpotential(0.0, 2.0, alpha=alpha) == 0.0


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.8])
def test_tafel_slopes_are_those_of_the_transfer_coefficient(alpha: float) -> None:
    f = F / (R * 298.15)
    anodic = overpotential(1e7, 1.0, 298.15, alpha) - overpotential(1e6, 1.0, 298.15, alpha)
    cathodic = overpotential(-1e7, 1.0, 298.15, alpha) - overpotential(-1e6, 1.0, 298.15, alpha)
    assert_allclose(anodic, math.log(10) / (alpha * f), rtol=1e-6, atol=0)
    assert_allclose(cathodic, -math.log(10) / ((1 - alpha) * f), rtol=1e-6, atol=0)


def test_exchange_current_density_vanishes_when_full_and_when_empty() -> None:
    assert_allclose(
        exchange_current_density(np.array([0.0, 0.5, 1.0]), 9.4), [0, 4.7, 0], rtol=1e-14, atol=0
    )


def test_exponents_belong_to_filled_and_to_empty_sites() -> None:
    """RT-19: Kim 2019, 8.79 A/m2 at half charge; and a point away from the middle."""
    i_ref = F * 5.1e-4 * 0.18**0.6
    assert_allclose(
        exchange_current_density(0.5, i_ref, 0.4, 0.6) * 1e-4 * 1e3, 0.879, rtol=0, atol=1e-3
    )
    assert_allclose(
        exchange_current_density(0.9, 2.0, 0.4, 0.6), 2 * 0.9**0.4 * 0.1**0.6, rtol=1e-12, atol=0
    )


@given(st.floats(0.0, 1.0))
def test_exponents_of_zero_leave_the_prefactor(x: float) -> None:
    assert exchange_current_density(x, 3.0, 0.0, 0.0) == 3.0


RAIJMAKERS_IONS = 0.64 * 61141.0


@pytest.mark.parametrize(
    ("x", "i0"), [(0.51, 4.7005), (0.60, 4.6065), (0.70, 4.3090), (0.80, 3.7612), (0.90, 2.8209)]
)
def test_the_rate_constant_of_the_cathode_gives_the_tabulated_exchange(x: float, i0: float) -> None:
    """RT-16 and the row of section 5.4."""
    found = cathode_exchange_current_density(x, 1.53e-11, 3.22e4, RAIJMAKERS_IONS)
    assert_allclose(found, i0, rtol=1e-4, atol=0)


def test_the_rate_constant_of_the_metal_gives_the_tabulated_exchange() -> None:
    """RT-16, and the two resistances that follow in section 5.4."""
    i0_n = metal_exchange_current_density(1.09e-9, RAIJMAKERS_IONS, 7.64e4)
    assert_allclose(i0_n, 5.7503, rtol=1e-4, atol=0)
    i0_p = cathode_exchange_current_density(0.80, 1.53e-11, 3.22e4, RAIJMAKERS_IONS)
    found = charge_transfer_resistance(0.0, np.array([i0_p, i0_n]), 293.0)
    assert_allclose(found, [6.713e-3, 4.391e-3], rtol=2e-4, atol=0)


def test_the_five_parameter_form_has_its_value_at_half_charge() -> None:
    """RT-19."""
    I0 = five_parameter_exchange_current(17475.0, 5.1e-4, 2.33e4, 1.165e4, 0.18, 1e-4)
    assert_allclose(I0 * 1e3, 0.879, rtol=0, atol=1e-3)


@given(st.floats(0.01, 0.99), st.floats(10.0, 1e5), alphas)
def test_the_exchange_currents_have_the_orders_of_their_reactants(
    x: float, c: float, alpha: float
) -> None:
    """The logarithmic slopes: ions and vacancies alpha, lithium 1 - alpha."""
    cathode = cathode_exchange_current_density(x, 1e-11, 3e4, c, alpha)
    plain = exchange_current_density(x, 1.0, 1 - alpha, alpha)
    assert_allclose(cathode, F * 1e-11 * 3e4 * c**alpha * plain, rtol=1e-12, atol=0)
    metal = metal_exchange_current_density(1e-9, c, 7e4, alpha)
    richer = metal_exchange_current_density(1e-9, 2 * c, 3 * 7e4, alpha)
    assert_allclose(richer / metal, 2**alpha * 3 ** (1 - alpha), rtol=1e-12, atol=0)


@given(st.floats(0.01, 0.99), st.floats(0.01, 1.0), alphas)
def test_the_five_parameter_form_is_the_general_one_in_the_fraction_of_charge(
    filled: float, ratio: float, alpha: float
) -> None:
    c_min, c_max, area = 1.1e4, 2.3e4, 2e-4
    I0 = five_parameter_exchange_current(
        c_min + filled * (c_max - c_min), 5e-4, c_max, c_min, ratio, area, alpha
    )
    i_ref = F * 5e-4 * ratio**alpha
    expected = area * exchange_current_density(filled, i_ref, 1 - alpha, alpha)
    assert_allclose(I0, expected, rtol=1e-10, atol=0)


def test_full_and_empty_cathodes_exchange_nothing() -> None:
    x = np.array([0.0, 1.0])
    assert np.all(cathode_exchange_current_density(x, 1e-11, 3e4, 1e4, 0.3) == 0)
    c = np.array([1.1e4, 2.3e4])
    assert np.all(five_parameter_exchange_current(c, 5e-4, 2.3e4, 1.1e4, 0.2, 1e-4) == 0)


@pytest.mark.parametrize(
    ("formula", "args"),
    [
        (cathode_exchange_current_density, (0.7, 1.53e-11, 3.22e4, 3.9e4, 0.6)),
        (metal_exchange_current_density, (1.09e-9, 3.9e4, 7.64e4, 0.6)),
        (five_parameter_exchange_current, (1.8e4, 5.1e-4, 2.33e4, 1.165e4, 0.18, 1e-4, 0.6)),
    ],
)
def test_the_rate_constant_forms_compile(formula, args) -> None:
    assert_allclose(numba.njit(formula)(*args), formula(*args), rtol=1e-14, atol=0)
