"""One standard error: stop when the held-out loss has risen beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from epoca.learners.population import HELD_OUT
from epoca.training.history import History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_rise, paired_rises
from epoca.training.rules.rule import digits
from epoca.training.stop import Stop, StopReason

LAST = 10
"""Epochs that must all have risen. Chance makes the best epoch look better than it is, as the least of many, and the
rest look worse beside it; a single one, or a few, would often stick out."""


@final
@dataclass(frozen=True)
class OneStandardError:
    """Stop when the held-out loss is above its least by more than so many standard errors, in 10 epochs on end.

    The error is that of the difference between the two epochs, row by row (see `epoca.training.paired`): the few rows
    of a small table must agree on a rise. Where a single number an epoch is known there is no such error, and the rule
    never stops. It keeps the earliest epoch that is not beyond chance worse than the best: of models that cannot be
    told apart the simplest (Breiman, Friedman, Olshen, Stone 1984, "Classification and regression trees").

    Parameters
    ----------
    errors : float
        How many standard errors are put down to chance.

    Examples
    --------
    >>> str(OneStandardError(1))
    'one_se(1)'
    """

    errors: float = 1.0

    watches: ClassVar[str] = HELD_OUT

    def __call__(self, history: History) -> Stop | None:
        """A stop when the rise is beyond chance."""
        best, last = ideal_epoch(history.curve(HELD_OUT)), len(history)
        if best is None or last - best < LAST:
            return None
        if not all(self._has_risen(history, epoch, best) for epoch in range(last, last - LAST, -1)):
            return None
        return Stop(StopReason.ONE_STANDARD_ERROR, {"epochs": LAST, "best": best, "errors": self.errors})

    def choice(self, history: History, /) -> int | None:
        """The earliest epoch within so many standard errors of the best."""
        best = ideal_epoch(history.curve(HELD_OUT))
        if best is None:
            return None
        rises, errors = paired_rises(history, since=best)
        is_as_good = np.isfinite(errors) & (rises <= self.errors * errors)
        is_as_good[best - 1] = True
        return int(is_as_good.argmax()) + 1

    def _has_risen(self, history: History, epoch: int, best: int) -> bool:
        rise, error = paired_rise(history, epoch=epoch, since=best)
        return not np.isfinite(rise) or rise > self.errors * error

    def __str__(self) -> str:
        return f"one_se({digits(self.errors)})"
