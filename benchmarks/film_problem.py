"""The fixed film problem, which every contender solves (benchmarks/README.md says what it is).

One charge at 1C to 4.2 V, then at once a discharge at 1C to 2.7 V. filmcell stands on its default
nodes, the others on `VOLUMES` equal finite volumes.
"""

import numpy as np

from filmcell import Cathode, Cell, Electrolyte, LithiumMetal, Mesh, Property, constant
from filmcell.constants import F
from filmcell.physics.thermodynamics import dualfoil_potential
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step, VoltageLimit

LENGTH = 2.5e-6
C_MAX = 51555.0
START = 0.97
CURRENT = F * C_MAX * LENGTH * 0.5 / 3600.0
RESISTANCE = 0.015
UPPER, LOWER = 4.2, 2.7

VOLUMES = 100
CONVERGED = (2893.651986, 2204.833579)
"""Ends of the halves, converged in mesh and time [s]."""

ON_VOLUMES = (2893.63704, 2204.79886)
"""The same on the volumes, whose surface is half a volume outside the first [s]."""

MISSED_BY_VOLUMES = 1.07e-3
"""Largest error of the voltage on these volumes [V]."""

HALF_FULL = 1e-14
"""Diffusivity of a half full film [m2/s]."""


def diffusivity(x):
    """Diffusivity over the lithiation fraction [m2/s]."""
    return HALF_FULL * np.exp(-3.0 * (x - 0.5))


def cell(length: float = LENGTH, scale: float = 1.0) -> Cell:
    """Cell of the problem; `scale` multiplies the diffusivity."""
    D = Property("D", "m2/s", lambda x: scale * diffusivity(x), 0.0, 1.0, "film problem")
    U = Property("OCP", "V", dualfoil_potential, 0.3, 0.9999, "film problem")
    cathode = Cathode(length, C_MAX, D, U, constant("i0", 2.0, "A/m2"), initial_fraction=START)
    return Cell(LithiumMetal(1e-4, 5.0), Electrolyte(1.5e-6, 1e-4), cathode, 1e-4, LOWER, UPPER)


def mesh(cells: int) -> Mesh:
    """Equal widths."""
    return Mesh.uniform(cells, LENGTH)


def protocol() -> Protocol:
    """Charge and discharge at 1C."""
    amount = AmperesPerArea(CURRENT)
    up = Step(Charge(amount), (VoltageLimit(UPPER),))
    down = Step(Discharge(amount), (VoltageLimit(LOWER),))
    return Protocol((Block((up, down)),))
