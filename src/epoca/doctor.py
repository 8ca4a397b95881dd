"""The one further training that could refute what was said of a fit, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, NamedTuple, final

import numpy as np

from epoca.again import fitting_continued
from epoca.beside import (
    FITTED_ALIKE,
    LITTLE,
    fitting_beside,
    groups_of,
    in_step,
    losses_at,
    matters_of,
    rows_of,
    run,
    with_groups,
)
from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.messages import Message
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.table import Table
from epoca.training.history import Epoch, History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_mean
from epoca.training.verdict import HEADLINES, VerdictKind
from epoca.types import Numbers

FIRST_HIDDEN = 16
"""Neurons of the hidden layer that a model without one gets."""

FIRST_DECAY = 1.0
"""Weight decay where there was none: with the default learning rate a thousand steps shrink the weights to a third; a
tenth of it is hardly seen in trainings as short as those that early stopping ends."""

_LATE = 5


@final
class TrialKind(StrEnum):
    """What the further training does otherwise."""

    WIDTH = "width"
    """Twice the neurons in every hidden layer; a model without one gets one of `FIRST_HIDDEN`."""
    ROWS = "rows"
    """Half of the rows."""
    DECAY = "decay"
    """Ten times the weight decay, or `FIRST_DECAY`; nothing else that keeps a network in bounds is touched."""
    EPOCHS = "epochs"
    """Twice the epochs, gone on with where the training ended."""
    COLUMN = "column"
    """Without the column that alone says what the target is."""


@final
class Conclusion(StrEnum):
    """What a trial means for the verdict."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    CANNOT_TELL = "cannot tell"
    """The figures are too uncertain, or this trial has no bearing on this verdict."""


class _Outcome(StrEnum):
    """What a trial found, whatever the verdict."""

    MATTERS = "matters"
    CHANGES_NOTHING = "changes nothing"
    UNCLEAR = "unclear"


_K, _V = TrialKind, VerdictKind
_OVERFITTED = {_V.MILDLY_OVERFITTED, _V.STRONGLY_OVERFITTED}

TRIALS = {
    _V.TOO_SHORT: _K.EPOCHS,
    _V.TOO_SMALL: _K.WIDTH,
    _V.WELL_FITTED: _K.WIDTH,
    _V.MILDLY_OVERFITTED: _K.DECAY,
    _V.STRONGLY_OVERFITTED: _K.DECAY,
    _V.TOO_FEW_ROWS: _K.ROWS,
    _V.HELD_OUT_TOO_SMALL: _K.ROWS,
    _V.NOTHING_LEARNED: _K.ROWS,
    _V.LEAKING: _K.COLUMN,
}
"""Which trial could refute which verdict; none can refute the others."""

_SAY_THAT_IT_MATTERS = {
    _K.WIDTH: {_V.TOO_SMALL},
    _K.ROWS: {_V.TOO_FEW_ROWS, _V.HELD_OUT_TOO_SMALL, *_OVERFITTED},
    _K.DECAY: _OVERFITTED,
    _K.EPOCHS: {_V.TOO_SHORT},
    _K.COLUMN: {_V.LEAKING},
}
"""The verdicts by which what the trial changes must matter."""

_SAY_THAT_IT_CHANGES_NOTHING = {
    _K.WIDTH: {_V.WELL_FITTED, _V.NOTHING_LEARNED},
    _K.ROWS: {_V.NOTHING_LEARNED},
    _K.DECAY: {_V.WELL_FITTED, _V.TOO_SMALL},
    _K.EPOCHS: {_V.WELL_FITTED, _V.NOTHING_LEARNED, _V.TOO_SMALL, *_OVERFITTED},
    _K.COLUMN: set[VerdictKind](),
}
"""The verdicts by which it must not; on the rest the trial has no bearing."""

