"""Every format is read to the numbers that are in the file, and asks for what the file hides."""

import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmcell.errors import InputError, MissingExtra
from filmcell.impedance.readers import (
    CHI,
    FORMATS,
    GAMRY,
    PLAIN,
    Column,
    Columns,
    InHeader,
    InName,
    Minus,
    Polar,
    read_series,
    read_spectrum,
    read_sweeps,
    write_csv,
)
from filmcell.impedance.readers.headings import meaning, unit_named
from filmcell.impedance.spectrum import Geometry, Spectrum

SHARED = Path(__file__).parents[3] / "shared" / "data" / "impedance"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")

PLAIN_COLUMNS = Columns(0, 1, 2)

# G1 of SOURCES.md: points, f max, f min, Re min, Re max; * three columns without headings
GOLDEN = """
solid_state/hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.mpr 79 7.00002e+06 0.1 359.241 1.79943e+06
solid_state/hybrid-drt/PEIS_SSB.mpr 89 7.00002e+06 0.009997 49.0087 2416.7
instruments/battery-data-format/PEIS-0.mpr 60 10001 0.009313 5.52131 95.2886
solid_state/EISFitpython/Example2a.txt 51 1e+06 0.3 3805.59 218315
solid_state/EISFitpython/Example2c.txt 42 1e+06 0.04 17362.7 1.03494e+07
solid_state/EISFitpython/s04147-140deg.txt 42 1e+06 0.03 22142.3 3.27266e+06
solid_state/EISFitpython/s04147-150deg.txt 42 1e+06 0.03 22696.8 2.03344e+06
solid_state/EISFitpython/s04147-160deg.txt 42 1e+06 0.03 21112.2 1.32853e+06
solid_state/EISFitpython/s04147-180deg.txt 41 1e+06 0.04577 19624.1 547582
solid_state/EISFitpython/s04147-190deg.txt 41 1e+06 0.04577 17693.8 381677
solid_state/EISFitpython/s04147-200deg.txt 40 1e+06 0.06984 15859.6 235592
synthetic/pyDRTtools/LIB_data.txt* 107 999.04 0.005001 0.112363 0.151736
instruments/impedance.py/Circuit1_EIS_1.z 48 50000 1 29.036 75.833
instruments/impedance.py/Circuit2_EIS_1.z 56 300000 1 147.77 654.9
instruments/impedance.py/exampleData.csv* 66 10000 0.003162 0.0150869 0.0494999
instruments/impedance.py/exampleDataCHInstruments.txt 73 99610 0.1 98.91 5685
"""


def golden() -> list[tuple[str, bool, list[float]]]:
    """Path, whether columns are needed, and the five numbers of each line."""
    lines = [line.split() for line in GOLDEN.strip().splitlines()]
    return [(p.rstrip("*"), p.endswith("*"), [float(x) for x in rest]) for p, *rest in lines]


@needs_shared
@pytest.mark.parametrize(("path", "bare", "numbers"), golden(), ids=lambda x: Path(str(x)).name)
def test_golden_numbers(path: str, bare: bool, numbers: list[float]) -> None:
    """Points and ranges of G1, to the digits that are printed there."""
    if path.endswith(".mpr"):
        pytest.importorskip("galvani", reason="filmcell[biologic] is not installed")
    s = read_spectrum(SHARED / path, columns=PLAIN_COLUMNS if bare else None)
    points, *ranges = numbers
    assert len(s) == s.read == points
    assert not s.set_aside
    R = s.impedance.real
    found = [s.frequency[0], s.frequency[-1], R.min(), R.max()]
    # G1 prints 0.1 for 0.100022 and 0.03 for 0.03: the lowest frequencies to three digits
    np.testing.assert_allclose(found, ranges, rtol=3e-4, atol=0)
    np.testing.assert_allclose(found[2:], ranges[2:], rtol=5e-6, atol=0)
    assert s.geometry is None
    assert s.temperature is None


OTHERS = {
    "instruments/PyEIS/ex1.mpt": (59, "2 sweeps in the file"),
    "instruments/impedance.py/exampleDataAutolab.txt": (41, ""),
    "instruments/impedance.py/exampleDataBioLogic.mpt": (43, ""),
    "instruments/impedance.py/exampleDataGamry.DTA": (72, ""),
    "instruments/impedance.py/exampleDataGamryABORT.DTA": (72, "the measurement was aborted"),
    "instruments/impedance.py/exampleDataVersaStudio.par": (61, ""),
    "instruments/impedance.py/exampleDataZPlot.z": (21, "the head states 56 points, 21 rows"),
    "solid_state/hybrid-drt/EISGALV_EISTest3.DTA": (71, ""),
    "solid_state/hybrid-drt/PEIS_LPSCl_IonBlocking_-25C.txt": (79, ""),
    "solid_state/hybrid-drt/PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt": (79, ""),
    "synthetic/pyDRTtools/1ZARC.csv": (81, ""),
    "synthetic/pyDRTtools/2ZARC0.csv": (81, ""),
}


