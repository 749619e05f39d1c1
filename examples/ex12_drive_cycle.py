"""A drive cycle from a table: how long does a sensor run on one charge?

What:  a CSV file with an hour in the life of a sensor, sleeping, measuring, sending, is repeated
       until the voltage falls below the limit while it sends; the mean current alone would promise
       a longer life.
Time:  about 2 s.
Tags:  drive cycle, profile, CSV, pulse, Raijmakers 2020
"""

import tempfile
from pathlib import Path

import numpy as np

import filmcell
from filmcell import drive_cycle, load_profile

cell = filmcell.load_cell("raijmakers2020")  # a commercial cell, 1C is 0.7 mA; starts charged

# %% Positive currents discharge; each value holds until the next time, the last one is the end
TABLE = """\
# sleep, measure, send, sleep
time [s],current [mA]
0,0.005
3000,0.3
3300,4.0
3306,0.005
3600,0
"""
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "sensor.csv"
    path.write_text(TABLE, "utf-8")
    profile = load_profile(path)
result = filmcell.simulate(cell, drive_cycle(profile, repeat=1000))

# %% Each pass is one cycle; the last one was ended by the voltage, while the sensor was sending
passes = len(result.ended) - 1
print(f"{passes} whole hours, then: {result.ended[-1]} at {result.current[-1] * 1e3:.3g} mA")
for hour in (1, passes // 2, passes):
    rows = result.of_step(hour)
    volts = result.voltage[rows]
    print(f"hour {hour:3}: {volts.max():.3f} V at most, {volts.min():.3f} V while sending")

per_pass = float(np.diff(profile.times) @ profile.values[:-1])  # C
mean = per_pass / profile.times[-1]  # A
steady = filmcell.simulate(cell, f"Discharge at {mean} A until 3.0 V")
print(f"at its mean current of {mean * 1e6:.1f} uA: {steady.time[-1] / 3600:.1f} hours")
assert result.ended[-1] == "voltage reached the cell's lower limit 3 V"
assert passes < steady.time[-1] / 3600  # peaks end it earlier than the mean current
drawn = result.charge[result.of_step(passes).stop - 1]  # C
print(f"drawn in {passes} hours: {drawn:.9f} C; the table asks for {passes * per_pass:.9f} C")
assert abs(drawn / (passes * per_pass) - 1) < 1e-9  # -
