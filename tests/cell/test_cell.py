"""Changed cells, and the figures that follow from a cell."""

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from numpy.testing import assert_allclose

from filmcell import (
    Cathode,
    Cell,
    Cylinder,
    Electrolyte,
    Film,
    InputError,
    LithiumMetal,
    Property,
    Sphere,
    constant,
    load_cell,
    tabulated,
)
from filmcell.cell.describe import figures
from filmcell.cell.file import cell_from_toml
from filmcell.materials.library import load

MODEL = "wang2023-lco-lipon-li"


@pytest.fixture
def cell() -> Cell:
    return load_cell(MODEL)


def refusal(cell: Cell, changes: dict[str, Any]) -> str:
    with pytest.raises(InputError) as caught:
        cell.replace(changes)
    return str(caught.value)


# files


def test_a_file_may_give_a_diameter_a_shape_and_a_potential_by_name() -> None:
    text = """
        area = "1 cm2"
        lower_voltage = "2.7 V"
        upper_voltage = "4.2 V"
        [anode]
        material = "lithium"
        thickness = "2 um"
        [electrolyte]
        material = "lipon"
        thickness = "2 um"
        [cathode]
        shape = "sphere"
        diameter = "4 um"
        maximum_concentration = "51822 mol/m3"
        potential = "lco-film"
        exchange_current_density = "9.4 A/m2"
        diffusivity = { x = [0.4, 1], values = [10, 1], unit = "1e-15 m2/s", source = "fig. 4" }
    """
    with pytest.raises(InputError, match="unit"):
        cell_from_toml(text)
    cell = cell_from_toml(text.replace("1e-15 m2/s", "m2/s").replace("[10, 1]", "[1e-14, 1e-15]"))
    assert cell.cathode.shape == Sphere()
    assert cell.cathode.thickness == 2e-6
    assert cell.cathode.potential is load("lco-film").layer_values["potential"]
    assert cell.cathode.diffusivity.source == "fig. 4"
    assert_allclose(cell.cathode.diffusivity([0.4, 1.0]), [1e-14, 1e-15], rtol=1e-14, atol=0)
    assert cell.sources["cathode.transfer_coefficient"] == "assumed: the default of filmcell"
    assert cell.sources["electrolyte.conductivity"].startswith("measured: ")


# derived figures


def test_the_window_ends_where_the_fabre_potential_says(cell: Cell) -> None:
    charged, discharged = cell.window_fractions
    assert_allclose(charged, 0.548796, rtol=0, atol=5e-7)
    assert discharged == 1.0
    expected = cell.cathode.capacity_per_fraction * (discharged - charged)
    assert_allclose(cell.window_capacity, expected, rtol=1e-14, atol=0)


def test_a_lower_limit_within_the_potential_ends_the_window(cell: Cell) -> None:
    charged, discharged = cell.replace({"lower_voltage": "3.8 V"}).window_fractions
    assert_allclose(charged, 0.548796, rtol=0, atol=5e-7)
    assert_allclose(discharged, 0.975379, rtol=0, atol=5e-7)


def test_an_upper_limit_above_the_potential_ends_the_window_at_its_range(cell: Cell) -> None:
    assert cell.replace({"upper_voltage": "5 V"}).window_fractions[0] == 0.45


def test_one_c_empties_the_theoretical_capacity_in_an_hour(cell: Cell) -> None:
    assert cell.c_rate_basis == "theoretical capacity, 0.5 lithium per site"
    charge = cell.c_rate_current_density(2.0) * 1800.0
    assert_allclose(charge, cell.theoretical_capacity, rtol=1e-14, atol=0)
    assert_allclose(cell.theoretical_capacity, 6.944531779e3 * 3.6, rtol=1e-9, atol=0)


def test_one_c_empties_the_nominal_capacity_where_there_is_one(cell: Cell) -> None:
    rated = cell.replace({"nominal_capacity": "0.72 mAh"})
    assert rated.c_rate_basis == "nominal capacity 0.72 mAh"
    assert_allclose(rated.c_rate_current_density(0.1), 0.072e-3 / 1.44e-4, rtol=1e-12, atol=0)
    assert rated.theoretical_capacity == cell.theoretical_capacity


