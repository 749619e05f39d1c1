"""Protocols from wherever a user has them: Python, text, or a file of text or TOML."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from filmcell.door import read_text
from filmcell.errors import InputError
from filmcell.protocol.complaints import quoted
from filmcell.protocol.profile_file import load_profile
from filmcell.protocol.reading import (
    read_limit,
    read_push,
    read_rate,
    read_time,
    read_voltage,
    sweep_until,
)
from filmcell.protocol.readymade import ready_made
from filmcell.protocol.steps import (
    Block,
    Charge,
    Control,
    Discharge,
    Hold,
    Limit,
    Mark,
    Protocol,
    Rest,
    Step,
    TimeLimit,
)
from filmcell.protocol.text import is_call, protocol_from_text, read_call

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationInfo

_EXAMPLE = 'text such as "Charge at C/10 until 4.2 V"'
_CONTROLS = ("charge", "discharge", "hold", "rest", "sweep", "follow", "measure")
_KEYS = {
    "": ("block", "ready_made", "step", "text"),
    "block": ("repeat", "step", "until"),
    "step": (*_CONTROLS, "linearly", "until", "for"),
}
"""Keys that a table may have, by the kind of the table."""


def load_protocol(source: Protocol | str | Path | Sequence[str]) -> Protocol:
    """Load a protocol from text or a file.

    Parameters
    ----------
    source : Protocol, str or Path
        A protocol, which is given back; a path, or text that ends in .toml or .txt and so is one;
        the text of a protocol, or a list of such texts; the name of a ready-made protocol with
        its arguments, "gitt: current C/10, pulse 10 min, rest 1 h".

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where there is no such file, or it or the text is not a protocol.

    Examples
    --------
    >>> str(load_protocol("charge at C/10 until 4.2 V then rest for 600 s"))
    'Charge at C/10 until 4.2 V; Rest for 10 min'
    >>> load_protocol("nowhere.toml")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere.toml: cannot be read (No such file or directory)
    """
    if isinstance(source, Protocol):
        return source
    if isinstance(source, list | tuple) and all(isinstance(line, str) for line in source):
        return _from_text("\n".join(source), None)
    if not isinstance(source, str | Path):
        raise InputError(f"{source!r} is not a protocol, expected a Protocol, a path or {_EXAMPLE}")
    if isinstance(source, Path) or _is_path(source):
        return _from_file(Path(source))
    if len(source.split()) == 1 and set(source) & set("./\\"):
        raise InputError(
            f"{quoted(source)} is neither a protocol nor a file of one, expected {_EXAMPLE} or a "
            "path that ends in .toml or .txt"
        )
    return _from_text(source, None)


def _from_text(text: str, folder: Path | None) -> Protocol:
    """Read steps, or a ready-made protocol."""
    if is_call(text):
        return ready_made(*read_call(text), folder)
    return protocol_from_text(text, folder)


def _is_path(text: str) -> bool:
    """Whether text means a file."""
    one_line = len(text.splitlines()) == 1
    return one_line and text.lower().endswith((".toml", ".txt"))


def _from_file(path: Path) -> Protocol:
    """Read a file by its ending."""
    if "\0" in str(path):
        raise InputError(f"{quoted(str(path))} is not a path, expected one without null characters")
    text = read_text(path).removeprefix("\N{BYTE ORDER MARK}")
    if path.suffix.lower() == ".toml":
        return protocol_from_toml(text, str(path), path.parent)
    try:
        return _from_text(text, path.parent)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def protocol_from_toml(text: str, where: str = "protocol", folder: Path | None = None) -> Protocol:
    """Make a protocol of TOML text.

    The file has tables [[block]] with [[block.step]], or tables [[step]] that are done once, or
    one table [ready_made] with a name and arguments, or one key text.

    Parameters
    ----------
    text : str
        The text.
    where : str
        What to call it in messages.
    folder : Path, optional
        Where the files of profiles are; by default the current folder.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    InputError
        Where the text is not a protocol: one sentence with the key, the value and what was
        expected.

    Examples
    --------
    >>> str(protocol_from_toml('step = [{ charge = "0.1 mA", until = ["4.2 V", "10 h"] }]'))
    'Charge at 0.1 mA until 4.2 V or for 10 h'
    >>> protocol_from_toml('step = [{ charge = "4.2 V" }]')
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: protocol: step 1, charge: "4.2 V" is not a current or power,
    expected one such as "0.1 mA", "C/10", "0.07 mA/cm2" or "0.4 mW"
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {error}") from None
    except RecursionError:
        raise InputError(f"{where}: nested too deeply, expected a short TOML file") from None
    if not data:
        raise InputError(f"{where}: empty, expected [[block]], [[step]], [ready_made] or text")
    kinds = [kind for kind in _KEYS[""] if kind in data]
    if len(kinds) > 1:
        raise InputError(f"{where}: {' and '.join(kinds)} are given together, expected one of them")
    return _validated(data, where, folder)


def _validated(data: dict[str, Any], where: str, folder: Path | None) -> Protocol:
    """Let pydantic check keys and values; turn its first complaint into one sentence."""
    from pydantic import ValidationError

    try:
        tables: Any = _tables().model_validate(data, context=folder)
    except ValidationError as error:
        problems = error.errors()
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{where}: {_sentence(problems[0])}{more}") from None
    for whole in (tables.text, tables.ready_made):
        if isinstance(whole, Protocol):
            return whole
    if not tables.block and not tables.step:
        raise InputError(f"{where}: the protocol is empty, expected at least one step")
    return Protocol(tables.block or (Block(tables.step),))


