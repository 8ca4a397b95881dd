"""A training that can be stepped, looked at, gone back in, and told again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import final

import numpy as np

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.lab.course import Course, Event
from epoca.lab.memory import Memory, Moment
from epoca.model import Form, Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.target import Target
from epoca.training.history import History, plain
from epoca.training.loop import Checkpoint, Training
from epoca.types import Parameters, Rows

ROOM = 20_000_000
"""Bytes for where a run stood after its epochs: 1,600 of eight small networks."""


@final
class Run:
    """A training under way, and its past.

    The same problem, settings and events give the same run bit by bit, which makes its past something that can be
    computed: moments of it are kept as far as there is room, and what lies between them is trained again.

    Parameters
    ----------
    problem : Problem
        What is learned.
    settings : Settings
        How.
    room : int
        Bytes for its past.

    Attributes
    ----------
    problem : Problem
        As given.
    settings : Settings
        Resolved; the limit of epochs is that of the beginning.
    form : Form
        Of every member.
    events : list of Event
        What was done by hand, in order.

    Raises
    ------
    TableError, OptionError
        See `Fitting`.
    """

    def __init__(self, problem: Problem, *, settings: Settings, room: int = ROOM) -> None:
        self.events: list[Event] = []
        fitting = Fitting(problem, settings=settings)
        self.settings = fitting.settings
        self.form = Form.of(fitting.learner.shape)
        self.problem = replace(problem, target=fitting.target)
        self._course = Course(fitting)
        self._memory = Memory(room=room)
        self._again: Course | None = None
        self._is_interrupted = False
        self._remember()
        self._steps_per_second = 0.0

    # --- What it is ---------------------------------------------------------------------------------------------------

    @property
    def fitting(self) -> Fitting:
        """What is trained."""
        return self._course.fitting

    @property
    def training(self) -> Training:
        """Its loop."""
        return self.fitting.training

    @property
    def target(self) -> Target:
        """What it predicts."""
        return self.fitting.target

    @property
    def history(self) -> History:
        """Every finished epoch."""
        return self.training.history

    @property
    def limit(self) -> int:
        """The epoch at which it ends at the latest."""
        return self.fitting.limit

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._course.epoch

    @property
    def step(self) -> int:
        """Updates made of the next epoch."""
        return self._course.step

    @property
    def steps(self) -> int:
        """Updates of an epoch."""
        return self._course.steps

    @property
    def learning_rate(self) -> float:
        """At which it learns now."""
        rates = [event.value for event in self.events if event.what == "rate"]
        return rates[-1] if rates else float(self.settings.learning_rate or 0)

    @property
    def has_ended(self) -> bool:
        """Whether no epoch is to come, unless it is gone on with."""
        return self._course.has_ended

    @property
    def epochs_per_second(self) -> float:
        """At which it learns while it does."""
        return self._steps_per_second / self.steps

    def losses_now(self) -> dict[str, float | None] | None:
        """The members' mean losses as they stand, where that is no finished epoch; None where it is."""
        is_changed = any(event.what == "weight" for event in self.events if event.epoch == self.epoch)
        if self.has_ended or not (self.epoch == 0 or self.step > 0 or is_changed):
            return None
        found = self.training.findings()
        means = plain(np.array([found.training_loss.mean(), found.held_out_loss.mean()]))
        return dict(zip(("training", "held_out"), means, strict=True))

    def frozen(self, member: int, *, at: int | None = None) -> list[int]:
        """The weights of a member that are held: now, or as they were after an epoch."""
        held = set()
        for event in self.events:
            if event.member == member and (at is None or event.epoch < at):
                if event.what == "freeze":
                    held.add(event.index)
                elif event.what == "thaw":
                    held.discard(event.index)
        return sorted(held)

    def model(self) -> Model:
        """The model at the best epochs so far, scored."""
        return self.fitting.model()

    # --- Going on -----------------------------------------------------------------------------------------------------

    def work(self, seconds: float) -> None:
        """Learn for about so long, to the end of the epoch at most."""
        began, before = time.perf_counter(), self.step
        left = self.steps - before
        steps = max(int(seconds * self._steps_per_second), 1)
        if steps < left:
            self._course.advance(steps)
        else:
            steps = left
            self.finish_epoch()
        pace = steps / max(time.perf_counter() - began, 1e-9)
        self._steps_per_second = 0.7 * self._steps_per_second + 0.3 * pace if self._steps_per_second else pace

    def advance(self, steps: int) -> None:
        """Make so many updates; those that end an epoch finish it."""
        self._course.advance(steps)
        if self.step == self.steps:
            self.finish_epoch()

    def finish_epoch(self) -> None:
        """Make the updates that are left of the next epoch."""
        if not self.has_ended and self._course.finish() is not None:
            self._remember()

    def order_of(self, member: int) -> Rows:
        """The rows of a member, by their places among the training rows, in the order of its latest epoch begun."""
        return self.training.members[member].state.order

    def do(self, event: Event) -> None:
        """Do something to it by hand, now; the event's time is set to now."""
        event = replace(event, epoch=self.epoch, step=self.step)
        if event.what == "go on":
            self._replace(self._at(self.training.checkpoint, limit=int(event.value)))
        else:
            self._course.do(event)
        self.events.append(event)

    def interrupt(self) -> None:
        """End it soon, also within an epoch and while its past is trained again; may be called from another thread."""
        self._is_interrupted = True
        self._course.interrupt()
        again = self._again
        if again is not None:
            again.interrupt()

    def close(self) -> None:
        """End it and let its threads go; what it was can still be looked at."""
        self._course.close()

    # --- Going back ---------------------------------------------------------------------------------------------------

    def parameters_at(self, epoch: int) -> Parameters:
        """(k, P): the members as they were after an epoch; what is not known of them is trained again.

        Raises
        ------
        OptionError
            If it was interrupted meanwhile.
        """
        return self._past(epoch).parameters()

    def moments(self, epochs: Sequence[int]) -> list[tuple[int, Parameters]]:
        """Those of the epochs of which is known, without training, how the members were."""
        return [(moment.epoch, moment.parameters()) for moment in self._memory.moments if moment.epoch in epochs]

    def rewind(self, epoch: int) -> None:
        """Go back to where it stood after an epoch, and forget what came then.

        That it was gone on with from there is not forgotten, since else it would have ended there.

        Raises
        ------
        OptionError
            See `parameters_at`.
        """
        if epoch == self.epoch and self.step == 0:
            return
        checkpoint = self._past(epoch).checkpoint(self.history)
        kept = [event for event in self.events if event.epoch < epoch or (event.what, event.epoch) == ("go on", epoch)]
        self.events = kept
        self._replace(self._at(checkpoint, limit=self._limit()))
        self._memory.forget_after(epoch)

    def _past(self, epoch: int) -> Moment:
        """Where it stood after an epoch; trained again from the nearest moment before that is known."""
        moment = self._memory.before(epoch)
        if moment.epoch == epoch:
            return moment
        # A limit that is not reached, for at its end a fitting trains others to compare with.
        with closing(self._at(moment.checkpoint(self.history), limit=epoch + 1)) as again:
            self._again = again
            for _epoch in range(moment.epoch, epoch):
                if self._is_interrupted or not again.repeat(self.events):
                    raise OptionError("The training was interrupted.")
                moment = Moment.of(again.fitting.training.checkpoint)
                self._memory.keep_again(moment)
        self._again = None
        return moment

    def _limit(self) -> int | None:
        """The limit of epochs that was set in going on; None where it never ended before."""
        limits = [int(event.value) for event in self.events if event.what == "go on"]
        return limits[-1] if limits else None

    def _at(self, checkpoint: Checkpoint, *, limit: int | None) -> Course:
        """A course that stands where this one stood: under its rules, or, with a limit of epochs, under that alone."""
        epoch = len(checkpoint.history)
        settings = self.settings if limit is None else replace(self.settings, epochs=limit)
        goes_on = None if limit is None else checkpoint
        fitting = Fitting(self.problem, settings=settings, columns=self.fitting.columns, checkpoint=goes_on)
        fitting.training.restore(checkpoint)
        return Course(fitting, events=[event for event in self.events if event.epoch < epoch])

    def _replace(self, course: Course) -> None:
        """Another course takes the place of this one."""
        self._course.close()
        self._course = course

    def _remember(self) -> None:
        self._memory.keep(Moment.of(self.training.checkpoint))
