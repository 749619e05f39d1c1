"""A cell: layers, area, temperature and voltage window, and the figures that follow from them."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from filmcell.cell.layers import (
    SHAPES,
    Cathode,
    Checked,
    Collector,
    Electrolyte,
    LithiumMetal,
    markers,
)
from filmcell.cell.quantities import Area, OptionalCharge, Resistance, Temperature, Voltage
from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.errors import InputError


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
        """Check the numbers and the order of the limits; freeze what could be changed."""
        super().__post_init__()
        if not self.lower_voltage < self.upper_voltage:
            raise InputError(
                f"lower_voltage: {self.lower_voltage:g} V is not below upper_voltage "
                f"{self.upper_voltage:g} V, expected the limits the other way round"
            )
        object.__setattr__(self, "interlayers", tuple(self.interlayers))
        object.__setattr__(self, "collectors", tuple(self.collectors))
        object.__setattr__(self, "sources", MappingProxyType(dict(self.sources)))

    def replace(self, changes: Mapping[str, Any]) -> "Cell":
        """Make a new cell with some numbers changed; this one still stands.

        Parameters
        ----------
        changes : mapping of str to str or float
            Dotted key to text with a unit, SI float, or a new part: "cathode.thickness",
            "interlayers.0.conductivity", "temperature", "cathode.shape".

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
        cell: Cell = self
        for key, value in changes.items():
            cell = _replaced(cell, key.split("."), value, key)
        sources = {**self.sources, **dict.fromkeys(changes, "set by the user")}
        return replace(cell, sources=sources)

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
        """Current density of a C-rate [1/h] on the basis of `c_rate_basis`, in A/m2."""
        capacity = self.theoretical_capacity
        if self.nominal_capacity is not None:
            capacity = self.nominal_capacity / self.area
        return rate * capacity / 3600.0

    @cached_property
    def window_fractions(self) -> tuple[float, float]:
        """Lithiation fractions at rest at the upper and the lower voltage limit, in that order.

        Each is an end of the potential's range where the potential does not reach the limit; the
        second is at most the initial fraction, as no cell fills its cathode beyond the lithium
        that it was made with.

        Examples
        --------
        >>> from filmcell import load_cell
        >>> [round(x, 4) for x in load_cell("wang2023-lco-lipon-li").window_fractions]
        [0.5488, 0.995]
        """
        empty = self._fraction_at(self.upper_voltage)
        return empty, min(self._fraction_at(self.lower_voltage), self.cathode.initial_fraction)

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


def _replaced(part: Any, path: list[str], value: Any, key: str) -> Any:
    """Make a copy of a part with the value at the dotted path changed."""
    name, rest = path[0], path[1:]
    if isinstance(part, tuple):
        if not name.isdecimal() or int(name) >= len(part):
            raise InputError(f"{key}: there is no part {name} here, expected 0 to {len(part) - 1}")
        k = int(name)
        new = _replaced(part[k], rest, value, key) if rest else value
        return (*part[:k], new, *part[k + 1 :])
    known = [f.name for f in fields(part)] if is_dataclass(part) else []
    if name not in known:
        close = difflib.get_close_matches(name, known, 1)
        hint = f'did you mean "{close[0]}"?' if close else f"expected one of {', '.join(known)}"
        raise InputError(f'{key}: unknown key "{name}", {hint}')
    if rest:
        return replace(part, **{name: _replaced(getattr(part, name), rest, value, key)})
    return replace(part, **{name: _new_value(part, name, value, key)})


def _new_value(part: Any, name: str, value: Any, key: str) -> Any:
    """Read a new value by the marker of its field, or take a new part as it is."""
    marker = markers(type(part)).get(name)
    try:
        if marker is not None:
            return marker.read(value)
        if name == "shape" and isinstance(value, str):
            return SHAPES[value]
    except InputError as error:
        raise InputError(f"{key}: {error}") from None
    except KeyError:
        words = ", ".join(SHAPES)
        raise InputError(f'{key}: "{value}" is not a shape, expected one of {words}') from None
    if not isinstance(value, type(getattr(part, name))):
        kind = type(getattr(part, name)).__name__
        raise InputError(f"{key}: {value!r} is not allowed here, expected a {kind}")
    return value
