"""Maps: the same as single simulations, the paper's Fig. 4, failed points, tables, refusals."""

import sys
from typing import Any

import numpy as np
import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from filmcell import InputError
from filmcell.design.axes import Axis, read_axis, read_key
from filmcell.design.maps import (
    AREAL_CAPACITY,
    AREAL_ENERGY,
    MEAN_POWER,
    QUANTITIES,
    THEORETICAL_UTILISATION,
    Map,
    utilisation_map,
)
from filmcell.errors import MissingExtra
from filmcell.papers import wang2023
from filmcell.protocol.amounts import AmperesPerArea, CRate
from filmcell.protocol.cycle import cycles
from filmcell.simulation.options import Options

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
THICKNESS = Axis("cathode.thickness", [2e-6, 8e-6, 25e-6])
DIFFUSIVITY = Axis("cathode.diffusivity", [2e-15, 5e-14])
ONE = AmperesPerArea(1.0)


@pytest.fixture(scope="module")
def found() -> Map:
    """A small map at 0.1 mA/cm2."""
    return utilisation_map(WANG, THICKNESS, DIFFUSIVITY, ONE)


def test_a_map_is_what_single_simulations_give(found: Map) -> None:
    for j, D in enumerate(DIFFUSIVITY.values):
        for i, L in enumerate(THICKNESS.values):
            cell = WANG.replace({"cathode.thickness": L, "cathode.diffusivity": D})
            one = filmcell.simulate(cell, cycles((ONE, ONE)))
            assert_allclose(found.values[j, i], one.window_utilisation[1], rtol=1e-4)


def test_figure_4_of_wang_is_rows_of_a_map() -> None:
    """The map over thickness and diffusivity has the lines that the paper's module computes."""
    i = wang2023.CURRENT / WANG.area
    lines = utilisation_map(
        WANG,
        Axis("cathode.thickness", wang2023.THICKNESSES),
        Axis("cathode.diffusivity", sorted(wang2023.DIFFUSIVITIES.values())),
        AmperesPerArea(i),
        quantity=THEORETICAL_UTILISATION,
    )
    table = wang2023.table((i, 0.0), Options())
    for (name, L), result in table.items():
        row = lines.y.values.tolist().index(wang2023.DIFFUSIVITIES[name])
        column = lines.x.values.tolist().index(L)
        assert_allclose(lines.values[row, column], result.utilisation[1], rtol=1e-4)


def test_the_current_may_be_an_axis() -> None:
    rate = utilisation_map(WANG, Axis("c_rate", [0.1, 1.0]), Axis("temperature", [300.0, 330.0]))
    basis = WANG.c_rate_current_density(1.0)
    current = utilisation_map(
        WANG, Axis("current", [0.1 * basis, basis]), Axis("temperature", [300.0, 330.0])
    )
    assert_allclose(rate.values, current.values, rtol=1e-12)
    assert np.all(rate.values[:, 0] > rate.values[:, 1])
    assert "the current of the axis" in rate.protocol
    assert "1C: theoretical capacity" in rate.protocol


def test_a_protocol_may_be_given_and_its_last_step_counts() -> None:
    text = "Charge at C/5 until 4.2 V; Hold at 4.2 V until C/20; Discharge at C/2 until 2.7 V"
    protocol = filmcell.load_protocol(text)
    x, y = Axis("cathode.thickness", [5e-6]), Axis("temperature", [298.0])
    given_ = utilisation_map(WANG, x, y, protocol, quantity=AREAL_ENERGY)
    cell = WANG.replace({"cathode.thickness": 5e-6})
    one = filmcell.simulate(cell, protocol)
    assert_allclose(given_.values[0, 0], one.energy[2] * 1e3 / (WANG.area * 1e4), rtol=1e-4)
    assert "Hold" in given_.protocol


def test_quantities_hang_together(found: Map) -> None:
    """Power times time is energy, and capacity is utilisation of the window's."""
    capacity, energy, power = (
        utilisation_map(WANG, THICKNESS, DIFFUSIVITY, ONE, quantity=q).values
        for q in (AREAL_CAPACITY, AREAL_ENERGY, MEAN_POWER)
    )
    hours = capacity / 0.1  # mAh/cm2 over 0.1 mA/cm2
    assert_allclose(power * hours, energy, rtol=1e-6)
    windows = [
        WANG.replace({"cathode.thickness": L}).window_capacity / 3.6e4 for L in THICKNESS.values
    ]
    assert_allclose(capacity, found.values * windows, rtol=1e-9)
    assert all(q.name for q in QUANTITIES.values())


