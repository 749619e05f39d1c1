"""Cell files of every kind: what they make, and how what does not belong is refused."""

# ruff: noqa: E501

import json
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from filmcell import (
    AnodeFree,
    Cell,
    HeatBalance,
    InputError,
    InsertionAnode,
    Interface,
    Interlayer,
    LithiumMetal,
    MixedConduction,
    SingleDiffusion,
    SpaceChargeLayer,
    WeakElectrolyte,
    load_cell,
)
from filmcell.cell.describe import describe, figures
from filmcell.cell.file import cell_from_toml
from filmcell.materials.library import load

EXAMPLES = Path(__file__).parents[2] / "examples" / "cells"

HEAD = 'area = "1 cm2"\nlower_voltage = "1.5 V"\nupper_voltage = "4.2 V"\n'
LITHIUM = '[anode]\nmaterial = "lithium"\nthickness = "2 um"\n'
LIPON = '[electrolyte]\nmaterial = "lipon"\nthickness = "2 um"\n'
CATHODE = """[cathode]
material = "lco-film"
thickness = "3 um"
diffusivity = "1e-14 m2/s"
exchange_current_density = "2 A/m2"
"""
WEAK = """thickness = "1.5 um"
site_concentration = "6e4 mol/m3"
dissociated_fraction = 0.2
recombination_rate = "1e-6 m3/(mol s)"
cation_diffusivity = "1e-15 m2/s"
anion_diffusivity = "4e-15 m2/s"
"""
LAYER = '[[interlayers]]\nthickness = "10 nm"\nconductivity = "1e-8 S/cm"\n'
INTERFACE = '[[interlayers]]\nkind = "interface"\nresistance = "50 ohm cm2"\n'
CHARGE = """[[interlayers]]
kind = "space-charge"
potential = "0.4 V"
conductivity = "2e-6 S/cm"
relative_permittivity = 16.6
mobile_concentration = "166 mol/m3"
"""
LTO = '[anode]\nmaterial = "lto"\nthickness = "2 um"\nexchange_current_density = "1 A/m2"\n'


def made(
    anode: str = LITHIUM, electrolyte: str = LIPON, cathode: str = CATHODE, more: str = ""
) -> Cell:
    """Make a cell of the text of its tables."""
    return cell_from_toml(HEAD + anode + electrolyte + cathode + more)


def refusal(
    anode: str = LITHIUM, electrolyte: str = LIPON, cathode: str = CATHODE, more: str = ""
) -> str:
    """Give the sentence with which the tables are refused."""
    with pytest.raises(InputError) as caught:
        made(anode, electrolyte, cathode, more)
    return str(caught.value).removeprefix("cell: ")


# what the kinds make


def test_tables_without_kind_make_the_usual_parts() -> None:
    cell = made(more=LAYER)
    assert isinstance(cell.anode, LithiumMetal)
    assert cell.electrolyte.kind == "single-ion"
    assert cell.cathode.transport == SingleDiffusion()
    assert cell.interlayers == (Interlayer(1e-8, 1e-6),)
    assert cell.heat is None


def test_the_usual_kinds_may_be_named() -> None:
    named = made(
        LITHIUM + 'kind = "lithium"\n',
        LIPON + 'kind = "single-ion"\n',
        CATHODE + '[cathode.transport]\nkind = "single"\n',
        LAYER + 'kind = "layer"\n',
    )
    assert named == made(more=LAYER)


def test_an_anode_free_file_may_take_the_kinetics_of_lithium() -> None:
    cell = made('[anode]\nkind = "anode-free"\nmaterial = "lithium"\ncollector = "copper"\n')
    assert cell.anode == AnodeFree(5.75, reference_temperature=293.0, collector="copper")
    assert cell.sources["anode.exchange_current_density"].startswith("fitted: ")
    assert cell.sources["anode.double_layer_capacitance"] == "assumed: the default of filmcell"
    assert "anode.thickness" not in cell.sources


def test_the_material_of_an_anode_says_of_which_kind_it_is() -> None:
    cell = made(LTO)
    assert isinstance(cell.anode, InsertionAnode)
    assert (
        made('kind = "insertion"\n'.join(LTO.partition("\n")[::2]).replace("[anode]", "[anode]\n"))
        == cell
    )
    assert cell.anode.potential is load("lto").layer_values["potential"]
    assert cell.anode.name == "Li4Ti5O12"
    assert cell.sources["anode.potential"].startswith("computed: ")
    assert_allclose(cell.anode.maximum_concentration, 21919.0, rtol=1e-14, atol=0)
    alloy = made(LTO.replace("lto", "in-li"))
    assert_allclose(alloy.anode.rest_potential(0.0, 298.15), 0.62, rtol=1e-12, atol=0)
    assert_allclose(alloy.rest_voltage(0.9), cell.cathode.potential(0.9) - 0.62, rtol=1e-12, atol=0)


