"""filmcell sweep: a plan of many designs into a store, on this machine or on a cluster."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_new, echo_json
from filmcell.errors import FilmcellError, InputError

if TYPE_CHECKING:
    from filmcell.sweep.plan import Plan
    from filmcell.sweep.store import Store

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

_MOST_REASONS, _MOST_REASONS_OF_JSON = 5, 100


def sweep(
    plan: Annotated[Path, typer.Argument(help="Plan (.toml): cell, protocol and axes.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the store; the plan's name.sweep if not given.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if not given.")]
    = None,
    workers: Annotated[
        int | None, typer.Option(help="Start a Dask cluster of so many processes here.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Use the Dask scheduler at this address, tcp://...")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the table here as CSV too.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run a plan of many designs; a run that was stopped goes on where it was."""
    from filmcell.sweep.plan_file import load_plan

    with screen.errors(as_json, REFUSED):
        if scheduler is not None and workers is not None:
            raise InputError("--scheduler and --workers: expected one of them")
        if threads is not None and (scheduler is not None or workers is not None):
            raise InputError("--threads is of this process, expected it without a cluster")
        checked_new(csv)
        wanted = load_plan(plan)
        folder = out or Path(f"{plan.stem}.sweep")
        with _stoppable(wanted, folder, as_json), _bar(wanted, quiet=as_json) as report:
            store = _run(wanted, folder, threads, workers, scheduler, report)
        if csv is not None:
            _write_csv(store, csv)
            screen.note(f"written: {csv}", quiet=as_json)
        _tell(wanted, store, as_json=as_json)


def _run(
    plan: "Plan",
    folder: Path,
    threads: int | None,
    workers: int | None,
    scheduler: str | None,
    report: Callable[[int], None],
) -> "Store":
    """Run in threads, or on a cluster."""
    if workers is None and scheduler is None:
        from filmcell.sweep.run import run_sweep

        return run_sweep(plan, folder, threads=threads, progress=report)
    from filmcell.sweep.cluster import connected, run_on_cluster

    with connected(scheduler, workers) as client:
        return run_on_cluster(plan, folder, client, progress=report)


def _write_csv(store: "Store", path: Path) -> None:
    """Write the table without its lists, which a CSV file cannot hold."""
    import polars.selectors as cs

    try:
        store.scan().select(~cs.list()).sink_csv(path)
    except OSError as error:
        raise FilmcellError(f"{path}: cannot be written ({error.strerror or error})") from None


@contextmanager
def _stoppable(plan: "Plan", folder: Path, as_json: bool) -> Iterator[None]:
    """Say after Ctrl-C what is there and how to go on."""
    from filmcell.sweep.store import MANIFEST, read_store

    try:
        yield
    except KeyboardInterrupt:
        done = read_store(folder).designs_done if (folder / MANIFEST).exists() else 0
        screen.warn(
            f"stopped: {done} of {plan.count} designs are in {folder}; the same command goes on"
        )
        if as_json:
            echo_json({"stopped": True, "done": done, "designs": plan.count, "store": str(folder)})
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _bar(plan: "Plan", *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show how many designs are done, how fast, and how long it will take."""
    with screen.rate_bar("designs", plan.count, quiet=quiet) as report:
        yield report


def _tell(plan: "Plan", store: "Store", *, as_json: bool) -> None:
    """Sum up a sweep."""
    import polars as pl

    query = store.scan()
    counted = query.group_by("reason").len().sort("len", "reason", descending=[True, False])
    ended = counted.collect()
    failed = ended.filter(pl.col("reason") != "")
    names = ("utilisation", "charge_capacity_mAh", "discharge_capacity_mAh_per_cm2",
             "discharge_energy_mWh_per_cm2")  # fmt: skip
    spread = query.select(
        *(pl.col(n).min().alias(f"{n} least") for n in names),
        *(pl.col(n).max().alias(f"{n} most") for n in names),
    ).collect().row(0, named=True)  # fmt: skip
    if as_json:
        echo_json({
            "store": str(store.folder),
            "designs": plan.count,
            "failed": int(failed["len"].sum()),
            "reasons": dict(failed.head(_MOST_REASONS_OF_JSON).rows()),
            "plan_hash": plan.hash,
            **{name: [spread[f"{name} least"], spread[f"{name} most"]] for name in names},
        })  # fmt: skip
        return
    screen.note(f"{plan.count} designs in {store.folder}", quiet=False)
    for name in names:
        low, high = spread[f"{name} least"], spread[f"{name} most"]
        if low is not None:
            screen.note(f"  {name}: {low:.5g} to {high:.5g}", quiet=False)
    screen.note(f"  failed: {int(failed['len'].sum())}", quiet=False)
    for reason, count in failed.rows()[:_MOST_REASONS]:
        screen.note(f"    {count}: {reason}", quiet=False)
    for path in store.aside():
        screen.note(f"  set aside, as it was damaged, and made again: {path}", quiet=False)
    screen.note(f'read it: polars.scan_parquet("{store.folder}/parts/*.parquet")', quiet=False)
