"""The characteristic size: against closed forms, its properties, and what it refuses."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from filmcell import (
    Cell,
    Electrolyte,
    LithiumMetal,
    Property,
    constant,
    load_cell,
    simulate,
    tabulated,
)
from filmcell.cell.cathodes import Cathode, Cylinder, Film, Sphere
from filmcell.constants import F
from filmcell.design.characteristic import largest_size
from filmcell.design.counting import Demand, FirstCharge, OfTheory, OfWindow
from filmcell.design.dial import dial
from filmcell.design.needed import needed, what_diffusivity
from filmcell.design.search import search
from filmcell.design.sensitivity_local import sensitivities
from filmcell.design.size_estimate import Limits, series_swing, surface, thick_swing, thin_swing
from filmcell.errors import InputError
from filmcell.physics import analytic
from filmcell.protocol.amounts import Amperes, AmperesPerArea, CRate, Watts

D, C_MAX = 1e-14, 50_000.0
SHARP = 1000.0
"""Slope of the ideal potential at the ends of its window: the surface stops within 1e-3 [V]."""


def ideal(shape: Film | Cylinder | Sphere = Film()) -> Cell:  # noqa: B008
    """A cell without losses but diffusion, whose surface moves between 0.3 and 0.9.

    Its potential is a straight line from 4.2 V to 3 V between them.
    """
    U = Property("OCP", "V", lambda x: 4.2 - 2.0 * (x - 0.3), 0.0, 1.0, "a line")
    cathode = Cathode(
        5e-6, C_MAX, constant("D", D, "m2/s"), U, constant("i0", 1e7, "A/m2"),
        initial_fraction=0.9, theoretical_swing=0.6, shape=shape,
        lithium_exponent=0.0, vacancy_exponent=0.0,
    )  # fmt: skip
    return Cell(LithiumMetal(1e-3, 1e7), Electrolyte(1e-6, 1e5), cathode, 1e-4, 3.0, 4.2)


@pytest.mark.parametrize("u", [0.97, 0.6, 0.15])
def test_one_way_film_against_the_exact_series(u: float) -> None:
    """Lambda at which the slab between two limits gives u is found to the mesh's 1e-3."""
    number = brentq(lambda x: analytic.slab_utilisation(x) - u, 1e-3, 50.0)
    exact = number * F * D * 0.6 * C_MAX / 2.0  # at 2 A/m2
    found = largest_size(ideal(), u, AmperesPerArea(2.0), counted=FirstCharge())
    assert_allclose(found.size, exact, rtol=1e-3)
    assert abs(found.size - exact) < 2.0 * found.margin + 1e-5 * exact
    assert_allclose(found.estimates[0].size, exact, rtol=1e-6)
    assert_allclose(found.current_number, number, rtol=1e-3)


@pytest.mark.parametrize("shape", [Film(), Cylinder(), Sphere()])
@pytest.mark.parametrize("u", [0.9, 0.4])
def test_way_back_against_the_series_of_each_shape(shape: Film, u: float) -> None:
    """Charge, reversal without rest, discharge: the series and the full model are one."""
    found = largest_size(ideal(shape), u, AmperesPerArea(2.0))
    assert_allclose(found.estimates[0].size / found.size, 1.0, rtol=2e-3)
    assert found.bracket[0] == found.size < found.bracket[1] < found.size * 1.0001
    assert_allclose(found.utilisation, u, rtol=1e-4)


def test_thin_and_thick_limits() -> None:
    """The short formulas are the limits of the series: coefficients 1/3, 1/4, 1/5, and pi/4."""
    for m, k in ((0, 3), (1, 4), (2, 5)):
        thin = Limits(0.9, 0.3, 0.9, 0.06, m, 1.0, D)
        assert_allclose(series_swing(thin, charge=True), 0.6 - 0.06 / k, rtol=1e-9)
        assert_allclose(series_swing(thin, charge=False), 0.6 - 0.12 / k, rtol=1e-9)
        assert_allclose(thin_swing(thin, charge=False), 0.6 - 0.12 / k, rtol=1e-12)
    thick = Limits(0.9, 0.3, 0.9, 60.0, 0, 1.0, D)  # Lambda = 100
    assert_allclose(series_swing(thick, charge=True) / 0.6, np.pi / 400.0, rtol=1e-6)
    assert_allclose(series_swing(thick, charge=False) / 0.6, np.pi / 1200.0, rtol=1e-6)
    assert_allclose(thick_swing(thick, charge=False) / 0.6, np.pi / 1200.0, rtol=1e-12)


