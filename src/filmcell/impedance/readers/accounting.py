"""From rows to spectra: what was read, what was used, what was set aside and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.readers.rows import FRAGMENT, OTHER_SWEEP, REPEATED, Rows
from filmcell.impedance.readers.sweeps import sweep_of
from filmcell.impedance.spectrum import LEAST_POINTS, Geometry, Spectrum
from filmcell.units import shown


@dataclass(frozen=True)
class Sample:
    """What the caller says of the sample.

    Parameters
    ----------
    geometry : Geometry, optional
        Its size.
    temperature : float, optional
        Its temperature [K].
    """

    geometry: Geometry | None = None
    temperature: float | None = None

    def __post_init__(self) -> None:
        """Refuse what is no geometry and no temperature."""
        if self.geometry is not None and not isinstance(self.geometry, Geometry):
            raise InputError("geometry: expected Geometry(area, thickness) in m2 and m")
        T = self.temperature
        if T is None:
            return
        if isinstance(T, bool) or not isinstance(T, int | float) or not 0.0 < T < float("inf"):
            raise InputError(f"temperature: {shown(T)} is not allowed, expected kelvin above 0")


def spectra_of(
    rows: Rows, sample: Sample, name: str, provenance: Mapping[str, str]
) -> tuple[Spectrum, ...]:
    """Make a spectrum of each sweep that the rows hold.

    Parameters
    ----------
    rows : Rows
        What was read.
    sample : Sample
        Geometry and temperature, where they are known.
    name : str
        Name of the spectra.
    provenance : mapping of str to str
        Where they come from.

    Returns
    -------
    tuple of Spectrum
        One for each sweep, in the order of the file; every row is in one of them.

    Raises
    ------
    InputError
        Where there are fewer than three points.

    Examples
    --------
    >>> f, Z = np.array([2.0, 4.0, -1.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0]) - 1j
    >>> reason = np.array(["", "", "frequency not above 0", ""], object)
    >>> rows = Rows(f, Z, reason, np.arange(4), np.zeros(4))
    >>> s, = spectra_of(rows, Sample(), "made up", {})
    >>> s.frequency.tolist(), s.read, dict(s.set_aside)
    ([4.0, 2.0, 1.0], 4, {'frequency not above 0': 1})
    """
    rows, number = _sweeps(rows)
    impedance, remark = _per_sample(rows, sample)
    last = int(number.max()) + 1
    found = []
    for k in range(last):
        own = number == k
        words = {"sweep": f"{k + 1} of {last}"} if last > 1 else {}
        found.append(
            _spectrum(_taken(rows, impedance, own), sample, name, {**provenance, **words}, remark)
        )
    return tuple(found)


def first_of(spectra: Sequence[Spectrum]) -> Spectrum:
    """Take the first sweep of a file, and count the rows of the others as set aside.

    Parameters
    ----------
    spectra : sequence of Spectrum
        All sweeps of the file.

    Returns
    -------
    Spectrum
        The first, with a warning where there are others.

    Examples
    --------
    >>> f, Z = np.array([3.0, 2.0, 1.0]), np.ones(3) - 1j
    >>> s = first_of([Spectrum(f, Z), Spectrum(f, Z)])
    >>> s.read, dict(s.set_aside)
    (6, {'of another sweep in the file': 3})
    """
    first, *others = spectra
    if not others:
        return first
    rest = sum(s.read for s in others)
    return replace(
        first,
        read=first.read + rest,
        set_aside=MappingProxyType({**first.set_aside, OTHER_SWEEP: rest}),
        warnings=(
            *first.warnings,
            f"{len(spectra)} sweeps in the file: this is the first, its {rest} other rows are set "
            "aside (read_sweeps gives all)",
        ),
    )


def _sweeps(rows: Rows) -> tuple[Rows, Any]:
    """Number of the sweep of each row; what is too short for a sweep goes with its neighbour."""
    usable = np.flatnonzero(rows.usable)
    number = np.full(len(rows), -1)
    number[usable] = sweep_of(rows.frequency[usable], rows.part[usable]) if usable.size else 0
    whole = [
        k for k in range(int(number.max(initial=-1)) + 1)
        if np.unique(rows.frequency[number == k]).size >= LEAST_POINTS
    ]  # fmt: skip
    if not whole:
        raise InputError(_too_few(rows))
    reason = np.where(rows.usable & ~np.isin(number, whole), FRAGMENT, rows.reason)
    number[reason != ""] = -1
    known = np.flatnonzero(number >= 0)
    nearest = known[np.maximum(np.searchsorted(known, np.arange(len(rows)), side="right") - 1, 0)]
    return replace(rows, reason=reason), np.unique(number[nearest], return_inverse=True)[1]


def _too_few(rows: Rows) -> str:
    """Sentence of a file without three points."""
    usable = np.unique(rows.frequency[rows.usable]).size
    aside = Counter(why for why in rows.reason.tolist() if why)
    if rows.usable.sum() > usable:
        aside[REPEATED] += int(rows.usable.sum()) - usable
    reasons = "; ".join(f"{count} set aside: {why}" for why, count in aside.items())
    return (
        f"{usable} usable points in {len(rows)} rows{f' ({reasons})' if reasons else ''}, "
        f"expected at least {LEAST_POINTS}"
    )


def _per_sample(rows: Rows, sample: Sample) -> tuple[Any, tuple[str, ...]]:
    """Impedance in ohm; what the file gives times area needs the area."""
    if not rows.per_area:
        return rows.impedance, ()
    if sample.geometry is None:
        raise InputError("its impedance is times area, expected geometry=Geometry(area, thickness)")
    area = sample.geometry.area
    return rows.impedance / area, (f"impedance times area was divided by {area:g} m2",)


def _taken(rows: Rows, impedance: Any, own: Any) -> Rows:
    """Rows of one sweep, repeats of a frequency marked."""
    reason = rows.reason[own].copy()
    frequency = rows.frequency[own]
    usable = np.flatnonzero(reason == "")
    first = np.unique(frequency[usable], return_index=True)[1]
    reason[np.delete(usable, first)] = REPEATED
    return replace(
        rows, frequency=frequency, impedance=impedance[own], reason=reason, line=rows.line[own],
        part=rows.part[own],
    )  # fmt: skip


def _spectrum(
    rows: Rows, sample: Sample, name: str, provenance: Mapping[str, str], remark: tuple[str, ...]
) -> Spectrum:
    """Spectrum of the rows of one sweep."""
    f, Z = rows.frequency[rows.usable], rows.impedance[rows.usable]
    order = np.argsort(-f, kind="stable")
    aside = Counter(why for why in rows.reason.tolist() if why)
    return Spectrum(
        f[order], Z[order], sample.geometry, sample.temperature, name, len(rows),
        MappingProxyType(dict(aside)),
        (*rows.warnings, *remark, *_set_aside_words(rows), *_order_words(f),
         *_sign_words(f[order], Z[order])),
        MappingProxyType(dict(provenance)),
    )  # fmt: skip


def _set_aside_words(rows: Rows) -> list[str]:
    """One sentence for each reason for which rows were set aside."""
    found = []
    for why in dict.fromkeys(w for w in rows.reason.tolist() if w):
        lines = rows.line[rows.reason == why]
        where = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
        more = f", {_spread(rows)}" if why == REPEATED else ""
        found.append(f"{len(lines)} of {len(rows)} rows set aside: {why} ({where}{more})")
    return found


def _spread(rows: Rows) -> str:
    """How far the impedances at repeated frequencies lie from the ones that are used."""
    used, again = rows.usable, rows.reason == REPEATED
    order = np.argsort(rows.frequency[used])
    place = order[np.searchsorted(rows.frequency[used][order], rows.frequency[again])]
    kept = rows.impedance[used][place]
    off = np.max(np.abs(rows.impedance[again] - kept) / np.abs(kept))
    return f"the first of each is used, the others differ by up to {100 * off:.2g} %"


def _order_words(frequency: Array) -> list[str]:
    """A sentence where frequencies neither fell nor rose."""
    steps = np.diff(frequency)
    if np.all(steps < 0.0) or np.all(steps > 0.0):
        return []
    return ["frequencies were not in order and have been sorted"]


def _sign_words(frequency: Array, Z: Any) -> list[str]:
    """Sentences on parts with a sign that passive cells do not have."""
    found = []
    for what, odd, hint in (
        ("real part below", Z.real < 0.0, "passive cells have none"),
        ("imaginary part above", Z.imag > 0.0, "as of an inductance, noise or a turned sign"),
    ):
        if odd.any():
            f = frequency[odd]
            span = f"{f[0]:.4g} Hz" if f.size == 1 else f"{f[-1]:.4g} to {f[0]:.4g} Hz"
            found.append(f"{what} 0 at {f.size} of {Z.size} points ({span}), {hint}")
    if 2 * np.count_nonzero(Z.imag > 0.0) > Z.size:
        found.append(
            "imaginary part above 0 at most frequencies: if the file holds -Im, "
            "pass columns=Columns(..., Minus(...))"
        )
    return found
