"""What all estimators have in common."""

from __future__ import annotations

import threading
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import joblib
import numpy as np
from numpy.typing import NDArray
from sklearn import get_config
from sklearn.base import BaseEstimator
from sklearn.utils import Tags, check_random_state, estimator_html_repr
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted

from epoca.cores import n_cores
from epoca.errors import OptionError, TooFewRowsError
from epoca.estimators.attributes import ModelAttributes
from epoca.estimators.rows import chosen, free_name, group_codes, in_form, rows, rows_and_targets, weights_of
from epoca.estimators.studies import Studied
from epoca.estimators.view import view
from epoca.exporting.files import require
from epoca.fitting import Fitting
from epoca.known_rows import KnownRows
from epoca.locales import Language
from epoca.model import Model
from epoca.problem import Problem
from epoca.progress import Progress
from epoca.settings import Settings
from epoca.studies.again import fitting_continued
from epoca.studies.race import Race
from epoca.tables.encoder import AnyTable
from epoca.tables.sparse import SparseColumns, SparseTable, as_dense
from epoca.tables.target import Target
from epoca.telling import outcome_of
from epoca.training.loop import Checkpoint
from epoca.training.stop import StopReason
from epoca.types import Codes, Numbers, Parameters, Rectangle, SparseMatrix

if TYPE_CHECKING:
    import onnx

    from epoca.exporting.torch_module import TorchModel

SETTINGS = {
    "hidden_layer_sizes": "hidden",
    "activation": "activation",
    "members": "members",
    "repeats": "repeats",
    "batch_size": "batch_size",
    "learning_rate": "learning_rate",
    "weight_decay": "weight_decay",
    "dropout": "dropout",
    "gains": "gains",
    "pieces": "pieces",
    "max_epochs": "epochs",
    "early_stopping": "early_stopping",
    "stopping": "stopping",
    "refit": "refit",
    "shuffle": "shuffle",
    "scaling": "scaling",
    "dtype": "dtype",
}
"""Arguments of estimators by the name that `Settings` gives them; "auto" there is None."""

COUNT = [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})]
POSITIVE = [Interval(Real, 0, None, closed="neither"), StrOptions({"auto"})]

_WARNED_OF = {StopReason.DIVERGED, StopReason.INTERRUPTED}


