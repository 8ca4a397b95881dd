from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.errors import OptionError
from epoca.learners.population import Groups
from epoca.locales import Language
from epoca.training.history import Epoch, History
from epoca.training.replay import RULES, Replay, ReplayLine, replay
from epoca.training.rules import rule_of

NAN, INF = np.nan, np.inf

TWO_DESCENTS = [0.9, 0.6, 0.5, 0.6, 0.6, 0.4, 0.5, 0.5]
"""Least in epoch 3, then lower in epoch 6."""


def history(*losses: float, apart: float = 0.1) -> History:
    """Two members' held-out losses with such a mean, the second's `apart` times that above it; a second an epoch."""
    return History.of_curves(
        held_out_loss=np.array([[loss * (1 - apart), loss * (1 + apart)] for loss in losses]),
        training_loss=np.array([[1 / number] * 2 for number in range(1, len(losses) + 1)]),
    )


def lines(found: Replay) -> dict[str, ReplayLine]:
    return {line.rule: line for line in found.lines}


# --- One line ---------------------------------------------------------------------------------------------------------


def test_a_rule_that_misses_the_second_descent() -> None:
    (line,) = replay(history(*TWO_DESCENTS), ["patience(2)"]).lines
    assert (line.rule, line.stopped, line.chosen, line.missed_descent) == ("patience(2)", 5, 3, 6)
    assert line.loss == pytest.approx(0.5)
    # The members' losses are 0.45 and 0.55 in epoch 3, 0.36 and 0.44 in epoch 6: they rise by 0.09 and 0.11, each
    # 0.01 from 0.1, and the standard error is sqrt(2/1 · 2 · (0.01/2)²) = 0.01.
    assert line.difference == pytest.approx(0.1)
    assert line.difference_error == pytest.approx(0.01)
    assert line.seconds_saved == 3  # of 8 epochs, a second each, 5 were run


def test_a_rule_that_would_have_gone_on() -> None:
    (line,) = replay(history(*TWO_DESCENTS), ["patience(3)"]).lines
    assert (line.stopped, line.chosen, line.missed_descent) == (None, 6, None)
    assert (line.difference, line.difference_error, line.seconds_saved) == (0, 0, 0)


def test_a_rule_that_stops_with_the_record_misses_nothing_that_is_known() -> None:
    (line,) = replay(history(*TWO_DESCENTS[:5]), ["patience(2)"]).lines
    assert (line.stopped, line.chosen, line.seconds_saved, line.missed_descent) == (5, 3, 0, None)


def test_a_descent_within_chance_is_not_missed() -> None:
    # Falls from 0.5 to 0.4 by 0.1 in the mean, by 0.4 in one member, −0.2 in the other: an error of 0.3.
    record = History.of_curves(held_out_loss=np.array([[0.5, 0.5], [0.6, 0.6], [0.1, 0.7]]))
    assert lines(replay(record, ["patience(1)"]))["patience(1)"].missed_descent is None


def test_a_descent_to_the_same_loss_is_not_missed() -> None:
    assert replay(history(0.5, 0.6, 0.5), ["patience(1)"]).lines[0].missed_descent is None


def test_what_is_missed_is_below_all_before_not_only_below_the_choice() -> None:
    # one_se keeps epoch 1, which epoch 2 does not beat beyond chance: a rise of 0.1 with an error of 0.3.
    losses = [[0.1, 0.7], [0.3, 0.3], *[[0.6, 0.6]] * 10, [0.35, 0.35]]
    (line,) = replay(History.of_curves(held_out_loss=np.array(losses)), ["one_se(1)"]).lines
    assert (line.stopped, line.chosen, line.missed_descent) == (12, 1, None)
    assert line.difference == pytest.approx(0.1)


def test_a_single_witness_has_no_error_and_tells_of_no_missed_descent() -> None:
    record = History.of_curves(held_out_loss=np.array(TWO_DESCENTS)[:, np.newaxis])
    found = replay(record, ["patience(2)"])
    assert (found.lines[0].difference_error, found.lines[0].missed_descent) == (INF, None)
    assert "±" not in str(found)


def test_the_error_is_that_of_the_rows_where_they_are_recorded() -> None:
    # One member, of whose four rows two are higher by 0.1, two by 0.3: 0.1 from the mean 0.2, so the standard error
    # is sqrt(4/3 · 4 · (0.1/4)²) = 0.0577.
    rows = np.array([[1.1, 1.1, 1.3, 1.3], [1.0, 1.0, 1.0, 1.0]])
    plain = History.of_curves(held_out_loss=rows.mean(axis=1, keepdims=True))
    epochs = [
        Epoch(
            number=epoch.number,
            findings=epoch.findings._replace(held_out_groups=losses[np.newaxis].astype(np.float32)),
            learning_rate=0.1,
            rows_per_second=1.0,
            seconds=epoch.seconds,
            rose=False,
        )
        for epoch, losses in zip(plain, rows, strict=True)
    ]
    record = History(epochs, groups=Groups(np.ones((1, 4)), np.zeros(1, np.int64)))
    (line,) = replay(record, ["limit(1)"]).lines
    assert line.difference == pytest.approx(0.2)
    assert line.difference_error == pytest.approx(0.05774, rel=1e-3)
    assert line.missed_descent == 2


def test_nothing_to_go_by() -> None:
    found = replay(history(*TWO_DESCENTS), ["refined(1)"])
    (line,) = found.lines
    assert (line.stopped, line.chosen, line.missed_descent) == (None, None, None)
    assert np.isnan([line.loss, line.difference, line.difference_error]).all()
    assert [str(note) for note in found.notes] == ["Nothing that these rules go by was recorded: refined(1)."]
    assert str(found).splitlines()[2].split() == ["refined(1)", "–", "–", "–", "–", "0", "–"]


