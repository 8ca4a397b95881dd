"""Networks that predict a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal, final

import numpy as np

from epoca.estimators.mlp import MLP
from epoca.estimators.regressor import TableRegressor
from epoca.training.history import Epoch


@final
class MLPRegressor(MLP, TableRegressor):
    """A population of networks that predicts a number from rows of a table, by squared error.

    By default eight networks learn side by side, each holding out its own share of the rows; training stops when their
    mean held-out loss no longer falls, each is kept at its best epoch, and their predictions are averaged. The target
    is standardised inside; predictions are in its own unit.

    Parameters
    ----------
    hidden_layer_sizes, activation, members, repeats, batch_size, weight_decay, dropout, gains, max_epochs
        As of `MLPClassifier`.
    early_stopping, refit, scaling, dtype, device, n_jobs, random_state, verbose, callbacks
        As of `MLPClassifier`.
    learning_rate, pieces
        As of `MLPClassifier`, but "auto" are 0.001 and 16: no networks race.
    keep_epochs
        As of `MLPClassifier`.
    stopping : str
        As of `MLPClassifier`, but "auto" is "patience(32)": of numbers there is no refined loss.

    Attributes
    ----------
    n_features_in_, feature_names_in_, best_epoch_, best_epoch_range_, stop_reason_, n_epochs_, history_, scores_
        As of `MLPClassifier`.
    verdict_, coefs_, intercepts_, encoder_, batch_size_, dropout_, learning_rate_, max_epochs_, members_, pieces_
        As of `MLPClassifier`.
    stopping_
        As of `MLPClassifier`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(-1, 1, 200)[:, np.newaxis]
    >>> regressor = MLPRegressor((32,), learning_rate=0.01, max_epochs=100).fit(X, 100 + 10 * X[:, 0] ** 2)
    >>> bool(abs(regressor.predict([[0.5]])[0] - 102.5) < 0.5)
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TableRegressor._parameter_constraints,
        **MLP._parameter_constraints,
    }

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (128, 128),
        *,
        activation: Literal["relu", "tanh", "logistic", "silu"] = "relu",
        members: int | Literal["auto"] = "auto",
        repeats: int = 1,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: float | Literal["auto"] = "auto",
        weight_decay: float = 0.0,
        dropout: float | Literal["auto"] = "auto",
        gains: bool = True,
        max_epochs: int | Literal["auto"] = "auto",
        early_stopping: bool = True,
        stopping: str = "auto",
        refit: bool = False,
        scaling: bool = True,
        pieces: int | Literal["auto"] = "auto",
        dtype: Literal["float32", "float64"] = "float32",
        device: Literal["auto", "cpu"] = "auto",
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        verbose: bool = False,
        callbacks: Sequence[Callable[[Epoch], Any]] = (),
        keep_epochs: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.members = members
        self.repeats = repeats
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.gains = gains
        self.max_epochs = max_epochs
        self.early_stopping = early_stopping
        self.stopping = stopping
        self.refit = refit
        self.scaling = scaling
        self.pieces = pieces
        self.dtype = dtype
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.callbacks = callbacks
        self.keep_epochs = keep_epochs
