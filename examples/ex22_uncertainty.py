"""How sure is a utilisation? The published diffusivities and conductivities say.

What:  The material library knows several published values of a property. They are drawn from, by
       a Latin hypercube, and carried through to the utilisation of the Wang 2023 cell.
Time:  about 3 s.
Tags:  uncertainty, material library, Latin hypercube, rank correlation, LiCoO2, LiPON
"""

from filmcell import load_cell
from filmcell.design.objectives import Utilisation
from filmcell.design.published import Accepted, AsPublished
from filmcell.design.uncertainty import propagate
from filmcell.protocol.amounts import AmperesPerArea

cell = load_cell("wang2023-lco-lipon-li")
wanted = (Utilisation(AmperesPerArea(0.7)),)

found = propagate(cell, wanted, samples=256)
low, high = found.interval[:, 0]
print(f"as given {found.nominal[0]:.3f}, median {found.median[0]:.3f}, {low:.3f} to {high:.3f}")

# %% Which values were drawn from, and which numbers stayed
for g in found.gathered:
    print(f"{g.key}: {len(g.statements)} values of {g.material}, {len(g.aside)} set aside")
    for statement in g.statements:
        print(f"  {statement}")
for key, why in found.fixed.items():
    print(f"{key} stays: {why}")
for remark in found.remarks:
    print(f"! {remark}")

# %% With fitted values too, and nothing drawn between what was published
accepted = Accepted(kinds=("measured", "fitted"))
wider = propagate(cell, wanted, accepted=accepted, draw=AsPublished(), samples=256)
print(f"with fitted values: 95 % of the samples below {wider.interval[1, 0]:.3f}")

# %% The paper's 1e-14 m2/s is above every number measured on such films; curves are not drawn from
assert 0.699 < found.nominal[0] < 0.701
assert high < 0.6 < found.nominal[0]
assert found.strongest() == "cathode.diffusivity"
