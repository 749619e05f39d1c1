"""How every kernel of the package is compiled, and the names of the array types.

A kernel takes floats and arrays that are handed in, allocates nothing and raises nothing. It is
compiled once for declared types and kept on disk, so that a second process loads it.

As nothing is allocated, no reference needs counting, and numba is told so (`_nrt=False`): counting
the references to arrays that pass through took half of the time of a simulation. A kernel that
does allocate fails to compile, which keeps the rule. Such a kernel must not hand an array back to
Python, only write into those that it was given.
"""

from collections.abc import Callable
from typing import Any, NamedTuple  # noqa: F401  (the doctest of `bundle` needs it)

import numba
from numba import types

from filmcell import kernel_cache

jit: Any = numba.njit
tuples: Any = types


def compiled(*signature: Any, inline: str = "never") -> Callable[[Callable[..., Any]], Any]:
    """Compile a function to machine code, without the interpreter lock, kept on disk.

    Parameters
    ----------
    *signature : numba signature, optional
        Types of the arguments and of the result, or a list of several such; without it they
        follow from the calls.
    inline : str
        "always" puts the body into every caller; for the smallest functions only.

    Returns
    -------
    callable
        Decorator.

    Examples
    --------
    >>> from filmcell.physics.transport import lithium_thickness
    >>> thickness = compiled(num(num))(lithium_thickness)
    >>> round(thickness(3.6e4) * 1e6, 4)
    4.8491
    """

    def decorate(function: Callable[..., Any]) -> Any:
        with kernel_cache.used():
            return jit(
                *signature,
                cache=True,
                nogil=True,
                _nrt=False,  # see the head of this module
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
        return tuples.NamedUniTuple(members[0], len(members), kind)
    return tuples.NamedTuple(members, kind)


num: Any = types.float64
integer: Any = types.int64
boolean: Any = types.boolean
vec: Any = types.float64[::1]
mat: Any = types.float64[:, ::1]
wave: Any = types.complex128
waves: Any = types.complex128[::1]
sheet: Any = types.complex128[:, ::1]
fixed_vec: Any = types.Array(types.float64, 1, "C", readonly=True)
fixed_mat: Any = types.Array(types.float64, 2, "C", readonly=True)
fixed_ints: Any = types.Array(types.int64, 1, "C", readonly=True)
none: Any = types.void
numbers: Any = types.UniTuple
"""`numbers(num, 3)`: the type of a tuple of three floats."""
