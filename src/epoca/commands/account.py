"""The account of a training, while it runs and when it has ended."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, final

from rich.padding import Padding
from rich.text import Text

from epoca.commands import screen
from epoca.commands.lines import LineRecorder
from epoca.commands.screen import COMPILING, _, language, out, tell, word_if_slow
from epoca.fitting import Fitting
from epoca.learners.preparing import prepare
from epoca.messages import Message
from epoca.model import Model
from epoca.progress import Progress
from epoca.studies.race import Race
from epoca.tables.encodings.encoding import ColumnKind
from epoca.telling import learner_name, never_predicted, outcome_of, times_scored, verdict_of
from epoca.training.stop import StopReason
from epoca.training.verdict_kind import VerdictKind


@final
class Account:
    """Tells what happens, unless it is to be quiet.

    Parameters
    ----------
    is_quiet : bool
        Whether to print nothing.
    """

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def run(self, race: Race) -> None:
        """Let networks race, telling what is going on if it takes a while."""
        if not race.racers:
            return
        self._prepare(race.racers[0])
        with word_if_slow(_("Trying two ways of showing numbers to networks …"), on=out, is_wanted=not self._is_quiet):
            race.run()

    def begin(self, fitting: Fitting, decided: Message | None = None) -> None:
        """What the table holds, what every column becomes, what a race decided, and who learns from which rows."""
        if self._is_quiet:
            return
        table, target = fitting.problem.table, fitting.target
        what = Message("a number") if target.task == "regression" else Message("{n} classes", n=len(target.labels))
        tell(
            Message(
                '{table}: {rows} rows; to predict: "{target}", {what}.',
                table=table.name,
                rows=table.n_rows,
                target=target.column,
                what=what,
            ),
            style="bold",
        )
        for note in (*table.notes, *target.notes):
            tell(note, style="yellow")
        screen.columns(fitting.columns.accounts, rows=int(fitting.train_rows.size))
        for hint in (decided, _in_time(fitting)):
            if hint is not None:
                tell(hint)
        screen.heading(_("Training"))
        settings = fitting.settings
        tell(
            Message(
                "{members} × {learner} on {train} rows; {test} test rows set aside.",
                members=(settings.members or 1) * settings.repeats,
                learner=learner_name(settings.model, fitting.learner.shape.sizes),
                train=int(fitting.train_rows.size),
                test=int(fitting.test_rows.size),
            )
        )
        before = len(fitting.training.history)
        if before:
            tell(
                Message("Training goes on after epoch {epoch}, up to epoch {limit}.", epoch=before, limit=fitting.limit)
            )
        if settings.early_stopping:
            tell(Message("Each holds out its own share of the training rows to find the ideal epoch."))

    def train(self, fitting: Fitting, recorder: LineRecorder | None = None, *, members_alone: bool = False) -> None:
        """Train to the end, or to Ctrl-C, telling how it goes; perhaps without what is trained beside the members."""
        self._prepare(fitting)
        with orderly_interrupt(fitting), self._progress(fitting) as progress:
            for epoch in fitting.training if members_alone else fitting:
                progress.show(epoch)
                if recorder:
                    recorder.note(epoch)

    def _prepare(self, fitting: Fitting) -> None:
        with word_if_slow(language.say(COMPILING), on=out, is_wanted=not self._is_quiet):
            prepare(fitting.learner)

    def _progress(self, fitting: Fitting) -> Progress:
        return Progress(fitting, is_wanted=not self._is_quiet, console=out, language=language)

    def tell_of_nothing(self) -> None:
        """That it was interrupted too soon to keep anything."""
        if not self._is_quiet:
            tell(Message("Interrupted before the first epoch ended: nothing was learned, and no model written."))

    def end(self, model: Model, place: Path) -> None:
        """The course, why it ended, the ideal epoch, every score with its rows, and where the model is."""
        if self._is_quiet:
            return
        best = model.best_epoch
        out.print(screen.course_grid(model.history, of_numbers=model.target.task == "regression", best=best))
        out.print()
        tell_outcome(model)
        screen.heading(_("Scores"))
        out.print(screen.scores_grid(model.scores))
        out.print()
        for note in (never_predicted(model), times_scored(model)):
            if note is not None:
                tell(note, style="yellow")
        kept = Message("Model: {place} ({members} members).", place=str(place), members=len(model.parameters))
        step = _next_step(model, place)
        tell(kept if step is None else Message("{told} {part}", told=kept, part=step), style="bold")


def _in_time(fitting: Fitting) -> Message | None:
    """A word on dates, by which the rows to come may be told from those of the past."""
    settings = fitting.settings
    dates = [account.name for account in fitting.columns.accounts if account.kind is ColumnKind.DATE]
    if (
        fitting.is_continued
        or not dates
        or settings.time is not None
        or settings.groups is not None
        or not fitting.test_rows.size
    ):
        return None
    return Message(
        'Test rows were drawn by lot. If later rows are to be predicted from earlier ones, say --time "{column}".',
        column=dates[0],
    )


def _next_step(model: Model, place: Path) -> Message | None:
    """The command that comes next; none where the verdict speaks against using the model."""
    if model.verdict.kind is VerdictKind.TOO_SHORT:
        return Message("Next: epoca fit TABLE --continue {place}", place=str(place))
    against = {VerdictKind.LEAKING, VerdictKind.NOTHING_LEARNED, VerdictKind.UNLIKE}
    if model.verdict.kind in against or model.verdict.prefers_a_neuron:
        return None
    return Message("Next: epoca predict {place} TABLE", place=str(place))


def tell_outcome(model: Model) -> None:
    """The ideal epoch, why training stopped, with the remedy, and the verdict with its reasons."""
    best, *rest = outcome_of(model)
    tell(best, style="yellow" if model.best_epoch is None else "bold green")
    for sentence in rest:
        tell(sentence, style="yellow" if model.stop.reason in {StopReason.DIVERGED, StopReason.INTERRUPTED} else "")
    found = verdict_of(model)
    if found is None:
        return
    headline, reasons, advice = found
    screen.heading(_("Verdict"))
    tell(headline, style="bold green" if model.verdict.kind is VerdictKind.WELL_FITTED else "bold yellow")
    for reason in reasons:
        out.print(Padding(Text(language.say(reason)), (0, 0, 0, 2)))
    tell(Message("Next: {advice}", advice=advice))


def as_object(model: Model, place: Path) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "model_file": str(place),
        "rows": dict(model.data["rows"]),
        "columns": [
            {
                "name": account.name,
                "kind": str(account.kind),
                "inputs": account.outputs,
                "missing": account.missing,
                "note": language.say(account.note),
            }
            for account in model.columns.accounts
        ],
        "task": model.target.task,
        "labels": list(model.target.labels),
        "best_epoch": model.best_epoch,
        "best_epoch_range": model.best_epoch_range,
        "is_open_ended": model.is_open_ended,
        "verdict": str(model.verdict.kind),
        "epochs_run": len(model.history),
        "stop_reason": str(model.stop.reason),
        **{
            name: model.scores[name].to_json() if name in model.scores else None
            for name in ("train", "held_out", "test", "guessing")
        },
        "seconds": model.history[-1].seconds,
        "settings": dict(model.settings),
    }


@contextmanager
def orderly_interrupt(fitting: Fitting) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the training and keep the best; the second Ctrl-C ends the process at once."""

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        signal.signal(signal.SIGINT, signal.default_int_handler)
        fitting.interrupt()

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
