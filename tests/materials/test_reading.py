"""A user's file: whatever it holds, it gives a record or one sentence with file, line and key."""

import re
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmcell.errors import InputError
from filmcell.materials.checks import doubts
from filmcell.materials.library import Library, read_shipped
from filmcell.materials.property import Property
from filmcell.materials.reading import line_of, own_sources, record_of
from filmcell.materials.records import Interface, Material, Record, TestedCell
from filmcell.materials.selection import as_row, find
from filmcell.materials.vocabulary import FAMILIES, PROPERTIES, ROLES

SHIPPED = read_shipped()

HEAD = """\
id = "mine"
name = "My film"
role = "electrolyte"
family = "garnet"

[sources.me2025]
text = "M. Myself, J. Films 1, 2 (2025)"

"""
GOOD: dict[str, str] = {
    "conductivity": """\
[[conductivity]]
value = "1e-6 S/cm"
kind = "measured"
source = "me2025"
""",
    "form": """\
[[potential]]
form = "polynomial"
coefficients = [4.0, -0.5]
unit = "V"
range = [0.0, 1.0]
kind = "fitted"
source = "me2025"
""",
    "points": """\
[[potential]]
x = [0.0, 0.5, 1.0]
values = [4.2, 4.0, 3.8]
unit = "V"
kind = "figure-read"
source = "me2025"
""",
    "window": """\
[[oxidation_limit]]
value = "4.0 V"
window = "dft_thermodynamic"
kind = "dft"
source = "me2025"
""",
}
"""Values that are good; that of a property begins on line 9 of a file."""

OWN = ("value, kind, source, via, where, bound, uncertainty, fact, default, note, temperature, "
       "sample, part, method, window, relation, thickness, rate, cycles, potential, composition, "
       "against, orientation")  # fmt: skip
A_SOURCE = "expected a reference, a DOI, or a key with a table [sources.KEY]"
A_SIGMA = 'expected a conductivity such as "2e-6 S/cm"'


def changed(which: str, old: str, new: str) -> str:
    """A good file with one thing changed."""
    text = HEAD + GOOD[which]
    assert text.count(old) == 1
    return text.replace(old, new)


def value(new: str) -> str:
    """A good file with another value on line 10."""
    return changed("conductivity", '"1e-6 S/cm"', new)


