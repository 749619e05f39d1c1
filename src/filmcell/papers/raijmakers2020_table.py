"""What follows from Table 3 of Raijmakers et al. 2020, and its electrolyte at 1C."""

from collections.abc import Callable

from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cathodes import MixedConduction
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.models.regions import Meshes, default_mesh
from filmcell.numerics.mesh import Mesh
from filmcell.papers.claims import Claim
from filmcell.physics import kinetics, weak_electrolyte
from filmcell.simulation.result import Result
from filmcell.simulation.solve import simulate

EXCHANGE = {0.51: 4.7005, 0.60: 4.6065, 0.70: 4.3090, 0.80: 3.7612, 0.90: 2.8209}
"""Lithiation fraction to exchange current density of the cathode [A/m2]."""

FIGURE = {"NERNST": -3.3, "MIGRATION": -69.8, "TOTAL": -73.4}
"""Losses of the electrolyte at 1C, read off the figure [mV]."""

INDEPENDENT = {"NERNST": -3.824, "MIGRATION": -70.019, "TOTAL": -73.844}
"""The same by an independent solution [mV]."""

IONS = (42.067, 36.154)
"""Ions at the lithium and at the cathode at 1C by the independent solution [1000 mol/m3]."""

FIGURE_WITHIN = 0.5
"""How well the losses can be read off the figure [mV]."""

TABLE = "from Table 3"
SOLVED = "independent"
_FINE = 800  # volumes of the electrolyte for its own check: its reaction length is 1.3 % of it
_EXACT = 1e-4


def table_claims(cell: Cell, tick: Callable[[], None]) -> tuple[Claim, ...]:
    """Compare what follows from the parameters, and the electrolyte at 1C.

    Parameters
    ----------
    cell : Cell
        The cell of the paper.
    tick : callable
        Called after each simulation.

    Returns
    -------
    tuple of Claim
        The claims.
    """
    claims = (*_electrolyte(cell), *_electrodes(cell), *_losses(cell))
    tick()
    return claims


def _electrolyte(cell: Cell) -> tuple[Claim, ...]:
    """Numbers of LiPON."""
    film, T = cell.electrolyte, cell.temperature
    assert isinstance(film, WeakElectrolyte)
    plus, minus = film.cation_diffusivity, film.anion_diffusivity
    D = float(weak_electrolyte.ambipolar_diffusivity(plus, minus))
    time = weak_electrolyte.reaction_time(
        film.dissociation_rate, film.recombination_rate, film.equilibrium_concentration
    )
    length = float(weak_electrolyte.reaction_length(D, time))
    sigma = film.conductivity(T)
    steady = weak_electrolyte.dc_resistance(film.thickness, sigma, length, plus, minus)
    return (
        Claim("SIGMA", "conductivity at rest", TABLE, "1e-4 S/m", 1.10953, sigma * 1e4, _EXACT),
        Claim("R-E", "resistance of the film at rest", TABLE, "ohm cm2", 326.266,
              film.resistance(T) * 1e4, _EXACT),
        Claim("T-PLUS", "transference number", TABLE, "-", 0.2332, film.transference_number, 3e-4),
        Claim("D-AMB", "ambipolar diffusivity", TABLE, "1e-16 m2/s", 2.6533, D * 1e16, _EXACT),
        Claim("K-D", "rate constant of dissociation", TABLE, "1/s", 5.5652e-2,
              film.dissociation_rate, _EXACT),
        Claim("TAU-R", "reaction time", TABLE, "s", 8.456, time, _EXACT),
        Claim("LAMBDA", "reaction length", TABLE, "nm", 47.37, length * 1e9, _EXACT),
        Claim("R-DC", "resistance of the film for a small steady current", TABLE, "ohm cm2",
              354.348, float(steady) * 1e4, 1e-5),
        Claim("TAU-GEO", "time constant of LiPON with c_geo", TABLE, "us", 1.057,
              film.resistance(T) * cell.geometric_capacitance * 1e6, 5e-4),
    )  # fmt: skip


