"""Where a sweep is kept: a folder of Parquet files that is valid at any moment.

A part appears under its name at once or not at all (temporary file, fsync, rename), and the name
ends in the hash of its bytes, so that a file that was cut short or changed is found out. The
manifest says which plan the parts belong to.
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filmcell import __version__
from filmcell.door import read_text
from filmcell.errors import FilmcellError, InputError
from filmcell.sweep.plan import Plan
from filmcell.sweep.table import COLUMNS

if TYPE_CHECKING:
    import polars

FORMAT = 1
"""Version of the layout of a store."""

MANIFEST, PARTS, CURVES = "manifest.json", "parts", "curves"

_NAME = re.compile(r"part-(\d{8})-([0-9a-f]{16})\.parquet")
_KEPT = "what is done is kept, and the same sweep goes on from there"


class StoreError(FilmcellError):
    """A store that cannot be written to any longer; what it has is valid."""


@dataclass(frozen=True)
class Store:
    """A folder that holds a sweep.

    Parameters
    ----------
    folder : Path
        The folder.
    manifest : dict
        What the manifest says.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def parts(self) -> int:
        """Number of parts of the whole sweep."""
        return int(self.manifest["parts"])

    def done(self, kind: str = PARTS) -> dict[int, Path]:
        """Give the parts that are there, by their number."""
        found = {}
        for path in sorted((self.folder / kind).glob("part-*.parquet")):
            if name := _NAME.fullmatch(path.name):
                found[int(name[1])] = path
        return found

    def missing(self) -> list[int]:
        """Give the numbers of the parts that are still to be made."""
        done = self.done()
        return [k for k in range(self.parts) if k not in done]

    @property
    def is_complete(self) -> bool:
        """Whether every part is there."""
        return not self.missing()

    def write(self, part: int, content: bytes, kind: str = PARTS) -> None:
        """Write a part so that it is there as a whole or not at all.

        Parameters
        ----------
        part : int
            Number of the part.
        content : bytes
            Parquet file.
        kind : str
            Subfolder: parts or curves.

        Raises
        ------
        StoreError
            Where it cannot be written.
        """
        name = f"part-{part:08d}-{_digest(content)}.parquet"
        _write_whole(self.folder / kind / name, content)

    def scan(self, kind: str = PARTS) -> "polars.LazyFrame":
        """Give the table as a query of polars that reads only what it needs.

        Parameters
        ----------
        kind : str
            Subfolder: parts or curves.

        Returns
        -------
        polars.LazyFrame
            All parts that are there, in order.

        Raises
        ------
        InputError
            Where there is none yet.
        """
        import polars as pl

        paths = list(self.done(kind).values())
        if not paths:
            raise InputError(f"{self.folder}: has no {kind} yet, expected a sweep that was begun")
        return pl.scan_parquet(paths)

    def read(self) -> "polars.DataFrame":
        """Give the table of all parts that are there, sorted by design."""
        return self.scan().collect()

    def set_damaged_aside(self) -> list[Path]:
        """Rename parts whose bytes are not those of their hash, so that they are made again.

        Returns
        -------
        list of Path
            What was set aside.
        """
        aside = []
        for kind in (PARTS, CURVES):
            for path in self.done(kind).values():
                name = _NAME.fullmatch(path.name)
                if name is None or name[2] != _digest(path.read_bytes()):
                    aside.append(path.rename(path.with_suffix(".damaged")))
        return aside


