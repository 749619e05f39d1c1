"""Fits: what was put in comes out, intervals hold the truth, real spectra, arcs, series."""

import json
import time
from dataclasses import replace

import numpy as np
import pytest
from golden_spectra import LPSCL_TEXT, PELLETS, SSB, SYNTHETIC, measured
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import t

from filmcell.constants import EPSILON_0, F, R
from filmcell.errors import InputError
from filmcell.impedance.arcs import Meaning, arcs
from filmcell.impedance.arrhenius import activation_from_resistance
from filmcell.impedance.circuits import CPE, C, Circuit, L, Wfs, circuit_from_text, p
from filmcell.impedance.circuits import R as Resistor
from filmcell.impedance.fit import (
    LnSigma,
    LnSigmaT,
    Modulus,
    Shared,
    Sigma,
    Unit,
    compare,
    family,
    fit,
    fit_series,
    propose,
    starts,
)
from filmcell.impedance.spectrum import Geometry, Spectrum
from filmcell.impedance.starts import grown

ARC = circuit_from_text("R0-p(R1,CPE1)")
TWO = circuit_from_text("R0-p(R1,CPE1)-p(R2,CPE2)")
TWO_VALUES = [10.0, 100.0, 1e-7, 0.9, 300.0, 1e-4, 0.8]
PELLET = p(Resistor(), CPE()) - p(Resistor(), CPE()) - CPE()
TEMPERATURES = (140, 150, 160, 180, 190, 200)


def spectrum_of(circuit: Circuit, values, points: int = 60, high: float = 6.0, low: float = -1.0,
                noise: float = 0.0, seed: int = 0, **known) -> Spectrum:  # fmt: skip
    """What a circuit would show, with noise in proportion to the modulus."""
    f = np.logspace(high, low, points)
    Z = circuit.impedance(2 * np.pi * f, values)
    rng = np.random.default_rng(seed)
    white = rng.normal(size=points) + 1j * rng.normal(size=points)
    return Spectrum(f, Z + noise * np.abs(Z) * white, **known)


def pellets() -> list[Spectrum]:
    """The series of G2."""
    return [
        replace(measured(f"{PELLETS}s04147-{warm}deg.txt"), temperature=warm + 273.15)
        for warm in TEMPERATURES
    ]


# --- recovery -------------------------------------------------------------------------------------

RECOVERED = [
    ("R0-p(R1,C1)", [10.0, 100.0, 1e-6]),
    ("R0-p(R1,CPE1)-p(R2,CPE2)", TWO_VALUES),
    ("p(R1,CPE1)-p(R2,CPE2)-CPE3", [1e5, 1e-10, 0.9, 1e6, 4e-9, 0.85, 1e-6, 0.7]),
    ("L0-R0-ZARC1-ZARC2", [1e-6, 5.0, 20.0, 1e-4, 0.8, 30.0, 0.1, 0.9]),
    ("R0-p(R1-Wfs1,C1)", [10.0, 100.0, 50.0, 1.0, 1e-6]),
    ("R0-p(R1,CPE1)-Wfl2", [10.0, 100.0, 1e-6, 0.85, 70.0, 3.0]),
    ("R0-p(R1,CPE1)-W2", [10.0, 100.0, 1e-6, 0.85, 20.0]),
    ("R0-G1", [10.0, 100.0, 0.1]),
    ("R0-TL1", [10.0, 100.0, 1e-3, 0.9]),
    ("R0-p(R1,CPE1)-Wsph2", [10.0, 100.0, 1e-6, 0.85, 70.0, 3.0]),
    ("p(R1-p(R2,C2),C1)", [50.0, 200.0, 1e-4, 1e-7]),
]


@pytest.mark.parametrize(("text", "values"), RECOVERED, ids=lambda v: v if type(v) is str else "")
def test_what_was_put_in_comes_out(text: str, values: list[float]) -> None:
    """From starts of its own, to round-off where there is no noise."""
    found = fit(spectrum_of(circuit_from_text(text), values), circuit_from_text(text))
    assert_allclose(found.x, values, rtol=1e-6, atol=0)
    assert found.rms < 1e-8
    assert not found.bounded


