"""What is done to a run by hand at the epoch that is looked at, and how weights are put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, final

from epoca.errors import OptionError
from epoca.lab.course import Event
from epoca.lab.reading import number, whole
from epoca.lab.run import Run
from epoca.lab.stage import Stage
from epoca.messages import Message


@final
@dataclass(frozen=True)
class _Before:
    """What a weight was before it was set, after so many epochs."""

    epoch: int
    member: int
    index: int
    value: float


@final
class ByHand:
    """Weights set and held, and the learning rate; every method goes back to the epoch that is looked at.

    Parameters
    ----------
    stage : Stage
        Where the run stands.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._before: list[_Before] = []

    @property
    def n_undoable(self) -> int:
        """How many weights can be put back, one after the other, at the epoch that is looked at."""
        return len(self._undoable())

    def forget(self) -> None:
        """A new run has begun."""
        self._before = []

    def set_weight(self, arguments: Mapping[str, Any]) -> None:
        """Give a weight of the member that is looked at another value.

        Raises
        ------
        OptionError
            If there is no such weight, or the value is none.
        """
        member, index = self._stage.choices.member, self._weight(arguments)
        value = number(arguments, "value", Message("A weight must be a number between -1,000,000 and 1,000,000."))
        run = self._here()
        before = float(run.training.parameters[member, index])
        self._before.append(_Before(run.epoch, member, index, before))
        run.do(Event(epoch=0, step=0, what="weight", member=member, index=index, value=value))

    def freeze(self, arguments: Mapping[str, Any]) -> None:
        """Hold a weight where it is, or let it go.

        Raises
        ------
        OptionError
            If there is no such weight.
        """
        member, index = self._stage.choices.member, self._weight(arguments)
        is_frozen = arguments.get("is_frozen") is True
        if is_frozen != (index in self._stage.frozen()):
            self._here().do(Event(epoch=0, step=0, what="freeze" if is_frozen else "thaw", member=member, index=index))

    def undo(self) -> None:
        """Put the weight back that was set last.

        Raises
        ------
        OptionError
            If none was.
        """
        if not self._undoable():
            raise OptionError("There is no weight to put back.")
        run, last = self._here(), self._before.pop()
        run.do(Event(epoch=0, step=0, what="weight", member=last.member, index=last.index, value=last.value))

    def set_learning_rate(self, rate: float) -> None:
        """Learn at another rate from here on."""
        self._here().do(Event(epoch=0, step=0, what="rate", value=rate))
        self._stage.choices = replace(self._stage.choices, learning_rate=rate)

    def _undoable(self) -> list[_Before]:
        """What was set before the epoch that is looked at, or at all."""
        viewed = self._stage.viewed
        return [before for before in self._before if not isinstance(viewed, int) or before.epoch < viewed]

    def _here(self) -> Run:
        """The run, gone back to the epoch that is looked at."""
        if self._stage.is_at_end:
            raise OptionError("This training has ended; look at one of its epochs, from which to go on otherwise.")
        self._before = self._undoable()
        return self._stage.from_here()

    def _weight(self, arguments: Mapping[str, Any]) -> int:
        n = self._stage.training.training.best_parameters.shape[1]
        return whole(arguments, "index", Message("There is no weight {value}; there are {n}."), n=n)
