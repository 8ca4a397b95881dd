"""Learning row after row: the kernels of the neuron and the perceptron.

Both take the error y − ŷ of a row and add α(y − ŷ)x to the weights and α(y − ŷ) to the bias; they differ in ŷ alone:
a probability for the neuron, a label for the perceptron. Shuffled rows are asked for ahead of use, so that the
latency of memory does not decide the speed. A row goes from function to function as matrix and index: made an array of
its own, ``matrix[row]``, it would be counted as a reference, which costs as much as learning from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numba.core import types
from numba.extending import overload

from epoca.learners.activations import sigmoid
from epoca.learners.feedforward import Shape, judge, n_parameters
from epoca.learners.kernels import kernel
from epoca.learners.learner import Examples, Signals, State
from epoca.learners.prefetching import prefetch_first, prefetch_second
from epoca.types import Parameters, Rows

EARLY, SHORTLY = 24, 6
"""How many rows before its use a row is asked for into the second cache, and into the first."""

STRETCH = 4096
"""Rows learned from between two looks at the signals."""


@kernel(fastmath={"reassoc", "contract"})
def _dot(matrix, row, w):
    total = w.dtype.type(0)
    for j in range(w.size):
        total += matrix[row, j] * w[j]
    return total


@kernel(fastmath={"reassoc", "contract"})
def _dot_of_rows(matrix, row, other):
    total = matrix.dtype.type(0)
    for j in range(matrix.shape[1]):
        total += matrix[row, j] * matrix[other, j]
    return total


@kernel(fastmath={"reassoc", "contract"})
def _dot_and_size(matrix, row, w):
    """The row's sum, and that of its terms' sizes: what rounding, in whatever order, can at most add up from."""
    total, size = w.dtype.type(0), w.dtype.type(0)
    for j in range(w.size):
        term = matrix[row, j] * w[j]
        total += term
        size += abs(term)
    return total, size


@kernel()
def neuron_rows(
    parameters,  # (d + 1,): weights and bias, improved in place
    matrix,  # (n, d), C-contiguous
    labels,  # (n,) int8: 0 or 1
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    ahead,  # the row that comes after them, or -1
    begun,  # the first row's sum as the rows before left it, or NaN
    learning_rate,
):
    """The logistic neuron over some rows in their order; returns the sum of squared gradient norms, and the next sum.

    The next row's sum is begun with the weights as they are, and put right by the error once that is known:
    (w + αex)·x' + b + αe = w·x' + b + αe(x·x' + 1). So the exponential of one row and the sums of the next are computed
    side by side. Handed on from call to call, it makes the same of the rows to the last bit however they are cut.
    """
    d = matrix.shape[1]
    w = parameters[:d]
    squares = 0.0
    z = matrix.dtype.type(begun)
    if math.isnan(begun):
        z = _dot(matrix, rows[0], w) + parameters[d]
    for i in range(rows.size):
        if i + EARLY < rows.size:
            prefetch_second(matrix, rows[i + EARLY])
        if i + SHORTLY < rows.size:
            prefetch_first(matrix, rows[i + SHORTLY])
            prefetch_first(labels, rows[i + SHORTLY])
            prefetch_first(weights, rows[i + SHORTLY])
        row, following = rows[i], rows[i + 1] if i + 1 < rows.size else ahead
        if following < 0:
            following = row
        error = weights[row] * (labels[row] - sigmoid(z))
        step = learning_rate * error
        begun = _dot(matrix, following, w) + parameters[d]
        likeness = _dot_of_rows(matrix, row, following) + 1
        for j in range(d):
            w[j] += step * matrix[row, j]
        parameters[d] += step
        z = begun + step * likeness
        squares += error * error * (_dot_of_rows(matrix, row, row) + 1)
    return squares, np.float64(z) if ahead >= 0 else np.nan


@kernel()
def perceptron_rows(
    parameters,  # (d + 1,): weights and bias, improved in place
    matrix,  # (n, d), C-contiguous
    labels,  # (n,) int8: 0 or 1
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    learning_rate,
):
    """The perceptron over some rows in their order; returns the sum of squared gradient norms.

    A perceptron's z is often exactly 0, and its label then hangs on the order of the sum. So the sum is taken in
    whatever order is fast, and once more term by term in the order of the columns, as the textbook's loop takes it,
    only where rounding could have changed its sign: both sums lie within γ = (d + 1)u / (1 − (d + 1)u) of the terms'
    sizes from the true one (Higham 2002, "Accuracy and stability of numerical algorithms", section 3.1).
    """
    d = matrix.shape[1]
    w = parameters[:d]
    limits = np.finfo(matrix.dtype)
    doubt = 2 * (d + 2) * limits.eps  # more than twice 2γ
    least = (d + 2) * limits.tiny  # below this products lose digits
    squares = 0.0
    for i in range(rows.size):
        if i + EARLY < rows.size:
            prefetch_second(matrix, rows[i + EARLY])
        if i + SHORTLY < rows.size:
            prefetch_first(matrix, rows[i + SHORTLY])
            prefetch_first(labels, rows[i + SHORTLY])
        row = rows[i]
        bias = parameters[d]
        z, size = _dot_and_size(matrix, row, w)
        z += bias
        if not abs(z) > doubt * (size + abs(bias)) + least:
            z = matrix.dtype.type(0)
            for j in range(d):
                z += w[j] * matrix[row, j]
            z += bias
        called = 1 if z >= 0 else 0
        if called != labels[row]:
            error = weights[row] * (labels[row] - called)
            step = learning_rate * error
            for j in range(d):
                w[j] += step * matrix[row, j]
            parameters[d] += step
            squares += error * error * (_dot_of_rows(matrix, row, row) + 1)
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
        if i + EARLY < rows.size:
            prefetch_second(matrix, rows[i + EARLY])
        if i + SHORTLY < rows.size:
            prefetch_first(matrix, rows[i + SHORTLY])
            prefetch_first(targets, rows[i + SHORTLY])
            prefetch_first(weights, rows[i + SHORTLY])
        row = rows[i]
        for k in range(c):
            scores[0, k] = 0
        for j in range(d):
            for k in range(c):
                scores[0, k] += w[j, k] * matrix[row, j]
        for k in range(c):
            scores[0, k] += bias[k]
        judge(scores, 0, targets[row], head)
        moved = 0.0
        for k in range(c):
            scores[0, k] *= weights[row]
            moved += scores[0, k] * scores[0, k]
        if moved > 0:
            for j in range(d):
                step = learning_rate * matrix[row, j]
                for k in range(c):
                    w[j, k] -= step * scores[0, k]
            for k in range(c):
                bias[k] -= learning_rate * scores[0, k]
            squares += moved * (_dot_of_rows(matrix, row, row) + 1)
    return squares


@kernel()
def sparse_rows(
    parameters,  # (d * c + c,): weights (d, c) and biases, improved in place
    matrix,  # SparseMatrix
    targets,  # (n,): codes or numbers
    weights,  # (n,): how much each row counts
    rows,  # (m,) int64: the rows to learn from, in their order
    learning_rate,
    head,  # a number of HEADS
    c,  # outputs
):
    """Neuron or perceptron over some sparse rows in their order; returns the sum of squared gradient norms."""
    d = matrix.width
    w = parameters[: d * c].reshape(d, c)
    bias = parameters[d * c :]
    scores = np.empty((1, c), parameters.dtype)
    squares = 0.0
    for row in rows:
        for k in range(c):
            scores[0, k] = bias[k]
        first, last = matrix.starts[row], matrix.starts[row + 1]
        for at in range(first, last):
            for k in range(c):
                scores[0, k] += w[matrix.columns[at], k] * matrix.values[at]
        judge(scores, 0, targets[row], head)
        moved, size = 0.0, 1.0
        for k in range(c):
            scores[0, k] *= weights[row]
            moved += scores[0, k] * scores[0, k]
            bias[k] -= learning_rate * scores[0, k]
        for at in range(first, last):
            step = learning_rate * matrix.values[at]
            size += matrix.values[at] * matrix.values[at]
            for k in range(c):
                w[matrix.columns[at], k] -= step * scores[0, k]
        squares += moved * size
    return squares


def learn_from(parameters, matrix, labels, targets, weights, rows, ahead, begun, learning_rate, head, c):
    """One update a row over some rows in their order, by the kernel that suits; returns what `neuron_rows` does."""


@overload(learn_from, jit_options={"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True})
def _learn_from(parameters, matrix, labels, targets, weights, rows, ahead, begun, learning_rate, head, c):
    def dense(parameters, matrix, labels, targets, weights, rows, ahead, begun, learning_rate, head, c):
        if labels.size == 0:
            return several_outputs(parameters, matrix, targets, weights, rows, learning_rate, head, c), np.nan
        if head == 1:
            return neuron_rows(parameters, matrix, labels, weights, rows, ahead, begun, learning_rate)
        return perceptron_rows(parameters, matrix, labels, weights, rows, learning_rate), np.nan

    def sparse(parameters, matrix, labels, targets, weights, rows, ahead, begun, learning_rate, head, c):
        return sparse_rows(parameters, matrix, targets, weights, rows, learning_rate, head, c), np.nan

    return dense if isinstance(matrix, types.Array) else sparse


@kernel(kept=True)
def online_epoch(
    parameters,  # (P,), improved in place
    shape,  # Shape without hidden layers
    matrix,  # (n, d), C-contiguous, or a SparseMatrix; of the parameters' dtype
    targets,  # (n,): codes or numbers, of that dtype too
    weights,  # (n,): how much each row counts, of that dtype too
    order,  # (m,) int64: the rows in the order of this epoch
    ahead,  # the row that comes after them, if this is a part of an epoch, or -1
    begun,  # the first row's sum as the part before left it, or NaN
    learning_rate,
    signals,  # (1,) int64: anything but 0 ends the epoch soon
):
    """One pass over the rows, one update a row; returns the root mean square of the gradient norms and the next sum."""
    outputs = shape.sizes[1]
    one_of_two = outputs == 1 and shape.head != 2
    labels = np.empty(targets.size if one_of_two else 0, np.int8)  # an eighth of the memory to wait for
    for i in range(labels.size):
        labels[i] = np.int8(targets[i])
    rate = parameters.dtype.type(learning_rate)
    squares = 0.0
    for first in range(0, order.size, STRETCH):
        if signals[0] != 0:
            break
        end = min(first + STRETCH, order.size)
        following = order[end] if end < order.size else ahead
        rows = order[first:end]
        found, begun = learn_from(
            parameters, matrix, labels, targets, weights, rows, following, begun, rate, shape.head, outputs
        )
        squares += found
    return math.sqrt(squares / order.size), begun


def learned_online(state: State, examples: Examples, shape: Shape, *, learning_rate: float, signals: Signals) -> float:
    """One pass of a neuron or perceptron, see `Neuron.epoch`."""
    norm, state.begun = online_epoch(
        state.parameters, shape, *examples, state.order, state.ahead, state.begun, learning_rate, signals
    )
    return float(norm)


def norm_of_parts(parts: Sequence[tuple[int, float]]) -> float:
    """The root mean square over rows of which parts are known, (rows, root mean square) each."""
    if len(parts) == 1:
        return parts[0][1]  # to the last digit
    return math.sqrt(sum(rows * norm * norm for rows, norm in parts) / sum(rows for rows, _norm in parts))


def online_start(
    sizes: tuple[int, int], *, dtype: type[np.floating], start: Parameters | None, rows: Rows, seed: tuple[int, ...]
) -> State:
    """A neuron or perceptron at its start; arguments as in `Neuron` and `Neuron.init`."""
    generator = np.random.default_rng(seed)
    inputs, outputs = sizes
    buffer = np.zeros(n_parameters(sizes), dtype)
    buffer[: inputs * outputs] = generator.normal(0, 1 / math.sqrt(inputs), inputs * outputs)
    if start is not None:
        np.copyto(buffer, start, where=~np.isnan(start), casting="same_kind")
    random = generator.integers(1 << 63, size=1, dtype=np.uint64)
    return State(buffer=buffer, n_parameters=buffer.size, order=rows.copy(), random=random)
