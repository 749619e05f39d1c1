"""The array type of the whole package, and arrays that cannot be changed."""

import math
from collections.abc import Sequence
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
