"""Usable capacity: the inverted potential against closed forms, its ends, signs and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell import InputError, Property, tabulated
from filmcell.constants import F
from filmcell.materials.library import Library, read_shipped
from filmcell.materials.reading import record_of
from filmcell.materials.records import Material, Source, Value
from filmcell.materials.utilisation import (
    oxidation_limit,
    pair,
    pairings,
    specific_capacity,
    usable,
)
from filmcell.materials.vocabulary import WINDOWS

HERE = Source("here", "made up for a test")
SHIPPED = read_shipped()
DFT, APPARENT = WINDOWS


def cathode(U: Property, formula: str = "LiCoO2", **more: tuple[Value, ...]) -> Material:
    """A cathode with a potential."""
    values = {"potential": (Value("potential", U, "measured", HERE),), **more}
    return Material("made-up", "made up", values, role="cathode", family="layered oxide",
                    chemistry="made up", formula=formula)  # fmt: skip


def straight(low: float = 0.0, high: float = 1.0) -> Property:
    """U = 4.5 V - x V."""
    return Property("potential", "V", lambda x: 4.5 - x, low, high, "made up")


def electrolyte(*lines: str, id_: str = "made-up-electrolyte") -> Material:
    """An electrolyte with values in the words of a file."""
    head = [f'id = "{id_}"', 'name = "made up"', 'role = "electrolyte"', 'family = "garnet"',
            'chemistry = "made-up"']  # fmt: skip
    tail = ['kind = "measured"', 'source = "made up"']
    record = record_of("\n".join([*head, *lines, *tail]), "made-up.toml", {})
    assert isinstance(record, Material)
    return record


def together(*materials: Material) -> Library:
    """A library of these alone."""
    return Library({m.id: m for m in materials}, {}, {}, {})


@given(st.floats(3.5, 4.0), st.floats(4.01, 4.5))
def test_a_straight_line_is_inverted_exactly(low: float, high: float) -> None:
    """x = 4.5 V - U; 97.87 g/mol, one lithium."""
    found = usable(cathode(straight()), low, high)
    assert_allclose([found.full, found.empty], [4.5 - low, 4.5 - high], rtol=0, atol=1e-10)
    mass = 6.94 + 58.933 + 2 * 15.999  # g/mol
    assert_allclose(found.specific, F * (high - low) / mass * 1e3, rtol=1e-4, atol=0)
    assert found.beyond == ()
    assert not found.at_least


def test_capacity_of_lithium_cobalt_oxide_by_hand() -> None:
    """Fabre 2012 at 4.2 V is x = 0.5488; 26.801 Ah/mol over 97.873 g/mol is 273.8 mAh/g."""
    found = usable(SHIPPED.material("lco-film"), 2.7, 4.2)
    assert found.empty == pytest.approx(0.5488, abs=5e-5)
    assert specific_capacity(found.cathode) / 3600 == pytest.approx(273.84, abs=0.02)
    assert found.specific / 3600 == pytest.approx((1 - 0.5488) * 273.84, abs=0.05)
    # 26.801 Ah/mol 51822 mol/m3 are 1388.9 mAh/cm3, 0.13889 mAh/cm2 per um
    assert found.sites is not None
    assert found.sites.number == 51822.0
    assert found.volumetric / 3.6e10 == pytest.approx((1 - 0.5488) * 0.13889, abs=2e-5)


@pytest.mark.parametrize("id_", [m.id for m in SHIPPED.materials.values() if m.role == "cathode"])
def test_the_potential_at_the_ends_is_the_one_asked_for(id_: str) -> None:
    """On every curve of the library, between quarter and three quarters of its range."""
    material = SHIPPED.material(id_)
    for value in material.values.get("potential", ()):
        U = value.given
        if not isinstance(U, Property) or U.argument != "x":
            continue
        span = U.high - U.low
        high, low = (float(U(U.low + part * span)) for part in (0.25, 0.75))
        if low < high - 1e-6:  # not on a plateau
            found = usable(material, low, high, potential=value)
            assert_allclose([U(found.full), U(found.empty)], [low, high], rtol=0, atol=1e-8)
            assert U.low <= found.empty < found.full <= U.high


def test_a_curve_that_ends_early_says_so() -> None:
    """The capacity is that within the curve, and at least that; at x = 0 and 1 it is all."""
    short = usable(cathode(straight(0.2, 0.9)), 3.0, 4.6)
    assert (short.full, short.empty) == (0.9, 0.2)
    assert short.at_least
    assert short.beyond == (
        "3 V is below the curve, which ends at 3.6 V and x = 0.9",
        "4.6 V is above the curve, which ends at 4.3 V and x = 0.2",
    )
    whole = usable(cathode(straight()), 3.0, 4.6)
    assert len(whole.beyond) == 2
    assert not whole.at_least
    assert whole.swing == 1.0
    within = usable(cathode(straight(0.2, 0.9)), None, None)
    assert within.beyond == ()
    assert_allclose(within.swing, 0.7, rtol=1e-12, atol=0)


def test_limits_on_one_side_of_the_curve_give_nothing() -> None:
    """Both below it, both above it; what lies beyond the curve may still be more."""
    below = usable(cathode(straight(0.2, 0.9)), 3.0, 3.5)
    above = usable(cathode(straight(0.2, 0.9)), 4.4, 4.5)
    assert below.swing == above.swing == 0.0
    assert below.at_least
    assert above.at_least


def test_a_plateau_counts_whole_or_not_at_all() -> None:
    """Flat at 3.4 V from x = 0.1 to 0.9: a limit at the plateau passes it, one below does not."""
    x = [0.0, 0.1, 0.5, 0.9, 1.0]
    flat = cathode(tabulated("potential", x, [3.8, 3.4, 3.4, 3.4, 3.0], "V"))
    assert usable(flat, 3.0, 3.4).swing > 0.89
    assert usable(flat, 3.0, 3.39).swing < 0.1
    assert usable(flat, 3.4, 3.8).swing > 0.89
    assert usable(flat, 3.41, 3.8).swing < 0.1


def test_a_bump_is_passed_where_it_is_met_first() -> None:
    """A measured curve may rise a little with x: charging stops at the bump."""
    bump = cathode(tabulated("potential", [0.0, 0.4, 0.5, 1.0], [4.2, 3.9, 3.95, 3.5], "V"))
    found = usable(bump, 3.5, 3.94)
    assert 0.5 < found.empty < 0.6


def test_without_formula_or_sites_the_capacity_is_not_made_up() -> None:
    """nan in Python, nothing in JSON."""
    found = usable(cathode(straight(), formula=""), 3.6, 4.2)
    assert math.isnan(found.specific)
    assert math.isnan(found.volumetric)
    assert found.as_dict()["capacity_C_per_kg"] is None
    assert found.as_dict()["capacity_C_per_m3"] is None
    assert found.swing == pytest.approx(0.6)


def test_the_sites_are_those_of_the_potentials_source() -> None:
    """Never the potential of one source with the concentration of another, if there is a choice."""
    other = Source("other", "another source")
    sites = (Value("maximum_concentration", "50000 mol/m3", "measured", other, default=True),
             Value("maximum_concentration", "40000 mol/m3", "fitted", HERE))  # fmt: skip
    found = usable(cathode(straight(), maximum_concentration=sites), 3.6, 4.2)
    assert found.sites is sites[1]
    assert_allclose(found.volumetric, F * 4e4 * 0.6, rtol=1e-9, atol=0)


def test_insertion_counts_the_lithium_that_goes_in() -> None:
    """Li4Ti5O12 takes three: 175 mAh/g."""
    assert specific_capacity(SHIPPED.material("lto")) / 3600 == pytest.approx(175.1, abs=0.1)


def test_refusals() -> None:
    """No curve, potentials that do not rise."""
    with pytest.raises(InputError, match=r"^lipon: no open-circuit potential over x is known"):
        usable(SHIPPED.material("lipon"), 3.0, 4.0)
    with pytest.raises(InputError, match=r"^made-up: 4.2 to 3 V does not rise"):
        usable(cathode(straight()), 4.2, 3.0)


USED = {"operating_range": (Value("operating_range", ("3.6 V", "4.3 V"), "measured", HERE),)}


@pytest.mark.parametrize(
    ("lines", "limited", "sign", "swing"),
    [
        (('value = ["1 V", "4 V"]',), True, "", 0.4),
        (('value = ["1 V", "5 V"]',), False, "", 0.7),
        (('value = ["1 V", "3 V"]',), True, "", 0.0),
    ],
)
@pytest.mark.parametrize("window", WINDOWS)
def test_the_lower_of_both_limits_counts(
    lines: tuple[str, ...], limited: bool, sign: str, swing: float, window: str
) -> None:
    """The electrolyte's below the range of use, within it, above it; each kind by itself."""
    other = electrolyte("[[stability_window]]", *lines, f'window = "{window}"')
    mine = cathode(straight(), **USED)
    found = pair(mine, other, window, together(mine, other))
    assert found.use is not None
    assert found.limited is limited
    assert found.sign == sign
    assert found.use.swing == pytest.approx(swing, abs=1e-9)
    unknown = pair(mine, other, next(w for w in WINDOWS if w != window), together(mine, other))
    assert unknown.use is None
    assert unknown.limit is None
    assert unknown.as_dict()["oxidation_limit_V"] is None


