"""Physical constants: CODATA 2018 values and the properties of lithium metal, SI units."""

F = 96485.33212
"""Faraday constant [C/mol] (CODATA 2018)."""

R = 8.314462618
"""Molar gas constant [J/(mol K)] (CODATA 2018)."""

EPSILON_0 = 8.8541878128e-12
"""Permittivity of the vacuum [F/m] (CODATA 2018)."""

LITHIUM_MOLAR_MASS = 6.94e-3
"""Molar mass of lithium [kg/mol] (IUPAC 2021)."""

LITHIUM_DENSITY = 534.0
"""Density of lithium metal [kg/m3] (stated in Ma 2023, doi 10.1039/d2qm01071b)."""

LITHIUM_MOLAR_VOLUME = LITHIUM_MOLAR_MASS / LITHIUM_DENSITY
"""Molar volume of lithium metal, 1.29963e-5 [m3/mol]."""

REFERENCE_TEMPERATURE = 298.15
"""Temperature at which room-temperature properties are quoted unless they say otherwise [K]."""
