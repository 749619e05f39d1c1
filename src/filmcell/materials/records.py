"""What the library holds: values with their sources, and what they are values of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from filmcell.materials.property import Property
from filmcell.materials.vocabulary import BOUNDS, KINDS, PROPERTIES, Word
from filmcell.units import to_si

Given = str | float | tuple[str | float, ...] | Property


@dataclass(frozen=True)
class Source:
    """Where a number was read.

    Parameters
    ----------
    key : str
        By which the data files call it.
    text : str
        The reference: authors, journal, volume, page, year.
    doi : str
        Digital object identifier, where one is known.
    note : str
        What to know about the source.
    """

    key: str
    text: str
    doi: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Write the reference with its identifier."""
        return f"{self.text}, doi {self.doi}" if self.doi else self.text


def cited(source: Source, where: str = "", via: Source | None = None) -> str:
    """Say in one line where something was read.

    Parameters
    ----------
    source : Source
        Who found it.
    where : str
        Table, figure or section.
    via : Source, optional
        Who told us.

    Returns
    -------
    str
        The reference.

    Examples
    --------
    >>> cited(Source("a", "A. Author (2020)"), "table 1", Source("b", "B. Review (2021)"))
    'A. Author (2020), table 1, via B. Review (2021)'
    """
    words = [str(source), where, f"via {via}" if via else ""]
    return ", ".join(word for word in words if word)


@dataclass(frozen=True, eq=False)
class Value:
    """What one source says about one property.

    Parameters
    ----------
    key : str
        Key of `vocabulary.PROPERTIES`.
    given : str, float, tuple or Property
        As the source prints it: a number with its unit, two of them for a range, words, or a
        function with its range.
    kind : str
        Where the number comes from, one of `vocabulary.KINDS`.
    source : Source
        Who found it.
    via : Source or None
        Who told us, where the source itself was not read.
    where : str
        Table, figure or section.
    conditions : mapping of str to str
        Circumstances, by the keys of `vocabulary.CONDITIONS`.
    bound : str
        "above", "below" or "about", where a single number is no plain value.
    uncertainty : str
        Standard uncertainty with its unit.
    fact : tuple of str
        Names of this statement in the collection of facts it was lifted from.
    default : bool
        Whether a cell that names the material takes it.
    note : str
        Doubts and remarks.
    """

    key: str
    given: Given
    kind: str
    source: Source
    via: Source | None = None
    where: str = ""
    conditions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bound: str = ""
    uncertainty: str = ""
    fact: tuple[str, ...] = ()
    default: bool = False
    note: str = ""

    @property
    def word(self) -> Word:
        """What the property means."""
        return PROPERTIES[self.key]

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a range, neither words nor a function."""
        return self.word.unit != "text" and not isinstance(self.given, Property)

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end of a number or a range [SI]; a bound leaves its side open.

        Both are nan where it is no number.
        """
        if not self.is_number:
            return math.nan, math.nan
        given = self.given if isinstance(self.given, tuple) else (self.given,)
        numbers = [to_si(x, self.word.unit) for x in given if not isinstance(x, Property)]
        low = -math.inf if self.bound == "below" else min(numbers)
        return low, math.inf if self.bound == "above" else max(numbers)

    @property
    def number(self) -> float:
        """The number, or the middle of a range, over decades their geometric mean [SI]."""
        low, high = (x for x in self.ends)
        if math.isinf(low) or math.isinf(high):
            return high if math.isinf(low) else low
        if self.word.decades and low > 0.0:
            return math.sqrt(low * high)
        return 0.5 * (low + high)

    @property
    def temperature(self) -> tuple[float, float] | None:
        """Temperatures between which it was found, shape (2,) [K]; none where it is not said."""
        text = self.conditions.get("temperature")
        if text is None:
            return None
        ends = [to_si(word, "K") for word in text.split(" to ")]
        return ends[0], ends[-1]

    @property
    def rank(self) -> tuple[object, ...]:
        """What to sort by: the default first, then by kind, source read, conditions stated."""
        known = "temperature" not in self.conditions
        return (not self.default, KINDS.index(self.kind), self.bound in BOUNDS[:2],
                self.via is not None, known)  # fmt: skip

    @property
    def keys(self) -> str:
        """Keys of the sources, for tables that list the references below."""
        return f"{self.source.key} via {self.via.key}" if self.via else self.source.key

    @property
    def citation(self) -> str:
        """Where it was read, in one line."""
        return cited(self.source, self.where, self.via)

    def __str__(self) -> str:
        """Write it as the source prints it."""
        if isinstance(self.given, Property):
            return f"function of {self.given.argument}, {self.given.low:g} to {self.given.high:g}"
        words = [str(x) for x in (self.given if isinstance(self.given, tuple) else (self.given,))]
        signs = {"above": "> ", "below": "< ", "about": "~ ", "": ""}
        spread = f" +- {self.uncertainty}" if self.uncertainty else ""
        return f"{signs[self.bound]}{' to '.join(words)}{spread}"


