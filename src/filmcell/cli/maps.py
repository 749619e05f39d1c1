"""The commands of maps and Ragone plots: parse, call the public API, print or draw."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.cli import screen
from filmcell.cli.doors import (
    REFUSED,
    Json,
    checked_folder,
    checked_new,
    echo_json,
    load_changed,
    write,
)
from filmcell.errors import FilmcellError, InputError
from filmcell.papers.claims import Listing
from filmcell.units import shown

CellName = Annotated[str, typer.Argument(help="Preset or path of a cell file (.toml).")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help='Change a number: --set cathode.thickness="10 um".'),
]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a picture here.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write a table here as CSV.")]

_WIDEST, _TALLEST = 7, 12
"""Columns and rows that a map on the screen has at most."""


def map_(
    cell: CellName,
    x: Annotated[
        str, typer.Option("--x", help='Such as "cathode.thickness=1 um..30 um"; or "a, b, c".')
    ],
    y: Annotated[
        str, typer.Option("--y", help='Such as "cathode.diffusivity=1e-15 m2/s..1e-13 m2/s".')
    ],
    points: Annotated[int, typer.Option(help="Points of each range.")] = 25,
    current: Annotated[
        str | None,
        typer.Option(help='Of charge and discharge, "0.1 mA/cm2" or "C/10"; or it is an axis.'),
    ] = None,
    of: Annotated[
        str, typer.Option(help="window, theoretical (utilisation), capacity, energy or power.")
    ] = "window",
    changes: Changes = None,
    plot: Plot = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Map utilisation, energy or power over any two numbers of a cell, or over its current."""
    from filmcell.design.axes import CURRENT, RATE, read_axis
    from filmcell.design.maps import QUANTITIES, utilisation_map
    from filmcell.protocol.reading import read_current

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        checked_folder(plot)
        quantity = _chosen("--of", of, QUANTITIES)
        doing = None if current is None else read_current(current)
        chosen = load_changed(cell, changes)
        across, up = (read_axis(chosen, text, points) for text in (x, y))
        if doing is None and not {across.key, up.key} & {CURRENT, RATE}:
            raise InputError('--current is missing, expected one such as "0.1 mA/cm2", or an axis '
                             "current or c_rate")  # fmt: skip
        lengths = len(across.values), len(up.values)
        if plot is not None and min(lengths) < 2:
            raise InputError("--plot: an axis has one value, expected at least two")
        with screen.rate_bar("points", lengths[0] * lengths[1], quiet=as_json) as done:
            found = utilisation_map(
                chosen, across, up, doing, quantity=quantity, progress=done
            )  # fmt: skip
        if csv is not None:
            write(csv, found.to_polars().write_csv().rstrip("\n"), quiet=as_json)
        if plot is not None:
            from filmcell.plot.maps import draw_map

            save(draw_map(found), plot, quiet=as_json)
        if as_json:
            echo_json(found.as_dict())
        else:
            _print_map(found)


def _chosen(option: str, word: str, known: Mapping[str, Any]) -> Any:
    """Find what a word of an option means."""
    if word not in known:
        raise InputError(f"{option} {shown(word)}: expected one of {', '.join(known)}")
    return known[word]


def save(ax: Any, path: Path, *, quiet: bool) -> None:
    """Write a figure, with its error as a sentence."""
    from filmcell.plot import curves

    try:
        curves.save(ax, path)
    except (OSError, ValueError) as error:
        raise FilmcellError(f"{path}: cannot be drawn ({error})") from None
    screen.note(f"drawn: {path}", quiet=quiet)


def _some(count: int, most: int) -> list[int]:
    """Choose places evenly among many, the first and the last with them."""
    if count <= most:
        return list(range(count))
    return [round(k * (count - 1) / (most - 1)) for k in range(most)]


def _print_map(found: Any) -> None:
    """Print some columns and rows of a map, the largest y on top, and why points failed."""
    columns = _some(len(found.x.values), _WIDEST)
    rows = _some(len(found.y.values), _TALLEST)[::-1]
    x, y = found.x.displayed, found.y.displayed
    table = tuple((f"{y[j]:.4g}", *(f"{found.values[j, i]:.4g}" for i in columns)) for j in rows)
    heads = ("y \\ x", *(f"{x[i]:.4g}" for i in columns))
    unit = "" if found.quantity.unit == "-" else f" ({found.quantity.unit})"
    typer.echo(f"{found.quantity.name}{unit}; x: {found.x.label}, y: {found.y.label}")
    screen.print_listing(Listing(found.cell.name, heads, table))
    typer.echo(found.protocol)
    shown_count, count = len(columns) * len(rows), found.values.size
    if shown_count < count:
        typer.echo(f"{shown_count} of {count} points shown; --csv writes all")
    _tell_failed(found.failed)


def _tell_failed(failed: Sequence[str]) -> None:
    """Say how many points failed and why most of them did."""
    reasons = Counter(why for why in failed if why)
    for why, count in reasons.most_common(3):
        typer.echo(f"{count} of {len(failed)} failed: {why}")
    if len(reasons) > 3:
        typer.echo(f"{len(reasons) - 3} more reasons; --csv writes all")