@pytest.mark.parametrize("tau_2", [3e-5, 3e-3, 3e-1])
@pytest.mark.parametrize("first", [1e-3, 1.0, 1e6])
def test_arcs_are_found_wherever_they_are(first: float, tau_2: float) -> None:
    """Small or large resistances, near or far apart: the noise is all that is left."""
    Q = tau_2**0.85 / (3 * first)
    values = [0.2 * first, first, 1e-5**0.9 / first, 0.9, 3 * first, Q, 0.85]
    given_ = spectrum_of(TWO, values, noise=1e-3)
    found = fit(given_, TWO)
    truth = TWO.impedance(given_.omega, values)
    noise = np.sqrt(np.mean(np.abs(truth / given_.impedance - 1) ** 2))
    assert found.rms <= noise
    assert_allclose(found.values["R1"], first, rtol=0.2, atol=0)


@settings(max_examples=8)
@given(st.floats(-6.0, 9.0), st.floats(-3.0, 3.0))
def test_a_fit_does_not_know_units(ohms: float, seconds: float) -> None:
    """Impedances a thousand times larger, frequencies a thousand times lower: the same fit."""
    a, b = 10.0**ohms, 10.0**seconds
    base = spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=2e-3, points=40)
    other = Spectrum(base.frequency / b, base.impedance * a)
    one, two = fit(base, ARC), fit(other, ARC)
    assert_allclose(two.rms, one.rms, rtol=1e-6, atol=0)
    n = one.values["CPE1_n"]
    scale = [a, a, b**n / a, 1.0]
    assert_allclose(two.x, one.x * scale, rtol=1e-4, atol=0)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """95 %, of 240 numbers: between 90 and 99."""
    held, count = 0, 0
    for seed in range(60):
        noisy = spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], points=40, noise=4e-3, seed=seed)
        found = fit(noisy, ARC, most_starts=3)
        for value, (low, high) in zip(
            [10.0, 100.0, 1e-6, 0.85], found.intervals.values(), strict=True
        ):
            held, count = held + (low <= value <= high), count + 1
    assert 0.90 <= held / count <= 0.99


def test_errors_are_as_large_as_the_scatter() -> None:
    """Of 25 fits of two arcs; and the correlations as those of the scatter."""
    fits = [fit(spectrum_of(TWO, TWO_VALUES, noise=3e-3, seed=k), TWO, most_starts=3)
            for k in range(25)]  # fmt: skip
    spread = np.std([np.log(f.x) for f in fits], axis=0, ddof=1)
    told = np.mean([np.array(list(f.errors.values())) / f.x for f in fits], axis=0)
    assert_allclose(told, spread, rtol=0.5, atol=0)
    logs = np.log([[f.values["R1"], f.values["CPE1_Q"]] for f in fits])
    seen = np.corrcoef(logs.T)[0, 1]
    k = [TWO.names.index("R1"), TWO.names.index("CPE1_Q")]
    assert abs(fits[0].correlation[k[0], k[1]] - seen) < 0.2


def test_a_wider_level_gives_wider_intervals() -> None:
    noisy = spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=3e-3)
    wide, narrow = (np.ptp(fit(noisy, ARC, level=x).intervals["R1"]) for x in (0.99, 0.68))
    assert wide > 2.3 * narrow
    found = fit(noisy, ARC)
    low, high = found.intervals["R1"]
    relative = found.errors["R1"] / found.values["R1"]
    assert_allclose(0.5 * np.log(high / low) / relative, t.ppf(0.975, 116), rtol=1e-9, atol=0)
    with pytest.raises(InputError, match="level: 95 is not allowed, expected one between 0 and 1"):
        fit(noisy, ARC, level=95)


def test_arcs_come_sorted_by_time_constant() -> None:
    """Whatever the order in which the circuit was written and the spectrum made."""
    turned = [10.0, 300.0, 1e-4, 0.8, 100.0, 1e-7, 0.9]
    found = fit(spectrum_of(TWO, turned), TWO)
    assert_allclose(found.x, TWO_VALUES, rtol=1e-6, atol=0)
    tau = [arc.tau for arc in found.arcs]
    assert tau == sorted(tau)


def test_arcs_are_sorted_wherever_a_fit_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """From one start that has them the wrong way round."""
    turned = np.array([11.0, 290.0, 1.1e-4, 0.8, 105.0, 1e-7, 0.9])
    monkeypatch.setattr("filmcell.impedance.fitting.starts", lambda *_: [turned])
    found = fit(spectrum_of(TWO, TWO_VALUES), TWO)
    assert found.tried == 1
    assert_allclose(found.x, TWO_VALUES, rtol=1e-6, atol=0)
    kept = fit(spectrum_of(TWO, TWO_VALUES), TWO, bounds={"R1": (200.0, 400.0)})
    assert_allclose(kept.x[1], 300.0, rtol=1e-6, atol=0)  # a bound says which is which


