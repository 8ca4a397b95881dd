from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from epoca.learners.learner import Examples
from epoca.learners.network import FASTEST_GAIN, GAIN_SPEED, Network


def noisy(n: int, *, told: int = 2, untold: int = 6) -> Examples:
    """Two classes that the first columns tell apart; the others tell nothing."""
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(n, told + untold)).astype(np.float32)
    codes = (matrix[:, :told].sum(axis=1) > 0).astype(np.float32)
    return Examples(matrix, codes, np.ones(n, np.float32))


@pytest.mark.parametrize("rate", [0.0005, 0.01])
def test_products_and_gains_learn_as_plain_arrays_do(rate: float) -> None:
    network = Network(sizes=(8, 5, 1), head="logistic", batch_size=20, weight_decay=0.1, gains=True)
    examples, signals = noisy(60), np.zeros(1, np.int64)
    state = network.init(rows=np.arange(60), seed=(1,))
    values = state.parameters.astype(np.float64)
    gains = np.ones(8)
    first, second, gain_first, gain_second = np.zeros(51), np.zeros(51), np.zeros(8), np.zeros(8)
    is_bias = np.zeros(51, bool)
    is_bias[[*range(40, 45), 50]] = True
    step = 0
    for _ in range(4):
        network.epoch(state, examples, learning_rate=rate, signals=signals)
        for start in range(0, 60, 20):
            step += 1
            rows = state.order[start : start + 20]
            gradient = gradient_of(values, examples.matrix[rows], examples.targets[rows])
            slopes = (values[:40] * gradient[:40]).reshape(8, 5).sum(axis=1)
            gain_first, gain_second = 0.9 * gain_first + 0.1 * slopes, 0.999 * gain_second + 0.001 * slopes**2
            first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
            growth = np.exp(-min(GAIN_SPEED * rate, FASTEST_GAIN) * adams(gain_first, gain_second, step))
            speeds, growths = np.ones(51), np.ones(51)
            speeds[:40], growths[:40] = np.repeat(gains, 5), np.repeat(growth, 5)
            decay = np.where(is_bias, 1, 1 - rate * 0.1)
            values = decay * growths * values - rate * speeds * adams(first, second, step)
            gains = gains * growth
    assert_allclose(state.parameters, values, atol=2e-5)
    assert_allclose(state.gains[0], gains, atol=2e-5)


def adams(first: np.ndarray, second: np.ndarray, step: int) -> np.ndarray:
    return (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)


def gradient_of(values: np.ndarray, matrix: np.ndarray, targets: np.ndarray) -> np.ndarray:
    flat = torch.tensor(values, requires_grad=True)
    hidden = torch.relu(torch.tensor(matrix, dtype=torch.float64) @ flat[:40].reshape(8, 5) + flat[40:45])
    scores = hidden @ flat[45:50] + flat[50]
    torch.nn.functional.binary_cross_entropy_with_logits(scores, torch.tensor(targets, dtype=torch.float64)).backward()
    assert flat.grad is not None
    return flat.grad.numpy()


def test_inputs_that_tell_nothing_fade() -> None:
    network = Network(sizes=(8, 32, 1), head="logistic", gains=True)
    examples, signals = noisy(400), np.zeros(1, np.int64)
    state = network.init(rows=np.arange(400), seed=(1,))
    for _ in range(20):
        state.shuffle(np.arange(400))
        network.epoch(state, examples, learning_rate=0.001, signals=signals)
    gains = state.gains[0]
    assert gains[:2].min() > 1 > gains[2:].max()


def test_an_epoch_without_learning_rate_leaves_weights_and_gains_alone() -> None:
    network = Network(sizes=(8, 32, 1), head="logistic", gains=True)
    state = network.init(rows=np.arange(60), seed=(1,))
    before = state.parameters.copy()
    network.epoch(state, noisy(60), learning_rate=0.0, signals=np.zeros(1, np.int64))
    assert np.array_equal(state.parameters, before)
    assert np.array_equal(state.gains[0], np.ones(8))


def test_without_gains_nothing_but_the_moments_is_remembered() -> None:
    state = Network(sizes=(8, 32, 1), head="logistic").init(rows=np.arange(10), seed=(1,))
    assert state.gains.shape == (3, 0)
    assert state.buffer.size == 3 * state.n_parameters
