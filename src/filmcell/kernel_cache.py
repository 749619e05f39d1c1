"""Where compiled kernels are kept on disk: one folder for each state of the sources.

Numba notices a change of the file that holds a kernel, but not of a formula that the kernel
calls from another file: it would go on using the old one and say nothing. So the folder is named
by a hash of every source file that a kernel may be made of.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import platformdirs
from numba.core import config


@cache
def folder() -> str:
    """Folder for the kernels of this state of the sources.

    Returns
    -------
    str
        A folder that can be written to: below the environment variable NUMBA_CACHE_DIR if that
        is set, else below the user's cache, else below the temporary folder.

    Examples
    --------
    >>> os.path.isdir(folder())
    True
    """
    name = os.path.join("filmcell", _hash_of_sources())
    places = (os.environ.get("NUMBA_CACHE_DIR"), platformdirs.user_cache_dir())
    for place in places:
        if place:
            path = os.path.join(place, name)
            try:
                os.makedirs(path, exist_ok=True)
            except OSError:
                continue
            if os.access(path, os.W_OK):
                return path
    path = os.path.join(tempfile.gettempdir(), name)
    os.makedirs(path, exist_ok=True)
    return path


def _hash_of_sources() -> str:
    """Hash of the text of the constants, the formulas, the numerics and the models."""
    top = os.path.dirname(os.path.abspath(__file__))
    paths = [os.path.join(top, "constants.py")]
    for room in ("physics", "numerics", "models"):
        for place, _, files in os.walk(os.path.join(top, room)):
            paths += [os.path.join(place, name) for name in files if name.endswith(".py")]
    digest = hashlib.sha256()
    for path in sorted(paths):
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]


@contextmanager
def used() -> Iterator[None]:
    """Let functions compiled inside the block be kept in `folder`, and only those."""
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = folder()
    try:
        yield
    finally:
        settings.CACHE_DIR = before
