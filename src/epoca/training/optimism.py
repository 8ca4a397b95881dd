"""How much too low the least held-out loss is for having been chosen as the least."""

from __future__ import annotations

import numpy as np

from epoca.training.history import History
from epoca.types import Numbers

PARTS, DEALS = 4, 10
"""Into how many parts the groups are dealt, and how often. Measured (``benchmarks/LOG.md``): with halves the corrected
loss is too high by twice as much, since half of the rows choose worse; with eighths what is found varies more."""


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
    generator = np.random.default_rng((seed, 5))
    found = [_of_member(losses[:, member, own > 0], own[own > 0], generator) for member, own in enumerate(weights)]
    return float(np.mean(found))


def _of_member(losses: Numbers, weights: Numbers, generator: np.random.Generator) -> float:
    """Of losses by epoch and group, (epochs, g)."""
    g = weights.size
    parts = min(PARTS, g)
    order = generator.permuted(np.tile(np.arange(g), (DEALS, 1)), axis=1).ravel()
    starts = np.add.outer(g * np.arange(DEALS), g * np.arange(parts) // parts).ravel()
    weighed = (losses * weights).T  # (g, epochs)
    whole, weight = weighed.sum(axis=0), weights.sum()
    part, part_weight = np.add.reduceat(weighed[order], starts), np.add.reduceat(weights[order], starts)
    chosen = ((whole - part) / (weight - part_weight)[:, np.newaxis]).argmin(axis=1)
    read = part[np.arange(chosen.size), chosen].sum() / part_weight.sum()
    return max(0.0, float(read - whole.min() / weight))
