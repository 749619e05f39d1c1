"""The gallery of the material library: a page of tables with their sources, and three pictures."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from filmcell.constants import F
from filmcell.errors import FilmcellError
from filmcell.materials.bibliography import statistics
from filmcell.materials.library import Library
from filmcell.materials.records import Material, Source, Value
from filmcell.materials.utilisation import Pairing, oxidation_limit, pairings
from filmcell.materials.vocabulary import FAMILIES, WINDOWS
from filmcell.plot import materials as pictures

DPI = 110
"""Dots per inch of the pictures."""

_BETWEEN = ("electrolyte", "interlayer")


def _layers(library: Library) -> list[Material]:
    """What may lie between the electrodes."""
    return [m for m in library.materials.values() if m.role in _BETWEEN]


def _axes(width: float, height: float) -> Any:
    """Axes of a new figure."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def _conductivity(library: Library) -> Any:
    """Draw conductivities over temperature."""
    return pictures.conductivities(_layers(library), _axes(8.5, 5.5))


def _windows(library: Library) -> Any:
    """Draw windows and potentials; the picture grows with the rows."""
    cathodes = [m for m in library.materials.values() if m.role == "cathode"]
    ax = pictures.windows(_layers(library), cathodes, _axes(8.0, 6.0))
    ax.figure.set_size_inches(8.0, 1.5 + 0.19 * len(ax.get_yticks()))
    return ax


def _capacity(library: Library) -> Any:
    """Draw usable capacities with the thermodynamic limits of electrolytes."""
    window = "dft_thermodynamic"
    found = [(m.id, oxidation_limit(m, window, library)) for m in library.materials.values()
             if m.role == "electrolyte"]  # fmt: skip
    limits = {name: limit.limit for name, limit in found if limit is not None and not limit.how}
    return pictures.capacities(pairings(library), _grouped(limits), _axes(8.5, 5.5))


def _grouped(limits: Mapping[str, float]) -> dict[str, float]:
    """Join the names of limits that could not be told apart in a picture."""
    groups: list[tuple[list[str], float]] = []
    for name, limit in sorted(limits.items(), key=lambda x: x[1]):
        if groups and limit - groups[-1][1] < 0.05:
            groups[-1][0].append(name)
        else:
            groups.append(([name], limit))
    return {", ".join(names): limit for names, limit in groups}


PICTURES: Mapping[str, Callable[[Library], Any]] = MappingProxyType(
    {
        "materials_conductivity.png": _conductivity,
        "materials_windows.png": _windows,
        "materials_capacity.png": _capacity,
    }
)
"""Pictures by the name of their file."""


def write_gallery(page: str | Path, figures: str | Path, library: Library) -> tuple[Path, ...]:
    """Write the gallery of a library; files that are there are written anew.

    Parameters
    ----------
    page : str or Path
        File of the page.
    figures : str or Path
        Folder of the pictures, that of the page or one below it.
    library : Library
        What to show.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    FilmcellError
        Where a file or folder cannot be written.
    """
    page, figures = Path(page), Path(figures)
    beside = "" if figures == page.parent else f"{figures.relative_to(page.parent).as_posix()}/"
    paths = tuple(figures / name for name in PICTURES)
    try:
        figures.mkdir(parents=True, exist_ok=True)
        page.write_text(text(library, beside), "utf-8")
        for path, draw in zip(paths, PICTURES.values(), strict=True):
            draw(library).figure.savefig(path, dpi=DPI, metadata={"Software": None})
    except OSError as error:
        raise FilmcellError(f"{error.filename}: cannot be written ({error.strerror})") from None
    return (page, *paths)


def text(library: Library, figures: str = "") -> str:
    """Write the page of the gallery.

    Parameters
    ----------
    library : Library
        What to show.
    figures : str
        Where the pictures are, seen from the page: nothing, or a folder with a slash.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> text(library()).splitlines()[0]
    '# Gallery of the material library'
    """
    pairs = pairings(library)
    conductivity, windows, capacity = (f"{figures}{name}" for name in PICTURES)
    sources: dict[str, Source] = {}
    parts = (
        _HEAD.format(**statistics(library)),
        _CONDUCTIVITY.format(picture=conductivity), _families(library),
        _WINDOWS.format(picture=windows), _window_table(library, sources),
        _CAPACITY.format(picture=capacity), _alone_table(pairs, sources),
        *(part for window in WINDOWS
          for part in (_ABOUT[window], _pair_table(pairs, window, sources))),
        _LEFT_OUT.format(**_left_out(library, pairs)), _source_list(sources),
    )  # fmt: skip
    return "\n\n".join(parts) + "\n"


_HEAD = """# Gallery of the material library

Made by `filmcell materials gallery` of {materials} materials with {values} values from {sources}
sources, {second_hand} of the values known through a review or a code and not from the source
itself. `filmcell materials show` prints every value of a material, its conditions and doubts."""

