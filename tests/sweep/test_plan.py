"""Plans: how axes become designs, the same from Python and from a file, in parts or as a whole."""

import pickle
from pathlib import Path

import numpy as np
import polars
import pytest
from cheap import CYCLE, PULSE, WANG, pulses, written
from numpy.testing import assert_allclose, assert_array_equal

import filmcell
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, CRate
from filmcell.protocol.steps import Block, Charge, Profile, Protocol, Step, TimeLimit
from filmcell.simulation.options import DEFAULTS
from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.plan_file import load_plan
from filmcell.sweep.run import sweep_table
from filmcell.sweep.sampling import Grid, LatinHypercube, Paired, Sobol

REST = "Rest for 1 h"
AXES = {
    "cathode.thickness": LogRange("1 um", "16 um", 5),
    "temperature": Range("20 degC", "60 degC", 3),
    "cathode.shape": Values(("film", "sphere")),
}


def test_a_grid_is_every_combination_the_last_axis_fastest() -> None:
    """Its points are those of nested loops."""
    plan = Plan(WANG, REST, AXES)
    told = plan.points(0, plan.count)
    thickness = [1e-6, 2e-6, 4e-6, 8e-6, 16e-6]
    wanted = [
        (x, T, shape)
        for x in thickness
        for T in (293.15, 313.15, 333.15)
        for shape in ("film", "sphere")
    ]
    assert plan.count == len(wanted) == 30
    assert_allclose(told["cathode.thickness"], [w[0] for w in wanted], rtol=1e-14)
    assert_allclose(told["temperature"], [w[1] for w in wanted], rtol=1e-14)
    assert told["cathode.shape"] == [w[2] for w in wanted]
    assert {told["cathode.thickness"][0], told["cathode.thickness"][-1]} == {1e-6, 16e-6}  # exact


def test_a_list_goes_through_its_axes_side_by_side() -> None:
    """The first values together, then the second ones."""
    axes = {"cathode.thickness": Values(("1 um", 2e-6)), "temperature": Range(290.0, 300.0, 2)}
    plan = Plan(WANG, REST, axes, Paired())
    assert plan.points(0, 2) == {"cathode.thickness": [1e-6, 2e-6], "temperature": [290.0, 300.0]}


@pytest.mark.parametrize("sampling", [Sobol(256), LatinHypercube(256)])
def test_random_points_fill_every_axis_evenly(sampling: Sobol | LatinHypercube) -> None:
    """Each 256th of an axis has one point, so that means and words come out evenly."""
    told = Plan(WANG, REST, AXES, sampling).points(0, 256)
    share = np.log(np.array(told["cathode.thickness"]) / 1e-6) / np.log(16.0)
    assert sorted((share * 256).astype(int)) == list(range(256))
    assert told["cathode.shape"].count("film") == 128
    other = Plan(WANG, REST, AXES, type(sampling)(256, seed=1)).points(0, 256)
    assert other["temperature"] != told["temperature"]


@pytest.mark.parametrize(
    "sampling", [Grid(), Paired(), Sobol(300), LatinHypercube(300)], ids=lambda s: type(s).__name__
)
def test_any_stretch_of_points_is_that_of_the_whole(sampling: Grid) -> None:
    """Forwards, backwards, of one point and of none: the same bits."""
    count = 7 if isinstance(sampling, Paired) else 10
    axes = {
        "cathode.thickness": LogRange("1 um", "16 um", count),
        "temperature": Range(290.0, 310.0, count),
        "contact_resistance": Values(tuple(np.linspace(0.0, 1e-3, count).tolist())),
    }
    plan = Plan(WANG, REST, axes, sampling)
    whole, n = plan.points(0, plan.count), plan.count
    rng = np.random.default_rng(3)
    stretches = [sorted(rng.integers(0, n + 1, 2).tolist()) for _ in range(30)]
    for first, last in [(0, 1), (1, 2), (n - 1, n), (2, 2), (0, n), *stretches]:
        part = plan.points(first, last)
        for key, values in whole.items():
            assert_array_equal(part[key], values[first:last])


def test_a_grid_of_a_thousand_million_designs_makes_only_what_is_asked() -> None:
    """Neither the plan nor its last point needs memory for the others."""
    plan = Plan(WANG, REST, {"cathode.thickness": Range("1 um", "2 um", 1_000_000_000)})
    assert plan.points(plan.count - 1, plan.count) == {"cathode.thickness": [2e-6]}
    assert (plan.rows, plan.parts) == (20_000, 50_000)
    sobol = Plan(WANG, REST, AXES, Sobol(1_000_000_000))
    assert len(sobol.points(20_000_000, 20_000_010)["temperature"]) == 10


def test_parts_cover_every_design_once() -> None:
    """Whatever the size of a part."""
    for rows in (1, 7, 100, 256, 1000):
        plan = pulses(256, rows)
        spans = [plan.span(k) for k in range(plan.parts)]
        assert [k for first, last in spans for k in range(first, last)] == list(range(256))


