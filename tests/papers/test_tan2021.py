"""Tan 2021, the electrolyte: the contradiction is the paper's, the fits give back what was in."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell.constants import F
from filmcell.impedance.arrhenius import LnSigma, LnSigmaT, activation_energy
from filmcell.papers import tan2021_llto
from filmcell.papers.tan2021_llto import POINTS, STATED


@pytest.fixture(scope="module")
def outcome() -> tan2021_llto.Outcome:
    """One reproduction for all tests."""
    return tan2021_llto.reproduce()


def test_the_printed_pair_implies_less_than_is_stated() -> None:
    """RT-24: 0.2229 eV by ln sigma, 0.2523 eV by ln(sigma T), of the numbers in the library."""
    cold, hot, energy = tan2021_llto.printed()
    pair = [cold.number, hot.number]
    for relation, implied in ((LnSigma(), 0.2229), (LnSigmaT(), 0.2523)):
        found = activation_energy([298.15, 393.15], pair, relation=relation)
        assert found.electronvolts == pytest.approx(implied, abs=1e-4)
    assert energy.number / F == pytest.approx(0.33)


def test_no_reading_reproduces_all_three(outcome: tan2021_llto.Outcome) -> None:
    """Conductivities or energy, never both."""
    verdicts = [[c.verdict for c in r.claims] for r in outcome.report.readings]
    assert verdicts == [
        ["reproduced", "reproduced", "missed", "missed"],
        ["reproduced", "missed", "missed", "reproduced"],
    ]


def test_the_fits_give_back_what_the_cells_were_made_with(outcome: tan2021_llto.Outcome) -> None:
    """Energies within their 95 % intervals, and conductivities within four standard errors."""
    for name, series in outcome.series.items():
        (film,) = tan2021_llto.cells()[name].layers
        found = series.energies[1]
        low, high = found.interval
        assert low < film.activation_energy < high  # type: ignore[union-attr]
        T = np.array(tan2021_llto.TEMPERATURES) + 273.15
        exact = np.array([film.thickness / film.resistance(t) for t in T])  # type: ignore[union-attr]
        errors = [f.errors["R1"] / f.values["R1"] for f in series.fits]
        assert np.all(np.abs(np.array(series.conductivity) / exact - 1.0) < 4.0 * np.array(errors))
        assert max(f.rms for f in series.fits) < 0.01


def test_the_two_relations_differ_by_k_T(outcome: tan2021_llto.Outcome) -> None:
    """By about 29 meV between 25 and 120 degrees."""
    for series in outcome.series.values():
        by_T, by_sigma = series.energies
        assert by_T.electronvolts - by_sigma.electronvolts == pytest.approx(0.0294, abs=5e-4)


def test_first_reading_is_the_printed_pair(outcome: tan2021_llto.Outcome) -> None:
    """0.22 to 0.25 eV come out of the fitted spectra, far from 0.33 eV."""
    by_T, by_sigma = (a.electronvolts for a in outcome.series[POINTS].energies)
    assert by_sigma == pytest.approx(0.2229, abs=0.005)
    assert by_T == pytest.approx(0.2523, abs=0.005)
    claims = {c.id: c for c in outcome.report.readings[1].claims}
    assert claims["SIGMA-120"].ours / claims["SIGMA-120"].paper == pytest.approx(
        22.28 / 8.14, rel=0.03
    )
    assert outcome.series[STATED].energies[1].electronvolts == pytest.approx(0.33, abs=0.005)


def test_the_report_says_what_the_numbers_imply(outcome: tan2021_llto.Outcome) -> None:
    """In a note, with both energies, both ratios, and what is not known."""
    first, size, _ = outcome.report.notes
    for words in ("0.2229 eV (ln sigma)", "0.2523 eV (ln sigma T)", "ratio of 8.14",
                  "22.28 or 16.90", "0.22 to 0.25 eV", "no reading"):  # fmt: skip
        assert words in first
    # 300 nm over 4 mm across to 400 nm over 3 mm
    assert f"a factor of {400 / 300 * (4 / 3) ** 2:.1f} only" in size


def test_the_same_seed_gives_the_same_numbers(outcome: tan2021_llto.Outcome) -> None:
    """So that the page in docs stays true."""
    again = tan2021_llto.series_of(tan2021_llto.cells()[POINTS])
    assert_allclose(again.conductivity, outcome.series[POINTS].conductivity, rtol=1e-9)


def test_every_spectrum_ticks_and_every_number_has_an_origin() -> None:
    """Twelve for the progress bar; published or assumed, nothing calibrated."""
    ticks: list[int] = []
    report = tan2021_llto.reproduce(lambda: ticks.append(1)).report
    assert len(ticks) == 12
    for name, origin in report.origins.items():
        assert origin.startswith(("published", "assumed")), name
    assert all(not r.calibrated for r in report.readings)
    data = json.loads(json.dumps(report.as_dict(), allow_nan=False))
    assert [c["id"] for c in data["claims"]] == [
        "SIGMA-25",
        "SIGMA-120",
        "EA-LN-SIGMA-T",
        "EA-LN-SIGMA",
    ]
