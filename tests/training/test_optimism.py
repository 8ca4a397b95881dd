from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from epoca.training.history import History
from epoca.training.optimism import optimism
from epoca.types import Numbers
from tests.training.grouped import grouped

LOSSES = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 3), st.integers(2, 7)),
    elements=st.floats(0, 10, width=32),
)


def noise(epochs: int, *, members: int, groups: int, seed: int) -> Numbers:
    """Epochs that are all equally good, as seen on few rows."""
    return np.random.default_rng(seed).normal(1, 0.1, (epochs, members, groups))


def test_two_groups_that_each_praise_another_epoch() -> None:
    # By group 1 epoch 1 is chosen, which group 2 finds to cost 1; by group 2 epoch 2. The least mean is 0.5.
    losses = np.array([[[0.0, 1.0]], [[1.0, 0.0]]])
    assert optimism(grouped(losses, folds=[0]), seed=0) == pytest.approx(0.5)


def test_heavy_groups_count_more() -> None:
    # Read: 1 with weight 3 and 0.8 with weight 1; the least is (0 · 3 + 0.8 · 1) / 4.
    losses = np.array([[[0.0, 0.8]], [[1.0, 0.0]]])
    found = optimism(grouped(losses, folds=[0], weights=np.array([[3.0, 1.0]])), seed=0)
    assert found == pytest.approx((3 * 1 + 1 * 0.8) / 4 - 0.8 / 4, rel=1e-6)


def test_the_mean_over_the_members_is_given() -> None:
    losses = np.array([[[0.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [2.0, 2.0]]])
    assert optimism(grouped(losses, folds=[0, 1]), seed=0) == pytest.approx(0.25)


def test_a_group_that_a_member_lacks_says_nothing() -> None:
    losses = np.array([[[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]])
    assert optimism(grouped(losses, folds=[0], weights=np.array([[1.0, 1.0, 0.0]])), seed=0) == pytest.approx(0.5)


@pytest.mark.parametrize("groups", [2, 3, 4, 5, 63, 64])
def test_where_all_rows_agree_on_the_epoch_there_is_no_optimism(groups: int) -> None:
    losses = np.array([0.9, 0.5, 0.7])[:, np.newaxis, np.newaxis] + np.linspace(0, 1, groups)
    assert optimism(grouped(losses, folds=[0]), seed=0) == pytest.approx(0, abs=1e-6)


def test_of_a_single_epoch_there_is_no_choice() -> None:
    history = grouped(noise(1, members=3, groups=9, seed=0), folds=[0, 1, 2])
    assert optimism(history, seed=0) == pytest.approx(0, abs=1e-6)


def test_the_least_of_many_equal_epochs_is_corrected_to_what_it_truly_is() -> None:
    corrected = []
    for seed in range(30):
        losses = noise(50, members=4, groups=16, seed=seed)
        least = losses.mean(axis=2).min(axis=0).mean()
        corrected.append(least + optimism(grouped(losses, folds=[0, 1, 2, 3]), seed=seed))
        assert least < 0.97
    error = np.std(corrected) / np.sqrt(30)
    assert abs(np.mean(corrected) - 1) < 4 * error


def test_an_epoch_that_diverged_is_never_chosen() -> None:
    losses = noise(20, members=2, groups=8, seed=1)
    plain = optimism(grouped(losses, folds=[0, 1]), seed=0)
    for lost in (np.inf, np.nan):
        ended = np.concatenate([losses, np.full((1, 2, 8), lost)])
        assert optimism(grouped(ended, folds=[0, 1]), seed=0) == plain


@pytest.mark.parametrize(
    "history",
    [
        History(),
        History.of_curves(held_out_loss=np.array([[0.5, 0.6], [0.4, 0.7]])),
        grouped(np.array([[[0.5]], [[0.4]]]), folds=[0]),
        grouped(np.array([[[0.5, 0.4], [0.3, 0.0]]]), folds=[0, 1], weights=np.array([[1.0, 1.0], [1.0, 0.0]])),
        grouped(np.full((2, 1, 3), np.inf), folds=[0]),
    ],
    ids=["empty", "no groups", "one group", "one group of one member", "diverged"],
)
def test_where_nothing_can_be_dealt_it_is_unknown(history: History) -> None:
    assert np.isnan(optimism(history, seed=0))


@given(LOSSES, st.integers(0, 5))
def test_it_is_never_negative_and_the_same_seed_gives_the_same(losses: Numbers, seed: int) -> None:
    history = grouped(losses, folds=list(range(losses.shape[1])))
    found = optimism(history, seed=seed)
    assert found >= 0
    assert found == optimism(history, seed=seed)
