"""How sure a figure is: the spread of published values carried through to utilisation or energy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.design.objectives import Objective
from filmcell.design.problem import Judged, Problem
from filmcell.design.published import (
    Accepted,
    Draw,
    Gathered,
    LogKernel,
    Published,
    gather,
    sampled_keys,
)
from filmcell.design.variables import Variable, number_at, written
from filmcell.errors import InputError
from filmcell.simulation.many import simulate_many

SAMPLES = 512
"""Samples if not given."""

ENDS = (5.0, 95.0)
"""Percentiles of the interval."""

FEW = 3
"""Sources below which a spread is told to be thin."""

FEWEST = 16
"""Samples below which percentiles mean nothing."""


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Figures of a cell with the uncertainty of its published numbers.

    Parameters
    ----------
    problem : Problem
        The cell, what is uncertain, and the figures.
    gathered : tuple of Gathered
        What the library says about each number that is sampled.
    fixed : mapping of str to str
        Numbers that stay as they are, and why.
    accepted : Accepted
        Which published values count.
    judged : Judged
        The samples and their figures.
    nominal : ndarray
        Figures of the cell as it was given, shape (m,) [in their units].
    seed : int
        Seed of the samples.
    """

    problem: Problem
    gathered: tuple[Gathered, ...]
    fixed: Mapping[str, str]
    accepted: Accepted
    judged: Judged
    nominal: Array
    seed: int

    @property
    def values(self) -> Array:
        """Figures of the samples that did not fail, shape (n, m) [in their units]."""
        return self.judged.values[self._whole]

    @property
    def numbers(self) -> Array:
        """Numbers of the samples that did not fail, shape (n, k) [SI]."""
        return self.judged.numbers[self._whole]

    @property
    def median(self) -> Array:
        """Median of each figure, shape (m,) [in its unit]."""
        return np.median(self.values, axis=0)

    @property
    def interval(self) -> Array:
        """From the 5th to the 95th percentile of each figure, shape (2, m) [in its unit]."""
        return np.percentile(self.values, ENDS, axis=0)

    @property
    def correlation(self) -> Array:
        """Rank correlation after Spearman of each number with each figure, shape (k, m) [-].

        Numbers that make no difference to a figure, or none to any, have 0.
        """
        from scipy.stats import rankdata

        inputs = _centred(rankdata(self.numbers, axis=0))
        figures = _centred(rankdata(self.values, axis=0))
        return inputs.T @ figures

    def strongest(self, figure: int = 0) -> str:
        """Tell which number matters most to a figure.

        Parameters
        ----------
        figure : int
            Place of the figure among the objectives.

        Returns
        -------
        str
            Its key.
        """
        return self.problem.variables[int(np.argmax(np.abs(self.correlation[:, figure])))].key

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know before the interval is believed."""
        said = []
        for j, g in enumerate(self.gathered):
            count = len({s.value.source.key for s in g.statements})
            if count < FEW:
                said.append(f"{g.key}: only {count} source{'s' * (count != 1)}")
            own, cell = _constant(self.problem.cell, g.key), self.problem.cell
            low, high = np.percentile(self.numbers[:, j], ENDS)
            if own is not None and not low <= own <= high:
                said.append(
                    f"{g.key}: {written(cell, g.key, own)} of the cell lies outside of what is "
                    f"drawn, {written(cell, g.key, low)} to {written(cell, g.key, high)}"
                )
        return tuple(said)

    @property
    def sources(self) -> tuple[str, ...]:
        """References of all values that were sampled, each once."""
        found = [str(s.value.source) for g in self.gathered for s in g.statements]
        return tuple(dict.fromkeys(found))

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data.

        Returns
        -------
        dict
            Figures in their units, what was sampled and what was set aside.
        """
        keys = [v.key for v in self.problem.variables]
        figures = {
            str(o): {
                "unit": o.unit, "nominal": float(self.nominal[j]), "median": float(self.median[j]),
                "p5": float(self.interval[0, j]), "p95": float(self.interval[1, j]),
                "rank_correlation": dict(zip(keys, self.correlation[:, j].tolist(), strict=True)),
                "matters_most": self.strongest(j),
            }
            for j, o in enumerate(self.problem.objectives)
        }  # fmt: skip
        sampled = {
            g.key: {"material": g.material, "values": [str(s) for s in g.statements],
                    "set_aside": dict(g.aside)}
            for g in self.gathered
        }  # fmt: skip
        return {
            "figures": figures, "sampled": sampled, "fixed": dict(self.fixed),
            "remarks": list(self.remarks),
            "accepted": {"kinds": list(self.accepted.kinds), "forms": list(self.accepted.forms),
                         "within_K": self.accepted.within, "relatives": self.accepted.relatives},
            "samples": len(self.judged), "failed": len(self.judged) - len(self.values),
            "failures": dict(self.judged.failures), "sources": list(self.sources),
            "seed": self.seed,
        }  # fmt: skip

    @property
    def _whole(self) -> Any:
        """Whether each sample did not fail, shape (n,)."""
        return np.isfinite(self.judged.values).all(axis=1)


