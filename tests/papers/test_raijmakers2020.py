"""Raijmakers 2020 as claims: the targets of the physics reference, each with its tolerance."""

import json

import pytest
from numpy.testing import assert_allclose

from filmcell.cell.file import load_cell
from filmcell.papers import claims, raijmakers2020
from filmcell.papers.claims import Claim


@pytest.fixture(scope="module")
def outcome() -> raijmakers2020.Outcome:
    """One reproduction for all tests."""
    return raijmakers2020.reproduce()


@pytest.fixture(scope="module")
def first(outcome: raijmakers2020.Outcome) -> dict[str, Claim]:
    """Claims of the first reading by id."""
    return {claim.id: claim for claim in outcome.report.readings[0].claims}


@pytest.fixture(scope="module")
def second(outcome: raijmakers2020.Outcome) -> dict[str, Claim]:
    """Claims of the second reading by id."""
    return {claim.id: claim for claim in outcome.report.readings[1].claims}


@pytest.mark.parametrize(
    ("id_", "value", "rtol"),
    [
        ("SIGMA", 1.10953, 1e-5),
        ("R-E", 326.266, 1e-5),
        ("T-PLUS", 0.2332, 3e-4),
        ("D-AMB", 2.6533, 2e-5),
        ("K-D", 5.5652e-2, 1e-5),
        ("TAU-R", 8.456, 1e-4),
        ("LAMBDA", 47.37, 1e-4),
        ("R-DC", 354.348, 1e-5),
        ("I0-P-0.51", 4.7005, 1e-4),
        ("I0-P-0.80", 3.7612, 1e-4),
        ("I0-P-0.90", 2.8209, 1e-4),
        ("I0-N", 5.7503, 1e-4),
        ("TAU-GEO", 1.057, 5e-4),
        ("TAU-P", 35.58, 1e-4),
        ("TAU-N", 0.7640, 1e-4),
        ("D-P0", 1.9530, 1e-4),
        ("SHARE", 80.7, 1e-3),
    ],
)
def test_what_follows_from_the_table(
    first: dict[str, Claim], id_: str, value: float, rtol: float
) -> None:
    """RT-14, RT-16 and the derived values."""
    assert_allclose(first[id_].ours, value, rtol=rtol, atol=0)
    assert first[id_].verdict == claims.REPRODUCED


def test_electrolyte_at_1c(first: dict[str, Claim]) -> None:
    """RT-15: losses within 0.05 mV, ions within 5 mol/m3; of the figure the total within 0.5 mV."""
    for id_, value in (("NERNST", -3.824), ("MIGRATION", -70.019), ("TOTAL", -73.844)):
        assert_allclose(first[id_].ours, value, rtol=0, atol=0.05)
        assert first[f"{id_}-INDEPENDENT"].verdict == claims.REPRODUCED
    assert_allclose(first["IONS-LITHIUM"].ours, 42.067, rtol=0, atol=0.005)
    assert_allclose(first["IONS-CATHODE"].ours, 36.154, rtol=0, atol=0.005)
    assert first["TOTAL"].verdict == claims.REPRODUCED


@pytest.mark.parametrize(
    ("rate", "measured", "allowed"), [("0.1", 0.3244, 0.01), ("1", 0.2473, 0.02), ("6", 0.16, 0.06)]
)
def test_measured_capacities(
    first: dict[str, Claim], rate: str, measured: float, allowed: float
) -> None:
    """RT-17: within 1, 2 and 6 % with nothing calibrated."""
    claim = first[f"MEASURED-{rate}C"]
    assert claim.paper == measured
    assert_allclose(claim.ours, measured, rtol=allowed, atol=0)
    assert claim.verdict == claims.REPRODUCED


def test_the_assembly(first: dict[str, Claim]) -> None:
    """RT-18: 0.3234, 0.2496 and 0.1674 within 0.0005, and with all lithium from one side."""
    for rate, plain, one_sided in (("0.1", 0.3234, 0.3164), ("1", 0.2496, 0.2341),
                                   ("6", 0.1674, 0.1447)):  # fmt: skip
        assert_allclose(first[f"ASSEMBLED-{rate}C"].ours, plain, rtol=0, atol=5e-4)
        assert_allclose(first[f"ONE-SIDED-{rate}C"].ours, one_sided, rtol=0, atol=5e-4)
        assert_allclose(first[f"MEASURED-{rate}C"].ours, plain, rtol=0, atol=5e-4)


def test_voltage_at_the_start(first: dict[str, Claim]) -> None:
    """Within 10 mV of the figure."""
    for rate, volts in (("0.1", 4.18), ("1", 4.10), ("6", 3.65)):
        assert_allclose(first[f"START-{rate}C"].ours, volts, rtol=0, atol=0.010)


def test_conclusions(first: dict[str, Claim]) -> None:
    """LiPON first, no double layers in a discharge, 9 % more where D_e = D_Li."""
    assert first["LIPON"].ours == 1.0
    assert "61 % of all" in first["LIPON"].note
    assert_allclose(first["DOUBLE-LAYERS"].ours, 1.0, rtol=0, atol=1e-4)
    assert_allclose(first["EQUAL-D"].ours, 1.088, rtol=0, atol=1e-3)


