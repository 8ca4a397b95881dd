from __future__ import annotations

import json

import pytest

from epoca.training.stop import Stop, StopReason

VALUES: dict[StopReason, dict[str, float]] = {
    StopReason.PATIENCE: {"best": 12, "epochs": 16},
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


def test_sentences_are_plain() -> None:
    stop = Stop(StopReason.PATIENCE, VALUES[StopReason.PATIENCE])
    assert str(stop.sentence) == "The held-out loss has not improved for 16 epochs, since epoch 12."


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
