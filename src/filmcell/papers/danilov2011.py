"""Danilov et al. 2011: an electrolyte in which lithium dissociates, at up to 51.2C.

J. Electrochem. Soc. 158 (2011) A215, doi 10.1149/1.3521414. Its Table II gives the parameters of a
Li | Li3PO4 | LiCoO2 cell of 10 uAh, its figures the losses of the electrolyte and the discharge
curves. Both are known to us second-hand. The rate constant of recombination that the table prints
does not give the figures; a hundred times as much does. So there are two readings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from filmcell.arrays import Array
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.cell.file import load_cell
from filmcell.models.regions import Meshes, default_mesh
from filmcell.numerics.mesh import Mesh
from filmcell.papers.claims import (
    CONTRADICTED,
    MISSED,
    REPRODUCED,
    Claim,
    Listing,
    Reading,
    Report,
    tally,
    told,
)
from filmcell.physics import weak_electrolyte
from filmcell.simulation.result import Result
from filmcell.simulation.solve import simulate

PAPER = "Danilov, Niessen, Notten, J. Electrochem. Soc. 158 (2011) A215"
DOI = "10.1149/1.3521414"
WORK = "simulations"
"""What the progress bar counts."""

READINGS = {
    "danilov2011": "reproducing k_r, 0.90e-6 m3/(mol s)",
    "danilov2011-printed": "printed k_r, 0.90e-8 m3/(mol s)",
}
"""Preset to the name of its reading."""

CURRENT, TIME = 5.12, 64.9
"""Current density [A/m2] and time [s] at which the losses of the electrolyte are known."""

FIGURE = {"NERNST": -43.3, "MIGRATION": -65.5, "TOTAL": -108.7}
"""Losses of the electrolyte there, read off the figure [mV]."""

INDEPENDENT = {
    "danilov2011": (-43.475, -65.642, -109.118),
    "danilov2011-printed": (-103.56, -122.42, -225.99),
}
"""The same by an independent solution of the paper's equations, by preset [mV]."""

INDEPENDENT_WITHIN = {"danilov2011": 0.1, "danilov2011-printed": 0.3}
"""How well the independent solution is known [mV]."""

STEADY = {"danilov2011": (5.954, 1.84376e-2), "danilov2011-printed": (2.250, 4.01299e-2)}
"""Limiting current density [A/m2] and small-signal resistance [ohm m2] that follow, by preset."""

MEASURED = {1.6: 10.04, 6.4: 9.86, 12.8: 9.76, 25.6: 9.57, 51.2: 9.17}
"""Rate [C] to measured capacity to 3.0 V, read off the figure [uAh/cm2]."""

PUBLISHED = {6.4: (0.98, 0.98), 12.8: (0.94, 0.96), 25.6: (0.90, 0.90), 51.2: (0.73, 0.78)}
"""Rate [C] to the capacity of the published model over the measured one, least and most [-]."""

LOSS_OVER_CURRENT = (357.0, 411.0)
"""All losses over the current, least and most at 6.4C to 51.2C and 2 to 6 uAh/cm2 [ohm cm2]."""

FASTEST = 51.2
"""The fastest discharge [C]."""

VOLUMES = 400
"""Volumes of the electrolyte for its own check; the default would be 0.2 mV off."""

ELECTROLYTE = ("electrolyte diffusion", "electrolyte migration")
"""Losses of the electrolyte by their names in a result."""


@dataclass(frozen=True)
class Outcome:
    """Everything that a reproduction gave.

    Parameters
    ----------
    report : Report
        The claims.
    discharges : mapping of float to Result
        Rate [C] to the discharge, first reading.
    losses : mapping of str to Result
        Preset to the electrolyte under `CURRENT` for `TIME`.
    """

    report: Report
    discharges: Mapping[float, Result]
    losses: Mapping[str, Result]


