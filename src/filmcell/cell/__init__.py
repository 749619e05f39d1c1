"""The cell on paper: frozen layers, checked once at the door."""
