"""The parts of a cell: what follows from their numbers, and what they refuse, word for word."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import (
    AnodeFree,
    Cathode,
    Cell,
    Collector,
    Cylinder,
    Electrolyte,
    HeatBalance,
    InputError,
    InsertionAnode,
    Interface,
    Interlayer,
    LithiumMetal,
    MixedConduction,
    Property,
    SingleDiffusion,
    SpaceChargeLayer,
    Sphere,
    WeakElectrolyte,
    alternating,
    constant,
    load_cell,
    tabulated,
)

F, R, EPS_0 = 96485.33212, 8.314462618, 8.8541878128e-12

FALLING = tabulated("OCP", [0.0, 1.0], [4.5, 3.5], "V", source="made up")  # V, 4.5 - x
ANODE_OCP = tabulated("anode OCP", [0.1, 0.9], [0.9, 0.1], "V", source="made up too")  # V, 1 - x


def insertion(**changed: Any) -> InsertionAnode:
    """An anode of 1 um, 2e4 mol/m3, U = 1 - x."""
    given = {"initial_fraction": 0.5, **changed}
    return InsertionAnode("1 um", "2e4 mol/m3", "1e-14 m2/s", ANODE_OCP, "1 A/m2", **given)  # type: ignore[arg-type]


def cathode(**changed: Any) -> Cathode:
    """A cathode of 1 um, 4e4 mol/m3, U = 4.5 - x."""
    given = {"initial_fraction": 0.9, **changed}
    return Cathode("1 um", "4e4 mol/m3", "1e-14 m2/s", FALLING, "1 A/m2", **given)  # type: ignore[arg-type]


def cell(**changed: Any) -> Cell:
    """A cell of these two and a micrometre of electrolyte."""
    given: dict[str, Any] = {
        "anode": insertion(),
        "electrolyte": Electrolyte(1e-6, 1e-4),
        "cathode": cathode(),
        "area": 1e-4,
        "lower_voltage": 2.0,
        "upper_voltage": 4.2,
    }
    return Cell(**{**given, **changed})


# anodes


def test_an_anode_free_cell_has_no_lithium_at_the_start() -> None:
    bare = AnodeFree(5.75, collector="copper")
    assert (bare.thickness, bare.capacity, bare.room) == (0.0, 0.0, float("inf"))
    assert bare.rest_potential(-100.0, 298.15) == 0.0
    assert bare.transfer_coefficient == 0.5


def test_an_insertion_anode_gives_and_takes_what_its_potential_covers() -> None:
    anode = insertion()
    per_fraction = F * 2e4 * 1e-6
    assert_allclose(anode.capacity_per_fraction, per_fraction, rtol=1e-14, atol=0)
    assert_allclose([anode.capacity, anode.room], [0.4 * per_fraction] * 2, rtol=1e-14, atol=0)
    assert_allclose(anode.rest_potential(0.2 * per_fraction, 298.15), 0.7, rtol=1e-12, atol=0)
    assert_allclose(anode.rest_potential(9.9 * per_fraction, 298.15), 0.9, rtol=1e-12, atol=0)


def test_the_window_of_an_insertion_anode_counts_both_potentials() -> None:
    """V = (4.5 - x) - (1 - b), b = 0.5 - 2 (x - 0.9): it falls by 3 per lithium of the cathode."""
    pair = cell(upper_voltage=3.4, lower_voltage=3.2)
    assert_allclose(pair.rest_voltage(0.9), 3.1, rtol=1e-12, atol=0)
    assert_allclose(pair.window_fractions, (0.8, 0.9 - 0.1 / 3), rtol=1e-12, atol=0)
    assert_allclose(pair.window_capacity, F * 4e4 * 1e-6 * (0.1 - 0.1 / 3), rtol=1e-11, atol=0)


def test_the_window_ends_where_the_insertion_anode_is_full_or_empty() -> None:
    """The anode takes 0.4 of 2e4 mol/m3, that is 0.2 of the cathode's sites, and gives as much."""
    wide = cell(anode=insertion(initial_fraction=0.6), upper_voltage=5.0, lower_voltage=1.0)
    assert_allclose(wide.window_fractions, (0.75, 1.0), rtol=1e-12, atol=0)
    narrow = cell(anode=insertion(initial_fraction=0.2), upper_voltage=5.0, lower_voltage=1.0)
    assert_allclose(narrow.window_fractions, (0.55, 0.95), rtol=1e-12, atol=0)


