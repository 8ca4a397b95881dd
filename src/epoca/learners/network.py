"""Networks of one or more hidden layers, trained by backpropagation in batches."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.learners.activations import ACTIVATIONS
from epoca.learners.feedforward import HEADS, Shape, forward, judge, n_parameters
from epoca.learners.kernels import kernel
from epoca.learners.learner import Examples, Signals, State
from epoca.learners.optimizers import OPTIMIZERS, Descent, adam, norm, sgd
from epoca.learners.prefetching import prefetch_second
from epoca.learners.products import product, product_of_transposed, transpose
from epoca.learners.rows import ask_for, first_gradient
from epoca.learners.views import view
from epoca.types import Rows


@kernel()
def backward(
    parameters,  # (P,)
    gradient,  # (P,), overwritten
    shape,  # Shape
    matrix,  # (n, d), or a SparseMatrix
    rows,  # (m,) int64: the batch
    values,  # (m * sum(sizes),): every layer's activations; the scores have given way to their gradient
    slopes,  # (m * sum(sizes),)
    scratch,  # (P,)
):
    """From the gradient of the scores back to that of every weight (Rumelhart, Hinton, Williams 1986).

    Each layer's activations give way to the gradient of their sums on the way back.
    """
    sizes = shape.sizes
    m = rows.size
    end = parameters.size
    at = m * sizes.sum()
    for layer in range(sizes.size - 2, -1, -1):
        inputs, outputs = sizes[layer], sizes[layer + 1]
        at -= m * outputs
        delta = view(values, at, m, outputs)
        a = view(values, at - m * inputs, m, inputs)
        end -= outputs
        bias_gradient = view(gradient, end, 1, outputs)
        for j in range(outputs):
            bias_gradient[0, j] = 0
        for i in range(m):
            for j in range(outputs):
                bias_gradient[0, j] += delta[i, j]
        end -= inputs * outputs
        weights = view(parameters, end, inputs, outputs)
        weight_gradient = view(gradient, end, inputs, outputs)
        if layer == 0:
            first_gradient(matrix, rows, a, delta, scratch, weight_gradient)
        else:
            product_of_transposed(a, delta, scratch, weight_gradient)
            across = view(scratch, 0, outputs, inputs)
            transpose(weights, across)
            product(delta, False, across, a)
            slope = view(slopes, at - m * inputs, m, inputs)
            for i in range(m):
                for j in range(inputs):
                    a[i, j] *= slope[i, j]


GAIN_SPEED = 20.0
"""How many times as fast as a weight an input's gain learns."""

FASTEST_GAIN = 0.02
"""Share by which a gain changes in one step at most."""


@kernel(fastmath={"contract", "reassoc"})
def learn_gains(
    parameters,  # (P,)
    gradient,  # (P,)
    moments,  # (2, P)
    gains,  # (3, inputs): of each input, then the two moments of their logarithms' gradient
    outputs,  # neurons of the first hidden layer
    descent,  # Descent
    learning_rate,  # may be 0
    rate,  # learning rate / (1 - beta1^t)
    shrink,  # 1 - learning rate * weight decay
    scale,  # factor of the gradient (clipping)
    correction,  # 1 / sqrt(1 - beta2^t)
):
    """A step of Adam over the first layer, whose weights are a gain of each input times weights proper.

    `parameters` hold the products. Adam's steps do not depend on the size of a gradient, so the products learn in
    proportion to their gain; the gain's logarithm learns by Adam too, and the products grow and shrink with it.
    After the scaling layer of Holzmüller et al., "Better by Default" (NeurIPS 2024); how fast is set by measurement
    (``benchmarks/LOG.md``).
    """
    number = parameters.dtype.type
    b1, b2 = number(descent.momentum), number(descent.second_momentum)
    speed = number(rate * min(GAIN_SPEED, FASTEST_GAIN / learning_rate))
    for i in range(gains.shape[1]):
        p, g = view(parameters, i * outputs, 1, outputs), view(gradient, i * outputs, 1, outputs)
        slope = number(0)
        for j in range(outputs):
            slope += p[0, j] * g[0, j]
        slope *= number(scale)
        gains[1, i] = b1 * gains[1, i] + (1 - b1) * slope
        gains[2, i] = b2 * gains[2, i] + (1 - b2) * slope * slope
        growth = math.exp(-speed * gains[1, i] / (math.sqrt(gains[2, i]) * number(correction) + number(1e-8)))
        first = view(moments, i * outputs, 1, outputs)
        second = view(moments, parameters.size + i * outputs, 1, outputs)
        adam(p, g, first, second, scale, rate * gains[0, i], shrink * growth, descent, correction)
        gains[0, i] *= growth


