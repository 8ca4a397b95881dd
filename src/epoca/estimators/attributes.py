"""What a fitted estimator tells of its model."""

from __future__ import annotations

from collections.abc import Mapping

from sklearn.utils.validation import check_is_fitted

from epoca.model import Model
from epoca.scores import Score
from epoca.tables.encoder import Encoder
from epoca.training.history import History
from epoca.training.spread import Spread
from epoca.training.stop import StopReason
from epoca.training.verdict import Verdict


class ModelAttributes:
    """The attributes that all estimators have once they are fitted, read off their model."""

    model_: Model

    @property
    def _fitted_model(self) -> Model:
        check_is_fitted(self, "model_")
        return self.model_

    @property
    def history_(self) -> History:
        """Of the training: one entry an epoch."""
        return self._fitted_model.history

    @property
    def n_epochs_(self) -> int:
        """Epochs that were trained."""
        return len(self._fitted_model.history)

    @property
    def best_epoch_(self) -> int | None:
        """The ideal epoch: where the mean held-out loss was least; None where nothing was held out."""
        return self._fitted_model.best_epoch

    @property
    def best_epoch_range_(self) -> tuple[int, int] | None:
        """The epochs around the ideal one whose held-out loss is within a standard error of the least."""
        return self._fitted_model.best_epoch_range

    @property
    def best_epoch_spread_(self) -> Spread | None:
        """How far the members' own best epochs lie apart, by folds and by seeds."""
        return self._fitted_model.best_epoch_spread

    @property
    def stop_reason_(self) -> StopReason:
        """Why training ended; ``model_.stop.sentence`` says it with its numbers."""
        return self._fitted_model.stop.reason

    @property
    def verdict_(self) -> Verdict:
        """Whether the fit is under- or overfitted, why, and what to do."""
        return self._fitted_model.verdict

    @property
    def scores_(self) -> Mapping[str, Score]:
        """Of the training rows and of those held out, with their standard errors."""
        return self._fitted_model.scores

    @property
    def encoder_(self) -> Encoder:
        """What every column became."""
        return self._fitted_model.columns

    @property
    def members_(self) -> int:
        """How many members there are."""
        return len(self._fitted_model.parameters)

    @property
    def learning_rate_(self) -> float:
        """The learning rate that was used."""
        return float(self._fitted_model.settings["learning_rate"])

    @property
    def max_epochs_(self) -> int:
        """The limit of epochs that was used."""
        return int(self._fitted_model.settings["epochs"])

    @property
    def batch_size_(self) -> int:
        """Rows of one update."""
        return int(self._fitted_model.settings["batch_size"])

    @property
    def stopping_(self) -> str:
        """The rule of early stopping that was used."""
        return str(self._fitted_model.settings["stopping"])