class TableEstimator(ModelAttributes, Studied, BaseEstimator, ABC):  # type: ignore[misc]
    """An estimator over a model: it checks what it is given, trains, and keeps the model.

    Subclasses say what learns and turn labels or numbers into a target and back.
    """

    _learner: ClassVar[str]
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "members": COUNT,
        "repeats": [Interval(Integral, 1, None, closed="left")],
        "learning_rate": POSITIVE,
        "max_epochs": COUNT,
        "early_stopping": ["boolean"],
        "stopping": [str],
        "refit": ["boolean"],
        "scaling": ["boolean"],
        "device": [StrOptions({"auto", "cpu"})],
        "n_jobs": [None, Integral],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
        "callbacks": [list, tuple],
        "keep_epochs": ["boolean"],
    }

    @abstractmethod
    def _target(self, y: NDArray[Any], name: str) -> tuple[Target, Codes | Numbers]:
        """What is to be predicted, and each row's code or number; it is kept as what is known from now on."""

    @abstractmethod
    def _declared(self, y: NDArray[Any], classes: Any, name: str) -> Target:
        """What is to be predicted, of which y is but the first piece; it is kept as what is known from now on."""

    @abstractmethod
    def _known(self, y: NDArray[Any]) -> Codes | Numbers:
        """Each row's code or number in the target that is known."""

    def fit(
        self,
        X: Any,
        y: Any,
        *,
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
            Labels, or numbers of a regression.
        sample_weight : array-like, (n,), optional
            How much each row counts: as much as so many equal rows.
        X_val, y_val : optional
            Rows for every member to hold out, instead of a fold of its own.
        groups : array-like, (n,), optional
            Rows of equal value are held out together.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If the rows cannot be learned from or an argument makes no sense.
        """
        return self._fit(X, y, sample_weight, X_val, y_val, groups, start=None)

    def fit_more(
        self,
        X: Any,
        y: Any,
        *,
        epochs: int,
        sample_weight: Any = None,
        X_val: Any = None,
        y_val: Any = None,
        groups: Any = None,
    ) -> Self:
        """Go on for more epochs exactly where `fit` ended, as if it had never stopped.

        Weights, the optimizer's memory, orders of rows and the curve continue; members are kept at their best epochs as
        before. No rule but the number of epochs (and divergence) ends it.

        Parameters
        ----------
        X, y, sample_weight, X_val, y_val, groups
            The same as were given to `fit`.
        epochs : int
            How many more.

        Returns
        -------
        self

        Raises
        ------
        NotFittedError
            If there was no `fit` before.
        ValueError
            If the rows are not those learned from; rows that are new go to `partial_fit`.
        """
        check_is_fitted(self)
        if epochs < 1:
            raise OptionError("{name} must be at least {least}, not {value}.", name="epochs", least=1, value=epochs)
        problem = self._problem_again(X, y, sample_weight=sample_weight, X_val=X_val, y_val=y_val, groups=groups)
        fitting = fitting_continued(
            self.model_, problem, epochs=self.n_epochs_ + epochs, callbacks=self.callbacks, threads=self._threads
        )
        return self._train(fitting, goes_on=True)

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
        table, y, weights, groups = self._rows(X, y, sample_weight, groups, reset=False)
        return Problem(
            table=table,
            target=self.model_.target,
            targets=self._known(y),
            groups=groups,
            weights=weights,
            validation=self._validation(X_val, y_val, self.model_.target, table),
        )

    def encode(self, X: Any) -> NDArray[np.floating]:
        """The numbers that the members see.

        Parameters
        ----------
        X : array-like, sparse matrix or data frame, (n, columns)
            As learned from.

        Returns
        -------
        ndarray of float32 (float64 of neurons and perceptrons), (n, d)
            A column for each of ``encoder_.output_names``.

        Raises
        ------
        ValueError
            If columns are missing, new, or hold something else than before.
        """
        check_is_fitted(self)
        matrix = self._encoded(X)
        return as_dense(matrix).astype(matrix.values.dtype) if isinstance(matrix, SparseMatrix) else matrix

    def to_torch(self) -> TorchModel:
        """A ``torch.nn.Module`` with all members inside, float32, that takes what `encode` gives.

        Returns
        -------
        torch.nn.Module
            (n, d) to what `predict_proba` gives, (n, c); of a regression to (n,) numbers; of a perceptron to its sums.

        Raises
        ------
        OptionError
            If PyTorch is not installed.
        """
        check_is_fitted(self)
        require("torch")
        from epoca.exporting.torch_module import TorchModel

        return TorchModel(self.model_)

    def to_onnx(self) -> onnx.ModelProto:
        """An ONNX graph that takes the raw columns, see `epoca.exporting.onnx_graph.onnx_model`.

        Raises
        ------
        OptionError
            If onnx is not installed.
        """
        check_is_fitted(self)
        require("onnx")
        from epoca.exporting.onnx_graph import onnx_model

        return onnx_model(self.model_)

    def _staged(self, X: Any) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Each epoch's number and what the members together gave after it, as `Model.outputs` does."""
        check_is_fitted(self)
        if not self._epochs_kept:
            raise OptionError("No epochs were kept; fit with keep_epochs=True to look back at them.")
        matrix = self._encoded(X)
        for number, parameters in self._epochs_kept:
            yield number, replace(self.model_, parameters=parameters).outputs(matrix)

    def _outputs(self, X: Any) -> NDArray[np.float64]:
        """What the members together give: probabilities, numbers, or a perceptron's sums."""
        check_is_fitted(self)
        return self.model_.outputs(self._encoded(X))

    def _encoded(self, X: Any) -> Rectangle:
        return self.model_.encoded(in_form(self, rows(self, X), is_sparse=self._is_sparse))

    @property
    def _is_sparse(self) -> bool:
        return isinstance(self.model_.columns, SparseColumns)

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        X_val: Any,
        y_val: Any,
        groups: Any,
        *,
        start: tuple[Any, Any] | None,
    ) -> Self:
        self._validate_params()
        settings = self._settings()
        called = str(getattr(y, "name", None) or "target")
        table, y, weights, groups = self._rows(X, y, sample_weight, groups, reset=True)
        target, targets = self._target(y, free_name(called, table.column_names))
        problem = Problem(
            table=table,
            target=target,
            targets=targets,
            groups=groups,
            weights=weights,
            validation=self._validation(X_val, y_val, target, table),
        )
        settings = replace(settings, class_weight=self._class_weight())
        try:
            race = Race(problem, settings=settings)
            race.run()
            fitting = Fitting(
                problem, settings=race.settings, callbacks=self.callbacks, start=start, columns=race.columns
            )
        except TooFewRowsError as error:
            warnings.warn(f"{error} All rows are learned from, and no ideal epoch is looked for.", stacklevel=3)
            settings = replace(settings, early_stopping=False, refit=False)
            fitting = Fitting(problem, settings=settings, callbacks=self.callbacks, start=start)
        return self._train(fitting)

    def _learn_piece(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> Self:
        self._validate_params()
        is_first = not self.__sklearn_is_fitted__()
        table, y, weights, _groups = self._rows(X, y, sample_weight, None, reset=is_first)
        if is_first:
            target = self._declared(y, classes, free_name("target", table.column_names))
            if self._class_weight() == "balanced":
                raise OptionError(
                    'class_weight="balanced" needs all rows at once; give partial_fit the weights themselves.'
                )
            settings = replace(
                self._settings(), early_stopping=False, refit=False, epochs=1, class_weight=self._class_weight()
            )
            problem = Problem(table=table, target=target, targets=self._known(y), weights=weights)
            return self._train(Fitting(problem, settings=settings, callbacks=self.callbacks))
        problem = Problem(table=table, target=self.model_.target, targets=self._known(y), weights=weights)
        before = self.model_.checkpoint
        if before is None or self.model_.data.get("refitted") is not None:  # what predicts is what learns on
            before = Checkpoint.of(self.model_.parameters, self.model_.history)
        settings = replace(
            Settings.of(self.model_.settings),
            epochs=len(before.history) + 1,
            threads=self._threads,
            early_stopping=False,
            refit=False,
        )
        columns = self.model_.columns
        fitting = Fitting(problem, settings=settings, callbacks=self.callbacks, columns=columns, checkpoint=before)
        return self._train(fitting, goes_on=True)

    def _rows(
        self, X: Any, y: Any, sample_weight: Any, groups: Any, *, reset: bool
    ) -> tuple[AnyTable, NDArray[Any], Numbers | None, Codes | None]:
        """The rows that count: columns, target, weights, groups."""
        table, y = rows_and_targets(self, X, y, reset=reset)
        if not reset:
            table = in_form(self, table, is_sparse=self._is_sparse)
        weights = weights_of(sample_weight, y)
        codes = None if groups is None else group_codes(groups, table.n_rows)
        if weights is None or weights.all():
            return table, y, weights, codes
        counting = np.flatnonzero(weights)  # to weigh nothing is not to be there
        return chosen(table, counting), y[counting], weights[counting], None if codes is None else codes[counting]

    def _validation(self, X_val: Any, y_val: Any, target: Target, beside: AnyTable) -> Problem | None:
        if (X_val is None) != (y_val is None):
            raise OptionError("X_val and y_val belong together; give both or neither.")
        if X_val is None:
            return None
        table, y_val = rows_and_targets(self, X_val, y_val, reset=False)
        table = in_form(self, table, is_sparse=isinstance(beside, SparseTable))
        return Problem(table=table, target=target, targets=self._known(y_val))

    def _train(self, fitting: Fitting, *, goes_on: bool = False) -> Self:
        kept = list(self._epochs_kept) if goes_on else []
        with Progress(fitting, is_wanted=bool(self.verbose)) as progress:
            for epoch in fitting:
                progress.show(epoch)
                if self.keep_epochs and not fitting.is_refitting:
                    kept.append((epoch.number, fitting.parameters))
        model = fitting.model()
        if model.stop.reason in _WARNED_OF:
            warnings.warn(f"{model.stop.sentence} {model.stop.remedy}", stacklevel=4)
        elif model.settings["refit"] and model.data["refitted"] is None and model.best_epoch is not None:
            warnings.warn(f"{outcome_of(model)[-1]}", stacklevel=4)
        if goes_on:
            known = KnownRows.from_json(model.data["known_rows"])
            known |= KnownRows.from_json(self.model_.data.get("known_rows", ""))
            model = replace(model, data={**model.data, "known_rows": known.to_json()})
        named = replace(model, data={**model.data, "columns_have_names": hasattr(self, "feature_names_in_")})
        return self._keep(named, epochs=kept)

    def _keep(self, model: Model, *, epochs: Sequence[tuple[int, Parameters]] = ()) -> Self:
        """Be fitted: with a model, and what is known of its training."""
        self.model_ = model
        self._epochs_kept = epochs
        self.n_features_in_ = len(model.columns.names)
        if model.data.get("columns_have_names", True):
            self.feature_names_in_ = np.array(model.columns.names, object)
        return self

    def _settings(self) -> Settings:
        given = self.get_params(deep=False)
        named = {field: _plain(given[name]) for name, field in SETTINGS.items() if name in given}
        if isinstance(named.get("hidden"), int):
            named["hidden"] = (named["hidden"],)
        return Settings(
            model=self._learner,  # type: ignore[arg-type]
            test_size=0.0,
            seed=_seed(self.random_state),
            threads=self._threads,
            **named,
        )

    def _class_weight(self) -> Any:
        return None

    @property
    def _threads(self) -> int:
        """Of a training; one alone where others are at work beside it, as in the threads of joblib."""
        if self.n_jobs is not None:
            return int(joblib.effective_n_jobs(self.n_jobs))
        return n_cores() if threading.current_thread() is threading.main_thread() else 1

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.sparse = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return "model_" in vars(self)

    def _repr_html_(self) -> str:
        """What notebooks show: once fitted the curve, the ideal epoch and the network; else the parameters."""
        if not self.__sklearn_is_fitted__():
            return str(estimator_html_repr(self))
        return view(self.model_, title=repr(self), language=Language.of_environment())

    def _repr_mimebundle_(self, **_asked: Any) -> dict[str, str]:
        plain = {"text/plain": repr(self)}
        return plain if get_config()["display"] == "text" else {**plain, "text/html": self._repr_html_()}


def _plain(value: Any) -> Any:
    """An argument as `Settings` takes it."""
    if isinstance(value, str) and value == "auto":
        return None
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        return tuple(map(_plain, value))
    return value


def _seed(random_state: Any) -> int:
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(1 << 31))