def _electrodes(cell: Cell) -> tuple[Claim, ...]:
    """Exchange currents, time constants, and from where lithium enters."""
    T, cathode, anode = cell.temperature, cell.cathode, cell.anode
    mixed = cathode.transport
    assert isinstance(mixed, MixedConduction)
    assert isinstance(anode, LithiumMetal)
    i0 = {x: _exchange(cell, x) for x in EXCHANGE}
    R_p = float(kinetics.charge_transfer_resistance(0.0, i0[0.80], T))
    R_n = float(kinetics.charge_transfer_resistance(0.0, anode.exchange_current_density, T))
    return (
        *(
            Claim(f"I0-P-{x:.2f}", f"exchange current density of the cathode at x = {x:g}", TABLE,
                  "A/m2", known, i0[x], _EXACT)
            for x, known in EXCHANGE.items()
        ),
        Claim("I0-N", "exchange current density of the lithium", TABLE, "A/m2", 5.7503,
              anode.exchange_current_density, _EXACT),
        Claim("TAU-P", "time constant of the cathode's interface at x = 0.8", TABLE, "us", 35.58,
              R_p * cathode.double_layer_capacitance * 1e6, 5e-4),
        Claim("TAU-N", "time constant of the lithium's interface", TABLE, "us", 0.7640,
              R_n * anode.double_layer_capacitance * 1e6, 5e-4),
        Claim("D-P0", "ambipolar diffusivity of the cathode for D_Li = 1.21e-13 m2/s", TABLE,
              "1e-13 m2/s", 1.9530, 1.21 * mixed.ambipolar_factor, _EXACT),
        Claim("SHARE", "share of the lithium that enters from the electrolyte", TABLE, "%", 80.7,
              mixed.share * 100, 6e-4, "", "the rest, 19.3 %, from the collector"),
    )  # fmt: skip


def _exchange(cell: Cell, x: float) -> float:
    """Exchange current density of the cathode [A/m2]."""
    cathode = cell.cathode
    prefactor = float(cathode.exchange_current_density(x))
    exponents = cathode.lithium_exponent, cathode.vacancy_exponent
    return float(kinetics.exchange_current_density(x, prefactor, *exponents))


def _losses(cell: Cell) -> tuple[Claim, ...]:
    """The electrolyte at 1C, steady, on a fine mesh."""
    i = cell.c_rate_current_density(1.0)
    film = cell.electrolyte
    assert isinstance(film, WeakElectrolyte)
    meshes = Meshes(default_mesh(cell, i), (Mesh.uniform(_FINE, film.thickness),))
    result = simulate(cell, "Discharge at 1C for 10 min", mesh=meshes, resolution=1e-3)
    ours = _parts(result)
    what = {"NERNST": "by diffusion (Nernst)", "MIGRATION": "by migration", "TOTAL": "in total"}
    near, far = surface_ions(result, i, film)
    text = "loss of the electrolyte at 1C"
    return (
        *(
            Claim(id_, f"{text}, {what[id_]}", "figure", "mV", known, ours[id_],
                  FIGURE_WITHIN / abs(known), "",
                  "read to 0.5 mV; the two parts that were read miss their total by 0.3 mV")
            for id_, known in FIGURE.items()
        ),
        *(
            Claim(f"{id_}-INDEPENDENT", f"{text}, {what[id_]}", SOLVED, "mV", known, ours[id_],
                  0.05 / abs(known))
            for id_, known in INDEPENDENT.items()
        ),
        Claim("IONS-LITHIUM", "ions at the lithium at 1C", SOLVED, "1000 mol/m3", IONS[0],
              near / 1e3, 0.005 / IONS[0]),
        Claim("IONS-CATHODE", "ions at the cathode at 1C", SOLVED, "1000 mol/m3", IONS[1],
              far / 1e3, 0.005 / IONS[1]),
    )  # fmt: skip


def _parts(result: Result) -> dict[str, float]:
    """Losses of the electrolyte at the end [mV]."""
    nernst = float(result.losses["electrolyte diffusion"][-1]) * 1e3
    migration = float(result.losses["electrolyte migration"][-1]) * 1e3
    return {"NERNST": nernst, "MIGRATION": migration, "TOTAL": nernst + migration}


def surface_ions(result: Result, i: float, film: WeakElectrolyte) -> tuple[float, float]:
    """Concentration of the ions at both faces of the electrolyte at the end of a result.

    Parameters
    ----------
    result : Result
        A result with a weak electrolyte.
    i : float
        Current density at the end [A/m2].
    film : WeakElectrolyte
        The electrolyte.

    Returns
    -------
    tuple of float
        At the anode and at the cathode [mol/m3].
    """
    layer = result.layers["electrolyte"]
    gradient = float(weak_electrolyte.boundary_gradient(i, film.cation_diffusivity))
    first, last = layer.concentration[-1, 0], layer.concentration[-1, -1]
    return (
        float(first - gradient * layer.depth[0]),
        float(last + gradient * (film.thickness - layer.depth[-1])),
    )
