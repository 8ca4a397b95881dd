"""What a user may bring by mistake, and what is said then."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.conftest import Epoca

SMALL = ("--epochs", "2", "--hidden", "4", "--members", "2")


def _points(n: int = 40) -> list[str]:
    rng = np.random.default_rng(0)
    return ["a,b,y", *(f"{a:.3f},{b:.3f},{'pq'[int(a > b)]}" for a, b in rng.normal(size=(n, 2)))]


def _bring(epoca: Epoca, lines: list[str], name: str = "t.csv") -> None:
    (epoca.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "t.csv: The file is empty"),
        (["a,b,y"], "t.csv: There is no row below the column names"),
        (["y", "p", "q"], "t.csv, line 1: There is only one column"),
        (["a,yy", "1,p", "2,q"], 't.csv: There is no column "y"; did you mean "yy"? The columns are "a", "yy".'),
        (["a,a,y", "1,2,p"], 't.csv, line 1, column "a": Columns 1 and 2 have the same name'),
        (["a,b,y", "1,2,p", "3,4", "5,6,q"], "t.csv, line 3: 2 fields where the column names are 3"),
        (["a,b,y", "1,2,p,", "3,4,q,"], "t.csv, line 2: 4 fields where the column names are 3"),
        (["a,b,y", '1,"2,p', "3,4,q"], "t.csv, line 2: A quote that is opened on this line is never closed"),
        (["a\0b,y", "1,p"], "t.csv, line 1: This is no text: a zero byte stands in it"),
        (["a,b,y", "1,2,p", "3,4,p"], 't.csv, column "y": All rows (2) have the same label'),
        (
            [*_points(), "1,2,r"],
            "of the 3 classes have a single row, too few to learn from",
        ),
        (["a,y", *(f",{label}" for label in "pqpqpq")], "No column is left to learn from"),
        ([*_points(), "inf,2,p"], "t.csv, line 42, column \"a\": 'inf' is infinite or too large"),
        (
            [*_points(), "1,oops,p"],
            "t.csv, line 42, column \"b\": 'oops' is no number, but",
        ),
        ([*_points(), "1,2,"], "The target is missing in 1 of 41 rows"),
    ],
)
def test_tables_that_cannot_be_learned_from(epoca: Epoca, lines: list[str], sentence: str) -> None:
    _bring(epoca, lines) if lines else (epoca.folder / "t.csv").touch()
    assert sentence in epoca.refuses("fit", "t.csv", "--target", "y")


def test_no_such_file_and_a_folder(epoca: Epoca) -> None:
    _bring(epoca, _points(), "points.csv")
    assert 'There is no such file; did you mean "points.csv"?' in epoca.refuses("fit", "point.csv", "-t", "y")
    assert "This is a folder; name a file in it." in epoca.refuses("fit", ".", "-t", "y")


def test_a_number_has_no_probabilities(epoca: Epoca) -> None:
    epoca("samples", "diabetes", "-o", "d.csv")
    epoca("fit", "d.csv", "-t", "progression", *SMALL, "-o", "m.safetensors", "-q")
    sentence = epoca.refuses("predict", "m.safetensors", "d.csv", "--proba")
    assert sentence == "The model predicts a number, which has no probabilities of classes."


def test_a_quantity_is_predicted_as_a_number(epoca: Epoca) -> None:
    _bring(epoca, ["a,y", *(f"{i % 7},{i * 3}" for i in range(300))])
    ended = epoca("fit", "t.csv", "-t", "y", "--epochs", "3", "--members", "2", "--hidden", "4")
    assert ended.returncode == 0, ended.stderr
    assert 'The target "y" has 300 different numbers, so the number itself is predicted' in ended.stdout
    assert "MAE" in ended.stdout
    assert "A perceptron gives labels" in epoca.refuses("fit", "t.csv", "-t", "y", "--model", "perceptron")


def test_numbers_of_a_billion_are_learned_like_small_ones(epoca: Epoca) -> None:
    header, *rows = _points(200)
    _bring(epoca, [header, *rows], "small.csv")
    large = [row.split(",") for row in rows]
    _bring(epoca, [header, *(f"{float(a) * 1e9 + 5e9!r},{float(b) * 1e9!r},{y}" for a, b, y in large)], "large.csv")
    losses = []
    for name in ("small.csv", "large.csv"):
        ended = epoca("fit", name, "-t", "y", "--epochs", "20", "--members", "2", "--json")
        losses.append(json.loads(ended.stdout)["test"]["log_loss"])
    assert losses[0] == pytest.approx(losses[1], rel=0.01)


def test_ten_thousand_columns(epoca: Epoca) -> None:
    rng = np.random.default_rng(1)
    values = rng.integers(-9, 9, (30, 10_000)) / 4
    rows = [",".join(map(str, row)) + f",{'pq'[place % 2]}" for place, row in enumerate(values)]
    _bring(epoca, [",".join(f"c{place}" for place in range(10_000)) + ",y", *rows])
    found = json.loads(epoca("fit", "t.csv", "-t", "y", *SMALL, "--json").stdout)
    assert len(found["columns"]) == 10_000


def test_a_table_to_predict_with_other_columns(epoca: Epoca) -> None:
    header, *rows = _points()
    _bring(epoca, [header, *rows])
    epoca("fit", "t.csv", "-t", "y", *SMALL, "-o", "m.safetensors", "-q")
    _bring(epoca, ["b,more,a", *(f"{b},x,{a}" for a, b, _y in (row.split(",") for row in rows))], "turned.csv")
    _bring(epoca, ["a,c", "1,2"], "fewer.csv")
    _bring(epoca, ["a,b", "1,2", "3,high"], "other.csv")
    straight = epoca("predict", "m.safetensors", "t.csv", "--proba").stdout.splitlines()
    turned = epoca("predict", "m.safetensors", "turned.csv", "--proba").stdout.splitlines()
    assert [line.split(",")[-3:] for line in turned[1:]] == [line.split(",")[-3:] for line in straight[1:]]
    assert 'fewer.csv: There is no column "b"' in epoca.refuses("predict", "m.safetensors", "fewer.csv")
    sentence = epoca.refuses("predict", "m.safetensors", "other.csv", "-o", "out.csv")
    assert sentence.startswith("other.csv, line 3, column \"b\": 'high' is no number")


def test_a_label_never_learned_cannot_be_scored(epoca: Epoca) -> None:
    _bring(epoca, _points())
    epoca("fit", "t.csv", "-t", "y", *SMALL, "-o", "m.safetensors", "-q")
    _bring(epoca, ["a,b,y", "1,2,p", "1,2,z"], "new.csv")
    sentence = epoca.refuses("score", "m.safetensors", "new.csv")
    assert sentence.startswith("new.csv, line 3, column \"y\": 'z' is not among the labels that were learned: ")


def test_refusals_are_said_in_portuguese_too(epoca: Epoca) -> None:
    _bring(epoca, ["a,b,y", "1,2,p", "3,4"])
    assert epoca.refuses("fit", "t.csv", "-t", "y", lang="pt").startswith("t.csv, linha 3: 2 campos onde")


def test_foreign_files(epoca: Epoca) -> None:
    (epoca.folder / "t.csv").write_bytes(b"PK\x03\x04" + bytes(100))
    assert "This is a ZIP archive or an Excel workbook, not a table of text" in epoca.refuses("fit", "t.csv", "-t", "y")
    assert "is no model file of epoca" in epoca.refuses("predict", "t.csv", "t.csv")
