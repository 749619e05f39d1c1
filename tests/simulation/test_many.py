"""Many designs at once give what each gives alone, and nothing that happens to one stops others."""

import threading
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

import filmcell
from every_kind import CELLS
from filmcell.errors import InputError
from filmcell.protocol.amounts import Amperes, AmperesPerArea
from filmcell.protocol.steps import Block, Profile, Protocol, Step
from filmcell.simulation import block
from filmcell.simulation.many import Outcomes, simulate_many
from filmcell.simulation.options import DEFAULTS, Options
from properties.random_parts import runs

CYCLE = "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V"
WANG = filmcell.load_cell("wang2023-lco-lipon-li")
SMALL = WANG.replace({"cathode.thickness": "3 um"})
SPHERE = WANG.replace({"cathode.shape": "sphere", "cathode.thickness": "4 um"})

FILM_PROTOCOLS = {
    "cycle": CYCLE,
    "rests": "Rest for 1 h; Charge at C/2 until 4.2 V; Rest for 10 min; Discharge at C/2",
    "CCCV": "Charge at 1C until 4.2 V; Hold at 4.2 V until C/20 or for 5 h; Rest for 1 min; "
    "Discharge at 1C until 3 V; Hold at 3 V until C/10",
    "power": "Charge at C/2 until 4.2 V; Discharge at 0.4 mW until 2.7 V",
    "power that cannot be given": "Discharge at 100 W/cm2 until 2.7 V; Rest for 1 min",
    "repeats": f"({CYCLE.replace('mA', 'mA/cm2')}) repeat 3",
    "measured": "Charge at C/2 until 50 % SOC; Rest for 1 h; Measure impedance; Discharge at C/2",
    "sweeps": "(Sweep at 1 mV/s until 4.1 V; Sweep at 1 mV/s until 3.5 V) repeat 2",
    "sweep for a time": "Sweep at 1 mV/s until 4.1 V or for 100 s; Rest for 10 s",
    "until limit": "(Charge at C/5 for 10 min; Rest for 10 min) repeat 100 until limit; "
    "Discharge at 1C until 3 V",
    "limit passed at once": "Discharge at 1C until 4.1 V; Charge at 1C until 4 V",
    "limit passed in the middle": "Charge at 1C until 4.15 V; Charge at 1C until 4 V; Rest for 9 s",
    "capacity": "Charge at 1C until 0.1 mAh or 4.2 V; Discharge at 1C until 0.05 mAh/cm2",
    "time": "Charge at 1C for 1 ms; Rest for 1000 h; Discharge at C/1000 for 1 h",
}
PROFILE = Protocol(
    (Block((Step(Profile((0.0, 60.0, 90.0, 200.0), (-1e-4, 2e-5, 0.0, 0.0), Amperes)),), 3),)
)
ASSEMBLED = "Charge at 1C until {high} V or for 20 min; Rest for 1 min; Discharge at 1C for 20 min"


OF_POINTS = 5e-5
"""Error of an energy by trapezoids through the points that `simulate` keeps, relative [-]."""


def alone(design: block.Design, options: Options) -> Outcomes:
    """What `simulate` says of one design, laid out in the same way."""
    if isinstance(design, filmcell.FilmcellError):
        empty, none = np.full((1, 0), np.nan), np.full(1, np.nan)
        return Outcomes(*[empty] * 4, ((),), (str(design),), *[none] * 3)
    cell, protocol = design
    failed = ""
    whole = (
        np.array([cell.area]),
        np.array([cell.theoretical_capacity]) * cell.area / 3600.0,
        np.array([cell.window_capacity]) * cell.area / 3600.0,
    )
    try:
        result = filmcell.simulate(cell, protocol, **vars(options))
        ended = result.ended
    except filmcell.SolveError as error:
        failed, result = str(error), error.partial
        ended = result.ended[:-1]
    except filmcell.FilmcellError as error:
        failed, ended = str(error), ()
    numbers = np.full((4, 1, protocol.count), np.nan)
    for k in range(len(ended)):
        span = result.of_step(k + 1)
        time, charge = (x[span][-1] - x[span][0] for x in (result.time, result.charge))
        numbers[:, 0, k] = time, charge / 3600.0, result.energy[k], result.voltage[span][-1]
    return Outcomes(*numbers, (ended,), (failed,), *whole)


