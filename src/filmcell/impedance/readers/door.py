"""The front door: a file becomes a spectrum, or is refused in one sentence."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from filmcell.errors import InputError
from filmcell.impedance.readers.accounting import Sample, first_of, spectra_of
from filmcell.impedance.readers.biologic import BIOLOGIC_TEXT
from filmcell.impedance.readers.chi import CHI, CHI_BINARY
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.gamry import GAMRY
from filmcell.impedance.readers.mpr import BIOLOGIC_MPR
from filmcell.impedance.readers.plain import NOVA, NOVOCONTROL, PLAIN, PYDRTTOOLS
from filmcell.impedance.readers.relaxis import RELAXIS
from filmcell.impedance.readers.source import Source, open_source
from filmcell.impedance.readers.versastudio import VERSASTUDIO
from filmcell.impedance.readers.zplot import ZPLOT
from filmcell.impedance.spectrum import Geometry, Spectrum
from filmcell.units import shown

FORMATS: Mapping[str, Format] = MappingProxyType({
    "biologic-mpr": BIOLOGIC_MPR, "chi-binary": CHI_BINARY, "gamry": GAMRY, "zplot": ZPLOT,
    "versastudio": VERSASTUDIO, "relaxis": RELAXIS, "biologic": BIOLOGIC_TEXT, "nova": NOVA,
    "novocontrol": NOVOCONTROL, "pydrttools": PYDRTTOOLS, "chi": CHI, "plain": PLAIN,
})  # fmt: skip
"""Every format by its short name, in the order in which they are tried."""


def format_of(source: Source) -> Format:
    """Recognise the format of a file by its head, never by its name.

    Parameters
    ----------
    source : Source
        The file.

    Returns
    -------
    Format
        The format; a plain table where it is no other.

    Raises
    ------
    InputError
        Where it is no text and no binary format that is known.

    Examples
    --------
    >>> format_of(Source("a.txt", b"RelaxIS 3.0 Spectrum export")).name
    'RelaxIS export'
    """
    binary = (form for form in FORMATS.values() if form.binary)
    text = (form for form in FORMATS.values() if not form.binary)
    for form in (*binary, *text):
        if form.recognises(source):
            return form
    raise InputError("no format is known for it, expected text")


def read_spectrum(
    path: str | Path,
    *,
    geometry: Geometry | None = None,
    temperature: float | None = None,
    format: Format | None = None,
    columns: Choice | None = None,
) -> Spectrum:
    r"""Read an impedance spectrum from a file of an instrument or a table.

    The format is recognised by the head of the file. Area and thickness are never taken from it,
    and neither is the temperature: what the file says of them stands in the provenance. Rows that
    cannot be used are counted with their reason, and `read` is the number used plus those set
    aside. Of several sweeps in a file this is the first; `read_sweeps` gives all.

    Parameters
    ----------
    path : str or Path
        The file.
    geometry : Geometry, optional
        Size of the sample (m2 and m), where it is known.
    temperature : float, optional
        Its temperature [K], where it is known.
    format : Format, optional
        One of `FORMATS`, where the head of the file does not tell.
    columns : Columns or Polar, optional
        Which column holds what, where the headings do not tell.

    Returns
    -------
    Spectrum
        The spectrum in Hz and ohm, highest frequency first, with warnings and provenance.

    Raises
    ------
    InputError
        Where the file cannot be read, is no spectrum, has fewer than three points, or does not say
        what its columns are and in which unit.
    MissingExtra
        Where it is a .mpr and galvani is not installed.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     size = path.write_text("f/kHz,Re/ohm,-Im/ohm\n1,10,5\n0.1,20,8\n0.01,40,1\n0,50,0\n")
    ...     s = read_spectrum(path)
    >>> s.frequency.tolist(), complex(s.impedance[0])
    ([1000.0, 100.0, 10.0], (10-5j))
    >>> s.read, dict(s.set_aside)
    (4, {'frequency not above 0': 1})
    """
    return first_of(
        read_sweeps(
            path, geometry=geometry, temperature=temperature, format=format, columns=columns
        )
    )


def read_sweeps(
    path: str | Path,
    *,
    geometry: Geometry | None = None,
    temperature: float | None = None,
    format: Format | None = None,
    columns: Choice | None = None,
) -> tuple[Spectrum, ...]:
    r"""Read every sweep that a file holds; else as `read_spectrum`.

    Parameters
    ----------
    path : str or Path
        The file.
    geometry : Geometry, optional
        Size of the sample (m2 and m), where it is known.
    temperature : float, optional
        Its temperature [K], where it is known.
    format : Format, optional
        One of `FORMATS`, where the head of the file does not tell.
    columns : Columns or Polar, optional
        Which column holds what, where the headings do not tell.

    Returns
    -------
    tuple of Spectrum
        The sweeps in the order of the file; every row of the file is counted in one of them.

    Raises
    ------
    InputError
        As `read_spectrum`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     rows = "100,10,5\n10,20,8\n1,40,1\n"
    ...     size = path.write_text("f/Hz,Re/ohm,-Im/ohm\n" + rows + rows)
    ...     [len(s) for s in read_sweeps(path)]
    [3, 3]
    """
    sample = Sample(geometry, temperature)
    source = open_source(path)
    try:
        return sweeps_of(source, *read_source(source, format, columns), sample)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def read_source(
    source: Source, form: Format | None = None, columns: Choice | None = None
) -> tuple[Reading, Format]:
    r"""Read the rows of a file that is open.

    Parameters
    ----------
    source : Source
        The file.
    form : Format, optional
        Its format; recognised where it is not given.
    columns : Columns or Polar, optional
        Which column holds what, where the headings do not tell.

    Returns
    -------
    tuple of Reading and Format
        What it holds and the format that it has.

    Raises
    ------
    InputError
        Where it cannot be read.

    Examples
    --------
    >>> source = Source("a.csv", b"f/Hz,Re/ohm,Im/ohm\n3,1,-1\n2,1,-1\n")
    >>> found, form = read_source(source)
    >>> len(found.rows), form.name
    (2, 'plain table')
    """
    if form is not None and not isinstance(form, Format):
        raise InputError(f"format {shown(form)} is none, expected one such as FORMATS['gamry']")
    if columns is not None and not isinstance(columns, Choice):
        raise InputError("columns: expected Columns(frequency, real, imaginary) or Polar(...)")
    form = form or format_of(source)
    found = form.read(source, columns)
    padded = source.padding and not form.binary
    padding = (f"the file ends in {source.padding} NUL bytes",) if padded else ()
    warnings = (*found.warnings, *padding, *found.rows.warnings)
    return Reading(replace(found.rows, warnings=warnings), found.words), form


def sweeps_of(source: Source, found: Reading, form: Format, sample: Sample) -> tuple[Spectrum, ...]:
    r"""Make spectra of what was read from a file.

    Parameters
    ----------
    source : Source
        The file.
    found : Reading
        What was read.
    form : Format
        Its format.
    sample : Sample
        Geometry and temperature, where they are known.

    Returns
    -------
    tuple of Spectrum
        The sweeps in the order of the file.

    Raises
    ------
    InputError
        Where there are fewer than three points.

    Examples
    --------
    >>> source = Source("a.csv", b"f/Hz Re/ohm Im/ohm\n3 1 -1\n2 1 -1\n1 1 -2\n")
    >>> sweeps_of(source, *read_source(source), Sample())[0].provenance["file"]
    'a.csv'
    """
    where = {"file": source.name, "sha256": source.digest, "format": form.name}
    return spectra_of(found.rows, sample, Path(source.name).stem, {**where, **found.words})