def test_a_cell_without_an_anode_begins_discharged() -> None:
    bare = cell(anode=AnodeFree(5.0), upper_voltage=4.0, lower_voltage=2.0)
    assert_allclose(bare.window_fractions, (0.5, 0.9), rtol=1e-12, atol=0)
    thin = cell(anode=LithiumMetal(1e-9, 5.0), upper_voltage=4.0, lower_voltage=2.0)
    filled = 0.9 + thin.anode.capacity / thin.cathode.capacity_per_fraction
    assert_allclose(thin.window_fractions, (0.5, filled), rtol=1e-12, atol=0)


# entropy


def test_the_potential_moves_with_temperature_by_its_entropy() -> None:
    S = tabulated("dU/dT", [0.5, 1.0], [1e-4, -3e-4], "V/K", source="made up")
    warm = cell(
        anode=insertion(entropy=2e-4, reference_temperature=300.0),
        cathode=cathode(entropy=S, reference_temperature=310.0),
        temperature=320.0,
    )
    at_cathode = float(warm.cathode.open_circuit_potential(0.9, 320.0))
    assert_allclose(at_cathode, 3.6 + 10.0 * float(S(0.9)), rtol=1e-14, atol=0)
    assert_allclose(warm.rest_voltage(0.9), at_cathode - (0.5 + 20.0 * 2e-4), rtol=1e-13, atol=0)
    assert warm.cathode.usable_fractions == (0.5, 1.0)


def test_a_window_stays_where_the_entropy_is_known() -> None:
    S = tabulated("dU/dT", [0.5, 0.95], [1e-4, 1e-4], "V/K", source="made up")
    known = cell(anode=LithiumMetal(1e-6, 5.0), cathode=cathode(entropy=S), upper_voltage=4.4)
    assert known.window_fractions == (0.5, 0.95)


def test_without_entropy_temperature_does_not_move_the_potential() -> None:
    film = cathode()
    for T in (250.0, 298.15, 350.0):
        assert_allclose(film.open_circuit_potential([0.3, 0.9], T), [4.2, 3.6], rtol=1e-15, atol=0)


# transport in the cathode


def test_lithium_enters_from_both_sides_of_a_mixed_conductor() -> None:
    equal, fast = MixedConduction(1.0), MixedConduction(1e12)
    assert (equal.share, equal.ambipolar_factor) == (0.5, 1.0)
    assert_allclose([fast.share, fast.ambipolar_factor], [1.0, 2.0], rtol=1e-11, atol=0)
    assert MixedConduction(1.0, electrolyte_share=1.0).share == 1.0
    assert (SingleDiffusion().share, SingleDiffusion().ambipolar_factor) == (1.0, 1.0)


def test_the_diffusion_time_is_that_of_neutral_lithium() -> None:
    mixed = cathode(transport=MixedConduction(3.0))
    assert_allclose(mixed.diffusion_time(298.15), 1e-12 / 1.5e-14, rtol=1e-12, atol=0)
    assert_allclose(cathode().diffusion_time(298.15), 100.0, rtol=1e-12, atol=0)


def test_a_cathode_counts_its_shape() -> None:
    for shape, parts in ((Cylinder(), 2.0), (Sphere(), 3.0)):
        smaller = cathode(shape=shape).capacity_per_fraction
        assert_allclose(cathode().capacity_per_fraction / smaller, parts, rtol=1e-14, atol=0)


# electrolytes and interlayers


