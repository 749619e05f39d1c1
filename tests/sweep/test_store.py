"""Stores: valid at any moment, whatever happens to the run, the disk or the files."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cheap import pulses, written
from polars.testing import assert_frame_equal

from filmcell.errors import InputError
from filmcell.sweep import store as store_module
from filmcell.sweep.axes import Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import run_sweep, sweep_table
from filmcell.sweep.sampling import Paired
from filmcell.sweep.store import Store, StoreError, open_store, read_store

RUN = "import sys; from filmcell.cli import main; main()"


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder, by the hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def is_whole(store: Store, plan: Plan) -> None:
    """Every design once and in order, and no other file than parts and the manifest."""
    assert store.is_complete
    assert store.designs_done == plan.count
    assert_frame_equal(store.read(), sweep_table(plan), check_exact=True)
    names = {path.name for path in store.folder.rglob("*") if path.is_file()}
    wanted = {path.name for kind in store.kinds for path in store.done(kind).values()}
    assert names == {"manifest.json"} | wanted
    assert len(wanted) == plan.parts * len(store.kinds)


def test_a_store_is_the_table_in_parts(tmp_path: Path) -> None:
    """Written, read, read again by another; the same files whatever the threads."""
    plan = pulses(95)
    store = run_sweep(plan, tmp_path / "a", threads=1)
    is_whole(store, plan)
    is_whole(read_store(str(tmp_path / "a")), plan)
    run_sweep(plan, str(tmp_path / "b"), threads=3)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text("utf-8"))
    assert (manifest["designs"], manifest["parts"], manifest["plan_hash"]) == (95, 5, plan.hash)
    assert manifest["columns"]["cathode.thickness"] == "axis, SI: m"


def test_a_complete_store_is_left_alone(tmp_path: Path) -> None:
    """Running it again computes nothing and changes no byte."""
    run_sweep(pulses(60), tmp_path / "s")
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in (tmp_path / "s").rglob("*.*")}
    run_sweep(pulses(60), tmp_path / "s")
    after = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in (tmp_path / "s").rglob("*.*")}
    assert after == before


@pytest.mark.parametrize("hurt", ["changed", "short", "empty", "long"])
def test_a_damaged_part_is_set_aside_and_made_again(tmp_path: Path, hurt: str) -> None:
    """Found by the hash in its name; the rest is not computed again."""
    plan = pulses(100)
    whole = digests(run_sweep(plan, tmp_path / "s").folder)
    path = read_store(tmp_path / "s").done()[3]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    told = {"changed": bytes(content), "short": path.read_bytes()[:-7], "empty": b"",
            "long": path.read_bytes() + b"\0"}  # fmt: skip
    path.write_bytes(told[hurt])
    progress: list[int] = []
    store = run_sweep(plan, tmp_path / "s", progress=progress.append)
    assert progress[0] == 80
    assert [p.name for p in store.aside()] == [path.with_suffix(".damaged").name]
    assert store.aside()[0].read_bytes() == told[hurt]
    store.aside()[0].unlink()
    assert digests(store.folder) == whole


def test_damaged_curves_are_made_again_with_their_part(tmp_path: Path) -> None:
    """Also curves that are gone: a part is there only with its curves."""
    plan = pulses(60, curves=True)
    store = run_sweep(plan, tmp_path / "s")
    whole = digests(store.folder)
    is_whole_with_curves(store, plan)
    store.done("curves")[1].write_bytes(b"nothing")
    store.done("curves")[2].unlink()
    assert store.missing() == [2]
    again = run_sweep(plan, tmp_path / "s")
    again.aside()[0].unlink()
    assert digests(again.folder) == whole


def is_whole_with_curves(store: Store, plan: Plan) -> None:
    """All parts and all curves, one curve for each design that did not fail."""
    assert store.is_complete
    assert len(store.done()) == len(store.done("curves")) == plan.parts
    good = store.read().filter(status="ok")["design"].to_list()
    assert store.scan("curves").collect()["design"].unique().sort().to_list() == good


def test_two_files_of_one_part_are_one_too_many(tmp_path: Path) -> None:
    """Whoever reads all files would find designs twice."""
    plan = pulses(60)
    store = run_sweep(plan, tmp_path / "s")
    content = store.done()[0].read_bytes()
    store.write(1, content)  # as if another machine had come to other bits
    assert len(list((tmp_path / "s" / "parts").iterdir())) == 4
    again = run_sweep(plan, tmp_path / "s")
    assert len(again.aside()) == 1
    assert len(list((tmp_path / "s" / "parts").glob("*.parquet"))) == 3


def test_leftovers_of_a_run_that_was_killed_go(tmp_path: Path) -> None:
    """Temporary files are removed, those of others stay."""
    plan = pulses(60)
    store = run_sweep(plan, tmp_path / "s")
    whole = digests(store.folder)
    (store.folder / "parts" / ".part-00000001-0123456789abcdef.parquet.tmp").write_bytes(b"half")
    run_sweep(plan, tmp_path / "s")
    assert digests(store.folder) == whole


@pytest.mark.parametrize("left", [(), ("manifest",), ("folder",), ("folder", "manifest.tmp")])
def test_a_run_that_was_killed_as_it_began_goes_on(tmp_path: Path, left: tuple[str, ...]) -> None:
    """Whichever of its first files and folders there are."""
    plan, folder = pulses(40), tmp_path / "s"
    if left:
        folder.mkdir()
    if "manifest" in left:
        other = open_store(tmp_path / "other", plan)
        shutil.copy(other.folder / "manifest.json", folder)
    if "manifest.tmp" in left:
        (folder / ".manifest.json.tmp").write_text('{"format": 1', "utf-8")
    is_whole(run_sweep(plan, folder), plan)


def test_nothing_half_written_has_the_name_of_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are on the disk under another name before the name of the part appears."""
    told: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def watched_fsync(handle: int) -> None:
        names = [p.name for p in (tmp_path / "s").rglob("*part-*")]
        assert all(n.startswith(".") and n.endswith(".tmp") for n in names if "done" not in told)
        told.append("fsync")
        fsync(handle)

    def watched_replace(self: Path, target: Path) -> Path:
        assert told[-1] == "fsync"
        told.append("done")
        return replace(self, target)

    store = open_store(tmp_path / "s", pulses(20))
    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(Path, "replace", watched_replace)
    store.write(0, b"content")
    assert told[:2] == ["fsync", "done"]
    assert len(told) == (3 if os.name == "posix" else 2)  # the folder too, where that can be
    assert store.done()[0].read_bytes() == b"content"


