"""What the commands put on the screen: tables, progress, sentences of errors."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from filmcell.cell.cell import Cell
from filmcell.cell.checked import Checked, markers
from filmcell.cell.describe import figures
from filmcell.cell.electrolytes import BLOCKING, SpaceChargeLayer
from filmcell.errors import FilmcellError
from filmcell.materials.property import Constant, Property
from filmcell.papers.claims import Listing, Report
from filmcell.protocol.steps import Protocol
from filmcell.simulation.explain import Explanation
from filmcell.simulation.result import Result
from filmcell.simulation.solve import SolveError
from filmcell.units import display

_WIDTH = 100

FAILED = 3
"""Exit status where the solver could not go on."""


def console() -> Console:
    """Give the screen; of a fixed width where nobody looks, so that text files stay readable."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


@contextmanager
def errors(as_json: bool, refused: int) -> Iterator[None]:
    """Turn named errors into one sentence on standard error and an exit status."""
    try:
        yield
    except SolveError as error:
        _complain(str(error), as_json)
        raise typer.Exit(FAILED) from None
    except FilmcellError as error:
        _complain(str(error), as_json)
        raise typer.Exit(refused) from None


def _complain(sentence: str, as_json: bool) -> None:
    """Write an error where people, and programs that asked for JSON, expect it."""
    typer.echo(f"filmcell: {sentence}", err=True)
    if as_json:
        typer.echo(json.dumps({"error": sentence}))


def warn(sentence: str) -> None:
    """Write a remark on standard error, where it disturbs no answer."""
    typer.echo(f"filmcell: {sentence}", err=True)


def note(sentence: str, *, quiet: bool) -> None:
    """Write a remark that is not part of the answer."""
    if not quiet:
        typer.echo(sentence)


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error; yields a function of work done and work in all.

    With a total, the function is told how much is done; without, each call counts as one.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)
    with bar:
        task = bar.add_task(what, total=total)

        def report(done: int, _: int) -> None:
            if total is None:
                bar.advance(task)
            else:
                bar.update(task, completed=done)

        yield report


@contextmanager
def rate_bar(what: str, total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left; yields a function of what was done since the last call.

    It may be called from any thread.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn("{task.fields[rate]}"), TimeRemainingColumn())  # fmt: skip
    bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)
    with bar:
        task = bar.add_task(what, total=total, rate="")

        def report(done: int) -> None:
            bar.advance(task, done)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.0f}/s" if speed else "")

        yield report


def print_run(
    cell: Cell, protocol: Protocol, result: Result, out: Path | None, plot: Path | None
) -> None:
    """Print a table of steps, and what the percentages and C-rates mean."""
    table = Table(title=cell.name, title_justify="left", box=None, pad_edge=False)
    for head in ("step", "cycle", "ended by", "h", "mAh", "mAh/cm2", "mWh", "% theory", "% window"):
        table.add_column(head, justify="left" if head == "ended by" else "right")
    for row in result.summary():
        table.add_row(
            str(row["step"]), str(row["cycle"]), row["ended"],
            f"{row['duration_s'] / 3600:.4g}", f"{row['capacity_mAh']:.5g}",
            f"{row['capacity_mAh'] / (cell.area * 1e4):.5g}", f"{row['energy_mWh']:.5g}",
            f"{row['utilisation'] * 100:.2f}", f"{row['window_utilisation'] * 100:.2f}",
        )  # fmt: skip
    screen = console()
    screen.print(table)
    screen.print(
        f"theory {result.theoretical_capacity * 1e3:.5g} mAh ({cell.cathode.theoretical_swing:g} "
        f"lithium per site), window {result.window_capacity * 1e3:.5g} mAh "
        f"({cell.lower_voltage:g} to {cell.upper_voltage:g} V at rest)"
    )
    basis = protocol.c_rate_basis(cell)
    if basis is not None:
        screen.print(basis)
    if cell.heat is not None:
        hottest = int(result.temperature.argmax())
        T = float(result.temperature[hottest])
        screen.print(
            f"warmest {T:.2f} K ({T - 273.15:.2f} C) in step {int(result.step[hottest])}, from "
            f"{float(result.temperature[0]):.2f} K"
        )
    for word, path in (("written", out), ("drawn", plot)):
        if path is not None:
            screen.print(f"{word}: {path}")


