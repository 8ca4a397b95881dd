"""From rows to scores: the pass forward that every learner shares, and the losses at its end.

A perceptron or a neuron is the network without hidden layers. The parameters of a learner are one flat buffer: for
each layer its weights (inputs × outputs, row by row), then its biases.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from epoca.learners.activations import activate, sigmoid
from epoca.learners.kernels import kernel
from epoca.learners.prefetching import prefetch_second
from epoca.learners.products import product
from epoca.learners.randomness import drop
from epoca.learners.rows import ask_for, first_sums, load
from epoca.learners.views import view
from epoca.types import Numbers, Parameters

HEADS = {"softmax": 0, "logistic": 1, "identity": 2, "step": 3}
"""The number by which kernels know what stands at the end of a learner.

softmax and logistic give probabilities (cross-entropy), identity a number (half the squared error), step a label
(mistakes).
"""

BLOCK = 256
"""Rows that go forward together where nothing is learned."""


class Shape(NamedTuple):
    """What kernels must know of a learner's form."""

    sizes: NDArray[np.int64]
    """Inputs, neurons of each hidden layer, outputs."""
    activation: int
    """A number of ACTIVATIONS."""
    head: int
    """A number of HEADS."""


def n_parameters(sizes: tuple[int, ...]) -> int:
    """Number of weights and biases of a learner of these layer sizes.

    Examples
    --------
    >>> n_parameters((2, 3, 1))
    13
    """
    return sum((inputs + 1) * outputs for inputs, outputs in itertools.pairwise(sizes))


def multiply_scores(parameters: Parameters, shape: Shape, factors: float | Numbers) -> None:
    """Multiply the scores of members, (k, P), by one factor or by one each, (k, 1): their last layer, in place."""
    inputs, outputs = (int(size) for size in shape.sizes[-2:])
    parameters[:, -(inputs + 1) * outputs :] *= factors


