"""A spectrum: frequencies and impedances, what was read and what was set aside, and its geometry.

Signs: the impedance is that of the whole cell as a passive element, so a capacitor has a negative
imaginary part. Inside the package it is in ohm; per area or per length only where the geometry has
been given, which is never assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError

LEAST_POINTS = 3
"""Fewest points that make a spectrum."""


@dataclass(frozen=True)
class Geometry:
    """Size of a sample.

    Parameters
    ----------
    area : float
        Area through which the current flows [m2].
    thickness : float
        Length that it flows [m].

    Raises
    ------
    InputError
        Where one of them is not above zero.
    """

    area: float
    thickness: float

    def __post_init__(self) -> None:
        """Check both sizes."""
        for name in ("area", "thickness"):
            value = getattr(self, name)
            if not 0.0 < value < float("inf"):
                raise InputError(f"{name}: {value:g} is not allowed, expected a size above 0")

    @property
    def cell_constant(self) -> float:
        """Thickness over area [1/m]: conductivity is this over the resistance."""
        return self.thickness / self.area


@dataclass(frozen=True, eq=False)
class Spectrum:
    """An impedance spectrum, highest frequency first.

    Parameters
    ----------
    frequency : ndarray
        Frequencies, falling, shape (n,) [Hz].
    impedance : ndarray of complex
        Impedances, shape (n,) [ohm].
    geometry : Geometry, optional
        Size of the sample, where it was given.
    temperature : float, optional
        Temperature, where it was given [K].
    name : str
        What it is, for tables and legends.
    read : int
        Rows that were found in the file; as many as there are points if it did not come from one.
    set_aside : mapping of str to int
        Why rows were not used, and how many.
    warnings : tuple of str
        What the reader saw, in sentences.
    provenance : mapping of str to str
        File, hash of its bytes, instrument, and what else the file says.

    Raises
    ------
    InputError
        Where it has fewer than three points, numbers that are not finite, or frequencies that are
        not positive or do not fall.
    """

    frequency: Array
    impedance: Any
    geometry: Geometry | None = None
    temperature: float | None = None
    name: str = ""
    read: int = 0
    set_aside: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Check and freeze the arrays."""
        f = np.array(self.frequency, dtype=np.float64)
        Z = np.array(self.impedance, dtype=np.complex128)
        what = f"{self.name}: " if self.name else ""
        if f.ndim != 1 or f.shape != Z.shape:
            raise InputError(
                f"{what}{f.size} frequencies and {Z.size} impedances, expected as many"
            )
        if f.size < LEAST_POINTS:
            raise InputError(f"{what}{f.size} points, expected at least {LEAST_POINTS}")
        if not (np.all(np.isfinite(f)) and np.all(np.isfinite(Z))):
            raise InputError(f"{what}has numbers that are not finite, expected finite ones")
        if not (np.all(f > 0.0) and np.all(np.diff(f) < 0.0)):
            raise InputError(
                f"{what}frequencies must be above 0 and fall, expected the highest first"
            )
        for key, array in (("frequency", f), ("impedance", Z)):
            array.flags.writeable = False
            object.__setattr__(self, key, array)
        object.__setattr__(self, "read", self.read or f.size)

    def __len__(self) -> int:
        """Count the points."""
        return int(self.frequency.size)

    @property
    def omega(self) -> Array:
        """Angular frequencies, shape (n,) [1/s]."""
        return 2.0 * np.pi * self.frequency

    @property
    def admittance(self) -> Any:
        """One over the impedance, shape (n,) [S]."""
        return 1.0 / self.impedance

    @property
    def area_specific(self) -> Any:
        """Impedance times area, shape (n,) [ohm m2]; raises `InputError` without a geometry."""
        if self.geometry is None:
            raise InputError(f"{self.name or 'spectrum'}: no area was given, expected a geometry")
        return self.impedance * self.geometry.area

    def with_geometry(self, geometry: Geometry) -> "Spectrum":
        """Say how large the sample is.

        Parameters
        ----------
        geometry : Geometry
            Its size.

        Returns
        -------
        Spectrum
            The same spectrum of a sample of that size.
        """
        return replace(self, geometry=geometry)

    def between(self, low: float, high: float) -> "Spectrum":
        """Keep the points between two frequencies; the others count as set aside.

        Parameters
        ----------
        low, high : float
            Frequencies [Hz].

        Returns
        -------
        Spectrum
            What lies between.

        Raises
        ------
        InputError
            Where fewer than three points are left.
        """
        kept = (self.frequency >= low) & (self.frequency <= high)
        aside = dict(self.set_aside)
        if not kept.all():
            why = "outside the range of frequencies asked for"
            aside[why] = aside.get(why, 0) + int((~kept).sum())
        return replace(self, frequency=self.frequency[kept], impedance=self.impedance[kept],
                       set_aside=MappingProxyType(aside))  # fmt: skip
