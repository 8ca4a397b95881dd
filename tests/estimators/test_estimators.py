"""What users of the estimators notice."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import warnings
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import load_diabetes, make_moons
from sklearn.exceptions import NotFittedError

from epoca import MLPClassifier, MLPRegressor, Neuron, Perceptron
from epoca.errors import OptionError, TableError, TrainingError
from epoca.fitting import Fitting
from epoca.formulas import neuron_training
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from epoca.training.history import Epoch
from tests.estimators.frames import every_kind, three_labels

SMALL: dict[str, Any] = {"hidden_layer_sizes": (8,), "members": 3}


def penguins() -> tuple[pa.Table, pa.ChunkedArray]:
    arrow = sample("penguins").arrow
    arrow = arrow.take(pa.array(np.random.default_rng(0).permutation(arrow.num_rows)))
    return arrow.drop_columns(["species"]), arrow["species"]


def moons(n: int = 200) -> tuple[Any, Any]:
    return make_moons(n, noise=0.2, random_state=0)


# --- What X and y may be ----------------------------------------------------------------------------------------------


def test_frames_of_all_libraries_give_the_same_model() -> None:
    X, y = penguins()
    frames = {
        "pyarrow": (X, y),
        "pandas": (X.to_pandas(), y.to_pandas()),
        "polars": (pl.from_arrow(X), pl.from_arrow(y)),
    }
    found = [MLPClassifier(**SMALL, max_epochs=3).fit(*frame).predict_proba(frame[0]) for frame in frames.values()]
    assert_array_equal(found[0], found[1])
    assert_array_equal(found[0], found[2])


def test_every_kind_of_column_is_learned_from() -> None:
    X = every_kind(400)
    y = three_labels(X)
    classifier = MLPClassifier((32,), max_epochs=60, learning_rate=0.005).fit(X, y)
    assert classifier.scores_["held_out"].accuracy > 0.75
    assert [account.name for account in classifier.encoder_.accounts] == list(X.columns)
    new = every_kind(50, seed=1, with_new=True)
    assert_allclose(classifier.predict_proba(new).sum(axis=1), 1)


def test_columns_are_found_by_name() -> None:
    X, y = penguins()
    frame = X.to_pandas()
    classifier = MLPClassifier(**SMALL, max_epochs=2).fit(frame, y)
    assert list(classifier.feature_names_in_) == list(frame.columns)
    turned = frame[frame.columns[::-1]]
    assert_array_equal(classifier.predict_proba(turned), classifier.predict_proba(frame))
    with pytest.raises(ValueError, match=r'X: The columns must be .* in any order; missing: "island"; new: –'):
        classifier.predict(frame.drop(columns="island"))
    with pytest.raises(ValueError, match=r'missing: –; new: "legs"'):
        classifier.predict(frame.assign(legs=2))
    with pytest.raises(TableError, match='column "sex": This column name stands more than once'):
        MLPClassifier().fit(frame.rename(columns={"island": "sex"}), y)


def test_arrays_and_frames_are_told_apart() -> None:
    X, y = moons()
    frame = pd.DataFrame(X, columns=["a", "b"])
    by_name = Neuron(max_epochs=2, members=2).fit(frame, y)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        assert_array_equal(by_name.predict(X), by_name.predict(frame))
    by_place = Neuron(max_epochs=2, members=2).fit(X, y)
    with pytest.warns(UserWarning, match="X has feature names"):
        assert_array_equal(by_place.predict(frame), by_place.predict(X))
    unnamed = pd.DataFrame(X)
    assert_array_equal(Neuron(max_epochs=2, members=2).fit(unnamed, y).predict(unnamed), by_place.predict(X))


@pytest.mark.parametrize(
    "labels",
    [
        ["b", "a"],
        [1, 0],
        [-1, 1],
        [True, False],
        [2.0, 1.0],
        ["10", "9"],
        [np.datetime64("2024-01-01"), np.datetime64("2023-01-01")],
    ],
    ids=str,
)
def test_labels_of_any_kind_come_back(labels: list[Any]) -> None:
    X, y = moons()
    named = np.array(labels)[y]
    classifier = MLPClassifier(**SMALL, max_epochs=3).fit(X, named)
    assert_array_equal(classifier.classes_, np.unique(named))
    found = classifier.predict(X)
    assert found.dtype == named.dtype
    assert set(found.tolist()) <= set(named.tolist())


def test_a_missing_label_and_a_new_one_are_refused() -> None:
    X, y = moons()
    with pytest.raises(ValueError, match="NaN"):
        Neuron().fit(X, np.where(y == 1, np.nan, 0.0))
    neuron = Neuron(max_epochs=2, members=2).fit(X, y)
    with pytest.raises(ValueError, match=r"y: '2' is not among the labels that were learned: \"0\", \"1\""):
        neuron.partial_fit(X, y + 1)
    with pytest.raises(ValueError, match="classes must hold two labels or more"):
        Neuron().partial_fit(X, y, classes=[1])
    with pytest.raises(ValueError, match=r"All rows \(200\) have the same label, '0'; a classifier needs"):
        Neuron().fit(X, y * 0)


def test_sparse_rows_are_learned_from_as_they_are() -> None:
    X = scipy.sparse.random(300, 40, 0.1, format="coo", random_state=0)
    y = np.asarray(X.tocsr()[:, :20].sum(axis=1)).ravel() > 0.9
    for estimator in (MLPClassifier((16,), max_epochs=30, learning_rate=0.01), Neuron(max_epochs=30), Perceptron()):
        estimator.fit(X, y)
        assert estimator.score(X, y) > 0.8
        assert_array_equal(estimator.predict(X.toarray()), estimator.predict(X))
        assert_array_equal(estimator.predict(X.tocsc()), estimator.predict(X))
    with pytest.raises(ValueError, match="A sparse matrix must not hold missing values"):
        estimator.predict(X * np.nan)
    with pytest.raises(ValueError, match='column "x0": The value is missing, but the model was learned from a sparse'):
        estimator.predict(np.full((2, 40), np.nan))
    dense = Neuron(max_epochs=5, members=2).fit(X.toarray(), y)
    assert_array_equal(dense.predict(X), dense.predict(X.toarray()))


def test_a_wide_sparse_table_takes_no_more_memory_than_its_values() -> None:
    columns = np.random.default_rng(0).integers(0, 50_000, 200_000)
    X = scipy.sparse.csr_array((np.ones(200_000), columns, np.arange(0, 200_001, 10)))  # 8 GB, its zeros written down
    y = np.arange(20_000) % 2
    neuron = Neuron(max_epochs=1, early_stopping=False).fit(X, y)
    assert neuron.predict_proba(X).shape == (20_000, 2)


def test_missing_values_and_infinite_ones() -> None:
    X, y = moons()
    X[::3, 0] = np.nan
    classifier = MLPClassifier(**SMALL, max_epochs=2, pieces=0).fit(X, y)
    assert classifier.encoder_.output_names == ["x0", "x0 missing", "x1"]
    X[1, 1] = np.inf
    with pytest.raises(ValueError, match="infinity"):
        classifier.fit(X, y)


# --- Training ---------------------------------------------------------------------------------------------------------


def test_the_same_rows_give_the_same_model_as_the_command_line() -> None:
    from epoca.fitting import Fitting
    from epoca.problem import Problem
    from epoca.settings import Settings

    table = sample("penguins")
    settings = Settings(hidden=(8,), members=3, epochs=4, test_size=0)
    fitting = Fitting(Problem.of_table(table, target="species", settings=settings), settings=settings)
    for _epoch in fitting:
        pass
    X, y = table.arrow.drop_columns(["species"]), table.arrow["species"]
    classifier = MLPClassifier(**SMALL, max_epochs=4).fit(X, y)
    assert_array_equal(classifier.model_.parameters, fitting.model().parameters)


def test_more_epochs_go_on_bit_by_bit_where_the_last_ended() -> None:
    X, y = penguins()
    for more in ({"dropout": 0.3}, {"refit": True}, {"early_stopping": False}):
        arguments = {**SMALL, "stopping": "patience(99)", **more}
        whole = MLPClassifier(**arguments, max_epochs=10).fit(X, y)
        parts = MLPClassifier(**arguments, max_epochs=4).fit(X, y).fit_more(X, y, epochs=5).fit_more(X, y, epochs=1)
        assert parts.n_epochs_ == 10
        assert_array_equal(parts.history_.curve("training_loss"), whole.history_.curve("training_loss"))
        assert_array_equal(parts.predict_proba(X), whole.predict_proba(X))
    with pytest.raises(OptionError, match="not the rows that were learned from"):
        parts.fit_more(X.slice(1), y.slice(1), epochs=1)
    with pytest.raises(OptionError, match="epochs must be at least 1, not 0"):
        parts.fit_more(X, y, epochs=0)


def test_a_table_may_arrive_in_pieces() -> None:
    X, y = moons(600)
    classifier = MLPClassifier((32,), members=2, learning_rate=0.01, batch_size=16)
    with pytest.raises(OptionError, match="first call of partial_fit needs classes"):
        classifier.partial_fit(X[:50], y[:50])
    for _round in range(6):
        for first in range(0, 600, 50):
            classifier.partial_fit(X[first : first + 50], y[first : first + 50], classes=[0, 1, 2])
    assert classifier.n_epochs_ == 72
    assert classifier.score(X, y) > 0.9
    assert classifier.predict_proba(X).shape == (600, 3)
    assert classifier.best_epoch_ is None
    numbers = MLPRegressor((16,), members=2, learning_rate=0.01)
    y = 5 * X[:, 0]
    order = np.argsort(y)[np.r_[0:600:2, 1:600:2]].reshape(4, 150)  # pieces whose means differ
    for _round in range(40):
        for piece in order[[0, 2, 1, 3]]:
            numbers.partial_fit(X[piece], y[piece])
    assert numbers.score(X, y) > 0.8
    with pytest.raises(OptionError, match='class_weight="balanced" needs all rows at once'):
        Neuron(class_weight="balanced").partial_fit(X, y, classes=[0, 1])


def test_partial_fit_goes_on_after_fit_and_after_a_file(tmp_path: Any) -> None:
    from epoca import load, save

    X, y = moons()
    classifier = MLPClassifier(**SMALL, max_epochs=3).fit(X, y)
    save(classifier, tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors")
    before = classifier.history_.curve("training_loss")[-1]
    for estimator in (classifier, again):
        for _round in range(20):
            estimator.partial_fit(X, y)
        assert estimator.n_epochs_ == 23
        assert estimator.history_.curve("training_loss")[-1] < before
    with pytest.raises(OptionError, match="not the rows that were learned from"):
        load(tmp_path / "m.safetensors").fit_more(X[1:], y[1:], epochs=1)


def test_fit_more_goes_on_after_a_file_as_if_it_had_never_ended(tmp_path: Any) -> None:
    from epoca import load, save

    X, y = moons()
    classifier = MLPClassifier(**SMALL, max_epochs=3).fit(X, y)
    save(classifier, tmp_path / "m.safetensors")
    again = load(tmp_path / "m.safetensors").fit_more(X, y, epochs=4)
    assert_array_equal(again.predict_proba(X), MLPClassifier(**SMALL, max_epochs=7).fit(X, y).predict_proba(X))
    assert again.n_epochs_ == 7


def test_rows_given_for_validation_are_held_out_by_every_member() -> None:
    X, y = moons(300)
    classifier = MLPClassifier(**SMALL, max_epochs=4).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert classifier.scores_["train"].rows == 200
    assert classifier.scores_["held_out"].rows == 100
    other = y[200:].copy()
    other[:50] = 1 - other[:50]
    changed = MLPClassifier(**SMALL, max_epochs=4).fit(X[:200], y[:200], X_val=X[200:], y_val=other)
    assert_array_equal(changed.history_.curve("training_loss"), classifier.history_.curve("training_loss"))
    assert (changed.history_.curve("held_out_loss") != classifier.history_.curve("held_out_loss")).all()
    with pytest.raises(OptionError, match="X_val and y_val belong together"):
        classifier.fit(X, y, X_val=X)


def test_rows_of_one_group_are_held_out_together() -> None:
    groups = np.repeat(np.arange(40), 10)
    label = np.random.default_rng(0).integers(0, 2, 40)[groups]
    X = pd.DataFrame({"group": [f"g{group}" for group in groups]})  # which gives the label away
    alone = Neuron(learning_rate=0.1).fit(X, label)
    together = Neuron(learning_rate=0.1).fit(X, label, groups=groups)
    assert alone.scores_["held_out"].accuracy > 0.95
    assert together.scores_["held_out"].accuracy < 0.7
    with pytest.raises(OptionError, match="groups has 3 values for 400 rows"):
        together.fit(X, label, groups=[1, 2, 3])
    with pytest.warns(UserWarning, match=r"All rows are in one group; .* All rows are learned from"):
        Neuron(max_epochs=1).fit(X, label, groups=np.ones(400))


def test_a_row_without_weight_is_not_there() -> None:
    X, y = moons()
    weights = np.ones(200)
    weights[150:] = 0
    y = y.copy()
    y[199] = 5  # a label that weighs nothing
    with_it = MLPClassifier(**SMALL, max_epochs=3).fit(X, y, sample_weight=weights)
    without = MLPClassifier(**SMALL, max_epochs=3).fit(X[:150], y[:150], sample_weight=np.ones(150))
    assert_array_equal(with_it.classes_, [0, 1])
    assert_array_equal(with_it.predict_proba(X), without.predict_proba(X))
    with pytest.raises(ValueError, match=r"zero for all rows|at least one non-zero"):
        with_it.fit(X, y, sample_weight=weights * 0)


def test_class_weights_move_the_border() -> None:
    X, y = moons()
    heavy = MLPClassifier(**SMALL, max_epochs=30, class_weight={1: 20}).fit(X, y)
    plain = MLPClassifier(**SMALL, max_epochs=30).fit(X, y)
    assert heavy.predict(X).mean() > plain.predict(X).mean()
    with pytest.raises(OptionError, match=r"class_weight names 'x', which is not among the labels"):
        MLPClassifier(class_weight={"x": 2}).fit(X, y)
    settings = Settings(class_weight=(1.0, 2.0, 3.0))
    problem = Problem.of_table(sample("moons"), target="label", settings=settings)
    with pytest.raises(OptionError, match="3 class weights are given for 2 classes; give one for each"):
        Fitting(problem, settings=settings)


def test_callbacks_see_every_epoch_and_may_end_the_training() -> None:
    X, y = moons()
    seen: list[int] = []

    def stop_at_7(epoch: Epoch) -> bool:
        seen.append(epoch.number)
        return epoch.number == 7

    classifier = MLPClassifier(**SMALL, callbacks=[stop_at_7, lambda epoch: None]).fit(X, y)
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert classifier.stop_reason_ == "callback"
    assert str(classifier.model_.stop.sentence) == "A callback asked to stop after epoch 7."


def test_ctrl_c_keeps_the_best_and_says_so() -> None:
    X, y = moons()

    def press(epoch: Epoch) -> None:
        if epoch.number == 3:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="interrupted"):
        classifier = MLPClassifier(**SMALL, callbacks=[press]).fit(X, y)
    assert classifier.stop_reason_ == "interrupted"
    assert classifier.predict(X).shape == (200,)


def test_divergence_from_the_first_epoch_on_leaves_nothing_to_keep() -> None:
    X, _y = moons()
    with pytest.raises(TrainingError, match=r"Nothing was learned.*diverged in epoch 1: at a learning rate of 1,000,"):
        MLPRegressor((8,), learning_rate=1e6).fit(X, X[:, 0] ** 3)


def test_too_few_rows_to_hold_out_are_all_learned_from() -> None:
    with pytest.warns(UserWarning, match="too few rows to hold some out.*All rows are learned from"):
        classifier = MLPClassifier(**SMALL, max_epochs=2).fit([[0.0], [1.0], [2.0]], [0, 1, 1])
    assert classifier.best_epoch_ is None


def test_refit_learns_from_all_rows_for_the_ideal_number_of_epochs() -> None:
    X, y = moons()
    seen: list[int] = []
    arguments = {**SMALL, "learning_rate": 0.01, "max_epochs": 40}
    classifier = MLPClassifier(**arguments, refit=True).fit(X, y)
    plain = MLPClassifier(**arguments).fit(X, y)
    assert classifier.best_epoch_ == plain.best_epoch_
    assert repr(classifier.scores_["held_out"]) == repr(plain.scores_["held_out"])
    assert (classifier.model_.parameters != plain.model_.parameters).any()
    assert classifier.model_.data["refitted"]
    assert seen == []


def test_epochs_that_were_kept_can_be_looked_back_at() -> None:
    X, y = moons()
    classifier = MLPClassifier(**SMALL, max_epochs=5, early_stopping=False, keep_epochs=True).fit(X, y)
    stages = list(classifier.staged_predict_proba(X))
    assert len(stages) == 5
    assert_array_equal(stages[-1], classifier.predict_proba(X))
    assert (stages[0] != stages[-1]).any()
    assert_array_equal(list(classifier.staged_predict(X))[-1], classifier.predict(X))
    assert len(list(classifier.fit_more(X, y, epochs=2).staged_predict(X))) == 7
    with pytest.raises(OptionError, match="fit with keep_epochs=True"):
        next(MLPClassifier(**SMALL, max_epochs=1).fit(X, y).staged_predict(X))


def test_auto_is_told_after_the_fit() -> None:
    X, y = moons()
    classifier = MLPClassifier((4,), max_epochs=2).fit(X, y)
    assert (classifier.batch_size_, classifier.learning_rate_, classifier.members_) == (16, 0.001, 8)
    assert (classifier.dropout_, classifier.pieces_, classifier.stopping_) == (0, 16, "refined(32)")
    assert MLPClassifier((32,), max_epochs=2).fit(X, y).dropout_ == 0.1
    one = MLPClassifier(4, max_epochs=2).fit(X, y)
    assert_array_equal(one.predict_proba(X), classifier.predict_proba(X))
    assert MLPClassifier((4,), early_stopping=False).fit(X, y).max_epochs_ == 100
    assert Neuron(early_stopping=False, max_epochs=1).fit(X, y).members_ == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"hidden_layer_sizes": (0,)}, "Every hidden layer needs a whole number of neurons, at least 1"),
        ({"hidden_layer_sizes": (8.5,)}, "Every hidden layer needs a whole number of neurons, at least 1"),
        ({"callbacks": None}, "The 'callbacks' parameter"),
        ({"members": 0}, "The 'members' parameter of MLPClassifier must be an int in the range"),
        ({"activation": "relu6"}, "The 'activation' parameter"),
        ({"learning_rate": -1}, "The 'learning_rate' parameter"),
        ({"dropout": 1.0}, "The 'dropout' parameter"),
        ({"stopping": "soon"}, 'A stopping rule is written like "patience\\(16\\)".*not "soon"'),
        ({"device": "cuda"}, "The 'device' parameter"),
        ({"dtype": "float16"}, "The 'dtype' parameter"),
        ({"random_state": -1}, "The 'random_state' parameter"),
    ],
)
def test_arguments_that_make_no_sense(arguments: dict[str, Any], sentence: str) -> None:
    X, y = moons()
    with pytest.raises(ValueError, match=sentence):
        MLPClassifier(**arguments).fit(X, y)


def test_random_state_is_the_only_source_of_randomness() -> None:
    X, y = moons()
    one, same, other = (MLPClassifier(**SMALL, max_epochs=2, random_state=s).fit(X, y) for s in (7, 7, 8))
    assert_array_equal(one.predict_proba(X), same.predict_proba(X))
    assert (one.predict_proba(X) != other.predict_proba(X)).any()
    drawn = [MLPClassifier(**SMALL, max_epochs=2, random_state=None).fit(X, y).predict_proba(X) for _ in range(2)]
    assert (drawn[0] != drawn[1]).any()
    of_generator = MLPClassifier(**SMALL, max_epochs=2, random_state=np.random.RandomState(3)).fit(X, y)
    assert of_generator.predict_proba(X).shape == (200, 2)


def test_the_number_of_jobs_makes_no_difference() -> None:
    X, y = moons()
    found = [MLPClassifier(**SMALL, max_epochs=2, n_jobs=n).fit(X, y).predict_proba(X) for n in (1, 2, -1, None)]
    for other in found[1:]:
        assert_array_equal(other, found[0])


# --- The textbook -----------------------------------------------------------------------------------------------------


def test_the_neuron_of_the_textbook_is_reproduced() -> None:
    X, y = moons(60)
    start = np.array([[0.3, -0.2]])
    neuron = Neuron(early_stopping=False, shuffle=False, scaling=False, max_epochs=10)
    neuron.fit(X, y, coef_init=start, intercept_init=[0.1])
    *_, last = islice(neuron_training(X, y, weights=start[0], bias=0.1), 10)
    assert_allclose(neuron.coef_, [last.weights], rtol=1e-10)
    assert_allclose(neuron.intercept_, [last.bias], rtol=1e-10)
    assert_allclose(neuron.decision_function(X), X @ last.weights + last.bias, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", [Neuron, Perceptron])
def test_starts_are_taken_and_wrong_ones_refused(kind: Any) -> None:
    X, y = moons()
    y3 = np.where(X[:, 0] > 1, 2, y)
    start = np.arange(6.0).reshape(3, 2)
    still = kind(early_stopping=False, scaling=False, max_epochs=1, learning_rate=1e-300)
    still.fit(X, y3, coef_init=start, intercept_init=[1.0, 2.0, 3.0])
    assert_allclose(still.coef_, start, atol=1e-290)
    assert_allclose(still.intercept_, [1, 2, 3])
    assert_allclose(still.fit(X, y3, coef_init=start).intercept_, 0, atol=1e-290)
    with pytest.raises(OptionError, match=r"coef_init must hold finite .* \(3, 2\).*has the shape \(2,\)"):
        still.fit(X, y3, coef_init=[1.0, 2.0])
    with pytest.raises(OptionError, match="intercept_init must hold finite numbers"):
        still.fit(X, y3, intercept_init=[1.0, np.nan, 0.0])


def test_a_perceptron_decides_by_its_sums_alone() -> None:
    X, y = moons()
    perceptron = Perceptron(scaling=False).fit(X, y)
    assert perceptron.members_ == 8
    sums = X @ perceptron.coef_[0] + perceptron.intercept_[0]
    assert_allclose(perceptron.decision_function(X), sums)
    assert_array_equal(perceptron.predict(X), sums >= 0)
    assert not hasattr(perceptron, "predict_proba")


def test_a_neuron_decides_by_the_logarithm_of_its_odds() -> None:
    X, y = moons()
    neuron = Neuron().fit(X, y)
    p = neuron.predict_proba(X)
    assert_allclose(neuron.decision_function(X), np.log(p[:, 1] / p[:, 0]))
    assert_allclose(neuron.predict_log_proba(X), np.log(p))


# --- Regression -------------------------------------------------------------------------------------------------------


def test_a_regression_speaks_in_the_targets_unit() -> None:
    X, y = load_diabetes(return_X_y=True)
    regressor = MLPRegressor(random_state=1).fit(X, y)
    held_out = regressor.scores_["held_out"]
    assert 0.4 < held_out.r2 < 0.6
    assert 50 < held_out.rmse < 60
    assert 0 < held_out.r2_error < 0.1
    assert abs(regressor.predict(X).mean() - y.mean()) < 10
    assert regressor.best_epoch_ == 1 + int(regressor.history_.curve("held_out_loss").argmin())
    thousands = MLPRegressor(random_state=1).fit(X, 1000 * y + 1e6)
    assert_allclose(thousands.predict(X), 1000 * regressor.predict(X) + 1e6, rtol=1e-2)


# --- The object -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MLPClassifier, MLPRegressor, Neuron, Perceptron])
def test_copies_of_every_kind_predict_alike(kind: Any) -> None:
    X, y = moons()
    estimator = kind(max_epochs=2, members=2).fit(X, y)
    for other in (copy.deepcopy(estimator), copy.copy(estimator), pickle.loads(pickle.dumps(estimator))):
        assert_array_equal(other.predict(X), estimator.predict(X))
        assert other.fit_more(X, y, epochs=1).n_epochs_ == 3
    assert clone(estimator).get_params() == estimator.get_params()
    with pytest.raises(NotFittedError):
        clone(estimator).predict(X)


def test_nothing_is_printed_unless_asked(capfd: pytest.CaptureFixture[str]) -> None:
    X, y = moons()
    MLPClassifier(**SMALL, max_epochs=2).fit(X, y)
    assert capfd.readouterr() == ("", "")


def test_a_pipe_is_told_of_long_work_in_lines(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("epoca.progress._SECONDS_BETWEEN_LINES", 0.0)
    X, y = moons()
    MLPClassifier(**SMALL, max_epochs=3, verbose=True).fit(X, y)
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("epoch 1  loss 0.")


def test_importing_epoca_brings_in_nothing_heavy() -> None:
    script = (
        "import sys, epoca\n"
        "heavy = {'sklearn', 'torch', 'numba', 'pandas', 'plotly', 'onnx', 'matplotlib', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert 'MLPClassifier' in dir(epoca)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_no_estimator_warns_without_need() -> None:
    X, y = moons()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for estimator in (MLPClassifier((4,)), MLPRegressor((4,)), Neuron(), Perceptron()):
            estimator.fit(X, y).predict(X)


def test_a_fitted_estimator_is_studied_on_its_own_rows() -> None:
    X, y = moons()
    classifier = MLPClassifier(**SMALL, max_epochs=30).fit(X, y)
    trial = classifier.doctor(X, y, trial="width")
    assert str(trial.subject).startswith("Twice the neurons")
    assert trial.before == classifier.history_.curve("refined_loss").min()
    study = classifier.study_rows(X, y)
    assert [curve.share for curve in study.curves] == [0.125, 0.25, 0.5, 1.0]
    assert 0 <= classifier.memorised(X, y).share <= 1
    with pytest.raises(OptionError, match="not the rows that were learned from"):
        classifier.doctor(X[1:], y[1:])
    with pytest.raises(NotFittedError):
        MLPClassifier().memorised(X, y)


def test_training_goes_on_only_with_the_very_rows_that_were_held_out() -> None:
    X, y = moons(300)
    classifier = MLPClassifier(**SMALL, max_epochs=3).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    with pytest.raises(OptionError, match="with the same weights and held out alike"):
        classifier.fit_more(X[:200], y[:200], epochs=1)
    assert classifier.fit_more(X[:200], y[:200], epochs=1, X_val=X[200:], y_val=y[200:]).n_epochs_ == 4
    groups = np.arange(300) // 3
    classifier = MLPClassifier(**SMALL, max_epochs=3).fit(X, y, groups=groups)
    with pytest.raises(OptionError, match="with the same weights and held out alike"):
        classifier.fit_more(X, y, epochs=1)
    assert classifier.fit_more(X, y, epochs=1, groups=groups).n_epochs_ == 4


def test_pieces_after_a_refit_go_on_from_the_network_that_predicts() -> None:
    X, y = moons(300)
    classifier = MLPClassifier(**SMALL, max_epochs=30, gains=False, refit=True).fit(X, y)
    before = classifier.model_.parameters.copy()
    classifier.partial_fit(X[:1], y[:1])
    assert np.abs(classifier.model_.parameters - before).max() < 0.02
    assert classifier.best_epoch_ is None
    assert classifier.verdict_.kind == "nothing held out"
