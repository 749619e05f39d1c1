"""Which number matters: shares of the variance of an answer, first and total order after Sobol.

The only module that imports SALib.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.design.problem import Problem
from filmcell.design.variables import Variable
from filmcell.errors import InputError, MissingExtra

Model = Callable[[Array], Array]
"""Takes samples of the numbers (n, k), gives answers (n,), nan where it failed."""

BLOCKS = 1024
"""Saltelli blocks if not given; each holds two designs more than there are variables."""

LEVEL = 0.95
"""Confidence of the intervals."""


@dataclass(frozen=True)
class Indices:
    """Shares of the variance, with intervals.

    Parameters
    ----------
    keys : tuple of str
        The variables.
    first : ndarray
        First order, what each variable does alone, shape (k,) [-].
    total : ndarray
        Total order, with all that it does together with others, shape (k,) [-].
    first_error, total_error : ndarray
        Half the width of the 95 % intervals, shape (k,) [-].
    what : str
        Of what these are shares.
    mean, variance : float
        Of the answers [in their unit, and its square].
    blocks : int
        Saltelli blocks that were used.
    dropped : int
        Blocks that were dropped whole, because a design of theirs failed.
    failures : mapping of str to int
        How many designs failed, by reason.
    evaluations : int
        Designs that were tried.
    seed : int
        Seed of the samples.
    """

    keys: tuple[str, ...]
    first: Array
    total: Array
    first_error: Array
    total_error: Array
    what: str
    mean: float
    variance: float
    blocks: int
    dropped: int
    failures: Mapping[str, int]
    evaluations: int
    seed: int

    @property
    def strongest(self) -> str:
        """The variable with the greatest total order."""
        return self.keys[int(np.argmax(self.total))]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to know before the numbers are believed."""
        said = []
        if self.dropped:
            said.append(
                f"{self.dropped} of {self.dropped + self.blocks} blocks were dropped whole, "
                "because a design of theirs failed: the shares are those of the designs that work"
            )
        wide = [k for k, e in zip(self.keys, self.total_error, strict=True) if e > 0.1]
        if wide:
            said.append(f"the interval of {', '.join(wide)} is wide, more blocks would narrow it")
        return tuple(said)

    def as_dict(self) -> dict[str, Any]:
        """Give it as plain data.

        Returns
        -------
        dict
            One entry a variable, and how they were found.
        """
        columns = zip(self.first, self.first_error, self.total, self.total_error, strict=True)
        names = ("first", "first_error", "total", "total_error")
        rows = [dict(zip(names, map(float, row), strict=True)) for row in columns]
        return {
            "of": self.what, "level": LEVEL, "indices": dict(zip(self.keys, rows, strict=True)),
            "mean": self.mean, "variance": self.variance, "blocks": self.blocks,
            "dropped_blocks": self.dropped, "failures": dict(self.failures),
            "evaluations": self.evaluations, "remarks": list(self.remarks), "seed": self.seed,
        }  # fmt: skip


