"""Designs packed as columns are the designs made one by one, to the last digits."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from filmcell.cell.checked import Checked, markers
from filmcell.cell.key import entry
from filmcell.materials.property import Property, tabulated
from filmcell.numerics.mesh import Mesh, graded_many
from filmcell.protocol.template import Template
from filmcell.simulation.block import simulate_block
from filmcell.simulation.family import Family, simulate_family
from filmcell.simulation.options import DEFAULTS
from filmcell.sweep import LatinHypercube, LogRange, Plan, Range, Values, sweep_table

WANG = filmcell.load_cell("wang2023-lco-lipon-li")
CYCLE = "Charge at {current} until 4.2 V; Rest for 10 min; Discharge at {current}"
RANGES = {
    "cathode.thickness": LogRange("0.5 um", "30 um"),
    "cathode.diameter": LogRange("0.5 um", "30 um"),
    "cathode.diffusivity": LogRange("1e-15 m2/s", "1e-12 m2/s"),
    "cathode.exchange_current_density": LogRange(0.1, 20.0),
    "cathode.maximum_concentration": Range(4e4, 6e4),
    "cathode.initial_fraction": Range(0.9, 0.999),
    "cathode.lithium_exponent": Range(0.4, 0.6),
    "cathode.transfer_coefficient": Range(0.3, 0.7),
    "electrolyte.thickness": LogRange("0.5 um", "3 um"),
    "electrolyte.conductivity": LogRange("1e-6 S/cm", "1e-5 S/cm"),
    "anode.thickness": LogRange("0.1 um", "5 um"),
    "anode.exchange_current_density": LogRange(1.0, 50.0),
    "contact_resistance": Range(0.0, 0.1),
    "area": LogRange("0.1 cm2", "10 cm2"),
    "temperature": Range("0 degC", "60 degC"),
}
CURRENTS = {
    "per area": LogRange("0.01 mA/cm2", "0.5 mA/cm2"),
    "of the cell": LogRange("0.02 mA", "0.5 mA"),
    "C-rate": LogRange("C/20", "2C"),
}


def both(plan: Plan):
    """A plan as one family, and its designs one by one."""
    points = plan.points(0, plan.count)
    family = plan.family(points, 0, plan.count)
    assert family is not None
    together = simulate_family(family, plan.options)
    assert together is not None
    designs = [plan.design(points, k) for k in range(plan.count)]
    return together, simulate_block(designs, plan.options, cells=plan.cells)


def check_same(together, alone) -> None:
    """All numbers to 1e-12, all sentences to the word."""
    assert together.ended == alone.ended
    assert together.failed == alone.failed
    for name in ("duration", "charge", "energy", "end_voltage"):
        want = getattr(alone, name)
        atol = 1e-12 * np.nanmax(np.abs(want), initial=0.0)
        assert_allclose(getattr(together, name), want, rtol=1e-11, atol=atol, err_msg=name)
    for name in ("area", "theoretical_capacity", "window_capacity"):
        assert_allclose(getattr(together, name), getattr(alone, name), rtol=1e-13, atol=0)


@pytest.mark.parametrize("key", RANGES)
def test_each_number_as_a_column(key: str) -> None:
    """One number of the cell at a time."""
    axes = {key: RANGES[key], "current": LogRange("0.02 mA/cm2", "0.2 mA/cm2")}
    check_same(*both(Plan(WANG, CYCLE, axes, sampling=LatinHypercube(12))))


@pytest.mark.parametrize("current", CURRENTS)
@pytest.mark.parametrize("shape", ["film", "cylinder", "sphere"])
def test_all_numbers_at_once(current: str, shape: str) -> None:
    """Every number, every kind of current, every shape."""
    axes = {k: axis for k, axis in RANGES.items() if k != "cathode.diameter"}
    axes["current"] = CURRENTS[current]
    cell = WANG.replace({"cathode.shape": shape})
    plan = Plan(cell, CYCLE, axes, sampling=LatinHypercube(24, seed=3))
    points = plan.points(0, 24)
    family = plan.family(points, 0, 24)
    together = simulate_family(family, DEFAULTS)
    alone = simulate_block([plan.design(points, k) for k in range(24)], DEFAULTS)
    assert together is not None
    check_same(together, alone)


def test_a_hold_and_limits_of_charge() -> None:
    """Holds, limits of current, of capacity and of state of charge."""
    text = (
        "Charge at {current} until 4.2 V; Hold at 4.2 V until C/20 or for 3 h; "
        "Discharge at {current} until 50 % SOC; Discharge at {current} until 5 uAh/cm2; "
        "Rest for 1 s"
    )
    axes = {"cathode.thickness": RANGES["cathode.thickness"], "current": CURRENTS["per area"]}
    check_same(*both(Plan(WANG, text, axes, sampling=LatinHypercube(16))))


def test_a_function_of_x_stays_one() -> None:
    """A cell whose diffusivity is a function; the film problem's neighbour."""
    cell = filmcell.load_cell("wang2023-film-10.17um")
    text = "Charge at C/10 until 4.2 V; Discharge at C/10"
    D = tabulated("D", [0.4, 0.7, 1.0], [1e-14, 2e-14, 5e-15], "m2/s")
    axes = {
        "cathode.thickness": LogRange("1 um", "20 um"),
        "cathode.diffusivity.factor": LogRange(0.1, 10.0),
    }
    cell = cell.replace({"cathode.diffusivity": D})
    check_same(*both(Plan(cell, text, axes, sampling=LatinHypercube(8))))
    twice = cell.replace({"cathode.diffusivity.factor": 2.0})
    assert float(twice.cathode.diffusivity(0.7)) == 4e-14
    with pytest.raises(filmcell.InputError, match=r"cathode.diffusivity.factor: 0 is not allowed"):
        cell.replace({"cathode.diffusivity.factor": 0})