def test_resistances_follow_temperature_and_add_up(cell: Cell) -> None:
    warm = cell.replace(
        {
            "temperature": "60 degC",
            "contact_resistance": "5 ohm cm2",
            "interlayers": (Electrolyte(10e-9, 1e-5, name="LiNbO3"),),
        }
    )
    parts = warm.layer_resistances()
    assert list(parts) == ["electrolyte", "interlayers.0", "contact"]
    # 2 um of 2e-6 S/cm are 100 ohm cm2 at 25 C; 0.55 eV makes them conduct 9.48 times better
    assert_allclose(parts["electrolyte"] * 1e4, 100 / 9.476, rtol=1e-3, atol=0)
    assert_allclose(parts["interlayers.0"] * 1e4, 10.0, rtol=1e-12, atol=0)
    assert_allclose(parts["contact"] * 1e4, 5.0, rtol=1e-12, atol=0)
    assert_allclose(warm.resistance, sum(parts.values()), rtol=1e-14, atol=0)


def test_lipon_at_its_reference_temperature_is_a_hundred_ohm_cm2(cell: Cell) -> None:
    at_25 = cell.replace({"temperature": "25 degC"})
    assert_allclose(at_25.layer_resistances()["electrolyte"] * 1e4, 100.0, rtol=1e-12, atol=0)


def test_two_um_of_lithium_hold_their_charge(cell: Cell) -> None:
    assert_allclose(cell.anode.capacity / 3.6e4, 2 / 4.8491, rtol=2e-5, atol=0)
    assert figures(cell)["anode_lithium_mAh_per_cm2"] == cell.anode.capacity / 3.6e4


def test_a_sphere_holds_a_third_and_a_cylinder_half_of_a_film(cell: Cell) -> None:
    sphere = cell.replace({"cathode.shape": "sphere"})
    cylinder = cell.replace({"cathode.shape": Cylinder()})
    assert cell.cathode.shape == Film()
    assert_allclose(3 * sphere.theoretical_capacity, cell.theoretical_capacity, rtol=1e-14, atol=0)
    assert_allclose(
        2 * cylinder.theoretical_capacity, cell.theoretical_capacity, rtol=1e-14, atol=0
    )


def test_the_diffusion_time_is_thickness_squared_over_diffusivity(cell: Cell) -> None:
    assert_allclose(cell.cathode.diffusion_time(298.15), 1e4, rtol=1e-12, atol=0)


# changed cells


def test_replace_takes_text_with_a_unit_and_si_numbers(cell: Cell) -> None:
    text = cell.replace({"cathode.thickness": "30 um", "temperature": "40 degC"})
    plain = cell.replace({"cathode.thickness": 30e-6, "temperature": 313.15})
    assert text == plain
    assert (text.cathode.thickness, text.temperature) == (3e-5, 313.15)


def test_replace_leaves_the_old_cell_as_it_was(cell: Cell) -> None:
    before = cell.json
    thick = cell.replace({"cathode.thickness": "30 um", "collectors.0.thickness": "1 um"})
    assert cell.json == before
    assert cell == load_cell(MODEL)
    assert thick.json != before
    assert thick.collectors[0].thickness == 1e-6
    assert thick.collectors[1] is cell.collectors[1]
    assert thick.anode is cell.anode


def test_replace_notes_who_set_a_number(cell: Cell) -> None:
    thick = cell.replace({"cathode.thickness": "30 um"})
    assert thick.sources["cathode.thickness"] == "set by the user"
    assert thick.sources["area"] == cell.sources["area"]


def test_a_whole_new_part_does_not_keep_the_sources_of_the_old_one(cell: Cell) -> None:
    changed = cell.replace({"cathode": replace(cell.cathode, thickness=1e-6)})
    assert [k for k in changed.sources if k.startswith("cathode")] == ["cathode"]
    assert changed.sources["cathode"] == "set by the user"


