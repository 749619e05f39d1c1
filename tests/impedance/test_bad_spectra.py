"""Bad files: read with a warning that names what is wrong, or refused in one sentence.

Whatever is wrong, rows read are rows used and rows set aside, each with its reason.
"""

import os
import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filmcell.errors import InputError
from filmcell.impedance.readers import Columns, Minus, Polar, read_spectrum, read_sweeps
from filmcell.impedance.readers.sweeps import sweep_of
from filmcell.impedance.spectrum import Spectrum

HEAD = "freq/Hz,Re(Z)/ohm,Im(Z)/ohm\n"
BODY = [f"{f:.6g},{10 + 40 / (1 + f / 10):.6g},{-5 - 1 / f:.6g}" for f in np.logspace(5, -1, 13)]
PLAIN = HEAD + "\n".join(BODY) + "\n"
SEMICOLONS = PLAIN.replace(",", ";")


def read(tmp_path: Path, data: str | bytes, **more: object) -> Spectrum:
    """Write a file and read it."""
    path = tmp_path / "bad.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_spectrum(path, **more)


def with_row(row: str, at: int = 5) -> str:
    """The table with another row within."""
    return HEAD + "\n".join([*BODY[:at], row, *BODY[at:]]) + "\n"


def is_accounted(s: Spectrum) -> bool:
    """Whether every row that was read was used or set aside."""
    return s.read == len(s) + sum(s.set_aside.values())


ONE_ROW = {
    "-10,20,-3": "frequency not above 0",
    "0,20,-3": "frequency not above 0",
    "-0.0,20,-3": "frequency not above 0",
    "nan,nan,nan": "nan or infinite",
    "42,NaN,-3": "nan or infinite",
    "42,20,inf": "nan or infinite",
    "42,20,-1e400": "nan or infinite",
    "42,,-3": "an empty cell where a number is expected",
    ",,": "an empty cell where a number is expected",
    "42,overload,-3": "text where a number is expected",
    "42,2.0.1,-3": "text where a number is expected",
    "42,20,---": "text where a number is expected",
    "42,1e,-3": "text where a number is expected",
    "42,20": "fewer cells than the other rows",
    "42": "fewer cells than the other rows",
    "the cell was touched": "fewer cells than the other rows",
    "42,20,-3,7": "more cells than the other rows",
    "42;20;-3": "fewer cells than the other rows",
    "42,20,0,-3": "more cells than the other rows",
    "# 42,20,-3": "commented out",
    "42,2\0,-3": "characters that no text has, or quotes that do not close",
    '42,"20,-3': "characters that no text has, or quotes that do not close",
    '42,2"0",-3': "characters that no text has, or quotes that do not close",
    "42,0,0": "impedance exactly 0",
    "42,1e200,-3": "a number too large or too small to be real",
    "1e-200,20,-3": "a number too large or too small to be real",
    "1e-320,20,-3": "a number too large or too small to be real",
}


@pytest.mark.parametrize("at", [0, 5, 13])
@pytest.mark.parametrize("row", ONE_ROW)
def test_one_bad_row_is_set_aside_with_its_reason(row: str, at: int, tmp_path: Path) -> None:
    """First, within or last: the other rows are used as they were."""
    good = read(tmp_path, PLAIN)
    s = read(tmp_path, with_row(row, at))
    assert dict(s.set_aside) == {ONE_ROW[row]: 1}
    assert (s.read, len(s)) == (14, 13)
    assert s.impedance.tobytes() == good.impedance.tobytes()
    assert f"1 of 14 rows set aside: {ONE_ROW[row]} (line {at + 2})" in s.warnings


def test_bad_first_row_without_headings(tmp_path: Path) -> None:
    """Above a table without headings, nan is a row and words are not."""
    body = "\n".join(BODY)
    s = read(tmp_path, f"measured today\nnan,nan,nan\n{body}", columns=Columns(0, 1, 2))
    assert (s.read, dict(s.set_aside)) == (14, {"nan or infinite": 1})