def test_six_c_is_missed_and_said(outcome: raijmakers2020.Outcome, first: dict[str, Claim]) -> None:
    """7.7 % above the paper's own simulation, and what was tried stands in the notes."""
    claim = first["SIMULATED-6C"]
    assert claim.verdict == claims.MISSED
    assert_allclose(claim.rel_error, 0.0767, rtol=0, atol=5e-4)
    text = " ".join(outcome.report.notes)
    for words in ("95 %", "90 %", "75 %", "x = 0.888", "3.30 V", "separate program", "2C to 3C"):
        assert words in text


def test_one_number_is_calibrated_to_one_number(
    outcome: raijmakers2020.Outcome, second: dict[str, Claim]
) -> None:
    """The factor on the steep part, inside its bounds, to 6C alone; 0.1C and 1C are predicted."""
    assert outcome.report.readings[0].calibrated == ()
    (factor,) = outcome.report.readings[1].calibrated
    assert factor.low + 0.1 < factor.value < factor.high - 0.1
    assert_allclose(factor.value, 0.785, rtol=0, atol=2e-3)
    assert second["SIMULATED-6C"].verdict == claims.CALIBRATED_TO
    assert_allclose(second["SIMULATED-6C"].ours, 0.1555, rtol=1e-5, atol=0)
    assert_allclose(second["SIMULATED-1C"].ours, 0.2457, rtol=0, atol=1e-4)
    assert second["SIMULATED-1C"].verdict == claims.REPRODUCED
    assert second["SIMULATED-0.1C"].verdict == claims.REPRODUCED


def test_what_moves_six_c(outcome: raijmakers2020.Outcome) -> None:
    """The steep part of D(x) moves 6C alone; terms of the voltage do not move it."""
    moved = outcome.report.readings[0].summary

    def change(what: str, rate: str) -> float:
        return moved[f"change_{rate}C_percent, {what}"]

    steep = "D(x) x 0.9 from 0.65 to 0.85"
    assert change(steep, "6") < -2.5
    assert abs(change(steep, "0.1")) < 0.01
    for what in ("rho_s x 2", "T = 298.15 K", "no loss of the electrons", "no capacitances",
                 "i0 follows the ions at the surfaces", "D+ and D- of LiPON x 0.8"):  # fmt: skip
        assert abs(change(what, "6")) < 1.2, what
    assert change("all D(x) x 0.9", "0.1") < -0.5
    assert change("x_0 = 0.505", "6") > 0 > change("x_0 = 0.515", "6")
    assert change("D_e = D_Li", "6") > 10
    assert change("p = 1", "6") < -10


def test_redrawing_is_local() -> None:
    """A factor and a shift act on the chosen knots and not elsewhere."""
    cell = load_cell("raijmakers2020")
    before, D = cell.cathode.diffusivity, raijmakers2020.redrawn(cell, 0.65, 0.85, factor=0.5)
    assert_allclose(D.cathode.diffusivity([0.65, 0.7, 0.85]), before([0.65, 0.7, 0.85]) * 0.5,
                    rtol=1e-12, atol=0)  # fmt: skip
    assert_allclose(D.cathode.diffusivity([0.5, 0.6, 0.9, 1.0]), before([0.5, 0.6, 0.9, 1.0]),
                    rtol=1e-12, atol=0)  # fmt: skip
    moved = raijmakers2020.redrawn(cell, 0.6, 0.85, shift=-0.02).cathode.diffusivity
    assert_allclose(moved([0.58, 0.63, 0.83]), before([0.6, 0.65, 0.85]), rtol=1e-12, atol=0)
    assert "redrawn from 0.6 to 0.85" in moved.source


def test_lithium_is_conserved(outcome: raijmakers2020.Outcome) -> None:
    """On the whole ladder, both readings."""
    for ladder in (outcome.ladder, outcome.lowered):
        assert list(ladder) == list(raijmakers2020.RATES)
        for result in ladder.values():
            assert result.lithium_imbalance() < 1e-12


def test_report_is_plain_data(outcome: raijmakers2020.Outcome) -> None:
    """The JSON form is that of every paper, the ladder in its summary."""
    data = json.loads(json.dumps(outcome.report.as_dict(), allow_nan=False))
    assert set(data) == {
        "paper", "doi", "reading", "claims", "calibrated", "summary", "other_readings", "origins",
        "notes",
    }  # fmt: skip
    assert {f"capacity_{r:g}C_mAh_per_cm2" for r in raijmakers2020.RATES} <= set(data["summary"])
    assert len(data["other_readings"][0]["calibrated"]) == 1
    for reading in (data, *data["other_readings"]):
        ids = [claim["id"] for claim in reading["claims"]]
        assert len(ids) == len(set(ids)) == reading["summary"]["claims"]


def test_every_number_has_an_origin(outcome: raijmakers2020.Outcome) -> None:
    """Published, assumed, computed, fitted, measured, calibrated or read off a figure."""
    words = ("published", "assumed", "computed", "fitted", "measured", "figure", "calibrated")
    for name, origin in outcome.report.origins.items():
        assert origin.startswith(words), name
