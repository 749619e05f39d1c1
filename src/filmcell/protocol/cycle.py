"""Cycles between the limits of a cell's own voltage window, the same for every cell."""

from filmcell.protocol.amounts import CurrentAmount
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step


def cycles(*currents: tuple[CurrentAmount, CurrentAmount]) -> Protocol:
    """Charge and discharge between the limits of the cell's own voltage window.

    Parameters
    ----------
    *currents : tuple of CurrentAmount
        Current of the charge and of the discharge of each cycle.

    Returns
    -------
    Protocol
        Two steps a cycle.

    Examples
    --------
    >>> from filmcell.protocol.amounts import CRate
    >>> print(cycles((CRate(0.1), CRate(1.0))))
    Charge at C/10; Discharge at 1C
    """
    steps = [s for up, down in currents for s in (Step(Charge(up)), Step(Discharge(down)))]
    return Protocol((Block(tuple(steps)),))
