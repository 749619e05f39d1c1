"""Heat: signs, the steady rise, and the lumped balance against its own equation."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from filmcell.physics import heat

currents = st.floats(0.01, 100.0)
volts = st.floats(1e-3, 1.0)
kelvins = st.floats(250.0, 400.0)


@given(currents, volts)
def test_losses_heat_in_both_directions(i: float, loss: float) -> None:
    """A loss lowers the voltage on discharge and raises it on charge."""
    discharge = heat.irreversible_heat(i, 3.9, 3.9 - loss)
    charge = heat.irreversible_heat(-i, 3.9, 3.9 + loss)
    assert_allclose([discharge, charge], i * loss, rtol=1e-9, atol=0)


@given(currents, kelvins, st.floats(-1e-3, 1e-3))
def test_the_reversible_heat_turns_with_the_current(i: float, T: float, dUdT: float) -> None:
    """Discharging, dS of the reaction is F dU/dT and the cell takes up T dS per charge F."""
    assert_allclose(heat.reversible_heat(i, T, dUdT), -i * T * dUdT, rtol=1e-14, atol=0)
    assert heat.reversible_heat(i, T, dUdT) == -heat.reversible_heat(-i, T, dUdT)


@given(currents, kelvins, st.floats(3.0, 4.0), st.floats(-1e-3, 1e-3), volts)
def test_both_heats_are_the_enthalpy_that_is_not_delivered(
    i: float, T: float, U: float, dUdT: float, loss: float
) -> None:
    """Enthalpy of the reaction per charge: U - T dU/dT; the cell delivers i V of it."""
    V = U - loss
    made = heat.irreversible_heat(i, U, V) + heat.reversible_heat(i, T, dUdT)
    assert_allclose(made, i * (U - T * dUdT) - i * V, rtol=0, atol=1e-12 * i * U)


def test_a_warm_cell_gives_heat_away_and_a_cold_one_takes_it() -> None:
    found = heat.exchanged_heat(np.array([301.0, 298.0, 297.0]), 298.0, 10.0)
    assert_allclose(found, [30.0, 0.0, -10.0], rtol=1e-14, atol=0)


@given(st.floats(-50.0, 50.0), st.floats(0.1, 100.0))
def test_at_the_steady_rise_heat_flows_out_as_it_is_made(made: float, h: float) -> None:
    T = 298.0 + heat.steady_temperature_rise(made, h)
    assert_allclose(heat.exchanged_heat(T, 298.0, h), made, rtol=1e-9, atol=1e-11 * h)


@pytest.mark.parametrize("h", [0.0, 1e-12, 1e-3, 5.0, 50.0])
def test_the_lumped_temperature_solves_the_balance(h: float) -> None:
    made, capacity, start, ambient = 3.0, 800.0, 310.0, 298.0
    t = np.array([0.0, 1.0, 30.0, 300.0])

    def balance(t, T):
        return (made - heat.exchanged_heat(T, ambient, h)) / capacity

    sol = solve_ivp(balance, (0.0, 300.0), [start], t_eval=t, rtol=1e-11, atol=1e-12)
    found = heat.lumped_temperature(t, made, h, capacity, start, ambient)
    assert_allclose(found - start, sol.y[0] - start, rtol=1e-8, atol=1e-9)


def test_an_adiabatic_cell_warms_by_its_heat_over_its_capacity() -> None:
    found = heat.lumped_temperature(np.array([0.0, 100.0]), 5.0, 0.0, 1000.0, 298.0, 350.0)
    assert_allclose(found, [298.0, 298.5], rtol=1e-15, atol=0)


def test_after_many_time_constants_the_rise_is_the_steady_one() -> None:
    found = heat.lumped_temperature(1e5, 5.0, 10.0, 1000.0, 250.0, 298.0)
    assert_allclose(found, 298.0 + heat.steady_temperature_rise(5.0, 10.0), rtol=1e-14, atol=0)


def test_without_heat_a_cell_relaxes_to_its_surroundings_exponentially() -> None:
    found = heat.lumped_temperature(100.0, 0.0, 10.0, 1000.0, 318.0, 298.0)
    assert_allclose(found - 298.0, 20.0 * np.exp(-1.0), rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("formula", "args"),
    [
        (heat.irreversible_heat, (2.0, 3.9, 3.8)),
        (heat.reversible_heat, (2.0, 300.0, -1e-4)),
        (heat.exchanged_heat, (301.0, 298.0, 10.0)),
    ],
)
def test_the_terms_of_the_balance_compile(formula, args) -> None:
    assert_allclose(numba.njit(formula)(*args), formula(*args), rtol=1e-14, atol=0)
