"""Wang et al. 2023: how thick a LiCoO2 film may be before diffusion costs its capacity.

Front. Chem. 11 (2023) 1169896, doi 10.3389/fchem.2023.1169896, CC BY. Its Table 1 gives the
initial capacity and the capacity utilisation of a modelled Li | LiPON | LiCoO2 cell for three
diffusivities and six thicknesses. The parameters of that model are in a supplement that we have
not seen; so what is not printed is assumed or calibrated here, and said.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from filmcell.cell.cell import Cell
from filmcell.cell.file import load_cell
from filmcell.models.film import FilmModel
from filmcell.models.regions import default_mesh
from filmcell.papers.claims import (
    CONTRADICTED,
    FITS_NO_READING,
    Calibrated,
    Claim,
    Reading,
    Report,
    root_mean_square,
)
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step, VoltageLimit
from filmcell.simulation.options import Options
from filmcell.simulation.result import Result
from filmcell.simulation.solve import solve

PAPER = "Wang, Song, Jiang, Wu, Xiang, Zhang, Front. Chem. 11 (2023) 1169896"
DOI = "10.3389/fchem.2023.1169896"
WORK = "runs of the table"
"""What the progress bar counts."""

THICKNESSES = (5e-6, 10e-6, 15e-6, 20e-6, 25e-6, 30e-6)
"""Thickness of the cathode [m] (sect. 2.3)."""

DIFFUSIVITIES = {"D13": 1e-13, "D14": 1e-14, "D15": 1e-15}
"""Diffusivity of lithium by the paper's name for it [m2/s] (sect. 2.3)."""

INITIAL_CAPACITY = {
    "D13": (0.4173, 0.8500, 1.2561, 1.6100, 1.996, 0.8522),
    "D14": (0.3674, 0.6444, 0.7955, 0.7974, 0.7912, 0.1353),
    "D15": (0.0611, 0.0589, 0.0581, 0.0593, 0.0603, 0.0207),
}
"""Initial capacity as printed, one value a thickness [mAh] (Table 1)."""

UTILISATION = {
    "D13": (83.46, 85.0, 83.74, 80.5, 79.84, 28.41),
    "D14": (73.48, 64.44, 53.03, 39.87, 31.65, 4.51),
    "D15": (12.22, 5.89, 3.87, 2.97, 2.41, 0.69),
}
"""Capacity utilisation as printed [%] (Table 1)."""

EXPECTED_AREAL = {"1.21": 0.08, "2.56": 0.18, "10.17": 0.69, "25.70": 1.18}
"""Expected areal capacity of the fabricated films by thickness in um [mAh/cm2] (sect. 2.2)."""

CURRENT = 1e-4
"""Current of the model [A] (sect. 3)."""

ALLOWED = 0.10
"""A cell of the table counts as reproduced within ten percent."""

RESISTANCE_BOUNDS = (0.0, 0.3)
"""Where the contact resistance is looked for [ohm m2]."""

CURRENT_BOUNDS = (0.4, 1.5)
"""Where the current density is looked for [A/m2]."""

NOTES = (
    "IC is read as the discharge capacity that follows a charge to 4.2 V without rest: the D15 row "
    "is flat in thickness, and the model gives back there the third of the charge that the law of "
    "current reversal demands.",
    "The calibrated contact resistance stands for whatever the unseen supplement has: a slow "
    "cathode reaction without any contact resistance fits as well, so contact and kinetics cannot "
    "be told apart by this table.",
    "Only current times area, and loss times current, are identified: the current density that "
    "fits best may as well belong to another area.",
)
"""What a reader must know besides the numbers; `notes` adds what follows from them."""

THICKEST = "the 30 um column is left out of every figure over all cells"


