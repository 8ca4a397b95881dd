"""Loss by epoch."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from epoca import MLPClassifier
from epoca.errors import OptionError
from epoca.model import Model
from epoca.plots import Reading, learning_curves
from epoca.plots.finishing import some_epochs
from epoca.training.history import History
from tests.plots.conftest import ENGLISH, PORTUGUESE

LOSSES = np.array([[0.9, 0.8], [0.4, 0.5], [0.4, 0.6], [0.6, 0.7], [0.8, 0.9]])
HISTORY = History.of_curves(training_loss=LOSSES / 2, held_out_loss=LOSSES)


def named(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_curves_are_means_with_bands_of_a_standard_deviation() -> None:
    figure = learning_curves(HISTORY, language=ENGLISH)
    np.testing.assert_allclose(named(figure, "held-out loss").y, LOSSES.mean(axis=1))
    np.testing.assert_allclose(named(figure, "training loss").y, LOSSES.mean(axis=1) / 2)
    low, high = (trace.y for trace in figure.data[3:5])
    np.testing.assert_allclose(high - low, 2 * LOSSES.std(axis=1, ddof=1))
    assert named(figure, "held-out loss").line.color == "#c2620e"
    assert "one standard deviation" in Reading.of(figure).caption


def test_the_ideal_epoch_is_marked_its_range_and_what_follows_shaded() -> None:
    figure = learning_curves(HISTORY, language=ENGLISH)
    after, as_good, line = figure.layout.shapes
    assert (line.x0, line.x1) == (2, 2)
    assert (as_good.x0, as_good.x1, as_good.fillcolor) == (1.5, 3.5, "#2e8b57")
    assert (after.x0, after.x1) == (3.5, 5.5)
    assert figure.layout.annotations[0].text == "ideal epoch: 2"
    assert figure.layout.title.subtitle.text == "Ideal epoch: 2 of 5; any from 2 to 3 is as good."


def test_a_figure_reads_as_a_table() -> None:
    reading = Reading.of(learning_curves(HISTORY, language=ENGLISH))
    assert reading.headings == ("epoch", "training loss", "held-out loss", "")
    assert reading.lines[1] == ("2", "0.225", "0.45", "ideal epoch")
    assert reading.alt == "Loss by epoch. Ideal epoch: 2 of 5; any from 2 to 3 is as good."
    assert len(some_epochs(5000, also=3)) == 21


def test_a_model_knows_the_loss_of_guessing_and_whether_it_ended_early(network: Model) -> None:
    figure = learning_curves(network, language=ENGLISH)
    assert set(named(figure, "loss of guessing").y) == {network.guessing_loss}
    early = learning_curves(replace(network, history=History(network.history[:4])), language=ENGLISH)
    assert "ended too early to tell" in early.layout.title.subtitle.text


def test_the_curve_that_chose_the_epoch_is_drawn(network: Model) -> None:
    refined = replace(network, settings={**network.settings, "stopping": "refined(16)"})
    assert named(learning_curves(refined, language=ENGLISH), "refined loss").line.color == "#8c6bb1"


def test_portuguese_has_its_words_and_its_comma() -> None:
    figure = learning_curves(HISTORY, language=PORTUGUESE)
    assert figure.layout.xaxis.title.text == "época"
    assert named(figure, "perda de treino")
    assert figure.layout.separators == ",."
    assert Reading.of(figure).lines[1][1] == "0,225"


def test_an_estimator_is_as_good_as_its_model() -> None:
    rows = np.linspace(0, 1, 40)[:, np.newaxis]
    classifier = MLPClassifier((4,), members=2, max_epochs=2).fit(rows, rows[:, 0] > 0.5)
    both = learning_curves(classifier, language=ENGLISH), learning_curves(classifier.model_, language=ENGLISH)
    assert both[0] == both[1]


def test_one_member_alone_and_nothing_held_out() -> None:
    falling = np.array([[0.5], [0.4]])
    history = History.of_curves(training_loss=falling, held_out_loss=np.full_like(falling, np.nan))
    alone = learning_curves(history, language=ENGLISH)
    assert alone.layout.title.subtitle.text == "Ideal epoch: unknown, since no rows were held out."
    assert not alone.layout.shapes
    assert [trace.name for trace in alone.data if trace.name] == ["training loss"]
    assert Reading.of(alone).caption == "The lines are those of a single member."


def test_losses_that_are_no_numbers_leave_a_gap() -> None:
    broken = np.array([[0.9, 0.8], [0.4, 0.5], [np.inf, 0.6]])
    figure = learning_curves(History.of_curves(training_loss=broken, held_out_loss=broken), language=ENGLISH)
    assert np.isfinite(figure.layout.yaxis.range).all()


def test_what_has_no_curves_is_refused() -> None:
    with pytest.raises(OptionError, match=r"^No epoch was recorded, so there are no curves to draw; train"):
        learning_curves(History())
    with pytest.raises(OptionError, match=r"^A model or a fitted estimator is expected, not MLPClassifier; call fit"):
        learning_curves(MLPClassifier())


def test_importing_epoca_leaves_plotly_alone() -> None:
    program = "import sys, epoca; epoca.MLPClassifier; assert 'plotly' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