def test_fast_surface_agrees_with_the_series_where_they_meet() -> None:
    """The spline is the series, and joins its two limits."""
    for m, exact in ((0, analytic.slab_surface), (1, analytic.cylinder_surface),
                     (2, analytic.sphere_surface)):  # fmt: skip
        tau = np.array([1.1e-5, 3.3e-4, 0.0123, 0.77, 2.9])
        assert_allclose([surface(t, m) for t in tau], exact(tau), rtol=1e-6)
        for end in (1e-5, 3.0):
            assert_allclose(surface(end * 0.999999, m), surface(end * 1.000001, m), rtol=2e-5)


def test_wang_table_1() -> None:
    """0.8 of the theoretical capacity at 0.1 mA: thinner than 5 um for D14 and D15, as printed.

    Table 1 prints 73.48 % (D14) and 12.22 % (D15) at 5 um, its thinnest, and 80.5 % at 20 um for
    D13. At one areal current the size goes with the diffusivity.
    """
    cell = load_cell("wang2023-lco-lipon-li")
    sizes = [
        largest_size(cell.replace({"cathode.diffusivity": d}), 0.8, Amperes(1e-4),
                     basis=OfTheory()).size
        for d in (1e-13, 1e-14, 1e-15)
    ]  # fmt: skip
    assert sizes[0] > 20e-6 > 5e-6 > sizes[1] > sizes[2]
    assert_allclose(np.array(sizes[:-1]) / sizes[1:], 10.0, rtol=1e-4)


def test_implicit_slopes_against_solving_again() -> None:
    """Each slope is that of sizes found anew 2 % to either side, and of the demand too."""
    cell = load_cell("wang2023-lco-lipon-li")
    current = CRate(0.5)
    found = largest_size(cell, 0.8, current)
    again = {
        "cathode.diffusivity": lambda x: (
            dial(cell, "cathode.diffusivity").scaled(x), 0.8, current),
        "electrolyte.conductivity": lambda x: (
            dial(cell, "electrolyte.conductivity").scaled(x), 0.8, current),
        "current": lambda x: (cell, 0.8, CRate(0.5 * x)),
        "utilisation": lambda x: (cell, 0.8 * x, current),
    }  # fmt: skip
    slopes = {s.key: s.slope for s in found.sensitivities}
    h = 0.02
    for key, changed in again.items():
        up, down = (largest_size(*changed(np.exp(s * h)), tolerance=1e-7).size for s in (1, -1))
        assert_allclose(slopes[key], np.log(up / down) / (2 * h), rtol=5e-3, err_msg=key)


def test_slopes_of_the_diffusion_limited_regime() -> None:
    """Size goes with D at a given areal current and with its root at a given C-rate."""
    for current, power in ((AmperesPerArea(2.0), 1.0), (CRate(1.0), 0.5)):
        found = largest_size(ideal(), 0.8, current)
        slope = {s.key: s.slope for s in found.sensitivities}
        assert_allclose(slope["cathode.diffusivity"], power, rtol=2e-3)
        assert_allclose(slope["current"], -power, rtol=2e-3)
        assert abs(slope["electrolyte.conductivity"]) < 1e-4


def test_a_function_of_x_is_scaled_as_a_whole() -> None:
    """Twice the diffusivity, a table over x, is twice the size; needed finds the factor."""
    table = tabulated("D", [0.3, 1.0], [3e-14, 3e-15], "m2/s", logarithmic=True)
    cell = ideal().replace({"cathode.diffusivity": table})
    once = largest_size(cell, 0.8, AmperesPerArea(2.0))
    twice = largest_size(dial(cell, "cathode.diffusivity").scaled(2.0), 0.8, AmperesPerArea(2.0))
    assert_allclose(twice.size / once.size, 2.0, rtol=1e-4)
    sized = cell.replace({"cathode.thickness": twice.size})
    assert_allclose(what_diffusivity(sized, 0.8, AmperesPerArea(2.0)).factor, 2.0, rtol=1e-4)