def _constant(cell: Cell, key: str) -> float | None:
    """The cell's own number, none where it is a function."""
    try:
        return number_at(cell, key)
    except InputError:
        return None


def _centred(ranks: Array) -> Array:
    """Take the mean away and make the length one; what does not vary becomes zero."""
    apart = ranks - ranks.mean(axis=0)
    length = np.sqrt((apart**2).sum(axis=0))
    return apart / np.where(length > 0.0, length, 1.0)


def propagate(
    cell: Cell,
    objectives: Sequence[Objective],
    *,
    keys: Sequence[str] | None = None,
    accepted: Accepted = Accepted(),  # noqa: B008
    draw: Draw = LogKernel(),  # noqa: B008
    materials: Mapping[str, str] | None = None,
    samples: int = SAMPLES,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Uncertainty:
    """Carry the spread of published values through to figures of a cell.

    Numbers of different properties are drawn independently, by a Latin hypercube.

    Parameters
    ----------
    cell : Cell
        The cell; numbers that are not sampled stay as they are.
    objectives : sequence of Objective
        The figures.
    keys : sequence of str, optional
        Dotted keys to sample; all that the library knows two values of if not given.
    accepted : Accepted
        Which published values count.
    draw : AsPublished or LogKernel
        How numbers are drawn from them.
    materials : mapping of str to str, optional
        Part of the cell, such as "cathode", to the material whose values are taken; the part's
        name if not given.
    samples : int
        How many cells to simulate.
    seed : int
        Seed; the same seed gives the same answer.
    progress : callable, optional
        Called with the number of simulations done since the last call.

    Returns
    -------
    Uncertainty
        The figures with their spread.

    Raises
    ------
    InputError
        Where nothing can be sampled, a key or a material is unknown, there are too few samples,
        or more than half of them failed.

    References
    ----------
    McKay, Beckman, Conover, Technometrics 21, 239 (1979): Latin hypercube.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.objectives import Utilisation
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> found = propagate(cell, (Utilisation(AmperesPerArea(0.7)),), samples=64,
    ...                   keys=("cathode.diffusivity", "electrolyte.conductivity"))
    >>> found.strongest()
    'cathode.diffusivity'
    """
    from scipy.stats import qmc

    if samples < FEWEST:
        raise InputError(f"samples: {samples} are too few, expected at least {FEWEST}")
    named = dict(materials or {})
    wanted = tuple(sampled_keys(cell) if keys is None else keys)
    for part in named:
        if part not in {key.rpartition(".")[0] for key in wanted}:
            raise InputError(f"materials: {part} is not sampled, expected a part that is")
    found = [gather(cell, k, accepted, named.get(k.rpartition(".")[0], "")) for k in wanted]
    sampled = tuple(g for g in found if not g.why_fixed)
    fixed = {g.key: g.why_fixed for g in found if g.why_fixed}
    if not sampled:
        said = "; ".join(f"{key}: {why}" for key, why in fixed.items())
        raise InputError(f"nothing can be sampled: {said}")
    variables = [Variable(g.key, Published(g.statements, draw)) for g in sampled]
    problem = Problem(cell, variables, objectives)
    shares = qmc.LatinHypercube(len(variables), rng=np.random.default_rng(seed)).random(samples)
    judged = problem.evaluate(shares, progress)
    _check_failures(judged)
    return Uncertainty(problem, sampled, fixed, accepted, judged, _nominal(problem), seed)


def _check_failures(judged: Judged) -> None:
    """Refuse percentiles of a minority."""
    lost = sum(judged.failures.values())
    if lost > len(judged) / 2:
        raise InputError(
            f"{lost} of {len(judged)} samples failed, expected at least half without; the first: "
            f"{next(iter(judged.failures))}"
        )


def _nominal(problem: Problem) -> Array:
    """Figures of the cell as it was given, shape (m,); nan where it fails."""
    designs = [(problem.cell, objective.protocol) for objective in problem.objectives]
    told = [simulate_many([design], options=problem.options) for design in designs]
    pairs = zip(problem.objectives, told, strict=True)
    return np.array([float(o.read(t)[0]) if not t.failed[0] else np.nan for o, t in pairs])
