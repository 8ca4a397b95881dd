"""Callbacks: stop when somebody who is told of every epoch asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

from epoca.training.history import Epoch, History
from epoca.training.stop import Stop, StopReason


@final
@dataclass(frozen=True)
class Callbacks:
    """Stop when one of the callbacks returns True.

    Parameters
    ----------
    callbacks : sequence of callable
        Each is given every finished epoch, also when another has asked to stop.
    """

    callbacks: Sequence[Callable[[Epoch], Any]]

    def __call__(self, history: History) -> Stop | None:
        """A stop when it was asked for."""
        asked = [callback(history[-1]) is True for callback in self.callbacks]
        return Stop(StopReason.CALLBACK, {"epoch": history[-1].number}) if any(asked) else None