def test_a_point_that_cannot_be_made_or_solved_is_a_reason() -> None:
    """Below the lower voltage there is no window; the other row stands."""
    half = utilisation_map(WANG, THICKNESS, Axis("upper_voltage", [2.6, 4.2]), ONE)
    assert np.isnan(half.values[0]).all()
    assert np.isfinite(half.values[1]).all()
    assert half.failed[0].startswith("lower_voltage: 2.7 V is not below upper_voltage 2.6 V")
    assert half.failed[3:] == ("", "", "")
    assert half.as_dict()["failed"]["0"] == half.failed[0]


def test_tables(found: Map) -> None:
    frame = found.to_polars()
    assert isinstance(frame, polars.DataFrame)
    assert frame.columns[:2] == ["cathode.thickness (um)", "cathode.diffusivity (m2/s)"]
    assert_allclose(frame["cathode.thickness (um)"][:3], [2.0, 8.0, 25.0])
    assert_allclose(frame[found.quantity.name], found.values.ravel())
    assert found.as_dict()["x"]["unit"] == "m"


def test_xarray_is_asked_for_by_name(found: Map, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(MissingExtra, match=r"to_xarray needs filmcell\[xarray\]"):
        found.to_xarray()


def test_xarray(found: Map) -> None:
    pytest.importorskip("xarray")
    array: Any = found.to_xarray()
    assert_allclose(array.sel({"cathode.thickness": 8e-6}).values, found.values[:, 1])
    assert array["cathode.diffusivity"].attrs["units"] == "m2/s"


def test_levels_are_round_and_inside(found: Map) -> None:
    levels = found.levels()
    assert_allclose(levels, np.arange(1, 10) / 10, atol=1e-12)
    assert found.levels(4).size < levels.size
    flat = Map(found.x, found.y, np.ones((2, 3)), ("",) * 6, found.quantity, "", WANG)
    assert flat.levels().size == 0


@settings(max_examples=30, deadline=None)
@given(slope=st.floats(0.1, 3.0), level=st.floats(0.05, 0.95))
def test_crossings_of_a_straight_line_are_exact(slope: float, level: float) -> None:
    """Utilisation that falls with log l by a slope crosses a level where the formula says."""
    x = Axis("cathode.thickness", np.geomspace(1e-6, 1e-4, 7), "m")
    row = 1.0 - slope * np.log(x.values / 1e-6) / np.log(100.0)
    line = Map(x, Axis("temperature", [298.0]), row[None, :], ("",) * 7,
               THEORETICAL_UTILISATION, "", WANG)  # fmt: skip
    (place,) = line.crossings(level)
    expected = 1e-6 * 100.0 ** ((1.0 - level) / slope)
    if expected < 0.999e-4:
        assert_allclose(place, expected, rtol=1e-9)
    elif expected > 1.001e-4:
        assert np.isnan(place)


def test_axes_from_text() -> None:
    by_factors = read_axis(WANG, "cathode.thickness=1 um..16 um", 3)
    assert by_factors.logarithmic
    assert_allclose(by_factors.values, [1e-6, 4e-6, 16e-6])
    evenly = read_axis(WANG, "temperature=25 degC..75 degC", 3)
    assert not evenly.logarithmic
    assert_allclose(evenly.values, [298.15, 323.15, 348.15])
    listed = read_axis(WANG, "current=0.1 mA/cm2, 2 A/m2", 99)
    assert_allclose(listed.values, [1.0, 2.0])
    assert read_axis(WANG, "c_rate=0.1..10", 3).unit == ""
    assert read_key(WANG, "cathode.diameter") == "m"
    assert read_key(filmcell.load_cell("wang2023-film-10.17um"), "collectors.0.thickness") == "m"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cathode.thickness", r'"cathode.thickness" is no axis, expected one such as'),
        ("cathode.thickness=", r"is no axis, expected one such as"),
        ("cathode.thicknes=1 um..2 um", r'thicknes: unknown key, did you mean "thickness"'),
        ("kathode.thickness=1 um..2 um", r'kathode: unknown key, did you mean "cathode"'),
        ("cathode=1 um..2 um", r"cathode: is no number, expected the key of one"),
        ("cathode.thickness.x=1..2", r"thickness.x: unknown key, cathode.thickness has no parts"),
        ("interlayers.0.thickness=1 um..2 um", r"interlayers.0: unknown key"),
        ("cathode.shape=1..2", r"cathode.shape: is no number, expected the key of one"),
        ("cathode.thickness=1 V..2 V", r'cathode.thickness: "1 V" is not a length'),
        ("cathode.thickness=1..2", r'cathode.thickness: "1" has no unit, expected a length'),
        ("cathode.thickness=30 um..1 um", r"30 um..1 um does not rise, expected the smaller end"),
        ("cathode.thickness=5 um..5 um", r"5 um..5 um does not rise"),
        ("cathode.thickness=1 um..", r"cathode.thickness: a value is missing"),
        ("cathode.thickness=2 um, 1 um", r"the values do not rise, expected each above the last"),
        ("cathode.thickness=1 um,,2 um", r"cathode.thickness: a value is missing"),
    ],
)
def test_axes_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_axis(WANG, text, 5)


