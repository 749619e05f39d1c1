"""Sweeps: a plan of many designs, run in threads or on a cluster, into a store that lasts."""

from filmcell.sweep.axes import LogRange, Range, Values
from filmcell.sweep.plan import Plan
from filmcell.sweep.plan_file import load_plan
from filmcell.sweep.run import run_sweep, sweep_table
from filmcell.sweep.sampling import Grid, LatinHypercube, Paired, Sobol
from filmcell.sweep.store import read_store

__all__ = [
    "Grid",
    "LatinHypercube",
    "LogRange",
    "Paired",
    "Plan",
    "Range",
    "Sobol",
    "Values",
    "load_plan",
    "read_store",
    "run_sweep",
    "sweep_table",
]
