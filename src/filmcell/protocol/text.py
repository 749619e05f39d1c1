"""Protocols from text: "Charge at C/10 until 4.2 V; Rest for 10 min". The only importer of lark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from filmcell.errors import InputError
from filmcell.protocol.amounts import (
    Amperes,
    AmperesPerArea,
    Coulombs,
    CoulombsPerArea,
    CRate,
    CurrentAmount,
    PowerAmount,
    Watts,
    WattsPerArea,
)
from filmcell.protocol.steps import (
    Block,
    CapacityLimit,
    Charge,
    Control,
    CurrentLimit,
    Discharge,
    Hold,
    Limit,
    Protocol,
    Rest,
    Step,
    TimeLimit,
    VoltageLimit,
)
from filmcell.units import to_si

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

T = TypeVar("T")

_GRAMMAR = r"""
start: _gap? (_entry (_gap _entry)* _gap?)?
_entry: step repeat? | block repeat? | repeat
block: LPAR _gap? step (_gap step)* _gap? RPAR
repeat: REPEAT QUANTITY TIMES?
step: _control (_end (OR (_end | _amount))*)?
_control: (CHARGE | DISCHARGE | HOLD) AT _amount | REST
_end: (UNTIL | FOR) _amount
_amount: QUANTITY | C_RATE | DECIMAL_COMMA
_gap: _GAP+

LPAR: "("
RPAR: ")"
_GAP.2: /[;,\r\n]|then\b/i
CHARGE.2: /charge\b/i
DISCHARGE.2: /discharge\b/i
HOLD.2: /hold\b/i
REST.2: /rest\b/i
AT.2: /at\b/i
UNTIL.2: /until\b/i
FOR.2: /for\b/i
OR.2: /or\b/i
REPEAT.2: /repeat\b/i
TIMES.2: /times\b/i

