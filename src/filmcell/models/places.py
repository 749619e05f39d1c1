"""Places of the parameters and of the states of an assembled cell.

States stand in this order, each part only where a cell has it:

- cathode: minus its potential over the double layer, then its concentrations from the
  electrolyte on;
- anode: the same, concentrations only for an insertion anode;
- weak electrolytes from the anode to the cathode, concentrations from the anode side on;
- voltages over interfaces that have a capacitance;
- internal voltage over the geometric capacitance;
- temperature;
- time since the start of the stretch, and charge passed.
"""

CATHODE, ANODE = 0, 1
"""The electrodes, each with a block of parameters, tables and a region of the mesh."""

(
    E_C_MAX, E_D, E_D_ENERGY, E_I_REF, E_I_ENERGY, E_T_REF, E_LITHIUM, E_VACANCY, E_ALPHA,
    E_LOW, E_HIGH, E_SHARE, E_CAPACITANCE, E_PER_FRACTION, E_START, E_EXPONENT, E_RATIO,
    ELECTRODE,
) = range(18)  # fmt: skip
"""Parameters of an electrode within its block, and the size of the block."""

(
    W_CATION, W_ANION, W_DISSOCIATION, W_RECOMBINATION, W_SITES, W_REST, W_ENERGY,
    W_REACTION_ENERGY, W_T_REF, WEAK,
) = range(10)  # fmt: skip
"""Parameters of a weak electrolyte within its block, and the size of the block."""

O_RESISTANCE, O_ENERGY, O_T_REF, O_CAPACITANCE, OHMIC = range(5)
"""Parameters of an ohmic layer or interface within its block, and the size of the block."""

(
    P_TEMPERATURE, P_METAL, P_METAL_PER_CHARGE, P_SERIES, P_GEOMETRIC, P_HEAT_CAPACITY,
    P_HEAT_TRANSFER, P_SURROUNDINGS, P_ELECTRODES,
) = range(9)  # fmt: skip
"""Parameters of the cell; the blocks of the two electrodes follow, then those of the layers."""

P_LAYERS = P_ELECTRODES + 2 * ELECTRODE

(
    L_CATHODE_U, L_CATHODE, L_CATHODE_END, L_ANODE_U, L_ANODE, L_ANODE_END, L_WEAK, L_WEAK_COUNT,
    L_WEAK_CELLS, L_RC, L_RC_COUNT, L_GEOMETRIC, L_TEMPERATURE, L_OHMIC_COUNT, L_ELECTRONIC,
    L_ENTROPY, L_SIZE,
) = range(17)  # fmt: skip
"""Entries of the layout: where states stand (-1 where a cell has them not), and how many."""

T_DIFFUSIVITY, T_POTENTIAL, T_EXCHANGE, T_ENTROPY, TABLES = range(5)
"""Tables of an electrode, and how many there are."""

REGION = 4
"""Rows of the mesh that one region takes."""
