"""From a problem to a model: split, encode, train, score."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import OptionError, TrainingError
from epoca.known_rows import KnownRows
from epoca.learners.learner import Examples, Learner, examples
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Population
from epoca.learners.predicting import predictions
from epoca.model import Form, Model
from epoca.problem import Problem
from epoca.scores import Score
from epoca.settings import Settings
from epoca.tables.encoder import AnyTable, Encoder, content, encoded, fitted, head, together
from epoca.tables.splitting import folds, train_test_split
from epoca.tables.target import Target
from epoca.tables.values import listed
from epoca.training.history import Epoch
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.loop import Checkpoint, Training
from epoca.training.rules import Callbacks, Deadline, Divergence, Limit, Rule, Solved, rule_of
from epoca.training.schedules import Constant, Cosine
from epoca.training.stop import StopReason
from epoca.types import Codes, Numbers, Parameters, Rectangle, Rows

Start: TypeAlias = tuple[Any, Any]

_NOTHING: Rows = np.empty(0, np.int64)


@final
class Fitting:
    """A model in the making: an iterator of epochs, after which `model` gives the model.

    Parameters
    ----------
    problem : Problem
        All rows, test rows included.
    settings : Settings
        How to train.
    callbacks : sequence of callable
        Each is given every finished epoch; one that returns True ends the training.
    start : pair of ndarray, optional
        Weights, (outputs, inputs), and biases, (outputs,), from which a neuron or perceptron starts; or None.
    columns : Columns or SparseColumns, optional
        How to encode the table; found out from the training rows by default.
    checkpoint : Checkpoint, optional
        Where an earlier training stood; it goes on from there up to the limit of epochs, whatever the stopping rule.

    Attributes
    ----------
    problem : Problem
        As given.
    target : Target
        What is predicted; of a regression with the scale of the training rows.
    columns : Columns or SparseColumns
        What every column became.
    settings : Settings
        With every value that depended on something filled in.
    learner : Learner
        What each member is.
    train_rows, test_rows : ndarray of int64
        Rows of the table.
    training : Training
        The loop.
    limit : int
        The epoch at which the loop that is running ends at the latest.

    Raises
    ------
    TableError
        If the table cannot be learned from.
    OptionError
        If a setting does not fit the table.

    Examples
    --------
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(epochs=3, hidden=(4,), members=2)
    >>> problem = Problem.of_table(sample("moons", rows=60), target="label", settings=settings)
    >>> fitting = Fitting(problem, settings=settings)
    >>> [epoch.number for epoch in fitting]
    [1, 2, 3]
    >>> fitting.model().best_epoch
    3
    """

    def __init__(
        self,
        problem: Problem,
        *,
        settings: Settings,
        callbacks: Sequence[Callable[[Epoch], Any]] = (),
        start: Start | None = None,
        columns: Encoder | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        self.problem = problem
        is_regression = problem.target.task == "regression"
        self.train_rows, self.test_rows = train_test_split(
            None if is_regression else problem.targets.astype(np.int64),
            n_rows=problem.targets.size,
            test_size=settings.test_size,
            seed=settings.seed,
            groups=problem.groups,
            time_order=problem.times,
        )
        self.settings = settings = settings.resolved(self.train_rows.size)
        weights = None if problem.weights is None else problem.weights[self.train_rows]
        self.target = problem.target
        if is_regression and checkpoint is None:
            self.target = self.target.scaled_to(problem.targets[self.train_rows].astype(np.float64), weights)
        self.columns = columns or fitted(
            problem.table,
            target=self.target.column,
            rows=self.train_rows,
            leave_out=problem.apart,
            scaling=settings.scaling,
            weights=weights,
        )
        self.learner = _learner(settings, self.columns, self.target, start)
        self._matrix = self._encoded(problem.table, self.train_rows)
        self._targets = self._learned(problem.targets[self.train_rows])
        self._held_out = self._folds()
        self._examples = self._all_examples(weights)
        population = Population(
            self.learner, self._examples, folds=self._held_out, seed=settings.seed, threads=settings.threads
        )
        assert settings.epochs is not None
        told: list[Rule] = [Callbacks(callbacks)] if callbacks else []
        rules = _rules(settings) if checkpoint is None else [Divergence(), Limit(settings.epochs)]
        self.training = self._loop(population, [*rules, *told], checkpoint)
        self.limit = settings.epochs
        self._current = self.training
        self._refitted: Parameters | None = None

    def __iter__(self) -> Iterator[Epoch]:
        yield from self.training
        best = ideal_epoch(self.training.history.members("held_out_loss"))
        if self.settings.refit and best is not None and self.training.stop.reason is not StopReason.INTERRUPTED:
            again = self._current = self._loop(self._new_members(), [Divergence(), Limit(best)])
            self.limit = best
            yield from again
            if again.stop.reason is StopReason.LIMIT:
                self._refitted = again.best_parameters

    def interrupt(self) -> None:
        """End the training soon, also within an epoch; may be called from a signal handler or another thread."""
        self._current.interrupt()

    @property
    def is_refitting(self) -> bool:
        """Whether it is new members that learn, for as many epochs as were ideal."""
        return self._current is not self.training

    @property
    def parameters(self) -> Parameters:
        """(k, P): every member as it is now."""
        return self._current.parameters

    def model(self) -> Model:
        """The model at the best epochs so far, scored.

        Raises
        ------
        TrainingError
            If no epoch ended with a finite loss.
        """
        kept = self.training.kept
        if not kept.any():
            raise TrainingError(
                "Nothing was learned, no epoch ended with a finite loss. {reason} Let an epoch end, or use a smaller "
                "learning rate; the default one suits most tables.",
                reason=self.training.stop.sentence,
            )
        members = self.training.best_parameters[kept]
        problem = self.problem
        model = Model(
            columns=self.columns,
            target=self.target,
            form=Form.of(self.learner.shape),
            parameters=members if self._refitted is None else self._refitted,
            settings=asdict(self.settings),
            history=self.training.history,
            stop=self.training.stop,
            scores={},
            data={
                "name": problem.table.name,
                "rows": {"train": int(self.train_rows.size), "test": int(self.test_rows.size)},
                "fingerprint": self.fingerprint,
                "known_rows": KnownRows.of(self._matrix, self._targets).to_json(),
                "guessing_loss": self._guessing_loss(),
                "refitted": self._refitted is not None,
            },
        )
        return replace(model, scores=self._scores(model, members))

    def _encoded(self, table: AnyTable, rows: Rows | None = None) -> Rectangle:
        return encoded(self.columns, table, dtype=self.learner.dtype, rows=rows)

    def _learned(self, targets: Codes | Numbers) -> Numbers:
        """What learners are shown of the targets."""
        numbers = targets.astype(np.float64)
        return self.target.standardised(numbers) if self.target.task == "regression" else numbers

    def _folds(self) -> list[Rows]:
        """The rows each member holds out, by their places among the examples."""
        members = self.settings.members
        assert members is not None
        if not self.settings.early_stopping:
            return [_NOTHING] * members
        n = self.train_rows.size
        if self.problem.validation is not None:
            return [np.arange(n, n + self.problem.validation.targets.size)] * members
        groups = self.problem.groups
        parts = folds(
            None if self.target.task == "regression" else self._targets.astype(np.int64),
            n_rows=n,
            n_folds=min(max(members, 2), n),
            seed=self.settings.seed,
            groups=None if groups is None else groups[self.train_rows],
        )
        return [parts[member % len(parts)] for member in range(members)]

    def _all_examples(self, weights: Numbers | None) -> Examples:
        """The training rows and, behind them, those given to be held out."""
        validation = self.problem.validation if self.settings.early_stopping else None
        shown = [(self._matrix, self._targets, weights)]
        if validation is not None:
            shown.append((self._encoded(validation.table), self._learned(validation.targets), validation.weights))
        mean_1 = [np.ones(targets.size) if count is None else count / count.mean() for _, targets, count in shown]
        return examples(
            together([matrix for matrix, _, _ in shown]),
            np.concatenate([targets for _, targets, _ in shown]),
            dtype=self.learner.dtype,
            row_weights=np.concatenate(mean_1),
            class_weights=self._class_weights(mean_1[0]),
        )

    def _class_weights(self, weights: Numbers) -> Numbers | None:
        asked = self.settings.class_weight
        if asked is None or self.target.task == "regression":
            return None
        classes = len(self.target.labels)
        if asked == "balanced":
            held = np.bincount(self._targets.astype(np.int64), weights, minlength=classes)
            return np.asarray(weights.sum() / (classes * held))
        if len(asked) != classes:
            raise OptionError(
                "{n} class weights are given for {classes} classes; give one for each.", n=len(asked), classes=classes
            )
        return np.array(asked, np.float64)

    def _loop(self, population: Population, rules: Sequence[Rule], checkpoint: Checkpoint | None = None) -> Training:
        rate, epochs = self.settings.learning_rate, self.settings.epochs
        assert rate is not None
        assert epochs is not None
        return Training(
            population,
            rules=rules,
            schedule=Cosine(rate, epochs) if self.settings.schedule == "cosine" else Constant(rate),
            shuffle=self.settings.shuffle,
            checkpoint=checkpoint,
        )

    def _new_members(self) -> Population:
        """As many members again, which learn from all training rows."""
        n = self.train_rows.size
        shown = self._examples
        rows = Examples(head(shown.matrix, n), shown.targets[:n], shown.weights[:n])
        k = len(self._held_out)
        settings = self.settings
        return Population(
            self.learner, rows, folds=[_NOTHING] * k, seed=settings.seed, threads=settings.threads, first=k
        )

    def _scores(self, model: Model, members: Parameters) -> dict[str, Score]:
        targets = self.problem.targets
        scores = {"train": model.judged(model.outputs(self._matrix), targets[self.train_rows])}
        validation = self.problem.validation
        if self.settings.early_stopping and validation is not None:
            rows = np.arange(self.train_rows.size, self._examples.targets.size)
            found = predictions(members, model.form.shape, self._examples.matrix, rows)
            scores["held_out"] = model.judged(found, validation.targets)
        elif self.settings.early_stopping:
            found, held_out = self._out_of_fold(model, members)
            scores["held_out"] = model.judged(found, targets[self.train_rows[held_out]])
        if self.test_rows.size:
            matrix = self._encoded(self.problem.table, self.test_rows)
            scores["test"] = model.judged(model.outputs(matrix), targets[self.test_rows])
        return scores

    def _out_of_fold(self, model: Model, members: Parameters) -> tuple[NDArray[np.float64], Rows]:
        # Every row is predicted by the members that held it out and by no other.
        counts = np.zeros(self.train_rows.size)
        total: NDArray[np.float64] | None = None
        held_out = [rows for rows, kept in zip(self._held_out, self.training.kept, strict=True) if kept]
        for member, rows in zip(members, held_out, strict=True):
            found = predictions(member[np.newaxis], model.form.shape, self._matrix, rows)
            total = np.zeros((counts.size, found.shape[1])) if total is None else total
            total[rows] += found
            counts[rows] += 1
        assert total is not None
        seen = np.flatnonzero(counts)
        return total[seen] / counts[seen, np.newaxis], seen

    def _guessing_loss(self) -> float:
        if self.target.task == "regression":
            return 0.5  # half the variance of standardised numbers
        weights = self._examples.weights[: self.train_rows.size].astype(np.float64)
        shares = np.bincount(self._targets.astype(np.int64), weights) / weights.sum()
        shares = shares[shares > 0]
        if self.settings.model == "perceptron":  # whose loss is the share of mistakes
            return float(1 - shares.max())
        return float(-(shares * np.log(shares)).sum())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the training rows, encoded, and their targets."""
        digest = hashlib.sha256(content(self._matrix))
        digest.update(self._targets.tobytes())
        return digest.hexdigest()


