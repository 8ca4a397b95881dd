from __future__ import annotations

import math

import numpy as np

from epoca.clues.neighbours import MOST_ROWS, shared_error


def test_noise_has_nothing_in_common_whatever_its_size() -> None:
    """Two standard errors are passed as often as chance has it, also where errors are larger in some places."""
    rng = np.random.default_rng(0)
    passed = []
    for seed in range(100):
        places = rng.normal(size=(200, 3))
        chance = 1 / (1 + np.exp(-3 * places[:, 0]))
        left = (rng.random(200) < chance) - chance
        found, error = shared_error(places, np.column_stack([left, -left]), seed=seed)
        passed.append(abs(found) > 2 * error)
    assert np.mean(passed) < 0.1


def test_structure_that_was_not_learned_is_shared() -> None:
    rng = np.random.default_rng(1)
    places = rng.normal(size=(600, 3))
    left = np.sign(places[:, 0] * places[:, 1]) * 0.5
    found, error = shared_error(places, (left + 0.3 * rng.normal(size=600))[:, np.newaxis], seed=0)
    assert found > 0.3
    assert found > 5 * error


def test_what_was_learned_by_heart_pulls_neighbours_the_other_way() -> None:
    rng = np.random.default_rng(2)
    places = rng.normal(size=(500, 2))
    labels = rng.integers(0, 2, 500) - 0.5
    apart = ((places[:, np.newaxis] - places) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = labels[apart.argmin(axis=1)]  # predictions of one that knows only the nearest row
    found, error = shared_error(places, (labels - nearest)[:, np.newaxis], seed=0)
    assert found < -3 * error


def test_of_many_rows_a_sample_is_looked_at() -> None:
    rng = np.random.default_rng(3)
    places, left = rng.normal(size=(2 * MOST_ROWS, 2)), rng.normal(size=(2 * MOST_ROWS, 1))
    assert shared_error(places, left, seed=0) == shared_error(places, left, seed=0)
    assert shared_error(places, left, seed=0) != shared_error(places, left, seed=1)


def test_too_few_rows_or_no_errors_tell_nothing() -> None:
    rng = np.random.default_rng(4)
    assert shared_error(rng.normal(size=(10, 2)), rng.normal(size=(10, 1)), seed=0) == (0.0, math.inf)
    assert shared_error(rng.normal(size=(50, 2)), np.zeros((50, 1)), seed=0) == (0.0, math.inf)