@kernel()
def descend(
    parameters,  # (P,)
    gradient,  # (P,)
    moments,  # (2, P)
    gains,  # (3, inputs), or (3, 0) for none
    sizes,  # (L + 1,) int64
    descent,  # Descent
    learning_rate,
    step,  # number of this step, counted from 1
    length,  # norm of the gradient
):
    """One step of the optimizer over the flat buffer; weight decay leaves the biases alone."""
    scale = 1.0
    if descent.clip > 0 and length > descent.clip:
        scale = descent.clip / length
    rate, correction = learning_rate, 1.0
    if descent.optimizer == 0:
        rate = learning_rate / (1 - descent.momentum**step)
        correction = 1 / math.sqrt(1 - descent.second_momentum**step)
    first = 0
    for part in range(2 * (sizes.size - 1)):
        layer, is_bias = part // 2, part % 2
        size = sizes[layer + 1] * (1 if is_bias else sizes[layer])
        shrink = 1.0 if is_bias else 1 - learning_rate * descent.weight_decay
        p, g, m = view(parameters, first, 1, size), view(gradient, first, 1, size), view(moments, first, 1, size)
        if part == 0 and gains.shape[1] > 0:
            outputs = sizes[1]
            learn_gains(
                parameters, gradient, moments, gains, outputs, descent, learning_rate, rate, shrink, scale, correction
            )
        elif descent.optimizer == 0:
            second = view(moments, parameters.size + first, 1, size)
            adam(p, g, m, second, scale, rate, shrink, descent, correction)
        else:
            sgd(p, g, m, scale, rate, shrink, descent)
        first += size


@kernel(kept=True)
def network_epoch(
    parameters,  # (P,), improved in place
    moments,  # (2, P): the optimizer's memory
    gains,  # (3, inputs): those of the inputs and their moments; or (3, 0) for none
    shape,  # Shape
    descent,  # Descent
    matrix,  # (n, d), or a SparseMatrix
    targets,  # (n,): codes or numbers
    weights,  # (n,): how much each row counts, 1 on the mean
    order,  # (m,) int64: the rows in the order of this epoch
    batch_size,
    learning_rate,
    dropout,
    step,  # steps made before this epoch
    state,  # (1,) uint64: generator of dropout
    signals,  # (1,) int64: anything but 0 ends the epoch at the next batch
):
    """One pass over a member's rows.

    Returns
    -------
    gradient_norm : float
        Mean over the batches.
    steps : int
        Steps made.
    """
    sizes = shape.sizes
    c = sizes[-1]
    gradient = np.empty_like(parameters)
    values = np.empty(batch_size * sizes.sum(), parameters.dtype)
    slopes = np.empty_like(values)
    scratch = np.empty_like(parameters)
    norms = 0.0
    steps = 0
    for first in range(0, order.size, batch_size):
        if signals[0] != 0:
            break
        rows = order[first : first + batch_size]
        m = rows.size
        scores = forward(parameters, shape, matrix, rows, values, slopes, dropout, state)
        for i in range(m):
            judge(scores, i, targets[rows[i]], shape.head)
            share = weights[rows[i]] / parameters.dtype.type(m)
            for j in range(c):
                scores[i, j] *= share
            following = first + batch_size + i
            if following < order.size:  # asked for meanwhile: a shuffled row lies in no cache
                ask_for(matrix, order[following])
                prefetch_second(targets, order[following])
                prefetch_second(weights, order[following])
        backward(parameters, gradient, shape, matrix, rows, values, slopes, scratch)
        length = norm(gradient)
        norms += length
        steps += 1
        descend(parameters, gradient, moments, gains, sizes, descent, learning_rate, step + steps, length)
    return norms / max(steps, 1), steps