def test_a_factor_multiplies_what_is_there() -> None:
    """Also on a property that was scaled before, where a row must be what `simulate` gives."""
    D = tabulated("D", [0.4, 0.7, 1.0], [1e-14, 2e-14, 5e-15], "m2/s").scaled(2.0)
    cell = WANG.replace({"cathode.diffusivity": D, "cathode.thickness": "15 um"})
    axes = {"cathode.diffusivity.factor": Values((1.0, 2.0, 0.5))}
    together, alone = both(Plan(cell, "Charge at 0.1 mA; Discharge at 0.1 mA", axes))
    check_same(together, alone)
    once = filmcell.simulate(cell, "Charge at 0.1 mA; Discharge at 0.1 mA")
    assert_allclose(together.capacity[0], once.capacity, rtol=1e-11)


ENTROPIC = WANG.replace({"cathode.entropy": "0.1 mV/K", "temperature": "25 degC"})


@pytest.mark.parametrize(
    ("cell", "axes"),
    [
        (WANG, {"cathode.potential": Values(("3.9 V", "4.0 V"))}),
        (WANG, {"cathode.potential.factor": Values((1.0, 1.01))}),
        (ENTROPIC, {"temperature": Values(("25 degC", "25 degC")),
            "cathode.thickness": Values(("5 um", "10 um"))}),
        (ENTROPIC, {"cathode.reference_temperature": Values(("25 degC", "26 degC"))}),
        (ENTROPIC, {"cathode.entropy": Values(("0.1 mV/K", "0.2 mV/K"))}),
    ],
)  # fmt: skip
def test_potentials_are_looked_into_one_by_one(cell: filmcell.Cell, axes: dict) -> None:
    """Windows follow from them; the sweep goes on, and its rows are those of `simulate`."""
    plan = Plan(cell, "Charge at 0.1 mA until 4.1 V", axes)
    points = plan.points(0, plan.count)
    family = plan.family(points, 0, plan.count)
    assert family is None or simulate_family(family, DEFAULTS) is None
    rows = sweep_table(plan)
    alone = simulate_block([plan.design(points, k) for k in range(plan.count)], DEFAULTS)
    assert_allclose(rows["charge_capacity_mAh"], alone.capacity[:, 0] * 1e3, rtol=1e-12)


def numbers_of(cell: filmcell.Cell) -> list[str]:
    """Every key of a cell at which a number or a property stands."""
    found: list[str] = []

    def walk(part: object, at: str) -> None:
        for f in fields(part):
            value = getattr(part, f.name)
            if isinstance(value, tuple):
                for k, layer in enumerate(value):
                    walk(layer, f"{at}{f.name}.{k}.")
            elif isinstance(value, Checked):
                walk(value, f"{at}{f.name}.")
            elif f.name in markers(type(part)) and value is not None:
                found.append(f"{at}{f.name}")

    walk(cell, "")
    return found


LAYERED = WANG.replace(
    {
        "interlayers": (
            filmcell.Interlayer(1e-8, 1e-5, 2e4, interface_resistance=1e-3),
            filmcell.Interface(2e-3),
        )
    }
)
BETWEEN = [key for key in numbers_of(LAYERED) if key.startswith("interlayers")]


@pytest.mark.parametrize("key", BETWEEN)
def test_layers_between_as_columns(key: str) -> None:
    """Every number of a layer and of an interface but a capacitance."""
    value = entry(LAYERED, key).value
    axes = {key: Values((value, value * 1.1) if value else (0.0, 0.1))}
    plan = Plan(LAYERED, "Charge at 0.1 mA until 4.1 V", axes)
    points = plan.points(0, 2)
    family = plan.family(points, 0, 2)
    together = None if family is None else simulate_family(family, DEFAULTS)
    if key.endswith("capacitance"):
        assert together is None
    else:
        check_same(together, simulate_block([plan.design(points, k) for k in (0, 1)], DEFAULTS))


