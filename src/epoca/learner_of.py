"""From settings to the learner that each member is."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from epoca.errors import OptionError
from epoca.learners.learner import Learner
from epoca.learners.network import Network
from epoca.learners.neuron import Neuron
from epoca.learners.perceptron import Perceptron
from epoca.settings import Settings
from epoca.tables.encoder import Encoder
from epoca.tables.target import Target
from epoca.tables.values import listed
from epoca.types import Parameters

Start: TypeAlias = tuple[Any, Any]
"""Weights and biases to start from, each an array or None."""

BASELINE_RATES = (
    *(0.01 * 15 ** (epoch / 3) for epoch in range(4)),
    *(0.075 * (1 + math.cos(math.pi * epoch / 6)) for epoch in range(1, 6)),
)
"""Learning rate of each epoch of the neuron trained beside a network.

It rises, since on some tables the first small steps are the best, and falls to nearly 0, so that few epochs end it: one
cycle, after Smith 2018, "A disciplined approach to neural network hyper-parameters". How near that comes to a neuron
trained to its end is in ``benchmarks/LOG.md``.
"""


def learner_of(settings: Settings, *, columns: Encoder, target: Target, start: Start | None = None) -> Learner:
    """The learner that settings ask for.

    Parameters
    ----------
    settings : Settings
        Resolved.
    columns : Columns or SparseColumns
        Say how many inputs there are.
    target : Target
        Says how many outputs there are, and of what kind.
    start : pair of ndarray, optional
        Weights, (outputs, inputs), and biases, (outputs,), from which a neuron or perceptron starts; or None.

    Returns
    -------
    Learner

    Raises
    ------
    OptionError
        If a setting does not fit the target, or the start does not fit the columns.
    """
    inputs, outputs, head = columns.n_outputs, _n_outputs(target), _head(target)
    dtype = _dtype(settings)
    if settings.model == "perceptron":
        if target.task == "regression":
            raise OptionError("A perceptron gives labels, no numbers; choose a neuron or a network for a regression.")
        return Perceptron(sizes=(inputs, outputs), dtype=dtype, start=_started(start, columns, outputs))
    if settings.model == "neuron":
        return Neuron(sizes=(inputs, outputs), head=head, dtype=dtype, start=_started(start, columns, outputs))
    assert settings.batch_size is not None
    assert settings.dropout is not None
    return Network(
        sizes=(inputs, *settings.hidden, outputs),
        head=head,
        activation=settings.activation,
        batch_size=settings.batch_size,
        optimizer=settings.optimizer,
        weight_decay=settings.weight_decay,
        dropout=settings.dropout,
        clip=settings.clip,
        gains=settings.gains,
        dtype=dtype,
    )


def baseline_of(settings: Settings, *, columns: Encoder, target: Target, n_rows: int) -> Learner | None:
    """The neuron that is trained beside a network, to see what a line does; None where a line is all that learns.

    Its batches are so small that an epoch of few rows makes fifty steps too.
    """
    if settings.model != "network" or not settings.hidden:
        return None
    sizes = (columns.n_outputs, _n_outputs(target))
    batch_size = min(max(n_rows // 50, 4), 128)
    return Network(sizes=sizes, head=_head(target), batch_size=batch_size, dtype=_dtype(settings))


def _n_outputs(target: Target) -> int:
    return 1 if target.task == "regression" or len(target.labels) == 2 else len(target.labels)


def _head(target: Target) -> str:
    return "identity" if target.task == "regression" else "logistic" if len(target.labels) == 2 else "softmax"


def _dtype(settings: Settings) -> type[np.floating]:
    return np.float64 if settings.dtype == "float64" else np.float32


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