def unlimited(cell: Cell) -> Cell:
    """Give the electrolyte of a cell electrodes that do not limit.

    The cell of the paper is empty after 51 s at 51.2C, before the 64.9 s of the figure.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    Cell
        The same with a cathode and an anode that hold a thousand times as much or more, and
        without the lower limit of the voltage.
    """
    return cell.replace(
        {
            "cathode.thickness": 1e-2,
            "cathode.diffusivity": 1e-6,
            "anode.thickness": 1e-3,
            "lower_voltage": 1.0,
        }
    )


def of_electrolyte(cell: Cell, protocol: str) -> Result:
    """Take the electrolyte of a cell through a protocol, on a fine mesh.

    Parameters
    ----------
    cell : Cell
        What `unlimited` gives.
    protocol : str
        Protocol.

    Returns
    -------
    Result
        What happened.
    """
    layer = Mesh.uniform(VOLUMES, cell.electrolyte.thickness)
    return simulate(cell, protocol, mesh=Meshes(default_mesh(cell, CURRENT), (layer,)))


def switched_on(cell: Cell, seconds: float = TIME) -> Result:
    """Switch `CURRENT` on, with electrodes that do not limit.

    Parameters
    ----------
    cell : Cell
        A cell with a weak electrolyte.
    seconds : float
        How long [s].

    Returns
    -------
    Result
        One step.
    """
    current = CURRENT * cell.area
    return of_electrolyte(unlimited(cell), f"Discharge at {current!r} A for {seconds!r} s")


def sand_time(cell: Cell) -> float:
    """Time until `CURRENT` has used up the ions at the cathode, without dissociation.

    Parameters
    ----------
    cell : Cell
        A cell with a weak electrolyte.

    Returns
    -------
    float
        Time [s].
    """
    still = cell.replace({"electrolyte.recombination_rate": 1e-16})
    return float(switched_on(still, 1000.0).time[-1])


def limiting_current(cell: Cell) -> float:
    """Current density that is left when the electrolyte has come to its limit.

    Parameters
    ----------
    cell : Cell
        A cell with a weak electrolyte.

    Returns
    -------
    float
        Current density after a thousand minutes at 3.5 V, with electrodes that do not limit [A/m2].
    """
    result = of_electrolyte(unlimited(cell), "Hold at 3.5 V for 1000 min")
    return float(result.current[-1]) / cell.area


def electrolyte_losses(result: Result) -> tuple[Array, Array]:
    """Losses of the electrolyte by diffusion and by migration, negative on discharge.

    Parameters
    ----------
    result : Result
        A result.

    Returns
    -------
    tuple of ndarray
        Both, shape (n,) [V].
    """
    return result.losses[ELECTROLYTE[0]], result.losses[ELECTROLYTE[1]]


def recombination_rate(cell: Cell, total: float, tick: Callable[[], None]) -> float:
    """Find the rate constant that gives a loss of the electrolyte after `TIME`.

    Parameters
    ----------
    cell : Cell
        A cell with a weak electrolyte.
    total : float
        Loss, negative [V].
    tick : callable
        Called after each trial.

    Returns
    -------
    float
        Rate constant of recombination, looked for from 1e-7 to 1e-5 [m3/(mol s)].
    """
    from scipy.optimize import brentq

    def off(logarithm: float) -> float:
        tick()
        tried = cell.replace({"electrolyte.recombination_rate": float(np.exp(logarithm))})
        return float(sum(part[-1] for part in electrolyte_losses(switched_on(tried)))) - total

    return float(np.exp(brentq(off, np.log(1e-7), np.log(1e-5), xtol=1e-4)))


def discharge(cell: Cell, rate: float) -> Result:
    """Discharge the charged cell to its lower voltage.

    Parameters
    ----------
    cell : Cell
        The cell.
    rate : float
        C-rate [1/h].

    Returns
    -------
    Result
        One step.
    """
    return simulate(cell, f"Discharge at {rate!r}C until {cell.lower_voltage!r} V")


def losses_over_current(result: Result) -> tuple[Array, Array]:
    """Area-specific resistance that all losses together amount to.

    Parameters
    ----------
    result : Result
        A discharge.

    Returns
    -------
    capacity, resistance : ndarray
        2 to 6 uAh/cm2 in steps of 0.1 [uAh/cm2], and the resistance there [ohm cm2].
    """
    passed = result.charge / result.area / 36.0
    lost = result.losses["open-circuit potential"] - result.voltage
    at = np.linspace(2.0, 6.0, 41)
    return at, np.interp(at, passed, lost) * result.area / result.current[0] * 1e4