@pytest.mark.parametrize("key", numbers_of(WANG))
def test_every_key_of_a_cell_as_a_column(key: str) -> None:
    """As a column it gives what it gives one by one, or it is left to that."""
    value = entry(WANG, key).value
    value = value.factor if isinstance(value, Property) else value
    near = (value, value * 0.999) if value else (0.0, 1e-4)
    axes = {key: Values(tuple(float(v) for v in near))}
    plan = Plan(WANG, "Charge at 0.1 mA until 4.1 V; Discharge at 0.1 mA", axes)
    points = plan.points(0, 2)
    family = plan.family(points, 0, 2)
    together = None if family is None else simulate_family(family, DEFAULTS)
    alone = simulate_block([plan.design(points, k) for k in range(2)], DEFAULTS)
    if together is not None:
        check_same(together, alone)
    assert (together is None) == (key in LEFT_ALONE), alone.failed


LEFT_ALONE = {
    "upper_voltage", "lower_voltage", "cathode.potential", "cathode.entropy",
    "geometric_capacitance", "cathode.double_layer_capacitance", "cathode.electrolyte_exponent",
    "anode.double_layer_capacitance", "anode.electrolyte_exponent", "collectors.0.thickness",
    "collectors.1.thickness",
}  # fmt: skip
"""Keys whose designs are made one by one: windows and other models follow from them."""


def test_another_mesh_is_a_number_too() -> None:
    """The number of volumes is one of the plan; the error of the mesh falls with its square."""
    axes = {"cathode.thickness": LogRange("2 um", "20 um"), "current": CURRENTS["per area"]}

    def charges(cells: int):
        plan = Plan(WANG, CYCLE, axes, LatinHypercube(6), cells=cells)
        together, alone = both(plan)
        check_same(together, alone)
        return together.charge

    exact = charges(400)
    coarse, fine = (np.abs(charges(n) - exact).max() for n in (25, 50))
    assert 2.5 < coarse / fine < 6.0


ORDINARY = {"cathode.thickness": LogRange("1 um", "20 um", 3)}


@pytest.mark.parametrize(
    ("cell", "text", "axes"),
    [
        ("danilov2011", "Charge at 1C until 4.2 V", ORDINARY),
        ("wang2023-lco-lipon-li", "Charge at 0.1 mA until {end}",
         {"end": Values(("4.1 V", "4.2 V"))}),
        ("wang2023-lco-lipon-li", "Charge at {power} until 4.2 V",
         {"power": Values(("0.1 mW", "0.2 mW"))}),
        ("wang2023-lco-lipon-li", "Charge at 0.1 mA",
         {"upper_voltage": Values(("4.1 V", "4.2 V"))}),
        ("wang2023-lco-lipon-li", "Sweep at 1 mV/s until 4.2 V", ORDINARY),
        ("wang2023-lco-lipon-li", "(Charge at 1C for 1 h) repeat 3 until limit", ORDINARY),
        ("wang2023-lco-lipon-li", "Charge at 0.1 mA",
         {"cathode.shape": Values(("film", "sphere"))}),
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_left_alone(cell: str, text: str, axes: dict) -> None:
    """Other models, limits, powers, windows, steps and choices are made one by one."""
    plan = Plan(filmcell.load_cell(cell), text, axes)
    points = plan.points(0, plan.count)
    family = plan.family(points, 0, plan.count)
    assert family is None or simulate_family(family, DEFAULTS) is None


@pytest.mark.parametrize(
    ("columns", "amounts"),
    [
        ({"cathode.thickness": [1e-6, -1e-6]}, {}),
        ({"cathode.thickness": [1e-6, float("nan")]}, {}),
        ({"cathode.diffusivity": [1e-14, 0.0]}, {}),
        ({"cathode.initial_fraction": [0.9, 0.2]}, {}),
        ({}, {0: [1.0, -1.0]}),
    ],
)
def test_numbers_that_are_not_allowed_are_left_alone(columns: dict, amounts: dict) -> None:
    """A number that a cell or a step refuses is refused by the design that has it."""
    protocol = Template("Charge at 1 mA/cm2 until 4.2 V").filled({})
    assert simulate_family(Family(WANG, columns, protocol, amounts, 2), DEFAULTS) is None


@settings(max_examples=40, deadline=None)
@given(st.floats(-8, -4), st.floats(-12, -5), st.integers(4, 120))
def test_meshes_of_many_are_those_of_one(length: float, first: float, cells: int) -> None:
    """Bit by bit, equal widths included."""
    L, h = 10.0**length, max(10.0**first, 1e-6 * 10.0**length)
    one = Mesh.graded(cells, L, h)
    faces = graded_many(cells, np.array([L, 2 * L]), np.array([h, h]))
    assert (faces[0] == one.faces).all()
