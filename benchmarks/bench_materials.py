"""Time the material library: loading it, loading it again, and searches.

python benchmarks/bench_materials.py [--rounds 20]
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from filmcell.materials import find
from filmcell.materials.library import library, read_shipped

FRESH = (
    "import time, filmcell.materials.library as l; t = time.perf_counter(); l.read_shipped(); "
    "print(time.perf_counter() - t)"
)


def fresh() -> float:
    """Load the library in a new interpreter; the imports do not count [s]."""
    done = subprocess.run([sys.executable, "-c", FRESH], check=True, capture_output=True, text=True)
    return float(done.stdout)


def seconds(run: Callable[[], object]) -> float:
    """Time a call [s]."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Print the medians; the targets are 50 ms for loading again and 5 ms for a search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    known = library()
    runs = {
        "load in a new interpreter": fresh,
        "load again": lambda: seconds(read_shipped),
        "find a family by conductivity at 25 degC": lambda: seconds(
            lambda: find(role="electrolyte", family="perovskite", conductivity="> 1e-5 S/cm",
                         temperature="25 degC")
        ),
        "find every electrolyte at 60 degC": lambda: seconds(
            lambda: find(role="electrolyte", conductivity=True, temperature="60 degC")
        ),
    }  # fmt: skip
    print(f"{len(known.materials)} materials, {sum(r.count for r in known.records)} values")
    for name, run in runs.items():
        run()
        times = np.array([run() for _ in range(rounds)]) * 1e3
        print(f"{name:42s} {np.median(times):8.2f} ms (least {times.min():.2f})")


if __name__ == "__main__":
    main()
