"""When to stop: each rule a short file; it sees the history, holds no model, and says stop or nothing."""

from typing import Protocol

from epoca.training.history import History
from epoca.training.rules.callbacks import Callbacks
from epoca.training.rules.deadline import Deadline
from epoca.training.rules.divergence import Divergence
from epoca.training.rules.limit import Limit
from epoca.training.rules.patience import Patience
from epoca.training.rules.reading import rule_of
from epoca.training.rules.solved import Solved
from epoca.training.stop import Stop


class Rule(Protocol):
    """A stopping rule."""

    def __call__(self, history: History) -> Stop | None:
        """Look at the history after an epoch: a `Stop`, or None to go on."""


__all__ = ["Callbacks", "Deadline", "Divergence", "Limit", "Patience", "Rule", "Solved", "rule_of"]
