"""One formula a function: SI numbers in, SI numbers out, no state."""
