"""Comparing classifiers in Python."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted, column_or_1d

from epoca.comparing import Comparison, comparison
from epoca.errors import OptionError, TableError
from epoca.estimators.estimator import TableEstimator
from epoca.known_rows import known_rows_note
from epoca.messages import Message
from epoca.tables.values import listed, quoted
from epoca.types import Codes, Numbers


def compare(models: Sequence[Any] | Mapping[str, Any], X: Any, y: Any) -> Comparison:
    """Which of several classifiers is better on some rows, by likelihood, and whether the rows can tell.

    Parameters
    ----------
    models : sequence or mapping of str to classifier
        Fitted; epoca's or any other of scikit-learn's kind that gives probabilities.
    X : array-like, sparse matrix or data frame, (n, columns)
        Rows that none of them should have learned from.
    y : array-like, (n,)
        Their labels.

    Returns
    -------
    Comparison
        Log-likelihood, cross-entropy, bits a row and accuracy of each, with standard errors, and of the guess by the
        shares of the classes; the differences from the best to every other, and to that guess, with 95 % intervals.
        Printed, it says which is better, or that the rows cannot tell.

    Warns
    -----
    UserWarning
        If one of epoca's models has learned from some of the rows.

    Raises
    ------
    OptionError
        If there is no model, or one gives no probabilities.
    TableError
        If a model does not know one of the labels.

    Examples
    --------
    >>> from epoca import MLPClassifier, Neuron
    >>> from epoca.tables.samples import sample
    >>> moons = sample("moons", rows=300).arrow
    >>> X, y = moons.drop_columns(["label"]), moons["label"]
    >>> network = MLPClassifier((16,), learning_rate=0.01, members=2).fit(X[:150], y[:150])
    >>> neuron = Neuron(members=2).fit(X[:150], y[:150])
    >>> compare({"network": network, "neuron": neuron}, X[150:], y[150:]).differences[0].is_certain
    True
    """
    if not models:
        raise OptionError("There is no model to compare; give one or more.")
    named = models if isinstance(models, Mapping) else _named(models)
    labels = column_or_1d(y, warn=True)
    guesses = {name: _guesses(name, model, X, labels) for name, model in named.items()}
    notes = [note for name, model in named.items() if (note := _known(name, model, X, labels)) is not None]
    for note in notes:
        warnings.warn(str(note), stacklevel=2)
    codes = np.unique(labels, return_inverse=True)[1]
    return comparison(guesses, np.asarray(codes, np.int64), notes=notes)


def _named(models: Sequence[Any]) -> dict[str, Any]:
    names = [type(model).__name__ for model in models]
    return {
        name if names.count(name) == 1 else f"{name} {place}": model
        for place, (name, model) in enumerate(zip(names, models, strict=True), 1)
    }


def _guesses(name: str, model: Any, X: Any, labels: NDArray[Any]) -> tuple[Numbers, NDArray[np.bool_]]:
    """The probability of each row's label, and whether it was predicted."""
    check_is_fitted(model)
    if not hasattr(model, "predict_proba"):
        raise OptionError("{name} gives no probabilities, by which models are compared.", name=name)
    probabilities = np.asarray(model.predict_proba(X))
    codes = _codes(name, model.classes_, labels)
    return probabilities[np.arange(codes.size), codes], probabilities.argmax(axis=1) == codes


def _codes(name: str, classes: NDArray[Any], labels: NDArray[Any]) -> Codes:
    places = {label: code for code, label in enumerate(classes.tolist())}
    new = [label for label in labels.tolist() if label not in places]
    if new:
        raise TableError(
            "{label} is not among the labels that {name} has learned: {labels}.",
            file="y",
            name=name,
            label=quoted(str(new[0])),
            labels=listed([str(label) for label in places]),
        )
    return np.array([places[label] for label in labels.tolist()], np.int64)


def _known(name: str, model: Any, X: Any, labels: NDArray[Any]) -> Message | None:
    if not isinstance(model, TableEstimator):
        return None
    codes = _codes(name, model.classes_, labels)
    return known_rows_note(name, model.model_.data, model._encoded(X), codes.astype(np.float64))
