from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris

from epoca.clues.copies import copied_rows


def test_a_copy_counts_where_its_twin_is_learned_from() -> None:
    matrix = np.outer([1.0, 2, 1, 3, 2, 4, *range(5, 25)], np.ones(3))
    targets = np.array([0, 1, 0, 1, 1, 0, *20 * [1]])
    found = copied_rows(matrix, targets, [np.array([0, 2]), np.array([1, 3])])
    assert np.flatnonzero(found).tolist() == [1]


def test_rows_of_another_target_are_no_copies() -> None:
    matrix = np.outer([1.0, 1, 2, 3, *range(4, 24)], np.ones(3))
    assert not copied_rows(matrix, np.array([0, 1, 0, 1, *20 * [1]]), [np.array([0])]).any()


def test_rows_of_a_truth_table_are_no_copies() -> None:
    """An "and" of two columns: all four rows there are, many times."""
    matrix = np.tile([[0.0, 0], [0, 1], [1, 0], [1, 1]], (25, 1))
    assert not copied_rows(matrix, matrix.prod(axis=1), np.array_split(np.arange(100), 8)).any()


@pytest.mark.parametrize("numbers", [False, True])
def test_half_of_a_table_twice(numbers: bool) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(300, 3)).astype(np.float32)
    targets = rng.normal(size=300) if numbers else rng.integers(0, 3, 300)
    matrix, targets = np.vstack([matrix, matrix[:150]]), np.concatenate([targets, targets[:150]])
    folds = np.array_split(rng.permutation(450), 8)
    found = copied_rows(matrix, targets, folds)
    assert 0.5 < found.mean() < 2 / 3
    assert not found[150:300].any()


def test_rows_that_meet_by_chance_are_no_copies() -> None:
    """A table of three yes-or-no columns has eight different rows; others like them will come."""
    rng = np.random.default_rng(0)
    matrix = rng.integers(0, 2, (400, 3)).astype(np.float64)
    targets = (rng.random(400) < 0.2 + 0.6 * matrix[:, 0]).astype(np.int64)
    assert not copied_rows(matrix, targets, np.array_split(np.arange(400), 8)).any()


def test_one_class_alone_is_no_sign_of_copies() -> None:
    assert not copied_rows(np.ones((20, 2)), np.zeros(20), np.array_split(np.arange(20), 4)).any()


def test_rows_of_a_few_yes_or_no_columns_are_no_copies() -> None:
    """Seven columns have 128 different rows; the target is what most of them say."""
    matrix = np.random.default_rng(0).integers(0, 2, (1000, 7)).astype(np.float64)
    targets = (matrix.sum(axis=1) > 3).astype(np.int64)
    assert not copied_rows(matrix, targets, np.array_split(np.arange(1000), 8)).any()


def test_a_whole_table_four_times_over() -> None:
    matrix = np.tile(np.random.default_rng(0).normal(size=(100, 3)), (4, 1))
    assert copied_rows(matrix, np.tile(np.arange(100) % 2, 4), np.array_split(np.arange(400), 8)).all()


def test_few_columns_meet_often_without_copies_and_seldom_with_many_values() -> None:
    """As in ten yes-or-no columns, and in flowers measured to a tenth, four times over."""
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 2, (3000, 10)).astype(np.float64)
    assert not copied_rows(bits, bits[:, :3].sum(axis=1) > 1, np.array_split(np.arange(3000), 8)).any()
    iris = load_iris()
    flowers, species = np.tile(iris.data, (4, 1)), np.tile(iris.target, 4)
    assert copied_rows(flowers, species, np.array_split(rng.permutation(600), 8)).mean() > 0.9