_MEANINGS = {
    (_K.WIDTH, _Outcome.MATTERS): Message("Capacity is the limit."),
    (_K.WIDTH, _Outcome.CHANGES_NOTHING): Message("Capacity is not the limit."),
    (_K.ROWS, _Outcome.MATTERS): Message("The loss falls with the number of rows."),
    (_K.ROWS, _Outcome.CHANGES_NOTHING): Message("Half of the rows do as well."),
    (_K.DECAY, _Outcome.MATTERS): Message("It had more freedom than these rows can hold in check."),
    (_K.DECAY, _Outcome.CHANGES_NOTHING): Message("Its freedom does no harm that this would mend."),
    (_K.EPOCHS, _Outcome.MATTERS): Message("It was trained too short."),
    (_K.EPOCHS, _Outcome.CHANGES_NOTHING): Message("It was trained long enough."),
    (_K.COLUMN, _Outcome.MATTERS): Message("What the model knows it has from this column."),
    (_K.COLUMN, _Outcome.CHANGES_NOTHING): Message("The other columns tell as much."),
}
_UNCLEAR = Message("That is too uncertain to tell.")

_ADVICE = {
    (_K.WIDTH, _Outcome.MATTERS): Message("Train the wider one, then ask again whether still more neurons help."),
    (_K.WIDTH, _Outcome.CHANGES_NOTHING): Message("Keep the width; more rows or other columns are what may help."),
    (_K.ROWS, _Outcome.MATTERS): Message("Collect more rows; epoca rows tells what they may bring."),
    (_K.ROWS, _Outcome.CHANGES_NOTHING): Message("More rows of this kind will bring little; look for other columns."),
    (_K.DECAY, _Outcome.MATTERS): Message("Train with this weight decay (--weight-decay, weight_decay)."),
    (_K.DECAY, _Outcome.CHANGES_NOTHING): Message(
        "Keep the weights of the ideal epoch; more weight decay brings nothing."
    ),
    (_K.EPOCHS, _Outcome.MATTERS): Message("Train on for that many epochs (--continue, fit_more)."),
    (_K.EPOCHS, _Outcome.CHANGES_NOTHING): Message("Keep the weights of the ideal epoch; more epochs bring nothing."),
    (_K.COLUMN, _Outcome.MATTERS): Message("Leave the column out, unless it is known before the target is."),
    (_K.COLUMN, _Outcome.CHANGES_NOTHING): Message(
        "Look among the other columns, too, for what is not known before the target is."
    ),
}


