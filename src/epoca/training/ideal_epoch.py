"""The ideal epoch: where the mean held-out loss is least."""

from __future__ import annotations

import numpy as np

from epoca.types import Numbers


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
    if curve.size == 0 or not np.isfinite(curve).any():
        return None
    return int(np.nanargmin(np.where(np.isfinite(curve), curve, np.inf))) + 1


def ideal_epoch_range(held_out_loss: Numbers) -> tuple[int, int] | None:
    """The epochs around the ideal one whose held-out loss cannot be told from the least.

    An epoch belongs to it when the members' mean rise from the ideal epoch is at most its standard error over the
    members, as does every epoch between the two. A single member has no standard error, and its range is one epoch.

    Parameters
    ----------
    held_out_loss : ndarray of float64, (epochs, k)
        By epoch and member.

    Returns
    -------
    tuple of int or None
        First and last epoch; None where nothing was held out.

    Examples
    --------
    >>> ideal_epoch_range(np.array([[0.9, 0.8], [0.5, 0.6], [0.4, 0.8], [0.45, 0.9], [0.9, 1.2]]))
    (2, 4)
    """
    best = ideal_epoch(held_out_loss)
    if best is None:
        return None
    rises = held_out_loss - held_out_loss[best - 1]
    members = rises.shape[1]
    errors = rises.std(axis=1, ddof=1) / np.sqrt(members) if members > 1 else np.zeros(len(rises))
    is_outside = ~(rises.mean(axis=1) <= errors)
    before, after = np.flatnonzero(is_outside[:best]), np.flatnonzero(is_outside[best:])
    first = int(before[-1]) + 2 if before.size else 1
    return first, best + int(after[0]) if after.size else len(rises)
