"""Objectives read the right numbers, limits measure margins, and variables know their ranges."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.design.objectives import (
    OBJECTIVES,
    ArealCapacity,
    ArealEnergy,
    AtLeast,
    AtMost,
    ChargingTime,
    EnergyEfficiency,
    MeanPower,
    RateCapability,
    Utilisation,
    WindowUtilisation,
)
from filmcell.design.problem import Problem
from filmcell.design.variables import (
    Linear,
    Logarithmic,
    LogNormal,
    number_at,
    unit_at,
    vary,
    written,
)
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, AmperesPerArea, CRate
from filmcell.simulation.many import Outcomes, simulate_many

SLOW, FAST = AmperesPerArea(0.7), AmperesPerArea(7.0)
TOLD = Outcomes(
    duration=np.array([[7200.0, 3600.0, 7200.0, 1800.0], [0.0, 0.0, 0.0, 0.0], [np.nan] * 4]),
    charge=np.array([[-2e-3, 1e-3, -2e-3, 5e-4], [0.0] * 4, [np.nan] * 4]),
    energy=np.array([[-8e-3, 3.9e-3, -8e-3, 6e-3], [0.0] * 4, [np.nan] * 4]),
    end_voltage=np.full((3, 4), 3.0),
    ended=((), (), ()),
    failed=("", "", "broken"),
    area=np.array([1e-4, 1e-4, np.nan]),
    theoretical_capacity=np.array([4e-3, 4e-3, np.nan]),
    window_capacity=np.array([2e-3, 2e-3, np.nan]),
)


@pytest.mark.parametrize(
    ("objective", "number"),
    [
        (ArealEnergy(SLOW), 39.0),
        (MeanPower(SLOW), 39.0),
        (Utilisation(SLOW), 0.25),
        (WindowUtilisation(SLOW), 0.5),
        (ArealCapacity(SLOW), 10.0),
        (ChargingTime(SLOW), 7200.0),
        (EnergyEfficiency(SLOW), 0.75),
        (RateCapability(SLOW, FAST), 0.5),
    ],
)
def test_objectives_read_their_numbers(objective: ArealEnergy, number: float) -> None:
    """Of a design that works, of one that passes no charge, of one that failed."""
    nothing = np.nan if isinstance(objective, ChargingTime) else 0.0  # no charge takes no time
    assert_allclose(objective.read(TOLD), [number, nothing, np.nan], rtol=1e-14)


def test_all_objectives_run_on_a_cell(cell: Cell) -> None:
    """Each protocol is enough for its objective, and what it tells is of the right size."""
    for kind in OBJECTIVES.values():
        objective = kind(SLOW, FAST) if kind is RateCapability else kind(SLOW)
        told = simulate_many([(cell, objective.protocol)])
        (value,) = objective.read(told)
        assert value > 0.0, objective.name
        if objective.unit == "":
            assert value < 1.0, objective.name


def test_efficiency_goes_to_one_with_the_current(cell: Cell) -> None:
    """What is lost in a cycle is proportional to a small current: half of it, half the loss."""
    swift = cell.replace({"cathode.diffusivity": 1e-12})
    objectives = [EnergyEfficiency(AmperesPerArea(i)) for i in (0.04, 0.02)]
    lost = [
        1.0 - objective.read(simulate_many([(swift, objective.protocol)]))[0]
        for objective in objectives
    ]
    assert lost[0] < 3e-3
    assert lost[0] / lost[1] == pytest.approx(2.0, rel=0.02)


def test_limits_measure_how_far_inside_a_value_is() -> None:
    """Positive inside, negative outside, and words for both."""
    least, most = AtLeast(Utilisation(SLOW), 0.8), AtMost(ChargingTime(CRate(1.0)), 3600.0)
    assert_allclose(least.margin(np.array([0.9, 0.7])), [0.1, -0.1], rtol=1e-12)
    assert_allclose(most.margin(np.array([3000.0, 4000.0])), [600.0, -400.0])
    assert str(least) == "utilisation at 0.07 mA/cm2 at least 0.8"
    assert str(most) == "charging-time at 1C at most 3600 s"
    assert str(RateCapability(SLOW, FAST)) == "rate-capability, 0.7 mA/cm2 over 0.07 mA/cm2"
    with pytest.raises(InputError, match="nan is no limit, expected a number"):
        AtLeast(Utilisation(SLOW), float("nan"))


@given(
    st.floats(1e-20, 1e3), st.floats(1.001, 1e9), st.lists(st.floats(0.0, 1.0), min_size=2)
)  # fmt: skip
def test_spreads_rise_and_keep_to_their_ends(low: float, ratio: float, shares: list[float]) -> None:
    """A quantile function rises from one end to the other."""
    at = np.sort(np.array(shares))
    for kind in (Linear, Logarithmic):
        spread = kind(low, low * ratio)
        numbers = spread.at(at)
        assert (np.diff(numbers) >= 0.0).all()
        assert spread.low <= numbers.min()
        assert numbers.max() <= spread.high
        assert_allclose(spread.at(np.array([0.0, 1.0])), [low, low * ratio], rtol=1e-14)
    assert (np.diff(LogNormal(low, ratio).at(at)) >= 0.0).all()


def test_variables_are_read_by_the_unit_of_their_key(cell: Cell) -> None:
    """Text and numbers, of parts, of the whole cell and of a particle."""
    assert vary(cell, "cathode.diffusivity", "1e-15 m2/s", 1e-13, Logarithmic).spread == (
        Logarithmic(1e-15, 1e-13)
    )
    assert number_at(cell, "upper_voltage") == 4.2
    assert unit_at(cell, "upper_voltage") == "V"
    assert number_at(cell, "cathode.diameter") == 2.0 * cell.cathode.thickness
    assert unit_at(cell, "cathode.diameter") == "m"
    assert number_at(cell, "collectors.1.thickness") == 120e-9
    assert written(cell, "electrolyte.conductivity", 2e-4) == "2e-06 S/cm"


@pytest.mark.parametrize(
    ("key", "ends", "kind", "words"),
    [
        ("cathode.thickness", ("3 um", "1 um"), Linear,
         "cathode.thickness: 3e-06 to 1e-06 is no range, expected two that rise"),
        ("contact_resistance", (0.0, 1.0), Logarithmic, "0 has no logarithm"),
        ("cathode.thicknes", ("1 um", "3 um"), Linear, 'did you mean "thickness"'),
        ("cathode.thickness", ("1 V", "3 um"), Linear, '"1 V" is not a length'),
        ("cathode", (1.0, 2.0), Linear, "cathode"),
    ],
)  # fmt: skip
def test_variables_are_refused(
    cell: Cell, key: str, ends: tuple[str, str], kind: type[Linear], words: str
) -> None:
    """A range that falls, one without logarithm, an unknown key, a wrong unit, a part."""
    with pytest.raises(InputError, match=words):
        vary(cell, key, *ends, kind)


def test_numbers_that_are_none_are_refused(cell: Cell) -> None:
    """A function, a part and nothing have no single number."""
    with pytest.raises(InputError, match=r"cathode\.potential: a Property is no single number"):
        number_at(cell, "cathode.potential")
    with pytest.raises(InputError, match="heat: nothing is no single number, expected a key"):
        number_at(cell, "heat")
    with pytest.raises(InputError, match="cathode: no number of the cell"):
        unit_at(cell, "cathode")
    with pytest.raises(InputError, match="expected one above 0 and one above 1"):
        LogNormal(1.0, 0.5)
    assert replace(Linear(0.0, 1.0), high=2.0).high == 2.0


def test_a_factor_is_a_factor(cell: Cell) -> None:
    """The ends of a factor are those that were given, not values of the property."""
    ends = vary(cell, "cathode.diffusivity.factor", 0.5, 2.0).spread
    assert (ends.low, ends.high) == (0.5, 2.0)
    twice = cell.replace({"cathode.diffusivity.factor": 2.0})
    again = vary(twice, "cathode.diffusivity.factor", "0.5", "2").spread
    assert (again.low, again.high) == (0.5, 2.0)


def test_two_names_of_one_number_are_refused(cell: Cell) -> None:
    """Thickness and diameter of a particle."""
    both = {"cathode.thickness": 1e-6, "cathode.diameter": 2e-6}
    words = "cathode.diameter is twice cathode.thickness, expected one of them"
    with pytest.raises(InputError, match=words):
        cell.replace(both)
    variables = [vary(cell, key, 1e-6, 2e-6) for key in both]
    with pytest.raises(InputError, match=f"variables: {words}"):
        Problem(cell, variables, [Utilisation(CRate(1.0))])


def test_a_charge_that_takes_nothing_has_no_time(cell: Cell) -> None:
    """Else the shortest charge would be the one that ends at once."""
    problem = Problem(
        cell, [vary(cell, "cathode.thickness", 1e-6, 2e-6)], [ChargingTime(Amperes(1.0))]
    )
    judged = problem.evaluate(np.array([[0.0], [1.0]]))
    assert np.isnan(judged.values).all()
    assert judged.failed[0].startswith("no charge passes, so that there is no charging-time at")
