"""The commands of design: parse, call the public API, print."""

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_folder, echo_json, load_changed
from filmcell.errors import FilmcellError, InputError
from filmcell.papers.claims import Listing
from filmcell.units import display, shown, to_si

app = typer.Typer(help="Design: how thick, how fast, how good.", no_args_is_help=True)

CellOption = Annotated[str, typer.Option("--cell", help="Preset or path of a cell file (.toml).")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help='Change a number: --set cathode.diffusivity="1e-13 m2/s".'),
]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a picture here.")]

_FURTHER = (
    "cathode.thickness", "cathode.potential", "cathode.maximum_concentration",
    "cathode.initial_fraction", "cathode.theoretical_swing", "electrolyte.thickness",
    "contact_resistance", "upper_voltage", "lower_voltage", "area",
)  # fmt: skip
"""Keys, besides those that sensitivities are told for, that a characteristic size rests on."""


@app.callback()
def _top() -> None:
    """Design: how thick, how fast, how good."""  # keeps `size` a word of its own


@app.command()
def size(
    cell: CellOption,
    utilisation: Annotated[float, typer.Option(help="Least utilisation, above 0, at most 1.")],
    current: Annotated[str, typer.Option(help='Such as "0.1 mA", "0.1 mA/cm2" or "C/2".')],
    of: Annotated[
        str, typer.Option("--of", help="What counts as 1: window or theoretical (capacity).")
    ] = "window",
    counted: Annotated[
        str, typer.Option(help="The step that counts: discharge (after a charge) or charge.")
    ] = "discharge",
    solve_for: Annotated[
        str | None,
        typer.Option("--solve-for", help="Find this number instead, such as cathode.diffusivity."),
    ] = None,
    changes: Changes = None,
    low: Annotated[str | None, typer.Option("--from", help='Look from here: "0.1 um".')] = None,
    high: Annotated[str | None, typer.Option("--to", help='Look to here: "200 um".')] = None,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Find the largest film thickness or particle radius that keeps a utilisation at a current."""
    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        chosen = load_changed(cell, changes)
        found = _found(chosen, utilisation, current, (of, counted), solve_for, (low, high))
        is_size, asked = solve_for is None, solve_for or "cathode.thickness"
        if plot is not None:
            _draw(found, plot)
        if as_json:
            buys = {"size_m_with_twice_the_diffusivity": _doubled(found)} if is_size else {}
            echo_json({**found.as_dict(), **buys, "sources": _sources(found.cell, asked)})
            return
        _print_size(found) if is_size else _print_needed(found)
        _print_trust(found, asked)
        if plot is not None:
            screen.note(f"drawn: {plot}", quiet=False)


def _found(
    cell: Any,
    utilisation: float,
    current: str,
    words: tuple[str, str],
    key: str | None,
    ends: tuple[str | None, str | None],
) -> Any:
    """Turn words into objects, and ask for a size or another number."""
    from filmcell.design.characteristic import largest_size
    from filmcell.design.counting import DischargeOfCycle, FirstCharge, OfTheory, OfWindow
    from filmcell.design.dial import SIZE, dial
    from filmcell.design.needed import needed
    from filmcell.protocol.reading import read_current

    basis = _chosen("--of", words[0], (OfWindow(), OfTheory()))
    step = _chosen("--counted", words[1], (DischargeOfCycle(), FirstCharge()))
    amount = read_current(current)
    unit = dial(cell, key or SIZE).unit
    low, high = (
        _end(name, text, unit) for name, text in zip(("--from", "--to"), ends, strict=True)
    )
    if key is None:
        return largest_size(
            cell, utilisation, amount, basis=basis, counted=step, low=low, high=high
        )
    return needed(cell, key, utilisation, amount, basis=basis, counted=step, low=low, high=high)


def _chosen(option: str, word: str, choices: tuple[Any, ...]) -> Any:
    """Find the choice that a word names."""
    named = {choice.name: choice for choice in choices}
    if word not in named:
        raise InputError(f"{option} {shown(word)}: expected one of {', '.join(named)}")
    return named[word]


def _end(option: str, text: str | None, unit: str) -> float | None:
    """Read an end of the range."""
    if text is None:
        return None
    try:
        return to_si(text, unit)
    except InputError as error:
        raise InputError(f"{option}: {error}") from None


def _doubled(found: Any) -> float | None:
    """Size with twice the diffusivity; none where the range limits it."""
    from filmcell.design.characteristic import largest_size
    from filmcell.design.dial import dial

    demand = found.demand
    if found.unlimited:
        return None
    better = dial(found.cell, "cathode.diffusivity").scaled(2.0)
    return largest_size(
        better, demand.utilisation, demand.current, basis=demand.basis, counted=demand.counted,
        low=float(found.sizes[0]), high=float(found.sizes[-1]) * 2.0,
    ).size  # fmt: skip


def _print_size(found: Any) -> None:
    """Print a characteristic size: the number, closed forms, and what it answers to."""
    from filmcell.design.reasons import size_word
    from filmcell.design.size_estimate import ASSUMED

    word = size_word(found.cell)
    head = "every size looked at reaches" if found.unlimited else f"largest {word} for"
    rows = [
        (word, _um(found.size), f"within {found.margin / found.size:.1g} of the model's equations"),
        ("current density", display(found.current_density, "A/m2", 4),
         f"asked: {found.demand.current}"),
        ("of the window", f"{found.window_utilisation * 100:.2f} %",
         f"{found.cell.lower_voltage:g} to {found.cell.upper_voltage:g} V at rest"),
        ("of the theoretical", f"{found.theoretical_utilisation * 100:.2f} %",
         f"{found.cell.cathode.theoretical_swing:g} lithium per site"),
        ("Lambda", f"{found.current_number:.3g}", "i l / (F D dc), of the surface"),
    ]  # fmt: skip
    console = screen.console()
    console.print(f"{found.cell.name}: {head} {found.demand}")
    screen.print_listing(Listing("", ("", "value", ""), tuple(rows)))
    forms = [(e.name, _um(e.size), f"{e.size / found.size:.4f}", e.valid) for e in found.estimates]
    heads = ("closed form", word, "over model", "valid for")
    screen.print_listing(Listing("", heads, tuple(forms)))
    for e in found.estimates:
        console.print(f"{e.name}: {e.formula}")
    console.print(f"(L = i l / (F D c_max), dx the swing of the surface; {ASSUMED})\n")
    if found.sensitivities:
        slopes = [
            (s.key, s.value, f"{s.slope:+z.3f}", f"{s.slope:+z.2f} %") for s in found.sensitivities
        ]
        heads = ("number", "now", "d ln size / d ln number", f"{word}, for 1 % more")
        screen.print_listing(Listing("", heads, tuple(slopes)))
    twice = _doubled(found)
    if twice is not None:
        console.print(
            f"twice the diffusivity: {_um(twice)}, {twice / found.size:.3f} times as much"
        )


def _print_needed(found: Any) -> None:
    """Print what a number must be."""
    bound = "at least" if found.at_least else "at most"
    bound = "any, up to" if found.unlimited else bound
    outside = found.bracket[0] if found.at_least else found.bracket[1]
    rows = (
        (found.key, f"{bound} {display(found.value, found.unit, 5)}",
         "" if found.unlimited else f"{display(outside, found.unit, 7)} does not reach it"),
        ("over what it was", f"{found.factor:.4g}", ""),
        ("utilisation there", f"{found.utilisation * 100:.2f} %",
         f"of {found.demand.basis.words}"),
        ("size", _um(found.cell.cathode.thickness), ""),
        ("current density", display(found.current_density, "A/m2", 4), ""),
    )  # fmt: skip
    screen.console().print(f"{found.cell.name}: {found.key} for {found.demand}")
    screen.print_listing(Listing("", ("", "value", ""), rows))


def _print_trust(found: Any, asked: str) -> None:
    """Print where the numbers come from and what the answer leaves out."""
    console = screen.console()
    console.print("\nwhere the numbers come from:")
    for key, source in _sources(found.cell, asked).items():
        console.print(f"{key}: {source}")
    console.print("\nhow far to trust it:")
    for note in found.notes:
        console.print(f"- {note}")


def _sources(cell: Any, asked: str) -> Mapping[str, str]:
    """Sources of the numbers that an answer rests on, without the one that was asked for."""
    from filmcell.design.sensitivity_local import usual_keys

    keys = dict.fromkeys(key for key in (*usual_keys(cell), *_FURTHER) if key != asked)
    return {key: cell.sources.get(key, "given without a source") for key in keys}


def _um(length: float) -> str:
    """A length in micrometres; that it does not exist, if it does not."""
    return "none" if isnan(length) else display(length, "m", 4)


def _draw(found: Any, path: Path) -> None:
    """Draw utilisation over what was looked at, with the answer marked."""
    from filmcell.plot.characteristic import utilisation_over
    from filmcell.plot.curves import save

    if hasattr(found, "sizes"):
        from filmcell.design.reasons import size_word

        word, scale = f"{size_word(found.cell)} (um)", 1e6
        x, answer = found.sizes, found.size
        said = f"{found.size * 1e6:.4g} um"
    else:
        word, scale = f"{found.key} ({found.unit})", 1.0
        x, answer = found.values, found.value
        said = display(found.value, found.unit, 4)
    ax = utilisation_over(
        x * scale, found.utilisations, found.demand.utilisation, answer * scale, xlabel=word,
        ylabel=f"utilisation of {found.demand.basis.words}", said=said,
    )  # fmt: skip
    ax.set_title(f"{found.cell.name}, {found.demand.current}", fontsize="medium")
    try:
        save(ax, path)
    except (OSError, ValueError) as error:
        raise FilmcellError(f"{path}: cannot be drawn ({error})") from None
