"""Puts what stands before a page on its board, as far as it has changed."""

from __future__ import annotations

from typing import final

from epoca.lab import describing, telling
from epoca.lab.board import Board
from epoca.lab.by_hand import ByHand
from epoca.lab.pins import Pins
from epoca.lab.stage import Stage


@final
class Showing:
    """Says on the board where things stand.

    Parameters
    ----------
    board : Board
        What the page is shown.
    stage : Stage
        What stands before it.
    pins : Pins
        The runs set aside.
    hands : ByHand
        What was done to weights.

    Attributes
    ----------
    is_late : bool
        Whether what can be said of the fit is still to be said.
    looked : set of (int, int)
        At which ends the test rows were looked at: number of the run, and epoch.
    """

    def __init__(self, board: Board, *, stage: Stage, pins: Pins, hands: ByHand) -> None:
        self.is_late = False
        self.looked: set[tuple[int, int]] = set()
        self._board = board
        self._stage = stage
        self._pins = pins
        self._hands = hands

    def place(self) -> None:
        """Where it stands, and that there is something new to draw."""
        self._board.put(**describing.of_epoch(self._stage))
        self._board.redraw()

    def choices(self) -> None:
        """What was chosen, and done to weights."""
        self._board.put(**describing.of_choices(self._stage, edits=self._hands.n_undoable))

    def tables(self) -> None:
        """What there is to choose from, and why nothing can be learned from it, if so."""
        problem = self._stage.problem
        sentence = "" if problem is None else self._stage.language.say(problem)
        self._board.put(problem_sentence=sentence, **describing.of_tables(self._stage, self._pins))

    def runs(self) -> None:
        """The runs set aside."""
        self._board.put(runs=self._pins.to_json(self._stage.language))

    def view(self) -> None:
        """The slice, and the rows that are drawn of it."""
        self._board.put(**describing.of_view(self._stage))

    def run(self) -> None:
        """All that holds for the whole of it."""
        self._board.put(**describing.of_run(self._stage))
        self.tables()
        self.view()
        self.choices()

    def nothing(self) -> None:
        """That nothing can be trained."""
        self._board.put(status="failed", **describing.NOTHING_TO_SEE | self._stage.choices.to_json())
        self.tables()
        self.place()

    def ideal_so_far(self) -> None:
        """The ideal epoch of a run under way."""
        self._board.put(ideal=telling.ideal_so_far(self._stage.training))

    def fit(self, *, status: str) -> None:
        """A status, and what can then be said of the fit; at once, so that who hears of an end hears its verdict."""
        stage = self._stage
        self.is_late = False
        if stage.run is not None:
            stage.model = telling.model_of(stage.run)
        told = describing.of_fit(stage, looks=len(self.looked), status=status)
        self._board.put(status=status, **describing.of_epoch(stage), **told)
