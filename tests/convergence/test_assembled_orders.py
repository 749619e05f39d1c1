"""Observed orders of the assembled model in space and in time, and bounds on the last error."""

from dataclasses import replace

import numpy as np
import pytest

import filmcell
from every_kind import ANODE, DANILOV, ENTROPY, FALLING, LTO_WINDOW, MIXED, WARM_WEAK, made
from filmcell.arrays import Array
from filmcell.models.assembled import AssembledModel
from filmcell.models.regions import Meshes, weak_layers
from filmcell.numerics import nodes
from filmcell.numerics.mesh import Mesh
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve
from fixed_steps import march

pytestmark = pytest.mark.convergence

TIGHT = Options(tolerance=1e-11, voltage_tolerance=1e-10, resolution=1e-4)


def observed_orders(errors: list[float]) -> Array:
    """Order between each halving."""
    return np.log2(np.array(errors[:-1]) / np.array(errors[1:]))


# space -------------------------------------------------------------------------------------------


def _potential(x: Array) -> Array:
    """A potential without steps [V]."""
    return 4.6 - 0.9 * np.asarray(x) + 0.05 * np.sin(6 * np.asarray(x))


SMOOTH = filmcell.Property("U", "V", _potential, 0.0, 1.0, "made up")
COMMON = {
    "cathode__potential": SMOOTH, "cathode__diffusivity": FALLING, "cathode__initial_fraction": 0.6,
}  # fmt: skip


def refined(cell: filmcell.Cell, part: str, cells: int, power: float = 1.0) -> AssembledModel:
    """One part on a mesh of so many volumes, the others on fine ones.

    Widths follow a map of equal parts, so that refining halves each; with a power above one they
    shrink towards both sides.
    """

    def mesh(name: str, length: float) -> Mesh:
        n = cells if name == part else 60
        s = np.linspace(-1.0, 1.0, n + 1)
        return Mesh(length * 0.5 * (1.0 + np.sin(0.5 * np.pi * s) if power > 1 else 1.0 + s))

    anode = None
    if isinstance(cell.anode, filmcell.InsertionAnode):
        anode = mesh("anode", cell.anode.thickness)
    weak = tuple(mesh("electrolyte", layer.thickness) for layer in weak_layers(cell).values())
    return AssembledModel(cell, Meshes(mesh("cathode", cell.cathode.thickness), weak, anode))


SPATIAL = {
    "weak electrolyte": ("electrolyte", made(electrolyte=DANILOV, **COMMON)),
    "mixed conductor": ("cathode", made(cathode__transport=MIXED, **COMMON)),
    "mixed conductor, double layer": (
        "cathode", made(cathode__transport=MIXED, cathode__double_layer_capacitance=1.0, **COMMON)
    ),
    "insertion anode": ("anode", made(anode=ANODE, **COMMON, **LTO_WINDOW)),
}  # fmt: skip


@pytest.mark.parametrize("power", [1.0, 2.0], ids=["equal volumes", "graded"])
@pytest.mark.parametrize("name", SPATIAL)
def test_space_converges(monkeypatch: pytest.MonkeyPatch, name: str, power: float) -> None:
    """The loss of the part under test, on 20, 40, 80 and 160 volumes or nodes against 1280.

    Second order in volumes; films, which stand on nodes, of third order on equal widths, if the
    first node's distance from the surface, a small error of order 2, is taken away.
    """
    monkeypatch.setattr(nodes, "OFFSET", 1e-4)
    part, cell = SPATIAL[name]
    keys = {
        "electrolyte": ("electrolyte diffusion", "electrolyte migration"),
        "cathode": ("cathode diffusion", "electrons in the cathode"),
        "anode": ("anode diffusion",),
    }[part]

    def losses(cells: int) -> Array:
        protocol = load_protocol("Discharge at 3 A/m2 for 40 s")
        result = solve(refined(cell, part, cells, power), protocol, TIGHT)
        return np.array([result.losses[key][-1] for key in keys])

    truth = losses(1280)
    errors = np.array([abs(losses(n) - truth) for n in (20, 40, 80, 160)])
    for column in errors.T:
        found = observed_orders(list(column))
        if part == "anode":
            assert found[-2:].min() > 2.8, found
        else:
            assert abs(found[-1] - 2.0) < 0.15, found
            assert abs(found[-2] - 2.0) < 0.2, found
    assert errors[-1].max() < 1e-5
    assert abs(truth).min() > 1e-4


def test_the_far_side_of_a_mixed_conductor_converges_with_second_order() -> None:
    """The concentration at the collector, where the electrons come in."""
    _, cell = SPATIAL["mixed conductor"]
    share = 1.0 - MIXED.share

    def at_collector(cells: int) -> float:
        result = solve(
            refined(cell, "cathode", cells), load_protocol("Discharge at 3 A/m2 for 40 s"), TIGHT
        )
        c, half = result.concentration[-1, -1], result.volume[-1] / 2
        c_max = cell.cathode.maximum_concentration
        D = float(FALLING(c / c_max)) * MIXED.ambipolar_factor
        return float(c + share * 3.0 / 96485.33212 * half / D) / c_max

    truth = at_collector(1280)
    errors = [abs(at_collector(n) - truth) for n in (20, 40, 80, 160)]
    found = observed_orders(errors)
    assert abs(found[-1] - 2.0) < 0.15, found
    assert errors[-1] < 1e-5
    assert truth > 0.6 + 1e-3  # more than at the start: it does come in


# time --------------------------------------------------------------------------------------------


