"""Pictures of the material library: conductivities, windows with potentials, usable capacities."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.constants import REFERENCE_TEMPERATURE
from filmcell.materials.forms import Arrhenius
from filmcell.materials.property import Property
from filmcell.materials.records import Material, Value
from filmcell.materials.utilisation import Pairing, curve_of, specific_capacity
from filmcell.materials.vocabulary import FAMILIES
from filmcell.plot.curves import axes

FAMILY_STYLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "LiPON": ("#d1495b", "o"), "phosphate": ("#f4978e", "o"),
        "perovskite": ("#1b6ca8", "o"), "garnet": ("#00a6d6", "o"),
        "NASICON": ("#3a7d44", "o"), "LISICON": ("#8ac926", "o"),
        "thio-LISICON": ("#b8860b", "s"), "sulfide": ("#edae49", "s"),
        "halide": ("#7d4f9e", "^"), "polymer": ("#333333", "D"), "composite": ("#8d99ae", "D"),
        "oxide glass": ("#9c6644", "v"), "oxide": ("#c68b59", "v"), "additive": ("#ff70a6", "P"),
    }
)  # fmt: skip
"""Colour and marker of a family; other families are grey crosses."""

_OTHER = ("#6c757d", "X")
_SIDE = 0.02  # families beside each other at one temperature: 1.8 K at room temperature [1000/K]
_SAME = 3.0  # temperatures that count as one for that [K]
_TEMPERATURES = (253.15, 423.15)  # what the chart shows [K]
_DECADES = (-10.0, -1.0)  # likewise, of the conductivity in S/cm
_CELSIUS = (-20, 0, 25, 60, 100, 140)


@dataclass(frozen=True)
class Point:
    """A conductivity that somebody stated.

    Parameters
    ----------
    material : Material
        Of what.
    value : Value
        The statement.
    temperature : float
        Temperature, or the middle of several; 298.15 K where it is not stated [K].
    stated : bool
        Whether the temperature is stated.
    """

    material: Material
    value: Value
    temperature: float
    stated: bool


def points(materials: Iterable[Material]) -> tuple[Point, ...]:
    """Gather the stated conductivities of materials.

    Parameters
    ----------
    materials : iterable of Material
        Where to look.

    Returns
    -------
    tuple of Point
        One a statement that is a number or a range.
    """
    return tuple(
        Point(m, v, REFERENCE_TEMPERATURE if T is None else 0.5 * (T[0] + T[1]), T is not None)
        for m in materials
        for v in m.values.get("conductivity", ())
        if v.is_number
        for T in [v.temperature]
    )


@dataclass(frozen=True)
class Line:
    """A conductivity over the temperatures between which its activation energy was found.

    Parameters
    ----------
    material : Material
        Of what.
    function : Property
        Conductivity over temperature [S/m].
    """

    material: Material
    function: Property


def lines(materials: Iterable[Material]) -> tuple[Line, ...]:
    """Draw conductivities on by activation energies of the same sample, over the stated range.

    Parameters
    ----------
    materials : iterable of Material
        Where to look.

    Returns
    -------
    tuple of Line
        One a sample, by the activation energy that ranks first; and functions of temperature.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> line = lines([library().material("llto")])[0]
    >>> line.function.low, line.function.high
    (298.15, 393.15)
    """
    return tuple(line for m in materials for line in (*_functions(m), *_extended(m)))


def _functions(material: Material) -> Iterator[Line]:
    """Conductivities that are functions of temperature."""
    for value in material.values.get("conductivity", ()):
        if isinstance(value.given, Property) and value.given.argument == "T":
            yield Line(material, value.given)


def _extended(material: Material) -> Iterator[Line]:
    """Conductivities at one temperature, with the activation energy of the sample."""
    done = set[tuple[str, str]]()
    for energy in material.values.get("activation_energy", ()):
        range_ = energy.temperature
        if not energy.is_number or range_ is None or not range_[0] < range_[1]:
            continue
        sample = energy.conditions.get("sample", ""), energy.conditions.get("part", "")
        start = next((v for v in material.values.get("conductivity", ())
                      if _starts(v, energy, range_)), None)  # fmt: skip
        if start is not None and start.temperature is not None and sample not in done:
            done.add(sample)
            exponent = float(energy.conditions.get("relation") == "ln sigma T")
            form = Arrhenius(start.number, energy.number, start.temperature[0], exponent)
            yield Line(material, Property("conductivity", "S/m", form, *range_, str(energy.source),
                                          "T"))  # fmt: skip


def _starts(value: Value, energy: Value, range_: tuple[float, float]) -> bool:
    """Whether a conductivity is of the sample of an activation energy, within its range."""
    T = value.temperature
    if not value.is_number or T is None or T[0] != T[1]:
        return False
    same = all(energy.conditions.get(k, value.conditions.get(k)) == value.conditions.get(k)
               for k in ("sample", "part"))  # fmt: skip
    return same and range_[0] - _SAME <= T[0] <= range_[1] + _SAME


def conductivities(materials: Iterable[Material], ax: Any = None) -> Any:
    """Draw conductivities over temperature, one colour a family.

    Filled points are at the stated temperature, hollow ones at 25 degC because none is stated.
    Families that meet at one temperature stand side by side, each 1.8 K from the next. Lines
    follow activation energies over the temperatures between which these were found. What lies
    outside -20 to 150 degC or 1e-10 to 0.1 S/cm is counted in a corner.

    Parameters
    ----------
    materials : iterable of Material
        What to draw.
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes, log10 of S/cm over 1000/T, with a second axis in degC.
    """
    ax = axes(ax)
    chosen = tuple(materials)
    stated = [p for p in points(chosen) if _inside(p)]
    beside = _beside(stated)
    for line in lines(chosen):
        T, sigma = line.function.curve(60)
        ax.plot(1e3 / T, np.log10(sigma / 100.0), color=_style(line.material)[0], linewidth=1.2)
    for point in stated:
        _draw_point(ax, point, 1e3 / point.temperature + beside[id(point)])
    room = [1e3 / p.temperature + beside[id(p)] for p in stated
            if abs(p.temperature - REFERENCE_TEMPERATURE) < _SAME]  # fmt: skip
    if room:
        ax.axvspan(min(room) - _SIDE, max(room) + _SIDE, color="#f0f0f0", zorder=0, linewidth=0.0)
    _arrhenius_axes(ax)
    _family_legend(ax, [p.material.family for p in stated])
    left = len(points(chosen)) - len(stated)
    if left:
        ax.text(0.99, 0.01, f"{left} of {len(points(chosen))} values outside", ha="right",
                transform=ax.transAxes, fontsize="small", color="#555555")  # fmt: skip
    return ax


def _inside(point: Point) -> bool:
    """Whether a point lies within the chart."""
    cold, hot = _TEMPERATURES
    decade = np.log10(point.value.number / 100.0)
    return bool(cold <= point.temperature <= hot and _DECADES[0] <= decade <= _DECADES[1])


def _style(material: Material) -> tuple[str, str]:
    """Colour and marker of the family of a material."""
    return FAMILY_STYLES.get(material.family, _OTHER)


def _beside(stated: Sequence[Point]) -> dict[int, float]:
    """How far each point stands from its temperature, so that families do not hide each other."""
    shift: dict[int, float] = {}
    for point in stated:
        met = [p for p in stated if abs(p.temperature - point.temperature) < _SAME]
        here = [f for f in FAMILIES if any(p.material.family == f for p in met)]
        place = here.index(point.material.family) - 0.5 * (len(here) - 1)
        shift[id(point)] = place * _SIDE
    return shift


def _draw_point(ax: Any, point: Point, x: float) -> None:
    """Draw a number as a point, a range as a bar, a bound with an arrow."""
    colour, marker = _style(point.material)
    low, high = (np.log10(end / 100.0) if 0.0 < end < np.inf else None for end in point.value.ends)
    y = float(np.log10(point.value.number / 100.0))
    if low is not None and high is not None and low < high:
        ax.plot([x, x], [low, high], color=colour, linewidth=1.2)
    elif low is None or high is None:
        ax.annotate("", (x, y + (0.5 if high is None else -0.5)), (x, y),
                    arrowprops={"arrowstyle": "->", "color": colour})  # fmt: skip
    ax.plot(x, y, marker, color=colour, markersize=4.5, markeredgewidth=1.1,
            markerfacecolor=colour if point.stated else "white", linestyle="none")  # fmt: skip


def _arrhenius_axes(ax: Any) -> None:
    """Label both axes of an Arrhenius chart."""
    cold, hot = _TEMPERATURES
    ax.set_xlim(1e3 / hot, 1e3 / cold)
    ax.set_ylim(*_DECADES)
    ax.set_xlabel("1000 / T (1/K)")
    ax.set_ylabel("log10 of the ionic conductivity in S/cm")
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)

    def swap(x: Any) -> Any:
        return 1e3 / np.maximum(x, 1e-9)

    top = ax.secondary_xaxis("top", functions=(swap, swap))
    top.set_ticks([t + 273.15 for t in _CELSIUS], [f"{t}" for t in _CELSIUS])
    top.set_xlabel("temperature (degC)")


def _family_legend(ax: Any, families: Iterable[str]) -> None:
    """Name the families, and what hollow means."""
    from matplotlib.lines import Line2D

    present = set(families)
    handles = [Line2D([], [], color=FAMILY_STYLES.get(f, _OTHER)[0], linestyle="none",
                      marker=FAMILY_STYLES.get(f, _OTHER)[1], markersize=5.0, label=f)
               for f in FAMILIES if f in present]  # fmt: skip
    handles.append(Line2D([], [], color="#555555", marker="o", linestyle="none", markersize=5.0,
                          markerfacecolor="white", label="no temperature stated"))  # fmt: skip
    handles.append(Line2D([], [], color="#555555", label="by activation energy"))
    ax.legend(handles=handles, frameon=False, fontsize="small", loc="center left",
              bbox_to_anchor=(1.0, 0.5))  # fmt: skip


WINDOW_STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "dft_thermodynamic": {"facecolor": "#1b6ca8", "edgecolor": "#1b6ca8"},
        "experimental_apparent": {"facecolor": "#fdf0d5", "edgecolor": "#b8860b", "hatch": "////"},
    }
)
"""How the two kinds of window look; they are never joined to one bar."""

_WINDOW_WORDS = {"dft_thermodynamic": "window, thermodynamic (density functional theory)",
                 "experimental_apparent": "window, apparent (experiment)"}  # fmt: skip
_STUB = 0.4  # length of a bar whose other end is not known [V]
_CATHODE = "#3a7d44"


@dataclass(frozen=True)
class Span:
    """A stability window, or the end of one, as one source states it.

    Parameters
    ----------
    window : str
        What it means, one of `vocabulary.WINDOWS`.
    low, high : float or None
        Reduction and oxidation limit [V]; None where not stated.
    bound : str
        "above" or "below" where the limit is only known to be at least or at most that.
    """

    window: str
    low: float | None
    high: float | None
    bound: str = ""


def spans(material: Material) -> tuple[Span, ...]:
    """Gather the windows of a material, thermodynamic ones first.

    Parameters
    ----------
    material : Material
        The material.

    Returns
    -------
    tuple of Span
        One a statement.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> spans(library().material("llto"))[0]
    Span(window='dft_thermodynamic', low=1.75, high=3.71, bound='')
    """
    found = [
        _span(key, value)
        for key in ("stability_window", "reduction_limit", "oxidation_limit")
        for value in material.values.get(key, ())
        if value.is_number
    ]
    return tuple(sorted(found, key=lambda s: s.window))


def _span(key: str, value: Value) -> Span:
    """A statement as a window with ends that may be open."""
    window = value.conditions.get("window", "")
    if isinstance(value.given, tuple):
        low, high = value.ends
    else:
        low = high = value.number
        if key == "stability_window":  # of a single number only the bounded end is known
            key = "reduction_limit" if value.bound == "below" else "oxidation_limit"
    bound = value.bound if value.bound in ("above", "below") else ""
    if key == "oxidation_limit":
        return Span(window, None, high, bound)
    return Span(window, high, None, bound) if key == "reduction_limit" else Span(window, low, high)


def windows(
    materials: Iterable[Material], cathodes: Iterable[Material] = (), ax: Any = None
) -> Any:
    """Draw stability windows as bars, and above them the potentials at which cathodes are used.

    Thermodynamic and apparent windows have rows of their own within a material. A bar that fades
    out has an end that nobody states; an arrow goes on from a limit that is a bound. Dotted lines
    go down from the upper end of every range of use.

    Parameters
    ----------
    materials : iterable of Material
        Electrolytes and interlayers; those without a window are left out.
    cathodes : iterable of Material
        Cathodes; those without a range of use or plateau are left out.
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes, a row a material.
    """
    ax = axes(ax)
    below = sorted((m for m in materials if spans(m)),
                   key=lambda m: (FAMILIES.index(m.family), m.id))  # fmt: skip
    above = [m for m in cathodes if _ranges(m) or _plateaus(m)]
    above.sort(key=lambda m: max((*(x[1] for x in _ranges(m)), *(x[1] for x in _plateaus(m)))))
    rows = [*reversed(below), *reversed(above)]
    for y, material in enumerate(rows[: len(below)]):
        _draw_spans(ax, y, spans(material))
    for y, material in enumerate(rows[len(below) :], len(below)):
        _draw_cathode(ax, y, material, len(below) - 0.5)
    ax.axhline(len(below) - 0.5, color="#555555", linewidth=0.8)
    ax.set_yticks(range(len(rows)), [m.id for m in rows], fontsize="small")
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlim(-0.1, 5.8)
    ax.set_xlabel("potential against lithium (V)")
    _window_legend(ax)
    return ax


def _ranges(cathode: Material) -> list[tuple[float, float]]:
    """Ranges of use of a cathode [V]."""
    return [v.ends for v in cathode.values.get("operating_range", ())
            if isinstance(v.given, tuple)]  # fmt: skip


def _plateaus(cathode: Material) -> list[tuple[float, float]]:
    """Plateaus of a cathode [V]; twice the number where there is only one."""
    return [v.ends if isinstance(v.given, tuple) else (v.number, v.number)
            for v in cathode.values.get("plateau", ()) if v.is_number]  # fmt: skip


def _draw_spans(ax: Any, row: float, found: Sequence[Span]) -> None:
    """Draw the windows of a material, one below the other within its row."""
    height = 0.8 / len(found)
    for k, span in enumerate(found):
        y = row + 0.4 - (k + 0.5) * height
        style = {**WINDOW_STYLES.get(span.window, {}), "linewidth": 0.7, "height": 0.85 * height}
        if span.low is not None and span.high is not None:
            ax.barh(y, span.high - span.low, left=span.low, **style)
        elif span.high is not None:
            _draw_end(ax, y, span.high, -_STUB, span.bound, style)
        elif span.low is not None:
            _draw_end(ax, y, span.low, _STUB, span.bound, style)


def _draw_end(
    ax: Any, y: float, limit: float, length: float, bound: str, style: Mapping[str, Any]
) -> None:
    """Draw one end of a window, fading out towards the other, which nobody states."""
    for part, alpha in enumerate((1.0, 0.6, 0.25)):
        ax.barh(y, length / 3, left=limit + part * length / 3, alpha=alpha,
                **{**style, "linewidth": 0.0})  # fmt: skip
    if bound:
        ahead = 0.3 if bound == "above" else -0.3
        ax.annotate("", (limit + ahead, y), (limit, y),
                    arrowprops={"arrowstyle": "->", "color": style["edgecolor"]})  # fmt: skip


def _draw_cathode(ax: Any, row: float, cathode: Material, floor: float) -> None:
    """Draw the ranges of use of a cathode as bars and its plateaus as ticks."""
    found = _ranges(cathode)
    height = 0.8 / max(len(found), 1)
    for k, (low, high) in enumerate(found):
        y = row + 0.4 - (k + 0.5) * height
        ax.barh(y, high - low, left=low, height=0.8 * height, color=_CATHODE, alpha=0.55)
        ax.plot([high, high], [-0.6, floor], color=_CATHODE, linewidth=0.6, linestyle=":", zorder=0)
    for low, high in _plateaus(cathode):
        ax.plot([low, high], [row, row], "|", color="black", markersize=9.0, markeredgewidth=1.6)


def _window_legend(ax: Any) -> None:
    """Say what bars and ticks are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [Patch(label=_WINDOW_WORDS[w], **style, linewidth=0.7)
                          for w, style in WINDOW_STYLES.items()]  # fmt: skip
    handles.append(Patch(color=_CATHODE, alpha=0.55, label="range of use of a cathode"))
    handles.append(Line2D([], [], color="black", marker="|", linestyle="none", markersize=9.0,
                          markeredgewidth=1.6, label="plateau"))  # fmt: skip
    ax.legend(handles=handles, frameon=False, fontsize="small", loc="upper center", ncols=2,
              bbox_to_anchor=(0.45, -0.06))  # fmt: skip


