"""The commands of the material library: parse, call the public API, print."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from filmcell.arrays import finite_or_none
from filmcell.cli import screen
from filmcell.cli.doors import REFUSED, Json, checked_folder, checked_new, echo_json, write
from filmcell.errors import InputError

app = typer.Typer(help="Find, show and compare materials; every number has its source.")

Files = Annotated[
    list[Path] | None,
    typer.Option("--file", help="Add a material file of your own (repeat for several)."),
]
Obelix = Annotated[
    bool, typer.Option("--obelix", help="Add the table of OBELiX (pip install filmcell[obelix]).")
]
Csv = Annotated[Path | None, typer.Option("--csv", help="Write the table here as CSV.")]
Names = Annotated[list[str], typer.Argument(help="Ids, names, aliases or formulas.")]


def open_library(files: Iterable[Path] | None, *, obelix: bool = False) -> Any:
    """Give the library with the files of --file; say which files of the user were left out.

    OBELiX comes last, so that it takes no name away, and is named as its licence asks.
    """
    from filmcell.materials.library import library

    whole = library()
    for sentence in whole.refused:
        screen.warn(f"left out: {sentence}")
    for path in files or ():
        whole = whole.with_file(path)
    if obelix:
        from filmcell.materials.obelix import OBELIX, with_obelix

        whole = with_obelix(whole)
        screen.warn(f"with the table of OBELiX: {OBELIX}")
    return whole


@app.command("find")
def find_(
    text: Annotated[str, typer.Argument(help="Part of an id, a name or a formula.")] = "",
    role: Annotated[str | None, typer.Option(help="cathode, electrolyte, interlayer ...")] = None,
    family: Annotated[str | None, typer.Option(help="perovskite, garnet, sulfide ...")] = None,
    chemistry: Annotated[str | None, typer.Option(help="LCO, NCM, LLTO, LLZO ...")] = None,
    form: Annotated[str | None, typer.Option(help="film, bulk, glass ...")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help='Condition such as "conductivity > 1e-5 S/cm" (repeat).'),
    ] = None,
    temperature: Annotated[str | None, typer.Option(help='Such as "25 degC".')] = None,
    csv: Csv = None,
    files: Files = None,
    obelix: Obelix = False,
    as_json: Json = False,
) -> None:
    """Find materials by what they are and what is known of them."""
    from filmcell.materials.selection import find

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        found = find(text, role=role, family=family, chemistry=chemistry, form=form,
                     temperature=temperature, among=open_library(files, obelix=obelix),
                     **dict(_condition(words) for words in where or ()))  # fmt: skip
        if as_json:
            typer.echo(found.to_json())
        else:
            _print_found(found)
        if csv is not None:
            write(csv, found.to_csv(), quiet=as_json)


def _condition(words: str) -> tuple[str, Any]:
    """Read "conductivity > 1e-5 S/cm", or a property alone."""
    found = re.match(r"\s*([A-Za-z_]+)\s*(.*)$", words)
    if found is None:
        raise InputError(f'--where "{words}": expected one such as "conductivity > 1e-5 S/cm"')
    return found[1], found[2].strip() or True


def _print_found(found: Any) -> None:
    """Print what was found, with the readings of the search."""
    from filmcell.materials.vocabulary import PROPERTIES
    from filmcell.units import display

    heads = ["id", "name", "role", "family"]
    for key in found.keys:
        heads += [PROPERTIES[key].label, "as stated", "all values"]
    rows = []
    for material, readings in found.rows:
        row = [material.id, material.name, material.role, material.family]
        for key, r in readings.items():
            unit = PROPERTIES[key].unit
            plain = unit != "text" and math.isfinite(r.number)
            row += [display(r.number, unit, 3) if plain else str(r.value), r.how,
                    _spread(r, unit) if plain else f"{r.count}"]  # fmt: skip
        rows.append(row)
    _print_table(f"{len(found)} materials", heads, rows)
    if found.unknown:
        typer.echo(f"{found.unknown} more have a value, but none at this temperature")


def _spread(reading: Any, unit: str) -> str:
    """How many values there are, and between which they lie."""
    from filmcell.units import display

    if reading.count == 1 or reading.low == reading.high:
        return f"{reading.count}"
    return f"{reading.count}: {display(reading.low, unit, 2)} to {display(reading.high, unit, 2)}"


@app.command("show")
def show_(name: Annotated[str, typer.Argument(help="Id, name, alias or formula.")],
          files: Files = None, obelix: Obelix = False, plot: Annotated[
              Path | None, typer.Option(help="Draw its functions of x or T here.")] = None,
          as_json: Json = False) -> None:  # fmt: skip
    """Show all that is known of a material: every value, the best first, and its doubts."""
    from filmcell.materials.checks import doubts
    from filmcell.materials.selection import as_row

    with screen.errors(as_json, REFUSED):
        checked_folder(plot)
        whole = open_library(files, obelix=obelix)
        material = whole.material(name)
        doubted = doubts(whole, material.id)
        if plot is not None:
            _draw(material, plot, quiet=as_json)
        if as_json:
            values = {key: [as_row(v) for v in found] for key, found in material.values.items()}
            head = {
                k: getattr(material, k)
                for k in (
                    "id",
                    "name",
                    "role",
                    "family",
                    "chemistry",
                    "formula",
                    "form",
                    "aliases",
                    "note",
                )
            }
            echo_json({**head, "values": values,
                                   "doubts": [_doubt_row(d) for d in doubted]})  # fmt: skip
        else:
            _print_material(material, doubted)


def _draw(material: Any, path: Path, *, quiet: bool) -> None:
    """Draw the functions of a material."""
    from filmcell.cli.figures import draw_functions

    count = draw_functions(material, path)
    if count == 0:
        raise InputError(f"{material.id}: no function of x or T is known, so there is no picture")
    screen.note(f"drawn: {path}", quiet=quiet)


def _print_material(material: Any, doubted: Sequence[Any]) -> None:
    """Print a material."""
    from filmcell.materials.selection import as_row

    head = {k: getattr(material, k) for k in ("role", "family", "chemistry", "formula", "form")}
    about = [f"{key}: {word}" for key, word in head.items() if word]
    typer.echo(f"{material.id}: {material.name}\n" + ", ".join(about))
    if material.aliases:
        typer.echo(f"also called {', '.join(material.aliases)}")
    if material.note:
        typer.echo(material.note)
    heads = ["property", "value", "conditions", "kind", "source", "note"]
    rows, notes = list[list[str]](), list[str]()
    for found in material.values.values():
        for k, value in enumerate(found):
            row = as_row(value)
            label = value.word.label if k == 0 else ""
            mark = "* " if value.default else ""
            rows.append([label, mark + row["value"], row["conditions"], row["kind"],
                         _said(value), _noted(row["note"], notes)])  # fmt: skip
    _print_table("", heads, rows)
    if any(v.default for found in material.values.values() for v in found):
        typer.echo("* taken by a cell that names the material")
    _print_notes(notes)
    _print_references(v for found in material.values.values() for v in found)
    _print_doubts(doubted)


@app.command("compare")
def compare_(
    names: Names,
    properties: Annotated[
        list[str] | None, typer.Option("--property", help="Only this property (repeat).")
    ] = None,
    csv: Csv = None,
    files: Files = None,
    obelix: Obelix = False,
    as_json: Json = False,
) -> None:
    """Lay the values of materials side by side, all of them, with their spread."""
    from filmcell.materials.selection import as_csv, compare

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        whole = open_library(files, obelix=obelix)
        rows = compare(*names, properties=properties or (), among=whole)
        if as_json:
            echo_json([{**r, "spread": finite_or_none(r["spread"])} for r in rows])
        else:
            _print_compared(rows)
            shown = {r["property"] for r in rows}
            _print_references(
                v for name in names for k, found in whole.material(name).values.items()
                if k in shown for v in found
            )  # fmt: skip
        if csv is not None:
            write(csv, as_csv(rows), quiet=as_json)


def _print_compared(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print values side by side."""
    heads = ["property", "material", "value", "conditions", "kind", "source", "spread"]
    _print_table("", heads, [
        [r["property"], r["material"], r["value"], r["conditions"], r["kind"],
         f"[{_short(r['keys'])}]", f"x {r['spread']:.3g}" if r["spread"] > 1.0 else ""]
        for r in rows
    ])  # fmt: skip


