from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray
from torch.nn import functional

from epoca import formulas
from epoca.formulas import Layer
from epoca.learners.activations import ACTIVATIONS
from epoca.learners.feedforward import HEADS, Shape, evaluate, forward, judge, n_parameters
from epoca.learners.learner import Examples, State
from epoca.learners.network import Network, backward
from epoca.learners.optimizers import norm
from epoca.learners.population import Population

Array = NDArray[np.float64]

TORCH_ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "silu": functional.silu,
}
HIDDEN = {0: (), 1: (5,), 2: (6, 3), 3: (4, 7, 5)}
OUTPUTS = {"softmax": 4, "logistic": 1, "identity": 1}

EACH_ACTIVATION = pytest.mark.parametrize("activation", list(ACTIVATIONS))
EACH_HEAD = pytest.mark.parametrize("head", list(OUTPUTS))
EACH_DEPTH = pytest.mark.parametrize("depth", list(HIDDEN))


class Problem(NamedTuple):
    """A network at some point of its training, and a batch."""

    sizes: tuple[int, ...]
    shape: Shape
    parameters: Array
    batch: Examples


def problem(activation: str, head: str, depth: int, *, m: int = 7) -> Problem:
    rng = np.random.default_rng(3)
    sizes = (3, *HIDDEN[depth], OUTPUTS[head])
    targets = {"softmax": rng.integers(0, 4, m), "logistic": rng.integers(0, 2, m), "identity": rng.normal(size=m)}
    batch = Examples(rng.normal(size=(m, 3)), targets[head].astype(float), np.ones(m))
    shape = Shape(np.array(sizes), ACTIVATIONS[activation], HEADS[head])
    return Problem(sizes, shape, rng.normal(size=n_parameters(sizes)) * 0.8, batch)


def weighted(given: Problem) -> Problem:
    """The same with rows that count differently."""
    weights = np.random.default_rng(4).uniform(0, 3, len(given.batch.weights))
    return given._replace(batch=given.batch._replace(weights=weights))


def room_for(given: Problem, m: int) -> tuple[Array, Array]:
    """Where `evaluate` writes the losses and scores of m rows."""
    return np.empty(m), np.empty((m, given.sizes[-1]), given.parameters.dtype)


def gradient_by_kernels(given: Problem, *, dropout: float = 0.0) -> tuple[Array, list[Array]]:
    """The gradient of a batch's mean loss, and the activations of every layer on the way forward."""
    sizes, shape, parameters, (matrix, targets, weights) = given
    m = len(matrix)
    values = np.full(m * sum(sizes), np.nan)
    slopes = np.full_like(values, np.nan)
    rows = np.arange(m)
    scores = forward(parameters, shape, matrix, rows, values, slopes, dropout, np.array([5], np.uint64))
    borders = m * np.cumsum((0, *sizes))
    activations = [values[first:last].reshape(m, -1).copy() for first, last in pairwise(borders)]
    for i in range(m):
        judge(scores, i, targets[i], shape.head)
        scores[i] *= weights[i] / m
    gradient = np.full_like(parameters, np.nan)
    backward(parameters, gradient, shape, matrix, rows, values, slopes, np.empty_like(parameters))
    return gradient, activations


def cut(parameters: NDArray[np.floating], sizes: tuple[int, ...]) -> list[Layer]:
    """A flat buffer as layers."""
    layers, first = [], 0
    for inputs, outputs in pairwise(sizes):
        end = first + inputs * outputs
        layers.append(Layer(parameters[first:end].reshape(inputs, outputs), parameters[end : end + outputs]))
        first = end + outputs
    return layers


def flat(layers: list[Layer]) -> Array:
    return np.concatenate([part.ravel() for layer in layers for part in layer])


def torch_losses(scores: torch.Tensor, targets: torch.Tensor, head: str) -> torch.Tensor:
    """Loss of each row."""
    if head == "softmax":
        return functional.cross_entropy(scores, targets.long(), reduction="none")
    if head == "logistic":
        return functional.binary_cross_entropy_with_logits(scores[:, 0], targets, reduction="none")
    return 0.5 * (scores[:, 0] - targets) ** 2


def torch_scores(
    parts: list[torch.Tensor], matrix: torch.Tensor, activation: str, masks: list[torch.Tensor] | None = None
) -> torch.Tensor:
    """Feedforward; `parts` are weights and biases in turn."""
    a = matrix
    last = len(parts) // 2 - 1
    for layer in range(last + 1):
        a = a @ parts[2 * layer] + parts[2 * layer + 1]
        if layer < last:
            a = TORCH_ACTIVATIONS[activation](a)
            if masks:
                a = a * masks[layer]
    return a


