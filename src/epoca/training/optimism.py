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
    deals = {g: _dealt(g, seed) for g in {*(weights > 0).sum(axis=1).tolist()}}
    found = [
        _of_member(losses[:, member, own > 0], own[own > 0], deals[(own > 0).sum()])
        for member, own in enumerate(weights)
    ]
    return float(np.mean(found))


def _dealt(g: int, seed: int) -> Numbers:
    """(deals * parts, g): 1 for the groups that each part of each deal reads."""
    parts = min(PARTS, g)
    dealt = np.random.default_rng((seed, 5)).permuted(np.tile(np.arange(g) % parts, (DEALS, 1)), axis=1)
    return np.asarray(dealt[:, np.newaxis] == np.arange(parts)[:, np.newaxis], np.float64).reshape(-1, g)


def _of_member(losses: Numbers, weights: Numbers, is_read: Numbers) -> float:
    """Of losses by epoch and group, (epochs, g)."""
    weighed = (losses * weights).T  # (g, epochs)
    step = max(_SMALL_PRODUCT // is_read.size, 1)
    read = np.concatenate([is_read @ weighed[:, at : at + step] for at in range(0, len(losses), step)], axis=1)
    whole, weight, read_weight = weighed.sum(axis=0), weights.sum(), is_read @ weights
    chosen = ((whole - read) / (weight - read_weight)[:, np.newaxis]).argmin(axis=1)
    expected = read[np.arange(chosen.size), chosen].sum() / read_weight.sum()
    return max(0.0, float(expected - whole.min() / weight))
