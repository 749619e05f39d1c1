"""How every kernel of the package is compiled, and the names of the array types.

A kernel takes floats and arrays that are handed in, allocates nothing and raises nothing. It is
compiled once for declared types and kept on disk, so that a second process loads it.
"""

from functools import partial
from typing import Any

from numba import njit, types

compiled: Any = partial(
    njit, cache=True, nogil=True, error_model="numpy", fastmath={"contract"},
)

num = types.float64
integer = types.int64
boolean = types.boolean
vec = types.float64[::1]
mat = types.float64[:, ::1]
fixed_vec = types.Array(types.float64, 1, "C", readonly=True)
fixed_mat = types.Array(types.float64, 2, "C", readonly=True)
none = types.void