def test_arcs_that_are_not_alike_keep_their_places() -> None:
    circuit = circuit_from_text("p(R1,CPE1)-p(R2,C2)")
    values = [300.0, 1e-4, 0.8, 100.0, 1e-7]
    assert_allclose(fit(spectrum_of(circuit, values), circuit).x, values, rtol=1e-6, atol=0)


def test_a_fit_of_80_points_and_7_parameters_is_quick() -> None:
    """With all its starts; in time of the processor, so that a busy machine does not matter."""
    noisy = spectrum_of(TWO, TWO_VALUES, points=80, noise=3e-3)
    fit(noisy, TWO)
    times = []
    for _ in range(3):
        began = time.process_time()
        fit(noisy, TWO)
        times.append(time.process_time() - began)
    assert min(times) < 0.4


@pytest.mark.parametrize("text", ["R0", "C1", "R0-TL1", "R0-p(R1-Wfs1,CPE1)", "L0-R0-ZARC1-W2"])
@pytest.mark.parametrize("kind", ["noise", "inductor", "negative", "resistor", "wide"])
def test_a_spectrum_that_a_circuit_does_not_suit_does_no_harm(text: str, kind: str) -> None:
    """No warning of numpy, no failure: a poor fit that says so."""
    rng = np.random.default_rng(3)
    f = np.logspace(11, -5, 30)
    Z = {
        "noise": rng.normal(size=30) + 1j * rng.normal(size=30),
        "inductor": 1e-6j * f + 0.0,
        "negative": -100.0 - 1.0 / (1e-3j * f),
        "resistor": np.full(30, 1e-9 + 0.0j),
        "wide": np.exp(10 * rng.normal(size=30)) * (1 - 1j),
    }[kind]
    found = fit(Spectrum(f, Z), circuit_from_text(text))
    assert np.all(np.isfinite(found.x))
    assert str(found)
    assert json.dumps(found.as_dict(), allow_nan=False)


# --- weights, bounds, fixed values ----------------------------------------------------------------


def test_weights_say_what_counts() -> None:
    """Noise that is the same everywhere asks for unit weights, and errors are smaller with them."""
    circuit = circuit_from_text("R0-p(R1,C1)")
    base = spectrum_of(circuit, [1.0, 1000.0, 1e-6])
    rng = np.random.default_rng(2)
    noisy = Spectrum(
        base.frequency, base.impedance + rng.normal(size=60) + 1j * rng.normal(size=60)
    )
    plain, even = fit(noisy, circuit), fit(noisy, circuit, weights=Unit())
    assert even.errors["R1"] < 0.5 * plain.errors["R1"]
    assert abs(even.values["R1"] - 1000.0) < 3 * even.errors["R1"]
    known = fit(noisy, circuit, weights=Sigma(np.full(60, 0.3 + 0.3j)))
    assert_allclose(known.x, even.x, rtol=1e-5, atol=0)
    assert_allclose(list(known.errors.values()), list(even.errors.values()), rtol=1e-3, atol=0)


def test_weights_of_both_parts() -> None:
    """A part without weight does not count."""
    base = spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85])
    spoilt = Spectrum(base.frequency, base.impedance.real + 1j * base.impedance.imag * 1.3)
    sigma = np.abs(base.impedance) * (1.0 + 1e6j)
    assert_allclose(fit(spoilt, ARC, weights=Sigma(sigma)).x[:2], [10.0, 100.0], rtol=1e-5, atol=0)
    assert_allclose(Modulus().of(base), 1 / np.abs([base.impedance] * 2), rtol=1e-12, atol=0)


def test_what_is_fixed_stays_and_what_is_bounded_stays_inside() -> None:
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    found = fit(noisy, TWO, fixed={"CPE2_n": 0.75}, bounds={"R0": (1.0, 5.0)})
    assert found.values["CPE2_n"] == 0.75
    assert np.isnan(found.errors["CPE2_n"])
    assert 4.99 < found.values["R0"] <= 5.0
    assert found.bounded == ("R0",)
    assert "R0 ended at its bound, 5" in found.warnings
    assert len(found.free) == 6
    half = fit(noisy, TWO, bounds={"R0": (5.0, float("inf"))})
    assert_allclose(half.x, fit(noisy, TWO).x, rtol=1e-4, atol=0)


def test_a_start_can_be_given() -> None:
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    plain = fit(noisy, TWO)
    given_ = fit(noisy, TWO, begin=[dict(zip(TWO.names, TWO_VALUES, strict=True)), plain.x])
    assert_allclose(given_.x, plain.x, rtol=1e-5, atol=0)
    assert given_.tried == plain.tried + 2


