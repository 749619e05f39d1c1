"""Where a fit begins: from the spectrum itself, never from a guess by hand.

Each member of the series, such as p(R1,CPE1), has a shape and an amplitude. Shapes are spread over
the measured frequencies; for a choice of one shape each, the amplitudes that fit best are a linear
problem with a non-negative answer. Thousands of choices are tried at once, and the best that
differ are where the fit begins: a distribution of relaxation times with only as many arcs as the
circuit has.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import EPSILON_0
from filmcell.impedance.arcs import bulk_first
from filmcell.impedance.composition import Circuit, Parallel
from filmcell.impedance.elements import C, L, R, W
from filmcell.impedance.spectrum import Spectrum

SHAPES = 160
"""Shapes of each member that are looked at."""

CHOICES = 4000
"""Choices of one shape each that are tried."""

STARTS = 24
"""Starts that are handed on at most."""

BEYOND = 10.0
"""How far outside the measured frequencies a time constant may begin [-]."""

_SWEEPS = 30
_LEAST = 1e-3  # amplitude that stands for zero, over the largest: a logarithm has no zero
_APART = 0.5  # natural logarithm of the ratio of time constants from which two starts differ
_EPS_R = 20.0  # typical of solid electrolytes; one digit is enough to begin


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Values of a member of the series in many shapes, at amplitude one.

    `values` has shape (m, k), `tau` (m,), the responses (m, n) relative to the measured modulus,
    each scaled to the same size, and `size` (m,) what they were scaled by.
    """

    circuit: Circuit
    values: Array
    tau: Array
    response: Any
    size: Array

    def at(self, shape: int, amplitude: float) -> Array:
        """Values of its parameters, with one of the shapes and an amplitude."""
        powers = [p.power for p in self.circuit.parameters]
        return self.values[shape] * (amplitude / self.size[shape]) ** np.array(powers)


def starts(spectrum: Spectrum, circuit: Circuit, most: int | None = None) -> list[Array]:
    """Values from which a fit of a circuit to a spectrum can begin, the most promising first.

    Parameters
    ----------
    spectrum : Spectrum
        The spectrum. Where its geometry is known, one start more puts the fastest arc at the
        capacitance of a bulk of that size.
    circuit : Circuit
        The circuit.
    most : int, optional
        How many to hand on; by default the more parameters, the more. Where the geometry is known
        it is one more.

    Returns
    -------
    list of ndarray
        Values of all parameters in the order of the circuit, shape (k,) each.

    Examples
    --------
    >>> from filmcell.impedance.circuits import circuit_from_text
    >>> circuit = circuit_from_text("R0-p(R1,C1)")
    >>> f = np.logspace(5, 0, 40)
    >>> Z = circuit.impedance(2 * np.pi * f, [10.0, 100.0, 1e-5])
    >>> first = starts(Spectrum(f, Z), circuit)[0]
    >>> np.round(first[:2], -1).tolist()
    [10.0, 100.0]
    """
    members = [_spread_out(part, spectrum) for part in circuit.numbered.members]
    chosen = _in_order(members, _choices([len(m.tau) for m in members]))
    found = _best(spectrum, members, chosen, most or min(STARTS, 4 + 2 * len(circuit.names)))
    if spectrum.geometry is not None:
        size = spectrum.geometry
        bulk = bulk_first(circuit, found[0], _EPS_R * EPSILON_0 / size.cell_constant)
        found += [] if bulk is None else [bulk]
    return found


def _elsewhere(spectrum: Spectrum, circuit: Circuit, x: Array, most: int) -> list[Array]:
    """Values near a fit, with one member of the series moved to where it would do more good."""
    parts = circuit.numbered.members
    ends = np.cumsum([0, *(part.size for part in parts)])
    fitted = [x[a:b] for a, b in pairwise(ends)]
    free = [_spread_out(part, spectrum) for part in parts]
    members = [
        _shapes(m.circuit, np.vstack([m.values, own]), np.append(m.tau, 0.0), spectrum)
        for m, own in zip(free, fitted, strict=True)
    ]
    rows = []
    for k, m in enumerate(members):
        chosen = np.tile([len(other.tau) - 1 for other in members], (len(m.tau) - 1, 1))
        chosen[:, k] = np.arange(len(m.tau) - 1)
        rows.append(chosen)
    return _best(spectrum, members, np.concatenate(rows), most)


