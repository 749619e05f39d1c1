"""BioLogic .mpr by way of galvani, which is GPL-3 and therefore an extra that is asked for."""

from io import BytesIO
from typing import Any

import numpy as np

from filmcell.errors import InputError, MissingExtra
from filmcell.impedance.readers.columns import Choice
from filmcell.impedance.readers.format import Format, Reading
from filmcell.impedance.readers.rows import Rows, checked
from filmcell.impedance.readers.source import Source
from filmcell.units import shown

_COLUMNS = ("freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm")


def _recognises(source: Source) -> bool:
    """Whether it begins as EC-Lab's binary files do."""
    return source.data.startswith(b"BIO-LOGIC MODULAR FILE")


def _read(source: Source, choice: Choice | None) -> Reading:
    """Read frequency and impedance of every row."""
    if choice is not None:
        raise InputError("a .mpr file names its columns itself, expected no columns")
    data, date = _data(source)
    names = data.dtype.names or ()
    if not set(_COLUMNS) <= set(names):
        given = ", ".join(shown(name) for name in names)
        raise InputError(f"no column freq/Hz among {given}, expected a measurement of impedance")
    f, real, minus = (data[name].astype(np.float64) for name in _COLUMNS)
    Z = np.empty(f.size, dtype=np.complex128)
    Z.real, Z.imag = real, -minus
    reason = checked(f, Z, np.full(f.size, "", dtype=object))
    count = np.arange(1, f.size + 1)
    rows = Rows(f, Z, reason, count, np.zeros(f.size, dtype=int))
    return Reading(rows, {"instrument": "BioLogic", "read by": "galvani", **date})


def _data(source: Source) -> tuple[Any, dict[str, str]]:
    """Table that galvani finds, and the date."""
    try:
        from galvani import BioLogic
    except ImportError:
        raise MissingExtra("reading .mpr needs filmcell[biologic] (GPL-3)") from None
    try:
        file = BioLogic.MPRfile(BytesIO(source.data))
    except Exception as error:  # galvani fails in many ways: unknown columns, damaged blocks
        why = str(error).partition("\n")[0][:80] or type(error).__name__
        raise InputError(
            f"galvani cannot read it ({why}), expected a whole .mpr (or its export as .mpt)"
        ) from None
    date = getattr(file, "startdate", None)
    return file.data, {"date": str(date)} if date else {}


BIOLOGIC_MPR = Format("EC-Lab binary", _recognises, _read, binary=True)
