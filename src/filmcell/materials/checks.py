"""Consistency checks on the library: each computes what it can and names what does not fit.

A check never changes a value. What it finds is told to the user by `filmcell materials doubts`,
and the tests hold the list of what is known.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from statistics import median
from types import MappingProxyType

import numpy as np
from scipy.constants import Avogadro

from filmcell.constants import REFERENCE_TEMPERATURE, F, R
from filmcell.errors import InputError
from filmcell.materials.composition import lithium_count, molar_mass
from filmcell.materials.library import Library
from filmcell.materials.property import Knots, Property
from filmcell.materials.records import Doubt, Material, Value
from filmcell.units import display

CAPACITY_TOLERANCE = 0.01
"""How far a stated theoretical capacity may lie from F/M [-]."""

BARRIER_TOLERANCE = 0.05 * F
"""How far a stated activation energy may lie from that of two conductivities [J/mol]: 0.05 eV."""

BARRIERS = (0.1 * F, 0.9 * F)
"""Activation energies of ionic conduction that can be [J/mol]: 0.1 to 0.9 eV."""

WINDOW_TOLERANCE = 0.5
"""By how much an apparent window may pass the thermodynamic one unremarked [V]."""

CURVE_TOLERANCE = 0.05
"""How far two potential curves of one chemistry may lie apart unremarked [V]."""

DENSITY_TOLERANCE = 0.10
"""How far a density may lie from that of the lattice [-]."""

DECADES = 6.0
"""How far a value may lie from the median of its family [decades]."""

POINTS = 2000
"""Places in which a function is looked at."""


def _numbers(material: Material, key: str) -> Iterator[Value]:
    """Values of a property that are plain numbers or ranges."""
    return (v for v in material.values.get(key, ()) if v.is_number)


def _doubt(check: str, material: Material, what: str, use: str, name: str = "") -> Doubt:
    """Make a doubt of a check about a material."""
    return Doubt(f"{check}:{material.id}{name and f':{name}'}", (material.id,), what, use, check)


def _theoretical_capacities(library: Library) -> Iterator[Doubt]:
    """Compare each theoretical capacity with F n/M, n the lithium of a formula unit.

    Where a material has no exact formula, its capacity is held against those of the compositions
    of its chemistry.
    """
    ideal = {m.id: _ideal_capacity(m) for m in library.materials.values()}
    for material in library.materials.values():
        own = ideal[material.id]
        kin = [ideal[m.id] for m in library.materials.values()
               if m.chemistry == material.chemistry and m.chemistry]  # fmt: skip
        known = [x for x in ([own] if own else kin) if x]
        for value in _numbers(material, "theoretical_capacity"):
            low, high = min(known, default=math.nan), max(known, default=math.nan)
            off = max(value.number / high, low / value.number) - 1.0 if known else 0.0
            if off > CAPACITY_TOLERANCE:
                said = f"{low / 3600:.1f}" + (f" to {high / 3600:.1f}" if high > low else "")
                yield _doubt(
                    "capacity", material,
                    f"theoretical capacity {value} ({value.source.key}): the composition gives "
                    f"{said} mAh/g",
                    "kept as stated; the computed value ranks beside it", value.source.key,
                )  # fmt: skip


def _ideal_capacity(material: Material) -> float:
    """Capacity of all lithium of a formula unit [C/kg]; 0 where that is not known."""
    if not material.formula or material.role not in ("cathode", "insertion anode", "anode"):
        return 0.0
    inserted = material.best("inserted_lithium")
    count = inserted.number if inserted else lithium_count(material.formula)
    return F * count / molar_mass(material.formula)


def _molar_masses(library: Library) -> Iterator[Doubt]:
    """Compare each stated molar mass with that of the formula."""
    for material in library.materials.values():
        for value in _numbers(material, "molar_mass"):
            if material.formula:
                ours = molar_mass(material.formula)
                if abs(value.number / ours - 1.0) > 5e-4:
                    yield _doubt(
                        "molar-mass", material,
                        f"molar mass {value}: {material.formula} gives {ours * 1e3:.3f} g/mol",
                        "the formula is used",
                    )  # fmt: skip


def _activation_energies(library: Library) -> Iterator[Doubt]:
    """Compare each activation energy with conductivities of the sample at two temperatures."""
    for material in library.materials.values():
        for (cold, hot), value in _series(material):
            two = two_point_energies(cold, hot)
            meant = {"ln sigma": two[:1], "ln sigma T": two[1:]}
            either = meant.get(value.conditions.get("relation", ""), two)
            if min(abs(value.number - E) for E in either) > BARRIER_TOLERANCE:
                yield _doubt(
                    "two-points", material,
                    f"activation energy {value} of {value.conditions.get('sample', 'the sample')}: "
                    f"{cold} at {cold.conditions['temperature']} and {hot} at "
                    f"{hot.conditions['temperature']} give {two[0] / F:.3f} eV (ln sigma) or "
                    f"{two[1] / F:.3f} eV (ln sigma T)",
                    "both are kept; a cell takes the stated one",
                    value.conditions.get("sample", "").replace(" ", "-"),
                )  # fmt: skip


def _series(material: Material) -> Iterator[tuple[tuple[Value, Value], Value]]:
    """Pairs of conductivities of one sample at two temperatures, with its activation energy."""

    def same(a: Value, b: Value) -> bool:
        return all(a.conditions.get(k) == b.conditions.get(k) for k in ("sample", "part"))

    known = [v for v in _numbers(material, "conductivity") if v.temperature]
    for a, b in combinations(known, 2):
        cold, hot = sorted((a, b), key=lambda v: v.temperature or (0.0, 0.0))
        apart = (hot.temperature or (0.0,))[0] - (cold.temperature or (0.0,))[0]
        if same(a, b) and a.source is b.source and apart >= 20.0:
            for value in _numbers(material, "activation_energy"):
                if same(value, a) and value.source is a.source:
                    yield (cold, hot), value


def two_point_energies(cold: Value, hot: Value) -> tuple[float, float]:
    """Activation energy that two conductivities imply.

    Parameters
    ----------
    cold, hot : Value
        Conductivities at stated temperatures.

    Returns
    -------
    ln_sigma, ln_sigma_T : float
        From ln sigma and from ln sigma T over 1/T [J/mol].

    Raises
    ------
    InputError
        Where a temperature is not stated.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> films = [v for v in library().material("llto").values["conductivity"] if v.temperature]
    >>> cold, hot = (v for v in films if "9.56e-6" in str(v) or "7.78e-5" in str(v))
    >>> [round(E / F, 3) for E in two_point_energies(cold, hot)]
    [0.223, 0.252]
    """
    if cold.temperature is None or hot.temperature is None:
        raise InputError(f"{cold.key}: a temperature is not stated, expected both")
    T0, T1 = cold.temperature[0], hot.temperature[0]
    per = R / (1.0 / T0 - 1.0 / T1)
    ratio = math.log(hot.number / cold.number)
    return per * ratio, per * (ratio + math.log(T1 / T0))


def _barriers(library: Library) -> Iterator[Doubt]:
    """Look for activation energies of conduction that cannot be."""
    for material in library.materials.values():
        for value in _numbers(material, "activation_energy"):
            if not BARRIERS[0] <= value.number <= BARRIERS[1]:
                yield _doubt(
                    "barrier", material,
                    f"activation energy {value} ({value.source.key}) is outside 0.1 to 0.9 eV",
                    "kept and ranked by its kind", value.source.key,
                )  # fmt: skip


def _windows(library: Library) -> Iterator[Doubt]:
    """Compare the apparent windows of a chemistry with its thermodynamic one."""
    for chemistry, found in _by_chemistry(library, ("stability_window", "oxidation_limit")).items():
        dft = [v for _, v in found if v.conditions.get("window") == "dft_thermodynamic"]
        apparent = [v for _, v in found if v.conditions.get("window") == "experimental_apparent"]
        for low in dft[:1]:
            for wide in apparent:
                # "above 5 V" is at least 5 V wide
                top = wide.number if math.isinf(wide.ends[1]) else wide.ends[1]
                if top > low.ends[1] + WINDOW_TOLERANCE:
                    owner = next(m for m, v in found if v is wide)
                    yield _doubt(
                        "window", owner,
                        f"{chemistry}: apparent window {wide} ({wide.source.key}) against "
                        f"{low} from density functional theory ({low.source.key})",
                        "both are kept apart and both are shown by filmcell check",
                        f"{wide.source.key}-{top:g}",
                    )  # fmt: skip


def _by_chemistry(
    library: Library, keys: Iterable[str]
) -> Mapping[str, list[tuple[Material, Value]]]:
    """Numbers of some properties by chemistry."""
    found: defaultdict[str, list[tuple[Material, Value]]] = defaultdict(list)
    for material in library.materials.values():
        for key in keys:
            found[material.chemistry] += [(material, v) for v in _numbers(material, key)]
    return found


def _potentials(library: Library) -> Iterator[Doubt]:
    """Look whether each open-circuit potential falls, stays finite and within -0.5 to 5.5 V."""
    for material in library.materials.values():
        for value in material.values.get("potential", ()):
            if isinstance(value.given, Property):
                U = value.given.curve(POINTS)[1]
                if not np.all(np.isfinite(U)) or U.min() < -0.5 or U.max() > 5.5:
                    what = f"runs from {U.min():.3g} to {U.max():.3g} V"
                elif np.any(np.diff(U) > 1e-9):
                    step = np.diff(U).max() * 1e3
                    what = f"rises by up to {step:.3g} mV between two of {POINTS} points"
                else:
                    continue
                yield _doubt("potential", material, f"potential of {value.source.key} {what}",
                             "kept, not taken by cells", value.source.key)  # fmt: skip


def _curves(library: Library) -> Iterator[Doubt]:
    """Compare the potential curves of one chemistry with each other."""
    for chemistry, found in _found_curves(library).items():
        for (m, j, a), (n, k, b) in combinations(found, 2):
            low, high = max(a.low, b.low), min(a.high, b.high)
            edge = 0.05 * (high - low)  # cliffs at the ends are compared by nobody
            if edge <= 0.0:
                continue
            x = np.linspace(low + edge, high - edge, POINTS)
            gap = np.abs(a(x) - b(x))
            worst = int(np.argmax(gap))
            if gap[worst] > CURVE_TOLERANCE:
                yield Doubt(
                    f"curves:{m}:{j}:{n}:{k}", tuple({m: 0, n: 0}),
                    f"{chemistry}: the potentials of {a.source} and {b.source} differ by up to "
                    f"{gap[worst] * 1e3:.0f} mV (at x = {x[worst]:.3f})",
                    "each belongs to its own maximum concentration; never mix sets", "curves",
                )  # fmt: skip


def _found_curves(library: Library) -> Mapping[str, list[tuple[str, str, Property]]]:
    """Potential curves by chemistry, those of one composition only."""
    found: defaultdict[str, list[tuple[str, str, Property]]] = defaultdict(list)
    for material in library.materials.values():
        for value in material.values.get("potential", ()):
            if isinstance(value.given, Property):
                name = material.formula or material.name
                found[name].append((material.id, value.source.key, value.given))
    return found


def _densities(library: Library) -> Iterator[Doubt]:
    """Compare densities with those of the lattice, and c_max M with the densities."""
    for material in library.materials.values():
        if not material.formula:
            continue
        M, known = molar_mass(material.formula), lattice_density(material)
        stated = [v.number for v in _numbers(material, "density")]
        reference = known or (max(stated) if stated else 0.0)
        for value in _numbers(material, "density"):
            if known and abs(value.number / known - 1.0) > DENSITY_TOLERANCE:
                yield _doubt(
                    "density", material,
                    f"density {value} ({value.source.key}) against {known / 1e3:.3f} g/cm3 of the "
                    "lattice constants", "kept as stated", value.source.key,
                )  # fmt: skip
        for value in _numbers(material, "maximum_concentration"):
            inserted = material.best("inserted_lithium")
            count = inserted.number if inserted else lithium_count(material.formula)
            ours = value.number * M / (count or 1.0)
            if reference and abs(ours / reference - 1.0) > DENSITY_TOLERANCE:
                yield _doubt(
                    "concentration", material,
                    f"maximum concentration {value} ({value.source.key}) means "
                    f"{ours / 1e3:.2f} g/cm3, against a density of {reference / 1e3:.2f} g/cm3",
                    "a fitted or capacity-derived set: use it with its own potential only",
                    f"{value.source.key}-{value.number:.0f}",
                )  # fmt: skip


def lattice_density(material: Material) -> float:
    """Density that lattice constants imply.

    Parameters
    ----------
    material : Material
        A material with a formula, lattice constants and formula units of a hexagonal or
        orthogonal cell; a space group that begins with R or P6 or P3 is hexagonal.

    Returns
    -------
    float
        Density [kg/m3]; 0 where the lattice is not known.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> round(lattice_density(library().material("lco")), 0)
    5052.0
    """
    a, c, units = (material.best(k) for k in ("lattice_a", "lattice_c", "formula_units"))
    group = material.best("space_group")
    if a is None or units is None or not material.formula:
        return 0.0
    if group is not None and str(group).startswith(_OBLIQUE):
        return 0.0  # the angles are not kept
    b = material.best("lattice_b") or a
    volume = a.number * b.number * (c or a).number
    if group is not None and str(group).startswith(("R", "P6", "P3")):
        volume *= math.sqrt(3.0) / 2.0
    return units.number * molar_mass(material.formula) / (float(Avogadro) * volume)


_OBLIQUE = ("C2", "P2/", "P21/", "Cc", "Pc", "P-1", "P1", "Cm")
"""Beginnings of space groups whose cells have oblique angles."""


def _spreads(library: Library) -> Iterator[Doubt]:
    """Look for conductivities of one material at room temperature a decade or more apart."""
    for material in library.materials.values():
        near = [v for v in _numbers(material, "conductivity") if _at_room(v)]
        ends = [end for v in near for end in v.ends if math.isfinite(end)]
        if ends and max(ends) >= 10.0 * min(ends):
            yield _doubt(
                "spread", material,
                f"conductivities from {display(min(ends), 'S/m', 3)} to "
                f"{display(max(ends), 'S/m', 3)} at room temperature, {len(near)} statements",
                "all are kept and ranked; a cell takes the default",
            )  # fmt: skip


def _at_room(value: Value) -> bool:
    """Whether a value was found near room temperature, or does not say where."""
    T = value.temperature
    return T is None or T[0] - 10.0 <= REFERENCE_TEMPERATURE <= T[1] + 10.0


def _outliers(library: Library) -> Iterator[Doubt]:
    """Look for values far from the median of their family."""
    for key in ("conductivity", "diffusivity", "exchange_current_density"):
        families = defaultdict(list)
        for material in library.materials.values():
            for value in _numbers(material, key):
                families[material.family].append((material, value))
        for family, found in families.items():
            if family == "other":  # no family: its median means nothing
                continue
            middle = median(math.log10(v.number) for _, v in found)
            for material, value in found:
                if abs(math.log10(value.number) - middle) > DECADES:
                    yield _doubt(
                        "outlier", material,
                        f"{value.word.label} {value} is more than {DECADES:g} decades from the "
                        f"median of the family {family}", "kept as stated",
                        value.source.key,
                    )  # fmt: skip


def _entropies(library: Library) -> Iterator[Doubt]:
    """Look for entropy coefficients that are a slope of the potential in disguise."""
    for material in library.materials.values():
        for value in material.values.get("entropy", ()):
            for potential in material.values.get("potential", ()):
                S, U = value.given, potential.given
                if isinstance(S, Property) and isinstance(U, Property) and _parallel(S, U):
                    yield _doubt(
                        "entropy", material,
                        f"the entropy coefficient of {value.source.key} is proportional to the "
                        f"slope of the potential of {potential.source.key}",
                        "not to be used", value.source.key,
                    )  # fmt: skip


def _parallel(S: Property, U: Property) -> bool:
    """Whether a function is a multiple of the slope of another."""
    low, high = max(S.low, U.low), min(S.high, U.high)
    if low >= high:
        return False
    x = np.linspace(low, high, POINTS)
    slope, s = np.diff(U(x)) / np.diff(x), S(0.5 * (x[1:] + x[:-1]))
    if not np.ptp(slope) or not np.ptp(s):
        return False
    return abs(float(np.corrcoef(slope, s)[0, 1])) > 0.99999


def _poles(library: Library) -> Iterator[Doubt]:
    """Look for closed forms that leave all bounds within their range or one percent beyond it."""
    for material in library.materials.values():
        for found in material.values.values():
            for value in found:
                if _escapes(value):
                    yield _doubt(
                        "pole", material,
                        f"{value.word.label} of {value.source.key} leaves all bounds within 1 % of "
                        "its range", "it is not evaluated outside its range",
                        f"{value.key}-{value.source.key}",
                    )  # fmt: skip


def _escapes(value: Value) -> bool:
    """Whether a closed form is not finite, or beyond all bounds, in or beside its range."""
    f = value.given
    if not isinstance(f, Property) or isinstance(f.func, Knots):
        return False
    margin = 0.01 * (f.high - f.low)
    x = np.linspace(max(f.low - margin, 1e-9), f.high + margin, POINTS)
    with np.errstate(all="ignore"):
        y = f(x, extrapolate=True)
    return not np.all((y >= value.word.low) & (y <= value.word.high))  # also catches nan


CHECKS: Mapping[str, Callable[[Library], Iterator[Doubt]]] = MappingProxyType(
    {
        "capacity": _theoretical_capacities,
        "molar-mass": _molar_masses,
        "two-points": _activation_energies,
        "barrier": _barriers,
        "window": _windows,
        "potential": _potentials,
        "curves": _curves,
        "density": _densities,
        "spread": _spreads,
        "outlier": _outliers,
        "entropy": _entropies,
        "pole": _poles,
    }
)
"""All checks by the word under which their doubts are listed."""


def doubts(library: Library, about: str = "") -> tuple[Doubt, ...]:
    """List all doubts: those found by reading the sources, then those that checks compute.

    Parameters
    ----------
    library : Library
        What to look at.
    about : str
        Only doubts about the material or source of this name; all if empty.

    Returns
    -------
    tuple of Doubt
        The doubts.

    Raises
    ------
    InputError
        Where nothing has that name.

    Examples
    --------
    >>> from filmcell.materials.library import library
    >>> [d.id for d in doubts(library(), "llto")][:2]
    ['C5', 'C6']
    """
    found = (*library.doubts, *(d for check in CHECKS.values() for d in check(library)))
    if not about:
        return found
    known = {name for d in found for name in d.about}
    name = about if about in known else library.material(about).id
    return tuple(d for d in found if name in d.about)
