r"""The universal map: how much of its sites a body fills, over two numbers without units.

A film, cylinder or sphere with a constant diffusivity D is filled at constant current to a
cut-off voltage. Whatever its size, D, rate constant and current, the share of its sites that are
filled depends on

.. math:: \ell = \frac{d^2 C}{z t_h D} = \frac{i d}{F D c}, \qquad
          \Xi = k^0 \sqrt{\frac{t_h}{C D}} = \frac{F k^0 c}{i} \sqrt{\frac{\ell}{z}}

alone: d is the thickness or radius, C the rate at which c is filled in :math:`t_h / C`, z is 1, 2
or 3 for film, cylinder or sphere, and :math:`i_0 = F k^0 c\, x^{1-\alpha} (1-x)^{\alpha}`.
See ``docs/universal_map.md``.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from filmcell import __version__
from filmcell.arrays import Array, ArrayLike, as_array, frozen
from filmcell.cell.cathodes import SingleDiffusion
from filmcell.cell.cell import Cell
from filmcell.constants import F
from filmcell.design.universal_problem import UniversalProblem
from filmcell.errors import InputError, OutOfRange
from filmcell.physics import kinetics, transport
from filmcell.simulation.many import simulate_many
from filmcell.simulation.options import DEFAULTS, Options
from filmcell.units import shown


@dataclass(frozen=True, eq=False)
class UniversalMap:
    """Utilisation over (l, Xi).

    Parameters
    ----------
    problem : UniversalProblem
        What was filled.
    ell : ndarray
        l, rising, shape (n,) [-].
    xi : ndarray
        Xi, rising, shape (m,) [-].
    values : ndarray
        Charge that went in over that of all sites, shape (n, m); nan where it failed [-].
    failed : tuple of tuple of str
        Why a point failed, "" where it did not, shape (n, m).
    options : Options
        Accuracy.
    """

    problem: UniversalProblem
    ell: Array
    xi: Array
    values: Array
    failed: tuple[tuple[str, ...], ...]
    options: Options

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        for name in ("ell", "xi", "values"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    def utilisation(self, ell: ArrayLike, xi: ArrayLike) -> Array:
        """Read the map between its points, by monotone cubics in the logarithms of l and Xi.

        Parameters
        ----------
        ell, xi : array_like
            Where, of one shape [-].

        Returns
        -------
        ndarray
            Utilisation, the same shape [-].

        Raises
        ------
        OutOfRange
            Where l or Xi lies beyond the map.
        InputError
            Where points of the map failed, which leaves a hole in it.

        Examples
        --------
        >>> from filmcell.cell.cathodes import Film
        >>> from filmcell.design.universal_problem import ideal_problem
        >>> ell, xi = np.logspace(-3, 1, 17), np.logspace(-2, 2, 17)
        >>> grid = universal_map(ideal_problem(Film()), ell, xi)
        >>> float(grid.utilisation(0.2, 5.0).round(3))
        0.926
        """
        where = np.stack(np.broadcast_arrays(as_array(ell), as_array(xi)), axis=-1)
        for name, axis, asked in (("l", self.ell, where[..., 0]), ("Xi", self.xi, where[..., 1])):
            if not np.all((asked >= axis[0]) & (asked <= axis[-1])):  # nan too
                raise OutOfRange(
                    f"universal map: {name} from {asked.min():.4g} to {asked.max():.4g} is outside "
                    f"{axis[0]:.4g} to {axis[-1]:.4g}, expected one on the map"
                )
        return as_array(self._interpolant(np.log(where))).reshape(where.shape[:-1])

    @cached_property
    def _interpolant(self) -> Callable[[Array], Array]:
        """Interpolate between the points of the map."""
        from scipy.interpolate import RegularGridInterpolator

        holes = int(np.count_nonzero(np.isnan(self.values)))
        if holes:
            raise InputError(
                f"universal map: {holes} of its {self.values.size} points failed, expected one "
                "without holes to read between them"
            )
        method = "pchip" if min(self.values.shape) >= 4 else "linear"
        found: Callable[[Array], Array] = RegularGridInterpolator(
            (np.log(self.ell), np.log(self.xi)), self.values, method=method
        )
        return found

    @property
    def provenance(self) -> Mapping[str, str]:
        """Cell, cut-off, options and axes as text, version, and a hash of it all."""
        origin = {
            "cell": self.problem.base.json,
            "cut_off_V": f"{self.problem.cut_off:.12g}",
            "options": json.dumps(asdict(self.options)),
            "l": json.dumps(self.ell.tolist()),
            "Xi": json.dumps(self.xi.tolist()),
            "version": __version__,
        }
        digest = hashlib.sha256(json.dumps(origin, sort_keys=True).encode()).hexdigest()
        return {**origin, "hash": digest}


def universal_map(
    problem: UniversalProblem,
    ell: ArrayLike,
    xi: ArrayLike,
    *,
    options: Options = DEFAULTS,
    threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> UniversalMap:
    """Fill a body at every (l, Xi) by the film model.

    Parameters
    ----------
    problem : UniversalProblem
        Shape, isotherm, cut-off, start, transfer coefficient and temperature.
    ell : array_like
        l, rising, above 0, shape (n,) [-].
    xi : array_like
        Xi, rising, above 0, shape (m,) [-].
    options : Options
        Accuracy.
    threads : int, optional
        Threads; as many as there are cores if not given.
    progress : callable, optional
        Called with the number of points done since the last call.

    Returns
    -------
    UniversalMap
        Utilisation and why points failed, if any did.

    Raises
    ------
    InputError
        Where an axis is not made of rising numbers above 0.

    References
    ----------
    Gavilan-Arriazu, Barraco, Ein-Eli & Leiva, ChemPhysChem 24 (2023) e202200665.

    Examples
    --------
    >>> from filmcell.cell.cathodes import Film
    >>> from filmcell.design.universal_problem import ideal_problem
    >>> universal_map(ideal_problem(Film()), [1e-3, 1.0], [0.1, 10.0]).values.round(3)
    array([[0.98 , 0.996],
           [0.165, 0.659]])
    """
    rows, columns = _axis("l", ell), _axis("Xi", xi)
    outcomes = simulate_many(
        (problem.design(float(a), float(b)) for a in rows for b in columns),
        options=options, threads=threads, progress=progress,
    )  # fmt: skip
    shape = (rows.size, columns.size)
    reasons = [
        why or ("" if ended[-1].startswith("voltage reached") else ended[-1])
        for why, ended in zip(outcomes.failed, outcomes.ended, strict=True)
    ]
    values = np.where(np.array(reasons) == "", outcomes.utilisation[:, 0], np.nan)
    failed = np.array(reasons, dtype=object).reshape(shape)
    told = tuple(tuple(row) for row in failed)
    return UniversalMap(problem, rows, columns, values.reshape(shape), told, options)


def _axis(name: str, given: ArrayLike) -> Array:
    """Read an axis; refuse numbers that are not above 0 or do not rise."""
    axis = np.atleast_1d(as_array(given))
    if axis.ndim != 1 or axis.size == 0 or not np.all(np.isfinite(axis) & (axis > 0.0)):
        raise InputError(f"{name}: {shown(given)} is not an axis, expected numbers above 0")
    if not np.all(np.diff(axis) > 0.0):
        raise InputError(f"{name}: {shown(given)} does not rise, expected numbers that rise")
    return axis


class Place(NamedTuple):
    """Where a cell stands on the map: l and Xi."""

    ell: float
    xi: float


def place(cell: Cell, current_density: float, *, fraction: float | None = None) -> Place:
    r"""Find where a real cell stands on the universal map.

    Only the lithium that the theoretical capacity counts is counted, c = swing times the sites.
    The diffusivity is taken at one lithiation fraction, and so is the exchange current density,
    which stands for that of the half-filled body: :math:`k^0 = 2 i_0 / F c`, so that
    :math:`\Xi = (2 i_0 / i) \sqrt{\ell / z}`.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Current density at the surface of the cathode; its sign does not matter [A/m2].
    fraction : float, optional
        Lithiation fraction at which D and i0 are taken; by default the middle of what the voltage
        window allows at rest [-].

    Returns
    -------
    Place
        l and Xi.

    Raises
    ------
    InputError
        Where the current is not a number other than 0, or lithium enters from both sides.
    OutOfRange
        Where the fraction lies outside the range of a property.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> cell = load_cell("wang2023-lco-lipon-li")
    >>> [round(number, 3) for number in place(cell, 0.694)]
    [0.278, 5.966]
    """
    current = abs(current_density)
    if not (current > 0.0 and np.isfinite(current)):
        raise InputError(
            f"current_density: {shown(current_density)} is not allowed, expected one in A/m2 that "
            "is not 0"
        )
    cathode = cell.cathode
    if not isinstance(cathode.transport, SingleDiffusion):
        raise InputError(
            "cathode.transport: lithium enters a mixed conductor from both sides, expected "
            "single diffusion as on the universal map"
        )
    x = float(np.mean(cell.window_fractions)) if fraction is None else fraction
    D, i0 = _at_fraction(cell, x)
    c = cathode.maximum_concentration * cathode.theoretical_swing
    ell = current * cathode.thickness / (F * D * c)
    return Place(ell, 2.0 * i0 / current * float(np.sqrt(ell / (cathode.dimension + 1))))


def _at_fraction(cell: Cell, x: float) -> tuple[float, float]:
    """Diffusivity [m2/s] and exchange current density [A/m2] at a lithiation fraction."""
    cathode, T = cell.cathode, cell.temperature
    D, i0 = (
        float(transport.arrhenius_factor(T, energy, cathode.reference_temperature))
        for energy in (cathode.diffusivity_activation_energy, cathode.exchange_activation_energy)
    )
    i_ref = float(cathode.exchange_current_density(x)) * i0
    exponents = cathode.lithium_exponent, cathode.vacancy_exponent
    return float(cathode.diffusivity(x)) * D, float(
        kinetics.exchange_current_density(x, i_ref, *exponents)
    )