def test_ctrl_c_while_a_part_is_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the part nor the half of it."""

    def stop(handle: int) -> None:
        raise KeyboardInterrupt

    store = open_store(tmp_path / "s", pulses(20))
    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        store.write(0, b"content")
    assert not list((tmp_path / "s" / "parts").iterdir())


def test_a_long_plan_has_a_long_manifest(tmp_path: Path) -> None:
    """A list of a hundred thousand designs is read again."""
    from cheap import WANG

    values = Values(tuple(1e-6 * (1.0 + 1e-5 * k) for k in range(100_000)))
    plan = Plan(WANG, "Rest for 1 s", {"cathode.thickness": values}, Paired())
    store = open_store(tmp_path / "s", plan)
    assert (store.folder / "manifest.json").stat().st_size > 1_000_000
    assert open_store(tmp_path / "s", plan).missing() == list(range(50))


def start(plan: Path, folder: Path) -> "subprocess.Popen[bytes]":
    """Begin a sweep in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "sweep", str(plan), "--out", str(folder), "--threads", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def wait_for_parts(process: "subprocess.Popen[bytes]", folder: Path, count: int) -> None:
    """Wait until so many parts are there, or the process has ended."""
    deadline = time.monotonic() + 60.0
    while process.poll() is None and time.monotonic() < deadline:
        if len(list(folder.glob("parts/part-*.parquet"))) >= count:
            return
        time.sleep(0.002)


