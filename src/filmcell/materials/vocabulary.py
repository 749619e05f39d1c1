"""The words of the library: what a file may say, and what each word means.

Everything that a data file may hold is listed here and nowhere else, so that a spelling mistake is
refused and a stranger finds the words in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ROLES = ("cathode", "electrolyte", "interlayer", "anode", "insertion anode")
"""What a material is in a cell; "anode" is a metal, "insertion anode" takes lithium up."""

FAMILIES = (
    "LiPON", "phosphate", "perovskite", "garnet", "NASICON", "LISICON", "thio-LISICON", "sulfide",
    "halide", "polymer", "composite", "oxide glass", "oxide", "additive", "other",
    "layered oxide", "lithium-rich oxide", "spinel", "olivine", "titanate", "carbon", "metal",
    "alloy",
)  # fmt: skip
"""Structural families: electrolytes and interlayers first, then electrodes."""

FORMS_OF_MATTER = ("film", "bulk", "glass", "glass-ceramic", "composite", "polymer", "metal")
"""In which form the material was looked at."""

KINDS = ("measured", "fitted", "figure-read", "computed", "dft", "assumed")
"""Where a number comes from, the most trusted first; "figure-read" is a measured curve."""

WINDOWS = ("dft_thermodynamic", "experimental_apparent")
"""What a stability window means; the two are never merged."""

RELATIONS = ("ln sigma", "ln sigma T", "unstated")
"""What was plotted over 1/T to find an activation energy of conduction."""

BOUNDS = ("above", "below", "about")
"""What a single number stands for where it is no plain value."""

CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "temperature": "temperature, or two that it lies between",
        "sample": "which sample, where a source has several",
        "part": "of what: bulk, grain boundary, total, electronic",
        "method": "how it was found",
        "window": "what a stability window means",
        "relation": "what was plotted over 1/T",
        "thickness": "thickness of the sample",
        "rate": "C-rate or current",
        "cycles": "number of cycles",
        "potential": "potential, or the range of potentials, of the measurement",
        "composition": "lithiation fraction, or other composition, at which it was found",
        "against": "what the sample was against, or against what the number is counted",
        "orientation": "texture of a film",
    }
)
"""Circumstances of a value that a file may state."""


@dataclass(frozen=True)
class Word:
    """What a property of the library means.

    Parameters
    ----------
    label : str
        What people call it.
    unit : str
        SI unit of its values, a key of `units.EXAMPLES`; "text" where it is no number.
    low, high : float
        Range outside which a value is a mistake.
    decades : bool
        Whether its values spread over decades: means and charts are then logarithmic.
    interval : bool
        Whether it is by nature a range, of which a single number is one end.
    """

    label: str
    unit: str
    low: float = 0.0
    high: float = float("inf")
    decades: bool = False
    interval: bool = False


PROPERTIES: Mapping[str, Word] = MappingProxyType(
    {
        # transport in electrolytes
        "conductivity": Word("ionic conductivity", "S/m", 1e-18, 1e2, True),
        "electronic_conductivity": Word("electronic conductivity", "S/m", 1e-18, 1e7, True),
        "activation_energy": Word("activation energy of conduction", "J/mol", 0.0, 2e5),
        "mobile_concentration": Word("concentration of mobile lithium", "mol/m3", 1e-6, 2e5, True),
        "relative_permittivity": Word("relative permittivity", "", 1.0, 1e7),
        "transference_number": Word("transference number of lithium", "", 0.0, 1.0),
        # stability
        "stability_window": Word("stability window", "V", -1.0, 10.0, interval=True),
        "reduction_limit": Word("reduction limit", "V", -1.0, 10.0),
        "oxidation_limit": Word("oxidation limit", "V", -1.0, 10.0),
        "oxidation_regions": Word("range of rising oxidation", "V", 0.0, 10.0, interval=True),
        "stable_with": Word("stable against", "text"),
        "remark": Word("remark", "text"),
        # electrodes
        "potential": Word("open-circuit potential", "V", -1.0, 6.0),
        "entropy": Word("entropy coefficient", "V/K", -0.01, 0.01),
        "plateau": Word("potential of a plateau", "V", -1.0, 6.0),
        "operating_range": Word("potential range of use", "V", 0.0, 6.0, interval=True),
        "degradation_potential": Word("potential above which it degrades", "V", 0.0, 6.0),
        "redox_limit": Word("potential between two redox couples", "V", 0.0, 6.0),
        "hysteresis": Word("voltage hysteresis", "V", 0.0, 1.0),
        "diffusivity": Word("diffusivity of lithium", "m2/s", 1e-22, 1e-4, True),
        "diffusivity_activation_energy": Word(
            "activation energy of diffusion", "J/mol", 0.0, 2e5
        ),
        "exchange_current_density": Word("exchange current density", "A/m2", 1e-6, 1e4, True),
        "exchange_activation_energy": Word(
            "activation energy of charge transfer", "J/mol", 0.0, 2e5
        ),
        "maximum_concentration": Word("maximum lithium concentration", "mol/m3", 1.0, 2e5),
        "theoretical_capacity": Word("theoretical capacity", "C/kg", 1.0, 2e7),
        "practical_capacity": Word("practical capacity", "C/kg", 0.0, 2e7),
        "usable_fraction": Word("share of the lithium that can be used", "", 0.0, 1.0),
        "initial_fraction": Word("lithiation fraction as made", "", 0.0, 1.0),
        "reference_temperature": Word("temperature of the values", "K", 50.0, 2000.0),
        "standard_potential": Word("standard potential", "V", -5.0, 5.0),
        "capacity_variation": Word("spread of capacity between suppliers", "", 0.0, 1.0),
        "cycles_reported": Word("cycles reported", "", 1.0, 1e6),
        "phase_transition": Word("composition of a phase transition", "", 0.0, 1.0),
        "oxygen_redox_onset": Word("composition at which oxygen takes part", "", 0.0, 1.0),
        # matter
        "molar_mass": Word("molar mass", "kg/mol", 1e-3, 10.0),
        "density": Word("density", "kg/m3", 100.0, 3e4),
        "lattice_a": Word("lattice constant a", "m", 1e-10, 1e-8),
        "lattice_b": Word("lattice constant b", "m", 1e-10, 1e-8),
        "lattice_c": Word("lattice constant c", "m", 1e-10, 1e-8),
        "inserted_lithium": Word("lithium inserted per formula unit", "", 0.0, 100.0),
        "formula_units": Word("formula units in a unit cell", "", 1.0, 1e3),
        "space_group": Word("space group", "text"),
        "volume_change": Word("change of volume on cycling", "", 0.0, 10.0),
        "youngs_modulus": Word("Young's modulus", "Pa", 1e3, 1e12),
        "poisson_ratio": Word("Poisson's ratio", "", -1.0, 0.5),
        "partial_molar_volume": Word("partial molar volume of lithium", "m3/mol", -1e-4, 1e-4),
        # making
        "grain_size": Word("grain size", "m", 1e-10, 1e-2),
        "thickness": Word("thickness", "m", 1e-10, 1e-1),
        "crystallisation_temperature": Word("temperature of crystallisation", "K", 200.0, 2500.0),
        "synthesis_limit": Word("highest temperature of synthesis", "K", 200.0, 2500.0),
        # interfaces
        "area_specific_resistance": Word(
            "area-specific resistance", "ohm*m2", 1e-10, 1e4, True
        ),
        "space_charge_thickness": Word("thickness of the space charge", "m", 1e-10, 1e-3, True),
        "interdiffusion_thickness": Word("thickness of interdiffusion", "m", 1e-10, 1e-3, True),
        "decomposition_onset": Word("potential at which the pair decomposes", "V", 0.0, 6.0),
        "stable_to": Word("potential up to which the pair is stable", "V", 0.0, 6.0),
        # cells
        "area": Word("area", "m2", 1e-12, 10.0),
        "specific_capacity": Word("specific capacity", "C/kg", 0.0, 2e7),
        "areal_capacity": Word("areal capacity", "C/m2", 0.0, 1e8),
        "cell_capacity": Word("capacity", "C", 0.0, 1e8),
        "capacity_utilisation": Word("capacity utilisation", "", 0.0, 1.5),
        "capacity_retention": Word("capacity retention", "", 0.0, 1.5),
        "rate_retention": Word("capacity at a rate over that at a low rate", "", 0.0, 1.5),
        "coulombic_efficiency": Word("coulombic efficiency", "", 0.0, 1.2),
        "cycle_life": Word("cycles reached", "", 1.0, 1e6),
        "rate": Word("C-rate", "", 0.0, 1e4),
        "voltage_range": Word("voltage range of the test", "V", 0.0, 6.0, interval=True),
    }
)  # fmt: skip
"""Properties by the key of a file."""
