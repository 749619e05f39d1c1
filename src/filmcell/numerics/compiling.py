"""How every kernel of the package is compiled, and the names of the array types.

A kernel takes floats and arrays that are handed in, allocates nothing and raises nothing. It is
compiled once for declared types and kept on disk, so that a second process loads it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple  # noqa: F401  (the doctest of `bundle` needs it)

import numba
from numba import types

from filmcell import kernel_cache


jit: Any = numba.njit


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
            return jit(
                *signature,
                cache=True,
                nogil=True,
                error_model="numpy",
                fastmath={"contract"},
                inline=inline,
            )(function)

    return decorate


def bundle(kind: type, *members: Any) -> Any:
    """Type of a named tuple of arrays and numbers, which kernels take as one argument.

    Parameters
    ----------
    kind : type
        A `typing.NamedTuple`.
    *members : numba type
        Types of its fields, in order.

    Returns
    -------
    numba type
        The type; numba tells tuples of one type apart from others.

    Examples
    --------
    >>> class Pair(NamedTuple):
    ...     a: float
    ...     b: float
    >>> bundle(Pair, num, num)
    Pair(float64 x 2)
    """
    if len(set(members)) == 1:
        return types.NamedUniTuple(members[0], len(members), kind)
    return types.NamedTuple(members, kind)


num: Any = types.float64
integer: Any = types.int64
boolean: Any = types.boolean
vec: Any = types.float64[::1]
mat: Any = types.float64[:, ::1]
fixed_vec: Any = types.Array(types.float64, 1, "C", readonly=True)
fixed_mat: Any = types.Array(types.float64, 2, "C", readonly=True)
none: Any = types.void
numbers: Any = types.UniTuple
"""`numbers(num, 3)`: the type of a tuple of three floats."""
