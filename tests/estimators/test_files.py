"""Estimators to files and back, and from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv
import pytest
import scipy.sparse
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError

import epoca
from epoca.errors import ModelFileError
from tests.conftest import Epoca
from tests.estimators.frames import every_kind, three_labels

ARGUMENTS: dict[str, Any] = {"max_epochs": 3, "members": 2, "learning_rate": 0.02, "random_state": 5}


@pytest.mark.parametrize(
    "estimator",
    [
        epoca.MLPClassifier((8, 4), activation="tanh", class_weight={"low": 2.0}, **ARGUMENTS),
        epoca.MLPRegressor((8,), dropout=0.1, early_stopping=False, **ARGUMENTS),
        epoca.Neuron(class_weight="balanced", shuffle=False, **ARGUMENTS),
        epoca.Perceptron(scaling=False, **ARGUMENTS),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_what_was_saved_comes_back(estimator: Any, tmp_path: Path) -> None:
    frame = every_kind(120)
    if not getattr(estimator, "scaling", True):
        frame = frame.drop(columns=["moment", "day with gaps"])
    y = frame["number"] if isinstance(estimator, epoca.MLPRegressor) else three_labels(frame)
    estimator.fit(frame, y)
    epoca.save(estimator, tmp_path / "m.safetensors")
    same = epoca.load(tmp_path / "m.safetensors")
    assert type(same) is type(estimator)
    assert_array_equal(same.predict(frame), estimator.predict(frame))
    assert list(same.feature_names_in_) == list(frame.columns)
    assert same.n_features_in_ == estimator.n_features_in_
    assert same.best_epoch_ == estimator.best_epoch_
    assert repr(same.scores_) == repr(estimator.scores_)
    given = {name: value for name, value in estimator.get_params().items() if value not in ("auto", None)}
    if isinstance(given.get("class_weight"), dict):
        given["class_weight"] = dict.fromkeys(estimator.classes_, 1.0) | given["class_weight"]
    found = same.get_params()
    assert {name: found[name] for name in given} == given
    assert_array_equal(same.fit(frame, y).predict(frame), estimator.predict(frame))


def test_models_of_arrays_and_of_sparse_rows_come_back(tmp_path: Path) -> None:
    X = scipy.sparse.random(100, 20, 0.2, format="csr", random_state=0)
    y = np.arange(100) % 3 - 1
    for rows in (X, X.toarray()):
        neuron = epoca.Neuron(**ARGUMENTS).fit(rows, y)
        epoca.save(neuron, tmp_path / "m.safetensors")
        same = epoca.load(tmp_path / "m.safetensors")
        assert not hasattr(same, "feature_names_in_")
        assert_array_equal(same.predict_proba(rows), neuron.predict_proba(rows))
        assert_array_equal(same.predict(rows), neuron.predict(rows))


@pytest.mark.parametrize("model", ["network", "neuron", "perceptron"])
def test_the_command_line_and_python_understand_each_other(epoca: Epoca, model: str) -> None:
    from epoca import load, save

    epoca("samples", "penguins", "-o", "p.csv")
    ended = epoca("fit", "p.csv", "-t", "species", "--model", model, "--epochs", "5", "--members", "2", "-o", "a.st")
    assert ended.returncode == 0, ended.stderr
    estimator = load(epoca.folder / "a.st")
    table = pyarrow.csv.read_csv(epoca.folder / "p.csv").drop_columns(["species"])
    save(estimator, epoca.folder / "b.st")
    assert epoca("predict", "b.st", "p.csv", "-o", "out.csv").returncode == 0
    written = pyarrow.csv.read_csv(epoca.folder / "out.csv")["predicted_species"].to_pylist()
    assert estimator.predict(table).tolist() == written
    assert type(estimator).__name__ == {"network": "MLPClassifier"}.get(model, model.capitalize())


def test_a_model_of_sparse_rows_reads_their_columns_from_a_file(epoca: Epoca) -> None:
    from epoca import Neuron, save

    X = scipy.sparse.random(100, 5, 0.5, format="csr", random_state=0)
    neuron = Neuron(**ARGUMENTS).fit(X, np.arange(100) % 2)
    save(neuron, epoca.folder / "m.st")
    lines = [",".join(map(repr, row)) for row in X.toarray().tolist()]
    (epoca.folder / "rows.csv").write_text("\n".join(["x0,x1,x2,x3,x4", *lines]))
    assert epoca("predict", "m.st", "rows.csv", "-o", "out.csv").returncode == 0
    written = pyarrow.csv.read_csv(epoca.folder / "out.csv")["predicted_target"].to_numpy()
    assert_array_equal(written, neuron.predict(X))
    assert "nearly all 0" in epoca("show", "m.st").stdout
    (epoca.folder / "gap.csv").write_text("x0,x1,x2,x3,x4\n1,2,3,4,5\n1,2,,4,5\n")
    assert 'gap.csv, line 3, column "x2": The value is missing' in epoca.refuses("predict", "m.st", "gap.csv")


def test_a_linear_neuron_comes_back_as_a_regressor(epoca: Epoca) -> None:
    from epoca import MLPRegressor, load

    rows = [f"{i / 10},{3 * i + 0.5}" for i in range(200)]
    (epoca.folder / "t.csv").write_text("\n".join(["a,y", *rows]))
    assert epoca("fit", "t.csv", "-t", "y", "--model", "neuron", "--epochs", "20", "-o", "m.st").returncode == 0
    regressor = load(epoca.folder / "m.st")
    assert isinstance(regressor, MLPRegressor)
    table = pyarrow.csv.read_csv(epoca.folder / "t.csv")
    assert regressor.score(table.drop_columns(["y"]), table["y"].to_numpy()) > 0.9


def test_what_cannot_be_saved_or_loaded(tmp_path: Path) -> None:
    with pytest.raises(NotFittedError):
        epoca.save(epoca.Neuron(), tmp_path / "m.safetensors")
    with pytest.raises(ModelFileError, match="There is no file"):
        epoca.load(tmp_path / "nothing.safetensors")
    assert list(tmp_path.iterdir()) == []
