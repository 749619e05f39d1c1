"""Bad plans and folders: one sentence each, and nothing is overwritten."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from cheap import PULSES_TOML, WANG, pulses, written
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store import digests

import filmcell
from filmcell.errors import InputError
from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.plan_file import load_plan
from filmcell.sweep.run import run_sweep
from filmcell.sweep.sampling import Grid, LatinHypercube, Paired, Sobol

HEAD = 'cell = "wang2023-lco-lipon-li"\nprotocol = "Charge at {current} until 4.2 V"\n'
CURRENT = '[axes]\ncurrent = ["0.1 mA"]\n'
NOTHING = "Rest for 1 s"
KINDS = (
    "a current, a current density, a power, a power density, a voltage, a rate of voltage, a time, "
    "a charge, an areal charge or a C-rate"
)
DEEP = "a." * 5000 + "b"

BAD: dict[str, tuple[str, str]] = {
    # axes
    "no axes": (HEAD, "axes: there are none, expected at least one number that changes"),
    "axes empty": (HEAD + "[axes]", "axes: there are none, expected at least one number that "
                   "changes"),
    "axes a list": (HEAD + "axes = [1]", "axes: a list is not a table, expected [axes]"),
    "axis empty": (HEAD + "[axes]\ncurrent = []",
                   "axes.current: the axis is empty, expected at least one value"),
    "axis a table without keys": (HEAD + "[axes.current]",
                                  "axes.current: from is missing, expected both ends of the range"),
    "axis a number": (
        HEAD + "[axes]\ncurrent = 3",
        'axes.current: 3 is neither a list nor a range, expected one such as ["5 um", "10 um"] or '
        '{ from = "5 um", to = "25 um", points = 5 }',
    ),
    "axis a text": (
        HEAD + '[axes]\ncurrent = "0.1 mA"',
        'axes.current: "0.1 mA" is neither a list nor a range, expected one such as '
        '["5 um", "10 um"] or { from = "5 um", to = "25 um", points = 5 }',
    ),
    "too many": (
        HEAD + CURRENT + '"cathode.thickness" = { from = 1e-6, to = 2e-6, points = 1000000 }\n'
        "temperature = { from = 290, to = 310, points = 1000000 }",
        "axes: 1e+12 designs, expected at most 1e+09; fewer points on an axis, or Sobol points, "
        "are a way out",
    ),
    "far too many": (
        HEAD + CURRENT + '"cathode.thickness" = { from = 1e-6, to = 2e-6, points = 1' + "0" * 400
        + " }",
        "axes: more than 1e+300 designs, expected at most 1e+09; fewer points on an axis, or Sobol "
        "points, are a way out",
    ),
    "key twice": (HEAD + CURRENT + '"cathode.thickness" = [1e-6]\ncathode.thickness = [2e-6]',
                  "axes.cathode.thickness: is given twice, expected it once"),
    "key of a cell misspelt": (
        HEAD + CURRENT + '"cathode.thicknes" = ["1 um"]',
        'axes.cathode.thicknes: unknown key, did you mean "thickness"?',
    ),
    "neither key nor blank": (
        HEAD + CURRENT + 'curent = ["1 mA"]',
        "axes.curent: is neither a blank of the protocol nor a key of the cell, did you mean "
        '"current"?',
    ),
    "neither key nor blank, far off": (
        HEAD + CURRENT + 'zzz = ["1 mA"]',
        "axes.zzz: is neither a blank of the protocol nor a key of the cell, the protocol has "
        "{current}",
    ),
    "a part that is not there": (HEAD + CURRENT + '"heat.heat_capacity" = [1.0]',
                                 "axes.heat.heat_capacity: unknown key, heat has no parts of its "
                                 "own"),
    "blank without axis": (HEAD + '[axes]\ntemperature = ["300 K"]',
                           "protocol: nothing is given for {current}, expected an axis"),
    "column of the table": (
        HEAD.replace("{current}", "{status}") + '[axes]\nstatus = ["1 mA"]',
        "axes.status: is the name of a column of the table, expected another name",
    ),
    "unit": (HEAD + CURRENT + '"cathode.thickness" = ["1 um", "2 V"]',
             'axes.cathode.thickness: "2 V" is not a length, expected one such as "10 um"'),
    "unit of a property": (
        HEAD + CURRENT + '"cathode.diffusivity" = ["1 um"]',
        'axes.cathode.diffusivity: "1 um" is not a diffusivity, expected one such as '
        '"1e-14 m2/s"',
    ),
    "no unit in a blank": (
        HEAD + "[axes]\ncurrent = [0.1]",
        'axes.current: 0.1 has no unit, expected one such as "0.1 mA/cm2" or "C/10"',
    ),
    "unit of a blank": (HEAD + '[axes]\ncurrent = ["1 um"]',
                        f'axes.current: "1 um" is none of {KINDS}'),
    "two kinds in a blank": (
        HEAD + '[axes]\ncurrent = ["1 mA", "C/10"]',
        "axes.current: values in A and in C-rate, expected one kind of amount",
    ),
    "a blank that does not fit": (
        HEAD + '[axes]\ncurrent = ["4 V"]',
        'step 1 "Charge at 4.0 V until 4.2 V": "4.0 V" is not a current or power, expected one '
        'such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"',
    ),
    "outside what is allowed": (
        HEAD + CURRENT + '"cathode.thickness" = ["1 um", "-1 um"]',
        'axes.cathode.thickness: "-1 um" is not allowed, expected a length above 0 m such as '
        '"10 um"',
    ),
    "word": (HEAD + CURRENT + '"cathode.shape" = ["film", "cube"]',
             'axes.cathode.shape: "cube" is not a shape, expected one of film, cylinder, sphere'),
    "date": (HEAD + CURRENT + "temperature = [1979-05-27]",
             'axes.temperature: the date 1979-05-27 is not a temperature, expected one'),
    # ranges
    "range reversed": (
        HEAD + CURRENT + '"cathode.thickness" = { from = "2 um", to = "1 um", points = 3 }',
        'axes.cathode.thickness: from "2 um" to "1 um" does not rise, expected the smaller end '
        "first",
    ),
    "range of one": (
        HEAD + CURRENT + '"cathode.thickness" = { from = "2 um", to = "2000 nm", points = 3 }',
        'axes.cathode.thickness: from "2 um" to "2000 nm" does not rise, expected the smaller end '
        "first",
    ),
    "log from nothing": (
        HEAD + CURRENT
        + 'contact_resistance = { from = 0, to = "1 ohm cm2", points = 3, spacing = "log" }',
        "axes.contact_resistance: from 0 cannot be spaced by factors, expected an end above 0",
    ),
    "words have no range": (
        HEAD + CURRENT + '"cathode.shape" = { from = "film", to = "sphere", points = 3 }',
        "axes.cathode.shape: words have no range, expected a list of values",
    ),
    "no points": (HEAD + CURRENT + "temperature = { from = 290, to = 300, points = 0 }",
                  "axes.temperature: points: 0 is not allowed, expected a whole number from 2"),
    "one point": (HEAD + CURRENT + "temperature = { from = 290, to = 300, points = 1 }",
                  "axes.temperature: points: 1 is not allowed, expected a whole number from 2"),
    "half a point": (HEAD + CURRENT + "temperature = { from = 290, to = 300, points = 2.5 }",
                     "axes.temperature: points: 2.5 is not allowed, expected a whole number from "
                     "2"),
    "true points": (HEAD + CURRENT + "temperature = { from = 290, to = 300, points = true }",
                    "axes.temperature: points: true is not allowed, expected a whole number from "
                    "2"),
    "no end": (HEAD + CURRENT + "temperature = { from = 290, points = 3 }",
               "axes.temperature: to is missing, expected both ends of the range"),
    "key of a range": (HEAD + CURRENT + "temperature = { from = 290, to = 300, point = 3 }",
                       'axes.temperature: point: unknown key, did you mean "points"?'),
    "spacing": (HEAD + CURRENT + 'temperature = { from = 290, to = 300, spacing = "cubic" }',
                'axes.temperature: spacing: "cubic" is not one of linear, log'),
    "spacing a list": (HEAD + CURRENT + "temperature = { from = 290, to = 300, spacing = [] }",
                       "axes.temperature: spacing: a list is not one of linear, log"),
    "a range that is infinite": (
        HEAD + CURRENT + "temperature = { from = 290, to = inf }",
        'axes.temperature: inf is not allowed, expected a temperature above 100 and',
    ),
    # sampling
    "sampling": (HEAD + CURRENT + '[sampling]\nkind = "monte carlo"',
                 'sampling.kind: "monte carlo" is not one of grid, list, sobol, latin-hypercube'),
    "sampling a list": (HEAD + CURRENT + "[sampling]\nkind = []",
                        "sampling.kind: a list is not one of grid, list, sobol, latin-hypercube"),
    "sampling without points": (
        HEAD + CURRENT + '[sampling]\nkind = "sobol"',
        "sampling.points is missing, expected how many designs sobol gives",
    ),
    "no random points": (
        HEAD + CURRENT + '[sampling]\nkind = "sobol"\npoints = 0',
        "sampling.points: 0 is not allowed, expected a whole number from 1",
    ),
    "too many strata": (
        HEAD + CURRENT + '[sampling]\nkind = "latin-hypercube"\npoints = 20000000',
        "sampling.points: 20000000 is not allowed, expected at most 10000000 in a Latin hypercube; "
        "Sobol points have no such limit",
    ),
    "too many Sobol points": (
        HEAD + CURRENT + '[sampling]\nkind = "sobol"\npoints = 2000000000',
        "axes: 2e+09 designs, expected at most 1e+09; fewer points on an axis, or Sobol points, "
        "are a way out",
    ),
    "seed": (HEAD + CURRENT + '[sampling]\nkind = "sobol"\npoints = 4\nseed = -1',
             "sampling.seed: -1 is not allowed, expected a whole number from 0"),
    "points of a grid": (HEAD + CURRENT + '[sampling]\nkind = "grid"\npoints = 4',
                         "sampling.points: unknown key, expected one of kind"),
    "unequal lists": (
        HEAD + '[axes]\ncurrent = ["1 mA", "2 mA"]\ntemperature = [290, 300, 310]\n'
        '[sampling]\nkind = "list"',
        "axes: 2 and 3 values side by side, expected as many on each",
    ),
    # the rest of the file
    "unknown key": (HEAD + "optoins = 1\n" + CURRENT,
                    'optoins: unknown key, did you mean "options"?'),
    "unknown option": (HEAD + CURRENT + "[options]\ntolerances = 1",
                       'options.tolerances: unknown key, did you mean "tolerance"?'),
    "option": (HEAD + CURRENT + "[options]\ntolerance = 0",
               "options.tolerance: 0 is not allowed, expected a number above 0"),
    "cell missing": (f'protocol = "{NOTHING}"\n', "cell is missing, expected a cell"),
    "cell a number": ("cell = 3\n" + HEAD.split("\n")[1],
                      "cell: 3 is not text, expected a cell"),
    "cell unknown": (HEAD.replace("wang2023", "wong2023") + CURRENT, 'did you mean "wang2023'),
    "cell a path": (HEAD.replace("wang2023-lco-lipon-li", "nowhere.toml") + CURRENT,
                    "cannot be read (No such file or directory)"),
    "cell a long name": (HEAD.replace("wang2023-lco-lipon-li", "a" * 300 + ".toml") + CURRENT,
                         "cannot be read (File name too long)"),
    "protocol missing": ('cell = "wang2023-lco-lipon-li"\n', "protocol is missing, expected a "
                         "protocol"),
    "protocol": (HEAD.replace("Charge", "Chrge") + CURRENT, 'step 1 "Chrge'),
    "protocol a path": (HEAD.replace("Charge at {current} until 4.2 V", "none.txt") + CURRENT,
                        "none.txt: cannot be read (No such file or directory)"),
    "curves": (HEAD + "curves = 1\n" + CURRENT, "curves: 1 is neither true nor false"),
    "no rows": (HEAD + "rows_per_part = 0\n" + CURRENT,
                "rows_per_part: 0 is not allowed, expected a whole number from 1 to 1000000"),
    "half rows": (HEAD + "rows_per_part = 1.5\n" + CURRENT,
                  "rows_per_part: 1.5 is not allowed, expected a whole number from 1 to 1000000"),
    "set": (HEAD + '[set]\n"cathode.thikness" = 1\n' + CURRENT,
            'set.cathode.thikness: unknown key, did you mean "thickness"?'),
    "set a number": (HEAD + "set = 3\n" + CURRENT, "set: 3 is not a table, expected [set]"),
    "not TOML": (HEAD + "axes = ", "not TOML: "),
    "deep keys": (f"{HEAD}[axes]\n{DEEP} = 1",
                  "too long a number or too deep a list, expected a plan"),
    "huge number": (HEAD + CURRENT + "temperature = [" + "9" * 5000 + "]",
                    "too long a number or too deep a list, expected a plan"),
    "huge float": (HEAD + CURRENT + "temperature = [1e999]",
                   'axes.temperature: inf is not allowed, expected a temperature above 100 and'),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plan_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    """The file, where in it, what was expected; and the folder is as it was."""
    text, sentence = BAD[name]
    path = tmp_path / "plan.toml"
    path.write_text(text, "utf-8")
    before = digests(tmp_path)
    with pytest.raises(InputError) as caught:
        run_sweep(load_plan(path), tmp_path / "store")
    told = str(caught.value)
    assert told.startswith(str(path))
    assert sentence in told
    assert "\n" not in told
    assert len(told) < len(str(path)) * 2 + 400
    assert digests(tmp_path) == before
    assert not (tmp_path / "store").exists()


def test_no_such_plan() -> None:
    """Nor a folder for one."""
    with pytest.raises(
        InputError, match=r"none\.toml: cannot be read \(No such file or directory\)"
    ):
        load_plan("none.toml")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        load_plan(Path(__file__).parent)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"axes": {"temperature": [290.0]}}, "axes.temperature: a list is not an axis, expected"),
        (
            {"axes": [("temperature", Values((290.0,)))]},
            "axes: a list is not allowed, expected a mapping of keys to axes",
        ),
        ({"protocol": 3}, "3 is not a protocol, expected a Protocol, a path or text such as"),
        ({"cell": "wang"}, 'cell: "wang" is not allowed, expected a cell such as load_cell gives'),
        (
            {"sampling": "sobol"},
            'sampling: "sobol" is not allowed, expected Grid(), Paired(), Sobol or',
        ),
        ({"options": {"tolerance": 1}}, "is not allowed, expected Options"),
        ({"rows_per_part": 2.5}, "rows_per_part: 2.5 is not allowed, expected a whole number"),
        ({"cells": 3}, "cells: 3 is not allowed, expected a whole number from 4 to 10000"),
        ({"rows_per_part": True}, "rows_per_part: true is not allowed, expected a whole number"),
    ],
)
def test_bad_arguments_from_python(changes: dict[str, Any], sentence: str) -> None:
    """The same care without a file."""
    good: dict[str, Any] = {"cell": WANG, "protocol": NOTHING,
                            "axes": {"temperature": Values((290.0,))}}  # fmt: skip
    with pytest.raises(InputError) as caught:
        Plan(**{**good, **changes})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Values(()), "the axis is empty, expected at least one value"),
        (lambda: Values("5 um"), '"5 um" is not a list, expected values'),  # type: ignore[arg-type]
        (lambda: Range(1.0, 2.0, 1), "points: 1 is not allowed, expected a whole number from 2"),
        (lambda: LogRange(1.0, 2.0, 2.5), "points: 2.5 is not allowed"),  # type: ignore[arg-type]
        (lambda: Sobol(0), "points: 0 is not allowed, expected a whole number from 1"),
        (lambda: Sobol(True), "points: true is not allowed"),
        (lambda: LatinHypercube(3, seed=0.5), "seed: 0.5 is not allowed"),  # type: ignore[arg-type]
        (lambda: Paired().count([Values((1,)), Range(1, 2, 3)]), "1 and 3 values side by side"),
    ],
)
def test_bad_axes_and_samplings(make: Any, sentence: str) -> None:
    """Refused as they are made."""
    with pytest.raises(InputError) as caught:
        make()
    assert sentence in str(caught.value)


def changed_manifest(folder: Path, **changes: Any) -> None:
    """Write something else into the manifest of a store."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **changes}), "utf-8")


