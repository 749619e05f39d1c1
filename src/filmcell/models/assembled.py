"""A cell assembled from its parts: which states it has, which numbers its kernels read.

The equations are those of `assembled_voltage` and `assembled_kernels`, and of `electrode`,
`weak_electrolyte` and `mixed_conductor`; here objects become arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.anodes import AnodeFree, InsertionAnode, LithiumMetal
from filmcell.cell.cathodes import Cathode, MixedConduction
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import Interface, SpaceChargeLayer, WeakElectrolyte
from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.models.assembled_kernels import KERNELS
from filmcell.models.assembled_losses import FIXED_PARTS, components
from filmcell.models.blocks import (
    ends_of,
    film_block,
    metal_block,
    ohmic_rows,
    range_of,
    weak_block,
)
from filmcell.models.places import (
    L_ANODE,
    L_ANODE_END,
    L_ANODE_U,
    L_CATHODE,
    L_CATHODE_END,
    L_CATHODE_U,
    L_ELECTRONIC,
    L_ENTROPY,
    L_GEOMETRIC,
    L_OHMIC_COUNT,
    L_RC,
    L_RC_COUNT,
    L_SIZE,
    L_TEMPERATURE,
    L_WEAK,
    L_WEAK_CELLS,
    L_WEAK_COUNT,
    REGION,
)
from filmcell.models.regions import Meshes, Region, check_mesh, weak_layers
from filmcell.models.tabulation import tabulated
from filmcell.numerics.banded import WEIGHT, alone
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.nodes import Nodes
from filmcell.numerics.system import Kernel, Numbers, System
from filmcell.numerics.table import Table, stack
from filmcell.physics import transport

VOLTAGE_SCALE = 10.0
"""Size of a voltage that is a state [V]: with it the tolerance of the states and that of the
voltage say the same."""

_LEVEL = 1e-9

TEMPERATURE_SCALE = 300.0
"""Size of the temperature [K]."""


def refuse_untested(cell: Cell) -> None:
    """Refuse combinations of parts that nobody has tested, by name.

    Parameters
    ----------
    cell : Cell
        The cell.

    Raises
    ------
    InputError
        Where two of its parts do not go together.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> refuse_untested(load_cell("raijmakers2020"))
    """
    cathode, anode = cell.cathode, cell.anode
    layers = [a for a in cell.interlayers if not isinstance(a, Interface | SpaceChargeLayer)]
    touching = {"anode": cell.electrolyte, "cathode": (cell.electrolyte, *layers)[-1]}
    mixed = isinstance(cathode.transport, MixedConduction)
    if mixed and cathode.shape.dimension != 0:
        raise InputError(
            f"cathode.transport: mixed conduction in a {cathode.shape.name} is not implemented, "
            "expected a film"
        )
    if cell.geometric_capacitance > 0 and cell.contact_resistance <= 0:
        raise InputError(
            "geometric_capacitance: without a contact_resistance in front of it a voltage cannot "
            "be held, expected a contact_resistance above 0"
        )
    for name, film in (("cathode", cathode), ("anode", anode)):
        if isinstance(film, Cathode | InsertionAnode) and film.double_layer_capacitance:
            _refuse_ambiguous(film, name, _temperatures(cell))
    for name, part in (("cathode", cathode), ("anode", anode)):
        exponent = getattr(part, "electrolyte_exponent", 0.0)
        if exponent and part.double_layer_capacitance:
            raise InputError(
                f"{name}.electrolyte_exponent: kinetics that follow the ions of the electrolyte "
                "behind a double layer are not implemented, expected a double_layer_capacitance "
                "of 0"
            )
        if exponent and not isinstance(touching[name], WeakElectrolyte):
            raise InputError(
                f"{name}.electrolyte_exponent: only a weak electrolyte changes its ions, expected "
                f"0 or a weak electrolyte next to the {name}"
            )


def _temperatures(cell: Cell) -> tuple[float, ...]:
    """Temperatures that a cell is known to come to: its own and that of its surroundings."""
    around = None if cell.heat is None else cell.heat.surroundings
    return (cell.temperature,) if around is None else (cell.temperature, around)


def _refuse_ambiguous(
    film: Cathode | InsertionAnode, name: str, temperatures: tuple[float, ...]
) -> None:
    """Refuse what would leave the current behind a double layer open.

    A potential that rises with x, or kinetics that lithium speeds up more than in proportion.
    """
    for key in ("lithium_exponent", "vacancy_exponent"):
        if getattr(film, key) > 1.0:
            raise InputError(
                f"{name}.{key}: {getattr(film, key):g} behind a double layer leaves the current "
                "open, expected at most 1 or a double_layer_capacitance of 0"
            )
    x = np.linspace(*range_of(film), 1001)
    for T in temperatures:
        U = film.potential(x) + (T - film.reference_temperature) * film.entropy(x)
        rising = np.diff(U) > _LEVEL
        if rising.any():
            raise InputError(
                f"{name}.double_layer_capacitance: the open-circuit potential at {T:g} K rises "
                f"with x near x = {x[int(np.argmax(rising))]:.4g}, which leaves the current open, "
                "expected 0 or a potential that falls"
            )


@dataclass(frozen=True, eq=False)
class AssembledModel:
    """A cell on meshes, assembled from its parts.

    Parameters
    ----------
    cell : Cell
        The cell.
    meshes : Meshes
        Meshes of its regions.

    Raises
    ------
    InputError
        Where parts do not go together, a mesh does not fit, or a property cannot be used.
    """

    cell: Cell
    meshes: Meshes

    kernels: ClassVar[tuple[Kernel, ...]] = KERNELS

    def __post_init__(self) -> None:
        """Check parts, meshes and the start."""
        refuse_untested(self.cell)
        cathode, weak = self.cell.cathode, weak_layers(self.cell)
        check_mesh(self.meshes.cathode, cathode.thickness, cathode.shape.dimension, "cathode")
        if len(weak) != len(self.meshes.electrolytes):
            raise InputError(
                f"mesh: {len(self.meshes.electrolytes)} for weak electrolytes, expected {len(weak)}"
            )
        for (name, layer), mesh in zip(weak.items(), self.meshes.electrolytes, strict=True):
            check_mesh(mesh, layer.thickness, 0, name)
        if len({mesh.cells for mesh in self.meshes.electrolytes}) > 1:
            raise InputError("mesh: weak electrolytes with different numbers of volumes, expected "
                             "as many in each")  # fmt: skip
        if self.meshes.anode is not None and "anode" not in self.films:
            raise InputError("mesh: one for the anode, which is metal, expected none")
        if isinstance(self.cell.anode, InsertionAnode):
            if self.meshes.anode is None:
                raise InputError("mesh: none for the insertion anode, expected one")
            check_mesh(self.meshes.anode, self.cell.anode.thickness, 0, "anode")
        for name, film in self.films.items():
            low, high = range_of(film)
            if not low <= film.initial_fraction <= high:
                raise InputError(
                    f"{name}.initial_fraction: {film.initial_fraction:g} is not allowed, expected "
                    f"one from {low:g} to {high:g}, the range of all its properties"
                )

    def __reduce__(self) -> tuple[Any, ...]:
        """Let a model be sent to another process, which fills in its numbers anew."""
        return AssembledModel, (self.cell, self.meshes)

    @property
    def mesh(self) -> Mesh:
        """Mesh of the cathode."""
        return self.meshes.cathode

    @property
    def films(self) -> dict[str, Cathode | InsertionAnode]:
        """Insertion electrodes by name."""
        anode = self.cell.anode
        films: dict[str, Cathode | InsertionAnode] = {"cathode": self.cell.cathode}
        return {**films, "anode": anode} if isinstance(anode, InsertionAnode) else films

    @property
    def warming(self) -> bool:
        """Whether the temperature is a state."""
        return self.cell.heat is not None

    @cached_property
    def ohmic(self) -> dict[str, tuple[float, float, float, float]]:
        """Ohmic layers and interfaces: name to resistance, energy, temperature, capacitance.

        Those with a capacitance come last.
        """
        cell, T = self.cell, self.cell.temperature
        layers = {"electrolyte": cell.electrolyte} | {
            f"interlayers.{k}": layer for k, layer in enumerate(cell.interlayers)
        }
        found = {
            name: row
            for key, layer in layers.items()
            if not isinstance(layer, WeakElectrolyte)
            for name, row in ohmic_rows(key, layer, T).items()
        }
        return dict(sorted(found.items(), key=lambda item: item[1][3] > 0))

    @cached_property
    def layout(self) -> Any:
        """Places of the states, see `places`."""
        cell, lay = self.cell, np.full(L_SIZE, -1, dtype=np.int64)
        n = 0
        for part, mesh, u, start in (
            (cell.cathode, self.meshes.cathode, L_CATHODE_U, L_CATHODE),
            (cell.anode, self.meshes.anode, L_ANODE_U, L_ANODE),
        ):
            if part.double_layer_capacitance > 0:
                lay[u], n = n, n + 1
            lay[start], n = n, n + (mesh.cells if mesh is not None else 0)
            lay[start + 1] = n
        weak, rc = self.meshes.electrolytes, sum(row[3] > 0 for row in self.ohmic.values())
        lay[L_WEAK], lay[L_WEAK_COUNT] = n, len(weak)
        lay[L_WEAK_CELLS] = weak[0].cells if weak else 0
        n += lay[L_WEAK_COUNT] * lay[L_WEAK_CELLS]
        lay[L_RC], lay[L_RC_COUNT], lay[L_OHMIC_COUNT] = n, rc, len(self.ohmic) - rc
        n += rc
        if cell.geometric_capacitance > 0:
            lay[L_GEOMETRIC], n = n, n + 1
        if self.warming:
            lay[L_TEMPERATURE] = n
        mixed = cell.cathode.transport
        lay[L_ELECTRONIC] = isinstance(mixed, MixedConduction) and mixed.electronic_loss
        lay[L_ENTROPY] = any(not film.entropy.vanishes for film in self.films.values())
        lay.flags.writeable = False
        return lay

    @cached_property
    def grids(self) -> tuple[Mesh | Nodes, Nodes | None]:
        """Where the concentrations of both electrodes stand.

        At nodes; but a mixed conductor, which is supplied from both sides, has volumes.
        """
        mixed = isinstance(self.cell.cathode.transport, MixedConduction)
        anode = self.meshes.anode
        return self.mesh if mixed else Nodes(self.mesh), None if anode is None else Nodes(anode)

    @property
    def states(self) -> int:
        """Number of states N."""
        lay = self.layout
        extra = int(lay[L_GEOMETRIC] >= 0) + int(lay[L_TEMPERATURE] >= 0) + 2
        return int(lay[L_RC] + lay[L_RC_COUNT] + extra)

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Layers whose concentrations are states: cathode, anode, weak electrolytes."""
        lay, n = self.layout, int(self.layout[L_WEAK_CELLS])
        cathode, anode = self.grids
        films = [Region("cathode", int(lay[L_CATHODE]), int(lay[L_CATHODE_END]), cathode)]
        if anode is not None:
            films.append(Region("anode", int(lay[L_ANODE]), int(lay[L_ANODE_END]), anode))
        weak = [
            Region(name, int(lay[L_WEAK]) + k * n, int(lay[L_WEAK]) + (k + 1) * n, mesh)
            for k, (name, mesh) in enumerate(
                zip(weak_layers(self.cell), self.meshes.electrolytes, strict=True)
            )
        ]
        return (*films, *weak)

    def parameters(self) -> Array:
        """Parameters of the kernels, in the order of `places`."""
        cell, T, heat = self.cell, self.cell.temperature, self.cell.heat
        metal = 0.0 if isinstance(cell.anode, InsertionAnode) else cell.anode.thickness
        surroundings = T if heat is None or heat.surroundings is None else heat.surroundings
        head = [
            T,
            metal,
            float(transport.lithium_thickness(1.0)),
            cell.contact_resistance,
            cell.geometric_capacitance,
            1.0 if heat is None else heat.heat_capacity,
            0.0 if heat is None else heat.heat_transfer_coefficient,
            surroundings,
        ]
        anode = (
            metal_block(cell.anode)
            if isinstance(cell.anode, LithiumMetal | AnodeFree)
            else film_block(cell.anode)
        )
        weak = [v for layer in weak_layers(cell).values() for v in weak_block(layer)]
        ohmic = [v for row in self.ohmic.values() for v in row]
        return frozen([*head, *film_block(cell.cathode), *anode, *weak, *ohmic])

    def tables(self) -> tuple[Table, ...]:
        """Tables of the films: diffusivity, potential, exchange current density, entropy."""
        return tuple(
            tabulated(prop, relative=relative)
            for film in self.films.values()
            for prop, relative in (
                (film.diffusivity, True),
                (film.potential, False),
                (film.exchange_current_density, True),
                (film.entropy, False),
            )
        )

    def packed_mesh(self) -> Array:
        """Meshes of all regions one below the other, those without a mesh left empty."""
        meshes = [*self.grids, *self.meshes.electrolytes]
        packed = np.zeros((REGION * len(meshes), max(m.cells for m in meshes if m is not None)))
        for k, mesh in enumerate(meshes):
            if mesh is not None:
                packed[REGION * k : REGION * (k + 1), : mesh.cells] = mesh.packed
        return frozen(packed)

    @cached_property
    def system(self) -> System:
        """The kernels and the arrays that the integrator needs."""
        table, heads = stack(self.tables())
        numbers = Numbers(self.parameters(), table, heads, self.packed_mesh(), self.layout)
        return System(*KERNELS, numbers, self.scale(), self.mass(), self.margins, self.border)

    @property
    def border(self) -> int:
        """Number of products that couple states far apart."""
        return int(self.layout[L_GEOMETRIC] >= 0) + 2 * int(self.warming)

    def scale(self) -> Array:
        """Size of each state, shape (N,)."""
        lay = self.layout
        scale = np.full(self.states, VOLTAGE_SCALE)
        for region in self.regions:
            scale[region.start : region.stop] = self._of_region(region.name)
        if lay[L_TEMPERATURE] >= 0:
            scale[lay[L_TEMPERATURE]] = TEMPERATURE_SCALE
        scale[-2:] = 1.0, self.cell.cathode.capacity_per_fraction
        return frozen(scale)

    def _of_region(self, name: str) -> float:
        """Size of a concentration: the sites of a film, the ions at rest of an electrolyte."""
        if name in self.films:
            return self.films[name].maximum_concentration
        return weak_layers(self.cell)[name].equilibrium_concentration

    def mass(self) -> Array:
        """Mass matrix, shape (4, N), with the volumes with which exchange balances."""
        mass = np.array(alone(np.ones(self.states)))
        for region in self.regions:
            mass[:, region.start : region.stop] = region.grid.mass
        for place, part in ((L_CATHODE_U, self.cell.cathode), (L_ANODE_U, self.cell.anode)):
            if self.layout[place] >= 0:
                mass[WEIGHT, self.layout[place]] = part.double_layer_capacitance / F
        return frozen(mass, own=True)

    @property
    def margins(self) -> tuple[str, ...]:
        """What it means that each margin has reached zero."""
        films = {name: ends_of(film, name) for name, film in self.films.items()}
        metal = ("the lithium metal was used up", "the lithium metal was used up")
        return (
            *films["cathode"],
            *films.get("anode", metal),
            "the lithium ions at a surface of the electrolyte were used up",
        )

    def initial(self) -> Array:
        """States when the cell is made: uniform, at rest, no charge passed; shape (N,)."""
        lay, y = self.layout, np.zeros(self.states)
        for region in self.regions:
            share = self.films[region.name].initial_fraction if region.name in self.films else 1.0
            y[region.start : region.stop] = share * self._of_region(region.name)
        if lay[L_TEMPERATURE] >= 0:
            y[lay[L_TEMPERATURE]] = self.cell.temperature
        rest = self.rest_potentials
        for place, name in ((L_CATHODE_U, "cathode"), (L_ANODE_U, "anode")):
            if lay[place] >= 0:
                y[lay[place]] = -rest[name]
        if lay[L_GEOMETRIC] >= 0:
            y[lay[L_GEOMETRIC]] = rest["cathode"] - rest["anode"]
        return y

    @cached_property
    def rest_potentials(self) -> Mapping[str, float]:
        """Potentials of the electrodes when the cell is made, from the kernels' own tables [V]."""
        T, volts = self.cell.temperature, {"anode": 0.0}
        for name, film in self.films.items():
            x = film.initial_fraction
            U = float(tabulated(film.potential, relative=False)(x))
            S = float(tabulated(film.entropy, relative=False)(x))
            volts[name] = U + (T - film.reference_temperature) * S
        return MappingProxyType(volts)

    def stored_charge(self, states: Array) -> Array:
        """Charge passed that is not in the cathode: on its double layer or the two collectors.

        Parameters
        ----------
        states : ndarray
            States, shape (rows, N).

        Returns
        -------
        ndarray
            What is to be subtracted from the charge passed before it is compared with the lithium
            of the cathode, shape (rows,) [C/m2].
        """
        lay, stored, rest = self.layout, np.zeros(len(states)), self.rest_potentials
        if lay[L_CATHODE_U] >= 0:
            away = states[:, lay[L_CATHODE_U]] + rest["cathode"]
            stored += self.cell.cathode.double_layer_capacitance * away
        if lay[L_GEOMETRIC] >= 0:
            away = states[:, lay[L_GEOMETRIC]] - (rest["cathode"] - rest["anode"])
            stored -= self.cell.geometric_capacitance * away
        return stored

    def temperature(self, states: Array) -> Array:
        """Temperature at each row of states, shape (rows,) [K]."""
        if self.warming:
            return np.array(states[:, self.layout[L_TEMPERATURE]])
        return np.full(len(states), self.cell.temperature)

    def losses(self, states: Array, current_density: Array) -> dict[str, Array]:
        """Split the voltage into parts that sum to it.

        Parameters
        ----------
        states : ndarray
            States, shape (rows, N).
        current_density : ndarray
            Current density, shape (rows,) [A/m2].

        Returns
        -------
        dict of str to ndarray
            Name of the part to its values, shape (rows,) [V]: the voltage at rest of the mean
            compositions, and every loss, negative where it lowers the voltage.
        """
        weak = [f"{n} {how}" for n in weak_layers(self.cell) for how in ("diffusion", "migration")]
        names = [*FIXED_PARTS, *weak, *self.ohmic, "contact"]
        absent = {"anode diffusion"} - ({"anode diffusion"} if self.meshes.anode else set())
        if not self.layout[L_ELECTRONIC]:
            absent.add("electrons in the cathode")
        out = np.empty((current_density.size, len(names)))
        cathode, anode = self.grids
        volumes = frozen([1.0]) if anode is None else anode.volumes
        components(
            states, np.array(current_density), cathode.volumes, volumes, self.system.numbers, out
        )
        parts = dict(zip(names, out.T, strict=True))
        return {name: values for name, values in parts.items() if name not in absent}
