"""The commands of impedance: text, JSON without NaN, pictures, tables, refusals and exit status."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner, Result

import filmcell
from filmcell.cli.app import app
from filmcell.impedance.circuits import circuit_from_text
from filmcell.impedance.of_model import frequencies, impedance
from filmcell.impedance.readers import read_spectrum, write_csv
from filmcell.impedance.sandwich_file import load_sandwich
from filmcell.impedance.spectrum import Geometry, Spectrum

WANG = "wang2023-lco-lipon-li"
FILM = "p(R1,C1)-CPE2"
SIZE = ("--area", "0.0962 cm2", "--thickness", "350 nm")
PNG = b"\x89PNG"


def call(*words: str | Path) -> Result:
    """Run `filmcell eis` with these words."""
    return CliRunner().invoke(app, ["eis", *(str(w) for w in words)])


def strict(text: str) -> Any:
    """Read JSON as a strict parser does: NaN and Infinity are no numbers of it."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Spectra of a film between silver at three temperatures, with 0.5 % of noise."""
    where, cell = tmp_path_factory.mktemp("spectra"), load_sandwich("ag-llto-ag")
    noise = np.random.default_rng(5)
    for celsius in (25, 70, 120):
        exact = cell.at(celsius + 273.15).impedance(frequencies(1e7, 1e2)).spectrum
        shake = 1.0 + 5e-3 * (noise.standard_normal((len(exact), 2)) @ [1.0, 1.0j])
        write_csv(replace(exact, impedance=exact.impedance * shake), where / f"film_{celsius}C.csv")
    return where


@pytest.fixture(scope="module")
def cold(folder: Path) -> Path:
    """The spectrum at 25 degrees."""
    return folder / "film_25C.csv"


def test_simulate_prints_whole_decades_and_shares() -> None:
    """A table over frequency and one of shares, in ohm cm2, without rounding dust."""
    done = call("simulate", WANG, "--soc", "0.5", "--frequencies", "1 kHz:10 mHz")
    assert done.exit_code == 0
    for words in ("frequency (Hz)", "-Im (ohm cm2)", "shares (ohm cm2)", "cathode diffusion"):
        assert words in done.stdout
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert {"1000", "100", "10", "1", "0.1", "0.01"} <= set(lines)
    assert "e-0" not in done.stdout.partition("shares")[2].partition("cathode kinetics")[2]
    Z = impedance(filmcell.load_cell(WANG), [0.01], state_of_charge=0.5).impedance[0]
    assert_allclose(float(lines["0.01"][0]), Z.real * 1e4, rtol=1e-3)


def test_simulate_json_agrees_with_python() -> None:
    """SI numbers; the shares sum to the whole."""
    data = strict(call("simulate", WANG, "--x", "0.7", "--temperature", "60 degC", "--json").stdout)
    cell = filmcell.load_cell(WANG).replace({"temperature": "60 degC"})
    Z = impedance(cell, lithiation=0.7)
    assert data["temperature_K"] == pytest.approx(333.15)
    assert_allclose(data["real_ohm_m2"], Z.impedance.real, rtol=1e-12)
    summed = np.sum([v["imag_ohm_m2"] for v in data["parts"].values()], axis=0)
    assert_allclose(summed, data["imag_ohm_m2"], rtol=1e-5, atol=1e-12)


def test_simulate_changes_a_number() -> None:
    """--set goes to the cell."""
    words = ("simulate", WANG, "--soc", "0.5", "--frequencies", "10 kHz:1 kHz", "--json")
    before, after = (
        strict(call(*words, *more).stdout)
        for more in ((), ("--set", "contact_resistance=50 ohm cm2"))
    )
    more = np.array(after["real_ohm_m2"]) - np.array(before["real_ohm_m2"])
    assert_allclose(more, 5e-3, rtol=1e-6)


def test_simulate_a_sandwich_of_a_preset_and_of_a_file(tmp_path: Path) -> None:
    """Both name their parts; a temperature moves the film."""
    cold, hot = (
        strict(call("simulate", "ag-llto-ag", "--json", *more).stdout)
        for more in ((), ("--temperature", "120 degC"))
    )
    film = "LLTO, sputtered"
    assert hot["parts"][film]["real_ohm_m2"][-1] < 0.1 * cold["parts"][film]["real_ohm_m2"][-1]
    own = tmp_path / "own.toml"
    own.write_text(
        'area = "1 cm2"\n[left]\nkind = "blocking"\nname = "gold"\ncapacitance = "1 uF/cm2"\n'
        '[right]\nkind = "metal"\nmaterial = "lithium"\n[[layers]]\nmaterial = "lipon"\n'
        'thickness = "1 um"\n'
    )
    assert "left gold" in call("simulate", own).stdout


