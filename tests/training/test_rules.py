from __future__ import annotations

import numpy as np
import pytest

from epoca.learners.population import Findings
from epoca.training.history import Epoch, History
from epoca.training.rules import Deadline, Divergence, Limit, Patience, Rule, Solved
from epoca.training.stop import Stop, StopReason
from epoca.training.verdict import VerdictKind, verdict

NAN, INF = np.nan, np.inf


def history(
    held_out: list[list[float]] | None = None,
    *,
    training: list[list[float]] | None = None,
    gradient: list[list[float]] | None = None,
) -> History:
    """Epochs of a quarter of a second each, by epoch and member; what is not given is harmless."""
    given = held_out or training or gradient or []
    ones = np.ones((len(given), len(given[0])))
    record = History()
    for number in range(len(given)):
        record.append(
            Epoch(
                number=number + 1,
                findings=Findings(
                    gradient_norm=np.array(gradient[number]) if gradient else ones[number],
                    training_loss=np.array(training[number]) if training else ones[number],
                    training_accuracy=ones[number],
                    held_out_loss=np.array(held_out[number]) if held_out else ones[number],
                    held_out_accuracy=ones[number],
                ),
                learning_rate=0.5,
                rows_per_second=1.0,
                seconds=(number + 1) / 4,
                rose=False,
            )
        )
    return record


def column(*losses: float) -> list[list[float]]:
    """One member's losses."""
    return [[loss] for loss in losses]


def first_stop(rule: Rule, record: History) -> int | None:
    """The epoch at whose end the rule stops the training."""
    growing = History()
    for epoch in record:
        growing.append(epoch)
        if rule(growing) is not None:
            return epoch.number
    return None


# --- Patience ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "stops"),
    [
        ((5, 4, 3, 2, 1), None),
        ((5, 4, 4, 4, 3), None),
        ((5, 4, 4, 4, 4, 3), 5),
        ((1, 2, 2, 2), 4),
        ((5, 6, 6, 4, 6, 6, 6), 7),
        ((5, NAN, NAN, NAN), 4),
        ((NAN, NAN, NAN, NAN, NAN), None),
        ((INF, 5, 4, 3), None),
    ],
)
def test_patience_bears_three_epochs_without_improvement(losses: tuple[float, ...], stops: int | None) -> None:
    assert first_stop(Patience(3), history(column(*losses))) == stops


def test_patience_says_since_when() -> None:
    stop = Patience(2)(history(column(5, 3, 4, 4)))
    assert stop == Stop(StopReason.PATIENCE, {"best": 2, "epochs": 2})


def test_patience_looks_at_the_mean_of_the_members() -> None:
    one_worse_one_better = [[1.0, 5.0], [2.0, 3.0], [3.0, 1.0]]
    assert first_stop(Patience(1), history(one_worse_one_better)) is None


# --- Limit and deadline -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_limit_stops_at_the_last_epoch(limit: int) -> None:
    record = history(column(*range(6)))
    assert first_stop(Limit(limit), record) == limit
    assert Limit(limit)(record) == Stop(StopReason.LIMIT, {"epochs": limit})


def test_deadline_stops_at_the_first_epoch_that_ends_after_it() -> None:
    record = history(column(*range(9)))
    assert first_stop(Deadline(1.1), record) == 5
    assert first_stop(Deadline(1.0), record) == 4
    assert first_stop(Deadline(0.0), record) == 1
    assert first_stop(Deadline(99), record) is None
    assert Deadline(1.0)(record) == Stop(StopReason.DEADLINE, {"seconds": 1.0})


# --- Divergence -------------------------------------------------------------------------------------------------------


def test_divergence_lets_a_poor_training_go_on() -> None:
    assert first_stop(Divergence(), history(training=column(3, 30, 300, 3000))) is None


@pytest.mark.parametrize("bad", [NAN, INF, 1e5])
def test_divergence_sees_a_training_loss_out_of_bounds(bad: float) -> None:
    assert first_stop(Divergence(), history(training=column(1, 2, bad))) == 3


@pytest.mark.parametrize("bad", [NAN, INF])
def test_divergence_sees_a_gradient_that_is_no_number(bad: float) -> None:
    assert first_stop(Divergence(), history(gradient=column(1, 2, bad))) == 3


def test_divergence_sees_a_held_out_loss_without_bounds() -> None:
    assert first_stop(Divergence(), history(column(1, 2, INF))) == 3


def test_a_history_may_go_on_without_rows_held_out() -> None:
    assert first_stop(Divergence(), history(column(1, 2, NAN))) is None


def test_divergence_does_not_mind_that_nothing_is_held_out() -> None:
    assert first_stop(Divergence(), history(column(NAN, NAN, NAN))) is None


def test_divergence_of_one_member_is_enough() -> None:
    assert first_stop(Divergence(), history(training=[[1.0, 1.0], [1.0, NAN]])) == 2


def test_divergence_names_epoch_and_rate() -> None:
    assert Divergence()(history(training=column(1, NAN))) == Stop(StopReason.DIVERGED, {"epoch": 2, "rate": 0.5})


# --- Solved -----------------------------------------------------------------------------------------------------------


def test_solved_waits_until_no_member_moves() -> None:
    assert first_stop(Solved(), history(gradient=[[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])) == 3


def test_solved_is_not_what_is_no_number() -> None:
    assert first_stop(Solved(), history(gradient=column(NAN, INF))) is None


def test_solved_names_its_epoch() -> None:
    assert Solved()(history(gradient=column(1, 0))) == Stop(StopReason.SOLVED, {"epoch": 2})


# --- Verdict ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held_out", "training", "stop", "kind"),
    [
        ((NAN, NAN, NAN), (3, 2, 1), StopReason.LIMIT, VerdictKind.NOTHING_HELD_OUT),
        ((0.8, 0.75, 0.9), (0.7, 0.7, 0.7), StopReason.PATIENCE, VerdictKind.NOTHING_LEARNED),
        ((0.6, 0.5, 0.4), (0.6, 0.5, 0.4), StopReason.LIMIT, VerdictKind.TOO_SHORT),
        ((0.6, 0.3, 0.5), (0.6, 0.3, 0.1), StopReason.PATIENCE, VerdictKind.OVERFITS_LATER),
        ((0.6, 0.3, 0.3), (0.6, 0.3, 0.31), StopReason.PATIENCE, VerdictKind.SETTLED),
    ],
)
def test_the_verdict_so_far(
    held_out: tuple[float, ...], training: tuple[float, ...], stop: StopReason, kind: VerdictKind
) -> None:
    record = history(column(*held_out), training=column(*training))
    found = verdict(record, stop=stop, guessing_loss=0.69)
    assert found.kind is kind
    assert str(found.evidence).endswith(".")
    assert str(found.advice).endswith(".")


@pytest.mark.parametrize(
    ("last", "kind"),
    [((0.5, 0.52, 0.54), VerdictKind.OVERFITS_LATER), ((0.2, 0.52, 0.54), VerdictKind.SETTLED)],
)
def test_a_rise_counts_only_where_most_members_share_it(last: tuple[float, ...], kind: VerdictKind) -> None:
    record = history([[0.6, 0.6, 0.6], [0.4, 0.4, 0.4], list(last)], training=[[3.0] * 3, [2.0] * 3, [1.0] * 3])
    assert verdict(record, stop=StopReason.PATIENCE, guessing_loss=0.69).kind is kind
