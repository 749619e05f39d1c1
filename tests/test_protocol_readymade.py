"""Ready-made protocols: what they are as text, and refusals word for word."""

import inspect
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmcell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, CRate, Watts
from filmcell.protocol.file import load_protocol
from filmcell.protocol.readymade import (
    READY_MADE,
    cccv,
    cyclic_voltammetry,
    drive_cycle,
    gitt,
    pitt,
    pulses,
    rate_ladder,
    ready_made,
)
from filmcell.protocol.steps import Charge, Discharge, Profile, Protocol, TimeLimit

DRIVE = Profile((0, 1), (1, 0), Amperes)
MADE = {
    "Charge at C/2 until 4.2 V; Hold at 4.2 V until C/20; Discharge at C/2": (
        cccv("C/2", "4.2 V", "C/20")
    ),
    "(Charge at 0.4 mW until 4 V; Hold at 4 V until 0.01 mA; Rest for 1 min; Discharge at 1C until "
    "3 V; Rest for 1 min) repeat 2": (
        cccv(Watts(4e-4), 4.0, "10 uA", CRate(1.0), lower=3, rest=60, cycles=2)
    ),
    "(Charge at C/10; Rest for 1 h; Discharge at C/10 until 3 V; Rest for 1 h) repeat 3; "
    "Charge at C/10; Rest for 1 h; Discharge at C/5 until 3 V; Rest for 1 h": (
        rate_ladder((0.1, CRate(0.1), "C/10", 0.2), rest="1 h", lower="3 V")
    ),
    "Charge at 1C until 4.1 V; Discharge at 0.1 mA": rate_ladder(["0.1 mA"], "1C", "4.1 V"),
    "Charge at C/10; Discharge at C/2; (Charge at C/10; Discharge at 2C)": rate_ladder("0.5 2"),
    "(Charge at C/10 for 10 min; Rest for 1 h) repeat 200 until limit": (
        gitt("C/10", TimeLimit(600.0), 3600)
    ),
    "(Discharge at 0.1 mA until 3 V or for 10 min; Rest for 1 h) repeat 50 until limit": (
        gitt(Amperes(1e-4), 600, 3600.0, "Discharge", "50", "3 V")
    ),
    "Hold at 3.9 V until C/100; Hold at 3.95 V until C/100; Hold at 3.97 V until C/100": (
        pitt("3.9 V", "3.97 V", "50 mV", "C/100")
    ),
    "Hold at 4 V until 1 mA or for 1 h": pitt(4.0, 4, 0.1, "1 mA", "1 h"),
    "(Discharge at 2 mA for 0.1 s; Rest for 10 s) repeat 50": pulses("2 mA", 0.1, "10 s", 50),
    "(Charge at 1C for 1 s; Rest for 1 s) repeat 2": pulses("1C", 1, 1, "2", Charge),
    "Sweep at 0.1 mV/s until 4.2 V; Sweep at 0.1 mV/s until 3 V": (
        cyclic_voltammetry("3 V", 4.2, "0.1 mV/s")
    ),
    "Follow a profile of 2 points": drive_cycle(DRIVE),
    "(Follow a profile of 2 points) repeat 9 until limit": drive_cycle(DRIVE, "9"),
}


@pytest.mark.parametrize("text", MADE)
def test_a_ready_made_protocol_is_steps(text: str) -> None:
    assert str(MADE[text]) == text
    if "profile of" not in text:
        assert load_protocol(text) == MADE[text]


def test_holds_stand_on_round_voltages() -> None:
    """Ten millivolts a hundred times over add up to one volt, and no step is lost or doubled."""
    steps = pitt("3 V", "4 V", "10 mV", "C/100").steps
    assert [str(step.control) for step in steps] == [
        f"Hold at {3 + k / 100:.12g} V" for k in range(101)
    ]
    assert len(pitt("4 V", "4.2 V", "0.1 V", "C/100").steps) == 3  # (4.2 - 4) / 0.1 > 2 in floats
    down = pitt("4 V", "3 V", "10 mV", "C/100").steps
    assert [s.control for s in down] == [s.control for s in reversed(steps)]


def test_the_ladder_of_the_default_has_seven_rungs(cell: Cell) -> None:
    protocol = rate_ladder()
    assert [block.repeat for block in protocol.blocks] == [3, 1, 1, 1, 1, 1, 1]
    assert protocol.largest_current(cell) == 10 * cell.c_rate_current_density(1.0)


def test_a_file_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "drive.csv"
    path.write_text("time [s],C-rate\n0,1\n1,0\n", "utf-8")
    held, straight = drive_cycle(path), drive_cycle(str(path), linearly=True)
    assert str(held) == f'Follow "{path}"'
    assert str(straight) == f'Follow "{path}" linearly'
    named = {"profile": "drive.csv", "repeat": 2, "linearly": "true"}
    assert str(ready_made("drive_cycle", named, tmp_path)) == (
        f'(Follow "{path}" linearly) repeat 2 until limit'
    )


