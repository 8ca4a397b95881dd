"""A training beside that of a model, on the same rows with the same rows held out, to be held against it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.learners.population import Groups
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.studies.again import fitting_again
from epoca.training.history import Epoch
from epoca.training.rules import Deadline, Limit, Patience, Refined
from epoca.training.stop import StopReason
from epoca.training.verdict_kind import MILD

FITTED_ALIKE: Mapping[str, Any] = {"refit": False, "seconds": None, "threads": None}
"""Settings of every training beside another: nothing but its curves is wanted, and no clock decides."""

LITTLE = 0.01
"""Share of the loss of guessing below which no difference is worth a word."""


def groups_of(model: Model) -> Groups:
    """How the rows that the members held out were dealt.

    Raises
    ------
    OptionError
        If no epoch was recorded, or nothing was held out.
    """
    if not len(model.history):
        raise OptionError("No epoch of the model's training was recorded, so nothing can be held against it.")
    if model.best_epoch is None or model.history.groups is None:
        raise OptionError(
            "The model's training held no rows out, so nothing can be held against it; train with early stopping."
        )
    return model.history.groups


def fitting_beside(
    model: Model, problem: Problem, *, share: float = 1.0, changes: Mapping[str, Any] | None = None
) -> Fitting:
    """The training of a model from its start, with other settings or fewer rows, ready to be run.

    It may take as many updates as the model's own: where that ended before a better epoch could be ruled out, no more
    than were taken, else the model's limit. On fewer rows an epoch makes fewer updates, so limit and patience are that
    much longer; else a training on few rows would end before it has come as far.

    Parameters
    ----------
    model : Model
        Says how it was trained.
    problem : Problem
        The same rows as then.
    share : float
        Of the rows that a member does not hold out, how many it learns from.
    changes : mapping, optional
        Settings that are to be others, see `Settings`.

    Returns
    -------
    Fitting

    Raises
    ------
    OptionError
        If nothing was held out, or these are not the rows of then.
    """
    groups_of(model)  # says if there are none
    settings = Settings.of(model.settings)
    epochs = len(model.history) if model.is_open_ended else settings.epochs
    assert epochs is not None
    longer = _longer(model, share)
    alike = {**FITTED_ALIKE, "epochs": round(epochs * longer), "stopping": _rule(model, longer), **(changes or {})}
    altered = replace(model, settings={**model.settings, **alike})
    return fitting_again(altered, problem, share=share)


def _longer(model: Model, share: float) -> float:
    """How many times as many epochs make as many updates on a share of the rows."""
    settings = Settings.of(model.settings)
    assert settings.batch_size is not None
    rows = int(model.data["rows"]["train"]) * (1 - 1 / max(settings.members or 1, 2))
    return math.ceil(rows / settings.batch_size) / math.ceil(share * rows / settings.batch_size)


def _rule(model: Model, longer: float) -> str:
    """The model's stopping rule, that much more patient."""
    rule = Settings.of(model.settings).rule
    if isinstance(rule, Deadline):
        return str(Limit(round(len(model.history) * longer)))
    return (
        str(replace(rule, epochs=round(rule.epochs * longer)))
        if isinstance(rule, Patience | Refined | Limit)
        else str(rule)
    )


def run(fitting: Fitting, on_epoch: Callable[[Epoch], object] | None = None) -> None:
    """Train to the end.

    Parameters
    ----------
    fitting : Fitting
        What to train.
    on_epoch : callable, optional
        Given every finished epoch.

    Raises
    ------
    KeyboardInterrupt
        By Ctrl-C, since half a training tells nothing.
    """
    for epoch in fitting.training:
        if on_epoch is not None:
            on_epoch(epoch)
    if fitting.training.stop.reason is StopReason.INTERRUPTED:
        raise KeyboardInterrupt


def rows_of(fitting: Fitting, *, share: float = 1.0) -> int:
    """How many rows a member learns from, on average."""
    material = fitting.material
    others = material.examples.targets.size - np.array([rows.size for rows in material.held_out])
    return round(float(np.maximum(np.ceil(share * others), 1).mean()))


def matters_of(model: Model) -> float:
    """The least difference of held-out losses that is worth a word, as the verdict counts.

    That is a twentieth of what was learned, and no less than a hundredth of the loss of guessing.
    """
    found = model.verdict.evidence
    assert found is not None  # as rows were held out
    return max(MILD * found.learned.value, LITTLE * found.guessing)
