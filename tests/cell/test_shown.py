"""What the screen shows of a cell: every number and kind, and a layer that blocks."""

from typing import Any

import pytest

from filmcell import Cell, HeatBalance, Interlayer, SpaceChargeLayer, load_cell
from filmcell.cli.screen import print_cell

LAYER = SpaceChargeLayer(0.5, 1e-4, 16.6, 166.0)


def shown(cell: Cell, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Lines on the screen, with single blanks."""
    print_cell(cell)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_kinds_and_new_numbers_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    changes: dict[str, Any] = {
        "heat": HeatBalance(2000.0, 10.0),
        "interlayers": (Interlayer(1e-8, 1e-6),),
    }
    lines = shown(load_cell("raijmakers2020").replace(changes), capsys)
    for line in (
        "anode.kind lithium",
        "electrolyte.kind weak",
        "interlayers.0.kind layer",
        "cathode.transport.kind mixed",
        "cathode.transport.electronic_loss true",
        "heat.heat_capacity 2000 J/(m2 K) given without a source",
        "electrolyte_transference_number 0.233154",
    ):
        assert line in lines
    assert any(line.startswith("electrolyte.recombination_rate 8e-07 m3/(mol s)") for line in lines)
    assert not any("blocks" in line for line in lines)
    assert not any(line.startswith("heat.surroundings") for line in lines)


def test_a_layer_that_blocks_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    plain = load_cell("wang2023-lco-lipon-li").replace({"interlayers": (LAYER,)})
    sentence = "interlayers.0 blocks: its barrier of {} RT at {} K is above 12"
    assert shown(plain, capsys)[-1] == sentence.format("19.5", "298")
    assert shown(plain.replace({"temperature": "200 K"}), capsys)[-1] == sentence.format(
        "29", "200"
    )
    weak = plain.replace({"interlayers.0.potential": "0.3 V"})
    assert "blocks" not in shown(weak, capsys)[-1]