def gradient_by_torch(given: Problem, activation: str, head: str, masks: list[torch.Tensor] | None = None) -> Array:
    parts = [torch.tensor(part, requires_grad=True) for layer in cut(given.parameters, given.sizes) for part in layer]
    matrix, targets, weights = (torch.tensor(column) for column in given.batch)
    losses = torch_losses(torch_scores(parts, matrix, activation, masks), targets, head)
    (weights * losses).mean().backward()
    return np.concatenate([part.grad.numpy().ravel() for part in parts if part.grad is not None])


# --- Gradients --------------------------------------------------------------------------------------------------------


@EACH_ACTIVATION
@EACH_HEAD
@EACH_DEPTH
def test_gradients_are_those_of_autograd(activation: str, head: str, depth: int) -> None:
    given = weighted(problem(activation, head, depth))
    gradient, _ = gradient_by_kernels(given)
    assert_allclose(gradient, gradient_by_torch(given, activation, head), rtol=1e-10, atol=1e-12)


@EACH_ACTIVATION
@EACH_HEAD
@EACH_DEPTH
def test_gradients_are_those_of_the_formulas(activation: str, head: str, depth: int) -> None:
    given = problem(activation, head, depth)
    gradient, _ = gradient_by_kernels(given)
    wanted = formulas.backpropagation(
        cut(given.parameters, given.sizes),
        given.batch.matrix,
        given.batch.targets.astype(int) if head == "softmax" else given.batch.targets,
        activation=activation,
        head=head,
    )
    assert_allclose(gradient, flat(wanted), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("m", [1, 2, 13])
def test_gradients_are_right_for_every_batch(m: int) -> None:
    given = problem("tanh", "softmax", 3, m=m)
    gradient, _ = gradient_by_kernels(given)
    assert_allclose(gradient, gradient_by_torch(given, "tanh", "softmax"), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "logistic", "silu"])
@EACH_HEAD
@EACH_DEPTH
def test_gradients_are_central_differences(activation: str, head: str, depth: int) -> None:
    given = problem(activation, head, depth)
    everything = np.arange(len(given.batch.targets))
    step = 1e-5

    def slope(at: int) -> float:
        sides = []
        for side in (step, -step):
            moved = given.parameters.copy()
            moved[at] += side
            sides.append(evaluate(moved, given.shape, *given.batch, everything, *room_for(given, 7))[0])
        return (sides[0] - sides[1]) / (2 * step)

    gradient, _ = gradient_by_kernels(given)
    assert_allclose(gradient, [slope(at) for at in range(gradient.size)], rtol=1e-6, atol=1e-9)


@EACH_ACTIVATION
@EACH_HEAD
def test_the_loss_is_that_of_the_formulas(activation: str, head: str) -> None:
    given = problem(activation, head, 2)
    losses, scores = room_for(given, 7)
    loss, _ = evaluate(given.parameters, given.shape, *given.batch, np.arange(7), losses, scores)
    targets = given.batch.targets.astype(int) if head == "softmax" else given.batch.targets
    scores = formulas.feedforward(cut(given.parameters, given.sizes), given.batch.matrix, activation=activation)
    assert loss == pytest.approx(formulas.network_error(scores.sums[-1], targets, head=head), rel=1e-12)


@EACH_HEAD
@pytest.mark.parametrize("size", [1e3, 1e30])
def test_huge_scores_have_a_finite_gradient(head: str, size: float) -> None:
    given = problem("relu", head, 0)
    given = given._replace(parameters=given.parameters * size)
    gradient, _ = gradient_by_kernels(given)
    assert np.isfinite(gradient).all()


# --- Dropout ----------------------------------------------------------------------------------------------------------


def test_gradients_under_dropout_are_those_of_the_neurons_left() -> None:
    given = problem("tanh", "softmax", 2, m=9)
    gradient, activations = gradient_by_kernels(given, dropout=0.5)
    masks = [torch.tensor(2.0 * (hidden != 0)) for hidden in activations[1:3]]
    assert {float(share) for mask in masks for share in mask.unique()} == {0.0, 2.0}
    assert_allclose(gradient, gradient_by_torch(given, "tanh", "softmax", masks), rtol=1e-10, atol=1e-12)


def test_dropout_keeps_the_mean() -> None:
    given = problem("logistic", "identity", 1, m=1)
    many = given._replace(batch=Examples(*(np.repeat(column, 20_000, axis=0) for column in given.batch)))
    _, (*_, whole) = gradient_by_kernels(given)
    _, (*_, thinned) = gradient_by_kernels(many, dropout=0.3)
    assert thinned.std() > 0
    assert thinned.mean() == pytest.approx(whole[0, 0], abs=5 * thinned.std() / np.sqrt(thinned.size))


