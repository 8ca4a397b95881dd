"""What networks have in common."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.utils._param_validation import Interval, StrOptions

from epoca.estimators.estimator import COUNT, TableEstimator


class MLP(TableEstimator):
    """Networks of hidden layers; subclasses say what they predict."""

    _learner: ClassVar[str] = "network"
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TableEstimator._parameter_constraints,
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({"relu", "tanh", "logistic", "silu"})],
        "batch_size": COUNT,
        "weight_decay": [Interval(Real, 0, None, closed="left")],
        "dropout": [Interval(Real, 0, 1, closed="left"), StrOptions({"auto"})],
        "gains": ["boolean"],
        "pieces": [Interval(Integral, 0, None, closed="left"), StrOptions({"auto"})],
        "dtype": [StrOptions({"float32", "float64"})],
    }

    @property
    def coefs_(self) -> list[NDArray[np.floating]]:
        """Every layer's weights, (k, inputs, outputs)."""
        return [weights for weights, _ in self.model_.layers]

    @property
    def intercepts_(self) -> list[NDArray[np.floating]]:
        """Every layer's biases, (k, outputs)."""
        return [biases for _, biases in self.model_.layers]

    @property
    def dropout_(self) -> float:
        """The share of hidden neurons that were silenced in each step."""
        return float(self.model_.settings["dropout"])

    @property
    def pieces_(self) -> int:
        """Into how many pieces the range of every number was cut at most."""
        return int(self.model_.settings["pieces"])
