from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from sklearn.datasets import load_iris, make_moons

from epoca import formulas
from epoca.learners.learner import Examples, State
from epoca.learners.neuron import Neuron
from epoca.learners.population import Population
from epoca.training.loop import Training
from epoca.training.rules import Limit
from epoca.training.schedules import Constant

Array = NDArray[np.float64]

PENGUINS = Path(__file__).resolve().parents[2] / "examples" / "penguins.csv"


def moons() -> tuple[Array, Array]:
    matrix, labels = make_moons(200, noise=0.25, random_state=3)
    return matrix, labels.astype(float)


def penguins() -> tuple[Array, Array]:
    """The four measures of each penguin in standard units, and whether it is an Adelie."""
    with PENGUINS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["body_mass_g"] not in {"", "NA"}]
    measures = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
    matrix = np.array([[float(row[name]) for name in measures] for row in rows])
    return (matrix - matrix.mean(0)) / matrix.std(0), np.array([float(row["species"] == "Adelie") for row in rows])


def noise() -> tuple[Array, Array]:
    rng = np.random.default_rng(8)
    return rng.normal(size=(250, 9)) * 3, rng.integers(0, 2, 250).astype(float)


def flowers() -> tuple[Array, Array]:
    matrix, codes = load_iris(return_X_y=True)
    order = np.random.default_rng(2).permutation(len(matrix))
    return np.ascontiguousarray(matrix[order] - matrix.mean(axis=0)), codes[order].astype(float)


def trained(
    learner: Neuron, matrix: Array, targets: Array, *, epochs: int = 100, rate: float = 0.01
) -> tuple[Training, Array]:
    """A neuron that learns all rows in their order, and its parameters after every epoch."""
    dtype = learner.dtype
    examples = Examples(matrix.astype(dtype), targets.astype(dtype), np.ones(len(matrix), dtype))
    population = Population(learner, examples, folds=[np.array([], np.int64)], seed=0)
    training = Training(population, rules=[Limit(epochs)], schedule=Constant(rate), shuffle=False)
    return training, np.array([training.parameters[0] for _epoch in training])


def one_epoch(learner: Neuron, examples: Examples, *, rate: float) -> State:
    state = learner.init(rows=np.arange(len(examples.targets)), seed=(0,))
    learner.epoch(state, examples, learning_rate=rate, signals=np.zeros(1, np.int64))
    return state


# --- Two classes: the textbook run ------------------------------------------------------------------------------------


def textbook(matrix: Array, labels: Array, start: Array, rate: float) -> Iterator[tuple[list[float], float, float]]:
    """The neuron's algorithm in plain Python: parameters, mean cross-entropy and accuracy after each epoch."""
    *w, b = start.tolist()

    def probability(x: list[float]) -> float:
        return 1 / (1 + math.exp(-(sum(weight * value for weight, value in zip(w, x, strict=True)) + b)))

    while True:
        for x, y in zip(matrix.tolist(), labels.tolist(), strict=True):
            error = y - probability(x)
            w = [weight + rate * error * value for weight, value in zip(w, x, strict=True)]
            b += rate * error
        loss, right = 0.0, 0
        for x, y in zip(matrix.tolist(), labels.tolist(), strict=True):
            p = probability(x)
            loss += -y * math.log(p) - (1 - y) * math.log(1 - p)
            right += (p > 0.5) == (y == 1)
        yield [*w, b], loss / len(matrix), right / len(matrix)


@pytest.mark.parametrize("table", [moons, penguins, noise], ids=lambda table: table.__name__)
def test_the_textbook_run_is_reproduced(table: Callable[[], tuple[Array, Array]]) -> None:
    matrix, labels = table()
    d = matrix.shape[1]
    start = np.append(np.random.default_rng(1).normal(0, 1 / math.sqrt(d), d), 0.0)
    learner = Neuron(sizes=(d, 1), head="logistic", dtype=np.float64, start=start)
    training, parameters = trained(learner, matrix, labels)
    plain = list(islice(textbook(matrix, labels, start, 0.01), 100))
    assert len(training.history) == 100
    assert_allclose(parameters, [after for after, _, _ in plain], rtol=0, atol=1e-10)
    assert_allclose(training.history.curve("training_loss"), [loss for _, loss, _ in plain], rtol=0, atol=1e-10)
    assert_array_equal(training.history.curve("training_accuracy"), [right for _, _, right in plain])