FOLDERS: dict[str, tuple[Any, str]] = {
    "another version": (
        lambda s: changed_manifest(s, filmcell="0.0.1"),
        f"was begun by filmcell 0.0.1, this is {filmcell.__version__}; expected a new folder, as "
        "results of two versions are not mixed",
    ),
    "another layout": (
        lambda s: changed_manifest(s, format=99),
        "has layout 99 of a store, expected 1, which this version reads",
    ),
    "numbers of a manifest": (
        lambda s: changed_manifest(s, parts=1),
        "manifest.json: is damaged, its numbers are not those of its plan; expected a new folder",
    ),
    "half a manifest": (
        lambda s: (s / "manifest.json").write_bytes((s / "manifest.json").read_bytes()[:100]),
        "manifest.json: is damaged, expected the manifest of a sweep; a new folder begins it anew",
    ),
    "a manifest of words": (
        lambda s: changed_manifest(s, parts="1", designs="40"),
        "manifest.json: is damaged, expected the manifest of a sweep; a new folder begins it anew",
    ),
    "a manifest that is a list": (
        lambda s: (s / "manifest.json").write_text("[1]", "utf-8"),
        "manifest.json: is damaged, expected the manifest of a sweep; a new folder begins it anew",
    ),
    "a manifest that is not text": (
        lambda s: (s / "manifest.json").write_bytes(os.urandom(64)),
        "manifest.json: is damaged, expected the manifest of a sweep; a new folder begins it anew",
    ),
    "a manifest that is a folder": (
        lambda s: ((s / "manifest.json").unlink(), (s / "manifest.json").mkdir()),
        "has no manifest.json, expected the folder of a sweep",
    ),
    "no manifest": (
        lambda s: (s / "manifest.json").unlink(),
        "holds other files, expected an empty folder or a sweep",
    ),
}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_not_that_of_the_plan(name: str, tmp_path: Path) -> None:
    """It is left as it was, to the byte."""
    hurt, sentence = FOLDERS[name]
    store = run_sweep(pulses(40), tmp_path / "s")
    hurt(store.folder)
    before = digests(tmp_path)
    with pytest.raises(InputError) as caught:
        run_sweep(pulses(40), tmp_path / "s")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert digests(tmp_path) == before


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        (pulses(41), "sampling"),
        (pulses(40, 10), "rows_per_part"),
        (pulses(40, curves=True), "curves"),
        (pulses(40, sampling=Grid()), "sampling, rows_per_part"[:8]),
    ],
)
def test_the_store_of_another_plan(tmp_path: Path, other: Plan, differ: str) -> None:
    """It says what differs, and leaves it as it was."""
    run_sweep(pulses(40), tmp_path / "s")
    before = digests(tmp_path)
    sentence = rf"s: holds the sweep of another plan \({differ} differ\), expected a new folder"
    with pytest.raises(InputError, match=sentence):
        run_sweep(other, tmp_path / "s")
    assert digests(tmp_path) == before