def test_a_weak_electrolyte_follows_temperature_by_its_diffusivities() -> None:
    film = WeakElectrolyte(1e-6, 6e4, 0.2, 1e-6, 1e-15, 4e-15, activation_energy=50e3)
    sigma = F**2 * 1.2e4 * 5e-15 / (R * 298.15)
    assert_allclose(film.conductivity(298.15), sigma, rtol=1e-12, atol=0)
    warmer = np.exp(-50e3 / R * (1 / 350.0 - 1 / 298.15)) * 298.15 / 350.0
    assert_allclose(film.conductivity(350.0), sigma * warmer, rtol=1e-12, atol=0)
    assert_allclose(film.resistance(350.0), 1e-6 / (sigma * warmer), rtol=1e-12, atol=0)
    assert_allclose(film.transference_number, 0.2, rtol=1e-14, atol=0)
    assert_allclose(film.equilibrium_concentration, 1.2e4, rtol=1e-14, atol=0)
    assert_allclose(film.dissociation_rate, 1e-6 * 6e4 * 0.04 / 0.8, rtol=1e-14, atol=0)


def test_an_interlayer_adds_its_faces_each_with_its_own_energy() -> None:
    layer = Interlayer(
        "10 nm",
        "1e-8 S/cm",
        "0.5 eV",
        300.0,
        "20 ohm cm2",
        "0.3 eV",  # type: ignore[arg-type]
    )
    assert_allclose(layer.resistance(300.0) * 1e4, 120.0, rtol=1e-12, atol=0)
    slower = 1 / 280.0 - 1 / 300.0
    bulk, faces = (np.exp(e * F / R * slower) for e in (0.5, 0.3))
    assert_allclose(layer.resistance(280.0) * 1e4, 100 * bulk + 20 * faces, rtol=1e-9, atol=0)


def test_an_interlayer_may_have_no_thickness() -> None:
    assert Interlayer(0.0, 1e-4, interface_resistance=2e-3).resistance(298.15) == 2e-3


def test_an_interface_conducts_better_when_it_is_warm() -> None:
    contact = Interface(1e-3, 0.01, 40e3, 300.0)
    assert contact.resistance_at(300.0) == 1e-3
    warm = 1e-3 * np.exp(40e3 / R * (1 / 330.0 - 1 / 300.0))
    assert_allclose(contact.resistance_at(330.0), warm, rtol=1e-12, atol=0)
    assert warm < 1e-3


LAYER = SpaceChargeLayer(0.2, 1e-4, 16.6, 166.0)


def test_a_space_charge_layer_is_as_wide_as_mott_and_schottky_say() -> None:
    """RT-21: 4.28 nm at 1 V."""
    wide = replace(LAYER, potential=1.0)
    assert_allclose(wide.width * 1e9, 4.28, rtol=0, atol=0.01)
    assert_allclose(wide.capacitance, 16.6 * EPS_0 / wide.width, rtol=1e-12, atol=0)


def test_a_space_charge_layer_resists_more_than_so_much_bulk() -> None:
    """RT-20: 1.67403e-3 ohm m2 for 1 nm; what counts here is that less the bulk."""
    in_nm = LAYER.width / 1e-9
    expected = in_nm * (1.67403e-3 - 1e-9 / 1e-4)
    assert_allclose(LAYER.resistance(298.15), expected, rtol=1e-5, atol=0)
    weak = replace(LAYER, potential=1e-6)
    assert 0.0 < weak.resistance(298.15) < 1e-4 * weak.width / 1e-4


@pytest.mark.parametrize("potential", [0.01, 0.2, 0.5, 2.0])
def test_the_activation_energy_of_a_layer_is_its_slope_in_arrhenius_axes(potential: float) -> None:
    """Its resistance is w/sigma (g - 1), g = e^u D(s)/s, dg/du = e^u (1 - D/s)/(2u), s^2 = u."""
    from scipy.special import dawsn

    layer = replace(LAYER, potential=potential, activation_energy=50e3)
    u = F * potential / (R * 310.0)
    s = np.sqrt(u)
    g, slope = np.exp(u) * dawsn(s) / s, np.exp(u) * (1.0 - dawsn(s) / s) / (2.0 * u)
    expected = 50e3 + R * 310.0 * u * slope / (g - 1.0)
    assert_allclose(layer.activation_energy_at(310.0), expected, rtol=1e-6, atol=0)


def test_a_high_barrier_blocks() -> None:
    assert_allclose(LAYER.barrier(298.15), 0.2 * F / (R * 298.15), rtol=1e-14, atol=0)
    at_limit = 12.0 * R * 298.15 / F
    assert not replace(LAYER, potential=0.999 * at_limit).blocks(298.15)
    assert replace(LAYER, potential=1.001 * at_limit).blocks(298.15)
    assert not replace(LAYER, potential=1.001 * at_limit).blocks(310.0)
    assert np.isfinite(replace(LAYER, potential=5.0).resistance(100.0))


