"""Bad cell files: each is refused with one sentence that says where, what and what instead."""

# ruff: noqa: E501

from pathlib import Path

import pytest

from filmcell import InputError, load_cell, preset_names

GOOD = """name = "test cell"
area = "1 cm2"
lower_voltage = "2.7 V"
upper_voltage = "4.2 V"
temperature = "298 K"

[anode]
thickness = "2 um"
exchange_current_density = "5.75 A/m2"

[electrolyte]
material = "lipon"
thickness = "2 um"

[cathode]
material = "lco-film"
thickness = "10 um"
diffusivity = "1e-14 m2/s"
exchange_current_density = "9.4 A/m2"
initial_fraction = 0.99

[[interlayers]]
name = "LiNbO3"
thickness = "10 nm"
conductivity = "1e-7 S/cm"

[sources]
area = "published: a paper"
"""

ANODE = '[anode]\nthickness = "2 um"\nexchange_current_density = "5.75 A/m2"\n'
TEMPERATURE = 'temperature = "298 K"'
MATERIAL = 'material = "lco-film"\n'
LENGTH = 'thickness = "10 um"'
DIFFUSIVITY = 'diffusivity = "1e-14 m2/s"'
FRACTION = "initial_fraction = 0.99"
CONDUCTIVITY = 'conductivity = "1e-7 S/cm"'
INTERLAYER = f'[[interlayers]]\nname = "LiNbO3"\nthickness = "10 nm"\n{CONDUCTIVITY}\n'
SOURCES = '[sources]\narea = "published: a paper"\n'