def test_every_ready_made_protocol_has_a_name() -> None:
    for name, make in READY_MADE.items():
        assert make.__name__ == name
        assert inspect.signature(make).return_annotation is Protocol
    given = {"current": "1C", "on": "1 s", "off": "1 s", "count": 3}
    assert ready_made("pulses", given) == pulses("1C", "1 s", "1 s", 3, Discharge)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: cccv("4 V", "4.2 V", "C/20"), 'charge_rate: "4 V" is not a current or power, '
         'expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'),
        (lambda: cccv("1C", None, "C/20"), 'upper: None is not a voltage, expected one such as '
         '"4.2 V"'),
        (lambda: cccv("1C", 420, "C/20"), "upper: 420 V is not allowed, expected a voltage"),
        (lambda: cccv("1C", "4.2 V", "1 mW"), 'cut_off: "1 mW" is not a current, expected one such '
         'as "0.1 mA", "C/50" or "0.07 mA/cm2"'),
        (lambda: cccv("1C", "4.2 V", 0.1), 'cut_off: 0.1 is not a current, expected one such '
         'as "0.1 mA", "C/50" or "0.07 mA/cm2"'),
        (lambda: cccv("1C", "4.2 V", "C/20", rest="3 V"), 'rest: "3 V" is not a time, expected one '
         'such as "10 min"'),
        (lambda: cccv("1C", "4.2 V", "C/20", rest=-1), "rest: time: -1 s is not allowed, expected "
         "one above 0 and at most ten years"),
        (lambda: cccv("1C", "4.2 V", "C/20", rest=True), 'rest: True is not a time, expected one '
         'such as "10 min"'),
        (lambda: cccv("1C", "4.2 V", "C/20", cycles=0), "cycles: 0 is not allowed, expected a "
         "number from 1"),
        (lambda: cccv("1C", "4.2 V", "C/20", cycles=True), "cycles: True is not allowed, expected "
         "a number from 1"),
        (lambda: rate_ladder(()), "rates: there are none, expected one at least"),
        (lambda: rate_ladder((0.1, None)), 'rates: None is not a current, expected one such as '
         '"0.1 mA", "C/50" or "0.07 mA/cm2"'),
        (lambda: rate_ladder(-1), "rates: C-rate: -1.0 is not allowed, expected one above 0"),
        (lambda: rate_ladder(cut_off="C/50"), "cut_off: a hold needs its voltage, expected upper "
         "too"),
        (lambda: gitt("1C", 1, 1, direction="up"), 'direction: "up" is not allowed, expected '
         "charge or discharge"),
        (lambda: gitt("1C", 1, 1, direction=-1), "direction: -1 is not allowed, expected charge or "
         "discharge"),
        (lambda: pitt(3, 4, "0 V", "1C"), "step: 0.0 V is not allowed, expected one above 0"),
        (lambda: pitt(3, 4, "0.1 mV", "1C"), "step: 0.0001 V makes 10001 holds, expected 10000 at "
         "most"),
        (lambda: pitt(float("nan"), 4, 1, "1C"), "start: nan V is not allowed, expected a voltage"),
        (lambda: pulses("1C", 1, 1, "1.5"), 'count: "1.5" is not allowed, expected a number '
         "from 1"),
        (lambda: cyclic_voltammetry(4, 3, 1), "lower: 4 V is not below upper 3 V, expected it "
         "below"),
        (lambda: cyclic_voltammetry(3, 4, "1 V"), 'scan_rate: "1 V" is not a rate, expected one '
         'such as "0.1 mV/s"'),
        (lambda: cyclic_voltammetry(3, 4, 0), "sweep: 0 V/s is not allowed, expected a rate above "
         "0"),
        (lambda: drive_cycle(3), "profile: 3 is not a profile, expected a CSV file"),
        (lambda: drive_cycle("nowhere.csv"), "nowhere.csv: cannot be read (No such file or "
         "directory)"),
        (lambda: drive_cycle(DRIVE, linearly="no"), 'linearly: "no" is not allowed, expected true '
         "or false"),
        (lambda: ready_made(3, {}), "3 is not a ready-made protocol, expected one of cccv, "
         "cyclic_voltammetry, drive_cycle, gitt, pitt, pulses, rate_ladder"),
        (lambda: ready_made("pitt", {"start": "3 V"}), "pitt: stop is missing"),
        (lambda: ready_made("pitt", {"begin": "3 V"}), 'pitt: unknown argument "begin", expected '
         "some of start, stop, step, cut_off, longest"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_one_sentence(make: object, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == sentence


names = st.sampled_from([*READY_MADE, "foo"])
keys = st.sampled_from([
    "current", "rest", "pulse", "count", "on", "off", "start", "stop", "step", "cut_off", "rates",
    "upper", "lower", "scan_rate", "profile", "repeat", "x",
])  # fmt: skip
values = st.sampled_from([
    "C/10", "1 mA", "10 min", "4.2 V", "3 V", "10 mV", "5", "0.1 1 C/5", "-1", "1 mV/s",
    "nowhere.csv", "", ",", "0,1 A", "# no", "charge",
])  # fmt: skip
pairs = st.lists(st.builds(lambda key, value: f"{key} {value}", keys, values), max_size=6)


@given(st.builds(lambda name, given: f"{name}: {', '.join(given)}", names, pairs))
def test_any_call_is_made_or_refused_in_one_line(text: str) -> None:
    protocol, sentence = None, "made"
    try:
        protocol = load_protocol(text)
    except InputError as error:
        sentence = str(error)
    assert len(sentence.splitlines()) == 1
    assert protocol is None or load_protocol(str(protocol)) == protocol
