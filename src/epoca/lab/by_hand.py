"""What is done to a run by hand at the epoch that is looked at, and how weights are put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, final

from epoca.errors import OptionError
from epoca.lab.course import Event
from epoca.lab.reading import number, whole
from epoca.lab.stage import Stage
from epoca.messages import Message


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
        self._before: list[tuple[int, int, float]] = []

    @property
    def n_undoable(self) -> int:
        """How many weights can be put back, one after the other."""
        return len(self._before)

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
        before = float(self._stage.shown().one[index])
        self._do(Event(epoch=0, step=0, what="weight", member=member, index=index, value=value))
        self._before.append((member, index, before))

    def freeze(self, arguments: Mapping[str, Any]) -> None:
        """Hold a weight where it is, or let it go.

        Raises
        ------
        OptionError
            If there is no such weight.
        """
        member, index = self._stage.choices.member, self._weight(arguments)
        is_frozen = arguments.get("is_frozen") is True
        if is_frozen != (index in self._stage.training.frozen(member)):
            self._do(Event(epoch=0, step=0, what="freeze" if is_frozen else "thaw", member=member, index=index))

    def undo(self) -> None:
        """Put the weight back that was set last.

        Raises
        ------
        OptionError
            If none was.
        """
        if not self._before:
            raise OptionError("There is no weight to put back.")
        member, index, value = self._before[-1]
        self._do(Event(epoch=0, step=0, what="weight", member=member, index=index, value=value))
        self._before.pop()

    def set_learning_rate(self, rate: float) -> None:
        """Learn at another rate from here on."""
        self._do(Event(epoch=0, step=0, what="rate", value=rate))
        self._stage.choices = replace(self._stage.choices, learning_rate=rate)

    def _do(self, event: Event) -> None:
        run = self._stage.from_here()
        if run.has_ended:
            raise OptionError("This training has ended; look at one of its epochs, from which to go on otherwise.")
        run.do(event)

    def _weight(self, arguments: Mapping[str, Any]) -> int:
        n = self._stage.training.training.best_parameters.shape[1]
        return whole(arguments, "index", Message("There is no weight {value}; there are {n}."), n=n)
