"""Steps as numbers: residuals, stretches and rows of limits, and why each ends."""

import math

import pytest
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    Coulombs,
    CoulombsPerArea,
    CRate,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.file import load_protocol
from filmcell.protocol.steps import (
    LONGEST,
    Block,
    CapacityLimit,
    Charge,
    Control,
    CurrentLimit,
    Discharge,
    Hold,
    Mark,
    Profile,
    Protocol,
    Rest,
    StateOfChargeLimit,
    Step,
    Sweep,
    TimeLimit,
    VoltageLimit,
)

HOUR = TimeLimit(3600.0)
STEPS = Profile((0.0, 10.0, 30.0), (2.0, -1.0, 0.0), AmperesPerArea)
RAMPS = Profile((0.0, 10.0, 30.0), (2.0, -1.0, 0.0), AmperesPerArea, linear=True)
POWERS = Profile((0.0, 10.0, 30.0), (4.0, 0.0, 0.0), WattsPerArea)

RESIDUALS = [
    (Charge(AmperesPerArea(2.0)), (1, 0, 0, -2, 0)),
    (Discharge(AmperesPerArea(2.0)), (1, 0, 0, 2, 0)),
    (Charge(WattsPerArea(3.0)), (0, 0, 1, -3, 0)),
    (Discharge(WattsPerArea(3.0)), (0, 0, 1, 3, 0)),
    (Hold(4.2), (0, 1, 0, 4.2, 0)),
    (Rest(), (1, 0, 0, 0, 0)),
    (Mark(), (1, 0, 0, 0, 0)),
    (Sweep(4.2, 1e-3), (0, 1, 0, 3.9, 1e-3)),
    (Sweep(3.0, 1e-3), (0, 1, 0, 3.9, -1e-3)),
    (STEPS, (1, 0, 0, 2, 0)),
    (RAMPS, (1, 0, 0, 2, -0.3)),
    (POWERS, (0, 0, 1, 4, 0)),
]


@pytest.mark.parametrize(("control", "expected"), RESIDUALS, ids=str)
def test_a_control_is_five_numbers(cell: Cell, control: Control, expected: tuple) -> None:
    """They are a, b, c, s and slope of a i + b v + c i v - s - slope tau = 0."""
    assert control.residual(cell, 3.9) == expected


def test_an_amount_of_the_cell_is_taken_per_area(cell: Cell) -> None:
    assert Charge(Amperes(1e-4)).residual(cell, 0.0)[3] == -1e-4 / cell.area
    profile = Profile((0.0, 1.0), (-3e-4, 0.0), Watts)
    assert_allclose(profile.residual(cell, 0.0)[3], -3e-4 / cell.area, rtol=1e-15)
    one_c = cell.c_rate_current_density(1.0)
    assert_allclose(Profile((0, 1), (0.5, 0), CRate).residual(cell, 0)[3], one_c / 2, rtol=1e-15)


def test_an_ordinary_step_is_one_stretch(cell: Cell) -> None:
    hold = Step(Hold(4.2), (HOUR, TimeLimit(60.0)))
    assert hold.stretches(cell, 3.9) == [((0.0, 1.0, 0.0, 4.2, 0.0), 60.0)]
    assert Step(Charge(AmperesPerArea(2.0))).stretches(cell, 3.9)[0][1] == LONGEST


@pytest.mark.parametrize(
    ("start", "limits", "seconds", "reason"),
    [
        (3.2, (), 1000.0, "voltage reached 4.2 V"),
        (5.2, (), 1000.0, "voltage reached 4.2 V"),
        (3.2, (TimeLimit(60.0),), 60.0, "1 min passed"),
        (4.1, (TimeLimit(600.0),), 100.0, "voltage reached 4.2 V"),
    ],
)
def test_a_sweep_takes_the_time_of_its_way(
    cell: Cell, start: float, limits: tuple, seconds: float, reason: str
) -> None:
    step = Step(Sweep(4.2, 1e-3), limits)
    [(residual, length)] = step.stretches(cell, start)
    assert_allclose(length, seconds, rtol=1e-12)
    assert step.ran_out(start) == reason
    if not limits:  # the line ends at the voltage
        assert_allclose(residual[3] + residual[4] * length, 4.2, rtol=1e-14)


