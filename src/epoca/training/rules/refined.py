"""Refined: stop when the held-out loss, overconfidence taken out, has not improved for a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from epoca.training.history import History
from epoca.training.rules.rule import epoch_of_least
from epoca.training.stop import Stop, StopReason

NEGLIGIBLE = 1e-5
"""So little, in nats, is no improvement: a table that is solved is learned ever surer, without end."""


@final
@dataclass(frozen=True)
class Refined:
    """Stop when the members' mean refined loss has not improved for so many epochs.

    A network grows too sure of its answers before they get worse, so the held-out loss may rise while there is still
    something to learn; the refined loss does not (Berta, Holzmüller, Jordan, Bach 2025, "Rethinking early stopping:
    refine, then calibrate"). Learners without probabilities have none; for them the rule never stops.

    Parameters
    ----------
    epochs : int
        Epochs without improvement, by 0.00001 at least, that are borne; the training stops at the last of them.

    Examples
    --------
    >>> str(Refined(16))
    'refined(16)'
    """

    epochs: int

    watches: ClassVar[str] = "refined_loss"
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when patience has run out."""
        best = self.choice(history)
        if best is None:
            return None
        losses = history.curve(self.watches)
        since = int((losses <= losses[best - 1] + NEGLIGIBLE).argmax()) + 1
        if len(history) - since < self.epochs:
            return None
        return Stop(StopReason.REFINED, {"best": since, "epochs": len(history) - since})

    def __str__(self) -> str:
        return f"refined({self.epochs})"
