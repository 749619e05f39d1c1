"""Which rows belong to the same sweep of the frequency."""

from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.impedance.spectrum import LEAST_POINTS


def sweep_of(frequency: Array, part: Any) -> Any:
    """Number the sweeps that a file holds.

    A sweep ends where the frequency turns or jumps back, if what follows passes through the same
    frequencies again. Rows that are merely out of order, a wrong frequency among them and blocks
    that follow each other without overlap stay in one sweep, and so do rows in no order at all.

    Parameters
    ----------
    frequency : ndarray
        Frequencies of the rows that can be used, in the order of the file, shape (n,) [Hz].
    part : ndarray of int
        Which block of the file each stands in; another block is another sweep; shape (n,).

    Returns
    -------
    ndarray of int
        Number of the sweep of each row, from 0, shape (n,).

    Examples
    --------
    >>> f = np.array([100.0, 10.0, 1.0, 100.0, 10.0, 1.0])
    >>> sweep_of(f, np.zeros(6)).tolist()
    [0, 0, 0, 1, 1, 1]
    >>> sweep_of(np.array([100.0, 1.0, 10.0, 0.1]), np.zeros(4)).tolist()
    [0, 0, 0, 0]
    """
    numbers = np.zeros(frequency.size, dtype=int)
    count = 0
    for block in dict.fromkeys(part.tolist()):
        mine = part == block
        numbers[mine] = count + _within(frequency[mine])
        count = int(numbers[mine].max()) + 1
    return numbers


def _within(frequency: Array) -> Any:
    """Number the sweeps within a block."""
    runs = _runs(frequency)
    numbers = np.zeros(frequency.size, dtype=int)
    if len(runs) > 1 and len(runs) > frequency.size / LEAST_POINTS:
        return numbers  # in no order
    sweeps: list[list[slice]] = []
    for run in runs:
        if sweeps and not _again(
            np.concatenate([frequency[s] for s in sweeps[-1]]), frequency[run]
        ):
            sweeps[-1].append(run)
        else:
            sweeps.append([run])
    for number, parts in enumerate(sweeps):
        for run in parts:
            numbers[run] = number
    return numbers


def _runs(frequency: Array) -> list[slice]:
    """Stretches in which the frequency only falls or only rises."""
    starts, heading = [0], 0.0
    steps = np.sign(np.diff(frequency))
    for k, step in enumerate(steps):
        if not (heading and step and step != heading):
            heading = heading or step
        elif steps[k - 1] == 0.0 and step in steps[k + 1 : k + 2]:
            starts.append(k)  # the second of two equal frequencies opens the way back
            heading = step
        else:
            starts.append(k + 1)
            heading = 0.0
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], frequency.size], strict=True)]


def _again(before: Array, after: Array) -> bool:
    """Whether frequencies pass through those before once more: sorted together, they alternate."""
    few = min(before.size, after.size)
    if few < LEAST_POINTS:
        return False
    label = np.repeat([0, 1], [before.size, after.size])
    order = np.lexsort((label, np.concatenate([before, after])))
    return int(np.count_nonzero(np.diff(label[order]))) >= max(few, LEAST_POINTS + 1)
