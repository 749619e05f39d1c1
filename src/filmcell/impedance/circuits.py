"""Circuits: the elements, and how to put them together.

>>> circuit = R() - p(R(), CPE()) - Wfs()
>>> print(circuit)
R0-p(R1,CPE1)-Wfs2
>>> circuit.names
('R0', 'R1', 'CPE1_Q', 'CPE1_n', 'Wfs2_R', 'Wfs2_tau')
"""

from filmcell.impedance.circuit_text import circuit_from_text
from filmcell.impedance.composition import Circuit, Element, Parallel, Parameter, Series, p
from filmcell.impedance.elements import (
    CPE,
    ELEMENTS,
    TL,
    ZARC,
    C,
    G,
    L,
    R,
    W,
    Wcyl,
    Wfl,
    Wfs,
    Wsph,
)

__all__ = [
    "CPE",
    "ELEMENTS",
    "TL",
    "ZARC",
    "C",
    "Circuit",
    "Element",
    "G",
    "L",
    "Parallel",
    "Parameter",
    "R",
    "Series",
    "W",
    "Wcyl",
    "Wfl",
    "Wfs",
    "Wsph",
    "circuit_from_text",
    "p",
]
