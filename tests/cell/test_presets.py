"""Presets: every number says where it comes from, and what follows is what the papers give."""

import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from numpy.testing import assert_allclose

from filmcell import MixedConduction, SingleDiffusion, WeakElectrolyte, load_cell, preset_names
from filmcell.cell.cathodes import Cathode
from filmcell.cell.describe import describe, figures

MODEL = "wang2023-lco-lipon-li"
FILMS = {f"wang2023-film-{um}um": float(um) for um in ("1.21", "2.56", "10.17", "25.70")}
DANILOV = ["danilov2011", "danilov2011-printed"]
ALL = [MODEL, *FILMS, *DANILOV, "raijmakers2020"]
KINDS = {"measured", "fitted", "figure", "computed", "assumed", "published"}


def numbers(part: Any, at: str = "") -> Iterator[str]:
    """Walk the keys of a description under which there is a number or a property."""
    if isinstance(part, dict) and {"range", "unit"} <= set(part):
        yield at
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from numbers(value, f"{at}.{key}".removeprefix("."))
    elif isinstance(part, list):
        for k, value in enumerate(part):
            yield from numbers(value, f"{at}.{k}")
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield at


def test_there_are_eight_presets() -> None:
    assert preset_names() == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_number_of_a_preset_says_where_it_comes_from(name: str) -> None:
    cell = load_cell(name)
    keys = set(numbers({k: v for k, v in describe(cell).items() if k != "sources"}))
    assert len(keys) > 20
    assert keys == set(cell.sources)
    assert {source.split(":")[0] for source in cell.sources.values()} <= KINDS


@pytest.mark.parametrize("name", ["raijmakers2020", *DANILOV])
def test_numbers_read_in_another_place_than_the_paper_say_so(name: str) -> None:
    told = ("measured", "fitted", "figure", "published")
    for key, source in load_cell(name).sources.items():
        assert "second-hand" in source or not source.startswith(told), key


@pytest.mark.parametrize("name", ALL)
def test_the_description_is_json_and_names_each_kind(name: str) -> None:
    cell = load_cell(name)
    data = json.loads(cell.json)
    assert data == describe(cell)
    assert data["anode"]["kind"] == "lithium"
    assert data["electrolyte"]["kind"] == ("single-ion" if name in {MODEL, *FILMS} else "weak")
    assert data["cathode"]["transport"]["kind"] == (
        "mixed" if name == "raijmakers2020" else "single"
    )
    assert data["cathode"]["shape"] == "film"


@pytest.mark.parametrize("name", ALL)
def test_a_preset_can_be_sent_to_another_process(name: str) -> None:
    cell = load_cell(name)
    assert pickle.loads(pickle.dumps(cell)) == cell


# Wang 2023


