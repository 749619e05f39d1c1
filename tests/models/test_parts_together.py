"""Parts that do not go together are refused by name; odd but legal cells run."""

from dataclasses import replace

import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell import Electrolyte, InputError, InsertionAnode, Interface, constant, simulate

DANILOV = filmcell.load_cell("danilov2011")
LIPON = Electrolyte(1e-6, 2e-4)


def host(potential: float, **numbers: float) -> InsertionAnode:
    """A film with a flat potential."""
    return InsertionAnode(
        4e-6, 3e4, constant("D", 2e-14, "m2/s"), constant("U", potential, "V"),
        constant("i0", 3.0, "A/m2"), initial_fraction=0.5, **numbers,
    )  # fmt: skip


@pytest.mark.parametrize("electrode", ["cathode", "anode"])
def test_ions_count_only_where_the_weak_electrolyte_touches(electrode: str) -> None:
    """A single-ion layer between it and the electrode keeps the ions of the surface constant."""
    part = replace(getattr(DANILOV, electrode), electrolyte_exponent=0.5)
    beside = replace(DANILOV, **{electrode: part})
    if electrode == "anode":
        apart = replace(beside, electrolyte=LIPON, interlayers=(DANILOV.electrolyte,))
    else:
        apart = replace(beside, interlayers=(LIPON, Interface(1e-4)))
    words = (
        rf"^{electrode}.electrolyte_exponent: only a weak electrolyte changes its ions, expected 0 "
        rf"or a weak electrolyte next to the {electrode}$"
    )
    with pytest.raises(InputError, match=words):
        simulate(apart, "Rest for 1 s")
    plane = replace(beside, interlayers=(Interface(1e-4),))  # a plane is no layer
    assert simulate(plane, "Rest for 1 s").ended == ("1 s passed",)


def test_steep_kinetics_behind_a_double_layer_are_refused() -> None:
    """More than in proportion to lithium, and the faradaic current is not unique."""
    cell = replace(
        DANILOV, anode=host(0.62, lithium_exponent=1.5, double_layer_capacitance=1e-3),
        lower_voltage=2.0, upper_voltage=3.6,
    )  # fmt: skip
    words = (
        r"^anode.lithium_exponent: 1.5 behind a double layer leaves the current open, expected at "
        r"most 1 or a double_layer_capacitance of 0$"
    )
    with pytest.raises(InputError, match=words):
        simulate(cell, "Rest for 1 s")


def test_a_symmetric_cell_takes_power_and_gives_none() -> None:
    """At rest it has no voltage: the power of a charge goes with the square of the current."""
    given = constant("open-circuit potential", 0.62, "V")
    wang = filmcell.load_cell("wang2023-lco-lipon-li")
    cell = replace(
        wang, anode=host(0.62), lower_voltage=-0.5, upper_voltage=0.5,
        cathode=replace(wang.cathode, potential=given, initial_fraction=0.5),
    )  # fmt: skip
    assert simulate(cell, "Discharge at 1 mW for 1 s").ended == ("no current can give 1 mW",)
    charged = simulate(cell, "Charge at 1 mW for 1 s")
    assert charged.ended == ("1 s passed",)
    assert_allclose(charged.voltage * charged.current, -1e-3, rtol=1e-9, atol=0)
