"""Where the voltage went: parts that sum, shares that sum, and signs that hold on charge."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.simulation.explain import (
    POINTS,
    Explanation,
    csv_lines,
    explain,
    steps_with_current,
)
from filmcell.simulation.result import Result
from filmcell.simulation.storage import Stored

PROTOCOL = (
    "Discharge at 1C until 3 V; Rest for 1 h; Charge at 1C until 4.2 V; "
    "Hold at 4.2 V until 0.1C; Rest for 10 min; Discharge at 6C until 3 V"
)


@pytest.fixture(scope="module")
def result() -> Result:
    """A cycle of the cell with all kinds of losses."""
    return filmcell.simulate(filmcell.load_cell("raijmakers2020"), PROTOCOL)


@pytest.fixture(scope="module")
def told(result: Result) -> list[Explanation]:
    """All steps with current."""
    return [explain(result, k) for k in steps_with_current(result)]


def test_steps_with_current(result: Result) -> None:
    """Rests have none."""
    assert steps_with_current(result) == (1, 3, 4, 6)


def test_losses_sum_to_the_voltage(told: list[Explanation]) -> None:
    """At every point, between kept rows too, to round-off."""
    for x in told:
        parts = x.potential + np.sum(list(x.losses.values()), axis=0)
        assert_allclose(parts, x.voltage, rtol=0, atol=1e-12)
        assert x.residual < 1e-12


def test_shares_sum_to_one(told: list[Explanation]) -> None:
    """Charge and discharge alike, and each cost has the sign of a loss."""
    for x in told:
        assert_allclose(sum(x.share.values()), 1.0, rtol=0, atol=1e-12)
        assert x.total > 0
        assert all(value > 0 for value in x.mean.values()), x.step


def test_signs(told: list[Explanation]) -> None:
    """A loss lowers the voltage of discharge and raises that of charge."""
    for x in told:
        sign = -1.0 if x.charge_passed > 0 else 1.0
        for name, values in x.losses.items():
            assert (sign * values[1:-1] > 0).all(), (x.step, name)
    assert [x.charge_passed > 0 for x in told] == [True, False, False, True]


def test_mean_cost_is_the_energy_lost_over_the_charge(result: Result) -> None:
    """Against the integral of (U - V) i over time, by another path."""
    for k in steps_with_current(result):
        x, rows = explain(result, k), result.of_step(k)
        power = (result.losses["open-circuit potential"] - result.voltage)[rows] * result.current[
            rows
        ]
        lost = np.trapezoid(power, result.time[rows])
        charge = np.sum(np.abs(np.diff(result.charge[rows])))
        # rows carry i exactly, time and charge differ by the curvature between rows alone
        assert_allclose(x.total, lost / charge, rtol=2e-3, atol=0)


def test_constant_loss_costs_itself(result: Result) -> None:
    """The contact under a constant current: rho_s i at every point and on average."""
    x = explain(result, 1)
    ohms = filmcell.load_cell("raijmakers2020").contact_resistance
    current = 0.7e-3 / 3.36e-4
    assert_allclose(x.losses["contact"], -ohms * current, rtol=1e-12, atol=0)
    assert_allclose(x.mean["contact"], ohms * current, rtol=1e-12, atol=0)


def test_points(result: Result) -> None:
    """Where they were asked for, the ends being those of the step; None gives every row."""
    x = explain(result, 6, (0.0, 50.0, 100.0))
    rows = result.of_step(6)
    assert_allclose(x.percent, [0.0, 50.0, 100.0], rtol=1e-12, atol=0)
    assert_allclose(x.capacity[[0, 2]], [0.0, result.capacity[5] * 3600.0], rtol=1e-12, atol=0)
    assert_allclose(x.capacity[1], x.capacity[2] / 2, rtol=1e-12, atol=0)
    assert_allclose(x.areal_capacity, x.capacity / 3.36e-4, rtol=1e-12, atol=0)
    assert_allclose(x.voltage[[0, 2]], result.voltage[rows][[0, -1]], rtol=1e-12, atol=0)
    assert len(explain(result, 6).percent) == len(POINTS)
    every = explain(result, 6, None)
    assert every.voltage.size == result.voltage[rows].size
    assert every.mean == x.mean


def test_charge_that_goes_both_ways_counts_both() -> None:
    """In a profile the capacity counts what passed in either direction."""
    cell = filmcell.load_cell("danilov2011")
    profile = filmcell.Protocol(
        filmcell.load_protocol("Discharge at 1C for 10 min; Charge at 1C for 4 min").blocks
    )
    both = filmcell.simulate(cell, profile)
    joined = replace(both, step=np.ones_like(both.step), ended=("made one",))
    x = explain(joined, 1, (100.0,))
    assert_allclose(x.capacity[0], 1e-5 * 14 * 60, rtol=1e-9, atol=0)
    assert_allclose(x.charge_passed, 1e-5 * 6 * 60, rtol=1e-9, atol=0)
    assert x.mean["electrolyte migration"] > 0


def test_refusals(result: Result) -> None:
    """Each in a sentence that says what would do."""
    with pytest.raises(
        filmcell.InputError,
        match=r"^step 2 passes no charge, expected one that does: 1, 3, 4, 6$",
    ):
        explain(result, 2)
    with pytest.raises(filmcell.InputError, match=r"^step 7 does not exist, expected 1 to 6$"):
        explain(result, 7)
    for point in (-1.0, 100.5, float("nan")):
        with pytest.raises(
            filmcell.InputError,
            match=rf"^points: {point:g} is not allowed, expected 0 to 100 percent$",
        ):
            explain(result, 1, (point,))
    at_rest = filmcell.simulate(filmcell.load_cell("danilov2011"), "Rest for 1 min")
    with pytest.raises(filmcell.InputError, match=r"expected one that does: none, no current"):
        explain(at_rest, 1)


def test_parts_that_do_not_sum_are_refused(result: Result) -> None:
    """A file whose losses were tampered with is not explained."""
    parts = {**result.losses, "contact": result.losses["contact"] + 1e-3}
    wrong = replace(result, origin=Stored(parts, {}))
    with pytest.raises(
        filmcell.InputError,
        match=r"^the parts of the voltage in step 1 sum to it within 0\.001 V only, "
        r"expected 1e-09 V or less$",
    ):
        explain(wrong, 1)


def test_explanation_is_frozen(told: list[Explanation]) -> None:
    """Nobody can change what was told."""
    with pytest.raises(ValueError, match="read-only"):
        told[0].voltage[0] = 1.0
    with pytest.raises(TypeError):
        told[0].mean["contact"] = 0.0  # type: ignore[index]


def test_csv_has_a_line_a_point(told: list[Explanation]) -> None:
    """Heads with units, and the numbers of the points."""
    head, *lines = csv_lines(told)
    assert head.startswith(
        "step,percent,capacity_mAh,capacity_mAh_per_cm2,voltage_V,rest_voltage_V,"
    )
    assert head.endswith(",contact_mV")
    assert len(lines) == len(told) * len(POINTS)
    numbers = [float(word) for word in lines[1].split(",")]
    assert_allclose(numbers[:2], [1.0, 10.0], rtol=1e-14, atol=0)
    assert_allclose(numbers[4], numbers[5] + sum(numbers[6:]) / 1e3, rtol=0, atol=1e-12)
