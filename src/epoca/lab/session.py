"""One page's lab: it takes turns at training, and does what the page asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, final

from epoca.errors import EpocaError, OptionError
from epoca.lab import describing, telling
from epoca.lab.answers import answer
from epoca.lab.board import Board
from epoca.lab.by_hand import ByHand
from epoca.lab.choices import NOT_TRAINED_BY, Choices
from epoca.lab.fair_lock import FairLock
from epoca.lab.files import File, file_of
from epoca.lab.frame import frame
from epoca.lab.pins import MOST_RUNS, NO_SUCH_RUN, Pins
from epoca.lab.player import Player
from epoca.lab.reading import whole
from epoca.lab.record import Record
from epoca.lab.showing import Showing
from epoca.lab.sources import Brought, can_edit, edit_of, table_of, without_folder
from epoca.lab.stage import Stage
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model

Arguments: TypeAlias = Mapping[str, Any]


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
        self._stage = Stage(choices, brought=brought, model=model)
        self._pins = Pins()
        self._hands = ByHand(self._stage)
        self._showing = Showing(self.board, stage=self._stage, pins=self._pins, hands=self._hands)
        self._player = Player(self._stage, board=self.board, showing=self._showing, wake=lambda: wake(self))
        self._is_closed = False
        self.board.put(status="loading", problem_sentence="", **choices.to_json(), **describing.NOTHING_TO_SEE)
        self._verbs: dict[str, Callable[[Arguments], None]] = {
            "play": lambda _arguments: self._player.play(),
            "pause": lambda _arguments: self._player.pause(),
            "step": self._player.step,
            "back": lambda _arguments: self._player.back(),
            "view": self._player.look_at,
            "restart": lambda _arguments: self._begin(plays=self._player.is_playing),
            "reseed": lambda _arguments: self._change({"seed": self._stage.choices.seed + 1}),
            "go_on": self._player.go_on,
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

    # --- What others do with it ---------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin to learn."""
        with self._lock:
            self._begin(plays=True)

    def turn(self, seconds: float) -> float | None:
        """Learn for about so long; gives how long to wait for the next turn, or None."""
        with self._lock:
            if self._is_closed:
                return None
            try:
                return self._player.turn(seconds)
            except Exception:
                sentence = Message("Something went wrong here; begin anew. What, is written where the lab was started.")
                self.board.put(status="failed", problem_sentence=self.language.say(sentence))
                raise

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
            self._showing.choices()
            self._showing.place()

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
            self._showing.tables()

    def close(self) -> None:
        """Stop, for good."""
        self._is_closed = True
        run = self._stage.run
        if run is not None:
            run.interrupt()
        with self._lock:
            if self._stage.run is not None:  # which another may have begun meanwhile
                self._stage.run.close()

    # --- What it does -------------------------------------------------------------------------------------------------

    def _begin(self, *, plays: bool) -> None:
        """Begin anew with the choices as they are."""
        self._hands.forget()
        self.board.put(status="loading", problem_sentence="")
        self._stage.begin()
        if self._stage.problem is not None:
            self._showing.nothing()
            return
        self._showing.run()
        self._player.begin("ended" if self._stage.opened is not None else "playing" if plays else "paused")

    def _change(self, changes: Arguments) -> None:
        """Follow new choices, with a new run if need be."""
        stage, before = self._stage, self._stage.choices
        stage.choices = stage.chosen(changes)
        now, then = stage.choices.to_json(), before.to_json()
        new = {name for name, value in now.items() if value != then[name]}
        is_passing = stage.run is not None and not (stage.is_at_start or stage.is_at_end)
        is_anew = bool(new - NOT_TRAINED_BY) or ("learning_rate" in new and not is_passing)
        if is_anew and stage.opened is not None and "table" not in new:
            stage.choices = before
            raise OptionError("This model was trained elsewhere; choose a table to train here.")
        if is_anew:
            if new & {"table", "rows", "noise", "classes", "data_seed"}:
                stage.edits = []
            stage.opened = None
            self._begin(plays=self.board["status"] != "paused")
            return
        view = stage.view
        try:
            self._change_in_passing(new)
        except EpocaError:
            stage.choices, stage.view = before, view
            raise
        self._showing.place()
        self._player.hurry()

    def _change_in_passing(self, new: set[str]) -> None:
        """Follow new choices that let the run be."""
        stage = self._stage
        if new & {"axes", "held"}:
            stage.look()
        if "learning_rate" in new:
            self._by_hand(lambda: self._hands.set_learning_rate(stage.choices.learning_rate))
        if new & {"axes", "held"}:
            self._showing.view()
        if "language" in new:
            self._showing.tables()
            self._showing.runs()
            if stage.run is not None or stage.opened is not None:
                self._showing.run()
                self._showing.fit(status=self.board["status"])
        self._showing.choices()

    def _by_hand(self, act: Callable[[], None]) -> None:
        """Do something to the run at the epoch that is looked at."""
        act()
        self._player.touched()

    def _edit(self, what: Literal["add", "move", "remove"], arguments: Arguments) -> None:
        """Change a point of a sample, and begin anew."""
        stage = self._stage
        if stage.opened is not None or not can_edit(stage.choices):
            raise OptionError("Only points that were drawn can be changed by hand, not the rows of a table.")
        classes = 6 if stage.choices.table == "blobs" else 2
        edit = edit_of(what, arguments, n=stage.n_rows, classes=classes)
        table_of(stage.choices, stage.brought, [*stage.edits, edit])  # refuses what cannot be
        stage.edits.append(edit)
        self._begin(plays=self._player.is_playing)

    def _pin(self) -> None:
        """Set the run aside as it is."""
        stage = self._stage
        model = telling.model_of(stage.training)
        if model is None:
            raise OptionError("There is nothing to set aside yet; train for an epoch first.")
        self._pins.add(stage.training, stage.view, model, without_folder(stage.file))
        self._showing.runs()

    def _unpin(self, arguments: Arguments) -> None:
        self._pins.remove(whole(arguments, "run", NO_SUCH_RUN, n=MOST_RUNS))
        self._showing.runs()

    def _replay(self, arguments: Arguments) -> None:
        """Do again what a record tells."""
        stage, record = self._stage, Record.of(arguments.get("record"))
        stage.choices, stage.edits, stage.opened = record.choices_on(stage), list(record.edits), None
        self._begin(plays=False)
        self._player.replay(record)

    def _experiment(self) -> None:
        """Try what the verdict suggests, beside the run as it is."""
        stage = self._stage
        found = None if stage.model is None else telling.experiment_of(stage.model, stage.choices)
        if found is None or stage.opened is not None:
            raise OptionError("There is no experiment to try now.")
        _label, changes = found
        stage.chosen(changes)  # refuses what cannot be, before anything is set aside
        self._pin()
        if changes:
            self._change(changes)
        elif stage.training.has_ended:
            self._player.go_on({})
        if not stage.training.has_ended:
            self._player.play()