def test_a_stack_alternates_with_contacts_between_its_layers() -> None:
    a, b, contact = Interlayer(1e-8, 1e-4), Electrolyte(2e-8, 1e-3), Interface(1e-4)
    assert alternating(a, b, 4) == (a, b, a, b)
    assert alternating(a, b, 3, contact) == (a, contact, b, contact, a)
    assert alternating(a, b, 1, contact) == (a,)
    stacked = cell(interlayers=alternating(a, b, 2, contact))
    total = sum(stacked.layer_resistances().values())
    assert_allclose(total, 1e-2 + 1e-4 + 1e-4 + 2e-5, rtol=1e-12, atol=0)


def test_every_sort_of_layer_counts_in_its_place() -> None:
    weak = WeakElectrolyte(1.5e-6, 6.01e4, 0.18, 0.9e-6, 0.9e-15, 5.1e-15)
    layers = (
        Electrolyte(1e-8, 1e-4), Interlayer(1e-8, 1e-5), Interface(3e-4, activation_energy=30e3),
        LAYER, weak,
    )  # fmt: skip
    mixed = cell(electrolyte=weak, interlayers=layers, temperature=310.0, contact_resistance=1e-4)
    found = mixed.layer_resistances()
    assert list(found) == ["electrolyte", *(f"interlayers.{k}" for k in range(5)), "contact"]
    ohms = [
        weak.resistance(310.0), layers[0].resistance(310.0), layers[1].resistance(310.0),
        layers[2].resistance_at(310.0), LAYER.resistance(310.0), weak.resistance(310.0), 1e-4,
    ]  # fmt: skip
    assert list(found.values()) == ohms
    assert_allclose(mixed.resistance, sum(ohms), rtol=1e-14, atol=0)


# heat, capacitances


def test_a_heat_balance_reads_its_units() -> None:
    heat = HeatBalance("0.2 J/(cm2 K)", "1 mW/(cm2 K)", "30 degC")  # type: ignore[arg-type]
    assert (heat.heat_capacity, heat.heat_transfer_coefficient) == (2000.0, 10.0)
    assert heat.surroundings == 303.15
    assert HeatBalance(1.0, 0.0).surroundings is None


def test_capacitances_read_their_units() -> None:
    anode = LithiumMetal(1e-6, 5.0, double_layer_capacitance="0.53 uF/cm2")  # type: ignore[arg-type]
    assert_allclose(anode.double_layer_capacitance, 5.3e-3, rtol=1e-14, atol=0)
    assert cell(geometric_capacitance="3.24 nF/cm2").geometric_capacitance == 3.24e-5


# changes


def test_replace_reaches_the_new_numbers() -> None:
    start = cell(
        cathode=cathode(transport=MixedConduction(4.0)),
        interlayers=(Interlayer(1e-8, 1e-4), Interface(1e-3), LAYER),
        heat=HeatBalance(2000.0, 10.0),
    )
    changes = {
        "cathode.transport.electronic_ratio": 5.0,
        "cathode.transport.electrolyte_share": 0.9,
        "cathode.transport.electronic_loss": False,
        "cathode.entropy": "-0.1 mV/K",
        "cathode.double_layer_capacitance": "1 uF/cm2",
        "heat.heat_capacity": "0.1 J/(cm2 K)",
        "heat.surroundings": "20 degC",
        "interlayers.1.resistance": "5 ohm cm2",
        "interlayers.2.potential": "0.1 V",
        "anode.initial_fraction": 0.3,
        "anode.potential": "lto",
        "geometric_capacitance": "1 nF/cm2",
    }
    made = start.replace(changes)
    assert made.cathode.transport == MixedConduction(5.0, 0.9, electronic_loss=False)
    assert_allclose(made.cathode.entropy(0.5), -1e-4, rtol=1e-14, atol=0)
    assert_allclose(made.cathode.double_layer_capacitance, 1e-2, rtol=1e-14, atol=0)
    assert made.heat == HeatBalance(1000.0, 10.0, 293.15)
    assert made.interlayers[1] == Interface(5e-4)
    assert made.interlayers[2] == replace(LAYER, potential=0.1)
    assert isinstance(made.anode, InsertionAnode)
    assert_allclose(made.anode.potential(0.3), 1.55, rtol=1e-12, atol=0)
    assert_allclose(made.geometric_capacitance, 1e-5, rtol=1e-14, atol=0)
    assert set(made.sources) == set(changes)
    assert start.cathode.transport == MixedConduction(4.0)


