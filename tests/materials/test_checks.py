"""The checks find what is wrong and pass what is right."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from filmcell import InputError
from filmcell.constants import F
from filmcell.materials.checks import CHECKS, doubts, lattice_density, two_point_energies
from filmcell.materials.library import Library, read_shipped
from filmcell.materials.reading import record_of
from filmcell.materials.records import Material

SHIPPED = read_shipped()
END = 'kind = "measured"\nsource = "a paper"\n'


def library_of(*bodies: str, role: str = "electrolyte", formula: str = "LiCoO2") -> Library:
    made = {}
    for k, body in enumerate(bodies):
        head = (
            f'id = "m{k}"\nname = "M{k}"\nrole = "{role}"\nfamily = "oxide"\nchemistry = "X"\n'
            f'formula = "{formula}"\n'
        )
        record = record_of(head + body, "m.toml", {}, check=False)  # the door refuses some
        assert isinstance(record, Material)
        made[record.id] = record
    return replace(SHIPPED, materials=MappingProxyType(made), doubts=())


def told(library: Library, check: str) -> list[str]:
    return [d.what for d in CHECKS[check](library)]


@pytest.mark.parametrize(("capacity", "count"), [("273.8", 0), ("274", 0), ("280", 1), ("260", 1)])
def test_a_theoretical_capacity_is_held_against_the_formula(capacity: str, count: int) -> None:
    body = f'[[theoretical_capacity]]\nvalue = "{capacity} mAh/g"\n{END}'
    found = told(library_of(body, role="cathode"), "capacity")
    assert len(found) == count
    assert all("the composition gives 273.8 mAh/g" in what for what in found)


@pytest.mark.parametrize(("energy", "count"), [("0.24", 0), ("0.33", 1), ("0.10", 1)])
def test_an_activation_energy_is_held_against_two_conductivities(energy: str, count: int) -> None:
    body = (
        f'[[conductivity]]\nvalue = "9.56e-6 S/cm"\ntemperature = "25 degC"\n{END}'
        f'[[conductivity]]\nvalue = "7.78e-5 S/cm"\ntemperature = "120 degC"\n{END}'
        f'[[activation_energy]]\nvalue = "{energy} eV"\nrelation = "unstated"\n{END}'
    ).replace('source = "a paper"', 'source = "p"') + '[sources.p]\ntext = "A. Author (2020)"\n'
    assert len(told(library_of(body), "two-points")) == count


def test_the_two_point_energies_of_tan_2021_are_those_computed_by_hand() -> None:
    film = [
        v
        for v in SHIPPED.materials["llto"].values["conductivity"]
        if v.is_number and v.conditions.get("sample") == "annealed at 300 degC"
    ]
    cold, hot = sorted(film, key=lambda v: v.number)
    assert two_point_energies(cold, hot)[0] / F == pytest.approx(0.2230, abs=5e-4)
    assert two_point_energies(cold, hot)[1] / F == pytest.approx(0.2523, abs=5e-4)
    with pytest.raises(InputError, match="a temperature is not stated"):
        two_point_energies(replace(cold, conditions={}), hot)


@pytest.mark.parametrize(("energy", "count"), [("0.05", 1), ("0.5", 0), ("1.53", 1)])
def test_an_activation_energy_must_be_one_of_ionic_conduction(energy: str, count: int) -> None:
    body = f'[[activation_energy]]\nvalue = "{energy} eV"\nrelation = "unstated"\n{END}'
    assert len(told(library_of(body), "barrier")) == count


def test_an_apparent_window_wider_than_the_thermodynamic_one_is_remarked() -> None:
    dft = f'[[stability_window]]\nvalue = ["1 V", "3 V"]\nwindow = "dft_thermodynamic"\n{END}'
    apparent = f'window = "experimental_apparent"\n{END}'
    wide = f'[[oxidation_limit]]\nvalue = "5 V"\nbound = "above"\n{apparent}'
    near = f'[[oxidation_limit]]\nvalue = "3.2 V"\n{apparent}'
    assert len(told(library_of(dft + wide), "window")) == 1
    assert told(library_of(dft + near), "window") == []
    assert told(library_of(wide), "window") == []


@pytest.mark.parametrize(
    ("coefficients", "count"), [("[4.0, -1.0]", 0), ("[4.0, 1.0]", 1), ("[7.0, -1.0]", 1)]
)
def test_a_potential_falls_and_stays_within_bounds(coefficients: str, count: int) -> None:
    body = (
        f'[[potential]]\nform = "polynomial"\ncoefficients = {coefficients}\nrange = [0.1, 0.9]\n'
        f'unit = "V"\n{END}'
    )
    assert len(told(library_of(body, role="cathode"), "potential")) == count


def curve(first: float) -> str:
    return f'[[potential]]\nx = [0.1, 0.9]\nvalues = [{first}, 3.5]\nunit = "V"\n{END}'


def test_curves_of_one_composition_are_held_against_each_other() -> None:
    assert len(told(library_of(curve(4.2), curve(4.1), role="cathode"), "curves")) == 1
    assert told(library_of(curve(4.2), curve(4.19), role="cathode"), "curves") == []


@pytest.mark.parametrize(("density", "count"), [("5.05", 0), ("4.66", 0), ("4.0", 1)])
def test_a_density_is_held_against_the_lattice(density: str, count: int) -> None:
    body = (
        f'[[lattice_a]]\nvalue = "2.816 angstrom"\n{END}[[lattice_c]]\nvalue = "14.052 angstrom"\n'
        f'{END}[[formula_units]]\nvalue = 3\n{END}[[space_group]]\nvalue = "R-3m"\n{END}'
        f'[[density]]\nvalue = "{density} g/cm3"\n{END}'
    )
    made = library_of(body, role="cathode")
    assert lattice_density(made.materials["m0"]) == pytest.approx(5052.0, abs=1.0)
    assert len(told(made, "density")) == count


def test_a_maximum_concentration_is_held_against_the_density() -> None:
    body = (
        f'[[density]]\nvalue = "5.05 g/cm3"\n{END}[[maximum_concentration]]\nvalue = "VALUE"\n{END}'
    )
    good = library_of(body.replace("VALUE", "51600 mol/m3"), role="cathode")
    bad = library_of(body.replace("VALUE", "23300 mol/m3"), role="cathode")
    assert told(good, "density") == []
    assert len(told(bad, "density")) == 1


def test_a_pole_near_the_range_is_seen() -> None:
    body = (
        '[[potential]]\nform = "rational"\nnumerator = [1.0]\ndenominator = [1.0, -0.995]\n'
        f'range = [0.0, 1.0]\nunit = "V"\n{END}'
    )
    far = body.replace("-0.995", "-0.5")
    assert len(told(library_of(body, role="cathode"), "pole")) == 1
    assert told(library_of(far, role="cathode"), "pole") == []


def test_an_entropy_that_is_a_slope_in_disguise_is_seen() -> None:
    potential = (
        '[[potential]]\nform = "polynomial"\ncoefficients = [4.0, -0.5, -0.3]\nrange = [0.1, 0.9]\n'
        f'unit = "V"\n{END}'
    )
    entropy = (
        '[[entropy]]\nform = "polynomial"\ncoefficients = COEFFICIENTS\nrange = [0.1, 0.9]\n'
        f'unit = "V/K"\n{END}'
    )
    slope = entropy.replace("COEFFICIENTS", "[-5e-5, -6e-5]")
    other = entropy.replace("COEFFICIENTS", "[-5e-5, 1e-4, -3e-4]")
    assert len(told(library_of(potential + slope, role="cathode"), "entropy")) == 1
    assert told(library_of(potential + other, role="cathode"), "entropy") == []


def test_spreads_and_outliers_are_seen() -> None:
    def sigma(*values: str) -> str:
        return "".join(f'[[conductivity]]\nvalue = "{v} S/cm"\n{END}' for v in values)

    assert len(told(library_of(sigma("1e-6", "1e-4")), "spread")) == 1
    assert told(library_of(sigma("1e-6", "5e-6")), "spread") == []
    far = library_of(sigma("1e-4"), sigma("1e-4"), sigma("1e-12"))
    assert len(told(far, "outlier")) == 1


def test_a_molar_mass_is_that_of_the_formula() -> None:
    body = '[[molar_mass]]\nvalue = "VALUE"\n' + END
    assert told(library_of(body.replace("VALUE", "97.87 g/mol")), "molar-mass") == []
    assert len(told(library_of(body.replace("VALUE", "98.9 g/mol")), "molar-mass")) == 1


def test_the_doubts_name_the_ten_contradictions_and_what_the_checks_find() -> None:
    found = {d.id: d for d in doubts(SHIPPED)}
    assert {f"C{k}" for k in range(1, 11)} <= set(found)
    assert any(d.found_by == "two-points" and "llto" in d.about for d in found.values())
    assert any(d.found_by == "capacity" and "nmc" in d.about for d in found.values())
    assert any(d.found_by == "window" and "llzo" in d.about for d in found.values())
    assert any(d.found_by == "curves" and "lco" in d.about for d in found.values())
    assert len(found) == len(doubts(SHIPPED))  # no name twice
    known = {*SHIPPED.materials, *SHIPPED.interfaces, *SHIPPED.cells, *SHIPPED.sources}
    assert all(set(d.about) <= known for d in found.values())


def test_doubts_can_be_asked_for_by_material_and_by_source() -> None:
    assert {"C5", "C6"} <= {d.id for d in doubts(SHIPPED, "llto")}
    assert "C7" in {d.id for d in doubts(SHIPPED, "tan2021")}
    with pytest.raises(InputError, match="is not a material"):
        doubts(SHIPPED, "nobody")


def test_no_potential_that_a_cell_takes_is_doubted() -> None:
    doubted = {d.id for check in ("potential", "entropy") for d in CHECKS[check](SHIPPED)}
    for material in SHIPPED.materials.values():
        taken = material.defaults.get("potential")
        assert not taken or f"potential:{material.id}:{taken.source.key}" not in doubted
