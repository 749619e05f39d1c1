"""The commands of impedance: parse, call the public API, print."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from filmcell.arrays import finite_or_none
from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_folder, checked_new, echo_json, write
from filmcell.errors import InputError
from filmcell.papers.claims import Listing
from filmcell.units import shown

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
        if against is not None and plot is None:
            raise InputError("--against: nothing is drawn, expected --plot too")
        found = _simulated(cell, _span(span), state_of_charge, lithiation, temperature, changes)
        if csv is not None:
            write(csv, _impedance_csv(found), quiet=as_json)
        if plot is not None:
            _draw_simulated(found, against, plot, quiet=as_json)
            screen.note(f"drawn: {plot}", quiet=as_json)
        if as_json:
            echo_json(_impedance_data(found))
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
    from filmcell.cell.file import preset_names
    from filmcell.cli.doors import load_changed
    from filmcell.door import read_text
    from filmcell.impedance.of_model import impedance
    from filmcell.impedance.sandwich_file import is_sandwich, load_sandwich, sandwich_names

    path, known = Path(name), (*preset_names(), *sandwich_names())
    if name not in known and not path.is_file():
        raise InputError(f"{shown(name)} is neither a preset nor a file, expected a path ending in "
                         f".toml or one of {', '.join(known)}")  # fmt: skip
    if name in sandwich_names() or (path.is_file() and is_sandwich(read_text(path))):
        given = {"--soc": state_of_charge, "--x": lithiation, "--set": changes or None}
        for option, value in given.items():
            if value is not None:
                raise InputError(f"{option}: {name} is a symmetric or blocking cell, expected a "
                                 "battery")  # fmt: skip
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
    for name in (key.replace(",", "") for key in columns):
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
    whole = [k for k in range(len(decades)) if abs(decades[k] - round(decades[k])) < 1e-6]
    rows = [
        (f"{found.frequency[k]:.4g}", *(f"{x * 1e4:.5g}" for x in
         (found.impedance[k].real, -found.impedance[k].imag, abs(found.impedance[k]))))
        for k in whole or range(len(decades))
    ]  # fmt: skip
    heads = ("frequency (Hz)", "Re (ohm cm2)", "-Im (ohm cm2)", "|Z| (ohm cm2)")
    screen.print_listing(Listing(found.name, heads, tuple(rows)))
    ends = (0, len(found.frequency) - 1)
    least = 1e-7 * np.abs(found.impedance)  # below it a share is rounding
    shares = [
        (name, *("0" if abs(x) < least[k] else f"{x * 1e4:.5g}"
                 for k in ends for x in (v[k].real, -v[k].imag)))
        for name, v in found.parts.items()
    ]  # fmt: skip
    high, low = (f"{found.frequency[k]:.3g} Hz" for k in ends)
    ends_of = ("share", f"Re, {high}", f"-Im, {high}", f"Re, {low}", f"-Im, {low}")
    screen.print_listing(Listing("shares (ohm cm2)", ends_of, tuple(shares)))


def _draw_simulated(found: Any, against: Path | None, path: Path, *, quiet: bool) -> None:
    """Draw Nyquist, Bode and shares of a simulated impedance, with a measured one if given."""
    from filmcell.cli.figures import draw_impedance

    measured = None
    if against is not None:
        from filmcell.impedance.readers import read_spectrum

        measured = read_spectrum(against)
        _tell(measured, quiet=quiet)
    draw_impedance(found, measured, path)


File = Annotated[Path, typer.Argument(help="A measured spectrum; the format is found by content.")]
Area = Annotated[str | None, typer.Option(help='Area of the sample, such as "1.33 cm2".')]
Thickness = Annotated[str | None, typer.Option(help='Thickness of the sample, such as "0.75 mm".')]
Between = Annotated[
    str | None, typer.Option("--between", help='Use only these frequencies, "10 kHz:1 Hz".')
]
ColumnsText = Annotated[
    str | None,
    typer.Option(
        "--columns",
        help="Frequency, real and imaginary part by number from 0 or by heading; -2 turns a sign.",
    ),
]
FormatName = Annotated[
    str | None, typer.Option("--format", help="Say the format instead of finding it.")
]


def _sample(area: str | None, thickness: str | None) -> Any:
    """Geometry of a sample, if it was given; half of it is refused."""
    from filmcell.impedance.spectrum import Geometry
    from filmcell.units import to_si

    if area is None and thickness is None:
        return None
    if area is None or thickness is None:
        missing = "--area" if area is None else "--thickness"
        raise InputError(f"{missing} is missing, expected both area and thickness or none")
    return Geometry(to_si(area, "m2"), to_si(thickness, "m"))


def _columns(text: str | None) -> Any:
    """Read "0,1,-2" or "f,re,-im"."""
    from filmcell.impedance.readers import Columns, Minus

    if text is None:
        return None
    words = [word.strip() for word in text.split(",")]
    turned = [word.startswith("-") for word in words[:2]]
    if len(words) != 3 or any(turned) or not all(word.strip("-") for word in words):
        raise InputError(f'--columns "{text}": expected three such as 0,1,-2 or f,re,-im')
    places = [int(w.strip("-")) if w.strip("-").isdigit() else w.strip("-") for w in words]
    imaginary: Any = Minus(places[2]) if words[2].startswith("-") else places[2]
    return Columns(places[0], places[1], imaginary)


def _format(name: str | None) -> Any:
    """Find a format by its name."""
    from filmcell.impedance.readers import FORMATS

    if name is not None and name not in FORMATS:
        raise InputError(f'--format "{name}": expected one of {", ".join(FORMATS)}')
    return None if name is None else FORMATS[name]


def _between(spectrum: Any, text: str | None) -> Any:
    """Keep a range of frequencies."""
    from filmcell.units import to_si

    if text is None:
        return spectrum
    words = text.split(":")
    if len(words) != 2:
        raise InputError(f'--between "{text}": expected two such as "10 kHz:1 Hz"')
    ends = sorted(to_si(word, "Hz") for word in words)
    try:
        return spectrum.between(*ends)
    except InputError as error:
        raise InputError(f'--between "{text}": {error}') from None


def _read(
    file: Path, area: str | None, thickness: str | None, columns: str | None, form: str | None,
    between: str | None, *, quiet: bool,
) -> Any:  # fmt: skip
    """Read a spectrum and say what was set aside."""
    from filmcell.impedance.readers import read_spectrum

    with _in_options():
        spectrum = read_spectrum(file, geometry=_sample(area, thickness),
                                 columns=_columns(columns), format=_format(form))  # fmt: skip
    spectrum = _between(spectrum, between)
    _tell(spectrum, quiet=quiet)
    return spectrum


_OPTIONS = {"columns=": "--columns 0,1,2 or 0,1,-2", "geometry=": "--area and --thickness",
            "format=": "--format"}  # fmt: skip
"""What Python asks for and how it is said here."""


@contextmanager
def _in_options() -> Iterator[None]:
    """Name the option where a reader asks for an argument of Python."""
    try:
        yield
    except InputError as error:
        option = next((o for asked, o in _OPTIONS.items() if f"expected {asked}" in str(error)), "")
        raise InputError(f"{error}; here: {option}" if option else str(error)) from None


def _tell(spectrum: Any, *, quiet: bool) -> None:
    """Say what was read, what was set aside, and what the reader saw."""
    aside = ", ".join(f"{n} {why}" for why, n in spectrum.set_aside.items())
    words = f"; set aside: {aside}" if aside else ""
    screen.note(f"{spectrum.name}: {spectrum.read} rows read, {len(spectrum)} used{words}",
                quiet=quiet)  # fmt: skip
    for sentence in spectrum.warnings:
        screen.warn(sentence)


def _counts(spectrum: Any) -> dict[str, Any]:
    """What was read, as plain data."""
    return {"name": spectrum.name, "rows_read": spectrum.read, "rows_used": len(spectrum),
            "set_aside": dict(spectrum.set_aside), "warnings": list(spectrum.warnings),
            "provenance": dict(spectrum.provenance)}  # fmt: skip


@app.command()
def check(
    file: File, area: Area = None, thickness: Thickness = None, columns: ColumnsText = None,
    form: FormatName = None, between: Between = None, plot: Plot = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Test a spectrum by the Kramers-Kronig relations."""
    from filmcell.impedance.kramers_kronig import check_kramers_kronig

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        spectrum = _read(file, area, thickness, columns, form, between, quiet=as_json)
        found = check_kramers_kronig(spectrum)
        if plot is not None:
            _draw("draw_kramers_kronig", found, plot, quiet=as_json)
        if as_json:
            echo_json({
                **_counts(spectrum), "passes": found.passes, "rms": found.rms,
                "largest": found.largest, "M": found.M, "mu": found.mu, "line": found.line,
                "representation": str(found.representation), "why": found.why,
                "parts": {k: finite_or_none(v) for k, v in found.parts.items()},
                "violations_Hz": [list(x) for x in found.violations], "verdict": found.verdict,
            })  # fmt: skip
        else:
            typer.echo(found.verdict)
            typer.echo(f"{found.M} RC elements ({found.representation}), mu {found.mu:.3g}: "
                       f"{found.why}")  # fmt: skip


