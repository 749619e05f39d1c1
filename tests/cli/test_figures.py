"""Figures that the commands draw: areas that end at the voltage, panels, sentences on failure."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.cli import figures
from filmcell.papers.registry import PAPERS
from filmcell.plot.losses import stacked
from filmcell.simulation.explain import Explanation, explain


def made_up(sign: float, against: float) -> Explanation:
    """Two losses of one sign, and one that changes its sign on the way."""
    q = np.linspace(0.0, 3.6e-3, 5)
    losses = {
        "gradient": sign * np.array([-against, -against / 2, 0.0, 0.01, 0.02]),
        "film": np.full(5, sign * 0.03),
        "contact": np.full(5, sign * 0.01),
    }
    voltage = 3.9 + np.sum(list(losses.values()), axis=0)
    mean = {name: abs(float(np.mean(v))) for name, v in losses.items()}
    return Explanation(1, "made up", 1e-4, -sign, q / q[-1] * 100, q, voltage, np.full(5, 3.9),
                       losses, mean, 0.0)  # fmt: skip


def edges(ax: object, label: str) -> np.ndarray:
    """Corners of an area of a figure, shape (n, 2)."""
    (area,) = [c for c in ax.collections if c.get_label().startswith(label)]  # type: ignore[attr-defined]
    return area.get_paths()[0].vertices


@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize("against", [0.0, 0.005])
def test_areas_fill_what_lies_between_rest_and_voltage(sign: float, against: float) -> None:
    """On charge and discharge, with and without a part of the other sign."""
    told = made_up(sign, against)
    ax = stacked(told)
    q = told.areal_capacity / 3.6e4
    outer = edges(ax, "contact")
    for x, v in zip(q, told.voltage, strict=True):
        at = outer[np.isclose(outer[:, 0], x, rtol=1e-9, atol=1e-15), 1]
        assert np.min(np.abs(at - v)) < 1e-12
    first = edges(ax, "gradient")
    start = first[np.isclose(first[:, 0], q[0]), 1]
    assert_allclose(start, 3.9 - sign * against, rtol=0, atol=1e-12)
    hatched = [c for c in ax.collections if c.get_hatch()]
    assert len(hatched) == (1 if against else 0)
    assert stacked(told, ax) is ax


def test_panels_of_a_run(tmp_path: Path) -> None:
    """One a step, no more than a page holds."""
    result = filmcell.simulate(
        filmcell.load_cell("danilov2011"),
        "(Discharge at 10C for 10 s; Charge at 5C for 20 s) repeat 4",
    )
    told = [explain(result, k, None) for k in range(1, 9)]
    assert figures.draw_losses(told[:1], tmp_path / "one.png") == 1
    assert figures.draw_losses(told[:3], tmp_path / "three.png") == 3
    assert figures.draw_losses(told, tmp_path / "many.png") == figures.MOST_PANELS
    assert all((tmp_path / f"{n}.png").stat().st_size > 1e4 for n in ("one", "three", "many"))


def test_every_paper_has_figures() -> None:
    """And no figures of others."""
    assert set(figures._FIGURES) == set(PAPERS)


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    """A folder that is a file, and an unknown ending."""
    told = [made_up(-1.0, 0.0)]
    with pytest.raises(filmcell.FilmcellError, match=r"run\.abc: cannot be drawn"):
        figures.draw_losses(told, tmp_path / "run.abc")
    (tmp_path / "file").write_text("")
    with pytest.raises(filmcell.FilmcellError, match=r"file: cannot be made \(File exists\)"):
        figures.draw_paper("wang2023", None, tmp_path / "file")
