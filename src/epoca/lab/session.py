"""One page's lab: it takes turns at training, and does what the page asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias, final

from epoca.errors import EpocaError, OptionError
from epoca.lab import describing, telling
from epoca.lab.answers import answer
from epoca.lab.board import Board
from epoca.lab.by_hand import ByHand
from epoca.lab.choices import NOT_TRAINED_BY, Choices
from epoca.lab.course import Event
from epoca.lab.fair_lock import FairLock
from epoca.lab.files import File, file_of
from epoca.lab.frame import frame
from epoca.lab.pins import MOST_RUNS, NO_SUCH_RUN, Pins
from epoca.lab.questions import next_lesson
from epoca.lab.reading import shown, whole
from epoca.lab.record import Record
from epoca.lab.run import Run
from epoca.lab.sources import Brought, can_edit, edit_of, table_of, without_folder
from epoca.lab.stage import Stage
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model

TELLING = 0.5
"""Seconds between two looks at the ideal epoch while a run learns."""

Arguments: TypeAlias = Mapping[str, Any]

_HAS_ENDED = Message("This training has ended; go on past its end, or begin anew.")


@final
class Session:
    """One page's lab. Its methods may be called from any thread; they wait for each other.

    Parameters
    ----------
    name : str
        By which a page finds it again.
    choices : Choices
        With which it begins.
    brought : mapping of str to Brought
        Tables that may be learned from, by id.
    model : Model, optional
        What is looked at in place of a run.
    wake : callable
        Called with the session when it has work to do.

    Attributes
    ----------
    board : Board
        The state that its pages are shown.
    """

    def __init__(
        self,
        name: str,
        *,
        choices: Choices,
        brought: Mapping[str, Brought],
        model: Model | None = None,
        wake: Callable[[Session], None],
    ) -> None:
        self.name = name
        self.board = Board()
        self._lock = FairLock()
        self._wake = wake
        self._stage = Stage(choices, brought=brought, model=model)
        self._pins = Pins()
        self._hands = ByHand(self._stage)
        self._replayed: Iterator[bool] | None = None
        self._problem: Message | None = None
        self._looks = 0
        self._due = self._told_at = 0.0
        self._is_closed = self._is_untold = False
        self.board.put(status="loading", problem_sentence="", **choices.to_json(), **describing.NOTHING_TO_SEE)
        self._verbs: dict[str, Callable[[Arguments], None]] = {
            "play": lambda _arguments: self._play(),
            "pause": lambda _arguments: self._pause(),
            "step": self._step,
            "back": lambda _arguments: self._back(),
            "view": self._look_at,
            "restart": lambda _arguments: self._begin(plays=self._is_playing),
            "reseed": lambda _arguments: self._change({"seed": self._stage.choices.seed + 1}),
            "go_on": self._go_on,
            "experiment": lambda _arguments: self._experiment(),
            "set_weight": lambda arguments: self._by_hand(lambda: self._hands.set_weight(arguments)),
            "freeze": lambda arguments: self._by_hand(lambda: self._hands.freeze(arguments)),
            "undo": lambda _arguments: self._by_hand(self._hands.undo),
            "add_point": lambda arguments: self._edit("add", arguments),
            "move_point": lambda arguments: self._edit("move", arguments),
            "remove_point": lambda arguments: self._edit("remove", arguments),
            "pin": lambda _arguments: self._pin(),
            "unpin": self._unpin,
            "replay": self._replay,
        }

    @property
    def language(self) -> Language:
        """In which it speaks."""
        return self._stage.language

    @property
    def _is_playing(self) -> bool:
        return bool(self.board["status"] == "playing")

    # --- What others do with it ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to learn."""
        with self._lock:
            self._begin(plays=True)

    def turn(self, seconds: float) -> float | None:
        """Learn for about so long; gives how long to wait for the next turn, or None."""
        with self._lock:
            if self._is_closed or self._stage.run is None:
                return None
            end, speed = time.monotonic() + seconds, self._stage.choices.speed
            while self._is_playing and self._due <= (now := time.monotonic()) < end:
                self._learn(self._stage.run, end - now)
                if speed and self._stage.run.step == 0 and self._replayed is None:
                    self._due = max(self._due + 1 / speed, now)
            now = time.monotonic()
            if not self._is_playing:
                if self._is_untold:
                    self._tell()
                return None
            if now > self._told_at + TELLING:
                self._told_at = now
                self.board.put(ideal=telling.ideal_so_far(self._stage.run))
            return max(self._due - now, 0.0)

    def change(self, changes: Arguments) -> None:
        """Make new choices, all of them or none.

        Raises
        ------
        OptionError
            If one of them cannot be chosen.
        """
        with self._lock:
            self._change(changes)

    def do(self, what: str, arguments: Arguments) -> None:
        """Carry a verb out.

        Parameters
        ----------
        what : str
            A verb of ``docs/lab.md``.
        arguments : mapping
            What the page said with it.

        Raises
        ------
        OptionError
            If there is no such verb, or it cannot be done now.
        """
        if what not in self._verbs:
            raise OptionError('The lab cannot do "{what}".', what=what[:40])
        with self._lock:
            self._verbs[what](arguments)
            self.board.put(**describing.of_choices(self._stage, edits=self._hands.n_undoable))
            self._show()

    def ask(self, what: str, arguments: Arguments) -> dict[str, Any]:
        """Answer a question, in plain values.

        Parameters
        ----------
        what : str
            A question of ``docs/lab.md``.
        arguments : mapping
            What the page said with it.

        Raises
        ------
        OptionError
            If there is no such question, or no answer to it.
        """
        with self._lock:
            return answer(self._stage, self._pins, what, arguments)

    def frame(self, *, have: int, serial: int) -> tuple[bytes, int]:
        """What is to be drawn now, and the board's number of it.

        Parameters
        ----------
        have : int
            Entries of the curves that the page has.
        serial : int
            Of which run.

        Raises
        ------
        OptionError
            If there is nothing to draw.
        """
        with self._lock:
            stage = self._stage
            subject = stage.subject
            known = have if serial == stage.serial and 0 <= have <= len(subject.history) else 0
            told = describing.header_of(stage, self.board["status"])
            return frame(subject, stage.view, stage.shown(), have=known, told=told), self.board.drawn

    def file(self, kind: str) -> File:
        """A file to save.

        Raises
        ------
        OptionError
            If there is none of that kind yet.
        """
        with self._lock:
            return file_of(self._stage, self._pins, kind)

    def bring(self, name: str, brought: Brought, *, most: int) -> None:
        """Add a table that can be learned from; of too many the first that is not in use goes."""
        with self._lock:
            tables = self._stage.brought
            unused = [known for known in tables if known not in {self._stage.choices.table, "t0"}]
            if len(tables) >= most and unused:
                del tables[unused[0]]
            tables[name] = brought
            self.board.put(**describing.of_tables(self._stage, self._pins))

    def close(self) -> None:
        """Stop, for good."""
        self._is_closed = True
        run = self._stage.run
        if run is not None:
            run.interrupt()
        with self._lock:
            if run is not None:
                run.close()

    # --- Learning -----------------------------------------------------------------------------------------------------

    def _begin(self, *, plays: bool) -> None:
        """Begin anew with the choices as they are."""
        stage = self._stage
        self._hands.forget()
        self._due, self._replayed, self._problem = 0.0, None, None
        self.board.put(status="loading", problem_sentence="")
        try:
            stage.begin()
        except EpocaError as error:
            self._problem = error.message
            self.board.put(status="failed", problem_sentence=self.language.say(self._problem))
            self.board.put(
                **describing.NOTHING_TO_SEE | describing.of_tables(stage, self._pins) | stage.choices.to_json()
            )
            self._show()
            return
        self._describe()
        self.board.put(status="ended" if stage.opened is not None else "playing" if plays else "paused")
        self._tell()
        self._show()
        self._wake(self)

    def _change(self, changes: Arguments) -> None:
        """Follow new choices, with a new run if need be."""
        stage, before = self._stage, self._stage.choices
        stage.choices = stage.chosen(changes)
        now, then = stage.choices.to_json(), before.to_json()
        new = {name for name, value in now.items() if value != then[name]}
        if new & {"table", "rows", "noise", "classes", "data_seed"}:
            stage.edits = []
        if new - NOT_TRAINED_BY or ("learning_rate" in new and stage.is_at_start):
            stage.opened = None
            self._begin(plays=self.board["status"] != "paused")
            return
        try:
            self._change_in_passing(new)
        except EpocaError:
            stage.choices = before
            raise
        self._show()
        self._wake(self)

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
        if run.has_ended and stage.viewed is None and self._replayed is None:
            stage.viewed = "kept" if run.training.kept.any() else None
            self._looks += 1
            self.board.put(status="ended", **describing.of_epoch(stage))
            self._tell()
        self._show()

    def _play(self) -> None:
        is_over = self._stage.training.has_ended and self._replayed is None
        if is_over and not isinstance(self._stage.viewed, int):
            raise OptionError(_HAS_ENDED.template)
        self._due = 0.0
        self.board.put(status="playing", now=None)
        self._wake(self)

    def _pause(self) -> None:
        if self._is_playing:
            self.board.put(status="paused")
            self._tell_soon()

    def _step(self, arguments: Arguments) -> None:
        stage, run, of = self._stage, self._stage.training, arguments.get("of", "epoch")
        if of not in ("sample", "batch", "epoch"):
            raise OptionError('A step is one of "sample", "batch" or "epoch", not {of}.', of=shown(of))
        self._pause()
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

    def _back(self) -> None:
        run, viewed = self._stage.training, self._stage.viewed
        at = viewed if isinstance(viewed, int) else run.epoch
        is_within = run.step > 0 and not isinstance(viewed, int)
        self._look_at({"epoch": max(at if is_within else at - 1, 0)})

    def _look_at(self, arguments: Arguments) -> None:
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
        self._pause()
        is_newest = stage.run is not None and epoch == last and stage.run.step == 0 and not stage.run.has_ended
        stage.viewed = None if is_newest else epoch

    def _go_on(self, arguments: Arguments) -> None:
        run = self._stage.training
        if not run.has_ended:
            raise OptionError("This training has not ended; let it play on.")
        refusal = Message("It can go on for 1 to 10,000 epochs, not for {value}.")
        asked = {"epochs": max(run.epoch, 50), **arguments}
        more = whole(asked, "epochs", refusal, n=10_001, least=1)
        run.do(Event(epoch=0, step=0, what="go on", value=run.epoch + more))
        self._stage.viewed = None
        self._play()

    def _experiment(self) -> None:
        """Try what the verdict suggests, beside the run as it is."""
        stage = self._stage
        found = None if stage.model is None else telling.experiment_of(stage.model, stage.choices)
        if found is None or stage.opened is not None:
            raise OptionError("There is no experiment to try now.")
        _label, changes = found
        self._pin()
        if changes:
            self._change(changes)
        elif stage.training.has_ended:
            self._go_on({})
        if not stage.training.has_ended:
            self._play()

    # --- By hand ------------------------------------------------------------------------------------------------------

    def _change_in_passing(self, new: set[str]) -> None:
        """Follow new choices that let the run be."""
        stage = self._stage
        if new & {"axes", "held"}:
            stage.look()
            self.board.put(**describing.of_view(stage))
        if "learning_rate" in new and stage.run is not None:
            self._by_hand(lambda: self._hands.set_learning_rate(stage.choices.learning_rate))
        self._due = 0.0
        if "language" in new:
            self.board.put(**describing.of_tables(stage, self._pins))
            if self._problem is not None:
                self.board.put(problem_sentence=self.language.say(self._problem))
            if stage.run is not None or stage.opened is not None:
                self._describe()
                self._tell()
        self.board.put(**describing.of_choices(stage, edits=self._hands.n_undoable))

    def _by_hand(self, act: Callable[[], None]) -> None:
        """Do something to the run at the epoch that is looked at."""
        act()
        self._replayed = None
        if self.board["status"] == "ended":
            self.board.put(status="paused")
        if not self._is_playing:
            self._tell_soon()

    def _edit(self, what: Literal["add", "move", "remove"], arguments: Arguments) -> None:
        stage = self._stage
        if stage.opened is not None or not can_edit(stage.choices):
            raise OptionError("Only points that were drawn can be changed by hand, not the rows of a table.")
        classes = 6 if stage.choices.table == "blobs" else 2
        edit = edit_of(what, arguments, n=stage.n_rows, classes=classes)
        table_of(stage.choices, stage.brought, [*stage.edits, edit])  # refuses what cannot be
        stage.edits.append(edit)
        self._begin(plays=self._is_playing)

    def _pin(self) -> None:
        stage = self._stage
        model = telling.model_of(stage.training)
        if model is None:
            raise OptionError("There is nothing to set aside yet; train for an epoch first.")
        self._pins.add(stage.training, stage.view, model, without_folder(stage.file), self.language)
        self.board.put(runs=self._pins.to_json())

    def _unpin(self, arguments: Arguments) -> None:
        self._pins.remove(whole(arguments, "run", NO_SUCH_RUN, n=MOST_RUNS))
        self.board.put(runs=self._pins.to_json())

    def _replay(self, arguments: Arguments) -> None:
        """Begin to do again what a record tells."""
        stage, record = self._stage, Record.of(arguments.get("record"))
        choices = stage.choices.changed({**record.choices, "language": stage.choices.language})
        table_of(choices, stage.brought, record.edits)  # refuses what is not there
        before = stage.choices, stage.edits, stage.opened
        stage.choices, stage.edits, stage.opened = choices, list(record.edits), None
        self._begin(plays=False)
        run = stage.run
        if run is None or run.fitting.fingerprint != record.fingerprint:
            stage.choices, stage.edits, stage.opened = before
            self._begin(plays=False)
            raise OptionError("The record was made on another table; bring that first.")
        record.check(run)
        self._replayed = record.play(run)
        self._play()

    def _end_replay(self, run: Run) -> None:
        """Stand where the record ends."""
        self._replayed = None
        self._stage.choices = replace(self._stage.choices, learning_rate=run.learning_rate)
        self.board.put(**describing.of_choices(self._stage, edits=self._hands.n_undoable))
        if not run.has_ended:
            self._pause()

    # --- Telling ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Say where it stands, and that there is something new to draw."""
        self.board.put(**describing.of_epoch(self._stage))
        self.board.redraw()

    def _describe(self) -> None:
        """Say all that holds for the whole run."""
        stage = self._stage
        self.board.put(
            **describing.of_run(stage),
            **describing.of_tables(stage, self._pins),
            **describing.of_view(stage),
            **describing.of_choices(stage, edits=self._hands.n_undoable),
        )

    def _tell_soon(self) -> None:
        """Say it in the next turn, for judging many rows takes longer than one wants to wait for a pause."""
        self._is_untold = True
        self._wake(self)

    def _tell(self) -> None:
        """Say what can be said of the fit as it stands."""
        stage = self._stage
        self._is_untold = False
        if stage.run is not None:
            stage.model = telling.model_of(stage.run)
        self.board.put(**describing.of_fit(stage, looks=self._looks, status=self.board["status"]))