@needs_shared
@pytest.mark.parametrize("path", OTHERS, ids=lambda p: Path(p).name)
def test_other_files(path: str) -> None:
    """The other files: as many points as rows, and what they are warned of."""
    points, words = OTHERS[path]
    s = read_spectrum(SHARED / path)
    assert len(s) == points
    assert s.read == len(s) + sum(s.set_aside.values())
    said = [w for w in s.warnings if "imaginary part above" not in w]
    assert any(w.startswith(words) for w in said) if words else not said


@needs_shared
def test_three_programs_tell_the_same_spectrum() -> None:
    """EC-Lab's binary and text and RelaxIS's export of one measurement agree."""
    pytest.importorskip("galvani", reason="filmcell[biologic] is not installed")
    folder = SHARED / "solid_state/hybrid-drt"
    name = "PEIS_LPSCl_IonBlocking_-25C"
    mpr, text, relaxis = (
        read_spectrum(folder / (name + e)) for e in (".mpr", ".txt", "_RelaxIS.txt")
    )
    np.testing.assert_array_equal(mpr.impedance, relaxis.impedance)
    np.testing.assert_array_equal(mpr.frequency, relaxis.frequency)
    np.testing.assert_allclose(mpr.impedance, text.impedance, rtol=1e-7, atol=0)
    np.testing.assert_allclose(mpr.frequency, text.frequency, rtol=1e-7, atol=0)
    assert text.provenance["instrument"] == "SP-300 (SN 1787)"
    assert "0.001 cm2 is a default, not your cell" in text.provenance["remark"]


@needs_shared
def test_two_sweeps_of_one_file() -> None:
    """Both loops of EC-Lab are read, the first alone counts the second as set aside."""
    path = SHARED / "instruments/PyEIS/ex1.mpt"
    one, two = read_sweeps(path)
    assert (len(one), len(two)) == (59, 59)
    assert one.impedance[0] == 428.90558 - 372.31183j
    assert two.provenance["sweep"] == "2 of 2"
    assert dict(read_spectrum(path).set_aside) == {"of another sweep in the file": 59}


@needs_shared
def test_what_is_no_spectrum_is_refused() -> None:
    """CHI's binary, a table of relaxation times and a page of text: one sentence each."""
    for path, words in {
        "instruments/EISMaster_CHI/Ag_EIS_OCV.bin": "layout is not published, expected its export",
        "synthetic/pyDRTtools/gamma_data1.csv": 'no columns of frequency.* among "tau", "gamma"',
        "solid_state/hybrid-drt/sample_info.txt": "no rows of numbers",
    }.items():
        with pytest.raises(InputError, match=words):
            read_spectrum(SHARED / path)


@needs_shared
@pytest.mark.parametrize("path", ["LIB_data.txt", "exampleData.csv"])
def test_three_bare_columns_are_asked_for(path: str) -> None:
    """The sign of the third column is nobody's to guess."""
    (file,) = SHARED.rglob(path)
    with pytest.raises(InputError, match=re.escape("columns=Columns(0, 1, Minus(2))")):
        read_spectrum(file)
    wrong = read_spectrum(file, columns=Columns(0, 1, Minus(2)))
    assert "imaginary part above 0 at most frequencies" in wrong.warnings[-1]


# One spectrum as every program writes it. The numbers have few digits so that all hold them.

F = [10000.0, 1000.0, 100.0, 10.0, 1.0, 0.1]
Z = [10.5 - 1.25j, 12.0 - 4.5j, 20.0 - 8.0j, 30.0 - 5.5j, 36.5 - 2.5j, 38.0 - 12.0j]


def rows(form: str, sep: str = "\t", start: str = "") -> str:
    """A row for each point; the form names f, r, i (imaginary), m (minus it), z, p, n."""
    made = []
    for n, (f, z) in enumerate(zip(F, Z, strict=True)):
        values = {"f": f, "r": z.real, "i": z.imag, "m": -z.imag, "z": abs(z),
                  "p": np.degrees(np.angle(z)), "n": n, "0": 0}  # fmt: skip
        cells = [f"{values[c]:.7g}" if c != "n" else str(n) for c in form]
        made.append(start + sep.join(cells) + "\n")
    return "".join(made)


def chi() -> str:
    """Rows as CHI writes them: 9.961e+4, 9.891e+1, ..."""
    made = ""
    for f, z in zip(F, Z, strict=True):
        numbers = [f"{x:.3e}" for x in (f, z.real, z.imag, abs(z))]
        short = [re.sub(r"e([+-])0", r"e\1", x) for x in numbers]
        made += ", ".join(short) + f", {np.degrees(np.angle(z)):.1f}\n"
    return made


