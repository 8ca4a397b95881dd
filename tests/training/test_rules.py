from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from epoca.learners.population import Findings
from epoca.training.history import Epoch, History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.rules import Deadline, Divergence, Limit, Patience, Rule, Solved
from epoca.training.stop import Stop, StopReason
from epoca.training.verdict import VerdictKind, verdict


def _history(
    held_out: Sequence[float], *, training: Sequence[float] | None = None, norms: Sequence[float] | None = None
) -> History:
    training = training or [1.0] * len(held_out)
    norms = norms or [1.0] * len(held_out)

    def both(value: float) -> np.ndarray:
        return np.array([value, value])

    return History(
        [
            Epoch(
                number=number,
                findings=Findings(both(norm), both(loss), both(0.5), both(held), both(0.5)),
                learning_rate=0.1,
                rows_per_second=1.0,
                seconds=float(number),
                rose=False,
            )
            for number, (held, loss, norm) in enumerate(zip(held_out, training, norms, strict=True), 1)
        ]
    )


def _stopped_after(rule: Rule, curve: Sequence[float]) -> int | None:
    for epochs in range(1, len(curve) + 1):
        if rule(_history(curve[:epochs])):
            return epochs
    return None


@pytest.mark.parametrize(
    ("curve", "patience", "stopped"),
    [
        ([5, 4, 3, 2, 1], 2, None),
        ([5, 4, 5, 5, 5, 5], 3, 5),
        ([5, 4, 5, 5, 3, 5, 5, 5], 3, 8),
        ([1, 1, 1, 1], 3, 4),  # an equal loss is no improvement
        ([5, 4, np.nan, np.nan, np.nan], 2, 4),
        ([np.nan, np.nan, np.nan, np.nan], 2, None),
    ],
)
def test_patience_counts_epochs_since_the_best(curve: list[float], patience: int, stopped: int | None) -> None:
    assert _stopped_after(Patience(patience), curve) == stopped


def test_patience_names_the_best_epoch() -> None:
    stop = Patience(3)(_history([5, 4, 5, 5, 5]))
    assert stop is not None
    assert str(stop.sentence) == "The held-out loss has not improved for 3 epochs, since epoch 2."


def test_limit_and_deadline() -> None:
    assert _stopped_after(Limit(3), [1.0] * 9) == 3
    assert _stopped_after(Deadline(4.0), [1.0] * 9) == 4


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e9])
def test_divergence_of_the_training_loss(bad: float) -> None:
    assert Divergence()(_history([1.0, 1.0], training=[1.0, 1.0])) is None
    stop = Divergence()(_history([1.0, 1.0], training=[1.0, bad]))
    assert stop is not None
    assert str(stop.sentence) == "Training diverged in epoch 2: at a learning rate of 0.1 the loss grew beyond bounds."


def test_divergence_of_the_held_out_loss_and_of_the_gradient() -> None:
    assert Divergence()(_history([1.0, np.nan])) is not None
    assert Divergence()(_history([np.nan, np.nan])) is None  # nothing is held out
    assert Divergence()(_history([1.0, 1.0], norms=[1.0, np.inf])) is not None


def test_solved_when_nothing_moved() -> None:
    assert Solved()(_history([0.5, 0.4], norms=[1.0, 0.5])) is None
    stop = Solved()(_history([0.5, 0.4], norms=[1.0, 0.0]))
    assert stop is not None
    assert stop.reason is StopReason.SOLVED


def test_the_ideal_epoch_is_that_of_the_mean_curve() -> None:
    by_member = np.array([[1.0, 9.0], [2.0, 2.0], [0.5, 4.0]])
    assert ideal_epoch(by_member) == 2
    assert ideal_epoch(np.array([3.0, 1.0, 1.0])) == 2
    assert ideal_epoch(np.array([np.nan, np.inf, 4.0])) == 3
    assert ideal_epoch(np.array([np.nan])) is None
    assert ideal_epoch(np.array([])) is None


@pytest.mark.parametrize("reason", list(StopReason))
def test_every_reason_has_its_sentence_and_remedy(reason: StopReason) -> None:
    values = {"epochs": 3, "best": 2, "epoch": 5, "rate": 0.1, "seconds": 2.0}
    stop = Stop(reason, values)
    assert str(stop.sentence).endswith(".")
    assert str(stop.remedy).endswith(".")
    assert Stop.from_json(stop.to_json()) == stop


@pytest.mark.parametrize(
    "entry", [{}, {"reason": "tired"}, {"reason": "limit"}, {"reason": "limit", "epochs": "x"}, None]
)
def test_stops_of_a_tampered_file_are_refused(entry: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        Stop.from_json(entry)


@pytest.mark.parametrize(
    ("held_out", "training", "stop", "kind"),
    [
        ([np.nan] * 3, [3, 2, 1], StopReason.LIMIT, VerdictKind.NOTHING_HELD_OUT),
        ([0.8, 0.75, 0.9], [0.7, 0.7, 0.7], StopReason.PATIENCE, VerdictKind.NOTHING_LEARNED),
        ([0.6, 0.5, 0.4], [0.6, 0.5, 0.4], StopReason.LIMIT, VerdictKind.TOO_SHORT),
        ([0.6, 0.3, 0.5], [0.6, 0.3, 0.1], StopReason.PATIENCE, VerdictKind.OVERFITS_LATER),
        ([0.6, 0.3, 0.3], [0.6, 0.3, 0.31], StopReason.PATIENCE, VerdictKind.SETTLED),
    ],
)
def test_the_verdict_so_far(held_out: list[float], training: list[float], stop: StopReason, kind: VerdictKind) -> None:
    found = verdict(_history(held_out, training=training), stop=stop, guessing_loss=0.69)
    assert found.kind is kind
    assert str(found.evidence).endswith(".")
    assert str(found.advice).endswith(".")
