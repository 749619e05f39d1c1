"""The figures that the commands draw: a run, its losses, and those of each paper."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from filmcell.errors import FilmcellError
from filmcell.materials.property import Property
from filmcell.materials.records import Material
from filmcell.simulation.explain import Explanation
from filmcell.simulation.result import Result

MOST_PANELS = 6
"""Steps that one figure of losses shows at most."""


def draw_run(result: Result, path: Path) -> None:
    """Draw voltage over time, and the losses of the last step in which current flowed."""
    from matplotlib.figure import Figure

    from filmcell.plot import curves

    figure = Figure(figsize=(10.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    curves.voltage_over_time(result, left)
    flowing = [k + 1 for k, q in enumerate(result.capacity) if q > 0] or [1]
    curves.losses(result, flowing[-1], right)
    right.set_title(f"losses in step {flowing[-1]}", fontsize="medium")
    _save(left, path)


def draw_losses(explanations: Sequence[Explanation], path: Path) -> int:
    """Draw the losses of the first steps, a panel each; gives how many are drawn."""
    from matplotlib.figure import Figure

    from filmcell.plot.losses import stacked

    shown = explanations[:MOST_PANELS]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(7.5 * columns, 4.0 * rows), layout="constrained")
    panels = list(figure.subplots(rows, columns, squeeze=False).flat)
    for told, panel in zip(shown, panels, strict=False):
        stacked(told, panel)
        panel.set_title(f"step {told.step}: {told.ended}", fontsize="medium")
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    _save(panels[0], path)
    return len(shown)


def draw_functions(material: Material, path: Path) -> int:
    """Draw all functions of a material, one panel a property; tells how many there are."""
    found = {
        key: functions
        for key, values in material.values.items()
        if (functions := [v.given for v in values if isinstance(v.given, Property)])
    }
    if found:
        axes = _panels(len(found), 1, (6.5, 3.2 * len(found)))[:, 0]
        for ax, functions in zip(axes, found.values(), strict=True):
            for function in functions:
                function.plot(ax)
        _save(axes[0], path)
    return sum(len(functions) for functions in found.values())


def draw_impedance(found: Any, measured: Any, path: Path) -> None:
    """Draw a simulated impedance and its shares, beside a measured spectrum if there is one."""
    from matplotlib.figure import Figure

    from filmcell.plot import impedance as drawn

    figure = Figure(figsize=(12.0, 8.0), layout="constrained")
    grid = figure.subplots(2, 2)
    size, unit = (1e4, "ohm cm2") if measured is None else (1.0 / found.area, "ohm")
    Z = found.impedance * size
    drawn.nyquist(found.frequency, Z, grid[0, 0], unit=unit, label=found.name)
    bode = (grid[0, 1], grid[1, 1])
    drawn.bode(found.frequency, Z, bode, unit=unit, label=found.name)
    if measured is not None:
        of = measured.frequency, measured.impedance
        drawn.nyquist(*of, grid[0, 0], unit=unit, label=measured.name, measured=True, marks=False)
        drawn.bode(*of, bode, unit=unit, label=measured.name, measured=True)
    parts = {name: v * size for name, v in found.parts.items()}
    drawn.shares(found.frequency, parts, grid[1, 0], unit=unit)
    _save(grid[0, 0], path)


def draw_kramers_kronig(found: Any, path: Path) -> None:
    """Draw a spectrum with its Kramers-Kronig chain, and what it leaves."""
    from filmcell.plot import impedance as drawn

    left, right = _panels(1, 2, (12.0, 4.5))[0]
    f, Z = found.spectrum.frequency, found.spectrum.impedance
    drawn.nyquist(f, Z, left, label=found.spectrum.name or "measured", measured=True)
    drawn.nyquist(f, found.impedance, left, label=f"{found.M} RC elements", marks=False)
    for part, word in ((found.residual.real, "real"), (found.residual.imag, "imaginary")):
        right.semilogx(f, 100.0 * part, ".-", label=word, linewidth=0.8)
    for line in (-found.line, found.line):
        right.axhline(100.0 * line, color="0.6", linewidth=0.8, linestyle="--")
    right.set_xlabel("frequency (Hz)")
    right.set_ylabel("residual over |Z| (%)")
    right.legend(fontsize="small")
    _save(left, path)


def draw_fit(found: Any, path: Path) -> None:
    """Draw a spectrum with its fit: Nyquist, Bode and residuals."""
    from filmcell.plot import impedance as drawn

    grid = _panels(2, 2, (12.0, 8.0))
    f, Z = found.spectrum.frequency, found.spectrum.impedance
    name, words = found.spectrum.name or "measured", str(found.circuit)
    drawn.nyquist(f, Z, grid[0, 0], label=name, measured=True)
    drawn.nyquist(f, found.impedance, grid[0, 0], label=words, marks=False)
    bode = (grid[0, 1], grid[1, 1])
    drawn.bode(f, Z, bode, label=name, measured=True)
    drawn.bode(f, found.impedance, bode, label=words)
    for part, word in ((found.residuals.real, "real"), (found.residuals.imag, "imaginary")):
        grid[1, 0].semilogx(f, 100.0 * part, ".-", label=word, linewidth=0.8)
    grid[1, 0].set_xlabel("frequency (Hz)")
    grid[1, 0].set_ylabel("residual over |Z| (%)")
    grid[1, 0].legend(fontsize="small")
    _save(grid[0, 0], path)


def draw_relaxation_times(found: Any, path: Path) -> None:
    """Draw a distribution of relaxation times with its band, at two strengths of smoothing."""
    from filmcell.plot import impedance as drawn

    ax = _panels(1, 1, (8.0, 4.5))[0, 0]
    curves = {
        f"lambda {found.smoothing:.3g}": found.gamma,
        f"lambda {found.compared.smoothing:.3g}": found.compared.gamma,
    }
    peaks = [(x.tau, x.resistance) for x in found.peaks]
    drawn.relaxation_times(found.tau, curves, peaks, ax)
    ax.fill_between(found.tau, *found.band, alpha=0.2, linewidth=0.0)
    ax.set_title(found.taken_out, fontsize="x-small")
    _save(ax, path)


def draw_arrhenius(found: tuple[Any, Any, Any], path: Path) -> None:
    """Draw the conductivities of a temperature series and the lines through them."""
    from filmcell.plot import impedance as drawn

    spectra, fits, energies = found
    T = np.array([s.temperature for s in spectra])
    size = spectra[0].geometry
    per = 1.0 if size is None else size.cell_constant
    points = {name: per / np.array([f.values[name] for f in fits]) * T for name in energies}
    at = np.linspace(T.min(), T.max(), 100)
    lines = {name: (at, pair[0].conductivity(at) * at) for name, pair in energies.items()}
    ax = drawn.arrhenius(T, points, lines, times_temperature=True)
    ax.set_ylabel("sigma T (S K/m)" if size is not None else "conductance times T (S K)")
    _save(ax, path)


def draw_paper(name: str, outcome: Any, folder: Path) -> list[Path]:
    """Draw the figures of a paper anew into a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FilmcellError(f"{folder}: cannot be made ({error.strerror})") from None
    paths = []
    for file, draw in _FIGURES[name].items():
        _save(draw(outcome), folder / file)
        paths.append(folder / file)
    return paths


