"""Optima agree with fine grids, fronts are not dominated, and nothing is hidden."""

import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.design import problem as problems
from filmcell.design.objectives import (
    ArealCapacity,
    ArealEnergy,
    AtLeast,
    ChargingTime,
    MeanPower,
    Utilisation,
)
from filmcell.design.optimise import Front, Optimum, optimise, pareto
from filmcell.design.problem import Problem
from filmcell.design.variables import Logarithmic, vary
from filmcell.errors import InputError, MissingExtra
from filmcell.protocol.amounts import AmperesPerArea, CRate

I = AmperesPerArea(0.7)  # noqa: E741


@pytest.fixture(scope="module")
def thickness_only() -> Problem:
    """Areal capacity over thickness at one current per area: diffusion makes a maximum."""
    cell = wang()
    return Problem(cell, [vary(cell, "cathode.thickness", "1 um", "40 um")], [ArealCapacity(I)])


@pytest.fixture(scope="module")
def best(thickness_only: Problem) -> Optimum:
    """The optimum of it."""
    return optimise(thickness_only)


def wang() -> Cell:
    """The model cell of Wang 2023."""
    from filmcell import load_cell

    return load_cell("wang2023-lco-lipon-li")


def test_the_optimum_is_that_of_a_fine_grid(thickness_only: Problem, best: Optimum) -> None:
    """Value to 1e-5 from below and 1e-4 from above, place to the step of the grid."""
    grid = thickness_only.evaluate(np.linspace(0.0, 1.0, 801)[:, None])
    k = int(np.argmax(grid.values[:, 0]))
    assert -1e-5 < best.value / grid.values[k, 0] - 1.0 < 1e-4
    # a parabola is flat: within 2e-6, the accuracy of a capacity, lies a range of thickness
    near = grid.numbers[grid.values[:, 0] > grid.values[k, 0] * (1.0 - 1e-5), 0]
    assert near.min() - 5e-8 < best.numbers["cathode.thickness"] < near.max() + 5e-8
    flat = grid.numbers[grid.values[:, 0] > grid.values[k, 0] * (1.0 - 1e-3), 0]
    assert_allclose(best.as_good["cathode.thickness"], [flat.min(), flat.max()], rtol=0.02)
    assert best.at_bounds == ()


def test_a_search_is_told_in_full_and_can_be_repeated(
    thickness_only: Problem, best: Optimum
) -> None:
    """History rises to the value, all that was tried is kept, the same seed gives the same."""
    done, values = zip(*best.history, strict=True)
    assert done[-1] == best.evaluations == len(best.judged.failed)
    assert (np.diff(values) >= 0.0).all()
    assert values[-1] == best.value
    ticks: list[int] = []
    again = optimise(thickness_only, progress=ticks.append)
    assert again.as_dict() == best.as_dict()
    assert sum(ticks) == best.evaluations
    assert best.as_dict()["failures"] == {}


def test_a_film_thicker_than_lithium_reaches_is_as_good() -> None:
    """At 1e-15 m2/s the charge does not know the thickness: the plateau is told."""
    cell = wang().replace({"cathode.diffusivity": 1e-15})
    found = optimise(
        Problem(cell, [vary(cell, "cathode.thickness", "10 um", "60 um")], [ArealCapacity(I)])
    )
    low, high = found.as_good["cathode.thickness"]
    assert high / low > 3.0


def test_a_bound_that_holds_the_optimum_is_named() -> None:
    """Areal capacity rises to 24 um, so 10 um is where it stops."""
    cell = wang()
    found = optimise(
        Problem(cell, [vary(cell, "cathode.thickness", "1 um", "10 um")], [ArealCapacity(I)])
    )
    said = "cathode.thickness sits at its upper bound 10 um: the optimum may lie beyond"
    assert found.at_bounds == (said,)
    assert found.numbers["cathode.thickness"] == pytest.approx(1e-5, rel=1e-9)


def test_a_constraint_is_kept_and_met() -> None:
    """Energy under a least utilisation: the limit is active, and a grid finds nothing better."""
    cell = wang()
    ranges = [
        vary(cell, "cathode.thickness", "1 um", "30 um"),
        vary(cell, "upper_voltage", "4.0 V", "4.2 V"),
    ]
    problem = Problem(cell, ranges, [ArealEnergy(I)], [AtLeast(Utilisation(I), 0.7)])
    found = optimise(problem)
    (margin,) = found.margins.values()
    assert 0.0 <= margin < 2e-3
    across, up = np.meshgrid(np.linspace(0.2, 0.5, 61), np.linspace(0.0, 1.0, 21))
    grid = problem.evaluate(np.stack([across.ravel(), up.ravel()], axis=1))
    assert found.value > grid.values[grid.feasible, 0].max() * (1.0 - 1e-3)


def dominated_by(front: Front, values: np.ndarray) -> float:
    """Largest share by which a design beats some design of the front in all objectives."""
    gains = values[:, None, :] / front.values[None, :, :]
    nobody = (front.values[None, :, :] >= values[:, None, :]).all(axis=2).any(axis=1)
    return float(max((gains.min(axis=2).max(axis=1) - 1.0)[~nobody], default=0.0))