@pytest.mark.parametrize(("name", "thickness"), FILMS.items())
def test_a_fabricated_film_has_its_thickness_and_area(name: str, thickness: float) -> None:
    cell = load_cell(name)
    assert_allclose(cell.cathode.thickness, thickness * 1e-6, rtol=1e-14, atol=0)
    assert_allclose(cell.area, 1.44e-4, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", [MODEL, *FILMS])
def test_theoretical_capacity_is_a_tenth_of_a_mah_per_um(name: str) -> None:
    """RT-27: Wang 2023, Table 1, IC / CU on 1.44 cm2."""
    cell = load_cell(name)
    per_um = cell.theoretical_capacity * cell.area / 3.6 / (cell.cathode.thickness * 1e6)
    assert_allclose(per_um, 0.1000, rtol=2e-3, atol=0)
    assert figures(cell)["theoretical_capacity_mAh"] == pytest.approx(
        per_um * cell.cathode.thickness * 1e6, rel=1e-12
    )


@pytest.mark.parametrize("name", [MODEL, *FILMS])
def test_the_older_presets_are_plain_cells(name: str) -> None:
    cell = load_cell(name)
    assert cell.cathode.transport == SingleDiffusion()
    assert cell.heat is None
    assert cell.geometric_capacitance == 0.0
    assert_allclose(cell.cathode.entropy([0.5, 1.0]), 0.0, rtol=0, atol=0)


# Raijmakers 2020 and Danilov 2011


def exchange(cathode: Cathode, x: float) -> float:
    """Exchange current density at lithiation fraction x [A/m2]."""
    prefactor = float(cathode.exchange_current_density(x))
    return float(prefactor * x**cathode.lithium_exponent * (1.0 - x) ** cathode.vacancy_exponent)


def test_raijmakers_has_the_derived_values_of_its_parameters() -> None:
    """RT-14 to RT-16 and the nominal current: values of the reference, section 5.4."""
    cell = load_cell("raijmakers2020")
    film = cell.electrolyte
    assert isinstance(film, WeakElectrolyte)
    assert_allclose(film.conductivity(293.0), 1.10953e-4, rtol=1e-5, atol=0)
    assert_allclose(film.resistance(293.0), 3.26266e-2, rtol=1e-5, atol=0)
    assert_allclose(film.transference_number, 0.2332, rtol=2e-4, atol=0)
    assert_allclose(film.dissociation_rate, 5.5652e-2, rtol=1e-5, atol=0)
    assert_allclose(exchange(cell.cathode, 0.51), 4.7005, rtol=1e-4, atol=0)
    assert_allclose(exchange(cell.cathode, 0.9), 2.8209, rtol=1e-4, atol=0)
    assert_allclose(cell.anode.exchange_current_density, 5.7503, rtol=1e-4, atol=0)  # type: ignore[arg-type]
    assert_allclose(cell.c_rate_current_density(1.0), 2.08333, rtol=1e-5, atol=0)
    assert cell.c_rate_basis == "nominal capacity 0.7 mAh"


def test_raijmakers_has_its_capacitances_and_its_cathode() -> None:
    cell = load_cell("raijmakers2020")
    capacitances = (
        cell.geometric_capacitance,
        cell.anode.double_layer_capacitance,
        cell.cathode.double_layer_capacitance,
    )
    assert_allclose(capacitances, (3.24e-5, 1.74e-4, 5.30e-3), rtol=1e-14, atol=0)
    assert isinstance(cell.cathode.transport, MixedConduction)
    assert_allclose(cell.cathode.transport.share, 0.8070175, rtol=1e-7, atol=0)
    assert_allclose(cell.contact_resistance, 1.83e-3, rtol=1e-14, atol=0)
    assert_allclose(
        cell.cathode.potential([0.45, 0.51, 1.0]), [4.28, 4.19, 3.0], rtol=0, atol=1e-12
    )
    assert_allclose(cell.cathode.diffusivity([0.45, 0.55, 0.6]), 7.9e-14, rtol=1e-12, atol=0)
    assert_allclose(cell.cathode.diffusivity(1.0), 3.0e-15, rtol=1e-12, atol=0)
    assert cell.anode.capacity > cell.theoretical_capacity
    charged, discharged = cell.window_fractions
    assert 0.50 < charged < 0.51
    assert_allclose(discharged, 1.0, rtol=1e-12, atol=0)


@pytest.mark.parametrize(("name", "rate"), [(DANILOV[0], 2.13721e-3), (DANILOV[1], 2.13721e-5)])
def test_danilov_has_the_derived_values_of_its_parameters(name: str, rate: float) -> None:
    """RT-09 and section 4.2 of the reference."""
    cell = load_cell(name)
    film = cell.electrolyte
    assert isinstance(film, WeakElectrolyte)
    assert_allclose(film.conductivity(298.15), 2.43754e-4, rtol=1e-5, atol=0)
    assert_allclose(film.resistance(298.15), 6.15374e-3, rtol=1e-5, atol=0)
    assert_allclose(film.transference_number, 0.15, rtol=1e-12, atol=0)
    assert_allclose(film.equilibrium_concentration, 10818.0, rtol=1e-12, atol=0)
    assert_allclose(film.dissociation_rate, rate, rtol=1e-5, atol=0)
    assert_allclose(exchange(cell.cathode, 0.5), 9.5, rtol=1e-12, atol=0)
    assert_allclose(cell.theoretical_capacity, 359.70, rtol=1e-5, atol=0)
    assert_allclose(cell.c_rate_current_density(1.0), 0.1, rtol=1e-12, atol=0)
    assert cell.cathode.transfer_coefficient == 0.6


def test_the_two_cells_of_danilov_differ_in_one_rate() -> None:
    one, other = (describe(load_cell(name)) for name in DANILOV)
    assert [k for k in one if one[k] != other[k]] == ["electrolyte", "name", "sources"]
    kept = {k for k in one["electrolyte"] if one["electrolyte"][k] == other["electrolyte"][k]}
    assert set(one["electrolyte"]) - kept == {"recombination_rate"}
    rates = [load_cell(name).sources["electrolyte.recombination_rate"] for name in DANILOV]
    assert "danilov2011-printed" in rates[0]
    assert "preset danilov2011)" in rates[1]


def test_the_zero_current_curve_of_danilov_follows_the_figure() -> None:
    U = load_cell("danilov2011").cathode.potential
    for charge, volts in ((0, 4.1967), (2, 4.0648), (8, 3.9062), (9.25, 3.9003), (9.9612, 3.8)):
        assert_allclose(U(0.5 + 0.5 * charge / 9.992), volts, rtol=0, atol=1e-4)
    assert [U.low, U.high, float(U(1.0))] == [0.45, 1.0, pytest.approx(3.0, abs=1e-12)]
