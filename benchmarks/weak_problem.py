"""The fixed weak-electrolyte problem, which every contender solves (see benchmarks/README.md).

The cell of Danilov 2011 (Li | Li3PO4 | LiCoO2) with the smooth potential of the film problem: one
discharge to 3.0 V, then at once a charge with the same current to 4.2 V. All have the same volumes
in the electrolyte; in the cathode filmcell has its default nodes, the others volumes.
"""

from filmcell import Cathode, Cell, LithiumMetal, Mesh, Property, constant
from filmcell.cell.electrolytes import WeakElectrolyte
from filmcell.models.regions import Meshes, default_mesh
from filmcell.physics.thermodynamics import dualfoil_potential
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.steps import Block, Charge, Discharge, Protocol, Step, VoltageLimit

TEMPERATURE = 298.15
CURRENTS = (1.28, 5.12)
"""About 13C and 51C; the steady limiting current of the electrolyte is 5.95 [A/m2]."""

LOWER, UPPER = 3.0, 4.2
CELLS = 60
"""Volumes of the electrolyte, and as many of the cathode but for filmcell."""

SITES, DISSOCIATED, RECOMBINATION = 6.01e4, 0.18, 0.90e-6
CATION, ANION = 0.90e-15, 5.10e-15
THICKNESS, LENGTH = 1.5e-6, 0.32e-6
"""Of the electrolyte and of the cathode [m]."""

C_MAX, DIFFUSIVITY, START = 2.33e4, 1.76e-15, 0.5
EXCHANGE, LITHIUM, VACANCY, ALPHA = 19.0, 0.4, 0.6, 0.6
ANODE_EXCHANGE = 1e4

FINE = 1200
"""Volumes of the electrolyte and nodes of the cathode that the truth stands on."""

CONVERGED = {1.28: (242.597885, 214.715160), 5.12: (45.879870, 22.368009)}
"""Ends of the halves, converged in mesh and time [s]."""

ON_VOLUMES = {1.28: (242.593896, 214.696117), 5.12: (45.875748, 22.359744)}
"""The same on the volumes at a relative tolerance of 1e-11 [s]."""


def cell() -> Cell:
    """Cell of the problem."""
    cathode = Cathode(
        LENGTH,
        C_MAX,
        constant("D", DIFFUSIVITY, "m2/s"),
        Property("OCP", "V", dualfoil_potential, 0.3, 0.9999, "film problem"),
        constant("i0", EXCHANGE, "A/m2"),
        lithium_exponent=LITHIUM,
        vacancy_exponent=VACANCY,
        transfer_coefficient=ALPHA,
        initial_fraction=START,
    )
    electrolyte = WeakElectrolyte(THICKNESS, SITES, DISSOCIATED, RECOMBINATION, CATION, ANION)
    anode = LithiumMetal(1e-4, ANODE_EXCHANGE)
    return Cell(anode, electrolyte, cathode, 1e-4, LOWER, UPPER, TEMPERATURE)


def meshes(cells: int = CELLS, *, graded: bool = True) -> Meshes:
    """Meshes of the problem, narrow where the profiles are steep; or uniform ones."""
    if not graded:
        return Meshes(Mesh.uniform(cells, LENGTH), (Mesh.uniform(cells, THICKNESS),))
    return Meshes(
        Mesh.graded(cells, LENGTH, LENGTH / cells / 2.0),
        (Mesh.symmetric(cells, THICKNESS, THICKNESS / cells / 20.0),),
    )


def own_meshes(current: float) -> Meshes:
    """Give filmcell the same electrolyte and its default nodes in the cathode."""
    return Meshes(default_mesh(cell(), current), meshes().electrolytes)


def protocol(current: float) -> Protocol:
    """Discharge and charge."""
    amount = AmperesPerArea(current)
    down = Step(Discharge(amount), (VoltageLimit(LOWER),))
    up = Step(Charge(amount), (VoltageLimit(UPPER),))
    return Protocol((Block((down, up)),))