def test_losses_that_are_no_numbers_are_passed_over() -> None:
    found = replay(history(INF, 0.5, INF, INF, 0.4), ["limit(1)", "patience(2)"])
    assert [(line.stopped, line.chosen, line.missed_descent) for line in found.lines] == [(1, None, None), (4, 2, 5)]
    assert found.best == 5


# --- All lines --------------------------------------------------------------------------------------------------------


def test_the_usual_rules_are_replayed_unless_others_are_asked_for() -> None:
    found = replay(history(*TWO_DESCENTS))
    assert [line.rule for line in found.lines] == list(RULES)
    assert found.best == 6


def test_a_history_replays_itself() -> None:
    record = history(*TWO_DESCENTS)
    assert record.replay().lines[:2] == replay(record).lines[:2]


def test_rules_are_told_in_their_own_form() -> None:
    assert replay(history(1, 2), [" patience ( 1 ,growth = 0 ) "]).lines[0].rule == "patience(1)"


@given(
    st.lists(st.floats(0, 10) | st.just(INF), min_size=1, max_size=60).filter(lambda losses: min(losses) < INF),
    st.sampled_from(["patience(3)", "patience(2, growth=1)", "gl(20)", "pq(0.5)", "up(1)", "one_se(1)", "limit(9)"]),
)
def test_every_rule_stops_where_it_would_in_a_training_of_its_own(losses: list[float], text: str) -> None:
    record = history(*losses)
    (line,) = replay(record, [text]).lines
    rule, alone = rule_of(text), History()
    for epoch in record:
        alone.append(epoch)
        if rule(alone) is not None:
            break
    went_on = rule(alone) is None
    assert line.stopped == (None if went_on else len(alone))
    assert line.chosen == rule.choice(alone)
    assert line.chosen is None or line.difference >= 0


# --- What is said -----------------------------------------------------------------------------------------------------


def test_a_record_that_ends_too_early_says_so() -> None:
    found = replay(history(*TWO_DESCENTS), ["patience(2)", "patience(3)", "gl(50)"])
    assert [str(note) for note in found.notes] == [
        "The record ends with epoch 8, where these rules would have gone on: patience(3), gl(50). A curve that ends "
        "where one rule stopped cannot tell what a more patient rule would have found; to know, train with a more "
        "patient one."
    ]
    assert replay(history(*TWO_DESCENTS), ["patience(2)"]).notes == ()


def test_a_rule_that_looks_at_another_loss_says_so() -> None:
    plain = history(*TWO_DESCENTS)
    record = History()
    for epoch in plain:
        findings = epoch.findings._replace(refined_loss=epoch.findings.held_out_loss[::-1] * epoch.number)
        record.append(
            Epoch(
                number=epoch.number,
                findings=findings,
                learning_rate=0.1,
                rows_per_second=1.0,
                seconds=epoch.seconds,
                rose=False,
            )
        )
    found = replay(record, ["refined(2)"])  # 0.9, 1.2, 1.5 ...
    assert (found.lines[0].stopped, found.lines[0].chosen) == (3, 1)
    assert found.lines[0].loss == pytest.approx(0.9)
    assert [str(note) for note in found.notes] == [
        "These rules choose by the refined loss, in which overconfidence does not count, but are shown with the plain "
        "one: refined(2)."
    ]


def test_the_table_is_aligned() -> None:
    head, *table, note = str(replay(history(*TWO_DESCENTS), ["patience(2)", "patience(16, growth=0.5)"])).splitlines()
    assert head == "8 epochs recorded; the held-out loss was least in epoch 6: 0.4."
    assert table == [
        "rule                      stops after  chooses  held-out loss  above the least  seconds saved  lower later in",
        "patience(2)                         5        3            0.5    0.100 ± 0.010              3               6",
        "patience(16, growth=0.5)            –        6            0.4                0              0               –",
    ]
    assert note.startswith("The record ends with epoch 8")


def test_the_table_speaks_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPOCA_LANG", "pt_BR")
    said = str(replay(history(*TWO_DESCENTS), ["patience(2)"]))
    assert said.splitlines()[0] == "8 épocas registradas; a perda de validação foi menor na época 6: 0,4."
    assert replay(history(*TWO_DESCENTS), ["patience(2)"]).table(Language("pt_BR"))[0][0] == "regra"


def test_json_holds_only_plain_values() -> None:
    record = History.of_curves(held_out_loss=np.array(TWO_DESCENTS)[:, np.newaxis])
    found = replay(record, ["patience(2)", "refined(2)"])
    plain = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert plain == found.to_json()
    assert (plain["epochs"], plain["best_epoch"], len(plain["notes"])) == (8, 6, 1)
    first, second = plain["rules"]
    assert first == {
        "rule": "patience(2)",
        "stopped": 5,
        "chosen": 3,
        "loss": 0.5,
        "difference": pytest.approx(0.1),
        "difference_error": None,
        "seconds_saved": 3.0,
        "missed_descent": None,
    }
    assert (second["chosen"], second["loss"]) == (None, None)


# --- What cannot be replayed ------------------------------------------------------------------------------------------


def test_no_epochs() -> None:
    expected = r"^No stopping rule can be replayed, for no epoch of the training was recorded\.$"
    with pytest.raises(OptionError, match=expected):
        replay(History())


def test_nothing_held_out() -> None:
    expected = r"^No stopping rule can be replayed, for there is no held-out loss; train with early stopping\.$"
    with pytest.raises(OptionError, match=expected):
        replay(history(NAN, NAN))


def test_no_rule() -> None:
    with pytest.raises(OptionError, match=r'^A stopping rule is written like .*, not "soon"\.$'):
        replay(history(1, 2), ["soon"])
