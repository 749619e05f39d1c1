"""Distribution of relaxation times: exact arcs, sharp, broad, blocking, inductive, noisy ones."""

from dataclasses import replace

import numpy as np
import pytest
from golden_spectra import GOLDEN, HYBRID, LPSCL, PELLETS, SSB, SYNTHETIC, measured
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.errors import InputError
from filmcell.impedance.drt import Distribution, Peak, peaks_of, relaxation_times
from filmcell.impedance.drt_peaks import Sum, cole_cole
from filmcell.impedance.drt_problem import MODULUS, UNIFORM, Beside, Noise, Problem
from filmcell.impedance.drt_sign import AnySign, Positive
from filmcell.impedance.drt_smoothing import CrossValidation, Evidence, Fixed, LCurve, rank
from filmcell.impedance.spectrum import Spectrum
from filmcell.physics.impedance import constant_phase, gerischer, semi_infinite_warburg, zarc

F = np.geomspace(1e6, 1e-2, 81)
W = 2.0 * np.pi * F
Arcs = tuple[tuple[float, float, float], ...]


def of(arcs: Arcs, rest: np.ndarray | float = 10.0) -> np.ndarray:
    """Sum of arcs (R, tau, n) and something else."""
    return rest + 0.0j * W + sum(zarc(W, *arc) for arc in arcs)


