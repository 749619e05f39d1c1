"""OBELiX on request: its numbers, its attribution, and what it must not take from the library.

The table is not ours to ship: the tests of its numbers run where it lies beside this checkout, all
others on a small table of made-up rows.
"""

import csv
import json
import math
import re
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from filmcell.cli.app import app
from filmcell.errors import InputError, MissingExtra
from filmcell.materials.bibliography import bibtex, cite, statistics, values_of
from filmcell.materials.checks import doubts
from filmcell.materials.composition import lithium_count
from filmcell.materials.library import Library, library, read_shipped
from filmcell.materials.obelix import FAMILY_OF, OBELIX, with_obelix
from filmcell.materials.records import Material, Source
from filmcell.materials.selection import as_row, find
from filmcell.materials.suggestion import suggest_electrolytes
from filmcell.materials.vocabulary import FAMILIES

TABLE = Path(__file__).parents[3] / "shared" / "data" / "conductivity" / "OBELiX" / "all.csv"
SHIPPED = read_shipped()

HEADS = ("ID", "Reduced Composition", "Z", "True Composition", "Ionic conductivity (S cm-1)",
         "IC (Total)", "IC (Bulk)", "Space group", "Space group #", "a", "b", "c", "alpha", "beta",
         "gamma", "Family", "DOI", "note")  # fmt: skip
PLAIN = {"ID": "aa1", "Reduced Composition": "Li7La3Zr2O12", "Z": "8", "a": "12.9", "b": "12.9",
         "c": "12.9", "Ionic conductivity (S cm-1)": "3e-4", "Family": "garnet",
         "Space group": " Ia-3d ", "Space group #": "230", "DOI": "10.1/x"}  # fmt: skip


def write(folder: Path, *rows: dict[str, str], heads: tuple[str, ...] = HEADS) -> Path:
    path = folder / "all.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, heads, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def made(folder: Path, **changed: str) -> Material:
    row = {**PLAIN, **changed}
    return with_obelix(SHIPPED, write(folder, row)).materials[f"obelix-{row['ID']}"]


def call(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture(scope="module")
def whole() -> Library:
    if not TABLE.exists():
        pytest.skip("the table of OBELiX is not beside this checkout")
    return with_obelix(SHIPPED, TABLE)


@pytest.fixture(scope="module")
def rows() -> dict[str, dict[str, str]]:
    if not TABLE.exists():
        pytest.skip("the table of OBELiX is not beside this checkout")
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["ID"]: row for row in csv.DictReader(file)}


def added(whole: Library) -> Iterator[Material]:
    return (m for key, m in whole.materials.items() if key not in SHIPPED.materials)


def test_a_row_becomes_a_material_with_all_that_it_says(tmp_path: Path) -> None:
    m = made(tmp_path)
    assert (m.id, m.name, m.role, m.family, m.chemistry, m.formula, m.form, m.aliases) == (
        "obelix-aa1", "Li7La3Zr2O12, OBELiX aa1", "electrolyte", "garnet", "", "Li7La3Zr2O12", "",
        (),
    )  # fmt: skip
    assert m.note == "OBELiX calls its family garnet"
    (sigma,) = m.values["conductivity"]
    assert as_row(sigma) == {
        "value": "3e-4 S/cm",
        "number": pytest.approx(3e-2, rel=1e-14, abs=0),
        "unit": "S/m",
        "conditions": "temperature 25 degC; part total",
        "kind": "measured",
        "default": False,
        "source": "paper that OBELiX names, doi 10.1/x, entry aa1, via F. Therrien et al., OBELiX "
        "dataset, arXiv:2502.14234 (2025), CC BY 4.0",
        "keys": "10.1/x via obelix2025",
        "fact": "",
        "note": "room temperature; OBELiX does not say of which part and takes it as the total",
    }
    assert m.values["lattice_a"][0].number == pytest.approx(12.9e-10, rel=1e-14, abs=0)
    assert m.values["formula_units"][0].number == 8.0
    assert (str(m.best("space_group")), m.values["space_group"][0].note) == ("Ia-3d", "number 230")
    assert {v.via for v in values_of([m])} == {OBELIX}


def test_total_and_bulk_are_kept_apart(tmp_path: Path) -> None:
    m = made(tmp_path, **{"IC (Total)": "3e-4", "IC (Bulk)": "9e-4"})
    assert [(str(v), v.conditions["part"], v.note) for v in m.values["conductivity"]] == [
        ("3e-4 S/cm", "total", "room temperature"),
        ("9e-4 S/cm", "bulk", "room temperature"),
    ]
    (only,) = made(tmp_path, **{"IC (Bulk)": "9e-4"}).values["conductivity"]
    assert (str(only), only.conditions["part"]) == ("9e-4 S/cm", "bulk")


