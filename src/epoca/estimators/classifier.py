"""What the classifiers have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from epoca.errors import OptionError, TableError
from epoca.estimators.estimator import TableEstimator
from epoca.model import Model
from epoca.tables.labels import Label
from epoca.tables.target import Target, single_class_error
from epoca.tables.values import listed, quoted
from epoca.types import Codes, Parameters, Probabilities


class TableClassifier(ClassifierMixin, TableEstimator):  # type: ignore[misc]
    """A classifier over a model; subclasses say what learns."""

    classes_: NDArray[Any]

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **TableEstimator._parameter_constraints,
        "class_weight": [dict, StrOptions({"balanced"}), None],
    }

    def predict(self, X: Any) -> NDArray[Any]:
        """The label of every row.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            As learned from; columns that have names may come in any order.

        Returns
        -------
        ndarray, (n,)
            Of the dtype of `classes_`.

        Raises
        ------
        ValueError
            If columns are missing, new, or hold something else than before.
        """
        check_is_fitted(self)
        return self._labels(self._outputs(X))

    def staged_predict(self, X: Any) -> Iterator[NDArray[Any]]:
        """The labels after every epoch that was kept, see `keep_epochs`: (n,) each."""
        for _number, outputs in self._staged(X):
            yield self._labels(outputs)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, *, sample_weight: Any = None) -> Self:
        """Pass once over some rows, learning on from where the last pass ended; nothing is held out.

        The first call decides how columns become numbers, so its rows should be like those that follow.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            A piece of the table.
        y : array-like, (n,)
            Its labels.
        classes : array-like, (c,)
            All labels that will ever come; must be given in the first call.
        sample_weight : array-like, (n,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the first call lacks `classes`, a label is not among them, or the rows cannot be learned from.
        """
        return self._learn_piece(X, y, classes, sample_weight)

    def _labels(self, outputs: NDArray[np.float64]) -> NDArray[Any]:
        return self.classes_[self.model_.codes(outputs)]

    def _target(self, y: NDArray[Any], name: str) -> tuple[Target, Codes]:
        check_classification_targets(y)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise single_class_error(self.classes_[0], len(y), file="y")
        return self._target_of_classes(name), np.asarray(codes, np.int64)

    def _target_of_classes(self, name: str) -> Target:
        return Target(column=name, task="classification", labels=tuple(map(_label, self.classes_.tolist())))

    def _declared(self, y: NDArray[Any], classes: Any, name: str) -> Target:
        del y
        if classes is None:
            raise OptionError("The first call of partial_fit needs classes: all labels that will ever come.")
        self.classes_ = np.unique(np.asarray(classes))
        if len(self.classes_) < 2:
            raise OptionError("classes must hold two labels or more.")
        return self._target_of_classes(name)

    def _keep(self, model: Model, *, epochs: Sequence[tuple[int, Parameters]] = ()) -> Self:
        if "classes_" not in vars(self):
            self.classes_ = np.array(model.target.labels)
        return super()._keep(model, epochs=epochs)

    def _known(self, y: NDArray[Any]) -> Codes:
        check_classification_targets(y)
        labels, positions = np.unique(y, return_inverse=True)
        order = np.argsort(self.classes_)  # labels out of a file may be in the order of their numbers
        places = np.searchsorted(self.classes_, labels, sorter=order).clip(max=len(self.classes_) - 1)
        codes = order[places]
        new = labels[self.classes_[codes] != labels]
        if len(new):
            raise TableError(
                "{label} is not among the labels that were learned: {labels}.",
                file="y",
                label=quoted(str(new[0])),
                labels=listed([str(label) for label in self.classes_]),
            )
        return np.asarray(codes[positions], np.int64)

    def _class_weight(self) -> Any:
        asked = self.class_weight
        if not isinstance(asked, dict):
            return asked
        unknown = [label for label in asked if label not in self.classes_]
        if unknown:
            raise OptionError(
                "class_weight names {label}, which is not among the labels {labels}.",
                label=quoted(str(unknown[0])),
                labels=listed([str(label) for label in self.classes_]),
            )
        return tuple(float(asked.get(label, 1.0)) for label in self.classes_.tolist())


class ProbabilisticClassifier(TableClassifier):
    """A classifier that knows probabilities."""

    def predict_proba(self, X: Any) -> Probabilities:
        """The probability of every class for every row: the mean over the members.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            As learned from.

        Returns
        -------
        ndarray of float64, (n, c)
            In the order of `classes_`; every row sums to 1.

        Raises
        ------
        ValueError
            If columns are missing, new, or hold something else than before.
        """
        return self._outputs(X)

    def predict_log_proba(self, X: Any) -> NDArray[np.float64]:
        """The natural logarithm of `predict_proba`, (n, c)."""
        with np.errstate(divide="ignore"):
            return np.log(self._outputs(X))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """How strongly each row speaks for a class.

        Returns
        -------
        ndarray of float64, (n,) or (n, c)
            Of two classes the logarithm of the odds of ``classes_[1]``, above 0 where it is predicted; of more the
            logarithm of each probability.
        """
        logarithms = np.log(np.maximum(self._outputs(X), np.finfo(np.float64).tiny))
        return logarithms[:, 1] - logarithms[:, 0] if logarithms.shape[1] == 2 else logarithms

    def staged_predict_proba(self, X: Any) -> Iterator[Probabilities]:
        """The probabilities after every epoch that was kept, see `keep_epochs`: (n, c) each."""
        for _number, outputs in self._staged(X):
            yield outputs


def _label(label: Any) -> Label:
    """A label as files keep it."""
    return label if isinstance(label, str | bool | int | float) else str(label)
