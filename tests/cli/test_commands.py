"""The commands: what they print, their JSON, their exit status and their refusals."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import filmcell
from filmcell.cli.app import app
from filmcell.simulation.explain import explain

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
        (
            ("reproduce", "nobody2020"),
            'filmcell: "nobody2020" is not a paper that filmcell reproduces, expected one of '
            "danilov2011, raijmakers2020, tan2021-llto, wang2023\n",
        ),
        (("explain", "nothing.nc"), "nothing.nc: cannot be read (there is no such file)\n"),
        (
            ("explain", "nothing.nc", "--points", "0,half"),
            'filmcell: --points "0,half": expected percentages from 0 to 100 such as 0,50,100\n',
        ),
        (
            ("explain", "nothing.nc", "--points", "-1"),
            'filmcell: --points "-1": expected percentages from 0 to 100 such as 0,50,100\n',
        ),
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


@pytest.mark.parametrize(
    ("paper", "sentences", "drawn"),
    [
        (
            "danilov2011",
            (
                "Reading: reproducing k_r", "Reading: printed k_r", "contradicts itself: INSTANT",
                "25 of 31 claims reproduced", "electrolyte at least half of the loss",
            ),
            ["discharges.png", "electrolyte_losses.png", "electrolyte_profiles.png"],
        ),
        (
            "raijmakers2020",
            (
                "Reading: published parameters, nothing calibrated",
                "43 of 45 claims reproduced; missed: NERNST, SIMULATED-6C",
                "needed for the paper's simulation",
                "calibrated: cathode.diffusivity, factor at its knots from 0.65 to 0.85 = 0.785",
            ),
            ["capacity_over_rate.png", "ladder.png", "losses_1C.png", "profiles.png"],
        ),
    ],
)  # fmt: skip
def test_papers_are_reproduced(
    tmp_path: Path, paper: str, sentences: tuple[str, ...], drawn: list[str]
) -> None:
    """The tables, the JSON form of every paper, and the figures."""
    out, figures = tmp_path / "claims.json", tmp_path / "figures"
    done = call("reproduce", paper, "--json", out, "--figures", figures)
    assert done.exit_code == 0
    text = " ".join(done.stdout.split())
    for sentence in sentences:
        assert sentence in text
    data = json.loads(out.read_text())
    assert list(data) == [
        "paper", "doi", "reading", "claims", "calibrated", "summary", "other_readings", "origins",
        "notes",
    ]  # fmt: skip
    assert sorted(p.name for p in figures.glob("*")) == drawn
    assert all(p.read_bytes()[:4] == b"\x89PNG" for p in figures.glob("*"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two steps with current and a rest between them."""
    out = tmp_path_factory.mktemp("run") / "run.nc"
    text = "Discharge at 51.2C until 3 V; Rest for 1 min; Charge at 10C for 3 min"
    done = call("run", "danilov2011", text, "--out", out)
    assert done.exit_code == 0
    assert "1C = 0.01 mA, of the nominal capacity 0.01 mAh" in done.stdout
    return out


def test_explain_prints_every_step_with_current(saved: Path) -> None:
    """A table each, the losses by name, and the sum."""
    done = call("explain", saved)
    assert done.exit_code == 0
    for words in ("step 1, losses in mV: voltage reached 3 V", "step 3, losses in mV: 3 min passed",
                  "electrolyte migration", "mean cost", "100.0 %"):  # fmt: skip
        assert words in done.stdout
    assert "step 2" not in done.stdout
    only = call("explain", saved, "--step", "3", "--points", "0,33.3")
    assert "step 1" not in only.stdout
    assert "33.3 %" in only.stdout


def test_explain_json_csv_and_plot(saved: Path, tmp_path: Path) -> None:
    """Plain data that agrees with Python, a table for other programs, and a figure."""
    csv, plot = tmp_path / "losses.csv", tmp_path / "losses.png"
    done = call("explain", saved, "--json", "--csv", csv, "--plot", plot)
    data = json.loads(done.stdout)
    assert [step["step"] for step in data["steps"]] == [1, 3]
    told = explain(filmcell.load_result(saved), 1)
    assert data["steps"][0]["mean_mV"] == {k: v * 1e3 for k, v in told.mean.items()}
    assert sum(data["steps"][1]["share_percent"].values()) == pytest.approx(100.0, abs=1e-9)
    assert data["provenance"]["hash"]
    assert len(csv.read_text().splitlines()) == 15
    assert plot.read_bytes()[:4] == b"\x89PNG"


def test_explain_refuses(saved: Path, tmp_path: Path) -> None:
    """A rest, a step that is not there, a run without current, and to overwrite."""
    for words, sentence in (
        (("--step", "2"), "step 2 passes no charge, expected one that does: 1, 3"),
        (("--step", "4"), "step 4 does not exist, expected 1 to 3"),
        (("--csv", saved), f"{saved}: exists already, expected the name of a new file"),
    ):
        done = call("explain", saved, *words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == f"filmcell: {sentence}\n"
    rest = tmp_path / "rest.nc"
    call("run", "danilov2011", "Rest for 1 min", "--out", rest)
    done = call("explain", rest, "--json")
    sentence = f"{rest}: no step passes a charge, expected a run with current"
    assert json.loads(done.stdout) == {"error": sentence}


def test_run_tells_what_a_c_rate_is_and_how_warm_it_got(tmp_path: Path) -> None:
    """The basis only where C-rates stand, the temperature only with a heat balance."""
    assert "1C =" not in call("run", WANG, CYCLE).stdout
    done = call("run", WANG, "Charge at C/10 until 4.2 V")
    assert "1C = 1 mA, of the theoretical capacity, 0.5 lithium per site" in done.stdout
    assert "warmest" not in done.stdout
    preset = Path(filmcell.__file__).parent / "cell" / "presets" / "danilov2011.toml"
    hot = tmp_path / "hot.toml"
    heat = '\n[heat]\nheat_capacity = "1 J/(m2 K)"\nheat_transfer_coefficient = "10 W/(m2 K)"\n'
    hot.write_text(preset.read_text("utf-8") + heat, "utf-8")
    done = call("run", hot, "Discharge at 51.2C; Rest for 1 min")
    assert "warmest 298.45 K (25.30 C) in step 1, from 298.15 K" in done.stdout


def test_version() -> None:
    """The version is that of the package."""
    assert call("--version").stdout.strip() == f"filmcell {filmcell.__version__}"