HEAT = {
    "heat": filmcell.HeatBalance(20.0, 1.0), "cathode__entropy": ENTROPY,
    "cathode__diffusivity_activation_energy": 3e4, "cathode__exchange_activation_energy": 4e4,
}  # fmt: skip
SLOW_LAYERS = {
    "cathode__double_layer_capacitance": 400.0, "anode__double_layer_capacitance": 400.0,
}  # fmt: skip
SLOW_STACK = {"geometric_capacitance": 200.0, "contact_resistance": 1e-2}
"""Capacitances so large that nothing is stiff: else the classical order would not be seen."""

SLOW_ANODE = replace(ANODE, double_layer_capacitance=300.0)
KINDS = {
    "weak electrolyte": made(electrolyte=DANILOV, **COMMON),
    "kinetics of the ions": made(
        electrolyte=DANILOV, cathode__electrolyte_exponent=0.5, anode__electrolyte_exponent=0.6,
        **COMMON,
    ),
    "mixed conductor": made(cathode__transport=MIXED, **COMMON),
    "insertion anode": made(anode=ANODE, **COMMON, **LTO_WINDOW),
    "double layers": made(cathode__transport=MIXED, **COMMON, **SLOW_LAYERS),
    "geometric capacitance": made(
        cathode__transport=MIXED, electrolyte=DANILOV, **COMMON, **SLOW_LAYERS, **SLOW_STACK
    ),
    "all capacitances": made(
        anode=SLOW_ANODE, electrolyte=DANILOV, cathode__double_layer_capacitance=400.0,
        **COMMON, **LTO_WINDOW, **SLOW_STACK,
    ),
    "interface": made(interlayers=(filmcell.Interface(5e-3, capacitance=500.0),), **COMMON),
    "heat": made(electrolyte=WARM_WEAK, **COMMON, **HEAT),
    "everything": made(
        cathode__transport=MIXED, cathode__double_layer_capacitance=400.0,
        anode=replace(SLOW_ANODE, entropy=ENTROPY), electrolyte=WARM_WEAK,
        interlayers=(filmcell.Interface(5e-3, capacitance=500.0, activation_energy=4e4),),
        **COMMON, **LTO_WINDOW, **SLOW_STACK, **HEAT,
    ),
}  # fmt: skip


def settled(cell: filmcell.Cell) -> tuple[AssembledModel, Array, float]:
    """A model on a few equal volumes, its state after a minute of discharge, and its voltage."""
    n = 8
    anode = None
    if isinstance(cell.anode, filmcell.InsertionAnode):
        anode = Mesh.uniform(n, cell.anode.thickness)
    weak = tuple(Mesh.uniform(n, layer.thickness) for layer in weak_layers(cell).values())
    model = AssembledModel(cell, Meshes(Mesh.uniform(n, cell.cathode.thickness), weak, anode))
    result = solve(model, load_protocol("Discharge at 1 A/m2 for 60 s"), TIGHT)
    y = np.array(result.origin.states[-1])
    y[-2] = 0.0  # a new stretch
    return model, y, float(result.voltage[-1])


CONTROLS = {
    "constant current": lambda V: (1.0, 0.0, 0.0, 6.0, 0.0),
    "current ramp": lambda V: (1.0, 0.0, 0.0, 1.0, 0.08),
    "voltage sweep": lambda V: (0.0, 1.0, 0.0, V, -5e-3),
    "constant voltage": lambda V: (0.0, 1.0, 0.0, V - 0.05, 0.0),
    "constant power": lambda V: (0.0, 0.0, 1.0, 5 * V, 0.0),
}


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", KINDS)
def test_order_in_time(name: str, control: str) -> None:
    """Five, the order of the scheme, as far as rounding lets one see; and a small last error."""
    model, y, V = settled(KINDS[name])
    asked = np.array(CONTROLS[control](V))
    if name == "heat":
        # the column by T is a difference quotient: at full speed its error shows, at 1e-9
        asked[4] *= 0.5
    scale = model.system.scale[:-2]

    def end(steps: int) -> Array:
        return march(model, y, asked, 100.0, steps)[0][:-2] / scale

    truth = end(2048)
    errors = [float(abs(end(steps) - truth).max()) for steps in (16, 32, 64, 128, 256)]
    found = observed_orders(errors)[np.array(errors[1:]) > 1e-14]
    assert max(found) > 4.5, (found, errors)
    assert errors[-1] < 2e-11, errors


@pytest.mark.parametrize("control", CONTROLS)
def test_stiff_capacitors_do_not_spoil_the_accuracy(control: str) -> None:
    """Time constants of a microsecond under steps of seconds: the order falls, errors stay small.

    The state is that of the control itself, after the fast capacitors have settled.
    """
    cell = filmcell.load_cell("raijmakers2020")
    mesh = Mesh.symmetric(30, cell.cathode.thickness, 1e-8)
    layer = Mesh.symmetric(20, cell.electrolyte.thickness, 2e-8)
    model = AssembledModel(cell, Meshes(mesh, (layer,)))
    result = solve(model, load_protocol("Discharge at 1 A/m2 for 60 s"), TIGHT)
    y, V = np.array(result.origin.states[-1]), float(result.voltage[-1])
    y[-2] = 0.0
    asked = np.array(CONTROLS[control](V))
    for span in 10.0 ** np.arange(-7, 1):  # what settles at first
        y, _ = march(model, y, asked, span, 40)
    scale = model.system.scale[:-2]

    def end(steps: int) -> Array:
        return march(model, y, asked, 60.0, steps)[0][:-2] / scale

    truth = end(1024)
    errors = [float(abs(end(steps) - truth).max()) for steps in (16, 32, 64, 128)]
    assert errors[0] < 1e-6, errors
    assert errors[-1] < 2e-9, errors
