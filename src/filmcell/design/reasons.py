"""Why a demand is reached only so far, and what a reader must know of an answer: sentences."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from filmcell.cell.cathodes import Film
from filmcell.cell.cell import Cell
from filmcell.design.counting import Demand, FirstCharge, OfTheory
from filmcell.design.dial import SIZE, Dial
from filmcell.design.search import Edge, Found
from filmcell.design.sensitivity_local import UTILISATION, Sensitivity
from filmcell.design.size_estimate import limits, series_swing
from filmcell.simulation.many import simulate_many
from filmcell.units import display

_STEEP = 5.0
"""Answer of a size to the utilisation above which it is worth a word [-]."""

if TYPE_CHECKING:
    from filmcell.design.reach import Reach


def size_word(cell: Cell) -> str:
    """Give the word for the size of a cathode.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    str
        thickness or radius.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> size_word(load_cell("wang2023-lco-lipon-li"))
    'thickness'
    """
    return "thickness" if isinstance(cell.cathode.shape, Film) else "radius"


def _word(turned: Dial) -> str:
    """What a number is called in a sentence."""
    return size_word(turned.cell) if turned.key == SIZE else turned.key


def written(turned: Dial, value: float) -> str:
    """Write a value of a number with its unit, in four digits.

    Parameters
    ----------
    turned : Dial
        The number.
    value : float
        Its value [unit].

    Returns
    -------
    str
        Text.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.dial import dial
    >>> written(dial(load_cell("wang2023-lco-lipon-li"), SIZE), 1.23456e-5)
    '12.35 um'
    """
    return display(value, turned.unit, 4)


def nothing_reaches(turned: Dial, demand: Demand, found: Found, failures: Sequence[str]) -> str:
    """Say how much can be reached, where and why, when a demand cannot.

    Parameters
    ----------
    turned : Dial
        The number that was varied.
    demand : Demand
        What was to be reached.
    found : Found
        What was seen.
    failures : sequence of str
        Why some cells could not be simulated.

    Returns
    -------
    str
        One sentence.
    """
    low, high = (written(turned, float(found.values[k])) for k in (0, -1))
    head = f"utilisation: no {_word(turned)} from {low} to {high} reaches {demand}"
    if np.all(np.isnan(found.measured)):
        return f"{head}; none could be simulated, the first because of: {failures[0]}"
    best = int(np.nanargmax(found.measured))
    where = float(found.values[best])
    why = _why(turned.set(where), demand, float(found.measured[best]))
    return f"{head}; the most is {found.measured[best]:.6g}, at {written(turned, where)}, {why}"


def _why(cell: Cell, demand: Demand, reached: float) -> str:
    """Name the first of window, lithium, losses and diffusion that forbids a demand."""
    for sentence in about_time(cell, demand):
        return f"because {sentence}"
    goal, swing = demand.utilisation, demand.basis.swing(cell)
    empty, full = cell.window_fractions
    if isinstance(demand.basis, OfTheory) and (full - empty) / swing < goal:
        return (f"because the voltage window allows only {(full - empty) / swing:.4f} of the "
                "theoretical capacity")  # fmt: skip
    at = limits(cell, demand.current.density(cell))
    charge = isinstance(demand.counted, FirstCharge)
    top, rest_top = (at.made, at.made) if charge else (at.discharged, full)
    if (rest_top - empty) / swing < goal:
        return (f"because the cell as made holds {at.made:g} lithium per site, of which a charge "
                f"can take {(rest_top - empty) / swing:.4f}")  # fmt: skip
    if (top - at.charged) / swing < goal:
        current = display(demand.current.density(cell), "A/m2", 4)
        return (f"because ohmic and kinetic losses at {current} leave "
                f"{max(top - at.charged, 0.0) / swing:.6g} before any diffusion")  # fmt: skip
    slow = f"because diffusion is too slow, at a current number Lambda of {at.current_number:.3g}"
    if charge:
        return slow
    up, down = (series_swing(at, charge=one) for one in (True, False))
    back = f"{down / up:.3f}" if up > 0.0 else "nothing"
    return (f"{slow}: a discharge without rest gives back about {back} of the charge (a third "
            "in a thick film)")  # fmt: skip


def about_spans(seen: "Reach") -> Iterator[str]:
    """Say where else a demand is reached, where not, and what could not be simulated.

    Parameters
    ----------
    seen : Reach
        What a search found.

    Yields
    ------
    str
        Sentences; none where the demand is reached from one end to one edge.
    """
    turned, found = seen.dial, seen.found
    first, *others = found.spans
    word = _word(turned)
    if first.low.outside is None and first.high.outside is None:
        low, high = (written(turned, e.inside) for e in (first.low, first.high))
        yield f"every {word} from {low} to {high} reaches the demand"
    elif first.low.outside is not None and first.high.outside is not None:
        yield (f"it is reached only from {written(turned, first.low.inside)} to "
               f"{written(turned, first.high.inside)}: a smaller {word} does not reach it "
               "either")  # fmt: skip
    elif first.low.outside is not None and turned.key == SIZE:
        yield f"a {word} below {written(turned, first.low.inside)} does not reach it"
    for span in others:
        yield (f"the utilisation crosses the goal several times: it is reached again "
               f"{_between(turned, span.low, span.high)}")  # fmt: skip
    if seen.failures:
        yield (f"{len(seen.failures)} of the cells could not be simulated and count as not "
               f"reaching it, the first because of: {seen.failures[0]}")  # fmt: skip


def _between(turned: Dial, low: Edge, high: Edge) -> str:
    """From where to where a span goes."""
    end = " and perhaps beyond" if high.outside is None else ""
    return f"from {written(turned, low.inside)} to {written(turned, high.inside)}{end}"


def about_steepness(slopes: Sequence[Sensitivity]) -> Iterator[str]:
    """Say where a size rests on the last percents of a utilisation.

    Parameters
    ----------
    slopes : sequence of Sensitivity
        What the size answers to.

    Yields
    ------
    str
        A sentence, where one percent of the utilisation moves the size by more than five.

    Examples
    --------
    >>> list(about_steepness([Sensitivity("utilisation", -9.2, "0.8")]))
    ['the demand lies near the most that can be reached: one percent less of it makes the size 9.2 \
% larger']
    """
    for slope in slopes:
        if slope.key == UTILISATION and slope.slope < -_STEEP:
            yield ("the demand lies near the most that can be reached: one percent less of it "
                   f"makes the size {-slope.slope:.2g} % larger")  # fmt: skip


def about_time(cell: Cell, demand: Demand) -> Iterator[str]:
    """Say where time and not a voltage ended a step.

    Parameters
    ----------
    cell : Cell
        The cell of an answer.
    demand : Demand
        What is reached.

    Yields
    ------
    str
        A sentence, where the longest time that is allowed ran out.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> list(about_time(load_cell("wang2023-lco-lipon-li"), Demand(0.8, AmperesPerArea(1e-9))))
    ['the current is so small that a step was ended by time: 87660 h passed, the longest allowed']
    """
    protocol = demand.design(cell)[1]
    ended = simulate_many([(cell, protocol)]).ended[0]
    for step, reason in zip(protocol.steps, ended, strict=False):
        if reason == step.time_reason:
            yield f"the current is so small that a step was ended by time: {reason}"
            return


def about_current(cell: Cell, demand: Demand) -> Iterator[str]:
    """Say how the current goes with the size.

    Parameters
    ----------
    cell : Cell
        The cell of an answer.
    demand : Demand
        What is reached.

    Yields
    ------
    str
        A sentence.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import Amperes
    >>> next(about_current(load_cell("wang2023-lco-lipon-li"), Demand(0.8, Amperes(1e-4))))
    'the current is the same at every thickness, 0.06944 mA/cm2: here 0.1 C (theoretical \
capacity, 0.5 lithium per site)'
    """
    i, word = demand.current.density(cell), size_word(cell)
    shown = display(i, "A/m2", 4)
    if demand.grows_with_size(cell):
        yield (f"the current grows with the {word}: {demand.current} is {shown} here "
               f"({cell.c_rate_basis}); at a given areal current the answer is another "
               "one")  # fmt: skip
    else:
        rate = i / cell.c_rate_current_density(1.0)
        yield (f"the current is the same at every {word}, {shown}: here {rate:.4g} C "
               f"({cell.c_rate_basis})")  # fmt: skip


def about_model(cell: Cell, demand: Demand) -> Iterator[str]:
    """Say what the model of an answer leaves out, where it matters for that answer.

    Parameters
    ----------
    cell : Cell
        The cell of an answer.
    demand : Demand
        What is reached.

    Yields
    ------
    str
        Sentences.
    """
    yield from about_time(cell, demand)
    lithium = cell.anode.capacity
    if cell.charge_taken(cell.window_fractions[1]) >= lithium * (1.0 - 1e-9):
        yield (f"the anode's lithium, {display(lithium, 'C/m2', 4)}, and not the voltage ends the "
               "window at rest")  # fmt: skip
    if not isinstance(demand.counted, FirstCharge):
        yield ("charge and discharge follow each other without rest and without a hold at the "
               "upper voltage; either gives more capacity")  # fmt: skip
    if cell.cathode.diffusivity_activation_energy == 0.0:
        yield ("the diffusivity of this cell has no activation energy: an answer to temperature "
               "holds for its other parts only")  # fmt: skip
    if isinstance(cell.cathode.shape, Film):
        yield ("one dimension and no mechanics: whether a film of that thickness can be made and "
               "stays whole is another question")  # fmt: skip
    else:
        yield "all particles are of one radius and in contact all around, without mechanics"
