"""What stopping rules would have done, and what more rows are worth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.plots import Reading, replay_chart, rows_by_epochs
from epoca.training.history import History
from epoca.training.replay import replay
from tests.plots.conftest import ENGLISH, PORTUGUESE

LOSSES = [0.9, 0.6, 0.5, 0.6, 0.6, 0.4, 0.5]
HISTORY = History.of_curves(held_out_loss=np.array([[loss, loss**2] for loss in LOSSES]))


def test_every_rule_has_a_line_with_its_choice_and_its_stop() -> None:
    found = replay(HISTORY, ["patience(2)", "patience(3)", "refined(16)"])
    figure = replay_chart(found, language=ENGLISH)
    assert figure.layout.yaxis2.ticktext == ("patience(2)", "patience(3)", "refined(16)")
    traces = {trace.name: trace for trace in figure.data if trace.name}
    np.testing.assert_allclose(traces["held-out loss"].y, HISTORY.curve("held_out_loss"))
    assert (traces["would have stopped"].x, traces["would have stopped"].y) == ((5,), (0,))
    assert (traces["would have chosen"].x, traces["would have chosen"].y) == ((3, 6), (0, 1))
    assert traces["would have chosen"].text == ("+0.0950 ± 0.0050", "0")
    assert figure.layout.title.subtitle.text.startswith("Ideal epoch: 6 of 7")
    assert [list(line) for line in Reading.of(figure).lines] == found.table(ENGLISH)[1:]
    assert "0,0950" in replay_chart(found, language=PORTUGUESE).data[3].text[0]


def study() -> Any:
    def curve(share: float, level: float) -> Any:
        losses = level + np.array([0.5, 0.1, 0.0, 0.2])
        return SimpleNamespace(
            share=share, rows=int(1600 * share), losses=losses, best_epoch=3, loss=level, loss_error=0.02
        )

    return SimpleNamespace(curves=[curve(1.0, 0.3), curve(0.5, 0.4), curve(0.25, 0.6)])


def test_shares_of_the_rows_are_curves_with_their_best_epochs() -> None:
    figure = rows_by_epochs(study(), language=ENGLISH)
    assert [trace.name for trace in figure.data if trace.mode == "lines"] == [
        *("25% (400 rows)", "50% (800 rows)", "100% (1,600 rows)")
    ]
    best = [(trace.x[0], trace.y[0]) for trace in figure.data if trace.name == "ideal epoch"]
    assert best == [(3, 0.6), (3, 0.4), (3, 0.3)]
    by_rows = figure.data[-1]
    assert (by_rows.x, by_rows.y, by_rows.error_y.array) == ((400, 800, 1600), (0.6, 0.4, 0.3), (0.02, 0.02, 0.02))
    assert figure.layout.xaxis2.type == "log"
    assert figure.layout.xaxis2.ticktext == ("400", "800", "1,600")
    assert Reading.of(figure).lines[0] == ("25.0%", "400", "3", "0.600 ± 0.020")
    assert rows_by_epochs(study(), language=PORTUGUESE).layout.xaxis2.ticktext[-1] == "1.600"


def test_a_study_of_nothing_is_refused() -> None:
    with pytest.raises(OptionError, match=r"^There is no curve to draw; study at least one share of the rows\.$"):
        rows_by_epochs(SimpleNamespace(curves=[]))
