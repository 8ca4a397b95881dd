"""How a gradient becomes a step: Adam with decoupled weight decay, and gradient descent with momentum."""

from __future__ import annotations

import math
from typing import NamedTuple

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
    parameters,  # (p,)
    gradient,  # (p,)
    first,  # (p,): mean of gradients
    second,  # (p,): mean of squared gradients
    scale,  # factor of the gradient (clipping)
    rate,  # learning rate / (1 - beta1^t)
    shrink,  # 1 - learning rate * weight decay
    beta1,
    beta2,
    correction,  # 1 / sqrt(1 - beta2^t)
):
    """One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019)."""
    number = parameters.dtype.type
    scale, rate, shrink, correction = number(scale), number(rate), number(shrink), number(correction)
    b1, b2, epsilon = number(beta1), number(beta2), number(1e-8)
    c1, c2 = number(1 - beta1), number(1 - beta2)
    for i in range(parameters.size):
        g = gradient[i] * scale
        first[i] = b1 * first[i] + c1 * g
        second[i] = b2 * second[i] + c2 * g * g
        parameters[i] = shrink * parameters[i] - rate * first[i] / (math.sqrt(second[i]) * correction + epsilon)


@kernel(fastmath={"contract"})
def sgd(
    parameters,  # (p,)
    gradient,  # (p,)
    velocity,  # (p,)
    scale,  # factor of the gradient (clipping)
    rate,  # learning rate
    shrink,  # 1 - learning rate * weight decay
    momentum,
):
    """One step of gradient descent with momentum (Polyak 1964)."""
    number = parameters.dtype.type
    scale, rate, shrink, momentum = number(scale), number(rate), number(shrink), number(momentum)
    for i in range(parameters.size):
        velocity[i] = momentum * velocity[i] + scale * gradient[i]
        parameters[i] = shrink * parameters[i] - rate * velocity[i]


@kernel(fastmath={"contract", "reassoc"})
def norm(
    gradient,  # (p,)
):
    """Length of the gradient."""
    total = gradient.dtype.type(0)
    for i in range(gradient.size):
        total += gradient[i] * gradient[i]
    return math.sqrt(total)
