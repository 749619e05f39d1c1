"""Fixtures of all tests, and Hypothesis without a deadline (the first call may load kernels)."""

import pytest
from hypothesis import HealthCheck, settings

import filmcell

settings.register_profile(
    "filmcell", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("filmcell")


@pytest.fixture(scope="session")
def cell() -> "filmcell.Cell":
    """The model cell of Wang 2023: 10 um of LiCoO2 at 1e-14 m2/s."""
    return filmcell.load_cell("wang2023-lco-lipon-li")
