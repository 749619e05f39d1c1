"""The commands of impedance: parse, call the public API, print."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_folder, checked_new, write
from filmcell.errors import InputError
from filmcell.papers.claims import Listing

app = typer.Typer(help="Impedance: of a cell model, of the laboratory, and both on one plot.")

Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a picture here.")]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write a table here as CSV.")]
Range = Annotated[
    str | None, typer.Option("--frequencies", help='Such as "1 MHz:1 mHz"; ten a decade.')
]


def _span(text: str | None) -> Any:
    """Read "1 MHz:1 mHz"; nothing for the default."""
    from filmcell.impedance.of_model import frequencies
    from filmcell.units import to_si

    if text is None:
        return frequencies()
    words = text.split(":")
    if len(words) != 2:
        raise InputError(f'--frequencies "{text}": expected two such as "1 MHz:1 mHz"')
    high, low = (to_si(word, "Hz") for word in words)
    return frequencies(max(high, low), min(high, low))


@app.command()
def simulate(
    cell: Annotated[
        str, typer.Argument(help="Preset or file of a battery, or of a symmetric or blocking cell.")
    ],
    span: Range = None,
    state_of_charge: Annotated[
        float | None, typer.Option("--soc", help="0 at the lower, 1 at the upper voltage limit.")
    ] = None,
    lithiation: Annotated[
        float | None, typer.Option("--x", help="Lithiation fraction of the cathode instead.")
    ] = None,
    temperature: Annotated[str | None, typer.Option(help='Such as "60 degC".')] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help='Change a number: --set cathode.thickness="10 um".'),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="A measured spectrum to draw on the same plot.")
    ] = None,
    csv: Csv = None,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Compute the impedance of a cell model, and the share of each layer and interface."""
    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        checked_folder(plot)
        found = _simulated(cell, _span(span), state_of_charge, lithiation, temperature, changes)
        if csv is not None:
            write(csv, _impedance_csv(found), quiet=as_json)
        if plot is not None:
            _draw_simulated(found, against, plot)
            screen.note(f"drawn: {plot}", quiet=as_json)
        if as_json:
            typer.echo(json.dumps(_impedance_data(found)))
        else:
            _print_simulated(found)


def _simulated(
    name: str,
    f: Any,
    state_of_charge: float | None,
    lithiation: float | None,
    temperature: str | None,
    changes: Sequence[str] | None,
) -> Any:
    """Compute the impedance of a battery or of a sandwich."""
    from filmcell.cli.doors import load_changed
    from filmcell.door import read_text
    from filmcell.impedance.of_model import impedance
    from filmcell.impedance.sandwich_file import is_sandwich, load_sandwich, sandwich_names

    path = Path(name)
    if name in sandwich_names() or (path.is_file() and is_sandwich(read_text(path))):
        given = {"--soc": state_of_charge, "--x": lithiation, "--set": changes or None}
        for option, value in given.items():
            if value is not None:
                raise InputError(f"{option}: {name} has no state of charge, expected a battery")
        sandwich = load_sandwich(name)
        return (sandwich.at(temperature) if temperature else sandwich).impedance(f)
    warm = [f"temperature={temperature}"] if temperature else []
    cell = load_changed(name, [*(changes or ()), *warm])
    return impedance(cell, f, lithiation=lithiation, state_of_charge=state_of_charge)


def _impedance_data(found: Any) -> dict[str, Any]:
    """A simulated impedance as plain data."""
    parts = {
        name: {"real_ohm_m2": v.real.tolist(), "imag_ohm_m2": v.imag.tolist()}
        for name, v in found.parts.items()
    }
    return {
        "name": found.name,
        "temperature_K": found.temperature,
        "area_m2": found.area,
        "frequency_Hz": found.frequency.tolist(),
        "real_ohm_m2": found.impedance.real.tolist(),
        "imag_ohm_m2": found.impedance.imag.tolist(),
        "parts": parts,
    }


def _impedance_csv(found: Any) -> str:
    """A simulated impedance as CSV, in ohm cm2."""
    columns = {"Z": found.impedance, **found.parts}
    heads = ["frequency (Hz)"]
    for name in columns:
        heads += [f"Re {name} (ohm cm2)", f"Im {name} (ohm cm2)"]
    rows = [",".join(f'"{h}"' for h in heads)]
    for k, f in enumerate(found.frequency):
        numbers = [f, *(x * 1e4 for v in columns.values() for x in (v[k].real, v[k].imag))]
        rows.append(",".join(repr(float(x)) for x in numbers))
    return "\n".join(rows)


def _print_simulated(found: Any) -> None:
    """Print whole decades of a simulated impedance, and the shares at its two ends."""
    import numpy as np

    decades = np.log10(found.frequency)
    shown = [k for k in range(len(decades)) if abs(decades[k] - round(decades[k])) < 1e-6]
    shown = shown or list(range(len(decades)))
    rows = [
        (f"{found.frequency[k]:.4g}", *(f"{x * 1e4:.5g}" for x in
         (found.impedance[k].real, -found.impedance[k].imag, abs(found.impedance[k]))))
        for k in shown
    ]  # fmt: skip
    heads = ("frequency (Hz)", "Re (ohm cm2)", "-Im (ohm cm2)", "|Z| (ohm cm2)")
    screen.print_listing(Listing(found.name, heads, tuple(rows)))
    ends = (0, len(found.frequency) - 1)
    shares = [
        (name, *(f"{x * 1e4:z.5g}" for k in ends for x in (v[k].real, -v[k].imag)))
        for name, v in found.parts.items()
    ]
    high, low = (f"{found.frequency[k]:.3g} Hz" for k in ends)
    ends_of = ("share", f"Re, {high}", f"-Im, {high}", f"Re, {low}", f"-Im, {low}")
    screen.print_listing(Listing("shares (ohm cm2)", ends_of, tuple(shares)))


def _draw_simulated(found: Any, against: Path | None, path: Path) -> None:
    """Draw Nyquist, Bode and shares of a simulated impedance, with a measured one if given."""
    from filmcell.cli.figures import draw_impedance

    measured = None
    if against is not None:
        from filmcell.impedance.readers import read_spectrum

        measured = read_spectrum(against)
        for sentence in measured.warnings:
            screen.warn(sentence)
    draw_impedance(found, measured, path)
