"""Types of the numbers that a cell is made of: their unit, their sign, and how text becomes them.

The same marker serves three doors: a cell built in Python is checked by it, a cell file is read
through it by pydantic, and `Cell.replace` turns text into numbers with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from filmcell.errors import FilmcellError, InputError
from filmcell.materials.library import load
from filmcell.materials.property import Property, constant, tabulated
from filmcell.units import EXAMPLES, to_si


@dataclass(frozen=True)
class Quantity:
    """A number in an SI unit.

    Parameters
    ----------
    unit : str
        SI unit, a key of `units.EXAMPLES`.
    lowest, highest : float
        Range in which it must lie.
    open_end : bool
        Whether `lowest` itself is refused (a thickness of zero) or allowed (no resistance).
    optional : bool
        Whether None is allowed too.
    """

    unit: str
    lowest: float = 0.0
    highest: float = float("inf")
    open_end: bool = True
    optional: bool = False

    def read(self, value: Any) -> Any:
        """Turn text with a unit, or an SI float from Python, into a checked number."""
        if value is None and self.optional:
            return None
        number = to_si(value, self.unit) if isinstance(value, str) else self._bare(value)
        return self.check(number, value)

    def _bare(self, value: Any) -> float:
        """Take a Python number as it is; refuse what is none."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            kind, example = EXAMPLES[self.unit]
            raise InputError(f'{value!r} is not {kind}, expected one such as "{example}"')
        return float(value)

    def check(self, number: float, given: Any = None) -> float:
        """Refuse what lies outside the range, nan included."""
        above = number > self.lowest if self.open_end else number >= self.lowest
        if above and number <= self.highest and number != float("inf"):
            return number
        shown = repr(number) if given is None or given is number else f'"{given}"'
        raise InputError(f"{shown} is not allowed, expected {self.expected}")

    @property
    def expected(self) -> str:
        """What is expected, in words."""
        kind, example = EXAMPLES[self.unit]
        sign = "above" if self.open_end else "of at least"
        bound = f"{sign} {self.lowest:g}"
        if self.highest != float("inf"):
            bound += f" and at most {self.highest:g}"
        return f'{kind} {bound}{" " if self.unit else ""}{self.unit} such as "{example}"'

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Let pydantic read a file through `from_file`."""
        return _through(self.from_file)

    def from_file(self, value: Any) -> float:
        """Read a value of a file, where a number without its unit is refused."""
        if self.unit and not isinstance(value, str):
            to_si(value, self.unit)
        return self.read(value)


@dataclass(frozen=True)
class PropertyOf:
    """A property over the lithiation fraction: a number, a table, or the name of a material.

    Parameters
    ----------
    name : str
        What it is.
    unit : str
        SI unit of its values.
    positive : bool
        Whether only values above zero are allowed.
    """

    name: str
    unit: str
    positive: bool = True

    def read(self, value: Any) -> Property:
        """Turn a property, a number, text or a table into a `Property`."""
        if isinstance(value, Property):
            return value
        if isinstance(value, Mapping):
            return self._table(value)
        if isinstance(value, str) and self.unit == "V" and not value[:1].isdigit():
            found = load(value).values.get("potential")
            if not isinstance(found, Property):
                raise InputError(f'the material "{value}" has no {self.name}')
            return found
        return constant(self.name, Quantity(self.unit).read(value), self.unit)

    def _table(self, entry: Mapping[str, Any]) -> Property:
        """Read {x = [...], values = [...], unit = "...", interpolation = "log", source = "..."}."""
        allowed = {"x", "values", "unit", "interpolation", "source"}
        unknown = sorted(set(entry) - allowed)
        missing = sorted({"x", "values", "unit"} - set(entry))
        if unknown or missing:
            problem = f'unknown key "{unknown[0]}"' if unknown else f'missing key "{missing[0]}"'
            raise InputError(f"{problem} in a table, expected {', '.join(sorted(allowed))}")
        interpolation = entry.get("interpolation", "linear")
        if interpolation not in {"linear", "log"}:
            raise InputError(f'interpolation "{interpolation}" is not "linear" or "log"')
        if not all(isinstance(entry[k], list | tuple) for k in ("x", "values")):
            raise InputError("x and values of a table must be lists of numbers")
        scale = [to_si(f"{v} {entry['unit']}", self.unit) for v in entry["values"]]
        if self.positive and not all(v > 0 for v in scale):
            raise InputError(f"{self.name}: expected values above 0 in the table")
        x = [Quantity("", -1e-300, 1.0).read(v) for v in entry["x"]]
        return tabulated(
            self.name,
            x,
            scale,
            self.unit,
            logarithmic=interpolation == "log",
            source=entry.get("source", "given table"),
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """Let pydantic read a file through `from_file`."""
        return _through(self.from_file)

    def from_file(self, value: Any) -> Property:
        """Read a value of a file, where a number without its unit is refused."""
        if isinstance(value, (int, float)):
            to_si(value, self.unit)
        return self.read(value)


def _through(read: Any) -> Any:
    """Make a pydantic schema that calls `read` and reports our own sentence."""
    from pydantic_core import PydanticCustomError, core_schema

    def function(value: Any) -> Any:
        try:
            return read(value)
        except FilmcellError as error:
            raise PydanticCustomError("filmcell", "{sentence}", {"sentence": str(error)}) from error

    return core_schema.no_info_plain_validator_function(function)


Length = Annotated[float, Quantity("m")]
Area = Annotated[float, Quantity("m2")]
Temperature = Annotated[float, Quantity("K", 100.0, 1000.0)]
Voltage = Annotated[float, Quantity("V", -10.0, 10.0)]
Conductivity = Annotated[float, Quantity("S/m")]
Resistance = Annotated[float, Quantity("ohm*m2", open_end=False)]
Concentration = Annotated[float, Quantity("mol/m3")]
CurrentDensity = Annotated[float, Quantity("A/m2")]
ActivationEnergy = Annotated[float, Quantity("J/mol", open_end=False)]
TransferCoefficient = Annotated[float, Quantity("", 0.02, 0.98)]
Exponent = Annotated[float, Quantity("", 0.0, 2.0, open_end=False)]
Fraction = Annotated[float, Quantity("", 0.0, 1.0)]
OptionalCharge = Annotated[float | None, Quantity("C", optional=True)]
Diffusivity = Annotated[Property, PropertyOf("diffusivity", "m2/s")]
Potential = Annotated[Property, PropertyOf("open-circuit potential", "V", positive=False)]
ExchangePrefactor = Annotated[Property, PropertyOf("exchange current density", "A/m2")]