def test_a_file_and_python_make_the_same_plan(tmp_path: Path) -> None:
    """The hash is the same, whatever the units, the quotes and the order of the tables."""
    plan = pulses(64)
    assert load_plan(written(tmp_path / "a.toml", 64)).hash == plan.hash
    nested = """
        rows_per_part = 20
        [sampling]
        seed = 4
        points = 64
        kind = "sobol"
        [axes.cathode.thickness]
        to = "0.01 mm"
        from = "1000 nm"
        spacing = "log"
        points = 2
        [axes]
        lower_voltage = { from = "2700 mV", to = "4.4 V" }
        current = ["10 uA/cm2", "0.5 A/m2", "0.1 mA/cm2"]
        """
    text = f'cell = "wang2023-lco-lipon-li"\nprotocol = "{PULSE}"\n{nested}'
    (tmp_path / "b.toml").write_text(text, "utf-8")
    assert load_plan(tmp_path / "b.toml").hash == plan.hash
    assert pickle.loads(pickle.dumps(plan)).hash == plan.hash


def test_everything_that_moves_a_number_moves_the_hash() -> None:
    """Other cells, protocols, axes and their order, samplings, options, parts, curves."""
    axes = {"cathode.thickness": Range("1 um", "2 um", 3), "current": Values(("C/10", "1C"))}
    wave = [Step(Profile((0.0, 9.0), (x, x), Amperes)) for x in (1e-5, 2e-5)]
    profiles = [Protocol((Block((step,)),)) for step in wave]
    plans = [
        Plan(WANG, CYCLE, axes),
        Plan(WANG.replace({"temperature": "30 degC"}), CYCLE, axes),
        Plan(WANG, PULSE, axes),
        Plan(WANG, CYCLE, dict(reversed(axes.items()))),
        Plan(WANG, CYCLE, {**axes, "current": Values(("C/10", "2C"))}),
        Plan(WANG, CYCLE, {**axes, "cathode.thickness": LogRange("1 um", "2 um", 3)}),
        Plan(WANG, CYCLE, {**axes, "cathode.thickness": Range("1 um", "2 um", 4)}),
        Plan(WANG, CYCLE, axes, Sobol(6)),
        Plan(WANG, CYCLE, axes, Sobol(6, seed=1)),
        Plan(WANG, CYCLE, axes, LatinHypercube(6)),
        Plan(WANG, CYCLE, axes, options=DEFAULTS.changed(tolerance=1e-7)),
        Plan(WANG, CYCLE, axes, curves=True),
        Plan(WANG, CYCLE, axes, rows_per_part=2),
        *(Plan(WANG, p, {"cathode.thickness": axes["cathode.thickness"]}) for p in profiles),
    ]
    assert len({plan.hash for plan in plans}) == len(plans)


def test_the_keys_of_a_file(tmp_path: Path) -> None:
    """`set`, options, curves, a cell and a protocol beside the plan."""
    cell = Path(__file__).parents[2] / "examples" / "cells" / "lab_film.toml"
    (tmp_path / "mine.toml").write_text(cell.read_text("utf-8"), "utf-8")
    (tmp_path / "steps.txt").write_text('Follow "drive.csv"; Rest for 1 min', "utf-8")
    (tmp_path / "drive.csv").write_text("time [s],current [mA]\n0,0.01\n10,0\n", "utf-8")
    (tmp_path / "plan.toml").write_text(
        """
        cell = "mine.toml"
        protocol = "steps.txt"
        curves = true
        rows_per_part = 7
        [set]
        temperature = "40 degC"
        cathode.thickness = "2 um"
        [axes]
        "cathode.diffusivity" = ["1e-15 m2/s", "1e-14 m2/s"]
        [options]
        tolerance = 1e-6
        """,
        "utf-8",
    )
    plan = load_plan(tmp_path / "plan.toml")
    assert (plan.cell.temperature, plan.cell.cathode.thickness) == (313.15, 2e-6)
    assert str(plan.protocol) == f'Follow "{tmp_path / "drive.csv"}"; Rest for 1 min'
    assert (plan.options, plan.curves, plan.rows) == (DEFAULTS.changed(tolerance=1e-6), True, 7)
    assert plan.units == {"cathode.diffusivity": "m2/s"}
    text = (tmp_path / "plan.toml").read_text("utf-8")
    direct = text.replace('"steps.txt"', "'Follow \"drive.csv\"; Rest for 1 min'")
    (tmp_path / "direct.toml").write_text(direct, "utf-8")
    assert load_plan(tmp_path / "direct.toml").hash == plan.hash
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert load_plan(moved / "plan.toml").hash == plan.hash
    (moved / "drive.csv").write_text("time [s],current [mA]\n0,0.02\n10,0\n", "utf-8")
    assert load_plan(moved / "plan.toml").hash != plan.hash


