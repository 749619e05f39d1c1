"""Every kind of step on every kind of cell: a stated end, numbers everywhere, and files."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import filmcell
from every_kind import CELLS
from filmcell.protocol.amounts import Amperes, AmperesPerArea, CRate, WattsPerArea
from filmcell.protocol.controls import Charge, Discharge
from filmcell.protocol.limits import TimeLimit
from filmcell.protocol.profile import Profile
from filmcell.protocol.readymade import (
    cccv,
    cyclic_voltammetry,
    drive_cycle,
    gitt,
    pitt,
    pulses,
    rate_ladder,
)
from filmcell.protocol.steps import Block, Protocol, Step

every_kind = pytest.mark.parametrize("name", CELLS)


def check(result: filmcell.Result) -> None:
    """What holds for every result."""
    for values in (result.time, result.voltage, result.current, result.charge,
                   result.temperature, result.concentration, result.stored_charge,
                   *(layer.concentration for layer in result.layers.values())):  # fmt: skip
        assert np.isfinite(values).all()
    assert all(result.ended)
    assert (np.diff(result.time) >= 0).all()
    assert result.lithium_imbalance() < 1e-12
    assert_allclose(sum(result.losses.values()), result.voltage, rtol=0, atol=1e-9)


def window(cell: filmcell.Cell) -> tuple[float, float, float]:
    """A low, a middle and a high voltage within the window of a cell."""
    lower, upper = cell.lower_voltage + 0.1, cell.upper_voltage - 0.05
    return lower, 0.3 * lower + 0.7 * upper, upper


@every_kind
def test_every_step_of_the_text(name: str) -> None:
    """Currents in A, A/m2 and C, powers, holds, rests, sweeps, marks: each ends as it says."""
    cell = CELLS[name]
    low, middle, high = window(cell)
    first = (
        f"Charge at 0.3 mA until {high:g} V; Hold at {high:g} V for 20 min; Rest for 5 min; "
        f"Discharge at 1 A/m2 for 2 min; Discharge at C/5 for 2 min; Charge at C/5 for 1 min; "
    )
    second = (
        f"Discharge at 0.5 mW for 1 min; Charge at 0.2 mW/cm2 for 1 min; Measure impedance; "
        f"Sweep at 2 mV/s until {middle:g} V; Discharge at 0.4 mA until 0.001 mAh; "
        f"Discharge at 2 A/m2 until {low:g} V; Measure impedance; Rest for 1 s"
    )
    result = filmcell.simulate(cell, first + second)
    check(result)
    assert len(result.ended) == 14
    full = f"voltage reached {high:g} V"
    expected = (full, "20 min passed", "5 min passed", "2 min passed", "2 min passed",
                "1 min passed", "1 min passed", "1 min passed", "impedance marked here",
                f"voltage reached {middle:g} V", "capacity reached 0.001 mAh",
                f"voltage reached {low:g} V", "impedance marked here", "1 s passed")  # fmt: skip
    other = [k for k, (a, b) in enumerate(zip(result.ended, expected, strict=True)) if a != b]
    # an empty or full surface may come before a voltage where kinetics are fast
    for k in other:
        assert any(words in result.ended[k] for words in ("is full", "is empty", "used up",
                                                          "at once")), result.ended  # fmt: skip
    assert len(other) <= 1, result.ended
    marks = [result.of_step(k) for k in (9, 13)]
    assert all(rows.stop - rows.start == 1 for rows in marks)


@every_kind
def test_controls_hold_what_they_say(name: str) -> None:
    """Current, voltage, power, sweep and ramp at every kept point."""
    cell = CELLS[name]
    _, middle, high = window(cell)
    ramp = Profile((0.0, 60.0, 90.0), (0.5, 2.0, 1.0), AmperesPerArea, linear=True)
    steps = filmcell.load_protocol(
        f"Charge at 1 A/m2 for 10 min; Hold at {middle:g} V for 2 min; "
        f"Discharge at 0.3 mW/cm2 for 1 min; Rest for 10 s; Sweep at 1 mV/s until {high:g} V"
    ).blocks[0].steps  # fmt: skip
    result = filmcell.simulate(cell, Protocol((Block((*steps, Step(ramp))),)))
    check(result)
    i, V, t = result.current / cell.area, result.voltage, result.time
    rows = [result.of_step(k) for k in range(1, 7)]
    assert_allclose(i[rows[0]], -1.0, rtol=1e-13, atol=0)
    assert_allclose(V[rows[1]], middle, rtol=0, atol=1e-9)
    assert_allclose((i * V)[rows[2]], 3.0, rtol=1e-9, atol=0)
    assert not i[rows[3]].any()
    swept = t[rows[4]] - t[rows[4]][0]
    sign = np.sign(high - V[rows[3]][-1])
    assert_allclose(V[rows[4]], V[rows[3]][-1] + sign * 1e-3 * swept, rtol=0, atol=1e-9)
    followed = t[rows[5]] - t[rows[5]][0]
    assert_allclose(
        i[rows[5]], np.interp(followed, ramp.times, ramp.values), rtol=1e-12, atol=1e-13
    )
    assert result.ended[-1] == "the profile ended"


@every_kind
def test_profiles_held_and_straight(name: str) -> None:
    """A drive cycle of currents, one of powers, one that goes straight, again and again."""
    cell = CELLS[name]
    held = Profile((0.0, 5.0, 6.0, 20.0), (2e-4, -1e-4, 0.0, 0.0), Amperes)
    powers = Profile((0.0, 5.0, 10.0, 30.0), (4.0, -2.0, 0.5, 0.0), WattsPerArea)
    straight = Profile((0.0, 5.0, 10.0, 30.0), (0.1, 0.3, -0.3, 0.0), CRate, linear=True)
    first = filmcell.load_protocol("Charge at 1 A/m2 for 15 min").blocks
    for profile in (held, powers, straight):
        drive = drive_cycle(profile, repeat=3)
        result = filmcell.simulate(cell, Protocol((*first, *drive.blocks)))
        check(result)
        assert result.ended[1:] == ("the profile ended",) * 3
    unit = 1.0 / cell.area
    result = filmcell.simulate(cell, Protocol((*first, Block((Step(held),)))))
    rows = result.of_step(2)
    t = result.time[rows] - result.time[rows][0]
    i = result.current[rows] / cell.area
    assert_allclose(i[t < 4.999], 2e-4 * unit, rtol=1e-12, atol=0)
    assert_allclose(i[(t > 5.001) & (t < 5.999)], -1e-4 * unit, rtol=1e-12, atol=0)
    assert not i[t > 6.001].any()


@every_kind
def test_ready_made_protocols(name: str) -> None:
    """CCCV, ladder, GITT, PITT, pulses, cyclic voltammetry: all of them on all cells."""
    cell, at = CELLS[name], AmperesPerArea
    low, middle, high = window(cell)
    ready = {
        "cccv": cccv(at(2), high, at(0.5), lower=low, rest="1 min", cycles=2),
        "ladder": rate_ladder((at(0.5), at(2), at(8)), at(2), upper=high, lower=low),
        "gitt": gitt(at(1), "5 min", "10 min", most_pulses=5),
        "pitt": pitt(middle, middle + 0.1, "50 mV", at(0.2), longest="20 min"),
        "pulses": pulses(at(4), "1 s", "5 s", 3),
        "voltammetry": cyclic_voltammetry(middle, high, "2 mV/s", 2),
    }
    for protocol in ready.values():
        result = filmcell.simulate(cell, protocol)
        check(result)


@every_kind
def test_blocks_end_with_a_limit(name: str) -> None:
    """Passes go on until the first that meets a limit other than its time."""
    cell = CELLS[name]
    _, _, high = window(cell)
    pulse = Step(Charge(AmperesPerArea(3.0)), (TimeLimit(300.0),))
    text = filmcell.load_protocol(f"Charge at 3 A/m2 until {high:g} V or for 5 min; Rest for 1 min")
    block = Block(text.blocks[0].steps, repeat=400, until_limit=True)
    back = Block((Step(Discharge(AmperesPerArea(1.0)), (TimeLimit(30.0),)),))
    result = filmcell.simulate(cell, Protocol((Block((pulse,)), block, back)))
    check(result)
    passes = result.ended[1:-1:2]
    assert 1 <= len(passes) < 400
    assert set(passes[:-1]) <= {"5 min passed"}
    assert passes[-1] != "5 min passed"
    assert result.ended[-1] == "30 s passed"


@every_kind
def test_results_of_every_kind_go_to_files_and_other_processes(name: str, tmp_path: Path) -> None:
    """Layers, temperature, stored charge and losses come back bit by bit."""
    result = filmcell.simulate(
        CELLS[name], "Charge at 2 A/m2 for 5 min; Discharge at 1 A/m2 for 10 s"
    )
    for back in (
        filmcell.load_result(result.save(tmp_path / "run.nc")), pickle.loads(pickle.dumps(result))
    ):  # fmt: skip
        for key in ("time", "voltage", "current", "charge", "stored_charge", "temperature",
                    "concentration", "depth", "volume", "lithium_thickness", "step", "cycle",
                    "capacity", "energy"):  # fmt: skip
            assert_array_equal(getattr(back, key), getattr(result, key))
        assert list(back.layers) == list(result.layers)
        for key, layer in result.layers.items():
            for what in ("depth", "volume", "concentration"):
                assert_array_equal(getattr(back.layers[key], what), getattr(layer, what))
        assert list(back.losses) == list(result.losses)
        for key, values in result.losses.items():
            assert_array_equal(back.losses[key], values)
        assert back.ended == result.ended
        assert dict(back.provenance) == dict(result.provenance)
        assert back.lithium_imbalance() == result.lithium_imbalance()
    columns = result.to_polars().columns
    assert {"temperature_K", "lithium_thickness_m"} <= set(columns)


def test_provenance_tells_the_meshes_of_all_regions() -> None:
    """And two meshes of one region give two hashes."""
    cell = CELLS["everything"]
    result = filmcell.simulate(cell, "Rest for 1 s")
    assert '"anode": {"cells"' in result.provenance["mesh"]
    assert '"electrolyte": {"cells"' in result.provenance["mesh"]
    assert result.provenance["model"] == "AssembledModel"


@every_kind
def test_a_hold_comes_to_rest(name: str) -> None:
    """After days at one voltage hardly a current is left, and steps have long become large.

    Where stiff parts lose their digits against each other, steps stay short or a current remains.
    """
    cell = CELLS[name]
    _, middle, _ = window(cell)
    result = filmcell.simulate(cell, f"Hold at {middle:g} V for 2000 h", most_steps=1000)
    assert result.ended == ("2000 h passed",)
    assert abs(result.current[-1] / cell.area) < 1e-7
    assert result.time.size < 6000
    assert_allclose(result.voltage[-1], middle, rtol=0, atol=1e-9)
    again = filmcell.simulate(cell, f"Hold at {middle:g} V for 200 h; Rest for 2000 h",
                              most_steps=1000)  # fmt: skip
    assert_allclose(again.voltage[-1], middle, rtol=0, atol=1e-5)
