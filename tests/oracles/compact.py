"""The compact scheme of a film on nodes, written anew as dense matrices for the oracles.

Neighbouring nodes have to be about as far apart everywhere: there are parabolas between them, in
place of which `filmcell.numerics.nodes` uses straight lines where they are not.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from filmcell.numerics.nodes import STEEPEST

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(30)


@dataclass(frozen=True, eq=False)
class Film:
    """Nodes at depths of a layer of a length: plane (dimension 0), cylinder (1) or sphere (2).

    >>> (12.0 * Film(np.arange(4.0), 4.0).mass).round(9) + 0.0
    array([[ 4.,  2.,  0.,  0.],
           [ 1., 10.,  1.,  0.],
           [ 0.,  1., 10.,  1.],
           [ 0.,  0., -1., 19.]])
    """

    depths: np.ndarray
    length: float
    dimension: int = 0

    def __post_init__(self):
        """Refuse depths that would need straight lines."""
        h = np.diff([*self.depths, self.length])
        assert np.all(np.maximum(h[1:], h[:-1]) < STEEPEST * np.minimum(h[1:], h[:-1]))

    def steady(self, x):
        """What a steady flux of one unit falls by down to depths [m]."""
        r, L = self.length - np.asarray(x), self.length
        return (lambda: -r, lambda: -L * np.log(r), lambda: L**2 / r)[self.dimension]()

    @cached_property
    def resistances(self):
        """From the surface to the first node, and from each node to the next, shape (n,) [m].

        To the first node in a body that fills evenly: the flux falls with what it has left behind.
        """
        first, L = self.depths[0], self.length
        return np.concatenate([[first - first**2 / (2.0 * L)], np.diff(self.steady(self.depths))])

    def between(self, j, x):
        """Nodes whose rates give those around node j at the depths x, and their weights."""
        n, d = self.depths.size, self.depths
        if j == 0:
            nodes, powers, origin = [0, 1], [0, 1], d[0]
        elif j == n - 1:
            nodes, powers, origin = [n - 2, n - 1], [0, 2], self.length
        else:
            nodes, powers, origin = [j - 1, j, j + 1], [0, 1, 2], d[j]

        def basis(x):
            return ((x[:, None] - origin) / (d[nodes[1]] - d[nodes[0]])) ** powers

        return nodes, basis(x) @ np.linalg.inv(basis(d[nodes]))

    @cached_property
    def mass(self):
        """What a rate at node k counts in the balance of node j, shape (n, n) [m]."""
        n, ends = self.depths.size, [0.0, *self.depths, self.length]
        M = np.zeros((n, n))
        for k in range(n + 1):
            half = 0.5 * (ends[k + 1] - ends[k])
            x = ends[k] + half * (POINTS + 1.0)
            weights = half * WEIGHTS * ((self.length - x) / self.length) ** self.dimension
            hats = {min(k, n - 1): np.ones_like(x)}
            if 0 < k < n:
                low, high = self.steady(ends[k : k + 2])
                rising = (self.steady(x) - low) / (high - low)
                hats = {k - 1: 1.0 - rising, k: rising}
            for j, hat in hats.items():
                nodes, shares = self.between(j, x)
                M[j, nodes] += weights * hat @ shares
        return M

    @cached_property
    def inverse(self):
        """Inverse of the mass matrix, shape (n, n) [1/m]."""
        return np.linalg.inv(self.mass)

    def rate(self, x, influx, D):
        """dx/dt at each node for D(x) and an influx of x [m/s]."""
        middle, half = 0.5 * (x[1:] + x[:-1]), 0.5 * np.diff(x)
        driven = -half * (D(middle[:, None] + half[:, None] * POINTS) @ WEIGHTS)
        flux = np.concatenate([[influx], driven / self.resistances[1:], [0.0]])
        return -self.inverse @ np.diff(flux)

    def surface(self, first, influx, D):
        """Fraction at the surface for that at the first node."""
        return first + influx * self.resistances[0] / D(first)
