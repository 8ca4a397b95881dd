"""How a gradient becomes a step: Adam with decoupled weight decay, and gradient descent with momentum."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from epoca.learners.kernels import kernel

OPTIMIZERS = {"adam": 0, "sgd": 1}
"""The number by which kernels know each optimizer."""


class Descent(NamedTuple):
    """What kernels must know of an optimizer."""

    optimizer: int
    """A number of OPTIMIZERS."""
    momentum: float
    """Share of the last direction that is kept: Adam's first beta, or the momentum of gradient descent."""
    second_momentum: float
    """Adam's second beta."""
    weight_decay: float
    """Decoupled: each step shrinks weights (not biases) by this share of the learning rate."""
    clip: float
    """Largest norm of a gradient that is stepped along in full; 0 for no bound."""


@kernel(fastmath={"contract"})
def adam(
    parameters,  # (1, p)
    gradient,  # (1, p)
    first,  # (1, p): mean of gradients
    second,  # (1, p): mean of squared gradients
    scale,  # factor of the gradient (clipping)
    rate,  # learning rate / (1 - beta1^t)
    shrink,  # 1 - learning rate * weight decay
    descent,  # Descent
    correction,  # 1 / sqrt(1 - beta2^t)
):
    """One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019)."""
    number = parameters.dtype.type
    scale, rate, shrink, correction = number(scale), number(rate), number(shrink), number(correction)
    b1, b2, epsilon = number(descent.momentum), number(descent.second_momentum), number(1e-8)
    c1, c2 = number(1 - descent.momentum), number(1 - descent.second_momentum)
    for j in range(parameters.shape[1]):
        g = gradient[0, j] * scale
        mean = b1 * first[0, j] + c1 * g
        square = b2 * second[0, j] + c2 * g * g
        parameters[0, j] = shrink * parameters[0, j] - rate * mean / (math.sqrt(square) * correction + epsilon)
        first[0, j], second[0, j] = mean, square


@kernel(fastmath={"contract"})
def sgd(
    parameters,  # (1, p)
    gradient,  # (1, p)
    velocity,  # (1, p)
    scale,  # factor of the gradient (clipping)
    rate,  # learning rate
    shrink,  # 1 - learning rate * weight decay
    descent,  # Descent
):
    """One step of gradient descent with momentum (Polyak 1964)."""
    number = parameters.dtype.type
    scale, rate, shrink, momentum = number(scale), number(rate), number(shrink), number(descent.momentum)
    for j in range(parameters.shape[1]):
        velocity[0, j] = momentum * velocity[0, j] + scale * gradient[0, j]
        parameters[0, j] = shrink * parameters[0, j] - rate * velocity[0, j]


@kernel(fastmath={"contract", "reassoc"})
def norm(
    gradient,  # (p,)
):
    """Length of the gradient, in float64: large numbers' squares overflow float32."""
    total = 0.0
    for i in range(gradient.size):
        total += np.float64(gradient[i]) * np.float64(gradient[i])
    return math.sqrt(total)
