from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from epoca.learners.population import CURVES, Findings, Groups
from epoca.training.history import Epoch, History


def entry(number: int, held_out: list[float], *, training: float = 0.5) -> Epoch:
    values = np.array(held_out)
    same = np.full(values.size, training)
    return Epoch(
        number=number,
        findings=Findings(
            gradient_norm=same + 1, training_loss=same, training_accuracy=same / 2, held_out_loss=values,
            held_out_accuracy=values / 4, training_loss_error=same / 8, refined_loss=values - 0.1, sharpness=same + 0.5,
            held_out_groups=np.array([values - 0.5, values + 0.5], np.float32).T,
        ),
        learning_rate=0.1 / number,
        rows_per_second=1e6 * number,
        seconds=0.25 * number,
        rose=number == 2,
    )  # fmt: skip


def history() -> History:
    return History(
        [entry(1, [0.9, 0.7]), entry(2, [0.5, 0.6], training=0.6), entry(3, [0.4, 0.8])],
        groups=Groups(np.ones((2, 2)), np.array([0, 1])),
    )


def from_json(entries: list[dict[str, object]]) -> History:
    losses = history().group_losses()[: len(entries)]
    return History.from_json(entries, group_losses=losses, groups=Groups(np.ones((2, 2)), np.array([0, 1])))


def test_a_history_is_the_row_of_its_epochs() -> None:
    assert len(history()) == 3
    assert [epoch.number for epoch in history()] == [1, 2, 3]
    assert history()[-1].number == 3
    assert len(History()) == 0


def test_members_have_a_row_for_each_epoch() -> None:
    assert_array_equal(history().members("held_out_loss"), [[0.9, 0.7], [0.5, 0.6], [0.4, 0.8]])


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_the_mean_over_the_members(name: str) -> None:
    assert_array_equal(history().curve(name), history().members(name).mean(axis=1))


def test_a_curve_grows_with_every_epoch() -> None:
    record = history()
    before = record.curve("training_loss")
    record.append(entry(4, [0.1, 0.1]))
    assert record.curve("training_loss").size == before.size + 1


def test_a_copy_of_the_first_epochs_is_gone_on_with_by_itself() -> None:
    record, others = history(), entry(3, [0.4, 0.8])
    before = record.curve("training_loss")
    copied = record.copy(until=2)
    assert list(copied) == list(record)[:2]
    copied.append(others)
    assert_array_equal(copied.curve("training_loss")[:2], before[:2])
    assert copied.last("training_loss") == others.findings.training_loss.mean()
    assert_array_equal(record.curve("training_loss"), before)


def test_a_curve_is_a_copy() -> None:
    record = history()
    record.curve("training_loss")[:] = 0
    assert record.curve("training_loss").all()


def test_an_epoch_in_which_a_member_diverged_has_no_mean() -> None:
    assert np.isnan(History([entry(1, [0.5, np.nan])]).curve("held_out_loss")).all()


def test_a_history_comes_back_from_json() -> None:
    entries = json.loads(json.dumps(history().to_json()))
    back = from_json(entries)
    assert back.to_json() == entries
    for name in Findings._fields:
        assert_array_equal(back.members(name), history().members(name))
    for one, other in zip(back, history(), strict=True):
        for name in ("number", "learning_rate", "rows_per_second", "seconds", "rose"):
            assert getattr(one, name) == getattr(other, name)


def test_what_is_no_number_goes_through_strict_json_as_null() -> None:
    text = json.dumps(History([entry(1, [np.nan, np.inf])]).to_json(), allow_nan=False)
    assert json.loads(text)[0]["held_out_loss"] == [None, None]
    assert np.isnan(from_json(json.loads(text)).members("held_out_loss")).all()


@pytest.mark.parametrize(
    "entries",
    [
        [{}],
        [{**history().to_json()[0], "training_loss": "low"}],
        [{**history().to_json()[0], "number": None}],
        ["epoch"],
    ],
)
def test_anything_else_is_refused(entries: list[dict[str, object]]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(entries)


def test_groups_that_do_not_fit_the_epochs_are_refused() -> None:
    entries = history().to_json()
    losses, groups = history().group_losses(), Groups(np.ones((2, 2)), np.array([0, 1]))
    for wrong in (losses[:2], losses[:, :1], losses[:, :, :1]):
        with pytest.raises(ValueError, match=r"groups|zip"):
            History.from_json(entries, group_losses=wrong, groups=groups)
    with pytest.raises(ValueError, match="groups"):
        History.from_json(entries, group_losses=losses, groups=Groups(np.ones((2, 2)), np.array([0])))


def test_some_members_alone_have_their_own_curves_and_groups() -> None:
    alone = history().of_members(np.array([1]))
    assert_array_equal(alone.curve("held_out_loss"), history().members("held_out_loss")[:, 1])
    assert_array_equal(alone.group_losses(), history().group_losses()[:, 1:])
    assert alone.groups is not None
    assert_array_equal(alone.groups.folds, [1])
