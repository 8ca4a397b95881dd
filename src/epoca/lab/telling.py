"""What the page is told of a run in words and tables, in its language."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from epoca.errors import TooFewRowsError, TrainingError
from epoca.judging import out_of_fold
from epoca.lab.choices import Choices
from epoca.lab.run import Run
from epoca.lab.sources import sample_arguments, without_folder
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.model_file import name_beside
from epoca.recipe import OPTIONS, command_of, command_on, python_of, unlike_default
from epoca.settings import Settings
from epoca.tables.encoder import Encoder
from epoca.tables.samples import SAMPLES
from epoca.tables.target import Target
from epoca.telling import columns_table, doubt_of, never_predicted, outcome_of, score_table, verdict_of
from epoca.training.stop import StopReason
from epoca.training.verdict import HEADLINES
from epoca.training.verdict_kind import VerdictKind

FEW_EPOCHS = 4
"""Before so many epochs nothing is said of a fit."""

_MOST_LABELS = 12
"""Classes that are named beside the target."""


_OPTIONS = re.compile(r" \((?:[^()]|\([^()]*\))*--(?:[^()]|\([^()]*\))*\)")
"""Brackets that name an option of the command."""


_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
"""The hyphen that stands before a number."""


def _on_a_page(message: Message, language: Language) -> str:
    """A sentence without the options of the command that it names in brackets, for a page has controls."""
    return _typeset(_OPTIONS.sub("", language.say(message)))


def _typeset(text: str) -> str:
    return _MINUS.sub("−", text)


def ideal_of(model: Model, language: Language) -> dict[str, Any] | None:
    """The ideal epoch, its range, and what is said of them; None where there is none."""
    best, as_good = model.best_epoch, model.best_epoch_range
    if best is None or as_good is None:
        return None
    return {
        "best": best,
        "first": as_good[0],
        "last": as_good[1],
        "window": model.window,
        "is_open": model.is_open_ended,
        "told": [_on_a_page(message, language) for message in outcome_of(model)],
    }


def ideal_so_far(run: Run) -> dict[str, Any] | None:
    """The ideal epoch of a run under way, of which no more is said."""
    best = run.training.best_epoch
    if best is None:
        return None
    return {"best": best, "first": best, "last": best, "window": 0, "is_open": True, "told": []}


def failure_to_json(run: Run, language: Language) -> dict[str, Any] | None:
    """The verdict on a training that has ended with no model; None where it goes on or there is one."""
    if not run.has_ended:
        return None
    try:
        run.model()
    except TrainingError as error:
        kind = VerdictKind.DIVERGED
        return {
            "kind": str(kind),
            "headline": language.say(HEADLINES[kind]),
            "reasons": [_on_a_page(error.message, language)],
            "advice": "",
            "experiment": None,
        }
    return None


def verdict_to_json(model: Model, choices: Choices, language: Language) -> dict[str, Any] | None:
    """The verdict on a model, its reasons and advice, and an experiment that changes its choices; None too early."""
    told = verdict_of(model)
    if told is None or len(model.history) < FEW_EPOCHS:
        return None
    headline, reasons, advice = told
    notes = [note for note in (doubt_of(model), never_predicted(model)) if note is not None]
    experiment = experiment_of(model, choices)
    return {
        "kind": str(model.verdict.kind),
        "headline": language.say(headline),
        "reasons": [_on_a_page(reason, language) for reason in [*reasons, *notes]],
        "advice": _on_a_page(advice, language),
        "experiment": experiment and {"label": language.say(experiment[0]), "changes": experiment[1]},
    }


def experiment_of(model: Model, choices: Choices) -> tuple[Message, dict[str, Any]] | None:
    """What to try next, and the choices that try it; no changes stand for going on."""
    kind = model.verdict.kind
    is_linear = choices.model != "network" or not choices.hidden
    wider = [min(2 * width, 128) for width in choices.hidden]
    if kind is VerdictKind.TOO_SHORT:
        return Message("going on for as many epochs again"), {}
    if kind is VerdictKind.DIVERGED:
        rate = choices.learning_rate / 10
        return Message("the learning rate {rate}", rate=rate), {"learning_rate": rate}
    if is_linear and kind in {VerdictKind.TOO_SMALL, VerdictKind.NOTHING_LEARNED, VerdictKind.WELL_FITTED}:
        return Message("a network with a hidden layer"), {"model": "network", "hidden": [4]}
    if kind in {VerdictKind.TOO_SMALL, VerdictKind.WELL_FITTED} and wider != list(choices.hidden):
        return Message("twice the neurons: {widths}", widths=", ".join(map(str, wider))), {"hidden": wider}
    if kind in {VerdictKind.MILDLY_OVERFITTED, VerdictKind.STRONGLY_OVERFITTED} and not is_linear:
        decay = min(choices.weight_decay * 10 or 0.1, 100.0)
        return Message("the weight decay {decay}", decay=decay), {"weight_decay": decay}
    few = {VerdictKind.TOO_FEW_ROWS, VerdictKind.HELD_OUT_TOO_SMALL, VerdictKind.NOTHING_LEARNED}
    if kind in few and choices.rows is not None and choices.rows < 2000:
        rows = min(2 * choices.rows, 2000)
        return Message("drawing {rows} points", rows=rows), {"rows": rows}
    return None


def scores_to_json(model: Model, language: Language, *, looks: int, has_ended: bool) -> dict[str, Any]:
    """The scores in words.

    Parameters
    ----------
    model : Model
        As it was scored.
    language : Language
        To say it in.
    looks : int
        How often test rows were looked at in this session.
    has_ended : bool
        Whether the training has ended, before which nothing is said of test rows.
    """
    hidden = set() if has_ended or "test" not in model.scores else {"test", "guessing"}  # which is of the test rows
    headings, lines = score_table({name: score for name, score in model.scores.items() if name not in hidden}, language)
    note = ""
    if has_ended and looks > 1:
        note = language.say(
            Message(
                "The test rows were looked at {times} times in this session; whoever chooses by them knows less each "
                "time.",
                times=looks,
            )
        )
    return {"headings": headings, "lines": [[_typeset(cell) for cell in line] for line in lines], "note": note}


def confusion_to_json(run: Run, model: Model) -> dict[str, Any] | None:
    """How often each class was taken for each, by the members that held a row out; None of numbers."""
    if run.target.task == "regression" or not run.settings.early_stopping:
        return None
    material = run.fitting.material
    held_out = [rows for rows, is_kept in zip(material.held_out, run.training.kept, strict=True) if is_kept]
    outputs, rows = out_of_fold(model, model.parameters, material, held_out)
    classes = len(run.target.labels)
    happened = material.targets[rows].astype(np.int64)
    counts = np.bincount(happened * classes + model.codes(outputs), minlength=classes * classes)
    return {"rows": "held_out", "counts": counts.reshape(classes, classes).tolist()}


def model_of(run: Run) -> Model | None:
    """The model so far; None before there is any."""
    if not run.history or not run.training.kept.any():
        return None
    try:
        return run.model()
    except (TrainingError, TooFewRowsError):
        return None


def columns_to_json(encoder: Encoder, target: Target, language: Language) -> list[dict[str, Any]]:
    """What became of every column; the target stands first."""
    accounts = tuple(encoder.accounts)
    _headings, lines = columns_table(accounts, language)
    is_class = target.task == "classification"
    told: list[dict[str, Any]] = [
        {
            "name": target.column,
            "kind": language.say(Message("classes") if is_class else Message("a number")),
            "inputs": 0,
            "missing": 0,
            "note": ", ".join(map(str, target.labels[:_MOST_LABELS])) if is_class else "",
            "role": "target",
        }
    ]
    for account, line in zip(accounts, lines, strict=True):
        told.append(
            {
                "name": account.name,
                "kind": line[1],
                "inputs": account.outputs,
                "missing": account.missing,
                "note": _typeset(line[4]),
                "role": "input" if account.outputs else "unused",
            }
        )
    return told


def recipe_to_json(run: Run, choices: Choices, file: str, language: Language, *, is_edited: bool) -> dict[str, str]:
    """The command and the program that train the same, and what keeps them from it.

    Parameters
    ----------
    run : Run
        What to train again.
    choices : Choices
        Name its table.
    file : str
        Of the table, as the user knows it.
    language : Language
        To say in what keeps them from it.
    is_edited : bool
        Whether points were changed by hand.
    """
    used = replace(run.fitting.settings, threads=None, epochs=run.settings.epochs)
    n_rows, target = int(run.fitting.train_rows.size), run.target.column
    changed = unlike_default(used, n_rows=n_rows, is_regression=run.target.task == "regression")
    is_sample = choices.table in SAMPLES and not is_edited
    model = name_beside(without_folder(file))
    asked = sample_arguments(choices)
    lines = []
    if is_sample:
        options = " ".join(f"--{option} {value}" for option, value in asked.items())
        lines.append(f"epoca samples {choices.table} {options} -o {file}")
    assert changed.keys() <= OPTIONS.keys()
    lines.append(command_of(file, target=target, changed=changed))
    limits = [int(event.value) for event in run.events if event.what == "go on"]
    lines += [command_on(file, model=model, epochs=limit) for limit in limits]
    program = python_of(
        choices.table if is_sample else file,
        target=target,
        changed=changed,
        file=model,
        sample=asked if is_sample else None,
        limits=limits,
    )
    return {"command": "\n".join(lines), "python": program, "sentence": _cannot(run, language, is_edited=is_edited)}


def _cannot(run: Run, language: Language, *, is_edited: bool) -> str:
    by_hand = {event.what for event in run.events} - {"go on"}
    if by_hand:
        message = Message(
            "While it learned, weights or the learning rate were changed by hand, which no command can say; the record "
            "(.json) does."
        )
    elif is_edited:
        message = Message("Points were changed by hand; save the table first.")
    elif not run.has_ended:
        message = Message("These train on to the end; here epoch {epoch} was reached so far.", epoch=run.epoch)
    elif run.training.stop.reason is StopReason.DIVERGED:
        message = Message("These diverge just as it did here.")
    else:
        message = Message("These give the same model, digit for digit.")
    return language.say(message)


def settings_to_json(settings: Settings, language: Language) -> str:
    """A run's settings in a line."""
    layers = "–".join(map(str, settings.hidden)) or "–"
    names = {
        "network": Message("network {layers}, {activation}", layers=layers, activation=settings.activation),
        "neuron": Message("neuron"),
        "perceptron": Message("perceptron"),
    }
    parts = [
        language.say(names[settings.model]),
        language.say(Message("rate {rate}", rate=float(settings.learning_rate or 0))),
        language.say(Message("seed {seed}", seed=settings.seed)),
    ]
    if settings.weight_decay:
        parts.append(language.say(Message("decay {decay}", decay=settings.weight_decay)))
    if settings.dropout:
        parts.append(language.say(Message("dropout {dropout}", dropout=settings.dropout)))
    return ", ".join(parts)