def ragone(
    cell: CellName,
    rates: Annotated[
        str,
        typer.Option(help='Currents or powers of the discharges: "C/10,1C,0.5 mA/cm2,1 mW/cm2".'),
    ] = "C/50,C/20,C/10,C/5,C/2,1C,2C,5C,10C",
    substrate: Annotated[
        str, typer.Option(help="glass, mica, alumina, silicon, polyimide or none; mica=100 um.")
    ] = "mica",
    packaging: Annotated[str, typer.Option(help="glue-and-glass, parylene or none.")] = "parylene",
    densities: Annotated[
        list[str] | None,
        typer.Option("--density", help='Of a layer: --density electrolyte="2.3 g/cm3".'),
    ] = None,
    as_made: Annotated[
        bool, typer.Option("--as-made", help="Count the volume before the first charge.")
    ] = False,
    per: Annotated[
        str, typer.Option(help="Of the plot: area, volume, mass, bare_volume or bare_mass.")
    ] = "area",
    changes: Changes = None,
    plot: Plot = None,
    csv: Csv = None,
    as_json: Json = False,
) -> None:
    """Compute energy and power per area, volume and mass of the whole stack of a cell."""
    from filmcell.design import ragone as computed
    from filmcell.protocol.reading import read_push

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        checked_folder(plot)
        basis = _chosen("--per", per, computed.BASES)
        amounts = [read_push(word.strip()) for word in rates.split(",")]
        chosen = load_changed(cell, changes)
        stack = _stack(chosen, substrate, packaging, densities or (), as_made=as_made)
        with screen.rate_bar("discharges", len(amounts), quiet=as_json) as done:
            found = computed.ragone(chosen, amounts, stack, progress=done)
        if csv is not None:
            write(csv, found.to_polars().write_csv().rstrip("\n"), quiet=as_json)
        if plot is not None:
            from filmcell.plot.ragone import draw_ragone

            save(draw_ragone(found, basis=basis, label=chosen.name), plot, quiet=as_json)
        if as_json:
            echo_json({"cell": chosen.name, **found.as_dict()})
        else:
            _print_ragone(chosen.name, found)


def _stack(
    cell: Any, substrate: str, packaging: str, densities: Sequence[str], *, as_made: bool
) -> Any:
    """Put a stack together from the words of a command."""
    from filmcell.design.sheets import PACKAGINGS
    from filmcell.design.stack import AsMade, Charged, stack_of

    pairs = {}
    for text in densities:
        key, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not key or not value:
            raise InputError(f'--density {shown(text)}: expected one such as electrolyte="2.3 '
                             'g/cm3"')  # fmt: skip
        pairs[key] = value.strip("\"'")
    outer = _chosen("--packaging", packaging, {**PACKAGINGS, "none": ()})
    try:
        return stack_of(
            cell, substrate=_substrate(substrate), packaging=outer, densities=pairs,
            state=AsMade() if as_made else Charged(),
        )  # fmt: skip
    except InputError as error:
        asked = "expected densities=" in str(error)
        here = '; here: --density LAYER="2.3 g/cm3"' if asked else ""
        raise InputError(f"{error}{here}") from None


def _substrate(text: str) -> Any:
    """Find a substrate by its word, with another thickness if one is given."""
    from dataclasses import replace

    from filmcell.design.sheets import SUBSTRATES
    from filmcell.units import to_si

    word, sign, thickness = (part.strip() for part in text.partition("="))
    sheet = _chosen("--substrate", word, {**SUBSTRATES, "none": None})
    if not sign:
        return sheet
    if sheet is None:
        raise InputError("--substrate none: there is nothing with a thickness")
    try:
        return replace(sheet, thickness=to_si(thickness, "m"), thickness_source="given")
    except InputError as error:
        raise InputError(f"--substrate {word}: {error}") from None


def _print_ragone(name: str, found: Any) -> None:
    """Print the stack, the points per area, volume and mass, and what is counted."""
    from filmcell.design.ragone import BASES

    layers = found.stack.table()
    numbers_of = ("thickness_um", "density_g_per_cm3", "areal_mass_mg_per_cm2")
    rows = tuple((row["layer"], row["material"], *(f"{row[k]:.4g}" for k in numbers_of))
                 for row in layers)  # fmt: skip
    heads = ("layer", "material", "um", "g/cm3", "mg/cm2")
    screen.print_listing(Listing(f"{name}: stack", heads, rows))
    for row in layers:
        typer.echo(f"{row['layer']}: thickness {row['thickness_source']}; density "
                   f"{row['density_source']}")  # fmt: skip
    shown_bases = [BASES[key] for key in ("area", "volume", "mass", "bare_volume", "bare_mass")]
    energy = [found.energy(basis) for basis in shown_bases]
    numbers = [found.duration / 3600.0, *energy, found.power(BASES["area"])]
    rows = tuple(
        (str(amount), *(f"{v[k]:.4g}" for v in numbers)) for k, amount in enumerate(found.amounts)
    )
    energies = ("mWh/cm2", "Wh/L whole", "Wh/kg whole", "Wh/L bare", "Wh/kg bare")
    screen.print_listing(Listing("energy", ("discharge", "h", *energies, "mean mW/cm2"), rows))
    for words, stack in (("whole", found.stack), ("bare", found.stack.bare)):
        typer.echo(f"{words}: {stack.thickness * 1e6:.4g} um, {stack.areal_mass * 100:.4g} mg/cm2: "
                   f"{stack.words}")  # fmt: skip
    typer.echo(found.protocol)
    _tell_failed(found.failed)