def test_an_insertion_anode_may_bring_its_own_numbers() -> None:
    cell = made(
        """[anode]
        kind = "insertion"
        name = "made up"
        thickness = "1 um"
        maximum_concentration = "2e4 mol/m3"
        diffusivity = { x = [0.0, 1.0], values = [1e-14, 1e-15], unit = "m2/s", interpolation = "log" }
        potential = { x = [0.0, 1.0], values = [1.6, 1.4], unit = "V", source = "fig. 1" }
        exchange_current_density = "1 A/m2"
        entropy = "0.1 mV/K"
        initial_fraction = 0.0
        """
    )
    assert isinstance(cell.anode, InsertionAnode)
    assert cell.anode.potential.source == "fig. 1"
    assert_allclose(cell.anode.entropy(0.5), 1e-4, rtol=1e-14, atol=0)


def test_a_weak_electrolyte_reads_its_numbers() -> None:
    cell = made(electrolyte=f'[electrolyte]\nkind = "weak"\n{WEAK}')
    assert cell.electrolyte == WeakElectrolyte(1.5e-6, 6e4, 0.2, 1e-6, 1e-15, 4e-15)
    assert figures(cell)["electrolyte_transference_number"] == pytest.approx(0.2, rel=1e-12)


def test_interlayers_of_every_kind_stay_in_order() -> None:
    weak = f'[[interlayers]]\nkind = "weak"\n{WEAK}'
    material = '[[interlayers]]\nmaterial = "sio2"\nthickness = "0 nm"\ninterface_resistance = "1 ohm cm2"\n'
    cell = made(more=INTERFACE + LAYER + CHARGE + weak + material)
    kinds = [Interface, Interlayer, SpaceChargeLayer, WeakElectrolyte, Interlayer]
    assert [type(layer) for layer in cell.interlayers] == kinds
    assert cell.interlayers[4].name == "SiO2, sputtered, lithiated"
    assert cell.sources["interlayers.4.conductivity"].startswith("assumed: ")
    assert cell.sources["interlayers.0.capacitance"] == "assumed: the default of filmcell"
    assert_allclose(cell.layer_resistances()["interlayers.4"], 1e-4, rtol=1e-14, atol=0)
    told = figures(cell)["barrier_interlayers.2_RT"]
    assert told == pytest.approx(0.4 * 96485.33212 / (8.314462618 * 298.15), rel=1e-12)


def test_an_interlayer_may_be_of_an_electrolyte_material() -> None:
    cell = made(more='[[interlayers]]\nmaterial = "lipon"\nthickness = "10 nm"\n')
    assert cell.interlayers == (
        Interlayer(1e-8, 2e-4, cell.electrolyte.activation_energy, name="LiPON, sputtered"),
    )


def test_mixed_conduction_and_heat_read_their_numbers() -> None:
    mixed = '[cathode.transport]\nkind = "mixed"\nelectronic_ratio = 4.2\nelectronic_loss = false\n'
    heat = '[heat]\nheat_capacity = "0.2 J/(cm2 K)"\nheat_transfer_coefficient = "10 W/(m2 K)"\nsurroundings = "20 degC"\n'
    cell = made(cathode=CATHODE + mixed, more=heat)
    assert cell.cathode.transport == MixedConduction(4.2, electronic_loss=False)
    assert cell.heat == HeatBalance(2000.0, 10.0, 293.15)
    assert cell.cathode.name == "LiCoO2, sputtered film"


def test_a_description_names_every_kind_and_is_json() -> None:
    weak = f'[electrolyte]\nkind = "weak"\n{WEAK}'
    mixed = '[cathode.transport]\nkind = "mixed"\nelectronic_ratio = 4.2\n'
    cell = made(LTO, weak, CATHODE + mixed, LAYER + INTERFACE + CHARGE)
    told = json.loads(cell.json)
    assert told == describe(cell)
    assert [told[part]["kind"] for part in ("anode", "electrolyte")] == ["insertion", "weak"]
    assert [layer["kind"] for layer in told["interlayers"]] == [
        "layer",
        "interface",
        "space-charge",
    ]
    assert told["cathode"]["transport"] == {
        "kind": "mixed", "electronic_ratio": 4.2, "electrolyte_share": None, "electronic_loss": True,
    }  # fmt: skip
    assert told["heat"] is None
    assert describe(made())["cathode"]["transport"] == {"kind": "single"}


