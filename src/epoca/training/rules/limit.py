"""Limit: stop after so many epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.rules.rule import epoch_of_least
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Limit:
    """Stop after so many epochs.

    Parameters
    ----------
    epochs : int
        The last epoch's number.

    Examples
    --------
    >>> str(Limit(100))
    'limit(100)'
    """

    epochs: int

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop at the last epoch."""
        if len(history) < self.epochs:
            return None
        return Stop(StopReason.LIMIT, {"epochs": self.epochs})

    def __str__(self) -> str:
        return f"limit({self.epochs})"
