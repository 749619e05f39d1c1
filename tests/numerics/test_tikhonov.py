"""Regularised least squares against dense algebra written once more."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell.numerics.tikhonov import Smooth, Triangle, curvature, evidence_of, grams, path

N, M, K = 30, 40, 2


@pytest.fixture(scope="module")
def case() -> tuple[Smooth, np.ndarray, np.ndarray]:
    """A smoothing kernel, two plain columns, data."""
    rng = np.random.default_rng(5)
    t, x = np.linspace(0.0, 1.0, N), np.linspace(-0.2, 1.2, M)
    kernel = np.exp(-0.5 * ((t[:, None] - x) / 0.1) ** 2)
    S = np.column_stack([np.ones(N), t])
    b = kernel @ np.sin(3.0 * x) + S @ [1.0, -2.0] + 0.01 * rng.normal(size=N)
    return Smooth.of(kernel, curvature(M, x[1] - x[0])), S, b


def test_curvature_is_the_second_derivative() -> None:
    """Its squared norm tends to the integral of the squared second derivative."""
    for m, tolerance in ((101, 1e-2), (401, 1e-3)):
        x = np.linspace(0.0, np.pi, m + 2)[1:-1]
        D = curvature(m, x[1] - x[0])
        assert_allclose(np.sum((D @ np.sin(x)) ** 2), np.pi / 2.0, rtol=tolerance, atol=0.0)


@pytest.mark.parametrize("lam", [1e-8, 1e-4, 1.0])
def test_the_evidence_is_that_of_a_normal_distribution(
    case: tuple[Smooth, np.ndarray, np.ndarray], lam: float
) -> None:
    """The logarithm of the density of the data with covariance s2 (1 + K (D'D)^-1 K' / lam)."""
    smooth, S, b = case
    lambdas = np.array([lam])
    gram = grams(smooth, np.column_stack([S, b]), lambdas)
    (p,), (variance,), (evidence,) = evidence_of(smooth, gram, lambdas, 0.0)
    prior = np.linalg.inv(smooth.D.T @ smooth.D)
    shape = np.eye(N) + smooth.K @ prior @ smooth.K.T / lam
    inverse = np.linalg.inv(shape)
    best = np.linalg.solve(S.T @ inverse @ S, S.T @ inverse @ b)
    r = b - S @ best
    s2 = r @ inverse @ r / N
    density = -0.5 * (N * np.log(2 * np.pi * s2) + np.linalg.slogdet(shape)[1] + N)
    assert_allclose(p, best, rtol=1e-6, atol=0.0)
    assert_allclose(variance, s2, rtol=1e-6, atol=0.0)
    assert_allclose(evidence, density, rtol=1e-6, atol=0.0)


@pytest.mark.parametrize("lam", [1e-6, 1e-3, 1.0])
def test_the_path_is_that_of_each_least_squares(
    case: tuple[Smooth, np.ndarray, np.ndarray], lam: float
) -> None:
    """Misfit, roughness and effective number of parameters from the influence matrix."""
    smooth, S, b = case
    found = path(smooth, S, b, np.array([lam]), 0.0)
    A = np.hstack([S, smooth.K])
    below = np.hstack([np.zeros((M, K)), np.sqrt(lam) * smooth.D])
    solve = np.linalg.pinv(np.vstack([A, below]), rcond=1e-14)[:, :N]
    x = solve @ b
    assert_allclose(found.misfit[0], np.sum((A @ x - b) ** 2), rtol=1e-6, atol=0.0)
    assert_allclose(found.roughness[0], np.sum((smooth.D @ x[K:]) ** 2), rtol=1e-6, atol=0.0)
    assert_allclose(found.freedom[0], np.trace(A @ solve), rtol=1e-8, atol=0.0)
    triangle = Triangle.of(smooth, S, b, lam)
    assert_allclose(triangle.solve(), x, rtol=0.0, atol=1e-7 * np.abs(x).max())
    H = A.T @ A + below.T @ below
    assert_allclose(triangle.spread() ** 2, np.diag(np.linalg.inv(H)), rtol=1e-6, atol=0.0)
    v = np.arange(K + M, dtype=float)
    assert_allclose(triangle.spread_of(v) ** 2, v @ np.linalg.solve(H, v), rtol=1e-6, atol=0.0)


def test_more_smoothing_is_smoother(case: tuple[Smooth, np.ndarray, np.ndarray]) -> None:
    """Along the path the misfit rises, the roughness and the number of parameters fall."""
    smooth, S, b = case
    found = path(smooth, S, b, smooth.lambdas(), 1e-6)
    assert np.all(np.diff(found.misfit) > -1e-12)
    assert np.all(np.diff(found.roughness) < 1e-9 * found.roughness[0])
    assert np.all(np.diff(found.freedom) < 1e-9)
    assert found.freedom[-1] < K + 3.0


def test_the_positive_solution_is_the_best_one(
    case: tuple[Smooth, np.ndarray, np.ndarray],
) -> None:
    """Nothing is negative; what is zero would have to be negative to fit better."""
    smooth, S, b = case
    triangle = Triangle.of(smooth, S, b, 1e-4)
    x = triangle.solve_positive()
    gradient = triangle.R.T @ (triangle.R @ x - triangle.y)
    assert x.min() >= 0.0
    assert np.sum(x == 0.0) > 3
    scale = np.abs(triangle.R.T @ triangle.y).max()
    assert_allclose(gradient[x > 0.0], 0.0, rtol=0.0, atol=1e-9 * scale)
    assert gradient.min() > -1e-9 * scale
