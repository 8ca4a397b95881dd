"""Patience: stop when the held-out loss has not improved for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Patience:
    """Stop when the members' mean held-out loss has not improved for so many epochs.

    Parameters
    ----------
    epochs : int
        Epochs without improvement that are borne; the training stops at the last of them.
    """

    epochs: int

    def __call__(self, history: History) -> Stop | None:
        """A stop when patience has run out."""
        best = ideal_epoch(history.curve("held_out_loss"))
        if best is None or len(history) - best < self.epochs:
            return None
        return Stop(StopReason.PATIENCE, {"best": best, "epochs": len(history) - best})
