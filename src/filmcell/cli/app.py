"""The commands. Exit status: 0 done, 2 input refused, 3 the solver could not go on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from filmcell import __version__
from filmcell.cli import design, eis, maps, materials, optimise, screen, sweep, universal
from filmcell.cli import figures as drawings
from filmcell.cli.doors import (
    REFUSED,
    Json,
    checked_folder,
    checked_new,
    echo_json,
    load_changed,
    write,
)
from filmcell.errors import InputError
from filmcell.papers.registry import PAPERS
from filmcell.simulation.explain import POINTS
from filmcell.simulation.solve import SolveError

app = typer.Typer(
    name="filmcell",
    help="The open workbench for all-solid-state thin-film lithium batteries.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CellName = Annotated[str, typer.Argument(help="Preset or path of a cell file (.toml).")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help='Change a number: --set cathode.thickness="10 um".'),
]


def _version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        typer.echo(f"filmcell {__version__}")
        raise typer.Exit


app.add_typer(materials.app, name="materials")
app.add_typer(eis.app, name="eis")
app.command()(materials.check)
app.command()(materials.suggest)
app.command()(sweep.sweep)
app.command("map")(maps.map_)
design.app.command()(maps.ragone)
design.app.command()(universal.universal)
design.app.command()(optimise.optimise)
design.app.command()(optimise.sensitivity)
design.app.command()(optimise.uncertainty)
app.add_typer(design.app, name="design")


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Run the command that follows."""


@app.command()
def run(
    cell: CellName,
    protocol: Annotated[str, typer.Argument(help='Text or file, e.g. "Charge at 1C until 4.2 V".')],
    changes: Changes = None,
    out: Annotated[Path | None, typer.Option(help="Write the result here (netCDF-4).")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw voltage and losses here.")] = None,
    as_json: Json = False,
) -> None:
    """Take a cell through a protocol."""
    from filmcell.protocol.file import load_protocol
    from filmcell.simulation.solve import simulate

    with screen.errors(as_json, REFUSED):
        checked_new(out)
        checked_folder(plot)
        chosen, steps = load_changed(cell, changes), load_protocol(protocol)
        with screen.progress("steps", steps.count, quiet=as_json or steps.count < 20) as report:
            try:
                result = simulate(chosen, steps, progress=report)
            except SolveError as error:
                if out is not None:
                    error.partial.save(out)
                raise
        if out is not None:
            result.save(out)
        if plot is not None:
            drawings.draw_run(result, plot)
        if as_json:
            typer.echo(result.to_json())
        else:
            screen.print_run(chosen, steps, result, out, plot)


@app.command()
def show(cell: CellName, changes: Changes = None, as_json: Json = False) -> None:
    """Show a cell: its layers, what follows from them, and where each number comes from."""
    from filmcell.cell.describe import figures

    with screen.errors(as_json, REFUSED):
        chosen = load_changed(cell, changes)
        if as_json:
            echo_json({"cell": json.loads(chosen.json), "figures": figures(chosen)})
        else:
            screen.print_cell(chosen)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="RUN", help="A result: filmcell run --out.")],
    step: Annotated[int | None, typer.Option(help="Only this step, counted from 1.")] = None,
    points: Annotated[
        str, typer.Option(help="Where to tell the losses, in percent of the step's capacity.")
    ] = ",".join(f"{p:g}" for p in POINTS),
    csv: Annotated[Path | None, typer.Option(help="Write the table here as CSV.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the losses over capacity here.")] = None,
    as_json: Json = False,
) -> None:
    """Tell where the voltage of a run went: every loss over capacity, and what it cost."""
    from filmcell.simulation import explain as losses
    from filmcell.simulation.storage import load_result

    with screen.errors(as_json, REFUSED):
        at = _percentages(points)
        checked_new(csv)
        checked_folder(plot)
        result = load_result(file)
        numbers = losses.steps_with_current(result) if step is None else (step,)
        if not numbers:
            raise InputError(f"{file}: no step passes a charge, expected a run with current")
        told = [losses.explain(result, k, at) for k in numbers]
        if as_json:
            data = {"steps": [x.as_dict() for x in told], "provenance": dict(result.provenance)}
            echo_json(data)
        else:
            for x in told:
                screen.print_explanation(x)
        if csv is not None:
            write(csv, "\n".join(losses.csv_lines(told)), quiet=as_json)
        if plot is not None:
            every = [losses.explain(result, k, None) for k in numbers[: drawings.MOST_PANELS]]
            shown = drawings.draw_losses(every, plot)
            rest = f"; {shown} of {len(numbers)} steps, --step chooses one" * (shown < len(numbers))
            screen.note(f"drawn: {plot}{rest}", quiet=as_json)


@app.command()
def reproduce(
    paper: Annotated[str, typer.Argument(help=", ".join(PAPERS))],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the claims here as JSON; - for the screen.")
    ] = None,
    figures: Annotated[Path | None, typer.Option(help="Draw the figures into this folder.")] = None,
) -> None:
    """Reproduce a paper: its claims beside ours, with verdicts."""
    from filmcell.papers import registry

    quiet = str(json_file) == "-"
    with screen.errors(quiet, REFUSED):
        module = registry.paper(paper)
        with screen.progress(module.WORK, None, quiet=quiet) as report:
            outcome = module.reproduce(lambda: report(1, 0))
        text = json.dumps(outcome.report.as_dict(), indent=1, allow_nan=False)
        if quiet:
            typer.echo(text)
        else:
            screen.print_report(outcome.report)
            if json_file is not None:
                write(json_file, text, quiet=False)
        if figures is not None:
            for path in drawings.draw_paper(paper, outcome, figures):
                screen.note(f"drawn: {path}", quiet=quiet)


def _percentages(text: str) -> list[float]:
    """Numbers from 0 to 100, separated by commas."""
    try:
        found = [float(word) for word in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(0.0 <= x <= 100.0 for x in found):
        raise InputError(f'--points "{text}": expected percentages from 0 to 100 such as 0,50,100')
    return found
