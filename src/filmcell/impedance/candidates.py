"""Which of several circuits a spectrum asks for: Akaike's criterion between fits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.circuit_text import circuit_from_text
from filmcell.impedance.composition import Circuit
from filmcell.impedance.elements import Wfl, Wfs
from filmcell.impedance.fitting import Fit, fit
from filmcell.impedance.spectrum import Spectrum
from filmcell.impedance.starts import grown
from filmcell.impedance.weights import Weights

MOST_ARCS = 5
"""Arcs that the search for a circuit goes up to."""

ACCURACY = 0.01
"""Relative residual that is as good as impedance is usually measured [-]: 1 %."""

SUPPORT = 10.0
"""Rise of Akaike's criterion from which a circuit has no support beside another [-].

Burnham & Anderson, Model Selection and Multimodel Inference, 2nd ed. (Springer, 2002), section 2.6.
"""

_TAILS = ("", "-CPE", "-Wfs", "-Wfl")
_LEADS = ("R-", "", "L-R-", "L-")
_FEW = 6  # starts from the spectrum where a circuit with one member more has been fitted
_GROWN = 8  # starts that come from smaller circuits, at least
_WORSE = 2.0  # residual over that of the best, up to which a determined fit is preferred


@dataclass(frozen=True)
class Comparison:
    """Fits of several circuits to one spectrum, the best first.

    Parameters
    ----------
    fits : tuple of Fit
        The fits by rising criterion.
    """

    fits: tuple[Fit, ...]

    @property
    def best(self) -> Fit:
        """The fit with the lowest criterion."""
        return self.fits[0]

    @property
    def chosen(self) -> Fit:
        """The fit to go on with.

        Of those of which the spectrum determines every parameter, and that have support beside the
        best of them, it is the one with the fewest parameters.
        """
        known = [found for found in self.fits if found.determined] or list(self.fits)
        supported = [found for found in known if found.aicc < known[0].aicc + SUPPORT]
        return min(supported, key=lambda found: (len(found.free), found.aicc))

    @property
    def weights(self) -> tuple[float, ...]:
        """Akaike weights: how likely each circuit is to be the best of these [-]."""
        gap = np.array([found.aicc - self.best.aicc for found in self.fits])
        likely = np.exp(-0.5 * gap)
        return tuple((likely / likely.sum()).tolist())

    def __str__(self) -> str:
        """Give a table of circuits."""
        rows = [
            f"{found.aicc - self.best.aicc:9.1f} {100 * found.rms:8.3f} % {len(found.free):3d} "
            f"{'' if found.determined else 'not '}determined  {found.circuit}"
            for found in self.fits
        ]
        return "\n".join(["above best   rms      parameters", *rows])


def compare(
    spectrum: Spectrum, circuits: Iterable[Circuit], *, weights: Weights | None = None
) -> Comparison:
    """Fit several circuits to a spectrum and order them by Akaike's criterion.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    circuits : iterable of Circuit
        The circuits, one at least; those with more parameters than the spectrum has numbers are
        left out.
    weights : Weights, optional
        How much each point counts; by default one over its modulus.

    Returns
    -------
    Comparison
        The fits, the best first.

    Raises
    ------
    InputError
        Where no circuit is left.

    Examples
    --------
    >>> f = np.logspace(5, 0, 40)
    >>> two = circuit_from_text("R0-p(R1,C1)-p(R2,C2)")
    >>> noise = 1.0 + 1e-3 * np.sin(np.arange(40.0) ** 2)
    >>> Z = noise * two.impedance(2 * np.pi * f, [10.0, 100.0, 1e-6, 50.0, 1e-4])
    >>> found = compare(Spectrum(f, Z), [circuit_from_text("R0-p(R1,C1)"), two])
    >>> print(found.best.circuit)
    R0-p(R1,C1)-p(R2,C2)
    """
    fits: list[Fit] = []
    for circuit in sorted(circuits, key=lambda c: len(c.names)):
        fits += _fitted(spectrum, circuit, fits, weights)
    if not fits:
        raise InputError(f"{spectrum.name or 'spectrum'}: no circuit to compare, expected one with "
                         f"fewer than {2 * len(spectrum) - 2} parameters")  # fmt: skip
    return Comparison(tuple(sorted(fits, key=lambda found: found.aicc)))


def _fitted(
    spectrum: Spectrum,
    circuit: Circuit,
    earlier: list[Fit],
    weights: Weights | None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
) -> list[Fit]:
    """Fit a circuit, also from the best fit of a smaller one; none if there are too few points."""
    if len(circuit.names) >= 2 * len(spectrum) - 2:
        return []
    begin: list[Array] = []
    for found in sorted(earlier, key=lambda f: f.cost):
        if len(begin) < _GROWN:
            begin += grown(spectrum, circuit, found.circuit, found.x)
    begin = [np.clip(x, *_allowed(circuit)) for x in begin]
    return [fit(spectrum, circuit, weights=weights, bounds=bounds, begin=begin)]


def _allowed(circuit: Circuit) -> tuple[Array, Array]:
    """Bounds of physics."""
    return tuple(np.array([[p.low, p.high] for p in circuit.parameters]).T)


def family(arcs: int = 2) -> tuple[Circuit, ...]:
    """Make the usual circuits with a number of arcs.

    Parameters
    ----------
    arcs : int
        Arcs p(R,CPE) in series.

    Returns
    -------
    tuple of Circuit
        With nothing, a constant-phase element, a finite-space or a finite-length Warburg element
        behind, and with and without a resistor and an inductor in front.

    Examples
    --------
    >>> [str(circuit) for circuit in family(1)][:3]
    ['R0-p(R1,CPE1)', 'R0-p(R1,CPE1)-CPE2', 'R0-p(R1,CPE1)-Wfs2']
    """
    return tuple(
        circuit for lead in _LEADS for tail in _TAILS for circuit in _built(lead, arcs, tail)
    )


def _built(lead: str, arcs: int, tail: str) -> Iterator[Circuit]:
    """Make one circuit; none where there is nothing to make it of."""
    text = lead + "-".join(["p(R,CPE)"] * arcs) + tail
    text = text.replace("--", "-").strip("-")
    if text:
        yield circuit_from_text(text)


def propose(
    spectrum: Spectrum,
    *,
    accuracy: float = ACCURACY,
    most_arcs: int = MOST_ARCS,
    weights: Weights | None = None,
) -> Comparison:
    """Look for the simplest circuit that describes a spectrum.

    Arcs are added behind a resistor, with each kind of tail; a resistor in front that the spectrum
    does not show is left out, an inductor that it shows is taken in, and diffusion is looked for in
    the lower half of the measured decades. The search ends where every
    parameter is determined and the residual is as small as the measurement is accurate, or where
    Akaike's criterion says that a further arc is not worth its parameters. That a circuit fits does
    not make it the physics.

    Parameters
    ----------
    spectrum : Spectrum
        What was measured.
    accuracy : float
        Relative residual that is good enough [-].
    most_arcs : int
        Arcs to go up to.
    weights : Weights, optional
        How much each point counts; by default one over its modulus.

    Returns
    -------
    Comparison
        All fits that were made, the best first; its `chosen` is what to go on with.

    Raises
    ------
    InputError
        Where the spectrum has too few points for any circuit.

    Examples
    --------
    >>> f = np.logspace(6, 0, 40)
    >>> noise = 1.0 + 1e-3 * np.sin(np.arange(40.0) ** 2)
    >>> true = circuit_from_text("R0-p(R1,CPE1)")
    >>> Z = noise * true.impedance(2 * np.pi * f, [10.0, 100.0, 1e-6, 0.8])
    >>> print(propose(Spectrum(f, Z)).chosen.circuit)
    R0-p(R1,CPE1)
    """
    fits: list[Fit] = []
    least = float("inf")
    for arcs in range(most_arcs + 1):
        found = _level(spectrum, arcs, fits, weights)
        fits += found
        lowest = min((f.aicc for f in found), default=least)
        enough = any(f.determined and f.rms <= accuracy for f in found)
        if enough or lowest > least - SUPPORT:
            break
        least = lowest
    if not fits:
        raise InputError(f"{spectrum.name or 'spectrum'}: {len(spectrum)} points are too few for "
                         "any circuit of the family")  # fmt: skip
    return Comparison(tuple(sorted(fits, key=lambda f: f.aicc)))


def _level(spectrum: Spectrum, arcs: int, earlier: list[Fit], weights: Weights | None) -> list[Fit]:
    """Fit the circuits with a number of arcs; the best of them also with an inductor."""
    found: list[Fit] = []
    for tail in _TAILS:
        found += _with_front(spectrum, "R-", arcs, tail, earlier + found, weights)
    if found:
        tail = _tail(min(found, key=lambda f: f.aicc))
        found += _with_front(spectrum, "L-R-", arcs, tail, earlier + found, weights)
    return found


def _with_front(
    spectrum: Spectrum, lead: str, arcs: int, tail: str, earlier: list[Fit], weights: Weights | None
) -> list[Fit]:
    """Fit a circuit; where its resistor in front is not determined, also without it."""
    found: list[Fit] = []
    for circuit in _built(lead, arcs, tail):
        found += _fitted(spectrum, circuit, earlier, weights, _slow(spectrum, circuit))
    for circuit in _built(lead.removesuffix("R-"), arcs, tail):
        if found and "R0" in found[0].doubtful:
            near = [found[0].values[name] for name in circuit.names]
            slow = _slow(spectrum, circuit)
            found.append(fit(spectrum, circuit, weights=weights, bounds=slow, begin=[near],
                             most_starts=_FEW))  # fmt: skip
    return found


def _slow(spectrum: Spectrum, circuit: Circuit) -> dict[str, tuple[float, float]]:
    """Keep a tail of diffusion in the lower half of the measured decades: else it is no tail."""
    middle = 1.0 / np.sqrt(spectrum.omega[0] * spectrum.omega[-1])
    last = circuit.elements[-1]
    if not isinstance(last, Wfs | Wfl):
        return {}
    return {last.named[1].name: (float(middle), float("inf"))}


def _tail(found: Fit) -> str:
    """What stands behind the arcs of a circuit."""
    last = found.circuit.members[-1]
    return next((t for t in _TAILS[1:] if t == f"-{last.shape}"), "")
