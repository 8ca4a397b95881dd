"""Networks that classify."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, final

import numpy as np

from epoca.estimators.classifier import ProbabilisticClassifier
from epoca.estimators.mlp import MLP
from epoca.training.history import Epoch


@final
class MLPClassifier(MLP, ProbabilisticClassifier):
    """A population of networks that turns rows of a table into probabilities of classes.

    By default eight networks learn side by side, each holding out its own share of the rows; training stops when their
    mean held-out loss no longer falls, each is kept at its best epoch, and their probabilities are averaged.

    Parameters
    ----------
    hidden_layer_sizes : tuple of int
        Neurons of each hidden layer.
    activation : {"relu", "tanh", "logistic", "silu"}
        Of the hidden neurons.
    members : int or "auto"
        Networks trained side by side; "auto" are 8.
    repeats : int
        How many times as many, each share of rows being held out by networks of so many seeds; tells how much of the
        spread of best epochs comes from seeds and how much from rows (`best_epoch_spread_`).
    batch_size : int or "auto"
        Rows of one update; "auto" are a fiftieth of the rows, at least 16 and at most 256.
    learning_rate : float or "auto"
        "auto" is 0.001, or 0.002 where there are hidden layers and scaled numbers are not cut into pieces.
    weight_decay : float
        By how much each step shrinks the weights (AdamW: Loshchilov and Hutter 2019).
    dropout : float or "auto"
        Share of hidden neurons silenced in each step (Srivastava et al. 2014); "auto" is 0.1, or 0 where a layer has
        fewer than 32.
    gains : bool
        Whether the weights of every encoded column share a gain that learns faster than they do, so that columns that
        tell little soon weigh little (after the scaling layer of Holzmüller et al. 2024).
    max_epochs : int or "auto"
        Limit of epochs; "auto" is 1000, without early stopping 100.
    early_stopping : bool
        Whether each member holds out a fold; else all rows are learned from up to the limit of epochs.
    stopping : str
        The rule of early stopping: "refined(32)", which is "auto" (from 20,000 rows on "refined(16)"), bears 32 epochs
        without improvement of the mean held-out loss at the best sharpness of the probabilities, and keeps each network
        so sharpened (Berta et al. 2025); "patience(16)", "auto" where there is no hidden layer, judges the loss as it
        is. Others are "patience(16, growth=0.5)", "gl(5)", "pq(0.75)", "up(3)", "one_se(1)", "limit(100)" and
        "deadline(60)"; see `epoca.training.rules`.
    refit : bool
        Whether, after early stopping, new members learn from all rows for the ideal number of epochs, carried over to
        more rows as passes or as updates, whichever did better inside the folds.
    class_weight : dict, "balanced" or None
        How much the rows of each label count; "balanced" lets all classes count the same together.
    scaling : bool
        Whether numbers are scaled.
    pieces : int or "auto"
        Into how many pieces the range of every number is cut besides, for curves with corners (Gorishniy et al. 2022);
        "auto" are 16, or 0 where networks without win a short race on held-out rows (`epoca.studies.race`). Whole
        numbers of few values, which may be codes, have a piece between every two of them; where very many columns are
        numbers each has fewer.
    dtype : {"float32", "float64"}
        In which the networks compute while they learn; predictions are always computed in float64.
    device : {"auto", "cpu"}
        Where to compute.
    n_jobs : int or None
        Members at work at a time; None takes all cores in the main thread and one in others. Results do not depend on
        it.
    random_state : int, RandomState or None
        The same number gives the same model; None a new one each time.
    verbose : bool
        Whether to show a live line on the training.
    callbacks : sequence of callable
        Each is given every finished `Epoch`; one that returns True ends the training.
    keep_epochs : bool
        Whether every epoch's weights are kept, for `staged_predict_proba`.

    Attributes
    ----------
    classes_ : ndarray, (c,)
        The labels, sorted.
    n_features_in_ : int
        Columns.
    feature_names_in_ : ndarray of str
        Their names, if they have any.
    best_epoch_ : int or None
        The ideal epoch; None where nothing was held out.
    best_epoch_range_ : tuple of int or None
        The epochs around it whose held-out loss is within a standard error of the least.
    best_epoch_spread_ : Spread or None
        How far the members' own best epochs lie apart, by folds and by seeds.
    stop_reason_ : StopReason
        Why training ended.
    n_epochs_ : int
        Epochs that were trained.
    history_ : History
        Every epoch's losses, accuracies and gradients.
    scores_ : mapping
        Of training rows and held-out rows, with standard errors.
    verdict_ : Verdict
        What the curves say about the fit.
    coefs_, intercepts_ : list of ndarray, (k, inputs, outputs) and (k, outputs)
        Every layer's weights and biases, of all members.
    encoder_ : Columns
        What every column became.
    batch_size_, dropout_, learning_rate_, max_epochs_, members_, pieces_, stopping_
        What "auto" was.

    Examples
    --------
    >>> import numpy as np
    >>> X = [[0.1, "red"], [0.3, "blue"], [0.7, "red"], [0.9, "blue"]] * 10
    >>> y = ["no", "yes", "no", "yes"] * 10
    >>> classifier = MLPClassifier((8,), max_epochs=60).fit(np.array(X, object), y)
    >>> classifier.predict(np.array([[0.5, "blue"]], object)).tolist()
    ['yes']
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **ProbabilisticClassifier._parameter_constraints,
        **MLP._parameter_constraints,
    }

    def __init__(
        self,
        hidden_layer_sizes: Sequence[int] = (128, 128),
        *,
        activation: Literal["relu", "tanh", "logistic", "silu"] = "relu",
        members: int | Literal["auto"] = "auto",
        repeats: int = 1,
        batch_size: int | Literal["auto"] = "auto",
        learning_rate: float | Literal["auto"] = "auto",
        weight_decay: float = 0.0,
        dropout: float | Literal["auto"] = "auto",
        gains: bool = True,
        max_epochs: int | Literal["auto"] = "auto",
        early_stopping: bool = True,
        stopping: str = "auto",
        refit: bool = False,
        class_weight: Mapping[Any, float] | Literal["balanced"] | None = None,
        scaling: bool = True,
        pieces: int | Literal["auto"] = "auto",
        dtype: Literal["float32", "float64"] = "float32",
        device: Literal["auto", "cpu"] = "auto",
        n_jobs: int | None = None,
        random_state: int | np.random.RandomState | None = 0,
        verbose: bool = False,
        callbacks: Sequence[Callable[[Epoch], Any]] = (),
        keep_epochs: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.members = members
        self.repeats = repeats
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.dropout = dropout
        self.gains = gains
        self.max_epochs = max_epochs
        self.early_stopping = early_stopping
        self.stopping = stopping
        self.refit = refit
        self.class_weight = class_weight
        self.scaling = scaling
        self.pieces = pieces
        self.dtype = dtype
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose
        self.callbacks = callbacks
        self.keep_epochs = keep_epochs