def print_cell(cell: Cell) -> None:
    """Print the numbers of a cell with their sources, and what follows from them."""
    screen = console()
    table = Table(title=cell.name, title_justify="left", box=None, pad_edge=False)
    for head in ("key", "value", "source"):
        table.add_column(head, overflow="fold")
    for key, value in _numbers(cell, ""):
        chosen = key.rpartition(".")[2] in {"kind", "electronic_loss"}
        unknown = "" if chosen else "given without a source"
        table.add_row(key, value, cell.sources.get(key, unknown))
    screen.print(table)
    derived = Table(title="what follows", title_justify="left", box=None, pad_edge=False)
    for head in ("figure", "value"):
        derived.add_column(head)
    for key, figure in figures(cell).items():
        derived.add_row(key, figure if isinstance(figure, str) else f"{figure:.6g}")
    screen.print(derived)
    for k, layer in enumerate(cell.interlayers):
        if isinstance(layer, SpaceChargeLayer) and layer.blocks(cell.temperature):
            screen.print(
                f"interlayers.{k} blocks: its barrier of {layer.barrier(cell.temperature):.3g} RT "
                f"at {cell.temperature:g} K is above {BLOCKING:g}"
            )


def _numbers(part: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Key and value of every number and choice of a cell or a part of it."""
    known = markers(type(part))
    if part.kind:
        yield f"{prefix}kind", part.kind
    for f in fields(part):
        value, key = getattr(part, f.name), f"{prefix}{f.name}"
        if isinstance(value, bool):
            yield key, str(value).lower()
        elif f.name in known and value is not None:
            yield key, _written(value, known[f.name].unit)
        elif isinstance(value, tuple):
            for k, layer in enumerate(value):
                yield from _numbers(layer, f"{key}.{k}.")
        elif isinstance(value, Checked):
            yield from _numbers(value, f"{key}.")


def _written(value: Any, unit: str) -> str:
    """A number with its unit, or a property by what it is."""
    if not isinstance(value, Property):
        return display(value, unit)
    if isinstance(value.func, Constant):
        return display(value.func.value, unit)
    return f"function of x, {value.low:g} to {value.high:g}"


def print_report(report: Report) -> None:
    """Print the claims of each reading side by side, what was calibrated, and the notes."""
    screen = console()
    screen.print(f"{report.paper}\ndoi {report.doi}\n")
    for reading in report.readings:
        table = Table(title=f"Reading: {reading.name}", title_justify="left", box=None,
                      pad_edge=False)  # fmt: skip
        for head in ("claim", "where", "paper", "ours", "error", "unit", "verdict"):
            justify: Any = "right" if head in {"paper", "ours", "error"} else "left"
            table.add_column(head, justify=justify)
        for c in reading.claims:
            table.add_row(c.id, c.where, f"{c.paper:.4g}", f"{c.ours:.4g}",
                          f"{c.rel_error * 100:+.1f} %", c.unit, c.verdict)  # fmt: skip
        screen.print(table)
        for listing in reading.listings:
            print_listing(listing)
        for line in reading.lines:
            screen.print(line)
        for k in reading.calibrated:
            screen.print(
                f"calibrated: {k.name} = {k.value:.4g} {k.unit}, looked for from {k.low:g} to "
                f"{k.high:g}; {k.how}"
            )
        screen.print()
    for name, origin in report.origins.items():
        screen.print(f"{name}: {origin}")
    screen.print()
    for remark in report.notes:
        screen.print(f"- {remark}")


def print_listing(listing: Listing) -> None:
    """Print a table; all columns but the first are numbers."""
    table = Table(title=listing.title, title_justify="left", box=None, pad_edge=False)
    for k, head in enumerate(listing.heads):
        table.add_column(head, justify="right" if k else "left", overflow="fold", no_wrap=not k)
    for row in listing.rows:
        table.add_row(*row)
    console().print(table)


def print_explanation(told: Explanation) -> None:
    """Print where the voltage of a step went: in mV at some points, and what it cost in all."""
    heads = ("", *(f"{x:.4g} %" for x in told.percent), "mean cost", "share")
    areal = told.areal_capacity / 36.0
    rows = (
        ("capacity (uAh/cm2)", *(f"{q:.5g}" for q in areal), "", ""),
        ("voltage at rest (V)", *(f"{v:.4f}" for v in told.potential), "", ""),
        *(
            (name, *(f"{v * 1e3:z.2f}" for v in values), f"{told.mean[name] * 1e3:z.2f}",
             f"{told.share[name] * 100:z.1f} %")
            for name, values in told.losses.items()
        ),
        ("cell voltage (V)", *(f"{v:.4f}" for v in told.voltage), f"{told.total * 1e3:.2f}",
         "100.0 %"),
    )  # fmt: skip
    print_listing(Listing(f"step {told.step}, losses in mV: {told.ended}", heads, rows))
    console().print(
        f"losses sum to the voltage within {told.residual:.1g} V; mean cost: the energy lost over "
        "the charge passed\n"
    )
