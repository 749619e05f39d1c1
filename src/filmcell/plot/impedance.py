"""Pictures of spectra: Nyquist with equal axes and marked frequencies, Bode, relaxation times."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from filmcell.arrays import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_POINTS: dict[str, Any] = {"marker": "o", "markersize": 3.5, "linestyle": "none"}
"""How a measured spectrum is drawn."""


def _axes(ax: "Axes | None") -> "Axes":
    """Give axes, new ones if none were handed in."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(6.0, 4.5), layout="constrained").add_subplot()


def nyquist(
    frequency: Array,
    impedance: Any,
    ax: "Axes | None" = None,
    *,
    unit: str = "ohm",
    label: str = "",
    measured: bool = False,
    marks: bool = True,
    colour: str | None = None,
) -> "Axes":
    """Draw a spectrum in the complex plane, -Im over Re, with equal axes.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, falling, shape (n,) [Hz].
    impedance : ndarray of complex
        Impedances, shape (n,), in `unit`.
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.
    unit : str
        Unit of the impedance, for the axes.
    label : str
        Name in the legend.
    measured : bool
        Whether to draw points rather than a line.
    marks : bool
        Whether to mark every decade of the frequency.
    colour : str, optional
        Colour; the next of the axes if not given.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> ax = nyquist(np.array([1e3, 10.0, 1.0]), np.array([1.0, 2.0 - 1.0j, 3.0]))
    >>> float(ax.get_aspect())
    1.0
    """
    ax = _axes(ax)
    style = _POINTS if measured else {}
    Z = impedance
    (line,) = ax.plot(Z.real, -Z.imag, label=label or None, color=colour, **style)
    if marks:
        _mark_decades(ax, frequency, impedance, line.get_color())
    ax.set_aspect("equal", adjustable="datalim")
    ax.locator_params(nbins=6)  # large numbers of ohms would run into each other
    ax.set_xlabel(f"Re Z ({unit})")
    ax.set_ylabel(f"-Im Z ({unit})")
    if label:
        ax.legend(fontsize="small")
    return ax


def _mark_decades(ax: "Axes", frequency: Array, impedance: Any, colour: Any) -> None:
    """Mark the points nearest to whole decades, those that lie apart from the last one marked."""
    decades = np.arange(
        np.ceil(np.log10(frequency[-1]) - 0.05), np.floor(np.log10(frequency[0]) + 0.05) + 1
    )
    size = np.ptp(impedance.real) + np.ptp(impedance.imag) or 1.0
    last = None
    for decade in decades[::-1]:
        k = int(np.argmin(np.abs(np.log10(frequency) - decade)))
        if last is not None and abs(impedance[k] - last) < 0.04 * size:
            continue
        last = impedance[k]
        ax.plot(last.real, -last.imag, marker="s", markersize=5, color=colour, linestyle="none")
        ax.annotate(_hertz(10.0**decade), (last.real, -last.imag), textcoords="offset points",
                    xytext=(4, 5), fontsize="x-small")  # fmt: skip


def _hertz(frequency: float) -> str:
    """Write a whole decade of a frequency."""
    for size, word in ((1e6, "MHz"), (1e3, "kHz"), (1.0, "Hz"), (1e-3, "mHz"), (1e-6, "uHz")):
        if frequency >= 0.999 * size:
            return f"{frequency / size:.0f} {word}"
    return f"{frequency:.0e} Hz"


def bode(
    frequency: Array,
    impedance: Any,
    axes: "Sequence[Axes] | None" = None,
    *,
    unit: str = "ohm",
    label: str = "",
    measured: bool = False,
) -> "Sequence[Axes]":
    """Draw modulus and phase over frequency.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, shape (n,) [Hz].
    impedance : ndarray of complex
        Impedances, shape (n,), in `unit`.
    axes : pair of matplotlib Axes, optional
        For the modulus and for the phase; on a new figure if not given.
    unit : str
        Unit of the impedance, for the axes.
    label : str
        Name in the legend.
    measured : bool
        Whether to draw points rather than a line.

    Returns
    -------
    pair of matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> modulus, phase = bode(np.array([10.0, 1.0]), np.array([1.0, 1.0 - 1.0j]))
    >>> phase.get_ylabel()
    '-phase (degrees)'
    """
    if axes is None:
        from matplotlib.figure import Figure

        axes = Figure(figsize=(6.0, 5.5), layout="constrained").subplots(2, 1, sharex=True)
    style = _POINTS if measured else {}
    axes[0].loglog(frequency, np.abs(impedance), label=label or None, **style)
    axes[1].semilogx(frequency, -np.degrees(np.angle(impedance)), **style)
    axes[0].set_ylabel(f"|Z| ({unit})")
    axes[1].set_ylabel("-phase (degrees)")
    axes[1].set_xlabel("frequency (Hz)")
    if label:
        axes[0].legend(fontsize="small")
    return axes


