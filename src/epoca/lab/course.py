"""A training made step by step, and what is done to it by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, final

from epoca.fitting import Fitting
from epoca.learners.learner import State
from epoca.training.history import Epoch
from epoca.training.schedules import Constant
from epoca.training.stop import StopReason


@final
@dataclass(frozen=True, kw_only=True)
class Event:
    """Something done to a training by hand.

    Parameters
    ----------
    epoch, step : int
        When: after so many epochs, and so many steps of the next.
    what : {"rate", "weight", "freeze", "thaw", "go on"}
        A learning rate, a weight's value, a weight held or let go, a training that had ended gone on with.
    member, index : int
        Whose weight, and which of the flat buffer.
    value : float
        The learning rate, the weight, or the new limit of epochs.
    """

    epoch: int
    step: int
    what: Literal["rate", "weight", "freeze", "thaw", "go on"]
    member: int = 0
    index: int = 0
    value: float = 0.0


@final
class Course:
    """A training under way, made step by step.

    Parameters
    ----------
    fitting : Fitting
        What is trained.
    events : iterable of Event
        What was done to it before.

    Attributes
    ----------
    fitting : Fitting
        As given.
    step : int
        Updates made of the next epoch.
    steps : int
        Updates of an epoch.
    frozen : dict
        By member the weights that are held, by index, with their value.
    has_ended : bool
        Whether no epoch is to come.
    """

    def __init__(self, fitting: Fitting, *, events: Iterable[Event] = ()) -> None:
        self.fitting = fitting
        self.step = 0
        rows = max(member.rows.size for member in fitting.training.members)
        self.steps = math.ceil(rows / fitting.learner.batch_size)
        self.frozen: dict[int, dict[int, float]] = {}
        self.has_ended = False
        self._entries = iter(fitting)
        for event in events:
            if event.what != "weight":  # which the states hold already
                self.do(event)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return len(self.fitting.training.history)

    def advance(self, steps: int) -> None:
        """Make so many updates of the next epoch, or all that are left; the epoch is not finished by that."""
        steps = min(steps, self.steps - self.step)
        training = self.fitting.training
        if self.frozen:
            for _step in range(steps):
                training.advance(1)
                self._hold()
        else:
            training.advance(steps)
        self.step += steps

    def finish(self) -> Epoch | None:
        """The next epoch, with all its updates made; None where it was interrupted or none is to come."""
        if self.frozen:
            self.advance(self.steps)
        epoch = next(self._entries, None)
        self.step = 0
        if epoch is None or self.fitting.training.stop.reason is not StopReason.LEFT:
            next(self._entries, None)  # what is trained aside at the end
            self.has_ended = True
        return epoch

    def do(self, event: Event) -> None:
        """Do something to it, now."""
        if event.what == "rate":
            self.fitting.training.schedule = Constant(event.value)
        elif event.what == "weight":
            self._state(event.member).set(event.index, event.value)
            if event.index in self.frozen.get(event.member, {}):
                self.frozen[event.member][event.index] = event.value
        elif event.what == "freeze":
            held = float(self._state(event.member).parameters[event.index])
            self.frozen.setdefault(event.member, {})[event.index] = held
        elif event.what == "thaw":
            others = self.frozen.pop(event.member, {})
            others.pop(event.index, None)
            if others:
                self.frozen[event.member] = others

    def repeat(self, events: Iterable[Event]) -> bool:
        """Make the next epoch as it was made before, with what was done in it; gives whether it was finished."""
        epoch = self.epoch
        for event in events:
            if event.epoch == epoch:
                self.advance(event.step - self.step)
                self.do(event)
        return self.finish() is not None

    def interrupt(self) -> None:
        """End it soon, also within an epoch; may be called from another thread."""
        self.fitting.interrupt()

    def close(self) -> None:
        """End it, and let its threads go."""
        self.interrupt()
        self.fitting.close()

    def _hold(self) -> None:
        """Put frozen weights back to what they were."""
        for member, held in self.frozen.items():
            self._state(member).set(list(held), list(held.values()))

    def _state(self, member: int) -> State:
        return self.fitting.training.members[member].state