def refusal(path: Path, data: bytes | str, library: Library = SHIPPED) -> str:
    """The sentence by which a file is refused."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(InputError) as caught:
        library.with_file(path)
    return str(caught.value)


# what is wrong: (text, line and sentence)
REFUSED: dict[str, tuple[str, str]] = {
    "no unit": (value("1e-6"), f", line 10: conductivity.1.value: 1e-06 has no unit, {A_SIGMA}"),
    "no unit in text": (
        value('"1e-6"'),
        f', line 10: conductivity.1.value: "1e-6" has no unit, {A_SIGMA}',
    ),
    "unknown unit": (
        value('"1e-6 Q/cm"'),
        ', line 10: conductivity.1.value: "1e-6 Q/cm" cannot be read as a conductivity, expected '
        'one such as "2e-6 S/cm"',
    ),
    "wrong kind of unit": (
        value('"1e-6 V"'),
        ', line 10: conductivity.1.value: "1e-6 V" is not a conductivity, expected one such as '
        '"2e-6 S/cm"',
    ),
    "nan": (
        value("nan"),
        ", line 10: conductivity.1.value: nan is not finite, expected a number",
    ),
    "nan with a unit": (
        value('"nan S/cm"'),
        f', line 10: conductivity.1.value: "nan S/cm" is not finite, {A_SIGMA}',
    ),
    "inf": (
        value("-inf"),
        ", line 10: conductivity.1.value: -inf is not finite, expected a number",
    ),
    "inf with a unit": (
        value('"inf S/cm"'),
        f', line 10: conductivity.1.value: "inf S/cm" is not finite, {A_SIGMA}',
    ),
    "nan in a range": (
        value('["1e-6 S/cm", nan]'),
        ", line 10: conductivity.1.value: nan is not finite, expected a number",
    ),
    "range reversed": (
        value('["1e-5 S/cm", "1e-6 S/cm"]'),
        ", line 10: conductivity.1.value: the range 1e-5 S/cm to 1e-6 S/cm does not rise, expected "
        "the lower end first",
    ),
    "range of nothing": (
        value('["1e-5 S/cm", "1e-2 mS/cm"]'),
        ", line 10: conductivity.1.value: the range 1e-5 S/cm to 1e-2 mS/cm does not rise, "
        "expected the lower end first",
    ),
    "value a list of three": (
        value('["1e-6 S/cm", "2e-6 S/cm", "3e-6 S/cm"]'),
        ", line 10: conductivity.1.value: 3 values, expected one, or the two ends of a range",
    ),
    "value true": (
        value("true"),
        ", line 10: conductivity.1.value: true is not a number with its unit",
    ),
    "value a date": (
        value("2025-01-31"),
        ", line 10: conductivity.1.value: the date 2025-01-31 is not a number with its unit",
    ),
    "above all bounds": (
        value('"1e6 S/cm"'),
        ', line 10: conductivity.1.value: "1e6 S/cm" is no ionic conductivity, expected 1e-18 to '
        "100 S/m",
    ),
    "below zero": (
        value('"-1e-6 S/cm"'),
        ', line 10: conductivity.1.value: "-1e-6 S/cm" is no ionic conductivity, expected 1e-18 to '
        "100 S/m",
    ),
    "no value": (
        changed("conductivity", 'value = "1e-6 S/cm"\n', ""),
        ", line 9: conductivity.1: value is missing, expected it with every value",
    ),
    "no source": (
        changed("conductivity", 'source = "me2025"\n', ""),
        ", line 9: conductivity.1: source is missing, expected it with every value",
    ),
    "no source of a function": (
        changed("form", 'source = "me2025"\n', ""),
        ", line 9: potential.1: source is missing, expected it with every value",
    ),
    "unknown source": (
        changed("conductivity", 'source = "me2025"', 'source = "me2024"'),
        f', line 12: conductivity.1.source: "me2024" is not a known source, {A_SOURCE}',
    ),
    "unknown via": (
        changed("conductivity", '"measured"', '"measured"\nvia = "me2024"'),
        f', line 12: conductivity.1.via: "me2024" is not a known source, {A_SOURCE}',
    ),
    "source a number": (
        changed("conductivity", 'source = "me2025"', "source = 5"),
        f", line 12: conductivity.1.source: 5 is not a known source, {A_SOURCE}",
    ),
    "unknown kind": (
        changed("conductivity", '"measured"', '"guessed"'),
        ', line 11: conductivity.1.kind: "guessed" is unknown, expected one of measured, fitted, '
        "figure-read, computed, dft, assumed",
    ),
    "unknown key of a value": (
        changed("conductivity", "kind", 'temprature = "25 degC"\nkind'),
        ', line 11: conductivity.1.temprature: unknown key, did you mean "temperature"?',
    ),
    "unknown key like none": (
        changed("conductivity", "kind", "zzz = 1\nkind"),
        f", line 11: conductivity.1.zzz: unknown key, expected one of {OWN}",
    ),
    "unknown key of the head": (
        HEAD.replace("family", "famly") + GOOD["conductivity"],
        ', line 4: famly: unknown key, did you mean "family"?',
    ),
    "unknown property": (
        changed("conductivity", "[[conductivity]]", "[[condutivity]]"),
        ', line 9: condutivity: unknown key, did you mean "conductivity"?',
    ),
    "unknown key of a source": (
        HEAD.replace("text =", "year = 2025\ntext ="),
        ", line 7: sources.me2025.year: unknown key, expected one of text, doi, note",
    ),
    "source without text": (
        HEAD + '[sources.b2025]\ndoi = "10.1/2"\n',
        ", line 9: sources.b2025: text is missing, expected the reference",
    ),
    "source whose text is none": (
        HEAD.replace('"M. Myself, J. Films 1, 2 (2025)"', "2025"),
        ", line 7: sources.me2025.text: 2025 is not text",
    ),
    "one table": (
        changed("conductivity", "[[conductivity]]", "[conductivity]"),
        ", line 9: conductivity: a table is not a list of tables, expected [[conductivity]]",
    ),
    "property as a plain key": (
        'conductivity = "1e-6 S/cm"\n' + HEAD,
        ', line 1: conductivity: "1e-6 S/cm" is not a list of tables, expected [[conductivity]]',
    ),
    "second table of a property": (
        HEAD + GOOD["conductivity"] + GOOD["conductivity"].replace("S/cm", "V"),
        ', line 14: conductivity.2.value: "1e-6 V" is not a conductivity, expected one such as '
        '"2e-6 S/cm"',
    ),
    "inline table": (
        'conductivity = [{ value = "1 V", kind = "measured", source = "a b" }]\n' + HEAD,
        ', line 1: conductivity.1.value: "1 V" is not a conductivity, expected one such as '
        '"2e-6 S/cm"',
    ),
    "no id": (HEAD.replace('id = "mine"\n', ""), ": id: is missing, expected text"),
    "no name": (HEAD.replace('name = "My film"\n', ""), ": name: is missing, expected text"),
    "no role": (
        HEAD.replace('role = "electrolyte"\n', ""),
        f": role: is missing, expected one of {', '.join(ROLES)}",
    ),
    "no family": (
        HEAD.replace('family = "garnet"\n', ""),
        f": family: is missing, expected one of {', '.join(FAMILIES)}",
    ),
    "unknown family": (
        HEAD.replace('"garnet"', '"granite"'),
        f', line 4: family: "granite" is unknown, expected one of {", ".join(FAMILIES)}',
    ),
    "unknown role": (
        HEAD.replace('"electrolyte"', '"separator"'),
        f', line 3: role: "separator" is unknown, expected one of {", ".join(ROLES)}',
    ),
    "unknown form of matter": (
        'form = "powder"\n' + HEAD,
        ', line 1: form: "powder" is unknown, expected one of film, bulk, glass, glass-ceramic, '
        "composite, polymer, metal",
    ),
    "id with capitals": (
        HEAD.replace('"mine"', '"My Film"'),
        ', line 1: id: "My Film" is not an id, expected small letters, digits, - and .',
    ),
    "id a number": (
        HEAD.replace('"mine"', "5"), ", line 1: id: 5 is not text, expected a name"
    ),
    "aliases as text": (
        'aliases = "LLZ"\n' + HEAD,
        ', line 1: aliases: "LLZ" is not text in a list, expected ["A", "B"]',
    ),
    "alias a number": (
        'aliases = ["LLZ", 5]\n' + HEAD,
        ', line 1: aliases: 5 is not text in a list, expected ["A", "B"]',
    ),
    "formula that is none": (
        'formula = "Li7LaZrOx"\n' + HEAD,
        ', line 1: formula: "Li7LaZrOx" is not a chemical formula, expected one such as LiCoO2',
    ),
    "formula without atoms": (
        'formula = "Li0"\n' + HEAD,
        ', line 1: formula: "Li0" has no atoms, expected one such as LiCoO2',
    ),
    "one side of an interface": (
        'id = "a"\nname = "A"\nbetween = ["LCO"]\n',
        ", line 3: between: 1 names, expected the two in contact",
    ),
    "id of a shipped material": (
        HEAD.replace('"mine"', '"lipon"'),
        f', line 1: id: "lipon" is taken by "{SHIPPED.materials["lipon"].name}", expected an id of '
        "its own",
    ),
    "id of a shipped cell": (
        HEAD.replace('"mine"', '"tan2021-sio2"'),
        f', line 1: id: "tan2021-sio2" is taken by "{SHIPPED.cells["tan2021-sio2"].name}", '
        "expected an id of its own",
    ),
    "function without a range": (
        changed("form", "range = [0.0, 1.0]\n", ""),
        ", line 9: potential.1: range is missing, expected range = [low, high]",
    ),
    "range of a function reversed": (
        changed("form", "[0.0, 1.0]", "[1.0, 0.0]"),
        ", line 13: potential.1.range: 1 to 0 is no range that rises, expected range = [low, high]",
    ),
    "range of one number": (
        changed("form", "[0.0, 1.0]", "[0.0]"),
        ", line 13: potential.1.range: a list of 1 is no range that rises, expected range = [low, "
        "high]",
    ),
    "range to infinity": (
        changed("form", "[0.0, 1.0]", "[0.0, inf]"),
        ", line 13: potential.1.range: inf is not a finite number, expected one such as 0.5",
    ),
    "range of texts": (
        changed("form", "[0.0, 1.0]", '["a", "b"]'),
        ', line 13: potential.1.range: "a" is not a finite number, expected one such as 0.5',
    ),
    "unknown form": (
        changed("form", '"polynomial"', '"spline"'),
        ', line 10: potential.1.form: "spline" is not a form, expected one of polynomial, '
        "rational, tanh sum, exponential sum, power sum, power of ten, two-phase Redlich-Kister, "
        "Arrhenius, sum",
    ),
    "form with too few coefficients": (
        changed("form", '"polynomial"\ncoefficients = [4.0, -0.5]',
                '"tanh sum"\nterms = [[0.1, 2.0]]'),
        ', line 10: potential.1.form: "tanh sum" cannot be made of terms, expected as many numbers '
        "in each list as its formula has",
    ),
    "form with lists in a list": (
        changed("form", "[4.0, -0.5]", "[[4.0, 0.1], -0.5]"),
        ', line 10: potential.1.form: "polynomial" cannot be made of coefficients, expected as '
        "many numbers in each list as its formula has",
    ),
    "form with no coefficients": (
        changed("form", "coefficients = [4.0, -0.5]\n", ""),
        ', line 9: potential.1: coefficients is missing, expected it with form = "polynomial"',
    ),
    "form with an empty list": (
        changed("form", "[4.0, -0.5]", "[]"),
        ", line 11: potential.1.coefficients: an empty list, expected numbers",
    ),
    "nan in a form": (
        changed("form", "-0.5", "nan"),
        ", line 11: potential.1.coefficients: nan is not a finite number, expected one such as 0.5",
    ),
    "unknown parameter of a form": (
        changed("form", "unit", "coeficients = [1.0]\nunit"),
        ', line 12: potential.1.coeficients: unknown key, did you mean "coefficients"?',
    ),
    "function out of bounds": (
        changed("form", "4.0", "99.0"),
        ", line 9: potential.1: the function gives 99 in its range, expected -1 to 6 V",
    ),
    "function below its bounds": (
        changed("form", "-0.5", "-6.0"),
        ", line 9: potential.1: the function gives -1.008 in its range, expected -1 to 6 V",
    ),
    "function with a pole": (
        changed("form", '"polynomial"\ncoefficients = [4.0, -0.5]',
                '"rational"\nnumerator = [0.0]\ndenominator = [0.0, 1.0]'),
        ", line 9: potential.1: the function gives nan in its range, expected -1 to 6 V",
    ),
    "function without a unit": (
        changed("form", 'unit = "V"\n', ""),
        ', line 9: potential.1: unit is missing, expected unit = "V" with a function',
    ),
    "function in another unit": (
        changed("form", '"V"', '"mV"'),
        ', line 12: potential.1.unit: "mV" is not "V", the unit of functions of this property',
    ),
    "function of another argument": (
        changed("form", "unit", 'argument = "z"\nunit'),
        ', line 12: potential.1.argument: "z" is unknown, expected one of x, T',
    ),
    "function for words": (
        changed("form", "[[potential]]", "[[remark]]"),
        ", line 9: remark.1: remark is in words, expected value = and no function",
    ),
    "x of a table does not rise": (
        changed("points", "[0.0, 0.5, 1.0]", "[0.0, 0.5, 0.5]"),
        ", line 11: potential.1.values: x goes from 0.5 to 0.5, expected numbers that rise",
    ),
    "x of a table too short": (
        changed("points", "[0.0, 0.5, 1.0]", "[0.0, 0.5]"),
        ", line 11: potential.1.values: 2 values of x and 3 values, expected two or more of each, "
        "equally many",
    ),
    "x of a table a number": (
        changed("points", "[0.0, 0.5, 1.0]", "3"),
        ", line 10: potential.1.x: 3 is not a list of numbers, expected [0.0, 1.0]",
    ),
    "text in a table": (
        changed("points", "4.0", '"4.0"'),
        ', line 11: potential.1.values: "4.0" is not a finite number, expected one such as 0.5',
    ),
    "true in a table": (
        changed("points", "4.0", "true"),
        ", line 11: potential.1.values: true is not a finite number, expected one such as 0.5",
    ),
    "lists in a table": (
        changed("points", "4.2, 4.0, 3.8", "[4.2], [4.0], [3.8]"),
        ", line 11: potential.1.values: a list is not a finite number, expected one such as 0.5",
    ),
    "unknown interpolation": (
        changed("points", "unit", 'interpolation = "cubic"\nunit'),
        ', line 12: potential.1.interpolation: "cubic" is unknown, expected linear or log',
    ),
    "unknown key of a table": (
        changed("points", "unit", "vales = [1.0]\nunit"),
        ', line 12: potential.1.vales: unknown key, did you mean "values"?',
    ),
    "window without its meaning": (
        changed("window", 'window = "dft_thermodynamic"\n', ""),
        ", line 9: oxidation_limit.1: window is missing, expected one of dft_thermodynamic, "
        "experimental_apparent",
    ),
    "unknown window": (
        changed("window", '"dft_thermodynamic"', '"wide"'),
        ', line 11: oxidation_limit.1.window: "wide" is unknown, expected one of '
        "dft_thermodynamic, experimental_apparent",
    ),
    "activation energy without its relation": (
        changed("conductivity", "[[conductivity]]", "[[activation_energy]]").replace(
            "1e-6 S/cm", "0.3 eV"
        ),
        ", line 9: activation_energy.1: relation is missing, expected one of ln sigma, ln sigma T, "
        "unstated",
    ),
    "temperature without a unit": (
        changed("conductivity", "kind", 'temperature = "25"\nkind'),
        ', line 11: conductivity.1.temperature: "25" has no unit, expected a temperature such as '
        '"298.15 K"',
    ),
    "temperatures reversed": (
        changed("conductivity", "kind", 'temperature = "60 degC to 25 degC"\nkind'),
        ', line 11: conductivity.1.temperature: "60 degC to 25 degC" is no temperature, expected '
        'one such as "25 degC", or "25 degC to 60 degC" for two that it lies between',
    ),
    "temperature below zero": (
        changed("conductivity", "kind", 'temperature = "-400 degC"\nkind'),
        ', line 11: conductivity.1.temperature: "-400 degC" is no temperature, expected one such '
        'as "25 degC", or "25 degC to 60 degC" for two that it lies between',
    ),
    "uncertainty of another kind": (
        changed("conductivity", "kind", 'uncertainty = "1 V"\nkind'),
        ', line 11: conductivity.1.uncertainty: "1 V" is not a conductivity, expected one such as '
        '"2e-6 S/cm"',
    ),
    "uncertain words": (
        HEAD + '[[remark]]\nvalue = "grey"\nuncertainty = "1 V"\nkind = "measured"\n'
        'source = "me2025"\n',
        ", line 11: remark.1.uncertainty: remark is in words, expected none",
    ),
    "unknown bound": (
        changed("conductivity", "kind", 'bound = "over"\nkind'),
        ', line 11: conductivity.1.bound: "over" is unknown, expected one of above, below, about',
    ),
    "default that is a word": (
        changed("conductivity", "kind", 'default = "yes"\nkind'),
        ', line 11: conductivity.1.default: "yes" is not true or false',
    ),
    "two defaults": (
        HEAD + 2 * (GOOD["conductivity"] + "default = true\n"),
        ", line 18: conductivity.2.default: is the second of conductivity, expected one that a "
        "cell takes",
    ),
    "number for words": (
        HEAD + '[[remark]]\nvalue = 3\nkind = "measured"\nsource = "me2025"\n',
        ", line 10: remark.1.value: 3 is not text",
    ),
    "key of two lines": (
        changed("conductivity", "kind", '"a\\nb" = 1\nkind'),
        f", line 9: conductivity.1.a\\nb: unknown key, expected one of {OWN}",
    ),
    "key twice": (
        HEAD + GOOD["conductivity"] + 'value = "2e-6 S/cm"\n',
        ': not TOML (duplicate key at line 13 column 1), expected lines such as name = "LiPON"',
    ),
    "YAML": (
        "id: mine\nname: My film\nconductivity:\n  - value: 1e-6 S/cm\n",
        ": not TOML (key with no value, expected `=` at line 1 column 5), expected lines such as "
        'name = "LiPON"',
    ),
    "JSON": (
        '{"id": "mine"}',
        ": not TOML (invalid key-value pair, expected key at line 1 column 1), expected lines such "
        'as name = "LiPON"',
    ),
    "lists without end": (
        "a = " + "[" * 5000,
        ": not TOML (cannot recurse further; max recursion depth met at line 1 column 85), "
        'expected lines such as name = "LiPON"',
    ),
    "empty": ("", ": id: is missing, expected text"),
    "only a remark": ("# nothing\n", ": id: is missing, expected text"),
}  # fmt: skip


@pytest.mark.parametrize("which", GOOD)
def test_the_files_that_are_changed_below_are_good(tmp_path: Path, which: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + GOOD[which], "utf-8")
    made = SHIPPED.with_file(path)
    assert set(made.materials) - set(SHIPPED.materials) == {"mine"}
    assert made.material("My film").count == 1


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_bad_file_is_refused_word_for_word(tmp_path: Path, wrong: str) -> None:
    text, sentence = REFUSED[wrong]
    path = tmp_path / "mine.toml"
    assert refusal(path, text) == f"{path}{sentence}"


@pytest.mark.parametrize("wrong", REFUSED)
def test_line_ends_of_windows_move_no_line(tmp_path: Path, wrong: str) -> None:
    text, sentence = REFUSED[wrong]
    path = tmp_path / "mine.toml"
    assert refusal(path, text.replace("\n", "\r\n")) == f"{path}{sentence}"


NOISE = [
    (bytes(range(33, 127)) * 110_000, "larger than a megabyte, expected a short TOML file"),
    (np.random.default_rng(1).bytes(10_000_000), "larger than a megabyte, expected a short TOML "
                                                 "file"),
    (np.random.default_rng(1).bytes(10_000), "not text in UTF-8, expected a TOML file"),
    ((HEAD + GOOD["form"]).encode("utf-16"), "not text in UTF-8, expected a TOML file"),
    (bytes(100), "not TOML (key with no value, expected `=` at line 1 column 101), expected lines "
                 'such as name = "LiPON"'),
    (b"a" * 900_000, "not TOML (key with no value, expected `=` at line 1 column 900001), expected "
                     'lines such as name = "LiPON"'),
]  # fmt: skip


@pytest.mark.parametrize(("data", "sentence"), NOISE)
def test_noise_is_refused_word_for_word(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "noise.toml"
    assert refusal(path, data) == f"{path}: {sentence}"


def test_a_folder_a_missing_file_and_no_path_are_refused(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none.toml", "No such file or directory"),
    ):
        with pytest.raises(InputError) as caught:
            SHIPPED.with_file(path)
        assert str(caught.value) == f"{path}: cannot be read ({reason})"
    with pytest.raises(InputError) as caught:
        SHIPPED.with_file("a\0b")
    assert str(caught.value) == '"a\\x00b" is not a path, expected one of a TOML file'


def test_a_mark_of_byte_order_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + GOOD["form"]).encode())
    assert "mine" in SHIPPED.with_file(path).materials


def test_an_id_cannot_be_given_twice_by_the_user_either(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD, "utf-8")
    mine = SHIPPED.with_file(path)
    again = tmp_path / "again.toml"
    assert refusal(again, 'between = ["LCO", "LLZO"]\nname = "B"\nid = "mine"\n', mine) == (
        f'{again}, line 3: id: "mine" is taken by "My film", expected an id of its own'
    )


def test_a_folder_leaves_bad_files_out_and_keeps_all_else(tmp_path: Path) -> None:
    """Good, bad, noise, a folder that looks like a file, and a file that is not TOML by name."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "folder.toml").mkdir()
    files = {
        "a-good.toml": HEAD.encode(),
        "b-bad.toml": value("nan").replace('"mine"', '"bad"').encode(),
        "c-again.toml": HEAD.encode(),
        "d-noise.toml": bytes(range(33, 127)) * 110_000,
        "deep/e-good.toml": HEAD.replace('"mine"', '"deeper"').encode(),
        "notes.txt": b"not looked at",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    whole = SHIPPED.with_folder(tmp_path)
    assert list(whole.refused) == [
        f"{tmp_path}/b-bad.toml, line 10: conductivity.1.value: nan is not finite, expected a "
        "number",
        f'{tmp_path}/c-again.toml, line 1: id: "mine" is taken by "My film", expected an id of its '
        "own",
        f"{tmp_path}/d-noise.toml: larger than a megabyte, expected a short TOML file",
        f"{tmp_path}/folder.toml: cannot be read (Is a directory)",
    ]
    assert set(whole.materials) == {*SHIPPED.materials, "mine", "deeper"}
    assert all(whole.materials[key] is m for key, m in SHIPPED.materials.items())
    assert (whole.interfaces, whole.cells) == (SHIPPED.interfaces, SHIPPED.cells)
    assert SHIPPED.refused == ()


# what is read


def test_an_arrhenius_form_takes_its_value() -> None:
    text = HEAD + (
        '[[conductivity]]\nform = "Arrhenius"\nvalue = 1e-3\nactivation_energy = 4e4\n'
        'unit = "S/m"\nargument = "T"\nrange = [273.15, 373.15]\nkind = "fitted"\n'
        'source = "me2025"\n'
    )
    sigma = record_of(text, "mine.toml", {}).values["conductivity"][0].given
    assert isinstance(sigma, Property)
    assert float(sigma(298.15)) == pytest.approx(1e-3, rel=1e-12, abs=0)
    assert float(sigma(348.15)) == pytest.approx(
        1e-3 * np.exp(-4e4 / 8.314462618 * (1 / 348.15 - 1 / 298.15)), rel=1e-8, abs=0
    )
    assert (sigma.argument, sigma.low, sigma.high) == ("T", 273.15, 373.15)


@pytest.mark.parametrize(("word", "middle"), [("linear", 5.05e-14), ("log", 1e-14)])
def test_points_are_interpolated_as_the_file_says(word: str, middle: float) -> None:
    text = HEAD + (
        f'[[diffusivity]]\nx = [0.5, 1]\nvalues = [1e-13, 1e-15]\ninterpolation = "{word}"\n'
        'unit = "m2/s"\nkind = "figure-read"\nsource = "me2025"\n'
    )
    D = record_of(text, "mine.toml", {}).values["diffusivity"][0].given
    assert isinstance(D, Property)
    assert float(D(0.75)) == pytest.approx(middle, rel=1e-9, abs=0)


def test_a_doi_alone_is_a_source() -> None:
    text = changed("conductivity", 'source = "me2025"', 'source = "10.1/2"')
    found = record_of(text, "mine.toml", {}).values["conductivity"][0]
    assert found.citation == "paper, doi 10.1/2"


def test_what_a_file_makes_follows_from_its_keys() -> None:
    head = 'id = "a"\nname = "A"\n'
    assert isinstance(record_of(HEAD, "m.toml", {}), Material)
    assert isinstance(record_of(head + 'between = ["A", "B"]', "i.toml", {}), Interface)
    assert isinstance(record_of(head + 'cathode = "lco"', "c.toml", {}), TestedCell)


def test_unchecked_reading_leaves_the_numbers_alone() -> None:
    """The shipped files are looked at by the tests, not at every start."""
    text = value('"1e6 S/cm"')
    assert record_of(text, "mine.toml", {}, check=False).count == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("id",), 1),
        (("conductivity",), 3),
        (("conductivity", 1), 3),
        (("conductivity", 1, "value"), 4),
        (("conductivity", 1, "kind"), 3),
        (("conductivity", 2), 8),
        (("conductivity", 2, "value"), 9),
        (("conductivity", 3), 0),
        (("sources", "b"), 14),
        (("sources", "b", "text"), 15),
        (("sources", "b", "doi"), 14),
        (("sources", "c"), 0),
        (("kind",), 0),
        ((), 0),
    ],
)
def test_a_key_is_found_at_its_line(path: tuple[str | int, ...], line: int) -> None:
    text = (
        'id = "a"\n\n[[conductivity]]\n"value" = [\n  ["deep"],\n]\nx.y = 1\n[[ conductivity ]]\n'
        "  value=2\n\n[sources.a]\ntext = 1\n\n['sources'.'b']\ntext = 2\nkind = 3\n"
    )
    expected = 11 if path == ("sources", "c") else line  # the first of the sources
    assert line_of(text, path) == expected


