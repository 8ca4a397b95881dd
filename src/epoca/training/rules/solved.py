"""Solved: stop when there is nothing left to learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from epoca.messages import Message
from epoca.training.history import History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Solved:
    """Stop when no member's weights moved in the last epoch: a perceptron that makes no mistake learns no more."""

    def __call__(self, history: History) -> Stop | None:
        """A stop when every gradient of the epoch was 0."""
        if history[-1].findings.gradient_norm.any():
            return None
        return Stop(
            reason=StopReason.SOLVED,
            sentence=Message(
                "No row was called wrongly in epoch {epoch}, so nothing is left to learn.", epoch=len(history)
            ),
            remedy=Message("The training rows are separated by the weighted sums; look at the held-out and test rows."),
        )