EC_LAB = (
    "EC-Lab ASCII FILE\nNb header lines : 8\n\nPotentio Electrochemical Impedance Spectroscopy\n\n"
    "Device : SP-300 (SN 1)\nElectrode surface area : 0.001 cm\xb2\n"
)
EC_NAMES = "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\tcycle number\t\n"
GAMRY_HEAD = (
    "EXPLAIN\nTAG\tEISPOT\nTITLE\tLABEL\tPotentiostatic EIS\tTest\nDATE\tLABEL\t3/18/2020\tDate\n"
    "PSTAT\tPSTAT\tREF600P-1\tPotentiostat\nAREA\tQUANT\t1.00000E+000\t&Area (cm^2)\n"
    "OCVCURVE\tTABLE\t2\n\tPt\tT\tVf\n\t#\ts\tV\n\t0\t0.2\t0.1\n\t1\t0.5\t0.1\n"
)
GAMRY_NAMES = "\tPt\tFreq\tZreal\tZimag\tZmod\tZphz\n\t#\tHz\tohm\tohm\tohm\t\xb0\n"
Z60W = "  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range"
ZPLOT2 = "ZPLOT2 ASCII\n  Measured Data, ZPlot:   3.2c\n    Surface Area:   1\n  Data Points:  6\n"
VERSA = (
    "<Application>\nName=VersaStudio\nVersion=2.52\n</Application>\n<Segment1>\nType=2\nVersion=3\n"
    "Definition=Segment, Point, E(V), E Real, E Imag, Frequency(Hz), Z Real, Z Imag, Z2, 0\n"
)
RELAXIS_HEAD = (
    "RelaxIS 3.0 Spectrum export\nDate: 12/16/2025 2:29:15 PM\n"
    "Data: Frequency\tData: Z'\tData: Z''\tData: |Z|\tData: Theta (Z)\n"
    "DC=-0.08, TM=33.7\tModel: Unassigned Spectra\tone\t\t\n"
)
NOVA_NAMES = "Index;Frequency (Hz);Z' (\u03a9);-Z'' (\u03a9);Z (\u03a9);-Phase (\xb0);Time (s)\n"


def upside_down(text: str) -> str:
    """The same lines from the last to the first."""
    return "".join(reversed(text.splitlines(keepends=True)))


def with_commas(text: str) -> str:
    """Decimal commas."""
    return text.replace(".", ",")


def in_utf16(text: str) -> bytes:
    """Two bytes a character, as some programs of Windows write."""
    return text.encode("utf-16")


