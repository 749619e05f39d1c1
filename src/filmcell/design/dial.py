"""One positive number of a cell, by its key: read it, set it, scale it."""

from dataclasses import dataclass

import numpy as np

from filmcell.cell.cell import Cell
from filmcell.cell.change import halved_diameter
from filmcell.cell.key import entry
from filmcell.cell.quantities import PropertyOf
from filmcell.errors import InputError
from filmcell.materials.property import Constant, Property

SIZE = "cathode.thickness"
"""Key of the thickness of a film or the radius of a particle."""


@dataclass(frozen=True)
class Dial:
    """A positive number of a cell that can be turned.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key.
    value : float
        What it is now; of a function of the lithiation fraction x its mean over x [unit].
    unit : str
        SI unit.
    function : Property, optional
        The function, where it is one; it is scaled as a whole.
    lowest, highest : float
        What the cell allows [unit].

    Examples
    --------
    >>> from filmcell import load_cell
    >>> D = dial(load_cell("wang2023-lco-lipon-li"), "cathode.diffusivity")
    >>> D.value, D.unit
    (1e-14, 'm2/s')
    >>> float(D.scaled(2.0).cathode.diffusivity(0.7))
    2e-14
    """

    cell: Cell
    key: str
    value: float
    unit: str
    function: Property | None
    lowest: float
    highest: float

    def scaled(self, factor: float) -> Cell:
        """Give the cell with the number, or the whole function, times a factor."""
        if self.function is not None:
            return self.cell.replace({self.key: self.function.scaled(factor)})
        return self.cell.replace({self.key: self.value * factor})

    def set(self, value: float) -> Cell:
        """Give the cell with a value, or with the function scaled to this mean over x."""
        if self.function is not None:
            return self.scaled(value / self.value)
        return self.cell.replace({self.key: value})


def dial(cell: Cell, key: str) -> Dial:
    """Find a positive number of a cell.

    Parameters
    ----------
    cell : Cell
        The cell.
    key : str
        Dotted key such as "cathode.diffusivity", "electrolyte.conductivity" or "temperature".

    Returns
    -------
    Dial
        The number.

    Raises
    ------
    InputError
        Where there is no such key, or no number above or at zero stands there.

    Examples
    --------
    >>> from filmcell import load_cell
    >>> dial(load_cell("wang2023-lco-lipon-li"), "cathode.shape")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: cathode.shape: not a number above 0, expected the key of one such \
as cathode.diffusivity
    """
    key = halved_diameter(key, 1.0)[0]
    given, marker = entry(cell, key)
    refusal = InputError(
        f"{key}: not a number above 0, expected the key of one such as cathode.diffusivity"
    )
    if marker is None or given is None:
        raise refusal
    if isinstance(marker, PropertyOf):
        if not marker.positive:
            raise refusal
        constant = isinstance(given.func, Constant)
        mean = float(np.mean(given.curve()[1]))
        value = given.func.value if constant else mean
        return Dial(cell, key, value, marker.unit, None if constant else given, 0.0, np.inf)
    if marker.lowest < 0.0 and not given > 0.0:
        raise refusal
    return Dial(cell, key, given, marker.unit, None, max(marker.lowest, 0.0), marker.highest)
