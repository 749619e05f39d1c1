"""Rodas5P: a linearly implicit Runge-Kutta method of order 5 with an embedded one of order 4.

Each of the eight stages is one Newton step with one and the same matrix: one Jacobian, one
factorisation, eight substitutions a step, and no iteration that could fail to converge. The
method is L-stable and stiffly accurate, and was built to keep its order on parabolic problems.

Stage s solves ``(I / (gamma h) - J) k_s = f(y + sum_r A[s, r] k_r) + sum_r C[s, r] k_r / h``;
the last one is the error estimate and the new state is the last stage plus it.

References
----------
Steinebach, Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks within the
Julia Differential Equations package, BIT Numer. Math. 63 (2023) 27.
"""

from typing import Final

import numpy as np

from filmcell.arrays import Array, frozen

GAMMA: Final = 0.21193756319429014
ORDER: Final = 5
STAGES: Final = 8


def _lower_triangle(rows: tuple[tuple[float, ...], ...]) -> Array:
    """Rows of growing length as a square matrix with zeros elsewhere."""
    matrix = np.zeros((len(rows), len(rows)))
    for s, row in enumerate(rows):
        matrix[s, : len(row)] = row
    return frozen(matrix)


_A6 = (
    -7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256,
    0.030198172008377946,
)  # fmt: skip

A: Final[Array] = _lower_triangle(
    (
        (),
        (3.0,),
        (2.849394379747939, 0.45842242204463923),
        (-6.954028509809101, 2.489845061869568, -10.358996098473584),
        (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
        _A6,
        (*_A6, 1.0),
        (*_A6, 1.0, 1.0),
    )
)
"""Weights of the earlier stages in the state of each stage, shape (8, 8) [-]."""

C: Final[Array] = _lower_triangle(
    (
        (),
        (-14.155112264123755,),
        (-17.97296035885952, -2.859693295451294),
        (147.12150275711716, -1.41221402718213, 71.68940251302358),
        (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
        (24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125,
         -0.6610691825249471),
        (30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783,
         -19.097331116725623, -28.087943162872662),
        (37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047,
         -40.06618937091002, -54.66780262877968, -9.48861652309627),
    )
)  # fmt: skip
"""Weights of the earlier stages in the right-hand side of each stage, shape (8, 8) [-]."""

DENSE: Final[Array] = frozen(
    np.array([
        [25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
         0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493],
        [-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
         20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372],
        [11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
         -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722],
    ]),
    own=True,
)  # fmt: skip
"""Weights of the stages in the three coefficients of the dense output, shape (3, 8) [-]."""