def test_the_table_of_a_simulation_reads_back(tmp_path: Path) -> None:
    """In ohm cm2, so with an area; and nothing is overwritten."""
    table = tmp_path / "table.csv"
    done = call("simulate", "li-lipon-li", "--frequencies", "1 MHz:10 Hz", "--csv", table)
    assert f"written: {table}" in done.stdout
    exact = load_sandwich("li-lipon-li").impedance(frequencies(1e6, 10.0))
    again = read_spectrum(table, geometry=Geometry(exact.area, 1e-6))
    assert_allclose(again.impedance, exact.spectrum.impedance, rtol=1e-12)
    kept = table.read_text()
    done = call("simulate", "li-lipon-li", "--csv", table)
    assert (done.exit_code, table.read_text()) == (2, kept)
    assert "exists already, expected the name of a new file" in done.stderr


def test_simulate_draws_alone_and_against_a_measurement(tmp_path: Path, cold: Path) -> None:
    """Both pictures are there, and differ; what was read of the measurement is said."""
    alone, both = tmp_path / "alone.png", tmp_path / "both.png"
    assert call("simulate", "ag-llto-ag", "--plot", alone).exit_code == 0
    done = call("simulate", "ag-llto-ag", "--plot", both, "--against", cold)
    assert "film_25C: 51 rows read, 51 used" in done.stdout
    assert alone.read_bytes()[:4] == both.read_bytes()[:4] == PNG
    assert alone.read_bytes() != both.read_bytes()


def test_check_says_a_verdict(cold: Path, tmp_path: Path) -> None:
    """In a sentence with its line, in JSON, and as a picture."""
    plot = tmp_path / "kk.png"
    done = call("check", cold, "--plot", plot)
    assert done.exit_code == 0
    assert "film_25C: 51 rows read, 51 used\n" in done.stdout
    assert "film_25C: passes the Kramers-Kronig test" in done.stdout
    assert plot.read_bytes()[:4] == PNG
    data = strict(call("check", cold, "--json").stdout)
    assert data["passes"] is True
    assert data["rms"] < data["line"] == 0.015
    assert (data["rows_read"], data["rows_used"], data["set_aside"]) == (51, 51, {})


def test_check_of_a_bad_spectrum_does_not_pass(tmp_path: Path, cold: Path) -> None:
    """Exit status 0: the question was answered."""
    s = read_spectrum(cold)
    bad = tmp_path / "bad.csv"
    write_csv(replace(s, impedance=s.impedance * np.where(s.frequency < 1e4, 1.2, 1.0)), bad)
    done = call("check", bad, "--json")
    data = strict(done.stdout)
    assert (done.exit_code, data["passes"]) == (0, False)
    assert data["violations_Hz"]


def test_what_was_left_out_is_counted(cold: Path) -> None:
    """--between says how many it sets aside, in words and in JSON."""
    words = ("check", cold, "--between", "1 kHz:1 MHz")
    assert "51 rows read, 31 used; set aside: 20 outside the range" in call(*words).stdout
    data = strict(call(*words, "--json").stdout)
    assert data["rows_read"] == data["rows_used"] + sum(data["set_aside"].values()) == 51


def test_rows_that_cannot_be_used_are_told_on_both_streams(tmp_path: Path) -> None:
    """The count in the answer, the warning on standard error."""
    rows = [f"{f:g},{10 + 5 / (1 + f):g},{-f / (1 + f * f):g}" for f in np.logspace(4, 0, 13)]
    rows.insert(3, "nan,1,1")
    file = tmp_path / "with_nan.csv"
    file.write_text("f/Hz,Re/ohm,Im/ohm\n" + "\n".join(rows) + "\n")
    done = call("check", file)
    assert "14 rows read, 13 used; set aside: 1 nan or infinite" in done.stdout
    assert done.stderr == "filmcell: 1 of 14 rows set aside: nan or infinite (line 5)\n"


def test_fit_of_a_circuit(cold: Path, tmp_path: Path) -> None:
    """Values with intervals and units, the arc with its meaning, a picture; the same in JSON."""
    plot = tmp_path / "fit.png"
    done = call("fit", cold, "--circuit", FILM, *SIZE, "--plot", plot)
    assert done.exit_code == 0
    for words in ("p(R1,C1)-CPE2, 0.", "95% from", "S s^n", "bulk", "suits a bulk"):
        assert words in done.stdout
    assert plot.read_bytes()[:4] == PNG
    data = strict(call("fit", cold, "--circuit", FILM, *SIZE, "--json").stdout)
    low, high = data["intervals"]["R1"]
    assert low < data["values"]["R1"] < high
    assert data["values"]["R1"] == pytest.approx(38.06, rel=0.02)
    (arc,) = data["arcs"]
    assert arc["meaning"] == "bulk"
    assert arc["permittivity"] == pytest.approx(100.0, rel=0.02)
    assert data["circuit"] == str(circuit_from_text(FILM))