def electrolyte_share(result: Result) -> tuple[Array, Array]:
    """Share of the electrolyte in all losses.

    Parameters
    ----------
    result : Result
        A discharge.

    Returns
    -------
    passed, share : ndarray
        Share of the charge of the discharge, 0.5 to 100 % in steps of 0.5 [%], and the share of
        the electrolyte there [%].
    """
    passed = result.charge / result.charge[-1] * 100.0
    lost = result.losses["open-circuit potential"] - result.voltage
    at = np.linspace(0.5, 100.0, 200)
    own = np.interp(at, passed, -sum(electrolyte_losses(result)))
    return at, own / np.interp(at, passed, lost) * 100.0


def reproduce(tick: Callable[[], None] = lambda: None) -> Outcome:
    """Reproduce the electrolyte and the discharges under both rate constants.

    Parameters
    ----------
    tick : callable
        Called after each of about forty simulations, for a progress bar.

    Returns
    -------
    Outcome
        Claims with verdicts, and the curves.

    Examples
    --------
    >>> report = reproduce().report
    >>> [claim.verdict for claim in report.readings[0].claims if claim.id == "TOTAL"]
    ['reproduced']
    """
    readings: list[Reading] = []
    discharges: dict[str, dict[float, Result]] = {}
    losses: dict[str, Result] = {}
    for preset, name in READINGS.items():
        cell = load_cell(preset)
        losses[preset] = switched_on(cell)
        tick()
        discharges[preset] = {rate: discharge(cell, rate) for rate in MEASURED}
        tick()
        fastest = discharges[preset][FASTEST]
        first = (*_table(cell), *_instant(cell, fastest)) if not readings else ()
        claims = (
            *first,
            *_electrolyte(preset, cell, losses[preset]),
            *_discharges(discharges[preset]),
        )
        readings.append(_reading(name, claims, discharges[preset]))
        tick()
    said = notes(losses, discharges, tick)
    report = Report(PAPER, DOI, tuple(readings), _origins(), said)
    return Outcome(report, discharges["danilov2011"], losses)


def _reading(name: str, claims: tuple[Claim, ...], discharges: Mapping[float, Result]) -> Reading:
    """Put claims, what they amount to, and a table of the discharges together."""
    ours = {rate: _capacity(result) for rate, result in discharges.items()}
    summary = tally(claims) | {f"capacity_{r:g}C_uAh_per_cm2": q for r, q in ours.items()}
    rows = []
    for rate, measured in MEASURED.items():
        low, high = PUBLISHED.get(rate, (np.nan, np.nan))
        span = "-" if np.isnan(low) else f"{low:.2f}" + f" to {high:.2f}" * (low != high)
        shares = _held(discharges[rate])
        rows.append((f"{rate:g}C", f"{ours[rate]:.3f}", f"{measured:.2f}",
                     f"{ours[rate] / measured:.3f}", span, shares))  # fmt: skip
    heads = ("rate", "uAh/cm2", "measured", "over measured", "published model",
             "electrolyte at least half of the loss")  # fmt: skip
    return Reading(name, claims, (), summary, (told(claims),),
                   (Listing("Discharges to 3.0 V", heads, tuple(rows)),))  # fmt: skip


def _capacity(result: Result) -> float:
    """Capacity of the discharge [uAh/cm2]."""
    return float(result.charge[-1]) / result.area / 36.0


def _held(result: Result) -> str:
    """Part of the discharge after its first 5 % in which the electrolyte has half of the loss."""
    at, share = electrolyte_share(result)
    held = at[(share >= 50.0) & (at > 5.0)]
    return f"{held[0]:.0f} to {held[-1]:.0f} % of the discharge" if held.size else "nowhere"


