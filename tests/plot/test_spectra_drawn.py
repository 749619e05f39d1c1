"""Pictures of spectra: equal axes, marked decades, signs, shares that sum, lines of the fit."""

import numpy as np
from numpy.testing import assert_allclose

from filmcell.constants import F, R
from filmcell.plot import impedance as drawn

FREQUENCY = np.logspace(6, 0, 61)
ARC = 10.0 + 100.0 / (1.0 + 2j * np.pi * FREQUENCY * 1e-4)


def test_nyquist_has_equal_axes_and_draws_minus_the_imaginary_part() -> None:
    ax = drawn.nyquist(FREQUENCY, ARC, label="arc")
    line = ax.get_lines()[0]
    assert ax.get_aspect() == 1.0
    assert_allclose(np.asarray(line.get_ydata()), -ARC.imag, rtol=1e-15)
    assert np.asarray(line.get_ydata()).max() > 49.0
    assert ax.get_ylabel() == "-Im Z (ohm)"


def test_nyquist_marks_decades_at_their_points_unless_they_crowd() -> None:
    ax = drawn.nyquist(FREQUENCY, ARC)
    marked = {text.get_text(): text.xy for text in ax.texts}  # type: ignore[attr-defined]
    assert {"1 MHz", "1 kHz", "100 Hz"} <= set(marked)
    k = int(np.argmin(np.abs(FREQUENCY - 1e3)))
    assert_allclose(marked["1 kHz"], (ARC[k].real, -ARC[k].imag), rtol=1e-12)
    assert "100 kHz" not in marked  # on top of 1 MHz, where the arc has not begun
    assert not drawn.nyquist(FREQUENCY, ARC, marks=False).texts


def test_measured_points_and_a_colour() -> None:
    ax = drawn.nyquist(FREQUENCY, ARC, measured=True, colour="black", marks=False)
    (line,) = ax.get_lines()
    assert (line.get_linestyle(), line.get_marker(), line.get_color()) == ("None", "o", "black")
    assert drawn.nyquist(FREQUENCY, ARC, ax) is ax


def test_bode_draws_modulus_and_minus_phase_in_degrees() -> None:
    modulus, phase = drawn.bode(FREQUENCY, np.full(61, -2.0j), unit="ohm cm2")
    assert_allclose(np.asarray(modulus.get_lines()[0].get_ydata()), 2.0)
    assert_allclose(np.asarray(phase.get_lines()[0].get_ydata()), 90.0)
    assert modulus.get_ylabel() == "|Z| (ohm cm2)"


def test_shares_are_stacked_to_the_whole_without_rounding_dust() -> None:
    one = np.full(61, 1.0 + 0.0j)
    ax = drawn.shares(FREQUENCY, {"film": 2.0 * one, "dust": 1e-12 * one, "contact": one})
    assert [area.get_label() for area in ax.collections] == ["film", "contact"]
    top = max(path.vertices[:, 1].max() for area in ax.collections for path in area.get_paths())
    assert_allclose(top, 3.0)


def test_relaxation_times_name_their_peaks() -> None:
    tau = np.logspace(-6, 0, 50)
    ax = drawn.relaxation_times(tau, {"best": np.ones(50)}, [(1e-3, 42.0)])
    (text,) = ax.texts
    assert text.get_text() == "0.001 s\n42 ohm"
    assert ax.get_xscale() == "log"


def test_arrhenius_is_straight_over_a_thousand_over_T() -> None:
    T = np.array([300.0, 350.0, 400.0])
    sigma = np.exp(-0.3 * F / R * (1.0 / T - 1.0 / 300.0))
    ax = drawn.arrhenius(T, {"bulk": sigma}, {"bulk": (T, sigma)})
    points, line = ax.get_lines()
    x, y = np.asarray(points.get_xdata()), np.log(np.asarray(points.get_ydata()))
    assert_allclose(np.diff(y) / np.diff(x), -0.3 * F / R / 1e3, rtol=1e-9)
    assert line.get_color() == points.get_color()
