"""Published values: which count, how they are drawn, and what follows for a cell."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import Cell
from filmcell.design.objectives import ArealEnergy, Utilisation
from filmcell.design.published import (
    Accepted,
    AsPublished,
    LogKernel,
    Published,
    Statement,
    gather,
    sampled_keys,
)
from filmcell.design.uncertainty import propagate
from filmcell.errors import InputError
from filmcell.materials.library import library
from filmcell.materials.records import Source, Value
from filmcell.protocol.amounts import AmperesPerArea
from filmcell.simulation.many import simulate_many

WANTED = (Utilisation(AmperesPerArea(0.7)),)
SHARES = (np.arange(20_000) + 0.5) / 20_000


def stated(given: object, source: str = "a") -> Statement:
    """A conductivity that somebody published."""
    value = Value("conductivity", given, "measured", Source(source, source))  # type: ignore[arg-type]
    return Statement("x", value)


def test_as_published_draws_what_was_published_by_source() -> None:
    """Two values of one source weigh together as much as one of another."""
    spread = Published((stated("1 S/m"), stated("2 S/m"), stated("4 S/m", "b")), AsPublished())
    numbers, counts = np.unique(spread.at(SHARES).round(12), return_counts=True)
    assert_allclose(numbers, [1.0, 2.0, 4.0], rtol=1e-12)
    assert_allclose(counts / counts.sum(), [0.25, 0.25, 0.5], atol=1e-4)


def test_a_range_is_even_over_the_logarithm() -> None:
    """Its median is the geometric mean of its ends."""
    spread = Published((stated(("1 S/m", "100 S/m")), stated("10 S/m", "b")), AsPublished())
    numbers = spread.at(SHARES)
    assert_allclose([numbers.min(), numbers.max(), np.median(numbers)], [1, 100, 10], rtol=1e-12)


@pytest.mark.parametrize("factor", [1.2, 3.0])
def test_a_kernel_of_stated_width_has_the_moments_of_the_mixture(factor: float) -> None:
    """Over the logarithm: mean of the values, variance between them plus that of the kernel."""
    spread = Published((stated("1 S/m"), stated("100 S/m", "b")), LogKernel(factor))
    logs = np.log(spread.at(SHARES))
    assert logs.mean() == pytest.approx(np.log(10.0), abs=1e-3)
    expected = np.log(10.0) ** 2 + np.log(factor) ** 2
    assert logs.var() == pytest.approx(expected, rel=5e-3)
    assert (np.diff(logs) >= 0.0).all()


def test_silverman_chooses_the_width() -> None:
    """Two values one decade apart: 0.9 sigma 2^(-1/5), sigma half a decade."""
    spread = Published((stated("1 S/m"), stated("10 S/m", "b")))
    logs, sigma = np.log(spread.at(SHARES)), np.log(10.0) / 2.0
    width = 0.9 * sigma * 2.0**-0.2
    assert logs.var() == pytest.approx(sigma**2 + width**2, rel=5e-3)


def test_what_counts_and_what_is_set_aside(cell: Cell) -> None:
    """Limits, functions, computed values: each set aside with its reason."""
    found = gather(cell, "electrolyte.conductivity")
    assert found.material == "lipon"
    assert sorted(s.value.given for s in found.statements) == ["2.3e-6 S/cm", "2e-6 S/cm"]
    assert sorted(found.aside.values()) == [
        "a function, not a number", "a limit, not a value", "computed",
    ]  # fmt: skip
    assert found.why_fixed == ""
    film = gather(cell, "cathode.diffusivity")
    assert film.material == "lco-film"  # a film, not the bulk of the same formula
    assert all(s.value.kind == "measured" for s in film.statements)
    sphere = cell.replace({"cathode.shape": "sphere"})
    assert gather(sphere, "cathode.diffusivity").material == "lco"


def test_relatives_bring_other_materials_of_the_chemistry(cell: Cell) -> None:
    """Also crystals that conduct seven decades worse, so only where they are asked for."""
    found = gather(cell, "electrolyte.conductivity", Accepted(relatives=True))
    assert {"lipon", "lipon-ald", "lipon-crystalline"} <= {s.material for s in found.statements}
    lowest = min(s.value.number for s in found.statements)
    assert lowest < 1e-6 * cell.electrolyte.conductivity
    assert not any(library().materials[s.material].generic for s in found.statements)
    films = Accepted(relatives=True, forms=("film",))
    some = gather(cell, "electrolyte.conductivity", films)
    assert {library().materials[s.material].form for s in some.statements} == {"film"}


def test_temperature_counts(cell: Cell) -> None:
    """A number that belongs to 100 degrees takes none that was found at 25."""
    hot = cell.replace({"electrolyte.reference_temperature": "100 degC"})
    found = gather(hot, "electrolyte.conductivity")
    assert not found.statements
    assert "found farther than 15 K from 373.15 K" in found.aside.values()
    assert found.why_fixed == "the library has 0 such values of lipon, expected 2 that differ"
    wide = gather(hot, "electrolyte.conductivity", Accepted(within=80.0))
    assert len(wide.statements) == 2


def test_an_exchange_current_becomes_the_prefactor(cell: Cell) -> None:
    """Sources tell i0 at x = 0.5, the cell wants i0 over sqrt(x (1 - x)), which is twice it."""
    kinds = Accepted(kinds=("measured", "assumed"))
    found = gather(cell, "cathode.exchange_current_density", kinds, "lco")
    by_value = {s.value.given: s for s in found.statements}
    stated_x, silent = by_value["1.84 A/m2"], by_value["0.4 A/m2"]
    assert np.exp(stated_x.points) == pytest.approx(3.68)
    assert "i0 at x = 0.5" in str(stated_x)
    assert "unstated x, read as x = 0.5" in str(silent)


def test_quantiles_go_through_a_rising_answer(cell: Cell) -> None:
    """Utilisation rises with D: its percentiles are those at the percentiles of D."""
    found = propagate(cell, WANTED, keys=["cathode.diffusivity"], samples=256)
    D = np.percentile(found.numbers[:, 0], [5.0, 50.0, 95.0])
    cells = [cell.replace({"cathode.diffusivity": float(x)}) for x in D]
    told = simulate_many([(c, WANTED[0].protocol) for c in cells])
    expected = WANTED[0].read(told)
    low, high = found.interval[:, 0]
    assert_allclose([low, found.median[0], high], expected, rtol=0.02)
    assert found.correlation[0, 0] == pytest.approx(1.0, abs=1e-3)
    (nominal,) = WANTED[0].read(simulate_many([(cell, WANTED[0].protocol)]))
    assert found.nominal[0] == nominal
    assert "1e-14 m2/s of the cell lies outside of what is drawn" in " ".join(found.remarks)


def test_what_matters_most_and_who_said_so(cell: Cell) -> None:
    """Diffusivity over conductivity, with the sources of both, and what stays fixed."""
    both = (*WANTED, ArealEnergy(AmperesPerArea(0.7)))
    found = propagate(cell, both, samples=64, seed=3)
    assert found.strongest(0) == found.strongest(1) == "cathode.diffusivity"
    assert set(found.fixed) == {"cathode.exchange_current_density",
                                "anode.exchange_current_density"}  # fmt: skip
    assert any("Bates" in source for source in found.sources)
    assert any("Yu" in source for source in found.sources)
    assert "electrolyte.conductivity: only 2 sources" in found.remarks
    data = found.as_dict()
    assert data["failed"] == 0
    figure = data["figures"]["utilisation at 0.07 mA/cm2"]
    assert figure["p5"] < figure["median"] < figure["p95"]
    assert data == propagate(cell, both, samples=64, seed=3).as_dict()
    assert list(sampled_keys(cell))[-1] == "anode.exchange_current_density"


def test_refusals(cell: Cell) -> None:
    """One sentence each."""
    with pytest.raises(InputError, match="samples: 3 are too few, expected at least 16"):
        propagate(cell, WANTED, samples=3)
    with pytest.raises(InputError, match=r"area: not sampled from the library, expected one of"):
        propagate(cell, WANTED, keys=["area"])
    with pytest.raises(InputError, match=r"nothing can be sampled: anode\.exchange_current"):
        propagate(cell, WANTED, keys=["anode.exchange_current_density"])
    with pytest.raises(InputError, match="materials: heat is not sampled, expected a part that is"):
        propagate(cell, WANTED, materials={"heat": "lipon"})
    with pytest.raises(InputError, match='"lipno" is not a material, did you mean "lipon"'):
        propagate(cell, WANTED, materials={"electrolyte": "lipno"})
    with pytest.raises(InputError, match='kinds: "heard" is unknown, expected one of measured'):
        Accepted(kinds=("heard",))
    with pytest.raises(InputError, match='forms: "mud" is unknown, expected one of film'):
        Accepted(forms=("mud",))
    with pytest.raises(InputError, match=r"within: -1\.0 K is not allowed, expected one from 0"):
        Accepted(within=-1.0)
    with pytest.raises(InputError, match=r"width: 0\.5 is not allowed, expected a factor above 1"):
        LogKernel(0.5)


def test_a_part_without_a_name_of_the_library_stays_fixed(cell: Cell) -> None:
    """Said so, not guessed."""
    strange = cell.replace({"electrolyte.name": "unobtainium"})
    found = propagate(strange, WANTED, samples=16)
    words = "its part's name is no material of the library"
    assert found.fixed["electrolyte.conductivity"] == words