@pytest.mark.parametrize(
    ("key", "given", "read", "unit"),
    [
        ("temperature", "40 degC", 313.15, "K"),
        ("cathode.diffusivity", "1e-11 cm2/s", 1e-15, "m2/s"),
        ("cathode.diameter", "4 um", 4e-6, "m"),
        ("cathode.shape", "sphere", "sphere", "word"),
        ("electrolyte.conductivity", 3e-4, 3e-4, "S/m"),
        ("cathode.initial_fraction", "0.9", 0.9, ""),
    ],
)
def test_an_axis_of_the_cell(key: str, given: str | float, read: object, unit: str) -> None:
    """Text with a unit, SI numbers and words become what the cell gets, and stand in the table."""
    plan = Plan(WANG, REST, {key: Values((given,))})
    assert (plan.points(0, 1), plan.units) == ({key: [read]}, {key: unit})
    cell, _ = plan.design(plan.points(0, 1), 0)  # type: ignore[misc]
    assert cell.json.replace("set by the user", "") == (
        WANG.replace({key: given}).json.replace("set by the user", "")
    )
    assert sweep_table(plan)[key].to_list() == [read]


@pytest.mark.parametrize(
    ("protocol", "given", "value", "unit", "text"),
    [
        ("Charge at {x} for 1 s", "0.1 mA", 1e-4, "A", "Charge at 0.1 mA for 1 s"),
        ("Charge at {x} for 1 s", "0.1 mA/cm2", 1.0, "A/m2", "Charge at 0.1 mA/cm2 for 1 s"),
        ("Charge at {x} for 1 s", "C/10", 0.1, "C-rate", "Charge at C/10 for 1 s"),
        ("Charge at {x} for 1 s", "0.4 mW", 4e-4, "W", "Charge at 0.4 mW for 1 s"),
        ("Charge at 1C until {x}", "4.1 V", 4.1, "V", "Charge at 1C until 4.1 V"),
        ("Charge at 1C for {x}", "10 min", 600.0, "s", "Charge at 1C for 10 min"),
        ("Charge at 1C until {x}", "0.1 mAh", 0.36, "C", "Charge at 1C until 0.1 mAh"),
        ("Sweep at {x} until 4 V", "1 mV/s", 1e-3, "V/s", "Sweep at 1 mV/s until 4 V"),
    ],
)
def test_an_axis_of_a_blank(protocol: str, given: str, value: float, unit: str, text: str) -> None:
    """Every kind of amount, the same as if it had been written there."""
    plan = Plan(WANG, protocol, {"x": Values((given,))})
    assert (plan.points(0, 1), plan.units) == ({"x": [value]}, {"x": unit})
    _, steps = plan.design(plan.points(0, 1), 0)  # type: ignore[misc]
    assert str(steps) == text
    assert steps == filmcell.load_protocol(text)


def test_a_protocol_of_objects_stays_as_it_is() -> None:
    """Numbers of 17 digits and profiles, which text does not hold."""
    rate = CRate(1.0 / 3.0)
    steps = (
        Step(Charge(rate), (TimeLimit(1.0 / 7.0),)),
        Step(Profile((0.0, 5.0, 9.0), (1e-5, 0.0, 0.0), Amperes)),
    )
    protocol = Protocol((Block(steps),))
    plan = Plan(WANG, protocol, {"cathode.thickness": Values((1e-6,))})
    assert plan.design(plan.points(0, 1), 0)[1] == protocol  # type: ignore[index]
    assert sweep_table(plan)["step_ended"][0].to_list() == [
        "0.142857142857143 s passed",
        "the profile ended",
    ]
    assert pickle.loads(pickle.dumps(plan)).hash == plan.hash


def test_a_plan_without_axes_is_one_design() -> None:
    """From Python; a file needs an axis."""
    for sampling in (Grid(), Paired()):
        assert sweep_table(Plan(WANG, REST, {}, sampling)).height == 1
    assert sweep_table(Plan(WANG, REST, {}, Sobol(3))).height == 3
    assert sweep_table(Plan(WANG, REST, {}, LatinHypercube(3))).height == 3


def test_axes_are_not_those_of_the_caller() -> None:
    """A plan keeps a copy that cannot be changed."""
    axes = {"temperature": Values(("300 K",))}
    plan = Plan(WANG, REST, axes)
    axes["temperature"] = Values(("310 K", "320 K"))
    assert plan.count == 1
    with pytest.raises(TypeError):
        plan.axes["temperature"] = Values(("310 K",))  # type: ignore[index]


def test_designs_that_cannot_be_are_errors_not_exceptions() -> None:
    """A combination that the cell refuses is told at its design only."""
    plan = Plan(WANG, REST, {"lower_voltage": Values(("3 V", "4.3 V"))})
    points = plan.points(0, 2)
    assert isinstance(plan.design(points, 0), tuple)
    refused = plan.design(points, 1)
    assert isinstance(refused, InputError)
    table = sweep_table(plan)
    assert table["status"].to_list() == ["ok", "failed"]
    assert table["reason"].to_list() == ["", str(refused)]
    figures = table.select(polars.selectors.float()).drop("lower_voltage")
    assert all(value is None for value in figures.row(1))
    assert table["step_ended"][1].to_list() == []
