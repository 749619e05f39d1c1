"""Raijmakers et al. 2020: mixed conduction and double layers, a commercial cell from 0.1C to 6C.

Electrochim. Acta 330 (2020) 135147, doi 10.1016/j.electacta.2019.135147. Its Table 3 gives 21
parameters of a Li | LiPON | LiCoO2 cell of 0.7 mAh, its figures the open-circuit potential and the
diffusivity of lithium over the composition, and discharge curves, measured and simulated. All are
known to us second-hand. With nothing calibrated the measured capacities come out, but the paper's
own simulation gives less at 6C; a second reading shows what a lower diffusivity would do there.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.cell.file import load_cell
from filmcell.materials.property import Knots, Property, tabulated
from filmcell.models.regions import Meshes
from filmcell.numerics.mesh import Mesh
from filmcell.papers.claims import (
    CALIBRATED_TO,
    Calibrated,
    Claim,
    Listing,
    Reading,
    Report,
    tally,
    told,
)
from filmcell.papers.raijmakers2020_table import table_claims
from filmcell.simulation.explain import explain
from filmcell.simulation.result import Result
from filmcell.simulation.solve import simulate

PAPER = "Raijmakers, Danilov, Eichel, Notten, Electrochim. Acta 330 (2020) 135147"
DOI = "10.1016/j.electacta.2019.135147"
WORK = "simulations"
"""What the progress bar counts."""

RATES = (0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
"""The ladder [C]."""

MEASURED = {0.1: 0.3244, 1.0: 0.2473, 6.0: 0.1600}
"""Rate [C] to measured capacity to 3.0 V, last point of the figure [mAh/cm2]."""

PUBLISHED = {0.1: 0.3231, 1.0: 0.2468, 6.0: 0.1555}
"""Rate [C] to capacity of the paper's simulation to 3.0 V, read off the figure [mAh/cm2]."""

START = {0.1: 4.18, 1.0: 4.10, 6.0: 3.65}
"""Rate [C] to voltage at the beginning, read off the figure [V]."""

ASSEMBLED = {0.1: 0.3234, 1.0: 0.2496, 6.0: 0.1674}
"""Rate [C] to capacity by an independent assembly of the paper's equations [mAh/cm2]."""

ONE_SIDED = {0.1: 0.3164, 1.0: 0.2341, 6.0: 0.1447}
"""The same with all lithium from the electrolyte, p = 1 [mAh/cm2]."""

COARSE = {
    0.1: 0.3234, 0.2: 0.3073, 0.5: 0.2771, 1.0: 0.2491, 2.0: 0.2190, 3.0: 0.2007, 4.0: 0.1860,
    5.0: 0.1713, 6.0: 0.1558,
}  # fmt: skip
"""Rate [C] to capacity of the same equations on 50 nodes with a one-sided gradient of three points
at the surface, by a separate program that is no part of this package [mAh/cm2]."""

ALLOWED = {0.1: 0.01, 1.0: 0.02, 6.0: 0.06}
"""Rate [C] to the error up to which a measured capacity counts as reproduced [-]."""

STEEP = (0.65, 0.85)
"""Lithiation fractions between which the diffusivity falls steeply [-]."""

FACTOR_BOUNDS = (0.5, 1.0)
"""Where the factor on the steep part of the diffusivity is looked for [-]."""

UNCHARGED = {
    "cathode.double_layer_capacitance": 0.0,
    "anode.double_layer_capacitance": 0.0,
    "geometric_capacitance": 0.0,
}
"""The changes that leave all capacitances out."""

PLAIN = {**UNCHARGED, "cathode.transport.electronic_loss": False}
"""The changes that make the cell the independent assembly."""

BEST, LOWER = "published parameters, nothing calibrated", "D(x) lowered on its steep part"


@dataclass(frozen=True)
class Outcome:
    """Everything that a reproduction gave.

    Parameters
    ----------
    report : Report
        The claims.
    ladder : mapping of float to Result
        Rate [C] to the discharge with the published parameters.
    lowered : mapping of float to Result
        Rate [C] to the discharge with the lowered diffusivity.
    """

    report: Report
    ladder: Mapping[float, Result]
    lowered: Mapping[float, Result]