def _panels(rows: int, columns: int, size: tuple[float, float], **options: Any) -> Any:
    """Axes of a new figure, shape (rows, columns)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure.subplots(rows, columns, squeeze=False, **options)


def _wang_profiles(outcome: Any) -> Any:
    """Draw lithium and its gradient at the end of charge, one column a diffusivity (Fig. 3)."""
    from filmcell.papers.wang2023 import DIFFUSIVITIES, THICKNESSES
    from filmcell.plot import curves

    panels = _panels(2, 3, (12.0, 6.5))
    for k, (name, D) in enumerate(DIFFUSIVITIES.items()):
        for L in THICKNESSES:
            result = outcome.results[name, L]
            end = result.of_step(1).stop - 1
            label, c = f"{L * 1e6:.0f} um", result.concentration[end]
            curves.profiles(result.depth, {label: c / 1e3}, panels[0, k])
            curves.gradients(result.depth, {label: c}, panels[1, k])
        panels[0, k].set_ylabel("lithium (1000 mol/m3)")
        panels[0, k].set_title(f"{name}: D = {D:g} m2/s, end of charge", fontsize="medium")
    return panels[0, 0]


def _wang_utilisation(outcome: Any) -> Any:
    """Draw capacity and utilisation against thickness, with the paper's points (Fig. 4)."""
    from filmcell.papers.wang2023 import DIFFUSIVITIES, INITIAL_CAPACITY, THICKNESSES, UTILISATION
    from filmcell.plot import curves

    left, right = _panels(1, 2, (11.0, 4.5))[0]
    results, L = outcome.results, np.array(THICKNESSES)
    capacity = {n: np.array([results[n, x].capacity[1] * 1e3 for x in THICKNESSES])
                for n in DIFFUSIVITIES}  # fmt: skip
    share = {n: np.array([results[n, x].utilisation[1] * 100 for x in THICKNESSES])
             for n in DIFFUSIVITIES}  # fmt: skip
    printed = {n: np.array(row) for n, row in INITIAL_CAPACITY.items()}
    curves.against_thickness(L, capacity, printed, left, what="initial capacity (mAh)")
    printed = {n: np.array(row) for n, row in UTILISATION.items()}
    curves.against_thickness(L, share, printed, right, what="capacity utilisation (%)")
    return left