EDITS: dict[str, tuple[str, ...]] = {
    "a length in volts": (
        LENGTH,
        'thickness = "10 V"',
        'cathode.thickness: "10 V" is not a length, expected one such as "10 um"',
    ),
    "a length without unit": (
        LENGTH,
        'thickness = "10"',
        'cathode.thickness: "10" has no unit, expected a length such as "10 um"',
    ),
    "a bare number": (
        LENGTH,
        "thickness = 10e-6",
        'cathode.thickness: 1e-05 has no unit, expected a length such as "10 um"',
    ),
    "nan with a unit": (
        LENGTH,
        'thickness = "nan um"',
        'cathode.thickness: "nan um" is not finite, expected a length such as "10 um"',
    ),
    "bare nan": (
        FRACTION,
        "initial_fraction = nan",
        'cathode.initial_fraction: nan is not allowed, expected a plain number above 0 and at most 1 such as "0.5"',
    ),
    "inf with a unit": (
        LENGTH,
        'thickness = "inf um"',
        'cathode.thickness: "inf um" is not finite, expected a length such as "10 um"',
    ),
    "bare inf": (
        FRACTION,
        "initial_fraction = inf",
        'cathode.initial_fraction: inf is not allowed, expected a plain number above 0 and at most 1 such as "0.5"',
    ),
    "a number too large": (
        LENGTH,
        'thickness = "1e400 um"',
        'cathode.thickness: "1e400 um" is not finite, expected a length such as "10 um"',
    ),
    "a whole number too large": (
        FRACTION,
        "initial_fraction = 1" + 400 * "0",
        'cathode.initial_fraction: inf is not allowed, expected a plain number above 0 and at most 1 such as "0.5"',
    ),
    "a whole number of five thousand digits": (
        FRACTION,
        "initial_fraction = 1" + 5000 * "0",
        "too long a number or too deep a list, expected a cell",
    ),
    "no thickness": (
        LENGTH,
        'thickness = "0 um"',
        'cathode.thickness: "0 um" is not allowed, expected a length above 0 m such as "10 um"',
    ),
    "negative thickness": (
        LENGTH,
        'thickness = "-10 um"',
        'cathode.thickness: "-10 um" is not allowed, expected a length above 0 m such as "10 um"',
    ),
    "text that is no number": (
        LENGTH,
        'thickness = "thick"',
        'cathode.thickness: "thick" cannot be read as a length, expected one such as "10 um"',
    ),
    "empty text": (
        LENGTH,
        'thickness = ""',
        'cathode.thickness: "" cannot be read as a length, expected one such as "10 um"',
    ),
    "a decimal comma": (
        LENGTH,
        'thickness = "1,5 um"',
        'cathode.thickness: "1,5 um" cannot be read as a length, expected one such as "10 um"',
    ),
    "a unit to the power 999": (
        LENGTH,
        'thickness = "1 um**999"',
        'cathode.thickness: "1 um**999" cannot be read as a length, expected one such as "10 um"',
    ),
    "Python after the number": (
        LENGTH,
        'thickness = "2 um; import os"',
        'cathode.thickness: "2 um; import os" cannot be read as a length, expected one such as "10 um"',
    ),
    "a tower of powers": (
        LENGTH,
        'thickness = "9**9**9 um"',
        'cathode.thickness: "9**9**9 um" cannot be read as a length, expected one such as "10 um"',
    ),
    "digits of another alphabet": (
        LENGTH,
        'thickness = "１０ um"',
        'cathode.thickness: "１０ um" cannot be read as a length, expected one such as "10 um"',
    ),
    "line breaks and control characters": (
        LENGTH,
        'thickness = "10 um\\n[cathode]\\u0007"',
        'cathode.thickness: "10 um\\n[cathode]\\x07" cannot be read as a length, expected one such as "10 um"',
    ),
    "a very long number": (
        LENGTH,
        'thickness = "' + 200 * "9" + ' um"',
        'cathode.thickness: "99999999999999999999999999999999999999999999999999999999999999999999999999999..." cannot be read as a length, expected one such as "10 um"',
    ),
    "a date": (
        TEMPERATURE,
        "temperature = 2024-02-29",
        'temperature: the date 2024-02-29 is not a temperature, expected one such as "298.15 K"',
    ),
    "a time of day": (
        TEMPERATURE,
        "temperature = 12:30:00",
        'temperature: the time 12:30:00 is not a temperature, expected one such as "298.15 K"',
    ),
    "true for a length": (
        LENGTH,
        "thickness = true",
        'cathode.thickness: true is not a length, expected one such as "10 um"',
    ),
    "true for a fraction": (
        FRACTION,
        "initial_fraction = true",
        'cathode.initial_fraction: true is not a plain number, expected one such as "0.5"',
    ),
    "a list for a length": (
        LENGTH,
        'thickness = ["10 um"]',
        'cathode.thickness: a list is not a length, expected one such as "10 um"',
    ),
    "a table for a length": (
        LENGTH,
        'thickness = { value = "10 um" }',
        'cathode.thickness: a table is not a length, expected one such as "10 um"',
    ),
    "a temperature too low": (
        TEMPERATURE,
        'temperature = "25 K"',
        'temperature: "25 K" is not allowed, expected a temperature above 100 and at most 1000 K such as "298.15 K"',
    ),
    "a temperature below absolute zero": (
        TEMPERATURE,
        'temperature = "-300 degC"',
        'temperature: "-300 degC" is not allowed, expected a temperature above 100 and at most 1000 K such as "298.15 K"',
    ),
    "voltage limits the wrong way round": (
        'lower_voltage = "2.7 V"',
        'lower_voltage = "4.3 V"',
        "lower_voltage: 4.3 V is not below upper_voltage 4.2 V, expected the lower limit below the upper one",
    ),
    "equal voltage limits": (
        'lower_voltage = "2.7 V"',
        'lower_voltage = "4.2 V"',
        "lower_voltage: 4.2 V is not below upper_voltage 4.2 V, expected the lower limit below the upper one",
    ),
    "a misspelt key at the top": (
        "temperature",
        "temprature",
        'temprature: unknown key, did you mean "temperature"?',
    ),
    "a misspelt table": (
        "[electrolyte]",
        "[electrolite]",
        'electrolite: unknown key, did you mean "electrolyte"?',
    ),
    "a misspelt key of a layer": (
        LENGTH,
        'thicknes = "10 um"',
        'cathode.thicknes: unknown key, did you mean "thickness"?',
    ),
    "a key like no other": (
        LENGTH,
        LENGTH + '\ncolour = "black"',
        "cathode.colour: unknown key, expected one of thickness, maximum_concentration, diffusivity, potential, exchange_current_density, lithium_exponent, vacancy_exponent, transfer_coefficient, initial_fraction, theoretical_swing, diffusivity_activation_energy, exchange_activation_energy, reference_temperature, shape, entropy, transport, double_layer_capacitance, electrolyte_exponent, name, material, diameter",
    ),
    "a misspelt key of an interlayer": (
        CONDUCTIVITY,
        'conductance = "1e-7 S/cm"',
        'interlayers.0.conductance: unknown key, did you mean "conductivity"?',
    ),
    "no thickness given": (
        LENGTH,
        "",
        'cathode.thickness is missing, expected a length such as "10 um"',
    ),
    "no diffusivity given": (
        DIFFUSIVITY,
        "",
        'cathode.diffusivity is missing, expected a diffusivity such as "1e-14 m2/s"',
    ),
    "two keys missing": (
        LENGTH + '\ndiffusivity = "1e-14 m2/s"',
        "",
        'cathode.thickness is missing, expected a length such as "10 um" (and 1 more)',
    ),
    "no area given": (
        'area = "1 cm2"\n',
        "",
        'area is missing, expected an area such as "1.44 cm2"',
    ),
    "no anode": (ANODE, "", "anode is missing, expected a table [anode]"),
    "a layer that is text": (
        ANODE,
        "",
        'anode: "lithium" is not a table, expected [anode]',
        'anode = "lithium"\n',
    ),
    "an unknown material": (
        '"lco-film"',
        '"lco-flim"',
        'cathode.material: "lco-flim" is not a material, did you mean "lco-film"? filmcell materials find lists all',
    ),
    "a material for another layer": (
        '"lipon"',
        '"lithium"',
        'electrolyte.material: "lithium" is not a material for the electrolyte but of the role anode, expected one of the role electrolyte',
    ),
    "a material that is a number": (
        '"lipon"',
        "5",
        "electrolyte.material: 5 is not text, expected a name",
    ),
    "a potential from an electrolyte": (
        MATERIAL,
        'maximum_concentration = "5e4 mol/m3"\npotential = "lipon"\n',
        'cathode.potential: "lipon" is not a material with an open-circuit potential, expected one of in-li, lco, lco-dualfoil, lco-film, lfp, lmo, lnmo, lto, nca, nmc-mohtat, nmc111, nmc532, nmc811',
    ),
    "a potential from an unknown material": (
        MATERIAL,
        'maximum_concentration = "5e4 mol/m3"\npotential = "lcq"\n',
        'cathode.potential: "lcq" is not a material, did you mean "lcp"? filmcell materials find lists all',
    ),
    "no potential given": (
        MATERIAL,
        'maximum_concentration = "5e4 mol/m3"\n',
        'cathode.potential is missing, expected an open-circuit potential such as "lco-film"',
    ),
    "an unknown shape": (
        LENGTH,
        LENGTH + '\nshape = "cube"',
        'cathode.shape: "cube" is not a shape, expected one of film, cylinder, sphere',
    ),
    "a shape that is a number": (
        LENGTH,
        LENGTH + "\nshape = 2",
        "cathode.shape: 2 is not a shape, expected one of film, cylinder, sphere",
    ),
    "diameter and thickness": (
        LENGTH,
        LENGTH + '\ndiameter = "20 um"',
        "cathode: both diameter and thickness are given, expected one of them",
    ),
    "a diameter of zero": (
        LENGTH,
        'diameter = "0 um"',
        'cathode.diameter: "0 um" is not allowed, expected a length above 0 m such as "10 um"',
    ),
    "a diameter without unit": (
        LENGTH,
        "diameter = 20",
        'cathode.diameter: 20 has no unit, expected a length such as "10 um"',
    ),
    "a table with a misspelt key": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], valves = [1e-14, 1e-15], unit = "m2/s" }',
        'cathode.diffusivity: valves: unknown key, did you mean "values"?',
    ),
    "a table without unit": (
        DIFFUSIVITY,
        "diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15] }",
        "cathode.diffusivity: unit is missing, expected a table of x, values and unit",
    ),
    "a table that descends": (
        DIFFUSIVITY,
        'diffusivity = { x = [1.0, 0.4], values = [1e-14, 1e-15], unit = "m2/s" }',
        "cathode.diffusivity: x goes from 1 to 0.4, expected numbers that rise",
    ),
    "a table of unequal lists": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 0.7, 1.0], values = [1e-14, 1e-15], unit = "m2/s" }',
        "cathode.diffusivity: 3 values of x and 2 values, expected two or more of each, equally many",
    ),
    "a table with a diffusivity of zero": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, 0.0], unit = "m2/s" }',
        'cathode.diffusivity: values: 0.0 is not allowed, expected a plain number above 0 such as "0.5"',
    ),
    "a table with a word": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, "small"], unit = "m2/s" }',
        'cathode.diffusivity: values: "small" cannot be read as a plain number, expected one such as "0.5"',
    ),
    "a table with true": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, true], unit = "m2/s" }',
        'cathode.diffusivity: values: true is not a plain number, expected one such as "0.5"',
    ),
    "a table beyond a full cathode": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.5], values = [1e-14, 1e-15], unit = "m2/s" }',
        'cathode.diffusivity: x: 1.5 is not allowed, expected a plain number of at least 0 and at most 1 such as "0.5"',
    ),
    "a table with nan": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, nan], values = [1e-14, 1e-15], unit = "m2/s" }',
        'cathode.diffusivity: x: nan is not allowed, expected a plain number of at least 0 and at most 1 such as "0.5"',
    ),
    "a table in another unit": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15], unit = "S/cm" }',
        'cathode.diffusivity: unit: "1 S/cm" is not a diffusivity, expected one such as "1e-14 m2/s"',
    ),
    "a table whose unit is a number": (
        DIFFUSIVITY,
        "diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15], unit = 1 }",
        'cathode.diffusivity: unit: 1 is not text, expected one such as "m2/s"',
    ),
    "an unknown interpolation": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15], unit = "m2/s", interpolation = "cubic" }',
        'cathode.diffusivity: interpolation: "cubic" is not one of "linear", "log"',
    ),
    "an interpolation that is a list": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15], unit = "m2/s", interpolation = ["log"] }',
        'cathode.diffusivity: interpolation: a list is not one of "linear", "log"',
    ),
    "text where a list is expected": (
        DIFFUSIVITY,
        'diffusivity = { x = "0.4, 1.0", values = [1e-14, 1e-15], unit = "m2/s" }',
        'cathode.diffusivity: x: "0.4, 1.0" is not a list, expected numbers',
    ),
    "a table whose source is a number": (
        DIFFUSIVITY,
        'diffusivity = { x = [0.4, 1.0], values = [1e-14, 1e-15], unit = "m2/s", source = 5 }',
        'cathode.diffusivity: source: 5 is not text, expected one such as "fig. 4 of a paper"',
    ),
    "an empty table": (
        DIFFUSIVITY,
        'diffusivity = { x = [], values = [], unit = "m2/s" }',
        "cathode.diffusivity: 0 values of x and 0 values, expected two or more of each, equally many",
    ),
    "a transfer coefficient of zero": (
        LENGTH,
        LENGTH + "\ntransfer_coefficient = 0",
        'cathode.transfer_coefficient: 0 is not allowed, expected a plain number above 0 and below 1 such as "0.5"',
    ),
    "a transfer coefficient of one": (
        LENGTH,
        LENGTH + "\ntransfer_coefficient = 1.0",
        'cathode.transfer_coefficient: 1.0 is not allowed, expected a plain number above 0 and below 1 such as "0.5"',
    ),
    "an initial fraction above one": (
        FRACTION,
        "initial_fraction = 1.2",
        'cathode.initial_fraction: 1.2 is not allowed, expected a plain number above 0 and at most 1 such as "0.5"',
    ),
    "an initial fraction outside the range of the potential": (
        FRACTION,
        "initial_fraction = 0.3",
        "cathode.initial_fraction: 0.3 is not allowed, expected one from 0.45 to 1, the range of S. Fabre et al., J. Electrochem. Soc. 159, A104 (2012), eq. 22, via Kim et al., Electrochim. Acta 317, 663 (2019), doi 10.1016/j.electacta.2019.06.023",
    ),
    "a negative exponent": (
        LENGTH,
        LENGTH + "\nlithium_exponent = -0.5",
        'cathode.lithium_exponent: -0.5 is not allowed, expected a plain number of at least 0 and at most 2 such as "0.5"',
    ),
    "interlayers that are text": (
        INTERLAYER,
        "",
        'interlayers: "LiNbO3" is not a list, expected [[interlayers]]',
        'interlayers = "LiNbO3"\n',
    ),
    "interlayers that are one table": (
        "[[interlayers]]",
        "[interlayers]",
        "interlayers: a table is not a list, expected [[interlayers]]",
    ),
    "an interlayer that does not conduct": (
        CONDUCTIVITY,
        'conductivity = "0 S/cm"',
        'interlayers.0.conductivity: "0 S/cm" is not allowed, expected a conductivity above 0 S/m such as "2e-6 S/cm"',
    ),
    "an interlayer without conductivity": (
        CONDUCTIVITY,
        "",
        'interlayers.0.conductivity is missing, expected a conductivity such as "2e-6 S/cm"',
    ),
    "an interlayer whose name is a number": (
        '"LiNbO3"',
        "3",
        "interlayers.0.name: 3 is not text, expected a name",
    ),
    "a collector that is text": (
        TEMPERATURE,
        TEMPERATURE + '\ncollectors = ["Pt"]',
        'collectors.0: "Pt" is not a table, expected [[collectors]]',
    ),
    "a collector without name": (
        "[sources]",
        '[[collectors]]\nthickness = "1 um"\n[sources]',
        "collectors.0.name is missing, expected text",
    ),
    "a nominal capacity of zero": (
        TEMPERATURE,
        TEMPERATURE + '\nnominal_capacity = "0 mAh"',
        'nominal_capacity: "0 mAh" is not allowed, expected a charge above 0 C such as "0.5 mAh"',
    ),
    "a name that is a list": ('"test cell"', '["a"]', "name: a list is not text, expected a name"),
    "sources that are text": (
        SOURCES,
        "",
        'sources: "a paper" is not a table, expected [sources]',
        'sources = "a paper"\n',
    ),
    "a source that is a number": (
        '"published: a paper"',
        "1",
        "sources.area: 1 is not text, expected a source",
    ),
    "a negative contact resistance": (
        TEMPERATURE,
        TEMPERATURE + '\ncontact_resistance = "-1 ohm cm2"',
        'contact_resistance: "-1 ohm cm2" is not allowed, expected an area-specific resistance of at least 0 ohm m2 such as "100 ohm cm2"',
    ),
    "two mistakes": (
        'area = "1 cm2"\nlower_voltage = "2.7 V"',
        'area = "1 m"\nlower_voltage = "2.7 A"',
        'area: "1 m" is not an area, expected one such as "1.44 cm2" (and 1 more)',
    ),
    "not TOML": (
        'area = "1 cm2"',
        "area = 1 cm2",
        "not TOML: Expected newline or end of document after a statement (at line 2, column 10)",
    ),
    "a key given twice": (
        LENGTH,
        LENGTH + "\n" + LENGTH,
        "not TOML: Cannot overwrite a value (at line 18, column 20)",
    ),
    "lists in lists in lists": (
        TEMPERATURE,
        "temperature = " + 5000 * "[",
        "too long a number or too deep a list, expected a cell",
    ),
    "a unit that is a picture": (
        LENGTH,
        'thickness = "🔋 um"',
        'cathode.thickness: "🔋 um" cannot be read as a length, expected one such as "10 um"',
    ),
}
"""What is wrong: text of the good file, what takes its place, the sentence, a line on top."""


