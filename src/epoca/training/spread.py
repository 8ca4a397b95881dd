"""How far the members' own best epochs lie apart, and whether it is their rows or their seeds that part them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.learners.population import HELD_OUT
from epoca.messages import Message
from epoca.training.history import History


@final
@dataclass(frozen=True, kw_only=True)
class Spread:
    """How far the members' own best epochs lie apart, as standard deviations of their natural logarithms.

    Parameters
    ----------
    least, largest : int
        The earliest and the latest best epoch of a member.
    total : float
        Standard deviation over all members.
    folds, seeds : float or None
        The part of the held-out rows and that of the seed, known where several members hold out the same rows:
        ``folds**2 + seeds**2`` is the variance of a member drawn anew.
    """

    least: int
    largest: int
    total: float
    folds: float | None = None
    seeds: float | None = None

    @property
    def sentence(self) -> Message:
        """The spread in words."""
        apart = {"least": self.least, "largest": self.largest}
        if self.folds is None or self.seeds is None:
            return Message("The members' own best epochs lie between {least} and {largest}.", **apart)
        variance = self.folds**2 + self.seeds**2
        return Message(
            "The members' own best epochs lie between {least} and {largest}; {seeds}% of their variance comes from "
            "seeds, the rest from which rows are held out.",
            seeds=round(100 * self.seeds**2 / variance) if variance > 0 else 0,
            **apart,
        )


def spread(history: History, *, curve: str = HELD_OUT) -> Spread | None:
    """The spread of the members' own best epochs, in parts by analysis of variance (Fisher 1925).

    Parameters
    ----------
    history : History
        Of a training.
    curve : str
        A field of `Findings`.

    Returns
    -------
    Spread or None
        None where fewer than two members held rows out.

    Examples
    --------
    >>> losses = np.array([[0.5, 0.6], [0.4, 0.5], [0.6, 0.4]])
    >>> found = spread(History.of_curves(held_out_loss=losses))
    >>> found.least, found.largest, round(found.total, 3)
    (2, 3, 0.287)
    """
    losses = history.members(curve)
    if losses.size == 0 or losses.shape[1] < 2 or not np.isfinite(losses).any(axis=0).all():
        return None
    epochs = np.where(np.isfinite(losses), losses, np.inf).argmin(axis=0) + 1
    logs = np.log(epochs)
    found = Spread(least=int(epochs.min()), largest=int(epochs.max()), total=float(logs.std(ddof=1)))
    folds = np.arange(logs.size) if history.groups is None else history.groups.folds
    sizes = np.bincount(folds)
    n, groups = logs.size, sizes.size
    if groups < 2 or n == groups:
        return found
    means = np.bincount(folds, logs) / sizes
    within = float(((logs - means[folds]) ** 2).sum() / (n - groups))
    between = float((sizes * (means - logs.mean()) ** 2).sum() / (groups - 1))
    size = (n - (sizes**2).sum() / n) / (groups - 1)  # seeds a fold, where folds have unlike many
    folds_variance = max(0.0, (between - within) / size)
    return Spread(
        least=found.least,
        largest=found.largest,
        total=found.total,
        folds=float(np.sqrt(folds_variance)),
        seeds=float(np.sqrt(within)),
    )
