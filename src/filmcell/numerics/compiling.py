"""How every kernel of the package is compiled, and the names of the array types.

A kernel takes floats and arrays that are handed in, allocates nothing and raises nothing. It is
compiled once for declared types and kept on disk, so that a second process loads it.
"""

from collections.abc import Callable
from typing import Any

from numba import njit, types

from filmcell import kernel_cache


def compiled(*signature: Any, inline: str = "never") -> Callable[[Callable[..., Any]], Any]:
    """Compile a function to machine code, without the interpreter lock, kept on disk.

    Parameters
    ----------
    *signature : numba signature, optional
        Types of the arguments and of the result; without it they follow from the calls.
    inline : str
        "always" puts the body into every caller; for the smallest functions only.

    Returns
    -------
    callable
        Decorator.

    Examples
    --------
    >>> @compiled(num(num))
    ... def twice(x):
    ...     return 2.0 * x
    >>> twice(1.5)
    3.0
    """

    def decorate(function: Callable[..., Any]) -> Any:
        with kernel_cache.used():
            return njit(
                *signature,
                cache=True,
                nogil=True,
                error_model="numpy",
                fastmath={"contract"},
                inline=inline,
            )(function)

    return decorate


num = types.float64
integer = types.int64
boolean = types.boolean
vec = types.float64[::1]
mat = types.float64[:, ::1]
fixed_vec = types.Array(types.float64, 1, "C", readonly=True)
fixed_mat = types.Array(types.float64, 2, "C", readonly=True)
none = types.void