@lru_cache(maxsize=1)
def _tables() -> "type[BaseModel]":
    """Declare the tables of the file, once; importing pydantic is slow."""
    from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

    class Table(BaseModel):
        model_config = ConfigDict(extra="forbid")

    class StepTable(Table):
        charge: Annotated[Any, PlainValidator(lambda x: Charge(read_push(x)))] = None
        discharge: Annotated[Any, PlainValidator(lambda x: Discharge(read_push(x)))] = None
        hold: Annotated[Any, PlainValidator(lambda x: Hold(read_voltage(x)))] = None
        rest: Annotated[Any, PlainValidator(_rest)] = None
        sweep: Annotated[Any, PlainValidator(read_rate)] = None
        follow: Annotated[Any, PlainValidator(_follow)] = None
        linearly: Annotated[Any, PlainValidator(_linearly)] = None
        measure: Annotated[Any, PlainValidator(_measure)] = None
        until: Annotated[Any, PlainValidator(_until)] = ()
        time: Annotated[Any, PlainValidator(read_time)] = Field(default=None, alias="for")

    steps = Annotated[list[Annotated[StepTable, AfterValidator(_step)]], AfterValidator(tuple)]

    class BlockTable(Table):
        step: steps
        repeat: Any = 1
        until: Annotated[Any, PlainValidator(_until_limit)] = False

    class File(Table):
        block: list[Annotated[BlockTable, AfterValidator(_block)]] = Field(default=[])
        step: steps = Field(default=[])
        text: Annotated[Any, PlainValidator(_text)] = None
        ready_made: Annotated[Any, PlainValidator(_ready_made)] = None

    return File


def _rest(value: Any) -> Rest:
    """Read the value of the key rest."""
    if value is not True:
        raise InputError(f"{quoted(value)} is not allowed, expected true")
    return Rest()


def _measure(value: Any) -> Mark:
    """Read the value of the key measure."""
    if value != "impedance":
        raise InputError(f'{quoted(value)} is not allowed, expected "impedance"')
    return Mark()


def _follow(value: Any, info: "ValidationInfo") -> Path:
    """Read the value of the key follow; the context is the folder of the file."""
    if not isinstance(value, str):
        raise InputError(f'{quoted(value)} is not a file, expected one such as "drive.csv"')
    return (info.context or Path()) / value


def _linearly(value: Any) -> bool:
    """Read the value of the key linearly."""
    if not isinstance(value, bool):
        raise InputError(f"{quoted(value)} is not allowed, expected true or false")
    return value


def _until(value: Any) -> tuple[Limit, ...]:
    """Read one limit or a list of them."""
    return tuple(read_limit(x) for x in (value if isinstance(value, list) else [value]))


def _until_limit(value: Any) -> bool:
    """Read the key until of a block."""
    if value != "limit":
        raise InputError(f'{quoted(value)} is not allowed, expected "limit"')
    return True


def _text(value: Any, info: "ValidationInfo") -> Protocol:
    """Read the value of the key text."""
    if not isinstance(value, str):
        raise InputError(f"{quoted(value)} is not a protocol, expected {_EXAMPLE}")
    return _from_text(value, info.context)


def _ready_made(value: Any, info: "ValidationInfo") -> Protocol:
    """Read the table of a ready-made protocol."""
    if not isinstance(value, dict):
        raise InputError(f"{quoted(value)} is not allowed, expected a table [ready_made]")
    if "name" not in value:
        raise InputError('name is missing, expected one such as "gitt"')
    arguments = {key: x for key, x in value.items() if key != "name"}
    return ready_made(value["name"], arguments, info.context)


def _block(table: Any) -> Block:
    """Make a block of its table."""
    return Block(table.step, table.repeat, table.until)


def _step(table: Any) -> Step:
    """Make a step of its table."""
    given = [key for key in _CONTROLS if getattr(table, key) is not None]
    if len(given) != 1:
        problem = f"{' and '.join(given)} are given together" if given else "nothing to do"
        raise InputError(f"{problem}, expected exactly one of {', '.join(_CONTROLS)}")
    if table.linearly is not None and table.follow is None:
        raise InputError("linearly is given without follow, expected both")
    time: tuple[TimeLimit, ...] = (table.time,) if table.time else ()
    limits: tuple[Limit, ...] = (*table.until, *time)
    control: Control
    if table.sweep is not None:
        control, limits = sweep_until(table.sweep, limits)
    elif table.follow is not None:
        control = load_profile(table.follow, linear=bool(table.linearly))
    else:
        control = getattr(table, given[0])
    return Step(control, limits)


def _sentence(problem: Any) -> str:
    """One complaint of pydantic as a sentence."""
    loc: tuple[str | int, ...] = problem["loc"]
    place, value = _place(loc), quoted(problem["input"])
    if problem["type"] == "value_error":
        return f"{place}: {problem['ctx']['error']}"
    if problem["type"] == "extra_forbidden":
        tables = [key for key in loc[:-1] if isinstance(key, str)]
        keys = ", ".join(_KEYS[tables[-1] if tables else ""])
        return f"{place}: unknown key with the value {value}, expected one of {keys}"
    keys = ".".join(key for key in loc if isinstance(key, str))
    if problem["type"] == "missing":
        return f"{place} is missing, expected [[{keys}]]"
    return f"{place}: {value} is not allowed, expected tables [[{keys}]]"


def _place(loc: Sequence[str | int]) -> str:
    """Name a place in the file, counted from 1: "block 1, step 2, until"."""
    words: list[str] = []
    for key in loc:
        if isinstance(key, int) and words:
            words[-1] += f" {key + 1}"
        else:
            words.append(str(key))
    return ", ".join(words)
