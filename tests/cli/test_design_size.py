"""`design size`: the answer in words, strict JSON, a picture, refusals and their exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from numpy.testing import assert_allclose
from typer.testing import CliRunner, Result

from filmcell import load_cell
from filmcell.cli.design import app
from filmcell.design.characteristic import largest_size
from filmcell.design.counting import OfTheory
from filmcell.protocol.amounts import Amperes

WANG = "wang2023-lco-lipon-li"
ASKED = ("--cell", WANG, "--utilisation", "0.8", "--current", "0.1 mA")


def call(*words: str | Path) -> Result:
    """Run `filmcell design size` with these words."""
    top = typer.Typer()
    top.add_typer(app, name="design")
    top.callback()(lambda: None)
    return CliRunner().invoke(top, ["design", "size", *(str(w) for w in words)])


def told(*words: str | Path) -> Any:
    """Read its JSON as a strict parser does: NaN and Infinity are no numbers of it."""
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(result.stdout, parse_constant=refuse)


def test_the_command_of_the_issue() -> None:
    """Size, closed forms, slopes, what twice the diffusivity buys, sources, and trust."""
    result = call("--cell", WANG, "--utilisation", "0.95", "--current", "0.1 mA/cm2")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    for words in (
        "largest thickness for 0.95 of what the voltage window allows in the discharge",
        "thickness 0.8445 um", "series 0.8445 um", "cathode.diffusivity 1e-14 m2/s +1.000",
        "twice the diffusivity: 1.689 um, 2.000 times as much",
        "cathode.diffusivity: published: one of 1e-13, 1e-14, 1e-15 m2/s, Wang 2023, sect. 2.3",
        "cathode.initial_fraction: assumed", "how far to trust it:",
        "one percent less of it makes the size",
    ):  # fmt: skip
        assert words in text, words
    assert "cathode.thickness: " not in text  # that is the answer and no source of it


def test_json_is_the_public_answer() -> None:
    """The same numbers as `largest_size`, with sources and twice the diffusivity."""
    data = told(*ASKED, "--of", "theoretical")
    found = largest_size(load_cell(WANG), 0.8, Amperes(1e-4), basis=OfTheory())
    assert data["size_m"] == found.size
    assert_allclose(data["size_m_with_twice_the_diffusivity"] / found.size, 2.0, rtol=1e-4)
    assert data["demand"]["of"] == "theoretical"
    assert data["sources"]["area"].startswith("published")


def test_range_step_and_changes() -> None:
    """--from, --to, --counted and --set reach the search."""
    data = told(*ASKED, "--counted", "charge", "--from", "1 um", "--to", "100 um",
                "--set", "cathode.diffusivity=2e-14 m2/s")  # fmt: skip
    assert data["scan"]["size_m"][0] == pytest.approx(1e-6)
    assert data["scan"]["size_m"][-1] == pytest.approx(1e-4)
    assert data["demand"]["counted"] == "charge"
    every = told(*ASKED, "--to", "2 um")
    assert every["unlimited"]
    assert every["size_m_with_twice_the_diffusivity"] is None
    assert "every size looked at reaches" in " ".join(call(*ASKED, "--to", "2 um").stdout.split())


def test_another_number_is_solved_for() -> None:
    """What D a film of 30 um needs; a picture of utilisation over it."""
    words = (*ASKED, "--set", "cathode.thickness=30 um", "--solve-for", "cathode.diffusivity")
    data = told(*words)
    assert_allclose(data["value"], 3.3703e-14, rtol=1e-4)
    text = " ".join(call(*words).stdout.split())
    assert "cathode.diffusivity at least 3.3703e-14 m2/s" in text
    assert "cathode.diffusivity: " not in text.partition("where the numbers come from")[2]
    warm = told("--cell", WANG, "--utilisation", "0.77", "--current", "1C", "--solve-for",
                "temperature", "--from", "20 degC", "--to", "80 degC",
                "--set", "cathode.thickness=3 um")  # fmt: skip
    assert 293.15 < warm["value"] < 353.15
    every = call(*ASKED, "--solve-for", "temperature", "--from", "60 degC", "--to", "80 degC",
                 "--set", "cathode.thickness=1 um")  # fmt: skip
    assert "any, up to 353.15 K" in " ".join(every.stdout.split())


@pytest.mark.parametrize("further", [(), ("--solve-for", "cathode.diffusivity")])
def test_a_picture_is_drawn(tmp_path: Path, further: tuple[str, ...]) -> None:
    """Of sizes or of another number; its name is told."""
    path = tmp_path / "size.png"
    result = call(*ASKED, *further, "--plot", path)
    assert result.exit_code == 0
    assert path.read_bytes()[:4] == b"\x89PNG"
    assert "drawn:" in result.stdout


@pytest.mark.parametrize(
    ("further", "sentence"),
    [
        (("--of", "both"), '--of "both": expected one of window, theoretical'),
        (("--counted", "rest"), '--counted "rest": expected one of discharge, charge'),
        (("--from", "2"), '--from: "2" has no unit'),
        (("--to", "3 V"), '--to: "3 V" is not a length, expected one such as "10 um"'),
        (("--from", "9 um", "--to", "8 um"), "range: from 9e-06 to 8e-06 m does not rise"),
        (("--solve-for", "cathode.colour"), "cathode.colour: unknown key"),
        (("--utilisation", "1.2"), "utilisation: 1.2 is not allowed"),
        (("--utilisation", "0.95", "--of", "theoretical"), "the voltage window allows only 0.9024"),
        (("--current", "-1 mA"), "current"),
        (("--current", "3 mW"), "is not a current"),
        (("--plot", "nowhere/size.png"), "the folder nowhere does not exist"),
        (("--plot", "size.colour"), "cannot be drawn"),
    ],
)
def test_refusals_are_one_sentence(further: tuple[str, ...], sentence: str) -> None:
    """Exit status 2, a sentence on standard error, and the same in JSON."""
    result = call(*ASKED, *further, "--json")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert json.loads(result.stdout)["error"] in result.stderr
