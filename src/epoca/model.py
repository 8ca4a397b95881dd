"""What training yields and a file holds; it predicts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from epoca.errors import OptionError
from epoca.learners.activations import ACTIVATIONS
from epoca.learners.feedforward import HEADS, Shape
from epoca.learners.predicting import predictions
from epoca.scores import Score, score_classes, score_labels, score_numbers
from epoca.tables.encoder import AnyTable, Encoder, encoded
from epoca.tables.table import Table
from epoca.tables.target import Target
from epoca.training.evidence import WINDOW, Clues, evidence, is_open_ended
from epoca.training.forecast import Forecast, forecast
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch, ideal_epoch_range
from epoca.training.loop import Checkpoint
from epoca.training.paired import paired_mean
from epoca.training.rules import Patience, Refined, rule_of
from epoca.training.spread import Spread, spread
from epoca.training.stop import Stop
from epoca.training.verdict import Verdict, verdict
from epoca.types import Codes, Numbers, Parameters, Rectangle


@final
@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of every member.

    Parameters
    ----------
    sizes : tuple of int
        Inputs, neurons of each hidden layer, outputs.
    activation : str
        Of the hidden neurons: "relu", "tanh", "logistic" or "silu".
    head : str
        "softmax", "logistic", "identity" or "step".
    """

    sizes: tuple[int, ...]
    activation: str
    head: str

    @classmethod
    def of(cls, shape: Shape) -> Form:
        """The form that kernels know as this shape."""
        activation = next(name for name, number in ACTIVATIONS.items() if number == shape.activation)
        head = next(name for name, number in HEADS.items() if number == shape.head)
        return cls(sizes=tuple(int(size) for size in shape.sizes), activation=activation, head=head)

    @property
    def shape(self) -> Shape:
        """What kernels must know of it."""
        return Shape(np.array(self.sizes, np.int64), ACTIVATIONS[self.activation], HEADS[self.head])

    def layers(self, parameters: Parameters) -> list[tuple[Parameters, Parameters]]:
        """The weights, (k, inputs, outputs), and biases, (k, outputs), of every layer of members, (k, P); views."""
        found, first = [], 0
        for inputs, outputs in itertools.pairwise(self.sizes):
            end = first + inputs * outputs
            weights = parameters[:, first:end].reshape(-1, inputs, outputs)
            found.append((weights, parameters[:, end : end + outputs]))
            first = end + outputs
        return found


