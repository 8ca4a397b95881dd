"""Solved: stop when there is nothing left to learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.training.history import History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Solved:
    """Stop when no member's weights moved in the last epoch: a perceptron that makes no mistake learns no more."""

    def __call__(self, history: History) -> Stop | None:
        """A stop when every gradient of the epoch was 0."""
        if history.last("gradient_norm") != 0:
            return None
        return Stop(StopReason.SOLVED, {"epoch": len(history)})