DIALECTS: dict[str, tuple[str, str | bytes]] = {
    "chi with head": (
        "CH Instruments text",
        "Feb. 20, 2020   15:55:08\nA.C. Impedance\nInstrument Model:  CHI660E\nHeader: \n\n"
        "High Frequency (Hz) = 2e+6\n\nFreq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg\n\n" + chi(),
    ),
    "chi with headings only": (
        "CH Instruments text",
        "Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg\n\n" + chi(),
    ),
    "chi with nothing": ("CH Instruments text", chi()),
    "chi with head but no headings": (
        "CH Instruments text",
        "Feb. 20, 2020\nA.C. Impedance\n\n" + chi(),
    ),
    "mpt": ("EC-Lab text", EC_LAB + EC_NAMES + rows("frmzpn")),
    "mpt with CR LF": ("EC-Lab text", (EC_LAB + EC_NAMES + rows("frmzpn")).replace("\n", "\r\n")),
    "mpt without head": ("EC-Lab text", EC_NAMES + rows("frmzpn")),
    "mpt with decimal commas": (
        "EC-Lab text",
        with_commas(EC_LAB) + EC_NAMES + with_commas(rows("frmzpn")),
    ),
    "mpt with other columns": (
        "EC-Lab text",
        EC_LAB.replace("EC-Lab", "BT-Lab")
        + "cycle number\tfreq/Hz\t|Z|/Ohm\tRe(Z)/Ohm\t-Im(Z)/Ohm\n"
        + rows("nfzrm"),
    ),
    "mpt with modulus and phase only": (
        "EC-Lab text",
        EC_LAB + "freq/Hz\t|Z|/Ohm\tPhase(Z)/deg\n" + rows("fzp"),
    ),
    "gamry": (
        "Gamry DTA",
        GAMRY_HEAD + "ZCURVE\tTABLE\t6\n" + GAMRY_NAMES + rows("nfrizp", start="\t"),
    ),
    "gamry aborted, galvanostatic": (
        "Gamry DTA",
        "EXPLAIN\nTAG\tGALVEIS\nZCURVE\tTABLE\n"
        + GAMRY_NAMES
        + rows("nfrizp", start="\t")
        + "EXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\nFRACURVE\tTABLE\t1\n\tPt\tT\n\t0\t2\n",
    ),
    "gamry with decimal commas": (
        "Gamry DTA",
        "EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n"
        + GAMRY_NAMES
        + with_commas(rows("nfrizp", start="\t")),
    ),
    "zplot 2": (
        "ZPlot or ZView",
        ZPLOT2 + "  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\t"
        "Err\tRange\nEnd Comments\n" + rows("f000ri000"),
    ),
    "zplot 2 without headings": (
        "ZPlot or ZView",
        ZPLOT2 + "End Comments\n" + rows("f000ri000", ",  "),
    ),
    "z60w": (
        "ZPlot or ZView",
        '\ufeff"Z60W Data File: Version 1.1"\n""\n""\n0,2,0,1,0.1,10000\n6\n'
        f'"{Z60W}"\n' + rows("f000ri000", ","),
    ),
    "zview": (
        "ZPlot or ZView",
        f'"ZView Calculated Data File: Version 1.1"\n"{Z60W}"\n' + rows("f000ri000", ",  "),
    ),
    "zplotw": (
        "ZPlot or ZView",
        f'"ZPlotW Data File: Version 2.6b"\n"Sweep"\n6\n"{Z60W}"\n' + rows("f000ri000", ", "),
    ),
    "versastudio": (
        "VersaStudio",
        VERSA + rows("0n000frin", ",") + "</Segment1>\n<Graph1>\n</Graph1>",
    ),
    "relaxis": ("RelaxIS export", RELAXIS_HEAD + upside_down(rows("frizp"))),
    "nova": ("Autolab NOVA", NOVA_NAMES + rows("nfrmzp0", ";")),
    "nova with decimal commas": ("Autolab NOVA", NOVA_NAMES + with_commas(rows("nfrmzp0", ";"))),
    "windeta": (
        "Novocontrol WinDETA",
        "p1_25deg\nDiameter[mm]: 1.300e+01  Thickness[mm]: 7.500e-01  "
        "Electrode Thickness[mm]: 4.00e+00\nFixed value(s) :  AC Volt  [Vrms]=7.1e-03  \n"
        "   Freq.[Hz]   \tZs'[ohm]  \tZs''[ohm]\n" + rows("fri", "\t "),
    ),
    "pydrttools": ("pyDRTtools", ",Freq,Real,Imag\n" + rows("nfri", ",")),
    "plain": ("plain table", "f/Hz,Re/ohm,Im/ohm\n" + rows("fri", ",")),
    "plain, cut after the last digit": (
        "plain table",
        "f/Hz,Re/ohm,Im/ohm\n" + rows("fri", ",").rstrip("\n"),
    ),
    "plain in units": (
        "plain table",
        "Frequency (kHz);Z' [mohm];-Z'' [Mohm]\n"
        + "".join(
            f"{f / 1e3!r};{z.real * 1e3!r};{-z.imag / 1e6!r}\n" for f, z in zip(F, Z, strict=True)
        ),
    ),
    "plain with a row of units": ("plain table", "f\tZreal\tZimag\nHz\tOhm\tOhm\n" + rows("fri")),
    "plain with quotes": (
        "plain table",
        '"freq [Hz]","Re(Z) [ohm]","-Im(Z) [ohm]"\n'
        + "".join(
            f'"{f}", "{z.real}" ,"{-z.imag}"\n'.replace(".", ",") for f, z in zip(F, Z, strict=True)
        ),
    ),
    "plain behind a sign": (
        "plain table",
        "# frequency/Hz  Re(Z)/ohm  Im(Z)/ohm\n" + rows("fri", " "),
    ),
    "plain in blanks": ("plain table", "f/Hz   Re/\u03a9   Im/\u03a9\n" + rows("fri", "    ")),
    "plain in bars": ("plain table", "f/Hz|Re/Ohm|Im/Ohm\n" + rows("fri", "|")),
    "plain, headings with commas": ("plain table", "f/Hz,Re/Ohm,Im/Ohm\n" + rows("fri", ";")),
    "plain with angular frequency": (
        "plain table",
        "omega/rad/s,Re/ohm,Im/ohm\n"
        + "".join(f"{2 * np.pi * f!r},{z.real},{z.imag}\n" for f, z in zip(F, Z, strict=True)),
    ),
    "plain with modulus and phase": (
        "plain table",
        "freq/Hz,|Z|/ohm,-phase/rad\n"
        + "".join(f"{f},{abs(z)!r},{-float(np.angle(z))!r}\n" for f, z in zip(F, Z, strict=True)),
    ),
    "plain in two bytes": (
        "plain table",
        in_utf16("f/Hz,Re/\u03a9,Im/\u03a9\n" + rows("fri", ",")),
    ),
    "plain in latin-1": (
        "plain table",
        ("caf\xe9\nf/Hz,Re/ohm,Im/ohm\n" + rows("fri", ",")).encode("latin-1"),
    ),
    "plain, old Macintosh": (
        "plain table",
        ("f/Hz,Re/ohm,Im/ohm\n" + rows("fri", ",")).replace("\n", "\r"),
    ),
}


