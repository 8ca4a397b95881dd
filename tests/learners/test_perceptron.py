from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from sklearn.datasets import load_iris, make_moons

from epoca import formulas
from epoca.learners.learner import Examples
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Population
from epoca.training.loop import Training
from epoca.training.rules import Limit, Solved
from epoca.training.schedules import Constant
from epoca.training.stop import StopReason

Array = NDArray[np.float64]

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
GATES = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "xor": [0, 1, 1, 0]}


def trained(
    matrix: Array, targets: Array, *, start: Array, outputs: int = 1, epochs: int = 20, rate: float = 0.01
) -> tuple[Training, list[Array]]:
    """A perceptron that learns all rows in their order, and its parameters after every epoch."""
    learner = Perceptron(sizes=(matrix.shape[1], outputs), dtype=np.float64, start=start)
    examples = Examples(matrix, np.asarray(targets, float), np.ones(len(matrix)))
    population = Population(learner, examples, folds=[np.array([], np.int64)], seed=0)
    training = Training(population, rules=[Solved(), Limit(epochs)], schedule=Constant(rate), shuffle=False)
    return training, [training.parameters[0] for _epoch in training]


def mistakes(training: Training, n: int) -> list[int]:
    return [round(n * loss) for loss in training.history.curve("training_loss").tolist()]


def plain_epochs(matrix: Array, labels: Array, start: Array, rate: float) -> Iterator[tuple[list[float], int]]:
    """The perceptron algorithm in plain Python: weights and bias after each epoch, and the mistakes then made."""
    *w, b = start.tolist()

    def called(x: list[float]) -> int:
        z = 0.0
        for weight, value in zip(w, x, strict=True):
            z += weight * value
        return 1 if z + b >= 0 else 0

    while True:
        for x, label in zip(matrix.tolist(), labels.tolist(), strict=True):
            if called(x) == 0 and label == 1:
                w = [weight + rate * value for weight, value in zip(w, x, strict=True)]
                b += rate
            elif called(x) == 1 and label == 0:
                w = [weight - rate * value for weight, value in zip(w, x, strict=True)]
                b -= rate
        yield [*w, b], sum(called(x) != label for x, label in zip(matrix.tolist(), labels.tolist(), strict=True))


def plain_epochs_of_classes(
    matrix: Array, codes: Array, weights: Array, bias: Array, rate: float
) -> Iterator[tuple[list[float], int]]:
    """The same for c classes: the true class's weights + αx, those of the class that was called − αx."""
    w, b = weights.tolist(), bias.tolist()
    d, c = weights.shape

    def called(x: list[float]) -> int:
        sums = [0.0] * c
        for j in range(d):
            for k in range(c):
                sums[k] += w[j][k] * x[j]
        sums = [total + bias for total, bias in zip(sums, b, strict=True)]
        return sums.index(max(sums))

    while True:
        for x, code in zip(matrix.tolist(), codes.astype(int).tolist(), strict=True):
            wrong = called(x)
            if wrong != code:
                for j in range(d):
                    w[j][code] += rate * x[j]
                    w[j][wrong] -= rate * x[j]
                b[code] += rate
                b[wrong] -= rate
        flat = [weight for row in w for weight in row]
        yield [*flat, *b], sum(called(x) != code for x, code in zip(matrix.tolist(), codes.tolist(), strict=True))


def moons() -> tuple[Array, Array]:
    matrix, labels = make_moons(150, noise=0.2, random_state=4)
    return matrix, labels.astype(float)


def flowers() -> tuple[Array, Array]:
    matrix, codes = load_iris(return_X_y=True)
    order = np.random.default_rng(2).permutation(len(matrix))
    return np.ascontiguousarray(matrix[order]), codes[order].astype(float)


@pytest.mark.parametrize("rate", [0.01, 0.3, 1.0])
def test_two_classes_are_learned_bit_for_bit_as_by_the_plain_algorithm(rate: float) -> None:
    matrix, labels = moons()
    start = np.random.default_rng(1).normal(size=3)
    training, parameters = trained(matrix, labels, start=start, rate=rate)
    plain = list(islice(plain_epochs(matrix, labels, start, rate), len(parameters)))
    assert_array_equal(parameters, [after for after, _ in plain])
    assert mistakes(training, len(matrix)) == [wrong for _, wrong in plain]