def test_starts_come_from_the_spectrum() -> None:
    """The best is near, and none is far; with a geometry one has the capacitance of a bulk."""
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    found = starts(noisy, TWO)
    off = [np.sqrt(np.mean(np.abs(TWO.impedance(noisy.omega, x) / noisy.impedance - 1) ** 2))
           for x in found]  # fmt: skip
    assert off[0] < 0.1
    assert len(starts(noisy, TWO, 5)) == 5
    assert max(off) < 0.5
    sized = starts(noisy.with_geometry(Geometry(1e-4, 1e-3)), TWO)
    assert len(sized) == len(found) + 1
    bulk = arcs(TWO, sized[-1])[0].capacitance
    assert_allclose(bulk, 20.0 * EPSILON_0 * 1e-4 / 1e-3, rtol=1e-9, atol=0)


def test_a_fit_of_a_smaller_circuit_is_a_start() -> None:
    """With the further arc where it does most good; none where the circuit is not inside."""
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    small = fit(noisy, ARC)
    found = grown(noisy, TWO, ARC, small.x)
    assert len(found) == 4
    misfit = TWO.impedance(noisy.omega, found[0]) / noisy.impedance - 1
    assert np.sqrt(np.mean(np.abs(misfit) ** 2)) < 0.7 * small.rms
    assert grown(noisy, TWO, ARC - Wfs(), np.append(small.x, [1.0, 1.0])) == []


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"fixed": {"R9": 1.0}}, "fixed value of 'R9': R0-p.* has no such parameter, expected one"),
        ({"fixed": {"R0": -1.0}}, "R0: -1 ohm is not allowed, expected a size above 0"),
        ({"fixed": {"CPE1_n": 1.1}}, "CPE1_n: 1.1 is not allowed, expected 0.2 to 1"),
        ({"bounds": {"Q": (0.0, 1.0)}}, "bounds of 'Q': R0-p.* has no such parameter"),
        ({"bounds": {"R0": (2.0, 1.0)}}, "bounds of R0: 2 to 1, expected them to rise"),
        ({"bounds": {"R0": (-2.0, 1.0)}}, "R0: -2 ohm is not allowed"),
        ({"bounds": {"CPE1_n": (0.0, 1.0)}}, "CPE1_n: 0 is not allowed"),
        ({"weights": Sigma(np.ones(3))}, "3 standard deviations, expected 60"),
        ({"weights": Sigma(np.zeros(60))}, "standard deviations of the real part must be above 0"),
        (
            {"fixed": {"R0": 1.0, "R1": 1.0, "CPE1_Q": 1.0, "CPE1_n": 1.0}},
            "every parameter is fixed, expected a free one",
        ),
        ({"begin": [{"R0": 1.0}]}, "R1 has no value, expected one for each name"),
    ],
)
def test_what_cannot_be_fitted_is_refused(known, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85]), ARC, **known)


def test_too_few_points_are_refused() -> None:
    few = spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], points=3)
    with pytest.raises(InputError, match="has 7 free parameters, expected fewer than 6, twice"):
        fit(few, TWO)
    with pytest.raises(InputError, match="no circuit to compare, expected one with fewer than 4"):
        compare(few, [TWO])
    with pytest.raises(InputError, match="has an impedance of zero"):
        fit(Spectrum([3.0, 2.0, 1.0], [0.0, 1.0, 2.0]), Resistor())


# --- warnings and arcs ----------------------------------------------------------------------------


def test_correlated_parameters_are_named() -> None:
    """Two capacitances in series are one."""
    circuit = circuit_from_text("R0-C1-C2")
    base = spectrum_of(circuit_from_text("R0-C1"), [10.0, 1e-5], noise=1e-3)
    found = fit(base, circuit)
    assert any(w.startswith("C1 and C2 are correlated at -") for w in found.warnings)
    one = fit(base, circuit_from_text("R0-C1"))
    assert not one.warnings
    n_and_Q = fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=1e-3), ARC).warnings
    assert any("CPE1_Q and CPE1_n are correlated" in w and "inside one element" in w
               for w in n_and_Q)  # fmt: skip