def test_dropout_learns_something_else_but_is_off_where_it_is_measured() -> None:
    learned = []
    examples = blobs(90)._replace(weights=np.ones(90, np.float32))
    for dropout in (0.0, 0.5):
        network = Network(sizes=(4, 16, 3), head="softmax", batch_size=16, dropout=dropout)
        population = Population(network, examples, folds=[np.arange(0, 90, 3)], seed=1)
        findings = population.epoch(learning_rate=0.01)
        population.close()
        layers = cut(population.parameters[0], network.sizes)
        scores = formulas.feedforward(layers, examples.matrix[::3]).sums[-1]
        wanted = formulas.network_error(scores, examples.targets[::3].astype(int))
        assert findings.held_out_loss[0] == pytest.approx(wanted, rel=1e-5)
        learned.append(population.parameters)
    assert not np.array_equal(*learned)


# --- Whole epochs -----------------------------------------------------------------------------------------------------


def blobs(n: int, *, d: int = 4, c: int = 3) -> Examples:
    rng = np.random.default_rng(6)
    codes = rng.integers(0, c, n)
    matrix = rng.normal(size=(n, d)) + rng.normal(size=(c, d))[codes] * 1.5
    return Examples(matrix.astype(np.float32), codes.astype(np.float32), rng.uniform(0.5, 1.5, n).astype(np.float32))


def learn_beside_torch(
    network: Network, optimizer: type[torch.optim.Optimizer], *, epochs: int = 3, rate: float = 0.01, **options: Any
) -> None:
    """Learn whole epochs with both from the same start in the same order, and hold them against each other."""
    examples = blobs(91, d=network.sizes[0], c=network.sizes[-1])
    state = network.init(rows=np.arange(91), seed=(2,))
    parts = [torch.tensor(part, requires_grad=True) for layer in cut(state.parameters, network.sizes) for part in layer]
    torch_optimizer = optimizer(
        [
            {"params": parts[::2], "weight_decay": network.weight_decay},
            {"params": parts[1::2], "weight_decay": 0.0},
        ],
        lr=rate,
        **options,
    )
    signals = np.zeros(1, np.int64)
    for _ in range(epochs):
        state.shuffle(state.order.copy())
        network.epoch(state, examples, learning_rate=rate, signals=signals)
        torch_epoch(parts, torch_optimizer, network, examples, state)
        wanted = np.concatenate([part.detach().numpy().ravel() for part in parts])
        assert_allclose(state.parameters, wanted, rtol=0, atol=1e-5)


def torch_epoch(
    parts: list[torch.Tensor], optimizer: torch.optim.Optimizer, network: Network, examples: Examples, state: State
) -> None:
    matrix, targets, weights = (torch.tensor(column) for column in examples)
    for first in range(0, state.order.size, network.batch_size):
        rows = torch.tensor(state.order[first : first + network.batch_size])
        optimizer.zero_grad()
        losses = torch_losses(torch_scores(parts, matrix[rows], network.activation), targets[rows], network.head)
        (weights[rows] * losses).mean().backward()
        if network.clip > 0:
            torch.nn.utils.clip_grad_norm_(parts, network.clip)
        optimizer.step()


@EACH_ACTIVATION
def test_epochs_of_adam_with_decoupled_decay_are_those_of_torch(activation: str) -> None:
    network = Network(sizes=(4, 8, 5, 3), head="softmax", activation=activation, batch_size=16, weight_decay=0.1)
    learn_beside_torch(network, torch.optim.AdamW)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_epochs_of_gradient_descent_with_momentum_are_those_of_torch(momentum: float) -> None:
    network = Network(sizes=(4, 8, 3), head="softmax", batch_size=16, optimizer="sgd", momentum=momentum)
    learn_beside_torch(network, torch.optim.SGD, momentum=momentum)


@pytest.mark.parametrize(("name", "optimizer"), [("adam", torch.optim.AdamW), ("sgd", torch.optim.SGD)])
def test_clipped_epochs_are_those_of_torch(name: str, optimizer: type[torch.optim.Optimizer]) -> None:
    network = Network(sizes=(4, 8, 3), head="softmax", batch_size=16, optimizer=name, momentum=0.9, clip=0.3)
    options = {"momentum": 0.9} if name == "sgd" else {}
    learn_beside_torch(network, optimizer, **options)


def test_betas_of_ones_own_are_those_of_torch() -> None:
    network = Network(sizes=(4, 8, 3), head="softmax", batch_size=16, momentum=0.8, second_momentum=0.95)
    learn_beside_torch(network, torch.optim.AdamW, betas=(0.8, 0.95))


