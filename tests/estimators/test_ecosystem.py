"""The estimators inside what others have built around scikit-learn's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import joblib
import matplotlib as mpl
import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_moons
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.inspection import DecisionBoundaryDisplay, PartialDependenceDisplay, permutation_importance
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    RandomizedSearchCV,
    StratifiedKFold,
    cross_val_predict,
    cross_validate,
    learning_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from epoca import MLPClassifier, MLPRegressor, Neuron, Perceptron
from tests.estimators.frames import every_kind, three_labels

mpl.use("Agg")

X, Y = make_moons(200, noise=0.2, random_state=0)


def small(**arguments: Any) -> MLPClassifier:
    return MLPClassifier((16,), **{"members": 2, "max_epochs": 30, "learning_rate": 0.01, **arguments})


def test_in_a_pipeline_behind_other_steps() -> None:
    frame = every_kind(300)[["number", "colour", "whole"]]
    y = three_labels(every_kind(300))
    steps = make_column_transformer((OneHotEncoder(), ["colour"]), remainder=StandardScaler())
    pipeline = make_pipeline(steps, small())
    assert pipeline.fit(frame, y).score(frame, y) > 0.6
    sparse = make_pipeline(OneHotEncoder(), small())  # which hands on a sparse matrix
    assert sparse.fit(frame[["colour"]], y).predict_proba(frame[["colour"]]).shape == (300, 3)


def test_in_a_pipeline_that_hands_on_frames() -> None:
    pipeline = make_pipeline(StandardScaler().set_output(transform="pandas"), small())
    frame = every_kind(200)[["number", "whole"]]
    pipeline.fit(frame, three_labels(every_kind(200)))
    assert list(pipeline[-1].feature_names_in_) == ["number", "whole"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_in_a_grid_search(jobs: int) -> None:
    grid = {"hidden_layer_sizes": [(4,), (16, 8)], "weight_decay": [0.0, 0.1]}
    search = GridSearchCV(small(), grid, cv=3, n_jobs=jobs, scoring="neg_log_loss").fit(X, Y)
    assert search.best_params_["hidden_layer_sizes"] == (16, 8)
    assert search.best_estimator_.predict(X).shape == (200,)


def test_in_a_random_search_of_a_raw_frame() -> None:
    frame = every_kind(150)
    search = RandomizedSearchCV(small(max_epochs=3), {"dropout": [0.0, 0.2]}, n_iter=2, cv=2, random_state=0)
    search.fit(frame, three_labels(frame))
    assert search.cv_results_["mean_test_score"].shape == (2,)


def test_the_jobs_of_a_search_share_the_cores_out() -> None:
    counts = joblib.Parallel(n_jobs=2)(joblib.delayed(_threads)() for _ in range(2))
    assert counts == [max(joblib.cpu_count() // 2, 1)] * 2
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda _: _threads(), range(2))) == [1, 1]


def _threads() -> int:
    return MLPClassifier()._threads


def test_threads_and_processes_fit_the_same_models() -> None:
    def fitted(seed: int) -> Any:
        return small(random_state=seed, max_epochs=3).fit(X, Y).predict_proba(X)

    here = [fitted(seed) for seed in range(3)]
    for backend in ("threading", "loky"):
        found = joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(fitted)(seed) for seed in range(3))
        assert_array_equal(found, here)


def test_in_cross_validation() -> None:
    scores = cross_validate(small(), X, Y, cv=3, scoring=["accuracy", "neg_log_loss", "roc_auc"], return_estimator=True)
    assert scores["test_accuracy"].mean() > 0.85
    assert scores["test_roc_auc"].mean() > 0.93
    assert cross_val_predict(small(), X, Y, cv=3, method="predict_proba").shape == (200, 2)
    sizes, _train, test = learning_curve(small(max_epochs=3), X, Y, train_sizes=[0.5, 1.0], cv=2)
    assert test.shape == (len(sizes), 2)
    regression = cross_validate(MLPRegressor((16,), members=2, learning_rate=0.01), X, X[:, 0] ** 2, cv=3)
    assert regression["test_score"].mean() > 0.9


def test_in_other_estimators() -> None:
    assert CalibratedClassifierCV(small(), cv=3).fit(X, Y).predict_proba(X).shape == (200, 2)
    assert CalibratedClassifierCV(Perceptron(), cv=3).fit(X, Y).predict_proba(X).shape == (200, 2)
    voting = VotingClassifier([("a", small()), ("b", Neuron()), ("c", LogisticRegression())], voting="soft")
    assert voting.fit(X, Y).score(X, Y) > 0.85
    stacking = StackingClassifier([("a", small(max_epochs=5)), ("b", Perceptron())], cv=2)
    assert stacking.fit(X, Y).score(X, Y) > 0.8


def test_looked_into_by_inspection() -> None:
    frame = every_kind(200)
    y = np.where(frame["number"] > 0, "a", "b")
    classifier = small().fit(frame, y)
    found = permutation_importance(classifier, frame, y, n_repeats=2, random_state=0)
    assert frame.columns[found.importances_mean.argmax()] == "number"
    for response in ("predict_proba", "decision_function", "predict"):
        display = DecisionBoundaryDisplay.from_estimator(small().fit(X, Y), X, response_method=response)
        assert np.isfinite(display.response).all()
    display = PartialDependenceDisplay.from_estimator(small().fit(X, Y), X, [0, (0, 1)], grid_resolution=4)
    assert len(display.pd_results) == 2
    mpl.pyplot.close("all")


def test_scorers_find_what_they_ask_for() -> None:
    classifier = small().fit(X, Y)
    for name in ("accuracy", "roc_auc", "neg_log_loss", "neg_brier_score", "average_precision", "f1"):
        assert np.isfinite(get_scorer(name)(classifier, X, Y))
    assert np.isfinite(get_scorer("roc_auc")(Perceptron().fit(X, Y), X, Y))


def test_weights_and_groups_are_routed() -> None:
    weights, groups = np.random.default_rng(0).uniform(0.1, 1, 200), np.arange(200) // 5
    with sklearn.config_context(enable_metadata_routing=True):
        estimator = small(max_epochs=3).set_fit_request(sample_weight=True, groups=True)
        estimator.set_score_request(sample_weight=False)
        search = GridSearchCV(estimator, {"dropout": [0.0]}, cv=GroupKFold(2))
        search.fit(X, Y, sample_weight=weights, groups=groups)
    alone = small(max_epochs=3).fit(X, Y, sample_weight=weights, groups=groups)
    assert_allclose(search.best_estimator_.predict_proba(X), alone.predict_proba(X))


def test_a_fold_that_lacks_a_class_scores_all_the_same() -> None:
    y = np.array([0] * 96 + [1] * 100 + [2] * 4)
    with pytest.warns(UserWarning, match="least populated class"):
        scores = cross_validate(small(max_epochs=2), X, y, cv=StratifiedKFold(5))
    assert np.isfinite(scores["test_score"]).all()
