"""Readers of measured spectra: one file a format, one front door."""

from filmcell.impedance.readers.biologic import BIOLOGIC_TEXT
from filmcell.impedance.readers.chi import CHI
from filmcell.impedance.readers.columns import Column, Columns, Minus, Polar
from filmcell.impedance.readers.door import FORMATS, read_spectrum, read_sweeps
from filmcell.impedance.readers.format import Format
from filmcell.impedance.readers.gamry import GAMRY
from filmcell.impedance.readers.mpr import BIOLOGIC_MPR
from filmcell.impedance.readers.plain import NOVA, NOVOCONTROL, PLAIN, PYDRTTOOLS
from filmcell.impedance.readers.relaxis import RELAXIS
from filmcell.impedance.readers.series import InHeader, InName, read_series
from filmcell.impedance.readers.versastudio import VERSASTUDIO
from filmcell.impedance.readers.writing import write_csv
from filmcell.impedance.readers.zplot import ZPLOT

__all__ = [
    "BIOLOGIC_MPR",
    "BIOLOGIC_TEXT",
    "CHI",
    "FORMATS",
    "GAMRY",
    "NOVA",
    "NOVOCONTROL",
    "PLAIN",
    "PYDRTTOOLS",
    "RELAXIS",
    "VERSASTUDIO",
    "ZPLOT",
    "Column",
    "Columns",
    "Format",
    "InHeader",
    "InName",
    "Minus",
    "Polar",
    "read_series",
    "read_spectrum",
    "read_sweeps",
    "write_csv",
]
