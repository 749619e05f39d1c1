"""Does this stack stand? Potentials of the electrodes against the windows of what they touch.

A margin is positive where the layer is stable. The thermodynamic window of density functional
theory and the apparent window of experiments answer different questions (is there a reaction at
equilibrium; was a current seen) and are never merged: both margins are given.
"""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from filmcell.errors import InputError
from filmcell.materials.library import Library
from filmcell.materials.property import Property
from filmcell.materials.records import Interface, Material, TestedCell, Value
from filmcell.units import shown, to_si

_HOW = ("", "of the same chemistry", "of the same family")
"""How near a statement is to the material asked about: its own, its chemistry's, its family's."""


@dataclass(frozen=True)
class Stack:
    """What touches what, from the cathode to the anode.

    Parameters
    ----------
    cathode, electrolyte, anode : Material
        The electrodes and what is between them.
    interlayers : tuple of Material
        Layers between cathode and electrolyte, that at the cathode first.
    low, high : float or None
        Potentials between which the cathode is used against lithium [V]; None where no source
        says.
    range_from : str
        Where these were read.
    anode_potential : float
        Lowest potential of the anode against lithium [V].
    anode_from : str
        Where it comes from.
    left_out : tuple of str
        What was not checked, in sentences.
    """

    cathode: Material
    electrolyte: Material
    anode: Material
    interlayers: tuple[Material, ...] = ()
    low: float | None = None
    high: float | None = None
    range_from: str = ""
    anode_potential: float = 0.0
    anode_from: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Write the stack from cathode to anode."""
        layers = (self.cathode, *self.interlayers, self.electrolyte, self.anode)
        return " | ".join(m.id for m in layers)

    @property
    def layers(self) -> tuple[tuple[Material, bool, bool], ...]:
        """Interlayers and electrolyte, with whether each touches the cathode and the anode."""
        between = (*self.interlayers, self.electrolyte)
        last = len(between) - 1
        return tuple((m, k == 0, k == last) for k, m in enumerate(between))


@dataclass(frozen=True)
class Margin:
    """How far a potential lies inside a window, as one source sees it.

    Parameters
    ----------
    layer : Material
        The layer whose window it is.
    side : str
        "oxidation" by the cathode or "reduction" by the anode.
    limit, potential : float
        End of the window, and the potential of the electrode [V].
    margin : float
        Positive where the layer is stable [V].
    touches : bool
        Whether the layer touches that electrode.
    how : str
        Nothing, or that the window is of the chemistry or family.
    value : Value
        The statement of the window.
    """

    layer: Material
    side: str
    limit: float
    potential: float
    margin: float
    touches: bool
    how: str
    value: Value

    @property
    def window(self) -> str:
        """What the window means, one of `vocabulary.WINDOWS`."""
        return self.value.conditions.get("window", "")

    @property
    def nominal(self) -> bool:
        """Whether it is only that a sweep began at 0 V."""
        apparent = self.window == "experimental_apparent"
        return apparent and self.side == "reduction" and self.limit == 0.0

    @property
    def bound(self) -> str:
        """Sign of a margin that is only known to be at least or at most that."""
        signs = {"above": "><", "below": "<>"}.get(self.value.bound)
        if signs is None or self.value.key == "stability_window":
            return ""
        return signs[0] if self.side == "oxidation" else signs[1]


@dataclass(frozen=True)
class Evidence:
    """A cell that somebody tested with the same, or similar, layers.

    Parameters
    ----------
    cell : TestedCell
        The cell.
    nearness : int
        3 the same chemistries, 2 the electrolyte's family only, 1 another electrolyte.
    """

    cell: TestedCell
    nearness: int

    @property
    def results(self) -> tuple[Value, ...]:
        """What was measured on it."""
        return tuple(v for found in self.cell.values.values() for v in found)


@dataclass(frozen=True)
class Compatibility:
    """All that the library knows about a stack.

    Parameters
    ----------
    stack : Stack
        What was asked about.
    margins : tuple of Margin
        Every window that is known, against every electrode.
    contacts : tuple of (Interface, Value)
        What was found where two of these chemistries touch.
    evidence : tuple of Evidence
        Cells that were tested, the nearest first.
    remarks : tuple of (Material, Value)
        Moisture, decomposition and the like.
    verdicts : tuple of str
        One sentence for each layer and side.
    """

    stack: Stack
    margins: tuple[Margin, ...]
    contacts: tuple[tuple[Interface, Value], ...]
    evidence: tuple[Evidence, ...]
    remarks: tuple[tuple[Material, Value], ...]
    verdicts: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give everything as plain data.

        Returns
        -------
        dict
            Stack, margins, contacts, evidence, remarks and verdicts.
        """
        stack = self.stack
        return {
            "stack": stack.name,
            "cathode_range_V": [stack.low, stack.high],
            "cathode_range_from": stack.range_from,
            "anode_potential_V": stack.anode_potential,
            "anode_potential_from": stack.anode_from,
            "left_out": list(stack.left_out),
            "margins": [_margin_row(m) for m in self.margins],
            "contacts": [
                {"interface": i.name, "property": v.key, "value": str(v), "kind": v.kind,
                 "source": v.citation, "note": v.note} for i, v in self.contacts
            ],
            "evidence": [
                {"cell": e.cell.name, "nearness": e.nearness, "note": e.cell.note,
                 "results": [
                     {"property": v.key, "value": str(v), **dict(v.conditions),
                      "source": v.citation, "note": v.note} for v in e.results
                 ]} for e in self.evidence
            ],
            "remarks": [
                {"material": m.id, "remark": str(v), "kind": v.kind, "source": v.citation}
                for m, v in self.remarks
            ],
            "verdicts": list(self.verdicts),
        }  # fmt: skip


