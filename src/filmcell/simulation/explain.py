"""Where the voltage went: every loss of a step over its capacity, and what each cost in all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.errors import InputError
from filmcell.simulation.result import Result

POTENTIAL = "open-circuit potential"
"""Name of the part of the voltage that is no loss."""

POINTS = (0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 100.0)
"""Where the losses are told unless somebody asks for other points [%]."""

WITHIN = 1e-9
"""How exactly the parts must sum to the voltage [V]."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where the voltage of one step went.

    A loss is negative where it lowers the voltage. What it cost counts from the cell's side: it is
    positive on discharge and on charge alike where energy was lost.

    Parameters
    ----------
    step : int
        Number of the step, counted from 1.
    ended : str
        Why the step ended.
    area : float
        Area of the cell [m2].
    charge_passed : float
        Charge that passed in all, positive where the step discharged on the whole [C].
    percent : ndarray
        Where the losses are told, of the charge that passed in the step, shape (n,) [%].
    capacity : ndarray
        Charge that passed since the step began, in whichever direction, shape (n,) [C].
    voltage, potential : ndarray
        Cell voltage, and voltage at rest of the mean compositions, shape (n,) [V].
    losses : mapping of str to ndarray
        Name of each loss to its values, shape (n,) [V].
    mean : mapping of str to float
        Name of each loss to what it cost on average over the charge of the whole step: the energy
        lost over the charge [V].
    residual : float
        Largest difference of the voltage from the sum of its parts in the step [V].
    """

    step: int
    ended: str
    area: float
    charge_passed: float
    percent: Array
    capacity: Array
    voltage: Array
    potential: Array
    losses: Mapping[str, Array]
    mean: Mapping[str, float]
    residual: float

    def __post_init__(self) -> None:
        """Freeze the arrays and mappings."""
        for name in ("percent", "capacity", "voltage", "potential"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        losses = {name: frozen(values) for name, values in self.losses.items()}
        object.__setattr__(self, "losses", MappingProxyType(losses))
        object.__setattr__(self, "mean", MappingProxyType(dict(self.mean)))

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain data; losses in mV, capacities in mAh."""
        return {
            "step": self.step,
            "ended": self.ended,
            "points": [
                {
                    "percent": float(self.percent[k]),
                    "capacity_mAh": float(self.capacity[k]) / 3.6,
                    "capacity_mAh_per_cm2": float(self.areal_capacity[k]) / 3.6e4,
                    "voltage_V": float(self.voltage[k]),
                    "rest_voltage_V": float(self.potential[k]),
                    "losses_mV": {n: float(v[k]) * 1e3 for n, v in self.losses.items()},
                }
                for k in range(self.capacity.size)
            ],
            "mean_mV": {name: value * 1e3 for name, value in self.mean.items()},
            "share_percent": {name: value * 100.0 for name, value in self.share.items()},
            "total_mean_mV": self.total * 1e3,
            "residual_V": self.residual,
        }

    @property
    def areal_capacity(self) -> Array:
        """Charge that passed since the step began per area, shape (n,) [C/m2]."""
        return self.capacity / self.area

    @property
    def total(self) -> float:
        """What all losses cost on average over the charge of the step [V]."""
        return sum(self.mean.values())

    @property
    def share(self) -> Mapping[str, float]:
        """Share of each loss in all that was lost; they sum to 1 [-].

        A loss that gave energy back has a negative share; where nothing was lost all are zero.
        """
        total = self.total or 1.0
        return {name: value / total for name, value in self.mean.items()}


def steps_with_current(result: Result) -> tuple[int, ...]:
    """Steps in which charge passed.

    Parameters
    ----------
    result : Result
        A result.

    Returns
    -------
    tuple of int
        Their numbers, counted from 1.
    """
    numbers = range(1, len(result.ended) + 1)
    return tuple(k for k in numbers if _passed(result, k)[-1] > 0.0)


