"""Margins by hand from the stated windows, and what is known of pairs."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

import filmcell
from filmcell import InputError
from filmcell.materials.compatibility import check_stack, potentials_of, stack_of
from filmcell.materials.library import read_shipped
from filmcell.materials.suggestion import suggest_electrolytes, suggest_interlayers

SHIPPED = read_shipped()
DFT, APPARENT = "dft_thermodynamic", "experimental_apparent"

# stack; upper potential of the cathode; what is stated of the layer itself: side, window, limit,
# margin = limit - potential for oxidation, potential - limit for reduction by lithium at 0 V, and
# whether that is only a bound; what the nearest statements say of each side
SWEPT = " (0 V is where a sweep begins)"
OUTLIVES = (
    "reacts at equilibrium although a sweep saw no current: it lives, if at all, by what the "
    "reaction leaves behind"
)
BY_HAND = [
    ("LCO | LiPON | Li", 4.2,
     {("oxidation", APPARENT, 5.5, 1.3, ""), ("reduction", APPARENT, 0.0, 0.0, "")},
     ("lipon, oxidation: apparent margin +1.30 V: no reaction was seen; no thermodynamic window is "
      "known",
      f"lipon, reduction: apparent margin +0.00 V{SWEPT}: no sweep went lower; no thermodynamic "
      "window is known")),
    ("NCM523 | LLTO | Li", 4.3,
     {("oxidation", DFT, 3.71, -0.59, ""), ("reduction", DFT, 1.75, -1.75, ""),
      ("reduction", APPARENT, 1.7, -1.7, "")},
     ("llto, oxidation: thermodynamic margin -0.59 V: reacts at equilibrium; no apparent window is "
      "known",
      "llto, reduction: thermodynamic margin -1.75 V; apparent margin -1.70 V: does not stand")),
    ("NCM811 | LGPS | Li", 4.3,
     {("oxidation", DFT, 2.15, -2.15, ""), ("reduction", DFT, 1.71, -1.71, ""),
      ("oxidation", APPARENT, 5.0, 0.7, ""), ("reduction", APPARENT, 0.0, 0.0, "")},
     (f"lgps, oxidation: thermodynamic margin -2.15 V; apparent margin +0.70 V: {OUTLIVES}",
      "lgps, in contact (Sulfide electrolyte / NMC811): seen to decompose from 3.8 V, -0.50 V: "
      "below what the cathode is charged to",
      f"lgps, reduction: thermodynamic margin -1.71 V; apparent margin +0.00 V{SWEPT}: "
      "reacts at equilibrium; no sweep went lower")),
    ("LNMO | LLZO | Li", 4.95,
     {("oxidation", DFT, 2.91, -2.04, ""), ("reduction", DFT, 0.05, -0.05, ""),
      ("oxidation", APPARENT, 5.0, 0.05, ""), ("reduction", APPARENT, 0.0, 0.0, ""),
      ("oxidation", APPARENT, 5.0, 0.05, ">")},
     (f"llzo, oxidation: thermodynamic margin -2.04 V; apparent margin > +0.05 V: {OUTLIVES}",
      "llzo, in contact (LLZO / LiNi0.5Mn1.5O4): seen to decompose from 3.8 V, -1.15 V: below what "
      "the cathode is charged to",
      f"llzo, reduction: thermodynamic margin -0.05 V; apparent margin +0.00 V{SWEPT}: "
      "reacts at equilibrium; no sweep went lower")),
    # the window that PEO is lent for its reduction is that of a PEO with other salt and additive
    ("LCO | PEO | Li", 4.2, {("oxidation", APPARENT, 4.0, -0.2, "<")},
     ("peo, oxidation: apparent margin < -0.20 V: seen to react; no thermodynamic window is known",
      f"peo, reduction: apparent margin +0.00 V{SWEPT} (window of peo-sn-litfpfb, of the same "
      "chemistry): no sweep went lower; no thermodynamic window is known")),
]  # fmt: skip


@pytest.mark.parametrize(("stack", "high", "stated", "verdicts"), BY_HAND)
def test_margins_and_verdicts_follow_from_the_stated_windows(
    stack: str,
    high: float,
    stated: set[tuple[str, str, float, float, str]],
    verdicts: tuple[str, ...],
) -> None:
    found = check_stack(stack_of(stack, SHIPPED), SHIPPED)
    assert found.stack.high == pytest.approx(high)
    own = [(m.side, m.window, round(m.limit, 9), round(m.margin, 9), m.bound)
           for m in found.margins if m.how == ""]  # fmt: skip
    assert sorted(own) == sorted(stated)  # all of them, and none twice
    assert found.verdicts == verdicts


def test_the_two_windows_are_never_merged() -> None:
    found = check_stack(stack_of("LNMO | LLZO | Li", SHIPPED), SHIPPED)
    oxidation = next(v for v in found.verdicts if "oxidation" in v)
    assert oxidation == (
        "llzo, oxidation: thermodynamic margin -2.04 V; apparent margin > +0.05 V: reacts at "
        "equilibrium although a sweep saw no current: it lives, if at all, by what the reaction "
        "leaves behind"
    )


def test_a_window_of_the_family_is_called_one() -> None:
    found = check_stack(stack_of("NCM811 | Li6PS5Cl | Li", SHIPPED), SHIPPED)
    lent = [m for m in found.margins if m.window == APPARENT and m.limit == 5.0]
    assert lent
    assert all(m.how for m in lent)


def test_an_upper_bound_of_a_limit_is_an_upper_bound_of_the_margin() -> None:
    found = check_stack(stack_of("LCO | PEO | Li", SHIPPED), SHIPPED)
    usual = next(m for m in found.margins if m.limit == 4.0 and m.side == "oxidation")
    assert usual.bound == "<"


def test_an_interlayer_stands_before_the_electrolyte() -> None:
    found = check_stack(stack_of("NCM523 | LiPON | LLTO | Li", SHIPPED), SHIPPED)
    met = {(m.layer.id, m.side) for m in found.margins if m.touches}
    assert ("lipon", "oxidation") in met
    assert ("llto", "reduction") in met
    assert ("llto", "oxidation") not in met


def test_tested_cells_and_interfaces_of_the_pair_are_listed_with_sources() -> None:
    found = check_stack(stack_of("NCM523 | LLTO | Li", SHIPPED), SHIPPED)
    retention = {
        e.cell.interlayer: str(v)
        for e in found.evidence
        for v in e.results
        if v.key == "capacity_retention" and v.conditions.get("cycles") == "100"
    }
    assert retention == {"": "54 %", "llto-ncm": "71 %", "sio2": "76 %", "lipon": "79 %"}
    found = check_stack(stack_of("LCO | LiPON | Li", SHIPPED), SHIPPED)
    assert any(v.key == "area_specific_resistance" for _, v in found.contacts)
    assert all(v.citation for _, v in found.contacts)


def test_remarks_of_the_family_are_told() -> None:
    found = check_stack(stack_of("NCM811 | LGPS | Li", SHIPPED), SHIPPED)
    assert any("H2S" in str(v) for _, v in found.remarks)


def test_a_cell_is_checked_at_its_voltage_limits() -> None:
    found = filmcell.check(filmcell.load_cell("wang2023-lco-lipon-li"))
    assert (found.stack.low, found.stack.high) == (2.7, 4.2)
    assert found.stack.range_from == "voltage limits of the cell"
    assert [m.margin for m in found.margins if m.side == "oxidation"] == pytest.approx([1.3])


def test_a_layer_that_is_no_material_of_the_library_is_named() -> None:
    cell = filmcell.load_cell("wang2023-lco-lipon-li").replace({"electrolyte.name": "mystery"})
    with pytest.raises(InputError) as caught:
        filmcell.check(cell)
    assert str(caught.value).startswith(
        'electrolyte.name: "mystery" is not a material of the library, expected the name of one'
    )


@pytest.mark.parametrize(
    ("stack", "sentence"),
    [
        ("LCO | Li", "is not a stack, expected cathode | electrolyte | anode such as"),
        ("LCO || Li", "is not a stack, expected cathode | electrolyte | anode such as"),
        ("LCO | LCO | Li", "lco is of the role cathode, expected electrolyte as electrolyte"),
        ("Li | LiPON | LCO", "lithium is of the role anode, expected cathode as cathode"),
        ("LCO | unobtainium | Li", '"unobtainium" is not a material'),
    ],
)
def test_a_stack_that_cannot_be_is_refused(stack: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        stack_of(stack, SHIPPED)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", ["4.2", "4.2:2.7", "a:b", "1:2:3", "nan:4"])
def test_a_range_of_potentials_must_rise(text: str) -> None:
    with pytest.raises(InputError, match="is not a range of potentials"):
        potentials_of(text)


def test_interlayers_that_were_tested_on_the_pair_come_first() -> None:
    found = suggest_interlayers(
        SHIPPED.material("NCM523"), SHIPPED.material("llto"), SHIPPED, potentials=(3.2, 4.2)
    )
    tested = [s.material.id for s in found if s.level >= 2]
    assert {"lipon", "sio2", "llto-ncm"} <= set(tested)
    assert [s.level for s in found] == sorted((s.level for s in found), reverse=True)
    best = found[0]
    assert best.material.chemistry == "LiPON"
    assert best.margin("oxidation", APPARENT) == pytest.approx(1.3)


def test_the_suggestion_of_the_issue_names_margins_and_sources() -> None:
    found = suggest_interlayers(SHIPPED.material("NCM811"), SHIPPED.material("Li6PS5Cl"), SHIPPED)
    assert len(found) > 20
    assert all(s.material.chemistry != "LPSCl" for s in found)
    known = [s for s in found if s.as_dict()["margins_V"]]
    assert known
    assert all(s.as_dict()["sources"] for s in known)


def test_the_windows_are_ranked_one_after_the_other_and_unknown_comes_last() -> None:
    found = suggest_electrolytes(SHIPPED.material("LCO"), SHIPPED.material("Li"), SHIPPED)
    assert [s.level for s in found] == sorted((s.level for s in found), reverse=True)

    def group(margin: float) -> int:
        return 2 if math.isnan(margin) else int(margin < 0.0)

    for level in range(4):
        groups = [
            (group(s.worst(APPARENT)), group(s.worst(DFT))) for s in found if s.level == level
        ]
        assert groups == sorted(groups)


def test_that_a_sweep_began_at_zero_is_no_evidence() -> None:
    found = suggest_electrolytes(SHIPPED.material("LCO"), SHIPPED.material("Li"), SHIPPED)
    lipon = next(s for s in found if s.material.id == "lipon")
    assert any(m.nominal for m in lipon.margins)
    assert lipon.worst(APPARENT) == pytest.approx(1.3)
    assert "margin +0.00 V (0 V is where a sweep begins)" in " ".join(
        check_stack(stack_of("LCO | LiPON | Li", SHIPPED), SHIPPED).verdicts
    )


def test_what_was_tested_on_a_film_is_not_lent_to_crystals() -> None:
    found = suggest_interlayers(SHIPPED.material("NCM523"), SHIPPED.material("llto"), SHIPPED)
    crystal = next(s for s in found if s.material.id == "lipon-crystalline")
    assert crystal.level == 0
    assert math.isnan(crystal.worst(APPARENT))


def lto_cell() -> filmcell.Cell:
    values = filmcell.materials.load("lto").layer_values
    anode = filmcell.InsertionAnode(
        "2 um", **values, exchange_current_density="5 A/m2", name="Li4Ti5O12"
    )
    plain = filmcell.load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "1 um"})
    return replace(plain, anode=anode, lower_voltage=1.5, upper_voltage=2.7)


def test_an_insertion_anode_adds_its_potential_when_charged() -> None:
    """The plateau of 1.55 V: the cathode goes up to 4.25 V, and the electrolyte meets 1.55 V."""
    stack = filmcell.check(lto_cell()).stack
    assert stack.high == pytest.approx(2.7 + 1.55, abs=1e-6)
    assert stack.anode_potential == pytest.approx(1.55, abs=1e-6)
    assert "charged" in stack.range_from
    by_name = stack_of("LCO | LLTO | LTO", SHIPPED)
    assert by_name.anode_potential == pytest.approx(1.55)


def test_every_layer_of_a_cell_is_checked_in_its_order() -> None:
    plain = filmcell.load_cell("wang2023-lco-lipon-li")
    weak = filmcell.load_cell("raijmakers2020").electrolyte
    layers = (
        filmcell.Interlayer("10 nm", "1e-8 S/cm", name="SiO2"),
        filmcell.Interface("5 ohm cm2"),
        replace(weak, name="Li3PO4"),
    )
    found = filmcell.check(replace(plain, interlayers=layers))
    assert found.stack.name == "lco | li3po4 | sio2 | lipon | lithium"
    assert "interlayers.1 is an interface and no layer of a material: not checked" in found.verdicts
    touching = {m.layer.id for m in found.margins if m.touches and m.side == "oxidation"}
    assert touching <= {"li3po4"}


def test_remarks_belong_to_the_layer_or_to_its_family() -> None:
    found = check_stack(stack_of("NCM811 | LGPS | Li", SHIPPED), SHIPPED)
    assert not any("85 %" in str(v) for _, v in found.remarks)


def test_a_user_file_that_is_called_like_a_family_does_not_speak_for_it(tmp_path: Path) -> None:
    path = tmp_path / "garnet.toml"
    path.write_text(
        'id = "garnet"\nname = "guess"\nrole = "electrolyte"\nfamily = "garnet"\n'
        '[[oxidation_limit]]\nvalue = "9 V"\nwindow = "experimental_apparent"\n'
        'kind = "assumed"\nsource = "a guess"\n',
        "utf-8",
    )
    mine = SHIPPED.with_file(path)
    found = check_stack(stack_of("LNMO | LLZO | Li", mine), mine)
    assert not any(m.limit == 9.0 for m in found.margins)


def test_names_in_a_users_cell_are_resolved_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "cell.toml"
    text = 'id = "mine"\nname = "mine"\ncathode = "LCO"\nelectrolyte = "LiPON"\n'
    path.write_text(text, "utf-8")
    assert SHIPPED.with_file(path).cells["mine"].cathode == "lco"
    path.write_text(text.replace("LCO", "nobody"), "utf-8")
    with pytest.raises(InputError, match='"nobody" is not a material'):
        SHIPPED.with_file(path)
    path.write_text('id = "i"\nname = "i"\nbetween = ["nope", "LCO"]\n', "utf-8")
    with pytest.raises(InputError, match='between: "nope" is no chemistry, family or material'):
        SHIPPED.with_file(path)
