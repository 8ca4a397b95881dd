"""Divergence: stop when a loss is no number any more, or explodes."""

from __future__ import annotations

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
        found = last.findings
        held_out = found.held_out_loss[~np.isnan(found.held_out_loss)]  # of members that hold out rows
        finite = np.isfinite(np.concatenate([found.gradient_norm, found.training_loss, held_out])).all()
        if finite and found.training_loss.max() <= self.largest:
            return None
        return Stop(StopReason.DIVERGED, {"epoch": last.number, "rate": last.learning_rate})