// read only to be refused with its own sentence
DECIMAL_COMMA.5: /[+-]?[0-9]+,[0-9]+([^\S\r\n]*WORD)?/
// "1C", "C/10", "C"; but "1 C/cm2" and "1 Ah" are charges
C_RATE.4: /([+-]?NUMBER[^\S\r\n]*)?C(?![A-Za-z0-9]|\s*\/\s*[A-Za-z])([^\S\r\n]*\/[^\S\r\n]*NUMBER)?/
// a second word of the unit needs "/", "*" or an exponent, or else it is the next word of the step
QUANTITY.3: /[+-]?NUMBER([^\S\r\n]*WORD([^\S\r\n]*[\/*][^\S\r\n]*WORD|[^\S\r\n]+POWER)*)?/
UNKNOWN.-1: /[^\s,;()#]+/

%ignore /[^\S\r\n]+/
%ignore /#[^\r\n]*/
%ignore /\.\.\.|…/
"""
_PARTS = {
    "NUMBER": r"([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "POWER": r"[A-Za-zµμ]+(\^|\*\*)?-?[0-9](?![0-9.])",
    "WORD": r"(?!(?i:until|for|or|then|repeat|times|at|charge|discharge|hold|rest)\b)"
    r"[A-Za-zµμ]+((\^|\*\*)?-?[0-9](?![0-9.]))?",
}

_LONGEST = 80  # characters of an amount, and of a quotation
_CONTROLS = "Charge, Discharge, Hold or Rest"
_NEXT = 'the next step after ";"'
_A_PUSH = 'a current or power, expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"'
_A_LIMIT = (
    "a voltage, current, charge or time, expected one such as "
    '"4.2 V", "C/50", "0.5 mAh" or "10 min"'
)
_AFTER = {
    "CHARGE": 'a current or power such as "0.1 mA" or "C/10"',
    "DISCHARGE": 'a current or power such as "0.1 mA" or "C/10"',
    "HOLD": 'a voltage such as "4.2 V"',
    "FOR": 'a time such as "10 min"',
    "UNTIL": 'a limit such as "4.2 V"',
    "OR": 'a limit such as "4.2 V"',
    "REPEAT": 'a number of times such as "repeat 3"',
}
"""What an amount has to be, by the word that asks for it."""

_PUSHES: Mapping[str, Callable[[float], CurrentAmount | PowerAmount]] = {
    kind.unit: kind for kind in (Amperes, AmperesPerArea, Watts, WattsPerArea)
}
_LIMITS: Mapping[str, Callable[[float], Limit]] = {
    "V": VoltageLimit,
    "s": TimeLimit,
    "A": lambda x: CurrentLimit(Amperes(x)),
    "A/m2": lambda x: CurrentLimit(AmperesPerArea(x)),
    "C": lambda x: CapacityLimit(Coulombs(x)),
    "C/m2": lambda x: CapacityLimit(CoulombsPerArea(x)),
}


def protocol_from_text(text: str) -> Protocol:
    """Read a protocol as people write it.

    Steps are parted by a new line, ";", "," or "then", "#" starts a comment, parentheses make a
    block. "repeat 3" repeats the block before it, or all steps since the last block.

    Parameters
    ----------
    text : str
        The protocol.

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
    _check_parentheses(text, tokens)
    try:
        tree = _parser().parse(text)
    except UnexpectedToken as error:
        # a token made at the end of the text carries the place of the last one before it
        ended = error.token.type == "$END"
        place = len(tokens) if ended else [t.start_pos for t in tokens].index(error.token.start_pos)
        raise InputError(_unexpected(text, tokens, place, error.accepts or set())) from None
    return Protocol(_blocks(text, tree))


def read_push(text: str) -> CurrentAmount | PowerAmount:
    """Read the current or power of a charge or discharge.

    Parameters
    ----------
    text : str
        Such as "0.1 mA", "0.07 mA/cm2", "C/10" or "0.4 mW".

    Returns
    -------
    CurrentAmount or PowerAmount
        The amount.

    Raises
    ------
    InputError
        Where it is none, or not above zero.

    Examples
    --------
    >>> read_push("C/10")
    CRate(value=0.1)
    """
    return _read(text, _PUSHES, lambda rate: rate, _A_PUSH)


def read_voltage(text: str) -> float:
    """Read the voltage of a hold.

    Parameters
    ----------
    text : str
        Such as "4.2 V".

    Returns
    -------
    float
        Voltage [V].

    Raises
    ------
    InputError
        Where it is none.

    Examples
    --------
    >>> read_voltage("4200 mV")
    4.2
    """
    return _read(text, {"V": float}, None, 'a voltage, expected one such as "4.2 V"')


def read_time(text: str) -> TimeLimit:
    """Read how long a step takes at most.

    Parameters
    ----------
    text : str
        Such as "10 min".

    Returns
    -------
    TimeLimit
        The time.

    Raises
    ------
    InputError
        Where it is none, or not above zero.

    Examples
    --------
    >>> read_time("10 min")
    TimeLimit(seconds=600.0)
    """
    return _read(text, {"s": TimeLimit}, None, 'a time, expected one such as "10 min"')


def read_limit(text: str) -> Limit:
    """Read what ends a step, by the kind of its unit.

    Parameters
    ----------
    text : str
        Such as "4.2 V", "10 uA", "C/50", "0.5 mAh" or "10 h".

    Returns
    -------
    Limit
        The limit.

    Raises
    ------
    InputError
        Where it is none of these, or not above zero.

    Examples
    --------
    >>> str(read_limit("10 uA"))
    '0.01 mA'
    """
    return _read(text, _LIMITS, CurrentLimit, _A_LIMIT)


def _read(
    text: str,
    kinds: Mapping[str, Callable[[float], T]],
    of_rate: Callable[[CRate], T] | None,
    expected: str,
) -> T:
    """Make the first kind whose unit fits; `expected` says what the text should have been."""
    refused = InputError(f"{quoted(text)} is not {expected}")
    if not isinstance(text, str):
        raise refused
    tokens = list(_parser().lex(text)) if len(text) <= _LONGEST else []
    if len(tokens) != 1:
        raise refused
    kind, plain = tokens[0].type, " ".join(tokens[0].split())
    if kind == "DECIMAL_COMMA":
        raise InputError(f'"{plain}" has a comma in its number, expected a point')
    if kind == "C_RATE" and of_rate:
        return of_rate(_c_rate(plain))
    # pint would also work out "2*3 mA", so that only a number with a unit is handed to it
    for unit, make in kinds.items() if kind == "QUANTITY" else ():
        try:
            value = to_si(plain, unit)
        except InputError:
            continue
        return make(value)
    raise refused


def _c_rate(text: str) -> CRate:
    """Read "1C", "C/10" or "C"."""
    above, _, below = text.partition("C")
    hours = float(below.strip(" /") or 1)
    if not hours:
        raise InputError(f'"{text}" divides by zero, expected a number of hours such as "C/10"')
    return CRate(float(above or 1) / hours)


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
    for name in ("WORD", "POWER", "NUMBER"):
        grammar = grammar.replace(name, f"({_PARTS[name]})")
    keep: Any = _KeepUnknown()
    return Lark(grammar, parser="lalr", lexer="basic", postlex=keep, propagate_positions=True)


def _blocks(text: str, tree: "Tree[Token]") -> tuple[Block, ...]:
    """Gather steps and parentheses into blocks, in order."""
    blocks: list[Block] = []
    loose: list[Step] = []
    numbers, may_repeat = count(1), False
    for node in cast("list[Tree[Token]]", tree.children):
        if node.data == "step":
            loose.append(_step(text, node, next(numbers)))
            continue
        if node.data == "block":
            blocks += [Block(tuple(loose))] if loose else []
            steps = [_step(text, n, next(numbers)) for n in node.find_data("step")]
            blocks.append(Block(tuple(steps)))
        elif loose:
            blocks.append(Block(tuple(loose), _passes(node)))
        elif may_repeat:
            blocks[-1] = replace(blocks[-1], repeat=_passes(node))
        else:
            raise InputError(f'"repeat {_passes(node)}" has no steps before it, expected some')
        loose, may_repeat = [], node.data == "block"
    return (*blocks, Block(tuple(loose))) if loose else tuple(blocks)


def _passes(node: "Tree[Token]") -> int:
    """Read the number after "repeat"."""
    number = str(node.children[1])
    # so many digits only to keep Python from refusing to read a longer number
    if not (number.isdigit() and len(number) < 10 and int(number) > 0):
        raise InputError(
            f'"repeat {number}" is not allowed, expected a whole number from 1 such as "repeat 3"'
        )
    return int(number)


def _step(text: str, node: "Tree[Token]", number: int) -> Step:
    """Make a step of its words; its complaints name it."""
    words = cast("list[Token]", node.children)
    try:
        control, rest = _control(words)
        limits = [
            read_time(amount) if word.type == "FOR" else read_limit(amount)
            for word, amount in pairwise(rest)
            if amount.type in {"QUANTITY", "C_RATE", "DECIMAL_COMMA"}
        ]
    except InputError as error:
        raise InputError(f"step {number} {quoted(_span(text, words))}: {error}") from None
    try:
        return Step(control, tuple(limits))
    except InputError as error:  # it quotes the step by itself
        raise InputError(f"step {number}: {error}") from None


def _control(words: "Sequence[Token]") -> "tuple[Control, Sequence[Token]]":
    """Make the control, and give the words after it."""
    match words[0].type:
        case "REST":
            return Rest(), words[1:]
        case "HOLD":
            return Hold(read_voltage(words[2])), words[3:]
        case "CHARGE":
            return Charge(read_push(words[2])), words[3:]
        case _:
            return Discharge(read_push(words[2])), words[3:]


def _check_parentheses(text: str, tokens: "Sequence[Token]") -> None:
    """Refuse what is wrong with parentheses, in words that a parser would not find."""
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


def _unexpected(text: str, tokens: "Sequence[Token]", place: int, accepts: set[str]) -> str:
    """Say what could not be read, and what was expected there."""
    before = tokens[place - 1] if place else None
    ends = place == len(tokens) or tokens[place].type in {"_GAP", "RPAR"}
    if ends and before is not None:
        problem = f"nothing follows {quoted(before)}"
    else:
        problem = f"cannot read {quoted(tokens[place])}"
    asking = [t.type for t in tokens[max(place - 2, 0) : place] if t.type in _AFTER]
    if "QUANTITY" in accepts and asking:
        expected = _AFTER[asking[-1]]
    else:
        expected = next((say for name, say in _EXPECTED if name in accepts), _NEXT)
    return f"{_where(text, tokens, place)}: {problem}, expected {expected}"


_EXPECTED = (
    ("CHARGE", _CONTROLS),
    ("AT", '"at"'),
    ("UNTIL", f'"until", "for" or {_NEXT}'),
    ("OR", f'"or" or {_NEXT}'),
    ("REPEAT", f'"repeat" or {_NEXT}'),
)
"""What to say, by the first of these tokens that would have been read."""


def _where(text: str, tokens: "Sequence[Token]", place: int) -> str:
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
        return quoted(_span(text, parts[-1]) if parts else text)
    number = sum(part[0].type != "REPEAT" for part in parts)
    return f"step {number} {quoted(_span(text, parts[-1]))}"


def _span(text: str, tokens: "Sequence[Token]") -> str:
    """Give the text from the first token to the last."""
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