def test_an_arc_outside_the_measured_frequencies_is_named() -> None:
    circuit = circuit_from_text("p(R1,C1)-p(R2,C2)")
    found = fit(spectrum_of(circuit, [100.0, 3e-10, 100.0, 1e-5], noise=1e-3), circuit)
    told = [w for w in found.warnings if "outside" in w]
    assert len(told) == 1
    assert told[0].startswith("p(R1,C1): the top of its arc at 5.")
    assert told[0].endswith("is outside the measured 0.1 to 1e+06 Hz")


def test_what_the_spectrum_does_not_determine_is_named() -> None:
    """An inductor far below anything that was measured."""
    lead = L() - ARC
    found = fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=1e-3), lead)
    assert "L0" in found.doubtful
    assert any(w.startswith(("L0 is not determined", "L0 ended at its bound"))
               for w in found.warnings)  # fmt: skip
    assert not found.determined
    assert fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=1e-3), ARC).determined


def test_effective_capacitance_and_its_error() -> None:
    """(R^(1-n) Q)^(1/n), and an error that is the scatter of fits."""
    values = [10.0, 1e5, 1e-10, 0.9]
    fits = [fit(spectrum_of(ARC, values, noise=5e-3, seed=k), ARC, most_starts=3)
            for k in range(25)]  # fmt: skip
    found = np.array([f.arcs[0].capacitance for f in fits])
    exact = (1e5**0.1 * 1e-10) ** (1 / 0.9)
    assert_allclose(found.mean(), exact, rtol=0.02, atol=0)
    assert_allclose(np.mean([f.arcs[0].error for f in fits]), found.std(ddof=1), rtol=0.5, atol=0)


@pytest.mark.parametrize("text", ["p(R1,C1)", "p(R1,CPE1)", "ZARC1"])
def test_every_kind_of_arc_has_a_capacitance(text: str) -> None:
    circuit = circuit_from_text(text)
    x = np.array(circuit.elements[0].seed(1e4, 1e-3, 0.8) if text == "ZARC1" else
                 [1e4, *circuit.elements[1].seed(1e4, 1e-3, 0.8)])  # fmt: skip
    arc = arcs(circuit, x)[0]
    assert_allclose([arc.tau, arc.capacitance], [1e-3, 1e-7], rtol=1e-9, atol=0)
    assert_allclose(arc.frequency, 1 / (2 * np.pi * 1e-3), rtol=1e-9, atol=0)


@pytest.mark.parametrize(
    ("size", "capacitance", "meaning"),
    [
        (Geometry(1e-4, 1e-3), 2e-11, Meaning.BULK),  # a pellet, eps_r 23
        (Geometry(1e-4, 1e-3), 1e-9, Meaning.GRAIN_BOUNDARY),
        (Geometry(1e-4, 1e-3), 1e-6, Meaning.INTERFACE),
        (Geometry(1e-4, 1e-3), 1e-2, Meaning.REACTION),
        (Geometry(1e-4, 1e-6), 1.5e-8, Meaning.BULK),  # a film of LiPON, eps_r 17
        (Geometry(1e-4, 1e-6), 5e-7, Meaning.INTERFACE),  # 5 mF/m2: a double layer
        (None, 5e-12, Meaning.BULK),
        (None, 2e-11, Meaning.GRAIN_BOUNDARY),
        (None, 1e-6, Meaning.INTERFACE),
        (None, 1e-2, Meaning.REACTION),
    ],
)
def test_a_capacitance_tells_what_an_arc_is_likely_to_be(size, capacitance, meaning) -> None:
    arc = arcs(p(Resistor(), C()), np.array([1e4, capacitance]), size)[0]
    assert arc.meaning is meaning
    if size is None:
        assert arc.permittivity is None
        assert "because the geometry is not known; a film has far more" in arc.reason
    else:
        expected = capacitance * size.thickness / size.area / EPSILON_0
        assert_allclose(arc.permittivity, expected, rtol=1e-12, atol=0)


def test_only_one_arc_is_the_bulk() -> None:
    two = p(Resistor(), C()) - p(Resistor(), C())
    found = arcs(two, np.array([1e6, 1e-11, 1e5, 2e-12]), Geometry(1e-4, 1e-3))
    assert [a.name for a in found] == ["p(R2,C2)", "p(R1,C1)"]
    assert [a.meaning for a in found] == [Meaning.BULK, Meaning.GRAIN_BOUNDARY]
    assert "but a faster arc is the bulk" in found[1].reason


