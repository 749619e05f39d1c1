"""Sweeps: a plan of many designs, run in threads or on a cluster, into a store that lasts."""