def redrawn(
    cell: Cell, low: float, high: float, *, factor: float = 1.0, shift: float = 0.0
) -> Cell:
    """Redraw the diffusivity of the cathode from one of its knots to another.

    Parameters
    ----------
    cell : Cell
        A cell whose diffusivity is given by knots.
    low, high : float
        First and last knot to be changed [-].
    factor : float
        What their values are multiplied by [-].
    shift : float
        How far they move to higher x [-].

    Returns
    -------
    Cell
        The changed cell.

    Examples
    --------
    >>> cell = redrawn(load_cell("raijmakers2020"), 0.65, 0.85, factor=0.5)
    >>> [float(f"{float(cell.cathode.diffusivity(x)):.3g}") for x in (0.6, 0.7, 0.9)]
    [7.9e-14, 3.35e-14, 5.5e-15]
    """
    D: Property = cell.cathode.diffusivity
    knots = D.func
    assert isinstance(knots, Knots)
    chosen = [low - 1e-9 <= x <= high + 1e-9 for x in knots.x]
    x = [x + shift * c for x, c in zip(knots.x, chosen, strict=True)]
    values = [v * factor if c else v for v, c in zip(knots.values, chosen, strict=True)]
    source = f"{D.source}, redrawn from {low:g} to {high:g}: times {factor:.6g}, x {shift:+g}"
    changed = tabulated(D.name, x, values, D.unit, logarithmic=True, source=source)
    return cell.replace({"cathode.diffusivity": changed})


def variants(cell: Cell) -> dict[str, Cell]:
    """Give variants of a cell, each with one thing changed.

    Parameters
    ----------
    cell : Cell
        The cell of the paper.

    Returns
    -------
    dict of str to Cell
        What was changed to the cell.
    """
    electrolyte = cell.electrolyte
    assert isinstance(electrolyte, WeakElectrolyte)
    low, high = STEEP
    slower = {
        f"electrolyte.{k}_diffusivity": 0.8 * getattr(electrolyte, f"{k}_diffusivity")
        for k in ("cation", "anion")
    }
    ions = dict.fromkeys(("cathode.electrolyte_exponent", "anode.electrolyte_exponent"), 0.5)
    changes: dict[str, dict[str, Any]] = {
        "rho_s x 2": {"contact_resistance": 2.0 * cell.contact_resistance},
        "D+ and D- of LiPON x 0.8": slower,
        "T = 298.15 K": {"temperature": 298.15},
        "x_0 = 0.505": {"cathode.initial_fraction": 0.505},
        "x_0 = 0.515": {"cathode.initial_fraction": 0.515},
        "no loss of the electrons": {"cathode.transport.electronic_loss": False},
        "no capacitances": UNCHARGED,
        "i0 follows the ions at the surfaces": {**UNCHARGED, **ions},
        "D_e = D_Li": {"cathode.transport.electronic_ratio": 1.0},
        "p = 1": {"cathode.transport.electrolyte_share": 1.0},
    }
    return {
        **{name: cell.replace(change) for name, change in changes.items()},
        "all D(x) x 0.9": redrawn(cell, 0.0, 1.0, factor=0.9),
        f"D(x) x 0.9 below {low:g}": redrawn(cell, 0.0, 0.60, factor=0.9),
        f"D(x) x 0.9 from {low:g} to {high:g}": redrawn(cell, low, high, factor=0.9),
        f"D(x) x 0.9 above {high:g}": redrawn(cell, 0.90, 1.0, factor=0.9),
        "D(x) from 0.6 to 0.85 at 0.012 less x": redrawn(cell, 0.60, high, shift=-0.012),
        "D(x) from 0.6 to 0.85 at 0.024 less x": redrawn(cell, 0.60, high, shift=-0.024),
    }


def discharge(cell: Cell, rate: float, **options: Any) -> Result:
    """Discharge the charged cell to its lower voltage.

    Parameters
    ----------
    cell : Cell
        The cell.
    rate : float
        C-rate, of the nominal capacity [1/h].
    **options
        Options of `simulate`.

    Returns
    -------
    Result
        One step.
    """
    return simulate(cell, f"Discharge at {rate!r}C until {cell.lower_voltage!r} V", **options)


