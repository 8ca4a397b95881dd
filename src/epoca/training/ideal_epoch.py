"""The ideal epoch: where the mean held-out loss is least, and the epochs that are as good."""

from __future__ import annotations

import numpy as np

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.paired import paired_rises
from epoca.types import Numbers

REACH = 0.1
"""Over so much of the ideal epoch, to either side, losses are averaged. Measured (``benchmarks/LOG.md``): from a tenth
to a fifth the range covers the truth alike; with less, single epochs end it too soon."""


def ideal_epoch(held_out_loss: Numbers) -> int | None:
    """The epoch at which the members' mean held-out loss is least, found after the fact.

    The arg-min of the mean curve is the best single choice of an epoch (Holzmüller, Grinsztajn, Steinwart 2024,
    "Better by default", table B.4); of equal ones the first counts, and what is not a number never does.

    Parameters
    ----------
    held_out_loss : ndarray of float64, (epochs,) or (epochs, k)
        By epoch, or by epoch and member.

    Returns
    -------
    int or None
        Counted from 1; None where nothing was held out.

    Examples
    --------
    >>> ideal_epoch(np.array([[0.9, 0.8], [0.5, 0.6], [0.4, 0.8]]))
    2
    """
    curve = held_out_loss.mean(axis=1) if held_out_loss.ndim == 2 else held_out_loss
    is_finite = np.isfinite(curve)
    return int(np.where(is_finite, curve, np.inf).argmin()) + 1 if is_finite.any() else None


def ideal_epoch_range(history: History, *, curve: str = HELD_OUT) -> tuple[int, int] | None:
    """The epochs around the ideal one whose held-out loss is within one standard error of the least.

    Every epoch stands for the mean of those around it, up to a tenth of the ideal epoch to either side, so that no
    single lucky or unlucky one decides anything. The range reaches to the farthest epoch for which neither it nor any
    epoch on the way to it is worse than the ideal one by more than its standard error, which is that of the difference
    row by row (see `epoca.training.paired`), not that of the loss: the same rows are judged in both epochs.

    Parameters
    ----------
    history : History
        Of a training.
    curve : str
        A field of `Findings`.

    Returns
    -------
    tuple of int or None
        First and last epoch, the ideal one among them; it alone where there is but one witness, whose error nobody
        knows; None where nothing was held out.

    Notes
    -----
    The rule of one standard error is that of Breiman, Friedman, Olshen, Stone (1984), "Classification and regression
    trees". How often the range holds an epoch that is truly as good as the best is measured in
    ``benchmarks/ideal_epoch.md``.

    Examples
    --------
    >>> losses = np.array([[0.9, 0.8], [0.5, 0.6], [0.4, 0.8], [0.45, 0.9], [0.9, 1.2]])
    >>> ideal_epoch_range(History.of_curves(held_out_loss=losses))
    (2, 4)
    """
    best = ideal_epoch(history.curve(curve))
    if best is None:
        return None
    rises, errors = paired_rises(history, since=best, curve=curve, reach=round(REACH * best))
    if np.isinf(errors[best - 1]):
        return best, best
    known = np.flatnonzero(np.isfinite(rises))
    at = int(np.searchsorted(known, best - 1))
    rises, errors = rises[known], errors[known]
    first = at - _reached(rises[at::-1], errors[at::-1])
    last = at + _reached(rises[at:], errors[at:])
    return int(known[first]) + 1, int(known[last]) + 1


def _reached(rises: Numbers, errors: Numbers) -> int:
    """How many epochs away the farthest is whose error no rise on the way to it exceeds."""
    return int(np.flatnonzero(np.maximum.accumulate(rises) <= errors)[-1])
