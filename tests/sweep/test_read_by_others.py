"""A store is read by others: polars, pandas, DuckDB, xarray, each finding the same numbers."""

import sys
from pathlib import Path

import numpy as np
import polars
import pytest
from cheap import CYCLE, WANG, pulses
from numpy.testing import assert_array_equal

from filmcell.errors import InputError, MissingExtra
from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.labelled import to_xarray
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import run_sweep, sweep_table
from filmcell.sweep.sampling import Sobol
from filmcell.sweep.store import Store

GRID = Plan(
    WANG,
    "Charge at {current} for 1 min; Discharge at {current} for 30 s",
    {
        "cathode.thickness": LogRange("1 um", "10 um", 4),
        "cathode.shape": Values(("film", "sphere")),
        "lower_voltage": Range("2.7 V", "4.3 V", 3),
        "current": Values(("C/10", "C/5")),
    },
    rows_per_part=7,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The grid as a store; a third of its designs are refused."""
    return run_sweep(GRID, tmp_path_factory.mktemp("readers") / "s", threads=1)


def test_polars_and_pandas(store: Store) -> None:
    """As a query, as a table, and as the one of pandas."""
    query = polars.scan_parquet(f"{store.folder}/parts/*.parquet")
    assert query.sort("design").collect().equals(store.read())
    good = store.scan().filter(polars.col("status") == "ok")
    assert good.select("utilisation").collect()["utilisation"].is_not_null().all()
    pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = store.read().to_pandas()
    assert len(frame) == GRID.count
    assert_array_equal(frame["utilisation"], store.read()["utilisation"].to_numpy())


def test_duckdb(store: Store) -> None:
    """Counted, grouped and with the lists of the steps."""
    duckdb = pytest.importorskip("duckdb")
    source = f"'{store.folder}/parts/*.parquet'"
    rows = duckdb.sql(
        f'select "cathode.shape", count(*), count(utilisation), max(step_capacity_mAh[2]) '
        f"from {source} group by 1 order by 1"
    ).fetchall()
    table = store.read()
    for shape, count, known, most in rows:
        of_shape = table.filter(polars.col("cathode.shape") == shape)
        assert (count, known) == (24, of_shape["utilisation"].is_not_null().sum())
        second = of_shape["step_capacity_mAh"].list.get(1, null_on_oob=True)
        assert most == second.max()
    assert len(rows) == 2


def test_xarray(store: Store) -> None:
    """A dimension for every axis; numbers where their coordinates say."""
    pytest.importorskip("xarray")
    table = store.read()
    grid = to_xarray(GRID, table.sample(fraction=1.0, shuffle=True, seed=1))
    assert dict(grid.sizes) == {
        "cathode.thickness": 4, "cathode.shape": 2, "lower_voltage": 3, "current": 2,
    }  # fmt: skip
    units = {name: grid[name].attrs["units"] for name in grid.dims}
    assert units == {**GRID.units}
    assert grid["utilisation"].attrs["long_name"].startswith("discharge capacity over")
    assert "step_ended" not in grid
    for row in table.rows(named=True):
        here = grid.sel({key: row[key] for key in GRID.axes})
        assert int(here["design"]) == row["design"]
        assert str(here["reason"].item()) == row["reason"]
        wanted = np.nan if row["utilisation"] is None else row["utilisation"]
        assert_array_equal(here["utilisation"], wanted)


def test_only_a_whole_grid_has_dimensions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points of another sampling, and a run that is not done, are refused."""
    with pytest.raises(InputError, match="only a grid has a dimension for every axis"):
        to_xarray(pulses(4, sampling=Sobol(4)), sweep_table(pulses(4)))
    with pytest.raises(InputError, match="47 rows of 48 are there, expected all of them"):
        to_xarray(GRID, store.read()[1:])
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(MissingExtra, match=r"a labelled table needs filmcell\[xarray\]"):
        to_xarray(GRID, store.read())


def test_curves_join_their_designs(tmp_path: Path) -> None:
    """The curves of a store have the numbers of its designs."""
    axes = {"cathode.thickness": Range("2 um", "4 um", 3), "current": Values(("1C",))}
    store = run_sweep(Plan(WANG, CYCLE, axes, curves=True), tmp_path / "s")
    ends = (
        store.scan("curves")
        .group_by("design", "step")
        .agg(
            polars.col("voltage_V").sort_by("time_s").last(),
            polars.col("time_s").max() - polars.col("time_s").min(),
        )
    )
    for row in ends.collect().rows(named=True):
        design = store.read().row(row["design"], named=True)
        assert design["step_end_voltage_V"][row["step"] - 1] == pytest.approx(row["voltage_V"])
        assert design["step_duration_s"][row["step"] - 1] == pytest.approx(row["time_s"])