def capacity(result: Result) -> float:
    """Capacity of a discharge.

    Parameters
    ----------
    result : Result
        A discharge.

    Returns
    -------
    float
        Capacity [mAh/cm2].
    """
    return float(result.charge[-1]) / result.area / 3.6e4


def capacities(cell: Cell) -> dict[float, float]:
    """Capacities at the rates that the paper's figures show.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    dict of float to float
        Rate [C] to capacity [mAh/cm2].
    """
    return {rate: capacity(discharge(cell, rate, resolution=1e-2)) for rate in PUBLISHED}


def calibrate(cell: Cell, tick: Callable[[], None]) -> Calibrated:
    """Find the factor on the steep part of D(x) that gives the paper's simulation at 6C.

    Parameters
    ----------
    cell : Cell
        The cell of the paper.
    tick : callable
        Called after each trial.

    Returns
    -------
    Calibrated
        The factor [-].
    """
    from scipy.optimize import minimize_scalar

    low, high = STEEP

    def off(factor: float) -> float:
        tick()
        tried = redrawn(cell, low, high, factor=float(factor))
        return (capacity(discharge(tried, 6.0, resolution=1e-2)) / PUBLISHED[6.0] - 1.0) ** 2

    found = minimize_scalar(off, bounds=FACTOR_BOUNDS, method="bounded", options={"xatol": 1e-6})
    return Calibrated(
        f"cathode.diffusivity, factor at its knots from {low:g} to {high:g}",
        float(found.x), "-", *FACTOR_BOUNDS,
        f"bounded minimisation of the error of the capacity at 6C alone, {found.nfev} trials",
    )  # fmt: skip


def reproduce(tick: Callable[[], None] = lambda: None) -> Outcome:
    """Reproduce the ladder under two readings, and show what moves its fast end.

    Parameters
    ----------
    tick : callable
        Called after each of about fifty simulations or groups of them, for a progress bar.

    Returns
    -------
    Outcome
        Claims with verdicts, what was calibrated, and the curves.

    Examples
    --------
    >>> first = reproduce().report.readings[0]
    >>> [c.verdict for c in first.claims if c.id in {"MEASURED-6C", "SIMULATED-6C"}]
    ['reproduced', 'missed']
    """
    cell = load_cell("raijmakers2020")
    factor = calibrate(cell, tick)
    slower = redrawn(cell, *STEEP, factor=factor.value)
    ladder = {rate: discharge(cell, rate) for rate in RATES}
    tick()
    lowered = {rate: discharge(slower, rate) for rate in RATES}
    tick()
    plain = {rate: discharge(cell.replace(PLAIN), rate) for rate in RATES}
    tick()
    changed = _changed(cell, tick)
    claims = (
        *table_claims(cell, tick),
        *_ladder_claims(cell, ladder, plain),
        *_conclusions(ladder[1.0], _double_layers(cell), changed),
    )
    first = _reading(BEST, claims, cell, ladder, plain, changed=changed)
    second = _reading(
        LOWER + ", one number calibrated", _against(slower, lowered, 6.0), slower, lowered,
        ladder, (factor,),
    )  # fmt: skip
    said = notes(ladder, lowered, changed)
    report = Report(PAPER, DOI, (first, second), _origins(factor), said)
    return Outcome(report, ladder, lowered)


def _changed(cell: Cell, tick: Callable[[], None]) -> dict[str, dict[float, float]]:
    """Capacities of each variant by rate [mAh/cm2]."""

    def run(variant: Cell) -> dict[float, float]:
        found = capacities(variant)
        tick()
        return found

    cells = {"none": cell, **variants(cell)}
    with ThreadPoolExecutor() as pool:  # the kernels let the interpreter go
        return dict(zip(cells, pool.map(run, cells.values()), strict=True))


def _start(cell: Cell, rate: float) -> float:
    """Voltage just after the current is switched on, before anything has moved; no capacitances.

    The first volumes count as polarised at once: they must be thin for this.
    """
    bare, thin = cell.replace(UNCHARGED), 1e-11
    meshes = Meshes(
        Mesh.symmetric(200, bare.cathode.thickness, thin),
        (Mesh.symmetric(200, bare.electrolyte.thickness, thin),),
    )
    return float(simulate(bare, f"Discharge at {rate}C for 1 ms", mesh=meshes).voltage[0])


