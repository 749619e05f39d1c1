"""Profiles from Python and CSV, and refusals word for word."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    Coulombs,
    CRate,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.file import load_protocol
from filmcell.protocol.profile import Profile
from filmcell.protocol.profile_file import load_profile
from filmcell.protocol.steps import Step


def written(folder: Path, text: str) -> Path:
    """A CSV file."""
    path = folder / "drive.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("header", "kind", "size"),
    [
        ("current [mA]", Amperes, 1e-3),
        ("Current[A]", Amperes, 1.0),
        ("current [mA/cm2]", AmperesPerArea, 10.0),
        ("current [uA cm-2]", AmperesPerArea, 0.01),
        ("power [mW]", Watts, 1e-3),
        ("power [mW/cm^2]", WattsPerArea, 10.0),
        ("C-rate", CRate, 1.0),
    ],
)
def test_columns_say_their_unit(tmp_path: Path, header: str, kind: type, size: float) -> None:
    path = written(tmp_path, f"# a drive\n time [min] ,{header}\n0, 1\n1.5,-2e0\n\n# end\n2,0\n")
    profile = load_profile(path)
    assert profile.kind is kind
    assert profile.times == (0.0, 90.0, 120.0)
    assert_allclose(profile.values, (size, -2 * size, 0.0), rtol=1e-14)
    assert not profile.linear
    assert str(profile) == f'Follow "{path}"'


def test_columns_may_stand_in_any_order_and_values_be_joined(tmp_path: Path) -> None:
    path = written(tmp_path, "current [A],time [s]\n1,0\n2,1\n")
    profile = load_profile(str(path), linear=True)
    assert profile == Profile((0, 1), (1, 2), Amperes, linear=True, path=str(path))
    assert str(profile) == f'Follow "{path}" linearly'


@pytest.mark.parametrize(
    "end", ["", " linearly", " for 10 s", " linearly until 0.5 mAh or for 1 s"]
)
def test_a_protocol_with_a_profile_writes_text_that_gives_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    written(tmp_path, "time [s],current [mA]\n0,1\n60,0\n")
    monkeypatch.chdir(tmp_path)
    protocol = load_protocol(f'(follow "drive.csv"{end}) repeat 2')
    assert str(protocol) == f'(Follow "drive.csv"{end}) repeat 2'
    assert load_protocol(str(protocol)) == protocol
    shouted = str(protocol).replace("Follow", "FOLLOW").replace("linearly", "LINEARLY")
    assert load_protocol(shouted) == protocol


def test_a_profile_of_python_says_its_size() -> None:
    assert str(Profile(range(120), range(120), Amperes)) == "Follow a profile of 120 points"
    assert str(Step(Profile((0, 1), (1, 0), Amperes, linear=True))) == (
        "Follow a profile of 2 points linearly"
    )


def test_a_profile_is_frozen_and_can_be_hashed() -> None:
    values = [1.0, 0.0]
    profile = Profile([0, 1], values, Amperes)
    values[0] = 2.0
    assert profile.values == (1.0, 0.0)
    assert hash(profile) == hash(Profile((0.0, 1.0), (1.0, 0.0), Amperes))


def test_the_digest_is_of_the_table_alone(tmp_path: Path) -> None:
    here = load_profile(written(tmp_path, "time [s],current [A]\n0,1\n1,0\n"))
    assert here.digest == Profile((0, 1), (1, 0), Amperes).digest
    others = (
        Profile((0, 2), (1, 0), Amperes),
        Profile((0, 1), (2, 0), Amperes),
        Profile((0, 1), (1, 0), CRate),
        Profile((0, 1), (1, 0), Amperes, linear=True),
    )
    assert len({here.digest, *(other.digest for other in others)}) == 5


rows = st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(-10.0, 10.0)), min_size=1, max_size=20)


@given(rows, st.floats(0.1, 1e4), st.booleans())
def test_stretches_give_the_charge_of_the_profile(
    cell: Cell, rows: list, longest: float, linear: bool
) -> None:
    """What the stretches move up to a time is the integral of the table up to it."""
    times, values = [0.0], [0.5]
    for step, value in rows:
        times.append(times[-1] + step)
        values.append(value)
    stretches = Profile(times, values, AmperesPerArea, linear=linear).stretches(cell, longest)
    lengths = [seconds for _, seconds in stretches]
    assert_allclose(math.fsum(lengths), min(longest, times[-1]), rtol=1e-12)
    moved = math.fsum(r[3] * dt + 0.5 * r[4] * dt**2 for r, dt in stretches)
    size = math.fsum(abs(v) for v in values) * times[-1]
    assert_allclose(moved, integral(times, values, longest, linear), rtol=0, atol=1e-12 * size)


def integral(times: list, values: list, longest: float, linear: bool) -> float:
    """Charge of a table up to a time."""
    total = 0.0
    for k in range(len(times) - 1):
        start, end = times[k], min(times[k + 1], longest)
        if end <= start:
            break
        share = (end - start) / (times[k + 1] - start)
        last = values[k] + share * (values[k + 1] - values[k]) if linear else values[k]
        total += 0.5 * (values[k] + last) * (end - start)
    return total


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Profile((0, 1), (1,), Amperes), "a profile has 2 times and 1 values, expected one "
         "value a time"),
        (lambda: Profile((0,), (1,), Amperes), "a profile has 1 points, expected two at least"),
        (lambda: Profile((1, 2), (1, 2), Amperes), "a profile starts at 1 s, expected 0 s"),
        (lambda: Profile((0, 1, 1), (1, 2, 3), Amperes), "point 3 of the profile at 1 s is not "
         "after 1 s, expected rising times"),
        (lambda: Profile((0, 1), (1, math.nan), Amperes), "point 2 of the profile is not finite, "
         "expected numbers"),
        (lambda: Profile((0, math.inf), (1, 1), Amperes), "point 2 of the profile is not finite, "
         "expected numbers"),
        (lambda: Profile((0, 1e9), (1, 1), Amperes), "a profile lasts 1e+09 s, expected ten years "
         "at most"),
        (lambda: Profile((0, 1), (1, 1), Watts, linear=True), "a profile of power goes linearly, "
         "expected its values to be held"),
        (lambda: Profile((0, 1), (1, 1), Coulombs), "<class 'filmcell.protocol.amounts.Coulombs'> "
         "is not a kind of current or power such as Amperes"),
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused(make: object, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == sentence


EXPECTED = 'expected "time [s]" and one of "current [mA]", "power [mW]" and "C-rate"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not a table with commas between its columns (empty CSV)"),
        ("time [s],current [mA]\n0,1,2\n", "not a table with commas between its columns (found "
         "more fields than defined in 'Schema')"),
        ("time [s],voltage [V]\n0,1\n", f'unknown column "voltage [V]", {EXPECTED}'),
        ("time [s];current [mA]\n0;1\n", f'unknown column "time [s];current [mA]", {EXPECTED}'),
        ("time [s]\n0\n", f'its columns are "time [s]", {EXPECTED}'),
        ("current [A],power [W]\n0,1\n", 'its columns are "current [A]" and "power [W]", '
         f"{EXPECTED}"),
        ("time [s],current [A],power [W]\n0,1,1\n", 'its columns are "time [s]" and "current [A]" '
         f'and "power [W]", {EXPECTED}'),
        ("time,current [A]\n0,1\n", 'column "time" has no unit of its kind, expected one such as '
         '"time [s]"'),
        ("time [s],current [V]\n0,1\n", 'column "current [V]" has no unit of its kind, expected '
         'one such as "current [mA]"'),
        ("time [s],power [foo]\n0,1\n", 'column "power [foo]" has no unit of its kind, expected '
         'one such as "power [mW]"'),
        ("time [s],C-rate [C]\n0,1\n", 'column "C-rate [C]" has no unit of its kind, expected one '
         'such as "C-rate"'),
        ("time [s],C-rate\n0,1\n1,\n", 'row 2 of "C-rate": nothing is not allowed, expected a '
         "number"),
        ("time [s],C-rate\n0,1\n1,x\n", 'row 2 of "C-rate": "x" is not allowed, expected a number'),
        ("time [s],C-rate\n0,1\n", "a profile has 1 points, expected two at least"),
        ("time [s],C-rate\n0,1\n1,nan\n", "point 2 of the profile is not finite, expected numbers"),
        ("time [h],C-rate\n0.5,1\n1,1\n", "a profile starts at 1800 s, expected 0 s"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_profile(path)
    assert str(caught.value) == f"{path}: {sentence}"


def test_a_file_that_is_no_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "drive.csv"
    path.write_bytes(bytes(range(256)))
    for bad in (path, tmp_path):
        with pytest.raises(InputError) as caught:
            load_profile(bad)
        assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nowhere.csv", "nowhere.csv: cannot be read (No such file or directory)"),
        ("a\0.csv", '"a\N{REPLACEMENT CHARACTER}.csv" is not a path, expected one without null '
         "characters"),
        ('a".csv', 'a".csv: quotation marks in a name of a file, expected none'),
    ],
)  # fmt: skip
def test_a_name_that_is_no_file_is_refused(path: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        load_profile(path)
    assert str(caught.value) == sentence
