"""Circuits: strings there and back, numbers, impedances, exact derivatives, refusals."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from filmcell.errors import InputError
from filmcell.impedance.circuits import (
    CPE,
    ELEMENTS,
    TL,
    ZARC,
    C,
    Circuit,
    G,
    L,
    Parallel,
    R,
    Series,
    W,
    Wfl,
    Wfs,
    circuit_from_text,
    p,
)

elements = st.sampled_from([kind() for kind in ELEMENTS.values()])


def joined(parts: list[Circuit]) -> Circuit:
    """Parts in series, by the operator."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole - part
    return whole


def combined(inner: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(inner, min_size=2, max_size=3)
    return several.map(joined) | several.map(lambda parts: p(*parts))


circuits = st.recursive(elements, combined, max_leaves=6)
OMEGA = 2 * np.pi * np.logspace(5, -2, 15)


def middling(circuit: Circuit) -> np.ndarray:
    """Values with time constants inside the frequencies, all different."""
    found: list[float] = []
    for k, element in enumerate(circuit.elements):
        found += element.seed(10.0 + k, 10.0 ** (-3 + 0.7 * k), 0.9 - 0.05 * k)
    return np.array(found)


# --- strings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("circuit", "text"),
    [
        (R() - p(R(), CPE()) - Wfs(), "R0-p(R1,CPE1)-Wfs2"),
        (p(R(), CPE()) - p(R(), CPE()) - CPE(), "p(R1,CPE1)-p(R2,CPE2)-CPE3"),
        (L() - R() - p(R(), C()) - W(), "L0-R0-p(R1,C1)-W2"),
        (R() - p(R() - Wfl(), CPE()), "R0-p(R1-Wfl1,CPE1)"),
        (p(R() - p(R(), C()), C()), "p(R1-p(R2,C2),C1)"),
        (ZARC() - ZARC() - TL() - G(), "ZARC1-ZARC2-TL3-G4"),
        (R(7) - p(R(), CPE(3)), "R7-p(R1,CPE3)"),
        (L() - R(0) - p(R(), CPE()), "L0-R0-p(R1,CPE1)"),
        (p(R(), CPE()) - W(1) - p(R(), CPE()), "p(R1,CPE1)-W1-p(R2,CPE2)"),
        (R() - R(), "R0-R1"),
        (R() - p(R(), CPE()) - L(), "R0-p(R1,CPE1)-L2"),
        (CPE(), "CPE1"),
    ],
)
def test_the_usual_string(circuit: Circuit, text: str) -> None:
    assert str(circuit) == text
    assert circuit_from_text(text) == circuit
    assert str(circuit_from_text(text)) == text


@given(circuits)
def test_a_string_leads_back_to_its_circuit(circuit: Circuit) -> None:
    again = circuit_from_text(str(circuit))
    assert again == circuit
    assert hash(again) == hash(circuit)
    assert again.names == circuit.names
    x = middling(circuit)
    assert_allclose(again.impedance(OMEGA, x), circuit.impedance(OMEGA, x), rtol=1e-12, atol=0)


@given(circuits)
def test_names_are_unique(circuit: Circuit) -> None:
    assert len(set(circuit.names)) == len(circuit.names) == circuit.size
    assert str(circuit.numbered) == circuit.numbered.text == str(circuit)


def test_spaces_lines_and_underscores_do_not_matter() -> None:
    assert circuit_from_text(" R_0 -\n p( R_1 , CPE_1 ) ") == R() - p(R(), CPE())


def test_a_string_without_numbers_gets_them_from_its_places() -> None:
    assert str(circuit_from_text("R-p(R,CPE)-Wfs")) == "R0-p(R1,CPE1)-Wfs2"


