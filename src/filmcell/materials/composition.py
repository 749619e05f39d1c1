"""Molar mass and lithium of a chemical formula; the only module that imports periodictable."""

from functools import lru_cache
from typing import Any

from filmcell.errors import InputError
from filmcell.units import shown


@lru_cache(maxsize=1024)
def _parsed(formula: str) -> Any:
    """Parse a formula, once; importing periodictable is slow."""
    import periodictable

    try:
        return periodictable.formula(formula)
    except Exception as error:  # its parser fails in many ways
        raise InputError(
            f"{shown(formula)} is not a chemical formula, expected one such as LiCoO2"
        ) from error


def molar_mass(formula: str) -> float:
    """Molar mass of a formula unit.

    Parameters
    ----------
    formula : str
        Chemical formula; counts may be fractions.

    Returns
    -------
    float
        Molar mass [kg/mol].

    Raises
    ------
    InputError
        Where the text is not a formula.

    Examples
    --------
    >>> round(molar_mass("Li1.3Al0.3Ti1.7(PO4)3"), 4)
    0.3834
    """
    return float(_parsed(formula).mass) * 1e-3


def lithium_count(formula: str) -> float:
    """Count the lithium of a formula unit.

    Parameters
    ----------
    formula : str
        Chemical formula; counts may be fractions.

    Returns
    -------
    float
        Atoms of lithium per formula unit [-].

    Raises
    ------
    InputError
        Where the text is not a formula.

    Examples
    --------
    >>> lithium_count("Li0.33La0.55TiO3")
    0.33
    """
    return float(sum(n for atom, n in _parsed(formula).atoms.items() if atom.symbol == "Li"))
