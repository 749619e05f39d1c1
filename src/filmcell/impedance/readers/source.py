"""The bytes of a file and the lines of its text; what is no text is refused by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from filmcell.errors import InputError
from filmcell.units import shown

LARGEST = 64_000_000
"""Bytes that a file may have; a spectrum has a few thousand."""

_CONTROL = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1a"))
_MOST_CONTROL = 0.05
_LINE_END = re.compile(r"\r\n|\r|\n")
_BINARY: Mapping[bytes, str] = {
    b"PK\x03\x04": "a packed file or a workbook of Excel, expected its sheet saved as text or CSV",
    b"\xd0\xcf\x11\xe0": "a document or workbook of Office, expected it saved as text or CSV",
    b"\x89HDF": "an HDF5 file, expected text or CSV",
    b"\x1f\x8b": "packed with gzip, expected the file unpacked",
    b"%PDF": "a PDF, expected text or CSV",
}


@dataclass(frozen=True, eq=False)
class Source:
    """A file that was read.

    Parameters
    ----------
    name : str
        Name of the file without its folder.
    data : bytes
        What is in it.
    """

    name: str
    data: bytes

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()

    @cached_property
    def padding(self) -> int:
        """How many NUL bytes stand at the end, as a crash leaves them."""
        whole = len(self.data) - len(self.data.rstrip(b"\0"))
        return whole if whole > 1 else 0

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Lines of the text; raises `InputError` where it is none."""
        text = _decoded(self.data)
        return tuple(_LINE_END.split(text.rstrip("\0\x1a")))

    @property
    def ends_with_a_line(self) -> bool:
        """Whether its last line is complete."""
        return not self.lines[-1].strip()


def open_source(path: str | Path) -> Source:
    """Read the bytes of a file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Source
        Its name and bytes.

    Raises
    ------
    InputError
        Where it cannot be read, is no file, is empty or larger than 64 MB.

    Examples
    --------
    >>> open_source("nowhere.csv")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.csv: cannot be read (No such file or directory)
    """
    if "\0" in str(path):
        raise InputError(f"{shown(str(path))} is not a path, expected one without null characters")
    place = Path(path)
    try:
        if place.is_dir():
            raise InputError(f"{path}: a folder, expected a file (read_series reads a folder)")
        size = place.stat().st_size
        if not place.is_file():
            raise InputError(f"{path}: not a file, expected one with a spectrum")
        if size > LARGEST:
            raise InputError(f"{path}: {size / 1e6:.0f} MB, expected at most {LARGEST / 1e6:.0f}")
        data = place.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if not data.strip():
        raise InputError(f"{path}: empty, expected a spectrum")
    return Source(place.name, data)


def _decoded(data: bytes) -> str:
    """Text of the bytes, in the encoding that they show."""
    for start, words in _BINARY.items():
        if data.startswith(start):
            raise InputError(words)
    wide = _wide(data)
    if wide:
        return data.decode(wide, errors="replace").removeprefix("\ufeff")
    body = data.rstrip(b"\0\x1a")
    if len(body) - len(body.translate(None, _CONTROL)) > _MOST_CONTROL * len(body) or not body:
        raise InputError("not text (too many bytes that no text has), expected a file of text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _wide(data: bytes) -> str:
    """Name of the encoding where each character takes two bytes, "" where it takes one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[start::2]
        if len(half) > 8 and half.count(0) > 0.9 * len(half) and 0 not in head[1 - start :: 2]:
            return name
    return ""
