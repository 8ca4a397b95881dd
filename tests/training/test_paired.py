from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from epoca.learners.population import Groups
from epoca.training.history import History
from epoca.training.paired import paired_mean, paired_means, paired_rise, paired_rises
from epoca.types import Numbers
from tests.training.grouped import grouped

NAN, INF = np.nan, np.inf
ALONE = np.zeros(1, np.int64)
FINITE = st.floats(-100, 100)


@st.composite
def dealt(draw: st.DrawFn) -> tuple[Numbers, Groups]:
    """Differences of some epochs, members and groups; some members hold out the same rows, some lack a group."""
    epochs, k, g = draw(st.integers(1, 4)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    folds = np.unique(draw(arrays(np.int64, k, elements=st.integers(0, 2))), return_inverse=True)[1]
    weights = draw(arrays(np.float64, (k, g), elements=st.sampled_from([0.0, 1.0, 2.0, 5.0])))
    weights[:, 0] = 1  # every member holds something out
    differences = draw(arrays(np.float64, (epochs, k, g), elements=FINITE))
    return differences, Groups(weights[folds], folds)  # members of one fold have the same groups


def by_hand(differences: Numbers, groups: Groups) -> tuple[float, float]:
    """Of one epoch: witnesses are the groups of each fold; each contributes what it pulls the mean by."""
    k, g = differences.shape
    shares = [[groups.weights[m, j] / groups.weights[m].sum() / k for j in range(g)] for m in range(k)]
    mean = sum(shares[m][j] * differences[m, j] for m in range(k) for j in range(g))
    pulls: dict[tuple[int, int], float] = {}
    for m in range(k):
        for j in range(g):
            if groups.weights[m, j] > 0:
                witness = int(groups.folds[m]), j
                pulls[witness] = pulls.get(witness, 0.0) + shares[m][j] * (differences[m, j] - mean)
    n = len(pulls)
    squares = sum(pull**2 for pull in pulls.values())
    return mean, INF if n < 2 else float(np.sqrt(n / (n - 1) * squares))


@given(dealt())
def test_all_epochs_at_once_are_as_a_plain_loop(case: tuple[Numbers, Groups]) -> None:
    differences, groups = case
    means, errors = paired_means(differences, groups)
    expected = np.array([by_hand(one, groups) for one in differences])
    assert_allclose(means, expected[:, 0], atol=1e-12)
    assert_allclose(errors, expected[:, 1], atol=1e-12)


def test_one_member_has_the_usual_standard_error() -> None:
    values = np.array([1.0, 2.0, 6.0])
    mean, error = paired_mean(values[np.newaxis], Groups(np.ones((1, 3)), ALONE))
    assert (mean, error) == pytest.approx((3, values.std(ddof=1) / np.sqrt(3)))


def test_heavy_groups_count_more() -> None:
    mean, error = paired_mean(np.array([[1.0, 4.0]]), Groups(np.array([[2.0, 1.0]]), ALONE))
    assert mean == pytest.approx(2)
    assert error == pytest.approx(np.sqrt(2 * ((2 / 3) ** 2 + (2 / 3) ** 2)))


def test_a_group_that_a_member_lacks_says_nothing() -> None:
    fewer = paired_mean(np.array([[1.0, 3.0]]), Groups(np.ones((1, 2)), ALONE))
    for absent in (0.0, 1e9):
        more = paired_mean(np.array([[1.0, 3.0, absent]]), Groups(np.array([[1.0, 1.0, 0.0]]), ALONE))
        assert more == fewer


def test_members_of_the_same_rows_are_one_witness() -> None:
    both = np.array([[1.0, 4.0], [3.0, 8.0]])
    together = paired_mean(both, Groups(np.ones((2, 2)), np.array([0, 0])))
    assert together == pytest.approx(paired_mean(both.mean(axis=0, keepdims=True), Groups(np.ones((1, 2)), ALONE)))
    apart = paired_mean(both, Groups(np.ones((2, 2)), np.array([0, 1])))
    assert apart[0] == together[0]
    assert apart[1] < together[1]


def test_what_all_rows_share_has_no_error() -> None:
    assert paired_mean(np.full((2, 3), 0.5), Groups(np.ones((2, 3)), np.array([0, 1]))) == (0.5, 0)


@pytest.mark.parametrize("folds", [[0], [0, 0]])
def test_of_a_single_witness_the_error_is_unknown(folds: list[int]) -> None:
    k = len(folds)
    assert paired_mean(np.full((k, 1), 2.0), Groups(np.ones((k, 1)), np.array(folds))) == (2, INF)


@pytest.mark.parametrize(("value", "mean"), [(INF, INF), (-INF, -INF), (NAN, NAN)])
def test_without_bounds_there_is_no_error(value: float, mean: float) -> None:
    means, errors = paired_means(np.array([[[1.0, value]], [[1.0, 2.0]]]), Groups(np.ones((1, 2)), ALONE))
    assert_array_equal(means, [mean, 1.5])
    assert_array_equal(errors, [INF, 0.5])


def test_rises_are_read_from_the_groups_of_rows() -> None:
    losses = np.array([[[2.0, 3.0]], [[1.0, 1.0]], [[1.0, 4.0]]])
    rises, errors = paired_rises(grouped(losses, folds=[0]), since=2)
    assert_array_equal(rises, [1.5, 0, 1.5])
    assert_array_equal(errors, [0.5, 0, 1.5])


def test_where_rows_are_not_recorded_the_members_stand_for_them() -> None:
    losses = np.array([[1.0, 3.0], [0.5, 1.5]])
    rises, errors = paired_rises(History.of_curves(held_out_loss=losses), since=2)
    assert_array_equal(rises, [1, 0])
    assert_array_equal(errors, [0.5, 0])
    both = History.of_curves(held_out_loss=losses, training_loss=3 * losses)
    other, _ = paired_rises(both, since=2, curve="training_loss")
    assert_array_equal(other, [3, 0])


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.just(2), st.just(3)), elements=FINITE), st.data())
def test_a_single_rise_is_one_of_all(losses: Numbers, data: st.DataObject) -> None:
    history = grouped(losses, folds=[0, 1])
    epoch, since = (data.draw(st.integers(1, len(losses))) for _ in range(2))
    rises, errors = paired_rises(history, since=since)
    assert paired_rise(history, epoch=epoch, since=since) == (rises[epoch - 1], errors[epoch - 1])


def test_smoothed_every_epoch_stands_for_those_around_it_as_far_as_they_go_on_both_sides() -> None:
    losses = np.array([[4.0, 5.0], [1.0, 2.0], [1.0, 5.0], [1.0, 2.0], [6.0, 7.0]])
    rises, _ = paired_rises(History.of_curves(held_out_loss=losses), since=3, reach=1)
    around = np.array([4.5, (4.5 + 1.5 + 3) / 3, (1.5 + 3 + 1.5) / 3, (3 + 1.5 + 6.5) / 3, 6.5])
    assert_allclose(rises, around - around[2])
    far, _ = paired_rises(History.of_curves(held_out_loss=losses), since=3, reach=9)
    assert_allclose(far[2], 0)
    assert_allclose(far[0], 4.5 - losses.mean())
