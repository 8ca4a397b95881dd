"""How much too low the least held-out loss is for having been chosen as the least."""

from __future__ import annotations

import numpy as np

from epoca.training.history import History
from epoca.types import Numbers

PARTS, DEALS = 4, 10
"""Into how many parts the groups are dealt, and how often. Measured (``benchmarks/LOG.md``): with halves the corrected
loss is too high by twice as much, since half of the rows choose worse; with eighths what is found varies more."""

_SMALL_PRODUCT = 1 << 17
"""Multiplications of a product for which OpenBLAS takes no second thread, which would keep a core busy for 30 ms."""


def optimism(history: History, *, seed: int) -> float:
    """By how much the members' least held-out losses are expected to lie below what these epochs give on other rows.

    Nested: the epoch of each member is chosen on three quarters of its groups of held-out rows and read on the fourth,
    which had no say; each quarter is read in turn. What that gives above the least loss itself is the optimism of the
    minimum (Varma and Simon 2006, "Bias in error estimation when using cross-validation for model selection"). Three
    quarters of the rows choose a little worse than all of them, so that the correction is rather too large than too
    small.

    Parameters
    ----------
    history : History
        Of a training, with groups.
    seed : int
        Of the deals.

    Returns
    -------
    float
        In units of the loss, at least 0; NaN where there is nothing to deal.

    Examples
    --------
    >>> optimism(History.of_curves(held_out_loss=np.array([[0.5], [0.4]])), seed=0)
    nan
    """
    losses, groups = history.group_losses().astype(np.float64), history.groups
    if groups is None or losses.size == 0:
        return np.nan
    losses = losses[np.isfinite(losses).all(axis=(1, 2))]  # an epoch that diverged is never chosen
    weights = groups.weights
    if len(losses) == 0 or (weights > 0).sum(axis=1).min() < 2:
        return np.nan
    counts = (weights > 0).sum(axis=1)
    found = np.empty(counts.size)
    for g in np.unique(counts).tolist():  # members of as many groups together
        members = np.flatnonzero(counts == g)
        own = np.argsort(weights[members] == 0, axis=1, kind="stable")[:, :g]
        of_groups = losses[:, members[:, np.newaxis], own].transpose(1, 2, 0)
        found[members] = _of_members(of_groups, np.take_along_axis(weights[members], own, axis=1), _dealt(g, seed))
    return float(found.mean())


def _dealt(g: int, seed: int) -> Numbers:
    """(deals * parts, g): 1 for the groups that each part of each deal reads."""
    parts = min(PARTS, g)
    dealt = np.random.default_rng((seed, 5)).permuted(np.tile(np.arange(g) % parts, (DEALS, 1)), axis=1)
    return np.asarray(dealt[:, np.newaxis] == np.arange(parts)[:, np.newaxis], np.float64).reshape(-1, g)


def _of_members(losses: Numbers, weights: Numbers, is_read: Numbers) -> Numbers:
    """(m,): of losses by member, group and epoch, (m, g, epochs), and the weights of the groups, (m, g)."""
    weighed = losses * weights[:, :, np.newaxis]
    step = max(_SMALL_PRODUCT // is_read.size, 1)
    parts = [is_read @ weighed[:, :, at : at + step] for at in range(0, losses.shape[2], step)]
    read, read_weight = np.concatenate(parts, axis=2), weights @ is_read.T  # (m, parts, epochs), (m, parts)
    whole, weight = weighed.sum(axis=1, keepdims=True), weights.sum(axis=1, keepdims=True)
    chosen = ((whole - read) / (weight - read_weight)[:, :, np.newaxis]).argmin(axis=2, keepdims=True)
    expected = np.take_along_axis(read, chosen, axis=2).sum(axis=(1, 2)) / read_weight.sum(axis=1)
    return np.asarray(np.maximum(expected - whole[:, 0].min(axis=1) / weight[:, 0], 0.0))