def test_a_fit_prints_and_goes_into_a_file() -> None:
    found = fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85], noise=1e-3), ARC)
    told = str(found)
    assert told.startswith("R0-p(R1,CPE1): rms 0.1")
    for word in ("CPE1_Q", "S s^n", "likely interface or electrode", "! CPE1_Q and CPE1_n"):
        assert word in told
    kept = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert kept["parameters"]["R1"]["value"] == found.values["R1"]
    assert kept["arcs"][0]["meaning"] == "interface or electrode"
    fixed = fit(found.spectrum, ARC, fixed={"R0": 10.0}).as_dict()
    assert fixed["parameters"]["R0"]["error"] is None


def test_a_fit_predicts() -> None:
    found = fit(spectrum_of(ARC, [10.0, 100.0, 1e-6, 0.85]), ARC)
    f = np.array([1e7, 1e-3])
    assert_allclose(found.predict(f), ARC.impedance(2 * np.pi * f, [10.0, 100.0, 1e-6, 0.85]),
                    rtol=1e-7, atol=0)  # fmt: skip
    assert_allclose(found.residuals, 0.0, rtol=0, atol=1e-9)


# --- comparison -----------------------------------------------------------------------------------


def test_the_circuit_that_made_the_spectrum_wins() -> None:
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    three = circuit_from_text("R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)")
    found = compare(noisy, [three, ARC, TWO])
    assert found.best.circuit == TWO
    assert [str(f.circuit) for f in found.fits[1:]] == [str(three), str(ARC)]
    assert_allclose(sum(found.weights), 1.0, rtol=1e-12, atol=0)
    assert found.weights[0] > 0.5
    assert "R0-p(R1,CPE1)-p(R2,CPE2)" in str(found).splitlines()[1]
    n, k = 120, 8
    by_hand = n * np.log(found.best.cost / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    assert_allclose(found.best.aicc, by_hand, rtol=1e-12, atol=0)


def test_of_circuits_with_support_the_simplest_is_chosen() -> None:
    """A further arc lowers the criterion a little and every number is determined: left out."""
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    found = compare(noisy, [TWO, ARC])
    simple, best = found.fits[1], found.best
    fewer = replace(simple, x=best.x[:4], covariance=best.covariance[:4, :4], bounded=())
    for above, chosen in ((5.0, True), (20.0, False)):
        lower = np.exp((best.aicc + above - fewer.aicc) / 120)
        near = replace(fewer, cost=fewer.cost * lower)
        assert_allclose(near.aicc - best.aicc, above, rtol=1e-9, atol=0)
        assert near.determined
        assert (replace(found, fits=(best, near)).chosen is near) is chosen
    assert found.chosen is best


def test_a_circuit_with_more_in_it_never_fits_worse() -> None:
    noisy = spectrum_of(TWO, TWO_VALUES, noise=3e-3)
    found = compare(noisy, [TWO, TWO - Wfs(), L() - TWO])
    cost = {str(f.circuit): f.cost for f in found.fits}
    assert max(cost.values()) <= cost[str(TWO)] * 1.0001


def test_the_family_has_every_tail_and_front() -> None:
    told = [str(circuit) for circuit in family(2)]
    assert len(told) == len(set(told)) == 16
    assert "p(R1,CPE1)-p(R2,CPE2)-CPE3" in told
    assert "L0-R0-p(R1,CPE1)-p(R2,CPE2)-Wfl3" in told
    assert "R0" in [str(circuit) for circuit in family(0)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("R0-p(R1,CPE1)", [10.0, 100.0, 1e-6, 0.85]),
        ("R0-p(R1,CPE1)-CPE2", [10.0, 100.0, 1e-6, 0.85, 1e-3, 0.9]),
        ("L0-R0-p(R1,CPE1)", [1e-5, 10.0, 100.0, 1e-6, 0.85]),
        ("p(R1,CPE1)-CPE2", [100.0, 1e-6, 0.85, 1e-3, 0.9]),
    ],
)
def test_the_circuit_that_made_a_spectrum_is_proposed(text: str, values: list[float]) -> None:
    noisy = spectrum_of(circuit_from_text(text), values, noise=2e-3)
    found = propose(noisy, accuracy=4e-3)
    assert str(found.chosen.circuit) == text
    assert found.chosen.determined


# --- measured spectra -----------------------------------------------------------------------------


