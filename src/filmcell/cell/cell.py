"""A cell: layers, area, temperature and voltage window, and the figures that follow from them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import plain
from filmcell.cell.anodes import Anode, Metal
from filmcell.cell.cathodes import Cathode
from filmcell.cell.change import changed, check_apart, halved_diameter
from filmcell.cell.checked import Checked, Collector, check_part
from filmcell.cell.electrolytes import AnyElectrolyte, BufferLayer, Interface
from filmcell.cell.heat import HeatBalance
from filmcell.cell.quantities import (
    Area,
    Capacitance,
    OptionalCharge,
    Resistance,
    Temperature,
    Voltage,
)
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.errors import InputError
from filmcell.materials.property import Property
from filmcell.units import shown

_PARTS: dict[str, Any] = {
    "anode": Anode,
    "electrolyte": AnyElectrolyte,
    "cathode": Cathode,
    "heat": HeatBalance | None,
}
_LISTS: dict[str, Any] = {"interlayers": BufferLayer, "collectors": Collector}


@dataclass(frozen=True)
class Cell(Checked):
    """A thin-film cell on paper.

    Parameters
    ----------
    anode : LithiumMetal or AnodeFree or InsertionAnode
        The anode.
    electrolyte : Electrolyte or WeakElectrolyte
        The electrolyte.
    cathode : Cathode
        The cathode.
    area : float
        Area of the interface between electrolyte and cathode [m2].
    lower_voltage, upper_voltage : float
        Voltage window [V].
    temperature : float
        Temperature [K].
    interlayers : tuple of BufferLayer
        What lies between electrolyte and cathode, in order: Electrolyte, Interlayer, Interface,
        SpaceChargeLayer, WeakElectrolyte.
    contact_resistance : float
        Of all contacts together [ohm m2].
    geometric_capacitance : float
        Of the whole stack between its collectors [F/m2].
    heat : HeatBalance, optional
        How the cell warms up; its temperature is constant if not given.
    nominal_capacity : float, optional
        What 1C empties in an hour; the theoretical capacity if not given [C].
    collectors : tuple of Collector
        Current collectors, for the record.
    name : str
        Name of the cell.
    sources : mapping of str to str
        Key, such as "cathode.thickness", to where its number comes from.
    """

    anode: Anode
    electrolyte: AnyElectrolyte
    cathode: Cathode
    area: Area
    lower_voltage: Voltage
    upper_voltage: Voltage
    temperature: Temperature = REFERENCE_TEMPERATURE
    interlayers: tuple[BufferLayer, ...] = ()
    contact_resistance: Resistance = 0.0
    geometric_capacitance: Capacitance = 0.0
    heat: HeatBalance | None = None
    nominal_capacity: OptionalCharge = None
    collectors: tuple[Collector, ...] = ()
    name: str = "cell"
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the parts, numbers and order of the limits; freeze what could be changed."""
        super().__post_init__()
        for name, kind in _PARTS.items():
            check_part(name, getattr(self, name), kind)
        for name, kind in _LISTS.items():
            layers = getattr(self, name)
            if not isinstance(layers, list | tuple):
                raise InputError(f"{name}: {shown(layers)} is not a list, expected layers")
            for k, layer in enumerate(layers):
                check_part(f"{name}.{k}", layer, kind)
        if not isinstance(self.sources, Mapping):
            raise InputError(f"sources: {shown(self.sources)} is not a table, expected one of text")
        if not self.lower_voltage < self.upper_voltage:
            raise InputError(
                f"lower_voltage: {self.lower_voltage:g} V is not below upper_voltage "
                f"{self.upper_voltage:g} V, expected the lower limit below the upper one"
            )
        object.__setattr__(self, "interlayers", tuple(self.interlayers))
        object.__setattr__(self, "collectors", tuple(self.collectors))
        object.__setattr__(self, "sources", MappingProxyType(dict(self.sources)))

    def __reduce__(self) -> tuple[Any, tuple[()]]:
        """Let a cell be copied and sent to another process, frozen sources and all."""
        parts = {f.name: getattr(self, f.name) for f in fields(self)}
        return partial(Cell, **{**parts, "sources": dict(self.sources)}), ()

    def __hash__(self) -> int:
        """Hash by what the cell is made of."""
        return hash(self.json)

    def replace(self, changes: Mapping[str, Any]) -> "Cell":
        """Make a new cell with some numbers changed; this one still stands.

        Parameters
        ----------
        changes : mapping of str to str or float
            Dotted key to text with a unit, SI float, or a new part: "cathode.thickness",
            "interlayers.0.conductivity", "temperature", "cathode.shape", "heat.heat_capacity";
            "cathode.diameter" is twice the thickness of a particle, "cathode.diffusivity.factor"
            multiplies all values of a property.

        Returns
        -------
        Cell
            The changed cell; the sources of what changed say so.

        Raises
        ------
        InputError
            Where a key does not exist or a value is not what the key expects.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> thick = load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "30 um"})
        >>> thick.cathode.thickness
        3e-05
        """
        check_apart(list(changes))
        changes = dict(halved_diameter(key, value) for key, value in changes.items())
        sources = changes.pop("sources", self.sources)
        if isinstance(sources, Mapping):  # the cell refuses all else
            # what a whole new part brings along is no longer where the old numbers came from
            gone = tuple(f"{key}." for key in changes)
            kept = {k: text for k, text in sources.items() if not k.startswith(gone)}
            sources = kept | dict.fromkeys(changes, "set by the user")
        changes = {**changes, "sources": sources}
        return changed(self, [(key.split("."), v) for key, v in changes.items()], "")

    @cached_property
    def json(self) -> str:
        """The whole cell as JSON text, for provenance; made once."""
        from filmcell.cell.describe import describe

        return json.dumps(describe(self))

    @property
    def theoretical_capacity(self) -> float:
        """Theoretical areal capacity, F c_max l swing / (m + 1) [C/m2]."""
        return self.cathode.capacity_per_fraction * self.cathode.theoretical_swing

    @property
    def c_rate_basis(self) -> str:
        """Say which capacity 1C empties in one hour."""
        if self.nominal_capacity is not None:
            return f"nominal capacity {self.nominal_capacity / 3.6:.5g} mAh"
        return f"theoretical capacity, {self.cathode.theoretical_swing:g} lithium per site"

    def c_rate_current_density(self, rate: float) -> float:
        """Give the current density of a C-rate [1/h] on its basis, `c_rate_basis`, in A/m2."""
        capacity = self.theoretical_capacity
        if self.nominal_capacity is not None:
            capacity = self.nominal_capacity / self.area
        return rate * capacity / 3600.0

    def rest_voltage(self, x: float) -> float:
        """Voltage at rest, in V, when the lithiation fraction of the cathode is x.

        What the cathode took since the cell was made, the anode gave.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> round(load_cell("wang2023-lco-lipon-li").rest_voltage(0.7), 4)
        3.9808
        """
        cathode = float(self.cathode.open_circuit_potential(x, self.temperature))
        return cathode - self.anode_rest_potential(x)

    def anode_rest_potential(self, x: float) -> float:
        """Potential of the anode at rest against lithium, in V, at a cathode's fraction x.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> load_cell("wang2023-lco-lipon-li").anode_rest_potential(0.7)
        0.0
        """
        return self.anode.rest_potential(self.charge_taken(x), self.temperature)

    def charge_taken(self, x: float) -> float:
        """Charge that the cathode took since the cell was made, at its fraction x [C/m2].

        Examples
        --------
        >>> from filmcell import load_cell
        >>> cell = load_cell("wang2023-lco-lipon-li")
        >>> cell.charge_taken(cell.cathode.initial_fraction)
        0.0
        """
        return (x - self.cathode.initial_fraction) * self.cathode.capacity_per_fraction

    @cached_property
    def window_fractions(self) -> tuple[float, float]:
        """Lithiation fractions of the cathode at rest at the upper and the lower voltage limit.

        Each is the last one that can be reached where no voltage at rest is at the limit: an end
        of the range of the cathode's potential, or the anode is full or has no lithium left.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> [round(x, 4) for x in load_cell("wang2023-lco-lipon-li").window_fractions]
        [0.5488, 1.0]
        """
        return self._fraction_at(self.upper_voltage), self._fraction_at(self.lower_voltage)

    def _fraction_at(self, voltage: float) -> float:
        """Lithiation fraction at rest at a voltage, or the one nearest to it."""
        low, high = self._reachable_fractions
        if isinstance(self.anode, Metal):  # always at the potential zero
            c = self.cathode
            away = 0.0 if c.entropy.vanishes else self.temperature - c.reference_temperature
            return plain(np.clip(_fraction_of(c.potential, c.entropy, away, voltage), low, high))
        return _crossing(self.rest_voltage, voltage, low, high)

    @property
    def _reachable_fractions(self) -> tuple[float, float]:
        """Lithiation fractions that the cathode's potential and the anode's lithium allow."""
        low, high = self.cathode.usable_fractions
        start, per_fraction = self.cathode.initial_fraction, self.cathode.capacity_per_fraction
        emptied, filled = (q / per_fraction for q in (self.anode.room, self.anode.capacity))
        return plain(np.maximum(low, start - emptied)), plain(np.minimum(high, start + filled))

    @cached_property
    def window_capacity(self) -> float:
        """Areal capacity that the voltage window allows at rest [C/m2]."""
        empty, full = self.window_fractions
        return self.cathode.capacity_per_fraction * (full - empty)

    def layer_resistances(self) -> dict[str, float]:
        """Area-specific resistance of each part at rest, at the cell's temperature [ohm m2]."""
        layers: dict[str, BufferLayer] = {"electrolyte": self.electrolyte}
        layers |= {f"interlayers.{k}": layer for k, layer in enumerate(self.interlayers)}
        named = {name: _resistance(layer, self.temperature) for name, layer in layers.items()}
        return {**named, "contact": self.contact_resistance}

    @property
    def resistance(self) -> float:
        """Area-specific resistance of all ohmic parts together [ohm m2]."""
        return sum(self.layer_resistances().values())


@lru_cache(maxsize=1024)
def _fraction_of(potential: Property, entropy: Property, away: float, voltage: float) -> float:
    """Lithiation fraction at a potential, `away` from its temperature; kept for other cells."""
    low, high = max(potential.low, entropy.low), min(potential.high, entropy.high)
    return _crossing(lambda x: float(potential(x) + away * entropy(x)), voltage, low, high)


def _crossing(f: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a falling function comes down to a value, or the end of its range next to it."""
    from scipy.optimize import brentq

    if f(low) <= value:
        return low
    if f(high) >= value:
        return high
    return float(brentq(lambda x: f(x) - value, low, high, xtol=1e-14))


def _resistance(layer: BufferLayer, T: float) -> float:
    """Area-specific resistance of a layer at temperature T."""
    return layer.resistance_at(T) if isinstance(layer, Interface) else layer.resistance(T)
