"""The library: every number of it can be read, and says where it was read."""

import tomllib
from importlib import resources
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import InputError, Property
from filmcell.cell.checked import markers
from filmcell.cell.tables import ROLES
from filmcell.materials.library import load, materials

KINDS = {"measured", "fitted", "computed", "assumed", "published"}


def data_files() -> dict[str, dict[str, Any]]:
    folder = resources.files("filmcell.materials") / "data"
    return {f.name: tomllib.loads(f.read_text("utf-8")) for f in folder.iterdir()}


@pytest.mark.parametrize("name", data_files())
def test_every_entry_of_a_file_has_a_kind_and_a_source(name: str) -> None:
    data = data_files()[name]
    entries = {k: v for k, v in data.items() if isinstance(v, dict)}
    assert name == f"{data['id']}.toml"
    assert entries
    for entry in entries.values():
        assert entry["kind"] in KINDS
        assert len(entry["source"]) > 10


@pytest.mark.parametrize("name", materials())
def test_every_value_is_what_its_layer_expects(name: str) -> None:
    material = load(name)
    kinds = [kind for kind, roles in ROLES.items() if material.role in roles]
    assert kinds
    assert set(material.values) == set(material.sources)
    for key, value in material.values.items():
        for kind in kinds:
            assert markers(kind)[key].from_file(value) is not None
        assert material.sources[key].split(": ")[0] in KINDS


@pytest.mark.parametrize("name", ["lco-film", "lco-dualfoil", "lto", "in-li"])
def test_a_potential_is_finite_and_never_rises_over_its_whole_range(name: str) -> None:
    U = load(name).values["potential"]
    assert isinstance(U, Property)
    values = U(np.linspace(U.low, U.high, 20_001))
    assert np.all(np.isfinite(values))
    if name in {"lco-film", "lco-dualfoil"}:  # the others have a plateau
        assert np.all(np.diff(values) < 0)
    assert np.all(np.diff(values) < 1e-12)


def test_the_potential_of_lto_follows_its_formula() -> None:
    """Redlich-Kister terms of Yao 2024 outside the two-phase gap, a plateau of 1.55 V within."""
    U = load("lto").values["potential"]
    x = np.array([0.01, 0.05, 0.1, 0.9, 0.95, 0.99])
    t = 1.0 - 2.0 * x
    mu = -155432.9219 + 8.314462618 * 300.0 * np.log(x / (1.0 - x)) + 14025.5664 * t
    for k, w in enumerate((15593.5771, -100475.7578, -26389.4648), 1):
        mu += w * (t ** (k + 1) - 2 * k * x * (1.0 - x) * t ** (k - 1))
    assert_allclose(U(x), -mu / 96485.0 - 0.0645, rtol=0, atol=1e-4)
    assert_allclose(U([0.12, 0.5, 0.84]), 1.55, rtol=0, atol=1e-12)


def test_the_numbers_of_tan_2021_are_those_of_the_paper() -> None:
    assert load("llto").values["conductivity"] == "9.56e-6 S/cm"
    assert load("llto").values["activation_energy"] == "0.33 eV"
    assert load("sio2").role == "interlayer"
    assert {load("sio2").sources[k].split(":")[0] for k in load("sio2").values} == {"assumed"}


def test_an_insertion_anode_of_the_library_begins_within_its_potential() -> None:
    for name in ("lto", "in-li"):
        values = load(name).values
        assert values["potential"].low <= values["initial_fraction"] <= values["potential"].high


def test_an_unknown_material_is_refused_word_for_word() -> None:
    with pytest.raises(InputError) as caught:
        load("lipno")
    assert str(caught.value) == (
        '"lipno" is not a material, expected one of in-li, lco-dualfoil, lco-film, lipon, '
        "lithium, llto, lto, sio2"
    )


def test_the_library_cannot_be_changed_in_place() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        load("lipon").values["conductivity"] = "1 S/m"  # type: ignore[index]
