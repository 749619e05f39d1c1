"""Properties that know their unit, range and source, and the library that keeps them."""

from filmcell.materials.library import load
from filmcell.materials.selection import compare, find

__all__ = ["compare", "find", "load"]
