"""Generalization loss: stop when the held-out loss is too far above its least."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.rules.rule import digits, epoch_of_least
from epoca.training.stop import Stop, StopReason
from epoca.types import Numbers


@final
@dataclass(frozen=True)
class GeneralizationLoss:
    """Stop when the members' mean held-out loss is so many per cent above its least so far: Prechelt's GL.

    It bears a rise however long it lasts, and no high one however short (Prechelt 1998, "Early stopping - but when?").

    Parameters
    ----------
    percent : float
        Beyond which the training stops.

    Examples
    --------
    >>> str(GeneralizationLoss(5))
    'gl(5)'
    """

    percent: float

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when the loss has risen too far."""
        held_out = history.curve(HELD_OUT)
        if generalization_loss(held_out) <= self.percent:
            return None
        best = ideal_epoch(held_out)
        assert best is not None
        values = {"epoch": len(history), "percent": self.percent, "least": float(held_out[best - 1]), "best": best}
        return Stop(StopReason.GENERALIZATION_LOSS, values)

    def __str__(self) -> str:
        return f"gl({digits(self.percent)})"


def generalization_loss(held_out_loss: Numbers) -> float:
    """By how many per cent the last held-out loss is above the least.

    Parameters
    ----------
    held_out_loss : ndarray of float64, (epochs,)
        Up to now.

    Returns
    -------
    float
        Infinite where the last loss is not finite, or above a least loss of 0; 0 where there is no least.

    Examples
    --------
    >>> import numpy as np
    >>> generalization_loss(np.array([0.75, 0.5, 0.625]))
    25.0
    """
    best = ideal_epoch(held_out_loss)
    if best is None:
        return 0.0
    least, last = float(held_out_loss[best - 1]), float(held_out_loss[-1])
    if last == least:
        return 0.0
    return 100 * (last - least) / least if least > 0 and math.isfinite(last) else math.inf
