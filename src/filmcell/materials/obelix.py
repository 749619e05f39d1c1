"""OBELiX on request: 599 crystalline electrolytes with their conductivity at room temperature.

The numbers are those of the table `all.csv` of OBELiX, under CC BY 4.0. filmcell neither ships nor
downloads it: the package obelix-data, which the extra `filmcell[obelix]` brings, fetches it once.
"""

import csv
import io
import math
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import platformdirs

from filmcell.errors import InputError, MissingExtra
from filmcell.materials.library import Library
from filmcell.materials.records import Material, Source, Value, Values
from filmcell.units import shown

OBELIX_TABLE = "FILMCELL_OBELIX"
"""Environment variable with the table of OBELiX, or the folder that it lies in."""

OBELIX = Source(
    "obelix2025",
    "F. Therrien et al., OBELiX dataset, arXiv:2502.14234 (2025), CC BY 4.0",
    note="A Curated Dataset of Crystal Structures and Experimentally Measured Ionic Conductivities "
    "for Lithium Solid-State Electrolytes; github.com/NRC-Mila/OBELiX, "
    "creativecommons.org/licenses/by/4.0; numbers as in its table, which we did not hold against "
    "the papers; families in the words of filmcell",
)
"""What to name wherever a number of OBELiX is shown."""

FAMILY_OF: Mapping[str, str] = MappingProxyType(
    {
        "NASICON": "NASICON", "garnet": "garnet", "garnet-like": "garnet",
        "perovskites": "perovskite", "LISICON": "LISICON", "thio-LISICON": "thio-LISICON",
        "LIPON": "LiPON",
        "argyrodites": "sulfide", "argyrodite": "sulfide", "LGPS": "sulfide",
        "sulfides": "sulfide", "thio-phosphate": "sulfide", "Chalcogenidotetrelates": "sulfide",
        "halides": "halide", "Halide": "halide", "chlorides": "halide", "cholorides": "halide",
        "fluorides": "halide",
        "phosphates": "phosphate", "diphosphate": "phosphate", "pyrophosphate": "phosphate",
        "fluorophosphates": "phosphate", "Borophosphates": "phosphate", "Tavorite": "phosphate",
        "oxides": "oxide", "hexaoxometalates": "oxide", "molybdates": "oxide",
        "zirconates": "oxide", "pyrochlore": "oxide", "Lanthanumlithiumoxide": "oxide",
    }
)  # fmt: skip
"""Our families by the words of OBELiX; every other word is "other"."""

_NEEDS = {"sulfide": {"S"}, "thio-LISICON": {"S"}, "phosphate": {"P", "O"}, "oxide": {"O"}}
"""Elements without which a material cannot be of a family, whatever the table calls it."""

_CONDUCTIVITY = "Ionic conductivity (S cm-1)"
_PARTS = {"IC (Total)": "total", "IC (Bulk)": "bulk"}
_LATTICE = {"lattice_a": "a", "lattice_b": "b", "lattice_c": "c"}
_COLUMNS = ("ID", "Reduced Composition", "Z", _CONDUCTIVITY, *_PARTS, "Space group",
            "Space group #", *_LATTICE.values(), "Family", "DOI", "note")  # fmt: skip


def with_obelix(library: Library, path: str | Path | None = None) -> Library:
    """Add the electrolytes of OBELiX to a library, one material for each row of its table.

    They come last, so that no name, alias or formula of the library is taken away; add the user's
    own files before. A material that is there already stays as it is.

    Parameters
    ----------
    library : Library
        What to add to.
    path : str or Path, optional
        The table `all.csv` or its folder; if not given, that of the environment variable
        FILMCELL_OBELIX, or else the folder "obelix" of the user's data folder of filmcell.

    Returns
    -------
    Library
        A library with the materials "obelix-ID" too.

    Raises
    ------
    MissingExtra
        Where nobody says where the table is, and it is not in the user's data folder.
    InputError
        Where the file cannot be read or is not the table: one sentence.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> with_obelix(library(), "nowhere.csv")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.csv: cannot be read (No such file or directory)
    """
    file = _file(path)
    papers = {s.doi.casefold(): s for s in library.sources.values() if s.doi}
    materials = dict(library.materials)
    for row, at in _rows(file):
        # after those of the library: the first claim to a name wins
        materials.setdefault(f"obelix-{row['ID']}", _material(row, papers, at))
    return replace(
        library,
        materials=MappingProxyType(materials),
        sources=MappingProxyType({**library.sources, OBELIX.key: OBELIX}),
    )