def notes(readings: Sequence[Mapping[tuple[str, float], Result]]) -> tuple[str, ...]:
    """Say what the readings show about the 30 um column and about the voltage window.

    Parameters
    ----------
    readings : sequence of mapping of (str, float) to Result
        What `table` gives under each reading.

    Returns
    -------
    tuple of str
        Sentences, the numbers in them computed here.
    """
    falls = ", ".join(f"{name} {row[-2] / row[-1]:.1f}" for name, row in INITIAL_CAPACITY.items())
    ratios = [
        float(results[name, 30e-6].capacity[1] / results[name, 25e-6].capacity[1])
        for results in readings
        for name in DIFFUSIVITIES
    ]
    charged, discharged = load_cell("wang2023-lco-lipon-li").window_fractions
    return (
        f"The 30 um column fits no reading, so {THICKEST}: from 25 to 30 um the printed capacity "
        f"falls by factors of {falls}, while the model, under either reading, goes to between "
        f"{min(ratios):.2f} and {max(ratios):.2f} of what it was.",
        "CU below 85 % at D13 is the voltage window, not transport: at rest the window allows "
        f"{discharged - charged:.3f} lithium per site where the table counts 0.5.",
        *NOTES,
    )


@dataclass(frozen=True)
class Outcome:
    """Everything that a reproduction gave.

    Parameters
    ----------
    report : Report
        The claims.
    results : mapping of (str, float) to Result
        Charge and discharge by name of the diffusivity and thickness [m], at the paper's current.
    """

    report: Report
    results: Mapping[tuple[str, float], Result]


Settings = tuple[float, float]
"""Current density [A/m2] and contact resistance [ohm m2]."""


FEW_POINTS = Options(resolution=1e-2)
"""The default accuracy with few kept points, for runs of which only the capacity is wanted."""


def cycle(cell: Cell, current_density: float, options: Options) -> Result:
    """Charge a cell to its upper voltage and at once discharge it to the lower one.

    Parameters
    ----------
    cell : Cell
        The cell.
    current_density : float
        Current density of both [A/m2].
    options : Options
        Accuracy.

    Returns
    -------
    Result
        Two steps.
    """
    amount = AmperesPerArea(current_density)
    up = Step(Charge(amount), (VoltageLimit(cell.upper_voltage),))
    down = Step(Discharge(amount), (VoltageLimit(cell.lower_voltage),))
    model = FilmModel(cell, default_mesh(cell, current_density))
    return solve(model, Protocol((Block((up, down)),)), options)


def table(settings: Settings, options: Options) -> dict[tuple[str, float], Result]:
    """Run all 18 cells of Table 1.

    Parameters
    ----------
    settings : tuple of float
        Current density [A/m2] and contact resistance [ohm m2].
    options : Options
        Accuracy.

    Returns
    -------
    dict of (str, float) to Result
        By name of the diffusivity and thickness [m].
    """
    current, resistance = settings
    base = load_cell("wang2023-lco-lipon-li").replace({"contact_resistance": resistance})
    keys = [(name, L) for name in DIFFUSIVITIES for L in THICKNESSES]
    cells = [
        base.replace({"cathode.thickness": L, "cathode.diffusivity": DIFFUSIVITIES[name]})
        for name, L in keys
    ]
    with ThreadPoolExecutor() as pool:  # the kernels let the interpreter go
        results = list(pool.map(lambda cell: cycle(cell, current, options), cells))
    return dict(zip(keys, results, strict=True))


def errors(results: Mapping[tuple[str, float], Result]) -> dict[tuple[str, float], float]:
    """Relative error of the initial capacity in each cell of 5 to 25 um.

    Parameters
    ----------
    results : mapping of (str, float) to Result
        What `table` gives.

    Returns
    -------
    dict of (str, float) to float
        Ours over the paper's minus one, 15 cells [-].
    """
    return {
        (name, L): float(results[name, L].capacity[1]) * 1e3 / printed - 1.0
        for name, row in INITIAL_CAPACITY.items()
        for L, printed in zip(THICKNESSES[:-1], row, strict=False)
    }


def misfit(settings: Settings) -> float:
    """Root mean square of `errors` under given settings [-].

    Parameters
    ----------
    settings : tuple of float
        Current density [A/m2] and contact resistance [ohm m2].

    Returns
    -------
    float
        Root mean square over the 15 cells.
    """
    return root_mean_square(list(errors(table(settings, FEW_POINTS)).values()))


