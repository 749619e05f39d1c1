"""Time `import filmcell` against `import numpy` in fresh interpreters, in turns.

python benchmarks/bench_import.py [--rounds 20]
"""

import argparse
import subprocess
import sys
import time

import numpy as np

STATEMENTS = {"bare": "pass", "numpy": "import numpy", "filmcell": "import filmcell"}


def seconds(statement: str) -> float:
    """Time a fresh interpreter with one statement [s]."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Alternate, and print medians less the start of a bare interpreter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    times = np.array([[seconds(s) for s in STATEMENTS.values()] for _ in range(rounds + 1)])[1:]
    bare, plain, ours = np.median(times, axis=0) * 1e3
    print(f"bare interpreter {bare:.1f} ms")
    print(f"import numpy    +{plain - bare:.1f} ms")
    print(f"import filmcell +{ours - bare:.1f} ms, {(ours - bare) / (plain - bare):.2f} of numpy")


if __name__ == "__main__":
    main()