def _against(
    cell: Cell, ladder: Mapping[float, Result], used: float | None = None
) -> tuple[Claim, ...]:
    """Capacities against the measured and the simulated ones, and the voltage at the start."""
    claims = []
    for rate, measured in MEASURED.items():
        ours, aside = capacity(ladder[rate]), CALIBRATED_TO if rate == used else ""
        claims += [
            Claim(f"MEASURED-{rate:g}C", "capacity to 3.0 V, measured", "figure", "mAh/cm2",
                  measured, ours, ALLOWED[rate]),
            Claim(f"SIMULATED-{rate:g}C", "capacity to 3.0 V, the paper's simulation", "figure",
                  "mAh/cm2", PUBLISHED[rate], ours, 0.02, aside),
            Claim(f"START-{rate:g}C", "voltage when the discharge begins", "figure", "V",
                  START[rate], _start(cell, rate), 0.010 / START[rate]),
        ]  # fmt: skip
    return tuple(claims)


def _ladder_claims(
    cell: Cell, ladder: Mapping[float, Result], plain: Mapping[float, Result]
) -> tuple[Claim, ...]:
    """Capacities and voltages against the paper, and the assembly against the independent one."""
    return (
        *_against(cell, ladder),
        *(
            Claim(f"ASSEMBLED-{rate:g}C", "capacity without loss of the electrons or capacitances",
                  "independent", "mAh/cm2", known, capacity(plain[rate]), 0.0005 / known)
            for rate, known in ASSEMBLED.items()
        ),
    )  # fmt: skip


def _conclusions(
    slow: Result, layers: tuple[float, float], changed: Mapping[str, Mapping[float, float]]
) -> tuple[Claim, ...]:
    """What the paper concludes, as numbers."""
    share = explain(slow, 1).share
    lipon = share["electrolyte diffusion"] + share["electrolyte migration"]
    others = [v for name, v in share.items() if not name.startswith("electrolyte")]
    ratio, apart = layers
    gain = changed["D_e = D_Li"][1.0] / changed["none"][1.0]
    return (
        Claim("LIPON", "place of LiPON among the losses at 1C, the largest first", "text", "-", 1.0,
              1.0 + sum(v > lipon for v in others), 0.0, "",
              f"{lipon * 100:.0f} % of all that is lost"),
        Claim("DOUBLE-LAYERS", "capacity at 6C with capacitances over that without", "text", "-",
              1.0, ratio, 1e-4, "",
              f"after the first second the voltages differ by at most {apart * 1e6:.2g} uV"),
        Claim("EQUAL-D", "capacity at 1C if D_e = D_Li over that as published", "text", "-", 1.09,
              gain, 0.01, "", "about +9 % in the text"),
        *(
            Claim(f"ONE-SIDED-{rate:g}C", "capacity if all lithium came from the electrolyte",
                  "independent", "mAh/cm2", known, changed["p = 1"][rate], 0.0005 / known)
            for rate, known in ONE_SIDED.items()
        ),
    )  # fmt: skip


def _double_layers(cell: Cell) -> tuple[float, float]:
    """Ratio of the capacities at 6C with and without capacitances, and how far V is apart [V]."""
    with_, without = (
        discharge(c, 6.0, resolution=1e-7, tolerance=1e-8, voltage_tolerance=1e-8)
        for c in (cell, cell.replace(UNCHARGED))
    )
    at = np.linspace(1.0, 0.95 * without.time[-1], 2001)
    volts = [np.interp(at, r.time, r.voltage) for r in (with_, without)]
    return capacity(with_) / capacity(without), float(np.max(np.abs(volts[0] - volts[1])))