def calibrate_resistance(current: float, tick: Callable[[], None]) -> Calibrated:
    """Find the contact resistance that fits best at a given current.

    Parameters
    ----------
    current : float
        Current density [A/m2].
    tick : callable
        Called after each trial.

    Returns
    -------
    Calibrated
        The resistance [ohm m2].
    """
    from scipy.optimize import minimize_scalar

    def at(resistance: float) -> float:
        tick()
        return misfit((current, resistance))

    found = minimize_scalar(at, bounds=RESISTANCE_BOUNDS, method="bounded", options={"xatol": 1e-5})
    return Calibrated(
        "contact_resistance", float(found.x), "ohm*m2", *RESISTANCE_BOUNDS,
        f"bounded minimisation of the rms over the 15 cells of 5 to 25 um, {found.nfev} trials",
    )  # fmt: skip


def calibrate_both(tick: Callable[[], None]) -> tuple[Calibrated, Calibrated]:
    """Find the current density and the contact resistance that fit best together.

    Parameters
    ----------
    tick : callable
        Called after each trial.

    Returns
    -------
    tuple of Calibrated
        The current density [A/m2] and the resistance [ohm m2].
    """
    from scipy.optimize import minimize

    def at(x: np.ndarray) -> float:
        tick()
        return misfit((float(x[0]), float(x[1])))

    found = minimize(
        at, x0=(0.7, 0.1), bounds=(CURRENT_BOUNDS, RESISTANCE_BOUNDS), method="Nelder-Mead",
        options={"xatol": 1e-3, "fatol": 1e-5},
    )  # fmt: skip
    how = (
        "Nelder-Mead minimisation of the rms over the 15 cells of 5 to 25 um, "
        f"{found.nfev} trials from 0.7 A/m2 and 0.1 ohm m2"
    )
    return (
        Calibrated("current_density", float(found.x[0]), "A/m2", *CURRENT_BOUNDS, how),
        Calibrated("contact_resistance", float(found.x[1]), "ohm*m2", *RESISTANCE_BOUNDS, how),
    )


def reproduce(tick: Callable[[], None] = lambda: None) -> Outcome:
    """Reproduce Table 1 under two readings.

    Parameters
    ----------
    tick : callable
        Called after each of about a hundred runs of the table, for a progress bar.

    Returns
    -------
    Outcome
        Claims with verdicts, what was calibrated, and the curves.

    Examples
    --------
    >>> report = reproduce().report
    >>> report.readings[0].summary["rms_rel_error_15"] < 0.055
    True
    """
    area = load_cell("wang2023-lco-lipon-li").area
    printed = CURRENT / area
    resistance = calibrate_resistance(printed, tick)
    results = table((printed, resistance.value), Options())
    first = _reading(
        "0.1 mA on 1.44 cm2 as printed, contact resistance calibrated",
        results, (resistance,), (*_decoded(), *_trends(results), *_expected()),
    )  # fmt: skip
    both = calibrate_both(tick)
    others = table((both[0].value, both[1].value), Options())
    second = _reading("the current that fits best, contact resistance calibrated", others, both, ())
    said = notes((results, others))
    return Outcome(Report(PAPER, DOI, (first, second), _origins(), said), results)


def _reading(
    name: str,
    results: Mapping[tuple[str, float], Result],
    calibrated: tuple[Calibrated, ...],
    further: tuple[Claim, ...],
) -> Reading:
    """Put the claims of the table and the figures over them together."""
    off = list(errors(results).values())
    summary = {
        "rms_rel_error_15": root_mean_square(off),
        "max_rel_error_15": max(abs(e) for e in off),
    }
    line = (
        f"over the 15 cells of 5 to 25 um: rms {summary['rms_rel_error_15'] * 100:.2f} %, "
        f"largest {summary['max_rel_error_15'] * 100:.2f} %"
    )
    return Reading(name, (*_table_claims(results), *further), calibrated, summary, (line,))


