"""Rodas5P at fixed steps, put together from its parts: what orders are measured with."""

from typing import Any

import numpy as np

from filmcell.arrays import Array
from filmcell.numerics.control import resolve
from filmcell.numerics.rodas import DENSE, STAGES, A, C
from filmcell.numerics.stages import Tableau, linearise, matrix_in, rodas_step


def march(model: Any, y: Array, control: Array, end: float, steps: int) -> tuple[Array, Array]:
    """Take a model to a time under one control; the state there and the last embedded one."""
    s, n, h, k = model.system, y.size, end / steps, model.system.border + 1
    # in plain Python: numba would hand whole arrays back where the kernel made views of them
    matrix = matrix_in.py_func(s.mass, np.zeros((6 + 3 * k, n)), np.zeros(2 * k * k))
    tableau, stages = Tableau(A, C, DENSE), np.zeros((STAGES, n))
    f0, last, gain, earlier, seen = *np.zeros((4, n)), np.zeros(2 + len(s.margins))
    y, i = y.copy(), 0.0
    for _ in range(steps):
        i = resolve(s.observe, control, y, i, s.numbers, seen)
        s.rate(y, i, s.numbers, f0)
        linearise(s.jacobian, s.gradient, control, y, i, s.numbers, seen, matrix)
        rodas_step(
            s.rate, s.observe, control, y, i, h, s.numbers, tableau, matrix, f0, stages, last,
            seen, gain, earlier,
        )  # fmt: skip
        y = last + stages[STAGES - 1]
    return y, last.copy()