def test_the_textbook_run_is_that_of_the_formulas() -> None:
    matrix, labels = penguins()
    weights = formulas.initial_weights(4, seed=5)
    learner = Neuron(sizes=(4, 1), head="logistic", dtype=np.float64, start=np.append(weights, 0.0))
    training, parameters = trained(learner, matrix, labels)
    wanted = list(islice(formulas.neuron_training(matrix, labels, weights=weights), 100))
    assert_allclose(parameters, [[*epoch.weights, epoch.bias] for epoch in wanted], rtol=0, atol=1e-10)
    errors = [epoch.cross_entropy for epoch in wanted]
    assert_allclose(training.history.curve("training_loss"), errors, rtol=0, atol=1e-10)
    assert_array_equal(training.history.curve("training_accuracy"), [epoch.accuracy for epoch in wanted])


def test_a_high_learning_rate_follows_the_textbook_too() -> None:
    matrix, labels = moons()
    start = np.array([0.5, -0.5, 0.0])
    learner = Neuron(sizes=(2, 1), head="logistic", dtype=np.float64, start=start)
    _, parameters = trained(learner, matrix, labels, epochs=20, rate=1.0)
    plain = [after for after, _, _ in islice(textbook(matrix, labels, start, 1.0), 20)]
    assert_allclose(parameters, plain, rtol=0, atol=1e-10)


def test_more_rows_than_one_stretch_follow_the_textbook() -> None:
    rng = np.random.default_rng(6)
    matrix, labels = rng.normal(size=(9000, 3)), rng.integers(0, 2, 9000).astype(float)
    learner = Neuron(sizes=(3, 1), head="logistic", dtype=np.float64, start=np.zeros(4))
    _, parameters = trained(learner, matrix, labels, epochs=2)
    plain = [after for after, _, _ in islice(textbook(matrix, labels, np.zeros(4), 0.01), 2)]
    assert_allclose(parameters, plain, rtol=0, atol=1e-10)


def test_in_float32_the_run_stays_near_the_textbook() -> None:
    matrix, labels = penguins()
    start = np.append(formulas.initial_weights(4, seed=5), 0.0)
    learner = Neuron(sizes=(4, 1), head="logistic", start=start)
    training, parameters = trained(learner, matrix, labels)
    plain = list(islice(textbook(matrix, labels, start, 0.01), 100))
    assert_allclose(parameters[-1], plain[-1][0], rtol=1e-3, atol=1e-3)
    assert_allclose(training.history.curve("training_loss"), [loss for _, loss, _ in plain], rtol=1e-3)


def test_the_gradient_norm_is_the_root_mean_square_of_the_rows() -> None:
    matrix, labels = moons()
    learner = Neuron(sizes=(2, 1), head="logistic", dtype=np.float64, start=np.array([0.3, 0.1, -0.2]))
    training, _ = trained(learner, matrix, labels, epochs=1, rate=0.0)
    gradients = [formulas.cross_entropy_gradient([0.3, 0.1], -0.2, x, y) for x, y in zip(matrix, labels, strict=True)]
    squares = [by_weights @ by_weights + by_bias**2 for by_weights, by_bias in gradients]
    assert training.history[0].findings.gradient_norm[0] == pytest.approx(math.sqrt(np.mean(squares)), rel=1e-12)


def test_scores_beyond_every_exponent_are_learned_from() -> None:
    examples = Examples(np.array([[1e5], [-1e5]]), np.array([0.0, 1.0]), np.ones(2))
    learner = Neuron(sizes=(1, 1), head="logistic", dtype=np.float64, start=np.array([1.0, 0.0]))
    state = one_epoch(learner, examples, rate=1e-6)
    assert_allclose(state.parameters, [0.8, 0.0], atol=1e-12)


# --- Start ------------------------------------------------------------------------------------------------------------


def test_weights_start_with_a_spread_of_one_by_root_d_and_biases_at_zero() -> None:
    state = Neuron(sizes=(400, 10), head="softmax", dtype=np.float64).init(rows=np.arange(3), seed=(1,))
    weights, biases = state.parameters[:4000], state.parameters[4000:]
    assert weights.std() == pytest.approx(1 / 20, rel=0.1)
    assert weights.mean() == pytest.approx(0, abs=0.005)
    assert not biases.any()


def test_learning_leaves_the_given_start_alone() -> None:
    matrix, labels = moons()
    start = np.array([0.5, -0.5, 0.0])
    trained(Neuron(sizes=(2, 1), head="logistic", dtype=np.float64, start=start), matrix, labels, epochs=1)
    assert_array_equal(start, [0.5, -0.5, 0.0])


