"""Protocols from files: text and TOML, and refusals word for word."""

from pathlib import Path

import pytest

from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, CRate
from filmcell.protocol.file import load_protocol, protocol_from_toml
from filmcell.protocol.steps import (
    Block,
    Charge,
    CurrentLimit,
    Discharge,
    Hold,
    Protocol,
    Rest,
    Step,
    TimeLimit,
    VoltageLimit,
)

CYCLES = """
[[block]]
repeat = 3
[[block.step]]
charge = "0.1 mA"
until = ["4.2 V", "10 h"]
[[block.step]]
hold = "4.2 V"
until = "C/50"
[[block]]
[[block.step]]
rest = true
for = "10 min"
[[block.step]]
discharge = "1C"
until = "2.7 V"
for = "2 h"
"""
PROTOCOL = Protocol((
    Block((
        Step(Charge(Amperes(1e-4)), (VoltageLimit(4.2), TimeLimit(36000.0))),
        Step(Hold(4.2), (CurrentLimit(CRate(0.02)),)),
    ), 3),
    Block((
        Step(Rest(), (TimeLimit(600.0),)),
        Step(Discharge(CRate(1.0)), (VoltageLimit(2.7), TimeLimit(7200.0))),
    )),
))  # fmt: skip
REST = Protocol((Block((Step(Rest(), (TimeLimit(600.0),)),)),))


def test_blocks_are_read() -> None:
    assert protocol_from_toml(CYCLES) == PROTOCOL


def test_steps_without_a_block_are_done_once() -> None:
    assert protocol_from_toml('[[step]]\nrest = true\nuntil = "10 min"') == REST


NEW = """
[[block]]
repeat = 200
until = "limit"
[[block.step]]
charge = "C/10"
until = "80 % SOC"
[[block.step]]
sweep = "0.1 mV/s"
until = ["4.2 V", "10 uA"]
[[block.step]]
measure = "impedance"
[[block.step]]
follow = "drive.csv"
[[block.step]]
follow = "drive.csv"
linearly = true
for = "10 s"
"""


def test_files_of_profiles_stand_beside_the_protocol(tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_text("time [s],current [mA]\n0,1\n60,0\n", "utf-8")
    (tmp_path / "plan.toml").write_text(NEW, "utf-8")
    (tmp_path / "plan.txt").write_text('Follow "drive.csv"', "utf-8")
    (tmp_path / "cycle.txt").write_text("drive_cycle: profile drive.csv, repeat 3", "utf-8")
    protocol = load_protocol(tmp_path / "plan.toml")
    drive = tmp_path / "drive.csv"
    assert str(protocol) == (
        "(Charge at C/10 until 80 % SOC; Sweep at 0.1 mV/s until 4.2 V or 0.01 mA; "
        f'Measure impedance; Follow "{drive}"; Follow "{drive}" linearly for 10 s) '
        "repeat 200 until limit"
    )
    assert load_protocol(str(protocol)) == protocol
    assert load_protocol(tmp_path / "plan.txt") == load_protocol(f'Follow "{drive}"')
    cycle = load_protocol(tmp_path / "cycle.txt")
    assert str(cycle) == f'(Follow "{drive}") repeat 3 until limit'


READY = "(Charge at C/10 for 10 min; Rest for 1 h) repeat 200 until limit"


def test_a_ready_made_protocol_is_named_in_toml() -> None:
    text = '[ready_made]\nname = "gitt"\ncurrent = "C/10"\npulse = "10 min"\nrest = "1 h"'
    assert str(protocol_from_toml(text)) == READY
    text = '[ready_made]\nname = "rate_ladder"\nrates = [0.1, 0.1, "1 mA"]\nrest = 60'
    assert [block.repeat for block in protocol_from_toml(text).blocks] == [2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "gitt: current C/10, pulse 10 min, rest 1 h",
        " # a titration\ngitt : current C/10,\n  pulse 10 min,  # short\n  rest 1 h\n",
        "gitt: current C/10, pulse 10 min, rest 1 h, direction charge, most_pulses 200",
    ],
)
def test_a_ready_made_protocol_is_named_in_text(text: str) -> None:
    assert str(load_protocol(text)) == READY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("foo: current C/10", '"foo" is not a ready-made protocol, expected one of cccv, '
         "cyclic_voltammetry, drive_cycle, gitt, pitt, pulses, rate_ladder"),
        ("gitt: pulse 1 min, rest 1 h", "gitt: current is missing"),
        ("gitt: curent C/10", 'gitt: unknown argument "curent", expected some of current, pulse, '
         "rest, direction, most_pulses, until"),
        ("gitt: current", '"gitt: current" cannot be read, expected a name and arguments such as '
         '"gitt: current C/10, pulse 10 min, rest 1 h"'),
        ("gitt: current 1C, current 2C", "gitt: current is given twice, expected it once"),
        ("gitt: current 4 V, pulse 1 min, rest 1 h", 'gitt: current: "4 V" is not a current or '
         'power, expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'),
    ],
)  # fmt: skip
def test_what_is_no_ready_made_protocol_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_protocol(text)
    assert str(caught.value) == sentence


