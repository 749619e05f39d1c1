r"""The film model once more, as plainly as it can be written: the oracle of `models.film`.

No tables, no kernels, no Jacobian: every formula is called as it stands in `physics`, and time is
left to scipy. Slow, and meant to be.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cell import Cell
from filmcell.constants import F
from filmcell.errors import InputError
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.plain_nodes import first_resistance, flux, mass_matrix
from filmcell.physics.kinetics import exchange_current_density, overpotential
from filmcell.physics.transport import arrhenius_factor


@dataclass(frozen=True, eq=False)
class ReferenceModel:
    """A cell on a mesh, in plain Python.

    Parameters
    ----------
    cell : Cell
        The cell.
    mesh : Mesh
        Mesh of its cathode.

    Examples
    --------
    >>> import filmcell
    >>> cell = filmcell.load_cell("wang2023-lco-lipon-li")
    >>> model = ReferenceModel(cell, Mesh.uniform(20, 1e-5))
    >>> c = np.full(20, 0.7 * 51822.0)
    >>> round(model.voltage(c, 0.0), 4)  # at rest it is the potential
    3.9808
    """

    cell: Cell
    mesh: Mesh

    def diffusivity(self, c: Array) -> Array:
        """D(c, T), shape of c [m2/s]."""
        cathode = self.cell.cathode
        factor = arrhenius_factor(
            self.cell.temperature,
            cathode.diffusivity_activation_energy,
            cathode.reference_temperature,
        )
        return cathode.diffusivity(c / cathode.maximum_concentration) * factor

    def rate(self, c: Array, i: float) -> Array:
        """dc/dt = -div N with N = -D grad c, N(0) = i/F and N(far end) = 0 [mol/(m3 s)]."""
        N = np.concatenate([[i / F], flux(self.mesh, c, self.diffusivity), [0.0]])
        return np.asarray(np.linalg.solve(self.mass, -np.diff(N)), float)

    @cached_property
    def mass(self) -> Array:
        """What a rate at each node counts in the balance of each, shape (n, n) [m]."""
        return mass_matrix(self.mesh)

    def surface(self, c: Array, i: float) -> float:
        """Lithiation fraction a small distance outside the first node [-]."""
        rho = first_resistance(self.mesh) / self.diffusivity(c[:1])[0]
        return float(c[0] + i / F * rho) / self.cell.cathode.maximum_concentration

    def voltage(self, c: Array, i: float) -> float:
        """V = U(x_s) + eta_p - eta_n - i (sum of L / sigma + r_c) [V]."""
        return sum(self.losses(c, i))

    def losses(self, c: Array, i: float) -> tuple[float, float, float, float]:
        """U(x_s), eta_p, -eta_n and the ohmic loss; they sum to the voltage [V]."""
        cell, cathode = self.cell, self.cell.cathode
        anode = cast("LithiumMetal", cell.anode)
        T, x = cell.temperature, self.surface(c, i)
        i_ref = float(cathode.exchange_current_density(x)) * float(
            arrhenius_factor(T, cathode.exchange_activation_energy, cathode.reference_temperature)
        )
        i0_p = exchange_current_density(
            x, i_ref, cathode.lithium_exponent, cathode.vacancy_exponent
        )
        i0_n = anode.exchange_current_density * arrhenius_factor(
            T, anode.activation_energy, anode.reference_temperature
        )
        return (
            float(cathode.potential(x)),
            float(overpotential(-i, i0_p, T, cathode.transfer_coefficient)),
            -float(overpotential(i, i0_n, T, anode.transfer_coefficient)),
            -i * cell.resistance,
        )

    def constant_current(self, c: Array, i: float, voltage: float) -> tuple[Array, Array, Array]:
        """Let a constant current flow until the voltage reaches a limit.

        Parameters
        ----------
        c : ndarray
            Concentration at the start, shape (n,) [mol/m3].
        i : float
            Current density, positive on discharge [A/m2].
        voltage : float
            Limit [V].

        Returns
        -------
        time : ndarray
            Times that the integrator chose, shape (k,) [s].
        voltage : ndarray
            Voltage at these times, shape (k,) [V].
        states : ndarray
            Concentrations at these times, shape (k, n) [mol/m3].

        Raises
        ------
        InputError
            Where the limit is not reached in ten times the time that empties every site.
        """
        from scipy.integrate import solve_ivp

        def to_limit(t: float, c: Array) -> float:
            x = self.surface(c, i)
            U = self.cell.cathode.potential
            inside = U.low < x < min(U.high, 1.0 - 1e-15)
            return self.voltage(c, i) - voltage if inside else -np.sign(i)

        to_limit.terminal = True  # type: ignore[attr-defined]
        longest = 10 * self.cell.cathode.capacity_per_fraction / abs(i)
        found = solve_ivp(
            lambda t, c: self.rate(c, i), (0.0, longest), c, method="LSODA", events=to_limit,
            rtol=1e-11, atol=1e-11 * self.cell.cathode.maximum_concentration,
        )  # fmt: skip
        if found.status != 1:
            raise InputError(f"{voltage:g} V is not reached at {i:g} A/m2 within {longest:g} s")
        states = found.y.T
        return found.t, np.array([self.voltage(row, i) for row in states]), states
