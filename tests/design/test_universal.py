"""The universal map: closed forms and limits, order in the mesh, no hidden scales, refusals."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import brentq

import filmcell
from filmcell.arrays import Array
from filmcell.cell.cathodes import Cylinder, Film, MixedConduction, Shape, Sphere
from filmcell.constants import REFERENCE_TEMPERATURE, F, R
from filmcell.design import universal_problem
from filmcell.design.universal import UniversalMap, place, universal_map
from filmcell.design.universal_problem import (
    UniversalProblem,
    ideal_isotherm,
    ideal_problem,
)
from filmcell.errors import InputError, OutOfRange
from filmcell.materials.property import constant
from filmcell.models.film import FilmModel
from filmcell.models.regions import default_mesh
from filmcell.numerics import nodes
from filmcell.numerics.mesh import Mesh
from filmcell.physics import analytic, kinetics
from filmcell.physics.ideal_insertion import (
    constant_flux_surface,
    filled_fraction,
    surface_at_cut_off,
)
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.solve import solve

SHAPES = (Film(), Cylinder(), Sphere())
WITHIN = 1e-4  # what the map is to agree with its limits to, absolute in utilisation
ELL, XI = np.logspace(-4, 2, 13), np.logspace(-4, 2, 13)


def exact(problem: UniversalProblem, ell: Array, xi: Array) -> Array:
    """Closed form of the map of a Langmuir isotherm, shape (n, m)."""
    J = np.sqrt(ell[:, None] / problem.z) / xi
    depth = float(problem.isotherm(0.5)) - problem.cut_off
    end = surface_at_cut_off(J, depth, problem.temperature, problem.transfer_coefficient)
    swing = end - problem.initial_fraction
    return filled_fraction(ell[:, None], swing, problem.shape.dimension)


@pytest.fixture(scope="module")
def small() -> UniversalMap:
    """A map of a film, 5 x 5."""
    return universal_map(ideal_problem(Film()), np.logspace(-2, 0, 5), np.logspace(-1, 1, 5))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("alpha", [0.5, 0.35])
def test_the_whole_map_is_its_closed_form(shape: Shape, alpha: float) -> None:
    """Within 1e-4 at every point, on the default mesh of 100 volumes, any transfer coefficient."""
    problem = ideal_problem(shape, transfer_coefficient=alpha, temperature=310.0)
    found = universal_map(problem, ELL, XI)
    assert {why for row in found.failed for why in row} == {""}
    assert_allclose(found.values, exact(problem, ELL, XI), rtol=0, atol=WITHIN)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("interaction", [-3.0, 0.0, 4.0])
def test_without_diffusion_isotherm_and_kinetics_decide(shape: Shape, interaction: float) -> None:
    """l -> 0: the charge ends at the root of U(x) + eta(x) = cut-off."""
    problem, ell = ideal_problem(shape, interaction=interaction), 1e-6
    for J in (1e-3, 1.0, 3.0):
        found = universal_map(problem, ell, np.sqrt(ell / problem.z) / J).values[0, 0]

        def excess(x: float, J: float = J) -> float:
            i0 = kinetics.exchange_current_density(x, 1.0)
            return float(problem.isotherm(x) + kinetics.overpotential(-J, i0) - problem.cut_off)

        end = brentq(excess, problem.initial_fraction, problem.isotherm.high, xtol=1e-14)
        assert found == pytest.approx(end - problem.initial_fraction, abs=WITHIN)


@pytest.mark.parametrize(("shape", "lead"), [*zip(SHAPES, (1 / 3, 1 / 4, 1 / 5), strict=True)])
def test_thin_bodies_lose_the_lead_of_the_surface(shape: Shape, lead: float) -> None:
    """Small l: utilisation falls by l/3, l/4, l/5."""
    problem, ell = ideal_problem(shape), np.array([0.003, 0.03, 0.1])
    found = universal_map(problem, ell, 1e3).values[:, 0]
    full = surface_at_cut_off(np.sqrt(ell / problem.z) / 1e3, 0.15) - problem.initial_fraction
    assert_allclose(found, full - lead * ell, rtol=0, atol=WITHIN)
    assert_allclose((full - found)[1:] / ell[1:], lead, rtol=2e-3, atol=0)  # not lost in WITHIN


@pytest.mark.parametrize("shape", SHAPES)
def test_thick_bodies_take_the_charge_of_a_half_space(shape: Shape) -> None:
    """Large l and Xi: u = pi z dx^2 / 4 l, so that the charge does not grow with thickness.

    The next term, m pi dx / 4 l, is what the narrowing of a particle takes away; the one after it
    is still two thousandths of the charge in a sphere at l = 30.
    """
    problem, ell = ideal_problem(shape), np.array([30.0, 100.0, 300.0])
    found = universal_map(problem, ell, 1e4).values[:, 0]
    swing = problem.rest_fraction - problem.initial_fraction
    sand = np.pi * problem.z * swing**2 / (4.0 * ell)
    narrowing = 1.0 - shape.dimension * np.pi * swing / (4.0 * ell)
    assert_allclose(found, exact(problem, ell, np.array([1e4]))[:, 0], rtol=1e-4, atol=0)
    assert_allclose(found, sand * narrowing, rtol=3e-3, atol=0)
    # at l = 30 the two terms of a sphere are not good to 1e-4 themselves
    assert_allclose(found[1:], (sand * narrowing)[1:], rtol=0, atol=WITHIN)
    if shape == Film():
        time = analytic.sand_time(1.0, swing, F * ell[-1])  # with D, c and d of one
        assert found[-1] == pytest.approx(ell[-1] * time, rel=2e-3)


def test_the_slab_is_that_of_the_regression_targets() -> None:
    """RT-04: 0.966667, 0.666947, 0.0785398 of the swing at Lambda = l / swing = 0.1, 1, 10."""
    problem = ideal_problem(Film())
    swing = problem.rest_fraction - problem.initial_fraction
    found = universal_map(problem, np.array([0.1, 1.0, 10.0]) * swing, 1e5).values[:, 0] / swing
    assert_allclose(found, [0.966667, 0.666947, 0.0785398], rtol=0, atol=WITHIN)


def error(problem: UniversalProblem, ell: float, mesh: Callable[[float, float], Mesh]) -> float:
    """Error of the utilisation at Xi = 100 on a mesh, which a thickness and a current give."""
    cell, protocol = problem.design(ell, 100.0)
    model = FilmModel(cell, mesh(cell.cathode.thickness, protocol.largest_current(cell)))
    found = float(solve(model, protocol, Options(1e-8, 1e-7)).utilisation[0])
    return abs(found - float(exact(problem, np.array([ell]), np.array([100.0]))[0, 0]))


@pytest.mark.convergence
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ell", [0.1, 3.0, 30.0])
def test_third_order_in_the_mesh_or_better(
    monkeypatch: pytest.MonkeyPatch, shape: Shape, ell: float
) -> None:
    """Twice the nodes at equal distances, an eighth of the error or less.

    With the first node nearly on the surface: its distance adds a small error of second order.
    """
    monkeypatch.setattr(nodes, "OFFSET", 1e-4)
    problem, m = ideal_problem(shape), shape.dimension
    errors = [error(problem, ell, lambda d, _, n=n: Mesh.uniform(n, d, m)) for n in (25, 50, 100)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(orders > 2.8), (errors, orders)
    assert errors[-1] < WITHIN  # 100 at equal distances are enough up to l = 30


@pytest.mark.convergence
@pytest.mark.parametrize("shape", SHAPES)
def test_the_default_mesh_is_fine_enough(shape: Shape) -> None:
    """40 graded nodes: within 1e-6 where the error is largest, which 15 are not."""
    problem = ideal_problem(shape)
    worst = {}
    for n in (15, 40):

        def mesh(_: float, current: float, n: int = n) -> Mesh:
            return default_mesh(problem.design(4.0, 100.0)[0], current, n)

        worst[n] = error(problem, 4.0, mesh)
    assert worst[40] < 0.01 * WITHIN < worst[15]


def test_no_scale_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another site density, diffusivity and time give the same map."""
    ell, xi = np.logspace(-3, 1, 4), np.logspace(-2, 2, 4)
    before = universal_map(ideal_problem(Sphere()), ell, xi).values
    for name, value in (("SITES", 2e4), ("DIFFUSIVITY", 3e-12), ("HOUR", 20.0)):
        monkeypatch.setattr(universal_problem, name, value)
    assert_allclose(
        universal_map(ideal_problem(Sphere()), ell, xi).values, before, rtol=0, atol=1e-7
    )