def refusal(path: Path | str) -> str:
    """Give the sentence with which a file is refused, its path written as FILE."""
    with pytest.raises(InputError) as caught:
        load_cell(path)
    return str(caught.value).replace(str(path), "FILE")


@pytest.mark.parametrize("wrong", EDITS)
def test_a_bad_file_is_refused_word_for_word(tmp_path: Path, wrong: str) -> None:
    old, new, sentence, *top = EDITS[wrong]
    assert GOOD.count(old) == 1
    path = tmp_path / "bad.toml"
    path.write_text("".join(top) + GOOD.replace(old, new), "utf-8")
    assert refusal(path) == f"FILE: {sentence}"


def test_the_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(GOOD, "utf-8")
    assert load_cell(path).name == "test cell"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_cell(path).name == "test cell"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty, expected a cell with [anode], [electrolyte], [cathode]"),
        (b"# only a remark\n", "empty, expected a cell with [anode], [electrolyte], [cathode]"),
        (bytes(range(256)), "not text in UTF-8, expected a TOML file"),
        (
            b"PK\x03\x04\x14\x00",
            "not TOML: Expected '=' after a key in a key/value pair (at line 1, column 3)",
        ),
        (b"area = ", "not TOML: Invalid value (at end of document)"),
        (b"#" * 1_000_001, "larger than a megabyte, expected a short TOML file"),
    ],
    ids=["empty", "only a remark", "every byte", "an archive", "cut off", "too large"],
)
def test_a_file_that_is_no_cell_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    assert refusal(path) == f"FILE: {sentence}"


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    assert refusal(path) == "FILE: cannot be read (No such file or directory)"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "FILE: cannot be read (Is a directory)"


