"""A session as a record that can be played again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, final

from epoca.errors import OptionError
from epoca.lab.course import Event
from epoca.lab.run import Run
from epoca.lab.sources import Edit
from epoca.lab.turns import TURN

_NO_RECORD = "This is no record of a session of epoca's lab; save one there and choose that file."


@final
@dataclass(frozen=True, kw_only=True)
class Record:
    """What was chosen and done in a session, and where it then stood.

    Parameters
    ----------
    choices : mapping
        See `Choices.changed`.
    edits : tuple of Edit
        Points changed by hand.
    events : tuple of Event
        What was done to the training.
    fingerprint : str
        Of the rows, see `Fitting.fingerprint`.
    epoch, step : int
        Where it stood.
    """

    choices: Mapping[str, Any]
    edits: tuple[Edit, ...]
    events: tuple[Event, ...]
    fingerprint: str
    epoch: int
    step: int

    @classmethod
    def of(cls, data: object) -> Record:
        """The record that plain values tell.

        Raises
        ------
        OptionError
            If they tell none.
        """
        try:
            assert isinstance(data, Mapping)
            record = cls(
                choices=dict(data["choices"]),
                edits=tuple(Edit(**edit) for edit in data["edits"]),
                events=tuple(Event(**event) for event in data["events"]),
                fingerprint=str(data["fingerprint"]),
                epoch=int(data["epoch"]),
                step=int(data["step"]),
            )
            assert 0 <= record.epoch <= 100_000
            assert len(record.events) <= 10_000
            assert all(_is_sound(event) for event in record.events)
            assert all(isinstance(edit.row, int) and isinstance(edit.code, int) for edit in record.edits)
            assert all(abs(float(edit.x)) < 1e6 and abs(float(edit.y)) < 1e6 for edit in record.edits)
        except (AssertionError, KeyError, TypeError, ValueError, AttributeError):
            raise OptionError(_NO_RECORD) from None
        return record

    def check(self, run: Run) -> None:
        """Refuse it unless all weights that it names are those of a run.

        Raises
        ------
        OptionError
            If one is not there.
        """
        members, size = run.training.best_parameters.shape
        if any(event.member >= members or event.index >= size for event in self.events):
            raise OptionError(_NO_RECORD)

    def play(self, run: Run) -> Iterator[bool]:
        """Do it all again to a run at its start, for about a turn's time at each step; False while there is more."""
        for event in self.events:
            yield from _bring(run, event.epoch, event.step)
            run.do(event)
        yield from _bring(run, self.epoch, self.step)


def _bring(run: Run, epoch: int, step: int) -> Iterator[bool]:
    """Let a run learn until it stands there, or ends."""
    while run.epoch < epoch and not run.has_ended:
        run.work(TURN)
        yield False
    if step > run.step and not run.has_ended:
        run.advance(step - run.step)


def _is_sound(event: Event) -> bool:
    numbers = (event.epoch, event.step, event.member, event.index)
    are_whole = all(isinstance(number, int) and 0 <= number < 10**9 for number in numbers)
    known = {"rate", "weight", "freeze", "thaw", "go on"}
    return are_whole and event.what in known and abs(float(event.value)) < 1e6
