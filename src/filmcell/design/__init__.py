"""Design: how thick, how fast, which trade: questions that take many simulations."""