def _margin_row(m: Margin) -> dict[str, Any]:
    """A margin as plain data."""
    return {
        "layer": m.layer.id, "side": m.side, "window": m.window, "limit_V": m.limit,
        "potential_V": m.potential, "margin_V": m.margin, "bound": m.bound,
        "touches_electrode": m.touches, "window_of": m.how or "the material",
        "kind": m.value.kind, "source": m.value.citation, "note": m.value.note,
    }  # fmt: skip


def stack_of(
    text: str,
    library: Library,
    *,
    potentials: tuple[float, float] | None = None,
) -> Stack:
    """Read a stack such as "NCM811 | LiNbO3 | LGPS | Li".

    Parameters
    ----------
    text : str
        Materials from the cathode to the anode, with | between them.
    library : Library
        Where to look them up.
    potentials : (float, float), optional
        Potentials between which the cathode is used [V]; that of the library if not given.

    Returns
    -------
    Stack
        The stack.

    Raises
    ------
    InputError
        Where a material is unknown, or of a role that cannot be in its place.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> stack_of("LCO | LiPON | Li", library()).name
    'lco | lipon | lithium'
    """
    names = [word.strip() for word in text.split("|")]
    if len(names) < 3 or not all(names):
        raise InputError(
            f"{shown(text)} is not a stack, expected cathode | electrolyte | anode such as "
            '"LCO | LiPON | Li"'
        )
    layers = [library.material(name) for name in names]
    places = ["cathode", *["interlayer"] * (len(names) - 3), "electrolyte", "anode"]
    for place, material in zip(places, layers, strict=True):
        if material.role not in _ABLE[place]:
            raise InputError(
                f"{shown(text)}: {material.id} is of the role {material.role}, expected "
                f"{' or '.join(_ABLE[place])} as {place}"
            )
    low, high, where = (*potentials, "as given") if potentials else range_of_use(layers[0], library)
    return Stack(layers[0], layers[-2], layers[-1], tuple(layers[1:-2]), low, high, where,
                 *lowest_potential(layers[-1]))  # fmt: skip


_ABLE = {
    "cathode": ("cathode",),
    "interlayer": ("interlayer", "electrolyte"),
    "electrolyte": ("electrolyte",),
    "anode": ("anode", "insertion anode"),
}