def grown(
    spectrum: Spectrum, circuit: Circuit, smaller: Circuit, x: Array, most: int = 4
) -> list[Array]:
    """Values from a fit of a circuit with fewer members, with the others where they do most good.

    Parameters
    ----------
    spectrum : Spectrum
        The spectrum.
    circuit : Circuit
        The circuit to begin with.
    smaller : Circuit
        A circuit whose members are all in it, by their shape.
    x : ndarray
        Values of the parameters of the smaller one at the end of a fit, shape (k,).
    most : int
        How many to hand on.

    Returns
    -------
    list of ndarray
        Values from which to begin, the most promising first; none where it is no such circuit.
    """
    ends = np.cumsum([0, *(part.size for part in smaller.numbered.members)])
    known = [(part.shape, x[a:b]) for part, a, b in
             zip(smaller.numbered.members, ends[:-1], ends[1:], strict=True)]  # fmt: skip
    values = []
    for part in circuit.numbered.members:
        here = next((k for k, (shape, _) in enumerate(known) if shape == part.shape), None)
        if here is None:
            m = _spread_out(part, spectrum)
            values.append(m.at(len(m.tau) // 2, _LEAST))
        else:
            values.append(known.pop(here)[1])
    return [] if known else _elsewhere(spectrum, circuit, np.concatenate(values), most)


def _spread(count: int, dimensions: int) -> Array:
    """Points that fill a unit cube evenly, shape (count, dimensions): an additive recurrence."""
    root = 1.5
    for _ in range(40):  # the real root of x^(d+1) = x + 1
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1.0)
    return np.mod(0.5 + np.arange(count)[:, None] * steps, 1.0)


def _spread_out(circuit: Circuit, spectrum: Spectrum) -> _Shapes:
    """Spread shapes of a member over the measured frequencies, by rising time constant."""
    leaves = circuit.elements
    n = len(leaves)
    count = SHAPES * max(1, n - 1)
    if isinstance(circuit, R | C | L | W):
        count = 1  # no shape, only an amplitude
    points = _spread(count, 3 * n)
    points = points[np.argsort(points[:, 0])]
    points[:, 0] = (np.arange(count) + 0.5) / count
    low, high = 1.0 / (BEYOND * spectrum.omega[0]), BEYOND / spectrum.omega[-1]
    tau = low * (high / low) ** points[:, :n]
    ratio = 100.0 ** (points[:, n : 2 * n] - 0.5)
    exponent = 0.55 + 0.45 * points[:, 2 * n :]
    # what stands first in the branches of an arc shares its time constant and its modulus
    together = _together(circuit)
    tau[:, together] = tau[:, :1]
    ratio[:, together] = 1.0
    seeds = [
        seed
        for k, leaf in enumerate(leaves)
        for seed in leaf.seed(ratio[:, k], tau[:, k], exponent[:, k])
    ]
    return _shapes(circuit, np.stack(seeds, axis=1), tau[:, 0], spectrum)


def _together(circuit: Circuit) -> list[int]:
    """Places of the leaves that stand first in the branches of a parallel connection."""
    if not isinstance(circuit, Parallel):
        return [0]
    counts = [len(part.elements) for part in circuit.parts]
    return [sum(counts[:k]) for k in range(len(counts))]


def _shapes(circuit: Circuit, values: Array, tau: Array, spectrum: Spectrum) -> _Shapes:
    """Responses of a member in many shapes, relative to the measured modulus."""
    Z = circuit.respond(spectrum.omega, list(values.T[:, :, None])) + np.zeros(len(spectrum))
    response = Z / _modulus(spectrum)
    size = np.sqrt(np.mean(np.abs(response) ** 2, axis=1))
    return _Shapes(circuit, values, tau, response / size[:, None], size)


def _modulus(spectrum: Spectrum) -> Array:
    """Measured modulus, nowhere zero."""
    modulus = np.abs(spectrum.impedance)
    return np.maximum(modulus, 1e-12 * modulus.max())


def _choices(counts: list[int]) -> Any:
    """Choices of one shape each, all of them where there are few, shape (c, members)."""
    total = int(np.prod(counts, dtype=float))
    if total <= CHOICES:
        return np.stack(np.unravel_index(np.arange(total), counts), axis=1)
    return (_spread(CHOICES, len(counts)) * counts).astype(np.int64)


def _in_order(members: list[_Shapes], chosen: Any) -> Any:
    """Sort the shapes of members that can stand for each other: they rise in time constant."""
    chosen = chosen.copy()
    for shape in {m.circuit.shape for m in members}:
        alike = [k for k, m in enumerate(members) if m.circuit.shape == shape]
        chosen[:, alike] = np.sort(chosen[:, alike], axis=1)
    return chosen


def _best(spectrum: Spectrum, members: list[_Shapes], chosen: Any, most: int) -> list[Array]:
    """Find the amplitudes of every choice; values of the best choices that differ."""
    columns = np.concatenate([m.response for m in members])
    target = spectrum.impedance / _modulus(spectrum)
    gram = np.real(columns @ columns.conj().T)
    onto = np.real(columns @ target.conj())
    places = chosen + np.cumsum([0, *(len(m.tau) for m in members)])[:-1]
    G, b = gram[places[:, :, None], places[:, None, :]], onto[places]
    x = _nonnegative(G, b)
    cost = np.einsum("ci,cij,cj->c", x, G, x) - 2.0 * np.einsum("ci,ci->c", x, b)
    top = x.max(axis=1, keepdims=True)
    x = np.maximum(x, _LEAST * np.where(top > 0.0, top, 1.0))
    return [
        np.concatenate([m.at(k, a) for m, k, a in zip(members, chosen[i], x[i], strict=True)])
        for i in _distinct(members, chosen, cost, most)
    ]


def _nonnegative(G: Array, b: Array) -> Array:
    """Least squares with answers not below zero, many small ones at once: coordinate descent."""
    x = np.zeros_like(b)
    for _ in range(_SWEEPS):
        for k in range(b.shape[1]):
            slope = b[:, k] - np.einsum("cj,cj->c", G[:, k], x)
            x[:, k] = np.maximum(x[:, k] + slope / G[:, k, k], 0.0)
    return x


def _distinct(members: list[_Shapes], chosen: Any, cost: Array, most: int) -> list[int]:
    """Choose the best that differ in a time constant; one that is fitted has none."""
    taus = [np.maximum(m.tau[chosen[:, k]], 1e-300) for k, m in enumerate(members)]
    log_tau = np.log(np.stack(taus, axis=1))
    kept: list[int] = []
    for i in np.argsort(cost, kind="stable")[:400]:
        if all(np.abs(log_tau[i] - log_tau[j]).max() > _APART for j in kept):
            kept.append(int(i))
        if len(kept) == most:
            break
    return kept
