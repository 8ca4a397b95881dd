"""scikit-learn's own checks of its API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn.utils.estimator_checks import parametrize_with_checks

from epoca import MLPClassifier, MLPRegressor, Neuron, Perceptron

DEFAULT = [MLPClassifier(), MLPRegressor(), Neuron(), Perceptron()]
EXACT = [
    MLPClassifier(members=1, early_stopping=False, dtype="float64"),
    MLPRegressor(members=1, early_stopping=False, dtype="float64"),
    Neuron(members=1, early_stopping=False),
    Perceptron(members=1, early_stopping=False),
]
WEIGHTS = ("check_sample_weight_equivalence_on_dense_data", "check_sample_weight_equivalence_on_sparse_data")


def drawn_at_random(estimator: Any) -> dict[str, str]:
    """Weighing rows equals repeating them only where neither folds nor batches are drawn at random among the rows."""
    if isinstance(estimator, MLPClassifier | MLPRegressor) and not estimator.early_stopping:
        return {}
    return dict.fromkeys(WEIGHTS, "folds or single rows are drawn at random, so repeated rows are drawn otherwise")


@parametrize_with_checks([*DEFAULT, *EXACT], expected_failed_checks=drawn_at_random)
def test_checks_of_scikit_learn(estimator: Any, check: Callable[[Any], None]) -> None:
    check(estimator)
