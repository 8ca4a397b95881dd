from __future__ import annotations

import numpy as np

from epoca.commands.curve import curve
from epoca.training.history import History


def _history(training: list[float], held_out: list[float]) -> History:
    return History.of_curves(held_out_loss=np.array([held_out]).T, training_loss=np.array([training]).T)


def test_both_curves_stand_at_their_height_and_the_ideal_epoch_below_its_place() -> None:
    lines = str(curve(_history([1.0] * 64, [2.0] * 63 + [1.5]), best=64)).split("\n")
    assert lines[0] == f"{'2':>9} ┤" + "•" * 63 + " "
    assert lines[13] == f"{'1':>9} ┤" + "·" * 64
    assert lines[15].index("▲") == 11 + 63
    assert "higher" not in lines[17]


def test_what_lies_above_the_frame_is_marked_so() -> None:
    text = str(curve(_history([1.0] * 64, [100.0, np.inf] + [2.0] * 62), best=None))
    assert text.split("┤")[1].startswith("↑↑ ")
    assert "↑ higher" in text
    assert "▲" not in text
