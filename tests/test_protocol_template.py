"""Protocols with blanks: filled in they are what they would be if written out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filmcell
from filmcell.errors import InputError
from filmcell.protocol.template import Filling, Template, read_filling

TEXTS = {
    "A": ("Charge at {x} until 4.2 V; Hold at 4.2 V until {x}", ("0.1 mA", "3 uA")),
    "A/m2": ("(Charge at {x} until 4.2 V; Rest for 1 h) repeat 3", ("0.1 mA/cm2", "7 A/m2")),
    "W": ("Discharge at {x}; Rest for 1 s", ("0.4 mW", "1 W")),
    "W/m2": ("Discharge at {x} until 3 V or for 1 h", ("2 W/m2",)),
    "V": ("Charge at 1C until {x}; Hold at {x} for 1 h", ("4.1 V", "3900 mV")),
    "V/s": ("Sweep at {x} until 4.2 V", ("0.1 mV/s",)),
    "s": ("Charge at 1C for {x}; Rest for {x}", ("10 min", "90 s", "1 h")),
    "C": ("Charge at 1C until {x} or 4.2 V", ("0.1 mAh", "1.8 A*s")),
    "C/m2": ("Discharge at 1C until {x}", ("0.3 mAh/cm2", "10 C/m2")),
    "C-rate": ("Charge at {x}; Hold at 4.2 V until {x}", ("C/10", "2C", "0.3C", "C")),
}


@pytest.mark.parametrize("unit", TEXTS)
def test_filled_in_is_written_out(unit: str) -> None:
    """Every unit, in more than one place."""
    text, amounts = TEXTS[unit]
    for amount in amounts:
        filling = read_filling(amount)
        assert filling.unit == unit
        filled = Template(text).filled({"x": filling})
        assert filled == filmcell.load_protocol(text.replace("{x}", amount))
        assert filled == filmcell.load_protocol(text.replace("{x}", filling.text))


@settings(max_examples=50)
@given(st.floats(1e-9, 1e3), st.floats(1e-3, 1e7), st.floats(-5.0, 5.0), st.floats(1e-4, 1e3))
def test_numbers_arrive_to_the_last_bit(i: float, t: float, v: float, rate: float) -> None:
    """Four blanks next to each other, any numbers: none is rounded or takes another's place."""
    text = "Charge at {i} until {v} or for {t}; Rest for {t}; Discharge at {rate} until {v}"
    fillings = {
        "i": Filling(i, "A"), "t": Filling(t, "s"), "v": Filling(v, "V"),
        "rate": Filling(rate, "C-rate"),
    }  # fmt: skip
    first, rest, last = Template(text).filled(fillings).steps
    assert first.control.amount.value == i  # type: ignore[union-attr]
    assert [limit.voltage for limit in (first.until[0], last.until[0])] == [v, v]  # type: ignore[union-attr]
    assert (first.duration, rest.duration) == (t, t)
    assert last.control.amount.value == rate  # type: ignore[union-attr]


def test_names_stand_once_in_their_order() -> None:
    """Also where a blank is used again."""
    assert Template("Charge at {b} for {a}; Rest for {a}").names == ("b", "a")
    assert Template("Rest for 1 h").names == ()
    assert str(Template("Rest for 1 h").filled({})) == "Rest for 1 h"


def test_a_ready_made_protocol_has_blanks_where_it_takes_numbers_as_they_are() -> None:
    """Also many times over."""
    template = Template("gitt: current {i}, pulse {t}, rest 1 h")
    filled = template.filled({"i": read_filling("C/7"), "t": read_filling("11 min")})
    assert filled == filmcell.load_protocol("gitt: current C/7, pulse 11 min, rest 1 h")


def test_numbers_that_others_follow_from_are_refused() -> None:
    """The voltages between two ends follow from both; filled in later they would be wrong."""
    call = "pitt: start {a}, stop 4.2 V, step 50 mV, cut_off C/100"
    with pytest.raises(InputError, match=r'other numbers of "pitt: .*" follow from its blanks'):
        Template(call).filled({"a": read_filling("3.9 V")})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.1 mAx", r'"0\.1 mAx" is none of a current, a current density, a power, .* or a C-rate'),
        ("2 um", r'"2 um" is none of a current'),
        ("50 % SOC", r'"50 % SOC" is none of a current'),
        ("", r'"" is none of a current'),
        ("C/0", '"C/0" divides by zero, expected a number of hours such as "C/10"'),
        (0.1, '0.1 has no unit, expected one such as "0.1 mA/cm2" or "C/10"'),
        (True, "true has no unit, expected one such as"),
        (None, "has no unit, expected one such as"),
    ],
)
def test_what_is_no_amount_is_refused(text: object, sentence: str) -> None:
    """In one sentence."""
    with pytest.raises(InputError, match=sentence):
        read_filling(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "amount", "sentence"),
    [
        ("Charge at {x} until 4.2 V", "4 V", r'step 1 "Charge at 4\.0 V until 4\.2 V": "4\.0 V" is '
         "not a current or power"),
        ("Charge at {x} until 4.2 V", "-1 mA", "current: -0.001 is not allowed"),
        ("Charge at 1C until {x}", "C/20", 'step 1: "Charge at 1C until C/20" has a current'),
        ("Charge at 1C until {x}", "200 V", "until: 200.0 V is not allowed, expected a voltage"),
        ("Charge at {y} for {x}", "1 h", r"protocol: nothing is given for \{y\}, expected an axis"),
        ("Charge at {x}{x} for 1 s", "1 mA", "step 1|unexpected|cannot"),
        ("Rest for {1}", "1 h", r"\{1\}|\{"),
    ],
)  # fmt: skip
def test_a_filling_that_does_not_fit_is_told_with_its_own_number(
    text: str, amount: str, sentence: str
) -> None:
    """Never with the numbers that stand in for it while the text is read."""
    with pytest.raises(InputError, match=sentence) as caught:
        Template(text).filled({"x": read_filling(amount)})
    assert "0.739" not in str(caught.value)
    assert "0.92" not in str(caught.value)