@final
@dataclass(frozen=True, kw_only=True)
class Network:
    """A network of one or more hidden layers.

    Parameters
    ----------
    sizes : tuple of int
        Inputs, neurons of each hidden layer, outputs.
    head : {"softmax", "logistic", "identity"}
        Several classes; two classes by one output; a number (squared error).
    activation : {"relu", "tanh", "logistic", "silu"}
        Of the hidden neurons.
    batch_size : int
        Rows of one update.
    optimizer : {"adam", "sgd"}
        Adam with decoupled weight decay (AdamW), or gradient descent with momentum.
    momentum : float
        Share of the last direction that is kept.
    second_momentum : float
        Adam's second beta.
    weight_decay : float
        Each step shrinks the weights, not the biases, by this share of the learning rate.
    clip : float
        Largest norm of a gradient that is stepped along in full; 0 for no bound.
    dropout : float
        Share of hidden neurons silenced at random in each step.
    gains : bool
        Whether the weights of every input share a gain that learns much faster than they do, so that inputs that tell
        little soon weigh little; with Adam only. After the scaling layer of Holzmüller et al., "Better by Default"
        (NeurIPS 2024), multiplied into the weights at once.
    dtype : type
        numpy.float32 or numpy.float64.
    """

    sizes: tuple[int, ...]
    head: str
    activation: str = "relu"
    batch_size: int = 64
    optimizer: str = "adam"
    momentum: float = 0.9
    second_momentum: float = 0.999
    weight_decay: float = 0.0
    clip: float = 0.0
    dropout: float = 0.0
    gains: bool = False
    dtype: type[np.floating] = np.float32

    @property
    def shape(self) -> Shape:
        """What kernels must know of its form."""
        return Shape(np.array(self.sizes), ACTIVATIONS[self.activation], HEADS[self.head])

    @property
    def state_size(self) -> int:
        """Numbers that the buffer of a member's state holds."""
        return 3 * n_parameters(self.sizes) + (3 * self.sizes[0] if self.gains else 0)

    @property
    def descent(self) -> Descent:
        """What kernels must know of its optimizer."""
        optimizer = OPTIMIZERS[self.optimizer]
        # An int among them would be another type to the kernels, compiled anew.
        numbers = (self.momentum, self.second_momentum, self.weight_decay, self.clip)
        return Descent(optimizer, *map(float, numbers))

    def init(self, *, rows: Rows, seed: tuple[int, ...]) -> State:
        """A member at its start: weights by He et al. 2015 for relu and silu, by Glorot and Bengio 2010 else; biases 0.

        Parameters
        ----------
        rows : ndarray of int64, (m,)
            The rows it is going to learn from.
        seed : tuple of int
            Of its weights, its shuffling and its dropout.

        Returns
        -------
        State
        """
        generator = np.random.default_rng(seed)
        p = n_parameters(self.sizes)
        buffer = np.zeros(self.state_size, self.dtype)
        if self.gains:
            buffer[3 * p : 3 * p + self.sizes[0]] = 1
        first = 0
        for inputs, outputs in itertools.pairwise(self.sizes):
            rectified = self.activation in {"relu", "silu"}
            spread = math.sqrt(2 / inputs if rectified else 2 / (inputs + outputs))
            buffer[first : first + inputs * outputs] = generator.normal(0, spread, inputs * outputs)
            first += (inputs + 1) * outputs
        random = generator.integers(1 << 63, size=1, dtype=np.uint64)
        return State(buffer=buffer, n_parameters=p, order=rows.copy(), random=random)

    def epoch(self, state: State, examples: Examples, *, learning_rate: float, signals: Signals) -> float:
        """One pass over the member's rows in their order.

        Parameters
        ----------
        state : State
            The member, improved in place.
        examples : Examples
            Of the network's dtype.
        learning_rate : float
            Of every step of this epoch.
        signals : ndarray of int64, (1,)
            Anything but 0 ends the epoch at the next batch.

        Returns
        -------
        float
            Mean norm of the batches' gradients.
        """
        length, steps = network_epoch(
            state.parameters,
            state.moments,
            state.gains,
            self.shape,
            self.descent,
            *examples,
            state.order,
            min(self.batch_size, state.order.size),
            float(learning_rate),
            float(self.dropout),
            state.steps,
            state.random,
            signals,
        )
        state.steps += steps
        return float(length)

    def norm_of(self, parts: Sequence[tuple[int, float]]) -> float:
        """The norm over an epoch made in parts, (rows, norm) each: the mean over its batches."""
        if len(parts) == 1:
            return parts[0][1]  # to the last digit
        steps = [math.ceil(rows / self.batch_size) for rows, _norm in parts]
        return sum(n * norm for n, (_rows, norm) in zip(steps, parts, strict=True)) / sum(steps)
