"""What is done to a cell: steps, their controls and limits, from Python, text or TOML."""
