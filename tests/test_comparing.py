"""Models against each other."""

from __future__ import annotations

import json
import math
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_moons
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.svm import SVC

import epoca
from epoca import formulas
from epoca.comparing import BASELINE, comparison
from epoca.errors import OptionError, TableError
from epoca.known_rows import MOST, KnownRows
from tests.conftest import Epoca

X, Y = make_moons(600, noise=0.25, random_state=0)


def trained() -> dict[str, Any]:
    return {
        "network": epoca.MLPClassifier((16,), learning_rate=0.01, members=2).fit(X[:300], Y[:300]),
        "neuron": epoca.Neuron(members=2).fit(X[:300], Y[:300]),
        "forest": RandomForestClassifier(random_state=0, min_samples_leaf=5).fit(X[:300], Y[:300]),
    }


def test_figures_are_those_of_the_formulas() -> None:
    models = trained()
    found = epoca.compare(models, X[300:], Y[300:])
    assert found.rows == 300
    assert {str(entrant.name) for entrant in found.entrants} == {*models, str(BASELINE)}
    for entrant in found.entrants:
        if entrant.name == BASELINE:
            p = np.tile(np.bincount(Y[300:]) / 300, (300, 1))
        else:
            p = models[str(entrant.name)].predict_proba(X[300:])
        happened = np.maximum(p[np.arange(300), Y[300:]], np.finfo(float).tiny)
        assert entrant.score.log_loss == pytest.approx(log_loss(Y[300:], p))
        assert entrant.log_likelihood == pytest.approx(formulas.log_likelihood(happened))
        assert entrant.bits_per_row == pytest.approx(log_loss(Y[300:], p) / math.log(2))
        assert entrant.bits_per_row_error == pytest.approx(np.log2(happened).std(ddof=1) / math.sqrt(300))
        assert entrant.score.accuracy == accuracy_score(Y[300:], p.argmax(axis=1))
        assert entrant.likelihood == pytest.approx(formulas.likelihood(happened))
    assert found.entrants[-1].name == BASELINE
    ranked = [entrant.log_likelihood for entrant in found.entrants]
    assert ranked == sorted(ranked, reverse=True)


