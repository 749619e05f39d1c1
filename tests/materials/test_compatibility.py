"""Margins by hand from the stated windows, and what is known of pairs."""

import pytest

import filmcell
from filmcell import InputError
from filmcell.materials.compatibility import check_stack, potentials_of, stack_of
from filmcell.materials.library import read_shipped
from filmcell.materials.suggestion import suggest_electrolytes, suggest_interlayers

SHIPPED = read_shipped()
DFT, APPARENT = "dft_thermodynamic", "experimental_apparent"

# stack; upper potential of the cathode; (side, window): limit and margin = limit - potential for
# oxidation, potential - limit for reduction by lithium at 0 V
OX_DFT, OX_APP = ("oxidation", DFT), ("oxidation", APPARENT)
RED_DFT, RED_APP = ("reduction", DFT), ("reduction", APPARENT)
BY_HAND = [
    ("LCO | LiPON | Li", 4.2, {OX_APP: (5.5, 1.3), RED_APP: (0.0, 0.0)}),
    ("NCM523 | LLTO | Li", 4.3,
     {OX_DFT: (3.71, -0.59), RED_DFT: (1.75, -1.75), RED_APP: (1.7, -1.7)}),
    ("NCM811 | LGPS | Li", 4.3,
     {OX_DFT: (2.15, -2.15), RED_DFT: (1.71, -1.71), OX_APP: (5.0, 0.7)}),
    ("LNMO | LLZO | Li", 4.95,
     {OX_DFT: (2.91, -2.04), RED_DFT: (0.05, -0.05), OX_APP: (5.0, 0.05)}),
    ("LCO | PEO | Li", 4.2, {OX_APP: (4.0, -0.2)}),
]  # fmt: skip


@pytest.mark.parametrize(("stack", "high", "expected"), BY_HAND)
def test_the_margins_follow_from_the_stated_windows(
    stack: str, high: float, expected: dict[tuple[str, str], tuple[float, float]]
) -> None:
    found = check_stack(stack_of(stack, SHIPPED), SHIPPED)
    assert found.stack.high == pytest.approx(high)
    for (side, window), numbers in expected.items():
        known = [
            (m.limit, m.margin) for m in found.margins if m.side == side and m.window == window
        ]
        assert any(k == pytest.approx(numbers, abs=1e-9) for k in known), (side, window, known)


def test_the_two_windows_are_never_merged() -> None:
    found = check_stack(stack_of("LNMO | LLZO | Li", SHIPPED), SHIPPED)
    oxidation = next(v for v in found.verdicts if "oxidation" in v)
    assert oxidation == (
        "llzo, oxidation: thermodynamic margin -2.04 V; apparent margin > +0.05 V: reacts at "
        "equilibrium although no current was seen: it lives, if at all, by what the reaction "
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
    tested = [s.material.id for s in found if s.level == 2]
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


def test_electrolytes_are_ranked_by_their_worst_known_margin_within_a_level() -> None:
    found = suggest_electrolytes(SHIPPED.material("LCO"), SHIPPED.material("Li"), SHIPPED)
    untested = [s for s in found if s.level == 0]
    groups = [0 if s.worst >= 0.0 else 2 if s.worst < 0.0 else 1 for s in untested]
    assert groups == sorted(groups)