class DecoupledSgd(torch.optim.SGD):
    """torch.optim.SGD decays through the gradient; this one decays as AdamW does."""

    def step(self, closure: None = None) -> None:
        decays = [group["weight_decay"] for group in self.param_groups]
        with torch.no_grad():
            for group in self.param_groups:
                for part in group["params"]:
                    part *= 1 - group["lr"] * group["weight_decay"]
                group["weight_decay"] = 0.0
        super().step()
        for group, decay in zip(self.param_groups, decays, strict=True):
            group["weight_decay"] = decay


def test_a_gradient_whose_squares_overflow_has_a_length() -> None:
    assert norm(np.full(4, 1e25, np.float32)) == pytest.approx(2e25)


def test_gradient_descent_decays_decoupled_and_clips_as_torch_does() -> None:
    network = Network(sizes=(4, 8, 3), head="softmax", batch_size=16, optimizer="sgd", weight_decay=0.1, clip=0.5)
    learn_beside_torch(network, DecoupledSgd, momentum=0.9)


def test_decay_shrinks_weights_and_leaves_biases_alone() -> None:
    network = Network(sizes=(2, 3, 2), head="softmax", optimizer="sgd", weight_decay=0.5)
    state = network.init(rows=np.arange(4), seed=(1,))
    state.parameters[:] = 1
    nothing = Examples(np.zeros((4, 2), np.float32), np.zeros(4, np.float32), np.zeros(4, np.float32))
    network.epoch(state, nothing, learning_rate=0.1, signals=np.zeros(1, np.int64))
    for weights, bias in cut(state.parameters, network.sizes):
        assert_allclose(weights, 0.95)
        assert_array_equal(bias, 1)


def test_the_gradient_norm_is_the_mean_of_the_batches() -> None:
    network = Network(sizes=(4, 8, 3), head="softmax", batch_size=32)
    examples = blobs(80)
    state = network.init(rows=np.arange(80), seed=(3,))
    start = state.parameters.astype(float)
    length = network.epoch(state, examples, learning_rate=0.0, signals=np.zeros(1, np.int64))
    shape = Shape(np.array(network.sizes), 0, HEADS["softmax"])
    lengths = []
    for first in (0, 32, 64):
        batch = Examples(*(column[first : first + 32].astype(float) for column in examples))
        gradient, _ = gradient_by_kernels(Problem(network.sizes, shape, start, batch))
        lengths.append(np.linalg.norm(gradient))
    assert length == pytest.approx(np.mean(lengths), rel=1e-5)


def test_weights_of_rows_count_as_repetitions_do() -> None:
    examples = blobs(60)
    times = np.random.default_rng(3).integers(1, 4, 60)
    network = Network(sizes=(4, 5, 3), head="softmax", batch_size=10_000, optimizer="sgd", momentum=0.0)
    weighted_rows = examples._replace(weights=(times / times.mean()).astype(np.float32))
    repeated_rows = examples._replace(weights=np.ones(60, np.float32))
    repeated_rows = Examples(*(column.repeat(times, axis=0) for column in repeated_rows))
    learned = []
    for given in (weighted_rows, repeated_rows):
        state = network.init(rows=np.arange(len(given.targets)), seed=(3,))
        for _ in range(5):
            network.epoch(state, given, learning_rate=0.1, signals=np.zeros(1, np.int64))
        learned.append(state.parameters)
    assert_allclose(*learned, rtol=0, atol=1e-5)


def test_a_batch_larger_than_the_table_is_the_whole_table() -> None:
    learned = []
    for batch_size in (50, 10_000_000_000):
        network = Network(sizes=(4, 8, 3), head="softmax", batch_size=batch_size)
        state = network.init(rows=np.arange(50), seed=(3,))
        network.epoch(state, blobs(50), learning_rate=0.01, signals=np.zeros(1, np.int64))
        assert state.steps == 1
        learned.append(state.parameters)
    assert_array_equal(*learned)


def test_a_signal_ends_the_epoch_before_its_next_batch() -> None:
    network = Network(sizes=(4, 8, 3), head="softmax")
    state = network.init(rows=np.arange(50), seed=(3,))
    before = state.parameters.copy()
    network.epoch(state, blobs(50), learning_rate=0.01, signals=np.ones(1, np.int64))
    assert_array_equal(state.parameters, before)


@pytest.mark.parametrize(("activation", "variance"), [("relu", 2 / 300), ("silu", 2 / 300), ("tanh", 2 / 400)])
def test_weights_start_with_the_spread_of_their_activation(activation: str, variance: float) -> None:
    network = Network(sizes=(300, 100, 2), head="softmax", activation=activation)
    first, second = cut(network.init(rows=np.arange(2), seed=(1,)).parameters, network.sizes)
    assert first.weights.var() == pytest.approx(variance, rel=0.05)
    assert not first.bias.any()
    assert not second.bias.any()
