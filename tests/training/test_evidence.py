from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from epoca.learners.population import Findings, Groups
from epoca.training.evidence import Clues, Evidence, Figure, evidence, is_open_ended
from epoca.training.history import Epoch, History
from epoca.training.stop import StopReason

Floats = NDArray[np.float64]
CURVE = np.array([0.9, 0.6, 0.4, 0.5, 0.7])
APART = np.array([-0.1, 0.0, 0.1, 0.0])
"""Of four groups of rows from their mean."""


def history(held_out: Floats, training: Floats, *, accuracy: Floats | None = None, folds: Any = (0, 1)) -> History:
    """Two members, four groups each."""
    groups = Groups(np.full((2, 4), 25.0), np.array(folds))
    found = History(groups=groups)
    for number, (loss, learned) in enumerate(zip(held_out, training, strict=True), 1):
        two = np.ones(2)
        findings = Findings(
            gradient_norm=two,
            training_loss=learned * two,
            training_accuracy=(0.9 if accuracy is None else accuracy[number - 1]) * two,
            held_out_loss=loss * two,
            held_out_accuracy=0.8 * two,
            training_loss_error=0.02 * two,
            refined_loss=np.nan * two,
            sharpness=two,
            held_out_groups=(loss + APART * number * two[:, np.newaxis]).astype(np.float32),
        )
        found.append(
            Epoch(
                number=number,
                findings=findings,
                learning_rate=0.01,
                rows_per_second=1e6,
                seconds=float(number),
                rose=bool(number > 1 and learned > training[number - 2]),
            )
        )
    return found


def of(held_out: Floats = CURVE, training: Floats | None = None, **more: Any) -> Evidence:
    learned = held_out - 0.1 * np.arange(len(held_out)) if training is None else training
    baselines = more.pop("baselines", {"guessing": np.full((2, 4), 1.0), "neuron": np.full((2, 4), 0.5)})
    stop = more.pop("stop", StopReason.PATIENCE)
    window = more.pop("window", 16)
    found = evidence(history(held_out, learned, **more), stop=stop, baselines=baselines, clues=Clues(), window=window)
    assert found is not None
    return found


def test_what_the_curves_say() -> None:
    found = of()
    assert (found.epochs, found.best) == (5, 3)
    assert (found.loss, found.guessing, found.training) == pytest.approx((0.4, 1.0, 0.2))
    assert found.learned.value == pytest.approx(0.6)
    # At epoch 3 the groups lie 0.3 apart, in either direction one of four; eight of them are seen.
    assert found.learned.error == pytest.approx(math.sqrt(8 / 7 * 4 * (0.3 / 8) ** 2), rel=1e-5)
    assert found.beyond_neuron is not None
    assert found.beyond_neuron.value == pytest.approx(0.1)
    assert found.gap.value == pytest.approx(0.2)
    assert found.gap.error == pytest.approx(math.hypot(found.learned.error, 0.02 / math.sqrt(2)))


def test_a_rise_is_counted_row_by_row_over_the_last_epochs() -> None:
    found = of()
    assert found.rise.value == pytest.approx(0.2)  # 0.1 and 0.3 on the average
    assert found.rise.error == pytest.approx(math.sqrt(8 / 7 * 4 * (0.15 / 8) ** 2), rel=1e-5)
    assert found.late == pytest.approx(0.25)
    assert found.fall == pytest.approx(0.2 - 0.25)
    long = of(np.concatenate([CURVE, np.full(20, 0.8)]))
    assert long.rise.value == pytest.approx(0.4)  # of the last five only


def test_the_same_rows_held_out_twice_are_one_witness() -> None:
    assert of(folds=(0, 0)).learned.error > 1.4 * of(folds=(0, 1)).learned.error


def test_without_an_epoch_after_the_best_nothing_rose() -> None:
    found = of(CURVE[:3])
    assert found.rise == Figure(0.0, 0.0)
    assert found.late == found.training


def test_nothing_held_out_is_no_evidence() -> None:
    known = history(np.full(3, np.nan), CURVE[:3])
    assert evidence(known, stop=StopReason.LIMIT, baselines={"guessing": np.ones((2, 4))}, clues=Clues()) is None
    assert evidence(history(CURVE, CURVE), stop=StopReason.LIMIT, baselines={}, clues=Clues()) is None


def test_a_neuron_that_was_not_trained_is_not_compared() -> None:
    assert of(baselines={"guessing": np.ones((2, 4))}).beyond_neuron is None


@pytest.mark.parametrize(
    ("stop", "best", "is_open"),
    [
        (StopReason.LIMIT, 20, True),
        (StopReason.LIMIT, 4, False),
        (StopReason.PATIENCE, 20, False),
        (StopReason.DEADLINE, 10, True),
        (StopReason.INTERRUPTED, 20, True),
        (StopReason.SOLVED, 20, False),
    ],
)
def test_an_end_is_open_where_too_few_epochs_followed_the_best(stop: StopReason, best: int, is_open: bool) -> None:
    losses = np.abs(np.arange(1, 21.0) - best) / 100 + 0.3
    assert is_open_ended(history(losses, losses), best=best, stop=stop, window=16) is is_open
    found = of(losses, stop=stop)
    assert found.is_open is is_open
    assert (found.forecast is not None) is is_open


def test_a_training_thrown_about_ends_above_guessing() -> None:
    bouncing = np.array([0.9, 0.95, 5.0, 2.0, 6.0, 4.0, 7.0, 3.0])
    assert of(bouncing, bouncing).is_thrown
    assert not of(bouncing / 10, bouncing / 10).is_thrown
    assert not of(bouncing, bouncing / 10).is_thrown  # the rows learned from are learned
    assert not of(bouncing / 10, bouncing).is_thrown  # guessing may be unlike at the rows held out
    assert not of(bouncing, np.linspace(6, 3, 8)).is_thrown  # it comes down
    assert not of(bouncing, bouncing, accuracy=1 - bouncing).is_thrown  # a perceptron's mistakes


def test_a_training_thrown_about_is_far_above_guessing_at_its_best() -> None:
    falling = np.array([0.9, 0.6, 0.4, 0.3, 0.2])
    assert of(CURVE + 4, falling).is_thrown
    assert not of(CURVE + 0.75, falling).is_thrown
    assert not of(CURVE + 4, falling, accuracy=1 - falling).is_thrown


def test_figures_lie_above_or_below_0_by_two_standard_errors() -> None:
    assert Figure(0.21, 0.1).is_above
    assert not Figure(0.2, 0.1).is_above
    assert Figure(-0.21, 0.1).is_below
    assert not Figure(-0.2, 0.1).is_below


def test_clues_survive_a_file() -> None:
    clues = Clues(rows=5, held_out_rows=4, leak="paid", copies=0.5, unlike="age", shared_error=-0.1)
    assert Clues.from_json(json.loads(json.dumps(clues.to_json()))) == clues
    with pytest.raises(TypeError):
        Clues.from_json({"what": 1})
