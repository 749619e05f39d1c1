"""The commands of maps and Ragone plots: text, JSON, CSV, pictures, refusals in one sentence."""

import json
from pathlib import Path

import polars
import pytest
import typer
from numpy.testing import assert_allclose
from typer.testing import CliRunner, Result

import filmcell
from filmcell.cli import maps
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.protocol.cycle import cycles

WANG = "wang2023-lco-lipon-li"
X = ("--x", "cathode.thickness=2 um..20 um")
Y = ("--y", "cathode.diffusivity=1e-14 m2/s..1e-13 m2/s")
CURRENT = ("--current", "0.1 mA/cm2")
LIPON = ("--density", "electrolyte=2.3 g/cm3")
PNG = b"\x89PNG"

app = typer.Typer()
app.command("map")(maps.map_)
app.command("ragone")(maps.ragone)


def call(*words: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(app, [str(w) for w in words])


def test_map_prints_draws_and_writes_the_same_numbers(tmp_path: Path) -> None:
    picture, csv = tmp_path / "map.png", tmp_path / "map.csv"
    done = call("map", WANG, *X, *Y, *CURRENT, "--points", "3", "--plot", picture, "--csv", csv)
    assert done.exit_code == 0, done.output
    assert "utilisation of what the voltage window allows" in done.stdout
    assert "Charge at 0.1 mA/cm2 until 4.2 V; Discharge at 0.1 mA/cm2 until 2.7 V" in done.stdout
    assert picture.read_bytes().startswith(PNG)
    table = polars.read_csv(csv)
    assert table.shape == (9, 4)
    cell = filmcell.load_cell(WANG).replace(
        {"cathode.thickness": "20 um", "cathode.diffusivity": "1e-13 m2/s"}
    )
    one = filmcell.simulate(cell, cycles((AmperesPerArea(1.0), AmperesPerArea(1.0))))
    last = table["utilisation of what the voltage window allows"][-1]
    assert_allclose(last, one.window_utilisation[1], rtol=1e-4)
    assert f"{last:.4g}" in done.stdout


def test_map_as_json_of_another_quantity_and_a_changed_cell() -> None:
    done = call("map", WANG, *X, "--y", "c_rate=0.1, 1", "--points", "2", "--of", "energy",
                "--set", "temperature=40 degC", "--json")  # fmt: skip
    data = json.loads(done.stdout)
    assert data["unit"] == "mWh/cm2"
    assert data["y"] == {"key": "c_rate", "unit": "", "values": [0.1, 1.0]}
    assert data["values"][0][1] > data["values"][1][1]
    assert "0.5 lithium per site" in data["protocol"]


def test_map_tells_of_points_that_failed() -> None:
    done = call("map", WANG, "--x", "upper_voltage=2.5 V, 4.1 V", *Y, *CURRENT, "--points", "2")
    assert done.exit_code == 0
    assert "2 of 4 failed: lower_voltage: 2.7 V is not below upper_voltage 2.5 V" in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--x", "cathode.colour=1..2", *Y, *CURRENT), "cathode.colour: unknown key"),
        (("--x", "cathode.thickness=", *Y, *CURRENT), "is no axis, expected one such as"),
        (("--x", "cathode.thickness=30 um..1 um", *Y, *CURRENT),
         "cathode.thickness: 30 um..1 um does not rise, expected the smaller end first"),
        (("--x", "cathode.thickness=1 V..2 V", *Y, *CURRENT),
         'cathode.thickness: "1 V" is not a length, expected one such as "10 um"'),
        ((*X, *Y, *CURRENT, "--points", "1000000"),
         "1000000 x 1000000 are 1000000000000 points, expected at most 1000000"),
        ((*X, *Y, *CURRENT, "--points", "1000000000000"), "values are not allowed, expected from"),
        ((*X, *Y), "--current is missing, expected one such as"),
        ((*X, *Y, "--current", "1 V"), '"1 V" is not a current'),
        ((*X, *Y, *CURRENT, "--of", "beauty"), '--of "beauty": expected one of window, theoretic'),
        ((*X, "--y", "temperature=300 K", *CURRENT, "--plot", "no.png"),
         "--plot: an axis has one value, expected at least two"),
        ((*X, *Y, *CURRENT, "--csv", "nowhere/map.csv"), "the folder nowhere does not exist"),
    ],
)  # fmt: skip
def test_map_refuses_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = call("map", WANG, *words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "\n" not in done.stderr.strip()  # a bar that was begun leaves an empty line
    assert not done.stdout


def test_ragone_prints_what_is_counted_and_draws(tmp_path: Path) -> None:
    picture, csv = tmp_path / "ragone.png", tmp_path / "ragone.csv"
    done = call("ragone", WANG, "--rates", "0.1C,1C,100000C,1 mW/cm2", *LIPON, "--per", "volume",
                "--substrate", "mica=100 um", "--plot", picture, "--csv", csv)  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "substrate: thickness given; density standard: muscovite" in done.stdout
    assert "whole: 127.2 um" in done.stdout
    assert "bare: 17.25 um" in done.stdout
    assert "1 of 4 failed: Discharge at 100000C gave no energy" in done.stdout
    assert picture.read_bytes().startswith(PNG)
    table = polars.read_csv(csv)
    ratio = table["energy_per_bare_volume_Wh_per_L"][0] / table["energy_per_volume_Wh_per_L"][0]
    assert_allclose(ratio, 127.245 / 17.245, rtol=1e-5)


def test_ragone_as_json_without_substrate_and_packaging() -> None:
    done = call("ragone", WANG, "--rates", "C/10", *LIPON, "--substrate", "none", "--packaging",
                "none", "--as-made", "--json")  # fmt: skip
    data = json.loads(done.stdout)
    assert_allclose(data["whole_thickness_um"], 14.24)
    assert data["whole_stack_is"] == data["bare_stack_is"]
    assert_allclose(data["points"][0]["energy_per_area_mWh_per_cm2"], 2.13, rtol=1e-3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), 'electrolyte: the density of "LiPON, sputtered" is not known'),
        (
            ("--density", "electrolyte"),
            '--density "electrolyte": expected one such as electrolyte=',
        ),
        (("--density", "electrolyte=2 V"), 'densities.electrolyte: "2 V" is not a density'),
        ((*LIPON, "--substrate", "cheese"), '--substrate "cheese": expected one of glass, mica'),
        ((*LIPON, "--substrate", "mica=5 V"), '--substrate mica: "5 V" is not a length'),
        ((*LIPON, "--substrate", "none=5 um"), "--substrate none: there is nothing with a thick"),
        ((*LIPON, "--packaging", "bag"), '--packaging "bag": expected one of glue-and-glass'),
        ((*LIPON, "--per", "day"), '--per "day": expected one of area, volume, mass'),
        ((*LIPON, "--rates", "1C,"), "is not a current or power"),
        ((*LIPON, "--rates", "fast"), '"fast" is not a current or power'),
        ((*LIPON, "--set", "cathode.shape=sphere"), "cathode.shape: a sphere has no stack"),
    ],
)
def test_ragone_refuses_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = call("ragone", WANG, *words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "\n" not in done.stderr.strip()  # a bar that was begun leaves an empty line


def test_the_density_that_is_missing_is_asked_for_as_an_option() -> None:
    assert 'here: --density LAYER="2.3 g/cm3"' in call("ragone", WANG).stderr