def test_a_number_below_which_it_lies_is_a_bound(tmp_path: Path) -> None:
    (sigma,) = made(tmp_path, **{"Ionic conductivity (S cm-1)": "<1E-10"}).values["conductivity"]
    assert (str(sigma), sigma.bound) == ("< 1E-10 S/cm", "below")
    assert sigma.ends == (-math.inf, pytest.approx(1e-8, rel=1e-14, abs=0))


def test_what_the_table_leaves_empty_is_left_out(tmp_path: Path) -> None:
    m = made(tmp_path, a="", b="", c="", Z="", DOI="", Family="", **{"Space group": ""})
    assert set(m.values) == {"conductivity"}
    assert (m.family, m.note) == ("other", "OBELiX names no family")
    assert str(m.values["conductivity"][0].source) == "paper that OBELiX names"


@pytest.mark.parametrize(
    ("word", "formula", "family"),
    [
        ("NASICON", "LiTi2(PO4)3", "NASICON"),
        ("LGPS", "Li10GeP2S12", "sulfide"),
        ("argyrodites", "Li6PS5Cl", "sulfide"),
        ("argyrodites", "Li6PO5Cl", "other"),
        ("phosphates", "Li4Zn(PO4)2", "phosphate"),
        ("phosphates", "Li3P", "other"),
        ("cholorides", "Li2VCl4", "halide"),
        ("LIPON", "Li2(PO2N)", "LiPON"),
        ("hydrides", "LiAlH4", "other"),
        ("never heard of", "Li2O", "other"),
    ],
)
def test_a_family_is_named_only_where_word_and_elements_allow(
    tmp_path: Path, word: str, formula: str, family: str
) -> None:
    m = made(tmp_path, Family=word, **{"Reduced Composition": formula})
    assert m.family == family
    assert f"OBELiX calls its family {word}" in m.note


def test_families_are_words_of_the_vocabulary() -> None:
    assert {*FAMILY_OF.values(), "other"} <= set(FAMILIES)


def test_spaces_in_a_formula_are_taken_out(tmp_path: Path) -> None:
    m = made(tmp_path, **{"Reduced Composition": "La0.62 Li0.14TiO3 "})
    assert (m.formula, m.name) == ("La0.62Li0.14TiO3", "La0.62Li0.14TiO3, OBELiX aa1")


def test_a_formula_that_is_none_stays_in_the_name_only(tmp_path: Path) -> None:
    m = made(tmp_path, **{"Reduced Composition": "Li0.6[Li0.2Sn0.8S2]"})
    assert (m.formula, m.name) == ("", "Li0.6[Li0.2Sn0.8S2], OBELiX aa1")


def test_a_paper_that_the_library_knows_is_named_by_the_library(tmp_path: Path) -> None:
    """Capitals of its identifier do not matter, on either side."""
    known = Source("we2020", "We Ourselves, J. Films 1, 2 (2020)", "10.1/AbC")
    ours = replace(SHIPPED, sources={"we2020": known})
    for doi in ("10.1/AbC", "10.1/abc", "10.1/ABC"):
        m = with_obelix(ours, write(tmp_path, {**PLAIN, "DOI": doi})).materials["obelix-aa1"]
        assert m.values["conductivity"][0].source is known


def test_several_papers_are_all_named(tmp_path: Path) -> None:
    source = made(tmp_path, DOI="10.1/x|10.2/y").values["conductivity"][0].source
    assert str(source) == "one of the papers that OBELiX names, doi 10.1/x, 10.2/y"
    assert source.doi == ""


def test_rows_of_one_paper_share_its_source(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN, {**PLAIN, "ID": "aa2", "DOI": "10.1/X"})
    counts = dict(cite(list(added(with_obelix(SHIPPED, path)))))
    assert {s.key: n for s, n in counts.items()} == {"10.1/x": 12, "obelix2025": 12}


def test_the_library_is_not_changed_and_twice_is_once(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN)
    count = len(SHIPPED.materials)
    once = with_obelix(SHIPPED, path)
    twice = with_obelix(once, path)
    assert len(SHIPPED.materials) == count
    assert dict(twice.materials) == dict(once.materials)
    assert set(once.materials) - set(SHIPPED.materials) == {"obelix-aa1"}
    assert (once.cells, once.interfaces, once.doubts) == (
        SHIPPED.cells, SHIPPED.interfaces, SHIPPED.doubts
    )  # fmt: skip


