"""A result is data: read-only arrays, why each step ended, and where everything came from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.constants import F
from filmcell.errors import InputError

if TYPE_CHECKING:
    import polars


class Origin(Protocol):
    """Where a result comes from: a model that was solved, or a file."""

    def losses(self, result: "Result") -> Mapping[str, Array]:
        """Parts that sum to the voltage, each of shape (n,) [V]."""
        ...

    def provenance(self) -> Mapping[str, str]:
        """Cell, protocol, options and mesh (as text), version and hash."""
        ...


@dataclass(frozen=True, eq=False)
class Layer:
    """Concentrations in a layer besides the cathode.

    Parameters
    ----------
    depth : ndarray
        Depth of the places: below the electrolyte in an anode, from the anode side in an
        electrolyte, shape (cells,) [m].
    volume : ndarray
        Volume that each stands for per area, shape (cells,) [m].
    concentration : ndarray
        Lithium in an anode, ions in a weak electrolyte, shape (n, cells) [mol/m3].
    """

    depth: Array
    volume: Array
    concentration: Array

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for f in fields(self):
            object.__setattr__(self, f.name, frozen(getattr(self, f.name), own=True))


@dataclass(frozen=True, eq=False)
class Result:
    """What a simulation gave. Current is positive on discharge.

    The arrays are taken over as they are and made read-only.

    A time at which a step ends and the next begins stands twice, once for each.

    Parameters
    ----------
    time : ndarray
        Time since the start, shape (n,) [s].
    voltage : ndarray
        Cell voltage, shape (n,) [V].
    current : ndarray
        Current of the whole cell, positive on discharge, shape (n,) [A].
    charge : ndarray
        Charge passed since the start, positive on discharge, shape (n,) [C].
    stored_charge : ndarray
        Part of the charge that passed and is not in the cathode, but on double layers and between
        the collectors, shape (n,) [C].
    temperature : ndarray
        Temperature of the cell, shape (n,) [K].
    step, cycle : ndarray of int
        Number of the step and of the cycle, both counted from 1, shape (n,).
    concentration : ndarray
        Lithium in the cathode at each depth, shape (n, cells) [mol/m3].
    depth : ndarray
        Depth of these places below the electrolyte, shape (cells,) [m].
    volume : ndarray
        Volume that each stands for per area, shape (cells,) [m].
    layers : mapping of str to Layer
        Concentrations in an insertion anode ("anode") and in weak electrolytes, by their keys.
    lithium_thickness : ndarray
        Lithium metal at the anode, zero for an insertion anode, shape (n,) [m].
    ended : tuple of str
        Why each step ended.
    area : float
        Area of the cell [m2].
    theoretical_capacity, window_capacity : float
        Theoretical capacity, and what the voltage window allows at rest [Ah].
    origin : Origin
        What knows the losses and the provenance; asked when somebody wants them.
    """

    time: Array
    voltage: Array
    current: Array
    charge: Array
    stored_charge: Array
    temperature: Array
    step: Any
    cycle: Any
    concentration: Array
    depth: Array
    volume: Array
    layers: Mapping[str, Layer]
    lithium_thickness: Array
    ended: tuple[str, ...]
    area: float
    theoretical_capacity: float
    window_capacity: float
    origin: Origin

    def __post_init__(self) -> None:
        """Freeze the arrays and mappings."""
        for name in (
            "time", "voltage", "current", "charge", "stored_charge", "temperature",
            "concentration", "depth", "volume", "lithium_thickness",
        ):  # fmt: skip
            object.__setattr__(self, name, frozen(getattr(self, name), own=True))
        object.__setattr__(self, "layers", MappingProxyType(dict(self.layers)))
        for name in ("step", "cycle"):
            numbers = np.array(getattr(self, name), dtype=np.int64)
            numbers.flags.writeable = False
            object.__setattr__(self, name, numbers)

    def __getstate__(self) -> dict[str, Any]:
        """Let a result be sent to another process; what follows from it is found anew there."""
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"layers": dict(self.layers)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Freeze the mapping again."""
        self.__dict__.update(state, layers=MappingProxyType(state["layers"]))

    @cached_property
    def losses(self) -> Mapping[str, Array]:
        """Parts that sum to the voltage, each of shape (n,) [V]; a loss is negative."""
        parts = {name: frozen(values) for name, values in self.origin.losses(self).items()}
        return MappingProxyType(parts)

    @cached_property
    def provenance(self) -> Mapping[str, str]:
        """Cell, protocol, options and mesh (as text), version and hash."""
        return MappingProxyType(dict(self.origin.provenance()))

    @cached_property
    def _bounds(self) -> tuple[Any, Any]:
        """First and last row of each step."""
        numbers = np.arange(1, len(self.ended) + 1)
        return (
            np.searchsorted(self.step, numbers, side="left"),
            np.searchsorted(self.step, numbers, side="right") - 1,
        )

    @cached_property
    def capacity(self) -> Array:
        """Size of the charge that passed in each step, shape (steps,) [Ah]."""
        first, last = self._bounds
        return frozen(np.abs(self.charge[last] - self.charge[first]) / 3600.0)

    @cached_property
    def energy(self) -> Array:
        """Energy given (positive) or taken (negative) in each step, shape (steps,) [Wh]."""
        power = self.voltage * self.current
        parts = 0.5 * (power[1:] + power[:-1]) * np.diff(self.time)
        total = np.concatenate([[0.0], np.cumsum(parts)])
        first, last = self._bounds
        return frozen((total[last] - total[first]) / 3600.0)

    @property
    def utilisation(self) -> Array:
        """Capacity of each step over the theoretical capacity, shape (steps,) [-]."""
        return self.capacity / self.theoretical_capacity

    @property
    def window_utilisation(self) -> Array:
        """Capacity of each step over what the voltage window allows, shape (steps,) [-]."""
        return self.capacity / self.window_capacity

    @cached_property
    def lithium(self) -> Array:
        """Lithium in the cathode per area, shape (n,) [mol/m2]."""
        return frozen(self.concentration @ self.volume)

    def lithium_imbalance(self) -> float:
        """Largest lithium gained or lost against the charge passed, over all lithium [-].

        Returns
        -------
        float
            max |n(t) - n(0) - (q(t) - s(t)) / F| / n(0), s the charge that is stored elsewhere.
        """
        inserted = self.charge - self.stored_charge
        expected = self.lithium[0] + (inserted - inserted[0]) / (F * self.area)
        return float(np.max(np.abs(self.lithium - expected)) / self.lithium[0])

    def of_step(self, number: int) -> slice:
        """Rows of one step, counted from 1.

        Parameters
        ----------
        number : int
            Number of the step.

        Returns
        -------
        slice
            Rows of the arrays.

        Raises
        ------
        InputError
            Where there is no such step.
        """
        if not 1 <= number <= len(self.ended):
            raise InputError(f"step {number} does not exist, expected 1 to {len(self.ended)}")
        first, last = self._bounds
        return slice(int(first[number - 1]), int(last[number - 1]) + 1)

    def summary(self) -> list[dict[str, Any]]:
        """Numbers of each step, for tables and JSON.

        Returns
        -------
        list of dict
            One mapping a step: step, cycle, ended, duration_s, capacity_mAh, energy_mWh,
            utilisation, window_utilisation, end_voltage_V.
        """
        first, last = self._bounds
        return [
            {
                "step": k + 1,
                "cycle": int(self.cycle[last[k]]),
                "ended": ended,
                "duration_s": float(self.time[last[k]] - self.time[first[k]]),
                "capacity_mAh": float(self.capacity[k] * 1e3),
                "energy_mWh": float(self.energy[k] * 1e3),
                "utilisation": float(self.utilisation[k]),
                "window_utilisation": float(self.window_utilisation[k]),
                "end_voltage_V": float(self.voltage[last[k]]),
            }
            for k, ended in enumerate(self.ended)
        ]

    def to_polars(self) -> "polars.DataFrame":
        """Give the time series as a table.

        Returns
        -------
        polars.DataFrame
            Columns time_s, voltage_V, current_A, charge_C, step, cycle, temperature_K,
            lithium_thickness_m and one a loss, in volts.
        """
        import polars

        columns = {
            "time_s": self.time,
            "voltage_V": self.voltage,
            "current_A": self.current,
            "charge_C": self.charge,
            "step": self.step,
            "cycle": self.cycle,
            "temperature_K": self.temperature,
            "lithium_thickness_m": self.lithium_thickness,
        }
        losses = {f"{name.replace(' ', '_')}_V": v for name, v in self.losses.items()}
        return polars.DataFrame({**columns, **losses})

    def to_xarray(self) -> Any:
        """Give everything as an xarray Dataset.

        Returns
        -------
        xarray.Dataset
            Dimensions time, depth and step_number.

        Raises
        ------
        MissingExtra
            Where xarray is not installed.
        """
        from filmcell.simulation.storage import to_xarray

        return to_xarray(self)

    def save(self, path: str | Path) -> Path:
        """Write a netCDF-4 file.

        Parameters
        ----------
        path : str or Path
            File to write; it must not exist yet.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            Where the file exists or cannot be written.
        """
        from filmcell.simulation.storage import save_result

        return save_result(self, path)

    def to_json(self) -> str:
        """Give the summary and the provenance as JSON text."""
        return json.dumps(
            {
                "steps": self.summary(),
                "theoretical_capacity_mAh": self.theoretical_capacity * 1e3,
                "window_capacity_mAh": self.window_capacity * 1e3,
                "provenance": dict(self.provenance),
            }
        )
