"""The fixed film problem, which every contender solves (benchmarks/README.md says what it is).

One charge at 1C to 4.2 V, then at once a discharge at 1C to 2.7 V, on the same finite volumes.
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

CONVERGED = (2893.63704, 2204.79886)
"""Ends of the halves on 100 uniform volumes at a relative tolerance of 1e-11 [s]."""


def diffusivity(x):
    """Diffusivity over the lithiation fraction [m2/s]."""
    return 1e-14 * np.exp(-3.0 * (x - 0.5))


def cell(length: float = LENGTH, scale: float = 1.0) -> Cell:
    """Cell of the problem; `scale` multiplies the diffusivity."""
    D = Property("D", "m2/s", lambda x: scale * diffusivity(x), 0.0, 1.0, "film problem")
    U = Property("OCP", "V", dualfoil_potential, 0.3, 0.9999, "film problem")
    cathode = Cathode(length, C_MAX, D, U, constant("i0", 2.0, "A/m2"), initial_fraction=START)
    return Cell(LithiumMetal(1e-4, 5.0), Electrolyte(1.5e-6, 1e-4), cathode, 1e-4, LOWER, UPPER)


def mesh(cells: int = 100) -> Mesh:
    """Uniform mesh of the problem."""
    return Mesh.uniform(cells, LENGTH)


def protocol() -> Protocol:
    """Charge and discharge at 1C."""
    amount = AmperesPerArea(CURRENT)
    up = Step(Charge(amount), (VoltageLimit(UPPER),))
    down = Step(Discharge(amount), (VoltageLimit(LOWER),))
    return Protocol((Block((up, down)),))
