"""Patience: stop when the held-out loss has not improved for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.rules.rule import digits, epoch_of_least
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Patience:
    """Stop when the members' mean held-out loss has not improved for so many epochs.

    Parameters
    ----------
    epochs : int
        Epochs without improvement that are borne; the training stops at the last of them.
    growth : float
        So many times the best epoch are borne too, where that is more: what took long to come may take long to be
        bettered (Bengio 2012, "Practical recommendations for gradient-based training of deep architectures").

    Examples
    --------
    >>> rule = Patience(16, growth=0.5)  # after a best epoch 100 it bears 50 epochs
    >>> str(rule)
    'patience(16, growth=0.5)'
    """

    epochs: int
    growth: float = 0.0

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when patience has run out."""
        best = self.choice(history)
        if best is None or len(history) - best < max(self.epochs, self.growth * best):
            return None
        return Stop(StopReason.PATIENCE, {"best": best, "epochs": len(history) - best})

    def __str__(self) -> str:
        growth = f", growth={digits(self.growth)}" if self.growth else ""
        return f"patience({self.epochs}{growth})"