def test_a_scaled_property_gives_scaled_values() -> None:
    """Of a number and of a table, over the same range; a factor that is none is refused."""
    table = tabulated("D", [0.3, 1.0], [3e-14, 3e-15], "m2/s", logarithmic=True)
    x = np.linspace(0.3, 1.0, 7)
    assert_allclose(table.scaled(3.0)(x), 3.0 * table(x), rtol=1e-14)
    assert_allclose(constant("D", D, "m2/s").scaled(3.0)(x), 3.0 * D, rtol=1e-14)
    assert (table.scaled(3.0).low, table.scaled(3.0).high) == (0.3, 1.0)
    for factor in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match=r"D: .* is no factor, expected a number above 0"):
            table.scaled(factor)


def test_what_is_needed_is_the_inverse_of_the_largest_size() -> None:
    """Diffusivity, conductivity and resistance come back from the size that they allow."""
    cell = load_cell("wang2023-lco-lipon-li").replace({"contact_resistance": "50 ohm cm2"})
    size = largest_size(cell, 0.8, AmperesPerArea(1.0), tolerance=1e-8).size
    sized = cell.replace({"cathode.thickness": size})
    for key, at_least in (("cathode.diffusivity", True), ("electrolyte.conductivity", True),
                          ("contact_resistance", False), ("temperature", True)):  # fmt: skip
        found = needed(sized, key, 0.8, AmperesPerArea(1.0), tolerance=1e-7)
        assert found.at_least == at_least
        assert_allclose(found.factor, 1.0, rtol=2e-4, err_msg=key)
        assert found.utilisation >= 0.8


@settings(max_examples=8)
@given(
    u=st.floats(0.3, 0.9), factor=st.floats(1.2, 20.0), i=st.floats(0.1, 10.0),
    shape=st.sampled_from([Film(), Cylinder(), Sphere()]),
)  # fmt: skip
def test_more_diffusivity_more_size_more_demand_less(
    u: float, factor: float, i: float, shape: Film
) -> None:
    """Size grows with D, in proportion at a given areal current, and falls with utilisation."""
    cell, current = ideal(shape), AmperesPerArea(i)
    better = dial(cell, "cathode.diffusivity").scaled(factor)
    size = largest_size(cell, u, current, low=1e-9, high=1.0).size
    more = largest_size(better, u, current, low=1e-9, high=1.0).size
    less = largest_size(cell, u + 0.05, current, low=1e-9, high=1.0).size
    assert less < size < more
    assert_allclose(more / size, factor, rtol=1e-3)


def test_c_rate_and_areal_current_answer_differently_and_say_so() -> None:
    """The same current at one size; the notes say how it goes with the size."""
    cell = ideal()
    fixed, rated = (largest_size(cell, 0.8, i) for i in (AmperesPerArea(2.0), CRate(1.0)))
    assert fixed.current_density == 2.0
    assert_allclose(rated.current_density, F * C_MAX * 0.6 * rated.size / 3600.0)
    assert any("the current is the same at every thickness" in note for note in fixed.notes)
    assert any("the current grows with the thickness: 1C is" in note for note in rated.notes)
    nominal = replace(cell, nominal_capacity=0.36)
    assert largest_size(nominal, 0.8, CRate(1.0)).current_density == pytest.approx(1.0)


def test_several_crossings_are_named() -> None:
    """The anode's lithium bounds the window of thick films, so that they reach 0.8 of it again."""
    charged = ideal().replace({"cathode.initial_fraction": 0.3, "anode.thickness": "4 um"})
    found = largest_size(charged, 0.8, AmperesPerArea(2.0))
    text = " ".join(found.notes)
    assert "crosses the goal several times: it is reached again from" in text
    assert text.count("and perhaps beyond") == 1
    assert np.all(found.utilisations[found.sizes <= found.size] >= 0.8)
    beyond = found.utilisations[found.sizes > found.size]
    assert beyond[0] < 0.8 < beyond.max()
    assert_allclose(found.estimates[0].size, found.size, rtol=1e-3)
    thick = largest_size(charged, 0.8, AmperesPerArea(2.0), low=2e-5)
    assert any(note.startswith("the anode's lithium, 0.82") for note in thick.notes)


def test_search_finds_every_span() -> None:
    """A function that reaches its goal twice, neither from the start nor to the end."""
    found = search(lambda x: np.sin(np.log(x)), 0.5, np.geomspace(1.0, 9000.0, 60), 1e-9)
    edges = [e.inside for span in found.spans for e in (span.low, span.high)]
    turns = [np.pi / 6, 5 * np.pi / 6, 13 * np.pi / 6]
    assert_allclose(np.log(edges[:3]), turns, rtol=1e-8)
    assert found.spans[1].high.outside is not None
    gaps = search(lambda x: np.where(x > 2.0, np.nan, 1.0), 0.5, np.array([1.0, 4.0]), 1e-9)
    assert_allclose(gaps.spans[0].high.bracket, 2.0, rtol=1e-8)


