"""Models as ONNX graphs give what they give here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from epoca import MLPClassifier, MLPRegressor, Neuron, Perceptron
from tests.conftest import Epoca
from tests.estimators.frames import every_kind, three_labels

EPOCH = pd.Timestamp("1970-01-01")


def fed(graph: onnx.ModelProto, frame: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """A frame's raw columns as the graph's inputs name and type them."""
    found = {}
    for entry in graph.graph.input:
        column, kind = frame[entry.name], entry.type.tensor_type.elem_type
        if kind == onnx.TensorProto.BOOL:
            values = column.to_numpy(bool)
        elif kind == onnx.TensorProto.STRING:
            values = column.map(lambda value: "" if pd.isna(value) else str(value)).to_numpy(object)
        elif pd.api.types.is_datetime64_dtype(column):
            values = ((column - EPOCH) / pd.Timedelta(seconds=1)).to_numpy(float)
        else:
            values = column.to_numpy(float)
        found[entry.name] = values.reshape(-1, 1)
    return found


def run(graph: onnx.ModelProto, inputs: dict[str, NDArray[Any]]) -> list[NDArray[Any]]:
    return onnxruntime.InferenceSession(graph.SerializeToString()).run(None, inputs)


def new_rows() -> pd.DataFrame:
    """Values never seen, and values missing where none were."""
    frame = every_kind(2000, seed=1, with_new=True)
    frame.loc[::7, "number"] = np.nan
    frame["two"] = frame["two"].astype(float)
    frame.loc[::11, "two"] = np.nan
    frame.loc[5, "number"] = 1e300
    frame.loc[6, "number"] = -1e300
    frame.loc[3, "two"] = 5
    return frame


CLASSIFIERS = {
    "network": MLPClassifier((32, 16), max_epochs=20),
    "pieces": MLPClassifier((16,), pieces=5, gains=True, stopping="refined(9)", max_epochs=20, members=2),
    "silu": MLPClassifier((16,), activation="silu", max_epochs=20, members=2),
    "tanh": MLPClassifier((16,), activation="tanh", max_epochs=20, members=1),
    "logistic": MLPClassifier((16,), activation="logistic", max_epochs=20, members=2, dtype="float64"),
    "neuron": Neuron(max_epochs=20),
    "perceptron": Perceptron(max_epochs=20),
}


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("classes", ["texts", "truth", "whole", "numbers"])
def test_labels_and_probabilities_of_every_kind_of_column(name: str, classes: str) -> None:
    frame, new = every_kind(400), new_rows()
    labels = three_labels(frame)
    y = {
        "texts": labels,
        "truth": labels == "high",
        "whole": np.unique(labels, return_inverse=True)[1] - 1,
        "numbers": np.unique(labels, return_inverse=True)[1] / 2,
    }[classes]
    if classes == "numbers":
        y = np.where(y > 0.5, 1.0, 0.0)
    classifier = CLASSIFIERS[name].fit(frame, y)
    graph = classifier.to_onnx()
    kinds = {encoding.kind for encoding in (column.encoding for column in classifier.encoder_.used)}
    assert {str(kind) for kind in kinds} == {"number", "category", "yes/no", "date"}
    found = run(graph, fed(graph, new))
    assert_array_equal(found[0], classifier.predict(new))
    if name == "perceptron":
        assert [output.name for output in graph.graph.output] == ["label"]
    else:
        assert [output.name for output in graph.graph.output] == ["label", "probabilities"]
        assert_allclose(found[1], classifier.predict_proba(new), rtol=0, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=6) | st.sampled_from([" red", "red\u00a0", "RED", "NA", "", "None", "true", "True "])))
def test_any_text_is_read_as_here(texts: list[str]) -> None:
    classifier = _of_texts()
    column = [text.replace("\0", "") for text in ["red", *texts]]
    frame = pd.DataFrame({"text": column, "flag": column})
    found = run(classifier.to_onnx(), {name: frame[name].to_numpy(object).reshape(-1, 1) for name in frame})
    assert_allclose(found[1], classifier.predict_proba(frame), rtol=0, atol=1e-5)


def _of_texts() -> Any:
    words = ["red", "blue", "x.y*", "true", "NA", "ação"] * 20
    frame = pd.DataFrame({"text": words, "flag": ["yes", "no", "true", "yes", "no", "yes"] * 20})
    return Neuron(max_epochs=3, members=1).fit(frame, np.arange(120) % 2)


def test_a_number_comes_in_the_targets_unit() -> None:
    frame, new = every_kind(400), new_rows()
    regressor = MLPRegressor((16,), max_epochs=20).fit(frame, 1000 + 10 * frame["number"])
    graph = regressor.to_onnx()
    [found] = run(graph, fed(graph, new))
    assert found.shape == (2000, 1)
    assert_allclose(found[:, 0], regressor.predict(new), rtol=1e-5)


def test_arrays_and_sparse_rows() -> None:
    X = scipy.sparse.random(200, 30, 0.2, format="csr", random_state=0)
    y = np.arange(200) % 3
    sparse = MLPClassifier((8,), max_epochs=3).fit(X, y)
    found = run(sparse.to_onnx(), {"X": X.toarray()})
    assert_array_equal(found[0], sparse.predict(X))
    assert_allclose(found[1], sparse.predict_proba(X), rtol=0, atol=1e-5)
    dense = MLPClassifier((8,), max_epochs=3).fit(X.toarray(), y)
    graph = dense.to_onnx()
    columns = {entry.name: X.toarray()[:, [int(entry.name[1:])]] for entry in graph.graph.input}
    assert_allclose(run(graph, columns)[1], dense.predict_proba(X), rtol=0, atol=1e-5)


def test_the_command_line_exports(epoca: Epoca) -> None:
    epoca("samples", "penguins", "-o", "p.csv")
    epoca("fit", "p.csv", "-t", "species", "--epochs", "5", "--members", "2", "-o", "m.safetensors")
    ended = epoca("export", "m.safetensors", "--to", "onnx", "-o", "m.onnx")
    assert ended.returncode == 0, ended.stderr
    graph = onnx.load(epoca.folder / "m.onnx")
    frame = pd.read_csv(epoca.folder / "p.csv")
    epoca("predict", "m.safetensors", "p.csv", "--proba", "-o", "out.csv")
    written = pd.read_csv(epoca.folder / "out.csv")
    label, probabilities = run(graph, fed(graph, frame))
    assert label.tolist() == written["predicted_species"].tolist()
    columns = [column for column in written if column.startswith("probability_")]
    assert_allclose(probabilities, written[columns], rtol=0, atol=1e-5)
    assert "its folder does not exist" in epoca.refuses("export", "m.safetensors", "-o", "no/m.onnx")


def test_a_file_is_whole_or_not_there(epoca: Epoca, tmp_path: Path) -> None:
    assert "no model file of epoca" in epoca.refuses("export", __file__)
    assert list(tmp_path.iterdir()) == []
