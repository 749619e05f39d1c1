"""Protocols from text: "Charge at C/10 until 4.2 V; Rest for 10 min". The only importer of lark."""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from filmcell.errors import InputError
from filmcell.protocol.complaints import check_parentheses, quoted, span, unexpected
from filmcell.protocol.controls import Charge, Discharge, Hold, Mark, Rest
from filmcell.protocol.limits import Limit
from filmcell.protocol.profile_file import load_profile
from filmcell.protocol.reading import (
    PATTERNS,
    read_limit,
    read_push,
    read_rate,
    read_time,
    read_voltage,
    sweep_until,
)
from filmcell.protocol.steps import Block, Control, Protocol, Step

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

_GRAMMAR = r"""
start: _gap? (_entry (_gap _entry)* _gap?)?
_entry: step repeat? | block repeat? | repeat
block: LPAR _gap? step (_gap step)* _gap? RPAR
repeat: REPEAT QUANTITY TIMES? (UNTIL LIMIT)?
step: _control (_end (OR (_end | _amount))*)?
_control: (CHARGE | DISCHARGE | HOLD | SWEEP) AT _amount
    | REST | FOLLOW PATH LINEARLY? | MEASURE IMPEDANCE
_end: (UNTIL | FOR) _amount
_amount: QUANTITY | C_RATE | STATE_OF_CHARGE | DECIMAL_COMMA
_gap: _GAP+

LPAR: "("
RPAR: ")"
_GAP.2: /[;,\r\n]|then\b/i
CHARGE.2: /charge\b/i
DISCHARGE.2: /discharge\b/i
HOLD.2: /hold\b/i
REST.2: /rest\b/i
SWEEP.2: /sweep\b/i
FOLLOW.2: /follow\b/i
LINEARLY.2: /linearly\b/i
MEASURE.2: /measure\b/i
IMPEDANCE.2: /impedance\b/i
AT.2: /at\b/i
UNTIL.2: /until\b/i
FOR.2: /for\b/i
OR.2: /or\b/i
REPEAT.2: /repeat\b/i
TIMES.2: /times\b/i
LIMIT.2: /limit\b/i
PATH.6: /"[^"\r\n]*"/

DECIMAL_COMMA.5: /<DECIMAL_COMMA>/
STATE_OF_CHARGE.5: /<STATE_OF_CHARGE>/
C_RATE.4: /<C_RATE>/
QUANTITY.3: /<QUANTITY>/
UNKNOWN.-1: /[^\s,;()#]+/

%ignore /[^\S\r\n]+/
%ignore /#[^\r\n]*/
%ignore /\.\.\.|…/
"""

_CALL = r"""
start: NAME ":" (pair ("," pair)*)?
pair: NAME VALUE
NAME: /[A-Za-z_]+/
VALUE: /[^\s,#][^,#\r\n]*/
%ignore /\s+/
%ignore /#[^\r\n]*/
"""
_CALL_BEGINS = re.compile(r"(?:\s|#[^\r\n]*)*[A-Za-z_]+\s*:")
_AMOUNTS = frozenset(PATTERNS)


def protocol_from_text(text: str, folder: Path | None = None) -> Protocol:
    """Read a protocol as people write it.

    Steps are parted by a new line, ";", "," or "then", "#" starts a comment, parentheses make a
    block. "repeat 3" repeats the block before it, or all steps since the last block; "repeat 200
    until limit" does so at most, until a limit other than a time has ended a step.

    Parameters
    ----------
    text : str
        The protocol.
    folder : Path, optional
        Where the files of profiles are; by default the current folder.

    Returns
    -------
    Protocol
        Its blocks; the text of the protocol gives the same protocol again.

    Raises
    ------
    InputError
        Where the text cannot be read: one sentence with the step, the text and what was expected.

    Examples
    --------
    >>> protocol = protocol_from_text("(charge at C/10 until 4.2 V then rest for 600 s) repeat 3")
    >>> str(protocol)
    '(Charge at C/10 until 4.2 V; Rest for 10 min) repeat 3'
    >>> protocol.count
    6
    >>> protocol_from_text("Charge at 4.2 V")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: step 1 "Charge at 4.2 V": "4.2 V" is not a current or power,
    expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"
    """
    from lark.exceptions import UnexpectedToken

    tokens = list(_parser().lex(text))
    check_parentheses(text, tokens)
    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        # a token made at the end of the text carries the place of the last one before it
        ended = error.token.type == "$END"
        place = len(tokens) if ended else [t.start_pos for t in tokens].index(error.token.start_pos)
        raise InputError(unexpected(text, tokens, place, error.accepts or set())) from None
    return Protocol(_blocks(text, tree, folder))


class _KeepUnknown:
    """Tell lark to lex words that no rule uses, so that every error is one of the parser."""

    always_accept: ClassVar[tuple[str, ...]] = ("UNKNOWN",)

    @staticmethod
    def process(stream: Any) -> Any:
        """Leave the tokens as they are."""
        return stream


