"""A trained population judged on rows: its scores, and what the rows tell beyond the curves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from epoca.clues.copies import copied_rows
from epoca.clues.leaks import leaking_column
from epoca.clues.likeness import unlike_column
from epoca.clues.neighbours import shared_error
from epoca.learners.predicting import predictions
from epoca.material import Material
from epoca.model import Model
from epoca.problem import Problem
from epoca.scores import Score, score_labels
from epoca.training.evidence import Clues, Figure
from epoca.training.optimism import optimism
from epoca.types import Codes, Numbers, Parameters, Rows, SparseMatrix


def out_of_fold(
    model: Model, members: Parameters, material: Material, held_out: Sequence[Rows]
) -> tuple[NDArray[np.float64], Rows]:
    """What was predicted of every held-out row by the members that held it out and by no other.

    Parameters
    ----------
    model : Model
        Gives the form.
    members : ndarray, (k, P)
        Each at its best epoch.
    material : Material
        What they were shown.
    held_out : sequence of ndarray of int64
        The rows of each.

    Returns
    -------
    outputs : ndarray of float64, (m, c)
        As `Model.outputs` gives them.
    rows : ndarray of int64, (m,)
        Their places among the examples.
    """
    matrix = material.examples.matrix
    total: NDArray[np.float64] | None = None
    counts = np.zeros(material.examples.targets.size)
    for member, rows in zip(members, held_out, strict=True):
        found = predictions(member[np.newaxis], model.form.shape, matrix, rows)
        total = np.zeros((counts.size, found.shape[1])) if total is None else total
        total[rows] += found
        counts[rows] += 1
    assert total is not None
    seen = np.flatnonzero(counts)
    return total[seen] / counts[seen, np.newaxis], seen


def targets_of(problem: Problem, train_rows: Rows) -> Codes | Numbers:
    """Codes, or numbers in the target's unit, of the examples that members see."""
    own = problem.targets[train_rows]
    return own if problem.validation is None else np.concatenate([own, problem.validation.targets])


def corrected(score: Score, model: Model) -> Score:
    """The score of held-out rows with the optimism of having chosen the epochs by these rows taken out."""
    if model.trust == 0:  # guesses owe nothing to the epochs
        return score
    too_low = model.trust * optimism(model.history, seed=int(model.settings["seed"]))
    if math.isnan(too_low):
        return score
    if score.rmse is not None:
        scale = model.target.scale
        return replace(score, rmse_corrected=scale * math.sqrt((score.rmse / scale) ** 2 + 2 * too_low))
    if score.log_loss is None:
        return score
    return replace(score, log_loss_corrected=score.log_loss + too_low)


def guessed(model: Model, material: Material, actual: Codes | Numbers) -> Score:
    """The score of always guessing what the rows learned from show on the whole: class shares, or the mean."""
    if model.target.task == "regression":  # whose mean is 0 to the members
        return model.judged(np.zeros((actual.size, 1)), actual)
    shares = material.class_shares
    if model.form.head == "step":
        return score_labels(np.full(actual.size, shares.argmax()), actual.astype(np.int64))
    return model.judged(np.tile(shares, (actual.size, 1)), actual)


def unpredicted(model: Model, outputs: NDArray[np.float64], actual: Codes | Numbers) -> list[str]:
    """The classes that no row is taken for, though two rows or more are of them."""
    if model.target.task == "regression":
        return []
    classes = len(model.target.labels)
    happened = np.bincount(actual.astype(np.int64), minlength=classes)
    predicted = np.bincount(model.codes(outputs), minlength=classes)
    places = np.flatnonzero((predicted == 0) & (happened > 1)).tolist()
    return [str(model.target.labels[place]) for place in places]


def clues_of(
    model: Model, material: Material, outputs: NDArray[np.float64], rows: Rows, *, is_given: bool, seed: int
) -> Clues:
    """What the rows tell of a fit.

    Parameters
    ----------
    model : Model
        What was fitted.
    material : Material
        What its members were shown.
    outputs, rows : ndarray
        What `out_of_fold` gave.
    is_given : bool
        Whether the held-out rows were given, and not taken from the training rows by lot.
    seed : int
        Of samples.
    """
    shown = material.examples
    targets = shown.targets.astype(np.float64)
    errors = _errors(model, outputs, targets[rows])
    losses = _losses(model, outputs, targets[rows])
    copied = copied_rows(shown.matrix, targets, material.held_out)[rows]
    gain = _difference(losses[~copied], losses[copied])
    shared = (0.0, math.inf)
    unlike = None
    if not isinstance(shown.matrix, SparseMatrix):
        shared = shared_error(shown.matrix[rows], errors, seed=seed)
        if is_given:
            both = np.column_stack([shown.matrix, targets]).astype(np.float64)
            place = unlike_column(both[: material.n_rows], both[material.n_rows :])
            accounts = model.columns.accounts
            inputs = [account.name for account in accounts for _output in range(account.outputs)]
            names = [*inputs, model.target.column]
            unlike = None if place is None else names[place]
    return Clues(
        rows=material.n_rows,
        held_out_rows=rows.size,
        leak=leaking_column(model.columns, material.matrix, material.targets, of_numbers=material.is_regression),
        copies=float(copied.mean()),
        copies_gain=gain.value,
        copies_gain_error=gain.error,
        unlike=unlike,
        shared_error=shared[0],
        shared_error_error=shared[1] if math.isfinite(shared[1]) else 0.0,
    )


def _errors(model: Model, outputs: NDArray[np.float64], targets: Numbers) -> NDArray[np.float64]:
    """(m, c): what happened less what was predicted."""
    if model.target.task == "regression":
        return targets[:, np.newaxis] - outputs
    classes = len(model.target.labels)
    happened = np.eye(classes)[targets.astype(np.int64)]
    return happened - (np.eye(classes)[model.codes(outputs)] if model.form.head == "step" else outputs)


def _losses(model: Model, outputs: NDArray[np.float64], targets: Numbers) -> Numbers:
    if model.target.task == "regression":
        return np.asarray(0.5 * (outputs[:, 0] - targets) ** 2)
    codes = targets.astype(np.int64)
    if model.form.head == "step":
        return np.asarray(model.codes(outputs) != codes, np.float64)
    return np.asarray(-np.log(np.maximum(outputs[np.arange(codes.size), codes], np.finfo(np.float64).tiny)))


def _difference(one: Numbers, other: Numbers) -> Figure:
    """Of two means of independent rows; nothing where there are too few."""
    if min(one.size, other.size) < 2:
        return Figure(0.0, 0.0)
    error = math.sqrt(one.var(ddof=1) / one.size + other.var(ddof=1) / other.size)
    return Figure(float(one.mean() - other.mean()), error)