def _reading(
    name: str,
    claims: tuple[Claim, ...],
    cell: Cell,
    ladder: Mapping[float, Result],
    other: Mapping[float, Result],
    calibrated: tuple[Calibrated, ...] = (),
    changed: Mapping[str, Mapping[float, float]] | None = None,
) -> Reading:
    """Put claims, what they amount to, the ladder and the variants together."""
    ours = {f"capacity_{r:g}C_mAh_per_cm2": capacity(ladder[r]) for r in RATES}
    beside = "published D(x)" if calibrated else "assembly"
    heads = ("rate", "mAh/cm2", beside, "paper's simulation", "measured", "V at start", "figure")
    rows = tuple(
        (f"{r:g}C", f"{capacity(ladder[r]):.4f}", f"{capacity(other[r]):.4f}",
         _known(PUBLISHED, r, 4), _known(MEASURED, r, 4), f"{_start(cell, r):.3f}",
         _known(START, r, 2))
        for r in RATES
    )  # fmt: skip
    listings = [Listing("Discharges to 3.0 V", heads, rows)]
    moved = {}
    if changed:
        moved = {
            f"change_{r:g}C_percent, {what}": (q[r] / changed["none"][r] - 1.0) * 100.0
            for what, q in changed.items() if what != "none" for r in q
        }  # fmt: skip
        listings.append(_moved(changed))
    return Reading(name, claims, calibrated, tally(claims) | ours | moved, (told(claims),),
                   tuple(listings))  # fmt: skip


def _known(values: Mapping[float, float], rate: float, digits: int) -> str:
    """A number of the paper, or a dash."""
    return f"{values[rate]:.{digits}f}" if rate in values else "-"


def _moved(changed: Mapping[str, Mapping[float, float]]) -> Listing:
    """What moves the capacities and what does not."""
    base = changed["none"]
    needed = ("needed for the paper's simulation", *_percent(PUBLISHED, base))
    rows = [(what, *_percent(q, base)) for what, q in changed.items() if what != "none"]
    return Listing("What changes the capacity by how much",
                   ("change", *(f"{r:g}C" for r in base)), (*rows, needed))  # fmt: skip


def _percent(values: Mapping[float, float], base: Mapping[float, float]) -> tuple[str, ...]:
    """Changes against other values."""
    return tuple(f"{(values[r] / base[r] - 1.0) * 100:+z.2f} %" for r in base)


def standing(result: Result, areal: float) -> tuple[float, float]:
    """Where a discharge stands at a capacity.

    Parameters
    ----------
    result : Result
        A discharge of a cell with the maximum concentration of the paper.
    areal : float
        Capacity [mAh/cm2].

    Returns
    -------
    voltage, fraction : float
        Voltage [V] and lithiation fraction of the cathode at the electrolyte [-].
    """
    passed = result.charge / result.area / 3.6e4
    near, next_ = result.concentration[:, 0], result.concentration[:, 1]
    slope = (next_ - near) / (result.depth[1] - result.depth[0])
    surface = (near - slope * result.depth[0]) / load_cell(
        "raijmakers2020"
    ).cathode.maximum_concentration
    return (
        float(np.interp(areal, passed, result.voltage)),
        float(np.interp(areal, passed, surface)),
    )