def _weak(cell: Cell) -> WeakElectrolyte:
    """The electrolyte, known to be a weak one."""
    assert isinstance(cell.electrolyte, WeakElectrolyte)
    return cell.electrolyte


def _table(cell: Cell) -> tuple[Claim, ...]:
    """What follows from Table II without k_r, and the time of depletion without dissociation."""
    film, T = _weak(cell), cell.temperature
    a, plus, minus = film.equilibrium_concentration, film.cation_diffusivity, film.anion_diffusivity
    D = weak_electrolyte.ambipolar_diffusivity(plus, minus)
    where = "from Table II"
    sand = float(weak_electrolyte.sand_time(CURRENT, a, plus, float(D)))
    limit = weak_electrolyte.steady_limiting_current(film.thickness, a, plus)
    exact = 1e-5
    return (
        Claim("SIGMA", "conductivity at rest", where, "1e-4 S/m", 2.43754,
              film.conductivity(T) * 1e4, exact),
        Claim("R-E", "resistance of the film at rest", where, "ohm cm2", 61.5374,
              film.resistance(T) * 1e4, exact),
        Claim("T-PLUS", "transference number", where, "-", 0.15, film.transference_number, exact),
        Claim("D-AMB", "ambipolar diffusivity", where, "1e-15 m2/s", 1.53, float(D) * 1e15, exact),
        Claim("SAND", "time of depletion at 5.12 A/m2 without dissociation, closed form", where,
              "s", 69.12, sand, 0.01 / 69.12),
        Claim("SAND-SIMULATED", "the same, simulated", where, "s", 69.12, sand_time(cell), 0.005,
              "", "the closed form is that of a half-space; the film is 0.2 % slower"),
        Claim("LIMIT-STILL", "limiting current without dissociation", where, "A/m2", 2.50507,
              limit, exact),
    )  # fmt: skip


def _instant(cell: Cell, fastest: Result) -> tuple[Claim, ...]:
    """Loss of the electrolyte just after switching on."""
    ours = CURRENT * cell.resistance * 1e3
    kinetics = -float(fastest.losses["cathode kinetics"][0]) * 1e3
    return (
        Claim("INSTANT", "loss of the electrolyte just after 512 uA/cm2 is switched on", "text",
              "mV", 40.0, ours, 0.01, CONTRADICTED,
              f"current times thickness over conductivity, all from the paper, is {ours:.1f} mV; "
              f"40 mV would need a conductivity a fifth lower; with the {kinetics:.1f} mV of the "
              f"cathode kinetics it is {ours + kinetics:.0f} mV"),
    )  # fmt: skip


def _electrolyte(preset: str, cell: Cell, result: Result) -> tuple[Claim, ...]:
    """Losses of the electrolyte after 64.9 s, and its limits."""
    film = _weak(cell)
    parts = [float(part[-1]) * 1e3 for part in electrolyte_losses(result)]
    ours = (*parts, sum(parts))
    names = ("by diffusion (Nernst)", "by migration", "in total")
    what = "loss of the electrolyte at 512 uA/cm2 after 64.9 s"
    limit, resistance = STEADY[preset]
    computed = weak_electrolyte.limiting_current(
        film.thickness, film.site_concentration, film.dissociated_fraction,
        film.recombination_rate, film.cation_diffusivity, film.anion_diffusivity,
    )  # fmt: skip
    where = "from Table II, k_r"
    return (
        *(
            Claim(id_, f"{what}, {name}", "figure", "mV", printed, value, 0.01, "",
                  "with a cathode that does not limit: the cell itself is empty after 51 s")
            for (id_, printed), name, value in zip(FIGURE.items(), names, ours, strict=True)
        ),
        *(
            Claim(f"{id_}-INDEPENDENT", f"{what}, {name}", "independent", "mV", value,
                  own, INDEPENDENT_WITHIN[preset] / abs(value))
            for id_, name, value, own in zip(FIGURE, names, INDEPENDENT[preset], ours, strict=True)
        ),
        Claim("LIMIT", "limiting current with dissociation, first integral", where, "A/m2", limit,
              computed, 1e-3),
        Claim("LIMIT-SIMULATED", "the same, simulated", where, "A/m2", limit,
              limiting_current(cell), 2e-3),
        Claim("R-DC", "resistance of the film for a small steady current", where, "ohm cm2",
              resistance * 1e4, _small_signal(cell) * 1e4, 1e-5),
    )  # fmt: skip