def test_more_diffusion_trouble_never_helps_and_faster_kinetics_never_harm() -> None:
    """Utilisation falls with l at the same Xi, and rises with Xi."""
    values = universal_map(ideal_problem(Film(), interaction=2.0), ELL, XI).values
    assert np.all(np.diff(values, axis=0) <= 1e-9)
    assert np.all(np.diff(values, axis=1) >= -1e-9)
    assert values.min() == 0.0


def test_a_real_isotherm_can_be_filled() -> None:
    """LiCoO2 from x = 0.55 to 2.7 V: at small l and large Xi all that is left goes in."""
    isotherm = filmcell.load_cell("wang2023-lco-lipon-li").cathode.potential
    problem = UniversalProblem(Film(), isotherm, 3.5, initial_fraction=0.55)
    found = universal_map(problem, [1e-4, 1.0], [100.0]).values[:, 0]
    assert found[0] == pytest.approx(problem.rest_fraction - 0.55, abs=WITHIN)
    assert found[1] < found[0] - 0.1


def test_failed_points_say_why_and_leave_a_hole() -> None:
    """A point that the solver gives up is nan with a sentence, and cannot be read between."""
    found = universal_map(
        ideal_problem(Film()), [0.1, 1.0], [1e-4, 10.0], options=replace(DEFAULTS, most_steps=2)
    )
    assert np.isnan(found.values[:, 1]).all()
    assert found.values[0, 0] == 0.0
    assert found.failed[0][0] == ""
    assert "failed at" in found.failed[1][1]
    with pytest.raises(InputError, match="2 of its 4 points failed"):
        found.utilisation(0.5, 1.0)