def test_no_design_of_a_grid_beats_the_front() -> None:
    """Areal energy against power at 1C, two numbers, 961 designs: by no more than 0.5 %."""
    cell = wang()
    ranges = [
        vary(cell, "cathode.thickness", "1 um", "10 um"),
        vary(cell, "electrolyte.thickness", "0.5 um", "3 um"),
    ]
    limits = [AtLeast(Utilisation(CRate(1.0)), 0.2)]
    wanted = [ArealEnergy(CRate(1.0)), MeanPower(CRate(1.0))]
    problem = Problem(cell, ranges, wanted, limits)
    front = pareto(problem)
    shares = np.linspace(0.0, 1.0, 31)
    grid = problem.evaluate(np.stack([m.ravel() for m in np.meshgrid(shares, shares)], axis=1))
    assert dominated_by(front, grid.values[grid.feasible]) < 5e-3
    assert (front.margins >= 0.0).all()
    assert (np.diff(front.values[:, 0]) < 0.0).all()
    assert (np.diff(front.values[:, 1]) > 0.0).all()
    thinnest = "electrolyte.thickness sits at its lower bound 0.5 um: the front may go on beyond"
    assert thinnest in front.at_bounds
    rows = front.picked(9)
    assert len(rows) <= 9
    assert (rows[0], rows[-1]) == (0, len(front) - 1)
    data = front.as_dict()
    assert len(data["front"]) == len(front)
    assert data["evaluations"] == front.evaluations


def test_what_is_better_smaller_is_made_small() -> None:
    """Time to charge, at C-rates, under a least energy."""
    cell = wang()
    D = vary(cell, "cathode.diffusivity", "1e-15 m2/s", "1e-14 m2/s", Logarithmic)
    found = optimise(Problem(cell, [D], [ChargingTime(CRate(0.5))]), budget=120)
    assert found.numbers["cathode.diffusivity"] == pytest.approx(1e-15, rel=1e-3)


def test_designs_that_cannot_be_are_counted_and_never_win() -> None:
    """A lower voltage above the upper one is no cell."""
    cell = wang()
    ranges = [
        vary(cell, "lower_voltage", "3.0 V", "4.15 V"),
        vary(cell, "upper_voltage", "3.6 V", "4.2 V"),
    ]
    found = optimise(Problem(cell, ranges, [ArealCapacity(I)]), budget=240)
    assert found.numbers["upper_voltage"] == pytest.approx(4.2, abs=1e-3)
    assert found.judged.failures
    assert all("is not below upper_voltage" in why for why in found.judged.failures)


def test_a_lot_is_one_call(thickness_only: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Objectives and constraints of one protocol share its run, of several go in one call."""
    calls: list[int] = []
    real = problems.simulate_many

    def counted(designs: object, **options: object) -> object:
        listed = list(designs)  # type: ignore[call-overload]
        calls.append(len(listed))
        return real(listed, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(problems, "simulate_many", counted)
    wanted = [ArealCapacity(I), Utilisation(I), Utilisation(CRate(0.1))]
    problem = Problem(wang(), thickness_only.variables, wanted)
    judged = problem.evaluate([[0.1], [0.2], [0.3]])
    assert calls == [6]
    alone = Problem(wang(), thickness_only.variables, wanted[2:]).evaluate([[0.1], [0.2], [0.3]])
    assert_allclose(judged.values[:, 2], alone.values[:, 0], rtol=1e-12)


def test_refusals(thickness_only: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence each."""
    cell, ranges = wang(), thickness_only.variables
    for parts, words in (
        (((), [ArealCapacity(I)]), "variables: nothing is given, expected at least one"),
        ((ranges, ()), "objectives: nothing is given"),
        (([*ranges, *ranges], [ArealCapacity(I)]), "cathode.thickness is given twice"),
        ((ranges, [ArealCapacity(I)] * 2), "areal-capacity at 0.07 mA/cm2 is given twice"),
    ):
        with pytest.raises(InputError, match=words):
            Problem(cell, *parts)  # type: ignore[arg-type]
    two = Problem(cell, ranges, [ArealCapacity(I), Utilisation(I)])
    with pytest.raises(InputError, match="2 are given, expected one; pareto takes several"):
        optimise(two)
    with pytest.raises(InputError, match="one is given, expected two or more"):
        pareto(thickness_only)
    with pytest.raises(InputError, match="budget: 10 designs are too few, expected at least 120"):
        optimise(thickness_only, budget=10)
    hard = Problem(cell, ranges, [ArealCapacity(I)], [AtLeast(Utilisation(I), 0.99)])
    words = r"keeps utilisation .* at least 0.99: the nearest, cathode.thickness 1 um, misses it by"
    with pytest.raises(InputError, match=words):
        optimise(hard, budget=120)
    monkeypatch.setitem(sys.modules, "pymoo.config", None)
    with pytest.raises(MissingExtra, match=r"optimising needs filmcell\[optimise\]"):
        optimise(thickness_only)
