"""Space-charge layers: tables of section 9, the first integral, its slope and its limits."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad, solve_ivp

from filmcell.constants import F, R
from filmcell.physics import space_charge as layer

EPS = 16.6 * 8.8541878e-12
T = 298.15
VOLT = F / (R * T)  # one volt in units of RT/F

thetas = st.floats(0.001, 0.999)
us = st.floats(-200.0, 200.0)
sites = st.floats(1.0, 6.0).map(lambda power: 10.0**power)


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("potential", "value"),
    [(0.1, 7.6275e-5), (0.2, 1.67403e-3), (0.3, 5.29613e-2), (0.5, 74.739)],
)
def test_the_resistance_of_a_depleted_layer_is_as_tabulated(potential: float, value: float) -> None:
    """RT-20."""
    found = layer.depletion_resistance(potential, 1e-9, 1e-4, T)
    assert_allclose(found, value, rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    ("ions", "width", "digit"), [(166.0, 4.28, 0.01), (39.13e3, 0.279, 5.1e-4)]
)
def test_mott_schottky_widths_are_as_tabulated(ions: float, width: float, digit: float) -> None:
    """RT-21."""
    found = layer.depletion_width(1.0, 0.25, 4 * ions, EPS)
    assert_allclose(found * 1e9, width, rtol=0, atol=digit)


def test_the_debye_length_of_a_site_limited_layer_is_as_tabulated() -> None:
    """With half of the sites free it is the dilute length of one carrier, 0.022 nm, times two."""
    found = layer.debye_length(0.5, 2 * 39.1e3, EPS, T)
    assert_allclose(found / 2 * 1e9, 0.022, rtol=0, atol=5e-4)


# --- occupancy ------------------------------------------------------------------------------------


@given(us, thetas)
def test_occupancy_is_that_of_the_bulk_where_there_is_no_potential(u: float, theta: float) -> None:
    assert_allclose(layer.occupancy(0.0, theta), theta, rtol=1e-15, atol=0)
    odds = layer.occupancy(u, theta) * (1 - theta) * np.exp(u)
    assert_allclose(odds, theta * (1 - layer.occupancy(u, theta)), rtol=1e-9, atol=1e-15)


def test_occupancy_saturates_without_overflow() -> None:
    assert_allclose(layer.occupancy(np.array([-700.0, 700.0]), 0.3), [1.0, 0.0], rtol=0, atol=1e-15)


# --- charge and capacitance -----------------------------------------------------------------------


@given(us, thetas, sites)
def test_the_charge_is_the_first_integral(u: float, theta: float, c_site: float) -> None:
    """Half of (eps phi')^2 is the work of the charge density over the potential."""
    assume(abs(u) > 1e-3)  # the difference of the two occupancies cancels below
    work = quad(lambda v: theta - layer.occupancy(v, theta), 0.0, u, epsabs=0, limit=500,
                points=[np.log(theta / (1 - theta))])[0]  # fmt: skip
    q = layer.layer_charge(u, theta, c_site, EPS, T)
    assert_allclose(q**2, 2 * EPS * R * T * c_site * work, rtol=1e-7, atol=0)
    assert np.sign(q) == np.sign(u)


@pytest.mark.parametrize("theta", [0.05, 0.5, 0.8])
@pytest.mark.parametrize(
    "u", [-60.0, -3.0, -0.0031, -0.0029, -1e-3, 1e-3, 0.0029, 0.0031, 3.0, 60.0]
)
def test_the_capacitance_is_the_slope_of_the_charge(u: float, theta: float) -> None:
    def q(x: float) -> float:
        return layer.layer_charge(x, theta, 1e4, EPS, T)

    h = 1e-3 * max(abs(u), 0.1)
    slope = (8 * (q(u + h) - q(u - h)) - (q(u + 2 * h) - q(u - 2 * h))) / (12 * h)
    found = layer.layer_capacitance(u, theta, 1e4, EPS, T)
    assert_allclose(found, VOLT * slope, rtol=1e-9, atol=0)


@given(thetas, sites)
def test_at_rest_the_capacitance_is_the_permittivity_over_the_debye_length(
    theta: float, c_site: float
) -> None:
    expected = EPS / layer.debye_length(theta, c_site, EPS, T)
    u = np.array([-1e-9, 0.0, 1e-9])
    found = layer.layer_capacitance(u, theta, c_site, EPS, T)
    assert_allclose(found, expected, rtol=1e-8, atol=0)
    charge = layer.layer_charge(u, theta, c_site, EPS, T)
    assert_allclose(charge, expected * u / VOLT, rtol=1e-8, atol=0)


@given(st.floats(1e-6, 100.0), thetas, sites)
def test_holes_and_ions_are_alike(u: float, theta: float, c_site: float) -> None:
    """Depletion of a lattice with theta occupied is the enrichment of one with theta free."""
    for formula, sign in ((layer.layer_charge, -1), (layer.layer_capacitance, 1)):
        mirrored = sign * formula(-u, 1 - theta, c_site, EPS, T)
        assert_allclose(formula(u, theta, c_site, EPS, T), mirrored, rtol=1e-9, atol=0)


@pytest.mark.parametrize("theta", ["0.01", "0.3", "0.5", "0.95"])
@pytest.mark.parametrize("size", ["1e-12", "1e-5", "0.001", "0.0029", "0.0031", "0.02", "3", "300"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_the_charge_has_all_its_digits(sign: int, size: str, theta: str) -> None:
    """Against fifty digits, also where the logarithm and its linear part cancel."""
    with localcontext(prec=50):
        u, th = sign * Decimal(size), Decimal(theta)
        work = float((1 - th + th * (-u).exp()).ln() + th * u)
    q = layer.layer_charge(float(u), float(th), 1e4, EPS, T)
    assert_allclose(q, sign * np.sqrt(2 * EPS * R * T * 1e4 * work), rtol=1e-12, atol=0)


@pytest.mark.oracle
@pytest.mark.parametrize("u", [-8.0, -0.5, 0.5, 8.0])
def test_the_charge_agrees_with_the_profile_of_poisson(u: float) -> None:
    """Integrated from the face inwards, the first integral ends up in the neutral bulk."""
    theta, c_site = 0.3, 2e3
    L_D = layer.debye_length(theta, c_site, EPS, T)
    variance = theta * (1 - theta)
    q = layer.layer_charge(u, theta, c_site, EPS, T)
    slope = -q / EPS * VOLT * L_D  # u' at the face, per Debye length

    def poisson(y, s):
        return [s[1], -(layer.occupancy(s[0], theta) - theta) / variance]

    end = 6.0 + np.sqrt(2 * abs(u))
    sol = solve_ivp(poisson, (0.0, end), [u, slope], method="DOP853", rtol=1e-12, atol=1e-13)
    assert_allclose(sol.y[:, -1], 0.0, rtol=0, atol=0.05 * abs(u))


# --- saturated layers -----------------------------------------------------------------------------


@pytest.mark.parametrize("theta", [0.1, 0.5, 0.9])
def test_the_first_integral_tends_to_the_saturated_widths(theta: float) -> None:
    """The charge over the density of an empty, or a full, lattice."""
    c_site = 2e3
    for u, density, width in (
        (600.0, theta, layer.depletion_width(600 / VOLT, theta, c_site, EPS)),
        (-600.0, 1 - theta, layer.enrichment_width(-600 / VOLT, theta, c_site, EPS)),
    ):
        q = abs(layer.layer_charge(u, theta, c_site, EPS, T))
        # the first correction is known: a logarithm of what was there at the beginning
        short = np.sqrt(1 + np.log(1 - density) / (density * abs(u)))
        assert_allclose(q / (F * c_site * density), width * short, rtol=1e-9, atol=0)
        assert_allclose(short, 1.0, rtol=0, atol=0.03)
        C = layer.layer_capacitance(u, theta, c_site, EPS, T)
        assert_allclose(C, layer.depletion_capacitance(width * short, EPS), rtol=1e-9, atol=0)


@given(st.floats(0.01, 5.0), thetas, sites)
def test_the_width_is_that_of_the_dilute_debye_length(
    potential: float, theta: float, c_site: float
) -> None:
    dilute = np.sqrt(EPS * R * T / (2 * F**2 * c_site * theta))
    width = layer.depletion_width(potential, theta, c_site, EPS)
    assert_allclose(width, 2 * dilute * np.sqrt(VOLT * potential), rtol=1e-12, atol=0)
    mirrored = layer.enrichment_width(-potential, 1 - theta, c_site, EPS)
    assert_allclose(mirrored, width, rtol=1e-9, atol=0)


# --- resistance -----------------------------------------------------------------------------------


@given(st.floats(0.0, 0.6), st.floats(1e-10, 1e-7), st.floats(250.0, 400.0))
def test_the_resistance_is_the_integral_over_the_parabola(
    potential: float, width: float, T: float
) -> None:
    u = F * potential / (R * T)
    mean = quad(lambda z: np.exp(u * ((1 - z) ** 2 - 1)), 0.0, 1.0, epsabs=0, limit=200)[0]
    found = layer.depletion_resistance(potential, width, 1e-4, T)
    assert_allclose(found, width / 1e-4 * np.exp(u) * mean, rtol=1e-9, atol=0)


def test_without_a_potential_the_resistance_is_that_of_the_bulk() -> None:
    found = layer.depletion_resistance(np.array([0.0, 1e-12]), 2e-9, 1e-4)
    assert_allclose(found, 2e-5, rtol=1e-9, atol=0)


def test_a_deep_layer_has_the_leading_terms_and_does_not_overflow() -> None:
    u = np.array([200.0, 690.0])
    found = layer.depletion_resistance(u / VOLT, 1e-9, 1e-4, T)
    leading = 1e-5 * np.exp(u) / (2 * u) * (1 + 1 / (2 * u))
    assert_allclose(found, leading, rtol=3e-5, atol=0)


def test_the_capacitance_is_the_permittivity_over_the_width() -> None:
    assert_allclose(layer.depletion_capacitance(1e-9, EPS), EPS * 1e9, rtol=1e-14, atol=0)
