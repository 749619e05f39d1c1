"""The library: every number of it can be read, and says where it was read."""

import tomllib
from importlib import resources
from typing import Any

import numpy as np
import pytest

from filmcell import Cathode, Electrolyte, InputError, LithiumMetal, Property
from filmcell.cell.layers import markers
from filmcell.materials.library import load, materials

KINDS = {"measured", "fitted", "computed", "assumed", "published"}
LAYERS: dict[str, type] = {
    "anode": LithiumMetal,
    "electrolyte": Electrolyte,
    "cathode": Cathode,
}


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
    expected = markers(LAYERS[material.role])
    assert set(material.values) <= set(expected)
    assert set(material.values) == set(material.sources)
    for key, value in material.values.items():
        assert expected[key].from_file(value) is not None
        assert material.sources[key].split(": ")[0] in KINDS


@pytest.mark.parametrize("name", ["lco-film", "lco-dualfoil"])
def test_a_potential_is_finite_and_falls_over_its_whole_range(name: str) -> None:
    U = load(name).values["potential"]
    assert isinstance(U, Property)
    values = U(np.linspace(U.low, U.high, 20_001))
    assert np.all(np.isfinite(values))
    assert np.all(np.diff(values) < 0)


def test_an_unknown_material_is_refused_word_for_word() -> None:
    with pytest.raises(InputError) as caught:
        load("lipno")
    assert str(caught.value) == (
        '"lipno" is not a material, expected one of lco-dualfoil, lco-film, lipon, lithium'
    )


def test_the_library_cannot_be_changed_in_place() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        load("lipon").values["conductivity"] = "1 S/m"  # type: ignore[index]