@pytest.mark.parametrize("start", [4.2, 4.2 + 1e-15, 4.2 - 9e-10])
def test_a_sweep_to_where_it_is_takes_no_time(cell: Cell, start: float) -> None:
    step = Step(Sweep(4.2, 1e-3))
    assert step.stretches(cell, start) == []
    assert step.time_reason == step.ran_out(start) == "voltage reached 4.2 V"


def test_a_sweep_without_its_start_says_both_ends() -> None:
    step = Step(Sweep(4.2, 1e-3), (HOUR,))
    assert step.time_reason == "voltage reached 4.2 V or 1 h passed"


def test_a_mark_takes_no_time(cell: Cell) -> None:
    assert Step(Mark()).stretches(cell, 3.9) == []
    assert Step(Mark()).time_reason == "impedance marked here"
    assert Step(Mark()).limits(cell) == ([], [])


def test_a_profile_has_a_stretch_an_interval(cell: Cell) -> None:
    assert Step(STEPS).stretches(cell, 3.9) == [
        ((1.0, 0.0, 0.0, 2.0, 0.0), 10.0),
        ((1.0, 0.0, 0.0, -1.0, 0.0), 20.0),
    ]
    assert Step(RAMPS).stretches(cell, 3.9) == [
        ((1.0, 0.0, 0.0, 2.0, -0.3), 10.0),
        ((1.0, 0.0, 0.0, -1.0, 0.05), 20.0),
    ]
    # no power is no current: the voltage is no way out
    assert Step(POWERS).stretches(cell, 3.9)[1][0] == (1.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("seconds", "lengths", "reason"),
    [
        (4.0, [4.0], "4 s passed"),
        (10.0, [10.0], "10 s passed"),
        (12.0, [10.0, 2.0], "12 s passed"),
        (30.0, [10.0, 20.0], "the profile ended"),
        (60.0, [10.0, 20.0], "the profile ended"),
    ],
)
def test_a_profile_is_cut_at_the_time_limit(
    cell: Cell, seconds: float, lengths: list, reason: str
) -> None:
    step = Step(STEPS, (TimeLimit(seconds),))
    assert [length for _, length in step.stretches(cell, 3.9)] == lengths
    assert step.time_reason == reason


def test_times_say_why_a_step_ended() -> None:
    assert Step(Rest(), (HOUR,)).time_reason == "1 h passed"
    assert Step(Charge(CRate(1.0))).time_reason == "87660 h passed, the longest allowed"
    assert Step(STEPS).time_reason == "the profile ended"


def test_a_limit_is_four_weights_and_a_value(cell: Cell) -> None:
    step = Step(
        Discharge(WattsPerArea(3.0)),
        (VoltageLimit(3.0), CurrentLimit(AmperesPerArea(0.5)), CapacityLimit(CoulombsPerArea(3.6))),
    )
    assert step.limits(cell) == (
        [(0, -1, 0, 0, -3.0), (-1, 0, 0, 0, -0.5), (0, 0, 1, 0, 3.6)],
        ["voltage reached 3 V", "current reached 0.05 mA/cm2", "capacity reached 0.0001 mAh/cm2"],
    )
    charge = Step(Charge(AmperesPerArea(1.0)), (VoltageLimit(4.1),))
    assert charge.limits(cell)[0] == [(0, 1, 0, 0, 4.1)]


def test_the_window_of_the_cell_guards(cell: Cell) -> None:
    upper = ((0, 1, 0, 0, 4.2), "voltage reached the cell's upper limit 4.2 V")
    lower = ((0, -1, 0, 0, -2.7), "voltage reached the cell's lower limit 2.7 V")
    for control, guards in (
        (Charge(CRate(1.0)), [upper]),
        (Discharge(CRate(1.0)), [lower]),
        (STEPS, [upper, lower]),
        (Sweep(4.2, 1e-3), []),
    ):
        rows, reasons = Step(control).limits(cell)
        assert list(zip(rows, reasons, strict=True)) == guards
    hold = Step(Hold(4.2), (CapacityLimit(Coulombs(1.0)),))
    assert len(hold.limits(cell)[0]) == 1