@app.command("cite")
def cite_(
    names: Annotated[
        list[str] | None, typer.Argument(help="Materials; the whole library if none.")
    ] = None,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="Print BibTeX.")] = False,
    files: Files = None,
    obelix: Obelix = False,
    as_json: Json = False,
) -> None:
    """List the sources behind materials, and how many values come from each."""
    from filmcell.materials import bibliography

    with screen.errors(as_json, REFUSED):
        whole = open_library(files, obelix=obelix)
        records = [whole.material(name) for name in names or ()] or whole.records
        found = bibliography.cite(records)
        if as_json:
            echo_json([
                {"key": s.key, "text": s.text, "doi": s.doi, "note": s.note, "values": n}
                for s, n in found
            ])  # fmt: skip
        elif bibtex:
            typer.echo(bibliography.bibtex([s for s, _ in found]))
        else:
            _print_table("", ["key", "values", "reference", "doi"],
                         [[s.key, str(n), s.text, s.doi] for s, n in found])  # fmt: skip


@app.command("stats")
def stats_(files: Files = None, obelix: Obelix = False, as_json: Json = False) -> None:
    """Count what the library holds."""
    from filmcell.materials.bibliography import statistics

    with screen.errors(as_json, REFUSED):
        counts = statistics(open_library(files, obelix=obelix))
        if as_json:
            echo_json(counts)
        else:
            for key, n in counts.items():
                if isinstance(n, Mapping):
                    n = ", ".join(f"{name} {k}" for name, k in n.items())  # noqa: PLW2901
                if n != []:
                    typer.echo(f"{key.replace('_', ' ')}: {n}")


