"""The table of a sweep: one row a design, in the units that people plot."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from filmcell.arrays import Array
from filmcell.protocol.steps import Protocol
from filmcell.simulation.outcomes import Outcomes

if TYPE_CHECKING:
    import polars

COLUMNS = {
    "design": "number of the design, from 0",
    "status": "ok or failed",
    "reason": "why it failed; empty where it did not",
    "discharge_capacity_mAh": "discharged in the last cycle",
    "charge_capacity_mAh": "charged in the last cycle",
    "discharge_capacity_mAh_per_cm2": "the same over the area",
    "discharge_energy_mWh": "given in the last cycle",
    "charge_energy_mWh": "taken in the last cycle",
    "discharge_energy_mWh_per_cm2": "the same over the area",
    "mean_discharge_voltage_V": "energy over capacity of the discharge",
    "utilisation": "discharge capacity over the theoretical capacity; of the charge where there is "
    "no discharge",
    "window_utilisation": "the same over what the voltage window allows at rest",
    "energy_efficiency": "energy given over energy taken in the last cycle",
    "theoretical_capacity_mAh": "theoretical capacity",
    "window_capacity_mAh": "what the voltage window allows at rest",
    "area_cm2": "area of the cell",
    "duration_s": "of all steps together",
    "step_ended": "why each step ended",
    "step_duration_s": "duration of each step",
    "step_capacity_mAh": "charge passed in each step, positive on discharge",
    "step_energy_mWh": "energy given in each step, negative where it was taken",
    "step_end_voltage_V": "voltage at the end of each step",
}
"""Columns besides the axes, and what they hold."""


def table(
    first: int,
    points: Mapping[str, list[Any]],
    units: Mapping[str, str],
    last_cycles: Any,
    outcomes: Outcomes,
) -> "polars.DataFrame":
    """Lay out what some designs gave.

    Parameters
    ----------
    first : int
        Number of the first design.
    points : mapping of str to list
        Values of each axis, in SI.
    units : mapping of str to str
        Unit of each axis; "word" for text.
    last_cycles : ndarray of bool
        Whether a step belongs to the last cycle, shape (n, s).
    outcomes : Outcomes
        What they gave.

    Returns
    -------
    polars.DataFrame
        The axes, and the columns of `COLUMNS`; null where a design failed.

    Examples
    --------
    >>> import numpy as np
    >>> from filmcell import load_cell, load_protocol
    >>> from filmcell.simulation.many import simulate_many
    >>> outcomes = simulate_many([(load_cell("wang2023-lco-lipon-li"), load_protocol("Charge"
    ...     " at 1 mA until 4.2 V"))])
    >>> frame = table(0, {}, {}, np.ones((1, 1), dtype=bool), outcomes)
    >>> frame["status"].to_list(), round(frame["charge_capacity_mAh"][0], 3)
    (['ok'], 0.149)
    """
    import polars as pl

    n, good = len(outcomes), np.array([not why for why in outcomes.failed])
    axes = {
        key: pl.Series(values, dtype=pl.String if units[key] == "word" else pl.Float64)
        for key, values in points.items()
    }
    numbers = {
        name: pl.Series(np.where(good, values, np.nan), dtype=pl.Float64, nan_to_null=True)
        for name, values in figures(outcomes, last_cycles).items()
    }
    steps = {name: _listed(values, outcomes) for name, values in _of_steps(outcomes).items()}
    return pl.DataFrame(
        {
            "design": pl.Series(np.arange(first, first + n), dtype=pl.Int64),
            **axes,
            "status": pl.Series(np.where(good, "ok", "failed").tolist(), dtype=pl.String),
            "reason": pl.Series(outcomes.failed, dtype=pl.String),
            **numbers,
            "step_ended": _sentences(outcomes.ended),
            **steps,
        }
    )


def figures(outcomes: Outcomes, last_cycles: Any) -> dict[str, Array]:
    """Give the figures of the last cycle of each design.

    Parameters
    ----------
    outcomes : Outcomes
        What the designs gave.
    last_cycles : ndarray of bool
        Whether a step belongs to the last cycle, shape (n, s).

    Returns
    -------
    dict of str to ndarray
        Column to values, shape (n,).
    """
    charge = np.where(last_cycles, np.nan_to_num(outcomes.charge), 0.0) * 1e3
    energy = np.where(last_cycles, np.nan_to_num(outcomes.energy), 0.0) * 1e3
    given, taken = np.sum(charge.clip(min=0), axis=1), -np.sum(charge.clip(max=0), axis=1)
    e_given = np.sum(np.where(charge > 0, energy, 0.0), axis=1)
    e_taken = -np.sum(np.where(charge < 0, energy, 0.0), axis=1)
    counted = np.where(given > 0, given, taken)
    area = outcomes.area * 1e4
    theory, window = outcomes.theoretical_capacity * 1e3, outcomes.window_capacity * 1e3
    return {
        "discharge_capacity_mAh": given,
        "charge_capacity_mAh": taken,
        "discharge_capacity_mAh_per_cm2": given / area,
        "discharge_energy_mWh": e_given,
        "charge_energy_mWh": e_taken,
        "discharge_energy_mWh_per_cm2": e_given / area,
        "mean_discharge_voltage_V": _over(e_given, given),
        "utilisation": _over(counted, theory),
        "window_utilisation": _over(counted, window),
        "energy_efficiency": _over(e_given, e_taken),
        "theoretical_capacity_mAh": theory,
        "window_capacity_mAh": window,
        "area_cm2": area,
        "duration_s": np.nansum(outcomes.duration, axis=1),
    }


def _over(a: Array, b: Array) -> Array:
    """Give a / b, nan where b is zero."""
    return np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0)


def _of_steps(outcomes: Outcomes) -> dict[str, Array]:
    """Give what is kept of each step, shape (n, s)."""
    return {
        "step_duration_s": outcomes.duration,
        "step_capacity_mAh": outcomes.charge * 1e3,
        "step_energy_mWh": outcomes.energy * 1e3,
        "step_end_voltage_V": outcomes.end_voltage,
    }


def _listed(values: Array, outcomes: Outcomes) -> Any:
    """Make a column of lists, one value for every step that was done."""
    import polars as pl

    if all(len(done) == values.shape[1] > 0 for done in outcomes.ended):  # nearly always
        return pl.Series(np.ascontiguousarray(values)).cast(pl.List(pl.Float64))
    rows = [row[: len(done)] for row, done in zip(values, outcomes.ended, strict=True)]
    return pl.Series([row.tolist() for row in rows], dtype=pl.List(pl.Float64))


def _sentences(ended: Sequence[tuple[str, ...]]) -> Any:
    """Make a column of lists of sentences, of which there are few different ones."""
    import polars as pl

    kinds = {done: k for k, done in enumerate(dict.fromkeys(ended))}
    lists = pl.Series([list(done) for done in kinds], dtype=pl.List(pl.String))
    return lists.gather([kinds[done] for done in ended])


def in_last_cycle(protocol: Protocol, ended: Sequence[str]) -> list[bool]:
    """Say which steps that were done belong to the last cycle.

    Parameters
    ----------
    protocol : Protocol
        The protocol.
    ended : sequence of str
        Why each step ended; passes until a limit are counted by it.

    Returns
    -------
    list of bool
        One for each step that was done.

    Examples
    --------
    >>> from filmcell import load_protocol
    >>> both = "(Charge at 1C for 1 h; Discharge at 1C until 3 V) repeat 2"
    >>> in_last_cycle(load_protocol(both), ["1 h passed", "voltage reached 3 V"] * 2)
    [False, False, True, True]
    """
    cycles = _cycles(protocol, tuple(ended))
    return [cycle == cycles[-1] for cycle in cycles]


@lru_cache(maxsize=1024)
def _cycles(protocol: Protocol, ended: tuple[str, ...]) -> list[int]:
    """Cycle of each step that was done; kept, as most designs of a sweep end their steps alike."""
    cycles: list[int] = []
    cycle = 0
    for block in protocol.blocks:
        for _ in range(block.repeat):
            cycle += 1
            reasons = ended[len(cycles) : len(cycles) + len(block.steps)]
            cycles += [cycle] * len(reasons)
            limited = any(
                # what ends a step by its time is a part of this sentence, a limit is not
                reason not in step.time_reason
                for step, reason in zip(block.steps, reasons, strict=False)
            )
            if block.until_limit and limited:
                break
    return cycles
