"""One neuron that classifies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, final

import numpy as np
from numpy.typing import NDArray

from epoca.estimators.classifier import ProbabilisticClassifier
from epoca.estimators.linear import LINEAR_CONSTRAINTS, coef_of, intercept_of
from epoca.training.history import Epoch


@final
class Neuron(ProbabilisticClassifier):
    """A logistic neuron for two classes, a softmax neuron for more, learning row after row.

    The weighted sum of the columns and a bias become probabilities; every row moves the weights by α(y − ŷ)x and the
    bias by α(y − ŷ) (Widrow and Hoff 1960; Bishop 2006, section 4.3.2). It computes in float64.

    Parameters
    ----------
    members : int or "auto"
        Neurons trained side by side; "auto" are 8, without early stopping 1.
    learning_rate : float or "auto"
        α; "auto" is 0.01.
    max_epochs : int or "auto"
        Limit of epochs; "auto" is 1000, without early stopping 100.
    shuffle : bool
        Whether every epoch has an order of its own; else rows come as they stand.
    early_stopping, stopping, refit, class_weight, scaling, device, n_jobs, random_state, verbose
        As of `MLPClassifier`.
    callbacks, keep_epochs
        As of `MLPClassifier`.

    Attributes
    ----------
    coef_ : ndarray, (1, d), or (c, d) for more than two classes
        Weights of the encoded columns, the mean over the members.
    intercept_ : ndarray, (1,) or (c,)
        Biases, likewise.
    classes_, n_features_in_, feature_names_in_, best_epoch_, best_epoch_range_, stop_reason_, n_epochs_, history_
        As of `MLPClassifier`.
    scores_, verdict_, encoder_, learning_rate_, max_epochs_, members_
        As of `MLPClassifier`.

    Examples
    --------
    The textbook's run: rows in their order, all learned from, 100 epochs, a given start.

    >>> neuron = Neuron(early_stopping=False, shuffle=False, scaling=False)
    >>> neuron = neuron.fit([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 0, 1], coef_init=[[0.0, 0.0]])
    >>> neuron.coef_.round(2), neuron.intercept_.round(2)
    (array([[0.15, 0.15]]), array([-0.68]))
    """

    _learner: ClassVar[str] = "neuron"
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **ProbabilisticClassifier._parameter_constraints,
        **LINEAR_CONSTRAINTS,
    }

    def __init__(
        self,
        *,
        members: int | Literal["auto"] = "auto",
        learning_rate: float | Literal["auto"] = "auto",
        max_epochs: int | Literal["auto"] = "auto",
        shuffle: bool = True,
        early_stopping: bool = True,
        stopping: str = "patience(16)",
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
        return coef_of(self.model_)

    @property
    def intercept_(self) -> NDArray[np.float64]:
        """Biases, (1,) or (c,), the mean over the members."""
        return intercept_of(self.model_)
