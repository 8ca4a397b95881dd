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