_CONDUCTIVITY = """## Conductivity over temperature

![Conductivities over the inverse temperature, one colour a family.]({picture})

Each point is one statement, each line an activation energy over the temperatures between which it
was found. Hollow points have no stated temperature and stand at 25 degC. Families that meet at one
temperature stand side by side, 1.8 K apart, the grey stripe is 25 degC. A point may be a film, a
pellet, a single crystal, the bulk of a grain or the total: the record says which.

Statements near 25 degC (within 10 K, or without a temperature):"""

_WINDOWS = """## Stability windows and potentials of cathodes

![Windows of electrolytes, above them the potentials of cathodes.]({picture})

Blue: the thermodynamic window, in which nothing reacts at equilibrium (density functional theory).
Hatched: the apparent window, in which no current was seen; many are sweeps that began at 0 V, so
that their lower end is where the sweep began. The two answer different questions and are never
joined. A bar that fades out has an end that no source states; an arrow is a bound. Green: ranges in
which cathodes are used, their upper ends as dotted lines; black ticks are plateaus. Limits in V
against lithium, with the key of the source:"""

_CAPACITY = """## Usable capacity

![Usable capacity of cathodes over the upper potential.]({picture})

The capacity at rest between the ends of the first range of use, from the open-circuit potential and
the formula: what a cell gives without any loss by transport, kinetics or ageing. mAh/cm2 per um is
for a dense film with the maximum concentration of the same record; x is the lithium in the cathode.
">" is at least: the curve ends before the range of use, and before the lithium does. Upright lines
are thermodynamic oxidation limits of electrolytes; a dot is the upper end of the range of use."""

_ABOUT = {
    "dft_thermodynamic": """### With electrolytes, by the thermodynamic window

mAh/g up to the limit of use or the oxidation limit of the electrolyte, whichever is lower; **bold**
where the electrolyte cuts it, a dash where nothing is known. A small number does not say
that a cell gives so little: it says that beyond it the electrolyte is not stable, and that a cell
lives by an interphase or a coating. "*" is a window of the same chemistry or family, "<" at most
and ">" at least that much, "~" either.""",
    "experimental_apparent": """### With electrolytes, by the apparent window

As above, with the window of experiments. It is the upper bound of what may be hoped for: slow
reactions, and those of a small contact area, show no current.""",
}

_LEFT_OUT = """### Left out

{electrolytes} electrolytes of which no oxidation limit of their own is known, and the cathodes
without an open-circuit potential over x or without a formula: {cathodes}."""


