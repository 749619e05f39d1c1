"""Rows of a file as numbers, each with the reason why it cannot be used, if there is one."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from filmcell.arrays import Array

DAMAGED = "characters that no text has, or quotes that do not close"
COMMENT = "commented out"
FEWER = "fewer cells than the other rows"
MORE = "more cells than the other rows"
EMPTY = "an empty cell where a number is expected"
TEXT = "text where a number is expected"
NOT_FINITE = "nan or infinite"
NOT_POSITIVE = "frequency not above 0"
SIZE = "a number too large or too small to be real"
ZERO = "impedance exactly 0"
CUT_OFF = "cut off at the end of the file"
REPEATED = "a frequency that was there before"
FRAGMENT = "a sweep of fewer than 3 points"
OTHER_SWEEP = "of another sweep in the file"

LARGEST = 1e100
"""Numbers beyond are damage: their squares and cubes would overflow."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows that were read, in the order of the file.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, shape (n,) [Hz]; nan where there is none.
    impedance : ndarray of complex
        Impedances, shape (n,) [ohm, or ohm m2 where `per_area`].
    reason : ndarray of str
        Why each row cannot be used, "" where it can; shape (n,).
    line : ndarray of int
        Line of each row in the file, from 1; shape (n,).
    part : ndarray of int
        Which block of the file it stands in, shape (n,).
    per_area : bool
        Whether the impedance is one times area.
    warnings : tuple of str
        What was seen.
    """

    frequency: Array
    impedance: Any
    reason: Any
    line: Any
    part: Any
    per_area: bool = False
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Count the rows."""
        return int(self.frequency.size)

    @property
    def usable(self) -> Any:
        """Whether each row can be used, shape (n,)."""
        return self.reason == ""


def checked(frequency: Array, impedance: Any, reason: Any) -> Any:
    """Say which rows hold numbers that no spectrum has.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, shape (n,) [Hz].
    impedance : ndarray of complex
        Impedances, shape (n,) [ohm].
    reason : ndarray of str
        Why rows cannot be used already, "" where they can; shape (n,).

    Returns
    -------
    ndarray of str
        The same with what was found here, shape (n,).

    Examples
    --------
    >>> f, Z = np.array([1.0, -1.0, 2.0]), np.array([1.0, 1.0, np.nan + 0j])
    >>> list(checked(f, Z, np.array(["", "", ""], dtype=object)))
    ['', 'frequency not above 0', 'nan or infinite']
    """
    size = np.maximum(np.abs(impedance.real), np.abs(impedance.imag))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.select(
            [
                ~(np.isfinite(frequency) & np.isfinite(impedance)),
                ~(frequency > 0.0),
                size == 0.0,
                (size > LARGEST) | (size < 1 / LARGEST)
                | (frequency > LARGEST) | (frequency < 1 / LARGEST),
            ],
            [NOT_FINITE, NOT_POSITIVE, ZERO, SIZE],
            "",
        )  # fmt: skip
    return np.where(reason == "", found.astype(object), reason)


def joined(parts: list[Rows]) -> Rows:
    """Put the rows of several blocks behind each other.

    Parameters
    ----------
    parts : list of Rows
        The rows of each block, at least one.

    Returns
    -------
    Rows
        All of them, each block with its own number.

    Examples
    --------
    >>> reason = np.array(["", ""], object)
    >>> one = Rows(np.ones(2), np.ones(2) + 0j, reason, np.arange(2), np.zeros(2))
    >>> joined([one, one]).part.tolist()
    [0, 0, 1, 1]
    """
    words = tuple(dict.fromkeys(word for part in parts for word in part.warnings))
    numbers = np.concatenate([np.full(len(part), k) for k, part in enumerate(parts)])
    return Rows(
        np.concatenate([part.frequency for part in parts]),
        np.concatenate([part.impedance for part in parts]),
        np.concatenate([part.reason for part in parts]),
        np.concatenate([part.line for part in parts]),
        numbers,
        parts[0].per_area,
        words,
    )