def test_a_body_that_never_reaches_its_cut_off_is_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What ends in another way than by the voltage is no point of the map."""
    monkeypatch.setattr(universal_problem, "HOUR", 1e9)  # longer than a step may last
    found = universal_map(ideal_problem(Film()), 0.1, 10.0)
    assert np.isnan(found.values[0, 0])
    assert found.failed[0][0] not in {"", "failed"}


def test_sites_that_repel_each_other_make_the_isotherm_steeper() -> None:
    """At half filling the slope is -(4 + g) RT/F, and two phases begin where it is zero."""
    step = 1e-4
    for g in (-4.0, 0.0, 3.0):
        U = ideal_isotherm(g)(np.array([0.5 - step, 0.5 + step]))
        slope = (U[1] - U[0]) / (2.0 * step) * F / (R * REFERENCE_TEMPERATURE)
        assert slope == pytest.approx(-(4.0 + g), abs=1e-6)


def test_the_map_is_read_between_its_points(small: UniversalMap) -> None:
    """At its points it is itself, between them near the closed form, and bounded by its values."""
    ell, xi = np.meshgrid(small.ell, small.xi, indexing="ij")
    assert_allclose(small.utilisation(ell, xi), small.values, rtol=0, atol=1e-12)
    between = exact(small.problem, np.array([0.05]), np.array([2.0]))[0, 0]
    assert float(small.utilisation(0.05, 2.0)) == pytest.approx(between, abs=3e-3)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_what_is_read_is_bounded(small: UniversalMap, a: float, b: float) -> None:
    """Monotone cubics do not overshoot."""
    read = small.utilisation(10.0 ** (-2.0 + 2.0 * a), 10.0 ** (-1.0 + 2.0 * b))
    assert small.values.min() - 1e-12 <= read <= small.values.max() + 1e-12


def test_a_map_of_two_by_two_is_read_by_straight_lines() -> None:
    """In the logarithms, half way is the mean of the four corners."""
    found = universal_map(ideal_problem(Film()), [0.01, 1.0], [1.0, 100.0])
    assert float(found.utilisation(0.1, 10.0)) == pytest.approx(found.values.mean(), abs=1e-12)


@pytest.mark.parametrize(
    ("ell", "xi", "words"),
    [(2.0, 1.0, "l from 2 to 2 is outside 0.01 to 1"), (0.1, np.nan, "Xi from nan to nan")],
)
def test_beyond_the_map_nothing_is_told(
    small: UniversalMap, ell: float, xi: float, words: str
) -> None:
    """It refuses to extrapolate, and nan."""
    with pytest.raises(OutOfRange, match=words):
        small.utilisation(ell, xi)


@pytest.mark.parametrize(
    ("ell", "xi", "words"),
    [
        ([], [1.0], "l: .* is not an axis, expected numbers above 0"),
        ([1.0], [0.0, 1.0], "Xi: .* is not an axis, expected numbers above 0"),
        ([1.0, np.nan], [1.0], "l: .* is not an axis"),
        ([1.0, 0.5], [1.0], "l: .* does not rise"),
    ],
)
def test_bad_axes_are_refused(ell: list[float], xi: list[float], words: str) -> None:
    """By name and with what was expected."""
    with pytest.raises(InputError, match=words):
        universal_map(ideal_problem(Film()), ell, xi)


def test_bad_problems_are_refused() -> None:
    """Starts and cut-offs beyond the isotherm, two phases, empty ranges."""
    isotherm = ideal_isotherm()
    with pytest.raises(InputError, match=r"cut_off: 3.5 V is not allowed, expected one between"):
        UniversalProblem(Film(), isotherm, 3.5)
    with pytest.raises(InputError, match=r"cut_off: 4.3 V is not allowed"):
        UniversalProblem(Film(), isotherm, 4.3)
    with pytest.raises(InputError, match=r"initial_fraction: 1e-06 is not allowed, expected one"):
        UniversalProblem(Film(), isotherm, 3.85, initial_fraction=1e-6)
    with pytest.raises(InputError, match=r"transfer_coefficient: 1.5 is not allowed"):
        ideal_problem(Film(), transfer_coefficient=1.5)
    with pytest.raises(InputError, match=r"interaction: -5.0 is not allowed, expected at least -4"):
        ideal_isotherm(-5.0)
    with pytest.raises(InputError, match=r"margin: 0.6 is not allowed"):
        ideal_isotherm(margin=0.6)


def test_provenance_tells_maps_apart(small: UniversalMap) -> None:
    """The hash follows the problem, the accuracy and the axes; the arrays cannot be changed."""
    same = replace(small, values=small.values)
    assert same.provenance["hash"] == small.provenance["hash"]
    for other in (
        replace(small, options=Options(tolerance=1e-7)),
        replace(small, ell=2.0 * small.ell),
        replace(small, problem=ideal_problem(Sphere())),
        replace(small, problem=ideal_problem(Film(), depth=0.1)),
    ):
        assert other.provenance["hash"] != small.provenance["hash"]
    with pytest.raises(ValueError, match="read-only"):
        small.values[0, 0] = 1.0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_point_of_the_map_is_placed_where_it_came_from(shape: Shape) -> None:
    """Placing the cell of a point at half filling gives back its l and Xi."""
    cell, protocol = ideal_problem(shape).design(0.3, 7.0)
    found = place(cell, -protocol.largest_current(cell), fraction=0.5)
    assert_allclose(found, (0.3, 7.0), rtol=1e-12, atol=0)


def test_the_cells_of_wang_are_placed_by_hand() -> None:
    """l = i d / (F D c) and Xi = (2 i0 / i) l^(1/2), with half of the sites, at x = 0.6, 25 C."""
    cell = filmcell.load_cell("wang2023-lco-lipon-li")
    i, i0 = 1e-4 / 1.44e-4, 9.4 * np.sqrt(0.6 * 0.4)
    ell = i * 1e-5 / (96485.33212 * 1e-14 * 0.5 * cell.cathode.maximum_concentration)
    assert_allclose(place(cell, i, fraction=0.6), (ell, 2 * i0 / i * ell**0.5), rtol=1e-12, atol=0)


def test_heat_moves_a_cell_over_the_map() -> None:
    """Diffusivity and exchange current follow their own activation energies."""
    cell = filmcell.load_cell("wang2023-lco-lipon-li").replace(
        {
            "cathode.diffusivity_activation_energy": 40e3,
            "cathode.exchange_activation_energy": 60e3,
            "cathode.reference_temperature": 293.15,
            "temperature": 293.15,
        }
    )
    cold, warm = (
        place(c, 0.7, fraction=0.7) for c in (cell, cell.replace({"temperature": 313.15}))
    )
    factor = np.exp((1 / 293.15 - 1 / 313.15) / 8.314462618 * np.array([40e3, 60e3]))
    assert warm.ell / cold.ell == pytest.approx(1 / factor[0], rel=1e-12)
    assert warm.xi / cold.xi == pytest.approx(factor[1] / np.sqrt(factor[0]), rel=1e-12)


def test_cells_that_have_no_place_are_refused() -> None:
    """No current, lithium from both sides, a lithiation beyond the range of a property."""
    cell = filmcell.load_cell("wang2023-lco-lipon-li")
    for current in (0.0, np.nan, np.inf):
        with pytest.raises(InputError, match=r"current_density: .* expected one in A/m2"):
            place(cell, current)
    with pytest.raises(InputError, match=r"cathode.transport: lithium enters .* from both sides"):
        place(cell.replace({"cathode.transport": MixedConduction(4.0)}), 0.7)
    measured = replace(constant("D", 1e-14, "m2/s", "a table"), low=0.5)
    with pytest.raises(OutOfRange, match="the range of a table"):
        place(cell.replace({"cathode.diffusivity": measured}), 0.7, fraction=0.3)


def test_early_and_late_forms_are_the_series() -> None:
    """Both halves of the constant-flux surface against the long sums of `analytic`."""
    tau = np.array([2e-5, 9.9e-5, 1.01e-4, 1e-3, 9.9e-3, 1.01e-2, 0.1, 1.0])
    sums = (analytic.slab_surface, analytic.cylinder_surface, analytic.sphere_surface)
    for dimension, long_sum in enumerate(sums):
        assert_allclose(constant_flux_surface(tau, dimension), long_sum(tau), rtol=0, atol=2e-9)


def test_nothing_goes_in_where_the_surface_may_not_move() -> None:
    """A swing of zero or less is an empty body, and the slab agrees with the one of `analytic`."""
    assert filled_fraction(1.0, [-0.3, 0.0], 0).tolist() == [0.0, 0.0]
    assert float(filled_fraction(0.7, 1.0, 0)) == pytest.approx(analytic.slab_utilisation(0.7))


def test_the_map_is_drawn_with_cells_on_it(small: UniversalMap) -> None:
    """Contours, one line a series, logarithmic axes with their names."""
    from filmcell.plot.universal import universal as draw

    ax = draw(small.ell, small.xi, small.values, cells={"ours": [(0.1, 1.0), (0.2, 1.5)]})
    assert [line.get_label() for line in ax.lines] == ["ours"]
    assert ax.lines[0].get_xdata().tolist() == [0.1, 0.2]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert ax.texts  # the labels of the contours
    assert draw(small.ell, small.xi, small.values, ax) is ax