def test_a_parameter_at_its_bound_is_null_in_json_and_a_dash_in_words(cold: Path) -> None:
    """A resistor that is not there has no interval; NaN is no JSON."""
    words = ("fit", cold, "--circuit", "R0-p(R1,C1)-CPE2")
    done = call(*words)
    assert "R0 ended at its bound" in done.stdout
    assert "nan" not in done.stdout
    assert strict(call(*words, "--json").stdout)["intervals"]["R0"] == [None, None]


@pytest.fixture(scope="module")
def rough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A depressed arc behind a resistor."""
    f, noise = frequencies(1e6, 1.0), np.random.default_rng(9)
    values = {"R0": 20.0, "R1": 300.0, "CPE1_Q": 1e-6, "CPE1_n": 0.85}
    Z = circuit_from_text("R0-p(R1,CPE1)").impedance(2 * np.pi * f, values)
    file = tmp_path_factory.mktemp("rough") / "rough.csv"
    write_csv(Spectrum(f, Z * (1 + 5e-3 * (noise.standard_normal((f.size, 2)) @ [1, 1j]))), file)
    return file


def test_fit_proposes_a_circuit(rough: Path) -> None:
    """With what it was compared to; the first is the best."""
    data = strict(call("fit", rough, "--json").stdout)
    assert data["circuit"] == "R0-p(R1,CPE1)"
    assert data["rms"] < 0.01
    assert data["determined"]
    criteria = [other["aicc"] for other in data["compared"]]
    assert criteria == sorted(criteria)
    assert len(criteria) > 3
    words = call("fit", rough).stdout
    assert f"{len(criteria)} circuits were tried" in words
    assert "AICc above best" in words


def test_fit_proposes_what_describes_an_ideal_capacitor(cold: Path) -> None:
    """What is proposed describes the spectrum, whatever else it is."""
    assert strict(call("fit", cold, "--json", *SIZE).stdout)["rms"] < 0.01


def test_drt_tells_peaks(cold: Path, tmp_path: Path) -> None:
    """The film's relaxation; a table, a picture, and JSON with both curves."""
    csv, plot = tmp_path / "drt.csv", tmp_path / "drt.png"
    done = call("drt", cold, "--csv", csv, "--plot", plot)
    assert "taken out in series: " in done.stdout
    assert "peak (Hz)" in done.stdout
    head, *rows = csv.read_text().splitlines()
    assert head.startswith("tau (s),gamma (ohm),low (ohm),high (ohm)")
    assert plot.read_bytes()[:4] == PNG
    data = strict(call("drt", cold, "--json").stdout)
    assert len(data["tau_s"]) == len(data["gamma_ohm"]) == len(rows)
    assert data["peaks"][0]["resistance_ohm"] == pytest.approx(38.06, rel=0.1)
    done = call("drt", cold, "--csv", csv)
    assert done.exit_code == 2


def test_arrhenius_tells_both_energies(folder: Path, tmp_path: Path) -> None:
    """From the names of the files in a folder; ln sigma T is the larger by k T."""
    plot = tmp_path / "arrhenius.png"
    where = ("--in-name", "_(?P<celsius>[0-9]+)C")
    done = call("arrhenius", folder, "--circuit", FILM, *where, *SIZE, "--plot", plot)
    assert done.exit_code == 0
    assert "film_25C: 51 rows read, 51 used" in done.stdout
    assert "eV (ln sigma T), 95 % from" in done.stdout
    assert plot.read_bytes()[:4] == PNG
    data = strict(call("arrhenius", folder, "--circuit", FILM, *where, "--json").stdout)
    assert data["temperature_K"] == [298.15, 343.15, 393.15]
    by = {a["relation"]: a["energy_eV"] for a in data["activation"]["R1"]}
    assert by["ln sigma"] == pytest.approx(0.33, abs=0.01)
    assert by["ln sigma T"] - by["ln sigma"] == pytest.approx(0.0294, abs=2e-3)


def test_arrhenius_takes_a_list_of_temperatures_and_two_points(folder: Path) -> None:
    """Two points have no interval: null, not NaN or Infinity."""
    files = [folder / f"film_{c}C.csv" for c in (120, 25)]
    data = strict(
        call("arrhenius", *files, "--circuit", FILM, "--temperatures", "120 degC, 298.15 K",
             "--json").stdout
    )  # fmt: skip
    assert data["temperature_K"] == [298.15, 393.15]
    for found in data["activation"]["R1"]:
        assert found["interval_eV"] == [None, None]
        assert found["error_eV"] is None