def _table(columns: Mapping[str, str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; columns by their heads are text or numbers, which are set to the right."""
    rules = ["---:" if what == "number" else "---" for what in columns.values()]
    lines = [columns, rules, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _heads(text_: str, numbers: Iterable[str]) -> dict[str, str]:
    """Heads of some columns of text, and then of numbers."""
    return {**dict.fromkeys(text_.split(), "text"), **dict.fromkeys(numbers, "number")}


def _families(library: Library) -> str:
    """Conductivities near room temperature and activation energies, by family."""
    rows = []
    for family in FAMILIES:
        members = [m for m in _layers(library) if m.family == family]
        near = [p.value.number / 100.0 for p in pictures.points(members)
                if abs(p.temperature - 298.15) <= 10.0]  # fmt: skip
        barriers = [v.number / F for m in members for v in m.values.get("activation_energy", ())
                    if v.is_number]  # fmt: skip
        if near or barriers:
            rows.append([family, f"{len(members)}", f"{len(near)}", *_ends(near, ".2g"),
                         f"{len(barriers)}", *_ends(barriers, ".2f")])  # fmt: skip
    numbers = ("materials", "conductivities", "least (S/cm)", "greatest (S/cm)",
               "activation energies", "least (eV)", "greatest (eV)")  # fmt: skip
    return _table(_heads("family", numbers), rows)


def _ends(numbers: Sequence[float], digits: str) -> tuple[str, str]:
    """Least and greatest, or dashes."""
    if not numbers:
        return "-", "-"
    return f"{min(numbers):{digits}}", f"{max(numbers):{digits}}"


def _window_table(library: Library, sources: dict[str, Source]) -> str:
    """Windows of all layers between electrodes, the two kinds in columns of their own."""
    rows = []
    for material in sorted(_layers(library), key=lambda m: (FAMILIES.index(m.family), m.id)):
        cells = [_stated(material, window, sources) for window in WINDOWS]
        if any(cells):
            rows.append([material.id, material.family, *(cell or "-" for cell in cells)])
    return _table(_heads("material family thermodynamic apparent", ()), rows)


def _stated(material: Material, window: str, sources: dict[str, Source]) -> str:
    """What sources say about one kind of window of a material."""
    words = {"stability_window": "", "oxidation_limit": "oxidation ",
             "reduction_limit": "reduction "}  # fmt: skip
    return "; ".join(
        f"{word}{_volts(value)} ({_cited(value, sources)})"
        for key, word in words.items()
        for value in material.values.get(key, ())
        if value.conditions.get("window") == window
    )


def _volts(value: Value) -> str:
    """A potential or two, without the unit."""
    return str(value).replace(" V", "")


def _cited(value: Value, sources: dict[str, Source]) -> str:
    """Key of the source and of who told us, remembered for the list."""
    known = [s for s in (value.source, value.via) if s is not None]
    sources.update({s.key: s for s in known})
    return " via ".join(s.key for s in known)


def _alone_table(pairs: Sequence[Pairing], sources: dict[str, Source]) -> str:
    """Each cathode by itself, and where its range of use was read."""
    numbers = ("from (V)", "to (V)", "x full", "x empty", "mAh/g", "mAh/cm2 per um")
    alone = [p for p in pairs if p.electrolyte is None]
    rows = [_alone_row(p, sources) for p in alone]
    origins: dict[str, list[str]] = {}
    for p in alone:
        origins.setdefault(p.range_from, []).append(p.cathode.id)
    lines = [f"- {', '.join(names)}: {origin}" for origin, names in origins.items()]
    return "\n".join([_table(_heads("cathode formula potential", numbers), rows),
                      "\nRanges of use:\n", *lines])  # fmt: skip


def _alone_row(found: Pairing, sources: dict[str, Source]) -> list[str]:
    """A cathode by itself; dashes where no range of use is known."""
    use = found.use
    if use is None:
        return [found.cathode.id, found.cathode.formula, *["-"] * 7]
    thick = use.volumetric * 1e-6 / 3.6e4
    per_um = f"{found.sign}{thick:.4f}" if math.isfinite(thick) else "-"
    return [found.cathode.id, found.cathode.formula, _cited(use.potential, sources),
            f"{use.low:g}", f"{use.high:g}", f"{use.full:.3f}", f"{use.empty:.3f}",
            _capacity_word(found), per_um]  # fmt: skip


def _capacity_word(found: Pairing) -> str:
    """A capacity in mAh/g with its sign."""
    return f"{found.sign}{found.use.specific / 3600.0:.1f}" if found.use else "-"


def _pair_table(pairs: Sequence[Pairing], window: str, sources: dict[str, Source]) -> str:
    """Cathodes in columns, electrolytes in rows, for one kind of window."""
    cathodes = list(dict.fromkeys(p.cathode.id for p in pairs))
    known = [p for p in pairs if p.window == window and p.electrolyte is not None]
    rows: dict[str, list[str]] = {}
    for p in sorted(known, key=_by_family):
        name = p.electrolyte.id if p.electrolyte else ""
        if name not in rows:
            rows[name] = [name, _limit_word(p, sources)]
    for p in known:
        rows[p.electrolyte.id if p.electrolyte else ""].append(_pair_word(p))
    alone = [_capacity_word(p) for p in pairs if p.electrolyte is None]
    shown = [row for row in rows.values() if row[1] != "-"]
    return _table({"electrolyte": "text", "limit (V)": "text", **dict.fromkeys(cathodes, "number")},
                  [["none", "-", *alone], *shown])  # fmt: skip


def _by_family(found: Pairing) -> tuple[int, str]:
    """Order of electrolytes: by family, then by name."""
    electrolyte = found.electrolyte
    return (FAMILIES.index(electrolyte.family), electrolyte.id) if electrolyte else (-1, "")


def _limit_word(found: Pairing, sources: dict[str, Source]) -> str:
    """The oxidation limit of an electrolyte with its source."""
    if found.limit is None:
        return "-"
    star = "*" if found.limit.how else ""
    return (f"{found.limit.bound}{found.limit.limit:g}{star} "
            f"({_cited(found.limit.value, sources)})")  # fmt: skip


def _pair_word(found: Pairing) -> str:
    """A capacity, bold where the electrolyte sets it."""
    word = _capacity_word(found)
    return f"**{word}**" if found.limited else word


def _left_out(library: Library, pairs: Sequence[Pairing]) -> dict[str, str]:
    """What the tables do not have."""
    shown = {p.cathode.id for p in pairs} | {p.electrolyte.id for p in pairs if p.electrolyte}
    left = [m for m in library.materials.values() if m.id not in shown]
    cathodes = ", ".join(m.id for m in left if m.role == "cathode")
    return {"electrolytes": f"{sum(m.role == 'electrolyte' for m in left)}",
            "cathodes": cathodes or "none"}  # fmt: skip


def _source_list(sources: Mapping[str, Source]) -> str:
    """References of the page."""
    lines = [f"- {key}: {source}" for key, source in sorted(sources.items())]
    return "\n".join(["## Sources of the tables\n", *lines])
