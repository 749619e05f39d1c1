"""Runs of plans: every row is what `simulate` says, whoever computes it and with what others."""

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars
import pytest
from cheap import CYCLE, WANG, pulses
from numpy.testing import assert_allclose
from polars.testing import assert_frame_equal

import filmcell
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes
from filmcell.protocol.steps import Block, Profile, Protocol, Step
from filmcell.simulation import block
from filmcell.simulation.options import DEFAULTS
from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import compute_part, run_sweep, sweep_table
from filmcell.sweep.sampling import LatinHypercube
from filmcell.sweep.table import COLUMNS

AXES = {
    "cathode.thickness": LogRange("2 um", "20 um", 3),
    "cathode.diffusivity": Values(("1e-15 m2/s", "1e-14 m2/s")),
    "current": Values(("0.05 mA/cm2", "0.2 mA/cm2")),
}
PROTOCOLS = {
    "one cycle": "Charge at {current} until 4.2 V; Discharge at {current} until 2.7 V",
    "three cycles": "(Charge at {current} until 4.2 V; Rest for 1 min; Discharge at {current}) "
    "repeat 3",
    "a charge": "Charge at {current} until 4.2 V; Hold at 4.2 V until 5 uA/cm2 or for 1 h",
    "until limit, then more": "(Charge at {current} for 2 h; Rest for 1 h) repeat 20 until limit; "
    "(Rest for 1 min; Discharge at {current} for 4 h; Rest for 1 h) repeat 9 until limit",
    "until limit, a sweep in each": "(Sweep at 1 mV/s until 4 V or for 20 s; Rest for 1 s) repeat "
    "3 until limit; Discharge at {current} until 3 V",
}


def row_of(result: filmcell.Result) -> dict[str, Any]:
    """The figures of one result, by the definition of each column and nothing of the table."""
    steps = result.summary()
    charge = [(result.charge[result.of_step(k + 1)][-1] - result.charge[result.of_step(k + 1)][0])
              / 3.6 for k in range(len(steps))]  # fmt: skip
    last = [k for k, step in enumerate(steps) if step["cycle"] == steps[-1]["cycle"]]
    energy = (result.energy * 1e3).tolist()
    out = [k for k in last if charge[k] > 0]
    into = [k for k in last if charge[k] < 0]
    given, taken = sum(charge[k] for k in out), -sum(charge[k] for k in into)
    e_given, e_taken = sum(energy[k] for k in out), -sum(energy[k] for k in into)
    theory, window = result.theoretical_capacity * 1e3, result.window_capacity * 1e3
    return {
        "discharge_capacity_mAh": given,
        "charge_capacity_mAh": taken,
        "discharge_capacity_mAh_per_cm2": given / (result.area * 1e4),
        "discharge_energy_mWh": e_given,
        "charge_energy_mWh": e_taken,
        "discharge_energy_mWh_per_cm2": e_given / (result.area * 1e4),
        "mean_discharge_voltage_V": e_given / given if given else None,
        "utilisation": (given or taken) / theory,
        "window_utilisation": (given or taken) / window,
        "energy_efficiency": e_given / e_taken if e_taken > 0 else None,
        "theoretical_capacity_mAh": theory,
        "window_capacity_mAh": window,
        "area_cm2": result.area * 1e4,
        "duration_s": result.time[-1] - result.time[0],
        "step_ended": list(result.ended),
        "step_duration_s": [step["duration_s"] for step in steps],
        "step_capacity_mAh": charge,
        "step_energy_mWh": energy,
        "step_end_voltage_V": [step["end_voltage_V"] for step in steps],
    }


