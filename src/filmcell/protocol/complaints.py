"""Sentences about text that cannot be read as a protocol: where it is, and what was expected."""

from collections.abc import Sequence
from typing import Any

from filmcell.errors import InputError

Token = Any
"""A token of lark: its text, with its type and where it starts and ends."""

_LONGEST = 80  # characters of a quotation
_CONTROLS = "Charge, Discharge, Hold, Rest, Sweep, Follow or Measure"
_NEXT = 'the next step after ";"'
_AFTER = {
    "CHARGE": 'a current or power such as "0.1 mA" or "C/10"',
    "DISCHARGE": 'a current or power such as "0.1 mA" or "C/10"',
    "HOLD": 'a voltage such as "4.2 V"',
    "SWEEP": 'a rate such as "0.1 mV/s"',
    "FOR": 'a time such as "10 min"',
    "UNTIL": 'a limit such as "4.2 V"',
    "OR": 'a limit such as "4.2 V"',
    "REPEAT": 'a number of times such as "repeat 3"',
}
"""What an amount has to be, by the word that asks for it."""

_EXPECTED = (
    ("CHARGE", _CONTROLS),
    ("AT", '"at"'),
    ("PATH", 'a file in quotation marks such as "drive.csv"'),
    ("IMPEDANCE", '"impedance"'),
    ("LINEARLY", f'"linearly", "until", "for" or {_NEXT}'),
    ("LIMIT", '"limit"'),
    ("FOR", f'"until", "for" or {_NEXT}'),
    ("OR", f'"or" or {_NEXT}'),
    ("REPEAT", f'"repeat" or {_NEXT}'),
    ("UNTIL", f'"until limit" or {_NEXT}'),
)
"""What to say, by the first of these tokens that would have been read."""


def check_parentheses(text: str, tokens: Sequence[Token]) -> None:
    """Refuse what is wrong with parentheses, in words that a parser would not find.

    Parameters
    ----------
    text : str
        The protocol.
    tokens : sequence of Token
        Its tokens.

    Raises
    ------
    InputError
        Where parentheses are nested, empty, not in pairs or hold a "repeat".
    """
    inside = last = None
    for place, token in enumerate(tokens):
        if token.type == "LPAR" and inside is not None:
            raise InputError('a "(" stands inside parentheses, expected blocks side by side')
        if token.type == "RPAR" and inside is None:
            raise InputError(f'{_where(text, tokens, place)}: ")" has no "(" before it')
        if token.type == "RPAR" and last == "LPAR":
            raise InputError('"()" has no steps, expected at least one')
        if token.type == "REPEAT" and inside is not None:
            raise InputError('"repeat" stands inside parentheses, expected it after ")"')
        if token.type in {"LPAR", "RPAR"}:
            inside = place if token.type == "LPAR" else None
        last = token.type if token.type != "_GAP" else last
    if inside is not None:
        raise InputError(
            f'{_where(text, tokens, len(tokens))}: the "(" before is never closed, expected ")"'
        )


def unexpected(text: str, tokens: Sequence[Token], place: int, accepts: set[str]) -> str:
    """Say what could not be read, and what was expected there.

    Parameters
    ----------
    text : str
        The protocol.
    tokens : sequence of Token
        Its tokens.
    place : int
        Which of them could not be read; their number where the text ended too early.
    accepts : set of str
        Types of the tokens that would have been read.

    Returns
    -------
    str
        The sentence.
    """
    before = tokens[place - 1] if place else None
    ends = place == len(tokens) or tokens[place].type in {"_GAP", "RPAR"}
    if ends and before is not None:
        problem = f"nothing follows {quoted(str(before))}"
    else:
        problem = f"cannot read {quoted(str(tokens[place]))}"
    asking = [t.type for t in tokens[max(place - 2, 0) : place] if t.type in _AFTER]
    if "QUANTITY" in accepts and asking:
        expected = _AFTER[asking[-1]]
    else:
        expected = next((say for name, say in _EXPECTED if name in accepts), _NEXT)
    return f"{_where(text, tokens, place)}: {problem}, expected {expected}"


def _where(text: str, tokens: Sequence[Token], place: int) -> str:
    """Name the step that a token belongs to; one that parts steps belongs to the step before."""
    parts: list[list[Token]] = [[]]
    for k, token in enumerate(tokens):
        divides = token.type in {"_GAP", "LPAR", "RPAR"}
        if divides or token.type == "REPEAT":
            if k >= place and any(parts):
                break
            parts.append([])
        if not divides:
            parts[-1].append(token)
    parts = [part for part in parts if part]
    if not parts or parts[-1][0].type == "REPEAT":
        return quoted(span(text, parts[-1]) if parts else text)
    number = sum(part[0].type != "REPEAT" for part in parts)
    return f"step {number} {quoted(span(text, parts[-1]))}"


def span(text: str, tokens: Sequence[Token]) -> str:
    """Give the text from the first token to the last.

    Parameters
    ----------
    text : str
        The protocol.
    tokens : sequence of Token
        Some of its tokens, one at least.

    Returns
    -------
    str
        The part of the text.
    """
    return text[tokens[0].start_pos : tokens[-1].end_pos]


def quoted(text: object) -> str:
    """Quote what was written, on one line, without control characters and not at length.

    Parameters
    ----------
    text : object
        What was written; text comes in quotation marks.

    Returns
    -------
    str
        The quotation.

    Examples
    --------
    >>> print(quoted("Charge  at 1C"))
    "Charge at 1C"
    """
    line = " ".join(text.split()) if isinstance(text, str) else repr(text)
    line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
    return f'"{line}"' if isinstance(text, str) else line
