"""Divergence: stop when a loss is no number any more, or explodes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np

from epoca.training.history import History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Divergence:
    """Stop when a member's loss or gradient is not finite, or a loss is so large that no learning follows.

    Parameters
    ----------
    largest : float
        A mean training loss beyond this has exploded. Guessing costs ln c, 2.3 for ten classes; half the variance, 0.5,
        for a standardised number.
    """

    largest: float = 1e4

    def __call__(self, history: History) -> Stop | None:
        """A stop when something has gone out of bounds."""
        last = history[-1]
        learned = math.isfinite(history.last("gradient_norm")) and math.isfinite(history.last("training_loss"))
        held_out, training = last.findings.held_out_loss, last.findings.training_loss  # NaN where none is held out
        if learned and not np.isinf(held_out).any() and training.max() <= self.largest:
            return None
        return Stop(StopReason.DIVERGED, {"epoch": last.number, "rate": last.learning_rate})
