"""Examples and the code in README and docs run, and end in the numbers that they state."""

import re
import runpy
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("ex*.py"))
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(python|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str, language: str) -> list[tuple[int, str]]:
    """Line before each fenced block of a language, and its code."""
    return [
        (text[: found.start(2)].count("\n"), found[2])
        for found in BLOCK.finditer(text)
        if found[1] == language
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_example_runs(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An example is short, has its head, ends in an assertion and holds it."""
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < 60
    for word in ("What:", "Time:", "Tags:"):
        assert re.search(rf"^{word}", text, re.MULTILINE), word
    assert any(line.lstrip().startswith("assert") for line in text.splitlines()[-4:])
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "path", [p for p in DOCUMENTS if blocks(p.read_text("utf-8"), "python")], ids=lambda p: p.stem
)
def test_document_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The python blocks of a document run in order, in a folder with its named TOML files.

    The code keeps its line numbers, so that a failure points into the document. It stands in a
    file because kernels are cached by the file that holds them.
    """
    text = path.read_text("utf-8")
    for _, toml in blocks(text, "toml"):
        name = toml.partition("\n")[0].removeprefix("# ")
        if name.endswith(".toml"):
            (tmp_path / name).write_text(toml, "utf-8")
    script = ""
    for line, code in blocks(text, "python"):
        script += "\n" * (line - script.count("\n")) + code
    (tmp_path / f"{path.stem}.py").write_text(script, "utf-8")
    monkeypatch.chdir(tmp_path)
    left = runpy.run_path(str(tmp_path / f"{path.stem}.py"), run_name="__main__")
    assert {"filmcell", "np"} & set(left), "the document's code used nothing"


def test_links_lead_somewhere() -> None:
    """Relative links and figures of the documents exist."""
    for path in (*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_figures_are_small() -> None:
    """No figure weighs more than 150 kB."""
    for figure in (ROOT / "docs" / "figures").iterdir():
        assert figure.stat().st_size < 150_000, figure.name


def test_blocks_are_found() -> None:
    """The finder of blocks finds them, with their line."""
    text = textwrap.dedent("""\
        # A page

        ```python
        x = 1
        ```

        ```bash
        not python
        ```
        """)
    assert blocks(text, "python") == [(3, "x = 1\n")]
