r"""What diffusion with a constant diffusivity leaves of a capacity, in closed form.

The surface of the body moves between two fractions, :math:`x_u` at the end of the charge and
:math:`x_l` at the end of the discharge: those of the voltage window less the ohmic and kinetic
losses at the current. Lithium inside follows by Fick's law with one diffusivity.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

from filmcell.arrays import Array
from filmcell.cell.anodes import InsertionAnode
from filmcell.cell.cell import Cell
from filmcell.constants import F
from filmcell.design.counting import Demand, FirstCharge
from filmcell.design.dial import SIZE
from filmcell.physics import analytic, kinetics, transport

_EARLY, _LATE = 1e-5, 3.0
"""Times between which the series are summed; before and after, their limits stand [-]."""

SMALLEST, LARGEST = 1e-10, 1.0
"""Sizes between which an estimate is looked for [m]."""

_LOOKED_AT = 41
"""Sizes that are looked at first."""

ASSUMED = (
    "one diffusivity, the harmonic mean over the lithium fractions that the surface passes; the "
    "surface moves between those at which the voltage window ends, less the ohmic and kinetic "
    "losses there"
)
"""What all estimates assume."""

_ONE_END = 0.05
"""A cell is made full or made empty when it lies this near to an end of the swing [-]."""


@dataclass(frozen=True)
class Limits:
    """What bounds the surface of a cathode at a current, and how fast lithium follows.

    Parameters
    ----------
    made : float
        Lithium fraction of the cell as made [-].
    charged, discharged : float
        Fractions of the surface at which a charge and a discharge end [-].
    lag : float
        Dimensionless current i l / (F D c_max): steady lag of the surface in units of fractions,
        times 3, 4 or 5 for a film, a cylinder or a sphere [-].
    dimension : int
        0 for a film, 1 for a cylinder, 2 for a sphere.
    share : float
        Share of the lithium that enters at the surface [-].
    diffusivity : float
        Harmonic mean of the diffusivity over these fractions [m2/s].
    lithium : float
        Lithium per site of the cathode that the anode can give besides what it was given; more
        than that no discharge takes [-].
    """

    made: float
    charged: float
    discharged: float
    lag: float
    dimension: int
    share: float
    diffusivity: float
    lithium: float = np.inf

    @property
    def current_number(self) -> float:
        """Lambda = i l / (F D dc), dc the swing of the surface [-]."""
        swing = self.discharged - self.charged
        return self.lag / swing if swing > 0.0 else np.inf

    @property
    def made_full(self) -> bool:
        """Whether the cell is made as a discharge leaves its surface."""
        return abs(self.discharged - self.made) <= _ONE_END * (self.discharged - self.charged)

    @property
    def made_empty(self) -> bool:
        """Whether the cell is made as a charge leaves its surface, or beyond it."""
        return self.made - self.charged <= _ONE_END * (self.discharged - self.charged)


def limits(cell: Cell, current_density: float) -> Limits:
    """Find the surface fractions at which a charge and a discharge end, without diffusion.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Current density of both [A/m2].

    Returns
    -------
    Limits
        The fractions and the dimensionless current.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> found = limits(load_cell("wang2023-lco-lipon-li"), 0.694)
    >>> round(found.charged, 3), round(found.discharged, 3), round(found.current_number, 3)
    (0.557, 1.0, 0.313)
    """
    cathode, T, i = cell.cathode, cell.temperature, current_density
    charged = _ended(cell, i, cell.upper_voltage)
    discharged = _ended(cell, -i, cell.lower_voltage)
    D = cathode.diffusivity
    low, high = (min(max(x, D.low), D.high) for x in (charged, max(discharged, charged + 1e-6)))
    factor = transport.arrhenius_factor(
        T, cathode.diffusivity_activation_energy, cathode.reference_temperature
    )
    mean = float(factor / np.mean(1.0 / D(np.linspace(low, high, 201))))
    mean *= cathode.transport.ambipolar_factor
    lag = i * cathode.thickness / (F * mean * cathode.maximum_concentration)
    lithium = cell.anode.capacity / cathode.capacity_per_fraction
    return Limits(cathode.initial_fraction, charged, discharged, lag, cathode.dimension,
                  cathode.transport.share, mean, lithium)  # fmt: skip


def _ended(cell: Cell, i: float, voltage: float) -> float:
    """Surface fraction at which the voltage, raised by a charging current i, is at a limit."""
    low, high = cell.cathode.usable_fractions
    low, high = max(low, 1e-9), min(high, 1.0 - 1e-9)

    def above(x: float) -> float:
        return cell.rest_voltage(x) + _loss(cell, i, x) - voltage

    if above(low) < 0.0:
        return low
    if above(high) > 0.0:
        return high
    return float(brentq(above, low, high, xtol=1e-12))


def _loss(cell: Cell, i: float, x: float) -> float:
    """Ohmic and kinetic voltage that a charging current density i adds, at a surface fraction."""
    cathode, T = cell.cathode, cell.temperature
    eta = kinetics.overpotential(i, _exchange(cathode, x, T), T, cathode.transfer_coefficient)
    anode = cell.anode
    if isinstance(anode, InsertionAnode):
        full = min(max(anode.fraction_after(cell.charge_taken(x)), 1e-9), 1.0 - 1e-9)
        i0 = _exchange(anode, full, T)
    else:
        i0 = anode.exchange_current_density * float(
            transport.arrhenius_factor(T, anode.activation_energy, anode.reference_temperature)
        )
    eta_anode = kinetics.overpotential(-i, i0, T, anode.transfer_coefficient)
    return float(eta - eta_anode) + i * cell.resistance


def _exchange(part: Any, x: float, T: float) -> float:
    """Exchange current density of a cathode or an insertion anode."""
    i_ref = part.exchange_current_density
    prefactor = float(i_ref(min(max(x, i_ref.low), i_ref.high))) * float(
        transport.arrhenius_factor(T, part.exchange_activation_energy, part.reference_temperature)
    )
    return float(
        kinetics.exchange_current_density(
            x, prefactor, part.lithium_exponent, part.vacancy_exponent
        )
    )


def surface(tau: float, dimension: int, share: float = 1.0) -> float:
    """Give the surface concentration of a body that takes a constant flux; quickly.

    Parameters
    ----------
    tau : float
        Time D t / l^2 [-].
    dimension : int
        0 for a film, 1 for a cylinder, 2 for a sphere.
    share : float
        Share of the flux that enters at the surface looked at, for a film [-].

    Returns
    -------
    float
        Change of the surface concentration in units of i l / (F D) [-].

    References
    ----------
    The series of `physics.analytic`, read from a spline within 1e-8; before a time of 1e-5 and
    after 3 their limits.

    Examples
    --------
    >>> round(surface(0.1, 0), 8), round(surface(0.1, 2), 8)
    (0.35682625, 0.48676169)
    """
    if tau < _EARLY:
        return share * (2.0 * np.sqrt(max(tau, 0.0) / np.pi) + 0.5 * dimension * tau)
    if tau > _LATE:
        return (dimension + 1.0) * tau + _steady(dimension, share)
    return float(_spline(dimension, share)(np.log(tau))) * float(np.sqrt(tau))


def _steady(dimension: int, share: float) -> float:
    """Lag of the surface behind the mean, long after the current began."""
    return share / 3.0 - (1.0 - share) / 6.0 if dimension == 0 else 1.0 / (dimension + 3.0)


@lru_cache(maxsize=16)
def _spline(dimension: int, share: float) -> CubicSpline:
    """Surface concentration over the root of time, over the logarithm of time."""
    tau: Array = np.geomspace(_EARLY, _LATE, 300)
    whole: dict[int, Callable[[Array], Array]] = {
        0: lambda t: analytic.two_sided_surface(t, share),
        1: analytic.cylinder_surface,
        2: analytic.sphere_surface,
    }
    parts = [whole[dimension](part) for part in np.array_split(tau, 10)]
    return CubicSpline(np.log(tau), np.concatenate(parts) / np.sqrt(tau))


def series_swing(at: Limits, *, charge: bool) -> float:
    r"""Give the lithium per site that a charge, or the discharge after it, takes: the exact series.

    With :math:`S(\tau)` the surface concentration under a constant flux, in units of
    :math:`\lambda = i l / (F D c_\mathrm{max})` of the fraction,

    .. math:: \lambda S(\tau_1) = x_0 - x_u, \qquad
              \lambda \left[ S(\tau_1 + \tau_2) - 2 S(\tau_2) \right] = x_0 - x_l

    and the swings are :math:`(m + 1) \lambda \tau_1` and :math:`(m + 1) \lambda \tau_2`.

    Parameters
    ----------
    at : Limits
        What bounds the surface.
    charge : bool
        Whether the charge is meant, or the discharge that follows at the same current.

    Returns
    -------
    float
        Lithium per site [-].

    References
    ----------
    Superposition of Crank, The Mathematics of Diffusion, 2nd ed. (Oxford, 1975), eq. 4.55, 5.46
    and 6.45; Bard & Faulkner, Electrochemical Methods, 2nd ed. (Wiley, 2001), sect. 8.4.2.

    Examples
    --------
    >>> film = Limits(1.0, 0.5, 1.0, 5.0, 0, 1.0, 1e-14)  # Lambda = 10
    >>> up, down = series_swing(film, charge=True), series_swing(film, charge=False)
    >>> round(up / 0.5, 5), round(down / up, 5)
    (0.07854, 0.33333)
    """
    m, per_time = at.dimension, (at.dimension + 1.0) * at.lag

    def moved(tau: float) -> float:
        return surface(tau, m, at.share)

    drop, back = ((at.made - x) / at.lag for x in (at.charged, at.discharged))
    end = 0.0
    if drop > 0.0:
        end = brentq(lambda t: moved(t) - drop, 0.0, drop / (m + 1.0) + 1.0, xtol=1e-14)
    if charge:
        return float(per_time * end)
    if moved(end) <= back:
        return 0.0
    longest = end + (abs(back) + 1.0) / (m + 1.0) + 1.0
    then = brentq(lambda t: moved(end + t) - 2.0 * moved(t) - back, 0.0, longest, xtol=1e-14)
    return float(min(per_time * then, per_time * end + at.lithium))


def thin_swing(at: Limits, *, charge: bool) -> float:
    r"""Give the lithium per site that a thin body gives: a steady profile at each end.

    .. math:: x_l - x_u - 2 k \lambda, \qquad k = \tfrac13, \tfrac14, \tfrac15

    With only one end, :math:`x_0 - x_u - k \lambda` for a charge and
    :math:`x_l - x_0 - k \lambda` for the discharge of a cell that is made empty.

    Parameters
    ----------
    at : Limits
        What bounds the surface.
    charge : bool
        Whether the charge is meant, or the discharge that follows.

    Returns
    -------
    float
        Lithium per site; below 0 far outside the validity [-].

    References
    ----------
    Long-time limit of Crank (1975), eq. 4.55, 5.46 and 6.45.

    Examples
    --------
    >>> round(thin_swing(Limits(1.0, 0.5, 1.0, 0.15, 0, 1.0, 1e-14), charge=True), 4)  # 0.9 of it
    0.45
    """
    k = _steady(at.dimension, at.share)
    if charge:
        return at.made - at.charged - k * at.lag
    if at.made_empty:
        return at.discharged - at.made - k * at.lag
    return at.discharged - at.charged - 2.0 * k * at.lag


def thick_swing(at: Limits, *, charge: bool) -> float:
    r"""Give the lithium per site that a thick body gives: its far end is never reached.

    .. math:: (m + 1) \frac{\pi (x_0 - x_u)^2}{4 \lambda p^2}

    for a charge, a third of it for the discharge that follows if the cell is made full, and with
    :math:`x_l - x_0` for the discharge if it is made empty.

    Parameters
    ----------
    at : Limits
        What bounds the surface.
    charge : bool
        Whether the charge is meant, or the discharge that follows.

    Returns
    -------
    float
        Lithium per site [-].

    References
    ----------
    Sand, Phil. Mag. 1 (1901) 45; reversal: Bard & Faulkner (2001), sect. 8.4.2.

    Examples
    --------
    >>> round(thick_swing(Limits(1.0, 0.5, 1.0, 5.0, 0, 1.0, 1e-14), charge=True) / 0.5, 5)
    0.07854
    """
    one_way = charge or at.made_empty
    moved = at.made - at.charged if charge or not at.made_empty else at.discharged - at.made
    whole = (at.dimension + 1.0) * np.pi * max(moved, 0.0) ** 2 / (4.0 * at.lag * at.share**2)
    return float(whole if one_way else whole * analytic.reversal_ratio(1.0, 1.0))


@dataclass(frozen=True)
class Estimate:
    """A size by a closed form.

    Parameters
    ----------
    name : str
        Name of the formula.
    formula : str
        The formula, in words and symbols.
    valid : str
        Where it holds.
    size : float
        The size; nan where the formula reaches the demand at none [m].
    """

    name: str
    formula: str
    valid: str
    size: float


_Swing = Callable[..., float]

_FORMULAS: dict[str, tuple[_Swing, str, str, str]] = {
    "series": (series_swing, "L S(t) = dx, swing = (m + 1) L t",
               "L S(t1) = dx, S(t1 + t2) = 2 S(t2), swing = (m + 1) L t2",
               "any Lambda, constant D"),
    "thin": (thin_swing, "swing = dx - k L, k = 1/3, 1/4, 1/5",
             "swing = dx - 2 k L, k = 1/3, 1/4, 1/5", "Lambda below 1, constant D"),
    "thick": (thick_swing, "swing = (m + 1) pi dx^2 / 4 L", "swing = (m + 1) pi dx^2 / 12 L",
              "Lambda above 3, constant D"),
}  # fmt: skip
"""Function, formula of one way and of a way back, and validity; dx is the swing of the surface,
L = i l / (F D c_max), S the surface concentration at constant flux, m = 0, 1, 2."""


def estimates(cell: Cell, demand: Demand) -> tuple[Estimate, ...]:
    """Give the size that a demand allows, by the series and by the short formula that fits.

    Parameters
    ----------
    cell : Cell
        The cell; its own size does not matter.
    demand : Demand
        What is to be reached.

    Returns
    -------
    tuple of Estimate
        The series, and the formula for thin or thick bodies where either holds.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.design.counting import OfTheory
    >>> from filmcell.protocol.amounts import Amperes
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> found = estimates(cell, Demand(0.8, Amperes(1e-4), OfTheory()))
    >>> [(e.name, round(e.size * 1e6, 2)) for e in found]
    [('series', 4.69), ('thin', 4.69)]
    """
    series = _estimate(cell, demand, "series")
    if not np.isfinite(series.size):
        return (series,)
    at = limits_at(cell, demand, series.size)
    charge = isinstance(demand.counted, FirstCharge)
    by_lithium = at.made + at.lithium < at.discharged
    if not charge and (by_lithium or not (at.made_full or at.made_empty)):
        return (series,)
    if at.current_number <= 1.0:
        return series, _estimate(cell, demand, "thin")
    return (series, _estimate(cell, demand, "thick")) if at.current_number >= 3.0 else (series,)


def limits_at(cell: Cell, demand: Demand, size: float) -> Limits:
    """Give what bounds the surface in a cell of a size at the current of a demand.

    Parameters
    ----------
    cell : Cell
        The cell.
    demand : Demand
        Whose current flows.
    size : float
        Thickness or radius [m].

    Returns
    -------
    Limits
        The fractions and the dimensionless current.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.protocol.amounts import CRate
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> round(limits_at(cell, Demand(0.9, CRate(1.0)), 5e-6).current_number, 2)
    0.84
    """
    sized = cell.replace({SIZE: size})
    return limits(sized, demand.current.density(sized))


def _estimate(cell: Cell, demand: Demand, name: str) -> Estimate:
    """Largest size up to which a closed form reaches the demand at all smaller ones."""
    swing, one_way, way_back, valid = _FORMULAS[name]
    charge = isinstance(demand.counted, FirstCharge)

    def over(log_size: float) -> float:
        sized = cell.replace({SIZE: float(np.exp(log_size))})
        at = limits(sized, demand.current.density(sized))
        return swing(at, charge=charge) / demand.basis.swing(sized) - demand.utilisation

    places = np.linspace(np.log(SMALLEST), np.log(LARGEST), _LOOKED_AT)
    reaches = np.array([over(float(place)) >= 0.0 for place in places])
    falls = np.flatnonzero(reaches[:-1] & ~reaches[1:])
    size = float("nan")
    if falls.size:
        size = float(np.exp(brentq(over, *places[falls[0] : falls[0] + 2], xtol=1e-9)))
    back = not charge and not limits_at(cell, demand, cell.cathode.thickness).made_empty
    return Estimate(name, way_back if back else one_way, valid, size)
