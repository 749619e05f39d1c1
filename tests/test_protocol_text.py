"""Text to steps: every form people write, the round trip, and refusals word for word."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from filmcell.protocol.reading import read_limit, read_push
from filmcell.protocol.steps import (
    Block,
    CapacityLimit,
    Charge,
    CurrentLimit,
    Discharge,
    Hold,
    Mark,
    Protocol,
    Rest,
    StateOfChargeLimit,
    Step,
    Sweep,
    TimeLimit,
    VoltageLimit,
)
from filmcell.protocol.text import protocol_from_text

V42, V27 = VoltageLimit(4.2), VoltageLimit(2.7)
HOUR = TimeLimit(3600.0)
REST = Step(Rest(), (HOUR,))
CHARGE = Step(Charge(CRate(1.0)), (V42,))
DISCHARGE = Step(Discharge(CRate(1.0)), (V27,))

FORMS = {
    "Charge at 0.1 mA until 4.2 V": Step(Charge(Amperes(1e-4)), (V42,)),
    "Charge at C/10 for 10 hours or until 4.2 V": Step(
        Charge(CRate(0.1)), (V42, TimeLimit(36000.0))
    ),
    "Charge at 1C until 4.2 V or for 2 h": Step(Charge(CRate(1.0)), (V42, TimeLimit(7200.0))),
    "Charge at C/3": Step(Charge(CRate(1 / 3)), ()),
    "Hold at 4.2 V until C/50": Step(Hold(4.2), (CurrentLimit(CRate(0.02)),)),
    "Hold at 4.2 V until 10 uA": Step(Hold(4.2), (CurrentLimit(Amperes(1e-5)),)),
    "Hold at 4200 mV until 0.5 mA cm-2 or for 1 hour": Step(
        Hold(4.2), (CurrentLimit(AmperesPerArea(5.0)), HOUR)
    ),
    "Hold at -0.1 V for 1 hour": Step(Hold(-0.1), (HOUR,)),
    "Hold at 4.2 V until 0.5 mAh or C/50": Step(
        Hold(4.2), (CapacityLimit(Coulombs(1.8)), CurrentLimit(CRate(0.02)))
    ),
    "Rest for 10 min": Step(Rest(), (TimeLimit(600.0),)),
    "Rest until 1 day": Step(Rest(), (TimeLimit(86400.0),)),
    "Discharge at 1C until 2.7 V": DISCHARGE,
    "Discharge at 0.4 mW until 2.7 V": Step(Discharge(Watts(4e-4)), (V27,)),
    "Discharge at 0.3 mW/cm2 until 2.7 V": Step(Discharge(WattsPerArea(3.0)), (V27,)),
    "Discharge at 0.07 mA/cm2 until 0.5 mAh or 2.7 V": Step(
        Discharge(AmperesPerArea(0.7)), (CapacityLimit(Coulombs(1.8)), V27)
    ),
    "Discharge at 0.7 A/m^2 until 0.35 mAh/cm2": Step(
        Discharge(AmperesPerArea(0.7)), (CapacityLimit(CoulombsPerArea(12600.0)),)
    ),
    "Charge at 0.694 A/m2 until 4.2 V": Step(Charge(AmperesPerArea(0.694)), (V42,)),
    "Charge at 1e-4A until 1 C/m2": Step(
        Charge(Amperes(1e-4)), (CapacityLimit(CoulombsPerArea(1.0)),)
    ),
    "Charge at C/10 until 50 % SOC": Step(Charge(CRate(0.1)), (StateOfChargeLimit(0.5),)),
    "Discharge at 1C until 7.5%soc or 2.7 V": Step(
        Discharge(CRate(1.0)), (StateOfChargeLimit(0.075), V27)
    ),
    "Sweep at 0.1 mV/s until 4.2 V": Step(Sweep(4.2, 1e-4)),
    "Sweep at 1e-4 V s-1 until 4200 mV or for 1 h": Step(Sweep(4.2, 1e-4), (HOUR,)),
    "Sweep at 0.1 mV/s until 10 uA or 4.2 V or 0.5 mAh": Step(
        Sweep(4.2, 1e-4), (CurrentLimit(Amperes(1e-5)), CapacityLimit(Coulombs(1.8)))
    ),
    "measure  impedance": Step(Mark()),
    "cHARGE AT 1C UNTIL 4.2 V": CHARGE,
    "Charge\tat\N{NO-BREAK SPACE}1C until 4.2\N{NO-BREAK SPACE}V  # a comment": CHARGE,
}


@pytest.mark.parametrize("text", FORMS)
def test_every_form_of_a_step_is_read(text: str) -> None:
    assert protocol_from_text(text) == Protocol((Block((FORMS[text],)),))


@pytest.mark.parametrize(
    ("text", "rate"),
    [("1C", 1), ("0.5 C", 0.5), (".5C", 0.5), ("C/10", 0.1), ("C / 2", 0.5), ("2C", 2), ("C", 1),
     ("2C/3", 2 / 3), ("1e-2C", 0.01)],
)  # fmt: skip
def test_every_form_of_a_c_rate_is_read(text: str, rate: float) -> None:
    assert read_push(text) == CRate(rate)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90 s", 90), ("1 second", 1), ("30 seconds", 30), ("10 min", 600), ("1 minute", 60),
     ("2 minutes", 120), ("1 h", 3600), ("1 hour", 3600), ("2 hours", 7200), ("1 day", 86400),
     ("0.5 days", 43200)],
)  # fmt: skip
def test_every_unit_of_time_is_read(text: str, seconds: float) -> None:
    assert read_limit(text) == TimeLimit(seconds)


def test_units_keep_their_case() -> None:
    assert read_push("1 mA") == Amperes(1e-3)
    assert read_push("1 MA") == Amperes(1e6)


@pytest.mark.parametrize(
    "between",
    ["\n", "\r\n", ";", ",", " then ", " THEN\n", ", then ", " ; # a comment; with parts\n\n "],
)
def test_every_separator_parts_steps_of_one_block(between: str) -> None:
    text = f"Charge at 1C until 4.2 V{between}Discharge at 1C until 2.7 V{between}"
    assert protocol_from_text(text) == Protocol((Block((CHARGE, DISCHARGE)),))


@pytest.mark.parametrize(
    "text",
    [
        "(Charge at 1C until 4.2 V; Discharge at 1C until 2.7 V) repeat 3",
        "(\n  Charge at 1C until 4.2 V\n  Discharge at 1C until 2.7 V\n)\nRepeat 3 times",
        "Charge at 1C until 4.2 V\nDischarge at 1C until 2.7 V\nrepeat 3",
        "Charge at 1C until 4.2 V then Discharge at 1C until 2.7 V; repeat 3 times",
        "Charge at 1C until 4.2 V, Discharge at 1C until 2.7 V repeat 3",
    ],
)
def test_every_form_of_repetition_is_read(text: str) -> None:
    assert protocol_from_text(text) == Protocol((Block((CHARGE, DISCHARGE), 3),))


@pytest.mark.parametrize(
    "text",
    [
        "(Charge at 1C until 4.2 V; Discharge at 1C until 2.7 V) repeat 200 until limit",
        "Charge at 1C until 4.2 V\nDischarge at 1C until 2.7 V\nrepeat 200 times until LIMIT",
        "(Charge at 1C until 4.2 V; Discharge at 1C until 2.7 V); repeat 200 until limit",
    ],
)
def test_passes_may_go_on_until_a_limit(text: str) -> None:
    block = Block((CHARGE, DISCHARGE), 200, until_limit=True)
    assert protocol_from_text(text) == Protocol((block,))
    assert protocol_from_text(text).count == 400
    assert str(block).endswith(") repeat 200 until limit")


def test_a_bare_repeat_reaches_back_to_the_last_block() -> None:
    text = """
        Rest for 1 h; (Charge at 1C until 4.2 V) repeat 2
        Discharge at 1C until 2.7 V; Rest for 1 h; repeat 3
        Rest for 1 h repeat 4
        Charge at 1C until 4.2 V; (Rest for 1 h)
    """
    assert protocol_from_text(text).blocks == (
        Block((REST,)), Block((CHARGE,), 2), Block((DISCHARGE, REST), 3), Block((REST,), 4),
        Block((CHARGE,)), Block((REST,)),
    )  # fmt: skip


A_PUSH = (
    'is not a current or power, expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'
)
A_LIMIT = (
    "is not a voltage, current, charge, state of charge or time, expected one such as "
    '"4.2 V", "C/50", "0.5 mAh", "50 % SOC" or "10 min"'
)
CONTROLS = "expected Charge, Discharge, Hold, Rest, Sweep, Follow or Measure"
PUSH_HERE = 'expected a current or power such as "0.1 mA" or "C/10"'
PASSES = 'is not allowed, expected a whole number from 1 such as "repeat 3"'

REFUSALS = {
    "": "the protocol is empty, expected at least one step",
    " # nothing\n;; then": "the protocol is empty, expected at least one step",
    "Rest for 1 h; Dischrage at 1C": (
        f'step 2 "Dischrage at 1C": cannot read "Dischrage", {CONTROLS}'
    ),
    "Charge at 1C; repeat 2; (Rest for 1 h\nfoo)": f'step 3 "foo": cannot read "foo", {CONTROLS}',
    "until 4.2 V": f'step 1 "until 4.2 V": cannot read "until", {CONTROLS}',
    "\0": f'step 1 "\ufffd": cannot read "\ufffd", {CONTROLS}',
    "Charge at 2 mAh until 4.2 V": f'step 1 "Charge at 2 mAh until 4.2 V": "2 mAh" {A_PUSH}',
    "Charge at 4.2 V": f'step 1 "Charge at 4.2 V": "4.2 V" {A_PUSH}',
    "Charge at 3 until 4 V": f'step 1 "Charge at 3 until 4 V": "3" {A_PUSH}',
    "Charge at 1 ma": f'step 1 "Charge at 1 ma": "1 ma" {A_PUSH}',
    "Charge at 1e400 mA": f'step 1 "Charge at 1e400 mA": "1e400 mA" {A_PUSH}',
    "Hold at 1C": 'step 1 "Hold at 1C": "1C" is not a voltage, expected one such as "4.2 V"',
    "Hold at 1 mA": 'step 1 "Hold at 1 mA": "1 mA" is not a voltage, expected one such as "4.2 V"',
    "Charge at 1C until 3 m": f'step 1 "Charge at 1C until 3 m": "3 m" {A_LIMIT}',
    "Hold at 4 V until 1 mW": f'step 1 "Hold at 4 V until 1 mW": "1 mW" {A_LIMIT}',
    "Rest for 4 V": 'step 1 "Rest for 4 V": "4 V" is not a time, expected one such as "10 min"',
    "Rest for 10 m": 'step 1 "Rest for 10 m": "10 m" is not a time, expected one such as "10 min"',
    "Charge at nan mA": f'step 1 "Charge at nan mA": cannot read "nan", {PUSH_HERE}',
    "Charge at mA until 4 V": f'step 1 "Charge at mA until 4 V": cannot read "mA", {PUSH_HERE}',
    "Charge at until 4 V": f'step 1 "Charge at until 4 V": cannot read "until", {PUSH_HERE}',
    "Charge at": f'step 1 "Charge at": nothing follows "at", {PUSH_HERE}',
    "Hold at": 'step 1 "Hold at": nothing follows "at", expected a voltage such as "4.2 V"',
    "Charge at 1C until\nRest for 1 h": (
        'step 1 "Charge at 1C until": nothing follows "until", expected a limit such as "4.2 V"'
    ),
    "Rest for": 'step 1 "Rest for": nothing follows "for", expected a time such as "10 min"',
    "Charge 1C": 'step 1 "Charge 1C": cannot read "1C", expected "at"',
    "Charge": 'step 1 "Charge": nothing follows "Charge", expected "at"',
    "Rest 10 min": (
        'step 1 "Rest 10 min": cannot read "10 min", expected "until", "for" or the next step '
        'after ";"'
    ),
    "Charge at 1C until 4 V for 2 h": (
        'step 1 "Charge at 1C until 4 V for 2 h": cannot read "for", expected "or" or the next '
        'step after ";"'
    ),
    "Hold at 4 V until 80 %": (
        'step 1 "Hold at 4 V until 80 %": cannot read "%", expected "or" or the next step after ";"'
    ),
    "(Rest for 1 h) Rest for 2 h": (
        'step 2 "Rest for 2 h": cannot read "Rest", expected "repeat" or the next step after ";"'
    ),
    "Charge at -1 mA": (
        'step 1 "Charge at -1 mA": current: -0.001 is not allowed, expected one above 0'
    ),
    "Charge at 0 mA": 'step 1 "Charge at 0 mA": current: 0.0 is not allowed, expected one above 0',
    "Charge at 0C": 'step 1 "Charge at 0C": C-rate: 0.0 is not allowed, expected one above 0',
    "Charge at C/0": (
        'step 1 "Charge at C/0": "C/0" divides by zero, expected a number of hours such as "C/10"'
    ),
    "Charge at 0,1 mA": (
        'step 1 "Charge at 0,1 mA": "0,1 mA" has a comma in its number, expected a point'
    ),
    "Rest for 0 s": (
        'step 1 "Rest for 0 s": time: 0.0 s is not allowed, expected one above 0 and at most ten '
        "years"
    ),
    "Rest for 1 h; Rest": (
        'step 2: "Rest" has no end, expected "for" a time or "until" a limit'
    ),
    "Rest until 4.2 V": (
        'step 1: "Rest until 4.2 V" has a voltage limit, expected one only on (dis)charge'
    ),
    "Charge at 1C until 1 mA": (
        'step 1: "Charge at 1C until 1 mA" has a current limit, but its current is constant'
    ),
    "Charge at 1C until 150 % SOC": (
        'step 1 "Charge at 1C until 150 % SOC": state of charge: 150 % is not allowed, expected '
        "one from 0 % to 100 %"
    ),
    "Rest for 50 % SOC": (
        'step 1 "Rest for 50 % SOC": "50 % SOC" is not a time, expected one such as "10 min"'
    ),
    "Hold at 4 V until 50 % SOC": (
        'step 1: "Hold at 4 V until 50 % SOC" has a state of charge limit, expected one only on '
        "(dis)charge"
    ),
    "Sweep at 0.1 mV/s until 4 V or 50 % SOC": (
        'step 1: "Sweep at 0.1 mV/s until 4 V or 50 % SOC" has a state of charge limit, expected '
        "one only on (dis)charge"
    ),
    "Sweep at 0.1 mV/s": (
        'step 1 "Sweep at 0.1 mV/s": a sweep has no end, expected "until" a voltage such as "4.2 V"'
    ),
    "Sweep at 0.1 mV/s until 4 V or 3 V": (
        'step 1: "Sweep at 0.1 mV/s until 4 V or 3 V" has a second voltage, expected only the one '
        "that it sweeps to"
    ),
    "Sweep at 1 mA until 4 V": (
        'step 1 "Sweep at 1 mA until 4 V": "1 mA" is not a rate, expected one such as "0.1 mV/s"'
    ),
    "Sweep at -1 mV/s until 4 V": (
        'step 1 "Sweep at -1 mV/s until 4 V": sweep: -0.001 V/s is not allowed, expected a rate '
        "above 0"
    ),
    "Sweep at 1 mV/s until 400 V": (
        'step 1 "Sweep at 1 mV/s until 400 V": until: 400.0 V is not allowed, expected a voltage'
    ),
    "Sweep at": 'step 1 "Sweep at": nothing follows "at", expected a rate such as "0.1 mV/s"',
    "Measure": 'step 1 "Measure": nothing follows "Measure", expected "impedance"',
    "Measure voltage": 'step 1 "Measure voltage": cannot read "voltage", expected "impedance"',
    "Measure impedance for 1 h": (
        'step 1: "Measure impedance for 1 h" has a limit, but takes no time'
    ),
    "Follow drive.csv": (
        'step 1 "Follow drive.csv": cannot read "drive.csv", expected a file in quotation marks '
        'such as "drive.csv"'
    ),
    'Follow "a.csv" slowly': (
        'step 1 "Follow "a.csv" slowly": cannot read "slowly", expected "linearly", "until", "for" '
        'or the next step after ";"'
    ),
    'Follow "nowhere.csv"': (
        'step 1 "Follow "nowhere.csv"": nowhere.csv: cannot be read (No such file or directory)'
    ),
    "Rest for 1 h; repeat 3 until": (
        '"repeat 3 until": nothing follows "until", expected "limit"'
    ),
    "Rest for 1 h; repeat 3 until 4 V": (
        '"repeat 3 until 4 V": cannot read "4 V", expected "limit"'
    ),
    "Rest for 1 h; repeat 3 times for 1 h": (
        '"repeat 3 times for 1 h": cannot read "for", expected "until limit" or the next step '
        'after ";"'
    ),
    "Rest for 1 h repeat 0": f'"repeat 0" {PASSES}',
    "Rest for 1 h repeat 2.5": f'"repeat 2.5" {PASSES}',
    "Rest for 1 h repeat -1": f'"repeat -1" {PASSES}',
    f"Rest for 1 h repeat {10**40}": f'"repeat {10**40}" {PASSES}',
    "Rest for 1 h; repeat": (
        '"repeat": nothing follows "repeat", expected a number of times such as "repeat 3"'
    ),
    "repeat 3": '"repeat 3" has no steps before it, expected some',
    "Rest for 1 h repeat 3; repeat 4": '"repeat 4" has no steps before it, expected some',
    "(Rest for 1 h repeat 3)": '"repeat" stands inside parentheses, expected it after ")"',
    "(Rest for 1 h": 'step 1 "Rest for 1 h": the "(" before is never closed, expected ")"',
    "Rest for 1 h)": 'step 1 "Rest for 1 h": ")" has no "(" before it',
    "((Rest for 1 h))": 'a "(" stands inside parentheses, expected blocks side by side',
    "Rest for 1 h; ()": '"()" has no steps, expected at least one',
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSALS)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as caught:
        protocol_from_text(text)
    assert str(caught.value) == REFUSALS[text]
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_long_text_is_not_repeated_at_length() -> None:
    with pytest.raises(InputError, match=r'^step 1 "x{80}\.\.\.": cannot read') as caught:
        protocol_from_text("x" * 100_000)
    assert len(str(caught.value)) < 300


def test_arithmetic_is_no_quantity() -> None:
    with pytest.raises(InputError, match=r'^"9\*\*9\*\*9 mA" is not a current or power'):
        read_push("9**9**9 mA")


def test_import_stays_light() -> None:
    code = "import sys, filmcell.protocol.text; print({'lark', 'pint'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stdout.strip() == "set()"


# numbers of up to twelve digits, as decimal text has them
positive = st.builds(
    lambda digits, power: float(f"{digits}e{power}"),
    st.integers(1, 10**12 - 1),
    st.integers(-18, 0),
)
volts = st.integers(-99 * 10**9, 99 * 10**9).map(lambda n: float(f"{n}e-9"))
currents = st.sampled_from([Amperes, AmperesPerArea, CRate]).flatmap(positive.map) | st.integers(
    1, 10**5
).map(lambda hours: CRate(1 / hours))
powers = st.sampled_from([Watts, WattsPerArea]).flatmap(positive.map)
charges = st.sampled_from([Coulombs, CoulombsPerArea]).flatmap(positive.map)
times = (st.integers(1, 10**8).map(float) | positive.filter(lambda t: t < 3e8)).map(TimeLimit)
fractions = st.integers(0, 10**6).map(lambda n: StateOfChargeLimit(float(f"{n}e-6")))
passed = charges.map(CapacityLimit) | times
falling = currents.map(CurrentLimit)


def pushed(amounts: st.SearchStrategy, limits: st.SearchStrategy) -> st.SearchStrategy:
    control = st.builds(lambda kind, x: kind(x), st.sampled_from([Charge, Discharge]), amounts)
    return st.builds(
        Step, control, st.lists(limits | volts.map(VoltageLimit) | fractions, max_size=4)
    )


steps = (
    pushed(currents, passed)
    | pushed(powers, passed | falling)
    | st.builds(Step, volts.map(Hold), st.lists(passed | falling, min_size=1, max_size=4))
    | st.builds(Step, st.builds(Sweep, volts, positive), st.lists(passed | falling, max_size=4))
    | st.just(Step(Mark()))
    | st.builds(Step, st.just(Rest()), st.lists(times, min_size=1, max_size=2))
)
blocks = st.builds(Block, st.lists(steps, min_size=1, max_size=3), st.integers(1, 3), st.booleans())
protocols = st.builds(Protocol, st.lists(blocks, min_size=1, max_size=4))


@settings(deadline=None)
@given(protocols)
def test_a_protocol_writes_text_that_gives_it_again(protocol: Protocol) -> None:
    assert protocol_from_text(str(protocol)) == protocol


words = st.sampled_from([
    "Charge", "Discharge", "Hold", "Rest", "at", "until", "for", "or", "repeat", "times", "then",
    "(", ")", ";", ",", "#", "3", "0", "-1", "C/0", "1C", "C/10", "4.2 V", "10 min", "0.1 mA",
    "Sweep", "0.1 mV/s", "Follow", '"a.csv"', "linearly", "Measure", "impedance", "limit",
    "50 % SOC", "1,5", "nan", "\n", "foo", "%", "1e999", "mAh", ".",
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(words, max_size=20).map(" ".join) | st.text(max_size=30))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        again = str(protocol_from_text(text))
    except InputError as error:
        again, sentence = "", str(error)
    if again:
        assert str(protocol_from_text(again)) == again
    else:
        assert len(sentence.splitlines()) == 1
