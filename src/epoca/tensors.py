"""The arrays of a model by name, as its file holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from epoca.learners.learner import State
from epoca.learners.population import Groups
from epoca.model import Model
from epoca.training.history import History
from epoca.training.loop import Checkpoint
from epoca.types import Numbers, Parameters

Tensors: TypeAlias = Mapping[str, NDArray[Any]]
"""``parameters`` (k, P) are the members. Where rows were held out there are ``group_losses`` (epochs, k, g),
``group_weights`` (k, g), ``folds`` (k,), see `Groups`, and ``baseline.NAME`` (k, g); where training can go on
``state.buffers`` (k, size), ``state.random``, ``state.steps`` and ``state.least`` (k,), and, unless these are the
parameters, ``state.best`` (k, P)."""


_NAMES = {"parameters", "group_losses", "group_weights", "folds", "baseline.guessing", "baseline.neuron"}
_NAMES |= {f"state.{name}" for name in ("buffers", "random", "steps", "least", "best")}


def are_of_a_model(tensors: Tensors) -> bool:
    """Whether these are arrays that a model may have."""
    parameters = tensors.get("parameters")
    is_known = all(name in _NAMES and values.dtype.kind in "fiu" for name, values in tensors.items())
    return is_known and parameters is not None and parameters.ndim == 2 and parameters.dtype.kind == "f"


def tensors_of(model: Model) -> dict[str, NDArray[Any]]:
    """The arrays of a model.

    Parameters
    ----------
    model : Model
        To be kept.
    """
    parameters = np.ascontiguousarray(model.parameters)
    tensors: dict[str, NDArray[Any]] = {"parameters": parameters}
    history, checkpoint = model.history, model.checkpoint
    if history.groups is not None:
        tensors["group_losses"] = np.ascontiguousarray(history.group_losses())
        tensors["group_weights"] = history.groups.weights
        tensors["folds"] = history.groups.folds
    for name, losses in model.baselines.items():
        tensors[f"baseline.{name}"] = np.ascontiguousarray(losses)
    if checkpoint is not None:
        states = checkpoint.states
        tensors["state.buffers"] = np.array([state.buffer for state in states])
        tensors["state.random"] = np.array([state.random[0] for state in states], np.uint64)
        tensors["state.steps"] = np.array([state.steps for state in states], np.int64)
        tensors["state.least"] = checkpoint.least
        if not np.array_equal(checkpoint.best_parameters, parameters):
            tensors["state.best"] = checkpoint.best_parameters
    return tensors


def history_of(entries: list[dict[str, Any]], tensors: Tensors, *, curve: str) -> History:
    """The history that a file's JSON and tensors describe, with groups of the losses of this curve.

    Raises
    ------
    KeyError, TypeError, ValueError
        If they do not fit together.
    """
    if not entries:
        return History()
    groups = Groups(_floats(tensors["group_weights"]), tensors["folds"].astype(np.int64), curve)
    weights, k = groups.weights, len(groups.folds)
    fits = weights.ndim == 2 and (groups.folds >= 0).all() and (groups.folds < k).all() and _is_finite(weights)
    if not fits or (weights < 0).any() or (weights.shape[1] > 0 and not weights.sum(axis=1).all()):
        raise ValueError("groups")
    history = History.from_json(entries, group_losses=tensors["group_losses"].astype(np.float32), groups=groups)
    if any(values.shape != (k,) for epoch in history for values in epoch.findings[:-1]):
        raise ValueError("history")
    return history


def history_of_old(entries: list[dict[str, Any]]) -> History:
    """The history of a file of format 1, which knew less: the rows that a member held out are one group."""
    if not entries:
        return History()
    losses = np.array([entry["held_out_loss"] for entry in entries], np.float64)
    k = losses.shape[1]
    unknown = dict.fromkeys(("training_loss_error", "refined_loss", "sharpness"), [None] * k)
    groups = Groups(np.ones((k, 1)), np.arange(k))
    known = [{**unknown, **entry} for entry in entries]
    return History.from_json(known, group_losses=losses[:, :, np.newaxis].astype(np.float32), groups=groups)


def baselines_of(tensors: Tensors, history: History) -> dict[str, Numbers]:
    """The losses of the baselines, which fit the history."""
    named = {name.removeprefix("baseline."): losses for name, losses in tensors.items() if name.startswith("baseline.")}
    k, g = (0, 0) if history.groups is None else history.groups.weights.shape
    for name, losses in named.items():
        members = [k] if name == "guessing" else range(1, k + 1)
        if losses.ndim != 2 or losses.shape[1] != g or len(losses) not in members or not _is_finite(losses):
            raise ValueError("baselines")
    return {name: _floats(losses) for name, losses in named.items()}


def checkpoint_of(
    tensors: Tensors,
    history: History,
    parameters: Parameters,
    *,
    members: int,
    sizes: Collection[int],
    dtype: type[np.floating],
) -> Checkpoint | None:
    """Where the training stood, if that was kept.

    Parameters
    ----------
    tensors : mapping of str to ndarray
        Of the file.
    history : History
        Its epochs.
    parameters : ndarray, (k, P)
        The members.
    members : int
        How many there were in training.
    sizes : collection of int
        How many numbers a member's state may hold.
    dtype : type
        Of the learner.

    Raises
    ------
    KeyError, ValueError
        If they do not fit together: a kernel trusts in them.
    """
    if "state.buffers" not in tensors:
        return None
    buffers, best = tensors["state.buffers"], tensors.get("state.best", parameters)
    random, steps, least = (tensors[f"state.{name}"] for name in ("random", "steps", "least"))
    size = parameters.shape[1]
    fits = buffers.shape in {(members, numbers) for numbers in sizes} and best.shape == (members, size)
    fits &= buffers.dtype == best.dtype == dtype and random.dtype == np.uint64 and steps.dtype == np.int64
    fits &= all(values.shape == (members,) for values in (random, steps, least)) and bool((steps >= 0).all())
    if not fits or not _is_finite(best):
        raise ValueError("state")
    states = [
        State(
            buffer=buffers[member],
            n_parameters=size,
            order=np.empty(0, np.int64),
            random=random[member : member + 1],
            steps=int(steps[member]),
        )
        for member in range(members)
    ]
    return Checkpoint(states=states, history=history, best_parameters=best, least=_floats(least))


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    return values.astype(np.float64)


def _is_finite(values: NDArray[Any]) -> bool:
    return bool(np.isfinite(values).all())
