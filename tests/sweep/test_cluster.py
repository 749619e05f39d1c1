"""The same sweep on processes of Dask: the same bits, also where a worker is killed."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from cheap import pulses
from test_store import digests, is_whole

from filmcell.errors import InputError, MissingExtra
from filmcell.sweep import cluster as cluster_module
from filmcell.sweep.cluster import ClusterError, connected, run_on_cluster
from filmcell.sweep.run import run_sweep

pytest.importorskip("distributed")

pytestmark = [
    # what distributed itself leaves open as its processes are stopped or killed
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two processes on this machine."""
    with connected(None, 2) as client:
        yield client


def test_two_workers_give_the_same_store(client: Any, tmp_path: Path) -> None:
    """The same files, bit by bit, as threads; progress counts every design once."""
    plan = pulses(400, curves=True)
    told: list[int] = []
    run_on_cluster(plan, tmp_path / "dask", client, progress=told.append)
    run_sweep(plan, tmp_path / "threads")
    assert digests(tmp_path / "dask") == digests(tmp_path / "threads")
    assert sum(told) == 400


def test_threads_and_workers_go_on_with_each_others_store(client: Any, tmp_path: Path) -> None:
    """In both directions; a complete store needs no worker."""
    plan = pulses(200)
    for first, then in ((run_sweep, run_on_cluster), (run_on_cluster, run_sweep)):
        folder = tmp_path / first.__name__
        runs = {run_sweep: lambda f: run_sweep(plan, f),
                run_on_cluster: lambda f: run_on_cluster(plan, f, client)}  # fmt: skip
        store = runs[first](folder)
        whole = digests(folder)
        for number in (0, 3, 9):
            store.done()[number].unlink()
        runs[then](folder)
        assert digests(folder) == whole
    again = run_on_cluster(plan, tmp_path / "run_sweep", client)
    is_whole(again, plan)


def test_killed_workers_cost_only_their_parts(client: Any, tmp_path: Path) -> None:
    """One is killed, later both at once: the plan and their parts go to whoever takes over."""
    plan = pulses(2000)
    killed: list[int] = []
    moments = [(200, 1), (900, 2)]
    done = 0

    def kill(count: int) -> None:
        nonlocal done
        done += count
        if moments and done > moments[0][0]:
            _, many = moments.pop(0)
            for pid in _alive(client, killed)[:many]:
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)

    store = run_on_cluster(plan, tmp_path / "s", client, progress=kill)
    assert len(killed) == 3
    is_whole(store, plan)
    assert done == plan.count


def _alive(client: Any, killed: list[int]) -> list[int]:
    """Processes of both workers; one that was killed is waited for until it is back."""
    for _ in range(600):
        client.wait_for_workers(2, timeout=60)
        pids = set(client.run(os.getpid, on_error="ignore").values()) - set(killed)
        if len(pids) == 2:
            return sorted(pids)
        sleep(0.1)
    raise AssertionError(f"workers did not come back after {killed} were killed")


def test_another_cluster_of_this_machine_does_not_matter() -> None:
    """The usual port is taken, and nothing is said of it."""
    with socket.socket() as taken:
        with suppress(OSError):  # then somebody else has it
            taken.bind(("", 8787))
            taken.listen()
        with connected(None, 1) as client:
            assert client.submit(abs, -3).result() == 3


def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    """Its numbers could be others."""
    with pytest.raises(
        ClusterError, match=r"a worker has filmcell .*, expected 0\.0\.0, as results"
    ):
        cluster_module._part(pulses(20), 0, "0.0.0")


def test_a_slip_on_a_worker_stops_the_sweep(client: Any, tmp_path: Path) -> None:
    """It is not tried again and again, and not taken for a design that failed."""
    _alive(client, [])
    client.run(_break)
    try:
        with pytest.raises(TypeError, match="a slip"):
            run_on_cluster(pulses(77, 11), tmp_path / "s", client)
    finally:
        client.run(_mend)
    is_whole(run_on_cluster(pulses(78, 13), tmp_path / "t", client), pulses(78, 13))


def _break() -> None:
    """Make every part of a worker raise."""

    def slip(*_: object) -> None:
        raise TypeError("a slip")

    cluster_module._kept = cluster_module.compute_part  # type: ignore[attr-defined]
    cluster_module.compute_part = slip  # type: ignore[assignment]


def _mend() -> None:
    """Undo it."""
    cluster_module.compute_part = cluster_module._kept  # type: ignore[attr-defined]


def test_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers."""
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    with (
        pytest.raises(ClusterError, match=r"tcp://127\.0\.0\.1:9: no scheduler answers there"),
        connected("tcp://127.0.0.1:9", None),
    ):
        pass


@pytest.mark.parametrize("error", [OSError, TimeoutError, ValueError, TypeError])
def test_what_is_no_address(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    """Whatever Dask makes of it is one sentence."""

    def refuse(*_: object, **__: object) -> None:
        raise error("not an address")

    monkeypatch.setattr("distributed.Client", refuse)
    sentence = r"nowhere: no scheduler answers there \(not an address\)"
    with pytest.raises(ClusterError, match=sentence), connected("nowhere", None):
        pass


@pytest.mark.parametrize("workers", [0, -1, 1.5, True])
def test_workers_are_a_whole_number(workers: Any) -> None:
    """Refused before anything is started."""
    with (
        pytest.raises(
            InputError, match=r"workers: .* is not allowed, expected a whole number from 1"
        ),
        connected(None, workers),
    ):
        pass


@pytest.mark.parametrize("both", [(None, None), ("tcp://127.0.0.1:9", 2)])
def test_either_a_scheduler_or_workers(both: tuple[Any, Any]) -> None:
    """Neither none nor both."""
    sentence = "expected either the address of a scheduler or a number of workers"
    with pytest.raises(InputError, match=sentence), connected(*both):
        pass


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingExtra, match=r"running on a cluster needs filmcell\[cluster\]"),
        connected(None, 1),
    ):
        pass