def _draw(function: str, found: Any, path: Path, *, quiet: bool) -> None:
    """Draw a result."""
    from filmcell.cli import figures

    getattr(figures, function)(found, path)
    screen.note(f"drawn: {path}", quiet=quiet)


@app.command()
def fit(
    file: File,
    circuit: Annotated[
        str | None, typer.Option(help='Such as "R0-p(R1,CPE1)-CPE2"; proposed if not given.')
    ] = None,
    area: Area = None, thickness: Thickness = None, columns: ColumnsText = None,
    form: FormatName = None, between: Between = None, plot: Plot = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Fit a circuit to a spectrum, or look for the simplest that describes it."""
    from filmcell.impedance import fitting
    from filmcell.impedance.candidates import propose
    from filmcell.impedance.circuits import circuit_from_text

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        spectrum = _read(file, area, thickness, columns, form, between, quiet=as_json)
        others: tuple[Any, ...] = ()
        if circuit is None:
            with screen.progress("circuits", None, quiet=as_json):
                comparison = propose(spectrum)
            found, others = comparison.chosen, comparison.fits
        else:
            found = fitting.fit(spectrum, circuit_from_text(circuit))
        if plot is not None:
            _draw("draw_fit", found, plot, quiet=as_json)
        if as_json:
            echo_json({**_counts(spectrum), **_fit_data(found),
                                   "compared": [_brief(f) for f in others]})  # fmt: skip
        else:
            _print_fit(found, others)


def _brief(found: Any) -> dict[str, Any]:
    """One line of a comparison."""
    return {"circuit": str(found.circuit), "aicc": finite_or_none(found.aicc), "rms": found.rms,
            "parameters": len(found.free), "determined": found.determined}  # fmt: skip


def _fit_data(found: Any) -> dict[str, Any]:
    """A fit as plain data."""
    return {
        **_brief(found),
        "values": found.values,
        "errors": {k: finite_or_none(v) for k, v in found.errors.items()},
        "intervals": {k: [finite_or_none(x) for x in pair] for k, pair in found.intervals.items()},
        "level": found.level,
        "correlation": [[finite_or_none(x) for x in row] for row in found.correlation.tolist()],
        "free": list(found.free),
        "arcs": [
            {"name": a.name, "resistance_ohm": a.resistance, "capacitance_F": a.capacitance,
             "exponent": a.exponent, "frequency_Hz": a.frequency, "permittivity": a.permittivity,
             "meaning": a.meaning.value, "reason": a.reason} for a in found.arcs
        ],
        "warnings_of_fit": list(found.warnings),
    }  # fmt: skip


def _print_fit(found: Any, others: Sequence[Any]) -> None:
    """Print a fit: parameters with intervals, arcs with their likely meaning, warnings."""
    units = {p.name: p.unit for p in found.circuit.parameters}
    rows = []
    for name, value in found.values.items():
        ends = found.intervals.get(name, (math.nan,) * 2)
        low, high = ("-" if math.isnan(x) else f"{x:.5g}" for x in ends)
        rows.append((name, f"{value:.5g}", low, high, units.get(name, "")))
    heads = ("parameter", "value", f"{found.level:.0%} from", "to", "unit")
    screen.print_listing(Listing(f"{found.circuit}, {found.rms:.3%} rms", heads, tuple(rows)))
    arcs = tuple(
        (a.name, f"{a.resistance:.5g}", f"{a.capacitance:.3g}", f"{a.frequency:.3g}",
         "-" if a.permittivity is None else f"{a.permittivity:.3g}", a.meaning.value)
        for a in found.arcs
    )  # fmt: skip
    if arcs:
        of_arcs = ("arc", "R (ohm)", "C (F)", "peak (Hz)", "eps_r", "likely")
        screen.print_listing(Listing("arcs", of_arcs, arcs))
    for a in found.arcs:
        typer.echo(f"{a.name}: {a.reason}")
    for sentence in found.warnings:
        typer.echo(f"! {sentence}")
    if others:
        _print_compared(others)


def _print_compared(others: Sequence[Any]) -> None:
    """Print the best of the circuits that were tried."""
    rows = tuple(
        (str(f.circuit), f"{f.aicc - others[0].aicc:.1f}", f"{f.rms:.3%}",
         "yes" if f.determined else "no") for f in others[:8]
    )  # fmt: skip
    heads = ("compared", "AICc above best", "rms", "determined")
    screen.print_listing(Listing(f"{len(others)} circuits were tried", heads, rows))


@app.command()
def drt(
    file: File, area: Area = None, thickness: Thickness = None, columns: ColumnsText = None,
    form: FormatName = None, between: Between = None, csv: Csv = None, plot: Plot = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Find the distribution of relaxation times of a spectrum."""
    from filmcell.impedance.drt import relaxation_times

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        checked_folder(plot)
        spectrum = _read(file, area, thickness, columns, form, between, quiet=as_json)
        found = relaxation_times(spectrum)
        if csv is not None:
            rows = zip(found.tau, found.gamma, *found.band, found.compared.gamma, strict=True)
            head = "tau (s),gamma (ohm),low (ohm),high (ohm),gamma at a tenth of lambda (ohm)"
            lines = [",".join(repr(float(x)) for x in row) for row in rows]
            write(csv, "\n".join([head, *lines]), quiet=as_json)
        if plot is not None:
            _draw("draw_relaxation_times", found, plot, quiet=as_json)
        if as_json:
            echo_json({**_counts(spectrum), **_drt_data(found)})
        else:
            _print_drt(found)


def _drt_data(found: Any) -> dict[str, Any]:
    """A distribution as plain data."""
    return {
        "tau_s": found.tau.tolist(), "gamma_ohm": found.gamma.tolist(),
        "error_ohm": found.error.tolist(), "lambda": found.smoothing, "rms": found.rms,
        "compared": {"lambda": found.compared.smoothing,
                     "gamma_ohm": found.compared.gamma.tolist()},
        "polarisation_ohm": found.polarisation, "series": found.series, "positive": found.positive,
        "peaks": [_peak(x) for x in found.peaks], "beyond": [_peak(x) for x in found.beyond],
        "taken_out": found.taken_out,
    }  # fmt: skip


def _peak(peak: Any) -> dict[str, Any]:
    """A peak as plain data."""
    return {"tau_s": peak.tau, "resistance_ohm": peak.resistance, "exponent": peak.exponent,
            "frequency_Hz": peak.frequency,
            "capacitance_F": finite_or_none(peak.capacitance)}  # fmt: skip


def _print_drt(found: Any) -> None:
    """Print a distribution: its peaks, and what was taken out first."""
    typer.echo(found.taken_out)
    typer.echo(f"polarisation {found.polarisation:.5g} +- {found.polarisation_error:.2g} ohm, "
               f"lambda {found.smoothing:.3g}, residual {found.rms:.3%} rms")  # fmt: skip
    rows = [
        (f"{x.tau:.4g}", f"{x.frequency:.4g}", f"{x.resistance:.5g}", f"{x.exponent:.3f}",
         f"{x.capacitance:.3g}", word)
        for word, peaks in (("", found.peaks), ("beyond", found.beyond)) for x in peaks
    ]  # fmt: skip
    heads = ("tau (s)", "peak (Hz)", "R (ohm)", "n", "C (F)", "")
    screen.print_listing(Listing("peaks", heads, tuple(rows)))


@app.command()
def arrhenius(
    files: Annotated[list[Path], typer.Argument(help="Spectra, one a temperature, or a folder.")],
    circuit: Annotated[str, typer.Option(help='Such as "p(R1,CPE1)-p(R2,CPE2)-CPE3".')],
    in_name: Annotated[
        str | None,
        typer.Option(help='Where the temperature is in a name: "(?P<celsius>[0-9]+)deg".'),
    ] = None,
    in_header: Annotated[
        str | None, typer.Option(help="Where it is in the head of a file, as a pattern.")
    ] = None,
    temperatures: Annotated[
        str | None, typer.Option(help='In order of the files: "25 degC, 60 degC".')
    ] = None,
    shared: Annotated[
        list[str] | None,
        typer.Option(help="A parameter that is the same at all temperatures (repeat)."),
    ] = None,
    law: Annotated[
        list[str] | None,
        typer.Option(help="A parameter that follows ln sigma T over 1/T (repeat)."),
    ] = None,
    area: Area = None, thickness: Thickness = None, columns: ColumnsText = None,
    form: FormatName = None, plot: Plot = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Fit a series of temperatures and tell the activation energy of every resistance."""
    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        where = _temperatures(files, in_name, in_header, temperatures)
        spectra = _read_each(files, where, _sample(area, thickness), _columns(columns),
                             _format(form))  # fmt: skip
        for spectrum in spectra:
            _tell(spectrum, quiet=as_json)
        fits, laws = _fitted(spectra, circuit, shared or (), law or (), quiet=as_json)
        found = {**_energies(spectra, fits), **laws}
        if plot is not None:
            _draw("draw_arrhenius", (spectra, fits, found), plot, quiet=as_json)
        if as_json:
            echo_json(_arrhenius_data(spectra, fits, found))
        else:
            _print_arrhenius(spectra, fits, found)


def _read_each(
    files: Sequence[Path], where: Any, geometry: Any, columns: Any, form: Any
) -> list[Any]:
    """Read a series, the coldest first; a file that is refused is named and left out."""
    from filmcell.impedance.readers import read_series

    folder = len(files) == 1 and files[0].is_dir()
    paths = sorted(x for x in files[0].iterdir() if x.is_file()) if folder else list(files)
    spectra, refused = list[Any](), list[str]()
    for path in paths:
        try:
            with _in_options():
                own = {path.name: where[path.name]} if isinstance(where, Mapping) else where
                spectra += read_series([path], temperatures=own, geometry=geometry,
                                       columns=columns, format=form)  # fmt: skip
        except InputError as error:
            refused.append(str(error))
    if len(spectra) < 2:
        raise InputError(refused[0] if refused else f"{len(spectra)} spectra, expected two or more")
    for sentence in refused:
        screen.warn(f"left out: {sentence}")
    return sorted(spectra, key=lambda spectrum: spectrum.temperature)


def _temperatures(
    files: Sequence[Path], in_name: str | None, in_header: str | None, listed: str | None
) -> Any:
    """Where the temperatures of a series stand; never guessed."""
    import re

    from filmcell.impedance.readers import InHeader, InName
    from filmcell.units import to_si

    given = [x for x in (in_name, in_header, listed) if x is not None]
    if len(given) != 1:
        raise InputError("expected one of --in-name, --in-header and --temperatures")
    if listed is not None:
        words = [word.strip() for word in listed.split(",")]
        if len({path.name for path in files}) < len(files):
            raise InputError("--temperatures: two files have one name, expected names that differ")
        if len(words) != len(files):
            raise InputError(
                f"--temperatures: {len(words)} for {len(files)} files, expected as many"
            )
        return {path.name: to_si(word, "K") for path, word in zip(files, words, strict=True)}
    try:
        pattern = re.compile(given[0])
    except re.error as error:
        raise InputError(f'"{given[0]}" is not a pattern ({error})') from None
    return InName(pattern) if in_name is not None else InHeader(pattern)


def _fitted(
    spectra: Sequence[Any], circuit: str, shared: Sequence[str], law: Sequence[str], *, quiet: bool
) -> tuple[Sequence[Any], dict[str, tuple[Any, ...]]]:
    """Fit one circuit to every spectrum, all at once where parameters go with each other."""
    from filmcell.impedance.circuits import circuit_from_text
    from filmcell.impedance.fit import LnSigmaT, Shared, fit_series
    from filmcell.impedance.fit import fit as fit_one

    wanted, fits = circuit_from_text(circuit), list[Any]()
    with screen.progress("spectra", len(spectra), quiet=quiet) as report:
        if shared or law:
            laws: dict[str, Any] = {
                **dict.fromkeys(shared, Shared()),
                **dict.fromkeys(law, LnSigmaT()),
            }
            whole = fit_series(spectra, wanted, laws)
            return whole.fits, {name: (a,) for name, a in whole.activations.items()}
        for k, spectrum in enumerate(spectra):
            fits.append(fit_one(spectrum, wanted))
            report(k + 1, len(spectra))
    return fits, {}


def _energies(spectra: Sequence[Any], fits: Sequence[Any]) -> dict[str, tuple[Any, ...]]:
    """Activation energy of every resistance, by both relations."""
    from filmcell.impedance.arrhenius import LnSigma, LnSigmaT, activation_from_resistance

    T, size = [s.temperature for s in spectra], spectra[0].geometry
    names = [
        p.name for p in fits[0].circuit.parameters if p.unit == "ohm" and p.name in fits[0].free
    ]
    found: dict[str, tuple[Any, ...]] = {}
    for name in names:
        ohms = [f.values[name] for f in fits]
        found[name] = tuple(
            activation_from_resistance(T, ohms, geometry=size, relation=relation)
            for relation in (LnSigmaT(), LnSigma())
        )
    return found


def _arrhenius_data(
    spectra: Sequence[Any], fits: Sequence[Any], found: Mapping[str, tuple[Any, ...]]
) -> dict[str, Any]:
    """A temperature series as plain data."""
    return {
        "temperature_K": [s.temperature for s in spectra],
        "fits": [{**_counts(s), **_fit_data(f)} for s, f in zip(spectra, fits, strict=True)],
        "activation": {
            name: [
                {"relation": a.relation.name, "energy_eV": a.electronvolts,
                 "error_eV": finite_or_none(a.error_electronvolts),
                 "interval_eV": [finite_or_none(x) for x in a.interval_electronvolts],
                 "reference": a.reference, "reference_temperature_K": a.T_ref} for a in pair
            ] for name, pair in found.items()
        },
    }  # fmt: skip


def _print_arrhenius(
    spectra: Sequence[Any], fits: Sequence[Any], found: Mapping[str, tuple[Any, ...]]
) -> None:
    """Print resistances over temperature, then the activation energies."""
    names = list(found)
    rows = [
        (f"{s.temperature:.2f}", *(f"{f.values[n]:.5g}" for n in names), f"{f.rms:.3%}")
        for s, f in zip(spectra, fits, strict=True)
    ]
    heads = ("T (K)", *(f"{n} (ohm)" for n in names), "rms")
    screen.print_listing(Listing(str(fits[0].circuit), heads, tuple(rows)))
    for name, pair in found.items():
        for a in pair:
            typer.echo(f"{name}: {a}")
    for f in fits:
        for sentence in f.warnings:
            typer.echo(f"! {f.spectrum.name}: {sentence}")