@lru_cache(maxsize=1)
def _parser() -> "Lark":
    """Build the parser, once; importing lark is slow."""
    from lark import Lark

    grammar = _GRAMMAR
    for name, pattern in PATTERNS.items():
        grammar = grammar.replace(f"<{name}>", pattern)
    keep: Any = _KeepUnknown()
    return Lark(grammar, parser="lalr", lexer="basic", postlex=keep, propagate_positions=True)


def is_call(text: str) -> bool:
    """Whether text names a ready-made protocol: a word and a colon.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    bool
        Whether it does.

    Examples
    --------
    >>> is_call("gitt: current C/10"), is_call("Rest for 1 h")
    (True, False)
    """
    return _CALL_BEGINS.match(text) is not None


def read_call(text: str) -> tuple[str, dict[str, str]]:
    """Read the name of a ready-made protocol and its arguments.

    Parameters
    ----------
    text : str
        Such as "gitt: current C/10, pulse 10 min, rest 1 h".

    Returns
    -------
    name : str
        The name.
    arguments : dict of str to str
        Name of each argument to its text.

    Raises
    ------
    InputError
        Where the text is no such thing, or gives an argument twice.

    Examples
    --------
    >>> read_call("gitt: current C/10, pulse 10 min")
    ('gitt', {'current': 'C/10', 'pulse': '10 min'})
    """
    from lark import LarkError

    try:
        head, *pairs = cast("list[Any]", _call_parser().parse(text).children)
    except LarkError:
        raise InputError(
            f"{quoted(text)} cannot be read, expected a name and arguments such as "
            '"gitt: current C/10, pulse 10 min, rest 1 h"'
        ) from None
    names = [str(pair.children[0]) for pair in pairs]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(f"{head}: {twice[0]} is given twice, expected it once")
    return str(head), {str(p.children[0]): str(p.children[1]).strip() for p in pairs}


@lru_cache(maxsize=1)
def _call_parser() -> "Lark":
    """Build the parser of calls, once."""
    from lark import Lark

    return Lark(_CALL, parser="lalr")


def _blocks(text: str, tree: "Tree[Token]", folder: Path | None) -> tuple[Block, ...]:
    """Gather steps and parentheses into blocks, in order."""
    blocks: list[Block] = []
    loose: list[Step] = []
    numbers, may_repeat = count(1), False
    for node in cast("list[Tree[Token]]", tree.children):
        if node.data == "step":
            loose.append(_step(text, node, next(numbers), folder))
            continue
        if node.data == "block":
            blocks += [Block(tuple(loose))] if loose else []
            steps = [_step(text, n, next(numbers), folder) for n in node.find_data("step")]
            blocks.append(Block(tuple(steps)))
        elif loose:
            blocks.append(_repeated(Block(tuple(loose)), node))
        elif may_repeat:
            blocks[-1] = _repeated(blocks[-1], node)
        else:
            raise InputError(f'"repeat {_passes(node)}" has no steps before it, expected some')
        loose, may_repeat = [], node.data == "block"
    return (*blocks, Block(tuple(loose))) if loose else tuple(blocks)


def _repeated(block: Block, node: "Tree[Token]") -> Block:
    """Give a block the passes that stand after it."""
    last = cast("Token", node.children[-1])
    return replace(block, repeat=_passes(node), until_limit=last.type == "LIMIT")


def _passes(node: "Tree[Token]") -> int:
    """Read the number after "repeat"."""
    number = str(node.children[1])
    # so many digits only to keep Python from refusing to read a longer number
    if not (number.isdigit() and len(number) < 10 and int(number) > 0):
        raise InputError(
            f'"repeat {number}" is not allowed, expected a whole number from 1 such as "repeat 3"'
        )
    return int(number)


def _step(text: str, node: "Tree[Token]", number: int, folder: Path | None) -> Step:
    """Make a step of its words; its complaints name it."""
    words = cast("list[Token]", node.children)
    try:
        limits = tuple(
            read_time(amount) if word.type == "FOR" else read_limit(amount)
            for word, amount in pairwise(words)
            if word.type in {"UNTIL", "FOR", "OR"} and amount.type in _AMOUNTS
        )
        control, limits = _control([str(word) for word in words], words[0].type, limits, folder)
    except InputError as error:
        raise InputError(f"step {number} {quoted(span(text, words))}: {error}") from None
    try:
        return Step(control, limits)
    except InputError as error:  # it quotes the step by itself
        raise InputError(f"step {number}: {error}") from None


def _control(
    words: list[str], kind: str, limits: tuple[Limit, ...], folder: Path | None
) -> tuple[Control, tuple[Limit, ...]]:
    """Make the control, and give the limits that are left of those of its step."""
    match kind:
        case "SWEEP":
            return sweep_until(read_rate(words[2]), limits)
        case "FOLLOW":
            path = (folder or Path()) / words[1].strip('"')
            return load_profile(path, linear="linearly" in (w.lower() for w in words[2:3])), limits
        case "HOLD":
            return Hold(read_voltage(words[2])), limits
        case "CHARGE":
            return Charge(read_push(words[2])), limits
        case "DISCHARGE":
            return Discharge(read_push(words[2])), limits
        case "REST":
            return Rest(), limits
        case _:
            return Mark(), limits