def test_every_size_reaches_it() -> None:
    """The end of the range is told as such, without slopes."""
    found = largest_size(ideal(), 0.5, AmperesPerArea(0.01), high=1e-5)
    assert found.unlimited
    assert found.size == 1e-5
    assert found.sensitivities == ()
    assert found.notes[0] == "every thickness from 0.01 um to 10 um reaches the demand"
    number = needed(ideal(), "cathode.diffusivity", 0.5, AmperesPerArea(0.01), low=D, high=2.0 * D)
    assert number.unlimited
    assert number.bracket == (2.0 * D, 2.0 * D)


@pytest.mark.parametrize(
    ("u", "current", "words"),
    [
        (0.95, Amperes(1e-6), "the voltage window allows only 0.9024 of the theoretical capacity"),
        (0.9, AmperesPerArea(10.0), "0.9 .*ohmic and kinetic losses at 1 mA/cm2 leave"),
    ],
)
def test_what_cannot_be_reached_says_how_much_and_why(
    u: float, current: Amperes, words: str
) -> None:
    """Window or losses: the most, where, and the reason."""
    cell = load_cell("wang2023-lco-lipon-li")
    with pytest.raises(InputError, match=rf"no thickness from 0.01 um to 1000 um .*{words}"):
        largest_size(cell, u, current, basis=OfTheory())


def test_reversal_and_lithium_are_named_as_reasons() -> None:
    """A thick film gives back a third; a cell made half empty has little to charge."""
    third = r"a discharge without rest gives back about 0\.33\d of the charge \(a third"
    with pytest.raises(InputError, match=third):
        largest_size(ideal(), 0.5, AmperesPerArea(2.0), low=1e-3, high=1e-2)
    half = ideal().replace({"cathode.initial_fraction": 0.5})
    with pytest.raises(InputError, match=r"as made holds 0\.5 lithium per site, of which a charge"):
        largest_size(half, 0.5, AmperesPerArea(2.0), counted=FirstCharge())


@pytest.mark.parametrize("u", [0.0, 1.01, float("nan"), True, "0.8"])
def test_utilisations_outside_are_refused(u: float) -> None:
    """Above 0 and at most 1."""
    with pytest.raises(
        InputError, match=r"utilisation: .* is not allowed, expected one above 0 and"
    ):
        largest_size(ideal(), u, AmperesPerArea(1.0))


def test_refusals() -> None:
    """Currents, choices, ranges and tolerances that are none."""
    cell, one = ideal(), AmperesPerArea(1.0)
    with pytest.raises(
        InputError, match="current: a Watts is not allowed, expected one of Amperes"
    ):
        largest_size(cell, 0.8, Watts(1.0))
    with pytest.raises(
        InputError, match=r"current density: -1\.0 is not allowed, expected one above"
    ):
        AmperesPerArea(-1.0)
    with pytest.raises(
        InputError, match='basis: "window" is not allowed, expected one of OfWindow'
    ):
        largest_size(cell, 0.8, one, basis="window")
    with pytest.raises(InputError, match="counted: 1 is not allowed, expected one of DischargeOf"):
        Demand(0.8, one, OfWindow(), 1)
    with pytest.raises(InputError, match=r"range: from 0\.001 to 1e-06 m does not rise"):
        largest_size(cell, 0.8, one, low=1e-3, high=1e-6)
    with pytest.raises(InputError, match=r"low: 0\.0 is not allowed, expected a length above 0"):
        largest_size(cell, 0.8, one, low=0.0)
    with pytest.raises(InputError, match="tolerance: 0 is not allowed, expected one such as 1e-5"):
        largest_size(cell, 0.8, one, tolerance=0)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("cathode.difusivity", 'cathode.difusivity: unknown key, did you mean "diffusivity"'),
        ("cathode.shape", "cathode.shape: not a number above 0"),
        ("cathode.potential", "cathode.potential: not a number above 0"),
        ("cathode", "cathode: not a number above 0"),
        ("name", "name: not a number above 0"),
        ("interlayers.0.thickness", "interlayers.0: unknown key, there are no keys here"),
        ("interlayers", "interlayers: not a number above 0"),
        ("area.thickness", "area.thickness: unknown key, area has no parts of its own"),
        ("nominal_capacity", "nominal_capacity: not a number above 0"),
    ],
)
def test_keys_that_are_no_positive_number_are_refused(key: str, words: str) -> None:
    """Unknown ones with a hint, others by what they are not."""
    with pytest.raises(InputError, match=words):
        needed(ideal(), key, 0.8, AmperesPerArea(1.0))


