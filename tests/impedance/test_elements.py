"""Elements: formula and code agree, derivatives are exact, parameters say what they are."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Transformer, v_args
from numpy.testing import assert_allclose
from scipy.special import iv

from filmcell.errors import InputError
from filmcell.impedance.circuits import CPE, ELEMENTS, ZARC, C, R, Wfs
from filmcell.units import _registry

GRAMMAR = """
?start: "Z" "=" sum
?sum: product | sum "+" product -> add | sum "-" product -> sub
?product: power | product "*" power -> mul | product "/" power -> div
?power: atom | atom "^" atom -> pow
?atom: NUMBER -> number | NAME -> name | NAME "(" sum ")" -> call | "(" sum ")"
NAME: /[A-Za-z][A-Za-z0-9]*/
%import common.NUMBER
%ignore " "
"""
FUNCTIONS = {
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "coth": lambda z: 1 / np.tanh(z),
    "I0": lambda z: iv(0, z),
    "I1": lambda z: iv(1, z),
}
# a value of each parameter that makes its part of every formula count at the frequencies below
VALUES = {"R": 3.0, "C": 0.2, "L": 0.5, "W": 2.0, "Q": 0.4, "n": 0.7, "tau": 1.5}
OMEGAS = (0.02, 1.3, 60.0)


@v_args(inline=True)
class Computed(Transformer):
    """A formula with numbers put in."""

    def __init__(self, known: dict[str, complex]) -> None:
        super().__init__()
        self.known = known

    number = float
    add = staticmethod(lambda a, b: a + b)
    sub = staticmethod(lambda a, b: a - b)
    mul = staticmethod(lambda a, b: a * b)
    div = staticmethod(lambda a, b: a / b)
    pow = staticmethod(lambda a, b: a**b)

    def name(self, name: str) -> complex:
        return self.known[name]

    def call(self, name: str, argument: complex) -> complex:
        return FUNCTIONS[name](argument)


@lru_cache
def parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr")


def values(kind: type) -> list[float]:
    return [VALUES[p.name] for p in kind.own]


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
@pytest.mark.parametrize("omega", OMEGAS)
def test_formula_and_code_agree(kind, omega: float) -> None:
    """The formula that is printed is the one that is computed."""
    known = {"j": 1j, "omega": omega} | {p.name: VALUES[p.name] for p in kind.own}
    told = Computed(known).transform(parser().parse(kind.formula))
    assert_allclose(kind().impedance(omega, values(kind)), told, rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
def test_docstring_and_line_have_the_formula_and_every_parameter(kind) -> None:
    assert f"``{kind.formula}``" in kind.__doc__
    line = kind(4).line
    assert kind.formula in line
    for p, full in zip(kind.own, kind(4).named, strict=True):
        assert f"{p.name} = {full.name} [{p.unit}]" in line


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
def test_derivatives_are_exact(kind) -> None:
    """Against Cauchy's formula on a circle around each value; impedances are analytic in them."""
    omega = np.array(OMEGAS)
    x = np.array(values(kind))
    turn = np.exp(2j * np.pi * np.arange(32) / 32)
    found = kind().jacobian(omega, x)
    for k in range(x.size):
        radius = 0.1 * x[k]
        around = []
        for t in turn:
            moved = x.astype(complex)
            moved[k] += radius * t
            around.append(_analytic(kind, omega, moved))
        slope = np.mean(np.array(around) / turn[:, None], axis=0) / radius
        assert_allclose(found[k], slope, rtol=1e-10, atol=1e-12 * np.abs(slope).max())


def _analytic(kind, omega, x):
    """Impedance with complex values, from the formula: the code is for real ones."""
    known = {"j": 1j, "omega": omega} | {p.name: v for p, v in zip(kind.own, x, strict=True)}
    return Computed(known).transform(parser().parse(kind.formula)) + 0 * omega


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
def test_a_seed_has_the_modulus_that_was_asked_for(kind) -> None:
    """Within a factor of four at omega = 1/tau: what a start needs."""
    Z = kind().impedance(1 / 0.03, kind().seed(200.0, 0.03, 0.8))
    assert 200 / 4 < abs(Z) < 200 * 4


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
def test_impedance_grows_as_the_powers_of_its_parameters_say(kind) -> None:
    x = np.array(values(kind))
    larger = x * 7.0 ** np.array([p.power for p in kind.own])
    omega = np.array(OMEGAS)
    assert_allclose(
        kind().impedance(omega, larger), 7.0 * kind().impedance(omega, x), rtol=1e-12, atol=0
    )


@pytest.mark.parametrize("kind", ELEMENTS.values(), ids=ELEMENTS)
def test_units_are_units(kind) -> None:
    """Of SI, but for that of Q, which has its exponent in it."""
    for p in kind.own:
        if p.unit not in ("-", "S s^n"):
            assert _registry().Quantity(1.0, p.unit).to_base_units().magnitude == 1.0


def test_names_of_parameters() -> None:
    assert [p.name for p in R(1).named] == ["R1"]
    assert [p.name for p in CPE(2).named] == ["CPE2_Q", "CPE2_n"]
    assert [p.name for p in Wfs(3).named] == ["Wfs3_R", "Wfs3_tau"]


def test_sizes_are_logarithmic_and_exponents_are_not() -> None:
    assert [p.logarithmic for p in ZARC.own] == [True, True, False]
    assert all(p.positive for kind in ELEMENTS.values() for p in kind.own)


@pytest.mark.parametrize("number", [-1, 1.0, "1", True])
def test_a_number_that_is_none_is_refused(number) -> None:
    with pytest.raises(InputError, match=r"C: number .* is not allowed, expected 0, 1, 2"):
        C(number)


@given(st.floats(-12, 12), st.floats(-12, 12))
def test_nothing_overflows_or_warns(log_omega: float, log_tau: float) -> None:
    """From 1e-24 to 1e24 in omega tau; warnings are errors in these tests."""
    omega = np.array([10.0**log_omega])
    for kind in ELEMENTS.values():
        Z, dZ = kind().differentiate(omega, np.array(kind().seed(1.0, 10.0**log_tau, 0.8)))
        assert np.isfinite(Z).all()
        assert np.isfinite(dZ).all()
        assert Z.real >= -1e-12 * abs(Z)
