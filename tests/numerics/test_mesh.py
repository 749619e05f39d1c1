"""Meshes: they fill the body, grade as asked, and cannot be changed."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell import InputError, Mesh
from filmcell.numerics.mesh import AREA, HALF, PER_VOLUME

lengths = st.floats(1e-9, 1e-3)
cells = st.integers(3, 300)
dimensions = st.sampled_from([0, 1, 2])


@given(cells, lengths, dimensions)
def test_equal_widths_fill_the_body(n: int, length: float, dimension: int) -> None:
    mesh = Mesh.uniform(n, length, dimension)
    assert (mesh.cells, mesh.length) == (n, length)
    assert_allclose(mesh.widths, length / n, rtol=1e-11, atol=0)
    assert_allclose(mesh.volumes.sum(), length / (dimension + 1), rtol=1e-12, atol=0)


@given(cells, lengths, dimensions, st.floats(1e-4, 0.99))
def test_graded_widths_grow_by_one_factor_from_the_first(
    n: int, length: float, dimension: int, share: float
) -> None:
    first = share * length / n
    mesh = Mesh.graded(n, length, first, dimension)
    assert mesh.cells == n
    assert_allclose(mesh.widths[0], first, rtol=1e-8, atol=0)
    assert_allclose(mesh.faces[-1], length, rtol=1e-12, atol=0)
    growth = mesh.widths[1:] / mesh.widths[:-1]
    assert_allclose(growth, growth[0], rtol=1e-8, atol=0)
    assert growth[0] > 1.0
    assert_allclose(mesh.volumes.sum(), length / (dimension + 1), rtol=1e-12, atol=0)


@given(cells, lengths)
def test_a_first_width_of_the_mean_or_more_gives_equal_widths(n: int, length: float) -> None:
    mesh = Mesh.graded(n, length, 2.0 * length / n)
    assert_allclose(mesh.widths, length / n, rtol=1e-11, atol=0)


def test_areas_shrink_towards_the_axis_and_the_centre() -> None:
    for dimension, middle in enumerate((1.0, 0.5, 0.25)):
        mesh = Mesh.uniform(4, 1e-6, dimension)
        assert_allclose(mesh.areas[[0, 2]], [1.0, middle], rtol=1e-14, atol=0)
    assert mesh.areas[-1] == 0.0
    assert Mesh.uniform(4, 1e-6).areas[-1] == 1.0


def test_volumes_of_a_sphere_are_those_of_its_shells() -> None:
    mesh = Mesh(np.array([0.0, 0.5, 0.75, 1.0]), 2)
    expected = np.array([1 - 0.5**3, 0.5**3 - 0.25**3, 0.25**3]) / 3
    assert_allclose(mesh.volumes, expected, rtol=1e-14, atol=0)
    assert_allclose(mesh.centres, [0.25, 0.625, 0.875], rtol=1e-14, atol=0)


def test_what_the_kernels_read_is_the_mesh() -> None:
    mesh = Mesh.graded(9, 2e-6, 1e-8, 1)
    assert_allclose(mesh.packed[HALF], 0.5 * mesh.widths, rtol=1e-15, atol=0)
    assert_allclose(mesh.packed[AREA], mesh.areas[:-1], rtol=1e-15, atol=0)
    assert_allclose(mesh.packed[PER_VOLUME] * mesh.volumes, 1.0, rtol=1e-14, atol=0)


@pytest.mark.parametrize(
    "faces",
    [
        [0.0, 1.0, 2.0],
        [0.1, 1.0, 2.0, 3.0],
        [0.0, 2.0, 1.0, 3.0],
        [0.0, 1.0, 1.0, 3.0],
        [0.0, 1.0, np.nan, 3.0],
        [[0.0, 1.0], [2.0, 3.0]],
    ],
)
def test_faces_that_do_not_rise_from_zero_are_refused(faces: list[float]) -> None:
    with pytest.raises(InputError) as caught:
        Mesh(np.array(faces))
    assert str(caught.value) == "mesh: the faces must be at least four numbers that rise from 0"


def test_an_unknown_dimension_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Mesh.uniform(4, 1e-6, 3)
    assert str(caught.value) == "mesh: dimension 3 is not 0, 1 or 2"


def test_a_mesh_cannot_be_changed_in_place() -> None:
    faces = np.linspace(0.0, 1.0, 5)
    mesh = Mesh(faces)
    faces[1] = 0.3
    assert mesh.faces[1] == 0.25
    for array in (mesh.faces, mesh.widths, mesh.areas, mesh.volumes, mesh.packed):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    with pytest.raises(FrozenInstanceError):
        mesh.dimension = 1  # type: ignore[misc]
