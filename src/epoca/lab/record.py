"""A session as a record that can be played again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, final

from epoca.errors import EpocaError, OptionError
from epoca.lab.choices import Choices
from epoca.lab.course import Event
from epoca.lab.run import Run
from epoca.lab.sources import Edit
from epoca.lab.stage import Stage
from epoca.lab.turns import TURN
from epoca.tables.samples import SAMPLES

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
            times = [(event.epoch, event.step) for event in record.events]
            assert times == sorted(times)
            assert all(isinstance(edit.row, int) and isinstance(edit.code, int) for edit in record.edits)
            assert all(abs(float(edit.x)) < 1e6 and abs(float(edit.y)) < 1e6 for edit in record.edits)
        except (AssertionError, KeyError, TypeError, ValueError, AttributeError):
            raise OptionError(_NO_RECORD) from None
        return record

    def choices_on(self, stage: Stage) -> Choices:
        """Its choices, with the table of a stage that holds the same rows, whatever it is called there.

        Raises
        ------
        OptionError
            If they are no choices, no such table is there, or the record names weights that there are not.
        """
        choices = stage.choices.changed({**self.choices, "language": stage.choices.language})
        choices.settings()  # refuses a rule that is none
        tables = [choices.table] if choices.table in SAMPLES else list(stage.brought)
        for name in tables:
            found = replace(choices, table=name)
            try:
                run = stage.new_run(found, self.edits)
            except EpocaError:
                continue
            run.close()
            members, size = run.training.best_parameters.shape
            if run.fitting.fingerprint != self.fingerprint:
                continue
            if any(event.member >= members or event.index >= size for event in self.events):
                raise OptionError(_NO_RECORD)
            return found
        raise OptionError("The record was made on another table; bring that first.")

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
    least = {"rate": 0.0, "weight": -1e6, "freeze": 0.0, "thaw": 0.0, "go on": 1.0}
    return are_whole and event.what in least and least[event.what] <= float(event.value) <= 1e6
