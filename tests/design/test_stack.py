"""The whole stack: thickness and mass by hand, lithium that moves and does not appear, refusals."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from filmcell import AnodeFree, Collector, InputError, Interface, Interlayer, Sphere
from filmcell.constants import F
from filmcell.design.sheets import (
    DEFAULT_COLLECTORS,
    GLUE_AND_GLASS,
    MICA,
    PACKAGINGS,
    SUBSTRATES,
    Sheet,
)
from filmcell.design.stack import AsMade, Charged, stack_of

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
LIPON = {"electrolyte": "2.3 g/cm3"}


def test_thickness_and_mass_as_made_by_hand() -> None:
    """10 um at 4.79, 2 um at 2.3, 2 um at 0.534 and twice 0.12 um at 21.45 g/cm3."""
    stack = stack_of(WANG, densities=LIPON, state=AsMade())
    assert_allclose(stack.thickness, 14.24e-6, rtol=1e-12)
    by_hand = 10e-6 * 4790 + 2e-6 * 2300 + 2e-6 * 534 + 0.24e-6 * 21450
    assert_allclose(stack.areal_mass, by_hand, rtol=1e-12)
    assert stack.bare.layers == stack.layers


def test_substrate_and_packaging_are_outside_the_bare_stack() -> None:
    stack = stack_of(WANG, substrate=MICA, packaging=GLUE_AND_GLASS, densities=LIPON)
    assert_allclose(stack.thickness - stack.bare.thickness, 200e-6, rtol=1e-9)
    outside = 50e-6 * 2800 + 50e-6 * 1200 + 100e-6 * 2500
    assert_allclose(stack.areal_mass - stack.bare.areal_mass, outside, rtol=1e-9)
    assert "mica 50 um" in stack.words
    assert "mica" not in stack.bare.words


def test_charging_makes_the_stack_thicker_but_not_heavier() -> None:
    """The lithium of the window is plated: its thickness by Faraday's law and the density."""
    made, charged = (stack_of(WANG, densities=LIPON, state=s) for s in (AsMade(), Charged()))
    moved = (0.995 - WANG.window_fractions[0]) * WANG.cathode.capacity_per_fraction
    by_hand = moved / F * 6.94e-3 / 534.0
    assert_allclose(charged.thickness - made.thickness, by_hand, rtol=1e-4)
    assert_allclose(charged.areal_mass, made.areal_mass, rtol=1e-12)


@settings(max_examples=25, deadline=None)
@given(thickness=st.floats(1e-7, 1e-4), density=st.floats(1500.0, 8000.0))
def test_no_mass_appears_in_any_cell(thickness: float, density: float) -> None:
    cell = WANG.replace({"cathode.thickness": thickness})
    known = {"electrolyte": 2300.0, "cathode": density}
    made, charged = (stack_of(cell, densities=known, state=s) for s in (AsMade(), Charged()))
    assert_allclose(charged.areal_mass, made.areal_mass, rtol=1e-12)
    assert charged.thickness > made.thickness


def test_cells_without_collectors_get_stated_ones() -> None:
    cell = filmcell.load_cell("raijmakers2020")
    stack = stack_of(cell, densities=LIPON)
    metals = [sheet for key, sheet in stack.layers.items() if key.startswith("collectors")]
    assert tuple(metals) == DEFAULT_COLLECTORS
    own = stack_of(cell, densities=LIPON, collectors=[Sheet("gold", "50 nm", "19.3 g/cm3")])
    assert [k for k in own.layers if k.startswith("collectors")] == ["collectors.0"]


def test_layers_between_and_bare_anodes_are_counted() -> None:
    """An interlayer has a thickness, a contact has none, and a bare collector no lithium."""
    cell = replace(
        WANG,
        interlayers=(Interlayer(10e-9, 1e-6, name="LLTO"), Interface(1e-3)),
        anode=AnodeFree(5.75, collector="copper"),
    )
    known = {**LIPON, "interlayers.0": "5 g/cm3"}
    layers = stack_of(cell, densities=known, state=AsMade()).layers
    assert set(layers) == {"collectors.0", "collectors.1", "cathode", "interlayers.0",
                           "electrolyte"}  # fmt: skip
    assert "plated lithium" in stack_of(cell, densities=known).layers


def test_every_number_says_where_it_comes_from() -> None:
    stack = stack_of(WANG, substrate=MICA, packaging=GLUE_AND_GLASS, densities=LIPON)
    for row in stack.table():
        assert row["thickness_source"]
        assert row["density_source"]
    table = {row["layer"]: row for row in stack.table()}
    assert table["electrolyte"]["density_source"] == "given"
    assert table["substrate"]["thickness_source"] == "assumed"
    assert "platinum throughout" in table["collectors.0"]["density_source"]
    typical = [*SUBSTRATES.values(), *(s for sheets in PACKAGINGS.values() for s in sheets)]
    for sheet in typical:
        assert sheet.thickness_source.split(":")[0] in {"assumed", "standard", "published"}
        assert sheet.density_source.split(":")[0] in {"assumed", "standard"}


def test_a_density_that_is_not_known_is_asked_for() -> None:
    with pytest.raises(InputError, match=r'electrolyte: the density of "LiPON, sputtered" is not '
                       r'known, expected densities=\{"electrolyte": "2.3 g/cm3"\}'):  # fmt: skip
        stack_of(WANG)
    odd = replace(WANG, collectors=(Collector("unobtainium", 1e-7),))
    with pytest.raises(InputError, match=r'collectors.0: the density of "unobtainium" is not'):
        stack_of(odd, densities=LIPON)
    assert stack_of(odd, densities={**LIPON, "collectors.0": 1000.0}).layers["collectors.0"]


def test_refusals() -> None:
    sphere = WANG.replace({"cathode.shape": Sphere()})
    with pytest.raises(InputError, match=r"cathode.shape: a sphere has no stack, as its area"):
        stack_of(sphere, densities=LIPON)
    with pytest.raises(InputError, match=r'densities.electrolite: unknown key, did you mean "ele'):
        stack_of(WANG, densities={"electrolite": "2.3 g/cm3"})
    with pytest.raises(InputError, match=r'densities.electrolyte: "2 V" is not a density'):
        stack_of(WANG, densities={"electrolyte": "2 V"})
    with pytest.raises(InputError, match=r"densities.electrolyte: -1.0 is not allowed"):
        stack_of(WANG, densities={"electrolyte": -1.0})
    with pytest.raises(InputError, match=r"substrate: a str|substrate: .*expected a Sheet"):
        stack_of(WANG, densities=LIPON, substrate="mica")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"thickness: 0.0 is not allowed, expected a length"):
        Sheet("mica", 0.0, 2800.0)
