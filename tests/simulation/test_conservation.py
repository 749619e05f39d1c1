"""Lithium, charge and voltage balance on every kind of step and shape."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from every_kind import CELLS
from filmcell.constants import LITHIUM_MOLAR_VOLUME, F

EVERYTHING = (
    "Charge at 0.1 mA until 4.2 V; Hold at 4.2 V until C/50; Rest for 10 min; "
    "Discharge at 0.4 mW until 2.7 V or for 3 h; Discharge at C/20 until 2.7 V; Rest for 1 h"
)


@pytest.mark.parametrize("shape", ["film", "cylinder", "sphere"])
def test_every_step_conserves(cell: filmcell.Cell, shape: str) -> None:
    """Lithium in the film, at the anode and the charge agree; losses sum to the voltage."""
    result = filmcell.simulate(cell.replace({"cathode.shape": shape}), EVERYTHING)
    assert result.lithium_imbalance() < 1e-13
    assert_allclose(sum(result.losses.values()), result.voltage, rtol=0, atol=1e-9)
    plated = result.lithium_thickness[0] - result.lithium_thickness
    assert_allclose(
        plated, LITHIUM_MOLAR_VOLUME / F * result.charge / result.area, rtol=1e-12, atol=1e-18
    )


def test_a_hundred_cycles_conserve_lithium(cell: filmcell.Cell) -> None:
    """To 1e-12 of all lithium, over 100 full cycles."""
    thin = cell.replace({"cathode.thickness": "2 um"})
    text = "(Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V) repeat 100"
    result = filmcell.simulate(thin, text)
    assert len(result.ended) == 200
    assert result.cycle[-1] == 100
    assert result.lithium_imbalance() < 1e-12
    # nothing ages here: from the second cycle on each is like the one before
    assert_allclose(result.capacity[2:], result.capacity[3], rtol=1e-5, atol=0)


def test_charge_is_the_integral_of_the_current(cell: filmcell.Cell) -> None:
    """Even where the current follows from the voltage."""
    result = filmcell.simulate(cell, EVERYTHING, tolerance=1e-8, resolution=1e-6)
    for number in range(1, 7):
        rows = result.of_step(number)
        t, i, q = result.time[rows], result.current[rows], result.charge[rows]
        integral = float(np.sum(0.5 * (i[1:] + i[:-1]) * np.diff(t)))
        assert_allclose(q[-1] - q[0], integral, rtol=1e-5, atol=1e-12)


def test_controls_hold_what_they_say(cell: filmcell.Cell) -> None:
    """Current, voltage and power stay at their set value at every kept point."""
    result = filmcell.simulate(cell, EVERYTHING)
    rows = [result.of_step(n) for n in range(1, 7)]
    assert_allclose(result.current[rows[0]], -1e-4, rtol=1e-14, atol=0)
    assert_allclose(result.voltage[rows[1]], 4.2, rtol=0, atol=1e-9)
    assert_allclose(result.current[rows[2]], 0.0, rtol=0, atol=0)
    power = result.current[rows[3]] * result.voltage[rows[3]]
    assert_allclose(power, 4e-4, rtol=1e-10, atol=0)


def test_ends_are_met_to_a_nanovolt_or_a_microsecond(cell: filmcell.Cell) -> None:
    """Voltage, current, time and capacity limits are located, not overshot."""
    text = (
        "Charge at 0.1 mA until 4.1 V; Hold at 4.1 V until 20 uA; Discharge at 0.1 mA until 0.2 mAh"
        "; Rest for 1234 s; Discharge at 0.1 mA until 3.5 V"
    )
    result = filmcell.simulate(cell, text)
    ends = [result.of_step(n).stop - 1 for n in range(1, 6)]
    assert_allclose(result.voltage[ends[0]], 4.1, rtol=0, atol=1e-9)
    assert_allclose(-result.current[ends[1]], 2e-5, rtol=1e-9, atol=0)
    assert_allclose(result.capacity[2], 2e-4, rtol=1e-11, atol=0)
    assert result.time[ends[3]] - result.time[ends[2]] == pytest.approx(1234.0, abs=1e-9)
    assert_allclose(result.voltage[ends[4]], 3.5, rtol=0, atol=1e-9)


def test_energy_is_capacity_times_mean_voltage(cell: filmcell.Cell) -> None:
    """A charge takes energy, a discharge gives less of it back."""
    text = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
    result = filmcell.simulate(cell, text)
    taken, given = result.energy
    assert taken < 0 < given < -taken
    assert 3.7 < given / result.capacity[1] < 3.9 < -taken / result.capacity[0] < 4.0


def test_lithium_metal_is_used_up(cell: filmcell.Cell) -> None:
    """A discharged cathode that takes more lithium than the anode has ends the step clearly."""
    thin = cell.replace({"anode.thickness": "0.1 um", "cathode.initial_fraction": 0.6})
    result = filmcell.simulate(thin, "Discharge at 0.1 mA until 2.7 V")
    assert result.ended == ("the lithium metal was used up",)
    assert_allclose(result.lithium_thickness[-1], 0.0, rtol=0, atol=1e-15)
    # 0.1 um holds 0.0206 mAh/cm2
    assert_allclose(result.capacity[0], 0.0206220e-3 * 1.44, rtol=1e-4, atol=0)


def test_a_full_surface_ends_a_step() -> None:
    """Where kinetics are fast, the surface fills before the voltage limit is reached."""
    cell = filmcell.load_cell("wang2023-lco-lipon-li").replace(
        {"cathode.exchange_current_density": 1e4, "cathode.initial_fraction": 0.9}
    )
    result = filmcell.simulate(cell, "Discharge at 1 uA until 2.7 V")
    assert result.ended == ("the surface of the cathode is full",)


def test_leaving_the_range_of_a_table_ends_a_step(cell: filmcell.Cell) -> None:
    """The end of a table is an event that names its source."""
    U = filmcell.tabulated("OCP", [0.7, 0.8, 1.0], [4.0, 3.9, 3.5], "V", source="short table")
    result = filmcell.simulate(
        cell.replace({"cathode.potential": U}), "Charge at 0.01 mA until 4.2 V"
    )
    assert result.ended == ("the surface left the range of OCP (short table) at x = 0.7",)


every_kind = pytest.mark.parametrize("name", CELLS)


def everything(cell: filmcell.Cell) -> str:
    """Steps of every kind within the window of a cell."""
    lower, upper = cell.lower_voltage + 0.1, cell.upper_voltage - 0.05
    return (
        f"Charge at 2 A/m2 until {upper} V; Hold at {upper} V until 0.2 A/m2 or for 2 h; "
        f"Rest for 10 min; Discharge at 0.4 mW/cm2 until {lower} V or for 20 min; "
        f"Sweep at 5 mV/s until {upper - 0.1} V; Discharge at 3 A/m2 until {lower} V; Rest for 1 h"
    )


@every_kind
def test_every_kind_of_cell_conserves(name: str) -> None:
    """Lithium, charge and voltage balance in every model; to 1e-12, 1e-12 and 1e-9 V."""
    cell = CELLS[name]
    result = filmcell.simulate(cell, everything(cell))
    assert result.lithium_imbalance() < 1e-12
    assert_allclose(sum(result.losses.values()), result.voltage, rtol=0, atol=1e-9)
    if not isinstance(cell.anode, filmcell.InsertionAnode):
        plated = result.lithium_thickness[0] - result.lithium_thickness
        expected = LITHIUM_MOLAR_VOLUME / F * result.charge / result.area
        assert_allclose(plated, expected, rtol=1e-12, atol=1e-18)
    at = [result.of_step(number) for number in (3, 7)]
    for rest in at:
        assert_allclose(result.current[rest], 0.0, rtol=0, atol=0)
        assert_allclose(result.charge[rest], result.charge[rest][0], rtol=1e-14, atol=0)


@every_kind
def test_twenty_cycles_of_every_kind_conserve_lithium(name: str) -> None:
    """To 1e-12 of all lithium; ten volts of stored charge more or less would be seen."""
    cell = CELLS[name]
    lower, upper = cell.lower_voltage + 0.1, cell.upper_voltage - 0.05
    text = (
        f"Charge at 3 A/m2 until {upper} V or for 20 min; "
        f"Discharge at 3 A/m2 until {lower} V or for 20 min"
    )
    result = filmcell.simulate(cell, f"({text}) repeat 20")
    assert len(result.ended) == 40
    assert result.lithium_imbalance() < 1e-12


@every_kind
def test_the_charge_of_every_kind_is_the_integral_of_its_current(name: str) -> None:
    """Also where the current follows from a voltage or a power, and capacitors deliver some."""
    cell = CELLS[name]
    result = filmcell.simulate(cell, everything(cell), tolerance=1e-8, resolution=1e-6)
    whole = abs(result.charge).max()
    for number in range(1, 8):
        rows = result.of_step(number)
        t, i, q = result.time[rows], result.current[rows], result.charge[rows]
        integral = float(np.sum(0.5 * (i[1:] + i[:-1]) * np.diff(t)))
        assert_allclose(q[-1] - q[0], integral, rtol=2e-5, atol=1e-7 * whole)


@pytest.mark.parametrize("name", ["double layers", "geometric capacitance", "everything"])
def test_stored_charge_is_that_of_the_capacitors(name: str) -> None:
    """C_dl times the change of the potential difference, less C_geo times that of the voltage."""
    cell = CELLS[name]
    result = filmcell.simulate(cell, everything(cell))
    states, model = result.origin.states, result.origin.model
    ours = np.zeros(result.time.size)
    w = states[:, model.layout[0]]  # minus the potential of the cathode over its double layer
    ours += cell.cathode.double_layer_capacitance * (w - w[0])
    if cell.geometric_capacitance:
        inner = result.voltage + cell.contact_resistance * result.current / cell.area
        ours -= cell.geometric_capacitance * (inner - inner[0])
        # the first row is already under current, but the capacitor has not moved yet
    assert_allclose(result.stored_charge / cell.area, ours, rtol=0, atol=1e-12)
    assert abs(ours).max() > 1e-5