def _wang_voltages(outcome: Any) -> Any:
    """Draw charge and discharge of all cells, one panel a diffusivity."""
    from filmcell.papers.wang2023 import DIFFUSIVITIES, THICKNESSES
    from filmcell.plot import curves

    panels = _panels(1, 3, (12.0, 4.0), sharey=True)[0]
    for k, (name, D) in enumerate(DIFFUSIVITIES.items()):
        for L, colour in zip(THICKNESSES, curves.COLOURS, strict=True):
            result = outcome.results[name, L]
            curves.voltage(result, panels[k], label=f"{L * 1e6:.0f} um", colour=colour)
        panels[k].set_title(f"{name}: D = {D:g} m2/s", fontsize="medium")
        panels[k].legend(frameon=False, fontsize="small")
    return panels[0]


def _danilov_discharges(outcome: Any) -> Any:
    """Draw the discharges at the five rates, with the measured capacities."""
    from filmcell.papers.danilov2011 import MEASURED
    from filmcell.plot import curves

    ax = _panels(1, 1, (6.5, 4.5))[0, 0]
    pairs = zip(outcome.discharges.items(), curves.COLOURS, strict=False)
    for (rate, result), colour in pairs:
        curves.areal_voltage(result, ax, label=f"{rate:g}C", colour=colour, unit="uAh/cm2")
        ax.plot(MEASURED[rate], 3.0, "o", mfc="none", color=colour, clip_on=False)
    ax.plot([], [], "o", mfc="none", color="black", label="capacity, measured")
    ax.set_ylim(2.95, 4.25)
    ax.legend(frameon=False, fontsize="small")
    return ax