def range_of_use(cathode: Material, library: Library) -> tuple[float | None, float | None, str]:
    """Find between which potentials a cathode is used.

    Parameters
    ----------
    cathode : Material
        The cathode.
    library : Library
        Where to look.

    Returns
    -------
    low, high : float or None
        Potentials against lithium [V].
    where : str
        Where it was read, and of what.
    """
    for how, value in _statements(cathode, ("operating_range",), library):
        low, high = value.ends
        return low, high, f"{value.citation}{f' ({how})' if how else ''}"
    return None, None, "no source states a range of use"


def lowest_potential(anode: Material) -> tuple[float, str]:
    """Find the potential of a charged anode against lithium.

    Parameters
    ----------
    anode : Material
        The anode.

    Returns
    -------
    potential : float
        Potential [V]: 0 for a metal; of an insertion anode the middle of its curve, or its plateau.
    where : str
        Where it comes from.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> lowest_potential(library().material("LTO"))[0]
    1.55
    """
    if anode.role != "insertion anode":
        return 0.0, "lithium metal"
    plateau, curve = anode.best("plateau"), anode.best("potential")
    if curve is not None and isinstance(curve.given, Property):
        middle = 0.5 * (curve.given.low + curve.given.high)
        return float(curve.given(middle)), f"the middle of its curve: {curve.citation}"
    if plateau is not None:
        return plateau.number, f"its plateau: {plateau.citation}"
    return 0.0, "no potential is known: that of lithium is taken"


def _statements(
    material: Material, keys: Sequence[str], library: Library
) -> Iterator[tuple[str, Value]]:
    """Values of some properties: the material's own, else its chemistry's, else its family's.

    What was seen on one form of matter is not lent to another: a sweep on a film says nothing of
    crystals. What was computed for a composition is.
    """
    kin = [m for m in library.materials.values() if m.chemistry == material.chemistry != ""]
    family = [m for m in library.materials.values() if m.family == material.family]
    general = [m for m in family if m.generic and m not in [material, *kin]]
    circles = ([material], [m for m in kin if m is not material], general)
    for how, circle in zip(_HOW, circles, strict=True):
        for other in circle:
            for value in (v for key in keys for v in other.values.get(key, ())):
                if how != _HOW[1] or other.form == material.form or value.kind in _COMPUTED:
                    yield f"{other.id}, {how}" if how else "", value


_COMPUTED = ("computed", "dft")
"""Kinds of values that hold for a composition whatever its form."""


def check_stack(stack: Stack, library: Library) -> Compatibility:
    """Hold a stack against all that the library knows.

    Parameters
    ----------
    stack : Stack
        What to check.
    library : Library
        What is known.

    Returns
    -------
    Compatibility
        Margins, contacts, evidence, remarks and verdicts.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> found = check_stack(stack_of("LCO | LLTO | Li", library()), library())
    >>> [round(m.margin, 2) for m in found.margins if m.window == "dft_thermodynamic"]
    [-0.49, -1.75]
    """
    margins, contacts = tuple(_margins(stack, library)), tuple(_contacts(stack, library))
    return Compatibility(
        stack, margins, contacts, tested(stack, library), tuple(_remarks(stack, library)),
        tuple(_verdicts(stack, margins, contacts)),
    )  # fmt: skip


def _margins(stack: Stack, library: Library) -> Iterator[Margin]:
    """Every known window of every layer against both electrodes."""
    for layer, at_cathode, at_anode in stack.layers:
        if stack.high is not None:
            yield from margins_of(layer, "oxidation", stack.high, library, touches=at_cathode)
        yield from margins_of(layer, "reduction", stack.anode_potential, library, touches=at_anode)


