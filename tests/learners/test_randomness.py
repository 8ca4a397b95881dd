from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from scipy.stats import chi2

from epoca.learners.randomness import STEP, drop, shuffle, uint32


def generator(seed: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array([seed], np.uint64)


def too_far(counts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bool:
    """Whether counts that should be equal differ more than one time in 10,000 by chance."""
    expected = counts.sum() / counts.size
    return bool(((counts - expected) ** 2 / expected).sum() > chi2.ppf(1 - 1e-4, counts.size - 1))


def test_random_bits_are_those_of_splitmix64() -> None:
    states = 1234567 + np.arange(1, 4, dtype=np.uint64) * STEP
    assert [int(uint32(state)) for state in states] == [
        number >> 32 for number in (6457827717110365317, 3203168211198807973, 9817491932198370423)
    ]


@settings(deadline=None)
@given(n=st.integers(0, 300), seed=st.integers(0, 2**64 - 1))
def test_shuffle_keeps_every_row_once(n: int, seed: int) -> None:
    rows = np.arange(n) * 3
    shuffle(rows, generator(seed))
    assert_array_equal(np.sort(rows), np.arange(n) * 3)


def test_every_order_of_four_rows_is_as_likely_as_another() -> None:
    seen = dict.fromkeys(permutations(range(4)), 0)
    state, rows = generator(5), np.arange(4)
    for _ in range(24_000):
        shuffle(rows, state)
        seen[tuple(rows.tolist())] += 1
    assert not too_far(np.array(list(seen.values())))


def test_a_row_comes_to_every_place_as_often() -> None:
    state, places = generator(6), np.zeros((50, 50), np.int64)
    for _ in range(20_000):
        rows = np.arange(50)
        shuffle(rows, state)
        places[rows, np.arange(50)] += 1
    assert not any(too_far(of_row) for of_row in places[:3])


def test_one_shuffle_after_another_gives_new_orders() -> None:
    state, rows = generator(7), np.arange(100)
    shuffle(rows, state)
    first = rows.copy()
    shuffle(rows, state)
    assert not np.array_equal(first, rows)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_drop_silences_its_share(rate: float) -> None:
    activations, slope = np.ones((300, 200)), np.ones((300, 200))
    drop(activations, slope, rate, generator(8))
    silenced = np.mean(activations == 0)
    assert silenced == pytest.approx(rate, abs=5 * np.sqrt(rate * (1 - rate) / activations.size))


def test_drop_scales_the_others_up_and_treats_the_slope_alike() -> None:
    activations, slope = np.full((30, 20), 3.0), np.full((30, 20), 0.5)
    drop(activations, slope, 0.75, generator(9))
    assert set(np.unique(activations)) == {0.0, 12.0}
    assert_array_equal(slope, activations / 6)