def test_a_circuit_says_what_its_elements_are() -> None:
    told = (R() - p(R(), CPE())).explain()
    assert told.splitlines() == [
        "R0: resistor, Z = R; R = R0 [ohm] from 0 to inf",
        "R1: resistor, Z = R; R = R1 [ohm] from 0 to inf",
        "CPE1: constant-phase element, Z = 1/(Q*(j*omega)^n); Q = CPE1_Q [S s^n] from 0 to inf, "
        "n = CPE1_n [-] from 0.2 to 1",
    ]


# --- impedances -----------------------------------------------------------------------------------


def test_a_randles_circuit_by_hand() -> None:
    circuit = R() - p(R() - W(), C())
    x = {"R0": 5.0, "R1": 50.0, "W1": 20.0, "C1": 1e-4}
    faradaic = 50.0 + 20.0 * (1 - 1j) / np.sqrt(OMEGA)
    by_hand = 5.0 + 1 / (1 / faradaic + 1j * OMEGA * 1e-4)
    assert_allclose(circuit.impedance(OMEGA, x), by_hand, rtol=1e-13, atol=0)


def test_values_by_name_and_in_order_are_the_same() -> None:
    circuit = R() - p(R(), CPE())
    named = {"CPE1_n": 0.8, "R1": 2.0, "CPE1_Q": 3.0, "R0": 1.0}
    assert_allclose(circuit.ordered(named), [1.0, 2.0, 3.0, 0.8], rtol=0, atol=0)
    assert_allclose(
        circuit.impedance(OMEGA, named), circuit.impedance(OMEGA, [1.0, 2.0, 3.0, 0.8]),
        rtol=0, atol=0,
    )  # fmt: skip


@given(circuits)
def test_derivatives_are_exact(circuit: Circuit) -> None:
    """Against differences of fourth order; the elements are held to 1e-10 by themselves."""
    x = middling(circuit)
    found = circuit.jacobian(OMEGA, x)
    Z, dZ = circuit.differentiate(OMEGA, x)
    assert_allclose(Z, circuit.respond(OMEGA, x), rtol=1e-10, atol=0)
    assert_allclose(dZ, found, rtol=0, atol=0)
    for k in range(x.size):
        h = 1e-3 * x[k]
        steps = [circuit.respond(OMEGA, x + m * h * (np.arange(x.size) == k))
                 for m in (-2, -1, 1, 2)]  # fmt: skip
        slope = (steps[0] - 8 * steps[1] + 8 * steps[2] - steps[3]) / (12 * h)
        assert_allclose(found[k], slope, rtol=2e-7, atol=2e-7 * np.abs(Z / x[k]).max())


def test_many_values_at_once() -> None:
    """Columns of values give as many impedances."""
    circuit = R() - p(R(), CPE())
    x = np.array([[1.0, 2.0, 3e-3, 0.8], [4.0, 5.0, 6e-3, 0.9]])
    together = circuit.respond(OMEGA, list(x.T[:, :, None]))
    for row, Z in zip(x, together, strict=True):
        assert_allclose(Z, circuit.impedance(OMEGA, row), rtol=1e-13, atol=0)


def test_series_and_parallel_are_what_they_say() -> None:
    a, b = R(1), C(1)
    Za, Zb = a.impedance(OMEGA, [3.0]), b.impedance(OMEGA, [1e-3])
    assert_allclose((a - b).impedance(OMEGA, [3.0, 1e-3]), Za + Zb, rtol=1e-13, atol=0)
    assert_allclose(p(a, b).impedance(OMEGA, [3.0, 1e-3]), Za * Zb / (Za + Zb), rtol=1e-13, atol=0)
    assert isinstance(a - b, Series)
    assert isinstance(p(a, b), Parallel)
    assert len(((R() - C()) - (L() - W())).members) == 4