def test_replace_can_give_new_sources(cell: Cell) -> None:
    changed = cell.replace({"sources": {"area": "measured: here"}, "temperature": "300 K"})
    assert dict(changed.sources) == {"area": "measured: here", "temperature": "set by the user"}


def test_both_limits_may_move_at_once_in_any_order(cell: Cell) -> None:
    up = {"lower_voltage": "4.5 V", "upper_voltage": "5 V"}
    down = {"upper_voltage": "2 V", "lower_voltage": "1 V"}
    assert (cell.replace(up).lower_voltage, cell.replace(down).upper_voltage) == (4.5, 2.0)


def test_a_new_part_and_a_number_in_it_may_change_at_once(cell: Cell) -> None:
    changes = {"cathode.thickness": "3 um", "cathode": replace(cell.cathode, thickness=1e-6)}
    assert cell.replace(changes).cathode.thickness == 3e-6


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "misspelt": (
        {"cathode.thicknes": "1 um"},
        'cathode.thicknes: unknown key, did you mean "thickness"?',
    ),
    "unknown": (
        {"anode.colour": 1.0},
        "anode.colour: unknown key, expected one of thickness, exchange_current_density, "
        "transfer_coefficient, activation_energy, reference_temperature, "
        "double_layer_capacitance, electrolyte_exponent",
    ),
    "below a number": (
        {"area.x": 1.0},
        "area.x: unknown key, area has no parts of its own",
    ),
    "below a property": (
        {"cathode.diffusivity.low": 0.1},
        "cathode.diffusivity.low: unknown key, cathode.diffusivity has no parts of its own",
    ),
    "no interlayers": (
        {"interlayers.0.thickness": "1 um"},
        "interlayers.0: unknown key, there are no interlayers",
    ),
    "too few collectors": (
        {"collectors.2.thickness": "1 um"},
        "collectors.2: unknown key, expected one of 0, 1",
    ),
    "unit": (
        {"cathode.thickness": "2 V"},
        'cathode.thickness: "2 V" is not a length, expected one such as "10 um"',
    ),
    "nan": (
        {"temperature": float("nan")},
        "temperature: nan is not allowed, expected a temperature above 100 and at most 1000 K "
        'such as "298.15 K"',
    ),
    "none": (
        {"area": None},
        'area: nothing is not an area, expected one such as "1.44 cm2"',
    ),
    "true": (
        {"area": True},
        'area: true is not an area, expected one such as "1.44 cm2"',
    ),
    "limits": (
        {"lower_voltage": "4.5 V"},
        "lower_voltage: 4.5 V is not below upper_voltage 4.2 V, expected the lower limit below "
        "the upper one",
    ),
    "initial fraction": (
        {"cathode.initial_fraction": 0.3},
        "cathode.initial_fraction: 0.3 is not allowed, expected one from 0.45 to 1, the range of "
        "S. Fabre et al., J. Electrochem. Soc. 159, A104 (2012), eq. 22, via Kim et al., "
        "Electrochim. Acta 317, 663 (2019), doi 10.1016/j.electacta.2019.06.023",
    ),
    "shape word": (
        {"cathode.shape": "cube"},
        'cathode.shape: "cube" is not a shape, expected one of film, cylinder, sphere',
    ),
    "shape": (
        {"cathode.shape": 5},
        "cathode.shape: 5 is not a shape, expected one of Film(), Cylinder(), Sphere()",
    ),
    "part": ({"cathode": 5}, "cathode: 5 is not allowed, expected a Cathode"),
    "part of another kind": (
        {"electrolyte": LithiumMetal(2e-6, 5.0)},
        "electrolyte: a LithiumMetal is not allowed, expected one of Electrolyte, WeakElectrolyte",
    ),
    "layers": ({"interlayers": 5}, "interlayers: 5 is not a list, expected layers"),
    "layer": (
        {"interlayers": (5,)},
        "interlayers.0: 5 is not allowed, expected one of Electrolyte, Interlayer, Interface, "
        "SpaceChargeLayer, WeakElectrolyte",
    ),
    "anode": (
        {"anode": 5},
        "anode: 5 is not allowed, expected one of LithiumMetal, AnodeFree, InsertionAnode",
    ),
    "heat": ({"heat": 5}, "heat: 5 is not allowed, expected a HeatBalance"),
    "no heat": (
        {"heat.heat_capacity": 1.0},
        "heat.heat_capacity: unknown key, there is no heat",
    ),
    "transport": (
        {"cathode.transport": 5},
        "cathode.transport: 5 is not allowed, expected one of SingleDiffusion, MixedConduction",
    ),
    "of another transport": (
        {"cathode.transport.electronic_ratio": 4.0},
        "cathode.transport.electronic_ratio: unknown key, there are no keys here",
    ),
    "collector": ({"collectors.1": 5}, "collectors.1: 5 is not allowed, expected a Collector"),
    "name": ({"name": 5}, "name: 5 is not text, expected a name"),
    "name of a part": ({"cathode.name": 5}, "cathode.name: 5 is not text, expected a name"),
    "sources": ({"sources": 5}, "sources: 5 is not a table, expected one of text"),
    "property": (
        {"cathode.potential": constant("diffusivity", 1e-14, "m2/s")},
        'cathode.potential: diffusivity (given) has the unit "m2/s", expected "V"',
    ),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_bad_change_is_refused_word_for_word(cell: Cell, wrong: str) -> None:
    changes, sentence = REFUSED[wrong]
    assert refusal(cell, changes) == sentence


