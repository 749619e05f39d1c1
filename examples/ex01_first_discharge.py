"""First discharge: how much of a film's capacity does a cell give?

What:  a published cell is charged to 4.2 V and discharged to 2.7 V; capacity and utilisation.
Time:  about 1 s from the compiled cache, about half a minute the first time.
Tags:  cell, protocol, capacity, utilisation
"""

import filmcell

# %% A preset: Li (2 um) | LiPON (2 um) | LiCoO2 (10 um), 1.44 cm2, D = 1e-14 m2/s, 298 K
cell = filmcell.load_cell("wang2023-lco-lipon-li")

# %% Charge from the as-made state, then discharge; the two currents are of the whole cell
result = filmcell.simulate(cell, "Charge at 0.1 mA until 4.2 V; Discharge at 0.1 mA until 2.7 V")

# %% What each step gave, and why it ended
for number, why in enumerate(result.ended):
    print(
        f"step {number + 1}: {result.capacity[number] * 1e3:.4f} mAh, "  # Ah to mAh
        f"{result.utilisation[number]:.1%} of the theoretical capacity, "
        f"{result.window_utilisation[number]:.1%} of what the voltage window allows; {why}"
    )

# %% The time series: current is positive on discharge
rows = result.of_step(2)
print(f"discharge at {result.current[rows][0] * 1e3:+.1f} mA ends at {result.time[rows][-1]:.0f} s")
print(f"lithium lost by the arithmetic: {result.lithium_imbalance():.1e} of all lithium")

discharged = result.capacity[1] * 1e3  # mAh
assert abs(discharged - 0.7015) < 0.001
assert result.ended == ("voltage reached 4.2 V", "voltage reached 2.7 V")
assert result.lithium_imbalance() < 1e-12  # -