def check_same(
    many: Outcomes, designs: Iterable[block.Design], options: Options, rtol: float = 1e-12
) -> None:
    """Each row of many is what its design gives alone, and sentences are the same to the word."""
    for k, design in enumerate(designs):
        one = alone(design, options)
        steps = one.duration.shape[1]
        assert many.failed[k] == one.failed[0]
        assert many.ended[k] == one.ended[0]
        for name in ("duration", "charge", "energy", "end_voltage"):
            got = getattr(many, name)[k]
            want = getattr(one, name)[0]
            # energies and charges that cancel are compared with what passed in the whole step
            size = np.nanmax(np.abs(want), initial=0.0)
            close = max(rtol, OF_POINTS) if name == "energy" else rtol
            assert_allclose(got[:steps], want, rtol=close, atol=close * size, err_msg=name)
            assert np.isnan(got[steps:]).all()
        for name in ("area", "theoretical_capacity", "window_capacity"):
            assert_allclose(getattr(many, name)[k], getattr(one, name)[0], rtol=1e-14, atol=0)


def protocol(text: str) -> Protocol:
    """Read a protocol."""
    return filmcell.load_protocol(text)


@pytest.mark.parametrize("name", FILM_PROTOCOLS)
def test_a_film_gives_what_it_gives_alone(name: str) -> None:
    """Cells of different numbers, meshes and shapes in one block, through every kind of step."""
    cells = (WANG, SMALL, SPHERE, WANG.replace({"cathode.diffusivity": "1e-15 m2/s"}))
    designs = [(cell, protocol(FILM_PROTOCOLS[name])) for cell in cells]
    many = simulate_many(designs, threads=1)
    assert len(many) == len(cells)
    check_same(many, designs, DEFAULTS)


def test_protocols_of_different_kinds_share_a_block() -> None:
    """Lengths, kinds and failures side by side: each row keeps its own place."""
    texts = [*FILM_PROTOCOLS.values()]
    designs: list[block.Design] = [(SMALL, protocol(text)) for text in texts]
    designs[3:3] = [InputError("not this one"), (SPHERE, PROFILE)]
    many = simulate_many(designs, threads=1)
    assert many.failed[3] == "not this one"
    assert np.isnan(many.theoretical_capacity[3])
    check_same(many, designs, DEFAULTS)


def test_lithium_that_is_used_up_is_a_reason() -> None:
    """A discharge without enough lithium in a thin cathode or anode ends as it does alone."""
    thin = WANG.replace({"anode.thickness": "10 nm", "lower_voltage": "0.1 V"})
    empty = WANG.replace({"cathode.thickness": "100 nm", "upper_voltage": "4.9 V"})
    designs = [
        (thin, protocol("Charge at 1C until 4.2 V; Discharge at 1C until 0.2 V")),
        (thin, protocol("Discharge at 1C until 0.2 V; Charge at 1C until 4.2 V")),
        (empty, protocol("Charge at 10C until 4.8 V; Rest for 1 h")),
    ]
    many = simulate_many(designs, threads=1)
    check_same(many, designs, DEFAULTS)
    told = " ".join(why for ended in many.ended for why in ended) + " ".join(many.failed)
    assert any(words in told for words in ("used up", "left the range", "is full", "is empty"))


@pytest.mark.parametrize("name", CELLS)
def test_an_assembled_cell_gives_what_it_gives_alone(name: str) -> None:
    """Every kind of part, twice in one block with other numbers."""
    cell = CELLS[name]
    other = cell.replace({"cathode.thickness": 1.3 * cell.cathode.thickness})
    text = protocol(ASSEMBLED.format(high=f"{cell.upper_voltage:.15g}"))
    designs = [(cell, text), (other, text)]
    check_same(simulate_many(designs, threads=1), designs, DEFAULTS)


@pytest.mark.parametrize("name", ["danilov2011", "raijmakers2020"])
def test_a_preset_of_the_assembled_model_in_a_mixed_block(name: str) -> None:
    """Film and assembled models side by side, each in its own arrays."""
    preset = filmcell.load_cell(name)
    text = protocol("Discharge at 1C for 5 min; Rest for 1 min; Charge at 1C for 2 min")
    designs = [(WANG, text), (preset, text), (SMALL, text), (preset, protocol("Rest for 1 h"))]
    check_same(simulate_many(designs, threads=1), designs, DEFAULTS)


