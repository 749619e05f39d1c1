"""The library: all materials, interfaces and tested cells, the shipped ones and the user's own."""

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import platformdirs

from filmcell.door import read_text
from filmcell.errors import InputError
from filmcell.materials.reading import line_of, own_sources, parse, record_of
from filmcell.materials.records import Doubt, Interface, Material, Record, Source, TestedCell
from filmcell.materials.vocabulary import FAMILIES, ROLES
from filmcell.units import shown

R = TypeVar("R", bound=Record)

USER_FOLDER = "FILMCELL_MATERIALS"
"""Environment variable with the folder of the user's own files."""


@dataclass(frozen=True, eq=False)
class Library:
    """Materials, interfaces and tested cells with their sources.

    Parameters
    ----------
    materials : mapping of str to Material
        Materials by id.
    interfaces : mapping of str to Interface
        Interfaces by id.
    cells : mapping of str to TestedCell
        Tested cells by id.
    sources : mapping of str to Source
        The shared bibliography by key.
    doubts : tuple of Doubt
        Contradictions that were found by reading the sources.
    refused : tuple of str
        One sentence for each file of the user that was left out.
    """

    materials: Mapping[str, Material]
    interfaces: Mapping[str, Interface]
    cells: Mapping[str, TestedCell]
    sources: Mapping[str, Source]
    doubts: tuple[Doubt, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        """All materials, interfaces and cells."""
        return (*self.materials.values(), *self.interfaces.values(), *self.cells.values())

    def material(self, name: str) -> Material:
        """Find a material by its id or another name of it.

        Parameters
        ----------
        name : str
            Id, name, alias or formula; capitals do not matter.

        Returns
        -------
        Material
            The material.

        Raises
        ------
        InputError
            Where there is none of that name.

        Examples
        --------
        >>> library().material("LiPON").id
        'lipon'
        >>> library().material("lipno")
        Traceback (most recent call last):
        ...
        filmcell.errors.InputError: "lipno" is not a material, did you mean "lipon"? filmcell
        materials find lists all
        """
        found = self.names.get(name.strip().casefold())
        if found is None:
            close = difflib.get_close_matches(name.casefold(), self.names, 1)
            hint = f'did you mean "{close[0]}"? ' if close else ""
            raise InputError(
                f"{shown(name)} is not a material, {hint}filmcell materials find lists all"
            )
        return self.materials[found]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Id of a material by each of its names, in small letters; an id wins over a name."""
        index = {m.id: m.id for m in self.materials.values()}
        claims = (lambda m: m.aliases), (lambda m: (m.name,)), (lambda m: (m.formula,))
        for claim in claims:
            for m in self.materials.values():
                for name in filter(None, claim(m)):  # no formula is no name
                    index.setdefault(name.casefold(), m.id)
        return MappingProxyType(index)

    def with_file(self, path: str | Path) -> "Library":
        """Add a file of the user.

        Parameters
        ----------
        path : str or Path
            A TOML file with one record.

        Returns
        -------
        Library
            A library with that record too.

        Raises
        ------
        InputError
            Where the file is no record, or its id is taken: one sentence.
        """
        text = read_text(Path(path))
        record = record_of(text, str(path), self.sources)
        for shelf in (self.materials, self.interfaces, self.cells):
            if record.id in shelf:
                raise InputError(
                    f"{path}, line {line_of(text, ['id'])}: id: {shown(record.id)} is taken by "
                    f"{shown(shelf[record.id].name)}, expected an id of its own"
                )
        record = self._resolved(record, str(path))
        if isinstance(record, Material):
            return replace(self, materials=_and(self.materials, record))
        if isinstance(record, Interface):
            return replace(self, interfaces=_and(self.interfaces, record))
        return replace(self, cells=_and(self.cells, record))

    def _resolved(self, record: Record, where: str) -> Record:
        """Put ids for the names of the materials that a cell or an interface speaks of."""
        if isinstance(record, Interface):
            known = {*FAMILIES, *ROLES, *self.materials}
            known |= {m.chemistry for m in self.materials.values()}
            for name in record.between:
                if name not in known:
                    raise InputError(
                        f"{where}: between: {shown(name)} is no chemistry, family or material"
                    )
        if not isinstance(record, TestedCell):
            return record
        places = ("cathode", "electrolyte", "anode", "interlayer")
        named = {key: getattr(record, key) for key in places if getattr(record, key)}
        try:
            ids: dict[str, Any] = {key: self.material(name).id for key, name in named.items()}
            return replace(record, **ids)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None

    def with_folder(self, folder: str | Path) -> "Library":
        """Add the files of a folder; one that is refused is left out and told of in `refused`.

        Parameters
        ----------
        folder : str or Path
            A folder of TOML files.

        Returns
        -------
        Library
            A library with their records too.
        """
        whole = self
        for path in sorted(Path(folder).rglob("*.toml")):
            try:
                whole = whole.with_file(path)
            except InputError as error:
                whole = replace(whole, refused=(*whole.refused, str(error)))
        return whole


def _and(shelf: Mapping[str, R], record: Any) -> Mapping[str, R]:
    """Put a record behind the others, so that it takes no name from them."""
    return MappingProxyType({**shelf, record.id: record})


def _by_id(records: Iterable[R]) -> Mapping[str, R]:
    """Sort records by id."""
    return MappingProxyType({r.id: r for r in sorted(records, key=lambda r: r.id)})


def read_shipped(*, check: bool = False) -> Library:
    """Read the files that come with the package.

    Parameters
    ----------
    check : bool
        Whether to look at every number, which the tests do.

    Returns
    -------
    Library
        The shipped library.

    Examples
    --------
    >>> "lipon" in read_shipped().materials
    True
    """
    room = resources.files("filmcell.materials")
    sources: dict[str, Source] = {}
    for file in (room / "sources").iterdir():
        sources |= own_sources(parse(file.read_text("utf-8"), file.name))
    folder, records = room / "data", list[Record]()
    for shelf in ("", Interface.shelf, TestedCell.shelf):
        for file in (folder / shelf if shelf else folder).iterdir():
            if file.name.endswith(".toml"):
                text = file.read_text("utf-8")
                records.append(record_of(text, file.name, sources, check=check))
    doubts = parse((room / "doubts.toml").read_text("utf-8"), "doubts.toml")["doubt"]
    return Library(
        _by_id(r for r in records if isinstance(r, Material)),
        _by_id(r for r in records if isinstance(r, Interface)),
        _by_id(r for r in records if isinstance(r, TestedCell)),
        sources,
        tuple(Doubt(d["id"], tuple(d["about"]), d["what"], d["use"]) for d in doubts),
    )


def load(name: str) -> Material:
    """Find a material of the library.

    Parameters
    ----------
    name : str
        Id, name, alias or formula; capitals do not matter.

    Returns
    -------
    Material
        The material.

    Raises
    ------
    InputError
        Where there is none of that name.

    Examples
    --------
    >>> load("LLTO").layer_values["conductivity"]
    '9.56e-6 S/cm'
    """
    return library().material(name)


@cache
def library() -> Library:
    """Give the shipped library with the files of the user, read once.

    The user's files lie in the folder that the environment variable FILMCELL_MATERIALS names, or
    else in the folder "materials" of the user's data folder of filmcell.

    Returns
    -------
    Library
        The library.

    Examples
    --------
    >>> library().material("lipon").role
    'electrolyte'
    """
    folder = os.environ.get(USER_FOLDER) or os.path.join(
        platformdirs.user_data_dir("filmcell", appauthor=False), "materials"
    )
    shipped = read_shipped()
    if os.path.isdir(folder):
        return shipped.with_folder(folder)
    if os.environ.get(USER_FOLDER):
        missing = f"{USER_FOLDER}: {shown(folder)} is no folder, expected one with material files"
        return replace(shipped, refused=(missing,))
    return shipped
