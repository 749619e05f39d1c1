"""The characteristic size: how thick a film, or how large a particle, may be before it costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array, finite_or_none, frozen
from filmcell.cell.cell import Cell
from filmcell.design.counting import Basis, Counted, Demand, DischargeOfCycle, OfTheory, OfWindow
from filmcell.design.dial import SIZE, dial
from filmcell.design.reach import TOLERANCE, Reach, checked_range, reach
from filmcell.design.reasons import about_current, about_model, about_spans, about_steepness
from filmcell.design.search import Edge
from filmcell.design.sensitivity_local import Sensitivity, sensitivities, slope_by_size
from filmcell.design.size_estimate import Estimate, estimates, limits_at
from filmcell.models.choice import model_of
from filmcell.models.regions import default_mesh
from filmcell.protocol.amounts import CurrentAmount
from filmcell.simulation.many import simulate_many
from filmcell.simulation.options import Options
from filmcell.simulation.solve import SolveError, solve

SMALLEST, LARGEST = 1e-8, 1e-3
"""Sizes between which one is looked for if none are given [m]."""

_FINE = 80
"""Nodes of the finer mesh that the error of the usual one is told by."""

_CLIFF = 1e-3
"""Utilisation above the goal beside an edge at which it is a cliff and no crossing [-]."""


@dataclass(frozen=True, eq=False)
class CharacteristicSize:
    """The largest size that keeps a utilisation at a current.

    Parameters
    ----------
    cell : Cell
        The cell at that size.
    demand : Demand
        What is reached.
    size : float
        Film thickness, or particle radius [m].
    bracket : tuple of float
        A size that still reaches the demand and one that no longer does, in order; twice the
        same where all sizes up to the end of the range reach it [m].
    margin : float
        How far the size may be off by the bracket and by the mesh: by 80 nodes in place of
        40 [m].
    unlimited : bool
        Whether all sizes that were looked at reach the demand.
    utilisation : float
        What the cell at that size reaches, on the basis of the demand [-].
    window_utilisation, theoretical_utilisation : float
        The same over what the voltage window allows, and over the theoretical capacity [-].
    current_density : float
        At that size [A/m2].
    current_number : float
        Dimensionless current Lambda = i l / (F D dc) there [-].
    estimates : tuple of Estimate
        The size by closed forms.
    sensitivities : tuple of Sensitivity
        What the size answers to; none where it is the end of the range.
    sizes, utilisations : ndarray
        What was looked at first, shape (n,) [m] and [-].
    notes : tuple of str
        What a reader must know besides.
    """

    cell: Cell
    demand: Demand
    size: float
    bracket: tuple[float, float]
    margin: float
    unlimited: bool
    utilisation: float
    window_utilisation: float
    theoretical_utilisation: float
    current_density: float
    current_number: float
    estimates: tuple[Estimate, ...]
    sensitivities: tuple[Sensitivity, ...]
    sizes: Array
    utilisations: Array
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("sizes", "utilisations"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        """Give all of it as plain data, for JSON; what is not finite becomes None."""
        demand = self.demand
        return {
            "cell": self.cell.name,
            "shape": self.cell.cathode.shape.name,
            "size_m": self.size,
            "bracket_m": list(self.bracket),
            "margin_m": finite_or_none(self.margin),
            "unlimited": self.unlimited,
            "demand": {
                "utilisation": demand.utilisation,
                "of": demand.basis.name,
                "counted": demand.counted.name,
                "current": str(demand.current),
                "current_grows_with_size": demand.grows_with_size(self.cell),
            },
            "utilisation": self.utilisation,
            "window_utilisation": self.window_utilisation,
            "theoretical_utilisation": self.theoretical_utilisation,
            "current_density_A_per_m2": self.current_density,
            "current_number": finite_or_none(self.current_number),
            "estimates": [
                {"name": e.name, "formula": e.formula, "valid": e.valid,
                 "size_m": finite_or_none(e.size), "over_model": finite_or_none(e.size / self.size)}
                for e in self.estimates
            ],
            "sensitivities": {s.key: finite_or_none(s.slope) for s in self.sensitivities},
            "scan": {"size_m": self.sizes.tolist(),
                     "utilisation": [finite_or_none(u) for u in self.utilisations.tolist()]},
            "notes": list(self.notes),
        }  # fmt: skip


def largest_size(
    cell: Cell,
    utilisation: float,
    current: CurrentAmount,
    *,
    basis: Basis = OfWindow(),  # noqa: B008
    counted: Counted = DischargeOfCycle(),  # noqa: B008
    low: float | None = None,
    high: float | None = None,
    tolerance: float = TOLERANCE,
) -> CharacteristicSize:
    """Find the largest film thickness or particle radius that keeps a utilisation at a current.

    Sizes over the whole range are looked at first, because the utilisation need not fall with the
    size: then the edges of all spans that reach the demand are closed in on the full model. The
    answer is the end of the first span, so that all smaller sizes of it reach the demand.

    Parameters
    ----------
    cell : Cell
        The cell; its own thickness does not matter.
    utilisation : float
        Least utilisation, above 0 and at most 1 [-].
    current : Amperes, AmperesPerArea or CRate
        Current of charge and discharge. With a C-rate the current density grows with the size.
    basis : OfWindow or OfTheory
        The capacity that counts as 1.
    counted : DischargeOfCycle or FirstCharge
        The step whose capacity counts.
    low, high : float, optional
        Sizes to look between; 10 nm and 1 mm if not given [m].
    tolerance : float
        Relative width of the bracket [-].

    Returns
    -------
    CharacteristicSize
        The size with its margin, closed forms and sensitivities.

    Raises
    ------
    InputError
        Where the demand or the range is not allowed, or no size reaches the demand; the sentence
        then says how much can be reached, where and why.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import Amperes
    >>> found = largest_size(load_cell("wang2023-lco-lipon-li"), 0.8, Amperes(1e-4))
    >>> round(found.size * 1e6, 2), round(found.theoretical_utilisation, 3)
    (8.9, 0.722)
    """
    demand = Demand(utilisation, current, basis, counted)
    ends = checked_range(SMALLEST if low is None else low, LARGEST if high is None else high, "m")
    return _told(reach(dial(cell, SIZE), demand, ends, tolerance))


def _told(seen: Reach) -> CharacteristicSize:
    """Tell the end of the first span, with all that belongs to it."""
    demand, edge = seen.demand, seen.found.spans[0].high
    cell = seen.dial.set(edge.inside)
    outcomes = simulate_many([demand.design(cell)])
    u, of_window, of_theory = (
        float(b.shares(outcomes, demand.counted.step)[0])
        for b in (demand.basis, OfWindow(), OfTheory())
    )
    cliff = edge.outside is not None and u > float(demand.utilisation) + _CLIFF
    slopes = () if edge.outside is None or cliff else sensitivities(cell, demand)
    notes = (
        *about_spans(seen),
        *((f"the utilisation falls from {u:.4f} at once there, and not by degrees",) * cliff),
        *about_steepness(slopes),
        *about_current(cell, demand),
        *about_model(cell, demand),
    )
    return CharacteristicSize(
        cell, demand, edge.inside, edge.bracket, _margin(cell, demand, edge), edge.outside is None,
        u, of_window, of_theory, demand.current.density(cell),
        limits_at(cell, demand, edge.inside).current_number, estimates(cell, demand), slopes,
        seen.found.values, seen.found.measured, notes,
    )  # fmt: skip


def _margin(cell: Cell, demand: Demand, edge: Edge) -> float:
    """How far a size may be off: by its bracket, and by what a finer mesh changes [m]."""
    low, high = edge.bracket
    if edge.outside is None:
        return 0.0
    change = _on_mesh(cell, demand, _FINE) - _on_mesh(cell, demand, None)
    slope = slope_by_size(cell, demand)
    return high - low + abs(change / slope) * edge.inside if slope else np.inf


def _on_mesh(cell: Cell, demand: Demand, nodes: int | None) -> float:
    """Utilisation on a mesh of some nodes, or on the usual one; nan where it cannot be solved."""
    i = demand.current.density(cell)
    mesh = None if nodes is None else default_mesh(cell, i, nodes)
    try:
        result = solve(model_of(cell, i, mesh), demand.design(cell)[1], Options(resolution=1e-3))
    except SolveError:
        return float("nan")
    capacity = float(result.capacity[demand.counted.step]) * 3600.0 / cell.area
    per_fraction = cell.cathode.capacity_per_fraction
    return capacity / (per_fraction * demand.basis.swing(cell))
