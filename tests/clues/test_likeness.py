from __future__ import annotations

import numpy as np

from epoca.clues.likeness import unlike_column


def test_rows_of_one_source_are_alike() -> None:
    rng = np.random.default_rng(0)
    for _trial in range(100):
        rows = rng.normal(size=(400, 10))
        rows[:, 5:] = np.round(rows[:, 5:])
        assert unlike_column(rows[:300], rows[300:]) is None


def test_the_shifted_column_is_named() -> None:
    rng = np.random.default_rng(1)
    for shifted in range(10):
        rows = rng.normal(size=(400, 10))
        rows[300:, shifted] += 1
        assert unlike_column(rows[:300], rows[300:]) == shifted


def test_other_shares_of_classes_are_unlike() -> None:
    rng = np.random.default_rng(2)
    learned, held_out = rng.random((400, 1)) < 0.5, rng.random((150, 1)) < 0.85
    assert unlike_column(learned.astype(np.float64), held_out.astype(np.float64)) == 0


def test_small_differences_do_not_matter_however_certain() -> None:
    rng = np.random.default_rng(3)
    assert unlike_column(rng.normal(size=(50_000, 1)), rng.normal(size=(50_000, 1)) + 0.2) is None


def test_few_rows_and_none_tell_nothing() -> None:
    rows = np.arange(8.0)[:, np.newaxis]
    assert unlike_column(rows[:4], rows[4:]) is None
    assert unlike_column(rows, rows[:0]) is None