def test_many_reasons_are_counted_each(tmp_path: Path) -> None:
    """Reasons do not hide each other."""
    s = read(tmp_path, PLAIN + "0,1,1\n-1,1,1\nnan,1,1\n1,2\n")
    assert dict(s.set_aside) == {
        "frequency not above 0": 2, "nan or infinite": 1, "fewer cells than the other rows": 1,
    }  # fmt: skip
    assert is_accounted(s)
    assert "2 of 17 rows set aside: frequency not above 0 (lines 15 to 16)" in s.warnings


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "empty, expected a spectrum"),
    "blank": (b" \n\r\n\t", "empty, expected a spectrum"),
    "headings only": (HEAD, "no rows below its headings"),
    "two points": (HEAD + "\n".join(BODY[:2]), "2 usable points in 2 rows, expected at least 3"),
    "two points left": (
        HEAD + "\n".join(BODY[:2]) + "\n0,1,1\nnan,1,1\n",
        r"2 usable points in 4 rows \(1 set aside: frequency not above 0; 1 set aside: nan",
    ),
    "one frequency": (
        HEAD + "5,1,-1\n" * 4,
        r"1 usable points in 4 rows \(3 set aside: a frequency that was there before\)",
    ),
    "no frequency above 0": (HEAD + "-3,1,1\n-2,1,1\n-1,1,1\n", "0 usable points in 3 rows"),
    "only text": ("freq/Hz,Re/ohm,Im/ohm\na,b,c\nd,e,f\ng,h,i\n", "no rows of numbers"),
    "wrong separator": (PLAIN.replace(",", ":"), "no rows of numbers with tabs, semicolons"),
    "decimal and other commas": (
        "f/Hz,Re/ohm,Im/ohm\n1000,0,65,5,-1,5\n100,0,70,5,-2,5\n10,0,80,5,-3,5\n",
        "3 headings over 6 cells a row, expected as many .commas may both separate columns",
    ),
    "thousands or decimals": (
        "f/Hz;Re/ohm;Im/ohm\n1,000;65;-1\n2,000;70;-2\n3,000;80;-3\n",
        '"1,000" may be a decimal comma or thousands',
    ),
    "prose": (
        "This is no spectrum.\nIt has, however, commas; and 2 numbers 3.\n",
        "no rows of num",
    ),
    "noise": (random.Random(1).randbytes(20000), "not text"),
    "NUL": (b"\0" * 5000, "not text"),
    "a workbook": (b"PK\x03\x04" + bytes(500), "a workbook of Excel, expected its sheet saved as"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(500), "Office, expected it saved as text"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(50), "an HDF5 file, expected text"),
    "gzip": (b"\x1f\x8b\x08" + bytes(50), "packed with gzip, expected the file unpacked"),
    "PDF": (b"%PDF-1.7\n1 0 obj\n", "a PDF, expected text"),
    "CHI's binary": (
        b"\x80\xf2\x1d\0\3\0\0\0IMP\x0e\0\0\0A.C. Impedance\0" + bytes(400),
        "CH Instruments' binary, whose layout is not published, expected its export as text",
    ),
    "Gamry without impedance": (
        "EXPLAIN\nTAG\tCHRONOA\nCURVE\tTABLE\n\tPt\tT\n\t0\t1\n",
        "no table ZCURVE in a file of Gam",
    ),
    "Gamry without rows": (
        "EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n\tPt\tFreq\tZreal\tZimag\n\t#\tHz\tohm\tohm\n",
        "its table ZCURVE has no rows",
    ),
    "EC-Lab without impedance": (
        "EC-Lab ASCII FILE\nNb header lines : 5\n\nChronopotentiometry\ntime/s\tI/mA\n1\t2\n",
        'no columns freq/Hz.* in a file of EC-Lab ."Chronopotentiometry"',
    ),
    "EC-Lab without rows": ("freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n", "no rows below its headings"),
    "ZPlot without rows": ("ZPLOT2 ASCII\nEnd Comments\n", "no rows below its head"),
    "VersaStudio without impedance": (
        "<Application>\n</Application>\n<Segment1>\nDefinition=E(V), I(A)\n1,2\n</Segment1>\n",
        "no segment with a frequency",
    ),
    "RelaxIS without headings": (
        "RelaxIS 3.0 Spectrum export\n1\t2\t3\n",
        "no headings of a spectrum",
    ),
    "RelaxIS without rows": (
        "RelaxIS 3.0 Spectrum export\nData: Frequency\tData: Z'\tData: Z''\n",
        "no rows in an export",
    ),
    "CHI without rows": (
        "A.C. Impedance\nFreq/Hz, Z'/ohm, Z\"/ohm\n",
        "no rows of numbers in a file",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    """The sentence begins with the file and is one line."""
    data, words = REFUSED[case]
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path, data)
    sentence = str(caught.value)
    assert sentence.startswith(str(tmp_path / "bad.csv") + ": ")
    assert "\n" not in sentence
    assert "expected" in sentence


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder, a file that is not there, a name that cannot be, a device."""
    cases: list[tuple[str | Path, str]] = [
        (tmp_path, "a folder, expected a file .read_series reads a folder"),
        (tmp_path / "none.csv", r"none.csv: cannot be read \(No such file or directory\)"),
        ("a\0b", "is not a path, expected one without null characters"),
        ("x" * 5000, "cannot be read"),
        (os.devnull, "not a file, expected one with a spectrum"),
    ]
    for path, words in cases:
        with pytest.raises(InputError, match=words):
            read_spectrum(path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """Not even read."""
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(InputError, match=r"large\.csv: 100 MB, expected at most 64"):
        read_spectrum(path)


NOISES: dict[str, Callable[[random.Random], bytes]] = {
    "bytes": lambda r: r.randbytes(10_000_000),
    "digits": lambda r: bytes(r.choices(b"0123456789.,;eE+- \t\n", k=2_500_000)) * 4,
    "letters": lambda r: bytes(r.choices(range(32, 127), k=2_500_000)) * 4,
    "one line": lambda r: b"1," * 5_000_000,
    "quotes": lambda r: b'"' * 10_000_000,
    "headings": lambda r: b"freq\n" * 2_000_000,
}


@pytest.mark.parametrize("noise", NOISES)
def test_ten_megabytes_of_noise(noise: str, tmp_path: Path) -> None:
    """Refused, and soon."""
    data = NOISES[noise](random.Random(1))
    start = time.perf_counter()
    with pytest.raises(InputError):
        read(tmp_path, data)
    assert time.perf_counter() - start < 10.0  # 0.05 to 1 s here


def test_decimal_commas(tmp_path: Path) -> None:
    """Read as points, and said; one point among them is a bad cell."""
    good = read(tmp_path, PLAIN)
    s = read(tmp_path, SEMICOLONS.replace(".", ","))
    assert s.impedance.tobytes() == good.impedance.tobytes()
    assert "decimal commas were read as decimal points" in s.warnings
    odd = read(tmp_path, SEMICOLONS.replace(".", ",") + "0,05;60.5;-30,1\n")
    assert dict(odd.set_aside) == {"text where a number is expected": 1}
    assert odd.read == 14
    other = read(tmp_path, SEMICOLONS + "0.05;60,5;-30.1\n")
    assert dict(other.set_aside) == {"text where a number is expected": 1}


@pytest.mark.parametrize("separator", ["\t", ";", "|", " ", "   ", " , ", "\t\t"])
def test_separators(separator: str, tmp_path: Path) -> None:
    """Whatever stands between the cells, the headings are read with their own separator."""
    body = "\n".join(row.replace(",", separator) for row in BODY)
    if separator == "\t\t":
        with pytest.raises(InputError, match="3 headings over 5 cells a row"):
            read(tmp_path, HEAD + body)
    else:
        assert read(tmp_path, HEAD + body).impedance.tobytes() == (
            read(tmp_path, PLAIN).impedance.tobytes()
        )


def test_out_of_order(tmp_path: Path) -> None:
    """Sorted, and said; from low to high is an order."""
    good = read(tmp_path, PLAIN)
    for body in (BODY[7:] + BODY[:7], random.Random(3).sample(BODY, 13)):
        s = read(tmp_path, HEAD + "\n".join(body))
        assert s.impedance.tobytes() == good.impedance.tobytes()
        assert "frequencies were not in order and have been sorted" in s.warnings
        assert not s.set_aside
    up = read(tmp_path, HEAD + "\n".join(BODY[::-1]))
    assert up.impedance.tobytes() == good.impedance.tobytes()
    assert not any("order" in w for w in up.warnings)


def test_repeated_frequencies(tmp_path: Path) -> None:
    """The first is used, the others are set aside; how far they differ is said."""
    f, re_, im = BODY[5].split(",")
    s = read(tmp_path, with_row(f"{f},{float(re_) * 1.1:.6g},{float(im) * 1.1:.6g}", 6))
    assert dict(s.set_aside) == {"a frequency that was there before": 1}
    assert s.impedance[5].real == float(re_)
    assert any("the others differ by up to 10 %" in w for w in s.warnings)
    assert is_accounted(s)


def test_every_frequency_twice(tmp_path: Path) -> None:
    """Two readings at each frequency are one sweep with as many set aside."""
    s = read(tmp_path, HEAD + "\n".join(row for row in BODY for _ in range(2)))
    assert (len(s), dict(s.set_aside)) == (13, {"a frequency that was there before": 13})


@pytest.mark.parametrize(
    ("order", "sizes"),
    [
        (lambda r: r + r, [13, 13]),
        (lambda r: r + r + r, [13, 13, 13]),
        (lambda r: r + r[::-1], [13, 13]),
        (lambda r: r + r[-2::-1], [13, 12]),
        (lambda r: r[::-1] + r[::-1], [13, 13]),
        (lambda r: r[:7] + r, [7, 13]),
        (lambda r: r + r[:4], [13, 4]),
        (lambda r: r[:2] + r, [13]),
        (lambda r: r + r[:2], [13]),
        (lambda r: [*r[:4], "1e7,1,-1", *r[4:]], [14]),
        (lambda r: [*r[:4], "1e-7,1,-1", *r[4:]], [14]),
        (lambda r: [*r[:5], r[6], r[5], *r[7:]], [13]),
        (lambda r: r[::2] + r[1::2], [7, 6]),
        (lambda r: [*r, r[-1], *r], [13, 13]),
    ],
)  # fmt: skip
def test_sweeps(order: Callable[[list[str]], list[str]], sizes: list[int], tmp_path: Path) -> None:
    """Another sweep is one that passes the same frequencies; a wrong or swapped row is none."""
    made = order(BODY)
    s = read(tmp_path, HEAD + "\n".join(made))
    sweeps = read_sweeps(tmp_path / "bad.csv")
    assert [len(sweep) for sweep in sweeps] == sizes
    assert len(s) == sizes[0]
    assert s.read == sum(sweep.read for sweep in sweeps) == len(made)
    assert all(map(is_accounted, (s, *sweeps)))
    if len(sizes) > 1:
        assert s.set_aside["of another sweep in the file"] == sum(x.read for x in sweeps[1:])
        assert any(f"{len(sizes)} sweeps in the file: this is the first" in w for w in s.warnings)


def test_rows_in_no_order_are_one_sweep() -> None:
    """However many: a file that was shuffled does not fall apart."""
    f = np.logspace(6, -2, 81)
    for seed in range(50):
        shuffled = np.random.default_rng(seed).permutation(f)
        assert sweep_of(shuffled, np.zeros(81)).max() == 0


def test_tables_below_each_other(tmp_path: Path) -> None:
    """The same headings once more begin another sweep, bad rows go with theirs."""
    s = read(tmp_path, PLAIN + "\n" + HEAD + "\n".join(BODY[:5]) + "\nnan,1,1\n" + PLAIN)
    sweeps = read_sweeps(tmp_path / "bad.csv")
    assert [(len(x), x.read) for x in sweeps] == [(13, 13), (5, 6), (13, 13)]
    assert s.read == 32


def test_a_sweep_of_two_points_is_set_aside(tmp_path: Path) -> None:
    """It is no spectrum, and is not lost either."""
    s = read(tmp_path, PLAIN + HEAD + "\n".join(BODY[:2]))
    assert (len(s), s.read, dict(s.set_aside)) == (13, 15, {"a sweep of fewer than 3 points": 2})


def test_gamry_with_two_tables(tmp_path: Path) -> None:
    """A table that was broken off and a whole one."""
    table = "ZCURVE\tTABLE\t13\n\tPt\tFreq\tZreal\tZimag\n\t#\tHz\tohm\tohm\n"
    body = ["\t0\t" + row.replace(",", "\t") for row in BODY]
    text = "EXPLAIN\n" + table + "\n".join(body[:6]) + "\n" + table + "\n".join(body) + "\n"
    s = read(tmp_path, text)
    assert [len(x) for x in read_sweeps(tmp_path / "bad.csv")] == [6, 13]
    assert "the head states 13 points, 6 rows were found" in s.warnings
    assert is_accounted(s)


def test_a_head_that_lost_lines(tmp_path: Path) -> None:
    """EC-Lab states how long its head is."""
    s = read(tmp_path, EC_LAB.replace("lines : 3", "lines : 65"))
    assert "the head states 65 lines, the headings stand in line 3" in s.warnings
    assert len(s) == 13


def test_signs_are_kept_and_said(tmp_path: Path) -> None:
    """An inductive loop and a negative real part are data; a turned sign is asked about."""
    loop = [f"{f:g},{10 - f / 3e4:g},{f / 1e4 - 4:g}" for f in np.logspace(6, 1, 11)]
    s = read(tmp_path, HEAD + "\n".join(loop))
    assert not s.set_aside
    assert s.impedance.real.min() < 0.0
    expected = [
        "real part below 0 at 2 of 11 points (3.162e+05 to 1e+06 Hz), passive cells have none",
        "imaginary part above 0 at 3 of 11 points (1e+05 to 1e+06 Hz), as of an inductance, noise "
        "or a turned sign",
    ]
    assert list(s.warnings) == expected
    turned = read(tmp_path, PLAIN.replace(",-", ","))
    assert "pass columns=Columns(..., Minus(...))" in turned.warnings[-1]
    same = read(tmp_path, PLAIN.replace(",-", ","), columns=Columns(0, 1, Minus(2)))
    assert same.impedance.tobytes() == read(tmp_path, PLAIN).impedance.tobytes()


def test_a_last_row_that_was_cut_off(tmp_path: Path) -> None:
    """Where a cut is evident the row is set aside, where it may be it is said."""
    even = HEAD + "\n".join(f"{f:.4e},{f + 1:.4e},{-f:.4e}" for f in (1e3, 1e2, 1e1, 1.0))
    for left in range(1, 9):
        s = read(tmp_path, even[:-left])
        broken = even[:-left][-1] in "e+"
        why = "text where a number is expected" if broken else "cut off at the end of the file"
        assert dict(s.set_aside) == {why: 1}, even[:-left][-12:]
        assert is_accounted(s)
    assert not read(tmp_path, even).set_aside
    uneven = HEAD + "100,20.25,-3.125\n10,30.5,-4.0625\n1,35,-2.25\n0.1,40,-3"
    s = read(tmp_path, uneven)
    assert len(s) == 4
    assert "the file does not end with a line end, its last number may be cut off" in s.warnings
    assert not read(tmp_path, uneven + "\n").warnings


def test_nul_bytes_at_the_end(tmp_path: Path) -> None:
    """What a crash leaves: the rows before are whole, and it is said."""
    s = read(tmp_path, PLAIN.encode() + bytes(4096))
    assert len(s) == 13
    assert s.warnings == ("the file ends in 4096 NUL bytes",)


def test_a_modulus_that_does_not_fit(tmp_path: Path) -> None:
    """A digit that was changed shows where the file holds |Z| too."""
    rows = [f"{f},{a},{b},{abs(complex(a, b)):.5g}" for f, a, b in
            [(100, 3.0, -4.0), (10, 6.0, -8.0), (1, 9.0, -12.0)]]  # fmt: skip
    head = "f/Hz,Re/ohm,Im/ohm,|Z|/ohm\n"
    assert not read(tmp_path, head + "\n".join(rows) + "\n").warnings
    s = read(tmp_path, (head + "\n".join(rows) + "\n").replace("-8.0", "-3.0"))
    assert s.warnings == ("|Z| of the file is not that of its real and imaginary part in 1 rows",)


def test_quotes_do_not_swallow_rows(tmp_path: Path) -> None:
    """A quote that opens and never closes costs its own row only."""
    for at in (0, 3, 12):
        body = [*BODY]
        body[at] = '"' + body[at]
        s = read(tmp_path, HEAD + "\n".join(body) + "\n")
        assert (len(s), s.read) == (12, 13)


# Random damage

INSERTS = st.one_of(
    st.sampled_from(
        [b"\0", b"\n", b"\r", b",", b";", b"\t", b'"', b"nan", b"-", b"#", b"\xff", b"e9"]
    ),
    st.binary(min_size=1, max_size=20),
)
DAMAGE = st.lists(
    st.tuples(st.floats(0.0, 1.0), st.integers(0, 40), INSERTS | st.just(b"")),
    min_size=1, max_size=4,
)  # fmt: skip
GAMRY = (
    "EXPLAIN\nTAG\tEISPOT\nZCURVE\tTABLE\n\tPt\tFreq\tZreal\tZimag\n\t#\tHz\tohm\tohm\n"
    + "".join(f"\t{k}\t" + row.replace(",", "\t") + "\n" for k, row in enumerate(BODY))
    + "EXPERIMENTABORTED\tTOGGLE\tT\tAborted\n"
)
EC_LAB = "EC-Lab ASCII FILE\nNb header lines : 3\nfreq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\n" + (
    "\n".join(BODY) + "\n"
).replace(",-", ",").replace(",", "\t").replace(".", ",")
CHOICES = st.sampled_from([None, None, Columns(0, 1, 2), Polar(0, 1, Minus(2, "deg"))])


def damaged(data: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    """Cut pieces out and put others in."""
    for place, length, insert in damage:
        at = int(place * len(data))
        data = data[:at] + insert + data[at + length :]
    return data


def spectrum_or_sentence(path: Path, **more: object) -> Spectrum | str:
    """What is read, or the sentence with which it is refused; any other error is an error."""
    try:
        return read_spectrum(path, **more)
    except InputError as error:
        return str(error)


@settings(max_examples=400)
@given(st.sampled_from([PLAIN, SEMICOLONS, GAMRY, EC_LAB]), DAMAGE, CHOICES)
def test_damage_is_refused_or_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, text: str, damage: list[tuple[float, int, bytes]],
    columns: Columns | Polar | None,
) -> None:  # fmt: skip
    """Never another error, never a row lost, never a number that is not finite."""
    path = tmp_path_factory.getbasetemp() / "damaged.dat"
    path.write_bytes(damaged(text.encode(), damage))
    s = spectrum_or_sentence(path, columns=columns)
    if isinstance(s, str):
        assert re.fullmatch(r"[^\n]{10,900}", s)
        return
    sweeps = read_sweeps(path, columns=columns)
    assert all(map(is_accounted, (s, *sweeps)))
    assert s.read == sum(sweep.read for sweep in sweeps)
    assert len(s.warnings) >= len(s.set_aside)


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*ONE_ROW, *BODY]), min_size=1, max_size=30))
def test_every_row_is_counted(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    """Of any mixture of good and bad rows below good headings as many are read as there are."""
    path = tmp_path_factory.getbasetemp() / "mixed.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n")
    s = spectrum_or_sentence(path)
    if isinstance(s, str):
        known = ("usable points in", "no rows of numbers", "headings over", "not text")
        assert any(words in s for words in known)
        found = re.search(r"in (\d+) rows", s)
        assert found is None or int(found[1]) == len(rows)
        return
    assert s.read == len(rows)
    assert is_accounted(s)