def margins_of(
    layer: Material, side: str, potential: float, library: Library, *, touches: bool = True
) -> Iterator[Margin]:
    """Hold one end of every known window of a layer against a potential.

    Parameters
    ----------
    layer : Material
        The layer.
    side : str
        "oxidation" or "reduction".
    potential : float
        Potential of the electrode against lithium [V].
    library : Library
        What is known.
    touches : bool
        Whether the layer touches the electrode.

    Yields
    ------
    Margin
        One for each statement.
    """
    upper = side == "oxidation"
    keys = ("stability_window", "oxidation_limit" if upper else "reduction_limit")
    for how, value in _statements(layer, keys, library):
        limit = value.number
        if isinstance(value.given, tuple):
            limit = value.ends[1] if upper else value.ends[0]
            if value.key == "reduction_limit":
                limit = value.ends[1]  # of a range of reduction potentials, the first to be met
        elif value.key == "stability_window" and upper == (value.bound == "below"):
            continue
        margin = limit - potential if upper else potential - limit
        yield Margin(layer, side, limit, potential, margin, touches, how, value)


def _seen(
    stack: Stack, layer: Material, contacts: Sequence[tuple[Interface, Value]]
) -> Iterator[str]:
    """What was seen where the cathode and this layer touch, which says more than any window."""
    for interface, value in contacts:
        pair = set(interface.between)
        if value.key != "decomposition_onset" or not (
            pair & _kinds(stack.cathode) and pair & _kinds(layer)
        ):
            continue
        margin = value.number - (stack.high or 0.0)
        verdict = "below what the cathode is charged to" if margin < 0.0 else "not reached"
        yield (
            f"{layer.id}, in contact ({interface.name}): seen to decompose from {value}, "
            f"{margin:+.2f} V: {verdict}"
        )


def _verdicts(
    stack: Stack, margins: Sequence[Margin], contacts: Sequence[tuple[Interface, Value]]
) -> Iterator[str]:
    """One sentence for each layer and side that meet."""
    yield from stack.left_out
    if stack.high is None:
        yield f"{stack.cathode.id}: no range of use is known, expected --range such as 2.7:4.2"
    for layer, at_cathode, at_anode in stack.layers:
        for side, meets in (("oxidation", at_cathode), ("reduction", at_anode)):
            known = [m for m in margins if m.layer is layer and m.side == side]
            if meets and not (side == "oxidation" and stack.high is None):
                yield f"{layer.id}, {side}: {_verdict(known)}"
                if side == "oxidation":
                    yield from _seen(stack, layer, contacts)


def _verdict(margins: Sequence[Margin]) -> str:
    """What the nearest statements of both kinds say together."""
    thermodynamic = _nearest(margins, "dft_thermodynamic")
    apparent = _nearest(margins, "experimental_apparent")
    if thermodynamic is None and apparent is None:
        return "no window is known"
    words = [_told(m) for m in (thermodynamic, apparent) if m is not None]
    if thermodynamic is None or apparent is None:
        return _half_known(thermodynamic, apparent, words[0])
    if apparent.nominal:
        stands = "stable" if thermodynamic.margin >= 0.0 else "reacts"
        return f"{'; '.join(words)}: {stands} at equilibrium; no sweep went lower"
    if thermodynamic.margin >= 0.0 and apparent.margin >= 0.0:
        conclusion = "stable by both"
    elif thermodynamic.margin < 0.0 <= apparent.margin:
        conclusion = ("reacts at equilibrium although a sweep saw no current: it lives, if at all, "
                      "by what the reaction leaves behind")  # fmt: skip
    else:
        conclusion = "does not stand" if thermodynamic.margin < 0.0 else "seen to react"
    return f"{'; '.join(words)}: {conclusion}"


def _half_known(thermodynamic: Margin | None, apparent: Margin | None, words: str) -> str:
    """What a window of one kind says where none of the other is known."""
    if apparent is None:
        stands = thermodynamic is not None and thermodynamic.margin >= 0.0
        conclusion = "stable at equilibrium" if stands else "reacts at equilibrium"
        return f"{words}: {conclusion}; no apparent window is known"
    conclusion = "no reaction was seen" if apparent.margin >= 0.0 else "seen to react"
    if apparent.nominal:
        conclusion = "no sweep went lower"
    return f"{words}: {conclusion}; no thermodynamic window is known"


