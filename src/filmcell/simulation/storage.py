"""Results on disk: netCDF-4, written by h5netcdf, opened by xarray, MATLAB and HDF viewers."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filmcell.arrays import Array
from filmcell.errors import InputError, MissingExtra
from filmcell.simulation.result import Layer, Result

FORMAT = "filmcell result 2"

_SERIES = {
    "time": "s",
    "voltage": "V",
    "current": "A",
    "charge": "C",
    "stored_charge": "C",
    "temperature": "K",
    "step": "1",
    "cycle": "1",
    "lithium_thickness": "m",
}
_DEPTHS = {"depth": "m", "volume": "m"}
_NUMBERS = ("area", "theoretical_capacity", "window_capacity")


@dataclass(frozen=True, eq=False)
class Stored:
    """The origin of a result that was read from a file.

    Parameters
    ----------
    parts : mapping of str to ndarray
        Losses, each of shape (n,) [V].
    attributes : mapping of str to str
        Provenance.
    """

    parts: Mapping[str, Array]
    attributes: Mapping[str, str]

    def losses(self, result: Result) -> Mapping[str, Array]:
        """Losses as they were saved."""
        return self.parts

    def provenance(self) -> Mapping[str, str]:
        """Provenance as it was saved."""
        return self.attributes


def _variables(result: Result) -> dict[str, tuple[tuple[str, ...], Any, dict[str, str]]]:
    """Name of each variable to its dimensions, values and attributes."""
    series: dict[str, tuple[tuple[str, ...], Any, dict[str, str]]] = {
        k: (("time",), getattr(result, k), {"units": unit}) for k, unit in _SERIES.items()
    }
    depths = {k: (("depth",), getattr(result, k), {"units": u}) for k, u in _DEPTHS.items()}
    profile = (("time", "depth"), result.concentration, {"units": "mol m-3"})
    layers = {
        f"{what}_{_plain(name)}": (dimensions, values, {"units": unit, "layer": name})
        for name, layer in result.layers.items()
        for what, dimensions, values, unit in (
            ("depth", (f"depth_{_plain(name)}",), layer.depth, "m"),
            ("volume", (f"depth_{_plain(name)}",), layer.volume, "m"),
            ("concentration", ("time", f"depth_{_plain(name)}"), layer.concentration,
             "mol m-3"),
        )
    }  # fmt: skip
    losses = {
        f"loss_{_plain(name)}": (("time",), v, {"units": "V", "long_name": name})
        for name, v in result.losses.items()
    }
    steps = {
        "step_capacity": (("step_number",), result.capacity, {"units": "A h"}),
        "step_energy": (("step_number",), result.energy, {"units": "W h"}),
    }
    return {**series, **depths, "concentration": profile, **layers, **losses, **steps}


def _plain(name: str) -> str:
    """Name of a layer or loss as one of a variable."""
    return name.replace(" ", "_").replace(".", "_")


def _attributes(result: Result) -> dict[str, Any]:
    """Attributes of the file; text and plain numbers only."""
    return {
        "format": FORMAT,
        "sign_convention": "current is positive on discharge",
        "ended": json.dumps(result.ended),
        **{name: float(getattr(result, name)) for name in _NUMBERS},
        **result.provenance,
    }


def save_result(result: Result, path: str | Path) -> Path:
    """Write a result as netCDF-4.

    Parameters
    ----------
    result : Result
        What to write.
    path : str or Path
        File to write; it must not exist yet.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        Where the file exists already or cannot be written; nothing is overwritten.
    """
    import h5netcdf

    path = Path(path)
    if path.exists():
        raise InputError(f"{path}: exists already, expected the name of a new file")
    if not path.parent.is_dir():
        raise InputError(f"{path}: cannot be written (the folder {path.parent} does not exist)")
    # written beside and renamed, so that an interrupted run leaves no half file under the name
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with h5netcdf.File(draft, "w") as file:
            file.dimensions = {
                "time": result.time.size,
                "depth": result.depth.size,
                "step_number": len(result.ended),
                **{f"depth_{_plain(name)}": layer.depth.size
                   for name, layer in result.layers.items()},
            }  # fmt: skip
            for name, (dimensions, values, attributes) in _variables(result).items():
                variable = file.create_variable(name, dimensions, data=values)
                variable.attrs.update(attributes)
            file.attrs.update(_attributes(result))
        draft.rename(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
    return path


def load_result(path: str | Path) -> Result:
    """Read a result that `Result.save` wrote.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Result
        The result, equal to the one that was saved.

    Raises
    ------
    InputError
        Where the file cannot be read or is not a result of filmcell.
    """
    import h5netcdf

    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: cannot be read (there is no such file)")
    try:
        with h5netcdf.File(path, "r") as file:
            attributes = dict(file.attrs)
            if attributes.get("format") != FORMAT:
                raise InputError(f'{path}: not a "{FORMAT}" file')
            values = {k: v[...] for k, v in file.variables.items()}
            names = {
                k: str(v.attrs.get("long_name", v.attrs.get("layer", k)))
                for k, v in file.variables.items()
            }
            layered = [k for k, v in file.variables.items() if "layer" in v.attrs]
    except OSError as error:
        raise InputError(f"{path}: cannot be read (not a netCDF-4 file)") from error
    return _rebuilt(attributes, values, names, layered)


def _rebuilt(
    attributes: Mapping[str, Any],
    values: Mapping[str, Any],
    names: Mapping[str, str],
    layered: list[str],
) -> Result:
    """Make a result of what a file holds."""
    whats = {k: k.split("_")[0] for k in layered}
    layers = {
        name: Layer(**{whats[k]: values[k] for k in layered if names[k] == name})
        for name in dict.fromkeys(names[k] for k in layered)
    }
    own = {"format", "sign_convention", "ended", *_NUMBERS}
    return Result(
        **{k: values[k] for k in (*_SERIES, *_DEPTHS, "concentration")},
        layers=layers,
        ended=tuple(json.loads(attributes["ended"])),
        area=float(attributes["area"]),
        theoretical_capacity=float(attributes["theoretical_capacity"]),
        window_capacity=float(attributes["window_capacity"]),
        origin=Stored(
            {names[k]: v for k, v in values.items() if k.startswith("loss_")},
            {k: str(v) for k, v in attributes.items() if k not in own and k[:1] != "_"},
        ),
    )


def to_xarray(result: Result) -> Any:
    """Give a result as an xarray Dataset.

    Parameters
    ----------
    result : Result
        The result.

    Returns
    -------
    xarray.Dataset
        Dimensions time, depth and step_number.

    Raises
    ------
    MissingExtra
        Where xarray is not installed.
    """
    try:
        import xarray
    except ImportError:
        raise MissingExtra("to_xarray needs xarray: pip install filmcell[xarray]") from None
    return xarray.Dataset(_variables(result), attrs=_attributes(result))