def _started(start: Start | None, columns: Encoder, outputs: int) -> Parameters | None:
    """The flat buffer of given weights and biases; NaN where they are not given."""
    if start is None:
        return None
    shapes = {"coef_init": (outputs, columns.n_outputs), "intercept_init": (outputs,)}
    parts = []
    for (name, shape), given in zip(shapes.items(), start, strict=True):
        part = np.full(shape, np.nan) if given is None else np.asarray(given, np.float64)
        if part.size != math.prod(shape) or not (given is None or np.isfinite(part).all()):
            raise OptionError(
                "{name} must hold finite numbers of shape {shape}, one for each of the columns {columns}; it has the "
                "shape {found}.",
                name=name,
                shape=str(shape),
                columns=listed(columns.output_names),
                found=str(part.shape),
            )
        parts.append(part.reshape(shape).T.ravel())
    return np.concatenate(parts)


def _learner(settings: Settings, columns: Encoder, target: Target, start: Start | None) -> Learner:
    inputs, classes = columns.n_outputs, len(target.labels)
    outputs = 1 if target.task == "regression" or classes == 2 else classes
    head = "identity" if target.task == "regression" else "logistic" if classes == 2 else "softmax"
    dtype = np.float64 if settings.dtype == "float64" else np.float32
    if settings.model == "perceptron":
        if target.task == "regression":
            raise OptionError("A perceptron gives labels, no numbers; choose a neuron or a network for a regression.")
        return Perceptron(sizes=(inputs, outputs), dtype=dtype, start=_started(start, columns, outputs))
    if settings.model == "neuron":
        return Neuron(sizes=(inputs, outputs), head=head, dtype=dtype, start=_started(start, columns, outputs))
    assert settings.batch_size is not None
    return Network(
        sizes=(inputs, *settings.hidden, outputs),
        head=head,
        activation=settings.activation,
        batch_size=settings.batch_size,
        optimizer=settings.optimizer,
        weight_decay=settings.weight_decay,
        dropout=settings.dropout,
        clip=settings.clip,
        dtype=dtype,
    )


def _rules(settings: Settings) -> list[Rule]:
    assert settings.epochs is not None
    rules: list[Rule] = [Divergence()]
    if settings.early_stopping:
        rules += [Solved(), rule_of(settings.stopping)]
    rules.append(Limit(settings.epochs))
    if settings.seconds is not None:
        rules.append(Deadline(settings.seconds))
    return rules
