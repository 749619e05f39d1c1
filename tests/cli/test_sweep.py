"""The command of sweeps: text, JSON, CSV, Ctrl-C, refusals in one sentence."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars
import pytest
import typer
from typer.testing import CliRunner, Result

from filmcell.cli import sweep
from filmcell.sweep.plan_file import load_plan
from filmcell.sweep.run import run_sweep, sweep_table
from filmcell.sweep.store import read_store

PLAN = """
cell = "wang2023-lco-lipon-li"
protocol = "Charge at {current} for 1 min; Discharge at {current} for 30 s"
rows_per_part = 20

[axes]
"cathode.thickness" = { from = "1 um", to = "10 um", spacing = "log" }
lower_voltage = { from = "2.7 V", to = "4.4 V" }
current = ["0.01 mA/cm2", "0.1 mA/cm2"]

[sampling]
kind = "sobol"
points = COUNT
"""

app = typer.Typer()
app.command("sweep")(sweep.sweep)
app.command("other")(lambda: None)  # a second one, so that the first keeps its name


def call(*words: str | Path | int) -> Result:
    """Run the command."""
    return CliRunner().invoke(app, ["sweep", *(str(w) for w in words)])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan of 64 designs, some of which are refused."""
    path = tmp_path / "plan.toml"
    path.write_text(PLAN.replace("COUNT", "64"), "utf-8")
    return path


def test_text_json_and_csv_tell_the_same(plan: Path, tmp_path: Path) -> None:
    """And all of it is what the store holds."""
    csv, out = tmp_path / "table.csv", tmp_path / "s"
    done = call(plan, "--out", out, "--csv", csv, "--threads", 1)
    assert done.exit_code == 0, done.output
    table = read_store(out).read()
    failed = table.filter(status="failed")
    assert table.equals(sweep_table(load_plan(plan)))
    assert f"64 designs in {out}" in done.stdout
    assert f"failed: {failed.height}" in done.stdout
    assert failed.height > 5
    assert 'read it: polars.scan_parquet("' in done.stdout
    flat = polars.read_csv(csv)
    assert flat.columns == [c for c in table.columns if not table.schema[c].is_nested()]
    assert flat["utilisation"].to_list() == table["utilisation"].to_list()
    told = json.loads(call(plan, "--out", out, "--json").stdout)
    assert (told["designs"], told["failed"], told["store"]) == (64, failed.height, str(out))
    assert sum(told["reasons"].values()) == failed.height
    assert told["utilisation"] == [table["utilisation"].min(), table["utilisation"].max()]
    assert told["plan_hash"] == load_plan(plan).hash


def test_the_store_is_named_after_the_plan(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the current folder, if nothing else is said."""
    monkeypatch.chdir(plan.parent)
    assert call("plan.toml").exit_code == 0
    assert read_store("plan.sweep").is_complete


def test_damaged_parts_are_told(plan: Path, tmp_path: Path) -> None:
    """A file that was changed is set aside, and the user hears of it."""
    store = run_sweep(load_plan(plan), tmp_path / "s")
    store.done()[2].write_bytes(b"changed")
    done = call(plan, "--out", tmp_path / "s")
    assert done.exit_code == 0
    assert "set aside, as it was damaged, and made again: " in done.stdout
    assert read_store(tmp_path / "s").is_complete


def test_all_designs_may_fail(tmp_path: Path) -> None:
    """There is nothing to sum up then, but nothing breaks."""
    path = tmp_path / "plan.toml"
    path.write_text(
        'cell = "wang2023-lco-lipon-li"\nprotocol = "Charge at 1C until 2 V"\n'
        "[axes]\ntemperature = [300, 310]\n",
        "utf-8",
    )
    done = call(path, "--out", tmp_path / "s")
    assert done.exit_code == 0, done.output
    assert "failed: 2" in done.stdout
    assert '2: "Charge at 1C until 2 V" charges to 2 V, expected a limit above' in done.stdout
    told = json.loads(call(path, "--out", tmp_path / "s", "--json").stdout)
    assert told["utilisation"] == [None, None]


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_workers_of_this_machine(plan: Path, tmp_path: Path) -> None:
    """The same store as with threads."""
    pytest.importorskip("distributed")
    done = call(plan, "--out", tmp_path / "dask", "--workers", 2)
    assert done.exit_code == 0, done.output
    threads = run_sweep(load_plan(plan), tmp_path / "threads")
    assert read_store(tmp_path / "dask").done().keys() == threads.done().keys()
    assert [p.name for p in read_store(tmp_path / "dask").done().values()] == [
        p.name for p in threads.done().values()
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--workers", 2, "--scheduler", "tcp://127.0.0.1:9"),
         "--scheduler and --workers: expected one of them"),
        (("--workers", 2, "--threads", 2),
         "--threads is of this process, expected it without a cluster"),
        (("--scheduler", "tcp://127.0.0.1:9", "--threads", 2),
         "--threads is of this process, expected it without a cluster"),
        (("--csv", "{folder}/plan.toml"),
         "plan.toml: exists already, expected the name of a new file"),
        (("--csv", "{folder}/none/x.csv"), "none does not exist"),
        (("--out", "{folder}/plan.toml"), "plan.toml: is a file, expected a folder for the sweep"),
        (("--out", "{folder}"), "holds other files, expected an empty folder or a sweep"),
    ],
)  # fmt: skip
def test_refusals(plan: Path, options: tuple[str, ...], sentence: str) -> None:
    """One sentence on standard error, status 2, also as JSON; nothing is made."""
    words = [str(w).replace("{folder}", str(plan.parent)) for w in options]
    out = [] if "--out" in words else ["--out", str(plan.parent / "s")]
    before = sorted(p.name for p in plan.parent.iterdir())
    done = call(plan, *words, *out)
    assert (done.exit_code, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    as_json = call(plan, *words, *out, "--json")
    assert sentence in json.loads(as_json.stdout)["error"]
    assert sorted(p.name for p in plan.parent.iterdir()) == before


def test_a_bad_plan_is_one_sentence(tmp_path: Path) -> None:
    """As from Python."""
    (tmp_path / "plan.toml").write_text('cell = "none"', "utf-8")
    done = call(tmp_path / "plan.toml", "--out", tmp_path / "s")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "plan.toml: protocol is missing, expected a protocol" in done.stderr
    assert not (tmp_path / "s").exists()


def start(plan: Path, out: Path, *words: str) -> "subprocess.Popen[str]":
    """Begin the command in a process of its own."""
    code = "from filmcell.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "sweep", str(plan), "--out", str(out), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_leaves_a_valid_store(tmp_path: Path, as_json: bool) -> None:
    """Status 130, how much is done, how to go on; and it does go on."""
    plan, out = tmp_path / "plan.toml", tmp_path / "s"
    plan.write_text(PLAN.replace("COUNT", "20000"), "utf-8")
    process = start(plan, out, *(["--json"] if as_json else []))
    deadline = time.monotonic() + 60.0
    while not list(out.glob("parts/part-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert time.monotonic() - begun < 10.0
    assert process.returncode == 130, stderr
    store = read_store(out)
    done = store.designs_done
    assert 0 < done < 20_000
    assert f"filmcell: stopped: {done} of 20000 designs are in {out}; the same command goes on" in (
        " ".join(stderr.split())
    )
    assert "Traceback" not in stderr
    assert store.read()["design"].is_unique().all()
    assert not list(out.rglob("*.tmp"))
    if as_json:
        told = json.loads(stdout)
        assert told == {"stopped": True, "done": done, "designs": 20_000, "store": str(out)}