def _told(m: Margin) -> str:
    """A margin in words."""
    word = "thermodynamic" if m.window == "dft_thermodynamic" else "apparent"
    bound = f"{m.bound} " if m.bound else ""
    remark = " (0 V is where a sweep begins)" if m.nominal else ""
    remark += f" (window of {m.how})" if m.how else ""
    return f"{word} margin {bound}{m.margin:+.2f} V{remark}"


def _nearest(margins: Sequence[Margin], window: str) -> Margin | None:
    """The least margin among the nearest statements of a kind."""
    known = [m for m in margins if m.window == window]
    nearest = [m for m in known if m.how == min((m.how for m in known), key=_distance)]
    # of equal margins the one that is only a bound says more carefully what is known
    return min(nearest, key=lambda m: (m.margin, not m.bound), default=None)


def _distance(how: str) -> int:
    """How far a statement is from the material: 0 its own, 1 its chemistry's, 2 its family's."""
    return next(k for k in (2, 1, 0) if how.endswith(_HOW[k]))


def _kinds(material: Material) -> set[str]:
    """Names under which an interface may list a material."""
    return {material.id, material.chemistry, material.family, material.role} - {""}


def _contacts(stack: Stack, library: Library) -> Iterator[tuple[Interface, Value]]:
    """What was found where two neighbours touch."""
    order = (stack.cathode, *stack.interlayers, stack.electrolyte, stack.anode)
    for left, right in itertools.pairwise(order):
        for interface in library.interfaces.values():
            a, b = interface.between
            if (a in _kinds(left) and b in _kinds(right)) or (
                b in _kinds(left) and a in _kinds(right)
            ):
                yield from ((interface, v) for found in interface.values.values() for v in found)


def tested(stack: Stack, library: Library) -> tuple[Evidence, ...]:
    """Find cells with the same cathode chemistry and a like electrolyte.

    Parameters
    ----------
    stack : Stack
        What to look for.
    library : Library
        Where to look.

    Returns
    -------
    tuple of Evidence
        The cells, the nearest first.
    """
    found = []
    for cell in library.cells.values():
        cathode = library.materials.get(cell.cathode)
        electrolyte = library.materials.get(cell.electrolyte)
        if cathode is None or cathode.chemistry != stack.cathode.chemistry or electrolyte is None:
            continue
        if electrolyte.chemistry == stack.electrolyte.chemistry:
            found.append(Evidence(cell, 3))
        elif electrolyte.family == stack.electrolyte.family:
            found.append(Evidence(cell, 2))
    return tuple(sorted(found, key=lambda e: (-e.nearness, not e.cell.interlayer, e.cell.id)))


def _remarks(stack: Stack, library: Library) -> Iterator[tuple[Material, Value]]:
    """Remarks on every layer itself, and on its family at large."""
    for layer in (stack.cathode, *stack.interlayers, stack.electrolyte, stack.anode):
        for how, value in _statements(layer, ("remark", "stable_with"), library):
            if not how or how.endswith(_HOW[2]):
                yield layer, value


def potentials_of(text: str) -> tuple[float, float]:
    """Read a range of potentials such as "2.7:4.2".

    Parameters
    ----------
    text : str
        Two voltages with a colon between them, with or without V.

    Returns
    -------
    low, high : float
        Potentials [V].

    Raises
    ------
    InputError
        Where it is no rising range.

    Examples
    --------
    >>> potentials_of("2.7:4.2 V")
    (2.7, 4.2)
    """
    words = [re.sub(r"\s*V$", "", word.strip()) for word in text.split(":")]
    try:
        low, high = (to_si(f"{word} V", "V") for word in words)
    except (InputError, ValueError):
        low = high = math.nan
    if not low < high:
        raise InputError(
            f'{shown(text)} is not a range of potentials, expected one such as "2.7:4.2"'
        )
    return low, high
