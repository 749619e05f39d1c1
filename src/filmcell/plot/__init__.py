"""Figures: each function takes arrays or a result and an optional ax, and returns the ax."""
