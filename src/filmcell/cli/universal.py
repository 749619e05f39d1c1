"""filmcell design universal: the dimensionless map of utilisation, and a cell's place on it."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from filmcell.cli import screen
from filmcell.cli.doors import (
    REFUSED,
    Json,
    checked_folder,
    checked_new,
    echo_json,
    load_changed,
    write,
)
from filmcell.cli.maps import save
from filmcell.errors import InputError
from filmcell.papers.claims import Listing
from filmcell.units import to_si

_MOST_POINTS = 400
_LOW, _HIGH = 1e-4, 1e2
_SHOWN = 7


def universal(
    shape: Annotated[str, typer.Option(help="film, cylinder or sphere.")] = "film",
    points: Annotated[int, typer.Option(help="Points of each axis, 1e-4 to 1e2.")] = 25,
    cut_off: Annotated[
        str, typer.Option("--cut-off", help="Below the standard potential, where filling ends.")
    ] = "150 mV",
    interaction: Annotated[
        float, typer.Option(help="Of the lithium with itself, Frumkin's g; 0 is Langmuir.")
    ] = 0.0,
    cell: Annotated[
        str | None, typer.Option("--cell", help="Show where this cell stands on the map.")
    ] = None,
    current: Annotated[
        str | None, typer.Option(help='Current of that cell, "0.1 mA/cm2" or "C/10".')
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="Change a number of that cell.")
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="Draw the map here.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all points here.")] = None,
    as_json: Json = False,
) -> None:
    """Map utilisation over l (diffusion) and Xi (kinetics); every film or particle is a point."""
    from filmcell.cell.cathodes import shape_of
    from filmcell.design.universal import universal_map
    from filmcell.design.universal_problem import ideal_problem

    with screen.errors(as_json, REFUSED):
        checked_new(csv)
        checked_folder(plot)
        if not 2 <= points <= _MOST_POINTS:
            raise InputError(f"--points {points}: expected 2 to {_MOST_POINTS}")
        if (cell is None) != (current is None):
            raise InputError("--cell and --current: expected both or neither")
        depth = to_si(cut_off, "V")
        problem = ideal_problem(shape_of(shape, "--shape"), depth=depth, interaction=interaction)
        spots = {} if cell is None else _place(cell, changes, str(current), shape)
        ends = np.log10(_LOW), np.log10(_HIGH)
        axis = np.logspace(*ends, points)
        with screen.rate_bar("points", points**2, quiet=as_json) as report:
            found = universal_map(problem, axis, axis, progress=report)
        inside = {name: at for name, at in spots.items() if _is_inside(at)}
        told = {name: float(found.utilisation(*at)) for name, at in inside.items()}
        if csv is not None:
            write(csv, _csv(found), quiet=as_json)
        if plot is not None:
            from filmcell.plot.universal import universal as draw

            lines = {name: [at] for name, at in spots.items()}
            save(draw(found.ell, found.xi, found.values, cells=lines), plot, quiet=as_json)
        if as_json:
            echo_json(_as_dict(found, spots, told))
        else:
            _print(found, shape, spots, told)


def _place(name: str, changes: list[str] | None, current: str, shape: str) -> dict[str, Any]:
    """Find where a cell stands on the map of its shape."""
    from filmcell.design.universal import place
    from filmcell.protocol.reading import read_current

    chosen = load_changed(name, changes)
    if chosen.cathode.shape.name != shape:
        raise InputError(
            f"--shape {shape}: the cathode of {name} is a {chosen.cathode.shape.name}, expected "
            f"--shape {chosen.cathode.shape.name}"
        )
    return {chosen.name: place(chosen, read_current(current).density(chosen))}


def _is_inside(at: Any) -> bool:
    """Whether a place lies on the map."""
    return all(_LOW <= value <= _HIGH for value in at)


def _csv(found: Any) -> str:
    """All points, one a line."""
    lines = [
        f"{ell!r},{xi!r},{found.values[i, j]!r}"
        for i, ell in enumerate(found.ell.tolist())
        for j, xi in enumerate(found.xi.tolist())
    ]
    return "\n".join(["l,Xi,utilisation", *lines])


def _as_dict(found: Any, spots: dict[str, Any], told: dict[str, float]) -> dict[str, Any]:
    """The map as plain data."""
    return {
        "l": found.ell.tolist(),
        "Xi": found.xi.tolist(),
        "utilisation": found.values.tolist(),
        "failed": [why for why in found.failed if why],
        "cells": {
            name: {"l": float(at.ell), "Xi": float(at.xi), "utilisation": told.get(name)}
            for name, at in spots.items()
        },
        "provenance": dict(found.provenance),
    }


def _print(found: Any, shape: str, spots: dict[str, Any], told: dict[str, float]) -> None:
    """Print some of the map, and the cells on it."""
    some = np.unique(np.linspace(0, found.ell.size - 1, _SHOWN).round().astype(int))
    rows = tuple(
        (f"{found.xi[j]:.3g}", *(f"{found.values[i, j]:.4f}" for i in some)) for j in some[::-1]
    )
    heads = ("Xi \\ l", *(f"{found.ell[i]:.3g}" for i in some))
    screen.print_listing(
        Listing(f"utilisation of a {shape}, filled at constant current", heads, rows)
    )
    for name, at in spots.items():
        share = f"utilisation {told[name]:.4g}" if name in told else "beyond the map"
        typer.echo(f"{name}: l = {at.ell:.4g}, Xi = {at.xi:.4g}: {share}")
    typer.echo("l: rate of the current over that of diffusion; Xi: kinetics over diffusion; one D, "
               "one step of the isotherm, no electrolyte")  # fmt: skip