def check_row(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Numbers to 1e-11 (sums of a few steps), null where there is none, sentences to the word.

    Energies are integrals here and trapezoids through kept points there, 5e-5 off at most.
    """
    for name, value in wanted.items():
        if value is None or name == "step_ended":
            assert row[name] == value, name
        else:
            close = 1e-4 if "energy" in name or "mean" in name else 1e-11
            atol = close * float(np.max(np.abs(value), initial=0.0))
            assert_allclose(row[name], value, rtol=close, atol=atol, err_msg=name)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_row_is_what_simulate_says(name: str) -> None:
    """All columns of all designs of a grid, also those that count cycles until a limit."""
    plan = Plan(WANG, PROTOCOLS[name], AXES, rows_per_part=5)
    table = sweep_table(plan, threads=2)
    assert table.columns == ["design", *AXES, *(c for c in COLUMNS if c != "design")]
    assert table["design"].to_list() == list(range(12))
    assert table["status"].to_list() == ["ok"] * 12
    for row in table.rows(named=True):
        cell = WANG.replace({key: row[key] for key in AXES if key != "current"})
        text = PROTOCOLS[name].replace("{current}", f"{row['current']} A/m2")
        check_row(row, row_of(filmcell.simulate(cell, text, **vars(DEFAULTS))))


def test_a_profile_through_many_cells() -> None:
    """A step that goes both ways counts by its net charge."""
    wave = Profile((0.0, 60.0, 90.0, 200.0), (-1e-4, 2e-4, 0.0, 0.0), Amperes)
    protocol = Protocol((Block((Step(wave),), 2),))
    plan = Plan(WANG, protocol, {"cathode.thickness": Range("2 um", "9 um", 3)})
    for row in sweep_table(plan).rows(named=True):
        cell = WANG.replace({"cathode.thickness": row["cathode.thickness"]})
        check_row(row, row_of(filmcell.simulate(cell, protocol, **vars(DEFAULTS))))


def test_numbers_do_not_depend_on_threads_blocks_or_parts() -> None:
    """The same bits, and the same order, however the designs are cut."""
    whole = sweep_table(pulses(200, 200), threads=1)
    assert 0 < whole["status"].to_list().count("failed") < 100
    for rows, threads in ((1, 2), (7, 3), (64, 1), (65, 2), (199, 2)):
        assert_frame_equal(sweep_table(pulses(200, rows), threads=threads), whole, check_exact=True)
    axes = {"cathode.thickness": LogRange("1 um", "30 um"), "current": Values(("0.1 mA/cm2", "1C"))}
    del axes["current"]
    sampling = LatinHypercube(40, seed=2)
    cycle = CYCLE.replace("{current}", "0.1 mA/cm2")
    one = sweep_table(Plan(WANG, cycle, axes, sampling), threads=1)
    cut = sweep_table(Plan(WANG, cycle, axes, sampling, rows_per_part=3), threads=3)
    assert_frame_equal(cut, one, check_exact=True)


def test_a_part_is_a_function_of_its_number() -> None:
    """Twice the same, alone or among others."""
    plan = pulses(60)
    _, frame, curves = compute_part(plan, 2)
    assert curves is None
    assert_frame_equal(frame, sweep_table(plan)[40:], check_exact=True)


def test_curves_are_those_of_simulate() -> None:
    """Time, voltage and current of each design and step; of failed ones nothing."""
    plan = pulses(30, 10, curves=True)
    parts = [compute_part(plan, k) for k in range(plan.parts)]
    table = polars.concat([frame for _, frame, _ in parts])
    curves = polars.concat([c for _, _, c in parts if c is not None])
    assert_frame_equal(table, sweep_table(pulses(30, 10)), check_exact=False, rel_tol=1e-12)
    points = plan.points(0, 30)
    failed = 0
    for k in range(30):
        design, kept = plan.design(points, k), curves.filter(design=k)
        if isinstance(design, filmcell.FilmcellError):
            failed += 1
            assert kept.is_empty()
            continue
        one = filmcell.simulate(*design, **vars(DEFAULTS))
        assert kept["step"].to_list() == one.step.tolist()
        for name, values in (("time_s", one.time), ("voltage_V", one.voltage),
                             ("current_A", one.current)):  # fmt: skip
            assert_allclose(kept[name].to_numpy(), values, rtol=1e-12, atol=0)
    assert 0 < failed < 30


def test_an_interrupted_thread_leaves_nothing_running(tmp_path: Any) -> None:
    """What stops the writing of parts stops the threads too, at once and not after all parts."""
    before = threading.active_count()

    def stop(_: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(pulses(5000), tmp_path / "s", threads=2, progress=stop)
    assert threading.active_count() == before


def test_a_slip_in_the_code_stops_the_sweep(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Only named errors become rows."""
    calls = 0

    def slip(*_: object, **__: object) -> None:
        nonlocal calls
        calls += 1
        raise TypeError("a slip")

    monkeypatch.setattr(block, "model_of", slip)
    with pytest.raises(TypeError, match="a slip"):
        run_sweep(pulses(5000), tmp_path / "s", threads=2)
    assert calls < 100
    assert not list((tmp_path / "s" / "parts").iterdir())


def test_progress_counts_every_design_once(tmp_path: Any) -> None:
    """Of a run that goes on, those of the store come first."""
    plan, lock = pulses(100), threading.Lock()
    told: list[int] = []

    def progress(count: int) -> None:
        with lock:
            told.append(count)

    store = run_sweep(plan, tmp_path / "s", progress=progress)
    assert sum(told) == 100
    store.done()[4].unlink()
    store.done()[1].unlink()
    told.clear()
    run_sweep(plan, tmp_path / "s", progress=progress)
    assert (told[0], sum(told)) == (60, 100)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "2"])
def test_threads_are_a_whole_number(threads: Any) -> None:
    """Refused before anything is made."""
    with pytest.raises(
        InputError, match=r"threads: .* is not allowed, expected a whole number from 1"
    ):
        sweep_table(pulses(2), threads=threads)
