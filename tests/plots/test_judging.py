"""Confusion matrix, reliability and likelihoods: what a model said of rows whose target is known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as counted

from epoca.comparing import comparison
from epoca.errors import OptionError
from epoca.model import Model
from epoca.plots import Reading, confusion_matrix, likelihoods, reliability_curve
from epoca.plots.reliability_curve import wilson
from epoca.tables.samples import sample
from epoca.tables.table import Table
from tests.plots.conftest import ENGLISH, PORTUGUESE


def test_confusion_counts_what_happened_against_what_was_predicted(penguins_model: Model) -> None:
    penguins = sample("penguins")
    actual, predicted = penguins.arrow["species"].to_pylist(), penguins_model.predict(penguins)
    counts = counted(actual, predicted)
    figure = confusion_matrix(penguins_model, penguins, language=ENGLISH)
    reading = Reading.of(figure)
    assert [line[1:] for line in reading.lines] == [tuple(map(str, line)) for line in counts]
    cells, texts = figure.data
    np.testing.assert_allclose(np.abs(cells.z) ** 2, counts / counts.sum(axis=1, keepdims=True))
    assert (np.diag(cells.z) >= 0).all()
    assert (cells.z - np.diag(np.diag(cells.z)) <= 0).all()
    share = counts[0, 0] / counts[0].sum()
    assert texts.text[0] == f"<b>{counts[0, 0]}</b><br>{share:.1%}"
    assert cells.text[0][0] == f"Adelie → Adelie: {counts[0, 0]} ({share:.1%})"
    right = np.trace(counts)
    assert figure.layout.title.subtitle.text == f"{right} of 344 rows are predicted rightly ({right / 344:.1%})."
    assert "%)." in confusion_matrix(penguins_model, penguins, language=PORTUGUESE).layout.title.subtitle.text


def test_a_perceptron_can_be_confused_but_a_number_cannot(perceptron: Model, regressor: Model, moons: Table) -> None:
    assert confusion_matrix(perceptron, moons).data
    with pytest.raises(
        OptionError, match=r"^The model predicts a number, and a confusion matrix counts classes; give a"
    ):
        confusion_matrix(regressor, sample("diabetes"))


def test_reliability_compares_what_was_said_with_what_happened(network: Model, moons: Table) -> None:
    figure = reliability_curve(network, moons, language=ENGLISH)
    said, happened = network.predict_proba(moons)[:, 1], moons.arrow["label"].to_numpy() == 1
    _diagonal, curve, bars = figure.data
    reading = Reading.of(figure)
    rows = np.array([int(line[3]) for line in reading.lines])
    assert rows.sum() == bars.y.sum() == 200
    assert rows.tolist() == [20] * 10
    order = np.argsort(said)
    np.testing.assert_allclose(curve.x, said[order].reshape(10, 20).mean(axis=1))
    np.testing.assert_allclose(curve.y, happened[order].reshape(10, 20).mean(axis=1))
    error = np.abs(curve.x - curve.y).mean()
    assert figure.layout.title.subtitle.text == (f"Expected calibration error: {error:.1%}, of 200 rows in 10 bins.")
    assert figure.layout.xaxis2.title.text == "predicted probability of 1"
    assert reading.alt.startswith("Do probabilities mean what they say? Expected")


def test_of_many_classes_the_predicted_one_is_judged(penguins_model: Model) -> None:
    figure = reliability_curve(penguins_model, sample("penguins"), language=ENGLISH)
    assert figure.layout.xaxis2.title.text == "probability of the class predicted"
    assert min(figure.data[1].x) >= 1 / 3


def test_equal_probabilities_share_a_bin(network: Model, moons: Table) -> None:
    from dataclasses import replace

    flat = replace(network, parameters=np.zeros_like(network.parameters))
    assert len(reliability_curve(flat, moons).data[1].x) == 1


def test_intervals_are_wilsons() -> None:
    low, high = wilson(np.array([0.0, 0.8, 1.0]), np.array([10, 50, 10]))
    np.testing.assert_allclose(low, [0, 0.669634, 0.722467], atol=1e-5)  # statsmodels' proportion_confint
    np.testing.assert_allclose(high, [0.277533, 0.887562, 1], atol=1e-5)


def test_likelihoods_are_those_of_a_comparison(network: Model, neuron: Model, moons: Table) -> None:
    figure = likelihoods(neuron, network, moons, names=("neuron", "network"), language=ENGLISH)
    codes = network.target.codes(moons)
    happened = {
        name: model.predict_proba(moons)[np.arange(codes.size), codes]
        for name, model in {"neuron": neuron, "network": network}.items()
    }
    found = comparison({name: (p, p > 0.5) for name, p in happened.items()}, codes)
    totals = {str(entrant.name): entrant.log_likelihood for entrant in found.entrants}
    alt = Reading.of(figure).alt
    for name in happened:
        assert f'"{name}" ' + ENGLISH.number(totals[name]).replace("-", "−") in alt
    wins = int((happened["network"] > happened["neuron"]).sum())
    assert f"the larger probability in {wins} of 200 rows" in alt
    across = np.concatenate([trace.x for trace in figure.data[1:]])
    np.testing.assert_allclose(np.sort(across), np.sort(np.log(happened["neuron"])))
    assert figure.layout.xaxis.title.text == "log-probability under neuron"


def test_the_rows_that_make_the_difference_are_named(network: Model, neuron: Model, moons: Table) -> None:
    figure = likelihoods(neuron, network, moons, language=ENGLISH)
    codes = network.target.codes(moons)
    logs = [np.log(model.predict_proba(moons)[np.arange(codes.size), codes]) for model in (neuron, network)]
    most = int(np.abs(logs[0] - logs[1]).argmax())
    assert figure.layout.annotations[0].text == f"row {most + 1}"
    assert Reading.of(figure).lines[0][0] == str(most + 1)
    portuguese = likelihoods(neuron, network, moons, language=PORTUGUESE)
    assert portuguese.layout.annotations[0].text.endswith(f" {most + 1}")


def test_probabilities_are_needed(network: Model, perceptron: Model, regressor: Model, moons: Table) -> None:
    with pytest.raises(OptionError, match=r"^A perceptron gives labels without probabilities; train a neuron or a"):
        likelihoods(network, perceptron, moons)
    with pytest.raises(OptionError, match=r"^The model predicts a number, which has no probabilities of classes\.$"):
        reliability_curve(regressor, sample("diabetes"))
