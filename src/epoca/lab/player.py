"""Time in the lab: playing, pausing, single steps, looking back, going on, playing a record again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, final

from epoca.errors import OptionError
from epoca.lab.board import Board
from epoca.lab.course import Event
from epoca.lab.questions import next_lesson
from epoca.lab.reading import shown, whole
from epoca.lab.record import Record
from epoca.lab.run import Run
from epoca.lab.showing import Showing
from epoca.lab.stage import Stage
from epoca.messages import Message

TELLING = 0.5
"""Seconds between two looks at the ideal epoch while a run learns."""

_HAS_ENDED = Message("This training has ended; go on past its end, or begin anew.")


@final
class Player:
    """Lets the run on a stage learn, in turns, and looks back at its past.

    Parameters
    ----------
    stage : Stage
        With the run.
    board : Board
        Whose status it keeps: "playing", "paused" or "ended".
    showing : Showing
        Says where the run stands.
    wake : callable
        Called when there is something to do in the next turn.
    """

    def __init__(self, stage: Stage, *, board: Board, showing: Showing, wake: Callable[[], None]) -> None:
        self._stage = stage
        self._board = board
        self._showing = showing
        self._wake = wake
        self._replayed: Iterator[bool] | None = None
        self._due = self._told_at = 0.0

    @property
    def is_playing(self) -> bool:
        """Whether it learns, or plays its past."""
        return bool(self._board["status"] == "playing")

    def begin(self, status: str) -> None:
        """A new run stands on the stage."""
        self._replayed = None
        self._showing.fit(status=status)
        self._showing.place()
        self.hurry()

    def turn(self, seconds: float) -> float | None:
        """Learn for about so long; gives how long to wait for the next turn, or None."""
        run, speed = self._stage.run, self._stage.choices.speed
        if run is None:
            return None
        end = time.monotonic() + seconds
        while self.is_playing and self._due <= (now := time.monotonic()) < end:
            self._learn(run, end - now)
            if speed and run.step == 0 and self._replayed is None:
                self._due = max(self._due + 1 / speed, now)
        now = time.monotonic()
        if not self.is_playing:
            if self._showing.is_late:
                self._showing.fit(status=self._board["status"])
            return None
        if now > self._told_at + TELLING:
            self._told_at = now
            self._showing.ideal_so_far()
        return max(self._due - now, 0.0)

    def play(self) -> None:
        """Learn on, or play on from the epoch that is looked at.

        Raises
        ------
        OptionError
            If the training has ended.
        """
        is_over = self._stage.training.has_ended and self._replayed is None
        if is_over and not isinstance(self._stage.viewed, int):
            raise OptionError(_HAS_ENDED.template)
        self._board.put(status="playing", now=None)
        self.hurry()

    def hurry(self) -> None:
        """Go on at once, whatever the speed was."""
        self._due = 0.0
        self._wake()

    def pause(self) -> None:
        """Stand still."""
        if self.is_playing:
            self._board.put(status="paused")
            self._tell_soon()

    def step(self, arguments: Mapping[str, Any]) -> None:
        """Learn from one row, one batch or to the end of one epoch.

        Raises
        ------
        OptionError
            If there is no such step.
        """
        stage, run, of = self._stage, self._stage.training, arguments.get("of", "epoch")
        if of not in ("sample", "batch", "epoch"):
            raise OptionError('A step is one of "sample", "batch" or "epoch", not {of}.', of=shown(of))
        self.pause()
        stage.lesson = self._replayed = None
        if isinstance(stage.viewed, int):
            self._learn(run, 0.0)
            return
        if run.has_ended:
            raise OptionError(_HAS_ENDED.template)
        if of == "sample" and run.fitting.learner.batch_size > 1:
            raise OptionError(
                "This network learns from {rows} rows at once; choose batches of 1 to see it learn from each.",
                rows=run.fitting.learner.batch_size,
            )
        if of == "epoch":
            run.finish_epoch()
        else:
            stage.lesson = next_lesson(run, stage.choices.member)
        if run.has_ended:
            self._learn(run, 0.0)
        else:
            self._tell_soon()

    def back(self) -> None:
        """Look at the epoch before."""
        run, viewed = self._stage.training, self._stage.viewed
        at = viewed if isinstance(viewed, int) else run.epoch
        is_within = run.step > 0 and not isinstance(viewed, int)
        self.look_at({"epoch": max(at if is_within else at - 1, 0)})

    def look_at(self, arguments: Mapping[str, Any]) -> None:
        """Look at a past epoch, at the weights that are kept, or at what is newest.

        Raises
        ------
        OptionError
            If there is no such epoch.
        """
        stage, epoch = self._stage, arguments.get("epoch")
        stage.lesson = None
        if epoch == "kept" and (stage.opened is not None or stage.training.training.kept.any()):
            stage.viewed = epoch
            return
        if epoch is None and stage.opened is None:
            stage.viewed = None
            return
        last = len(stage.subject.history)
        epoch = whole(arguments, "epoch", Message("There is no epoch {value} to look at."), n=last + 1)
        if stage.opened is not None:
            stage.opened.parameters_at(epoch)  # refuses what is not there
        self.pause()
        is_newest = stage.run is not None and epoch == last and stage.run.step == 0 and not stage.run.has_ended
        stage.viewed = None if is_newest else epoch

    def go_on(self, arguments: Mapping[str, Any]) -> None:
        """Train past the end.

        Raises
        ------
        OptionError
            If the end is not reached, or it cannot be for so many epochs.
        """
        run = self._stage.training
        if not run.has_ended:
            raise OptionError("This training has not ended; let it play on.")
        refusal = Message("It can go on for 1 to 10,000 epochs, not for {value}.")
        asked = {"epochs": max(run.epoch, 50), **arguments}
        more = whole(asked, "epochs", refusal, n=10_001, least=1)
        run.do(Event(epoch=0, step=0, what="go on", value=run.epoch + more))
        self._stage.viewed = None
        self.play()

    def replay(self, record: Record) -> None:
        """Play a record of the run, which is at its start."""
        self._replayed = record.play(self._stage.training)
        self.play()

    def touched(self) -> None:
        """Something was done to the run by hand."""
        self._replayed = None
        if self._board["status"] == "ended":
            self._board.put(status="paused")
        if not self.is_playing:
            self._tell_soon()

    def _learn(self, run: Run, seconds: float) -> None:
        """One epoch at most: of the past, where that is looked at, else of the future."""
        stage = self._stage
        if self._replayed is not None:
            if next(self._replayed, True):
                self._end_replay(run)
        elif isinstance(stage.viewed, int):
            stage.viewed = stage.viewed + 1 if stage.viewed + 1 < run.epoch else None
        elif not run.has_ended:
            run.work(seconds)
        if run.has_ended and not isinstance(stage.viewed, int) and self._replayed is None:
            stage.viewed = "kept" if run.training.kept.any() else None
            self._showing.looked.add((stage.serial, run.epoch))
            self._showing.fit(status="ended")
        self._showing.place()

    def _end_replay(self, run: Run) -> None:
        """Stand where the record ends."""
        self._replayed = None
        self._stage.choices = replace(self._stage.choices, learning_rate=run.learning_rate)
        self._showing.choices()
        if not run.has_ended:
            self.pause()

    def _tell_soon(self) -> None:
        """Say what can be said in the next turn, for to judge many rows takes longer than a pause may take."""
        self._showing.is_late = True
        self._wake()
