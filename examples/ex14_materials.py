"""Materials: which electrolyte, what between, and how much of the cathode is left?

What:  films that conduct are found, compared, and held against a cathode of 4.2 V by two windows
       that are never merged; what could go between is ranked; a potential curve is inverted.
Time:  about 1 s; nothing is simulated.
Tags:  material, library, electrolyte, stability window, interlayer, capacity
"""

import filmcell
from filmcell.materials import compare, find
from filmcell.materials.library import library
from filmcell.materials.suggestion import suggest_interlayers
from filmcell.materials.utilisation import pair, usable

# %% Films of which 1 um costs at most 100 ohm cm2 at room temperature
films = find(
    role="electrolyte", form="film", conductivity=(">=", "1e-6 S/cm"), temperature="25 degC"
)
for material, readings in films.rows:
    r = readings["conductivity"]
    print(f"{material.id}: {r.number:.3g} S/m, {r.how}, {r.value.kind}; {r.count} statements")

# %% Several sources for one number, all kept, the best first
for row in compare("llto", properties=["conductivity", "activation_energy"]):
    print(f"{row['rank']} {row['value']} ({row['conditions']}): {row['source']}")

# %% Does it stand between LiCoO2 and lithium? Positive margins are stable
margins = {}
for electrolyte in ("lipon", "llto"):
    found = filmcell.check(f"LCO | {electrolyte} | Li", potentials=(2.7, 4.2))  # V
    print(*found.verdicts, sep="\n")
    own = [m for m in found.margins if not m.how]
    margins |= {(electrolyte, m.side, m.window): m.margin for m in own}

# %% What could go between, and what is known of it
known = library()
ncm, llto = known.material("nmc532-tan"), known.material("llto")
for s in suggest_interlayers(ncm, llto, known)[:4]:
    cells = ", ".join(e.cell.name for e in s.evidence) or "no cell"
    margin = s.worst("experimental_apparent")  # V
    print(f"{s.material.id}: {margin:+.2f} V, 10 nm {s.resistance:.2g} ohm m2; {cells}")

# %% How much of the cathode is left below the limits of either window?
lco = known.material("lco-film")
whole = usable(lco, 2.7, 4.2)  # V
print(f"2.7 to 4.2 V: x {whole.full:.3f} to {whole.empty:.3f}, {whole.specific / 3600:.1f} mAh/g")
cut = pair(lco, llto, "dft_thermodynamic", known).use
print(f"to {cut.high} V, where LLTO is no longer stable: {cut.specific / 3600:.1f} mAh/g")
print(f"for {whole.potential.citation}")

assert abs(margins["llto", "oxidation", "dft_thermodynamic"] - (3.71 - 4.2)) < 1e-9  # V
assert abs(margins["lipon", "oxidation", "experimental_apparent"] - (5.5 - 4.2)) < 1e-9  # V
assert abs(whole.specific / 3600 - 123.56) < 0.05  # mAh/g: (1 - 0.5488) lithium of 97.87 g/mol