@app.command("doubts")
def doubts_(
    name: Annotated[str, typer.Argument(help="A material or source; all if none.")] = "",
    files: Files = None,
    as_json: Json = False,
) -> None:
    """List contradictions: those found by reading the sources, and those that checks compute."""
    from filmcell.materials.checks import doubts

    with screen.errors(as_json, REFUSED):
        found = doubts(open_library(files), name)
        if as_json:
            echo_json([_doubt_row(d) for d in found])
        else:
            _print_doubts(found)


def _doubt_row(doubt: Any) -> dict[str, Any]:
    """A doubt as plain data."""
    return {"id": doubt.id, "about": list(doubt.about), "what": doubt.what, "use": doubt.use,
            "found_by": doubt.found_by}  # fmt: skip


def _print_doubts(found: Sequence[Any]) -> None:
    """Print doubts, a paragraph each."""
    for d in found:
        typer.echo(f"\n[{d.id}] {d.what}\n    -> {d.use}")


@app.command("gallery")
def gallery_(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder for gallery.md and its pictures.")
    ] = None,
    files: Files = None,
    obelix: Obelix = False,
    as_json: Json = False,
) -> None:
    """Write a page with charts of conductivity, windows and usable capacity; --json the table."""
    from filmcell.materials.utilisation import pairings
    from filmcell.plot.gallery import PICTURES, write_gallery

    with screen.errors(as_json, REFUSED):
        if folder is None and not as_json:
            raise InputError("gallery: a folder is missing, expected one to write to, or --json")
        if folder is not None and folder.is_dir():
            for name in ("gallery.md", *PICTURES):
                checked_new(folder / name)
        whole = open_library(files, obelix=obelix)
        written = write_gallery(folder / "gallery.md", folder, whole) if folder else ()
        if as_json:
            echo_json([p.as_dict() for p in pairings(whole)])
        for path in written:
            screen.note(f"written: {path}", quiet=as_json)


def _said(value: Any) -> str:
    """Keys of the sources of a value, and where in them; the references stand below the table."""
    return f"[{_short(value.keys)}]{f' {value.where}' if value.where else ''}"


