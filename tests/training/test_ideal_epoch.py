from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch, ideal_epoch_range
from epoca.types import Numbers
from tests.training.grouped import grouped

NAN, INF = np.nan, np.inf

CURVES = arrays(np.float64, st.integers(0, 30), elements=st.floats(allow_nan=True, allow_infinity=True))
LOSSES = st.floats(0, 100) | st.sampled_from([NAN, INF])
MEMBERS = arrays(np.float64, st.tuples(st.integers(1, 60), st.integers(1, 4)), elements=LOSSES)


def valley(n: int, *, best: int, rows: int = 40, noise: float = 0.0, jitter: float = 0.0) -> Numbers:
    """(n, 1, rows): falling and rising again; rows of a slope each of their own, epochs that are lucky or not."""
    rng = np.random.default_rng(3)
    shape = 0.3 * np.abs(np.log(np.arange(1, n + 1) / best))[:, np.newaxis, np.newaxis]
    luck = rng.normal(0, jitter, (n, 1, 1))
    own = np.log(np.arange(1, n + 1) / best)[:, np.newaxis, np.newaxis] * rng.normal(0, noise, rows)
    return 0.5 + shape + luck + own


# --- One epoch --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([0.9, 0.5, 0.7], 2),
        ([0.9], 1),
        ([0.5, 0.4, 0.3], 3),
        ([0.5, 0.3, 0.3], 2),
        ([NAN, 0.3, NAN], 2),
        ([INF, 0.9, -INF, NAN], 2),
        ([NAN, NAN], None),
        ([INF, NAN], None),
        ([], None),
    ],
)
def test_ideal_epoch_is_the_first_of_the_least(losses: list[float], best: int | None) -> None:
    assert ideal_epoch(np.array(losses)) == best


def test_ideal_epoch_of_members_is_that_of_their_mean() -> None:
    losses = np.array([[0.1, 0.9], [0.3, 0.3], [0.8, 0.2]])
    assert ideal_epoch(losses) == ideal_epoch(losses.mean(axis=1)) == 2


def test_an_epoch_in_which_one_member_diverged_is_not_ideal() -> None:
    assert ideal_epoch(np.array([[0.9, 0.9], [0.1, NAN], [0.1, INF]])) == 1


@given(CURVES)
def test_ideal_epoch_is_never_beaten(losses: NDArray[np.float64]) -> None:
    best = ideal_epoch(losses)
    finite = losses[np.isfinite(losses)]
    assert (best is None) == (finite.size == 0)
    assert best is None or losses[best - 1] == finite.min()


# --- The range --------------------------------------------------------------------------------------------------------


def test_the_range_ends_where_a_rise_is_beyond_its_error() -> None:
    # Against epoch 2: epoch 1 is above by 0.3 ± 0.1; epoch 3 by 0.05 ± 0.15, epoch 4 by 0.125 ± 0.175, epoch 5 by 0.5.
    losses = np.array([[0.9, 0.8], [0.5, 0.6], [0.4, 0.8], [0.45, 0.9], [0.9, 1.2]])
    assert ideal_epoch_range(History.of_curves(held_out_loss=losses)) == (2, 4)


def test_the_range_does_not_reach_past_a_rise() -> None:
    # Epoch 3 is above epoch 2 beyond all errors; epoch 4 itself would be as good.
    losses = np.array([[0.9, 0.8], [0.5, 0.6], [0.9, 1.0], [0.45, 0.7], [0.9, 1.2]])
    assert ideal_epoch_range(History.of_curves(held_out_loss=losses)) == (2, 2)


def test_a_wavering_beside_the_ideal_epoch_does_not_end_the_range_where_farther_errors_are_larger() -> None:
    # Epoch 3 is above epoch 2 by 0.05 ± 0.01, epoch 4 by 0.04 ± 0.06.
    losses = np.array([[0.9, 0.9], [0.5, 0.5], [0.54, 0.56], [0.48, 0.6], [0.9, 0.9]])
    assert ideal_epoch_range(History.of_curves(held_out_loss=losses)) == (2, 4)


def test_rows_that_agree_make_a_narrow_range_and_rows_that_differ_a_wide_one() -> None:
    surely = ideal_epoch_range(grouped(valley(100, best=30), folds=[0]))
    hardly = ideal_epoch_range(grouped(valley(100, best=30, noise=2.0), folds=[0]))
    assert surely is not None
    assert hardly is not None
    assert hardly[0] < surely[0] <= 30 <= surely[1] < hardly[1]


def test_what_rows_have_in_common_does_not_widen_the_range() -> None:
    hard_and_easy = valley(100, best=30, noise=0.1) + np.random.default_rng(5).uniform(0, 10, 40)
    plain = ideal_epoch_range(grouped(valley(100, best=30, noise=0.1), folds=[0]))
    assert ideal_epoch_range(grouped(hard_and_easy, folds=[0])) == plain


def test_a_single_lucky_epoch_does_not_shrink_the_range_to_itself() -> None:
    losses = valley(100, best=30, noise=1.0)
    losses[29] -= 0.05  # of all rows alike, which no error betrays
    found, without = (ideal_epoch_range(grouped(one, folds=[0])) for one in (losses, valley(100, best=30, noise=1.0)))
    assert found is not None
    assert without is not None
    assert found[1] / found[0] > 0.8 * without[1] / without[0]


def test_the_curve_is_the_one_that_is_asked_for() -> None:
    held_out, training = np.array([[0.1, 0.2], [0.9, 0.9]]), np.array([[0.9, 0.9], [0.1, 0.2]])
    history = History.of_curves(held_out_loss=held_out, training_loss=training)
    assert ideal_epoch_range(history) == (1, 1)
    assert ideal_epoch_range(history, curve="training_loss") == (2, 2)


def test_without_rows_held_out_there_is_no_range() -> None:
    assert ideal_epoch_range(History()) is None
    assert ideal_epoch_range(History.of_curves(held_out_loss=np.full((3, 2), NAN))) is None


def test_of_a_single_witness_only_the_ideal_epoch_is_known() -> None:
    assert ideal_epoch_range(History.of_curves(held_out_loss=np.array([[0.5], [0.4], [0.45]]))) == (2, 2)


@pytest.mark.parametrize("lost", [NAN, INF])
@pytest.mark.parametrize("epoch", [1, 12, 28, 34, 99, 100])
def test_epochs_that_are_no_number_are_passed_over(lost: float, epoch: int) -> None:
    losses = valley(100, best=30, noise=0.5)
    plain = ideal_epoch_range(grouped(losses, folds=[0]))
    losses[epoch - 1] = lost
    found = ideal_epoch_range(grouped(losses, folds=[0]))
    assert plain is not None
    assert found is not None
    assert np.abs(np.subtract(found, plain)).max() <= 2


@given(MEMBERS)
def test_the_range_holds_the_ideal_epoch_and_lies_in_the_training(losses: Numbers) -> None:
    history = History.of_curves(held_out_loss=losses)
    found, best = ideal_epoch_range(history), ideal_epoch(losses)
    assert (found is None) == (best is None)
    if found is not None and best is not None:
        assert 1 <= found[0] <= best <= found[1] <= len(losses)
        assert np.isfinite(losses[[found[0] - 1, found[1] - 1]]).all()


@given(MEMBERS, st.sampled_from([0.25, 8.0]))
def test_the_unit_of_the_loss_does_not_matter(losses: Numbers, unit: float) -> None:
    losses = np.round(losses, 3)
    plain = ideal_epoch_range(History.of_curves(held_out_loss=losses))
    assert ideal_epoch_range(History.of_curves(held_out_loss=losses * unit)) == plain