@settings(max_examples=60)
@given(st.lists(runs(), min_size=1, max_size=3))
def test_random_designs_give_what_they_give_alone(
    designs: list[tuple[filmcell.Cell, filmcell.Protocol]],
) -> None:
    """Cells of any part and protocols of any step, good or bad."""
    options = DEFAULTS.changed(most_steps=2000)
    check_same(simulate_many(designs, options=options, threads=1), designs, options)


def test_a_design_that_fails_is_a_row() -> None:
    """It says why, has nan from its failed step on, and its neighbours are as they were."""
    cell, text = SMALL, protocol(CYCLE)
    tight = DEFAULTS.changed(most_steps=12)
    many = simulate_many([(cell, text)] * 2, options=tight, threads=1)
    assert many.failed[0].startswith("step 1 (Charge at 0.1 mA until 4.2 V) failed at t = ")
    assert many.ended[0] == ()
    assert np.isnan(many.charge[0]).all()
    assert many.area[0] == cell.area
    check_same(many, [(cell, text)] * 2, tight)
    wrong = protocol("Charge at 1C until 2 V")  # refused by the cell, not by the protocol
    mixed = simulate_many([(cell, text), (cell, wrong), (cell, text)], threads=1)
    assert mixed.failed[1].startswith('"Charge at 1C until 2 V" charges to 2 V')
    assert mixed.failed[0] == mixed.failed[2] == ""
    assert mixed.charge[0].tobytes() == mixed.charge[2].tobytes()


def test_a_named_error_in_the_place_of_a_design_is_a_row() -> None:
    """What cannot be made is told like what cannot be solved."""
    many = simulate_many([InputError("axes.x: too thin"), (SMALL, protocol(CYCLE))])
    assert many.failed == ("axes.x: too thin", "")
    assert many.ended[0] == ()
    assert np.isnan(many.duration[0]).all()
    only = simulate_many([InputError("alone")])
    assert only.duration.shape == (1, 0)


def test_no_designs_are_no_rows() -> None:
    """An empty stream is nothing to complain of."""
    none = simulate_many([])
    assert len(none) == 0
    assert none.duration.shape == (0, 0)


