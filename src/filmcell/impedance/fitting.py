"""Fits of a circuit to a spectrum: weighted complex least squares from many starts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.arcs import Arc, arcs, places
from filmcell.impedance.composition import Circuit, Values
from filmcell.impedance.problem import Problem, problem
from filmcell.impedance.spectrum import Spectrum
from filmcell.impedance.starts import starts
from filmcell.impedance.weights import Modulus, Weights

LEVEL = 0.95
"""Level of confidence intervals [-]."""

MISFIT = 0.015
"""Relative residual above which a circuit does not describe a spectrum, the line of the
Kramers-Kronig test [-]."""

CORRELATED = 0.95
"""Correlation from which two parameters are named [-]."""

UNKNOWN = 1.0
"""Relative standard error from which a parameter counts as not determined [-]."""

_SHORT, _LONG = 30, 100  # evaluations of all starts, and of the best
_LOOSE, _TIGHT = 1e-7, 1e-10  # relative change of cost and of parameters at which they end
_BEST = 6  # starts that go to the end
_WIDEST = 300.0  # logarithm of the widest interval that is told: it means not determined
_SAME = 1e-4  # relative difference of cost of two starts that found one minimum
_EXACT = 1e-10  # root mean square residual that counts as none: data without noise


@dataclass(frozen=True, eq=False)
class Fit:
    """A circuit fitted to a spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuit : Circuit
        The circuit, numbered.
    x : ndarray
        Values of its parameters in order, shape (k,).
    covariance : ndarray
        Covariance of the parameters, of the logarithm of those that are sizes; nan where a
        parameter is fixed or at its bound, shape (k, k).
    cost : float
        Sum of the squared weighted residuals [-].
    free : tuple of str
        Names of the parameters that were free.
    bounded : tuple of str
        Names of those that ended at a bound.
    agreed : int
        How many starts found this minimum.
    tried : int
        How many were tried.
    level : float
        Level of the confidence intervals [-].
    """

    spectrum: Spectrum
    circuit: Circuit
    x: Array
    covariance: Array
    cost: float
    free: tuple[str, ...]
    bounded: tuple[str, ...]
    agreed: int
    tried: int
    level: float = LEVEL

    @property
    def values(self) -> dict[str, float]:
        """Value of each parameter, by name."""
        return dict(zip(self.circuit.names, self.x.tolist(), strict=True))

    @property
    def errors(self) -> dict[str, float]:
        """Standard error of each parameter; nan where it was fixed or ended at a bound."""
        sizes = [v if p.logarithmic else 1.0
                 for p, v in zip(self.circuit.parameters, self.x, strict=True)]  # fmt: skip
        found = np.sqrt(np.diag(self.covariance)) * sizes
        return dict(zip(self.circuit.names, found.tolist(), strict=True))

    @property
    def degrees(self) -> int:
        """Degrees of freedom: twice the points, less the free parameters."""
        return 2 * len(self.spectrum) - len(self.free)

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """Confidence interval of each parameter, by Student's t; of sizes in the logarithm."""
        from scipy.special import stdtrit

        reach = stdtrit(self.degrees, 0.5 + 0.5 * self.level) * np.sqrt(np.diag(self.covariance))
        found = {}
        for p, value, d in zip(self.circuit.parameters, self.x, reach, strict=True):
            if p.logarithmic:
                factor = np.exp(min(d, _WIDEST)) if np.isfinite(d) else d
                found[p.name] = (float(value / factor), float(value * factor))
            else:
                found[p.name] = (float(max(value - d, p.low)), float(min(value + d, p.high)))
        return found

    @property
    def correlation(self) -> Array:
        """Correlations of the parameters, of the logarithm of sizes, shape (k, k)."""
        size = np.sqrt(np.diag(self.covariance))
        size = np.where(size > 0.0, size, np.nan)  # a fit without any misfit has no errors
        return self.covariance / np.outer(size, size)

    @property
    def impedance(self) -> Any:
        """Impedance of the fit at the measured frequencies, shape (n,) [ohm]."""
        return self.circuit.respond(self.spectrum.omega, self.x)

    @property
    def residuals(self) -> Any:
        """Measured less fitted, over the measured modulus, complex, shape (n,) [-]."""
        Z = self.spectrum.impedance
        return (Z - self.impedance) / np.abs(Z)

    @property
    def rms(self) -> float:
        """Root mean square of the modulus of the relative residuals [-]."""
        return float(np.sqrt(np.mean(np.abs(self.residuals) ** 2)))

    @property
    def aicc(self) -> float:
        """Akaike's criterion, corrected for few points; the lower of two fits is the better one."""
        n, k = 2 * len(self.spectrum), len(self.free) + 1
        if n - k - 1 <= 0:
            return float("inf")
        variance = max(self.cost / n, _EXACT**2)
        return float(n * np.log(variance) + 2 * k + 2 * k * (k + 1) / (n - k - 1))

    @property
    def determined(self) -> bool:
        """Whether no parameter ended at a bound and none has an error larger than itself."""
        return not self.doubtful

    @property
    def doubtful(self) -> tuple[str, ...]:
        """Names of the parameters that ended at a bound or have an error larger than themselves.

        An exponent that ended at 1 is that of a capacitor, and no reason to doubt it.
        """
        ideal = {p.name for p in self.circuit.parameters if not p.logarithmic and p.high == 1.0}
        stuck = (n for n in self.bounded if not (n in ideal and self.values[n] > 0.999))
        return (*stuck, *(name for name, _, _ in _undetermined(self)))

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """Its arcs by rising time constant, and what they are likely to be."""
        known = np.where(np.isfinite(self.covariance), self.covariance, 0.0)
        return arcs(self.circuit, self.x, self.spectrum.geometry, known)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to doubt, in sentences."""
        return tuple(_warnings(self))

    def predict(self, frequency: Values) -> Any:
        """Impedance at other frequencies.

        Parameters
        ----------
        frequency : array_like
            Frequencies, above 0, shape (m,) [Hz].

        Returns
        -------
        ndarray of complex
            Impedance, shape (m,) [ohm].
        """
        return self.circuit.respond(2.0 * np.pi * np.asarray(frequency, dtype=np.float64), self.x)

    def as_dict(self) -> dict[str, Any]:
        """Numbers and sentences for a file.

        Returns
        -------
        dict
            Plain Python, ready for JSON; what is not known is None.
        """
        errors, intervals = self.errors, self.intervals
        parameters = {
            p.name: {
                "value": self.values[p.name],
                "unit": p.unit,
                "error": _known(errors[p.name]),
                "interval": [_known(end) for end in intervals[p.name]],
            }
            for p in self.circuit.parameters
        }
        return {
            "circuit": str(self.circuit),
            "rms": self.rms,
            "aicc": _known(self.aicc),
            "parameters": parameters,
            "arcs": [arc.as_dict() for arc in self.arcs],
            "warnings": list(self.warnings),
        }

    def __str__(self) -> str:
        """Give a table of parameters, the arcs and the warnings."""
        head = f"{self.circuit}: rms {100 * self.rms:.3g} %, AICc {self.aicc:.1f}, " \
               f"{self.agreed} of {self.tried} starts agree"  # fmt: skip
        errors, intervals = self.errors, self.intervals
        rows = [
            f"{p.name:10} {self.values[p.name]:11.5g} +- {errors[p.name]:9.2g} {p.unit:10}"
            f" {intervals[p.name][0]:.4g} to {intervals[p.name][1]:.4g}"
            for p in self.circuit.parameters
        ]
        told = [f"{a.name}: {a.capacitance:.3g} F, {a.frequency:.3g} Hz, likely {a.meaning.value} "
                f"({a.reason})" for a in self.arcs]  # fmt: skip
        return "\n".join([head, *rows, *told, *(f"! {w}" for w in self.warnings)])


def _known(number: float) -> float | None:
    """A number, or None where it is not finite."""
    return float(number) if np.isfinite(number) else None


def fit(
    spectrum: Spectrum,
    circuit: Circuit,
    *,
    weights: Weights | None = None,
    fixed: Mapping[str, float] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    begin: Iterable[Values] = (),
    most_starts: int | None = None,
    level: float = LEVEL,
) -> Fit:
    """Fit a circuit to a spectrum.

    It begins from many starts that come from the spectrum itself. Sizes are fitted as logarithms,
    derivatives are exact, and members of the series that can stand for each other are sorted by
    time constant, the fastest first.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuit : Circuit
        The circuit.
    weights : Weights, optional
        How much each point counts; by default one over its modulus.
    fixed : mapping of str to float, optional
        Parameters that are known, by name.
    bounds : mapping of str to (float, float), optional
        Closer bounds of parameters, by name.
    begin : iterable of mapping of str to float
        Further starts to try, all parameters by name or in order.
    most_starts : int, optional
        How many starts to take from the spectrum; by default the more parameters, the more.
    level : float
        Level of the confidence intervals [-].

    Returns
    -------
    Fit
        Values, errors, intervals, correlations, residuals, arcs and warnings.

    Raises
    ------
    InputError
        Where a name is unknown, a value or bound is not allowed, or there are too few points.

    Examples
    --------
    >>> from filmcell.impedance.circuits import CPE, R, p
    >>> circuit = R() - p(R(), CPE())
    >>> f = np.logspace(6, 0, 40)
    >>> Z = circuit.impedance(2 * np.pi * f, [10.0, 100.0, 1e-6, 0.9])
    >>> found = fit(Spectrum(f, Z), circuit)
    >>> {name: round(value, 8) for name, value in found.values.items()}
    {'R0': 10.0, 'R1': 100.0, 'CPE1_Q': 1e-06, 'CPE1_n': 0.9}
    """
    if not 0.0 < level < 1.0:
        raise InputError(f"level: {level:g} is not allowed, expected one between 0 and 1")
    circuit = circuit.numbered
    task = problem(spectrum, circuit, weights or Modulus(), fixed or {}, bounds or {})
    further = [circuit.ordered(values) for values in begin]
    u, agreed, tried = _best(task, further + starts(spectrum, circuit, most_starts))
    u = task.point(_sorted(task, task.values(u)))
    return _result(task, u, agreed, tried, level)


def _best(task: Problem, begin: list[Array]) -> tuple[Array, int, int]:
    """Minimise from many starts; the best point, how many starts found it, and how many there were.

    All starts go some way, the best of them to the end.
    """
    short = sorted((minimise(task, task.inside(x), _SHORT, _LOOSE) for x in begin), key=_cost)
    long = [minimise(task, u, _LONG) for _, u in short[:_BEST]]
    found = sorted(long + short[_BEST:], key=_cost)
    exact = 2 * len(task.spectrum) * _EXACT**2
    least = max(found[0][0] * (1.0 + _SAME), exact)
    return found[0][1], sum(cost <= least for cost, _ in found), len(begin)


def _cost(pair: tuple[float, Array]) -> float:
    """Cost of a point."""
    return pair[0]


def minimise(
    task: Any, u: Array, evaluations: int, tolerance: float = _TIGHT
) -> tuple[float, Array]:
    """Find the minimum that a start leads to.

    Parameters
    ----------
    task : Problem
        Anything with residuals, a Jacobian and bounds.
    u : ndarray
        The start, shape (m,).
    evaluations : int
        How often the residuals may be computed.
    tolerance : float
        Relative change of cost and of parameters at which it ends [-].

    Returns
    -------
    cost : float
        Sum of the squared residuals.
    point : ndarray
        Where it is, shape (m,).
    """
    from scipy.optimize import least_squares

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = least_squares(
            task.residuals, u, task.jacobian, bounds=task.bounds, method="trf",
            ftol=tolerance, xtol=tolerance, gtol=tolerance, max_nfev=evaluations,
        )  # fmt: skip
    return 2.0 * float(found.cost), found.x


def _sorted(task: Problem, x: Array) -> Array:
    """Sort members that can stand for each other by time constant, where they are free to."""
    members = task.circuit.members
    ends = np.cumsum([0, *(m.size for m in members)])
    slots = [slice(a, b) for a, b in pairwise(ends)]
    x = x.copy()
    for shape in {m.shape for m in members}:
        alike = [k for k, m in enumerate(members) if m.shape == shape]
        free = all(np.array_equal(task.low[slots[k]], task.low[slots[alike[0]]]) and
                   np.array_equal(task.high[slots[k]], task.high[slots[alike[0]]])
                   for k in alike)  # fmt: skip
        known = places(members[alike[0]])
        if len(alike) < 2 or not free or not known:
            continue
        parts = [x[slots[k]].copy() for k in alike]
        parts.sort(
            key=lambda part: known[0].logarithms(part)[0] + np.log(part[known[0].resistance])
        )
        for k, part in zip(alike, parts, strict=True):
            x[slots[k]] = part
    return x


def _result(task: Problem, u: Array, agreed: int, tried: int, level: float) -> Fit:
    """Put errors to a minimum."""
    cost = float(np.sum(task.residuals(u) ** 2))
    names, k = task.circuit.names, len(task.circuit.names)
    stuck = task.stuck(u)
    moving = task.free[~stuck]
    covariance = np.full((k, k), np.nan)
    degrees = 2 * len(task.spectrum) - task.free.size
    covariance[np.ix_(moving, moving)] = spread(task.jacobian(u)[:, ~stuck]) * cost / degrees
    return Fit(
        task.spectrum, task.circuit, task.values(u), covariance, cost,
        tuple(names[i] for i in task.free), tuple(names[i] for i in task.free[stuck]),
        agreed, tried, level,
    )  # fmt: skip


def spread(jacobian: Array) -> Array:
    """Inverse of J^T J; very large where the residuals do not depend on a parameter.

    Parameters
    ----------
    jacobian : ndarray
        Derivatives of the residuals, shape (n, m).

    Returns
    -------
    ndarray
        Shape (m, m).
    """
    _, s, V = np.linalg.svd(jacobian, full_matrices=False)
    s = np.maximum(s, 1e-14 * s.max(initial=1e-300))
    return (V.T / s**2) @ V


def _warnings(found: Fit) -> Iterator[str]:
    """Sentences about what to doubt."""
    if found.rms > MISFIT:
        yield (f"the circuit does not describe the spectrum: {found.rms:.2%} rms is left, where "
               f"good spectra leave less than {MISFIT:.1%}")  # fmt: skip
    for name in found.bounded:
        yield f"{name} ended at its bound, {found.values[name]:.3g}"
    for name, relative, told in _undetermined(found):
        yield f"{name} is not determined: its standard error is {relative:.2g} times {told}"
    yield from _correlated(found)
    high, low = found.spectrum.frequency[0], found.spectrum.frequency[-1]
    for arc in found.arcs:
        if not low <= arc.frequency <= high:
            yield (f"{arc.name}: the top of its arc at {arc.frequency:.2g} Hz is outside the "
                   f"measured {low:.2g} to {high:.2g} Hz")  # fmt: skip
    if found.tried > 1 and found.agreed == 1:
        yield f"only one of {found.tried} starts found this minimum: there may be a better one"


def _undetermined(found: Fit) -> Iterator[tuple[str, float, str]]:
    """Parameters that the spectrum says nothing about: name, error, and relative to what."""
    errors = found.errors
    for p, value in zip(found.circuit.parameters, found.x, strict=True):
        relative = errors[p.name] / (value if p.logarithmic else p.high - p.low)
        if relative > UNKNOWN:
            yield p.name, relative, "itself" if p.logarithmic else "the range it may have"


def _correlated(found: Fit) -> Iterator[str]:
    """Name pairs of parameters that the spectrum cannot tell apart."""
    rho = found.correlation
    for a, b in combinations(range(rho.shape[0]), 2):
        if abs(rho[a, b]) > CORRELATED:
            one, other = found.circuit.names[a], found.circuit.names[b]
            same = one.rpartition("_")[0] == other.rpartition("_")[0] != ""
            why = ", as is usual inside one element" if same else ""
            yield f"{one} and {other} are correlated at {rho[a, b]:.3f}{why}"