def written(path: Path, text: str | bytes) -> Path:
    """A file with a text."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialects(dialect: str, tmp_path: Path) -> None:
    """Each dialect is recognised whatever the file is called, and gives the same six points."""
    form, text = DIALECTS[dialect]
    s = read_spectrum(written(tmp_path / "a.dat", text))
    assert s.provenance["format"] == form
    np.testing.assert_allclose(s.frequency, F, rtol=1e-12, atol=0)
    np.testing.assert_allclose(s.impedance, Z, rtol=2e-6 if "phase" in dialect else 1e-12, atol=0)
    assert (s.read, dict(s.set_aside)) == (6, {})
    assert s.name == "a"


@pytest.mark.parametrize("dialect", ["mpt", "gamry", "nova with decimal commas", "plain"])
def test_no_warning_without_a_reason(dialect: str, tmp_path: Path) -> None:
    """A whole file is read without a word; decimal commas are said."""
    s = read_spectrum(written(tmp_path / "a", DIALECTS[dialect][1]))
    expected = ("decimal commas were read as decimal points",) if "comma" in dialect else ()
    assert s.warnings == expected


def test_provenance(tmp_path: Path) -> None:
    """File, hash of its bytes, instrument and remarks; never a folder or a size that is used."""
    path = written(tmp_path / "cell 1.mpt", DIALECTS["mpt"][1])
    s = read_spectrum(path)
    assert s.provenance["file"] == "cell 1.mpt"
    assert s.provenance["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert s.provenance["instrument"] == "SP-300 (SN 1)"
    assert s.provenance["remark"] == ("header area 0.001 cm2 is a default, not your cell: not used")
    assert s.geometry is None
    windeta = read_spectrum(written(tmp_path / "b", DIALECTS["windeta"][1]))
    assert windeta.provenance["remark"] == ("header diameter 13 mm, thickness 0.75 mm: not used")
    assert windeta.geometry is None
    gamry = read_spectrum(written(tmp_path / "c", DIALECTS["gamry"][1]))
    assert gamry.provenance["remark"].startswith("header area 1 cm2 is a default")
    assert gamry.provenance["potentiostat"] == "REF600P-1"


def test_what_the_caller_says_is_kept(tmp_path: Path) -> None:
    """Geometry and temperature come from the caller alone."""
    path = written(tmp_path / "a", DIALECTS["plain"][1])
    s = read_spectrum(path, geometry=Geometry(1e-4, 1e-3), temperature=298.15)
    assert s.geometry == Geometry(1e-4, 1e-3)
    assert s.temperature == 298.15
    np.testing.assert_allclose(s.area_specific[0], Z[0] * 1e-4, rtol=1e-12, atol=0)
    with pytest.raises(InputError, match='temperature: "25 degC" is not allowed, expected kelvin'):
        read_spectrum(path, temperature="25 degC")
    with pytest.raises(InputError, match="temperature: -3 is not allowed"):
        read_spectrum(path, temperature=-3)
    with pytest.raises(InputError, match="geometry: expected Geometry"):
        read_spectrum(path, geometry=1e-4)


def test_times_area_needs_the_area(tmp_path: Path) -> None:
    """An impedance in ohm cm2 is divided by the area that is given, and refused without one."""
    path = written(tmp_path / "a", "f/Hz,Re/ohm cm2,Im/ohm cm2\n" + rows("fri", ","))
    with pytest.raises(InputError, match="its impedance is times area, expected geometry="):
        read_spectrum(path)
    s = read_spectrum(path, geometry=Geometry(2e-4, 1e-3))
    np.testing.assert_allclose(s.impedance, np.array(Z) / 2.0, rtol=1e-12, atol=0)
    assert "impedance times area was divided by 0.0002 m2" in s.warnings
    mixed = written(tmp_path / "b", "f/Hz,Re/ohm cm2,Im/ohm\n" + rows("fri", ","))
    with pytest.raises(InputError, match="one part is in ohm, the other times area"):
        read_spectrum(mixed)


ASKED = {
    "f,re,im\n": 'heading "f" has no unit, expected one such as "f/Hz", or columns='
    'Columns("f", "re", "im") if it is Hz and ohm',
    "f/Hz,re,-im\n": 'heading "re" has no unit.*Columns("f/Hz", "re", Minus("-im"))',
    "f/mhz,re/ohm,im/ohm\n": "no columns of frequency",
    "f/Hz,|Z|/ohm,phase\n": 'heading "phase" has no unit.*Polar("f/Hz", "|Z|/ohm", Column("phase"',
    "f/Hz,Re/ohm,Re(Z)/ohm,Im/ohm\n": '"Re/ohm" and "Re(Z)/ohm" may both be the real',
    "a,b,c\n": 'no columns of frequency, real and imaginary part among "a", "b", "c"',
    "": "3 columns of numbers without headings, expected columns=Columns(0, 1, 2)",
}


@pytest.mark.parametrize("head", ASKED)
def test_what_a_table_does_not_say_is_asked_for(head: str, tmp_path: Path) -> None:
    """Units, signs and meanings are never guessed, and the sentence says what to pass."""
    form = "frii" if head.count(",") == 3 else "fri"
    path = written(tmp_path / "a.csv", head + rows(form, ","))
    words = ".*".join(re.escape(part) for part in ASKED[head].split(".*"))
    with pytest.raises(InputError, match=words):
        read_spectrum(path)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("f,re,im\n" + rows("fri", ","), Columns("f", "re", "im")),
        ("f,re,nim\n" + rows("frm", ","), Columns("f", "re", Minus("nim"))),
        (rows("frm", "  "), Columns(0, 1, Minus(2))),
        (rows("nirf", ";"), Columns(3, 2, 1)),
        ("some words\n" + rows("mrf", ";"), Columns(Column(2), Column(1), Minus(0))),
        (rows("frzp"), Columns(0, 1, Minus(2))),
        (rows("fzp"), Polar(0, 1, Column(2, "deg"))),
        ("x y z\n" + rows("fri", " "), Columns("x", "y", "z")),
    ],
)
def test_columns_that_are_named(text: str, columns: Columns | Polar, tmp_path: Path) -> None:
    """By place, by heading, with sign and unit."""
    s = read_spectrum(written(tmp_path / "a", text), columns=columns)
    np.testing.assert_allclose(s.frequency, F, rtol=1e-12, atol=0)
    np.testing.assert_allclose(s.impedance.real, np.real(Z), rtol=1e-5, atol=0)
    if "zp" not in text and columns != Columns(0, 1, Minus(2)):
        np.testing.assert_allclose(s.impedance.imag, np.imag(Z), rtol=1e-5, atol=0)


def test_units_of_named_columns(tmp_path: Path) -> None:
    """Units go with the columns that are named."""
    path = written(tmp_path / "a", rows("frm", ","))
    s = read_spectrum(path, columns=Columns(Column(0, "kHz"), Column(1, "mohm"), Minus(2, "kohm")))
    assert s.frequency[0] == 1e7
    assert s.impedance[0] == 0.0105 - 1250.0j


def test_wrong_columns_are_refused(tmp_path: Path) -> None:
    """One sentence each."""
    path = written(tmp_path / "a", "f,re,im\n" + rows("fri", ","))
    cases: list[tuple[Callable[[], object], str]] = [
        (
            lambda: read_spectrum(path, columns=Columns(0, 1, 5)),
            "column 5 is not there, a row has 3",
        ),
        (
            lambda: read_spectrum(path, columns=Columns("f", "re", "x")),
            'no column "x", its headings',
        ),
        (lambda: read_spectrum(path, columns=(0, 1, 2)), r"columns: expected Columns\("),
        (
            lambda: read_spectrum(path, format="plain"),
            'format "plain" is none, expected one such as',
        ),
        (lambda: Columns(0, 1, 1), "columns 0, 1 and 1: expected three"),
        (lambda: Columns(0, 1, -2), "column -2 is not there, expected a place from 0 on"),
        (lambda: Columns(0, 1, 2.0), "2.0 is not a column, expected its place or heading"),
        (lambda: Columns(Column(0, "ohm"), 1, 2), 'column 0: unit "ohm" is none of frequency'),
        (lambda: Columns(0, Column(1, "Hz"), 2), 'column 1: unit "Hz" is none of impedance'),
        (lambda: Polar(0, 1, 2), 'column 2: unit "" is none of angle, expected one such as "deg"'),
        (lambda: Column(0, "mhz"), 'unit "mhz" of a column is not known'),
        (
            lambda: read_spectrum(path, columns=Columns("f", Column("re", "ohm m2"), "im")),
            "one part is in ohm",
        ),
    ]
    for call, words in cases:
        with pytest.raises(InputError, match=words):
            call()


def test_a_format_can_be_said(tmp_path: Path) -> None:
    """Where the head is lost, the caller may say the format."""
    text = "\tPt\tFreq\tZreal\tZimag\n\t0\t10\t1\t-1\n\t1\t5\t2\t-1\n\t2\t1\t3\t-2\n"
    path = written(tmp_path / "a", text)
    with pytest.raises(InputError, match='heading "Freq" has no unit'):
        read_spectrum(path)
    with pytest.raises(InputError, match="no table ZCURVE in a file of Gamry"):
        read_spectrum(path, format=GAMRY)
    s = read_spectrum(written(tmp_path / "b", "ZCURVE\tTABLE\n" + text), format=GAMRY)
    assert s.impedance.tolist() == [1 - 1j, 2 - 1j, 3 - 2j]
    assert read_spectrum(path, format=CHI).read == 3
    assert PLAIN in FORMATS.values()


def test_bare_rows_are_chi_only_where_modulus_and_phase_agree(tmp_path: Path) -> None:
    """Five columns in CHI's writing that hold something else are asked for."""
    text = chi()
    swapped = re.sub(r"^(\S+) (\S+) (\S+) (\S+) (.*)$", r"\1 \2 \4 \3 \5", text, flags=re.M)
    with pytest.raises(InputError, match="five columns without headings whose last two are not"):
        read_spectrum(written(tmp_path / "a", swapped))


