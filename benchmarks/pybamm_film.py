"""The film as a custom PyBaMM model, one half of a cycle: as most would write it, and at its best.

`benchmarks/README.md` says what both lose by their mesh.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import film_problem as film

from filmcell.constants import F, R

TEMPERATURE = 298.15


class Volumes(NamedTuple):
    """Volumes of the film in PyBaMM, and how the equations are written on them.

    `kirchhoff`: the flux is the gradient of the integral of D dx, whose value at the surface is
    extrapolated by a parabola that has the gradient of the boundary condition. Otherwise it is D
    times the gradient of x with PyBaMM's own straight line. `stretch` is that of
    `Exponential1DSubMesh`, narrow at the surface; 0 has equal volumes.
    """

    count: int = film.VOLUMES
    kirchhoff: bool = False
    stretch: float = 0.0

    def __str__(self) -> str:
        """Write what is not as most would have it."""
        parts = [
            "Kirchhoff" if self.kirchhoff else "",
            f"stretch {self.stretch:g}" if self.stretch else "",
            f"{self.count} volumes" if self.count != film.VOLUMES else "",
        ]
        return ", ".join(part for part in parts if part)

    def generator(self) -> Any:
        """What makes the mesh."""
        import pybamm

        if not self.stretch:
            return pybamm.Uniform1DSubMesh
        given = {"side": "left", "stretch": self.stretch}
        return pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, given)

    def method(self) -> Any:
        """How the operators are discretised."""
        import pybamm

        order = {"value": "quadratic", "gradient": "quadratic"}
        parabola = {"extrapolation": {"order": order, "use bcs": True}}
        return pybamm.FiniteVolume(parabola if self.kirchhoff else None)


USUAL = Volumes()
"""What most would write."""


def open_circuit(s: Any, tanh: Callable[[Any], Any]) -> Any:
    """Potential of the film problem over the scaled fraction s [V]."""
    return (
        2.16216
        + 0.07645 * tanh(30.834 - 54.4806 * s)
        + 2.1581 * tanh(52.294 - 50.294 * s)
        - 0.14169 * tanh(11.0923 - 19.8543 * s)
        + 0.2051 * tanh(1.4684 - 5.4888 * s)
        + 0.2531 * tanh((0.56478 - s) / 0.1316)
        - 0.02167 * tanh((s - 0.525) / 0.006)
    )


def transported(x: Any, volumes: Volumes) -> tuple[Any, Any, Any, Any]:
    """Write the flux over D at half, whose gradient it has, and the surface fraction.

    Between the last two comes the gradient at the surface that a flux of one needs.
    """
    import pybamm

    if volumes.kirchhoff:
        phi = -pybamm.exp(-3.0 * (x - 0.5)) / 3.0
        surface = 0.5 - pybamm.log(-3.0 * pybamm.boundary_value(phi, "left")) / 3.0
        return pybamm.grad(phi), phi, 1.0, surface
    surface = pybamm.boundary_value(x, "left")
    flux = pybamm.exp(-3.0 * (x - 0.5)) * pybamm.grad(x)
    return flux, x, pybamm.exp(3.0 * (surface - 0.5)), surface


def film_model(
    sign: float, limit: float, start: Any, length: Any, D: Any, mesh: str, volumes: Volumes
) -> Any:
    """Write one half at 1C, discretised; `mesh` as in `sweep_contenders.Recipe`.

    D is the diffusivity of a half full film; it and the length may be inputs.
    """
    import pybamm

    x = pybamm.Variable("x", domain="film")
    depth = pybamm.SpatialVariable("depth", domain="film", coord_sys="cartesian")
    i = sign * F * film.C_MAX * 0.5 / 3600.0 * length
    unit = length if mesh == "scaled" else 1.0
    flux, potential, slope, surface = transported(x, volumes)

    # a trial step beyond a full film must still have a voltage, else the event is never seen
    inside = pybamm.minimum(surface, 1.0 - 1e-12)
    i0 = 2.0 * pybamm.sqrt(inside * (1.0 - inside))
    eta = pybamm.arcsinh(i / (2.0 * i0)) + pybamm.arcsinh(i / 10.0)
    V = open_circuit(1.062 * surface, pybamm.tanh) - 2.0 * R * TEMPERATURE / F * eta
    V = V - i * film.RESISTANCE
    inwards = -i / (F * film.C_MAX) / D * slope * unit
    model = pybamm.BaseModel("film")
    model.rhs = {x: pybamm.div(D / unit**2 * flux)}
    model.boundary_conditions = {
        potential: {"left": (inwards, "Neumann"), "right": (pybamm.Scalar(0), "Neumann")}
    }
    model.initial_conditions = {x: start}
    model.variables = {"V": V}
    model.events = [pybamm.Event("voltage", (V - limit) * sign)]
    symbolic = mesh == "symbolic"
    ends = {"min": pybamm.Scalar(0) if symbolic else 0, "max": 1 if mesh == "scaled" else length}
    kind = pybamm.SymbolicUniform1DSubMesh if symbolic else volumes.generator()
    geometry = pybamm.Geometry({"film": {depth: ends}})
    grid = pybamm.Mesh(geometry, {"film": kind}, {depth: volumes.count})
    pybamm.Discretisation(grid, {"film": volumes.method()}).process_model(model)
    return model
