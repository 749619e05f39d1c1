"""Weights of a fit: how much the misfit of each point counts."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from filmcell.arrays import Array
from filmcell.errors import InputError
from filmcell.impedance.spectrum import Spectrum


class Weights(Protocol):
    """What a fit asks of weights."""

    def of(self, spectrum: Spectrum) -> Array:
        """Factors on the misfit of the real and of the imaginary part.

        Parameters
        ----------
        spectrum : Spectrum
            The spectrum.

        Returns
        -------
        ndarray
            Factors, shape (2, n) [1/ohm].
        """


@dataclass(frozen=True)
class Modulus:
    """One over the modulus, so that each point counts alike: the default.

    Examples
    --------
    >>> spectrum = Spectrum([3.0, 2.0, 1.0], [1.0, 2.0, 3.0 - 4.0j])
    >>> Modulus().of(spectrum)[0].round(3).tolist()
    [1.0, 0.5, 0.2]
    """

    def of(self, spectrum: Spectrum) -> Array:
        """Factors on the misfit of the real and of the imaginary part.

        Parameters
        ----------
        spectrum : Spectrum
            The spectrum.

        Returns
        -------
        ndarray
            Factors, shape (2, n) [1/ohm].
        """
        modulus = np.abs(spectrum.impedance)
        if not np.all(modulus > 0.0):
            raise InputError(f"{spectrum.name or 'spectrum'}: has an impedance of zero, expected "
                             "none, or weights other than those by modulus")  # fmt: skip
        return np.stack([1.0 / modulus, 1.0 / modulus])


@dataclass(frozen=True)
class Unit:
    """The same for all points, so that large impedances count most."""

    def of(self, spectrum: Spectrum) -> Array:
        """Factors on the misfit of the real and of the imaginary part.

        Parameters
        ----------
        spectrum : Spectrum
            The spectrum.

        Returns
        -------
        ndarray
            Factors, shape (2, n) [1/ohm].
        """
        scale = float(np.sqrt(np.mean(np.abs(spectrum.impedance) ** 2)))
        return np.full((2, len(spectrum)), 1.0 / scale)


@dataclass(frozen=True, eq=False)
class Sigma:
    """One over a standard deviation that was measured.

    Only their proportions count: how far the fit misses says how large they are.

    Parameters
    ----------
    sigma : ndarray
        Standard deviations, above 0, shape (n,) [ohm]; complex where those of the real and of the
        imaginary part differ.

    Examples
    --------
    >>> spectrum = Spectrum([3.0, 2.0, 1.0], [1.0, 2.0, 3.0])
    >>> Sigma(np.array([0.1, 0.1 + 0.2j, 0.5])).of(spectrum).tolist()
    Traceback (most recent call last):
    ...
    filmcell.errors.InputError: standard deviations of the imaginary part must be above 0
    >>> Sigma(np.array([0.1, 0.2, 0.5])).of(spectrum)[1].tolist()
    [10.0, 5.0, 2.0]
    """

    sigma: Any

    def of(self, spectrum: Spectrum) -> Array:
        """Factors on the misfit of the real and of the imaginary part.

        Parameters
        ----------
        spectrum : Spectrum
            The spectrum.

        Returns
        -------
        ndarray
            Factors, shape (2, n) [1/ohm].

        Raises
        ------
        InputError
            Where there are not as many as points, or one is not above zero.
        """
        sigma = np.asarray(self.sigma)
        if sigma.shape != (len(spectrum),):
            raise InputError(f"{sigma.size} standard deviations, expected {len(spectrum)}")
        parts = np.stack([sigma.real, sigma.imag if np.iscomplexobj(sigma) else sigma])
        for part, name in zip(parts, ("real", "imaginary"), strict=True):
            if not (np.all(part > 0.0) and np.all(np.isfinite(part))):
                raise InputError(f"standard deviations of the {name} part must be above 0")
        return 1.0 / parts
