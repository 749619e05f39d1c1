"""Activation energies: RT-24, both relations, intervals, what stated values contradict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.constants import F, R
from filmcell.errors import InputError
from filmcell.impedance.arrhenius import (
    LnSigma,
    LnSigmaT,
    activation_energy,
    activation_from_resistance,
    check_stated,
    conductivity,
)
from filmcell.impedance.spectrum import Geometry

TAN = ([298.15, 393.15], [9.56e-4, 7.78e-3])
PELLET = np.array([140.0, 150, 160, 180, 190, 200]) + 273.15
# SOURCES.md, G2: resistances of bulk and grain boundary as published
BULK = np.array([1.462e5, 1.123e5, 7.949e4, 3.984e4, 2.743e4, 2.246e4])
GRAIN = np.array([2.012e6, 1.139e6, 6.673e5, 2.430e5, 1.526e5, 9.502e4])
energies = st.floats(0.0, 1.5)
relations = st.sampled_from([LnSigma(), LnSigmaT()])


def exact(T: np.ndarray, eV: float, relation) -> np.ndarray:
    """Conductivities of an activation energy, by the definitions of section 14."""
    sigma = 3e-4 * np.exp(-eV * F / R * (1 / T - 1 / 300.0))
    return sigma * 300.0 / T if isinstance(relation, LnSigmaT) else sigma


def test_the_pair_of_tan_2021() -> None:
    """RT-24."""
    one = activation_energy(*TAN, relation=LnSigma())
    other = activation_energy(*TAN, relation=LnSigmaT())
    assert_allclose(one.electronvolts, 0.2229, rtol=0, atol=5e-5)
    assert_allclose(other.electronvolts, 0.2523, rtol=0, atol=5e-5)
    assert_allclose(other.electronvolts - one.electronvolts, 0.0294, rtol=0, atol=5e-5)
    assert np.isnan(one.error)
    assert one.interval == (-np.inf, np.inf)


def test_the_published_series_of_the_pellet() -> None:
    """G2: 0.5869 +- 0.0163 and 0.8919 +- 0.0025 eV, from rounded temperatures."""
    T = np.round(PELLET)
    bulk = activation_from_resistance(T, BULK)
    grain = activation_from_resistance(T, GRAIN)
    assert_allclose(bulk.electronvolts, 0.587, rtol=0, atol=0.0005)
    assert_allclose(grain.electronvolts, 0.892, rtol=0, atol=0.0005)
    assert bulk.relation == LnSigmaT()


@given(energies, relations)
def test_an_exact_line_gives_its_energy_back(eV: float, relation) -> None:
    T = np.linspace(250.0, 450.0, 7)
    found = activation_energy(T, exact(T, eV, relation), relation=relation, T_ref=300.0)
    assert_allclose(found.electronvolts, eV, rtol=1e-10, atol=1e-12)
    assert_allclose(found.reference, 3e-4, rtol=1e-10, atol=0)
    assert_allclose(found.conductivity(T), exact(T, eV, relation), rtol=1e-9, atol=0)
    assert found.scatter < 1e-10


@given(energies, relations, st.floats(1e-6, 1e6))
def test_the_size_of_the_sample_does_not_matter(eV: float, relation, factor: float) -> None:
    T = np.array([300.0, 330.0, 390.0])
    resistance = factor / exact(T, eV, relation)
    found = activation_from_resistance(T, resistance, relation=relation)
    assert_allclose(found.electronvolts, eV, rtol=1e-9, atol=1e-10)


def test_the_relations_differ_by_about_k_T() -> None:
    """Ea' = Ea + k ln(T2/T1)/(1/T1 - 1/T2)."""
    T = np.array([300.0, 400.0])
    sigma = exact(T, 0.5, LnSigma())
    gap = activation_energy(T, sigma, relation=LnSigmaT()).energy - 0.5 * F
    assert_allclose(gap, R * np.log(400 / 300) / (1 / 300 - 1 / 400), rtol=1e-10, atol=0)


def test_scatter_gives_an_interval_that_holds_the_truth() -> None:
    """95 of 100 intervals do, without errors and with the right ones; both widen when they must."""
    rng, T = np.random.default_rng(1), np.linspace(300.0, 400.0, 6)
    for known, claimed in ((False, 1.0), (True, 1.0), (True, 0.3)):
        held = 0
        for _ in range(400):
            sigma = exact(T, 0.4, LnSigma()) * np.exp(0.05 * rng.normal(size=6))
            errors = 0.05 * claimed * sigma if known else None
            low, high = activation_energy(T, sigma, errors, relation=LnSigma()).interval
            held += low <= 0.4 * F <= high
        assert 0.92 <= held / 400 <= 0.985, (known, claimed)


