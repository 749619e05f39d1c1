"""Arcs of a circuit: time constant, effective capacitance, and what they are likely to be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.constants import EPSILON_0
from filmcell.impedance.composition import Circuit, Element, Parallel
from filmcell.impedance.elements import CPE, ZARC, C, R
from filmcell.impedance.spectrum import Geometry
from filmcell.physics.impedance import effective_capacitance


class Meaning(Enum):
    """What an arc is likely to be."""

    BULK = "bulk"
    GRAIN_BOUNDARY = "grain boundary"
    INTERFACE = "interface or electrode"
    REACTION = "electrode reaction or storage"


LARGEST_BULK = 1e-9
"""Largest capacitance of a bulk, times the cell constant [F/m]; a relative permittivity of 113."""

LEAST_INTERFACE = 1e-3
"""Least capacitance of an interface, over the area [F/m2]."""

LEAST_REACTION = 1.0
"""Least capacitance of a reaction or of storage, over the area [F/m2]."""

_ABSOLUTE = ((1e-11, Meaning.BULK), (1e-8, Meaning.GRAIN_BOUNDARY), (1e-4, Meaning.INTERFACE))
"""Upper ends for a sample with a cell constant near 1/cm [F]."""


@dataclass(frozen=True)
class Arc:
    """A resistor beside something capacitive, and what it is likely to be.

    Parameters
    ----------
    name : str
        The part of the circuit, such as p(R1,CPE1).
    resistance : float
        Its resistance [ohm].
    capacitance : float
        Its effective capacitance, (R^(1-n) Q)^(1/n) [F].
    error : float
        Standard error of the capacitance; nan where it is not known [F].
    exponent : float
        Exponent of the constant-phase element, 1 for a capacitor [-].
    permittivity : float or None
        Relative permittivity, if it filled the sample; None without a geometry [-].
    meaning : Meaning
        What it is likely to be.
    reason : str
        Why, in a sentence.
    """

    name: str
    resistance: float
    capacitance: float
    error: float
    exponent: float
    permittivity: float | None
    meaning: Meaning
    reason: str

    @property
    def tau(self) -> float:
        """Time constant, R C [s]."""
        return self.resistance * self.capacitance

    @property
    def frequency(self) -> float:
        """Frequency of its top, 1/(2 pi tau) [Hz]."""
        return 1.0 / (2.0 * np.pi * self.tau)

    def as_dict(self) -> dict[str, Any]:
        """Numbers and sentences for a file.

        Returns
        -------
        dict
            Plain Python, ready for JSON.
        """
        return {
            "name": self.name,
            "resistance": self.resistance,
            "capacitance": self.capacitance,
            "error": self.error if np.isfinite(self.error) else None,
            "exponent": self.exponent,
            "frequency": self.frequency,
            "permittivity": self.permittivity,
            "meaning": self.meaning.value,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Place:
    """Where the numbers of an arc are among the parameters of a circuit.

    Parameters
    ----------
    name : str
        The part of the circuit.
    kind : type
        What is capacitive in it: C, CPE or ZARC.
    resistance : int
        Place of the resistance.
    first : int
        Place of the capacitance, of Q, or of the time constant.
    """

    name: str
    kind: type[Element]
    resistance: int
    first: int

    def logarithms(self, x: Array) -> tuple[float, Array]:
        """Logarithm of the effective capacitance and its derivatives.

        Parameters
        ----------
        x : ndarray
            Values of all parameters, shape (k,).

        Returns
        -------
        value : float
            ln(C_eff/F).
        slopes : ndarray
            Derivatives with respect to ln R, ln Q (or ln C, ln tau) and n, shape (3,).
        """
        log_R, log_Q = np.log(x[self.resistance]), np.log(x[self.first])
        if self.kind is C:
            return float(log_Q), np.array([0.0, 1.0, 0.0])
        if self.kind is ZARC:
            return float(log_Q - log_R), np.array([-1.0, 1.0, 0.0])
        n = x[self.first + 1]
        value = float(np.log(effective_capacitance(x[self.resistance], x[self.first], n)))
        return value, np.array([(1.0 - n) / n, 1.0 / n, -(log_R + value) / n])

    def exponent(self, x: Array) -> float:
        """Exponent of the constant-phase element; 1 for a capacitor.

        Parameters
        ----------
        x : ndarray
            Values of all parameters, shape (k,).

        Returns
        -------
        float
            Exponent [-].
        """
        return 1.0 if self.kind is C else float(x[self.first + 1])


def places(circuit: Circuit) -> tuple[Place, ...]:
    """Find the arcs of a circuit.

    Parameters
    ----------
    circuit : Circuit
        The circuit.

    Returns
    -------
    tuple of Place
        Where their numbers are, in the order of the string.

    Examples
    --------
    >>> from filmcell.impedance.circuits import circuit_from_text
    >>> [place.name for place in places(circuit_from_text("R0-p(R1-Wfs1,CPE1)-ZARC2-CPE3"))]
    ['p(R1-Wfs1,CPE1)', 'ZARC2']
    """
    return tuple(_places(circuit.numbered, 0))


def _places(circuit: Circuit, begin: int) -> Iterator[Place]:
    """Arcs of a part whose parameters begin at a place."""
    if isinstance(circuit, ZARC):
        yield Place(circuit.text, ZARC, begin, begin + 1)
    if isinstance(circuit, Parallel):
        yield from _own(circuit, begin)
    for part in circuit.parts:
        yield from _places(part, begin)
        begin += part.size


def _own(circuit: Parallel, begin: int) -> Iterator[Place]:
    """The arc of a parallel connection, if one branch is capacitive and another begins with R."""
    starts = np.cumsum([begin, *(part.size for part in circuit.parts)])
    heads = [(part.members[0], int(at)) for part, at in zip(circuit.parts, starts, strict=False)]
    resistors = [at for head, at in heads if isinstance(head, R)]
    stores = [(part, int(at)) for part, at in zip(circuit.parts, starts, strict=False)
              if isinstance(part, C | CPE)]  # fmt: skip
    if resistors and stores:
        part, at = stores[0]
        yield Place(circuit.text, type(part), resistors[0], at)


def arcs(
    circuit: Circuit, x: Array, geometry: Geometry | None = None, covariance: Array | None = None
) -> tuple[Arc, ...]:
    """Say what the arcs of a circuit are likely to be, the fastest first.

    With a geometry, the capacitance times the cell constant tells a bulk, and the capacitance over
    the area an interface. Without one, the ranges of Irvine, Sinclair & West for a sample of about
    1/cm are used, and the reason says so.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    x : ndarray
        Values of its parameters in order, shape (k,).
    geometry : Geometry, optional
        Size of the sample.
    covariance : ndarray, optional
        Covariance of the parameters, of the logarithm of those that are sizes, shape (k, k).

    Returns
    -------
    tuple of Arc
        The arcs by rising time constant.

    References
    ----------
    Irvine, Sinclair & West, Adv. Mater. 2 (1990) 132, doi 10.1002/adma.19900020304.

    Examples
    --------
    >>> from filmcell.impedance.circuits import circuit_from_text
    >>> circuit = circuit_from_text("p(R1,C1)-p(R2,C2)")
    >>> for arc in arcs(circuit, np.array([1e5, 5e-12, 1e6, 1e-9])):
    ...     print(arc.name, arc.meaning.value, round(arc.frequency))
    p(R1,C1) bulk 318310
    p(R2,C2) grain boundary 159
    """
    found = [_arc(place, x, geometry, covariance) for place in places(circuit)]
    found.sort(key=lambda arc: arc.tau)
    return tuple(_one_bulk(found))


def _arc(place: Place, x: Array, geometry: Geometry | None, covariance: Array | None) -> Arc:
    """One arc, judged by itself."""
    log_C, slopes = place.logarithms(x)
    capacitance = float(np.exp(log_C))
    at = [place.resistance, place.first, min(place.first + 1, x.size - 1)]
    error = float("nan")
    if covariance is not None:
        error = capacitance * float(np.sqrt(slopes @ covariance[np.ix_(at, at)] @ slopes))
    if geometry is None:
        permittivity, meaning, reason = None, *_absolute(capacitance)
    else:
        permittivity = capacitance * geometry.cell_constant / EPSILON_0
        meaning, reason = _by_size(capacitance, permittivity, geometry)
    return Arc(place.name, float(x[place.resistance]), capacitance, error,
               place.exponent(x), permittivity, meaning, reason)  # fmt: skip


def _absolute(capacitance: float) -> tuple[Meaning, str]:
    """Judge a capacitance without a geometry."""
    meaning = next((m for most, m in _ABSOLUTE if capacitance < most), Meaning.REACTION)
    return meaning, (
        f"{capacitance:.2g} F, judged as of a sample of about 1 cm because the geometry is not "
        "known; a film has far more"
    )


def _by_size(capacitance: float, permittivity: float, size: Geometry) -> tuple[Meaning, str]:
    """Judge a capacitance of a sample of known size."""
    areal = capacitance / size.area
    if permittivity * EPSILON_0 < LARGEST_BULK:
        return Meaning.BULK, f"a relative permittivity of {permittivity:.3g} suits a bulk"
    told = f"{areal:.2g} F/m2 and a relative permittivity of {permittivity:.2g} suit"
    if areal < LEAST_INTERFACE:
        return Meaning.GRAIN_BOUNDARY, f"{told} grain boundaries or a thin layer"
    if areal < LEAST_REACTION:
        return Meaning.INTERFACE, f"{told} a double layer"
    return Meaning.REACTION, f"{told} a reaction or storage"


def _one_bulk(found: list[Arc]) -> Iterator[Arc]:
    """Only the fastest of several arcs that suit a bulk is called so."""
    for k, arc in enumerate(found):
        if arc.meaning is Meaning.BULK and any(a.meaning is Meaning.BULK for a in found[:k]):
            why = f"{arc.reason}, but a faster arc is the bulk"
            yield replace(arc, meaning=Meaning.GRAIN_BOUNDARY, reason=why)
        else:
            yield arc


def bulk_first(circuit: Circuit, x: Array, capacitance: float) -> Array | None:
    """Move the fastest arc of a circuit to the capacitance of a bulk, keeping its resistance.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    x : ndarray
        Values of its parameters in order, shape (k,).
    capacitance : float
        Capacitance of the bulk [F].

    Returns
    -------
    ndarray or None
        Other values, shape (k,); None where the circuit has no arc.
    """
    known = places(circuit)
    if not known:
        return None
    times = [place.logarithms(x)[0] + np.log(x[place.resistance]) for place in known]
    place = known[int(np.argmin(times))]
    moved = x.copy()
    if place.kind is ZARC:
        moved[place.first] = x[place.resistance] * capacitance
    else:
        n = place.exponent(x)
        moved[place.first] = capacitance**n * x[place.resistance] ** (n - 1.0)
    return moved