def open_store(folder: Path, plan: Plan) -> Store:
    """Make the store of a plan, or go on with the one that was begun.

    Parameters
    ----------
    folder : Path
        The folder; it does not exist, is empty, or holds this plan.
    plan : Plan
        The plan.

    Returns
    -------
    Store
        The store, without leftovers of a run that was killed.

    Raises
    ------
    InputError
        Where the folder holds something else, another plan or that of another version.
    StoreError
        Where it cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file, expected a folder for the sweep")
    if (folder / MANIFEST).exists():
        store = read_store(folder)
        _check_same(store, plan)
        for leftover in folder.glob("*/.part-*.tmp"):
            leftover.unlink(missing_ok=True)
        return store
    if folder.exists() and any(x.name != f".{MANIFEST}.tmp" for x in folder.iterdir()):
        raise InputError(f"{folder}: holds other files, expected an empty folder or a sweep")
    store = Store(folder, _manifest(plan))
    try:
        for kind in (PARTS, CURVES) if plan.curves else (PARTS,):
            (folder / kind).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _complaint(folder, error) from None
    _write_whole(folder / MANIFEST, json.dumps(store.manifest, indent=1).encode())
    return store


def read_store(folder: str | Path) -> Store:
    """Open a store to read it.

    Parameters
    ----------
    folder : str or Path
        The folder.

    Returns
    -------
    Store
        The store.

    Raises
    ------
    InputError
        Where the folder holds no sweep, or one of a layout that is not known.

    Examples
    --------
    >>> read_store("nowhere")
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: nowhere: has no manifest.json, expected the folder of a sweep
    """
    folder = Path(folder)
    if not (folder / MANIFEST).is_file():
        raise InputError(f"{folder}: has no {MANIFEST}, expected the folder of a sweep")
    try:
        manifest = json.loads(read_text(folder / MANIFEST))
        known = manifest["format"]
        _ = manifest["parts"] + manifest["designs"], manifest["plan_hash"], manifest["filmcell"]
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{folder / MANIFEST}: is not the manifest of a sweep") from None
    if known != FORMAT:
        raise InputError(
            f"{folder}: has layout {known} of a store, expected {FORMAT}, which this version reads"
        )
    return Store(folder, manifest)


def _manifest(plan: Plan) -> dict[str, Any]:
    """What the manifest of a plan says."""
    units = {
        key: "text" if unit == "word" else f"SI: {unit or '1'}" for key, unit in plan.units.items()
    }
    return {
        "format": FORMAT,
        "filmcell": __version__,
        "plan_hash": plan.hash,
        "designs": plan.count,
        "rows_per_part": plan.rows,
        "parts": plan.parts,
        "columns": {**{key: f"axis, {unit}" for key, unit in units.items()}, **COLUMNS},
        "plan": plan.identity,
    }


def _check_same(store: Store, plan: Plan) -> None:
    """Refuse to go on with the sweep of another plan or version."""
    told = store.manifest
    if told["filmcell"] != __version__:
        raise InputError(
            f"{store.folder}: was begun by filmcell {told['filmcell']}, this is {__version__}; "
            "expected a new folder, as results of two versions are not mixed"
        )
    if told["plan_hash"] != plan.hash:
        differ = [k for k, v in plan.identity.items() if told.get("plan", {}).get(k) != _plain(v)]
        raise InputError(
            f"{store.folder}: holds the sweep of another plan ({', '.join(differ) or 'plan'} "
            "differ), expected a new folder"
        )


def _plain(value: Any) -> Any:
    """Turn a value into what comes back from JSON."""
    return json.loads(json.dumps(value))


def parquet(frame: "polars.DataFrame") -> bytes:
    """Give a table as the bytes of a Parquet file; the same table gives the same bytes.

    Parameters
    ----------
    frame : polars.DataFrame
        The table.

    Returns
    -------
    bytes
        The file.
    """
    buffer = BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()


def _digest(content: bytes) -> str:
    """Hash of some bytes, as far as names show it."""
    return hashlib.sha256(content).hexdigest()[:16]


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, make sure that it is on the disk, and rename it."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _complaint(path.parent, error) from None


def _sync(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _complaint(folder: Path, error: OSError) -> StoreError:
    """Say what a disk refused."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StoreError(f"{folder}: the disk is full; {_KEPT} once there is room")
    return StoreError(f"{folder}: cannot be written ({error.strerror}); {_KEPT}")


def damaged(paths: list[Path]) -> Iterator[str]:
    """Say what was set aside, a sentence each.

    Parameters
    ----------
    paths : list of Path
        What `Store.set_damaged_aside` gave.

    Returns
    -------
    iterator of str
        The sentences.
    """
    for path in paths:
        yield f"{path}: its bytes are not those of its hash; set aside, and made again"