def test_a_folder_with_other_files_and_a_file(tmp_path: Path) -> None:
    """Neither is touched."""
    (tmp_path / "thesis.tex").write_text("years of work", "utf-8")
    before = digests(tmp_path)
    with pytest.raises(InputError, match="holds other files, expected an empty folder or a sweep"):
        run_sweep(pulses(40), tmp_path)
    with pytest.raises(
        InputError, match=r"thesis\.tex: is a file, expected a folder for the sweep"
    ):
        run_sweep(pulses(40), tmp_path / "thesis.tex")
    assert digests(tmp_path) == before


def unchanged(text: str, folder: Path) -> None:
    """A plan or a sentence; nothing else comes out of a file, and the store stays empty."""
    path = folder / "plan.toml"
    path.write_text(text, "utf-8", errors="surrogatepass")
    try:
        plan = load_plan(path)
    except InputError as error:
        told = str(error)
    else:
        told = ""
        check_plan(plan)
    assert "\n" not in told


def check_plan(plan: Plan) -> None:
    """A plan that was made can be used."""
    assert len(plan.hash) == 64
    plan.points(plan.count - 1, plan.count)


VALUES = st.one_of(
    st.sampled_from(
        ['"1 um"', '"sphere"', '"C/10"', "1e-6", "0", "-1", "true", "[]", "{}", '""', "1979-05-27",
         "nan", "inf", '["1 um", "2 um"]', '["film"]', '["C/10", "1 mA"]', '[[1]]', '"{current}"',
         '{ from = "1 um", to = "2 um" }', '{ from = 1, to = 2, points = 3 }', '"Rest for 1 s"',
         '{ from = "film", to = 3 }', '"follow"', "9223372036854775807", '"\\u0000"',
         '{ kind = "sobol", points = 3 }', '[true, "x"]', '"danilov2011"', "07:32:00"]
    ),
    st.floats().map(repr),
    st.integers().map(str),
    st.text(max_size=12).map(lambda text: json.dumps(text, ensure_ascii=True)),
)  # fmt: skip
KEYS = st.sampled_from(
    ["cell", "protocol", "set", "axes", "sampling", "options", "curves", "rows_per_part",
     "axes.temperature", "axes.cathode.thickness", 'axes."cathode.diffusivity"', "axes.current",
     "axes.cathode.shape", "axes.name", "axes.sources", "axes.heat", "axes.interlayers", "axes.x",
     "axes.cathode.potential", "axes.anode", "axes.nominal_capacity", "axes.cathode", "set.area",
     "sampling.kind", "sampling.points", "sampling.seed", "options.tolerance", "set.name",
     'axes."interlayers.0.thickness"', 'axes."".""', "axes.cathode.transport", "axes.area"]
)  # fmt: skip