def _told(values: Iterable[Any]) -> str:
    """Keys of the sources of some values, each once."""
    return " ".join(dict.fromkeys(_said(v) for v in values))


def _short(key: str) -> str:
    """Key of a source; a reference that has none of its own is its own key, and long."""
    return key if len(key) <= 30 else f"{key[:27]}..."


def _print_references(values: Iterable[Any]) -> None:
    """List the sources of values, each once."""
    sources = {s.key: s for v in values for s in (v.source, v.via) if s is not None}
    if sources:
        typer.echo("\nsources")
    for source in sources.values():
        typer.echo(f"[{_short(source.key)}] {source}")


def _print_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of texts."""
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(escape(text) for text in row))
    screen.console().print(table)


def check(
    cell: Annotated[
        str, typer.Argument(help='Preset, cell file, or a stack such as "NCM811 | LGPS | Li".')
    ],
    potentials: Annotated[
        str | None, typer.Option("--range", help="Potentials of the cathode, such as 2.7:4.2.")
    ] = None,
    files: Files = None,
    as_json: Json = False,
) -> None:
    """Check a stack: windows against potentials, interfaces, tested cells, moisture."""
    from filmcell.cell.compatibility import check as check_cell
    from filmcell.cell.file import load_cell
    from filmcell.materials.compatibility import potentials_of

    with screen.errors(as_json, REFUSED):
        asked = cell if "|" in cell else load_cell(cell)
        ends = potentials_of(potentials) if potentials else None
        found = check_cell(asked, potentials=ends, among=open_library(files))
        if as_json:
            echo_json(found.as_dict())
        else:
            _print_check(found)


def _print_check(found: Any) -> None:
    """Print what a check found."""
    stack, notes = found.stack, list[str]()
    typer.echo(stack.name)
    if stack.high is not None:
        typer.echo(f"cathode used between {stack.low:g} and {stack.high:g} V: {stack.range_from}")
    for sentence in found.verdicts:
        typer.echo(f"- {sentence}")
    typer.echo()
    heads = ["layer", "side", "window", "limit V", "electrode V", "margin V", "touches", "source",
             "note"]  # fmt: skip
    _print_table("stability margins", heads, [
        [m.layer.id, m.side, _WINDOWS[m.window], f"{m.limit:g}", f"{m.potential:g}",
         f"{m.bound}{m.margin:+.2f}", "yes" if m.touches else "no", _said(m.value),
         _noted("; ".join(x for x in (m.how, m.value.note) if x), notes)] for m in found.margins
    ])  # fmt: skip
    _print_rows("interfaces", ["contact", "property", "value", "source", "note"], [
        [i.name, v.word.label, str(v), _said(v), _noted(v.note, notes)] for i, v in found.contacts
    ])  # fmt: skip
    near = {3: "same chemistries", 2: "same family"}
    heads = ["cell", "near", "results", "source"]
    _print_rows("tested cells, interlayers and treatments", heads, [
        [e.cell.name, near[e.nearness], _results(e), _told(e.results)] for e in found.evidence
    ])  # fmt: skip
    _print_rows("remarks", ["material", "remark", "source", "note"], [
        [m.id, _remark(v), _said(v), _noted(v.note, notes)] for m, v in found.remarks
    ])  # fmt: skip
    _print_notes(notes)
    _print_references([*(m.value for m in found.margins), *(v for _, v in found.contacts),
                       *(v for e in found.evidence for v in e.results),
                       *(v for _, v in found.remarks)])  # fmt: skip


_WINDOWS = {"dft_thermodynamic": "dft", "experimental_apparent": "apparent", "": ""}
"""Short words for a column; the files and the JSON have the long ones."""


def _remark(value: Any) -> str:
    """A remark, with what it is where it is of another kind."""
    return str(value) if value.key == "remark" else f"{value.word.label} {value}"


def _noted(sentence: str, notes: list[str]) -> str:
    """Number of a note, which is added to the list where it is new."""
    if not sentence:
        return ""
    if sentence not in notes:
        notes.append(sentence)
    return f"({notes.index(sentence) + 1})"


def _print_notes(notes: Sequence[str]) -> None:
    """List notes by their numbers."""
    if notes:
        typer.echo("\nnotes")
    for k, sentence in enumerate(notes, 1):
        typer.echo(f"({k}) {sentence}")


def _print_rows(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table after an empty line, if it has rows."""
    if rows:
        typer.echo()
        _print_table(title, heads, rows)


