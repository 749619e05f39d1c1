"""One loop over the steps, and the result it gives."""
