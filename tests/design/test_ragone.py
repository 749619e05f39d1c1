"""Ragone: the integral of the potential, power times time, one stack for all, failed points."""

import numpy as np
import polars
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell import InputError
from filmcell.design.ragone import (
    BASES,
    PER_AREA,
    PER_BARE_MASS,
    PER_BARE_VOLUME,
    PER_MASS,
    PER_VOLUME,
    Ragone,
    ragone,
)
from filmcell.design.sheets import MICA, PARYLENE
from filmcell.design.stack import stack_of
from filmcell.protocol.amounts import AmperesPerArea, CRate, WattsPerArea

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
STACK = stack_of(
    WANG, substrate=MICA, packaging=PARYLENE, densities={"electrolyte": "2.3 g/cm3"}
)  # fmt: skip
AMOUNTS = (CRate(0.05), CRate(0.5), AmperesPerArea(5.0), WattsPerArea(1.0), CRate(1e5))


@pytest.fixture(scope="module")
def found() -> Ragone:
    """Four discharges that go, and one that no cell can give."""
    return ragone(WANG, AMOUNTS, STACK)


def test_energy_at_vanishing_current_is_the_integral_of_the_potential() -> None:
    """Slow enough, all of the window comes out at the potential at rest; no loss is left."""
    cell = WANG.replace({"cathode.thickness": "2 um", "cathode.diffusivity": "1e-13 m2/s"})
    slow = ragone(cell, [CRate(1e-3)], STACK, charge=CRate(1e-2), cut_off=CRate(1e-5))
    x = np.linspace(*cell.window_fractions, 20_001)
    U = np.array(cell.cathode.open_circuit_potential(x, cell.temperature))
    integral = cell.cathode.capacity_per_fraction * np.trapezoid(U, x)
    assert_allclose(slow.areal_energy, integral, rtol=1e-3)
    assert slow.areal_energy[0] < integral


def test_power_times_time_is_energy(found: Ragone) -> None:
    for basis in BASES.values():
        product = found.power(basis) * found.duration / 3600.0
        assert_allclose(product[:4], found.energy(basis)[:4], rtol=1e-13)


def test_a_discharge_at_constant_power_has_that_mean_power(found: Ragone) -> None:
    """1 W/m2 is 0.1 mW/cm2; the solver's energy is the integral of what it held."""
    assert_allclose(found.power(PER_AREA)[3], 0.1, rtol=1e-4)


def test_bases_by_hand(found: Ragone) -> None:
    """Per mass is per area over areal mass, and the bare stack counts more than the whole."""
    areal = found.areal_energy[:4] / 3600.0  # Wh/m2
    assert_allclose(found.energy(PER_AREA)[:4], areal * 1e3 / 1e4, rtol=1e-13)
    assert_allclose(found.energy(PER_MASS)[:4], areal / STACK.areal_mass, rtol=1e-13)
    assert_allclose(found.energy(PER_VOLUME)[:4], areal / STACK.thickness / 1e3, rtol=1e-13)
    assert np.all(found.energy(PER_BARE_MASS)[:4] > found.energy(PER_MASS)[:4])
    assert np.all(found.energy(PER_BARE_VOLUME)[:4] > found.energy(PER_VOLUME)[:4])


def test_energy_is_that_of_one_simulation(found: Ragone) -> None:
    """Many designs at once give what one call of `simulate` gives."""
    text = "Charge at C/10 until 4.2 V; Hold at 4.2 V until C/50; Discharge at C/2 until 2.7 V"
    one = filmcell.simulate(WANG, filmcell.load_protocol(text))
    assert_allclose(found.areal_energy[1], one.energy[2] * 3600.0 / WANG.area, rtol=1e-4)
    assert_allclose(found.areal_capacity[1], one.capacity[2] * 3600.0 / WANG.area, rtol=1e-4)


def test_more_current_gives_less_energy(found: Ragone) -> None:
    assert np.all(np.diff(found.areal_energy[:3]) < 0.0)


def test_a_point_that_failed_says_why_and_the_others_stand(found: Ragone) -> None:
    assert found.failed[:4] == ("", "", "", "")
    assert found.failed[4].startswith("Discharge at 100000C gave no energy: voltage reached 2.7 V")
    assert np.isnan(found.energy(PER_MASS)[4])
    assert np.isnan(found.power(PER_MASS)[4])
    assert found.ended[0] == "voltage reached 2.7 V"


def test_tables(found: Ragone) -> None:
    frame = found.to_polars()
    assert isinstance(frame, polars.DataFrame)
    assert frame.shape[0] == len(AMOUNTS)
    data = found.as_dict()
    assert data["protocol"].startswith("Charge at C/10 until 4.2 V; Hold at 4.2 V until C/50")
    assert "0.5 lithium per site" in data["protocol"]
    assert "mica" in data["whole_stack_is"]
    assert "mica" not in data["bare_stack_is"]
    assert_allclose(data["whole_thickness_um"], STACK.thickness * 1e6)
    row = data["points"][0]
    assert_allclose(row["energy_per_mass_Wh_per_kg"], found.energy(PER_MASS)[0])


def test_a_cell_that_cannot_be_charged_fails_at_every_point() -> None:
    """A hold at a voltage the cell is above already is refused point by point, not as a whole."""
    full = WANG.replace({"lower_voltage": "2.7 V", "upper_voltage": "2.8 V"})
    failed = ragone(full, [CRate(0.1), CRate(1.0)], STACK)
    assert all(failed.failed)
    assert np.isnan(failed.areal_energy).all()


def test_refusals() -> None:
    with pytest.raises(InputError, match="amounts: there are none, expected at least one"):
        ragone(WANG, [], STACK)
    with pytest.raises(InputError, match=r'amounts.0: "1C" is not allowed, expected one of'):
        ragone(WANG, ["1C"], STACK)  # type: ignore[list-item]
