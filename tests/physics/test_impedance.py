"""Impedances in closed form: the table of section 8, limits, relations between the forms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.constants import F
from filmcell.physics import impedance as closed
from filmcell.physics import weak_electrolyte as weak

RAIJMAKERS = {
    "L": 3.62e-6, "a0": 61141.0, "delta": 0.64, "D_plus": 1.73e-16, "D_minus": 5.69e-16,
}  # fmt: skip
FORMS = (
    closed.slab_warburg, closed.cylinder_warburg, closed.sphere_warburg,
    closed.finite_length_warburg,
)  # fmt: skip
decades = st.floats(-10.0, 10.0).map(lambda power: 10.0**power)
shares = st.floats(0.0, 1.0)


def film() -> dict[str, float]:
    """Arguments of the impedance of the weak electrolyte of Raijmakers."""
    a0, delta = RAIJMAKERS["a0"], RAIJMAKERS["delta"]
    D_plus, D_minus = RAIJMAKERS["D_plus"], RAIJMAKERS["D_minus"]
    a_eq = weak.equilibrium_concentration(a0, delta)
    k_d = weak.dissociation_rate(8e-7, a0, delta)
    return {
        "L": RAIJMAKERS["L"],
        "sigma": weak.conductivity(a_eq, D_plus, D_minus, 293.0),
        "D_plus": D_plus,
        "D_minus": D_minus,
        "tau_r": weak.reaction_time(k_d, 8e-7, a_eq),
    }


# --- tables ---------------------------------------------------------------------------------------

PRINTED = {
    0.1: ("0.33331217-10.002222j", "0.24999349-20.001042j", "0.19999746-30.000571j",
          "0.99866885-0.033279454j"),
    1.0: ("0.33123809-1.0220127j", "0.24935188-2.0103735j", "0.19974663-3.0057021j",
          "0.88545081-0.28697787j"),
    10.0: ("0.22727422-0.21740567j", "0.20499015-0.27441744j", "0.17941604-0.34731409j",
           "0.21978196-0.22975838j"),
    100.0: ("0.070710576-0.07071078j", "0.070404824-0.075971521j", "0.069896716-0.081409546j",
            "0.070710781-0.070710577j"),
}  # fmt: skip


@pytest.mark.parametrize("omega", PRINTED)
def test_the_table_of_diffusion_is_as_printed(omega: float) -> None:
    """RT-06 and RT-07 among them: every printed digit."""
    for form, printed in zip(FORMS, PRINTED[omega], strict=True):
        Z = form(omega, 1.0, 1.0)
        assert f"{Z.real:.8g}{Z.imag:+.8g}j" == printed, form.__name__


# from mpmath 1.4 with 50 digits
EXACT = [
    (1e-12, 0.3333333333333333 - 1e12j, 0.25 - 2e12j, 0.2 - 3e12j, 1.0 - 3.333333333333333e-13j),
    (0.001, 0.3333333312169312 - 1000.000022222222j, 0.2499999993489583 - 2000.000010416667j,
     0.1999999997460317 - 3000.000005714286j, 0.9999998666666885 - 0.0003333332793650882j),
    (1.0, 0.3312380919845213 - 1.022012724425988j, 0.2493518835229858 - 2.010373462784276j,
     0.1997466290531119 - 3.005702111537818j, 0.8854508122591166 - 0.286977872769229j),
    (3.9, 0.3054211599196509 - 0.332211772474284j, 0.2407328031096111 - 0.5510393123889197j,
     0.1962707017077185 - 0.7908182908001605j, 0.4182856202918193 - 0.3845537392481397j),
    (4.1, 0.3029092365594235 - 0.3225657246873566j, 0.2398264626683221 - 0.5277366131669836j,
     0.1958933172458083 - 0.7543276977808248j, 0.4018054201935556 - 0.3773202289060159j),
    (50.0, 0.09999732073824884 - 0.09998744208281055j, 0.09906899152283416 - 0.1107243040293716j,
     0.09756080057484269 - 0.1219668789566084j, 0.1000026788455109 - 0.1000125590063255j),
    (1e6, 7.071067811865475e-4 * (1 - 1j), 7.071065156461566e-4 - 7.076070463512416e-4j,
     7.071060730790592e-4 - 7.081074882926206e-4j, 7.071067811865475e-4 * (1 - 1j)),
    (1e12, 7.071067811865475e-7 * (1 - 1j), 7.071067811862824e-7 - 7.071072811868127e-7j,
     7.071067811858404e-7 - 7.071077811872546e-7j, 7.071067811865475e-7 * (1 - 1j)),
]  # fmt: skip


@pytest.mark.parametrize("row", EXACT, ids=lambda row: f"{row[0]:g}")
def test_both_parts_are_exact_from_tiny_to_huge_arguments(row: tuple) -> None:
    omega, *expected = row
    for form, Z in zip(FORMS, expected, strict=True):
        found = form(omega, 1.0, 1.0)
        assert_allclose([found.real, found.imag], [Z.real, Z.imag], rtol=1e-13, atol=0)


def test_the_weak_electrolyte_is_as_printed() -> None:
    """The four numbers of section 8, in ohm cm2."""
    omega = 2 * np.pi * np.array([0.01, 0.1, 1.0, 100.0])
    printed = np.array([351.87 - 6.380j, 335.56 - 7.710j, 329.02 - 2.698j, 326.54 - 0.272j])
    Z = closed.weak_electrolyte(omega, **film()) * 1e4
    assert_allclose(Z.real, printed.real, rtol=0, atol=0.005)
    assert_allclose(Z.imag, printed.imag, rtol=0, atol=0.0005)


def test_the_weak_electrolyte_goes_from_its_steady_to_its_ohmic_resistance() -> None:
    """RT-14 below, L/sigma above."""
    arguments = film()
    still = closed.weak_electrolyte(1e-9, **arguments)
    assert_allclose(still.real, 3.54348e-2, rtol=1e-5, atol=0)
    assert abs(still.imag) < 1e-9
    D_amb = weak.ambipolar_diffusivity(RAIJMAKERS["D_plus"], RAIJMAKERS["D_minus"])
    reach = weak.reaction_length(D_amb, arguments["tau_r"])
    steady = weak.dc_resistance(
        arguments["L"], arguments["sigma"], reach, RAIJMAKERS["D_plus"], RAIJMAKERS["D_minus"]
    )
    assert_allclose(still.real, steady, rtol=1e-12, atol=0)
    assert_allclose(closed.weak_electrolyte(1e12, **arguments).real, 3.26266e-2, rtol=1e-5, atol=0)


# --- limits and relations -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "part", "times"),
    [(FORMS[0], 1 / 3, 1.0), (FORMS[1], 1 / 4, 2.0), (FORMS[2], 1 / 5, 3.0)],
)
def test_a_body_ends_as_a_resistance_and_a_capacitance(form, part, times) -> None:
    R_W, tau, omega = 7.0, 300.0, 1e-9
    Z = form(omega, R_W, tau)
    assert_allclose(Z.real, R_W * part, rtol=1e-9, atol=0)
    assert_allclose(Z.imag, -times * R_W / (omega * tau), rtol=1e-9, atol=0)


def test_the_slab_ends_at_the_capacitance_of_the_film() -> None:
    """C_lim = F c_max l/(-dU/dx)."""
    length, slope, c_max, D = 2e-6, -0.8, 5e4, 1e-14
    R_W = closed.warburg_resistance(length, slope, c_max, D)
    Z = closed.slab_warburg(1e-8, R_W, length**2 / D)
    assert_allclose(-1 / (1e-8 * Z.imag), F * c_max * length / -slope, rtol=1e-9, atol=0)


@pytest.mark.parametrize("form", FORMS)
def test_all_shapes_begin_as_a_half_space(form) -> None:
    """R_W/sqrt(j omega tau), which is A_W (1 - j)/sqrt(omega) with A_W = R_W/sqrt(2 tau)."""
    R_W, tau, omega = 3.0, 2.0, 1e14
    start = closed.semi_infinite_warburg(omega, R_W / np.sqrt(2 * tau))
    assert_allclose(form(omega, R_W, tau), start, rtol=1e-6, atol=0)


@given(decades, shares)
def test_a_two_sided_slab_is_what_its_formula_says(x: float, p: float) -> None:
    s = 1j * x
    if x < 1e4:
        z = np.sqrt(s)
        plain = (p * np.cosh(z) + (1 - p)) / (z * np.sinh(z))
        assert_allclose(closed.two_sided_warburg(x, 1.0, 1.0, p), plain, rtol=1e-7, atol=0)
    else:  # the far side is out of sight
        slab = p * closed.slab_warburg(x, 1.0, 1.0)
        assert_allclose(closed.two_sided_warburg(x, 1.0, 1.0, p), slab, rtol=1e-12, atol=1e-30)


@given(decades)
def test_half_of_the_flux_from_each_side_is_half_a_slab(x: float) -> None:
    both = closed.two_sided_warburg(x, 1.0, 1.0, 0.5)
    assert_allclose(both, closed.slab_warburg(x, 0.25, 0.25), rtol=1e-12, atol=0)
    assert_allclose(both.real, closed.slab_warburg(x, 0.25, 0.25).real, rtol=1e-9, atol=0)


@given(decades, decades, decades)
def test_only_the_product_of_frequency_and_time_counts(omega: float, tau: float, R_W: float):
    for form in FORMS:
        one = form(omega, R_W, tau)
        assert_allclose(one, R_W * form(omega * tau, 1.0, 1.0), rtol=1e-12, atol=0)


@given(decades)
def test_reflected_and_transmitted_meet(x: float) -> None:
    """coth(z)/z and tanh(z)/z have the product 1/s."""
    product = closed.slab_warburg(x, 1.0, 1.0) * closed.finite_length_warburg(x, 1.0, 1.0)
    assert_allclose(product, 1 / (1j * x), rtol=1e-12, atol=0)


@pytest.mark.parametrize("dimension", [1, 2, 3])
@pytest.mark.parametrize("s", [0.01j, 1j, 3.99j, 4.01j, 200j, 2.0 + 1.0j])
def test_the_response_solves_its_equation(dimension: int, s: complex) -> None:
    """2 s f' = 1 + (d - 2) f - s f^2, with f' by Cauchy's formula."""
    turn = np.exp(2j * np.pi * np.arange(32) / 32)
    radius = 0.2 * abs(s)
    slope = np.mean(closed.reflected(s + radius * turn, dimension) / turn) / radius
    f = closed.reflected(s, dimension)
    assert_allclose(2 * s * slope, 1 + (dimension - 2) * f - s * f * f, rtol=1e-10, atol=1e-12)


