"""The one further training that could refute what was said of a fit, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from epoca.errors import OptionError
from epoca.fitting import Fitting
from epoca.messages import Message
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.studies.again import fitting_continued
from epoca.studies.beside import (
    FITTED_ALIKE,
    LITTLE,
    fitting_beside,
    groups_of,
    matters_of,
    rows_of,
    run,
)
from epoca.studies.trial import (
    ADVICE,
    MEANINGS,
    SAY_THAT_IT_CHANGES_NOTHING,
    SAY_THAT_IT_MATTERS,
    TRIALS,
    UNCLEAR,
    Conclusion,
    Outcome,
    Trial,
    TrialKind,
)
from epoca.tables.table import Table
from epoca.training.history import Epoch, History
from epoca.training.ideal_epoch import ideal_epoch
from epoca.training.paired import paired_mean
from epoca.training.verdict_kind import STRONG
from epoca.types import Numbers

FIRST_HIDDEN = 16
"""Neurons of the hidden layer that a model without one gets."""

FIRST_DECAY = 1.0
"""Weight decay where there was none: with the default learning rate a thousand steps shrink the weights to a third; a
tenth of it is hardly seen in trainings as short as those that early stopping ends."""

_LATE = 5


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
        What it was trained on, see `epoca.studies.again.problem_again`.
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
    kind = TrialKind.DECAY if model.verdict.lacks_the_rise_alone else TRIALS.get(found.kind)
    if kind is TrialKind.DECAY and model.settings["model"] != "network":
        return TrialKind.ROWS
    if kind is None or (kind is TrialKind.COLUMN and _leak(model) is None):
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
        TrialKind.WIDTH: learns != "perceptron",
        TrialKind.ROWS: True,
        TrialKind.DECAY: learns == "network",
        TrialKind.EPOCHS: model.checkpoint is not None,
        TrialKind.COLUMN: _leak(model) is not None,
    }
    return tuple(kind for kind, is_there in can.items() if is_there)


def trial_fitting(model: Model, problem: Problem, *, kind: TrialKind) -> Fitting:
    """The training of a trial, ready to be run; arguments as of `doctor`."""
    groups_of(model)  # says if there are none
    if kind is TrialKind.ROWS:
        return fitting_beside(model, problem, share=0.5)
    if kind is TrialKind.EPOCHS:
        alike = replace(model, settings={**model.settings, **FITTED_ALIKE})
        return fitting_continued(alike, problem, epochs=2 * len(model.history))
    if kind is TrialKind.COLUMN:
        return _without_column(model, problem)
    return fitting_beside(model, problem, changes=_wider(model) if kind is TrialKind.WIDTH else _with_decay(model))


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
        change = paired_mean(after.losses_at(best_after) - before.losses_at(best_before), groups)
        rise = paired_mean(_rise(after, best_after) - _rise(before, best_before), groups)
    matters = _matters(kind, model)
    measured = _Measured(
        *change,
        *rise,
        matters=matters,
        half_rise=max(found.rise.value, matters) / 2,
        spoils=STRONG * max(found.learned.value, 0.0),
    )
    outcome = _outcome(kind, measured)
    wanted = _rows_wanted(kind, model, measured) if outcome is Outcome.UNCLEAR else None
    continued = before[-1].seconds if kind is TrialKind.EPOCHS else 0.0
    return Trial(
        kind=kind,
        verdict=model.verdict.kind,
        conclusion=_conclusion(kind, model, outcome),
        before=float(before.curve(model.watches)[best_before - 1]),
        after=math.nan if best_after is None else float(after.curve(model.watches)[best_after - 1]),
        change=measured.change,
        change_error=measured.error,
        matters=measured.matters,
        rise_change=measured.rise,
        rise_change_error=measured.rise_error,
        best_epoch_before=best_before,
        best_epoch_after=best_after,
        rows_wanted=wanted,
        seconds=after[-1].seconds - continued,
        headline=model.verdict.headline,
        subject=_subject(kind, model, fitting),
        meaning=MEANINGS.get((kind, outcome), UNCLEAR),
        advice=_advice(kind, outcome, measured, model),
    )


def _advice(kind: TrialKind, outcome: Outcome, found: _Measured, model: Model) -> Message:
    stands = outcome is Outcome.CHANGES_NOTHING and kind is TrialKind.WIDTH and model.verdict.prefers_a_neuron
    if outcome is Outcome.UNCLEAR or stands:
        return model.verdict.advice  # what was said of the model stands
    if kind is TrialKind.DECAY and outcome is Outcome.MATTERS and found.change > 0:
        return Message("It rises less, but its least loss is no lower: keep the weights of the ideal epoch.")
    return ADVICE[kind, outcome]


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
    apart = [name for name in problem.apart if name in problem.table.column_names]  # others are gone already
    without = replace(problem, apart=(*apart, leak))
    return Fitting(without, settings=as_before.settings)


class _Measured(NamedTuple):
    """The figures of a trial."""

    change: float
    error: float
    rise: float
    rise_error: float
    matters: float
    half_rise: float
    spoils: float


def _rise(history: History, best: int) -> Numbers:
    """(k, g): how far the loss of the last epochs lies above that of the ideal one."""
    late = range(max(best, len(history) - _LATE) + 1, len(history) + 1)
    at_best = history.losses_at(best)
    return np.mean([history.losses_at(epoch) - at_best for epoch in late], axis=0) if late else np.zeros_like(at_best)


def _matters(kind: TrialKind, model: Model) -> float:
    """What more epochs must promise for the verdict to call for them is less than what matters else."""
    found = model.verdict.evidence
    assert found is not None  # as rows were held out
    return min(matters_of(model), LITTLE * found.guessing) if kind is TrialKind.EPOCHS else matters_of(model)


def _outcome(kind: TrialKind, found: _Measured) -> Outcome:
    """Certain is what two standard errors cannot take back.

    Less freedom may show at the ideal epoch or only after it, where the verdict speaks of the rise; if that is halved,
    it counts as well, unless the network has learned less all along.
    """
    if math.isnan(found.change):
        return Outcome.UNCLEAR
    if kind is TrialKind.DECAY and found.change > max(found.spoils, 2 * found.error):
        return Outcome.SPOILT
    effects = [(_effect(kind, found), found.error, found.matters)]
    if kind is TrialKind.DECAY:
        effects.append((-found.rise, found.rise_error, found.half_rise))
    if any(value >= matters and value > 2 * error for value, error, matters in effects):
        return Outcome.MATTERS
    if all(value + 2 * error < matters for value, error, matters in effects):
        return Outcome.CHANGES_NOTHING
    return Outcome.UNCLEAR


def _effect(kind: TrialKind, found: _Measured) -> float:
    """The change in the direction that the trial looks for: upwards where something is taken away."""
    return found.change if kind in {TrialKind.ROWS, TrialKind.COLUMN} else -found.change


def _conclusion(kind: TrialKind, model: Model, outcome: Outcome) -> Conclusion:
    verdict = model.verdict.kind
    if outcome in {Outcome.UNCLEAR, Outcome.SPOILT}:
        return Conclusion.CANNOT_TELL
    if model.verdict.lacks_the_rise_alone:  # what checks it certainly mends something that was overfitted
        is_told = kind is TrialKind.DECAY and outcome is Outcome.MATTERS
        return Conclusion.REFUTED if is_told else Conclusion.CANNOT_TELL
    matters = outcome is Outcome.MATTERS
    if verdict in SAY_THAT_IT_MATTERS[kind]:
        return Conclusion.CONFIRMED if matters else Conclusion.REFUTED
    if verdict in SAY_THAT_IT_CHANGES_NOTHING[kind]:
        return Conclusion.REFUTED if matters else Conclusion.CONFIRMED
    return Conclusion.CANNOT_TELL


def _rows_wanted(kind: TrialKind, model: Model, found: _Measured) -> int | None:
    """Rows by which four standard errors, which fall with their root, tell the effect from 0 or from what matters.

    Two of them would do if the effect were what it seems; two are for its luck. None where no number of rows is in
    sight: the effect is just about what matters, or the trial looks at more than one.
    """
    effect = _effect(kind, found)
    distance = effect if effect >= found.matters else found.matters - effect
    if kind is TrialKind.DECAY or not math.isfinite(found.error) or not distance > found.matters / 4:
        return None
    times = (4 * found.error / distance) ** 2
    return int(float(f"{int(model.data['rows']['train']) * times:.2g}")) if times > 1 else None


def _subject(kind: TrialKind, model: Model, fitting: Fitting) -> Message:
    settings, before = fitting.settings, Settings.of(model.settings)
    if kind is TrialKind.WIDTH and before.hidden:
        return Message("Twice the neurons ({hidden})", hidden=", ".join(map(str, settings.hidden)))
    if kind is TrialKind.WIDTH:
        return Message("A hidden layer of {n} neurons", n=settings.hidden[0])
    if kind is TrialKind.ROWS:
        return Message("Half of the rows, {rows}", rows=rows_of(fitting, share=0.5))
    if kind is TrialKind.DECAY:
        return Message(
            "Weight decay of {decay} instead of {before}", decay=settings.weight_decay, before=before.weight_decay
        )
    if kind is TrialKind.EPOCHS:
        return Message("{epochs} epochs instead of {before}", epochs=settings.epochs, before=len(model.history))
    return Message('Without the column "{column}"', column=_leak(model))
