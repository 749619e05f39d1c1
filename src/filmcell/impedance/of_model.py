r"""Impedance of a cell model: the very equations that the time solver integrates, linearised.

Around a state :math:`y_0` with the current :math:`i_0` the response to :math:`\hat i e^{j\omega t}`
follows from one complex banded system a frequency, and the impedance is
:math:`Z = -\hat v / \hat i`, as the current counts positive on discharge. Each part of the voltage
that `losses` tells has a share of it, and the shares sum to the whole.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from filmcell.arrays import Array, ArrayLike, as_array
from filmcell.cell.anodes import InsertionAnode
from filmcell.cell.cathodes import Cathode, MixedConduction
from filmcell.cell.cell import Cell
from filmcell.errors import InputError
from filmcell.impedance.spectrum import Spectrum
from filmcell.models.assembled import AssembledModel
from filmcell.models.film import FilmModel, lacking
from filmcell.models.regions import Meshes, slowest_diffusivity, weak_layers
from filmcell.numerics.linear_response import response
from filmcell.numerics.mesh import Mesh
from filmcell.simulation.result import Result
from filmcell.simulation.solve import Simulated
from filmcell.simulation.stepping import Model, observed

GROWTH, NODE_GROWTH = 1.05, 1.1
"""By how much each volume, each distance of nodes, is wider than the one before."""

FINENESS = 0.1
"""First width over the depth that diffusion reaches at the highest frequency [-]."""

_LEAST_WIDTH = 1e-8
_VOLTS = 1e-4
_SHARE = 1e-6
_LEAST_MARGIN = 1e-7  # of a lithiation fraction: nearer to its end the exchange current vanishes


def frequencies(high: float = 1e6, low: float = 1e-3, per_decade: int = 10) -> Array:
    """Make frequencies with the same number in each decade.

    Parameters
    ----------
    high, low : float
        First and last frequency [Hz].
    per_decade : int
        Points a decade.

    Returns
    -------
    ndarray
        Frequencies, falling, shape (n,) [Hz].

    Raises
    ------
    InputError
        Where they do not fall, or there is less than one point a decade.

    Examples
    --------
    >>> frequencies(1e3, 1.0, 1).round(9).tolist()
    [1000.0, 100.0, 10.0, 1.0]
    """
    if not 0.0 < low < high < math.inf or per_decade < 1:
        raise InputError(
            f"frequencies from {high:g} to {low:g} Hz, {per_decade} a decade: expected a higher, a "
            "lower and at least 1"
        )
    count = round(math.log10(high / low) * per_decade) + 1
    return as_array(np.logspace(math.log10(high), math.log10(low), max(count, 2)))


class Origin(Protocol):
    """What an impedance was computed from, and can be split by."""

    def parts(self) -> Mapping[str, Any]:
        """Share of each part, complex, shape (n,) [ohm m2]."""


@dataclass(frozen=True, eq=False)
class CellImpedance:
    """The impedance of a cell and the shares that its parts have in it.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, falling, shape (n,) [Hz].
    impedance : ndarray of complex
        Impedance times area, shape (n,) [ohm m2].
    area : float
        Area of the cell [m2].
    temperature : float
        Temperature [K].
    name : str
        Of what, and where.
    origin : Origin
        What tells the shares.
    """

    frequency: Array
    impedance: Any
    area: float
    temperature: float
    name: str
    origin: Origin

    @cached_property
    def parts(self) -> Mapping[str, Any]:
        """Share of each part, complex, shape (n,) [ohm m2]; they sum to the impedance."""
        return MappingProxyType(dict(self.origin.parts()))

    @property
    def spectrum(self) -> Spectrum:
        """The spectrum that an instrument would see, in ohm."""
        return Spectrum(
            self.frequency, self.impedance / self.area, temperature=self.temperature, name=self.name
        )


def impedance(
    cell: Cell,
    frequency: ArrayLike | None = None,
    *,
    lithiation: float | None = None,
    state_of_charge: float | None = None,
    meshes: Meshes | None = None,
) -> CellImpedance:
    """Compute the impedance of a cell at rest.

    Parameters
    ----------
    cell : Cell
        The cell; `replace` changes its temperature.
    frequency : array-like, optional
        Frequencies, shape (n,) [Hz]; from 1 MHz to 1 mHz, ten a decade, if not given.
    lithiation : float, optional
        Lithiation fraction of the cathode [-]; as the cell is made if neither is given.
    state_of_charge : float, optional
        Instead of it: 0 at the lower, 1 at the upper voltage limit at rest [-].
    meshes : Meshes, optional
        Meshes of the regions; ones that are fine enough at the highest frequency if not given.

    Returns
    -------
    CellImpedance
        Impedance and shares.

    Raises
    ------
    InputError
        Where both states are given, the state lies outside what the cell can reach, or a frequency
        is not above 0.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> Z = impedance(load_cell("wang2023-lco-lipon-li"), [1e5, 1.0, 1e-4], state_of_charge=0.5)
    >>> round(float(Z.impedance[0].real) * 1e4, 1)  # ohm cm2
    211.1
    """
    f = falling(frequency)
    made = _placed(cell, lithiation, state_of_charge)
    model = _model(made, meshes or fine_meshes(made, float(f[0])))
    x = made.cathode.initial_fraction
    name = f"{cell.name} at x = {x:.4g}, {cell.temperature:g} K"
    return of_state(model, model.initial(), 0.0, f, name)


def impedance_of_row(
    result: Result, row: int = -1, frequency: ArrayLike | None = None
) -> CellImpedance:
    """Compute the impedance at a row of a simulation, under the current that flows there.

    Parameters
    ----------
    result : Result
        A result that was simulated in this session.
    row : int
        Which row.
    frequency : array-like, optional
        Frequencies, shape (n,) [Hz]; from 1 MHz to 1 mHz, ten a decade, if not given.

    Returns
    -------
    CellImpedance
        Impedance and shares, on the mesh of the simulation, as if the state stood still. That
        mesh does not follow frequencies far above D over the square of its first width: 1e-3
        of Z is usual there.

    Raises
    ------
    InputError
        Where the result was loaded from a file, which keeps no states, or there is no such row.

    Examples
    --------
    >>> from filmcell import load_cell, simulate
    >>> run = simulate(load_cell("wang2023-lco-lipon-li"), "Charge at C/2 for 10 min")
    >>> round(float(impedance_of_row(run, -1, [1e3, 1.0, 1e-2]).impedance[0].real) * 1e4, 0)
    206.0
    """
    origin = result.origin
    if not isinstance(origin, Simulated):
        raise InputError("a result from a file keeps no states, expected one that was simulated")
    if not -len(result.time) <= row < len(result.time):
        raise InputError(f"row {row}: there are {len(result.time)}, expected one of them")
    i = float(origin.current[row])
    name = f"{origin.model.cell.name} at {result.time[row]:.6g} s, {i:.4g} A/m2"
    state = np.array(origin.states[row])
    return of_state(origin.model, state, i, falling(frequency), name)


def of_state(
    model: Model, state: Array, current: float, frequency: Array, name: str = ""
) -> CellImpedance:
    """Compute the impedance of a model around a state.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
    state : ndarray
        State, shape (N,).
    current : float
        Current density there, positive on discharge [A/m2].
    frequency : ndarray
        Frequencies, falling, shape (n,) [Hz].
    name : str
        What to call it.

    Returns
    -------
    CellImpedance
        Impedance and shares.

    Raises
    ------
    InputError
        Where a surface is full or empty, so that no exchange current is left.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.models.choice import model_of
    >>> model = model_of(load_cell("wang2023-lco-lipon-li"), 0.7)
    >>> Z = of_state(model, model.initial(), 0.0, frequencies(1e3, 1.0, 1))
    >>> sum(Z.parts.values()).round(9).tolist() == Z.impedance.round(9).tolist()
    True
    """
    _refuse_ends(model, state, current)
    waves, volts = response(model.system, state, current, 2.0 * np.pi * frequency)
    T = float(model.temperature(state[None])[0])
    origin = Linearised(model, state, current, waves, volts)
    return CellImpedance(frequency, -volts, model.cell.area, T, name, origin)


def _refuse_ends(model: Model, state: Array, current: float) -> None:
    """Refuse a surface that is full or empty: without an exchange current there is no impedance."""
    seen = observed(model, state, current)
    for margin, sentence in zip(seen[2:], model.system.margins, strict=True):
        if not margin > _LEAST_MARGIN:
            raise InputError(
                f"{sentence}: no impedance can be told at this end, expected a state further "
                "inside, such as a state of charge from 0.001 to 0.999"
            )


@dataclass(frozen=True, eq=False)
class Linearised:
    """A model around a state, and its response to a small sinusoidal current.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
    state : ndarray
        State, shape (N,).
    current : float
        Current density there [A/m2].
    waves : ndarray of complex
        Amplitude of the states per current density, shape (n, N).
    volts : ndarray of complex
        Amplitude of the voltage per current density, shape (n,) [ohm m2].
    """

    model: Model
    state: Array
    current: float
    waves: Any
    volts: Any

    def parts(self) -> Mapping[str, Any]:
        """Share of each part of the voltage: its slope along the response, shape (n,) [ohm m2].

        Central differences of order four, small steps along the real and the imaginary part.
        """
        size = np.abs(self.waves[:, :-2]) / self.model.system.scale[:-2]
        most = np.maximum(size.max(axis=1), 1e-300)
        step = np.minimum(_VOLTS / np.abs(self.volts), _SHARE / most)
        along = np.stack([self.waves.real, self.waves.imag])  # (2, n, N)
        beside = np.array([1.0, 0.0])[:, None]
        told: dict[str, Any] = {}
        for factor, weight in ((1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0)):
            y = self.state + (factor * step)[None, :, None] * along
            i = self.current + factor * step * beside
            found = self.model.losses(y.reshape(-1, self.state.size), i.reshape(-1))
            for name, values in found.items():
                told[name] = told.get(name, 0.0) + weight * values.reshape(2, -1)
        return {name: -(v[0] + 1j * v[1]) / (12.0 * step) for name, v in told.items()}


def falling(frequency: ArrayLike | None) -> Array:
    """Check frequencies and put the highest first.

    Parameters
    ----------
    frequency : array-like, optional
        Frequencies [Hz].

    Returns
    -------
    ndarray
        Each once, falling, shape (n,) [Hz]; `frequencies` if none were given.

    Raises
    ------
    InputError
        Where one is not above 0, or there is none.

    Examples
    --------
    >>> falling([1.0, 100.0]).tolist()
    [100.0, 1.0]
    """
    if frequency is None:
        return frequencies()
    f = np.unique(as_array(frequency))[::-1].copy()
    if f.size == 0 or not (np.all(np.isfinite(f)) and f[-1] > 0.0):
        raise InputError("frequency: expected numbers above 0, in Hz")
    return f


def _placed(cell: Cell, lithiation: float | None, state_of_charge: float | None) -> Cell:
    """Bring a cell to a state of charge; an insertion anode takes what the cathode gives."""
    if lithiation is not None and state_of_charge is not None:
        raise InputError("lithiation and state_of_charge are both given, expected one of them")
    if state_of_charge is not None:
        if not 0.0 <= state_of_charge <= 1.0:
            raise InputError(f"state_of_charge: {state_of_charge:g}, expected one from 0 to 1")
        charged, empty = cell.window_fractions
        lithiation = empty + state_of_charge * (charged - empty)
    if lithiation is None:
        return cell
    changes: dict[str, Any] = {"cathode.initial_fraction": float(lithiation)}
    if isinstance(cell.anode, InsertionAnode):
        charge = cell.charge_taken(float(lithiation))
        changes["anode.initial_fraction"] = cell.anode.fraction_after(charge)
    return cell.replace(changes)


def _model(cell: Cell, meshes: Meshes) -> Model:
    """The model of a cell on meshes."""
    return AssembledModel(cell, meshes) if lacking(cell) else FilmModel(cell, meshes.cathode)


def fine_meshes(cell: Cell, highest: float) -> Meshes:
    """Make meshes that follow diffusion at a frequency.

    Parameters
    ----------
    cell : Cell
        The cell.
    highest : float
        Highest frequency [Hz].

    Returns
    -------
    Meshes
        Widths from a tenth of the depth that diffusion reaches; they grow by 5 % from volume to
        volume, by 10 % from node to node of a film.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> fine_meshes(load_cell("wang2023-lco-lipon-li"), 1e6).cathode.cells
    131
    """
    omega, T = 2.0 * math.pi * highest, cell.temperature
    weak = weak_layers(cell).values()
    lengths = [math.sqrt(max(w.cation_diffusivity, w.anion_diffusivity) / omega) for w in weak]
    counts = [_count(0.5 * w.thickness, a) for w, a in zip(weak, lengths, strict=True)]
    electrolytes = tuple(
        Mesh.symmetric(2 * max(counts), w.thickness, _first(0.5 * w.thickness, a))
        for w, a in zip(weak, lengths, strict=True)
    )
    anode = _fine(cell.anode, T, omega) if isinstance(cell.anode, InsertionAnode) else None
    return Meshes(_fine(cell.cathode, T, omega), electrolytes, anode)


def _fine(film: Cathode | InsertionAnode, T: float, omega: float) -> Mesh:
    """Mesh of a film."""
    length = film.thickness
    reach = math.sqrt(slowest_diffusivity(film, T) / omega)
    if isinstance(film, Cathode) and isinstance(film.transport, MixedConduction):
        half = 0.5 * length
        return Mesh.symmetric(2 * _count(half, reach), length, _first(half, reach))
    dimension = film.shape.dimension if isinstance(film, Cathode) else 0
    cells = _count(length, reach, NODE_GROWTH)
    return Mesh.graded(cells, length, _first(length, reach), dimension)


def _first(length: float, reach: float) -> float:
    """Width of the first volume."""
    return max(min(FINENESS * reach, length / 200.0), _LEAST_WIDTH * length)


def _count(length: float, reach: float, growth: float = GROWTH) -> int:
    """How many widths that grow by a factor fill a length."""
    first = _first(length, reach)
    return math.ceil(math.log1p((growth - 1.0) * length / first) / math.log(growth))
