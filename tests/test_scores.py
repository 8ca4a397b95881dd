from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, r2_score, root_mean_squared_error

from epoca.scores import Score, score_classes, score_labels, score_numbers


def test_classes_as_scikit_learn_scores_them() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet([1, 1, 1], size=200)
    codes = rng.integers(0, 3, 200)
    found = score_classes(probabilities, codes)
    assert found.rows == 200
    assert found.log_loss == pytest.approx(log_loss(codes, probabilities))
    assert found.accuracy == pytest.approx(accuracy_score(codes, probabilities.argmax(axis=1)))


def test_the_standard_errors_hold_what_they_promise() -> None:
    rng = np.random.default_rng(1)
    truth = 0.7
    inside = 0
    for _trial in range(300):
        right = rng.random(100) < truth
        found = score_classes(np.tile([0.6, 0.4], (100, 1)), np.where(right, 0, 1))
        assert found.accuracy is not None
        assert found.accuracy_error is not None
        inside += abs(found.accuracy - truth) < 1.96 * found.accuracy_error
    assert 0.9 < inside / 300 < 0.99


def test_labels_without_probabilities_have_no_cross_entropy() -> None:
    found = score_labels(np.array([0]), np.array([1]))
    assert found.log_loss is None
    assert found.accuracy == 0


def test_a_probability_of_nothing_costs_much_but_not_infinitely() -> None:
    found = score_classes(np.array([[1.0, 0.0]]), np.array([1]))
    assert found.log_loss is not None
    assert 700 < found.log_loss < 800


def test_numbers_as_scikit_learn_scores_them() -> None:
    rng = np.random.default_rng(2)
    actual = rng.normal(size=100)
    predicted = actual + rng.normal(size=100) / 3
    found = score_numbers(predicted, actual)
    assert found.rmse == pytest.approx(root_mean_squared_error(actual, predicted))
    assert found.r2 == pytest.approx(r2_score(actual, predicted))
    assert found.mae == pytest.approx(mean_absolute_error(actual, predicted))


def test_the_standard_errors_of_a_regression_are_those_of_many_repetitions() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _trial in range(400):
        actual = rng.normal(size=200)
        found.append(score_numbers(actual + rng.normal(size=200) / 2, actual))
    for figure in ("rmse", "r2", "mae"):
        spread = np.std([getattr(score, figure) for score in found])
        claimed = np.mean([getattr(score, f"{figure}_error") for score in found])
        assert claimed == pytest.approx(spread, rel=0.12), figure


def test_scores_come_back_from_json() -> None:
    score = score_classes(np.array([[0.5, 0.5], [0.1, 0.9]]), np.array([0, 1]))
    assert Score.from_json(score.to_json()) == score


def test_a_single_row_has_no_standard_error() -> None:
    assert score_classes(np.array([[0.5, 0.5]]), np.array([1])).log_loss_error is None
    assert score_numbers(np.array([1.0]), np.array([2.0])).rmse_error is None


def test_numbers_of_any_size_are_scored() -> None:
    rng = np.random.default_rng(0)
    actual, predicted = rng.normal(size=50), rng.normal(size=50)
    usual, huge = score_numbers(predicted, actual), score_numbers(predicted * 2.0**990, actual * 2.0**990)
    assert huge.rmse == usual.rmse * 2.0**990
    assert (huge.r2, huge.r2_error) == (usual.r2, usual.r2_error)
    assert score_numbers(predicted * 1e300, actual).r2 is None