@pytest.mark.parametrize(
    ("heading", "part", "factor", "turned"),
    [
        ("freq/Hz", "frequency", 1.0, False), ("Freq.[Hz]", "frequency", 1.0, False),
        ("Frequency (kHz)", "frequency", 1e3, False), ("f_Hz", "frequency", 1.0, False),
        ("omega [rad/s]", "frequency", 0.5 / np.pi, False), ("Z' (\u03a9)", "real", 1.0, False),
        ("Z'/ohm", "real", 1.0, False), ('Z"/ohm', "imaginary", 1.0, False),
        ("-Z'' (\u2126)", "imaginary", 1.0, True), ("\u2212Im(Z)/Ohm", "imaginary", 1.0, True),
        ("Z\u2032\u2032 / kOhm", "imaginary", 1e3, False), ("Zs''[ohm]", "imaginary", 1.0, False),
        ("Z_real (ohm)", "real", 1.0, False), ("Re[Z] / M\u03a9", "real", 1e6, False),
        ("|Z|/Ohm", "modulus", 1.0, False), ("-Phase (\xb0)", "phase", np.pi / 180, True),
        ('"Zimag [\u03a9\xb7cm\xb2]"', "imaginary", 1e-4, False),
        ("Re(Z)/mOhm", "real", 1e-3, False),
        ("neg. Z'' (ohm)", "imaginary", 1.0, True), ("f [MHz]", "frequency", 1e6, False),
        ("Theta (deg)", "phase", np.pi / 180, False),
    ],
)  # fmt: skip
def test_headings(heading: str, part: str, factor: float, turned: bool) -> None:
    """The spellings of the programs, with unit and sign."""
    found = meaning(heading)
    assert found is not None
    assert found.unit is not None
    assert (found.part, found.turned) == (part, turned)
    assert found.unit.factor == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    "heading",
    ["time/s", "Re(Y)/Ohm-1", "Cs/\xb5F", "Z2 Real", "E Real", "Re/Hz", "f/s", "", "x" * 99],
)
def test_other_headings_are_nothing(heading: str) -> None:
    """Admittances, capacitances and second impedances are not taken for the impedance."""
    assert meaning(heading) is None


