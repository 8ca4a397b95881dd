"""Progress quotient: stop when the held-out loss rises by more than the training still brings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.rules.generalization_loss import generalization_loss
from epoca.training.rules.rule import digits, epoch_of_least
from epoca.training.stop import Stop, StopReason
from epoca.types import Numbers

STRIP = 5
"""Epochs of one strip, at the end of which Prechelt's rules look (Prechelt 1998)."""

_STANDSTILL = 0.1
"""Per thousand: where the training makes less progress, it has come to rest (Prechelt 1998)."""


@final
@dataclass(frozen=True)
class ProgressQuotient:
    """Stop when the generalization loss is so many times the progress of training: Prechelt's PQ.

    While the training loss falls fast, a held-out loss that rose may fall again (Prechelt 1998, "Early stopping - but
    when?"). It looks every 5 epochs, and also stops when the training loss has come to rest.

    Parameters
    ----------
    quotient : float
        Of per cent of generalization loss and per thousand of progress.

    Examples
    --------
    >>> str(ProgressQuotient(0.75))
    'pq(0.75)'
    """

    quotient: float

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when the quotient is too large, or nothing is learned any more."""
        best = self.choice(history)
        if best is None or len(history) % STRIP:
            return None
        made = progress(history.curve("training_loss")[-STRIP:])
        values = {"epoch": len(history), "best": best}
        if made < _STANDSTILL:
            return Stop(StopReason.STANDSTILL, {**values, "strip": STRIP})
        if generalization_loss(history.curve(HELD_OUT)) > self.quotient * made:
            return Stop(StopReason.PROGRESS, {**values, "quotient": self.quotient, "progress": made})
        return None

    def __str__(self) -> str:
        return f"pq({digits(self.quotient)})"


def progress(training_loss: Numbers) -> float:
    """By how many thousandths the mean training loss of a strip of epochs is above the least in it.

    Parameters
    ----------
    training_loss : ndarray of float64, (epochs,)
        Of the strip.

    Returns
    -------
    float
        0 where all losses are 0; infinite where only some are, or one is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> round(progress(np.array([1.2, 1.1, 1.1, 1.1, 1.0])), 6)
    100.0
    """
    mean, least = float(training_loss.mean()), float(training_loss.min())
    if mean == 0:
        return 0.0
    return 1000 * (mean / least - 1) if least > 0 and math.isfinite(mean) else math.inf