def sensitivity(
    problem: Problem,
    *,
    blocks: int = BLOCKS,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Indices:
    """Find the shares of the variance of the first objective of a problem.

    Parameters
    ----------
    problem : Problem
        Its variables are sampled; its constraints mean nothing here.
    blocks : int
        Saltelli blocks, a power of two.
    seed : int
        Seed of the samples and of the intervals.
    progress : callable, optional
        Called with the number of simulations done since the last call.

    Returns
    -------
    Indices
        The shares.

    Raises
    ------
    InputError
        Where `blocks` is no power of two, fewer than half of them are left, or nothing varies.
    MissingExtra
        Where SALib is not installed.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.objectives import Utilisation
    >>> from filmcell.design.variables import Logarithmic, vary
    >>> from filmcell.protocol.amounts import AmperesPerArea
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> D = vary(cell, "cathode.diffusivity", "1e-15 m2/s", "1e-14 m2/s", Logarithmic)
    >>> sigma = vary(cell, "electrolyte.conductivity", "1e-6 S/cm", "3e-6 S/cm")
    >>> wanted = (Utilisation(AmperesPerArea(0.7)),)
    >>> sensitivity(Problem(cell, (D, sigma), wanted), blocks=32).strongest
    'cathode.diffusivity'
    """
    wanted = problem.objectives[0]
    failures: dict[str, int] = {}

    def model(shares: Array) -> Array:
        judged = problem.evaluate(shares, progress)
        failures.update(judged.failures)
        return judged.values[:, 0]

    return _indices(model, problem.variables, str(wanted), blocks, seed, failures)


def sensitivity_of(
    model: Model,
    variables: Sequence[Variable],
    *,
    what: str = "answer",
    blocks: int = BLOCKS,
    seed: int = 1,
) -> Indices:
    """Find the shares of the variance of any function of the variables.

    Parameters
    ----------
    model : callable
        Takes samples of the numbers, shape (n, k), gives answers, shape (n,); nan for a failure.
    variables : sequence of Variable
        What varies.
    what : str
        Name of the answer.
    blocks : int
        Saltelli blocks, a power of two.
    seed : int
        Seed of the samples and of the intervals.

    Returns
    -------
    Indices
        The shares.

    Raises
    ------
    InputError
        Where `blocks` is no power of two, fewer than half of them are left, or nothing varies.
    MissingExtra
        Where SALib is not installed.

    References
    ----------
    Saltelli et al., Comput. Phys. Commun. 181, 259 (2010).

    Examples
    --------
    >>> from filmcell.design.variables import Linear
    >>> both = [Variable(name, Linear(0.0, 1.0)) for name in ("a", "b")]
    >>> sensitivity_of(lambda x: 3.0 * x[:, 0] + x[:, 1], both, blocks=1024).first.round(2)
    array([0.9, 0.1])
    """

    def of_shares(shares: Array) -> Array:
        columns = [v.spread.at(shares[:, j]) for j, v in enumerate(variables)]
        return np.asarray(model(np.stack(columns, axis=1)), dtype=float)

    return _indices(of_shares, variables, what, blocks, seed, {})


def _indices(
    model: Model, variables: Sequence[Variable], what: str, blocks: int, seed: int,
    failures: Mapping[str, int],
) -> Indices:  # fmt: skip
    """Sample, ask the model, drop blocks with a failure, and analyse the rest."""
    if blocks < 8 or blocks & (blocks - 1):
        raise InputError(f"blocks: {blocks} is not allowed, expected a power of two from 8")
    sample, analyse = _salib()
    keys = tuple(v.key for v in variables)
    shape = {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}
    # a Sobol point at 0 is a quantile that a spread without ends does not have
    shares = np.clip(sample(shape, blocks, calc_second_order=False, seed=seed), 1e-9, 1 - 1e-9)
    answers = model(shares).reshape(blocks, len(keys) + 2)
    whole = np.isfinite(answers).all(axis=1)
    left = answers[whole].ravel()
    if whole.sum() < blocks / 2:
        why = f"; the first: {next(iter(failures))}" if failures else ""
        raise InputError(
            f"{blocks - whole.sum()} of {blocks} blocks hold a design that failed, expected at "
            f"least half without{why}"
        )
    if np.ptp(left) <= 1e-12 * np.abs(left).max():
        raise InputError(f"{what} does not vary over these ranges, expected one that does")
    found = analyse(shape, left, calc_second_order=False, conf_level=LEVEL, seed=seed)
    S1, ST, first, total = (np.asarray(found[k]) for k in ("S1", "ST", "S1_conf", "ST_conf"))
    return Indices(
        keys, S1, ST, first, total, what, float(left.mean()), float(left.var()),
        int(whole.sum()), int(blocks - whole.sum()), failures, answers.size, seed,
    )  # fmt: skip


def _salib() -> tuple[Any, Any]:
    """Load the sampler and the analysis of SALib, or say what is missing."""
    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as sampling
    except ImportError:
        raise MissingExtra("a sensitivity analysis needs filmcell[sensitivity]") from None
    return sampling.sample, analysis.analyze
