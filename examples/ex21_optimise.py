"""The best film: the most energy that keeps 75 % of its lithium in use, and what limits it.

What:  Thickness and upper voltage of the Wang 2023 cell are varied. First the best areal energy
       under a limit, then the front of energy against power at 1C, then what the limit rests on.
Time:  about 5 s. Needs filmcell[optimise] and filmcell[sensitivity].
Tags:  optimisation, constraint, Pareto front, Sobol, design
"""

from filmcell import load_cell
from filmcell.design.objectives import ArealEnergy, AtLeast, MeanPower, Utilisation
from filmcell.design.optimise import optimise, pareto
from filmcell.design.problem import Problem
from filmcell.design.sensitivity import sensitivity
from filmcell.design.variables import Logarithmic, vary
from filmcell.protocol.amounts import AmperesPerArea, CRate

cell = load_cell("wang2023-lco-lipon-li")
i = AmperesPerArea(0.7)  # 0.07 mA/cm2
thickness = vary(cell, "cathode.thickness", "1 um", "30 um")
voltage = vary(cell, "upper_voltage", "4.0 V", "4.2 V")

# %% One objective under a limit
limit = AtLeast(Utilisation(i), 0.75)
best = optimise(Problem(cell, (thickness, voltage), (ArealEnergy(i),), (limit,)))
um = best.numbers["cathode.thickness"] * 1e6
print(f"{best.value / 10:.3f} mWh/cm2 with {um:.2f} um; {best.margins}")
print(*best.at_bounds, sep="\n")

# %% Two objectives: no design of the front beats another in both
wanted = (ArealEnergy(CRate(1.0)), MeanPower(CRate(1.0)))
enough = AtLeast(Utilisation(CRate(1.0)), 0.2)
front = pareto(Problem(cell, (thickness,), wanted, (enough,)), budget=400)
for k in front.picked(4):
    energy, power = front.values[k] / 10
    print(f"{energy:.3f} mWh/cm2 at {power:.3f} mW/cm2: {front.numbers[k, 0] * 1e6:.2f} um")

# %% What the utilisation rests on
ranges = (
    vary(cell, "cathode.diffusivity", "5e-15 m2/s", "2e-14 m2/s", Logarithmic),
    vary(cell, "electrolyte.conductivity", "5e-7 S/cm", "3e-6 S/cm", Logarithmic),
)
shares = sensitivity(Problem(cell, ranges, (Utilisation(i),)), blocks=128)
print({k: f"{x:.3f}" for k, x in zip(shares.keys, shares.total, strict=True)})

# %% The limit holds the thickness, its range holds the voltage, diffusion holds the utilisation
assert 7.2 < um < 7.4
assert best.at_bounds[0].startswith("upper_voltage sits at its upper bound 4.2 V")
assert shares.strongest == "cathode.diffusivity"
