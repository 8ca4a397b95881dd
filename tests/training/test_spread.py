from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epoca.training.history import History
from epoca.training.spread import Spread, spread
from tests.training.grouped import grouped

NAN, INF = np.nan, np.inf


def best_at(epochs: Sequence[int], *, folds: Sequence[int] | None = None) -> History:
    """A history in which each member is best at its epoch."""
    losses = np.abs(np.arange(1, max(epochs) + 2)[:, np.newaxis] - np.array(epochs)) + 0.5
    return History.of_curves(held_out_loss=losses) if folds is None else grouped(losses[:, :, np.newaxis], folds=folds)


def test_members_of_rows_of_their_own_have_a_spread_of_unknown_parts() -> None:
    found = spread(best_at([2, 8]))
    assert found == Spread(least=2, largest=8, total=pytest.approx(math.log(4) / math.sqrt(2)))
    assert spread(best_at([2, 8], folds=[0, 1])) == found


def test_folds_and_seeds_share_the_variance() -> None:
    # Logarithms in units of log 2: 1, 3 and 3, 5. Within: (1 + 1 + 1 + 1) / 2 = 2. Between: 2 · (1 + 1) / 1 = 4, so
    # that folds have (4 - 2) / 2 = 1.
    found = spread(best_at([2, 8, 8, 32], folds=[0, 0, 1, 1]))
    assert found is not None
    assert (found.least, found.largest) == (2, 32)
    assert found.seeds == pytest.approx(math.log(2) * math.sqrt(2))
    assert found.folds == pytest.approx(math.log(2))
    assert found.total == pytest.approx(math.log(2) * math.sqrt(8 / 3))


def test_folds_may_have_unlike_many_members() -> None:
    # Units of log 2: 1, 3 and 4. Within: 2 / 1. Between: 2 · (2/3)² + (4/3)² = 8/3. Seeds a fold: 3 - 5/3 = 4/3.
    found = spread(best_at([2, 8, 16], folds=[0, 0, 1]))
    assert found is not None
    assert found.seeds == pytest.approx(math.log(2) * math.sqrt(2))
    assert found.folds == pytest.approx(math.log(2) * math.sqrt((8 / 3 - 2) / (4 / 3)))


def test_seeds_alone_or_folds_alone() -> None:
    seeds_alone = spread(best_at([2, 8, 8, 2], folds=[0, 0, 1, 1]))
    assert seeds_alone is not None
    assert seeds_alone.folds == 0
    folds_alone = spread(best_at([2, 2, 8, 8], folds=[0, 0, 1, 1]))
    assert folds_alone is not None
    assert folds_alone.seeds == 0
    assert folds_alone.folds == pytest.approx(math.log(4) / math.sqrt(2))


def test_where_all_hold_out_the_same_rows_parts_are_unknown() -> None:
    found = spread(best_at([2, 8, 8], folds=[0, 0, 0]))
    assert found is not None
    assert found.folds is None
    assert found.seeds is None


def test_the_curve_is_the_one_that_is_asked_for() -> None:
    held_out, training = np.array([[0.1, 0.1], [0.9, 0.9]]), np.array([[0.9, 0.9], [0.1, 0.2]])
    found = spread(History.of_curves(held_out_loss=held_out, training_loss=training), curve="training_loss")
    assert found == Spread(least=2, largest=2, total=0)


def test_what_is_no_number_is_nobodys_best() -> None:
    losses = np.array([[NAN, 0.9], [0.5, INF], [INF, 0.4], [0.6, NAN]])
    found = spread(History.of_curves(held_out_loss=losses))
    assert found is not None
    assert (found.least, found.largest) == (2, 3)


@pytest.mark.parametrize(
    "history",
    [
        History(),
        History.of_curves(held_out_loss=np.array([[0.5], [0.4]])),
        History.of_curves(held_out_loss=np.array([[NAN, 0.4], [INF, 0.5]])),
    ],
    ids=["empty", "one member", "one member without a finite loss"],
)
def test_fewer_than_two_members_have_no_spread(history: History) -> None:
    assert spread(history) is None


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            Spread(least=12, largest=31, total=0.4),
            "The members' own best epochs lie between 12 and 31.",
        ),
        (
            Spread(least=12, largest=31, total=0.4, folds=0.1, seeds=0.3),
            "The members' own best epochs lie between 12 and 31; 90% of their variance comes from seeds, the rest from "
            "which rows are held out.",
        ),
    ],
)
def test_the_spread_in_words(found: Spread, sentence: str) -> None:
    assert str(found.sentence) == sentence


@given(st.lists(st.integers(1, 40), min_size=2, max_size=6), st.data())
def test_parts_are_no_less_than_nothing_and_the_order_of_members_does_not_matter(
    epochs: list[int], data: st.DataObject
) -> None:
    drawn = data.draw(st.lists(st.integers(0, 2), min_size=len(epochs), max_size=len(epochs)))
    folds = np.unique(drawn, return_inverse=True)[1]
    found = spread(best_at(epochs, folds=folds.tolist()))
    order = data.draw(st.permutations(range(len(epochs))))
    again = spread(best_at([epochs[i] for i in order], folds=folds[order].tolist()))
    assert found is not None
    assert again is not None
    assert (found.least, found.largest) == (min(epochs), max(epochs))
    for part in ("total", "folds", "seeds"):
        one, other = getattr(found, part), getattr(again, part)
        assert (one is None) == (other is None)
        assert one is None or other is None or (one >= 0 and one**2 == pytest.approx(other**2, abs=1e-9))
