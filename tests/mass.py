"""From what balances gain to rates, for the oracles that solve for dy/dt."""

import numpy as np
from scipy.linalg import solve_banded

from filmcell.arrays import Array
from filmcell.numerics.banded import ABOVE, BELOW, HERE
from filmcell.numerics.system import System


def rates(system: System, y: Array, i: float) -> Array:
    """dy/dt of a system: its mass matrix taken off what its balances gain."""
    gain = np.empty_like(y)
    system.rate(y, i, system.numbers, gain)
    bands = np.zeros((3, y.size))
    bands[0, 1:], bands[1], bands[2, :-1] = (
        system.mass[ABOVE, :-1],
        system.mass[HERE],
        system.mass[BELOW, 1:],
    )
    return np.asarray(solve_banded((1, 1), bands, gain))