def _small_signal(cell: Cell) -> float:
    """Resistance of the film for a small steady current [ohm m2]."""
    film = _weak(cell)
    D = weak_electrolyte.ambipolar_diffusivity(film.cation_diffusivity, film.anion_diffusivity)
    time = weak_electrolyte.reaction_time(
        film.dissociation_rate, film.recombination_rate, film.equilibrium_concentration
    )
    length = float(weak_electrolyte.reaction_length(float(D), time))
    sigma = film.conductivity(cell.temperature)
    return float(
        weak_electrolyte.dc_resistance(
            film.thickness, sigma, length, film.cation_diffusivity, film.anion_diffusivity
        )
    )


def _discharges(discharges: Mapping[float, Result]) -> tuple[Claim, ...]:
    """Capacities, all losses over the current, and the share of the electrolyte."""
    claims = []
    for rate, measured in MEASURED.items():
        ours = _capacity(discharges[rate])
        doubt = "the published model misses it as well" if rate > 20 else ""
        claims.append(Claim(f"CAPACITY-{rate:g}C", "capacity to 3.0 V, measured", "figure",
                            "uAh/cm2", measured, ours, 0.05, "", doubt))  # fmt: skip
    for rate, (low, high) in PUBLISHED.items():
        middle = 0.5 * (low + high)
        claims.append(
            Claim(f"RATIO-{rate:g}C", "capacity of the model over the measured one", "figure", "-",
                  middle, _capacity(discharges[rate]) / MEASURED[rate],
                  0.5 * (high - low) / middle + 0.01, "",
                  f"published {low:.2f} to {high:.2f}, and 1 % for the reading"),
        )  # fmt: skip
    return (*claims, *_resistances(discharges), *_halves(discharges[FASTEST]))


def _resistances(discharges: Mapping[float, Result]) -> tuple[Claim, ...]:
    """All losses over the current: least, most and mean."""
    rows = [losses_over_current(discharges[r])[1] for r in PUBLISHED]
    low, high = LOSS_OVER_CURRENT
    what = "all losses over the current, 2 to 6 uAh/cm2, 6.4C to 51.2C"
    why = (
        "the loss of the cathode by diffusion follows the slope of the potential, which falls to "
        "a third within that range; measured, the loss is the same throughout"
    )
    return (
        Claim("OHMIC-LEAST", f"{what}, least", "figure", "ohm cm2", low,
              float(np.min(rows)), 0.05, "", why),
        Claim("OHMIC-MOST", f"{what}, most", "figure", "ohm cm2", high,
              float(np.max(rows)), 0.05, "", why),
        Claim("OHMIC-MEAN", f"{what}, mean against the middle", "figure", "ohm cm2",
              0.5 * (low + high), float(np.mean(rows)), 0.05),
    )  # fmt: skip


def _halves(result: Result) -> tuple[Claim, ...]:
    """Whether the electrolyte makes half of the loss at 51.2C, early and late."""
    at, share = electrolyte_share(result)
    early = float(np.max(share[(at >= 10.0) & (at <= 45.0)]))
    late = float(np.min(share[(at >= 55.0) & (at <= 90.0)]))
    what = "share of the electrolyte in the loss at 51.2C"
    return (
        Claim("HALF-EARLY", f"{what}, most from 10 to 45 % of the discharge", "text", "%", 50.0,
              early, 0.0, REPRODUCED if early < 50.0 else MISSED, "at most"),
        Claim("HALF-LATE", f"{what}, least from 55 to 90 % of the discharge", "text", "%", 50.0,
              late, 0.0, REPRODUCED if late >= 50.0 else MISSED, "at least"),
    )  # fmt: skip


