"""Closed forms against the tables of the physics reference, section 7."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import erfc

from filmcell.constants import F
from filmcell.physics.analytic import (
    cylinder_surface,
    reversal_ratio,
    sand_time,
    semi_infinite_surface,
    slab_profile,
    slab_surface,
    slab_utilisation,
    sphere_surface,
    two_sided_surface,
)

TAU = np.array([0.01, 0.03, 0.1, 0.3, 1.0])
TABLE = {
    slab_surface: [0.1128379167, 0.1954410048, 0.3568262460, 0.6228415117, 1.333322852],
    cylinder_surface: [0.1181404016, 0.2121034256, 0.4183260133, 0.8483352076, 2.249999943],
    sphere_surface: [0.1236433542, 0.2298516694, 0.4867616863, 1.09976812, 3.2],
    semi_infinite_surface: [0.1128379167, 0.1954410048, 0.3568248232, 0.6180387232, 1.128379167],
}
SHARE = 0.8070175


@pytest.mark.parametrize("shape", TABLE)
def test_a_constant_flux_moves_the_surface_as_tabulated(shape) -> None:
    """RT-01, RT-02 and the table of section 7.1."""
    assert_allclose(shape(TAU), TABLE[shape], rtol=0, atol=1e-8)


@pytest.mark.parametrize("shape", [slab_surface, cylinder_surface, sphere_surface])
def test_early_on_every_shape_is_a_half_space(shape) -> None:
    tau = np.array([1e-5, 1e-4])
    assert_allclose(shape(tau), semi_infinite_surface(tau), rtol=1e-2, atol=0)


@pytest.mark.parametrize(
    ("shape", "m", "plateau"),
    [(slab_surface, 0, 1 / 3), (cylinder_surface, 1, 1 / 4), (sphere_surface, 2, 1 / 5)],
)
def test_late_on_the_surface_leads_the_mean_by_a_fixed_amount(
    shape, m: int, plateau: float
) -> None:
    assert_allclose(shape(5.0) - (m + 1) * 5.0, plateau, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("tau", "change"), [(0.01, 0.091062), (0.1, 0.289487), (0.3, 0.530400), (1.0, 1.236836)]
)
def test_lithium_from_both_faces_moves_the_surface_as_tabulated(tau: float, change: float) -> None:
    """RT-03."""
    assert_allclose(two_sided_surface(tau, SHARE), change, rtol=0, atol=1e-6)


def test_two_sided_plateaus_are_as_tabulated() -> None:
    assert_allclose(two_sided_surface(5.0, SHARE) - 5.0, 0.236842, rtol=0, atol=1e-6)
    assert_allclose(two_sided_surface(5.0, 0.5) - 5.0, 1 / 12, rtol=1e-12, atol=0)


def test_the_two_faces_share_the_flux_of_one_slab() -> None:
    both = two_sided_surface(TAU, 0.3) + two_sided_surface(TAU, 0.7)
    half = two_sided_surface(TAU, 0.5)
    assert_allclose(both, 2 * half, rtol=1e-12, atol=0)


@pytest.mark.parametrize("share", [0.0, 0.3, SHARE, 1.0])
@pytest.mark.parametrize("tau", [1e-4, 0.01, 0.1, 0.3])
def test_lithium_from_both_faces_agrees_with_the_series_of_images(tau: float, share: float) -> None:
    """The other solution, by images, needs few terms where this one needs many."""

    def ierfc(z):
        return np.exp(-(z**2)) / np.sqrt(np.pi) - z * erfc(z)

    k, root = np.arange(30), np.sqrt(tau)
    near = 2 * root * (2 * ierfc(k / root).sum() - ierfc(0.0))
    far = 4 * root * ierfc((k + 0.5) / root).sum()
    images = share * near + (1 - share) * far
    assert_allclose(two_sided_surface(tau, share), images, rtol=0, atol=1e-12)


@given(st.floats(1e-3, 5.0))
def test_lithium_from_one_face_is_the_slab(tau: float) -> None:
    assert_allclose(two_sided_surface(tau, 1.0), slab_surface(tau), rtol=1e-14, atol=0)
    # and what enters at the far face is what the profile says of that face
    assert_allclose(two_sided_surface(tau, 0.0), slab_profile(1.0, tau), rtol=0, atol=1e-9)


@pytest.mark.parametrize("tau", [0.01, 0.1, 1.0])
def test_the_profile_begins_at_the_surface_and_holds_what_flowed_in(tau: float) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(60)
    profile = slab_profile(0.5 * (nodes + 1), tau)
    assert_allclose(0.5 * weights @ profile, tau, rtol=1e-10, atol=0)
    # the profile cuts its series at 2000 terms, of which the last is far below round-off
    assert_allclose(slab_profile(0.0, tau), slab_surface(tau), rtol=1e-10, atol=0)


def test_the_profile_solves_the_diffusion_equation() -> None:
    depth, tau, h = np.linspace(0.05, 0.95, 19), 0.07, 1e-3
    rate = (slab_profile(depth, tau + 1e-5) - slab_profile(depth, tau - 1e-5)) / 2e-5
    sides = slab_profile(depth + h, tau) + slab_profile(depth - h, tau)
    curvature = (sides - 2 * slab_profile(depth, tau)) / h**2
    assert_allclose(rate, curvature, rtol=1e-4, atol=1e-6)
    assert_allclose(slab_profile(1.0 - h, tau), slab_profile(1.0, tau), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize(
    ("number", "used", "digit"),
    [
        (0.03, 0.9900, 1e-4),
        (0.1, 0.966667, 1e-6),
        (0.3, 0.900000, 1e-6),
        (1.0, 0.666947, 1e-6),
        (3.0, 0.261798, 1e-6),
        (10.0, 0.0785398, 1e-7),
    ],
)
def test_utilisation_is_as_tabulated(number: float, used: float, digit: float) -> None:
    """RT-04."""
    assert_allclose(slab_utilisation(number), used, rtol=0, atol=digit)


@given(st.floats(0.001, 1.0))
def test_utilisation_of_a_thin_film_falls_by_a_third_of_the_current(number: float) -> None:
    assert_allclose(slab_utilisation(number), 1 - number / 3, rtol=0, atol=3e-4)


@given(st.floats(3.0, 500.0))
def test_utilisation_of_a_thick_film_falls_with_the_inverse_current(number: float) -> None:
    assert_allclose(slab_utilisation(number), np.pi / (4 * number), rtol=0, atol=2e-6)


@given(st.floats(0.01, 100.0))
def test_utilisation_ends_when_the_surface_has_moved_by_the_swing(number: float) -> None:
    end = slab_utilisation(number) / number
    assert_allclose(slab_surface(end), 1 / number, rtol=1e-9, atol=0)


@pytest.mark.parametrize(("ratio", "recovered"), [(0.5, 0.4), (1.0, 1 / 3), (2.0, 0.25)])
def test_a_reversal_recovers_the_tabulated_part(ratio: float, recovered: float) -> None:
    """RT-05."""
    assert_allclose(reversal_ratio(0.7, 0.7 * ratio), recovered, rtol=1e-14, atol=0)


@given(st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_after_a_reversal_the_surface_is_back_where_it_began(
    charge: float, discharge: float
) -> None:
    t1 = 1e-3
    t2 = t1 * reversal_ratio(charge, discharge) * charge / discharge
    there = charge * semi_infinite_surface(t1 + t2)
    back = (charge + discharge) * semi_infinite_surface(t2)
    assert_allclose(there, back, rtol=1e-12, atol=0)


def test_at_the_sand_time_the_surface_has_moved_by_the_swing() -> None:
    D, swing, i, L = 1e-15, 23730.0, 0.694, 30e-6
    tau = D * sand_time(D, swing, i) / L**2
    assert_allclose(semi_infinite_surface(tau) * i * L / (F * D), swing, rtol=1e-12, atol=0)
