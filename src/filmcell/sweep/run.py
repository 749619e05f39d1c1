"""Run a plan: its parts in parallel threads, in memory or into a store."""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from math import ceil
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np

from filmcell.errors import FilmcellError
from filmcell.simulation.block import Design, simulate_block
from filmcell.simulation.family import simulate_family
from filmcell.simulation.many import checked_threads
from filmcell.simulation.outcomes import Outcomes, joined
from filmcell.simulation.result import Result
from filmcell.sweep.plan import Plan
from filmcell.sweep.store import CURVES, Store, open_store, parquet
from filmcell.sweep.table import in_last_cycle, table

if TYPE_CHECKING:
    import polars

FEWEST, MOST = 8, 128
"""Designs that are integrated together, at least and at most."""

Progress = Callable[[int], None]
"""Told the number of designs done since the last call, from any thread."""


class _Stopped(Exception):
    """Somebody asked to stop."""


def sweep_table(
    plan: Plan, *, threads: int | None = None, progress: Progress | None = None
) -> "polars.DataFrame":
    """Run a plan in memory.

    Parameters
    ----------
    plan : Plan
        The plan.
    threads : int, optional
        Threads; as many as there are cores if not given.
    progress : callable, optional
        Told the number of designs done since the last call, from any thread.

    Returns
    -------
    polars.DataFrame
        One row a design, see `sweep.table.COLUMNS`.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.sweep.axes import Range
    >>> cycle = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
    >>> plan = Plan(
    ...     load_cell("wang2023-lco-lipon-li"), cycle, {"cathode.thickness": Range("5 um", "25 um")}
    ... )
    >>> sweep_table(plan)["utilisation"].round(3).to_list()
    [0.794, 0.424]
    """
    import polars as pl

    parts = _computed(plan, list(range(plan.parts)), threads, progress)
    frames = {number: frame for number, frame, _ in parts}
    return pl.concat([frames[k] for k in sorted(frames)])