def test_text_in_toml_is_read() -> None:
    assert protocol_from_toml('text = """\nRest for 10 min  # to settle\n"""') == REST
    assert protocol_from_toml(f"text = '{PROTOCOL}'") == PROTOCOL


def test_a_protocol_is_given_back_as_it_is() -> None:
    assert load_protocol(PROTOCOL) is PROTOCOL


def test_text_is_read() -> None:
    assert load_protocol("rest for 10 min") == REST
    assert load_protocol("rest for 10 min\n# see plan.txt") == REST


@pytest.mark.parametrize("mark", ["", "\N{BYTE ORDER MARK}"])
def test_files_are_read_by_their_ending(tmp_path: Path, mark: str) -> None:
    toml, text, other = (tmp_path / f"plan.{ending}" for ending in ("toml", "TXT", "protocol"))
    toml.write_text(mark + CYCLES, "utf-8")
    text.write_text(mark + str(PROTOCOL), "utf-8")
    other.write_text(mark + str(PROTOCOL), "utf-8")
    for source in (toml, str(toml), text, str(text), other):
        assert load_protocol(source) == PROTOCOL


A_PUSH = (
    'is not a current or power, expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'
)
A_LIMIT = (
    "is not a voltage, current, charge, state of charge or time, expected one such as "
    '"4.2 V", "C/50", "0.5 mAh", "50 % SOC" or "10 min"'
)
CONTROLS = "expected exactly one of charge, discharge, hold, rest, sweep, follow, measure"
STEP_KEYS = (
    "expected one of charge, discharge, hold, rest, sweep, follow, measure, linearly, until, for"
)

