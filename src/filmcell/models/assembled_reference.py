"""The assembled model once more, as plainly as it can be written: the oracle of `assembled`.

No tables, no kernels, no Jacobian: properties are asked directly, every implicit quantity is left
to scipy's root finder, and integrals are sums over volumes. Slow, and meant to be.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from filmcell.arrays import Array
from filmcell.cell.cathodes import Cathode, MixedConduction
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.constants import F, R
from filmcell.models.assembled import AssembledModel
from filmcell.models.blocks import range_of
from filmcell.models.places import L_ANODE_U, L_CATHODE_U, L_GEOMETRIC, L_RC, L_TEMPERATURE
from filmcell.models.regions import Region, weak_layers
from filmcell.numerics.finite_volume import divergence, half_resistance, inner_flux
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.plain_nodes import first_resistance, flux, mass_matrix
from filmcell.physics import kinetics
from filmcell.physics.transport import arrhenius_factor


@dataclass(frozen=True, eq=False)
class AssembledReference:
    """An assembled cell in plain Python, over the same states.

    Parameters
    ----------
    model : AssembledModel
        Which cell, on which meshes; only their objects and the order of the states are used.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> from filmcell.models.choice import model_of
    >>> model = model_of(load_cell("danilov2011"), 1.0)
    >>> plain = AssembledReference(model)
    >>> round(plain.voltage(model.initial(), 0.0), 4)
    4.1967
    """

    model: AssembledModel

    def region(self, name: str) -> Region | None:
        """Region of a layer; None where its concentration is no state."""
        return next((r for r in self.model.regions if r.name == name), None)

    def temperature(self, y: Array) -> float:
        """Temperature [K]."""
        place = self.model.layout[L_TEMPERATURE]
        return float(y[place]) if place >= 0 else self.model.cell.temperature

    # electrodes ------------------------------------------------------------------------------

    def diffusivity(self, film: Any, c: Array, T: float) -> Array:
        """Diffusivity of neutral lithium, 2 D_Li D_e / (D_Li + D_e) in a mixed conductor [m2/s]."""
        D = film.diffusivity(np.clip(c / film.maximum_concentration, *self.bounds(film)))
        D = D * arrhenius_factor(T, film.diffusivity_activation_energy, film.reference_temperature)
        mixed = film.transport if isinstance(film, Cathode) else None
        if isinstance(mixed, MixedConduction):
            D_e = mixed.electronic_ratio * D
            return np.asarray(2.0 * D * D_e / (D + D_e))
        return np.asarray(D)

    @staticmethod
    def bounds(film: Any) -> tuple[float, float]:
        """Range of the diffusivity."""
        return film.diffusivity.low, film.diffusivity.high

    @staticmethod
    def share(film: Any) -> float:
        """Part of the lithium that enters from the electrolyte's side [-]."""
        mixed = film.transport if isinstance(film, Cathode) else None
        return mixed.share if isinstance(mixed, MixedConduction) else 1.0

    def surface(self, name: str, y: Array, flux: float, T: float) -> float:
        """Lithiation fraction at the surface under a flux into it [mol/(m2 s)]."""
        film, place = self.model.films[name], self.region(name)
        assert place is not None
        c, grid = y[place.start : place.stop], place.grid
        D = self.diffusivity(film, c, T)
        if isinstance(grid, Mesh):
            rho = half_resistance(grid, D)[0]
        else:
            rho = first_resistance(grid.mesh) / D[0]
        return float((c[0] + flux * rho) / film.maximum_concentration)

    def exchange(self, film: Any, x: float, ions: float, T: float) -> float:
        """Exchange current density [A/m2]."""
        i_ref = float(film.exchange_current_density(x)) * arrhenius_factor(
            T, film.exchange_activation_energy, film.reference_temperature
        )
        a, b = film.lithium_exponent, film.vacancy_exponent
        return float(kinetics.exchange_current_density(x, i_ref * ions, a, b))

    def potential(self, film: Any, x: float, T: float) -> float:
        """Open-circuit potential [V]."""
        away = T - film.reference_temperature
        return float(film.potential(x)) + away * float(film.entropy(x))

    def faradaic(self, name: str, y: Array, k: float, T: float) -> float:
        """Current that puts lithium into an electrode under the current k into it [A/m2]."""
        place = self.model.layout[L_CATHODE_U if name == "cathode" else L_ANODE_U]
        if place < 0:
            return k
        phi = -float(y[place])
        film = self.model.films.get(name)
        if film is None:
            return -self._metal_current(phi, T)
        rest = 1.0 - self.share(film)

        def off(k_F: float) -> float:
            x = float(np.clip(self.surface(name, y, (k_F - rest * k) / F, T), *range_of(film)))
            i0, eta = self.exchange(film, x, 1.0, T), phi - self.potential(film, x, T)
            return k_F + float(kinetics.butler_volmer(eta, i0, T, film.transfer_coefficient))

        return float(brentq(off, *self._window(name, y, k, T), xtol=1e-15, rtol=1e-14))

    def _window(self, name: str, y: Array, k: float, T: float) -> tuple[float, float]:
        """Faradaic currents at which the surface is nearly empty and nearly full [A/m2]."""
        film = self.model.films[name]
        x0 = self.surface(name, y, -(1.0 - self.share(film)) * k / F, T)
        per_k = self.surface(name, y, (1.0 - (1.0 - self.share(film)) * k) / F, T) - x0
        low, high = range_of(film)
        return (max(low, 1e-12) - x0) / per_k, (min(high, 1.0 - 1e-12) - x0) / per_k

    def _metal_current(self, eta: float, T: float) -> float:
        """Stripping current of lithium metal [A/m2]."""
        anode: Any = self.model.cell.anode
        i0 = anode.exchange_current_density * arrhenius_factor(
            T, anode.activation_energy, anode.reference_temperature
        )
        return float(kinetics.butler_volmer(eta, i0, T, anode.transfer_coefficient))

    def electrode(self, name: str, y: Array, k: float, ions: float, T: float) -> float:
        """Potential of an electrode against the electrolyte under the current k into it [V]."""
        film = self.model.films.get(name)
        place = self.model.layout[L_CATHODE_U if name == "cathode" else L_ANODE_U]
        if place >= 0:
            return -float(y[place])
        if film is None:
            anode: Any = self.model.cell.anode
            i0 = (
                anode.exchange_current_density
                * ions
                * arrhenius_factor(T, anode.activation_energy, anode.reference_temperature)
            )
            return float(kinetics.overpotential(-k, i0, T, anode.transfer_coefficient))
        x = self.surface(name, y, self.share(film) * k / F, T)
        i0 = self.exchange(film, x, ions, T)
        eta = kinetics.overpotential(-k, i0, T, film.transfer_coefficient)
        return self.potential(film, x, T) + float(eta)

    def film_rate(self, name: str, y: Array, k: float, T: float) -> Array:
        """dc/dt = -dN/dx, N(0) = (k_F - (1 - p) k) / F and N(far end) = -(1 - p) k / F."""
        film, place = self.model.films[name], self.region(name)
        assert place is not None
        c, grid = y[place.start : place.stop], place.grid
        rest = 1.0 - self.share(film)
        entering = (self.faradaic(name, y, k, T) - rest * k) / F
        if isinstance(grid, Mesh):
            inner = inner_flux(grid, c, self.diffusivity(film, c, T))
            return -divergence(grid, np.concatenate([[entering], inner, [-rest * k / F]]))
        inner = flux(grid.mesh, c, lambda c: self.diffusivity(film, c, T))
        N = np.concatenate([[entering], inner, [0.0]])
        return np.asarray(np.linalg.solve(mass_matrix(grid.mesh), -np.diff(N)), float)

    def electronic_loss(self, y: Array, k: float, T: float) -> float:
        """Integral of J_e / (D_e c), J_e = N - p k / F, times RT/F [V]."""
        film, place = self.model.cell.cathode, self.region("cathode")
        mixed = film.transport
        if not (isinstance(mixed, MixedConduction) and mixed.electronic_loss):
            return 0.0
        assert place is not None
        c, p = y[place.start : place.stop], self.share(film)
        D = self.diffusivity(film, c, T)
        D_e = D * (1.0 + mixed.electronic_ratio) / 2.0
        inner = inner_flux(self.model.mesh, c, D) - p * k / F
        at_surface = (self.faradaic("cathode", y, k, T) - k) / F
        J = np.concatenate([[at_surface], inner, [-k / F]])
        return float(R * T / F * np.sum(0.5 * (J[1:] + J[:-1]) * place.grid.widths / (D_e * c)))

    # electrolytes ----------------------------------------------------------------------------

    @staticmethod
    def mobile(layer: WeakElectrolyte, T: float) -> tuple[float, float]:
        """Diffusivities of Li+ and of n- [m2/s]."""
        warm = float(arrhenius_factor(T, layer.activation_energy, layer.reference_temperature))
        return layer.cation_diffusivity * warm, layer.anion_diffusivity * warm

    def weak_rate(self, name: str, layer: WeakElectrolyte, y: Array, k: float, T: float) -> Array:
        """da/dt = D a'' + k_d (a0 - a) - k_r a^2 with a' = -k / (2 F D+) at both ends."""
        place = self.region(name)
        assert place is not None
        assert isinstance(place.grid, Mesh)
        a = y[place.start : place.stop]
        D_p, D_n = self.mobile(layer, T)
        D = np.full(a.size, 2.0 * D_p * D_n / (D_p + D_n))
        end = D[0] * k / (2.0 * F * D_p)
        N = np.concatenate([[end], inner_flux(place.grid, a, D), [end]])
        warm = float(
            arrhenius_factor(T, layer.reaction_activation_energy, layer.reference_temperature)
        )
        made = layer.dissociation_rate * (layer.site_concentration - a)
        gone = layer.recombination_rate * a**2
        return -divergence(place.grid, N) + warm * (made - gone)

    def weak_ends(
        self, name: str, layer: WeakElectrolyte, y: Array, k: float, T: float
    ) -> tuple[float, float]:
        """Concentrations at both sides [mol/m3]."""
        place = self.region(name)
        assert place is not None
        a, widths = y[place.start : place.stop], place.grid.widths
        slope = k / (2.0 * F * self.mobile(layer, T)[0])
        return float(a[0] + slope * widths[0] / 2), float(a[-1] - slope * widths[-1] / 2)

    def weak_loss(self, name: str, layer: WeakElectrolyte, y: Array, k: float, T: float) -> float:
        """RT/F ln(a(L)/a(0)) - integral of E [V]."""
        place = self.region(name)
        assert place is not None
        a = y[place.start : place.stop]
        D_p, D_n = self.mobile(layer, T)
        first, last = self.weak_ends(name, layer, y, k, T)
        nernst = np.log(last / first)
        field = (k / F * np.sum(place.grid.widths / a) + (D_p - D_n) * nernst) / (D_p + D_n)
        return float(R * T / F * (nernst - field))

    def ions(self, y: Array, k: float, T: float) -> tuple[float, float]:
        """Factors of the exchange current densities at the anode and at the cathode [-]."""
        cell, weak = self.model.cell, list(weak_layers(self.model.cell).items())
        if not weak:
            return 1.0, 1.0
        (n, first), (m, last) = weak[0], weak[-1]
        start = self.weak_ends(n, first, y, k, T)[0] / first.equilibrium_concentration
        end = self.weak_ends(m, last, y, k, T)[1] / last.equilibrium_concentration
        anode = float(getattr(cell.anode, "electrolyte_exponent", 0.0))
        return float(start**anode), float(end**cell.cathode.electrolyte_exponent)

    # the cell --------------------------------------------------------------------------------

    def resistances(self, T: float) -> list[tuple[float, float]]:
        """Resistance at a temperature and capacitance of each ohmic part [ohm m2], [F/m2]."""
        return [
            (ohms / float(arrhenius_factor(T, energy, T_ref)), C)
            for ohms, energy, T_ref, C in self.model.ohmic.values()
        ]

    def across(self, y: Array, k: float) -> float:
        """Voltage between the collectors without the series resistance [V]."""
        T = self.temperature(y)
        anode, cathode = self.ions(y, k, T)
        ohms = sum(r for r, C in self.resistances(T) if C == 0)
        charged = sum(y[self.model.layout[L_RC] + j] for j in range(self.rc_count(T)))
        weak = sum(self.weak_loss(n, w, y, k, T) for n, w in weak_layers(self.model.cell).items())
        return (
            self.electrode("cathode", y, k, cathode, T)
            - self.electrode("anode", y, -k, anode, T)
            + self.electronic_loss(y, k, T)
            + weak - k * ohms - float(charged)
        )  # fmt: skip

    def rc_count(self, T: float) -> int:
        """Number of interfaces with a capacitance."""
        return sum(C > 0 for _, C in self.resistances(T))

    def internal(self, y: Array, i: float) -> float:
        """Current between the electrodes [A/m2]."""
        place = self.model.layout[L_GEOMETRIC]
        if place < 0:
            return i
        step = 1e-3
        while (self.across(y, i - step) - y[place]) * (self.across(y, i + step) - y[place]) > 0:
            step *= 1.5
        return float(brentq(lambda k: self.across(y, k) - y[place], i - step, i + step, xtol=1e-14))

    def voltage(self, y: Array, i: float) -> float:
        """Voltage of the cell [V]."""
        place, ohms = self.model.layout[L_GEOMETRIC], self.model.cell.contact_resistance
        return (float(y[place]) if place >= 0 else self.across(y, i)) - ohms * i

    def rate(self, y: Array, i: float) -> Array:
        """Rates of all states."""
        cell, lay, out = self.model.cell, self.model.layout, np.zeros_like(y)
        k, T = self.internal(y, i), self.temperature(y)
        for name, sign in (("cathode", 1.0), ("anode", -1.0)):
            place, region = lay[L_CATHODE_U if sign > 0 else L_ANODE_U], self.region(name)
            if place >= 0:
                C = getattr(cell, name).double_layer_capacitance
                out[place] = (sign * k - self.faradaic(name, y, sign * k, T)) / C
            if region is not None:
                out[region.start : region.stop] = self.film_rate(name, y, sign * k, T)
        for name, layer in weak_layers(cell).items():
            region = self.region(name)
            assert region is not None
            out[region.start : region.stop] = self.weak_rate(name, layer, y, k, T)
        charged = [(ohms, C) for ohms, C in self.resistances(T) if C > 0]
        for j, (ohms, C) in enumerate(charged):
            out[lay[L_RC] + j] = (k - y[lay[L_RC] + j] / ohms) / C
        if lay[L_GEOMETRIC] >= 0:
            out[lay[L_GEOMETRIC]] = (k - i) / cell.geometric_capacitance
        if lay[L_TEMPERATURE] >= 0:
            out[lay[L_TEMPERATURE]] = self.warming(y, i, T)
        out[-2:] = 1.0, i
        return out

    def warming(self, y: Array, i: float, T: float) -> float:
        """dT/dt of the lumped heat balance [K/s]."""
        heat = self.model.cell.heat
        assert heat is not None
        U, S = 0.0, 0.0
        for sign, film in zip((1.0, -1.0), self.model.films.values(), strict=False):
            x = film.initial_fraction + sign * y[-1] / film.capacity_per_fraction
            U += sign * self.potential(film, x, T)
            S += sign * float(film.entropy(x))
        around = self.model.cell.temperature if heat.surroundings is None else heat.surroundings
        gone = heat.heat_transfer_coefficient * (T - around)
        made = i * (U - self.voltage(y, i)) - i * T * S
        return float((made - gone) / heat.heat_capacity)
