"""Layers that a simulation does not know but a real cell has: collectors, substrate, packaging.

Thicknesses that no source gives are marked assumed. Densities are textbook values of the dense
material; a film of a few hundred nanometres may be lighter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from filmcell.cell.checked import Checked
from filmcell.cell.quantities import Length, Quantity

Density = Annotated[float, Quantity("kg/m3")]

_CRC = "standard: CRC Handbook of Chemistry and Physics, properties of the elements"
_WANG = "published: Wang 2023, sect. 2.1"


@dataclass(frozen=True)
class Sheet(Checked):
    """A layer that covers the whole area of a cell.

    Parameters
    ----------
    name : str
        Material.
    thickness : float
        Thickness [m].
    density : float
        Density [kg/m3].
    thickness_source, density_source : str
        Where the two numbers come from.

    Examples
    --------
    >>> round(Sheet("mica", "50 um", "2.8 g/cm3").areal_mass * 0.1, 6)  # g/cm2
    0.014
    """

    name: str
    thickness: Length
    density: Density
    thickness_source: str = "given"
    density_source: str = "given"

    @property
    def areal_mass(self) -> float:
        """Mass per area [kg/m2]."""
        return self.thickness * self.density


METALS: Mapping[str, tuple[str, float]] = {
    "pt": ("platinum", 21450.0),
    "au": ("gold", 19300.0),
    "w": ("tungsten", 19300.0),
    "ag": ("silver", 10500.0),
    "mo": ("molybdenum", 10200.0),
    "cu": ("copper", 8960.0),
    "ni": ("nickel", 8900.0),
    "co": ("cobalt", 8860.0),
    "cr": ("chromium", 7150.0),
    "ti": ("titanium", 4506.0),
    "al": ("aluminium", 2700.0),
}
"""Metals of collectors: name and density [kg/m3] by symbol in small letters."""

METALS_SOURCE = _CRC
"""Where the densities of the metals come from."""

DEFAULT_COLLECTORS = (
    Sheet("Ti (cathode)", 20e-9, METALS["ti"][1], _WANG, _CRC),
    Sheet("Pt (cathode)", 100e-9, METALS["pt"][1], _WANG, _CRC),
    Sheet("Cu (anode)", 20e-9, METALS["cu"][1], _WANG, _CRC),
    Sheet("Pt (anode)", 100e-9, METALS["pt"][1], _WANG, _CRC),
)
"""Collectors of a cell that names none: those of Wang 2023."""

GLASS = Sheet("soda-lime glass", 500e-6, 2500.0, "assumed", "standard: handbooks, 2.4-2.6 g/cm3")
MICA = Sheet("mica", 50e-6, 2800.0, "assumed", "standard: muscovite, 2.76-3.0 g/cm3")
ALUMINA = Sheet("alumina", 250e-6, 3970.0, "assumed", "standard: dense Al2O3")
SILICON = Sheet("silicon wafer", 525e-6, 2329.0, "standard: a 100 mm wafer", _CRC)
POLYIMIDE = Sheet("polyimide", 25e-6, 1420.0, "assumed", "standard: data sheets of polyimide film")

SUBSTRATES: Mapping[str, Sheet] = {
    "glass": GLASS,
    "mica": MICA,
    "alumina": ALUMINA,
    "silicon": SILICON,
    "polyimide": POLYIMIDE,
}
"""Typical substrates by the words of a command."""

GLUE_AND_GLASS = (
    Sheet("ultraviolet glue", 50e-6, 1200.0, "assumed", "assumed: an epoxy"),
    Sheet("cover glass", 100e-6, 2500.0, "assumed", "standard: handbooks, 2.4-2.6 g/cm3"),
)
PARYLENE = (Sheet("parylene C", 10e-6, 1289.0, "assumed", "standard: data sheets of parylene C"),)

PACKAGINGS: Mapping[str, tuple[Sheet, ...]] = {
    "glue-and-glass": GLUE_AND_GLASS,
    "parylene": PARYLENE,
}
"""Typical packagings by the words of a command."""