@kernel()
def forward(
    parameters,  # (P,)
    shape,  # Shape
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64: the batch
    values,  # (m * sum(sizes),): becomes every layer's activations, the inputs (none of sparse rows) at its front
    slopes,  # (m * sum(sizes),): becomes the slope of every hidden activation
    dropout,  # share of hidden neurons to silence, 0 to keep all
    state,  # (1,) uint64: generator of dropout
):
    """Layer by layer from inputs to scores; the scores are the last ``m * outputs`` numbers of `values` in use."""
    sizes = shape.sizes
    m = rows.size
    load(matrix, rows, view(values, 0, m, sizes[0]))
    at = 0
    parameter = 0
    for layer in range(sizes.size - 1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        a = view(values, at, m, inputs)
        at += m * inputs
        z = view(values, at, m, outputs)
        weights = view(parameters, parameter, inputs, outputs)
        parameter += inputs * outputs
        bias = view(parameters, parameter, 1, outputs)
        parameter += outputs
        if layer == 0:
            first_sums(matrix, rows, a, weights, z)
        else:
            product(a, False, weights, z)
        if layer < sizes.size - 2:
            slope = view(slopes, at, m, outputs)
            activate(z, bias, slope, shape.activation)
            if dropout > 0:
                drop(z, slope, dropout, state)
        else:
            for i in range(m):
                for j in range(outputs):
                    z[i, j] += bias[0, j]
    return view(values, at, m, sizes[-1])


@kernel(inlined=True)
def top_class(
    scores,  # (m, c)
    i,
):
    """The code of row i's highest score."""
    top = 0
    for j in range(1, scores.shape[1]):
        if scores[i, j] > scores[i, top]:
            top = j
    return top


@kernel(inlined=True)
def judge(
    scores,  # (m, c): row i becomes the derivative of its loss by each score
    i,
    target,  # the row's code or number
    head,  # a number of HEADS
):
    """A row's loss and whether its label is right; the scores give way to the gradient of the loss.

    Returns
    -------
    loss : float64
        Cross-entropy in nats; half the squared error; or 1 for a mistake of a step.
    right : float64
        1 for the right label, 0 for a wrong one; of a number 1 - the squared error.
    """
    one = scores.dtype.type(1)
    if head == 0:
        code = np.int64(target)
        top = top_class(scores, i)
        largest = scores[i, top]
        own = scores[i, code]
        total = scores.dtype.type(0)
        for j in range(scores.shape[1]):
            scores[i, j] = math.exp(scores[i, j] - largest)
            total += scores[i, j]
        for j in range(scores.shape[1]):
            scores[i, j] /= total
        scores[i, code] -= one
        return np.float64(largest - own + math.log(total)), np.float64(top == code)
    if head == 1:
        z = scores[i, 0]
        scores[i, 0] = sigmoid(z) - target
        wrong_way = z if target == 0 else -z
        loss = max(wrong_way, scores.dtype.type(0)) + math.log1p(math.exp(-abs(z)))
        return np.float64(loss), np.float64((z > 0) == (target == 1))
    if head == 2:
        error = scores[i, 0] - target
        scores[i, 0] = error
        return 0.5 * np.float64(error) ** 2, 1 - np.float64(error) ** 2
    if scores.shape[1] == 1:
        called = scores.dtype.type(scores[i, 0] >= 0)
        scores[i, 0] = called - target
        return np.float64(called != target), np.float64(called == target)
    code = np.int64(target)
    top = top_class(scores, i)
    for j in range(scores.shape[1]):
        scores[i, j] = 0
    scores[i, top] += one
    scores[i, code] -= one
    return np.float64(top != code), np.float64(top == code)


@kernel(kept=True)
def evaluate(
    parameters,  # (P,)
    shape,  # Shape
    matrix,  # (n, d), or a SparseMatrix
    targets,  # (n,): codes or numbers
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to look at
    losses,  # (m, or more) float64: becomes the loss of each
    kept,  # (m, or more, outputs), or (0, outputs): becomes the scores of each
):
    """Mean loss and share of right labels (of numbers 1 - mean squared error) over some rows, nothing learned."""
    sizes = shape.sizes
    values = np.empty(BLOCK * sizes.sum(), parameters.dtype)
    slopes = np.empty_like(values)
    state = np.zeros(1, np.uint64)
    loss, right, total = 0.0, 0.0, 0.0
    for first in range(0, rows.size, BLOCK):
        block = rows[first : first + BLOCK]
        scores = forward(parameters, shape, matrix, block, values, slopes, 0.0, state)
        for i in range(block.size):
            if kept.shape[0] > 0:
                for j in range(kept.shape[1]):
                    kept[first + i, j] = scores[i, j]
            row_loss, row_right = judge(scores, i, targets[block[i]], shape.head)
            following = first + BLOCK + i
            if following < rows.size:  # asked for meanwhile: a shuffled row lies in no cache
                ask_for(matrix, rows[following])
                prefetch_second(targets, rows[following])
                prefetch_second(weights, rows[following])
            weight = np.float64(weights[block[i]])
            losses[first + i] = row_loss
            loss += weight * row_loss
            right += weight * row_right
            total += weight
    return loss / total, right / total


@kernel(kept=True)
def add_predictions(
    parameters,  # (P,) float64: one member
    shape,  # Shape
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64: the rows to predict
    out,  # (m, c) float64: c >= 2 classes, or 1 number or sum; the member's predictions are added
):
    """Add one member's probabilities (of a step: its weighted sums; of a number: the number) for some rows."""
    sizes = shape.sizes
    values = np.empty(BLOCK * sizes.sum(), parameters.dtype)
    slopes = np.empty_like(values)
    state = np.zeros(1, np.uint64)
    for first in range(0, rows.size, BLOCK):
        block = rows[first : first + BLOCK]
        scores = forward(parameters, shape, matrix, block, values, slopes, 0.0, state)
        for i in range(block.size):
            predict(scores, i, out, first + i, shape.head)


@kernel()
def predict(
    scores,  # (m, outputs): row i is overwritten
    i,
    out,  # (m, c): the prediction is added to row k
    k,
    head,  # a number of HEADS
):
    """From a row's scores to its probabilities, sums or number."""
    if head == 2 or head == 3:
        for j in range(scores.shape[1]):
            out[k, j] += scores[i, j]
    elif head == 1:
        out[k, 0] += sigmoid(-scores[i, 0])  # 1 - p would lose the digits of what is nearly certain
        out[k, 1] += sigmoid(scores[i, 0])
    else:
        largest = scores[i, top_class(scores, i)]
        total = 0.0
        for j in range(scores.shape[1]):
            scores[i, j] = math.exp(scores[i, j] - largest)
            total += scores[i, j]
        for j in range(scores.shape[1]):
            out[k, j] += scores[i, j] / total
