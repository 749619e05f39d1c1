"""Weak electrolyte: the tables of section 4 and 7.6, limits, and full solutions as oracles."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad, solve_bvp

from filmcell.constants import F, R
from filmcell.errors import InputError
from filmcell.physics import weak_electrolyte as weak
from filmcell.physics.analytic import two_sided_surface

DANILOV = {"L": 1.5e-6, "a0": 6.01e4, "delta": 0.18, "D_plus": 0.9e-15, "D_minus": 5.1e-15}
RAIJMAKERS = {
    "L": 3.62e-6, "a0": 61141.0, "delta": 0.64, "D_plus": 1.73e-16, "D_minus": 5.69e-16,
}  # fmt: skip
REPRODUCING, PRINTED, RAIJMAKERS_K_R = 0.9e-6, 0.9e-8, 8e-7
CASES = [
    (DANILOV, REPRODUCING, 298.15),
    (DANILOV, PRINTED, 298.15),
    (RAIJMAKERS, RAIJMAKERS_K_R, 293.0),
]

chis = st.floats(-0.999, 0.999).filter(lambda chi: abs(chi) > 1e-6)
deltas = st.floats(0.01, 0.99)
D_s = st.floats(-18.0, -12.0).map(lambda power: 10.0**power)


def derived(film: dict[str, float], k_r: float) -> tuple[float, float, float, float]:
    """Ions at rest, rate constant of dissociation, ambipolar diffusivity, reaction length."""
    a_eq = weak.equilibrium_concentration(film["a0"], film["delta"])
    k_d = weak.dissociation_rate(k_r, film["a0"], film["delta"])
    D = weak.ambipolar_diffusivity(film["D_plus"], film["D_minus"])
    return a_eq, k_d, D, weak.reaction_length(D, weak.reaction_time(k_d, k_r, a_eq))


def resistance(film: dict[str, float], k_r: float, T: float) -> float:
    """Steady small-signal resistance."""
    a_eq, _, _, length = derived(film, k_r)
    sigma = weak.conductivity(a_eq, film["D_plus"], film["D_minus"], T)
    return weak.dc_resistance(film["L"], sigma, length, film["D_plus"], film["D_minus"])


def top(film: dict[str, float], k_r: float) -> float:
    """Concentration at which all that reacted on the way from 0 adds up to nothing."""
    k_d = weak.dissociation_rate(k_r, film["a0"], film["delta"])
    return max(np.roots([-k_r / 3, -k_d / 2, k_d * film["a0"]]))


# --- tables ---------------------------------------------------------------------------------------


def test_conductivity_resistance_and_transference_number_are_as_tabulated() -> None:
    """RT-09."""
    sigma = weak.conductivity(10818.0, DANILOV["D_plus"], DANILOV["D_minus"])
    assert_allclose(sigma, 2.43754e-4, rtol=1e-5, atol=0)
    assert_allclose(DANILOV["L"] / sigma, 6.15374e-3, rtol=1e-5, atol=0)
    assert_allclose(weak.transference_number(0.9e-15, 5.1e-15), 0.15, rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    ("case", "k_d", "tau_r", "length"),
    [
        (CASES[0], 2.13721e-3, 46.276, 2.661e-7),
        (CASES[1], 2.13721e-5, 4627.6, 2.661e-6),
        (CASES[2], 5.5652e-2, 8.456, 47.37e-9),
    ],
)
def test_rates_times_and_lengths_are_as_tabulated(case, k_d, tau_r, length) -> None:
    film, k_r, _ = case
    a_eq, found, _, reach = derived(film, k_r)
    assert_allclose(found, k_d, rtol=1e-5, atol=0)
    assert_allclose(weak.reaction_time(found, k_r, a_eq), tau_r, rtol=1e-4, atol=0)
    assert_allclose(reach, length, rtol=2e-4, atol=0)


def test_ambipolar_diffusivities_and_transference_number_are_as_tabulated() -> None:
    assert_allclose(weak.ambipolar_diffusivity(0.9e-15, 5.1e-15), 1.53e-15, rtol=1e-12, atol=0)
    assert_allclose(weak.ambipolar_diffusivity(1.73e-16, 5.69e-16), 2.6533e-16, rtol=3e-5, atol=0)
    assert_allclose(weak.transference_number(1.73e-16, 5.69e-16), 0.2332, rtol=0, atol=5.1e-5)


def test_the_sand_time_is_as_tabulated() -> None:
    """RT-12."""
    assert_allclose(weak.sand_time(5.12, 10818.0, 0.9e-15, 1.53e-15), 69.12, rtol=0, atol=0.01)


@pytest.mark.parametrize(("k_r", "i", "tol"), [(PRINTED, 2.250, 2e-3), (REPRODUCING, 5.954, 1e-2)])
def test_limiting_currents_with_reaction_are_as_tabulated(k_r: float, i: float, tol: float) -> None:
    """RT-13."""
    assert_allclose(weak.limiting_current(k_r=k_r, **DANILOV), i, rtol=0, atol=tol)


def test_limiting_currents_without_reaction_and_of_a_half_space_are_as_tabulated() -> None:
    """RT-13."""
    i = weak.steady_limiting_current(1.5e-6, 10818.0, 0.9e-15)
    assert_allclose(i, 2.50507, rtol=0, atol=1e-5)
    half = weak.half_space_limiting_current(6.01e4, 0.18, REPRODUCING, 0.9e-15, 5.1e-15)
    assert_allclose(half, 5.906, rtol=0, atol=5.1e-4)


@pytest.mark.parametrize(
    ("case", "value"), list(zip(CASES, [1.84376e-2, 4.01299e-2, 3.54348e-2], strict=True))
)
def test_the_small_signal_resistance_is_as_tabulated(case, value: float) -> None:
    """RT-14."""
    assert_allclose(resistance(*case), value, rtol=1e-5, atol=0)


def test_the_linear_loss_of_raijmakers_at_1c_is_as_tabulated() -> None:
    """Section 5.5, second line."""
    i, T = 2.08333, 293.0
    a_eq, _, _, length = derived(RAIJMAKERS, RAIJMAKERS_K_R)
    swing = weak.surface_swing(i, RAIJMAKERS["L"], length, RAIJMAKERS["D_plus"])
    assert_allclose([a_eq + swing, a_eq - swing], [42086, 36174], rtol=0, atol=0.6)
    assert_allclose(i * resistance(RAIJMAKERS, RAIJMAKERS_K_R, T), 73.822e-3, rtol=0, atol=2e-6)


def test_the_nernst_part_of_danilov_follows_from_the_tabulated_surfaces() -> None:
    """Section 4.3, both rows."""
    far, near = np.array([3229.0, 377.0]), np.array([17539.0, 21234.0])
    eta = weak.nernst_overpotential(near, far)
    assert_allclose(eta, [-43.475e-3, -103.56e-3], rtol=0, atol=5e-5)


# --- algebra --------------------------------------------------------------------------------------


@given(deltas, st.floats(1e-9, 1e-3), st.floats(1e3, 1e5))
def test_nothing_reacts_at_equilibrium_and_deviations_die_in_the_reaction_time(
    delta: float, k_r: float, a0: float
) -> None:
    a_eq, k_d = weak.equilibrium_concentration(a0, delta), weak.dissociation_rate(k_r, a0, delta)
    rate = weak.reaction_rate(a_eq, k_d, k_r, a0)
    assert_allclose(rate, 0.0, rtol=0, atol=1e-12 * k_d * a0)
    slope = np.imag(weak.reaction_rate(a_eq + 1e-30j, k_d, k_r, a0)) / 1e-30
    assert_allclose(weak.reaction_time(k_d, k_r, a_eq), -1 / slope, rtol=1e-12, atol=0)


@given(D_s, D_s, st.floats(-10.0, 10.0), st.floats(10.0, 1e5), st.floats(-1e12, 1e12))
def test_the_field_drives_exactly_the_current(
    D_plus: float, D_minus: float, i: float, a: float, gradient: float
) -> None:
    """The fluxes of section 4.1 are the definition; their difference is the current."""
    T = 310.0
    E = weak.field(i, a, gradient, D_plus, D_minus, T)
    drift = F / (R * T) * a * E
    plus, minus = D_plus * (drift - gradient), -D_minus * (drift + gradient)
    scale = abs(i) + F * (D_plus + D_minus) * abs(gradient)
    assert_allclose(F * (plus - minus), i, rtol=0, atol=1e-12 * scale)


@given(D_s, D_s, st.floats(-10.0, 10.0), st.floats(10.0, 1e5))
def test_at_a_face_the_defects_stand_still(D_plus: float, D_minus: float, i: float, a: float):
    T = 310.0
    slope = weak.boundary_gradient(i, D_plus)
    E = weak.field(i, a, slope, D_plus, D_minus, T)
    drift = F / (R * T) * a * E
    assert_allclose(-slope, drift, rtol=1e-9, atol=0)
    assert_allclose(F * D_plus * (drift - slope), i, rtol=1e-9, atol=0)


@pytest.mark.parametrize("i", [-5.12, 0.7, 5.12])
def test_migration_is_the_integral_of_the_field_over_any_profile(i: float) -> None:
    L, Dp, Dm, T = 1.5e-6, 0.9e-15, 5.1e-15, 310.0

    def a(y: float) -> float:
        return 9e3 + 4e3 * np.cos(2.0 * y / L)

    def E(y: float) -> float:
        return weak.field(i, a(y), -8e3 / L * np.sin(2.0 * y / L), Dp, Dm, T)

    inverse, volts = (L * quad(lambda z, f=f: f(z * L), 0, 1)[0] for f in (lambda y: 1 / a(y), E))
    eta = weak.migration_overpotential(i, a(0.0), a(L), inverse, Dp, Dm, T)
    assert_allclose(eta, -volts, rtol=1e-10, atol=0)


@given(st.floats(0.01, 10.0), st.floats(1e3, 1e5), st.floats(1e3, 1e5))
def test_reversing_the_current_turns_every_loss(i: float, near: float, far: float) -> None:
    args = (1.5e-6 / 1e4, 0.9e-15, 5.1e-15)
    forth = weak.migration_overpotential(i, near, far, *args)
    back = weak.migration_overpotential(-i, far, near, *args)
    assert_allclose(forth, -back, rtol=1e-12, atol=1e-15)
    forth, back = weak.nernst_overpotential(near, far), weak.nernst_overpotential(far, near)
    assert_allclose(forth, -back, rtol=1e-12, atol=1e-15)


# --- small signal ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("film", "k_r", "T"), CASES)
def test_fast_reaction_leaves_the_ohmic_resistance(film, k_r: float, T: float) -> None:
    ohmic = film["L"] / weak.conductivity(
        film["a0"] * film["delta"], film["D_plus"], film["D_minus"], T
    )
    assert resistance(film, k_r, T) > ohmic
    assert_allclose(resistance(film, 1e16 * k_r, T), ohmic, rtol=1e-6, atol=0)


@pytest.mark.parametrize(("film", "k_r", "T"), CASES)
def test_slow_reaction_leaves_the_lithium_ions_alone(film, k_r: float, T: float) -> None:
    a_eq = film["a0"] * film["delta"]
    sigma = weak.conductivity(a_eq, film["D_plus"], film["D_minus"], T)
    t_plus = weak.transference_number(film["D_plus"], film["D_minus"])
    slow = resistance(film, 1e-10 * k_r, T)
    assert_allclose(slow, film["L"] / (sigma * t_plus), rtol=1e-6, atol=0)
    # and that is the slope of the steady loss without reaction
    chi = weak.current_number(1e-6, film["L"], a_eq, film["D_plus"])
    assert_allclose(-weak.steady_overpotential(chi, T) / 1e-6, slow, rtol=1e-6, atol=0)


@pytest.mark.oracle
@pytest.mark.parametrize(("film", "k_r", "T"), CASES)
def test_the_small_signal_forms_agree_with_the_full_steady_state(film, k_r: float, T: float):
    a_eq, _, _, length = derived(film, k_r)
    i = 1e-3 * weak.steady_limiting_current(film["L"], a_eq, film["D_plus"])
    near, far, inverse = full_steady_state(film, k_r, i)
    eta = weak.nernst_overpotential(near, far, T) + weak.migration_overpotential(
        i, near, far, inverse, film["D_plus"], film["D_minus"], T
    )
    assert_allclose(-eta / i, resistance(film, k_r, T), rtol=1e-5, atol=0)
    swing = weak.surface_swing(i, film["L"], length, film["D_plus"])
    assert_allclose((near - far) / 2, swing, rtol=1e-5, atol=0)


def full_steady_state(film: dict[str, float], k_r: float, i: float) -> tuple[float, float, float]:
    """Both surface values and the integral of 1/a, from the nonlinear boundary-value problem."""
    a_eq, k_d, D, _ = derived(film, k_r)
    L, z = film["L"], np.linspace(0, 1, 401)
    slope = -i * L / (2 * F * film["D_plus"] * a_eq)

    def balance(z, s):
        r = k_d * (film["a0"] - a_eq * s[0]) - k_r * (a_eq * s[0]) ** 2
        return np.vstack([s[1], -(L**2) / (D * a_eq) * r, 1 / s[0]])

    def faces(s, e):
        return np.array([s[1] - slope, e[1] - slope, s[2]])

    guess = np.vstack([1 + slope * (z - 0.5), np.full_like(z, slope), z])
    sol = solve_bvp(balance, faces, z, guess, tol=1e-9, max_nodes=50_000)
    assert sol.success, sol.message
    return a_eq * sol.y[0, 0], a_eq * sol.y[0, -1], L / a_eq * sol.y[2, -1]


# --- without reaction -----------------------------------------------------------------------------


@given(chis, D_s, D_s)
def test_nernst_and_migration_of_the_steady_profile_sum_to_the_steady_loss(
    chi: float, D_plus: float, D_minus: float
) -> None:
    L, a_eq, T = 2e-6, 1e4, 310.0
    i = chi * weak.steady_limiting_current(L, a_eq, D_plus)
    near, far = (weak.steady_profile(y, chi, L, a_eq) for y in (0.0, L))
    inverse = L / a_eq * np.arctanh(chi) / chi
    assert_allclose(weak.current_number(i, L, a_eq, D_plus), chi, rtol=1e-12, atol=0)
    parts = weak.nernst_overpotential(near, far, T) + weak.migration_overpotential(
        i, near, far, inverse, D_plus, D_minus, T
    )
    assert_allclose(parts, weak.steady_overpotential(chi, T), rtol=1e-7, atol=0)
    # what vanishes at once is the part that is proportional to the current
    after = weak.nernst_overpotential(near, far, T) + weak.migration_overpotential(
        0.0, near, far, inverse, D_plus, D_minus, T
    )
    drop = weak.interruption_drop(chi, weak.transference_number(D_plus, D_minus), T)
    # it is a small difference of the two where the transference number is small
    assert_allclose(drop, after - parts, rtol=1e-7, atol=1e-12 * abs(parts))


@given(chis, st.floats(0.01, 0.99))
def test_the_drop_over_the_steady_loss_is_the_transference_number(chi: float, t: float) -> None:
    drop = weak.interruption_drop(chi, t, 310.0)
    assert_allclose(drop / -weak.steady_overpotential(chi, 310.0), t, rtol=1e-9, atol=0)
    assert drop * chi > 0


def test_at_the_limiting_current_the_far_side_is_empty() -> None:
    y = np.linspace(0.0, 1.5e-6, 5)
    expected = 10818.0 * np.array([2.0, 1.5, 1.0, 0.5, 0.0])
    assert_allclose(weak.steady_profile(y, 1.0, 1.5e-6, 10818.0), expected, rtol=1e-12, atol=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize("chi", [-0.9, 0.3, 0.9])
def test_the_profile_without_reaction_solves_the_equations_of_the_fluxes(chi: float) -> None:
    """The raw equations of both ions, the negative one blocked, with a given ion content."""
    L, a_eq, T = DANILOV["L"], 10818.0, 310.0
    i = chi * weak.steady_limiting_current(L, a_eq, DANILOV["D_plus"])
    flux = i / F * L / (DANILOV["D_plus"] * a_eq)

    def equations(z, s):
        """Slopes of s = a/a_eq, of its integral, and of the potential over RT/F."""
        # flux = -s' + s E and 0 = -s' - s E, in L and RT/F
        slopes = np.linalg.solve([[-1.0, 1.0], [-1.0, -1.0]], [[flux], [0.0]])
        return np.vstack([np.full_like(z, slopes[0, 0]), s[0], -slopes[1, 0] / s[0]])

    def faces(s, e):
        return np.array([s[1], e[1] - 1.0, s[2]])

    z = np.linspace(0, 1, 51)
    sol = solve_bvp(equations, faces, z, np.vstack([np.ones_like(z), z, 0 * z]), tol=1e-8)
    assert sol.success, sol.message
    profile = weak.steady_profile(z * L, chi, L, a_eq)
    assert_allclose(a_eq * sol.sol(z)[0], profile, rtol=1e-9, atol=0)
    loss = R * T / F * (np.log(sol.y[0, -1] / sol.y[0, 0]) + sol.y[2, -1])
    assert_allclose(loss, weak.steady_overpotential(chi, T), rtol=1e-7, atol=0)


def test_at_the_sand_time_the_far_side_of_a_film_is_empty() -> None:
    i, L, a_eq, Dp, D = 5.12, 1.5e-6, 10818.0, 0.9e-15, 1.53e-15
    t = weak.sand_time(i, a_eq, Dp, D)
    assert_allclose(np.sqrt(D * t) / (L / 2), 0.43, rtol=0, atol=5e-3)
    # ions come in at one face and leave at the other; the first is seen at the second
    tau = D * t / L**2
    change = two_sided_surface(tau, 1.0) - two_sided_surface(tau, 0.0)
    assert_allclose(-weak.boundary_gradient(i, Dp) * L * change, a_eq, rtol=2e-2, atol=0)
    short = 0.01 * tau
    change = two_sided_surface(short, 1.0) - two_sided_surface(short, 0.0)
    # ten times the current empties it in a hundredth of the time, as if the film had no end
    assert_allclose(-10 * weak.boundary_gradient(i, Dp) * L * change, a_eq, rtol=1e-9, atol=0)


# --- limiting current with reaction ---------------------------------------------------------------


@pytest.mark.parametrize("thick", [20.0, 40.0, 59.9, 60.1, 1e3, 1e9])
@pytest.mark.parametrize("delta", [0.01, 0.18, 0.64, 0.999])
def test_a_thick_film_has_the_limiting_current_of_a_half_space(thick: float, delta: float) -> None:
    film = {**DANILOV, "delta": delta}
    *_, length = derived(film, REPRODUCING)
    film["L"] = thick * length
    half = weak.half_space_limiting_current(
        film["a0"], delta, REPRODUCING, film["D_plus"], film["D_minus"]
    )
    tol = 10 * np.exp(-thick) + 1e-14
    assert_allclose(weak.limiting_current(k_r=REPRODUCING, **film), half, rtol=tol, atol=0)


@pytest.mark.parametrize("delta", [0.01, 0.18, 0.64, 0.999])
def test_slow_reaction_sets_the_content_of_ions_and_nothing_else(delta: float) -> None:
    """A straight profile from a(0) to nothing, over which the reaction adds up to nothing."""
    film = {**DANILOV, "delta": delta}
    straight = 2 * F * film["D_plus"] * top(film, REPRODUCING) / film["L"]
    slow = weak.limiting_current(k_r=1e-18, **film)
    assert_allclose(slow, straight, rtol=1e-6, atol=0)
    # dissociation is not linear: fewer ions than at rest, so less than without any reaction
    assert slow < weak.steady_limiting_current(film["L"], delta * film["a0"], film["D_plus"])


def test_slow_reaction_of_a_strong_electrolyte_gives_the_current_without_reaction() -> None:
    film = {**DANILOV, "delta": 1 - 1e-9}
    slow = weak.limiting_current(k_r=1e-24, **film)
    without = weak.steady_limiting_current(film["L"], film["a0"], film["D_plus"])
    assert_allclose(slow, without, rtol=1e-8, atol=0)


@given(st.floats(-1.5, 1.5), deltas)
def test_a_thicker_film_carries_less(power: float, delta: float) -> None:
    film = {**DANILOV, "delta": delta}
    *_, length = derived(film, REPRODUCING)
    thin = weak.limiting_current(k_r=REPRODUCING, **{**film, "L": 10**power * length})
    thick = weak.limiting_current(k_r=REPRODUCING, **{**film, "L": 1.2 * 10**power * length})
    assert thin >= thick


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("film", "k_r"), [(DANILOV, REPRODUCING), (DANILOV, PRINTED), (RAIJMAKERS, 1e-9)]
)
def test_the_limiting_current_agrees_with_a_boundary_value_solver(film, k_r: float) -> None:
    a_eq, k_d, D, _ = derived(film, k_r)
    L = film["L"]

    def balance(z, s, p):
        r = k_d * (film["a0"] - a_eq * s[0]) - k_r * (a_eq * s[0]) ** 2
        return np.vstack([s[1], -(L**2) / (D * a_eq) * r])

    def faces(s, e, p):
        return np.array([s[1] + p[0], e[1] + p[0], e[0]])

    z = np.linspace(0, 1, 201)
    sol = solve_bvp(
        balance, faces, z, np.vstack([1.8 - 1.8 * z, np.full_like(z, -1.8)]), [1.8], tol=1e-9,
        max_nodes=50_000,
    )  # fmt: skip
    assert sol.success, sol.message
    assert sol.y[0].min() > -1e-9
    i = 2 * F * film["D_plus"] * sol.p[0] * a_eq / L
    assert_allclose(weak.limiting_current(k_r=k_r, **film), i, rtol=1e-7, atol=0)
    assert_allclose(sol.y[0, 0] * a_eq, top(film, k_r), rtol=1e-7, atol=0)


@pytest.mark.parametrize(
    ("k_r", "delta"), [(0.0, 0.18), (1e-6, 0.0), (1e-6, 1.0), (float("nan"), 0.18)]
)
def test_a_film_without_reaction_or_equilibrium_is_refused(k_r: float, delta: float) -> None:
    with pytest.raises(InputError, match=r"expected k_r > 0 and 0 < delta < 1; without reaction"):
        weak.limiting_current(k_r=k_r, **{**DANILOV, "delta": delta})


# --- kernels --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "args"),
    [
        (weak.dissociation_rate, (0.9e-6, 6.01e4, 0.18)),
        (weak.reaction_rate, (9e3, 2.1e-3, 0.9e-6, 6.01e4)),
        (weak.ambipolar_diffusivity, (0.9e-15, 5.1e-15)),
        (weak.conductivity, (10818.0, 0.9e-15, 5.1e-15, 298.15)),
        (weak.boundary_gradient, (5.12, 0.9e-15)),
        (weak.field, (5.12, 10818.0, -3e10, 0.9e-15, 5.1e-15, 298.15)),
        (weak.nernst_overpotential, (17539.0, 3229.0, 298.15)),
        (weak.migration_overpotential, (5.12, 1.7e4, 3e3, 2e-10, 0.9e-15, 5.1e-15, 298.15)),
    ],
)
def test_the_formulas_of_the_model_compile(formula, args) -> None:
    assert_allclose(numba.njit(formula)(*args), formula(*args), rtol=1e-14, atol=0)
