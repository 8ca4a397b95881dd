"""The activations of hidden neurons, each with its slope."""

from __future__ import annotations

import math

from epoca.learners.kernels import kernel

ACTIVATIONS = {"relu": 0, "tanh": 1, "logistic": 2, "silu": 3}
"""The number by which kernels know each activation."""


@kernel()
def sigmoid(z):
    """The logistic function, which neither over- nor underflows for any `z`."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


@kernel(fastmath={"contract"})
def activate(
    z,  # (m, width): the sums without bias; becomes the activations
    bias,  # (1, width)
    slope,  # (m, width) becomes the derivative of each activation by its sum
    activation,  # a number of ACTIVATIONS
):
    """Add the bias and apply the activation in place, keeping its slope for the way back."""
    one = z.dtype.type(1)
    zero = z.dtype.type(0)
    for i in range(z.shape[0]):
        if activation == 0:
            for j in range(z.shape[1]):
                s = z[i, j] + bias[0, j]
                z[i, j] = max(s, zero)
                slope[i, j] = one if s > 0 else zero
        elif activation == 1:
            for j in range(z.shape[1]):
                t = math.tanh(z[i, j] + bias[0, j])
                z[i, j] = t
                slope[i, j] = one - t * t
        elif activation == 2:
            for j in range(z.shape[1]):
                p = sigmoid(z[i, j] + bias[0, j])
                z[i, j] = p
                slope[i, j] = p * (one - p)
        else:
            for j in range(z.shape[1]):
                s = z[i, j] + bias[0, j]
                p = sigmoid(s)
                z[i, j] = s * p
                slope[i, j] = p * (one + s * (one - p))
