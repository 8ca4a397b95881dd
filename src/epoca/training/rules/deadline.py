"""Deadline: stop after so much time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.rules.rule import digits, epoch_of_least
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Deadline:
    """Stop at the end of the first epoch that ends after so many seconds.

    Parameters
    ----------
    seconds : float
        Time that the training may take.

    Examples
    --------
    >>> str(Deadline(60))
    'deadline(60)'
    """

    seconds: float

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when the time is over."""
        if history[-1].seconds < self.seconds:
            return None
        return Stop(StopReason.DEADLINE, {"seconds": self.seconds})

    def __str__(self) -> str:
        return f"deadline({digits(self.seconds)})"