def test_the_better_model_is_named_and_doubt_is_said() -> None:
    models = trained()
    found = epoca.compare([models["network"], models["neuron"]], X[300:], Y[300:])
    sentences = [str(difference.sentence) for difference in found.differences]
    assert sentences[0].startswith("MLPClassifier is better than Neuron: its log-likelihood is larger by")
    assert "95% interval" in str(found)
    few = epoca.compare([models["network"], models["neuron"]], X[300:306], Y[300:306])
    assert "These rows cannot tell" in str(few)
    twice = epoca.compare([models["neuron"], models["neuron"]], X[300:], Y[300:])
    assert {str(entrant.name) for entrant in twice.entrants} == {"Neuron 1", "Neuron 2", str(BASELINE)}
    assert str(twice.differences[0].sentence).startswith("These rows cannot tell Neuron")


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["log-likelihood", "cross-entropy", "bits per row", "accuracy"]),
        ("pt_BR", ["log-verossimilhança", "entropia cruzada", "bits por linha", "acurácia"]),
    ],
)
def test_printed_every_figure_has_its_standard_error(
    language: str, titles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EPOCA_LANG", language)
    told = str(epoca.compare([trained()["neuron"]], X[300:], Y[300:]))
    for title in titles:
        [line] = [line for line in told.splitlines() if line.startswith(title)]
        assert line.count(" ± ") == 2


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    truth, one, other = 0.7, 0.6, 0.8
    expected = truth * math.log(one / other) + (1 - truth) * math.log((1 - one) / (1 - other))
    covered = 0
    for _trial in range(400):
        happened = rng.random(80) < truth
        p, q = np.where(happened, one, 1 - one), np.where(happened, other, 1 - other)
        right = np.ones(80, bool)
        [difference] = [
            found
            for found in comparison({"p": (p, right), "q": (q, right)}, happened.astype(int)).differences
            if BASELINE not in (found.better, found.worse)
        ]
        sign = 1 if difference.better == "p" else -1
        covered += difference.low <= sign * 80 * expected <= difference.high
    assert 0.92 < covered / 400 < 0.98


def test_the_product_is_given_while_a_float_can_hold_it() -> None:
    right = np.ones(2000, bool)
    found = comparison({"a": (np.full(2000, 0.5), right)}, np.arange(2000) % 2)
    assert found.entrants[0].likelihood is None
    assert found.entrants[0].log_likelihood == pytest.approx(2000 * math.log(0.5))
    few = comparison({"a": (np.full(3, 0.5), right[:3])}, np.array([0, 1, 0]))
    assert {str(entrant.name): entrant.likelihood for entrant in few.entrants}["a"] == 0.125
    one = comparison({"a": (np.array([0.5]), right[:1])}, np.array([0]))
    assert "cannot tell" in str(one)


def test_rows_that_were_learned_from_are_warned_of() -> None:
    models = trained()
    with pytest.warns(UserWarning, match=r"50% of these rows are rows that neuron has learned from"):
        found = epoca.compare({"neuron": models["neuron"]}, X[150:450], Y[150:450])
    assert len(found.notes) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        epoca.compare(models, X[300:], Y[300:])


@pytest.mark.parametrize("n", [100, MOST, 50_000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_share_of_known_rows_is_estimated(n: int, dtype: type) -> None:
    rng = np.random.default_rng(n)
    matrix, targets = rng.normal(size=(2 * n, 3)).astype(dtype), rng.integers(0, 2, 2 * n).astype(float)
    known = KnownRows.of(matrix[:n], targets[:n])
    assert known.share(matrix[n:], targets[n:]) == 0
    assert known.share(matrix[:n], targets[:n]) == 1
    assert known.share(matrix[n // 2 : 3 * n // 2], targets[n // 2 : 3 * n // 2]) == pytest.approx(0.5, abs=0.03)
    assert KnownRows.from_json(known.to_json()).share(matrix[:n], targets[:n]) == 1
    both = known | KnownRows.of(matrix[n:], targets[n:])
    assert both.share(matrix, targets) == 1


def test_equal_rows_do_not_hide_others() -> None:
    matrix = np.zeros((20_000, 2))
    matrix[-10:, 0] = np.arange(10)
    known = KnownRows.of(matrix, np.zeros(20_000))
    assert known.share(matrix[-10:], np.zeros(10)) == 1


def test_what_cannot_be_compared() -> None:
    models = trained()
    with pytest.raises(OptionError, match="There is no model to compare"):
        epoca.compare([], X, Y)
    with pytest.raises(OptionError, match="Perceptron gives no probabilities"):
        epoca.compare([epoca.Perceptron().fit(X, Y)], X, Y)
    with pytest.raises(OptionError, match="SVC gives no probabilities, by which models are compared"):
        epoca.compare([SVC().fit(X, Y)], X, Y)
    with pytest.raises(TableError, match=r"y: '7' is not among the labels that neuron has learned: \"0\", \"1\""):
        epoca.compare({"neuron": models["neuron"]}, X[:3], [0, 1, 7])


def test_the_command_line_compares(epoca: Epoca) -> None:
    epoca("samples", "penguins", "-o", "p.csv")
    for model in ("network", "neuron", "perceptron"):
        epoca("fit", "p.csv", "-t", "species", "--model", model, "--epochs", "5", "--members", "2", "-o", f"{model}.st")
    ended = epoca("compare", "network.st", "neuron.st", "p.csv")
    assert ended.returncode == 0, ended.stderr
    for text in (
        "Measured on 344 rows",
        "log-likelihood",
        "bits per row",
        "class shares",
        "79.9% of these rows are rows",
    ):
        assert text in ended.stdout
    found = json.loads(epoca("compare", "network.st", "neuron.st", "p.csv", "--json").stdout)
    assert found["rows"] == 344
    assert [set(entry) >= {"name", "log_likelihood", "bits_per_row", "accuracy"} for entry in found["models"]] == [
        True
    ] * 3
    assert "Name at least one model file before the table" in epoca.refuses("compare", "p.csv")
    assert "A perceptron gives labels without probabilities" in epoca.refuses("compare", "perceptron.st", "p.csv")
    assert "no model file of epoca" in epoca.refuses("compare", "p.csv", "p.csv")


def test_many_models_of_long_names_are_told_whole(epoca: Epoca) -> None:
    epoca("samples", "moons", "-o", "m.csv")
    names = [f"{letter * 40}.st" for letter in "abcdefgh"]
    for name in names:
        epoca("fit", "m.csv", "-t", "label", "--model", "neuron", "--epochs", "2", "--members", "2", "-o", name)
    ended = epoca("compare", *names, "m.csv")
    assert ended.returncode == 0, ended.stderr
    figures, _blank, _rest = ended.stdout.partition("\n\nThese rows")
    assert "…" not in figures
    for name in names:
        assert figures.count(name[0]) >= 40
    lines = [line for line in figures.splitlines() if line.startswith("log-likelihood")]
    assert len(lines) > 1
    assert sum(line.count(" ± ") for line in lines) == len(names) + 1
