"""The house stands: layers with one direction, a light front door, sizes that one can read."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "filmcell"

HEAVY = ("numba", "scipy", "pint", "xarray", "matplotlib", "pydantic", "polars", "lark", "typer")


def test_layers_hold() -> None:
    """import-linter keeps every contract of pyproject.toml."""
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed beside this Python")
    done = subprocess.run([lint], cwd=SRC.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_import_is_light() -> None:
    """`import filmcell` brings in none of the heavy libraries, nor numpy."""
    code = "import sys, filmcell; print(' '.join(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in out.stdout.split()}
    assert not loaded & {*HEAVY, "numpy"}


def test_every_public_name_loads() -> None:
    """Each name in `__all__` can be got."""
    import filmcell

    for name in filmcell.__all__:
        assert getattr(filmcell, name) is not None
    assert set(filmcell.__all__) <= set(dir(filmcell))
    with pytest.raises(AttributeError, match="module 'filmcell' has no attribute 'Cel'"):
        _ = filmcell.Cel


def test_functions_are_short() -> None:
    """Nine in ten functions have fewer than 40 lines of code, docstrings aside."""
    sizes = []
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                doc = node.body[0] if ast.get_docstring(node) else None
                lines = node.end_lineno - node.lineno + 1
                sizes.append(lines - (doc.end_lineno - doc.lineno + 1 if doc else 0))
    sizes.sort()
    assert sizes[len(sizes) // 2] <= 14
    assert sizes[int(0.9 * len(sizes))] < 40
