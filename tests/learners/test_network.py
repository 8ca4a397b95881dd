from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from epoca import formulas
from epoca.learners.activations import ACTIVATIONS
from epoca.learners.feedforward import HEADS, Shape, evaluate, forward, judge, n_parameters
from epoca.learners.learner import Examples, State
from epoca.learners.network import Network, backward
from epoca.learners.products import ALWAYS_OWN, blas_from

TORCH_ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "silu": torch.nn.functional.silu,
}
SHAPES = [(3, 2), (3, 5, 2), (4, 7, 3, 3), (2, 5, 4, 3, 3)]


def _layers(parameters: torch.Tensor, sizes: tuple[int, ...]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    found, first = [], 0
    for inputs, outputs in itertools.pairwise(sizes):
        weights = parameters[first : first + inputs * outputs].reshape(inputs, outputs)
        first += inputs * outputs
        found.append((weights, parameters[first : first + outputs]))
        first += outputs
    return found


def _torch_losses(
    parameters: torch.Tensor, sizes: tuple[int, ...], activation: str, head: str, x: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    *hidden, (weights, bias) = _layers(parameters, sizes)
    for w, b in hidden:
        x = TORCH_ACTIVATIONS[activation](x @ w + b)
    scores = x @ weights + bias
    if head == "softmax":
        return torch.nn.functional.cross_entropy(scores, y.long(), reduction="none")
    if head == "logistic":
        return torch.nn.functional.binary_cross_entropy_with_logits(scores[:, 0], y, reduction="none")
    return 0.5 * (scores[:, 0] - y) ** 2


def _case(sizes: tuple[int, ...], head: str, *, rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    parameters = rng.normal(0, 0.7, n_parameters(sizes))
    x = rng.normal(size=(rows, sizes[0]))
    y = {"softmax": rng.integers(0, sizes[-1], rows), "logistic": rng.integers(0, 2, rows)}.get(
        head, rng.normal(size=rows)
    )
    return parameters, x, y.astype(np.float64)


@pytest.mark.parametrize("bound", [0, ALWAYS_OWN])
@pytest.mark.parametrize("head", ["softmax", "logistic", "identity"])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("widths", [(), (5,), (7, 3), (5, 4, 3)])
def test_gradients_are_those_of_autograd(widths: tuple[int, ...], activation: str, head: str, bound: int) -> None:
    sizes = (4, *widths, 3 if head == "softmax" else 1)
    rows = 7
    parameters, x, y = _case(sizes, head, rows=rows)
    given = torch.tensor(parameters, requires_grad=True)
    _torch_losses(given, sizes, activation, head, torch.tensor(x), torch.tensor(y)).sum().backward()  # type: ignore[no-untyped-call]
    shape = Shape(np.array(sizes), ACTIVATIONS[activation], HEADS[head], bound)
    values, slopes = np.zeros(rows * sum(sizes)), np.zeros(rows * sum(sizes))
    values[: x.size] = x.ravel()
    scores = forward(parameters, shape, values, slopes, rows, 0.0, np.zeros(1, np.uint64))
    for row in range(rows):
        judge(scores[row], y[row], shape.head)
    gradient = np.empty_like(parameters)
    backward(parameters, gradient, shape, values, slopes, np.empty_like(parameters), rows)
    assert given.grad is not None
    assert gradient == pytest.approx(given.grad.numpy(), abs=1e-11)


@pytest.mark.parametrize("head", ["softmax", "logistic", "identity"])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_losses_are_those_of_the_formulas(activation: str, head: str) -> None:
    sizes = (4, 6, 5, 3 if head == "softmax" else 1)
    parameters, x, y = _case(sizes, head, rows=300)
    layers = [formulas.Layer(w.numpy(), b.numpy()) for w, b in _layers(torch.tensor(parameters), sizes)]
    scores = formulas.feedforward(layers, x, activation=activation).sums[-1]
    targets = y.astype(int) if head == "softmax" else y
    shape = Shape(np.array(sizes), ACTIVATIONS[activation], HEADS[head], ALWAYS_OWN)
    loss, _right = evaluate(parameters, shape, x, y, np.ones(300), np.arange(300))
    assert loss == pytest.approx(formulas.network_error(scores, targets, head=head), rel=1e-12)  # type: ignore[arg-type]


def _trained(network: Network, examples: Examples, state: State, epochs: int, rate: float) -> None:
    for _epoch in range(epochs):
        network.epoch(state, examples, learning_rate=rate, signals=np.zeros(1, np.int64))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("sizes", SHAPES)
def test_epochs_are_those_of_torch(sizes: tuple[int, ...], optimizer: str) -> None:
    decay, clip, rate, batch = 0.1, 0.5, 0.01, 8
    network = Network(
        sizes=sizes,
        head="softmax",
        activation="tanh",
        optimizer=optimizer,
        weight_decay=decay,
        clip=clip,
        batch_size=batch,
    )
    _parameters, x, y = _case(sizes, "softmax", rows=43)
    weights = np.random.default_rng(1).uniform(0.5, 1.5, 43).astype(np.float32)
    examples = Examples(x.astype(np.float32), y.astype(np.float32), weights)
    state = network.init(rows=np.arange(43), seed=(0, 0))
    state.shuffle()
    given = [
        part.clone().requires_grad_() for layer in _layers(torch.tensor(state.parameters), sizes) for part in layer
    ]
    groups = [{"params": given[::2], "weight_decay": decay}, {"params": given[1::2], "weight_decay": 0.0}]
    if optimizer == "adam":
        peer: torch.optim.Optimizer = torch.optim.AdamW(groups, lr=rate)
    else:
        peer = torch.optim.SGD([{**group, "weight_decay": 0.0} for group in groups], lr=rate, momentum=0.9)
    for _epoch in range(3):
        for first in range(0, 43, batch):
            rows = state.order[first : first + batch]
            losses = _torch_losses(
                torch.cat([part.ravel() for part in given]),
                *(sizes, "tanh", "softmax", torch.tensor(examples.matrix[rows]), torch.tensor(y[rows])),
            )
            peer.zero_grad()
            (losses * torch.tensor(weights[rows])).mean().backward()
            torch.nn.utils.clip_grad_norm_(given, clip)
            if optimizer == "sgd":  # torch's own decay of SGD goes through the gradient; ours is decoupled
                with torch.no_grad():
                    for part in given[::2]:
                        part *= 1 - rate * decay
            peer.step()
    _trained(network, examples, state, 3, rate)
    expected = torch.cat([part.detach().ravel() for part in given]).numpy()
    assert state.parameters == pytest.approx(expected, abs=2e-5)


def test_dropout_keeps_the_mean_and_is_off_where_nothing_is_learned() -> None:
    sizes, rows = (3, 400, 1), 200
    parameters, x, _y = _case(sizes, "identity", rows=rows)
    shape = Shape(np.array(sizes), ACTIVATIONS["relu"], HEADS["identity"], ALWAYS_OWN)

    def scores(dropout: float, state: int) -> np.ndarray:
        values, slopes = np.zeros(rows * sum(sizes)), np.zeros(rows * sum(sizes))
        values[: x.size] = x.ravel()
        return np.array(forward(parameters, shape, values, slopes, rows, dropout, np.array([state], np.uint64)))

    plain = scores(0.0, 0)
    dropped = np.mean([scores(0.3, state) for state in range(300)], axis=0)
    assert np.abs(scores(0.3, 1) - plain).max() > 0.1
    assert np.abs(dropped - plain).mean() < 0.1 * np.abs(plain).mean()
    network = Network(sizes=sizes, head="identity", dropout=0.5)
    assert evaluate(parameters, network.shape, x, x[:, 0], np.ones(rows), np.arange(rows)) == evaluate(
        parameters, network.shape, x, x[:, 0], np.ones(rows), np.arange(rows)
    )


def test_a_signal_ends_an_epoch_early() -> None:
    network = Network(sizes=(2, 4, 1), head="logistic", batch_size=4)
    ones = np.ones(400, np.float32)
    state = network.init(rows=np.arange(400), seed=(0, 0))
    network.epoch(
        state, Examples(np.ones((400, 2), np.float32), ones, ones), learning_rate=0.1, signals=np.ones(1, np.int64)
    )
    assert state.steps == 0


def test_the_choice_of_blas_is_the_same_every_time() -> None:
    assert blas_from() == blas_from()