def _table_claims(results: Mapping[tuple[str, float], Result]) -> tuple[Claim, ...]:
    """Initial capacity and utilisation of all 18 cells."""
    claims = []
    for k, L in enumerate(THICKNESSES):
        thickest = THICKNESSES[-1] == L
        aside = FITS_NO_READING if thickest else ""
        for name in DIFFUSIVITIES:
            result = results[name, L]
            where = f"Table 1, {name}, {L * 1e6:.0f} um"
            ours = float(result.capacity[1]) * 1e3
            share = float(result.utilisation[1]) * 100
            limit = float(result.window_utilisation[1]) * 100
            id_ = f"{name}-{L * 1e6:.0f}um"
            claims += [
                Claim(f"IC-{id_}", "initial capacity", where, "mAh", INITIAL_CAPACITY[name][k],
                      ours, ALLOWED, aside, THICKEST if thickest else ""),
                Claim(f"CU-{id_}", "capacity utilisation", where, "%", UTILISATION[name][k],
                      share, ALLOWED, aside, f"{limit:.1f} % of what the voltage window allows"),
            ]  # fmt: skip
    return tuple(claims)


def _decoded() -> tuple[Claim, ...]:
    """Capacity basis of the table: initial capacity over utilisation and thickness."""
    cell = load_cell("wang2023-lco-lipon-li")
    basis = cell.theoretical_capacity * cell.area / 3.6 / (cell.cathode.thickness * 1e6)
    decoded = [
        INITIAL_CAPACITY[name][k] / UTILISATION[name][k] * 100 / (L * 1e6)
        for name in DIFFUSIVITIES
        for k, L in enumerate(THICKNESSES)
    ]
    return (
        Claim("BASIS", "capacity per thickness, mean of IC / CU over all 18 cells", "Table 1",
              "mAh/um", float(np.mean(decoded)), basis, 2e-3, "",
              "0.5 lithium of 51 822 mol/m3 and 149 mAh/g of 4.66 g/cm3 are the same number"),
    )  # fmt: skip


def _trends(results: Mapping[tuple[str, float], Result]) -> tuple[Claim, ...]:
    """What the paper concludes from the table, as ratios of its own numbers."""

    def ratio(name: str, thick: int, thin: int) -> tuple[float, float]:
        row = INITIAL_CAPACITY[name]
        ours = [float(results[name, THICKNESSES[k]].capacity[1]) for k in (thick, thin)]
        return row[thick] / row[thin], ours[0] / ours[1]

    linear, flat, gain = ratio("D13", 3, 0), ratio("D15", 4, 0), ratio("D14", 2, 0)
    return (
        Claim("LINEAR-D13", "IC at 20 um over IC at 5 um", "sect. 3, Fig. 4", "-", *linear, 0.05,
              "", "capacity linear in thickness would be 4"),
        Claim("FLAT-D15", "IC at 25 um over IC at 5 um", "sect. 3, Fig. 4", "-", *flat, 0.05, "",
              "no gain from thickness would be 1"),
        Claim("GAIN-D14", "IC at 15 um over IC at 5 um", "sect. 3, Fig. 4", "-", *gain, ALLOWED,
              "", "the text says no gain below 1e-14 m2/s; the table gains up to 15 um"),
    )  # fmt: skip


def _expected() -> tuple[Claim, ...]:
    """Expected areal capacity of the four fabricated films."""
    doubts = {
        "10.17": "the text says 0.69, its own IC / CU / area gives 0.706",
        "25.70": "1.18 is the measured 1.69 mAh over 1.44 cm2; 1.69 / 0.657 gives 1.786 mAh/cm2",
    }
    claims = []
    for thickness, printed in EXPECTED_AREAL.items():
        cell = load_cell(f"wang2023-film-{thickness}um")
        aside = CONTRADICTED if thickness in doubts else ""
        rounding = 0.005 / printed  # half a unit of the last digit printed
        claims.append(
            Claim(f"EXPECTED-{thickness}um", "expected areal capacity of a fabricated film",
                  "sect. 2.2", "mAh/cm2", printed, cell.theoretical_capacity / 3.6e4, rounding,
                  aside, doubts.get(thickness, "allowed is the rounding of the print")),
        )  # fmt: skip
    return tuple(claims)


def _origins() -> dict[str, str]:
    """Where each number of the model comes from."""
    cell = load_cell("wang2023-lco-lipon-li")
    return {
        **dict(cell.sources),
        "current": "published: 0.1 mA, Wang 2023, sect. 3; free in the second reading",
        "contact_resistance": "calibrated: see calibrated",
        "protocol": "assumed: charge to 4.2 V, then at once discharge to 2.7 V, at one current",
    }
