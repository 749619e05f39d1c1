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
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filmcell import __version__
from filmcell.errors import FilmcellError, InputError
from filmcell.sweep.plan import Plan
from filmcell.sweep.table import COLUMNS

if TYPE_CHECKING:
    import polars

FORMAT = 1
"""Version of the layout of a store."""

MANIFEST, PARTS, CURVES = "manifest.json", "parts", "curves"

_TOLD: dict[str, type] = {
    "format": int, "filmcell": str, "plan_hash": str, "designs": int, "rows_per_part": int,
    "parts": int, "curves": bool, "plan": dict,
}  # fmt: skip
"""What a manifest must say for the store to be read, and what kind each is."""

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

    @property
    def kinds(self) -> tuple[str, ...]:
        """Subfolders: parts, and curves where the plan asks for them."""
        return (PARTS, CURVES) if self.manifest["curves"] else (PARTS,)

    def missing(self) -> list[int]:
        """Give the numbers of the parts that are still to be made, the table or its curves."""
        done = [self.done(kind) for kind in self.kinds]
        return [k for k in range(self.parts) if any(k not in found for found in done)]

    @property
    def designs_done(self) -> int:
        """Number of designs whose parts are there."""
        rows, designs = self.manifest["rows_per_part"], self.manifest["designs"]
        # the last part may be shorter than the others
        left = sum(min(rows, designs - part * rows) for part in self.missing())
        return int(designs - left)

    def aside(self) -> list[Path]:
        """Give the files that were damaged and have been set aside, now or earlier."""
        return sorted(self.folder.glob("*/part-*.damaged"))

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

        Of two files of one part, both whole, the second is set aside too: whoever reads all files
        of the folder shall find no design twice.

        Returns
        -------
        list of Path
            What was set aside.

        Raises
        ------
        StoreError
            Where the store cannot be read or written to.
        """
        aside = []
        for kind in self.kinds:
            seen: set[int] = set()
            for path in sorted((self.folder / kind).glob("part-*.parquet")):
                try:
                    if not _is_whole(path, seen):
                        aside.append(path.replace(path.with_suffix(".damaged")))
                except OSError as error:
                    raise _complaint(path.parent, error) from None
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
    try:
        store = _begun(folder, plan)
        for leftover in folder.glob("*/.part-*.tmp"):
            leftover.unlink(missing_ok=True)
        for kind in store.kinds:
            (folder / kind).mkdir(exist_ok=True)
        _sync(folder)
    except OSError as error:
        raise _complaint(folder, error) from None
    return store


def _begun(folder: Path, plan: Plan) -> Store:
    """Give the store that is there, or begin one: first its manifest, then all else."""
    if (folder / MANIFEST).exists():
        store = read_store(folder)
        _check_same(store, plan)
        return store
    if folder.exists() and any(x.name != f".{MANIFEST}.tmp" for x in folder.iterdir()):
        raise InputError(f"{folder}: holds other files, expected an empty folder or a sweep")
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder, _manifest(plan))
    _write_whole(folder / MANIFEST, _lines(store.manifest).encode())
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
    manifest = _read_manifest(folder / MANIFEST)
    if manifest.get("format") != FORMAT and isinstance(manifest.get("format"), int):
        raise InputError(
            f"{folder}: has layout {manifest['format']} of a store, expected {FORMAT}, which this "
            "version reads"
        )
    if any(type(manifest.get(key)) is not kind for key, kind in _TOLD.items()):
        raise InputError(
            f"{folder / MANIFEST}: is damaged, expected the manifest of a sweep; a new folder "
            "begins it anew"
        )
    return Store(folder, manifest)


def _read_manifest(path: Path) -> dict[str, Any]:
    """Read JSON; empty where it is none. A plan of many values makes it long."""
    try:
        manifest = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


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
        "curves": plan.curves,
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
    differ = [k for k, v in plan.identity.items() if told["plan"].get(k) != _plain(v)]
    if differ:
        raise InputError(
            f"{store.folder}: holds the sweep of another plan ({', '.join(differ)} differ), "
            "expected a new folder"
        )
    if any(told[key] != value for key, value in _manifest(plan).items() if key in _TOLD):
        raise InputError(
            f"{store.folder / MANIFEST}: is damaged, its numbers are not those of its plan; "
            "expected a new folder"
        )


def _lines(manifest: dict[str, Any]) -> str:
    """Write a manifest as JSON with a line for each key, which people can read."""
    pairs = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in manifest.items())
    return "{\n" + ",\n".join(pairs) + "\n}\n"


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
        raise _complaint(path.parent, error) from None
    finally:  # also after Ctrl-C; where nothing can be written, perhaps nothing can be removed
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _is_whole(path: Path, seen: set[int]) -> bool:
    """Whether a part has the bytes of its hash and is the first of its number; notes it then."""
    name = _NAME.fullmatch(path.name)
    if name is None or int(name[1]) in seen or name[2] != _digest(path.read_bytes()):
        return False
    seen.add(int(name[1]))
    return True


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