def _results(evidence: Any) -> str:
    """What was measured on a cell, in one line."""
    words = []
    for v in evidence.results:
        at = ", ".join(v.conditions.values())
        words.append(f"{v.word.label} {v}" + (f" ({at})" if at else ""))
    return "; ".join(words)


def suggest(
    cathode: Annotated[str, typer.Option(help="Cathode.")],
    electrolyte: Annotated[str, typer.Option(help="Electrolyte to put an interlayer before.")],
    anode: Annotated[str, typer.Option(help="Anode.")] = "lithium",
    potentials: Annotated[
        str | None, typer.Option("--range", help="Potentials of the cathode, such as 2.7:4.2.")
    ] = None,
    most: Annotated[int, typer.Option(min=0, help="How many of each to print.")] = 10,
    files: Files = None,
    as_json: Json = False,
) -> None:
    """Rank interlayers for a pair, and electrolytes for its electrodes, by evidence and margin."""
    from filmcell.materials.compatibility import potentials_of
    from filmcell.materials.suggestion import ORDER, suggest_electrolytes, suggest_interlayers

    with screen.errors(as_json, REFUSED):
        whole = open_library(files)
        layers = [whole.material(name) for name in (cathode, electrolyte, anode)]
        _check_roles(layers)
        ends = potentials_of(potentials) if potentials else None
        between = suggest_interlayers(layers[0], layers[1], whole, potentials=ends)
        instead = suggest_electrolytes(layers[0], layers[2], whole, potentials=ends)
        if as_json:
            echo_json({
                "order": ORDER, "interlayers": [s.as_dict() for s in between],
                "electrolytes": [s.as_dict() for s in instead],
            })  # fmt: skip
        else:
            names = [m.id for m in layers]
            _print_suggestions(f"between {names[0]} and {names[1]}", between[:most], len(between))
            typer.echo()
            _print_suggestions(f"electrolytes for {names[0]} and {names[2]}", instead[:most],
                               len(instead))  # fmt: skip
            typer.echo(f"\n{ORDER}; --json has all, with sources")


def _check_roles(layers: Sequence[Any]) -> None:
    """Refuse a material in a place where it cannot be."""
    wanted = {"cathode": ("cathode",), "electrolyte": ("electrolyte",),
              "anode": ("anode", "insertion anode")}  # fmt: skip
    for (place, roles), material in zip(wanted.items(), layers, strict=True):
        if material.role not in roles:
            raise InputError(
                f"--{place}: {material.id} is of the role {material.role}, expected "
                f"{' or '.join(roles)}"
            )


def _print_suggestions(title: str, found: Sequence[Any], count: int) -> None:
    """Print suggestions with their margins and the best of their evidence."""
    from filmcell.units import display

    words = {3: "this pair", 2: "both chemistries", 1: "one chemistry", 0: "not tested"}
    heads = ["material", "name", "tested with", "oxidation dft", "apparent", "reduction dft",
             "apparent", "conductivity", "10 nm", "cells"]  # fmt: skip
    rows = []
    for s in found:
        sigma = s.conductivity
        rows.append([
            s.material.id, s.material.name, words[s.level],
            *(_volts(s.margin(side, window)) for side in ("oxidation", "reduction")
              for window in ("dft_thermodynamic", "experimental_apparent")),
            display(sigma.number, "S/m", 2) if sigma else "-",
            display(s.resistance, "ohm*m2", 2) if sigma else "-",
            "; ".join(f"{e.cell.name}: {_results(e)}" for e in s.evidence[:2]),
        ])  # fmt: skip
    _print_table(f"{title} ({len(found)} of {count}; margins in V)", heads, rows)


def _volts(margin: float) -> str:
    """A margin, or a dash where none is known."""
    return f"{margin:+.2f}" if math.isfinite(margin) else "-"
