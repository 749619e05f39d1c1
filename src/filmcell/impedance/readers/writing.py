"""A spectrum as CSV that every program reads, and that reads back to the same numbers."""

from pathlib import Path

from filmcell.errors import InputError
from filmcell.impedance.spectrum import Spectrum

HEADINGS = ("frequency/Hz", "Re(Z)/ohm", "Im(Z)/ohm")
"""Headings of the columns."""


def write_csv(spectrum: Spectrum, path: str | Path) -> None:
    """Write the points of a spectrum to a new CSV file.

    Only the points are written: geometry, temperature and warnings are not.

    Parameters
    ----------
    spectrum : Spectrum
        The spectrum.
    path : str or Path
        The file, which must not be there yet.

    Raises
    ------
    InputError
        Where the file is there already, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from filmcell.impedance.readers import read_spectrum
    >>> s = Spectrum([3.0, 2.0, 0.1], [1.0 - 1j, 2.0 - 1j, 1.0 / 3.0 - 1j])
    >>> with TemporaryDirectory() as folder:
    ...     write_csv(s, Path(folder, "a.csv"))
    ...     again = read_spectrum(Path(folder, "a.csv"))
    >>> bool((again.impedance == s.impedance).all())
    True
    """
    rows = [
        f"{float(f)!r},{float(Z.real)!r},{float(Z.imag)!r}"
        for f, Z in zip(spectrum.frequency, spectrum.impedance, strict=True)
    ]
    try:
        with Path(path).open("x", encoding="ascii", newline="\n") as file:
            file.write("\n".join([",".join(HEADINGS), *rows, ""]))
    except FileExistsError:
        raise InputError(f"{path}: is there already, expected a new file") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