def test_a_circuit_does_not_change() -> None:
    circuit = R() - C()
    with pytest.raises(AttributeError):
        circuit.parts = ()
    with pytest.raises(AttributeError):
        circuit.parts[0].number = 3


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r'circuit "": it ends too early, expected an element such as R1 or "p\("'),
        ("R0-", r'circuit "R0-": it ends too early, expected an element'),
        ("R0-p(R1", r'"R0-p\(R1": it ends too early, expected "," or "\)"'),
        ("R0-p(R1)", r'"R0-p\(R1\)": p\(\) has 1 branch, expected two at least'),
        ("R0-X1", r'"R0-X1": X is not an element, expected one of R, C, L, CPE, .* TL$'),
        ("R0-Wo1", r"Wo is not an element, .*; what others call Wo is close to Wfs"),
        ("R0-p", r"p is not an element"),
        ("R1-C1-R1", r"R1 stands twice in a circuit, expected another number"),
        ("p(R1,p(C1,R1))", r"R1 stands twice"),
        ("R0 R1", r'cannot read "R" at place 4, expected "-" or the end'),
        ("R0-p(R1,C1))", r'cannot read "\)" at place 12, expected the end'),
        ("R0+R1", r'cannot read "\+" at place 3'),
        ("R0--R1", r'cannot read "-" at place 4, expected an element'),
        ("-R0", r'cannot read "-" at place 1'),
        ("p()", r'cannot read "\)" at place 3'),
        ("R0.5", r'cannot read "\." at place 3'),
        ("__import__('os')", r'cannot read "_" at place 1'),
        ("R12345678", r'cannot read "78" at place 8'),
        ("R" * 90, r'circuit "R{80}\.\.\.": R{80} is not an element'),
        ("R-" * 600, r'": 1200 characters, expected 1000 at most'),
    ],
)
def test_a_string_that_is_no_circuit_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        circuit_from_text(text)
    assert "\n" not in str(caught.value)


@given(st.text("RCLWp(),-0123456789PEfs ", max_size=30))
def test_any_other_text_is_a_circuit_or_a_named_refusal(text: str) -> None:
    try:
        circuit = circuit_from_text(text)
    except InputError:
        return
    assert circuit_from_text(str(circuit)) == circuit


def test_what_is_no_circuit_is_refused() -> None:
    with pytest.raises(InputError, match="3 is not a circuit, expected an element such as R"):
        R() - 3
    with pytest.raises(InputError, match="'C1' is not a circuit"):
        p(R(), "C1")
    with pytest.raises(InputError, match=r"p\(\) has no branches, expected two at least"):
        p()
    with pytest.raises(InputError, match="C1 stands twice"):
        C(1) - R() - C(1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"R0": 1.0}, r"R0-CPE1: CPE1_Q has no value, expected one for each name"),
        ({"R0": 1.0, "Q": 1.0}, r"value of 'Q': R0-CPE1 has no such parameter, expected one of R0"),
        ([1.0, 2.0], r"R0-CPE1: 2 values, expected 3"),
        ([1.0, 2.0, 1.5], r"CPE1_n: 1.5 is not allowed, expected 0.2 to 1"),
        ([-1.0, 2.0, 0.5], r"R0: -1 ohm is not allowed, expected a size above 0"),
        ([0.0, 2.0, 0.5], r"R0: 0 ohm is not allowed"),
        ([1.0, float("nan"), 0.5], r"CPE1_Q: nan S s\^n is not allowed"),
        ([1.0, 2.0, float("nan")], r"CPE1_n: nan is not allowed"),
    ],
)
def test_values_that_are_not_allowed_are_refused(values, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        (R() - CPE()).impedance(OMEGA, values)


@pytest.mark.parametrize("omega", [0.0, -1.0, float("nan")])
def test_frequencies_that_are_not_above_zero_are_refused(omega: float) -> None:
    with pytest.raises(InputError, match="angular frequencies must be above 0"):
        C().impedance([1.0, omega], [1.0])


def test_circuits_come_without_heavy_libraries() -> None:
    """No parser, no optimiser until one is needed."""
    code = "import sys, filmcell.impedance.circuits; print(' '.join(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"lark", "scipy", "numba", "pint"} & {
        m.partition(".")[0] for m in out.stdout.split()
    }
