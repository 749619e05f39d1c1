"""Cathodes and anodes: each printed sample of their functions, and what a cell takes unasked."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import brentq

from filmcell import OutOfRange, Property
from filmcell.constants import F
from filmcell.materials.composition import molar_mass
from filmcell.materials.library import read_shipped
from filmcell.materials.records import Value
from filmcell.units import to_si

LIBRARY = read_shipped(check=True)
ELECTRODES = {k: m for k, m in LIBRARY.materials.items()
              if m.role in ("cathode", "anode", "insertion anode")}  # fmt: skip


def value(material: str, key: str, source: str) -> Value:
    found = [v for v in LIBRARY.materials[material].values[key] if v.source.key == source]
    assert found, (material, key, source)
    return found[0]


def function(material: str, key: str, source: str) -> Property:
    functions = [v.given for v in LIBRARY.materials[material].values[key]
                 if v.source.key == source and isinstance(v.given, Property)]  # fmt: skip
    return functions[0]


def polynomial_of_nmc532() -> Property:
    found = [v.given for v in LIBRARY.materials["nmc532"].values["potential"] if not v.default]
    assert isinstance(found[0], Property)
    return found[0]


POTENTIALS = {(k, v.source.key, n): v.given for k, m in ELECTRODES.items()
              for n, v in enumerate(m.values.get("potential", ()))
              if isinstance(v.given, Property)}  # fmt: skip

TENTHS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
COMPARED = [0.5, 0.6, 0.7, 0.8, 0.9, 0.94]

# material, key, source, x, printed values, half a unit of their last digit
SAMPLES = [
    ("lco", "potential", "ramadass2004", COMPARED,
     [4.2350, 4.0814, 3.9831, 3.9135, 3.8535, 3.8084], 5e-5),
    ("lco-dualfoil", "potential", "garcia2005", COMPARED,
     [4.1860, 4.0270, 3.9391, 3.9129, 3.9062, 3.8410], 5e-5),
    ("lco-film", "potential", "fabre2012", COMPARED,
     [4.2908, 4.1130, 3.9808, 3.9136, 3.8928, 3.8686], 5e-5),
    ("lco-film", "potential", "fabre2012", [0.55, 0.65, 0.75, 0.85, 0.95, 0.98, 0.99, 0.999, 1.0],
     [4.1978, 4.0396, 3.9386, 3.9023, 3.8566, 3.7808, 3.7070, 3.4228, 3.3100], 5e-5),
    ("lco", "entropy", "torchio2016", [0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 0.519],
     [-0.033e-3, -0.214e-3, -0.377e-3, -0.495e-3, -0.603e-3, -0.629e-3, 0.319e-3], 5e-7),
    ("lco", "entropy", "ai2020", [0.5, 0.6, 0.7, 0.8, 0.9],
     [-0.214e-3, -0.313e-3, -0.408e-3, -0.539e-3, -0.523e-3], 5e-7),
    ("nmc811", "potential", "chen2020", TENTHS[2:],
     [4.2054, 4.1047, 3.9720, 3.8245, 3.7304, 3.6491, 3.5682], 5e-5),
    ("nmc111", "potential", "aboutenergy2022", [0.42424, 0.9621], [4.2907, 3.6133], 5e-5),
    ("nca", "potential", "kim2011", [*TENTHS[3:], 0.95, 0.98],
     [4.1290, 3.9760, 3.8397, 3.7384, 3.6582, 3.5533, 3.4963, 3.2085], 5e-5),
    ("lfp", "potential", "afshar2017", [0.05, 0.5, 0.9, 0.98], [3.4070, 3.3976, 3.3446, 2.8939],
     5e-5),
    ("lmo", "potential", "doyle1996", [0.2, 0.4, 0.6, 0.8, 0.9],
     [4.1769, 4.1142, 4.0434, 3.9774, 3.9539], 5e-5),
    ("lmo", "potential", "fuller1994", [0.19], [4.1477], 5e-5),
    ("lnmo", "potential", "mao2020", [0.0, 0.5, 0.85, 1.0], [4.7336, 4.6806, 4.4763, 3.7273],
     5e-5),
    ("lnmo", "entropy", "mao2020", [0.0, 0.4, 0.85, 1.0], [-1e-4, -3e-4, -2.8e-3, -1e-3], 5e-6),
    ("nmc532", "diffusivity", "colclasure2020", [0.4, 0.5, 0.7, 0.9],
     [4.60e-15, 4.53e-15, 2.92e-15, 2.23e-15], 5e-18),
    ("nmc532", "exchange_current_density", "colclasure2020", [0.4, 0.5, 0.7, 0.9],
     [4.77, 3.98, 2.54, 1.86], 5e-3),
    ("lco-film", "diffusivity", "raijmakers2020", [0.5, 0.7, 0.8, 0.9, 1.0],
     [7.9e-14, 6.7e-14, 2.1e-14, 5.5e-15, 3.0e-15], 5e-17),
    ("lco-film", "potential", "raijmakers2020", [0.51, 0.7, 0.9, 0.99, 1.0],
     [4.19, 3.960, 3.893, 3.704, 3.00], 5e-4),
    ("lco", "potential", "rieger2016", [0.4468, 0.6899, 0.8723, 0.9989],
     [4.2587, 3.9366, 3.8845, 3.4089], 5e-5),
]  # fmt: skip


@pytest.mark.parametrize(("material", "key", "source", "x", "printed", "half"), SAMPLES)
def test_a_function_gives_the_printed_samples(
    material: str, key: str, source: str, x: list[float], printed: list[float], half: float
) -> None:
    assert_allclose(function(material, key, source)(x), printed, rtol=1e-12, atol=half)


# tables are read by a cubic here and by straight lines in the reference: half a millivolt more
@pytest.mark.parametrize(
    ("source", "x", "printed", "within"),
    [
        ("kumaresan2008", [0.5, 0.6, 0.7, 0.8, 0.94], [4.1685, 4.0217, 3.9375, 3.9055, 3.8874],
         3e-4),
        ("kumaresan2008", [0.9], [3.9001], 9e-4),  # on the stretch that was made to fall
        ("rieger2016", COMPARED, [4.1615, 4.0173, 3.9303, 3.8952, 3.8750, 3.8403], 2e-3),
    ],
)  # fmt: skip
def test_the_tables_of_lco_agree_with_the_reference(
    source: str, x: list[float], printed: list[float], within: float
) -> None:
    assert_allclose(function("lco", "potential", source)(x), printed, rtol=0, atol=within)


def test_the_entropy_of_lco_is_that_of_the_table() -> None:
    S = function("lco", "entropy", "kumaresan2008")
    assert_allclose(S([0.6, 0.7, 0.8, 0.9, 0.98]),
                    np.array([-0.039, -0.248, -0.400, -0.536, -0.565]) * 1e-3,
                    rtol=0, atol=1e-6)  # fmt: skip
    assert_allclose(S([0.45963, 0.52153, 0.98579]), np.array([-25.23, 58.58, -54.23]) / F,
                    rtol=1e-4, atol=0)  # fmt: skip


def test_the_smoothed_curve_of_lco_falls_and_stays_near_the_table() -> None:
    U = function("lco", "potential", "kumaresan2008")
    printed = {0.45963: 4.2355, 0.52153: 4.1347, 0.63760: 3.9844, 0.82330: 3.9000, 0.83104: 3.8996,
               0.86972: 3.8996, 0.88520: 3.9000, 0.89294: 3.9005, 0.90068: 3.9000, 0.90841: 3.8983,
               0.97032: 3.8255, 0.98579: 3.5006}  # fmt: skip
    assert_allclose(U(list(printed)), list(printed.values()), rtol=0, atol=0.9e-3)
    untouched = [x for x in printed if not 0.83 < x < 0.905]
    assert_allclose(U(untouched), [printed[x] for x in untouched], rtol=0, atol=1e-9)
    assert np.all(np.diff(U.curve(20_001)[1]) < 0)


@pytest.mark.parametrize(
    ("material", "source", "volts", "x", "half"),
    [
        ("lco", "kumaresan2008", 4.2, 0.479, 5e-4), ("lco", "ramadass2004", 4.2, 0.517, 5e-4),
        ("lco-dualfoil", "garcia2005", 4.2, 0.495, 5e-4), ("lco", "rieger2016", 4.2, 0.478, 5e-4),
        ("lco-film", "fabre2012", 4.2, 0.548796, 5e-7),
        ("lco-film", "fabre2012", 3.9, 0.865523, 5e-7),
        ("lco-film", "fabre2012", 3.5, 0.997942, 5e-7),
        ("nmc811", "chen2020", 4.2, 0.3046, 5e-5), ("nmc111", "aboutenergy2022", 4.2, 0.4603, 5e-5),
        ("nca", "kim2011", 4.2, 0.3603, 5e-5),
    ],
)  # fmt: skip
def test_a_potential_is_reached_where_the_reference_says(
    material: str, source: str, volts: float, x: float, half: float
) -> None:
    U = function(material, "potential", source)
    assert brentq(lambda z: float(U(z)) - volts, U.low, U.high) == pytest.approx(x, abs=half)


def test_the_slope_of_the_film_is_that_of_the_reference() -> None:
    U, h = function("lco-film", "potential", "fabre2012"), 1e-5
    x = np.array([0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98])
    assert_allclose((U(x + h) - U(x - h)) / (2 * h),
                    [-1.916, -1.593, -1.015, -0.342, -0.149, -0.316, -1.387, -4.762],
                    rtol=0, atol=6e-4)  # fmt: skip


@pytest.mark.parametrize(
    ("material", "source", "x", "printed", "half"),
    [
        ("lco", "ramadass2004", 0.995, 3.167, 5e-4), ("nca", "kim2011", 0.3, 4.3514, 5e-5),
        ("nca", "kim2011", 0.98575, 2.7, 1e-3), ("nca", "kim2011", 0.99, 1.41, 5e-3),
        ("lmo", "doyle1996", 0.995, 3.5934, 5e-5), ("lmo", "fuller1994", 0.999, 3.1593, 5e-5),
        ("lfp", "gerver2011", 0.0875, 3.7367, 5e-5), ("lfp", "gerver2011", 0.95038, 3.3924, 5e-5),
        ("lfp", "afshar2017", 0.0, 3.908, 5e-4), ("lfp", "afshar2017", 1.0, 2.487, 5e-4),
        ("nmc811", "chen2020", 1.0, 3.487, 5e-4),
    ],
)  # fmt: skip
def test_beyond_its_range_a_form_is_right_but_refused(
    material: str, source: str, x: float, printed: float, half: float
) -> None:
    U = function(material, "potential", source)
    assert float(U(x, extrapolate=True)) == pytest.approx(printed, abs=half)
    with pytest.raises(OutOfRange, match=r"is outside .*, the range of"):
        U(x)


@pytest.mark.parametrize("name", POTENTIALS, ids=lambda name: f"{name[0]}-{name[1]}-{name[2]}")
def test_no_potential_rises_or_leaves_its_bounds(name: tuple[str, str, int]) -> None:
    U = POTENTIALS[name].curve(2000)[1]
    assert np.all((U >= -0.5) & (U <= 5.5))  # also catches nan
    assert np.all(np.diff(U) <= 1e-9)


@pytest.mark.parametrize(
    ("material", "source", "poles"),
    [
        ("lco", "ramadass2004", [0.27723, 0.42264, 1.00429]), ("lmo", "doyle1996", [0.998432]),
        ("lmo", "fuller1994", [1.00167]), ("nca", "kim2011", [1.0]),
    ],
)  # fmt: skip
def test_poles_lie_at_least_one_percent_outside_the_range(
    material: str, source: str, poles: list[float]
) -> None:
    U = function(material, "potential", source)
    assert all(not U.low - 0.01 < pole < U.high + 0.01 for pole in poles)


def test_the_two_curves_of_nmc532_part_where_the_reference_says() -> None:
    table, form = function("nmc532", "potential", "colclasure2020"), polynomial_of_nmc532()
    gap = form([0.5, 0.9967], extrapolate=True) - table([0.5, 0.9967])
    assert_allclose(gap, [0.012, 0.145], rtol=0, atol=6e-4)  # 0.145 of rounded numbers
    assert form.high <= 0.95


def test_lto_as_a_form_is_its_table() -> None:
    found = [v.given for v in LIBRARY.materials["lto"].values["potential"]]
    table, form = (U for U in found if isinstance(U, Property))
    x = [0.01, 0.05, 0.1, 0.3, 0.5, 0.84, 0.9, 0.95, 0.99]
    assert_allclose(form(x), table(x), rtol=0, atol=1.2e-4)
    assert_allclose(form([0.12, 0.5, 0.84]), 1.55, rtol=0, atol=1e-12)
    assert_allclose(form([0.01, 0.99]) + 0.0645, [2.612, 0.780], rtol=0, atol=5e-4)


def test_the_exchange_current_of_raijmakers_has_its_prefactor() -> None:
    i0 = function("lco-film", "exchange_current_density", "raijmakers2020")
    x = np.array([0.51, 0.6, 0.7, 0.8, 0.9])
    assert_allclose(i0(x), 9.403 * np.sqrt(x * (1 - x)), rtol=1e-4, atol=0)


# what a cell may take unasked


@pytest.mark.parametrize("name", ELECTRODES)
def test_no_cell_takes_the_exchange_current_of_a_liquid_electrolyte(name: str) -> None:
    taken = ELECTRODES[name].defaults
    for key in ("exchange_current_density", "exchange_activation_energy"):
        assert "liquid" not in (taken[key].conditions.get("against", "") if key in taken else "")
    liquid = [v for v in ELECTRODES[name].values.get("exchange_current_density", ())
              if "liquid" in v.conditions.get("against", "")]  # fmt: skip
    assert all(v.note for v in liquid)


def test_lithium_alone_has_an_exchange_current_of_its_own() -> None:
    assert [k for k, m in ELECTRODES.items() if "exchange_current_density" in m.defaults] == [
        "lithium"
    ]


@pytest.mark.parametrize("name", ["lco", "lco-film", "lco-dualfoil", "lmo", "lfp", "lnmo"])
def test_no_diffusivity_is_taken_where_sources_are_decades_apart_or_silent(name: str) -> None:
    assert "diffusivity" not in ELECTRODES[name].defaults
    assert "potential" in ELECTRODES[name].defaults


@pytest.mark.parametrize("name", [k for k, m in ELECTRODES.items() if "potential" in m.defaults])
def test_what_a_cell_takes_fits_together(name: str) -> None:
    taken = ELECTRODES[name].defaults
    U = taken["potential"].given
    assert isinstance(U, Property)
    assert "maximum_concentration" in taken
    begin = taken["initial_fraction"].number if "initial_fraction" in taken else U.high
    for key in ("diffusivity", "entropy"):
        other = taken[key].given if key in taken else U
        if isinstance(other, Property):
            assert other.low <= begin <= other.high
            assert other.low <= U.low
            assert U.high <= other.high
    sets = {taken[k].source.key for k in ("potential", "maximum_concentration") if k in taken}
    assert len(sets) == 1 or taken["maximum_concentration"].note or name == "lco-film"


# matter and names


@pytest.mark.parametrize("name", [k for k, m in ELECTRODES.items() if m.formula])
def test_a_composition_has_its_molar_mass_and_its_capacity(name: str) -> None:
    material = ELECTRODES[name]
    own = [v for v in material.values["molar_mass"] if v.source.key == "filmcell"]
    assert own[0].number == pytest.approx(molar_mass(material.formula), rel=5e-4)
    computed = [v for v in material.values["theoretical_capacity"] if v.source.key == "filmcell"]
    inserted = {"lto": 3.0, "li2mno3": 2.0}.get(name, 1.0)
    assert computed[0].number == pytest.approx(
        F * inserted / molar_mass(material.formula), rel=5e-4
    )


@pytest.mark.parametrize(
    ("material", "printed"),
    [("lco", 97.871), ("nmc532", 96.552), ("nmc532-tan", 96.952), ("nmc811", 97.279),
     ("nmc111", 96.459), ("nca", 96.081), ("lfp", 157.755), ("lnmo", 182.690), ("lmo", 180.812),
     ("lto", 459.083), ("lithium", 6.940)],
)  # fmt: skip
def test_molar_masses_are_those_of_the_reference(material: str, printed: float) -> None:
    best = ELECTRODES[material].best("molar_mass")
    assert best is not None
    assert best.number * 1e3 == pytest.approx(printed, abs=1.5e-3)


@pytest.mark.parametrize(
    ("name", "found"),
    [("LiCoO2", "lco"), ("LCO", "lco"), ("NMC811", "nmc811"), ("NCM 811", "nmc811"),
     ("NCM523", "nmc532"), ("LNMO", "lnmo"), ("NCM", "nmc"), ("NCM (Tan 2021)", "nmc532-tan"),
     ("LiNi0.5Mn0.2Co0.3O2", "nmc532-tan"), ("LiFePO4", "lfp"), ("graphite", "graphite")],
)  # fmt: skip
def test_the_names_people_type_are_known(name: str, found: str) -> None:
    assert LIBRARY.material(name).id == found


def test_the_cathode_of_tan_has_no_curve_of_another_composition() -> None:
    assert set(ELECTRODES["nmc532-tan"].values) == {"molar_mass", "theoretical_capacity"}
    assert not {"nmc523", "ncm532"} & set(LIBRARY.names)  # which of the two is meant is not sure


def test_the_windows_of_use_rank_first() -> None:
    for name in ("lco", "lco-film"):
        assert ELECTRODES[name].values["operating_range"][0].given == ("2.7 V", "4.2 V")
    assert ELECTRODES["nmc"].values["operating_range"][0].ends == (2.7, 4.3)
    assert ELECTRODES["nca"].values["plateau"][0].number == to_si("3.7 V", "V")


def test_the_lattice_of_lco_gives_its_density() -> None:
    lco = ELECTRODES["lco"].values
    a, c = lco["lattice_a"][0].number, lco["lattice_c"][0].number
    volume = a * a * c * np.sqrt(3.0) / 2.0
    rho = 3.0 * molar_mass("LiCoO2") / (6.02214076e23 * volume)
    assert value("lco", "density", "filmcell").number == pytest.approx(rho, rel=1e-4)
    assert value("lco", "maximum_concentration", "filmcell").number == pytest.approx(
        rho / molar_mass("LiCoO2"), rel=1e-4
    )
