"""The gallery: what its pictures hold, its page against the library, its command."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.testing import assert_allclose
from typer.testing import CliRunner, Result

from filmcell import FilmcellError
from filmcell.cli.app import app
from filmcell.constants import F
from filmcell.materials.library import Library, read_shipped
from filmcell.materials.reading import record_of
from filmcell.materials.records import Material
from filmcell.materials.utilisation import pairings
from filmcell.plot import gallery
from filmcell.plot import materials as pictures

ROOT = Path(__file__).parents[2]
SHIPPED = read_shipped()
LAYERS = [m for m in SHIPPED.materials.values() if m.role in ("electrolyte", "interlayer")]


def call(*words: str | Path) -> Result:
    """Run the command line with these words."""
    return CliRunner().invoke(app, [str(w) for w in words])


def material(*tables: str, role: str = "electrolyte", family: str = "garnet") -> Material:
    """A material of tables in the words of a file, without their kind and source."""
    whole = "\n".join(f'{t}\nkind = "measured"\nsource = "made up"' for t in tables)
    head = f'id = "a"\nname = "A"\nrole = "{role}"\nfamily = "{family}"\n'
    record = record_of(head + whole, "a.toml", {})
    assert isinstance(record, Material)
    return record


def markers(ax: Any) -> list[Any]:
    """Single points of a chart."""
    return [line for line in ax.lines if line.get_marker() not in ("None", "")]


def test_a_point_stands_at_its_temperature_and_height() -> None:
    """2e-6 S/cm at 50 degC, filled; without a temperature hollow at 25 degC."""
    one = material('[[conductivity]]\nvalue = "2e-6 S/cm"\ntemperature = "50 degC"')
    (point,) = markers(pictures.conductivities([one]))
    assert_allclose(point.get_xydata(), [[1e3 / 323.15, math.log10(2e-6)]], rtol=1e-9, atol=0)
    colour = pictures.FAMILY_STYLES["garnet"][0]
    assert point.get_color() == point.get_markerfacecolor() == colour
    bare = material('[[conductivity]]\nvalue = "2e-6 S/cm"')
    (hollow,) = markers(pictures.conductivities([bare]))
    assert_allclose(hollow.get_xdata(), [1e3 / 298.15], rtol=1e-9, atol=0)
    assert to_hex(hollow.get_markerfacecolor()) == "#ffffff"


def test_families_stand_side_by_side() -> None:
    """At one temperature 1.8 K apart; elsewhere a family that is alone stands where it is."""
    tables = [f'[[conductivity]]\nvalue = "1e-6 S/cm"\ntemperature = "{T} degC"' for T in (25, 60)]
    both = [material(*tables), material(tables[0], family="halide")]
    x = sorted(float(p.get_xdata()[0]) for p in markers(pictures.conductivities(both)))
    assert_allclose(x[0], 1e3 / 333.15, rtol=1e-9, atol=0)
    assert_allclose(x[2] - x[1], 0.02, rtol=1e-9, atol=0)
    assert_allclose(0.5 * (x[1] + x[2]), 1e3 / 298.15, rtol=1e-9, atol=0)


@pytest.mark.parametrize(("relation", "exponent"), [("ln sigma", 0), ("ln sigma T", 1)])
def test_a_line_follows_the_activation_energy(relation: str, exponent: int) -> None:
    """From the conductivity of the same sample, between the stated temperatures and no further."""
    one = material(
        '[[conductivity]]\nvalue = "1e-5 S/cm"\ntemperature = "25 degC"\nsample = "s"',
        f'[[activation_energy]]\nvalue = "0.3 eV"\ntemperature = "20 degC to 100 degC"\n'
        f'sample = "s"\nrelation = "{relation}"',
        '[[activation_energy]]\nvalue = "0.5 eV"\ntemperature = "20 degC to 100 degC"\n'
        'sample = "another"\nrelation = "ln sigma"',
        '[[activation_energy]]\nvalue = "0.4 eV"\nsample = "s"\nrelation = "unstated"',
    )
    (line,) = pictures.lines([one])
    assert_allclose([line.function.low, line.function.high], [293.15, 373.15], rtol=1e-12, atol=0)
    ratio = float(line.function(350.0)) / float(line.function(298.15))
    expected = (
        math.exp(-0.3 * F / 8.314462618 * (1 / 350 - 1 / 298.15)) * (298.15 / 350) ** exponent
    )
    assert_allclose(ratio, expected, rtol=1e-7, atol=0)
    assert_allclose(line.function(298.15), 1e-3, rtol=1e-12, atol=0)  # S/m
    (drawn,) = [d for d in pictures.conductivities([one]).lines if len(d.get_xdata()) > 2]
    assert_allclose(drawn.get_xdata()[[0, -1]], [1e3 / 293.15, 1e3 / 373.15], rtol=1e-12, atol=0)
    top = math.log10(float(line.function(373.15)) / 100.0)
    assert_allclose(drawn.get_ydata()[-1], top, rtol=1e-9, atol=0)


def test_what_lies_outside_is_counted() -> None:
    """Neither drawn nor hidden."""
    far = material(
        '[[conductivity]]\nvalue = "1e-15 S/cm"', '[[conductivity]]\nvalue = "1e-5 S/cm"'
    )
    ax = pictures.conductivities([far])
    assert [t.get_text() for t in ax.texts] == ["1 of 2 values outside"]
    assert len(markers(ax)) == 1


def test_every_family_of_the_library_has_a_colour_of_its_own() -> None:
    """And all points of the library within the frame are drawn."""
    styles = list(pictures.FAMILY_STYLES.values())
    assert len({colour for colour, _ in styles}) == len(styles)
    assert {m.family for m in LAYERS if "conductivity" in m.values} <= set(pictures.FAMILY_STYLES)
    ax = pictures.conductivities(LAYERS)
    (left,) = [int(t.get_text().split()[0]) for t in ax.texts if "outside" in t.get_text()]
    assert len(markers(ax)) == len(pictures.points(LAYERS)) - left
    assert left < 10


def bars(ax: Any) -> list[tuple[float, float]]:
    """Ends of the bars of a chart [V]."""
    return [tuple(sorted((b.get_x(), b.get_x() + b.get_width()))) for b in ax.patches]


def test_windows_are_never_joined() -> None:
    """A bar for each statement, the thermodynamic one above, of different looks."""
    both = material(
        '[[stability_window]]\nvalue = ["0 V", "5 V"]\nwindow = "experimental_apparent"',
        '[[stability_window]]\nvalue = ["1.7 V", "2.2 V"]\nwindow = "dft_thermodynamic"',
    )
    ax = pictures.windows([both])
    assert bars(ax) == [(1.7, 2.2), (0.0, 5.0)]
    upper, lower = ax.patches
    assert upper.get_y() >= lower.get_y() + lower.get_height()
    assert upper.get_facecolor() != lower.get_facecolor()
    assert lower.get_hatch()
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a"]


@pytest.mark.parametrize(
    ("key", "bound", "low", "high", "arrow"),
    [
        ("oxidation_limit", "", 4.1, 4.5, None),
        ("oxidation_limit", "above", 4.1, 4.5, 4.8),
        ("oxidation_limit", "below", 4.1, 4.5, 4.2),
        ("reduction_limit", "", 4.5, 4.9, None),
        ("reduction_limit", "below", 4.5, 4.9, 4.2),
        ("stability_window", "above", 4.1, 4.5, 4.8),
    ],
)
def test_an_open_end_fades_and_a_bound_has_an_arrow(
    key: str, bound: str, low: float, high: float, arrow: float | None
) -> None:
    """Three parts towards the unknown end, each fainter; the arrow goes the way of the bound."""
    sign = f'\nbound = "{bound}"' if bound else ""
    one = material(f'[[{key}]]\nvalue = "4.5 V"\nwindow = "dft_thermodynamic"{sign}')
    ax = pictures.windows([one])
    ends = bars(ax)
    assert_allclose([min(ends)[0], max(e[1] for e in ends)], [low, high], rtol=1e-9, atol=0)
    strengths = [b.get_alpha() for b in sorted(ax.patches, key=lambda b: abs(b.get_x() - 4.5))]
    assert sorted(strengths, reverse=True) == [1.0, 0.6, 0.25]
    heads = [t.xy[0] for t in ax.texts if hasattr(t, "arrow_patch")]
    assert_allclose(heads, [] if arrow is None else [arrow], rtol=1e-9, atol=0)


def test_cathodes_stand_above_with_their_ranges_and_plateaus() -> None:
    """Bars from the lower to the upper limit of use; a dotted line goes down from the upper."""
    LFP = '[[plateau]]\nvalue = "3.43 V"'
    one = material('[[operating_range]]\nvalue = ["3 V", "4.2 V"]', LFP, role="cathode",
                   family="layered oxide")  # fmt: skip
    below = material('[[oxidation_limit]]\nvalue = "4 V"\nwindow = "dft_thermodynamic"')
    ax = pictures.windows([below], [replace(one, id="cathode")])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "cathode"]
    assert bars(ax)[-1] == (3.0, 4.2)
    dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [list(line.get_xdata()) for line in dotted] == [[4.2, 4.2]]
    (ticks,) = markers(ax)
    assert list(ticks.get_xdata()) == [3.43, 3.43]


def test_capacity_rises_with_the_potential_and_ends_at_the_table() -> None:
    """Every thick line ends in the capacity that the table has."""
    pairs = pairings(SHIPPED)
    ax = pictures.capacities(pairs, {"x": 3.0})
    alone = [p for p in pairs if p.electrolyte is None]
    dots = [float(line.get_ydata()[0]) for line in markers(ax)]
    assert_allclose(dots, [p.use.specific / 3600 for p in alone if p.use], rtol=1e-12, atol=0)
    curves = {str(line.get_label()): line for line in ax.lines}
    for p in alone:
        if p.use is None:
            assert f"{p.cathode.id}, no range of use" in curves
            continue
        V, q = curves[p.cathode.id].get_xdata(), curves[p.cathode.id].get_ydata()
        assert np.all(np.diff(V) >= 0)
        assert np.all(np.diff(q) >= 0)
        assert float(q[-1]) == pytest.approx(p.use.specific / 3600, abs=1.5)


def test_a_curve_with_a_bump_is_drawn_without_going_back() -> None:
    """A limit below the bump stops before it, so the capacity jumps at its top."""
    bump = material(
        '[[potential]]\nx = [0.0, 0.4, 0.5, 1.0]\nvalues = [4.2, 3.9, 3.95, 3.5]\nunit = "V"',
        '[[operating_range]]\nvalue = ["3.5 V", "4.1 V"]',
        role="cathode", family="layered oxide",
    )  # fmt: skip
    cathode = replace(bump, formula="LiCoO2")
    found = pairings(Library({"a": cathode}, {}, {}, {}))
    line = next(x for x in pictures.capacities(found).lines if x.get_label() == "a")
    assert np.all(np.diff(line.get_xdata()) >= 0)
    jump = np.ptp(line.get_ydata()[np.isclose(line.get_xdata(), 3.95, rtol=0, atol=1e-4)])
    assert jump > 0.1 * 273.8  # of more than a tenth of the lithium


def test_each_picture_draws_on_the_axes_it_is_given() -> None:
    """And gives them back."""
    ax = Figure().subplots()
    assert pictures.conductivities([], ax) is ax
    assert pictures.windows([], ax=Figure().subplots()).get_xlabel().endswith("(V)")
    given = Figure().subplots()
    assert pictures.capacities([], ax=given) is given


PAGE = ROOT / "docs" / "materials_gallery.md"


def test_the_committed_page_is_what_the_library_gives_now() -> None:
    """To the printed digit, text and tables; so the pictures beside it are not older either."""
    now = gallery.text(SHIPPED, "figures/").splitlines()
    kept = PAGE.read_text("utf-8").splitlines()
    pairs = enumerate(zip(kept, now, strict=False), 1)
    stale = [f"line {k}: {old!r}, now {new!r}" for k, (old, new) in pairs if old != new]
    old = "docs/materials_gallery.md is older than the library: run this file as a script"
    assert kept == now, "; ".join([old, *stale[:3]])


def test_the_pictures_of_the_page_are_there() -> None:
    """Those that the page shows, and no others of its name."""
    shown = re.findall(r"!\[[^\]]+\]\(figures/([a-z_]+\.png)\)", PAGE.read_text("utf-8"))
    there = {p.name for p in (ROOT / "docs" / "figures").glob("materials_*.png")}
    assert set(shown) == set(gallery.PICTURES) == there


def rows(page: str, heading: str) -> list[list[str]]:
    """Rows of the first table below a heading, its head first."""
    lines = page[page.index(heading) :].splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("|"))
    found = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return [found[0], *found[2:]]


def test_the_table_of_capacities_by_hand() -> None:
    """One number a table: where the electrolyte cuts, where not, where nothing is known."""
    page = gallery.text(SHIPPED)
    thermodynamic = rows(page, "by the thermodynamic window")
    apparent = rows(page, "by the apparent window")
    assert thermodynamic[0] == apparent[0]
    column = thermodynamic[0].index("lco-film")
    by_name = [{row[0]: row for row in table[1:]} for table in (thermodynamic, apparent)]
    assert by_name[0]["none"][column] == by_name[1]["none"][column] == "123.6"
    assert by_name[0]["lgps"][column] == "**0.0**"
    assert by_name[1]["lgps"][column] == "123.6"
    assert by_name[0]["llto"][column] == "**2.8**"
    assert "lipon" not in by_name[0] or by_name[0]["lipon"][1] != "-"
    assert all(len(row) == len(thermodynamic[0]) for row in (*thermodynamic, *apparent))


def test_every_source_of_the_tables_is_listed() -> None:
    """No key without its reference."""
    page = gallery.text(SHIPPED)
    tables, _, references = page.partition("## Sources of the tables")
    listed = set(re.findall(r"^- ([^:]+): ", references, re.MULTILINE))
    cells = [line for line in tables.splitlines() if line.startswith("|")]
    key = re.compile(r"[a-z0-9-]+(?= via )|(?<= via )[a-z0-9-]+")
    cited = {found for line in cells for found in key.findall(line)}
    assert len(cited) > 20
    assert cited <= listed


def test_an_empty_library_has_a_gallery_too(tmp_path: Path) -> None:
    """Nothing to show is no failure."""
    written = gallery.write_gallery(tmp_path / "p.md", tmp_path, Library({}, {}, {}, {}))
    assert all(path.stat().st_size > 100 for path in written)


def test_the_command_writes_a_page_and_its_pictures(tmp_path: Path) -> None:
    """Into a folder that it makes, and never over what is there."""
    folder = tmp_path / "new"
    done = call("materials", "gallery", folder)
    assert done.exit_code == 0, done.output
    names = {"gallery.md", *gallery.PICTURES}
    assert {p.name for p in folder.iterdir()} == names
    assert all((folder / n).read_bytes()[:4] == b"\x89PNG" for n in gallery.PICTURES)
    page = (folder / "gallery.md").read_text("utf-8")
    assert all(f"]({name})" in page for name in gallery.PICTURES)
    before = {name: (folder / name).stat().st_mtime_ns for name in names}
    again = call("materials", "gallery", folder)
    assert again.exit_code == 2
    assert "gallery.md: exists already, expected the name of a new file" in again.stderr
    assert {name: (folder / name).stat().st_mtime_ns for name in names} == before


def test_the_command_prints_the_table_as_json(tmp_path: Path) -> None:
    """Alone, or beside the files that it writes."""
    rows_ = json.loads(call("materials", "gallery", "--json").stdout)
    alone = {r["cathode"]: r for r in rows_ if r["electrolyte"] is None}
    assert alone["lco-film"]["capacity_C_per_kg"] / 3600 == pytest.approx(123.6, abs=0.1)
    done = call("materials", "gallery", tmp_path / "g", "--json")
    assert len(json.loads(done.stdout)) == len(rows_)
    assert (tmp_path / "g" / "gallery.md").exists()


def test_the_command_refuses_in_a_sentence(tmp_path: Path) -> None:
    """No folder, a file in the place of the folder."""
    none = call("materials", "gallery")
    assert none.exit_code == 2
    assert "a folder is missing, expected one to write to, or --json" in none.stderr
    (tmp_path / "file").write_text("")
    assert "cannot be written" in call("materials", "gallery", tmp_path / "file").stderr
    with pytest.raises(FilmcellError, match="cannot be written"):
        gallery.write_gallery(tmp_path / "file" / "p.md", tmp_path / "file", SHIPPED)


def test_a_file_of_the_user_comes_into_the_gallery(tmp_path: Path) -> None:
    """--file adds an electrolyte to the table."""
    own = tmp_path / "mine.toml"
    own.write_text(
        'id = "mine"\nname = "Mine"\nrole = "electrolyte"\nfamily = "halide"\n'
        '[[oxidation_limit]]\nvalue = "4.0 V"\nwindow = "experimental_apparent"\n'
        'kind = "measured"\nsource = "our notebook 7"\n',
        "utf-8",
    )
    rows_ = json.loads(call("materials", "gallery", "--json", "--file", own).stdout)
    mine = [r for r in rows_ if r["electrolyte"] == "mine" and r["cathode"] == "lco-film"]
    assert {r["window"]: r["oxidation_limit_V"] for r in mine} == {
        "dft_thermodynamic": None, "experimental_apparent": 4.0,
    }  # fmt: skip


if __name__ == "__main__":
    gallery.write_gallery(PAGE, ROOT / "docs" / "figures", SHIPPED)
