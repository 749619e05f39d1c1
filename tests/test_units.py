"""Units at the door: conversions, the round trip, and refusals word for word."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.errors import InputError
from filmcell.units import EXAMPLES, display, shown, to_si

F = 96485.33212

CONVERSIONS = [
    ("2 um", "m", 2e-6),
    ("2um", "m", 2e-6),
    ("  2 um  ", "m", 2e-6),
    ("2 \N{MICRO SIGN}m", "m", 2e-6),
    ("2 \N{GREEK SMALL LETTER MU}m", "m", 2e-6),
    ("+2e-6 m", "m", 2e-6),
    (".5 nm", "m", 5e-10),
    ("3 \N{LATIN CAPITAL LETTER A WITH RING ABOVE}", "m", 3e-10),
    ("1.44 cm2", "m2", 1.44e-4),
    ("1.44 cm^2", "m2", 1.44e-4),
    ("1.44 cm**2", "m2", 1.44e-4),
    ("2e-6 S/cm", "S/m", 2e-4),
    ("2e-6 S cm-1", "S/m", 2e-4),
    ("2e-6 S*cm^-1", "S/m", 2e-4),
    ("0.2 mS/m", "S/m", 2e-4),
    ("100 ohm cm2", "ohm*m2", 1e-2),
    ("100 \N{GREEK CAPITAL LETTER OMEGA} cm2", "ohm*m2", 1e-2),
    ("100 ohm*cm^2", "ohm*m2", 1e-2),
    ("0.55 eV", "J/mol", 0.55 * F),
    ("550 meV", "J/mol", 0.55 * F),
    ("53 kJ/mol", "J/mol", 53e3),
    ("0.5 mAh", "C", 1.8),
    ("0.5 mA h", "C", 1.8),
    ("0.35 mAh/cm2", "C/m2", 12600.0),
    ("350 uAh cm-2", "C/m2", 12600.0),
    ("0.07 mA/cm2", "A/m2", 0.7),
    ("298.15 K", "K", 298.15),
    ("25 degC", "K", 298.15),
    ("25 \N{DEGREE SIGN}C", "K", 298.15),
    ("-10 degC", "K", 263.15),
    ("77 degF", "K", 298.15),
    ("1e-10 cm2/s", "m2/s", 1e-14),
    ("51.822 mol/l", "mol/m3", 51822.0),
    ("10 min", "s", 600.0),
    ("2 h", "s", 7200.0),
    ("0.4 mW", "W", 4e-4),
    ("4200 mV", "V", 4.2),
    ("0.5", "", 0.5),
    ("50 %", "", 0.5),
    (0.5, "", 0.5),
    (1, "", 1.0),
]


@pytest.mark.parametrize(("text", "unit", "value"), CONVERSIONS)
def test_text_with_a_unit_becomes_an_si_number(text: str, unit: str, value: float) -> None:
    assert_allclose(to_si(text, unit), value, rtol=1e-9, atol=0)


@pytest.mark.parametrize(("unit", "text"), [(k, text) for k, (_, text) in EXAMPLES.items()])
def test_every_example_of_a_message_can_be_read(unit: str, text: str) -> None:
    assert to_si(text, unit) > 0


def test_a_clean_number_stays_clean() -> None:
    assert [to_si(f"{n} um", "m") for n in (1, 2, 3, 7)] == [1e-6, 2e-6, 3e-6, 7e-6]


@given(st.sampled_from(sorted(EXAMPLES)), st.floats(1e-12, 1e12))
def test_what_is_displayed_can_be_read_again(unit: str, value: float) -> None:
    assert_allclose(to_si(display(value, unit, 17), unit), value, rtol=2e-14, atol=0)
    assert_allclose(to_si(display(value, unit), unit), value, rtol=1e-5, atol=0)


def test_numbers_are_displayed_as_the_field_writes_them() -> None:
    shown = [display(2e-6, "m"), display(2e-4, "S/m"), display(1.8, "C"), display(12600, "C/m2")]
    assert shown == ["2 um", "2e-06 S/cm", "0.5 mAh", "0.35 mAh/cm2"]
    assert display(1e-2, "ohm*m2") == "100 ohm cm2"
    assert display(0.5, "") == "0.5"


REFUSED = [
    ("2 V", "m", '"2 V" is not a length, expected one such as "10 um"'),
    ("2", "m", '"2" has no unit, expected a length such as "10 um"'),
    (2e-6, "m", '2e-06 has no unit, expected a length such as "10 um"'),
    (2, "m", '2 has no unit, expected a length such as "10 um"'),
    (True, "m", 'true is not a length, expected one such as "10 um"'),
    (None, "m", 'nothing is not a length, expected one such as "10 um"'),
    ([1], "m", 'a list is not a length, expected one such as "10 um"'),
    ("", "m", '"" cannot be read as a length, expected one such as "10 um"'),
    ("um", "m", '"um" cannot be read as a length, expected one such as "10 um"'),
    ("1,5 um", "m", '"1,5 um" cannot be read as a length, expected one such as "10 um"'),
    ("1_0 um", "m", '"1_0 um" cannot be read as a length, expected one such as "10 um"'),
    ("0x10 um", "m", '"0x10 um" cannot be read as a length, expected one such as "10 um"'),
    ("1/2 um", "m", '"1/2 um" cannot be read as a length, expected one such as "10 um"'),
    ("2 um # c", "m", '"2 um # c" cannot be read as a length, expected one such as "10 um"'),
    ("'a'", "m", '"\'a\'" cannot be read as a length, expected one such as "10 um"'),
    ("2 (um", "m", '"2 (um" cannot be read as a length, expected one such as "10 um"'),
    ("2 parsnips", "m", '"2 parsnips" cannot be read as a length, expected one such as "10 um"'),
    ("9**9**9 um", "m", '"9**9**9 um" cannot be read as a length, expected one such as "10 um"'),
    ("1 um**999", "m", '"1 um**999" cannot be read as a length, expected one such as "10 um"'),
    ("1e400 um", "m", '"1e400 um" is not finite, expected a length such as "10 um"'),
    ("nan um", "m", '"nan um" is not finite, expected a length such as "10 um"'),
    (math.nan, "", 'nan is not finite, expected a plain number such as "0.5"'),
    ("inf", "", '"inf" is not finite, expected a plain number such as "0.5"'),
    (10**400, "", 'inf is not finite, expected a plain number such as "0.5"'),
    ("2 m", "", '"2 m" is not a plain number, expected one such as "0.5"'),
    ("[1]", "", '"[1]" cannot be read as a plain number, expected one such as "0.5"'),
    (
        "2 1/degC",
        "K",
        '"2 1/degC" cannot be read as a temperature, expected one such as "298.15 K"',
    ),
    ("1 cm", "m2", '"1 cm" is not an area, expected one such as "1.44 cm2"'),
    (
        "0.55 V",
        "J/mol",
        '"0.55 V" is not an activation energy, expected one such as "0.55 eV"',
    ),
]


@pytest.mark.parametrize(("text", "unit", "sentence"), REFUSED)
def test_what_is_no_quantity_is_refused_word_for_word(text: str, unit: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        to_si(text, unit)
    assert str(caught.value) == sentence


@given(
    st.one_of(
        st.text(max_size=30),
        st.text("0123456789.eE+-*/^() umcAVSohKd%,;'[]{}", max_size=20),
        st.text("umcAVShK()*/^-2 ", max_size=12).map("2 {}".format),
    ),
    st.sampled_from(sorted(EXAMPLES)),
)
@example("2 (((((((((", "m")
@example("2 um(", "m")
@example("2 m)(", "m")
@example("2 /", "m")
@example("2 ()", "m")
@example("2 degC*degC", "K")
def test_any_text_is_read_or_refused_by_name(text: str, unit: str) -> None:
    try:
        value = to_si(text, unit)
    except InputError as error:
        sentence = str(error)
    else:
        assert math.isfinite(value)
        return
    assert sentence.endswith(f'such as "{EXAMPLES[unit][1]}"')


def test_what_was_given_is_shown_short_and_on_one_line() -> None:
    assert shown("a\nb") == '"a\\nb"'
    assert len(shown("x" * 1000)) == 82
    assert shown({"a": 1}) == "a table"
    assert shown(1.0) == "1.0"