@final
@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained population, the encoding of its table, and the account of its training.

    Parameters
    ----------
    columns : Columns or SparseColumns
        How a table becomes a matrix.
    target : Target
        What is predicted.
    form : Form
        Of every member.
    parameters : ndarray, (k, P)
        The members, each at its best epoch.
    settings : mapping
        With which it was trained: plain values.
    history : History
        Of its training.
    stop : Stop
        Why its training ended.
    scores : mapping of str to Score
        "train", "held_out" and "test", as far as there are such rows, and "guessing", of the last of these.
    data : mapping
        Name, rows and fingerprint of the table it was trained on, and what these rows tell: plain values.
    baselines : mapping of str to ndarray, (k, g)
        The held-out loss by group of rows of "guessing" and, where one was trained beside on the first of the folds, of
        a "neuron".
    checkpoint : Checkpoint or None
        Where the training stood at its end, from which it can go on.
    """

    columns: Encoder
    target: Target
    form: Form
    parameters: Parameters
    settings: Mapping[str, Any]
    history: History
    stop: Stop
    scores: Mapping[str, Score]
    data: Mapping[str, Any]
    baselines: Mapping[str, Numbers] = field(default_factory=dict)
    checkpoint: Checkpoint | None = None

    @property
    def watches(self) -> str:
        """The curve by which the ideal epoch is chosen, a field of `Findings`."""
        return rule_of(str(self.settings.get("stopping", "patience(16)"))).watches

    @cached_property
    def best_epoch(self) -> int | None:
        """The ideal epoch: where the members' mean held-out loss was least; None where nothing was held out."""
        return ideal_epoch(self.history.curve(self.watches))

    @cached_property
    def best_epoch_range(self) -> tuple[int, int] | None:
        """The epochs around the ideal one whose held-out loss is within a standard error of the least."""
        return ideal_epoch_range(self.history, curve=self.watches)

    @cached_property
    def best_epoch_spread(self) -> Spread | None:
        """How far the members' own best epochs lie apart, by folds and by seeds."""
        return spread(self.history, curve=self.watches)

    @property
    def window(self) -> int:
        """How many epochs after the best must have shown no better one, to believe that none is to come."""
        rule = rule_of(str(self.settings.get("stopping", "patience(16)")))
        return rule.epochs if isinstance(rule, Patience | Refined) else WINDOW

    @property
    def is_open_ended(self) -> bool:
        """Whether the training ended too early to believe that; the ideal epoch is then at least the best so far."""
        best = self.best_epoch
        return best is not None and is_open_ended(self.history, best=best, stop=self.stop.reason, window=self.window)

    @cached_property
    def forecast(self) -> Forecast | None:
        """What more epochs are expected to bring, where the training ended too early."""
        return forecast(self.history, window=self.window, curve=self.watches) if self.is_open_ended else None

    @property
    def guessing_loss(self) -> float | None:
        """The mean held-out loss of always guessing the shares of the classes, or the mean."""
        groups, losses = self.history.groups, self.baselines.get("guessing")
        return None if groups is None or losses is None else paired_mean(losses, groups)[0]

    @property
    def trust(self) -> float:
        """How far the members' predictions were trusted, from 0 to 1, see `epoca.trust`."""
        return float(self.data.get("trust", 1.0))

    @property
    def layers(self) -> list[tuple[Parameters, Parameters]]:
        """The weights, (k, inputs, outputs), and biases, (k, outputs), of every layer; views."""
        return self.form.layers(self.parameters)

    @cached_property
    def verdict(self) -> Verdict:
        """Whether the fit is under- or overfitted, why, and what to do."""
        found = evidence(
            self.history,
            stop=self.stop.reason,
            baselines=self.baselines,
            clues=Clues.from_json(self.data.get("clues", {})),
            window=self.window,
            curve=self.watches,
        )
        return verdict(found, stop=self.stop.reason)

    def at_last_epoch(self) -> Model:
        """The model with every member as it was after the last epoch, in place of its best.

        Raises
        ------
        OptionError
            If these weights were not kept.
        """
        if self.checkpoint is None:
            raise OptionError("The weights of the last epoch were not kept; train the model anew.")
        last = np.array([state.parameters for state in self.checkpoint.states])
        return replace(self, parameters=last)

    def predict_proba(self, table: AnyTable) -> NDArray[np.float64]:
        """The probability of every class for every row.

        Parameters
        ----------
        table : Table
            With the columns the model was trained on, in any order.

        Returns
        -------
        ndarray of float64, (n, c)
            In the order of ``target.labels``.

        Raises
        ------
        TableError
            If a column is missing or holds something else than before.
        OptionError
            If the model is a perceptron or predicts a number.
        """
        self.refuse_without_probabilities()
        return self.outputs(self.encoded(table))

    def refuse_without_probabilities(self) -> None:
        """Raise an OptionError if the model is a perceptron or predicts a number."""
        if self.form.head == "step":
            raise OptionError("A perceptron gives labels without probabilities; train a neuron or a network for these.")
        if self.target.task == "regression":
            raise OptionError("The model predicts a number, which has no probabilities of classes.")

    def predict(self, table: AnyTable) -> list[Any] | NDArray[np.float64]:
        """The label, or the number, predicted for every row.

        Parameters
        ----------
        table : Table
            With the columns the model was trained on, in any order.

        Returns
        -------
        list of labels, or ndarray of float64, (n,)

        Raises
        ------
        TableError
            If a column is missing or holds something else than before.
        """
        return self.answers(self.outputs(self.encoded(table)))

    def answers(self, outputs: NDArray[np.float64]) -> list[Any] | NDArray[np.float64]:
        """The labels or numbers that `outputs` stand for."""
        if self.target.task == "regression":
            return self.target.restored(outputs[:, 0])
        return [self.target.labels[code] for code in self.codes(outputs)]

    def codes(self, outputs: NDArray[np.float64]) -> Codes:
        """(n,): the class that each row of `outputs` speaks for."""
        if outputs.shape[1] == 1:
            return (outputs[:, 0] >= 0).astype(np.int64)
        return np.asarray(outputs.argmax(axis=1))

    def score(self, table: Table) -> Score:
        """How well the model predicts the target of a table.

        Parameters
        ----------
        table : Table
            With the columns and the target.

        Returns
        -------
        Score

        Raises
        ------
        TableError
            If a column is missing or holds something else than before, or a label was never seen.
        """
        outputs = self.outputs(self.encoded(table))
        is_regression = self.target.task == "regression"
        return self.judged(outputs, self.target.numbers(table) if is_regression else self.target.codes(table))

    def learned_targets(self, table: Table) -> Numbers:
        """The target of a table as members were shown it: codes, or standardised numbers."""
        if self.target.task == "regression":
            return self.target.standardised(self.target.numbers(table))
        return self.target.codes(table).astype(np.float64)

    def judged(self, outputs: NDArray[np.float64], actual: Codes | Numbers) -> Score:
        """The score of what `outputs` gave, where codes, or numbers in the target's unit, happened."""
        if self.target.task == "regression":
            return score_numbers(self.target.restored(outputs[:, 0]), actual.astype(np.float64))
        codes = actual.astype(np.int64)
        if self.form.head == "step":
            return score_labels(self.codes(outputs), codes)
        return score_classes(outputs, codes)

    def encoded(self, table: AnyTable) -> Rectangle:
        """The matrix that the members see."""
        return encoded(self.columns, table, dtype=self.parameters.dtype.type)

    def outputs(self, matrix: Rectangle) -> NDArray[np.float64]:
        """The members' mean predictions for encoded rows: probabilities, numbers, or a perceptron's sums."""
        return predictions(self.parameters, self.form.shape, matrix)
