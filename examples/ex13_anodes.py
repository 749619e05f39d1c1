"""Anodes: lithium metal, none at all, indium-lithium, and lithium titanate.

What:  one cathode against four anodes. Each cell takes the same charge and rests: its voltage is
       the cathode's potential less the anode's. Then it is discharged; the film of titanate must
       be much thinner than its capacity asks for, as lithium diffuses slowly in it.
Time:  about 1 s.
Tags:  anode, anode-free, In-Li, LTO, lithium, closed form
"""

import filmcell
from filmcell import AnodeFree, InsertionAnode
from filmcell.materials import load

base = filmcell.load_cell("wang2023-lco-lipon-li").replace({"cathode.thickness": "1 um"})
kinetics = {"exchange_current_density": 5.75}  # A/m2, that of lithium on LiPON; assumed for films
anodes = {
    "lithium, 2 um": base.anode,
    "none (copper)": AnodeFree(5.75, reference_temperature="293 K", collector="copper"),
    "In-Li, 1 um": InsertionAnode("1 um", **kinetics, **load("in-li").layer_values),
    "LTO, 2 um": InsertionAnode("2 um", **kinetics, **load("lto").layer_values),
}
PLATEAU = {"In-Li, 1 um": 0.62, "LTO, 2 um": 1.55}  # V against lithium

rest, plated = {}, {}
for name, anode in anodes.items():
    low = PLATEAU.get(name, 0.0)  # V
    window = {"upper_voltage": 4.2 - low, "lower_voltage": 2.7 - low}
    run = filmcell.simulate(
        base.replace({"anode": anode, **window}),
        "Charge at C/10 until 0.06 mAh; Rest for 200 h; Discharge at C/10",
    )
    end = run.of_step(2).stop - 1
    rest[name], plated[name] = float(run.voltage[end]), float(run.lithium_thickness[end])
    print(
        f"{name}: {rest[name]:.6f} V at rest, {run.capacity[2] * 1e3:.5f} mAh given back, "
        f"{plated[name] * 1e6:.4f} um of lithium metal when charged; "
        f"{run.ended[2].partition(' (')[0]}"  # without the source of a property
    )

# %% The charge is the same, so the cathode is: cells differ by the potential of their anode
for name, volts in PLATEAU.items():
    off = rest["lithium, 2 um"] - rest[name] - volts  # V
    print(f"{name}: {volts} V below lithium, within {abs(off) * 1e6:.2f} uV")
    assert abs(off) < 1e-6

# %% An anode-free cell plates 4.8491 um per mAh/cm2, on 1.44 cm2
exact = 0.06 / 1.44 * 4.8491e-6  # m
print(f"plated {plated['none (copper)'] * 1e9:.2f} nm, from the charge {exact * 1e9:.2f} nm")
assert abs(plated["none (copper)"] / exact - 1) < 1e-5  # -