def _danilov_losses(outcome: Any) -> Any:
    """Draw the losses of the electrolyte over time for both rate constants."""
    from filmcell.papers.danilov2011 import FIGURE, READINGS, TIME, electrolyte_losses
    from filmcell.plot import curves

    panels = _panels(1, 2, (10.0, 4.2), sharey=True)[0]
    for (preset, name), ax in zip(READINGS.items(), panels, strict=True):
        result = outcome.losses[preset]
        nernst, migration = (part * 1e3 for part in electrolyte_losses(result))
        parts = {"diffusion (Nernst)": nernst, "migration": migration, "total": nernst + migration}
        curves.over_time(result.time, parts, ax, what="loss of the electrolyte (mV)")
        for value, colour in zip(FIGURE.values(), curves.COLOURS, strict=False):
            ax.plot(TIME, value, "o", mfc="none", color=colour, clip_on=False)
        ax.plot([], [], "o", mfc="none", color="black", label="paper, 64.9 s")
        ax.set_title(name, fontsize="medium")
        ax.legend(frameon=False, fontsize="small")
    return panels[0]


def _danilov_profiles(outcome: Any) -> Any:
    """Draw the ions in the electrolyte at some times for both rate constants."""
    from filmcell.papers.danilov2011 import READINGS
    from filmcell.plot import curves

    panels = _panels(1, 2, (10.0, 4.2), sharey=True)[0]
    for (preset, name), ax in zip(READINGS.items(), panels, strict=True):
        result = outcome.losses[preset]
        layer = result.layers["electrolyte"]
        for time in (1.0, 5.0, 20.0, 64.9):
            row = int(np.argmin(np.abs(result.time - time)))
            label = f"{result.time[row]:.3g} s"
            curves.profiles(layer.depth, {label: layer.concentration[row] / 1e3}, ax)
        ax.set_xlabel("depth from the lithium (um)")
        ax.set_ylabel("ions (1000 mol/m3)")
        ax.set_title(name, fontsize="medium")
    return panels[0]


def _raijmakers_ladder(outcome: Any) -> Any:
    """Draw the discharges of the ladder, with the capacities of the figure."""
    from filmcell.papers.raijmakers2020 import MEASURED, PUBLISHED
    from filmcell.plot import curves

    ax = _panels(1, 1, (7.0, 4.5))[0, 0]
    colours = [*curves.COLOURS, "#9c6644", "#6c757d", "#000000"]
    for (rate, result), colour in zip(outcome.ladder.items(), colours, strict=True):
        curves.areal_voltage(result, ax, label=f"{rate:g}C", colour=colour)
    ax.plot(list(MEASURED.values()), [3.0] * 3, "ok", mfc="none", label="measured", clip_on=False)
    ax.plot(list(PUBLISHED.values()), [3.0] * 3, "xk", label="paper's simulation", clip_on=False)
    ax.set_ylim(2.97, 4.22)
    ax.legend(frameon=False, fontsize="small", ncols=2)
    return ax


def _raijmakers_losses(outcome: Any) -> Any:
    """Draw every loss at 1C."""
    from filmcell.plot.losses import stacked
    from filmcell.simulation.explain import explain

    ax = _panels(1, 1, (8.0, 4.2))[0, 0]
    stacked(explain(outcome.ladder[1.0], 1, None), ax)
    ax.set_xlabel("capacity at 1C (mAh/cm2)")
    return ax


def _raijmakers_profiles(outcome: Any) -> Any:
    """Draw ions in LiPON and lithium in LiCoO2 at the end of three discharges."""
    from filmcell.cell.file import load_cell
    from filmcell.plot import curves

    left, right = _panels(1, 2, (10.0, 4.2))[0]
    sites = load_cell("raijmakers2020").cathode.maximum_concentration
    for rate in (0.1, 1.0, 6.0):
        result = outcome.ladder[rate]
        layer = result.layers["electrolyte"]
        label = f"{rate:g}C"
        curves.profiles(layer.depth, {label: layer.concentration[-1] / 1e3}, left)
        curves.profiles(result.depth, {label: result.concentration[-1] / sites}, right)
    result = outcome.lowered[6.0]
    curves.profiles(result.depth, {"6C, lower D(x)": result.concentration[-1] / sites}, right)
    left.set_xlabel("depth in LiPON from the lithium (um)")
    left.set_ylabel("ions (1000 mol/m3)")
    right.set_xlabel("depth in LiCoO2 from LiPON (um)")
    for panel in (left, right):
        panel.set_title("end of discharge", fontsize="medium")
    return left