def _file(path: str | Path | None) -> Path:
    """Find the table."""
    named = path or os.environ.get(OBELIX_TABLE)
    place = named or os.path.join(platformdirs.user_data_dir("filmcell", appauthor=False), "obelix")
    file = Path(place)
    file = file if file.suffix == ".csv" else file / "all.csv"
    if not named and not file.exists():
        raise MissingExtra(
            f"OBELiX: its table {file} is not there and filmcell downloads nothing: pip install "
            'filmcell[obelix], fetch the table once by python -c "from obelix import OBELiX; '
            f"OBELiX('obelix', no_cifs=True)\" and set {OBELIX_TABLE}=obelix"
        )
    return file


def _rows(file: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Read what we take of each row, and what to call the row in messages."""
    seen = set[str]()
    table = csv.DictReader(io.StringIO(_text(file), newline=""))
    try:
        for column in _COLUMNS:
            if column not in (table.fieldnames or ()):
                raise InputError(f"{file}: not the table of OBELiX, the column {column} is missing")
        for line in table:
            row = {column: (line[column] or "").strip() for column in _COLUMNS}
            at = f"{file}, line {table.line_num}"
            if not re.fullmatch(r"[a-z0-9]+", row["ID"]) or row["ID"] in seen:
                raise InputError(f"{at}: ID: {shown(row['ID'])} is no identifier of its own")
            seen.add(row["ID"])
            yield row, at
    except csv.Error as error:
        raise InputError(f"{file}: not the table of OBELiX ({error})") from None


def _text(file: Path) -> str:
    """Read a text file at the door."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    except ValueError:  # not UTF-8
        raise InputError(f"{file}: not text in UTF-8, expected the table of OBELiX") from None


def _material(row: Mapping[str, str], papers: dict[str, Source], at: str) -> Material:
    """Make the material of a row."""
    printed, family = "".join(row["Reduced Composition"].split()), row["Family"]
    remarks = [f"OBELiX calls its family {family}" if family else "OBELiX names no family"]
    remarks += [f"note of OBELiX: {row['note']}"] if row["note"] else []
    return Material(
        f"obelix-{row['ID']}",
        f"{printed}, OBELiX {row['ID']}",
        _values(row, _paper(row["DOI"], papers), at),
        "; ".join(remarks),
        role="electrolyte",
        family=_family(family, printed),
        formula=printed if re.fullmatch(r"[A-Za-z0-9.()]+", printed) else "",
    )


def _paper(named: str, papers: dict[str, Source]) -> Source:
    """The source of a row by its identifiers, one that the library knows where it knows it."""
    several = named.split("|")
    if len(several) > 1:
        text = f"one of the papers that OBELiX names, doi {', '.join(several)}"
        made = Source(several[0] + " and others", text)
    else:
        made = Source(named or "unnamed", "paper that OBELiX names", named)
    return papers.setdefault(named.casefold(), made)


def _family(word: str, formula: str) -> str:
    """Our family for a word of OBELiX, where the elements allow it."""
    family = FAMILY_OF.get(word, "other")
    elements = set(re.findall(r"[A-Z][a-z]?", formula))
    return family if _NEEDS.get(family, set()) <= elements else "other"


def _values(row: Mapping[str, str], paper: Source, at: str) -> Values:
    """Make the values of a row."""
    make = partial(Value, kind="measured", source=paper, via=OBELIX, where=f"entry {row['ID']}")
    values = {"conductivity": tuple(_conductivities(row, make, at))}
    for key, column in _LATTICE.items():
        if row[column]:
            values[key] = (make(key, f"{_number(row, column, at)} angstrom"),)
    if row["Z"]:
        values["formula_units"] = (make("formula_units", _number(row, "Z", at)),)
    if row["Space group"]:
        number = row["Space group #"]
        values["space_group"] = (make("space_group", "".join(row["Space group"].split()),
                                      note=f"number {number}" if number else ""),)  # fmt: skip
    return MappingProxyType(values)


def _conductivities(row: Mapping[str, str], make: partial[Value], at: str) -> Iterator[Value]:
    """Make the conductivities of a row: in all and of the bulk, as far as the table parts them."""
    parted = {column: part for column, part in _PARTS.items() if row[column]}
    assumed = "" if parted else "; OBELiX does not say of which part and takes it as the total"
    for column, part in (parted or {_CONDUCTIVITY: "total"}).items():
        yield make(
            "conductivity",
            f"{_number(row, column, at)} S/cm",
            bound="below" if row[column].startswith("<") else "",
            conditions=MappingProxyType({"temperature": "25 degC", "part": part}),
            note=f"room temperature{assumed}",
        )


def _number(row: Mapping[str, str], column: str, at: str) -> str:
    """Take a positive number as it is printed, without the sign of a bound."""
    text = row[column].removeprefix("<").strip()
    try:
        good = 0.0 < float(text) < math.inf
    except ValueError:
        good = False
    if not good:
        raise InputError(f"{at}: {column}: {shown(row[column])} is not a number above 0")
    return text
