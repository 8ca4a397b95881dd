from __future__ import annotations

import json

import pytest

from epoca.training.stop import Stop, StopReason

VALUES: dict[StopReason, dict[str, float]] = {
    StopReason.PATIENCE: {"best": 12, "epochs": 16},
    StopReason.REFINED: {"best": 31, "epochs": 16},
    StopReason.GENERALIZATION_LOSS: {"epoch": 40, "percent": 5.0, "least": 0.25, "best": 33},
    StopReason.PROGRESS: {"epoch": 45, "best": 12, "quotient": 0.75, "progress": 12.5},
    StopReason.STANDSTILL: {"epoch": 60, "best": 58, "strip": 5},
    StopReason.RISING: {"strips": 3, "strip": 5, "best": 21},
    StopReason.ONE_STANDARD_ERROR: {"epochs": 10, "best": 24, "errors": 1.5},
    StopReason.LIMIT: {"epochs": 100},
    StopReason.DEADLINE: {"seconds": 2.5},
    StopReason.SOLVED: {"epoch": 7},
    StopReason.DIVERGED: {"epoch": 3, "rate": 10.0},
    StopReason.INTERRUPTED: {},
    StopReason.CALLBACK: {"epoch": 5},
    StopReason.LEFT: {},
    StopReason.ELSEWHERE: {},
}
EACH_REASON = pytest.mark.parametrize("reason", list(StopReason))


@EACH_REASON
def test_every_reason_has_a_sentence_with_its_numbers_and_a_remedy(reason: StopReason) -> None:
    stop = Stop(reason, VALUES[reason])
    sentence = str(stop.sentence)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert all(f"{value:g}" in sentence for value in VALUES[reason].values())
    assert str(stop.remedy).endswith(".")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (StopReason.PATIENCE, "The held-out loss has not improved for 16 epochs, since epoch 12."),
        (
            StopReason.REFINED,
            "The refined loss, which is the held-out loss without overconfidence, has not improved for 16 epochs, "
            "since epoch 31.",
        ),
        (
            StopReason.GENERALIZATION_LOSS,
            "In epoch 40 the held-out loss was more than 5% above its least, 0.25 in epoch 33.",
        ),
        (
            StopReason.PROGRESS,
            "In epoch 45 the rise of the held-out loss since epoch 12, in per cent, was more than 0.75 times the "
            "progress of training, 12.5 per thousand.",
        ),
        (
            StopReason.STANDSTILL,
            "In the 5 epochs up to epoch 60 the training loss stood still; the held-out loss was least in epoch 58.",
        ),
        (
            StopReason.RISING,
            "Looked at every 5 epochs, the held-out loss rose 3 times in a row; it was least in epoch 21.",
        ),
        (
            StopReason.ONE_STANDARD_ERROR,
            "In each of the last 10 epochs the held-out loss was above its least, that of epoch 24, by more than 1.5 "
            "times the standard error of the difference.",
        ),
    ],
)
def test_sentences_are_plain(reason: StopReason, sentence: str) -> None:
    assert str(Stop(reason, VALUES[reason]).sentence) == sentence


@EACH_REASON
def test_a_stop_comes_back_from_json(reason: StopReason) -> None:
    stop = Stop(reason, VALUES[reason])
    assert Stop.from_json(json.loads(json.dumps(stop.to_json()))) == stop


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"reason": "tired"},
        {"reason": "limit"},
        {"reason": "limit", "epochs": "many"},
        {"reason": "limit", "epochs": None},
        {"reason": None},
    ],
)
def test_anything_else_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Stop.from_json(entry)
