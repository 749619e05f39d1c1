"""The array type of the whole package, and arrays that cannot be changed."""

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ArrayLike = float | Sequence[float] | Array


def as_array(values: ArrayLike) -> Array:
    """Return `values` as a float64 array; a copy is made only where the type asks for one.

    Parameters
    ----------
    values : array_like
        Numbers, any shape.

    Returns
    -------
    ndarray
        The same numbers, same shape, float64.

    Examples
    --------
    >>> as_array([1, 2]).dtype
    dtype('float64')
    """
    return np.asarray(values, dtype=np.float64)


def frozen(values: ArrayLike, *, own: bool = False) -> Array:
    """Return an array that refuses to be written to.

    Parameters
    ----------
    values : array_like
        Numbers, any shape.
    own : bool
        Whether nobody else will write to `values`; an array that may be written to is copied
        otherwise.

    Returns
    -------
    ndarray
        Same numbers, same shape, read-only.

    Examples
    --------
    >>> frozen([1.0, 2.0])[0] = 3.0
    Traceback (most recent call last):
    ...
    ValueError: assignment destination is read-only
    """
    array = as_array(values)
    if array.flags.writeable and array is values and not own:
        array = array.copy()
    array.flags.writeable = False
    return array


def plain(values: Any) -> Any:
    """Return a number as a float and an array as it is.

    Parameters
    ----------
    values : float or ndarray
        What a formula gave.

    Returns
    -------
    float or ndarray
        The same.

    Examples
    --------
    >>> plain(np.float64(2.0)), plain(np.ones(2))
    (2.0, array([1., 1.]))
    """
    return values if np.ndim(values) else float(values)


def with_array(part: Any, path: Sequence[str], values: Array) -> Any:
    """Copy a frozen part with an array in the place of a number; the copy is not checked.

    Formulas are plain arithmetic, so they give arrays where a number is one: many cells or steps
    that differ in nothing else are one object. Who makes one has checked the numbers.

    Parameters
    ----------
    part : dataclass or tuple of them
        A part such as a cell.
    path : sequence of str
        Names of fields, and places in tuples, down to the number.
    values : ndarray
        Numbers, shape (n,).

    Returns
    -------
    dataclass or tuple
        The copy; nothing that the part had worked out is kept.

    Examples
    --------
    >>> from filmcell.protocol.amounts import CRate
    >>> with_array(CRate(1.0), ["value"], np.array([1.0, 2.0])).value
    array([1., 2.])
    """
    name, *below = path
    if isinstance(part, tuple):
        k = int(name)
        return (*part[:k], with_array(part[k], below, values), *part[k + 1 :])
    new = object.__new__(type(part))
    for f in fields(part):
        object.__setattr__(new, f.name, getattr(part, f.name))
    inner = with_array(getattr(part, name), below, values) if below else values
    object.__setattr__(new, name, inner)
    return new


def finite_or_none(value: Any) -> Any:
    """Return a number as JSON can hold it.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    object
        None where it is a float that is not finite, else what was given.

    Examples
    --------
    >>> finite_or_none(float("nan")) is None, finite_or_none(2.0), finite_or_none("x")
    (True, 2.0, 'x')
    """
    return None if isinstance(value, float) and not math.isfinite(value) else value
