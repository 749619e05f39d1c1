"""The commands that try many designs: text, JSON, pictures, refusals and exit status."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from filmcell.cli import optimise as commands

WANG = "wang2023-lco-lipon-li"
THICK = ("--vary", "cathode.thickness=1 um..30 um")
AT = ("--current", "0.07 mA/cm2")
PNG = b"\x89PNG"

app = typer.Typer()
for command in (commands.optimise, commands.sensitivity, commands.uncertainty):
    app.command()(command)


def call(*words: str | Path) -> Result:
    """Run a command with these words."""
    return CliRunner().invoke(app, [str(w) for w in words])


def test_optimise_prints_the_best_and_what_holds_it() -> None:
    """Value, number, the limit that is kept, the bound that is active."""
    done = call("optimise", WANG, *THICK, *AT, "--maximise", "areal-energy", "--at-least",
                "utilisation=60 %", "--budget", "120")  # fmt: skip
    assert done.exit_code == 0, done.output
    for words in ("areal-energy at 0.07 mA/cm2: 2.48", "mWh/cm2", "cathode.thickness",
                  "utilisation at 0.07 mA/cm2 at least 0.6: kept", "seed 1"):  # fmt: skip
        assert words in done.stdout
    low = call("optimise", WANG, "--vary", "cathode.thickness=1 um..9 um", *AT, "--maximise",
               "areal-capacity", "--budget", "120", "--json")  # fmt: skip
    data = json.loads(low.stdout)
    assert data["at_bounds"] == [
        "cathode.thickness sits at its upper bound 9 um: the optimum may lie beyond"
    ]
    assert data["design"]["cathode.thickness"] == pytest.approx(9e-6, rel=2e-3)
    assert data["unit"] == "Ah/m2"


def test_two_objectives_make_a_front(tmp_path: Path) -> None:
    """A table along it, and a picture."""
    plot = tmp_path / "front.png"
    done = call("optimise", WANG, *THICK, "--current", "1C", "--maximise", "areal-energy",
                "--minimise", "charging-time", "--at-most", "charging-time=2 h", "--at-least",
                "areal-energy=0.1 mWh/cm2", "--budget", "160", "--plot", plot)  # fmt: skip
    assert done.exit_code == 0, done.output
    for words in ("designs that no other beats", "charging-time at 1C", " min ", "drawn:"):
        assert words in done.stdout
    assert plot.read_bytes()[:4] == PNG


def test_sensitivity_prints_shares_with_intervals(tmp_path: Path) -> None:
    """Greatest first, and JSON of the same."""
    plot = tmp_path / "bars.png"
    words = ("sensitivity", WANG, *AT, "--vary", "electrolyte.conductivity=1e-6 S/cm..3e-6 S/cm",
             "--vary", "cathode.diffusivity=1e-15 m2/s..1e-14 m2/s log",
             "--blocks", "32")  # fmt: skip
    done = call(*words, "--plot", plot)
    assert done.exit_code == 0, done.output
    assert done.stdout.index("cathode.diffusivity") < done.stdout.index("electrolyte.conductivity")
    assert "shares of the variance of utilisation at 0.07 mA/cm2" in done.stdout
    assert "128 designs tried in 32 blocks" in done.stdout
    assert plot.read_bytes()[:4] == PNG
    data = json.loads(call(*words, "--json").stdout)
    assert data["blocks"] == 32
    assert data["indices"]["cathode.diffusivity"]["total"] > 0.8


def test_uncertainty_tells_interval_and_sources(tmp_path: Path) -> None:
    """What was sampled, what was not, and from whom."""
    plot = tmp_path / "histogram.png"
    words = ("uncertainty", WANG, *AT, "--samples", "64")
    done = call(*words, "--of", "utilisation", "--of", "areal-energy", "--plot", plot)
    assert done.exit_code == 0, done.output
    for said in ("median", "matters most", "J. Bates et al.", "electrolyte.conductivity: 2 values",
                 "anode.exchange_current_density stays as it is: the library has 0 such values",
                 "! electrolyte.conductivity: only 2 sources",
                 "counted: measured values of the material, any form, within 15 K"):  # fmt: skip
        assert said in done.stdout, said
    assert plot.read_bytes()[:4] == PNG
    data = json.loads(call(*words, "--json", "--kind", "fitted", "--as-published").stdout)
    assert list(data["sampled"]) == ["anode.exchange_current_density"]
    assert data["accepted"]["kinds"] == ["fitted"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("optimise", WANG, *AT, *THICK),
         "--maximise is missing, expected at least one of areal-energy, power"),
        (("optimise", WANG, *AT, "--maximise", "power"),
         '--vary is missing, expected one such as "cathode.thickness=1 um..30 um"'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "beauty"),
         '--maximise: "beauty" is unknown, expected one of areal-energy'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "charging-time"),
         "--maximise charging-time: smaller is better, expected --minimise"),
        (("optimise", WANG, *AT, *THICK, "--minimise", "power"),
         "--minimise power: larger is better, expected --maximise"),
        (("optimise", WANG, *AT, *THICK, "--maximise", "rate-capability"),
         '--maximise rate-capability: the fast current is missing, expected --fast "5C"'),
        (("optimise", WANG, *AT, "--vary", "cathode.thickness=1 um", "--maximise", "power"),
         '--vary "cathode.thickness=1 um": expected one such as "cathode.thickness=1 um..30 um"'),
        (("optimise", WANG, *AT, "--vary", "cathode.thicknes=1 um..2 um", "--maximise", "power"),
         'cathode.thicknes: unknown key, did you mean "thickness"?'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "power", "--at-least", "utilisation"),
         '--at-least "utilisation": expected one such as "utilisation=0.8"'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "power", "--at-least", "areal-energy=3"),
         '--at-least "areal-energy=3": "3" is not an areal energy, expected one such as "3 mWh'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "power", "--at-most", "charging-time=2"),
         '--at-most "charging-time=2": "2" has no unit, expected a time'),
        (("optimise", WANG, *AT, *THICK, "--maximise", "power", "--plot", "x.png"),
         "--plot: a front of two objectives can be drawn, expected two"),
        (("optimise", WANG, *AT, *THICK, "--maximise", "power", "--budget", "5"),
         "budget: 5 designs are too few, expected at least 120"),
        (("sensitivity", WANG, *AT, *THICK, "--blocks", "100"),
         "blocks: 100 is not allowed, expected a power of two from 8"),
        (("sensitivity", WANG, *AT, *THICK, "--of", "beauty"),
         '--of: "beauty" is unknown, expected one of'),
        (("uncertainty", WANG, *AT, "--samples", "2"),
         "samples: 2 are too few, expected at least 16"),
        (("uncertainty", WANG, *AT, "--kind", "heard"),
         'kinds: "heard" is unknown, expected one of measured'),
        (("uncertainty", WANG, *AT, "--material", "cathode"),
         '--material "cathode": expected one such as "cathode=lco-film"'),
        (("uncertainty", WANG, "--current", "fast"), "fast"),
    ],
)  # fmt: skip
def test_refusals(words: tuple[str, ...], sentence: str) -> None:
    """One sentence on standard error, exit status 2."""
    done = call(*words)
    assert done.exit_code == 2
    assert sentence in done.stderr
    told = done.stderr.strip()  # a bar that was opened leaves an empty line
    assert told.startswith("filmcell: ")
    assert len(told.splitlines()) == 1