def explain(result: Result, step: int, points: Sequence[float] | None = POINTS) -> Explanation:
    """Tell where the voltage of a step went.

    Parameters
    ----------
    result : Result
        A result.
    step : int
        Number of the step, counted from 1; charge must have passed in it.
    points : sequence of float, optional
        Where to tell the losses, in percent of the charge that passed in the step; None for every
        kept row [%].

    Returns
    -------
    Explanation
        Losses there, and what each cost over the whole step.

    Raises
    ------
    InputError
        Where there is no such step, no charge passed in it, a point is outside 0 to 100, or the
        parts do not sum to the voltage.

    Examples
    --------
    >>> import filmcell
    >>> cell = filmcell.load_cell("wang2023-lco-lipon-li")
    >>> result = filmcell.simulate(cell, "Charge at 0.1 mA until 4.2 V")
    >>> told = explain(result, 1, [0, 50, 100])
    >>> round(float(told.losses["electrolyte"][1]) * 1e3, 1)  # mV, raises the voltage of charge
    7.0
    >>> max(told.share, key=told.share.get)
    'cathode diffusion'
    """
    rows, passed = result.of_step(step), _passed(result, step)
    if not passed[-1] > 0.0:
        known = ", ".join(str(k) for k in steps_with_current(result)) or "none, no current flowed"
        raise InputError(f"step {step} passes no charge, expected one that does: {known}")
    parts = {name: values[rows] for name, values in result.losses.items()}
    voltage = result.voltage[rows]
    residual = float(np.max(np.abs(np.sum(list(parts.values()), axis=0) - voltage)))
    if not residual <= WITHIN:
        raise InputError(
            f"the parts of the voltage in step {step} sum to it within {residual:.3g} V only, "
            f"expected {WITHIN:g} V or less"
        )
    potential = parts.pop(POTENTIAL)
    at = passed if points is None else _places(points) * passed[-1]
    return Explanation(
        step,
        result.ended[step - 1],
        result.area,
        float(result.charge[rows][-1] - result.charge[rows][0]),
        at / passed[-1] * 100.0,
        at,
        _at(at, passed, voltage),
        _at(at, passed, potential),
        {name: _at(at, passed, values) for name, values in parts.items()},
        {name: _cost(values, result.charge[rows]) for name, values in parts.items()},
        residual,
    )


def _passed(result: Result, step: int) -> Array:
    """Charge that passed since the step began, in whichever direction [C]."""
    charge = result.charge[result.of_step(step)]
    return np.concatenate([[0.0], np.cumsum(np.abs(np.diff(charge)))])


def _places(points: Sequence[float]) -> Array:
    """Percentages as fractions; refuses what lies outside of the step."""
    for point in points:
        if not 0.0 <= point <= 100.0:
            raise InputError(f"points: {point:g} is not allowed, expected 0 to 100 percent")
    return np.array(points, dtype=np.float64) / 100.0


def _at(at: Array, passed: Array, values: Array) -> Array:
    """Values at some charges, on the straight lines between the kept rows."""
    return values if at is passed else np.interp(at, passed, values)


def _cost(loss: Array, charge: Array) -> float:
    """Energy that a loss took over the charge that passed [V]."""
    moved = np.diff(charge)
    between = 0.5 * (loss[1:] + loss[:-1])
    return float(-np.sum(between * moved) / np.sum(np.abs(moved)))


def csv_lines(explanations: Sequence[Explanation]) -> list[str]:
    """Write explanations as comma-separated values, a line a point.

    Parameters
    ----------
    explanations : sequence of Explanation
        Steps of one result.

    Returns
    -------
    list of str
        Head and lines: step, percent, capacity_mAh, capacity_mAh_per_cm2, voltage_V,
        rest_voltage_V and one column a loss, in mV.
    """
    names = list(explanations[0].losses)
    heads = ["step", "percent", "capacity_mAh", "capacity_mAh_per_cm2", "voltage_V",
             "rest_voltage_V", *(f"{name.replace(' ', '_')}_mV" for name in names)]  # fmt: skip
    lines = [",".join(heads)]
    for told in explanations:
        for point in told.as_dict()["points"]:
            losses = [point["losses_mV"][name] for name in names]
            numbers = [point[head] for head in heads[1:6]] + losses
            lines.append(",".join([str(told.step), *(f"{x!r}" for x in numbers)]))
    return lines