def run_sweep(
    plan: Plan,
    folder: str | Path,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Store:
    """Run a plan into a store, or go on where a run into it was stopped.

    Parameters
    ----------
    plan : Plan
        The plan.
    folder : str or Path
        Folder of the store.
    threads : int, optional
        Threads; as many as there are cores if not given.
    progress : callable, optional
        Told the number of designs done since the last call, from any thread; first those that
        the store has already.

    Returns
    -------
    Store
        The store, complete.

    Raises
    ------
    InputError
        Where the folder holds something else.
    StoreError
        Where the store cannot be written to any longer.
    """
    store = begun(plan, folder, progress)
    # closed at once, and its threads with it, where a part cannot be written or Ctrl-C comes
    with closing(_computed(plan, store.missing(), threads, progress)) as parts:
        for number, frame, curves in parts:
            write_files(store, number, *files_of(frame, curves))
    return store


def begun(plan: Plan, folder: str | Path, progress: Progress | None) -> Store:
    """Open the store of a plan, set damaged parts aside and tell what is there already.

    Parameters
    ----------
    plan : Plan
        The plan.
    folder : str or Path
        Folder of the store.
    progress : callable, optional
        Told the number of designs that the store has.

    Returns
    -------
    Store
        The store.
    """
    store = open_store(Path(folder), plan)
    store.set_damaged_aside()
    if progress is not None:
        progress(store.designs_done)
    return store


def files_of(
    frame: "polars.DataFrame", curves: "polars.DataFrame | None"
) -> tuple[bytes, bytes | None]:
    """Give a part as the bytes of its files.

    Parameters
    ----------
    frame : polars.DataFrame
        Its table.
    curves : polars.DataFrame, optional
        Its curves.

    Returns
    -------
    tuple of bytes
        Both as Parquet; None where there are no curves.
    """
    return parquet(frame), None if curves is None else parquet(curves)


def write_files(store: Store, number: int, rows: bytes, curves: bytes | None) -> None:
    """Write the files of a part; its curves first, as the part says that it is done.

    Parameters
    ----------
    store : Store
        Where to.
    number : int
        Number of the part.
    rows : bytes
        Its table.
    curves : bytes, optional
        Its curves.

    Raises
    ------
    StoreError
        Where one cannot be written.
    """
    if curves is not None:
        store.write(number, curves, CURVES)
    store.write(number, rows)


Points = dict[str, list[Any]]
"""Values of each axis for the designs of a part."""

Piece = tuple[Outcomes, list[list[bool]], "list[polars.DataFrame]"]
"""What some designs gave, which of their steps belong to the last cycle, and their curves."""

Part = tuple[int, "polars.DataFrame", "polars.DataFrame | None"]
"""Number of a part, its table and its curves."""


def _computed(
    plan: Plan, numbers: list[int], threads: int | None, progress: Progress | None
) -> Generator[Part]:
    """Compute parts, their blocks in threads, and hand each over as soon as it is whole."""
    stop, workers, left = Event(), checked_threads(threads), iter(numbers)
    begun: deque[tuple[int, Points, list[Future[Piece]]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                for number in left:
                    points = plan.points(*plan.span(number))
                    begun.append((number, points, [
                        pool.submit(_piece, plan, points, number, *block, progress, stop)
                        for block in blocks_of(plan, number)
                    ]))  # fmt: skip
                    waiting = sum(not f.done() for *_, pieces in begun for f in pieces)
                    if len(begun) > 1 and waiting > 4 * workers:  # no more in memory than that
                        break
                if not begun:
                    return
                number, points, pieces = begun.popleft()
                yield _whole(plan, points, number, [piece.result() for piece in pieces])
        finally:  # also after Ctrl-C, or a disk that is full
            stop.set()
            for *_, pieces in begun:
                for piece in pieces:
                    piece.cancel()


def compute_part(plan: Plan, number: int) -> Part:
    """Compute one part of a plan; the same part gives the same table, whoever computes it.

    Parameters
    ----------
    plan : Plan
        The plan.
    number : int
        Number of the part.

    Returns
    -------
    number : int
        Number of the part.
    frame : polars.DataFrame
        Its table.
    curves : polars.DataFrame or None
        Time, voltage and current of its designs, where the plan asks for them.
    """
    points = plan.points(*plan.span(number))
    pieces = [_piece(plan, points, number, *block) for block in blocks_of(plan, number)]
    return _whole(plan, points, number, pieces)


def blocks_of(plan: Plan, number: int) -> list[tuple[int, int]]:
    """Cut a part into the designs that are integrated together.

    Parameters
    ----------
    plan : Plan
        The plan.
    number : int
        Number of the part.

    Returns
    -------
    list of tuple of int
        First design of each block, counted in the part, and the one after its last; the same on
        every machine.
    """
    first, last = plan.span(number)
    size = min(max(ceil(plan.count / 4), FEWEST), MOST)
    return [(k, min(k + size, last - first)) for k in range(0, last - first, size)]


def _whole(plan: Plan, points: Points, number: int, pieces: list[Piece]) -> Part:
    """Put the blocks of a part together."""
    first, _ = plan.span(number)
    outcomes = joined([told for told, _, _ in pieces])
    cycles = [cycle for _, some, _ in pieces for cycle in some]
    frame = table(first, points, plan.units, _padded(cycles, outcomes), outcomes)
    kept = [curve for _, _, curves in pieces for curve in curves]
    return number, frame, _curves(kept) if plan.curves else None


def _piece(
    plan: Plan,
    points: Points,
    number: int,
    begin: int,
    end: int,
    progress: Progress | None = None,
    stop: Event | None = None,
) -> Piece:
    """Compute some designs, as a family where they are one."""
    if stop is not None and stop.is_set():
        raise _Stopped
    kept: list[polars.DataFrame] = []
    first, _ = plan.span(number)
    family = None if plan.curves else plan.family(points, begin, end)
    told = None if family is None else simulate_family(family, plan.options)
    if family is not None and told is not None:
        cycles = [in_last_cycle(family.protocol, ended) for ended in told.ended]
    else:
        designs = [plan.design(points, k) for k in range(begin, end)]
        watch = _keeper(kept, first + begin) if plan.curves else None
        told = simulate_block(designs, plan.options, cells=plan.cells, watch=watch)
        cycles = [_last_cycle(*pair) for pair in zip(designs, told.ended, strict=True)]
    if progress is not None:
        progress(end - begin)
    return told, cycles, kept


def _last_cycle(design: Design, ended: tuple[str, ...]) -> list[bool]:
    """Say which steps of a design belong to its last cycle."""
    return [] if isinstance(design, FilmcellError) else in_last_cycle(design[1], ended)


def _padded(rows: list[list[bool]], outcomes: Outcomes) -> Any:
    """Put rows of different lengths into one array."""
    padded = np.zeros(outcomes.duration.shape, dtype=bool)
    for k, row in enumerate(rows):
        padded[k, : len(row)] = row
    return padded


def _keeper(kept: "list[polars.DataFrame]", first: int) -> Callable[[int, Result], None]:
    """Make what keeps the curves of a block whose first design has this number."""
    import polars as pl

    def keep(place: int, result: Result) -> None:
        kept.append(
            pl.DataFrame(
                {
                    "design": np.full(result.time.size, first + place),
                    "step": result.step,
                    "time_s": result.time,
                    "voltage_V": result.voltage,
                    "current_A": result.current,
                }
            )
        )

    return keep


def _curves(kept: "list[polars.DataFrame]") -> "polars.DataFrame":
    """Put the curves of a part one below the other."""
    import polars as pl

    whole = {"design": pl.Int64, "step": pl.Int64, "time_s": pl.Float64,
             "voltage_V": pl.Float64, "current_A": pl.Float64}  # fmt: skip
    return pl.concat([pl.DataFrame(schema=whole), *kept]).sort("design", maintain_order=True)