def test_a_misspelt_preset_is_refused_with_the_likely_one() -> None:
    assert refusal("wang2023-lco-lipon-il") == (
        '"FILE" is neither a preset nor a file, did you mean "wang2023-lco-lipon-li"?'
    )


def test_an_unknown_preset_is_refused_with_all_that_there_are() -> None:
    assert refusal("zinc-air") == (
        '"FILE" is neither a preset nor a file, expected a path ending in .toml or one of '
        + ", ".join(preset_names())
    )


def test_text_in_place_of_a_path_is_refused_and_cut_short() -> None:
    sentence = refusal(GOOD)
    start = '"name = "test cell"\\narea = "1 cm2"\\nlower_voltage = "2.7 V"\\nupper_voltage = ...'
    assert sentence.startswith(f'{start}" is neither a preset nor a file, expected a path ending')


def test_a_path_with_a_null_character_is_refused() -> None:
    assert refusal("a\0.toml") == '"a\\x00.toml" is not a path, expected one of a TOML file'


def test_something_that_is_no_path_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        load_cell(5)  # type: ignore[arg-type]
    assert str(caught.value) == "5 is not a cell, expected a preset or a path"


@pytest.mark.parametrize("wrong", EDITS)
def test_no_sentence_speaks_of_python(wrong: str) -> None:
    words = (
        "Input should",
        "isinstance",
        "datetime",
        "<class",
        "float",
        "dict",
        "str ",
        "NoneType",
    )
    assert not [word for word in words if word in EDITS[wrong][2]]
