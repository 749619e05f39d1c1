"""A cell of every kind of part that the assembled model knows, for tests to go through."""

from dataclasses import replace
from typing import Any

import numpy as np

import filmcell
from filmcell.arrays import Array
from filmcell.models.assembled import AssembledModel
from filmcell.models.assembled_reference import AssembledReference
from filmcell.models.places import (
    L_ANODE_U,
    L_CATHODE_U,
    L_GEOMETRIC,
    L_RC,
    L_RC_COUNT,
    L_TEMPERATURE,
)
from filmcell.models.regions import Meshes, weak_layers
from filmcell.numerics.mesh import Mesh

BASE = filmcell.load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "5 um"})

DANILOV = filmcell.WeakElectrolyte(1.5e-6, 6.01e4, 0.18, 0.9e-6, 0.9e-15, 5.1e-15)

WARM_WEAK = replace(
    DANILOV,
    activation_energy=4e4,
    reaction_activation_energy=5e4,
    reference_temperature=293.0,
)


def _falling(x: Array) -> Array:
    """Diffusivity [m2/s]."""
    return 2e-14 * np.exp(-3.0 * (np.asarray(x) - 0.5))


def _entropy(x: Array) -> Array:
    """Entropy coefficient [V/K]."""
    return -1e-4 - 5e-5 * np.asarray(x) ** 2


def _sloping(x: Array) -> Array:
    """Potential of an anode [V]."""
    return 1.6 - 0.3 * np.asarray(x)


FALLING = filmcell.Property("D", "m2/s", _falling, 0.0, 1.0, "made up")
ENTROPY = filmcell.Property("entropy", "V/K", _entropy, 0.0, 1.0, "made up")
SLOPING = filmcell.Property("slope", "V", _sloping, 0.0, 1.0, "made up")

ANODE = filmcell.InsertionAnode(
    6e-6, 3e4, FALLING, SLOPING, 3.0, initial_fraction=0.3, transfer_coefficient=0.4,
    exchange_activation_energy=3e4, diffusivity_activation_energy=2e4,
)  # fmt: skip
MIXED = filmcell.MixedConduction(4.18)
LIPON_ON_CATHODE = filmcell.Interface(
    5e-3, capacitance=1e-2, activation_energy=4e4, reference_temperature=300.0
)
SPACE_CHARGE = filmcell.SpaceChargeLayer(0.2, 1e-4, 16.6, 166.0, activation_energy=3e4)


def made(base: filmcell.Cell = BASE, **changes: Any) -> filmcell.Cell:
    """Make a cell with some parts changed; `cathode__x` and `anode__x` change those of a part."""
    below: dict[str, dict[str, Any]] = {"cathode": {}, "anode": {}}
    own = {}
    for key, value in changes.items():
        part, _, name = key.partition("__")
        if name:
            below[part][name] = value
        else:
            own[key] = value
    cell = replace(base, **own)
    parts = {part: replace(getattr(cell, part), **new) for part, new in below.items() if new}
    return replace(cell, **parts)


LTO_WINDOW = {"lower_voltage": 1.2, "upper_voltage": 2.75}
LAYERS = {"cathode__double_layer_capacitance": 5e-3, "anode__double_layer_capacitance": 2e-4}
GEOMETRIC = {"geometric_capacitance": 3e-5, "contact_resistance": 1e-3}
HEAT = {
    "heat": filmcell.HeatBalance(50.0, 5.0),
    "cathode__entropy": ENTROPY,
    "cathode__diffusivity_activation_energy": 3e4,
    "cathode__exchange_activation_energy": 4e4,
}

