r"""Least squares with one smooth unknown and a few plain ones.

.. math:: b = S p + K g + e, \qquad \min_{p, g} |b - S p - K g|^2 + \lambda |D g|^2

The same is the mean of a Gaussian model: noise of variance sigma^2, g smooth in the sense that the
entries of D g are independent and of variance sigma^2 / lambda, and p of which nothing is known.
One singular value decomposition of :math:`K D^{-1}` gives what is needed for every lambda and
every S.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import qr, solve, solve_triangular, svd

from filmcell.arrays import Array


def curvature(m: int, h: float) -> Array:
    r"""Second derivative on a grid, 0 beyond both ends: a roughness D that has an inverse.

    Parameters
    ----------
    m : int
        Number of points.
    h : float
        Their distance.

    Returns
    -------
    ndarray
        Matrix D, shape (m, m): :math:`|D g|^2` tends to :math:`\int g''^2 dx`.

    Examples
    --------
    >>> curvature(3, 1.0)
    array([[-2.,  1.,  0.],
           [ 1., -2.,  1.],
           [ 0.,  1., -2.]])
    """
    T = np.diag(np.full(m, -2.0)) + np.diag(np.ones(m - 1), 1) + np.diag(np.ones(m - 1), -1)
    return T / h**1.5


@dataclass(frozen=True, eq=False)
class Smooth:
    """The decomposition of K and D, for data of one weight.

    Parameters
    ----------
    K : ndarray
        What the smooth unknown adds to the data, shape (N, m).
    D : ndarray
        Roughness, shape (m, m).
    U : ndarray
        Left singular vectors of K over D, shape (N, N).
    s : ndarray
        Singular values, falling, filled with 0, shape (N,).
    """

    K: Array
    D: Array
    U: Array
    s: Array

    @staticmethod
    def of(K: Array, D: Array) -> "Smooth":
        """Decompose.

        Parameters
        ----------
        K : ndarray
            What the smooth unknown adds to the data, shape (N, m).
        D : ndarray
            Roughness, shape (m, m).

        Returns
        -------
        Smooth
            The decomposition.
        """
        U, s, _ = svd(solve(D.T, K.T).T, check_finite=False)
        return Smooth(K, D, U, np.concatenate([s, np.zeros(K.shape[0] - s.size)]))

    def lambdas(self, per_decade: int = 4) -> Array:
        """Return values to choose from, from interpolation to a straight line.

        Parameters
        ----------
        per_decade : int
            How many in a decade.

        Returns
        -------
        ndarray
            Lambdas, rising.
        """
        exponents = np.arange(-15 * per_decade, 2 * per_decade + 1) / per_decade
        return self.s[0] ** 2 * 10.0**exponents


@dataclass(frozen=True, eq=False)
class Path:
    """Solutions over lambda, without their smooth unknown.

    Parameters
    ----------
    N : int
        Number of data.
    lambdas : ndarray
        Values, rising, shape (J,).
    plain : ndarray
        The plain unknowns, shape (J, k).
    variance : ndarray
        Most likely variance of the noise, shape (J,).
    evidence : ndarray
        Logarithm of the likelihood with g integrated out, p and the variance at their best, (J,).
    misfit : ndarray
        Squared residual and N times the square of the least noise, shape (J,).
    roughness : ndarray
        Squared roughness, shape (J,).
    freedom : ndarray
        Effective number of parameters, shape (J,).
    """

    N: int
    lambdas: Array
    plain: Array
    variance: Array
    evidence: Array
    misfit: Array
    roughness: Array
    freedom: Array


def grams(smooth: Smooth, columns: Array, lambdas: Array) -> Array:
    """Products of columns in the metric of data minus what the smooth unknown explains.

    Parameters
    ----------
    smooth : Smooth
        The decomposition.
    columns : ndarray
        Columns, shape (N, c).
    lambdas : ndarray
        Values, shape (J,).

    Returns
    -------
    ndarray
        Shape (J, c, c).
    """
    turned = smooth.U.T @ columns
    weight = 1.0 / (1.0 + smooth.s**2 / lambdas[:, None])
    return (turned.T * weight[:, None, :]) @ turned


def evidence_of(smooth: Smooth, gram: Array, lambdas: Array, floor: float) -> tuple[Any, Any, Any]:
    r"""Most likely plain unknowns and noise, and the evidence, from the products of the columns.

    .. math:: \ln L = -\frac{N}{2} \ln (2 \pi e \sigma^2)
              - \frac12 \sum_i \ln \left( 1 + \frac{s_i^2}{\lambda} \right)

    Parameters
    ----------
    smooth : Smooth
        The decomposition.
    gram : ndarray
        Products of S and, last, b, shape (J, k + 1, k + 1).
    lambdas : ndarray
        Values, shape (J,).
    floor : float
        Standard deviation that the noise has at least.

    Returns
    -------
    ndarray
        Plain unknowns, shape (J, k).
    ndarray
        Variances of the noise, shape (J,).
    ndarray
        Logarithms of the likelihood, shape (J,).
    """
    N = smooth.s.size
    right = gram[:, :-1, -1]
    plain = np.linalg.solve(gram[:, :-1, :-1], right[..., None])[..., 0]
    square = np.maximum(gram[:, -1, -1] - np.sum(plain * right, axis=-1), 0.0)
    variance = square / N + floor**2
    spread = np.log1p(smooth.s**2 / lambdas[:, None]).sum(axis=1)
    return plain, variance, -0.5 * (N * np.log(2.0 * np.pi * np.e * variance) + spread)


def path(smooth: Smooth, S: Array, b: Array, lambdas: Array, floor: float) -> Path:
    """Walk over lambda.

    Parameters
    ----------
    smooth : Smooth
        The decomposition.
    S : ndarray
        What the plain unknowns add to the data, shape (N, k).
    b : ndarray
        Data, shape (N,).
    lambdas : ndarray
        Values, shape (J,).
    floor : float
        Standard deviation that the noise has at least.

    Returns
    -------
    Path
        What a rule for lambda may look at.
    """
    gram = grams(smooth, np.column_stack([S, b]), lambdas)
    plain, variance, evidence = evidence_of(smooth, gram, lambdas, floor)
    turned = smooth.U.T @ S
    weight = 1.0 / (1.0 + smooth.s**2 / lambdas[:, None])
    left = (smooth.U.T @ b - plain @ turned.T) * weight
    twice = (turned.T * weight[:, None, :] ** 2) @ turned
    lost = np.trace(np.linalg.solve(gram[:, :-1, :-1], twice), axis1=1, axis2=2)
    return Path(
        b.size, lambdas, plain, variance, evidence,
        misfit=np.sum(left**2, axis=1) + b.size * floor**2,
        roughness=np.sum((smooth.s * left / lambdas[:, None]) ** 2, axis=1),
        freedom=smooth.s.size - weight.sum(axis=1) + lost,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Triangle:
    """The regularised least squares at one lambda, as a square triangular system.

    Parameters
    ----------
    R : ndarray
        Triangle, first the plain unknowns, shape (k + m, k + m).
    y : ndarray
        Right side, shape (k + m,).
    """

    R: Array
    y: Array

    @staticmethod
    def of(smooth: Smooth, S: Array, b: Array, lam: float) -> "Triangle":
        """Factorise.

        Parameters
        ----------
        smooth : Smooth
            The decomposition.
        S : ndarray
            What the plain unknowns add to the data, shape (N, k).
        b : ndarray
            Data, shape (N,).
        lam : float
            How smooth.

        Returns
        -------
        Triangle
            The system.
        """
        m, k = smooth.D.shape[0], S.shape[1]
        above = np.column_stack([S, smooth.K, b])
        below = np.column_stack([np.zeros((m, k)), np.sqrt(lam) * smooth.D, np.zeros(m)])
        R = qr(np.vstack([above, below]), mode="r", check_finite=False)[0]
        return Triangle(R[: k + m, : k + m], R[: k + m, k + m])

    def solve(self) -> Array:
        """Return the unknowns, shape (k + m,)."""
        return solve_triangular(self.R, self.y, check_finite=False)

    def solve_positive(self) -> Array:
        """Return the best unknowns none of which is negative, shape (k + m,)."""
        from scipy.optimize import nnls

        scale = 1.0 / np.linalg.norm(self.R, axis=0)
        return nnls(self.R * scale, self.y, maxiter=30 * self.y.size)[0] * scale

    def spread(self) -> Array:
        """Return standard deviations over that of the noise, shape (k + m,)."""
        inverse = solve_triangular(self.R, np.eye(self.y.size), check_finite=False)
        return np.linalg.norm(inverse, axis=1)

    def spread_of(self, v: Array) -> float:
        """Return the standard deviation of v times the unknowns, over that of the noise.

        Parameters
        ----------
        v : ndarray
            Weights, shape (k + m,).

        Returns
        -------
        float
            Standard deviation.
        """
        return float(np.linalg.norm(solve_triangular(self.R, v, trans="T", check_finite=False)))
