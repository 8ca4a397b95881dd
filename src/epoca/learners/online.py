"""Learning row after row: the kernels of the neuron and the perceptron.

Both take the error y − ŷ of a row and add α(y − ŷ)x to the weights and α(y − ŷ) to the bias; they differ in ŷ alone:
a probability for the neuron, a label for the perceptron. Shuffled rows are asked for ahead of use, so that the
latency of memory does not decide the speed.
"""

from __future__ import annotations

import math

import numpy as np

from epoca.learners.activations import sigmoid
from epoca.learners.feedforward import judge, n_parameters
from epoca.learners.kernels import kernel
from epoca.learners.learner import State
from epoca.learners.prefetching import prefetch
from epoca.types import Parameters, Rows

AHEAD = 8
"""How many rows before its use a row is asked for from memory."""

STRETCH = 4096
"""Rows learned from between two looks at the signals."""


@kernel(fastmath={"reassoc", "contract"})
def _dot(a, b):
    total = a.dtype.type(0)
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@kernel()
def _ask_ahead(matrix, targets, weights, rows, i):
    if i + AHEAD < rows.size:
        row = rows[i + AHEAD]
        prefetch(matrix, row)
        prefetch(targets, row)
        prefetch(weights, row)


@kernel()
def neuron_rows(
    parameters,  # (d + 1,): weights and bias, improved in place
    matrix,  # (n, d), C-contiguous
    targets,  # (n,): 0 or 1
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    learning_rate,
):
    """The logistic neuron over some rows in their order; returns the sum of squared gradient norms.

    The next row's sum is begun with the weights as they are, and put right by the error once that is known:
    (w + αex)·x' + b + αe = w·x' + b + αe(x·x' + 1). So the exponential of one row and the sums of the next are computed
    side by side.
    """
    d = matrix.shape[1]
    w = parameters[:d]
    squares = 0.0
    z = _dot(w, matrix[rows[0]]) + parameters[d]
    for i in range(rows.size):
        _ask_ahead(matrix, targets, weights, rows, i)
        row = rows[i]
        x = matrix[row]
        error = weights[row] * (targets[row] - sigmoid(z))
        step = learning_rate * error
        following = matrix[rows[min(i + 1, rows.size - 1)]]
        begun = _dot(w, following) + parameters[d]
        likeness = _dot(x, following) + 1
        for j in range(d):
            w[j] += step * x[j]
        parameters[d] += step
        z = begun + step * likeness
        squares += error * error * (_dot(x, x) + 1)
    return squares


@kernel()
def perceptron_rows(
    parameters,  # (d + 1,): weights and bias, improved in place
    matrix,  # (n, d), C-contiguous
    targets,  # (n,): 0 or 1
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    learning_rate,
):
    """The perceptron over some rows in their order; returns the sum of squared gradient norms.

    The sum is taken in the order of the columns, term by term: a perceptron's z is often exactly 0, and another order
    could call such a row differently.
    """
    d = matrix.shape[1]
    squares = 0.0
    for i in range(rows.size):
        _ask_ahead(matrix, targets, weights, rows, i)
        row = rows[i]
        x = matrix[row]
        z = matrix.dtype.type(0)
        for j in range(d):
            z += parameters[j] * x[j]
        error = weights[row] * (targets[row] - (1 if z + parameters[d] >= 0 else 0))
        if error != 0:
            step = learning_rate * error
            for j in range(d):
                parameters[j] += step * x[j]
            parameters[d] += step
            squares += error * error * (_dot(x, x) + 1)
    return squares


@kernel()
def several_outputs(
    parameters,  # (d * c + c,): weights (d, c) and biases, improved in place
    matrix,  # (n, d), C-contiguous
    targets,  # (n,): codes or numbers
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    learning_rate,
    head,  # a number of HEADS
    c,  # outputs
):
    """Neuron or perceptron of c outputs over some rows in their order; returns the sum of squared gradient norms.

    The true class's weights move by α(1 − p)x (perceptron: αx where it was not called), the others' by −αpx
    (−αx where wrongly called).
    """
    d = matrix.shape[1]
    w = parameters[: d * c].reshape(d, c)
    bias = parameters[d * c :]
    scores = np.empty((1, c), parameters.dtype)
    squares = 0.0
    for i in range(rows.size):
        _ask_ahead(matrix, targets, weights, rows, i)
        row = rows[i]
        x = matrix[row]
        for k in range(c):
            scores[0, k] = 0
        for j in range(d):
            for k in range(c):
                scores[0, k] += w[j, k] * x[j]
        for k in range(c):
            scores[0, k] += bias[k]
        judge(scores, 0, targets[row], head)
        moved = 0.0
        for k in range(c):
            scores[0, k] *= weights[row]
            moved += scores[0, k] * scores[0, k]
        if moved > 0:
            for j in range(d):
                step = learning_rate * x[j]
                for k in range(c):
                    w[j, k] -= step * scores[0, k]
            for k in range(c):
                bias[k] -= learning_rate * scores[0, k]
            squares += moved * (_dot(x, x) + 1)
    return squares


@kernel()
def online_epoch(
    parameters,  # (P,), improved in place
    shape,  # Shape without hidden layers
    matrix,  # (n, d), C-contiguous, of the parameters' dtype
    targets,  # (n,): codes or numbers, of that dtype too
    weights,  # (n,): how much each row counts, of that dtype too
    order,  # (m,) int64: the rows in the order of this epoch
    learning_rate,
    signals,  # (1,) int64: anything but 0 ends the epoch soon
):
    """One pass over the rows, one update a row; returns the root mean square of the gradient norms."""
    outputs = shape.sizes[1]
    rate = parameters.dtype.type(learning_rate)
    squares = 0.0
    for first in range(0, order.size, STRETCH):
        if signals[0] != 0:
            break
        rows = order[first : first + STRETCH]
        if outputs > 1 or shape.head == 2:
            squares += several_outputs(parameters, matrix, targets, weights, rows, rate, shape.head, outputs)
        elif shape.head == 1:
            squares += neuron_rows(parameters, matrix, targets, weights, rows, rate)
        else:
            squares += perceptron_rows(parameters, matrix, targets, weights, rows, rate)
    return math.sqrt(squares / order.size)


def online_start(
    sizes: tuple[int, int], *, dtype: type[np.floating], start: Parameters | None, rows: Rows, seed: tuple[int, ...]
) -> State:
    """A neuron or perceptron at its start.

    Parameters
    ----------
    sizes : tuple of int
        Inputs and outputs.
    dtype : type
        Of its parameters.
    start : ndarray, (P,), optional
        Its parameters; without them weights from N(0, 1/√inputs), biases 0.
    rows : ndarray of int64, (m,)
        The rows it is going to learn from.
    seed : tuple of int
        Of its weights and its shuffling.

    Returns
    -------
    State
    """
    generator = np.random.default_rng(seed)
    inputs, outputs = sizes
    buffer = np.zeros(n_parameters(sizes), dtype)
    buffer[: inputs * outputs] = generator.normal(0, 1 / math.sqrt(inputs), inputs * outputs)
    if start is not None:
        buffer[:] = start
    random = generator.integers(1 << 63, size=1, dtype=np.uint64)
    return State(buffer=buffer, n_parameters=buffer.size, order=rows.copy(), random=random)