def test_units() -> None:
    """Milli and mega differ by a letter, so a unit that hides it is unknown."""
    assert unit_named("mOhm").factor == 1e-3
    assert unit_named("MOhm").factor == 1e6
    assert unit_named("ohm*m**2").per_area
    assert unit_named("mhz") is None
    assert unit_named("S") is None


def mpr_like(tmp_path: Path) -> Path:
    """A file that begins as EC-Lab's binary files do and then breaks off."""
    return written(
        tmp_path / "a.mpr", b"BIO-LOGIC MODULAR FILE\x1a" + b" " * 25 + b"\0\0\0\0MODULE"
    )


def test_mpr_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the extra and its licence."""
    monkeypatch.setitem(sys.modules, "galvani", None)
    with pytest.raises(MissingExtra, match=r"^reading .mpr needs filmcell\[biologic\] \(GPL-3\)$"):
        read_spectrum(mpr_like(tmp_path))


def test_mpr_that_is_damaged(tmp_path: Path) -> None:
    """What galvani cannot read is refused in our words; columns are its own."""
    pytest.importorskip("galvani", reason="filmcell[biologic] is not installed")
    with pytest.raises(
        InputError, match=r"a\.mpr: galvani cannot read it .* expected a whole .mpr"
    ):
        read_spectrum(mpr_like(tmp_path))
    with pytest.raises(InputError, match=r"a \.mpr file names its columns itself"):
        read_spectrum(mpr_like(tmp_path), columns=PLAIN_COLUMNS)


def test_galvani_stays_outside() -> None:
    """Reading text imports neither galvani nor, on import of the readers, polars."""
    import subprocess

    code = (
        "import sys, filmcell.impedance.readers; "
        "print([m for m in ('galvani', 'polars', 'numba', 'scipy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# Series


def series_folder(tmp_path: Path) -> Path:
    """Three files of one sample."""
    folder = tmp_path / "series"
    folder.mkdir()
    for celsius in (60, 25, -25):
        head = f"sample 7 at {celsius},5 degC\nf/Hz,Re/ohm,Im/ohm\n"
        written(folder / f"s7_{celsius}C.csv", head + rows("fri", ","))
    written(folder / ".hidden", "nothing")
    return folder


def test_series_by_name_head_and_mapping(tmp_path: Path) -> None:
    """Each origin gives its temperatures, lowest first, and is named."""
    folder = series_folder(tmp_path)
    pattern = re.compile(r"_(?P<celsius>-?\d+)C")
    by_name = read_series(folder, temperatures=pattern)
    assert [s.temperature for s in by_name] == [248.15, 298.15, 333.15]
    assert by_name[0].provenance["temperature from"] == "the name of the file"
    assert [s.name for s in by_name] == ["s7_-25C", "s7_25C", "s7_60C"]
    again = read_series(folder, temperatures=InName(pattern))
    assert [s.temperature for s in again] == [248.15, 298.15, 333.15]
    head = InHeader(re.compile(r"at (?P<celsius>\S+) degC"))
    by_head = read_series(sorted(folder.glob("*.csv")), temperatures=head)
    assert [s.temperature for s in by_head] == [247.65, 298.65, 333.65]
    given_ = {p.name: 300.0 + k for k, p in enumerate(sorted(folder.glob("*.csv")))}
    by_map = read_series(folder, temperatures=given_, geometry=Geometry(1e-4, 1e-3))
    assert [s.temperature for s in by_map] == [300.0, 301.0, 302.0]
    assert by_map[1].geometry == Geometry(1e-4, 1e-3)


def test_series_that_are_refused(tmp_path: Path) -> None:
    """No file without a temperature, no temperature without a file, no guess."""
    folder = series_folder(tmp_path)
    files = sorted(folder.glob("*.csv"))
    pattern = re.compile(r"_(?P<celsius>\d+)K")
    cases: list[tuple[Callable[[], object], str]] = [
        (
            lambda: read_series(folder, temperatures={}),
            "no temperature for it, expected one in the",
        ),
        (
            lambda: read_series(folder, temperatures={"x.csv": 300.0}),
            '"x.csv" has a temperature but',
        ),
        (
            lambda: read_series(folder, temperatures=pattern),
            "no temperature in its name by the pat",
        ),
        (
            lambda: read_series(files, temperatures=InHeader(pattern)),
            "no temperature in its head by",
        ),
        (
            lambda: read_series(folder, temperatures=re.compile(r"_(\d+)C")),
            "which number it is, exp",
        ),
        (lambda: read_series(folder, temperatures=None), "temperatures: expected a mapping"),
        (lambda: read_series(tmp_path / "no", temperatures=pattern), "not a folder, expected one"),
        (lambda: read_series([], temperatures=pattern), "no files, expected a series"),
        (
            lambda: read_series(folder, temperatures=re.compile("(?P<kelvin>s)7")),
            "expected a number",
        ),
        (
            lambda: read_series(
                folder, temperatures=re.compile(r"s(?P<celsius>-?\d)|-2(?P<kelvin>5)")
            ),
            "which number it is",
        ),
    ]
    for call, words in cases:
        with pytest.raises(InputError, match=words):
            call()


@needs_shared
def test_series_of_the_pellet() -> None:
    """The six files of s04147: by their names, and by their own first line."""
    paths = list((SHARED / "solid_state/EISFitpython").glob("s04147-*.txt"))
    pattern = re.compile(r"-(?P<celsius>\d+)deg")
    for where in (pattern, InHeader(pattern)):
        series = read_series(paths, temperatures=where)
        assert [round(s.temperature - 273.15) for s in series] == [140, 150, 160, 180, 190, 200]


# Writing


def test_writing(tmp_path: Path) -> None:
    """Headings have units, and nothing is overwritten."""
    s = Spectrum([3.0, 2.0, 1.0], [1 - 1j, 2 - 1j, 3 - 1j])
    path = tmp_path / "a.csv"
    write_csv(s, path)
    assert path.read_text() == (
        "frequency/Hz,Re(Z)/ohm,Im(Z)/ohm\n3.0,1.0,-1.0\n2.0,2.0,-1.0\n1.0,3.0,-1.0\n"
    )
    with pytest.raises(InputError, match=r"a\.csv: is there already, expected a new file"):
        write_csv(s, path)
    with pytest.raises(InputError, match="cannot be written"):
        write_csv(s, tmp_path / "no" / "a.csv")


number = st.floats(1e-90, 1e90) | st.floats(-1e90, -1e-90)
points = st.dictionaries(
    st.floats(1e-90, 1e90), st.tuples(number, number | st.just(0.0) | st.just(-0.0)), min_size=3
)


@given(points)
def test_what_is_written_reads_back_bit_by_bit(
    tmp_path_factory: pytest.TempPathFactory, spectrum: dict[float, tuple[float, float]]
) -> None:
    """Any spectrum, however small or large its numbers."""
    f = np.array(sorted(spectrum, reverse=True))
    z = np.array([complex(*spectrum[x]) for x in f])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv(Spectrum(f, z), path)
    again = read_spectrum(path)
    assert again.frequency.tobytes() == f.tobytes()
    assert again.impedance.tobytes() == z.tobytes()
    assert again.read == f.size
