"""The reference is whole: public names have docstrings, every parameter is documented."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pint
import pytest

import filmcell
from filmcell import units

REGISTRY: Any = units._registry()
ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "filmcell"


def public_modules() -> list[str]:
    """Names of all modules of the package without the command line."""
    found = pkgutil.walk_packages(filmcell.__path__, "filmcell.")
    names = ["filmcell", *(m.name for m in found)]
    return [n for n in names if not n.startswith("filmcell.cli") and "._" not in n]


MODULES = public_modules()


def is_kernel(thing: Any) -> bool:
    """Whether numba has compiled it; its docstring says what it writes, `System` the arguments."""
    return hasattr(thing, "py_func")


def own(module: Any) -> Iterator[tuple[str, Any]]:
    """Public functions and classes that a module defines itself."""
    for name, thing in vars(module).items():
        plain = getattr(thing, "py_func", thing)
        if name.startswith("_") or not (inspect.isfunction(plain) or inspect.isclass(plain)):
            continue
        if plain.__module__ == module.__name__:
            yield name, thing


def documented(doc: str) -> dict[str, str]:
    """Name of each parameter in a numpy docstring to its description."""
    section = re.search(
        r"^(?:Parameters|Attributes)\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", doc, re.M | re.S
    )
    found: dict[str, str] = {}
    names: list[str] = []
    for line in (section[1] if section else "").splitlines():
        if line and not line.startswith(" "):
            head = line.partition(" : ")[0]
            names = [n.strip().lstrip("*") for n in head.split(",")]
            found |= dict.fromkeys(names, "")
        else:
            for n in names:
                found[n] += f" {line.strip()}"
    return found


@pytest.mark.parametrize("name", MODULES)
def test_everything_public_has_a_docstring(name: str) -> None:
    """Modules, functions, classes, methods and properties say what they are."""
    module = importlib.import_module(name)
    missing = [] if module.__doc__ else [name]
    for key, thing in own(module):
        plain = getattr(thing, "py_func", thing)
        if not plain.__doc__:
            missing.append(f"{name}.{key}")
        if not inspect.isclass(plain):
            continue
        for method, body in vars(plain).items():
            body = getattr(body, "fget", None) or getattr(body, "func", None) or body  # noqa: PLW2901
            body = getattr(body, "__func__", body)  # noqa: PLW2901
            if method.startswith("_") or not inspect.isfunction(body):
                continue
            if not body.__doc__:
                missing.append(f"{name}.{key}.{method}")
    assert not missing


@pytest.mark.parametrize("name", MODULES)
def test_every_parameter_is_documented(name: str) -> None:
    """Functions and dataclasses document the parameters that they have, in order, and no others."""
    module = importlib.import_module(name)
    wrong = []
    for key, thing in own(module):
        if is_kernel(thing):
            continue
        if inspect.isfunction(thing):
            expected = list(inspect.signature(thing).parameters)
        elif "__dataclass_fields__" in vars(thing):  # a subclass has those of its parent
            expected = [f.name for f in fields(thing) if f.init]
        else:
            continue
        given = list(documented(inspect.getdoc(thing) or ""))
        if given != expected:
            wrong.append(f"{name}.{key}: documented {given}, has {expected}")
    assert not wrong


UNIT = re.compile(r"\[([^\[\]]+)\]")


def test_units_of_formulas_are_stated_and_parse() -> None:
    """Each argument of a formula has a unit in brackets, and so has what it returns."""
    wrong = []
    for name in (m for m in MODULES if m.startswith("filmcell.physics.")):
        for key, thing in own(importlib.import_module(name)):
            doc = inspect.getdoc(thing) or ""
            parts = documented(doc)
            returns = re.search(r"^Returns\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)", doc, re.M | re.S)
            parts["return"] = returns[1] if returns else ""
            for part, text in parts.items():
                units = UNIT.findall(text)
                if not units or not all(parses(u) for u in units):
                    wrong.append(f"{name}.{key}: {part}: {units}")
    assert not wrong


def parses(unit: str) -> bool:
    """Whether a unit in brackets is one of the SI, without a factor."""
    if unit == "-":
        return True
    try:
        quantity = REGISTRY.Quantity(1.0, re.sub(r"\s+", "*", unit))
    except (pint.PintError, TypeError, ValueError, SyntaxError):
        return False
    return bool(quantity.to_base_units().magnitude == 1.0)


def test_the_reader_of_units_notices() -> None:
    """SI units pass, others and words do not."""
    assert parses("m3/(mol s)")
    assert parses("m2.5 mol-0.5/s") or parses("m^2.5*mol^-0.5/s")
    assert not parses("cm2")
    assert not parses("a length")


def test_a_formula_has_equation_source_and_example() -> None:
    """Public formulas show their equation, their source and a number that runs."""
    for name in (m for m in MODULES if m.startswith("filmcell.physics.")):
        for key, thing in own(importlib.import_module(name)):
            doc = inspect.getdoc(thing) or ""
            for part in (".. math::", ":math:"):
                if part in doc:
                    break
            else:
                pytest.fail(f"{name}.{key} has no equation")
            for part in ("References\n---", "Examples\n---", ">>> "):
                assert part in doc, f"{name}.{key}: {part}"


def test_the_parser_of_docstrings_notices() -> None:
    """Two names on a line, a star, several lines: the parser reads them all."""
    doc = (
        "Do.\n\nParameters\n----------\na, b : float\n    Both [m].\n    More.\n"
        "*c : int\n    X.\n\nReturns\n-------\nfloat\n"
    )
    assert documented(doc) == {"a": " Both [m]. More.", "b": " Both [m]. More.", "c": " X. "}


TABLE_ROW = re.compile(r"^\| (?=\**`)(.*) \|$")
LISTS = {"interlayers", "collectors"}


def explained(page: str, heading: str) -> list[tuple[str, bool, set[str]]]:
    """Keys of the table below a heading: the name, whether it is bold, the kinds that have it."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert section, heading
    found = []
    for row in filter(None, map(TABLE_ROW.match, section[1].splitlines())):
        cells = row[1].split(" | ")
        kinds = set(cells[1].split(", ")) if len(cells) == 4 else {"all"}
        keys = re.findall(r"(\*\*)?`([a-z_]+)`", cells[0])
        found += [(key, bold != "", kinds) for bold, key in keys]
    return found


