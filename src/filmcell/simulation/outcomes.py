"""What many designs gave: a few numbers a step, and why each step ended."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from filmcell.arrays import Array, frozen


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What many designs gave; a design that failed has nan from its failed step on.

    Parameters
    ----------
    duration : ndarray
        Duration of each step, shape (n, s) [s].
    charge : ndarray
        Charge passed in each step, positive on discharge, shape (n, s) [Ah].
    energy : ndarray
        Energy given (positive) or taken (negative) in each step, shape (n, s) [Wh].
    end_voltage : ndarray
        Voltage at the end of each step, shape (n, s) [V].
    ended : tuple of tuple of str
        Why each step ended, for each design; as many as were done.
    failed : tuple of str
        Why a design failed, "" where it did not.
    area : ndarray
        Area of the cell, shape (n,) [m2].
    theoretical_capacity, window_capacity : ndarray
        Theoretical capacity, and what the voltage window allows at rest, shape (n,) [Ah].
    """

    duration: Array
    charge: Array
    energy: Array
    end_voltage: Array
    ended: tuple[tuple[str, ...], ...]
    failed: tuple[str, ...]
    area: Array
    theoretical_capacity: Array
    window_capacity: Array

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for f in fields(self):
            if f.name not in {"ended", "failed"}:
                object.__setattr__(self, f.name, frozen(getattr(self, f.name), own=True))

    def __len__(self) -> int:
        """Number of designs."""
        return len(self.failed)

    @property
    def capacity(self) -> Array:
        """Size of the charge that passed in each step, shape (n, s) [Ah]."""
        return np.abs(self.charge)

    @property
    def utilisation(self) -> Array:
        """Capacity of each step over the theoretical capacity, shape (n, s) [-]."""
        return _share(self.capacity, self.theoretical_capacity)

    @property
    def window_utilisation(self) -> Array:
        """Capacity of each step over what the voltage window allows, shape (n, s) [-]."""
        return _share(self.capacity, self.window_capacity)


def of_cells(
    numbers: Array, ended: tuple[tuple[str, ...], ...], failed: tuple[str, ...], whole: Array
) -> Outcomes:
    """Turn what was computed per area into outcomes of whole cells.

    Parameters
    ----------
    numbers : ndarray
        Duration [s], charge [C/m2], energy [J/m2] and last voltage [V] of each step, shape
        (n, s, 4).
    ended : tuple of tuple of str
        Why each step ended.
    failed : tuple of str
        Why a design failed, "" where it did not.
    whole : ndarray
        Area [m2], theoretical and window capacity [C/m2], shape (3, n).

    Returns
    -------
    Outcomes
        In Ah and Wh.
    """
    area, theoretical, window = whole
    duration, charge, energy, voltage = np.moveaxis(numbers, 2, 0)
    hours = area / 3600.0
    return Outcomes(
        duration=duration.copy(),
        charge=charge * hours[:, None],
        energy=energy * hours[:, None],
        end_voltage=voltage.copy(),
        ended=ended,
        failed=failed,
        area=area.copy(),
        theoretical_capacity=theoretical * hours,
        window_capacity=window * hours,
    )


def _share(capacity: Array, whole: Array) -> Array:
    """Capacity of each step over a whole of each design; nan where that is nothing."""
    return np.divide(capacity, whole[:, None], out=np.full(capacity.shape, np.nan),
                     where=(whole > 0.0)[:, None])  # fmt: skip


def ratio(above: Array, below: Array) -> Array:
    """Divide figures of designs; nothing over nothing is nothing.

    Parameters
    ----------
    above, below : ndarray
        Figures, shape (n,); nan where a design failed.

    Returns
    -------
    ndarray
        Their ratio, shape (n,); 0 where `below` is 0, nan where a design failed.

    Examples
    --------
    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    array([0.5, 0. ])
    """
    return np.divide(above, below, out=np.asarray(above * 0.0), where=below > 0.0)


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Put outcomes one below the other.

    Parameters
    ----------
    parts : sequence of Outcomes
        In order.

    Returns
    -------
    Outcomes
        All of them; designs with fewer steps than others have nan there.
    """
    most = max((part.duration.shape[1] for part in parts), default=0)

    def padded(values: Array) -> Array:
        return np.pad(values, [(0, 0), (0, most - values.shape[1])], constant_values=np.nan)

    def below(name: str) -> Array:
        tables = [padded(getattr(part, name)) for part in parts]
        return np.concatenate(tables) if tables else np.empty((0, 0))

    def along(name: str) -> Array:
        return np.concatenate([getattr(part, name) for part in parts] or [np.empty(0)])

    return Outcomes(
        duration=below("duration"),
        charge=below("charge"),
        energy=below("energy"),
        end_voltage=below("end_voltage"),
        ended=tuple(x for part in parts for x in part.ended),
        failed=tuple(x for part in parts for x in part.failed),
        area=along("area"),
        theoretical_capacity=along("theoretical_capacity"),
        window_capacity=along("window_capacity"),
    )
