"""Many designs at once, in parallel threads; whatever happens to one, the others go on."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice

from filmcell.errors import InputError
from filmcell.models.regions import CATHODE_CELLS
from filmcell.simulation.block import Design, simulate_block
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.outcomes import Outcomes, joined
from filmcell.units import shown

__all__ = ["Design", "Outcomes", "simulate_many"]

BLOCK = 64
"""Designs that one thread takes at a time."""


def simulate_many(
    designs: Iterable[Design],
    *,
    options: Options = DEFAULTS,
    cells: int = CATHODE_CELLS,
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
    cells : int
        Nodes of the cathode; the time of a design goes about with them, its error with about
        their third power. A mixed conductor has 2.5 times as many volumes.
    threads : int, optional
        Threads; as many as there are cores if not given.
    progress : callable, optional
        Called with the number of designs done since the last call.

    Returns
    -------
    Outcomes
        One row a design, in their order.

    Raises
    ------
    InputError
        Where the number of threads is none.

    Examples
    --------
    >>> from filmcell import load_cell, load_protocol
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> cycle = load_protocol("Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")
    >>> thick = [cell.replace({"cathode.thickness": l}) for l in ("5 um", "10 um")]
    >>> (simulate_many([(c, cycle) for c in thick]).utilisation[:, 1]).round(3)
    array([0.794, 0.702])
    """
    threads = checked_threads(threads)
    blocks = _blocks(iter(designs), BLOCK)
    parts: list[Outcomes] = []
    with ThreadPoolExecutor(threads) as pool:
        work = partial(simulate_block, options=options, cells=cells)
        for part in _in_order(pool, work, blocks, 2 * threads):
            parts.append(part)
            if progress is not None:
                progress(len(part))
    return joined(parts)


def checked_threads(threads: int | None) -> int:
    """Refuse what cannot be a number of threads.

    Parameters
    ----------
    threads : int, optional
        Threads; as many as there are cores if not given.

    Returns
    -------
    int
        Threads.

    Raises
    ------
    InputError
        Where it is not a whole number from 1.

    Examples
    --------
    >>> checked_threads(2)
    2
    """
    if threads is None:
        return os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise InputError(
            f"threads: {shown(threads)} is not allowed, expected a whole number from 1"
        )
    return threads


def _blocks(designs: Iterator[Design], size: int) -> Iterator[list[Design]]:
    """Cut a stream of designs into lists."""
    while block := list(islice(designs, size)):
        yield block


def _in_order(
    pool: ThreadPoolExecutor,
    work: Callable[[list[Design]], Outcomes],
    blocks: Iterator[list[Design]],
    ahead: int,
) -> Iterator[Outcomes]:
    """Give the outcomes of the blocks in their order; only a few blocks are made ahead."""
    waiting: deque[Future[Outcomes]] = deque()
    try:
        for block in blocks:
            waiting.append(pool.submit(work, block))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:  # after an interruption
            future.cancel()