def test_no_name_alias_or_formula_is_taken_from_the_library(tmp_path: Path) -> None:
    """Not even by a table of nothing but the formulas of the library."""
    formulas = sorted({m.formula for m in SHIPPED.materials.values() if m.formula})
    wanted = [{**PLAIN, "ID": f"x{k}", "Reduced Composition": f} for k, f in enumerate(formulas)]
    both = with_obelix(SHIPPED, write(tmp_path, *wanted))
    assert len(both.materials) == len(SHIPPED.materials) + len(formulas)
    for name, key in SHIPPED.names.items():
        assert both.material(name).id == key
    for name in ("LiCoO2", "Li7La3Zr2O12", "Li10GeP2S12", "LiPON", "Li6PS5Cl"):
        assert not both.material(name).id.startswith("obelix")


def test_nobody_gets_it_without_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMCELL_OBELIX", str(write(tmp_path, PLAIN)))
    library.cache_clear()
    assert not any("obelix" in key for key in library().materials)
    assert not any("obelix" in m.id for m in find(role="electrolyte"))
    cathode, anode = library().material("lco"), library().material("lithium")
    found = suggest_electrolytes(cathode, anode, library())
    assert found
    assert not any("obelix" in s.material.id for s in found)


def test_asked_for_it_may_be_suggested_but_never_as_tested(tmp_path: Path) -> None:
    both = with_obelix(SHIPPED, write(tmp_path, PLAIN))
    cathode, anode = both.material("lco"), both.material("lithium")
    (ours,) = (s for s in suggest_electrolytes(cathode, anode, both)
               if s.material.id == "obelix-aa1")  # fmt: skip
    assert (ours.level, ours.evidence) == (0, ())


REFUSED = [
    ({"ID": ""}, 'line 2: ID: "" is no identifier of its own'),
    ({"ID": "../x"}, 'line 2: ID: "../x" is no identifier of its own'),
    (
        {"Ionic conductivity (S cm-1)": ""},
        'line 2: Ionic conductivity (S cm-1): "" is not a number above 0',
    ),
    (
        {"Ionic conductivity (S cm-1)": "<nan"},
        'line 2: Ionic conductivity (S cm-1): "<nan" is not a number above 0',
    ),
    ({"IC (Bulk)": "0"}, 'line 2: IC (Bulk): "0" is not a number above 0'),
    ({"a": "wide"}, 'line 2: a: "wide" is not a number above 0'),
    ({"c": "inf"}, 'line 2: c: "inf" is not a number above 0'),
    ({"Z": "-8"}, 'line 2: Z: "-8" is not a number above 0'),
]


@pytest.mark.parametrize(("changed", "sentence"), REFUSED)
def test_a_broken_row_is_refused_word_for_word(
    tmp_path: Path, changed: dict[str, str], sentence: str
) -> None:
    path = write(tmp_path, {**PLAIN, **changed})
    with pytest.raises(InputError) as caught:
        with_obelix(SHIPPED, path)
    assert str(caught.value) == f"{path}, {sentence}"


def test_what_is_no_table_is_refused_word_for_word(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN, PLAIN)
    for data, sentence in [
        (None, f'{path}, line 3: ID: "aa1" is no identifier of its own'),
        (b"", f"{path}: not the table of OBELiX, the column ID is missing"),
        (b"ID,Z\n", f"{path}: not the table of OBELiX, the column Reduced Composition is missing"),
        (b"\xff\xfe\x00", f"{path}: not text in UTF-8, expected the table of OBELiX"),
        (b'"' + b"x" * 200_000, f"{path}: not the table of OBELiX (field larger than field limit "
                                "(131072))"),
    ]:  # fmt: skip
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(InputError) as caught:
            with_obelix(SHIPPED, path)
        assert str(caught.value) == sentence


def test_the_table_is_found_by_file_folder_variable_and_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, PLAIN)
    monkeypatch.setenv("FILMCELL_OBELIX", str(tmp_path / "elsewhere"))
    assert "obelix-aa1" in with_obelix(SHIPPED, path).materials
    assert "obelix-aa1" in with_obelix(SHIPPED, tmp_path).materials
    with pytest.raises(InputError, match=r"elsewhere.all\.csv: cannot be read \(No such file"):
        with_obelix(SHIPPED)
    monkeypatch.setenv("FILMCELL_OBELIX", str(tmp_path))
    assert "obelix-aa1" in with_obelix(SHIPPED).materials
    monkeypatch.delenv("FILMCELL_OBELIX")
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path))
    (tmp_path / "obelix").mkdir()
    write(tmp_path / "obelix", {**PLAIN, "ID": "aa9"})
    assert "obelix-aa9" in with_obelix(SHIPPED).materials