def spectrum(Z: np.ndarray, level: float = 0.0, seed: int = 0) -> Spectrum:
    """Spectrum with noise of a fraction of the modulus in both parts."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=Z.size) + 1j * rng.normal(size=Z.size)
    return Spectrum(F, Z + level * np.abs(Z) * noise)


def assert_peaks(found: Distribution, arcs: Arcs, time: float, area: float) -> None:
    """As many peaks, with times and areas within fractions."""
    peaks = peaks_of(found)
    assert len(peaks) == len(arcs)
    for peak, (R, tau, _) in zip(peaks, sorted(arcs, key=lambda arc: arc[1]), strict=True):
        assert_allclose(peak.tau, tau, rtol=time, atol=0.0)
        assert_allclose(peak.resistance, R, rtol=area, atol=0.0)


FILES: dict[str, Arcs] = {
    "1ZARC.csv": ((50.0, 0.1, 0.8),),
    "2ZARC0.csv": ((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8)),
}


@pytest.mark.parametrize("name", FILES)
def test_golden_arcs_with_noise(name: str) -> None:
    """The files of G3, noise of 0.5 ohm: times within 2 %, areas within 3 %, noise, inductance."""
    found = relaxation_times(measured(SYNTHETIC + name))
    assert_peaks(found, FILES[name], 0.02, 0.03)
    assert found.noise_kind == UNIFORM
    assert_allclose(found.noise, 0.5, rtol=0.2, atol=0.0)
    assert found.positive
    assert ("L" in found.series) == (name == "1ZARC.csv")
    assert "C" not in found.series
    if name == "1ZARC.csv":
        assert_allclose(found.series["L"], 5e-6, rtol=0.03, atol=0.0)
        assert (
            "taken out in series: R = 10.07 ohm, L = 4.955e-06 H; gamma is not" in found.taken_out
        )


@pytest.mark.parametrize("name", FILES)
def test_golden_arcs_without_noise(name: str) -> None:
    """Exact spectra of the same arcs: peaks to five digits, the curve to 2 % of its maximum."""
    arcs = FILES[name]
    inductance = 5e-6j * W if name == "1ZARC.csv" else 0.0
    found = relaxation_times(spectrum(of(arcs) + inductance))
    assert_peaks(found, arcs, 1e-5, 1e-5)
    exact = sum(R * cole_cole(np.log(found.tau / tau), n) for R, tau, n in arcs)
    assert_allclose(found.gamma, exact, rtol=0.0, atol=0.02 * exact.max())
    assert_allclose(found.polarisation, sum(arc[0] for arc in arcs), rtol=1e-3, atol=0.0)
    assert found.rms < 1e-4


CASES: dict[str, tuple[Arcs, np.ndarray | float]] = {
    "apart": (((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8)), 10.0),
    "overlapping": (((50.0, 0.01, 0.9), (50.0, 0.1, 0.9)), 10.0),
    "a shoulder": (((50.0, 0.01, 0.85), (30.0, 0.05, 0.85)), 10.0),
    "three": (((50.0, 1e-5, 0.85), (30.0, 1e-3, 0.85), (80.0, 0.1, 0.9)), 10.0),
    "one RC element": (((50.0, 0.0137, 1.0),), 10.0),
    "sharp and broad": (((50.0, 0.01, 1.0), (50.0, 1e-4, 0.7)), 10.0),
    "inductance": (((50.0, 0.1, 0.8),), 10.0 + 5e-6j * W),
    "blocking": (((50.0, 1e-5, 0.9),), 10.0 + 1e5 / (1j * W)),
    "rough blocking": (((50.0, 1e-5, 0.9),), 10.0 + constant_phase(W, 1e-5, 0.9)),
    "half-space": (((50.0, 1e-5, 0.9),), 10.0 + semi_infinite_warburg(W, 10.0)),
    "inductive loop": (((50.0, 1e-3, 0.9), (-20.0, 5.0, 1.0)), 10.0),
    "not seen to the end": (((50.0, 1e-5, 0.9), (300.0, 40.0, 0.9)), 10.0),
}


@pytest.mark.parametrize("name", CASES)
def test_exact_spectra(name: str) -> None:
    """Nothing is asked of the user, and every peak is there to four digits."""
    arcs, rest = CASES[name]
    found = relaxation_times(spectrum(of(arcs, rest)))
    assert_peaks(found, arcs, 1e-4, 1e-4)
    assert found.positive == (name != "inductive loop")
    assert found.rms < 1.5e-3


@pytest.mark.parametrize("level", [1e-3, 1e-2])
@pytest.mark.parametrize("name", [n for n in CASES if n not in {"a shoulder"}])
def test_noisy_spectra(name: str, level: float) -> None:
    """Peaks are as many, within 4.5 of their own standard errors; the noise is found."""
    arcs, rest = CASES[name]
    found = relaxation_times(spectrum(of(arcs, rest), level, seed=3))
    slow = [p for p in found.beyond if abs(p.tau / 40.0 - 1.0) < 0.5]  # seen by a flank only
    peaks = [*found.peaks, *slow] if name == "not seen to the end" else found.peaks
    assert len(peaks) == len(arcs)
    for peak, (R, tau, n) in zip(peaks, sorted(arcs, key=lambda arc: arc[1]), strict=True):
        assert abs(np.log(peak.tau / tau)) < 4.5 * peak.tau_error
        assert abs(peak.resistance - R) < 4.5 * peak.resistance_error
        assert abs(peak.exponent - n) < 4.5 * peak.exponent_error + 3.0 * level
    relative = found.noise / np.abs(found.spectrum.impedance)
    assert_allclose(np.median(relative), level, rtol=0.3, atol=0.0)


def test_errors_are_honest() -> None:
    """Over many draws of the noise, peaks scatter by what they say and nothing else is found."""
    arcs: Arcs = ((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8))
    pulls = []
    for seed in range(12):
        peaks = relaxation_times(spectrum(of(arcs), 5e-3, seed)).peaks
        assert len(peaks) == 2
        for peak, (R, tau, _) in zip(peaks, arcs[::-1], strict=True):
            pulls += [np.log(peak.tau / tau) / peak.tau_error]
            pulls += [(peak.resistance - R) / peak.resistance_error]
    assert 0.6 < np.std(pulls) < 1.4
    assert abs(np.mean(pulls)) < 0.6


def test_the_band_holds_the_curve() -> None:
    """The band of 95 % around a smooth gamma without positivity covers about as much of it."""
    arcs: Arcs = ((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8))
    inside = []
    for seed in range(6):
        found = relaxation_times(spectrum(of(arcs), 3e-3, seed), sign=AnySign())
        exact = sum(R * cole_cole(np.log(found.tau / tau), n) for R, tau, n in arcs)
        low, high = found.band
        inside.append(np.mean((low < exact) & (exact < high)))
    assert 0.85 < np.mean(inside) <= 1.0
    assert abs(found.polarisation - 60.0) < 4.0 * found.polarisation_error


SERIES = {
    "nothing": (10.0, {"R"}),
    "inductance": (10.0 + 5e-6j * W, {"R", "L"}),
    "capacitance": (10.0 + 1e5 / (1j * W), {"R", "C"}),
    "both": (10.0 + 5e-6j * W + 1e4 / (1j * W), {"R", "L", "C"}),
    "tail": (10.0 + constant_phase(W, 1e-4, 0.8), {"R", "Q", "n"}),
}


@pytest.mark.parametrize("name", SERIES)
def test_what_is_taken_out_is_what_is_there(name: str) -> None:
    """The evidence finds inductance, capacitance and tail, and takes none that is not there."""
    rest, parts = SERIES[name]
    found = relaxation_times(spectrum(of(((50.0, 1e-3, 0.85),), rest), 1e-3, 1))
    assert set(found.series) == parts
    assert_allclose(found.series["R"], 10.0, rtol=0.1, atol=0.0)
    if "L" in parts:
        assert_allclose(found.series["L"], 5e-6, rtol=0.02, atol=0.0)
    if "n" in parts:
        assert_allclose(found.series["n"], 0.8, rtol=0.0, atol=0.021)
        assert_allclose(found.series["Q"], 1e-4, rtol=0.05, atol=0.0)


def test_the_kind_of_noise_is_found() -> None:
    """Noise that is the same everywhere, and noise that goes with the modulus."""
    Z = of(((10.0, 0.1, 0.8), (500.0, 1e-4, 0.8)))
    rng = np.random.default_rng(2)
    white = rng.normal(size=F.size) + 1j * rng.normal(size=F.size)
    assert relaxation_times(Spectrum(F, Z + 0.3 * white)).noise_kind == UNIFORM
    assert relaxation_times(Spectrum(F, Z + 2e-3 * np.abs(Z) * white)).noise_kind == MODULUS


def test_rules_for_the_smoothing() -> None:
    """All rules describe the data; cross-validation smooths less, a fixed strength is kept."""
    noisy = spectrum(of(((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8))), 5e-3)
    found = {type(rule).__name__: relaxation_times(noisy, smoothing=rule)
             for rule in (Evidence(), CrossValidation(), LCurve(), Fixed(3e-3))}  # fmt: skip
    lam = {name: d.smoothing for name, d in found.items()}
    assert lam["CrossValidation"] < 3.0 * lam["Evidence"]
    assert lam["Evidence"] / 300.0 < lam["LCurve"] < 300.0 * lam["Evidence"]
    assert_allclose(lam["Fixed"], 3e-3, rtol=0.6, atol=0.0)
    for distribution in found.values():
        assert 0.4 < distribution.rms / (np.sqrt(2.0) * 5e-3) < 1.3


def test_evidence_is_at_its_maximum() -> None:
    """No strength on the path is more probable than the chosen one."""
    best = rank(Problem(spectrum(of(((50.0, 1e-3, 0.8),)), 1e-2)), Evidence())[0]
    path = best._path
    near = np.abs(np.log(path.lambdas / best.lam)) < np.log(10.0) / 4.0
    assert path.evidence[near].max() == path.evidence.max()


def test_cross_validation_leaves_points_out() -> None:
    """Its score is the mean square over the squared share of what is left of the freedom."""
    best = rank(Problem(spectrum(of(((50.0, 1e-3, 0.8),)), 1e-2)), CrossValidation())[0]
    path = best._path
    score = CrossValidation().score(path)
    other = np.log(path.misfit / path.N / (1.0 - path.freedom / path.N) ** 2)
    assert_allclose(score + other, (score + other)[0], rtol=0.0, atol=1e-9)


def test_two_strengths_are_shown() -> None:
    """The second curve has a tenth of the smoothing and is rougher."""
    found = relaxation_times(spectrum(of(((50.0, 1e-3, 0.8),)), 1e-2))
    assert_allclose(found.compared.smoothing, found.smoothing / 10.0, rtol=1e-12, atol=0.0)
    rough = [np.sum(np.diff(g, 2) ** 2) for g in (found.gamma, found.compared.gamma)]
    assert rough[1] > 1.5 * rough[0]


def test_sign_is_an_object() -> None:
    """A loop has no positive distribution; arcs of any sign ring below zero."""
    loop = spectrum(of(((50.0, 1e-3, 0.9), (-20.0, 5.0, 1.0))), 1e-3)
    free, bound = relaxation_times(loop), relaxation_times(loop, sign=Positive())
    assert free.gamma.min() < -5.0
    assert bound.gamma.min() >= 0.0
    assert bound.rms > 10.0 * free.rms
    assert "negative where the data ask" in free.taken_out
    arc = spectrum(of(((50.0, 1e-3, 1.0),)), 1e-3)
    assert relaxation_times(arc).gamma.min() >= 0.0
    assert relaxation_times(arc, sign=AnySign()).gamma.min() < -1.0


REAL = {LPSCL: 0.003, SSB: 0.002, PELLETS + "s04147-200deg.txt": 0.004}


@pytest.mark.parametrize("name", REAL)
def test_measured_spectra_are_described(name: str) -> None:
    """Solid-state spectra are met within what the Kramers-Kronig test leaves, or little more."""
    found = relaxation_times(measured(name))
    assert found.positive
    assert found.rms < REAL[name]
    assert GOLDEN[name].points == found.residual.size


def test_arcs_of_the_temperature_series() -> None:
    """Bulk and grain boundary of the pellets fall with temperature and add up to the total."""
    total = {140: 2.158e6, 160: 7.468e5, 180: 2.828e5, 200: 1.175e5}  # G2, bulk and boundary
    for degrees, resistance in total.items():
        peaks = peaks_of(relaxation_times(measured(f"{PELLETS}s04147-{degrees}deg.txt")))
        fast = [p.resistance for p in peaks if p.tau < 1e-4]
        assert len(fast) == 2
        assert_allclose(sum(fast), resistance, rtol=0.1, atol=0.0)


def test_a_sharp_peak_weakens_the_smoothing() -> None:
    """A positive RC element misses the data if smoothed as one of any sign; less of it fits."""
    sharp = spectrum(of(((50.0, 0.0137, 1.0),)), 1e-3)
    found = relaxation_times(sharp)
    assert found.smoothing < 0.2 * rank(Problem(sharp), Evidence())[0].lam
    assert found.rms < 1.5 * np.sqrt(2.0) * 1e-3


def test_half_a_space_is_no_capacitor() -> None:
    """Peaks are looked for with other tails too: nothing slow is made up to mimic one."""
    arcs, rest = CASES["half-space"]
    for level in (1e-3, 1e-2):
        assert relaxation_times(spectrum(of(arcs, rest), level, seed=1)).beyond == ()


def test_parameters_of_the_series_parts_are_counted() -> None:
    """A tail has a size, and an exponent unless theory gives it."""
    costs = {0.0: 2, 0.5: 3, 0.72: 4, 1.0: 3}
    assert {n: Beside(True, n).cost for n in costs} == costs
    assert [Beside(False, n).count for n in (0.0, 0.7, 1.0)] == [1, 2, 2]


def test_a_gerischer_element_is_no_arc() -> None:
    """Its distribution is not that of arcs; the area is right all the same."""
    found = relaxation_times(spectrum(10.0 + gerischer(W, 50.0, 0.01), 1e-3))
    assert_allclose(found.polarisation, 50.0, rtol=0.02, atol=0.0)
    assert_allclose(sum(p.resistance for p in found.peaks), 50.0, rtol=0.05, atol=0.0)


def test_a_resistor_and_a_capacitor_have_no_peak() -> None:
    """Nothing relaxes."""
    for Z in (10.0 + 0.0j * W, 10.0 + 1e5 / (1j * W)):
        assert relaxation_times(spectrum(Z)).peaks == ()
        assert relaxation_times(spectrum(Z, 1e-3)).peaks == ()


@settings(max_examples=10)
@given(st.floats(-6.0, 8.0), st.floats(-3.0, 3.0), st.integers(0, 3))
def test_units_do_not_matter(ohm: float, hertz: float, seed: int) -> None:
    """Z times a number and shifted frequencies: the same curve, peaks and noise."""
    c, g = 10.0**ohm, 10.0**hertz
    a = spectrum(of(((10.0, 0.1, 0.8), (50.0, 1e-4, 0.8))), 2e-3, seed)
    b = Spectrum(a.frequency * g, a.impedance * c)
    one, two = relaxation_times(a), relaxation_times(b)
    assert_allclose(two.gamma, c * one.gamma, rtol=1e-6, atol=1e-9 * c * one.gamma.max())
    assert_allclose(two.tau * g, one.tau, rtol=1e-9, atol=0.0)
    assert_allclose(two.noise, c * one.noise, rtol=1e-6, atol=0.0)
    assert len(two.peaks) == len(one.peaks)
    for p, q in zip(one.peaks, two.peaks, strict=True):
        assert_allclose([q.tau * g, q.resistance / c], [p.tau, p.resistance], rtol=1e-6, atol=0.0)


def test_cole_cole() -> None:
    """Area 1 for every exponent, and the impedance of the closed form."""
    x = np.linspace(-80.0, 80.0, 400001)
    for n in (0.4, 0.7, 0.95):
        assert_allclose(np.trapezoid(cole_cole(x, n), x), 1.0, rtol=1e-6, atol=0.0)
        Z = np.trapezoid(cole_cole(x, n) / (1.0 + 3j * np.exp(x)), x)
        assert_allclose(Z, zarc(3.0, 1.0, 1.0, n), rtol=1e-6, atol=0.0)
        gamma = cole_cole(x, n)
        half = np.ptp(x[gamma > 0.5 * gamma.max()])
        assert_allclose(half, Peak(1.0, 1.0, n).width, rtol=0.0, atol=1e-3)
    assert Peak(1.0, 1.0, 1.0).width < 1e-6
    assert_allclose(Peak(0.1, 50.0, 0.8).gamma(np.array([0.1])), 24.4915, rtol=1e-5, atol=0.0)


@pytest.mark.parametrize("exponent", [0.0, 0.7, 1.0])
def test_derivatives_of_the_sum(exponent: float) -> None:
    """The Jacobian against central differences."""
    problem = Problem(spectrum(of(((50.0, 1e-3, 0.8),))))
    total = Sum(problem, Beside(True, exponent), Noise(0.5), True)
    q = total.start(np.array([-1.0, 2.0]), np.array([0.8, 0.9]))
    q[: total.beside.count] = 0.3
    J = total.jacobian(q)
    for k in range(q.size):
        step = np.zeros(q.size)
        step[k] = 1e-6
        slope = (total.residual(q + step) - total.residual(q - step)) / 2e-6
        assert_allclose(J[:, k], slope, rtol=1e-5, atol=1e-8)
    assert replace(total, beside=Beside()).free is False


def test_the_result_cannot_be_changed() -> None:
    """Arrays are read-only."""
    found = relaxation_times(spectrum(of(((50.0, 1e-3, 0.8),))))
    for array in (found.tau, found.gamma, found.error, found.compared.gamma, found.noise):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_refusals() -> None:
    """Too few points, a modulus of zero, nothing to choose from: in a sentence."""
    Z = of(((50.0, 1e-3, 0.8),))
    with pytest.raises(
        InputError, match=r"^tiny: 7 points, expected at least 8 for a distribution"
    ):
        relaxation_times(Spectrum(F[:7], Z[:7], name="tiny"))
    with pytest.raises(InputError, match=r"^spectrum: has an impedance of 0, expected a modulus"):
        relaxation_times(Spectrum(F, np.where(np.arange(F.size) == 3, 0.0, Z)))
    with pytest.raises(
        InputError, match=r"^parts in series: none describes the spectrum, expected"
    ):
        relaxation_times(Spectrum(F, Z), series=())
    assert relaxation_times(Spectrum(F[::10], Z[::10])).gamma.size > 100


def test_text_and_binary_of_one_measurement_agree() -> None:
    """The text of EC-Lab and its binary twin lead to the same peaks."""
    text = relaxation_times(measured(HYBRID + "PEIS_LPSCl_IonBlocking_-25C.txt"))
    twin = relaxation_times(measured(LPSCL))
    assert_allclose(text.gamma, twin.gamma, rtol=0.0, atol=1e-3 * twin.gamma.max())
