"""By how much the held-out loss of one epoch is above that of another, row by row, and how sure that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from epoca.learners.population import HELD_OUT, Groups
from epoca.training.history import History
from epoca.types import Numbers


def paired_rises(history: History, *, since: int, curve: str = HELD_OUT, reach: int = 0) -> tuple[Numbers, Numbers]:
    """How far the held-out loss of every epoch lies above that of one of them.

    The same rows are judged in both epochs, so what they have in common drops out; see `paired_mean`.

    Parameters
    ----------
    history : History
        E epochs.
    since : int
        The epoch to compare with, counted from 1.
    curve : str
        A field of `Findings`. Where its rows are not recorded, the members stand for them.
    reach : int
        Every epoch stands for the mean of those up to so many before and after it, as far as there are as many on
        either side; those of unbounded loss are left out.

    Returns
    -------
    rises, errors : ndarray of float64, (E,)
        The mean over the members, and its standard error.

    Examples
    --------
    >>> history = History.of_curves(held_out_loss=np.array([[0.9, 0.8], [0.4, 0.5]]))
    >>> rises, errors = paired_rises(history, since=2)
    >>> rises.round(3), errors.round(3)
    (array([0.4, 0. ]), array([0.1, 0. ]))
    """
    losses, groups = _witnesses(history, curve)
    is_known: NDArray[np.bool_] = np.asarray(np.isfinite(losses).reshape(len(losses), -1).all(axis=1))
    if reach == 0 or not is_known[since - 1]:
        return paired_means(losses - losses[since - 1], groups)
    losses = _smoothed(losses[is_known], reach)
    rises, errors = np.full((2, is_known.size), np.inf)
    rises[is_known], errors[is_known] = paired_means(losses - losses[is_known[: since - 1].sum()], groups)
    return rises, errors


def paired_rise(history: History, *, epoch: int, since: int, curve: str = HELD_OUT) -> tuple[float, float]:
    """As `paired_rises`, of a single epoch."""
    first, groups = _witnesses(history, curve, since)
    last, _ = _witnesses(history, curve, epoch)
    return paired_mean(last[0] - first[0], groups)


def paired_mean(differences: Numbers, groups: Groups) -> tuple[float, float]:
    """The members' mean of differences known by group of rows, and its standard error over the groups.

    Groups of the same rows, held out by several members, are one witness. The error is that of a ratio of sums, since
    groups differ in weight; a single witness has an infinite one.

    Parameters
    ----------
    differences : ndarray of float64, (k, g)
        Of each member's groups.
    groups : Groups
        Their weights.

    Returns
    -------
    mean, error : float

    Examples
    --------
    >>> paired_mean(np.array([[1.0, 3.0]]), Groups(np.ones((1, 2)), np.array([0])))
    (2.0, 1.0)
    """
    means, errors = paired_means(differences[np.newaxis], groups)
    return float(means[0]), float(errors[0])


def paired_means(differences: Numbers, groups: Groups) -> tuple[Numbers, Numbers]:
    """As `paired_mean`, of many sets of differences, (E, k, g), at once; gives (E,) and (E,)."""
    weights = groups.weights
    k, g = weights.shape
    shares = weights / weights.sum(axis=1, keepdims=True) / k
    differences = np.where(weights > 0, differences, 0)
    with np.errstate(invalid="ignore"):  # a loss without bounds has a mean and an error without bounds
        means = np.einsum("kg,ekg->e", shares, differences)
        apart = shares * (differences - means[:, np.newaxis, np.newaxis])
    witnesses = int(groups.folds.max()) + 1
    spread, seen = np.zeros((len(differences), witnesses, g)), np.zeros((witnesses, g), bool)
    for member, fold in enumerate(groups.folds):
        spread[:, fold] += apart[:, member]
        seen[fold] |= weights[member] > 0
    n = int(seen.sum())
    if n < 2:
        return means, np.full(len(means), np.inf)
    errors = np.sqrt(n / (n - 1) * (spread**2).sum(axis=(1, 2)))
    return means, np.where(np.isfinite(means), errors, np.inf)


def _smoothed(losses: Numbers, reach: int) -> Numbers:
    """(E, k, g): means over the epochs around each one."""
    n = len(losses)
    sums = np.zeros((n + 1, *losses.shape[1:]))
    for epoch in range(n):  # `cumsum` along the first axis is slower
        np.add(sums[epoch], losses[epoch], out=sums[epoch + 1])
    epochs = np.arange(n)
    reaches = np.minimum(np.minimum(epochs, n - 1 - epochs), reach)  # as far to either side
    widths = (2 * reaches + 1).reshape(-1, *[1] * (losses.ndim - 1))
    smoothed: Numbers = (sums[epochs + reaches + 1] - sums[epochs - reaches]) / widths
    return smoothed


def _witnesses(history: History, curve: str, epoch: int | None = None) -> tuple[Numbers, Groups]:
    """Losses by epoch, member and group, (E, k, g), of all epochs or one."""
    chosen = list(history) if epoch is None else [history[epoch - 1]]
    if history.groups is not None and curve == history.groups.curve:
        losses = np.array([one.findings.held_out_groups for one in chosen], np.float64)
        return losses, history.groups
    members = np.array([getattr(one.findings, curve) for one in chosen])
    k = members.shape[1]
    return members[:, :, np.newaxis], Groups(np.ones((k, 1)), np.arange(k))
