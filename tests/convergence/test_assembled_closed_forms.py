"""Weak electrolyte and mixed conductor against closed forms and the targets of the reference.

Regression targets (RT) are those of section 17 of the physics reference; each stands in the
docstring of its test with the tolerance that it asks for.
"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

import filmcell
from filmcell.constants import F
from filmcell.models.assembled import AssembledModel
from filmcell.models.assembled_reference import AssembledReference
from filmcell.models.choice import model_of
from filmcell.models.regions import Meshes
from filmcell.numerics.mesh import Mesh
from filmcell.physics import analytic, weak_electrolyte
from filmcell.protocol.file import load_protocol
from filmcell.simulation.options import Options
from filmcell.simulation.result import Result
from filmcell.simulation.solve import simulate, solve

TIGHT = Options(tolerance=1e-9, voltage_tolerance=1e-8, resolution=1e-6)
USED_UP = "the lithium ions at a surface of the electrolyte were used up"

REPRODUCING = filmcell.load_cell("danilov2011").electrolyte
PRINTED = filmcell.load_cell("danilov2011-printed").electrolyte
LIPON = filmcell.load_cell("raijmakers2020").electrolyte
STILL = replace(REPRODUCING, recombination_rate=1e-40)
"""The electrolyte of Danilov without a reaction: what is dissociated stays so."""


def only_electrolyte(layer: filmcell.WeakElectrolyte, T: float = 298.15) -> filmcell.Cell:
    """The layer between electrodes that cost nothing and hold any amount."""
    U = filmcell.Property("OCP", "V", lambda x: 5.0 - x, 0.0, 1.0, "made up")
    cathode = filmcell.Cathode(
        1e-2, 1e5, 1e-2, U, 1e12, lithium_exponent=0.0, vacancy_exponent=0.0, initial_fraction=0.5
    )
    anode = filmcell.LithiumMetal(1.0, 1e12)
    return filmcell.Cell(anode, layer, cathode, 1e-4, -5.0, 9.0, T)


def under(
    layer: filmcell.WeakElectrolyte,
    text: str,
    cells: int = 200,
    first: float = 1e-3,
    T: float = 298.15,
) -> Result:
    """Run a protocol on the layer alone; `first` is the first volume over the thickness."""
    mesh = Mesh.symmetric(cells, layer.thickness, first * layer.thickness)
    meshes = Meshes(Mesh.uniform(3, 1e-2), (mesh,))
    return solve(AssembledModel(only_electrolyte(layer, T), meshes), load_protocol(text), TIGHT)


def loss(result: Result, row: int = -1) -> tuple[float, float]:
    """Nernst and migration part [V]."""
    parts = result.losses
    return (
        float(parts["electrolyte diffusion"][row]),
        float(parts["electrolyte migration"][row]),
    )


def sides(result: Result, layer: filmcell.WeakElectrolyte, i: float) -> tuple[float, float]:
    """Concentrations at the anode and at the cathode side at the end [mol/m3]."""
    a = result.layers["electrolyte"].concentration[-1]
    half = 0.5 * result.layers["electrolyte"].volume
    slope = i / (2 * F * layer.cation_diffusivity)
    return float(a[0] + slope * half[0]), float(a[-1] - slope * half[-1])


# targets of the reference ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "expected", "ends", "allowed"),
    [
        (REPRODUCING, (-43.475, -65.642, -109.118), (17539, 3229), 0.1),
        (PRINTED, (-103.56, -122.42, -225.99), (21234, 377), 0.3),
    ],
    ids=["reproducing", "printed"],
)
def test_danilov_electrolyte_at_5_12_and_64_9_s(
    layer: filmcell.WeakElectrolyte, expected: tuple, ends: tuple, allowed: float
) -> None:
    """RT-10 to 0.1 mV, RT-11 to 0.3 mV, each of Nernst, migration and total."""
    result = under(layer, "Discharge at 5.12 A/m2 for 64.9 s", 400)
    nernst, migration = loss(result)
    ours = np.array([nernst, migration, nernst + migration]) * 1e3
    assert_allclose(ours, expected, rtol=0, atol=allowed)
    assert_allclose(sides(result, layer, 5.12), ends, rtol=2e-3, atol=0)


@pytest.mark.parametrize("layer", [REPRODUCING, PRINTED], ids=["reproducing", "printed"])
def test_the_loss_begins_ohmic(layer: filmcell.WeakElectrolyte) -> None:
    """RT-09: i L / sigma = 31.5 mV with sigma = 2.43754e-4 S/m, whatever the reaction."""
    result = under(layer, "Discharge at 5.12 A/m2 for 1 s", first=1e-7)
    assert_allclose(-sum(loss(result, 0)), 5.12 * 6.15374e-3, rtol=1e-5, atol=0)
    assert_allclose(layer.thickness / layer.resistance(298.15), 2.43754e-4, rtol=1e-5, atol=0)
    assert_allclose(layer.transference_number, 0.15, rtol=1e-5, atol=0)


def test_sand_time_of_a_layer_without_reaction() -> None:
    """RT-12: 69.12 s to 0.01 s, in a layer so thick that the other side does not matter."""
    thick = replace(STILL, thickness=6e-6)
    result = under(thick, "Discharge at 5.12 A/m2 for 100 s", 400, 1e-4)
    assert result.ended == (USED_UP,)
    assert_allclose(result.time[-1], 69.12, rtol=0, atol=0.01)
    closed = weak_electrolyte.sand_time(5.12, thick.equilibrium_concentration, 0.9e-15, 1.53e-15)
    assert_allclose(result.time[-1], float(closed), rtol=1e-4, atol=0)
    # charging empties the other side in the same time
    back = under(thick, "Charge at 5.12 A/m2 for 100 s", 400, 1e-4)
    assert_allclose(back.time[-1], result.time[-1], rtol=1e-9, atol=0)


@pytest.mark.parametrize(
    ("layer", "limit", "allowed"),
    [(STILL, 2.50507, 1e-5), (PRINTED, 2.250, 2e-3), (REPRODUCING, 5.954, 1e-2)],
    ids=["no reaction", "printed", "reproducing"],
)
def test_steady_limiting_currents(
    layer: filmcell.WeakElectrolyte, limit: float, allowed: float
) -> None:
    """RT-13, to 1e-5, 2e-3 and 1e-2 A/m2: below it lasts for ever, above it does not."""
    below = under(layer, f"Discharge at {limit - allowed} A/m2 for 200 h", 200, 1e-4)
    assert below.ended == ("200 h passed",)
    above = under(layer, f"Discharge at {limit + allowed} A/m2 for 200 h", 200, 1e-4)
    assert above.ended == (USED_UP,)


@pytest.mark.parametrize(
    ("layer", "T", "expected"),
    [(REPRODUCING, 298.15, 1.84376e-2), (PRINTED, 298.15, 4.01299e-2), (LIPON, 293.0, 3.54348e-2)],
    ids=["reproducing", "printed", "raijmakers"],
)
def test_small_signal_resistance(
    layer: filmcell.WeakElectrolyte, T: float, expected: float
) -> None:
    """RT-14, to 1e-5: the steady loss over a current of a millionth of the limiting one."""
    i = 5e-6
    result = under(layer, f"Discharge at {i} A/m2 for 100 h", 2000, 2e-4, T)
    assert_allclose(-sum(loss(result)) / i, expected, rtol=1e-5, atol=0)


def test_raijmakers_electrolyte_at_1c() -> None:
    """RT-15: steady losses to 0.05 mV, ions at both sides to 5 mol/m3."""
    i = 0.7e-3 / 3.36e-4
    result = under(LIPON, f"Discharge at {i} A/m2 for 20 h", 400, 1e-3, 293.0)
    nernst, migration = loss(result)
    ours = np.array([nernst, migration, nernst + migration]) * 1e3
    assert_allclose(ours, [-3.824, -70.019, -73.844], rtol=0, atol=0.05)
    assert_allclose(sides(result, LIPON, i), [42067, 36154], rtol=0, atol=5)


def test_raijmakers_exchange_currents() -> None:
    """RT-16, to 1e-4, through the model of the preset."""
    cell = filmcell.load_cell("raijmakers2020")
    plain = AssembledReference(model_of(cell, 1.0))
    for x, expected in ((0.51, 4.7005), (0.90, 2.8209)):
        ours = plain.exchange(cell.cathode, x, 1.0, cell.temperature)
        assert_allclose(ours, expected, rtol=1e-4, atol=0)
    assert_allclose(cell.anode.exchange_current_density, 5.7503, rtol=1e-4, atol=0)


@pytest.mark.parametrize(
    ("rate", "measured", "allowed", "recomputed"),
    [(0.1, 0.3244, 0.01, 0.3234), (1, 0.2473, 0.02, 0.2496), (6, 0.1600, 0.06, 0.1674)],
)
def test_raijmakers_capacities(
    rate: float, measured: float, allowed: float, recomputed: float
) -> None:
    """RT-17: within 1, 2 and 6 % of the measurement; RT-18: within 0.0005 of the assembly."""
    cell = filmcell.load_cell("raijmakers2020")

    def capacity(cell: filmcell.Cell) -> float:
        """Areal capacity of a discharge from x = 0.510 [mAh/cm2]."""
        result = simulate(cell, f"Discharge at {rate}C until 3 V")
        assert result.ended == ("voltage reached 3 V",)
        return float(result.capacity[0]) * 1e3 / 3.36

    assert_allclose(capacity(cell), measured, rtol=allowed, atol=0)
    free = filmcell.MixedConduction(cell.cathode.transport.electronic_ratio, electronic_loss=False)
    bare = cell.replace(
        {
            "geometric_capacitance": 0.0, "cathode.double_layer_capacitance": 0.0,
            "anode.double_layer_capacitance": 0.0, "cathode.transport": free,
        }
    )  # fmt: skip
    assert_allclose(capacity(bare), recomputed, rtol=0, atol=5e-4)


# closed forms of a layer whose ions neither appear nor vanish ------------------------------------


@pytest.mark.parametrize("chi", [-0.9, 0.3, 0.95])
def test_steady_profile_without_reaction(chi: float) -> None:
    """A straight line, to 1e-6 of the concentration at rest; the mean never changes."""
    i = chi * 2.505074
    way, size = ("Discharge", i) if i > 0 else ("Charge", -i)
    result = under(STILL, f"{way} at {size:.15g} A/m2 for 20 h")
    a_eq = STILL.equilibrium_concentration
    exact = weak_electrolyte.steady_profile(
        result.layers["electrolyte"].depth, i / (4 * F * 0.9e-15 * a_eq / 1.5e-6), 1.5e-6, a_eq
    )
    ours = result.layers["electrolyte"].concentration
    assert_allclose(ours[-1], exact, rtol=0, atol=1e-6 * a_eq)
    means = ours @ result.layers["electrolyte"].volume / 1.5e-6
    assert_allclose(means, a_eq, rtol=1e-12, atol=0)


@pytest.mark.parametrize("chi", [1e-3, 0.5, 0.9])
def test_steady_loss_and_its_drop_without_reaction(chi: float) -> None:
    """2RT/F ln((1 - chi) / (1 + chi)); t+ of it goes at once when the current stops. To 1e-6."""
    a_eq = STILL.equilibrium_concentration
    i = chi * weak_electrolyte.steady_limiting_current(1.5e-6, a_eq, 0.9e-15)
    text = f"Discharge at {i:.17g} A/m2 for 20 h; Rest for 1 us"
    result = under(STILL, text, 6000, 1e-8)
    steady = weak_electrolyte.steady_overpotential(chi)
    last = result.of_step(1).stop - 1
    assert_allclose(sum(loss(result, last)), steady, rtol=1e-6, atol=0)
    dropped = sum(loss(result, last + 1)) - sum(loss(result, last))
    assert_allclose(dropped / -steady, 0.15, rtol=1e-6, atol=0)
    assert_allclose(dropped, weak_electrolyte.interruption_drop(chi, 0.15), rtol=1e-6, atol=0)


def test_the_loss_without_reaction_does_not_know_the_defects() -> None:
    """eta_ss is the same for any D-, only the way there differs."""
    i = 0.5 * 2.505074
    text = f"Discharge at {i} A/m2 for 200 h"
    slow, fast = (
        sum(loss(under(replace(STILL, anion_diffusivity=D), text, 600)))
        for D in (1e-16, 1e-13)
    )  # fmt: skip
    assert_allclose(slow, fast, rtol=1e-5, atol=0)


def test_diffusion_dies_away_with_the_slowest_mode() -> None:
    """After an interruption the profile falls as exp(-pi^2 D t / L^2)."""
    result = under(STILL, "Discharge at 1 A/m2 for 20 h; Rest for 20 min")
    rows = result.of_step(2)
    t = result.time[rows] - result.time[rows][0]
    a = result.layers["electrolyte"].concentration[rows]
    swing, late = a[:, 0] - a[:, -1], t > 300.0
    slope = np.polyfit(t[late], np.log(swing[late]), 1)[0]
    assert_allclose(-slope, np.pi**2 * 1.53e-15 / 1.5e-6**2, rtol=2e-4, atol=0)


# mixed conductor ---------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.5, 0.8070175, 1.0])
@pytest.mark.parametrize("tau", [0.01, 0.1, 0.3, 1.0])
def test_two_sided_supply_follows_the_series(share: float, tau: float) -> None:
    """RT-03: 0.289487 and 1.236836 at tau = 0.1 and 1 for p = 0.8070175, by simulation to 1e-4."""
    D, length, c_max, size = 1e-14, 2e-6, 5e4, 0.2
    U = filmcell.Property("OCP", "V", lambda x: 4.5 - x, 0.0, 1.0, "made up")
    mixed = filmcell.MixedConduction(1.0, electrolyte_share=share, electronic_loss=False)
    cathode = filmcell.Cathode(
        length, c_max, D, U, 1e9, lithium_exponent=0.0, vacancy_exponent=0.0,
        initial_fraction=0.3, transport=mixed,
    )  # fmt: skip
    cell = filmcell.Cell(
        filmcell.LithiumMetal(1e-3, 1e9), filmcell.Electrolyte(1e-9, 1e3), cathode, 1e-4, 3.0, 4.5
    )
    i = size * F * D * c_max / length
    mesh = Mesh.symmetric(300, length, length / 2000)
    text = f"Discharge at {i:.17g} A/m2 for {tau * length**2 / D:.17g} s"
    result = solve(AssembledModel(cell, Meshes(mesh)), load_protocol(text), TIGHT)
    surface = result.concentration[-1, 0] + share * i / F * mesh.widths[0] / (2 * D)
    ours = (surface / c_max - 0.3) / size
    assert_allclose(ours, float(analytic.two_sided_surface(tau, share)), rtol=1e-4, atol=0)
    if share == 0.8070175 and tau in {0.1, 1.0}:
        target = {0.1: 0.289487, 1.0: 1.236836}[tau]
        assert_allclose(analytic.two_sided_surface(tau, share), target, rtol=0, atol=1e-6)


def test_electrons_lose_what_their_conductivity_says() -> None:
    """At first, in a uniform film, i M / sigma_e with sigma_e = F^2 D_e c / RT over the electrons.

    J_e falls from 0 at the electrolyte to -i / F at the collector only near the surfaces, which
    have had no time, so that all of the film but these carries -p i / F.
    """
    T, M, D, ratio = 298.15, 2e-6, 1e-13, 4.0
    U = filmcell.Property("OCP", "V", lambda x: 4.5 - x, 0.0, 1.0, "made up")
    cathode = filmcell.Cathode(
        M, 5e4, D, U, 10.0, initial_fraction=0.5, transport=filmcell.MixedConduction(ratio)
    )
    cell = filmcell.Cell(
        filmcell.LithiumMetal(1e-5, 10.0), filmcell.Electrolyte(1e-6, 1e-3), cathode, 1e-4,
        3.0, 4.5, T,
    )  # fmt: skip
    mesh = Mesh.symmetric(200, M, M * 1e-7)
    result = solve(AssembledModel(cell, Meshes(mesh)), load_protocol("Discharge at 2 A/m2 for 1 s"),
                   TIGHT)  # fmt: skip
    sigma = F**2 * ratio * D * 2.5e4 / (8.314462618 * T)
    expected = -2.0 * M / sigma * ratio / (1 + ratio)
    assert_allclose(result.losses["electrons in the cathode"][0], expected, rtol=1e-5, atol=0)
