"""Kill a sweep of 2000 designs at random moments, go on each time, and compare the end.

python benchmarks/kill_sweep.py [--kills 20] [--seed 6] [--workers 2]

Each run is a process of its own that is killed with SIGKILL after a random time; with --workers one
of its Dask workers is killed instead. What is left must be a valid store each time, and in the end
the same files, to the bit, as those of a run that nobody disturbed.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from filmcell.sweep.cluster import connected, run_on_cluster
from filmcell.sweep.plan import Plan
from filmcell.sweep.plan_file import load_plan
from filmcell.sweep.run import run_sweep
from filmcell.sweep.store import read_store

PLAN = """
cell = "wang2023-lco-lipon-li"
protocol = "Charge at {current} until 4.2 V; Discharge at {current} until 2.7 V"
rows_per_part = 10
[axes]
"cathode.thickness" = { from = "1 um", to = "20 um", spacing = "log" }
lower_voltage = { from = "2.6 V", to = "4.3 V" }
current = ["0.02 mA/cm2", "0.1 mA/cm2"]
[sampling]
kind = "sobol"
points = 2000
"""
RUN = "from filmcell.cli import main; main()"


def digests(folder: Path) -> dict[str, str]:
    """Every file of a store by the hash of its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def check(folder: Path) -> tuple[int, int]:
    """Designs that are there, each once, and files that were left half-written."""
    if not (folder / "manifest.json").exists():
        return 0, 0
    store = read_store(folder)
    if store.done():
        assert store.read()["design"].is_unique().all()
        assert store.read().height == store.designs_done
    assert store.set_damaged_aside() == []
    return store.designs_done, len(list(folder.rglob("*.tmp")))


def run_until(plan: Path, folder: Path, seconds: float) -> tuple[bool, float]:
    """Run the command and kill it some time after its first part is there.

    Returns whether it was still running then, and how long it ran after its first part.
    """
    command = [sys.executable, "-c", RUN, "sweep", str(plan), "--out", str(folder)]
    there = len(list(folder.glob("parts/part-*")))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(folder.glob("parts/part-*"))) == there:
            time.sleep(0.002)
        begun = time.perf_counter()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return True, time.perf_counter() - begun
    return False, time.perf_counter() - begun


def killed_runs(file: Path, folder: Path, kills: int, rng: random.Random) -> None:
    """Kill a run at random moments of its work; one that is complete is begun anew."""
    _, work = run_until(file, folder.with_name("timed"), 600.0)
    print(f"one run undisturbed works for {work:.1f} s; killed at random moments of that")
    done, count = 0, 0
    while count < kills:
        after = rng.uniform(0.0, 0.5 * work)
        killed, _ = run_until(file, folder, after)
        count += killed
        before, (done, halves) = done, check(folder)
        print(f"{'killed' if killed else 'ended'} after {after:6.3f} s: {done:5d} designs "
              f"({done - before:+d}), {halves} half-written")  # fmt: skip
        if read_store(folder).is_complete and count < kills:
            for path in read_store(folder).done().values():
                path.unlink()
            done = 0


def killed_workers(plan: Plan, folder: Path, kills: int, workers: int, rng: random.Random) -> None:
    """Kill workers of a cluster while the sweep runs; others take over."""
    moments = sorted(rng.sample(range(50, int(0.9 * plan.count)), kills))
    done = 0
    with connected(None, workers) as client:

        def progress(count: int) -> None:
            nonlocal done
            done += count
            if moments and done > moments[0]:
                moments.pop(0)
                pids = list(client.run(os.getpid, on_error="ignore").values())
                pid = rng.choice([p for p in pids if isinstance(p, int)])
                os.kill(pid, signal.SIGKILL)
                print(f"killed worker {pid} after {done} designs")

        run_on_cluster(plan, folder, client, progress=progress)


def main() -> None:
    """Kill, go on, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--workers", type=int)
    told = parser.parse_args()
    rng = random.Random(told.seed)
    with tempfile.TemporaryDirectory() as top:
        file, folder = Path(top) / "plan.toml", Path(top) / "killed"
        file.write_text(PLAN, "utf-8")
        plan = load_plan(file)
        if told.workers:
            killed_workers(plan, folder, told.kills, told.workers, rng)
        else:
            killed_runs(file, folder, told.kills, rng)
        run_sweep(plan, folder)
        table, whole = read_store(folder).read(), run_sweep(plan, Path(top) / "whole")
        assert digests(folder) == digests(whole.folder), "the stores differ"
        assert table.equals(whole.read())
        assert table["design"].to_list() == list(range(plan.count))
        failed = table.filter(status="failed").height
        print(f"{told.kills} kills: {table.height} designs, each once ({failed} failed by name), "
              "all files the same to the bit as of a run undisturbed")  # fmt: skip


if __name__ == "__main__":
    main()
