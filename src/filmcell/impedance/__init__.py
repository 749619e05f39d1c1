"""Impedance: of a cell model, of the laboratory, and both on one plot."""