def notes(
    ladder: Mapping[float, Result],
    lowered: Mapping[float, Result],
    changed: Mapping[str, Mapping[float, float]],
) -> tuple[str, ...]:
    """Say what the readings show about 6C.

    Parameters
    ----------
    ladder, lowered : mapping of float to Result
        Rate [C] to the discharge, first and second reading.
    changed : mapping of str to mapping of float to float
        What was changed to the capacity by rate [mAh/cm2].

    Returns
    -------
    tuple of str
        Sentences, the numbers in them computed here unless they say otherwise.
    """
    first = {r: capacity(result) for r, result in ladder.items()}
    second = {r: capacity(result) for r, result in lowered.items()}
    volts, x = standing(ladder[6.0], PUBLISHED[6.0])
    over = first[6.0] / PUBLISHED[6.0] - 1.0
    one, other = (second[r] / PUBLISHED[r] - 1.0 for r in (1.0, 0.1))
    gains = [changed["none"][r] / changed["p = 1"][r] - 1.0 for r in MEASURED]
    apart = {r: (COARSE[r] / second[r] - 1.0) * 100 for r in (1.0, 2.0, 3.0)}
    sag = standing(ladder[6.0], 0.12)[0] - standing(lowered[6.0], 0.12)[0]
    between = ", ".join(
        f"{r:g}C {first[r]:.4f} as published, {second[r]:.4f} with the lower D(x), "
        f"{COARSE[r]:.4f} on the coarse grid"
        for r in (2.0, 3.0, 4.0)
    )
    return (
        'All numbers of the paper are known to us second-hand. Where it says "from Table 3" or '
        '"independent", the paper does not print the number: it was computed from the paper\'s '
        "parameters, by closed forms or an independent solution, before this program was written.",
        f"6C: the published parameters give {first[6.0]:.4f} mAh/cm2, {over * 100:.1f} % more than "
        f"the paper's own simulation, and {(first[6.0] / MEASURED[6.0] - 1) * 100:.1f} % more than "
        "the measured point. No number of Table 3 and no omitted term explains it. In about 200 "
        "variants with an independent solver (no part of this package) the terms of the voltage - "
        "loss of the electrons, forms of the kinetics, end of the potential, rho_s, LiPON - and "
        "the state at the start moved 6C by at most -1.2 % at an unchanged 0.1C, where -7.1 % is "
        "needed, with -1.1 % at 1C and less than 0.1 % at 0.1C. The table of changes shows the "
        "like, computed here; x_0 moves all rates together.",
        f"The reason: where the paper's simulation ends at 6C, at {PUBLISHED[6.0]:g} mAh/cm2, the "
        f"surface here is at x = {x:.3f} and the voltage at {volts:.2f} V. A term of the voltage "
        f"would have to take {volts - 3.0:.2f} V there, and less than 10 mV at the start.",
        "What is left is how lithium moves next to the electrolyte. Either D(x) in effect was "
        "lower by 20 to 30 % on its steep part, x from 0.65 to 0.85 (the second reading), which "
        "an error of 0.024 in x of that stretch of the figure makes as well (of 0.02 with the "
        "largest of the terms of the voltage added); or the paper solved its equations on a "
        "coarse grid that does not conserve lithium: 50 nodes with "
        f"a one-sided gradient of three points give {COARSE[0.1]:.4f}, {COARSE[1.0]:.4f} and "
        f"{COARSE[6.0]:.4f} by a separate program, with 2.3 % more lithium in the cathode than "
        "was passed at 6C.",
        f"The second reading was calibrated to 6C alone. That 1C comes within {one * 100:+.1f} % "
        f"of the paper's simulation and 0.1C within {other * 100:+.1f} % are predictions.",
        "How sure: that it is no term of the voltage, 95 %; that it is no uniform change of D or "
        "of p, 90 %; the lower D(x), mostly by the x axis of the figure, and the grid about as "
        "likely as each other, together 75 %. This is a judgement from three values read off "
        "figures at second hand.",
        f"What would tell: the paper's simulation at 2C to 3C, read to 1 %. In mAh/cm2, {between}. "
        f"The coarse grid gives {apart[2.0]:.1f} % more than the lower D(x) at 2C, "
        f"{apart[3.0]:.1f} % at 3C and {apart[1.0]:.1f} % at 1C, where the paper's simulation "
        "lies between them; at 6C they agree. Other coarse grids that agree at 6C come nearer to "
        "the lower D(x) at 4C, so that 2C and 3C tell more. Or the simulated curve at 6C, read "
        f"to 5 mV: at 0.12 mAh/cm2 the lower D(x) takes {sag * 1e3:.0f} mV from it, the coarse "
        "grid less than 1.",
        f"Lithium that enters from both sides is worth {gains[0] * 100:.0f} %, "
        f"{gains[1] * 100:.0f} % and {gains[2] * 100:.0f} % of the capacity at 0.1C, 1C and 6C. "
        "D_e is not identified by discharges: a refit of the same cell by others comes to a value "
        "ten decades away.",
    )


def _origins(factor: Calibrated) -> dict[str, str]:
    """Where each number of the model comes from."""
    return {
        **dict(load_cell("raijmakers2020").sources),
        "cathode.diffusivity, second reading": f"calibrated: {factor.how}, within "
        f"{factor.low:g} to {factor.high:g}",
        "protocol": "assumed: the paper charges at 1C to 4.2 V, holds it down to 0.1C and rests "
        "2 h; here the discharge starts at rest from x = 0.51",
    }