def test_points_with_large_errors_count_little() -> None:
    T = np.array([300.0, 320.0, 340.0, 360.0])
    sigma = exact(T, 0.4, LnSigma())
    spoilt = sigma * np.array([1.0, 1.0, 1.0, 2.0])
    errors = sigma * np.array([0.01, 0.01, 0.01, 100.0])
    found = activation_energy(T, spoilt, errors, relation=LnSigma())
    assert_allclose(found.electronvolts, 0.4, rtol=0, atol=1e-5)
    assert abs(activation_energy(T, spoilt, relation=LnSigma()).electronvolts - 0.4) > 0.05


def test_errors_of_resistances_are_those_of_conductivities() -> None:
    T, errors = PELLET, 0.05 * BULK * np.arange(1, 7)
    one = activation_from_resistance(T, BULK, errors)
    other = activation_energy(T, 1 / BULK, errors / BULK**2)
    assert_allclose([one.energy, one.error], [other.energy, other.error], rtol=1e-12, atol=0)


def test_two_points_with_errors_have_an_interval() -> None:
    T, sigma = np.array(TAN[0]), np.array(TAN[1])
    found = activation_energy(T, sigma, 0.1 * sigma, relation=LnSigma())
    size = R / (1 / T[0] - 1 / T[1]) * 0.1 * np.sqrt(2)
    assert_allclose(found.error, size, rtol=1e-10, atol=0)
    assert_allclose(np.ptp(found.interval), 2 * 1.959964 * size, rtol=1e-6, atol=0)


def test_conductivity_of_a_sample() -> None:
    sample = Geometry(area=2e-4, thickness=1e-3)
    assert_allclose(conductivity([10.0, 20.0], sample), [0.5, 0.25], rtol=1e-12, atol=0)
    found = activation_from_resistance([300.0, 300.5], [10.0, 10.0], geometry=sample, T_ref=300.0)
    assert_allclose(found.reference, 0.5, rtol=1e-12, atol=0)


def test_it_prints_energy_interval_and_relation() -> None:
    told = str(activation_from_resistance(PELLET, GRAIN))
    assert told.startswith("0.8925 eV (ln sigma T), 95 % from 0.88")


# --- stated values --------------------------------------------------------------------------------


def test_the_stated_energy_of_tan_2021_contradicts_its_conductivities() -> None:
    found = check_stated(0.33 * F, *TAN)
    assert not found.consistent
    assert [round(a.electronvolts, 4) for a in found.implied] == [0.2229, 0.2523]
    assert "the stated 0.33 eV contradicts" in found.warning
    assert "0.000956 S/m at 298.15 K to 0.00778 S/m at 393.15 K" in found.warning
    assert "ratio of 8.14 gives 0.2229 eV (ln sigma) or 0.2523 eV (ln sigma T)" in found.warning
    assert found.warning.endswith("0.33 eV would need 22.28 or 16.90")


def test_either_relation_may_be_meant_unless_one_is_named() -> None:
    for eV in (0.22, 0.25):
        assert check_stated(eV * F, *TAN).consistent
    assert check_stated(0.25 * F, *TAN, relation=LnSigmaT()).consistent
    assert not check_stated(0.25 * F, *TAN, relation=LnSigma()).consistent
    assert check_stated(0.25 * F, *TAN, relation=LnSigma(), tolerance=0.03 * F).consistent


def test_the_order_of_the_points_does_not_matter() -> None:
    turned = [list(reversed(values)) for values in TAN]
    assert check_stated(0.33 * F, *turned).warning == check_stated(0.33 * F, *TAN).warning


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("T", "sigma", "sentence"),
    [
        ([300.0], [1.0], "1 temperatures and 1 conductivities, expected as many of both, at two"),
        ([300.0, 300.0], [1.0, 2.0], "at two different temperatures at least"),
        ([300.0, 310.0], [1.0], "2 temperatures and 1 conductivities"),
        ([300.0, -310.0], [1.0, 2.0], "temperature: -310 K is not allowed, expected one above 0"),
        ([300.0, 310.0], [1.0, 0.0], "conductivity: 0 S/m is not allowed"),
        ([300.0, 310.0], [1.0, float("nan")], "conductivity: nan S/m is not allowed"),
        ([[300.0, 310.0]], [[1.0, 2.0]], "expected as many of both"),
    ],
)
def test_points_that_give_no_energy_are_refused(T, sigma, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        activation_energy(T, sigma)


def test_errors_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="standard error: 0 S/m is not allowed"):
        activation_energy(*TAN, errors=[0.0, 1e-5])
    with pytest.raises(InputError, match="3 errors, expected 2, one for each conductivity"):
        activation_energy(*TAN, errors=[[1e-5, 1e-5, 1e-5]])
    with pytest.raises(InputError, match="resistance: -1 ohm is not allowed"):
        conductivity([-1.0], Geometry(1e-4, 1e-3))