def test_every_key_of_a_cell_file_is_explained() -> None:
    """The tables name the keys of every kind of part and no others, bold without a default."""
    from filmcell.cell.tables import SLOTS, _keys

    page = (ROOT / "docs" / "cell_files.md").read_text("utf-8")
    tables = {"Top level": explained(page, "Top level")}
    for slot in SLOTS:
        tables[slot] = explained(page, f"`[[{slot}]]`" if slot in LISTS else f"`[{slot}]`")
    for slot, table in tables.items():
        kinds = SLOTS.get(slot, (filmcell.Cell,))
        words = {word for _, _, words in table for word in words}
        assert words <= {"all", *(kind.kind for kind in kinds)}, slot
        for kind in kinds:
            known = _keys(slot, kind) if slot in SLOTS else [f.name for f in fields(kind)]
            mine = {key: bold for key, bold, words in table if words & {"all", kind.kind}}
            assert set(mine) == set(known), (slot, kind.__name__)
            needed = {
                f.name
                for f in fields(kind)
                if f.default is MISSING and f.default_factory is MISSING
            }
            assert {key for key, bold in mine.items() if bold} == needed, (slot, kind.__name__)


def test_options_are_explained_with_their_defaults() -> None:
    """The first guide names each option of `simulate` and its default."""
    from filmcell.simulation.options import Options

    text = (ROOT / "docs" / "getting_started.md").read_text("utf-8")
    for f in fields(Options):
        words = re.search(rf"`{f.name}`\s\(([^)]*)\)", text)
        assert words, f.name
        assert any(_number(word) == f.default for word in words[1].split()), f.name


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def test_documents_have_no_local_paths() -> None:
    """No path of a machine in what is published."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").rglob("*.*")]
    for page in pages:
        if page.suffix in {".md", ".py", ".toml"}:
            assert not re.search(r"/(home|root|tmp|work|Users)/", page.read_text("utf-8")), (
                page.name
            )


def test_citation_is_of_this_version() -> None:
    """CITATION.cff names the version and the licence of the package."""
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"version: {filmcell.__version__}" in text
    assert "license: BSD-3-Clause" in text
    assert "The filmcell developers" in text


def test_doctests_are_many() -> None:
    """Every public module-level formula runs an example; pytest collects them from src."""
    count = sum(
        ">>> " in (ast.get_docstring(node) or "")
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    )
    assert count >= 40