REFUSED = [
    (("check", "nowhere.csv"), "nowhere.csv: cannot be read"),
    (("check", "FILE", "--between", "1 kHz"), '--between "1 kHz": expected two such as'),
    (("check", "FILE", "--between", "1 Hz:2 Hz"), '--between "1 Hz:2 Hz": film_25C: 0 points'),
    (("check", "FILE", "--format", "foo"), '--format "foo": expected one of '),
    (("check", "BARE"), "expected columns=Columns(0, 1, 2)"),
    (("check", "BARE"), "; here: --columns 0,1,2 or 0,1,-2"),
    (("fit", "FILE", "--area", "1 cm2"), "--thickness is missing, expected both area and"),
    (("fit", "FILE", "--thickness", "1 um"), "--area is missing, expected both"),
    (("fit", "FILE", "--area", "1 um", "--thickness", "1 um"), '"1 um" is not an area'),
    (("fit", "FILE", "--columns", "0,1"), '--columns "0,1": expected three such as 0,1,-2'),
    (("fit", "FILE", "--columns", "0,-1,2"), '--columns "0,-1,2": expected three such as'),
    (("fit", "FILE", "--columns", "0,1,9"), "film_25C.csv: "),
    (("fit", "FILE", "--circuit", "R0-p(R1,Wo1)"), "Wo is not an element, expected one of R, C, L"),
    (("fit", "FILE", "--circuit", "R0-p(R1"), 'it ends too early, expected "," or ")"'),
    (("fit", "FILE", "--circuit", ""), 'circuit "": it ends too early'),
    (("simulate", "nowhere"), '"nowhere" is neither a preset nor a file'),
    (("simulate", "nowhere"), "ag-llto-ag, li-lipon-li"),
    (("simulate", WANG, "--frequencies", "1 MHz"), '--frequencies "1 MHz": expected two such as'),
    (("simulate", WANG, "--frequencies", "1 m:1 Hz"), '"1 m" is not a frequency'),
    (("simulate", WANG, "--frequencies", "1 Hz:1 Hz"), "expected a higher, a lower and"),
    (("simulate", WANG, "--soc", "2"), "state_of_charge: 2, expected one from 0 to 1"),
    (("simulate", WANG, "--soc", "nan"), "state_of_charge: nan, expected one from 0 to 1"),
    (("simulate", WANG, "--soc", "0.5", "--x", "0.6"), "are both given, expected one of them"),
    (("simulate", "ag-llto-ag", "--soc", "0.5"), "--soc: ag-llto-ag is a symmetric or blocking"),
    (("simulate", "ag-llto-ag", "--set", "a=1"), "--set: ag-llto-ag is a symmetric or blocking"),
    (("simulate", "ag-llto-ag", "--temperature", "20 m"), '"20 m" is not a temperature'),
    (("simulate", "ag-llto-ag", "--against", "FILE"), "--against: nothing is drawn"),
    (("simulate", "ag-llto-ag", "--plot", "nowhere/a.png"), "the folder nowhere does not exist"),
    (("arrhenius", "FILE", "--circuit", "R0"), "expected one of --in-name, --in-header and"),
    (
        ("arrhenius", "FILE", "--circuit", "R0", "--temperatures", "25 degC, 30 degC"),
        "--temperatures: 2 for 1 files, expected as many",
    ),
    (("arrhenius", "FILE", "--circuit", "R0", "--in-name", "(x"), '"(x" is not a pattern'),
    (("arrhenius", "FILE", "--circuit", "R0", "--in-name", "x"), "expected a group"),
    (("arrhenius", "FILE", "--circuit", "R0", "--in-name", "(?P<celsius>Q)"), "no temperature in"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_refusals_are_one_sentence_and_status_2(
    words: tuple[str, ...], sentence: str, cold: Path, tmp_path: Path
) -> None:
    """On standard error, without a traceback; with --json on standard output too."""
    bare = tmp_path / "bare.txt"
    bare.write_text("1000 10 5\n100 20 8\n10 35 6\n1 40 1\n")
    given = [str({"FILE": cold, "BARE": bare}.get(word, word)) for word in words]
    done = call(*given)
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("filmcell: ")
    assert done.stderr.count("\n") == 1
    told = call(*given, "--json")
    assert told.exit_code == 2
    assert strict(told.stdout) == {"error": done.stderr.removeprefix("filmcell: ").strip()}
