"""The commands: what they print, their JSON, their exit status and their refusals."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import filmcell
from filmcell.cli.app import app

WANG = "wang2023-lco-lipon-li"
CYCLE = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"


def call(*words: str | Path) -> Result:
    """Run the command line with these words."""
    return CliRunner().invoke(app, [str(w) for w in words])


def test_run_prints_a_table() -> None:
    """One line a step, both utilisations, and what they are relative to."""
    done = call("run", WANG, CYCLE)
    assert done.exit_code == 0
    assert "voltage reached 2.7 V" in done.stdout
    assert "% theory" in done.stdout
    assert "theory 1 mAh (0.5 lithium per site)" in done.stdout


def test_run_json_is_json_and_nothing_else() -> None:
    """A program can read it, and it agrees with Python."""
    done = call("run", WANG, CYCLE, "--json")
    data = json.loads(done.stdout)
    result = filmcell.simulate(filmcell.load_cell(WANG), CYCLE)
    assert data["steps"][1]["capacity_mAh"] == pytest.approx(result.capacity[1] * 1e3, rel=1e-12)
    assert data["provenance"]["hash"] == result.provenance["hash"]


def test_set_changes_a_number() -> None:
    """--set takes text with a unit, more than once."""
    done = call("run", WANG, CYCLE, "--json", "--set", "cathode.thickness=5 um",
                "--set", "cathode.diffusivity=1e-13 m2/s")  # fmt: skip
    cell = json.loads(json.loads(done.stdout)["provenance"]["cell"])
    assert cell["cathode"]["thickness"] == 5e-6
    assert cell["cathode"]["diffusivity"]["value"] == 1e-13


def test_out_and_plot_are_written(tmp_path: Path) -> None:
    """A netCDF file that loads, and a figure."""
    out, plot = tmp_path / "run.nc", tmp_path / "run.png"
    done = call("run", WANG, CYCLE, "--out", out, "--plot", plot)
    assert done.exit_code == 0
    assert filmcell.load_result(out).ended[1] == "voltage reached 2.7 V"
    assert plot.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", "nowhere", CYCLE), '"nowhere" is neither a preset nor a file'),
        (("run", WANG, "Chrage at 1C"), "Chrage"),
        (("run", WANG, CYCLE, "--set", "cathode.thickness"), "expected key=value"),
        (("run", WANG, CYCLE, "--set", "cathode.thick=1 um"), "unknown key"),
        (("run", WANG, "Charge at 1C until 2.5 V"), "expected a limit above the cell's lower"),
        (("show", "nowhere"), "neither a preset nor a file"),
        (("reproduce", "nobody2020"), '"nobody2020" is not a paper that filmcell reproduces'),
    ],
)
def test_refusals_are_one_sentence_and_status_2(words: tuple[str, ...], sentence: str) -> None:
    """On standard error, without a traceback."""
    done = call(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert done.stderr.startswith("filmcell: ")
    assert done.stderr.count("\n") == 1


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    """Refused before the run, and left as it was."""
    out = tmp_path / "run.nc"
    out.write_text("precious")
    done = call("run", WANG, CYCLE, "--out", out)
    assert done.exit_code == 2
    assert "exists already" in done.stderr
    assert out.read_text() == "precious"


def test_errors_are_json_where_json_was_asked_for() -> None:
    """Programs get the sentence too."""
    done = call("run", "nowhere", CYCLE, "--json")
    assert done.exit_code == 2
    assert "neither a preset nor a file" in json.loads(done.stdout)["error"]


def test_show_tells_values_and_sources() -> None:
    """Every number, where it comes from, and what follows."""
    done = call("show", WANG)
    assert done.exit_code == 0
    for words in ("cathode.thickness", "published: ", "theoretical_capacity_mAh", "c_rate_basis"):
        assert words in done.stdout
    data = json.loads(call("show", WANG, "--json").stdout)
    assert data["figures"]["window_fraction_charged"] == pytest.approx(0.548796, abs=1e-6)


def test_reproduce_prints_writes_and_draws(tmp_path: Path) -> None:
    """The table, the JSON form and three figures."""
    out, figures = tmp_path / "new" / "claims.json", tmp_path / "figures"
    done = call("reproduce", "wang2023", "--json", out, "--figures", figures)
    assert done.exit_code == 0
    assert "over the 15 cells of 5 to 25 um: rms 5." in done.stdout
    assert "fits no reading" in done.stdout
    assert json.loads(out.read_text())["summary"]["rms_rel_error_15"] <= 0.055
    assert len(list(figures.glob("*.png"))) == 3


def test_reproduce_json_to_the_screen() -> None:
    """A dash writes the claims to standard output, and nothing else."""
    done = call("reproduce", "wang2023", "--json", "-")
    assert json.loads(done.stdout)["paper"].startswith("Wang")


def test_version() -> None:
    """The version is that of the package."""
    assert call("--version").stdout.strip() == f"filmcell {filmcell.__version__}"
