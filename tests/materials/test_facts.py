"""Every number of the library equals the fact that it was lifted from, and no fact is lost."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from filmcell.materials.library import read_shipped
from filmcell.materials.records import Value
from filmcell.units import to_si

FACTS = Path(__file__).parents[3] / "shared" / "facts" / "seed_facts.yaml"
OMITTED = Path(__file__).parent / "omitted_facts"
UNITS = {"V vs Li/Li+": "V", "V vs SHE": "V", "-": "", "x": "", "cycles": "", "C": ""}

pytestmark = pytest.mark.skipif(
    not FACTS.exists(), reason="the collection of facts is not beside this checkout"
)


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, Any]]:
    yaml = pytest.importorskip("yaml")
    loaded = yaml.load(FACTS.read_text("utf-8"), Loader=yaml.CSafeLoader)["facts"]
    return {fact["id"]: fact for fact in loaded}


def lifted() -> Iterator[tuple[str, str, Value]]:
    for record in read_shipped().records:
        for found in record.values.values():
            for value in found:
                for name in value.fact:
                    yield name, record.id, value


def numbers_of(fact: dict[str, Any], unit: str) -> list[float]:
    values = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
    printed = UNITS.get(fact["unit"], fact["unit"])
    return [to_si(f"{str(v).lstrip('<>~ ')} {printed}".strip(), unit) for v in values]


@pytest.mark.parametrize(("name", "record", "value"), list(lifted()))
def test_a_value_equals_the_fact_it_was_lifted_from(
    name: str, record: str, value: Value, facts: dict[str, dict[str, Any]]
) -> None:
    fact = facts[name]
    given = value.given if isinstance(value.given, tuple) else (value.given,)
    if value.word.unit == "text":
        assert value.given == fact["value"], record
    else:
        ours = [to_si(x, value.word.unit) for x in given if isinstance(x, str | float | int)]
        assert ours == pytest.approx(numbers_of(fact, value.word.unit), rel=1e-12), record


def test_every_fact_about_a_material_is_used_or_left_out_for_a_reason(
    facts: dict[str, dict[str, Any]],
) -> None:
    omitted: dict[str, str] = {}
    for path in OMITTED.glob("*.toml"):
        for name, reason in tomllib.loads(path.read_text("utf-8")).items():
            assert name not in omitted, name
            omitted[name] = reason
    used = {name for name, _, _ in lifted()}
    wanted = {k for k, f in facts.items() if f["kind"] in {"measured", "computed", "derived"}}
    assert set(omitted) <= set(facts)
    assert not used & set(omitted)
    assert not wanted - used - set(omitted), sorted(wanted - used - set(omitted))
    assert all(len(reason) > 15 for reason in omitted.values())
