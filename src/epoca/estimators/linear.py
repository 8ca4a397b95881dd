"""What neuron and perceptron have in common as linear models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from epoca.estimators.classifier import TableClassifier
from epoca.training.history import Epoch


class LinearClassifier(TableClassifier):
    """One layer of weights, which training may be told to start from; subclasses say what learns."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TableClassifier._parameter_constraints,
        "shuffle": ["boolean"],
    }

    def __init__(
        self,
        *,
        members: int | Literal["auto"] = "auto",
        repeats: int = 1,
        learning_rate: float | Literal["auto"] = "auto",
        max_epochs: int | Literal["auto"] = "auto",
        shuffle: bool = True,
        early_stopping: bool = True,
        stopping: str = "auto",
        refit: bool = False,
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
        scaling: bool = True,
        device: Literal["auto", "cpu"] = "auto",
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        verbose: bool = False,
        callbacks: Sequence[Callable[[Epoch], Any]] = (),
        keep_epochs: bool = False,
    ) -> None:
        self.members = members
        self.repeats = repeats
        self.learning_rate = learning_rate
        self.max_epochs = max_epochs
        self.shuffle = shuffle
        self.early_stopping = early_stopping
        self.stopping = stopping
        self.refit = refit
        self.class_weight = class_weight
        self.scaling = scaling
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.callbacks = callbacks
        self.keep_epochs = keep_epochs

    def fit(
        self,
        X: Any,
        y: Any,
        *,
        coef_init: Any = None,
        intercept_init: Any = None,
        sample_weight: Any = None,
        X_val: Any = None,
        y_val: Any = None,
        groups: Any = None,
    ) -> Self:
        """Learn from rows.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            Raw columns: numbers, texts, categories, truth values, dates, missing values.
        y : array-like, (n,)
            Labels.
        coef_init : array-like, of the shape of `coef_`, optional
            Weights to start from; by default drawn from N(0, 1/√d).
        intercept_init : array-like, of the shape of `intercept_`, optional
            Biases to start from; by default 0.
        sample_weight, X_val, y_val, groups : optional
            As of `MLPClassifier.fit`.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the rows cannot be learned from or an argument makes no sense.
        """
        return self._fit(X, y, sample_weight, X_val, y_val, groups, start=(coef_init, intercept_init))

    @property
    def coef_(self) -> NDArray[np.float64]:
        """Weights of the encoded columns, (1, d) or (c, d), the mean over the members."""
        [(weights, _)] = self.model_.layers
        return np.asarray(weights.mean(axis=0).T, np.float64)

    @property
    def intercept_(self) -> NDArray[np.float64]:
        """Biases, (1,) or (c,), the mean over the members."""
        [(_, biases)] = self.model_.layers
        return np.asarray(biases.mean(axis=0), np.float64)
