"""Deadline: stop after so much time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.training.history import History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Deadline:
    """Stop at the end of the first epoch that ends after so many seconds.

    Parameters
    ----------
    seconds : float
        Time that the training may take.
    """

    seconds: float

    def __call__(self, history: History) -> Stop | None:
        """A stop when the time is over."""
        if history[-1].seconds < self.seconds:
            return None
        return Stop(StopReason.DEADLINE, {"seconds": self.seconds})
