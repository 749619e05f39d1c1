"""Linear Kramers-Kronig test: golden residuals, an oracle, what passes and what not, symmetries."""

import numpy as np
import pytest
from golden_spectra import GOLDEN, LPSCL, LPSCL_TEXT, PELLETS, SSB, measured
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.errors import InputError
from filmcell.impedance.kramers_kronig import (
    ADMITTANCE,
    ALL,
    IMPEDANCE,
    LINE,
    ByInformation,
    ByMu,
    Elements,
    check_kramers_kronig,
)
from filmcell.impedance.rc_chain import Representation, Weighted
from filmcell.impedance.spectrum import Spectrum
from filmcell.physics.impedance import constant_phase, finite_length_warburg, zarc

F = np.geomspace(1e6, 1e-2, 81)
W = 2.0 * np.pi * F
ARCS = 10.0 + zarc(W, 50.0, 1e-3, 0.8) + zarc(W, 100.0, 1.0, 0.9)


def noisy(Z: np.ndarray, level: float, seed: int = 0) -> np.ndarray:
    """Add noise of a fraction of the modulus to both parts."""
    rng = np.random.default_rng(seed)
    return Z + level * np.abs(Z) * (rng.normal(size=Z.size) + 1j * rng.normal(size=Z.size))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_residuals_to_the_printed_digits(name: str) -> None:
    """R, L, C and n/2 elements between the ends of the measured range leave what G1 says."""
    spectrum, golden = measured(name), GOLDEN[name]
    assert len(spectrum) == golden.points
    found = check_kramers_kronig(
        spectrum,
        choice=Elements(len(spectrum) // 2),
        representations=(IMPEDANCE,),
        parts=(("R", "L", "C"),),
        extensions=(1.0,),
    )
    assert found.trial.parts == ("R", "L", "C")
    assert (round(found.rms * 100, 2), round(found.largest * 100, 2)) == golden[1:]


@pytest.mark.parametrize("name", [LPSCL, LPSCL_TEXT, SSB])
def test_good_solid_state_spectra_pass(name: str) -> None:
    """A blocking pellet at -25 C and a solid-state cell leave a tenth of the line, M unasked."""
    found = check_kramers_kronig(measured(name))
    assert found.passes
    assert found.rms < 0.002
    assert found.violations == ()
    assert "passes the Kramers-Kronig test: residuals of 0.1" in found.verdict
    assert "line of 1.50% rms (good solid-state spectra leave 0.1 to 0.9 %" in found.verdict


@pytest.mark.parametrize("name", [LPSCL, PELLETS + "s04147-140deg.txt"])
def test_blocking_electrodes_need_the_capacitance(name: str) -> None:
    """Without it good data of a pellet fail; the test that chooses takes it."""
    spectrum = measured(name)
    without = check_kramers_kronig(
        spectrum, representations=(IMPEDANCE,), parts=(("R",), ("R", "L")), extensions=(1.0,)
    )
    assert not without.passes
    assert without.rms > 4.0 * check_kramers_kronig(spectrum, extensions=(1.0,)).rms


def dense(weighted: Weighted, extension: float, M: int, parts: tuple[str, ...]) -> np.ndarray:
    """Residual over the modulus by numpy's least squares, written once more."""
    w, kind = weighted.omega, weighted.representation
    edges = np.log10(1 / w[0] / extension), np.log10(extension / w[-1])
    s = 1j * w[:, None] * np.logspace(*edges, M)
    columns = [1 / (1 + s) if kind.symbol == "Z" else s / (1 + s), np.ones((w.size, 1))]
    rising, falling = ("L", "C") if kind.symbol == "Z" else ("C", "L")
    columns += [1j * w[:, None] / w[0]] if rising in parts else []
    columns += [w[-1] / (1j * w[:, None])] if falling in parts else []
    A = np.hstack(columns) / np.abs(weighted.values)[:, None]
    b = weighted.values / np.abs(weighted.values)
    x, *_ = np.linalg.lstsq(np.vstack([A.real, A.imag]), np.r_[b.real, b.imag], rcond=None)
    return b - A @ x


@pytest.mark.parametrize("parts", ALL)
@pytest.mark.parametrize("kind", [IMPEDANCE, ADMITTANCE])
@pytest.mark.parametrize(("M", "extension"), [(2, 1.0), (9, 2.0), (25, 1.0)])
def test_one_factorisation_serves_all_sets(
    kind: Representation, parts: tuple[str, ...], M: int, extension: float
) -> None:
    """Residuals from the last columns of the triangle are those of each least squares alone."""
    spectrum = Spectrum(F, noisy(ARCS + 1j * W * 1e-6 + 1.0 / (1j * W * 0.05), 0.02))
    weighted = Weighted.of(spectrum, kind)
    left = dense(weighted, extension, M, parts)
    factor = weighted.factor(extension, M)
    assert_allclose(factor.squares(parts), np.sum(np.abs(left) ** 2), rtol=1e-9, atol=0.0)
    solved = factor.solve(parts)
    mine = (weighted.values - kind.of(solved.fitted)) / np.abs(weighted.values)
    assert_allclose(mine, left, rtol=0.0, atol=1e-9)
    assert set(solved.parts) == set(parts)


def test_the_information_criterion() -> None:
    """AICc of 2 n numbers and M + parts + 1 parameters, the last the size of the noise."""
    spectrum = Spectrum(F, noisy(ARCS, 0.01))
    factor = Weighted.of(spectrum, IMPEDANCE).factor(1.0, 20)
    N, k = 2 * F.size, 20 + 2 + 1
    by_hand = N * np.log(factor.squares(("R", "L")) / N) + 2 * k + 2 * k * (k + 1) / (N - k - 1)
    assert_allclose(factor.information(("R", "L")), by_hand, rtol=1e-6, atol=0.0)
    few = Weighted.of(Spectrum(F[:6], ARCS[:6]), IMPEDANCE)
    assert few.factor(1.0, 9).information(("R",)) == np.inf


def test_parts_have_their_units() -> None:
    """R, L and C in series come back, and in parallel from the admittance."""
    R, L, C = 30.0, 2e-6, 4e-4
    arc = zarc(W, 50.0, 1e-2, 1.0)
    series = Spectrum(F, R + 1j * W * L + 1.0 / (1j * W * C) + arc)
    parallel = Spectrum(F, 1.0 / (1.0 / R + 1j * W * C + 1.0 / (1j * W * L) + 1.0 / (arc + 7.0)))
    for spectrum, kind in ((series, IMPEDANCE), (parallel, ADMITTANCE)):
        found = Weighted.of(spectrum, kind).factor(1.0, 33).solve(("R", "L", "C")).parts
        assert_allclose([found["L"], found["C"]], [L, C], rtol=1e-3, atol=0.0)
    assert_allclose(
        Weighted.of(series, IMPEDANCE).factor(1.0, 33).solve(("R", "L", "C")).parts["R"], R,
        rtol=1e-3, atol=0.0,
    )  # fmt: skip


LAWFUL = {
    "arcs": ARCS,
    "blocking": 10.0 + zarc(W, 50.0, 1e-5, 0.9) + constant_phase(W, 1e-5, 0.9),
    "capacitor": 10.0 + 1.0 / (1j * W * 1e-5),
    "inductive loop": 10.0 + zarc(W, 50.0, 1e-3, 0.8) - zarc(W, 20.0, 5.0, 1.0),
    "negative resistance": 10.0 - zarc(W, 50.0, 0.1, 0.9) + zarc(W, 20.0, 1e-4, 0.9),
    "passivation": 1.0 / (1j * W * 1e-4 - 1.0 / 50.0),
    "diffusion": 10.0 + zarc(W, 50.0, 1e-4, 0.9) + finite_length_warburg(W, 100.0, 20.0),
    "resistor": 10.0 + 0.0j * W,
}


@pytest.mark.parametrize("name", LAWFUL)
@pytest.mark.parametrize("level", [0.0, 1e-3, 1e-2])
def test_what_obeys_the_relations_passes(name: str, level: float) -> None:
    """Exact spectra leave next to nothing; with noise, the noise is left and nothing else."""
    found = check_kramers_kronig(Spectrum(F, noisy(LAWFUL[name], level)))
    assert found.passes
    if level:
        assert 0.7 < found.rms / (np.sqrt(2.0) * level) < 1.05
        assert abs(found.persistence) < 0.4
    else:
        assert found.rms < 1e-4


def test_the_chain_of_the_admittance_describes_what_that_of_the_impedance_does_not() -> None:
    """A passive film has its pole in the right half-plane; so Y passes and Z does not."""
    spectrum = Spectrum(F, LAWFUL["passivation"])
    assert check_kramers_kronig(spectrum).representation is ADMITTANCE
    assert not check_kramers_kronig(spectrum, representations=(IMPEDANCE,)).passes


TIME = np.cumsum(np.r_[0.0, 3.0 / F[:-1] + 0.5]) / np.sum(3.0 / F[:-1] + 0.5)
LAWLESS = {
    "imaginary part": ARCS.real + 1.15j * ARCS.imag,
    "conjugate": ARCS.conj(),
    "drift": ARCS * (1.0 + 0.8 * TIME),
    "modulus": ARCS * (1.0 + 0.15 * np.exp(-((np.log(W / 1e3) / 0.5) ** 2))),
}


@pytest.mark.parametrize("name", LAWLESS)
def test_what_violates_the_relations_does_not_pass(name: str) -> None:
    """The verdict says so, where, and that it is no noise."""
    found = check_kramers_kronig(Spectrum(F, noisy(LAWLESS[name], 1e-3), name=name))
    assert not found.passes
    assert found.verdict.startswith(f"{name}: does not pass the Kramers-Kronig test: residuals of")
    assert "not below the line of 1.50% rms" in found.verdict
    assert "they follow a curve, as drift or a nonlinear cell leaves" in found.verdict
    assert found.violations


def test_ranges_of_violations() -> None:
    """A bump of the modulus is found where it is, a drift at the slow end."""
    (bump,) = check_kramers_kronig(Spectrum(F, LAWLESS["modulus"])).violations
    assert bump[0] < 1e3 / 2.0 / np.pi < bump[1]
    assert bump[1] / bump[0] < 100.0
    (drift, *_) = check_kramers_kronig(Spectrum(F, LAWLESS["drift"])).violations[::-1]
    assert drift[0] == F[-1]


def test_one_bad_point_is_named_and_no_more() -> None:
    """An outlier of 8 % of one point of an else good spectrum."""
    Z = ARCS.copy()
    Z[40] *= 1.08
    found = check_kramers_kronig(Spectrum(F, Z))
    assert found.passes
    assert found.violations == ((F[40], F[40]),)
    assert f"above it at {F[40]:.4g} Hz" in found.verdict


def test_noise_above_the_line_is_called_noise() -> None:
    """3 % noise does not pass, many ranges are counted, and the sentence says that it scatters."""
    found = check_kramers_kronig(Spectrum(F, noisy(ARCS, 0.03)))
    assert not found.passes
    assert "more ranges; they scatter like noise" in found.verdict


@settings(max_examples=15)
@given(st.floats(-6.0, 8.0), st.floats(-3.0, 3.0), st.integers(0, 5))
def test_units_do_not_matter(ohm: float, hertz: float, seed: int) -> None:
    """Z times a number and shifted frequencies give the same M, residuals and strengths."""
    c, g = 10.0**ohm, 10.0**hertz
    Z = noisy(ARCS, 2e-3, seed)[::2]
    a, b = (check_kramers_kronig(Spectrum(F[::2] * k, Z * q)) for k, q in ((1.0, 1.0), (g, c)))
    assert (a.M, a.representation, a.trial.parts) == (b.M, b.representation, b.trial.parts)
    assert_allclose(b.residual, a.residual, rtol=0.0, atol=1e-9)
    assert_allclose(b.tau * g, a.tau, rtol=1e-9, atol=0.0)
    assert_allclose(b.mu, a.mu, rtol=0.0, atol=1e-6)


def test_every_M_is_tried_in_both_representations() -> None:
    """The table of trials: rising in M, residuals falling, mu at most 1, and why this one."""
    found = check_kramers_kronig(Spectrum(F, noisy(ARCS, 1e-3)), extensions=(1.0,), parts=ALL[-1:])
    for kind in (IMPEDANCE, ADMITTANCE):
        trials = [t for t in found.trials if t.representation is kind]
        assert [t.M for t in trials] == list(range(1, 82))
        assert trials[0].rms > 10.0 * trials[30].rms > 10.0 * trials[79].rms
        assert max(t.mu for t in trials) <= 1.0
    assert found.trial.aicc == min(t.aicc for t in found.trials if t.M <= 40)
    other = "Z" if found.representation is ADMITTANCE else "Y"
    assert f"M = {found.M} of {found.representation} has the smallest AICc" in found.why
    assert f"below the best of {other}" in found.why
    assert found.tau.size == found.strength.size == found.M


def test_the_criterion_mu() -> None:
    """It stops at the first M with alternating strengths, too early for an inductive loop."""
    arcs = check_kramers_kronig(Spectrum(F, noisy(ARCS, 1e-3)), choice=ByMu())
    assert arcs.mu < 0.85
    assert arcs.why == f"M = {arcs.M} is the smallest with mu below 0.85"
    assert all(t.mu >= 0.85 for t in arcs.trials if t.M < arcs.M)
    s = arcs.strength
    assert_allclose(arcs.mu, 1.0 - np.abs(s[s < 0.0]).sum() / s[s >= 0.0].sum(), rtol=1e-9, atol=0)
    loop = Spectrum(F, LAWFUL["inductive loop"])
    assert check_kramers_kronig(loop, choice=ByMu()).rms > 10.0 * check_kramers_kronig(loop).rms
    never = check_kramers_kronig(Spectrum(F, noisy(ARCS, 1e-3)), choice=ByMu(-1e9))
    assert never.why == f"mu stays above -1e+09 up to M = {never.M}"


def test_the_line_is_the_callers() -> None:
    """Another line, another verdict; the default is 1.5 %."""
    spectrum = Spectrum(F, noisy(ARCS, 5e-3))
    assert LINE == 0.015
    assert check_kramers_kronig(spectrum, choice=ByInformation()).passes
    strict = check_kramers_kronig(spectrum, line=0.005)
    assert not strict.passes
    assert "not below the line of 0.50% rms" in strict.verdict


def test_the_result_cannot_be_changed() -> None:
    """Arrays are read-only."""
    found = check_kramers_kronig(Spectrum(F, ARCS))
    for array in (found.tau, found.strength, found.impedance, found.residual):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_refusals() -> None:
    """Too few points, a modulus of zero, an M that cannot be had: by name, in a sentence."""
    with pytest.raises(InputError, match=r"^tiny: 5 points, expected at least 6 for a Kramers"):
        check_kramers_kronig(Spectrum(F[:5], ARCS[:5], name="tiny"))
    short = np.where(np.arange(F.size) == 3, 0.0, ARCS)
    with pytest.raises(InputError, match=r"^spectrum: has an impedance of 0, expected a modulus"):
        check_kramers_kronig(Spectrum(F, short))
    for M in (0, 82):
        with pytest.raises(InputError, match=rf"^M: {M} elements were asked for, expected 1 to 81"):
            check_kramers_kronig(Spectrum(F, ARCS), choice=Elements(M))
    assert check_kramers_kronig(Spectrum(F[::14], ARCS[::14])).M <= 3
