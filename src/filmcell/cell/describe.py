"""A cell as plain data: for provenance, JSON and the screen."""

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

import numpy as np

from filmcell.cell.cathodes import Shape
from filmcell.cell.cell import Cell
from filmcell.cell.checked import Checked
from filmcell.cell.electrolytes import SpaceChargeLayer, WeakElectrolyte
from filmcell.materials.property import Constant, Knots, Property


def describe(part: Any) -> Any:
    """Turn a cell, or a part of one, into mappings, lists, numbers and text.

    Parameters
    ----------
    part : Cell or a part of one
        What to describe; numbers stay in SI, and `kind` says which of several it is.

    Returns
    -------
    dict, list, str, float or None
        The same as plain data. A property becomes its name, source, range and, where it is not a
        formula of this package, its values.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> describe(load_cell("wang2023-lco-lipon-li"))["cathode"]["shape"]
    'film'
    """
    if isinstance(part, Property):
        return dict(_describe_property(part))
    if isinstance(part, Shape):
        return part.name
    if isinstance(part, Checked):
        kind = {"kind": part.kind} if part.kind else {}
        return kind | {f.name: describe(getattr(part, f.name)) for f in fields(part)}
    if isinstance(part, Mapping):
        return {k: describe(v) for k, v in part.items()}
    if isinstance(part, tuple):
        return [describe(a) for a in part]
    return part


@lru_cache(maxsize=256)
def _describe_property(prop: Property) -> tuple[tuple[str, Any], ...]:
    """Items of the description of a property; kept, as a simulation asks for it every time."""
    known = {
        "name": prop.name,
        "unit": prop.unit,
        "range": [prop.low, prop.high],
        "source": prop.source,
    }
    if isinstance(prop.func, Constant):
        return tuple({**known, "value": prop.func.value}.items())
    if isinstance(prop.func, Knots):
        points = {"x": list(prop.func.x), "values": list(prop.func.values)}
        return tuple({**known, **points, "logarithmic": prop.func.logarithmic}.items())
    x = np.linspace(prop.low, prop.high, 101)
    named = getattr(prop.func, "__name__", type(prop.func).__name__)
    return tuple({**known, "form": named, "x": x.tolist(), "values": prop(x).tolist()}.items())


def figures(cell: Cell) -> dict[str, float | str]:
    """Figures that follow from a cell.

    Parameters
    ----------
    cell : Cell
        The cell.

    Returns
    -------
    dict
        Theoretical and window capacity [mAh, mAh/cm2], current of 1C [mA] and its basis, swing of
        the lithiation fraction in the voltage window [-], area-specific resistances [ohm cm2],
        lithium of the anode [mAh/cm2], diffusion time of the cathode [s]; of a weak electrolyte its
        transference number [-], of space-charge layers their barriers over RT [-].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> round(figures(load_cell("wang2023-lco-lipon-li"))["theoretical_capacity_mAh"], 4)
    1.0
    """
    empty, full = cell.window_fractions
    layers = {f"resistance_{k}_ohm_cm2": r * 1e4 for k, r in cell.layer_resistances().items()}
    if isinstance(cell.electrolyte, WeakElectrolyte):
        layers["electrolyte_transference_number"] = cell.electrolyte.transference_number
    for k, layer in enumerate(cell.interlayers):
        if isinstance(layer, SpaceChargeLayer):
            layers[f"barrier_interlayers.{k}_RT"] = layer.barrier(cell.temperature)
    return {
        "theoretical_capacity_mAh": cell.theoretical_capacity * cell.area / 3.6,
        "theoretical_capacity_mAh_per_cm2": cell.theoretical_capacity / 3.6e4,
        "window_capacity_mAh": cell.window_capacity * cell.area / 3.6,
        "window_fraction_charged": empty,
        "window_fraction_discharged": full,
        "window_swing": full - empty,
        "current_1C_mA": cell.c_rate_current_density(1.0) * cell.area * 1e3,
        "c_rate_basis": cell.c_rate_basis,
        **layers,
        "anode_lithium_mAh_per_cm2": cell.anode.capacity / 3.6e4,
        "diffusion_time_s": cell.cathode.diffusion_time(cell.temperature),
    }