def test_sources_that_are_no_table_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        own_sources("M. Myself")
    assert str(caught.value) == 'sources: "M. Myself" is not a table, expected [sources.KEY]'


# whatever a file holds

RICH = (
    'aliases = ["LLZ", "my garnet"]\nformula = "Li7La3Zr2O12"\nchemistry = "LLZO"\nform = "film"\n'
    + HEAD
    + "".join(GOOD.values())
    + """\
[[conductivity]]
value = ["1e-6 S/cm", "2e-6 S/cm"]
temperature = "25 degC to 60 degC"
part = "bulk"
bound = "about"
uncertainty = "1e-7 S/cm"
kind = "measured"
source = "A. Author, J. Films 1, 3 (2024)"
via = "10.1/2"
where = "table 1"
note = "a note"
[[activation_energy]]
value = "0.3 eV"
relation = "ln sigma T"
kind = "fitted"
source = "me2025"
[[lattice_a]]
value = "12.97 angstrom"
kind = "measured"
source = "me2025"
[[formula_units]]
value = 8
kind = "measured"
source = "me2025"
[[density]]
value = "5.1 g/cm3"
kind = "measured"
source = "me2025"
[[remark]]
value = "grey"
kind = "measured"
source = "me2025"
[[conductivity]]
form = "sum"
parts = [{ form = "Arrhenius", value = 1e-3, activation_energy = 4e4 }]
unit = "S/m"
argument = "T"
range = [273.15, 373.15]
kind = "fitted"
source = "me2025"
"""
)
VALUES = st.sampled_from(
    ["0", "-1", "1e400", "nan", "inf", "true", '""', '" "', '"1"', '"nan V"', '"1e-6 S/cm"', "[]",
     "[1]", "[1, 2]", "[2.0, 1.0]", "[[1.0], [2.0]]", '["a"]', '["1 V", "2 V"]', "{}", "{ a = 1 }",
     "0.5", '"4.2 V"', '"garnet"', '"cathode"', '"LiCoO2"', "[{}]", "2025-01-31",
     "07:32:00", "0x10", "'''x\ny'''", '"x"', '"T"', '"log"', '"sum"',
     '"lipon"', '"Arrhenius"', '"25 degC to 300 K"', '"1 S/m"', '"9e99999 V"', '"\\u0000"'],
)  # fmt: skip
KEYS = st.sampled_from(
    ["id", "name", "role", "family", "between", "cathode", "aliases", "sources", "value", "form",
     "x", "values", "range", "unit", "kind", "source", "bound", "fact", "coefficients", "terms",
     "power", "interpolation", "conductivity", "[conductivity]", "[[conductivity]]", "[sources]",
     "[[remark]]", "[[entropy]]", '"a b"', "a.b"],
)  # fmt: skip
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES), KEYS, st.text(max_size=20),
    st.sampled_from([f"[[{key}]]" for key in PROPERTIES]), st.sampled_from(RICH.splitlines()),
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good file of which some lines are deleted, replaced, added, or given another value."""
    lines = RICH.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        k = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["delete", "replace", "insert", "value", "value", "cut"]))
        if what == "delete" and len(lines) > 1:
            del lines[k]
        elif what == "insert":
            lines.insert(k, draw(LINES))
        elif what == "value":
            lines[k] = f"{lines[k].partition('=')[0]}= {draw(VALUES)}"
        elif what == "cut":
            lines[k] = lines[k][: draw(st.integers(0, len(lines[k])))]
        else:
            lines[k] = draw(LINES)
    return "\n".join(lines)


def used(record: Record) -> None:
    """Do with a record what the commands do."""
    shelves: list[dict[str, Record]] = [{}, {}, {}]
    shelves[[Material, Interface, TestedCell].index(type(record))][record.id] = record
    alone = Library(*(MappingProxyType(s) for s in shelves), SHIPPED.sources)  # type: ignore[arg-type]
    for key, found in record.values.items():
        for v in found:
            as_row(v)
            assert v.word is PROPERTIES[key]
        find(among=alone, temperature="25 degC", **{key: True})
    doubts(alone)


def one_sentence(text: str) -> Record | None:
    """The record of a text, or none where it is refused by one sentence."""
    try:
        return record_of(text, "mine.toml", SHIPPED.sources)
    except InputError as error:
        sentence = str(error)
        assert re.match(r"mine\.toml(, line \d+)?: \S", sentence)
        assert "\n" not in sentence
        assert len(sentence) < 2500
        return None


@pytest.mark.parametrize("key", [k for k, word in PROPERTIES.items() if word.unit != "text"])
def test_every_property_can_be_used_up_to_its_bounds(key: str) -> None:
    """As bounds, a range and a function; the checks take all of them."""
    word = PROPERTIES[key]
    low, high = (f"{x!r} {word.unit}".strip() for x in (word.low, word.high))
    extra = {"oxidation_limit": "window", "reduction_limit": "window", "stability_window": "window",
             "activation_energy": "relation"}.get(key, "sample")  # fmt: skip
    said = {"window": "dft_thermodynamic", "relation": "ln sigma", "sample": "A"}[extra]
    end = f'{extra} = "{said}"\nkind = "measured"\nsource = "me2025"\n'
    given_as = [
        f'value = "{low}"\nbound = "above"', f'value = "{high}"\nbound = "below"',
        f'value = ["{low}", "{high}"]',
        f'x = [0.1, 0.9]\nvalues = [{word.low!r}, {word.high!r}]\nunit = "{word.unit}"',
    ]  # fmt: skip
    for role in ("cathode", "electrolyte"):
        for form in given_as:
            head = HEAD.replace("electrolyte", role)
            text = f'formula = "LiCoO2"\n{head}[[{key}]]\n{form}\n{end}'
            used(record_of(text, "mine.toml", {}))


def test_words_and_functions_are_no_numbers() -> None:
    record = record_of(RICH, "mine.toml", SHIPPED.sources)
    for key in ("potential", "remark"):
        value = record.values[key][0]
        assert not value.is_number
        assert np.isnan([value.number, *value.ends]).all()


def test_the_rich_file_is_good() -> None:
    record = one_sentence(RICH)
    assert record is not None
    assert record.count == 11
    used(record)


@given(mutated())
@settings(max_examples=400)
def test_a_mutated_file_gives_a_record_or_one_sentence(text: str) -> None:
    record = one_sentence(text)
    if record is not None:
        assert record.id == "mine"
        used(record)


@given(st.text() | st.lists(LINES, max_size=12).map("\n".join))
@settings(max_examples=300)
def test_any_text_gives_a_record_or_one_sentence(text: str) -> None:
    record = one_sentence(text)
    assert record is None or record.id == "mine"


@given(st.binary(max_size=300))
def test_any_bytes_leave_the_shipped_library_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("user")
    (folder / "any.toml").write_bytes(data)
    whole = SHIPPED.with_folder(folder)
    assert len(whole.refused) == 1
    assert whole.materials is SHIPPED.materials


def test_a_default_must_be_a_single_value_and_a_window_must_say_which_end() -> None:
    table = '[[conductivity]]\nvalue = VALUE\nkind = "measured"\nsource = "me2025"\n'
    for value, said in (
        ('["1e-6 S/cm", "2e-6 S/cm"]\ndefault = true', "1e-6 S/cm to 2e-6 S/cm"),
        ('"1e-6 S/cm"\nbound = "above"\ndefault = true', "> 1e-6 S/cm"),
    ):
        with pytest.raises(InputError) as caught:
            record_of(HEAD + table.replace("VALUE", value), "mine.toml", {})
        assert f'default: "{said}" is no single value, which a cell must have' in str(caught.value)
    window = table.replace("conductivity", "stability_window").replace(
        "VALUE", '"5 V"\nwindow = "experimental_apparent"'
    )
    with pytest.raises(InputError, match="5 V is one end of a window, expected both"):
        record_of(HEAD + window, "mine.toml", {})
