"""The one loop: a model is taken through the steps of a protocol."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from filmcell import __version__
from filmcell.arrays import Array, as_array, frozen
from filmcell.cell.cell import Cell
from filmcell.errors import FilmcellError, InputError
from filmcell.models.choice import model_of
from filmcell.models.regions import Meshes
from filmcell.numerics.mesh import Mesh
from filmcell.physics.transport import lithium_thickness
from filmcell.protocol.file import load_protocol
from filmcell.protocol.steps import Protocol, Step
from filmcell.simulation.options import Options
from filmcell.simulation.result import Layer, Result
from filmcell.simulation.stepping import Model, Piece, Room, observed, run_step


class SolveError(FilmcellError):
    """A solve that could not go on; it says where, and hands back what is good.

    Attributes
    ----------
    partial : Result
        Everything up to the failure, the failed step included.
    step : int
        Number of the failed step, counted from 1.
    time : float
        Time since the start at which it stopped [s].
    voltage : float
        Last cell voltage [V].
    """

    def __init__(self, message: str, partial: Result) -> None:
        super().__init__(message)
        self.partial = partial
        self.step = len(partial.ended)
        self.time = float(partial.time[-1])
        self.voltage = float(partial.voltage[-1])

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error come back from another process with its result."""
        return type(self), (str(self), self.partial)


def simulate(
    cell: Cell,
    protocol: Protocol | str | Path,
    *,
    mesh: Mesh | Meshes | None = None,
    progress: Callable[[int, int], None] | None = None,
    **options: Any,
) -> Result:
    """Take a cell through a protocol; the cell's parts say which model that takes.

    Parameters
    ----------
    cell : Cell
        The cell.
    protocol : Protocol, str or Path
        A protocol, its text, or a file of either form.
    mesh : Mesh or Meshes, optional
        Mesh of the cathode, or of all layers that have a depth; by default ones that fit the
        largest current. Neighbouring widths that differ by 1.6 or more cost accuracy.
    progress : callable, optional
        Called with the steps done and the steps in all, after each.
    **options
        Any of `Options`: tolerance, voltage_tolerance, resolution, most_steps.

    Returns
    -------
    Result
        What happened.

    Raises
    ------
    InputError
        Where the cell, the protocol, the mesh or an option cannot be used.
    SolveError
        Where the solver could not go on; it carries the result so far.

    Examples
    --------
    >>> import filmcell
    >>> cell = filmcell.load_cell("wang2023-lco-lipon-li")
    >>> result = simulate(cell, "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")
    >>> result.ended
    ('voltage reached 4.2 V', 'voltage reached 2.7 V')
    >>> [round(float(q) * 1e3, 2) for q in result.capacity]  # mAh
    [0.78, 0.7]
    """
    if not isinstance(cell, Cell):
        raise InputError(f"{cell!r} is not a cell, expected one such as load_cell gives")
    if not (mesh is None or isinstance(mesh, Mesh | Meshes)):
        raise InputError(f"{mesh!r} is not a mesh, expected one such as Mesh.uniform gives")
    steps = load_protocol(protocol)
    chosen = Options().changed(**options)
    model = model_of(cell, steps.largest_current(cell), mesh)
    return solve(model, steps, chosen, progress=progress)