def test_cells_built_in_python_are_checked_at_the_door() -> None:
    with pytest.raises(InputError) as caught:
        Electrolyte(2e-6, -1.0)
    assert str(caught.value) == (
        'conductivity: -1.0 is not allowed, expected a conductivity above 0 S/m such as "2e-6 S/cm"'
    )


def test_a_cell_built_in_python_reads_text_too() -> None:
    U = Property("OCP", "V", lambda x: 4.5 - x, 0.0, 1.0, "made up")
    D = tabulated("D", [0.0, 1.0], [1e-14, 1e-15], "m2/s")
    cell = Cell(
        anode=LithiumMetal("2 um", "5 A/m2"),  # type: ignore[arg-type]
        electrolyte=Electrolyte("2 um", "2e-6 S/cm"),  # type: ignore[arg-type]
        cathode=Cathode("10 um", "5e4 mol/m3", D, U, 2.0),  # type: ignore[arg-type]
        area="1 cm2",  # type: ignore[arg-type]
        lower_voltage=3.0,
        upper_voltage=4.2,
    )
    assert (cell.area, cell.anode.thickness, cell.cathode.thickness) == (1e-4, 2e-6, 1e-5)
    assert_allclose(cell.cathode.exchange_current_density(0.5), 2.0, rtol=1e-14, atol=0)


# frozen


def test_a_cell_cannot_be_changed_in_place(cell: Cell) -> None:
    with pytest.raises(FrozenInstanceError):
        cell.area = 1.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        cell.cathode.thickness = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        cell.sources["area"] = "mine"  # type: ignore[index]


def test_the_lists_given_to_a_cell_are_not_kept(cell: Cell) -> None:
    layers = [Electrolyte(1e-8, 1e-5)]
    notes = {"area": "measured: here"}
    changed = replace(cell, interlayers=layers, sources=notes)  # type: ignore[arg-type]
    layers.clear()
    notes.clear()
    assert len(changed.interlayers) == 1
    assert dict(changed.sources) == {"area": "measured: here"}


def test_a_cell_can_be_copied_and_sent_to_another_process(cell: Cell) -> None:
    for twin in (copy.deepcopy(cell), pickle.loads(pickle.dumps(cell))):
        assert twin == cell
        with pytest.raises(TypeError, match="does not support item assignment"):
            twin.sources["area"] = "mine"
