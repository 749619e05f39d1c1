"""Series of spectra over temperature; each temperature has a stated origin."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from filmcell.errors import InputError
from filmcell.impedance.readers.accounting import Sample, first_of
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.door import read_source, sweeps_of
from filmcell.impedance.readers.format import Format
from filmcell.impedance.readers.source import open_source
from filmcell.impedance.spectrum import Geometry, Spectrum
from filmcell.units import shown

_SCALES = {"celsius": 273.15, "kelvin": 0.0}


@dataclass(frozen=True)
class InName:
    """The temperature stands in the name of the file.

    Parameters
    ----------
    pattern : re.Pattern
        Where; its group `celsius` or `kelvin` is the number.

    Raises
    ------
    InputError
        Where the pattern has no such group, or both.

    Examples
    --------
    >>> where = InName(re.compile(r"-(?P<celsius>-?[0-9]+)deg"))
    >>> where.temperature("s04147-140deg.txt", ())
    413.15
    """

    pattern: re.Pattern[str]

    def __post_init__(self) -> None:
        """Check the groups."""
        _scale(self.pattern)

    def temperature(self, name: str, head: Sequence[str]) -> float:
        """Temperature of a file by its name and head [K]."""
        return _searched(self.pattern, [name], "its name")

    def __str__(self) -> str:
        """Say where temperatures come from."""
        return "the name of the file"


@dataclass(frozen=True)
class InHeader:
    """The temperature stands in the file, above its table.

    Parameters
    ----------
    pattern : re.Pattern
        Where; its group `celsius` or `kelvin` is the number.

    Raises
    ------
    InputError
        Where the pattern has no such group, or both.

    Examples
    --------
    >>> InHeader(re.compile("T = (?P<kelvin>[0-9.]+) K")).pattern.groups
    1
    """

    pattern: re.Pattern[str]

    def __post_init__(self) -> None:
        """Check the groups."""
        _scale(self.pattern)

    def temperature(self, name: str, head: Sequence[str]) -> float:
        """Temperature of a file by its name and head [K]."""
        return _searched(self.pattern, head, "its head")

    def __str__(self) -> str:
        """Say where temperatures come from."""
        return "the head of the file"


@dataclass(frozen=True)
class Given:
    """The caller says the temperature of each file.

    Parameters
    ----------
    kelvin : mapping of str to float
        Temperatures by the names of the files [K].

    Examples
    --------
    >>> Given({"a.txt": 298.15}).temperature("a.txt", ())
    298.15
    """

    kelvin: Mapping[str, float]

    def temperature(self, name: str, head: Sequence[str]) -> float:
        """Temperature of a file by its name and head [K]."""
        if name not in self.kelvin:
            raise InputError("no temperature for it, expected one in the mapping")
        return self.kelvin[name]

    def __str__(self) -> str:
        """Say where temperatures come from."""
        return "the caller"


Temperatures = Mapping[str, float] | InName | InHeader | re.Pattern[str]


def read_series(
    paths: str | Path | Iterable[str | Path],
    *,
    temperatures: Temperatures,
    geometry: Geometry | None = None,
    format: Format | None = None,
    columns: Choice | None = None,
) -> tuple[Spectrum, ...]:
    r"""Read spectra of one sample at several temperatures.

    Parameters
    ----------
    paths : str, Path or iterable of these
        A folder, of which every file is read (hidden ones aside), or the files.
    temperatures : mapping of str to float, InName, InHeader or re.Pattern
        Temperature of each file by its name [K]; or where it is to be looked for. A pattern is
        taken as `InName`. Nothing is looked for that is not asked for.
    geometry : Geometry, optional
        Size of the sample (m2 and m).
    format : Format, optional
        As in `read_spectrum`.
    columns : Columns or Polar, optional
        As in `read_spectrum`.

    Returns
    -------
    tuple of Spectrum
        The spectra from the lowest temperature up, each with its temperature and, in the
        provenance, where it comes from.

    Raises
    ------
    InputError
        Where a file is no spectrum or has no temperature, or a temperature has no file.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for name in ("a_60C.csv", "a_25C.csv"):
    ...         rows = "f/Hz,Re/ohm,-Im/ohm\n100,10,5\n10,20,8\n1,40,1\n"
    ...         size = Path(folder, name).write_text(rows)
    ...     series = read_series(folder, temperatures=re.compile(r"_(?P<celsius>\d+)C"))
    >>> [s.temperature for s in series]
    [298.15, 333.15]
    """
    asked = _asked(temperatures)
    files = _files(paths)
    for name in asked.kelvin if isinstance(asked, Given) else ():
        if name not in {path.name for path in files}:
            raise InputError(f"{shown(name)} has a temperature but is not among the files")
    spectra = [_read(path, asked, geometry, format, columns) for path in files]
    return tuple(sorted(spectra, key=lambda s: s.temperature or 0.0))


def _asked(temperatures: Temperatures) -> InName | InHeader | Given:
    """Where temperatures come from."""
    if isinstance(temperatures, re.Pattern):
        return InName(temperatures)
    if isinstance(temperatures, Mapping):
        return Given(temperatures)
    if not isinstance(temperatures, InName | InHeader):
        raise InputError("temperatures: expected a mapping of names to K, InName or InHeader")
    return temperatures


def _read(
    path: Path, asked: InName | InHeader | Given, geometry: Geometry | None,
    form: Format | None, columns: Choice | None,
) -> Spectrum:  # fmt: skip
    """Read one of the files."""
    source = open_source(path)
    try:
        found, form = read_source(source, form, columns)
        head = () if form.binary else source.lines[: int(found.rows.line.min()) - 1]
        sample = Sample(geometry, asked.temperature(source.name, head))
        words = MappingProxyType({**found.words, "temperature from": str(asked)})
        return first_of(sweeps_of(source, replace(found, words=words), form, sample))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Files of a folder or of a list."""
    if isinstance(paths, str | Path):
        folder = Path(paths)
        if not folder.is_dir():
            raise InputError(f"{paths}: not a folder, expected one or a list of files")
        found = sorted(p for p in folder.iterdir() if p.is_file() and p.name[0] != ".")
    else:
        found = [Path(path) for path in paths]
    if not found:
        where = f"{paths}: " if isinstance(paths, str | Path) else ""
        raise InputError(f"{where}no files, expected a series of spectra")
    return found


def _scale(pattern: re.Pattern[str]) -> tuple[str, float]:
    """Group of the number and what is added to be in kelvin."""
    found = [group for group in _SCALES if group in pattern.groupindex]
    if len(found) != 1:
        raise InputError(
            f"pattern {shown(pattern.pattern)} does not say which number it is, expected a group "
            "(?P<celsius>...) or (?P<kelvin>...)"
        )
    return found[0], _SCALES[found[0]]


def _searched(pattern: re.Pattern[str], lines: Iterable[str], where: str) -> float:
    """Temperature where the pattern first matches [K]."""
    group, offset = _scale(pattern)
    for line in lines:
        found = pattern.search(line[:1000])
        if found is None:
            continue
        try:
            return round(float(found[group].replace(",", ".")) + offset, 9)
        except ValueError:
            raise InputError(f"{where} says {shown(found[group])}, expected a number") from None
    raise InputError(f"no temperature in {where} by the pattern {shown(pattern.pattern)}")
