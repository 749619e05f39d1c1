"""Verdicts and what is said about them; papers by name."""

import pytest

import filmcell
from filmcell.papers import registry
from filmcell.papers.claims import (
    CALIBRATED_TO,
    CONTRADICTED,
    MISSED,
    REPRODUCED,
    Claim,
    tally,
    told,
)


def claim(id_: str, ours: float, aside: str = "") -> Claim:
    """A claim that the paper's number is 100, within 5 %."""
    return Claim(id_, "something", "Table 1", "mV", 100.0, ours, 0.05, aside)


def test_verdicts() -> None:
    """By the size of the error, on either side, unless set aside."""
    assert claim("A", 104.9).verdict == claim("B", 95.1).verdict == REPRODUCED
    assert claim("C", 105.1).verdict == claim("D", 94.9).verdict == MISSED
    assert claim("E", 100.0, CONTRADICTED).verdict == CONTRADICTED


def test_tally_and_words() -> None:
    """Each verdict is counted, and those who are not reproduced are named."""
    found = [claim("A", 100.0), claim("B", 120.0), claim("C", 130.0), claim("D", 1, CALIBRATED_TO)]
    assert tally(found) == {"claims": 4.0, REPRODUCED: 1.0, MISSED: 2.0, CALIBRATED_TO: 1.0}
    assert told(found) == "1 of 4 claims reproduced; missed: B, C; calibrated to it: D"


def test_every_paper_has_what_the_command_line_asks_for() -> None:
    """A module by name with its work and its DOI; an unknown name is refused with those known."""
    for name in registry.PAPERS:
        module = registry.paper(name)
        assert module.__name__.endswith(name.replace("-", "_"))
        assert module.WORK
        assert module.DOI.startswith("10.")
        assert callable(module.reproduce)
    with pytest.raises(
        filmcell.InputError,
        match=r'^"nobody2020" is not a paper that filmcell reproduces, expected one of '
        "danilov2011, raijmakers2020, tan2021-llto, wang2023$",
    ):
        registry.paper("nobody2020")
