"""The perceptron that classifies."""

from __future__ import annotations

from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from epoca.estimators.linear import LinearClassifier


@final
class Perceptron(LinearClassifier):
    """One perceptron for two classes, one sum a class for more, learning from its mistakes alone.

    A row called wrongly moves the weights of its class by αx and those of the class it was called by −αx; a row called
    rightly moves nothing (Rosenblatt 1958, "The perceptron"). It knows labels, no probabilities. Several members decide
    together by the mean of their sums, which is one perceptron of their mean weights. It computes in float64.

    Parameters
    ----------
    members : int or "auto"
        Perceptrons trained side by side; "auto" are 8, without early stopping 1.
    learning_rate : float or "auto"
        α; "auto" is 0.01.
    max_epochs : int or "auto"
        Limit of epochs; "auto" is 1000, without early stopping 100.
    shuffle : bool
        Whether every epoch has an order of its own; else rows come as they stand.
    repeats, early_stopping, stopping, refit, class_weight, scaling, device, n_jobs, random_state, verbose
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
    >>> gate = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> Perceptron(early_stopping=False).fit(gate, [0, 0, 0, 1]).predict(gate)
    array([0, 0, 0, 1])
    """

    _learner: ClassVar[str] = "perceptron"

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """The weighted sums: how far each row lies on which side.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            As learned from.

        Returns
        -------
        ndarray of float64, (n,) or (n, c)
            Of two classes one sum a row, 0 or above where ``classes_[1]`` is predicted; of more one a class.

        Raises
        ------
        ValueError
            If columns are missing, new, or hold something else than before.
        """
        sums = self._outputs(X)
        return sums[:, 0] if sums.shape[1] == 1 else sums
