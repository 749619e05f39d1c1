"""Time the linear Kramers-Kronig test for all M on Z and Y, and pyimpspec's default test.

python benchmarks/bench_kk.py [--rounds 20] [--file FILE] [--peer PYTHON] [--json FILE]

pyimpspec (GPL-3) needs other versions of numpy and pandas than ours; give it an environment of its
own, and the ratio is printed:

python3 -m venv .venv-pyimpspec && .venv-pyimpspec/bin/pip install pyimpspec==5.1.3
"""

import os

if __name__ == "__main__":
    for _threads in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
        os.environ.setdefault(f"{_threads}_NUM_THREADS", "1")

import argparse
import json
import subprocess
import time
from pathlib import Path

import numpy as np

from filmcell.impedance.kramers_kronig import Elements, check_kramers_kronig
from filmcell.impedance.readers import read_spectrum
from filmcell.impedance.spectrum import Spectrum

ROOT = Path(__file__).parents[1]
SPECTRA = ROOT.parent / "shared" / "data" / "impedance" / "solid_state"
FILE = SPECTRA / "hybrid-drt" / "PEIS_LPSCl_IonBlocking_-25C.txt"
PEER = ROOT / ".venv-pyimpspec" / "bin" / "python"
TARGET = 50.0

# the default test, with all processes that it likes; the first run is not timed
PEER_CODE = """
import json, sys, time, warnings
from importlib.metadata import version
warnings.simplefilter("ignore")
import numpy as np
import pyimpspec
given = json.load(sys.stdin)
Z = np.array(given["re"]) + 1j * np.array(given["im"])
data = pyimpspec.DataSet(frequencies=np.array(given["f"]), impedances=Z)
seconds = []
for _ in range(given["rounds"] + 1):
    start = time.perf_counter()
    found = pyimpspec.perform_kramers_kronig_test(data)
    seconds.append(time.perf_counter() - start)
rms = float(np.sqrt(np.mean(np.abs(found.residuals) ** 2)))
print(json.dumps({"seconds": seconds[1:], "version": version("pyimpspec"), "rms": rms,
                  "M": int(found.num_RC), "Y": bool(found.admittance)}))
"""


def ours(spectrum: Spectrum, rounds: int) -> list[float]:
    """Seconds of a test of all M, both representations, all sets of parts, after a first one."""
    seconds = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        check_kramers_kronig(spectrum)
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


def peer(python: Path, spectrum: Spectrum, rounds: int) -> dict | str:
    """Times of pyimpspec in its own environment, or why there are none."""
    if not python.exists():
        return f"{python} is not there (see the head of this file)"
    given = {
        "f": spectrum.frequency.tolist(),
        "re": spectrum.impedance.real.tolist(),
        "im": spectrum.impedance.imag.tolist(),
        "rounds": rounds,
    }
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [python, "-c", PEER_CODE], input=json.dumps(given), env=free,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    return json.loads(done.stdout.strip().splitlines()[-1])


def report(spectrum: Spectrum, seconds: list[float]) -> dict:
    """Print and return what our test took and found."""
    found = check_kramers_kronig(spectrum)
    fixed = check_kramers_kronig(spectrum, choice=Elements(len(spectrum) // 2))
    ms = 1e3 * np.array(seconds)
    print(f"{len(spectrum)} points, {len(found.trials)} chains of the best parts and extension")
    print(f"filmcell: median {np.median(ms):.1f} ms, least {ms.min():.1f}, "
          f"p90 {np.quantile(ms, 0.9):.1f}")  # fmt: skip
    print(f"  M = {found.M} of {found.representation}, rms {found.rms:.3%}; "
          f"M = n/2 leaves {fixed.rms:.3%}")  # fmt: skip
    return {"median [ms]": float(np.median(ms)), "least [ms]": float(ms.min()),
            "points": len(spectrum), "M": found.M, "rms": found.rms}  # fmt: skip


def compare(mine: dict, other: dict | str) -> dict:
    """Print and return the ratio, or that the peer is absent."""
    if isinstance(other, str):
        print(f"pyimpspec: absent, {other}")
        return {"peer": other}
    theirs = float(np.median(other["seconds"])) * 1e3
    ratio = theirs / mine["median [ms]"]
    word = "met" if ratio >= TARGET else "not met"
    print(f"pyimpspec {other['version']}: median {theirs:.0f} ms, "
          f"M = {other['M']} of {'Y' if other['Y'] else 'Z'}, rms {other['rms']:.3%}")  # fmt: skip
    print(f"ratio {ratio:.0f}, asked {TARGET:.0f}: {word}")
    return {"peer": other, "ratio": ratio}


def main() -> None:
    """Read the spectrum, and time both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--peer-rounds", type=int, default=3)
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--peer", type=Path, default=PEER)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    if not chosen.file.exists():
        print(f"{chosen.file} is not there: nothing was timed")
        return
    spectrum = read_spectrum(chosen.file)
    mine = report(spectrum, ours(spectrum, chosen.rounds))
    found = mine | compare(mine, peer(chosen.peer, spectrum, chosen.peer_rounds))
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