@pytest.mark.parametrize(
    ("bound", "volts", "low", "sign"),
    [
        ("above", 4.0, 0.0, ">"), ("above", 4.4, 0.0, ""), ("below", 4.0, 0.0, "<"),
        ("below", 4.4, 0.0, "<"), ("above", 4.0, 0.35, ">"), ("below", 4.0, 0.35, "<"),
    ],
)  # fmt: skip
def test_a_bound_leaves_its_sign(bound: str, volts: float, low: float, sign: str) -> None:
    """At least where the limit is a lower bound and cuts, at most where it is an upper one."""
    other = electrolyte("[[oxidation_limit]]", f'value = "{volts} V"', f'bound = "{bound}"',
                        f'window = "{APPARENT}"')  # fmt: skip
    mine = cathode(straight(low), **USED)
    assert pair(mine, other, APPARENT, together(mine, other)).sign == sign


def test_an_open_curve_and_a_bound_together_say_either() -> None:
    """The curve ends at x = 0.8, above the lower limit: more by the curve, less by the bound."""
    other = electrolyte("[[oxidation_limit]]", 'value = "4 V"', 'bound = "below"',
                        f'window = "{APPARENT}"')  # fmt: skip
    mine = cathode(straight(0.1, 0.8), **USED)
    assert pair(mine, other, APPARENT, together(mine, other)).sign == "~"
    alone = pair(mine, None, "", together(mine))
    assert alone.sign == ">"
    assert alone.use is not None
    assert alone.use.high == 4.3


