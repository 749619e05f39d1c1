"""Results are data; failures say where; files come back as they were."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import filmcell
from filmcell.numerics.mesh import Mesh
from filmcell.simulation.result import Result

CYCLE = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"


@pytest.fixture(scope="module")
def result(cell: filmcell.Cell) -> Result:
    """A charge and a discharge."""
    return filmcell.simulate(cell, CYCLE)


def test_arrays_are_read_only(result: Result) -> None:
    """Nobody can plot a number that the solver did not give."""
    for name in ("time", "voltage", "current", "concentration", "step", "depth", "capacity"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(result, name)[0] = 1
    with pytest.raises(TypeError):
        result.losses["contact"] = result.voltage  # type: ignore[index]


def test_shapes_and_units(result: Result) -> None:
    """Rows agree, time rises, current is of the cell and positive on discharge."""
    n = result.time.size
    assert result.concentration.shape == (n, result.depth.size)
    assert (np.diff(result.time) >= 0).all()
    assert result.current[0] == pytest.approx(-1e-4, rel=1e-12)
    assert result.current[-1] == pytest.approx(1e-4, rel=1e-12)
    assert result.capacity.shape == (2,)
    assert result.ended == ("voltage reached 4.2 V", "voltage reached 2.7 V")
    assert set(result.step) == {1, 2}
    assert set(result.cycle) == {1}


def test_both_utilisations_are_given(result: Result) -> None:
    """Against theory and against what the window allows."""
    assert result.utilisation[1] == pytest.approx(result.capacity[1] / 1e-3, rel=1e-4)
    ratio = result.window_utilisation[1] / result.utilisation[1]
    assert ratio == pytest.approx(0.5 / (1.0 - 0.548796), rel=1e-4)


def test_provenance_tells_the_runs_apart(cell: filmcell.Cell, result: Result) -> None:
    """The hash is the same for the same run and another for another number."""
    again = filmcell.simulate(cell, CYCLE)
    other = filmcell.simulate(cell.replace({"cathode.thickness": "11 um"}), CYCLE)
    assert again.provenance["hash"] == result.provenance["hash"] != other.provenance["hash"]
    assert json.loads(result.provenance["cell"])["cathode"]["thickness"] == 1e-5
    assert result.provenance["version"] == filmcell.__version__
    assert_array_equal(again.voltage, result.voltage)


def test_save_and_load(result: Result, tmp_path: Path) -> None:
    """A file brings back every array, bit by bit, and never overwrites another."""
    path = result.save(tmp_path / "run.nc")
    back = filmcell.load_result(path)
    for name in ("time", "voltage", "current", "charge", "step", "cycle", "concentration",
                 "depth", "volume", "lithium_thickness", "capacity", "energy"):  # fmt: skip
        assert_array_equal(getattr(back, name), getattr(result, name))
    assert back.ended == result.ended
    assert dict(back.provenance) == dict(result.provenance)
    assert list(back.losses) == list(result.losses)
    assert back.window_capacity == result.window_capacity
    with pytest.raises(filmcell.InputError, match=r"run.nc: exists already, expected the name of"):
        result.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["run.nc"]


def test_files_that_are_no_results_are_refused(tmp_path: Path) -> None:
    """Missing, text, and netCDF of others."""
    with pytest.raises(
        filmcell.InputError, match=r"none.nc: cannot be read \(there is no such file\)"
    ):
        filmcell.load_result(tmp_path / "none.nc")
    text = tmp_path / "text.nc"
    text.write_text("hello")
    with pytest.raises(filmcell.InputError, match=r"text.nc: cannot be read"):
        filmcell.load_result(text)
    import h5netcdf

    with h5netcdf.File(tmp_path / "other.nc", "w") as file:
        file.dimensions = {"x": 1}
    with pytest.raises(filmcell.InputError, match=r'other.nc: not a "filmcell result 2" file'):
        filmcell.load_result(tmp_path / "other.nc")


def test_a_folder_that_cannot_be_written_is_named(result: Result, tmp_path: Path) -> None:
    """The error is a sentence."""
    with pytest.raises(filmcell.InputError, match=r"run.nc: cannot be written"):
        result.save(tmp_path / "missing" / "run.nc")


def test_xarray_opens_the_file_unchanged(result: Result, tmp_path: Path) -> None:
    """And `to_xarray` gives the same dataset."""
    xarray = pytest.importorskip("xarray", reason="xarray is an extra")
    path = result.save(tmp_path / "run.nc")
    with xarray.open_dataset(path) as opened:
        assert_array_equal(opened.voltage.values, result.voltage)
        assert opened.voltage.attrs["units"] == "V"
        assert opened.concentration.dims == ("time", "depth")
        assert opened.attrs["hash"] == result.provenance["hash"]
        assert set(opened.variables) == set(result.to_xarray().variables)


def test_polars_table(result: Result) -> None:
    """One row a kept point, one column a loss."""
    frame = result.to_polars()
    assert frame.height == result.time.size
    assert frame["voltage_V"][-1] == result.voltage[-1]
    assert "cathode_diffusion_V" in frame.columns


def test_a_failed_solve_says_where_and_hands_back_what_is_good(cell: filmcell.Cell) -> None:
    """The step, the time, the state, and the partial result."""
    text = "Discharge at 1 uA for 1 s; Charge at 0.1 mA until 4.2 V; Rest for 1 h"
    with pytest.raises(
        filmcell.SolveError,
        match=r"^step 2 \(Charge at 0.1 mA until 4.2 V\) failed at t = [0-9.]+ s, 3\.[0-9]+ V, "
        r"-0.0001 A, lithiation fraction near the surface 0.9[0-9]*: "
        r"it took more time steps than most_steps allows$",
    ) as caught:
        filmcell.simulate(cell, text, most_steps=20)
    error = caught.value
    assert error.step == 2
    assert error.partial.ended[0] == "1 s passed"
    assert error.partial.capacity[0] == pytest.approx(1e-6 / 3600, rel=1e-12)
    assert error.time == error.partial.time[-1]
    assert np.isfinite(error.partial.voltage).all()


def test_a_hold_beyond_the_range_ends_with_its_reason(cell: filmcell.Cell) -> None:
    """No current within the range of the potential holds 9 V."""
    result = filmcell.simulate(cell, "Hold at 9 V for 1 h")
    assert (
        "the surface left the range of open-circuit potential of LiCoO2, sputtered film"
        in result.ended[0]
    )
    assert "at x = 0.45" in result.ended[0]


def test_a_power_that_no_current_can_give(cell: filmcell.Cell) -> None:
    """It ends the step and says so."""
    result = filmcell.simulate(cell, "Charge at 0.1 mA until 4.2 V; Discharge at 1 W until 2.7 V")
    assert result.ended[1] == "no current can give 1000 mW"


@pytest.mark.parametrize("D", [1e-13, 1e-14, 1e-15])
@pytest.mark.parametrize("power", ["0.1 mW", "1 mW"])
def test_a_power_fades_where_the_voltage_would_collapse(
    cell: filmcell.Cell, D: float, power: str
) -> None:
    """Before a low voltage limit is reached, more current gives no more power."""
    text = f"Charge at 0.1 mA until 4.2 V; Discharge at {power} until 0.5 V"
    result = filmcell.simulate(cell.replace({"cathode.diffusivity": D}), text)
    assert result.ended[1] == f"no current can give {power}"
    assert result.voltage[-1] > 2.8  # converged: 2.826 V at 1 mW and 1e-13 m2/s
    assert_allclose(
        result.voltage[-1] * result.current[-1],
        float(power.split(maxsplit=1)[0]) * 1e-3,
        rtol=1e-9,
        atol=0,
    )


def test_options_are_checked(cell: filmcell.Cell) -> None:
    """An unknown option and a bad number are refused."""
    with pytest.raises(filmcell.InputError, match='unknown option "tolerence", expected one of'):
        filmcell.simulate(cell, CYCLE, tolerence=1e-8)
    with pytest.raises(filmcell.InputError, match="tolerance: -1 is not allowed, expected a numb"):
        filmcell.simulate(cell, CYCLE, tolerance=-1)


def test_a_step_that_is_over_at_once_says_so(cell: filmcell.Cell) -> None:
    """It passes no charge and shows the cell at rest."""
    result = filmcell.simulate(cell, "Discharge at 10 mA until 2.7 V; Rest for 1 s")
    assert result.ended[0] == "voltage reached 2.7 V at once"
    assert result.capacity[0] == 0
    assert result.current[0] == 0


def test_progress_is_reported(cell: filmcell.Cell) -> None:
    """After each step, with the number of all."""
    seen: list[tuple[int, int]] = []
    filmcell.simulate(cell, CYCLE, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_buffers_may_fill_up(cell: filmcell.Cell) -> None:
    """Hundreds of kept points in one step: the curve is the same as in one stretch."""
    text = "Charge at 0.1 mA until 4.2 V"
    fine = filmcell.simulate(cell, text, tolerance=1e-12, voltage_tolerance=1e-10, resolution=1e-8)
    coarse = filmcell.simulate(cell, text)
    assert fine.time.size > 4096
    assert (np.diff(fine.time) > 0).all()
    assert fine.capacity[0] == pytest.approx(coarse.capacity[0], rel=1e-6)


def test_results_and_errors_go_to_other_processes(cell: filmcell.Cell, result: Result) -> None:
    """Pickled and back: the same numbers, losses and provenance, whether asked for or not."""
    _ = result.losses, result.provenance, hash(cell)
    back = pickle.loads(pickle.dumps(result))
    assert_array_equal(back.voltage, result.voltage)
    assert_array_equal(back.losses["cathode diffusion"], result.losses["cathode diffusion"])
    assert dict(back.provenance) == dict(result.provenance)
    with pytest.raises(filmcell.SolveError) as caught:
        filmcell.simulate(cell, CYCLE, most_steps=5)
    error = pickle.loads(pickle.dumps(caught.value))
    assert str(error) == str(caught.value)
    assert_array_equal(error.partial.voltage, caught.value.partial.voltage)


def test_threads_give_the_same(cell: filmcell.Cell, result: Result) -> None:
    """Four at a time in two threads."""
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: filmcell.simulate(cell, CYCLE), range(4)))
    for other in results:
        assert_array_equal(other.voltage, result.voltage)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("wang2023-lco-lipon-li", CYCLE), "is not a cell, expected one such as load_cell gives"),
        ((None, 5), "5 is not a protocol, expected a Protocol"),
    ],
)
def test_wrong_arguments_are_refused(cell: filmcell.Cell, arguments, sentence: str) -> None:
    """In a sentence."""
    first = cell if arguments[0] is None else arguments[0]
    with pytest.raises(filmcell.InputError, match=sentence):
        filmcell.simulate(first, arguments[1])
    with pytest.raises(filmcell.InputError, match="5 is not a mesh, expected one such as"):
        filmcell.simulate(cell, CYCLE, mesh=5)
    with pytest.raises(filmcell.InputError, match="tolerance: 'a' is not allowed"):
        filmcell.simulate(cell, CYCLE, tolerance="a")


def test_a_step_that_does_not_exist_is_refused(result: Result) -> None:
    """Steps are counted from 1."""
    with pytest.raises(filmcell.InputError, match="step 0 does not exist, expected 1 to 2"):
        result.of_step(0)


@pytest.mark.parametrize("voltage", [2.8, 3.0, 3.2])
@pytest.mark.parametrize("thickness", ["1 um", "10 um"])
def test_a_hold_after_a_discharge(cell: filmcell.Cell, voltage: float, thickness: str) -> None:
    """Next to a full surface, where the voltage is infinitely steep in the composition."""
    text = (
        f"Charge at C/10 until 4.2 V; Discharge at C/2 until {voltage} V; "
        f"Hold at {voltage} V until C/50"
    )
    found = filmcell.simulate(cell.replace({"cathode.thickness": thickness}), text)
    assert found.ended[2] == "current reached C/50"
    assert (np.diff(found.current[found.of_step(3)]) <= 1e-12).all()
    assert_allclose(sum(found.losses.values()), found.voltage, rtol=0, atol=1e-9)
    if voltage > 3.1:  # below, the last bit of x is worth more than a nanovolt
        assert_allclose(found.voltage[found.of_step(3)], voltage, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("length", "D"), [("1 nm", 1e-12), ("10 nm", 1e-11), ("10 um", 1e-4)])
def test_films_in_which_diffusion_is_instant(cell: filmcell.Cell, length: str, D: float) -> None:
    """Stiff by fifteen decades: capacity is that of a film without gradients, nothing strays."""
    fast = cell.replace({"cathode.thickness": length, "cathode.diffusivity": D})
    found = filmcell.simulate(fast, "Charge at C/100 until 4.2 V; Discharge at C/100 until 2.7 V")
    x = found.concentration / fast.cathode.maximum_concentration
    assert x.min() > 0.5
    assert x.max() <= 1.0 + 1e-9
    uniform = fast.replace({"cathode.diffusivity": 1e-5 * fast.cathode.thickness})
    expected = filmcell.simulate(
        uniform, "Charge at C/100 until 4.2 V; Discharge at C/100 until 2.7 V"
    )
    assert_allclose(found.capacity, expected.capacity, rtol=1e-3, atol=0)


@pytest.mark.parametrize("thickness", ["5 um", "30 um"])
@pytest.mark.parametrize("D", [1e-13, 1e-14, 1e-15])
def test_the_default_mesh_gives_the_capacity_to_a_hundred_thousandth(
    cell: filmcell.Cell, thickness: str, D: float
) -> None:
    """Against a mesh 16 times finer and tight tolerances, as the README says."""
    trial = cell.replace({"cathode.thickness": thickness, "cathode.diffusivity": D})
    fine = Mesh.graded(640, trial.cathode.thickness, trial.cathode.thickness / 20_000)
    tight = filmcell.simulate(trial, CYCLE, mesh=fine, tolerance=1e-8, voltage_tolerance=1e-7)
    assert_allclose(filmcell.simulate(trial, CYCLE).capacity, tight.capacity, rtol=1e-5, atol=0)


def test_a_hold_far_below_a_full_film_keeps_its_charge(cell: filmcell.Cell) -> None:
    """Half a volt below the potential of the full film, where 1 - x has few digits left."""
    text = "Charge at C/2 for 10 min; Discharge at 1C until 2.75 V; Hold at 2.75 V until C/100"
    tight = {"tolerance": 1e-8, "voltage_tolerance": 1e-7, "resolution": 1e-3}
    found = filmcell.simulate(cell, text)
    expected = filmcell.simulate(cell, text, **tight)
    assert found.ended == expected.ended
    assert_allclose(found.capacity[2], expected.capacity[2], rtol=1e-4, atol=0)
    assert found.time.size < 5000