Values = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, eq=False)
class Record:
    """What every file of the library makes.

    Parameters
    ----------
    id : str
        Name by which files and commands call it.
    name : str
        Name for people.
    values : mapping of str to tuple of Value
        What sources say, by property, the best first.
    note : str
        Remarks.
    """

    shelf: ClassVar[str] = ""
    """Folder of its files."""

    id: str
    name: str
    values: Values
    note: str = ""

    @property
    def count(self) -> int:
        """How many values it has."""
        return sum(len(found) for found in self.values.values())

    def best(self, key: str) -> Value | None:
        """Give the value that ranks first.

        Parameters
        ----------
        key : str
            A property.

        Returns
        -------
        Value or None
            The value; None where no source says anything.
        """
        found = self.values.get(key)
        return found[0] if found else None


@dataclass(frozen=True, eq=False)
class Material(Record):
    """A material: its composition, and what sources say about it.

    Parameters
    ----------
    id : str
        Name by which files and commands call it.
    name : str
        Name for people.
    values : mapping of str to tuple of Value
        What sources say, by property, the best first.
    note : str
        Remarks.
    role : str
        What it is in a cell, one of `vocabulary.ROLES`.
    family : str
        Structural family, one of `vocabulary.FAMILIES`.
    chemistry : str
        Name that it shares with its other compositions and forms, such as "LLTO".
    formula : str
        Exact composition, or nothing where it is not known.
    form : str
        Form of matter.
    aliases : tuple of str
        Other names.
    generic : bool
        Whether it stands for its whole family rather than for one composition.
    """

    role: str = ""
    family: str = ""
    chemistry: str = ""
    formula: str = ""
    form: str = ""
    aliases: tuple[str, ...] = ()
    generic: bool = False

    @property
    def layer_values(self) -> Mapping[str, Given]:
        """Numbers, texts and functions with which a layer of this material is made, by key."""
        return {key: value.given for key, value in self.defaults.items()}

    @property
    def defaults(self) -> Mapping[str, Value]:
        """Values that a cell takes which names the material, by property."""
        return {k: found[0] for k, found in self.values.items() if found[0].default}


@dataclass(frozen=True, eq=False)
class Interface(Record):
    """Two chemistries in contact, and what sources say about it.

    Parameters
    ----------
    id : str
        Name by which files and commands call it.
    name : str
        Name for people.
    values : mapping of str to tuple of Value
        What sources say, by property, the best first.
    note : str
        Remarks.
    between : (str, str)
        The two chemistries, or families.
    """

    shelf: ClassVar[str] = "interfaces"

    between: tuple[str, str] = ("", "")


@dataclass(frozen=True, eq=False)
class TestedCell(Record):
    """A cell that somebody built and tested.

    Parameters
    ----------
    id : str
        Name by which files and commands call it.
    name : str
        Name for people.
    values : mapping of str to tuple of Value
        What sources say, by property, the best first.
    note : str
        Remarks.
    cathode, electrolyte, anode : str
        Ids of materials, or nothing where the source does not say.
    interlayer : str
        Id of the material between cathode and electrolyte, or of the coating or additive.
    printed : str
        The cell as the source prints it.
    """

    __test__ = False  # pytest takes every name that begins with Test
    shelf: ClassVar[str] = "cells"

    cathode: str = ""
    electrolyte: str = ""
    anode: str = ""
    interlayer: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Doubt:
    """A contradiction, in or between sources.

    Parameters
    ----------
    id : str
        Name of the doubt.
    about : tuple of str
        Ids of the records, or keys of the sources, that it concerns.
    what : str
        What contradicts what.
    use : str
        What filmcell does about it.
    found_by : str
        "reading" or the check that computes it.
    """

    id: str
    about: tuple[str, ...]
    what: str
    use: str
    found_by: str = "reading"
