from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.errors import OptionError
from epoca.learners.population import Findings, Groups
from epoca.training.history import Epoch, History
from epoca.training.rules import (
    Deadline,
    Divergence,
    EarlyStopping,
    GeneralizationLoss,
    Limit,
    OneStandardError,
    Patience,
    ProgressQuotient,
    Refined,
    Rising,
    Rule,
    Solved,
    rule_of,
)
from epoca.training.rules.generalization_loss import generalization_loss
from epoca.training.rules.progress_quotient import progress
from epoca.training.stop import Stop, StopReason

NAN, INF = np.nan, np.inf


def history(
    held_out: list[list[float]] | None = None,
    *,
    training: list[list[float]] | None = None,
    gradient: list[list[float]] | None = None,
    refined: list[list[float]] | None = None,
    rows: list[list[float]] | None = None,
) -> History:
    """Epochs of a quarter of a second each, by epoch and member; what is not given is harmless.

    `rows` are the losses of the rows that a single member holds out, each row a group.
    """
    held_out = [[float(np.mean(losses))] for losses in rows] if rows else held_out
    given = held_out or training or gradient or refined or []
    ones = np.ones((len(given), len(given[0])))
    record = History(groups=Groups(np.ones((1, len(rows[0]))), np.zeros(1, np.int64)) if rows else None)
    for number in range(len(given)):
        found = np.array(held_out[number]) if held_out else ones[number]
        record.append(
            Epoch(
                number=number + 1,
                findings=Findings(
                    gradient_norm=np.array(gradient[number]) if gradient else ones[number],
                    training_loss=np.array(training[number]) if training else ones[number],
                    training_accuracy=ones[number],
                    held_out_loss=found,
                    held_out_accuracy=ones[number],
                    training_loss_error=ones[number],
                    refined_loss=np.array(refined[number]) if refined else NAN * ones[number],
                    sharpness=ones[number],
                    held_out_groups=np.array([rows[number]] if rows else found[:, np.newaxis], np.float32),
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
    growing = History(groups=record.groups)
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


@pytest.mark.parametrize(
    ("growth", "stops"),
    [
        (0.1, 11),  # max(3, 0.1·8) = 3 epochs after the 8th
        (0.5, 12),  # max(3, 4) = 4
        (0.8, 15),  # max(3, 6.4), which 7 epochs are the first to reach
        (1.0, None),  # max(3, 8) = 8 would be over with epoch 16
    ],
)
def test_patience_grows_with_the_best_epoch(growth: float, stops: int | None) -> None:
    losses = column(8, 7, 6, 5, 4, 3, 2, 1, *[2] * 7)  # least in epoch 8 of 15
    assert first_stop(Patience(3, growth=growth), history(losses)) == stops


def test_growth_waits_for_a_second_descent() -> None:
    losses = column(5, 4, 3, 3.5, 3.5, 2, 2.5)  # after epoch 3, max(2, 1·3) = 3 epochs are borne
    assert first_stop(Patience(2), history(losses)) == 5
    assert first_stop(Patience(2, growth=1), history(losses)) is None


# --- Refined loss -----------------------------------------------------------------------------------------------------


def test_refined_has_patience_with_the_refined_loss() -> None:
    record = history(column(5, 1, 2, 3, 4, 5), refined=column(5, 4, 3, 4, 3, 4))  # least in epoch 3
    assert first_stop(Refined(2), record) == 5
    assert first_stop(Refined(4), record) is None
    assert Refined(3)(record) == Stop(StopReason.REFINED, {"best": 3, "epochs": 3})
    assert Refined(3).choice(record) == 3
    assert Patience(3).choice(record) == 2


def test_a_refined_loss_that_falls_by_next_to_nothing_does_not_improve() -> None:
    record = history(refined=column(0.5, *(2e-4 * 2.0**-epoch for epoch in range(12))))
    assert first_stop(Refined(3), record) == 10  # at the seventh, 0.00000625, there is less than 0.00001 to gain
    assert Refined(3).choice(record) == 13


@pytest.mark.parametrize(
    ("refined", "stops"),
    [((NAN, NAN, NAN, NAN), None), ((2, NAN, INF, 1), 3), ((0, 0, 0, 0), 3), ((INF, INF, 2, 1), None)],
)
def test_refined_where_the_loss_is_no_number(refined: tuple[float, ...], stops: int | None) -> None:
    assert first_stop(Refined(2), history(refined=column(*refined))) == stops


def test_refined_goes_by_nothing_where_there_is_nothing() -> None:
    assert Refined(2).choice(history(column(1, 2, 3))) is None


# --- Generalization loss ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "stops"),
    [
        # 100·(0.52/0.5 − 1) = 4 is not above 5, 100·(0.53/0.5 − 1) = 6 is
        ((1, 0.5, 0.52, 0.53), 4),
        # of the least so far: 100·(1.04/1 − 1) = 4, then 100·(0.52/0.5 − 1) = 4, though 0.52 < 1.04
        ((1, 1.04, 0.5, 0.52), None),
        # a second descent is missed: 100·(2/1 − 1) = 100
        ((1, 2, 0.5), 2),
        # the least is 0: anything above it is infinitely far
        ((1, 0, 0, 0, 0.001), 5),
        ((0, 0, 0), None),
        # what is no number is infinitely far above what is one
        ((1, INF, 0.5), 2),
        ((1, NAN, 0.5), 2),
        ((INF, INF, 1, 1), None),
        ((NAN, NAN, NAN), None),
    ],
)
def test_generalization_loss_of_five_per_cent(losses: tuple[float, ...], stops: int | None) -> None:
    assert first_stop(GeneralizationLoss(5), history(column(*losses))) == stops


def test_generalization_loss_stops_only_beyond_its_percentage() -> None:
    record = history(column(1, 0.5, 0.625, 0.6875))  # 100·(0.625/0.5 − 1) = 25, then 37.5
    assert first_stop(GeneralizationLoss(25), record) == 4


def test_generalization_loss_in_per_cent() -> None:
    assert generalization_loss(np.array([1, 0.5, 0.75])) == 50  # 100·(0.75/0.5 − 1)
    assert generalization_loss(np.array([1, 0.5])) == 0
    assert generalization_loss(np.array([0.0, 0.5])) == INF
    assert generalization_loss(np.array([NAN, NAN])) == 0


def test_generalization_loss_looks_at_the_mean_of_the_members() -> None:
    assert first_stop(GeneralizationLoss(5), history([[1.0, 3.0], [2.0, 2.0]])) is None


def test_generalization_loss_says_where_it_was_least() -> None:
    stop = GeneralizationLoss(5)(history(column(1, 0.5, 0.75)))
    values = {"epoch": 3, "percent": 5, "least": 0.5, "best": 2}
    assert stop == Stop(StopReason.GENERALIZATION_LOSS, values)


# --- Progress quotient ------------------------------------------------------------------------------------------------

SLOW = (1.04, 1.03, 1.02, 1.01, 1.0)
"""A strip of training losses with mean 1.02 and least 1: a progress of 1000·(1.02/1 − 1) = 20 per thousand."""


def test_progress_per_thousand() -> None:
    assert progress(np.array(SLOW)) == pytest.approx(20)
    assert progress(np.ones(5)) == pytest.approx(0, abs=1e-9)
    assert progress(np.zeros(5)) == 0
    assert progress(np.array([1.0, 1, 1, 1, 0])) == INF
    assert progress(np.array([1.0, 1, 1, 1, INF])) == INF
    assert progress(np.array([1.0, 1, 1, 1, NAN])) == INF


@pytest.mark.parametrize(
    ("held_out", "training", "stops"),
    [
        # at the end of the strip GL = 100·(1.16/1 − 1) = 16, 16/20 = 0.8 > 0.75
        ((1, 1, 1, 1, 1.16), SLOW, 5),
        # GL = 14, 14/20 = 0.7
        ((1, 1, 1, 1, 1.14), SLOW, None),
        # within the strip nobody looks: GL = 100 in epoch 3, 0 in epoch 5
        ((1, 1, 2, 1, 1), SLOW, None),
        # the second strip: of GL = 16 in epochs 6 to 10 only the last is looked at
        ((1, 1, 1, 1, 1, *[1.16] * 5), SLOW * 2, 10),
        # fast training excuses: a mean of 1.4 above 1 is a progress of 400, and 100/400 = 0.25
        ((1, 1, 1, 1, 2), (1.8, 1.6, 1.4, 1.2, 1), None),
        # the training stands still: mean 1.00004 above 1 is a progress of 0.04
        ((1, 1, 1, 1, 1), (1.0001, 1.0001, 1, 1, 1), 5),
        # mean 1.0002 is a progress of 0.2; without a rise GL = 0
        ((1, 1, 1, 1, 1), (1.001, 1, 1, 1, 1), None),
        # losses of 0
        ((0, 0, 0, 0, 0), (0, 0, 0, 0, 0), 5),
        ((0, 0, 0, 0, 1), (1, 0, 0, 0, 0), None),  # both infinite
        ((0, 0, 0, 0, 1), SLOW, 5),
        # what is no number
        ((1, 1, 1, 1, INF), SLOW, 5),
        ((1, 1, 1, 1, NAN), SLOW, 5),
        ((1, 1, 1, 1, 2), (1, 1, 1, 1, NAN), None),
        ((1, 1, 1, 1, 2), (1, 1, 1, 1, INF), None),
        ((NAN, NAN, NAN, NAN, NAN), (1, 1, 1, 1, 1), None),
    ],
)
def test_progress_quotient(held_out: tuple[float, ...], training: tuple[float, ...], stops: int | None) -> None:
    record = history(column(*held_out), training=column(*training))
    assert first_stop(ProgressQuotient(0.75), record) == stops


def test_progress_quotient_tells_its_two_reasons_apart() -> None:
    risen = ProgressQuotient(0.75)(history(column(1, 2, 2, 2, 2), training=column(*SLOW)))
    assert risen is not None
    assert risen.reason is StopReason.PROGRESS
    assert risen.values == pytest.approx({"epoch": 5, "best": 1, "quotient": 0.75, "progress": 20})
    resting = ProgressQuotient(0.75)(history(column(2, 1, 2, 2, 2)))
    assert resting == Stop(StopReason.STANDSTILL, {"epoch": 5, "best": 2, "strip": 5})


# --- Rising -----------------------------------------------------------------------------------------------------------


def strips(*ends: float) -> list[list[float]]:
    """One member's losses, of which those at the ends of strips are given; the others go up and down."""
    return column(*(loss for end in ends for loss in (9, 0.5, 9, 0.5, end)))


@pytest.mark.parametrize(
    ("ends", "stops"),
    [
        ((1, 2, 3), 15),  # 1 < 2 < 3: two rises at the end of the third strip
        ((3, 2, 1, 2, 3), 25),
        ((1, 2, 2, 3, 4), 25),  # 2 = 2 is no rise: 2 < 3 < 4
        ((1, 2, 1, 2, 1, 2), None),
        ((1, 2), None),  # before the first strip nothing is known to have risen
        ((1, 2, INF), 15),
        ((1, INF, INF), None),
        ((1, NAN, 2, 3), None),
        ((0, 0, 0), None),
        ((0, 1, 2), 15),
        ((1, 2, 1.5, 1, 0.5), None),  # a second descent is waited for
    ],
)
def test_rising_twice(ends: tuple[float, ...], stops: int | None) -> None:
    assert first_stop(Rising(2), history(strips(*ends))) == stops


def test_rising_is_not_asked_within_a_strip() -> None:
    assert first_stop(Rising(1), history(column(1, 2, 3, 4, 5, 6, 7, 8, 9))) is None
    assert first_stop(Rising(1), history(column(*range(10)))) == 10


def test_rising_without_rows_held_out() -> None:
    assert first_stop(Rising(1), history(column(*[NAN] * 10))) is None


def test_rising_says_how_often() -> None:
    assert Rising(2)(history(strips(1, 2, 3))) == Stop(StopReason.RISING, {"strips": 2, "strip": 5, "best": 2})


# --- One standard error -----------------------------------------------------------------------------------------------

BEST = [1.0, 1.0, 1.0, 1.0]
"""Four rows' losses in the best epoch."""

ABOVE = [1.3, 1.1, 1.3, 1.1]
"""A mean rise of 0.2. Each is 0.1 from it, so the standard error is sqrt(4/3 · 4 · (0.1/4)²) = 0.0577: 3.5 of them."""

WITHIN = [1.5, 0.7, 1.5, 0.7]
"""A mean rise of 0.1. Each is 0.4 from it, so the standard error is sqrt(4/3 · 4 · (0.4/4)²) = 0.231: 0.43 of them."""


@pytest.mark.parametrize(
    ("rows", "stops"),
    [
        ([BEST, *[ABOVE] * 10], 11),
        ([BEST, *[ABOVE] * 9], None),
        ([BEST, *[ABOVE] * 9, WITHIN, *[ABOVE] * 9], None),  # one of ten is within
        ([BEST, WITHIN, *[ABOVE] * 10], 12),
        ([BEST, *[WITHIN] * 20], None),
        ([ABOVE, BEST, *[ABOVE] * 10], 12),
        ([BEST, *[ABOVE] * 5, [0.9] * 4, *[ABOVE] * 9], None),  # a second descent begins the count anew
        ([BEST, *[[INF] * 4] * 10], 11),
        ([BEST, *[[NAN] * 4] * 10], 11),
        ([[NAN] * 4] * 11, None),
        ([[0.0] * 4] * 12, None),
        ([[0.0] * 4, *[[0.1] * 4] * 10], 11),  # all rows agree: an error of 0
    ],
)
def test_one_standard_error(rows: list[list[float]], stops: int | None) -> None:
    assert first_stop(OneStandardError(1), history(rows=rows)) == stops


def test_one_standard_error_may_ask_for_more() -> None:
    record = history(rows=[BEST, *[ABOVE] * 10])
    assert first_stop(OneStandardError(3.4), record) == 11
    assert first_stop(OneStandardError(3.5), record) is None  # 0.2/0.0577 = 3.46
    assert first_stop(OneStandardError(0.4), history(rows=[BEST, *[WITHIN] * 10])) == 11  # 0.1/0.231 = 0.433


def test_one_standard_error_is_blind_with_a_single_witness() -> None:
    record = history(column(2, 1, *[5] * 20))
    assert first_stop(OneStandardError(1), record) is None
    assert OneStandardError(1).choice(record) == 2


def test_one_standard_error_takes_members_for_witnesses_where_rows_are_not_recorded() -> None:
    assert first_stop(OneStandardError(1), history([[1.0, 1.0], *[[1.3, 1.1]] * 10])) == 11


def test_one_standard_error_keeps_the_earliest_epoch_that_is_as_good() -> None:
    record = history(rows=[[3.0] * 4, ABOVE, WITHIN, ABOVE, BEST, WITHIN])
    assert OneStandardError(1).choice(record) == 3
    assert OneStandardError(4).choice(record) == 2
    assert OneStandardError(0.1).choice(record) == 5
    assert OneStandardError(1).choice(history(rows=[[NAN] * 4])) is None
    assert OneStandardError(1).choice(history(rows=[[INF] * 4, BEST])) == 2


def test_one_standard_error_says_how_many() -> None:
    stop = OneStandardError(2)(history(rows=[BEST, *[ABOVE] * 10]))
    assert stop == Stop(StopReason.ONE_STANDARD_ERROR, {"epochs": 10, "best": 1, "errors": 2})


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


# --- What early stopping asks of a rule -------------------------------------------------------------------------------

WRITTEN: dict[str, EarlyStopping] = {
    "patience(16)": Patience(16),
    "patience(16, growth=0.5)": Patience(16, growth=0.5),
    "refined(16)": Refined(16),
    "gl(5)": GeneralizationLoss(5),
    "pq(0.75)": ProgressQuotient(0.75),
    "up(3)": Rising(3),
    "one_se(1)": OneStandardError(1),
    "limit(100)": Limit(100),
    "deadline(60)": Deadline(60),
}


@pytest.mark.parametrize(("text", "rule"), WRITTEN.items())
def test_every_rule_is_read_and_written(text: str, rule: EarlyStopping) -> None:
    assert rule_of(text) == rule
    assert str(rule) == text


@pytest.mark.parametrize("rule", WRITTEN.values(), ids=str)
def test_every_rule_chooses_by_what_it_watches(rule: EarlyStopping) -> None:
    record = history(column(5, 4, 3, 4), refined=column(5, 4, 5, 5))
    assert rule.watches == ("refined_loss" if isinstance(rule, Refined) else "held_out_loss")
    assert rule.choice(record) == (2 if isinstance(rule, Refined) else 3)
    assert rule.choice(history(column(NAN, NAN))) is None


WHOLE = st.integers(1, 999_999_999)
ABOVE_0 = st.floats(0, exclude_min=True, allow_infinity=False)
RULES = st.one_of(
    st.builds(Patience, WHOLE, growth=st.floats(0, allow_infinity=False)),
    st.builds(Refined, WHOLE),
    st.builds(GeneralizationLoss, ABOVE_0),
    st.builds(ProgressQuotient, ABOVE_0),
    st.builds(Rising, WHOLE),
    st.builds(OneStandardError, ABOVE_0),
    st.builds(Limit, WHOLE),
    st.builds(Deadline, ABOVE_0),
)


@given(RULES)
def test_every_rule_is_read_from_what_it_writes(rule: EarlyStopping) -> None:
    assert rule_of(str(rule)) == rule
    assert type(rule_of(str(rule))) is type(rule)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("  patience ( 16 ,growth = .5 ) ", Patience(16, growth=0.5)),
        ("patience(16,growth=0)", Patience(16)),
        ("gl(5.)", GeneralizationLoss(5)),
        ("gl(2.5e1)", GeneralizationLoss(25)),
        ("up(\t03\n)", Rising(3)),
    ],
)
def test_rules_may_be_written_loosely(text: str, rule: EarlyStopping) -> None:
    assert rule_of(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "patience",
        "patience 16",
        "patience(16",
        "patience(16) or so",
        "patience(16, 0.5)",
        "patience(16, growth)",
        "patience(16,)",
        "patience(16, growth=1, growth=2)",
        "patience(epochs=16)",
        "patience(16, epochs=16)",
        "gl(5, growth=1)",
        "Patience(16)",
        "tired(3)",
        "up((3))",
        None,
        16,
    ],
)
def test_anything_else_is_no_rule(text: str) -> None:
    with pytest.raises(OptionError) as refused:
        rule_of(text)
    assert str(refused.value) == (
        'A stopping rule is written like "patience(16)", "patience(16, growth=0.5)", "refined(16)", "gl(5)", '
        f'"pq(0.75)", "up(3)", "one_se(1)", "limit(100)", "deadline(60)", not "{text}".'
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("patience(0)", 'epochs must be a whole number from 1 to 999,999,999, not "0"'),
        ("patience(1.5)", 'epochs must be a whole number from 1 to 999,999,999, not "1.5"'),
        ("patience(-1)", 'epochs must be a whole number from 1 to 999,999,999, not "-1"'),
        ("patience()", 'epochs must be a whole number from 1 to 999,999,999, not ""'),
        ("refined(1000000000)", 'epochs must be a whole number from 1 to 999,999,999, not "1000000000"'),
        ("limit(many)", 'epochs must be a whole number from 1 to 999,999,999, not "many"'),
        ("up(١)", 'strips must be a whole number from 1 to 999,999,999, not "١"'),
        ("patience(16, growth=-1)", 'growth must be 0 or a number above it, not "-1"'),
        ("patience(16, growth=1e999)", 'growth must be 0 or a number above it, not "1e999"'),
        ("patience(16, growth=)", 'growth must be 0 or a number above it, not ""'),
        ("gl(0)", 'percent must be a number above 0, not "0"'),
        ("gl(5%)", 'percent must be a number above 0, not "5%"'),
        ("pq(nan)", 'quotient must be a number above 0, not "nan"'),
        ("one_se(inf)", 'errors must be a number above 0, not "inf"'),
        ("one_se()", 'errors must be a number above 0, not ""'),
        ("deadline(1e999)", 'seconds must be a number above 0, not "1e999"'),
        ("deadline(1_0)", 'seconds must be a number above 0, not "1_0"'),
    ],
)
def test_numbers_that_make_no_sense(text: str, sentence: str) -> None:
    with pytest.raises(OptionError) as refused:
        rule_of(text)
    assert str(refused.value) == f'In the stopping rule "{text}", {sentence}.'


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
