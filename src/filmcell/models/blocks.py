"""Parts of a cell as blocks of numbers, in the order of `places`."""

from typing import Any

from filmcell.cell.anodes import AnodeFree, InsertionAnode, LithiumMetal
from filmcell.cell.cathodes import Cathode, MixedConduction
from filmcell.cell.electrolytes import Interface, SpaceChargeLayer, WeakElectrolyte
from filmcell.materials.property import Property


def range_of(film: Cathode | InsertionAnode) -> tuple[float, float]:
    """Lithiation fractions in which all properties of a film are known.

    Parameters
    ----------
    film : Cathode or InsertionAnode
        The film.

    Returns
    -------
    tuple of float
        Lowest and highest fraction.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> range_of(load_cell("raijmakers2020").cathode)
    (0.45, 1.0)
    """
    known = _properties_of(film)
    return max(p.low for p in known), min(p.high for p in known)


def _properties_of(film: Cathode | InsertionAnode) -> tuple[Property, ...]:
    """Properties that bound a film; an entropy of zero holds everywhere."""
    bounds = (film.potential, film.diffusivity, film.exchange_current_density)
    return bounds if film.entropy.vanishes else (*bounds, film.entropy)


def ends_of(film: Cathode | InsertionAnode, name: str) -> tuple[str, str]:
    """Sentences for a surface at the low and the high end of its range.

    Parameters
    ----------
    film : Cathode or InsertionAnode
        The film.
    name : str
        What to call it.

    Returns
    -------
    tuple of str
        What it means that the surface has reached the low and the high end.
    """
    return tuple(
        _end(film, name, x, side, word)
        for x, side, word in zip(range_of(film), ("low", "high"), ("empty", "full"), strict=True)
    )  # type: ignore[return-value]


def _end(film: Cathode | InsertionAnode, name: str, x: float, side: str, word: str) -> str:
    """Sentence for a surface at an end of its range; names the property that ends there."""
    if x in {0.0, 1.0}:
        return f"the surface of the {name} is {word}"
    bound = next(p for p in _properties_of(film) if getattr(p, side) == x)
    return f"the surface left the range of {bound} at x = {x:g}"


def film_block(film: Cathode | InsertionAnode) -> list[float]:
    """Parameters of an insertion electrode, in the order of `places`.

    Parameters
    ----------
    film : Cathode or InsertionAnode
        The film.

    Returns
    -------
    list of float
        Its block.
    """
    mixed = film.transport if isinstance(film, Cathode) else None
    share, factor, ratio = 1.0, 1.0, 1.0
    if isinstance(mixed, MixedConduction):
        share, factor, ratio = mixed.share, mixed.ambipolar_factor, mixed.electronic_ratio
    return [
        film.maximum_concentration,
        factor,
        film.diffusivity_activation_energy,
        1.0,
        film.exchange_activation_energy,
        film.reference_temperature,
        film.lithium_exponent,
        film.vacancy_exponent,
        film.transfer_coefficient,
        *range_of(film),
        share,
        film.double_layer_capacitance,
        film.capacity_per_fraction,
        film.initial_fraction,
        getattr(film, "electrolyte_exponent", 0.0),
        ratio,
    ]


def metal_block(anode: LithiumMetal | AnodeFree) -> list[float]:
    """Parameters of lithium metal, in the order of `places`; what films have stays zero.

    Parameters
    ----------
    anode : LithiumMetal or AnodeFree
        The anode.

    Returns
    -------
    list of float
        Its block.
    """
    return [
        1.0, 1.0, 0.0, anode.exchange_current_density, anode.activation_energy,
        anode.reference_temperature, 0.0, 0.0, anode.transfer_coefficient, 0.0, 1.0, 1.0,
        anode.double_layer_capacitance, 1.0, 0.0, anode.electrolyte_exponent, 1.0,
    ]  # fmt: skip


def weak_block(layer: WeakElectrolyte) -> list[float]:
    """Parameters of a weak electrolyte, in the order of `places`.

    Parameters
    ----------
    layer : WeakElectrolyte
        The layer.

    Returns
    -------
    list of float
        Its block.
    """
    return [
        layer.cation_diffusivity, layer.anion_diffusivity,
        layer.dissociation_rate, layer.recombination_rate, layer.site_concentration,
        layer.equilibrium_concentration, layer.activation_energy,
        layer.reaction_activation_energy, layer.reference_temperature,
    ]  # fmt: skip


def ohmic_rows(key: str, layer: Any, T: float) -> dict[str, tuple[float, float, float, float]]:
    """Resistance, activation energy, its temperature and capacitance of what a layer consists of.

    An interlayer and its own interfaces may have different activation energies.

    Parameters
    ----------
    key : str
        Key of the layer.
    layer : Electrolyte, Interlayer, Interface or SpaceChargeLayer
        The layer.
    T : float
        Temperature at which a space-charge layer is linearised [K].

    Returns
    -------
    dict of str to tuple of float
        Resistance [ohm m2], activation energy [J/mol], their temperature [K] and capacitance
        [F/m2] of each part.
    """
    capacitance = getattr(layer, "capacitance", 0.0)
    if isinstance(layer, SpaceChargeLayer):
        return {key: (layer.resistance(T), layer.activation_energy_at(T), T, capacitance)}
    energy, T_ref = layer.activation_energy, layer.reference_temperature
    faces = getattr(layer, "interface_resistance", 0.0)
    if isinstance(layer, Interface):  # without a resistance there is nothing to be charged
        return {key: (layer.resistance, energy, T_ref, capacitance if layer.resistance else 0.0)}
    rows = {key: (layer.resistance(T_ref) - faces, energy, T_ref, capacitance)}
    if faces:
        rows[f"{key} interfaces"] = (faces, layer.interface_activation_energy, T_ref, 0.0)
    return rows