def test_a_slip_in_the_code_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only named errors become rows; anything else ends the run before all designs are made."""
    made = 0

    def slip(*_: object, **__: object) -> None:
        raise TypeError("a slip")

    def stream() -> Iterable[block.Design]:
        nonlocal made
        for _ in range(10_000):
            made += 1
            yield SMALL, protocol(CYCLE)

    monkeypatch.setattr(block, "model_of", slip)
    with pytest.raises(TypeError, match="a slip"):
        simulate_many(stream(), threads=2)
    assert made < 1000


def test_numbers_do_not_depend_on_threads_or_neighbours() -> None:
    """A row has the same bits in any block, in any place, with any number of threads."""
    text = protocol(CYCLE)
    designs: list[block.Design] = [
        (WANG.replace({"cathode.thickness": float(x), "cathode.diffusivity": float(d)}), text)
        for x, d in zip(np.geomspace(1e-6, 3e-5, 150), np.geomspace(1e-13, 1e-15, 150), strict=True)
    ]
    one, three = simulate_many(designs, threads=1), simulate_many(designs, threads=3)
    turned = simulate_many(designs[::-1], threads=2)
    single = [simulate_many([designs[k]], threads=1) for k in (0, 70, 149)]
    for name in ("duration", "charge", "energy", "end_voltage", "window_capacity"):
        values = getattr(one, name)
        assert_array_equal(values, getattr(three, name))
        assert_array_equal(values, getattr(turned, name)[::-1])
        for k, alone_ in zip((0, 70, 149), single, strict=True):
            assert_array_equal(values[k], getattr(alone_, name)[0])
    assert one.ended == three.ended == turned.ended[::-1]


def test_progress_counts_every_design_once() -> None:
    """The sum of what it is told is the number of designs."""
    told: list[int] = []
    lock = threading.Lock()

    def progress(count: int) -> None:
        with lock:
            told.append(count)

    simulate_many([(SMALL, protocol("Rest for 1 s"))] * 130, progress=progress, threads=2)
    assert sum(told) == 130
    assert len(told) > 1


@pytest.mark.parametrize("name", ["wang2023-lco-lipon-li", "raijmakers2020"])
def test_energies_are_those_of_many_points(name: str) -> None:
    """Energies are integrals over the dense output: trapezoids through ever more points come to it.

    Measured: 1e-7 to 3e-6.
    """
    cell = filmcell.load_cell(name)
    text = protocol("Charge at C/2 until 4.2 V; Hold at 4.2 V until C/20; Discharge at C/2")
    many = simulate_many([(cell, text)]).energy[0]
    fine = filmcell.simulate(cell, text, **vars(DEFAULTS.changed(resolution=1e-6))).energy
    coarse = filmcell.simulate(cell, text, **vars(DEFAULTS.changed(resolution=1e-3))).energy
    assert_allclose(many, fine, rtol=1e-5, atol=0)
    assert np.abs(many - fine).max() < np.abs(coarse - fine).max()


def test_energies_where_a_step_ends_in_a_cliff() -> None:
    """Of 120 designs not one is wrong by more than 1e-5, however its last steps happen to lie.

    Simpson's rule without its look at how far the output falls is wrong by up to 5e-4 in some.
    """
    draw = np.random.default_rng(0)
    designs: list[tuple[filmcell.Cell, Protocol]] = []
    for _ in range(120):
        rate = draw.choice(["C/10", "C/5", "C/2", "1C", "2C"])
        text = f"Charge at {rate} until 4.2 V; Rest for 10 min; Discharge at {rate}"
        film = {
            "cathode.thickness": float(10 ** draw.uniform(-6.3, -4.7)),
            "cathode.diffusivity": float(10 ** draw.uniform(-15, -13)),
        }
        designs.append((WANG.replace(film), protocol(text)))
    many = simulate_many(designs).energy
    options = vars(DEFAULTS.changed(resolution=1e-6))
    fine = np.array([filmcell.simulate(*design, **options).energy for design in designs])
    assert_allclose(many, fine, rtol=1e-5, atol=0)


def test_signs_and_ratios() -> None:
    """Charge and energy are positive on discharge; utilisation is that of `simulate`."""
    rate = AmperesPerArea(1.0)
    text = protocol(f"Charge at {rate} until 4.2 V; Discharge at {rate} until 2.7 V")
    many, one = simulate_many([(SMALL, text)]), filmcell.simulate(SMALL, text, **vars(DEFAULTS))
    assert many.charge[0, 0] < 0 < many.charge[0, 1]
    assert many.energy[0, 0] < 0 < many.energy[0, 1]
    assert_allclose(many.utilisation[0], one.utilisation, rtol=1e-12)
    assert_allclose(many.window_utilisation[0], one.window_utilisation, rtol=1e-12)


@pytest.mark.parametrize(
    ("thickness", "diffusivity"), [(2e-6, 1e-14), (1e-5, 1e-14), (25e-6, 1e-13)]
)
def test_voltages_are_as_accurate_as_promised(thickness: float, diffusivity: float) -> None:
    """Voltages are within 0.2 mV of those of tight tolerances, capacities far closer.

    Near the end of the charge the voltage falls down a cliff, where a difference at the same
    charge says nothing: the last hundredth is left out.
    """
    cell = WANG.replace({"cathode.thickness": thickness, "cathode.diffusivity": diffusivity})
    text = protocol(CYCLE)
    fast = filmcell.simulate(cell, text, **vars(DEFAULTS))
    tight = filmcell.simulate(cell, text, tolerance=1e-8, voltage_tolerance=1e-7, resolution=2e-6)
    for step in (1, 2):
        a, b = fast.of_step(step), tight.of_step(step)
        q, exact = (np.abs(r.charge[s] - r.charge[s][0]) for r, s in ((fast, a), (tight, b)))
        inner = q <= 0.99 * exact[-1]
        error = np.abs(np.interp(q, exact, tight.voltage[b]) - fast.voltage[a])[inner]
        assert error.size > 20
        assert error.max() < 2e-4
    assert_allclose(fast.capacity, tight.capacity, rtol=1e-6, atol=0)
    assert_allclose(fast.energy, tight.energy, rtol=5e-5, atol=0)
