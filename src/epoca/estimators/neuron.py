"""One neuron that classifies."""

from __future__ import annotations

from typing import ClassVar, final

from epoca.estimators.classifier import ProbabilisticClassifier
from epoca.estimators.linear import LinearClassifier


@final
class Neuron(LinearClassifier, ProbabilisticClassifier):
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
    The textbook's run: rows in their order, all learned from, 100 epochs, a given start.

    >>> neuron = Neuron(early_stopping=False, shuffle=False, scaling=False)
    >>> neuron = neuron.fit([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 0, 0, 1], coef_init=[[0.0, 0.0]])
    >>> neuron.coef_.round(2), neuron.intercept_.round(2)
    (array([[0.15, 0.15]]), array([-0.68]))
    """

    _learner: ClassVar[str] = "neuron"
