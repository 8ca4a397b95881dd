"""From a table to a model: split, encode, train, score."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import OptionError, TrainingError
from epoca.learners.learner import Learner, examples
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.learners.population import Population
from epoca.learners.predicting import predictions
from epoca.model import Form, Model, score
from epoca.scores import Score
from epoca.tables.columns import Columns
from epoca.tables.splitting import folds, groups_of, times_of, train_test_split
from epoca.tables.table import Table
from epoca.tables.target import Target
from epoca.training.history import Epoch
from epoca.training.loop import Training
from epoca.training.rules import Deadline, Divergence, Limit, Patience, Rule, Solved
from epoca.training.schedules import Constant, Cosine
from epoca.types import Codes, Rows

_MANY_ROWS = 30_000


@final
@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train.

    None means that the value depends on the others or on the data; `Model.settings` tells which it was.

    Parameters
    ----------
    model : {"network", "neuron", "perceptron"}
        What learns.
    task : {"auto", "classification", "regression"}
        What the target is; by default its values tell, and doubt is an error.
    hidden : tuple of int
        Neurons of each hidden layer of a network.
    activation : {"relu", "tanh", "logistic", "silu"}
        Of the hidden neurons.
    members : int, optional
        Learners trained side by side; by default 8, or 1 neuron or perceptron without early stopping.
    epochs : int, optional
        Limit; by default 1000, without early stopping 100.
    patience : int
        Epochs without improvement of the held-out loss after which early stopping stops.
    seconds : float, optional
        Time that the training may take.
    learning_rate : float, optional
        By default 0.001 for networks, 0.01 for neurons and perceptrons.
    schedule : {"constant", "cosine"}
        How the learning rate goes on; the cosine falls to 0 at the limit of epochs.
    batch_size : int, optional
        Rows of one update of a network; by default 64, 256 from 30,000 rows on.
    optimizer : {"adam", "sgd"}
        Of networks.
    weight_decay, dropout, clip : float
        Of networks, see `Network`.
    test_size : float
        Share of the rows set aside for the test.
    groups, time : str, optional
        A column whose equal values are never split; one by whose order the latest rows become the test rows. Neither is
        learned from.
    seed : int
        Of the splits and of everything random in training.
    scaling : bool
        Whether columns are scaled.
    shuffle : bool
        Whether every epoch has an order of its own.
    early_stopping : bool
        Whether each member holds out its fold, stops by patience, and is kept at its best epoch; else all rows are
        learned from and the last epoch counts.
    threads : int, optional
        Members at work at a time; by default all cores. The model does not depend on it.
    """

    model: Literal["network", "neuron", "perceptron"] = "network"
    task: Literal["auto", "classification", "regression"] = "auto"
    hidden: tuple[int, ...] = (128, 128)
    activation: str = "relu"
    members: int | None = None
    epochs: int | None = None
    patience: int = 16
    seconds: float | None = None
    learning_rate: float | None = None
    schedule: Literal["constant", "cosine"] = "constant"
    batch_size: int | None = None
    optimizer: str = "adam"
    weight_decay: float = 0.0
    dropout: float = 0.0
    clip: float = 0.0
    test_size: float = 0.2
    groups: str | None = None
    time: str | None = None
    seed: int = 0
    scaling: bool = True
    shuffle: bool = True
    early_stopping: bool = True
    threads: int | None = None

    def __post_init__(self) -> None:
        at_least = {"members": 1, "epochs": 1, "patience": 1, "batch_size": 1, "threads": 1, "seed": 0}
        for name, least in at_least.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise OptionError("{name} must be at least {least}, not {value}.", name=name, least=least, value=value)
        for name in ("learning_rate", "seconds"):
            value = getattr(self, name)
            if value is not None and not 0 < value < np.inf:
                raise OptionError("{name} must be a number above 0, not {value}.", name=name, value=value)
        for name in ("weight_decay", "clip"):
            if not 0 <= getattr(self, name) < np.inf:
                value = getattr(self, name)
                raise OptionError("{name} must be 0 or a number above it, not {value}.", name=name, value=value)
        if not 0 <= self.dropout < 1:
            raise OptionError(
                "dropout must lie from 0 up to, but not including, 1, not at {value}.", value=self.dropout
            )
        if self.model == "perceptron" and self.task == "regression":
            raise OptionError("A perceptron gives labels, no numbers; choose a neuron or a network for a regression.")
        if any(width < 1 for width in self.hidden):
            raise OptionError("Every hidden layer needs at least 1 neuron.")

    def resolved(self, n_rows: int) -> Settings:
        """The settings with every value that depended on something filled in."""
        online = self.model != "network"
        alone = online and not self.early_stopping
        return replace(
            self,
            members=self.members or (1 if alone else 8),
            epochs=self.epochs or (1000 if self.early_stopping else 100),
            learning_rate=self.learning_rate or (0.01 if online else 0.001),
            batch_size=1 if online else self.batch_size or (64 if n_rows < _MANY_ROWS else 256),
            hidden=() if online else self.hidden,
        )