REFUSALS = {
    "": "empty, expected [[block]], [[step]], [ready_made] or text",
    "# nothing": "empty, expected [[block]], [[step]], [ready_made] or text",
    "charge at 1C": (
        "not TOML: Expected '=' after a key in a key/value pair (at line 1, column 8)"
    ),
    "a = " + "[" * 100_000: "nested too deeply, expected a short TOML file",
    "x = 1": "x: unknown key with the value 1, expected one of block, ready_made, step, text",
    "text = 3": 'text: 3 is not a protocol, expected text such as "Charge at C/10 until 4.2 V"',
    "text = ''": "text: the protocol is empty, expected at least one step",
    "text = 'Rest for 1 h; foo'": (
        'text: step 2 "foo": cannot read "foo", expected Charge, Discharge, Hold, Rest, Sweep, '
        "Follow or Measure"
    ),
    "text = 'Rest for 1 h'\n[[step]]\nrest = true": (
        "step and text are given together, expected one of them"
    ),
    "step = []\nblock = []": "block and step are given together, expected one of them",
    "block = []": "the protocol is empty, expected at least one step",
    "step = []": "the protocol is empty, expected at least one step",
    "block = 3": "block: 3 is not allowed, expected tables [[block]]",
    "[block]\nrepeat = 3": "block: {'repeat': 3} is not allowed, expected tables [[block]]",
    "block = [{ step = 'Rest' }]": (
        'block 1, step: "Rest" is not allowed, expected tables [[block.step]]'
    ),
    "step = ['Rest']": 'step 1: "Rest" is not allowed, expected tables [[step]]',
    "[[block]]\nrepeat = 2": "block 1, step is missing, expected [[block.step]]",
    "[[block]]\nstep = []": "block 1: a block has no steps, expected at least one",
    "block = [{ repeat = 0, step = [{ charge = '1C' }] }]": (
        "block 1: repeat: 0 is not allowed, expected a number from 1"
    ),
    "block = [{ repeat = '3', step = [{ charge = '1C' }] }]": (
        "block 1: repeat: '3' is not allowed, expected a number from 1"
    ),
    "block = [{ repaet = 3, step = [{ charge = '1C' }] }]": (
        "block 1, repaet: unknown key with the value 3, expected one of repeat, step, until"
    ),
    "step = [{ charge = '1C' }, { chrage = '1C' }]": (
        f'step 2, chrage: unknown key with the value "1C", {STEP_KEYS}'
    ),
    "step = [{ rest = true, time = '1 h' }]": (
        f'step 1, time: unknown key with the value "1 h", {STEP_KEYS}'
    ),
    "step = [{ until = '4.2 V' }]": f"step 1: nothing to do, {CONTROLS}",
    "step = [{ charge = '1C', hold = '4 V' }]": (
        f"step 1: charge and hold are given together, {CONTROLS}"
    ),
    "step = [{ rest = false }]": "step 1, rest: False is not allowed, expected true",
    "step = [{ rest = true }]": (
        'step 1: "Rest" has no end, expected "for" a time or "until" a limit'
    ),
    "step = [{ charge = 0.1 }]": f"step 1, charge: 0.1 {A_PUSH}",
    "step = [{ charge = '4.2 V' }]": f'step 1, charge: "4.2 V" {A_PUSH}',
    "step = [{ charge = '1C; Rest for 1 h' }]": f'step 1, charge: "1C; Rest for 1 h" {A_PUSH}',
    "step = [{ discharge = '-1 mA' }]": (
        "step 1, discharge: current: -0.001 is not allowed, expected one above 0"
    ),
    "step = [{ hold = 'nan V' }, { hold = '1C' }]": (
        'step 1, hold: "nan V" is not a voltage, expected one such as "4.2 V" (and 1 more)'
    ),
    "step = [{ charge = '1C', until = 4.2 }]": f"step 1, until: 4.2 {A_LIMIT}",
    "step = [{ charge = '1C', until = ['4.2 V', '3 m'] }]": f'step 1, until: "3 m" {A_LIMIT}',
    "step = [{ sweep = '0.1 mV/s' }]": (
        'step 1: a sweep has no end, expected "until" a voltage such as "4.2 V"'
    ),
    "step = [{ sweep = '0.1 V', until = '4 V' }]": (
        'step 1, sweep: "0.1 V" is not a rate, expected one such as "0.1 mV/s"'
    ),
    "step = [{ follow = 3 }]": 'step 1, follow: 3 is not a file, expected one such as "drive.csv"',
    "step = [{ follow = 'nowhere.csv' }]": (
        "step 1: nowhere.csv: cannot be read (No such file or directory)"
    ),
    "step = [{ follow = 'a.csv', linearly = 1 }]": (
        "step 1, linearly: 1 is not allowed, expected true or false"
    ),
    "step = [{ charge = '1C', linearly = true }]": (
        "step 1: linearly is given without follow, expected both"
    ),
    "step = [{ measure = 'voltage' }]": (
        'step 1, measure: "voltage" is not allowed, expected "impedance"'
    ),
    "block = [{ until = '4 V', step = [{ charge = '1C' }] }]": (
        'block 1, until: "4 V" is not allowed, expected "limit"'
    ),
    "ready_made = 'gitt'": 'ready_made: "gitt" is not allowed, expected a table [ready_made]',
    "[ready_made]\ncurrent = 'C/10'": 'ready_made: name is missing, expected one such as "gitt"',
    "[ready_made]\nname = 'foo'": (
        'ready_made: "foo" is not a ready-made protocol, expected one of cccv, cyclic_voltammetry, '
        "drive_cycle, gitt, pitt, pulses, rate_ladder"
    ),
    "[ready_made]\nname = 'pulses'\ncurrent = '1C'": "ready_made: pulses: on is missing",
    "text = 'pulses: current 1C, on 1 s, off 1 s, count none'": (
        'text: pulses: count: "none" is not allowed, expected a number from 1'
    ),
    "step = [{ rest = true, for = '4.2 V' }]": (
        'step 1, for: "4.2 V" is not a time, expected one such as "10 min"'
    ),
    "step = [{ rest = true, for = '0,5 h' }]": (
        'step 1, for: "0,5 h" has a comma in its number, expected a point'
    ),
}


@pytest.mark.parametrize("text", REFUSALS)
def test_what_is_no_protocol_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(InputError) as caught:
        protocol_from_toml(text, "plan.toml")
    assert str(caught.value) == f"plan.toml: {REFUSALS[text]}"


@pytest.mark.parametrize("name", ["nowhere.toml", "nowhere.txt", Path("nowhere")])
def test_a_missing_file_is_named(name: str | Path) -> None:
    with pytest.raises(InputError) as caught:
        load_protocol(name)
    assert str(caught.value) == f"{name}: cannot be read (No such file or directory)"


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as caught:
        load_protocol(path)
    assert str(caught.value).startswith(f"{path}: not text in UTF-8, expected")


def test_what_is_wrong_in_a_text_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Rest\n", "utf-8")
    with pytest.raises(InputError) as caught:
        load_protocol(path)
    assert str(caught.value) == (
        f'{path}: step 1: "Rest" has no end, expected "for" a time or "until" a limit'
    )


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (3, '3 is not a protocol, expected a Protocol, a path or text such as "Charge at C/10 '
            'until 4.2 V"'),
        ("plans/plan.json", '"plans/plan.json" is neither a protocol nor a file of one, expected '
         'text such as "Charge at C/10 until 4.2 V" or a path that ends in .toml or .txt'),
        ("a\0.toml", '"a\N{REPLACEMENT CHARACTER}.toml" is not a path, expected one without null '
         "characters"),
        ("", "the protocol is empty, expected at least one step"),
    ],
)  # fmt: skip
def test_what_is_neither_text_nor_a_file_is_refused(source: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_protocol(source)
    assert str(caught.value) == sentence