@given(decades, decades, decades, st.floats(0.2, 1.0))
def test_a_zarc_is_a_resistor_beside_a_constant_phase_element(omega, R, tau, n) -> None:
    Q = tau**n / R
    beside = 1 / (1 / R + 1 / closed.constant_phase(omega, Q, n))
    assert_allclose(closed.zarc(omega, R, tau, n), beside, rtol=1e-9, atol=0)
    assert_allclose(R * closed.effective_capacitance(R, Q, n), tau, rtol=1e-9, atol=0)


def test_a_constant_phase_element_is_a_capacitor_a_warburg_element_and_a_resistor() -> None:
    omega = np.logspace(-3, 6, 10)
    assert_allclose(
        closed.constant_phase(omega, 2e-6, 1.0).imag, -1 / (2e-6 * omega), rtol=1e-12, atol=0
    )
    half = closed.constant_phase(omega, 2e-3, 0.5)
    warburg = closed.semi_infinite_warburg(omega, 1 / (2e-3 * np.sqrt(2)))
    assert_allclose(half, warburg, rtol=1e-12, atol=0)
    assert_allclose(closed.constant_phase(omega, 0.1, 0.0), 10.0, rtol=1e-12, atol=0)


def test_a_porous_electrode_with_ideal_walls_is_a_slab() -> None:
    omega = np.logspace(-4, 8, 13)
    line = closed.porous_blocking(omega, 30.0, 1e-2, 1.0)
    assert_allclose(line, closed.slab_warburg(omega, 30.0, 0.3), rtol=1e-12, atol=0)
    slow = closed.porous_blocking(1e-9, 30.0, 1e-2, 0.8) - closed.constant_phase(1e-9, 1e-2, 0.8)
    assert_allclose(slow.real, 10.0, rtol=1e-2, atol=0)


def test_a_gerischer_element_turns_from_a_resistance_into_a_half_space() -> None:
    assert_allclose(closed.gerischer(1e-9, 5.0, 2.0), 5.0, rtol=1e-8, atol=0)
    fast = closed.semi_infinite_warburg(1e12, 5.0 / np.sqrt(2.0 * 2.0))
    assert_allclose(closed.gerischer(1e12, 5.0, 2.0), fast, rtol=1e-6, atol=0)


@given(decades, decades)
def test_nothing_passive_has_a_negative_resistance(omega: float, tau: float) -> None:
    for form in (*FORMS, closed.gerischer):
        Z = form(omega, 1.0, tau)
        assert Z.real > 0.0
        assert Z.imag < 0.0