# --- Several classes, and numbers -------------------------------------------------------------------------------------


def test_the_softmax_neuron_follows_a_plain_loop() -> None:
    matrix, codes = flowers()
    start = np.random.default_rng(9).normal(size=15)
    training, parameters = trained(Neuron(sizes=(4, 3), head="softmax", dtype=np.float64, start=start), matrix, codes)
    weights, bias = start[:12].reshape(4, 3).copy(), start[12:].copy()
    wanted = formulas.one_hot(codes.astype(int), 3)
    for epoch, after in zip(training.history, parameters, strict=True):
        for x, y in zip(matrix, wanted, strict=True):
            error = y - formulas.softmax(x @ weights + bias)
            weights += 0.01 * np.outer(x, error)
            bias += 0.01 * error
        assert_allclose(after, [*weights.ravel(), *bias], rtol=0, atol=1e-10)
        loss = formulas.cross_entropy_classes(wanted, formulas.softmax(matrix @ weights + bias)).mean()
        assert epoch.findings.training_loss[0] == pytest.approx(loss, abs=1e-10)


def test_the_softmax_neuron_of_two_classes_is_the_logistic_one_at_twice_the_rate() -> None:
    matrix, labels = moons()
    _, two = trained(Neuron(sizes=(2, 2), head="softmax", dtype=np.float64, start=np.zeros(6)), matrix, labels)
    logistic = Neuron(sizes=(2, 1), head="logistic", dtype=np.float64, start=np.zeros(3))
    _, one = trained(logistic, matrix, labels, rate=0.02)
    assert_allclose(two[-1][1::2] - two[-1][::2], one[-1], atol=1e-10)


def test_the_linear_neuron_follows_a_plain_loop() -> None:
    matrix, _ = flowers()
    numbers = matrix @ [0.5, -1.0, 0.25, 2.0] + 3 + np.random.default_rng(1).normal(size=len(matrix))
    start = np.array([0.1, -0.2, 0.3, -0.4, 0.0])
    learner = Neuron(sizes=(4, 1), head="identity", dtype=np.float64, start=start)
    training, parameters = trained(learner, matrix, numbers)
    weights, bias = start[:4].copy(), 0.0
    for epoch, after in zip(training.history, parameters, strict=True):
        for x, y in zip(matrix, numbers, strict=True):
            error = y - (x @ weights + bias)
            weights += 0.01 * error * x
            bias += 0.01 * error
        assert_allclose(after, [*weights, bias], rtol=0, atol=1e-10)
        loss = formulas.squared_error(numbers, matrix @ weights + bias).mean()
        assert epoch.findings.training_loss[0] == pytest.approx(loss, abs=1e-10)


# --- Weights of rows --------------------------------------------------------------------------------------------------

HEADS = pytest.mark.parametrize(("head", "outputs"), [("logistic", 1), ("softmax", 3), ("identity", 1)])


def some_examples(head: str, weights: Array) -> Examples:
    rng = np.random.default_rng(4)
    n = len(weights)
    targets = {"logistic": rng.integers(0, 2, n), "softmax": rng.integers(0, 3, n), "identity": rng.normal(size=n)}
    return Examples(rng.normal(size=(n, 5)), targets[head].astype(float), weights)


@HEADS
def test_weight_two_for_every_row_is_twice_the_learning_rate(head: str, outputs: int) -> None:
    learner = Neuron(sizes=(5, outputs), head=head, dtype=np.float64)
    heavy = one_epoch(learner, some_examples(head, np.full(40, 2.0)), rate=0.05)
    light = one_epoch(learner, some_examples(head, np.ones(40)), rate=0.1)
    assert_allclose(heavy.parameters, light.parameters, rtol=0, atol=1e-12)


@HEADS
def test_rows_without_weight_teach_nothing(head: str, outputs: int) -> None:
    learner = Neuron(sizes=(5, outputs), head=head, dtype=np.float64)
    weights = np.random.default_rng(2).integers(0, 2, 40).astype(float)
    examples = some_examples(head, weights)
    some = one_epoch(learner, examples, rate=0.1)
    kept = Examples(*(column[weights > 0] for column in examples))
    assert_allclose(some.parameters, one_epoch(learner, kept, rate=0.1).parameters, rtol=0, atol=1e-12)
