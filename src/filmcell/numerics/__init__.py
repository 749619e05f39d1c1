"""Meshes, tables, tridiagonal systems and a compiled time integrator; knows no battery."""
