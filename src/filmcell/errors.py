"""Named errors. Their message is the sentence that the user reads.

An error that carries a result (`SolveError`) lives beside `solve`, because it cannot sit on the
ground floor.
"""


class FilmcellError(Exception):
    """Any error that filmcell raises on purpose."""


class InputError(FilmcellError, ValueError):
    """Input refused at the door: names the key, the value and what was expected."""


class OutOfRange(FilmcellError, ValueError):
    """A property was asked for a value outside the range of its source."""


class MissingExtra(FilmcellError, ImportError):
    """A feature needs an optional package that is not installed."""
