"""Limits in which the assembled model must become another one, and laws that hold in any cell."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from every_kind import (
    ANODE,
    BASE,
    CELLS,
    DANILOV,
    ENTROPY,
    LTO_WINDOW,
    MIXED,
    made,
    meshes_of,
    model_on_coarse_meshes,
)
from filmcell.constants import F, R
from filmcell.models.assembled import AssembledModel
from filmcell.models.film import FilmModel
from filmcell.models.regions import Meshes, default_mesh
from filmcell.numerics.mesh import Mesh
from filmcell.physics.heat import lumped_temperature
from filmcell.physics.weak_electrolyte import reaction_length, reaction_time
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.result import Result
from filmcell.simulation.solve import simulate, solve
from filmcell.simulation.stepping import observed

TIGHT = Options(tolerance=1e-9, voltage_tolerance=1e-8, resolution=2e-7)
EVERYTHING = (
    "Charge at 2 A/m2 until 4.2 V; Hold at 4.2 V until 0.2 A/m2; Rest for 10 min; "
    "Discharge at 1 mW/cm2 until 3.2 V; Sweep at 1 mV/s until 3.9 V; "
    "Discharge at 3 A/m2 until 3 V; Rest for 10 min"
)

"""Every control, down to where the potential falls off its cliff."""
MILD = (
    "Charge at 2 A/m2 until 4.15 V; Hold at 4.15 V until 0.2 A/m2; Rest for 10 min; "
    "Discharge at 1 mW/cm2 for 2 min; Sweep at 1 mV/s until 3.95 V; Discharge at 3 A/m2 for 5 min; "
    "Rest for 10 min"
)
"""Every control, away from the cliff, where the last bit of a state is worth a nanovolt."""


def tightly(cell: filmcell.Cell, text: str, mesh: Mesh | Meshes | None = None) -> Result:
    """Simulate with tight tolerances."""
    return simulate(cell, text, mesh=mesh, **vars(TIGHT))


def gap(a: Result, b: Result, start: float = 1e-3, end: float = 0.999) -> float:
    """Largest difference of two voltage curves, step by step over their common part [V]."""
    worst = 0.0
    for number in range(1, len(a.ended) + 1):
        p, q = a.of_step(number), b.of_step(number)
        ta, tb = a.time[p] - a.time[p][0], b.time[q] - b.time[q][0]
        t = np.linspace(start, end, 2000) * min(ta[-1], tb[-1])
        off = np.interp(t, ta, a.voltage[p]) - np.interp(t, tb, b.voltage[q])
        worst = max(worst, float(abs(off).max()))
    return worst


# one model in the place of another ---------------------------------------------------------------


@pytest.mark.parametrize("shape", [filmcell.Film(), filmcell.Cylinder(), filmcell.Sphere()])
@pytest.mark.parametrize("temperature", [298.15, 330.0])
def test_an_isothermal_cell_of_a_film_is_the_film_model(
    shape: filmcell.Film, temperature: float
) -> None:
    """On one mesh voltages agree to rounding, and whole curves to 3e-9 V.

    The time steps are chosen by estimates of errors, in which rounding is larger.
    """
    cell = made(
        cathode__shape=shape, temperature=temperature,
        cathode__diffusivity_activation_energy=2e4, cathode__exchange_activation_energy=4e4,
        anode__activation_energy=3e4, contact_resistance=1e-3,
        interlayers=(filmcell.Interface(1e-3, activation_energy=3e4),),
    )  # fmt: skip
    mesh = Mesh.graded(40, 5e-6, 2e-8, shape.dimension)
    film, assembled = FilmModel(cell, mesh), AssembledModel(cell, Meshes(mesh))
    a, b = (solve(model, load_protocol(MILD), Options()) for model in (film, assembled))
    assert a.ended == b.ended
    assert a.time.size == b.time.size
    assert_allclose(b.voltage, a.voltage, rtol=0, atol=3e-9)
    assert_allclose(b.capacity, a.capacity, rtol=1e-9, atol=0)
    whole = [solve(model, load_protocol(EVERYTHING), Options()) for model in (film, assembled)]
    assert whole[0].ended == whole[1].ended
    assert_allclose(whole[1].capacity, whole[0].capacity, rtol=1e-7, atol=0)
    steep = whole[0].origin
    for y, i in zip(steep.states[::50], steep.current[::50], strict=True):
        volts = [observed(model, y, float(i))[:4] for model in (film, assembled)]
        assert_allclose(volts[1], volts[0], rtol=1e-12, atol=1e-12)


def test_fast_dissociation_is_ohmic() -> None:
    """The gap to an ohmic layer of the same conductivity falls like the reaction length."""
    sigma = DANILOV.thickness / DANILOV.resistance(BASE.temperature)
    ohmic = made(electrolyte=filmcell.Electrolyte(DANILOV.thickness, sigma))
    text = "Charge at 2 A/m2 for 20 min; Discharge at 5 A/m2 for 5 min"
    truth = tightly(ohmic, text)
    gaps, lengths = [], []
    for k_r in (1e-4, 1e-2, 1.0):
        layer = replace(DANILOV, recombination_rate=k_r)
        tau = reaction_time(layer.dissociation_rate, k_r, layer.equilibrium_concentration)
        lengths.append(reaction_length(1.53e-15, tau))
        cell = made(electrolyte=layer)
        meshes = Meshes(
            default_mesh(ohmic, 5.0),
            (Mesh.symmetric(80, layer.thickness, min(lengths[-1] / 4, 9e-9)),),
        )
        gaps.append(gap(tightly(cell, text, meshes), truth))
    assert_allclose(np.array(gaps) / gaps[0], np.array(lengths) / lengths[0], rtol=0.1, atol=0)
    # with D- / D+ = 17/3 the layers at both sides cost 2 lambda / L of it more, at 5 A/m2
    expected = 5.0 * DANILOV.resistance(BASE.temperature) * 17 / 3 * 2 * lengths[-1] / 1.5e-6
    assert_allclose(gaps[-1], expected, rtol=0.1, atol=0)
    assert gaps[-1] < 4e-4


def test_free_electrons_make_a_film() -> None:
    """D_e >> D_Li: plain diffusion with 2 D_Li, and all lithium from the electrolyte.

    A film stands on nodes, a mixed conductor in volumes: fine ones, so that 1e-5 V is left.
    """
    mesh = Mesh.symmetric(600, 5e-6, 1e-8)
    text = "Charge at 2 A/m2 until 4.2 V; Rest for 10 min; Discharge at 5 A/m2 until 3 V"
    film = made(cathode__diffusivity=2e-14)
    truth = tightly(film, text, Mesh.graded(100, 5e-6, 1e-8))
    gaps = []
    for ratio in (1e3, 1e4, 1e5):
        cell = made(cathode__diffusivity=1e-14,
                    cathode__transport=filmcell.MixedConduction(ratio))  # fmt: skip
        found = tightly(cell, text, mesh)
        assert found.ended == truth.ended
        gaps.append(gap(found, truth, end=0.99))
    assert_allclose(gaps[0] / gaps[1], 10.0, rtol=0.1, atol=0)
    assert gaps[1] / gaps[2] > 8.0  # of the last, 1e-5 are the volumes
    assert gaps[-1] < 5e-5


@pytest.mark.parametrize("name", ["plain", "weak", "geometric capacitance", "everything"])
def test_a_layer_of_no_thickness_changes_nothing(name: str) -> None:
    """To 1e-10 V over a charge, a hold, a rest and a discharge."""
    cell = CELLS[name]
    upper = cell.upper_voltage - 0.05
    text = (
        f"Charge at 2 A/m2 until {upper} V; Hold at {upper} V for 10 min; Rest for 10 min; "
        f"Discharge at 3 A/m2 until {cell.lower_voltage + 0.1} V"
    )
    nothing = filmcell.Interlayer(0.0, 1e-9, activation_energy=3e4)
    with_it = replace(cell, interlayers=(*cell.interlayers, nothing, filmcell.Interface(0.0)))
    meshes = meshes_of(cell)
    a = solve(AssembledModel(cell, meshes), load_protocol(text), Options())
    b = solve(AssembledModel(with_it, meshes), load_protocol(text), Options())
    assert a.ended == b.ended
    assert a.time.size == b.time.size
    assert_allclose(b.voltage, a.voltage, rtol=0, atol=1e-10)
    for key, values in b.losses.items():
        if key not in a.losses:
            assert not values.any(), key


@pytest.mark.parametrize("assembled", [False, True])
def test_an_alternating_stack_is_the_sum_of_its_resistances(assembled: bool) -> None:
    """Seven layers and six contacts, or one contact with the resistance of them all."""
    T = 320.0
    llto = filmcell.Interlayer(20e-9, 1e-3, activation_energy=3e4, name="LLTO")
    ncm = filmcell.Interlayer(30e-9, 1e-6, interface_resistance=1e-3, name="NCM")
    contact = filmcell.Interface(2e-4, activation_energy=2e4)
    stack = filmcell.alternating(ncm, llto, 7, contact)
    whole = 4 * ncm.resistance(T) + 3 * llto.resistance(T) + 6 * contact.resistance_at(T)
    changes = {"temperature": T, "electrolyte": DANILOV} if assembled else {"temperature": T}
    a = simulate(made(interlayers=stack, **changes), MILD)
    b = simulate(made(interlayers=(filmcell.Interface(whole),), **changes), MILD)
    assert type(a.origin.model) is (AssembledModel if assembled else FilmModel)
    assert a.ended == b.ended
    assert a.time.size == b.time.size
    assert_allclose(a.voltage, b.voltage, rtol=0, atol=1e-9)
    parts = sum(v for k, v in a.losses.items() if k.startswith("interlayers."))
    assert_allclose(parts, b.losses["interlayers.0"], rtol=0, atol=1e-9)


@pytest.mark.parametrize("T", [273.15, 298.15, 333.15])
def test_an_interface_follows_its_arrhenius_law(T: float) -> None:
    """Its loss is -i R(T), in the film model and in the assembled one, heat balance or not."""
    contact = filmcell.Interface(5e-3, activation_energy=4e4, reference_temperature=300.0)
    expected = 5e-3 * np.exp(4e4 / R * (1 / T - 1 / 300.0))
    for changes in ({}, {"electrolyte": DANILOV}, {"heat": filmcell.HeatBalance(50.0, 1e9)}):
        cell = made(interlayers=(contact,), temperature=T, **changes)
        result = simulate(cell, "Charge at 2 A/m2 for 10 min")
        assert_allclose(result.losses["interlayers.0"], 2.0 * expected, rtol=1e-6, atol=0)


def has_capacitors(cell: filmcell.Cell) -> bool:
    """Whether a current needs time before it flows through every interface."""
    return bool(
        cell.cathode.double_layer_capacitance
        or cell.anode.double_layer_capacitance
        or cell.geometric_capacitance
        or any(getattr(layer, "capacitance", 0.0) for layer in cell.interlayers)
    )


@pytest.mark.parametrize("name", CELLS)
def test_reversing_the_current_flips_every_loss(name: str) -> None:
    """From rest, one way lowers the voltage by each loss and the other way raises it."""
    cell = CELLS[name]
    cell = replace(cell, cathode=replace(cell.cathode, initial_fraction=0.75))
    if has_capacitors(cell):
        bare = isinstance(cell.anode, filmcell.AnodeFree)
        span = "300 us" if bare else "1 s"  # its nucleus holds no more
        runs = [simulate(cell, f"{way} at 1.7 A/m2 for {span}") for way in ("Discharge", "Charge")]
        assert all(run.ended[0].endswith(" s passed") for run in runs)
        parts = {k: (v[-1], runs[1].losses[k][-1]) for k, v in runs[0].losses.items()}
    else:
        model = model_on_coarse_meshes(cell)
        y = np.tile(model.initial(), (2, 1))
        y[:, -1] = -1.0  # some lithium on a bare collector
        parts = model.losses(y, np.array([1.7, -1.7]))
    lost = 0.0
    for key, (discharge, charge) in parts.items():
        if key != "open-circuit potential" and discharge != 0.0:
            assert discharge < 0.0 < charge, key
            assert 0.3 < -charge / discharge < 3.0, key
            lost -= discharge
    assert lost > 1e-3


# capacitors --------------------------------------------------------------------------------------


def test_an_interface_charges_like_a_capacitor_beside_a_resistor() -> None:
    """v = i R (1 - exp(-t / RC))."""
    ohms, farads, i = 5e-3, 1e-2, 3.0
    cell = made(interlayers=(filmcell.Interface(ohms, capacitance=farads),))
    result = tightly(cell, f"Discharge at {i} A/m2 for 1 ms")
    expected = -i * ohms * -np.expm1(-result.time / (ohms * farads))
    assert_allclose(result.losses["interlayers.0"], expected, rtol=0, atol=1e-8)
    default = simulate(cell, f"Discharge at {i} A/m2 for 1 ms")
    expected = -i * ohms * -np.expm1(-default.time / (ohms * farads))
    assert_allclose(default.losses["interlayers.0"], expected, rtol=0, atol=2e-5)


def test_the_whole_current_comes_from_the_collectors_at_first() -> None:
    """V falls at once by i rho_s and then with the slope i / C_geo."""
    cell = CELLS["raijmakers2020"]
    result = tightly(cell, "Discharge at 2 A/m2 for 1 us")
    V = float(observed(result.origin.model, np.array(result.origin.states[0]), 0.0)[0])
    assert_allclose(result.voltage[0], V - 2.0 * 1.83e-3, rtol=0, atol=1e-12)
    early = (result.time > 0) & (result.time < 2e-9)
    slope = (result.voltage[early] - result.voltage[0]) / result.time[early]
    assert_allclose(slope, -2.0 / 3.24e-5, rtol=5e-3, atol=0)
    assert_allclose(result.losses["electrolyte migration"][0], 0.0, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", ["single", "mixed", "insertion anode"])
@pytest.mark.parametrize(
    "key",
    [
        "cathode.double_layer_capacitance",
        "anode.double_layer_capacitance",
        "geometric_capacitance",
    ],
)
def test_capacitances_vanish(key: str, kind: str) -> None:
    """Once they are charged, curves differ in proportion to the capacitance from those without."""
    changes = {
        "single": {},
        "mixed": {"cathode__transport": MIXED},
        "insertion anode": {"anode": ANODE, **LTO_WINDOW},
    }[kind]
    cell = made(electrolyte=DANILOV, contact_resistance=1e-3, cathode__initial_fraction=0.9,
                **changes)  # fmt: skip
    text = "Charge at 2 A/m2 for 20 min; Discharge at 2 A/m2 for 10 min"
    meshes = meshes_of(cell, 40)

    def away(capacitance: float) -> float:
        changed = cell.replace({key: capacitance})
        return gap(tightly(changed, text, meshes), without, start=0.05)

    without = tightly(cell, text, meshes)
    most, less, least = away(10.0), away(1.0), away(1e-5)
    assert least < 3e-7
    if key == "anode.double_layer_capacitance" and kind != "insertion anode":
        assert most < 1e-6  # lithium keeps its potential, so its double layer keeps its charge
    else:
        assert_allclose(most / less, 10.0, rtol=0.15, atol=0)
        assert less > 1e-6


# anodes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("capacitance", [0.0, 2e-4])
def test_an_anode_free_cell_gives_back_what_was_charged(capacitance: float) -> None:
    """Each discharge ends when the plated lithium is gone; the first has nothing to give."""
    anode = filmcell.AnodeFree(5.75, double_layer_capacitance=capacitance)
    cell = made(anode=anode, cathode__initial_fraction=0.8)
    text = (
        "Discharge at 1 A/m2 until 2.7 V; Charge at 1 A/m2 until 0.05 mAh/cm2; "
        "Discharge at 1 A/m2 until 2.7 V; Charge at 2 A/m2 until 4.15 V; Rest for 1 h; "
        "Discharge at 0.5 A/m2 until 2.7 V"
    )
    result = simulate(cell, text)
    gone = "the lithium metal was used up"
    assert result.ended[0] in (gone, f"{gone} at once")
    assert result.ended[2] == result.ended[5] == gone
    # a nucleus of 0.1 pm, less than a thousandth of an atom, is there from the start
    nucleus = 1e-13 / 1.29963e-5 * F * cell.area / 3600
    assert result.capacity[0] <= nucleus * (1 + 1e-4)
    assert_allclose(result.capacity[2], result.capacity[1], rtol=0, atol=1.01 * nucleus)
    assert_allclose(result.capacity[5], result.capacity[3], rtol=0, atol=1.01 * nucleus)
    assert result.lithium_thickness.min() >= -1e-13 * (1 + 1e-9)
    assert_allclose(result.lithium_thickness[-1], 0.0, rtol=0, atol=1.01e-13)


@pytest.mark.parametrize("name", ["insertion anode", "insertion anode, all capacitances",
                                  "everything"])  # fmt: skip
def test_what_one_electrode_gives_the_other_takes(name: str) -> None:
    """Lithium of both films and on their double layers is constant to 1e-12 of all."""
    cell = CELLS[name]
    model = model_on_coarse_meshes(cell)
    text = "Charge at 2 A/m2 until 2.6 V; Hold at 2.6 V for 1 h; Discharge at 5 A/m2 until 2 V"
    result = solve(model, load_protocol(text), Options())
    anode = result.layers["anode"]
    both = result.lithium + anode.concentration @ anode.volume
    states, lay = result.origin.states, model.layout
    for place, part in ((lay[0], cell.cathode), (lay[3], cell.anode)):
        if place >= 0:
            both = both + states[:, place] * part.double_layer_capacitance / F
    assert_allclose(both, both[0], rtol=1e-12, atol=0)
    assert abs(result.lithium - result.lithium[0]).max() > 0.02 * result.lithium[0]
    assert not result.lithium_thickness.any()


def test_the_voltage_of_an_insertion_anode_is_the_difference_of_both() -> None:
    """At rest at a charge: U_p(x) - U_n(b) with x and b by the charge that passed."""
    cell = CELLS["insertion anode"]
    result = tightly(cell, "Charge at 1 A/m2 until 0.1 mAh/cm2; Rest for 200 h")
    passed = 0.1 * 36e3  # C/m2
    x = cell.cathode.initial_fraction - passed / cell.cathode.capacity_per_fraction
    b = cell.anode.initial_fraction + passed / cell.anode.capacity_per_fraction
    expected = float(cell.cathode.potential(x)) - float(cell.anode.potential(b))
    assert_allclose(result.voltage[-1], expected, rtol=0, atol=1e-6)
    assert_allclose(cell.rest_voltage(x), expected, rtol=0, atol=1e-12)


# temperature -------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [280.0, 330.0])
def test_an_entropy_shifts_the_potential_at_rest(T: float) -> None:
    """By (T - T_ref) dU/dT of the cathode less that of the anode."""
    anode = replace(ANODE, entropy=filmcell.constant("entropy", 2e-4, "V/K", "made up"))
    for changes in ({}, {"anode": anode, **LTO_WINDOW}):
        cell = made(
            cathode__entropy=ENTROPY, temperature=T, cathode__initial_fraction=0.7, **changes
        )
        plain = made(cathode__initial_fraction=0.7, temperature=T,
                     **{k: ANODE if k == "anode" else v for k, v in changes.items()})  # fmt: skip
        moved = [simulate(c, "Rest for 1 s").voltage[-1] for c in (cell, plain)]
        shift = (T - cell.cathode.reference_temperature) * float(ENTROPY(0.7))
        shift -= (T - ANODE.reference_temperature) * 2e-4 if changes else 0.0
        assert_allclose(moved[0] - moved[1], shift, rtol=1e-8, atol=0)


def test_a_good_heat_sink_keeps_the_temperature() -> None:
    """The same curve as without a heat balance, and the rise is heat over the coefficient."""
    changes = {"electrolyte": DANILOV, "cathode__entropy": ENTROPY}
    text = "Charge at 2 A/m2 until 4.2 V; Discharge at 5 A/m2 until 3 V"
    without = tightly(made(**changes), text)
    gaps = []
    for h in (1e5, 1e6):
        found = tightly(made(heat=filmcell.HeatBalance(50.0, h), **changes), text)
        assert found.ended == without.ended
        gaps.append(gap(found, without, end=0.99))
        assert abs(found.temperature - BASE.temperature).max() < 10.0 / h
    assert gaps[1] < 1e-7
    assert_allclose(gaps[0] / gaps[1], 10.0, rtol=0.3, atol=0)


@pytest.mark.parametrize("h", [0.0, 20.0])
def test_a_constant_heat_follows_the_closed_form(h: float) -> None:
    """A resistor in front of a cell without other losses worth mentioning: heat i^2 R."""
    ohms, i, capacity = 0.5, 2.0, 30.0
    U = filmcell.Property("OCP", "V", lambda x: 4.0 - 1e-9 * x, 0.0, 1.0, "made up")
    cell = made(
        filmcell.load_cell("wang2023-lco-lipon-li"),
        cathode__potential=U, cathode__diffusivity=1e-9, cathode__exchange_current_density=1e9,
        anode__exchange_current_density=1e9, cathode__initial_fraction=0.4,
        electrolyte=filmcell.Electrolyte(1e-9, 1e6), contact_resistance=ohms,
        heat=filmcell.HeatBalance(capacity, h, surroundings=290.0), temperature=300.0,
    )  # fmt: skip
    result = simulate(cell, f"Discharge at {i} A/m2 for 100 s")
    expected = lumped_temperature(result.time, i * i * ohms, h, capacity, 300.0, 290.0)
    assert_allclose(result.temperature, expected, rtol=0, atol=2e-4)
    assert abs(expected[-1] - 300.0) > 3.0


@pytest.mark.parametrize("entropy", [False, True])
@pytest.mark.parametrize("kind", ["single", "mixed with layers", "insertion anode"])
def test_the_heat_of_a_cycle_is_the_energy_that_was_lost(kind: str, entropy: bool) -> None:
    """Heat kept and given away over a cycle with rests equals the electrical work put in.

    Reversible heat goes in and out, and what it leaves belongs to the potential at temperature.
    """
    parts = {
        "single": {},
        "mixed with layers": {"cathode__transport": MIXED, "electrolyte": DANILOV,
                              "interlayers": (filmcell.Interface(1e-3, capacitance=1e-2),)},
        "insertion anode": {"anode": replace(ANODE, entropy=ENTROPY if entropy else 0.0),
                            **LTO_WINDOW},
    }[kind]  # fmt: skip
    capacity, h = 40.0, 3.0
    cell = made(
        cathode__entropy=ENTROPY if entropy else 0.0, cathode__initial_fraction=0.9,
        heat=filmcell.HeatBalance(capacity, h), cathode__exchange_activation_energy=4e4, **parts,
    )  # fmt: skip
    text = (
        "Charge at 2 A/m2 until 0.02 mAh/cm2; Rest for 5 min; "
        "Discharge at 2 A/m2 until 0.02 mAh/cm2; Rest for 20 h"
    )
    result = simulate(cell, text, tolerance=1e-9, voltage_tolerance=1e-8, resolution=1e-7)
    assert all("0.02 mAh" in result.ended[k] for k in (0, 2)), result.ended
    T = result.temperature - cell.temperature
    given = h * float(np.sum(0.5 * (T[1:] + T[:-1]) * np.diff(result.time)))
    kept = capacity * float(T[-1] - T[0])
    lost = -float(result.energy.sum()) * 3600 / cell.area
    assert lost > 5.0
    assert_allclose(kept + given, lost, rtol=2e-5, atol=0)


def test_a_warm_cell_loses_less() -> None:
    """Every Arrhenius number of a cell makes it faster when it is warm."""
    cell = CELLS["everything"].replace({"heat": None})
    text = "Charge at 1 A/m2 for 20 min; Discharge at 1 A/m2 for 5 min"
    losses = []
    for T in (280.0, 300.0, 320.0):
        found = simulate(cell.replace({"temperature": T}), text)
        assert found.ended == ("20 min passed", "5 min passed")
        at = found.of_step(2).stop - 1
        losses.append({k: v[at] for k, v in found.losses.items()})
    for key in losses[0]:
        if key not in ("open-circuit potential", "contact"):
            cold, mild, warm = (abs(step[key]) for step in losses)
            assert cold > mild > warm > 0.0, key
