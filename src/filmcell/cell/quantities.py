"""Types of the numbers that a cell is made of: their unit, their sign, and how text becomes them.

The same marker serves three doors: a cell built in Python is checked by it, a cell file is read
with it, and `Cell.replace` turns text into numbers with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Annotated, Any

from filmcell.door import check_keys
from filmcell.errors import InputError
from filmcell.materials.library import library
from filmcell.materials.property import Property, constant, tabulated
from filmcell.units import EXAMPLES, shown, to_si

BELOW_ONE = 1.0 - 2.0**-53
"""The largest number below one, for ranges that leave one out."""


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
        if type(value) is float:  # by far the most frequent case
            return self.check(value)
        if value is None and self.optional:
            return None
        number = to_si(value, self.unit) if isinstance(value, str) else self._bare(value)
        return self.check(number, value)

    def _bare(self, value: Any) -> float:
        """Take a Python number as it is; refuse what is none."""
        if isinstance(value, bool) or not isinstance(value, Real):
            kind, example = EXAMPLES[self.unit]
            raise InputError(f'{shown(value)} is not {kind}, expected one such as "{example}"')
        try:
            return float(value)
        except OverflowError:
            return float("inf")

    def check(self, number: float, given: Any = None) -> float:
        """Refuse what lies outside the range, nan included."""
        above = number > self.lowest if self.open_end else number >= self.lowest
        if above and number <= self.highest and number != float("inf"):
            return number
        written = shown(number if given is None else given)
        raise InputError(f"{written} is not allowed, expected {self.expected}")

    @property
    def expected(self) -> str:
        """What is expected, in words."""
        kind, example = EXAMPLES[self.unit]
        sign = "above" if self.open_end else "of at least"
        bound = f"{sign} {self.lowest:g}" if self.lowest > float("-inf") else "that is finite"
        if self.highest != float("inf"):
            top = "below 1" if self.highest == BELOW_ONE else f"at most {self.highest:g}"
            bound += f" and {top}"
        unit = f" {self.unit.replace('*', ' ')}" if self.unit else ""
        return f'{kind} {bound}{unit} such as "{example}"'

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
            if value.unit != self.unit:
                raise InputError(f'{value} has the unit "{value.unit}", expected "{self.unit}"')
            return value
        if isinstance(value, Mapping):
            return self._table(value)
        if isinstance(value, str) and self.unit == "V" and value[:1].isalpha():
            return self._of_material(value)
        lowest = 0.0 if self.positive else float("-inf")
        return constant(self.name, Quantity(self.unit, lowest).read(value), self.unit)

    def _of_material(self, name: str) -> Property:
        """Take the property from the library."""
        found = library().material(name).defaults.get("potential")
        if found is None or not isinstance(found.given, Property):
            able = [k for k, m in library().materials.items() if "potential" in m.defaults]
            raise InputError(
                f"{shown(name)} is not a material with an {self.name}, expected one of "
                f"{', '.join(able)}"
            )
        return found.given

    def _table(self, entry: Mapping[str, Any]) -> Property:
        """Read {x = [...], values = [...], unit = "...", interpolation = "log", source = "..."}."""
        check_keys(entry, ("x", "values", "unit", "interpolation", "source"))
        for key in ("x", "values", "unit"):
            if key not in entry:
                raise InputError(f"{key} is missing, expected a table of x, values and unit")
        for key in ("x", "values"):
            if not isinstance(entry[key], list | tuple):
                raise InputError(f"{key}: {shown(entry[key])} is not a list, expected numbers")
        for key, example in (("unit", self.unit), ("source", "fig. 4 of a paper")):
            if not isinstance(entry.get(key, ""), str):
                raise InputError(
                    f'{key}: {shown(entry[key])} is not text, expected one such as "{example}"'
                )
        scale = entry.get("interpolation", "linear")
        if scale not in ("linear", "log"):
            raise InputError(f'interpolation: {shown(scale)} is not one of "linear", "log"')
        x = [_listed("x", v, Quantity("", 0.0, 1.0, open_end=False)) for v in entry["x"]]
        size = _listed("unit", f"1 {entry['unit']}", Quantity(self.unit, float("-inf")))
        bare = Quantity("", 0.0 if self.positive else float("-inf"))
        values = [_listed("values", v, bare) * size for v in entry["values"]]
        source = entry.get("source", "given table")
        log = scale == "log"
        try:
            return tabulated(self.name, x, values, self.unit, logarithmic=log, source=source)
        except InputError as error:
            raise InputError(str(error).removeprefix(f"{self.name}: ")) from None

    def from_file(self, value: Any) -> Property:
        """Read a value of a file, where a number without its unit is refused."""
        if isinstance(value, (int, float)):
            to_si(value, self.unit)
        return self.read(value)


def _listed(key: str, value: Any, quantity: Quantity) -> float:
    """Read one number of a table; a refusal says where it stood."""
    try:
        return float(quantity.read(value))
    except InputError as error:
        raise InputError(f"{key}: {error}") from None


Length = Annotated[float, Quantity("m")]
LengthOrZero = Annotated[float, Quantity("m", open_end=False)]
Area = Annotated[float, Quantity("m2")]
Temperature = Annotated[float, Quantity("K", 100.0, 1000.0)]
OptionalTemperature = Annotated[float | None, Quantity("K", 100.0, 1000.0, optional=True)]
Voltage = Annotated[float, Quantity("V", -10.0, 10.0)]
Barrier = Annotated[float, Quantity("V", 1e-6, 5.0, open_end=False)]
Conductivity = Annotated[float, Quantity("S/m")]
Resistance = Annotated[float, Quantity("ohm*m2", open_end=False)]
Capacitance = Annotated[float, Quantity("F/m2", open_end=False)]
Concentration = Annotated[float, Quantity("mol/m3")]
CurrentDensity = Annotated[float, Quantity("A/m2")]
PlainDiffusivity = Annotated[float, Quantity("m2/s")]
Recombination = Annotated[float, Quantity("m3/(mol*s)")]
ActivationEnergy = Annotated[float, Quantity("J/mol", open_end=False)]
HeatCapacity = Annotated[float, Quantity("J/(m2*K)")]
HeatTransfer = Annotated[float, Quantity("W/(m2*K)", open_end=False)]
TransferCoefficient = Annotated[float, Quantity("", 0.0, BELOW_ONE)]
OpenFraction = Annotated[float, Quantity("", 0.0, BELOW_ONE)]
Exponent = Annotated[float, Quantity("", 0.0, 2.0, open_end=False)]
Fraction = Annotated[float, Quantity("", 0.0, 1.0)]
FractionOrZero = Annotated[float, Quantity("", 0.0, 1.0, open_end=False)]
OptionalFraction = Annotated[float | None, Quantity("", 0.0, 1.0, optional=True)]
Ratio = Annotated[float, Quantity("")]
OptionalConcentration = Annotated[float | None, Quantity("mol/m3", optional=True)]
OptionalCharge = Annotated[float | None, Quantity("C", optional=True)]
Diffusivity = Annotated[Property, PropertyOf("diffusivity", "m2/s")]
Potential = Annotated[Property, PropertyOf("open-circuit potential", "V", positive=False)]
Entropy = Annotated[Property, PropertyOf("entropy coefficient", "V/K", positive=False)]
ExchangePrefactor = Annotated[Property, PropertyOf("exchange current density", "A/m2")]