def test_the_nearest_statement_counts_and_its_least() -> None:
    """Its own before that of the chemistry; of two of its own the lower."""
    text = ["[[oxidation_limit]]", 'value = "4.6 V"', f'window = "{APPARENT}"']
    own = electrolyte(*text, 'kind = "measured"', 'source = "made up"', "[[oxidation_limit]]",
                      'value = "4.1 V"', f'window = "{APPARENT}"')  # fmt: skip
    kin = electrolyte("[[oxidation_limit]]", 'value = "3.5 V"', f'window = "{APPARENT}"',
                      id_="kin")  # fmt: skip
    bare = electrolyte("[[conductivity]]", 'value = "1e-5 S/cm"', id_="bare")
    known = together(own, kin, bare)
    mine, theirs = (oxidation_limit(m, APPARENT, known) for m in (own, bare))
    assert mine is not None
    assert theirs is not None
    assert (mine.limit, mine.how) == (4.1, "")
    assert (theirs.limit, theirs.how) == (3.5, "kin, of the same chemistry")
    assert oxidation_limit(bare, DFT, known) is None


def test_shipped_pairs_by_hand() -> None:
    """LGPS leaves nothing by its thermodynamic window, and everything by the apparent one."""
    lco, lgps = (SHIPPED.material(name) for name in ("lco-film", "lgps"))
    thermodynamic = pair(lco, lgps, DFT, SHIPPED).use
    apparent = pair(lco, lgps, APPARENT, SHIPPED).use
    assert thermodynamic is not None
    assert apparent is not None
    assert (thermodynamic.high, thermodynamic.swing) == (2.15, 0.0)
    assert apparent.high == 4.2
    assert apparent.specific / 3600 == pytest.approx(123.6, abs=0.1)


def test_pairs_are_all_there_and_keep_their_sources() -> None:
    """Each cathode alone, then with every electrolyte by either window."""
    pairs = pairings(SHIPPED)
    cathodes = list(dict.fromkeys(p.cathode.id for p in pairs))
    electrolytes = {p.electrolyte.id for p in pairs if p.electrolyte}
    assert len(pairs) == len(cathodes) * (1 + 2 * len(electrolytes))
    assert {"lco", "lco-film", "lnmo", "nmc811", "lfp"} <= set(cathodes)
    assert {"lipon", "llto", "llzo", "lgps", "lagp", "latp"} <= electrolytes
    for row in (p.as_dict() for p in pairs):
        if row.get("capacity_C_per_kg") is not None:
            assert 0.0 <= row["capacity_C_per_kg"] < 3600.0 * 330.0
            assert row["potential_source"]
        if row["oxidation_limit_V"] is not None:
            assert row["limit_source"]
            assert np.isfinite(row["oxidation_limit_V"])
