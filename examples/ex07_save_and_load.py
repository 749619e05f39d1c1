"""Save a result, load it again, and hand it on as a table.

What:  netCDF-4 with units and provenance on disk; polars in memory.
Time:  about 1 s.
Tags:  result, netCDF, polars, provenance
"""

import json
import tempfile
from pathlib import Path

import numpy as np

import filmcell

cell = filmcell.load_cell("wang2023-film-2.56um")
result = filmcell.simulate(cell, "Charge at C/10 until 4.2 V; Discharge at C/10 until 2.7 V")

with tempfile.TemporaryDirectory() as folder:
    path = result.save(Path(folder) / "run.nc")  # refuses to overwrite
    print(f"{path.stat().st_size / 1024:.0f} KiB")
    again = filmcell.load_result(path)

# %% Equal to the last bit
for name in ("time", "voltage", "current", "concentration"):
    assert np.array_equal(getattr(again, name), getattr(result, name))
assert again.ended == result.ended

# %% Where it came from: cell, protocol, options, mesh, version and a hash over them
print(again.provenance["protocol"])
print("hash", again.provenance["hash"][:12], "by filmcell", again.provenance["version"])
assert json.loads(again.provenance["cell"])["cathode"]["thickness"] == 2.56e-6  # m

# %% A table for other tools; columns carry their units
table = again.to_polars()
print(table.columns)
discharged = table.filter(table["step"] == 2)["charge_C"]
mAh = (discharged[-1] - discharged[0]) / 3.6  # C to mAh
print(f"discharged {mAh:.4f} mAh")
assert abs(mAh - 0.2269) < 5e-4  # mAh