CELLS: dict[str, filmcell.Cell] = {
    "plain": BASE,
    "weak": made(electrolyte=DANILOV),
    "two weak layers": made(
        electrolyte=WARM_WEAK,
        interlayers=(
            filmcell.Interlayer(
                1e-7, 1e-5, activation_energy=3e4, interface_resistance=1e-3,
                interface_activation_energy=5e4,
            ),
            replace(WARM_WEAK, thickness=3e-7, dissociated_fraction=0.4),
        ),
    ),
    "kinetics of the ions": made(
        electrolyte=DANILOV, cathode__electrolyte_exponent=0.5, anode__electrolyte_exponent=0.6,
        cathode__transfer_coefficient=0.6, anode__transfer_coefficient=0.3,
    ),
    "mixed": made(cathode__transport=MIXED, cathode__diffusivity=FALLING),
    "mixed, all from the electrolyte": made(
        cathode__transport=filmcell.MixedConduction(0.7, electrolyte_share=1.0)
    ),
    "mixed, electrons for free": made(
        cathode__transport=filmcell.MixedConduction(4.18, electronic_loss=False)
    ),
    "double layers": made(cathode__transport=MIXED, electrolyte=DANILOV, **LAYERS),
    "double layer on a sphere": made(
        cathode__shape=filmcell.Sphere(), cathode__double_layer_capacitance=5e-3,
        electrolyte=DANILOV, anode__electrolyte_exponent=0.5,
    ),
    "geometric capacitance": made(
        cathode__transport=MIXED, cathode__diffusivity=FALLING, electrolyte=WARM_WEAK,
        **LAYERS, **GEOMETRIC,
    ),
    "geometric capacitance alone": made(electrolyte=DANILOV, **GEOMETRIC),
    "insertion anode": made(anode=ANODE, **LTO_WINDOW),
    "insertion anode, all capacitances": made(
        anode=replace(ANODE, double_layer_capacitance=1e-3), electrolyte=DANILOV,
        cathode__double_layer_capacitance=5e-3, **LTO_WINDOW, **GEOMETRIC,
    ),
    "anode-free": made(anode=filmcell.AnodeFree(5.75, transfer_coefficient=0.4)),
    "anode-free, double layer": made(
        anode=filmcell.AnodeFree(5.75, double_layer_capacitance=2e-4), electrolyte=DANILOV
    ),
    "interfaces": made(
        interlayers=(LIPON_ON_CATHODE, filmcell.Interface(2e-3), SPACE_CHARGE)
    ),
    "sphere in a weak electrolyte": made(cathode__shape=filmcell.Sphere(), electrolyte=DANILOV),
    "cylinder with an entropy": made(
        cathode__shape=filmcell.Cylinder(), cathode__entropy=ENTROPY, temperature=320.0
    ),
    "heat": made(**HEAT),
    "heat of a weak electrolyte": made(electrolyte=WARM_WEAK, temperature=310.0, **HEAT),
    "everything": made(
        cathode__transport=MIXED,
        cathode__double_layer_capacitance=5e-3,
        anode=replace(ANODE, double_layer_capacitance=1e-3, entropy=ENTROPY),
        electrolyte=WARM_WEAK,
        interlayers=(LIPON_ON_CATHODE, SPACE_CHARGE),
        **LTO_WINDOW, **GEOMETRIC, **HEAT,
    ),
    "raijmakers2020": filmcell.load_cell("raijmakers2020").replace(
        {"cathode.initial_fraction": 0.8}
    ),
}  # fmt: skip
"""Each kind by a name for the test."""


def meshes_of(cell: filmcell.Cell, cells: int = 24) -> Meshes:
    """Coarse meshes, narrow at every surface."""
    cathode = cell.cathode
    length = cathode.thickness
    if isinstance(cathode.transport, filmcell.MixedConduction):
        mesh = Mesh.symmetric(cells, length, length / 300)
    else:
        mesh = Mesh.graded(cells, length, length / 300, cathode.dimension)
    weak = tuple(
        Mesh.symmetric(cells - 4, layer.thickness, layer.thickness / 200)
        for layer in weak_layers(cell).values()
    )
    anode = None
    if isinstance(cell.anode, filmcell.InsertionAnode):
        anode = Mesh.graded(cells - 6, cell.anode.thickness, cell.anode.thickness / 300)
    return Meshes(mesh, weak, anode)


def model_on_coarse_meshes(cell: filmcell.Cell, cells: int = 24) -> AssembledModel:
    """The assembled model of any cell, also of one that the film model would do for."""
    return AssembledModel(cell, meshes_of(cell, cells))


def any_state(model: AssembledModel, seed: int) -> Array:
    """A state far from rest: gradients everywhere, capacitors half charged, some charge passed."""
    rng = np.random.default_rng(seed)
    lay, y, plain = model.layout, model.initial(), AssembledReference(model)
    T = model.cell.temperature + (rng.uniform(-5, 20) if model.warming else 0.0)
    for region in model.regions:
        depth = region.grid.depths / region.grid.length
        wave = rng.uniform(-0.1, 0.1) * np.cos(np.pi * depth) + rng.uniform(-0.05, 0.05) * depth
        mean = y[region.start]
        if region.name == "cathode":
            mean = rng.uniform(0.6, 0.85) * model.cell.cathode.maximum_concentration
        y[region.start : region.stop] = mean * (1.0 + wave)
    for place, name in ((L_CATHODE_U, "cathode"), (L_ANODE_U, "anode")):
        if lay[place] >= 0:
            film, part = model.films.get(name), plain.region(name)
            U = 0.0
            if film is not None:
                U = plain.potential(film, y[part.start] / film.maximum_concentration, T)
            y[lay[place]] = -U + rng.uniform(-0.03, 0.03)
    for j in range(lay[L_RC_COUNT]):
        y[lay[L_RC] + j] = rng.uniform(-0.01, 0.01)
    if lay[L_TEMPERATURE] >= 0:
        y[lay[L_TEMPERATURE]] = T
    y[-2:] = rng.uniform(0.0, 100.0), -rng.uniform(0.0, 300.0)
    if lay[L_GEOMETRIC] >= 0:
        y[lay[L_GEOMETRIC]] = plain.across(y, rng.uniform(-2.0, 2.0))
    return y
