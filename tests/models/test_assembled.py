"""The assembled model against the plain one, its derivatives, its refusals, and who gets it."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

import filmcell
from every_kind import (
    ANODE,
    BASE,
    CELLS,
    DANILOV,
    ENTROPY,
    MIXED,
    SPACE_CHARGE,
    any_state,
    made,
    meshes_of,
    model_on_coarse_meshes,
)
from filmcell.arrays import Array
from filmcell.constants import F, R
from filmcell.models import electrode
from filmcell.models.assembled import AssembledModel
from filmcell.models.assembled_reference import AssembledReference
from filmcell.models.choice import model_of
from filmcell.models.film import FilmModel
from filmcell.models.regions import Meshes, default_meshes
from filmcell.numerics.mesh import Mesh
from filmcell.physics.transport import lithium_thickness
from filmcell.simulation.stepping import observed
from mass import rates

CURRENTS = (-2.3, -0.4, 0.0, 0.4, 2.3)
SEEDS = (1, 2, 3)

every_kind = pytest.mark.parametrize("name", CELLS)


def gains(model: AssembledModel, y: Array, i: float) -> Array:
    """What the balances gain."""
    s, out = model.system, np.full_like(y, np.nan)
    s.rate(y, i, s.numbers, out)
    return out


def parts_of(model: AssembledModel) -> list[slice]:
    """Regions, and each other state on its own."""
    regions = [slice(r.start, r.stop) for r in model.regions]
    inside = {k for part in regions for k in range(part.start, part.stop)}
    return regions + [slice(k, k + 1) for k in range(model.states) if k not in inside]


@every_kind
def test_kernels_equal_the_plain_model(name: str) -> None:
    """Rate and voltage agree with the oracle, each region to 1e-9 of its largest rate."""
    model = model_on_coarse_meshes(CELLS[name])
    plain = AssembledReference(model)
    for seed in SEEDS:
        y = any_state(model, seed)
        for i in CURRENTS:
            ours, theirs = rates(model.system, y, i), plain.rate(y, i)
            for part in parts_of(model):
                size = abs(theirs[part]).max()
                assert_allclose(ours[part], theirs[part], rtol=1e-9, atol=1e-9 * size)
            volts = plain.voltage(y, i)
            assert_allclose(observed(model, y, i)[0], volts, rtol=0, atol=1e-11)


@every_kind
def test_margins_equal_the_plain_model(name: str) -> None:
    """Surface fractions to the ends of their ranges, metal left, and ions left at the surfaces."""
    cell = CELLS[name]
    model = model_on_coarse_meshes(cell)
    plain = AssembledReference(model)
    capacitors = any(
        (cell.cathode.double_layer_capacitance, cell.anode.double_layer_capacitance,
         cell.geometric_capacitance)
    )  # fmt: skip
    slack = 2e-6 if capacitors else 1e-10
    for seed in SEEDS:
        y = any_state(model, seed)
        T = plain.temperature(y)
        for i in CURRENTS:
            margins, k = observed(model, y, i)[2:], plain.internal(y, i)
            p = plain.share(cell.cathode)
            k_F = plain.faradaic("cathode", y, k, T)
            xs = [plain.surface("cathode", y, (k_F - (1 - p) * k) / F, T)]
            if p < 1:
                region = plain.region("cathode")
                c, half = y[region.stop - 1], region.grid.widths[-1] / 2
                D = float(plain.diffusivity(cell.cathode, np.array([c]), T)[0])
                far = c + (1 - p) * k / F * half / D
                xs.append(far / cell.cathode.maximum_concentration)
            assert_allclose(margins[0], min(xs) - 0.45, rtol=0, atol=slack)
            assert_allclose(margins[1], 1.0 - max(xs), rtol=0, atol=slack)
            if "anode" in model.films:
                b = plain.surface("anode", y, plain.faradaic("anode", y, -k, T) / F, T)
                assert_allclose(margins[2:4], [b, 1 - b], rtol=0, atol=slack)
            else:
                left = cell.anode.thickness + 1e-13 - float(lithium_thickness(y[-1]))
                size = max(cell.anode.thickness, 1e-6)
                assert_allclose(margins[2], left / size, rtol=1e-12, atol=0)
            ends = [
                a / layer.equilibrium_concentration
                for n, layer in plain_weak(model).items()
                for a in plain.weak_ends(n, layer, y, k, T)
            ]
            assert_allclose(margins[4], min([*ends, 1.0]), rtol=0, atol=1e-8)


def plain_weak(model: AssembledModel) -> dict[str, filmcell.WeakElectrolyte]:
    """Weak electrolytes by name."""
    layers = {"electrolyte": model.cell.electrolyte} | {
        f"interlayers.{k}": layer for k, layer in enumerate(model.cell.interlayers)
    }
    return {k: v for k, v in layers.items() if isinstance(v, filmcell.WeakElectrolyte)}


@every_kind
def test_losses_equal_the_plain_model(name: str) -> None:
    """They sum to the voltage, and those that the oracle knows by themselves agree with it."""
    cell = CELLS[name]
    model = model_on_coarse_meshes(cell)
    plain = AssembledReference(model)
    for seed in SEEDS:
        y = any_state(model, seed)
        T = plain.temperature(y)
        for i in CURRENTS:
            parts = {k: v[0] for k, v in model.losses(y[None], np.array([i])).items()}
            assert_allclose(sum(parts.values()), plain.voltage(y, i), rtol=0, atol=1e-11)
            k = plain.internal(y, i)
            rest = sum(
                sign * plain.potential(film, mean_fraction(model, y, which), T)
                for sign, (which, film) in zip((1, -1), model.films.items(), strict=False)
            )
            assert_allclose(parts["open-circuit potential"], rest, rtol=0, atol=1e-8)
            assert_allclose(parts["contact"], -cell.contact_resistance * i, rtol=1e-12, atol=0)
            for n, layer in plain_weak(model).items():
                first, last = plain.weak_ends(n, layer, y, k, T)
                nernst = R * T / F * np.log(last / first)
                whole = plain.weak_loss(n, layer, y, k, T)
                assert_allclose(parts[f"{n} diffusion"], nernst, rtol=0, atol=1e-10)
                assert_allclose(parts[f"{n} migration"], whole - nernst, rtol=0, atol=1e-10)
            if "electrons in the cathode" in parts:
                expected = plain.electronic_loss(y, k, T)
                assert_allclose(parts["electrons in the cathode"], expected, rtol=0, atol=1e-10)
            n_side, p_side = plain.ions(y, k, T)
            anode = sum(parts.get(f"anode {how}", 0.0) for how in ("diffusion", "kinetics"))
            if "anode" in model.films:
                anode -= plain.potential(model.films["anode"], mean_fraction(model, y, "anode"), T)
            expected = -plain.electrode("anode", y, -k, n_side, T)
            assert_allclose(anode, expected, rtol=0, atol=1e-8)
            cathode = sum(parts[f"cathode {how}"] for how in ("diffusion", "kinetics"))
            cathode += plain.potential(cell.cathode, mean_fraction(model, y, "cathode"), T)
            expected = plain.electrode("cathode", y, k, p_side, T)
            assert_allclose(cathode, expected, rtol=0, atol=1e-8)


def mean_fraction(model: AssembledModel, y: Array, name: str) -> float:
    """Mean lithiation fraction of a film."""
    region = next(r for r in model.regions if r.name == name)
    c = y[region.start : region.stop] @ region.grid.volumes / region.grid.volumes.sum()
    return float(c / model.films[name].maximum_concentration)


def test_only_the_losses_that_a_cell_has_are_named() -> None:
    """No anode diffusion in lithium, no electrons that cost nothing, each layer by its key."""

    def named(key: str) -> list[str]:
        model = model_on_coarse_meshes(CELLS[key])
        return list(model.losses(model.initial()[None], np.zeros(1)))

    assert named("plain") == [
        "open-circuit potential", "cathode diffusion", "cathode kinetics", "anode kinetics",
        "electrolyte", "contact",
    ]  # fmt: skip
    assert named("everything") == [
        "open-circuit potential", "cathode diffusion", "anode diffusion", "cathode kinetics",
        "anode kinetics", "electrons in the cathode", "electrolyte diffusion",
        "electrolyte migration", "interlayers.0", "interlayers.1", "contact",
    ]  # fmt: skip
    assert named("two weak layers")[4:] == [
        "electrolyte diffusion", "electrolyte migration", "interlayers.1 diffusion",
        "interlayers.1 migration", "interlayers.0", "interlayers.0 interfaces", "contact",
    ]  # fmt: skip
    assert "electrons in the cathode" not in named("mixed, electrons for free")


def written_jacobian(model: AssembledModel, y: Array, i: float) -> tuple[Array, Array]:
    """d(rate)/dy and d(rate)/di put together from what the kernel writes."""
    s, n = model.system, y.size
    k = s.border + 1
    lower, sink, upper = np.full((3, n), 7e77)  # whatever stood there must be written over
    columns, rows = np.full((2, k, n), 7e77)
    s.jacobian(y, i, s.numbers, lower, sink, upper, columns, rows)
    beside = np.diag(lower[1:], -1) + np.diag(upper[:-1], 1)
    T = beside - np.diag(s.mass[0] @ beside / s.mass[0] + sink)
    by_i = columns[0].copy()
    for c in range(1, k):
        by_i += rows[0, c] * columns[c]  # how much of the product the input itself makes
    return T + columns[1:].T @ rows[1:], by_i


@every_kind
@pytest.mark.parametrize("i", [-1.3, 0.0, 2.1])
def test_jacobian_is_the_derivative_of_the_rate(name: str, i: float) -> None:
    """Tridiagonal part, products and column, by central differences, in the scale of the states."""
    model = model_on_coarse_meshes(CELLS[name], 14)
    y, scale = any_state(model, 4), model.system.scale
    ours, by_i = written_jacobian(model, y, i)
    ours = ours * scale
    numeric = np.empty_like(ours)
    for k in range(y.size):
        step = np.zeros_like(y)
        step[k] = 1e-6 * scale[k]
        numeric[:, k] = (gains(model, y + step, i) - gains(model, y - step, i)) / 2e-6
    size = abs(numeric).max(axis=1, keepdims=True)
    rtol = 2e-6 * np.ones(y.size)
    if model.warming:
        rtol[-3] = 3e-5  # the kernel itself takes the difference over 0.2 K
    assert (abs(ours - numeric) <= rtol * size + 1e-12).all(), worst(ours, numeric, size)
    numeric_by_i = (gains(model, y, i + 1e-4) - gains(model, y, i - 1e-4)) / 2e-4
    assert_allclose(by_i, numeric_by_i, rtol=1e-5, atol=1e-7 * abs(numeric_by_i).max())


def worst(ours: Array, numeric: Array, size: Array) -> str:
    """Where two matrices differ the most."""
    off = abs(ours - numeric) / (size + 1e-300)
    row, column = np.unravel_index(np.argmax(off), off.shape)
    return f"row {row}, column {column}: {ours[row, column]:g} for {numeric[row, column]:g}"


@every_kind
@pytest.mark.parametrize("i", [-1.3, 0.0, 2.1])
def test_gradient_and_slope_are_the_derivatives_of_the_voltage(name: str, i: float) -> None:
    """dV/dy of all states and dV/di, by central differences."""
    model = model_on_coarse_meshes(CELLS[name], 14)
    y, s = any_state(model, 5), model.system
    row = np.full_like(y, 7e77)
    s.gradient(y, i, s.numbers, row)
    numeric = np.empty_like(y)
    for k in range(y.size):
        step = np.zeros_like(y)
        step[k] = 1e-6 * s.scale[k]
        up, down = observed(model, y + step, i)[0], observed(model, y - step, i)[0]
        numeric[k] = (up - down) / 2e-6
    assert_allclose(row[:-3] * s.scale[:-3], numeric[:-3], rtol=2e-6, atol=2e-7)
    assert_allclose(row * s.scale, numeric, rtol=3e-5, atol=2e-7)  # by the temperature
    by_i = (observed(model, y, i + 1e-4)[0] - observed(model, y, i - 1e-4)[0]) / 2e-4
    assert_allclose(observed(model, y, i)[1], by_i, rtol=1e-6, atol=0)


@every_kind
def test_time_and_charge_are_the_last_two_states(name: str) -> None:
    """They run at 1 and at i, and no rate or voltage sees them (heat sees the charge)."""
    model = model_on_coarse_meshes(CELLS[name])
    y = any_state(model, 6)
    before = gains(model, y, 1.1)
    assert_allclose(before[-2:], [1.0, 1.1], rtol=0, atol=0)
    later = y.copy()
    later[-2] += 1e3
    np.testing.assert_array_equal(gains(model, later, 1.1), before)
    later[-1] += 10.0
    assert observed(model, later, 1.1)[0] == observed(model, y, 1.1)[0]
    changed = np.flatnonzero(gains(model, later, 1.1) != before)
    assert changed.size <= int(model.warming)


@every_kind
def test_rest_is_an_equilibrium(name: str) -> None:
    """A cell just made does not move by itself, and shows the potentials of its electrodes."""
    model = model_on_coarse_meshes(CELLS[name])
    y = model.initial()
    out = gains(model, y, 0.0)
    assert_allclose(out[:-2] / model.system.scale[:-2], 0.0, rtol=0, atol=1e-9)
    volts = model.rest_potentials
    assert_allclose(
        observed(model, y, 0.0)[0], volts["cathode"] - volts["anode"], rtol=0, atol=1e-12
    )
    parts = model.losses(y[None], np.zeros(1))
    for key, values in parts.items():
        if key != "open-circuit potential":
            assert_allclose(values, 0.0, rtol=0, atol=1e-11)


@every_kind
def test_the_integrator_leaves_the_state_alone(name: str) -> None:
    """Kernels that try a warmer state put it back."""
    model = model_on_coarse_meshes(CELLS[name])
    y = any_state(model, 7)
    kept = y.copy()
    written_jacobian(model, y, 0.7)
    row = np.empty_like(y)
    model.system.gradient(y, 0.7, model.system.numbers, row)
    np.testing.assert_array_equal(y, kept)


@every_kind
def test_models_go_to_other_processes(name: str) -> None:
    """Pickled and back: the same rates."""
    model = model_on_coarse_meshes(CELLS[name])
    back = pickle.loads(pickle.dumps(model))
    assert isinstance(back, AssembledModel)
    y = any_state(model, 8)
    np.testing.assert_array_equal(gains(back, y, 1.0), gains(model, y, 1.0))


@settings(max_examples=400)
@given(
    st.sampled_from(["lco-film", "lco-dualfoil"]),
    st.sampled_from([1e-2, 1.0, 1e3]),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from([1.0, 0.5]),
    st.floats(0.46, 0.99),
    st.floats(-6.0, -0.2).map(lambda e: 10.0**e),
    st.floats(-16.0, 2.0).map(lambda e: 10.0**e),
    st.tuples(st.sampled_from([-1, 1]), st.sampled_from([-1, 0, 1])),
    st.floats(260.0, 370.0),
)
@example("lco-dualfoil", 1e3, 0.9, 1.0, 0.9326960686450767, 0.39206595589, 71.652452452, (1, -1),
         269.50174305106214)  # fmt: skip
@example("lco-film", 1.0, 0.5, 1.0, 0.75, 1e-16, 6.3e-16, (1, 1), 298.15)
def test_the_faradaic_current_is_a_root(
    potential: str, i0: float, alpha: float, share: float, x: float, away: float, current: float,
    ways: tuple[int, int], T: float,
) -> None:  # fmt: skip
    """However far the double layer is from equilibrium, and however close to it."""
    cell = BASE.replace(
        {
            "cathode.potential": potential, "cathode.exchange_current_density": i0,
            "cathode.transfer_coefficient": alpha, "cathode.double_layer_capacitance": 1e-3,
            "cathode.transport": filmcell.MixedConduction(1.0, electrolyte_share=share),
        }
    )  # fmt: skip
    m = model_on_coarse_meshes(cell, 6).system.numbers
    c, k = x * cell.cathode.maximum_concentration, ways[1] * current
    w = -float(cell.cathode.potential(min(x, 0.994))) + ways[0] * away
    x0, by_flux, _ = electrode.surface(c, -(1.0 - share) * k / F, T, electrode.CATHODE, m)
    k_F = electrode.faradaic(c, w, k, T, electrode.CATHODE, m)[0]
    surface = x0 + k_F * by_flux / F
    value, by_x, _ = electrode.reaction(surface, w, T, electrode.CATHODE, m)
    if 1e-9 < surface < 1.0 - 1e-9:  # beyond, the last bit of x is worth any current
        error = (k_F - value) / (1.0 - by_x * by_flux / F)  # what is left of it, in k_F itself
        assert abs(error) <= 1e-9 * abs(k_F) + 1e-10


# refusals ----------------------------------------------------------------------------------------


def refused(words: str, cell: filmcell.Cell, meshes: Meshes | None = None) -> None:
    """Check that the model refuses a cell by these words."""
    with pytest.raises(filmcell.InputError, match=words):
        AssembledModel(cell, meshes or meshes_of(cell))


def test_mixed_conduction_needs_a_film() -> None:
    cell = made(cathode__shape=filmcell.Sphere(), cathode__transport=MIXED)
    refused(
        r"^cathode.transport: mixed conduction in a sphere is not implemented, expected a film$",
        cell,
        Meshes(Mesh.uniform(9, 5e-6, 2)),
    )


def test_a_geometric_capacitance_needs_a_resistance() -> None:
    refused(
        r"^geometric_capacitance: without a contact_resistance in front of it a voltage cannot be "
        r"held, expected a contact_resistance above 0$",
        made(geometric_capacitance=1e-5),
    )


@pytest.mark.parametrize("electrode", ["cathode", "anode"])
def test_ions_in_the_kinetics_do_not_go_behind_a_double_layer(electrode: str) -> None:
    refused(
        rf"^{electrode}.electrolyte_exponent: kinetics that follow the ions of the electrolyte "
        r"behind a double layer are not implemented, expected a double_layer_capacitance of 0$",
        made(
            electrolyte=DANILOV,
            **{
                f"{electrode}__electrolyte_exponent": 0.5,
                f"{electrode}__double_layer_capacitance": 1e-3,
            },
        ),
    )


@pytest.mark.parametrize("electrode", ["cathode", "anode"])
def test_ions_in_the_kinetics_need_a_weak_electrolyte(electrode: str) -> None:
    refused(
        rf"^{electrode}.electrolyte_exponent: only a weak electrolyte changes its ions, expected "
        rf"0 or a weak electrolyte next to the {electrode}$",
        made(**{f"{electrode}__electrolyte_exponent": 0.5}),
    )


def test_a_rising_potential_behind_a_double_layer_is_refused() -> None:
    U = filmcell.tabulated("U", [0.4, 0.6, 0.8, 1.0], [4.2, 4.0, 4.1, 3.5], "V", source="bumpy")
    cell = made(cathode__potential=U, cathode__double_layer_capacitance=1e-3)
    refused(
        r"^cathode.double_layer_capacitance: the open-circuit potential at 298(\.15)? K rises with "
        r"x near x = 0\.[5-7]\d*, which leaves the current open, expected 0 or a potential that "
        r"falls$",
        cell,
    )
    AssembledModel(replace(cell, cathode=replace(cell.cathode, double_layer_capacitance=0.0)),
                   meshes_of(cell))  # fmt: skip


def test_meshes_that_do_not_fit_are_refused() -> None:
    weak = CELLS["weak"]
    good = meshes_of(weak)
    refused(
        r"^mesh: 1e-05 m deep, dimension 0, expected 5e-06 m and 0 like the cathode$",
        weak, replace(good, cathode=Mesh.uniform(9, 1e-5)),
    )  # fmt: skip
    refused(r"^mesh: 0 for weak electrolytes, expected 1$", weak, Meshes(good.cathode))
    refused(r"^mesh: 1 for weak electrolytes, expected 0$", BASE, good)
    refused(
        r"^mesh: 1e-06 m deep, dimension 0, expected 1.5e-06 m and 0 like the electrolyte$",
        weak, replace(good, electrolytes=(Mesh.uniform(9, 1e-6),)),
    )  # fmt: skip
    two = CELLS["two weak layers"]
    refused(
        r"^mesh: weak electrolytes with different numbers of volumes, expected as many in each$",
        two,
        replace(meshes_of(two), electrolytes=(Mesh.uniform(9, 1.5e-6), Mesh.uniform(8, 3e-7))),
    )
    insertion = CELLS["insertion anode"]
    refused(r"^mesh: none for the insertion anode, expected one$", insertion, Meshes(good.cathode))
    refused(
        r"^mesh: 5e-06 m deep, dimension 0, expected 6e-06 m and 0 like the anode$",
        insertion, replace(meshes_of(insertion), anode=good.cathode),
    )  # fmt: skip


@pytest.mark.parametrize("film", ["cathode", "anode"])
def test_a_start_outside_the_range_of_a_property_is_refused(film: str) -> None:
    D = filmcell.tabulated("D", [0.5, 0.9], [1e-14, 1e-14], "m2/s", source="half a paper")
    cell = made(anode=ANODE, **{f"{film}__diffusivity": D})
    x = cell.cathode.initial_fraction if film == "cathode" else 0.3
    refused(
        rf"^{film}.initial_fraction: {x:g} is not allowed, expected one from 0.5 to 0.9, the range "
        r"of all its properties$",
        cell,
    )


# choice ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", filmcell.preset_names())
def test_presets_choose_their_model(name: str) -> None:
    cell = filmcell.load_cell(name)
    kind = FilmModel if name.startswith("wang2023") else AssembledModel
    assert type(model_of(cell, 1.0)) is kind


@pytest.mark.parametrize(
    "changes",
    [
        {"cathode__transport": MIXED},
        {"electrolyte": DANILOV},
        {"interlayers": (DANILOV,)},
        {"interlayers": (filmcell.Interface(1e-3, capacitance=1e-2),)},
        {"interlayers": (SPACE_CHARGE,)},
        {"anode": ANODE},
        {"anode": filmcell.AnodeFree(5.0)},
        {"cathode__double_layer_capacitance": 1e-3},
        {"anode__double_layer_capacitance": 1e-3},
        {"geometric_capacitance": 1e-5, "contact_resistance": 1e-3},
        {"heat": filmcell.HeatBalance(50.0, 5.0)},
        {"cathode__entropy": ENTROPY, "temperature": 320.0},
    ],
    ids=", ".join,
)
def test_each_part_chooses_the_assembled_model(changes: dict) -> None:
    """One of them is enough."""
    cell = made(**changes)
    assert isinstance(model_of(cell, 1.0), AssembledModel)


@pytest.mark.parametrize(
    "changes",
    [
        {"interlayers": (filmcell.Interlayer(1e-8, 1e-6, interface_resistance=1e-3),)},
        {"interlayers": (filmcell.Interface(1e-3, activation_energy=3e4),), "temperature": 320.0},
        {"cathode__shape": filmcell.Sphere(), "temperature": 320.0},
        {"cathode__entropy": ENTROPY, "cathode__reference_temperature": BASE.temperature},
        {"contact_resistance": 1e-3},
    ],
    ids=", ".join,
)
def test_what_the_film_model_can_do_it_does(changes: dict) -> None:
    cell = made(**changes)
    assert isinstance(model_of(cell, 1.0), FilmModel)


def test_meshes_ask_for_the_assembled_model() -> None:
    """A mesh of the cathode goes to whichever model; meshes of all regions to the assembled one."""
    mesh = Mesh.uniform(30, 5e-6)
    assert model_of(BASE, 1.0, mesh).mesh is mesh
    assert isinstance(model_of(BASE, 1.0, mesh), FilmModel)
    assert isinstance(model_of(BASE, 1.0, Meshes(mesh)), AssembledModel)
    model = model_of(CELLS["weak"], 1.0, mesh)
    assert model.mesh is mesh
    assert model.meshes.electrolytes[0].cells > 0


def test_default_meshes_resolve_every_region() -> None:
    """Narrow at both sides of a mixed conductor and of a weak electrolyte, at the anode's one."""
    cell = CELLS["everything"]
    meshes = default_meshes(cell, 10.0)
    for mesh in (meshes.cathode, *meshes.electrolytes):
        assert_allclose(mesh.widths, mesh.widths[::-1], rtol=1e-6, atol=0)
        assert mesh.widths[0] < 0.6 * mesh.length / mesh.cells
    assert meshes.anode.widths[0] < meshes.anode.widths[-1]
    assert_allclose(meshes.anode.length, cell.anode.thickness, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ["two weak layers", "anode-free, double layer", "interfaces"])
def test_sweeps_past_a_full_surface_take_few_points(name: str) -> None:
    """A first node too near the surface lets the current scatter there, in 60 000 points."""
    text = "Sweep at 1 mV/s until 4.2 V; Sweep at 1 mV/s until 2.7 V; Sweep at 0.1 mV/s until 4.1 V"
    run = filmcell.simulate(CELLS[name], text, most_steps=20_000)
    assert run.time.size < 8000