def test_killed_at_random_moments_it_ends_the_same(tmp_path: Path) -> None:
    """SIGKILL three times in 2000 designs: no row lost, none doubled, the same bits."""
    plan, folder, rng = pulses(2000, 20), tmp_path / "s", random.Random(7)
    file = written(tmp_path / "plan.toml", 2000, 20)
    killed = 0
    for share in (0.1, 0.4, 0.7):
        process = start(file, folder)
        wait_for_parts(process, folder, int(100 * share))
        time.sleep(rng.uniform(0.0, 0.05))
        process.kill()
        killed += process.wait() == -9
        assert not read_store(folder).is_complete
        assert process.stderr is not None
        process.stderr.close()
    assert killed == 3
    is_whole(run_sweep(plan, folder), plan)
    assert digests(folder) == digests(run_sweep(plan, tmp_path / "whole").folder)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    """Mount a disk of a few kilobytes, where that is allowed."""
    path.mkdir()
    if not sys.platform.startswith("linux") or os.getuid() != 0:
        pytest.skip("mounting a small disk needs Linux and root")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def remount(path: Path, *options: str) -> None:
    """Change a mounted disk."""
    subprocess.run(["mount", "-o", ",".join(("remount", *options)), str(path)], check=True)


def test_a_full_disk_ends_with_a_sentence_and_goes_on(tmp_path: Path) -> None:
    """What is done is valid, nothing half-written stays, and with room the table is the same."""
    plan, disk = pulses(800, 40), tmp_path / "disk"
    with small_disk(disk, "128k"):
        folder = disk / "s"
        sentence = r"s/parts: the disk is full; what is done is kept, and the same sweep goes on"
        for _ in range(2):  # and again, without room
            with pytest.raises(StoreError, match=sentence):
                run_sweep(plan, folder)
        store = read_store(folder)
        assert 0 < len(store.done()) < plan.parts
        assert not list(folder.rglob("*.tmp"))
        assert not store.aside()
        done = store.read()
        assert done["design"].is_unique().all()
        remount(disk, "size=4m")
        is_whole(run_sweep(plan, folder), plan)


def test_a_disk_that_is_full_at_once(tmp_path: Path) -> None:
    """Not even a manifest fits; nothing is left that would keep the sweep from beginning."""
    plan, disk = pulses(40), tmp_path / "disk"
    with small_disk(disk, "32k"):
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        with pytest.raises(StoreError, match=r"s?: the disk is full; what is done is kept"):
            run_sweep(plan, disk / "s")
        filler.unlink()
        remount(disk, "size=4m")
        is_whole(run_sweep(plan, disk / "s"), plan)


def test_a_disk_that_cannot_be_written_to(tmp_path: Path) -> None:
    """Of a complete store nothing is asked but reading; one that is not complete says so."""
    plan, disk = pulses(60), tmp_path / "disk"
    with small_disk(disk, "4m"):
        store = run_sweep(plan, disk / "s")
        (disk / "new").mkdir()
        store.done()[1].unlink()
        before = digests(disk)
        remount(disk, "ro")
        for name in ("s", "new", "none/below"):
            with pytest.raises(StoreError, match=r"cannot be written \(Read-only file system\)"):
                run_sweep(plan, disk / name)
        assert digests(disk) == before
        remount(disk, "rw")
        is_whole(run_sweep(plan, disk / "s"), plan)


def test_what_the_disk_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other error of the disk is a sentence too, also while damaged parts are set aside."""

    def refuse(*_: object, **__: object) -> Any:
        raise PermissionError(13, "Permission denied")

    store = run_sweep(pulses(40), tmp_path / "s")
    store.done()[0].write_bytes(b"damaged")
    monkeypatch.setattr(Path, "replace", refuse)
    sentence = r"parts: cannot be written \(Permission denied\); what is done is kept"
    with pytest.raises(StoreError, match=sentence):
        run_sweep(pulses(40), tmp_path / "s")
    monkeypatch.undo()
    monkeypatch.setattr(store_module.os, "fsync", refuse)
    with pytest.raises(StoreError, match=sentence):
        store.write(0, b"")
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_store_without_parts_has_no_table(tmp_path: Path) -> None:
    """It says so, rather than something about files."""
    store = open_store(tmp_path / "s", pulses(40))
    with pytest.raises(InputError, match="has no parts yet, expected a sweep that was begun"):
        store.read()
    with pytest.raises(InputError, match="has no curves yet"):
        store.scan("curves")