def test_a_missing_table_names_the_extra_and_nothing_is_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.delenv("FILMCELL_OBELIX", raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(socket, "socket", refuse)
    table = tmp_path / "obelix" / "all.csv"
    sentence = (
        f"OBELiX: its table {table} is not there and filmcell downloads nothing: pip install "
        'filmcell[obelix], fetch the table once by python -c "from obelix import OBELiX; '
        "OBELiX('obelix', no_cifs=True)\" and set FILMCELL_OBELIX=obelix"
    )
    with pytest.raises(MissingExtra) as caught:
        with_obelix(SHIPPED)
    assert str(caught.value) == sentence
    done = call("materials", "find", "--obelix")
    assert done.exit_code == 2
    assert done.stderr == f"filmcell: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_commands_take_it_and_name_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMCELL_OBELIX", str(write(tmp_path, PLAIN)))
    named = f"filmcell: with the table of OBELiX: {OBELIX}\n"
    found = call("materials", "find", "aa1", "--obelix", "--where", "conductivity > 1e-4 S/cm",
                 "--json", "--csv", tmp_path / "out.csv")  # fmt: skip
    assert found.stderr == named
    (row,) = json.loads(found.stdout)
    assert row["id"] == "obelix-aa1"
    assert row["conductivity source"].endswith(f"entry aa1, via {OBELIX}")
    assert str(OBELIX) in (tmp_path / "out.csv").read_text("utf-8")
    shown = json.loads(call("materials", "show", "obelix-aa1", "--obelix", "--json").stdout)
    assert len(shown["values"]) == 6
    compared = call("materials", "compare", "llzo", "obelix-aa1", "--obelix", "--json")
    sources = [r["source"] for r in json.loads(compared.stdout) if r["material"] == "obelix-aa1"]
    assert len(sources) == 6
    assert all(s.endswith(f"via {OBELIX}") for s in sources)
    counted = json.loads(call("materials", "stats", "--obelix", "--json").stdout)
    assert counted["materials"] == statistics(library())["materials"] + 1
    for command in (("find", "aa1"), ("show", "obelix-aa1"), ("stats",)):
        assert call("materials", *command, "--obelix").stderr == named


def test_cite_prints_the_attribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILMCELL_OBELIX", str(write(tmp_path, PLAIN)))
    done = call("materials", "cite", "obelix-aa1", "--obelix", "--json")
    told = {entry["key"]: entry for entry in json.loads(done.stdout)}
    assert "CC BY 4.0" in told["obelix2025"]["text"]
    assert "creativecommons.org/licenses/by/4.0" in told["obelix2025"]["note"]
    assert told["10.1/x"]["doi"] == "10.1/x"
    words = " ".join(call("materials", "cite", "obelix-aa1", "--obelix").stdout.split())
    assert "arXiv:2502.14234" in words
    assert "CC BY 4.0" in words
    assert "CC BY 4.0" in bibtex([OBELIX])


def test_without_the_option_the_commands_do_not_know_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILMCELL_OBELIX", str(write(tmp_path, PLAIN)))
    done = call("materials", "show", "obelix-aa1")
    assert done.exit_code == 2
    assert '"obelix-aa1" is not a material' in done.stderr
    for command in ("check", "suggest"):
        assert "No such option" in call(command, "--obelix").stderr


# from here on the table itself


def test_every_row_is_there_and_every_value_can_be_read(
    whole: Library, rows: dict[str, dict[str, str]]
) -> None:
    ours = {m.id.removeprefix("obelix-"): m for m in added(whole)}
    assert ours.keys() == rows.keys()
    assert len(ours) == 599
    for m in ours.values():
        assert m.family in FAMILIES
        assert m.count >= 6
        for v in values_of([m]):
            assert v.source.text
            if v.is_number:
                assert v.word.low <= v.number <= v.word.high, (m.id, str(v))
            if v.key == "conductivity":
                assert v.temperature == pytest.approx((298.15, 298.15), rel=1e-14, abs=0)


def test_the_counts_are_those_of_the_table(whole: Library, rows: dict[str, dict[str, str]]) -> None:
    parts = [bool(r["IC (Total)"]) + bool(r["IC (Bulk)"]) for r in rows.values()]
    sigma = [v for m in added(whole) for v in m.values["conductivity"]]
    assert len(sigma) == sum(max(1, n) for n in parts) == 626
    assert sum(v.bound == "below" for v in sigma) == 37
    families = Counter(m.family for m in added(whole))
    assert (families["NASICON"], families["garnet"], families["perovskite"]) == (134, 107, 68)
    assert families["other"] == 61