@settings(deadline=None)
@given(seed=st.integers(0, 2**32 - 1), pairs=st.integers(2, 30))
def test_sums_of_which_rounding_decides_are_called_as_by_the_plain_algorithm(seed: int, pairs: int) -> None:
    rng = np.random.default_rng(seed)
    halves = rng.normal(size=(50, pairs))
    matrix = rng.permuted(np.hstack([halves, -halves]), axis=1)  # with equal weights every sum is 0 but for rounding
    labels = rng.integers(0, 2, 50)
    start, rate = np.append(np.full(2 * pairs, 0.1), 0.0), 1e-25  # moves the bias alone
    _training, parameters = trained(matrix, labels, start=start, rate=rate, epochs=2)
    plain = list(islice(plain_epochs(matrix, labels, start, rate), len(parameters)))
    assert_array_equal(parameters, [after for after, _ in plain])


def test_two_classes_are_learned_as_the_formulas_say() -> None:
    matrix, codes = flowers()
    labels = (codes == 1).astype(float)
    start = np.append(formulas.initial_weights(4, seed=3), 0.0)
    training, parameters = trained(matrix, labels, start=start)
    wanted = list(islice(formulas.perceptron_training(matrix, labels, weights=start[:4]), len(parameters)))
    assert_allclose(parameters, [[*epoch.weights, epoch.bias] for epoch in wanted], rtol=0, atol=1e-10)
    assert mistakes(training, len(matrix)) == [epoch.mistakes for epoch in wanted]


def test_several_classes_are_learned_bit_for_bit_as_by_the_plain_algorithm() -> None:
    matrix, codes = flowers()
    start = np.random.default_rng(7).normal(size=15)
    training, parameters = trained(matrix, codes, start=start, outputs=3)
    weights, bias = start[:12].reshape(4, 3), start[12:]
    plain = list(islice(plain_epochs_of_classes(matrix, codes, weights, bias, 0.01), len(parameters)))
    assert_array_equal(parameters, [after for after, _ in plain])
    assert mistakes(training, len(matrix)) == [wrong for _, wrong in plain]


def test_of_equal_sums_the_first_class_is_called() -> None:
    _, parameters = trained(np.ones((1, 1)), np.array([2.0]), start=np.zeros(6), outputs=3, epochs=1, rate=1.0)
    assert_array_equal(parameters[0], [-1, 0, 1, -1, 0, 1])


@pytest.mark.parametrize("gate", ["and", "or"])
def test_and_and_or_are_solved(gate: str) -> None:
    training, parameters = trained(CORNERS, np.array(GATES[gate], float), start=np.zeros(3), epochs=100)
    assert training.stop.reason == StopReason.SOLVED
    sums = CORNERS @ parameters[-1][:2] + parameters[-1][2]
    assert_array_equal(formulas.step(sums), GATES[gate])


def test_a_solved_training_goes_on_until_an_epoch_without_mistakes() -> None:
    training, parameters = trained(CORNERS, np.array(GATES["and"], float), start=np.zeros(3), epochs=100)
    assert training.history[-1].findings.gradient_norm[0] == 0
    assert_array_equal(parameters[-1], parameters[-2])


def test_xor_is_never_solved() -> None:
    training, _ = trained(CORNERS, np.array(GATES["xor"], float), start=np.zeros(3), epochs=500)
    assert training.stop.reason == StopReason.LIMIT
    assert min(mistakes(training, 4)) >= 1


def test_a_row_without_weight_teaches_nothing() -> None:
    learner = Perceptron(sizes=(2, 1), dtype=np.float64, start=np.array([1.0, 1.0, 0.0]))
    state = learner.init(rows=np.array([0]), seed=(0,))
    wrong = Examples(np.ones((1, 2)), np.zeros(1), np.zeros(1))
    length = learner.epoch(state, wrong, learning_rate=1.0, signals=np.zeros(1, np.int64))
    assert length == 0
    assert_array_equal(state.parameters, [1, 1, 0])


def test_float32_makes_the_same_mistakes_on_whole_numbers() -> None:
    matrix = CORNERS.astype(np.float32)
    learner = Perceptron(sizes=(2, 1), start=np.zeros(3))
    state = learner.init(rows=np.arange(4), seed=(0,))
    examples = Examples(matrix, np.array(GATES["or"], np.float32), np.ones(4, np.float32))
    for _ in range(10):
        learner.epoch(state, examples, learning_rate=1.0, signals=np.zeros(1, np.int64))
    *_, last = islice(formulas.perceptron_training(CORNERS, GATES["or"], weights=[0, 0], learning_rate=1), 10)
    assert_array_equal(state.parameters, [*last.weights, last.bias])
