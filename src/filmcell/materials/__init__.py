"""Properties that know their unit, range and source, and the library that keeps them."""
