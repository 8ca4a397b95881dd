"""How to train the same model again."""

from __future__ import annotations

import json
import platform
import shlex
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

import epoca
from epoca.messages import Message
from epoca.model import Model
from epoca.report.markup import Section, code, pairs, paragraph
from epoca.report.subject import Subject
from epoca.settings import Settings
from epoca.training.stop import StopReason

_OPTIONS = {
    "model": "--model",
    "task": "--task",
    "hidden": "--hidden",
    "activation": "--activation",
    "members": "--members",
    "repeats": "--repeats",
    "epochs": "--epochs",
    "stopping": "--stop",
    "seconds": "--seconds",
    "learning_rate": "--learning-rate",
    "batch_size": "--batch-size",
    "weight_decay": "--weight-decay",
    "dropout": "--dropout",
    "gains": "--no-gains",
    "pieces": "--pieces",
    "early_stopping": "--no-early-stopping",
    "refit": "--refit",
    "shuffle": "--no-shuffle",
    "scaling": "--no-scaling",
    "seed": "--seed",
    "test_size": "--test-size",
    "groups": "--groups",
    "time": "--time",
    "leave_out": "--leave-out",
}
"""Of ``epoca fit``; those of yes or no stand for the value that is not the default."""

_DECIDING = ("model", "early_stopping", "hidden", "scaling", "optimizer")
"""Settings on which the defaults of others hang."""

_ENDED_FROM_OUTSIDE = {StopReason.INTERRUPTED, StopReason.CALLBACK, StopReason.LEFT, StopReason.DEADLINE}

_PYTHON = """\
from epoca.fitting import Fitting
from epoca.model_file import save
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.reading import read_table

settings = Settings({settings})
problem = Problem.of_table(read_table({table!r}), target={target!r}, settings=settings)
fitting = Fitting(problem, settings=settings)
for epoch in fitting:
    pass
save(fitting.model(), {file!r})
"""


def reproducing(subject: Subject) -> Section:
    """The command, the same in Python, and what must be alike for the numbers to be alike."""
    model, say = subject.model, subject.say
    title = say(Message("How to train it again"))
    if not model.history:
        return Section(id="again", title=title, body=paragraph(say(model.stop.sentence)) + _versions(subject))
    changed = unlike_default(model)
    body = ""
    if changed.keys() <= _OPTIONS.keys():
        command = command_of(subject, changed)
        body += paragraph(say(Message("On the command line:"))) + code(command, name=say(Message("Command")))
        body += paragraph(say(Message("The same in Python:")))
    else:
        body += paragraph(say(Message("In Python, for the command line has no option for some of the settings:")))
    body += code(python_of(subject, changed), name=say(Message("Program")))
    told = [Message("With the same table, versions and kind of processor every number comes out alike.")]
    if model.stop.reason in _ENDED_FROM_OUTSIDE:
        told.append(Message("This training was ended from outside, so the same words may train longer or shorter."))
    return Section(id="again", title=title, body=body + paragraph(say(*told)) + _versions(subject))


def unlike_default(model: Model) -> dict[str, Any]:
    """The settings that must be said, for they are not what they would be by default."""
    used = Settings.of(model.settings)
    rows, is_regression = int(model.data["rows"]["train"]), model.target.task == "regression"
    deciding = {name: getattr(used, name) for name in _DECIDING}
    usual = Settings(**deciding)
    default = replace(usual, pieces=used.pieces).resolved(rows, is_regression=is_regression)
    may_race = usual.may_race(is_regression=is_regression)
    pieces = None if may_race else usual.resolved(rows, is_regression=is_regression).pieces
    default = replace(default, pieces=pieces)
    of_no_account = {"threads"} | (set() if used.early_stopping else {"stopping"})
    of_no_account |= set() if used.model == "network" else {"hidden"}
    names = [field.name for field in fields(Settings) if field.name not in of_no_account]
    return {
        name: getattr(used, name)
        for name in names
        if getattr(used, name) != getattr(Settings() if name in _DECIDING else default, name)
    }


def command_of(subject: Subject, changed: dict[str, Any]) -> str:
    """``epoca fit`` with every option that is not its default."""
    words = ["epoca", "fit", _table(subject), "--target", subject.model.target.column, *_words(changed)]
    return " ".join(shlex.quote(word) for word in words)


def python_of(subject: Subject, changed: dict[str, Any]) -> str:
    """A program that trains the model."""
    table = _table(subject)
    file = "model.safetensors" if subject.file is None else subject.file.name
    settings = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    return _PYTHON.format(settings=settings, table=table, target=subject.model.target.column, file=file)


def _table(subject: Subject) -> str:
    return subject.table_name or "table.csv"


def _words(changed: dict[str, Any]) -> Iterator[str]:
    for name, value in changed.items():
        if name == "leave_out":
            yield from (word for column in value for word in (_OPTIONS[name], column))
            continue
        yield _OPTIONS[name]
        if isinstance(value, tuple):
            yield ",".join(map(str, value))
        elif not isinstance(value, bool):
            yield str(value)


def _versions(subject: Subject) -> str:
    """By which versions the model was written, or, without its file, those of this process."""
    say, model = subject.say, subject.model
    header = {} if subject.file is None else _header(subject.file)
    versions = header.get("versions") or {
        "epoca": epoca.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }
    entries = [(name, str(version)) for name, version in versions.items()]
    if "seed" in model.settings:
        entries.append((say(Message("seed")), str(model.settings["seed"])))
    if model.data.get("fingerprint"):
        entries.append((say(Message("SHA-256 of the rows learned from")), str(model.data["fingerprint"])))
    if header.get("sha256"):
        entries.append((say(Message("SHA-256 of the model's numbers")), str(header["sha256"])))
    return pairs(entries, kind="exact")


def _header(file: Path) -> dict[str, Any]:
    """What a model file, which was loaded before, says of itself."""
    from safetensors import safe_open

    with safe_open(file, "numpy") as opened:
        return dict(json.loads(opened.metadata()["epoca"]))
