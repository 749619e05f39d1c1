"""Which papers are reproduced, and by which module."""

from importlib import import_module
from typing import Any

from filmcell.errors import InputError
from filmcell.units import shown

PAPERS = {
    "danilov2011": "filmcell.papers.danilov2011",
    "raijmakers2020": "filmcell.papers.raijmakers2020",
    "tan2021-llto": "filmcell.papers.tan2021_llto",
    "wang2023": "filmcell.papers.wang2023",
}
"""Name of a paper to the module that has `WORK` and `reproduce`."""


def paper(name: str) -> Any:
    """Load the module of a paper.

    Parameters
    ----------
    name : str
        Name such as "danilov2011".

    Returns
    -------
    module
        Its `reproduce(tick)` gives an outcome whose `report` is a `Report`; `WORK` says what a
        tick counts.

    Raises
    ------
    InputError
        Where no paper has that name.

    Examples
    --------
    >>> paper("wang2023").DOI
    '10.3389/fchem.2023.1169896'
    """
    if name not in PAPERS:
        raise InputError(
            f"{shown(name)} is not a paper that filmcell reproduces, expected one of "
            f"{', '.join(PAPERS)}"
        )
    return import_module(PAPERS[name])
