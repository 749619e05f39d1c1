"""A cell: layers, area, temperature and voltage window, and the figures that follow from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from filmcell.cell.layers import (
    Cathode,
    Checked,
    Collector,
    Electrolyte,
    LithiumMetal,
    markers,
    shape_of,
)
from filmcell.cell.quantities import (
    Area,
    OptionalCharge,
    Quantity,
    Resistance,
    Temperature,
    Voltage,
    check_keys,
)
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.errors import InputError
from filmcell.units import shown


@dataclass(frozen=True)
class Cell(Checked):
    """A thin-film cell on paper.

    Parameters
    ----------
    anode : LithiumMetal
        The anode.
    electrolyte : Electrolyte
        The electrolyte.
    cathode : Cathode
        The cathode.
    area : float
        Area of the interface between electrolyte and cathode [m2].
    lower_voltage, upper_voltage : float
        Voltage window [V].
    temperature : float
        Temperature [K].
    interlayers : tuple of Electrolyte
        Ohmic layers between electrolyte and cathode, in order.
    contact_resistance : float
        Of all contacts together [ohm m2].
    nominal_capacity : float, optional
        What 1C empties in an hour; the theoretical capacity if not given [C].
    collectors : tuple of Collector
        Current collectors, for the record.
    name : str
        Name of the cell.
    sources : mapping of str to str
        Key, such as "cathode.thickness", to where its number comes from.
    """

    anode: LithiumMetal
    electrolyte: Electrolyte
    cathode: Cathode
    area: Area
    lower_voltage: Voltage
    upper_voltage: Voltage
    temperature: Temperature = REFERENCE_TEMPERATURE
    interlayers: tuple[Electrolyte, ...] = ()
    contact_resistance: Resistance = 0.0
    nominal_capacity: OptionalCharge = None
    collectors: tuple[Collector, ...] = ()
    name: str = "cell"
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the parts, numbers and order of the limits; freeze what could be changed."""
        super().__post_init__()
        for name, kind in _PARTS.items():
            _check_part(name, getattr(self, name), kind)
        for name, kind in _LISTS.items():
            layers = getattr(self, name)
            if not isinstance(layers, list | tuple):
                raise InputError(f"{name}: {shown(layers)} is not a list, expected layers")
            for k, layer in enumerate(layers):
                _check_part(f"{name}.{k}", layer, kind)
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
            "interlayers.0.conductivity", "temperature", "cathode.shape"; "cathode.diameter" is
            twice the thickness of a particle.

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
        changes = dict(_halved_diameter(key, value) for key, value in changes.items())
        cell: Cell = _changed(self, [(key.split("."), v) for key, v in changes.items()], "")
        # what a whole new part brings along is no longer where the old numbers came from
        gone = tuple(f"{key}." for key in changes)
        kept = {k: text for k, text in cell.sources.items() if not k.startswith(gone)}
        told = dict.fromkeys((k for k in changes if k != "sources"), "set by the user")
        return replace(cell, sources={**kept, **told})

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

    @cached_property
    def window_fractions(self) -> tuple[float, float]:
        """Lithiation fractions at rest at the upper and the lower voltage limit, in that order.

        Each is an end of the potential's range where the potential does not reach the limit; the
        second is at most what the lithium of cathode and anode together can fill.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> [round(x, 4) for x in load_cell("wang2023-lco-lipon-li").window_fractions]
        [0.5488, 1.0]
        """
        cathode = self.cathode
        filled = cathode.initial_fraction + self.anode.capacity / cathode.capacity_per_fraction
        return self._fraction_at(self.upper_voltage), min(
            self._fraction_at(self.lower_voltage), filled
        )

    def _fraction_at(self, voltage: float) -> float:
        """Lithiation fraction at rest at a voltage, or the end of the range nearest to it."""
        from scipy.optimize import brentq

        U = self.cathode.potential
        if float(U(U.low)) <= voltage:
            return U.low
        if float(U(U.high)) >= voltage:
            return U.high
        return float(brentq(lambda x: float(U(x)) - voltage, U.low, U.high, xtol=1e-14))

    @cached_property
    def window_capacity(self) -> float:
        """Areal capacity that the voltage window allows at rest [C/m2]."""
        empty, full = self.window_fractions
        return self.cathode.capacity_per_fraction * (full - empty)

    def layer_resistances(self) -> dict[str, float]:
        """Area-specific resistance of each ohmic part at the cell's temperature [ohm m2]."""
        T = self.temperature
        named = {"electrolyte": self.electrolyte.resistance(T)}
        named |= {f"interlayers.{k}": a.resistance(T) for k, a in enumerate(self.interlayers)}
        return {**named, "contact": self.contact_resistance}

    @property
    def resistance(self) -> float:
        """Area-specific resistance of all ohmic parts together [ohm m2]."""
        return sum(self.layer_resistances().values())


_PARTS = {"anode": LithiumMetal, "electrolyte": Electrolyte, "cathode": Cathode}
_LISTS = {"interlayers": Electrolyte, "collectors": Collector}


def _check_part(key: str, part: Any, kind: type) -> None:
    """Refuse a part of the wrong kind."""
    if not isinstance(part, kind):
        article = "an" if kind.__name__[0] in "AE" else "a"
        raise InputError(f"{key}: {shown(part)} is not allowed, expected {article} {kind.__name__}")


def _changed(part: Any, changes: list[tuple[list[str], Any]], at: str) -> Any:
    """Make a copy of a part with all changes below it made at once, so their order is free."""
    if isinstance(part, tuple):
        return _changed_list(part, changes, at)
    if not isinstance(part, Checked):
        raise InputError(
            f"{at}{'.'.join(changes[0][0])}: unknown key, {at[:-1]} has no parts of its own"
        )
    check_keys([path[0] for path, _ in changes], [f.name for f in fields(part)], at)  # type: ignore[arg-type]
    new: dict[str, Any] = {}
    for name in dict.fromkeys(path[0] for path, _ in changes):
        below = [(path[1:], value) for path, value in changes if path[0] == name]
        value = getattr(part, name)
        for _, given in (b for b in below if not b[0]):
            value = _read(part, name, given, f"{at}{name}")
        deeper = [b for b in below if b[0]]
        new[name] = _changed(value, deeper, f"{at}{name}.") if deeper else value
    try:
        return replace(part, **new)  # type: ignore[type-var]
    except InputError as error:
        raise InputError(f"{at}{error}") from None


def _changed_list(parts: tuple[Any, ...], changes: list[tuple[list[str], Any]], at: str) -> Any:
    """Make a copy of a list of layers with some of them changed."""
    known = [str(k) for k in range(len(parts))]
    new = list(parts)
    for path, value in changes:
        if path[0] not in known:
            there = f"expected one of {', '.join(known)}" if known else f"there are no {at[:-1]}"
            raise InputError(f"{at}{path[0]}: unknown key, {there}")
        k = int(path[0])
        new[k] = _changed(new[k], [(path[1:], value)], f"{at}{k}.") if path[1:] else value
    return tuple(new)


def _read(part: Any, name: str, value: Any, key: str) -> Any:
    """Read a new value by the marker of its field, or take it as it is."""
    kind: Any = type(part)
    marker = markers(kind).get(name)
    try:
        if marker is not None:
            return marker.read(value)
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
    return shape_of(value, key) if name == "shape" and isinstance(value, str) else value


def _halved_diameter(key: str, value: Any) -> tuple[str, Any]:
    """Turn the diameter of a particle into its thickness, which is the radius."""
    if key != "cathode.diameter":
        return key, value
    try:
        return "cathode.thickness", Quantity("m").read(value) / 2.0
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
