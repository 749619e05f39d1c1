"""Diffusion in flux form: kernels against the plain operators, slopes, conservation, order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.arrays import Array
from filmcell.numerics.finite_volume import (
    diffuse,
    diffuse_slope,
    divergence,
    half_resistance,
    inner_flux,
)
from filmcell.numerics.mesh import Mesh
from filmcell.numerics.table import stack, tabulate

C_MAX, FACTOR = 5e4, 1.7
D_OF_X = tabulate(lambda x: 1e-14 * 10.0 ** (-2 * x) * (1 + 0.3 * np.sin(9 * x)), 0.0, 1.0,
                  tol=1e-9, relative=True)  # fmt: skip
TABLE, HEADS = stack((D_OF_X,))
HEAD = np.ascontiguousarray(HEADS[0])
MESHES = {
    f"{name}, {grading}": (
        Mesh.uniform(31, 2e-6, m) if grading == "equal" else Mesh.graded(31, 2e-6, 1e-9, m)
    )
    for m, name in enumerate(("plane", "cylinder", "sphere"))
    for grading in ("equal", "graded")
}
every_mesh = pytest.mark.parametrize("mesh", MESHES.values(), ids=MESHES)
some_mesh = st.sampled_from(list(MESHES.values()))
seeds = st.integers(0, 2**32 - 1)


def state(mesh: Mesh, seed: int) -> Array:
    return np.random.default_rng(seed).uniform(0.02, 0.98, mesh.cells) * C_MAX


def by_operators(mesh: Mesh, c: Array, influx: float) -> Array:
    """The same balance as the kernel, as the operators say it."""
    inner = inner_flux(mesh, c, FACTOR * D_OF_X(c / C_MAX))
    return -divergence(mesh, np.concatenate([[influx], inner, [0.0]]))


def by_kernel(mesh: Mesh, c: Array, influx: float) -> Array:
    out = np.full(mesh.cells, np.nan)
    diffuse(c, influx, TABLE, HEAD, FACTOR, C_MAX, mesh.packed, out)
    return out


def size_of_terms(mesh: Mesh, c: Array, influx: float) -> Array:
    """Sum of the sizes of what flows into and out of each volume."""
    inner = inner_flux(mesh, c, FACTOR * D_OF_X(c / C_MAX))
    through = mesh.areas * np.abs(np.concatenate([[influx], inner, [0.0]]))
    return (through[:-1] + through[1:]) / mesh.volumes


@given(some_mesh, seeds, st.floats(-1e-4, 1e-4))
def test_the_kernel_is_the_operators(mesh: Mesh, seed: int, influx: float) -> None:
    c = state(mesh, seed)
    difference = np.abs(by_kernel(mesh, c, influx) - by_operators(mesh, c, influx))
    assert np.all(difference <= 1e-12 * size_of_terms(mesh, c, influx))


@given(some_mesh, seeds, st.floats(-1e-4, 1e-4))
def test_what_flows_in_is_what_the_volumes_gain(mesh: Mesh, seed: int, influx: float) -> None:
    c = state(mesh, seed)
    scale = (size_of_terms(mesh, c, influx) * mesh.volumes).sum()
    for rate in (by_kernel(mesh, c, influx), by_operators(mesh, c, influx)):
        assert_allclose(rate @ mesh.volumes, influx, rtol=0, atol=1e-13 * scale)


@every_mesh
def test_a_flat_profile_without_flux_stands_still(mesh: Mesh) -> None:
    c = np.full(mesh.cells, 0.6 * C_MAX)
    np.testing.assert_array_equal(by_kernel(mesh, c, 0.0), np.zeros(mesh.cells))


@settings(deadline=None)
@given(some_mesh, seeds)
def test_the_slope_is_the_derivative(mesh: Mesh, seed: int) -> None:
    c = state(mesh, seed)
    n = mesh.cells
    lower, upper = np.zeros((2, n))
    diffuse_slope(c, TABLE, HEAD, FACTOR, C_MAX, mesh.packed, lower, upper)
    beside = np.diag(lower[1:], -1) + np.diag(upper[:-1], 1)
    # what leaves a volume enters its neighbours, so the columns say what the diagonal is
    exact = beside - np.diag(mesh.volumes @ beside / mesh.volumes)
    step = 1e-5 * C_MAX
    numeric = np.empty((n, n))
    for j in range(n):
        there, back = c.copy(), c.copy()
        there[j] += step
        back[j] -= step
        numeric[:, j] = by_kernel(mesh, there, 0.0) - by_kernel(mesh, back, 0.0)
    numeric /= 2 * step
    # a row next to large flows loses digits in the difference, so each is held by its own size
    row = np.abs(exact).sum(axis=1, keepdims=True)
    noise = 1e-16 * size_of_terms(mesh, c, 0.0)[:, None] / step
    assert np.all(np.abs(numeric - exact) <= 1e-6 * row + 10 * noise)


def test_half_a_cell_resists_by_its_half_width() -> None:
    mesh = Mesh(np.array([0.0, 1.0, 3.0, 6.0]))
    resistance = half_resistance(mesh, np.array([1.0, 2.0, 3.0]))
    assert_allclose(resistance, [0.5, 0.5, 0.5], rtol=1e-15, atol=0)


def test_two_materials_in_series_share_the_drop_by_their_resistance() -> None:
    mesh = Mesh.uniform(4, 4.0)
    D = np.array([1.0, 1.0, 0.1, 0.1])
    depth = np.array([0.5, 1.5, 2.0 + 0.5 / 0.1, 2.0 + 1.5 / 0.1])  # counted in resistance
    assert_allclose(inner_flux(mesh, -depth, D), [1.0, 1.0, 1.0], rtol=1e-14, atol=0)


@pytest.mark.convergence
@pytest.mark.parametrize("dimension", [0, 1, 2])
def test_second_order_in_mesh_width(dimension: int) -> None:
    """A profile with a known Laplacian, (1 - r^2)^2 in the radius r = 1 - depth."""

    def error(n: int) -> float:
        mesh = Mesh.uniform(n, 1.0, dimension)
        m, edges = dimension, 1.0 - mesh.faces
        r = 1.0 - mesh.centres
        c = (1 - r**2) ** 2
        rate = -divergence(mesh, np.concatenate([[0.0], inner_flux(mesh, c, np.ones(n)), [0.0]]))
        # mean of r^-m d(r^m c')/dr over each shell, with c' = -4 r (1 - r^2)
        through = edges**m * -4 * edges * (1 - edges**2)
        exact = -np.diff(through) / mesh.volumes
        inside = slice(n // 10, -n // 10)
        return float(np.abs(rate - exact)[inside].max())

    errors = np.array([error(n) for n in (20, 40, 80, 160)])
    assert_allclose(np.log2(errors[:-1] / errors[1:]), 2.0, rtol=0, atol=0.1)
    assert errors[-1] < 1e-3