def test_refusals() -> None:
    temperature = Axis("temperature", [298.0])
    with pytest.raises(InputError, match="temperature: the axis is empty, expected at least one"):
        Axis("temperature", [])
    with pytest.raises(InputError, match="temperature: a value is not finite"):
        Axis("temperature", [298.0, np.inf])
    with pytest.raises(InputError, match=r"temperature: .* is no list of numbers"):
        Axis("temperature", ["warm"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r'y: "temperature" is on x already'):
        utilisation_map(WANG, temperature, temperature, ONE)
    with pytest.raises(InputError, match="y: current and c_rate are both the current"):
        utilisation_map(WANG, Axis("current", [1.0]), Axis("c_rate", [1.0]))
    with pytest.raises(InputError, match="current is an axis, expected no current or protocol"):
        utilisation_map(WANG, Axis("current", [1.0]), temperature, ONE)
    with pytest.raises(InputError, match="doing: nothing is done, expected a current or a"):
        utilisation_map(WANG, THICKNESS, temperature)
    with pytest.raises(InputError, match=r'doing: "1C" is not allowed, expected a current or a'):
        utilisation_map(WANG, THICKNESS, temperature, "1C")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r'temperature: the unit "m" does not fit, expected "K"'):
        utilisation_map(WANG, THICKNESS, Axis("temperature", [298.0], "m"), ONE)
    with pytest.raises(InputError, match=r"unknown key"):
        utilisation_map(WANG, THICKNESS, Axis("cathode.colour", [1.0]), ONE)


def test_too_many_points_are_refused_before_any_is_made() -> None:
    with pytest.raises(InputError, match=r"2000 x 2000 are 4000000 points, expected at most 1000"):
        utilisation_map(
            WANG,
            Axis("cathode.thickness", np.geomspace(1e-6, 1e-4, 2000)),
            Axis("temperature", np.linspace(280.0, 350.0, 2000)),
            CRate(1.0),
        )
    with pytest.raises(InputError, match=r"1000000000000 values are not allowed, expected from 2"):
        read_axis(WANG, "cathode.thickness=1 um..30 um", 10**12)


@settings(max_examples=8, deadline=None)
@given(factor=st.floats(0.2, 8.0))
def test_thickness_and_diffusivity_go_together_at_one_current_density(factor: float) -> None:
    """Only i l / (F c D) and the current itself count for a film: l and D may grow together."""
    x, y = Axis("cathode.thickness", [3e-6, 9e-6]), Axis("cathode.diffusivity", [5e-15, 5e-14])
    grown = (Axis(axis.key, axis.values * factor) for axis in (x, y))
    first, second = utilisation_map(WANG, x, y, ONE), utilisation_map(WANG, *grown, ONE)
    assert_allclose(second.values, first.values, rtol=1e-4)


def test_power_of_nothing_is_nothing() -> None:
    """A discharge that ends at once has no power; it is not a number that is missing."""
    found = utilisation_map(
        WANG, Axis("cathode.thickness", [5e-6, 1e-5]), Axis("current", [100.0, 1000.0]),
        quantity=MEAN_POWER,
    )  # fmt: skip
    assert (found.values == 0.0).all()