@settings(max_examples=300)
@given(lines=st.lists(st.tuples(KEYS, VALUES), max_size=4), keep=st.integers(0, 63))
def test_mutated_plans_are_plans_or_sentences(
    lines: list[tuple[str, str]], keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Lines of a good plan left out, others put in."""
    good = [
        'cell = "wang2023-lco-lipon-li"', 'protocol = "Charge at {current} until 4.2 V"',
        "rows_per_part = 7", 'axes."cathode.thickness" = { from = "1 um", to = "9 um" }',
        'axes.current = ["0.1 mA", "1 mA"]', 'sampling = { kind = "sobol", points = 9 }',
    ]  # fmt: skip
    kept = [line for k, line in enumerate(good) if not keep >> k & 1]
    text = "\n".join([*kept, *(f"{key} = {value}" for key, value in lines)])
    unchanged(text, tmp_path_factory.getbasetemp())


@settings(max_examples=200)
@given(text=st.one_of(st.text(), st.text(alphabet="[]{}=.\"' \n01aeo#,")))
def test_any_text_is_a_sentence(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not TOML, or no plan."""
    unchanged(text, tmp_path_factory.getbasetemp())


@settings(max_examples=200)
@given(data=st.data())
def test_a_good_plan_with_characters_changed(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Up to three characters of a good plan replaced, put in or left out."""
    text = PULSES_TOML.replace("COUNT", "64").replace("ROWS", "8")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text = text[:at] + data.draw(st.sampled_from(["", *'{}[]"=.#01- ex\n'])) + text[at + 1 :]
    unchanged(text, tmp_path_factory.getbasetemp())


def test_the_good_plan_is_good(tmp_path: Path) -> None:
    """What the tests above change is itself in order."""
    assert load_plan(written(tmp_path / "plan.toml", 64)).count == 64
