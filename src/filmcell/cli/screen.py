"""What the commands put on the screen: tables, progress, sentences of errors, figures."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from filmcell.cell.cell import Cell
from filmcell.cell.checked import Checked, markers
from filmcell.cell.describe import figures
from filmcell.cell.electrolytes import BLOCKING, SpaceChargeLayer
from filmcell.errors import FilmcellError
from filmcell.materials.property import Constant, Property
from filmcell.papers.claims import Report
from filmcell.papers.wang2023 import DIFFUSIVITIES, INITIAL_CAPACITY, THICKNESSES, Outcome
from filmcell.simulation.result import Result
from filmcell.simulation.solve import SolveError
from filmcell.units import display

_WIDTH = 100


def console() -> Console:
    """Give the screen; of a fixed width where nobody looks, so that text files stay readable."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


@contextmanager
def errors(as_json: bool, refused: int, failed: int) -> Iterator[None]:
    """Turn named errors into one sentence on standard error and an exit status."""
    try:
        yield
    except SolveError as error:
        _complain(str(error), as_json)
        raise typer.Exit(failed) from None
    except FilmcellError as error:
        _complain(str(error), as_json)
        raise typer.Exit(refused) from None


def _complain(sentence: str, as_json: bool) -> None:
    """Write an error where people, and programs that asked for JSON, expect it."""
    typer.echo(f"filmcell: {sentence}", err=True)
    if as_json:
        typer.echo(json.dumps({"error": sentence}))


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


def print_run(cell: Cell, result: Result, out: Path | None, plot: Path | None) -> None:
    """Print a table of steps, and what the percentages mean."""
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
        if isinstance(layer, SpaceChargeLayer) and layer.barrier(cell.temperature) > BLOCKING:
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
        summary = reading.summary
        screen.print(
            f"over the 15 cells of 5 to 25 um: rms {summary['rms_rel_error_15'] * 100:.2f} %, "
            f"largest {summary['max_rel_error_15'] * 100:.2f} %"
        )
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


def draw_run(result: Result, path: Path) -> None:
    """Draw voltage over time, and the losses of the last step in which current flowed."""
    from matplotlib.figure import Figure

    from filmcell.plot import curves

    figure = Figure(figsize=(10.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    curves.voltage_over_time(result, left)
    flowing = [k + 1 for k, q in enumerate(result.capacity) if q > 0] or [1]
    curves.losses(result, flowing[-1], right)
    right.set_title(f"losses in step {flowing[-1]}", fontsize="medium")
    _save(left, path)


def draw_wang2023(outcome: Outcome, folder: Path) -> list[Path]:
    """Draw the paper's figures anew: profiles and gradients, utilisation, voltage curves."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FilmcellError(f"{folder}: cannot be made ({error.strerror})") from None
    return [
        _draw_profiles(outcome, folder / "fig3_profiles.png"),
        _draw_utilisation(outcome, folder / "fig4_utilisation.png"),
        _draw_voltages(outcome, folder / "voltage_curves.png"),
    ]


def _draw_profiles(outcome: Outcome, path: Path) -> Path:
    """Draw lithium and its gradient at the end of charge, one column a diffusivity (Fig. 3)."""
    from matplotlib.figure import Figure

    from filmcell.plot import curves

    figure = Figure(figsize=(12.0, 6.5), layout="constrained")
    panels = figure.subplots(2, 3)
    for k, (name, D) in enumerate(DIFFUSIVITIES.items()):
        for L in THICKNESSES:
            result = outcome.results[name, L]
            end = result.of_step(1).stop - 1
            label, c = f"{L * 1e6:.0f} um", result.concentration[end]
            curves.profiles(result.depth, {label: c / 1e3}, panels[0, k])
            curves.gradients(result.depth, {label: c}, panels[1, k])
        panels[0, k].set_ylabel("lithium (1000 mol/m3)")
        panels[0, k].set_title(f"{name}: D = {D:g} m2/s, end of charge", fontsize="medium")
    _save(panels[0, 0], path)
    return path


def _draw_utilisation(outcome: Outcome, path: Path) -> Path:
    """Draw capacity and utilisation against thickness, with the paper's points (Fig. 4)."""
    from matplotlib.figure import Figure

    from filmcell.papers.wang2023 import UTILISATION
    from filmcell.plot import curves

    figure = Figure(figsize=(11.0, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    results, L = outcome.results, np.array(THICKNESSES)
    capacity = {n: np.array([results[n, x].capacity[1] * 1e3 for x in THICKNESSES])
                for n in DIFFUSIVITIES}  # fmt: skip
    share = {n: np.array([results[n, x].utilisation[1] * 100 for x in THICKNESSES])
             for n in DIFFUSIVITIES}  # fmt: skip
    printed = {n: np.array(row) for n, row in INITIAL_CAPACITY.items()}
    curves.against_thickness(L, capacity, printed, left, what="initial capacity (mAh)")
    printed = {n: np.array(row) for n, row in UTILISATION.items()}
    curves.against_thickness(L, share, printed, right, what="capacity utilisation (%)")
    _save(left, path)
    return path


def _draw_voltages(outcome: Outcome, path: Path) -> Path:
    """Draw charge and discharge of all cells, one panel a diffusivity."""
    from matplotlib.figure import Figure

    from filmcell.plot import curves

    figure = Figure(figsize=(12.0, 4.0), layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    for k, (name, D) in enumerate(DIFFUSIVITIES.items()):
        for L, colour in zip(THICKNESSES, curves.COLOURS, strict=True):
            result = outcome.results[name, L]
            curves.voltage(result, panels[k], label=f"{L * 1e6:.0f} um", colour=colour)
        panels[k].set_title(f"{name}: D = {D:g} m2/s", fontsize="medium")
        panels[k].legend(frameon=False, fontsize="small")
    _save(panels[0], path)
    return path


def _save(ax: Any, path: Path) -> None:
    """Write a figure, with its error as a sentence."""
    from filmcell.plot import curves

    try:
        curves.save(ax, path)
    except (OSError, ValueError) as error:
        raise FilmcellError(f"{path}: cannot be drawn ({error})") from None
