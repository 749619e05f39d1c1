"""Symmetric and blocking cells: closed forms, presets, refusals."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from filmcell import InputError, Interface
from filmcell.constants import EPSILON_0, F, R
from filmcell.impedance.sandwich import Blocking, Dielectric, Exchanging, Sandwich
from filmcell.impedance.sandwich_file import is_sandwich, load_sandwich, sandwich_from_toml

SILVER = Blocking("1 uF/cm2", 0.9)
LLTO = Dielectric("350 nm", "9.56e-6 S/cm", 100.0, "0.33 eV")
GOOD = """
area = "1 cm2"
[left]
kind = "blocking"
capacitance = "1 uF/cm2"
[right]
kind = "metal"
material = "lithium"
[[layers]]
material = "lipon"
thickness = "1 um"
"""


def test_two_dielectrics_in_series_are_two_arcs() -> None:
    other = Dielectric("1 um", "1e-8 S/cm", 5.0)
    cell = Sandwich(SILVER, SILVER, (LLTO, other), "1 cm2", contact_resistance="1 ohm cm2")
    f = np.logspace(7, -2, 40)
    jw = 2j * np.pi * f
    arcs = sum(
        d / (s + jw * EPSILON_0 * e) for d, s, e in ((350e-9, 9.56e-4, 100.0), (1e-6, 1e-6, 5.0))
    )
    exact = arcs + 2.0 / (1e-2 * jw**0.9) + 1e-4
    assert_allclose(cell.impedance(f).impedance, exact, rtol=1e-12)


def test_the_parts_sum_and_repeated_names_are_told_apart() -> None:
    cell = Sandwich(SILVER, SILVER, (LLTO, Interface("5 ohm cm2", "1 uF/cm2"), LLTO), "1 cm2")
    Z = cell.impedance([1e5, 10.0])
    assert_allclose(sum(Z.parts.values()), Z.impedance, rtol=1e-14)
    assert [k for k in Z.parts if k.startswith("electrolyte")] == ["electrolyte 1", "electrolyte 3"]


def test_an_interface_is_a_resistor_beside_its_capacitance() -> None:
    cell = Sandwich(SILVER, SILVER, (LLTO, Interface("20 ohm cm2", "3 uF/cm2")), "1 cm2")
    f = np.logspace(6, 0, 20)
    part = cell.impedance(f).parts["interface"]
    assert_allclose(part, 20e-4 / (1.0 + 2j * np.pi * f * 20e-4 * 3e-2), rtol=1e-12)


def test_lithium_exchanges_at_its_charge_transfer_resistance() -> None:
    lithium = Exchanging("5 A/m2", "1e-2 F/m2", "30 kJ/mol")
    cell = Sandwich(lithium, lithium, (LLTO,), "1 cm2").at("320 K")
    rise = np.exp(-30e3 / R * (1.0 / 320.0 - 1.0 / 298.15))
    part = cell.impedance([1e-6]).parts["left lithium metal"][0]
    assert part.real == pytest.approx(R * 320.0 / (F * 5.0 * rise), rel=1e-9)


def test_the_presets_are_those_of_the_papers() -> None:
    tan = load_sandwich("ag-llto-ag")
    assert tan.layers[0].resistance(298.15) == pytest.approx(350e-9 / 9.56e-4)  # type: ignore[union-attr]
    hot = tan.at("120 degC").layers[0].resistance(393.15)  # type: ignore[union-attr]
    ratio = np.exp(0.33 * F / R * (1.0 / 298.15 - 1.0 / 393.15))
    assert tan.layers[0].resistance(298.15) / hot == pytest.approx(ratio)  # type: ignore[union-attr]
    lipon = load_sandwich("li-lipon-li")
    assert lipon.layers[0].resistance(298.15) * 1e4 == pytest.approx(50.0)  # type: ignore[union-attr]


def test_a_file_with_materials_by_name() -> None:
    cell = sandwich_from_toml(GOOD)
    assert cell.layers[0].name == "LiPON, sputtered"
    assert is_sandwich(GOOD)
    assert not is_sandwich("[anode]\nmaterial = 'lithium'")
    assert not is_sandwich("not toml at all")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("area", "aria", 'aria: unknown key, did you mean "area"?'),
        ('area = "1 cm2"\n', "", 'area is missing, expected an area such as "1.44 cm2"'),
        ('"blocking"', '"gold"', 'left.kind: "gold" is unknown, expected one of blocking, metal'),
        ('"1 uF/cm2"', '"1 uF"', 'left.capacitance: "1 uF" is not an areal capacitance, expected'),
        ('"1 uF/cm2"', '"0 uF/cm2"', "left.capacitance: 0 is not allowed, expected an areal"),
        ('"lipon"', '"lipno"', 'layers.0.material: "lipno" is not a material, did you mean'),
        ("[[layers]]", "[layers]", "layers is missing, expected tables [[layers]]"),
        ('thickness = "1 um"\n', "", "layers.0.thickness is missing, expected a length such as"),
        ("[left]", "[lift]", 'lift: unknown key, did you mean "left"?'),
        ("area", "= area", "not TOML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_in_one_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        sandwich_from_toml(GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"cell: {sentence}")
    assert "\n" not in str(caught.value)


def test_a_cell_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="nothing lies between the electrodes"):
        Sandwich(SILVER, SILVER, (), "1 cm2")
    with pytest.raises(
        InputError, match=r"layers.0: .* is not allowed, expected one of Dielectric"
    ):
        Sandwich(SILVER, SILVER, (SILVER,), "1 cm2")  # type: ignore[arg-type]