def test_every_number_is_that_of_the_table(whole: Library, rows: dict[str, dict[str, str]]) -> None:
    for key, row in rows.items():
        m = whole.materials[f"obelix-{key}"]
        best = m.values["conductivity"][0]
        printed = float(row["Ionic conductivity (S cm-1)"].lstrip("<"))
        assert best.number == pytest.approx(printed * 100.0, rel=1e-12, abs=0)
        assert (best.bound == "below") == row["Ionic conductivity (S cm-1)"].startswith("<")
        for name in "abc":
            ours = m.values[f"lattice_{name}"][0].number
            assert ours == pytest.approx(float(row[name]) * 1e-10, rel=1e-12, abs=0)
        assert m.values["formula_units"][0].number == float(row["Z"])
        dois = best.source.doi or best.source.text
        assert all(doi.casefold() in dois.casefold() for doi in row["DOI"].split("|"))


SPOTS = [
    ("jqc", "Li7BiO6", "oxide", ["1.58489e-06 S/cm"], "5.5071 angstrom", "P-1", "2"),
    ("2t8", "LiV(PO4)F", "phosphate", ["8.1e-07 S/cm"], "5.3115 angstrom", "P-1", "2"),
    ("ro9", "Li3BP2O8", "phosphate", ["9.6e-12 S/cm"], "5.1888 angstrom", "P-1", "2"),
    ("47i", "Li4P2O7", "phosphate", ["< 1E-10 S/cm"], "8.5632 angstrom", "P-1", "2"),
    ("ia5", "LiLaNb2O7", "perovskite", ["< 1E-8 S/cm"], "3.8798 angstrom", "I4/mmm", "139"),
    ("0o6", "Li1.2Ti1.8Sc0.2(PO4)3", "other", ["9.98e-05 S/cm", "0.00251 S/cm"],
     "8.527 angstrom", "R-3c", "167"),
    ("vqu", None, None, ["1.3e-07 S/cm"], None, None, None),
    ("6l9", "Li4B7O12Cl", "other", ["2e-06 S/cm"], None, None, None),
    ("mdp", "Li7P3S11", "other", ["0.0032 S/cm"], "12.5009 angstrom", "P-1", "2"),
    ("1xt", "LiSbO2", "oxide", ["< 1E-10 S/cm"], "4.855 angstrom", "P21/c", "14"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "formula", "family", "sigma", "a", "group", "number"), SPOTS)
def test_ten_rows_as_read_by_eye(
    whole: Library, key: str, formula: str | None, family: str | None, sigma: list[str],
    a: str | None, group: str | None, number: str | None,
) -> None:  # fmt: skip
    m = whole.materials[f"obelix-{key}"]
    assert [str(v) for v in m.values["conductivity"]] == sigma
    if formula is not None:
        assert (m.formula, m.family) == (formula, family)
    if a is not None:
        (space,) = m.values["space_group"]
        assert (str(m.best("lattice_a")), str(space), space.note) == (a, group, f"number {number}")


def test_every_formula_holds_lithium(whole: Library) -> None:
    without = [m.name for m in added(whole) if not m.formula]
    assert sorted(without) == [
        "Li0.6[Li0.2Sn0.8S2], OBELiX opo",
        "Li3(Mo8S8O8(OH)8(HWO5(H2O)))*(H2O)18, OBELiX na5",
    ]
    assert all(lithium_count(m.formula) > 0.0 for m in added(whole) if m.formula)


def test_the_search_of_garnets_finds_more(whole: Library, rows: dict[str, dict[str, str]]) -> None:
    wanted = {"family": "garnet", "conductivity": (">", "1e-4 S/cm")}
    without, found = find(among=SHIPPED, **wanted), find(among=whole, **wanted)
    column = "Ionic conductivity (S cm-1)"
    garnets = [r for r in rows.values() if r["Family"].startswith("garnet")]
    theirs = [r for r in garnets if float(r[column].lstrip("<")) > 1e-4]
    assert len(theirs) > 30
    assert len(found) == len(without) + len(theirs) > len(without) > 0
    assert {m.id for m in without} < {m.id for m in found}


def test_the_real_table_takes_no_name_away(whole: Library) -> None:
    for name, key in SHIPPED.names.items():
        assert whole.material(name).id == key
    assert whole.material("Li7BiO6").id == "obelix-jqc"


def test_the_real_table_moves_no_doubt_about_the_library(whole: Library) -> None:
    before = {(d.id, d.what) for d in doubts(SHIPPED)}
    after = {(d.id, d.what) for d in doubts(whole)}
    assert before <= after
    assert all(re.search(r":obelix-", name) for name, _ in after - before)
