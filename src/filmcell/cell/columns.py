"""A cell whose numbers are arrays: many cells that differ in nothing else, as one object.

The formulas of cells and models are plain arithmetic, so they give arrays where a number is one.
Such a cell is made only here, of numbers that were checked as a whole, and handed to what says
that it takes one.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from filmcell.arrays import Array, with_array
from filmcell.cell.anodes import LithiumMetal
from filmcell.cell.cathodes import Cathode
from filmcell.cell.cell import Cell
from filmcell.cell.change import FACTOR, halved_diameter
from filmcell.cell.electrolytes import Electrolyte, Interface, Interlayer
from filmcell.cell.key import entry
from filmcell.cell.quantities import PropertyOf, Quantity
from filmcell.errors import InputError
from filmcell.materials.property import Constant, Property, Scaled

_LAYER = {"thickness", "conductivity", "activation_energy", "reference_temperature"}

_PLAIN: Mapping[type, set[str]] = {
    Cell: {"area", "temperature", "contact_resistance", "nominal_capacity"},
    Cathode: {
        "thickness", "maximum_concentration", "diffusivity", "exchange_current_density",
        "lithium_exponent", "vacancy_exponent", "transfer_coefficient", "initial_fraction",
        "theoretical_swing", "diffusivity_activation_energy", "exchange_activation_energy",
        "reference_temperature",
    },
    LithiumMetal: {
        "thickness", "exchange_current_density", "transfer_coefficient", "activation_energy",
        "reference_temperature",
    },
    Electrolyte: _LAYER,
    Interlayer: _LAYER | {"interface_resistance", "interface_activation_energy"},
    Interface: {"resistance", "activation_energy", "reference_temperature"},
}  # fmt: skip
"""Numbers that formulas take as arrays. A number that is not here, such as a capacitance, may make
another model of a cell, or is looked into cell by cell."""


def with_columns(cell: Cell, columns: Mapping[str, Array]) -> Cell | None:
    """Put arrays in the place of numbers of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    columns : mapping of str to ndarray
        Dotted key to its numbers in SI, each of shape (n,); that of a factor is the whole factor
        of the property, with what the cell has already.

    Returns
    -------
    Cell or None
        The cell with arrays; None where a number is not allowed or a key is not one of a number,
        so that each design has to be looked at on its own.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> many = with_columns(
    ...     load_cell("wang2023-lco-lipon-li"), {"electrolyte.thickness": np.array([1e-6, 2e-6])}
    ... )
    >>> (many.resistance * 1e4).round(6)  # ohm cm2
    array([ 50.541679, 101.083358])
    """
    many: Any = cell
    try:
        for key, values in columns.items():
            way = _way(cell, key)
            kind = entry(cell, key).kind
            known = Quantity(kind.unit) if isinstance(kind, PropertyOf) else kind
            if way is None or known is None:
                return None
            known.check(float(np.min(values)))
            known.check(float(np.max(values)))
            halved = values / 2.0 if key == "cathode.diameter" else values
            many = with_array(many, way, halved)
    except InputError:
        return None
    return many if np.all(many.lower_voltage < many.upper_voltage) else None


def _way(cell: Cell, key: str) -> list[str] | None:
    """Fields that lead to the number of a key; None where arrays are not for it."""
    path = halved_diameter(key, 1.0)[0].split(".")
    multiplied = path[-1] == FACTOR
    *above, name = path[:-1] if multiplied else path
    part = entry(cell, ".".join(above)).value if above else cell
    if name not in _PLAIN.get(type(part), ()):
        return None
    value = getattr(part, name)
    if not isinstance(value, Property):
        return None if multiplied else path
    if multiplied:
        return [*above, name, "func", FACTOR] if isinstance(value.func, Scaled) else None
    return [*path, "func", "value"] if isinstance(value.func, Constant) else None
