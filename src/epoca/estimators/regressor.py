"""What the regressors have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted

from epoca.estimators.estimator import TableEstimator
from epoca.tables.target import Target
from epoca.types import Numbers


class TableRegressor(RegressorMixin, TableEstimator):  # type: ignore[misc]
    """A regressor over a model; subclasses say what learns."""

    def predict(self, X: Any) -> Numbers:
        """The number predicted for every row: the mean over the members.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            As learned from; columns that have names may come in any order.

        Returns
        -------
        ndarray of float64, (n,)
            In the target's unit.

        Raises
        ------
        ValueError
            If columns are missing, new, or hold something else than before.
        """
        check_is_fitted(self)
        return self.model_.target.restored(self._outputs(X)[:, 0])

    def staged_predict(self, X: Any) -> Iterator[Numbers]:
        """The numbers after every epoch that was kept, see `keep_epochs`: (n,) each."""
        for _number, outputs in self._staged(X):
            yield self.model_.target.restored(outputs[:, 0])

    def partial_fit(self, X: Any, y: Any, *, sample_weight: Any = None) -> Self:
        """Pass once over some rows, learning on from where the last pass ended; nothing is held out.

        The first call decides how columns become numbers, and the target's scale, so its rows should be like those that
        follow.

        Parameters
        ----------
        X : array-like or data frame, (n, columns)
            A piece of the table.
        y : array-like, (n,)
            Its numbers.
        sample_weight : array-like, (n,), optional
            How much each row counts.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the rows cannot be learned from.
        """
        return self._learn_piece(X, y, None, sample_weight)

    def _target(self, y: NDArray[Any], name: str) -> tuple[Target, Numbers]:
        return Target(column=name, task="regression"), np.asarray(y, np.float64)

    def _declared(self, y: NDArray[Any], classes: Any, name: str) -> Target:
        del y, classes
        return Target(column=name, task="regression")

    def _known(self, y: NDArray[Any]) -> Numbers:
        return np.asarray(y, np.float64)
