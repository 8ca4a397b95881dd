"""scikit-learn's own checks of its API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sklearn
import sklearn.linear_model
import sklearn.neural_network
from sklearn.utils import estimator_checks as checks
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from epoca import MLPClassifier, MLPRegressor, Neuron, Perceptron

DEFAULT = [MLPClassifier(), MLPRegressor(), Neuron(), Perceptron()]
EXACT = [
    MLPClassifier(members=1, early_stopping=False, batch_size=64, dropout=0, dtype="float64"),
    MLPRegressor(members=1, early_stopping=False, batch_size=64, dropout=0, dtype="float64"),
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


COUNTED_IN = "1.9"
COUNTS = {"MLPClassifier": 63, "MLPRegressor": 59, "Neuron": 63, "Perceptron": 63}
PEERS = {
    "MLPClassifier": sklearn.neural_network.MLPClassifier(),
    "MLPRegressor": sklearn.neural_network.MLPRegressor(),
    "Neuron": sklearn.linear_model.SGDClassifier(loss="log_loss"),
    "Perceptron": sklearn.linear_model.Perceptron(),
}
NOT_FOR_US = {
    "check_estimators_nan_inf",  # missing values are welcome
    "check_classifiers_multilabel_representation_invariance",  # one label a row
    "check_classifiers_multilabel_output_format_predict",
    "check_classifiers_multilabel_output_format_predict_proba",
    "check_classifiers_multilabel_output_format_decision_function",
    "check_sparsify_coefficients",  # a method of linear models that is not offered
    "check_class_weight_balanced_linear_classifier",  # for subclasses of LinearClassifierMixin; called below
}


def names_of_checks(estimator: Any) -> list[str]:
    found = [getattr(check, "func", check) for _, check in checks.estimator_checks_generator(estimator)]
    return [check.__name__ for check in found]


@pytest.mark.parametrize("estimator", [*DEFAULT, *EXACT])
def test_no_check_is_left_out(estimator: Any) -> None:
    name = type(estimator).__name__
    found = names_of_checks(estimator)
    assert {*names_of_checks(PEERS[name])} - {*found} <= NOT_FOR_US
    if sklearn.__version__.startswith(f"{COUNTED_IN}."):
        assert len(found) == COUNTS[name]


@pytest.mark.parametrize("estimator", [*DEFAULT, *EXACT])
@pytest.mark.parametrize(
    "check", [checks.check_inplace_ensure_writeable, checks.check_param_validation], ids=lambda check: check.__name__
)
def test_checks_that_scikit_learn_keeps_for_itself(estimator: Any, check: Any) -> None:
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("estimator", EXACT[2:])
def test_balanced_class_weights_are_those_made_by_hand(estimator: Any) -> None:
    checks.check_class_weight_balanced_linear_classifier(type(estimator).__name__, estimator)


@pytest.mark.parametrize("estimator", DEFAULT)
def test_tags_tell_the_truth(estimator: Any) -> None:
    tags = get_tags(estimator)
    assert tags.input_tags.allow_nan
    assert tags.input_tags.sparse
    assert tags.input_tags.string
    assert tags.input_tags.categorical
    assert not tags.no_validation
    assert not tags.non_deterministic
    assert tags.target_tags.required
    assert (tags.estimator_type == "regressor") == isinstance(estimator, MLPRegressor)
    if tags.classifier_tags is not None:
        assert tags.classifier_tags.multi_class
        assert not tags.classifier_tags.poor_score
