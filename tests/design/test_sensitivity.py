"""Shares of variance against closed forms, and what is said where designs fail."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.arrays import Array
from filmcell.design.objectives import Utilisation
from filmcell.design.problem import Problem
from filmcell.design.sensitivity import sensitivity, sensitivity_of
from filmcell.design.variables import Linear, Logarithmic, LogNormal, Variable, vary
from filmcell.errors import InputError, MissingExtra
from filmcell.protocol.amounts import AmperesPerArea

UNIT = [Variable(name, Linear(0.0, 1.0)) for name in ("a", "b", "c")]


def test_ishigami() -> None:
    """First and total order of the Ishigami function, a = 7, b = 0.1, within their intervals."""
    a, b = 7.0, 0.1
    ranges = [Variable(name, Linear(-np.pi, np.pi)) for name in ("x", "y", "z")]

    def ishigami(x: Array) -> Array:
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sensitivity_of(ishigami, ranges, blocks=8192)
    alone = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2, a**2 / 8.0, 0.0
    both = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = sum(alone) + both
    first = np.array(alone) / variance
    total = first + np.array([both, 0.0, both]) / variance
    assert (np.abs(found.first - first) < found.first_error + 1e-3).all()
    assert (np.abs(found.total - total) < found.total_error + 1e-3).all()
    assert_allclose(found.first, first, atol=0.02)
    assert_allclose(found.total, total, atol=0.02)
    assert found.variance == pytest.approx(variance, rel=0.01)
    assert found.strongest == "x"
    assert (found.blocks, found.dropped, found.evaluations) == (8192, 0, 5 * 8192)


def test_a_sum_over_its_own_spreads() -> None:
    """Variances of a uniform, a log-uniform and a lognormal number add up."""
    spreads = [Linear(0.0, 3.0), Logarithmic(1.0, 10.0), LogNormal(1.0, 1.5)]
    ranges = [Variable(name, s) for name, s in zip("abc", spreads, strict=True)]
    shares = (np.arange(200_000) + 0.5) / 200_000
    variances = np.array([s.at(shares).var() for s in spreads])
    log = np.log(10.0)
    assert variances[1] == pytest.approx(99.0 / (2.0 * log) - (9.0 / log) ** 2, rel=1e-4)
    found = sensitivity_of(lambda x: x.sum(axis=1), ranges, blocks=4096)
    assert_allclose(found.first, variances / variances.sum(), atol=0.01)
    assert_allclose(found.total, found.first, atol=0.01)


def test_diffusivity_rules_a_film_that_diffusion_limits(cell: Cell) -> None:
    """30 um at 1e-15 to 1e-14 m2/s: all but nothing comes from electrolyte and kinetics."""
    film = cell.replace({"cathode.thickness": "30 um"})
    ranges = [
        vary(film, "electrolyte.conductivity", "1e-6 S/cm", "3e-6 S/cm"),
        vary(film, "cathode.diffusivity", "1e-15 m2/s", "1e-14 m2/s", Logarithmic),
        vary(film, "cathode.exchange_current_density", "3 A/m2", "30 A/m2", Logarithmic),
    ]
    ticks: list[int] = []
    problem = Problem(film, ranges, [Utilisation(AmperesPerArea(0.7))])
    found = sensitivity(problem, blocks=128, progress=ticks.append)
    assert found.strongest == "cathode.diffusivity"
    assert found.total[1] > 0.98 - found.total_error[1]
    assert max(found.total[0], found.total[2]) < 1e-3
    assert sum(ticks) == found.evaluations == 128 * 5
    data = found.as_dict()
    assert data["of"] == "utilisation at 0.07 mA/cm2"
    assert data["indices"]["cathode.diffusivity"]["total"] == found.total[1]


def test_blocks_with_a_failure_go_whole_and_are_counted() -> None:
    """A linear model that fails in a corner keeps its order; the number of lost blocks is told."""

    def model(x: Array) -> Array:
        return np.where((x > 0.9).all(axis=1), np.nan, x @ [4.0, 2.0, 1.0])

    found = sensitivity_of(model, UNIT, blocks=1024)
    assert found.dropped > 0
    assert found.blocks + found.dropped == 1024
    assert_allclose(found.first, np.array([16.0, 4.0, 1.0]) / 21.0, atol=0.1)
    assert f"{found.dropped} of 1024 blocks were dropped whole" in found.remarks[0]


def test_real_failures_are_told(cell: Cell) -> None:
    """Cells that cannot be made: a lower voltage above the upper one."""
    ranges = [
        vary(cell, "upper_voltage", "3.9 V", "4.2 V"),
        vary(cell, "lower_voltage", "2.7 V", "4.0 V"),
    ]
    problem = Problem(cell, ranges, [Utilisation(AmperesPerArea(0.7))])
    found = sensitivity(problem, blocks=64)
    assert sensitivity(problem, blocks=64).as_dict() == found.as_dict()
    assert found.dropped > 0
    assert all("is not below upper_voltage" in why for why in found.failures)


def test_refusals(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence each."""
    with pytest.raises(InputError, match="blocks: 100 is not allowed, expected a power of two"):
        sensitivity_of(lambda x: x[:, 0], UNIT, blocks=100)
    with pytest.raises(InputError, match="answer does not vary over these ranges"):
        sensitivity_of(lambda x: np.ones(len(x)), UNIT, blocks=8)
    words = r"of 64 blocks hold a design that failed, expected at least half without"
    with pytest.raises(InputError, match=words):
        sensitivity_of(lambda x: np.where(x[:, 0] > 0.3, np.nan, x[:, 0]), UNIT, blocks=64)
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(MissingExtra, match=r"analysis needs filmcell\[sensitivity\]"):
        sensitivity_of(lambda x: x[:, 0], UNIT)