def test_a_number_that_is_zero_needs_a_range() -> None:
    """It can be found between two given numbers all the same."""
    cell = ideal().replace({"cathode.thickness": "1 um"})
    with pytest.raises(InputError, match="contact_resistance: is 0 in this cell, expected a range"):
        needed(cell, "contact_resistance", 0.9, AmperesPerArea(1.0))
    found = needed(cell, "contact_resistance", 0.9, AmperesPerArea(1.0), low=1e-4, high=1.0)
    # 0.12 V of two losses, less the lag 2 / 3 Lambda of the swing, is what 10 % of the line allow
    assert not found.at_least
    lag = 2.0 / 3.0 * 1.0 * 1e-6 / (F * D * C_MAX)
    assert_allclose(found.value, (0.06 - lag) * 2.0 / 2.0, rtol=2e-3)
    assert np.isnan(found.factor)


def test_cells_that_fail_are_counted_and_named() -> None:
    """Temperatures outside what a cell allows are failures, not the end."""
    cell = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "5 um"})
    found = needed(cell, "temperature", 0.8, AmperesPerArea(1.0), low=280.0, high=2000.0)
    assert any("of the cells could not be simulated" in note for note in found.notes)
    with pytest.raises(InputError, match=r"none could be simulated, the first because of: temper"):
        needed(cell, "temperature", 0.8, AmperesPerArea(1.0), low=1100.0, high=2000.0)


def test_time_and_not_diffusion_is_named() -> None:
    """At currents so small that ten years do not fill the cell."""
    with pytest.raises(InputError, match="because the current is so small that a step was ended"):
        largest_size(load_cell("wang2023-lco-lipon-li"), 0.5, AmperesPerArea(1e-9))


def test_a_window_that_allows_nothing_reaches_nothing() -> None:
    """An upper voltage just above the lower one has no utilisation, and is no answer."""
    cell = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "1 um"})
    found = needed(cell, "upper_voltage", 0.7, AmperesPerArea(0.1), low=2.701, high=4.3)
    assert 3.3 < found.value < 4.3
    assert np.isnan(found.utilisations[0])
    assert np.isfinite(found.utilisation)


def test_the_answer_holds_in_a_run_of_its_own() -> None:
    """A simulation from text, at the default accuracy, gives the utilisation that was asked for."""
    found = largest_size(load_cell("wang2023-lco-lipon-li"), 0.8, Amperes(1e-4))
    text = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
    assert_allclose(simulate(found.cell, text).window_utilisation[1], 0.8, rtol=1e-5)


def test_a_diameter_is_asked_for_as_a_radius() -> None:
    """The key of a file leads to the number that the cell holds."""
    sphere = ideal(Sphere())
    by_key = needed(sphere, "cathode.diameter", 0.8, AmperesPerArea(2.0), low=1e-8, high=1e-3)
    assert by_key.key == "cathode.thickness"
    assert_allclose(by_key.value, largest_size(sphere, 0.8, AmperesPerArea(2.0)).size, rtol=2e-5)


def test_plain_data() -> None:
    """Both answers as strict JSON."""
    cell = load_cell("wang2023-lco-lipon-li")
    size = largest_size(cell, 0.8, Amperes(1e-4)).as_dict()
    assert size["demand"]["of"] == "window"
    assert size["sensitivities"]["cathode.diffusivity"] == pytest.approx(1.0, abs=1e-3)
    number = what_diffusivity(cell, 0.8, Amperes(1e-4)).as_dict()
    for data in (size, number):
        assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_slopes_of_chosen_keys() -> None:
    """Only those that are asked for, then current and utilisation."""
    found = sensitivities(ideal(), Demand(0.8, AmperesPerArea(2.0)), ["cathode.thickness"])
    assert [s.key for s in found] == ["cathode.thickness", "current", "utilisation"]
    assert found[0].slope == pytest.approx(-1.0)
