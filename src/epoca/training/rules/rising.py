"""Rising: stop when the held-out loss has risen several times in a row, whatever by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.rules.progress_quotient import STRIP
from epoca.training.rules.rule import epoch_of_least
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Rising:
    """Stop when the members' mean held-out loss rose from strip to strip of 5 epochs, so many times: Prechelt's UP.

    Only the last epochs of the strips are compared (Prechelt 1998, "Early stopping - but when?").

    Parameters
    ----------
    strips : int
        Rises in a row at which the training stops.

    Examples
    --------
    >>> str(Rising(3))
    'up(3)'
    """

    strips: int

    watches: ClassVar[str] = HELD_OUT
    choice = epoch_of_least

    def __call__(self, history: History) -> Stop | None:
        """A stop when it rose often enough."""
        if len(history) % STRIP:
            return None
        ends = history.curve(HELD_OUT)[STRIP - 1 :: STRIP][-self.strips - 1 :]
        best = self.choice(history)
        if best is None or len(ends) <= self.strips or not (ends[1:] > ends[:-1]).all():
            return None
        return Stop(StopReason.RISING, {"strips": self.strips, "strip": STRIP, "best": best})

    def __str__(self) -> str:
        return f"up({self.strips})"