@final
class Fitting:
    """A model in the making: an iterator of epochs, after which `model` gives the model.

    Parameters
    ----------
    table : Table
        All rows, test rows included.
    target : str
        The column to predict.
    settings : Settings
        How to train.

    Attributes
    ----------
    table : Table
        All rows.
    columns : Columns
        What every column became.
    target : Target
        What is predicted.
    train_rows, test_rows : ndarray of int64
        Rows of the table.
    training : Training
        The loop.

    Raises
    ------
    TableError
        If the table cannot be learned from.
    OptionError
        If a setting does not fit the table.

    Examples
    --------
    >>> from epoca.tables.samples import sample
    >>> fitting = Fitting(sample("moons", rows=60), target="label", settings=Settings(epochs=3, hidden=(4,), members=2))
    >>> [epoch.number for epoch in fitting]
    [1, 2, 3]
    >>> fitting.model().best_epoch
    3
    """

    def __init__(self, table: Table, *, target: str, settings: Settings) -> None:
        self.table = table
        self.target = Target.fit(table, column=target, task=settings.task)
        codes = None if self.target.task == "regression" else self.target.codes(table)
        groups = None if settings.groups is None else groups_of(table, column=settings.groups)
        times = None if settings.time is None else times_of(table, column=settings.time)
        self.train_rows, self.test_rows = train_test_split(
            codes,
            n_rows=table.n_rows,
            test_size=settings.test_size,
            seed=settings.seed,
            groups=groups,
            time_order=times,
        )
        if self.target.task == "regression":  # its mean and scale are those of the training rows
            self.target = Target.fit(table, column=target, task="regression", rows=self.train_rows)
        self.settings = settings = settings.resolved(self.train_rows.size)
        apart = [name for name in (settings.groups, settings.time) if name is not None]
        self.columns = Columns.fit(
            table, target=target, rows=self.train_rows, leave_out=apart, scaling=settings.scaling
        )
        self.learner = _learner(settings, self.columns.n_outputs, self.target)
        self._matrix = self.columns.encode(table, rows=self.train_rows, dtype=self.learner.dtype)
        if codes is None:
            self._targets = self.target.standardised(self.target.numbers(table, rows=self.train_rows))
        else:
            self._targets = codes[self.train_rows].astype(np.float64)
        held_out = self._held_out(codes, groups)
        population = Population(
            self.learner,
            examples(self._matrix, self._targets, dtype=self.learner.dtype),
            folds=held_out,
            seed=settings.seed,
            threads=settings.threads,
        )
        self._folds = held_out
        assert settings.epochs is not None
        assert settings.learning_rate is not None
        rate = settings.learning_rate
        self.training = Training(
            population,
            rules=_rules(settings),
            schedule=Cosine(rate, settings.epochs) if settings.schedule == "cosine" else Constant(rate),
            shuffle=settings.shuffle,
        )

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self.training)

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
        parameters = self.training.best_parameters[kept]
        model = Model(
            columns=self.columns,
            target=self.target,
            form=Form.of(self.learner.shape),
            parameters=parameters,
            settings=asdict(self.settings),
            history=self.training.history,
            stop=self.training.stop,
            scores={},
            data={
                "name": self.table.name,
                "rows": {"train": int(self.train_rows.size), "test": int(self.test_rows.size)},
                "fingerprint": self._fingerprint(),
                "guessing_loss": self._guessing_loss(),
            },
        )
        return replace(model, scores=self._scores(model))

    def _held_out(self, codes: Codes | None, groups: Codes | None) -> list[Rows]:
        settings = self.settings
        assert settings.members is not None
        nothing = np.empty(0, np.int64)
        if not settings.early_stopping:
            return [nothing] * settings.members
        parts = folds(
            None if codes is None else codes[self.train_rows],
            n_rows=self.train_rows.size,
            n_folds=min(max(settings.members, 2), self.train_rows.size),
            seed=settings.seed,
            groups=None if groups is None else groups[self.train_rows],
        )
        return [parts[member % len(parts)] for member in range(settings.members)]

    def _scores(self, model: Model) -> dict[str, Score]:
        def scored(found: NDArray[np.float64], rows: Rows) -> Score:
            return score(found, self.target, self.table, model.form, rows)

        scores = {"train": scored(model.outputs(self._matrix), self.train_rows)}
        if self.settings.early_stopping:
            found, held_out = self._out_of_fold(model)
            scores["held_out"] = scored(found, self.train_rows[held_out])
        if self.test_rows.size:
            matrix = model.encoded(self.table, self.test_rows)
            scores["test"] = scored(model.outputs(matrix), self.test_rows)
        return scores

    def _out_of_fold(self, model: Model) -> tuple[NDArray[np.float64], Rows]:
        # Every row is predicted by the members that held it out and by no other.
        total = np.zeros((self.train_rows.size, max(len(self.target.labels), 1)))
        counts = np.zeros(self.train_rows.size)
        held_out = [rows for rows, kept in zip(self._folds, self.training.kept, strict=True) if kept]
        for member, rows in zip(model.parameters, held_out, strict=True):
            total[rows] += predictions(member[np.newaxis], model.form.shape, self._matrix[rows])
            counts[rows] += 1
        seen = np.flatnonzero(counts)
        return total[seen] / counts[seen, np.newaxis], seen

    def _guessing_loss(self) -> float:
        if self.target.task == "regression":
            return 0.5  # half the variance of standardised numbers
        shares = np.bincount(self._targets.astype(np.int64)) / self.train_rows.size
        shares = shares[shares > 0]
        if self.settings.model == "perceptron":  # whose loss is the share of mistakes
            return float(1 - shares.max())
        return float(-(shares * np.log(shares)).sum())

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(self._matrix.tobytes())
        digest.update(self._targets.tobytes())
        return digest.hexdigest()


def _learner(settings: Settings, inputs: int, target: Target) -> Learner:
    classes = len(target.labels)
    outputs = 1 if target.task == "regression" or classes == 2 else classes
    head = "identity" if target.task == "regression" else "logistic" if classes == 2 else "softmax"
    if settings.model == "perceptron":
        return Perceptron(sizes=(inputs, outputs), dtype=np.float64)
    if settings.model == "neuron":
        return Neuron(sizes=(inputs, outputs), head=head, dtype=np.float64)
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
    )


def _rules(settings: Settings) -> Sequence[Rule]:
    assert settings.epochs is not None
    rules: list[Rule] = [Divergence()]
    if settings.early_stopping:
        rules += [Solved(), Patience(settings.patience)]
    rules.append(Limit(settings.epochs))
    if settings.seconds is not None:
        rules.append(Deadline(settings.seconds))
    return rules
