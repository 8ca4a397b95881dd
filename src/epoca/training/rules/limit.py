"""Limit: stop after so many epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.training.history import History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Limit:
    """Stop after so many epochs.

    Parameters
    ----------
    epochs : int
        The last epoch's number.
    """

    epochs: int

    def __call__(self, history: History) -> Stop | None:
        """A stop at the last epoch."""
        if len(history) < self.epochs:
            return None
        return Stop(StopReason.LIMIT, {"epochs": self.epochs})
