"""Many designs at once: what is kept of each is a few numbers a step, and nothing ever stops it."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from itertools import islice

import numpy as np

from filmcell.arrays import Array, frozen
from filmcell.cell.cell import Cell
from filmcell.errors import FilmcellError
from filmcell.models.choice import model_of
from filmcell.protocol.steps import Protocol
from filmcell.simulation.options import Options
from filmcell.simulation.solve import solve

Design = tuple[Cell, Protocol] | FilmcellError
"""A cell and what is done to it, or why it cannot be made."""

SWIFT = Options(tolerance=1e-5, voltage_tolerance=1e-4, resolution=2e-4)
"""Accuracy for many designs: capacities within 2e-6, energies within 2e-5 of the defaults'."""

BLOCK = 64
"""Designs that one thread takes at a time."""


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
        return self.capacity / self.theoretical_capacity[:, None]

    @property
    def window_utilisation(self) -> Array:
        """Capacity of each step over what the voltage window allows, shape (n, s) [-]."""
        return self.capacity / self.window_capacity[:, None]


def simulate_many(
    designs: Iterable[Design],
    *,
    options: Options = SWIFT,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Outcomes:
    """Take many cells through their protocols, in parallel threads.

    Parameters
    ----------
    designs : iterable of (Cell, Protocol) or FilmcellError
        A cell and what is done to it; an error stands for a design that cannot be made, and
        becomes its `failed`.
    options : Options
        Accuracy.
    threads : int, optional
        Threads; as many as there are cores if not given.
    progress : callable, optional
        Called with the number of designs done since the last call.

    Returns
    -------
    Outcomes
        One row a design, in their order.

    Examples
    --------
    >>> from filmcell import load_cell, load_protocol
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> cycle = load_protocol("Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")
    >>> thick = [cell.replace({"cathode.thickness": l}) for l in ("5 um", "10 um")]
    >>> (simulate_many([(c, cycle) for c in thick]).utilisation[:, 1]).round(3)
    array([0.794, 0.702])
    """
    if threads is None:
        threads = os.cpu_count() or 1
    blocks = _blocks(iter(designs), BLOCK)
    parts: list[Outcomes] = []
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(lambda block: simulate_block(block, options), blocks):
            parts.append(part)
            if progress is not None:
                progress(len(part))
    return joined(parts)


def _blocks(designs: Iterator[Design], size: int) -> Iterator[list[Design]]:
    """Cut a stream of designs into lists."""
    while block := list(islice(designs, size)):
        yield block


def simulate_block(designs: Sequence[Design], options: Options) -> Outcomes:
    """Take some designs through their protocols, in this thread.

    Parameters
    ----------
    designs : sequence of (Cell, Protocol) or FilmcellError
        The designs.
    options : Options
        Accuracy.

    Returns
    -------
    Outcomes
        One row a design.
    """
    steps = max((d[1].count for d in designs if not isinstance(d, FilmcellError)), default=0)
    numbers = np.full((4, len(designs), steps), np.nan)
    whole = np.full((3, len(designs)), np.nan)
    ended: list[tuple[str, ...]] = []
    failed: list[str] = []
    for k, design in enumerate(designs):
        reasons, why = (), ""
        try:
            if isinstance(design, FilmcellError):
                raise design
            cell, protocol = design
            model = model_of(cell, protocol.largest_current(cell))
            result = solve(model, protocol, options)
            reasons = result.ended
            rows = [result.of_step(s + 1) for s in range(len(reasons))]
            for s, row in enumerate(rows):
                t, q = result.time[row], result.charge[row]
                numbers[:, k, s] = t[-1] - t[0], (q[-1] - q[0]) / 3600.0, result.energy[s], \
                    result.voltage[row][-1]
            whole[:, k] = cell.area, result.theoretical_capacity, result.window_capacity
        except FilmcellError as error:
            why = str(error)
        ended.append(reasons)
        failed.append(why)
    return Outcomes(*numbers, tuple(ended), tuple(failed), *whole)


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
        arrays = [getattr(part, name) for part in parts]
        if not arrays:
            return np.empty((0, 0) if name in _TABLES else 0)
        return np.concatenate([padded(a) if name in _TABLES else a for a in arrays])

    return Outcomes(
        *(below(name) for name in _TABLES),
        tuple(x for part in parts for x in part.ended),
        tuple(x for part in parts for x in part.failed),
        *(below(name) for name in ("area", "theoretical_capacity", "window_capacity")),
    )


_TABLES = ("duration", "charge", "energy", "end_voltage")
