from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from epoca import formulas
from epoca.learners.learner import Examples, Learner
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Population
from epoca.tables.samples import sample
from epoca.training.loop import Training
from epoca.training.rules import Limit
from epoca.training.schedules import Constant


def _run(
    learner: Learner, x: np.ndarray, y: np.ndarray, *, epochs: int = 100, rate: float = 0.01
) -> list[dict[str, Any]]:
    examples = Examples(x.astype(learner.dtype), y.astype(learner.dtype), np.ones(y.size, learner.dtype))
    population = Population(learner, examples, folds=[np.empty(0, np.int64)], seed=0)
    training = Training(population, rules=[Limit(epochs)], schedule=Constant(rate), shuffle=False)
    return [
        {
            "loss": epoch.findings.training_loss[0],
            "accuracy": epoch.findings.training_accuracy[0],
            "parameters": training.parameters[0],
        }
        for epoch in training
    ]


def _moons(columns: int = 2) -> tuple[np.ndarray, np.ndarray]:
    table = sample("moons", rows=80, seed=3).arrow
    x = np.column_stack([table["x1"].to_numpy(), table["x2"].to_numpy()])
    more = np.random.default_rng(0).normal(size=(80, columns - 2))
    return np.hstack([x, more]), table["label"].to_numpy().astype(float)


@pytest.mark.parametrize("columns", [2, 3, 5, 20])
def test_the_textbook_neuron_agrees_with_a_plain_loop(columns: int) -> None:
    x, y = _moons(columns)
    start = np.random.default_rng(1).normal(0, 1 / math.sqrt(columns), columns)
    found = _run(Neuron(sizes=(columns, 1), head="logistic", dtype=np.float64, start=np.append(start, 0.0)), x, y)
    w, b = [float(value) for value in start], 0.0
    for epoch in found:
        for row, label in zip(x, y, strict=True):
            z = sum(wi * xi for wi, xi in zip(w, row, strict=True)) + b
            error = label - 1 / (1 + math.exp(-z))
            w = [wi + 0.01 * error * xi for wi, xi in zip(w, row, strict=True)]
            b += 0.01 * error
        p = [1 / (1 + math.exp(-(sum(wi * xi for wi, xi in zip(w, row, strict=True)) + b))) for row in x]
        loss = sum(-math.log(pi) if label else -math.log(1 - pi) for pi, label in zip(p, y, strict=True)) / len(y)
        assert epoch["loss"] == pytest.approx(loss, abs=1e-10)
        assert epoch["parameters"] == pytest.approx([*w, b], abs=1e-10)
        assert epoch["accuracy"] == pytest.approx(np.mean((np.array(p) > 0.5) == y), abs=1e-12)


def test_the_textbook_neuron_agrees_with_the_formulas() -> None:
    x, y = _moons()
    start = formulas.initial_weights(2, seed=5)
    found = _run(Neuron(sizes=(2, 1), head="logistic", dtype=np.float64, start=np.append(start, 0.0)), x, y)
    for epoch, expected in zip(found, formulas.neuron_training(x, y, weights=start), strict=False):
        assert epoch["loss"] == pytest.approx(expected.cross_entropy, abs=1e-10)
        assert epoch["parameters"] == pytest.approx([*expected.weights, expected.bias], abs=1e-10)


def test_float32_stays_close() -> None:
    x, y = _moons()
    single = _run(Neuron(sizes=(2, 1), head="logistic"), x, y)[-1]
    double = _run(Neuron(sizes=(2, 1), head="logistic", dtype=np.float64), x, y)[-1]
    assert single["parameters"] == pytest.approx(double["parameters"], abs=1e-4)


@pytest.mark.parametrize("columns", [2, 3, 7])
def test_the_perceptron_agrees_with_a_plain_loop_bit_for_bit(columns: int) -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(0, 3, (60, columns)).astype(float)  # whole numbers: sums are often exactly 0
    y = (rng.random(60) < 0.5).astype(float)
    found = _run(Perceptron(sizes=(columns, 1), dtype=np.float64, start=np.zeros(columns + 1)), x, y)
    w, b = [0.0] * columns, 0.0
    for epoch in found:
        for row, label in zip(x, y, strict=True):
            z = 0.0
            for wi, xi in zip(w, row, strict=True):
                z += wi * xi
            called = 1.0 if z + b >= 0 else 0.0
            w = [wi + 0.01 * (label - called) * xi for wi, xi in zip(w, row, strict=True)]
            b += 0.01 * (label - called)
        assert epoch["parameters"].tolist() == [*w, b]


