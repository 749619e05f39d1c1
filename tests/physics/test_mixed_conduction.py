"""Mixed conduction: the values of section 5.4, the fluxes, and the loss of the electrons."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad

from filmcell.constants import F, R
from filmcell.physics import mixed_conduction as mixed
from filmcell.physics import weak_electrolyte as weak

D_LI, D_E, T = 1.21e-13, 5.06e-13, 293.0

D_s = st.floats(-18.0, -10.0).map(lambda power: 10.0**power)
currents = st.floats(-10.0, 10.0).filter(lambda i: abs(i) > 1e-3)


def test_the_share_and_the_diffusivity_of_raijmakers_are_as_tabulated() -> None:
    """Sections 5.1, 5.4 and 7.2."""
    assert_allclose(mixed.electrolyte_share(D_LI, D_E), 0.8070175, rtol=0, atol=1e-7)
    assert_allclose(mixed.ambipolar_diffusivity(D_LI, D_E), 1.9530e-13, rtol=3e-5, atol=0)


@given(currents, D_s, D_s)
def test_lithium_enters_at_both_faces_and_sums_to_the_current(
    i: float, D_Li: float, D_e: float
) -> None:
    D = mixed.ambipolar_diffusivity(D_Li, D_e)
    near = -D * mixed.gradient_at_electrolyte(i, D_Li)
    far = D * mixed.gradient_at_collector(i, D_e)
    assert_allclose(near + far, i / F, rtol=1e-12, atol=0)
    assert_allclose(near / (near + far), mixed.electrolyte_share(D_Li, D_e), rtol=1e-12, atol=0)


@given(currents, D_s, D_s, st.floats(10.0, 1e5))
def test_each_carrier_stands_still_at_its_face(i: float, D_Li: float, D_e: float, c: float) -> None:
    """The fluxes of section 5.1 with the field that the current needs."""
    at_electrolyte = mixed.gradient_at_electrolyte(i, D_Li)
    drift = F / (R * T) * c * weak.field(i, c, at_electrolyte, D_Li, D_e, T)
    assert_allclose(drift, -at_electrolyte, rtol=1e-9, atol=0)  # J_e = 0
    assert_allclose(D_Li * (drift - at_electrolyte), i / F, rtol=1e-9, atol=0)
    at_collector = mixed.gradient_at_collector(i, D_e)
    drift = F / (R * T) * c * weak.field(i, c, at_collector, D_Li, D_e, T)
    assert_allclose(drift, at_collector, rtol=1e-9, atol=0)  # J_Li = 0
    assert_allclose(D_e * (at_collector + drift), i / F, rtol=1e-9, atol=0)


@given(D_s, D_s, st.floats(10.0, 1e5))
def test_the_electrons_carry_their_part_of_the_conductivity(
    D_Li: float, D_e: float, c: float
) -> None:
    whole = weak.conductivity(c, D_Li, D_e, T)
    part = mixed.electronic_conductivity(c, D_e, T)
    assert_allclose(part / whole, mixed.electrolyte_share(D_Li, D_e), rtol=1e-12, atol=0)


@pytest.mark.parametrize("i", [-2.0, 2.0])
@pytest.mark.parametrize(("D_Li", "D_e"), [(D_LI, D_E), (1e-13, 1e-14)])
def test_the_loss_is_the_drop_of_the_potential_of_the_electrons(
    i: float, D_Li: float, D_e: float
) -> None:
    """The flux of electrons over their mobility, along a profile and a diffusivity that vary."""
    M = 8.08e-6

    def c(y: float) -> float:
        return 2e4 + 3e3 * np.cos(3.0 * y / M)

    def beta(y: float) -> float:
        return 0.65 - 0.3 * y / M

    def drop(z: float) -> float:
        y, slope = z * M, -9e3 / M * np.sin(3.0 * z)
        E = weak.field(i, c(y), slope, D_Li * beta(y), D_e * beta(y), T)
        flux = -D_e * beta(y) * (slope + F / (R * T) * c(y) * E)
        return M * R * T / F * flux / (D_e * beta(y) * c(y))

    inverse = M * quad(lambda z: 1 / (beta(z * M) * c(z * M)), 0, 1)[0]
    eta = mixed.electronic_overpotential(i, c(0.0), c(M), inverse, D_Li, D_e, T)
    expected = quad(drop, 0, 1, epsabs=0, epsrel=1e-12)[0]
    assert_allclose(eta, expected, rtol=1e-9, atol=0)


@given(currents, st.floats(1e3, 1e5))
def test_a_uniform_film_loses_by_ohms_law(i: float, c: float) -> None:
    M = 8e-6
    eta = mixed.electronic_overpotential(i, c, c, M / c, D_LI, D_E, T)
    assert_allclose(eta, -i * M / weak.conductivity(c, D_LI, D_E, T), rtol=1e-12, atol=0)
    assert eta * i < 0


@given(currents, st.floats(0.1, 0.9))
def test_steady_profiles_lose_as_the_electrons_alone_carry_the_current(
    i: float, tilt: float
) -> None:
    """With the lithium at rest the loss is that of an electronic conductor."""
    M, c_near = 8e-6, 2e4
    slope = mixed.gradient_at_collector(i, D_E)  # no lithium moves anywhere
    M *= min(1.0, tilt * c_near / abs(slope * M))
    c_far = c_near + slope * M
    inverse = np.log(c_far / c_near) / slope
    eta = mixed.electronic_overpotential(i, c_near, c_far, inverse, D_LI, D_E, T)
    ohmic = quad(lambda z: M / mixed.electronic_conductivity(c_near + slope * M * z, D_E, T), 0, 1)[
        0
    ]
    assert_allclose(eta, -i * ohmic, rtol=1e-8, atol=0)


def test_fast_electrons_leave_plain_diffusion_of_lithium_without_a_loss() -> None:
    fast = 1e6 * D_LI
    assert_allclose(mixed.electrolyte_share(D_LI, fast), 1.0, rtol=0, atol=1e-5)
    assert_allclose(mixed.ambipolar_diffusivity(D_LI, fast), 2 * D_LI, rtol=1e-5, atol=0)
    args = (2.0, 2.1e4, 1.9e4, 8e-6 / 2e4)
    slow = mixed.electronic_overpotential(*args, D_LI, D_LI, T)
    assert abs(mixed.electronic_overpotential(*args, D_LI, fast, T)) < 1e-5 * abs(slow)


@pytest.mark.parametrize(
    ("formula", "args"),
    [
        (mixed.electrolyte_share, (D_LI, D_E)),
        (mixed.electronic_conductivity, (2e4, D_E, T)),
        (mixed.gradient_at_electrolyte, (2.0, D_LI)),
        (mixed.gradient_at_collector, (2.0, D_E)),
        (mixed.electronic_overpotential, (2.0, 2.1e4, 1.9e4, 4e-10, D_LI, D_E, T)),
    ],
)
def test_the_formulas_of_the_model_compile(formula, args) -> None:
    assert_allclose(numba.njit(formula)(*args), formula(*args), rtol=1e-14, atol=0)