def test_activation_energies_of_the_pellet_from_default_starts() -> None:
    """G2: 0.587 and 0.892 eV within 0.01 eV, and every resistance as published."""
    published = np.array([
        [1.462e5, 2.012e6], [1.123e5, 1.139e6], [7.949e4, 6.673e5],
        [3.984e4, 2.430e5], [2.743e4, 1.526e5], [2.246e4, 9.502e4],
    ])  # fmt: skip
    spectra = pellets()
    fits = [fit(spectrum, PELLET) for spectrum in spectra]
    resistances = np.array([[f.values["R1"], f.values["R2"]] for f in fits])
    assert_allclose(resistances, published, rtol=1e-3, atol=0)
    T = [spectrum.temperature for spectrum in spectra]
    energies = [activation_from_resistance(T, column).electronvolts for column in resistances.T]
    assert_allclose(energies, [0.587, 0.892], rtol=0, atol=0.01)
    for found in fits:
        assert [arc.meaning for arc in found.arcs] == [Meaning.BULK, Meaning.GRAIN_BOUNDARY]
        assert 15e-12 < found.arcs[1].capacitance < 20e-12


def test_a_blocked_electrolyte_is_described_below_one_percent() -> None:
    """By a circuit that the search proposes, of which every parameter is determined."""
    spectrum = measured(LPSCL_TEXT)
    tried = propose(spectrum)
    found = tried.chosen
    assert found.rms < 0.01
    assert found.determined
    assert found.circuit.shape.startswith("R-p(R,CPE)")
    middle = 1 / np.sqrt(spectrum.omega[0] * spectrum.omega[-1])
    tails = [f.x[-1] for f in tried.fits if f.circuit.names[-1].endswith("_tau")]
    assert tails
    assert min(tails) >= 0.999 * middle  # diffusion is slow: no arc in disguise


def test_a_solid_state_battery_is_described_below_one_percent() -> None:
    """By a circuit that Akaike's criterion selects from the family, with a lead and a tail."""
    kin = [c for arcs in (3, 4, 5) for c in family(arcs) if str(c).startswith("L0-p")]
    found = compare(measured(SSB), [c for c in kin if c.shape.endswith("-CPE")])
    assert found.chosen is found.best
    assert found.best.rms < 0.01
    assert found.best.determined


def test_the_synthetic_arc_is_found_with_its_inductance() -> None:
    """G3: 10 ohm, 5e-6 H, an arc of 50 ohm and 0.1 s with exponent 0.8, noise 0.5 ohm."""
    circuit = circuit_from_text("L0-R0-ZARC1")
    found = fit(measured(SYNTHETIC + "1ZARC.csv"), circuit, weights=Unit())
    for name, value in zip(circuit.names, [5e-6, 10.0, 50.0, 0.1, 0.8], strict=True):
        assert abs(found.values[name] - value) < 3 * found.errors[name]


# --- series ---------------------------------------------------------------------------------------


def made_series(noise: float = 2e-3) -> tuple[Circuit, list[Spectrum], np.ndarray]:
    """Two arcs, the first by ln(sigma T) with 0.4 eV, the second by ln sigma with 0.7 eV."""
    circuit = circuit_from_text("p(R1,CPE1)-p(R2,CPE2)")
    T = np.array([300.0, 320.0, 340.0, 360.0])
    steep = F / R * (1 / T - 1 / 298.15)
    one = 1e5 * T / 298.15 * np.exp(0.4 * steep)
    other = 1e6 * np.exp(0.7 * steep)
    spectra = [
        spectrum_of(circuit, [a, 1e-10, 0.9, b, 4e-9, 0.85], noise=noise, seed=k, temperature=K)
        for k, (K, a, b) in enumerate(zip(T, one, other, strict=True))
    ]
    return circuit, spectra, np.stack([one, other])


LAWS = {
    "R1": LnSigmaT(), "R2": LnSigma(), "CPE1_Q": Shared(), "CPE1_n": Shared(), "CPE2_n": Shared(),
}  # fmt: skip


def test_a_series_gives_the_energies_that_made_it() -> None:
    circuit, spectra, resistances = made_series()
    found = fit_series(spectra, circuit, LAWS)
    for name, eV in (("R1", 0.4), ("R2", 0.7)):
        activation = found.activations[name]
        assert activation.relation == LAWS[name]
        low, high = activation.interval_electronvolts
        assert low <= eV <= high
        assert high - low < 0.02
    assert_allclose(1 / found.activations["R1"].reference, 1e5, rtol=0.02, atol=0)
    T, value, error = found.table("R2")
    assert_allclose(T, [300, 320, 340, 360], rtol=0, atol=0)
    assert np.all(np.abs(value - resistances[1]) < 4 * error)
    assert len({f.values["CPE1_n"] for f in found.fits}) == 1
    assert found.free == 2 + 2 + 1 + 1 + 4 + 1
    assert_allclose(found.rms, 2e-3 * np.sqrt(2), rtol=0.1, atol=0)