def test_the_perceptrons_mistakes_are_those_of_the_formulas() -> None:
    x, y = _moons()
    start = formulas.initial_weights(2, seed=1)
    found = _run(Perceptron(sizes=(2, 1), dtype=np.float64, start=np.append(start, 0.0)), x, y, epochs=40)
    for epoch, expected in zip(found, formulas.perceptron_training(x, y, weights=start), strict=False):
        assert epoch["parameters"] == pytest.approx([*expected.weights, expected.bias], abs=1e-10)
        calls = formulas.step(formulas.weighted_sum(expected.weights, expected.bias, x))
        assert round(epoch["loss"] * 80) == formulas.mistakes(y, calls)


@pytest.mark.parametrize(("name", "is_solved"), [("and", True), ("or", True), ("xor", False)])
def test_what_one_perceptron_can_and_cannot_do(name: str, is_solved: bool) -> None:
    table = sample(name, rows=4, noise=0.0 if name == "xor" else None).arrow
    x = np.column_stack([table["x1"].to_numpy(), table["x2"].to_numpy()])
    found = _run(
        Perceptron(sizes=(2, 1), dtype=np.float64), x, table["label"].to_numpy().astype(float), epochs=500, rate=0.1
    )
    assert (found[-1]["loss"] == 0) == is_solved


def test_the_perceptron_of_several_classes_agrees_with_the_formulas() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(60, 4)), rng.integers(0, 3, 60)
    start = rng.normal(size=(4, 3))
    parameters = np.append(start.ravel(), np.zeros(3))
    found = _run(Perceptron(sizes=(4, 3), dtype=np.float64, start=parameters), x, y, epochs=5)
    w, b = start, np.zeros(3)
    for epoch in found:
        for row, code in zip(x, y, strict=True):
            w, b = formulas.perceptron_update_classes(w, b, row, int(code))
        assert epoch["parameters"] == pytest.approx([*w.ravel(), *b], abs=1e-10)


def test_the_softmax_neuron_agrees_with_a_plain_loop() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(50, 3)), rng.integers(0, 4, 50)
    w, b = rng.normal(size=(3, 4)), np.zeros(4)
    learner = Neuron(sizes=(3, 4), head="softmax", dtype=np.float64, start=np.append(w.ravel(), b))
    for epoch in _run(learner, x, y, epochs=20):
        for row, code in zip(x, y, strict=True):
            error = formulas.one_hot(np.array([code]), 4)[0] - formulas.softmax(row @ w + b)
            w, b = w + 0.01 * np.outer(row, error), b + 0.01 * error
        assert epoch["parameters"] == pytest.approx([*w.ravel(), *b], abs=1e-10)


def test_the_linear_neuron_agrees_with_a_plain_loop() -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(50, 3))
    y = x @ [1.0, -2.0, 0.5] + 0.1 * rng.normal(size=50)
    w, b = np.zeros(3), 0.0
    for epoch in _run(Neuron(sizes=(3, 1), head="identity", dtype=np.float64, start=np.zeros(4)), x, y, epochs=20):
        for row, number in zip(x, y, strict=True):
            error = number - (row @ w + b)
            w, b = w + 0.01 * error * row, b + 0.01 * error
        assert epoch["parameters"] == pytest.approx([*w, b], abs=1e-10)


def test_the_start_is_drawn_as_the_textbook_says() -> None:
    states = [Neuron(sizes=(25, 1), head="logistic").init(rows=np.arange(3), seed=(seed,)) for seed in range(400)]
    weights = np.array([state.parameters for state in states])
    assert np.abs(weights[:, :25].std() - 0.2) < 0.005
    assert not weights[:, 25].any()


def test_examples_of_both_learners_run_without_overflow() -> None:
    x = np.array([[1e4, -1e4], [-1e4, 1e4]] * 10)
    y = np.array([1.0, 0.0] * 10)
    for learner in (
        Neuron(sizes=(2, 1), head="logistic", dtype=np.float64),
        Perceptron(sizes=(2, 1), dtype=np.float64),
    ):
        assert all(
            math.isfinite(value) for value in itertools.chain(*(epoch["parameters"] for epoch in _run(learner, x, y)))
        )
