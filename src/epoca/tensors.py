"""The arrays of a model by name, as its file holds them."""

from __future__ import annotations

from collections.abc import Mapping
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
``state.buffers`` (k, copies * P), ``state.random``, ``state.steps`` and ``state.least`` (k,), and ``state.best`` (k, P)
unless these are the parameters."""


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


def history_of(entries: list[dict[str, Any]], tensors: Tensors) -> History:
    """The history that a file's JSON and tensors describe.

    Raises
    ------
    KeyError, TypeError, ValueError
        If they do not fit together.
    """
    if not entries:
        return History()
    groups = Groups(_floats(tensors["group_weights"]), tensors["folds"].astype(np.int64))
    if not (groups.folds >= 0).all() or (groups.folds >= groups.folds.size).any() or not _is_finite(groups.weights):
        raise ValueError("folds")
    return History.from_json(entries, group_losses=tensors["group_losses"].astype(np.float32), groups=groups)


def baselines_of(tensors: Tensors, history: History) -> dict[str, Numbers]:
    """The losses of the baselines, which fit the history."""
    named = {name.removeprefix("baseline."): losses for name, losses in tensors.items() if name.startswith("baseline.")}
    k, g = (0, 0) if history.groups is None else history.groups.weights.shape
    if any(losses.ndim != 2 or losses.shape[1] != g or not 1 <= len(losses) <= k for losses in named.values()):
        raise ValueError("baselines")
    return {name: _floats(losses) for name, losses in named.items()}


def checkpoint_of(tensors: Tensors, history: History, parameters: Parameters) -> Checkpoint | None:
    """Where the training stood, if that was kept."""
    if "state.buffers" not in tensors:
        return None
    buffers, best = tensors["state.buffers"], tensors.get("state.best", parameters)
    k, size = best.shape
    random, steps, least = (tensors[f"state.{name}"] for name in ("random", "steps", "least"))
    fits = buffers.ndim == 2 and len(buffers) == k and buffers.shape[1] % size == 0 and size == parameters.shape[1]
    if not fits or any(values.shape != (k,) for values in (random, steps, least)):
        raise ValueError("state")
    states = [
        State(
            buffer=buffers[member],
            n_parameters=size,
            order=np.empty(0, np.int64),
            random=random[member : member + 1].astype(np.uint64),
            steps=int(steps[member]),
        )
        for member in range(k)
    ]
    return Checkpoint(states=states, history=history, best_parameters=best, least=_floats(least))


def _floats(values: NDArray[Any]) -> NDArray[np.float64]:
    return values.astype(np.float64)


def _is_finite(values: NDArray[np.float64]) -> bool:
    return bool(np.isfinite(values).all())