def test_the_example_with_a_buffer_says_what_is_assumed() -> None:
    cell = load_cell(EXAMPLES / "ncm_sio2_llto.toml")
    assert [layer.kind for layer in cell.interlayers] == ["layer", "interface"]
    assert_allclose(cell.layer_resistances()["interlayers.0"] * 1e4, 100.0, rtol=1e-12, atol=0)
    lengths = [key for key in cell.sources if key.endswith("thickness")]
    assert len(lengths) == 4
    assert all(cell.sources[key].startswith("assumed: not published") for key in lengths)


# what is refused

WRONG: dict[str, tuple[dict[str, str], str]] = {
    "an unknown kind of anode": (
        {"anode": LITHIUM + 'kind = "lithum"\n'},
        'anode.kind: "lithum" is not a kind of anode, expected one of lithium, anode-free, insertion',
    ),
    "a kind that is a number": (
        {"electrolyte": LIPON + "kind = 1\n"},
        "electrolyte.kind: 1 is not a kind of electrolyte, expected one of single-ion, weak",
    ),
    "an unknown kind of interlayer": (
        {"more": LAYER + 'kind = "buffer"\n'},
        'interlayers.0.kind: "buffer" is not a kind of interlayer, expected one of layer, interface, space-charge, weak',
    ),
    "an unknown kind of transport": (
        {"cathode": CATHODE + '[cathode.transport]\nkind = "fick"\n'},
        'cathode.transport.kind: "fick" is not a kind of transport, expected one of single, mixed',
    ),
    "a kind of what has none": (
        {"cathode": CATHODE + 'kind = "film"\n'},
        "cathode.kind: unknown key, expected one of thickness, maximum_concentration, diffusivity, potential, exchange_current_density, lithium_exponent, vacancy_exponent, transfer_coefficient, initial_fraction, theoretical_swing, diffusivity_activation_energy, exchange_activation_energy, reference_temperature, shape, entropy, transport, double_layer_capacitance, electrolyte_exponent, name, material, diameter",
    ),
    "a thickness of no anode": (
        {"anode": LITHIUM + 'kind = "anode-free"\n'},
        'anode.thickness: not a key of kind "anode-free", expected kind = "lithium" or "insertion" with it',
    ),
    "a conductivity of an interface": (
        {"more": INTERFACE + 'conductivity = "1e-8 S/cm"\n'},
        'interlayers.0.conductivity: not a key of kind "interface", expected kind = "layer" or "space-charge" with it',
    ),
    "a material of an interface": (
        {"more": INTERFACE + 'material = "sio2"\n'},
        'interlayers.0.material: not a key of kind "interface", expected kind = "layer" with it',
    ),
    "a weak electrolyte that does not say so": (
        {"electrolyte": f"[electrolyte]\n{WEAK}"},
        'electrolyte.site_concentration: not a key of kind "single-ion", expected kind = "weak" with it',
    ),
    "mixed conduction that does not say so": (
        {"cathode": CATHODE + "[cathode.transport]\nelectronic_ratio = 4.2\n"},
        'cathode.transport.electronic_ratio: not a key of kind "single", expected kind = "mixed" with it',
    ),
    "a misspelt key of a kind": (
        {"more": CHARGE + "relative_permitivity = 16\n"},
        'interlayers.0.relative_permitivity: unknown key, did you mean "relative_permittivity"?',
    ),
    "a misspelt key of a transport": (
        {"cathode": CATHODE + '[cathode.transport]\nkind = "mixed"\nelectronic_rato = 4.2\n'},
        'cathode.transport.electronic_rato: unknown key, did you mean "electronic_ratio"?',
    ),
    "a material of another kind": (
        {"anode": LTO + 'kind = "lithium"\n'},
        'anode.material: "lto" is not a material for the anode of kind "lithium" but of the role insertion anode, expected one of the role anode',
    ),
    "a metal that lithium goes into": (
        {"anode": LITHIUM + 'kind = "insertion"\n'},
        'anode.material: "lithium" is not a material for the anode of kind "insertion" but of the role anode, expected one of the role insertion anode',
    ),
    "a cathode for an anode": (
        {"anode": LTO.replace("lto", "lco-film")},
        'anode.material: "lco-film" is not a material for the anode but of the role cathode, expected one of the role anode or insertion anode',
    ),
    "a buffer for an electrolyte": (
        {"electrolyte": LIPON.replace("lipon", "sio2")},
        'electrolyte.material: "sio2" is not a material for the electrolyte but of the role interlayer, expected one of the role electrolyte',
    ),
    "an unknown material of an interlayer": (
        {"more": '[[interlayers]]\nmaterial = "alumnia"\nthickness = "1 nm"\n'},
        'interlayers.0.material: "alumnia" is not a material, did you mean "alumina"? filmcell materials find lists all',
    ),
    "a transport that is text": (
        {"cathode": CATHODE + 'transport = "mixed"\n'},
        'cathode.transport: "mixed" is not a table, expected [cathode.transport]',
    ),
    "heat that is text": (
        {"anode": 'heat = "warm"\n' + LITHIUM},
        'heat: "warm" is not a table, expected [heat]',
    ),
    "heat without capacity": (
        {"more": '[heat]\nheat_transfer_coefficient = "10 W/(m2 K)"\n'},
        'heat.heat_capacity is missing, expected an areal heat capacity such as "0.2 J/(cm2 K)"',
    ),
    "heat per volume": (
        {
            "more": '[heat]\nheat_capacity = "2e6 J/(m3 K)"\nheat_transfer_coefficient = "0 W/(m2 K)"\n'
        },
        'heat.heat_capacity: "2e6 J/(m3 K)" is not an areal heat capacity, expected one such as "0.2 J/(cm2 K)"',
    ),
    "a rate of the first order": (
        {"electrolyte": f'[electrolyte]\nkind = "weak"\n{WEAK.replace("m3/(mol s)", "s-1")}'},
        'electrolyte.recombination_rate: "1e-6 s-1" is not a rate constant, expected one such as "8e-7 m3/(mol s)"',
    ),
    "a rate without unit": (
        {"electrolyte": f'[electrolyte]\nkind = "weak"\n{WEAK.replace(" m3/(mol s)", "")}'},
        'electrolyte.recombination_rate: "1e-6" has no unit, expected a rate constant such as "8e-7 m3/(mol s)"',
    ),
    "an entropy without unit": (
        {"cathode": CATHODE + "entropy = 1e-4\n"},
        'cathode.entropy: 0.0001 has no unit, expected an entropy coefficient such as "0.2 mV/K"',
    ),
    "an entropy in another unit": (
        {"cathode": CATHODE + 'entropy = { x = [0.4, 1.0], values = [1, 2], unit = "mV" }\n'},
        'cathode.entropy: unit: "1 mV" is not an entropy coefficient, expected one such as "0.2 mV/K"',
    ),
    "no interface resistance": (
        {"more": '[[interlayers]]\nkind = "interface"\n'},
        'interlayers.0.resistance is missing, expected an area-specific resistance such as "100 ohm cm2"',
    ),
    "no potential of an anode": (
        {
            "anode": '[anode]\nkind = "insertion"\nthickness = "1 um"\nmaximum_concentration = "2e4 mol/m3"\ndiffusivity = "1e-14 m2/s"\nexchange_current_density = "1 A/m2"\n'
        },
        'anode.potential is missing, expected an open-circuit potential such as "lto"',
    ),
    "an anode outside its potential": (
        {"anode": LTO + "initial_fraction = 0.0\n"},
        "anode.initial_fraction: 0 is not allowed, expected one from 0.01 to 0.99, the range of Yao and Viswanathan, J. Phys. Chem. Lett. (2024), doi 10.1021/acs.jpclett.3c03129",
    ),
    "a loss that is text": (
        {
            "cathode": CATHODE
            + '[cathode.transport]\nkind = "mixed"\nelectronic_ratio = 1\nelectronic_loss = "no"\n'
        },
        'cathode.transport.electronic_loss: "no" is neither true nor false, expected one of them',
    ),
    "a ratio with a unit": (
        {"cathode": CATHODE + '[cathode.transport]\nkind = "mixed"\nelectronic_ratio = "4 m"\n'},
        'cathode.transport.electronic_ratio: "4 m" is not a plain number, expected one such as "0.5"',
    ),
    "a collector that is a number": (
        {"anode": '[anode]\nkind = "anode-free"\nmaterial = "lithium"\ncollector = 5\n'},
        "anode.collector: 5 is not text, expected a name",
    ),
    "mistakes in three tables": (
        {
            "anode": LITHIUM.replace("2 um", "2 V"),
            "more": CHARGE.replace("16.6", "-1") + INTERFACE.replace("cm2", "cm"),
        },
        'anode.thickness: "2 V" is not a length, expected one such as "10 um" (and 2 more)',
    ),
}
"""What is wrong: the tables that are, and the sentence."""


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_table_is_refused_word_for_word(wrong: str) -> None:
    tables, sentence = WRONG[wrong]
    assert refusal(**tables) == sentence


def test_the_tables_are_good_without_the_mistakes() -> None:
    assert (
        len(
            made(
                LTO, f'[electrolyte]\nkind = "weak"\n{WEAK}', CATHODE, LAYER + INTERFACE + CHARGE
            ).interlayers
        )
        == 3
    )


@pytest.mark.parametrize("wrong", WRONG)
def test_no_sentence_speaks_of_python(wrong: str) -> None:
    words = ("MISSING", "isinstance", "<class", "float", "dict", "str ", "NoneType", "Error")
    assert not [word for word in words if word in WRONG[wrong][1]]
