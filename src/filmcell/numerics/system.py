"""What the integrator is given: four kernels and the arrays they read.

A system has states y, one input i and one output v. A model compiles its kernels once for the
types below; everything that differs from one cell to the next is an array.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numba import types

from filmcell.arrays import Array, frozen
from filmcell.numerics.compiling import (
    bundle,
    fixed_ints,
    fixed_mat,
    fixed_vec,
    mat,
    none,
    num,
    vec,
)


class Numbers(NamedTuple):
    """All that differs from one cell to the next, handed to every kernel as one argument.

    Parameters
    ----------
    p : ndarray
        Parameters, shape (k,).
    table, heads : ndarray
        Stacked lookup tables and their heads, shapes (r, 5) and (t, 4).
    mesh : ndarray
        `Mesh.packed` of each region, one below the other, shape (4 k, n).
    layout : ndarray of int
        Places of the regions among the states and of what a model has or has not; empty where a
        model needs none.
    """

    p: Array
    table: Array
    heads: Array
    mesh: Array
    layout: Any


NO_LAYOUT: Any = np.zeros(0, dtype=np.int64)
"""The layout of a model that needs none."""
NO_LAYOUT.flags.writeable = False

NUMBERS: Any = bundle(Numbers, fixed_vec, fixed_mat, fixed_mat, fixed_mat, fixed_ints)

RATE: Any = types.FunctionType(none(vec, num, NUMBERS, vec))
"""rate(y, i, m, out): writes f, what the balance of each state gains, shape (N,).

That is dy/dt itself where a state balances alone, as most do, and M dy/dt where neighbours share
one balance; M is the mass matrix of the system."""

JACOBIAN: Any = types.FunctionType(none(vec, num, NUMBERS, vec, vec, vec, mat, mat))
"""jacobian(y, i, m, lower, sink, upper, columns, rows): df/dy and df/di.

The off-diagonals say what neighbours exchange, the sink what is destroyed; see `banded`. The first
of the columns is df/di. Whatever else couples states far apart is a sum of products of the
further columns and rows, both of shape (k + 1, N). The first row belongs to the control; until it
has been written, its place c holds the slope by i of the amplitude of product c."""

OBSERVE: Any = types.FunctionType(none(vec, num, NUMBERS, vec))
"""observe(y, i, m, out): writes v, dv/di and the margins of the model."""

GRADIENT: Any = types.FunctionType(none(vec, num, NUMBERS, vec))
"""gradient(y, i, m, row): writes dv/dy, shape (N,)."""


class Kernel(types.WrapperAddressProtocol):
    """A compiled function as a value that can be handed to another one at no cost.

    Handing over the function itself makes numba look up its address anew at every call, which
    takes longer than a simulation. Here it is looked up once.

    Parameters
    ----------
    function : compiled function
        Compiled for just one signature.
    kind : function type
        One of the types of this module.
    """

    def __init__(self, function: Any, kind: Any) -> None:
        self.function = function
        self._numba_type_ = kind  # spares numba from working the type out at every call
        self._signature = kind.signature
        found = function.get_compile_result(self._signature)
        self._address = found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name)

    def __wrapper_address__(self) -> int:
        """Address of the machine code."""
        return int(self._address)

    def signature(self) -> Any:
        """Types of the arguments and of the result."""
        return self._signature

    def __call__(self, *arguments: Any) -> Any:
        """Call it from Python."""
        return self.function(*arguments)


@dataclass(frozen=True, eq=False)
class System:
    """States y with M dy/dt = f(y, i) and an output v = h(y, i).

    Parameters
    ----------
    rate, jacobian, observe, gradient : kernel
        Compiled functions of the types of this module. The Jacobian is tridiagonal; the last
        state is the integral of the input, the one before it the
        time since the start of the stretch; both must stand alone.
    numbers : Numbers
        What the kernels read.
    scale : ndarray
        Size of each state; errors are measured against it, shape (N,).
    mass : ndarray
        Mass matrix M with the volumes with which the exchange between neighbours balances, shape
        (4, N), see `banded`.
    margins : tuple of str
        What it means that each margin of `observe` has reached zero.
    border : int
        Number k of products that couple states far apart.
    """

    rate: Any
    jacobian: Any
    observe: Any
    gradient: Any
    numbers: Numbers
    scale: Array
    mass: Array
    margins: tuple[str, ...]
    border: int = 0

    @cached_property
    def per_scale(self) -> Array:
        """One over the size of each state, shape (N,)."""
        return frozen(1.0 / self.scale)