@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_a_state_of_charge_counts_within_the_window_at_rest(cell: Cell, fraction: float) -> None:
    """The charge at which the row ends the step leaves the cathode at the wanted fraction."""
    limit = StateOfChargeLimit(fraction)
    charged, discharged = cell.window_fractions
    for control in (Charge(CRate(1.0)), Discharge(CRate(1.0))):
        rows, reasons = Step(control, (limit,)).limits(cell)
        *weights, value = rows[0]
        assert weights == [0, 0, 0, control.direction]
        x = cell.cathode.initial_fraction + (
            value * control.direction / cell.cathode.capacity_per_fraction
        )
        assert_allclose((discharged - x) / (discharged - charged), fraction, rtol=0, atol=1e-14)
        assert reasons[0] == f"state of charge reached {100 * fraction:g} %"
        assert len(rows) == 2  # the window guards as well


def test_a_profile_ends_at_a_state_of_charge_that_it_heads_for(cell: Cell) -> None:
    down = Step(Profile((0, 1, 3), (3, -1, 0), Amperes), (StateOfChargeLimit(0.5),))
    up = Step(Profile((0, 1, 4), (3, -2, 0), Amperes), (StateOfChargeLimit(0.5),))
    assert down.limits(cell)[0][0][3] == 1
    assert up.limits(cell)[0][0][3] == -1
    straight = Profile((0, 1, 2), (3, -2, -4), Amperes, linear=True)
    assert straight.heading == -1


LIMITS = {
    "a voltage limit, expected one only on (dis)charge": [
        (Rest(), VoltageLimit(4.0)), (Hold(4.0), VoltageLimit(4.0)), (STEPS, VoltageLimit(4.0)),
    ],
    "a second voltage, expected only the one that it sweeps to": [
        (Sweep(4.2, 1e-3), VoltageLimit(4.0)),
    ],
    "a current limit, but its current is constant": [
        (Rest(), CurrentLimit(CRate(1.0))), (Charge(CRate(1.0)), CurrentLimit(CRate(1.0))),
    ],
    "a current limit, but follows a profile": [
        (STEPS, CurrentLimit(CRate(1.0))), (POWERS, CurrentLimit(CRate(1.0))),
    ],
    "a capacity limit, but no current flows": [(Rest(), CapacityLimit(Coulombs(1.0)))],
    "a state of charge limit, expected one only on (dis)charge": [
        (control, StateOfChargeLimit(0.5)) for control in (Rest(), Hold(4.0), Sweep(4.2, 1e-3))
    ],
    "a state of charge limit, expected one only on (dis)charge on the whole": [
        (Profile((0, 1, 2), (1, -1, 0), Amperes), StateOfChargeLimit(0.5)),
    ],
    "a limit, but takes no time": [
        (Mark(), HOUR), (Mark(), VoltageLimit(4.0)), (Mark(), StateOfChargeLimit(0.5)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("sentence", LIMITS)
def test_a_limit_that_cannot_end_a_control_is_refused(sentence: str) -> None:
    for control, limit in LIMITS[sentence]:
        with pytest.raises(InputError) as caught:
            Step(control, (limit,))
        assert str(caught.value).endswith(f'" has {sentence}')


@pytest.mark.parametrize("control", [Hold(4.0), Rest()])
def test_what_has_no_end_is_refused(control: Control) -> None:
    with pytest.raises(InputError, match=r'has no end, expected "for" a time or "until" a limit$'):
        Step(control)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Sweep(4.2, 0.0), "sweep: 0.0 V/s is not allowed, expected a rate above 0"),
        (lambda: Sweep(4.2, math.nan), "sweep: nan V/s is not allowed, expected a rate above 0"),
        (lambda: Sweep(math.nan, 1.0), "sweep: nan V is not allowed, expected a voltage"),
        (lambda: StateOfChargeLimit(50.0), "state of charge: 5000 % is not allowed, expected one "
         "from 0 % to 100 %"),
        (lambda: StateOfChargeLimit(math.nan), "state of charge: nan % is not allowed, expected "
         "one from 0 % to 100 %"),
    ],
)  # fmt: skip
def test_numbers_are_checked_at_the_door(make: object, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("control", "sentence"),
    [
        (Discharge(Watts(4e-4)), "no current can give 0.4 mW"),
        (POWERS, "no current can give the power of the profile"),
        (STEPS, None),
        (Discharge(CRate(1.0)), None),
        (Sweep(4.2, 1e-3), None),
        (Mark(), None),
    ],
)
def test_only_a_power_can_be_more_than_a_cell_gives(control: Control, sentence: str) -> None:
    assert Step(control).exhausted == sentence