def _raijmakers_capacity(outcome: Any) -> Any:
    """Draw the capacity of the ladder against the rate, with the points of the figure."""
    from filmcell.papers.raijmakers2020 import COARSE, MEASURED, PUBLISHED, capacity
    from filmcell.plot import curves

    ours = {
        "published parameters": {r: capacity(x) for r, x in outcome.ladder.items()},
        "lower D(x)": {r: capacity(x) for r, x in outcome.lowered.items()},
        "coarse grid (a separate program)": COARSE,
    }
    paper = {"measured": MEASURED, "paper's simulation": PUBLISHED}
    ax = _panels(1, 1, (6.5, 4.5))[0, 0]
    return curves.against_rate(ours, paper, ax, what="capacity to 3.0 V (mAh/cm2)")


def _tan_spectra(outcome: Any) -> Any:
    """Draw the simulated spectra and their fits, a panel a reading."""
    from filmcell.plot import curves
    from filmcell.plot import impedance as drawn

    panels = _panels(1, 2, (8.2, 4.1))[0]
    for (name, found), ax in zip(outcome.series.items(), panels, strict=True):
        for s, fitted, colour in zip(found.spectra, found.fits, curves.COLOURS, strict=False):
            drawn.nyquist(s.frequency, s.impedance, ax, label=s.name, measured=True, marks=False,
                          colour=colour)  # fmt: skip
            drawn.nyquist(s.frequency, fitted.impedance, ax, marks=False, colour=colour)
        ax.set_aspect("equal", adjustable="box")
        ax.set_xlim(0.0, 60.0)
        ax.set_ylim(0.0, 60.0)
        ax.set_title(name, fontsize="medium")
    return panels[0]


def _tan_arrhenius(outcome: Any) -> Any:
    """Draw the conductivities of both readings with what the paper prints."""
    from filmcell.papers.tan2021_llto import TEMPERATURES, printed
    from filmcell.plot import impedance as drawn

    T = np.array(TEMPERATURES) + 273.15
    series = outcome.series
    points = {name: np.array(s.conductivity) * 1e-2 for name, s in series.items()}
    lines = {name: (T, s.energies[1].conductivity(T) * 1e-2) for name, s in series.items()}
    ax = drawn.arrhenius(T, points, lines, _panels(1, 1, (6.5, 4.5))[0, 0])
    cold, hot, _ = printed()
    ax.plot(1e3 / np.array([298.15, 393.15]), [cold.number * 1e-2, hot.number * 1e-2], "kx",
            markersize=9, label="printed")  # fmt: skip
    ax.set_ylabel("sigma (S/cm)")
    ax.legend(fontsize="small")
    return ax


_FIGURES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "danilov2011": {
        "discharges.png": _danilov_discharges,
        "electrolyte_losses.png": _danilov_losses,
        "electrolyte_profiles.png": _danilov_profiles,
    },
    "raijmakers2020": {
        "ladder.png": _raijmakers_ladder,
        "losses_1C.png": _raijmakers_losses,
        "profiles.png": _raijmakers_profiles,
        "capacity_over_rate.png": _raijmakers_capacity,
    },
    "tan2021-llto": {"spectra.png": _tan_spectra, "arrhenius.png": _tan_arrhenius},
    "wang2023": {
        "fig3_profiles.png": _wang_profiles,
        "fig4_utilisation.png": _wang_utilisation,
        "voltage_curves.png": _wang_voltages,
    },
}


def _save(ax: Any, path: Path) -> None:
    """Write a figure, with its error as a sentence."""
    from filmcell.plot import curves

    try:
        curves.save(ax, path)
    except (OSError, ValueError) as error:
        raise FilmcellError(f"{path}: cannot be drawn ({error})") from None
