from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from epoca.training.ideal_epoch import ideal_epoch

NAN, INF = np.nan, np.inf

CURVES = arrays(np.float64, st.integers(0, 30), elements=st.floats(allow_nan=True, allow_infinity=True))


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