def test_replace_takes_whole_new_parts() -> None:
    plain = load_cell("wang2023-lco-lipon-li")
    weak = load_cell("danilov2011").electrolyte
    made = plain.replace(
        {
            "electrolyte": weak,
            "anode": AnodeFree(5.75),
            "heat": HeatBalance(1.0, 1.0),
            "cathode.transport": MixedConduction(2.0),
        }
    )
    assert (made.electrolyte, made.anode) == (weak, AnodeFree(5.75))
    assert "electrolyte.conductivity" not in made.sources
    assert made.sources["heat"] == "set by the user"


def test_equal_cells_are_equal_and_others_are_not() -> None:
    one = cell(interlayers=(LAYER,), heat=HeatBalance(1.0, 1.0))
    assert one == cell(interlayers=(LAYER,), heat=HeatBalance(1.0, 1.0))
    assert hash(one) == hash(cell(interlayers=(LAYER,), heat=HeatBalance(1.0, 1.0)))
    assert one.json != cell(heat=HeatBalance(1.0, 1.0)).json


# refusals

PLAIN = {"such": 'a plain number above 0 and at most 1 such as "0.5"'}

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "an anode that starts outside its potential": (
        lambda: insertion(initial_fraction=0.05),
        "initial_fraction: 0.05 is not allowed, expected one from 0.1 to 0.9, the range of "
        "made up too",
    ),
    "a cathode that starts outside its entropy": (
        lambda: cathode(entropy=tabulated("S", [0.2, 0.8], [0, 0], "V/K", source="fig. 2")),
        "initial_fraction: 0.9 is not allowed, expected one from 0.2 to 0.8, the range of fig. 2",
    ),
    "an entropy in volts": (
        lambda: cathode(entropy="1 mV"),
        'entropy: "1 mV" is not an entropy coefficient, expected one such as "0.2 mV/K"',
    ),
    "an entropy that is a potential": (
        lambda: cathode(entropy=FALLING),
        'entropy: OCP (made up) has the unit "V", expected "V/K"',
    ),
    "a negative fraction of an anode": (
        lambda: insertion(initial_fraction=-0.1),
        "initial_fraction: -0.1 is not allowed, expected a plain number of at least 0 and at "
        'most 1 such as "0.5"',
    ),
    "a collector that is a number": (
        lambda: AnodeFree(5.0, collector=5),  # type: ignore[arg-type]
        "collector: 5 is not text, expected a name",
    ),
    "electrons that do not move": (
        lambda: MixedConduction(0.0),
        'electronic_ratio: 0.0 is not allowed, expected a plain number above 0 such as "0.5"',
    ),
    "a share of zero": (
        lambda: MixedConduction(1.0, 0.0),
        f"electrolyte_share: 0.0 is not allowed, expected {PLAIN['such']}",
    ),
    "a share above one": (
        lambda: MixedConduction(1.0, 1.5),
        f"electrolyte_share: 1.5 is not allowed, expected {PLAIN['such']}",
    ),
    "a loss that is neither on nor off": (
        lambda: MixedConduction(1.0, electronic_loss=1),  # type: ignore[arg-type]
        "electronic_loss: 1 is neither true nor false, expected one of them",
    ),
    "a transport that is none": (
        lambda: cathode(transport="mixed"),
        'transport: "mixed" is not allowed, expected one of SingleDiffusion, MixedConduction',
    ),
    "all of it dissociated": (
        lambda: WeakElectrolyte(1e-6, 6e4, 1.0, 1e-6, 1e-15, 1e-15),
        "dissociated_fraction: 1.0 is not allowed, expected a plain number above 0 and below 1 "
        'such as "0.5"',
    ),
    "no recombination": (
        lambda: WeakElectrolyte(1e-6, 6e4, 0.5, 0.0, 1e-15, 1e-15),
        "recombination_rate: 0.0 is not allowed, expected a rate constant above 0 m3/(mol s) such "
        'as "8e-7 m3/(mol s)"',
    ),
    "a defect that does not move": (
        lambda: WeakElectrolyte(1e-6, 6e4, 0.5, 1e-6, 1e-15, 0.0),
        "anion_diffusivity: 0.0 is not allowed, expected a diffusivity above 0 m2/s such as "
        '"1e-14 m2/s"',
    ),
    "a negative thickness of an interlayer": (
        lambda: Interlayer(-1e-9, 1e-4),
        'thickness: -1e-09 is not allowed, expected a length of at least 0 m such as "10 um"',
    ),
    "a negative resistance": (
        lambda: Interface("-1 ohm cm2"),  # type: ignore[arg-type]
        'resistance: "-1 ohm cm2" is not allowed, expected an area-specific resistance of at '
        'least 0 ohm m2 such as "100 ohm cm2"',
    ),
    "a capacitance in farad": (
        lambda: Interface(1.0, "1 uF"),  # type: ignore[arg-type]
        'capacitance: "1 uF" is not an areal capacitance, expected one such as "0.53 uF/cm2"',
    ),
    "an enriched layer": (
        lambda: SpaceChargeLayer(-0.2, 1e-4, 16.6, 166.0),
        "potential: -0.2 is not allowed, expected a voltage of at least 1e-06 and at most 5 V such "
        'as "4.2 V"',
    ),
    "a stack of nothing": (
        lambda: alternating(LAYER, LAYER, 0),
        "count: 0 is not allowed, expected a whole number above 0",
    ),
    "a stack of two and a half": (
        lambda: alternating(LAYER, LAYER, 2.5),  # type: ignore[arg-type]
        "count: 2.5 is not allowed, expected a whole number above 0",
    ),
    "no heat capacity": (
        lambda: HeatBalance(0.0, 1.0),
        "heat_capacity: 0.0 is not allowed, expected an areal heat capacity above 0 J/(m2 K) such "
        'as "0.2 J/(cm2 K)"',
    ),
    "a cell that cools by itself": (
        lambda: HeatBalance(1.0, -1.0),
        "heat_transfer_coefficient: -1.0 is not allowed, expected a heat transfer coefficient of "
        'at least 0 W/(m2 K) such as "10 W/(m2 K)"',
    ),
    "surroundings at absolute zero": (
        lambda: HeatBalance(1.0, 1.0, 0.0),
        "surroundings: 0.0 is not allowed, expected a temperature above 100 and at most 1000 K "
        'such as "298.15 K"',
    ),
    "a negative geometric capacitance": (
        lambda: cell(geometric_capacitance=-1.0),
        "geometric_capacitance: -1.0 is not allowed, expected an areal capacitance of at least 0 "
        'F/m2 such as "0.53 uF/cm2"',
    ),
    "an interface for an electrolyte": (
        lambda: cell(electrolyte=Interface(1.0)),
        "electrolyte: an Interface is not allowed, expected one of Electrolyte, WeakElectrolyte",
    ),
    "a collector among the interlayers": (
        lambda: cell(interlayers=(Collector("Pt", 1e-7),)),
        "interlayers.0: a Collector is not allowed, expected one of Electrolyte, Interlayer, "
        "Interface, SpaceChargeLayer, WeakElectrolyte",
    ),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_bad_part_is_refused_word_for_word(wrong: str) -> None:
    make, sentence = REFUSED[wrong]
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == sentence


def test_a_property_given_as_a_formula_serves_an_anode_too() -> None:
    U = Property("OCP", "V", lambda x: 1.0 - x, 0.0, 1.0, "made up")
    anode = InsertionAnode(1e-6, 2e4, constant("D", 1e-14, "m2/s"), U, 1.0)  # type: ignore[arg-type]
    assert anode.initial_fraction == 0.0
    assert anode.capacity == 0.0
    assert anode.rest_potential(0.0, 298.15) == 1.0
