"""How to train: every choice, its default, and what a default depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, final

import numpy as np

from epoca.errors import OptionError
from epoca.training.rules import EarlyStopping, rule_of

_BATCHES = 50
"""About so many updates an epoch has, if batches of 16 to 256 rows give as many."""

_MANY_ROWS = 20_000
"""From so many rows on 16 epochs are so many updates that no later epoch is better."""

_WIDE = 32
"""Neurons without which a layer cannot spare any."""


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
        What the target is; by default its values tell.
    hidden : tuple of int
        Neurons of each hidden layer of a network.
    activation : {"relu", "tanh", "logistic", "silu"}
        Of the hidden neurons.
    members : int, optional
        Learners trained side by side; by default 8, or 1 neuron or perceptron without early stopping.
    repeats : int
        How many times each share of rows is held out, every time by members of other seeds.
    epochs : int, optional
        Limit; by default 1000, without early stopping 100.
    stopping : str, optional
        The rule by which early stopping stops, such as "patience(16)"; see `epoca.training.rules.rule_of`. By default
        "refined(32)" for networks of classes, from 20,000 rows on "refined(16)"; "patience(32)" for those of numbers;
        else "patience(16)".
    seconds : float, optional
        Time that the training may take.
    learning_rate : float, optional
        By default 0.001 for networks, 0.002 for deep ones of classes that see scaled numbers uncut, 0.01 for neurons
        and perceptrons.
    schedule : {"constant", "cosine"}
        How the learning rate goes on; the cosine falls to 0 at the limit of epochs.
    batch_size : int, optional
        Rows of one update of a network; by default a fiftieth of the rows, at least 16 and at most 256.
    optimizer : {"adam", "sgd"}
        Of networks.
    weight_decay, clip : float
        Of networks, see `Network`.
    dropout : float, optional
        Share of hidden neurons silenced in each step; by default 0.1 where every hidden layer has 32 neurons or more,
        else 0.
    gains : bool
        Whether every input of a network has a gain of its own that learns faster than the weights, see `Network`; with
        Adam and hidden layers only.
    pieces : int, optional
        Into how many pieces the range of every number is cut besides, see `NumberEncoding`; by default into 16 for
        networks, or, of classes, into none where `epoca.studies.race` finds that better; else into none; of unscaled
        numbers never.
    class_weight : "balanced" or tuple of float, optional
        By how much the rows of each class count, in the order of the labels; "balanced" gives all classes the same
        weight together. By default every row counts alike.
    test_size : float
        Share of the rows set aside for the test.
    groups, time : str, optional
        A column whose equal values are never split; one by whose order the latest rows become the test rows. Neither is
        learned from.
    leave_out : tuple of str
        Further columns that are not learned from.
    seed : int
        Of the splits and of everything random in training.
    scaling : bool
        Whether columns are scaled.
    shuffle : bool
        Whether every epoch has an order of its own.
    early_stopping : bool
        Whether each member holds out its fold, stops by the rule, and is kept at its best epoch; else all rows are
        learned from and the last epoch counts.
    refit : bool
        Whether, after early stopping, new members learn from all rows for as many epochs as were ideal.
    dtype : {"float32", "float64"}, optional
        In which the learners compute while they learn; by default float32 for networks, else float64.
    threads : int, optional
        Members at work at a time; by default all cores. The model does not depend on it.
    """

    model: Literal["network", "neuron", "perceptron"] = "network"
    task: Literal["auto", "classification", "regression"] = "auto"
    hidden: tuple[int, ...] = (128, 128)
    activation: str = "relu"
    members: int | None = None
    repeats: int = 1
    epochs: int | None = None
    stopping: str | None = None
    seconds: float | None = None
    learning_rate: float | None = None
    schedule: Literal["constant", "cosine"] = "constant"
    batch_size: int | None = None
    optimizer: str = "adam"
    weight_decay: float = 0.0
    dropout: float | None = None
    clip: float = 0.0
    gains: bool = True
    pieces: int | None = None
    class_weight: Literal["balanced"] | tuple[float, ...] | None = None
    test_size: float = 0.2
    groups: str | None = None
    time: str | None = None
    leave_out: tuple[str, ...] = ()
    seed: int = 0
    scaling: bool = True
    shuffle: bool = True
    early_stopping: bool = True
    refit: bool = False
    dtype: Literal["float32", "float64"] | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        at_least = {"members": 1, "repeats": 1, "epochs": 1, "batch_size": 1, "threads": 1, "pieces": 0, "seed": 0}
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
        if self.dropout is not None and not 0 <= self.dropout < 1:
            raise OptionError(
                "dropout must lie from 0 up to, but not including, 1, not at {value}.", value=self.dropout
            )
        if isinstance(self.leave_out, str):
            raise OptionError('leave_out must be a list of columns, such as ["{name}"].', name=self.leave_out)
        if self.stopping is not None:
            rule_of(self.stopping)
        if any(not isinstance(width, int) or width < 1 for width in self.hidden):
            raise OptionError("Every hidden layer needs a whole number of neurons, at least 1.")

    @property
    def rule(self) -> EarlyStopping:
        """The rule that `stopping`, resolved, is the text of."""
        if self.stopping is None:
            raise ValueError("the stopping rule hangs on what is not resolved yet")
        return rule_of(self.stopping)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """The settings that a model was trained with, which a file may have turned from tuples to lists."""
        known = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        plain: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
        return cls(**plain)

    @property
    def _is_deep(self) -> bool:
        """Whether networks with hidden layers learn."""
        return self.model == "network" and bool(self.hidden)

    def may_race(self, *, is_regression: bool) -> bool:
        """Whether it is left to networks that race if numbers are cut into pieces, see `epoca.studies.race`."""
        is_said = self.pieces is not None or not self.scaling
        is_judged = self.early_stopping and not is_regression
        return self._is_deep and is_judged and not is_said and self.seconds is None

    def resolved(self, n_rows: int, *, is_regression: bool) -> Settings:
        """The settings with every value that depended on something filled in."""
        online = self.model != "network"
        alone = online and not self.early_stopping
        deep = self._is_deep
        stopping, dropout, pieces, rate = "patience(16)", 0.0, 0, 0.01 if online else 0.001
        if deep:
            of_classes = "refined(32)" if n_rows < _MANY_ROWS else "refined(16)"
            stopping = "patience(32)" if is_regression else of_classes
            dropout = 0.1 if min(self.hidden) >= _WIDE else 0.0
            pieces = 16
        pieces = (pieces if self.pieces is None else self.pieces) if self.scaling else 0
        if deep and self.scaling and not (pieces or is_regression):
            rate = 0.002  # with pieces several weights move a score together
        return replace(
            self,
            members=self.members or (1 if alone else 8),
            epochs=self.epochs or (1000 if self.early_stopping else 100),
            learning_rate=self.learning_rate or rate,
            batch_size=1 if online else self.batch_size or min(max(round(n_rows / _BATCHES), 16), 256),
            hidden=() if online else self.hidden,
            stopping=self.stopping or stopping,
            dropout=dropout if self.dropout is None else self.dropout,
            pieces=pieces,
            gains=self.gains and deep and self.optimizer == "adam",
            dtype=self.dtype or ("float64" if online else "float32"),
        )
