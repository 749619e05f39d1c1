"""Pictures of maps and Ragone plots: contours where the formula says, scales, marks, lines."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.design.axes import Axis
from filmcell.design.maps import THEORETICAL_UTILISATION, Map
from filmcell.design.ragone import PER_MASS, Ragone
from filmcell.design.stack import stack_of
from filmcell.plot.curves import save
from filmcell.plot.maps import draw_lines, draw_map
from filmcell.plot.ragone import draw_ragone
from filmcell.protocol.amounts import CRate

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
X = Axis("cathode.thickness", np.geomspace(1e-6, 1e-4, 9), "m")
Y = Axis("temperature", np.linspace(290.0, 330.0, 5), "K")


def plane(holes: int = 0) -> Map:
    """A map that falls evenly with log l from 1 to 0, the first points failed."""
    values = np.tile(1.0 - np.log10(X.values / 1e-6) / 2.0, (5, 1))
    values.flat[:holes] = np.nan
    failed = tuple("no" if k < holes else "" for k in range(45))
    return Map(X, Y, values, failed, THEORETICAL_UTILISATION, "", WANG)


def test_contours_lie_where_the_formula_says() -> None:
    """The level 0.5 of a map that is straight in log l is at ten times the first thickness."""
    ax = draw_map(plane(), levels=[0.5])
    (lines,) = [c for c in ax.collections if hasattr(c, "levels")]
    places = np.concatenate(lines.allsegs[0])
    assert_allclose(places[:, 0], 10.0, rtol=1e-9)  # um
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert ax.get_xlabel() == "cathode.thickness (um)"
    assert ax.get_ylabel() == "temperature (K)"


def test_failed_points_are_marked() -> None:
    ax = draw_map(plane(holes=3))
    (crosses,) = ax.get_lines()
    assert_allclose(np.asarray(crosses.get_xdata()), X.displayed[:3])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["failed"]
    assert not draw_map(plane()).get_lines()


def test_levels_default_to_round_ones_and_axes_are_given_back() -> None:
    ax = draw_map(plane())
    (lines,) = [c for c in ax.collections if hasattr(c, "levels")]
    assert_allclose(lines.levels, np.arange(1, 10) / 10)
    other = draw_lines(plane()).figure.add_subplot()
    assert draw_map(plane(), other) is other


def test_flat_and_wholly_failed_maps_can_be_drawn(tmp_path: object) -> None:
    for values in (np.ones((5, 9)), np.full((5, 9), np.nan)):
        flat = Map(X, Y, values, ("",) * 45, THEORETICAL_UTILISATION, "", WANG)
        ax = draw_map(flat)
        assert not [c for c in ax.collections if hasattr(c, "levels")]
        save(ax, tmp_path / "flat.png")  # type: ignore[operator]


def test_rows_are_lines_with_printed_points_of_their_colour() -> None:
    ax = draw_lines(plane(), printed={290.0: plane().values[0]})
    assert len(ax.get_lines()) == 6
    line, points = ax.get_lines()[:2]
    assert line.get_color() == points.get_color()
    assert next(t.get_text() for t in ax.get_legend().get_texts()) == "temperature 290 K"


@pytest.fixture(scope="module")
def found() -> Ragone:
    """Three points by hand, one of them failed: 10 h, 1 h and none."""
    stack = stack_of(WANG, densities={"electrolyte": "2.3 g/cm3"})
    rates = (CRate(0.1), CRate(1.0), CRate(100.0))
    energy = np.array([3600.0, 1800.0, np.nan])
    duration = np.array([36000.0, 3600.0, np.nan])
    return Ragone(rates, energy, duration, energy, ("", "", ""), ("", "", "no"), "", stack)


def test_ragone_is_drawn_on_logarithmic_axes_without_what_failed(found: Ragone) -> None:
    ax = draw_ragone(found)
    points = ax.get_lines()[0]
    assert_allclose(np.asarray(points.get_xdata()), [0.01, 0.05])  # mW/cm2
    assert_allclose(np.asarray(points.get_ydata()), [0.1, 0.05])  # mWh/cm2
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.get_ylabel() == "energy (mWh/cm2)"


def test_lines_of_constant_time_are_energy_over_power(found: Ragone) -> None:
    ax = draw_ragone(found, basis=PER_MASS, label="cell")
    words = [text.get_text() for text in ax.texts]
    assert {"10 h", "1 h"} <= set(words)
    for line, word in zip(ax.get_lines()[1:], words, strict=True):
        hours = {"100 h": 100.0, "10 h": 10.0, "1 h": 1.0, "6 min": 0.1}[word]
        ratio = np.asarray(line.get_ydata()) / np.asarray(line.get_xdata())
        assert_allclose(ratio, hours, rtol=1e-9)


def test_a_ragone_plot_of_failures_alone_is_empty(found: Ragone) -> None:
    nothing = np.full(1, np.nan)
    none = Ragone((CRate(1.0),), nothing, nothing, nothing, ("",), ("no",), "", found.stack)
    assert len(draw_ragone(none).get_lines()) == 1
