"""What neuron and perceptron have in common as linear models."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from epoca.model import Model

LINEAR_CONSTRAINTS: dict[str, list[Any]] = {"shuffle": ["boolean"]}


def coef_of(model: Model) -> NDArray[np.float64]:
    """Weights of the encoded columns, (outputs, d), the mean over the members."""
    [(weights, _)] = model.layers
    return np.asarray(weights.mean(axis=0).T, np.float64)


def intercept_of(model: Model) -> NDArray[np.float64]:
    """Biases, (outputs,), the mean over the members."""
    [(_, biases)] = model.layers
    return np.asarray(biases.mean(axis=0), np.float64)