def test_what_is_shared_is_known_better() -> None:
    circuit, spectra, _ = made_series()
    alone, together = fit_series(spectra, circuit), fit_series(spectra, circuit, LAWS)
    assert np.all(together.table("R1")[2] < alone.table("R1")[2])
    assert together.aicc < alone.aicc
    by_itself = fit(spectra[1], circuit)
    assert_allclose(alone.fits[1].x, by_itself.x, rtol=1e-4, atol=0)


def test_a_law_that_does_not_hold_costs() -> None:
    """A resistance that is not activated at all."""
    circuit, spectra, _ = made_series()
    wrong = fit_series(spectra, circuit, {"R1": Shared()})
    assert wrong.rms > 10 * fit_series(spectra, circuit).rms


def test_a_capacitance_that_grows_with_temperature_has_a_positive_energy() -> None:
    circuit = circuit_from_text("R0-C1")
    spectra = [
        spectrum_of(circuit, [10.0, 1e-6 * np.exp(-0.2 * F / R * (1 / T - 1 / 298.15))],
                    noise=1e-3, temperature=T)
        for T in (290.0, 310.0, 330.0)
    ]  # fmt: skip
    found = fit_series(spectra, circuit, {"C1": LnSigma()}).activations["C1"]
    assert_allclose(found.electronvolts, 0.2, rtol=0, atol=2e-3)
    assert_allclose(found.reference, 1e-6, rtol=0.01, atol=0)


def test_a_shared_parameter_at_its_bound_has_no_error() -> None:
    circuit = circuit_from_text("p(R1,CPE1)")
    ideal = circuit_from_text("p(R1,C1)")
    spectra = [spectrum_of(ideal, [100.0 * k, 1e-6], noise=3e-3, seed=5, temperature=300.0 + k)
               for k in (1, 2)]  # fmt: skip
    found = fit_series(spectra, circuit, {"CPE1_n": Shared()}, bounds={"CPE1_n": (0.5, 0.9)})
    for one in found.fits:
        assert one.bounded == ("CPE1_n",)
        assert np.isnan(one.errors["CPE1_n"])
        assert np.isfinite(one.errors["R1"])


def test_a_series_prints_and_warns_by_temperature() -> None:
    circuit, spectra, _ = made_series()
    found = fit_series(spectra, circuit, LAWS)
    told = str(found).splitlines()
    assert told[0].startswith("p(R1,CPE1)-p(R2,CPE2): 4 spectra, rms 0.2")
    assert told[1].startswith("R1: 0.39")
    assert told[-1].startswith("  360.00")
    assert all(w.startswith(("300 K: ", "320 K: ", "340 K: ", "360 K: ")) for w in found.warnings)


@pytest.mark.parametrize(
    ("shared", "known", "sentence"),
    [
        ({"R9": Shared()}, {}, "law of 'R9': p.* has no such parameter"),
        ({"CPE1_n": LnSigma()}, {}, "CPE1_n is an exponent and cannot follow a law"),
        ({"R1": Shared()}, {"fixed": {"R1": 1.0}}, "R1 is fixed and has a law, expected one of"),
    ],
)
def test_laws_that_cannot_be_are_refused(shared, known, sentence: str) -> None:
    circuit, spectra, _ = made_series()
    with pytest.raises(InputError, match=sentence):
        fit_series(spectra, circuit, shared, **known)


def test_a_series_needs_temperatures() -> None:
    circuit, spectra, _ = made_series()
    with pytest.raises(InputError, match="spectrum 2: no temperature was given, expected one"):
        fit_series([spectra[0], replace(spectra[1], temperature=None)], circuit)
    with pytest.raises(InputError, match="2 spectra at one temperature, expected two"):
        fit_series([spectra[0], spectra[0]], circuit)
    with pytest.raises(InputError, match="table of 'R9'"):
        fit_series(spectra[:2], circuit).table("R9")


def test_the_pellet_as_a_series() -> None:
    """With nothing shared it is the six fits; with laws the grain boundary stays where it was."""
    spectra = pellets()
    free = fit_series(spectra, PELLET)
    T, R2, _ = free.table("R2")
    assert_allclose(activation_from_resistance(T, R2).electronvolts, 0.892, rtol=0, atol=0.01)
    found = fit_series(spectra, PELLET, {"R1": LnSigmaT(), "R2": LnSigmaT()})
    assert_allclose(found.activations["R2"].electronvolts, 0.892, rtol=0, atol=0.02)
    assert free.rms <= found.rms < 0.01