@final
@dataclass(frozen=True, kw_only=True)
class Trial:
    """A further training, held against the model's own.

    Losses are mean held-out losses at the ideal epoch of each training, of the very same rows; a standard error is that
    of the difference, row by row. As both ideal epochs were chosen by these rows, both losses are a little too low.

    Parameters
    ----------
    kind : TrialKind
        What it did otherwise.
    verdict : VerdictKind
        What was said of the model.
    conclusion : Conclusion
        What the trial means for that.
    before, after : float
        The loss of the model, and that of the trial; NaN if no epoch of the trial ended with a finite one.
    change, change_error : float
        By how much the trial's lies above the model's, and its standard error.
    matters : float
        The least change that is worth a word.
    rise_change, rise_change_error : float
        By how much more the trial's loss rose from its ideal epoch to its last ones than the model's did.
    best_epoch_before, best_epoch_after : int or None
        The ideal epochs.
    rows_wanted : int or None
        About how many training rows would tell, where these cannot; None if they can, or nothing is known of it.
    seconds : float
        That the trial took.
    subject : Message
        What it did, in a few words.
    meaning : Message
        What its figures say.
    advice : Message
        What to do next.
    """

    kind: TrialKind
    verdict: VerdictKind
    conclusion: Conclusion
    before: float
    after: float
    change: float
    change_error: float
    matters: float
    rise_change: float
    rise_change_error: float
    best_epoch_before: int
    best_epoch_after: int | None
    rows_wanted: int | None
    seconds: float
    subject: Message
    meaning: Message
    advice: Message

    @property
    def heading(self) -> Message:
        """The verdict, and what became of it."""
        verdict = HEADLINES[self.verdict]
        if self.conclusion is Conclusion.CANNOT_TELL:
            return Message("Neither confirmed nor refuted: {verdict}", verdict=verdict)
        if self.conclusion is Conclusion.CONFIRMED:
            return Message("Confirmed: {verdict}", verdict=verdict)
        return Message("Refuted: {verdict}", verdict=verdict)

    @property
    def sentence(self) -> Message:
        """What the trial found."""
        told = Message("{told} {part}", told=self._found(), part=self.meaning)
        if self.rows_wanted is None:
            return told
        wanted = Message("About {rows} training rows would tell.", rows=self.rows_wanted)
        return Message("{told} {part}", told=told, part=wanted)

    def __str__(self) -> str:
        return " ".join(map(str, (self.heading, self.sentence, self.advice)))

    def to_json(self) -> dict[str, Any]:
        """Everything as plain values; what is no number becomes None."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values |= {"heading": self.heading, "sentence": self.sentence}
        return {name: _plain(value) for name, value in values.items()}

    def _found(self) -> Message:
        if self.best_epoch_after is None:
            return Message("{trial}: no epoch ended with a finite held-out loss.", trial=self.subject)
        if self.change == 0:
            return Message(
                "{trial}: the held-out loss stays at {before}, that of epoch {best}.",
                trial=self.subject,
                before=self.before,
                best=self.best_epoch_before,
            )
        change, error = in_step(abs(self.change), self.change_error)
        values = {"trial": self.subject, "change": change, "error": error, "before": self.before, "after": self.after}
        if self.change < 0:
            told = Message(
                "{trial}: the held-out loss is lower by {change} ± {error} ({after} instead of {before}).", **values
            )
        else:
            told = Message(
                "{trial}: the held-out loss is higher by {change} ± {error} ({after} instead of {before}).", **values
            )
        return (
            told
            if self.kind is not _K.DECAY or self.rise_change == 0
            else Message("{told} {part}", told=told, part=self._rise())
        )

    def _rise(self) -> Message:
        change, error = in_step(abs(self.rise_change), self.rise_change_error)
        if self.rise_change < 0:
            return Message(
                "Its rise after the ideal epoch is smaller by {change} ± {error}.", change=change, error=error
            )
        return Message("Its rise after the ideal epoch is larger by {change} ± {error}.", change=change, error=error)


def doctor(
    model: Model,
    problem: Problem,
    *,
    kind: TrialKind | str | None = None,
    on_epoch: Callable[[Epoch], object] | None = None,
) -> Trial:
    """Run the one cheap further training that could refute the verdict on a model, and say what came of it.

    A verdict reads the curves of one training; a change of that training tests it (Sculley, Snoek, Wiltschko, Rahimi
    2018, "Winner's curse? On pace, progress, and empirical rigor", asks for just such ablations). Both trainings hold
    out the same rows in the same groups and start from the same seeds, so that their losses are compared row by row.

    Parameters
    ----------
    model : Model
        Whose verdict is in question.
    problem : Problem
        What it was trained on, see `epoca.again.problem_again`.
    kind : TrialKind, optional
        The trial; by default the one that could refute the verdict.
    on_epoch : callable, optional
        Given every finished epoch.

    Returns
    -------
    Trial

    Raises
    ------
    OptionError
        If nothing was held out, these are not the rows of then, or no training can refute the verdict.
    KeyboardInterrupt
        By Ctrl-C.

    Examples
    --------
    >>> from epoca.tables.samples import sample
    >>> settings = Settings(epochs=60, hidden=(1,), members=2, learning_rate=0.02)
    >>> problem = Problem.of_table(sample("circles", rows=200), target="label", settings=settings)
    >>> fitting = Fitting(problem, settings=settings)
    >>> for _epoch in fitting:
    ...     pass
    >>> found = doctor(fitting.model(), problem, kind="width")
    >>> found.change < 0, str(found.subject)
    (True, 'Twice the neurons (2)')
    """
    chosen = trial_kind(model) if kind is None else TrialKind(kind)
    fitting = trial_fitting(model, problem, kind=chosen)
    run(fitting, on_epoch)
    return trial_of(model, fitting, kind=chosen)


def trial_kind(model: Model) -> TrialKind:
    """The trial that could refute the verdict on a model.

    Raises
    ------
    OptionError
        If there is none.
    """
    found = model.verdict
    kind = TRIALS.get(found.kind)
    if kind is _K.DECAY and model.settings["model"] != "network":
        return _K.ROWS
    if kind is None or (kind is _K.COLUMN and _leak(model) is None):
        raise OptionError(
            "No further training can refute this verdict. {headline} {advice}",
            headline=found.headline,
            advice=found.advice,
        )
    return kind


def trial_kinds(model: Model) -> tuple[TrialKind, ...]:
    """All trials that there are for a model."""
    learns = model.settings["model"]
    can = {
        _K.WIDTH: learns != "perceptron",
        _K.ROWS: True,
        _K.DECAY: learns == "network",
        _K.EPOCHS: model.checkpoint is not None,
        _K.COLUMN: _leak(model) is not None,
    }
    return tuple(kind for kind, is_there in can.items() if is_there)


def trial_fitting(model: Model, problem: Problem, *, kind: TrialKind) -> Fitting:
    """The training of a trial, ready to be run; arguments as of `doctor`."""
    groups = groups_of(model)
    if kind is _K.ROWS:
        return fitting_beside(model, problem, share=0.5)
    if kind is _K.EPOCHS:
        alike = replace(model, settings={**model.settings, **FITTED_ALIKE})
        return with_groups(fitting_continued(alike, problem, epochs=2 * len(model.history)), groups)
    if kind is _K.COLUMN:
        return _without_column(model, problem)
    return fitting_beside(model, problem, changes=_wider(model) if kind is _K.WIDTH else _with_decay(model))


def trial_of(model: Model, fitting: Fitting, *, kind: TrialKind) -> Trial:
    """What a trial found.

    Parameters
    ----------
    model : Model
        Whose verdict is in question.
    fitting : Fitting
        From `trial_fitting`, run to its end.
    kind : TrialKind
        As there.

    Returns
    -------
    Trial
    """
    groups, before, after = groups_of(model), model.history, fitting.training.history
    best_before, best_after = model.best_epoch, ideal_epoch(after.curve(model.watches))
    found = model.verdict.evidence
    assert best_before is not None
    assert found is not None  # as rows were held out
    change, rise = (math.nan, math.inf), (math.nan, math.inf)
    if best_after is not None:
        change = paired_mean(losses_at(after, best_after) - losses_at(before, best_before), groups)
        rise = paired_mean(_rise(after, best_after) - _rise(before, best_before), groups)
    matters = _matters(kind, model)
    measured = _Measured(*change, *rise, matters=matters, half_rise=max(found.rise.value, matters) / 2)
    outcome = _outcome(kind, measured)
    wanted = _rows_wanted(model, measured) if outcome is _Outcome.UNCLEAR else None
    continued = before[-1].seconds if kind is _K.EPOCHS else 0.0
    return Trial(
        kind=kind,
        verdict=model.verdict.kind,
        conclusion=_conclusion(kind, model.verdict.kind, outcome),
        before=float(before.curve("held_out_loss")[best_before - 1]),
        after=math.nan if best_after is None else float(after.curve("held_out_loss")[best_after - 1]),
        change=measured.change,
        change_error=measured.error,
        matters=measured.matters,
        rise_change=measured.rise,
        rise_change_error=measured.rise_error,
        best_epoch_before=best_before,
        best_epoch_after=best_after,
        rows_wanted=wanted,
        seconds=after[-1].seconds - continued,
        subject=_subject(kind, model, fitting),
        meaning=_MEANINGS.get((kind, outcome), _UNCLEAR),
        advice=_ADVICE.get((kind, outcome), Message("Keep the model; these rows cannot decide on another.")),
    )


def _leak(model: Model) -> str | None:
    found = model.verdict.evidence
    return None if found is None else found.clues.leak


def _wider(model: Model) -> dict[str, Any]:
    settings = Settings.of(model.settings)
    if settings.model == "perceptron":
        raise OptionError(
            "A perceptron counts mistakes, so no network's loss can be held against its; train a neuron to try this."
        )
    if settings.model == "neuron":  # in the neuron's precision, with the network's own rate and batch
        return {"model": "network", "hidden": (FIRST_HIDDEN,), "learning_rate": None, "batch_size": None}
    return {"hidden": tuple(2 * width for width in settings.hidden) or (FIRST_HIDDEN,)}


def _with_decay(model: Model) -> dict[str, Any]:
    settings = Settings.of(model.settings)
    if settings.model != "network":
        raise OptionError("Weight decay is of networks only; try this model with half of the rows instead.")
    return {"weight_decay": 10 * settings.weight_decay or FIRST_DECAY}


def _without_column(model: Model, problem: Problem) -> Fitting:
    """The training without the column that gives the answer away; the rest of the columns are looked at anew."""
    leak = _leak(model)
    if leak is None or not isinstance(problem.table, Table):
        raise OptionError("No single column gives the answer away, so there is none to leave out.")
    as_before = fitting_beside(model, problem)  # says whether these are the rows of then
    without = replace(problem, apart=(*problem.apart, leak))
    return with_groups(Fitting(without, settings=as_before.settings), groups_of(model))


class _Measured(NamedTuple):
    """The figures of a trial."""

    change: float
    error: float
    rise: float
    rise_error: float
    matters: float
    half_rise: float


def _rise(history: History, best: int) -> Numbers:
    """(k, g): how far the loss of the last epochs lies above that of the ideal one."""
    late = range(max(best, len(history) - _LATE) + 1, len(history) + 1)
    at_best = losses_at(history, best)
    return np.mean([losses_at(history, epoch) - at_best for epoch in late], axis=0) if late else np.zeros_like(at_best)


def _matters(kind: TrialKind, model: Model) -> float:
    """What more epochs must promise for the verdict to call for them is less than what matters else."""
    found = model.verdict.evidence
    assert found is not None  # as rows were held out
    return min(matters_of(model), LITTLE * found.guessing) if kind is _K.EPOCHS else matters_of(model)


def _outcome(kind: TrialKind, found: _Measured) -> _Outcome:
    """Certain is what two standard errors cannot take back.

    Less freedom may show at the ideal epoch or only after it, where the verdict speaks of the rise; if that is halved,
    it counts as well.
    """
    if math.isnan(found.change):
        return _Outcome.UNCLEAR
    worse = kind in {TrialKind.ROWS, TrialKind.COLUMN}  # something is taken away
    effects = [(found.change if worse else -found.change, found.error, found.matters)]
    if kind is TrialKind.DECAY:
        effects.append((-found.rise, found.rise_error, found.half_rise))
    if any(value >= matters and value > 2 * error for value, error, matters in effects):
        return _Outcome.MATTERS
    if all(value + 2 * error < matters for value, error, matters in effects):
        return _Outcome.CHANGES_NOTHING
    return _Outcome.UNCLEAR


def _conclusion(kind: TrialKind, verdict: VerdictKind, outcome: _Outcome) -> Conclusion:
    if outcome is _Outcome.UNCLEAR:
        return Conclusion.CANNOT_TELL
    matters = outcome is _Outcome.MATTERS
    if verdict in _SAY_THAT_IT_MATTERS[kind]:
        return Conclusion.CONFIRMED if matters else Conclusion.REFUTED
    if verdict in _SAY_THAT_IT_CHANGES_NOTHING[kind]:
        return Conclusion.REFUTED if matters else Conclusion.CONFIRMED
    return Conclusion.CANNOT_TELL


def _rows_wanted(model: Model, found: _Measured) -> int | None:
    """Rows by which four standard errors, which fall with their root, come down to the change that matters."""
    if not math.isfinite(found.error) or math.isnan(found.change):
        return None
    times = (4 * found.error / found.matters) ** 2
    return int(float(f"{int(model.data['rows']['train']) * times:.2g}")) if times > 1 else None


def _subject(kind: TrialKind, model: Model, fitting: Fitting) -> Message:
    settings, before = fitting.settings, Settings.of(model.settings)
    if kind is _K.WIDTH and before.hidden:
        return Message("Twice the neurons ({hidden})", hidden=", ".join(map(str, settings.hidden)))
    if kind is _K.WIDTH:
        return Message("A hidden layer of {n} neurons", n=settings.hidden[0])
    if kind is _K.ROWS:
        return Message("Half of the rows, {rows}", rows=rows_of(fitting, share=0.5))
    if kind is _K.DECAY:
        return Message(
            "Weight decay of {decay} instead of {before}", decay=settings.weight_decay, before=before.weight_decay
        )
    if kind is _K.EPOCHS:
        return Message("{epochs} epochs instead of {before}", epochs=settings.epochs, before=len(model.history))
    return Message('Without the column "{column}"', column=_leak(model))


def _plain(value: object) -> object:
    if isinstance(value, Message):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