CHEMISTRY_COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#edae49", "#7d4f9e", "#00a6d6", "#9c6644",
                     "#333333")  # fmt: skip
"""Colours of the chemistries of cathodes; the materials of one differ by their dashes."""

_LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))


def capacities(
    pairs: Iterable[Pairing], limits: Mapping[str, float] | None = None, ax: Any = None
) -> Any:
    """Draw how much of each cathode can be used below a potential, at rest.

    A line is thick up to the upper end of the cathode's range of use, where a dot stands, and thin
    where the curve is known but no range of use is stated that holds it.

    Parameters
    ----------
    pairs : iterable of Pairing
        Cathodes alone, as `utilisation.pairings` gives them; others are left out.
    limits : mapping of str to float, optional
        Oxidation limits of electrolytes [V], drawn as upright lines with their names.
    ax : matplotlib Axes, optional
        Axes to draw on.

    Returns
    -------
    matplotlib Axes
        The axes, mAh/g over potential.
    """
    ax = axes(ax)
    alone = [p for p in pairs if p.electrolyte is None]
    chemistries = list(dict.fromkeys(p.cathode.chemistry for p in alone))
    for found in alone:
        same = [p for p in alone if p.cathode.chemistry == found.cathode.chemistry]
        colour = CHEMISTRY_COLOURS[chemistries.index(found.cathode.chemistry) % 8]
        _draw_capacity(ax, found, colour, _LINES[same.index(found) % len(_LINES)])
    for name, limit in (limits or {}).items():
        ax.axvline(limit, color="#999999", linewidth=0.7, zorder=0)
        ax.text(limit, 1.01, name, transform=ax.get_xaxis_transform(), rotation=60,
                fontsize="small", color="#555555")  # fmt: skip
    ax.set_xlim(2.0, 5.0)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel("upper potential against lithium (V)")
    ax.set_ylabel("usable capacity at rest (mAh/g)")
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax


def _draw_capacity(ax: Any, found: Pairing, colour: str, line: Any) -> None:
    """Draw the capacity of a cathode over its upper potential."""
    value = found.use.potential if found.use else curve_of(found.cathode)
    if value is None or not isinstance(value.given, Property):
        return
    x, U = value.given.curve(800)
    V = np.maximum.accumulate(U[::-1])  # a curve that rises a little in x is passed at its top
    full = found.use.full if found.use else value.given.high
    q = np.maximum(full - x[::-1], 0.0) * specific_capacity(found.cathode) / 3600.0
    label = found.cathode.id if found.use else f"{found.cathode.id}, no range of use"
    ax.plot(V, q, linestyle=line, color=colour, linewidth=0.8, label=None if found.use else label)
    if found.use is not None:
        inside = found.use.high >= V
        ax.plot(V[inside], q[inside], linestyle=line, color=colour, linewidth=2.0, label=label)
        ax.plot(min(found.use.high, V[-1]), found.use.specific / 3600.0, "o", color=colour,
                markersize=4.5)  # fmt: skip
