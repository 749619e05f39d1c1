"""Many designs at once, in parallel threads; whatever happens to one, the others go on."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from filmcell.simulation.block import Design, simulate_block
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.simulation.outcomes import Outcomes, joined

__all__ = ["Design", "Outcomes", "simulate_many"]

BLOCK = 64
"""Designs that one thread takes at a time."""


def simulate_many(
    designs: Iterable[Design],
    *,
    options: Options = DEFAULTS,
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
        for part in _in_order(pool, blocks, options, 2 * threads):
            parts.append(part)
            if progress is not None:
                progress(len(part))
    return joined(parts)


def _blocks(designs: Iterator[Design], size: int) -> Iterator[list[Design]]:
    """Cut a stream of designs into lists."""
    while block := list(islice(designs, size)):
        yield block


def _in_order(
    pool: ThreadPoolExecutor, blocks: Iterator[list[Design]], options: Options, ahead: int
) -> Iterator[Outcomes]:
    """Give the outcomes of the blocks in their order; only a few blocks are made ahead."""
    waiting: deque[Future[Outcomes]] = deque()
    try:
        for block in blocks:
            waiting.append(pool.submit(simulate_block, block, options))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:  # after an interruption
            future.cancel()
