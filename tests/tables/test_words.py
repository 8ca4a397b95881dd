"""Texts that nearly all differ, by the words they share."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from epoca import MLPClassifier, Neuron
from epoca.tables.cells import Cells
from epoca.tables.columns import Columns
from epoca.tables.encodings.encoding import ColumnKind
from epoca.tables.encodings.words import MAX_WORDS, WordsEncoding
from epoca.tables.table import Table

TITLES = ("Mr.", "Mrs.", "Miss", "Dr.")


def passengers(n: int, *, seed: int = 0) -> list[str]:
    """Names, each of one person, with a title and a class in which they travel."""
    rng = np.random.default_rng(seed)
    return [
        f"Name{number}, {TITLES[rng.integers(4)]} Given{number} {'first' if rng.random() < 0.2 else 'third'}"
        for number in rng.permutation(n)
    ]


def table(texts: list[Any]) -> Table:
    return Table(name="t.csv", arrow=pa.table({"name": pa.array(texts, pa.string()), "y": list(range(len(texts)))}))


def fit(texts: list[Any]) -> Columns:
    return Columns.fit(table(texts), target="y", rows=np.arange(len(texts)))


def test_the_words_that_many_texts_share_have_an_output_each() -> None:
    texts = passengers(200)
    columns = fit(texts)
    assert columns.output_names[0] == "name with third"
    assert set(columns.output_names) == {f"name with {word}" for word in (*TITLES, "first", "third")}
    found = columns.accounts[0]
    assert (found.kind, str(found.note)) == (ColumnKind.TEXT, "Texts; 6 words with an input each.")
    held = columns.encode(table(["Nobody, Mrs. X first", "first first", "Mrs.X", "", "  \u00a0third\u2003Dr. "]))
    names = [
        {name.split(" with ")[1] for name, one in zip(columns.output_names, row, strict=True) if one} for row in held
    ]
    assert names == [{"Mrs.", "first"}, {"first"}, set(), set(), {"third", "Dr."}]


def test_a_missing_text_sets_a_flag_if_any_was_missing() -> None:
    columns = fit([*passengers(60), *[None] * 5])
    assert columns.output_names[-1] == "name missing"
    assert columns.encode(table([None, "third"]))[:, -1].tolist() == [1, 0]
    assert str(columns.accounts[0].note).endswith("Missing ones become 0 and set a flag.")


def test_the_most_frequent_words_come_first_and_no_more_than_enough() -> None:
    texts = [
        " ".join(f"w{word}" for word in range(100) if number % (word + 2) == 0) + f" x{number}" for number in range(900)
    ]
    encoding = WordsEncoding.fit(Cells(table(texts), "name").texts())
    assert len(encoding.words) == MAX_WORDS
    assert encoding.words[:3] == ("w0", "w1", "w2")


def test_they_are_read_back_alike() -> None:
    columns = fit([*passengers(60), None])
    again = Columns.from_json(json.loads(json.dumps(columns.to_json())))
    brought = table(passengers(60, seed=1))
    assert_array_equal(columns.encode(brought), again.encode(brought))


def test_a_network_learns_from_them() -> None:
    names = np.array(passengers(600), object)[:, np.newaxis]
    survived = np.array(["Mr." not in name or "first" in name for name in names[:, 0]])
    classifier = MLPClassifier((16,)).fit(names[:400], survived[:400])
    assert classifier.score(names[400:], survived[400:]) > 0.97


@settings(max_examples=60)
@given(
    st.lists(st.text(max_size=9) | st.sampled_from(["Mr. x", "x\u00a0Mr.", "Mr.,", "NA", "", "a\nthird"]), min_size=1)
)
def test_a_graph_holds_the_same_words(texts: list[str]) -> None:
    import onnxruntime

    classifier = _of_names()
    frame = pd.DataFrame({"name": [text.replace("\0", "") for text in texts]})
    session = onnxruntime.InferenceSession(classifier.to_onnx().SerializeToString())
    found = session.run(None, {"name": frame.to_numpy(object)})
    assert_allclose(found[1], classifier.predict_proba(frame), rtol=0, atol=1e-5)


def _of_names() -> Any:
    names = [*passengers(120), *[None] * 4]
    return Neuron(max_epochs=3, members=1).fit(pd.DataFrame({"name": names}), np.arange(124) % 2)
