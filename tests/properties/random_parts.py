"""Random cells of every kind of part, and random protocols of every kind of step, for Hypothesis.

Numbers are drawn over many decades, so that hardly any cell is a sensible one. What the models
refuse by name is left out: it is `test_assembled` that holds them to their words.
"""

import numpy as np
from hypothesis import strategies as st

import filmcell
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    Coulombs,
    CoulombsPerArea,
    CRate,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.controls import Charge, Discharge, Hold, Mark, Rest, Sweep
from filmcell.protocol.limits import (
    CapacityLimit,
    CurrentLimit,
    StateOfChargeLimit,
    TimeLimit,
    VoltageLimit,
)
from filmcell.protocol.profile import Profile
from filmcell.protocol.steps import Block, Limit, Protocol, Step

AREA = 1e-4


def decades(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers spread evenly over powers of ten."""
    return st.floats(low, high).map(lambda e: 10.0**e)


def perhaps(strategy: st.SearchStrategy[float]) -> st.SearchStrategy[float]:
    """Zero or a number, each as often."""
    return st.one_of(st.just(0.0), strategy)


ENERGIES = perhaps(st.floats(0.0, 6e4))
ALPHAS = st.floats(0.1, 0.9)

ENTROPY = filmcell.tabulated(
    "entropy", [0.0, 0.6, 0.8, 1.0], [-2e-4, -2.2e-4, -1.9e-4, -2e-4], "V/K", source="made up"
)
"""So little of a slope that a sloping potential falls with x at any temperature, as it must."""
LEVEL_ENTROPY = filmcell.constant("entropy", 1e-4, "V/K", "made up")
"""For a plateau, which must stay one."""
EMF = filmcell.tabulated(
    "EMF",
    [0.45, 0.51, 0.60, 0.70, 0.80, 0.864, 0.90, 0.95, 0.99, 0.994, 0.998, 1.00],
    [4.28, 4.19, 4.058, 3.960, 3.910, 3.900, 3.893, 3.865, 3.704, 3.641, 3.35, 3.00],
    "V",
    source="Raijmakers 2020, figure",
)
SLOPING = filmcell.tabulated(
    "slope", [0.0, 0.3, 0.6, 1.0], [2.3, 1.7, 1.3, 0.9], "V", source="made up"
)  # an anode
POTENTIALS = st.sampled_from(["lco-film", "lco-dualfoil", EMF])


def falling(size: float) -> filmcell.Property:
    """Diffusivity that falls by a factor of a hundred."""
    x = np.linspace(0.0, 1.0, 9)
    return filmcell.tabulated(
        "D", x, size * 10.0 ** (-2.0 * x), "m2/s", logarithmic=True, source="made up"
    )


DIFFUSIVITIES = st.one_of(decades(-17, -12), decades(-16, -12).map(falling))


@st.composite
def weak_electrolytes(draw: st.DrawFn) -> filmcell.WeakElectrolyte:
    """A weak electrolyte, from one that hardly conducts to one that always does."""
    return filmcell.WeakElectrolyte(
        thickness=draw(decades(-8, -5)),
        site_concentration=draw(decades(3, 5)),
        dissociated_fraction=draw(st.floats(0.01, 0.95)),
        recombination_rate=draw(decades(-12, -2)),
        cation_diffusivity=draw(decades(-17, -13)),
        anion_diffusivity=draw(decades(-17, -13)),
        activation_energy=draw(ENERGIES),
        reaction_activation_energy=draw(ENERGIES),
    )


@st.composite
def ohmic_layers(draw: st.DrawFn) -> filmcell.Electrolyte:
    """A single-ion electrolyte."""
    return filmcell.Electrolyte(draw(decades(-8, -5)), draw(decades(-6, -2)), draw(ENERGIES))


@st.composite
def interlayers(draw: st.DrawFn) -> filmcell.Interlayer:
    """A buffer layer, perhaps of no thickness."""
    return filmcell.Interlayer(
        thickness=draw(perhaps(decades(-9, -7))),
        conductivity=draw(decades(-7, -3)),
        activation_energy=draw(ENERGIES),
        interface_resistance=draw(perhaps(decades(-5, -1))),
        interface_activation_energy=draw(ENERGIES),
    )


@st.composite
def interfaces(draw: st.DrawFn) -> filmcell.Interface:
    """A contact, perhaps with a capacitance, perhaps without a resistance."""
    return filmcell.Interface(
        resistance=draw(perhaps(decades(-6, -1))),
        capacitance=draw(perhaps(decades(-5, 2))),
        activation_energy=draw(ENERGIES),
    )


@st.composite
def space_charges(draw: st.DrawFn) -> filmcell.SpaceChargeLayer:
    """A depleted layer."""
    return filmcell.SpaceChargeLayer(
        potential=draw(st.floats(0.05, 0.3)),
        conductivity=draw(decades(-4, -2)),
        relative_permittivity=draw(st.floats(5.0, 50.0)),
        mobile_concentration=draw(decades(2, 4)),
        activation_energy=draw(ENERGIES),
    )


BUFFERS = st.lists(
    st.one_of(interlayers(), interfaces(), space_charges(), ohmic_layers(), weak_electrolytes()),
    max_size=3,
)


@st.composite
def mixed_conduction(draw: st.DrawFn) -> filmcell.MixedConduction:
    """Mixed conduction, from electrons that hardly move to ones that are everywhere."""
    return filmcell.MixedConduction(
        electronic_ratio=draw(decades(-1, 4)),
        electrolyte_share=draw(st.sampled_from([None, None, 0.3, 1.0])),
        electronic_loss=draw(st.booleans()),
    )


@st.composite
def metals(draw: st.DrawFn, *, weak: bool) -> filmcell.LithiumMetal | filmcell.AnodeFree:
    """Lithium metal, or a bare collector."""
    double_layer = draw(perhaps(decades(-5, 1)))
    common = {
        "exchange_current_density": draw(decades(-2, 4)),
        "transfer_coefficient": draw(ALPHAS),
        "activation_energy": draw(ENERGIES),
        "double_layer_capacitance": double_layer,
        "electrolyte_exponent": draw(perhaps(st.just(0.5))) if weak and not double_layer else 0.0,
    }
    if draw(st.booleans()):
        return filmcell.AnodeFree(**common)
    return filmcell.LithiumMetal(thickness=draw(decades(-8, -5)), **common)


@st.composite
def insertion_anodes(draw: st.DrawFn) -> filmcell.InsertionAnode:
    """A film that takes lithium in."""
    potential, entropy = draw(
        st.sampled_from([("lto", LEVEL_ENTROPY), ("in-li", LEVEL_ENTROPY), (SLOPING, ENTROPY)])
    )
    return filmcell.InsertionAnode(
        thickness=draw(decades(-7.5, -5)),
        maximum_concentration=draw(st.floats(1e4, 6e4)),
        diffusivity=draw(DIFFUSIVITIES),
        potential=potential,
        exchange_current_density=draw(decades(-2, 3)),
        transfer_coefficient=draw(ALPHAS),
        initial_fraction=draw(st.floats(0.02, 0.6)),
        diffusivity_activation_energy=draw(ENERGIES),
        exchange_activation_energy=draw(ENERGIES),
        double_layer_capacitance=draw(perhaps(decades(-5, 1))),
        entropy=draw(st.sampled_from([0.0, entropy])),
    )


@st.composite
def cathodes(draw: st.DrawFn, *, weak: bool) -> filmcell.Cathode:
    """A cathode of any shape and transport."""
    mixed = draw(st.booleans())
    shape = filmcell.Film()
    if not mixed:
        shape = draw(st.sampled_from([filmcell.Film(), filmcell.Cylinder(), filmcell.Sphere()]))
    double_layer = draw(perhaps(decades(-5, 1)))
    return filmcell.Cathode(
        thickness=draw(decades(-7.5, -4.5)),
        maximum_concentration=draw(st.floats(2e4, 6e4)),
        diffusivity=draw(DIFFUSIVITIES),
        potential=draw(POTENTIALS),
        exchange_current_density=draw(decades(-2, 3)),
        transfer_coefficient=draw(ALPHAS),
        initial_fraction=draw(st.floats(0.46, 0.995)),
        diffusivity_activation_energy=draw(ENERGIES),
        exchange_activation_energy=draw(ENERGIES),
        shape=shape,
        entropy=draw(st.sampled_from([0.0, ENTROPY])),
        transport=draw(mixed_conduction()) if mixed else filmcell.SingleDiffusion(),
        double_layer_capacitance=double_layer,
        electrolyte_exponent=draw(perhaps(st.just(0.6))) if weak and not double_layer else 0.0,
    )


@st.composite
def heats(draw: st.DrawFn) -> filmcell.HeatBalance:
    """A cell that warms up."""
    return filmcell.HeatBalance(
        heat_capacity=draw(decades(1, 4)),
        heat_transfer_coefficient=draw(perhaps(decades(0, 2))),
        surroundings=draw(st.sampled_from([None, 280.0, 340.0])),
    )


@st.composite
def cells(draw: st.DrawFn) -> filmcell.Cell:
    """A cell of random parts; its window fits the potentials of its electrodes."""
    electrolyte = draw(st.one_of(ohmic_layers(), weak_electrolytes()))
    between = draw(BUFFERS)
    first, last = (
        isinstance(layer, filmcell.WeakElectrolyte)
        for layer in (electrolyte, [electrolyte, *between][-1])
    )
    anode = draw(st.one_of(metals(weak=first), insertion_anodes()))
    geometric = draw(perhaps(decades(-6, -3)))
    lower, upper = 2.7, 4.2
    if isinstance(anode, filmcell.InsertionAnode):
        lower, upper = (0.8, 3.2) if anode.potential.high == 1.0 else (1.0, 3.0)
        if anode.potential.name.startswith("In"):
            lower, upper = 2.1, 3.6
    return filmcell.Cell(
        anode=anode,
        electrolyte=electrolyte,
        cathode=draw(cathodes(weak=last)),
        area=AREA,
        lower_voltage=lower,
        upper_voltage=upper,
        temperature=draw(st.floats(260.0, 370.0)),
        interlayers=tuple(between),
        contact_resistance=draw(decades(-5, -2)) if geometric else draw(perhaps(decades(-5, -2))),
        geometric_capacitance=geometric,
        heat=draw(st.one_of(st.none(), heats())),
        nominal_capacity=draw(st.one_of(st.none(), decades(-3, 1))),
    )


# protocols ---------------------------------------------------------------------------------------

CURRENTS = st.one_of(
    decades(-3, 2).map(AmperesPerArea),
    decades(-7, -2).map(Amperes),
    decades(-2, 1.5).map(CRate),
)
POWERS = st.one_of(decades(-3, 2).map(WattsPerArea), decades(-7, -2).map(Watts))
CHARGES = st.one_of(decades(-4, 1).map(Coulombs), decades(0, 4).map(CoulombsPerArea))
TIMES = decades(-2, 4).map(TimeLimit)


def limits_of(*strategies: st.SearchStrategy[Limit]) -> st.SearchStrategy[tuple[Limit, ...]]:
    """One to three limits."""
    return st.lists(st.one_of(*strategies), min_size=1, max_size=3).map(tuple)


@st.composite
def pushes(draw: st.DrawFn, cell: filmcell.Cell) -> Step:
    """A charge or a discharge at a current or power."""
    charge = draw(st.booleans())
    power = draw(st.booleans())
    amount = draw(POWERS if power else CURRENTS)
    inside = st.floats(cell.lower_voltage + 0.01, cell.upper_voltage - 0.01).map(VoltageLimit)
    end = VoltageLimit(cell.upper_voltage if charge else cell.lower_voltage)
    kinds = [inside, st.just(end), CHARGES.map(CapacityLimit), TIMES,
             st.floats(0.0, 1.0).map(StateOfChargeLimit)]  # fmt: skip
    if power:
        kinds.append(CURRENTS.map(CurrentLimit))
    control = Charge(amount) if charge else Discharge(amount)
    return Step(control, draw(st.one_of(st.just(()), limits_of(*kinds))))


@st.composite
def sweeps(draw: st.DrawFn, cell: filmcell.Cell) -> Step:
    """A voltage that moves evenly."""
    voltage = draw(st.floats(cell.lower_voltage, cell.upper_voltage))
    limits = st.one_of(TIMES, CURRENTS.map(CurrentLimit), CHARGES.map(CapacityLimit))
    until = draw(st.lists(limits, max_size=1).map(tuple))
    return Step(Sweep(voltage, draw(decades(-5, 1))), until)


@st.composite
def profiles(draw: st.DrawFn) -> Step:
    """A current or power over time, held or going straight."""
    count = draw(st.integers(2, 6))
    times = np.concatenate([[0.0], np.cumsum([draw(decades(-2, 3)) for _ in range(count - 1)])])
    kind = draw(st.sampled_from([Amperes, AmperesPerArea, CRate, Watts, WattsPerArea]))
    size = draw(decades(-2, 2)) * (AREA if kind in (Amperes, Watts) else 1.0)
    shares = st.floats(-1.0, 1.0).map(lambda share: share if abs(share) > 1e-3 else 0.0)
    values = [size * draw(shares) for _ in range(count)]
    linear = draw(st.booleans()) and kind not in (Watts, WattsPerArea)
    until = draw(st.lists(st.one_of(TIMES, CHARGES.map(CapacityLimit)), max_size=1).map(tuple))
    return Step(Profile(tuple(times), tuple(values), kind, linear), until)


def steps(cell: filmcell.Cell) -> st.SearchStrategy[Step]:
    """A step of any kind that this cell can be asked for."""
    volts = st.floats(cell.lower_voltage - 0.2, cell.upper_voltage + 0.2)
    holds = st.builds(
        Step,
        volts.map(Hold),
        limits_of(TIMES, CURRENTS.map(CurrentLimit), CHARGES.map(CapacityLimit)),
    )
    rests = TIMES.map(lambda end: Step(Rest(), (end,)))
    return st.one_of(
        pushes(cell), pushes(cell), holds, sweeps(cell), profiles(), rests, st.just(Step(Mark()))
    )


@st.composite
def protocols(draw: st.DrawFn, cell: filmcell.Cell) -> Protocol:
    """One or two blocks of one to three steps, some of them repeated or until a limit."""
    blocks = st.builds(
        Block,
        st.lists(steps(cell), min_size=1, max_size=3).map(tuple),
        repeat=st.sampled_from([1, 1, 3]),
        until_limit=st.booleans(),
    )
    return Protocol(tuple(draw(st.lists(blocks, min_size=1, max_size=2))))


@st.composite
def runs(draw: st.DrawFn) -> tuple[filmcell.Cell, Protocol]:
    """A cell and what is done to it."""
    cell = draw(cells())
    return cell, draw(protocols(cell))