def notes(
    losses: Mapping[str, Result],
    discharges: Mapping[str, Mapping[float, Result]],
    tick: Callable[[], None],
) -> tuple[str, ...]:
    """Say what the readings show.

    Parameters
    ----------
    losses : mapping of str to Result
        Preset to the electrolyte under `CURRENT` for `TIME`.
    discharges : mapping of str to mapping of float to Result
        Preset to rate [C] to the discharge.
    tick : callable
        Called after each simulation.

    Returns
    -------
    tuple of str
        Sentences, the numbers in them computed here.
    """
    cell = load_cell("danilov2011")
    total = FIGURE["TOTAL"] * 1e-3
    found, most, least = (recombination_rate(cell, total * f, tick) for f in (1.0, 0.99, 1.01))
    printed = _weak(load_cell("danilov2011-printed")).recombination_rate
    sums = {k: float(sum(p[-1] for p in electrolyte_losses(r))) * 1e3 for k, r in losses.items()}
    slower = cell.replace({"cathode.diffusivity": 0.97 * 1.76e-15})
    ratio = _capacity(discharge(slower, FASTEST)) / MEASURED[FASTEST]
    tick()
    first, second = discharges.values()
    emptied, usual = float(first[FASTEST].time[-1]), _capacity(first[FASTEST]) / MEASURED[FASTEST]
    apart = max(abs(_capacity(second[r]) / _capacity(x) - 1.0) for r, x in first.items())
    ohms = {r: losses_over_current(x)[1] for r, x in first.items() if r in PUBLISHED}
    return (
        'All numbers of the paper are known to us second-hand. Where it says "from Table II" or '
        '"independent", the paper does not print the number: it was computed from the paper\'s '
        "parameters, by closed forms or an independent solution, before this program was written.",
        f"k_r: the printed 0.90e-8 gives {sums['danilov2011-printed']:.0f} mV where the figure "
        f"shows {FIGURE['TOTAL']:g}, a hundred times as much gives {sums['danilov2011']:.1f}. "
        f"Solved for, the figure's total gives {found:.3g} m3/(mol s), {least:.3g} to {most:.3g} "
        f"if it is read to 1 %: {found / printed:.0f} times the printed one. Diffusion and "
        "migration then agree as well, and they were not asked for. That the figure was not made "
        "with the printed number is as good as certain; that the number meant is 0.90e-6 we hold "
        "for 90 %, as k_r, delta, D+ and D- are nearly degenerate and another mistake among them "
        "could look the same.",
        f"At 51.2C the cell is empty after {emptied:.1f} s, before the {TIME:g} s of the figure: "
        "the electrolyte is checked with a cathode that does not limit (1 cm thick, without "
        "gradients).",
        f"The capacities do not tell which k_r is right: both readings agree within "
        f"{apart * 100:.2f} %, as a full surface of the cathode ends the discharge. D_Li does "
        f"count: 3 % less of it moves the ratio at 51.2C from {usual:.3f} to {ratio:.3f} "
        "(published 0.73 to 0.78).",
        "All losses over the current are not the same at all rates and charges here: from "
        + ", ".join(f"{r:g}C {row[0]:.0f} to {row[-1]:.0f}" for r, row in ohms.items())
        + " ohm cm2 between 2 and 6 uAh/cm2. The zero-current curve is known at few points, and "
        "its slope decides the loss of the cathode.",
        "That the electrolyte makes at least half of the loss holds in the second half of the "
        "51.2C discharge up to its last tenth, and not in the first half. In this model it holds "
        "in the middle of the slower discharges as well (see the table), which an earlier "
        "recomputation did not find; the loss of the cathode there hangs on the same slope.",
    )


def _origins() -> dict[str, str]:
    """Where each number of the model comes from."""
    cell = load_cell("danilov2011")
    return {
        **dict(cell.sources),
        "electrolyte.recombination_rate, second reading": load_cell("danilov2011-printed").sources[
            "electrolyte.recombination_rate"
        ],
        "protocol": "assumed: the paper charges to 4.2 V at constant voltage; here the discharge "
        "starts at rest from x = 0.5",
        "cathode of the electrolyte's check": "assumed: so thick and fast that it does not limit",
    }
