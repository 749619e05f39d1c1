"""A series of spectra over temperature fitted at once: parameters that are shared or activated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import REFERENCE_TEMPERATURE, R
from filmcell.errors import InputError
from filmcell.impedance.arrhenius import LEVEL, Activation, LnSigma, LnSigmaT, Relation
from filmcell.impedance.composition import Circuit, check_names
from filmcell.impedance.fitting import Fit, fit, minimise, spread
from filmcell.impedance.problem import Problem, problem
from filmcell.impedance.spectrum import Spectrum
from filmcell.impedance.weights import Modulus, Weights

_EVALUATIONS = 300
_STEEP = 60.0  # largest activation energy over R T_ref that is looked for: 1.5 eV


@dataclass(frozen=True)
class Shared:
    """A parameter that is the same at all temperatures."""


Law = Shared | Relation
"""What a parameter does over temperature: `Shared()`, `LnSigma()` or `LnSigmaT()`."""


@dataclass(frozen=True, eq=False)
class _Series:
    """All spectra as one problem: the points are linear in the variables, u = offset + matrix v."""

    tasks: tuple[Problem, ...]
    offset: Array
    matrix: Array
    bounds: tuple[Array, Array]

    @cached_property
    def ends(self) -> Array:
        """Where the point of each spectrum begins and ends in all of them."""
        return np.cumsum([0, *(task.free.size for task in self.tasks)])

    def points(self, v: Array) -> list[Array]:
        """Point of each spectrum."""
        u = self.offset + self.matrix @ v
        return [u[a:b] for a, b in zip(self.ends[:-1], self.ends[1:], strict=True)]

    def residuals(self, v: Array) -> Array:
        """Weighted misfit of all spectra."""
        pairs = zip(self.tasks, self.points(v), strict=True)
        return np.concatenate([task.residuals(u) for task, u in pairs])

    def jacobian(self, v: Array) -> Array:
        """Derivatives of the misfit of all spectra."""
        parts = [
            task.jacobian(u) @ self.matrix[a:b]
            for task, u, a, b in zip(
                self.tasks, self.points(v), self.ends[:-1], self.ends[1:], strict=True
            )
        ]
        return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class SeriesFit:
    """A circuit fitted to several spectra at once.

    Parameters
    ----------
    fits : tuple of Fit
        The fit of each spectrum; errors are those of the whole series.
    activations : mapping of str to Activation
        Activation energy of each parameter that follows a law. Its reference is one over the
        parameter, for capacitances the parameter itself.
    cost : float
        Sum of the squared weighted residuals of all spectra [-].
    free : int
        Number of variables of the series.
    """

    fits: tuple[Fit, ...]
    activations: Mapping[str, Activation]
    cost: float
    free: int

    @property
    def rms(self) -> float:
        """Root mean square of the modulus of the relative residuals of all spectra [-]."""
        return float(
            np.sqrt(np.mean(np.concatenate([np.abs(f.residuals) ** 2 for f in self.fits])))
        )

    @property
    def aicc(self) -> float:
        """Akaike's criterion, corrected for few points, of the whole series."""
        n, k = sum(2 * len(f.spectrum) for f in self.fits), self.free + 1
        if n - k - 1 <= 0:
            return float("inf")
        return float(n * np.log(max(self.cost / n, 1e-20)) + 2 * k + 2 * k * (k + 1) / (n - k - 1))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to doubt in each spectrum, in sentences."""
        return tuple(
            f"{found.spectrum.temperature:g} K: {sentence}"
            for found in self.fits for sentence in found.warnings
        )  # fmt: skip

    def table(self, name: str) -> tuple[Array, Array, Array]:
        """One parameter over temperature.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        temperature, value, error : ndarray
            Temperatures [K], values and standard errors, shape (m,) each.

        Raises
        ------
        InputError
            Where there is no such parameter.
        """
        check_names(self.fits[0].circuit, {name: None}, "table")
        rows = [(f.spectrum.temperature, f.values[name], f.errors[name]) for f in self.fits]
        T, value, error = np.array(rows, dtype=np.float64).T
        return T, value, error

    def __str__(self) -> str:
        """Give the energies and the table of parameters."""
        names = self.fits[0].circuit.names
        head = f"{self.fits[0].circuit}: {len(self.fits)} spectra, rms {100 * self.rms:.3g} %, " \
               f"{self.free} variables"  # fmt: skip
        energies = [f"{name}: {found}" for name, found in self.activations.items()]
        rows = [
            f"{f.spectrum.temperature:8.2f} " + " ".join(f"{f.values[n]:11.4g}" for n in names)
            for f in self.fits
        ]
        columns = "     T/K " + " ".join(f"{n:>11}" for n in names)
        return "\n".join([head, *energies, columns, *rows])


def fit_series(
    spectra: Sequence[Spectrum],
    circuit: Circuit,
    shared: Mapping[str, Law] | None = None,
    *,
    weights: Weights | None = None,
    fixed: Mapping[str, float] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    T_ref: float = REFERENCE_TEMPERATURE,
    level: float = LEVEL,
) -> SeriesFit:
    """Fit a circuit to spectra at several temperatures at once.

    Resistances and time constants fall with the temperature where their energy is positive,
    capacitances rise. It begins from fits of each spectrum by itself.

    Parameters
    ----------
    spectra : sequence of Spectrum
        The spectra, each with its temperature.
    circuit : Circuit
        The circuit.
    shared : mapping of str to Shared, LnSigma or LnSigmaT, optional
        Parameters, by name, that are the same at all temperatures or follow a law; all others are
        free at each temperature.
    weights : Weights, optional
        How much each point counts; by default one over its modulus.
    fixed : mapping of str to float, optional
        Parameters that are known, by name.
    bounds : mapping of str to (float, float), optional
        Closer bounds of parameters, by name; a parameter that follows a law may leave them.
    T_ref : float
        Temperature of reference [K].
    level : float
        Level of the confidence intervals [-].

    Returns
    -------
    SeriesFit
        The fit of each spectrum and the activation energies.

    Raises
    ------
    InputError
        Where a spectrum has no temperature, all have the same one, a name is unknown, or an
        exponent is to follow a law.

    Examples
    --------
    >>> from filmcell.impedance.circuits import circuit_from_text
    >>> circuit = circuit_from_text("p(R1,C1)")
    >>> f = np.logspace(6, 0, 30)
    >>> spectra = [
    ...     Spectrum(f, circuit.impedance(2 * np.pi * f, [1e5 * T / 300 * np.exp(x), 1e-9]),
    ...              temperature=T)
    ...     for T, x in [(300.0, 0.0), (320.0, -1.2), (340.0, -2.259)]
    ... ]
    >>> found = fit_series(spectra, circuit, {"R1": LnSigmaT(), "C1": Shared()})
    >>> round(found.activations["R1"].electronvolts, 3)
    0.496
    """
    circuit, shared = circuit.numbered, dict(shared or {})
    T = _temperatures(spectra)
    _check_laws(circuit, shared, fixed or {})
    alone = [fit(s, circuit, weights=weights, fixed=fixed, bounds=bounds) for s in spectra]
    tasks = tuple(
        problem(s, circuit, weights or Modulus(), fixed or {}, bounds or {}) for s in spectra
    )
    series = _assembled(tasks, circuit, shared, T, T_ref)
    ways = [_before(series, [f.x for f in begin]) for begin in (alone, _handed_on(alone, T, tasks))]
    v = min((minimise(series, v, _EVALUATIONS) for v in ways), key=lambda pair: pair[0])[1]
    return _result(series, v, circuit, shared, T_ref, level)


def _temperatures(spectra: Sequence[Spectrum]) -> Array:
    """Temperatures of the spectra; refused where one is missing or all are the same."""
    for k, spectrum in enumerate(spectra):
        if spectrum.temperature is None:
            raise InputError(f"{spectrum.name or f'spectrum {k + 1}'}: no temperature was given, "
                             "expected one for each spectrum of a series")  # fmt: skip
    T = np.array([s.temperature for s in spectra], dtype=np.float64)
    if T.size < 2 or np.ptp(T) == 0.0:
        raise InputError(f"{T.size} spectra at one temperature, expected two temperatures at least")
    return T


def _check_laws(circuit: Circuit, shared: Mapping[str, Law], fixed: Mapping[str, float]) -> None:
    """Refuse laws of parameters that have none."""
    check_names(circuit, shared, "law")
    for p in circuit.parameters:
        if p.name in shared and p.name in fixed:
            raise InputError(f"{p.name} is fixed and has a law, expected one of both")
        if isinstance(shared.get(p.name), LnSigma | LnSigmaT) and not p.logarithmic:
            raise InputError(f"{p.name} is an exponent and cannot follow a law, expected Shared()")


def _assembled(
    tasks: tuple[Problem, ...], circuit: Circuit, shared: Mapping[str, Law], T: Array, T_ref: float
) -> _Series:
    """Say how the points of the spectra follow from the variables of the series."""
    m, free = len(tasks), tasks[0].free
    width = free.size
    offset, columns = np.zeros(m * width), []
    low, high = [], []
    for j, k in enumerate(free):
        p, rows = circuit.parameters[k], np.arange(m) * width + j
        law = shared.get(p.name)
        lows, highs = (np.array([task.bounds[end][j] for task in tasks]) for end in (0, 1))
        if law is None:
            blocks, ends = np.eye(m), (lows, highs)
        elif isinstance(law, Shared):
            blocks, ends = np.ones((m, 1)), (lows.max(keepdims=True), highs.min(keepdims=True))
        else:
            sign = -1.0 if p.power < 0 else 1.0
            offset[rows] = sign * law.offset(T, T_ref)
            blocks = np.stack([np.ones(m), sign * (T_ref / T - 1.0)], axis=1)
            ends = (np.array([-np.inf, -_STEEP]), np.array([np.inf, _STEEP]))
        for block in blocks.T:
            column = np.zeros(m * width)
            column[rows] = block
            columns.append(column)
        low.append(ends[0])
        high.append(ends[1])
    matrix = np.stack(columns, axis=1)
    return _Series(tasks, offset, matrix, (np.concatenate(low), np.concatenate(high)))


def _before(series: _Series, values: Sequence[Array]) -> Array:
    """Find the variables that come nearest to fits of each spectrum by itself."""
    u = np.concatenate([task.inside(x) for task, x in zip(series.tasks, values, strict=True)])
    v = np.linalg.lstsq(series.matrix, u - series.offset, rcond=None)[0]
    low, high = series.bounds
    room = 1e-6 * np.minimum(high - low, 1.0)
    return np.clip(v, low + room, high - room)


def _handed_on(alone: list[Fit], T: Array, tasks: tuple[Problem, ...]) -> list[Fit]:
    """Fit each spectrum again from its neighbour, beginning at the one that is determined best."""
    order = np.argsort(T)
    certain = [np.nansum(np.diag(f.covariance)) + 100.0 * len(f.bounded) for f in alone]
    begin = int(np.flatnonzero(order == np.argmin(certain))[0])
    again = dict(enumerate(alone))
    for path in (order[begin:], order[begin::-1]):
        for here, there in pairwise(path):
            task = tasks[there]
            _, u = minimise(task, task.inside(again[here].x), _EVALUATIONS)
            again[there] = replace(alone[there], x=task.values(u))
    return [again[k] for k in range(len(alone))]


def _result(
    series: _Series, v: Array, circuit: Circuit, shared: Mapping[str, Law], T_ref: float,
    level: float,
) -> SeriesFit:  # fmt: skip
    """Put errors to the variables and hand them on to the spectra."""
    residuals = series.residuals(v)
    cost = float(np.sum(residuals**2))
    low, high = series.bounds
    moving = (v - low > 1e-4) & (high - v > 1e-4)
    degrees = max(residuals.size - v.size, 1)
    covariance = np.full((v.size, v.size), np.nan)
    covariance[np.ix_(moving, moving)] = spread(series.jacobian(v)[:, moving]) * cost / degrees
    fits = tuple(_fits(series, v, covariance, degrees, level))
    energies = dict(_energies(circuit, series, shared, v, covariance, T_ref, level))
    return SeriesFit(fits, energies, cost, int(v.size))


def _fits(
    series: _Series, v: Array, covariance: Array, degrees: int, level: float
) -> Iterator[Fit]:
    """The fit of each spectrum, with the errors of the series."""
    names = series.tasks[0].circuit.names
    known = np.where(np.isfinite(covariance), covariance, 0.0)
    for task, u, a, b in zip(
        series.tasks, series.points(v), series.ends[:-1], series.ends[1:], strict=True
    ):
        M = series.matrix[a:b]
        own = np.full((len(names), len(names)), np.nan)
        own[np.ix_(task.free, task.free)] = M @ known @ M.T
        lost = np.flatnonzero(np.abs(M) @ ~np.isfinite(np.diag(covariance)) > 0.0)
        own[task.free[lost]] = own[:, task.free[lost]] = np.nan
        cost = float(np.sum(task.residuals(u) ** 2))
        free = tuple(names[i] for i in task.free)
        yield Fit(task.spectrum, task.circuit, task.values(u), own, cost, free,
                  tuple(names[i] for i in task.free[lost]), 1, 1, level)  # fmt: skip


def _energies(
    circuit: Circuit, series: _Series, shared: Mapping[str, Law], v: Array, covariance: Array,
    T_ref: float, level: float,
) -> Iterator[tuple[str, Activation]]:  # fmt: skip
    """Activation energies of the parameters that follow a law."""
    from scipy.special import stdtrit

    m, at = len(series.tasks), 0
    degrees = max(series.residuals(v).size - v.size, 1)
    for k in series.tasks[0].free:
        p = circuit.parameters[k]
        law = shared.get(p.name)
        if law is not None and not isinstance(law, Shared):
            sign = -1.0 if p.power < 0 else 1.0
            scale = R * T_ref
            energy = float(v[at + 1]) * scale
            error = float(np.sqrt(covariance[at + 1, at + 1])) * scale
            reach = float(stdtrit(degrees, 0.5 + 0.5 * level)) * error
            yield p.name, Activation(law, energy, error, (energy - reach, energy + reach),
                                     float(np.exp(-sign * v[at])), T_ref, float("nan"),
                                     level)  # fmt: skip
        at += m if law is None else 1 if isinstance(law, Shared) else 2
