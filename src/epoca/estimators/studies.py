"""What further trainings tell of a fitted estimator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from sklearn.utils.validation import check_is_fitted

from epoca.model import Model
from epoca.problem import Problem

if TYPE_CHECKING:
    from epoca.studies.memorised import Memorised
    from epoca.studies.rows import RowsStudy
    from epoca.studies.trial import Trial


class Studied(ABC):
    """Studies of a fitted estimator on the rows that it was fitted to."""

    model_: Model

    @abstractmethod
    def _problem_again(
        self,
        X: Any,
        y: Any,
        *,
        sample_weight: Any = None,
        X_val: Any = None,
        y_val: Any = None,
        groups: Any = None,
    ) -> Problem:
        """The problem that it was fitted to."""

    def doctor(self, X: Any, y: Any, *, trial: str | None = None, **fit_params: Any) -> Trial:
        """Run the one cheap further training that could refute the verdict, see `epoca.studies.doctor.doctor`.

        Parameters
        ----------
        X, y
            As given to `fit`.
        trial : {"width", "rows", "decay", "epochs", "column"}, optional
            By default the one that could refute the verdict.
        **fit_params
            Whatever else was given to `fit`.

        Returns
        -------
        Trial
            Printed, it says what came of it.

        Raises
        ------
        NotFittedError
            If there was no `fit` before.
        ValueError
            If these are not the rows of then, nothing was held out, or no training can refute the verdict.
        """
        from epoca.studies.doctor import doctor

        check_is_fitted(self)
        return doctor(self.model_, self._problem_again(X, y, **fit_params), kind=trial)

    def study_rows(self, X: Any, y: Any, **fit_params: Any) -> RowsStudy:
        """Train on parts of the rows as well: more rows or more epochs? See `epoca.studies.rows.rows_study`.

        Parameters
        ----------
        X, y, **fit_params
            As given to `fit`.

        Returns
        -------
        RowsStudy
            For `epoca.plots.rows_by_epochs` too.

        Raises
        ------
        NotFittedError, ValueError
            As of `doctor`.
        """
        from epoca.studies.rows import rows_study

        check_is_fitted(self)
        return rows_study(self.model_, self._problem_again(X, y, **fit_params))

    def memorised(self, X: Any, y: Any, **fit_params: Any) -> Memorised:
        """The rows that the epochs after the ideal one learned by heart, see `epoca.studies.memorised.memorised`.

        Parameters
        ----------
        X, y, **fit_params
            As given to `fit`.

        Returns
        -------
        Memorised

        Raises
        ------
        NotFittedError, ValueError
            As of `doctor`.
        """
        from epoca.studies.memorised import memorised

        check_is_fitted(self)
        return memorised(self.model_, self._problem_again(X, y, **fit_params))