def asked(cell: Cell, *steps: Step) -> float:
    """Largest current of some steps."""
    return Protocol((Block(steps),)).largest_current(cell)


def test_the_largest_current_is_found(cell: Cell) -> None:
    one_c = cell.c_rate_current_density(1.0)
    sweep = Step(Sweep(4.2, 1e-3))
    assert asked(cell, sweep, Step(Mark()), Step(Hold(4.2), (HOUR,))) == one_c
    assert asked(cell, sweep, Step(Charge(AmperesPerArea(0.3)))) == 0.3
    assert asked(cell, Step(STEPS)) == 2.0
    assert asked(cell, Step(Profile((0, 1, 2), (1, -5, 0), AmperesPerArea))) == 5.0
    assert asked(cell, Step(Profile((0, 1, 2), (0, 0, 5), AmperesPerArea))) == one_c
    last = Profile((0, 1, 2), (1, 0, -5), AmperesPerArea, linear=True)
    assert_allclose(asked(cell, Step(last)), 5.0, rtol=1e-15)
    assert_allclose(asked(cell, Step(POWERS)), 4.0 / cell.lower_voltage, rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("Charge at C/10", True),
        ("Hold at 4.2 V until C/50", True),
        ("Rest for 1 h; Discharge at 0.4 mW until C/50", True),
        ("Charge at 0.1 mA until 4.2 V; Hold at 4.2 V until 10 uA; Rest for 1 h", False),
        ("Sweep at 1 mV/s until 4 V or C/50", True),
        ("Measure impedance", False),
    ],
)
def test_a_c_rate_names_its_basis(cell: Cell, text: str, uses: bool) -> None:
    basis = load_protocol(text).c_rate_basis(cell)
    assert basis == (
        "1C = 1 mA, of the theoretical capacity, 0.5 lithium per site" if uses else None
    )


def test_a_nominal_capacity_is_the_basis_of_a_c_rate(cell: Cell) -> None:
    small = cell.replace({"nominal_capacity": "0.7 mAh"})
    protocol = load_protocol("Charge at C/10")
    assert protocol.c_rate_basis(small) == "1C = 0.7 mA, of the nominal capacity 0.7 mAh"
    rates = Protocol((Block((Step(Profile((0, 1), (1, 0), CRate)),)),))
    assert rates.c_rate_basis(small) == protocol.c_rate_basis(small)
    currents = Protocol((Block((Step(STEPS),)),))
    assert currents.c_rate_basis(small) is None


def test_passes_until_a_limit_are_counted_as_the_most() -> None:
    block = Block((Step(Charge(CRate(1.0))),), 3, until_limit=True)
    protocol = Protocol((block, Block((Step(Mark()),), 1, until_limit=True)))
    assert protocol.count == 4
    assert [cycle for _, cycle in protocol.expanded()] == [1, 2, 3, 4]
    assert str(protocol) == (
        "(Charge at 1C) repeat 3 until limit; (Measure impedance) repeat 1 until limit"
    )
    assert protocol.steps == (*block.steps, Step(Mark()))
