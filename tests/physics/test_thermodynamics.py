"""Open-circuit potentials against the printed tables."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from filmcell.physics.thermodynamics import (
    FABRE_DENOMINATOR,
    dualfoil_potential,
    fabre_potential,
)

# theta, U [V], dU/dtheta [V] with the size of its last printed digit
FABRE = [
    (0.50, 4.2908, -1.916, 1e-3),
    (0.55, 4.1978, -1.790, 1e-3),
    (0.60, 4.1130, -1.593, 1e-3),
    (0.65, 4.0396, -1.331, 1e-3),
    (0.70, 3.9808, -1.015, 1e-3),
    (0.75, 3.9386, -0.669, 1e-3),
    (0.80, 3.9136, -0.342, 1e-3),
    (0.85, 3.9023, -0.149, 1e-3),
    (0.90, 3.8928, -0.316, 1e-3),
    (0.95, 3.8566, -1.387, 1e-3),
    (0.98, 3.7808, -4.762, 1e-3),
    (0.99, 3.7070, -11.82, 1e-2),
    (0.995, 3.6182, -27.12, 1e-2),
    (0.999, 3.4228, -89.1, 1e-1),
    (1.000, 3.3100, -142.8, 1e-1),
]
INVERSE = [
    (4.2, 0.548796),
    (4.1, 0.608239),
    (4.0, 0.682106),
    (3.9, 0.865523),
    (3.8, 0.975379),
    (3.5, 0.997942),
    (3.4, 0.999243),
    (3.0, 1.001370),
    (2.7, 1.001985),
]


@pytest.mark.parametrize(("x", "U", "slope", "digit"), FABRE)
def test_the_fabre_potential_has_its_tabulated_values(
    x: float, U: float, slope: float, digit: float
) -> None:
    """RT-08 and the table of section 6."""
    assert_allclose(fabre_potential(x), U, rtol=0, atol=5.1e-5)
    assert_allclose(np.imag(fabre_potential(x + 1e-30j)) / 1e-30, slope, rtol=0, atol=0.6 * digit)


@pytest.mark.parametrize(("U", "x"), INVERSE)
def test_the_fabre_potential_crosses_each_voltage_where_it_should(U: float, x: float) -> None:
    found = brentq(lambda x: fabre_potential(x) - U, 0.5, 1.003, xtol=1e-14)
    assert_allclose(found, x, rtol=0, atol=5.1e-7)


def test_the_fabre_potential_falls_strictly_from_empty_to_full() -> None:
    x = np.linspace(0.0, 1.0, 100_001)
    slope = np.imag(fabre_potential(x + 1e-30j)) / 1e-30
    assert np.all(np.diff(fabre_potential(x)) < 0)
    inner = x > 1e-3  # a function of x squared is flat at x = 0
    assert np.all(slope[inner] < 0)
    calibrated = x > 0.45
    assert_allclose(slope[calibrated].max(), -0.143, rtol=0, atol=5e-4)
    assert_allclose(x[calibrated][slope[calibrated].argmax()], 0.859, rtol=0, atol=5e-4)


def test_the_pole_of_the_fabre_potential_lies_beyond_a_full_cathode() -> None:
    t = np.roots(FABRE_DENOMINATOR[::-1])
    real = np.sqrt(t[(abs(t.imag) < 1e-9) & (t.real > 0)].real)
    assert_allclose(real, [1.003688], rtol=0, atol=1e-6)


def test_the_dualfoil_potential_steps_at_the_order_disorder_transition() -> None:
    slope = np.imag(dualfoil_potential(np.array([0.47, 0.525 / 1.062, 0.52]) + 1e-30j)) / 1e-30
    assert slope[1] < 3 * slope[0] < 0
    assert slope[1] < 2 * slope[2] < 0


def test_the_dualfoil_potential_is_its_six_terms() -> None:
    x = np.linspace(0.4, 0.995, 7)
    terms = [
        (0.07645, 30.834, 54.4806),
        (2.1581, 52.294, 50.294),
        (-0.14169, 11.0923, 19.8543),
        (0.2051, 1.4684, 5.4888),
        (0.2531, 0.56478 / 0.1316, 1 / 0.1316),
        (-0.02167, -0.525 / 0.006, -1 / 0.006),
    ]
    expected = 2.16216 + sum(a * np.tanh(b - c * 1.062 * x) for a, b, c in terms)
    assert_allclose(dualfoil_potential(x), expected, rtol=1e-12, atol=0)