def solve(
    model: Model,
    protocol: Protocol,
    options: Options,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Take a model through a protocol.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        A cell on its meshes.
    protocol : Protocol
        The steps.
    options : Options
        Accuracy.
    progress : callable, optional
        Called with the steps done and the steps in all, after each.

    Returns
    -------
    Result
        What happened.

    Raises
    ------
    SolveError
        Where the solver could not go on.
    """
    limits = {id(s): s.limits(model.cell) for b in protocol.blocks for s in b.steps}
    pieces: list[Piece] = []
    cycles: list[int] = []
    state, current, cycle = model.initial(), 0.0, 0
    voltage = float(observed(model, state, 0.0)[0])
    room = Room(model.system, state.size, options)
    for block in protocol.blocks:
        for _ in range(block.repeat):
            cycle += 1
            begun = len(pieces)
            for step in block.steps:
                rows, reasons = limits[id(step)]
                piece = run_step(model, step, rows, reasons, state, current, voltage, room)
                pieces.append(piece)
                cycles.append(cycle)
                if piece.failed:
                    raise _failure(model, protocol, options, pieces, cycles, step)
                state = piece.states[-1]
                if piece.time[-1] > 0.0:  # what takes no time, such as a marker, changes nothing
                    current, voltage = float(piece.current[-1]), float(piece.voltage[-1])
                if progress is not None:
                    progress(len(pieces), protocol.count)
            if block.until_limit and any(piece.limited for piece in pieces[begun:]):
                break
    return collect(model, protocol, options, pieces, cycles)


def _failure(
    model: Model,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
    step: Step,
) -> SolveError:
    """Make the error of a step that failed, with the result so far."""
    partial = collect(model, protocol, options, pieces, cycles)
    first = model.regions[0].start
    surface = pieces[-1].states[-1, first] / model.cell.cathode.maximum_concentration
    return SolveError(
        f"step {len(pieces)} ({step}) failed at t = {partial.time[-1]:.6g} s, "
        f"{partial.voltage[-1]:.6g} V, {partial.current[-1]:.6g} A, lithiation fraction near the "
        f"surface {surface:.6g}: {pieces[-1].reason}",
        partial,
    )


def collect(
    model: Model,
    protocol: Protocol,
    options: Options,
    pieces: list[Piece],
    cycles: list[int],
) -> Result:
    """Join the steps into a result.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        The model that was solved.
    protocol : Protocol
        What was done.
    options : Options
        How accurately.
    pieces : list of Piece
        What each step gave.
    cycles : list of int
        Cycle of each step.

    Returns
    -------
    Result
        Read-only arrays and where they come from.
    """
    cell = model.cell
    counts = [p.time.size for p in pieces]
    starts = np.concatenate([[0.0], np.cumsum([p.time[-1] for p in pieces])])
    current = np.concatenate([p.current for p in pieces])
    states = frozen(np.concatenate([p.states for p in pieces]), own=True)
    charge = states[:, -1]
    cathode, *others = model.regions
    thickness = getattr(cell.anode, "thickness", 0.0) - lithium_thickness(charge)
    metal = not any(region.name == "anode" for region in others)
    return Result(
        time=np.concatenate([p.time + t for p, t in zip(pieces, starts, strict=False)]),
        voltage=np.concatenate([p.voltage for p in pieces]),
        current=current * cell.area,
        charge=charge * cell.area,
        step=np.repeat(np.arange(1, len(pieces) + 1), counts),
        cycle=np.repeat(cycles, counts),
        stored_charge=model.stored_charge(states) * cell.area,
        temperature=model.temperature(states),
        concentration=states[:, cathode.start : cathode.stop],
        depth=cathode.grid.depths,
        volume=cathode.grid.volumes,
        layers={
            r.name: Layer(r.grid.depths, r.grid.volumes, states[:, r.start : r.stop])
            for r in others
        },
        lithium_thickness=as_array(thickness if metal else np.zeros_like(charge)),
        ended=tuple(p.reason for p in pieces),
        area=cell.area,
        theoretical_capacity=cell.theoretical_capacity * cell.area / 3600.0,
        window_capacity=cell.window_capacity * cell.area / 3600.0,
        origin=Simulated(model, protocol, options, states, current),
    )


@dataclass(frozen=True, eq=False)
class Simulated:
    """The origin of a result that was computed here.

    Parameters
    ----------
    model : FilmModel or AssembledModel
        What was solved.
    protocol : Protocol
        What was done.
    options : Options
        How accurately.
    states : ndarray
        States, shape (n, N).
    current : ndarray
        Current density, shape (n,) [A/m2].
    """

    model: Model
    protocol: Protocol
    options: Options
    states: Array
    current: Array

    def losses(self, result: Result) -> Mapping[str, Array]:
        """Parts that sum to the voltage, each of shape (n,) [V].

        They are computed from the very numbers that gave the voltage: next to a full surface the
        last bit of a concentration is worth millivolts.
        """
        return self.model.losses(np.array(self.states), self.current)

    def provenance(self) -> Mapping[str, str]:
        """Cell, protocol, options and mesh (as text), version, and a hash of it all."""
        meshes = {
            r.name: {"cells": r.grid.cells, "first_m": float(r.grid.widths[0])}
            for r in self.model.regions
        }
        origin = {
            "cell": self.model.cell.json,
            "protocol": str(self.protocol),
            "options": json.dumps(asdict(self.options)),
            "model": type(self.model).__name__,
            "mesh": json.dumps(meshes),
            "version": __version__,
        }
        digest = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()
        return {**origin, "hash": digest}
