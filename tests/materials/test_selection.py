"""Finding and comparing: which value is used, at which temperature, and what is refused."""

import csv
import io
import json
import math
from dataclasses import replace
from types import MappingProxyType

import pytest

import filmcell
from filmcell import InputError
from filmcell.materials.library import read_shipped
from filmcell.materials.reading import record_of
from filmcell.materials.records import Material
from filmcell.materials.selection import as_row, compare, find, read, shown_number, spread_of

SHIPPED = read_shipped()
HEAD = 'id = "m"\nname = "M"\nrole = "electrolyte"\nfamily = "garnet"\n'
END = 'kind = "measured"\nsource = "a b"\n'


def material(*tables: str) -> Material:
    made = record_of(HEAD + "".join(f"{t}\n{END}" for t in tables), "m.toml", {})
    assert isinstance(made, Material)
    return made


def test_the_search_of_the_issue_finds_llto() -> None:
    found = filmcell.materials.find(
        role="electrolyte",
        family="perovskite",
        conductivity=(">", "1e-5 S/cm"),
        temperature="25 degC",
    )
    names = [m.id for m in found]
    assert "llto-bulk" in names
    assert "llto" not in names  # 9.56e-6 S/cm
    assert all(m.role == "electrolyte" and m.family == "perovskite" for m in found)
    numbers = [readings["conductivity"].number for _, readings in found.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert min(numbers) > 1e-3


def test_a_comparison_may_be_one_text_and_capitals_do_not_matter() -> None:
    one = find(family="Garnet", conductivity="> 1e-4 S/cm", among=SHIPPED)
    other = find(family="garnet", conductivity=(">", "1e-4 S/cm"), among=SHIPPED)
    assert [m.id for m in one] == [m.id for m in other]
    assert len(one) > 3


def test_words_are_looked_for_in_words() -> None:
    assert "lco" in [m.id for m in find(space_group="R-3m", among=SHIPPED)]
    assert find("LiCoO2", among=SHIPPED)


def test_a_value_counts_where_it_was_found() -> None:
    cold = material('[[conductivity]]\nvalue = "1e-6 S/cm"\ntemperature = "18 degC"')
    assert read(cold, "conductivity", 298.15) is not None
    assert read(cold, "conductivity", 350.0) is None
    assert read(cold, "conductivity") is not None


def test_a_value_without_temperature_counts_near_room_temperature_only_and_last() -> None:
    vague = material('[[conductivity]]\nvalue = "1e-6 S/cm"')
    told = read(vague, "conductivity", 298.15)
    assert told is not None
    assert told.how == "not stated at which temperature"
    assert read(vague, "conductivity", 350.0) is None
    both = material(
        '[[conductivity]]\nvalue = "1e-6 S/cm"\ndefault = true',
        '[[conductivity]]\nvalue = "1e-5 S/cm"\ntemperature = "25 degC"',
    )
    told = read(both, "conductivity", 298.15)
    assert told is not None
    assert told.number == pytest.approx(1e-3)
    assert (told.low, told.high, told.count) == pytest.approx((1e-4, 1e-3, 2))


def test_an_activation_energy_leads_within_its_range_and_not_beyond() -> None:
    film = material(
        '[[conductivity]]\nvalue = "1e-6 S/cm"\ntemperature = "25 degC"',
        '[[activation_energy]]\nvalue = "0.5 eV"\ntemperature = "25 degC to 120 degC"\n'
        'relation = "ln sigma"',
    )
    told = read(film, "conductivity", 373.15)
    assert told is not None
    rise = math.exp(-0.5 * 1.602176634e-19 / 1.380649e-23 * (1.0 / 373.15 - 1.0 / 298.15))
    assert told.number == pytest.approx(1e-4 * rise, rel=1e-9)
    assert told.how == "found at 25 degC, by 0.5 eV (measured)"
    assert read(film, "conductivity", 450.0) is None


def test_an_activation_energy_of_another_sample_does_not_lead() -> None:
    film = material(
        '[[conductivity]]\nvalue = "1e-6 S/cm"\ntemperature = "25 degC"\nsample = "A"',
        '[[activation_energy]]\nvalue = "0.5 eV"\ntemperature = "25 degC to 120 degC"\n'
        'sample = "B"\nrelation = "ln sigma"',
    )
    assert read(film, "conductivity", 373.15) is None


def test_several_values_are_ranked_and_all_kept() -> None:
    rows = compare("lipon", properties=["conductivity"], among=SHIPPED)
    assert len(rows) >= 3
    assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["default"]
    assert rows[0]["spread"] == max(r["spread"] for r in rows) > 1.0


def test_tables_are_csv_and_json() -> None:
    found = find(family="garnet", conductivity=True, among=SHIPPED)
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(lines) == len(found) == len(json.loads(found.to_json()))
    assert float(lines[0]["conductivity (S/m)"]) > 0.0
    assert lines[0]["conductivity source"]


def test_the_spread_of_a_range_counts_both_ends() -> None:
    wide = material('[[conductivity]]\nvalue = ["1e-6 S/cm", "1e-3 S/cm"]').values["conductivity"]
    assert spread_of(wide) == pytest.approx(1e3)
    assert wide[0].number == pytest.approx(10**-4.5 * 100.0)
    assert as_row(wide[0])["value"] == "1e-6 S/cm to 1e-3 S/cm"
    assert shown_number(wide[0]).endswith("S/cm")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"role": "cathodes"}, 'role: "cathodes" is unknown, expected one of cathode, '),
        ({"family": "lego"}, 'family: "lego" is unknown, expected one of LiPON, '),
        ({"conductivty": True}, 'conductivty: unknown key, did you mean "conductivity"?'),
        ({"conductivity": (">", "1 V")}, 'conductivity: "1 V" is not a conductivity, expected one'),
        ({"conductivity": (">", 1e-5)}, "conductivity: 1e-05 has no unit, expected a conductivity"),
        ({"conductivity": "1e-5 S/cm"}, "is none of >, >=, <, <="),
        ({"conductivity": (1, 2, 3)}, 'expected a comparison such as (">", "1e-5 S/cm")'),
        ({"temperature": "warm"}, 'temperature: "warm" cannot be read as a temperature'),
    ],
)
def test_a_search_that_cannot_be_is_refused(wanted: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        find(among=SHIPPED, **wanted)  # type: ignore[arg-type]
    assert sentence in str(caught.value)


def test_a_bound_meets_no_condition_on_its_open_side() -> None:
    below = material('[[conductivity]]\nvalue = "1e-10 S/cm"\nbound = "below"')
    among = replace(SHIPPED, materials=MappingProxyType({"m": below}))
    assert len(find(conductivity="< 1e-9 S/cm", among=among)) == 1
    assert len(find(conductivity="> 1e-12 S/cm", among=among)) == 0


def test_what_was_found_there_comes_before_what_is_converted() -> None:
    """LLTO at 120 degC was measured: 7.78e-5 S/cm, and not what 0.33 eV makes of 25 degC."""
    told = read(SHIPPED.materials["llto"], "conductivity", 393.15)
    assert told is not None
    assert told.number == pytest.approx(7.78e-3)
    assert told.how == "found at 120 degC"


def test_a_window_is_compared_by_the_end_that_is_asked_for() -> None:
    wide = [m.id for m in find(stability_window="> 5.4 V", among=SHIPPED)]
    assert "lipon" in wide
    assert "lgps" not in wide
    low = [m.id for m in find(stability_window="< 0.06 V", among=SHIPPED)]
    assert "llzo" in low


def test_a_function_of_temperature_counts_within_its_range() -> None:
    lipon = SHIPPED.materials["lipon"]
    function = next(v for v in lipon.values["conductivity"] if not v.is_number)
    only = replace(lipon, values=MappingProxyType({"conductivity": (function,)}))
    told = read(only, "conductivity", 350.0)
    assert told is not None
    steep = math.exp(-53067.0 / 8.314462618 * (1.0 / 350.0 - 1.0 / 298.15))
    assert told.number == pytest.approx(2.3e-4 * steep)
    assert read(only, "conductivity", 500.0) is None


def test_json_holds_no_nan_and_a_search_tells_what_it_could_not_look_at() -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    for wanted in ({"remark": True}, {"potential": True}, {"conductivity": True}):
        json.loads(find(among=SHIPPED, **wanted).to_json(), parse_constant=refuse)  # type: ignore[arg-type]
    found = find(family="garnet", conductivity=True, temperature="200 degC", among=SHIPPED)
    assert len(found) == 0
    assert found.unknown > 3


@pytest.mark.parametrize("T", [float("nan"), -5.0, True, 0.0])
def test_a_temperature_must_be_one(T: float) -> None:
    with pytest.raises(InputError, match=r"temperature: .* is not allowed, expected one above 0 K"):
        find(conductivity=True, temperature=T, among=SHIPPED)


def test_an_unknown_chemistry_and_a_text_that_is_none_are_refused() -> None:
    with pytest.raises(InputError, match='chemistry: "XYZ" is unknown, expected one of'):
        find(chemistry="XYZ", among=SHIPPED)
    with pytest.raises(InputError, match="text: 5 is not text"):
        find(5, among=SHIPPED)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is not a material"):
        SHIPPED.material("")
    assert SHIPPED.material(" LLTO ").id == "llto"
