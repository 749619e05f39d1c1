"""Circuits from their usual string: "R0-p(R1,CPE1)-Wfs2". One of the two importers of lark."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from filmcell.errors import InputError
from filmcell.impedance.composition import Circuit, Series, p
from filmcell.impedance.elements import ELEMENTS
from filmcell.units import shown

if TYPE_CHECKING:
    from lark import Lark

_GRAMMAR = r"""
?start: series
?series: _part ("-" _part)*
_part: element | parallel
parallel: "p" "(" series ("," series)* ")"
element: NAME NUMBER?

NAME.1: /(?!p\s*\()[A-Za-z][A-Za-z]*/
NUMBER: /_?[0-9]{1,6}/
%ignore /\s+/
"""

_LONGEST = 80
"""Characters of a quotation."""

_LONGEST_TEXT = 1000
"""Characters of a circuit; a tree much deeper than a person writes would exhaust the stack."""

_ELSEWHERE = {
    "Wo": "Wfs", "Ws": "Wfl", "T": "TL", "TLM": "TL", "TLMQ": "TL", "Q": "CPE", "Zarc": "ZARC",
    "Z": "ZARC", "RQ": "ZARC", "Gs": "G", "La": "L", "FSW": "Wfs", "FLW": "Wfl", "O": "Wfl",
}  # fmt: skip
"""What other programs call elements that are much the same here."""

_EXPECTED = {
    "NAME": "an element such as R1",
    "NUMBER": "a number",
    "MINUS": '"-"',
    "COMMA": '","',
    "LPAR": '"("',
    "RPAR": '")"',
    "P": '"p("',
    "$END": "the end",
}


def circuit_from_text(text: str) -> Circuit:
    """Read a circuit from its usual string.

    "-" puts parts in series, "p(a,b)" in parallel; elements may have numbers, and those without
    one get it from their place.

    Parameters
    ----------
    text : str
        The string.

    Returns
    -------
    Circuit
        The circuit; its string is the text, numbered.

    Raises
    ------
    InputError
        Where the text is no circuit: one sentence with the place and what was expected.

    Examples
    --------
    >>> circuit = circuit_from_text("R0 - p(R1, CPE1) - Wfs2")
    >>> print(circuit)
    R0-p(R1,CPE1)-Wfs2
    >>> circuit_from_text("R0-p(R1,Wo1)")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: circuit "R0-p(R1,Wo1)": Wo is not an element, expected one of R, C,
    L, CPE, ZARC, W, Wfs, Wcyl, Wsph, Wfl, G, TL; what others call Wo is close to Wfs
    """
    from lark import UnexpectedCharacters, UnexpectedToken

    if not isinstance(text, str):
        raise InputError(f'{shown(text)} is not text, expected a circuit such as "R0-p(R1,CPE1)"')
    line = " ".join(text.split())
    quoted = f'circuit "{line if len(line) <= _LONGEST else line[:_LONGEST] + "..."}"'
    if len(line) > _LONGEST_TEXT:
        raise InputError(f"{quoted}: {len(line)} characters, expected {_LONGEST_TEXT} at most")
    try:
        tree: Any = _parser().parse(line)
    except UnexpectedCharacters as error:
        told = f'cannot read "{error.char}" at place {error.column}'
        raise InputError(f"{quoted}: {told}, expected {_listed(error.allowed or ())}") from None
    except UnexpectedToken as error:
        raise InputError(f"{quoted}: {_unexpected(error)}") from None
    try:
        return _built(tree)
    except InputError as error:
        raise InputError(f"{quoted}: {error}") from None


@lru_cache(maxsize=1)
def _parser() -> "Lark":
    """Build the parser, once; importing lark is slow."""
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr")


def _unexpected(error: Any) -> str:
    """Say what stands where it cannot."""
    ended = error.token.type == "$END"
    what = "it ends too early" if ended else f'cannot read "{error.token}" at place {error.column}'
    return f"{what}, expected {_listed(error.accepts or error.expected)}"


def _listed(names: Any) -> str:
    """Name what could have stood there."""
    told = [_EXPECTED[name] for name in _EXPECTED if name in set(names)]
    return " or ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _built(tree: Any) -> Circuit:
    """Make a circuit of its parse tree."""
    if tree.data == "element":
        return _element(*(str(token) for token in tree.children))
    parts = [_built(child) for child in tree.children]
    return p(*parts) if tree.data == "parallel" else Series(tuple(parts))


def _element(name: str, number: str | None = None) -> Circuit:
    """Make an element of its name."""
    if name not in ELEMENTS:
        near = _ELSEWHERE.get(name)
        hint = f"; what others call {name} is close to {near}" if near else ""
        raise InputError(
            f"{name[:_LONGEST]} is not an element, expected one of {', '.join(ELEMENTS)}{hint}"
        )
    return ELEMENTS[name](int(number.lstrip("_")) if number else None)