def shares(
    frequency: Array, parts: Mapping[str, Any], ax: "Axes | None" = None, *, unit: str = "ohm cm2"
) -> "Axes":
    """Draw the real part of each share of a cell's impedance over frequency, stacked.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, shape (n,) [Hz].
    parts : mapping of str to ndarray of complex
        Shares, shape (n,) each, in `unit`.
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.
    unit : str
        Unit of the shares.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> ax = shares(np.array([10.0, 1.0]), {"electrolyte": np.array([1.0 + 0j, 1.0 + 0j])})
    >>> ax.get_ylabel()
    'Re Z (ohm cm2)'
    """
    ax = _axes(ax)
    least = 1e-7 * np.abs(sum(parts.values()))  # below it a share is rounding
    shown = {k: v for k, v in parts.items() if np.any(np.abs(v.real) > least)}
    ax.stackplot(frequency, [v.real for v in shown.values()], labels=list(shown))
    ax.set_xscale("log")
    ax.set_xlabel("frequency (Hz)")
    ax.set_ylabel(f"Re Z ({unit})")
    ax.legend(fontsize="x-small", reverse=True)  # as they are stacked
    return ax


def relaxation_times(
    tau: Array,
    gamma: Mapping[str, Array],
    peaks: Sequence[tuple[float, float]] = (),
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw distributions of relaxation times.

    Parameters
    ----------
    tau : ndarray
        Relaxation times, shape (n,) [s].
    gamma : mapping of str to ndarray
        Distributions per ln tau by name, shape (n,) each [ohm].
    peaks : sequence of (float, float)
        Time [s] and area [ohm] of each peak.
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> ax = relaxation_times(np.array([0.1, 1.0]), {"best": np.array([1.0, 2.0])}, [(1.0, 3.0)])
    >>> ax.get_xscale()
    'log'
    """
    ax = _axes(ax)
    for name, values in gamma.items():
        ax.plot(tau, values, label=name)
    for time, area in peaks:
        ax.axvline(time, color="0.7", linewidth=0.8, zorder=0)
        ax.annotate(f"{time:.3g} s\n{area:.3g} ohm", (time, 1.0), fontsize="x-small",
                    xycoords=("data", "axes fraction"), va="top")  # fmt: skip
    ax.set_xscale("log")
    ax.set_xlabel("relaxation time (s)")
    ax.set_ylabel("gamma per ln tau (ohm)")
    ax.legend(fontsize="small")
    return ax


def arrhenius(
    temperature: Array,
    conductivity: Mapping[str, Array],
    lines: Mapping[str, tuple[Array, Array]],
    ax: "Axes | None" = None,
    *,
    times_temperature: bool = False,
) -> "Axes":
    """Draw conductivities over 1000/T with the lines that were fitted.

    Parameters
    ----------
    temperature : ndarray
        Temperatures, shape (n,) [K].
    conductivity : mapping of str to ndarray
        Conductivities by name, shape (n,) each [S/m], or conductances [S].
    lines : mapping of str to (ndarray, ndarray)
        Temperatures [K] and values of each fitted line.
    ax : matplotlib Axes, optional
        Where to draw; on a new figure if not given.
    times_temperature : bool
        Whether the values are sigma T.

    Returns
    -------
    matplotlib Axes
        Where it was drawn.

    Examples
    --------
    >>> T = np.array([300.0, 400.0])
    >>> ax = arrhenius(T, {"bulk": np.array([1e-4, 1e-3])}, {"bulk": (T, np.array([1e-4, 1e-3]))})
    >>> ax.get_yscale()
    'log'
    """
    ax = _axes(ax)
    colours = {}
    for name, values in conductivity.items():
        (points,) = ax.plot(1e3 / temperature, values, "o", label=name)
        colours[name] = points.get_color()
    for name, (T, values) in lines.items():
        ax.plot(1e3 / T, values, color=colours.get(name), linewidth=1.0)
    ax.set_yscale("log")
    ax.set_xlabel("1000 K / T")
    ax.set_ylabel("sigma T" if times_temperature else "sigma")
    ax.legend(fontsize="small")
    return ax
