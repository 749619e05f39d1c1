"""The commands. Exit status: 0 done, 2 input refused, 3 the solver could not go on."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell import __version__
from filmcell.cli import screen
from filmcell.errors import FilmcellError, InputError
from filmcell.simulation.solve import SolveError

REFUSED, FAILED = 2, 3

app = typer.Typer(
    name="filmcell",
    help="The open workbench for all-solid-state thin-film lithium batteries.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
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

    with screen.errors(as_json, REFUSED, FAILED):
        _check_new(out)
        _check_folder(plot)
        chosen, steps = _cell(cell, changes), load_protocol(protocol)
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
            screen.draw_run(result, plot)
        if as_json:
            typer.echo(result.to_json())
        else:
            screen.print_run(chosen, result, out, plot)


@app.command()
def show(cell: CellName, changes: Changes = None, as_json: Json = False) -> None:
    """Show a cell: its layers, what follows from them, and where each number comes from."""
    from filmcell.cell.describe import figures

    with screen.errors(as_json, REFUSED, FAILED):
        chosen = _cell(cell, changes)
        if as_json:
            typer.echo(json.dumps({"cell": json.loads(chosen.json), "figures": figures(chosen)}))
        else:
            screen.print_cell(chosen)


@app.command()
def reproduce(
    paper: Annotated[str, typer.Argument(help="wang2023")],
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the claims here as JSON; - for the screen.")
    ] = None,
    figures: Annotated[Path | None, typer.Option(help="Draw the figures into this folder.")] = None,
) -> None:
    """Reproduce a paper: its claims beside ours, with verdicts."""
    from filmcell.papers import wang2023

    quiet = str(json_file) == "-"
    with screen.errors(quiet, REFUSED, FAILED):
        if paper != "wang2023":
            raise InputError(
                f'"{paper}" is not a paper that filmcell reproduces, expected wang2023'
            )
        with screen.progress("runs of the table", None, quiet=quiet) as report:
            outcome = wang2023.reproduce(lambda: report(1, 0))
        text = json.dumps(outcome.report.as_dict(), indent=1)
        if quiet:
            typer.echo(text)
        else:
            screen.print_report(outcome.report)
            if json_file is not None:
                _write(json_file, text)
        if figures is not None:
            for path in screen.draw_wang2023(outcome, figures):
                screen.note(f"drawn: {path}", quiet=quiet)


def _cell(name: str, changes: list[str] | None) -> Any:
    """Load a cell and change what --set asks for."""
    from filmcell.cell.file import load_cell

    pairs = {}
    for change in changes or []:
        key, sign, value = change.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise InputError(
                f'--set "{change}": expected key=value such as cathode.thickness="2 um"'
            )
        pairs[key.strip()] = value.strip().strip("\"'")
    cell = load_cell(name)
    return cell.replace(pairs) if pairs else cell


def _check_new(path: Path | None) -> None:
    """Refuse to overwrite, or a folder that is not there, before a long run rather than after."""
    if path is not None and path.exists():
        raise InputError(f"{path}: exists already, expected the name of a new file")
    _check_folder(path)


def _check_folder(path: Path | None) -> None:
    """Refuse a file in a folder that does not exist."""
    if path is not None and not path.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist")


def _write(path: Path, text: str) -> None:
    """Write a text file, with its error as a sentence."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise FilmcellError(f"{path}: cannot be written ({error.strerror})") from None
    screen.note(f"written: {path}", quiet=False)
