"""The same plan on many processes or machines, through Dask; only the caller writes the store.

A part is a pure function of the plan and its number, so it does not matter which worker computes
it, nor how often. A worker that dies costs the parts that it was busy with, which others make.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filmcell import __version__
from filmcell.errors import FilmcellError, InputError, MissingExtra
from filmcell.sweep.plan import Plan
from filmcell.sweep.run import Progress, begun, compute_part, files_of, write_files
from filmcell.sweep.store import Store
from filmcell.units import shown

if TYPE_CHECKING:
    from distributed import Client

AHEAD = 3
"""Parts that wait at each thread of a worker, so that none is idle."""

PATIENCE = 15.0
"""How long to wait for the answer of a scheduler [s]."""

_KEPT = "what is done is kept, and the same sweep goes on from there"


Files = tuple[int, bytes, bytes | None]
"""Number of a part, its table and its curves as they are written."""


class ClusterError(FilmcellError):
    """A cluster that cannot be reached or has lost its workers; the store is valid."""


def run_on_cluster(
    plan: Plan, folder: str | Path, client: "Client", *, progress: Progress | None = None
) -> Store:
    """Run a plan on a cluster into a store of this machine, or go on with one.

    Parameters
    ----------
    plan : Plan
        The plan.
    folder : str or Path
        Folder of the store; the workers do not need to see it.
    client : distributed.Client
        Connected to the scheduler.
    progress : callable, optional
        Told the number of designs done since the last call; first those of the store.

    Returns
    -------
    Store
        The store, complete.

    Raises
    ------
    InputError
        Where the folder holds something else.
    ClusterError
        Where workers died over one part again and again.
    """
    store = begun(plan, folder, progress)
    for number, rows, curves in _gathered(plan, store.missing(), client):
        write_files(store, number, rows, curves)
        if progress is not None:
            first, last = plan.span(number)
            progress(last - first)
    return store


def _gathered(plan: Plan, numbers: list[int], client: "Client") -> Iterator[Files]:
    """Submit parts, only so many ahead, and give them as they come."""
    from distributed import as_completed

    if not numbers:
        return
    # a task, not scattered data: it is made again where the worker that had it dies
    sent: Any = client.submit(_given, plan, key=f"plan-{plan.hash[:16]}")
    left = iter(numbers)

    def submitted(count: int) -> list[Any]:
        return [
            client.submit(_part, sent, number, __version__, key=f"part-{plan.hash[:16]}-{number}")
            for number in islice(left, count)
        ]

    coming = as_completed(submitted(_ahead(client)))
    with _lost_workers():
        for future in coming:
            part = future.result()
            # asked each time, as workers may come and go
            coming.update(submitted(max(_ahead(client) - coming.count(), 1)))
            yield part


def _ahead(client: "Client") -> int:
    """How many parts may be under way."""
    return max(AHEAD * sum(client.nthreads().values()), AHEAD)


def _given(plan: Plan) -> Plan:
    """Hold the plan on the cluster, so that it is not sent with every part."""
    return plan


def _part(plan: Plan, number: int, version: str) -> Files:
    """Compute a part on a worker, which must have the same version; it makes the files too."""
    if version != __version__:
        raise ClusterError(
            f"a worker has filmcell {__version__}, expected {version}, as results of two versions "
            "are not mixed"
        )
    _, frame, curves = compute_part(plan, number)
    return number, *files_of(frame, curves)


@contextmanager
def _lost_workers() -> Iterator[None]:
    """Say in a sentence what a cluster has lost."""
    from distributed import CancelledError, KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker:
        raise ClusterError(
            f"workers died over the same part of the sweep again and again; {_KEPT}"
        ) from None
    except (CommClosedError, CancelledError):
        raise ClusterError(f"the scheduler was lost; {_KEPT}") from None


@contextmanager
def connected(scheduler: str | None, workers: int | None) -> Iterator["Client"]:
    """Connect to a scheduler, or start a cluster of processes on this machine.

    Parameters
    ----------
    scheduler : str, optional
        Address, such as tcp://10.0.0.1:8786.
    workers : int, optional
        Number of processes on this machine, where there is no scheduler.

    Yields
    ------
    distributed.Client
        The client; a cluster that was started is stopped in the end.

    Raises
    ------
    MissingExtra
        Where Dask is not installed.
    InputError
        Where neither or both are given.
    ClusterError
        Where the scheduler does not answer.
    """
    if (scheduler is None) == (workers is None):
        raise InputError("expected either the address of a scheduler or a number of workers")
    if workers is not None and (
        isinstance(workers, bool) or not isinstance(workers, int) or workers < 1
    ):
        raise InputError(
            f"workers: {shown(workers)} is not allowed, expected a whole number from 1"
        )
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise MissingExtra("running on a cluster needs filmcell[cluster]") from None
    if scheduler is not None:
        try:
            client = Client(scheduler, timeout=PATIENCE)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterError(f"{scheduler}: no scheduler answers there ({error})") from None
        with client:
            yield client
        return
    with (
        # its pages on any free port: another cluster of this machine may have the usual one
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
