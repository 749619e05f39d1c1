"""Does this cell stand? Its layers as the materials of the library, and what is known of them."""

from filmcell.cell.anodes import InsertionAnode
from filmcell.cell.cell import Cell
from filmcell.cell.electrolytes import Interface, SpaceChargeLayer
from filmcell.errors import InputError
from filmcell.materials.compatibility import Compatibility, Stack, check_stack, stack_of
from filmcell.materials.library import Library, library
from filmcell.materials.records import Material
from filmcell.units import shown


def check(
    cell: Cell | str,
    *,
    potentials: tuple[float, float] | None = None,
    among: Library | None = None,
) -> Compatibility:
    """Hold the layers of a cell against what the library knows of them.

    Parameters
    ----------
    cell : Cell or str
        A cell, whose voltage limits give the potentials of its cathode, or a stack such as
        "NCM811 | LGPS | Li".
    potentials : (float, float), optional
        Potentials between which the cathode is used [V]; if not given, the voltage limits of the
        cell, or what the library says of the cathode.
    among : Library, optional
        What is known; the shipped library with the user's files if not given.

    Returns
    -------
    Compatibility
        Margins of stability, contacts, tested cells, remarks and verdicts, each with its source.

    Raises
    ------
    InputError
        Where a layer is not a material of the library.

    Examples
    --------
    >>> found = check("LCO | LiPON | Li", potentials=(2.7, 4.2))
    >>> [round(m.margin, 2) for m in found.margins
    ...  if m.side == "oxidation" and m.window == "experimental_apparent"]
    [1.3]
    """
    known = among or library()
    if isinstance(cell, Cell):
        return check_stack(_stack(cell, potentials, known), known)
    return check_stack(stack_of(cell, known, potentials=potentials), known)


def _stack(cell: Cell, potentials: tuple[float, float] | None, known: Library) -> Stack:
    """Name the layers of a cell by the materials of the library."""
    charged, empty = (cell.anode_rest_potential(x) for x in cell.window_fractions)
    ends = potentials or (cell.lower_voltage + empty, cell.upper_voltage + charged)
    where = "as given" if potentials else "voltage limits of the cell"
    anode = known.material("lithium")
    metal = not isinstance(cell.anode, InsertionAnode)
    if isinstance(cell.anode, InsertionAnode):
        anode = _known("anode", cell.anode.name, known)
        where += f" and the anode at {empty:.3g} V when empty and {charged:.3g} V when charged"
    layers = dict(enumerate(cell.interlayers))
    bare = [k for k, layer in layers.items() if isinstance(layer, Interface | SpaceChargeLayer)]
    buffers = [
        _known(f"interlayers.{k}", layer.name, known)
        for k, layer in layers.items()
        if k not in bare
    ]
    return Stack(
        _known("cathode", cell.cathode.name, known),
        _known("electrolyte", cell.electrolyte.name, known),
        anode,
        tuple(reversed(buffers)), *ends, where, charged,
        "lithium metal" if metal else "its potential when the cell is charged",
        tuple(f"interlayers.{k} is an interface and no layer of a material: not checked"
              for k in bare),
    )  # fmt: skip


def _known(key: str, name: str, known: Library) -> Material:
    """Find the material of a layer by the name of the layer."""
    try:
        return known.material(name)
    except InputError as error:
        raise InputError(
            f"{key}.name: {shown(name)} is not a material of the library, expected the name of "
            "one, which a layer with material = has"
        ) from error
